"""The graded score, the dangerous differences and the word diff."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.services.memory_score import concerns, diff, flags, omegat, score

PAIRS = [
    # (a sentence, the other, the least and the most points)
    ("Проверьте настройку сервера.", "Проверьте настройки сервера.", 92, 96),
    ("Новая версия программы вышла", "Новые версии программ вышли", 74, 76),
    ("Договор № 125 от 12.03.2024.", "Договор № 348 от 15.07.2025.", 94, 98),
    ("Министр Иванов подписал протокол.", "Министр Петренко подписал протокол.", 70, 82),
    ("Груз можно везти морем.", "Груз нельзя везти морем.", 75, 86),
    ("Комиссия вчера утвердила бюджет.", "Вчера комиссия утвердила бюджет.", 50, 65),
    ("Он сказал «да»", 'Он сказал "да".', 65, 80),
    ("Ещё один зелёный отчёт", "Еще один зеленый отчет", 90, 95),
    ("Сторона обязуется оплатить товар.", "Старона обещает показать базар.", 0, 25),
    ("СЕГОДНЯ дождь", "Сегодня дождь", 94, 96),
]
words = st.lists(
    st.sampled_from(
        [
            "Курс",
            "рубля",
            "рубль",
            "вырос",
            "на",
            "5",
            "7",
            "%",
            "не",
            "можно.",
            "нельзя,",
            "«банк»",
        ]
    )
)
sentences = words.map(" ".join)


@pytest.mark.parametrize(("one", "other", "least", "most"), PAIRS)
def test_graded(one: str, other: str, least: int, most: int) -> None:
    assert least <= score(one, other) <= most
    assert score(one, other) == score(other, one)


@settings(deadline=None)
@given(sentences, sentences)
def test_only_equal_sentences_score_100(one: str, other: str) -> None:
    found = score(one, other)
    assert 0 <= found <= 100
    assert (found == 100) == (one.split() == other.split())
    assert found == score(other, one)


FLAGS = [
    ("Он приедет.", "Он не приедет.", {"negation"}),
    ("Это законно.", "Это незаконно.", {"negation"}),
    ("Груз можно везти.", "Груз нельзя везти.", {"negation", "modality"}),
    ("Он должен приехать.", "Он приехать.", {"modality"}),
    ("Рост 5 %.", "Рост 6 %.", {"number"}),
    ("Пять стран.", "Шесть стран.", {"number"}),
    ("5 млн рублей", "5 млрд рублей", {"number"}),
    ("Курс рубля вырос.", "Курсы рубля выросли.", set()),
    ("Министр приехал.", "Президент приехал.", set()),
]


@pytest.mark.parametrize(("one", "other", "wanted"), FLAGS)
def test_dangerous_differences_are_named(one: str, other: str, wanted: set[str]) -> None:
    assert set(flags(one, other)) == wanted
    assert set(flags(other, one)) == wanted
    assert flags(one, one) == ()


def test_diff_by_words() -> None:
    assert diff("Курс рубля вырос.", "Курс евро вырос!") == (
        ("equal", "Курс "),
        ("delete", "рубля"),
        ("insert", "евро"),
        ("equal", " вырос"),
        ("delete", "."),
        ("insert", "!"),
    )


@given(st.text(), st.text())
def test_the_parts_of_a_diff_rebuild_both_texts(old: str, new: str) -> None:
    parts = diff(old, new)
    assert "".join(text for op, text in parts if op != "insert") == old
    assert "".join(text for op, text in parts if op != "delete") == new


# -- what a translator is told of a difference ------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right", "wanted"),
    [
        ("Он не приехал.", "Он приехал.", [("negation", ("не",), ())]),
        ("Он приехал.", "Он не приехал.", [("negation", (), ("не",))]),
        (
            "Это возможно.",
            "Это невозможно.",
            [("negation", (), ("невозможно",)), ("modality", ("возможно",), ())],
        ),
        (
            "Ему можно ехать.",
            "Ему нельзя ехать.",
            [("negation", (), ("нельзя",)), ("modality", ("можно",), ("нельзя",))],
        ),
        ("Стран 5 и 7.", "Стран 5 и 9.", [("number", ("7",), ("9",))]),
        ("Двое уехали.", "Трое уехали.", [("number", ("Двое",), ("Трое",))]),
        ("Он уехал.", "Она уехала.", []),
    ],
)
def test_dangerous_differences_are_named_with_their_words(
    left: str, right: str, wanted: list[tuple[str, tuple[str, ...], tuple[str, ...]]]
) -> None:
    assert [tuple(found) for found in concerns(left, right)] == wanted
    mirrored = {(kind, new, gone) for kind, gone, new in wanted}
    assert {tuple(found) for found in concerns(right, left)} == mirrored
    assert flags(left, right) == tuple(kind for kind, _, _ in wanted)


@pytest.mark.parametrize(
    ("left", "right", "wanted"),
    [
        ("Министр прибыл в Минск.", "Министр прибыл в Минск.", (100, 100, 100)),
        ("Министр прибыл в Минск.", "Министра прибыл в Минск.", (100, 75, 87)),
        ("Министр прибыл.", "Посол уехал.", (0, 0, 50)),
        ("5", "7", (100, 100, 0)),
    ],
)
def test_the_three_scores_of_omegat(left: str, right: str, wanted: tuple[int, int, int]) -> None:
    assert omegat(left, right) == omegat(right, left) == wanted
