"""Finding every mention of the glossary's entries in a Russian text.

All forms of all entries stand in one trie over folded text. At each word the longest form
that the rules accept is taken, and the search goes on behind it. Full names are also found with
patronymics and initials between or in place of the given name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import marisa_trie

from workbench.domain.term import Hit, HitHow, HitState, Term
from workbench.languages.fold import Folded, fold, keys
from workbench.languages.russian_forms import is_acronym
from workbench.services.term_rules import Place, judge, shouted_lines, valid

_TOKEN = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")
_LONGEST = 200
_HYPHENS = ("-", "\u2010", "\u2011")
_INITIALS = re.compile(r"[а-я]\.(?:[ -]?[а-я]\.){0,2} ?")
_INITIALS_AFTER = re.compile(r" [а-я]\.(?:[ -]?[а-я]\.){0,2}")
_SMALL_INITIAL = re.compile(r"(?<![^\W_])[а-яё]\.|(?<![^\W_])[а-яё][^\W_]+")
_PATRONYMIC = re.compile(
    r"(?:[а-я]{2,}(?:ович|евич|ич)(?:а|у|ем|ом|е)?|[а-я]{2,}(?:овн|евн|ичн)(?:а|ы|е|у|ой)"
    r"|[а-я]+(?: |-)?(?:оглы|кызы|улы|уулу))$"
)
_RANK: dict[HitState, int] = {"found": 0, "ambiguous": 1, "suggested": 2}


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read a range of the folded text: the entries whose form it is."""

    start: int
    end: int
    terms: tuple[int, ...]
    initials: bool = False


class Matcher:
    """The entries of one glossary version, ready to be looked for."""

    def __init__(self, terms: Sequence[Term]) -> None:
        """Build from approved and proposed entries with their stored forms."""
        self.terms = terms
        owners, forms = _surfaces(terms)
        # Two tries: one is quick at prefixes, the other keeps what a form is of.
        self._trie = marisa_trie.Trie(forms)
        self._owners = _record(zip(forms, owners, strict=True))
        self._names = _Names(terms, owners, forms)
        self._first = {_first_token(form) for form in forms} | self._names.beginnings

    def find(self, text: str, date: str = "") -> tuple[Hit, ...]:
        """Return the hits in order; they never overlap, and offsets are those of *text*."""
        folded = fold(text)
        shouted = shouted_lines(text)
        hits: list[Hit] = []
        position = 0
        for start, word in self._starts(folded.text):
            if start < position:
                continue
            chained = bool(hits) and position == start - 1  # «Россия-НАТО»
            for reading in self._readings(folded.text, start, word):
                hit = self._hit(text, folded, reading, shouted, date, chained)
                if hit is not None:
                    hits.append(hit)
                    position = reading.end
                    break
        return tuple(hits)

    def _starts(self, folded: str) -> Iterator[tuple[int, str]]:
        """Yield the places where a form may begin: words, and the parts of hyphenated words."""
        for token in _TOKEN.finditer(folded):
            word = token.group()
            start = token.start()
            if word in self._first or len(word) == 1:
                yield start, word
            if "-" in word:
                at = 0
                for part in word.split("-"):
                    if part in self._first and not (at == 0 and word in self._first):
                        yield start + at, part
                    at += len(part) + 1

    def _readings(self, folded: str, start: int, word: str) -> list[_Reading]:
        """Return what may stand at *start*, longest first."""
        readings = []
        for form in self._trie.prefixes(folded[start : start + _LONGEST]):
            end = start + len(form)
            if _ends_word(folded, end):
                readings.append(_Reading(start, end, _numbers(self._owners, form)))
        readings += self._names.readings(folded, start, word)
        readings.sort(key=lambda reading: -reading.end)
        return readings

    def _hit(
        self,
        text: str,
        folded: Folded,
        reading: _Reading,
        shouted: list[tuple[int, int]],
        date: str,
        chained: bool,
    ) -> Hit | None:
        span = folded.original(reading.start, reading.end)
        loud = any(a <= span.start < b for a, b in shouted)
        place = Place(text, span.start, span.end, loud)
        form = span.of(text)
        accepted: list[tuple[HitState, Term]] = []
        for number in reading.terms:
            term = self.terms[number]
            if not valid(term, date) or not _joins(place, term, chained):
                continue
            state = _initials(place, term) if reading.initials else judge(place, term)
            if state is not None:
                accepted.append((state, term))
        if not accepted:
            return None
        accepted.sort(key=lambda pair: (_RANK[pair[0]], pair[1].source != form))
        state, term = accepted[0]
        rivals = {t.target for s, t in accepted if s == state and t.status == term.status}
        if state == "found" and len(rivals) > 1 and term.source != form:
            state = "ambiguous"
        return Hit(term, span, form, _how(form, term), state)


def _surfaces(terms: Sequence[Term]) -> tuple[list[int], list[str]]:
    """Return entry numbers and, beside each, one folded form under which the entry is found."""
    owners: list[int] = []
    texts: list[str] = []
    for number, term in enumerate(terms):
        struck = {form.text for form in term.forms if form.how == "struck"}
        for text in dict.fromkeys((term.source, *(form.text for form in term.forms))):
            if text not in struck:
                owners.append(number)
                texts.append(text)
    return owners, keys(texts)


def _record(pairs: Iterable[tuple[str, int]]) -> marisa_trie.RecordTrie:
    """Keep numbers under texts, any number of them under one."""
    return marisa_trie.RecordTrie("<I", ((text, (number,)) for text, number in pairs))


def _numbers(trie: marisa_trie.RecordTrie, form: str) -> tuple[int, ...]:
    """Return the entries under a key, each once, in their order."""
    return tuple(sorted({number for (number,) in trie.get(form, ())}))


def _initials(place: Place, term: Term) -> HitState | None:
    """Accept «К.-Ж. Токаев», but no «2022 г. Токаев»."""
    if _SMALL_INITIAL.search(place.form) or not any(c.isupper() for c in place.form):
        return None
    return "suggested" if term.status == "proposed" else "found"


def _how(form: str, term: Term) -> HitHow:
    if form == term.source:
        return "exact"
    return "acronym" if is_acronym(term.source) else "form"


def _first_token(form: str) -> str:
    found = _TOKEN.search(form)
    return found.group() if found else form


def _ends_word(folded: str, end: int) -> bool:
    """Tell whether a form may end here: before no letter; a hyphen is judged by ``_joins``."""
    following = folded[end : end + 1]
    return not (following.isalnum() or following == "_")


def _joins(place: Place, term: Term, chained: bool) -> bool:
    """Tell whether hyphens at the edges leave the form a word of its own.

    «Россия-НАТО», «братство-2022» and «Песков-младший» do; «Иссык-кульский», «Айя-София» and the
    halves of a double surname do not. *chained*: another hit ends right before the form.
    """
    after = place.text[place.end : place.end + 2]
    if after[:1] in _HYPHENS and after[1:2].isalnum():
        rest = place.text[place.end + 1 : place.end + 7].lower()
        younger = rest.startswith(("младш", "старш"))
        loose = term.type != "person" and after[1].isupper()
        if not (younger or loose or after[1].isdigit()):
            return False
    before = place.text[max(0, place.start - 2) : place.start]
    if before[-1:] in _HYPHENS and before[:1].isalnum():
        return chained and term.type != "person"
    return True


class _Names:
    """Full names in parts, so that a patronymic or initials may stand between."""

    def __init__(self, terms: Sequence[Term], owners: Sequence[int], forms: Sequence[str]) -> None:
        pairs: list[tuple[str, int]] = []
        initials: list[tuple[str, int]] = []
        self.beginnings: set[str] = set()
        for number, form in zip(owners, forms, strict=True):
            if terms[number].type != "person" or " " not in form:
                continue
            given, _, rest = form.partition(" ")
            surname = rest.rpartition(" ")[2]
            pairs.append((f"{given} {surname}", number))
            initials.append((f"{given[0]} {surname}", number))
            self.beginnings.update((given, surname))
        self._pairs = _record(pairs)
        self._initials = _record(initials)

    def readings(self, folded: str, start: int, word: str) -> Iterator[_Reading]:
        """Yield the full names at *start* that are not written as their entry has them."""
        if len(word) == 1:
            yield from self._after_initials(folded, start)
        if word in self.beginnings:
            yield from self._after_given(folded, start, word)
            yield from self._after_surname(folded, start, word)

    def _after_initials(self, folded: str, start: int) -> Iterator[_Reading]:
        initials = _INITIALS.match(folded, start)
        token = _TOKEN.match(folded, initials.end()) if initials else None
        if token:
            found = _numbers(self._initials, f"{folded[start]} {token.group()}")
            if found:
                yield _Reading(start, token.end(), found, initials=True)

    def _after_given(self, folded: str, start: int, word: str) -> Iterator[_Reading]:
        """Given name, patronymic or none, surname."""
        token = _next(folded, start + len(word))
        if token and _PATRONYMIC.search(token.group()):
            token = _next(folded, token.end())
        if token:
            found = _numbers(self._pairs, f"{word} {token.group()}")
            if found:
                yield _Reading(start, token.end(), found)

    def _after_surname(self, folded: str, start: int, word: str) -> Iterator[_Reading]:
        """Surname first: with initials behind, or given name and patronymic."""
        end = start + len(word)
        initials = _INITIALS_AFTER.match(folded, end)
        if initials:
            found = _numbers(self._initials, f"{folded[end + 1]} {word}")
            if found:
                yield _Reading(start, initials.end(), found, initials=True)
        token = _next(folded, end)
        found = _numbers(self._pairs, f"{token.group()} {word}") if token else ()
        if token and found:
            patronymic = _next(folded, token.end())
            if patronymic and _PATRONYMIC.search(patronymic.group()):
                token = patronymic
            yield _Reading(start, token.end(), found)


def _next(folded: str, end: int) -> re.Match[str] | None:
    """Return the word after one space."""
    return _TOKEN.match(folded, end + 1) if folded[end : end + 1] == " " else None
