"""How a name stands in a target: exact, otherwise spelt, drawn together with its neighbours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.language import Span
from workbench.services.renderings import (
    SYLLABLES,
    likest,
    only_stranger,
    rendering,
    runs,
    surname_part,
)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("部长阿斯卡尔·杜伊申纳里耶夫为大桥揭幕。", ["阿斯卡尔·杜伊申纳里耶夫"]),
        ("阿鲁斯·达申耶夫不得不回答。", ["阿鲁斯·达申耶夫"]),
        ("亚历山大·克罗托夫表示反对。", ["亚历山大·克罗托夫"]),
        ("双方表达了谢意，达成协议。", []),
        ("拉希姆佐达到访。", ["拉希姆佐"]),
        ("拉希姆佐达说。", ["拉希姆佐达"]),
        ("他们没有提到任何人。", []),
    ],
)
def test_runs_of_transliteration(target: str, expected: list[str]) -> None:
    assert [span.of(target) for span in runs(target) if span.end - span.start > 2] == expected


def test_what_others_claim_is_no_run() -> None:
    target = "普京会见托卡耶夫。"
    assert [s.of(target) for s in runs(target, [Span(4, 8)])] == ["普京"]


@pytest.mark.parametrize(
    ("target", "forms", "expected"),
    [
        ("托卡耶夫说。", ["托卡耶夫"], "托卡耶夫"),
        ("多卡耶夫说。", ["托卡耶夫"], "多卡耶夫"),
        ("谢尔盖·绍伊古说。", ["绍伊古"], "绍伊古"),
        ("谢尔盖·邵伊古说。", ["谢尔盖·绍伊古", "绍伊古"], "谢尔盖·邵伊古"),
        ("莫洛说。", ["莫什卡洛"], "莫洛"),
        ("会议结束了。", ["托卡耶夫"], None),
        ("普里戈任说。", ["托卡耶夫"], None),
    ],
)
def test_the_form_in_use(target: str, forms: list[str], expected: str | None) -> None:
    found = rendering(target, forms)
    assert (found.form if found else None) == expected


def test_one_stranger_is_known_by_being_the_only_one() -> None:
    target = "记者采访了霍兹莫娃。"
    span = only_stranger(target, [])
    assert span is not None
    assert span.of(target) == "霍兹莫娃"
    assert only_stranger("霍兹莫娃和莫什卡洛争论。", []) is None
    two = "霍兹莫娃和皮特·莫什卡洛争论。"
    found = only_stranger(two, [], dotted=True)
    assert found is not None
    assert found.of(two) == "皮特·莫什卡洛"


def test_the_surname_part() -> None:
    assert surname_part("谢尔盖·绍伊古") == "绍伊古"
    assert surname_part("绍伊古") == "绍伊古"


@given(
    st.text(alphabet=[*sorted(SYLLABLES)[:40], "·", "，", "说", "山", "达"], max_size=30),
    st.text(alphabet=sorted(SYLLABLES)[:40], min_size=2, max_size=6),
)
def test_what_is_found_stands_where_it_says(target: str, form: str) -> None:
    for span in runs(target):
        assert 0 <= span.start < span.end <= len(target)
        found = likest(target, span, [form])
        if found is not None:
            assert found.form == found.span.of(target)
            assert span.start <= found.span.start < found.span.end <= span.end
    exact = rendering(f"{target}，{form}", [form])
    assert exact is not None
    assert exact.form == form
