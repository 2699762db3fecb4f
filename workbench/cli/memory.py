"""``workbench memory``: the translation memory without a browser."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from workbench.cli import memory_analyse, memory_desk, memory_keeping
from workbench.cli.context import language_of, workbench_from, write_json
from workbench.cli.memory_training import Kept, every
from workbench.errors import InputError, NotFound, SettingsError

if TYPE_CHECKING:
    from workbench.domain.memory import Match
    from workbench.services.memory_files import Imported

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Format = Annotated[
    str, typer.Option("--format", help="Format of - : tmx, tsv or csv (.xlsx needs a file).")
]
Author = Annotated[str, typer.Option(help="Whose act it is, for the history.")]


def register(app: typer.Typer) -> None:
    """Add the verb group."""
    group = typer.Typer(help="The translation memory.", no_args_is_help=True)
    group.command("import")(import_file)
    group.command("export")(export_file)
    group.command("search")(search)
    group.command("stats")(stats)
    memory_keeping.register(group)
    memory_desk.register(group)
    memory_analyse.register(group)
    app.add_typer(group, name="memory")


def import_file(
    context: typer.Context,
    file: Annotated[
        str | None, typer.Argument(help="A .tmx, .xliff, .tsv, .csv or .xlsx file, or -.")
    ] = None,
    seed: Annotated[
        bool, typer.Option("--seed", help="Load the pairs that come with the workbench.")
    ] = False,
    form: Format = "tmx",
    profile: Annotated[str, typer.Option(help="How far it is trusted: own, partner or raw.")] = "",
    domain: Annotated[str, typer.Option(help="What it is about, for the penalties.")] = "",
    penalty: Annotated[
        int | None, typer.Option(help="Points its matches lose; by default the profile's.")
    ] = None,
    author: Annotated[
        str, typer.Option(help="Whose act it is, and who the units are by that name nobody.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Import translation units; all or nothing of a file, and it can be withdrawn in one action."""
    if (file is None) != seed:
        raise SettingsError("memory.file_or_seed")
    from workbench.services.memory_imports import profile_of

    judged = profile_of(profile, domain, penalty)
    workbench = workbench_from(context)
    if file is None:
        folder = workbench.data / "corpora" / "ru-zh" / "authored"
        imported = workbench.memory.load_seed(folder, author)
    else:
        take = partial(
            workbench.memory.import_file,
            author=author,
            progress=_count,
            profile=judged,
            translator=author,
        )
        if file == "-":
            imported = take(sys.stdin.buffer, f"stdin.{form}")
        else:
            with _opened(file) as stream:
                imported = take(stream, Path(file).name)
    if as_json:
        write_json(imported)
    else:
        _report(context, imported)


def _opened(file: str) -> BinaryIO:
    try:
        return Path(file).open("rb")
    except FileNotFoundError as error:
        raise NotFound("cli.no_file", path=file) from error
    except OSError as error:
        raise InputError("cli.unreadable", path=file, reason=error.strerror) from error


def _report(context: typer.Context, imported: Imported) -> None:
    from workbench.messages import say

    language = language_of(context)
    for problem in imported.problems:
        typer.echo(f"{imported.name}:{problem.line}: {say(problem.reason, language)[0]}", err=True)
    typer.echo(
        f"{imported.batch}\t{imported.added} added, {imported.known} known, "
        f"{imported.rejected} rejected"
    )


def _count(done: int) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r{done} ", err=True, nl=False)


def export_file(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="A .tmx, .tsv, .csv or .xlsx file, or -.")],
    form: Format = "tmx",
    training: Annotated[
        bool, typer.Option("--training", help="For training: no pair with a line of a test set.")
    ] = False,
) -> None:
    """Export every unit in the format of the file's suffix."""
    workbench = workbench_from(context)
    memory = workbench.memory
    kept = Kept(workbench.evaluation.shelf) if training else None
    shaped = kept.shaped if kept else every
    if file == "-":
        count = memory.export_file(sys.stdout.buffer, f"stdout.{form}", _count, shaped)
        sys.stdout.buffer.flush()
    else:
        # Written beside and put in place at the end, so that a failure leaves the old file.
        target = Path(file)
        part = target.with_name(f".{target.name}.part")
        try:
            with part.open("wb") as stream:
                count = memory.export_file(stream, target.name, _count, shaped)
            part.replace(target)
        except OSError as error:
            raise InputError("cli.unwritable", path=file, reason=error.strerror) from error
        finally:
            part.unlink(missing_ok=True)
    typer.echo(f"{count} units", err=True)
    if kept:
        typer.echo(kept.told(), err=True)


def search(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="A Russian sentence, or -.")],
    limit: Annotated[int, typer.Option(min=1, help="The most matches.")] = 5,
    minimum: Annotated[
        int | None, typer.Option("--min", min=1, max=102, help="The lowest score.")
    ] = None,
    fragments: Annotated[
        bool, typer.Option("--fragments", help="Clauses too, where nothing is alike.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Find units like a sentence: exact, the same but for numbers, or alike."""
    workbench = workbench_from(context)
    least = workbench.settings.memory_minimum if minimum is None else minimum
    workbench.memory.follow(memory_keeping.indexing)  # nobody waits for what is built beside
    text = _argument(text)
    found = workbench.memory.matches(text, limit=limit, minimum=least)
    if fragments:
        found += workbench.memory.fragments(text, found)
    if as_json:
        write_json([_match_json(match, text) for match in found])
        return
    for match in found:
        score = "" if match.fragment else match.score
        typer.echo(f"{score}\t{match.how}\t{match.unit.source}\t{match.target}")


def _match_json(match: Match, text: str) -> dict[str, Any]:
    """Return a match as the contract has it, and after that why it is offered."""
    from workbench.web.memory_wire import likeness_json, proposal_json

    known = {"source", "target", "score", "how", "unit_id"}
    proposal = proposal_json(match)
    return {
        "source": match.unit.source,
        "target": match.target,
        "score": match.score,
        "how": match.how,
        "unit_id": match.unit.id,
        **{name: value for name, value in proposal.items() if name not in known},
        **likeness_json(match, text),
    }


def stats(context: typer.Context, as_json: AsJson = False) -> None:
    """Say what the memory holds, and which imports can be withdrawn."""
    found = workbench_from(context).memory.stats()
    if as_json:
        write_json(found)
        return
    origins = ", ".join(f"{number} {origin}" for origin, number in sorted(found.origins.items()))
    typer.echo(f"{found.units} units" + (f" ({origins})" if origins else ""))
    for batch in found.batches:
        state = "" if batch.finished else "\tnot finished"
        line = f"{batch.id}\t{batch.origin}\t{batch.units}\t{batch.name}\t{batch.created}{state}"
        typer.echo(line)


def _argument(text: str) -> str:
    return sys.stdin.read().strip() if text == "-" else text
