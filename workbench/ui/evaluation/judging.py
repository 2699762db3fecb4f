"""Campaigns of human judgement: made from a stored run, followed, closed, their results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from workbench.assembly import Workbench
from workbench.domain.judgement import KINDS, Campaign, Kind
from workbench.errors import WorkbenchError
from workbench.services.evaluation.reports.people import judgement
from workbench.ui.evaluation import shown
from workbench.ui.glossary.shown import coloured, moment
from workbench.ui.handlers import PICK, PRIVATE, allowed, told
from workbench.ui.strings import Strings, failure, language_of, say

COLUMNS = (
    "campaigns.number",
    "judge.plan_name",
    "campaigns.kind",
    "runs.set",
    "campaigns.items",
    "campaigns.done",
    "runs.when",
    "runs.state",
)
_STATE = 7
LISTED = 100  # runs that a campaign can be made from


@dataclass(frozen=True)
class Campaigns:
    """The components."""

    listed: list[Any]
    chosen: Any
    about: Any
    buttons: dict[str, Any]
    guests: Any
    sure: Any
    fields: list[Any]
    said: Any

    @property
    def picked(self) -> list[Any]:
        """What a chosen campaign fills."""
        return [self.chosen, self.about, self.guests, self.sure, *self.buttons.values()]


def build(workbench: Workbench, strings: Strings) -> tuple[Judging, Campaigns]:
    """Add the campaigns, the acts on the chosen one, and the form for a new one."""
    with gr.Row(elem_classes="wb-intro", equal_height=True):
        gr.Markdown(strings("campaigns.intro"))
        gr.Button(
            strings("campaigns.page"),
            link="/judge",
            size="md",
            scale=0,
            min_width=160,
            elem_id="campaigns-page",
        )
    empty = shown.html_part("campaigns-empty")
    listed = gr.Dataframe(
        interactive=False,
        wrap=True,
        max_height=380,
        buttons=[],
        column_widths=["6%", "25%", "16%", "14%", "9%", "9%", "12%", "9%"],
        elem_id="campaigns-table",
    )
    chosen = gr.Number(0, visible=False)
    buttons, guests, sure = _acts(strings)
    about = shown.html_part("campaigns-about")
    fields, said, make = _plan(strings)
    parts = Campaigns([listed, empty], chosen, about, buttons, guests, sure, fields, said)
    page = Judging(workbench, parts)
    listed.select(page.pick_campaign, None, parts.picked, **PICK)
    fields[1].input(page.systems_of_run, fields[1], fields[2], **PICK)
    changed = [*parts.listed, *parts.picked]
    make.click(page.create_campaign, fields, [*changed, said, fields[0]], **PRIVATE)
    buttons["invite"].click(page.invite_judges, [chosen, guests], changed, **PRIVATE)
    buttons["close"].click(page.close_campaign, [chosen, sure], changed, **PRIVATE)
    return page, parts


def _acts(strings: Strings) -> tuple[dict[str, Any], Any, Any]:
    look = {"size": "md", "visible": False, "scale": 0, "min_width": 110}
    with gr.Row(elem_classes="wb-acts"):
        guests = gr.Textbox(
            label=strings("judge.plan_judges"),
            visible=False,
            scale=0,
            min_width=320,
            elem_id="campaigns-guests",
        )
        buttons = {"invite": gr.Button(strings("judge.invite"), elem_id="campaigns-invite", **look)}
        sure = gr.Checkbox(
            label=strings("campaigns.sure"),
            visible=False,
            scale=0,
            min_width=220,
            elem_id="campaigns-sure",
        )
        buttons["close"] = gr.Button(
            strings("judge.close"), variant="stop", elem_id="campaigns-close", **look
        )
        for to in ("tsv", "json"):
            buttons[to] = gr.Button(f".{to}", elem_id=f"campaigns-{to}", **look)
    return buttons, guests, sure


def _plan(strings: Strings) -> tuple[list[Any], Any, Any]:
    """Add the form for a new campaign."""
    gr.Markdown(strings("judge.new"), elem_classes="wb-heading")
    with gr.Row():
        texts = _texts(strings)
    with gr.Row():
        ways = _ways(strings)
    with gr.Row(elem_classes="wb-acts"):
        make = gr.Button(
            strings("judge.create"),
            variant="primary",
            scale=0,
            min_width=160,
            elem_id="campaign-create",
        )
        said = shown.html_part("campaigns-said", scale=1)
    return [*texts, *ways], said, make


def _texts(strings: Strings) -> list[Any]:
    """Add what is judged: name, run, systems."""
    return [
        gr.Textbox(
            label=strings("judge.plan_name"),
            max_length=200,
            min_width=200,
            elem_id="campaign-name",
        ),
        gr.Dropdown(
            label=strings("judge.plan_run"),
            choices=[],
            scale=2,
            min_width=300,
            elem_id="campaign-run",
        ),
        gr.Dropdown(
            label=strings("campaigns.systems"),
            choices=[],
            multiselect=True,
            scale=2,
            min_width=240,
            elem_id="campaign-systems",
        ),
    ]


def _ways(strings: Strings) -> list[Any]:
    """Add how it is judged: kind, lines, share of checks, guests."""
    numbers = (("campaigns.lines", "lines", 0, None), ("judge.plan_checks", "checks", 10, 50))
    return [
        gr.Radio(
            label=strings("judge.plan_kind"),
            choices=list(KINDS),
            value="da",
            scale=2,
            min_width=260,
            elem_id="campaign-kind",
        ),
        *(
            gr.Number(
                value,
                label=strings(key),
                minimum=0,
                maximum=most,
                precision=0,
                min_width=170,
                elem_id=f"campaign-{name}",
            )
            for key, name, value, most in numbers
        ),
        gr.Textbox(
            label=strings("judge.plan_judges"),
            scale=2,
            min_width=240,
            elem_id="campaign-judges",
        ),
    ]


@dataclass(frozen=True)
class Judging:
    """The handlers."""

    workbench: Workbench
    parts: Campaigns

    def open_judging(self, request: gr.Request) -> dict[Any, Any]:
        """Fill the list of campaigns and of runs to make one from."""
        identity = allowed(request, "read")
        listed, empty = self.parts.listed
        if not identity.may("evaluate"):
            said = shown.empty(say("campaigns.evaluators_only", request))
            return {listed: gr.Dataframe(visible=False), empty: said}
        with told(request):
            known = self.workbench.runs.list(state="done", limit=LISTED)
        runs = [(shown.label(run), run.id) for run in known if run.scores]
        kinds = [(say(f"judge.kind_{kind}", request), kind) for kind in KINDS]
        return {
            **self._list(request),
            **self._nobody(),
            self.parts.fields[1]: gr.Dropdown(choices=runs, value=None),
            self.parts.fields[2]: gr.Dropdown(choices=[], value=[]),
            self.parts.fields[3]: gr.Radio(choices=kinds),
            self.parts.said: "" if runs else shown.note(say("judge.no_runs", request)),
        }

    def systems_of_run(self, number: float | None, request: gr.Request) -> Any:
        """List the systems of a run; all are judged when none is named."""
        allowed(request, "evaluate")
        with told(request):
            run = self.workbench.runs.get(int(number or 0))
        return gr.Dropdown(choices=[(name, name) for name in run.systems], value=[])

    def pick_campaign(self, event: gr.SelectData, request: gr.Request) -> dict[Any, Any]:
        """Choose a campaign."""
        allowed(request, "evaluate")
        with told(request):
            return self._picked(int(event.row_value[0]), request)

    def create_campaign(
        self,
        name: str | None,
        run: float | None,
        systems: Sequence[str] | None,
        kind: str | None,
        lines: float | None,
        checks: float | None,
        judges: str | None,
        request: gr.Request,
    ) -> dict[Any, Any]:
        """Make a campaign; what is wrong is said beside the form."""
        identity = allowed(request, "evaluate")
        wanted: Kind = "mqm" if kind == "mqm" else "da"
        try:
            made = self.workbench.lab.judgement.create(
                name or "",
                int(run or 0),
                wanted,
                identity.name,
                tuple(systems or ()),
                int(lines) if lines else None,
                (checks or 0) / 100,
                _names(judges),
            )
        except WorkbenchError as error:
            return {self.parts.said: shown.refused(error, request)}
        said = shown.note(say("campaigns.made", request, name=made.name, items=made.items), "good")
        return {
            **self._list(request),
            **self._picked(made.id, request),
            self.parts.said: said,
            self.parts.fields[0]: "",
        }

    def invite_judges(
        self, number: float | None, guests: str | None, request: gr.Request
    ) -> dict[Any, Any]:
        """Let people judge who are no evaluators."""
        allowed(request, "evaluate")
        with told(request):
            self.workbench.lab.judgement.invite(int(number or 0), _names(guests))
            return self._picked(int(number or 0), request)

    def close_campaign(
        self, number: float | None, sure: bool, request: gr.Request
    ) -> dict[Any, Any]:
        """End a campaign for good."""
        allowed(request, "evaluate")
        if not sure:
            raise failure(say("campaigns.not_sure", request), request)
        with told(request):
            self.workbench.lab.judgement.close(int(number or 0))
            return {**self._list(request), **self._picked(int(number or 0), request)}

    # -- what is shown ----------------------------------------------------------------------

    def _list(self, request: gr.Request) -> dict[Any, Any]:
        service = self.workbench.lab.judgement
        with told(request):
            known = service.campaigns.list()
            rows = [
                _row(each, sum(service.campaigns.progress(each.id).values()), request)
                for each in known
            ]
        colours = {_STATE: ["var(--wb-soft)" if c.closed else "var(--wb-good)" for c in known]}
        listed, empty = self.parts.listed
        nothing = shown.empty(say("campaigns.none", request))
        return {
            listed: gr.Dataframe(coloured(request, COLUMNS, rows, colours), visible=bool(rows)),
            empty: "" if rows else nothing,
        }

    def _nobody(self) -> dict[Any, Any]:
        parts = self.parts
        rest = [parts.guests, parts.sure, *parts.buttons.values()]
        return shown.nothing_chosen(parts.chosen, parts.about, rest)

    def _picked(self, number: int, request: gr.Request) -> dict[Any, Any]:
        parts, service = self.parts, self.workbench.lab.judgement
        results = service.results(number)
        campaign = results.campaign
        invited = ", ".join(campaign.settings.judges)
        facts = shown.facts(
            [
                (say("judge.plan_name", request), campaign.name),
                (say("campaigns.run", request), f"#{campaign.evaluation_id}"),
                (say("campaigns.invited", request), invited),
                (say("campaigns.link", request), "/judge"),
            ]
        )
        section = judgement(results, language_of(request))
        links = {
            parts.buttons[to]: gr.Button(
                link=f"/api/v1/judgements/{number}/export?to={to}", visible=campaign.closed
            )
            for to in ("tsv", "json")
        }
        return {
            parts.chosen: number,
            parts.about: facts + shown.sections([section]),
            parts.guests: gr.Textbox("", visible=not campaign.closed),
            parts.sure: gr.Checkbox(value=False, visible=not campaign.closed),
            parts.buttons["invite"]: gr.Button(visible=not campaign.closed),
            parts.buttons["close"]: gr.Button(visible=not campaign.closed),
            **links,
        }


def _names(text: str | None) -> tuple[str, ...]:
    parts = (text or "").replace("，", ",").replace("；", ",").replace(";", ",").split(",")
    return tuple(name.strip() for name in parts if name.strip())


def _row(campaign: Campaign, done: int, request: gr.Request) -> list[Any]:
    return [
        campaign.id,
        campaign.name,
        say(f"judge.kind_{campaign.kind}", request),
        campaign.settings.set_name,
        campaign.items,
        done,
        moment(campaign.created),
        say("campaigns.closed" if campaign.closed else "campaigns.open", request),
    ]
