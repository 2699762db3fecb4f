"""Repeats: a confirmed sentence that stands again in its article passes its translation on.

Only rows that no person has worked on take it, as drafts from the memory. Where the sentence has
other neighbours a draft that stands there is not overwritten unasked: the repeat is proposed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from sqlalchemy import Connection

from workbench.domain.identity import normalised
from workbench.domain.row import Origin, Row
from workbench.errors import InputError
from workbench.services.review import SETTLED, Review
from workbench.services.term_rows import Step, TermRows
from workbench.storage.rows import write_row

ACTION = "repeat"  # in the history of a row
UNTOUCHED = ("new", "drafted")

# ``safe``: where nothing but a copy is overwritten, or the neighbours are the same.
Mode = Literal["safe", "all", "none"]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A row with the same sentence that no person has worked on; whether its neighbours are too."""

    row: Row
    same_context: bool


@dataclass(frozen=True, slots=True)
class Spread:
    """Rows that took a translation, how to undo that, and repeats that a person may choose."""

    taken: tuple[Row, ...] = ()
    steps: tuple[Step, ...] = ()
    proposed: tuple[Repeat, ...] = ()


@dataclass(frozen=True, slots=True)
class _Draft:
    before: Row
    after: Row


# Each confirm compares a whole article: its sentences are normalised once.
_same = lru_cache(maxsize=10_000)(normalised)


def groups(rows: Sequence[Row]) -> list[list[int]]:
    """Return the segments of each sentence that stands in the rows more than once."""
    found: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        found[_same(row.segment.source)].append(row.segment.id)
    return [ids for ids in found.values() if len(ids) > 1]


class Repeats:
    """Finds repeats of a sentence in its article and passes translations on."""

    def __init__(self, review: Review, term_rows: TermRows) -> None:
        """Confirm through *review*; terms and checks of drafts are taken by *term_rows*."""
        self.review = review
        self.term_rows = term_rows
        self.articles = review.articles

    def confirm(
        self, segment_id: int, target: str, revision: int, author: str, mode: Mode = "none"
    ) -> tuple[Row, Spread]:
        """Confirm a row as ``Review.confirm`` does; its repeats follow in the same transaction."""
        drafts: list[_Draft] = []
        saved: list[Row] = []
        repeats = self.of(segment_id)
        if mode != "none":
            copied = self._confirmed(segment_id) if repeats else ""
            chosen = [
                repeat
                for repeat in repeats
                if mode == "all" or repeat.same_context or repeat.row.target in ("", copied)
            ]
            drafts = self._drafts(segment_id, chosen, target.strip())

        def follow(connection: Connection) -> None:
            saved.extend(self._written(connection, drafts, author))

        row = self.review.confirm(segment_id, target, revision, author, follow)
        return row, self._spread(repeats, drafts, saved, row.target.strip())

    def apply(self, segment_id: int, ids: Collection[int], author: str) -> Spread:
        """Pass the translation of a confirmed row on to those of its repeats that are named.

        Raises InputError when the row is not confirmed, NotFound.
        """
        row = self.articles.row(segment_id)
        if row.state not in SETTLED:
            raise InputError("review.not_confirmed", n=row.segment.n)
        repeats = self.of(segment_id)
        chosen = [repeat for repeat in repeats if repeat.row.segment.id in ids]
        drafts = self._drafts(segment_id, chosen, row.target.strip())
        with self.articles.database.begin() as connection:
            saved = self._written(connection, drafts, author)
        return self._spread(repeats, drafts, saved, row.target.strip())

    def undo(self, steps: Sequence[Step], author: str) -> tuple[list[Row], list[int]]:
        """Give rows back what stood there; return them, and the numbers of those changed since."""
        return self.term_rows.restore(steps, author)

    def of(self, segment_id: int) -> list[Repeat]:
        """Return the repeats of a row that no person has worked on, in reading order."""
        outline = self.articles.outline(segment_id)
        sources = ["", *(_same(source) for _, source, _ in outline), ""]
        here = next((n for n, (found, _, _) in enumerate(outline, 1) if found == segment_id), 0)

        def context(n: int) -> tuple[str, str]:
            return sources[n - 1], sources[n + 1]

        return [
            Repeat(self.articles.row(number), context(n) == context(here))
            for n, (number, _, state) in enumerate(outline, 1)
            if n != here and sources[n] == sources[here] and state in UNTOUCHED
        ]

    # -- inside ---------------------------------------------------------------------------

    def _confirmed(self, segment_id: int) -> str:
        """Return the translation that was confirmed before: drafts that hold it are its copies."""
        versions = self.articles.history(segment_id)
        return next((version.target for version in versions if version.state in SETTLED), "")

    def _drafts(self, segment_id: int, repeats: Sequence[Repeat], target: str) -> list[_Draft]:
        """Return the rows with the target, its terms and issues; nothing is stored."""
        if not repeats or not target:
            return []
        date = self.articles.place(segment_id).metadata.date
        return [
            _Draft(repeat.row, self._draft(repeat, target, date))
            for repeat in repeats
            if repeat.row.target != target
        ]

    def _draft(self, repeat: Repeat, target: str, date: str) -> Row:
        row = repeat.row
        origin: Origin = "context" if repeat.same_context else "exact"
        score = 102 if repeat.same_context else 100
        draft = replace(row, target=target, state="drafted", origin=origin, engine="", score=score)
        hits = self.term_rows.terminology.reread(row, date)
        known = self.term_rows.verified(draft, hits, row.receipts)
        # Whoever put the terms into the old text did not put them into this one.
        receipts = tuple(
            replace(receipt, method="memory") if receipt.state == "honoured" else receipt
            for receipt in known.receipts
        )
        return replace(known, receipts=receipts)

    def _written(self, connection: Connection, drafts: Sequence[_Draft], author: str) -> list[Row]:
        """Save the drafts, but for rows that somebody changed meanwhile."""
        saved = []
        for draft in drafts:
            revision = draft.before.revision
            if write_row(connection, draft.after, revision, ACTION, author, UNTOUCHED):
                saved.append(self.articles.row(draft.after.segment.id, connection))
        return saved

    def _spread(
        self,
        repeats: Sequence[Repeat],
        drafts: Sequence[_Draft],
        saved: Sequence[Row],
        target: str,
    ) -> Spread:
        before = {draft.before.segment.id: draft.before.revision for draft in drafts}
        done = {row.segment.id for row in saved}
        return Spread(
            tuple(saved),
            tuple(Step(r.segment.id, before[r.segment.id], r.revision) for r in saved),
            tuple(
                repeat
                for repeat in repeats
                if repeat.row.segment.id not in done and repeat.row.target != target
            ),
        )
