"""Imports: a file looked at, judged, imported by the worker; batches withdrawn and brought back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.assembly import Workbench
from workbench.domain.job import Job
from workbench.domain.memory import Rejected
from workbench.errors import InputError
from workbench.messages import say as message
from workbench.services.memory_imports import MOST, TRUSTS, Preview, profile_of
from workbench.ui.handlers import PRIVATE, QUIET, allowed, choices, notify, told
from workbench.ui.memory import batches
from workbench.ui.strings import Strings, language_of, say

SUFFIXES = [".tmx", ".tsv", ".csv", ".xlsx", ".xliff", ".xlf", ".sdlxliff", ".mqxliff"]
EVERY = 0.7  # seconds between looks at a running import
_PROBLEMS = 20  # refused units that are shown


def build(workbench: Workbench, strings: Strings, tab: gr.Tab) -> None:
    """Add the section; it is filled each time *tab* is opened."""
    page = Imports(workbench)
    with gr.Row(equal_height=False):
        with gr.Column(scale=1, min_width=320):
            form = _form(strings)
        with gr.Column(scale=2, min_width=360):
            said = gr.Textbox(
                label=strings("imports.told"),
                interactive=False,
                visible=False,
                lines=4,
                max_lines=24,
                elem_id="imports-told",
            )
    upload, *profile, start, cancel = form
    token, name = gr.Textbox("", visible=False), gr.Textbox("", visible=False)
    job, timer = gr.Number(0, visible=False), gr.Timer(EVERY, active=False)
    listed = batches.build(workbench, strings, profile)
    again = {"fn": listed.page.list_batches, "outputs": listed.shown, **QUIET}
    tab.select(page.open_imports, None, [profile[0], start], **QUIET).then(**again)
    profile[0].input(page.trust_points, profile[0], profile[2], **QUIET)
    upload.upload(page.keep_upload, upload, [upload, token, name, said, start], **PRIVATE)
    running = [said, job, start, cancel, timer]
    start.click(page.start_import, [token, name, *profile], running, **PRIVATE)
    timer.tick(page.watch_import, job, running, **QUIET).success(**again)
    cancel.click(page.cancel_import, job, running, **PRIVATE)
    one = {"concurrency_id": "memory", "concurrency_limit": 1, **PRIVATE, "show_progress": "full"}
    listed.seed.click(page.load_seed, None, None, **one).success(**again)


def _form(strings: Strings) -> list[Any]:
    """Add the file, the fields of its profile, and the buttons."""
    upload = gr.File(
        label=strings("memory.import"), file_types=SUFFIXES, height=120, elem_id="imports-file"
    )
    trust = gr.Dropdown(
        label=strings("imports.trust"), choices=[""], value="", elem_id="imports-trust"
    )
    domain = gr.Textbox(label=strings("imports.domain"), elem_id="imports-domain")
    penalty = gr.Number(
        0,
        label=strings("imports.penalty"),
        minimum=0,
        maximum=MOST,
        precision=0,
        elem_id="imports-penalty",
    )
    with gr.Row():
        start = gr.Button(
            strings("imports.start"),
            variant="primary",
            interactive=False,
            elem_id="imports-start",
        )
        cancel = gr.Button(
            strings("imports.cancel"), variant="stop", visible=False, elem_id="imports-cancel"
        )
    return [upload, trust, domain, penalty, start, cancel]


@dataclass(frozen=True)
class Imports:
    """The handlers."""

    workbench: Workbench

    def open_imports(self, request: gr.Request) -> list[Any]:
        """Fill the list of profiles in the user's language."""
        allowed(request, "read")
        named = choices(request, "imports", list(TRUSTS))
        return [
            gr.Dropdown(choices=[(say("imports.no_trust", request), ""), *named]),
            gr.Button(interactive=False),
        ]

    def trust_points(self, trust: str, request: gr.Request) -> int:
        """Return the points that imports of a trust usually lose."""
        allowed(request, "read")
        with told(request):
            return profile_of(trust or "").penalty

    def keep_upload(self, upload: str | None, request: gr.Request) -> list[Any]:
        """Put an uploaded file aside and say what is in it."""
        allowed(request, "keep memory")
        imports = self.workbench.memory_imports
        with told(request):
            if not upload:
                raise InputError("web.no_file")
            path = Path(upload)
            name = path.name
            try:
                with path.open("rb") as stream:
                    token = imports.keep(stream, name)
            finally:
                path.unlink(missing_ok=True)  # Gradio's cache is open to everybody signed in
            try:
                preview = imports.preview(token, name)
            except BaseException:
                imports.discard(token)
                raise
        ready = gr.Button(interactive=True)
        return [None, token, name, gr.Textbox(_preview(preview, request), visible=True), ready]

    def start_import(
        self,
        token: str,
        name: str,
        trust: str,
        domain: str,
        penalty: float | None,
        request: gr.Request,
    ) -> list[Any]:
        """Queue the file for the worker."""
        identity = allowed(request, "keep memory")
        with told(request):
            points = None if penalty is None else int(penalty)
            profile = profile_of(trust or "", domain or "", points)
            job = self.workbench.memory_imports.start(token, name, profile, identity.name)
        return _running(job, request)

    def watch_import(self, job: float, request: gr.Request) -> list[Any]:
        """Say how far the import is."""
        allowed(request, "read")
        with told(request):
            return _running(self.workbench.memory_imports.job(int(job)), request)

    def cancel_import(self, job: float, request: gr.Request) -> list[Any]:
        """Stop the import; nothing of it stays."""
        allowed(request, "keep memory")
        with told(request):
            return _running(self.workbench.memory_imports.cancel(int(job)), request)

    def load_seed(self, request: gr.Request) -> None:
        """Load the pairs written for the project."""
        identity = allowed(request, "keep memory")
        folder = self.workbench.data / "corpora" / "ru-zh" / "authored"
        with told(request):
            done = self.workbench.memory.load_seed(folder, identity.name)
        notify("memory.loaded", request, units=done.added)


def _running(job: Job, request: gr.Request) -> list[Any]:
    """Return what shows a job: its text, number, buttons and the timer."""
    return [
        gr.Textbox(_told(job, request), visible=True),
        job.id,
        gr.Button(interactive=False),
        gr.Button(visible=job.active),
        gr.Timer(active=job.active),
    ]


def _told(job: Job, request: gr.Request) -> str:
    name = job.parameters["name"]
    if job.state == "failed":
        key, values = job.problem["key"], job.problem.get("values", {})
        return " ".join(message(key, language_of(request), **values))
    if job.state == "done":
        result = job.result
        lines = [
            say(
                "imports.done",
                request,
                name=name,
                added=result["added"],
                known=result["known"],
                rejected=result["rejected"],
            )
        ]
        refused = [Rejected(each["line"], each["reason"]) for each in result["problems"]]
        return "\n".join([*lines, *_problems(refused, request)])
    return say(f"imports.{job.state}", request, name=name, done=job.done, total=job.total)


def _preview(preview: Preview, request: gr.Request) -> str:
    """Say what a file holds."""
    key = "imports.preview" if preview.whole else "imports.preview_part"
    counts = {"units": preview.units, "known": preview.known, "rejected": preview.rejected}
    lines = [say(key, request, name=preview.name, **counts)]
    if preview.languages:
        codes = ", ".join(f"{code} ({count})" for code, count in preview.languages)
        lines.append(say("imports.languages", request, codes=codes))
    lines += [f"{unit.source} → {unit.target}" for unit in preview.samples]
    return "\n".join([*lines, *_problems(preview.problems, request)])


def _problems(problems: Any, request: gr.Request) -> list[str]:
    language = language_of(request)
    return [
        say("imports.problem", request, line=p.line, reason=message(p.reason, language)[0])
        for p in list(problems)[:_PROBLEMS]
    ]
