"""The section on quality over time: the same set, run after run."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.domain.report import Chart, Part, Point, Section, Series, Table
from workbench.domain.run import Point as Figure
from workbench.services.evaluation.reports.words import interval, word


def history(points: Sequence[Figure], language: str) -> Section | None:
    """Return the figures of one set and metric by date and system; None for a single run.

    Figures under different signatures, or of sets with different lines, are never joined by a
    line: they stand as systems of their own.
    """
    if len({point.run_id for point in points}) < 2:
        return None
    metric = points[0].score.metric
    parts: list[Part] = [
        Chart(word("history_chart", language, metric=metric), "lines", _series(points), metric),
        _table(points, language),
    ]
    return Section(word("history", language), tuple(parts))


def _series(points: Sequence[Figure]) -> tuple[Series, ...]:
    kinds = list(dict.fromkeys((p.score.signature, p.digest) for p in points))
    found: dict[str, list[Point]] = {}
    for figure in points:
        number = kinds.index((figure.score.signature, figure.digest))
        name = f"{figure.system} ({number + 1})" if len(kinds) > 1 else figure.system
        label = f"{figure.created[:10]} · {figure.run_id}"
        point = Point(label, figure.score.value, figure.score.low, figure.score.high)
        found.setdefault(name, []).append(point)
    return tuple(Series(name, tuple(line)) for name, line in found.items())


def _table(points: Sequence[Figure], language: str) -> Table:
    columns = ("run", "created", "system", "value", "interval", "lines", "signature")
    rows = [
        (
            str(figure.run_id),
            figure.created[:16].replace("T", " "),
            figure.system,
            f"{figure.score.value:.2f}",
            interval(figure.score),
            str(figure.size),
            figure.score.signature,
        )
        for figure in points
    ]
    heads = tuple(word(column, language) for column in columns)
    return Table("", heads, tuple(rows), (3, 4, 5), (7, 15, 20, 9, 14, 8, 27))
