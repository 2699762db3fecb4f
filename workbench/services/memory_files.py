"""Imports into the memory and exports from it, in pieces, whatever their size."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from workbench.domain.memory import Rejected, Unit, UnitOrigin
from workbench.domain.ports import Stop, never
from workbench.errors import Cancelled, Conflict, DataError, InputError
from workbench.formats.unit_files import unit_reader, unit_writer
from workbench.formats.unit_tables import read_tsv
from workbench.storage.unit_batches import Profile
from workbench.storage.units import Units

CHUNK = 500  # units a transaction: short ones, since people go on confirming meanwhile
REPORTED = 100  # refused units that are named one by one

Progress = Callable[[int], None]
Shaped = Callable[[Unit], Unit | None]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did.

    ``batch`` is the name by which it can be withdrawn; ``known`` units were there already;
    ``problems`` are the first of the ``rejected``.
    """

    batch: str
    name: str
    added: int
    known: int
    rejected: int
    problems: tuple[Rejected, ...]


def import_units(
    units: Units,
    found: Iterable[Unit | Rejected],
    name: str,
    author: str,
    origin: UnitOrigin = "import",
    progress: Progress | None = None,
    stop: Stop = never,
    profile: Profile | None = None,
    number: str = "",
) -> Imported:
    """Add units under one batch; all or nothing of it. *number* is the batch's, if it has one.

    *progress* is told the number of units read. When *stop* turns true (Cancelled), or the file
    proves to be broken half-way (InputError), the batch is withdrawn.
    """
    batch = units.imports.open(origin, name, author, profile, number).id
    added = known = 0
    refused = _Refused()
    waiting = iter(refused.filter(found))
    try:
        while chunk := list(islice(waiting, CHUNK)):
            if stop():
                raise Cancelled("memory.import_stopped", name=name)
            new, old = units.imports.add(chunk, batch)
            added, known = added + new, known + old
            if progress:
                progress(added + known)
        if not added + known:
            raise InputError("memory.nothing_found", name=name, rejected=refused.count)
    except BaseException:
        units.imports.withdraw(batch, author)
        raise
    units.imports.close(batch)
    if not added and not units.imports.members(batch):  # nothing to withdraw later
        units.imports.withdraw(batch, author)
    return Imported(batch, name, added, known, refused.count, tuple(refused.first))


class _Refused:
    """Sets aside what cannot be used."""

    def __init__(self) -> None:
        self.count = 0
        self.first: list[Rejected] = []

    def filter(self, found: Iterable[Unit | Rejected]) -> Iterator[Unit]:
        for item in found:
            if isinstance(item, Unit):
                yield item
                continue
            self.count += 1
            if len(self.first) < REPORTED:
                self.first.append(item)


def import_file(
    units: Units,
    stream: BinaryIO,
    name: str,
    author: str,
    progress: Progress | None = None,
    stop: Stop = never,
    profile: Profile | None = None,
    number: str = "",
    translator: str = "",
) -> Imported:
    """Import a .tmx, .xliff, .tsv, .csv or .xlsx file. Raises InputError, Cancelled.

    Where the file does not say what a unit is from, it is from *name*; where it does not say who
    translated it, by *translator*. *author* is whose act the import is.
    """
    found = unit_reader(name)(stream, name)
    named = (_named(item, name, translator) for item in found)
    return import_units(units, named, name, author, "import", progress, stop, profile, number)


def _named(item: Unit | Rejected, name: str, translator: str) -> Unit | Rejected:
    if not isinstance(item, Unit) or (item.article and (item.author or not translator)):
        return item
    return replace(item, article=item.article or name, author=item.author or translator)


def export_file(
    units: Units,
    stream: BinaryIO,
    name: str,
    progress: Progress | None = None,
    shaped: Shaped = lambda unit: unit,
) -> int:
    """Write every unit, as *shaped*, in the format of *name*; return how many. Raises InputError.

    A unit that is shaped to None is left out.
    """

    def told() -> Iterator[Unit]:
        for number, unit in enumerate(units.all(), 1):
            if progress and number % CHUNK == 0:
                progress(number)
            made = shaped(unit)
            if made is not None:
                yield made

    return unit_writer(name)(stream, told())


def load_seed(units: Units, folder: Path, author: str) -> Imported:
    """Load the pairs written for the project as one batch. Raises DataError, Conflict."""
    for batch in units.imports.list():
        if batch.origin == "seed":
            raise Conflict("memory.seed_loaded", batch=batch.id)
    files = sorted(folder.glob("*.tsv"))
    if not files:
        raise DataError("memory.no_seed", path=folder)
    return import_units(units, _seed(files), "seed", author, "seed")


def _seed(files: Iterable[Path]) -> Iterator[Unit | Rejected]:
    for path in files:
        subject = re.sub(r"^\d+-", "", path.stem)
        with path.open("rb") as stream:
            for item in read_tsv(stream, path.name):
                if isinstance(item, Unit):
                    yield Unit(item.source, item.target, article=subject, origin="seed")
                else:
                    yield item
