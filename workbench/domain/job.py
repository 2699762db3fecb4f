"""Work that a worker process does while nobody waits for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

JobState = Literal["queued", "running", "done", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work in the job table.

    ``parameters`` and ``result`` are plain JSON; ``problem`` is empty or
    ``{"key": message key, "values": {…}}`` of the error that ended the job. ``done`` and
    ``total`` count segments. Times are ISO 8601 in UTC, ``heartbeat`` is seconds since the epoch.
    """

    id: int
    kind: str
    article_id: int = 0
    parameters: Mapping[str, Any] = field(default_factory=dict)
    state: JobState = "queued"
    done: int = 0
    total: int = 0
    problem: Mapping[str, Any] = field(default_factory=dict)
    result: Mapping[str, Any] = field(default_factory=dict)
    author: str = ""
    created: str = ""
    started: str = ""
    finished: str = ""
    heartbeat: float = 0.0
    worker: str = ""

    @property
    def active(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ("queued", "running")
