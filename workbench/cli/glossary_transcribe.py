"""``workbench glossary transcribe``: Chinese forms for names that may be new."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.context import workbench_from, write_json
from workbench.cli.glossary_states import AsJson
from workbench.errors import InputError, SettingsError

if TYPE_CHECKING:
    from workbench.services.transcriber import Proposal, Transcriber

_TYPES = ("person", "place")


def register(group: typer.Typer) -> None:
    """Add the verb."""
    group.command("transcribe")(transcribe)


def transcribe(
    context: typer.Context,
    names: Annotated[
        list[str], typer.Argument(help="Russian names; - reads them from stdin, one a line.")
    ],
    kind: Annotated[str, typer.Option("--type", help="person or place.")] = "person",
    gender: Annotated[str, typer.Option(help="m or f; told by the name if left out.")] = "",
    lemmatise: Annotated[
        bool, typer.Option("--lemmatise", help="Bring the names to the nominative first.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Propose Chinese forms, best first, each with its source and its syllables.

    Sources: glossary, bulletin, list, table. Places come from the glossary only.
    """
    if kind not in _TYPES:
        raise SettingsError("terms.not_transcribed", type=kind)
    if gender not in ("", "m", "f"):
        raise SettingsError("terms.not_a_gender", gender=gender)
    wanted = _checked(names)
    transcriber = workbench_from(context).transcriber
    answers = [_answer(transcriber, name, kind, gender, lemmatise) for name in wanted]
    if as_json:
        write_json(answers)
        return
    for answer in answers:
        shown = answer.get("nominative", answer["name"])
        for candidate in answer["candidates"]:
            typer.echo(f"{shown}\t{candidate['zh']}\t{candidate['tier']}\t{candidate['trace']}")
        if not answer["candidates"]:
            typer.echo(f"{shown}\t—")


def _checked(names: Sequence[str]) -> list[str]:
    """Return the names, read from stdin for ``-``. Raises InputError."""
    from workbench.services.transcriber import LONGEST

    given = [
        line.strip()
        for name in names
        for line in (sys.stdin.read().splitlines() if name == "-" else [name])
        if line.strip() or name != "-"
    ]
    if not given or not all(given):
        raise InputError("terms.no_name")
    for name in given:
        if len(name) > LONGEST:
            raise InputError("terms.long_name", name=name[:40], limit=LONGEST)
    return given


def _answer(
    transcriber: Transcriber, name: str, kind: str, gender: str, lemmatise: bool
) -> dict[str, Any]:
    """Return the name with its candidates, those of the likeliest nominative first."""
    readings = transcriber.nominatives(name, gender) if lemmatise else (name,)
    answer: dict[str, Any] = {"name": name}
    if lemmatise:
        answer["nominative"] = readings[0]
    # Токаева may be his name or hers: the best of the second reading follows.
    proposals = [
        proposal
        for number, reading in enumerate(readings[:2])
        for proposal in transcriber.propose(reading, kind, gender)[: 1 if number else None]  # type: ignore[arg-type]  # checked above
    ]
    answer["candidates"] = list(_shapes(proposals))
    return answer


def _shapes(proposals: Iterable[Proposal]) -> Iterable[dict[str, str]]:
    seen = set()
    for proposal in proposals:
        if proposal.zh not in seen:
            seen.add(proposal.zh)
            yield {"zh": proposal.zh, "tier": proposal.tier, "trace": proposal.trace}
