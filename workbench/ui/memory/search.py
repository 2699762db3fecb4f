"""Finding in the memory: what it holds, sentences alike, words in their context, exports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from workbench.assembly import Workbench
from workbench.ui.handlers import PRIVATE, QUIET, allowed, notify, table, told
from workbench.ui.strings import Strings

COLUMNS = (
    "memory.score",
    "memory.source",
    "memory.target",
    "memory.author",
    "memory.article",
)
ORIGINS = {
    "human": "memory.human",
    "import": "memory.import_origin",
    "seed": "memory.seed_origin",
    "harvested": "memory.harvested_origin",
}
# Static, as the workspace is: what units say never passes through Gradio's templates.
DESK = '<div class="wb wb-memory" data-testid="memory-desk"></div>'


def build(workbench: Workbench, strings: Strings, tab: gr.Tab, section: gr.Tab) -> None:
    """Add the section; the numbers are read each time it or the page around it is opened."""
    page = Search(workbench)
    gr.Markdown(strings("memory.intro"))
    stats = gr.Dataframe(interactive=False, buttons=[], elem_id="memory-stats")
    gr.Markdown(strings("memory.concordance_title"))
    gr.HTML(
        html_template=DESK,
        js_on_load=(
            "import('/wb/memory.js').then((m) => m.mount(element.querySelector('.wb-memory')));"
        ),
        apply_default_css=False,
        elem_id="memory-desk",
    )
    gr.Markdown(strings("memory.alike_title"))
    with gr.Row():
        text = gr.Textbox(label=strings("memory.search"), elem_id="memory-text", scale=6)
        search = gr.Button(
            strings("memory.run"), variant="primary", elem_id="memory-search", min_width=96
        )
    matches = gr.Dataframe(
        interactive=False, wrap=True, buttons=[], elem_id="memory-matches", visible=False
    )
    gr.Markdown(strings("memory.export"))
    with gr.Row():
        for suffix in ("tmx", "tsv", "csv", "xlsx"):
            gr.Button(f".{suffix}", link=f"/api/v1/memory/export?to={suffix}", size="md")
    gr.on([tab.select, section.select], page.memory_stats, None, stats, **QUIET)
    gr.on([search.click, text.submit], page.memory_matches, text, matches, **PRIVATE)


@dataclass(frozen=True)
class Search:
    """The handlers."""

    workbench: Workbench

    def memory_stats(self, request: gr.Request) -> Any:
        """Return how many units there are of each origin."""
        allowed(request, "read")
        stats = self.workbench.memory.stats()
        if building := self.workbench.memory.building():
            notify("memory.building", request, done=building[0], total=building[1])
        counts = [stats.units, *(stats.origins.get(name, 0) for name in ORIGINS)]
        return table(request, ("memory.units", *ORIGINS.values()), [counts])

    def memory_matches(self, text: str, request: gr.Request) -> Any:
        """Return what the memory offers for a sentence."""
        allowed(request, "read")
        with told(request):
            found = self.workbench.memory.matches(text, limit=20)
        rows = [[m.score, m.unit.source, m.target, m.unit.author, m.unit.article] for m in found]
        if not rows:
            notify("memory.nothing_found", request)
        return gr.Dataframe(value=table(request, COLUMNS, rows), visible=bool(rows))
