"""Persons in an article whom the glossary does not know: found, grouped over cases, counted.

Mentions come from the recogniser of the extra ``names`` where it is installed, and from capitals
(``languages/capitalised_names.py``). All forms of one person – full name, surname alone, initials,
any case – make one ``FoundName`` in the nominative.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from workbench.domain.article import Segment
from workbench.domain.language import Span
from workbench.domain.term import Hit
from workbench.languages import capitalised_names, name_recogniser
from workbench.languages.capitalised_names import may_be_again, tokens
from workbench.languages.fold import key
from workbench.languages.morphology import given_name_genders
from workbench.languages.name_forms import gender_of
from workbench.languages.nominative import nominative
from workbench.services.name_mentions import (
    Gender,
    Mention,
    Named,
    Reading,
    is_subject,
    mention_at,
    taken_apart,
    written_small,
)

Recogniser = Callable[[Sequence[str]], Sequence[Sequence[Span]]]

_REMEMBERED = 20_000  # nominatives
_KNOWN_SURNAME = 2.0  # what it counts for a reading that a full name in the article has it
_LISTED = 1.5  # and that the list of given names knows the given name
_GENDERED = re.compile(r"(?:[оеё]ва?|[иы]на?|[сц]кий|[сц]кая)$")
_AS_WRITTEN = 0.6  # and that a name which opens its sentence is in the nominative already


@dataclass(frozen=True, slots=True)
class FoundName:
    """A person of an article.

    ``name`` is the nominative, given name first, without patronymic and initials; ``surname`` its
    last part (the whole where the article never gives more). ``alone`` tells whether the surname
    also stands without the given name.
    """

    name: str
    surname: str
    gender: Gender
    mentions: tuple[Mention, ...]
    alone: bool = False

    @property
    def count(self) -> int:
        """How often the person is named."""
        return len(self.mentions)

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms as written, each once, in order."""
        return tuple(dict.fromkeys(mention.form for mention in self.mentions))


@dataclass(slots=True)
class _Person:
    """A name in the making."""

    name: str
    surname: str
    named: list[Named] = field(default_factory=list)


def default_recogniser() -> Recogniser | None:
    """Return the recogniser of the extra ``names``, or None where it is not installed."""
    return name_recogniser.persons if name_recogniser.available() else None


@dataclass(frozen=True)
class NameFinder:
    """Finds persons. *recogniser* None goes by capitals alone; *given* are folded given names."""

    recogniser: Recogniser | None = None
    given: Collection[str] = ()
    _read: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict, compare=False)

    def persons(self, texts: Sequence[str]) -> list[tuple[Span, ...]]:
        """Return the places of persons' names in each of some sentences, in order."""
        plain = [written_small(text) for text in texts]
        recognised = self.recogniser(plain) if self.recogniser else [()] * len(plain)
        return [_joined(text, spans) for text, spans in zip(plain, recognised, strict=True)]

    def unknown(
        self, segments: Iterable[Segment], hits: Callable[[Segment], Sequence[Hit]]
    ) -> tuple[FoundName, ...]:
        """Return the persons that no hit covers, the most frequent first."""
        named: list[Named] = []
        looked: list[tuple[Segment, Sequence[Span]]] = []
        every = list(segments)
        texts = [segment.source for segment in every]
        for segment, spans in zip(every, self.persons(texts), strict=True):
            known = hits(segment)
            free = [span for span in spans if not _covered(span, known)]
            named += [
                taken_apart(mention_at(segment, s), segment.source, self._nominatives) for s in free
            ]
            looked.append((segment, [*spans, *(hit.span for hit in known)]))
        named = [each for each in named if each.given or each.surname]
        surnames = {key(person.surname) for person in _people(named, self.given)}
        for segment, taken in looked if surnames else ():
            named += _again(segment, taken, surnames, self._nominatives)
        found = [_found(person) for person in _people(named, self.given)]
        return tuple(sorted(found, key=lambda name: (-name.count, name.mentions[0].n)))

    def _nominatives(self, words: str, gender: str) -> tuple[str, ...]:
        """Return the nominatives that *words* may be a form of, likeliest first."""
        if (words, gender) not in self._read:
            if len(self._read) > _REMEMBERED:
                self._read.clear()
            self._read[words, gender] = nominative(words, gender, self.given) or (words,)
        return self._read[words, gender]


def _again(
    segment: Segment, taken: Sequence[Span], surnames: Container[str], read: Reading
) -> list[Named]:
    """Return the words that nobody took for a name, but that the article has as a surname."""
    text, found = segment.source, []
    plain = written_small(text)
    for word in tokens(plain):
        if any(word.span.overlaps(other) for other in taken) or not may_be_again(plain, word):
            continue
        if any(key(reading) in surnames for reading in read(word.text, "")):
            found.append(taken_apart(mention_at(segment, word.span), text, read))
    return [each for each in found if each.surname]


def _joined(plain: str, recognised: Sequence[Span]) -> tuple[Span, ...]:
    """Join what the recogniser and the capitals say; of two that overlap the longer stays."""
    mended = [capitalised_names.trimmed(plain, span) for span in recognised]
    found = [*_by_capitals(plain), *(span for span in mended if span is not None)]
    found.sort(key=lambda span: (span.start - span.end, span.start))
    chosen: list[Span] = []
    for span in found:
        if not any(span.overlaps(other) for other in chosen):
            chosen.append(span)
    return tuple(sorted(chosen, key=lambda span: span.start))


@lru_cache(maxsize=20_000)
def _by_capitals(plain: str) -> tuple[Span, ...]:
    return capitalised_names.persons(plain)


def _covered(span: Span, hits: Sequence[Hit]) -> bool:
    """Tell whether the glossary speaks for a name: a person in it, or anything around it."""
    for hit in hits:
        if hit.how == "lemma":
            continue  # a mere suggestion
        around = hit.span.start <= span.start and span.end <= hit.span.end
        if around or (hit.term.type == "person" and hit.span.overlaps(span)):
            return True
    return False


# -- all mentions -------------------------------------------------------------------------


def _people(named: Sequence[Named], given: Container[str]) -> list[_Person]:
    """Group the mentions: full names first, then what may belong to them."""
    people: dict[str, _Person] = {}
    full = [each for each in named if each.full]
    for each, name in zip(full, _chosen(full, _likely_given(full, given)), strict=True):
        first, _, surname = name.partition(" ")
        person = people.setdefault(key(name), _Person(name, surname or first))
        person.named.append(each)
    bare = [each for each in named if not each.full]
    known = {key(r): _LISTED for each in bare for r in each.readings if key(r) in given}
    known |= {key(person.surname): _KNOWN_SURNAME for person in people.values()}
    for each, name in zip(bare, _chosen(bare, known), strict=True):
        owner = _owner(each, name, list(people.values()))
        if owner is None:
            owner = people.setdefault(key(name), _Person(name, name))
        owner.named.append(each)
    return list(people.values())


def _likely_given(named: Sequence[Named], given: Container[str]) -> Mapping[str, float]:
    """Return what speaks for readings of full names beside their rank."""
    votes: dict[str, float] = {}
    for each in named:
        subject = is_subject(each)
        for reading in each.readings:
            listed = key(reading.partition(" ")[0]) in given
            written = subject and reading == f"{each.given} {each.surname}"
            speaks = _LISTED * listed + _AS_WRITTEN * written
            votes[key(reading)] = max(votes.get(key(reading), 0.0), speaks)
    return votes


def _chosen(named: Sequence[Named], known: Mapping[str, float]) -> list[str]:
    """Choose a nominative for each mention: the one that most other forms may also be of."""
    votes: dict[str, float] = defaultdict(float, known)
    for form in {(each.surname or each.given, each.given, each.readings) for each in named}:
        for rank, reading in enumerate(form[2]):
            votes[key(reading)] += 1 / (1 + rank)
    return [
        max(each.readings, key=lambda reading: (votes[key(reading)], -each.readings.index(reading)))
        for each in named
    ]


def _owner(each: Named, name: str, people: Sequence[_Person]) -> _Person | None:
    """Return the person whom a surname, initials or a given name with patronymic belong to."""
    fitting = [person for person in people if _fits(each, name, person)]
    if not fitting:
        return None
    before = [p for p in fitting if p.named and p.named[0].mention.n <= each.mention.n]
    return max(before or fitting, key=lambda p: p.named[-1].mention.n if p.named else 0)


def _fits(each: Named, name: str, person: _Person) -> bool:
    given = person.name.partition(" ")[0] if person.name != person.surname else ""
    if each.given:  # «Мария Ивановна»
        return bool(given) and key(given) == key(name)
    if key(name) != key(person.surname):
        return False
    return not each.initials or not given or key(given[0]) == key(each.initials[0])


def _found(person: _Person) -> FoundName:
    named = sorted(person.named, key=lambda each: (each.mention.n, each.mention.span.start))
    alone = any(not each.given for each in named) and person.name != person.surname
    return FoundName(
        person.name,
        person.surname,
        _gender(person),
        tuple(each.mention for each in named),
        alone,
    )


def _gender(person: _Person) -> Gender:
    for each in person.named:
        if each.gender:
            return each.gender
    words = person.name.split()
    genders = given_name_genders(words[0]) if len(words) > 1 else frozenset()
    if len(genders) == 1 or _GENDERED.search(words[-1]):
        return "f" if gender_of(words) == "femn" else "m"
    return ""


__all__ = ["FoundName", "Mention", "NameFinder", "default_recogniser"]
