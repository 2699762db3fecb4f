"""Reports: whole, in three languages, self-contained, the same bytes each time, nothing as HTML."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from workbench.domain.effort import EffortReport, EffortRow
from workbench.domain.judgement import (
    Agreement,
    Campaign,
    CampaignSettings,
    JudgeRow,
    Results,
    SystemRow,
)
from workbench.domain.quality import (
    Comparison,
    Contrast,
    Difference,
    Evaluation,
    Fault,
    HterReport,
    Mark,
    Ngram,
    NgramUse,
    Renderings,
    Score,
    Side,
    SliceResult,
    SourceTerm,
    Tally,
    TermUse,
    Weak,
)
from workbench.domain.report import Chart, Marked, Point, Report, Section, Series, Table
from workbench.domain.run import Point as Figure
from workbench.errors import NotFound
from workbench.formats.charts import png, svg
from workbench.formats.report_docx import write_docx
from workbench.formats.report_html import write_html
from workbench.messages import LANGUAGES
from workbench.services.evaluation.reports.document import report
from workbench.services.evaluation.reports.figures import COLUMNS, figures
from workbench.services.evaluation.reports.history import history
from workbench.services.evaluation.reports.people import effort, judgement
from workbench.services.evaluation.reports.writing import KINDS, write

SIGNATURE = "nrefs:1|bs:1000|seed:12345|case:mixed|eff:no|tok:zh|smooth:exp|version:2.6.0"
NASTY = "<script>$x_1$</script>"


def evaluation() -> Evaluation:
    """A run of two systems, one with a name that means harm."""
    systems = ("shipped", NASTY)
    tally = Tally(NASTY, "shipped", "segment", 1, 1, 0, "chrF", 1.0)
    comparison = Comparison("bleu", NASTY, "shipped", -1.25, 0.00001, "bs:1000", -2.0, -0.5, 2)
    slices = [
        SliceResult(kind, name, 2, {s: (score("bleu", 7.5),) for s in systems}, (tally,))
        for kind, name in [("all", ""), ("length", "1–40"), ("names", "yes"), ("document", "a<b")]
    ]
    slices[0] = replace(slices[0], comparisons=(replace(comparison, test="ar:10000"),))
    side = Side("shipped", "卫星发射推迟。", 41.0, (Mark(4, 6, "changed"),), "卫星发射取消。", ())
    other = replace(
        side, system=NASTY, text="卫星<b>发射", marks=(), reference_marks=(Mark(4, 6, "missing"),)
    )
    difference = Difference(
        2, "chrF", -12.0, other, side, "Запуск спутника отменён.", (SourceTerm(7, 15, "卫星"),)
    )
    contrast = Contrast(
        systems, 2, "a machine", ("bleu",), tuple(slices), (replace(tally, unit="document"),),
        (difference,), {"shipped": NgramUse((Ngram("的的", 4, 1, 3, 2),), ())},
    )  # fmt: skip
    return Evaluation(
        set_name="newsdesk", size=2, systems=systems,
        scores={s: (score("bleu", 7.5), score("chrf", 20.25)) for s in systems},
        comparisons=(comparison,), outputs=dict.fromkeys(systems, ("一", "二")),
        seconds={"shipped": 2.0}, glossary="house", created="2026-11-25T10:00:00Z", id=7,
        terms={"shipped": TermUse(3, 2, {"model": 2})},
        worst=(Weak("shipped", 1, "chrF", 3.0, "Да.", "不", "是"),), machine="a machine",
        characters=40, warnings=(("evaluation.one_line", {}),),
        measures={"shipped": (score("terms", 66.7),)},
        faults={"shipped": tuple(Fault(n, "loop", "一一一") for n in range(1, 60))},
        renderings={"shipped": (Renderings("ОДКБ", "集安组织", 3, {"集安组织": 2, "": 1}),)},
        contrast=contrast,
    )  # fmt: skip


def score(metric: str, value: float) -> Score:
    return Score(metric, value, SIGNATURE, value - 1, value + 1, 2)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_loads_nothing_and_runs_nothing(language: str) -> None:
    page = write(evaluation(), "html", language, {"test": "bs"}).decode()
    tree = html.fromstring(page)
    assert tree.xpath("//script | //link | //img | //iframe | //*[@onload]") == []
    assert re.findall(r"(?:src|href|url)\s*[=(]\s*[\"']?(?!#)[a-z]+:", page) == []
    text = tree.text_content()
    for found in (NASTY, SIGNATURE, "6.50–8.50", "-1.25", "< 0.0001", "卫星发射推迟。", "a<b"):
        assert found in text
    assert len(tree.xpath("//svg")) == len(tree.xpath("//figure")) == 2
    assert [m.text for m in tree.xpath("//del")] == ["推迟"]
    assert "спутника" in next(m.text for m in tree.xpath("//mark"))
    assert tree.xpath("count(//table)") == len(tree.xpath("//table[.//tr/td]"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_document_holds_what_the_page_holds(language: str) -> None:
    made = report(evaluation(), language, {"test": "bs"})
    document = docx.Document(io.BytesIO(write_docx(made)))
    tables = [part for s in made.sections for part in s.parts if isinstance(part, Table)]
    charts = [part for s in made.sections for part in s.parts if isinstance(part, Chart)]
    assert len(document.tables) == len(tables)
    assert len(document.inline_shapes) == len(charts) == 2
    for written, table in zip(document.tables, tables, strict=True):
        assert [c.text for c in written.rows[0].cells] == list(table.columns)
        assert len(written.rows) == 1 + len(table.rows)
    struck = [
        run.text
        for table in document.tables
        for cell in table._cells
        for run in cell.paragraphs[0].runs
        if run.font.strike
    ]
    assert struck == ["推迟"]
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings == [section.heading for section in made.sections]


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_run_gives_the_same_bytes(kind: str) -> None:
    assert write(evaluation(), kind) == write(evaluation(), kind)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(NotFound) as caught:
        write(evaluation(), "pdf")
    assert "html" in caught.value.say("en")[1]


def test_the_table_for_machines_holds_every_figure_unrounded() -> None:
    run = replace(evaluation(), scores={s: (score("bleu", 1 / 3),) for s in evaluation().systems})
    text = write(run, "tsv").decode()
    rows = list(csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(rows) == len(list(figures(run)))
    assert tuple(rows[0]) == COLUMNS
    mine = [r for r in rows if (r["kind"], r["part"], r["system"]) == ("score", "all", "shipped")]
    assert [float(row["value"]) for row in mine] == [1 / 3]
    assert all(row["signature"] and row["machine"] and row["size"] for row in rows)
    drops = [float(row["value"]) for row in rows if row["kind"] == "comparison"]
    assert drops == [-1.25, -1.25]
    assert {row["part"] for row in rows} == {"all", "length 1–40", "names yes", "document a<b"}


def test_the_document_for_machines_holds_everything() -> None:
    document = json.loads(write(evaluation(), "json", settings={"seed": "12345"}))
    assert document["settings"] == {"seed": "12345"}
    assert document["contrast"]["slices"][3]["name"] == "a<b"
    assert document["outputs"]["shipped"] == ["一", "二"]
    assert len(document["faults"]["shipped"]) == 59


def test_one_system_without_anything_has_a_report() -> None:
    bare = Evaluation("x", 1, ("a",), {"a": (Score("bleu", 0.0, SIGNATURE),)})
    made = report(bare, "en")
    assert [s.heading for s in made.sections] == ["Scores", "Terms, faults, length"]
    assert b"\xe2\x80\x94" in write_html(made)
    assert write_docx(made)


def test_figures_of_other_lines_or_signatures_are_never_joined() -> None:
    first = Figure(1, "2026-11-01T08:00:00Z", "shipped", score("bleu", 7), 300, "aaa")
    later = replace(first, run_id=2, created="2026-11-02T08:00:00Z")
    assert history([first], "en") is None
    same = history([first, later], "en")
    assert same is not None
    assert [s.name for s in chart_of(same).series] == ["shipped"]
    other = history([first, replace(later, digest="bbb")], "en")
    assert other is not None
    assert [s.name for s in chart_of(other).series] == ["shipped (1)", "shipped (2)"]


def test_effort_that_may_not_be_seen_is_not_in_the_report() -> None:
    changed = HterReport(score("hter", 12.5), {"name": score("hter", 4.0)}, {"name": 4}, 100, 2)
    rows = (
        EffortRow("a", "shipped", 3, segments=2, characters=90, active_ms=60_000, hter=changed),
        EffortRow("b", "qwen", 1, withheld=True),
    )
    section = effort(EffortReport("engine", rows, rows[0], own=False, people=3), "en")
    assert section is not None
    (table,) = [part for part in section.parts if isinstance(part, Table)]
    assert table.rows[0][:4] == ("shipped", "2", "90", "1.0")
    assert table.rows[0][4] == "5400"
    assert set(table.rows[1][2:]) == {""}
    assert [p.value for s in chart_of(section).series for p in s.points] == [4.0, 0.0, 0.0, 0.0]
    assert effort(EffortReport("engine", (), rows[0], own=False, people=3), "en") is None


@pytest.mark.parametrize("closed", [False, True])
def test_an_open_campaign_names_no_system(closed: bool) -> None:
    campaign = Campaign("spring", 7, "mqm", CampaignSettings(1, (NASTY,), (0, 1)), closed, items=9)
    systems = (SystemRow(NASTY, 2, 4, (score("MQM", 3.5),), {"name": 3}),) if closed else ()
    judges = (JudgeRow("Аня", 9, {"repeat": 2}, {"repeat": 1}, 3.0, 1.0, 12.0),)
    alpha = Agreement("alpha", ("Аня", "Бо"), 4, None, "krippendorff")
    section = judgement(Results(campaign, judges, (alpha,), systems), "en")
    text = repr(section)
    assert (NASTY in text) == closed
    assert ("still open" in text) == (not closed)
    assert "50.0%" in text
    assert write_html(Report("t", "en", (), (section,)))


def chart_of(section: Section) -> Chart:
    (chart,) = [part for part in section.parts if isinstance(part, Chart)]
    return chart


@pytest.mark.parametrize("kind", ["intervals", "lines", "shares"])
def test_a_chart_says_its_names_and_is_a_picture(kind: str) -> None:
    points = (Point("译稿 $a$ <b>", 1.0, 0.5, 2.0), Point("б", 2.0))
    chart = Chart("t", kind, (Series("第一", points), Series("second", points)), "%")  # type: ignore[arg-type]
    drawn = etree.fromstring(svg(chart).encode())
    text = " ".join(" ".join(drawn.itertext()).split())
    for name in ("译稿 $a$ <b>", "б", "第一", "second"):
        assert name in text
    assert png(chart).startswith(b"\x89PNG")
    assert svg(chart) == svg(chart)


@given(st.text(max_size=40), st.data())
def test_marks_lose_no_letter(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    kinds = data.draw(st.lists(st.sampled_from(["removed", "added", "term"]), min_size=3))
    marks = tuple((a, b, kind) for (a, b), kind in zip(spans, kinds, strict=False))
    table = Table("", ("a",), ((Marked(text, marks),),))
    page = write_html(Report("t", "en", (), (Section("s", (table,)),))).decode()
    cell = page[page.index("<td>") + 4 : page.index("</td>")]
    plain = re.sub(r"</?(?:del|ins|mark)[^>]*>", "", cell)
    wanted = text.encode("utf-8", "replace").decode()
    assert html_unescaped(plain) == wanted


def html_unescaped(text: str) -> str:
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'")):
        text = text.replace(entity, char)
    return text.replace("&amp;", "&")
