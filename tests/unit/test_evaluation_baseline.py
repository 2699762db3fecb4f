"""Runs held against one another, and TER counted in processes beside ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.quality import Score
from workbench.domain.run import Run, RunSettings
from workbench.errors import Cancelled, Conflict
from workbench.services.evaluation.baseline import held_against, trends
from workbench.services.evaluation.counting import count_beside
from workbench.services.evaluation.metrics import metrics
from workbench.services.evaluation.performing import names_of, systems_of
from workbench.services.evaluation.significance import Statistics

SIGNATURES = {"bleu": "nrefs:1|tok:zh|version:2.6.0", "ter": "nrefs:1|asian:yes|version:2.6.0"}
Figures = Mapping[str, Mapping[str, float]]
values = st.floats(0, 100, allow_nan=False).map(lambda value: round(value, 2))


def run(number: int, figures: Figures, digest: str = "d", **changes: str) -> Run:
    scores = {
        system: tuple(
            Score(metric, value, changes.get(metric, SIGNATURES[metric]))
            for metric, value in found.items()
        )
        for system, found in figures.items()
    }
    return Run(number, RunSettings(), "mine", 9, tuple(figures), digest=digest, scores=scores)


@given(values, values, st.floats(0, 5))
def test_a_figure_fell_when_it_lost_more_than_was_allowed(
    before: float, after: float, most: float
) -> None:
    one, other = run(1, {"a": {"bleu": before}}), run(2, {"a": {"bleu": after}})
    (fall,) = held_against(other, one, most).falls
    (back,) = held_against(one, other, most).falls
    assert fall.drop == -back.drop
    assert not (fall.regressed and back.regressed)
    assert held_against(other, one, most).regressed is fall.regressed
    if before - after > most + 0.001:
        assert fall.regressed
    if before - after < most - 0.001:
        assert not fall.regressed


def test_an_error_rate_falls_by_rising() -> None:
    one, other = run(1, {"a": {"ter": 40.0}}), run(2, {"a": {"ter": 42.0}})
    assert held_against(other, one).regressed
    assert not held_against(one, other).regressed


def test_systems_are_compared_by_name_unless_there_is_but_one() -> None:
    one = run(1, {"a": {"bleu": 20.0}, "b": {"bleu": 30.0}})
    other = run(2, {"b": {"bleu": 30.0}, "c": {"bleu": 1.0}})
    verdict = held_against(other, one)
    assert [(fall.system, fall.baseline) for fall in verdict.falls] == [("b", "b")]
    assert verdict.incomparable == ("bleu c",)
    single = run(3, {"x": {"bleu": 29.0}})
    assert held_against(single, run(4, {"y": {"bleu": 30.0}})).falls[0].baseline == "y"
    chosen = held_against(other, one, system="a")
    assert [(fall.system, fall.drop) for fall in chosen.falls] == [("b", -10.0), ("c", 19.0)]


def test_a_system_is_known_by_its_engine_and_glossary() -> None:
    both = RunSettings(engines=("e",), glossaries=("none", "house"))
    two = replace(run(1, {"e+none": {"bleu": 20.0}, "e+house": {"bleu": 22.0}}), settings=both)
    alone = replace(
        run(2, {"e": {"bleu": 21.0}}), settings=RunSettings(engines=("e",), glossaries=("house",))
    )
    (fall,) = held_against(alone, two).falls
    assert (fall.baseline, fall.drop) == ("e+house", 1.0)
    assert trends([alone, two]) == {(2, "e", "bleu"): -1.0}


def test_what_cannot_be_compared_is_refused() -> None:
    one = run(1, {"a": {"bleu": 20.0}})
    for other in (
        run(2, {"a": {"bleu": 20.0}}, digest="e"),
        run(2, {"a": {"ter": 20.0}}),
        run(2, {"a": {"bleu": 20.0}}, bleu="nrefs:2|tok:zh|version:2.6.0"),
    ):
        with pytest.raises(Conflict):
            held_against(other, one)
    with pytest.raises(Conflict):
        held_against(one, one, system="nobody")


def test_another_resampling_is_no_other_figure() -> None:
    paired = "nrefs:1|ar:10000|bs:1000|seed:12345|tok:zh|version:2.6.0"
    one, other = run(1, {"a": {"bleu": 2.0}}), run(2, {"a": {"bleu": 2.0}}, bleu=paired)
    assert held_against(one, other).falls


def test_a_trend_follows_one_system_on_one_set_of_lines() -> None:
    runs = [
        run(4, {"a": {"bleu": 21.5}, "b": {"bleu": 9.0}}),
        run(3, {"a": {"bleu": 5.0}}, digest="other"),
        run(2, {"a": {"bleu": 21.0}}),
        run(1, {"a": {"bleu": 20.0}}),
    ]
    assert trends(runs) == {(2, "a", "bleu"): 1.0, (4, "a", "bleu"): 0.5}


def test_each_system_has_a_name_of_its_own() -> None:
    assert list(names_of(["x", "x", "y"])) == ["x", "x (2)", "y"]
    settings = RunSettings(engines=("x", "e"), glossaries=("none", "house"), hypotheses=("x",))
    assert [s.name for s in systems_of(settings)] == [
        "x",
        "x+none",
        "x+house",
        "e+none",
        "e+house",
    ]
    long = RunSettings(engines=("м" * 300,), hypotheses=())
    assert len(systems_of(long)[0].name) <= 180


# -- counting -------------------------------------------------------------------------------

REFERENCE = [f"今天第{n}号消息说港口开放。" for n in range(101)]
SYSTEMS = {
    "a": [line[2:] + line[:2] for line in REFERENCE],
    "b": [line.replace("港口", "码头") for line in REFERENCE],
}


def statistics() -> Statistics:
    return Statistics(metrics(["ter", "chrf"]), SYSTEMS, [REFERENCE, REFERENCE[::-1]])


def test_processes_count_what_one_counts() -> None:
    beside, here = statistics(), statistics()
    count_beside(beside, cores=2)
    assert {system for metric, system in beside._counts if metric == "ter"} == set(SYSTEMS)
    for system in SYSTEMS:
        assert beside.counts("ter", system) == here.counts("ter", system)
        assert beside.score("ter", system) == here.score("ter", system)
    assert "nrefs:2" in beside.score("ter", "a").signature


def test_counting_can_be_stopped() -> None:
    with pytest.raises(Cancelled):
        count_beside(statistics(), lambda: True, cores=2)
