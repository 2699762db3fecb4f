"""The matcher on annotated sentences, and its invariants."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from annotated_terms import GLOSSARY, Score, read
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.domain.term import Form, Term
from workbench.services.glossary_base import read_base
from workbench.services.term_entries import with_forms
from workbench.services.term_matching import Matcher


@cache
def shipped() -> tuple[Term, ...]:
    return tuple(row.term for row in read_base(GLOSSARY).rows())


@cache
def matcher() -> Matcher:
    return Matcher(shipped())


def entry(source: str, target: str = "某某", **fields: object) -> Term:
    return with_forms(Term(source, target, **fields))  # type: ignore[arg-type]


def found(text: str, *terms: Term, date: str = "") -> list[tuple[str, str]]:
    return [(hit.form, hit.state) for hit in Matcher(terms).find(text, date)]


@pytest.mark.parametrize("part", ["tuning", "blind"])
def test_precision_and_recall(part: str) -> None:
    """When first run, before any tuning: .988/.994 on each part."""
    score, faults = Score(), []
    for sentence in read(part):
        got = {
            (hit.span.start, hit.span.end, hit.term.source, hit.state)
            for hit in matcher().find(sentence.text)
        }
        score.right += len(got & sentence.mentions)
        score.wrong += len(got - sentence.mentions)
        score.missed += len(sentence.mentions - got)
        faults += [(sentence.text, got ^ sentence.mentions)] if got != sentence.mentions else []
    assert score.right > 150
    assert score.precision >= 0.99, faults
    assert score.recall >= 0.99, faults


def test_every_annotated_entry_is_in_the_shipped_glossary() -> None:
    sources = {term.source for term in shipped()}
    for part in ("tuning", "blind"):
        for sentence in read(part):
            assert {mention[2] for mention in sentence.mentions} <= sources


def test_offsets_are_those_of_the_text_with_marks_and_odd_spaces() -> None:
    text = "Глава\u00a0Казах\u00adста\u0301на,  Касым-Жомарт\n Токаев, молчал."
    forms = [hit.form for hit in matcher().find(text)]
    assert forms == ["Казах\u00adста\u0301на", "Касым-Жомарт\n Токаев"]


def test_decomposed_letters_are_found() -> None:
    assert [hit.term.source for hit in matcher().find("Шои\u0306гу и Хруще\u0308в")] == [
        "Шойгу",
        "Хрущёв",
    ]


def test_a_proposed_entry_only_suggests() -> None:
    assert found("в Тьмутаракани", entry("Тьмутаракань", type="place", status="proposed")) == [
        ("Тьмутаракани", "suggested")
    ]


def test_a_struck_form_is_not_matched_and_an_added_one_is() -> None:
    term = entry("Пашинян", type="person")
    forms = tuple(
        replace(form, how="struck") if form.text == "Пашиняна" else form for form in term.forms
    )
    changed = replace(term, forms=(*forms, Form("Пашиньяна", how="added")))
    assert found("Пашиняна или Пашиньяна", changed) == [("Пашиньяна", "found")]


def test_the_date_of_the_article_chooses_the_entry() -> None:
    old = entry("Столица", "旧都", type="place", valid_to="2022-09-16")
    new = entry("Столица", "新都", type="place", valid_from="2022-09-17")
    assert [h.term.target for h in Matcher([old, new]).find("В Столице", "2021-01-01")] == ["旧都"]
    assert [h.term.target for h in Matcher([old, new]).find("В Столице", "2023-01-01")] == ["新都"]
    assert found("В Столице", old, new) == [("Столице", "ambiguous")]


def test_the_longest_of_nested_terms_wins() -> None:
    short, long = entry("совет"), entry("совет директоров", "董事会")
    assert found("Совет директоров и совет", short, long) == [
        ("Совет директоров", "found"),
        ("совет", "found"),
    ]


def test_two_entries_for_one_form_are_ambiguous() -> None:
    man, woman = (
        entry("Орлов", "奥尔洛夫", type="person"),
        entry("Орлова", "奥尔洛娃", type="person"),
    )
    assert found("Орлов и Орлова", man, woman)[0] == ("Орлов", "found")
    hits = Matcher([man, woman]).find("Речь Марии Орловой и доклад Андрея Орлова")
    assert [hit.term.target for hit in hits] == ["奥尔洛娃", "奥尔洛夫"]


TEXT = st.text(
    st.one_of(
        st.sampled_from(" .,—«»\u0301\u00ad\u00a0-\nёЁйАЕОвнКМТРСи"),
        st.characters(codec="utf-8"),
    ),
    max_size=40,
)
PIECES = st.lists(
    st.one_of(TEXT, st.sampled_from([form.text for term in shipped() for form in term.forms])),
    max_size=12,
).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(PIECES)
def test_hits_are_in_order_apart_and_say_what_stands_there(text: str) -> None:
    end = 0
    for hit in matcher().find(text):
        assert end <= hit.span.start < hit.span.end <= len(text)
        assert hit.form == hit.span.of(text)
        end = hit.span.end


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([term for term in shipped() if not term.needs_quotes]), st.data())
def test_every_stored_form_is_found_in_a_sentence(term: Term, data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(term.forms)).text
    text = f"Вчера обсуждали {form} без спешки."
    hits = Matcher([term]).find(text)
    assert [hit.form for hit in hits] == [form]
