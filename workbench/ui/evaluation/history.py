"""The runs there were: a list with filters, and what can be done with one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from workbench.assembly import Workbench
from workbench.domain.run import Run, Verdict
from workbench.errors import Conflict, InputError, NotFound
from workbench.ui.evaluation import shown
from workbench.ui.glossary.shown import coloured, moment, page_shown
from workbench.ui.handlers import PICK, PRIVATE, QUIET, allowed, notify, told
from workbench.ui.strings import Strings, say

PART = "history"  # whose questions wait for one another
PAGE = 20
MOST = 2000  # runs that the pager reaches
STATES = ("done", "running", "queued", "cancelled", "failed")
COLUMNS = (
    "runs.number",
    "runs.when",
    "runs.who",
    "runs.set",
    "runs.lines",
    "runs.systems",
    "runs.scores",
    "runs.state",
)
_STATE = 7


@dataclass(frozen=True)
class History:
    """The components."""

    asked: list[Any]
    table: list[Any]
    chosen: Any
    about: Any
    system: Any
    buttons: dict[str, Any]
    sure: Any

    @property
    def picked(self) -> list[Any]:
        """What a chosen run fills."""
        return [self.chosen, self.about, self.system, self.sure, *self.buttons.values()]


def build(
    workbench: Workbench, strings: Strings, again: dict[str, Any]
) -> tuple[Histories, History]:
    """Add the list and the acts on the chosen run; *again* draws the plot anew."""
    gr.Markdown(strings("runs.list"), elem_classes="wb-heading")
    asked = _filters(strings)
    gr.Markdown(strings("runs.pick"), elem_classes="wb-hint")
    empty = shown.html_part("runs-empty")
    listed = gr.Dataframe(
        interactive=False,
        wrap=True,
        max_height=520,
        buttons=[],
        column_widths=["6%", "13%", "10%", "14%", "7%", "24%", "17%", "9%"],
        elem_id="runs-table",
    )
    number = gr.Number(1, visible=False)
    with gr.Row(elem_classes="wb-pager"):
        earlier = gr.Button("‹", size="md", min_width=48, scale=0, elem_id="runs-earlier")
        count = gr.Markdown(elem_id="runs-count")
        later = gr.Button("›", size="md", min_width=48, scale=0, elem_id="runs-later")
    chosen = gr.Number(0, visible=False)
    about = shown.html_part("runs-about")
    buttons, system, sure = _acts(strings)
    table = [listed, empty, count, number, earlier, later]
    parts = History(asked, table, chosen, about, system, buttons, sure)
    page = Histories(workbench, parts)
    for each in asked:
        each.input(page.list_runs, asked, table, **shown.in_turn(PART))
    one = {**QUIET, **shown.one_by_one(PART)}
    earlier.click(page.earlier_runs, [*asked, number], table, **one)
    later.click(page.later_runs, [*asked, number], table, **one)
    listed.select(page.pick_run, None, parts.picked, **PICK)
    buttons["keep"].click(page.keep_baseline, [chosen, system], parts.picked, **PRIVATE).success(
        **again
    )
    buttons["delete"].click(page.delete_run, [chosen, sure], parts.picked, **PRIVATE).success(
        page.list_runs, asked, table, **QUIET
    )
    return page, parts


def _filters(strings: Strings) -> list[Any]:
    with gr.Row():
        return [
            gr.Dropdown(
                label=strings(f"runs.{name}"),
                choices=[("", "")],
                value="",
                min_width=160,
                elem_id=f"runs-filter-{name}",
            )
            for name in ("set", "author", "state")
        ]


def _acts(strings: Strings) -> tuple[dict[str, Any], Any, Any]:
    """Add what can be done with the chosen run, hidden until one is chosen."""
    look = {"size": "md", "visible": False, "scale": 0, "min_width": 120}
    with gr.Row(elem_classes="wb-acts"):
        buttons = {
            name: gr.Button(strings(f"runs.{name}"), elem_id=f"runs-{name}", **look)
            for name in ("open", "repeat", "resume")
        }
    with gr.Row(elem_classes="wb-acts"):
        system = gr.Dropdown(
            label=strings("runs.baseline_system"),
            choices=[("", "")],
            value="",
            visible=False,
            scale=0,
            min_width=280,
            elem_id="runs-baseline-system",
        )
        buttons["keep"] = gr.Button(strings("runs.keep"), elem_id="runs-keep", **look)
        sure = gr.Checkbox(
            label=strings("runs.sure"), visible=False, scale=0, min_width=200, elem_id="runs-sure"
        )
        buttons["delete"] = gr.Button(
            strings("runs.delete"), variant="stop", elem_id="runs-delete", **look
        )
    return buttons, system, sure


@dataclass(frozen=True)
class Histories:
    """The handlers."""

    workbench: Workbench
    parts: History

    def open_history(self, request: gr.Request) -> dict[Any, Any]:
        """Fill the filters and the list; nothing is chosen yet."""
        allowed(request, "read")
        with told(request):
            known = self.workbench.runs.list(limit=MOST)
        every = (say("runs.all", request), "")
        sets = sorted({run.set_name for run in known})
        authors = sorted({run.author for run in known if run.author})
        named = (
            [(name, name) for name in sets],
            [(name, name) for name in authors],
            [(shown.state_word(state, request), state) for state in STATES],
        )
        filters = {
            part: gr.Dropdown(choices=[every, *found], value="")
            for part, found in zip(self.parts.asked, named, strict=True)
        }
        table = dict(zip(self.parts.table, self._page("", "", "", 1, request), strict=True))
        return {**filters, **table, **self._nobody()}

    def list_runs(
        self, set_name: str | None, author: str | None, state: str | None, request: gr.Request
    ) -> list[Any]:
        """Show the first page of the runs that the filters let through."""
        return self._page(set_name, author, state, 1, request)

    def earlier_runs(
        self,
        set_name: str | None,
        author: str | None,
        state: str | None,
        number: float | None,
        request: gr.Request,
    ) -> list[Any]:
        """Turn a page back."""
        return self._page(set_name, author, state, int(number or 1) - 1, request)

    def later_runs(
        self,
        set_name: str | None,
        author: str | None,
        state: str | None,
        number: float | None,
        request: gr.Request,
    ) -> list[Any]:
        """Turn a page on."""
        return self._page(set_name, author, state, int(number or 1) + 1, request)

    def pick_run(self, event: gr.SelectData, request: gr.Request) -> dict[Any, Any]:
        """Choose a run."""
        allowed(request, "read")
        with told(request):
            return self._picked(int(event.row_value[0]), request)

    def keep_baseline(
        self, number: float | None, system: str | None, request: gr.Request
    ) -> dict[Any, Any]:
        """Make the chosen run the baseline of its set."""
        identity = allowed(request, "evaluate")
        with told(request):
            kept = self.workbench.runs.set_baseline(int(number or 0), system or "", identity.name)
            found = self._picked(kept.run_id, request)
        notify("runs.is_baseline", request, id=kept.run_id, set=kept.set_name)
        return found

    def delete_run(self, number: float | None, sure: bool, request: gr.Request) -> dict[Any, Any]:
        """Delete one's own run; an administrator deletes anybody's."""
        identity = allowed(request, "evaluate")
        with told(request):
            run = self.workbench.runs.get(int(number or 0))
            identity.require_own(run.author)
            if not sure:
                raise InputError("evaluation.not_sure")
            self.workbench.runs.delete(run.id)
        notify("runs.deleted", request, id=run.id)
        return self._nobody()

    # -- what is shown ----------------------------------------------------------------------

    def _page(
        self,
        set_name: str | None,
        author: str | None,
        state: str | None,
        number: int,
        request: gr.Request,
    ) -> list[Any]:
        allowed(request, "read")
        with told(request):
            found = self.workbench.runs.list(set_name or "", author or "", state or "", MOST)
        pages = max(1, -(-len(found) // PAGE))
        number = min(max(number, 1), pages)
        some = found[(number - 1) * PAGE : number * PAGE]
        rows = [_row(run, request) for run in some]
        colours = {_STATE: [shown.STATE_COLOURS[run.state] for run in some]}
        count, *pager = page_shown(request, "runs.page", len(found), number, pages)
        nothing = "runs.none_such" if set_name or author or state else "runs.none"
        return [
            gr.Dataframe(coloured(request, COLUMNS, rows, colours), visible=bool(rows)),
            "" if rows else shown.empty(say(nothing, request)),
            count if rows else "",
            *pager,
        ]

    def _nobody(self) -> dict[Any, Any]:
        """No run is chosen."""
        parts = self.parts
        rest = [parts.system, parts.sure, *parts.buttons.values()]
        return shown.nothing_chosen(parts.chosen, parts.about, rest)

    def _picked(self, number: int, request: gr.Request) -> dict[Any, Any]:
        parts, run = self.parts, self.workbench.runs.get(number)
        identity = allowed(request, "read")
        may, finished = identity.may("evaluate"), run.state == "done" and bool(run.scores)
        stopped = run.state in ("cancelled", "failed")
        each = (say("runs.by_name", request), "")
        seen = {
            "open": may and finished,
            "repeat": may and run.state != "running",
            "resume": may and stopped,
            "keep": may and finished,
            "delete": may and identity.owns(run.author),
        }
        return {
            parts.chosen: number,
            parts.about: self._about(run, request),
            parts.system: gr.Dropdown(
                choices=[each, *((name, name) for name in run.systems)],
                value="",
                visible=seen["keep"],
            ),
            parts.sure: gr.Checkbox(value=False, visible=seen["delete"]),
            **{button: gr.Button(visible=seen[name]) for name, button in parts.buttons.items()},
        }

    def _about(self, run: Run, request: gr.Request) -> str:
        """Return what a run is, and how it stands against the baseline of its set."""
        state = shown.state_word(run.state, request)
        head = f"#{run.id} · {run.title or run.set_name} · {', '.join(run.systems)} · {state}"
        pieces = [shown.note(head, "strong")]
        if run.state == "done":
            pieces.append(against_baseline(self.workbench, run, request))
            if self.workbench.runs.changed(run):
                pieces.append(shown.note(say("runs.set_changed", request), "warn"))
        pieces.append(shown.note(shown.problem_of(run, request), "bad"))
        return "".join(pieces)


def against_baseline(workbench: Workbench, run: Run, request: gr.Request) -> str:
    """Say in words how a run stands against the baseline of its set."""
    baseline = workbench.runs.baseline(run.set_name)
    if baseline is None:
        return shown.note(say("runs.no_baseline", request, set=run.set_name))
    if baseline.run_id == run.id:
        return shown.note(say("runs.this_is_baseline", request, set=run.set_name), "good")
    try:
        verdict = workbench.runs.verdict(run.id)
    except (Conflict, NotFound) as error:
        return shown.refused(error, request)
    return _said(verdict, request)


def _said(verdict: Verdict, request: gr.Request) -> str:
    head = "runs.regressed" if verdict.regressed else "runs.not_regressed"
    kind = "bad" if verdict.regressed else "good"
    most = f"{verdict.max_drop:g}"
    pieces = [
        shown.note(say(head, request, baseline=verdict.baseline_id, most=most), kind),
        *(
            shown.note(
                say(
                    "runs.fall",
                    request,
                    metric=fall.metric,
                    system=fall.system,
                    before=f"{fall.before:.2f}",
                    value=f"{fall.value:.2f}",
                    change=f"{round(-fall.drop, 2) + 0.0:+.2f}",  # no "-0.00"
                    signature=fall.signature,
                ),
                "bad" if fall.regressed else "",
            )
            for fall in verdict.falls
        ),
    ]
    if verdict.incomparable:
        names = ", ".join(verdict.incomparable)
        pieces.append(shown.note(say("runs.incomparable", request, names=names), "warn"))
    return "".join(pieces)


def _row(run: Run, request: gr.Request) -> list[Any]:
    names = shown.cut(run.systems, 3)
    return [
        run.id,
        moment(run.created),
        run.author,
        run.set_name,
        run.size,
        f"{run.title}: {names}" if run.title else names,
        "; ".join(_scores(run)),
        shown.state_word(run.state, request),
    ]


def _scores(run: Run) -> list[str]:
    """Return the first metric of each system with its interval: never a bare number."""
    found = []
    for name in run.systems[:3]:
        for score in run.scores.get(name, ())[:1]:
            interval = f" [{score.low:.1f}–{score.high:.1f}]" if score.low is not None else ""
            found.append(f"{score.metric} {score.value:.1f}{interval}")
    return found
