"""Post-editing effort: what the editor measured, and the sums that somebody may see."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from workbench.domain.effort import EffortReport, EffortRow, Stretch
from workbench.services.evaluation.effort import as_csv
from workbench.web.identity import Reader, Translator
from workbench.web.parts import Bench

router = APIRouter(tags=["efforts"])
Json = dict[str, Any]
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]


class Measured(BaseModel):
    """One stretch of work on one segment (``domain.effort.Stretch``)."""

    key: str = Field(min_length=1, max_length=64)
    segment_id: Count
    active_ms: Count
    elapsed_ms: Count
    keystrokes: Count
    inserted: Count
    deleted: Count
    pauses: Count
    revision: Count


class Stretches(BaseModel):
    """What the editor sends when rows were left; the same stretch may be sent again."""

    stretches: list[Measured] = Field(max_length=1000)


@router.post("/efforts")
def record(given: Stretches, identity: Translator, bench: Bench) -> Json:
    """Keep what was measured of the one who is signed in; ``kept`` is how many were new."""
    stretches = [Stretch(**measured.model_dump()) for measured in given.stretches]
    return {"kept": bench.lab.effort.record(stretches, identity.name)}


def asked(
    identity: Reader,
    bench: Bench,
    by: str = "engine",
    since: str = "",
    until: str = "",
    article: int = 0,
    own: bool = False,
) -> EffortReport:
    """Return the effort that is asked for, as far as the one who asks may see it."""
    return bench.lab.effort.report(identity, by, since, until, article, own)


Asked = Annotated[EffortReport, Depends(asked)]


@router.get("/efforts")
def report(found: Asked) -> Json:
    """Return effort by engine, article or translator: one's own, or for evaluators the sums."""
    return report_json(found)


@router.get("/efforts/export")
def export(found: Asked) -> Response:
    """Download the same as CSV."""
    headers = {"content-disposition": f'attachment; filename="effort-{found.by}.csv"'}
    return Response(as_csv(found).encode(), media_type="text/csv; charset=utf-8", headers=headers)


def report_json(report: EffortReport) -> Json:
    """A report; figures of a withheld row are null."""
    return {
        **asdict(report),
        "rows": [_row_json(row) for row in report.rows],
        "total": _row_json(report.total),
    }


def _row_json(row: EffortRow) -> Json:
    values: Json = {**asdict(row), "speed": row.speed}
    if not row.withheld:
        return values
    shown = ("key", "label", "withheld")
    return {name: value if name in shown else None for name, value in values.items()}
