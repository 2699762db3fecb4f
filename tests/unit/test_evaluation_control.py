"""WMT's control: random source words with the translation that stands in the reference."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.language import Span
from workbench.domain.term import Hit, Term
from workbench.errors import DataError
from workbench.services.evaluation.control import control, read_pairs, wrong_names

# What goes with what is learnt here, and nowhere else.
PAIRS = [
    ("Завод закрыт", "工厂已关闭"),
    ("На заводе пожар", "工厂失火"),
    ("Заводы работают", "工厂在开工"),
    ("Бюджет принят", "预算获得通过"),
    ("Споры о бюджете", "预算之争"),
    ("Нет бюджета", "没有预算"),
    ("Граница открыта", "边界开放"),
    ("На границе тихо", "边界平静"),
    ("Границы проведены", "边界已划定"),
]
SOURCES = (
    "Токаев рассказал о бюджете завода.",
    "На границе тихо, бюджет и завод ждут.",
    "Ничего знакомого.",
)
REFERENCE = ("托卡耶夫谈到工厂的预算。", "边界平静，预算和工厂都在等待。", "没有熟悉的东西。")
WORDS = {"завод": "工厂", "бюджет": "预算", "границ": "边界"}


def term(source: str, form: str, state: str = "found") -> Hit:
    start = source.index(form)
    known = Term(form, "托卡耶夫", "person")
    return Hit(known, Span(start, start + len(form)), form, state=state)  # type: ignore[arg-type]


def drawn(house: list[tuple[Hit, ...]], seed: int = 1) -> list[tuple[Hit, ...]]:
    return control(SOURCES, (REFERENCE,), house, PAIRS, seed)


def test_as_many_words_as_terms_each_with_its_translation() -> None:
    house = [(term(SOURCES[0], "Токаев"),), (term(SOURCES[1], "ждут"),) * 2, ()]
    found = drawn(house)
    assert [len(hits) for hits in found] == [1, 2, 0]
    for source, target, hits in zip(SOURCES, REFERENCE, found, strict=True):
        for hit in hits:
            assert hit.span.of(source) == hit.form == hit.term.source
            assert target.count(hit.term.target) == 1
            assert hit.state == "found"
            assert hit.term.target == next(
                zh for ru, zh in WORDS.items() if hit.form.lower().startswith(ru)
            )
    assert drawn(house) == found
    assert any(drawn(house, seed) != found for seed in range(2, 9))


def test_what_a_sentence_cannot_give_the_next_one_does() -> None:
    first = [(), (), (term(SOURCES[2], "Ничего"),)]
    assert [len(hits) for hits in drawn(first)] == [0, 0, 0]
    both = [(term(SOURCES[0], "Токаев"),) * 3, (), ()]
    assert [len(hits) for hits in drawn(both)] == [2, 1, 0]


def test_words_inside_terms_and_uncertain_hits_do_not_count() -> None:
    inside = [(term(SOURCES[0], "бюджете"), term(SOURCES[0], "завода")), (), ()]
    assert drawn(inside)[0] == ()
    vague = [(term(SOURCES[0], "Токаев", "ambiguous"),), (), ()]
    assert drawn(vague) == [(), (), ()]


def test_the_test_set_itself_teaches_nothing() -> None:
    house = [(term(SOURCES[0], "Токаев"),), (), ()]
    assert control(SOURCES, (REFERENCE,), house, [], 1) == [(), (), ()]


@given(st.lists(st.sampled_from(["托卡耶夫", "普京", "甲", "乙"]), min_size=2, max_size=4))
def test_wrong_names_are_wrong(targets: list[str]) -> None:
    house = [(term(SOURCES[0], "Токаев"),)]
    [(hit,)] = wrong_names(house, targets, 7)
    others = [target for target in targets if target != "托卡耶夫"]
    assert hit.term.target in (others or ["托卡耶夫"])
    assert hit.span == house[0][0].span
    assert wrong_names(house, targets, 7) == [(hit,)]


def test_pairs_are_read_from_a_folder(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        list(read_pairs(tmp_path))
    (tmp_path / "a.tsv").write_text("Да\t是\tbody\nбез пары\nНет\t否\n", encoding="utf-8")
    assert list(read_pairs(tmp_path)) == [("Да", "是"), ("Нет", "否")]
