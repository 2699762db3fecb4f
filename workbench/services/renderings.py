"""How a name stands in a target: the accepted form, another transliteration, or not at all.

Foreign names are written with some 250 characters, so that a run of these, not taken by another
name, is recognised without a dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from workbench.domain.language import Span
from workbench.services.term_repair import SYLLABLES

DOTS = "·•・"
# Beside the syllables that the repair of terms knows: more that are seldom anything else, and
# others that are common words and count between such only, or beside a dot.
_MORE = "菲拜琳卜廖薇芙莲妮佳罕逊翰廉柳祖纽琼曾甫喀孜雄邵"
_INNER = (
    "[历山大济延烈龙伯农义焦查任晓陀妥诃武让芭苗霞铁木孙尚宗侯坚治戴茂休肖秋容津滕黑饶曹奎绥"
    "梁明万得]"
)
_CORE = f"(?:[{''.join(sorted(SYLLABLES))}{_MORE}]|达(?![成到致标]))"
_PART = (
    f"(?:(?<=[{DOTS}]){_INNER})?{_CORE}(?:{_INNER}{{0,3}}{_CORE})*(?:{_INNER}{{1,3}}(?=[{DOTS}]))?"
)
_RUN = re.compile(f"{_PART}(?:[{DOTS}-]{_PART})*")
_LIKE = 55  # of 100: below, two transliterations are of two people
_NEARLY = 70  # of 100: one syllable of four is spelt otherwise
_SHORTEST = 3  # characters of a run that may be a name nobody told us about


@dataclass(frozen=True, slots=True)
class Rendering:
    """A form of a name at a place of a target; ``likeness`` to the form looked for, 0–100."""

    form: str
    span: Span
    likeness: float


def runs(target: str, taken: Sequence[Span] = ()) -> list[Span]:
    """Return the places written like foreign names and not *taken* by known ones."""
    free = "".join(
        "\n" if any(span.start <= n < span.end for span in taken) else letter
        for n, letter in enumerate(target)
    )
    return [Span(*found.span()) for found in _RUN.finditer(free) if len(found.group()) > 1]


def rendering(target: str, forms: Sequence[str], taken: Sequence[Span] = ()) -> Rendering | None:
    """Return what stands in *target* for a name that may be written as one of *forms*.

    An exact form goes first, then the run most like one of them.
    """
    for form in sorted(forms, key=len, reverse=True):
        start = target.find(form)
        if form and start >= 0:
            return Rendering(form, Span(start, start + len(form)), 100)
    best: Rendering | None = None
    for span in runs(target, taken):
        found = likest(target, span, forms)
        if found is not None and (best is None or found.likeness > best.likeness):
            best = found
    return best


def likest(target: str, span: Span, forms: Sequence[str]) -> Rendering | None:
    """Return the part of a run that is most like one of the forms; None if none is like it."""
    found = [_within(target, span, form) for form in forms]
    return max(filter(None, found), key=lambda each: each.likeness, default=None)


def _within(target: str, span: Span, form: str) -> Rendering | None:
    """Return the part of a run that is like *form*; whole names between dots are compared."""
    text = span.of(target)
    whole = any(dot in form for dot in DOTS)
    parts = [(0, len(text))] if whole else _parts(text)
    best: Rendering | None = None
    for start, end in parts:
        trimmed = _trimmed(text[start:end], form)
        likeness = fuzz.ratio(trimmed.of(text[start:end]), form)
        place = Span(span.start + start + trimmed.start, span.start + start + trimmed.end)
        if likeness >= _LIKE and (best is None or likeness > best.likeness):
            best = Rendering(place.of(target), place, likeness)
    return best


def _parts(text: str) -> list[tuple[int, int]]:
    """Return a run's last name alone and the run as a whole."""
    last = max(text.rfind(dot) for dot in DOTS) + 1
    return [(last, len(text))] if last else [(0, len(text))]


def _trimmed(text: str, form: str) -> Span:
    """Cut off a syllable or two drawn into the run, where what is left is the form, nearly."""
    whole = Span(0, len(text))
    cuts = (
        Span(start, end)
        for start in range(min(3, len(text) - 1))
        for end in range(max(start + 2, len(text) - 3), len(text) + 1)
        if end - start >= len(form)
    )
    best = max(cuts, key=lambda cut: fuzz.ratio(cut.of(text), form), default=whole)
    better = fuzz.ratio(best.of(text), form)
    return best if better >= _NEARLY and better > fuzz.ratio(text, form) else whole


def only_stranger(target: str, taken: Sequence[Span], dotted: bool = False) -> Span | None:
    """Return the one place that can be a foreign name nobody else claims, if it is one.

    *dotted* looks for a full name first.
    """
    found = [span for span in runs(target, taken) if span.end - span.start >= _SHORTEST]
    full = [span for span in found if any(dot in span.of(target) for dot in DOTS)]
    if dotted and full:
        found = full
    return found[0] if len(found) == 1 else None


def surname_part(form: str) -> str:
    """Return what follows the last dot of a Chinese name: 谢尔盖·绍伊古 → 绍伊古."""
    return re.split(f"[{DOTS}]", form)[-1]
