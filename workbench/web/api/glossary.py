"""Glossary entries: finding, adding, editing; files in and out."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Form, UploadFile
from fastapi.responses import Response
from pydantic import BaseModel, Field

from workbench.domain.term import Term, TermStatus, TermType
from workbench.services.term_files import MEDIA_TYPES, exported
from workbench.web.identity import Exporter, Keeper, Language, Proposer, Reader
from workbench.web.parts import Bench
from workbench.web.term_wire import entry_json, finding_json, import_json
from workbench.web.wire import term_json

router = APIRouter(tags=["glossary"])

Text = Annotated[str, Field(max_length=2000)]


class NewTerm(BaseModel):
    """A Russian name or term with its Chinese form."""

    source: str = Field(min_length=1, max_length=500)
    target: str = Field(min_length=1, max_length=500)
    type: TermType = "term"
    note: str = Field("", max_length=2000)


class Edited(BaseModel):
    """Changed fields of an entry at *revision*; None leaves a field as it is."""

    revision: int
    source: Text | None = None
    target: Text | None = None
    type: TermType | None = None
    variants: list[Text] | None = Field(None, max_length=100)
    forbidden: list[Text] | None = Field(None, max_length=100)
    needs_quotes: bool | None = None
    context: list[Text] | None = Field(None, max_length=100)
    valid_from: Text | None = None
    valid_to: Text | None = None
    note: Text | None = None
    provenance: Text | None = None
    reason: Text = ""

    def over(self, term: Term) -> Term:
        """Return *term* with the given fields replaced."""
        given = self.model_dump(exclude={"revision", "reason"}, exclude_none=True)
        for name in ("variants", "forbidden", "context"):
            if name in given:
                given[name] = tuple(given[name])
        return replace(term, **given)


@router.get("/glossary")
def search(
    _identity: Reader,
    bench: Bench,
    query: str = "",
    type: TermType | None = None,  # noqa: A002 - the word of the trade
    status: TermStatus | None = None,
    limit: int = 50,
    offset: int = 0,
) -> list[Any]:
    """Return entries by a part of either side, any Russian form, pinyin or its initials."""
    size = min(max(limit, 1), 500)
    found = bench.desk.search(query, type, status, size, max(offset, 0))
    return [term_json(term) for term in found.terms]


@router.post("/glossary", status_code=201)
def add(given: NewTerm, identity: Proposer, language: Language, bench: Bench) -> dict[str, Any]:
    """Add an entry: approved when the role keeps the glossary, proposed otherwise.

    ``remarks`` says what was mended (Latin look-alikes) and what is offered (Simplified Chinese).
    """
    status: TermStatus = "approved" if identity.may("keep terms") else "proposed"
    written = Term(given.source.strip(), given.target.strip(), given.type)
    term = bench.terminology.add(
        written.source,
        written.target,
        written.type,
        author=identity.name,
        note=given.note.strip(),
        status=status,
    )
    remarks = [
        {
            "key": remark.key,
            "field": remark.field,
            "text": remark.text,
            "suggestion": remark.suggestion,
            "mended": remark.mended,
            "message": remark.say(language),
        }
        for remark in bench.desk.advice(written)
    ]
    return {**term_json(term), "remarks": remarks}


@router.get("/glossary/export")
def export(
    _identity: Exporter, bench: Bench, to: Literal["tsv", "csv", "xlsx", "tbx", "tbx2"] = "tsv"
) -> Response:
    """Download the whole glossary; ``tbx2`` is TBX version 2, for programs that know no newer."""
    suffix = to.removesuffix("2")
    headers = {"content-disposition": f'attachment; filename="glossary.{suffix}"'}
    return Response(
        exported(bench.terminology.terms, to), media_type=MEDIA_TYPES[suffix], headers=headers
    )


@router.get("/glossary/findings")
def findings(_identity: Reader, language: Language, bench: Bench) -> list[dict[str, Any]]:
    """Return the glossary's faults, each with what to do about it."""
    return [finding_json(finding, language) for finding in bench.desk.findings()]


@router.post("/glossary/import")
def import_file(
    identity: Keeper,
    language: Language,
    bench: Bench,
    file: Annotated[UploadFile, File()],
    preview: Annotated[bool, Form()] = False,
    simplify: Annotated[bool, Form()] = False,
) -> dict[str, Any]:
    """Import a .tsv, .csv, .xlsx or .tbx file all at once, or only say what that would do."""
    report = bench.desk.import_file(
        file.file.read(), file.filename or "upload", identity.name, preview, simplify
    )
    return import_json(report, language)


@router.get("/glossary/{term_id}")
def get(term_id: int, _identity: Reader, bench: Bench) -> dict[str, Any]:
    """Return an entry with its forms."""
    return entry_json(bench.terminology.terms.get(term_id))


@router.patch("/glossary/{term_id}")
def edit(term_id: int, given: Edited, identity: Keeper, bench: Bench) -> dict[str, Any]:
    """Change an entry; 409 when it is not at the given revision any more."""
    changed = given.over(bench.terminology.terms.get(term_id))
    saved = bench.terminology.update(changed, given.revision, identity.name, given.reason.strip())
    return entry_json(saved)


@router.delete("/glossary/{term_id}", status_code=204)
def delete(
    term_id: int, identity: Keeper, bench: Bench, reason: str = "", revision: int | None = None
) -> None:
    """Delete an entry; ``/undelete`` brings it back."""
    bench.desk.delete(term_id, identity.name, reason, revision)
