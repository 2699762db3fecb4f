"""A test set frozen from the newsroom's own confirmed articles, after a look at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from workbench.assembly import Workbench
from workbench.errors import WorkbenchError
from workbench.services.evaluation.freezing import Wanted
from workbench.ui.evaluation import shown
from workbench.ui.evaluation.sets import freezing
from workbench.ui.handlers import PRIVATE, allowed
from workbench.ui.strings import Strings, say

LONGEST_NOTE = 500


@dataclass(frozen=True)
class Form:
    """The components."""

    page: Freezer
    wanted: list[Any]
    name: Any
    note: Any
    said: Any
    go: Any


def build(workbench: Workbench, strings: Strings, again: dict[str, Any]) -> Form:
    """Add the form; *again* lists the sets anew."""
    page = Freezer(workbench)
    gr.Markdown(strings("freezing.heading"), elem_classes="wb-heading")
    gr.Markdown(strings("freezing.hint"))
    wanted = _wanted(strings)
    with gr.Row():
        name = gr.Textbox(
            label=strings("freezing.name"), max_length=60, min_width=200, elem_id="freezing-name"
        )
        note = gr.Textbox(
            label=strings("freezing.note"),
            max_length=LONGEST_NOTE,
            scale=2,
            min_width=240,
            elem_id="freezing-note",
        )
    with gr.Row(elem_classes="wb-acts"):
        look = gr.Button(strings("freezing.look"), scale=0, min_width=160, elem_id="freezing-look")
        go = gr.Button(
            strings("freezing.go"),
            variant="primary",
            scale=0,
            min_width=160,
            elem_id="freezing-go",
        )
    said = shown.html_part("freezing-said")
    look.click(page.preview_freeze, wanted, said, **PRIVATE)
    go.click(page.freeze_set, [name, note, *wanted], [said, name, note], **PRIVATE).success(**again)
    return Form(page, wanted, name, note, said, go)


def _wanted(strings: Strings) -> list[Any]:
    with gr.Row():
        days = [
            gr.Textbox(
                label=strings(f"freezing.{day}"),
                placeholder="2026-11-01",
                max_length=10,
                min_width=140,
                elem_id=f"freezing-{day}",
            )
            for day in ("since", "until")
        ]
        people = [
            gr.Dropdown(
                label=strings(f"freezing.{name}"),
                choices=[("", "")],
                value="",
                min_width=160,
                elem_id=f"freezing-{name}",
            )
            for name in ("outlet", "author")
        ]
        limit = gr.Number(
            0,
            label=strings("freezing.limit"),
            minimum=0,
            precision=0,
            min_width=140,
            elem_id="freezing-limit",
        )
    partial = gr.Checkbox(label=strings("freezing.partial"), elem_id="freezing-partial")
    return [*days, *people, limit, partial]


@dataclass(frozen=True)
class Freezer:
    """The handlers."""

    workbench: Workbench

    def open_freezer(self, request: gr.Request) -> list[Any]:
        """Fill the lists of outlets and authors of confirmed articles."""
        identity = allowed(request, "read")
        found = freezing(self.workbench).frozen.confirmed()
        every = (say("runs.all", request), "")
        lists = (
            sorted({each.outlet for each in found if each.outlet}),
            sorted({each.author for each in found if each.author}),
        )
        hint = "" if found else shown.empty(say("freezing.nothing", request))
        return [
            *(
                gr.Dropdown(choices=[every, *((name, name) for name in names)], value="")
                for names in lists
            ),
            hint,
            gr.Button(interactive=identity.may("evaluate") and bool(found)),
        ]

    def preview_freeze(
        self,
        since: str | None,
        until: str | None,
        outlet: str | None,
        author: str | None,
        limit: float | None,
        partial: bool,
        request: gr.Request,
    ) -> str:
        """Say how many pairs of which articles would be frozen."""
        allowed(request, "evaluate")
        wanted = _asked(since, until, outlet, author, limit, partial)
        try:
            found = freezing(self.workbench).preview(wanted)
        except WorkbenchError as error:
            return shown.refused(error, request)
        titles = [str(each["title"]) for each in found["articles"]]
        drafted = ", ".join(f"{name} {count}" for name, count in found["drafted_by"].items())
        pairs = [
            (say("freezing.pairs", request), str(found["lines"])),
            (say("freezing.articles", request), f"{len(titles)}: {shown.cut(titles, 5)}"),
            (say("sets.period", request), "–".join(found["period"])),
            (say("freezing.doubled", request), str(found["doubled"] or "")),
            (say("sets.drafted_by", request), drafted),
        ]
        return shown.facts(pairs) + shown.note(say("freezing.contamination", request))

    def freeze_set(
        self,
        name: str | None,
        note: str | None,
        since: str | None,
        until: str | None,
        outlet: str | None,
        author: str | None,
        limit: float | None,
        partial: bool,
        request: gr.Request,
    ) -> list[Any]:
        """Freeze the set for good."""
        identity = allowed(request, "evaluate")
        wanted = _asked(since, until, outlet, author, limit, partial)
        try:
            made = freezing(self.workbench).freeze(
                (name or "").strip(), wanted, identity.name, (note or "").strip()
            )
        except WorkbenchError as error:
            return [shown.refused(error, request), gr.skip(), gr.skip()]
        text = say("freezing.done", request, name=made.name, lines=made.lines)
        return [shown.note(text, "good"), "", ""]


def _asked(
    since: str | None,
    until: str | None,
    outlet: str | None,
    author: str | None,
    limit: float | None,
    partial: bool,
) -> Wanted:
    return Wanted(
        (since or "").strip(),
        (until or "").strip(),
        outlet or "",
        author or "",
        bool(partial),
        int(limit) if limit else None,
    )
