"""Reports as files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from workbench.domain.quality import Evaluation
from workbench.domain.report import Section
from workbench.errors import NotFound
from workbench.services.evaluation.report import as_document
from workbench.services.evaluation.reports.document import report
from workbench.services.evaluation.reports.figures import COLUMNS, figures

KINDS = ("html", "docx", "json", "tsv")


def write(
    run: Evaluation,
    kind: str,
    language: str = "zh",
    settings: Mapping[str, str] | None = None,
    more: Sequence[Section] = (),
) -> bytes:
    """Return the report as a file of *kind*: one of ``KINDS``. Raises NotFound for another.

    HTML is one page that loads nothing; JSON and TSV hold every figure unrounded.
    """
    if kind == "html":
        from workbench.formats.report_html import write_html

        return write_html(report(run, language, settings, more))
    if kind == "docx":
        from workbench.formats.report_docx import write_docx

        return write_docx(report(run, language, settings, more))
    if kind == "json":
        return _json(run, settings or {})
    if kind == "tsv":
        from workbench.formats.tables import write_table

        return write_table([COLUMNS, *figures(run)], "tsv")
    raise NotFound("evaluation.unknown_report", name=kind, known=", ".join(KINDS))


def _json(run: Evaluation, settings: Mapping[str, str]) -> bytes:
    document: dict[str, Any] = {**as_document(run), "settings": dict(settings)}
    for name in ("measures", "faults", "renderings"):
        by_system = getattr(run, name)
        document[name] = {
            system: [asdict(v) for v in values] for system, values in by_system.items()
        }
    document["contrast"] = asdict(run.contrast) if run.contrast else None
    document["outputs"] = {system: list(lines) for system, lines in run.outputs.items()}
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    return (text + "\n").encode("utf-8", "replace")
