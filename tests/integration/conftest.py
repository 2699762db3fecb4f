"""The command line as a shell sees it, on a state folder of the test's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.cli import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command; it returns (exit status, stdout, stderr)."""

    def call(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as leaving:
            main(["--state", str(tmp_path / "state"), *map(str, arguments)])
        output = capsys.readouterr()
        return int(leaving.value.code or 0), output.out, output.err

    return call
