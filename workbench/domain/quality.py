"""Scores of a translation and runs that measured them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from workbench.domain.language import Span

EditKind = Literal["insert", "delete", "replace"]
EditClass = Literal["name", "number", "punctuation", "other"]
EDIT_CLASSES: tuple[EditClass, ...] = ("name", "number", "punctuation", "other")
FaultKind = Literal["empty", "loop", "cyrillic", "latin", "short", "long"]
FAULT_KINDS: tuple[FaultKind, ...] = ("empty", "loop", "cyrillic", "latin", "short", "long")
SliceKind = Literal["all", "length", "names", "numbers", "quotation", "document"]


@dataclass(frozen=True, slots=True)
class Score:
    """One figure with its signature and 95 % interval (``low``–``high``).

    The interval is None for a set too small to have one. ``size`` is the number of units that
    the figure and its interval stand on (lines, unless the signature says otherwise); 0 in runs
    that were stored before it was kept.
    """

    metric: str
    value: float
    signature: str
    low: float | None = None
    high: float | None = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """A paired test of a system against a baseline.

    ``difference`` is system minus baseline; ``test`` is the test's signature; ``low``–``high``
    is the 95 % interval of the difference, which only the bootstrap has.
    """

    metric: str
    system: str
    baseline: str
    difference: float
    p_value: float
    test: str
    low: float | None = None
    high: float | None = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class TermUse:
    """How many glossary hits of the source stand in a system's output, and who put them there."""

    hits: int = 0
    honoured: int = 0
    methods: dict[str, int] = field(default_factory=dict)

    @property
    def success(self) -> float | None:
        """The share honoured, None where the source holds no term."""
        return self.honoured / self.hits if self.hits else None


@dataclass(frozen=True, slots=True)
class Weak:
    """A segment that a system translated badly: ``n`` counts from 1, ``value`` is its score."""

    system: str
    n: int
    metric: str
    value: float
    source: str
    hypothesis: str
    reference: str


@dataclass(frozen=True, slots=True)
class Edit:
    """A run of changed characters: ``draft`` became ``final`` (places in either text).

    ``cost`` is the number of single-character insertions, deletions and replacements.
    """

    kind: EditKind
    edit_class: EditClass
    draft: Span
    final: Span
    cost: int


@dataclass(frozen=True, slots=True)
class Hter:
    """What a draft had to go through to become the confirmed text of ``characters`` characters."""

    edits: tuple[Edit, ...]
    characters: int
    by_class: Mapping[str, int]

    @property
    def cost(self) -> int:
        """The number of single-character edits."""
        return sum(edit.cost for edit in self.edits)

    @property
    def value(self) -> float:
        """Edits for each hundred characters of the confirmed text; 100 where that is empty."""
        if not self.characters:
            return 100.0 if self.edits else 0.0
        return 100 * self.cost / self.characters


@dataclass(frozen=True, slots=True)
class HterReport:
    """HTER over many texts; ``by_class`` are the parts that ``score`` is the sum of.

    ``edits`` counts the characters changed of each class, ``characters`` those of the confirmed
    texts.
    """

    score: Score
    by_class: dict[str, Score]
    edits: dict[str, int]
    characters: int
    size: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Something broken in line ``n`` (from 1) of an output; ``text`` is what shows it."""

    n: int
    kind: FaultKind
    text: str = ""


@dataclass(frozen=True, slots=True)
class Renderings:
    """How a system rendered one source term, over the whole set.

    ``counts`` is rendering → mentions, the most frequent first; the key is empty for mentions
    where none of the known forms stands and nothing like them.
    """

    source: str
    target: str
    mentions: int
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a system is better than a baseline, ties left over.

    ``unit`` is segment or document; ``metric`` says by what; ``p_value`` is that of the
    two-sided sign test, ties left out.
    """

    system: str
    baseline: str
    unit: Literal["segment", "document"]
    wins: int
    ties: int
    losses: int
    metric: str
    p_value: float

    @property
    def size(self) -> int:
        """The number of units compared."""
        return self.wins + self.ties + self.losses


@dataclass(frozen=True, slots=True)
class Slice:
    """Some lines of a set (from 0), told apart by ``kind`` under the ``name`` of a part."""

    kind: SliceKind
    name: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SliceResult:
    """Every system's scores on one slice, and each pair of systems compared there."""

    kind: SliceKind
    name: str
    size: int
    scores: dict[str, tuple[Score, ...]]
    tallies: tuple[Tally, ...] = ()
    comparisons: tuple[Comparison, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A place of a text to be marked: ``start``–``end`` in code points.

    In a hypothesis: what the reference has not (``extra``) or says otherwise (``changed``);
    in the reference: what the hypothesis lacks (``missing``) or says otherwise.
    """

    start: int
    end: int
    kind: Literal["extra", "missing", "changed"]


@dataclass(frozen=True, slots=True)
class SourceTerm:
    """A glossary term in a source: its place, its Chinese, in which systems' outputs it stands."""

    start: int
    end: int
    target: str
    honoured: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """One system's line with its sentence score, marked against ``reference``.

    ``reference`` is the one nearest to the line; ``marks`` lie in ``text``,
    ``reference_marks`` in ``reference``.
    """

    system: str
    text: str
    value: float
    marks: tuple[Mark, ...]
    reference: str
    reference_marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A line (``n`` from 1) that two systems translated unlike one another.

    ``difference`` is the sentence score of ``system`` minus that of ``baseline``.
    """

    n: int
    metric: str
    difference: float
    system: Side
    baseline: Side
    source: str = ""
    terms: tuple[SourceTerm, ...] = ()


@dataclass(frozen=True, slots=True)
class Ngram:
    """A string of one to four characters and how often it stands.

    ``hypothesis`` and ``reference`` count it over the set; ``excess`` is how much too often (or
    too seldom) line by line; ``lines`` is in how many lines.
    """

    text: str
    hypothesis: int
    reference: int
    excess: int
    lines: int


@dataclass(frozen=True, slots=True)
class NgramUse:
    """What a system writes too often and too seldom, the worst first."""

    over: tuple[Ngram, ...]
    under: tuple[Ngram, ...]


@dataclass(frozen=True, slots=True)
class NgramContrast:
    """An n-gram that ``system`` gets right (or wrong) more often than ``baseline``.

    ``matched`` and ``baseline_matched`` count where it stands in both output and reference;
    ``score`` is the share of ``system`` in both, 0.5 for none better.
    """

    text: str
    matched: int
    baseline_matched: int
    reference: int
    score: float


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two or more systems held against one another, by slices and line by line.

    ``slices`` begins with the whole set (kind ``all``); ``differences`` holds, for every pair of
    systems, the lines with the largest differences, the largest first; ``ngrams`` is by
    system; ``better`` by "system|baseline".
    """

    systems: tuple[str, ...]
    size: int
    machine: str
    metrics: tuple[str, ...]
    slices: tuple[SliceResult, ...]
    documents: tuple[Tally, ...] = ()
    differences: tuple[Difference, ...] = ()
    ngrams: dict[str, NgramUse] = field(default_factory=dict)
    better: dict[str, tuple[NgramContrast, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A run: one test set, one or more systems.

    ``outputs`` holds each system's lines in the set's order; ``scores``, ``seconds``, ``terms``,
    ``measures``, ``faults`` and ``renderings`` are by system. ``measures`` are figures beside the
    metrics: term success, consistency, length, share of broken lines. ``documents`` names the
    document of each line, if it is known. ``warnings`` are keys of messages with their values.
    """

    set_name: str
    size: int
    systems: tuple[str, ...]
    scores: dict[str, tuple[Score, ...]]
    comparisons: tuple[Comparison, ...] = ()
    outputs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    glossary: str = "none"
    created: str = ""
    id: int = 0
    terms: dict[str, TermUse] = field(default_factory=dict)
    worst: tuple[Weak, ...] = ()
    machine: str = ""
    characters: int = 0
    warnings: tuple[tuple[str, dict[str, str]], ...] = ()
    sources: tuple[str, ...] = ()
    references: tuple[tuple[str, ...], ...] = ()
    documents: tuple[str, ...] = ()
    measures: dict[str, tuple[Score, ...]] = field(default_factory=dict)
    faults: dict[str, tuple[Fault, ...]] = field(default_factory=dict)
    renderings: dict[str, tuple[Renderings, ...]] = field(default_factory=dict)
    contrast: Contrast | None = None
