"""Translated XLIFF files that come back into their article."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, UploadFile

from workbench.messages import say
from workbench.services.xliff_return import Returned
from workbench.web.identity import Language, Translator
from workbench.web.parts import Bench

router = APIRouter(tags=["articles"])


@router.post("/articles/{article_id}/import-xliff")
def import_xliff(
    article_id: int,
    identity: Translator,
    language: Language,
    bench: Bench,
    file: Annotated[UploadFile, File()],
    confirm: Annotated[bool, Form()] = False,
) -> dict[str, Any]:
    """Bring a file's targets in as edits; what was changed meanwhile is left and reported."""
    name = file.filename or "upload.xliff"
    done = bench.xliff_return.take(article_id, file.file, name, identity.name, confirm)

    def shown(result: Returned) -> dict[str, Any]:
        key = f"review.returned_{result.outcome}"
        return {**asdict(result), "message": say(key, language, n=result.n)[0]}

    return {
        "counts": done.counts,
        "problems": [shown(result) for result in done.problems],
        "noted": [asdict(result) for result in done.noted],
    }
