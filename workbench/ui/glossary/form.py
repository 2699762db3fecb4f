"""The form of an entry: its fields, what stands in them, and how answers get into it.

An answer of the server never overwrites what was typed while it was on its way: handlers answer
into ``answer``, and the browser moves that into the fields only when they still hold what they
held when the question was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import gradio as gr

from workbench.domain.term import TERM_STATUSES, TERM_TYPES, Term, TermStatus, TermType
from workbench.errors import InputError
from workbench.ui.glossary.shown import several
from workbench.ui.handlers import IN_TURN, PRIVATE
from workbench.ui.strings import Strings

# What the fields held when questions were asked, and what answers have put there since: a few of
# the newest, for a choice may come while the answer to the one before fills field after field.
# So each field is looked at by itself.
ASKED = "(...typed) => { window.wbEntry = [...(window.wbEntry ?? []).slice(-8), typed]; }"
_SAME = "JSON.stringify(known[n]) === JSON.stringify(value)"
_FRESH = f"typed.every((value, n) => window.wbEntry.some((known) => {_SAME}))"
_NOTED = "window.wbEntry.push(answer.slice(1))"
# A picked entry is not taken when something was typed since.
PICKED = f"""(answer, chosen, reason, ...typed) => {{
    if (!answer.length || !({_FRESH})) return [chosen, reason, ...typed];
    {_NOTED};
    return [answer[0], '', ...answer.slice(1)];
}}"""
# What was saved is the entry's newest version even when typing went on.
SAVED = f"""(answer, chosen, reason, ...typed) => {{
    if (!answer.length) return [chosen, reason, ...typed];
    if (!({_FRESH})) return [answer[0], '', ...typed];
    {_NOTED};
    return [answer[0], '', ...answer.slice(1)];
}}"""
NEW_TYPE: TermType = "person"
CONTEXT = "голод; беженц; -полос"  # how context words are written


@dataclass(frozen=True)
class Form:
    """The components of the form.

    ``chosen`` is [entry, revision], empty for a new one; every handler checks it again.
    """

    chosen: Any
    answer: Any
    reason: Any
    fields: list[Any]

    @property
    def entry(self) -> list[Any]:
        """What a handler needs to know the entry as it stands in the form."""
        return [self.chosen, *self.fields]

    @property
    def state(self) -> list[Any]:
        """Everything that an answer may change."""
        return [self.chosen, self.reason, *self.fields]

    def ask(
        self,
        event: Callable[..., Any],
        handler: Callable[..., Any],
        inputs: Sequence[Any] | None,
        *more: Any,
        saves: bool = True,
    ) -> Any:
        """Let *handler* answer to *event* into the form and *more*; return the step behind."""
        turns = {} if saves else IN_TURN
        event(None, self.fields, None, js=ASKED, **PRIVATE)
        told = event(handler, inputs, [self.answer, *more], **PRIVATE, **turns)
        js = SAVED if saves else PICKED
        return told.success(None, [self.answer, *self.state], self.state, js=js, **PRIVATE)


def build(strings: Strings) -> Form:
    """Add the fields."""
    chosen, answer = gr.JSON([], visible=False), gr.JSON([], visible=False)
    source = gr.Textbox(label=strings("glossary.source"), elem_id="glossary-source")
    target = gr.Textbox(label=strings("glossary.target"), elem_id="glossary-target")
    with gr.Row():
        kind = gr.Dropdown(
            label=strings("glossary.type"), choices=list(TERM_TYPES), value=NEW_TYPE, min_width=110
        )
        status = gr.Dropdown(
            label=strings("glossary.status"),
            choices=list(TERM_STATUSES),
            value="approved",
            min_width=110,
            elem_id="glossary-status",
        )
    with gr.Row():
        begins = gr.Textbox(
            label=strings("glossary.valid_from"), placeholder="2019-03-23", min_width=110
        )
        ends = gr.Textbox(
            label=strings("glossary.valid_to"), placeholder="2022-09-16", min_width=110
        )
    with gr.Row():
        variants = gr.Textbox(
            label=strings("glossary.variants"), min_width=200, elem_id="glossary-variants"
        )
        forbidden = gr.Textbox(
            label=strings("glossary.forbidden"), min_width=200, elem_id="glossary-forbidden"
        )
    quotes = gr.Checkbox(label=strings("glossary.needs_quotes"), elem_id="glossary-quotes")
    context = gr.Textbox(
        label=strings("glossary.context"),
        placeholder=f"{CONTEXT} · {strings('glossary.context_hint')}",
        elem_id="glossary-context",
    )
    note = gr.Textbox(label=strings("glossary.note"), elem_id="glossary-note")
    reason = gr.Textbox(
        label=strings("glossary.reason"),
        placeholder=strings("glossary.reason_hint"),
        elem_id="glossary-reason",
    )
    texts = [begins, ends, context, note]
    fields = [source, target, kind, status, variants, forbidden, quotes, *texts]
    return Form(chosen, answer, reason, fields)


def picked(chosen: Any) -> tuple[int, int]:
    """Return (entry, revision) of the form. Raises InputError when it holds no stored entry."""
    if not isinstance(chosen, list) or len(chosen) != 2:
        raise InputError("web.no_choice")
    return int(chosen[0]), int(chosen[1])


def filled(known: Term, fields: Sequence[Any]) -> Term:
    """Return the entry *known* as the form has it."""
    source, target, kind, status, variants, forbidden, quotes, *texts = fields
    begins, ends, context, note = texts
    return replace(
        known,
        source=source.strip(),
        target=target.strip(),
        type=cast(TermType, kind),
        status=cast(TermStatus, status),
        variants=several(variants),
        forbidden=several(forbidden),
        needs_quotes=bool(quotes),
        context=several(context),
        valid_from=begins.strip(),
        valid_to=ends.strip(),
        note=note.strip(),
    )


def answer(term: Term) -> list[Any]:
    """Return an entry as the form takes it."""
    return [
        [term.id, term.revision] if term.id else [],
        term.source,
        term.target,
        term.type,
        term.status,
        "; ".join(term.variants),
        "; ".join(term.forbidden),
        term.needs_quotes,
        term.valid_from,
        term.valid_to,
        "; ".join(term.context),
        term.note,
    ]
