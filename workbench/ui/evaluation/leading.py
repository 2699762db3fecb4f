"""What leads from one section of the page to another: to a result, to a run that is started."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from workbench.assembly import Workbench
from workbench.ui.evaluation import lines, shown
from workbench.ui.evaluation.result import Result, Results
from workbench.ui.evaluation.watching import STARTING, Watched
from workbench.ui.handlers import PRIVATE, allowed, told


def wire(leads: Leading, opens: list[tuple[Any, Any]], repeat: Any, resume: Any) -> None:
    """Connect buttons: *opens*, *repeat*, *resume* are (button, component with the number)."""
    one = shown.one_by_one(lines.PART)
    result = [leads.tabs, *leads.result.outputs]
    for button, chosen in opens:
        button.click(leads.open_run, [chosen, leads.result.view], result, **PRIVATE, **one)
    started = [leads.tabs, leads.watched.chosen]
    for (button, chosen), handler in ((repeat, leads.repeat_run), (resume, leads.resume_here)):
        button.click(handler, chosen, started, **STARTING).success(**leads.watched.again)


@dataclass(frozen=True)
class Leading:
    """The handlers."""

    workbench: Workbench
    tabs: Any
    results: Results
    result: Result
    watched: Watched

    def open_run(
        self, number: float | None, view: str | None, request: gr.Request
    ) -> dict[Any, Any]:
        """Show the result of a run that was chosen elsewhere on the page."""
        allowed(request, "evaluate")
        with told(request):
            run = self.workbench.runs.get(int(number or 0))
        found = self.results.chosen(run, view, request)
        return {self.tabs: gr.Tabs(selected="result"), **found}

    def repeat_run(self, number: float | None, request: gr.Request) -> list[Any]:
        """Order a run once more with the same settings, and follow it."""
        identity = allowed(request, "evaluate")
        with told(request):
            runs = self.workbench.runs
            run = runs.start(runs.again(int(number or 0)), identity.name)
        return [gr.Tabs(selected="run"), self.watched.page.listing(run.id)]

    def resume_here(self, number: float | None, request: gr.Request) -> list[Any]:
        """Go on with a run that was stopped, and follow it."""
        allowed(request, "evaluate")
        with told(request):
            run = self.workbench.runs.resume(int(number or 0))
        return [gr.Tabs(selected="run"), self.watched.page.listing(run.id)]
