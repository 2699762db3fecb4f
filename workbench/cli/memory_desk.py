"""``workbench memory``: the concordance, and keeping the memory clean."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import typer

from workbench.cli.context import language_of, workbench_from, write_json
from workbench.cli.memory_keeping import indexing
from workbench.errors import NotFound, SettingsError

if TYPE_CHECKING:
    from workbench.services.concordance import Found
    from workbench.services.memory_findings import Kind, MemoryFindings

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Author = Annotated[str, typer.Option(help="Whose act it is, for the history.")]
Reason = Annotated[str, typer.Option(help="Why, for the history.")]


def register(group: typer.Typer) -> None:
    """Add the verbs to ``workbench memory``."""
    group.command("concordance")(concordance)
    group.command("history")(history)
    group.command("findings")(findings)
    group.command("imports")(imports)
    group.command("withdraw")(withdraw)
    group.command("undo")(undo)


def concordance(
    context: typer.Context,
    text: Annotated[
        str, typer.Argument(help='Words to find; "in quotation marks" as they stand; or -.')
    ],
    side: Annotated[
        str, typer.Option(help="Where to look, source or target; by the letters if not given.")
    ] = "",
    article: Annotated[str, typer.Option(help="An article's number, or part of its title.")] = "",
    by: Annotated[str, typer.Option("--author", help="Whose units.")] = "",
    origin: Annotated[str, typer.Option(help="human, import, seed or harvested.")] = "",
    since: Annotated[str, typer.Option(help="Changed on this day or later.")] = "",
    until: Annotated[str, typer.Option(help="Changed on this day or earlier.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="The most units.")] = 100,
    before: Annotated[int, typer.Option(help="Only units below this number: the next page.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Find units with words: Russian ones in any form and order, Chinese ones as they stand."""
    from workbench.services.concordance import narrowed

    if side not in ("", "source", "target"):
        raise SettingsError("memory.no_side", side=side)
    wanted = sys.stdin.read().strip() if text == "-" else text
    only = narrowed(article, by, origin, since, until)
    where = cast("Literal['source', 'target'] | None", side or None)
    workbench = workbench_from(context)
    workbench.memory.follow(indexing)  # nobody waits here for what is built beside
    page = workbench.concordance.search(wanted, where, only, limit, before)
    if as_json:
        write_json([_found(found) for found in page.found])
        return
    for found in page.found:
        typer.echo(f"{found.unit.id}\t{found.unit.source}\t{found.unit.target}")
    if page.next:
        typer.echo(f"more: --before {page.next}", err=True)


def _found(found: Found) -> dict[str, Any]:
    unit = found.unit
    spans = [[span.start, span.end] for span in found.spans]
    others = [[span.start, span.end] for span in found.others]
    return {
        "source": unit.source,
        "target": unit.target,
        "unit_id": unit.id,
        "article": unit.article,
        "article_id": unit.article_id,
        "n": found.n,
        "author": unit.author,
        "changed": unit.changed,
        "origin": unit.origin,
        "side": found.side,
        "spans": spans,
        "counterpart": {"spans": others, "how": found.how} if others else None,
    }


def history(
    context: typer.Context,
    unit: Annotated[int, typer.Argument(help="The unit's number.")],
    as_json: AsJson = False,
) -> None:
    """Say who changed a unit, when, what and why; newest first, deleted units too."""
    stored = workbench_from(context).memory_keeping.get(unit)
    if as_json:
        write_json(stored)
        return
    for version in stored.versions:
        mark = "\tdeleted" if version.deleted else ""
        line = f"{version.revision}\t{version.created}\t{version.author}\t{version.reason}{mark}"
        typer.echo(f"{line}\n\t{version.source}\n\t{version.target}")


def findings(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help="duplicates, contradictions, terms or suspicious.")],
    limit: Annotated[int, typer.Option(min=1, help="The most findings.")] = 100,
    patch: Annotated[
        bool, typer.Option("--patch", help="Of terms: put the right forms in, as one act.")
    ] = False,
    author: Author = "",
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """List what is doubtful: doubles, several translations, outdated terms, suspicious units."""
    from workbench.services.memory_findings import KINDS

    if kind not in KINDS:
        raise SettingsError("memory.no_kind", kind=kind, known=" ".join(KINDS))
    if patch and kind != "terms":
        raise SettingsError("memory.patch_terms_only")
    desk = workbench_from(context).memory_findings
    found = _all(desk, kind, limit)
    if patch:
        act = desk.patch([f.unit.id for f in found if f.after], author, reason)
        typer.echo(f"{act.id}\t{act.units} units changed", err=True)
        return
    if as_json:
        from workbench.web.keeping_wire import finding_json

        language = language_of(context)
        write_json([finding_json(each, language) for each in found])
        return
    for each in found:
        typer.echo(each.unit.source)
        for translation in each.translations:
            ids = ",".join(str(unit.id) for unit in translation.units)
            typer.echo(f"\t{len(translation.units)}\t{translation.target}\t{ids}")
        if each.after:
            typer.echo(f"\t→\t{each.after}")


def _all(desk: MemoryFindings, kind: Kind, limit: int) -> list[Any]:
    """Read pages until there are *limit* findings, or no more."""
    found: list[Any] = []
    after = ""
    while len(found) < limit:
        page = desk.page(kind, after, limit - len(found))
        found += page.found
        after = page.next
        if not after:
            break
    return found


def imports(
    context: typer.Context,
    withdrawn: Annotated[
        bool, typer.Option("--withdrawn", help="Also those that were withdrawn.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List the imports with their profiles, and what was done to many units at once."""
    workbench = workbench_from(context)
    batches, acts = workbench.units.imports.list(withdrawn), workbench.memory_keeping.acts()
    if as_json:
        write_json({"imports": batches, "acts": acts})
        return
    for batch in batches:
        state = "withdrawn" if batch.withdrawn else "" if batch.finished else "not finished"
        profile = f"{batch.trust}\t{batch.domain}\t{batch.penalty}"
        typer.echo(f"{batch.id}\t{batch.units}\t{batch.name}\t{profile}\t{state}")
    for act in acts:
        state = "undone" if act.undone else ""
        typer.echo(f"{act.id}\t{act.what}\t{act.units}\t{act.name}\t{act.created}\t{state}")


def withdraw(
    context: typer.Context,
    batch: Annotated[str, typer.Argument(help="The import's number, or its name.")] = "",
    article: Annotated[
        str, typer.Option(help="Instead: an article's number, or what a file calls it.")
    ] = "",
    author: Author = "",
    reason: Reason = "",
) -> None:
    """Take an import, or all units of an article, out of the memory; ``undo`` brings them back."""
    workbench = workbench_from(context)
    if bool(batch) == bool(article):
        raise SettingsError("memory.batch_or_article")
    if article:
        number = int(article) if article.isdecimal() else 0
        title = "" if number else article
        act = workbench.memory_keeping.withdraw_article(number, title, author, reason)
        typer.echo(f"{act.units} units withdrawn\tundo {act.id}", err=True)
        return
    named = {known.name: known.id for known in reversed(workbench.memory.stats().batches)}
    count = workbench.memory.withdraw(named.get(batch, batch), author)
    typer.echo(f"{count} units withdrawn", err=True)


def undo(
    context: typer.Context,
    number: Annotated[str, typer.Argument(help="An act's number, or a withdrawn import's.")],
    author: Author = "",
) -> None:
    """Take an act back, or a withdrawal of an import, where nobody changed anything since."""
    workbench = workbench_from(context)
    if number.isdecimal() and len(number) < 10:
        done = workbench.memory_keeping.undo(int(number), author)
        typer.echo(f"{done.units} units put back, {done.left} left", err=True)
        return
    batches = workbench.units.imports.list(True)
    named = {known.name: known.id for known in reversed(batches) if known.withdrawn}
    found = named.get(number, number)
    if found not in {batch.id for batch in batches}:
        raise NotFound("storage.no_batch", id=number)
    count = workbench.units.imports.undo(found, author)
    typer.echo(f"{count} units put back", err=True)
