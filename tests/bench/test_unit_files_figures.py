"""Files of units: time and memory of writing and reading, each in a process of its own.

Sizes are WORKBENCH_BENCH_UNITS (thousands, as "100,1000"), for tables 200 at most; a tenth of the
units has inline tags and props. Prints a table, and puts it into docs/formats.md from a million
units on; asserts nothing of times.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from memory_figures import DOCS, table

pytestmark = [pytest.mark.bench, pytest.mark.timeout(0)]

SIZES = [int(1000 * float(n)) for n in os.environ.get("WORKBENCH_BENCH_UNITS", "10").split(",")]
MOST_ROWS = 200_000
FIGURES = re.compile(r"(<!-- figures -->\n).*?(<!-- end -->)", re.DOTALL)
CHILD = """
import json, random, sys, time
from pathlib import Path
from workbench.domain.memory import Unit
from workbench.formats.unit_files import unit_reader, unit_writer

act, path, size = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
WORDS = ("правительство республики сегодня утром объявило о новых мерах поддержки музеев и "
    "библиотек в регионах страны").split()
MOMENT = "2024-01-01T00:00:00.000+00:00"

def units():
    choice = random.Random(1)
    for n in range(size):
        text = " ".join(choice.choices(WORDS, k=10)) + f" {n}."
        props = ()
        if n % 10 == 0 and path.suffix == ".tmx":
            tagged = f'{text[:10]}<ph x="1"/>{text[10:]}'
            props = (("prop:x-domain", "музей"), ("source/seg", tagged))
        yield Unit(text, f"政府今天上午宣布了支持各地区博物馆和图书馆的新措施{n}。", "До.",
            "После.", author="olga", created=MOMENT, changed=MOMENT, props=props)

begun = time.process_time()
if act == "write":
    with path.open("wb") as stream:
        count = unit_writer(path.name)(stream, units())
else:
    with path.open("rb") as stream:
        count = sum(isinstance(unit, Unit) for unit in unit_reader(path.name)(stream, path.name))
status = Path("/proc/self/status").read_text()
peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
print(json.dumps({"units": count, "cpu s": round(time.process_time() - begun, 1),
    "peak MB": int(peak.split()[1]) // 1024}))
"""


def child(act: str, path: Path, size: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, act, str(path), str(size)],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_files_of_units(tmp_path: Path) -> None:
    rows: list[list[object]] = []
    for suffix in ("tmx", "csv", "tsv", "xlsx"):
        for size in sorted({size if suffix == "tmx" else min(size, MOST_ROWS) for size in SIZES}):
            path = tmp_path / f"units.{suffix}"
            wrote, read = (child(act, path, size) for act in ("write", "read"))
            assert wrote["units"] == read["units"] == size
            megabytes = path.stat().st_size >> 20
            path.unlink()
            rows.append([suffix.upper(), f"{size:,}", f"{megabytes} MB"])
            for made in (wrote, read):
                rows[-1] += [f"{made['cpu s']} s", f"{made['peak MB']} MB"]
    head = ["format", "units", "file", "written: CPU", "peak", "read: CPU", "peak"]
    text = table(head, rows)
    sys.stdout.write(f"\n{text}\n")
    if max(SIZES) >= 1_000_000:
        page = DOCS / "formats.md"
        old = page.read_text("utf-8")
        page.write_text(FIGURES.sub(lambda m: f"{m[1]}{text}\n{m[2]}", old), "utf-8")
