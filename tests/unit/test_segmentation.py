"""Sentences of Russian: golden cases, their measured quality, and what holds for any text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from workbench.languages.russian import Russian, normalise
from workbench.languages.russian_sentences import LONGEST, sentences

CASES = [
    line
    for line in (Path(__file__).parents[1] / "data" / "segmentation-ru.txt")
    .read_text()
    .splitlines()
    if line and not line.startswith("#")
]
KNOWN_FAULTS = [line.removeprefix("! ") for line in CASES if line.startswith("!")]
GOLDEN = [line for line in CASES if not line.startswith("!")]


def cut(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text)]


def expected(case: str) -> list[str]:
    return [part for part in case.split("|") if part.strip()]


@pytest.mark.parametrize("case", GOLDEN)
def test_golden_cases(case: str) -> None:
    assert cut(case.replace("|", "")) == expected(case)


@pytest.mark.parametrize("case", KNOWN_FAULTS)
def test_known_faults_are_still_faults(case: str) -> None:
    """A case that comes right moves to the golden ones."""
    assert cut(case.replace("|", "")) != expected(case)


def test_there_are_enough_golden_cases() -> None:
    assert len(GOLDEN) >= 60
    assert len(KNOWN_FAULTS) <= len(GOLDEN) * 0.05


def test_borders_between_the_sentences_of_the_project_s_own_prose() -> None:
    """Five sentences run together: nearly every border between them is found again."""
    path = Path(__file__).parents[2] / "corpora" / "ru-zh" / "authored" / "04-economy.tsv"
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    prose = [source for source, _, kind in rows if kind in {"body", "lead", "figure"}]
    found = wanted = 0
    for first in range(0, 500, 5):
        group = prose[first : first + 5]
        ends, position = set(), 0
        for sentence in group[:-1]:
            position += len(sentence)
            ends.add(position)
            position += 1
        wanted += len(ends)
        found += len(ends & {span.end for span in sentences(" ".join(group))})
    assert wanted == 400
    assert found / wanted >= 0.99


# Texts made of what the rules look at, so that they fire.
PIECES = st.sampled_from(
    [
        *(
            "2024 г. ",
            "Россия ",
            "5 млрд руб. ",
            "долл. США ",
            "В. В. ",
            "Путин ",
            "1. ",
            "а) ",
            "; ",
        ),
        *(
            "«",
            "»",
            ". ",
            "! ",
            "… ",
            " — ",
            "т. е. ",
            "сказал ",
            "\n",
            "\u00a0",
            "ст. 5 ",
            "и т. д. ",
        ),
    ]
)
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map("".join))


@settings(deadline=None)
@given(TEXTS)
@example("")
@example(" \n\t ")
@example("x" * (3 * LONGEST) + " " * 2000 + "y")
def test_segments_rebuild_any_text(text: str) -> None:
    position = 0
    for span in sentences(text):
        assert not text[position : span.start].strip()
        assert span.of(text).strip() == span.of(text) != ""
        assert span.end - span.start <= LONGEST
        position = span.end
    assert not text[position:].strip()


def test_a_line_of_200_000_characters_is_cut_at_the_borders_of_clauses() -> None:
    text = ("Министр заявил что договор будет подписан, однако стороны не спешат, " * 3000)[
        :200_000
    ]
    pieces = cut(text)
    assert " ".join(pieces) == text.strip()
    assert max(map(len, pieces)) <= LONGEST
    assert all(piece.endswith(",") for piece in pieces[:-1])


def test_a_line_without_any_space_is_cut_too() -> None:
    pieces = cut("ы" * 200_000)
    assert "".join(pieces) == "ы" * 200_000
    assert max(map(len, pieces)) == LONGEST


@settings(deadline=None)
@given(TEXTS)
def test_normalising_is_idempotent_and_leaves_one_clean_line(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert "\n" not in once
    assert once == once.strip()
    assert "  " not in once


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Слово\u00adсочета\u200bние", "Словосочетание"),
        ("и\u0306 е\u0308 Жапа\u0301ров", "й ё Жапаров"),
        ("ёлка Горбачёв", "ёлка Горбачёв"),
        ("5\u00a0млн\u202fруб.\u2009—\tитог\n\nдня", "5 млн руб. — итог дня"),
        ("Пyтин в Mocкве, СCСР и Toкаев", "Путин в Москве, СССР и Токаев"),
        ("Wi-Fi, iPhone и COVID-19", "Wi-Fi, iPhone и COVID-19"),
        ('тег <b>жирный</b> & «кавычки» "прямые"', 'тег <b>жирный</b> & «кавычки» "прямые"'),
        ("\x00\x07текст\ufeff\ud800", "текст"),
    ],
)
def test_normalising(before: str, after: str) -> None:
    assert normalise(before) == after


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Токаев прибыл в Бишкек", True),
        ("Токаев и Apple Inc. подписали agreement", True),
        ("The president arrived.", False),
        ("总统抵达比什凯克。", False),
        ("12 345 — 67%", False),
    ],
)
def test_what_is_russian(text: str, answer: bool) -> None:
    assert Russian().is_native(text) is answer
