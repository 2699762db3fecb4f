"""Chinese forms that are not wanted: those of retired entries, forbidden ones, former ones."""

from __future__ import annotations

from sqlalchemy import String, cast, or_, select

from workbench.storage.database import Database
from workbench.storage.schema import term_versions, terms

RETIRED = ("deprecated", "forbidden")


def unwanted_forms(database: Database, pair: str) -> frozenset[str]:
    """Return the forms of retired entries and the forbidden ones of the others."""
    table = terms.c
    wanted = select(table.status, table.target, table.variants, table.forbidden).where(
        table.pair == pair,
        table.deleted == "",
        or_(table.status.in_(RETIRED), cast(table.forbidden, String) != "[]"),
    )
    found: set[str] = set()
    with database.read() as connection:
        for row in connection.execute(wanted):
            found.update((row.target, *row.variants) if row.status in RETIRED else row.forbidden)
    return frozenset(found)


def former_targets(database: Database, pair: str) -> dict[int, tuple[str, ...]]:
    """Return, by entry, the targets of earlier approved versions that it accepts no longer."""
    changed = (
        select(terms.c.id, terms.c.target, terms.c.variants, term_versions.c.content)
        .join(term_versions, term_versions.c.term_id == terms.c.id)
        .where(terms.c.pair == pair, terms.c.deleted == "", terms.c.status == "approved")
        .where(terms.c.revision > 1, term_versions.c.revision < terms.c.revision)
        .order_by(terms.c.id, term_versions.c.revision)
    )
    found: dict[int, tuple[str, ...]] = {}
    with database.read() as connection:
        for term_id, target, variants, content in connection.execute(changed):
            old = content.get("target", "")
            known = (target, *variants, *found.get(term_id, ()))
            if old and content.get("status") == "approved" and old not in known:
                found[term_id] = (*found.get(term_id, ()), old)
    return found
