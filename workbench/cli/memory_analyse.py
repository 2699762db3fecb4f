"""``workbench memory analyse``: what the memory knows of an article before work begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.context import progress, read_input, workbench_from, write_json

if TYPE_CHECKING:
    from workbench.services.memory_analysis import Count, Report


def register(group: typer.Typer) -> None:
    """Add the verb to the group ``memory``."""
    group.command("analyse")(analyse)


def analyse(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="The Russian article (.txt .html .docx .md), or -.")],
    internal: Annotated[
        bool, typer.Option("--internal", help="Compare the sentences with one another too.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Count what the memory knows of an article: repetitions and matches by their score."""
    data, name = read_input(file)
    workbench = workbench_from(context)
    article = workbench.intake.read(data, name)
    report = None
    for report in workbench.memory_analysis.run(article, internal):
        progress(report.done, report.total.segments, "analyse")
    if report is None:
        return
    if as_json:
        from workbench.web.memory_wire import report_json

        write_json(report_json(report))
    else:
        _print(report)


def _print(report: Report) -> None:
    total = report.total
    typer.echo("match\tsegments\twords\tcharacters\t%")

    def line(name: str, count: Count) -> None:
        share = 100 * count.characters / total.characters if total.characters else 0
        typer.echo(f"{name}\t{count.segments}\t{count.words}\t{count.characters}\t{share:.1f}")

    line("repetitions", report.repetitions)
    for name, count in report.bands.items():
        line(name, count)
    for name, count in report.internal.items():
        line(f"internal {name}", count)
    line("total", total)
