"""The number desk: values across the two languages."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.languages.chinese_numbers import chinese_numbers, han_values
from workbench.languages.numbers import differences
from workbench.languages.russian_numbers import month, roman, russian_numbers

CASES = [
    line.split("\t")
    for line in (Path(__file__).parents[1] / "data" / "numbers-ru-zh.tsv")
    .read_text(encoding="utf-8")
    .splitlines()
]


def texts(numbers: tuple, text: str) -> list[str]:
    return [number.span.of(text) for number in numbers]


@pytest.mark.parametrize(("russian", "chinese", "_rule"), CASES)
def test_equal_values_agree(russian: str, chinese: str, _rule: str) -> None:
    assert differences(russian, chinese) == ((), ())


def changed() -> list[tuple[str, str]]:
    """Each case with a digit more in its last figure; 1 alone needs no partner."""
    figures = [(case, list(re.finditer(r"\d+", case[1]))) for case in CASES]
    return [
        (case[0], f"{case[1][: found[-1].end()]}9{case[1][found[-1].end() :]}")
        for case, found in figures
        if found and found[-1][0] != "1"
    ]


@pytest.mark.parametrize(("russian", "wrong"), changed())
def test_a_figure_changed_in_the_target_is_seen(russian: str, wrong: str) -> None:
    assert any(differences(russian, wrong))


@pytest.mark.parametrize(
    ("russian", "chinese", "missing", "extra"),
    [
        ("На 27,8 млрд долларов.", "27.8亿美元。", ["27,8 млрд"], ["27.8亿"]),
        ("Выделено 12 млн рублей.", "拨款12亿卢布。", ["12 млн"], ["12亿"]),
        ("Погибли 15 человек.", "有人遇难。", ["15"], []),
        ("Встреча прошла вчера.", "会议于昨天5时举行。", [], ["5"]),
        ("С 3 по 7 мая.", "5月3日至8日。", ["7"], ["8"]),
        ("Погибли двадцать три человека.", "有人遇难。", ["двадцать три"], []),
        ("Погибли три человека.", "有人遇难。", [], []),
        ("Сделали 2 шага.", "迈出了两步。", [], []),
    ],
)
def test_what_differs_is_named(
    russian: str, chinese: str, missing: list[str], extra: list[str]
) -> None:
    lost, added = differences(russian, chinese)
    assert texts(lost, russian) == missing
    assert texts(added, chinese) == extra


def chinese_of(value: int) -> str:
    """Write a whole number as a newspaper would."""
    if value >= 10**8 and value % 10**6 == 0:
        return f"{value / 10**8:g}亿"
    if value >= 10**4 and value % 10**2 == 0:
        return f"{value / 10**4:g}万"
    return str(value)


@settings(deadline=None)
@given(st.integers(2, 999), st.sampled_from(["тыс.", "млн", "млрд"]))
def test_any_scaled_number_equals_its_chinese_form(number: int, scale: str) -> None:
    factor = {"тыс.": 10**3, "млн": 10**6, "млрд": 10**9}[scale]
    russian = f"Получено {number} {scale} рублей."
    assert differences(russian, f"收到{chinese_of(number * factor)}卢布。") == ((), ())
    assert any(differences(russian, f"收到{chinese_of(number * factor * 10)}卢布。"))


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    for number in (*russian_numbers(text), *chinese_numbers(text)):
        assert 0 <= number.span.start <= number.span.end <= len(text)
        assert number.options


@pytest.mark.parametrize(
    ("numeral", "values"),
    [
        ("二十三", {23}),
        ("二〇二五", {2025}),
        ("一百零五", {105}),
        ("三万五千", {35000}),
        ("十", {10}),
    ],
)
def test_han_numerals(numeral: str, values: set[int]) -> None:
    assert values <= han_values(numeral)


def test_small_tables() -> None:
    assert [roman(numeral) for numeral in ("IV", "XIX", "ХХ", "XXI")] == [4, 19, 20, 21]
    assert [month(word) for word in ("мая", "марта", "декабре", "июнь")] == [5, 3, 12, 6]


def test_options_of_a_decade() -> None:
    (number,) = russian_numbers("90-е")
    assert Fraction(1990) in number.options
