"""``workbench testset``: the test sets within reach; the newsroom's own are frozen here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.context import language_of, workbench_from, write_json

if TYPE_CHECKING:
    from workbench.assembly import Workbench
    from workbench.domain.run import SetManifest
    from workbench.services.evaluation.freezing import Freezing

Name = Annotated[str, typer.Argument(help="The name of a set: newsdesk, ntrex128, …")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(app: typer.Typer) -> None:
    """Add the verb group."""
    group = typer.Typer(help="Test sets: shipped, public, frozen.", no_args_is_help=True)
    for verb in (show, check, freeze, export, delete):
        group.command()(verb)
    group.command("list")(list_sets)
    app.add_typer(group, name="testset")


def list_sets(context: typer.Context, as_json: AsJson = False) -> None:
    """List the sets that can be read now."""
    found = workbench_from(context).evaluation.shelf.list()
    if as_json:
        write_json(found)
        return
    for each in found:
        documents = each.documents or "—"
        typer.echo(
            f"{each.name}\t{each.kind}\t{each.lines} lines\t{each.references} refs\t"
            f"{documents} documents\t{each.licence or '—'}\t{each.origin or each.note}"
        )


def show(context: typer.Context, name: Name, as_json: AsJson = False) -> None:
    """Show what is known of a set: origin, licence, digest, lines, documents."""
    _show(workbench_from(context).evaluation.shelf.manifest(name), as_json)


def _show(manifest: SetManifest, as_json: bool) -> None:
    if as_json:
        write_json(manifest)
        return
    edition = "" if manifest.known in ("", manifest.digest) else " (not the known edition)"
    lines = {
        "name": manifest.name,
        "kind": manifest.kind,
        "origin": manifest.origin,
        "address": manifest.url,
        "licence": manifest.licence,
        "note": manifest.note,
        "lines": manifest.lines,
        "references": manifest.references,
        "documents": manifest.documents or "",
        "characters": manifest.characters,
        "sha256": manifest.digest + edition,
        "author": manifest.author,
        "created": manifest.created,
        **{key: value for key, value in manifest.facts.items() if key != "lines"},
    }
    for key, value in lines.items():
        if value not in ("", None, [], {}):
            shown = ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
            typer.echo(f"{key}\t{shown}")


def check(context: typer.Context, name: Name, as_json: AsJson = False) -> None:
    """Look for what is wrong with a set; findings do not make it fail, a broken set does."""
    from workbench.messages import say

    language = language_of(context)
    shelf = workbench_from(context).evaluation.shelf
    said = [(each, say(each.key, language, **each.values)) for each in shelf.check(name)]
    if as_json:
        write_json([{"key": e.key, "problem": p, "remedy": r} for e, (p, r) in said])
        return
    for _, (problem, remedy) in said:
        typer.echo(f"{problem} {remedy}")


def freeze(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The name of the new set.")],
    since: Annotated[str, typer.Option(help="From this day on, as 2026-11-01.")] = "",
    until: Annotated[str, typer.Option(help="Up to this day, which counts.")] = "",
    outlet: Annotated[str, typer.Option(help="Only articles of this outlet.")] = "",
    author: Annotated[str, typer.Option(help="Only articles of this author.")] = "",
    partial: Annotated[
        bool, typer.Option("--partial", help="Also what is confirmed in unfinished articles.")
    ] = False,
    limit: Annotated[
        int | None, typer.Option(min=1, help="The most lines; whole articles are taken.")
    ] = None,
    note: Annotated[str, typer.Option(help="What the set is for.")] = "",
    by: Annotated[str, typer.Option(help="Who freezes it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Freeze a set from confirmed articles; it never changes afterwards."""
    from workbench.cli.context import tell
    from workbench.messages import say
    from workbench.services.evaluation.freezing import Wanted, favoured

    wanted = Wanted(since, until, outlet, author, partial, limit)
    manifest = _freezing(workbench_from(context)).freeze(name, wanted, by, note)
    _show(manifest, as_json)
    found = favoured(manifest)
    if found:
        values = {"name": name, "engine": found[0], "share": f"{100 * found[1]:.0f}"}
        tell(*say("evaluation.engine_favoured", language_of(context), **values))


def export(
    context: typer.Context,
    names: Annotated[list[str], typer.Argument(help="The names of sets.")],
    to: Annotated[Path, typer.Option("--to", "-o", help="The folder to write into.")] = Path(),
    as_json: AsJson = False,
) -> None:
    """Write sets as line-aligned files with their manifests."""
    freezing = _freezing(workbench_from(context))
    written = [path for name in names for path in freezing.export(name, to)]
    if as_json:
        write_json(written)
    for path in () if as_json else written:
        typer.echo(path)


def delete(context: typer.Context, name: Name) -> None:
    """Delete a frozen set; stored runs keep their lines."""
    _freezing(workbench_from(context)).delete(name)


def _freezing(workbench: Workbench) -> Freezing:
    from workbench.services.evaluation.freezing import Freezing
    from workbench.storage.frozen_sets import FrozenSets

    return Freezing(FrozenSets(workbench.database), workbench.evaluation.shelf)
