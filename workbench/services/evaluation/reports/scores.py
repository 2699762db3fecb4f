"""The sections of a report on single systems: scores, tests, terms, faults, weakest lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbench.domain.quality import FAULT_KINDS, Comparison, Evaluation, Score, TermUse
from workbench.domain.report import Chart, Part, Point, Section, Series, Table
from workbench.services.evaluation.orders import token_speeds
from workbench.services.evaluation.reports.words import interval, probability, word

MOST_FAULTS = 40
MOST_RENDERINGS = 25
# How many places a figure has: shares of lines need no more than the set can tell apart.
PLACES = 2
MEASURES = ("terms", "consistency", "length", "length_reference", "faults", *FAULT_KINDS)


def scores(run: Evaluation, language: str) -> Section:
    """Return the metrics of every system with chart, intervals and signatures."""
    return Section(
        word("scores", language),
        (
            word("scores_note", language),
            _chart(run, language),
            _figures(run.scores, run.systems, language),
        ),
    )


def _chart(run: Evaluation, language: str) -> Chart:
    names = [score.metric for score in run.scores[run.systems[0]]]
    by_metric = [
        Series(
            metric,
            tuple(
                Point(system, score.value, score.low, score.high)
                for system in run.systems
                for score in run.scores[system]
                if score.metric == metric
            ),
        )
        for metric in names
    ]
    return Chart(word("scores_chart", language), "intervals", tuple(by_metric))


def _figures(figures: dict[str, tuple[Score, ...]], systems: Sequence[str], language: str) -> Table:
    columns = ("system", "metric", "value", "interval", "size", "signature")
    rows = [
        (
            system,
            _called(score.metric, language),
            f"{score.value:.{PLACES}f}",
            interval(score),
            str(score.size or "—"),
            score.signature,
        )
        for system in systems
        for score in figures.get(system, ())
    ]
    heads = tuple(word(column, language) for column in columns)
    return Table("", heads, tuple(rows), (2, 3, 4), (18, 18, 9, 15, 7, 33))


def _called(name: str, language: str) -> str:
    """Return what a measure is called in a report; the metrics keep their names."""
    known = name in MEASURES or name.startswith("hter:")
    return word(f"measure_{name.replace(':', '_')}", language) if known else name


def significance(run: Evaluation, language: str) -> Section | None:
    """Return the paired tests of the run, the other kind of test too where it was made."""
    known = {(c.metric, c.system, c.baseline, c.test) for c in run.comparisons}
    more = run.contrast.slices[0].comparisons if run.contrast and run.contrast.slices else ()
    tests = [*run.comparisons]
    tests += [c for c in more if (c.metric, c.system, c.baseline, c.test) not in known]
    if not tests:
        return None
    table = comparisons_table(tests, language)
    return Section(word("significance", language), (word("significance_note", language), table))


def comparisons_table(tests: Sequence[Comparison], language: str) -> Table:
    """Return paired tests as a table."""
    columns = ("system", "baseline", "metric", "difference", "interval", "p_value", "test")
    rows = [
        (
            test.system,
            test.baseline,
            test.metric,
            f"{test.difference:+.2f}",
            interval(test),
            probability(test.p_value),
            test.test,
        )
        for test in tests
    ]
    heads = tuple(word(column, language) for column in columns)
    return Table("", heads, tuple(rows), (3, 4, 5), (15, 15, 9, 10, 14, 9, 28))


def measures(run: Evaluation, language: str) -> Section:
    """Return term success, consistency, faults and length of every system, and the speed."""
    parts: list[Part] = []
    if any(run.measures.values()):
        parts.append(_figures(run.measures, run.systems, language))
    parts += _uses(run, language)
    parts += _renderings(run, language)
    parts += _faults(run, language)
    return Section(word("measures", language), tuple(parts))


def _uses(run: Evaluation, language: str) -> Iterator[Table]:
    """Who put the terms in, and how fast the system was."""
    rows = []
    fast = token_speeds(run)
    for system in run.systems:
        use = run.terms.get(system, TermUse())
        seconds = run.seconds.get(system, 0.0)
        methods = ", ".join(f"{method} {count}" for method, count in use.methods.items())
        speed = f"{run.characters / seconds:.0f}" if seconds else "—"
        share = f"{use.honoured}/{use.hits}" if use.hits else "—"
        tokens = f"{fast[system]:.0f}" if system in fast else "—"
        spent = f"{seconds:.1f}" if seconds else "—"
        rows.append((system, share, methods or "—", spent, speed, tokens))
    columns = (
        "system",
        "mentions",
        "methods",
        "seconds",
        "characters_per_second",
        "tokens_per_second",
    )
    heads = tuple(word(column, language) for column in columns)
    yield Table("", heads, tuple(rows), (1, 3, 4, 5), (20, 13, 33, 10, 12, 12))


def _renderings(run: Evaluation, language: str) -> Iterator[Table]:
    nothing = word("nothing_like_it", language)
    rows = [
        (
            system,
            found.source,
            found.target,
            str(found.mentions),
            "; ".join(f"{text or nothing} {count}" for text, count in found.counts.items()),
        )
        for system in run.systems
        for found in run.renderings.get(system, ())[:MOST_RENDERINGS]
        if len(found.counts) > 1
    ]
    if rows:
        columns = ("system", "term", "wanted", "mentions", "rendered")
        heads = tuple(word(column, language) for column in columns)
        caption = word("renderings", language)
        yield Table(caption, heads, tuple(rows), (3,), (16, 22, 18, 10, 34))


def _faults(run: Evaluation, language: str) -> Iterator[Part]:
    found = [(system, fault) for system in run.systems for fault in run.faults.get(system, ())]
    rows = [
        (system, str(fault.n), word(f"fault_{fault.kind}", language), fault.text)
        for system, fault in found[:MOST_FAULTS]
    ]
    if not rows:
        return
    columns = ("system", "line", "fault", "shown_by")
    heads = tuple(word(column, language) for column in columns)
    yield Table(word("faults", language), heads, tuple(rows), (1,), (20, 8, 18, 54))
    if len(found) > len(rows):
        yield word("more", language, count=len(found) - len(rows))


def worst(run: Evaluation, language: str) -> Section | None:
    """Return the weakest lines of every system."""
    columns = ("line", "value", "source", "hypothesis", "reference")
    heads = tuple(word(column, language) for column in columns)
    tables = []
    for system in run.systems:
        rows = tuple(
            (str(weak.n), f"{weak.value:.1f}", weak.source, weak.hypothesis, weak.reference)
            for weak in run.worst
            if weak.system == system
        )
        if rows:
            tables.append(Table(system, heads, rows, (0, 1), (7, 8, 29, 28, 28)))
    if not tables:
        return None
    return Section(word("worst", language, system="chrF"), tuple(tables))
