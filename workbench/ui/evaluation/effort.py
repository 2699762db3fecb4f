"""What post-editing cost, by engine, article or translator, as far as the asker may see it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import gradio as gr

from workbench.assembly import Workbench
from workbench.domain.effort import BYS, EffortReport
from workbench.errors import WorkbenchError
from workbench.services.evaluation.reports.people import effort
from workbench.ui.evaluation import shown
from workbench.ui.handlers import PICK, PRIVATE, QUIET, allowed, choices
from workbench.ui.strings import Strings, language_of, say


@dataclass(frozen=True)
class Efforts:
    """The components."""

    page: EffortPage
    by: Any
    asked: list[Any]
    outputs: list[Any]


def build(workbench: Workbench, strings: Strings) -> Efforts:
    """Add the choice of rows and period, the figures, the download."""
    page = EffortPage(workbench)
    gr.Markdown(strings("efforts.intro"))
    with gr.Row(equal_height=True):
        by = gr.Radio(
            label=strings("efforts.by"),
            choices=list(BYS),
            value="engine",
            scale=2,
            min_width=280,
            elem_id="efforts-by",
        )
        days = [
            gr.Textbox(
                label=strings(f"freezing.{day}"),
                placeholder="2026-11-01",
                max_length=10,
                scale=1,
                min_width=140,
                elem_id=f"efforts-{day}",
            )
            for day in ("since", "until")
        ]
        look = gr.Button(strings("efforts.show"), scale=0, min_width=110, elem_id="efforts-show")
        save = gr.Button(
            strings("efforts.csv"),
            visible=False,
            scale=0,
            min_width=110,
            elem_id="efforts-csv",
        )
    body = shown.html_part("efforts-body")
    asked, outputs = [by, *days], [body, save]
    by.input(page.show_effort, asked, outputs, **PICK)
    look.click(page.show_effort, asked, outputs, **PRIVATE)
    for day in days:
        day.submit(page.show_effort, asked, outputs, **QUIET)
    return Efforts(page, by, asked, outputs)


@dataclass(frozen=True)
class EffortPage:
    """The handlers."""

    workbench: Workbench

    def open_effort(
        self, by: str | None, since: str | None, until: str | None, request: gr.Request
    ) -> list[Any]:
        """Name the rows in the user's language and show what was asked for last."""
        named = gr.Radio(choices=choices(request, "efforts", ("engine", "article", "translator")))
        return [named, *self.show_effort(by, since, until, request)]

    def show_effort(
        self, by: str | None, since: str | None, until: str | None, request: gr.Request
    ) -> list[Any]:
        """Show the effort of a period; the service decides what the asker may see."""
        identity = allowed(request, "read")
        rows, first, last = by or "engine", (since or "").strip(), (until or "").strip()
        try:
            report = self.workbench.lab.effort.report(identity, rows, first, last)
        except WorkbenchError as error:
            return [shown.refused(error, request), gr.Button(visible=False)]
        section = effort(_named(report, request), language_of(request))
        if section is None:
            key = "efforts.none" if self.workbench.lab.effort.measured else "efforts.off"
            return [shown.empty(say(key, request)), gr.Button(visible=False)]
        asked = urlencode({"by": rows, "since": first, "until": last})
        link = f"/api/v1/efforts/export?{asked}"
        return [
            _privacy(report, request) + shown.sections([section]),
            gr.Button(link=link, visible=True),
        ]


def _named(report: EffortReport, request: gr.Request) -> EffortReport:
    """Return the report with names for the rows that have none: the memory, no draft at all."""
    if report.by != "engine":
        return report
    names = {"": say("effort.from_nothing", request), "memory": say("effort.memory", request)}
    rows = (replace(row, label=names.get(row.key, row.label)) for row in report.rows)
    return replace(report, rows=tuple(rows))


def _privacy(report: EffortReport, request: gr.Request) -> str:
    """Say whose work is in the figures."""
    if report.own:
        return shown.note(say("efforts.own", request))
    if report.people:
        return shown.note(say("efforts.people", request, people=report.people))
    return ""
