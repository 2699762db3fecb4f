"""Faults of the glossary itself, each with what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from workbench.assembly import Workbench
from workbench.services.term_findings import Finding
from workbench.ui.glossary.entries import Desk
from workbench.ui.glossary.form import answer
from workbench.ui.handlers import PICK, PRIVATE, QUIET, allowed, notify, table, told
from workbench.ui.strings import Strings, language_of, say

COLUMNS = ("glossary.id", "fault.title", "fault.wrong", "fault.remedy")
SHOWN = 500
BASE = "base_differs"


def build(
    workbench: Workbench, strings: Strings, tab: gr.Tab, sections: gr.Tabs, desk: Desk
) -> None:
    """Add the list; it is made each time *tab* is opened. A click opens the entry."""
    page, form = Problems(workbench), desk.form
    count = gr.Markdown(elem_id="problems-count")
    listed = gr.Dataframe(
        interactive=False,
        wrap=True,
        max_height=640,
        buttons=[],
        column_widths=["6%", "14%", "46%", "34%"],
        elem_id="problems-table",
    )
    chosen = gr.Number(0, visible=False)
    with gr.Row():
        look = gr.Button(strings("problems.open"), interactive=False, elem_id="problems-open")
        take = gr.Button(strings("problems.take_base"), visible=False, elem_id="problems-take")
        keep = gr.Button(strings("problems.keep_local"), visible=False, elem_id="problems-keep")
    shown = [listed, count, chosen, look, take, keep]
    again = {"fn": page.list_problems, "inputs": None, "outputs": shown, **QUIET}
    tab.select(**again)
    listed.select(page.pick_problem, None, [chosen, look, take, keep], **PICK)
    opened = form.ask(look.click, page.open_entry, chosen, sections, saves=False)
    opened.then(**desk.details)
    take.click(page.take_base, chosen, None, **PRIVATE).success(**again)
    keep.click(page.keep_local, chosen, None, **PRIVATE).success(**again)


@dataclass(frozen=True)
class Problems:
    """The handlers."""

    workbench: Workbench

    def list_problems(self, request: gr.Request) -> list[Any]:
        """Return the faults, the graver kinds first."""
        allowed(request, "read")
        with told(request):
            found = self.workbench.desk.findings()
        rows = [_row(finding, request) for finding in found[:SHOWN]]
        key = "problems.count" if found else "glossary.no_problems"
        return [
            gr.Dataframe(table(request, COLUMNS, rows), visible=bool(rows)),
            say(key, request, count=len(found), shown=len(rows)),
            0,
            gr.Button(interactive=False, visible=bool(rows)),
            gr.Button(visible=False),
            gr.Button(visible=False),
        ]

    def pick_problem(self, event: gr.SelectData, request: gr.Request) -> list[Any]:
        """Choose a fault; a difference from the shipped glossary can be settled at once."""
        identity = allowed(request, "read")
        differs = event.row_value[1] == say(f"fault.{BASE}", request)
        settles = gr.Button(visible=differs and identity.may("keep terms"))
        return [int(event.row_value[0]), gr.Button(interactive=True), settles, settles]

    def open_entry(self, request: gr.Request, number: float) -> list[Any]:
        """Show the entry of the chosen fault in the form."""
        allowed(request, "read")
        with told(request):
            term = self.workbench.terms.get(int(number))
        return [answer(term), gr.Tabs(selected="entries")]

    def take_base(self, request: gr.Request, number: float) -> None:
        """Give the entry what the shipped glossary says."""
        identity = allowed(request, "keep terms")
        with told(request):
            term = self.workbench.desk.take_base(int(number), identity.name)
        notify("glossary.saved", request, source=term.source, target=term.target)

    def keep_local(self, request: gr.Request, number: float) -> None:
        """Keep the entry as it is."""
        allowed(request, "keep terms")
        with told(request):
            self.workbench.desk.keep_local(int(number))
        notify("problems.kept", request)


def _row(finding: Finding, request: gr.Request) -> list[Any]:
    wrong, remedy = finding.say(language_of(request))
    return [finding.terms[0].id, say(f"fault.{finding.fault}", request), wrong, remedy]
