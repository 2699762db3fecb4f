"""The translation memory, as the editor needs it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO, Any, Literal

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from workbench.web.identity import Exporter, Reader
from workbench.web.parts import Bench
from workbench.web.wire import match_json, unit_json

router = APIRouter(tags=["memory"])


@router.get("/memory/concordance")
def concordance(
    text: str, _identity: Reader, bench: Bench, side: Literal["source", "target"] = "source"
) -> list[dict[str, Any]]:
    """Return units that contain *text* on the given side."""
    if not text.strip():
        return []
    return [unit_json(unit) for unit in bench.memory.concordance(text.strip(), side)[:100]]


@router.get("/memory/matches")
def matches(
    text: str, _identity: Reader, bench: Bench, limit: int = 5, minimum: int = 60
) -> list[dict[str, Any]]:
    """Return what the memory offers for a sentence."""
    found = bench.memory.matches(text, limit=min(max(limit, 1), 50), minimum=minimum)
    return [match_json(match, text) for match in found]


@router.get("/memory/export")
def export(
    _identity: Exporter, bench: Bench, to: Literal["tmx", "tsv", "csv", "xlsx"] = "tmx"
) -> StreamingResponse:
    """Download the whole memory; written to a temporary file first, so that it never half-ends."""
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - the answer's end closes it
    bench.memory.export_file(stream, f"memory.{to}")
    stream.seek(0)
    headers = {"content-disposition": f'attachment; filename="memory.{to}"'}
    return StreamingResponse(
        _blocks(stream), media_type="application/octet-stream", headers=headers
    )


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    with stream:
        while block := stream.read(1 << 16):
            yield block
