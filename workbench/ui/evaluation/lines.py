"""Line by line: two systems side by side, marked by character against the reference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

import gradio as gr

from workbench.assembly import Workbench
from workbench.domain.quality import Mark, Side, SourceTerm
from workbench.errors import WorkbenchError
from workbench.services.evaluation.browsing import (
    FAULTY,
    ORDERS,
    Asked,
    LineBrowser,
    Order,
    SeenLine,
    SeenPage,
)
from workbench.services.evaluation.reports.contrast import part_name
from workbench.services.evaluation.reports.words import word
from workbench.ui.evaluation import shown
from workbench.ui.handlers import QUIET, allowed, choices
from workbench.ui.strings import Strings, language_of, say

PART = "result"  # whose questions wait for one another
MOST_PARTS = 60  # choices of a list that can still be looked through


@dataclass(frozen=True)
class LinesView:
    """The components."""

    page: SeenLines
    group: Any
    asked: list[Any]
    number: Any
    body: Any
    pager: list[Any]

    @property
    def outputs(self) -> list[Any]:
        """What a page of lines fills."""
        return [self.body, self.number, *self.pager]


def build(workbench: Workbench, strings: Strings, run: Any) -> LinesView:
    """Add the controls and the lines; *run* is the component that holds the run's number."""
    page = SeenLines(workbench)
    with gr.Group(visible=False, elem_id="lines-group") as group, gr.Row():
        fields = [
            gr.Dropdown(
                label=strings(f"lines.{name}"),
                choices=[],
                min_width=160,
                elem_id=f"lines-{name}",
            )
            for name in ("system", "baseline", "part", "order")
        ]
    body = shown.html_part("lines-body", visible=False)
    number = gr.Number(1, visible=False)
    with gr.Row(elem_classes="wb-pager", visible=False) as row:
        earlier = gr.Button("‹", size="md", min_width=48, scale=0, elem_id="lines-earlier")
        count = gr.Markdown(elem_id="lines-count")
        later = gr.Button("›", size="md", min_width=48, scale=0, elem_id="lines-later")
    view = LinesView(page, [group, body, row], fields, number, body, [count, earlier, later])
    for each in fields:
        each.input(page.browse_lines, [run, *fields], view.outputs, **shown.in_turn(PART))
    turning = [run, *fields, number]
    one = {**QUIET, **shown.one_by_one(PART)}
    earlier.click(page.earlier_lines, turning, view.outputs, **one)
    later.click(page.later_lines, turning, view.outputs, **one)
    return view


@dataclass(frozen=True)
class SeenLines:
    """The handlers."""

    workbench: Workbench

    def browse_lines(
        self,
        run: float | None,
        system: str | None,
        baseline: str | None,
        part: str | None,
        order: str | None,
        request: gr.Request,
    ) -> list[Any]:
        """Show the first page of what is asked for."""
        return self.page(run, (system, baseline, part, order), 1, request)

    def earlier_lines(
        self,
        run: float | None,
        system: str | None,
        baseline: str | None,
        part: str | None,
        order: str | None,
        number: float | None,
        request: gr.Request,
    ) -> list[Any]:
        """Turn a page back."""
        return self.page(run, (system, baseline, part, order), int(number or 1) - 1, request)

    def later_lines(
        self,
        run: float | None,
        system: str | None,
        baseline: str | None,
        part: str | None,
        order: str | None,
        number: float | None,
        request: gr.Request,
    ) -> list[Any]:
        """Turn a page on."""
        return self.page(run, (system, baseline, part, order), int(number or 1) + 1, request)

    @cached_property
    def browser(self) -> LineBrowser:
        """What reads the lines."""
        return LineBrowser(self.workbench.runs)

    def opened(self, run_id: int, request: gr.Request) -> list[Any]:
        """Return the values of the four fields for a run, and its first page of lines."""
        run = self.workbench.runs.get(run_id)
        systems = [(name, name) for name in run.systems]
        baseline = run.systems[0] if len(run.systems) > 1 else ""
        system = run.systems[-1]
        order = "difference" if baseline else "lowest"
        nobody = (say("lines.nobody", request), "")
        return [
            gr.Dropdown(choices=systems, value=system),
            gr.Dropdown(choices=[nobody, *systems], value=baseline),
            gr.Dropdown(choices=self._parts(run_id, request), value=""),
            gr.Dropdown(choices=choices(request, "lines", ORDERS), value=order),
            *self.page(run_id, (system, baseline, "", order), 1, request),
        ]

    def page(
        self,
        run: float | None,
        asked: tuple[str | None, str | None, str | None, str | None],
        number: int,
        request: gr.Request,
    ) -> list[Any]:
        """Return a page of lines, its number and the pager; an error stands in its place."""
        allowed(request, "evaluate")
        system, baseline, part, order = (value or "" for value in asked)
        known: Order = next((each for each in ORDERS if each == order), "difference")
        try:
            wanted = Asked(system, "" if baseline == system else baseline, part, known)
            found = self.browser.page(int(run or 0), wanted, number)
        except WorkbenchError as error:
            off = gr.Button(interactive=False)
            return [shown.refused(error, request), 1, "", off, off]
        text = say("lines.page", request, count=found.total, page=found.number, pages=found.pages)
        return [
            _html(found, request),
            found.number,
            text,
            gr.Button(interactive=found.number > 1),
            gr.Button(interactive=found.number < found.pages),
        ]

    def _parts(self, run_id: int, request: gr.Request) -> list[tuple[str, str]]:
        language = language_of(request)
        named = [
            (f"{part_name(each, language)} · {len(each.lines)}", f"{each.kind}|{each.name}")
            for each in self.browser.parts(run_id)
            if each.kind != "all"
        ]
        every = (say("lines.all", request), "")
        return [every, (say("lines.faulty", request), FAULTY), *named[:MOST_PARTS]]


def _html(found: SeenPage, request: gr.Request) -> str:
    if not found.lines:
        return shown.empty(say("lines.none", request))
    legend = "".join(
        f"<li>{tag}</li>"
        for tag in (
            f'<mark class="term">{escape(say("lines.legend_term", request))}</mark>',
            f"<del>{escape(say('lines.legend_extra', request))}</del>",
            f"<ins>{escape(say('lines.legend_missing', request))}</ins>",
        )
    )
    cards = "".join(_card(line, request) for line in found.lines)
    return f'<div class="wb-lines"><ul class="wb-legend">{legend}</ul>{cards}</div>'


def _card(line: SeenLine, request: gr.Request) -> str:
    head = [f"<strong>{escape(say('lines.number', request, n=line.n))}</strong>"]
    if line.difference is not None:
        sign = "good" if line.difference > 0 else "bad" if line.difference < 0 else ""
        head.append(f'<span class="wb-delta {sign}">{line.difference:+.1f} chrF</span>')
    if line.document:
        head.append(f'<span class="wb-soft">{escape(line.document)}</span>')
    head += [f'<span class="wb-fault">{escape(text)}</span>' for text in _faults(line, request)]
    cells = []
    if line.source:
        source = marked(line.source, _places(line.terms))
        cells.append(_cell("wide", say("lines.source", request), "ru", source + _terms(line)))
    sides = [side for side in (line.baseline, line.system) if side]
    cells += [_side(side, "" if len(sides) > 1 else "wide", request) for side in sides]
    return (
        f'<article class="wb-line-card"><header>{"".join(head)}</header>'
        f'<div class="wb-line-grid">{"".join(cells)}</div></article>'
    )


def _side(side: Side, kind: str, request: gr.Request) -> str:
    """Return a system's line over the reference that is nearest to it, each with its marks."""
    label = f"{side.system} · chrF {side.value:.1f}"
    text = marked(side.text, _spans(side.marks, "del")) or "&nbsp;"
    reference = marked(side.reference, _spans(side.reference_marks, "ins"))
    below = f'<span class="wb-cell-label">{escape(say("lines.reference", request))}</span>'
    content = f'{text}</p>{below}<p lang="zh-CN" class="wb-reference">{reference}'
    return _cell(kind, label, "zh-CN", content)


def _cell(kind: str, label: str, language: str, content: str) -> str:
    return (
        f'<div class="{kind}"><span class="wb-cell-label">{escape(label)}</span>'
        f'<p lang="{language}">{content}</p></div>'
    )


def _faults(line: SeenLine, request: gr.Request) -> list[str]:
    """Return what is broken, by system, each kind once."""
    named = ((fault, system) for system, faults in line.faults.items() for fault in faults)
    words = (f"{word(f'fault_{f.kind}', language_of(request))} · {name}" for f, name in named)
    return list(dict.fromkeys(words))


def _terms(line: SeenLine) -> str:
    """Return the terms of a source, ticked where a system has them."""
    sides = [each.system for each in (line.baseline, line.system) if each]
    rows = []
    for term in line.terms:
        found = f"{line.source[term.start : term.end]} → {term.target}"
        ticks = "".join(
            f'<span class="{"good" if side in term.honoured else "bad"}">'
            f"{'✓' if side in term.honoured else '✗'} {escape(side)}</span>"
            for side in sides
        )
        rows.append(f"<li>{escape(found)} {ticks}</li>")
    return f'</p><ul class="wb-line-terms">{"".join(rows)}</ul><p>' if rows else ""


Place = tuple[int, int, str]


def marked(text: str, places: Iterable[Place]) -> str:
    """Return *text* escaped, its *places* (start, end, tag) in elements; overlaps are left out."""
    parts, done = [], 0
    within = ((start, min(end, len(text)), tag) for start, end, tag in places)
    for start, end, tag in sorted(within):
        if start < done or end <= start:
            continue
        name = tag.split(" ", 1)[0]
        parts.append(escape(text[done:start]))
        parts.append(f"<{tag}>{escape(text[start:end])}</{name}>")
        done = end
    return "".join([*parts, escape(text[done:])])


def _spans(marks: Sequence[Mark], tag: str) -> list[Place]:
    return [(mark.start, mark.end, tag) for mark in marks]


def _places(terms: Sequence[SourceTerm]) -> list[Place]:
    return [(term.start, term.end, 'mark class="term"') for term in terms]
