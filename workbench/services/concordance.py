"""The concordance: units that hold some words, with the places marked on both sides.

Words without quotation marks stand in any order, Russian ones in any of their forms; what is in
quotation marks stands there as it is, word after word. Chinese stands as it is, part by part.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, dropwhile, islice
from typing import Literal, get_args

from workbench.domain.identity import normalised
from workbench.domain.language import Span
from workbench.domain.memory import Unit, UnitOrigin
from workbench.domain.term import Hit
from workbench.errors import InputError
from workbench.languages.lemmas import plain, word_forms
from workbench.services.live_glossary import Glossary
from workbench.services.memory_index import State, words
from workbench.services.term_placement import placements, serves
from workbench.services.terminology import Terminology
from workbench.storage.unit_query import UnitFilter, UnitQuery

Side = Literal["source", "target"]

LONGEST = 500  # characters of a question
FIRST = 60  # candidates fetched from the database at once: seldom are more looked at …
PAGE = 200  # … and then so many at a time
LOOKED = 10_000  # candidates looked at for one page of results
UNEVEN = 0.15  # the most by which the shares of clauses that go together differ
_PARTS = re.compile(r'"([^"]+)"|“([^”]+)”|«([^»]+)»|「([^」]+)」|(\S+)')
_BETWEEN = " | "  # stands in no form of an entry
_WORD = re.compile(r"[^\W_]+")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_CLAUSES: dict[Side, re.Pattern[str]] = {
    "source": re.compile(r"[^,;:—–.!?…]+"),
    "target": re.compile(r"[^，；：—。！？…、]+"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A unit of the concordance.

    ``spans`` are the places on the side that was searched, ``others`` those of the counterpart on
    the other side: of a glossary entry (``term``), or of the clause in the same place (``clause``).
    ``n`` is the segment's place in its article, 0 for imports.
    """

    unit: Unit
    side: Side
    spans: tuple[Span, ...]
    others: tuple[Span, ...] = ()
    how: Literal["", "term", "clause"] = ""
    n: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """Results, newest first; ``next`` is what ``before`` must be for more, 0 at the end."""

    found: tuple[Found, ...]
    next: int = 0


# A part of a question: words in a row, each in one of some forms; or a string of Chinese.
_Words = tuple[frozenset[str], ...]


class Concordance:
    """Searches the memory for words."""

    def __init__(
        self,
        query: UnitQuery,
        index: Callable[[], State],
        terminology: Callable[[], Terminology] | None = None,
    ) -> None:
        """*index* returns the present state; the terminology is opened at the first counterpart."""
        self.query = query
        self._index = index
        self._terminology = terminology

    def search(
        self,
        text: str,
        side: Side | None = None,
        narrowed: UnitFilter | None = None,
        limit: int = 50,
        before: int = 0,
    ) -> Page:
        """Return units that hold *text*, below the number *before* unless it is 0.

        Without a *side* it is that of the text's letters; an empty text lists what the filter
        lets pass. Raises InputError for a text that is too long.
        """
        text, narrowed = normalised(text), narrowed or UnitFilter()
        if len(text) > LONGEST:
            raise InputError("memory.question_too_long", limit=LONGEST)
        side = side or side_of(text)
        if not text and not narrowed:
            return Page(())
        look = _looker(text, side)
        if look is None:  # punctuation only
            return Page(())
        # The first question may load the glossary: before we begin to read.
        glossary = self._terminology().ready() if text and self._terminology else None
        with self.query.database.reading():
            found, following = self._looked_through(text, side, narrowed, limit, before, look)
            numbers = self.query.numbers([unit.segment_id for unit, _ in found])
        known = _mentioning(glossary, found, side) if glossary else set()
        return Page(
            tuple(
                _marked(
                    unit,
                    side,
                    spans,
                    numbers.get(unit.segment_id, 0),
                    glossary if place in known else None,
                )
                for place, (unit, spans) in enumerate(found)
            ),
            following,
        )

    # -- candidates -----------------------------------------------------------------------

    def _looked_through(
        self,
        text: str,
        side: Side,
        narrowed: UnitFilter,
        limit: int,
        before: int,
        look: Callable[[Unit], tuple[Span, ...] | None],
    ) -> tuple[list[tuple[Unit, tuple[Span, ...]]], int]:
        """Return the units of a page with the places in them, and where the next page begins."""
        found: list[tuple[Unit, tuple[Span, ...]]] = []
        looked = following = 0
        for size, last, units in self._candidates(text, side, narrowed, before):
            for unit in units:
                spans = look(unit)
                if spans is not None:
                    found.append((unit, spans))
                    if len(found) > limit:
                        break
            looked += size
            if len(found) > limit:
                following = found[limit - 1][0].id
                break
            if looked >= LOOKED:
                following = last
                break
        return found[:limit], following

    def _candidates(
        self, text: str, side: Side, narrowed: UnitFilter, before: int
    ) -> Iterator[tuple[int, int, list[Unit]]]:
        """Yield pages of units that may hold the text, newest first.

        Of each page: how many candidates it had, the number of the last, and those that pass.
        """
        if not text or narrowed.article_id:
            for found in self.query.newest(narrowed, before):
                yield len(found), found[-1].id, found
            return
        state = self._index()
        if side == "source":
            ids = state.holding(*_source_parts(text))
        else:
            ids = state.containing(*_target_parts(text))
        likely = dropwhile(lambda number: before and number >= before, ids)
        size = FIRST
        while page := list(islice(likely, size)):
            yield len(page), page[-1], self.query.by_ids(page, narrowed)
            size = PAGE


def _mentioning(
    glossary: Glossary, found: Sequence[tuple[Unit, tuple[Span, ...]]], side: Side
) -> set[int]:
    """Return which of the units may hold glossary entries where something was found.

    All texts are looked through at once, in a tenth of the time that one after another takes.
    """
    starts = list(accumulate((len(unit.source) + len(_BETWEEN) for unit, _ in found), initial=0))
    known = set()
    for hit in glossary.find(_BETWEEN.join(unit.source for unit, _ in found)):
        place = bisect_right(starts, hit.span.start) - 1
        span = Span(hit.span.start - starts[place], hit.span.end - starts[place])
        if side == "target" or any(span.overlaps(other) for other in found[place][1]):
            known.add(place)
    return known


def _marked(
    unit: Unit, side: Side, spans: tuple[Span, ...], n: int, glossary: Glossary | None
) -> Found:
    others = _terms(unit, side, spans, glossary) if spans and glossary else ()
    if others:
        return Found(unit, side, spans, others, "term", n)
    others = _clauses(unit, side, spans)
    return Found(unit, side, spans, others, "clause" if others else "", n)


def _terms(unit: Unit, side: Side, spans: Sequence[Span], glossary: Glossary) -> tuple[Span, ...]:
    """Return where the other side has the glossary entries that stand at *spans*."""
    hits = [hit for hit in glossary.find(unit.source) if hit.state != "suggested"]
    if not hits:
        return ()
    placed = placements(hits, unit.target, glossary.shields)

    def at(places: Sequence[Span], span: Span) -> bool:
        return any(place.overlaps(span) for place in places)

    found: set[Span] = set()
    for place in placed:
        served: list[Hit] = [hit for hit in hits if serves(place, hit)]
        if side == "source":
            found.update({place.span} if any(at(spans, hit.span) for hit in served) else ())
        elif at(spans, place.span):
            found.update(hit.span for hit in served)
    return tuple(sorted(found, key=lambda span: span.start))


def narrowed(
    article: str = "", author: str = "", origin: str = "", since: str = "", until: str = ""
) -> UnitFilter:
    """Return a checked filter. Raises InputError for what is no date or no origin."""
    if origin.strip() and origin.strip() not in get_args(UnitOrigin):
        raise InputError("memory.bad_origin", text=origin, known=", ".join(get_args(UnitOrigin)))
    days = []
    for text in (since.strip(), until.strip()):
        try:
            days.append(date.fromisoformat(text).isoformat() if text else "")
        except ValueError as error:
            raise InputError("memory.bad_date", text=text) from error
    return UnitFilter(article.strip(), author.strip(), origin.strip(), *days)


def side_of(text: str) -> Side:
    """Return the side whose letters a text has."""
    return "source" if _CYRILLIC.search(text) or text.isascii() else "target"


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a question; whether each was in quotation marks."""
    for match in _PARTS.finditer(text):
        quoted = next((group for group in match.groups()[:4] if group), "")
        yield (quoted, True) if quoted else (match[5], False)


def _source_parts(text: str) -> list[_Words]:
    parts = []
    for part, quoted in _parts(text):
        row = tuple(frozenset({w}) if quoted else word_forms(w) for w in words(part))
        if row:
            parts.append(row)
    return parts


def _target_parts(text: str) -> list[str]:
    return [part.strip() for part, _ in _parts(text) if part.strip()]


def _looker(text: str, side: Side) -> Callable[[Unit], tuple[Span, ...] | None] | None:
    """Return what finds the places in a unit, None where a part is lacking; None for no part."""
    if not text:
        return lambda _unit: ()
    if side == "target":
        strings = _target_parts(text)
        return lambda unit: _all([_strings(unit.target, part) for part in strings])
    rows = _source_parts(text)
    if not rows:
        return None
    return lambda unit: _all(_rows(unit.source, rows))


def _all(places: Sequence[list[Span]]) -> tuple[Span, ...] | None:
    if not all(places):
        return None
    return tuple(sorted({span for some in places for span in some}, key=lambda s: s.start))


def _strings(text: str, part: str) -> list[Span]:
    pattern = re.compile(r"\s*".join(map(re.escape, "".join(part.split()))), re.IGNORECASE)
    return [Span(*match.span()) for match in pattern.finditer(text)]


def _rows(text: str, rows: Sequence[_Words]) -> list[list[Span]]:
    folded = plain(text)
    if len(folded) == len(text):
        if len(rows) == 1 and len(rows[0]) == 1:  # one word, the usual question: quickly
            return [_places(folded, rows[0][0])]
        given = [(match.group(), match.span()) for match in _WORD.finditer(folded)]
    else:  # a capital that is two characters in small
        given = [(plain(match.group()), match.span()) for match in _WORD.finditer(text)]
    found = []
    for row in rows:
        if len(row) == 1:
            found.append([Span(*span) for word, span in given if word in row[0]])
            continue
        spans = [
            Span(given[start][1][0], given[start + len(row) - 1][1][1])
            for start, (word, _) in enumerate(given[: max(0, len(given) - len(row) + 1)])
            if word in row[0] and all(given[start + n][0] in row[n] for n in range(1, len(row)))
        ]
        found.append(spans)
    return found


def _places(folded: str, forms: frozenset[str]) -> list[Span]:
    found = []
    for form in forms.intersection(_WORD.findall(folded)):
        start = folded.find(form)
        while start >= 0:
            end = start + len(form)
            if (
                not folded[max(0, start - 1) : start].isalnum()
                and not folded[end : end + 1].isalnum()
            ):
                found.append(Span(start, end))
            start = folded.find(form, end)
    return found


def _clauses(unit: Unit, side: Side, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return the clauses in the places of those that hold *spans*, where both sides go together.

    They do when they have as many clauses, each with about the same share of its sentence; clauses
    that fill the whole sentence say nothing.
    """
    opposite: Side = "target" if side == "source" else "source"
    texts = {"source": unit.source, "target": unit.target}
    here, there = _parted(texts[side], side), _parted(texts[opposite], opposite)
    if len(here) != len(there) or len(here) < 2:
        return ()
    shares = zip(_shares(here), _shares(there), strict=True)
    if any(abs(one - other) > UNEVEN for one, other in shares):
        return ()
    found = [
        place
        for clause, place in zip(here, there, strict=True)
        if any(clause.overlaps(span) for span in spans)
    ]
    return tuple(found) if len(found) < len(here) else ()


def _parted(text: str, side: Side) -> list[Span]:
    return [Span(*m.span()) for m in _CLAUSES[side].finditer(text) if m.group().strip()]


def _shares(clauses: Sequence[Span]) -> list[float]:
    total = sum(clause.end - clause.start for clause in clauses)
    return [(clause.end - clause.start) / total for clause in clauses]
