"""Numbers put into an old translation: only where it cannot go wrong."""

from __future__ import annotations

import pytest

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
]
UNSURE = [
    ("Экспорт 5 млн тонн.", "Экспорт 7 млн тонн.", "出口500万吨。"),  # rescaled
    ("Экспорт 10 млн тонн.", "Экспорт 7 млн тонн.", "出口1000万吨。"),
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
    assert substitute(old, new, target) == wanted
    assert substitute(old, old, target) == target


@pytest.mark.parametrize(("old", "new", "target"), UNSURE)
def test_unsure(old: str, new: str, target: str) -> None:
    assert substitute(old, new, target) is None
