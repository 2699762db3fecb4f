"""From a file through the stored article to every export, by the command line."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.formats import WRITERS
from workbench.formats.contents import text_of
from workbench.storage.database import Database
from workbench.storage.exports import Exports

SAMPLE = Path(__file__).parents[2] / "corpora" / "ru-zh" / "samples" / "bishkek-talks.md"
Run = Callable[..., tuple[int, str, str]]


@pytest.mark.parametrize("to", list(WRITERS))
def test_an_article_is_exported_with_every_segment(run: Run, tmp_path: Path, to: str) -> None:
    status, number, _ = run("article", "add", SAMPLE)
    assert status == 0
    out = tmp_path / "out"
    status, _, err = run("export", number.strip(), "--to", to, "-o", out)
    assert status == 0
    assert err.startswith("31 segments, 31 without a target")
    text = text_of(out.read_bytes(), WRITERS.load(to).suffix)
    if to != "tmx":  # a memory holds pairs only
        assert "Президент Киргизии Садыр Жапаров принял Владимира Путина" in text
        assert "Стороны подтвердили готовность продолжать диалог" in text


def test_what_was_exported_is_remembered(run: Run, tmp_path: Path) -> None:
    number = int(run("article", "add", SAMPLE)[1])
    for to in ("txt", "txt", "html"):
        assert run("export", number, "--to", to, "-o", tmp_path / "out")[0] == 0
    database = Database(f"sqlite:///{tmp_path / 'state' / 'workbench.sqlite'}")
    found = Exports(database).of([number])
    database.close()
    assert [export.format for export in found] == ["html", "txt"]


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("export", "99", "--to", "docx", "-o", "x.docx"), 4),
        (("export", "1", "--to", "pdf", "-o", "x.pdf"), 2),
        (("export", "one", "--to", "docx"), 2),
    ],
)
def test_what_cannot_be_exported(run: Run, arguments: tuple[str, ...], status: int) -> None:
    found, out, err = run(*arguments)
    assert (found, out) == (status, "")
    assert len(err.splitlines()) == 2


BAD = {
    "a.pdf": b"%PDF-1.7",
    "empty.txt": b"",
    "blank.txt": b" \n\t\n",
    "binary.txt": random.Random(5).randbytes(4000),
    "big.txt": "слово ".encode() * 5_000_000,
    "broken.docx": b"PK\x03\x04" + bytes(500),
    "locked.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
    "encoding.txt": "总统抵达比什凯克，会谈持续三小时。".encode("gb18030"),
    "chinese.txt": "总统抵达比什凯克。".encode(),
    "latin.md": b"The president arrived.",
    "page.html": b"<html><body></body></html>",
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_two_lines_and_changes_nothing(run: Run, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(BAD[name])
    status, out, err = run("article", "add", path)
    assert (status, out) == (3, "")
    assert len(err.splitlines()) == 2
    assert "Traceback" not in err
    assert run("article", "list", "--json")[1].strip() == "[]"


def test_a_line_of_200_000_characters_is_taken(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "line.txt"
    text = ("Министр заявил, что договор подпишут, " * 6000)[:200_000]
    path.write_text(text)
    status, number, err = run("article", "add", path)
    assert (status, err) == (0, "")
    status, out, err = run("export", number.strip(), "--to", "txt")
    assert status == 0
    assert err.count("segments") == 1
    assert out.replace("】【", " ").strip("【】\n") == text.strip()
