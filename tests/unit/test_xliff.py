"""XLIFF: what we write is read back; what Trados, memoQ and OmegaT write is understood."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from translate.storage.xliff import Xliff1File
from translate.storage.xliff2 import Xliff2File

from workbench.domain.article import Article, Block, Segment
from workbench.domain.language import Span
from workbench.domain.memory import Rejected, Unit
from workbench.domain.row import SEGMENT_STATES, Row
from workbench.errors import InputError
from workbench.formats import WRITERS
from workbench.formats.composition import printable
from workbench.formats.xliff_reader import XliffSegment, read_segments, read_xliff

NAMESPACE = 'xmlns="urn:oasis:names:tc:xliff:document:1.2"'


def first(body: str, languages: str = 'source-language="ru-RU" target-language="zh-CN"') -> str:
    return (
        f'<?xml version="1.0"?><xliff version="1.2" {NAMESPACE} xmlns:sdl="http://sdl.com/x" '
        f'xmlns:mq="MQXliff"><file original="зал.docx" {languages} datatype="x">'
        f"<header/><body><group>{body}</group></body></file></xliff>"
    )


def unit(state: str = "", target: str = "是", attributes: str = "", inside: str = "") -> str:
    return (
        f'<trans-unit id="1"{attributes}><source>Да</source>'
        f"<target{state}>{target}</target>{inside}</trans-unit>"
    )


def second(body: str) -> str:
    return (
        '<x:xliff version="2.1" xmlns:x="urn:oasis:names:tc:xliff:document:2.0" srcLang="ru" '
        f'trgLang="zh-Hans-CN"><x:file id="f" original="a.html">{body}</x:file></x:xliff>'
    )


def segments(text: str) -> list[XliffSegment]:
    found = list(read_segments(io.BytesIO(text.encode()), "x.xliff"))
    return [item for item in found if isinstance(item, XliffSegment)]


def units(text: str) -> list[Unit | Rejected]:
    return list(read_xliff(io.BytesIO(text.encode()), "x.xliff"))


def article(sources: list[str]) -> Article:
    made = [Segment(n, n, source, Span(0, len(source))) for n, source in enumerate(sources, 1)]
    return Article(tuple(Block("paragraph", s.source, 0, (s,)) for s in made), name="a.txt")


text = st.text(min_size=1, max_size=30)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(text, st.text(max_size=20), st.sampled_from(SEGMENT_STATES), st.integers(0, 9)),
        max_size=4,
    ),
    st.sampled_from(["xliff", "xliff2"]),
)
def test_what_is_written_is_read_again(
    given_rows: list[tuple[str, str, str, int]], form: str
) -> None:
    document = article([source for source, *_ in given_rows])
    rows = [
        Row(segment, target, state, revision=revision)  # type: ignore[arg-type]
        for segment, (_, target, state, revision) in zip(document.segments, given_rows, strict=True)
    ]
    data = WRITERS.load(form)().write(document, rows)
    found = list(read_segments(io.BytesIO(data), "x.xliff"))
    assert len(found) == len(rows)
    for item, row in zip(found, rows, strict=True):
        assert isinstance(item, XliffSegment)
        assert item.unit == str(row.segment.n)
        assert item.source == printable(row.segment.source)
        assert item.target == printable(row.target)
        assert item.revision == row.revision
        assert item.fits
        if not item.target.strip():
            assert item.state == "new"
        elif row.state not in ("new", "drafted"):
            edited = row.state == "edited" or (form == "xliff" and row.state == "drafted")
            assert item.state == ("edited" if edited else row.state)


@pytest.mark.parametrize("form", ["xliff", "xliff2"])
def test_another_library_reads_what_we_write(form: str) -> None:
    document = article(["Первое <b>.", "Второе & третье."])
    rows = [
        Row(document.segments[0], "第一<b>。", "confirmed"),
        Row(document.segments[1], "第二&第三。", "drafted"),
    ]
    data = WRITERS.load(form)().write(document, rows)
    store = {"xliff": Xliff1File, "xliff2": Xliff2File}[form].parsestring(data)
    read = [(str(u.source), str(u.target)) for u in store.units if u.istranslatable()]
    assert read == [("Первое <b>.", "第一<b>。"), ("Второе & третье.", "第二&第三。")]


def test_xliff_2_follows_the_rules_of_its_core() -> None:
    document = article(["Да."])
    data = WRITERS.load("xliff2")().write(document, [Row(document.segments[0], "是。", "edited")])
    root = etree.fromstring(data)
    core = {"n": "urn:oasis:names:tc:xliff:document:2.0"}
    assert root.attrib == {"version": "2.1", "srcLang": "ru", "trgLang": "zh-CN"}
    (segment,) = root.findall("n:file/n:group/n:unit/n:segment", core)
    assert segment.attrib == {"id": "1", "state": "initial", "subState": "workbench:edited"}


@pytest.mark.parametrize(
    ("written", "state"),
    [
        (unit(), "drafted"),
        (unit(' state="new"'), "drafted"),
        (unit(' state="needs-review-translation"'), "edited"),
        (unit(' state="translated"'), "confirmed"),
        (unit(' state="signed-off"'), "reviewed"),
        (unit(' state="final"'), "locked"),
        (unit(' state="translated" state-qualifier="leveraged-mt"'), "drafted"),
        (unit(attributes=' approved="yes"'), "confirmed"),
        (unit(' state="needs-translation"', attributes=' approved="yes"'), "confirmed"),
        (unit(' state="translated"', target=" "), "new"),
        (unit(attributes=' mq:status="ManuallyConfirmed"'), "confirmed"),
        (unit(attributes=' mq:status="PartiallyEdited"'), "drafted"),
        (
            unit(inside='<sdl:seg-defs><sdl:seg id="1" conf="ApprovedSignOff"/></sdl:seg-defs>'),
            "locked",
        ),
    ],
)
def test_states(written: str, state: str) -> None:
    (found,) = segments(first(written))
    assert found.state == state


def test_a_unit_that_trados_cut() -> None:
    marks = [
        f'<mrk mtype="seg" mid="{mid}">{text}</mrk>'
        for mid, text in ((7, "Первое."), (8, 'Вто<x id="1"/>рое.'), (7, "第一。"), (8, "第二。"))
    ]
    (one, two) = segments(
        first(
            '<trans-unit id="u"><source>Первое. Второе.</source>'
            f'<seg-source><g id="2">{marks[0]} {marks[1]}</g></seg-source>'
            f'<target><g id="2">{marks[2]}{marks[3]}</g></target><sdl:seg-defs>'
            '<sdl:seg id="7" conf="Translated"/><sdl:seg id="8" conf="Draft"/></sdl:seg-defs>'
            "</trans-unit>"
        )
    )
    assert (one.source, one.target, one.state) == ("Первое.", "第一。", "confirmed")
    assert (two.source, two.target, two.state) == ("Второе.", "第二。", "edited")


XLIFF_2 = second(
    '<x:group id="g"><x:unit id="u1"><x:notes><x:note>Проверить имя</x:note></x:notes>'
    '<x:segment id="s1" state="final"><x:source>До <x:pc id="1">после</x:pc><x:ph id="2"/>.'
    "</x:source><x:target>前<x:pc id='1'>后</x:pc>。</x:target></x:segment>"
    "<x:ignorable><x:source> </x:source></x:ignorable>"
    '<x:segment id="s2"><x:source>Ещё.</x:source><x:target>再。</x:target></x:segment></x:unit>'
    '<x:unit id="u2"><x:segment state="reviewed"><x:source>Конец.</x:source>'
    "<x:target>完。</x:target></x:segment></x:unit></x:group>"
)


def test_only_finished_segments_become_units() -> None:
    one, two, three = units(XLIFF_2)
    assert isinstance(one, Unit)
    assert (one.source, one.target, one.note) == ("До после.", "前后。", "Проверить имя")
    assert (one.before, one.after, one.article) == ("", "Ещё.", "a.html")
    assert one.props == (("prop:x-workbench-state", "locked"),)
    assert two == Rejected(1, "units.unfinished")
    assert isinstance(three, Unit)
    assert (three.before, three.after) == ("Ещё.", "")


def test_what_is_not_to_be_translated_is_passed_over() -> None:
    assert segments(first(unit(' state="final"', attributes=' translate="no"'))) == []


@pytest.mark.parametrize(
    ("languages", "fits"),
    [
        ('source-language="RU" target-language="zh_CN"', True),
        ('source-language="ru"', True),
        ('source-language="en" target-language="zh-CN"', False),
        ('source-language="ru" target-language="zh-TW"', False),
    ],
)
def test_languages(languages: str, fits: bool) -> None:
    (found,) = units(first(unit(' state="final"'), languages))
    assert isinstance(found, Unit) == fits


ATTACKS = {
    "entity": '<!DOCTYPE x [<!ENTITY a "b">]><xliff>&a;</xliff>',
    "deep": first("<group>" * 5000),
    "cut": first(unit())[:-30],
    "control": first(unit(target="&#31;")),
    "other": "<tmx/>",
}


@pytest.mark.parametrize("name", ATTACKS)
def test_attacks_and_broken_files_are_refused_in_one_sentence(name: str) -> None:
    with pytest.raises(InputError) as caught:
        units(ATTACKS[name])
    problem, remedy = caught.value.say("ru")
    assert "x.xliff" in problem
    assert remedy


def test_a_segment_of_eleven_megabytes_is_refused_and_the_others_are_read() -> None:
    huge = unit(' state="final"', target="是" * 3_700_000)
    found = units(first("\n" + huge + "\n" + unit(' state="final"')))
    assert found[0] == Rejected(2, "memory.unit_too_long")
    assert isinstance(found[1], Unit)
