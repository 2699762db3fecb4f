"""Single patterns: sentences that hold one pair, or none."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.language import Span
from workbench.formats.bulletin_lines import joined
from workbench.languages.transcription import transcribe
from workbench.services.harvest.brackets import groups, russian_readings, walk
from workbench.services.harvest.pairs import Finder, Pair

ROWS = [
    line.split("\t")
    for line in (Path(__file__).parent / "sentences.tsv")
    .read_text(encoding="utf-8")
    .splitlines()[1:]
]
FINDER = Finder(transcribe)


def pairs(text: str) -> tuple[Pair, ...]:
    return FINDER.pairs(joined(text))


@pytest.mark.parametrize(("text", "zh", "ru", "kind"), ROWS, ids=[row[2] for row in ROWS])
def test_a_sentence(text: str, zh: str, ru: str, kind: str) -> None:
    found = pairs(text)
    if ru == "-":
        assert found == ()
    else:
        assert (ru, zh, kind) in [(pair.ru, pair.zh, pair.type) for pair in found]


@pytest.mark.parametrize(
    "text",
    [
        "（张文 编译）",
        "欧亚动态（中亚地区）",
        "国际货币基金组织（IMF）没有置评。",
        "普京（见上文）与（如下）",
        "«Победа»（见第3页）",
        "《》（Россия）",
        "«»（中国）",
        "（Россия）",
        "他笑了（и ушёл — навсегда）",
        "（）()（ ）",
    ],
)
def test_no_pair(text: str) -> None:
    assert pairs(text) == ()


@pytest.mark.parametrize(
    ("inner", "readings"),
    [
        ("ЕАЭС, Евразийский экономический союз", ("ЕАЭС", "Евразийский экономический союз")),
        ("Центр анализа (ЦАСТ)", ("Центр анализа", "ЦАСТ")),
        ("ДКБ，1992年签署", ("ДКБ",)),
        ("ШОС, SCO", ("ШОС",)),
        ("俄文简称：ОДКБ", ("ОДКБ",)),
        ("Зерно, рубль и погода", ("Зерно, рубль и погода",)),
        ("см. карту", ()),
        ("作者用了слово一词", ()),
        ("IMF", ()),
    ],
)
def test_russian_in_brackets(inner: str, readings: tuple[str, ...]) -> None:
    assert russian_readings(inner) == readings


def test_a_bracket_never_closed_hides_nothing() -> None:
    assert [pair.ru for pair in pairs("姓名（Имя 集体安全条约组织（ОДКБ）")] == ["ОДКБ"]
    assert [pair.ru for pair in pairs("（据外交部（МИД）和国防部（Минобороны）消息）")] == [
        "МИД",
        "Минобороны",
    ]


def test_a_source_is_kept_verbatim_and_flagged() -> None:
    (misspelt,) = pairs("总统卡瑟姆若马尔特·托卡耶夫（Касым-Жомарт Токаева）说")
    assert (misspelt.ru, misspelt.flags) == ("Касым-Жомарт Токаева", ("misspelt",))
    (latin,) = pairs("部长谢尔盖·绍伊古（Сергeй Шойгу）说")
    assert (latin.ru, latin.zh) == ("Сергeй Шойгу", "谢尔盖·绍伊古")
    assert latin.flags == ("homoglyph",)


def test_two_forms_of_one_name_are_flagged() -> None:
    found = pairs("外长拉夫罗夫（Лавров）来了。\n外长拉夫洛夫（Лавров）走了。")
    assert [(pair.zh, pair.flags) for pair in found] == [
        ("拉夫罗夫", ("two-forms",)),
        ("拉夫洛夫", ("two-forms",)),
    ]


def test_an_entry_of_the_glossary_settles_the_beginning() -> None:
    def known(russian: str) -> list[tuple[str, tuple[str, ...]]]:
        return [("Газпром", ("俄罗斯天然气工业股份公司",))] if russian == "Газпром" else []

    text = joined("据悉俄罗斯天然气工业股份公司（Газпром）股价下跌")
    (pair,) = Finder(transcribe, known).pairs(text)
    assert (pair.zh, pair.score) == ("俄罗斯天然气工业股份公司", 1.0)


def test_the_source_address_belongs_to_the_source_title() -> None:
    text = "文章«Вода не ждёт»（《水不等人》），作者为记者。\n原文见：https://a.example/x-\ny.html"
    (pair,) = pairs(text)
    assert (pair.type, pair.url) == ("title", "https://a.example/x-y.html")


PIECES = (
    *("（", "）", "(", ")", "《", "》", "«", "»", "“", "”", '"', "，", "、", "。", "·", "-", " "),
    *(
        "\n",
        "\r\n",
        "\f",
        "[1]",
        "3",
        "总统",
        "的",
        "和",
        "部",
        "报",
        "普京",
        "安德烈·基姆",
        "总第1期",
    ),
    *("Путин", "Андрей ", "Ким", "ОДКБ", "МИД", "газета ", "Nota", "https://a.example/b", "Сергeй"),
)


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_any_text_gives_pairs_that_stand_in_it(text: str) -> None:
    for pair in pairs(text):
        assert 0 <= pair.span.start < pair.span.end <= len(text)
        part = Span(pair.span.start, pair.span.end).of(text)
        for side in (pair.ru, pair.zh):
            letters = iter(part)
            assert all(c in letters for c in "".join(side.split())), (pair, part)


@given(st.text(alphabet="（）()а中", max_size=80))
def test_groups_are_balanced_and_do_not_overlap(line: str) -> None:
    found = groups(line)
    for group in found:
        assert line[group.start] in "（("
        assert line[group.end - 1] in "）)"
    assert all(a.end <= b.start for a, b in pairwise(found))
    matched = depth = 0
    for character in line:
        if character in "（(":
            depth += 1
        elif character in "）)" and depth:
            depth, matched = depth - 1, matched + 1
    assert len(list(walk(found))) == matched


class Counting(str):
    """A line that counts how often a character of it is looked at."""

    looked = 0

    def __iter__(self):  # type: ignore[no-untyped-def]
        for character in super().__iter__():
            Counting.looked += 1
            yield character


@pytest.mark.parametrize("line", ["（" * 20_000, "（" * 10_000 + "）" * 10_000, "（а）" * 7_000])
def test_repeated_brackets_are_read_once(line: str) -> None:
    Counting.looked = 0
    groups(Counting(line))
    assert Counting.looked == len(line)
    assert pairs(line) == ()
