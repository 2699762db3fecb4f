"""``workbench glossary``: the names and terms without a browser."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli import (
    glossary_harvest,
    glossary_import,
    glossary_patch,
    glossary_states,
    glossary_transcribe,
)
from workbench.cli.context import (
    language_of,
    read_input,
    workbench_from,
    write_json,
    write_output,
)
from workbench.cli.tables import show
from workbench.errors import InputError
from workbench.messages import say
from workbench.web.term_wire import entry_json, finding_json

if TYPE_CHECKING:
    from workbench.domain.term import Hit, Term

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Author = Annotated[str, typer.Option(help="Whose act it is, for the history.")]
Kind = Annotated[
    str, typer.Option("--type", help="person, place, org, media, event, document or term.")
]
Format = Annotated[
    str, typer.Option("--format", help="Format when the file is - : tsv, csv, xlsx or tbx.")
]


def register(app: typer.Typer) -> None:
    """Add the verb group."""
    group = typer.Typer(help="The glossary of names and terms.", no_args_is_help=True)
    group.command("find")(find)
    group.command("add")(add)
    group.command("list")(list_terms)
    group.command("check")(check)
    group.command("export")(export_file)
    for module in (
        glossary_harvest,
        glossary_import,
        glossary_states,
        glossary_patch,
        glossary_transcribe,
    ):
        module.register(group)
    app.add_typer(group, name="glossary")


def find(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="A Russian text, or - for standard input.")],
    date: Annotated[str, typer.Option(help="The article's date, such as 2026-11-25.")] = "",
    as_json: AsJson = False,
) -> None:
    """Find the glossary's terms in a Russian text, in any case; offsets count code points."""
    from workbench.formats.dates import iso_date
    from workbench.formats.encoding import decode

    if date and not iso_date(date):
        raise InputError("terms.bad_date", date=date)
    data, name = read_input(file)
    text = decode(data, name) if data else ""
    hits = workbench_from(context).terminology.find(text, date)
    if as_json:
        write_json([_hit(hit) for hit in hits])
        return
    show(
        ("place", "form", "Russian", "Chinese", ""),
        (
            (
                hit.span.start,
                hit.form,
                hit.term.source,
                hit.term.target,
                *(() if hit.state == "found" else (f"({hit.state})",)),
            )
            for hit in hits
        ),
    )


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "term_id": hit.term.id,
        "source": hit.term.source,
        "target": hit.term.target,
        "form": hit.form,
        "start": hit.span.start,
        "end": hit.span.end,
        "how": hit.how,
        "state": hit.state,
    }


def add(
    context: typer.Context,
    ru: Annotated[str, typer.Argument(help="The Russian form, in the nominative.")],
    zh: Annotated[str, typer.Argument(help="The Chinese form.")],
    kind: Kind = "term",
    note: Annotated[str, typer.Option(help="A remark for colleagues.")] = "",
    variant: Annotated[
        list[str] | None, typer.Option(help="Another Chinese form that counts as right.")
    ] = None,
    forbidden: Annotated[
        list[str] | None, typer.Option(help="A Chinese form known to be wrong.")
    ] = None,
    needs_quotes: Annotated[
        bool, typer.Option("--quotes", help="Match in quotation marks only («Известия»).")
    ] = False,
    context_word: Annotated[
        list[str] | None,
        typer.Option(
            "--context",
            help="Beginning of a word beside which the form is this entry (голод) or is not "
            "(-полос); ? when nothing tells; +спорт, +искусство: the person's field.",
        ),
    ] = None,
    proposed: Annotated[
        bool, typer.Option("--proposed", help="Propose it; only approved entries are enforced.")
    ] = False,
    begins: Annotated[
        str, typer.Option("--from", help="First day it holds, such as 2019-03-23.")
    ] = "",
    ends: Annotated[str, typer.Option("--to", help="Last day it holds.")] = "",
    author: Author = "",
    as_json: AsJson = False,
) -> None:
    """Add an entry; every case form of the Russian side is made and matched from now on."""
    workbench = workbench_from(context)
    term = workbench.terminology.add(
        ru,
        zh,
        kind,  # type: ignore[arg-type]  # the glossary refuses what it does not know
        author=author,
        note=note,
        status="proposed" if proposed else "approved",
        variants=variant or (),
        forbidden=forbidden or (),
        needs_quotes=needs_quotes,
        context=context_word or (),
        valid_from=begins,
        valid_to=ends,
    )
    language = language_of(context)
    for remark in workbench.desk.advice(replace(term, source=ru)):
        typer.echo(remark.say(language), err=True)
    for rival in workbench.terminology.rivals(term):
        values = {"source": rival.source, "target": rival.target, "id": rival.id}
        typer.echo(" ".join(say("terms.also_listed", language, **values)), err=True)
    if as_json:
        write_json(_term(term))
    else:
        forms = ", ".join(dict.fromkeys(form.text for form in term.forms))
        typer.echo(f"{term.id}\t{term.source}\t{term.target}\n{forms}")


def _term(term: Term) -> dict[str, Any]:
    entry = entry_json(term)
    del entry["revision"]
    entry["forms"] = list(dict.fromkeys(f.text for f in term.forms if f.how != "struck"))
    return {"term_id": entry.pop("id"), **entry}


def list_terms(
    context: typer.Context,
    query: Annotated[
        str, typer.Argument(help="A part of either side or of any form; pinyin or its initials.")
    ] = "",
    kind: Annotated[str | None, typer.Option("--type", help="Only this type.")] = None,
    status: Annotated[
        str | None, typer.Option(help="Only this state: proposed, approved, deprecated, forbidden.")
    ] = None,
    limit: Annotated[int | None, typer.Option(help="At most so many.", min=1)] = None,
    deleted: Annotated[bool, typer.Option("--deleted", help="Only deleted entries.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the entries."""
    desk = workbench_from(context).desk
    found = desk.search(query, kind, status, limit, deleted=deleted).terms
    if as_json:
        write_json([_term(term) for term in found])
        return
    show(
        ("id", "Russian", "Chinese", "type", "status"),
        ((term.id, term.source, "/".join(term.accepted), term.type, term.status) for term in found),
    )


def check(context: typer.Context, as_json: AsJson = False) -> None:
    """Report faults of the glossary, each with what to do: duplicates, contradictions, dates."""
    found = workbench_from(context).desk.findings()
    language = language_of(context)
    if as_json:
        write_json([finding_json(finding, language) for finding in found])
        return
    for finding in found:
        entries = "; ".join(f"{t.source} → {t.target} ({t.id})" for t in finding.terms)
        typer.echo(f"{finding.fault}\t{finding.detail}\t{entries}\n\t{finding.say(language)[1]}")


def export_file(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="A .tsv, .csv, .xlsx or .tbx file, or -.")],
    form: Format = "tsv",
    tbx_version: Annotated[
        int, typer.Option("--tbx-version", help="2 for programs that know no newer.", min=2, max=3)
    ] = 3,
) -> None:
    """Export every entry; cells that look like formulas are made harmless."""
    name = f"stdout.{form}" if file == "-" else Path(file).name
    data, _ = workbench_from(context).terminology.export_file(name, tbx_version)
    write_output(data, file)
