"""``workbench backup`` and ``workbench restore``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.context import Flags, write_json
from workbench.errors import InputError


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(help="The backup file to write (.zip).")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Save the whole state (articles, glossary, memory, accounts) to one file, also in use."""
    from workbench.storage.backup import back_up

    manifest = back_up(_database(context), out)
    if as_json:
        write_json(manifest)
    else:
        typer.echo(f"{out}\t{manifest.size} bytes\tsha256 {manifest.sha256}")


def restore(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(metavar="IN", help="A backup file.")],
    force: Annotated[
        bool, typer.Option("--force", help="Replace the present database, keeping it beside.")
    ] = False,
) -> None:
    """Bring a state back from a backup; the server must be stopped."""
    from workbench.storage.backup import restore as bring_back

    manifest, kept = bring_back(source, _database(context), force)
    typer.echo(f"restored the state of {manifest.created}")
    if kept:
        typer.echo(f"the database that was there is kept as {kept}", err=True)


def _database(context: typer.Context) -> Path:
    """Return the SQLite file of the settings, without opening it. Raises InputError."""
    from workbench.settings import load_settings
    from workbench.storage.database import sqlite_file

    flags = context.find_object(Flags) or Flags()
    settings = load_settings(state=flags.state, language=flags.language)
    found = sqlite_file(settings.database_url)
    if found is None:
        raise InputError("backup.other_database")
    return found
