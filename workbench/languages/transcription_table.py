"""The table of Russian syllables in Chinese characters, read from transcription_table.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

NO_CONSONANT = "∅"
# Inside this part one letter stands for the sound of дж.
DZH = "џ"


@dataclass(frozen=True, slots=True)
class Closing:
    """Costs of reading н or м into the syllable before it, or not."""

    doubled: float
    likely: float
    unlikely: float
    open: float
    m: float
    m_open: float
    m_after_i: float


@dataclass(frozen=True, slots=True)
class Table:
    """What the file says, ready for use; costs add up, a lower sum is a likelier spelling.

    ``syllables`` is keyed by (row, consonant), ``choices`` by the same; ``stems`` hold
    (letters written, letters that must follow, Chinese, cost), ``chunks`` (letters, whether the
    word must end there, Chinese, cost).
    """

    syllables: Mapping[tuple[str, str], str]
    choices: Mapping[tuple[str, str], tuple[tuple[str, float], ...]]
    stems: tuple[tuple[str, str, str, float], ...]
    chunks: tuple[tuple[str, bool, str, float], ...]
    doubled: frozenset[str]
    likely_doubled: tuple[str, ...]
    closing: Closing
    yo: tuple[tuple[re.Pattern[str], float], ...]
    feminine_last: Mapping[str, str]
    feminine_first: Mapping[str, str]
    elsewhere: re.Pattern[str]
    given_elsewhere: frozenset[str]
    letters: Mapping[int, int]


@cache
def table() -> Table:
    """Return the shipped table."""
    text = files("workbench.languages").joinpath("transcription_table.toml")
    raw = tomllib.loads(text.read_text(encoding="utf-8"))
    columns = ["" if c == NO_CONSONANT else c.replace("дж", DZH) for c in raw["columns"].split()]
    syllables = {
        (row, column): cell
        for row, cells in raw["rows"].items()
        for column, cell in zip(columns, cells.split(), strict=True)
        if cell != "-"
    }
    doubled, letters = raw["doubled"], raw["letters"]
    return Table(
        syllables=syllables,
        choices=_choices(raw["choices"], syllables),
        stems=tuple(_stem(key, value) for key, value in raw["stems"].items()),
        chunks=tuple(
            (key.removesuffix("|"), key.endswith("|"), *_priced(value))
            for key, value in raw["chunks"].items()
        ),
        doubled=frozenset(doubled["beginnings"].split()),
        likely_doubled=tuple(doubled["likely"].split()),
        closing=Closing(
            doubled=doubled["cost"],
            likely=doubled["likely_cost"],
            unlikely=doubled["unlikely_cost"],
            open=doubled["open_cost"],
            m=raw["nasal_m"]["cost"],
            m_open=raw["nasal_m"]["open_cost"],
            m_after_i=raw["nasal_m"]["after_i"],
        ),
        yo=tuple((re.compile(pattern), cost) for pattern, cost in raw["yo"]["patterns"]),
        feminine_last=raw["feminine"]["last"],
        feminine_first=raw["feminine"]["first"],
        elsewhere=re.compile("|".join(raw["elsewhere"]["patterns"])),
        given_elsewhere=frozenset(raw["elsewhere"]["given"].lower().split()),
        letters=str.maketrans(letters["other"], letters["russian"]),
    )


def _choices(
    raw: Mapping[str, Mapping[str, float]], syllables: Mapping[tuple[str, str], str]
) -> dict[tuple[str, str], tuple[tuple[str, float], ...]]:
    """Key the choices as the syllables are: «ке» → (е, к)."""
    names = {column.replace(DZH, "дж") + row: (row, column) for row, column in syllables}
    return {names[name]: tuple(forms.items()) for name, forms in raw.items()}


# Cheaper than anything the table makes: a stem is there because it is usual.
_USUAL = -0.8


def _priced(value: str | list[str | float]) -> tuple[str, float]:
    if isinstance(value, str):
        return value, _USUAL
    zh, cost = value
    return str(zh), float(cost)


def _stem(key: str, value: str | list[str | float]) -> tuple[str, str, str, float]:
    written, _, following = key.partition("|")
    return (written, following, *_priced(value))
