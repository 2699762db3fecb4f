"""What the memory's keeping sends: results of the concordance, history, findings, acts, imports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from workbench.domain.job import Job
from workbench.domain.language import Span
from workbench.domain.memory import Rejected
from workbench.messages import say
from workbench.services.concordance import Found
from workbench.services.memory_findings import Finding, FindingPage
from workbench.services.memory_imports import Preview
from workbench.storage.unit_history import StoredUnit
from workbench.web.memory_wire import unit_json

Json = dict[str, Any]


def found_json(found: Found) -> Json:
    """A result of the concordance: the unit, its places on both sides, and where it comes from."""
    other = "target" if found.side == "source" else "source"
    return {
        **unit_json(found.unit),
        "article_id": found.unit.article_id,
        "segment_id": found.unit.segment_id,
        "n": found.n,
        "side": found.side,
        "spans": _spans(found.spans),
        "counterpart": {"side": other, "spans": _spans(found.others), "how": found.how}
        if found.others
        else None,
    }


def stored_json(stored: StoredUnit) -> Json:
    """A unit with its versions, newest first."""
    unit = stored.unit
    return {
        **unit_json(unit),
        "article_id": unit.article_id,
        "segment_id": unit.segment_id,
        "revision": unit.revision,
        "note": unit.note,
        "batch": unit.batch,
        "deleted": stored.deleted,
        "versions": [asdict(version) for version in stored.versions],
    }


def findings_json(page: FindingPage, language: str) -> Json:
    """A page of findings; ``next`` is where the next one begins."""
    return {
        "found": [finding_json(finding, language) for finding in page.found],
        "next": page.next,
        "looked": page.looked,
        "total": page.total,
    }


def finding_json(finding: Finding, language: str) -> Json:
    """Something doubtful, with what can be done."""
    return {
        "kind": finding.kind,
        "key": finding.key,
        "source": finding.unit.source,
        "translations": [
            {
                "target": each.target,
                "count": len(each.units),
                "units": list(map(unit_json, each.units)),
            }
            for each in finding.translations
        ],
        "outdated": [asdict(wrong) for wrong in finding.outdated],
        "after": finding.after,
        "same": finding.same,
        "issues": [
            {"check": issue.check, "problem": say(issue.key, language, **dict(issue.values))[0]}
            for issue in finding.issues
        ],
    }


def preview_json(preview: Preview, language: str) -> Json:
    """What a file holds, told before it is imported."""
    return {
        "name": preview.name,
        "units": preview.units,
        "known": preview.known,
        "rejected": preview.rejected,
        "whole": preview.whole,
        "languages": [{"code": code, "count": count} for code, count in preview.languages],
        "samples": [{"source": u.source, "target": u.target} for u in preview.samples],
        "problems": problems_json(preview.problems, language),
    }


def problems_json(problems: Iterable[Rejected], language: str) -> list[Json]:
    """Why units of a file were refused."""
    return [{"line": p.line, "problem": say(p.reason, language)[0]} for p in problems]


def import_json(job: Job, language: str) -> Json:
    """An import's job with its progress, result or trouble."""
    problem, remedy = "", ""
    if job.problem:
        problem, remedy = say(job.problem["key"], language, **job.problem.get("values", {}))
    result = dict(job.result)
    if result:
        refused = (Rejected(each["line"], each["reason"]) for each in result["problems"])
        result["problems"] = problems_json(refused, language)
    return {
        "id": job.id,
        "name": job.parameters["name"],
        "state": job.state,
        "done": job.done,
        "total": job.total,
        "problem": problem,
        "remedy": remedy,
        "result": result,
    }


def _spans(spans: Iterable[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]
