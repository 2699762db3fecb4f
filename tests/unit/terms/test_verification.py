"""Counting terms in a target, and saying who put them there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.language import Span
from workbench.domain.term import Hit, Receipt, Term
from workbench.services.term_placement import Shields, placements
from workbench.services.terminology import Terminology


def states(terminology: Terminology, source: str, target: str) -> list[tuple[str, str]]:
    receipts = terminology.verify(terminology.find(source), target)
    return [(receipt.hit.term.source, receipt.state) for receipt in receipts]


@pytest.mark.parametrize(
    ("source", "target", "missing"),
    [
        ("Россия и Белоруссия", "白俄罗斯", ["Россия"]),
        ("Россия и Белоруссия", "俄罗斯和白俄罗斯", []),
        ("Россия", "俄罗斯联邦", []),
        ("Россия", "据俄罗斯报道", []),
        ("Совет Безопасности ООН и ООН", "联合国安理会", ["ООН"]),
        ("Совет Безопасности ООН и ООН", "联合国和安理会", []),
        ("ОДКБ", "集体安全条约组织", []),
        ("Организация Договора о коллективной безопасности (ОДКБ)", "集安组织", []),
        (
            "Договор о коллективной безопасности и ОДКБ",
            "集体安全条约组织",
            ["Договор о коллективной безопасности"],
        ),
        ("Сергей Шойгу улетел, Шойгу ждут", "谢尔盖·绍伊古飞走了", []),
        ("Сергей Шойгу улетел", "绍伊古飞走了", []),
        ("Япония и Минобороны", "日本国防部", []),
        ("Киргизия, или Кыргызстан", "吉尔吉斯斯坦", []),
        ("Путин и снова Путин", "普京", []),
        ("Путин", "", ["Путин"]),
    ],
)
def test_each_entry_must_stand_once_and_longer_names_hide_shorter(
    shipped_terminology: Terminology, source: str, target: str, missing: list[str]
) -> None:
    found = states(shipped_terminology, source, target)
    assert [name for name, state in found if state == "missing"] == missing


def test_receipts_point_to_the_mentions_in_order(shipped_terminology: Terminology) -> None:
    hits = shipped_terminology.find("Путин ждёт Токаева, Путина ждут все")
    target = "普京等待托卡耶夫，大家等待普京"
    spans = [r.target for r in shipped_terminology.verify(hits, target)]
    assert spans == [Span(0, 2), Span(4, 8), Span(13, 15)]


def test_who_put_it_there_is_kept_while_it_stays(shipped_terminology: Terminology) -> None:
    hits = shipped_terminology.find("Путин ждёт Токаева в Москве")
    draft = "普京在莫斯科等待托卡耶夫"
    before = tuple(
        replace(r, method="substituted") for r in shipped_terminology.verify(hits, draft)
    )
    same = shipped_terminology.verify(hits, "，" + draft + "。", before)
    assert {r.method for r in same} == {"substituted"}
    moved = shipped_terminology.verify(hits, "托卡耶夫在莫斯科，普京等待", before)
    assert [r.method for r in moved] == ["human", "human", "substituted"]


def test_a_person_who_puts_removes_or_moves_a_term(shipped_terminology: Terminology) -> None:
    hits = shipped_terminology.find("Вчера Путин молчал")
    missing = shipped_terminology.verify(hits, "他昨天沉默")
    assert [r.state for r in missing] == ["missing"]
    put = shipped_terminology.verify(hits, "普京昨天沉默", missing)
    assert [(r.state, r.method) for r in put] == [("honoured", "human")]
    forced = (replace(put[0], method="forced"),)
    assert shipped_terminology.verify(hits, "普京昨日沉默", forced)[0].method == "forced"
    assert shipped_terminology.verify(hits, "昨天下午普京沉默", forced)[0].method == "human"
    gone = shipped_terminology.verify(hits, "他昨天沉默", put)
    assert gone[0].state == "missing"


def test_an_override_keeps_its_reason_until_the_term_returns(
    shipped_terminology: Terminology,
) -> None:
    hits = shipped_terminology.find("Путин молчал")
    overridden = (Receipt(hits[0], "overridden", reason="代词更自然"),)
    still = shipped_terminology.verify(hits, "他沉默", overridden)
    assert [(r.state, r.reason) for r in still] == [("overridden", "代词更自然")]
    back = shipped_terminology.verify(hits, "普京沉默", overridden)
    assert [(r.state, r.method, r.reason) for r in back] == [("honoured", "human", "")]


FORMS = st.text("甲乙丙", min_size=1, max_size=4)


@given(
    st.lists(st.tuples(FORMS, st.lists(FORMS, max_size=2)), max_size=5),
    st.text("甲乙丙，", max_size=20),
)
def test_placements_never_overlap_and_are_what_they_say(
    entries: list[tuple[str, list[str]]], target: str
) -> None:
    terms = [Term(f"Т{n}", zh, variants=tuple(more)) for n, (zh, more) in enumerate(entries)]
    hits = [Hit(term, Span(n, n + 1), "Т") for n, term in enumerate(terms)]
    end = 0
    for placement in placements(hits, target, Shields(terms)):
        assert end <= placement.span.start < placement.span.end <= len(target)
        assert placement.span.of(target) == placement.form
        assert any(placement.form in term.accepted for term in terms)
        end = placement.span.end
