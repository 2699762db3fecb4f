"""Surnames and first names that the words around give to nobody an entry speaks of.

«Матвиенко Пётр», «слесарь Фируз Рахмон», «Герасимов из челябинского военкомата», «приняли Акаева,
Лукина и Ветрова», «девочку назвали Самарой», «Фото: Захарова».
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.domain.term import Term
from workbench.languages.morphology import given_name_cases, parses
from workbench.languages.thing_nouns import is_trade
from workbench.services.term_rules import Place

NEXT_NAME = re.compile(r"[ \u00a0]([А-ЯЁ][а-яё]+)")
_PATRONYMIC = re.compile(r".+(?:[оеё]ви?ч|ич|[оеё]вна|ична)")
_CREDIT = re.compile(
    r"(?:Фото|Видео|Автор|Текст|Рисунок|Иллюстрация|Съ[её]мка|Перевод|Подготовил[аи]?|Коллаж)"
    r"(?: и [а-яё]+)?: ?$"
)
_CHRISTENED = re.compile(
    r"(?:[Дд]евочк|[Мм]альчик|[Дд]оч|[Сс]ын|[Рр]еб[её]н|[Мм]алыш|[Дд]войн|[Бб]лизн|[Кк]от[её]н"
    r"|[Щщ]ен|[Жж]ираф|[Мм]едвежон|[Тт]игр[её]н|[Сс]лон[её]н|[Кк]от[аеуы]?\b|[Кк]ошк|[Сс]обак|[Пп](?:[её]с|са)\b|[Тт]ел[её]н|[Лл]ошад"
    r"|[Кк]он[яь]\b|[Пп]опуга|[Кк]л[её]н\b|[Вв]нук|[Вв]нучк|[Нн]оворожд)[^.!?\n]{0,30} "
    r"[а-я]+[ \u00a0]$"
)
_CHRISTENING = frozenset(
    ("назвали", "назвал", "назвала", "нарекли", "окрестили", "зовут", "назван", "названа")
)
# «из челябинского военкомата», «из соседнего подъезда», «из деревни»
_HAILS = re.compile(
    r" из (?:[а-яё-]+[сц]к(?:ого|ой) (?!МИД)[а-яё]+|соседн[а-яё]+|сельск[а-яё]+|районн[а-яё]+"
    r"|деревни|села|пос[её]лка|школы|хутора|аула|бригады|подъезда|отдела)\b"
)
_YOUNG = re.compile(r"(?<!\d)(?:[1-9]|[12]\d|3[0-4])-летн[а-я]+ $")
_OFFICES = re.compile(r"[^.!?\n]{0,40}(?:администраци|делегаци|правительств|кабинет|посольств)")
_MEMBER = re.compile(r"(?:, | и )([А-ЯЁ][а-яё]+)(?![а-яё-])")
_MEMBER_BEFORE = re.compile(r"([А-ЯЁ][а-яё]+)(?:, | и )$")
_SHAPE = re.compile(r".+(?:[оеё]в|[иы]н|[сц]к|ян)(?:а|у|ым|ом|е|ой|ий|ого|ому|им|ая|ую|ых|ыми)?")
_WOMAN = re.compile(r".+(?:[оеё]ва|[иы]на|[сц]кая)")


def of_stranger(place: Place, term: Term, word: str) -> bool:
    """Tell whether the words around a single-word name say that it is somebody else's.

    *word* is the word one blank before, or nothing.
    """
    text, start = place.text, place.start
    if word in _CHRISTENING and _CHRISTENED.search(text, max(0, start - 60), start):
        return True
    if term.type != "person":
        return False
    signs = text[max(0, start - 2) : start]
    credited = ":" in signs and _CREDIT.search(text, max(0, start - 60), start)
    young = "летн" in word and _YOUNG.search(text, max(0, start - 20), start)
    if credited or young or (word[:1].isupper() and _full_name_of_trade(place, term, word)):
        return True
    after = text[place.end : place.end + 4]
    if after[:1] == " ":
        if after == " из " and _HAILS.match(text, place.end):
            return not _OFFICES.match(text, place.end)
        if after[1:2].isupper() and _given_follows(place, term, word):
            return True
    listed = after[:2] == ", " or after[:3] == " и " or signs == ", " or word == "и"
    return listed and _among_strangers(place, term)


def _full_name_of_trade(place: Place, term: Term, word: str) -> bool:
    """«Слесарь Фируз Рахмон»: the entry's own full name would have been found before."""
    if place.form != term.source:
        return False
    start = place.start - len(word) - 1
    trade = place.text[max(0, start - 42) : start].rstrip().rpartition(" ")[2].lower()
    return trade.isalpha() and is_trade(trade, term.context)


def _given_follows(place: Place, term: Term, word: str) -> bool:
    """«Матвиенко Пётр, пасечник»; but «помощник Путина Юрий …», «дочь Лукашенко Галина»."""
    follows = NEXT_NAME.match(place.text, place.end)
    if not follows or place.form != term.source:
        return False
    if not any(case == "nomn" for _, case in given_name_cases(follows.group(1))):
        return False
    after = NEXT_NAME.match(place.text, follows.end())
    if after and not _PATRONYMIC.fullmatch(after.group(1)):
        return False
    if term.source[-1] not in "оиуыеэюаяйх":
        return True
    return not word or parses(word)[0].tag.POS != "NOUN"


def _among_strangers(place: Place, term: Term) -> bool:
    """«Приняли Акаева, Лукина и Ветрова»; of two, women: «подписали Медведева и Громова»."""
    others = [*_members_before(place), *_members_after(place)]
    if not others or not all(_SHAPE.fullmatch(word) for word, _ in others):
        return False
    if any(at in place.names or given_name_cases(word) for word, at in others):
        return False
    first = min(place.start, *(at for _, at in others))
    head = place.text[max(0, first - 42) : first].rstrip()
    word = re.split(r"[ \u00a0\n«]", head)[-1]
    if word and head[-1] not in ".!?" and not _is_verb(word):
        return False
    if len(others) > 1:
        return True
    women = _WOMAN.fullmatch(place.form) and _WOMAN.fullmatch(others[0][0])
    return bool(women) and place.form != term.source


def _is_verb(word: str) -> bool:
    return word.isalpha() and parses(word)[0].tag.POS == "VERB"


def _members_after(place: Place) -> Iterator[tuple[str, int]]:
    at = place.end
    while found := _MEMBER.match(place.text, at):
        yield found.group(1), found.start(1)
        at = found.end()


def _members_before(place: Place) -> Iterator[tuple[str, int]]:
    at = place.start
    while found := _MEMBER_BEFORE.search(place.text[max(0, at - 30) : at]):
        at = max(0, at - 30) + found.start()
        yield found.group(1), at
