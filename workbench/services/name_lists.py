"""The lists of established names: given names and surnames that no table yields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import DataError
from workbench.languages.fold import key

GIVEN_NAMES = "given-names.tsv"
SURNAMES = "surnames.tsv"
_GIVEN_COLUMNS = ("ru", "zh", "gender", "origin", "alternatives", "source")
_SURNAME_COLUMNS = ("ru", "zh", "alternatives", "source")


@dataclass(frozen=True, slots=True)
class GivenName:
    """A given name in the nominative with its established Chinese form and others in use.

    ``gender`` is m, f or u (either); ``origin`` a code such as ru, kz, kg.
    """

    ru: str
    zh: str
    gender: str
    origin: str
    alternatives: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Surname:
    """A surname whose established Chinese form is not the table's: Жуков 朱可夫."""

    ru: str
    zh: str
    alternatives: tuple[str, ...]
    source: str


def given_names(folder: Path) -> Mapping[str, GivenName]:
    """Return the given names of *folder* by their folded form; none if it has no list.

    A name of both genders with two Chinese forms stands first under its own and under
    ``name|m`` and ``name|f``. Raises DataError.
    """
    found: dict[str, GivenName] = {}
    for ru, zh, gender, origin, others, source in _rows(folder / GIVEN_NAMES, _GIVEN_COLUMNS):
        name = GivenName(ru, zh, gender, origin, _split(others), source)
        found.setdefault(key(ru), name)
        found.setdefault(f"{key(ru)}|{gender}", name)
    return found


def surnames(folder: Path) -> Mapping[str, Surname]:
    """Return the surnames of *folder* by their folded form. Raises DataError."""
    return {
        key(ru): Surname(ru, zh, _split(others), source)
        for ru, zh, others, source in _rows(folder / SURNAMES, _SURNAME_COLUMNS)
    }


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def _rows(path: Path, columns: tuple[str, ...]) -> list[list[str]]:
    """Return the cells of a list; a line with too few or too many of them is an error."""
    if not path.is_file():
        return []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError("terms.base_broken", path=path, line=0, reason=error) from error
    rows = [line.split("\t") for line in lines]
    if not rows or tuple(rows[0]) != columns:
        raise DataError("terms.base_broken", path=path, line=1, reason=lines[0] if lines else "")
    for number, cells in enumerate(rows[1:], start=2):
        if len(cells) != len(columns) or not (cells[0] and cells[1]):
            raise DataError("terms.base_broken", path=path, line=number, reason=lines[number - 1])
    return rows[1:]
