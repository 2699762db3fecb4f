"""A run followed: how far it is, its scores when it is done; stopping it and going on with it.

What is shown comes from the stored run, so a reload or another browser shows the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

import gradio as gr

from workbench.assembly import Workbench
from workbench.domain.run import Run
from workbench.services.evaluation.reports import scores
from workbench.ui.evaluation import shown
from workbench.ui.handlers import PRIVATE, QUIET, allowed, told
from workbench.ui.strings import Strings, language_of, say

PART = "run"  # whose questions wait for one another
# Reading an order's files may take seconds: nobody's progress waits for it.
STARTING = {**PRIVATE, "concurrency_id": "evaluation-order", "concurrency_limit": 2}
EVERY = 1.0  # seconds between looks at a run under way
LISTED = 20


@dataclass(frozen=True)
class Watched:
    """The components that show a run."""

    page: Watching
    chosen: Any
    outputs: list[Any]
    open_result: Any

    @property
    def again(self) -> dict[str, Any]:
        """What shows the chosen run anew, after all that was asked earlier."""
        asked = {"fn": self.page.watch_run, "inputs": self.chosen, "outputs": self.outputs}
        return {**asked, **shown.in_turn(PART)}


def build(workbench: Workbench, strings: Strings) -> Watched:
    """Add the chosen run: its progress, its buttons, its scores."""
    page = Watching(workbench)
    gr.Markdown(strings("running.heading"), elem_classes="wb-heading")
    with gr.Row(equal_height=True):
        chosen = gr.Dropdown(
            label=strings("running.chosen"),
            choices=[],
            scale=5,
            min_width=320,
            elem_id="evaluate-stored",
        )
        cancel = gr.Button(
            strings("running.cancel"),
            variant="stop",
            visible=False,
            scale=0,
            min_width=120,
            elem_id="evaluate-stop",
        )
        resume = gr.Button(
            strings("running.resume"),
            visible=False,
            scale=0,
            min_width=120,
            elem_id="evaluate-resume",
        )
        look = gr.Button(
            strings("running.open"),
            visible=False,
            scale=0,
            min_width=160,
            elem_id="evaluate-open",
        )
    progress = shown.html_part("evaluate-about")
    table = shown.html_part("evaluate-table", visible=False)
    timer = gr.Timer(EVERY, active=False)
    outputs = [chosen, progress, table, cancel, resume, look, timer]
    one = shown.one_by_one(PART)
    watched = Watched(page, chosen, outputs, look)
    chosen.input(**watched.again)
    timer.tick(page.watch_run, chosen, outputs, **QUIET, **one)
    cancel.click(page.cancel_run, chosen, outputs, **PRIVATE, **one)
    resume.click(page.resume_run, chosen, outputs, **PRIVATE, **one)
    return watched


@dataclass(frozen=True)
class Watching:
    """The handlers."""

    workbench: Workbench

    def open_watch(self, number: float | None, request: gr.Request) -> list[Any]:
        """Show the run that was looked at last here, else one under way, else the newest."""
        allowed(request, "read")
        with told(request):
            known = self.workbench.runs.list(limit=LISTED)
            if number and any(run.id == number for run in known):
                return self.showing(int(number), request, known)
            under_way = next((run for run in known if run.active), None)
            newest = under_way or next(iter(known), None)
            if newest is not None:
                return self.showing(newest.id, request, known)
        return [
            gr.Dropdown(choices=[], value=None, visible=False),
            shown.empty(say("running.none", request)),
            gr.HTML(visible=False),
            *[gr.Button(visible=False)] * 3,
            gr.Timer(active=False),
        ]

    def watch_run(self, number: float | None, request: gr.Request) -> list[Any]:
        """Say how far a run is."""
        allowed(request, "read")
        if not number:
            return [gr.skip()] * 7
        with told(request):
            return self.showing(int(number), request)

    def cancel_run(self, number: float | None, request: gr.Request) -> list[Any]:
        """Stop a run; what came is kept."""
        allowed(request, "evaluate")
        with told(request):
            self.workbench.runs.cancel(int(number or 0))
            return self.showing(int(number or 0), request)

    def resume_run(self, number: float | None, request: gr.Request) -> list[Any]:
        """Go on with a run that was stopped."""
        allowed(request, "evaluate")
        with told(request):
            self.workbench.runs.resume(int(number or 0))
            return self.showing(int(number or 0), request)

    def listing(self, number: int) -> Any:
        """Return the list of runs with one of them chosen."""
        known = self.workbench.runs.list(limit=LISTED)
        choices = [(shown.label(run), run.id) for run in known]
        return gr.Dropdown(choices=choices, value=number, visible=True)

    def showing(
        self, number: int, request: gr.Request, known: tuple[Run, ...] | None = None
    ) -> list[Any]:
        """Return the values that show a run; with *known* the list of runs too."""
        run = self.workbench.runs.get(number)
        identity = allowed(request, "read")
        may = identity.may("evaluate")
        finished = run.state == "done" and bool(run.scores)
        stopped = run.state in ("cancelled", "failed")
        listed = gr.skip()
        if known is not None:
            some = known if any(each.id == number for each in known) else (run, *known)
            choices = [(shown.label(each), each.id) for each in some]
            listed = gr.Dropdown(choices=choices, value=number, visible=True)
        return [
            listed,
            _progress(run, request),
            gr.HTML(self._scores(run, request) if finished else "", visible=finished),
            gr.Button(visible=run.active and may),
            gr.Button(visible=stopped and may),
            gr.Button(visible=finished and may),
            gr.Timer(active=run.active),
        ]

    def _scores(self, run: Run, request: gr.Request) -> str:
        """Return every score with its interval, size and signature, and the machine."""
        evaluation = self.workbench.runs.evaluation(run.id)
        language = language_of(request)
        found = [scores.scores(evaluation, language), scores.significance(evaluation, language)]
        warned = "".join(shown.note(text, "warn") for text in shown.warnings(evaluation, request))
        machine = say("result.on_machine", request, machine=evaluation.machine or "—")
        return warned + shown.sections(found) + shown.note(machine)


def _progress(run: Run, request: gr.Request) -> str:
    """Return state and progress of a run as HTML."""
    word = shown.state_word(run.state, request)
    share = run.done / run.total if run.total else 0.0
    facts = list(_facts(run, request))
    parts = [
        f'<div class="wb-run" data-state="{run.state}">',
        f'<span class="wb-state {run.state}">{escape(word)}</span>',
        f"<strong>#{run.id}</strong> <span>{escape(run.title or run.set_name)}</span>",
        f'<span class="wb-soft">{escape(" · ".join(facts))}</span>',
        "</div>",
    ]
    if run.state != "done":
        text = say("running.lines_done", request, done=run.done, total=run.total)
        if run.state == "running" and run.done >= run.total:
            text = say("running.scoring", request)
        parts.append(
            f'<div class="wb-bar"><progress max="1" value="{share:.4f}" '
            f'aria-label="{escape(text)}"></progress><span>{escape(text)}</span></div>'
        )
    parts.append(shown.note(shown.problem_of(run, request), "bad"))
    if run.state in ("cancelled", "failed"):
        parts.append(shown.note(say("running.kept", request)))
    return "".join(parts)


def _facts(run: Run, request: gr.Request) -> Iterator[str]:
    yield say("evaluation.lines", request, count=run.size)
    yield shown.cut(run.systems)
    if run.settings.memory:
        yield say("running.with_memory", request)
    spent = sum(run.seconds.values())
    if spent:
        yield say("running.seconds", request, seconds=f"{spent:.0f}")
    if run.author:
        yield run.author
