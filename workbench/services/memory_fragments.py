"""Fragments: a clause of a sentence that stands in the memory though the sentence does not.

A clause stands there when its words, in their forms, are a whole unit or a clause of one. Its
translation is the unit's, or the part of it that punctuation assigns to the clause: as many parts
on both sides, its numbers and terms in it. Where that cannot be said the whole unit is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from workbench.domain.language import Span
from workbench.domain.memory import Fragment, Match, Unit
from workbench.domain.term import Hit
from workbench.languages.numbers import differences
from workbench.services.memory_index import Index, words
from workbench.storage.units import Units

LEAST_WORDS = 3  # words with a content
MOST_CLAUSES = 10  # looked for, the longest first
CANDIDATES = 20  # units looked at for a clause

_FUNCTION = frozenset(
    words(
        "без близ был была было быть вам вас ведь весь вне вот все где для его еще если или ими "
        "как кто либо лишь между меня мне можно моя мой над нам нас него нее нем нет них ним оба "
        "обо она они оно ото перед под при про сам свой так там тем того тоже той только том тот "
        "уже хотя чем через что чтобы эта эти это этого этой этом этот эту также однако когда "
        "который которая которое которые которого которой которых которым которую"
    )
)
_JOINING = "и|или|а|но|либо|да|что|чтобы|если|когда|где|хотя|поскольку|однако|а также|так как"
_BORDER = re.compile(
    rf"[,;:()]\s*(?:(?:{_JOINING})\s)?|\s[-–—]\s|\s(?:и|или|а|но|либо|а также)\s|[.!?…]+$",
    re.IGNORECASE,
)
_RUSSIAN_MARK = re.compile(r"[,;:]|\s[-–—]\s")
_CHINESE_MARK = re.compile(r"[，；：、,;:]|[—–]+")
_WORD = re.compile(r"[^\W_]+")
_JOINING_WORDS = frozenset(_JOINING.replace("|", " ").split())
_CLOSING = "。！？…；，、.!?;, "


class _Found(NamedTuple):
    """A clause in a unit, the better ones first when sorted."""

    vague: bool
    partial: bool
    age: int
    match: Match


def clauses(source: str) -> list[Span]:
    """Return the clauses of a sentence and what several make together, the longest first.

    They have three words with a content at least, and are not the whole sentence.
    """
    edges = [0]
    for border in _BORDER.finditer(source):
        edges += border.span()
    edges.append(len(source))
    pieces = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b]
    whole = words(source)
    found = {
        _trimmed(source, first, last)
        for n, (first, _) in enumerate(pieces)
        for _, last in pieces[n:]
    }
    wanted = [
        span
        for span in found
        if _contents(span.of(source)) >= LEAST_WORDS and words(span.of(source)) != whole
    ]
    return sorted(wanted, key=lambda span: (span.start - span.end, span.start))


def _trimmed(text: str, start: int, end: int) -> Span:
    part = text[start:end]
    start += len(part) - len(part.lstrip(' «»“”„"'))
    return Span(start, max(start, end - (len(part) - len(part.rstrip(' «»“”„"')))))


def _contents(text: str) -> int:
    return sum(len(word) > 2 and word not in _FUNCTION for word in words(text))


class Fragments:
    """Finds fragments in the units."""

    def __init__(self, units: Units, index: Index) -> None:
        """Look in *units* through *index*."""
        self.units = units
        self.index = index

    def find(self, source: str, hits: Sequence[Hit] = (), limit: int = 3) -> list[Match]:
        """Return what covers most of *source* first; *hits* are the terms that stand in it."""
        found: list[Match] = []
        taken: list[Span] = []
        spans = clauses(source)[:MOST_CLAUSES]
        held = self._held(source, spans)
        for span in spans:
            if any(_within(span, other) for other in taken) or span not in held:
                continue
            terms = [hit for hit in hits if _within(hit.span, span)]
            match = _clause(held[span], source, span, terms)
            if match is not None:
                found.append(match)
                taken.append(span)
        phrases = (hit for hit in hits if not any(_within(hit.span, span) for span in taken))
        found += [_phrase(hit) for hit in phrases if _is_phrase(hit)]
        return sorted(found, key=_order)[:limit]

    def _held(self, source: str, spans: Sequence[Span]) -> dict[Span, list[Unit]]:
        """Return the units that may hold each clause; what holds a part of it is asked first."""
        index, held = self.index.now(), dict[Span, list[Unit]]()
        absent: list[Span] = []
        for span in reversed(spans):
            if any(_within(part, span) for part in absent):
                continue
            likely = index.holding([frozenset({word}) for word in words(span.of(source))])
            units = self.units.by_ids(list(islice(likely, CANDIDATES)))
            if units:
                held[span] = units
            else:
                absent.append(span)
        return held


def _clause(units: Sequence[Unit], source: str, span: Span, hits: Sequence[Hit]) -> Match | None:
    """Return the fragment of the unit that says most surely what a clause is."""
    wanted = len(words(span.of(source)))
    found = [
        _Found(not match.fragment.aligned, len(words(unit.source)) > wanted, -unit.id, match)
        for unit in units
        for match in _in_unit(unit, source, span, hits)
        if match.fragment
    ]
    return min(found, key=lambda each: each[:3]).match if found else None


def _order(match: Match) -> tuple[bool, int]:
    fragment = match.fragment
    return (
        (True, 0)
        if fragment is None
        else (
            not fragment.aligned,
            fragment.span.start - fragment.span.end,
        )
    )


def _within(span: Span, other: Span) -> bool:
    return other.start <= span.start and span.end <= other.end


def _is_phrase(hit: Hit) -> bool:
    sure = hit.state == "found" and hit.term.status == "approved"
    return sure and _contents(hit.form) >= LEAST_WORDS


def _phrase(hit: Hit) -> Match:
    term = hit.term
    fragment = Fragment(hit.span, Span(0, len(term.source)), aligned=True, term_id=term.id)
    return Match(Unit(term.source, term.target), 0, "fragment", term.target, fragment=fragment)


def _in_unit(unit: Unit, source: str, span: Span, hits: Sequence[Hit]) -> Iterator[Match]:
    """Yield the fragment that a unit gives for a clause, if it does."""
    part = _place(unit.source, words(span.of(source)))
    if part is None:
        return
    target = unit.target.strip()
    if _only(unit.source, part):
        whole = Fragment(span, part, aligned=True)
        yield Match(unit, 0, "fragment", target.rstrip(_CLOSING), fragment=whole)
        return
    piece = _assigned(unit.source, part, target)
    sure = piece is not None and _agrees(span.of(source), piece, hits)
    text = piece if sure and piece else target
    yield Match(unit, 0, "fragment", text, fragment=Fragment(span, part, aligned=sure))


def _place(text: str, wanted: Sequence[str]) -> Span | None:
    """Return where the words stand in *text* in a row, as whole clauses of it."""
    found = list(_WORD.finditer(text))
    given = [match[0].lower().replace("ё", "е") for match in found]
    edges = [0, len(text), *(edge for border in _BORDER.finditer(text) for edge in border.span())]
    for n in range(len(given) - len(wanted) + 1):
        if given[n : n + len(wanted)] == list(wanted):
            start, end = found[n].start(), found[n + len(wanted) - 1].end()
            if _at(text, edges, start) and _at(text, edges, end):
                return Span(start, end)
    return None


def _at(text: str, edges: Sequence[int], place: int) -> bool:
    """Tell whether no word stands between a place and some edge of a clause."""
    return any(not _WORD.search(text[min(edge, place) : max(edge, place)]) for edge in edges)


def _only(text: str, part: Span) -> bool:
    return not _WORD.search(text[: part.start] + " " + text[part.end :])


def _assigned(source: str, part: Span, target: str) -> str | None:
    """Return the part of the target that stands for *part*: as many parts on both sides."""
    russian, chinese = _parts(source, _RUSSIAN_MARK), _parts(target, _CHINESE_MARK)
    if len(russian) != len(chinese) or len(russian) < 2:
        return None
    mine = [n for n, span in enumerate(russian) if span.overlaps(part)]
    first, last = russian[mine[0]].start, russian[mine[-1]].end
    before, after = words(source[first : part.start]), words(source[part.end : last])
    if after or not set(before) <= _JOINING_WORDS:
        return None
    return target[chinese[mine[0]].start : chinese[mine[-1]].end].strip(_CLOSING) or None


def _parts(text: str, mark: re.Pattern[str]) -> list[Span]:
    edges = [0, *(edge for found in mark.finditer(text) for edge in found.span()), len(text)]
    spans = (Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True))
    return [span for span in spans if _WORD.search(span.of(text))]


def _agrees(clause: str, piece: str, hits: Sequence[Hit]) -> bool:
    """Tell whether the numbers and the terms of a clause stand in its translation."""
    if any(differences(clause, piece)):
        return False
    terms = [hit.term for hit in hits if hit.state == "found" and hit.term.status == "approved"]
    return all(any(form in piece for form in term.accepted) for term in terms)
