"""A run held against an earlier one: what fell by more than was allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from workbench.domain.quality import Score
from workbench.domain.run import Fall, Run, Verdict
from workbench.errors import Conflict
from workbench.services.evaluation.metrics import METRICS
from workbench.services.evaluation.performing import systems_of

MOST_LOST = 0.5  # points that a figure may fall without being called worse
# Which resampling stands behind an interval does not change the figure itself.
_RESAMPLING = re.compile(r"\b(bs|ar|seed):[^|]*\|?")


def held_against(run: Run, baseline: Run, most: float = MOST_LOST, system: str = "") -> Verdict:
    """Compare the figures of a run with those of a baseline of the same lines.

    Systems are compared by name, or by engine and glossary; with *system* each is compared with
    that one of the baseline, and where both have only one, these. Raises Conflict when the lines
    are not the same or nothing can be compared.
    """
    for each in (run, baseline):
        if each.state != "done":
            raise Conflict("evaluation.not_done", id=each.id)
    if run.digest != baseline.digest:
        raise Conflict("evaluation.other_lines", id=run.id or "—", baseline=baseline.id)
    if system and system not in baseline.systems:
        raise Conflict("evaluation.no_such_system", id=baseline.id, name=system)
    falls: list[Fall] = []
    unlike: list[str] = []
    for name in run.systems:
        before = _partner(name, run, baseline, system)
        for score in run.scores.get(name, ()):
            found = next(_same(score, baseline.scores.get(before, ())), None)
            if found is None:
                unlike.append(f"{score.metric} {name}")
                continue
            drop = found.value - score.value
            drop = drop if _higher_is_better(score.metric) else -drop
            # Figures are shown with two digits; what is lost behind them is none of a drop.
            worse = round(drop, 4) > most
            falls.append(
                Fall(
                    score.metric,
                    name,
                    before,
                    score.value,
                    found.value,
                    drop,
                    worse,
                    score.signature,
                )
            )
    if not falls:
        raise Conflict("evaluation.nothing_alike", id=run.id or "—", baseline=baseline.id)
    return Verdict(run.id, baseline.id, most, tuple(falls), tuple(unlike))


def _partner(name: str, run: Run, baseline: Run, system: str) -> str:
    """Return the baseline's system that one of the run is compared with, by name or make."""
    if system:
        return system
    if len(run.systems) == len(baseline.systems) == 1:
        return baseline.systems[0]
    if name in baseline.systems:
        return name
    made = _made(run)[name]
    return next((other for other, its in _made(baseline).items() if its == made), name)


def _made(run: Run) -> dict[str, tuple[str, str]]:
    """Return of each system what made it, (engine, glossary): its name depends on the others."""
    known = {s.name: (s.engine, s.glossary) for s in systems_of(run.settings) if s.engine}
    return {name: known.get(name, (name, "")) for name in run.systems}


def _same(score: Score, others: tuple[Score, ...]) -> Iterator[Score]:
    for other in others:
        if other.metric == score.metric and _bare(other.signature) == _bare(score.signature):
            yield other


def _higher_is_better(metric: str) -> bool:
    """Tell the direction of a metric; of one that is gone (of a plugin), the usual one."""
    return bool(METRICS.load(metric).higher_is_better) if metric in METRICS else True


def trends(runs: Sequence[Run]) -> dict[tuple[int, str, str], float]:
    """Return by (run, system, metric) how its figure changed since the run before it.

    *runs* are the newest first; compared are figures of one system, on the same lines, under one
    signature. The first of its kind has no trend.
    """
    found: dict[tuple[int, str, str], float] = {}
    last: dict[tuple[object, ...], float] = {}
    for run in reversed(runs):
        made = _made(run)
        for system in run.systems:
            for score in run.scores.get(system, ()):
                lines = run.digest or run.set_name
                kind = (lines, made[system], score.metric, _bare(score.signature))
                if kind in last:
                    found[run.id, system, score.metric] = score.value - last[kind]
                last[kind] = score.value
    return found


def _bare(signature: str) -> str:
    return _RESAMPLING.sub("", signature)
