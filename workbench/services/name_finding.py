"""Persons in an article whom the glossary does not know: found, grouped over cases, counted.

Mentions come from the recogniser of the extra ``names`` where it is installed, and from capitals
(``languages/capitalised_names.py``). All forms of one person – full name, surname alone, initials,
any case – make one ``FoundName`` in the nominative.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from workbench.domain.article import Segment
from workbench.domain.language import Span
from workbench.domain.term import Hit
from workbench.languages import capitalised_names, name_recogniser
from workbench.languages.capitalised_names import Token, may_be_again, opens_sentence, tokens
from workbench.languages.fold import key
from workbench.languages.morphology import given_name_genders, parses, past_gender
from workbench.languages.name_forms import gender_of
from workbench.languages.nominative import nominative
from workbench.languages.surname_gender import belongs
from workbench.services.term_rules import shouted_lines

Recogniser = Callable[[Sequence[str]], Sequence[Sequence[Span]]]
Gender = Literal["m", "f", ""]

_KNOWN_SURNAME = 2.0  # what it counts for a reading that a full name in the article has it
_LISTED = 1.5  # and that the list of given names knows the given name
_AS_WRITTEN = 0.6  # and that a name which opens its sentence is in the nominative already
_FEMALE_PATRONYMIC = re.compile(r"(?:на|ны|не|ну|ной|кызы)$")

_FATHERS = ("уулу", "улы", "кызы")  # «son of», «daughter of»: nothing but the given name declines
_PEER = re.compile(r"([А-ЯЁ][а-яё]+)[ \u00a0]+и[ \u00a0]+$")
_VERB_BEFORE = re.compile(r"([а-яё]+)(?:[ \u00a0]+[а-яё-]+){0,4}[ \u00a0]+$")
_WORD_AT = re.compile(r"([а-яё]+)[ \u00a0]+$")
_VERB_AFTER = re.compile(r"[ \u00a0]+([а-яё]+)")
_AND_PEER = re.compile(r"[ \u00a0]+и[ \u00a0]+[А-ЯЁ]")
_GENDERED = re.compile(r"(?:[оеё]ва?|[иы]на?|[сц]кий|[сц]кая)$")


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where a person is named; ``span`` lies in the segment's source."""

    segment_id: int
    n: int
    span: Span
    form: str


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
class _Named:
    """One mention taken apart: the words as written, and the nominatives they may be forms of."""

    mention: Mention
    text: str
    given: str = ""
    surname: str = ""
    initials: str = ""
    gender: Gender = ""
    readings: tuple[str, ...] = ()

    @property
    def full(self) -> bool:
        """Whether given name and surname are both there."""
        return bool(self.given and self.surname)


@dataclass(slots=True)
class _Person:
    """A name in the making."""

    name: str
    surname: str
    named: list[_Named] = field(default_factory=list)


def default_recogniser() -> Recogniser | None:
    """Return the recogniser of the extra ``names``, or None where it is not installed."""
    return name_recogniser.persons if name_recogniser.available() else None


@dataclass(frozen=True)
class NameFinder:
    """Finds persons. *recogniser* None goes by capitals alone; *given* are folded given names."""

    recogniser: Recogniser | None = None
    given: Container[str] = ()

    def persons(self, texts: Sequence[str]) -> list[tuple[Span, ...]]:
        """Return the places of persons' names in each of some sentences, in order."""
        plain = [_plain(text) for text in texts]
        recognised = self.recogniser(plain) if self.recogniser else [()] * len(plain)
        return [_joined(text, spans) for text, spans in zip(plain, recognised, strict=True)]

    def unknown(
        self, segments: Iterable[Segment], hits: Callable[[Segment], Sequence[Hit]]
    ) -> tuple[FoundName, ...]:
        """Return the persons that no hit covers, the most frequent first."""
        named: list[_Named] = []
        looked: list[tuple[Segment, Sequence[Span]]] = []
        every = list(segments)
        texts = [segment.source for segment in every]
        for segment, spans in zip(every, self.persons(texts), strict=True):
            known = hits(segment)
            free = [span for span in spans if not _covered(span, known)]
            named += [_taken_apart(_mention(segment, span), segment.source) for span in free]
            looked.append((segment, [*spans, *(hit.span for hit in known)]))
        named = [each for each in named if each.given or each.surname]
        surnames = {key(person.surname) for person in _people(named, self.given)}
        for segment, taken in looked if surnames else ():
            named += _again(segment, taken, surnames)
        found = [_found(person) for person in _people(named, self.given)]
        return tuple(sorted(found, key=lambda name: (-name.count, name.mentions[0].n)))


def _mention(segment: Segment, span: Span) -> Mention:
    return Mention(segment.id, segment.n, span, span.of(segment.source))


def _again(segment: Segment, taken: Sequence[Span], surnames: Container[str]) -> list[_Named]:
    """Return the words that nobody took for a name, but that the article has as a surname."""
    text, found = segment.source, []
    plain = _plain(text)
    for word in tokens(plain):
        if any(word.span.overlaps(other) for other in taken) or not may_be_again(plain, word):
            continue
        if any(key(reading) in surnames for reading in _readings(word.text, "")):
            found.append(_taken_apart(_mention(segment, word.span), text))
    return [each for each in found if each.surname]


@lru_cache(maxsize=2_000)
def _plain(text: str) -> str:
    """Return *text* with its lines in capitals written small, letter for letter."""
    for start, end in shouted_lines(text):
        text = text[:start] + capitalised_names.recased(text[start:end]) + text[end:]
    return text


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


# -- one mention --------------------------------------------------------------------------


def _taken_apart(mention: Mention, source: str) -> _Named:
    """Tell given name, patronymic, surname and initials from one another."""
    shown = source
    if mention.form.isupper():  # of a headline
        shown = capitalised_names.recased(source)
    words = list(tokens(shown, mention.span.start, mention.span.end))
    named = _Named(mention, source)
    named.initials = "".join(w.text[0] for w in words if w.kind == "initials")
    rest = [word for word in words if word.kind != "initials"]
    patronymics = [word for word in rest if word.kind == "patronymic"]
    _name_parts(named, rest, patronymics)
    if patronymics:
        female = _FEMALE_PATRONYMIC.search(patronymics[0].text.lower())
        named.gender = "f" if female else "m"
    whole = f"{named.given} {named.surname}".strip()
    if named.surname.endswith(_FATHERS):
        named.readings = tuple(f"{r} {named.surname}" for r in _readings(named.given, named.gender))
    elif whole:
        named.readings = _readings(whole, named.gender)
    if not named.given and named.surname:
        named.readings = _by_company(named, source)
    return named


def _name_parts(named: _Named, rest: list[Token], patronymics: list[Token]) -> None:
    """Set given name and surname from the words without initials."""
    if patronymics and rest.index(patronymics[0]) == 2 and len(rest) >= 3:
        if rest[2].text.lower().endswith(_FATHERS) and len(rest) == 3:
            named.given = rest[0].text  # «Садыр Нургожо уулу»: no surname, the father's name
            named.surname = f"{rest[1].text} {rest[2].text}"
            patronymics.clear()
            return
        named.surname, named.given = rest[0].text, rest[1].text  # «Кротов Иван Петрович»
        return
    words = [word for word in rest if word not in patronymics]
    if len(words) == 1:
        part = "given" if patronymics else "surname"
        setattr(named, part, words[0].text)
    elif words:
        turned = len(words) == 2 and words[0].kind == "surname" and words[1].kind == "given"
        ordered = [words[1], words[0]] if turned else words
        named.given = ordered[0].text
        named.surname = " ".join(word.text for word in ordered[1:])


@lru_cache(maxsize=20_000)
def _readings(words: str, gender: str) -> tuple[str, ...]:
    """Return the nominatives that *words* may be a form of, likeliest first."""
    return nominative(words, gender) or (words,)


def _by_company(named: _Named, source: str) -> tuple[str, ...]:
    """Leave out the readings of a bare surname that the words around it refuse."""
    span = named.mention.span
    start = span.end - len(named.surname)
    peer = _PEER.search(source, 0, span.start)
    if peer and re.search(r"(?:[оеё]в|[иы]н|ий|к|р)$", peer[1]) and named.surname in named.readings:
        return (named.surname,)  # «Кротов и С. Орешкина»: both in the nominative
    verbs = (_WORD_AT.search(source, 0, span.start), _VERB_AFTER.match(source, span.end))
    genders = {past_gender(verb[1]) for verb in verbs if verb} - {""}
    others = tuple(reading for reading in named.readings if reading != named.surname)
    if genders == {"plur"} and _AND_PEER.match(source, span.end):
        return (named.surname,)  # «проголосовали Л. Ганиева и О. Штерн»
    if genders and "femn" not in genders and others and named.surname.endswith("а"):
        return others  # «Лузгина встретили»: no woman is the subject
    kept = tuple(
        reading
        for reading in named.readings
        if " " in reading or belongs(source, start, span.end, reading) != "no"
    )
    return kept or named.readings


# -- all mentions -------------------------------------------------------------------------


def _people(named: Sequence[_Named], given: Container[str]) -> list[_Person]:
    """Group the mentions: full names first, then what may belong to them."""
    people: dict[str, _Person] = {}
    full = [each for each in named if each.full]
    for each, name in zip(full, _chosen(full, _likely_given(full, given)), strict=True):
        first, _, surname = name.partition(" ")
        person = people.setdefault(key(name), _Person(name, surname or first))
        person.named.append(each)
    known: Mapping[str, float] = Counter({key(p.surname): _KNOWN_SURNAME for p in people.values()})
    bare = [each for each in named if not each.full]
    for each, name in zip(bare, _chosen(bare, known), strict=True):
        owner = _owner(each, name, list(people.values()))
        if owner is None:
            owner = people.setdefault(key(name), _Person(name, name))
        owner.named.append(each)
    return list(people.values())


def _likely_given(named: Sequence[_Named], given: Container[str]) -> Mapping[str, float]:
    """Return what speaks for readings of full names beside their rank."""
    votes: dict[str, float] = {}
    for each in named:
        subject = _is_subject(each)
        for reading in each.readings:
            listed = key(reading.partition(" ")[0]) in given
            written = subject and reading == f"{each.given} {each.surname}"
            votes[key(reading)] = _LISTED * listed + _AS_WRITTEN * written
    return votes


def _is_subject(each: _Named) -> bool:
    """Tell whether a name likely is its sentence's subject: it opens it, or a verb shows it."""
    span = each.mention.span
    if opens_sentence(each.text, span.start):
        return True
    title = _WORD_AT.search(each.text[: span.start].lower())
    if title and any({"anim", "femn", "nomn", "NOUN"} in p.tag for p in parses(title[1])):
        return True  # «чемпионка Малика Юсупова»
    found = _VERB_BEFORE.search(each.text, 0, span.start)
    while found:  # «ответила пресс-секретарь ведомства Наргиза Холматова»
        if past_gender(found[1]):
            return past_gender(found[1]) == "femn"
        found = _VERB_BEFORE.search(each.text, found.end(1), span.start)
    after = _VERB_AFTER.match(each.text, span.end)
    return bool(after and past_gender(after[1]) == "femn")


def _chosen(named: Sequence[_Named], known: Mapping[str, float]) -> list[str]:
    """Choose a nominative for each mention: the one that most other forms may also be of."""
    votes: dict[str, float] = defaultdict(float, known)
    for form in {(each.surname or each.given, each.given, each.readings) for each in named}:
        for rank, reading in enumerate(form[2]):
            votes[key(reading)] += 1 / (1 + rank)
    return [
        max(each.readings, key=lambda reading: (votes[key(reading)], -each.readings.index(reading)))
        for each in named
    ]


def _owner(each: _Named, name: str, people: Sequence[_Person]) -> _Person | None:
    """Return the person whom a surname, initials or a given name with patronymic belong to."""
    fitting = [person for person in people if _fits(each, name, person)]
    if not fitting:
        return None
    before = [p for p in fitting if p.named and p.named[0].mention.n <= each.mention.n]
    return max(before or fitting, key=lambda p: p.named[-1].mention.n if p.named else 0)


def _fits(each: _Named, name: str, person: _Person) -> bool:
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
    if len(genders) == 1 or re.search(
        r"(?:[оеё]в|[иы]н|[сц]кий|[оеё]ва|[иы]на|[сц]кая)$", words[-1]
    ):
        return "f" if gender_of(words) == "femn" else "m"
    return ""


__all__ = ["FoundName", "Mention", "NameFinder", "default_recogniser", "opens_sentence"]
