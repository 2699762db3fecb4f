"""Which rows of a sum of effort may be shown: nobody's work can be told, nor by subtraction."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbench.services.evaluation.effort import withheld

NAMES = st.sampled_from(["Аня", "Боря", "Вера", "Гена", "Дина", "asker"])
ROWS = st.dictionaries(st.sampled_from("abcdefg"), st.lists(NAMES, min_size=1, max_size=8))


@given(ROWS, st.integers(1, 4))
def test_what_is_shown_and_what_is_left_have_enough_people(
    authors: dict[str, list[str]], least: int
) -> None:
    hidden = withheld(authors, "asker", least)
    for key in authors.keys() - hidden:
        others = set(authors[key]) - {"asker"}
        assert not others or len(others) >= least
    behind = {name for key in hidden for name in authors[key]} - {"asker"}
    assert not behind or len(behind) >= least or hidden == authors.keys()


@given(ROWS)
def test_nothing_is_withheld_without_need(authors: dict[str, list[str]]) -> None:
    assert withheld(authors, "asker", 0) == withheld(authors, "asker", 1) == set()
    alone = {key: ["asker"] for key in authors}
    assert withheld(alone, "asker", 3) == set()
    crowds = {key: ["Аня", "Боря", "Вера"] for key in authors}
    assert withheld(crowds, "asker", 3) == set()


def test_the_smallest_row_goes_along() -> None:
    crowd = ["Аня", "Боря", "Вера"]
    rows = {"big": crowd * 9, "small": crowd, "one": ["Аня"]}
    assert withheld(rows, "asker", 3) == {"one", "small"}
