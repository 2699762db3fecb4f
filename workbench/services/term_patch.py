"""A changed Chinese form carried into drafts, rows and memory in one act, which can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sqlalchemy import Connection

from workbench.domain.ports import RowChecks
from workbench.domain.row import Row, SegmentState
from workbench.domain.term import Term
from workbench.errors import Conflict, InputError, NotFound
from workbench.services.term_entries import LIVE_STATES
from workbench.services.term_occurrences import Occurrences, Swap, stems, swaps_of
from workbench.services.terminology import Terminology
from workbench.storage.articles import Articles, RowChanged
from workbench.storage.exports import Exported, Exports
from workbench.storage.patches import Patches, StoredPatch
from workbench.storage.term_places import PlaceKind, TermPlaces, TextPlace
from workbench.storage.term_rows import content_of, from_content
from workbench.storage.units import Units

Why = Literal["locked", "confirmed", "memory", "unsure", "changed", "gone"]
_OPEN = ("drafted", "edited", "new")
_SETTLED = ("confirmed", "reviewed")


@dataclass(frozen=True, slots=True)
class Left:
    """A row or unit with the old form that was not changed, and why.

    ``locked``; ``confirmed`` and ``memory``: not asked for; ``unsure``: the form may stand for
    another name; ``changed``: by somebody meanwhile; ``gone``: deleted meanwhile.
    """

    kind: PlaceKind | Literal["term"]
    id: int
    why: Why


@dataclass(frozen=True, slots=True)
class Patched:
    """What a patch did. ``id`` is 0 when there was nothing to do."""

    id: int
    term: Term
    rows: int
    units: int
    left: tuple[Left, ...]
    exports: tuple[Exported, ...]


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing a patch did; *left* is what could not be put back. ``already``: before now."""

    id: int
    term: Term | None
    rows: int
    units: int
    left: tuple[Left, ...]
    already: bool = False


@dataclass
class _Plan:
    """The places to change with their new targets, and those to leave."""

    changes: list[tuple[TextPlace, str]] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


class TermPatch:
    """Makes and undoes patches."""

    def __init__(
        self,
        terminology: Terminology,
        articles: Articles,
        units: Units,
        places: TermPlaces,
        patches: Patches,
        exports: Exports,
        checks: RowChecks,
    ) -> None:
        """Work on rows and units that share one database."""
        self.terminology = terminology
        self.terms = terminology.terms
        self.articles = articles
        self.units = units
        self.places = places
        self.patches = patches
        self.exports = exports
        self.checks = checks
        self.database = articles.database

    def patch(
        self,
        term_id: int,
        target: str,
        author: str,
        reason: str = "",
        confirmed: bool = False,
        revision: int | None = None,
    ) -> Patched:
        """Give the entry the form *target* and put it where the old form stands for it.

        Drafted and edited rows are changed; with *confirmed* also confirmed and reviewed ones and
        the memory's units. Only where the Russian side has the name; longer names that hold the
        form, locked rows and doubtful places stay. The old form becomes a forbidden one, unless an
        accepted form holds it. All in one transaction. Raises NotFound, InputError, Conflict.
        """
        before = self.terms.get(term_id)
        if revision is not None and before.revision != revision:
            raise Conflict("terms.changed", source=before.source)
        after = self.terminology.renewed(before, _renamed(before, target))
        if after.target == before.target:
            return Patched(0, before, 0, 0, (), ())
        self.terminology.refuse_rivals([after])
        plan = self._plan(before, after.target, confirmed)
        with self.database.begin() as connection:
            stored = self.terms.update_all(
                [(after, before.revision)], author, reason.strip(), connection
            )[0]
            rows, units = self._apply(connection, plan, stored, author, reason or "patch")
            touched = {p.article_id for p, _ in plan.changes if p.kind == "segment"}
            published = self.exports.of(touched)
            content = {
                "term": content_of(before),
                "to": after.target,
                "revision": stored.revision,
                "rows": rows,
                "units": units,
                "left": [[left.kind, left.id, left.why] for left in plan.left],
                "exports": [export.id for export in published],
            }
            number = self.patches.add(connection, term_id, author, reason.strip(), content)
        return Patched(number, stored, len(rows), len(units), tuple(plan.left), published)

    def undo(self, patch_id: int, author: str) -> Undone:
        """Put back what a patch changed and nobody changed since; say what stays.

        A second time nothing happens. Raises NotFound.
        """
        left: list[Left] = []
        with self.database.begin() as connection:
            patch = self.patches.get(patch_id, connection)
            if patch.undone:
                return Undone(patch_id, None, 0, 0, (), already=True)
            term = self._undo_term(connection, patch, author, left)
            rows = sum(
                self._undo_row(connection, record, patch, term, author, left)
                for record in patch.content["rows"]
            )
            units = sum(
                self._undo_unit(connection, record, author, left)
                for record in patch.content["units"]
            )
            self.patches.close(connection, patch_id, author)
        return Undone(patch_id, term, rows, units, tuple(left))

    # -- planning -----------------------------------------------------------------------

    def _plan(self, before: Term, target: str, confirmed: bool) -> _Plan:
        swaps = swaps_of(before, target)
        here = Occurrences(self.terminology, before)
        plan = _Plan()
        for place, swap in self._places(here, stems(before), swaps):
            why = "unsure" if not swap.count else _refusal(place, confirmed)
            if why:
                plan.left.append(Left(place.kind, place.id, why))
            else:
                plan.changes.append((place, swap.text))
        return plan

    def _places(
        self, here: Occurrences, parts: tuple[str, ...], swaps: Mapping[str, str]
    ) -> Iterator[tuple[TextPlace, Swap]]:
        olds = tuple(swaps)
        for places in (self.places.rows(parts, olds), self.places.units(parts, olds)):
            for place in places:
                swap = here.swapped(place.source, place.date, place.target, swaps)
                if swap is not None and (swap.count or swap.unsure):
                    yield place, swap

    # -- applying -----------------------------------------------------------------------

    def _apply(
        self, connection: Connection, plan: _Plan, term: Term, author: str, reason: str
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Write the planned targets; return what the record needs to undo them."""
        rows: list[dict[str, Any]] = []
        units: list[dict[str, Any]] = []
        known = {unit.id: unit for unit in self.units.by_ids(_ids(plan.changes, "unit"))}
        for place, target in plan.changes:
            record: dict[str, Any] | None = None
            if place.kind == "segment":
                record = self._row(connection, place, target, term, author)
            elif place.id in known and known[place.id].revision == place.revision:
                unit = replace(known[place.id], target=target)
                saved = self.units.update(unit, place.revision, author, reason, connection)
                record = {"id": place.id, "revision": saved.revision, "target": place.target}
            if record is None:
                plan.left.append(Left(place.kind, place.id, "changed"))
            else:
                (rows if place.kind == "segment" else units).append(record)
        return rows, units

    def _row(
        self, connection: Connection, place: TextPlace, target: str, term: Term, author: str
    ) -> dict[str, Any] | None:
        """Write one row; None when somebody changed it since it was looked at."""
        row = self.articles.row(place.id, connection)
        if row.revision != place.revision:
            return None
        # A second person has seen another text.
        state: SegmentState = "confirmed" if row.state == "reviewed" else row.state
        changed = self._renewed(row, target, state, place.date, term)
        saved = self.articles.save_row(changed, row.revision, "patch", author, connection)
        return {
            "id": place.id,
            "revision": saved.revision,
            "target": row.target,
            "state": row.state,
            "date": place.date,
        }

    def _renewed(self, row: Row, target: str, state: SegmentState, date: str, term: Term) -> Row:
        """Return the row with another target; receipts and issues are taken again.

        The transaction's change of *term* does not show in the terminology yet.
        """
        hits = tuple(
            replace(hit, term=replace(term, forms=())) if hit.term.id == term.id else hit
            for hit in self.terminology.reread(row, date)
            if hit.term.id != term.id or term.status in LIVE_STATES
        )
        verify = self.terminology.verify
        receipts = verify(hits, target, row.receipts, by="substituted") if target else ()
        changed = replace(row, target=target, state=state, hits=hits, receipts=receipts)
        return replace(changed, issues=self.checks.run(changed))

    # -- undoing ------------------------------------------------------------------------

    def _undo_term(
        self, connection: Connection, patch: StoredPatch, author: str, left: list[Left]
    ) -> Term | None:
        """Put the entry back; return it, or as it is when somebody changed it, None when gone."""
        try:
            current = self.terms.get(patch.term_id)
        except NotFound:
            left.append(Left("term", patch.term_id, "gone"))
            return None
        if current.revision != patch.content["revision"]:
            left.append(Left("term", patch.term_id, "changed"))
            return current
        before = from_content(patch.content["term"], patch.term_id, current.revision)
        change = [(before, current.revision)]
        return self.terms.update_all(change, author, f"undo {patch.id}", connection)[0]

    def _undo_row(
        self,
        connection: Connection,
        record: Mapping[str, Any],
        patch: StoredPatch,
        term: Term | None,
        author: str,
        left: list[Left],
    ) -> bool:
        try:
            row = self.articles.row(record["id"], connection)
        except NotFound:
            left.append(Left("segment", record["id"], "gone"))
            return False
        if row.revision != record["revision"]:
            left.append(Left("segment", record["id"], _changed(row.state)))
            return False
        known = term or from_content(patch.content["term"], patch.term_id, 0)
        back = self._renewed(row, record["target"], record["state"], record["date"], known)
        try:
            self.articles.save_row(back, row.revision, "undo", author, connection)
        except RowChanged:
            left.append(Left("segment", record["id"], "changed"))
            return False
        return True

    def _undo_unit(
        self, connection: Connection, record: Mapping[str, Any], author: str, left: list[Left]
    ) -> bool:
        found = self.units.by_ids([record["id"]])
        if not found or found[0].revision != record["revision"]:
            why: Why = "changed" if found else "gone"
            left.append(Left("unit", record["id"], why))
            return False
        back = replace(found[0], target=record["target"])
        self.units.update(back, record["revision"], author, "undo", connection)
        return True


def _renamed(term: Term, target: str) -> Term:
    """Return the entry with another form, the old one forbidden unless an accepted one holds it."""
    target = target.strip()
    if not target:
        raise InputError("terms.empty_side")
    variants = tuple(text for text in term.variants if text != target)
    forbidden = [text for text in term.forbidden if text != target]
    if not any(term.target in accepted for accepted in (target, *variants)):
        forbidden.append(term.target)
    return replace(term, target=target, variants=variants, forbidden=tuple(forbidden))


def _refusal(place: TextPlace, confirmed: bool) -> Why | None:
    if place.locked:
        return "locked"
    if confirmed:
        return None
    if place.kind == "unit":
        return "memory"
    return "confirmed" if place.state in _SETTLED else None


def _changed(state: str) -> Why:
    return "locked" if state == "locked" else "changed"


def _ids(changes: Iterable[tuple[TextPlace, str]], kind: PlaceKind) -> list[int]:
    return [place.id for place, _ in changes if place.kind == kind]
