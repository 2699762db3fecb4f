"""``workbench glossary transcribe``: Chinese forms for names that may be new."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.context import workbench_from, write_json
from workbench.cli.glossary_states import AsJson
from workbench.cli.tables import show
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
        list[str],
        typer.Argument(
            help="Russian names; - reads them from stdin, one a line; m or f may follow a tab."
        ),
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
    wanted = _checked(names, gender)
    transcriber = workbench_from(context).transcriber
    answers = [_answer(transcriber, name, kind, of, lemmatise) for name, of in wanted]
    if as_json:
        write_json(answers)
        return
    show(("name", "Chinese", "source", "syllables"), _rows(answers))


def _rows(answers: Iterable[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    for answer in answers:
        shown = answer.get("nominative", answer["name"])
        for candidate in answer["candidates"]:
            yield (shown, candidate["zh"], candidate["tier"], candidate["trace"])
        if not answer["candidates"]:
            yield (shown, "—")


def _checked(names: Sequence[str], gender: str) -> list[tuple[str, str]]:
    """Return (name, gender) of each, read from stdin for ``-``. Raises InputError."""
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
    return [_with_gender(name, gender) for name in given]


def _with_gender(line: str, gender: str) -> tuple[str, str]:
    """Return a name and its gender, which may stand in a column of its own. Raises SettingsError.

    What the column says goes before what is said for all of them.
    """
    name, _, own = (part.strip() for part in line.partition("\t"))
    if own not in ("", "m", "f"):
        raise SettingsError("terms.not_a_gender", gender=own)
    return name, own or gender


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
        for number, reading in enumerate(_plausible(readings)[:2])
        for proposal in transcriber.propose(reading, kind, gender)[: 1 if number else None]  # type: ignore[arg-type]  # checked above
    ]
    answer["candidates"] = list(_shapes(proposals))
    return answer


def _plausible(readings: Sequence[str]) -> list[str]:
    """Return the readings but for Жуковая beside Жукова, both of which give Жуковой."""
    first = readings[0]
    return [each for each in readings if each == first or not _doubled(each, first)]


def _doubled(reading: str, first: str) -> bool:
    return first.endswith(("ова", "ева", "ёва", "ина", "ына")) and reading == f"{first}я"


def _shapes(proposals: Iterable[Proposal]) -> Iterable[dict[str, str]]:
    seen = set()
    for proposal in proposals:
        if proposal.zh not in seen:
            seen.add(proposal.zh)
            yield {"zh": proposal.zh, "tier": proposal.tier, "trace": proposal.trace}
