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
    search = Concordance(query, memory.state)
    page = search.search(text, side, limit=limit)
    found = list(page.found)
    while page.next and len(found) < limit:  # a page ends where it has looked far enough
        page = search.search(text, side, limit=limit - len(found), before=page.next)
        found += page.found
    return [one.unit for one in found]
