"""Post-editing: what a translator does to a row.

Editing a confirmed row makes it ``edited`` again; its unit stays in the memory as it was confirmed
until the row is confirmed anew, and then becomes the next version of the same unit.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sqlalchemy import Connection

from workbench.domain.memory import Match, Unit
from workbench.domain.ports import RowChecks
from workbench.domain.row import Row, Version
from workbench.domain.term import Choice, Hit, Method, Receipt, Term
from workbench.errors import Conflict, InputError, NotFound, TooLarge
from workbench.services.memory import Memory
from workbench.services.term_receipts import choose, method_of, override
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

    def reread(self, row: Row, date: str) -> tuple[Hit, ...]:
        """Return the terms in a row's source, with the choices that were made in the row."""
        ...

    def readings(self, hit: Hit) -> tuple[Term, ...]:
        """Return the entries that an ambiguous hit may stand for."""
        ...

    def verify(
        self,
        hits: Sequence[Hit],
        target: str,
        previous: Sequence[Receipt] = (),
        short: bool = True,
        by: Method = "human",
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

    def confirm(
        self,
        segment_id: int,
        target: str,
        revision: int,
        author: str,
        also: Callable[[Connection], None] | None = None,
    ) -> Row:
        """Confirm a row and remember it: row and unit in one transaction, on disk on return.

        *also* is done in the same transaction, unless the row is confirmed like that already.
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
            if also is not None:
                also(connection)
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
                back = self._restored(row, earlier, place)
                return self.articles.save_row(back, revision, "restore", author)
        raise NotFound("storage.no_version", id=segment_id, revision=version)

    def dismiss(self, segment_id: int, issue_id: str, reason: str, author: str) -> Row:
        """Put an issue aside for good. Raises NotFound."""
        return self.articles.dismiss(segment_id, issue_id, reason, author)

    def override(self, segment_id: int, start: int, reason: str, revision: int, author: str) -> Row:
        """Let a missing term be missing, for a reason, until it stands again.

        *start* is where a mention of it begins in the source; every missing mention is meant.
        Raises InputError without a reason or a missing term there, Conflict, NotFound.
        """
        row = self._open(segment_id)
        if not reason.strip():
            raise InputError("review.no_reason", n=row.segment.n)
        known = self._reread(row)
        receipts = override(known.receipts, start, reason.strip())
        if receipts is None:
            raise InputError("review.not_missing", n=row.segment.n)
        return self._decided(known, receipts, revision, "override", author)

    def choose(
        self,
        segment_id: int,
        start: int,
        choice: Choice,
        term_id: int,
        revision: int,
        author: str,
    ) -> Row:
        """Decide what an uncertain mention is: entry *term_id*, none of them, or open again ("").

        *start* is where it begins in the source. Raises InputError when nothing uncertain, or no
        such entry, stands there; Conflict, NotFound.
        """
        row = self._open(segment_id)
        known = self._reread(row)
        uncertain = next((r for r in known.receipts if r.hit.span.start == start), None)
        if uncertain is None or not (uncertain.choice or uncertain.state == "ambiguous"):
            raise InputError("review.not_ambiguous", n=row.segment.n)
        terms = {term.id: term for term in self.terminology.readings(uncertain.hit)}
        if choice == "accepted" and term_id not in terms:
            raise InputError("review.not_ambiguous", n=row.segment.n)
        receipts = choose(known.receipts, start, choice, terms.get(term_id))
        return self._decided(known, receipts, revision, "choose", author)

    def history(self, segment_id: int) -> list[Version]:
        """Return every saved version, newest first."""
        return self.articles.history(segment_id)

    def panel(self, segment_id: int, limit: int = 5, minimum: int = 60) -> Panel:
        """Return what stands beside the active row. Raises NotFound."""
        row = self.articles.row(segment_id)
        place = self.articles.place(segment_id)
        source, date = row.segment.source, place.metadata.date
        found = self.memory.matches(source, place.before, place.after, limit, minimum, date)
        found += self.memory.fragments(source, found, date=date)
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
        edited = replace(row, target=target, state="edited", origin="human", score=0)
        return self._checked(edited, place.metadata.date, row.receipts)

    def _restored(self, row: Row, earlier: Version, place: Place) -> Row:
        """Return the row with an earlier text; who put the terms into it is not remembered."""
        back = replace(
            row,
            target=earlier.target,
            state="edited",
            origin=earlier.origin,
            engine=earlier.engine,
            score=0,
        )
        decided = [
            replace(r, state="missing", method="") if r.state == "honoured" else r
            for r in row.receipts
        ]
        return self._checked(back, place.metadata.date, decided)

    def _reread(self, row: Row) -> Row:
        """Return the row as today's glossary sees it."""
        return self._checked(row, self.articles.place(row.segment.id).metadata.date, row.receipts)

    def _checked(self, row: Row, date: str, previous: Sequence[Receipt]) -> Row:
        """Return the row with hits, receipts and issues for the text it has."""
        hits = self.terminology.reread(replace(row, receipts=tuple(previous)), date)
        by = method_of(row.origin)
        receipts = self.terminology.verify(hits, row.target, previous, by=by)
        known = replace(row, hits=hits, receipts=receipts)
        return replace(known, issues=self.checks.run(known))

    def _decided(
        self, row: Row, receipts: tuple[Receipt, ...], revision: int, action: str, author: str
    ) -> Row:
        """Save what a person decided about terms; the text and its state stay."""
        date = self.articles.place(row.segment.id).metadata.date
        decided = self._checked(row, date, receipts)
        if decided.receipts == row.receipts:
            return self.articles.row(row.segment.id)
        return self.articles.save_row(decided, revision, action, author)

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
