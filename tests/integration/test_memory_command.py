"""``workbench memory``, ``backup`` and ``restore`` as a shell sees them."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.storage.database import Database

Run = Callable[..., tuple[int, str, str]]
PAIRS = (
    "Курс рубля вырос на 5 %.\t卢布汇率上涨5%。\nПрезидент прибыл в Астану.\t总统抵达阿斯塔纳。\n"
)


@pytest.fixture
def filled(run: Run, tmp_path: Path) -> Run:
    file = tmp_path / "pairs.tsv"
    file.write_text(PAIRS)
    status, out, _ = run("memory", "import", file)
    assert status == 0
    assert out.endswith("2 added, 0 known, 0 rejected\n")
    return run


def test_search(filled: Run) -> None:
    status, out, _ = filled("memory", "search", "Курс рубля вырос на 5 %.", "--json")
    assert status == 0
    (found,) = json.loads(out)
    assert list(found)[:5] == ["source", "target", "score", "how", "unit_id"]
    assert found == {
        **found,
        "source": "Курс рубля вырос на 5 %.",
        "target": "卢布汇率上涨5%。",
        "score": 100,
        "how": "exact",
        "unit_id": found["unit_id"],
    }
    status, out, _ = filled("memory", "search", "Курс рубля вырос на 7 %.", "--json")
    assert [(m["score"], m["how"], m["target"]) for m in json.loads(out)] == [
        (99, "slot", "卢布汇率上涨7%。")
    ]
    assert json.loads(filled("memory", "search", "Погода", "--json")[1]) == []
    near = ("memory", "search", "Курс рубля упал на 5 %.", "--json")
    assert json.loads(filled(*near, "--min", "95")[1]) == []
    assert len(json.loads(filled(*near, "--min", "60", "--limit", "1")[1])) == 1


def test_units_that_name_nobody_are_by_who_imports_them(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "pairs.tmx"
    variants = ("ru", "Да."), ("zh", "是。")
    text = "".join(f'<tuv xml:lang="{c}"><seg>{s}</seg></tuv>' for c, s in variants)
    own = text.replace("Да", "Нет").replace("是", "否")
    file.write_text(
        '<tmx version="1.4"><header srclang="ru" datatype="plaintext"/><body>'
        f'<tu>{text}</tu><tu creationid="Боря">{own}</tu></body></tmx>'
    )
    assert run("memory", "import", file, "--author", "Аня")[0] == 0
    found = [json.loads(run("memory", "concordance", w, "--json")[1]) for w in ("да", "нет")]
    assert [[unit["author"] for unit in units] for units in found] == [["Аня"], ["Боря"]]


def test_a_match_says_why_it_has_its_score(filled: Run) -> None:
    (found,) = json.loads(filled("memory", "search", "Курс рубля вырос на 7 %.", "--json")[1])
    assert found["substitutions"] == [{"start": 6, "end": 7, "old": "5", "new": "7"}]
    assert found["concerns"] == [{"kind": "number", "gone": ["5"], "new": ["7"]}]
    assert found["scores"] == [100, 100, 91]
    assert (found["flags"], found["penalties"], found["fragment"]) == (["number"], [], None)


def test_fragments_are_found_when_asked_for(filled: Run) -> None:
    text = "Вечером было объявлено, что президент прибыл в Астану, а министр уехал."
    assert json.loads(filled("memory", "search", text, "--json")[1]) == []
    (found,) = json.loads(filled("memory", "search", text, "--fragments", "--json")[1])
    assert (found["score"], found["how"], found["target"]) == (0, "fragment", "总统抵达阿斯塔纳")
    start, end = found["fragment"]["span"]
    assert text[start:end] == "президент прибыл в Астану"
    assert filled("memory", "search", text, "--fragments")[1].startswith("\tfragment\t")


def test_search_from_standard_input(filled: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("Президент прибыл в Астану.\n"))
    assert filled("memory", "search", "-")[1].startswith("100\texact\t")


def test_concordance(filled: Run) -> None:
    found = json.loads(filled("memory", "concordance", "президентом", "--json")[1])
    assert [unit["target"] for unit in found] == ["总统抵达阿斯塔纳。"]
    assert found[0]["article"] == "pairs.tsv"
    found = json.loads(filled("memory", "concordance", "汇率", "--side", "target", "--json")[1])
    assert [unit["source"] for unit in found] == ["Курс рубля вырос на 5 %."]
    assert filled("memory", "concordance", "x", "--side", "left")[0] == 2


@pytest.mark.parametrize("suffix", ["tmx", "tsv", "csv", "xlsx"])
def test_out_and_in_again(filled: Run, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"out.{suffix}"
    assert filled("memory", "export", file)[0] == 0
    status, out, _ = filled("memory", "import", file, "--json")
    assert status == 0
    assert (json.loads(out)["added"], json.loads(out)["known"]) == (0, 2)
    other = tmp_path / "other"
    status, out, _ = filled("--state", other, "memory", "import", file)
    assert out.endswith("2 added, 0 known, 0 rejected\n")


def test_stats_and_withdraw(filled: Run) -> None:
    found = json.loads(filled("memory", "stats", "--json")[1])
    assert (found["units"], found["origins"]) == (2, {"import": 2})
    assert filled("memory", "withdraw", "pairs.tsv")[0] == 0
    assert json.loads(filled("memory", "stats", "--json")[1])["units"] == 0
    assert filled("memory", "withdraw", "pairs.tsv")[0] == 4


def test_the_seed_only_when_asked_and_once(run: Run) -> None:
    assert run("memory", "stats")[1] == "0 units\n"
    assert run("memory", "import", "--seed")[0] == 0
    assert run("memory", "import", "--seed")[0] == 7
    assert run("memory", "withdraw", "seed")[0] == 0
    assert run("memory", "stats")[1] == "0 units\n"


def test_rejected_rows_are_named(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.tsv"
    file.write_text("Да\t是\nНет\n")
    status, out, err = run("memory", "import", file)
    assert (status, err) == (0, "a.tsv:2: The source or the target is empty.\n")
    assert out.endswith("1 added, 0 known, 1 rejected\n")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("memory", "import", "nowhere.tmx"), 4),
        (("memory", "import", "."), 3),
        (("memory", "import"), 2),
        (("memory", "import", "a.tmx", "--seed"), 2),
        (("memory", "export", "out.pdf"), 3),
        (("memory", "export", "nowhere/out.tmx"), 3),
        (("memory", "withdraw", "x"), 4),
        (("restore", "nowhere.zip"), 3),
        (("backup", "out.zip"), 5),
    ],
)
def test_mistakes_are_two_lines(run: Run, arguments: tuple[str, ...], status: int) -> None:
    found, out, err = run(*arguments)
    assert (found, out) == (status, "")
    assert len(err.splitlines()) == 2


def test_a_failed_export_keeps_the_old_file(filled: Run, tmp_path: Path) -> None:
    long = tmp_path / "long.tsv"
    long.write_text(f"{'Да ' * 12_000}\t是\n")
    filled("memory", "import", long)
    out = tmp_path / "out.xlsx"
    out.write_bytes(b"old")
    status, _, err = filled("memory", "export", out)
    assert (status, out.read_bytes()) == (3, b"old")
    assert "32767" in err
    assert [path.name for path in tmp_path.glob(".*")] == []


# -- backup ---------------------------------------------------------------------------------


def test_a_backup_brings_the_state_back(filled: Run, tmp_path: Path) -> None:
    out = tmp_path / "backup.zip"
    held = Database(f"sqlite:///{tmp_path / 'state' / 'workbench.sqlite'}")  # it is in use
    assert filled("backup", out)[0] == 0
    held.close()
    assert filled("--state", tmp_path / "other", "restore", out)[0] == 0
    assert filled("--state", tmp_path / "other", "memory", "stats")[1].startswith("2 units")


def test_a_restore_replaces_only_when_told_and_keeps_the_old(filled: Run, tmp_path: Path) -> None:
    out = tmp_path / "backup.zip"
    filled("backup", out)
    filled("memory", "withdraw", "pairs.tsv")
    assert filled("restore", out)[0] == 7
    assert filled("memory", "stats")[1].startswith("0 units")
    status, _, err = filled("restore", out, "--force")
    assert status == 0
    assert filled("memory", "stats")[1].startswith("2 units")
    (kept,) = (tmp_path / "state").glob("workbench.sqlite.before-restore-*")
    assert str(kept) in err
    old = Database(f"sqlite:///{kept}")
    old.close()


def test_a_database_in_use_is_not_replaced(filled: Run, tmp_path: Path) -> None:
    out = tmp_path / "backup.zip"
    filled("backup", out)
    held = Database(f"sqlite:///{tmp_path / 'state' / 'workbench.sqlite'}")
    status, _, err = filled("restore", out, "--force")
    held.close()
    assert status == 7
    assert "in use" in err


def test_a_damaged_database_can_be_replaced(filled: Run, tmp_path: Path) -> None:
    out = tmp_path / "backup.zip"
    filled("backup", out)
    database = tmp_path / "state" / "workbench.sqlite"
    database.write_bytes(b"rubbish" * 1000)
    status, _, err = filled("memory", "stats")
    assert status == 5
    assert "workbench restore" in err
    assert filled("restore", out, "--force")[0] == 0
    assert filled("memory", "stats")[1].startswith("2 units")


def tampered(archive: Path, name: str, data: bytes) -> None:
    with zipfile.ZipFile(archive) as opened:
        parts = {part: opened.read(part) for part in opened.namelist()}
    with zipfile.ZipFile(archive, "w") as opened:
        for part, content in {**parts, name: data}.items():
            opened.writestr(part, content)


@pytest.mark.parametrize("name", ["workbench.sqlite", "manifest.json"])
def test_a_tampered_backup_is_refused(filled: Run, tmp_path: Path, name: str) -> None:
    out = tmp_path / "backup.zip"
    filled("backup", out)
    tampered(out, name, b"{}")
    status, _, err = filled("restore", out, "--force")
    assert status == 3
    assert "not a whole backup" in err
    assert filled("memory", "stats")[1].startswith("2 units")


def test_a_backup_of_a_newer_workbench_is_refused(filled: Run, tmp_path: Path) -> None:
    out = tmp_path / "backup.zip"
    filled("backup", out)
    with zipfile.ZipFile(out) as opened:
        manifest = json.loads(opened.read("manifest.json"))
    tampered(out, "manifest.json", json.dumps({**manifest, "schema": "9999"}).encode())
    assert filled("restore", out, "--force")[0] == 5
