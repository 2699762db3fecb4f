"""Segments: saving, confirming, the side panel. Each writing answer is the row as stored."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from workbench.services.term_rows import Step
from workbench.storage.articles import RowChanged
from workbench.web.identity import Language, Reader, Translator
from workbench.web.memory_wire import match_json, spread_json
from workbench.web.names import shown
from workbench.web.parts import Bench
from workbench.web.problems import problem_response
from workbench.web.wire import readings_json, row_json, version_json

router = APIRouter(tags=["segments"])
Json = dict[str, Any]


class Edit(BaseModel):
    """A target and the revision it was typed over."""

    target: str = Field(max_length=20_000)
    revision: int
    action: Literal["save", "confirm"] = "save"
    repeats: Literal["safe", "all", "none"] = "none"


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


class Exemption(BaseModel):
    """A missing term that may be missing; ``start`` is where it begins in the source."""

    start: int = Field(ge=0)
    reason: str = Field(max_length=1000)
    revision: int


class Insertion(BaseModel):
    """A target, perhaps not saved yet, that misses the term at ``start`` of the source."""

    start: int = Field(ge=0)
    target: str = Field(max_length=20_000)


class Choice(BaseModel):
    """What an uncertain name at ``start`` is: an entry, none, or open again."""

    start: int = Field(ge=0)
    choice: Literal["accepted", "rejected", ""]
    term_id: int = 0
    revision: int


class Chosen(BaseModel):
    """Repeats that are to take a translation."""

    ids: list[int] = Field(max_length=10_000)


class Steps(BaseModel):
    """What passing a translation on did: [segment, revision before, revision after]."""

    steps: list[tuple[int, int, int]] = Field(max_length=10_000)


@router.put("/segments/{segment_id}", response_model=None)
def save(
    segment_id: int, edit: Edit, identity: Translator, language: Language, bench: Bench
) -> Json | JSONResponse:
    """Save or confirm a target; 409 with the present row when somebody else saved meanwhile.

    A confirmed translation is passed on to the sentence's repeats as asked for.
    """
    try:
        if edit.action == "save":
            row = bench.review.save(segment_id, edit.target, edit.revision, identity.name)
            return row_json(row, language)
        row, spread = bench.repeats.confirm(
            segment_id, edit.target, edit.revision, identity.name, edit.repeats
        )
    except RowChanged as conflict:
        return _conflict(conflict, language)
    return {**row_json(row, language), "repeats": spread_json(spread, language)}


@router.get("/segments/{segment_id}/panel")
def panel(segment_id: int, _identity: Reader, language: Language, bench: Bench) -> Json:
    """Return matches, issues and history of a segment, and what its uncertain names may be.

    ``building`` is [units in the memory's index, units there are] while that is being built.
    """
    beside = bench.review.panel(segment_id)
    row = shown(bench, beside.row, bench.articles.place(segment_id).metadata.date)
    source = row.segment.source
    chosen = {receipt.hit.span for receipt in row.receipts if receipt.choice}
    uncertain = [hit for hit in row.hits if hit.state == "ambiguous" or hit.span in chosen]
    return {
        "row": row_json(row, language),
        "readings": [readings_json(hit, bench.terminology.readings(hit)) for hit in uncertain],
        "matches": [match_json(match, source) for match in beside.matches],
        "building": bench.memory.building(),
        "history": [version_json(version) for version in beside.history],
    }


@router.post("/segments/{segment_id}/dismiss")
def dismiss(
    segment_id: int, given: Dismissal, identity: Translator, language: Language, bench: Bench
) -> Json:
    """Put an issue aside for good."""
    row = bench.review.dismiss(segment_id, given.issue_id, given.reason, identity.name)
    return row_json(row, language)


@router.post("/segments/{segment_id}/override", response_model=None)
def override(
    segment_id: int, given: Exemption, identity: Translator, language: Language, bench: Bench
) -> Json | JSONResponse:
    """Let a missing term be missing, for a reason."""
    try:
        row = bench.review.override(
            segment_id, given.start, given.reason, given.revision, identity.name
        )
    except RowChanged as conflict:
        return _conflict(conflict, language)
    return row_json(row, language)


@router.post("/segments/{segment_id}/put-in")
def put_in(segment_id: int, given: Insertion, _identity: Translator, bench: Bench) -> Json:
    """Return the target with a missing term in it, for a person to look at; nothing is saved."""
    return {"target": bench.term_rows.proposed(segment_id, given.start, given.target)}


@router.post("/segments/{segment_id}/choose", response_model=None)
def choose(
    segment_id: int, given: Choice, identity: Translator, language: Language, bench: Bench
) -> Json | JSONResponse:
    """Decide what an uncertain name is."""
    try:
        row = bench.review.choose(
            segment_id, given.start, given.choice, given.term_id, given.revision, identity.name
        )
    except RowChanged as conflict:
        return _conflict(conflict, language)
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


@router.post("/segments/{segment_id}/repeats")
def repeat(
    segment_id: int, given: Chosen, identity: Translator, language: Language, bench: Bench
) -> Json:
    """Pass a confirmed translation on to some repeats of its sentence."""
    spread = bench.repeats.apply(segment_id, given.ids, identity.name)
    return spread_json(spread, language)


@router.post("/segments/{segment_id}/repeats/undo")
def undo_repeats(
    segment_id: int, given: Steps, identity: Translator, language: Language, bench: Bench
) -> Json:
    """Give repeats back what stood there; ``kept`` are the numbers of those changed since."""
    known = {row.segment.id for row in bench.articles.rows(bench.articles.article_of(segment_id))}
    steps = [Step(*step) for step in given.steps if step[0] in known]
    rows, kept = bench.repeats.undo(steps, identity.name)
    return {"rows": [row_json(row, language) for row in rows], "kept": kept}


def _conflict(conflict: RowChanged, language: str) -> JSONResponse:
    return problem_response(conflict, language, row=row_json(conflict.current, language))
