"""Human judgement: campaigns for evaluators, sheets for judges.

While a campaign is open no answer names a system, says which text is an attention check, or tells
which line of the set a text belongs to.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from workbench.domain.judgement import (
    CATEGORIES,
    LIGHT,
    WEIGHTS,
    ErrorSpan,
    Item,
    Judgement,
    Results,
    Severity,
)
from workbench.services.evaluation.judgement import MOST_CHECKS, SEED, Sheet
from workbench.services.evaluation.judgement_export import as_json, as_tsv, campaign_json
from workbench.web.identity import Evaluator, Reader
from workbench.web.parts import Bench

router = APIRouter(tags=["judgements"])
Json = dict[str, Any]


class Plan(BaseModel):
    """A campaign to make over the outputs of a stored run."""

    name: str = Field(max_length=200)
    run: int
    kind: Literal["da", "mqm"] = "da"
    systems: list[str] = Field(default=[], max_length=100)
    lines: int | None = None
    checks: float = Field(default=0.1, ge=0, le=MOST_CHECKS)
    judges: list[str] = Field(default=[], max_length=200)
    seed: int = SEED


class Guests(BaseModel):
    """People to invite by the names they sign in with."""

    judges: list[str] = Field(max_length=200)


class Mark(BaseModel):
    """An error marked in an output; places in code points."""

    start: int
    end: int
    category: str = Field(max_length=40)
    severity: Severity
    note: str = Field("", max_length=1000)


class Verdict(BaseModel):
    """What a judge says of a text: a score, or its errors."""

    score: float | None = None
    spans: list[Mark] = Field(default=[], max_length=200)
    active_ms: int = Field(default=0, ge=0, le=2**31 - 1)


@router.get("/judgements/tasks")
def tasks(identity: Reader, bench: Bench) -> list[Json]:
    """List the campaigns that the one who is signed in may judge."""
    return [asdict(task) for task in bench.lab.judgement.tasks(identity)]


@router.get("/judgements/categories")
def categories(_identity: Reader) -> Json:
    """Return the error categories with their names in MQM tools, and the weights."""
    return {"categories": CATEGORIES, "weights": WEIGHTS, "light": LIGHT}


@router.get("/judgements/{campaign_id}/sheet")
def sheet(campaign_id: int, identity: Reader, bench: Bench, number: int | None = None) -> Json:
    """Return a sheet of texts to judge; without *number* the first with something left."""
    return sheet_json(bench.lab.judgement.sheet(campaign_id, identity, number))


@router.put("/judgements/items/{item_id}")
def judge(item_id: int, given: Verdict, identity: Reader, bench: Bench) -> Json:
    """Keep what the one who is signed in says of a text; saying it again changes it."""
    spans = [ErrorSpan(**mark.model_dump()) for mark in given.spans]
    said, task = bench.lab.judgement.judge(item_id, identity, given.score, spans, given.active_ms)
    return {"said": said_json(said), "task": asdict(task)}


@router.get("/judgements/runs")
def runs(_identity: Evaluator, bench: Bench) -> list[Json]:
    """List the finished runs that a campaign can be made of."""
    return [
        {
            "id": run.id,
            "title": run.title,
            "set": run.set_name,
            "size": run.size,
            "systems": run.systems,
        }
        for run in bench.runs.list(state="done")
    ]


@router.get("/judgements")
def campaigns(_identity: Evaluator, bench: Bench) -> list[Json]:
    """List the campaigns."""
    return [campaign_json(campaign) for campaign in bench.lab.judgement.campaigns.list()]


@router.post("/judgements", status_code=201)
def create(plan: Plan, identity: Evaluator, bench: Bench) -> Json:
    """Make a campaign."""
    campaign = bench.lab.judgement.create(author=identity.name, **plan.model_dump())
    return campaign_json(campaign)


@router.post("/judgements/{campaign_id}/invite")
def invite(campaign_id: int, given: Guests, _identity: Evaluator, bench: Bench) -> Json:
    """Let people judge who are no evaluators."""
    return campaign_json(bench.lab.judgement.invite(campaign_id, given.judges))


@router.post("/judgements/{campaign_id}/close")
def close(campaign_id: int, _identity: Evaluator, bench: Bench) -> Json:
    """End a campaign for good; from now on the systems are named."""
    return campaign_json(bench.lab.judgement.close(campaign_id))


@router.delete("/judgements/{campaign_id}", status_code=204)
def delete(campaign_id: int, _identity: Evaluator, bench: Bench) -> None:
    """Remove a campaign; 409 when somebody has judged in it."""
    bench.lab.judgement.delete(campaign_id)


@router.get("/judgements/{campaign_id}/results")
def results(
    campaign_id: int,
    _identity: Evaluator,
    bench: Bench,
    without: list[str] = Query(default=[]),  # noqa: B008 - FastAPI's way
) -> Json:
    """Return judges and agreement, and the systems' scores once the campaign is closed."""
    return results_json(bench.lab.judgement.results(campaign_id, without))


@router.get("/judgements/{campaign_id}/export")
def export(
    campaign_id: int, _identity: Evaluator, bench: Bench, to: Literal["tsv", "json"] = "tsv"
) -> Response:
    """Download a closed campaign; 409 while it is open."""
    write = as_tsv if to == "tsv" else as_json
    content = write(*bench.lab.judgement.unblinded(campaign_id))
    headers = {"content-disposition": f'attachment; filename="judgements-{campaign_id}.{to}"'}
    kind = "text/tab-separated-values" if to == "tsv" else "application/json"
    return Response(content.encode(), media_type=f"{kind}; charset=utf-8", headers=headers)


# -- the JSON shapes --------------------------------------------------------------------


def sheet_json(sheet: Sheet) -> Json:
    """A sheet for a judge."""
    return {
        "task": asdict(sheet.task),
        "number": sheet.number,
        "sheets": sheet.sheets,
        "items": [_item_json(item, sheet.said.get(item.id)) for item in sheet.items],
    }


def said_json(said: Judgement) -> Json:
    """What a judge said, to that judge."""
    return {"score": said.score, "spans": [asdict(span) for span in said.spans]}


def results_json(found: Results) -> Json:
    """Results; nothing names a system while the campaign is open."""
    return {
        "campaign": campaign_json(found.campaign),
        "judges": [{**asdict(row), "failed_share": row.failed_share} for row in found.judges],
        "agreement": [asdict(each) for each in found.agreement],
        "systems": [asdict(row) for row in found.systems],
        "comparisons": [asdict(each) for each in found.comparisons],
        "without": found.without,
    }


def _item_json(item: Item, said: Judgement | None) -> Json:
    return {
        "id": item.id,
        "position": item.position,
        "source": item.source,
        "text": item.text,
        "said": None if said is None else said_json(said),
    }
