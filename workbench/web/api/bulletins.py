"""Bulletins: a specification made of articles, looked over, and built."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from workbench.domain.bulletin import Remark
from workbench.errors import InputError
from workbench.formats.bulletin_files import MEDIA
from workbench.formats.bulletin_spec import read_spec, write_spec
from workbench.messages import say
from workbench.services.bulletin import Bulletins
from workbench.web.identity import Exporter, Language
from workbench.web.parts import Bench

router = APIRouter(tags=["bulletins"])
_NAME = "spec.toml"


class Chosen(BaseModel):
    """Articles in their order."""

    articles: list[int] = Field(min_length=1, max_length=100)


class Specified(BaseModel):
    """A specification in TOML."""

    spec: str = Field(max_length=2_000_000)


@router.post("/bulletins/new")
def new(given: Chosen, _identity: Exporter, bench: Bench) -> dict[str, str]:
    """Return a specification with all that is known of the articles."""
    made = Bulletins(bench.name_ledger, bench.exports).propose(given.articles)
    return {"spec": write_spec(made)}


@router.post("/bulletins/check")
def check(
    given: Specified, _identity: Exporter, asked: Language, bench: Bench
) -> list[dict[str, Any]]:
    """Say what is missing and what should be looked at."""
    bulletins = Bulletins(bench.name_ledger, bench.exports)
    bulletin = bulletins.complete(read_spec(given.spec.encode(), _NAME))
    return [_remark_json(remark, asked) for remark in bulletins.remarks(bulletin)]


@router.post("/bulletins/build")
def build(
    given: Specified, identity: Exporter, bench: Bench, to: str = "docx", draft: bool = False
) -> Response:
    """Download a bulletin: docx, html or txt. 422 when something is missing and it is no draft."""
    bulletins = Bulletins(bench.name_ledger, bench.exports)
    bulletin = bulletins.complete(read_spec(given.spec.encode(), _NAME))
    errors = sum(remark.severity == "error" for remark in bulletins.remarks(bulletin))
    if errors and not draft:
        raise InputError("bulletin.not_ready", count=errors)
    data = bulletins.write(bulletin, f".{to}")
    if not errors:
        bulletins.record(bulletin, identity.name)
    name = f"bulletin-{bulletin.number or 0}.{to}"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(data, media_type=MEDIA[f".{to}"], headers=headers)


def _remark_json(remark: Remark, language: str) -> dict[str, Any]:
    problem, remedy = say(f"bulletin.{remark.key}", language, **remark.values)
    shown = {"item": remark.item, "severity": remark.severity, "key": remark.key}
    return {**shown, "problem": problem, "remedy": remedy}
