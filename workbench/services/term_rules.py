"""When a surface form found in a text is accepted as a mention of its entry.

Capitals, acronyms, quotation marks for titles that are common words, headlines in capitals,
surnames of women, dates. What they are worth together is measured in docs/terminology.md.
"""

from __future__ import annotations

import re
from collections.abc import Container

from workbench.domain.term import SPORT, HitState, Term
from workbench.languages.morphology import (
    given_name_genders,
    is_also_singular,
    is_common,
    is_many,
    is_speech,
    modifies,
    nominative_genders,
    noun_cases,
    past_gender,
)
from workbench.languages.russian_forms import is_acronym
from workbench.languages.surname_gender import belongs, post_gender

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
_SPORT = re.compile(
    r"\b(?:футбол|хокке|баскетбол|волейбол|гандбол|фанат|болельщи|вратар|голкипер|нападающ|форвард"
    r"|полузащит|шайб|тренер|наставник|клуб|команд[аыеу]\b|матч|плей-офф|овертайм|буллит|чемпионат"
    r"|турнир|кубк|обыграл|разгромил)",
    re.IGNORECASE,
)
_SENTENCE_ENDS = re.compile(r"[.!?\n]")
_NAMES_ALSO = ("Софи",)  # the dictionary knows София as a city only
_WORD_BEFORE = re.compile(r"([^\W\d_]+)[ \u00a0]+$")
_WORD_AFTER = re.compile(r"[ \u00a0]+([а-яё]+)")
_GIVEN_BEFORE = re.compile(r"([А-ЯЁ][а-яё]+)[ \u00a0]$")
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
_AMOUNT = re.compile(
    r"(?:[ \u00a0]+[а-яё]+){0,5}[ \u00a0]+"
    r"(?:много|мало|больше|меньше|хватает|хватало|нет|не было)\b"
)
_SHOUTED = 0.7
# Begins where a word does: a line that is one endless word is gone through once.
_SMALL_WORDS = re.compile(r"(?<![а-яё])(?:[а-яё]{3,}[^а-яё]+){2}[а-яё]{3}")


class Place:
    """A form in a text, with what the rules need to know of its surroundings."""

    __slots__ = ("_opens", "end", "form", "names", "shouted", "start", "text")

    def __init__(
        self,
        text: str,
        start: int,
        end: int,
        shouted: bool = False,
        names: Container[int] = frozenset(),
    ) -> None:
        """Look at *text* from *start* to *end*, in a line of capitals or not.

        *names*: where forms of entries begin.
        """
        self.text, self.start, self.end, self.shouted = text, start, end, shouted
        self.names = names
        self.form = text[start:end]
        self._opens: bool | None = None

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
        if self._opens is None:
            head = self.text[max(0, self.start - 12) : self.start].rstrip(' \u00a0\t«"“„‹(—–-')
            self._opens = not head or head[-1] in ".!?…:\n"
        return self._opens


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
    state: HitState | None = "ambiguous" if _common(place, term) else "found"
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
    # Without its hard sign Коммерсантъ is a merchant.
    plain = term.source.endswith("ъ") and not place.form.lower().endswith("ъ")
    if (term.needs_quotes or plain) and not _quoted(place, term):
        return False
    if term.type == "place":
        return not _somebody(place, term)
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
    if " " not in term.source and form[0].isalpha():
        return form[0].isupper() or not term.source.lstrip(_OPENING)[:1].isupper()
    words = zip(form.split(), term.source.split(), strict=False)
    return all(
        written.lstrip(_OPENING)[:1].isupper()
        for n, (written, wanted) in enumerate(words)
        if wanted.lstrip(_OPENING)[:1].isupper() and (n == 0 or strict)
    )


def _somebody(place: Place, term: Term) -> bool:
    """Tell whether the form is somebody's name: «София Орлова», but «в Софии Румен Радев».

    «Королева София», «князь Львов», «штангист Урал Ганиев»: in the nominative, and of the gender,
    of what the person is. «Грозный окрик» is no name at all.
    """
    if place.opens_sentence and modifies(place.form, place.next_word):
        return True
    followed = _SURNAME_AFTER.match(place.text, place.end)
    named = bool(given_name_genders(place.form)) or place.form.startswith(_NAMES_ALSO)
    if followed and place.form == "Дон":  # Кихот
        return True
    if named and followed:
        return not _PREPOSITION_BEFORE.search(place.text, max(0, place.start - 10), place.start)
    if place.form != term.source or " " in term.source:
        return False
    before = _WORD_BEFORE.search(place.text, max(0, place.start - 30), place.start)
    post = post_gender(before.group(1).lower()) if before else ""
    return bool(post) and post in nominative_genders(place.form)


def _singular(place: Place) -> bool:
    """Tell whether a plural's form is the singular here: «без санкции прокурора»."""
    if not is_also_singular(place.form):
        return False
    return bool(_SINGULAR_AFTER.search(place.text, max(0, place.start - 10), place.start))


def is_namesake(place: Place) -> bool:
    """Tell whether a surname is somebody else's: of another given name, or one itself.

    «Артём Медведев» where the entries know a Дмитрий; «Шариф Насыров» where Шариф is a surname.
    The full names of the entries are longer and were found before.
    """
    before = _GIVEN_BEFORE.search(place.text, max(0, place.start - 30), place.start)
    if before and given_name_genders(before.group(1)):
        return True
    followed = _SURNAME_AFTER.match(place.text, place.end)
    return bool(followed and given_name_genders(place.form))


def is_sport(place: Place) -> bool:
    """Tell whether the sentence around a form, 60 characters to each side, is of sports."""
    before = _SENTENCE_ENDS.split(place.text[max(0, place.start - 60) : place.start])[-1]
    after = _SENTENCE_ENDS.split(place.text[place.end : place.end + 60], maxsplit=1)[0]
    return bool(_SPORT.search(before) or _SPORT.search(after))


def _quoted(place: Place, term: Term) -> bool:
    """Tell whether the form alone stands in quotation marks, or газета and the like before it.

    In sports it is a club: футболисты «Красной звезды»; some entries are.
    """
    before = place.text[max(0, place.start - 2) : place.start].rstrip()[-1:]
    if before and before in _OPENING and _CLOSING.match(place.text, place.end):
        return SPORT in term.context or not is_sport(place)
    head = place.text[max(0, place.start - 24) : place.start].lower()
    return bool(_GENUS.search(head)) and place.form[:1].isupper() and not place.shouted


def _common(place: Place, term: Term) -> bool:
    """Tell whether a place's name may be the noun it also is: «Чад от костра», «Вена на руке»."""
    if term.type != "place" or not (place.opens_sentence and is_common(place.form)):
        return False
    return place.next_word in ("на", "от", "из", "под", "с", "у", "без", "для")


def _acts(place: Place) -> bool:
    """Tell whether a person's verb follows: «заявил», or «Дуда подписал» of a feminine noun."""
    if is_speech(place.next_word):
        return True
    genders = {gender for case, gender in noun_cases(place.form) if case == "nomn"}
    return past_gender(place.next_word) == "masc" and genders == {"femn"}


def _surname(place: Place, term: Term) -> HitState | None:
    first = place.opens_sentence
    if first and modifies(place.form, place.next_word):
        return None  # «Толстой книге нужна закладка»
    if first and is_many(place.form) and _AMOUNT.match(place.text, place.end):
        return None  # «Песков в районе больше, чем пашни»
    answer = belongs(*_lowered(place), term.source)
    if answer == "no":
        return None
    # «Мельник продал дом», but «Мельник заявил».
    common = (
        (place.shouted or first) and is_common(place.form) and (place.shouted or not _acts(place))
    )
    if answer == "unsure" or common:
        return "ambiguous"
    return "found"


def _lowered(place: Place) -> tuple[str, int, int]:
    """Return text and place of a form, where all is in capitals as if only names had them."""
    if not place.shouted:
        return place.text, place.start, place.end
    head = place.text[max(0, place.start - 80) : place.start].lower()
    before = _WORD_BEFORE.search(head)
    if before and given_name_genders(before.group(1)):
        head = head[: before.start()] + before.group().capitalize()
    tail = place.text[place.end : place.end + 80].lower()
    return head + place.form.capitalize() + tail, len(head), len(head) + len(place.form)
