"""The command line as a shell sees it, on a state folder of the test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from workbench.assembly import Workbench, open_workbench
from workbench.cli import main
from workbench.settings import load_settings

Run = Callable[..., tuple[int, str, str]]
WithGlossary = Callable[[str], Workbench]


@pytest.fixture
def with_glossary(tmp_path: Path) -> Iterator[WithGlossary]:
    """Assemble a workbench with a glossary of a few entries, which loads at once."""
    with ExitStack() as opened:

        def assemble(glossary: str) -> Workbench:
            data = tmp_path / "data"
            (data / "models").mkdir(parents=True)
            (data / "glossary" / "ru-zh").mkdir(parents=True)
            (data / "glossary" / "ru-zh" / "names.tsv").write_text(glossary, encoding="utf-8")
            settings = load_settings(state=tmp_path / "state", data_dir=data)
            return opened.enter_context(closing(open_workbench(settings)))

        yield assemble


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command; it returns (exit status, stdout, stderr)."""

    def call(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as leaving:
            main(["--state", str(tmp_path / "state"), *map(str, arguments)])
        output = capsys.readouterr()
        return int(leaving.value.code or 0), output.out, output.err

    return call
