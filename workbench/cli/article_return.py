"""``workbench article import-xliff``: a translated XLIFF file back into its article."""

from __future__ import annotations

import io
from typing import Annotated

import typer

from workbench.cli.context import language_of, read_input, workbench_from, write_json


def import_xliff(
    context: typer.Context,
    article_id: Annotated[int, typer.Argument(help="The article's number in the list.")],
    file: Annotated[str, typer.Argument(help="The .xliff file that was exported from it, or -.")],
    confirm: Annotated[
        bool,
        typer.Option("--confirm", help="Confirm what the file calls translated or more."),
    ] = False,
    author: Annotated[str, typer.Option(help="Whose act it is, for the history.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Bring the targets of a translated XLIFF file back into the article, as edits.

    A row that was changed here since the export is left as it is and reported with both texts.
    """
    from workbench.messages import say

    data, name = read_input(file)
    workbench = workbench_from(context)
    done = workbench.xliff_return.take(article_id, io.BytesIO(data), name, author, confirm)
    if as_json:
        write_json(done)
        return
    language = language_of(context)
    for result in done.problems:
        message = say(f"review.returned_{result.outcome}", language, n=result.n)[0]
        typer.echo(f"{message}\t{result.present}\t{result.offered}", err=True)
    for result in done.noted:
        typer.echo(f"{result.n}\t{result.note}", err=True)
    counts = (f"{n} {outcome.replace('_', ' ')}" for outcome, n in sorted(done.counts.items()))
    typer.echo(", ".join(counts))
