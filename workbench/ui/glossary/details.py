"""What is known about the entry in the form: remarks, its Russian forms, its history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from workbench.assembly import Workbench
from workbench.domain.term import Term
from workbench.errors import Conflict, NotFound, WorkbenchError
from workbench.languages.homoglyphs import mended
from workbench.languages.traditional import simplified
from workbench.services.term_advice import Advice
from workbench.services.term_history import Step
from workbench.ui.glossary.form import answer, filled, picked
from workbench.ui.glossary.shown import moment, named, several, status_word
from workbench.ui.handlers import PICK, PRIVATE, QUIET, allowed, notify, table, told
from workbench.ui.strings import Strings, language_of, say

if TYPE_CHECKING:
    from workbench.ui.glossary.entries import Desk

COLUMNS = ("history.version", "history.when", "history.who", "history.what", "history.why")
FIXES = ("terms.homoglyphs", "terms.traditional", "terms.common_word")
_RIVALS = 5


@dataclass(frozen=True)
class Looked:
    """The components around the form."""

    heading: Any
    remarks: list[Any]
    provenance: Any
    forms: Any
    added: Any
    keep_forms: Any
    history: Any
    version: Any
    restore: Any

    @property
    def outputs(self) -> list[Any]:
        """What ``Details.details`` fills; the buttons for adding and saving follow."""
        return [
            self.heading,
            *self.remarks,
            self.provenance,
            self.forms,
            self.added,
            self.history,
            self.version,
            self.restore,
        ]


def remarks(strings: Strings) -> list[Any]:
    """Add the remarks, the buttons that mend, and the word that the impact is worth a look."""
    with gr.Column(elem_id="glossary-advice"):  # keeps its room: nothing moves under the pointer
        differs = gr.Markdown(strings("impact.differs"), visible=False, elem_id="glossary-differs")
        remark = gr.Textbox(
            label=strings("glossary.remarks"),
            interactive=False,
            visible=False,
            lines=1,
            max_lines=8,
            elem_id="glossary-remarks",
        )
        with gr.Row():
            fixes = [
                gr.Button(
                    strings(f"glossary.fix_{key.partition('.')[2]}"),
                    size="md",
                    min_width=120,
                    visible=False,
                    elem_id=f"glossary-fix-{key.partition('.')[2]}",
                )
                for key in FIXES
            ]
    return [remark, *fixes, differs]


def build(strings: Strings, heading: Any, remarks: list[Any]) -> Looked:
    """Add forms and history below the form."""
    with gr.Accordion(strings("glossary.forms"), open=False, elem_id="glossary-forms"):
        forms = gr.CheckboxGroup(label=strings("glossary.forms_hint"), choices=[])
        added = gr.Textbox(label=strings("glossary.forms_added"), elem_id="glossary-forms-added")
        keep = gr.Button(strings("glossary.forms_save"), size="md", elem_id="glossary-forms-save")
    with gr.Accordion(strings("history.title"), open=False, elem_id="glossary-history"):
        provenance = gr.Textbox(label=strings("glossary.provenance"), interactive=False)
        history = gr.Dataframe(
            interactive=False,
            wrap=True,
            max_height=320,
            buttons=[],
            column_widths=["9%", "19%", "14%", "38%", "20%"],
            elem_id="glossary-versions",
        )
        restore = gr.Button(
            strings("history.restore"), size="md", interactive=False, elem_id="glossary-restore"
        )
    version = gr.Number(0, visible=False)
    return Looked(heading, remarks, provenance, forms, added, keep, history, version, restore)


def wire(workbench: Workbench, looked: Looked, desk: Desk) -> None:
    """Connect them with the form."""
    page, form = Details(workbench), desk.form
    typed = [field.change for field in form.fields[:10]]
    gr.on(typed, page.look, form.entry, looked.remarks, trigger_mode="always_last", **QUIET)
    source, target, quotes, variants = (form.fields[n] for n in (0, 1, 6, 4))
    homoglyphs, traditional, common = looked.remarks[1:4]
    homoglyphs.click(page.cyrillic, source, source, **QUIET)
    traditional.click(page.simplify, [target, variants], [target, variants], **QUIET)
    common.click(None, None, quotes, js="() => true", **PRIVATE)
    inputs = [form.chosen, looked.forms, looked.added]
    form.ask(looked.keep_forms.click, page.save_forms, inputs).then(**desk.details)
    looked.history.select(page.pick_version, None, [looked.version, looked.restore], **PICK)
    inputs = [form.chosen, looked.version, form.reason]
    done = form.ask(looked.restore.click, page.restore, inputs)
    done.then(**desk.details).then(**desk.again)


@dataclass(frozen=True)
class Details:
    """The handlers."""

    workbench: Workbench

    def details(self, request: gr.Request, chosen: Any, *fields: Any) -> list[Any]:
        """Return everything about the entry in the form."""
        allowed(request, "read")
        term, steps = self._stored(chosen)
        listed = dict.fromkeys(form.text for form in term.forms if form.how != "added")
        kept = [form.text for form in term.forms if form.how == "generated"]
        own = [form.text for form in term.forms if form.how == "added"]
        heading = say("glossary.new", request)
        if term.id:
            key = "glossary.editing" if steps[0].act != "deleted" else "glossary.is_deleted"
            heading = say(key, request, id=term.id, revision=term.revision)
        return [
            heading,
            *self.look(request, chosen, *fields),
            term.provenance,
            gr.CheckboxGroup(choices=list(listed), value=list(dict.fromkeys(kept))),
            "; ".join(own),
            table(request, COLUMNS, [_step(step, request) for step in steps]),
            0,
            gr.Button(say("history.restore", request), interactive=False),
            gr.Button(variant="secondary" if term.id else "primary"),
            gr.Button(variant="primary" if term.id else "secondary"),
        ]

    def look(self, request: gr.Request, chosen: Any, *fields: Any) -> list[Any]:
        """Return remarks about what the form holds, before it is saved."""
        allowed(request, "read")
        known, _ = self._stored(chosen)
        wanted = filled(known, fields)
        remarks = self.workbench.desk.advice(wanted) if wanted.source and wanted.target else ()
        lines = [remark.say(language_of(request)) for remark in remarks]
        lines += self._rivals(wanted, request)
        differs = bool(known.id) and (wanted.target, wanted.status) != (known.target, known.status)
        return [
            gr.Textbox("\n".join(lines), visible=bool(lines)),
            *(gr.Button(visible=_offers(key, remarks)) for key in FIXES),
            gr.Markdown(visible=differs),
        ]

    def simplify(self, request: gr.Request, target: str, variants: str) -> list[str]:
        """Return the Chinese sides in Simplified characters."""
        allowed(request, "read")
        return [simplified(target), simplified(variants)]

    def cyrillic(self, request: gr.Request, source: str) -> str:
        """Return the Russian side without Latin look-alikes."""
        allowed(request, "read")
        return mended(source)

    def save_forms(
        self, request: gr.Request, chosen: Any, kept: list[str], added: str
    ) -> list[Any]:
        """Save which forms are matched: the unticked ones never, the added ones too."""
        identity = allowed(request, "keep terms")
        with told(request):
            number, revision = picked(chosen)
            term = self.workbench.terms.get(number)
            if term.revision != revision:
                raise Conflict("terms.changed", source=term.source)
            struck = [f.text for f in term.forms if f.how != "added" and f.text not in kept]
            term = self.workbench.terminology.set_forms(
                number, several(added), list(dict.fromkeys(struck)), identity.name
            )
        notify("glossary.forms_saved", request, source=term.source)
        return answer(term)

    def pick_version(self, event: gr.SelectData, request: gr.Request) -> list[Any]:
        """Choose a version of the history."""
        identity = allowed(request, "read")
        number = int(event.row_value[0])
        text = say("history.restore_this", request, revision=number)
        return [number, gr.Button(text, interactive=identity.may("keep terms"))]

    def restore(self, request: gr.Request, chosen: Any, version: float, reason: str) -> list[Any]:
        """Bring an earlier version back, also of a deleted entry."""
        identity = allowed(request, "keep terms")
        with told(request):
            number, _ = picked(chosen)
            desk, steps = self.workbench.desk, self.workbench.desk.history(number)
            if steps[0].act == "deleted":
                term = desk.undelete(number, identity.name, reason)
            if steps[0].act != "deleted" or int(version) < steps[1].revision:
                term = desk.restore(number, int(version), identity.name, reason)
        notify("history.restored_now", request, source=term.source)
        return answer(term)

    # -- inside -------------------------------------------------------------------------

    def _stored(self, chosen: Any) -> tuple[Term, Sequence[Step]]:
        """Return the entry of the form as it is stored, and its history; a blank one for none."""
        try:
            number, _ = picked(chosen)
            steps = self.workbench.desk.history(number)
        except WorkbenchError:
            return Term("", ""), ()
        try:
            return self.workbench.terms.get(number), steps
        except NotFound:
            return steps[0].term, steps

    def _rivals(self, wanted: Term, request: gr.Request) -> list[str]:
        """Say which other entries are found where this one's name stands."""
        if not wanted.source:
            return []
        known = {term.id: term for term in self.workbench.terms.of_sources([wanted.source])}
        for hit in self.workbench.terminology.find(wanted.source):
            if hit.span.end - hit.span.start == len(wanted.source) and hit.how != "lemma":
                known.setdefault(hit.term.id, hit.term)
        known.pop(wanted.id, None)
        return [
            say(
                "glossary.rival",
                request,
                id=term.id,
                entry=named(term),
                status=status_word(term.status, request),
            )
            for term in list(known.values())[:_RIVALS]
        ]


def _offers(key: str, remarks: Sequence[Advice]) -> bool:
    return any(remark.key == key for remark in remarks)


def _step(step: Step, request: gr.Request) -> list[Any]:
    """Return a change as a row: one line for each field that it touched."""
    what = [say(f"history.{step.act}", request)]
    for change in step.differences:
        before, after = (
            _worded(change.field, text, request) for text in (change.before, change.after)
        )
        name = say(f"history.{change.field}", request)
        what.append(f"{name}: {before} → {after}" if before else f"{name}: {after}")
    return [step.revision, moment(step.created), step.author, "\n".join(what), _why(step)]


def _worded(field: str, text: str, request: gr.Request) -> str:
    """Return a field's value as the form shows it."""
    if not text:
        return "" if field != "needs_quotes" else say("history.no", request)
    if field == "status":
        return status_word(text, request)
    if field == "type":
        return say(f"type.{text}", request)
    return say("history.yes", request) if field == "needs_quotes" else text.replace(" | ", "; ")


def _why(step: Step) -> str:
    """Return the reason that a person gave; saving forms gives one by itself."""
    return "" if step.reason == "forms" else step.reason
