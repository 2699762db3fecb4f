"""Pairs harvested from published bulletins, waiting for a keeper's judgement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from workbench.assembly import Workbench
from workbench.domain.term import TERM_TYPES, TermStatus
from workbench.errors import InputError
from workbench.services.harvest.queue import Change, Waiting
from workbench.ui.glossary.shown import page_shown, paged
from workbench.ui.handlers import PICK, PRIVATE, QUIET, allowed, choices, notify, table, take, told
from workbench.ui.strings import Strings, say

TAB = "glossary-queue"
PAGE = 20
STATES = ("waiting", "accepted", "refused")
KINDS = (*TERM_TYPES, "title")
COLUMNS = (
    "queue.chosen",
    "glossary.id",
    "glossary.source",
    "glossary.target",
    "glossary.type",
    "queue.score",
    "queue.look",
    "queue.evidence",
)
_EVIDENCE = 70
# As in the form of an entry: what is typed into the fields is not overwritten by a late answer.
ASKED = "(...typed) => { window.wbPair = [JSON.stringify(typed)]; }"
PICKED = """(answer, picked, evidence, ...typed) => {
    if (!answer.length || !window.wbPair.includes(JSON.stringify(typed))) {
        return [picked, evidence, ...typed];
    }
    window.wbPair.push(JSON.stringify(answer.slice(2)));
    return answer;
}"""


@dataclass(frozen=True)
class _Queue:
    """The components."""

    query: Any
    kind: Any
    state: Any
    page: Any
    listed: Any
    count: Any
    earlier: Any
    later: Any

    @property
    def asked(self) -> list[Any]:
        return [self.query, self.kind, self.state]

    @property
    def shown(self) -> list[Any]:
        return [self.listed, self.count, self.page, self.earlier, self.later]


def build(workbench: Workbench, strings: Strings, tab: gr.Tab) -> None:
    """Add upload, queue and judgement; the queue is filled each time *tab* is opened."""
    page = Queue(workbench)
    upload, report = _upload(strings)
    found = _listed(strings)
    script = f"import('/wb/ticks.js').then((m) => m.mount('{TAB}'));"
    gr.HTML(html_template="<span></span>", js_on_load=script, apply_default_css=False)
    picked, edit, evidence = _edit(strings)
    with gr.Row():
        propose = gr.Button(strings("queue.propose"), variant="primary", elem_id="queue-propose")
        approve = gr.Button(strings("queue.approve"), elem_id="queue-approve")
        reason = gr.Textbox(
            label=strings("queue.reason"), min_width=200, scale=2, elem_id="queue-reason"
        )
        refuse = gr.Button(strings("queue.refuse"), variant="stop", elem_id="queue-refuse")
        reopen = gr.Button(strings("queue.reopen"), elem_id="queue-reopen")
    again = {
        "fn": page.queue,
        "inputs": [*found.asked, found.page],
        "outputs": found.shown,
        **QUIET,
    }
    keepers = [upload, propose, approve, refuse, reopen]
    outputs = [found.kind, found.state, edit[2], *keepers, *found.shown]
    tab.select(page.open_queue, [*found.asked, found.page], outputs, **QUIET)
    one = {"concurrency_id": "harvest", "concurrency_limit": 1, **PRIVATE, "show_progress": "full"}
    upload.upload(page.harvest_file, upload, [upload, report], **one).success(**again)
    _wire_list(page, found)
    answer = gr.JSON([], visible=False)
    shown = [picked, evidence, *edit]
    found.listed.select(None, edit, None, js=ASKED, **PRIVATE)
    found.listed.select(page.pick_candidate, None, answer, **PICK).success(
        None, [answer, *shown], shown, js=PICKED, **PRIVATE
    )
    chosen = [found.listed, picked]
    for button, handler, inputs in (
        (propose, page.propose_candidates, [*chosen, *edit]),
        (approve, page.approve_candidates, [*chosen, *edit]),
        (refuse, page.refuse_candidates, [*chosen, reason]),
        (reopen, page.reopen_candidates, chosen),
    ):
        button.click(handler, inputs, [*shown, reason], **PRIVATE).success(**again)


def _upload(strings: Strings) -> tuple[Any, Any]:
    """Add the place for a bulletin and what was found in it."""
    with gr.Row(equal_height=False):
        with gr.Column(scale=1, min_width=280):
            upload = gr.File(
                label=strings("queue.upload"),
                file_types=[".txt", ".docx", ".pdf"],
                height=132,
                elem_id="queue-upload",
            )
        with gr.Column(scale=2, min_width=360):
            report = gr.Textbox(
                label=strings("queue.report"),
                placeholder=strings("queue.hint"),
                interactive=False,
                lines=3,
                elem_id="queue-report",
            )
    return upload, report


def _wire_list(page: Queue, found: _Queue) -> None:
    for asked in found.asked:
        asked.change(page.queue, found.asked, found.shown, trigger_mode="always_last", **QUIET)
    turning = [*found.asked, found.page]
    found.earlier.click(page.queue_earlier, turning, found.shown, **QUIET)
    found.later.click(page.queue_later, turning, found.shown, **QUIET)


def _listed(strings: Strings) -> _Queue:
    with gr.Row():
        query = gr.Textbox(
            label=strings("queue.search"), scale=3, min_width=200, elem_id="queue-search"
        )
        kind = gr.Dropdown(
            label=strings("glossary.type"), choices=[""], value="", scale=1, min_width=120
        )
        state = gr.Dropdown(
            label=strings("glossary.status"),
            choices=list(STATES),
            value="waiting",
            scale=1,
            min_width=120,
            elem_id="queue-state",
        )
    listed = gr.Dataframe(
        interactive=True,
        type="array",
        wrap=True,
        max_height=520,
        buttons=[],
        datatype=["bool", "number", "str", "str", "str", "str", "str", "str"],
        static_columns=[1, 2, 3, 4, 5, 6, 7],
        column_widths=["6%", "6%", "19%", "14%", "10%", "7%", "14%", "24%"],
        elem_id="queue-table",
    )
    with gr.Row(elem_classes="wb-pager"):
        earlier = gr.Button("‹", size="md", min_width=48, scale=0)
        count = gr.Markdown(elem_id="queue-count")
        later = gr.Button("›", size="md", min_width=48, scale=0)
    return _Queue(query, kind, state, gr.Number(1, visible=False), listed, count, earlier, later)


def _edit(strings: Strings) -> tuple[Any, list[Any], Any]:
    """Add the fields in which a pair is corrected before it is accepted."""
    picked = gr.Number(0, visible=False)
    with gr.Row():
        source = gr.Textbox(label=strings("glossary.source"), scale=2, elem_id="queue-source")
        target = gr.Textbox(label=strings("glossary.target"), scale=2, elem_id="queue-target")
        kind = gr.Dropdown(
            label=strings("glossary.type"),
            choices=["", *KINDS],
            value="",
            scale=1,
            min_width=110,
            elem_id="queue-type",
        )
    evidence = gr.Textbox(
        label=strings("queue.evidence"),
        interactive=False,
        lines=2,
        max_lines=8,
        elem_id="queue-evidence",
    )
    return picked, [source, target, kind], evidence


@dataclass(frozen=True)
class Queue:
    """The handlers."""

    workbench: Workbench

    def open_queue(
        self, request: gr.Request, query: str, kind: str, state: str, page: float
    ) -> list[Any]:
        """Fill the lists in the user's language."""
        keeper = allowed(request, "read").may("keep terms")
        types = [*choices(request, "type", TERM_TYPES), (say("queue.title_kind", request), "title")]
        states = choices(request, "queue", STATES)
        return [
            gr.Dropdown(choices=[(say("glossary.all_types", request), ""), *types]),
            gr.Dropdown(choices=states),
            gr.Dropdown(choices=types),
            *(gr.update(interactive=keeper) for _ in range(5)),
            *self.queue(request, query, kind, state, page),
        ]

    def queue(
        self, request: gr.Request, query: str, kind: str, state: str, page: float = 1
    ) -> list[Any]:
        """Return a page of the queue in the order of the bulletins."""
        allowed(request, "read")
        harvest = self.workbench.harvest
        with told(request):
            total = harvest.count(kind, query, state)
            number, pages = paged(page, total, PAGE)
            found = harvest.waiting(kind, query, PAGE, (number - 1) * PAGE, state)
        rows = [_row(waiting, request) for waiting in found]
        key = "glossary.page" if total else "queue.empty"
        return [
            table(request, COLUMNS, rows),
            *page_shown(request, key, total, number, pages),
        ]

    def queue_earlier(
        self, request: gr.Request, query: str, kind: str, state: str, page: float
    ) -> list[Any]:
        """Turn a page back."""
        return self.queue(request, query, kind, state, page - 1)

    def queue_later(
        self, request: gr.Request, query: str, kind: str, state: str, page: float
    ) -> list[Any]:
        """Turn to the next page."""
        return self.queue(request, query, kind, state, page + 1)

    def harvest_file(self, request: gr.Request, upload: str | None) -> list[Any]:
        """Put what is new in an uploaded bulletin into the queue."""
        identity = allowed(request, "keep terms")
        with told(request):
            data, name = take(upload)
            done = self.workbench.harvest.harvest(data, name, identity.name)
        counts = {
            "name": name,
            "found": len(done.found),
            "new": len(done.new),
            "known": done.known,
            "waiting": done.waiting,
            "refused": done.refused,
            "conflicting": len(done.conflicting),
        }
        return [None, say("queue.reported", request, **counts)]

    def pick_candidate(self, event: gr.SelectData, request: gr.Request) -> list[Any]:
        """Show a pair with its context, ready to be corrected."""
        allowed(request, "read")
        with told(request):
            waiting = self._one(int(event.row_value[1] or 0))
        candidate = waiting.candidate
        evidence = "\n".join(filter(None, (candidate.evidence, candidate.url)))
        return [candidate.id, evidence, *waiting.offered, candidate.type]

    def propose_candidates(self, request: gr.Request, *given: Any) -> list[Any]:
        """Take the chosen pairs into the glossary as proposals, titles into the memory."""
        return self._accepted(request, "proposed", *given)

    def approve_candidates(self, request: gr.Request, *given: Any) -> list[Any]:
        """Take the chosen pairs into the glossary as approved, titles into the memory."""
        return self._accepted(request, "approved", *given)

    def refuse_candidates(
        self, request: gr.Request, rows: list[list[Any]], picked: float, reason: str
    ) -> list[Any]:
        """Refuse the chosen pairs for good."""
        identity = allowed(request, "keep terms")
        with told(request):
            done = self.workbench.harvest.refuse(_chosen(rows, picked), identity.name, reason)
        notify("queue.refused_now", request, count=len(done))
        return _nothing()

    def reopen_candidates(
        self, request: gr.Request, rows: list[list[Any]], picked: float
    ) -> list[Any]:
        """Put refused pairs back into the queue."""
        identity = allowed(request, "keep terms")
        with told(request):
            done = self.workbench.harvest.reopen(_chosen(rows, picked), identity.name)
        notify("queue.reopened", request, count=len(done))
        return _nothing()

    def _accepted(
        self,
        request: gr.Request,
        status: TermStatus,
        rows: list[list[Any]],
        picked: float,
        *edited: str,
    ) -> list[Any]:
        identity = allowed(request, "keep terms")
        with told(request):
            ids = _chosen(rows, picked)
            changes = {int(picked): Change(*edited)} if int(picked) in ids else {}
            done = self.workbench.harvest.accept(ids, identity.name, status, changes)
        notify("queue.accepted_now", request, terms=len(done.terms), units=len(done.units))
        return _nothing()

    def _one(self, number: int) -> Waiting:
        """Return a pair with how it would best be entered. Raises NotFound."""
        (candidate,) = self.workbench.candidates.by_ids([number])
        listed = self.workbench.harvest.waiting(
            candidate.type, candidate.source, None, state=candidate.state
        )
        found = [waiting for waiting in listed if waiting.candidate.id == number]
        own = Waiting(candidate, offered=(candidate.source, candidate.target))
        return found[0] if found else own


def _chosen(rows: list[list[Any]], picked: float) -> list[int]:
    """Return the ticked pairs, or the one that was clicked. Raises InputError when there is none.

    A table that people may tick can be given rows of their own; those have no number.
    """
    ids = [int(row[1]) for row in rows if row[0] in (True, "true") and row[1]]
    ids = list(dict.fromkeys(ids)) or ([int(picked)] if picked else [])
    if not ids:
        raise InputError("web.no_choice")
    return ids


def _nothing() -> list[Any]:
    """Return an emptied judgement: nothing picked, edited, said."""
    return [0, "", "", "", "", ""]


def _row(waiting: Waiting, request: gr.Request) -> list[Any]:
    candidate = waiting.candidate
    looks = [say(f"queue.{flag}", request) for flag in candidate.flags]
    looks += [f"≠ {rival.target} ({rival.id})" for rival in waiting.rivals]
    looks += [candidate.reason] if candidate.reason else []
    key = "queue.title_kind" if candidate.type == "title" else f"type.{candidate.type}"
    return [
        False,
        candidate.id,
        candidate.source,
        candidate.target,
        say(key, request),
        f"{candidate.score:.2f}",
        "; ".join(looks),
        _around(candidate.evidence, candidate.target),
    ]


def _around(evidence: str, target: str) -> str:
    """Return the part of the context around the pair that a row has room for."""
    at = max(0, evidence.find(target) - _EVIDENCE // 3)
    part = evidence[at : at + _EVIDENCE].strip()
    return f"{'…' if at else ''}{part}{'…' if at + _EVIDENCE < len(evidence) else ''}"
