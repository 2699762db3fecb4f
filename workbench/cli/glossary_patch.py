"""``workbench glossary``: what a change would touch, carrying it into texts, taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from workbench.cli.context import workbench_from, write_json
from workbench.cli.glossary_states import AsJson, Author, Reason, TermId
from workbench.cli.tables import show
from workbench.errors import InputError, SettingsError
from workbench.web.term_wire import (
    impact_json,
    import_undone_json,
    patch_json,
    patched_json,
    undone_json,
)

To = Annotated[str, typer.Option(help="The new Chinese form.")]


def register(group: typer.Typer) -> None:
    """Add the verbs."""
    group.command("impact")(impact)
    group.command("patch")(patch)
    group.command("patches")(patches)
    group.command("undo")(undo)


def impact(
    context: typer.Context,
    term_id: TermId,
    to: To = "",
    status: Annotated[str, typer.Option(help="The new state.")] = "",
    delete: Annotated[bool, typer.Option("--delete", help="As if it were deleted.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say which drafts, memory units and exports a change would touch; changes nothing."""
    if not (to or status or delete):
        raise SettingsError("cli.nothing_to_compare")
    found = workbench_from(context).desk.impact(
        term_id,
        to,
        status or None,  # type: ignore[arg-type]  # the glossary refuses what it does not know
        delete,
    )
    if as_json:
        write_json(impact_json(found))
        return
    typer.echo(f"segments\t{_counts(found.segments)}")
    typer.echo(f"segments without the form\t{_counts(found.lacking)}")
    typer.echo(f"memory units\t{_counts(found.units)}")
    if found.unchecked:
        typer.echo(f"not looked at\t{found.unchecked}")
    typer.echo(f"articles\t{len(found.articles)}")
    typer.echo(f"exports\t{len(found.exports)}")
    for sample in found.samples:
        where = f"{sample.kind} {sample.id}"
        typer.echo(f"{where}\t{sample.form}\t{sample.target}\t{sample.after}")


def _counts(counts: Mapping[str, int]) -> str:
    parts = ", ".join(f"{state} {count}" for state, count in sorted(counts.items()))
    return f"{sum(counts.values())} ({parts})" if parts else "0"


def patch(
    context: typer.Context,
    term_id: TermId,
    to: To,
    confirmed: Annotated[
        bool, typer.Option("--confirmed", help="Also confirmed rows and the memory.")
    ] = False,
    reason: Reason = "",
    author: Author = "",
    as_json: AsJson = False,
) -> None:
    """Give an entry a new Chinese form and put it into the drafts that have the old one."""
    done = workbench_from(context).desk.patch(term_id, to, author, reason, confirmed)
    if as_json:
        write_json(patched_json(done))
        return
    typer.echo(f"{done.id}\tsegments {done.rows}\tunits {done.units}\tleft {len(done.left)}")


def patches(context: typer.Context, as_json: AsJson = False) -> None:
    """List the patches, the newest first."""
    found = workbench_from(context).desk.list_patches()
    if as_json:
        write_json([patch_json(patch) for patch in found])
        return
    rows = []
    for patch in found:
        term = patch.content["term"]
        change = f"{term['target']} → {patch.content['to']}"
        rows.append((patch.id, patch.created, patch.author, term["source"], change, patch.undone))
    show(("id", "when", "who", "Russian", "change", "undone"), rows)


def undo(
    context: typer.Context,
    number: Annotated[str, typer.Argument(help="A patch (12) or an import (i3f9a12c04b).")],
    author: Author = "",
    as_json: AsJson = False,
) -> None:
    """Take a patch or an import back where nobody changed anything since; say what stays."""
    if not (number.isdecimal() or (number[:1] == "i" and number[1:].isalnum())):
        raise InputError("terms.not_undoable", id=number)
    desk = workbench_from(context).desk
    if number.isdecimal():
        report = undone_json(desk.undo_patch(int(number), author))
    else:
        report = import_undone_json(desk.undo_import(number, author))
    if as_json:
        write_json(report)
        return
    left = report.pop("left")
    counts = {name: value for name, value in report.items() if value is not False}
    typer.echo("\t".join(name if v is True else f"{name} {v}" for name, v in counts.items()))
    for place in left:
        typer.echo(f"{place['kind']} {place['id']}: {place['why']}", err=True)
