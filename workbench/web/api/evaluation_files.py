"""Files of the lab: reports of runs, test sets as line-aligned files."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from fastapi import APIRouter, Response

from workbench.errors import NotFound
from workbench.messages import LANGUAGES
from workbench.services.evaluation.freezing import Freezing
from workbench.services.evaluation.report_file import report_file
from workbench.services.evaluation.reports.writing import KINDS
from workbench.storage.frozen_sets import FrozenSets
from workbench.web.identity import Evaluator, Language
from workbench.web.parts import Bench

router = APIRouter(tags=["evaluations"])
MEDIA = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
    "tsv": "text/tab-separated-values; charset=utf-8",
}


@router.get("/evaluations/{run_id}/report")
def report(
    run_id: int,
    _identity: Evaluator,
    asked: Language,
    bench: Bench,
    to: str = "html",
    language: str = "",
) -> Response:
    """Download the report of a finished run: html, docx, json or tsv. 409 while it is not done."""
    if to not in KINDS:
        raise NotFound("evaluation.unknown_report", name=to, known=", ".join(KINDS))
    spoken = language if language in LANGUAGES else asked
    content = report_file(bench.runs, run_id, to, spoken, bench.lab.judgement)
    return _attached(content, f"evaluation-{run_id}.{to}", MEDIA[to])


@router.get("/testsets/{name}/export")
def export(name: str, _identity: Evaluator, bench: Bench) -> Response:
    """Download a set as a ZIP file: NAME.ru, NAME.zh, NAME.docid, NAME.toml."""
    freezing = Freezing(FrozenSets(bench.database), bench.evaluation.shelf)
    packed = io.BytesIO()
    with TemporaryDirectory() as folder:
        files = freezing.export(name, Path(folder))
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in files:
                archive.write(file, file.name)
    return _attached(packed.getvalue(), f"{name}.zip", "application/zip")


def _attached(content: bytes, name: str, media: str) -> Response:
    """Return a file to be saved: a report is never opened as a page of this server."""
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type=media, headers=headers)
