"""Glossary files: a preview of what an import would do, the import, its undoing; exports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import gradio as gr

from workbench.assembly import Workbench
from workbench.errors import InputError
from workbench.formats.tables import write_table
from workbench.services.accounts import Identity
from workbench.services.term_files import TermImport
from workbench.ui.glossary.shown import moment, named
from workbench.ui.handlers import PICK, PRIVATE, QUIET, allowed, notify, table, take, told
from workbench.ui.strings import Strings, language_of, say

ROWS = ("files.kind", "files.line", "files.what", "files.remedy")
BATCHES = ("files.batch", "history.when", "history.who", "files.reason", "files.entries")
SHOWN = 200  # new entries of a preview; all others that a report names are shown
_WAITING = 8  # uploads that wait for a decision, all users together
SAVE = """([name, text]) => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], {type: 'text/tab-separated-values'}));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}"""


def build(workbench: Workbench, strings: Strings, tab: gr.Tab) -> None:
    """Add imports and exports; the list of imports is filled each time *tab* is opened."""
    page = Files(workbench)
    with gr.Row(equal_height=False):
        with gr.Column(scale=1, min_width=300):
            upload = gr.File(
                label=strings("glossary.import"),
                file_types=[".tsv", ".csv", ".xlsx", ".tbx", ".xml"],
                height=132,
                elem_id="files-upload",
            )
            simplify = gr.Checkbox(label=strings("files.simplify"), elem_id="files-simplify")
        with gr.Column(scale=2, min_width=360):
            text = gr.Textbox(
                label=strings("files.preview"),
                value="",
                placeholder=strings("files.nothing_yet"),
                interactive=False,
                lines=3,
                elem_id="files-summary",
            )
            with gr.Row():
                go = gr.Button(
                    strings("files.import"),
                    variant="primary",
                    interactive=False,
                    elem_id="files-import",
                )
                save = gr.Button(strings("files.save"), interactive=False, elem_id="files-report")
    report = gr.Dataframe(
        interactive=False,
        wrap=True,
        visible=False,
        max_height=420,
        buttons=[],
        column_widths=["10%", "7%", "49%", "34%"],
        elem_id="files-rows",
    )
    written = gr.JSON(["", ""], visible=False)
    imports = _imports(page, strings, tab)
    _exports(strings)
    one = {"concurrency_id": "glossary", "concurrency_limit": 1, **PRIVATE, "show_progress": "full"}
    told_of = [text, report, written, go, save]
    upload.upload(page.preview_file, [upload, simplify], [upload, *told_of], **one)
    simplify.input(page.preview_again, simplify, told_of, **one)
    go.click(page.import_file, simplify, told_of, **one).success(
        page.list_imports, None, imports, **QUIET
    )
    save.click(None, written, None, js=SAVE, **PRIVATE)


def _imports(page: Files, strings: Strings, tab: gr.Tab) -> list[Any]:
    """Add the list of imports and its undoing."""
    gr.Markdown(strings("files.imports"), elem_classes="wb-heading")
    empty = gr.Markdown(strings("files.no_imports"), visible=False)
    listed = gr.Dataframe(
        interactive=False,
        wrap=True,
        max_height=320,
        buttons=[],
        column_widths=["14%", "14%", "12%", "46%", "14%"],
        elem_id="files-imports",
    )
    chosen = gr.Textbox("", visible=False)
    undo = gr.Button(strings("files.undo"), interactive=False, elem_id="files-undo")
    shown = [listed, empty, chosen, undo]
    tab.select(page.list_imports, None, shown, **QUIET)
    listed.select(page.pick_import, None, [chosen, undo], **PICK)
    undo.click(page.undo_import, chosen, None, **PRIVATE).success(
        page.list_imports, None, shown, **QUIET
    )
    return shown


def _exports(strings: Strings) -> None:
    gr.Markdown(strings("glossary.export"), elem_classes="wb-heading")
    with gr.Row():
        for to, shown in (
            ("tsv", ".tsv"),
            ("csv", ".csv"),
            ("xlsx", ".xlsx"),
            ("tbx", ".tbx (TBX 3)"),
            ("tbx2", ".tbx (TBX 2)"),
        ):
            gr.Button(shown, link=f"/api/v1/glossary/export?to={to}", size="md", min_width=96)


@dataclass(frozen=True)
class Files:
    """The handlers.

    ``waiting`` holds uploads between preview and import, by person and browser tab: Gradio's cache
    of uploads is open to everybody signed in, and there is one Gradio process.
    """

    workbench: Workbench
    waiting: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def preview_file(self, request: gr.Request, upload: str | None, simplify: bool) -> list[Any]:
        """Say what importing the uploaded file would do; nothing is changed."""
        identity = allowed(request, "keep terms")
        with told(request):
            data, name = take(upload)
        self.waiting[_key(identity, request)] = (name, data)
        while len(self.waiting) > _WAITING:
            del self.waiting[next(iter(self.waiting))]
        return [None, *self._preview(identity, request, simplify)]

    def preview_again(self, request: gr.Request, simplify: bool) -> list[Any]:
        """Say it again for the file that waits, if one does."""
        identity = allowed(request, "keep terms")
        if _key(identity, request) not in self.waiting:
            return [gr.skip()] * 5
        return self._preview(identity, request, simplify)

    def import_file(self, request: gr.Request, simplify: bool) -> list[Any]:
        """Import the file that was looked at: all at once or not at all."""
        identity = allowed(request, "keep terms")
        with told(request):
            name, data = self._waiting(identity, request)
            done = self.workbench.desk.import_file(data, name, identity.name, simplify=simplify)
        self.waiting.pop(_key(identity, request), None)
        notify("glossary.imported", request, count=len(done.added))
        return _reported(done, request, say("files.done", request, **_counts(done)))

    def list_imports(self, request: gr.Request) -> list[Any]:
        """Return the imports, the newest first."""
        allowed(request, "read")
        rows = [
            [
                batch.id,
                moment(batch.created),
                batch.author,
                batch.reason,
                f"{batch.present} / {batch.entries}",
            ]
            for batch in self.workbench.desk.imports()
        ]
        return [
            gr.Dataframe(table(request, BATCHES, rows), visible=bool(rows)),
            gr.Markdown(visible=not rows),
            "",
            gr.Button(say("files.undo", request), interactive=False, visible=bool(rows)),
        ]

    def pick_import(self, event: gr.SelectData, request: gr.Request) -> list[Any]:
        """Choose an import."""
        identity = allowed(request, "read")
        batch = str(event.row_value[0])
        present = not str(event.row_value[-1]).startswith("0 ")
        text = say("files.undo_this", request, id=batch)
        return [batch, gr.Button(text, interactive=present and identity.may("keep terms"))]

    def undo_import(self, request: gr.Request, batch: str) -> None:
        """Take an import out again, but for what was changed since."""
        identity = allowed(request, "keep terms")
        with told(request):
            done = self.workbench.desk.undo_import(batch, identity.name)
        notify("files.undone", request, count=done.removed, kept=len(done.kept))

    def _waiting(self, identity: Identity, request: gr.Request) -> tuple[str, bytes]:
        try:
            return self.waiting[_key(identity, request)]
        except KeyError as error:
            raise InputError("web.no_choice") from error

    def _preview(self, identity: Identity, request: gr.Request, simplify: bool) -> list[Any]:
        name, data = self.waiting[_key(identity, request)]
        with told(request):
            found = self.workbench.desk.import_file(data, name, identity.name, True, simplify)
        return _reported(
            found, request, say("files.would", request, **_counts(found)), bool(found.added)
        )


def _key(identity: Identity, request: gr.Request) -> str:
    return f"{identity.name} {request.session_hash}"


def _counts(found: TermImport) -> dict[str, object]:
    return {
        "name": found.name,
        "added": len(found.added),
        "known": found.known,
        "conflicting": len(found.conflicting),
        "refused": len(found.refused),
    }


def _reported(
    found: TermImport, request: gr.Request, text: str, importable: bool = False
) -> list[Any]:
    named_rows = list(_rows(found, request))
    new = say("files.added", request)
    rows = [*named_rows, *([new, "", named(term), ""] for term in found.added[:SHOWN])]
    titles = [say(key, request) for key in ("files.file", *ROWS)]
    lines = [titles, *([found.name, *map(str, row)] for row in named_rows)]
    written = [f"{found.name}.report.tsv", write_table(lines, "tsv").decode()]
    return [
        text,
        gr.Dataframe(table(request, ROWS, rows), visible=bool(rows)),
        written,
        gr.Button(interactive=importable),
        gr.Button(interactive=bool(named_rows)),
    ]


def _rows(found: TermImport, request: gr.Request) -> Iterator[list[Any]]:
    """Yield the rows that a person should look at, with what is wrong and what to do."""
    language = language_of(request)
    for kind, rows in (
        ("refused", found.refused),
        ("conflicting", found.conflicting),
        ("remarks", found.remarks),
    ):
        for row in rows:
            yield [
                say(f"files.{kind}", request),
                row.line,
                row.say(language),
                row.remedy(language),
            ]
