"""The rules of the house (docs/architecture.md), each as a test that fails when broken."""

from __future__ import annotations

import ast
import string
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from workbench.errors import WorkbenchError
from workbench.messages import LANGUAGES

ROOT = Path(__file__).parents[2]
MODULES = sorted(ROOT.glob("workbench/**/*.py"))
CATALOGUES = sorted(ROOT.glob("workbench/messages/*.toml"))


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("module", MODULES, ids=relative)
def test_a_file_is_a_room_one_can_live_in(module: Path) -> None:
    text = module.read_text()
    assert text.count("\n") <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, f"{node.name} is too long"


def test_no_module_is_called_after_nothing() -> None:
    names = {module.stem for module in MODULES}
    assert not names & {"utils", "util", "helpers", "common", "manager", "misc"}


@pytest.mark.parametrize("folder", ["models", "glossary", "corpora"])
def test_data_folders_hold_data_only(folder: str) -> None:
    assert not list((ROOT / folder).glob("**/*.py"))


def test_the_command_line_is_light() -> None:
    program = (
        "import sys, workbench.cli; workbench.cli.build(); "
        "print(*(sys.modules.keys() & {'torch', 'transformers', 'gradio', 'ctranslate2'}))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert answer.stdout.strip() == ""


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=relative)
def test_each_message_is_said_in_each_language_with_the_same_values(catalogue: Path) -> None:
    for key, texts in tomllib.loads(catalogue.read_text(encoding="utf-8")).items():
        assert set(texts) == set(LANGUAGES), key
        fields = {
            language: {f for s in sentences for _, f, _, _ in string.Formatter().parse(s) if f}
            for language, sentences in texts.items()
        }
        assert fields["en"] == fields["zh"] == fields["ru"], key
        assert len({len(sentences) for sentences in texts.values()}) == 1, key


def raised() -> list[tuple[str, ast.Call]]:
    """Each ``SomeError("area.key", …)`` in the source, with its place."""
    names = {cls.__name__ for cls in tree(WorkbenchError)}
    return [
        (f"{relative(module)}:{node.lineno}", node)
        for module in MODULES
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in names
        and node.args
        and isinstance(node.args[0], ast.Constant)
    ]


def tree(cls: type[WorkbenchError]) -> list[type[WorkbenchError]]:
    return [cls, *(found for sub in cls.__subclasses__() for found in tree(sub))]


def test_every_error_raised_has_a_message_a_remedy_and_its_values() -> None:
    calls = raised()
    assert len(calls) > 10
    for place, call in calls:
        key = call.args[0].value  # type: ignore[attr-defined]
        area, _, name = key.partition(".")
        catalogue = ROOT / "workbench" / "messages" / f"{area}.toml"
        assert catalogue.exists(), f"{place}: no catalogue for {key}"
        texts = tomllib.loads(catalogue.read_text(encoding="utf-8"))
        assert name in texts, f"{place}: no message {key}"
        problem, remedy = texts[name]["en"]
        assert problem.strip(), place
        assert remedy.strip(), place
        given = {keyword.arg for keyword in call.keywords}
        wanted = {f for s in (problem, remedy) for _, f, _, _ in string.Formatter().parse(s) if f}
        assert None in given or wanted <= given, f"{place}: {key} lacks {wanted - given}"


def test_the_tree_of_errors_has_the_statuses_of_the_contract() -> None:
    statuses = {cls.__name__: cls.exit_status for cls in tree(WorkbenchError)}
    assert statuses["SettingsError"] == 2
    assert statuses["InputError"] == statuses["TooLarge"] == 3
    assert statuses["NotFound"] == 4
    assert statuses["DataError"] == 5
    assert statuses["EngineError"] == 6
    assert statuses["Conflict"] == 7
    assert all(cls.__doc__ for cls in tree(WorkbenchError))


def tables() -> list[tuple[str, object]]:
    """Every Registry table of the product, with its place."""
    found = []
    for module in MODULES:
        for node in ast.parse(module.read_text()).body:
            value = getattr(node, "value", None)
            if isinstance(value, ast.Call) and getattr(value.func, "id", "") == "Registry":
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target  # type: ignore[attr-defined]
                dotted = (
                    relative(module).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
                )
                found.append((dotted, target.id))  # type: ignore[attr-defined]
    return found


def test_every_entry_of_every_table_can_be_loaded() -> None:
    from importlib import import_module

    found = tables()
    assert {name for _, name in found} >= {"READERS", "WRITERS", "LANGUAGES", "ENGINES"}
    for module, name in found:
        table = getattr(import_module(module), str(name))
        for entry in table:
            assert table.load(entry) is not None
