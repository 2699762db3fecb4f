"""Runs of evaluation: what they are asked to do, how far they are, what later ones are held to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from workbench.domain.job import JobState
from workbench.domain.quality import Score
from workbench.domain.term import Receipt

Glossary = Literal["none", "house", "random", "wrong"]
GLOSSARIES: tuple[Glossary, ...] = ("none", "house", "random", "wrong")
Test = Literal["bs", "ar"]
SEED = 12345  # of the controls and of every resampling, so that figures can be compared


@dataclass(frozen=True, slots=True)
class RunSettings:
    """What a run is asked to do: all that a repetition needs beside the lines of the set.

    ``set_name`` is empty when the lines came as files. ``hypotheses`` are the names of the systems
    that came as files; ``limit`` is None for the whole set; ``worst`` counts the segments that are
    shown. With ``memory`` a line takes the exact match that a draft would take.
    """

    set_name: str = ""
    engines: tuple[str, ...] = ()
    glossaries: tuple[Glossary, ...] = ("none",)
    hypotheses: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ("bleu", "chrf", "ter")
    test: Test = "bs"
    limit: int | None = None
    worst: int = 10
    memory: bool = False
    seed: int = SEED


@dataclass(frozen=True, slots=True)
class System:
    """One of the compared: an engine with a glossary, or a file of hypotheses (no engine)."""

    name: str
    engine: str = ""
    glossary: Glossary = "none"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a system's output with the receipts of its terms."""

    text: str
    receipts: tuple[Receipt, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """A stored run without its lines.

    ``state`` is as of a job; ``done`` of ``total`` lines are there, by all systems together.
    ``digest`` is that of the set's lines; ``versions`` names workbench, sacrebleu, glossary and
    each engine (``engine NAME``). ``scores``, ``seconds`` (translating) and ``tokens`` (of the
    output, as sacreBLEU counts Chinese) are by system, ``scores`` empty before the end;
    ``remembered`` counts the lines of a system that the memory gave.
    ``problem`` is ``{"key", "values"}`` of the error that ended it. ``job_id`` is 0 for a run of
    the command line. Times are ISO 8601 in UTC.
    """

    id: int
    settings: RunSettings
    set_name: str
    size: int
    systems: tuple[str, ...] = ()
    glossary: str = "none"
    title: str = ""
    state: JobState = "done"
    done: int = 0
    total: int = 0
    digest: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    scores: Mapping[str, tuple[Score, ...]] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    tokens: Mapping[str, int] = field(default_factory=dict)
    remembered: Mapping[str, int] = field(default_factory=dict)
    problem: Mapping[str, Any] = field(default_factory=dict)
    author: str = ""
    created: str = ""
    started: str = ""
    finished: str = ""
    job_id: int = 0

    @property
    def active(self) -> bool:
        """Whether it waits or runs, as far as is known."""
        return self.state in ("queued", "running")


@dataclass(frozen=True, slots=True)
class Point:
    """One figure of one run, for a plot of quality by date and system."""

    run_id: int
    created: str
    system: str
    score: Score
    size: int
    digest: str
    title: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Baseline:
    """The run, and in it the system, that later runs of a set are held against.

    ``system`` is empty when systems are compared by their names.
    """

    set_name: str
    run_id: int
    system: str = ""
    author: str = ""
    created: str = ""


@dataclass(frozen=True, slots=True)
class Fall:
    """One metric of one system beside the baseline's.

    ``drop`` is in points, positive when the system got worse, whatever the metric's direction;
    ``regressed`` says that it is more than was allowed.
    """

    metric: str
    system: str
    baseline: str
    value: float
    before: float
    drop: float
    regressed: bool
    signature: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A run held against a baseline: every figure that both have under one signature.

    ``incomparable`` names what could not be compared (``metric system``).
    """

    run_id: int
    baseline_id: int
    max_drop: float
    falls: tuple[Fall, ...] = ()
    incomparable: tuple[str, ...] = ()

    @property
    def regressed(self) -> bool:
        """Whether any figure fell by more than was allowed."""
        return any(fall.regressed for fall in self.falls)


SetKind = Literal["shipped", "folder", "frozen"]


@dataclass(frozen=True, slots=True)
class SetManifest:
    """What is known of a test set.

    ``digest`` is the SHA-256 of its lines (``services.evaluation.sets.digest``); ``known`` the
    digest that its manifest promises, empty when it promises none. ``documents`` counts them, 0
    when unknown; ``facts`` is everything else the manifest says.
    """

    name: str
    kind: SetKind
    origin: str = ""
    licence: str = ""
    url: str = ""
    note: str = ""
    lines: int = 0
    references: int = 0
    documents: int = 0
    characters: int = 0
    digest: str = ""
    known: str = ""
    author: str = ""
    created: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FrozenPair:
    """One pair of the newsroom's own set, with where it was confirmed."""

    source: str
    target: str
    document: str = ""
    article_id: int = 0
    segment_id: int = 0
