"""Segments: saving, confirming, the side panel. Each writing answer is the row as stored."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from workbench.storage.articles import RowChanged
from workbench.web.identity import Language, Reader, Translator
from workbench.web.names import shown
from workbench.web.parts import Bench
from workbench.web.problems import problem_response
from workbench.web.wire import match_json, row_json, version_json

router = APIRouter(tags=["segments"])
Json = dict[str, Any]


class Edit(BaseModel):
    """A target and the revision it was typed over."""

    target: str = Field(max_length=20_000)
    revision: int
    action: Literal["save", "confirm"] = "save"


class Dismissal(BaseModel):
    """An issue put aside."""

    issue_id: str = Field(max_length=64)
    reason: str = Field("", max_length=1000)


class Restoration(BaseModel):
    """An earlier version to bring back over the present *revision*."""

    version: int
    revision: int


class Locking(BaseModel):
    """Whether the row is to be locked."""

    locked: bool
    revision: int


@router.put("/segments/{segment_id}", response_model=None)
def save(
    segment_id: int, edit: Edit, identity: Translator, language: Language, bench: Bench
) -> Json | JSONResponse:
    """Save or confirm a target; 409 with the present row when somebody else saved meanwhile."""
    act = bench.review.confirm if edit.action == "confirm" else bench.review.save
    try:
        return row_json(act(segment_id, edit.target, edit.revision, identity.name), language)
    except RowChanged as conflict:
        return _conflict(conflict, language)


@router.get("/segments/{segment_id}/panel")
def panel(segment_id: int, _identity: Reader, language: Language, bench: Bench) -> Json:
    """Return matches, issues and history of a segment."""
    beside = bench.review.panel(segment_id)
    date = bench.articles.place(segment_id).metadata.date
    source = beside.row.segment.source
    return {
        "row": row_json(shown(bench, beside.row, date), language),
        "matches": [match_json(match, source) for match in beside.matches],
        "history": [version_json(version) for version in beside.history],
    }


@router.post("/segments/{segment_id}/dismiss")
def dismiss(
    segment_id: int, given: Dismissal, identity: Translator, language: Language, bench: Bench
) -> Json:
    """Put an issue aside for good."""
    row = bench.review.dismiss(segment_id, given.issue_id, given.reason, identity.name)
    return row_json(row, language)


@router.post("/segments/{segment_id}/restore", response_model=None)
def restore(
    segment_id: int, given: Restoration, identity: Translator, language: Language, bench: Bench
) -> Json | JSONResponse:
    """Bring an earlier version back, as a new one."""
    try:
        row = bench.review.restore(segment_id, given.version, given.revision, identity.name)
    except RowChanged as conflict:
        return _conflict(conflict, language)
    return row_json(row, language)


@router.post("/segments/{segment_id}/lock", response_model=None)
def lock(
    segment_id: int, given: Locking, identity: Translator, language: Language, bench: Bench
) -> Json | JSONResponse:
    """Lock a row against changes, or unlock it."""
    act = bench.review.lock if given.locked else bench.review.unlock
    try:
        return row_json(act(segment_id, given.revision, identity.name), language)
    except RowChanged as conflict:
        return _conflict(conflict, language)


def _conflict(conflict: RowChanged, language: str) -> JSONResponse:
    return problem_response(conflict, language, row=row_json(conflict.current, language))
