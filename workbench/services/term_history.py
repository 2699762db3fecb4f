"""An entry's history as differences a person can read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from workbench.domain.term import Form, Term
from workbench.storage.terms import TermVersion

Act = Literal["added", "changed", "deleted", "restored"]
_FIELDS = (
    "source",
    "target",
    "type",
    "status",
    "variants",
    "forbidden",
    "needs_quotes",
    "context",
    "valid_from",
    "valid_to",
    "note",
    "provenance",
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field before and after; several values are joined with « | », a flag is yes or empty.

    ``field`` is a field of Term, or ``forms_added`` and ``forms_struck``.
    """

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Step:
    """One change of an entry: by whom, when (ISO, UTC), why, and what it changed."""

    revision: int
    act: Act
    author: str
    created: str
    reason: str
    differences: tuple[Difference, ...]
    term: Term


def steps(versions: Sequence[TermVersion]) -> tuple[Step, ...]:
    """Return the history, newest first, from the stored versions, newest first."""
    found = []
    before: TermVersion | None = None
    for version in reversed(versions):
        found.append(
            Step(
                version.term.revision,
                _act(before, version),
                version.author,
                version.created,
                version.reason,
                differences(before.term if before else None, version.term),
                version.term,
            )
        )
        before = version
    return tuple(reversed(found))


def _act(before: TermVersion | None, version: TermVersion) -> Act:
    if version.deleted:
        return "deleted"
    if before is None:
        return "added"
    return "restored" if before.deleted else "changed"


def differences(before: Term | None, after: Term) -> tuple[Difference, ...]:
    """Return the fields that differ; from None every field that is not empty."""
    return tuple(_differences(before, after))


def _differences(before: Term | None, after: Term) -> Iterator[Difference]:
    for name in _FIELDS:
        old = _text(getattr(before, name)) if before else ""
        new = _text(getattr(after, name))
        if old != new:
            yield Difference(name, old, new)
    for how in ("added", "struck"):
        old = _text(_by_hand(before.forms if before else (), how))
        new = _text(_by_hand(after.forms, how))
        if old != new:
            yield Difference(f"forms_{how}", old, new)


def _by_hand(forms: Sequence[Form], how: str) -> tuple[str, ...]:
    return tuple(form.text for form in forms if form.how == how)


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return " | ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else ""
    return str(value)
