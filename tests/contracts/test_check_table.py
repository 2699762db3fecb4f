"""Every check of the table, plugins included."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.domain.article import Segment
from workbench.domain.language import Span
from workbench.domain.row import Row
from workbench.messages import say
from workbench.services.checks import CHECKS, EMPTY, Checks

ALPHABET = '汉字的，。：；！？、（）《》“”‘’…—·.,:;!?()«»"- \n12３万亿千倍年月ABТокаев'
TEXTS = st.text(ALPHABET, max_size=40)


def row(source: str, target: str) -> Row:
    return Row(Segment(1, 1, source, Span(0, len(source))), target, "edited")


@pytest.mark.parametrize("name", list(CHECKS))
def test_a_check_says_its_name_and_severity(name: str) -> None:
    check = CHECKS.load(name)()
    assert check.name == name
    assert check.severity in ("error", "warning", "info")


@pytest.mark.parametrize("name", list(CHECKS))
@settings(deadline=None)
@given(source=TEXTS, target=TEXTS)
def test_what_a_check_reports_can_be_shown(name: str, source: str, target: str) -> None:
    for issue in CHECKS.load(name)()(row(source, target)):
        assert issue.check.startswith(name)
        assert all(say(issue.key, language, **dict(issue.values))[0] for language in ("zh", "ru"))
        if issue.target:
            assert 0 <= issue.target.start < issue.target.end <= len(target)
        if issue.source:
            assert 0 <= issue.source.start < issue.source.end <= len(source)
        assert issue.fix != target


@settings(deadline=None)
@given(source=TEXTS, target=TEXTS)
def test_applying_the_fixes_one_after_another_ends(source: str, target: str) -> None:
    checks = Checks()
    for _ in range(60):
        fixes = [issue.fix for issue in checks.run(row(source, target)) if issue.fix is not None]
        if not fixes:
            break
        target = fixes[0]
    assert not fixes


@settings(deadline=None)
@given(source=TEXTS, target=TEXTS)
def test_ids_are_unique_and_stable(source: str, target: str) -> None:
    first, again = (Checks().run(row(source, target)) for _ in range(2))
    assert first == again
    assert len({issue.id for issue in first}) == len(first)


def test_no_message_of_a_check_lies_unused() -> None:
    known = tomllib.loads(files("workbench.messages").joinpath("checks.toml").read_text("utf-8"))
    families = [name for name in CHECKS if name != EMPTY]
    assert all(key == EMPTY or any(key.startswith(f) for f in families) for key in known)


def test_the_docs_name_every_check() -> None:
    page = (Path(__file__).parents[2] / "docs" / "checks.md").read_text(encoding="utf-8")
    known = tomllib.loads(files("workbench.messages").joinpath("checks.toml").read_text("utf-8"))
    ids = {key.removesuffix("-missing").removesuffix("-extra") for key in known}
    ids = {key.removesuffix("-short").removesuffix("-long") for key in ids}
    assert {key for key in ids if f"| {key} |" not in page} == set()
