"""What holds for the storage on each database."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.resources import files

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from tests.words import concordance
from workbench.domain.article import Article, Block, Metadata, Segment
from workbench.domain.language import Span
from workbench.domain.memory import Unit
from workbench.domain.row import Issue, Row
from workbench.domain.term import Hit, Receipt, Term
from workbench.errors import Conflict, DataError, NotFound
from workbench.services.memory import Memory
from workbench.storage.articles import Articles, RowChanged
from workbench.storage.columns import metadata
from workbench.storage.database import Database
from workbench.storage.jobs import Jobs
from workbench.storage.rows import reviewed
from workbench.storage.terms import Terms
from workbench.storage.units import Units
from workbench.storage.upgrade import HEAD, revision

SENTENCES = ("Первое предложение.", "Второе: 15 стран.", "Третье — «последнее»?")


def article(*sentences: str, title: str = "Заголовок") -> Article:
    body = " ".join(sentences)
    cut, start = [], 0
    for n, sentence in enumerate(sentences, 2):
        start = body.index(sentence, start)
        cut.append(Segment(n, n, sentence, Span(start, start + len(sentence))))
    heading = Block("heading", title, 1, (Segment(1, 1, title, Span(0, len(title))),))
    return Article(
        (heading, Block("paragraph", body, 0, tuple(cut))),
        Metadata(title, "Автор", "Издание", "2026-11-25", "https://example.org/1"),
        name="статья.md",
    )


@pytest.fixture
def articles(store: Database) -> Articles:
    return Articles(store)


@pytest.fixture
def stored(articles: Articles) -> Article:
    return articles.add(article(*SENTENCES), "Аня")


# -- the schema -----------------------------------------------------------------------------


def test_the_changes_lead_to_the_schema(store: Database) -> None:
    with store.read() as connection:
        assert revision(connection) == HEAD
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_database_of_the_first_schema_is_brought_up_to_date(fresh_url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(files("workbench.storage") / "migrations"))
    config.set_main_option("path_separator", "os")
    engine = create_engine(fresh_url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(
            text(
                "INSERT INTO terms (pair, source, target, type, status)"
                " VALUES ('ru-zh', 'Токаев', '托卡耶夫', 'person', 'approved')"
            )
        )
    engine.dispose()
    database = Database(fresh_url)
    with database.read() as connection:
        assert revision(connection) == HEAD
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    assert [term.target for term in Terms(database).list()] == ["托卡耶夫"]
    database.close()


def test_a_newer_database_is_refused(fresh_url: str) -> None:
    database = Database(fresh_url)
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(DataError) as caught:
        Database(fresh_url)
    assert caught.value.key == "storage.newer"


def test_processes_that_open_a_fresh_database_at_once(fresh_url: str) -> None:
    program = "import sys; from workbench.storage.database import Database; Database(sys.argv[1])"
    started = [
        subprocess.Popen([sys.executable, "-c", program, fresh_url], stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    for process in started:
        _, problem = process.communicate(timeout=60)
        assert process.returncode == 0, problem.decode()


def test_a_failed_transaction_leaves_nothing(store: Database, stored: Article) -> None:
    articles, units = Articles(store), Units(store)
    row = articles.row(stored.segments[0].id)
    confirmed = replace(row, target="译", state="confirmed")

    def broken() -> None:
        with store.begin() as connection:
            articles.save_row(confirmed, 0, "confirm", "Аня", connection)
            units.put(Unit("Да", "是", segment_id=row.segment.id), connection)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    assert articles.row(row.segment.id) == row
    assert articles.history(row.segment.id) == []
    assert units.count() == {}


# -- articles -------------------------------------------------------------------------------


def test_an_article_comes_back_as_it_was(articles: Articles, stored: Article) -> None:
    given = article(*SENTENCES)
    assert articles.get(stored.id) == stored
    assert stored.metadata == given.metadata
    assert [replace(s, id=s.n) for s in stored.segments] == list(given.segments)
    assert [b.text for b in stored.blocks] == [b.text for b in given.blocks]
    assert len({s.id for s in stored.segments}) == 4


def test_the_list_counts_states(articles: Articles, stored: Article) -> None:
    other = articles.add(article("Иное."), "Боря")
    articles.save_draft(Row(stored.segments[1], "初稿", "drafted", "machine", "shipped"))
    first, second = articles.list()
    assert (first.id, first.counts, first.total) == (stored.id, {"new": 3, "drafted": 1}, 4)
    assert (second.id, second.author, second.metadata.title) == (other.id, "Боря", "Заголовок")


def test_a_deleted_article_can_be_restored(articles: Articles, stored: Article) -> None:
    articles.delete(stored.id, "Аня")
    assert articles.list() == []
    assert [summary.deleted for summary in articles.list(include_deleted=True)] == [True]
    for gone in (articles.get, articles.rows):
        with pytest.raises(NotFound):
            gone(stored.id)
    articles.restore(stored.id, "Аня")
    assert articles.get(stored.id) == stored


def test_metadata_can_be_changed(articles: Articles, stored: Article) -> None:
    articles.update_metadata(stored.id, Metadata("Иное"), "Аня")
    assert articles.get(stored.id).metadata == Metadata("Иное")
    with pytest.raises(NotFound):
        articles.update_metadata(99, Metadata(), "Аня")


def test_the_place_of_a_segment(articles: Articles, stored: Article) -> None:
    first, last = articles.place(stored.segments[0].id), articles.place(stored.segments[3].id)
    assert (first.before, first.after) == ("", SENTENCES[0])
    assert (last.before, last.after) == (SENTENCES[1], "")
    assert (last.article_id, last.metadata, last.name) == (stored.id, stored.metadata, stored.name)
    with pytest.raises(NotFound):
        articles.place(999)


# -- rows -----------------------------------------------------------------------------------


def test_the_outline_of_an_article(store: Database, articles: Articles, stored: Article) -> None:
    other = articles.add(article(*SENTENCES), "Аня")
    first, second, *_ = (segment.id for segment in stored.segments)
    row = articles.row(second)
    articles.save_row(replace(row, target="一", state="reviewed"), 0, "review", "Аня")
    outline = articles.outline(first)
    assert [number for number, _, _ in outline] == [s.id for s in stored.segments]
    assert [source for _, source, _ in outline] == [s.source for s in stored.segments]
    assert [state for _, _, state in outline] == ["new", "reviewed", "new", "new"]
    assert articles.outline(10**6) == []
    with store.read() as connection:
        everything = [s.id for s in (*stored.segments, *other.segments)]
        assert reviewed(connection, everything) == {second}
        assert reviewed(connection, []) == frozenset()


def test_a_row_comes_back_with_all_that_is_known(articles: Articles, stored: Article) -> None:
    segment = stored.segments[1]
    term = Term("Токаев", "托卡耶夫", "person", variants=("托氏",), note="x", id=7, revision=2)
    hit = Hit(term, Span(0, 6), "Токаеву", "form", "found")
    row = Row(
        segment,
        "译文\n😀",
        "drafted",
        "machine",
        "shipped",
        0,
        (hit,),
        (Receipt(hit, "honoured", "redecoded", Span(0, 2), "r"),),
        (Issue("numbers", "error", "checks.number", (("n", "15"),), Span(1, 2), None, "修", "i1"),),
    )
    saved = articles.save_draft(row)
    assert saved == replace(row, revision=1, changed=saved.changed)
    assert articles.rows(stored.id)[1] == saved


def test_a_stale_revision_conflicts_and_shows_the_row(articles: Articles, stored: Article) -> None:
    row = articles.row(stored.segments[0].id)
    saved = articles.save_row(replace(row, target="一", state="edited"), 0, "save", "Аня")
    with pytest.raises(RowChanged) as caught:
        articles.save_row(replace(row, target="二", state="edited"), 0, "save", "Боря")
    assert caught.value.current == saved
    assert isinstance(caught.value, Conflict)
    assert [v.target for v in articles.history(row.segment.id)] == ["一"]


def test_every_save_is_a_version(articles: Articles, stored: Article) -> None:
    segment = stored.segments[0]
    row = articles.save_draft(Row(segment, "零", "drafted", "machine", "shipped"))
    for n, target in enumerate("一二三", 1):
        row = articles.save_row(replace(row, target=target, state="edited"), n, "save", "Аня")
    found = articles.history(segment.id)
    assert [(v.revision, v.target, v.action) for v in found] == [
        (4, "三", "save"),
        (3, "二", "save"),
        (2, "一", "save"),
        (1, "零", "draft"),
    ]
    assert (found[3].origin, found[3].engine, found[0].author) == ("machine", "shipped", "Аня")


@pytest.mark.parametrize("state", ["edited", "confirmed", "reviewed", "locked"])
def test_a_late_draft_never_overwrites(articles: Articles, stored: Article, state: str) -> None:
    row = articles.row(stored.segments[0].id)
    kept = articles.save_row(replace(row, target="人", state=state), 0, "save", "Аня")  # type: ignore[arg-type]
    assert articles.save_draft(Row(row.segment, "机", "drafted", "machine")) == kept
    assert len(articles.history(row.segment.id)) == 1


def test_two_at_once_one_wins(articles: Articles, stored: Article) -> None:
    row = articles.row(stored.segments[0].id)
    start = threading.Barrier(6)

    def save(name: str) -> str:
        start.wait()
        try:
            articles.save_row(replace(row, target=name, state="edited"), 0, "save", name)
        except Conflict:
            return ""
        return name

    with ThreadPoolExecutor(6) as pool:
        winners = [name for name in pool.map(save, "abcdef") if name]
    assert [articles.row(row.segment.id).target] == winners


def test_a_dismissed_issue_stays_dismissed(articles: Articles, stored: Article) -> None:
    segment = stored.segments[0]
    issues = (Issue("a", "error", "x.y", id="i1"), Issue("b", "error", "x.y", id="i2"))
    articles.save_draft(Row(segment, "译", "drafted", issues=issues))
    for _ in range(2):
        row = articles.dismiss(segment.id, "i1", "верно", "Аня")
        assert [issue.dismissed for issue in row.issues] == [True, False]
    row = articles.save_draft(replace(row, target="新", issues=issues))
    assert [issue.dismissed for issue in row.issues] == [True, False]
    with pytest.raises(NotFound):
        articles.dismiss(999, "i1", "", "Аня")


# -- jobs -----------------------------------------------------------------------------------


def test_a_job_runs_its_course(store: Database) -> None:
    jobs = Jobs(store)
    job = jobs.enqueue("draft", 3, {"engine": "shipped"}, "Аня")
    assert (job.state, job.parameters, job.active) == ("queued", {"engine": "shipped"}, True)
    claimed = jobs.claim("w1")
    assert claimed is not None
    assert (claimed.id, claimed.state, claimed.worker) == (job.id, "running", "w1")
    assert jobs.claim("w2") is None
    assert jobs.progress(job.id, 5, 9)
    jobs.finish(job.id, {"rows": 9})
    found = jobs.latest(3)
    assert found is not None
    assert (found.state, found.done, found.result) == ("done", 5, {"rows": 9})
    assert jobs.active() == ()
    assert jobs.cancel(job.id).state == "done"
    with pytest.raises(NotFound):
        jobs.get(99)


def test_a_failed_job_tells_why_in_each_language(store: Database) -> None:
    jobs = Jobs(store)
    job = jobs.enqueue("draft")
    jobs.claim("w")
    jobs.fail(job.id, NotFound("storage.no_article", id=7))
    problem = jobs.get(job.id).problem
    assert problem == {"key": "storage.no_article", "values": {"id": "7"}}


def test_a_worker_hears_of_a_cancel(store: Database) -> None:
    jobs = Jobs(store)
    job = jobs.enqueue("draft")
    jobs.claim("w")
    assert jobs.cancel(job.id).state == "cancelled"
    assert not jobs.progress(job.id, 1, 2)
    jobs.finish(job.id)
    assert jobs.get(job.id).state == "cancelled"


def test_a_job_whose_worker_died_is_done_by_another(store: Database) -> None:
    jobs = Jobs(store)
    job = jobs.enqueue("draft")
    jobs.claim("w1")
    assert jobs.requeue_stale(60) == 0
    assert jobs.requeue_stale(-1) == 1
    claimed = jobs.claim("w2")
    assert claimed is not None
    assert (claimed.id, claimed.worker) == (job.id, "w2")


def test_no_job_is_claimed_twice(store: Database) -> None:
    jobs = Jobs(store)
    wanted = {jobs.enqueue("draft", n).id for n in range(8)}
    with ThreadPoolExecutor(4) as pool:
        claimed = list(pool.map(lambda n: jobs.claim(f"w{n}"), range(12)))
    assert sorted(job.id for job in claimed if job) == sorted(wanted)


# -- units ----------------------------------------------------------------------------------


def test_a_segment_confirmed_again_is_a_new_version_of_its_unit(store: Database) -> None:
    units = Units(store)
    first = units.put(Unit("Да", "是", segment_id=5, author="Аня", props=(("x", "y"),)))
    again = units.put(Unit("Да", "对", segment_id=5, author="Боря"))
    assert (again.id, again.revision, again.created) == (first.id, 2, first.created)
    assert units.same(" Да ") == [again]
    (old,) = units.history(first.id)
    assert (old["target"], old["author"], old["revision"]) == ("是", "Аня", 1)
    assert units.put(Unit("Да", "对", segment_id=5, author="Боря")) == again


def test_two_who_change_a_unit_do_not_overwrite_each_other(store: Database) -> None:
    units = Units(store)
    unit = units.put(Unit("Да", "是"))
    changed = units.update(replace(unit, target="对"), 1, "Аня")
    assert (changed.target, changed.revision, changed.author) == ("对", 2, "Аня")
    with pytest.raises(Conflict):
        units.update(replace(unit, target="嗯"), 1, "Боря")
    with pytest.raises(Conflict):
        units.delete(unit.id, 1, "Боря")
    units.delete(unit.id, 2, "Боря")
    with pytest.raises(NotFound):
        units.get(unit.id)
    assert [v["target"] for v in units.history(unit.id)] == ["对", "是"]


def test_the_change_sequence_tells_all_changes(store: Database) -> None:
    units = Units(store)
    seen: dict[int, str] = {}
    position = (0, 0)

    def follow() -> None:
        nonlocal position
        while changes := units.log.changes(position, 1):
            (change,) = changes
            position = (change.sequence, change.id)
            seen.pop(change.id, None) if change.deleted else seen.update({change.id: change.source})

    one = units.put(Unit("Один", "一"))
    two = units.put(Unit("Два", "二", segment_id=2))
    follow()
    assert seen == {one.id: "Один", two.id: "Два"}
    units.put(Unit("Двое", "两", segment_id=2))
    units.delete(one.id, 1, "Аня")
    follow()
    assert seen == {two.id: "Двое"}
    assert position[0] == units.log.sequence()
    assert units.log.standing()[1] == 1
    assert units.log.identity() == Units(store).log.identity()


def test_an_import_adds_what_is_new_and_can_be_withdrawn(store: Database) -> None:
    units = Units(store)
    kept = units.put(Unit("Да", "是"))
    batch = units.imports.open("import", "a.tmx", "Аня")
    chunk = [
        Unit("Да", "是", origin="import"),
        Unit("Да", "对", origin="import"),
        Unit("Да", " 对 ", origin="import"),
        Unit("Да", "对", before="Вы?", origin="import"),
    ]
    assert units.imports.add(chunk, batch.id) == (2, 2)
    assert units.count() == {"human": 1, "import": 2}
    assert [(b.units, b.skipped) for b in units.imports.list()] == [(2, 2)]
    assert units.imports.withdraw(batch.id, "Боря") == 2
    assert units.count() == {"human": 1}
    assert list(units.all()) == [kept]
    assert units.imports.list() == ()
    with pytest.raises(NotFound):
        units.imports.withdraw(batch.id, "Боря")


def test_the_reads_of_a_search_share_a_connection(store: Database) -> None:
    units = Units(store)
    with store.reading(), store.read() as one:
        with store.reading(), store.read() as same:
            assert one is same
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(units.log.sequence).result() == 0
        units.put(Unit("Первое.", "一。"))
        with store.read() as still:
            assert one is still
    with store.read() as other:
        assert other is not one
    assert [unit.target for unit in units.same("Первое.")] == ["一。"]


def test_text_is_found_as_it_stands(store: Database) -> None:
    units = Units(store)
    unit = units.put(Unit("Рост 5 %", "增长5%"))
    units.put(Unit("Рост 50", "增长50"))
    assert units.containing("5%", "target", 10) == [unit]
    assert units.containing("5 %", "source", 10) == [unit]


def test_ten_who_confirm_at_once_lose_and_double_nothing(store: Database) -> None:
    units = Units(store)
    start = threading.Barrier(10)

    def confirm(editor: int) -> None:
        start.wait()
        for n in range(5):
            units.put(Unit(f"Предложение {n}", f"句{n}", segment_id=10 * editor + n + 1))

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(confirm, range(10)))
    found = list(units.all())
    assert sorted(unit.segment_id for unit in found) == sorted(
        10 * editor + n + 1 for editor in range(10) for n in range(5)
    )
    assert units.log.sequence() == 50


def test_characters_that_no_database_holds_are_left_out(
    store: Database, articles: Articles, stored: Article
) -> None:
    row = articles.row(stored.segments[0].id)
    saved = articles.save_row(replace(row, target="а\x00б\ud800в😀"), 0, "save", "А\udfff")
    assert (saved.target, saved.author) == ("абв😀", "А")
    articles.update_metadata(stored.id, Metadata("Т\ud800"), "\x00")
    assert articles.get(stored.id).metadata.title == "Т"
    unit = Units(store).put(Unit("Да\x00", "是\ud800"))
    assert Units(store).same("Да") == [unit]
    assert concordance(Memory(Units(store)), "\ud800是\x00", "target") == [unit]
