"""Character HTER: nothing changed is 0, whatever changed is counted once and in its class."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from workbench.domain.language import Span
from workbench.domain.quality import EDIT_CLASSES, Hter
from workbench.domain.term import Hit, Term
from workbench.services.evaluation.edits import corpus_hter, distance, hter, names_in

LETTERS = "总统托卡耶夫签署了的法令，。“”2025年12%三亿元 abИван"
TEXTS = st.text(alphabet=LETTERS, max_size=24)
ANY = st.text(max_size=24)


def replayed(draft: str, final: str, edits: Hter) -> str:
    """Do to the draft what the edits say."""
    text, at = [], 0
    for edit in edits.edits:
        text += [draft[at : edit.draft.start], edit.final.of(final)]
        at = edit.draft.end
    return "".join([*text, draft[at:]])


@given(ANY)
def test_what_was_left_alone_costs_nothing(text: str) -> None:
    found = hter(text, text)
    assert (found.value, found.edits) == (0.0, ())
    assert corpus_hter([(text, text)] * 3).score.value == 0.0


@given(TEXTS, TEXTS)
def test_the_edits_make_the_final_text_and_their_cost_is_the_distance(
    draft: str, final: str
) -> None:
    found = hter(draft, final, ("托卡耶夫",))
    assert replayed(draft, final, found) == final
    assert found.cost == sum(found.by_class.values()) == Levenshtein.distance(draft, final)
    assert set(found.by_class) == set(EDIT_CLASSES)
    assert (found.cost, len(final)) == distance(draft, [final])


@given(TEXTS, st.integers(0, 9), st.integers(0, 9), TEXTS)
def test_one_changed_digit_is_seen_and_is_a_number(
    before: str, first: int, second: int, after: str
) -> None:
    """MateCat's post-editing effort counts a changed digit as nothing."""
    assume(first != second)
    final = f"{before}{second}{after}"
    found = hter(f"{before}{first}{after}", final)
    assert found.by_class == {**dict.fromkeys(EDIT_CLASSES, 0), "number": 1}
    assert found.value == pytest.approx(100 / len(final))


@pytest.mark.parametrize(
    ("draft", "final", "by_class"),
    [
        ("总统托卡也夫抵达。", "总统托卡耶夫抵达。", {"name": 1}),  # a run of syllables is a name
        ("外长到达北京", "外长到达上海", {"name": 2}),  # known by the glossary
        ("会谈持续三小时", "会谈持续五小时", {"number": 1}),
        ("增长12%", "增长12‰", {"number": 1}),
        ("第一轮会谈", "第二轮会谈", {"number": 1}),
        ("统一部署", "统筹部署", {"other": 1}),  # 一 counts nothing here
        ("他说,会来。", "他说，会来。", {"punctuation": 1}),
        ("他说，会来", "他说的会来", {"other": 1}),  # a comma for a word
        ("已经签署", "签署", {"other": 2}),
        ("", "签署，", {"other": 2, "punctuation": 1}),
        ("托卡耶夫说2人，", "普京说3人。", {"name": 4, "number": 1, "punctuation": 1}),
    ],
)
def test_an_edit_belongs_to_what_it_touches(
    draft: str, final: str, by_class: dict[str, int]
) -> None:
    found = hter(draft, final, ("北京", "上海", "普京"))
    assert {each: cost for each, cost in found.by_class.items() if cost} == by_class


def test_neighbouring_edits_of_a_class_are_one() -> None:
    (edit,) = hter("已经签署法令", "签署法令").edits
    assert (edit.kind, edit.draft, edit.final, edit.cost) == ("delete", Span(0, 2), Span(0, 0), 2)
    (edit,) = hter("他会来", "他们不来").edits
    assert (edit.kind, edit.cost) == ("replace", 2)


def test_an_empty_confirmed_text_is_all_wrong() -> None:
    assert hter("多余的话", "").value == 100.0
    assert hter("", "").value == 0.0


def test_the_classes_add_up_over_a_corpus() -> None:
    pairs = [
        ("总统托卡也夫抵达，", "总统托卡耶夫抵达。"),
        ("签了12项", "签署了13项"),
        ("相同。", "相同。"),
    ]
    report = corpus_hter(pairs)
    assert (report.size, report.characters) == (3, sum(len(final) for _, final in pairs))
    assert report.edits == {"name": 1, "number": 1, "punctuation": 1, "other": 1}
    total = sum(score.value for score in report.by_class.values())
    assert total == pytest.approx(report.score.value) == pytest.approx(100 * 4 / report.characters)
    assert report.score.low is not None
    assert report.score.high is not None
    assert report.score.low <= report.score.value <= report.score.high
    assert report.score.signature.startswith("nrefs:1|bs:1000|seed:12345|")
    assert corpus_hter(pairs[:1]).score.low is None
    assert corpus_hter([]).score.value == 0.0


def test_names_come_from_the_terms_that_are_names() -> None:
    person = Term("Токаев", "托卡耶夫", "person", variants=("托氏",))
    word = Term("указ", "法令", "term")
    hits = [Hit(person, Span(0, 6), "Токаев"), Hit(word, Span(7, 11), "указ")]
    assert names_in(hits) == ("托卡耶夫", "托氏")
