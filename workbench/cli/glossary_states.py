"""``workbench glossary``: an entry's states, its changes and their history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.context import workbench_from, write_json
from workbench.cli.tables import show
from workbench.web.term_wire import step_json

if TYPE_CHECKING:
    from workbench.domain.term import Term, TermStatus

TermId = Annotated[int, typer.Argument(help="The entry's number.")]
Reason = Annotated[str, typer.Option(help="Why, for the history.")]
Author = Annotated[str, typer.Option(help="Whose act it is, for the history.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(group: typer.Typer) -> None:
    """Add the verbs."""
    group.command("propose")(_verb("proposed", "Make an entry a proposal: shown, not enforced."))
    group.command("approve")(_verb("approved", "Approve an entry: enforced from now on."))
    group.command("deprecate")(_verb("deprecated", "Retire an entry; needs a reason."))
    group.command("forbid")(_verb("forbidden", "Forbid an entry's Chinese; needs a reason."))
    group.command("edit")(edit)
    group.command("forms")(forms)
    group.command("delete")(delete)
    group.command("undelete")(undelete)
    group.command("history")(history)
    group.command("restore")(restore)


def _verb(status: TermStatus, help_text: str) -> Callable[..., None]:
    def change(
        context: typer.Context, term_id: TermId, reason: Reason = "", author: Author = ""
    ) -> None:
        term = workbench_from(context).desk.set_state(term_id, status, author, reason)
        _tell(term)

    change.__doc__ = help_text
    return change


def edit(
    context: typer.Context,
    term_id: TermId,
    ru: Annotated[str | None, typer.Option(help="The Russian form.")] = None,
    zh: Annotated[str | None, typer.Option(help="The Chinese form.")] = None,
    kind: Annotated[str | None, typer.Option("--type", help="The type.")] = None,
    begins: Annotated[
        str | None, typer.Option("--from", help="First day it holds, such as 2019-03-23, or ''.")
    ] = None,
    ends: Annotated[str | None, typer.Option("--to", help="Last day it holds, or ''.")] = None,
    note: Annotated[str | None, typer.Option(help="A remark for colleagues.")] = None,
    variant: Annotated[
        list[str] | None, typer.Option(help="Chinese forms that also count as right.")
    ] = None,
    forbidden: Annotated[
        list[str] | None, typer.Option(help="Chinese forms known to be wrong.")
    ] = None,
    quotes: Annotated[
        bool | None, typer.Option("--quotes/--no-quotes", help="Match in quotation marks only.")
    ] = None,
    context_word: Annotated[
        list[str] | None,
        typer.Option("--context", help="Words beside which it is this entry, -words it is not."),
    ] = None,
    reason: Reason = "",
    author: Author = "",
) -> None:
    """Change an entry; what is not given stays. ``patch`` also changes the texts."""
    terminology = workbench_from(context).terminology
    term = terminology.terms.get(term_id)
    given: dict[str, Any] = {
        "source": ru,
        "target": zh,
        "type": kind,
        "valid_from": begins,
        "valid_to": ends,
        "note": note,
        "variants": None if variant is None else tuple(filter(None, variant)),
        "forbidden": None if forbidden is None else tuple(filter(None, forbidden)),
        "needs_quotes": quotes,
        "context": None if context_word is None else tuple(filter(None, context_word)),
    }
    changes = {name: value for name, value in given.items() if value is not None}
    changed = replace(term, **changes)
    _tell(terminology.update(changed, term.revision, author, reason) if changes else term)


def forms(
    context: typer.Context,
    term_id: TermId,
    add: Annotated[list[str] | None, typer.Option(help="A Russian form to match as well.")] = None,
    strike: Annotated[list[str] | None, typer.Option(help="A form never to match.")] = None,
    forget: Annotated[
        list[str] | None, typer.Option(help="An added or struck form to decide nothing about.")
    ] = None,
    author: Author = "",
    as_json: AsJson = False,
) -> None:
    """Show the Russian forms that an entry is found by, or add and strike some."""
    terminology = workbench_from(context).terminology
    term = terminology.terms.get(term_id)
    if add or strike or forget:
        settled = {*(add or ()), *(strike or ()), *(forget or ())}
        kept = {
            how: [f.text for f in term.forms if f.how == how and f.text not in settled]
            for how in ("added", "struck")
        }
        added, struck = [*kept["added"], *(add or ())], [*kept["struck"], *(strike or ())]
        term = terminology.set_forms(term_id, added, struck, author, term.revision)
    if as_json:
        write_json([{"form": f.text, "case": f.case, "how": f.how} for f in term.forms])
        return
    show(("form", "case", "how"), ((form.text, form.case, form.how) for form in term.forms))


def delete(
    context: typer.Context, term_id: TermId, reason: Reason = "", author: Author = ""
) -> None:
    """Delete an entry; ``undelete`` brings it back."""
    workbench_from(context).desk.delete(term_id, author, reason)


def undelete(
    context: typer.Context, term_id: TermId, reason: Reason = "", author: Author = ""
) -> None:
    """Bring a deleted entry back as it was."""
    _tell(workbench_from(context).desk.undelete(term_id, author, reason))


def history(context: typer.Context, term_id: TermId, as_json: AsJson = False) -> None:
    """Show who changed what in an entry, when and why, the newest first."""
    found = workbench_from(context).desk.history(term_id)
    if as_json:
        write_json([step_json(step) for step in found])
        return
    rows: list[tuple[object, ...]] = []
    for step in found:
        rows.append((step.revision, step.created, step.author, step.act, step.reason))
        rows += [
            ("", f"{change.field}: {change.before or '∅'} → {change.after or '∅'}")
            for change in step.differences
        ]
    show(("version", "when", "who", "act", "why"), rows)


def restore(
    context: typer.Context,
    term_id: TermId,
    revision: Annotated[int, typer.Argument(help="The version, as ``history`` numbers them.")],
    reason: Reason = "",
    author: Author = "",
) -> None:
    """Bring an earlier version of an entry back, as its newest."""
    _tell(workbench_from(context).desk.restore(term_id, revision, author, reason))


def _tell(term: Term) -> None:
    dates = f"\t{term.valid_from}…{term.valid_to}" if term.valid_from or term.valid_to else ""
    typer.echo(f"{term.id}\t{term.source}\t{term.target}\t{term.status}\t{term.revision}{dates}")
