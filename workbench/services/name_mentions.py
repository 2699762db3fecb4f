"""One mention of a person taken apart: given name, surname, initials, and what they are forms of.

The words around a name tell its case where its ending does not: «Лузгина встретили» is a man,
«Лузгина рассказала» a woman.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from workbench.domain.article import Segment
from workbench.domain.language import Span
from workbench.languages.capitalised_names import Token, opens_sentence, recased, tokens
from workbench.languages.morphology import parses, past_gender
from workbench.languages.surname_gender import belongs
from workbench.services.term_rules import shouted_lines

Gender = Literal["m", "f", ""]
Reading = Callable[[str, str], tuple[str, ...]]  # words and gender → nominatives

_FEMALE_PATRONYMIC = re.compile(r"(?:на|ны|не|ну|ной|кызы)$")

_FATHERS = ("уулу", "улы", "кызы")  # «son of», «daughter of»: nothing but the given name declines
_PEER = re.compile(r"([А-ЯЁ][а-яё]+)[ \u00a0]+и[ \u00a0]+$")
_VERB_BEFORE = re.compile(r"([а-яё]+)(?:[ \u00a0]+[а-яё-]+){0,4}[ \u00a0]+$")
_WORD_AT = re.compile(r"([а-яё]+)[ \u00a0]+$")
_VERB_AFTER = re.compile(r"[ \u00a0]+([а-яё]+)")
_AND_PEER = re.compile(r"[ \u00a0]+и[ \u00a0]+[А-ЯЁ]")


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where a person is named; ``span`` lies in the segment's source."""

    segment_id: int
    n: int
    span: Span
    form: str


@dataclass(slots=True)
class Named:
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


def mention_at(segment: Segment, span: Span) -> Mention:
    """Return the mention at a place of a segment."""
    return Mention(segment.id, segment.n, span, span.of(segment.source))


@lru_cache(maxsize=2_000)
def written_small(text: str) -> str:
    """Return *text* with its lines in capitals written small, letter for letter."""
    for start, end in shouted_lines(text):
        text = text[:start] + recased(text[start:end]) + text[end:]
    return text


def taken_apart(mention: Mention, source: str, read: Reading) -> Named:
    """Tell given name, patronymic, surname and initials from one another."""
    shown = source
    if mention.form.isupper():  # of a headline
        shown = recased(source)
    words = list(tokens(shown, mention.span.start, mention.span.end))
    named = Named(mention, source)
    named.initials = "".join(w.text[0] for w in words if w.kind == "initials")
    rest = [word for word in words if word.kind != "initials"]
    patronymics = [word for word in rest if word.kind == "patronymic"]
    _name_parts(named, rest, patronymics)
    if patronymics:
        female = _FEMALE_PATRONYMIC.search(patronymics[0].text.lower())
        named.gender = "f" if female else "m"
    whole = f"{named.given} {named.surname}".strip()
    if named.surname.endswith(_FATHERS):
        named.readings = tuple(f"{r} {named.surname}" for r in read(named.given, named.gender))
    elif whole:
        named.readings = read(whole, named.gender)
    if not named.given and named.surname:
        named.readings = _by_company(named, source)
    return named


def _name_parts(named: Named, rest: list[Token], patronymics: list[Token]) -> None:
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


def _by_company(named: Named, source: str) -> tuple[str, ...]:
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


def is_subject(each: Named) -> bool:
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
    verb = past_gender(after[1]) if after else ""
    if verb == "masc":  # «Тэцуя Накамура покинул», but «Кротова встретил министр»
        return not re.search(r"(?:[оеё]в|[иы]н|[сц]к)(?:а|ого|ая)$", each.surname)
    return verb == "femn"
