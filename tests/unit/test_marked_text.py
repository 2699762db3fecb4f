"""Texts with marks as HTML: every character is data, whatever the places are."""

from __future__ import annotations

from html import unescape

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from workbench.ui.evaluation.lines import marked

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\x00", exclude_categories=("Cc", "Cs")),
    max_size=40,
)
PLACES = st.lists(
    st.tuples(st.integers(0, 45), st.integers(0, 45), st.sampled_from(("del", "ins"))), max_size=8
)


@given(TEXTS, PLACES)
def test_marks_change_nothing_but_marks(text: str, places: list[tuple[int, int, str]]) -> None:
    found = marked(text, places)
    plain = found
    for tag in ("<del>", "</del>", "<ins>", "</ins>"):
        plain = plain.replace(tag, "")
    assert unescape(plain) == text
    assert "<" not in plain
    assert "<del></del>" not in found
    assert "<ins></ins>" not in found


def test_hostile_text_makes_no_element() -> None:
    hostile = '<img src=x onerror="alert(1)">${alert(2)}{{x}}'
    tree = html.fragment_fromstring(marked(hostile, [(0, 4, "del")]), create_parent="div")
    assert [each.tag for each in tree.iter()] == ["div", "del"]
    assert tree.text_content() == hostile


def test_places_that_overlap_are_marked_once() -> None:
    assert marked("甲乙丙丁", [(1, 3, "del"), (2, 4, "ins"), (0, 1, "ins")]) == (
        "<ins>甲</ins><del>乙丙</del>丁"
    )
    assert marked("甲乙", [(1, 1, "del"), (2, 9, "ins")]) == "甲乙"
