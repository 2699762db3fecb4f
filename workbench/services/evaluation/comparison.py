"""Two or more systems held against one another: by slices, by wins, line by line, by n-grams."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from workbench.domain.quality import (
    Contrast,
    Difference,
    Mark,
    Side,
    Slice,
    SliceResult,
    SourceTerm,
    Tally,
)
from workbench.domain.run import Test
from workbench.domain.term import Receipt, Term
from workbench.errors import InputError
from workbench.services.evaluation.ngrams import count_ngrams, ngram_contrast, ngram_use
from workbench.services.evaluation.resampling import sign_test
from workbench.services.evaluation.significance import Statistics, resampled, tabled

BY = "chrf"  # what single lines are compared by: the one of sacreBLEU's metrics that is fair there
LARGEST = 20
# The scores of parts, each resampled a thousand times, are of the metrics that cost little.
IN_SLICES = ("bleu", "chrf")
FEWEST_LINES = 6  # below, no test can tell anything; only the wins are counted
# Every document counts for who won more of them; only the largest are scored one by one.
MOST_DOCUMENTS = 20
Systems = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Material:
    """What is compared: the systems' lines and all that is known about the set.

    ``receipts`` holds, for each system, what became of the terms of each source.
    """

    systems: Systems
    references: Sequence[Sequence[str]]
    sources: Sequence[str] = ()
    receipts: Mapping[str, Sequence[Sequence[Receipt]]] = field(default_factory=dict)


def compare(
    material: Material,
    statistics: Statistics,
    slices: Sequence[Slice],
    machine: str,
    tests: Sequence[Test] = ("bs", "ar"),
    largest: int = LARGEST,
) -> Contrast:
    """Hold every pair of the systems against one another. Raises InputError for fewer than two.

    *statistics* must have been made with chrF among its metrics. On the whole set *tests* are
    done for each pair with each metric; on a slice the paired bootstrap of each system against
    the first, with BLEU and chrF, by document with chrF alone. Wins are counted for each pair.
    """
    names = tuple(material.systems)
    if len(names) < 2:
        raise InputError("evaluation.one_system")
    values = {name: statistics.segments(BY, name) for name in names}
    documents = [each for each in slices if each.kind == "document"]
    shown = sorted(documents, key=lambda each: -len(each.lines))[:MOST_DOCUMENTS]
    kept = [each for each in slices if each.kind != "document" or each in shown]
    counts = {
        name: count_ngrams(lines, material.references) for name, lines in material.systems.items()
    }
    return Contrast(
        systems=names,
        size=statistics.size,
        machine=machine,
        metrics=tuple(statistics.metrics),
        slices=tuple(sliced(statistics, each, values, tests) for each in kept),
        documents=tuple(_by_documents(statistics, documents, names)),
        differences=tuple(_largest(material, values, largest)),
        ngrams={name: ngram_use(count) for name, count in counts.items()},
        better={
            f"{system}|{baseline}": ngram_contrast(counts[system], counts[baseline])
            for system in names
            for baseline in names
            if system != baseline
        },
    )


def sliced(
    statistics: Statistics,
    part: Slice,
    values: Mapping[str, Sequence[float]],
    tests: Sequence[Test],
) -> SliceResult:
    """Score and compare the systems on one slice; *values* are the scores of single lines.

    A slice of fewer than six lines has no scores: only the wins are counted there.
    """
    pairs = list(_pairs(tuple(statistics.systems)))
    if part.kind != "all" and len(part.lines) < FEWEST_LINES:
        return SliceResult(part.kind, part.name, len(part.lines), {}, _tallies(part, values, pairs))
    only = {"all": tuple(statistics.metrics), "document": (BY,)}.get(part.kind, IN_SLICES)
    measured = [metric for metric in only if metric in statistics.metrics]
    scores, first = tabled(statistics, "bs", part.lines, measured)
    comparisons = list(first) if "bs" in tests or part.kind != "all" else []
    if part.kind == "all" and resampled(len(part.lines)):
        there = {(c.metric, c.system, c.baseline) for c in comparisons}
        comparisons += [
            statistics.paired(metric, system, baseline, test, part.lines)
            for test in tests
            for system, baseline in pairs
            for metric in measured
            if test != "bs" or (metric, system, baseline) not in there
        ]
    return SliceResult(
        part.kind,
        part.name,
        len(part.lines),
        scores,
        _tallies(part, values, pairs),
        tuple(comparisons),
    )


def _tallies(
    part: Slice, values: Mapping[str, Sequence[float]], pairs: Sequence[tuple[str, str]]
) -> tuple[Tally, ...]:
    return tuple(
        tally(system, baseline, [(values[system][n], values[baseline][n]) for n in part.lines])
        for system, baseline in pairs
    )


def _pairs(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield (system, baseline): each system against every earlier one."""
    for baseline, system in combinations(names, 2):
        yield system, baseline


def tally(
    system: str,
    baseline: str,
    pairs: Sequence[tuple[float, float]],
    unit: str = "segment",
) -> Tally:
    """Count on how many units the first value of a pair is higher, equal, lower."""
    wins = sum(mine > other for mine, other in pairs)
    losses = sum(mine < other for mine, other in pairs)
    return Tally(
        system,
        baseline,
        "document" if unit == "document" else "segment",
        wins,
        len(pairs) - wins - losses,
        losses,
        BY,
        sign_test(wins, losses),
    )


def _by_documents(
    statistics: Statistics, documents: Sequence[Slice], names: Sequence[str]
) -> Iterator[Tally]:
    """Yield, for each pair of systems, how many whole documents either translated better."""
    if not documents:
        return
    values = {
        name: [statistics.value(BY, name, document.lines) for document in documents]
        for name in names
    }
    for system, baseline in _pairs(names):
        pairs = list(zip(values[system], values[baseline], strict=True))
        yield tally(system, baseline, pairs, "document")


def _largest(
    material: Material, values: Mapping[str, Sequence[float]], most: int
) -> Iterator[Difference]:
    """Yield the lines of each pair of systems that differ most in chrF, either way."""
    for system, baseline in _pairs(tuple(material.systems)):
        mine, first = values[system], values[baseline]
        unlike = [n for n in range(len(mine)) if mine[n] != first[n]]
        unlike.sort(key=lambda n: (-abs(mine[n] - first[n]), n))
        for n in unlike[:most]:
            yield Difference(
                n + 1,
                BY,
                mine[n] - first[n],
                side(material, system, n, mine[n]),
                side(material, baseline, n, first[n]),
                material.sources[n] if material.sources else "",
                tuple(
                    source_terms(
                        {name: lines[n] for name, lines in material.systems.items()},
                        {name: lines[n] for name, lines in material.receipts.items() if lines},
                    )
                ),
            )


def side(material: Material, system: str, n: int, value: float) -> Side:
    """Return a line of a system, marked against the reference that is nearest to it."""
    from rapidfuzz.distance import Levenshtein

    text = material.systems[system][n]
    near = min(
        (reference[n] for reference in material.references),
        key=lambda reference: Levenshtein.distance(text, reference),
    )
    marks, reference_marks = difference_marks(text, near)
    return Side(system, text, value, marks, near, reference_marks)


def difference_marks(text: str, reference: str) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
    """Return the marks in a hypothesis and those in its reference, character by character."""
    from rapidfuzz.distance import Levenshtein

    mine: list[Mark] = []
    theirs: list[Mark] = []
    for code in Levenshtein.opcodes(text, reference):
        if code.tag == "equal":
            continue
        changed = code.tag == "replace"
        if code.src_end > code.src_start:
            mine.append(Mark(code.src_start, code.src_end, "changed" if changed else "extra"))
        if code.dest_end > code.dest_start:
            theirs.append(Mark(code.dest_start, code.dest_end, "changed" if changed else "missing"))
    return tuple(mine), tuple(theirs)


def source_terms(
    lines: Mapping[str, str], receipts: Mapping[str, Sequence[Receipt]]
) -> Iterator[SourceTerm]:
    """Yield the terms of one source in its order, each with the systems whose line has it.

    *lines* and *receipts* are by system. Systems may have been given different glossaries, so
    terms are told by place and Chinese; a system that was not asked for a term has it when one
    of the term's Chinese forms stands in its line.
    """
    found: dict[tuple[int, int, str], Term] = {}
    told: dict[tuple[int, int, str], dict[str, bool]] = {}
    for system, mine in receipts.items():
        for receipt in mine:
            span, term = receipt.hit.span, receipt.hit.term
            key = (span.start, span.end, term.target)
            found.setdefault(key, term)
            told.setdefault(key, {})[system] = receipt.state == "honoured"
    for key in sorted(found):
        having = tuple(
            system
            for system, line in lines.items()
            if told[key].get(system, any(form in line for form in found[key].accepted))
        )
        yield SourceTerm(*key, having)
