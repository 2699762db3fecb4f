"""What a change in the form would touch, and the change carried into drafts and memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import gradio as gr

from workbench.assembly import Workbench
from workbench.domain.term import Term
from workbench.errors import Conflict, InputError
from workbench.services.term_impact import Impact, Sample
from workbench.services.term_patch import Left, Patched, Undone
from workbench.ui.glossary.form import answer, filled, picked
from workbench.ui.glossary.shown import counted
from workbench.ui.handlers import PRIVATE, QUIET, allowed, notify, table, told
from workbench.ui.strings import Strings, say

if TYPE_CHECKING:
    from workbench.ui.glossary.entries import Desk

COLUMNS = ("impact.where", "impact.state", "impact.source", "impact.target", "impact.after")
_TITLES = 5


@dataclass(frozen=True)
class Effects:
    """The components."""

    preview: Any
    text: Any
    samples: Any
    confirmed: Any
    patch: Any
    undo: Any
    done: Any
    number: Any


def build(strings: Strings) -> Effects:
    """Add preview, patch and its result."""
    with gr.Accordion(strings("impact.title"), open=False, elem_id="glossary-impact"):
        preview = gr.Button(strings("impact.preview"), size="md", elem_id="glossary-preview")
        text = gr.Textbox(
            label=strings("impact.touched"),
            interactive=False,
            visible=False,
            max_lines=10,
            elem_id="glossary-touched",
        )
        samples = gr.Dataframe(
            interactive=False,
            wrap=True,
            visible=False,
            max_height=360,
            buttons=[],
            column_widths=["20%", "13%", "27%", "20%", "20%"],
            elem_id="glossary-samples",
        )
        confirmed = gr.Checkbox(label=strings("impact.confirmed"), elem_id="glossary-confirmed")
        with gr.Row():
            patch = gr.Button(
                strings("impact.patch"), variant="primary", size="md", elem_id="glossary-patch"
            )
            undo = gr.Button(
                strings("impact.undo"), size="md", visible=False, elem_id="glossary-undo"
            )
        done = gr.Textbox(
            label=strings("impact.done"),
            interactive=False,
            visible=False,
            max_lines=8,
            elem_id="glossary-patched",
        )
    number = gr.Number(0, visible=False)
    return Effects(preview, text, samples, confirmed, patch, undo, done, number)


def wire(
    workbench: Workbench, effects: Effects, desk: Desk, opened: Sequence[Callable[..., Any]]
) -> None:
    """Connect them with the form; *opened* are the events that bring another entry into it."""
    page, form = Impacts(workbench), desk.form
    touched = [effects.text, effects.samples]
    result = [effects.done, effects.number, effects.undo]
    effects.preview.click(page.preview, form.entry, touched, **PRIVATE)
    inputs = [form.chosen, effects.confirmed, form.reason, *form.fields]
    patched = form.ask(effects.patch.click, page.patch, inputs, *result)
    undone = form.ask(effects.undo.click, page.undo, [effects.number], *result)
    for step in (patched, undone):
        step.then(**desk.details).then(**desk.again)
    gr.on(opened, page.nothing, None, [*touched, *result], **QUIET)


@dataclass(frozen=True)
class Impacts:
    """The handlers."""

    workbench: Workbench

    def nothing(self, request: gr.Request) -> list[Any]:
        """Hide what was said about another entry."""
        allowed(request, "read")
        return [gr.Textbox("", visible=False), gr.Dataframe(visible=False), *_result("", 0)]

    def preview(self, request: gr.Request, chosen: Any, *fields: Any) -> list[Any]:
        """Say what the Chinese form and state of the form would touch; nothing is changed."""
        allowed(request, "read")
        with told(request):
            number, _ = picked(chosen)
            wanted = filled(self.workbench.terms.get(number), fields)
            found = self.workbench.desk.impact(number, wanted.target, wanted.status)
        rows = [_sample(sample, request) for sample in found.samples]
        return [
            gr.Textbox(_told(found, request), visible=True),
            gr.Dataframe(table(request, COLUMNS, rows), visible=bool(rows)),
        ]

    def patch(
        self, request: gr.Request, chosen: Any, confirmed: bool, reason: str, *fields: Any
    ) -> list[Any]:
        """Save the form and put its Chinese form wherever the old one stands for the entry."""
        identity = allowed(request, "keep terms")
        with told(request):
            number, revision = picked(chosen)
            known = self.workbench.terms.get(number)
            wanted = filled(known, fields)
            if wanted.target == known.target:
                raise InputError("terms.same_target", source=known.source, target=known.target)
            if known.revision != revision:
                raise Conflict("terms.changed", source=known.source)
            revision = self._others_saved(known, wanted, identity.name, reason.strip())
            done = self.workbench.desk.patch(
                number, wanted.target, identity.name, reason, confirmed, revision
            )
        notify("glossary.saved", request, source=done.term.source, target=done.term.target)
        return [answer(done.term), *_result(_patched(done, request), done.id)]

    def undo(self, request: gr.Request, patch: float) -> list[Any]:
        """Take the patch back where nobody changed anything since."""
        identity = allowed(request, "keep terms")
        with told(request):
            done = self.workbench.desk.undo_patch(int(patch), identity.name)
        stands = answer(done.term) if done.term else []
        return [stands, *_result(undone_text(done, request), 0)]

    def _others_saved(self, known: Term, wanted: Term, author: str, reason: str) -> int:
        """Save what else differs in the form; return the revision that the patch starts from.

        Whether the whole can be stored is asked before the first part is.
        """
        terminology = self.workbench.terminology
        terminology.refuse_rivals([terminology.renewed(known, wanted)])
        others = replace(wanted, target=known.target)
        if others == known:
            return known.revision
        return terminology.update(others, known.revision, author, reason).revision


def _result(text: str, number: int) -> list[Any]:
    return [gr.Textbox(text, visible=bool(text)), number, gr.Button(visible=bool(number))]


def _told(found: Impact, request: gr.Request) -> str:
    lines = [
        say("impact.rows", request, counts=counted(found.segments, "state", request)),
        say("impact.units", request, count=sum(found.units.values())),
        say("impact.exports", request, count=len(found.exports)),
    ]
    if found.articles:
        titles = [title or f"#{number}" for number, title in found.articles]
        more = "…" if len(titles) > _TITLES else ""
        lines.append(say("impact.articles", request, titles="; ".join(titles[:_TITLES]) + more))
    if lacking := sum(found.lacking.values()) + sum(found.units_lacking.values()):
        lines.append(say("impact.lacking", request, count=lacking))
    if found.unchecked:
        lines.append(say("impact.unchecked", request, count=found.unchecked))
    return "\n".join(lines)


def _sample(sample: Sample, request: gr.Request) -> list[str]:
    if sample.kind == "segment":
        where = f"{sample.article} · {sample.n}"
        state = say(f"state.{sample.state}", request)
    else:
        where, state = say("impact.memory", request), ""
    return [where, state, sample.source, sample.target, sample.after]


def _patched(done: Patched, request: gr.Request) -> str:
    lines = [say("impact.patched", request, rows=done.rows, units=done.units)]
    if done.exports:
        lines.append(say("impact.published", request, count=len(done.exports)))
    return "\n".join([*lines, *_left(done.left, request)])


def undone_text(done: Undone, request: gr.Request) -> str:
    """Say what undoing a patch did."""
    if done.already:
        return say("impact.already", request)
    lines = [say("impact.undone", request, rows=done.rows, units=done.units)]
    return "\n".join([*lines, *_left(done.left, request)])


def _left(left: tuple[Left, ...], request: gr.Request) -> list[str]:
    """Say how many places stay as they are, and why."""
    counts = Counter(place.why for place in left)
    return [say(f"left.{why}", request, count=count) for why, count in counts.items()]
