"""The translation memory, as the editor needs it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO, Any, Literal

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from workbench.web.identity import Exporter, Reader
from workbench.web.memory_wire import match_json
from workbench.web.parts import Bench

router = APIRouter(tags=["memory"])


@router.get("/memory/matches")
def matches(
    text: str,
    _identity: Reader,
    bench: Bench,
    limit: int = 5,
    minimum: int = 60,
    fragments: bool = False,
) -> list[dict[str, Any]]:
    """Return what the memory offers for a sentence; with *fragments* for its clauses too."""
    found = bench.memory.matches(text, limit=min(max(limit, 1), 50), minimum=minimum)
    if fragments:
        found += bench.memory.fragments(text, found)
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
