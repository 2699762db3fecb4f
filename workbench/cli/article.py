"""``workbench article``: the article list without a browser."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from workbench.cli.article_return import import_xliff
from workbench.cli.context import read_input, workbench_from, write_json


def register(app: typer.Typer) -> None:
    """Add the verb group."""
    group = typer.Typer(help="The article list.", no_args_is_help=True)
    group.command("list")(list_articles)
    group.command("add")(add)
    group.command("delete")(delete)
    group.command("import-xliff")(import_xliff)
    app.add_typer(group, name="article")


def list_articles(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the articles, newest first."""
    summaries = workbench_from(context).articles.list()
    if as_json:
        write_json([asdict(summary) for summary in summaries])
        return
    for summary in summaries:
        typer.echo(f"{summary.id}\t{summary.metadata.title}")


def add(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="The Russian article, or -.")],
) -> None:
    """Add an article to the list and print its number."""
    data, name = read_input(file)
    workbench = workbench_from(context)
    article = workbench.articles.add(workbench.intake.read(data, name), author="")
    typer.echo(article.id)


def delete(
    context: typer.Context, article_id: Annotated[int, typer.Argument(help="The number.")]
) -> None:
    """Take an article off the list; its confirmed units stay in the memory."""
    workbench_from(context).articles.delete(article_id, author="")
