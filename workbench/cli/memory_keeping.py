"""``workbench memory reindex`` and ``move``: the index built anew, the database changed."""

from __future__ import annotations

from typing import Annotated

import typer

from workbench.cli.context import Flags, language_of, progress, workbench_from, write_json
from workbench.errors import NotFound

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(group: typer.Typer) -> None:
    """Add the verbs to ``workbench memory``."""
    group.command("reindex")(reindex)
    group.command("move")(move)


def reindex(context: typer.Context) -> None:
    """Discard the index and build it anew from the units; Ctrl+C keeps what is built."""
    memory = workbench_from(context).memory
    memory.reindex(indexing)
    typer.echo(f"{memory.stats().units} units", err=True)


def indexing(done: int, total: int) -> None:
    """Show how far the index is."""
    progress(done, total, "index")


def move(
    context: typer.Context,
    target: Annotated[str, typer.Option("--to", help="Address of an empty database.")],
    source: Annotated[
        str, typer.Option("--from", help="Address of the database; the present one by default.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Move everything (articles, glossary, memory, accounts) to another database, all or nothing.

    Addresses are SQLAlchemy's: sqlite:////folder/file, postgresql+psycopg://user@host/name.
    """
    from workbench.messages import say
    from workbench.settings import load_settings
    from workbench.storage.database import Database, shown, sqlite_file
    from workbench.storage.moving import move as copy

    if not source:
        flags = context.find_object(Flags) or Flags()
        source = load_settings(state=flags.state, language=flags.language).database_url
    file = sqlite_file(source)
    if file and not file.exists():
        raise NotFound("storage.move_no_source", where=file)
    given = Database(source)
    context.call_on_close(given.close)
    wanted = Database(target)
    context.call_on_close(wanted.close)
    moved = copy(given, wanted, lambda done, total: progress(done, total, "move"))
    if as_json:
        write_json(moved)
        return
    said = {"rows": sum(table.rows for table in moved), "where": shown(wanted.url)}
    done, step = say("storage.moved", language_of(context), **said)
    typer.echo(done)
    typer.echo(step, err=True)
