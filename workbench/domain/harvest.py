"""Pairs harvested from published bulletins, waiting for a person's judgement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CandidateKind = Literal["term", "title"]
CandidateState = Literal["waiting", "accepted", "refused"]
CANDIDATE_KINDS: tuple[CandidateKind, ...] = ("term", "title")
CANDIDATE_STATES: tuple[CandidateState, ...] = ("waiting", "accepted", "refused")


@dataclass(frozen=True, slots=True)
class HarvestCandidate:
    """A pair from a bulletin and what became of it.

    ``type`` is an entry's type, or ``title``; ``start`` and ``end`` are code points of the
    document's text; ``evidence`` is the text around; ``score`` says how sure the boundary is (0–1);
    ``flags`` are faults to look at. ``author`` brought it in; ``decided_by`` judged it, ``reason``
    is that person's. ``term_id`` or ``unit_id`` is what it became, 0 before.
    """

    kind: CandidateKind
    source: str
    target: str
    type: str
    document: str = ""
    start: int = 0
    end: int = 0
    pattern: str = ""
    evidence: str = ""
    url: str = ""
    score: float = 0.0
    flags: tuple[str, ...] = ()
    state: CandidateState = "waiting"
    author: str = ""
    created: str = ""
    decided_by: str = ""
    decided: str = ""
    reason: str = ""
    term_id: int = 0
    unit_id: int = 0
    id: int = 0
