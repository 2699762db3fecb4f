"""The terminologist's acts: states, history, consequences, patches, imports."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from workbench.domain.term import TermStatus
from workbench.web.identity import Keeper, Reader
from workbench.web.parts import Bench
from workbench.web.term_wire import (
    entry_json,
    impact_json,
    import_undone_json,
    patch_json,
    patched_json,
    step_json,
    undone_json,
)

router = APIRouter(tags=["glossary"])

Reason = Annotated[str, Field(max_length=2000)]


class Act(BaseModel):
    """Why something is done."""

    reason: Reason = ""


class NewState(Act):
    """The state an entry is to have, changed from *revision*."""

    status: TermStatus
    revision: int | None = None


class Earlier(Act):
    """The version that is to come back."""

    revision: int


class Forms(BaseModel):
    """A person's decisions on the Russian forms of an entry."""

    added: list[Reason] = Field(default_factory=list, max_length=200)
    struck: list[Reason] = Field(default_factory=list, max_length=200)
    revision: int | None = None


class NewForm(Act):
    """The Chinese form that is to stand wherever the old one does."""

    target: str = Field(min_length=1, max_length=500)
    confirmed: bool = False
    revision: int | None = None


@router.get("/glossary-imports")
def imports(_identity: Reader, bench: Bench) -> list[dict[str, Any]]:
    """List the imports, the newest first."""
    return [asdict(batch) for batch in bench.desk.imports()]


@router.post("/glossary-imports/{batch}/undo")
def undo_import(
    batch: str, identity: Keeper, bench: Bench, given: Act | None = None
) -> dict[str, Any]:
    """Take an import out again, but for entries that were changed since."""
    reason = given.reason if given else ""
    return import_undone_json(bench.desk.undo_import(batch, identity.name, reason))


@router.get("/glossary-patches")
def patches(_identity: Reader, bench: Bench, term_id: int = 0) -> list[dict[str, Any]]:
    """List the patches of an entry, or of all, the newest first."""
    return [patch_json(patch) for patch in bench.desk.list_patches(term_id)]


@router.post("/glossary-patches/{patch_id}/undo")
def undo_patch(patch_id: int, identity: Keeper, bench: Bench) -> dict[str, Any]:
    """Take a patch back where nobody changed anything since; say what stays."""
    return undone_json(bench.desk.undo_patch(patch_id, identity.name))


@router.post("/glossary/{term_id}/state")
def set_state(term_id: int, given: NewState, identity: Keeper, bench: Bench) -> dict[str, Any]:
    """Propose, approve, deprecate or forbid an entry; the last two need a reason."""
    term = bench.desk.set_state(term_id, given.status, identity.name, given.reason, given.revision)
    return entry_json(term)


@router.put("/glossary/{term_id}/forms")
def set_forms(term_id: int, given: Forms, identity: Keeper, bench: Bench) -> dict[str, Any]:
    """Save which Russian forms are matched besides the generated ones, and which never are."""
    term = bench.terminology.set_forms(
        term_id, given.added, given.struck, identity.name, given.revision
    )
    return entry_json(term)


@router.get("/glossary/{term_id}/history")
def history(term_id: int, _identity: Reader, bench: Bench) -> list[dict[str, Any]]:
    """Return who changed what, when and why, the newest first; also of a deleted entry."""
    return [step_json(step) for step in bench.desk.history(term_id)]


@router.post("/glossary/{term_id}/restore")
def restore(term_id: int, given: Earlier, identity: Keeper, bench: Bench) -> dict[str, Any]:
    """Bring an earlier version back, as the newest."""
    return entry_json(bench.desk.restore(term_id, given.revision, identity.name, given.reason))


@router.post("/glossary/{term_id}/undelete")
def undelete(
    term_id: int, identity: Keeper, bench: Bench, given: Act | None = None
) -> dict[str, Any]:
    """Bring a deleted entry back as it was."""
    reason = given.reason if given else ""
    return entry_json(bench.desk.undelete(term_id, identity.name, reason))


@router.get("/glossary/{term_id}/impact")
def impact(
    term_id: int,
    _identity: Reader,
    bench: Bench,
    target: str = "",
    status: TermStatus | None = None,
    deleted: bool = False,
) -> dict[str, Any]:
    """Say what another form or state, or a deletion, would touch; changes nothing."""
    return impact_json(bench.desk.impact(term_id, target, status, deleted))


@router.post("/glossary/{term_id}/patch")
def patch(term_id: int, given: NewForm, identity: Keeper, bench: Bench) -> dict[str, Any]:
    """Give an entry a new Chinese form and put it into the texts that have the old one."""
    done = bench.desk.patch(
        term_id, given.target, identity.name, given.reason, given.confirmed, given.revision
    )
    return patched_json(done)


@router.post("/glossary/{term_id}/base/{choice}")
def base(
    term_id: int, choice: Literal["take", "keep"], identity: Keeper, bench: Bench
) -> dict[str, Any]:
    """Settle a difference from the shipped glossary: ``take`` its row or ``keep`` one's own."""
    if choice == "take":
        return entry_json(bench.desk.take_base(term_id, identity.name))
    bench.desk.keep_local(term_id)
    return entry_json(bench.terminology.terms.get(term_id))
