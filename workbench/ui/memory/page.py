"""The sections of the memory's page, each a tab of its own."""

from __future__ import annotations

import gradio as gr

from workbench.assembly import Workbench
from workbench.ui.memory import acts, findings, imports, search
from workbench.ui.strings import Strings


def build(workbench: Workbench, strings: Strings, tab: gr.Tab) -> None:
    """Add the page to *tab*; a section is filled each time it is opened."""
    with gr.Tabs(elem_id="memory-sections"):
        with gr.Tab(strings("memory.find"), id="find") as section:
            search.build(workbench, strings, tab, section)
        with gr.Tab(strings("finding.title"), id="findings", elem_id="memory-findings") as section:
            findings.build(workbench, strings, section)
        with gr.Tab(strings("imports.title"), id="imports", elem_id="memory-imports") as section:
            imports.build(workbench, strings, section)
        with gr.Tab(strings("acts.title"), id="acts", elem_id="memory-acts") as section:
            acts.build(workbench, strings, section)
