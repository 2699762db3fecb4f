"""The memory's concordance and its keeping: units, findings, acts that can be undone."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from workbench.services.concordance import narrowed
from workbench.services.memory_findings import Kind
from workbench.web.identity import Language, MemoryKeeper, Reader
from workbench.web.keeping_wire import finding_json, findings_json, found_json, stored_json
from workbench.web.parts import Bench

router = APIRouter(tags=["memory"])
Json = dict[str, Any]

Reason = Annotated[str, Field(max_length=2000)]
Text = Annotated[str, Field(max_length=20_000)]
Word = Annotated[str, Query(max_length=500)]


class Act(BaseModel):
    """Why something is done."""

    reason: Reason = ""


class Change(Act):
    """New content of a unit that was read at *revision*; what is not given stays."""

    revision: int
    source: Text | None = None
    target: Text | None = None
    note: Text | None = None


class Earlier(Act):
    """The version that is to come back, and the present one."""

    version: int
    revision: int


class OfSource(Act):
    """A source with doubles."""

    key: str = Field(max_length=32)


class Chosen(OfSource):
    """The unit whose translation all units of the source are to have."""

    unit_id: int


class Patch(Act):
    """The units whose outdated terms are to be replaced."""

    unit_ids: list[int] = Field(min_length=1, max_length=1000)


class Withdrawal(Act):
    """An article of the house by its number, or what imported files call it."""

    article_id: int = 0
    title: str = Field("", max_length=1000)


@router.get("/memory/concordance")
def concordance(
    _identity: Reader,
    bench: Bench,
    response: Response,
    text: Word = "",
    side: Literal["source", "target"] | None = None,
    article: Word = "",
    author: Word = "",
    origin: Word = "",
    since: Word = "",
    until: Word = "",
    limit: int = 100,
    before: int = 0,
) -> list[Json]:
    """Return units that hold *text*, newest first, with the places marked on both sides.

    Words in any form and order, what is in quotation marks as it stands. The header ``x-next`` is
    the *before* of the next page, where there is one.
    """
    only = narrowed(article, author, origin, since, until)
    page = bench.concordance.search(text, side, only, min(max(limit, 1), 500), before)
    if page.next:
        response.headers["x-next"] = str(page.next)
    return [found_json(found) for found in page.found]


@router.get("/memory/units/{unit_id}")
def unit(unit_id: int, _identity: Reader, bench: Bench) -> Json:
    """Return a unit, deleted or not, with its history."""
    return stored_json(bench.memory_keeping.get(unit_id))


@router.patch("/memory/units/{unit_id}")
def change(unit_id: int, given: Change, identity: MemoryKeeper, bench: Bench) -> Json:
    """Change a unit. 409 when somebody changed it since it was read."""
    texts = given.model_dump(include={"source", "target", "note"})
    bench.memory_keeping.update(unit_id, given.revision, identity.name, given.reason, **texts)
    return stored_json(bench.memory_keeping.get(unit_id))


@router.delete("/memory/units/{unit_id}", status_code=204)
def delete(
    unit_id: int, revision: int, identity: MemoryKeeper, bench: Bench, reason: str = ""
) -> None:
    """Delete a unit; it can be brought back. 409 when somebody changed it since."""
    bench.memory_keeping.delete(unit_id, revision, identity.name, reason[:2000])


@router.post("/memory/units/{unit_id}/undelete")
def undelete(unit_id: int, given: Act, identity: MemoryKeeper, bench: Bench) -> Json:
    """Bring a deleted unit back as it was."""
    bench.memory_keeping.undelete(unit_id, identity.name, given.reason)
    return stored_json(bench.memory_keeping.get(unit_id))


@router.post("/memory/units/{unit_id}/restore")
def restore(unit_id: int, given: Earlier, identity: MemoryKeeper, bench: Bench) -> Json:
    """Make an earlier version the newest."""
    bench.memory_keeping.restore(
        unit_id, given.version, given.revision, identity.name, given.reason
    )
    return stored_json(bench.memory_keeping.get(unit_id))


@router.get("/memory/findings/{kind}")
def findings(
    kind: Kind,
    _identity: Reader,
    language: Language,
    bench: Bench,
    after: Word = "",
    limit: int = 20,
) -> Json:
    """List what is doubtful, page by page."""
    page = bench.memory_findings.page(kind, after, min(max(limit, 1), 200))
    return findings_json(page, language)


@router.get("/memory/units/{unit_id}/terms")
def terms(unit_id: int, _identity: Reader, language: Language, bench: Bench) -> Json:
    """Show a unit's outdated terms and its translation with the right ones. 404 without any."""
    return finding_json(bench.memory_findings.preview(unit_id), language)


@router.post("/memory/findings/merge")
def merge(given: OfSource, identity: MemoryKeeper, bench: Bench) -> Json:
    """Delete the doubles of a source in one act."""
    return asdict(bench.memory_findings.merge(given.key, identity.name, given.reason))


@router.post("/memory/findings/settle")
def settle(given: Chosen, identity: MemoryKeeper, bench: Bench) -> Json:
    """Give all units of a source the translation of one, in one act."""
    findings = bench.memory_findings
    return asdict(findings.settle(given.key, given.unit_id, identity.name, given.reason))


@router.post("/memory/findings/patch")
def patch(given: Patch, identity: MemoryKeeper, bench: Bench) -> Json:
    """Put the right terms into units in one act."""
    return asdict(bench.memory_findings.patch(given.unit_ids, identity.name, given.reason))


@router.post("/memory/withdrawals")
def withdraw(given: Withdrawal, identity: MemoryKeeper, bench: Bench) -> Json:
    """Delete all units of an article in one act."""
    keeping = bench.memory_keeping
    return asdict(
        keeping.withdraw_article(given.article_id, given.title, identity.name, given.reason)
    )


@router.get("/memory/acts")
def acts(_identity: Reader, bench: Bench) -> list[Json]:
    """List what was done to several units at once, newest first."""
    return [asdict(act) for act in bench.memory_keeping.acts()]


@router.post("/memory/acts/{act_id}/undo")
def undo(act_id: int, identity: MemoryKeeper, bench: Bench) -> Json:
    """Take an act back where nobody changed anything since."""
    return asdict(bench.memory_keeping.undo(act_id, identity.name))
