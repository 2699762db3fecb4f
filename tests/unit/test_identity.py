"""When two sentences are the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.identity import (
    context_key,
    normalised,
    slot_key,
    slots,
    slotted,
    text_key,
)

SAME = [
    ("Курс  вырос.", "Курс вырос."),
    ("Курс\u00a0вырос.", "Курс вырос."),
    (" Курс\nвырос. ", "Курс вырос."),
    ("Кур\u00adс вырос.", "Курс вырос."),
    ("Кити\u0306", "Китй"),
]
OTHER = [
    ("курс вырос.", "Курс вырос."),
    ("Все", "Всё"),
    ("Курс вырос", "Курс вырос."),
    ("«Курс»", '"Курс"'),
    ("Курс вырос на 5", "Курс вырос на 6"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_sentence(one: str, other: str) -> None:
    assert text_key(one) == text_key(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_another_sentence(one: str, other: str) -> None:
    assert text_key(one) != text_key(other)


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)
    assert slot_key(text) == slot_key(normalised(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Рост 27,8 % к 2024 году", [("number", "27,8"), ("number", "2024")]),
        ("В 10:30 12.03.2026", [("time", "10:30"), ("date", "12.03.2026")]),
        (
            "1 200 человек и 12\u00a0000 000 рублей",
            [("number", "1 200"), ("number", "12\u00a0000 000")],
        ),
        ("Су-35 и 5-й корпус", [("number", "35"), ("number", "5")]),
        ("версия 1.2.3", [("number", "1.2.3")]),
        ("Слово", []),
    ],
)
def test_slots(text: str, found: list[tuple[str, str]]) -> None:
    assert [(slot.type, slot.text) for slot in slots(text)] == found
    assert all(slot.span.of(text) == slot.text for slot in slots(text))


def test_slots_are_typed() -> None:
    assert slot_key("В 10:30") == slot_key("В 9:05")
    assert slot_key("В 10:30") != slot_key("В 10")
    assert slotted("5 и 6") == slotted("7 и 1 800")


def test_context() -> None:
    assert context_key("", "") == ""
    assert context_key("а", "б") == context_key(" а", "б ")
    assert context_key("а", "") != context_key("", "а")
