"""``workbench check``: the checks on a bilingual file, without the app."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.context import (
    language_of,
    progress,
    read_input,
    workbench_from,
    write_json,
)

if TYPE_CHECKING:
    from workbench.assembly import Workbench
    from workbench.domain.row import Row


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("check")(check)


def check(
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(help="A bilingual file: .tsv, .csv, .xlsx, .tmx or .xliff.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check the pairs of a bilingual file: terms, numbers, leftovers, punctuation.

    Issues do not make it fail: the exit status is 0 when the file could be checked.
    """
    from workbench.formats.bilingual import read_pairs

    pairs = read_pairs(*read_input(file))
    rows = list(checked(workbench_from(context), pairs))
    language = language_of(context)
    if as_json:
        _print_json(rows, language)
    else:
        _print_text(rows, language)


def checked(workbench: Workbench, pairs: list[tuple[str, str]]) -> Iterator[Row]:
    """Yield a row with its hits, receipts and issues for each pair."""
    from dataclasses import replace

    from workbench.domain.article import Segment
    from workbench.domain.language import Span
    from workbench.domain.row import Row

    for n, (source, target) in enumerate(pairs, 1):
        hits = workbench.terminology.find(source)
        receipts = workbench.terminology.verify(hits, target)
        segment = Segment(n, n, source, Span(0, len(source)))
        row = Row(segment, target, "drafted", hits=hits, receipts=receipts)
        yield replace(row, issues=workbench.checks.run(row))
        progress(n, len(pairs), "check")


def _print_json(rows: list[Row], language: str) -> None:
    from workbench.cli.translate import issue_json

    write_json(
        {
            "segments": [
                {
                    "id": row.segment.id,
                    "source": row.segment.source,
                    "target": row.target,
                    "issues": [issue_json(issue, language) for issue in row.issues],
                }
                for row in rows
            ],
            "flagged": _flagged(rows),
        }
    )


def _flagged(rows: list[Row]) -> dict[str, int]:
    """Return how many segments each check flags, most first."""
    flagged = Counter(check for row in rows for check in {i.check for i in row.issues})
    return dict(flagged.most_common())


def _print_text(rows: list[Row], language: str) -> None:
    from workbench.messages import say

    for row in rows:
        for issue in row.issues:
            message = say(issue.key, language, **dict(issue.values))[0]
            typer.echo(f"{row.segment.n}\t{issue.severity}\t{issue.check}\t{message}")
    counts = ", ".join(f"{check} {count}" for check, count in _flagged(rows).items())
    typer.echo(f"{len(rows)} segments checked; flagged: {counts or 'none'}", err=True)
