"""Unknown persons of a text: what is found, as whom, and that one person is one name."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from annotated_names import scored, sentences
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.article import Segment
from workbench.domain.language import Span
from workbench.domain.term import Hit, Term
from workbench.languages import capitalised_names, name_recogniser
from workbench.services.name_finding import FoundName, NameFinder
from workbench.services.name_lists import given_names

LISTED = given_names(Path(__file__).parents[3] / "glossary" / "ru-zh" / "names")
CAPITALS = NameFinder(given=LISTED)


@pytest.fixture(params=["capitals", "recogniser"])
def finder(request: pytest.FixtureRequest) -> NameFinder:
    if request.param == "capitals":
        return CAPITALS
    if not name_recogniser.available():
        pytest.skip("the extra `names` is not installed: pip install natasha")
    return NameFinder(name_recogniser.persons, LISTED)


def segments(*texts: str) -> list[Segment]:
    return [Segment(n, n, text, Span(0, len(text))) for n, text in enumerate(texts, 1)]


def found(*texts: str, finder: NameFinder = CAPITALS) -> dict[str, FoundName]:
    return {name.name: name for name in finder.unknown(segments(*texts), lambda _: ())}


def hit(text: str, form: str, source: str, type_: str = "person", how: str = "form") -> Hit:
    start = text.index(form)
    term = Term(source, "译名", type_)  # type: ignore[arg-type]
    return Hit(term, Span(start, start + len(form)), form, how)  # type: ignore[arg-type]


def test_the_set_is_large_enough() -> None:
    every = [*sentences("tuning"), *sentences("blind")]
    assert len(every) >= 60
    assert sum(len(mentions) for _, mentions in every) >= 60
    assert sum(not mentions for _, mentions in every) >= 15


def test_mentions_are_found_and_brought_to_the_nominative(finder: NameFinder) -> None:
    score = scored(finder, "tuning", "blind")
    assert score.precision >= 0.97, score
    assert score.recall >= 0.97, score
    assert score.accuracy >= 0.93, score


# -- one person is one name -----------------------------------------------------------------


def test_all_forms_of_a_person_make_one_name(finder: NameFinder) -> None:
    names = found(
        "Министр Аскар Дуйшеналиев открыл мост.",
        "Вечером Дуйшеналиева встретили студенты.",
        "С А. Дуйшеналиевым говорили журналисты.",
        "У Аскара Дуйшеналиева есть план.",
        "ДУЙШЕНАЛИЕВ ОБЕЩАЕТ НОВЫЙ МОСТ",
        finder=finder,
    )
    assert list(names) == ["Аскар Дуйшеналиев"]
    name = names["Аскар Дуйшеналиев"]
    assert (name.count, name.surname, name.gender, name.alone) == (5, "Дуйшеналиев", "m", True)
    assert [mention.n for mention in name.mentions] == [1, 2, 3, 4, 5]
    assert name.forms[1] == "Дуйшеналиева"


def test_a_man_and_a_woman_of_one_surname_are_two() -> None:
    names = found(
        "Депутат Тимофей Лузгин поспорил с коллегами.",
        "Режиссёр Дарья Лузгина сняла фильм.",
        "Об этом Лузгина рассказала журналистам.",
        "Коллеги поддержали Лузгина, сообщил он.",
    )
    assert {name: each.count for name, each in names.items()} == {
        "Тимофей Лузгин": 2,
        "Дарья Лузгина": 2,
    }


def test_initials_tell_namesakes_apart() -> None:
    names = found(
        "Выступили Аскар Кротов и Пётр Кротов.",
        "П. Кротов возразил, А. Кротов промолчал.",
    )
    assert {name: each.count for name, each in names.items()} == {
        "Аскар Кротов": 2,
        "Петр Кротов" if "Петр Кротов" in names else "Пётр Кротов": 2,
    }


def test_given_name_and_patronymic_belong_to_the_full_name() -> None:
    names = found("Мария Ивановна Лапшина открыла музей.", "Марию Ивановну поздравил аким.")
    assert {name: each.count for name, each in names.items()} == {"Мария Лапшина": 2}


def test_surname_first_is_turned_round() -> None:
    assert "Иван Кротов" in found("Слово взял Кротов Иван Петрович из Оша.")


def test_the_most_frequent_come_first() -> None:
    names = found("Приехал Эльдар Нуртлеу.", "Аскар Кротов вышел.", "С Аскаром Кротовым пели.")
    assert list(names) == ["Аскар Кротов", "Эльдар Нуртлеу"]


def test_a_surname_is_found_again_without_company() -> None:
    names = found("Приехал Эльдар Нуртлеу.", "У Нуртлеу нет плана.", "Нуртлеу и мост.")
    assert names["Эльдар Нуртлеу"].count == 3
    assert found("У Нуртлеу нет плана.") == {}


# -- what the glossary knows ----------------------------------------------------------------


def test_a_name_that_the_glossary_covers_is_not_unknown() -> None:
    text = "Аскар Кротов и Эльдар Нуртлеу приехали."
    known = hit(text, "Аскар Кротов", "Аскар Кротов")
    names = CAPITALS.unknown(segments(text), lambda _: (known,))
    assert [name.name for name in names] == ["Эльдар Нуртлеу"]


def test_a_known_surname_covers_the_full_name_and_a_title_what_is_in_it() -> None:
    text = "Темирлан Кротов возглавил Фонд Дениса Лузгина."
    hits = (
        hit(text, "Кротов", "Кротов"),
        hit(text, "Фонд Дениса Лузгина", "Фонд Дениса Лузгина", "org"),
    )
    assert CAPITALS.unknown(segments(text), lambda _: hits) == ()


def test_a_mere_suggestion_covers_nothing() -> None:
    text = "Приехал Аскар Кротов."
    weak = hit(text, "Кротов", "Кротов", how="lemma")
    assert len(CAPITALS.unknown(segments(text), lambda _: (weak,))) == 1


# -- headlines and odd input ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("МИНИСТР КРОТОВ ВСТРЕТИЛСЯ С ТРЕНЕРОМ", "министр Кротов встретился С тренером"),
        ("МВФ И НАТО СПОРЯТ О БИШКЕКЕ", "МВФ И НАТО спорят О Бишкеке"),
        ("САЛТЫКОВ-ГРАЧ УЕХАЛ", "Салтыков-Грач уехал"),
    ],
)
def test_a_headline_is_written_small_letter_for_letter(line: str, expected: str) -> None:
    assert capitalised_names.recased(line) == expected


@given(st.text(alphabet="АБВабвгдеё .,-«»Кротов\n\u00a0A1", max_size=80))
def test_any_text_gives_spans_within_it(text: str) -> None:
    (spans,) = CAPITALS.persons([text])
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert len(capitalised_names.recased(text)) == len(text)
    for name in CAPITALS.unknown(segments(text), lambda _: ()):
        assert name.name.strip()
        assert all(m.form == m.span.of(text) for m in name.mentions)


def test_nothing_is_found_in_nothing() -> None:
    assert found("", "   ", "2026 г.", "Hello, world!") == {}
