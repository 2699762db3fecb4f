"""Articles: the list, taking in, metadata, and files going out."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, File, Form, UploadFile
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, Field

from workbench.assembly import Workbench
from workbench.domain.article import Article, Metadata
from workbench.domain.row import Row
from workbench.services.repeats import groups
from workbench.web.identity import Exporter, Language, Reader, Translator
from workbench.web.memory_wire import report_json
from workbench.web.names import shown
from workbench.web.parts import Bench
from workbench.web.wire import blocks_json, row_json, summary_json

router = APIRouter(tags=["articles"])
METADATA = tuple(Metadata.__dataclass_fields__)


class Facts(BaseModel):
    """Metadata of an article; None leaves a field as it is."""

    title: str | None = Field(None, max_length=1000)
    author: str | None = Field(None, max_length=1000)
    outlet: str | None = Field(None, max_length=1000)
    date: str | None = Field(None, max_length=40)
    url: str | None = Field(None, max_length=4000)

    def over(self, known: Metadata) -> Metadata:
        """Return *known* with the given fields replaced."""
        given = {name: getattr(self, name) for name in METADATA}
        return replace(known, **{k: v.strip() for k, v in given.items() if v is not None})


class Pasted(Facts):
    """An article pasted as text."""

    text: str


@router.get("/articles")
def list_articles(_identity: Reader, bench: Bench, deleted: bool = False) -> list[dict[str, Any]]:
    """List the articles, the last changed first."""
    return [summary_json(summary) for summary in bench.articles.list(include_deleted=deleted)]


@router.post("/articles", status_code=201)
def paste(given: Pasted, identity: Translator, bench: Bench) -> dict[str, Any]:
    """Make an article of pasted text."""
    article = bench.intake.paste(given.text)
    return _add(bench, replace(article, metadata=given.over(article.metadata)), identity.name)


@router.post("/articles/upload", status_code=201)
def upload(
    identity: Translator,
    bench: Bench,
    file: Annotated[UploadFile, File()],
    title: Annotated[str, Form()] = "",
    author: Annotated[str, Form()] = "",
    outlet: Annotated[str, Form()] = "",
    date: Annotated[str, Form()] = "",
    url: Annotated[str, Form()] = "",
) -> dict[str, Any]:
    """Make an article of a file; what was typed beside it goes before what the file says."""
    article = bench.intake.read(file.file.read(), file.filename or "upload")
    typed = {"title": title, "author": author, "outlet": outlet, "date": date, "url": url}
    facts = Facts(**{name: value for name, value in typed.items() if value.strip()})
    return _add(bench, replace(article, metadata=facts.over(article.metadata)), identity.name)


@router.get("/articles/{article_id}")
def open_article(
    article_id: int, _identity: Reader, language: Language, bench: Bench
) -> dict[str, Any]:
    """Return an article with all its rows and a cursor for asking what changed since."""
    article = bench.articles.get(article_id)
    rows = bench.articles.rows(article_id)
    return {
        "id": article.id,
        "name": article.name,
        **{name: getattr(article.metadata, name) for name in METADATA},
        "blocks": blocks_json(article),
        "rows": [row_json(shown(bench, row, article.metadata.date), language) for row in rows],
        "repeats": groups(rows),
        "cursor": _cursor(rows),
    }


@router.get("/articles/{article_id}/analysis")
def analyse(
    article_id: int, _identity: Reader, bench: Bench, internal: bool = False
) -> StreamingResponse:
    """Compare an article with the memory: a report on each line, the last one is whole."""
    reports = bench.memory_analysis.run(bench.articles.get(article_id), internal)
    lines = (json.dumps(report_json(report)) + "\n" for report in reports)
    return StreamingResponse(lines, media_type="application/x-ndjson")


@router.get("/articles/{article_id}/rows")
def changed_rows(
    article_id: int, _identity: Reader, language: Language, bench: Bench, since: str = ""
) -> dict[str, Any]:
    """Return the rows saved at or after the cursor *since*."""
    rows = bench.articles.rows(article_id)
    changed = [row_json(row, language) for row in rows if row.changed and row.changed >= since]
    return {"rows": changed, "cursor": _cursor(rows)}


@router.patch("/articles/{article_id}")
def describe(article_id: int, given: Facts, identity: Translator, bench: Bench) -> dict[str, Any]:
    """Change metadata."""
    metadata = given.over(bench.articles.get(article_id).metadata)
    bench.articles.update_metadata(article_id, metadata, identity.name)
    return {name: getattr(metadata, name) for name in METADATA}


@router.delete("/articles/{article_id}", status_code=204)
def delete(article_id: int, identity: Translator, bench: Bench) -> None:
    """Take an article off the list; ``restore`` brings it back."""
    bench.articles.get(article_id)
    bench.articles.delete(article_id, identity.name)


@router.post("/articles/{article_id}/restore", status_code=204)
def restore(article_id: int, identity: Translator, bench: Bench) -> None:
    """Put a deleted article back on the list."""
    bench.articles.restore(article_id, identity.name)


@router.get("/articles/{article_id}/export")
def export(article_id: int, to: str, identity: Exporter, bench: Bench) -> Response:
    """Download the article in one of the formats of ``workbench export``."""
    article = bench.articles.get(article_id)
    rows = bench.articles.rows(article_id)
    data, suffix, media_type = bench.export.publish(
        article, rows, to, identity.name, bench.terms.version()
    )
    title = article.metadata.title or article.name or f"article-{article_id}"
    stem = "".join(c if c.isalnum() or c in " -_" else "_" for c in title).strip()[:80]
    name = quote(f"{stem}{suffix}")
    disposition = f"attachment; filename=\"article-{article_id}{suffix}\"; filename*=UTF-8''{name}"
    return Response(
        data,
        media_type=media_type,
        headers={"content-disposition": disposition, "cache-control": "no-store"},
    )


def _add(bench: Workbench, article: Article, author: str) -> dict[str, Any]:
    if not article.name and article.segments:
        # What the list shows of a pasted text without a title.
        article = replace(article, name=article.segments[0].source[:60])
    stored = bench.articles.add(article, author)
    return {"id": stored.id, "segments": len(stored.segments), "title": stored.metadata.title}


def _cursor(rows: list[Row]) -> str:
    return max((row.changed for row in rows), default="")
