"""The JSON shapes of the memory's matches, for ``/api/v1`` and the command line alike."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from workbench.domain.memory import Match, Unit
from workbench.services.memory_analysis import Count, Report
from workbench.services.memory_score import concerns, diff, omegat
from workbench.services.repeats import Spread
from workbench.web.wire import row_json

Json = dict[str, Any]


def unit_json(unit: Unit) -> Json:
    """A unit of the memory with who made it, when and where."""
    return {
        "id": unit.id,
        "source": unit.source,
        "target": unit.target,
        "article": unit.article,
        "author": unit.author,
        "changed": unit.changed or unit.created,
        "origin": unit.origin,
    }


def match_json(match: Match, source: str) -> Json:
    """A match: score, the proposal, and how its source differs word by word from *source*."""
    return {**unit_json(match.unit), **proposal_json(match), **likeness_json(match, source)}


def proposal_json(match: Match) -> Json:
    """What is proposed, with what score and why; offsets are code points of the target."""
    fragment = match.fragment
    return {
        "target": match.target,
        "score": match.score,
        "how": match.how,
        "flags": list(match.flags),
        "penalties": [asdict(penalty) for penalty in match.penalties],
        "substitutions": [
            {"start": each.span.start, "end": each.span.end, "old": each.old, "new": each.new}
            for each in match.substitutions
        ],
        "outdated": [
            {
                "form": each.form,
                "right": each.right,
                "source": each.source,
                "term_id": each.term_id,
                "start": each.span.start,
                "end": each.span.end,
            }
            for each in match.outdated
        ],
        "patch": match.patch,
        "fragment": fragment
        and {
            "span": [fragment.span.start, fragment.span.end],
            "part": [fragment.part.start, fragment.part.end],
            "aligned": fragment.aligned,
            "term_id": fragment.term_id,
        },
    }


def likeness_json(match: Match, source: str) -> Json:
    """How a match's source differs from *source*: words, dangerous words, OmegaT's scores.

    ``scores`` are by lemmas, by words, by everything. A fragment is not compared as a whole.
    """
    if match.fragment:
        return {"diff": [], "concerns": [], "scores": []}
    return {
        "diff": diff(match.unit.source, source),
        "concerns": [each._asdict() for each in concerns(match.unit.source, source)],
        "scores": omegat(match.unit.source, source),
    }


def spread_json(spread: Spread, language: str) -> Json:
    """What passing a translation on did, and the repeats that a person may choose."""
    return {
        "taken": [row_json(row, language) for row in spread.taken],
        "steps": [[step.segment_id, step.before, step.after] for step in spread.steps],
        "proposed": [
            {
                "id": repeat.row.segment.id,
                "n": repeat.row.segment.n,
                "target": repeat.row.target,
                "same_context": repeat.same_context,
            }
            for repeat in spread.proposed
        ],
    }


def report_json(report: Report) -> Json:
    """An analysis of an article; percent of all segments and characters."""
    total = report.total

    def count(found: Count) -> Json:
        return {
            **asdict(found),
            "percent": {
                "segments": _percent(found.segments, total.segments),
                "characters": _percent(found.characters, total.characters),
            },
        }

    return {
        "done": report.done,
        **asdict(total),
        "repetitions": count(report.repetitions),
        "bands": {name: count(found) for name, found in report.bands.items()},
        "internal": {name: count(found) for name, found in report.internal.items()},
    }


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0
