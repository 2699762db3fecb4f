"""The sections of a report on systems held against one another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from workbench.domain.quality import (
    Contrast,
    Difference,
    Mark,
    NgramUse,
    Side,
    Slice,
    SliceResult,
    Tally,
)
from workbench.domain.report import Chart, Marked, Part, Point, Section, Series, Table
from workbench.domain.report import Mark as Shade
from workbench.services.evaluation.reports.words import interval, probability, word

MOST_DIFFERENCES = 20
MOST_NGRAMS = 15
MOST_PARTS = 24  # bars that a chart still shows legibly
MOST_DOCUMENTS = 30  # the JSON report has them all
SHARES = ("wins", "ties", "losses")


def parts(contrast: Contrast, language: str) -> Section:
    """Return wins, ties and losses by part of the set and by document."""
    found: list[Part] = [word("contrast_note", language)]
    found += _charts(contrast, language)
    found.append(_tallies(contrast, language))
    found.append(_scores(contrast, language))
    if contrast.documents:
        found.append(_documents(contrast.documents, language))
    return Section(word("contrast", language), tuple(found))


def part_name(result: SliceResult | Slice, language: str) -> str:
    """Return what a part of the set is called in a report."""
    known = {"yes", "no"}
    name = word(result.name, language) if result.name in known else result.name
    return word(f"slice_{result.kind}", language, name=name)


def _shown(contrast: Contrast) -> list[SliceResult]:
    documents = [result for result in contrast.slices if result.kind == "document"]
    others = [result for result in contrast.slices if result.kind != "document"]
    return [*others, *documents[:MOST_DOCUMENTS]]


def _pairs(contrast: Contrast) -> list[tuple[str, str]]:
    tallies = (tally for result in contrast.slices for tally in result.tallies)
    return list(dict.fromkeys((tally.system, tally.baseline) for tally in tallies))


def _charts(contrast: Contrast, language: str) -> Iterator[Chart]:
    results = [result for result in contrast.slices if result.kind != "document"][:MOST_PARTS]
    for system, baseline in _pairs(contrast):
        found = [
            (part_name(result, language), tally)
            for result in results
            for tally in result.tallies
            if (tally.system, tally.baseline) == (system, baseline) and tally.size
        ]
        series = [
            Series(
                word(share, language),
                tuple(Point(name, 100 * getattr(t, share) / t.size) for name, t in found),
            )
            for share in SHARES
        ]
        title = word("contrast_chart", language, system=system, baseline=baseline)
        if found:
            yield Chart(title, "shares", tuple(series), "%")


def _tallies(contrast: Contrast, language: str) -> Table:
    columns = ("part", "lines", "system", "baseline", *SHARES, "p_value")
    rows = [
        (
            part_name(result, language),
            str(result.size),
            tally.system,
            tally.baseline,
            str(tally.wins),
            str(tally.ties),
            str(tally.losses),
            probability(tally.p_value),
        )
        for result in _shown(contrast)
        for tally in result.tallies
    ]
    heads = tuple(word(column, language) for column in columns)
    return Table("", heads, tuple(rows), (1, 4, 5, 6, 7), (22, 8, 18, 18, 8, 8, 8, 10))


def _scores(contrast: Contrast, language: str) -> Table:
    columns = ("part", "lines", "system", "metric", "value", "interval", "signature")
    rows = [
        (
            part_name(result, language),
            str(result.size),
            system,
            score.metric,
            f"{score.value:.2f}",
            interval(score),
            score.signature,
        )
        for result in _shown(contrast)
        for system in contrast.systems
        for score in result.scores.get(system, ())
    ]
    heads = tuple(word(column, language) for column in columns)
    return Table("", heads, tuple(rows), (1, 4, 5), (18, 8, 17, 9, 9, 14, 25))


def _documents(tallies: Sequence[Tally], language: str) -> Table:
    columns = ("system", "baseline", "metric", *SHARES, "p_value")
    rows = [
        (
            t.system,
            t.baseline,
            t.metric,
            *(str(getattr(t, s)) for s in SHARES),
            probability(t.p_value),
        )
        for t in tallies
    ]
    heads = tuple(word(column, language) for column in columns)
    return Table(word("by_document", language), heads, tuple(rows), (3, 4, 5, 6))


def differences(contrast: Contrast, language: str) -> Section | None:
    """Return the lines with the largest differences, marked against the reference."""
    columns = ("line", "difference", "source", "system", "baseline", "reference")
    heads = [word(column, language) for column in columns]
    tables = []
    pairs = groupby(contrast.differences, key=lambda d: (d.system.system, d.baseline.system))
    for (system, baseline), found in pairs:
        rows = tuple(_row(difference) for difference in list(found)[:MOST_DIFFERENCES])
        named = (*heads[:3], system, baseline, heads[5])
        tables.append(Table(f"{system} − {baseline}", named, rows, (0, 1), (6, 8, 22, 22, 21, 21)))
    if not tables:
        return None
    return Section(word("differences", language), (word("differences_note", language), *tables))


def _row(difference: Difference) -> tuple[str | Marked, ...]:
    terms = sorted({(term.start, term.end) for term in difference.terms})
    source = Marked(difference.source, tuple((start, end, "term") for start, end in _apart(terms)))
    mine, theirs = difference.system, difference.baseline
    reference = Marked(mine.reference, _shades(mine.reference_marks, "added"))
    return (
        str(difference.n),
        f"{difference.difference:+.1f}",
        source,
        _marked(mine),
        _marked(theirs),
        reference,
    )


def _marked(side: Side) -> Marked:
    return Marked(side.text, _shades(side.marks, "removed"))


def _shades(marks: Sequence[Mark], shade: Shade) -> tuple[tuple[int, int, Shade], ...]:
    return tuple((mark.start, mark.end, shade) for mark in marks if mark.end > mark.start)


def _apart(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Leave out stretches that lie within an earlier one."""
    done = 0
    for start, end in spans:
        if start >= done:
            yield start, end
            done = end


def ngrams(contrast: Contrast, language: str) -> Section | None:
    """Return what each system writes too often and too seldom."""
    tables = [
        _ngrams(system, contrast.ngrams[system], language)
        for system in contrast.systems
        if system in contrast.ngrams
    ]
    if not tables:
        return None
    return Section(word("ngrams", language), (word("ngrams_note", language), *tables))


def _ngrams(system: str, use: NgramUse, language: str) -> Table:
    columns = ("over", "difference", "lines", "under", "difference", "lines")
    heads = tuple(word(column, language) for column in columns)
    length = min(MOST_NGRAMS, max(len(use.over), len(use.under)))
    rows = []
    for n in range(length):
        sides = []
        for column, sign in ((use.over, "+"), (use.under, "−")):
            found = column[n] if n < len(column) else None
            counts = (f"{sign}{abs(found.excess)}", str(found.lines)) if found else ("", "")
            sides += [found.text if found else "", *counts]
        rows.append(tuple(sides))
    return Table(system, heads, tuple(rows), (1, 2, 4, 5))
