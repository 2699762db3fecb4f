"""Imports into the memory: looked at, done by the worker, judged, withdrawn, brought back."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from workbench.errors import TooLarge
from workbench.services.memory_imports import profile_of
from workbench.web.guard import MEMORY_MEGABYTES
from workbench.web.identity import Language, MemoryKeeper, Reader
from workbench.web.keeping_wire import import_json, preview_json
from workbench.web.parts import Bench

router = APIRouter(tags=["memory"])
Json = dict[str, Any]


class Judgement(BaseModel):
    """How far an import is trusted; without a penalty that of the trust."""

    trust: str = Field("", max_length=16)
    domain: str = Field("", max_length=200)
    penalty: int | None = None


class Order(Judgement):
    """An uploaded file, by its token, that is to be imported."""

    token: str = Field(max_length=32)
    name: str = Field(max_length=500)


@router.post("/memory/uploads")
async def upload(
    request: Request,
    name: Annotated[str, Query(max_length=500)],
    _identity: MemoryKeeper,
    language: Language,
    bench: Bench,
) -> Json:
    """Keep a file (the body as it is) for an import, and say what is in it."""
    with tempfile.TemporaryFile() as stream:
        async for block in request.stream():
            if stream.tell() + len(block) > MEMORY_MEGABYTES << 20:
                raise TooLarge("web.too_large", limit=MEMORY_MEGABYTES)
            await run_sync(stream.write, block)
        stream.seek(0)
        token = await run_sync(bench.memory_imports.keep, stream, name)
    try:
        preview = await run_sync(bench.memory_imports.preview, token, name)
    except BaseException:
        bench.memory_imports.discard(token)
        raise
    return {"token": token, **preview_json(preview, language)}


@router.get("/memory/imports")
def imports(_identity: Reader, bench: Bench, withdrawn: bool = False) -> list[Json]:
    """List the imports, newest first; with *withdrawn* also those that can be brought back."""
    return [asdict(batch) for batch in bench.units.imports.list(withdrawn)]


@router.post("/memory/imports", status_code=202)
def start(given: Order, identity: MemoryKeeper, language: Language, bench: Bench) -> Json:
    """Queue the import of an uploaded file."""
    profile = profile_of(given.trust, given.domain, given.penalty)
    job = bench.memory_imports.start(given.token, given.name, profile, identity.name)
    return import_json(job, language)


@router.get("/memory/import-jobs/{job_id}")
def job(job_id: int, _identity: Reader, language: Language, bench: Bench) -> Json:
    """Return how far an import is, or what it did."""
    return import_json(bench.memory_imports.job(job_id), language)


@router.post("/memory/import-jobs/{job_id}/cancel")
def cancel(job_id: int, _identity: MemoryKeeper, language: Language, bench: Bench) -> Json:
    """Stop an import; nothing of it stays."""
    return import_json(bench.memory_imports.cancel(job_id), language)


@router.patch("/memory/imports/{batch}")
def judge(batch: str, given: Judgement, _identity: MemoryKeeper, bench: Bench) -> Json:
    """Change what is thought of an import."""
    profile = profile_of(given.trust, given.domain, given.penalty)
    return asdict(bench.units.imports.set_profile(batch, profile))


@router.post("/memory/imports/{batch}/withdraw")
def withdraw(batch: str, identity: MemoryKeeper, bench: Bench) -> Json:
    """Delete the units of an import; those that another import has too stay."""
    return {"units": bench.units.imports.withdraw(batch, identity.name)}


@router.post("/memory/imports/{batch}/undo")
def undo(batch: str, identity: MemoryKeeper, bench: Bench) -> Json:
    """Bring a withdrawn import back, but for what changed since or is there again."""
    return {"units": bench.units.imports.undo(batch, identity.name)}
