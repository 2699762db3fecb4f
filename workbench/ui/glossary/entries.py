"""The entries: finding them, and the form in which they are added, changed and judged."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

import gradio as gr

from workbench.assembly import Workbench
from workbench.domain.term import TERM_STATUSES, TERM_TYPES, Term, TermStatus
from workbench.errors import InputError, NotFound
from workbench.ui.glossary import details, impact
from workbench.ui.glossary import form as entry_form
from workbench.ui.glossary.details import Details
from workbench.ui.glossary.form import Form, answer, filled, picked
from workbench.ui.glossary.shown import (
    STATUS_COLOURS,
    coloured,
    dates,
    page_shown,
    paged,
    status_word,
)
from workbench.ui.handlers import PRIVATE, QUIET, allowed, choices, notify, told
from workbench.ui.strings import Strings, say

PAGE = 50
DELETED = "deleted"
COLUMNS = (
    "glossary.id",
    "glossary.source",
    "glossary.target",
    "glossary.type",
    "glossary.status",
    "glossary.note",
)
_STATUS_COLUMN = 4


@dataclass(frozen=True)
class Desk:
    """What the other sections need of this one: the form, and how it and the list are renewed."""

    form: Form
    entries: Entries
    details: dict[str, Any]
    again: dict[str, Any]


@dataclass(frozen=True)
class _List:
    """The components of the list."""

    query: Any
    kind: Any
    status: Any
    page: Any
    table: Any
    count: Any
    earlier: Any
    later: Any

    @property
    def asked(self) -> list[Any]:
        return [self.query, self.kind, self.status]

    @property
    def shown(self) -> list[Any]:
        return [self.table, self.count, self.page, self.earlier, self.later]


def build(workbench: Workbench, strings: Strings, tab: gr.Tab) -> Desk:
    """Add list and form side by side; they are filled each time *tab* is opened."""
    page = Entries(workbench)
    with gr.Row(equal_height=False):
        with gr.Column(scale=3, min_width=560):
            found = _list(strings)
        with gr.Column(scale=2, min_width=380):
            heading = gr.Markdown(strings("glossary.new"), elem_id="glossary-heading")
            form = entry_form.build(strings)
            buttons = _buttons(strings)
            remarks = details.remarks(strings)
            effects = impact.build(strings)
            looked = details.build(strings, heading, remarks)
    shown = {
        "fn": Details(workbench).details,
        "inputs": form.entry,
        "outputs": [*looked.outputs, buttons["add"], buttons["save"]],
        "trigger_mode": "always_last",
        **QUIET,
    }
    again = {
        "fn": page.search,
        "inputs": [*found.asked, found.page],
        "outputs": found.shown,
        "trigger_mode": "always_last",
        **QUIET,
    }
    desk = Desk(form, page, shown, again)
    _wire_list(page, found, desk)
    _wire_buttons(page, buttons, desk)
    details.wire(workbench, looked, desk)
    impact.wire(workbench, effects, desk, [found.table.select, buttons["new"].click])
    keepers = [*list(buttons.values())[2:], looked.keep_forms, effects.patch]
    lists = [found.kind, found.status, form.fields[2], form.fields[3]]
    # Searched when the lists are there, with what was typed meanwhile.
    tab.select(page.start, None, [*lists, *keepers], **QUIET).then(**again)
    page.keepers.extend(keepers)
    return desk


def _list(strings: Strings) -> _List:
    with gr.Row():
        query = gr.Textbox(
            label=strings("glossary.search"),
            placeholder=strings("glossary.search_hint"),
            scale=3,
            min_width=200,
            elem_id="glossary-search",
        )
        kind = gr.Dropdown(
            label=strings("glossary.type"), choices=[""], value="", scale=1, min_width=120
        )
        status = gr.Dropdown(
            label=strings("glossary.status"),
            choices=[""],
            value="",
            scale=1,
            min_width=120,
            elem_id="glossary-filter-status",
        )
    table = gr.Dataframe(
        interactive=False,
        elem_id="glossary-table",
        wrap=True,
        max_height=900,
        buttons=[],
        column_widths=["9%", "23%", "20%", "17%", "15%", "16%"],
    )
    with gr.Row(elem_classes="wb-pager"):
        earlier = gr.Button("‹", size="md", min_width=48, scale=0, elem_id="glossary-earlier")
        count = gr.Markdown(elem_id="glossary-count")
        later = gr.Button("›", size="md", min_width=48, scale=0, elem_id="glossary-later")
    return _List(query, kind, status, gr.Number(1, visible=False), table, count, earlier, later)


def _buttons(strings: Strings) -> dict[str, Any]:
    """Add the buttons; all but the first two are the keepers'."""
    look = {"approve": "secondary", "deprecate": "secondary", "forbid": "stop"}
    with gr.Row():
        add = gr.Button(
            strings("glossary.add"), variant="primary", elem_id="glossary-add", min_width=88
        )
        fresh = gr.Button(strings("glossary.clear"), elem_id="glossary-new", min_width=88)
        save = gr.Button(strings("glossary.save"), elem_id="glossary-save", min_width=88)
        delete = gr.Button(
            strings("glossary.delete"), variant="stop", elem_id="glossary-delete", min_width=88
        )
    with gr.Row():
        acts = {
            act: gr.Button(
                strings(f"glossary.{act}"),
                variant=variant,
                size="md",
                min_width=80,
                elem_id=f"glossary-{act}",
            )
            for act, variant in look.items()
        }
    return {"add": add, "new": fresh, "save": save, "delete": delete, **acts}


def _wire_list(page: Entries, found: _List, desk: Desk) -> None:
    for asked in found.asked:
        asked.change(page.search, found.asked, found.shown, trigger_mode="always_last", **QUIET)
    turning = [*found.asked, found.page]
    found.earlier.click(page.earlier, turning, found.shown, **QUIET)
    found.later.click(page.later, turning, found.shown, **QUIET)
    desk.form.ask(found.table.select, page.pick, None, saves=False).then(**desk.details)


def _wire_buttons(page: Entries, buttons: dict[str, Any], desk: Desk) -> None:
    form = desk.form
    blank = json.dumps(answer(Term("", "", entry_form.NEW_TYPE))[1:])
    script = f"() => [[], '', ...{blank}]"
    buttons["new"].click(None, None, form.state, js=script, **PRIVATE).then(**desk.details)
    known = [form.chosen, form.reason, *form.fields]
    asked: dict[str, tuple[Any, list[Any]]] = {
        "add": (page.add, [form.reason, *form.fields]),
        "save": (page.save, known),
        "delete": (page.delete, [form.chosen, form.reason]),
        "approve": (page.approve, known),
        "deprecate": (page.deprecate, known),
        "forbid": (page.forbid, known),
    }
    for name, (handler, inputs) in asked.items():
        done = form.ask(buttons[name].click, handler, inputs)
        done.then(**desk.details).then(**desk.again)


@dataclass(frozen=True)
class Entries:
    """The handlers of list and form."""

    workbench: Workbench
    keepers: list[Any] = field(default_factory=list)

    def start(self, request: gr.Request) -> list[Any]:
        """Fill the lists in the user's language; only keepers find the keepers' buttons working."""
        identity = allowed(request, "read")
        types = choices(request, "type", TERM_TYPES)
        statuses = [(status_word(name, request), name) for name in TERM_STATUSES]
        every = [
            (say("glossary.all_statuses", request), ""),
            *statuses,
            (say("glossary.deleted_status", request), DELETED),
        ]
        keeper = identity.may("keep terms")
        return [
            gr.Dropdown(choices=[(say("glossary.all_types", request), ""), *types]),
            gr.Dropdown(choices=every),
            gr.Dropdown(choices=types),
            gr.Dropdown(choices=statuses),
            *(gr.update(interactive=keeper) for _ in self.keepers),
        ]

    def search(
        self, request: gr.Request, query: str, kind: str, status: str, page: float = 1
    ) -> list[Any]:
        """Return a page of the entries, and how many there are."""
        allowed(request, "read")
        deleted = status == DELETED
        state = None if deleted else status or None
        search, text = self.workbench.desk.search, query.strip()
        start = (max(int(page), 1) - 1) * PAGE
        found = search(text, kind or None, state, PAGE, start, deleted)
        number, pages = paged(page, found.total, PAGE)
        if found.total and not found.terms:  # the list has become shorter
            found = search(text, kind or None, state, PAGE, (number - 1) * PAGE, deleted)
        total = found.total
        rows = [_row(term, request) for term in found.terms]
        colours = [STATUS_COLOURS[term.status] for term in found.terms]
        key = "glossary.page" if total else "glossary.nothing_found"
        return [
            coloured(request, COLUMNS, rows, {_STATUS_COLUMN: colours}),
            *page_shown(request, key, total, number, pages),
        ]

    def earlier(
        self, request: gr.Request, query: str, kind: str, status: str, page: float
    ) -> list[Any]:
        """Turn a page back."""
        return self.search(request, query, kind, status, page - 1)

    def later(
        self, request: gr.Request, query: str, kind: str, status: str, page: float
    ) -> list[Any]:
        """Turn to the next page."""
        return self.search(request, query, kind, status, page + 1)

    def pick(self, event: gr.SelectData, request: gr.Request) -> list[Any]:
        """Show the entry that was clicked in the form."""
        return self.opened(int(event.row_value[0]), request)

    def opened(self, number: int, request: gr.Request) -> list[Any]:
        """Return an entry for the form, also a deleted one: it may be brought back."""
        allowed(request, "read")
        with told(request):
            try:
                return answer(self.workbench.terms.get(number))
            except NotFound:
                return answer(self.workbench.desk.history(number)[0].term)

    def add(self, request: gr.Request, reason: str, *fields: Any) -> list[Any]:
        """Add an entry; a translator's is a proposal."""
        identity = allowed(request, "propose terms")
        given = filled(Term("", ""), fields)
        status = given.status if identity.may("keep terms") else "proposed"
        with told(request):
            term = self.workbench.terminology.add_all(
                [replace(given, status=status)], identity.name, reason.strip()
            )[0]
        notify("glossary.added", request, source=term.source, target=term.target)
        return answer(term)

    def save(self, request: gr.Request, chosen: Any, reason: str, *fields: Any) -> list[Any]:
        """Save a changed entry; retiring it needs a reason."""
        term = self._saved(request, chosen, reason, fields)
        notify("glossary.saved", request, source=term.source, target=term.target)
        return answer(term)

    def delete(self, request: gr.Request, chosen: Any, reason: str) -> list[Any]:
        """Delete an entry; its history stays and brings it back."""
        identity = allowed(request, "keep terms")
        with told(request):
            number, revision = picked(chosen)
            term = self.workbench.terms.get(number)
            self.workbench.desk.delete(number, identity.name, reason, revision)
        notify("glossary.deleted", request, source=term.source)
        return [[], *answer(Term("", "", entry_form.NEW_TYPE))[1:]]

    def approve(self, request: gr.Request, chosen: Any, reason: str, *fields: Any) -> list[Any]:
        """Save the entry as approved: enforced from now on."""
        return self._judged(request, chosen, "approved", reason, fields)

    def deprecate(self, request: gr.Request, chosen: Any, reason: str, *fields: Any) -> list[Any]:
        """Save the entry as retired: not looked for any more."""
        return self._judged(request, chosen, "deprecated", reason, fields)

    def forbid(self, request: gr.Request, chosen: Any, reason: str, *fields: Any) -> list[Any]:
        """Save the entry as forbidden: its Chinese form is wrong for its Russian one."""
        return self._judged(request, chosen, "forbidden", reason, fields)

    def _judged(
        self,
        request: gr.Request,
        chosen: Any,
        status: TermStatus,
        reason: str,
        fields: tuple[Any, ...],
    ) -> list[Any]:
        term = self._saved(request, chosen, reason, fields, status)
        word = status_word(term.status, request)
        notify("glossary.state_is", request, source=term.source, status=word)
        return answer(term)

    def _saved(
        self,
        request: gr.Request,
        chosen: Any,
        reason: str,
        fields: tuple[Any, ...],
        status: TermStatus | None = None,
    ) -> Term:
        identity = allowed(request, "keep terms")
        with told(request):
            number, revision = picked(chosen)
            known = self.workbench.terms.get(number)
            wanted = filled(known, fields)
            wanted = replace(wanted, status=status or wanted.status)
            check_reason(known, wanted, reason)
            return self.workbench.terminology.update(
                wanted, revision, identity.name, reason.strip()
            )


def check_reason(known: Term, wanted: Term, reason: str) -> None:
    """Raise InputError when an entry is retired without a reason."""
    retired = wanted.status in ("deprecated", "forbidden") and wanted.status != known.status
    if retired and not reason.strip():
        raise InputError("terms.no_reason", source=known.source)


def _row(term: Term, request: gr.Request) -> list[Any]:
    held = dates(term)
    return [
        term.id,
        term.source,
        " / ".join(term.accepted),
        say(f"type.{term.type}", request),
        status_word(term.status, request),
        f"{held} {term.note}".strip(),
    ]
