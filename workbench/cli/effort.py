"""``workbench effort``: what post-editing costs, by engine, article and translator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.context import workbench_from, write_json, write_output
from workbench.domain.effort import EffortReport, EffortRow

if TYPE_CHECKING:
    from workbench.assembly import Workbench

By = Annotated[str, typer.Option(help="engine, article or translator.")]
Since = Annotated[str, typer.Option(help="First day, as 2026-11-25.")]
Until = Annotated[str, typer.Option(help="Last day.")]
ArticleNumber = Annotated[int, typer.Option(help="Only this article.")]


def register(app: typer.Typer) -> None:
    """Add the verb group."""
    group = typer.Typer(help="Post-editing effort: time, keys, changes and HTER.")
    group.command("show")(show)
    group.command("export")(export)
    group.command("forget")(forget)
    app.add_typer(group, name="effort")


def show(
    context: typer.Context,
    by: By = "engine",
    since: Since = "",
    until: Until = "",
    article: ArticleNumber = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show sums of enough people (setting effort_people); translators only if permitted."""
    found = _report(workbench_from(context), by, since, until, article)
    if as_json:
        write_json(found)
        return
    for row in found.rows:
        typer.echo(_line(row))
    if found.rows:
        typer.echo(_line(found.total, "total"))
    signature = next((row.hter.score.signature for row in found.rows if row.hter), "")
    if signature:
        typer.echo(f"hter|{signature}")


def export(
    context: typer.Context,
    by: By = "engine",
    since: Since = "",
    until: Until = "",
    article: ArticleNumber = 0,
    output: Annotated[
        str | None, typer.Option("--output", "-o", help="File, or - for stdout.")
    ] = None,
) -> None:
    """Write the same as CSV."""
    from workbench.services.evaluation.effort import as_csv

    write_output(as_csv(_report(workbench_from(context), by, since, until, article)), output)


def forget(
    context: typer.Context,
    author: Annotated[str | None, typer.Option(help="Whose measurements to remove.")] = None,
    before: Annotated[str, typer.Option(help="Only those from before this day.")] = "",
) -> None:
    """Remove measurements for good; texts and their history stay."""
    count = workbench_from(context).lab.effort.forget(author, before)
    typer.echo(f"{count} measurements removed", err=True)


def _report(workbench: Workbench, by: str, since: str, until: str, article: int) -> EffortReport:
    from workbench.services.accounts import LOCAL

    return workbench.lab.effort.report(LOCAL, by, since, until, article)


def _line(row: EffortRow, name: str = "") -> str:
    named = name or row.label or row.key or "no draft"
    if row.withheld:
        return f"{named}\twithheld: too few people"
    speed = "–" if row.speed is None else f"{row.speed:.0f} Russian characters/h"
    parts = [
        named,
        f"{row.people} people",
        f"{row.segments} segments",
        f"{row.active_ms / 1000:.0f} s active",
        speed,
        f"{row.keystrokes} keys",
        f"+{row.inserted} −{row.deleted}",
    ]
    if row.hter is not None:
        score = row.hter.score
        interval = "" if score.low is None else f" ({score.low:.2f}–{score.high:.2f})"
        classes = ", ".join(f"{kind} {count}" for kind, count in row.hter.edits.items())
        parts.append(f"HTER {score.value:.2f}{interval}, n={row.hter.size}: {classes}")
    return "\t".join(parts)
