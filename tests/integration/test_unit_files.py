"""Files into the memory and out again: nothing lost on the way, nothing half imported."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest

from tests.unit.test_tmx_programs import MEMOQ, OMEGAT, TRADOS
from tests.unit.test_xliff import XLIFF_2
from workbench.domain.memory import Unit
from workbench.errors import InputError
from workbench.formats.tmx import read_tmx
from workbench.services.memory_files import CHUNK, Imported, export_file, import_file
from workbench.storage.database import Database
from workbench.storage.units import Units

GOOD = "".join(
    f'<tu>\n<tuv xml:lang="ru"><seg>Зал {n}.</seg></tuv>\n'
    f'<tuv xml:lang="zh"><seg>{n}号厅。</seg></tuv>\n</tu>\n'
    for n in range(CHUNK + 1)
)
LINE = 3 + 4 * (CHUNK + 1)  # where the damage begins


def tmx(damage: str, before: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{before}\n<tmx version="1.4"><header/><body>\n'
        f"{GOOD}{damage}</body></tmx>"
    ).encode()


def tu(target: str) -> str:
    return (
        '<tu><tuv xml:lang="ru"><seg>Да</seg></tuv>'
        f'<tuv xml:lang="zh"><seg>{target}</seg></tuv></tu>'
    )


BOMB = "<!DOCTYPE tmx [<!ENTITY a 'lol'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
ATTACKS = {
    "entity bomb": (tmx(tu("&b;"), BOMB), 1),
    "external entity": (tmx(tu("&x;"), "<!DOCTYPE tmx [<!ENTITY x SYSTEM 'file:///x'>]>"), 1),
    "undefined entity": (tmx(tu("&x;"), '<!DOCTYPE tmx SYSTEM "tmx14.dtd">'), LINE),
    "deep": (tmx(tu("<hi>" * 5000 + "</hi>" * 5000)), LINE),
    "cut": (tmx(tu("是"))[:-25], LINE),
    "control character": (tmx(tu("&#x1F;")), LINE),
    "raw control character": (tmx(tu("\x01")), LINE),
    "tags crossed": (tmx("<tu><tuv></tu></tuv>"), LINE),
    "another encoding": (tmx("").replace(b"</body>", "Ёж".encode("cp1251") + b"</body>"), LINE),
}


@pytest.fixture
def units(database: Database) -> Units:
    return Units(database)


def imported(units: Units, data: bytes, name: str) -> Imported:
    return import_file(units, io.BytesIO(data), name, "olga")


@pytest.mark.parametrize("name", ATTACKS)
def test_nothing_of_a_bad_file_stays(units: Units, name: str) -> None:
    data, line = ATTACKS[name]
    with pytest.raises(InputError) as caught:
        imported(units, data, "x.tmx")
    assert caught.value.values["line"] == line
    for language in ("en", "zh", "ru"):
        problem, remedy = caught.value.say(language)
        assert "x.tmx" in problem
        assert re.search(rf"\b{line}\b", problem) or f" {line} " in problem
        assert "\n" not in problem + remedy
    assert list(units.all()) == []
    assert not units.imports.list()


def test_a_segment_of_eleven_megabytes_is_named_and_the_others_are_taken(units: Units) -> None:
    done = imported(units, tmx(tu("是" * 3_700_000)), "x.tmx")
    assert (done.added, done.rejected) == (CHUNK + 1, 1)
    assert [(p.line, p.reason) for p in done.problems] == [(LINE, "memory.unit_too_long")]


@pytest.mark.parametrize(
    ("text", "encoding"), [(OMEGAT, "utf-8"), (TRADOS, "utf-16"), (MEMOQ, "utf-8-sig")]
)
def test_a_file_goes_through_the_memory_unchanged(units: Units, text: str, encoding: str) -> None:
    data = text.encode(encoding)
    done = imported(units, data, "x.tmx")
    assert done.rejected == 0
    out = io.BytesIO()
    assert export_file(units, out, "y.tmx") == done.added
    out.seek(0)

    def bare(unit: object) -> Unit:
        assert isinstance(unit, Unit)
        known = {"article": "", "created": unit.created and "x", "changed": unit.changed and "x"}
        return replace(unit, props=tuple(sorted(unit.props)), **known)

    before = [bare(unit) for unit in read_tmx(io.BytesIO(data))]
    after = [bare(unit) for unit in read_tmx(out)]
    # The memory says of every unit when it came; a file need not.
    after = [
        replace(now, created=was.created, changed=was.changed)
        for now, was in zip(after, before, strict=True)
    ]
    assert after == before


def test_finished_segments_of_xliff_become_units(units: Units) -> None:
    done = imported(units, XLIFF_2.encode(), "x.xlf")
    assert (done.added, done.rejected) == (2, 1)
    assert [problem.reason for problem in done.problems] == ["units.unfinished"]
    first, last = units.all()
    assert (first.target, first.note, last.before) == ("前后。", "Проверить имя", "Ещё.")


def test_a_memory_is_not_written_as_xliff(units: Units) -> None:
    with pytest.raises(InputError) as caught:
        export_file(units, io.BytesIO(), "x.xliff")
    assert caught.value.key == "units.unknown_suffix"
    assert ".xliff" not in caught.value.values["known"]
