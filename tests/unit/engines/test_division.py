"""Cutting what is too long."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.language import Span
from workbench.engines.division import CLAUSES, around_addresses, divide

LONG = "Сначала был дождь. Потом, к вечеру, вышло солнце; ветер стих — и стало тихо."


def shorter_than(limit: int):
    return lambda span: span.end - span.start <= limit


def test_what_fits_stays_whole() -> None:
    assert divide(LONG, shorter_than(100)) == [Span(0, len(LONG))]


def test_the_best_border_is_chosen() -> None:
    parts = [span.of(LONG) for span in divide(LONG, shorter_than(60))]
    assert parts == ["Сначала был дождь. ", LONG[19:]]
    parts = [span.of(LONG) for span in divide(LONG, shorter_than(35))]
    assert parts == [
        "Сначала был дождь. ",
        "Потом, к вечеру, вышло солнце; ",
        "ветер стих — и стало тихо.",
    ]


def test_a_term_stays_whole() -> None:
    text = "Организация Договора о коллективной безопасности"
    kept = Span(12, 48)
    spans = divide(text, shorter_than(20), [kept])
    assert kept in spans
    assert "".join(span.of(text) for span in spans) == text


@given(
    st.text(st.sampled_from("аб ,.;—\n"), max_size=80),
    st.integers(1, 30),
    st.lists(st.tuples(st.integers(0, 80), st.integers(0, 10)), max_size=3),
)
def test_the_parts_rebuild_the_text_and_fit(
    text: str, limit: int, wholes: list[tuple[int, int]]
) -> None:
    kept = [Span(start, min(start + length, len(text))) for start, length in wholes]
    spans = divide(text, shorter_than(limit), kept)
    assert "".join(span.of(text) for span in spans) == text
    for span in spans:
        if span.end - span.start > limit:
            inside = range(span.start + 1, span.end)
            assert all(any(k.start < at < k.end for k in kept) for at in inside)


CLAUSED = (
    "Министр заявил, что поставки, начатые весной, продолжатся, но сроки, о которых шла речь, "
    "изменятся; договор готов."
)


def clauses(text: str, limit: int, least: int = 1) -> list[str]:
    spans = divide(
        text, shorter_than(limit), (), CLAUSES, lambda span: span.end - span.start >= least
    )
    return [span.of(text) for span in spans]


def test_a_long_sentence_is_cut_where_clauses_begin_only() -> None:
    assert clauses(CLAUSED, 200) == [CLAUSED]
    assert clauses(CLAUSED, 100) == [
        "Министр заявил, что поставки, начатые весной, продолжатся, но сроки, о которых шла речь, "
        "изменятся; ",
        "договор готов.",
    ]
    assert clauses(CLAUSED, 70) == [
        "Министр заявил, что поставки, начатые весной, продолжатся, ",
        "но сроки, о которых шла речь, изменятся; ",
        "договор готов.",
    ]
    # Commas of a list and of a participle are no borders: what has none stays long.
    listed = "Приехали Иванов, Петров, Сидоров, приглашённые министром, и их помощники из Москвы."
    assert clauses(listed, 20)[0].startswith("Приехали Иванов, Петров, Сидоров, приглашённые")


def test_no_clause_is_cut_off_that_is_too_short() -> None:
    assert clauses(CLAUSED, 100, 20) == [
        "Министр заявил, что поставки, начатые весной, продолжатся, ",
        "но сроки, о которых шла речь, изменятся; договор готов.",
    ]


@given(st.text(st.sampled_from("абнок ,.;—\n"), max_size=80), st.integers(1, 30))
def test_clauses_rebuild_the_text(text: str, limit: int) -> None:
    assert "".join(clauses(text, limit, 5)) == text


def test_addresses_stand_alone() -> None:
    text = "Пишите на a.b@ras.ru, см. https://x.ru/a_(b)?c=1. Всё на www.x.ru/y, «http://z.kz»"
    parts = [span.of(text) for span in around_addresses(text)]
    assert "".join(parts) == text
    assert [part.strip() for part in parts[1::2]] == [
        "a.b@ras.ru,",
        "https://x.ru/a_(b)?c=1.",
        "www.x.ru/y,",
        "http://z.kz",
    ]
    assert [span.of("нет") for span in around_addresses("нет")] == ["нет"]


@given(st.text(st.sampled_from("аh: /.@wtps«»"), max_size=60))
def test_cut_around_addresses_nothing_is_lost(text: str) -> None:
    assert "".join(span.of(text) for span in around_addresses(text)) == text
