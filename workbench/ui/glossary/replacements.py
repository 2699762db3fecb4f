"""Changed Chinese forms that were carried into drafts and memory, with undo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from workbench.assembly import Workbench
from workbench.storage.patches import StoredPatch
from workbench.ui.glossary.impact import undone_text
from workbench.ui.glossary.shown import moment
from workbench.ui.handlers import PICK, PRIVATE, QUIET, allowed, table, told
from workbench.ui.strings import Strings, say

SHOWN = 100
COLUMNS = (
    "glossary.id",
    "history.when",
    "history.who",
    "impact.change",
    "impact.count",
    "history.why",
    "impact.undone_when",
)


def build(workbench: Workbench, strings: Strings, tab: gr.Tab) -> None:
    """Add the list; it is filled each time *tab* is opened."""
    page = Replacements(workbench)
    empty = gr.Markdown(strings("impact.no_patches"), visible=False)
    listed = gr.Dataframe(
        interactive=False,
        wrap=True,
        max_height=600,
        buttons=[],
        column_widths=["6%", "12%", "10%", "28%", "13%", "17%", "14%"],
        elem_id="patches-table",
    )
    chosen = gr.Number(0, visible=False)
    undo = gr.Button(strings("impact.undo"), interactive=False, elem_id="patches-undo")
    done = gr.Textbox(
        label=strings("impact.done"), interactive=False, visible=False, elem_id="patches-done"
    )
    shown = [listed, empty, chosen, undo]
    tab.select(page.list_patches, None, shown, **QUIET)
    listed.select(page.pick_patch, None, [chosen, undo], **PICK)
    undo.click(page.undo_patch, chosen, done, **PRIVATE).success(
        page.list_patches, None, shown, **QUIET
    )


@dataclass(frozen=True)
class Replacements:
    """The handlers."""

    workbench: Workbench

    def list_patches(self, request: gr.Request) -> list[Any]:
        """Return the last patches, the newest first."""
        allowed(request, "read")
        rows = [_row(patch, request) for patch in self.workbench.desk.list_patches(limit=SHOWN)]
        return [
            gr.Dataframe(table(request, COLUMNS, rows), visible=bool(rows)),
            gr.Markdown(visible=not rows),
            0,
            gr.Button(say("impact.undo", request), interactive=False, visible=bool(rows)),
        ]

    def pick_patch(self, event: gr.SelectData, request: gr.Request) -> list[Any]:
        """Choose a patch."""
        identity = allowed(request, "read")
        number, undone = int(event.row_value[0]), event.row_value[-1]
        text = say("impact.undo_this", request, id=number)
        return [
            number,
            gr.Button(text, interactive=identity.may("keep terms") and not undone),
        ]

    def undo_patch(self, request: gr.Request, number: float) -> Any:
        """Take a patch back where nobody changed anything since."""
        identity = allowed(request, "keep terms")
        with told(request):
            done = self.workbench.desk.undo_patch(int(number), identity.name)
        return gr.Textbox(undone_text(done, request), visible=True)


def _row(patch: StoredPatch, request: gr.Request) -> list[Any]:
    before = patch.content["term"]
    counts = {"rows": len(patch.content["rows"]), "units": len(patch.content["units"])}
    return [
        patch.id,
        moment(patch.created),
        patch.author,
        f"{before['source']}: {before['target']} → {patch.content['to']}",
        say("impact.changed", request, **counts),
        patch.reason,
        f"{moment(patch.undone)} {patch.undone_by}".strip(),
    ]
