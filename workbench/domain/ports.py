"""The seams: Protocols where there is more than one implementation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from workbench.domain.article import Article
from workbench.domain.language import Pair, Span
from workbench.domain.row import Candidate, Issue, Row, Severity

Stop = Callable[[], bool]


def never() -> bool:
    """Never stop."""
    return False


@dataclass(frozen=True, slots=True)
class TermHint:
    """A Chinese form wanted for a place in the source."""

    span: Span
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Request:
    """One sentence for an engine.

    ``count`` candidates are wanted (an engine may give fewer); ``prefix`` is the beginning the
    target must have, for engines with that capability; ``before`` is the preceding source
    sentence for engines that use context; ``avoid`` are Chinese strings that must not appear.
    ``draft`` is an earlier answer that lacks the terms ``missing``, for engines that can be asked
    to correct it.
    """

    text: str
    terms: tuple[TermHint, ...] = ()
    prefix: str = ""
    count: int = 1
    before: str = ""
    avoid: tuple[str, ...] = ()
    draft: str = ""
    missing: tuple[TermHint, ...] = ()


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What an engine is and can do.

    ``terms`` says how it takes hints: ``inline`` tags, ``prompt``, or ``none``.
    """

    name: str
    version: str = ""
    licence: str = ""
    pairs: tuple[Pair, ...] = ()
    terms: Literal["inline", "prompt", "none"] = "none"
    alignment: bool = False
    nbest: bool = False
    prefix: bool = False
    context: bool = False


class Translator(Protocol):
    """An MT engine."""

    @property
    def info(self) -> EngineInfo:
        """Name and capabilities; never loads weights."""
        ...

    def translate(
        self, pair: Pair, requests: Sequence[Request], stop: Stop = never
    ) -> Iterator[tuple[int, tuple[Candidate, ...]]]:
        """Yield (index of the request, candidates best first), each request exactly once.

        Requests are batched by length inside; results come as batches finish. Raises EngineError,
        DataError (no such model), Cancelled when *stop* turns true between batches.
        """
        ...


class Reader(Protocol):
    """Reads a file into an article whose blocks are not yet cut into segments."""

    suffixes: frozenset[str]

    def read(self, data: bytes, name: str) -> Article:
        """Raise InputError when the file cannot be used."""
        ...


class Writer(Protocol):
    """Writes an article with its rows to a file."""

    name: str
    suffix: str
    media_type: str

    def write(self, article: Article, rows: Sequence[Row]) -> bytes:
        """Return the file; every segment of the article is in it."""
        ...


class Check(Protocol):
    """Measures one thing in a row; deciding what to do about it is elsewhere."""

    name: str
    severity: Severity

    def __call__(self, row: Row) -> Iterator[Issue]:
        """Yield the faults found."""
        ...


class RowChecks(Protocol):
    """Every check at once, as drafting and review run them."""

    def run(self, row: Row) -> tuple[Issue, ...]:
        """Return what the checks report on the row."""
        ...


class Tidy(Protocol):
    """The target language's tidying of machine output."""

    def tidy(self, text: str) -> str:
        """Return the text with safe corrections; idempotent."""
        ...


class Metric(Protocol):
    """Scores hypotheses against references."""

    name: str
    higher_is_better: bool

    def signature(self, references: int) -> str:
        """Return the settings string that stands beside each figure."""
        ...

    def corpus(self, hypotheses: Sequence[str], references: Sequence[Sequence[str]]) -> float:
        """Return the corpus score; ``references[r][i]`` is reference r of line i."""
        ...
