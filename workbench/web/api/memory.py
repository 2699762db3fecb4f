"""The translation memory, as the editor needs it."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter

from workbench.web.identity import Reader
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
