"""The guarantee with the shipped model: whatever it writes, the names stand in the draft."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from workbench.assembly import Workbench
from workbench.domain.language import RU_ZH
from workbench.domain.ports import Request

ROOT = Path(__file__).parents[2]
SAMPLES = sorted((ROOT / "corpora" / "ru-zh" / "samples").glob("*.md"))

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(
        not (ROOT / "models" / "ru-zh" / "manifest.toml").exists(),
        reason="models/ru-zh is not there: `make model` or a release brings it",
    ),
]


@pytest.mark.parametrize("sample", SAMPLES[:1], ids=lambda path: path.stem)
def test_every_name_of_a_sample_article_stands_in_its_draft(
    workbench: Workbench, sample: Path
) -> None:
    text = sample.read_text(encoding="utf-8").split("---", 2)[-1]
    sentences = [s.strip() for s in re.split(r"(?<=[.!?])\s+", text) if s.strip()]
    items = [(Request(s), workbench.terminology.find(s)) for s in sentences]
    drafted = dict(workbench.enforcement.translate(RU_ZH, items, workbench.engine("shipped")))
    assert sorted(drafted) == list(range(len(items)))
    receipts = [receipt for enforced in drafted.values() for receipt in enforced.receipts]
    assert len(receipts) > 20
    for index, (_, hits) in enumerate(items):
        enforced = drafted[index]
        certain = [hit for hit in hits if hit.state == "found"]
        signed = [receipt for receipt in enforced.receipts if receipt.state != "ambiguous"]
        assert [receipt.hit for receipt in signed] == certain
        assert {receipt.state for receipt in signed} <= {"honoured"}
        for hit in certain:
            assert any(form in enforced.text for form in hit.term.accepted), enforced.text
