"""The translation memory's page: searching, statistics, files, the seed."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, Literal

import gradio as gr

from workbench.assembly import Workbench
from workbench.domain.memory import Unit
from workbench.ui.handlers import PRIVATE, QUIET, allowed, choices, notify, table, take, told
from workbench.ui.strings import Strings, say

MATCH_COLUMNS = (
    "memory.score",
    "memory.source",
    "memory.target",
    "memory.author",
    "memory.article",
)
UNIT_COLUMNS = (
    "memory.source",
    "memory.target",
    "memory.author",
    "memory.changed",
    "memory.article",
)
ORIGINS = {
    "human": "memory.human",
    "import": "memory.import_origin",
    "seed": "memory.seed_origin",
    "harvested": "memory.harvested_origin",
}


def build(workbench: Workbench, strings: Strings, tab: gr.Tab) -> None:
    """Add the page to *tab*; it is filled each time the tab is opened."""
    page = Page(workbench)
    gr.Markdown(strings("memory.intro"))
    stats = gr.Dataframe(interactive=False, elem_id="memory-stats")
    with gr.Row():
        text = gr.Textbox(label=strings("memory.search"), elem_id="memory-text", scale=6)
        search = gr.Button(
            strings("memory.run"), variant="primary", elem_id="memory-search", min_width=96
        )
    matches = gr.Dataframe(interactive=False, wrap=True, elem_id="memory-matches", visible=False)
    with gr.Row():
        words = gr.Textbox(label=strings("memory.concordance"), elem_id="memory-words", scale=4)
        side = gr.Radio(
            label=strings("memory.side"), choices=["source", "target"], value="source", scale=2
        )
        look = gr.Button(strings("memory.run"), elem_id="memory-concordance", min_width=96)
    units = gr.Dataframe(interactive=False, wrap=True, elem_id="memory-units", visible=False)
    with gr.Accordion(strings("memory.manage"), open=False):
        with gr.Row():
            upload = gr.File(
                label=strings("memory.import"),
                file_types=[".tmx", ".tsv", ".csv", ".xlsx"],
                height=120,
            )
            with gr.Column():
                gr.Markdown(strings("memory.seed_hint"))
                seed = gr.Button(strings("memory.load_seed"), elem_id="memory-seed")
            with gr.Column():
                batch = gr.Dropdown(label=strings("memory.batches"), choices=[], value=None)
                withdraw = gr.Button(
                    strings("memory.withdraw"), variant="stop", elem_id="memory-withdraw"
                )
        gr.Markdown(strings("memory.export"))
        with gr.Row():
            for suffix in ("tmx", "tsv", "csv", "xlsx"):
                gr.Button(f".{suffix}", link=f"/api/v1/memory/export?to={suffix}", size="md")
    overview = [stats, batch]
    tab.select(page.start, None, [side, *overview], **QUIET)
    gr.on([search.click, text.submit], page.search, text, matches, **PRIVATE)
    gr.on([look.click, words.submit], page.concordance, [words, side], units, **PRIVATE)
    one = {"concurrency_id": "memory", "concurrency_limit": 1, **PRIVATE, "show_progress": "full"}
    upload.upload(page.load_file, upload, [upload, *overview], **one)
    seed.click(page.load_seed, None, overview, **one)
    withdraw.click(page.withdraw, batch, overview, **one)


@dataclass(frozen=True)
class Page:
    """The page's handlers."""

    workbench: Workbench

    def start(self, request: gr.Request) -> list[Any]:
        """Fill the lists in the user's language."""
        sides = choices(request, "memory", ("source", "target"))
        return [gr.Radio(choices=sides), *self.overview(request)]

    def overview(self, request: gr.Request) -> list[Any]:
        """Return the statistics and the imports that can be withdrawn."""
        allowed(request, "read")
        stats = self.workbench.memory.stats()
        rows = [[say(ORIGINS[name], request), stats.origins.get(name, 0)] for name in ORIGINS]
        known = [
            (f"{batch.name} · {batch.created[:16].replace('T', ' ')} · {batch.units}", batch.id)
            for batch in stats.batches
        ]
        return [
            table(request, ("memory.origin", "memory.units"), rows),
            gr.Dropdown(choices=known, value=known[0][1] if known else None),
        ]

    def search(self, text: str, request: gr.Request) -> Any:
        """Return what the memory offers for a sentence."""
        allowed(request, "read")
        with told(request):
            found = self.workbench.memory.matches(text, limit=20)
        rows = [[m.score, m.unit.source, m.target, m.unit.author, m.unit.article] for m in found]
        return _results(request, MATCH_COLUMNS, rows)

    def concordance(self, words: str, side: str, request: gr.Request) -> Any:
        """Return units that contain the words."""
        allowed(request, "read")
        asked: Literal["source", "target"] = "target" if side == "target" else "source"
        with told(request):
            found = self.workbench.concordance.search(words, asked).found
        return _results(request, UNIT_COLUMNS, [_unit(each.unit) for each in found])

    def load_file(self, upload: str, request: gr.Request) -> list[Any]:
        """Import an uploaded memory."""
        identity = allowed(request, "keep memory")
        data, name = take(upload)
        with told(request):
            done = self.workbench.memory.import_file(io.BytesIO(data), name, identity.name)
        skipped = done.known + done.rejected
        notify("memory.imported", request, units=done.added, skipped=skipped)
        return [None, *self.overview(request)]

    def load_seed(self, request: gr.Request) -> list[Any]:
        """Load the pairs written for the project."""
        identity = allowed(request, "keep memory")
        folder = self.workbench.data / "corpora" / "ru-zh" / "authored"
        with told(request):
            done = self.workbench.memory.load_seed(folder, identity.name)
        notify("memory.loaded", request, units=done.added)
        return self.overview(request)

    def withdraw(self, batch: str | None, request: gr.Request) -> list[Any]:
        """Take an import out again."""
        identity = allowed(request, "keep memory")
        if batch:
            with told(request):
                gone = self.workbench.memory.withdraw(batch, identity.name)
            notify("memory.withdrawn", request, units=gone)
        return self.overview(request)


def _results(request: gr.Request, columns: tuple[str, ...], rows: list[list[Any]]) -> Any:
    if not rows:
        notify("memory.nothing_found", request)
    return gr.Dataframe(value=table(request, columns, rows), visible=bool(rows))


def _unit(unit: Unit) -> list[Any]:
    return [
        unit.source,
        unit.target,
        unit.author,
        unit.changed[:16].replace("T", " "),
        unit.article,
    ]
