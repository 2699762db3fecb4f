"""How fast the shipped engine drafts. Prints figures; asserts none (`make bench`)."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workbench.assembly import Workbench
from workbench.domain.language import RU_ZH
from workbench.domain.ports import Request

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.bench, pytest.mark.model]


def newsdesk(count: int) -> list[str]:
    path = ROOT / "corpora" / "ru-zh" / "eval" / "newsdesk.ru"
    return path.read_text(encoding="utf-8").splitlines()[:count]


def test_cold_start_of_the_command_line(tmp_path: Path) -> None:
    article = tmp_path / "lines.txt"
    article.write_text("\n\n".join(newsdesk(40)), encoding="utf-8")
    one = tmp_path / "one.txt"
    one.write_text("Погода стояла ясная.\n", encoding="utf-8")
    figures = {}
    for name, file in (("first start", one), ("one sentence", one), ("40 lines", article)):
        begun = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "workbench", "translate", str(file), "--state", str(tmp_path)],
            check=True,
            capture_output=True,
            cwd=ROOT,
        )
        figures[name] = round(time.perf_counter() - begun, 2)
    report("seconds of `workbench translate`, process start to end", figures)


def test_characters_a_second(workbench: Workbench) -> None:
    lines = newsdesk(64)
    engine = workbench.engine()
    list(engine.translate(RU_ZH, [Request("Погода стояла ясная.")]))
    begun = time.perf_counter()
    for line in lines:
        list(engine.translate(RU_ZH, [Request(line)]))
    single = time.perf_counter() - begun
    begun = time.perf_counter()
    list(engine.translate(RU_ZH, [Request(line) for line in lines]))
    batch = time.perf_counter() - begun
    items = [(Request(line), workbench.terminology.find(line)) for line in lines]
    begun = time.perf_counter()
    list(workbench.enforcement.translate(RU_ZH, items, engine))
    enforced = time.perf_counter() - begun
    characters = sum(map(len, lines))
    report(
        "Russian characters a second (ratios are against one sentence at a time)",
        {
            "one at a time": round(characters / single),
            "batched": round(characters / batch),
            "batched / one": round(single / batch, 2),
            "with the glossary enforced": round(characters / enforced),
            "enforced / batched": round(batch / enforced, 2),
        },
    )


def report(title: str, figures: dict[str, float]) -> None:
    """Print one measurement as a line of JSON."""
    sys.stdout.write(f"\n{json.dumps({title: figures}, ensure_ascii=False)}\n")
