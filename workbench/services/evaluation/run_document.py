"""Runs and verdicts as JSON, for the command line and ``/api/v1`` alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from workbench.domain.run import Run, SetManifest, Verdict
from workbench.messages import say

Json = dict[str, Any]
Trends = Mapping[tuple[int, str, str], float]


def run_json(run: Run, language: str = "en", trends: Trends | None = None) -> Json:
    """A run without its lines; ``trend`` is the change since the run before, by metric."""
    problem, remedy = "", ""
    if run.problem:
        problem, remedy = say(run.problem["key"], language, **run.problem.get("values", {}))
    changes = trends or {}
    return {
        "id": run.id,
        "title": run.title,
        "set_name": run.set_name,
        "size": run.size,
        "systems": list(run.systems),
        "glossary": run.glossary,
        "state": run.state,
        "done": run.done,
        "total": run.total,
        "scores": {name: [asdict(s) for s in scores] for name, scores in run.scores.items()},
        "trend": {
            name: {
                score.metric: changes[run.id, name, score.metric]
                for score in run.scores.get(name, ())
                if (run.id, name, score.metric) in changes
            }
            for name in run.systems
        },
        "seconds": dict(run.seconds),
        "tokens": dict(run.tokens),
        "remembered": dict(run.remembered),
        "tokens_per_second": {
            name: run.tokens[name] / seconds
            for name, seconds in run.seconds.items()
            if seconds and name in run.tokens
        },
        "settings": asdict(run.settings),
        "versions": dict(run.versions),
        "digest": run.digest,
        "problem": problem,
        "remedy": remedy,
        "author": run.author,
        "created": run.created,
        "started": run.started,
        "finished": run.finished,
    }


def verdict_json(verdict: Verdict) -> Json:
    """A run held against a baseline, the deepest fall first."""
    falls = sorted(verdict.falls, key=lambda fall: -fall.drop)
    return {
        "run": verdict.run_id or None,
        "baseline": verdict.baseline_id,
        "max_drop": verdict.max_drop,
        "regressed": verdict.regressed,
        "falls": [asdict(fall) for fall in falls],
        "incomparable": list(verdict.incomparable),
    }


def set_json(manifest: SetManifest) -> Json:
    """What is known of a set."""
    return asdict(manifest)
