"""Test sets: what is known of them, what is wrong with them; the newsroom's own are frozen."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from workbench.messages import say
from workbench.services.evaluation.freezing import Freezing, favoured
from workbench.services.evaluation.freezing import Wanted as Filters
from workbench.services.evaluation.run_document import set_json
from workbench.storage.frozen_sets import FrozenSets
from workbench.web.identity import Evaluator, Language, Reader
from workbench.web.parts import Bench

router = APIRouter(tags=["testsets"])
Json = dict[str, Any]
Day = Annotated[str, Field(max_length=10)]


class Wanted(BaseModel):
    """A set to freeze, and from which confirmed articles."""

    name: str = Field(max_length=60)
    since: Day = ""
    until: Day = ""
    outlet: str = Field("", max_length=200)
    author: str = Field("", max_length=200)
    partial: bool = False
    limit: int | None = Field(default=None, ge=1)
    note: str = Field("", max_length=2000)


@router.get("/testsets")
def listed(_identity: Reader, bench: Bench) -> list[Json]:
    """List the sets that can be read now."""
    return [set_json(found) for found in bench.evaluation.shelf.list()]


@router.get("/testsets/{name}")
def show(name: str, _identity: Reader, language: Language, bench: Bench) -> Json:
    """Return what is known of a set, and what is wrong with it."""
    shelf = bench.evaluation.shelf
    findings = [say(each.key, language, **each.values) for each in shelf.check(name)]
    said = [{"problem": problem, "remedy": remedy} for problem, remedy in findings]
    return {**set_json(shelf.manifest(name)), "findings": said}


@router.post("/testsets", status_code=201)
def freeze(given: Wanted, identity: Evaluator, bench: Bench) -> Json:
    """Freeze a set from confirmed articles; it never changes afterwards."""
    wanted = Filters(
        given.since, given.until, given.outlet, given.author, given.partial, given.limit
    )
    manifest = _freezing(bench).freeze(given.name, wanted, identity.name, given.note)
    return {**set_json(manifest), "favoured": favoured(manifest)}


@router.delete("/testsets/{name}", status_code=204)
def delete(name: str, identity: Evaluator, bench: Bench) -> Response:
    """Delete a frozen set: one's own, an administrator anybody's; stored runs keep their lines."""
    freezing = _freezing(bench)
    identity.require_own(freezing.author(name))
    freezing.delete(name)
    return Response(status_code=204)


def _freezing(bench: Bench) -> Freezing:
    return Freezing(FrozenSets(bench.database), bench.evaluation.shelf)
