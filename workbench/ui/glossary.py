"""The glossary's page: finding, adding, changing and checking entries."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, cast

import gradio as gr

from workbench.assembly import Workbench
from workbench.domain.term import TERM_STATUSES, TERM_TYPES, Term, TermStatus, TermType
from workbench.errors import InputError
from workbench.ui.handlers import PRIVATE, QUIET, allowed, choices, notify, table, take, told
from workbench.ui.strings import Strings, say

SHOWN = 500  # entries in the table at once; searching narrows it
COLUMNS = (
    "glossary.id",
    "glossary.source",
    "glossary.target",
    "glossary.type",
    "glossary.status",
    "glossary.note",
)


def build(workbench: Workbench, strings: Strings, tab: gr.Tab) -> None:
    """Add the page to *tab*; it is filled each time the tab is opened."""
    page = Page(workbench)
    gr.Markdown(strings("glossary.intro"))
    with gr.Row(equal_height=False):
        with gr.Column(scale=3):
            with gr.Row():
                query = gr.Textbox(
                    label=strings("glossary.search"), scale=3, elem_id="glossary-search"
                )
                kind = gr.Dropdown(label=strings("glossary.type"), choices=[""], value="")
            count = gr.Markdown()
            entries = gr.Dataframe(
                interactive=False,
                elem_id="glossary-table",
                wrap=True,
                max_height=560,
                column_widths=["64px", "28%", "22%", "84px", "84px", "26%"],
            )
        with gr.Column(scale=2, min_width=320):
            chosen = gr.State([])  # entry and revision in the form; checked again on saving
            fields = _form(strings)
            with gr.Row():
                add = gr.Button(
                    strings("glossary.add"), variant="primary", elem_id="glossary-add", min_width=88
                )
                save = gr.Button(strings("glossary.save"), elem_id="glossary-save", min_width=88)
                delete = gr.Button(
                    strings("glossary.delete"),
                    variant="stop",
                    elem_id="glossary-delete",
                    min_width=88,
                )
            forms = gr.Textbox(label=strings("glossary.forms"), interactive=False, lines=3)
    shown, form = [entries, count], [chosen, *fields, forms]
    _files(page, strings, shown, [query, kind])
    tab.select(page.start, [query, kind], [kind, fields[2], fields[3], *shown], **QUIET)
    for asked in (query, kind):
        asked.change(page.search, [query, kind], shown, trigger_mode="always_last", **QUIET)
    entries.select(page.pick, None, form, **PRIVATE)
    again = {"fn": page.search, "inputs": [query, kind], "outputs": shown, **QUIET}
    add.click(page.add, fields, form, **PRIVATE).success(**again)
    save.click(page.save, [chosen, *fields], form, **PRIVATE).success(**again)
    delete.click(page.delete, chosen, form, **PRIVATE).success(**again)


def _form(strings: Strings) -> list[Any]:
    source = gr.Textbox(label=strings("glossary.source"), elem_id="glossary-source")
    target = gr.Textbox(label=strings("glossary.target"), elem_id="glossary-target")
    with gr.Row():
        kind = gr.Dropdown(label=strings("glossary.type"), choices=list(TERM_TYPES), value="person")
        status = gr.Dropdown(
            label=strings("glossary.status"), choices=list(TERM_STATUSES), value="approved"
        )
    variants = gr.Textbox(label=strings("glossary.variants"))
    forbidden = gr.Textbox(label=strings("glossary.forbidden"))
    note = gr.Textbox(label=strings("glossary.note"))
    return [source, target, kind, status, variants, forbidden, note]


def _files(page: Page, strings: Strings, shown: list[Any], asked: list[Any]) -> None:
    """Add checking, import and export."""
    with gr.Row(equal_height=False):
        with gr.Accordion(strings("glossary.check"), open=False):
            check = gr.Button(strings("glossary.check"), elem_id="glossary-check")
            found = gr.Dataframe(interactive=False, wrap=True, visible=False)
        with gr.Accordion(strings("glossary.import"), open=False):
            upload = gr.File(
                label=strings("glossary.import"),
                file_types=[".tsv", ".csv", ".xlsx", ".tbx"],
                height=110,
            )
        with gr.Accordion(strings("glossary.export"), open=False), gr.Row():
            for suffix in ("tsv", "csv", "xlsx", "tbx"):
                link = f"/api/v1/glossary/export?to={suffix}"
                gr.Button(f".{suffix}", link=link, size="md", min_width=64)
    check.click(page.check, None, found, **PRIVATE)
    upload.upload(page.load_file, [*asked, upload], [*shown, upload], **PRIVATE)


@dataclass(frozen=True)
class Page:
    """The page's handlers."""

    workbench: Workbench

    def start(self, query: str, kind: str, request: gr.Request) -> list[Any]:
        """Fill the lists in the user's language."""
        types = choices(request, "type", TERM_TYPES)
        statuses = [(say(_status_key(name), request), name) for name in TERM_STATUSES]
        return [
            gr.Dropdown(choices=[(say("glossary.all_types", request), ""), *types]),
            gr.Dropdown(choices=types),
            gr.Dropdown(choices=statuses),
            *self.search(query, kind, request),
        ]

    def search(self, query: str, kind: str, request: gr.Request) -> list[Any]:
        """Return the table and how many there are."""
        allowed(request, "read")
        terms = self.workbench.terms
        found = terms.list(query=query.strip(), type=kind or None, limit=SHOWN)
        total = terms.count(query=query.strip(), type=kind or None)
        rows = [
            [
                term.id,
                term.source,
                " / ".join(term.accepted),
                say(f"type.{term.type}", request),
                say(_status_key(term.status), request),
                term.note,
            ]
            for term in found
        ]
        text = say("glossary.shown", request, shown=len(found), count=total)
        return [table(request, COLUMNS, rows), text]

    def pick(self, event: gr.SelectData, request: gr.Request) -> list[Any]:
        """Show the entry that was clicked in the form."""
        allowed(request, "read")
        with told(request):
            return _shown(self.workbench.terms.get(int(event.row_value[0])))

    def add(self, request: gr.Request, *fields: str) -> list[Any]:
        """Add an entry; a translator's is a proposal."""
        identity = allowed(request, "propose terms")
        given = _entry(Term("", ""), fields)
        status = given.status if identity.may("keep terms") else "proposed"
        with told(request):
            term = self.workbench.terminology.add_all(
                [replace(given, status=status)], identity.name
            )[0]
        notify("glossary.added", request, source=term.source, target=term.target)
        return _shown(term)

    def save(self, request: gr.Request, chosen: list[int], *fields: str) -> list[Any]:
        """Save a changed entry."""
        identity = allowed(request, "keep terms")
        with told(request):
            number, revision = _chosen(chosen)
            known = self.workbench.terms.get(number)
            term = self.workbench.terminology.update(_entry(known, fields), revision, identity.name)
        notify("glossary.saved", request, source=term.source, target=term.target)
        return _shown(term)

    def delete(self, request: gr.Request, chosen: list[int]) -> list[Any]:
        """Delete an entry; its history stays."""
        identity = allowed(request, "keep terms")
        with told(request):
            number, _ = _chosen(chosen)
            term = self.workbench.terms.get(number)
            self.workbench.terms.delete(term.id, identity.name)
        notify("glossary.deleted", request, source=term.source)
        return _shown(Term("", "", "person"))

    def load_file(self, request: gr.Request, query: str, kind: str, upload: str) -> list[Any]:
        """Import an uploaded glossary."""
        identity = allowed(request, "keep terms")
        data, name = take(upload)
        with told(request):
            done = self.workbench.desk.import_file(data, name, identity.name)
        notify("glossary.imported", request, count=len(done.added))
        return [*self.search(query, kind, request), None]

    def check(self, request: gr.Request) -> Any:
        """Return duplicates and conflicts."""
        allowed(request, "read")
        rows = [
            [
                say(f"fault.{finding.fault}", request),
                finding.detail,
                "; ".join(f"{term.source} → {term.target}" for term in finding.terms),
            ]
            for finding in self.workbench.terminology.check()
        ]
        if not rows:
            notify("glossary.no_problems", request)
        columns = ("fault.title", "fault.detail", "fault.terms")
        return gr.Dataframe(value=table(request, columns, rows), visible=bool(rows))


def _chosen(chosen: list[int]) -> tuple[int, int]:
    if len(chosen) != 2:
        raise InputError("web.no_choice")
    return int(chosen[0]), int(chosen[1])


def _entry(known: Term, fields: tuple[str, ...]) -> Term:
    source, target, kind, status, variants, forbidden, note = fields
    return replace(
        known,
        source=source.strip(),
        target=target.strip(),
        type=cast(TermType, kind),
        status=cast(TermStatus, status),
        variants=_several(variants),
        forbidden=_several(forbidden),
        note=note.strip(),
    )


def _several(text: str) -> tuple[str, ...]:
    parts = text.replace("；", ";").split(";")
    return tuple(part.strip() for part in parts if part.strip())


def _shown(term: Term) -> list[Any]:
    forms = dict.fromkeys(form.text for form in term.forms if form.how != "struck")
    return [
        [term.id, term.revision],
        term.source,
        term.target,
        term.type,
        term.status,
        "; ".join(term.variants),
        "; ".join(term.forbidden),
        term.note,
        " · ".join(forms),
    ]


def _status_key(status: str) -> str:
    return "glossary.forbidden_status" if status == "forbidden" else f"glossary.{status}"
