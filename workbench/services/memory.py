"""The translation memory: what was confirmed is found again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from workbench.domain.memory import Match, Unit
from workbench.domain.ports import Stop, never
from workbench.errors import DataError
from workbench.services import memory_files
from workbench.services.memory_files import Imported, Progress, Shaped
from workbench.services.memory_index import Damaged, Folder, Index, State, Told
from workbench.services.memory_matches import Matching
from workbench.services.memory_penalties import Penalties
from workbench.services.memory_score import diff
from workbench.services.memory_terms import MemoryTerms
from workbench.storage.unit_batches import Profile
from workbench.storage.units import Batch, Units

__all__ = ["Memory", "Stats", "diff"]

CANDIDATES = 120  # fetched from the database at a time


@dataclass(frozen=True, slots=True)
class Stats:
    """What the memory holds: units by origin, and the imports that were not withdrawn."""

    units: int
    origins: dict[str, int]
    batches: tuple[Batch, ...]


class Memory:
    """Finds units for sentences; the fuzzy index follows the units by itself."""

    def __init__(
        self,
        units: Units,
        folder: Path | None = None,
        terms: MemoryTerms | None = None,
        penalties: Penalties | None = None,
    ) -> None:
        """Search in *units*; the fuzzy index is kept in *folder*, or in this process only.

        *terms* finds outdated forms in translations; *penalties* are what matches lose.
        """
        self.units = units
        kept = Folder(folder, units.log.identity()) if folder else None
        self._index = Index(units.log, kept)
        self._matching = Matching(units, self._index, penalties or Penalties(), terms)

    # -- matches --------------------------------------------------------------------------

    def matches(
        self,
        source: str,
        before: str = "",
        after: str = "",
        limit: int = 5,
        minimum: int = 60,
        date: str = "",
    ) -> list[Match]:
        """Return the best units for *source*, best first; *before* and *after* are its neighbours.

        Scores: 102 both neighbours equal, 101 one, 100 exact, 99 same but for numbers (put into
        the target), less for the rest; less the penalties. *date* is the article's.
        """
        return self._matching.matches(source, before, after, limit, minimum, date)

    def fragments(
        self, source: str, found: Sequence[Match] = (), limit: int = 3, date: str = ""
    ) -> list[Match]:
        """Return what covers a clause of *source*, unless one of the matches *found* will do."""
        return self._matching.fragments(source, found, limit, date)

    def best(
        self,
        source: str,
        before: str = "",
        after: str = "",
        date: str = "",
        barred: Callable[[Unit], bool] = lambda _: False,
    ) -> Match | None:
        """Return the exact match that may stand as a draft, or None; no unit that is *barred*."""
        return self._matching.best(source, before, after, date, barred)

    # -- units ----------------------------------------------------------------------------

    def add(self, unit: Unit) -> Unit:
        """Store a unit confirmed by a person."""
        return self.units.put(unit)

    def withdraw(self, batch: str, author: str = "") -> int:
        """Take an import out again; return the number of its units. Raises NotFound."""
        return self.units.imports.withdraw(batch, author)

    def stats(self) -> Stats:
        """Return what the memory holds."""
        origins = self.units.count()
        return Stats(sum(origins.values()), origins, self.units.imports.list())

    # -- the index ------------------------------------------------------------------------

    def state(self) -> State:
        """Return the index as it is now, with every change so far unless it is being built."""
        return self._index.now()

    def building(self) -> tuple[int, int] | None:
        """Return (units that are in, units there are) while the index is built, else None."""
        return self._index.building()

    def follow(self, told: Told | None = None, stop: Stop = never) -> None:
        """Bring the index up to date before an answer, however long it takes. Raises Cancelled."""
        self._index.follow(told, stop)

    def reindex(self, told: Told | None = None, stop: Stop = never) -> None:
        """Discard the index and build it anew. Raises Cancelled."""
        self._index.rebuild(told, stop)

    def warm(self) -> None:
        """Begin to read or build the index, so that the first search need not wait."""
        self._index.now()

    def examine(self) -> int:
        """Return how many changes the index on the disk is behind. Raises DataError."""
        try:
            behind = self._index.examine()
        except Damaged as error:
            raise DataError("memory.index_damaged", reason=error) from error
        return behind

    def close(self) -> None:
        """End what is done in the background."""
        self._index.close()

    # -- files ----------------------------------------------------------------------------

    def import_file(
        self,
        source: BinaryIO | Path,
        name: str = "",
        author: str = "",
        progress: Progress | None = None,
        stop: Stop = never,
        profile: Profile | None = None,
        translator: str = "",
    ) -> Imported:
        """Import a .tmx, .tsv, .csv or .xlsx file as one batch, all or nothing.

        Units of which the file names nobody are by *translator*. Raises InputError for a file that
        cannot be used, Cancelled when *stop* turns true.
        """
        if isinstance(source, Path):
            with source.open("rb") as stream:
                name = name or source.name
                return self.import_file(stream, name, author, progress, stop, profile, translator)
        return memory_files.import_file(
            self.units, source, name, author, progress, stop, profile, translator=translator
        )

    def export_file(
        self,
        target: BinaryIO | Path,
        name: str = "",
        progress: Progress | None = None,
        shaped: Shaped = lambda unit: unit,
    ) -> int:
        """Write every unit in the format of the name's suffix; return how many.

        *shaped* changes a unit on its way, or leaves it out (None).
        """
        if isinstance(target, Path):
            with target.open("wb") as stream:
                return self.export_file(stream, name or target.name, progress, shaped)
        return memory_files.export_file(self.units, target, name, progress, shaped)

    def load_seed(self, folder: Path, author: str = "") -> Imported:
        """Load the pairs written for the project, marked as such. Raises DataError, Conflict."""
        return memory_files.load_seed(self.units, folder, author)
