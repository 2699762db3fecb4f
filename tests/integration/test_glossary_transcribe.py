"""``workbench glossary transcribe`` as a shell sees it."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.cli import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for the module: nothing here writes but the first start, which is slow."""
    return tmp_path_factory.mktemp("state")


@pytest.fixture
def run(state: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command; it returns (exit status, stdout, stderr)."""

    def call(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as leaving:
            main(["--state", str(state), *map(str, arguments)])
        output = capsys.readouterr()
        return int(leaving.value.code or 0), output.out, output.err

    return call


def test_the_contract(run: Run) -> None:
    status, output, _ = run("glossary", "transcribe", "Токаев", "Бекетаев", "--json")
    known, new = json.loads(output)
    assert status == 0
    assert known["name"] == "Токаев"
    first = known["candidates"][0]
    assert first == {"zh": "托卡耶夫", "tier": "glossary", "trace": "То-托 ка-卡 ев-耶夫"}
    assert new["candidates"][0]["zh"] == "别克塔耶夫"
    assert new["candidates"][0]["tier"] == "table"
    assert all(set(c) == {"zh", "tier", "trace"} for c in new["candidates"])


def test_an_oblique_name_is_brought_to_the_nominative(run: Run) -> None:
    status, output, _ = run(
        "glossary", "transcribe", "Токаева", "--lemmatise", "--gender", "m", "--json"
    )
    answer = json.loads(output)[0]
    assert status == 0
    assert (answer["name"], answer["nominative"]) == ("Токаева", "Токаев")
    assert answer["candidates"][0]["zh"] == "托卡耶夫"
    _, output, _ = run("glossary", "transcribe", "Садыру Бекетаеву", "--lemmatise")
    assert output.startswith("Садыр Бекетаев\t萨德尔·别克塔耶夫\ttable\t")


def test_without_a_gender_both_bearers_are_thought_of(run: Run) -> None:
    _, output, _ = run("glossary", "transcribe", "Бекетаева", "--lemmatise", "--json")
    forms = [c["zh"] for c in json.loads(output)[0]["candidates"]]
    assert forms[0] == "别克塔耶夫"
    assert "别克塔耶娃" in forms


@pytest.mark.parametrize(
    ("oblique", "nominative", "zh"),
    [
        ("Бекетаевой", "Бекетаева", "别克塔耶娃"),
        ("Бекетаеву", "Бекетаева", "别克塔耶娃"),
        ("Марии Лугиной", "Мария Лугина", "玛丽亚·卢金娜"),
        ("Анной Бадаевской", "Анна Бадаевская", "安娜·巴达耶夫斯卡娅"),
    ],
)
def test_an_oblique_name_of_a_woman(run: Run, oblique: str, nominative: str, zh: str) -> None:
    _, output, _ = run("glossary", "transcribe", oblique, "--lemmatise", "--gender", "f", "--json")
    answer = json.loads(output)[0]
    assert answer["nominative"] == nominative
    assert answer["candidates"][0]["zh"] == zh


def test_a_woman_is_not_read_as_two(run: Run) -> None:
    """Жуковой is of Жукова; Жуковая would be but a second reading of the same letters."""
    _, output, _ = run("glossary", "transcribe", "Бекетаевой", "--lemmatise")
    assert {line.split("\t")[0] for line in output.splitlines()} == {"Бекетаева"}
    assert "瓦亚" not in output


def test_the_gender_may_stand_in_a_column(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("Бекетаева\tf\nБекетаева\tm\nБекетаева\n"))
    _, output, _ = run("glossary", "transcribe", "-", "--lemmatise", "--gender", "m", "--json")
    assert [answer["nominative"] for answer in json.loads(output)] == [
        "Бекетаева",
        "Бекетаев",
        "Бекетаев",
    ]
    monkeypatch.setattr(sys, "stdin", io.StringIO("Бекетаева\tw\n"))
    status, output, errors = run("glossary", "transcribe", "-")
    assert (status, output) == (2, "")
    assert errors.splitlines()[0] == "“w” is no gender."


def test_a_terminal_gets_headings(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    _, piped, _ = run("glossary", "transcribe", "Бекетаев")
    assert piped.startswith("Бекетаев\t别克塔耶夫\ttable\t")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    _, shown, _ = run("glossary", "transcribe", "Бекетаев", "Ким")
    headings, first, *_ = re.sub("\x1b\\[[0-9;]*m", "", shown).splitlines()
    assert headings.split() == ["name", "Chinese", "source", "syllables"]
    assert headings.index("Chinese") == first.index("别")  # Cyrillic letters are one column each
    _, as_json, _ = run("glossary", "transcribe", "Бекетаев", "--json")
    assert json.loads(as_json)[0]["name"] == "Бекетаев"


def test_places_come_from_the_glossary(run: Run) -> None:
    _, output, _ = run("glossary", "transcribe", "Бишкек", "Бадаевск", "--type", "place", "--json")
    known, new = json.loads(output)
    assert known["candidates"][0]["zh"] == "比什凯克"
    assert new["candidates"] == []


def test_names_come_from_stdin_one_a_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("Бадаев\n\n Лугин \n"))
    _, output, _ = run("glossary", "transcribe", "-", "--json")
    assert [answer["name"] for answer in json.loads(output)] == ["Бадаев", "Лугин"]


def test_what_is_no_russian_name_has_an_honest_empty_list(run: Run) -> None:
    status, output, _ = run("glossary", "transcribe", "John Smith", "李白", "—", "--json")
    assert status == 0
    assert all(answer["candidates"] == [] for answer in json.loads(output))
    _, output, _ = run("glossary", "transcribe", "John Smith")
    assert output == "John Smith\t—\n"


@pytest.mark.parametrize(
    ("arguments", "status", "problem"),
    [
        ([""], 3, "There is no name to transcribe."),
        (["  "], 3, "There is no name to transcribe."),
        (["а" * 500], 3, "“" + "а" * 40 + "…” is longer than a name can be (120 characters)."),
        (["Лугин", "--gender", "x"], 2, "“x” is no gender."),
        (["Лугин", "--type", "org"], 2, "Names of the type “org” are not transcribed."),
    ],
)
def test_a_wrong_call_is_two_lines(
    run: Run, arguments: list[str], status: int, problem: str
) -> None:
    left, output, errors = run("glossary", "transcribe", *arguments)
    assert left == status
    assert output == ""
    assert errors.splitlines()[0] == problem
    assert len(errors.splitlines()) == 2
