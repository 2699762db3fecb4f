"""Bulletins: a specification made of articles, looked over, and built."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from workbench.domain.bulletin import Remark
from workbench.errors import InputError
from workbench.formats.bulletin_files import MEDIA
from workbench.formats.bulletin_spec import MOST_ITEMS, read_spec, write_spec
from workbench.messages import say
from workbench.services.bulletin import Bulletins
from workbench.web.identity import Exporter, Language
from workbench.web.parts import Bench

router = APIRouter(tags=["bulletins"])
_NAME = "spec.toml"


def _desk(bench: Bench) -> Bulletins:
    return Bulletins(bench.name_ledger, bench.exports)


Desk = Annotated[Bulletins, Depends(_desk)]


class Chosen(BaseModel):
    """Articles in their order."""

    articles: list[int] = Field(min_length=1, max_length=MOST_ITEMS)


class Specified(BaseModel):
    """A specification in TOML."""

    spec: str = Field(max_length=2_000_000)


@router.post("/bulletins/new")
def new(given: Chosen, _identity: Exporter, desk: Desk) -> dict[str, str]:
    """Return a specification with all that is known of the articles."""
    return {"spec": write_spec(desk.propose(given.articles))}


@router.post("/bulletins/check")
def check(
    given: Specified, _identity: Exporter, asked: Language, desk: Desk
) -> list[dict[str, Any]]:
    """Say what is missing and what should be looked at."""
    spec = read_spec(_bytes(given.spec), _NAME)
    return [_remark_json(remark, asked) for remark in desk.remarks(spec, desk.complete(spec))]


@router.post("/bulletins/build")
def build(
    given: Specified,
    identity: Exporter,
    desk: Desk,
    to: Literal["docx", "html", "txt"] = "docx",
    draft: bool = False,
) -> Response:
    """Download a bulletin. 422 when something is missing and it is to be no draft."""
    spec = read_spec(_bytes(given.spec), _NAME)
    bulletin = desk.complete(spec)
    errors = sum(remark.severity == "error" for remark in desk.remarks(spec, bulletin))
    if errors and not draft:
        raise InputError("bulletin.not_ready", count=errors)
    data = desk.write(bulletin, f".{to}")
    if not errors:
        desk.record(bulletin, identity.name)
    headers = {
        "content-disposition": f'attachment; filename="bulletin-{bulletin.number}.{to}"',
        "cache-control": "no-store",
    }
    return Response(data, media_type=MEDIA[f".{to}"], headers=headers)


def _bytes(text: str) -> bytes:
    return text.encode(errors="replace")


def _remark_json(remark: Remark, language: str) -> dict[str, Any]:
    problem, remedy = say(f"bulletin.{remark.key}", language, **remark.values)
    shown = {"item": remark.item, "severity": remark.severity, "key": remark.key}
    return {**shown, "problem": problem, "remedy": remedy}
