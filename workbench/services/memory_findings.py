"""What is doubtful in the memory, page by page: nothing is loaded whole, however many units."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from workbench.domain.article import Segment
from workbench.domain.identity import normalised
from workbench.domain.language import Span
from workbench.domain.memory import Outdated, Unit
from workbench.domain.row import Issue, Row
from workbench.errors import NotFound
from workbench.services.checks import CHECKS
from workbench.services.memory_keeping import Act, MemoryKeeping
from workbench.services.memory_terms import MemoryTerms, patched
from workbench.storage.unit_query import UnitQuery

Kind = Literal["duplicates", "contradictions", "terms", "suspicious"]
KINDS: tuple[Kind, ...] = ("duplicates", "contradictions", "terms", "suspicious")
SUSPECT = ("ZH-R01", "ZH-R02", "ZH-R04", "ZH-N10")  # Russian left over, loops, length, numbers
READ = 500  # units read at a time
LOOKED = 2_000  # units looked at for one page of those that are judged one by one


@dataclass(frozen=True, slots=True)
class Translation:
    """One translation of a source, with the units that have it, newest first."""

    target: str
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something doubtful.

    ``key`` names the source of duplicates and contradictions; ``translations`` are its
    translations, the most frequent first. For the other kinds there is one unit: ``outdated`` are
    the forms the glossary does not want, ``after`` its target with the right ones ("" when the
    glossary has none), ``issues`` what the checks say, ``same`` whether source and target are one.
    """

    kind: Kind
    key: str
    translations: tuple[Translation, ...]
    outdated: tuple[Outdated, ...] = ()
    after: str = ""
    issues: tuple[Issue, ...] = ()
    same: bool = False

    @property
    def unit(self) -> Unit:
        """The only unit, or the first of several."""
        return self.translations[0].units[0]


@dataclass(frozen=True, slots=True)
class FindingPage:
    """Findings; ``next`` is where the next page begins, "" at the end.

    ``looked`` units were looked at up to here, of ``total``; for kinds that the database groups
    both are 0.
    """

    found: tuple[Finding, ...]
    next: str = ""
    looked: int = 0
    total: int = 0


class MemoryFindings:
    """Lists what is doubtful, and mends it in acts that can be undone."""

    def __init__(
        self,
        query: UnitQuery,
        keeping: MemoryKeeping,
        terms: MemoryTerms,
    ) -> None:
        """*terms* says which forms the glossary does not want any more."""
        self.query = query
        self.keeping = keeping
        self.terms = terms
        self._checks = [CHECKS.load(name)() for name in SUSPECT]

    def page(self, kind: Kind, after: str = "", limit: int = 20) -> FindingPage:
        """Return a page of findings beyond *after*, "" for the beginning."""
        if kind in ("duplicates", "contradictions"):
            keys = self.query.same_source(after, limit + 1, kind == "contradictions")
            found = tuple(self._grouped(kind, keys[:limit]))
            return FindingPage(found, keys[limit - 1] if len(keys) > limit else "")
        return self._judged(kind, int(after or 0), limit)

    # -- of one source --------------------------------------------------------------------

    def _grouped(self, kind: Kind, keys: Sequence[str]) -> Iterator[Finding]:
        rows = self.query.of_source_keys(keys)
        for key, group in groupby(rows, lambda row: row[0]):
            sorts: dict[tuple[str, ...], list[Unit]] = {}
            for _, target, context, unit in group:
                which = (target,) if kind == "contradictions" else (target, context)
                sorts.setdefault(which, []).append(unit)
            several = [s for s in sorts.values() if kind == "contradictions" or len(s) > 1]
            ordered = sorted(several, key=lambda some: (-len(some), -some[-1].id))
            yield Finding(
                kind, key, tuple(Translation(s[-1].target, tuple(reversed(s))) for s in ordered)
            )

    def merge(self, key: str, author: str, reason: str = "") -> Act:
        """Delete the doubles of a source, the best vouched and newest of each staying."""
        found = self._of_key("duplicates", key)
        gone = [
            unit
            for translation in found.translations
            for unit in sorted(translation.units, key=_worth, reverse=True)[1:]
        ]
        return self.keeping.delete_all(gone, author, reason or "duplicate", found.unit.source)

    def settle(self, key: str, unit_id: int, author: str, reason: str = "") -> Act:
        """Give all units of a source the translation of one of them. Raises NotFound."""
        found = self._of_key("contradictions", key)
        every = [unit for translation in found.translations for unit in translation.units]
        chosen = next((unit for unit in every if unit.id == unit_id), None)
        if chosen is None:
            raise NotFound("storage.no_unit", id=unit_id)
        changes = [(unit, chosen.target) for unit in every if unit.target != chosen.target]
        return self.keeping.rewrite(changes, author, reason or "one translation", chosen.target)

    def _of_key(self, kind: Kind, key: str) -> Finding:
        found = next(self._grouped(kind, [key]), None)
        if found is None or not found.translations:
            raise NotFound("memory.no_finding")
        return found

    # -- one by one -----------------------------------------------------------------------

    def _judged(self, kind: Kind, after: int, limit: int) -> FindingPage:
        """Look at the units after a number, until enough was found or looked at."""
        judge = self._outdated() if kind == "terms" else self._suspect
        found: list[Finding] = []
        looked, last = 0, after
        while looked < LOOKED and len(found) < limit:
            page = self.query.after(last, READ)
            for unit in page:
                looked, last = looked + 1, unit.id
                if finding := judge(unit):
                    found.append(finding)
                    if len(found) == limit:
                        break
            if len(page) < READ and (not page or last == page[-1].id):
                return FindingPage(tuple(found), "", looked, self.query.count())
        return FindingPage(tuple(found), str(last), looked, self.query.count())

    def _outdated(self) -> Callable[[Unit], Finding | None]:
        """Return what judges a unit's terms."""
        terms = self.terms.ready()

        def judge(unit: Unit) -> Finding | None:
            wrong = terms.outdated(unit.source, unit.target)
            if not wrong:
                return None
            return _single("terms", unit, outdated=wrong, after=patched(unit.target, wrong))

        return judge

    def _suspect(self, unit: Unit) -> Finding | None:
        segment = Segment(unit.id, 1, unit.source, Span(0, len(unit.source)))
        row = Row(segment, unit.target, "confirmed")
        issues = tuple(issue for check in self._checks for issue in check(row))
        same = normalised(unit.source) == normalised(unit.target)
        return _single("suspicious", unit, issues=issues, same=same) if issues or same else None

    def preview(self, unit_id: int) -> Finding:
        """Return a unit's finding of terms, with the patch. Raises NotFound when it has none."""
        unit = self.keeping.units.get(unit_id)
        wrong = self.terms.outdated(unit.source, unit.target)
        if not wrong:
            raise NotFound("memory.no_finding")
        return _single("terms", unit, outdated=wrong, after=patched(unit.target, wrong))

    def patch(self, unit_ids: Sequence[int], author: str, reason: str = "") -> Act:
        """Put the right forms into units, where the glossary has them. Raises NotFound."""
        changes = []
        for unit in self.keeping.units.by_ids(unit_ids):
            wrong = self.terms.outdated(unit.source, unit.target)
            if text := patched(unit.target, wrong):
                changes.append((unit, text))
        if not changes:
            raise NotFound("memory.no_finding")
        name = changes[0][1] if len(changes) == 1 else ""
        return self.keeping.rewrite(changes, author, reason or "glossary", name)


def _single(
    kind: Kind,
    unit: Unit,
    outdated: tuple[Outdated, ...] = (),
    after: str = "",
    issues: tuple[Issue, ...] = (),
    same: bool = False,
) -> Finding:
    translations = (Translation(unit.target, (unit,)),)
    return Finding(kind, str(unit.id), translations, outdated, after, issues, same)


def _worth(unit: Unit) -> tuple[bool, bool, int]:
    """Order units by who vouches for them: confirmed in a segment, by a person, the newest."""
    return (unit.segment_id > 0, unit.origin == "human", unit.id)
