"""Agreement between judges against published figures, and what a campaign's items promise."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.judgement import CHECKS, ErrorSpan
from workbench.domain.quality import Evaluation
from workbench.services.evaluation.agreement import (
    alpha,
    alphas,
    banded,
    kappa_samples,
    kappas,
)
from workbench.services.evaluation.campaign_items import GAP, damaged, make_items

# Four observers, twelve units, as in Krippendorff's "Computing Krippendorff's Alpha-Reliability".
OBSERVERS = {
    "A": "123321412...",
    "B": "12332241250" + "3",
    "C": ".3332342251.",
    "D": "123324412510",
}


def krippendorff() -> list[tuple[str, int, float]]:
    return [
        (judge, unit, float(value))
        for judge, values in OBSERVERS.items()
        for unit, value in enumerate(values)
        if value not in ".0"
    ]


def test_alpha_is_that_of_the_book() -> None:
    nominal, interval = alpha(krippendorff(), "nominal"), alpha(krippendorff(), "interval")
    assert nominal.value == pytest.approx(0.743, abs=0.0005)
    assert interval.value == pytest.approx(0.849, abs=0.0005)
    assert (nominal.items, nominal.judges) == (11, ("A", "B", "C", "D"))
    assert nominal.signature.startswith("alpha:nominal|nltk:")
    assert interval.signature.startswith("alpha:interval|bs:1000|seed:12345|unit:item|nltk:")
    assert (interval.low or 1) < (interval.value or 0) < (interval.high or 0) <= 1


def test_kappa_is_cohens() -> None:
    # 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no: 0.7 observed, 0.5 by chance.
    pairs = [(1, 1)] * 20 + [(1, 0)] * 5 + [(0, 1)] * 10 + [(0, 0)] * 15
    ratings = [("A", n, float(one)) for n, (one, _) in enumerate(pairs)]
    ratings += [("B", n, float(two)) for n, (_, two) in enumerate(pairs)]
    ratings += [("C", 999, 1.0)]
    found = {each.judges: each for each in kappas(ratings, "yes or no")}
    assert found["A", "B"].value == pytest.approx(0.4)
    assert found["A", "B"].items == 50
    assert (found["A", "C"].value, found["A", "C"].items) == (None, 0)


def test_agreement_where_it_has_no_meaning_is_none_or_one() -> None:
    assert alpha([], "interval").value is None
    assert alpha([("A", n, 5.0) for n in range(9)], "interval").value is None
    same = [(judge, n, 5.0) for judge in "AB" for n in range(9)]
    assert alpha(same, "interval").value == 1
    assert kappas(same, "x")[0].value == 1
    assert [value for *_, value in banded([("A", 0, 0), ("A", 1, 19.9), ("A", 2, 100)])] == [
        0,
        0,
        4,
    ]


@given(st.permutations(krippendorff()))
def test_alpha_does_not_depend_on_order(ratings: list[tuple[str, int, float]]) -> None:
    assert alpha(ratings, "interval").value == pytest.approx(0.849, abs=0.0005)


RATINGS = st.lists(st.lists(st.integers(0, 5), min_size=2, max_size=2), min_size=2, max_size=12)


@given(RATINGS)
def test_the_samples_of_an_interval_are_computed_as_the_figure_is(pairs: list[list[int]]) -> None:
    ratings = [
        (judge, n, float(v))
        for n, pair in enumerate(pairs)
        for judge, v in zip("AB", pair, strict=True)
    ]
    values = np.array(pairs, dtype=float)
    sums, squares = values.sum(axis=1), (values**2).sum(axis=1)
    counts = np.full(len(pairs), 2.0)
    whole = np.ones((1, len(pairs)))
    found = alphas(whole, counts, sums, squares, 2 * (counts * squares - sums**2))
    assert found[0] == pytest.approx(alpha(ratings, "interval").value)
    kappa = kappas(ratings, "x")[0]
    assert kappa_samples(whole, values[:, 0].tolist(), values[:, 1].tolist())[0] == pytest.approx(
        kappa.value
    )
    assert kappa.low is not None
    assert kappa.high is not None
    assert kappa.low <= kappa.high


def run_of(lines: int, seed: int) -> Evaluation:
    chance = random.Random(seed)
    line = lambda: "".join(chance.choices("港口关闭船只风暴停运两天", k=chance.randint(1, 30)))  # noqa: E731
    outputs = {name: tuple(line() for _ in range(lines)) for name in ("x", "y", "z")}
    outputs["y"] = (*outputs["x"][: lines // 2], *outputs["y"][lines // 2 :])
    references = (tuple(line() for _ in range(lines)),)
    sources = tuple(f"Строка {n}." for n in range(lines))
    return Evaluation(
        "s", lines, ("x", "y", "z"), {}, outputs=outputs, sources=sources, references=references
    )


@given(st.integers(1, 60), st.sampled_from([0, 0.1, 0.3, 0.5]), st.integers(0, 999))
def test_every_output_is_judged_and_every_check_is_held_against_its_text(
    lines: int, checks: float, seed: int
) -> None:
    run = run_of(lines, seed)
    items, shared = make_items(run, run.systems, range(lines), checks, seed)
    assert [item.position for item in items] == list(range(len(items)))
    plain = [item for item in items if not item.check]
    judged = {(item.n, item.system) for item in plain}
    judged |= {(n, system) for n, system, owner in shared if (n, owner) in judged}
    assert judged == {(n, system) for n in range(lines) for system in run.systems}
    assert len({(item.n, item.text) for item in plain}) == len(plain)
    assert all(item.text == run.outputs[item.system][item.n] for item in plain)
    share = (len(items) - len(plain)) / len(items)
    assert share <= checks + 1 / len(items)
    for item in items:
        if not item.check:
            continue
        twin = items[item.twin]
        assert (twin.check, twin.n) == ("", item.n)
        assert twin.position < item.position
        assert (item.text == twin.text) == (item.check == "repeat")
        if item.check == "reference":
            assert item.text == run.references[0][item.n]


def test_the_order_is_blind_repeatable_and_keeps_copies_apart() -> None:
    run = run_of(100, 1)
    items, _ = make_items(run, run.systems, range(100), 0.1, 7)
    assert items == make_items(run, run.systems, range(100), 0.1, 7)[0]
    assert items != make_items(run, run.systems, range(100), 0.1, 8)[0]
    changes = sum(a.system != b.system for a, b in pairwise(items))
    assert changes > len(items) / 2
    copies = [item for item in items if item.check]
    assert {item.check for item in copies} == set(CHECKS)
    assert len(copies) == pytest.approx(len(items) / 10, abs=1)
    assert all(item.position - item.twin >= GAP for item in copies)


@given(st.text(min_size=1, max_size=40), st.text(max_size=40), st.integers(0, 99))
def test_damage_keeps_the_rest(text: str, other: str, seed: int) -> None:
    found = damaged(text, other, random.Random(seed))
    third = max(2, len(text) // 3)
    kept = len(text) - third
    ends = [
        found[:k] == text[:k] and found[len(found) - (kept - k) :] == text[len(text) - (kept - k) :]
        for k in range(max(0, kept) + 1)
    ]
    assert any(ends)


def test_the_weight_of_an_error() -> None:
    weights = [
        ErrorSpan(0, 1, category, severity).penalty  # type: ignore[arg-type]
        for category, severity in (
            ("mistranslation", "minor"),
            ("punctuation", "minor"),
            ("punctuation", "major"),
            ("omission", "critical"),
        )
    ]
    assert weights == [1, 0.1, 5, 25]
