"""Measured effort in the store, on each database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from workbench.domain.article import Article, Block, Metadata, Segment
from workbench.domain.effort import Stretch
from workbench.domain.language import Span
from workbench.domain.row import Row
from workbench.storage.articles import Articles
from workbench.storage.database import Database
from workbench.storage.efforts import Efforts

SOURCES = ("Порт закрыт из-за шторма.", "Паром ждёт у причала.")


@pytest.fixture
def articles(store: Database) -> Articles:
    return Articles(store)


@pytest.fixture
def rows(articles: Articles) -> list[Row]:
    text = " ".join(SOURCES)
    cut = tuple(
        Segment(0, n, source, Span(text.index(source), text.index(source) + len(source)))
        for n, source in enumerate(SOURCES, 1)
    )
    article = Article((Block("paragraph", text, 0, cut),), Metadata(title="Шторм"))
    return articles.rows(articles.add(article, "Аня").id)


def stretch(row: Row, key: str, **values: int) -> Stretch:
    return Stretch(key, row.segment.id, **{"active_ms": 900, "elapsed_ms": 1000, **values})


def test_a_stretch_comes_back_as_it_went_in(store: Database, rows: list[Row]) -> None:
    efforts = Efforts(store)
    given = stretch(rows[0], "k1", keystrokes=7, inserted=5, deleted=2, pauses=1, revision=3)
    assert efforts.add([given], "Аня") == 1
    (kept,) = efforts.list()
    assert (kept.author, kept.article_id) == ("Аня", 1)
    assert kept.created
    assert replace(kept, author="", article_id=0, created="") == given


def test_the_same_stretch_sent_twice_counts_once(store: Database, rows: list[Row]) -> None:
    efforts = Efforts(store)
    one, two = stretch(rows[0], "k1"), stretch(rows[0], "k2")
    assert efforts.add([one, one], "Аня") == 1
    assert efforts.add([one, two, stretch(rows[1], "k1")], "Аня") == 2
    ghost = Stretch("k9", 10_000, 5, 5)
    assert efforts.add([ghost], "Аня") == 0
    assert len(efforts.list()) == 3
    with ThreadPoolExecutor(4) as pool:
        counts = pool.map(lambda _: efforts.add([stretch(rows[0], "together")], "Аня"), range(4))
    assert sum(counts) == 1


def test_stretches_are_found_by_person_article_and_day(store: Database, rows: list[Row]) -> None:
    efforts = Efforts(store)
    efforts.add([stretch(rows[0], "k1")], "Аня")
    efforts.add([stretch(rows[0], "k2")], "Боря")
    today = efforts.list()[0].created[:10]
    assert [s.key for s in efforts.list("Боря")] == ["k2"]
    assert efforts.list(article=2) == ()
    assert len(efforts.list(since=today, until=today)) == 2
    assert efforts.list(until="2001-01-01") == efforts.list(since="2999-01-01") == ()
    assert efforts.forget("Аня") == 1
    assert efforts.forget(before="2001-01-01") == 0
    assert [s.author for s in efforts.list()] == ["Боря"]


def test_what_a_person_met_and_what_they_confirmed(
    store: Database, articles: Articles, rows: list[Row]
) -> None:
    efforts = Efforts(store)
    drafted = articles.save_draft(
        replace(rows[0], target="港口关。", state="drafted", origin="machine", engine="shipped")
    )
    edited = replace(drafted, target="港口关闭。", state="edited", origin="human")
    saved = articles.save_row(edited, drafted.revision, "save", "Аня")
    final = replace(saved, target="港口因风暴关闭。", state="confirmed")
    saved = articles.save_row(final, saved.revision, "confirm", "Боря")
    articles.save_row(
        replace(saved, target="另一个。", state="edited"), saved.revision, "save", "Аня"
    )
    found = efforts.worked([row.segment.id for row in rows])
    first, second = (found[row.segment.id] for row in rows)
    assert (first.draft, first.engine, first.title) == ("港口关。", "shipped", "Шторм")
    assert (first.final, first.author) == ("港口因风暴关闭。", "Боря")
    assert (second.draft, second.engine, second.final) == ("", "", "")
    assert efforts.confirmed() == efforts.confirmed("Боря", article=1) == {rows[0].segment.id}
    assert efforts.confirmed("Аня") == efforts.confirmed(article=2) == frozenset()


def test_a_draft_from_the_memory_is_the_memorys(
    store: Database, articles: Articles, rows: list[Row]
) -> None:
    articles.save_draft(replace(rows[1], target="渡轮。", state="drafted", origin="exact"))
    worked = Efforts(store).worked([rows[1].segment.id])[rows[1].segment.id]
    assert (worked.engine, worked.draft) == ("memory", "渡轮。")
