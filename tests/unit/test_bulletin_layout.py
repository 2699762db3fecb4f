"""The house layout: what stands where, and nothing lost in any format."""

from __future__ import annotations

import io
import tomllib
import zipfile
from dataclasses import replace

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.bulletin import Bulletin, Item, Section, Source, Supplement
from workbench.errors import InputError, SettingsError
from workbench.formats.bulletin_files import WRITERS, write_bulletin
from workbench.formats.bulletin_layout import (
    bare,
    chinese_date,
    counted,
    han,
    layout,
    masthead,
    source_sentence,
    titled,
)
from workbench.formats.bulletin_spec import read_spec, write_spec
from workbench.formats.composition import printable

SOURCE = Source(
    country="俄罗斯",
    outlet_zh="波罗的海观察",
    outlet_ru="Балтийское обозрение",
    date="2026-11-03",
    title_ru="«Порт ждёт зимы»",
    author_zh="安娜·索洛维约娃",
    author_ru="Анна Соловьёва",
    author_position="该报记者",
    url="https://example.org/a?b=1&c=2",
)
ITEM = Item(
    topic="港口过冬",
    title_zh="读《冬天》的港口",
    lead="第一场雪之前，装卸工人加班加点。",
    sections=(Section(paragraphs=("泊位不够用。",)), Section("谁来付钱？", ("没有人知道。",))),
    translator="王小明",
    kind="报道",
    gist="认为新泊位来得太晚",
    source=SOURCE,
    supplements=(Supplement("港口统计", "Статистика порта", "https://example.org/s"),),
)
BULLETIN = Bulletin("北方动态", "波罗的海", 12, 2026, 11, note="仅供参考。", items=(ITEM,))


def texts(bulletin: Bulletin) -> list[str]:
    return [line.text for line in layout(bulletin)]


def test_the_whole_layout() -> None:
    assert texts(BULLETIN) == [
        "北方动态（波罗的海）  总第 12 期  2026 年 11 月期",
        "内容提要",
        "本期选编俄罗斯媒体文章一篇，涉及港口过冬。",
        "第一篇谈港口过冬，选自俄罗斯《波罗的海观察》报道，题为《读〈冬天〉的港口》，"
        "作者为该报记者安娜·索洛维约娃，认为新泊位来得太晚。",
        "专题一 港口过冬",
        "读《冬天》的港口",
        "【导语】第一场雪之前，装卸工人加班加点。",
        "泊位不够用。",
        "谁来付钱？",
        "没有人知道。",
        "（王小明 编译）",
        "材料来源",
        "本文编译自俄罗斯《波罗的海观察》（Балтийское обозрение）2026 年 11 月 3 日报道"
        "«Порт ждёт зимы»（《读〈冬天〉的港口》），作者为该报记者安娜·索洛维约娃"
        "（Анна Соловьёва）。",
        "原文见：https://example.org/a?b=1&c=2",
        "补充信息",
        "[1] 《港口统计》（Статистика порта），https://example.org/s",
        "注：仅供参考。",
    ]


def test_items_of_one_topic_share_its_heading_and_two_is_liang() -> None:
    other = replace(ITEM, title_zh="另一篇", topic="海冰")
    bulletin = replace(BULLETIN, items=(ITEM, replace(ITEM, title_zh="续篇"), other))
    lines = texts(bulletin)
    assert [line for line in lines if line.startswith("专题")] == ["专题一 港口过冬", "专题二 海冰"]
    assert lines[2] == "本期选编俄罗斯媒体文章三篇，涉及港口过冬与海冰两个专题。"
    assert lines[5].startswith("第三篇谈海冰")


def test_what_is_not_known_leaves_no_trace() -> None:
    bare = replace(ITEM, source=replace(SOURCE, author_zh="", author_ru="", outlet_ru=""))
    assert source_sentence(bare).endswith("报道«Порт ждёт зимы»（《读〈冬天〉的港口》）。")
    assert "文章«Порт" in source_sentence(replace(bare, kind=""))
    assert "（）" not in "".join(texts(replace(BULLETIN, items=(bare,), region="")))
    assert masthead(replace(BULLETIN, region="")) == "北方动态  总第 12 期  2026 年 11 月期"


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("消息报", "《消息报》"),
        ("“草原”网站", "“草原”网站"),
        ("塔斯社", "塔斯社"),
        ("美杜莎网", "美杜莎网"),
        ("第一频道", "第一频道"),
        ("莫斯科出版社", "《莫斯科出版社》"),
        ("", ""),
    ],
)
def test_outlets_take_titles_marks_once(given: str, wanted: str) -> None:
    assert titled(given) == wanted


@pytest.mark.parametrize(
    ("number", "word"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (42, "四十二")]
)
def test_han_numbers(number: int, word: str) -> None:
    assert han(number) == counted(number) == word
    assert (han(2), counted(2)) == ("二", "两")


@pytest.mark.parametrize(
    ("iso", "chinese"),
    [
        ("2026-11-03", "2026 年 11 月 3 日"),
        ("2026-11", "2026 年 11 月"),
        ("3 ноября", "3 ноября"),
        ("2026-²", "2026-²"),
        ("", ""),
    ],
)
def test_dates(iso: str, chinese: str) -> None:
    assert chinese_date(iso) == chinese


@pytest.mark.parametrize("suffix", WRITERS)
def test_every_format_holds_every_line_and_is_reproducible(suffix: str) -> None:
    data = write_bulletin(BULLETIN, suffix)
    assert data == write_bulletin(BULLETIN, suffix)
    if suffix == ".docx":
        document = docx.Document(io.BytesIO(data))
        head = document.sections[0].header.paragraphs[0].text
        found = [head, *(paragraph.text for paragraph in document.paragraphs)]
        assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
    else:
        text = data.decode()
        found = [
            line
            for line in texts(BULLETIN)
            if (line if suffix == ".txt" else escaped(line)) in text
        ]
    assert found == texts(BULLETIN)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;")


def test_markup_in_a_title_stays_text() -> None:
    page = write_bulletin(replace(BULLETIN, series="<b>x"), ".html").decode()
    assert "<b>x" not in page
    assert "&lt;b&gt;x" in page


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"\.pdf"):
        write_bulletin(BULLETIN, ".pdf")


# -- specifications -----------------------------------------------------------------------


def test_a_written_specification_is_read_as_it_was() -> None:
    assert read_spec(write_spec(BULLETIN).encode(), "a.toml") == BULLETIN


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_survives_the_specification(title: str, gist: str) -> None:
    written = write_spec(replace(BULLETIN, items=(replace(ITEM, title_zh=title, gist=gist),)))
    title, gist = (printable(text).replace("\x7f", "").strip() for text in (title, gist))
    assert tomllib.loads(written)["item"][0]["gist"] == gist
    item = replace(ITEM, title_zh=title, gist=gist)
    assert read_spec(written.encode(), "a.toml").items[0] == item


def test_an_interview_has_somebody_who_answers() -> None:
    talk = replace(ITEM, kind="访谈")
    assert "访谈«Порт ждёт зимы»" in source_sentence(talk)
    assert "，受访者为该报记者安娜" in source_sentence(talk)
    assert "受访者为该报记者安娜" in texts(replace(BULLETIN, items=(talk,)))[3]


@pytest.mark.parametrize(
    ("title", "inner"),
    [
        ("«Порт»", "Порт"),
        ("«Порт» и «Снег»", "«Порт» и «Снег»"),
        ("«А «Б»»", "А «Б»"),
        ("Порт", "Порт"),
    ],
)
def test_quotation_marks_around_a_whole_title(title: str, inner: str) -> None:
    assert bare(title) == inner


def test_what_is_missing_in_a_draft_can_be_seen() -> None:
    assert (
        texts(Bulletin(items=(Item(),)))[0]
        == "【待补】  总第 【待补】 期  【待补】 年 【待补】 月期"
    )


def test_an_empty_form_for_a_supplement_is_none() -> None:
    blank = replace(BULLETIN, items=(replace(ITEM, supplements=()),))
    assert "[[item.supplements]]" in write_spec(blank)
    assert read_spec(write_spec(blank).encode(), "a.toml") == blank


def test_a_date_without_quotation_marks_is_understood() -> None:
    text = "[[item]]\n[item.source]\ndate = 2026-11-03\n"
    assert read_spec(text.encode(), "a.toml").items[0].source.date == "2026-11-03"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("series = ", "TOML"),
        ("\xff", "TOML"),
        ("series = 'x'", "no item"),
        ("item = 3", "item"),
        ("[[item]]\ntitel = 'x'", "titel"),
        ("[[item]]\narticle = 'x'", "article"),
        ("[[item]]\narticle = -1", "article"),
        ("[[item]]\nsource = 'x'", "source"),
        ("[[item]]\n[[item.sections]]\nparagraphs = 'x'", "paragraphs"),
        ("[[item]]\n[item.source]\nurl = 5", "item 1, source"),
    ],
)
def test_a_wrong_specification_is_explained(text: str, named: str) -> None:
    with pytest.raises(InputError, match=named):
        read_spec(text.encode("latin-1"), "a.toml")
