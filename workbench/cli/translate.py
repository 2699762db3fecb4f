"""``workbench translate``: article → draft."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.context import (
    language_of,
    progress,
    read_input,
    workbench_from,
    write_output,
)
from workbench.errors import SettingsError

if TYPE_CHECKING:
    from workbench.assembly import Workbench
    from workbench.domain.article import Article
    from workbench.domain.row import Issue, Row
    from workbench.domain.term import Receipt

FORMATS = ("json", "txt", "docx", "html", "tmx", "xliff", "xliff2", "bilingual-docx")


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("translate")(translate)


def translate(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="The Russian article (.txt .html .docx .md), or -.")],
    engine: Annotated[
        str | None, typer.Option(help="Engine to draft with; `workbench doctor` lists them.")
    ] = None,
    to: Annotated[str, typer.Option(help=f"Output: {', '.join(FORMATS)}.")] = "json",
    output: Annotated[str | None, typer.Option("-o", "--output", help="Output file.")] = None,
    keep: Annotated[
        bool, typer.Option(help="Keep the article and its draft in the article list.")
    ] = False,
) -> None:
    """Draft a Russian article in Chinese, with the glossary enforced."""
    if to not in FORMATS:
        raise SettingsError("cli.no_such_format", name=to, known=", ".join(FORMATS))
    data, name = read_input(file)
    workbench = workbench_from(context)
    article = workbench.intake.read(data, name)
    translator = workbench.engine(engine)
    if keep:
        article = workbench.articles.add(article, author="")
        typer.echo(f"article {article.id}", err=True)  # the output may be a document without it
    rows = list(_draft(workbench, article, workbench.drafting.draft(article, translator), keep))
    if to == "json":
        document = draft_json(article, translator.info.name, rows, language_of(context))
        write_output(document, output)
    else:
        write_output(workbench.export.write(article, rows, to)[0], output)


def _draft(
    workbench: Workbench, article: Article, rows: Iterator[Row], keep: bool
) -> Iterator[Row]:
    total = len(article.segments)
    for done, row in enumerate(rows, 1):
        if keep:
            workbench.articles.save_draft(row)
        progress(done, total, "translate")
        yield row


def draft_json(article: Article, engine: str, rows: Sequence[Row], language: str) -> str:
    """Return the draft as the JSON document of the command-line contract."""
    import json

    metadata: dict[str, Any] = asdict(article.metadata)
    if article.id:
        metadata["id"] = article.id
    document = {
        "article": metadata,
        "engine": engine,
        "segments": [_row_json(row, language) for row in rows],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _row_json(row: Row, language: str) -> dict[str, Any]:
    return {
        "id": row.segment.id,
        "source": row.segment.source,
        "target": row.target,
        "state": row.state,
        "origin": row.origin,
        "terms": [_receipt_json(receipt) for receipt in row.receipts],
        "issues": [issue_json(issue, language) for issue in row.issues],
    }


def _receipt_json(receipt: Receipt) -> dict[str, Any]:
    hit = receipt.hit
    return {
        "source": hit.term.source,
        "target": hit.term.target,
        "form": hit.form,
        "start": hit.span.start,
        "end": hit.span.end,
        "state": receipt.state,
        "method": receipt.method,
    }


def issue_json(issue: Issue, language: str) -> dict[str, Any]:
    """Return an issue as the contract has it, its message in *language*."""
    from workbench.messages import say

    message = say(issue.key, language, **dict(issue.values))[0]
    return {"check": issue.check, "severity": issue.severity, "message": message}
