"""``workbench export``: an article of the list to a file."""

from __future__ import annotations

from typing import Annotated

import typer

from workbench.cli.context import workbench_from, write_output
from workbench.errors import SettingsError


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("export")(export)


def export(
    context: typer.Context,
    article_id: Annotated[int, typer.Argument(help="The article's number in the list.")],
    to: Annotated[str, typer.Option(help="docx, html, txt, tmx, xliff, xliff2 or bilingual-docx.")],
    output: Annotated[str, typer.Option("-o", "--output", help="Output file, or -.")] = "-",
) -> None:
    """Write an article with its translation; nothing of its text is dropped."""
    from workbench.formats import WRITERS

    if to not in WRITERS:
        raise SettingsError("cli.no_such_format", name=to, known=", ".join(WRITERS))
    workbench = workbench_from(context)
    article = workbench.articles.get(article_id)
    rows = workbench.articles.rows(article_id)
    data, _, _ = workbench.export.publish(article, rows, to, "", workbench.terms.version())
    counts = workbench.export.count(article, rows)
    write_output(data, output)
    typer.echo(
        f"{counts.segments} segments, {counts.untranslated} without a target; "
        f"{counts.source_characters} characters of source, {counts.target_characters} of target.",
        err=True,
    )
