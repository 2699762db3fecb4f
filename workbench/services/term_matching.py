"""Finding every mention of the glossary's entries in a Russian text.

The forms of all entries are looked up wherever a word begins; at each place the longest form that
the rules accept is taken, and the search goes on behind it. Full names are also found with
patronymics and initials between or in place of the given name.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from workbench.domain.language import Span
from workbench.domain.term import Hit, HitHow, HitState, Term
from workbench.languages.fold import Folded, fold
from workbench.languages.russian_forms import is_acronym
from workbench.services.term_candidates import Words, candidates, words_of
from workbench.services.term_doubts import doubted, goes_on, in_address, introduced_by
from workbench.services.term_index import Entries, Listed, TermIndex, name_key
from workbench.services.term_rules import Place, is_namesake, judge, shouted_lines, valid
from workbench.services.term_suggestions import suggestions

_HYPHENS = ("-", "\u2010", "\u2011")
_JOINTS = (*_HYPHENS, "'", "’")  # О’Нил is no Нил
_SMALL_INITIAL = re.compile(r"(?<![^\W_])[а-яё]\.|(?<![^\W_])[а-яё][^\W_]+")
_LINE_ENDS = re.compile(r"\n+")
_BLOCK = 64_000  # characters
_RANK: dict[HitState, int] = {"found": 0, "ambiguous": 1, "suggested": 2}


class _Range(NamedTuple):
    """A place in the folded text; the longest of those that begin together comes first."""

    start: int
    minus_end: int
    initials: bool


@dataclass(frozen=True, slots=True)
class _Text:
    """A text under search."""

    text: str
    offset: int  # of its beginning in the whole
    folded: Folded
    shouted: Sequence[tuple[int, int]]
    date: str
    starts: Container[int]  # where forms begin


class Matcher:
    """The entries of one glossary version, ready to be looked for."""

    def __init__(self, entries: Entries | Sequence[Term]) -> None:
        """Build from approved and proposed entries with their stored forms."""
        if isinstance(entries, Sequence):
            entries = Listed(entries)
        self._layers = [TermIndex(entries)]
        self._replaced: frozenset[int] = frozenset()

    def updated(self, changed: Entries, replaced: Iterable[int]) -> Matcher:
        """Return a matcher with *changed* entries laid over those that it was built from.

        *replaced* are the ids of the entries that are not what they were, or are gone; both since
        the first building. The index of the unchanged ones is shared.
        """
        fresh = Matcher.__new__(Matcher)
        fresh._layers = [self._layers[0], TermIndex(changed)]
        fresh._replaced = frozenset(replaced)
        return fresh

    def find(self, text: str, date: str = "") -> tuple[Hit, ...]:
        """Return the hits in order; they never overlap, and offsets are those of *text*."""
        if len(text) <= _BLOCK:
            return tuple(self._find(text, date, 0))
        starts = _block_starts(text)
        blocks = zip(starts, (*starts[1:], len(text)), strict=True)
        return tuple(hit for a, b in blocks for hit in self._find(text[a:b], date, a))

    def readings(self, form: str) -> tuple[Term, ...]:
        """Return the entries that *form* as a whole may stand for, rules of acceptance aside."""
        folded = fold(form)
        found = self._ranges(words_of(folded)).items()
        whole = [terms for place, terms in found if place[:2] == (0, -len(folded.text))]
        return tuple({term.id: term for terms in whole for term in terms}.values())

    def _find(self, text: str, date: str, offset: int) -> list[Hit]:
        """Return the hits of a text that begins at *offset*."""
        folded = fold(text)
        words = words_of(folded)
        hits: list[Hit] = []
        taken: list[tuple[int, int]] = []
        position = 0
        found = self._ranges(words)
        starts = {place.start for place in found}
        search = _Text(text, offset, folded, shouted_lines(folded.clean), date, starts)
        for place in sorted(found):
            if place.start < position:
                continue
            # «Россия-НАТО», «глава Ингушетии Калиматов»
            near = (bool(hits) and position == place.start - 1, 1 - place.minus_end in starts)
            hit = _hit(search, place, found[place], near)
            if hit is not None:
                hit = self._of_bearer(search, hit, place, near)
                hits.append(hit)
                position = -place.minus_end
                taken.append((place.start, position))
        hits += self._suggested(search, words, taken)
        return sorted(hits, key=lambda hit: hit.span.start)

    def _of_bearer(self, search: _Text, hit: Hit, where: _Range, near: tuple[bool, bool]) -> Hit:
        """Only suggest a surname that another bearer has here: its Chinese may differ."""
        term = hit.term
        if term.type != "person" or " " in term.source or hit.state == "suggested":
            return hit
        if not any(index.named_in_full(term.source) for index in self._layers):
            return hit
        place = Place(search.folded.clean, where.start, -where.minus_end)
        if is_namesake(place) or (not near[1] and goes_on(place, term)):
            return replace(hit, state="suggested")
        given = "" if near[0] else introduced_by(place, term)
        if given and not self._initialled(place.form, given):
            return replace(hit, state="ambiguous")
        return hit

    def _initialled(self, surname: str, given: str) -> bool:
        """Tell whether a bearer's given name begins alike: «Эммануэль Макрон» is Эмманюэль."""
        key = name_key(fold(surname).text, fold(given[0]).text)
        return any(True for index in self._layers for _ in index.names.find([key]))

    def _suggested(
        self, search: _Text, words: Words, taken: Sequence[tuple[int, int]]
    ) -> Iterator[Hit]:
        """Yield hits of other inflections and adjectives between those that were found."""
        found = [
            one
            for layer, index in enumerate(self._layers)
            for one in suggestions(words, taken, index)
            if not (layer == 0 and one[2].id in self._replaced) and valid(one[2], search.date)
        ]
        position = 0
        for start, end, term in sorted(found, key=lambda one: (one[0], -one[1])):
            if start >= position:
                yield _hit_of(search, start, end, term, "lemma", "suggested")
                position = end

    def _ranges(self, words: Words) -> dict[_Range, list[Term]]:
        """Return where forms stand, with their entries."""
        found: dict[_Range, list[Term]] = defaultdict(list)
        for layer, index in enumerate(self._layers):
            for (start, end, initials), numbers in candidates(words, index):
                terms = list(map(index.entry, numbers))
                if layer == 0 and self._replaced:
                    terms = [term for term in terms if term.id not in self._replaced]
                if terms:
                    found[_Range(start, -end, initials)] += terms
        return found


def _block_starts(text: str) -> list[int]:
    """Divide a long text at ends of paragraphs, so that a book needs no more memory than a page."""
    starts = [0]
    for end in _LINE_ENDS.finditer(text):
        if end.end() - starts[-1] > _BLOCK and text[end.start() - 1] in ".!?…»":
            starts.append(end.end())
    return starts


def _hit(
    search: _Text, where: _Range, terms: Sequence[Term], near: tuple[bool, bool]
) -> Hit | None:
    """Judge the entries whose form stands at a place; return the hit of the best one.

    *near*: whether other entries' forms stand one character before and after.
    """
    start, end = where.start, -where.minus_end
    loud = False
    if search.shouted:
        line = bisect_right(search.shouted, (start, len(search.text))) - 1
        loud = line >= 0 and start < search.shouted[line][1]
    place = Place(search.folded.clean, start, end, loud, search.starts)
    if in_address(place):
        return None
    form = place.form
    accepted: list[tuple[HitState, Term]] = []
    for term in terms:
        if not valid(term, search.date) or not _joins(place, term, *near):
            continue
        state = _initials(place, term) if where.initials else judge(place, term)
        if state == "found" and doubted(place, term, near):
            state = "ambiguous"
        if state is not None:
            accepted.append((state, term))
    if not accepted:
        return None
    state, term = accepted[0]
    if len(accepted) > 1:
        state, term = _best(accepted, form)
    return _hit_of(search, start, end, term, _how(form, term), state)


def _best(accepted: list[tuple[HitState, Term]], form: str) -> tuple[HitState, Term]:
    """Choose among entries of one form: the surest, and the one that is written exactly so."""
    accepted.sort(key=lambda pair: (_RANK[pair[0]], pair[1].source != form))
    state, term = accepted[0]
    # An entry written exactly so comes before those that it is an inflection of.
    rivals = {
        t.target
        for s, t in accepted
        if s == state and t.status == term.status and (term.source != form or t.source == form)
    }
    return ("ambiguous" if state == "found" and len(rivals) > 1 else state), term


def _hit_of(search: _Text, start: int, end: int, term: Term, how: HitHow, state: HitState) -> Hit:
    span = search.folded.original(start, end)
    offset = search.offset
    here = Span(offset + span.start, offset + span.end) if offset else span
    return Hit(term, here, span.of(search.text), how, state)


def _initials(place: Place, term: Term) -> HitState | None:
    """Accept «К.-Ж. Токаев», but no «2022 г. Токаев»."""
    if _SMALL_INITIAL.search(place.form) or not any(c.isupper() for c in place.form):
        return None
    return "suggested" if term.status == "proposed" else "found"


def _how(form: str, term: Term) -> HitHow:
    if form == term.source:
        return "exact"
    return "acronym" if is_acronym(term.source) else "form"


def _joins(place: Place, term: Term, before: bool, after: bool) -> bool:
    """Tell whether hyphens at the edges leave the form a word of its own.

    «Россия-НАТО», «братство-2022» and «Песков-младший» do; «Иссык-кульский», «Айя-София» and the
    halves of a double surname do not. *before*, *after*: whether another entry's form stands right
    before or after the form.
    """
    behind = place.text[place.end : place.end + 2]
    if behind[:1] in _HYPHENS and behind[1:2].isalnum():
        rest = place.text[place.end + 1 : place.end + 7].lower()
        younger = rest.startswith(("младш", "старш"))
        loose = (term.type != "person" or after) and behind[1].isupper()
        if not (younger or loose or behind[1].isdigit()):
            return False
    ahead = place.text[max(0, place.start - 2) : place.start]
    return before or not (ahead[-1:] in _JOINTS and ahead[:1].isalnum())
