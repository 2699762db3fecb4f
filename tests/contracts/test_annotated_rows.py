"""What is known about a row can change without a new version of its text, on each database."""

from __future__ import annotations

from dataclasses import replace

from workbench.domain.article import Article, Block, Segment
from workbench.domain.language import Span
from workbench.domain.row import Issue, Row
from workbench.domain.term import Hit, Receipt, Term
from workbench.storage.articles import Articles
from workbench.storage.database import Database

SOURCE = "Кротов прибыл."
HIT = Hit(Term("Кротов", "克罗托夫", "person", id=7, revision=1), Span(0, 6), "Кротов")
ISSUE = Issue("ZH-T01", "error", "checks.ZH-T01", source=HIT.span, id="x")


def stored(articles: Articles) -> Row:
    segment = Segment(1, 1, SOURCE, Span(0, len(SOURCE)))
    article = articles.add(Article((Block("paragraph", SOURCE, 0, (segment,)),)), "Аня")
    row = articles.rows(article.id)[0]
    return articles.save_row(replace(row, target="他到了。", state="edited"), 0, "save", "Аня")


def test_notes_are_kept_and_the_revision_stays(store: Database) -> None:
    articles = Articles(store)
    row = stored(articles)
    noted = replace(row, hits=(HIT,), receipts=(Receipt(HIT, "missing"),), issues=(ISSUE,))
    saved = articles.annotate(noted)
    assert saved is not None
    assert saved == replace(noted, changed=saved.changed)
    assert saved.changed >= row.changed
    assert len(articles.history(row.segment.id)) == 1
    again = articles.save_row(replace(row, target="他来了。"), row.revision, "save", "Боря")
    assert again.target == "他来了。"


def test_notes_on_a_text_that_is_gone_are_not_kept(store: Database) -> None:
    articles = Articles(store)
    row = stored(articles)
    articles.save_row(replace(row, target="他来了。"), row.revision, "save", "Боря")
    assert articles.annotate(replace(row, hits=(HIT,))) is None
    assert articles.row(row.segment.id).hits == ()
