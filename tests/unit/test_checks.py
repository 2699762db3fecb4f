"""The checks on a row, one by one and together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.domain.article import Segment
from workbench.domain.language import Span
from workbench.domain.row import Issue, Row
from workbench.domain.term import Hit, Receipt, Term
from workbench.services.checks import Checks
from workbench.services.checks.length import BANDS, ratio_bounds

CHECKS = Checks()
TOKAYEV = Term("Токаев", "托卡耶夫", "person", variants=("托",), forbidden=("托卡也夫",))


def row(source: str, target: str, **rest: object) -> Row:
    segment = Segment(1, 1, source, Span(0, len(source)))
    return replace(Row(segment, target, "drafted"), **rest)  # type: ignore[arg-type]


def found(source: str, target: str, **rest: object) -> list[str]:
    return [issue.check for issue in CHECKS.run(row(source, target, **rest))]


def one(source: str, target: str, check: str, **rest: object) -> Issue:
    (issue,) = [i for i in CHECKS.run(row(source, target, **rest)) if i.check == check]
    return issue


def hit(source: str, term: Term = TOKAYEV, form: str = "Токаеву") -> Hit:
    place = source.index(form)
    return Hit(term, Span(place, place + len(form)), form)


def test_a_good_translation_has_no_issue() -> None:
    source = "Президент Токаев 6 июня 2022 г. выделил 12 млн рублей на школы."
    assert found(source, "2022年6月6日，总统托卡耶夫拨款1200万卢布用于学校。") == []


def test_an_empty_target_is_one_issue_unless_the_row_is_new() -> None:
    assert found("Всё 5 раз.", " ") == ["ZH-R03"]
    assert found("Всё 5 раз.", "", state="confirmed") == ["ZH-R03"]
    assert found("Всё 5 раз.", "", state="new") == []


@pytest.mark.parametrize(
    ("target", "left"),
    [
        ("总统Токаев表示同意。", ["Токаев"]),
        ("总统托卡耶夫（Токаев）表示同意。", []),
        ("总统托卡耶夫(Токаев)表示同意。", []),
        ("详见https://кремль.рф/новости，谢谢。", []),
        ("Ничего не переведено", ["Ничего не переведено"]),
    ],
)
def test_russian_left_over(target: str, left: list[str]) -> None:
    issues = [i for i in CHECKS.run(row("Источник.", target)) if i.check == "ZH-R01"]
    assert [i.target.of(target) for i in issues if i.target] == left


@pytest.mark.parametrize(
    ("target", "loops"),
    [
        ("他表示同意他表示同意他表示同意他表示同意。", True),
        ("好的好的好的好的", True),
        ("哈哈哈哈哈哈", True),
        ("天天向上，高高兴兴。", False),
        ("——————……", False),
        ("1111111111", False),
    ],
)
def test_loops(target: str, loops: bool) -> None:
    assert ("ZH-R02" in found("Он говорит, что согласен с этим.", target)) == loops


def test_a_source_that_repeats_itself_excuses_the_target() -> None:
    assert "ZH-R02" not in found("ха-ха-ха-ха-ха-ха-ха-ха", "哈哈哈哈哈哈哈哈")


def test_length_out_of_range() -> None:
    source = "Переговоры в узком составе продлились почти три часа вместо запланированных."
    assert one(source, "会谈。", "ZH-R04").key == "checks.ZH-R04-short"
    assert one(source, "小范围会谈持续了" * 12, "ZH-R04").key == "checks.ZH-R04-long"
    assert "ZH-R04" not in found(source, "小范围会谈持续了近三个小时。")


def test_length_bounds_narrow_with_length() -> None:
    highs = [ratio_bounds(length)[1] for length in (5, 20, 50, 100, 500)]
    assert highs == sorted(highs, reverse=True)
    assert all(low < high for _, low, high in BANDS)


def test_a_missing_term_is_shown_where_it_stands_in_the_source() -> None:
    source = "Слово дали Токаеву."
    mention = hit(source)
    missing = one(source, "他发言了。", "ZH-T01", hits=(mention,))
    assert missing.source == mention.span
    assert dict(missing.values) == {"form": "Токаеву", "target": "托卡耶夫"}
    assert "ZH-T01" not in found(source, "托卡耶夫发言了。", hits=(mention,))
    assert "ZH-T01" not in found(source, "托发言了。", hits=(mention,))


def test_receipts_decide_over_what_stands_in_the_text() -> None:
    source = "Слово дали Токаеву."
    mention = hit(source)
    missing, overridden = Receipt(mention, "missing"), Receipt(mention, "overridden", reason="он")
    assert "ZH-T01" in found(source, "托卡耶夫。", hits=(mention,), receipts=(missing,))
    assert "ZH-T01" not in found(source, "他。", hits=(mention,), receipts=(overridden,))


def test_a_forbidden_form_is_found_unless_an_accepted_one_contains_it() -> None:
    source = "Слово дали Токаеву."
    issue = one(source, "托卡也夫发言，托卡耶夫。", "ZH-T02", hits=(hit(source),))
    assert issue.target == Span(0, 4)
    short = replace(TOKAYEV, forbidden=("卡耶",))
    assert "ZH-T02" not in found(source, "托卡耶夫发言。", hits=(hit(source, short),))


def test_numbers_name_both_sides() -> None:
    source = "Выделено 27,8 млрд рублей."
    keys = [issue.key for issue in CHECKS.run(row(source, "拨款27.8亿卢布。"))]
    assert keys == ["checks.ZH-N10-missing", "checks.ZH-N10-extra"]


def test_a_fix_mends_its_fault_and_keeps_the_rest() -> None:
    target = "会议,结束.见https://a.ru/b,c（Да, нет）"
    fixes = {i.check: i.fix for i in CHECKS.run(row("Совещание окончено, см.", target)) if i.fix}
    assert fixes == {"ZH-P01": "会议，结束.见https://a.ru/b,c（Да, нет）"}


def test_marks_without_partner() -> None:
    assert "ZH-P04" in found("Он сказал «да».", "他说“好。")
    assert "ZH-P04" not in found("Он сказал: «Да. Нет.", "他说：“好。不。")
    assert "ZH-P04" not in found("Он сказал «да».", "他说“好”。")


def test_the_worst_comes_first() -> None:
    issues = CHECKS.run(row("Источник 5.", "会议 结束Да，见《报》、《刊》"))
    severities = [issue.severity for issue in issues]
    assert severities == sorted(severities, key=["error", "warning", "info"].index)
    assert set(severities) == {"error", "warning", "info"}


def test_an_issue_keeps_its_id_when_the_text_around_it_changes() -> None:
    first = one("Источник.", "总统Токаев同意。", "ZH-R01")
    moved = one("Источник.", "今天，总统Токаев表示同意。", "ZH-R01")
    other = one("Источник.", "总统Путин同意。", "ZH-R01")
    assert first.id == moved.id != other.id


def test_the_same_fault_twice_has_two_ids() -> None:
    issues = CHECKS.run(row("Источник.", "Да和Да。"))
    ids = [issue.id for issue in issues if issue.check == "ZH-R01"]
    assert len(set(ids)) == 2


def test_a_dismissal_is_remembered() -> None:
    faulty = row("Источник.", "总统Токаев同意。")
    (issue,) = [i for i in CHECKS.run(faulty) if i.check == "ZH-R01"]
    again = CHECKS.run(faulty, dismissed={issue.id})
    assert [i.dismissed for i in again if i.check == "ZH-R01"] == [True]
