"""How the lab's things are shown: HTML made here, of escaped texts, and short lines of words.

Gradio runs what stands in its HTML and Markdown; so every text of a person or a machine passes
``escape`` on its way into a page, and reports print themselves through ``report_html``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import gradio as gr

from workbench.domain.quality import Evaluation
from workbench.domain.report import Section
from workbench.domain.run import Run
from workbench.errors import WorkbenchError
from workbench.formats.report_html import fragment
from workbench.messages import say as message
from workbench.ui.glossary.shown import moment
from workbench.ui.handlers import QUIET
from workbench.ui.strings import language_of, say

STATE_COLOURS = {
    "queued": "var(--wb-soft)",
    "running": "var(--wb-accent)",
    "done": "var(--wb-good)",
    "failed": "var(--wb-bad)",
    "cancelled": "var(--wb-warn)",
}


def in_turn(part: str) -> dict[str, Any]:
    """Return how choices in a *part* of the page are asked about: one after the other.

    Gradio drops what is asked while an earlier question waits, and lets answers overtake each
    other; here the last answer is that to the last choice.
    """
    return {**QUIET, "trigger_mode": "multiple", **one_by_one(part)}


def one_by_one(part: str) -> dict[str, Any]:
    """Return what makes the questions of a *part* of the page wait for one another."""
    return {"concurrency_id": f"evaluation-{part}", "concurrency_limit": 1}


def html_part(elem_id: str, **more: Any) -> Any:
    """Add a place for HTML of ours."""
    return gr.HTML("", elem_id=elem_id, apply_default_css=False, js_on_load=None, **more)


def sections(found: Iterable[Section | None]) -> str:
    """Return sections of a report as a part of the page; nothing for none."""
    some = [each for each in found if each is not None]
    return f'<div class="wb-report">{fragment(some)}</div>' if some else ""


def note(text: str, kind: str = "") -> str:
    """Return a line of text; *kind* is good, warn, bad or nothing. Empty text gives nothing."""
    if not text:
        return ""
    role = ' role="alert"' if kind == "bad" else ""
    return f'<p class="wb-said {kind}"{role}>{escape(text)}</p>'


def empty(text: str) -> str:
    """Return what stands where there is nothing yet: what to do about it."""
    return f'<p class="wb-empty">{escape(text)}</p>'


def refused(error: WorkbenchError, request: gr.Request) -> str:
    """Return an error of the workbench: what is wrong, what to do."""
    wrong, remedy = error.say(language_of(request))
    return (
        f'<div class="wb-refused" role="alert"><strong>{escape(wrong)}</strong>'
        f"<span>{escape(remedy)}</span></div>"
    )


def nothing_chosen(chosen: Any, about: Any, rest: Iterable[Any]) -> dict[Any, Any]:
    """Return the updates of a table's form when no row is chosen: *rest* is hidden."""
    return {chosen: 0, about: "", **{part: gr.update(visible=False) for part in rest}}


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Return labels and values one below the other; those without a value are left out."""
    lines = "".join(
        f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>" for label, value in pairs if value
    )
    return f'<dl class="wb-facts-list">{lines}</dl>'


def problem_of(run: Run, request: gr.Request) -> str:
    """Return what ended a run, in words."""
    if not run.problem:
        return ""
    key, values = str(run.problem["key"]), dict(run.problem.get("values", {}))
    return " ".join(message(key, language_of(request), **values)).strip()


def state_word(state: str, request: gr.Request) -> str:
    """Return a state in the user's language."""
    return say(f"running.{state}", request)


def label(run: Run) -> str:
    """Return a run as one line of a list."""
    name = run.title or ", ".join(run.systems)
    return f"#{run.id} · {moment(run.created)} · {run.set_name} · {name}"[:160]


def cut(names: Sequence[str], most: int = 4) -> str:
    """Return the first names of a list and how many more there are."""
    more = f" +{len(names) - most}" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def warnings(run: Evaluation, request: gr.Request) -> list[str]:
    """Return what has to be minded with a run's figures."""
    language = language_of(request)
    return [" ".join(message(key, language, **values)).strip() for key, values in run.warnings]
