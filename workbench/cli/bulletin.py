"""``workbench bulletin``: several articles published together in the house layout."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.context import language_of, read_input, workbench_from, write_json, write_output
from workbench.errors import InputError
from workbench.messages import say

if TYPE_CHECKING:
    from workbench.assembly import Workbench
    from workbench.domain.bulletin import Remark
    from workbench.services.bulletin import Bulletins


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    verbs = typer.Typer(help="Publish several articles in the house layout.", no_args_is_help=True)
    verbs.command("new")(new)
    verbs.command("build")(build)
    verbs.command("check")(check)
    app.add_typer(verbs, name="bulletin")


Spec = Annotated[str, typer.Argument(help="The specification (TOML), made by `bulletin new`.")]


def new(
    context: typer.Context,
    article_ids: Annotated[list[int], typer.Argument(help="Numbers of articles, in their order.")],
    output: Annotated[str, typer.Option("-o", "--output", help="Output file, or -.")] = "-",
) -> None:
    """Write a specification with all that is known of the articles, to be completed by hand."""
    from workbench.formats.bulletin_spec import write_spec

    write_output(write_spec(_bulletins(workbench_from(context)).propose(article_ids)), output)


def check(
    context: typer.Context,
    spec: Spec,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what is missing and what should be looked at: facts, unconfirmed text, names."""
    from workbench.formats.bulletin_spec import read_spec

    bulletins = _bulletins(workbench_from(context))
    given = read_spec(*read_input(spec))
    remarks = bulletins.remarks(given, bulletins.complete(given))
    if as_json:
        write_json(remarks)
        return
    for line in _lines(remarks, language_of(context)):
        typer.echo(line)


def build(
    context: typer.Context,
    spec: Spec,
    output: Annotated[Path, typer.Option("-o", "--output", help="A .docx, .html or .txt file.")],
    draft: Annotated[
        bool, typer.Option("--draft", help="Build it though something is missing: 【待补】.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Build it only if there is nothing to look at.")
    ] = False,
) -> None:
    """Build a bulletin; what should be looked at is said on stderr."""
    from workbench.formats.bulletin_spec import read_spec

    bulletins = _bulletins(workbench_from(context))
    given = read_spec(*read_input(spec))
    bulletin = bulletins.complete(given)
    remarks = bulletins.remarks(given, bulletin)
    for line in _lines(remarks, language_of(context)):
        typer.echo(line, err=True)
    grave = [remark for remark in remarks if strict or remark.severity == "error"]
    if grave and not (draft and not strict):
        raise InputError("bulletin.not_ready", count=len(grave))
    data = bulletins.write(bulletin, output.suffix)
    write_output(data, str(output))
    if not any(remark.severity == "error" for remark in remarks):
        bulletins.record(bulletin, "")


def _bulletins(workbench: Workbench) -> Bulletins:
    from workbench.services.bulletin import Bulletins

    return Bulletins(workbench.name_ledger, workbench.exports)


def _lines(remarks: Sequence[Remark], language: str) -> list[str]:
    """Return each remark as a line: severity, item, what is wrong, what to do."""
    lines = []
    for remark in remarks:
        wrong, remedy = say(f"bulletin.{remark.key}", language, **remark.values)
        lines.append(f"{remark.severity}\t{remark.item or ''}\t{wrong} {remedy}".rstrip())
    return lines
