"""TMX: a round trip changes nothing; what others wrote is kept; attacks are refused."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.domain.memory import Rejected, Unit
from workbench.errors import InputError
from workbench.formats.tmx import LONGEST_SEGMENT, read_tmx, write_tmx
from workbench.formats.xml_tree import LONGEST_RECORD

HEADER = '<header srclang="ru" segtype="sentence" datatype="plaintext"/>'


def tmx(body: str, before: str = "", encoding: str = "utf-8") -> io.BytesIO:
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'
    text = f'{declared}{before}<tmx version="1.4">{HEADER}<body>{body}</body></tmx>'
    return io.BytesIO(text.encode(encoding))


def tu(source: str, target: str, inside: str = "", attributes: str = "") -> str:
    return (
        f'<tu{attributes}>{inside}<tuv xml:lang="ru"><seg>{source}</seg></tuv>'
        f'<tuv xml:lang="zh-CN"><seg>{target}</seg></tuv></tu>'
    )


def again(units: list[Unit]) -> list[Unit | Rejected]:
    stream = io.BytesIO()
    write_tmx(stream, units)
    stream.seek(0)
    return list(read_tmx(stream))


letters = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
text = st.text(letters | st.sampled_from("\t\n\r<&>'\"] "), max_size=20)
filled = text.map(lambda s: s + "я")
moment = st.datetimes(datetime(1990, 1, 1)).map(  # noqa: DTZ001
    lambda d: d.strftime("%Y-%m-%dT%H:%M:%S.000+00:00")
)
prop_name = st.one_of(
    st.just("note"),
    st.from_regex(r"(source|target)?@x[a-z]{1,5}", fullmatch=True),
    st.from_regex(r"((source|target)/)?prop:x-[a-z]{1,5}", fullmatch=True),
)


def with_distinct_attributes(props: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """An element has each attribute once; the order among kinds is the file's."""
    attributes = {name: value for name, value in props if "@" in name}
    others = [(name, value) for name, value in props if "@" not in name]
    return (*attributes.items(), *others)


@settings(max_examples=60)
@given(
    st.lists(
        st.builds(
            Unit,
            source=filled,
            target=filled,
            before=text,
            after=text,
            article=text,
            author=text,
            created=moment,
            changed=moment,
            glossary_version=text,
            note=text,
            props=st.lists(st.tuples(prop_name, text), max_size=4).map(with_distinct_attributes),
            origin=st.just("import"),
        ),
        max_size=3,
    )
)
def test_a_round_trip_changes_nothing(units: list[Unit]) -> None:
    # A note among the props is a further note, so there is a first one.
    units = [
        replace(unit, note=unit.note or "n") if any(n == "note" for n, _ in unit.props) else unit
        for unit in units
    ]
    found = again(units)
    assert [replace(unit, props=()) for unit in found if isinstance(unit, Unit)] == [
        replace(unit, props=()) for unit in units
    ]
    for read, unit in zip(found, units, strict=True):
        assert isinstance(read, Unit)
        assert sorted(read.props) == sorted(unit.props)
    assert again([u for u in found if isinstance(u, Unit)]) == found


FOREIGN = tu(
    "Нажмите <bpt i='1'>&lt;b&gt;</bpt>кнопку<ept i='1'>&lt;/b&gt;</ept> <hi type='x'>сейчас</hi>.",
    "现在按<ph x='2'/>按钮。",
    "<note>первая</note><note xml:lang='en'>second</note><prop type='x-domain'>юмор</prop>"
    "<prop type='x-context-pre'>&lt;seg&gt;До&lt;/seg&gt;</prop><prop type='next'>После</prop>",
    " tuid='7' usagecount='3' creationid='Аня' creationdate='20240102T030405Z' changeid='Боря'",
).replace("</tu>", "<tuv xml:lang='en'><seg>Press <ph/>now.</seg></tuv></tu>")


def test_what_other_programs_wrote_is_read() -> None:
    (unit,) = read_tmx(tmx(FOREIGN))
    assert isinstance(unit, Unit)
    assert unit.source == "Нажмите кнопку сейчас."
    assert unit.target == "现在按按钮。"
    assert (unit.before, unit.after) == ("До", "После")
    assert (unit.author, unit.note) == ("Боря", "первая")
    assert unit.created == "2024-01-02T03:04:05.000+00:00"
    kept = dict(unit.props)
    assert kept["@tuid"] == "7"
    assert kept["@creationid"] == "Аня"
    assert kept["prop:x-domain"] == "юмор"
    assert "<bpt" in kept["source/seg"]
    assert "Press" in kept["tuv"]
    assert "second" in kept["element"]


def test_what_other_programs_wrote_is_written_back() -> None:
    (unit,) = read_tmx(tmx(FOREIGN))
    assert isinstance(unit, Unit)
    (written,) = again([unit])
    assert isinstance(written, Unit)
    assert replace(written, props=()) == replace(unit, props=())
    assert sorted(written.props) == sorted(unit.props)


def test_inline_tags_are_dropped_once_the_text_changed() -> None:
    (unit,) = read_tmx(tmx(FOREIGN))
    assert isinstance(unit, Unit)
    stream = io.BytesIO()
    write_tmx(stream, [replace(unit, source="Другой текст.")])
    written = stream.getvalue().decode()
    assert "<seg>Другой текст.</seg>" in written
    assert "<ph" in written  # the target is as it was


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1251"])
def test_encodings(encoding: str) -> None:
    target = "目标" if encoding != "windows-1251" else "&#30446;&#26631;"
    declared = encoding.removesuffix("-sig")
    body = f'<?xml version="1.0" encoding="{declared}"?><tmx version="1.4">{HEADER}<body>'
    data = (body + tu("Ёж", target) + "</body></tmx>").encode(encoding)
    (unit,) = read_tmx(io.BytesIO(data))
    assert isinstance(unit, Unit)
    assert (unit.source, unit.target) == ("Ёж", "目标")


def test_utf_8_that_claims_to_be_utf_16() -> None:
    stream = tmx(tu("Ёж", "刺猬"))
    data = stream.getvalue().replace(b'"utf-8"', b'"utf-16"')
    assert [type(unit) for unit in read_tmx(io.BytesIO(data))] == [Unit]


@pytest.mark.parametrize("code", ["zh", "ZH-CN", "zh-Hans", "zh_CN", "zh-Hans-CN", "cmn", "zh-SG"])
@pytest.mark.parametrize("source", ["ru", "RU-RU", "ru_KZ", "rus"])
def test_language_codes(code: str, source: str) -> None:
    body = tu("Да", "是").replace("zh-CN", code).replace('"ru"', f'"{source}"')
    (unit,) = read_tmx(tmx(body))
    assert isinstance(unit, Unit)
    assert unit.source == "Да"
    (written,) = again([unit])
    assert isinstance(written, Unit)
    assert written.props == unit.props


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (tu("Да", "是").replace("zh-CN", "en"), "memory.unit_without_pair"),
        (tu("Да", "是").replace("zh-CN", "zh-TW"), "memory.unit_without_pair"),
        (tu(" ", "是"), "memory.unit_empty"),
        ("<tu/>", "memory.unit_without_pair"),
        (tu("Да" * LONGEST_SEGMENT, "是"), "memory.unit_too_long"),
        (tu("Да" * LONGEST_RECORD, "是"), "memory.unit_too_long"),
    ],
)
def test_a_unit_that_cannot_be_used_is_reported_with_its_line(body: str, reason: str) -> None:
    found = list(read_tmx(tmx(f"\n{body}\n{tu('Нет', '否')}")))
    assert found[0] == Rejected(2, reason)
    assert isinstance(found[1], Unit)


LAUGHS = "".join(
    f'<!ENTITY {new} "{("&" + old + ";") * 10}">'
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
ATTACKS = {
    "billion laughs": tmx(tu("&i;", "是"), f'<!DOCTYPE tmx [<!ENTITY a "lol">{LAUGHS}]>'),
    "local file": tmx(
        tu("&x;", "是"), '<!DOCTYPE tmx [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    ),
    "undefined entity": tmx(tu("a&x;b", "是"), '<!DOCTYPE tmx SYSTEM "tmx14.dtd">'),
    "deep": tmx(tu("<hi>" * 5000 + "x" + "</hi>" * 5000, "是")),
    "other root": io.BytesIO(b"<html><body/></html>"),
    "text": io.BytesIO("Просто текст".encode()),
    "binary": io.BytesIO(bytes(range(256)) * 300),
    "empty": io.BytesIO(b""),
    "cut off": io.BytesIO(tmx(tu("Да", "是")).getvalue()[:-20]),
    "unknown encoding": io.BytesIO(b'<?xml version="1.0" encoding="klingon"?><tmx/>'),
    "endless attribute": io.BytesIO(b'<tmx a="' + b"x" * 9_000_000),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_attacks_and_broken_files_are_refused_in_one_sentence(name: str) -> None:
    stream = io.BytesIO(ATTACKS[name].getvalue())
    with pytest.raises(InputError) as caught:
        list(read_tmx(stream, "x.tmx"))
    for language in ("en", "zh", "ru"):
        problem, remedy = caught.value.say(language)
        assert "x.tmx" in problem
        assert remedy


def test_a_doctype_by_itself_is_allowed() -> None:
    found = list(read_tmx(tmx(tu("Да", "是"), '<!DOCTYPE tmx SYSTEM "tmx14.dtd">')))
    assert [type(unit) for unit in found] == [Unit]


def test_props_that_are_no_xml_cannot_break_the_file() -> None:
    props = (("@1 bad", "x"), ("tuv", "<tuv><broken"), ("element", "</tu>"), ("source/seg", "<a>"))
    (unit,) = again([Unit("Да", "是", props=props)])
    assert isinstance(unit, Unit)
    assert (unit.source, unit.target, unit.props) == ("Да", "是", ())


def test_characters_that_xml_cannot_hold_are_left_out() -> None:
    (unit,) = again([Unit("Д\x00а\ud800", "\x1b是", author="\x07я")])
    assert isinstance(unit, Unit)
    assert (unit.source, unit.target, unit.author) == ("Да", "是", "я")


def test_a_unit_that_says_nothing_else_is_written_plainly() -> None:
    stream = io.BytesIO()
    assert write_tmx(stream, [Unit("Да & нет", "是<否>", before="До")]) == 1
    written = stream.getvalue().decode()
    assert re.search(r"<tu>\n<prop type=\"x-context-pre\">До</prop>", written)
    assert "<seg>Да &amp; нет</seg>" in written
