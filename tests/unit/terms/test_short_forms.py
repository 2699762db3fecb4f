"""俄 is Russia in 俄外长 and nothing in particular elsewhere; machines must write it out."""

from __future__ import annotations

import pytest

from workbench.services.terminology import Terminology


@pytest.mark.parametrize(
    ("source", "target", "stands"),
    [
        ("Россия", "俄外长访华", True),
        ("Россия", "俄美会谈", True),
        ("Россия", "对俄制裁", True),
        ("Китай", "俄外长访华", True),
        ("Китай", "在华留学", True),
        ("Китай", "中俄边境", True),
        ("Китай", "其中一人", False),
        ("Китай", "中央决定", False),
        ("Белоруссия", "白天举行", False),
        ("Белоруссия", "俄白论坛", True),
        ("Турция", "土地改革", False),
        ("США", "完美收官", False),
        ("США", "美军撤出", True),
        ("Киргизия", "中吉乌铁路", True),
        ("Валентина Матвиенко", "马特维延科呼吁", True),
    ],
)
def test_what_people_write(
    shipped_terminology: Terminology, source: str, target: str, stands: bool
) -> None:
    hits = shipped_terminology.find(source)
    [receipt] = shipped_terminology.verify(hits, target)
    assert (receipt.state == "honoured") is stands
    [strict] = shipped_terminology.verify(hits, target, short=False)
    assert strict.state == "missing"
