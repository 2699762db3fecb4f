"""Reading test sets and files: alignment, encodings, names."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.errors import DataError, InputError, NotFound
from workbench.services.evaluation.sets import (
    Lines,
    assemble,
    available_sets,
    fitted,
    match_lines,
    named_set,
    read_lines,
)


def folder(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        (tmp_path / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        ("一。\n二。\n".encode(), ("一。", "二。")),
        ("一。\n二。".encode(), ("一。", "二。")),
        ("一。\r\n二。\r\n".encode(), ("一。", "二。")),
        (b"\xef\xbb\xbf" + "一。\n\n三。\n".encode(), ("一。", "", "三。")),
        ("一。\n二。\n".encode("utf-16"), ("一。", "二。")),
        ("一\u2028行。\n".encode(), ("一\u2028行。",)),
    ],
)
def test_only_a_line_feed_ends_a_line(data: bytes, lines: tuple[str, ...]) -> None:
    assert read_lines(data, "f.txt").lines == lines


@pytest.mark.parametrize("data", [b"", b"  \n \n", b"%PDF-1.7 ...", b"\x00\x01\x02" * 50])
def test_what_holds_no_lines_is_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        read_lines(data, "f.txt")


def test_chinese_in_another_encoding_is_refused_rather_than_misread() -> None:
    text = "外交部发言人表示，双方将继续就边境问题举行会谈。\n" * 5
    with pytest.raises(InputError):
        read_lines(text.encode("gb18030"), "f.txt")


def test_unequal_files_say_both_counts_and_the_first_line_that_differs() -> None:
    with pytest.raises(InputError) as caught:
        match_lines(Lines("ref", ("一", "二", "三")), Lines("hyp", ("一", "", "三", "四")))
    assert "ref has 3 lines, hyp has 4" in str(caught.value)
    assert "line 2" in str(caught.value)
    with pytest.raises(InputError, match="line 2"):
        match_lines(Lines("ref", ("一",)), Lines("hyp", ("一", "二")))


def test_sources_and_references_must_agree() -> None:
    reference = Lines("ref", ("一", "二"))
    with pytest.raises(InputError):
        assemble("mine", Lines("src", ("раз",)), [reference])
    with pytest.raises(InputError):
        assemble("mine", None, [Lines("ref", ("", " "))])
    chosen = assemble("mine", Lines("src", ("раз", "два")), [reference, Lines("b", ("壹", "贰"))])
    assert len(chosen) == 2
    assert len(chosen.references) == 2
    assert chosen.first(1).sources == ("раз",)
    assert chosen.first(None) is chosen


def test_a_file_of_the_whole_set_serves_a_limited_run() -> None:
    whole = assemble("mine", None, [Lines("ref", ("一", "二", "三"))])
    assert fitted(whole, whole.first(2), Lines("hyp", ("1", "2", "3"))) == ("1", "2")
    assert fitted(whole, whole.first(2), Lines("hyp", ("1", "2"))) == ("1", "2")
    with pytest.raises(InputError):
        fitted(whole, whole.first(2), Lines("hyp", ("1", "2", "3", "4")))


def test_named_sets_come_from_the_first_folder_that_has_them(tmp_path: Path) -> None:
    shelf = folder(tmp_path, news_ru="раз\nдва\n", news_zh="一\n二\n", news_zh2="壹\n贰\n")
    (tmp_path / "lone.ru").write_text("раз\n", encoding="utf-8")
    assert available_sets([shelf, tmp_path / "absent"]) == ("news",)
    chosen = named_set("news", [tmp_path / "absent", shelf])
    assert chosen.references == (("一", "二"), ("壹", "贰"))
    with pytest.raises(DataError):
        named_set("lone", [shelf])


def test_an_absent_public_set_says_where_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        named_set("ntrex128", [tmp_path])
    _, remedy = caught.value.say("en")
    assert "MicrosoftTranslator/NTREX" in remedy
    assert "corpora_dir" in remedy


@pytest.mark.parametrize("name", ["nope", "../news", "sub/news", "", ".", "ы" * 200])
def test_an_unknown_name_is_not_found_and_leads_nowhere(tmp_path: Path, name: str) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    folder(tmp_path, news_ru="раз\n", news_zh="一\n")
    with pytest.raises(NotFound):
        named_set(name, [shelf])
