"""The evaluators' page: score engines or uploaded files against references."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.assembly import Workbench
from workbench.domain.quality import Evaluation, TermUse
from workbench.domain.run import Test
from workbench.errors import SettingsError, TooLarge
from workbench.services.evaluation.evaluator import (
    GLOSSARIES,
    Glossary,
    Output,
    Progress,
    runs,
    unique,
)
from workbench.services.evaluation.metrics import DEFAULT, METRICS
from workbench.services.evaluation.report import interval
from workbench.services.evaluation.sets import (
    EvaluationSet,
    Lines,
    assemble,
    fitted,
    read_lines,
)
from workbench.ui.handlers import PRIVATE, allowed, choices, table, told
from workbench.ui.strings import Strings, language_of, say

# The page translates in the server itself; longer runs belong to the command line.
MOST_TRANSLATED = 2000
FIRST_LINES = 100
WORST = 10
SCORE_COLUMNS = ("system", "metric", "value", "interval", "signature")
SYSTEM_COLUMNS = ("system", "terms", "methods", "seconds", "speed")
COMPARISON_COLUMNS = ("system", "baseline", "metric", "difference", "p_value")
WORST_COLUMNS = ("system", "line", "chrf", "source", "hypothesis", "reference")


def build(workbench: Workbench, strings: Strings) -> None:
    """Add the page to the present tab."""
    page = Page(workbench)
    gr.Markdown(strings("evaluation.intro"))
    with gr.Row():
        with gr.Column():
            chosen = gr.Dropdown(
                label=strings("evaluation.set"), choices=[], elem_id="evaluate-set"
            )
            engines = gr.Dropdown(
                label=strings("evaluation.engines"),
                choices=[],
                multiselect=True,
                elem_id="evaluate-engines",
            )
            glossaries = gr.CheckboxGroup(
                label=strings("evaluation.glossary"), choices=list(GLOSSARIES), value=["none"]
            )
        with gr.Column():
            files = [
                gr.File(
                    label=strings(f"evaluation.{part}"),
                    file_count=count,
                    height=132,
                    elem_id=f"evaluate-{part}",
                )
                for part, count in (
                    ("source", "single"),
                    ("references", "multiple"),
                    ("hypotheses", "multiple"),
                )
            ]
    with gr.Row(equal_height=True):
        measured = gr.CheckboxGroup(
            label=strings("evaluation.metrics"), choices=list(METRICS), value=list(DEFAULT)
        )
        test = gr.Radio(label=strings("evaluation.test"), choices=["bs", "ar"], value="bs")
        limit = gr.Number(
            label=strings("evaluation.limit"),
            value=FIRST_LINES,
            minimum=0,
            precision=0,
            elem_id="evaluate-limit",
        )
        keep = gr.Checkbox(label=strings("evaluation.keep"), value=True)
    with gr.Row():
        run = gr.Button(strings("evaluation.run"), variant="primary", elem_id="evaluate-run")
        stop = gr.Button(strings("evaluation.stop"), elem_id="evaluate-stop")
    stored = gr.Dropdown(label=strings("evaluation.stored"), choices=[], elem_id="evaluate-stored")
    results = _results(strings)
    given = [chosen, *files, engines, glossaries, measured, test, limit, keep]
    gr.on(None, page.start, None, [chosen, engines, glossaries, test, stored], **PRIVATE)
    one = {"concurrency_id": "evaluate", "concurrency_limit": 1, **PRIVATE, "show_progress": "full"}
    # Progress and errors show beside the results, not over the files that may need mending.
    run.click(page.run, given, [*files, stored, *results], show_progress_on=results[0], **one)
    stop.click(page.stop, None, None, **PRIVATE)
    stored.input(page.show, stored, results, **PRIVATE)


def _results(strings: Strings) -> list[Any]:
    """Add what a run fills, hidden until then."""
    hidden: dict[str, Any] = {"interactive": False, "wrap": True, "visible": False}
    return [
        gr.Textbox(label=strings("evaluation.about"), interactive=False, elem_id="evaluate-about"),
        gr.Dataframe(elem_id="evaluate-table", **hidden),
        gr.BarPlot(
            None,
            x="bar",
            sort=None,
            x_title="",
            y_title="",
            y="value",
            color="metric",
            y_lim=[0, 100],
            title=strings("evaluation.plot"),
            visible=False,
        ),
        gr.Dataframe(elem_id="evaluate-systems", **hidden),
        gr.Dataframe(elem_id="evaluate-significance", **hidden),
        gr.Dataframe(elem_id="evaluate-worst", **hidden),
    ]


@dataclass(frozen=True)
class Page:
    """The page's handlers. ``running`` holds the stop flag of each browser session's run."""

    workbench: Workbench
    running: dict[str, threading.Event] = field(default_factory=dict)

    def start(self, request: gr.Request) -> list[Any]:
        """Fill the lists in the user's language."""
        allowed(request, "read")
        with told(request):
            sets = self.workbench.evaluation.sets()
        engines = [info.name for info in self.workbench.engines()]
        glossaries = choices(request, "evaluation", GLOSSARIES)
        return [
            gr.Dropdown(choices=[(say("evaluation.files", request), ""), *_same(sets)], value=""),
            gr.Dropdown(choices=_same(engines), value=[]),
            gr.CheckboxGroup(choices=glossaries, value=["none"]),
            gr.Radio(choices=choices(request, "evaluation", ("bs", "ar")), value="bs"),
            self._stored(None),
        ]

    def run(
        self,
        name: str,
        source: str | None,
        references: Sequence[str] | None,
        hypotheses: Sequence[str] | None,
        engines: Sequence[str],
        glossaries: Sequence[str],
        measured: Sequence[str],
        test: str,
        limit: float | None,
        keep: bool,
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - Gradio finds it by its default
    ) -> list[Any]:
        """Score what was chosen; uploads stay in the cache only while they are to be mended."""
        identity = allowed(request, "evaluate")
        with told(request):
            outside = [_lines(path) for path in hypotheses or ()]
            whole = self._set(name, source, references or ())
            chosen = whole.first(int(limit) if limit else None)
            outputs: dict[str, Output] = {}
            for lines in outside:
                mine = fitted(whole, chosen, lines)
                outputs[unique(lines.name, outputs)] = self.workbench.evaluation.read(chosen, mine)
            modes = [mode for mode in GLOSSARIES if mode in glossaries] or list(GLOSSARIES[:1])
            self._translate(chosen, engines, modes, outputs, request, progress)
            which: Test = "ar" if test == "ar" else "bs"
            result = self.workbench.evaluation.measure(
                chosen, outputs, measured or DEFAULT, ",".join(modes), which, WORST
            )
            if keep:
                result = self.workbench.evaluations.add(result, identity.name)
        for path in filter(None, (source, *(references or ()), *(hypotheses or ()))):
            Path(path).unlink(missing_ok=True)
        cleared = [None, None, None]
        return [*cleared, self._stored(result.id or None), *shown(result, request)]

    def show(self, number: int | None, request: gr.Request) -> list[Any]:
        """Show a stored run."""
        allowed(request, "read")
        if not number:
            return [gr.skip()] * 6
        with told(request):
            return shown(self.workbench.evaluations.get(number), request)

    def stop(self, request: gr.Request) -> None:
        """Stop the run of this browser session after the batch that is being translated."""
        allowed(request, "evaluate")
        event = self.running.get(str(request.session_hash))
        if event:
            event.set()

    def _set(self, name: str, source: str | None, references: Sequence[str]) -> EvaluationSet:
        if bool(name) == bool(references):
            raise SettingsError("evaluation.which_on_page")
        if name:
            return self.workbench.evaluation.open(name)
        chinese = [_lines(path) for path in references]
        return assemble(chinese[0].name, _lines(source) if source else None, chinese)

    def _translate(
        self,
        chosen: EvaluationSet,
        engines: Sequence[str],
        modes: Sequence[Glossary],
        outputs: dict[str, Output],
        request: gr.Request,
        progress: gr.Progress,
    ) -> None:
        """Add each engine's output. Raises Cancelled when the user stops it."""
        if engines and len(chosen) > MOST_TRANSLATED:
            raise TooLarge("evaluation.too_many", lines=len(chosen), most=MOST_TRANSLATED)
        session = str(request.session_hash)
        event = self.running[session] = threading.Event()
        try:
            for engine, mode, label in runs(engines, modes):
                outputs[unique(label, outputs)] = self.workbench.evaluation.translate(
                    chosen,
                    self.workbench.engine(engine),
                    mode,
                    _teller(progress, label),
                    event.is_set,
                )
        finally:
            self.running.pop(session, None)

    def _stored(self, number: int | None) -> Any:
        known = [
            (f"{run.id} · {run.created[:16]} · {run.set_name} · {', '.join(run.systems)}", run.id)
            for run in self.workbench.evaluations.list()
        ]
        return gr.Dropdown(choices=known, value=number)


def _teller(progress: gr.Progress, label: str) -> Progress:
    def tell(done: int, total: int) -> None:
        progress((done, total), desc=label)

    return tell


def shown(run: Evaluation, request: gr.Request) -> list[Any]:
    """Return the values of the result components. Every text is data, never HTML."""
    about = [f"{run.set_name} · {say('evaluation.lines', request, count=run.size)} · {run.machine}"]
    about += ["".join(_sentences(key, values, request)) for key, values in run.warnings]
    scores = [
        [name, score.metric, f"{score.value:.2f}", interval(score), score.signature]
        for name in run.systems
        for score in run.scores[name]
    ]
    comparisons = [
        [c.system, c.baseline, c.metric, f"{c.difference:+.2f}", f"{c.p_value:.4f}"]
        for c in run.comparisons
    ]
    worst = [
        [w.system, w.n, f"{w.value:.1f}", w.source, w.hypothesis, w.reference] for w in run.worst
    ]
    return [
        gr.Textbox("\n".join(about), lines=len(about), visible=True),
        _table(request, SCORE_COLUMNS, scores),
        gr.BarPlot(_bars(run), visible=True),
        _table(request, SYSTEM_COLUMNS, [_system(run, name) for name in run.systems]),
        _table(request, COMPARISON_COLUMNS, comparisons),
        _table(request, WORST_COLUMNS, worst, ["10%", "5%", "7%", "26%", "26%", "26%"]),
    ]


def _system(run: Evaluation, name: str) -> list[Any]:
    use = run.terms.get(name, TermUse())
    seconds = run.seconds.get(name, 0.0)
    success = "" if use.success is None else f"{use.honoured}/{use.hits} ({use.success:.1%})"
    methods = ", ".join(f"{method} {count}" for method, count in use.methods.items())
    speed = f"{run.characters / seconds:.0f}" if seconds else ""
    return [name, success, methods, f"{seconds:.1f}" if seconds else "", speed]


def _bars(run: Evaluation) -> Any:
    import pandas as pd  # type: ignore[import-untyped]

    rows = zip(*(run.scores[name] for name in run.systems), strict=True)
    bars = [
        (f"{score.metric} · {name}", score.metric, score.value)
        for row in rows
        for name, score in zip(run.systems, row, strict=True)
    ]
    return pd.DataFrame(bars, columns=["bar", "metric", "value"])


def _table(
    request: gr.Request,
    columns: Sequence[str],
    rows: list[list[Any]],
    widths: list[str] | None = None,
) -> Any:
    headers = [f"evaluation.{column}" for column in columns]
    return gr.Dataframe(
        table(request, headers, rows),
        datatype="str",
        column_widths=widths,
        visible=bool(rows),
        wrap=True,
    )


def _sentences(key: str, values: dict[str, str], request: gr.Request) -> tuple[str, str]:
    from workbench.messages import say as message

    return message(key, language_of(request), **values)


def _lines(path: str) -> Lines:
    return read_lines(Path(path).read_bytes(), Path(path).name)


def _same(names: Sequence[str]) -> list[tuple[str, str]]:
    return [(name, name) for name in names]
