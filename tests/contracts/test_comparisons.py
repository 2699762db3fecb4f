"""Systems held against one another: swapping them mirrors everything, nothing is lost or bare."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.domain.language import Span
from workbench.domain.quality import Contrast
from workbench.domain.term import Hit, Receipt, Term
from workbench.errors import InputError, SettingsError
from workbench.services.evaluation import significance
from workbench.services.evaluation.comparison import (
    FEWEST_LINES,
    MOST_DOCUMENTS,
    Material,
    compare,
    difference_marks,
    source_terms,
)
from workbench.services.evaluation.metrics import metrics
from workbench.services.evaluation.significance import Statistics
from workbench.services.evaluation.slices import default_slices

REFERENCE = (
    "外长们在阿斯塔纳会谈，讨论了边境贸易。",
    "能源部称，今年出口将增长12%。",
    "“我们准备好了。”代表团团长说。",
    "地铁新线路将于三月开通，全长14公里。",
    "议会一读通过了预算修正案。",
    "洪水过后，五个村庄仍然断电。",
    "博物馆收到了一批来自塔什干的展品。",
    "渔业委员会公布了捕捞配额。",
)
SOURCES = (
    "Министры иностранных дел провели в Астане переговоры и обсудили приграничную торговлю.",
    "В Минэнерго сообщили, что в этом году экспорт вырастет на 12%.",
    "«Мы готовы», — сказал глава делегации.",
    "Новую линию метро длиной 14 км откроют в марте.",
    "Парламент принял в первом чтении поправки к бюджету.",
    "После паводка без света остаются пять деревень.",
    "Музей получил собрание экспонатов из Ташкента.",
    "Комитет рыболовства опубликовал квоты на вылов.",
)
GOOD = tuple(line.replace("了", "") for line in REFERENCE)
POOR = tuple(line[: len(line) // 2] for line in REFERENCE)
THIRD = (*REFERENCE[:4], *POOR[4:])
DOCUMENTS = ("a", "a", "a", "b", "b", "b", "c", "")


def contrast(systems: dict[str, tuple[str, ...]], **given: object) -> Contrast:
    names = ["bleu", "chrf", "hter"]
    references = [REFERENCE]
    return compare(
        Material(systems, references, SOURCES, **given),  # type: ignore[arg-type]
        Statistics(metrics(names), systems, references),
        default_slices(SOURCES, references, (), DOCUMENTS),
        "a machine",
    )


def test_swapping_two_systems_mirrors_everything() -> None:
    there = contrast({"good": GOOD, "poor": POOR})
    back = contrast({"poor": POOR, "good": GOOD})
    for one, other in zip(there.slices, back.slices, strict=True):
        assert (one.kind, one.name, one.scores) == (other.kind, other.name, other.scores)
        for mine, theirs in zip(one.tallies, other.tallies, strict=True):
            assert (mine.wins, mine.ties, mine.losses) == (theirs.losses, theirs.ties, theirs.wins)
            assert mine.p_value == theirs.p_value
        for first, second in zip(one.comparisons, other.comparisons, strict=True):
            assert (first.system, first.baseline) == (second.baseline, second.system)
            assert (first.difference, first.p_value) == (-second.difference, second.p_value)
            if first.low is not None:
                assert (first.low, first.high) == (-(second.high or 0), -(second.low or 0))
    for line, mirrored in zip(there.differences, back.differences, strict=True):
        assert line == replace(
            mirrored,
            difference=-mirrored.difference,
            system=mirrored.baseline,
            baseline=mirrored.system,
        )
    assert there.ngrams == back.ngrams
    assert there.better == back.better
    assert [t.wins for t in there.documents] == [t.losses for t in back.documents]


LINE = st.text("外长会谈讨论贸易，。12%", min_size=1, max_size=12)


@settings(max_examples=8)
@given(st.lists(st.tuples(LINE, LINE, LINE), min_size=2, max_size=6))
def test_swapping_any_two_systems_mirrors_their_test(rows: list[tuple[str, str, str]]) -> None:
    reference, one, two = (tuple(column) for column in zip(*rows, strict=True))
    statistics = Statistics(metrics(["chrf"]), {"one": one, "two": two}, [reference])
    there = statistics.paired("chrf", "two", "one")
    back = statistics.paired("chrf", "one", "two")
    assert (there.difference, there.p_value) == (-back.difference, back.p_value)
    assert (there.low, there.high) == (-(back.high or 0.0), -(back.low or 0.0))


def test_a_system_and_its_copy_are_equal_everywhere() -> None:
    same = contrast({"one": GOOD, "copy": GOOD})
    assert same.differences == ()
    assert set(same.better.values()) == {()}
    for part in same.slices:
        assert {(t.wins, t.losses, t.p_value) for t in part.tallies} == {(0, 0, 1.0)}
        assert {(c.difference, c.p_value) for c in part.comparisons} <= {(0.0, 1.0)}


def test_every_pair_every_test_and_no_bare_number() -> None:
    found = contrast({"good": GOOD, "poor": POOR, "third": THIRD})
    whole = found.slices[0]
    pairs = [("poor", "good"), ("third", "good"), ("third", "poor")]
    assert [(t.system, t.baseline) for t in whole.tallies] == pairs
    for kind in ("ar:10000", "bs:1000"):
        tested = [
            c for c in whole.comparisons if kind in c.test and ("ar:" in c.test) == ("ar" in kind)
        ]
        assert sorted({(c.system, c.baseline) for c in tested}) == pairs
        assert {c.metric for c in tested} == {"bleu", "chrf", "hter"}
        assert len(tested) == 9
    assert {(t.system, t.baseline) for t in found.documents} == set(pairs)
    assert (found.machine, found.size) == ("a machine", len(REFERENCE))
    for part in found.slices:
        assert sum(t.size for t in part.tallies) == 3 * part.size
        for scores in part.scores.values():
            assert all(s.signature and s.size == part.size and s.low is not None for s in scores)
        if part.kind != "all" and part.size < FEWEST_LINES:
            assert (part.scores, part.comparisons) == ({}, ())
        for c in part.comparisons:
            value = {
                n: [s.value for s in part.scores[n] if s.metric == c.metric] for n in part.scores
            }
            assert c.difference == pytest.approx(value[c.system][0] - value[c.baseline][0])
            assert (c.low is None) == ("ar:" in c.test)
            assert c.size == part.size


def test_the_largest_differences_come_first_marked_and_with_their_terms() -> None:
    term = Term("Астана", "阿斯塔纳", "place")
    hit = Hit(term, Span(34, 40), "Астане")
    kept, lost = Receipt(hit, "honoured", "model", Span(4, 8)), Receipt(hit, "missing")
    receipts = {name: [[receipt], *[[]] * 7] for name, receipt in (("good", kept), ("poor", lost))}
    found = contrast({"good": GOOD, "poor": POOR}, receipts=receipts)
    sizes = [abs(each.difference) for each in found.differences]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] > 0
    first = next(each for each in found.differences if each.n == 1)
    assert (first.source, first.difference < 0) == (SOURCES[0], True)
    assert [(t.start, t.end, t.target, t.honoured) for t in first.terms] == [
        (34, 40, "阿斯塔纳", ("good",))
    ]
    assert (first.system.system, first.system.text) == ("poor", POOR[0])
    assert first.system.reference == REFERENCE[0]
    (missing,) = first.system.reference_marks
    assert REFERENCE[0][missing.start : missing.end] == REFERENCE[0][len(POOR[0]) :]
    assert missing.kind == "missing"
    assert first.system.marks == ()


def test_terms_are_told_by_place_where_glossaries_give_different_ones() -> None:
    house = Hit(Term("Астана", "阿斯塔纳", variants=("阿市",)), Span(34, 40), "Астане")
    control = Hit(Term("переговоры", "会谈"), Span(41, 51), "переговоры")
    lines = {"none": "在阿市谈", "house": "在阿斯塔纳会谈", "random": "会谈"}
    receipts = {
        "none": [Receipt(house, "missing")],
        "house": [Receipt(house, "honoured")],
        "random": [Receipt(control, "honoured")],
    }
    found = [(t.start, t.target, t.honoured) for t in source_terms(lines, receipts)]
    assert found == [(34, "阿斯塔纳", ("house",)), (41, "会谈", ("house", "random"))]
    none = {**receipts, "none": []}
    assert next(source_terms(lines, none)).honoured == ("none", "house")
    assert list(source_terms(lines, {})) == []


@settings(max_examples=60)
@given(st.text("甲乙丙丁，", max_size=10), st.text("甲乙丙丁，", max_size=10))
def test_what_is_not_marked_is_common_to_both(text: str, reference: str) -> None:
    mine, theirs = difference_marks(text, reference)

    def rest(whole: str, marks: tuple[object, ...]) -> str:
        marked = {n for mark in marks for n in range(mark.start, mark.end)}  # type: ignore[attr-defined]
        return "".join(letter for n, letter in enumerate(whole) if n not in marked)

    assert rest(text, mine) == rest(reference, theirs)
    assert bool(mine or theirs) == (text != reference)
    changed = [sum(mark.kind == "changed" for mark in marks) for marks in (mine, theirs)]
    assert changed[0] == changed[1]


def test_one_line_and_one_system() -> None:
    single = {"good": GOOD[:1], "poor": POOR[:1]}
    found = compare(
        Material(single, [REFERENCE[:1]]),
        Statistics(metrics(["chrf"]), single, [REFERENCE[:1]]),
        default_slices((), [REFERENCE[:1]]),
        "a machine",
    )
    assert found.slices[0].comparisons == ()
    assert found.slices[0].scores["good"][0].low is None
    assert found.slices[0].tallies[0].losses == 1
    with pytest.raises(InputError) as caught:
        contrast({"good": GOOD})
    assert caught.value.key == "evaluation.one_system"


def test_many_documents_all_count_and_the_largest_are_shown() -> None:
    count = MOST_DOCUMENTS + 5
    systems = {"good": GOOD * 7, "poor": POOR * 7}
    references = [REFERENCE * 7]
    names = tuple(str(n % count) for n in range(len(references[0])))
    found = compare(
        Material(systems, references),
        Statistics(metrics(["chrf"]), systems, references),
        default_slices((), references, (), names),
        "a machine",
        tests=("bs",),
    )
    assert sum(part.kind == "document" for part in found.slices) == MOST_DOCUMENTS
    assert found.documents[0].size == count


def test_a_set_too_large_for_memory_is_scored_without_intervals(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(significance, "MOST_LINES", 7)
    found = contrast({"good": GOOD, "poor": POOR})
    whole = found.slices[0]
    assert whole.comparisons == ()
    assert {s.low for scores in whole.scores.values() for s in scores} == {None}
    assert whole.tallies[0].losses == len(REFERENCE)
    statistics = Statistics(metrics(["chrf"]), {"good": GOOD, "poor": POOR}, [REFERENCE])
    with pytest.raises(SettingsError) as caught:
        statistics.paired("chrf", "good", "poor")
    assert caught.value.key == "evaluation.not_resampled"


def test_it_is_all_json() -> None:
    document = asdict(contrast({"good": GOOD, "poor": POOR}))
    assert set(document["slices"][0]["scores"]) == {"good", "poor"}
    assert document["differences"][0]["system"]["marks"] == ()
