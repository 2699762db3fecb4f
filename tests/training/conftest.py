"""Twenty pairs written for these tests, and the small folders made from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.training.preparation import Prepared, PrepareOptions, load, prepare

PAIRS = [
    ("Президент прибыл в Астану.", "总统抵达阿斯塔纳。"),
    ("Министр прибыл в Ташкент.", "部长抵达塔什干。"),
    ("Президент прибыл в Ташкент.", "总统抵达塔什干。"),
    ("Министр прибыл в Астану.", "部长抵达阿斯塔纳。"),
    ("Парламент принял новый закон.", "议会通过了新法律。"),
    ("Парламент принял бюджет.", "议会通过了预算。"),
    ("Правительство приняло новый закон.", "政府通过了新法律。"),
    ("Правительство приняло бюджет.", "政府通过了预算。"),
    ("В Астане открыли новый завод.", "阿斯塔纳一家新工厂投产。"),
    ("В Ташкенте открыли новый завод.", "塔什干一家新工厂投产。"),
    ("В Ташкенте открыли новую школу.", "塔什干一所新学校启用。"),
    ("В Астане открыли новую школу.", "阿斯塔纳一所新学校启用。"),
    ("Цены выросли на 5 процентов.", "价格上涨了5%。"),
    ("Цены упали на 7 процентов.", "价格下跌了7%。"),
    ("Тарифы выросли на 7 процентов.", "资费上涨了7%。"),
    ("Тарифы упали на 5 процентов.", "资费下跌了5%。"),
    ("Переговоры пройдут в понедельник.", "会谈将于星期一举行。"),
    ("Выборы пройдут в понедельник.", "选举将于星期一举行。"),
    ("Переговоры пройдут в воскресенье.", "会谈将于星期日举行。"),
    ("Выборы пройдут в воскресенье.", "选举将于星期日举行。"),
]
WORDS = [("президент", "总统"), ("министр", "部长"), ("парламент", "议会"), ("школа", "学校")]


def write_pairs(path: Path, pairs: list[tuple[str, str]]) -> None:
    path.write_text("".join(f"{ru}\t{zh}\n" for ru, zh in pairs), encoding="utf-8")


@pytest.fixture(scope="session")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared folder."""
    root = tmp_path_factory.mktemp("training")
    for name in ("texts", "authored", "tests"):
        (root / name).mkdir()
    write_pairs(
        root / "texts" / "news.tsv",
        [*PAIRS[4:], ("Секретная строка проверки.", "机密测试行内容。")],
    )
    write_pairs(root / "texts" / "dict.tsv", WORDS)
    write_pairs(root / "authored" / "01.tsv", PAIRS)
    (root / "tests" / "hidden.ru").write_text("Секретная строка проверки.\n", encoding="utf-8")
    options = PrepareOptions(pieces=690, width=32, validation=0)
    tests = [root / "tests" / "hidden.ru"]
    prepare(root / "texts", [root / "authored"], tests, [], root / "work", options)
    return root / "work"


@pytest.fixture(scope="session")
def prepared(work: Path) -> Prepared:
    return load(work)
