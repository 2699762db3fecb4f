"""The parts of a set that comparisons look at: by length, by what a line holds, by document."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from workbench.domain.quality import Slice, SliceKind
from workbench.domain.term import Hit
from workbench.languages.capitalised_names import persons
from workbench.languages.chinese_numbers import chinese_numbers
from workbench.languages.russian_numbers import russian_numbers
from workbench.services.evaluation.edits import NAME_TYPES
from workbench.services.renderings import runs

# Upper ends of the length bands, in characters of the Russian source: fixed, so that sets can be
# compared. Where no source is known, those of a Chinese reference, a third as long.
SOURCE_BANDS = (40, 80, 120, 200)
REFERENCE_BANDS = (13, 27, 40, 67)
YES, NO = "yes", "no"
_QUOTED = re.compile(r"[«»“”„\"「」]|^\s*[-–—]\s")
_NAME_RUN = 3


def default_slices(
    sources: Sequence[str],
    references: Sequence[Sequence[str]],
    hits: Sequence[Sequence[Hit]] = (),
    documents: Sequence[str] = (),
) -> tuple[Slice, ...]:
    """Return the slices of a set; the first is the whole. Empty ones are left out.

    *hits* are the terms found in each source. Names, numbers and quotations are looked for in
    the sources, or in the first reference of a set without sources.
    """
    texts = sources or references[0]
    bands = SOURCE_BANDS if sources else REFERENCE_BANDS
    parts: dict[tuple[SliceKind, str], list[int]] = defaultdict(list)
    names = [band_name(order, bands) for order in range(len(bands) + 1)]
    keys: list[tuple[SliceKind, str]] = [("all", ""), *(("length", name) for name in names)]
    keys += [(kind, each) for kind in _HOLDING for each in (YES, NO)]
    for number, text in enumerate(texts):
        found = hits[number] if hits else ()
        held = holding(text, found, russian=bool(sources))
        parts["all", ""].append(number)
        parts["length", names[sum(len(text) > end for end in bands)]].append(number)
        for kind in _HOLDING:
            parts[kind, YES if kind in held else NO].append(number)
    slices = [Slice(*key, tuple(parts[key])) for key in keys if parts[key]]
    return (*slices, *by_document(documents))


_HOLDING: tuple[SliceKind, ...] = ("names", "numbers", "quotation")


def by_document(documents: Sequence[str]) -> tuple[Slice, ...]:
    """Return one slice a document, in the set's order; lines of no document belong to none."""
    lines: dict[str, list[int]] = defaultdict(list)
    for number, document in enumerate(documents):
        if document:
            lines[document].append(number)
    return tuple(Slice("document", name, tuple(found)) for name, found in lines.items())


def band_name(order: int, bands: Sequence[int]) -> str:
    """Return ``41–80``, or ``201–`` for the last band."""
    first = bands[order - 1] + 1 if order else 1
    return f"{first}–{bands[order]}" if order < len(bands) else f"{first}–"


def holding(text: str, hits: Sequence[Hit] = (), russian: bool = True) -> frozenset[SliceKind]:
    """Return which of names, numbers and quotation a line holds.

    A name is a term of the glossary that is one, or what is written like a person's.
    """
    held: set[SliceKind] = set()
    named = any(hit.state == "found" and hit.term.type in NAME_TYPES for hit in hits)
    if not named and russian:
        named = bool(persons(text))
    elif not named:
        named = any(span.end - span.start >= _NAME_RUN for span in runs(text))
    if named:
        held.add("names")
    read = russian_numbers if russian else chinese_numbers
    if any(number.required for number in read(text)):
        held.add("numbers")
    if _QUOTED.search(text):
        held.add("quotation")
    return frozenset(held)
