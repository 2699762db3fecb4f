"""How far the shipped glossary agrees with the desk's own translations (`make bench`).

The pairs of ``corpora/ru-zh/authored`` were translated before most entries were written; where a
pair showed a legitimate other form it became a variant, so the figure is not independent.
"""

from __future__ import annotations

import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import pytest

from workbench.services.glossary_base import read_base
from workbench.services.terminology import open_terminology
from workbench.storage.database import Database
from workbench.storage.terms import Terms

pytestmark = pytest.mark.bench
ROOT = Path(__file__).parents[2]
GLOSSARY = ROOT / "glossary" / "ru-zh"


def pairs() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "corpora" / "ru-zh" / "authored").glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            russian, chinese, *_ = line.split("\t")
            yield russian, chinese


def test_the_glossary_agrees_with_our_translations() -> None:
    start = process_time()
    rows = read_base(GLOSSARY).rows()
    declined = process_time() - start
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/workbench.sqlite")
        start = process_time()
        terminology = open_terminology(Terms(database), GLOSSARY)
        stored = process_time() - start
        seen: dict[str, list[bool]] = defaultdict(list)
        met: dict[str, set[str]] = defaultdict(set)
        for russian, chinese in pairs():
            for receipt in terminology.verify(terminology.find(russian), chinese):
                term = receipt.hit.term
                seen[term.type].append(receipt.state == "honoured")
                met[term.type].add(term.source)
        database.close()
    lines = [
        f"{kind:10} {sum(row.term.type == kind for row in rows):5} entries, "
        f"{len(met[kind]):5} occur, {len(found):5} mentions, {sum(found) / len(found):.3f} agree"
        for kind, found in sorted(seen.items())
    ]
    every = [agrees for found in seen.values() for agrees in found]
    lines.append(f"all {len(rows)} entries: {len(every)} mentions, {sum(every) / len(every):.3f}")
    lines.append(f"first start: {declined:.2f} s to decline, {stored:.2f} s to store (CPU)")
    sys.stdout.write("\n" + "\n".join(lines) + "\n")
    assert sum(every) / len(every) >= 0.97
