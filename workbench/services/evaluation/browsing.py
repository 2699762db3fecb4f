"""The lines of a stored run, looked through: sorted, cut down to a part, marked by a reference.

A report holds the largest differences alone; here every line of a run can be seen.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from workbench.domain.quality import Evaluation, Fault, Side, Slice, SourceTerm
from workbench.domain.run import Line, Run
from workbench.errors import Conflict
from workbench.services.evaluation.comparison import BY, Material, side, source_terms
from workbench.services.evaluation.metrics import ChrF
from workbench.services.evaluation.performing import systems_of
from workbench.services.evaluation.runs import Runs
from workbench.services.evaluation.significance import Statistics
from workbench.services.evaluation.slices import default_slices

Order = Literal["difference", "better", "worse", "lowest", "line"]
ORDERS: tuple[Order, ...] = ("difference", "better", "worse", "lowest", "line")
PAGE = 10
FAULTY = "faults"  # the part that holds a system's broken lines
_KEPT = 4  # runs that stay read


@dataclass(frozen=True, slots=True)
class SeenLine:
    """Line ``n`` (from 1): its source with terms, one system, or two with their difference.

    ``faults`` are by system.
    """

    n: int
    source: str
    terms: tuple[SourceTerm, ...]
    system: Side
    baseline: Side | None = None
    faults: Mapping[str, tuple[Fault, ...]] = field(default_factory=dict)
    document: str = ""

    @property
    def difference(self) -> float | None:
        """The sentence score of the system minus the baseline's."""
        return None if self.baseline is None else self.system.value - self.baseline.value


@dataclass(frozen=True, slots=True)
class SeenPage:
    """Some of the lines that were asked for; ``number`` counts from 1."""

    lines: tuple[SeenLine, ...]
    total: int
    number: int
    pages: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted: ``part`` is ``kind|name`` of a slice, FAULTY, or empty for all lines."""

    system: str
    baseline: str = ""
    part: str = ""
    order: Order = "difference"


@dataclass
class _Opened:
    """A run read once, with what was computed of it so far."""

    run: Evaluation
    statistics: Statistics
    lines: dict[str, Mapping[int, Line]]
    slices: tuple[Slice, ...] = ()
    values: dict[str, list[float]] = field(default_factory=dict)

    def scored(self, system: str) -> list[float]:
        """Return the chrF of each line."""
        if system not in self.values:
            self.values[system] = self.statistics.segments(BY, system)
        return self.values[system]


class LineBrowser:
    """Looks through the lines of *runs*; the last few that were asked for stay read."""

    def __init__(self, runs: Runs) -> None:
        """Nothing is read yet."""
        self.runs = runs
        self._opened: OrderedDict[tuple[int, str], _Opened] = OrderedDict()

    def parts(self, run_id: int) -> tuple[Slice, ...]:
        """Return the parts of a run's set. Raises NotFound, Conflict before its end."""
        return self._open(run_id).slices

    def page(self, run_id: int, asked: Asked, number: int = 1, size: int = PAGE) -> SeenPage:
        """Return a page of lines; one beyond the last is the last.

        Raises NotFound; Conflict before the run's end, and for a system that it has not.
        """
        opened = self._open(run_id)
        for name in filter(None, (asked.system, asked.baseline)):
            if name not in opened.run.outputs:
                raise Conflict("evaluation.no_such_system", id=run_id, name=name)
        found = _ordered(opened, asked)
        pages = max(1, -(-len(found) // size))
        number = min(max(number, 1), pages)
        chosen = found[(number - 1) * size : number * size]
        material = Material(opened.run.outputs, opened.run.references, opened.run.sources)
        shown = tuple(_seen(opened, material, asked, n) for n in chosen)
        return SeenPage(shown, len(found), number, pages)

    def _open(self, run_id: int) -> _Opened:
        # The number of a deleted run may be given again: the time tells the two apart.
        key = (run_id, self.runs.get(run_id).created)
        known = self._opened.get(key)
        if known is not None:
            self._opened.move_to_end(key)
            return known
        run = self.runs.evaluation(run_id)
        if not run.scores:
            raise Conflict("evaluation.not_done", id=run_id)
        opened = _Opened(
            run,
            Statistics([ChrF()], run.outputs, run.references),
            {system: self.runs.lines(run_id, system) for system in run.systems},
        )
        first = opened.lines[by_house(self.runs.get(run_id))]
        hits = [
            tuple(receipt.hit for receipt in first[n].receipts) if n in first else ()
            for n in range(run.size)
        ]
        opened.slices = default_slices(run.sources, run.references, hits, run.documents)
        self._opened[key] = opened
        while len(self._opened) > _KEPT:
            self._opened.popitem(last=False)
        return opened


def by_house(run: Run) -> str:
    """Return the first system whose terms are the house's: the controls have others."""
    named = (s.name for s in systems_of(run.settings) if s.glossary in ("none", "house"))
    return next(named, run.systems[0])


def _ordered(opened: _Opened, asked: Asked) -> list[int]:
    """Return the numbers (from 0) of the wanted lines in the wanted order."""
    numbers = _part(opened, asked)
    mine = opened.scored(asked.system)
    if asked.order == "line":
        return numbers
    if not asked.baseline or asked.order == "lowest":
        return sorted(numbers, key=lambda n: (mine[n], n))
    first = opened.scored(asked.baseline)
    gain = [a - b for a, b in zip(mine, first, strict=True)]
    if asked.order == "better":
        return sorted(numbers, key=lambda n: (-gain[n], n))
    if asked.order == "worse":
        return sorted(numbers, key=lambda n: (gain[n], n))
    return sorted(numbers, key=lambda n: (-abs(gain[n]), n))


def _part(opened: _Opened, asked: Asked) -> list[int]:
    if not asked.part:
        return list(range(opened.run.size))
    if asked.part == FAULTY:
        systems = filter(None, (asked.system, asked.baseline))
        faults = (fault.n - 1 for name in systems for fault in opened.run.faults.get(name, ()))
        return sorted(set(faults))
    kind, _, name = asked.part.partition("|")
    return next((list(s.lines) for s in opened.slices if (s.kind, s.name) == (kind, name)), [])


def _seen(opened: _Opened, material: Material, asked: Asked, n: int) -> SeenLine:
    run = opened.run
    baseline = None
    names: tuple[str, ...] = (asked.system,)
    if asked.baseline and asked.baseline != asked.system:
        names = (asked.system, asked.baseline)
        baseline = side(material, asked.baseline, n, opened.scored(asked.baseline)[n])
    return SeenLine(
        n + 1,
        run.sources[n] if run.sources else "",
        tuple(_terms(opened, names, n)),
        side(material, asked.system, n, opened.scored(asked.system)[n]),
        baseline,
        {
            name: tuple(fault for fault in run.faults.get(name, ()) if fault.n == n + 1)
            for name in names
        },
        run.documents[n] if run.documents else "",
    )


def _terms(opened: _Opened, names: Sequence[str], n: int) -> Iterator[SourceTerm]:
    """Return the terms of a source, each with the systems that have it."""
    there = {name: opened.lines.get(name, {}).get(n) for name in names}
    known = {name: line for name, line in there.items() if line}
    return source_terms(
        {name: line.text for name, line in known.items()},
        {name: line.receipts for name, line in known.items()},
    )
