"""Tidying and the publication rules: what they mend, what they leave, that they end."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.languages.chinese import Chinese, faults, mend, protected
from workbench.languages.chinese_rules import RULES

tidy = Chinese().tidy

# Everything that the rules look at, so that they meet in every order.
PIECES = st.sampled_from(
    [
        *'汉字，。；：？！、“”‘’（）《》…·•.,;:?!()"«»„—–- \n%％',
        *("12", "３", "A", "Ｂ", "普京", "Токаев", "万", "亿", "千", "https://a.ru/б?x=1,2", "……"),
        *("(Путин)", "（ОДКБ）", "a@b.cn", "`x, y`", "www.a.kz/х,;", "...", "。。", "、“"),
    ]
)
MESSY = st.lists(PIECES, max_size=30).map("".join)


@pytest.mark.parametrize(
    ("messy", "tidied"),
    [
        ("总统表示,会议将继续.", "总统表示，会议将继续。"),
        ('他说:"我们同意".', "他说：“我们同意”。"),
        ("他说：«договор»已签。", "他说：“договор”已签。"),
        ("他引用«外«内»外»一句", "他引用“外‘内’外”一句"),
        ("会议 将 于 2022 年 6 月 举行", "会议将于2022年6月举行"),
        ("等等...以及其他…", "等等……以及其他……"),
        ("弗拉基米尔•普京", "弗拉基米尔·普京"),
        ("弗拉基米尔 · 普京", "弗拉基米尔·普京"),
        ("增长１２％，见附件Ａ", "增长12%，见附件A"),
        ("他 — 总统", "他——总统"),
        ("会议结束。。", "会议结束。"),
        ("俄罗斯(2014年)加入", "俄罗斯（2014年）加入"),
        ("好的!真的?", "好的！真的？"),
        ("他说„同意“，然后离开", "他说“同意”，然后离开"),
        ('“我们同意",他说', "“我们同意”，他说"),
        ('"甲"和"乙"', "“甲”和“乙”"),
    ],
)
def test_machine_output_is_tidied(messy: str, tidied: str) -> None:
    assert tidy(messy) == tidied


@pytest.mark.parametrize(
    "text",
    [
        "会议于12:30开始，比分3:2，共1,234.5元。",
        "详见https://кремль.рф/a,b?c=d...，谢谢。",
        "来信请寄desk@example.org。",
        "托卡耶夫（Токаев, К. К.）出席。",
        "托卡耶夫(Токаев)出席。",
        "北约(NATO)成员国。",
        "运行`a, b`即可。",
        "Ничего китайского, совсем...",
        "“外‘内’外”……——《报》",
        "D.H.劳伦斯与J.F.肯尼迪",
        '普京说"未完',
    ],
)
def test_what_is_right_or_not_ours_stays(text: str) -> None:
    assert tidy(text) == text


@settings(deadline=None)
@given(MESSY)
def test_tidying_twice_is_tidying_once(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@settings(deadline=None)
@given(MESSY)
def test_addresses_code_and_bracketed_russian_stay(text: str) -> None:
    tidied = tidy(text)
    for span in protected(text):
        assert span.of(text) in tidied


@settings(deadline=None)
@given(MESSY)
def test_tidying_drops_no_character_of_the_text(text: str) -> None:
    """Only marks and white space change: letters, figures and Han keep their order."""

    def kept(line: str) -> str:
        half = line.translate({c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)})
        return "".join(c for c in half if c.isalnum())

    assert kept(tidy(text)) == kept(text)


@settings(deadline=None)
@given(MESSY, st.sampled_from(sorted(RULES)))
def test_a_correction_ends_what_it_corrects(text: str, name: str) -> None:
    rule = RULES[name]
    mended = text
    for _ in range(30):
        mended = mend(rule, mended)
    assert all(replacement is None for _, replacement in faults(rule, mended))


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("ZH-P01", "会议,结束", "会议，结束"),
        ("ZH-P02", "会议结束.", "会议结束。"),
        ("ZH-P03", "他说«好»", "他说“好”"),
        ("ZH-P05", "等待...", "等待……"),
        ("ZH-P08", "《报》、《刊》", "《报》《刊》"),
        ("ZH-P11", "让•雅克", "让·雅克"),
        ("ZH-P12", "会议 结束", "会议结束"),
        ("ZH-P13", "１２人", "12人"),
        ("ZH-N02", "3百万人", "300万人"),
        ("ZH-N02", "4千人", "4000人"),
        ("ZH-N02", "2.5千人", "2500人"),
        ("ZH-N03", "3亿4500万人", "3.45亿人"),
        ("ZH-N03", "1万5千人", "1.5万人"),
    ],
)
def test_one_click_corrections(name: str, wrong: str, right: str) -> None:
    assert mend(RULES[name], wrong) == right


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("ZH-P06", "苹果、梨……等"),
        ("ZH-P07", "他--总统"),
        ("ZH-P14", "会议，。结束"),
        ("ZH-N04", "减少了两倍"),
        ("ZH-N05", "22年6月"),
        ("ZH-N06", "三、四个人"),
        ("ZH-N07", "增长10—15%"),
    ],
)
def test_breaches_that_a_person_decides(name: str, wrong: str) -> None:
    found = faults(RULES[name], wrong)
    assert found
    assert mend(RULES[name], wrong) == wrong


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("ZH-N02", "5千瓦、3千克、20百帕、5千米"),
        ("ZH-N03", "3.45亿，5万人"),
        ("ZH-N05", "2022年6月"),
        ("ZH-N06", "三四个人"),
        ("ZH-N07", "10%—15%"),
        ("ZH-P05", "等待……"),
        ("ZH-P07", "2020—2024年，北京—莫斯科"),
        ("ZH-P13", "12% of A"),
    ],
)
def test_right_forms_are_left_in_peace(name: str, right: str) -> None:
    assert faults(RULES[name], right) == ()
