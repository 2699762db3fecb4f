"""The test sets within reach: what is known of each, and whether it is what it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote

import gradio as gr

from workbench.assembly import Workbench
from workbench.domain.run import SetManifest
from workbench.errors import InputError, WorkbenchError
from workbench.messages import say as message
from workbench.services.evaluation.freezing import Freezing, favoured
from workbench.services.evaluation.sets import public_sets
from workbench.storage.frozen_sets import FrozenSets
from workbench.ui.evaluation import shown
from workbench.ui.glossary.shown import coloured, moment
from workbench.ui.handlers import PICK, PRIVATE, QUIET, allowed, notify, told
from workbench.ui.strings import Strings, language_of, say

COLUMNS = (
    "sets.name",
    "sets.kind",
    "sets.lines",
    "sets.references",
    "sets.documents",
    "sets.licence",
    "sets.checksum",
)
_CHECKSUM = 6
COLOURS = {"ok": "var(--wb-good)", "other": "var(--wb-warn)", "unknown": "var(--wb-soft)"}


@dataclass(frozen=True)
class Sets:
    """The components."""

    table: list[Any]
    chosen: Any
    about: Any
    export: Any
    sure: Any
    delete: Any

    @property
    def picked(self) -> list[Any]:
        """What a chosen set fills."""
        return [self.chosen, self.about, self.export, self.sure, self.delete]


def build(workbench: Workbench, strings: Strings) -> tuple[SetList, Sets]:
    """Add the list and the acts on the chosen set."""
    gr.Markdown(strings("sets.intro"))
    empty = shown.html_part("sets-empty")
    listed = gr.Dataframe(
        interactive=False,
        wrap=True,
        max_height=420,
        buttons=[],
        column_widths=["22%", "12%", "9%", "10%", "9%", "22%", "16%"],
        elem_id="sets-table",
    )
    chosen = gr.Textbox("", visible=False)
    about = shown.html_part("sets-about")
    with gr.Row(elem_classes="wb-acts"):
        export = gr.Button(
            strings("sets.export"),
            size="md",
            visible=False,
            scale=0,
            min_width=120,
            elem_id="sets-export",
        )
        sure = gr.Checkbox(
            label=strings("sets.sure"), visible=False, scale=0, min_width=220, elem_id="sets-sure"
        )
        delete = gr.Button(
            strings("sets.delete"),
            variant="stop",
            size="md",
            visible=False,
            scale=0,
            min_width=120,
            elem_id="sets-delete",
        )
    absent = shown.html_part("sets-absent")
    parts = Sets([listed, empty, absent], chosen, about, export, sure, delete)
    page = SetList(workbench, parts)
    listed.select(page.pick_set, None, parts.picked, **PICK)
    outputs = [*parts.table, *parts.picked]
    delete.click(page.delete_set, [chosen, sure], None, **PRIVATE).success(
        page.list_sets, None, outputs, **QUIET
    )
    return page, parts


@dataclass(frozen=True)
class SetList:
    """The handlers."""

    workbench: Workbench
    parts: Sets

    def list_sets(self, request: gr.Request) -> dict[Any, Any]:
        """List the sets; none is chosen yet."""
        allowed(request, "read")
        with told(request):
            known = self.workbench.evaluation.shelf.list()
        rows = [_row(manifest, request) for manifest in known]
        colours = {_CHECKSUM: [COLOURS[_checked(manifest)] for manifest in known]}
        listed, empty, absent = self.parts.table
        return {
            listed: gr.Dataframe(coloured(request, COLUMNS, rows, colours), visible=bool(rows)),
            empty: "" if rows else shown.empty(say("sets.none", request)),
            absent: _absent({manifest.name for manifest in known}, request),
            self.parts.chosen: "",
            self.parts.about: "",
            self.parts.export: gr.Button(visible=False),
            self.parts.sure: gr.Checkbox(value=False, visible=False),
            self.parts.delete: gr.Button(visible=False),
        }

    def pick_set(self, event: gr.SelectData, request: gr.Request) -> dict[Any, Any]:
        """Show what is known of a set, and what is wrong with it."""
        identity = allowed(request, "read")
        name = str(event.row_value[0])
        shelf = self.workbench.evaluation.shelf
        try:
            manifest, findings = shelf.manifest(name), shelf.check(name)
        except WorkbenchError as error:
            return {self.parts.chosen: "", self.parts.about: shown.refused(error, request)}
        language = language_of(request)
        said = [" ".join(message(f.key, language, **f.values)).strip() for f in findings]
        notes = "".join(shown.note(text, "warn") for text in said)
        about = shown.facts(_facts(manifest, request)) + _guard(manifest, request) + notes
        own = manifest.kind == "frozen" and identity.owns(manifest.author)
        mine = own and identity.may("evaluate")
        link = f"/api/v1/testsets/{quote(name, safe='')}/export"
        return {
            self.parts.chosen: name,
            self.parts.about: about,
            self.parts.export: gr.Button(link=link, visible=identity.may("evaluate")),
            self.parts.sure: gr.Checkbox(value=False, visible=mine),
            self.parts.delete: gr.Button(visible=mine),
        }

    def delete_set(self, name: str | None, sure: bool, request: gr.Request) -> None:
        """Delete a frozen set: who froze it may, or an administrator."""
        identity = allowed(request, "evaluate")
        with told(request):
            frozen = freezing(self.workbench)
            identity.require_own(frozen.author(name or ""))
            if not sure:
                raise InputError("evaluation.not_sure")
            frozen.delete(name or "")
        notify("sets.deleted", request, name=name)


def freezing(workbench: Workbench) -> Freezing:
    """Return what freezes and deletes sets."""
    return Freezing(FrozenSets(workbench.database), workbench.evaluation.shelf)


def _checked(manifest: SetManifest) -> str:
    """Tell whether a set is what its manifest promises: ok, other, unknown."""
    if not manifest.known or not manifest.digest:
        return "unknown"
    return "ok" if manifest.known == manifest.digest else "other"


def _row(manifest: SetManifest, request: gr.Request) -> list[Any]:
    return [
        manifest.name,
        say(f"sets.{manifest.kind}", request),
        manifest.lines or "—",
        manifest.references or "—",
        manifest.documents or "—",
        manifest.licence or "—",
        say(f"sets.checksum_{_checked(manifest)}", request),
    ]


def _facts(manifest: SetManifest, request: gr.Request) -> Iterator[tuple[str, str]]:
    """Yield what is known of a set, by label."""
    made = " · ".join(filter(None, (moment(manifest.created), manifest.author)))
    period = manifest.facts.get("period") or ()
    drafted = manifest.facts.get("drafted_by") or {}
    values = {
        "name": manifest.name,
        "origin": manifest.origin,
        "licence": manifest.licence,
        "url": manifest.url,
        "note": manifest.note,
        "lines": str(manifest.lines),
        "characters": str(manifest.characters or ""),
        "documents": str(manifest.documents or ""),
        "frozen_at": made,
        "period": "–".join(map(str, period)),
        "drafted_by": ", ".join(f"{engine} {count}" for engine, count in drafted.items()),
        "digest": manifest.digest,
    }
    for key, value in values.items():
        yield say(f"sets.{key}", request), value


def _guard(manifest: SetManifest, request: gr.Request) -> str:
    """Say what keeps the set out of what it measures, and what it favours."""
    said = [shown.note(say("sets.guarded", request))]
    found = favoured(manifest)
    if found:
        engine, share = found
        values = {"name": manifest.name, "engine": engine, "share": f"{share:.0%}"}
        said.append(shown.note(say("sets.favours", request, **values), "warn"))
    return "".join(said)


def _absent(known: set[str], request: gr.Request) -> str:
    """Name the public sets that are known but not on this computer."""
    missing = {name: facts for name, facts in public_sets().items() if name not in known}
    if not missing:
        return ""
    rows = "".join(
        f"<li><strong>{escape(name)}</strong> {escape(facts['origin'])}"
        f' <span class="wb-soft">{escape(facts.get("licence", ""))}</span></li>'
        for name, facts in missing.items()
    )
    head = escape(say("sets.absent", request, count=len(missing)))
    return f'<details class="wb-more"><summary>{head}</summary><ul>{rows}</ul></details>'
