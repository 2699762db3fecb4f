"""Quality over time: a set's figures by date and system, with their intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from workbench.assembly import Workbench
from workbench.domain.run import Run
from workbench.services.evaluation.metrics import METRICS
from workbench.services.evaluation.reports.history import history
from workbench.ui.evaluation import shown
from workbench.ui.evaluation.history import PART, against_baseline
from workbench.ui.handlers import allowed, told
from workbench.ui.strings import Strings, language_of, say

MOST = 2000  # runs that are looked at for the names of sets


@dataclass(frozen=True)
class Trend:
    """The components."""

    page: Trends
    asked: list[Any]
    body: Any


def build(workbench: Workbench, strings: Strings) -> Trend:
    """Add the choice of set and metric, and the plot."""
    page = Trends(workbench)
    gr.Markdown(strings("runs.plot"), elem_classes="wb-heading")
    with gr.Row():
        chosen = gr.Dropdown(
            label=strings("runs.set"), choices=[], min_width=200, elem_id="trend-set"
        )
        metric = gr.Dropdown(
            label=strings("evaluation.metric"),
            choices=list(METRICS),
            value="bleu",
            min_width=160,
            elem_id="trend-metric",
        )
    body = shown.html_part("trend-body")
    for each in (chosen, metric):
        each.input(page.plot_trend, [chosen, metric], body, **shown.in_turn(PART))
    return Trend(page, [chosen, metric], body)


@dataclass(frozen=True)
class Trends:
    """The handlers."""

    workbench: Workbench

    def open_trend(self, chosen: str | None, metric: str | None, request: gr.Request) -> list[Any]:
        """List the sets that runs were made of; show the one with the newest run at first."""
        allowed(request, "read")
        with told(request):
            known = self.workbench.runs.list(state="done", limit=MOST)
        sets = list(dict.fromkeys(run.set_name for run in known))
        name = chosen if chosen in sets else next(iter(sets), "")
        return [
            gr.Dropdown(choices=[(each, each) for each in sets], value=name or None),
            self.plot_trend(name, metric, request),
        ]

    def plot_trend(self, chosen: str | None, metric: str | None, request: gr.Request) -> str:
        """Plot a metric over the runs of a set."""
        allowed(request, "read")
        if not chosen:
            return shown.empty(say("runs.nothing_to_plot", request))
        with told(request):
            points = self.workbench.runs.history(chosen, metric or "bleu")
        section = history(points, language_of(request))
        newest = self.workbench.runs.list(chosen, state="done", limit=1)
        said = self._verdict(newest[0], request) if newest else ""
        if section is None:
            return said + shown.empty(say("runs.one_point", request, set=chosen))
        return said + shown.sections([section])

    def _verdict(self, newest: Run, request: gr.Request) -> str:
        """Say how the newest run stands against the baseline of its set."""
        baseline = self.workbench.runs.baseline(newest.set_name)
        head = ""
        if baseline and baseline.run_id != newest.id:
            values = {"id": newest.id, "baseline": baseline.run_id}
            head = shown.note(say("runs.against", request, **values), "strong")
        return head + against_baseline(self.workbench, newest, request)
