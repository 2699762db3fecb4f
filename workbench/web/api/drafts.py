"""Drafting by the machine, as a job of the worker process."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from workbench.domain.job import Job
from workbench.errors import Conflict, NotFound
from workbench.messages import say
from workbench.web.identity import Language, Reader, Translator
from workbench.web.parts import Bench

router = APIRouter(tags=["drafts"])
Json = dict[str, Any]


class Order(BaseModel):
    """Which engine is to draft; empty for the one in the settings."""

    engine: str = Field("", max_length=200)


@router.post("/articles/{article_id}/draft", status_code=202)
def draft(
    article_id: int, order: Order, identity: Translator, language: Language, bench: Bench
) -> Json:
    """Start drafting what is not drafted yet. 409 while it is being drafted already."""
    bench.articles.get(article_id)
    known = [info.name for info in bench.engines()]
    if order.engine and order.engine not in known:
        raise NotFound(
            "house.unknown_name", group="engines", name=order.engine, known=", ".join(known)
        )
    running = bench.jobs.latest(article_id)
    if running is not None and running.state in ("queued", "running"):
        raise Conflict("web.drafting")
    parameters = {"engine": order.engine or bench.settings.engine}
    job = bench.jobs.enqueue("draft", article_id, parameters, identity.name)
    return job_json(job, language)


@router.get("/articles/{article_id}/job")
def latest(article_id: int, _identity: Reader, language: Language, bench: Bench) -> Json | None:
    """Return the article's last job, or null."""
    job = bench.jobs.latest(article_id)
    return None if job is None else job_json(job, language)


@router.post("/articles/{article_id}/job/cancel")
def cancel(article_id: int, _identity: Translator, language: Language, bench: Bench) -> Json | None:
    """Stop the article's job; rows already drafted stay."""
    job = bench.jobs.latest(article_id)
    if job is None:
        return None
    bench.jobs.cancel(job.id)
    return job_json(bench.jobs.get(job.id), language)


def job_json(job: Job, language: str) -> Json:
    """A job with its progress and, when it failed, what to do."""
    problem, remedy = "", ""
    if job.problem:
        problem, remedy = say(job.problem["key"], language, **job.problem.get("values", {}))
    return {
        "id": job.id,
        "state": job.state,
        "done": job.done,
        "total": job.total,
        "engine": job.parameters.get("engine", ""),
        "problem": problem,
        "remedy": remedy,
        "author": job.author,
        "created": job.created,
    }
