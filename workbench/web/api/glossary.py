"""Glossary entries, as the editor needs them."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, Field

from workbench.domain.term import TermStatus
from workbench.services.term_files import MEDIA_TYPES, exported
from workbench.web.identity import Exporter, Proposer, Reader
from workbench.web.parts import Bench
from workbench.web.wire import term_json

router = APIRouter(tags=["glossary"])


class NewTerm(BaseModel):
    """A Russian name or term with its Chinese form."""

    source: str = Field(min_length=1, max_length=500)
    target: str = Field(min_length=1, max_length=500)
    type: Literal["person", "place", "org", "media", "event", "document", "term"] = "term"
    note: str = Field("", max_length=2000)


@router.get("/glossary")
def search(_identity: Reader, bench: Bench, query: str = "", limit: int = 50) -> list[Any]:
    """Return entries that contain *query* on either side."""
    found = bench.terms.list(query=query, limit=min(max(limit, 1), 500), offset=0)
    return [term_json(term) for term in found]


@router.post("/glossary", status_code=201)
def add(given: NewTerm, identity: Proposer, bench: Bench) -> dict[str, Any]:
    """Add an entry: approved when the role keeps the glossary, proposed otherwise."""
    status: TermStatus = "approved" if identity.may("keep terms") else "proposed"
    term = bench.terminology.add(
        given.source.strip(),
        given.target.strip(),
        given.type,
        author=identity.name,
        note=given.note.strip(),
        status=status,
    )
    return term_json(term)


@router.get("/glossary/export")
def export(
    _identity: Exporter, bench: Bench, to: Literal["tsv", "csv", "xlsx", "tbx"] = "tsv"
) -> Response:
    """Download the whole glossary."""
    headers = {"content-disposition": f'attachment; filename="glossary.{to}"'}
    return Response(exported(bench.terms, to), media_type=MEDIA_TYPES[to], headers=headers)
