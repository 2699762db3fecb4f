"""The command line's frame: options anywhere, two-line errors, exit statuses, its reference."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from workbench.cli import GLOBAL_OPTIONS, build, hoist, main
from workbench.cli.context import interface_language
from workbench.cli.reference import render

ROOT = Path(__file__).parents[2]


def leave(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    """Run the command line; return its exit status and the lines on stderr."""
    with pytest.raises(SystemExit) as exit_:
        main(list(arguments))
    return int(exit_.value.code or 0), capsys.readouterr().err.splitlines()


def test_global_options_may_stand_after_the_verb() -> None:
    assert hoist(["memory", "stats", "--state", "d", "--json"]) == [
        "--state", "d", "memory", "stats", "--json",
    ]  # fmt: skip
    assert hoist(["check", "f", "--state=d"]) == ["--state=d", "check", "f"]
    assert hoist(["memory", "search", "--", "--state"]) == ["memory", "search", "--", "--state"]


def test_no_verb_has_an_option_that_is_a_global_one() -> None:
    def options(command: Any, path: str) -> Iterator[tuple[str, str]]:
        for name, verb in getattr(command, "commands", {}).items():
            yield from ((f"{path} {name}", option) for p in verb.params for option in p.opts)
            yield from options(verb, f"{path} {name}")

    found = list(options(typer.main.get_command(build()), "workbench"))
    assert ("workbench glossary candidates", "--status") in found
    assert [each for each in found if each[1] in GLOBAL_OPTIONS] == []


def test_wrong_usage_is_two_lines_and_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["nonsense"], ["translate"], ["article", "list", "--jsn"]):
        status, lines = leave(capsys, *arguments)
        assert status == 2
        assert len(lines) == 2
        assert lines[1].startswith("Try: workbench")


def test_a_missing_file_is_status_4(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, lines = leave(capsys, "translate", "nowhere.txt", "--state", str(tmp_path))
    assert status == 4
    assert lines == [
        "There is no file nowhere.txt.",
        "Check the path, or pass - to read from standard input.",
    ]


def test_an_unknown_setting_is_status_2(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "workbench.toml"
    settings.write_text("beems = 4\n")
    monkeypatch.setenv("WORKBENCH_CONFIG", str(settings))
    status, lines = leave(capsys, "article", "list", "--state", str(tmp_path))
    assert status == 2
    assert "beems" in lines[0]
    settings.write_text("beam = = 4\n")
    status, lines = leave(capsys, "article", "list", "--state", str(tmp_path))
    assert status == 2
    assert "TOML" in lines[0]


def test_a_state_folder_that_cannot_be_made_is_status_2(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    status, lines = leave(capsys, "article", "list", "--state", str(tmp_path / "file" / "x"))
    assert status == 2
    assert "cannot be written" in lines[0]


def test_messages_follow_the_language(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "ru_RU.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    assert interface_language() == "ru"
    assert interface_language(["--language", "zh"]) == "zh"
    _, lines = leave(capsys, "translate", "нет.txt", "--language", "zh")
    assert lines[0] == "文件 нет.txt 不存在。"


def test_what_a_check_finds_is_said_in_the_language(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    pairs = tmp_path / "pairs.tsv"
    pairs.write_text("В 2024 году стало теплее.\t天气变暖了。\n", encoding="utf-8")
    for language, word in (("zh", "原文数字"), ("ru", "Числу"), ("en", "number")):
        with pytest.raises(SystemExit):
            main(["check", str(pairs), "--state", str(tmp_path), "--language", language])
        assert word in capsys.readouterr().out


def test_the_reference_in_the_docs_is_true() -> None:
    written = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert written == render(), "run: python -m workbench.cli.reference > docs/cli.md"
