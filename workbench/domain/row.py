"""A row of the editor: one segment with its target and all that is known about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workbench.domain.article import Segment
from workbench.domain.language import Span
from workbench.domain.term import Hit, Receipt

SegmentState = Literal["new", "drafted", "edited", "confirmed", "reviewed", "locked"]
SEGMENT_STATES: tuple[SegmentState, ...] = (
    "new",
    "drafted",
    "edited",
    "confirmed",
    "reviewed",
    "locked",
)
Origin = Literal["", "machine", "context", "exact", "slot", "fuzzy", "human"]
Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Link:
    """A place in the target and the place in the source it was made from."""

    source: Span
    target: Span
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """One proposal of an engine.

    ``score`` is the engine's own (higher is better, comparable within one request only);
    ``alignment`` is empty when the engine gives none.
    """

    text: str
    engine: str = ""
    score: float = 0.0
    alignment: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Issue:
    """What a check reports.

    ``key`` and ``values`` make the message in each language (``workbench.messages``);
    ``fix`` is the whole target with the fault mended, where that is safe. ``id`` is stable
    for the same fault in the same segment, so that a dismissal can be remembered.
    """

    check: str
    severity: Severity
    key: str
    values: tuple[tuple[str, str], ...] = ()
    source: Span | None = None
    target: Span | None = None
    fix: str | None = None
    id: str = ""
    dismissed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A segment with its target.

    ``origin`` says where the present target came from and ``engine`` names the engine of a
    machine draft; ``score`` is the memory match's. ``revision`` counts the saved changes of
    this row.
    """

    segment: Segment
    target: str = ""
    state: SegmentState = "new"
    origin: Origin = ""
    engine: str = ""
    score: int = 0
    hits: tuple[Hit, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    issues: tuple[Issue, ...] = ()
    revision: int = 0
    author: str = ""
    changed: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One saved state of a row's target: who, when and by which act.

    ``action`` is draft, save, confirm, repeat, review, lock, unlock, restore, override or choose.
    """

    revision: int
    target: str
    state: SegmentState
    origin: Origin
    engine: str
    author: str
    created: str
    action: str
