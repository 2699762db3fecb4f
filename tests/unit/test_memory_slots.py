"""Numbers put into an old translation: only where it cannot go wrong."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.languages.numbers import differences
from workbench.services.memory_slots import substitute

SURE = [
    ("Второе, 15 стран.", "Второе, 17 стран.", "第二，15个国家。", "第二，17个国家。"),
    ("Рост 27,8 %.", "Рост 3,15 %.", "增长27.8%。", "增长3.15%。"),
    ("Рост 27,8 %.", "Рост 30 %.", "增长27.8%。", "增长30%。"),
    ("В 2024 году 15 стран.", "В 2025 году 15 стран.", "2024年有15国。", "2025年有15国。"),
    ("С 5 до 7.", "С 7 до 5.", "从5到7。", "从7到5。"),
    ("1 200 человек", "35 000 человек", "1200人", "35000人"),
    ("12 000 человек", "35 500 человек", "12,000人", "35,500人"),
    ("Указ от 12.03.2026.", "Указ от 1.12.2025.", "2026年3月12日令。", "2025年12月1日令。"),
    ("В 10:30.", "В 09:15.", "10:30时。", "09:15时。"),
    ("15, 15 и 3.", "15, 15 и 4.", "15、15和3。", "15、15和4。"),
    ("1 трлн", "12 трлн", "1万亿", "12万亿"),
    ("Экспорт 5 млн тонн.", "Экспорт 7 млн тонн.", "出口500万吨。", "出口700万吨。"),
    ("Экспорт 10 млн тонн.", "Экспорт 7,5 млн тонн.", "出口1000万吨。", "出口750万吨。"),
    ("Экспорт 5 млн тонн.", "Экспорт 700 млн тонн.", "出口500万吨。", "出口7亿吨。"),
    ("Экспорт 1,2 млрд.", "Экспорт 3 млрд.", "出口12亿。", "出口30亿。"),
    ("Экспорт 800 тыс. тонн.", "Экспорт 4 тыс. тонн.", "出口80万吨。", "出口4000吨。"),
    ("3 млрд 400 млн рублей", "2 млрд 150 млн рублей", "34亿卢布", "21.5亿卢布"),
    ("Мощность 2 ГВт.", "Мощность 3 ГВт.", "功率200万千瓦。", "功率300万千瓦。"),
    (
        "Встреча 12 марта 2026 года.",
        "Встреча 7 мая 2027 года.",
        "2026年3月12日会晤。",
        "2027年5月7日会晤。",
    ),
    ("Встреча 3 марта.", "Встреча 5 марта.", "3月3日会晤。", "3月5日会晤。"),
    ("К 3 марта 3 страны.", "К 4 марта 3 страны.", "到3月3日有3个国家。", "到3月4日有3个国家。"),
    ("Рост в марте.", "Рост в июне.", "3月增长。", "6月增长。"),
    (
        "В саммите участвуют 5 стран.",
        "В саммите участвуют 12 стран.",
        "五国参加峰会。",
        "十二国参加峰会。",
    ),
    ("Прошло 3 раунда.", "Прошло 2 раунда.", "举行了三轮。", "举行了两轮。"),
    ("Это 3 заседание.", "Это 2 заседание.", "这是第三次会议。", "这是第二次会议。"),
    ("В 10:30.", "В 9:15.", "10时30分。", "9时15分。"),
    ("В 10:00.", "В 9:00.", "上午10时。", "上午9时。"),
    ("До 12.03.2026.", "До 1.04.2026.", "截至3月12日。", "截至4月1日。"),
]
UNSURE = [
    ("Экспорт 5 млн тонн.", "Экспорт 7 млн тонн.", "出口500多万吨。"),  # more than that
    ("До 12.03.2026.", "До 1.04.2027.", "截至3月12日。"),  # another year, which is not said
    ("Вырос в 2 раза.", "Вырос в 3 раза.", "增长一倍。"),
    ("Вырос в 2 раза.", "Вырос в 3 раза.", "增长1倍。"),
    ("Их 3 из Саньи.", "Их 4 из Саньи.", "他们来自三亚。"),  # 三 is part of a name
    ("К 3 марта 3 страны.", "К 4 марта 4 страны.", "到3月3日，三国、3人。"),
    ("От 10 до 15 тыс.", "От 20 до 25 тыс.", "1万至1.5万，共1万。"),
    ("15 и 15.", "15 и 16.", "15和15。"),  # the value stands twice in the source
    ("15 стран.", "17 стран.", "15国，共15。"),  # and twice in the target
    ("Пять стран, 5.", "Пять стран, 6.", "五国。"),
    ("5 и 50.", "6 и 50.", "50和50。"),
    ("Рост 5.", "Рост 6.", "增长5.5。"),
    ("В 10:30.", "В 9:15.", "十点半。"),
    ("Курс 5.", "Курсы 6.", "汇率5。"),  # not the same sentence
]


@pytest.mark.parametrize(("old", "new", "target", "wanted"), SURE)
def test_sure(old: str, new: str, target: str, wanted: str) -> None:
    made = substitute(old, new, target)
    assert made is not None
    assert made.target == wanted
    assert all(change.span.of(wanted) == change.new for change in made.changes)
    assert "".join(change.old for change in made.changes) != ""
    same = substitute(old, old, target)
    assert same is not None
    assert (same.target, same.changes) == (target, ())


@pytest.mark.parametrize(("old", "new", "target"), UNSURE)
def test_unsure(old: str, new: str, target: str) -> None:
    assert substitute(old, new, target) is None


@given(st.integers(1, 9_999), st.integers(1, 9_999), st.sampled_from([("тыс.", 3), ("млн", 6)]))
def test_a_scaled_number_is_right_by_value(old: int, new: int, scale: tuple[str, int]) -> None:
    word, power = scale
    source = f"Завод выпустил {{}} {word} тонн стали."
    target = f"该厂生产钢{_written(old * 10**power)}吨。"
    made = substitute(source.format(old), source.format(new), target)
    assert made is not None
    assert differences(source.format(new), made.target) == ((), ())
    assert (made.target == target) == (old == new)


def _written(number: int) -> str:
    for word, size in (("亿", 10**8), ("万", 10**4)):
        if number >= size:
            return f"{Decimal(number) / size:.8f}".rstrip("0").rstrip(".") + word
    return str(number)
