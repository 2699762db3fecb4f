"""Forty lines of public news through the command line: Chinese throughout, every term in place."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINES = ROOT.parent / "shared" / "corpora" / "eval" / "ntrex128.ru"

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(
        not LINES.exists(), reason="needs NTREX-128 (github.com/MicrosoftTranslator/NTREX)"
    ),
]


def test_forty_lines_are_chinese_with_every_term(tmp_path: Path) -> None:
    article = tmp_path / "lines.txt"
    lines = LINES.read_text(encoding="utf-8").splitlines()[:40]
    article.write_text("\n\n".join(lines), encoding="utf-8")
    program = (
        "import sys\n"
        "from workbench.cli import main\n"
        "try:\n    main()\n"
        "finally:\n    sys.exit(9 if 'torch' in sys.modules else None)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program, "translate", str(article), "--state", str(tmp_path / "s")],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert answer.returncode != 9, "the default path imported torch"
    draft = json.loads(answer.stdout)
    assert len(draft["segments"]) >= 40
    terms = 0
    for segment in draft["segments"]:
        assert re.search(r"[\u4e00-\u9fff]", segment["target"]), segment
        assert not re.search(r"[\u0400-\u04ff]", segment["target"]), segment
        for term in segment["terms"]:
            terms += 1
            assert term["state"] in ("honoured", "ambiguous"), term
            if term["state"] == "honoured":
                assert term["method"]
    assert terms > 10
