"""``workbench glossary``: files of entries in, with a preview, as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.context import (
    language_of,
    progress,
    read_input,
    workbench_from,
    write_json,
)
from workbench.cli.glossary_states import AsJson, Author
from workbench.cli.tables import show
from workbench.web.term_wire import import_json

if TYPE_CHECKING:
    from workbench.services.term_files import RowList

_SHOWN = 50  # rows of each kind said on stderr; --json has a thousand


def register(group: typer.Typer) -> None:
    """Add the verbs."""
    group.command("import")(import_file)
    group.command("imports")(imports)


def import_file(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="A .tsv, .csv, .xlsx or .tbx file, or -.")],
    form: Annotated[
        str, typer.Option("--format", help="Format when the file is - : tsv, csv, xlsx or tbx.")
    ] = "tsv",
    preview: Annotated[
        bool, typer.Option("--preview", help="Only say what the import would do.")
    ] = False,
    simplify: Annotated[
        bool, typer.Option("--simplify", help="Replace Traditional characters by Simplified ones.")
    ] = False,
    author: Author = "",
    as_json: AsJson = False,
) -> None:
    """Import entries, all at once; rows that cannot be used are named. ``undo`` takes it back."""
    data, name = read_input(file)
    if file == "-":
        name = f"stdin.{form}"
    report = workbench_from(context).desk.import_file(
        data, name, author, preview, simplify, lambda done, total: progress(done, total, name)
    )
    language = language_of(context)
    if as_json:
        write_json(import_json(report, language))
        return
    counts = (
        f"+{len(report.added)}",
        f"={report.known}",
        f"≠{len(report.conflicting)}",
        f"−{len(report.refused)}",
    )
    typer.echo("  ".join((*counts, report.batch)).rstrip())
    for rows in (report.refused, report.conflicting, report.remarks):
        _say(rows, name, language)


def _say(rows: RowList, name: str, language: str) -> None:
    for row in rows.rows[:_SHOWN]:
        typer.echo(f"{name}:{row.line}: {row.say(language)} {row.remedy(language)}", err=True)
    if len(rows) > _SHOWN:
        typer.echo(f"{name}: … {len(rows) - _SHOWN}", err=True)


def imports(context: typer.Context, as_json: AsJson = False) -> None:
    """List the imports, the newest first, with how many of their entries are still there."""
    found = workbench_from(context).desk.imports()
    if as_json:
        write_json(found)
        return
    show(
        ("id", "when", "who", "present", "why"),
        (
            (one.id, one.created, one.author, f"{one.present}/{one.entries}", one.reason)
            for one in found
        ),
    )
