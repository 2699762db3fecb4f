"""The JSON shapes of the glossary's maintenance, for ``/api/v1`` and the command line alike."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.domain.term import Term
    from workbench.services.term_desk import ImportUndone
    from workbench.services.term_files import TermImport
    from workbench.services.term_findings import Finding
    from workbench.services.term_history import Step
    from workbench.services.term_impact import Impact
    from workbench.services.term_patch import Left, Patched, Undone
    from workbench.storage.patches import StoredPatch

Json = dict[str, Any]


def entry_json(term: Term) -> Json:
    """A whole entry with its forms: [text, case, generated | added | struck]."""
    return {
        "id": term.id,
        "source": term.source,
        "target": term.target,
        "type": term.type,
        "status": term.status,
        "variants": list(term.variants),
        "forbidden": list(term.forbidden),
        "needs_quotes": term.needs_quotes,
        "context": list(term.context),
        "valid_from": term.valid_from,
        "valid_to": term.valid_to,
        "note": term.note,
        "provenance": term.provenance,
        "forms": [[form.text, form.case, form.how] for form in term.forms],
        "revision": term.revision,
    }


def finding_json(finding: Finding, language: str) -> Json:
    """A fault of the glossary with what to do about it."""
    problem, remedy = finding.say(language)
    return {
        "fault": finding.fault,
        "detail": finding.detail,
        "terms": [
            {"term_id": term.id, "source": term.source, "target": term.target}
            for term in finding.terms
        ],
        "problem": problem,
        "remedy": remedy,
        "action": finding.action,
    }


def step_json(step: Step) -> Json:
    """One change as JSON."""
    return {
        "revision": step.revision,
        "act": step.act,
        "author": step.author,
        "created": step.created,
        "reason": step.reason,
        "changes": [
            {"field": change.field, "before": change.before, "after": change.after}
            for change in step.differences
        ],
    }


def impact_json(found: Impact) -> Json:
    """An impact as JSON."""
    return {
        "term_id": found.before.id,
        "before": found.before.target,
        "after": found.after and found.after.target,
        "status": found.after and found.after.status,
        "segments": found.segments,
        "segments_lacking": found.lacking,
        "units": found.units,
        "units_lacking": found.units_lacking,
        "articles": [{"id": number, "title": title} for number, title in found.articles],
        "exports": [asdict(export) for export in found.exports],
        "samples": [asdict(sample) for sample in found.samples],
        "unchecked": found.unchecked,
    }


def patched_json(done: Patched) -> Json:
    """What a patch did."""
    return {
        "patch": done.id,
        "term_id": done.term.id,
        "target": done.term.target,
        "segments": done.rows,
        "units": done.units,
        "left": left_json(done.left),
        "exports": len(done.exports),
    }


def undone_json(done: Undone) -> Json:
    """What undoing a patch did; ``already`` says that it had been undone before."""
    return {
        "patch": done.id,
        "segments": done.rows,
        "units": done.units,
        "left": left_json(done.left),
        "already": done.already,
    }


def import_undone_json(done: ImportUndone) -> Json:
    """What undoing an import did."""
    kept = [{"kind": "term", "id": term.id, "why": "changed"} for term in done.kept]
    return {"import": done.batch, "removed": done.removed, "left": kept}


def left_json(left: tuple[Left, ...]) -> list[Json]:
    """The places that stay as they are, as JSON."""
    return [{"kind": place.kind, "id": place.id, "why": place.why} for place in left]


def patch_json(patch: StoredPatch) -> Json:
    """A patch of the list."""
    return {
        "patch": patch.id,
        "term_id": patch.term_id,
        "source": patch.content["term"]["source"],
        "before": patch.content["term"]["target"],
        "after": patch.content["to"],
        "segments": len(patch.content["rows"]),
        "units": len(patch.content["units"]),
        "left": len(patch.content["left"]),
        "author": patch.author,
        "created": patch.created,
        "reason": patch.reason,
        "undone": patch.undone,
        "undone_by": patch.undone_by,
    }


def import_json(report: TermImport, language: str) -> Json:
    """What an import did as JSON; the lists are cut, the totals are not."""
    kinds = {
        "conflicting": report.conflicting,
        "refused": report.refused,
        "remarks": report.remarks,
    }
    return {
        "file": report.name,
        "added": len(report.added),
        "known": report.known,
        **{
            kind: [
                {
                    "file": report.name,
                    "line": row.line,
                    "key": row.key,
                    "reason": row.say(language),
                    "remedy": row.remedy(language),
                }
                for row in rows
            ]
            for kind, rows in kinds.items()
        },
        "totals": {kind: len(rows) for kind, rows in kinds.items()},
        "batch": report.batch,
    }
