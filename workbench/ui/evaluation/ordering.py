"""The form in which a run is ordered: lines, systems, measures. The worker does the run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.assembly import Workbench
from workbench.domain.run import GLOSSARIES, RunSettings
from workbench.errors import InputError, SettingsError, TooLarge, WorkbenchError
from workbench.services.evaluation.metrics import DEFAULT, METRICS
from workbench.services.evaluation.orders import Order
from workbench.services.evaluation.performing import names_of
from workbench.services.evaluation.sets import EvaluationSet, Lines, assemble, read_lines
from workbench.ui.evaluation import shown
from workbench.ui.evaluation.watching import STARTING, Watched, Watching
from workbench.ui.handlers import PICK, allowed, choices, told
from workbench.ui.strings import Strings, say
from workbench.web.guard import UPLOAD_MEGABYTES

FIRST_LINES = 100
LONGEST_TITLE = 120
FILES = (("source", "single"), ("references", "multiple"), ("hypotheses", "multiple"))


@dataclass(frozen=True)
class Form:
    """The components of the form, in the order in which the handler takes them."""

    page: Ordering
    chosen: Any
    files: list[Any]
    engines: Any
    glossaries: Any
    memory: Any
    measured: Any
    test: Any
    limit: Any
    title: Any
    about: Any
    run: Any
    said: Any

    @property
    def given(self) -> list[Any]:
        """Everything that a run is made of."""
        systems = [self.engines, self.glossaries, self.memory]
        return [
            self.chosen,
            *self.files,
            *systems,
            self.measured,
            self.test,
            self.limit,
            self.title,
        ]

    @property
    def filled(self) -> list[Any]:
        """What is filled when the page is opened."""
        return [self.chosen, self.about, self.engines, self.glossaries, self.test, self.run]


def build(workbench: Workbench, strings: Strings) -> Form:
    """Add the form: lines on the left, systems on the right, measures below."""
    page = Ordering(workbench)
    gr.Markdown(strings("evaluation.intro"))
    with gr.Row(equal_height=True):
        with gr.Column(min_width=360, elem_classes="wb-sheet"):
            chosen, about, files = _lines(strings)
            limit, title = _about(strings)
        with gr.Column(min_width=360, elem_classes="wb-sheet"):
            hypotheses, engines, glossaries, memory = _systems(strings)
    with gr.Row(equal_height=True):
        measured, test = _measures(strings)
    with gr.Row(equal_height=True):
        run = gr.Button(
            strings("evaluation.run"),
            variant="primary",
            scale=0,
            min_width=200,
            elem_id="evaluate-run",
        )
        said = shown.html_part("evaluate-said", scale=1)
    return Form(
        page,
        chosen,
        [*files, hypotheses],
        engines,
        glossaries,
        memory,
        measured,
        test,
        limit,
        title,
        about,
        run,
        said,
    )


def wire(form: Form, watched: Watched) -> None:
    """Connect the form with the run that is followed."""
    form.chosen.input(form.page.about_set, form.chosen, form.about, **PICK)
    outputs = [*form.files, form.title, form.said, watched.chosen]
    form.run.click(
        form.page.order_run, form.given, outputs, show_progress_on=form.said, **STARTING
    ).success(**watched.again)


def _file(strings: Strings, part: str, count: str) -> Any:
    return gr.File(
        label=strings(f"evaluation.{part}"),
        file_count="multiple" if count == "multiple" else "single",
        height=132,
        elem_id=f"evaluate-{part}",
    )


def _lines(strings: Strings) -> tuple[Any, Any, list[Any]]:
    gr.Markdown(strings("evaluation.lines_heading"), elem_classes="wb-heading")
    chosen = gr.Dropdown(label=strings("evaluation.set"), choices=[], elem_id="evaluate-set")
    about = shown.html_part("evaluate-about-set")
    with gr.Row():
        files = [_file(strings, part, count) for part, count in FILES[:2]]
    return chosen, about, files


def _systems(strings: Strings) -> list[Any]:
    gr.Markdown(strings("evaluation.systems_heading"), elem_classes="wb-heading")
    hypotheses = _file(strings, *FILES[2])
    engines = gr.Dropdown(
        label=strings("evaluation.engines"),
        choices=[],
        multiselect=True,
        elem_id="evaluate-engines",
    )
    glossaries = gr.CheckboxGroup(
        label=strings("evaluation.glossary"),
        choices=list(GLOSSARIES),
        value=["none"],
        elem_id="evaluate-glossaries",
    )
    memory = gr.Checkbox(label=strings("evaluation.memory"), elem_id="evaluate-memory")
    return [hypotheses, engines, glossaries, memory]


def _about(strings: Strings) -> list[Any]:
    with gr.Row():
        return [
            gr.Number(
                label=strings("evaluation.limit"),
                value=FIRST_LINES,
                minimum=0,
                precision=0,
                min_width=160,
                elem_id="evaluate-limit",
            ),
            gr.Textbox(
                label=strings("evaluation.title"),
                max_length=LONGEST_TITLE,
                min_width=160,
                elem_id="evaluate-title",
            ),
        ]


def _measures(strings: Strings) -> list[Any]:
    return [
        gr.CheckboxGroup(
            label=strings("evaluation.metrics"),
            choices=list(METRICS),
            value=list(DEFAULT),
            scale=3,
            min_width=300,
            elem_id="evaluate-metrics",
        ),
        gr.Radio(
            label=strings("evaluation.test"),
            choices=["bs", "ar"],
            value="bs",
            scale=2,
            min_width=240,
        ),
    ]


@dataclass(frozen=True)
class Ordering:
    """The handlers."""

    workbench: Workbench

    def open_orders(self, request: gr.Request) -> list[Any]:
        """Fill the lists in the user's language."""
        identity = allowed(request, "read")
        with told(request):
            sets = self.workbench.evaluation.sets()
        engines = [(info.name, info.name) for info in self.workbench.engines()]
        files = (say("evaluation.files", request), "")
        return [
            gr.Dropdown(choices=[files, *((name, name) for name in sets)], value=""),
            "",
            gr.Dropdown(choices=engines),
            gr.CheckboxGroup(choices=choices(request, "evaluation", GLOSSARIES)),
            gr.Radio(choices=choices(request, "evaluation", ("bs", "ar"))),
            gr.Button(interactive=identity.may("evaluate")),
        ]

    def about_set(self, name: str, request: gr.Request) -> str:
        """Say what a set is: lines, origin, licence."""
        allowed(request, "read")
        if not name:
            return ""
        try:
            found = self.workbench.evaluation.shelf.manifest(name)
        except WorkbenchError as error:
            return shown.refused(error, request)
        lines = say("evaluation.lines", request, count=found.lines)
        return shown.note(" · ".join(filter(None, (lines, found.origin, found.licence))))

    def order_run(
        self,
        name: str,
        source: str | None,
        references: Sequence[str] | None,
        hypotheses: Sequence[str] | None,
        engines: Sequence[str] | None,
        glossaries: Sequence[str] | None,
        memory: bool,
        measured: Sequence[str] | None,
        test: str,
        limit: float | None,
        title: str,
        request: gr.Request,
    ) -> list[Any]:
        """Store the run and queue it; when it cannot be done, say why and keep the files."""
        identity = allowed(request, "evaluate")
        uploads = [*filter(None, (source,)), *(references or ()), *(hypotheses or ())]
        modes = tuple(mode for mode in GLOSSARIES if mode in (glossaries or ()))
        try:
            given = _given(name, source, references or ())
            named = _named(hypotheses or ())
            settings = RunSettings(
                set_name=name or "",
                engines=tuple(engines or ()),
                glossaries=modes or GLOSSARIES[:1],
                hypotheses=tuple(named),
                metrics=tuple(measured or DEFAULT),
                test="ar" if test == "ar" else "bs",
                limit=int(limit) if limit else None,
                memory=bool(memory),
            )
            order = Order(settings, given, named, (title or "").strip()[:LONGEST_TITLE])
            run = self.workbench.runs.start(order, identity.name)
        except WorkbenchError as error:
            kept = [gr.skip()] * len(FILES)
            return [*kept, gr.skip(), shown.refused(error, request), gr.skip()]
        for path in uploads:  # Gradio's cache is open to everybody signed in
            Path(path).unlink(missing_ok=True)
        started = shown.note(say("evaluation.started", request, id=run.id), "good")
        listed = Watching(self.workbench).listing(run.id)
        return [*[None] * len(FILES), "", started, listed]


def _given(name: str, source: str | None, references: Sequence[str]) -> EvaluationSet | None:
    """Return the set that came as files; None for one with a name. Raises InputError."""
    if bool(name) == bool(references) or (name and source):
        raise SettingsError("evaluation.which_on_page")
    if name:
        return None
    chinese = [_read(path) for path in references]
    return assemble(chinese[0].name, _read(source) if source else None, chinese)


def _named(hypotheses: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the lines of each file of hypotheses under a name of its own."""
    read = [_read(path) for path in hypotheses]
    names = names_of([lines.name for lines in read])
    return {name: lines.lines for name, lines in zip(names, read, strict=True)}


def _read(upload: str) -> Lines:
    path = Path(upload)
    if not path.is_file():
        raise InputError("web.no_file")
    if path.stat().st_size > UPLOAD_MEGABYTES << 20:
        raise TooLarge("web.too_large", limit=UPLOAD_MEGABYTES)
    return read_lines(path.read_bytes(), path.name)
