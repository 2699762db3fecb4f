"""Paradigms: one example for every rule and every exception that was ever got wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.term import Form, Term, TermType
from workbench.languages.russian_forms import forms
from workbench.services.term_entries import NO_CASES, with_forms


@pytest.mark.parametrize(
    ("source", "kind", "wanted"),
    [
        ("Токаев", "person", "Токаева Токаеву Токаевым Токаеве Токаевы Токаевых"),
        ("Дарвин", "person", "Дарвина Дарвином Дарвине"),
        ("Захарова", "person", "Захаровой Захарову"),
        ("Залужный", "person", "Залужного Залужному Залужным Залужном"),
        ("Зеленский", "person", "Зеленского Зеленским Зеленских"),
        ("Цой", "person", "Цоя Цою Цоем Цое"),
        ("Рахмон", "person", "Рахмоном Рахмоне Рахмоны Рахмонам"),
        ("Оверчук", "person", "Оверчуки Оверчуками"),
        ("Шмыгаль", "person", "Шмыгаля Шмыгалем"),
        ("Дуда", "person", "Дуды Дуде Дуду Дудой"),
        ("Кравец", "person", "Кравца Кравцом Кравеца"),
        ("Рерих", "person", "Рериха Рериху"),
        ("Салтыков-Щедрин", "person", "Салтыкова-Щедрина Салтыковым-Щедриным"),
        ("Лев Толстой", "person", "Льва|Толстого Льву|Толстому Львом|Толстым"),
        ("Пётр Порошенко", "person", "Петра|Порошенко Петру|Порошенко"),
        ("Айгуль Каланова", "person", "Айгуль|Калановой Айгуль|Каланову"),
        ("Ким Чен Ын", "person", "Ким|Чен|Ына Ким|Чен|Ыну"),
        ("Касым-Жомарт Токаев", "person", "Касым-Жомартом|Токаевым"),
        ("Нижний Новгород", "place", "Нижнего|Новгорода Нижнем|Новгороде"),
        ("Крым", "place", "Крыму Крыма Крыме"),
        ("Алма-Ата", "place", "Алма-Аты Алма-Ате Алма-Атой"),
        ("Гвинея-Бисау", "place", "Гвинеи-Бисау Гвинеей-Бисау"),
        ("Ростов-на-Дону", "place", "Ростова-на-Дону Ростове-на-Дону"),
        ("Дарданеллы", "place", "Дарданелл Дарданеллами"),
        ("остров Змеиный", "place", "острова|Змеиного острове|Змеиный"),
        ("Большая Евразия", "term", "Большой|Евразии Большую|Евразию"),
        ("Вооружённые силы Украины", "org", "Вооружённых|сил|Украины Вооружёнными|силами|Украины"),
        ("Олий Мажлис", "org", "Олий|Мажлиса Олий|Мажлису"),
        ("Аргументы и факты", "media", "Аргументов|и|фактов Аргументами|и|фактами"),
        ("Коммерсантъ", "media", "Коммерсанта Коммерсанту Коммерсант"),
        ("МИД", "org", "МИДа МИДе МИДом"),
        ("ТАСС", "media", "ТАССа ТАССу"),
        ("троянский конь", "term", "троянского|коня троянские|кони троянских|коней"),
        ("ЧВК «Вагнер»", "org", "ЧВК|«Вагнера» ЧВК|Вагнер ЧВК|Вагнера"),
        ("Сараево", "place", "Сараево Сараева Сараеве"),
        ("Балхаш", "place", "Балхашем Балхашом"),
        ("Камбар-Ата-1", "place", "Камбар-Ата-1 Камбар-Аты-1 Камбар-Ате-1"),
        ("Сахалин-2", "term", "Сахалин-2 Сахалина-2 Сахалине-2"),
        ("Северный поток-2", "term", "Северного|потока-2 Северном|потоке-2"),
        ("криптовалюта", "term", "криптовалюту криптовалют криптовалютами"),
        ("спецпосланник", "term", "спецпосланника спецпосланников спецпосланниках"),
        ("биткоин", "term", "биткоина биткоины биткоинов"),
        ("ядерный боезаряд", "term", "ядерных|боезаряда ядерных|боезарядов ядерные|боезаряды"),
        ("санкции", "term", "санкций санкциям санкциями санкциях"),
    ],
)
def test_forms_hold(source: str, kind: TermType, wanted: str) -> None:
    texts = {form.text for form in forms(source, kind)}
    assert {form.replace("|", " ") for form in wanted.split()} <= texts


@pytest.mark.parametrize(
    ("source", "kind", "never"),
    [
        ("Рахмон", "person", "Рахмонов"),  # another surname
        ("Мельник", "person", "Мельники"),  # millers
        ("Су-57", "term", "Са-57"),
    ],
)
def test_no_form_is_made_that_is_another_name(source: str, kind: TermType, never: str) -> None:
    assert never not in {form.text for form in forms(source, kind)}


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("Шойгу", "person"),
        ("Приходько", "person"),
        ("Сочи", "place"),
        ("США", "place"),
        ("ОДКБ", "org"),
        ("РИА Новости", "media"),
        ("За заслуги перед Отечеством", "term"),
        ("ИА REX", "media"),
    ],
)
def test_what_does_not_decline_has_one_form(source: str, kind: TermType) -> None:
    assert [form.text for form in forms(source, kind)] == [source]


def test_cases_are_named_and_fit_their_column() -> None:
    cases = {form.text: form.case for form in forms("Токаев", "person")}
    assert cases["Токаев"] == "nom"
    assert cases["Токаева"] == "gen acc"
    assert cases["Токаевых"] == "pl gen acc loc"
    assert all(len(case) <= 16 for case in cases.values())


def test_a_long_text_does_not_explode() -> None:
    for kind in ("person", "org", "term"):
        assert len(forms("новая большая " * 14, kind)) <= 400  # type: ignore[arg-type]
        assert len(forms("Ли Ян " * 33, kind)) <= 400  # type: ignore[arg-type]


NAMES = st.text("абвгдежзийклмнопрстуфхцчшщъыьэюяё- АБВ«»", min_size=1, max_size=30)


@given(NAMES, st.sampled_from(["person", "place", "org", "media", "term"]))
def test_any_text_has_forms_and_the_nominative_comes_first(source: str, kind: TermType) -> None:
    made = forms(source, kind)
    if source.split():
        assert made[0].text == " ".join(source.split())
    assert len({form.text for form in made}) == len(made)
    assert all(form.text == form.text.strip() and len(form.case) <= 16 for form in made)


def test_a_word_that_does_not_decline_stays_so_while_its_russian_stays() -> None:
    fixed = Form("Матчес", NO_CASES)
    term = Term("Матчес", "马切斯", "org", forms=(fixed, Form("Матчесы", how="added")))
    assert with_forms(replace(term, type="person")).forms == term.forms
    renamed = with_forms(replace(term, source="Матчин")).forms
    assert fixed not in renamed
    assert Form("Матчесы", how="added") in renamed
    assert "Матчина" in {form.text for form in renamed}
