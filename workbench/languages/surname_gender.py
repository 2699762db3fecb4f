"""Whose surname is it: «Токаева» is Токаев's genitive or a woman's nominative.

The words around decide: a given name before, a verb that shows its gender after, a noun or
preposition that asks for the genitive. Where they do not, the answer is ``unsure``.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import Literal

from workbench.languages.morphology import (
    given_name_cases,
    given_name_genders,
    is_adverbial,
    is_known,
    noun_cases,
    parses,
    past_gender,
)

Answer = Literal["yes", "no", "unsure"]

_NEAR = 80  # characters before a surname that are looked at
_FEMALE = re.compile(r"(ова|ева|[иы]на|ая)$")
_PAIRED = re.compile(r"(ов|ев|[иы]н)$")
_LAST_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*$")
_WORDS_AFTER = re.compile(r"[ \u00a0]+([а-яё-]+)(?:[ \u00a0]+([а-яё-]+))?")
# With the genitive or the accusative, which are one form of a man's surname.
_GENITIVE_PREPOSITION = re.compile(
    "без|благодаря|в|вместо|вокруг|для|до|за|из|из-за|кроме|мимо|на|насч[её]т|около|от"
    "|относительно|после|помимо|про|против|ради|с|со|среди|у|через"
)
_DATIVE_PREPOSITION = re.compile("к|ко|по|благодаря|согласно|вопреки")
_NAME = "[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)*"
_PAIR_BEFORE = re.compile(f"{_NAME}(?:а|я|ого|его)[ \u00a0]+и[ \u00a0]+$")
_PAIR_AFTER = re.compile(
    f"[ \u00a0]+(?:и|с)[ \u00a0]+(?:{_NAME}[ \u00a0]+)?{_NAME}(?:а|я|ого|его|ым|им)\\b"
)
# What makes of a man's surname an object: «Токаева там не было», «Токаева он не видел».
_OBJECT_BEFORE = re.compile(
    r"(?:[ \u00a0]+[а-яё]+){0,2}[ \u00a0]+"
    r"(?:не[ \u00a0]+(?:было|будет|стало|оказалось|видно)|нет)\b"
    r"|[ \u00a0]+(?:он|она|они|мы|я|вы|ты|никто)\b"
)
# «Советник Токаева» is a man's adviser, while «депутат Токаева» is a woman.
_RELATION = re.compile(
    "советни|помощни|сын|брат|друг|соратни|сторонни|противни|адвокат|представител|преемни"
    "|предшественни|заместител|зам|глав|отец|дед|вну|родственни|однофамил|тезк|тёзк|критик|оппонент"
    "|соперни|ученик|учениц|секретар|пресс|охранни|водител|биограф|враг|партн|собеседни|союзни|лиде"
    "|жен|супруг|доч|сестр|мат|мам|вдов|невест|племянни|подруг|тещ|тёщ|свекров|бабушк|наследни"
    "|поклонни|любовни|нян|ставленни|протеже|команд|избирател|сосед"
)
_MALE_PATRONYMIC = re.compile(r"(ович|евич|ич)(а|у|ем|ом|е)?$")
_FEMALE_PATRONYMIC = re.compile(r"(овн|евн|ичн|иничн)(а|ы|е|у|ой)$")
_HYPHENS = ("-", "\u2010", "\u2011")
_YOUNGER = re.compile(r"[-\u2010\u2011](?:младш|старш)(?:ий|его|ему|им|ем)")
# Endings that a woman's name in the nominative, such as Айгуль, does not have.
_OBLIQUE = re.compile(r"(а|я|ого|его|у|ю|ом|ем|е|ы|и|[оеё]вым|[иы]ным|ским|цким)$")


class _Around:
    """The words beside a surname, as written; empty where there is none."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text, self._start, self._end = text, start, end
        self._near = max(0, start - _NEAR)
        after = _WORDS_AFTER.match(text, end)
        self.after = (after.group(1) or "") if after else ""
        self.next_after = (after.group(2) or "") if after else ""

    @cached_property
    def before(self) -> str:
        """The word before."""
        return _word_before(self._text[self._near : self._start])

    @property
    def earlier(self) -> str:
        """The word before the word before."""
        head = self._text[self._near : self._start].rstrip(" \u00a0").removesuffix(self.before)
        return _word_before(head).lower() if self.before else ""

    @property
    def introduced(self) -> str:
        """The gender of a post in the nominative before the given name; empty for none."""
        return post_gender(self.earlier)

    @property
    def paired(self) -> bool:
        """Whether «и» joins another name in an oblique case."""
        before = _PAIR_BEFORE.search(self._text, self._near, self._start)
        return bool(before or _PAIR_AFTER.match(self._text, self._end))

    @property
    def object_before(self) -> bool:
        """Whether what follows makes the surname an object."""
        return bool(_OBJECT_BEFORE.match(self._text, self._end))


def _word_before(head: str) -> str:
    """Return the word that *head* ends in, before a blank and perhaps a quotation mark."""
    quoted = head.rstrip('«"“„')
    text = quoted.rstrip(" \u00a0")
    if text == quoted:
        return ""
    found = _LAST_WORD.search(re.split("[ \u00a0]", text)[-1])
    return found.group() if found else ""


def belongs(text: str, start: int, end: int, surname: str) -> Answer:
    """Tell whether the form at *start*–*end* of *text* is one of *surname*'s own bearer.

    *surname* is an entry's nominative: Токаев (a man's) or Захарова (a woman's).
    """
    form, (base, kind) = _plain(text[start:end]), _kind(surname)
    if text[end : end + 1] in _HYPHENS and _YOUNGER.match(text, end):
        return "yes"
    if kind == "female":
        return _woman(form, base, _Around(text, start, end))
    if kind == "paired":
        if form == base + "а":
            return _man_genitive(_Around(text, start, end))
        if form == base + "у":  # a woman's accusative, but no woman is Токаев
            around = _Around(text, start, end)
            return "no" if _woman_before(around) or _disagrees(around, "datv") else "yes"
    elif form == base and base[-1] not in "аеиоуыэюяй":  # Новак: one form for women
        around = _Around(text, start, end)
        return "no" if past_gender(around.after) == "femn" and not _object_of(around) else "yes"
    return "yes"


@lru_cache(maxsize=8192)
def _kind(surname: str) -> tuple[str, Literal["female", "paired", ""]]:
    """Return a surname without capitals and ё, and whether it is a woman's or has a woman's."""
    base = _plain(surname)
    if _FEMALE.search(base):
        return base, "female"
    return base, "paired" if _PAIRED.search(base) else ""


def _plain(name: str) -> str:
    return name.lower().replace("ё", "е")


def _is_name_like(word: str) -> bool:
    return word[:1].isupper() and not word.isupper()


def _woman_before(around: _Around) -> bool:
    """Tell whether a woman's given name or patronymic stands before."""
    word = around.before
    if not _is_name_like(word):
        return False
    lower = word.lower()
    if _FEMALE_PATRONYMIC.search(lower):
        return True
    genders = given_name_genders(word)
    if genders:
        return genders == {"femn"}
    # An unknown capitalised word in no oblique case: Гульжан Каримова.
    return not is_known(word) and not _OBLIQUE.search(lower)


def _disagrees(around: _Around, case: str) -> bool:
    """Tell whether a given name before is in no case that a man's surname in *case* goes with."""
    readings = given_name_cases(around.before) if _is_name_like(around.before) else frozenset()
    wanted = (case, "accs") if case == "gent" else (case,)
    return bool(readings) and not any(g == "masc" and c in wanted for g, c in readings)


def _man_before(around: _Around) -> bool:
    word = around.before
    if not _is_name_like(word):
        return False
    return bool(_MALE_PATRONYMIC.search(word.lower())) or given_name_genders(word) == {"masc"}


def _verb_gender(around: _Around) -> str:
    """Return the gender of the past-tense verb after, over one adverb or particle."""
    gender = past_gender(around.after)
    if not gender and around.after and is_adverbial(around.after):
        return past_gender(around.next_after)
    return gender


def _object_of(around: _Around) -> bool:
    """Tell whether the word before asks for the genitive or owns it."""
    before = around.before.lower()
    if _GENITIVE_PREPOSITION.fullmatch(before):
        return True
    cases = noun_cases(before)
    if ("nomn", "femn") in cases:
        # «Супруга Алиева прибыла»: the verb is hers; «певица Алиева прибыла»: so is the name.
        return not post_gender(before)
    return any(case == "gent" for case, _ in cases) and not any(case == "nomn" for case, _ in cases)


def _man_genitive(around: _Around) -> Answer:
    """Judge «Токаева», which is a man's if something asks for the genitive."""
    if _woman_introduced(around):
        return "no"
    gender = _verb_gender(around)
    mans = around.paired or around.object_before or _man_before(around)
    if gender == "femn" and not mans:
        return "yes" if _object_of(around) else "no"
    before = around.before.lower()
    if not (mans or gender) and post_gender(before):
        # «Огласила судья Медведева», but «вспоминает археолог Каримова».
        return "no" if past_gender(around.earlier) == "femn" else "unsure"
    governed = _GENITIVE_PREPOSITION.fullmatch(before) or noun_cases(before) or _is_verb(before)
    # «нового Токаева», «обоих, включая Токаева»
    attached = bool(before) and not _is_conjunction(before)
    return "yes" if mans or gender or governed or attached else "unsure"


def _woman_introduced(around: _Around) -> bool:
    """Tell whether given name or post before are a woman's, or a name is in no man's genitive.

    «Гидролог Гульчехра Саидова», while a man would be «гидролога …».
    """
    if _woman_before(around) or _disagrees(around, "gent"):
        return True
    post = around.introduced if _is_name_like(around.before) else ""
    return post == "femn" or bool(post and not is_known(around.before))


def post_gender(word: str) -> str:
    """Return the gender of what somebody is, in the nominative: «депутат», «заведующая»."""
    if len(word) < 3 or _RELATION.match(word):
        return ""
    return next(
        (
            str(p.tag.gender or "masc")
            for p in parses(word)
            if p.tag.POS in ("NOUN", "ADJF", "PRTF")
            and {"anim", "nomn", "sing"} in p.tag
            and "Name" not in p.tag
        ),
        "",
    )


def _is_verb(word: str) -> bool:
    return bool(word) and parses(word)[0].tag.POS in ("VERB", "INFN", "GRND", "PRTF", "PRTS")


def _is_conjunction(word: str) -> bool:
    return parses(word)[0].tag.POS in ("CONJ", "PRCL", "ADVB", "INTJ")


def _woman(form: str, base: str, around: _Around) -> Answer:
    """Judge a form of a woman's surname: Захарова may be Захаров's genitive."""
    before = around.before.lower()
    if not base.endswith("а"):
        return "yes"
    if form == base:
        if _man_before(around) or _GENITIVE_PREPOSITION.fullmatch(before):
            return "no"
        if _verb_gender(around) == "femn" or not before:
            return "yes"
        cases = {case for case, _ in noun_cases(before)}
        animate = any("anim" in p.tag for p in parses(before) if p.tag.POS == "NOUN")
        return "no" if cases and not (animate and "nomn" in cases) else "yes"
    if form == base[:-1] + "у":
        return "no" if _man_before(around) or _DATIVE_PREPOSITION.fullmatch(before) else "yes"
    return "yes"
