"""When a surface form found in a text is accepted as a mention of its entry.

Capitals, acronyms, quotation marks for titles that are common words, headlines in capitals,
surnames of women, dates. What they are worth together is measured in docs/terminology.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from workbench.domain.term import HitState, Term
from workbench.languages.morphology import (
    given_name_genders,
    is_also_singular,
    is_common,
    is_speech,
    modifies,
    noun_cases,
    past_gender,
)
from workbench.languages.russian_forms import is_acronym
from workbench.languages.surname_gender import belongs

_OPENING = "«\"“„‹‘'"
_CLOSING = re.compile("(?:-[0-9]+)? ?[»\"”“›’']")  # «Нерушимое братство-2022» too
# Institutions that every state has are as often written small: «министерство обороны Польши».
_INSTITUTION = re.compile(
    r"(Министерство|Мин[а-я]+|(Конституционный|Верховный) суд|(Генеральный )?[Шш]таб|Генштаб"
    r"|Генеральная прокуратура|Генпрокуратура|Центральный банк|Центробанк|Мажилис|Центризбирком"
    r"|Центральная избирательная комиссия|Госсовет|Госдума|Европейская комиссия)\b"
)
_BY_CAPITALS = ("person", "place", "media")
_GENUS = re.compile(
    r"(?:газет|журнал|издани|агентств|телеканал|радио|еженедельник|порта[лл]|ракет|систем"
    r"|газопровод|учени)[а-яё]*[ \u00a0]+$"
)
_WORD_AFTER = re.compile(r"[ \u00a0]+([а-яё]+)")
_SURNAME_AFTER = re.compile(r"[ \u00a0]+[А-ЯЁ][а-яё]")
_PREPOSITION_BEFORE = re.compile(
    r"\b(?:в|во|из|под|до|на|через|об?|у|к|от|за|с|около|между|мимо|вокруг|по)[ \u00a0]+$",
    re.IGNORECASE,
)
# With cases in which the plural would have another ending.
_SINGULAR_AFTER = re.compile(
    r"\b(?:без|для|до|из|от|у|к|ко|об?|при|с|со|после|против|кроме|ради|согласно)[ \u00a0]+$",
    re.IGNORECASE,
)
_SHOUTED = 0.7
_SMALL_WORDS = re.compile(r"(?:[а-яё]{3,}[^а-яё]+){2}[а-яё]{3}")


@dataclass(frozen=True, slots=True)
class Place:
    """A form in a text, with what the rules need to know of its surroundings."""

    text: str
    start: int
    end: int
    shouted: bool = False

    @property
    def form(self) -> str:
        """The form as it stands in the text."""
        return self.text[self.start : self.end]

    @property
    def before(self) -> str:
        """The character before, or nothing."""
        return self.text[self.start - 1 : self.start] if self.start else ""

    @property
    def next_word(self) -> str:
        """The word after, or nothing."""
        found = _WORD_AFTER.match(self.text, self.end)
        return found.group(1) if found else ""

    @property
    def opens_sentence(self) -> bool:
        """Whether a capital here says nothing: the form begins a sentence or a quotation."""
        head = self.text[max(0, self.start - 12) : self.start].rstrip(' \u00a0\t«"“„‹(—–-')
        return not head or head[-1] in ".!?…:\n"


def shouted_lines(text: str) -> list[tuple[int, int]]:
    """Return the lines written in capitals, whose capitals say nothing."""
    found: list[tuple[int, int]] = []
    start = 0
    for line in text.splitlines(keepends=True):
        # Three words in small letters settle most lines without a count.
        if not _SMALL_WORDS.search(line):
            letters = [c for c in line if c.isalpha()]
            big = sum(c.isupper() for c in letters)
            if len(letters) >= 8 and big / len(letters) > _SHOUTED:
                found.append((start, start + len(line)))
        start += len(line)
    return found


def judge(place: Place, term: Term) -> HitState | None:
    """Return the state of the hit, or None when the form is no mention of the entry."""
    if not _written_as(place, term):
        return None
    state: HitState | None = "ambiguous" if _titled(place, term) else "found"
    if term.type == "person" and " " not in term.source:
        state = _surname(place, term)
    return "suggested" if state and term.status == "proposed" else state


def _written_as(place: Place, term: Term) -> bool:
    """Tell whether capitals, quotation marks and number are those of the entry."""
    if is_acronym(term.source):
        if not _acronym(place, term):
            return False
    elif not place.shouted and not _capitals(place.form, term):
        return False
    if term.needs_quotes and not _quoted(place):
        return False
    if term.type == "place" and _given_name(place):
        return False
    common = " " not in term.source and term.source.islower()
    return not (common and _singular(place))


def valid(term: Term, date: str) -> bool:
    """Tell whether the entry holds for an article of *date*; an unknown date refuses nothing."""
    if not date:
        return True
    early = term.valid_from and date < term.valid_from
    late = term.valid_to and date > term.valid_to
    return not (early or late)


def _acronym(place: Place, term: Term) -> bool:
    """The letters of the acronym are capitals; an ending is in small letters."""
    letters = [c for c in place.form if c.isalnum() or c in "+-"]
    stem = "".join(letters[: len(term.source)])
    ending = "".join(letters[len(term.source) :])
    fits = not ending or ending.islower() or (place.shouted and ending.isupper())
    return fits and stem == stem.upper()


def _capitals(form: str, term: Term) -> bool:
    """Capitals of the entry are capitals in the text: the first word's always.

    Later words vary in names of institutions («Вооруженные силы», «Совет безопасности»).
    """
    strict = term.type in _BY_CAPITALS
    if term.type == "org" and _INSTITUTION.match(term.source):
        return True
    words = zip(form.split(), term.source.split(), strict=False)
    return all(
        written.lstrip(_OPENING)[:1].isupper()
        for n, (written, wanted) in enumerate(words)
        if wanted.lstrip(_OPENING)[:1].isupper() and (n == 0 or strict)
    )


def _given_name(place: Place) -> bool:
    """Tell whether the form is somebody's given name: «София Орлова», but «в Софии Румен Радев»."""
    # The dictionary knows София as a city only.
    named = bool(given_name_genders(place.form)) or place.form.startswith("Софи")
    if not named or not _SURNAME_AFTER.match(place.text, place.end):
        return False
    return not _PREPOSITION_BEFORE.search(place.text, max(0, place.start - 10), place.start)


def _singular(place: Place) -> bool:
    """Tell whether a plural's form is the singular here: «без санкции прокурора»."""
    if not is_also_singular(place.form):
        return False
    return bool(_SINGULAR_AFTER.search(place.text, max(0, place.start - 10), place.start))


def _titled(place: Place, term: Term) -> bool:
    """A place alone in quotation marks is as likely a club or an aeroplane: «Днепр», «Байкал»."""
    after = place.text[place.end : place.end + 1]
    return term.type == "place" and place.before in tuple("«“") and after in tuple("»”")


def _quoted(place: Place) -> bool:
    """Tell whether the form alone stands in quotation marks, or газета and the like before it."""
    before = place.text[max(0, place.start - 2) : place.start].rstrip()[-1:]
    if before and before in _OPENING and _CLOSING.match(place.text, place.end):
        return True
    head = place.text[max(0, place.start - 24) : place.start].lower()
    return bool(_GENUS.search(head)) and place.form[:1].isupper() and not place.shouted


def _acts(place: Place) -> bool:
    """Tell whether a person's verb follows: «заявил», or «Дуда подписал» of a feminine noun."""
    if is_speech(place.next_word):
        return True
    genders = {gender for case, gender in noun_cases(place.form) if case == "nomn"}
    return past_gender(place.next_word) == "masc" and genders == {"femn"}


def _surname(place: Place, term: Term) -> HitState | None:
    if place.shouted:
        return "ambiguous" if is_common(place.form) else "found"
    if place.opens_sentence and modifies(place.form, place.next_word):
        return None  # «Толстой книге нужна закладка»
    answer = belongs(place.text, place.start, place.end, term.source)
    if answer == "no":
        return None
    # «Мельник продал дом», but «Мельник заявил».
    common = place.opens_sentence and is_common(place.form) and not _acts(place)
    if answer == "unsure" or common:
        return "ambiguous"
    return "found"
