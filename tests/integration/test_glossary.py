"""The glossary in a real database: the shipped base, saves, history, files, command line."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import delete

from workbench.domain.term import Term
from workbench.errors import Conflict, DataError, InputError, NotFound
from workbench.services import glossary_base
from workbench.services.glossary_base import COLUMNS
from workbench.services.terminology import Terminology, open_terminology
from workbench.storage.database import Database
from workbench.storage.schema import term_forms
from workbench.storage.terms import Terms

SHIPPED = Path(__file__).parents[2] / "glossary" / "ru-zh"


@pytest.fixture
def terminology(database: Database) -> Terminology:
    return Terminology(Terms(database))


@pytest.fixture
def base(tmp_path: Path) -> Path:
    folder = tmp_path / "base"
    folder.mkdir()
    return folder


def write(base: Path, *rows: str) -> None:
    cells = [row.split("|") + [""] * (len(COLUMNS) - len(row.split("|"))) for row in rows]
    lines = ["\t".join(COLUMNS), *("\t".join(row) for row in cells)]
    (base / "terms.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def pairs(terminology: Terminology) -> list[tuple[str, str]]:
    return [(term.source, term.target) for term in terminology.terms.list()]


# -- the shipped base ---------------------------------------------------------------------


def test_the_shipped_base_loads_once_for_each_content(database: Database) -> None:
    terminology = open_terminology(Terms(database), SHIPPED)
    version = terminology.version
    lines = sum(len(p.read_text().splitlines()) - 1 for p in SHIPPED.glob("*.tsv"))
    assert terminology.terms.count() == lines > 400
    assert terminology.sync_base(SHIPPED) is False
    assert terminology.version == version


def test_the_shipped_base_has_no_faults(database: Database) -> None:
    terminology = open_terminology(Terms(database), SHIPPED)
    assert terminology.check() == []


def test_a_new_base_adds_changes_and_removes(terminology: Terminology, base: Path) -> None:
    write(base, "Ош|奥什|place", "Баткен|巴特肯|place")
    terminology.sync_base(base)
    write(base, "Ош|奥希|place", "Талас|塔拉斯|place")
    assert terminology.sync_base(base)
    assert pairs(terminology) == [("Ош", "奥希"), ("Талас", "塔拉斯")]
    assert terminology.find("в Таласе")[0].term.target == "塔拉斯"
    assert terminology.find("в Баткене") == ()


def test_a_new_base_never_undoes_what_a_person_decided(
    terminology: Terminology, base: Path
) -> None:
    write(base, "Ош|奥什|place", "Баткен|巴特肯|place", "Нарын|纳伦|place")
    terminology.sync_base(base)
    osh, batken, _ = (terminology.terms.list(name)[0] for name in ("Ош", "Баткен", "Нарын"))
    terminology.update(replace(osh, target="奥施"), osh.revision, "术语员", "旧译")
    terminology.terms.delete(batken.id, "术语员")
    terminology.add("Талас", "塔拉斯市", "place", author="术语员")
    write(base, "Ош|奥希|place", "Баткен|巴特坎|place", "Нарын|纳伦州|place", "Талас|塔拉斯|place")
    terminology.sync_base(base)
    assert pairs(terminology) == [("Нарын", "纳伦州"), ("Ош", "奥施"), ("Талас", "塔拉斯市")]


def test_new_rules_of_declension_reach_entries_that_nobody_changed(
    terminology: Terminology, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(base, "Ош|奥什|place", "Баткен|巴特肯|place")
    terminology.sync_base(base)
    osh, batken = (terminology.terms.list(name)[0] for name in ("Ош", "Баткен"))
    terminology.update(replace(osh, target="奥希"), osh.revision, "术语员")
    with terminology.terms.database.begin() as connection:
        connection.execute(delete(term_forms))  # as if older rules had made none
    monkeypatch.setattr(glossary_base, "VERSION", glossary_base.VERSION + 1)
    assert terminology.sync_base(base)
    assert terminology.find("в Баткене")[0].term.id == batken.id
    assert terminology.find("в Оше") == ()  # a person's entry is left alone


def test_a_broken_base_line_is_named(terminology: Terminology, base: Path) -> None:
    write(base, "Ош|奥什|place", "Баткен||place")
    with pytest.raises(DataError, match=r"terms\.tsv, line 3"):
        terminology.sync_base(base)


# -- saving -------------------------------------------------------------------------------


def test_a_save_is_found_at_once_by_everybody(database: Database) -> None:
    here, there = Terminology(Terms(database)), Terminology(Terms(database))
    assert there.find("С Мирошником") == ()
    before = there.version
    term = here.add("Мирошник", "米罗什尼克", "person", author="术语员")
    assert there.version != before
    assert [hit.form for hit in there.find("С Мирошником")] == ["Мирошником"]
    changed = here.update(replace(term, status="deprecated"), term.revision, "术语员")
    assert there.find("С Мирошником") == ()
    here.terms.delete(changed.id, "术语员", "重复")
    with pytest.raises(NotFound):
        there.terms.get(term.id)


def test_history_says_who_when_and_why(terminology: Terminology) -> None:
    term = terminology.add("Мирошник", "米罗什尼克", "person", author="甲", reason="新名")
    terminology.update(replace(term, target="米罗什尼科"), 1, "乙", "按译音表")
    terminology.terms.delete(term.id, "丙", "重复")
    history = terminology.terms.history(term.id)
    assert [(v.author, v.reason) for v in history] == [
        ("丙", "重复"),
        ("乙", "按译音表"),
        ("甲", "新名"),
    ]
    assert [v.term.target for v in history][1:] == ["米罗什尼科", "米罗什尼克"]
    assert all(v.created.startswith("20") for v in history)


def test_a_change_to_an_old_revision_is_refused(terminology: Terminology) -> None:
    term = terminology.add("Мирошник", "米罗什尼克", "person", author="甲")
    terminology.update(replace(term, note="一"), 1, "甲")
    with pytest.raises(Conflict):
        terminology.update(replace(term, note="二"), 1, "乙")
    assert terminology.terms.get(term.id).note == "一"


def test_a_renamed_entry_gets_new_forms_and_keeps_what_a_person_decided(
    terminology: Terminology,
) -> None:
    term = terminology.add("Мирошник", "米罗什尼克", "person", author="甲")
    term = terminology.set_forms(term.id, ["Мирошников-старший"], ["Мирошнике"], "甲")
    assert terminology.find("о Мирошнике") == ()
    assert terminology.find("Мирошников-старший ушёл")[0].form == "Мирошников-старший"
    renamed = terminology.update(replace(term, source="Мирошкин"), term.revision, "甲")
    texts = {(form.text, form.how) for form in renamed.forms}
    assert ("Мирошкиным", "generated") in texts
    assert ("Мирошников-старший", "added") in texts
    assert ("Мирошнике", "struck") in texts


@pytest.mark.parametrize(
    "entry",
    [
        Term("", "空"),
        Term("Имя", " "),
        Term("Имя", "Имя"),
        Term("12", "十二"),
        Term("Имя" * 100, "名"),
        Term("Имя", "名", "планета"),  # type: ignore[arg-type]
        Term("Имя", "名", status="хорошая"),  # type: ignore[arg-type]
        Term("Имя", "名", valid_from="вчера"),
    ],
)
def test_an_unusable_entry_is_refused(terminology: Terminology, entry: Term) -> None:
    with pytest.raises(InputError):
        terminology.add_all([Term("Ош", "奥什"), entry], "甲")
    assert terminology.terms.count() == 0


def test_a_duplicate_is_refused(terminology: Terminology) -> None:
    terminology.add("Ош", "奥什", "place", author="甲")
    with pytest.raises(Conflict):
        terminology.add("Ош", "奥什", "place", author="乙")


def test_search_finds_either_side_and_any_form(terminology: Terminology) -> None:
    terminology.add("Мирошник", "米罗什尼克", "person", author="甲")
    terminology.add("100%-ная скидка", "全免", author="甲")
    for query in ("мирошник", "МИРОШНИК", "Мирошником", "罗什", "100%"):
        assert terminology.terms.count(query) == 1, query
    assert terminology.terms.count("%") == 1
    assert terminology.terms.list("", type="person", limit=5)[0].source == "Мирошник"


def test_check_reports_contradictions(terminology: Terminology) -> None:
    terms = [
        Term("Ош", "奥什", "place", forbidden=("奥希",)),
        Term("Город Ош", "奥希", "place"),
        Term("Орлов", "奥尔洛夫", "person"),
        Term("Орлова", "奥尔洛娃", "person"),
        Term("Рысь", "雷西", "person"),
    ]
    terminology.add_all(terms, "甲")
    found = {(finding.fault, finding.detail) for finding in terminology.check()}
    assert ("dangling_variant", "奥希") in found
    assert ("conflict", "орлова") in found
    assert ("common_word", "Рысь") in found


# -- files --------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["tsv", "csv", "xlsx", "tbx"])
def test_what_is_exported_can_be_imported(
    terminology: Terminology, tmp_path: Path, suffix: str
) -> None:
    full = Term(
        "Ош", "奥什", "place", "proposed", ("奥什市",), ("奥希", "沃什"), note='吉南部<&>"城市'
    )
    quoted = Term(
        "Известия",
        "消息报",
        "media",
        needs_quotes=True,
        context=("-арест",),
        valid_from="2020-01-02",
    )
    terminology.add_all([full, quoted], "甲")
    data, _ = terminology.export_file(f"x.{suffix}")
    other = Terminology(Terms(Database(f"sqlite:///{tmp_path / 'other.sqlite'}")))
    report = other.import_file(data, f"x.{suffix}", "乙")
    assert (len(report.added), len(report.refused)) == (2, 0)
    got = {term.source: term for term in other.terms.list()}
    assert replace(got["Ош"], forms=(), id=0, revision=0) == full
    if suffix != "tbx":
        assert replace(got["Известия"], forms=(), id=0, revision=0) == quoted
    assert other.find("в Оше")[0].form == "Оше"
    again = other.import_file(data, f"x.{suffix}", "乙")
    assert (len(again.added), again.known) == (0, 2)
    other.terms.database.close()


@pytest.mark.parametrize("suffix", ["tsv", "csv", "xlsx"])
def test_formulas_are_exported_inert(terminology: Terminology, suffix: str) -> None:
    terminology.add("Ош", "奥什", "place", author="甲", note="=cmd|' /C calc'!A0")
    data, _ = terminology.export_file(f"x.{suffix}")
    if suffix == "xlsx":
        cells = list(load_workbook(io.BytesIO(data)).active.iter_rows())[1]
        assert [c.data_type for c in cells if c.value and "cmd" in c.value] == ["s"]
    else:
        assert re.search(r"(^|[\t,\"])'=cmd", data.decode("utf-8-sig"))


def test_an_import_refuses_rows_by_name_and_takes_the_rest_at_once(
    terminology: Terminology,
) -> None:
    terminology.add("Путин", "普京", "person", author="甲")
    rows = "Путин\t蒲亭\nОш\t奥什\t地名\nбез пары\n\nОш\t奥希\nХа\tха\nПутин\t普京\n"
    report = terminology.import_file(rows.encode(), "names.tsv", "甲", preview=True)
    assert terminology.terms.count() == 1
    report = terminology.import_file(rows.encode(), "names.tsv", "甲")
    assert [(t.source, t.type) for t in report.added] == [("Ош", "place")]
    assert report.known == 1
    assert [(row.line, row.key) for row in report.refused] == [
        (3, "terms.empty_side"),
        (6, "terms.not_chinese"),
    ]
    assert [(row.line, row.key) for row in report.conflicting] == [
        (1, "terms.conflicting"),
        (5, "terms.repeated_row"),
    ]
    assert all(row.say(language) for row in report.refused for language in ("en", "zh", "ru"))


def test_chinese_spreadsheets_may_save_in_their_own_encoding(terminology: Terminology) -> None:
    terminology.import_file("ru,zh\nОш,奥什\n".encode("gb18030"), "a.csv", "甲")
    terminology.import_file("ru;zh\nНарын;纳伦\n".encode("utf-16"), "b.csv", "甲")
    assert pairs(terminology) == [("Нарын", "纳伦"), ("Ош", "奥什")]


TBX2 = """<?xml version="1.0"?><!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">
<martif type="TBX" xml:lang="en"><martifHeader/><text><body>
<termEntry id="1"><descrip type="subjectField">person</descrip>
<langSet xml:lang="ru-RU"><tig><term>Нарын</term></tig></langSet>
<langSet xml:lang="zh-CN">
<ntig><termGrp><term>纳<hi>伦</hi></term></termGrp></ntig>
<ntig><termGrp><term>纳林</term>
<termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></termGrp></ntig>
</langSet></termEntry>
<termEntry id="2"><langSet xml:lang="en"><tig><term>town</term></tig></langSet></termEntry>
</body></text></martif>"""
BOMB = """<?xml version="1.0"?><!DOCTYPE tbx [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<tbx><text><body><conceptEntry><langSec xml:lang="ru"><termSec><term>&b;</term></termSec>
</langSec></conceptEntry></body></text></tbx>"""


def test_tbx_of_version_2_is_read(terminology: Terminology) -> None:
    report = terminology.import_file(TBX2.encode(), "a.tbx", "甲")
    [term] = report.added
    assert (term.source, term.target, term.type) == ("Нарын", "纳伦", "person")
    assert term.forbidden == ("纳林",)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (BOMB.encode(), "bomb.tbx"),
        (b"<html/>", "page.tbx"),
        (b"<tbx><text>", "cut.tbx"),
        (b"", "empty.tsv"),
        (b"\x00\x01\x02\xff\xfe\xfd" * 50, "binary.tsv"),
        (b"PK\x03\x04broken", "broken.xlsx"),
        ("только русский\n".encode(), "half.tsv"),
        ("Ош\t奥什".encode(), "names.docx"),
    ],
)
def test_an_unusable_file_says_so_and_changes_nothing(
    terminology: Terminology, data: bytes, name: str
) -> None:
    version = terminology.version
    with pytest.raises(InputError) as caught:
        terminology.import_file(data, name, "甲")
    assert all(caught.value.say(language)[0] for language in ("en", "zh", "ru"))
    assert terminology.version == version


# -- command line -------------------------------------------------------------------------


def run(state: Path, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "workbench", "--state", str(state), "glossary", *arguments]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)


def test_find_add_and_export_from_the_command_line(tmp_path: Path) -> None:
    text = "Глава МИДа встретил Касым-Жомарта Токаева."
    found = run(tmp_path, "find", "-", "--json", text=text)
    hits = json.loads(found.stdout)
    assert list(hits[0]) == ["term_id", "source", "target", "form", "start", "end", "how", "state"]
    assert [(h["source"], h["how"], h["state"]) for h in hits] == [
        ("МИД", "acronym", "found"),
        ("Касым-Жомарт Токаев", "form", "found"),
    ]
    assert all(text[h["start"] : h["end"]] == h["form"] for h in hits)
    added = run(tmp_path, "add", "Мирошник", "米罗什尼克", "--type", "person", "--json")
    assert "Мирошником" in json.loads(added.stdout)["forms"]
    again = run(tmp_path, "add", "Мирошник", "米罗什尼克", "--type", "person")
    assert (again.returncode, len(again.stderr.splitlines())) == (7, 2)
    assert run(tmp_path, "export", str(tmp_path / "all.tbx")).returncode == 0
    assert "米罗什尼克" in (tmp_path / "all.tbx").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("add", "Имя", "名", "--type", "планета"), 3),
        (("find", "/nowhere/file.txt"), 4),
        (("import", "/nowhere/file.tsv"), 4),
        (("export", "/nowhere/file.tsv"), 3),
        (("export", "file.pdf"), 3),
    ],
)
def test_mistakes_on_the_command_line(
    tmp_path: Path, arguments: tuple[str, ...], status: int
) -> None:
    done = run(tmp_path, *arguments)
    assert done.returncode == status
    assert len(done.stderr.splitlines()) == 2


def test_a_second_translation_of_a_name_is_said_aloud(tmp_path: Path) -> None:
    assert run(tmp_path, "add", "Плюхинск", "普柳欣斯克", "--type", "place").stderr == ""
    second = run(tmp_path, "add", "Плюхинск", "普卢欣斯克", "--type", "place")
    assert second.returncode == 0
    assert "普柳欣斯克" in second.stderr
