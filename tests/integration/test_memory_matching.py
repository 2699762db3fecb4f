"""Why a unit is offered, and why with this score: penalties, outdated terms, fragments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from workbench.assembly import Workbench
from workbench.domain.memory import Match, Unit
from workbench.services.memory import Memory
from workbench.services.memory_penalties import POINTS, Penalties
from workbench.settings import load_settings
from workbench.storage.database import Database
from workbench.storage.unit_batches import Profile
from workbench.storage.units import Units

GLOSSARY = """ru\tzh\ttype\tvariants\tforbidden\tflags\tnote\tsource
Токаев\t托卡耶夫\tperson\t\t托卡也夫\t\t\ttest
Бишкек\t比什凯克\tplace\t\t\t\t\ttest
Совет глав правительств стран содружества\t独联体政府首脑理事会\torg\t\t\t\t\ttest
"""
SOURCE, TARGET = "Второе заявление: 15 стран согласны.", "第二份声明：15国同意。"


@pytest.fixture
def workbench(with_glossary: Callable[[str], Workbench]) -> Workbench:
    return with_glossary(GLOSSARY)


@pytest.fixture
def memory(database: Database) -> Memory:
    return Memory(Units(database))


def unit(source: str = SOURCE, target: str = TARGET, **more: Any) -> Unit:
    return replace(Unit(source, target, author="Аня"), **more)


def with_penalties(memory: Memory, domain: str = "", **points: int) -> Memory:
    table: dict[Any, int] = {**POINTS, **points}
    return Memory(memory.units, penalties=Penalties(table, domain))


def lost(match: Match) -> dict[str, int]:
    return {penalty.kind: penalty.points for penalty in match.penalties}


# -- penalties ----------------------------------------------------------------------------


@pytest.mark.parametrize(("origin", "score"), [("human", 100), ("import", 100), ("seed", 97)])
def test_the_origin_costs_what_the_table_says(memory: Memory, origin: str, score: int) -> None:
    memory.add(unit(origin=origin))
    (match,) = memory.matches(SOURCE)
    assert match.score == score == 100 - sum(lost(match).values())
    assert (memory.best(SOURCE) is not None) == (score == 100)
    (match,) = with_penalties(memory, seed=9).matches(SOURCE)
    assert (match.score, lost(match)) == ((91, {"seed": 9}) if origin == "seed" else (100, {}))


def test_a_penalty_counts_for_the_minimum_and_the_order(memory: Memory) -> None:
    memory.add(unit(target="种子译文。", origin="seed"))
    own = memory.add(unit("Второе заявление, 15 стран согласны."))
    assert [m.unit.id for m in memory.matches(SOURCE)][-1] == own.id
    assert memory.matches(SOURCE, minimum=98) == []
    strict = with_penalties(memory, seed=50)
    assert [m.unit.id for m in strict.matches(SOURCE)] == [own.id]


def test_what_nobody_reviewed_may_cost(workbench: Workbench) -> None:
    article = workbench.articles.add(workbench.intake.paste("Саммит прошёл в Бишкеке."), "Аня")
    segment = article.segments[0]
    row = workbench.review.confirm(segment.id, "峰会在比什凯克举行。", 0, "Аня")
    memory = with_penalties(workbench.memory, unreviewed=2)
    (match,) = memory.matches(segment.source)
    assert (match.score, lost(match)) == (98, {"unreviewed": 2})
    (match,) = workbench.memory.matches(segment.source)
    assert (match.score, lost(match)) == (100, {})
    workbench.review.approve(segment.id, row.revision, "Борис")
    (match,) = memory.matches(segment.source)
    assert (match.score, lost(match)) == (100, {})


def test_another_domain_costs(memory: Memory) -> None:
    memory.add(unit(origin="import", props=(("prop:x-domain", "Sport"),)))
    (match,) = with_penalties(memory, domain="politics").matches(SOURCE)
    assert (match.score, lost(match)) == (95, {"domain": 5})
    for domain in ("", "sport"):
        (match,) = with_penalties(memory, domain=domain).matches(SOURCE)
        assert match.score == 100


def test_an_import_may_have_a_domain_and_a_penalty_of_its_own(memory: Memory) -> None:
    units = memory.units
    batch = units.imports.open("import", "rival.tmx", "Аня", Profile("raw", "sport", 4))
    units.imports.add([unit(origin="import")], batch.id)
    (match,) = with_penalties(memory, domain="politics").matches(SOURCE)
    assert (match.score, lost(match)) == (91, {"import": 4, "domain": 5})
    assert memory.best(SOURCE) is None


def test_the_settings_change_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_MEMORY_PENALTIES__IMPORT", "4")
    monkeypatch.setenv("WORKBENCH_MEMORY_DOMAIN", "politics")
    settings = load_settings()
    assert settings.memory_penalties == {"import": 4}
    assert settings.memory_domain == "politics"


# -- outdated terms -----------------------------------------------------------------------


def test_a_forbidden_form_is_named_and_the_right_one_put_in(workbench: Workbench) -> None:
    source = "Токаев прибыл в Бишкек."
    workbench.memory.add(unit(source, "托卡也夫抵达比什凯克。"))
    (match,) = workbench.memory.matches(source)
    assert (match.score, lost(match)) == (95, {"deprecated": 5})
    assert match.flags == ("deprecated",)
    assert match.target == "托卡也夫抵达比什凯克。"
    assert match.patch == "托卡耶夫抵达比什凯克。"
    (its,) = match.outdated
    assert (its.form, its.right, its.source) == ("托卡也夫", "托卡耶夫", "Токаев")
    assert its.span.of(match.target) == its.form
    assert workbench.memory.best(source) is None


def test_a_retired_entry_is_replaced_by_the_one_that_holds(workbench: Workbench) -> None:
    terms, source = workbench.terminology, "Саммит в Астане завершён."
    old = terms.add("Астана", "努尔苏丹", "place", author="Аня")
    workbench.memory.add(unit(source, "努尔苏丹峰会结束。"))
    (match,) = workbench.memory.matches(source)
    assert (match.score, match.flags, match.patch) == (100, (), "")
    terms.update(replace(old, status="deprecated"), old.revision, "Аня")
    (match,) = workbench.memory.matches(source)
    assert (match.score, match.flags, match.patch) == (95, ("deprecated",), "")
    assert [(its.form, its.right) for its in match.outdated] == [("努尔苏丹", "")]
    terms.add("Астана", "阿斯塔纳", "place", author="Аня")
    (match,) = workbench.memory.matches(source)
    assert match.patch == "阿斯塔纳峰会结束。"


def test_numbers_put_in_and_terms_put_in_go_together(workbench: Workbench) -> None:
    workbench.memory.add(unit("Токаев принял 15 послов.", "托卡也夫会见15位大使。"))
    (match,) = workbench.memory.matches("Токаев принял 17 послов.")
    assert (match.score, match.how) == (94, "slot")
    assert match.target == "托卡也夫会见17位大使。"
    assert match.patch == "托卡耶夫会见17位大使。"
    assert [(c.old, c.new, c.span.of(match.target)) for c in match.substitutions] == [
        ("15", "17", "17")
    ]


def test_a_month_is_put_in_as_a_number_is(memory: Memory) -> None:
    memory.add(unit("Встреча состоялась 12 марта 2026 года.", "会晤于2026年3月12日举行。"))
    (match,) = memory.matches("Встреча состоялась 7 апреля 2026 года.")
    assert (match.score, match.how, match.target) == (99, "slot", "会晤于2026年4月7日举行。")


# -- fragments ----------------------------------------------------------------------------

WHOLE = "Стороны подписали совместное заявление."


def test_a_clause_that_is_a_unit(memory: Memory) -> None:
    sentence = "Сообщил посол вчера вечером, что стороны подписали совместное заявление."
    added = memory.add(unit(WHOLE, "双方签署联合声明。"))
    (match,) = memory.fragments(sentence)
    assert match.fragment is not None
    assert match.fragment.span.of(sentence) == "стороны подписали совместное заявление"
    assert match.fragment.part.of(added.source) == "Стороны подписали совместное заявление"
    assert (match.fragment.aligned, match.target) == (True, "双方签署联合声明")
    assert (match.how, match.score) == ("fragment", 0)
    assert memory.best(sentence) is None


def test_a_clause_of_another_unit_is_aligned_by_punctuation(memory: Memory) -> None:
    sentence = "Министр уехал рано, но стороны подписали совместное заявление по энергетике."
    memory.add(
        unit(
            "Погода была плохой, но стороны подписали совместное заявление по энергетике.",
            "天气不好，但双方签署了能源联合声明。",
        )
    )
    (match,) = memory.fragments(sentence)
    assert match.fragment is not None
    assert (match.fragment.aligned, match.target) == (True, "但双方签署了能源联合声明")


@pytest.mark.parametrize(
    "target",
    [
        "尽管天气不好，双方还是谈妥了，并签署了能源联合声明。",  # three parts for two
        "天气不好但双方签署了能源联合声明。",  # one
    ],
)
def test_where_the_parts_do_not_tally_the_whole_unit_is_shown(memory: Memory, target: str) -> None:
    source = "Погода была плохой, но стороны подписали совместное заявление по энергетике."
    added = memory.add(unit(source, target))
    (match,) = memory.fragments(
        "Министр уехал рано, но стороны подписали совместное заявление по энергетике."
    )
    assert match.fragment is not None
    assert (match.fragment.aligned, match.target) == (False, target)
    clause = match.fragment.part.of(added.source)
    assert clause == "стороны подписали совместное заявление по энергетике"


def test_numbers_and_terms_must_stand_in_the_part(workbench: Workbench) -> None:
    source = "Токаев встретил послов восьми стран, потом послы уехали из города Бишкек."
    workbench.memory.add(unit(source, "使节们随后离开了比什凯克，托卡耶夫会见了八国大使。"))
    (match,) = workbench.memory.fragments("Шёл сильный дождь, потом послы уехали из города Бишкек.")
    assert match.fragment is not None
    assert not match.fragment.aligned


def test_a_phrase_of_the_glossary(workbench: Workbench) -> None:
    sentence = "Завтра соберётся Совет глав правительств стран содружества в новом составе."
    (match,) = workbench.memory.fragments(sentence)
    assert match.fragment is not None
    assert match.fragment.term_id
    assert match.fragment.span.of(sentence) == "Совет глав правительств стран содружества"
    assert match.target == "独联体政府首脑理事会"


def test_fragments_are_for_sentences_without_a_match(memory: Memory) -> None:
    sentence = "Сообщил посол вчера вечером, что стороны подписали совместное заявление."
    memory.add(unit(WHOLE, "双方签署联合声明。"))
    memory.add(unit(sentence.replace("вчера", "сегодня"), "大使今晚说。"))
    found = memory.matches(sentence)
    assert found[0].score >= 75
    assert memory.fragments(sentence, found) == []
    assert memory.fragments("") == []


@pytest.mark.parametrize(
    "sentence",
    ["Стороны подписали заявление, и он ушёл.", "Он и она, мы и вы, как и все.", WHOLE],
)
def test_short_clauses_and_whole_sentences_are_no_fragments(memory: Memory, sentence: str) -> None:
    memory.add(unit(WHOLE, "双方签署联合声明。"))
    memory.add(unit("И он ушёл.", "他走了。"))
    assert memory.fragments(sentence) == []
