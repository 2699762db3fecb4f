"""What is doubtful in the memory, page by page, each with what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from workbench.assembly import Workbench
from workbench.domain.identity import text_key
from workbench.errors import InputError
from workbench.messages import say as message
from workbench.services.memory_findings import KINDS, Finding, Kind, Translation
from workbench.services.memory_keeping import Act
from workbench.ui.glossary.shown import moment
from workbench.ui.handlers import PICK, PRIVATE, QUIET, allowed, choices, table, told
from workbench.ui.strings import Strings, language_of, say

PAGE = 20
COLUMNS = (
    "finding.id",
    "finding.source",
    "finding.target",
    "finding.what",
    "finding.after",
)


def build(workbench: Workbench, strings: Strings, tab: gr.Tab) -> None:
    """Add the section; it is filled each time *tab* is opened."""
    page = Findings(workbench)
    kind = gr.Radio(
        label=strings("finding.kind"), choices=list(KINDS), value=KINDS[0], elem_id="findings-kind"
    )
    hint = gr.Markdown(elem_id="findings-hint")
    listed = gr.Dataframe(
        interactive=False,
        wrap=True,
        max_height=560,
        buttons=[],
        column_widths=["8%", "30%", "24%", "20%", "18%"],
        elem_id="findings-table",
    )
    after, chosen, ids = (
        gr.Textbox("", visible=False),
        gr.Number(0, visible=False),
        gr.JSON([], visible=False),
    )
    with gr.Row(elem_classes="wb-pager"):
        first = gr.Button("⟲", size="md", min_width=48, scale=0, elem_id="findings-first")
        count = gr.Markdown(elem_id="findings-count")
        more = gr.Button(strings("finding.more"), size="md", scale=0, elem_id="findings-more")
    reason = gr.Textbox(label=strings("unit.reason"), elem_id="findings-reason")
    with gr.Row():
        mend = gr.Button(
            strings("finding.mend"), variant="primary", size="md", elem_id="findings-mend"
        )
        every = gr.Button(strings("finding.patch_all"), size="md", elem_id="findings-patch-all")
        drop = gr.Button(strings("finding.drop"), size="md", elem_id="findings-drop")
        edit = gr.Button(strings("concordance.edit"), size="md", elem_id="findings-edit")
    done = gr.Textbox(
        label=strings("finding.done"), interactive=False, visible=False, elem_id="findings-done"
    )
    number = gr.Number(0, visible=False)
    undo = gr.Button(strings("acts.undo"), size="md", visible=False, elem_id="findings-undo")
    buttons = [mend, every, drop, edit]
    shown = [kind, hint, listed, after, ids, count, more, chosen, *buttons]
    gr.on([tab.select, kind.input, first.click], page.list_findings, kind, shown, **QUIET)
    more.click(page.next_findings, [kind, after], shown, **PRIVATE)
    listed.select(page.pick_finding, [kind], [chosen, *buttons], **PICK)
    result = [done, number, undo]
    for button, handler, inputs in (
        (mend, page.mend_finding, [kind, chosen, reason]),
        (every, page.patch_findings, [ids, reason]),
        (drop, page.drop_finding, [chosen, reason]),
        (undo, page.undo_finding, [number]),
    ):
        button.click(handler, inputs, result, **PRIVATE).success(
            page.list_findings, kind, shown, **QUIET
        )
    edit.click(None, chosen, None, js="(id) => { window.wbOpenUnit?.(id); }")


@dataclass(frozen=True)
class Findings:
    """The handlers."""

    workbench: Workbench

    def list_findings(self, kind: str, request: gr.Request) -> list[Any]:
        """Return the first page of a kind."""
        return self._page(kind, "", request)

    def next_findings(self, kind: str, after: str, request: gr.Request) -> list[Any]:
        """Return the page beyond *after*."""
        return self._page(kind, after, request)

    def pick_finding(self, kind: str, event: gr.SelectData, request: gr.Request) -> list[Any]:
        """Choose a row."""
        identity = allowed(request, "read")
        may = identity.may("keep memory")
        mends = kind != "suspicious" and (kind != "terms" or bool(event.row_value[-1]))
        return [
            int(event.row_value[0]),
            gr.Button(interactive=may and mends),
            gr.Button(),
            gr.Button(interactive=may),
            gr.Button(interactive=True),
        ]

    def mend_finding(self, kind: str, chosen: float, reason: str, request: gr.Request) -> list[Any]:
        """Do what the kind suggests: merge doubles, settle on a translation, put terms in."""
        identity = allowed(request, "keep memory")
        findings = self.workbench.memory_findings
        with told(request):
            unit = self.workbench.units.get(int(chosen))
            key = text_key(unit.source)
            if kind == "duplicates":
                act = findings.merge(key, identity.name, reason)
            elif kind == "contradictions":
                act = findings.settle(key, unit.id, identity.name, reason)
            elif kind == "terms":
                act = findings.patch([unit.id], identity.name, reason)
            else:
                raise InputError("memory.no_finding")
        return _done(act, request)

    def patch_findings(self, ids: Any, reason: str, request: gr.Request) -> list[Any]:
        """Put the right terms into every unit of the page that has them."""
        identity = allowed(request, "keep memory")
        with told(request):
            numbers = [int(each) for each in ids or [] if isinstance(each, int)]
            act = self.workbench.memory_findings.patch(numbers, identity.name, reason)
        return _done(act, request)

    def drop_finding(self, chosen: float, reason: str, request: gr.Request) -> list[Any]:
        """Delete the chosen unit; the act can be undone."""
        identity = allowed(request, "keep memory")
        keeping = self.workbench.memory_keeping
        with told(request):
            unit = self.workbench.units.get(int(chosen))
            act = keeping.delete_all([unit], identity.name, reason, unit.source)
        return _done(act, request)

    def undo_finding(self, number: float, request: gr.Request) -> list[Any]:
        """Take the last act back."""
        identity = allowed(request, "keep memory")
        with told(request):
            done = self.workbench.memory_keeping.undo(int(number), identity.name)
        text = say("acts.undone", request, units=done.units, left=done.left)
        return [gr.Textbox(text, visible=True), 0, gr.Button(visible=False)]

    def _page(self, kind: str, after: str, request: gr.Request) -> list[Any]:
        identity = allowed(request, "read")
        asked: Kind = next((known for known in KINDS if known == kind), KINDS[0])
        with told(request):
            page = self.workbench.memory_findings.page(asked, after, PAGE)
        rows = [row for finding in page.found for row in _rows(finding, request)]
        ids = [finding.unit.id for finding in page.found if finding.after]
        looked = say("finding.looked", request, looked=page.looked) if page.total else ""
        count = say("finding.count", request, count=len(page.found)) if rows else ""
        empty = (
            "" if rows else say("finding.none" if not page.next else "finding.none_here", request)
        )
        may = identity.may("keep memory")
        return [
            gr.Radio(choices=choices(request, "finding", KINDS), value=asked),
            say(f"finding.{asked}_hint", request),
            gr.Dataframe(table(request, COLUMNS, rows), visible=bool(rows)),
            page.next,
            ids,
            " · ".join(part for part in (empty, count, looked) if part),
            gr.Button(visible=bool(page.next)),
            0,
            gr.Button(
                say(f"finding.mend_{asked}", request),
                interactive=False,
                visible=asked != "suspicious",
            ),
            gr.Button(visible=asked == "terms" and bool(ids), interactive=may),
            gr.Button(interactive=False, visible=bool(rows)),
            gr.Button(interactive=False, visible=bool(rows)),
        ]


def _done(act: Act, request: gr.Request) -> list[Any]:
    text = say("acts.done", request, units=act.units)
    return [gr.Textbox(text, visible=True), act.id, gr.Button(visible=True)]


def _rows(finding: Finding, request: gr.Request) -> list[list[Any]]:
    """Return a finding's rows: one for each translation."""
    return [
        [
            translation.units[0].id,
            translation.units[0].source,
            translation.target,
            _what(finding, translation, request),
            finding.after or _who(translation),
        ]
        for translation in finding.translations
    ]


def _what(finding: Finding, translation: Translation, request: gr.Request) -> str:
    if finding.outdated:
        pairs = [(wrong.form, wrong.right or "—") for wrong in finding.outdated]
        return "; ".join(f"{form} → {right}" for form, right in pairs)
    if finding.issues or finding.same:
        language = language_of(request)
        said = [message(i.key, language, **dict(i.values))[0] for i in finding.issues]
        return " ".join([*([say("finding.same", request)] if finding.same else []), *said])
    return say("finding.times", request, count=len(translation.units))


def _who(translation: Translation) -> str:
    unit = translation.units[0]
    return " ".join(part for part in (unit.author, moment(unit.changed)) if part)
