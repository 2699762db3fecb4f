from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.training.variation import joined, renumbered

FIGURES = re.compile(r"\d+(?:[.,]\d+)?")


def figures(text: str) -> list[str]:
    return [figure.replace(",", ".") for figure in FIGURES.findall(text)]


def changed(pair: tuple[str, str], seeds: int = 40) -> set[tuple[str, str]]:
    return {renumbered(Random(seed), pair) for seed in range(seeds)} - {pair}


@given(st.randoms(use_true_random=False), st.integers(10, 99_999), st.integers(1, 99))
def test_both_sides_keep_the_same_figures(random: Random, first: int, second: int) -> None:
    ru = f"Из {first} домов сгорело {second},5 процента."
    zh = f"{first}栋房屋中有{second}.5%被烧毁。"
    new = renumbered(random, (ru, zh))
    assert sorted(figures(new[0])) == sorted(figures(new[1]))
    assert [FIGURES.sub("#", side) for side in new] == [FIGURES.sub("#", side) for side in (ru, zh)]


def test_a_year_stays_a_year_and_a_day_a_day() -> None:
    for ru, _ in changed(("17 мая 1994 года открыли мост.", "1994年5月17日，大桥通车。")):
        day, year = figures(ru)
        assert 10 <= int(day) <= 31
        assert re.fullmatch(r"(19|20)\d\d", year)


@pytest.mark.parametrize(
    "pair",
    [
        ("Добыли 17 млн тонн.", "开采了1700万吨。"),  # the sides write it differently
        ("Счёт 12:12.", "比分12比12。"),  # which of the two?
        ("Пришли 7 человек.", "来了7个人。"),  # one digit may be a word next door
        ("Пришли двенадцать человек.", "来了12个人。"),
        ("В декабре пришли 12 человек.", "12月有十二人到来。"),
        ("XX век длился 20 лет.", "20世纪只有二十年。"),
        ("Начало в 14:30.", "14:30开始。"),
    ],
)
def test_what_is_not_plain_stays(pair: tuple[str, str]) -> None:
    assert not changed(pair)


def test_short_pairs_are_joined_and_long_ones_are_not() -> None:
    one, other = ("Дождь шёл.", "下雨了。"), ("Стало темно.", "天黑了。")
    assert joined(one, other) == ("Дождь шёл. Стало темно.", "下雨了。天黑了。")
    long = ("Дождь шёл. " * 20, "下雨了。" * 20)
    assert joined(one, long) == one
    assert joined(long, one) == long


@given(st.randoms(use_true_random=False), st.integers(10, 9999))
def test_the_noun_behind_keeps_its_form(random: Random, number: int) -> None:
    def form(value: int) -> str:
        if value % 100 in range(11, 15) or value % 10 in {0, *range(5, 10)}:
            return "домов"
        return "дом" if value % 10 == 1 else "дома"

    ru, zh = renumbered(random, (f"Сгорело {number} {form(number)}.", f"{number}栋房屋被烧毁。"))
    (new,) = figures(zh)
    assert ru == f"Сгорело {new} {form(int(new))}."


def test_each_side_keeps_its_separator() -> None:
    for ru, zh in changed(("Цена 1,234.", "价格为1,234。")):
        assert ru.removeprefix("Цена ") == zh.removeprefix("价格为").replace("。", ".")
