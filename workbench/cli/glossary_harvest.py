"""``workbench glossary``: bilingual pairs out of published bulletins, and their review queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.context import (
    language_of,
    read_input,
    tell,
    workbench_from,
    write_json,
)
from workbench.cli.glossary_states import AsJson, Author
from workbench.cli.tables import show
from workbench.errors import SettingsError

if TYPE_CHECKING:
    from workbench.domain.harvest import HarvestCandidate
    from workbench.services.harvest.pairs import Pair
    from workbench.services.harvest.queue import Harvest, HarvestReport, Waiting

Ids = Annotated[list[int] | None, typer.Argument(help="Numbers that ``candidates`` shows.")]
Kind = Annotated[
    str, typer.Option("--kind", help="term, title, or an entry's type such as person.")
]
Query = Annotated[str, typer.Option("--query", help="A part of either side or of the document.")]
All = Annotated[bool, typer.Option("--all", help="Every waiting pair of --kind and --query.")]


def register(group: typer.Typer) -> None:
    """Add the verbs."""
    group.command("harvest")(harvest)
    group.command("candidates")(candidates)
    group.command("accept")(accept)
    group.command("refuse")(refuse)
    group.command("reopen")(reopen)


def harvest(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="A Chinese bulletin: .txt, .docx or .pdf, or -.")],
    queue: Annotated[
        bool, typer.Option("--queue", help="Put what is new into the review queue.")
    ] = False,
    author: Author = "",
    as_json: AsJson = False,
) -> None:
    """Find the bilingual pairs of a published bulletin; offsets count code points of its text."""
    data, name = read_input(file)
    service = workbench_from(context).harvest
    report = service.harvest(data, name, author) if queue else None
    pairs = report.found if report else service.read(data, name)
    if not pairs:
        _say_none(context, name)
    if as_json:
        write_json([_pair(pair) for pair in pairs])
    else:
        show(
            ("Russian", "Chinese", "type", "address", ""),
            ((pair.ru, pair.zh, pair.type, pair.url, *_remark(pair.flags)) for pair in pairs),
        )
    if report:
        _say_report(report)


def _say_none(context: typer.Context, name: str) -> None:
    from workbench.messages import say

    language = language_of(context)
    tell(*say("harvest.no_pairs", language, name=name))


def _say_report(report: HarvestReport) -> None:
    typer.echo(
        f"+{len(report.new)}  ={report.known}  …{report.waiting}  −{report.refused}", err=True
    )
    for waiting in report.conflicting:
        for rival in waiting.rivals:
            ours = waiting.candidate
            typer.echo(
                f"{ours.id}\t{ours.source}\t{ours.target}\t≠ {rival.target} ({rival.id})", err=True
            )


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "ru": pair.ru,
        "zh": pair.zh,
        "type": pair.type,
        "url": pair.url,
        "start": pair.span.start,
        "end": pair.span.end,
        "pattern": pair.pattern,
        "score": pair.score,
        "flags": list(pair.flags),
    }


def candidates(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="A part of either side or of the document.")] = "",
    kind: Kind = "",
    status: Annotated[str, typer.Option(help="waiting, accepted or refused.")] = "waiting",
    limit: Annotated[int | None, typer.Option(help="At most so many.", min=1)] = None,
    as_json: AsJson = False,
) -> None:
    """List the review queue; ≠ marks pairs that an entry contradicts."""
    found = workbench_from(context).harvest.waiting(kind, query, limit, state=status)
    if as_json:
        write_json([_waiting(each) for each in found])
        return
    show(
        ("id", "Russian", "Chinese", "type", "document", ""),
        (
            (
                each.candidate.id,
                each.candidate.source,
                each.candidate.target,
                each.candidate.type,
                each.candidate.document,
                *_remark(
                    [f"≠ {rival.target} ({rival.id})" for rival in each.rivals]
                    + list(each.candidate.flags)
                ),
            )
            for each in found
        ),
    )


def _remark(marks: Sequence[str]) -> tuple[str, ...]:
    """Return the last cell of a row: its marks, where it has any."""
    return (f"({', '.join(marks)})",) if marks else ()


def _waiting(waiting: Waiting) -> dict[str, Any]:
    rivals = [{"term_id": r.id, "target": r.target, "status": r.status} for r in waiting.rivals]
    offered = {"source": waiting.offered[0], "target": waiting.offered[1]}
    return {**asdict(waiting.candidate), "rivals": rivals, "offered": offered}


def accept(
    context: typer.Context,
    ids: Ids = None,
    all_waiting: All = False,
    kind: Kind = "",
    query: Query = "",
    approved: Annotated[
        bool, typer.Option("--approved", help="As approved entries; proposed otherwise.")
    ] = False,
    author: Author = "",
    as_json: AsJson = False,
) -> None:
    """Take pairs into the glossary (names) or the memory (titles), all or none."""
    service = workbench_from(context).harvest
    chosen = _chosen(service, ids, all_waiting, kind, query)
    done = service.accept(chosen, author, "approved" if approved else "proposed")
    _judged(done.candidates, as_json)


def refuse(
    context: typer.Context,
    ids: Ids = None,
    all_waiting: All = False,
    kind: Kind = "",
    query: Query = "",
    reason: Annotated[str, typer.Option(help="Why, for colleagues.")] = "",
    author: Author = "",
    as_json: AsJson = False,
) -> None:
    """Refuse pairs for good: no later bulletin brings them back."""
    service = workbench_from(context).harvest
    _judged(
        service.refuse(_chosen(service, ids, all_waiting, kind, query), author, reason), as_json
    )


def reopen(
    context: typer.Context, ids: list[int], author: Author = "", as_json: AsJson = False
) -> None:
    """Put refused pairs back into the queue."""
    _judged(workbench_from(context).harvest.reopen(ids, author), as_json)


def _chosen(
    service: Harvest, ids: list[int] | None, all_waiting: bool, kind: str, query: str
) -> list[int]:
    """Return the numbers meant. Raises SettingsError when none is named and --all is not given."""
    if bool(ids) == all_waiting:
        raise SettingsError("harvest.nothing_chosen")
    if ids:
        return ids
    return [each.candidate.id for each in service.waiting(kind, query, limit=None)]


def _judged(done: tuple[HarvestCandidate, ...], as_json: bool) -> None:
    if as_json:
        write_json([asdict(candidate) for candidate in done])
        return
    rows = [
        (
            candidate.id,
            candidate.source,
            candidate.target,
            *((f"→ {became}",) if (became := candidate.term_id or candidate.unit_id) else ()),
        )
        for candidate in done
    ]
    show(("id", "Russian", "Chinese", "became"), rows)
