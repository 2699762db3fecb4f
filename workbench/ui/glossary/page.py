"""The sections of the terminologist's page, each a tab of its own."""

from __future__ import annotations

import gradio as gr

from workbench.assembly import Workbench
from workbench.ui.glossary import entries, files, problems, queue, replacements
from workbench.ui.strings import Strings


def build(workbench: Workbench, strings: Strings, tab: gr.Tab) -> None:
    """Add the page to *tab*; a section is filled each time it is opened."""
    with gr.Tabs(elem_id="glossary-sections") as sections:
        with gr.Tab(strings("glossary.entries"), id="entries"):
            desk = entries.build(workbench, strings, tab)
        with gr.Tab(strings("queue.title"), id="queue", elem_id=queue.TAB) as section:
            queue.build(workbench, strings, section)
        with gr.Tab(strings("problems.title"), id="problems", elem_id="glossary-problems") as s:
            problems.build(workbench, strings, s, sections, desk)
        with gr.Tab(strings("files.title"), id="files", elem_id="glossary-files") as section:
            files.build(workbench, strings, section)
        with gr.Tab(strings("impact.list"), id="patches", elem_id="glossary-patches") as section:
            replacements.build(workbench, strings, section)
