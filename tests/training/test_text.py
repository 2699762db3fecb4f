from __future__ import annotations

from random import Random

import pytest

from workbench.training.annotation import TermSource, annotate
from workbench.training.corpus import (
    TestKeys,
    hold_out,
    named_in_chinese,
    nearest,
    plain_prose,
    separate,
)
from workbench.training.lexicon import build_lexicon, capital_words
from workbench.training.text import TAGS, normalise, stem

TERMS = TermSource({"президент": ["总统"], "астан": ["阿斯塔纳"]}, capitals=["Иванов"])
RU, ZH = "Президент прибыл в Астану.", "总统抵达阿斯塔纳。"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("за\u0301мок", "замок"),
        ("и\u0306", "й"),
        ("ёлка", "ёлка"),
        ("５％ ，", "5% ，"),
        ("a\u00a0b\u200bc", "a bc"),
    ],
)
def test_normalisation(text: str, wanted: str) -> None:
    assert normalise(text) == wanted


def test_forms_of_a_word_share_a_stem() -> None:
    assert len({stem(word) for word in ("президент", "президента", "Президентами")}) == 1


def test_terms_stand_on_both_sides() -> None:
    random = Random(3)
    for _ in range(200):
        found = annotate(random, RU, ZH, TERMS, pseudo=0.7)
        if found is None:
            continue
        for term in found.terms:
            assert found.zh.count(term) >= 1
            assert f"{TAGS[1]}{term}{TAGS[2]}" in found.ru
        assert not any(tag in found.zh for tag in TAGS)


def test_true_terms_leave_the_chinese_alone() -> None:
    found = annotate(Random(1), RU, ZH, TERMS, pseudo=0.0)
    assert found is not None
    assert found.zh == ZH


def test_no_term_no_annotation() -> None:
    assert annotate(Random(1), "Дождь.", "下雨。", TERMS, pseudo=0.5) is None


def test_test_lines_leave_the_training_text() -> None:
    groups = {"news": [(RU, ZH), ("Дождь идёт весь день.", "雨下了一整天。")]}
    keys = TestKeys(frozenset(), frozenset({"总统抵达阿斯塔纳"}))
    assert separate(groups, keys) == {"news": 1}
    assert groups["news"] == [("Дождь идёт весь день.", "雨下了一整天。")]


def test_held_out_lines_are_gone_from_the_rest() -> None:
    pairs = [(f"Строка номер {n} нашего проверочного текста.", f"第{n}行文本") for n in range(20)]
    chosen, rest = hold_out([*pairs, pairs[0]], 5, seed=1)
    assert len(chosen) == 5
    assert not set(chosen) & set(rest)


def test_code_is_no_prose() -> None:
    pairs = [
        ("Нажмите кнопку Save, чтобы продолжить работу.", ""),
        ("Это обычное предложение.", ""),
    ]
    pairs.append(("Это обычное предложение средней длины.", ""))
    assert plain_prose(pairs) == pairs[2:]


def test_names_that_only_the_chinese_has_in_latin_are_not_taught() -> None:
    kept = [
        ("Маркл уехала в Канаду.", "马克尔去了加拿大。"),
        ("Отчёт опубликован в Reuters.", "报道见Reuters。"),
        ("Глава IBM (США) уехал.", "IBM（美国）首脑离开。"),
    ]
    gloss = ("Аден Дуале ушёл.", "亚丁·杜阿莱（Aden Duale）离职。")
    foreign = ("Канье Уэст ушёл.", "Kanye West 离开了。")
    wanted = [*kept, (gloss[0], "亚丁·杜阿莱离职。")]
    assert named_in_chinese([*kept, gloss, foreign]) == wanted


def test_documentation_near_the_news_is_kept() -> None:
    def encode(texts: list[str]) -> list[list[int]]:
        return [[ord(c) % 64 for c in text] for text in texts]

    near, far = ("парламент принял", ""), ("щёлкните ярлык", "")
    assert nearest([far, near], [("парламент принял закон", "")], encode, 64, 1) == [near]


def test_a_lexicon_from_pairs_and_a_dictionary() -> None:
    pairs = [("Парламент принял", "议会通过"), ("Парламент закрыл", "议会关闭")] * 3
    pairs += [("Дождь", "下雨")] * 6
    found = build_lexicon(pairs, [("дорога", "道路")], lambda zh: [zh[:2], zh[2:]])
    assert found[stem("парламента")][0] == "议会"
    assert found[stem("дороги")] == ["道路"]


def test_names_inside_sentences() -> None:
    pairs = [("Вчера приехал Иванов.", ""), ("Сегодня выступил Иванов. Петров молчал", "")]
    assert capital_words(pairs) == ["Иванов"]
