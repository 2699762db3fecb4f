"""The imports there were: how they are judged, withdrawn and brought back; the seed memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from workbench.assembly import Workbench
from workbench.errors import NotFound
from workbench.services.memory_imports import TRUSTS, profile_of
from workbench.storage.unit_batches import Batch
from workbench.ui.glossary.shown import moment
from workbench.ui.handlers import PICK, PRIVATE, QUIET, allowed, notify, table, told
from workbench.ui.strings import Strings, say

COLUMNS = (
    "memory.name",
    "memory.units",
    "imports.shared",
    "imports.profile",
    "history.who",
    "history.when",
    "acts.state",
)


@dataclass(frozen=True)
class Listed:
    """The list's handlers and components, for the section around it."""

    page: Batches
    shown: list[Any]
    seed: Any


def build(workbench: Workbench, strings: Strings, profile: Sequence[Any]) -> Listed:
    """Add the list; *profile* are the fields in which an import is judged."""
    page = Batches(workbench)
    gr.Markdown(strings("imports.list"))
    empty = gr.Markdown(strings("imports.none"), visible=False)
    listed = gr.Dataframe(
        interactive=False,
        wrap=True,
        max_height=480,
        buttons=[],
        column_widths=["24%", "9%", "9%", "22%", "11%", "13%", "12%"],
        elem_id="imports-table",
    )
    ids, chosen = gr.JSON([], visible=False), gr.Textbox("", visible=False)
    shut = {"size": "md", "interactive": False}
    with gr.Row():
        withdraw = gr.Button(
            strings("memory.withdraw"),
            variant="stop",
            size="md",
            interactive=False,
            elem_id="memory-withdraw",
        )
        back = gr.Button(strings("imports.back"), **shut, elem_id="imports-back")
        judge = gr.Button(strings("imports.judge"), **shut, elem_id="imports-judge")
    gr.Markdown(strings("memory.seed_hint"))
    with gr.Row():
        seed = gr.Button(
            strings("memory.load_seed"), size="md", scale=0, min_width=280, elem_id="memory-seed"
        )
    buttons = [withdraw, back, judge]
    shown = [listed, empty, ids, chosen, *buttons, seed]
    listed.select(page.pick_batch, ids, [chosen, *buttons], **PICK)
    for button, handler, inputs in (
        (withdraw, page.withdraw_batch, [chosen]),
        (back, page.restore_batch, [chosen]),
        (judge, page.judge_batch, [chosen, *profile]),
    ):
        button.click(handler, inputs, None, **PRIVATE).success(
            page.list_batches, None, shown, **QUIET
        )
    return Listed(page, shown, seed)


@dataclass(frozen=True)
class Batches:
    """The handlers."""

    workbench: Workbench

    def list_batches(self, request: gr.Request) -> list[Any]:
        """Return the imports, newest first, withdrawn ones too."""
        identity = allowed(request, "read")
        found = self.workbench.units.imports.list(include_withdrawn=True)
        found = tuple(batch for batch in found if batch.finished or not batch.withdrawn)
        rows = [_row(batch, request) for batch in found]
        shut = [gr.Button(interactive=False, visible=bool(rows))] * 3
        return [
            gr.Dataframe(table(request, COLUMNS, rows), visible=bool(rows)),
            gr.Markdown(visible=not rows),
            [batch.id for batch in found],
            "",
            *shut,
            gr.Button(interactive=identity.may("keep memory")),
        ]

    def pick_batch(self, ids: Any, event: gr.SelectData, request: gr.Request) -> list[Any]:
        """Choose an import."""
        identity = allowed(request, "read")
        with told(request):
            row = event.index[0]
            if not isinstance(ids, list) or row >= len(ids):
                raise NotFound("storage.no_batch", id="")
            batch = self.workbench.units.imports.get(str(ids[row]))
        may = identity.may("keep memory")
        gone = bool(batch.withdrawn)
        return [
            batch.id,
            gr.Button(interactive=may and not gone),
            gr.Button(interactive=may and gone),
            gr.Button(interactive=may),
        ]

    def withdraw_batch(self, chosen: str, request: gr.Request) -> None:
        """Take an import out again."""
        identity = allowed(request, "keep memory")
        with told(request):
            gone = self.workbench.units.imports.withdraw(chosen or "", identity.name)
        notify("memory.withdrawn", request, units=gone)

    def restore_batch(self, chosen: str, request: gr.Request) -> None:
        """Bring a withdrawn import back."""
        identity = allowed(request, "keep memory")
        with told(request):
            back = self.workbench.units.imports.undo(chosen or "", identity.name)
        notify("imports.restored", request, units=back)

    def judge_batch(
        self, chosen: str, trust: str, domain: str, penalty: float | None, request: gr.Request
    ) -> None:
        """Give an import the profile that stands in the fields."""
        allowed(request, "keep memory")
        with told(request):
            points = None if penalty is None else int(penalty)
            profile = profile_of(trust or "", domain or "", points)
            batch = self.workbench.units.imports.set_profile(chosen or "", profile)
        notify("imports.judged", request, name=batch.name)


def _row(batch: Batch, request: gr.Request) -> list[Any]:
    trust = say(f"imports.{batch.trust}", request) if batch.trust in TRUSTS else ""
    points = f"−{batch.penalty}" if batch.penalty else ""
    state = "" if batch.finished else say("imports.unfinished", request)
    if batch.withdrawn:
        state = (
            f"{say('imports.withdrawn', request)} {moment(batch.withdrawn)} {batch.withdrawn_by}"
        )
    return [
        batch.name,
        batch.units,
        batch.skipped,
        " · ".join(part for part in (trust, batch.domain, points) if part),
        batch.author,
        moment(batch.created),
        state.strip(),
    ]
