"""Post-editing: what a translator does to a row.

Editing a confirmed row makes it ``edited`` again; its unit stays in the memory as it was confirmed
until the row is confirmed anew, and then becomes the next version of the same unit.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import Protocol

from workbench.domain.memory import Match, Unit
from workbench.domain.ports import RowChecks
from workbench.domain.row import Row, Version
from workbench.domain.term import Hit, Receipt
from workbench.errors import Conflict, InputError, NotFound, TooLarge
from workbench.services.memory import Memory
from workbench.storage.articles import Articles, Place, RowChanged
from workbench.storage.database import Database
from workbench.storage.units import Units

LONGEST_TARGET = 50_000
SETTLED = ("confirmed", "reviewed")


class Terms(Protocol):
    """The terminology, as review needs it."""

    @property
    def version(self) -> str:
        """The version of the glossary."""
        ...

    def find(self, text: str, date: str = "") -> tuple[Hit, ...]:
        """Return the terms in a source text."""
        ...

    def verify(
        self, hits: tuple[Hit, ...], target: str, previous: tuple[Receipt, ...] = ()
    ) -> tuple[Receipt, ...]:
        """Return what became of them in a target."""
        ...


@dataclass(frozen=True, slots=True)
class Panel:
    """What stands beside the active row."""

    row: Row
    matches: tuple[Match, ...]
    history: tuple[Version, ...]


class Review:
    """Saves, confirms and restores rows; the only way into the memory besides imports."""

    def __init__(
        self,
        database: Database,
        articles: Articles,
        units: Units,
        terminology: Terms,
        checks: RowChecks,
        memory: Memory,
    ) -> None:
        """Work on *articles* and *units*, which share *database*."""
        self.database = database
        self.articles = articles
        self.units = units
        self.terminology = terminology
        self.checks = checks
        self.memory = memory

    def save(self, segment_id: int, target: str, revision: int, author: str) -> Row:
        """Save what a person typed; the row becomes ``edited``.

        Saving the text that already stands there changes nothing, whatever the revision: a browser
        may repeat a request whose answer it never got. Raises Conflict, NotFound, TooLarge.
        """
        row = self._open(segment_id)
        target = self._clean(row, target)
        if target == row.target:
            return row
        edited = self._typed(row, target, self.articles.place(segment_id))
        return self.articles.save_row(edited, revision, "save", author)

    def confirm(self, segment_id: int, target: str, revision: int, author: str) -> Row:
        """Confirm a row and remember it: row and unit in one transaction, on disk on return.

        Raises InputError for an empty target, Conflict, NotFound, TooLarge.
        """
        row = self._open(segment_id)
        target = self._clean(row, target)
        if not target.strip():
            raise InputError("review.empty_target", n=row.segment.n)
        if row.state in SETTLED and target == row.target:
            return row
        place = self.articles.place(segment_id)
        typed = row if target == row.target else self._typed(row, target, place)
        unit = self._unit(row, target, place, author)
        with self.database.begin() as connection:
            saved = self.articles.save_row(
                replace(typed, state="confirmed"), revision, "confirm", author, connection
            )
            self.units.put(unit, connection)
        return saved

    def approve(self, segment_id: int, revision: int, author: str) -> Row:
        """Mark a confirmed row as reviewed by a second person. Raises Conflict, InputError."""
        row = self._open(segment_id)
        if row.state == "reviewed":
            return row
        if row.state != "confirmed":
            raise InputError("review.not_confirmed", n=row.segment.n)
        return self.articles.save_row(replace(row, state="reviewed"), revision, "review", author)

    def lock(self, segment_id: int, revision: int, author: str) -> Row:
        """Protect a row from every change. Raises Conflict, NotFound."""
        row = self.articles.row(segment_id)
        if row.state == "locked":
            return row
        return self.articles.save_row(replace(row, state="locked"), revision, "lock", author)

    def unlock(self, segment_id: int, revision: int, author: str) -> Row:
        """Give a locked row the state back that it had. Raises Conflict, NotFound."""
        row = self.articles.row(segment_id)
        if row.state != "locked":
            return row
        earlier = (v.state for v in self.articles.history(segment_id) if v.state != "locked")
        back = replace(row, state=next(earlier, "new"))
        return self.articles.save_row(back, revision, "unlock", author)

    def restore(self, segment_id: int, version: int, revision: int, author: str) -> Row:
        """Bring the text of an earlier version back, as an edit. Raises Conflict, NotFound."""
        row = self._open(segment_id)
        for earlier in self.articles.history(segment_id):
            if earlier.revision == version:
                place = self.articles.place(segment_id)
                edited = replace(
                    self._typed(row, earlier.target, place),
                    origin=earlier.origin,
                    engine=earlier.engine,
                )
                return self.articles.save_row(edited, revision, "restore", author)
        raise NotFound("storage.no_version", id=segment_id, revision=version)

    def dismiss(self, segment_id: int, issue_id: str, reason: str, author: str) -> Row:
        """Put an issue aside for good. Raises NotFound."""
        return self.articles.dismiss(segment_id, issue_id, reason, author)

    def history(self, segment_id: int) -> list[Version]:
        """Return every saved version, newest first."""
        return self.articles.history(segment_id)

    def panel(self, segment_id: int, limit: int = 5, minimum: int = 60) -> Panel:
        """Return what stands beside the active row. Raises NotFound."""
        row = self.articles.row(segment_id)
        place = self.articles.place(segment_id)
        found = self.memory.matches(row.segment.source, place.before, place.after, limit, minimum)
        return Panel(row, tuple(found), tuple(self.articles.history(segment_id)))

    # -- inside ---------------------------------------------------------------------------

    def _open(self, segment_id: int) -> Row:
        """Return a row that may be changed. Raises Conflict when it is locked."""
        row = self.articles.row(segment_id)
        if row.state == "locked":
            raise RowLocked(row)
        return row

    def _clean(self, row: Row, target: str) -> str:
        """Return what was typed without characters that no text holds. Raises TooLarge."""
        if len(target) > LONGEST_TARGET:
            raise TooLarge(
                "review.too_long", n=row.segment.n, length=len(target), limit=LONGEST_TARGET
            )
        return "".join(
            c for c in target if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")
        )

    def _typed(self, row: Row, target: str, place: Place) -> Row:
        """Return the row with a person's text: receipts and issues are taken again."""
        hits = self.terminology.find(row.segment.source, place.metadata.date)
        edited = replace(
            row,
            target=target,
            state="edited",
            origin="human",
            score=0,
            hits=hits,
            receipts=self.terminology.verify(hits, target, previous=row.receipts),
        )
        return replace(edited, issues=self.checks.run(edited))

    def _unit(self, row: Row, target: str, place: Place, author: str) -> Unit:
        return Unit(
            row.segment.source,
            target.strip(),
            place.before,
            place.after,
            place.metadata.title or place.name,
            place.article_id,
            row.segment.id,
            author,
            glossary_version=self.terminology.version,
        )


class RowLocked(Conflict):
    """The row is protected; ``current`` is the row as it stands."""

    def __init__(self, current: Row) -> None:
        """Take the row as it stands."""
        super().__init__("review.locked", n=current.segment.n)
        self.current = current


__all__ = ["Panel", "Review", "RowChanged", "RowLocked"]
