"""TMX as OmegaT, Trados and memoQ write it: written by hand after what their files look like."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.domain.memory import Unit
from workbench.formats.tmx import read_tmx, write_tmx
from workbench.formats.xml_tree import escape

OMEGAT = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx11.dtd">
<tmx version="1.1">
  <header creationtool="OmegaT" o-tmf="OmegaT TMX" adminlang="EN-US" datatype="plaintext"
    creationtoolversion="6.0.1_0_1" segtype="sentence" srclang="RU-RU"/>
  <body>
<!-- Default translations -->
    <tu>
      <tuv lang="RU-RU">
        <seg>Ворота музея <f0>открыты</f0>.</seg>
      </tuv>
      <tuv lang="ZH-CN" changeid="olga" changedate="20250308T101500Z" creationid="ivan"
        creationdate="20250307T091500Z">
        <seg>博物馆大门&lt;f0>敞开&lt;/f0>。</seg>
      </tuv>
    </tu>
<!-- Alternative translations -->
    <tu>
      <note>Так в прошлом году.</note>
      <prop type="file">museum.txt</prop>
      <prop type="prev"></prop>
      <prop type="next">Вход бесплатный.</prop>
      <prop type="id">12</prop>
      <tuv lang="RU-RU">
        <seg>Ворота музея открыты.</seg>
      </tuv>
      <tuv lang="ZH-CN" changeid="olga" changedate="20250308T101600Z">
        <seg>馆门已开。</seg>
      </tuv>
    </tu>
  </body>
</tmx>
""".replace("<f0>", "&lt;f0>").replace("</f0>", "&lt;/f0>")

TRADOS = """<?xml version="1.0" encoding="utf-16"?>
<tmx version="1.4">
  <header creationtool="SDL Language Platform" creationtoolversion="8.1" o-tmf="SDL TM8 Format"
    datatype="xml" segtype="sentence" adminlang="ru-RU" srclang="ru-RU"
    creationdate="20240110T080000Z" creationid="BUREAU\\petrova">
    <prop type="x-Note:SingleString"></prop>
    <prop type="x-Recognizers">RecognizeAll</prop>
    <prop type="x-IncludesContextContent">True</prop>
    <prop type="x-TMName">музей</prop>
  </header>
  <body>
    <tu creationdate="20240111T090000Z" creationid="BUREAU\\petrova"
      changedate="20240112T100000Z" changeid="BUREAU\\sidorov" lastusagedate="20240113T110000Z"
      usagecount="3">
      <prop type="x-LastUsedBy">BUREAU\\sidorov</prop>
      <prop type="x-Context">-5172948103756102934, 0</prop>
      <prop type="x-ContextContent">Касса закрыта. | | 售票处关闭。 | </prop>
      <prop type="x-Origin">TM</prop>
      <prop type="x-ConfirmationLevel">ApprovedSignOff</prop>
      <tuv xml:lang="ru-RU">
        <seg>Вход <bpt i="1" type="14" x="1" /><ph x="2" type="16" />свободный<ept i="1" />.</seg>
      </tuv>
      <tuv xml:lang="zh-CN">
        <seg><bpt i="1" type="14" x="1" />免费<ept i="1" />入场。</seg>
      </tuv>
    </tu>
  </body>
</tmx>
"""

MEMOQ = """<?xml version="1.0" encoding="utf-8"?>
<tmx version="1.4">
  <header creationtool="MemoQ" creationtoolversion="9.14.10" segtype="paragraph" adminlang="en-us"
    creationid="olga" srclang="*all*" o-tmf="MemoQTM" datatype="unknown">
    <prop type="defclient">Музей</prop>
    <prop type="defdomain"></prop>
    <note>Выгружено для партнёра</note>
  </header>
  <body>
    <tu changedate="20230615T120000Z" creationdate="20230614T120000Z" creationid="olga"
      changeid="olga">
      <prop type="client">Музей</prop>
      <prop type="x-document">зал.docx</prop>
      <tuv xml:lang="ru">
        <prop type="x-context-pre">&lt;seg&gt;Чай &amp;amp; те&lt;ph/&gt;&lt;/seg&gt;</prop>
        <prop type="x-context-post">&lt;seg&gt;Зал два.&lt;/seg&gt;</prop>
        <seg>Зал <it pos="begin">&lt;b&gt;</it>один<ut>x</ut> <hi type="i">малый</hi>.</seg>
      </tuv>
      <tuv xml:lang="zh-Hans">
        <seg>一号<bpt i="1">&lt;a <sub type="t">намёк</sub>&gt;</bpt>小<ept i="1"/>厅。</seg>
      </tuv>
      <tuv xml:lang="en-GB"><seg>Small hall one.</seg></tuv>
      <tuv xml:lang="zh-Hant"><seg>一號小廳。</seg></tuv>
    </tu>
    <tu segtype="sentence">
      <tuv xml:lang="RU"><seg>Зал два.</seg></tuv><tuv xml:lang="ZH_CN"><seg>二号厅。</seg></tuv>
    </tu>
  </body>
</tmx>
"""


def units(text: str, encoding: str = "utf-8") -> list[Unit]:
    found = list(read_tmx(io.BytesIO(text.encode(encoding)), "x.tmx"))
    assert all(isinstance(unit, Unit) for unit in found)
    return [unit for unit in found if isinstance(unit, Unit)]


def written(found: list[Unit]) -> str:
    stream = io.BytesIO()
    write_tmx(stream, found)
    return stream.getvalue().decode()


def test_omegat() -> None:
    first, second = units(OMEGAT)
    assert (first.source, first.target) == (
        "Ворота музея <f0>открыты</f0>.",
        "博物馆大门<f0>敞开</f0>。",
    )
    assert (first.author, first.changed) == ("olga", "2025-03-08T10:15:00.000+00:00")
    assert first.created == "2025-03-07T09:15:00.000+00:00"
    assert (second.before, second.after, second.note) == (
        "",
        "Вход бесплатный.",
        "Так в прошлом году.",
    )
    text = written([first, second])
    assert 'o-tmf="OmegaT TMX"' in text
    assert 'creationtool="workbench"' in text
    assert '<prop type="x-workbench-creationtool">OmegaT</prop>' in text
    assert '<tuv xml:lang="ZH-CN" changeid="olga" changedate="20250308T101600Z">' in text
    for prop in ('"file">museum.txt', '"next">Вход бесплатный.', '"id">12', '"prev"><'):
        assert f"<prop type={prop}" in text


def test_trados() -> None:
    (unit,) = units(TRADOS, "utf-16")
    assert (unit.source, unit.target) == ("Вход свободный.", "免费入场。")
    assert (unit.author, dict(unit.props)["@creationid"]) == ("BUREAU\\sidorov", "BUREAU\\petrova")
    text = written([unit])
    for kept in (
        '<prop type="x-TMName">музей</prop>',
        '<prop type="x-Context">-5172948103756102934, 0</prop>',
        '<prop type="x-ContextContent">Касса закрыта. | | 售票处关闭。 | </prop>',
        '<bpt i="1" type="14" x="1"/><ph x="2" type="16"/>свободный<ept i="1"/>.</seg>',
        'creationid="BUREAU\\petrova" changedate="20240112T100000Z" changeid="BUREAU\\sidorov"',
        'usagecount="3"',
        'srclang="ru-RU"',
        '<tuv xml:lang="ru-RU">',
    ):
        assert kept in text
    assert "<tu creation" in text  # the defaults of the header are not said again below it
    assert text.count("segtype") == 1


def test_memoq() -> None:
    first, second = units(MEMOQ)
    assert (first.source, first.target) == ("Зал один малый.", "一号小厅。")
    assert (first.before, first.after) == ("Чай & те", "Зал два.")
    text = written([first, second])
    for kept in (
        "<note>Выгружено для партнёра</note>",
        'segtype="paragraph"',
        'srclang="*all*"',
        "&lt;seg&gt;Чай &amp;amp; те&lt;ph/&gt;&lt;/seg&gt;</prop>",
        '<it pos="begin">&lt;b&gt;</it>один<ut>x</ut> <hi type="i">малый</hi>.',
        '<sub type="t">намёк</sub>',
        '<tuv xml:lang="en-GB"><seg>Small hall one.</seg></tuv>',
        '<tuv xml:lang="zh-Hant"><seg>一號小廳。</seg></tuv>',
        '<tu segtype="sentence">',
        '<tuv xml:lang="ZH_CN">',
    ):
        assert kept in text
    # Below our own header the unit says what held for it.
    alone = written([Unit("Да", "是"), first])
    assert '<tu segtype="paragraph" srclang="*all*" datatype="unknown"' in re.sub(
        r' (creation|change)\w+="[^"]*"', "", alone
    )
    assert '<prop type="x-workbench-header">&lt;header' in alone


@pytest.mark.parametrize(
    ("text", "encoding"), [(OMEGAT, "utf-8"), (TRADOS, "utf-16"), (MEMOQ, "utf-8")]
)
def test_export_and_import_again_change_nothing(text: str, encoding: str) -> None:
    found = units(text, encoding)
    for order in (found, [Unit("Да", "是", origin="import"), *found]):
        again = units(written(order))
        assert [replace(u, props=()) for u in again] == [replace(u, props=()) for u in order]
        assert [sorted(u.props) for u in again] == [sorted(u.props) for u in order]
    assert written(units(written(found))) == written(found)


def test_what_a_variant_says_besides_its_unit_says_the_same() -> None:
    head = '<tmx version="1.4"><header segtype="block" datatype="html" srclang="ru" '
    head += 'o-tmf="x" adminlang="ru"/><body>'
    found = units(
        f'{head}<tu datatype="plaintext" usagecount="2" creationid="a">'
        '<tuv xml:lang="ru" datatype="rtf" usagecount="3"><seg>Да</seg></tuv>'
        '<tuv xml:lang="zh" datatype="xml" usagecount="4" creationid="b"><seg>是</seg></tuv>'
        "</tu></body></tmx>"
    )
    text = written(found)
    assert 'datatype="plaintext"' in text
    assert [sorted(unit.props) for unit in units(text)] == [sorted(u.props) for u in found]


def test_a_change_in_the_house_goes_before_what_the_file_told() -> None:
    _, unit = units(OMEGAT)
    text = written([replace(unit, author="anna", changed="2026-01-02T03:04:05.000+00:00")])
    assert 'changedate="20260102T030405Z" changeid="anna"' in text
    assert "olga" not in text


@pytest.mark.parametrize("marked", [True, False])
@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-8"])
@pytest.mark.parametrize(
    "declared", ["", ' encoding="utf-16"', ' encoding="UTF-8"', ' encoding="UTF-16LE"']
)
def test_marks_and_declarations(marked: bool, codec: str, declared: str) -> None:
    text = re.sub(r' encoding="[^"]*"', declared, TRADOS, count=1)
    (unit,) = read_tmx(io.BytesIO(("\ufeff" * marked + text).encode(codec)))
    assert isinstance(unit, Unit)
    assert unit.target == "免费入场。"


@pytest.mark.parametrize("codec", ["gb18030", "gbk", "euc-jp"])
def test_other_encodings_that_are_declared(codec: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{codec}"?>\n<tmx version="1.4"><header/><body><tu>'
        '<tuv xml:lang="ru"><seg>Вход</seg></tuv><tuv xml:lang="zh"><seg>入口</seg></tuv>'
        "</tu></body></tmx>"
    )
    (unit,) = units(text, codec)
    assert (unit.source, unit.target) == ("Вход", "入口")


letters = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
text = st.text(letters | st.sampled_from("\t\n\r<&>'\"] "), max_size=12)
moment = st.datetimes(datetime(1990, 1, 1)).map(  # noqa: DTZ001
    lambda d: d.strftime("%Y-%m-%dT%H:%M:%S.000+00:00")
)
code = st.tuples(st.sampled_from(["bpt", "ept", "ph", "it", "ut"]), text, st.booleans())


def tagged(parts: list[str | tuple[str, str, bool]]) -> tuple[str, str]:
    """Return (text, content of <seg>) of text and inline tags; <hi> and unknown ones hold text."""
    plain, xml = "я", "я"
    for part in parts:
        if isinstance(part, str):
            plain += part
            xml += escape(part)
        else:
            tag, inside, opaque = part
            tag = tag if opaque else "hi"
            plain += "" if opaque else inside
            xml += f'<{tag} x="1">{escape(inside)}</{tag}>' if inside else f'<{tag} x="1"/>'
    return plain, xml


@st.composite
def foreign(draw: st.DrawFn) -> Unit:
    """A unit with everything that files of other programs have brought along."""
    props: list[tuple[str, str]] = []
    sides = []
    for side in ("source", "target"):
        plain, xml = tagged(draw(st.lists(text | code, max_size=4)))
        sides.append(plain)
        if "<" in re.sub(r"&lt;", "", xml):
            props.append((f"{side}/seg", xml))
        props += [(f"{side}/prop:x-kind", value) for value in draw(st.lists(text, max_size=1))]
    props += [("tuv", f'<tuv xml:lang="en"><seg>{escape(draw(text))}x</seg></tuv>')]
    for name in draw(st.sets(st.sampled_from(["@tuid", "@usagecount", "@lastusagedate"]))):
        props.append((name, draw(text)))
    if draw(st.booleans()):
        props.append(("@segtype", "paragraph"))
    if draw(st.booleans()):
        props.append(("@srclang", "*all*"))
    if draw(st.booleans()):
        props.append(("source@xml:lang", "ru-RU"))
    author, created, changed = draw(text), draw(moment), draw(moment)
    if author and draw(st.booleans()):
        props += [("target@changeid", author), ("target@changedate", told(changed))]
    if draw(st.booleans()):
        inside = escape(draw(text))
        props.append(("header", f'<header adminlang="ru"><note>{inside}n</note></header>'))
    return Unit(
        *sides,
        before=draw(text),
        after=draw(text),
        author=author,
        created=created,
        changed=changed,
        note=draw(text),
        props=tuple(props),
        origin="import",
    )


def told(moment: str) -> str:
    return re.sub(r"[-:]", "", moment[:19]) + "Z"


@settings(max_examples=120, deadline=None)
@given(st.lists(foreign(), max_size=3))
def test_all_that_files_bring_along_comes_back(found: list[Unit]) -> None:
    again = units(written(found))
    assert [replace(u, props=()) for u in again] == [replace(u, props=()) for u in found]
    for now, before in zip(again, found, strict=True):
        said = [p for p in now.props if p[0] != "header"]
        assert sorted(said) == sorted(p for p in before.props if p[0] != "header")
        headers = [dict(u.props).get("header", "").partition("<note>")[2] for u in (now, before)]
        assert headers[0] == headers[1]
    assert units(written(again)) == again
