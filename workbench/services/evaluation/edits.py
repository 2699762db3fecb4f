"""Character HTER: what a draft had to go through to become the text a person confirmed.

A draft and its confirmed text are compared by code points: the fewest insertions, deletions and
replacements of single characters (Levenshtein), without moves. Each edit is told apart by what it
touches: a name, a number, punctuation, or something else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from workbench.domain.language import Span
from workbench.domain.quality import (
    EDIT_CLASSES,
    Edit,
    EditClass,
    EditKind,
    Hter,
    HterReport,
)
from workbench.domain.term import Hit
from workbench.languages.chinese_numbers import HAN, chinese_numbers
from workbench.services.evaluation.resampling import ratio
from workbench.services.renderings import runs

NAME_TYPES = frozenset(("person", "place", "org", "media", "event", "document"))
_SHORTEST = 3  # characters of a run of transcription syllables that is surely a name
_HAN_NUMERAL = re.compile(rf"(?:{HAN}|分之|点)+")
_FIGURE = re.compile(r"[0-9０-９]+(?:[.,．][0-9０-９]+)*[%％‰]?")
# 一 is a numeral before what is counted and after 第; in 一些, 一直, 统一 it counts nothing.
_ONE = re.compile(
    r"(?<=第)一|一(?=[个名位次天年月日项份家国人艘架辆枚场座条件批层届轮组颗支座度级期季周分小公千百])"
)


def names_in(hits: Iterable[Hit]) -> tuple[str, ...]:
    """Return the Chinese forms of the names among the terms found in a source."""
    forms = (form for hit in hits if hit.term.type in NAME_TYPES for form in hit.term.accepted)
    return tuple(dict.fromkeys(filter(None, forms)))


def hter(draft: str, final: str, names: Sequence[str] = ()) -> Hter:
    """Return the edits from *draft* to *final*, classed.

    *names* are Chinese forms known to be names; runs of transcription syllables count as names
    without being known. An edit that touches several classes belongs to the first of name,
    number, other, punctuation: a comma exchanged for a word is no correction of punctuation.
    """
    from rapidfuzz.distance import Levenshtein

    if draft == final:  # most rows of a good draft: nothing has to be classed
        return Hter((), len(final), dict.fromkeys(EDIT_CLASSES, 0))
    left, right = _classes(draft, names), _classes(final, names)
    edits: list[Edit] = []
    for step in Levenshtein.editops(draft, final):
        kind, here, there = step.tag, step.src_pos, step.dest_pos
        touched = [left[here]] if kind != "insert" else []
        touched += [right[there]] if kind != "delete" else []
        edit = Edit(
            _KINDS[kind],
            min(touched, key=_RANK.index),
            Span(here, here + (kind != "insert")),
            Span(there, there + (kind != "delete")),
            1,
        )
        joined = _joined(edits[-1], edit) if edits else None
        if joined is None:
            edits.append(edit)
        else:
            edits[-1] = joined
    by_class: dict[str, int] = {
        each: sum(edit.cost for edit in edits if edit.edit_class == each) for each in EDIT_CLASSES
    }
    return Hter(tuple(edits), len(final), by_class)


def corpus_hter(
    pairs: Sequence[tuple[str, str]],
    names: Sequence[Sequence[str]] = (),
    references: int = 1,
) -> HterReport:
    """Return HTER over (draft, confirmed text) pairs, as a whole and by class of edit.

    *names* are the known names of each pair; *references* is from how many the confirmed texts
    were chosen, for the signature. The value is all edits for each hundred characters
    of all confirmed texts; the classes add up to it.
    """
    known = names or [()] * len(pairs)
    return joint_hter(
        [hter(draft, final, these) for (draft, final), these in zip(pairs, known, strict=True)],
        references,
    )


def joint_hter(found: Sequence[Hter], references: int = 1) -> HterReport:
    """Return HTER over texts whose edits are known already."""
    characters = [each.characters for each in found]
    parts = (f"nrefs:{references}", "case:mixed", "unit:char", "shift:no")
    return HterReport(
        ratio("hter", [each.cost for each in found], characters, *parts),
        {
            each: ratio(f"hter:{each}", [one.by_class[each] for one in found], characters, *parts)
            for each in EDIT_CLASSES
        },
        {each: sum(one.by_class[each] for one in found) for each in EDIT_CLASSES},
        sum(characters),
        len(found),
    )


def distance(hypothesis: str, references: Sequence[str]) -> tuple[int, int]:
    """Return (edits, characters) against the nearest reference, the longer one of equals."""
    from rapidfuzz.distance import Levenshtein

    edits = ((Levenshtein.distance(hypothesis, text), -len(text)) for text in references)
    cost, length = min(edits)
    return cost, -length


_KINDS: dict[str, EditKind] = {"insert": "insert", "delete": "delete", "replace": "replace"}
_RANK: tuple[EditClass, ...] = ("name", "number", "other", "punctuation")


def _joined(before: Edit, edit: Edit) -> Edit | None:
    """Return two edits as one if they touch and are of one class; a mixture is a replacement."""
    if before.edit_class != edit.edit_class:
        return None
    if before.draft.end != edit.draft.start or before.final.end != edit.final.start:
        return None
    kind = before.kind if before.kind == edit.kind else "replace"
    return replace(
        before,
        kind=kind,
        draft=Span(before.draft.start, edit.draft.end),
        final=Span(before.final.start, edit.final.end),
        cost=before.cost + edit.cost,
    )


def _classes(text: str, names: Sequence[str]) -> list[EditClass]:
    """Return the class of each character of *text*."""
    classes: list[EditClass] = [
        "punctuation" if unicodedata.category(letter)[0] in "PZ" else "other" for letter in text
    ]
    _paint(classes, _numbers(text), "number")
    _paint(classes, _names(text, names), "name")
    return classes


def _paint(classes: list[EditClass], spans: Iterable[Span], what: EditClass) -> None:
    for span in spans:
        classes[span.start : span.end] = [what] * (span.end - span.start)


def _numbers(text: str) -> Iterator[Span]:
    """Yield the places of figures and Han numerals, as the house's reader finds them.

    Words that merely imply a number (半, 首, 周) are none.
    """
    for match in _FIGURE.finditer(text):
        yield Span(*match.span())
    for number in chinese_numbers(text):
        found = number.span.of(text)
        numeral = _HAN_NUMERAL.fullmatch(found) and found != "一"
        if numeral or (number.required and any(letter.isdigit() for letter in found)):
            yield number.span
    for match in _ONE.finditer(text):
        yield Span(*match.span())


def _names(text: str, names: Sequence[str]) -> Iterator[Span]:
    """Yield the places of the known names and of runs written like foreign names."""
    known = sorted(filter(None, names), key=len, reverse=True)
    if known:
        for match in re.finditer("|".join(map(re.escape, known)), text):
            yield Span(*match.span())
    for span in runs(text):
        if span.end - span.start >= _SHORTEST:
            yield span
