"""The sections of a report on people: the effort of post-editing, and human judgement."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.domain.effort import EffortReport, EffortRow
from workbench.domain.judgement import Results
from workbench.domain.quality import EDIT_CLASSES
from workbench.domain.report import Chart, Part, Point, Section, Series, Table
from workbench.services.evaluation.reports.scores import comparisons_table
from workbench.services.evaluation.reports.words import interval, percent, word

MINUTE = 60_000  # milliseconds


def effort(report: EffortReport, language: str) -> Section | None:
    """Return what post-editing cost, as far as the asker may see it; None without any."""
    if not report.rows:
        return None
    columns = (
        "segments",
        "characters",
        "minutes",
        "speed_an_hour",
        "keystrokes",
        "hter",
        "interval",
    )
    heads = (word(f"by_{report.by}", language), *(word(column, language) for column in columns))
    rows = tuple(_effort_row(row, language) for row in report.rows)
    table = Table("", heads, rows, tuple(range(1, len(heads))), (26, 9, 11, 10, 11, 10, 9, 14))
    note = word("effort_note", language, people=report.people)
    return Section(word("effort", language), (note, *_edit_classes(report, language), table))


def _effort_row(row: EffortRow, language: str) -> tuple[str, ...]:
    if row.withheld:
        return (row.label, word("withheld", language), *[""] * 6)
    speed = row.speed
    hter = row.hter
    return (
        row.label,
        str(row.segments),
        str(row.characters),
        f"{row.active_ms / MINUTE:.1f}",
        f"{speed:.0f}" if speed else "—",
        str(row.keystrokes),
        f"{hter.score.value:.2f}" if hter else "—",
        interval(hter.score) if hter else "—",
    )


def _edit_classes(report: EffortReport, language: str) -> Iterator[Chart]:
    """What the changes were, in points of HTER, a bar a row."""
    rows = [(row.label, row.hter) for row in report.rows if row.hter and not row.withheld]
    if not rows:
        return
    series = tuple(
        Series(
            word(f"class_{kind}", language),
            tuple(
                Point(label, hter.by_class[kind].value if kind in hter.by_class else 0.0)
                for label, hter in rows
            ),
        )
        for kind in EDIT_CLASSES
    )
    yield Chart(word("effort_chart", language), "shares", series, "HTER")


def judgement(results: Results, language: str) -> Section:
    """Return a campaign: scores of the systems once it is closed, judges, agreement."""
    campaign = results.campaign
    parts: list[Part] = [
        word(f"judged_{campaign.kind}", language, name=campaign.name, items=campaign.items)
    ]
    if not campaign.closed:
        parts.append(word("still_open", language))
    parts += _systems(results, language)
    if results.comparisons:
        parts.append(comparisons_table(results.comparisons, language))
    parts.append(_judges(results, language))
    parts += _agreement(results, language)
    return Section(word("judgement", language), tuple(parts))


def _systems(results: Results, language: str) -> Iterator[Part]:
    scored = [row for row in results.systems if row.scores]
    if not scored:
        return
    first = scored[0].scores[0].metric
    points = tuple(
        Point(row.system, score.value, score.low, score.high)
        for row in scored
        for score in row.scores
        if score.metric == first
    )
    yield Chart(word("judgement", language), "intervals", (Series(first, points),))
    columns = ("system", "metric", "value", "interval", "size", "signature")
    heads = tuple(word(column, language) for column in columns)
    rows = tuple(
        (
            row.system,
            score.metric,
            f"{score.value:.2f}",
            interval(score),
            str(score.size),
            score.signature,
        )
        for row in scored
        for score in row.scores
    )
    yield Table("", heads, rows, (2, 3, 4), (18, 11, 9, 14, 8, 40))
    if any(row.categories for row in scored):
        yield _categories(results, language)


def _categories(results: Results, language: str) -> Table:
    """Errors by category, a column a system, the most frequent first."""
    totals: dict[str, int] = {}
    for row in results.systems:
        for category, count in row.categories.items():
            totals[category] = totals.get(category, 0) + count
    order = sorted(totals, key=lambda category: -totals[category])
    rows = tuple(
        (category, *(str(row.categories.get(category, 0)) for row in results.systems))
        for category in order
    )
    heads = (word("category", language), *(row.system for row in results.systems))
    return Table(word("categories", language), heads, rows, tuple(range(1, len(heads))))


def _judges(results: Results, language: str) -> Table:
    columns = ("judge", "items", "checks_failed", "mean", "deviation", "seconds_an_item")
    heads = tuple(word(column, language) for column in columns)
    rows = tuple(
        (
            judge.judge,
            str(judge.done),
            percent(judge.failed_share),
            _figure(judge.mean),
            _figure(judge.deviation),
            _figure(judge.seconds),
        )
        for judge in results.judges
    )
    return Table(word("judges", language), heads, rows, (1, 2, 3, 4, 5))


def _figure(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}"


def _agreement(results: Results, language: str) -> Iterator[Table]:
    if not results.agreement:
        return
    columns = ("measure", "judges", "items", "value", "signature")
    heads = tuple(word(column, language) for column in columns)
    rows = tuple(
        (
            found.measure,
            ", ".join(found.judges),
            str(found.items),
            "—" if found.value is None else f"{found.value:.3f}",
            found.signature,
        )
        for found in results.agreement
    )
    yield Table(word("agreement", language), heads, rows, (2, 3), (18, 24, 9, 10, 39))
