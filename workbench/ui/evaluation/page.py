"""The sections of the evaluators' page, each a tab of its own."""

from __future__ import annotations

from typing import Any

import gradio as gr

from workbench.assembly import Workbench
from workbench.ui.evaluation import (
    effort,
    freezing,
    history,
    judging,
    leading,
    lines,
    ordering,
    result,
    sets,
    shown,
    trend,
    watching,
)
from workbench.ui.evaluation.history import History
from workbench.ui.evaluation.leading import Leading
from workbench.ui.evaluation.result import Result, Results
from workbench.ui.evaluation.watching import Watched
from workbench.ui.handlers import QUIET
from workbench.ui.strings import Strings


def build(workbench: Workbench, strings: Strings, tab: gr.Tab) -> None:
    """Add the page to *tab*; a section is filled each time it is opened."""
    with gr.Tabs(elem_id="evaluation-sections") as tabs:
        with _section(strings, "run") as section:
            watched = _run(workbench, strings, tab, section)
        with _section(strings, "result") as section:
            results, found = _result(workbench, strings, section)
        with _section(strings, "history") as section:
            listed = _history(workbench, strings, section)
        with _section(strings, "sets") as section:
            _sets(workbench, strings, section)
        with _section(strings, "effort") as section:
            _effort(workbench, strings, section)
        with _section(strings, "judging") as section:
            _judging(workbench, strings, section)
    leads = Leading(workbench, tabs, results, found, watched)
    opens = [(watched.open_result, watched.chosen), (listed.buttons["open"], listed.chosen)]
    repeat, resume = ((listed.buttons[name], listed.chosen) for name in ("repeat", "resume"))
    leading.wire(leads, opens, repeat, resume)


def _section(strings: Strings, name: str) -> Any:
    return gr.Tab(strings(f"evaluation.tab_{name}"), id=name, elem_id=f"evaluation-{name}")


def _run(workbench: Workbench, strings: Strings, tab: gr.Tab, section: gr.Tab) -> Watched:
    """Add the form and the run that is followed."""
    form = ordering.build(workbench, strings)
    watched = watching.build(workbench, strings)
    ordering.wire(form, watched)
    again: dict[str, Any] = {
        "fn": watched.page.open_watch,
        "inputs": watched.chosen,
        "outputs": watched.outputs,
        **QUIET,
        **shown.one_by_one(watching.PART),
    }
    tab.select(form.page.open_orders, None, form.filled, **QUIET).then(**again)
    section.select(**again)
    return watched


def _result(workbench: Workbench, strings: Strings, section: gr.Tab) -> tuple[Results, Result]:
    """Add the result of a run."""
    page, parts = result.build(workbench, strings)
    asked = [parts.chosen, parts.view, parts.seen]
    one = {**QUIET, **shown.one_by_one(lines.PART)}
    section.select(page.open_results, asked, parts.outputs, **one)
    return page, parts


def _history(workbench: Workbench, strings: Strings, section: gr.Tab) -> History:
    """Add the plot over the list of runs."""
    plot = trend.build(workbench, strings)
    again = {"fn": plot.page.plot_trend, "inputs": plot.asked, "outputs": plot.body, **QUIET}
    page, listed = history.build(workbench, strings, again)
    everything = [*listed.asked, *listed.table, *listed.picked]
    one = {**QUIET, **shown.one_by_one(history.PART)}
    section.select(page.open_history, None, everything, **one).then(
        plot.page.open_trend, plot.asked, [plot.asked[0], plot.body], **one
    )
    return listed


def _sets(workbench: Workbench, strings: Strings, section: gr.Tab) -> None:
    """Add the test sets and the form that freezes one."""
    page, parts = sets.build(workbench, strings)
    again: dict[str, Any] = {
        "fn": page.list_sets,
        "inputs": None,
        "outputs": [*parts.table, *parts.picked],
        **QUIET,
    }
    form = freezing.build(workbench, strings, again)
    lists = [*form.wanted[2:4], form.said, form.go]
    section.select(**again).then(form.page.open_freezer, None, lists, **QUIET)


def _effort(workbench: Workbench, strings: Strings, section: gr.Tab) -> None:
    """Add what post-editing cost."""
    spent = effort.build(workbench, strings)
    section.select(spent.page.open_effort, spent.asked, [spent.by, *spent.outputs], **QUIET)


def _judging(workbench: Workbench, strings: Strings, section: gr.Tab) -> None:
    """Add the campaigns of human judgement."""
    page, parts = judging.build(workbench, strings)
    filled = [*parts.listed, *parts.picked, *parts.fields[1:4], parts.said]
    section.select(page.open_judging, None, filled, **QUIET)
