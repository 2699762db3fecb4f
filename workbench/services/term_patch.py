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
from workbench.storage.exports import Exported, Exports
from workbench.storage.patches import Patches, StoredPatch
from workbench.storage.rows import write_row
from workbench.storage.term_places import PlaceKind, TermPlaces, TextPlace
from workbench.storage.term_rows import content_of, from_content
from workbench.storage.unit_rewrite import NewTarget, rewrite
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


@dataclass(frozen=True, slots=True)
class _RowChange:
    """A row as it is and as it will be; ``date`` is the article's."""

    before: Row
    after: Row
    date: str


@dataclass
class _Plan:
    """What is to be written, decided on before the transaction, and what is left."""

    rows: list[_RowChange] = field(default_factory=list)
    units: list[tuple[TextPlace, str]] = field(default_factory=list)
    articles: set[int] = field(default_factory=set)
    left: list[Left] = field(default_factory=list)


class TermPatch:
    """Makes and undoes patches."""

    def __init__(
        self,
        terminology: Terminology,
        units: Units,
        places: TermPlaces,
        patches: Patches,
        exports: Exports,
        checks: RowChecks,
    ) -> None:
        """Work on rows and units that share one database."""
        self.terminology = terminology
        self.terms = terminology.terms
        self.units = units
        self.places = places
        self.patches = patches
        self.exports = exports
        self.checks = checks
        self.database = places.database

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
        plan = self._plan(before, replace(after, revision=before.revision + 1), confirmed)
        published = self.exports.of(plan.articles)
        with self.database.begin() as connection:
            change = [(after, before.revision)]
            stored = self.terms.update_all(change, author, reason.strip(), connection)[0]
            rows = self._write_rows(connection, plan, "patch", author)
            units = self._write_units(connection, plan, author, reason.strip() or "patch")
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
        patch = self.patches.get(patch_id)
        current = self._current(patch)
        plan = self._plan_back(patch, current)
        with self.database.begin() as connection:
            if self.patches.get(patch_id, connection).undone:
                return Undone(patch_id, None, 0, 0, (), already=True)
            term = self._undo_term(connection, patch, current, author, plan.left)
            rows = self._write_rows(connection, plan, "undo", author)
            units = self._write_units(connection, plan, author, "undo")
            self.patches.close(connection, patch_id, author)
        return Undone(patch_id, term, len(rows), len(units), tuple(plan.left))

    # -- planning -----------------------------------------------------------------------

    def _plan(self, before: Term, after: Term, confirmed: bool) -> _Plan:
        """Decide what is to be written so that *before* becomes *after* everywhere."""
        here, swaps = Occurrences(self.terminology, before), swaps_of(before, after.target)
        plan = _Plan()
        targets: dict[int, tuple[TextPlace, str]] = {}
        for place, swap in self._places(here, stems(before), swaps):
            why = "unsure" if not swap.count else _refusal(place, confirmed)
            if why:
                plan.left.append(Left(place.kind, place.id, why))
            elif place.kind == "unit":
                plan.units.append((place, swap.text))
            else:
                targets[place.id] = (place, swap.text)
        rows = self.places.whole_rows(list(targets))
        for number, (place, target) in targets.items():
            row = rows.get(number)
            if row is None or row.revision != place.revision:
                plan.left.append(Left("segment", number, "changed"))
                continue
            # A second person has seen another text.
            state: SegmentState = "confirmed" if row.state == "reviewed" else row.state
            changed = self._renewed(row, target, state, place.date, after)
            plan.rows.append(_RowChange(row, changed, place.date))
            plan.articles.add(place.article_id)
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

    def _renewed(self, row: Row, target: str, state: SegmentState, date: str, term: Term) -> Row:
        """Return the row with another target; receipts and issues are taken again.

        The change of *term* is not stored yet, so the terminology does not know it.
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

    # -- writing ------------------------------------------------------------------------

    def _write_rows(
        self, connection: Connection, plan: _Plan, action: str, author: str
    ) -> list[dict[str, Any]]:
        """Write the planned rows that nobody changed; return what undoing them needs."""
        written = []
        for change in plan.rows:
            before, number = change.before, change.before.segment.id
            if write_row(connection, change.after, before.revision, action, author):
                written.append(
                    {
                        "id": number,
                        "revision": before.revision + 1,
                        "target": before.target,
                        "state": before.state,
                        "date": change.date,
                    }
                )
            else:
                plan.left.append(Left("segment", number, "changed"))
        return written

    def _write_units(
        self, connection: Connection, plan: _Plan, author: str, reason: str
    ) -> list[dict[str, Any]]:
        changes = [NewTarget(place.id, place.revision, target) for place, target in plan.units]
        done = rewrite(connection, changes, author, reason)
        written = []
        for place, _ in plan.units:
            if place.id in done:
                written.append(
                    {"id": place.id, "revision": place.revision + 1, "target": place.target}
                )
            else:
                plan.left.append(Left("unit", place.id, "changed"))
        return written

    # -- undoing ------------------------------------------------------------------------

    def _current(self, patch: StoredPatch) -> Term | None:
        """Return the patched entry as it is now, None when it was deleted."""
        try:
            return self.terms.get(patch.term_id)
        except NotFound:
            return None

    def _plan_back(self, patch: StoredPatch, current: Term | None) -> _Plan:
        plan = _Plan()
        term = from_content(patch.content["term"], patch.term_id, patch.content["revision"] + 1)
        if current is not None and current.revision != patch.content["revision"]:
            term = current  # somebody decided otherwise since: rows are judged by that
        records = {record["id"]: record for record in patch.content["rows"]}
        rows = self.places.whole_rows(list(records))
        for number, record in records.items():
            row = rows.get(number)
            if row is None or row.revision != record["revision"]:
                why = _why_not(row)
                plan.left.append(Left("segment", number, why))
                continue
            back = self._renewed(row, record["target"], record["state"], record["date"], term)
            plan.rows.append(_RowChange(row, back, record["date"]))
        units = {unit.id: unit for unit in self.units.by_ids(_numbers(patch.content["units"]))}
        for record in patch.content["units"]:
            unit = units.get(record["id"])
            if unit is None or unit.revision != record["revision"]:
                plan.left.append(Left("unit", record["id"], "changed" if unit else "gone"))
                continue
            place = TextPlace(
                "unit", unit.id, 0, "", "", 0, "", unit.source, unit.target, unit.revision, False
            )
            plan.units.append((place, record["target"]))
        return plan

    def _undo_term(
        self,
        connection: Connection,
        patch: StoredPatch,
        current: Term | None,
        author: str,
        left: list[Left],
    ) -> Term | None:
        """Put the entry back unless somebody changed it; return it as it is then."""
        if current is None or current.revision != patch.content["revision"]:
            left.append(Left("term", patch.term_id, "changed" if current else "gone"))
            return current
        before = from_content(patch.content["term"], patch.term_id, current.revision)
        change = [(before, current.revision)]
        return self.terms.update_all(change, author, f"undo {patch.id}", connection)[0]


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


def _why_not(row: Row | None) -> Why:
    """Say why a row cannot be put back."""
    if row is None:
        return "gone"
    return "locked" if row.state == "locked" else "changed"


def _numbers(records: Iterable[Mapping[str, Any]]) -> list[int]:
    return [record["id"] for record in records]
