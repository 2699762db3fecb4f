"""Drafts that are none, and drafts that only look so."""

from __future__ import annotations

import pytest

from workbench.domain.damage import broken, looping


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "型型型型型型",
        "他在他在他在他在说",
        "，，，，，，，，",
        "20、20、20、20、20、",
        "“。”“。”“。”“。”",
        "在会议上说，在会议上说，在会议上说，在会议上说，",
        "Президент 到达",
    ],
)
def test_broken(text: str) -> None:
    assert broken(text, "Президент прибыл.")


@pytest.mark.parametrize(
    "text",
    [
        "总统抵达。",
        "俄罗斯字母“ы”很难发音。",
        "欧亚评论（Евразийское обозрение）报道。",
        "见https://пример.рф/новости。",
        "研究人员认为，研究人员的意见很重要。2022年2月22日",
        "1000000000人",
    ],
)
def test_not_broken(text: str) -> None:
    assert not broken(text, "Президент прибыл.")


def test_a_source_that_repeats_itself_excuses_the_draft() -> None:
    assert not looping("不，不，不，不，不！", "Нет, нет, нет, нет, нет!")
    assert not looping("............", "Содержание ............ 5")
    assert not broken("", " ")
