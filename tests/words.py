"""Searching a memory for words, as several tests do."""

from __future__ import annotations

from workbench.domain.memory import Unit
from workbench.services.concordance import Concordance, Side
from workbench.services.memory import Memory
from workbench.storage.unit_query import UnitQuery


def concordance(
    memory: Memory, text: str, side: Side | None = None, limit: int = 100
) -> list[Unit]:
    """Return the units that the concordance finds, without its marks."""
    query = UnitQuery(memory.units.database)
    page = Concordance(query, memory.state).search(text, side, limit=limit)
    return [found.unit for found in page.found]
