"""The result of a run: figures, parts, lines, n-grams, and its report to take away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from workbench.assembly import Workbench
from workbench.domain.quality import Evaluation
from workbench.domain.report import Section, Table
from workbench.domain.run import Run
from workbench.errors import WorkbenchError
from workbench.services.evaluation.report_file import settings_of
from workbench.services.evaluation.reports import contrast, scores
from workbench.services.evaluation.reports.writing import KINDS
from workbench.ui.evaluation import lines, shown
from workbench.ui.evaluation.lines import LinesView
from workbench.ui.glossary.shown import moment
from workbench.ui.handlers import allowed, choices, told
from workbench.ui.strings import Strings, language_of, say

VIEWS = ("scores", "measures", "parts", "lines", "ngrams", "weakest", "settings")
LISTED = 100


@dataclass(frozen=True)
class Result:
    """The components that a run fills."""

    chosen: Any
    downloads: list[Any]
    about: Any
    view: Any
    body: Any
    lines: LinesView
    seen: Any

    @property
    def outputs(self) -> list[Any]:
        """All of them."""
        first = [self.chosen, *self.downloads, self.about, self.view, self.body]
        by_line = [*self.lines.group, *self.lines.asked, *self.lines.outputs]
        return [*first, *by_line, self.seen]


def build(workbench: Workbench, strings: Strings) -> tuple[Results, Result]:
    """Add the choice of the run, of what to look at, the downloads and the body."""
    with gr.Row(equal_height=False, elem_classes="wb-acts"):
        chosen = gr.Dropdown(
            label=strings("result.run"), choices=[], scale=4, min_width=320, elem_id="result-run"
        )
        downloads = [
            gr.Button(
                strings(f"result.{kind}"),
                visible=False,
                size="md",
                scale=0,
                min_width=112,
                elem_id=f"result-{kind}",
                elem_classes="wb-download",
            )
            for kind in KINDS
        ]
    about = shown.html_part("result-about")
    view = gr.Radio(
        label=strings("result.view"),
        choices=list(VIEWS),
        value=VIEWS[0],
        visible=False,
        container=False,
        elem_id="result-view",
        elem_classes="wb-segments",
    )
    body = shown.html_part("result-body")
    seen = gr.Number(0, visible=False)  # the run that is shown
    by_line = lines.build(workbench, strings, chosen)
    parts = Result(chosen, downloads, about, view, body, by_line, seen)
    page = Results(workbench, parts)
    busy = {**shown.in_turn(lines.PART), "show_progress": "minimal", "show_progress_on": [body]}
    for asked in (chosen, view):
        asked.input(page.show_result, [chosen, view], parts.outputs, **busy)
    return page, parts


@dataclass(frozen=True)
class Results:
    """The handlers."""

    workbench: Workbench
    parts: Result

    def open_results(
        self, number: float | None, view: str | None, seen: float | None, request: gr.Request
    ) -> dict[Any, Any]:
        """List the finished runs; show the newest, unless one is shown already."""
        identity = allowed(request, "read")
        if not identity.may("evaluate"):
            return self._nothing(say("result.evaluators_only", request))
        with told(request):
            known = self.workbench.runs.list(state="done", limit=LISTED)
        if not known:
            return self._nothing(say("result.none", request))
        chosen = next((run.id for run in known if run.id == number), known[0].id)
        if seen and seen == chosen:
            named = [(shown.label(run), run.id) for run in known]
            return {self.parts.chosen: gr.Dropdown(choices=named)}
        return self._chosen(known, chosen, view, request)

    def show_result(
        self, number: float | None, view: str | None, request: gr.Request
    ) -> dict[Any, Any]:
        """Show what is asked for of a run."""
        allowed(request, "evaluate")
        if not number:
            return {self.parts.body: gr.skip()}
        return self._shown(int(number), view or VIEWS[0], request)

    def chosen(self, run: Run, view: str | None, request: gr.Request) -> dict[Any, Any]:
        """Return the values that show a run, and have it chosen in the list."""
        known = self.workbench.runs.list(state="done", limit=LISTED)
        some = known if any(each.id == run.id for each in known) else (run, *known)
        return self._chosen(some, run.id, view, request)

    def _chosen(
        self, known: tuple[Run, ...], number: int, view: str | None, request: gr.Request
    ) -> dict[Any, Any]:
        named = [(shown.label(run), run.id) for run in known]
        return {
            **self._shown(number, view or VIEWS[0], request),
            self.parts.chosen: gr.Dropdown(choices=named, value=number, visible=True),
        }

    def _nothing(self, text: str) -> dict[Any, Any]:
        """Hide everything but what to do."""
        hidden = [
            self.parts.chosen,
            self.parts.view,
            *self.parts.downloads,
            *self.parts.lines.group,
        ]
        return {
            **{part: gr.update(visible=False) for part in hidden},
            self.parts.about: shown.empty(text) if text else "",
            self.parts.body: "",
        }

    def _shown(self, number: int, view: str, request: gr.Request) -> dict[Any, Any]:
        parts, language = self.parts, language_of(request)
        by_line = view == "lines"
        group = {part: gr.update(visible=by_line) for part in parts.lines.group}
        try:
            run, evaluation = (
                self.workbench.runs.get(number),
                self.workbench.runs.evaluation(number),
            )
            body = "" if by_line else shown.sections(_sections(run, evaluation, view, request))
        except WorkbenchError as error:
            return {**self._nothing(""), parts.about: shown.refused(error, request)}
        links = {
            button: gr.Button(
                link=f"/api/v1/evaluations/{number}/report?to={kind}&language={language}",
                visible=True,
            )
            for button, kind in zip(parts.downloads, KINDS, strict=True)
        }
        found: dict[Any, Any] = {
            **group,
            **links,
            parts.seen: number,
            parts.about: _about(run, evaluation, request),
            parts.view: gr.Radio(
                choices=choices(request, "result", VIEWS), value=view, visible=True
            ),
            parts.body: body or shown.empty(say(f"result.no_{view}", request)),
        }
        if by_line:
            found[parts.body] = ""
            fields = [*parts.lines.asked, *parts.lines.outputs]
            values = parts.lines.page.opened(number, request)
            merged = dict(zip(fields, values, strict=True))
            merged[parts.lines.body] = gr.HTML(merged[parts.lines.body], visible=True)
            found.update(merged)
        return found


def _about(run: Run, evaluation: Evaluation, request: gr.Request) -> str:
    """Return what was measured, with what, where, and what has to be minded."""
    size = say("evaluation.lines", request, count=run.size)
    pairs = [
        (say("result.set", request), f"{run.set_name} · {size}"),
        (say("result.systems", request), shown.cut(run.systems, 8)),
        (say("result.machine", request), evaluation.machine),
        (say("result.made", request), " · ".join((moment(run.created), run.author))),
    ]
    warned = "".join(shown.note(text, "warn") for text in shown.warnings(evaluation, request))
    return shown.facts(pairs) + warned


def _sections(run: Run, evaluation: Evaluation, view: str, request: gr.Request) -> list[Section]:
    """Return the sections of the report that a view shows."""
    language = language_of(request)
    between = evaluation.contrast
    found: list[Section | None] = []
    if view == "scores":
        found = [scores.scores(evaluation, language), scores.significance(evaluation, language)]
    elif view == "measures":
        found = [scores.measures(evaluation, language)]
    elif view == "parts" and between:
        found = [contrast.parts(between, language)]
    elif view == "ngrams" and between:
        found = [contrast.ngrams(between, language)]
    elif view == "weakest":
        found = [scores.worst(evaluation, language)]
    elif view == "settings":
        heads = (say("result.setting", request), say("result.value", request))
        rows = tuple(settings_of(run, language).items())
        found = [Section(say("result.settings", request), (Table("", heads, rows, (), (30, 70)),))]
    return [section for section in found if section is not None]
