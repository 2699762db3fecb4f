"""A report as data: sections of paragraphs, tables and charts, for whichever format prints it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Mark = Literal["removed", "added", "name", "number", "term", "error"]
ChartKind = Literal["intervals", "lines", "shares"]


@dataclass(frozen=True, slots=True)
class Marked:
    """Text with marked stretches: (start, end, mark), code points, half-open, not overlapping."""

    text: str
    marks: tuple[tuple[int, int, Mark], ...] = ()


Cell = str | Marked


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a heading; ``numeric`` are the columns set flush right, counted from 0.

    ``widths`` are shares of the line for each column, empty to leave them to the format.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: tuple[int, ...] = ()
    widths: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """A value of a chart with its interval, None where there is none."""

    label: str
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """Points that belong together: one system, one engine, one class."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Series to be drawn together.

    ``intervals``: a panel a series, a dot with whiskers a point. ``lines``: a line a series,
    points in order. ``shares``: a stacked bar a label, a colour a series.
    """

    title: str
    kind: ChartKind
    series: tuple[Series, ...]
    unit: str = ""


Part = str | Table | Chart


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it; a string is a paragraph."""

    heading: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report; ``facts`` are lines of label and value under the title."""

    title: str
    language: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
