"""What was done to many units at once, with undo; and an article's units taken out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from workbench.assembly import Workbench
from workbench.domain.memory import OWN_REASONS
from workbench.services.memory_keeping import Act
from workbench.ui.glossary.shown import moment
from workbench.ui.handlers import PICK, PRIVATE, QUIET, allowed, notify, table, told
from workbench.ui.strings import Strings, say

COLUMNS = (
    "finding.id",
    "history.when",
    "history.who",
    "acts.what",
    "memory.units",
    "history.why",
    "acts.state",
)


def build(workbench: Workbench, strings: Strings, tab: gr.Tab) -> None:
    """Add the section; it is filled each time *tab* is opened."""
    page = Acts(workbench)
    gr.Markdown(strings("acts.article_hint"))
    with gr.Row():
        article = gr.Textbox(label=strings("acts.article"), scale=3, elem_id="acts-article")
        reason = gr.Textbox(label=strings("unit.reason"), scale=3, elem_id="acts-reason")
        withdraw = gr.Button(
            strings("acts.withdraw"), variant="stop", min_width=140, elem_id="acts-withdraw"
        )
    empty = gr.Markdown(strings("acts.none"), visible=False)
    listed = gr.Dataframe(
        interactive=False,
        wrap=True,
        max_height=560,
        buttons=[],
        column_widths=["7%", "14%", "12%", "27%", "8%", "18%", "14%"],
        elem_id="acts-table",
    )
    chosen = gr.Number(0, visible=False)
    undo = gr.Button(strings("acts.undo"), interactive=False, elem_id="acts-undo")
    shown = [listed, empty, chosen, undo, withdraw]
    tab.select(page.list_acts, None, shown, **QUIET)
    listed.select(page.pick_act, None, [chosen, undo], **PICK)
    for button, handler, inputs in (
        (undo, page.undo_act, [chosen]),
        (withdraw, page.withdraw_article, [article, reason]),
    ):
        button.click(handler, inputs, None, **PRIVATE).success(page.list_acts, None, shown, **QUIET)


@dataclass(frozen=True)
class Acts:
    """The handlers."""

    workbench: Workbench

    def list_acts(self, request: gr.Request) -> list[Any]:
        """Return the last acts, the newest first."""
        identity = allowed(request, "read")
        rows = [_row(act, request) for act in self.workbench.memory_keeping.acts()]
        return [
            gr.Dataframe(table(request, COLUMNS, rows), visible=bool(rows)),
            gr.Markdown(visible=not rows),
            0,
            gr.Button(interactive=False, visible=bool(rows)),
            gr.Button(interactive=identity.may("keep memory")),
        ]

    def pick_act(self, event: gr.SelectData, request: gr.Request) -> list[Any]:
        """Choose an act."""
        identity = allowed(request, "read")
        open_ = not event.row_value[-1]
        may = identity.may("keep memory")
        return [int(event.row_value[0]), gr.Button(interactive=may and open_)]

    def undo_act(self, chosen: float, request: gr.Request) -> None:
        """Take an act back where nobody changed anything since."""
        identity = allowed(request, "keep memory")
        with told(request):
            done = self.workbench.memory_keeping.undo(int(chosen), identity.name)
        notify("acts.undone", request, units=done.units, left=done.left)

    def withdraw_article(self, article: str, reason: str, request: gr.Request) -> None:
        """Delete the units of an article, by its number or by what files call it."""
        identity = allowed(request, "keep memory")
        text = article.strip().lstrip("#")
        number = int(text) if text.isdecimal() and len(text) < 10 else 0
        with told(request):
            act = self.workbench.memory_keeping.withdraw_article(
                number, "" if number else article.strip(), identity.name, reason
            )
        notify("acts.done", request, units=act.units)


def _row(act: Act, request: gr.Request) -> list[Any]:
    what = say(f"acts.did_{act.what}", request)
    return [
        act.id,
        moment(act.created),
        act.author,
        f"{what}: {act.name}" if act.name else what,
        act.units,
        _why(act.reason, request),
        f"{moment(act.undone)} {act.undone_by}".strip(),
    ]


def _why(reason: str, request: gr.Request) -> str:
    """Return a reason as a person wrote it, one of the memory's own in the user's language."""
    known = reason in OWN_REASONS
    return say(f"unit.why_{reason.replace(' ', '_')}", request) if known else reason
