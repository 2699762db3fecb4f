"""Faults, terms over a set, slices and n-grams: what is broken is found, what is sound is not."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.language import Span
from workbench.domain.quality import FAULT_KINDS
from workbench.domain.term import Hit, Receipt, Term, TermType
from workbench.services.evaluation.consistency import consistency, term_score
from workbench.services.evaluation.faults import fault_scores, find_faults
from workbench.services.evaluation.ngrams import (
    LONGEST,
    count_ngrams,
    ngram_contrast,
    ngram_use,
    ngrams,
)
from workbench.services.evaluation.resampling import ratio, share, sign_test
from workbench.services.evaluation.slices import by_document, default_slices, holding

SOURCES = (
    "Министры шести государств обсудили в Бишкеке новый порядок торговли.",
    "Поезд из Алма-Аты прибыл в столицу с опозданием на сорок минут.",
    "Компания Orion Systems открыла завод на окраине города Шымкента.",
)
SOUND = (
    "六国部长在比什凯克讨论了新的贸易规则。",
    "从阿拉木图开来的列车晚点40分钟抵达首都。",
    "Orion Systems公司在奇姆肯特市郊开设了工厂，产值计入GDP。",
)


def test_sound_lines_have_no_faults() -> None:
    assert find_faults(SOURCES, SOUND, [SOUND]) == ()
    assert find_faults((), SOUND) == (), "without sources and references"


@pytest.mark.parametrize(
    ("line", "kind", "text"),
    [
        ("", "empty", ""),
        ("  ", "empty", ""),
        ("六国部长说六国部长说六国部长说六国部长说六国部长说", "loop", "六国部长说"),
        ("六国部长在Бишкеке讨论了新的贸易规则。", "cyrillic", "Бишкеке"),
        ("六国部长在比什凯克讨论了trade规则的新安排。", "latin", "trade"),
        ("六国。", "short", ""),
        ("六国部长在比什凯克讨论了新的贸易规则。" * 5, "long", ""),
    ],
)
def test_each_fault_is_found_where_it_is(line: str, kind: str, text: str) -> None:
    faults = find_faults(SOURCES, (SOUND[0], line, SOUND[2]), [SOUND])
    assert (2, kind, text) in {(fault.n, fault.kind, fault.text) for fault in faults}
    assert {fault.n for fault in faults} == {2}


def test_a_line_has_each_kind_of_fault_once() -> None:
    words = "trade import export partner customs border trade"
    line = f"六国部长在比什凯克讨论了{words}规则的新安排и。"
    faults = find_faults(SOURCES, (SOUND[0], line, SOUND[2]), [SOUND])
    told = {fault.kind: fault.text for fault in faults}
    assert len(told) == len(faults)
    assert told["latin"] == "trade, import, export, partner, customs …"
    assert {fault.n for fault in faults} == {2}


def test_latin_words_of_source_or_reference_are_right() -> None:
    line = "公司在orion大街开设了工厂，与city规划相符。"
    assert not find_faults(SOURCES[2:], (line,), [("与city规划有关",)])
    assert [fault.text for fault in find_faults(SOURCES[2:], (line,))] == ["city"]


def test_shares_of_broken_lines_have_size_interval_and_signature() -> None:
    lines = ("", *SOUND[1:])
    faults = find_faults(SOURCES, lines, [SOUND])
    scores = {score.metric: score for score in fault_scores(faults, SOURCES, lines, [SOUND])}
    assert set(scores) == {"faults", *FAULT_KINDS, "length", "length_reference"}
    assert scores["faults"].value == scores["empty"].value == pytest.approx(100 / 3)
    assert scores["loop"].value == 0
    assert scores["loop"].high is not None
    assert scores["loop"].high > 50, "three lines without a loop prove little"
    assert scores["length_reference"].value < 1
    assert all(score.size == 3 and "version:" in score.signature for score in scores.values())


# -- terms ------------------------------------------------------------------------------------


def receipt(line: str, term: Term, form: str = "") -> Receipt:
    hit = Hit(term, Span(0, len(term.source)), term.source)
    if not form:
        return Receipt(hit, "missing")
    start = line.index(form)
    return Receipt(hit, "honoured", "model", Span(start, start + len(form)))


def term(source: str, target: str, kind: TermType = "person") -> Term:
    return Term(source, target, kind)


def test_one_name_written_two_ways_is_inconsistent() -> None:
    name, country = term("Жапаров", "扎帕罗夫"), term("Россия", "俄罗斯", "place")
    lines = ("扎帕罗夫到访俄罗斯", "扎帕洛夫发言", "扎帕罗夫离开，俄方送行")
    receipts = [
        [receipt(lines[0], name, "扎帕罗夫"), receipt(lines[0], country, "俄罗斯")],
        [receipt(lines[1], name)],
        [receipt(lines[2], name, "扎帕罗夫"), receipt(lines[2], country, "俄")],
    ]
    score, found = consistency(receipts, lines)
    assert score is not None
    assert score.value == pytest.approx(100 * 4 / 5)
    assert score.size == 2
    assert [each.source for each in found] == ["Жапаров", "Россия"]
    assert found[0].counts == {"扎帕罗夫": 2, "扎帕洛夫": 1}
    assert found[1].counts == {"俄罗斯": 2}, "a short form is no other rendering"
    success = term_score(receipts)
    assert success is not None
    assert success.value == pytest.approx(100 * 4 / 5)
    assert "hits:5" in success.signature


def test_where_all_terms_stand_the_interval_is_still_one() -> None:
    line = "扎帕罗夫到访"
    name = term("Жапаров", "扎帕罗夫")
    all_of_them = [[receipt(line, name, "扎帕罗夫")]] * 3
    success, (consistent, _) = term_score(all_of_them), consistency(all_of_them, [line] * 3)
    for score in (success, consistent):
        assert score is not None
        assert score.low is not None
        assert score.value == score.high == 100
        assert 0 < score.low < 100
        assert "interval:wilson" in score.signature


def test_without_repeated_terms_there_is_no_consistency() -> None:
    line = "扎帕罗夫到访"
    once = [[receipt(line, term("Жапаров", "扎帕罗夫"), "扎帕罗夫")], []]
    assert consistency(once, (line, "")) == (None, ())
    assert term_score([[], []]) is None


# -- figures ----------------------------------------------------------------------------------


def test_a_sign_test_is_exact() -> None:
    assert sign_test(0, 0) == 1.0
    assert sign_test(5, 5) == 1.0
    assert sign_test(6, 0) == pytest.approx(2 / 2**6)
    assert sign_test(9, 1) == pytest.approx(2 * 11 / 2**10)
    assert 0 < sign_test(3000, 1000) < 1e-200


@given(st.integers(0, 50), st.integers(0, 50))
def test_a_share_lies_in_its_interval_and_mirrors(count: int, others: int) -> None:
    size = count + others
    there, back = share("a", count, size), share("a", others, size)
    if not size:
        assert there.low is None
        return
    assert there.low is not None
    assert there.high is not None
    assert back.low is not None
    assert 0 <= there.low <= there.value <= there.high <= 100
    assert there.low < there.high
    assert there.high == pytest.approx(100 - back.low)


def test_a_ratio_of_sums_is_no_mean_of_ratios() -> None:
    score = ratio("a", [1, 0], [2, 8], "unit:x")
    assert score.value == 10.0
    assert score.signature.startswith("bs:1000|seed:12345|unit:x|version:workbench-")
    assert (score.low, score.high) == (0.0, 50.0)
    assert ratio("a", [3], [0]).value == 100.0


# -- slices -----------------------------------------------------------------------------------


def test_slices_part_the_set() -> None:
    long = "«Мы готовы», — сказал Алексей Смирнов 12 мая. " * 6
    sources = (*SOURCES, "Да.", long)
    found = default_slices(sources, [("甲",) * 5], (), ("a", "a", "b", "", "b"))
    assert (found[0].kind, found[0].lines) == ("all", (0, 1, 2, 3, 4))
    for kind in ("length", "names", "numbers", "quotation"):
        lines = [n for part in found if part.kind == kind for n in part.lines]
        assert sorted(lines) == [0, 1, 2, 3, 4], kind
    assert [(p.name, p.lines) for p in found if p.kind == "document"] == [
        ("a", (0, 1)),
        ("b", (2, 4)),
    ]
    assert [(p.name, p.lines) for p in found if p.kind == "length"] == [
        ("1–40", (3,)),
        ("41–80", (0, 1, 2)),
        ("201–", (4,)),
    ]
    assert all(part.lines for part in found)


def test_what_a_line_holds() -> None:
    assert holding("«Мы готовы», — сказал Алексей Смирнов 12 мая.") == {
        "names",
        "numbers",
        "quotation",
    }
    assert holding("Погода стоит хорошая.") == frozenset()
    hit = Hit(term("Бишкек", "比什凯克", "place"), Span(0, 6), "Бишкек")
    assert holding("Бишкек ждёт гостей.", (hit,)) == {"names"}
    assert holding("“我们准备好了”，库尔曼别克说，共12人。", russian=False) == {
        "names",
        "numbers",
        "quotation",
    }
    assert by_document(()) == ()


# -- n-grams ----------------------------------------------------------------------------------


def test_ngrams_stay_within_words() -> None:
    assert list(ngrams("甲乙，丙")) == ["甲", "甲乙", "乙", "，", "丙"]
    assert max(map(len, ngrams("甲乙丙丁戊己"))) == LONGEST


def test_a_habit_is_found_once_and_whole() -> None:
    reference = [f"部长{end}" for end in ("会见来宾。", "出席论坛。", "发表讲话。", "离开会场。")]
    lines = [line.replace("部长", "部长大人") for line in reference]
    use = ngram_use(count_ngrams(lines, [reference]))
    (first,) = use.over  # its pieces (大人, 长大) say nothing of their own
    assert first.text == "部长大人"
    assert (first.hypothesis, first.reference, first.excess, first.lines) == (4, 0, 4, 4)
    assert use.under == ()
    same = ngram_use(count_ngrams(reference, [reference]))
    assert (same.over, same.under) == ((), ())


def test_of_a_long_name_one_piece_is_shown() -> None:
    reference = [f"在贾拉拉巴德{end}。" for end in ("发言", "停留", "会面")]
    lines = [line.replace("贾拉拉巴德", "州") for line in reference]
    under = [each.text for each in ngram_use(count_ngrams(lines, [reference])).under]
    assert sum(set(text) <= set("贾拉巴德") and len(text) == LONGEST for text in under) == 1


def test_what_one_system_gets_right_more_often() -> None:
    reference = ["主席发言。", "主席离开。", "主席到场。"]
    good, bad = (
        count_ngrams(lines, [reference])
        for lines in (reference, [line.replace("主席", "总裁") for line in reference])
    )
    (found,) = ngram_contrast(good, bad)
    assert (found.text, found.matched, found.baseline_matched, found.reference) == ("主席", 3, 0, 3)
    assert found.score == pytest.approx(0.8)
    assert ngram_contrast(bad, good) == ()


@given(
    st.lists(
        st.tuples(st.text("甲乙丙，", max_size=8), st.text("甲乙丙，", max_size=8)), min_size=1
    )
)
def test_counts_balance(pairs: list[tuple[str, str]]) -> None:
    lines, reference = [mine for mine, _ in pairs], [other for _, other in pairs]
    counts = count_ngrams(lines, [reference])
    balance = Counter(counts.matched)
    balance.update(counts.over)
    assert balance == counts.hypothesis
    missing = Counter(counts.matched)
    missing.update(counts.under)
    assert missing == counts.reference
