"""What holds for the glossary's storage on each database."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.integration.terms_desk import open_house
from workbench.domain.article import Article, Block, Metadata, Segment
from workbench.domain.language import Span
from workbench.domain.memory import Unit
from workbench.domain.row import Row
from workbench.domain.term import Form, Term
from workbench.errors import Conflict, NotFound
from workbench.storage.articles import Articles
from workbench.storage.database import Database
from workbench.storage.exports import Exports
from workbench.storage.patches import Patches
from workbench.storage.schema import term_forms, term_versions
from workbench.storage.term_batches import TermBatches
from workbench.storage.term_places import TermPlaces
from workbench.storage.terms import Terms
from workbench.storage.unit_rewrite import NewTarget, rewrite
from workbench.storage.units import Units


@pytest.fixture
def terms(store: Database) -> Terms:
    return Terms(store)


def term(source: str, target: str = "名", **more: object) -> Term:
    return Term(source, target, forms=(Form(source), Form(f"{source}а", "gent")), **more)  # type: ignore[arg-type]


def stored_article(store: Database, *sources: str) -> Article:
    body = " ".join(sources)
    cut = tuple(
        Segment(n, n, source, Span(body.index(source), body.index(source) + len(source)))
        for n, source in enumerate(sources, 1)
    )
    metadata = Metadata("Заголовок", date="2026-11-25")
    return Articles(store).add(Article((Block("paragraph", body, 0, cut),), metadata), "Аня")


# -- entries --------------------------------------------------------------------------------


def test_a_deleted_entry_comes_back_as_it_was(terms: Terms) -> None:
    kept = terms.add(term("Ош", variants=("奥什市",), valid_from="2020-01-01"), "甲")
    version = terms.version()
    terms.delete(kept.id, "乙", "重复")
    with pytest.raises(NotFound):
        terms.get(kept.id)
    assert terms.count() == 0
    assert [gone.source for gone in terms.list("ош", deleted=True)] == ["Ош"]
    back = terms.undelete(kept.id, "丙", "误删")
    assert terms.get(kept.id) == back == replace(kept, revision=3)
    assert [(v.author, v.reason, v.deleted) for v in terms.history(kept.id)] == [
        ("丙", "误删", False),
        ("乙", "重复", True),
        ("甲", "", False),
    ]
    assert terms.version() != version
    with pytest.raises(NotFound):
        terms.undelete(kept.id, "丙")


def test_a_stale_delete_is_refused(terms: Terms) -> None:
    kept = terms.add(term("Ош"), "甲")
    terms.update(replace(kept, note="新"), 1, "乙")
    with pytest.raises(Conflict):
        terms.delete(kept.id, "丙", revision=1)
    terms.delete(kept.id, "丙", revision=2)


def test_entries_are_found_by_source_and_listed_with_others(terms: Terms) -> None:
    first, second, third = terms.add_all([term("Ош"), term("Ош", "别"), term("Нарын")], "甲")
    assert terms.of_sources(["Ош", "Талас"]) == (first, second)
    assert terms.list("нарын", also=[first.id]) == (third, first)
    assert terms.count("нарын", also=[first.id]) == 2
    assert sorted(terms.sides()) == [
        (first.id, "Ош", "名", []),
        (second.id, "Ош", "别", []),
        (third.id, "Нарын", "名", []),
    ]
    assert [bare.forms for bare in terms.bare()] == [(), (), ()]


def test_a_change_inside_a_transaction_that_fails_never_was(terms: Terms) -> None:
    kept = terms.add(term("Ош"), "甲")
    version = terms.version()

    def broken() -> None:
        with terms.database.begin() as connection:
            terms.update_all([(replace(kept, target="错"), 1)], "乙", "", connection)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    assert (terms.get(kept.id), terms.version()) == (kept, version)


def test_two_who_save_at_once_both_show(terms: Terms) -> None:
    start = threading.Barrier(4)
    seen = terms.version()

    def save(number: int) -> None:
        start.wait()
        terms.add(term(f"Имя{number}"), "甲")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(save, range(4)))
    assert terms.count() == 4
    assert int(terms.version().partition(".")[2]) == int(seen.partition(".")[2]) + 4


def test_of_two_who_change_one_entry_at_once_one_is_told(terms: Terms) -> None:
    start = threading.Barrier(4)
    stored = terms.add(term("Ош"), "甲")

    def change(target: str) -> str:
        start.wait()
        try:
            return terms.update(replace(stored, target=target), 1, "乙").target
        except Conflict as refused:
            return refused.key

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(change, "甲乙丙丁"))
    assert said.count("terms.changed") == 3
    assert terms.get(stored.id).target in said


def test_a_number_that_no_entry_can_have(terms: Terms) -> None:
    with pytest.raises(NotFound):
        terms.get(10**30)


# -- imports --------------------------------------------------------------------------------


def test_an_import_shows_all_at_once(terms: Terms) -> None:
    version = terms.version()
    batches = TermBatches(terms)
    with batches.running("甲", "import a.tsv") as run:
        run.add([term("Ош"), term("Нарын")])
        run.add([term("Талас")])
        assert (terms.list(), terms.list(deleted=True), terms.version()) == ((), (), version)
        assert batches.list() == ()
    assert [t.source for t in terms.list()] == ["Нарын", "Ош", "Талас"]
    assert terms.list("Ош")[0].forms[1] == Form("Оша", "gent")
    assert terms.version() != version
    (found,) = batches.list()
    assert (found.id, found.author, found.reason) == (run.batch, "甲", "import a.tsv")
    assert (found.entries, found.present) == (3, 3)


def test_an_import_that_fails_leaves_nothing(terms: Terms) -> None:
    version = terms.version()

    def broken() -> None:
        with TermBatches(terms).running("甲", "import a.tsv") as run:
            run.add([term("Ош")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    assert (terms.list(), terms.list(deleted=True), terms.version()) == ((), (), version)
    with terms.database.read() as connection:
        assert connection.execute(select(term_forms)).all() == []
        assert connection.execute(select(term_versions)).all() == []


def test_an_import_is_undone_but_for_what_was_changed_since(terms: Terms) -> None:
    own = terms.add(term("Баткен"), "甲")
    batches = TermBatches(terms)
    with batches.running("甲", "import a.tsv") as run:
        osh, naryn, talas = run.add([term("Ош"), term("Нарын"), term("Талас")])
    changed = terms.update(replace(osh, note="查"), 1, "乙")
    terms.delete(talas.id, "乙")
    removed, kept = batches.undo(run.batch, "丙", "误导入")
    assert (removed, [t.id for t in kept]) == (1, [osh.id])
    assert terms.list() == (own, changed)
    last = terms.history(naryn.id)[0]
    assert (last.author, last.reason, last.deleted) == ("丙", "误导入", True)
    assert (batches.list()[0].entries, batches.list()[0].present) == (3, 1)
    version = terms.version()
    assert batches.undo(run.batch, "丙") == (0, kept)
    assert terms.version() == version
    with pytest.raises(NotFound):
        batches.undo("i0", "丙")
    with pytest.raises(NotFound):
        batches.undo("", "丙")


def test_two_imports_at_once_keep_apart(terms: Terms) -> None:
    start = threading.Barrier(2)

    def load(name: str) -> str:
        with TermBatches(terms).running(name, f"import {name}") as run:
            start.wait()
            for number in range(3):
                run.add([term(f"{name}{number}")])
        return run.batch

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(load, ["Имя", "Ключ"])
    assert first != second
    assert terms.count() == 6
    assert {batch.id: batch.present for batch in TermBatches(terms).list()} == {first: 3, second: 3}


# -- patches and exports --------------------------------------------------------------------


def test_patches_are_kept_with_their_content(store: Database) -> None:
    patches = Patches(store)
    with store.begin() as connection:
        first = patches.add(connection, 7, "甲", "改名", {"rows": [{"id": 1, "target": "旧"}]})
        second = patches.add(connection, 8, "乙", "", {})
    found = patches.get(first)
    assert (found.term_id, found.author, found.reason) == (7, "甲", "改名")
    assert found.content == {"rows": [{"id": 1, "target": "旧"}]}
    assert [patch.id for patch in patches.list()] == [second, first]
    assert patches.list(7) == (found,)
    with store.begin() as connection:
        patches.close(connection, first, "丙")
    assert (patches.get(first).undone[:2], patches.get(first).undone_by) == ("20", "丙")
    with pytest.raises(NotFound):
        patches.get(99)


def test_the_same_export_is_remembered_once(store: Database) -> None:
    first, second = stored_article(store, "Да."), stored_article(store, "Нет.")
    exports = Exports(store)
    for text in ("译", "译", "新译"):
        exports.record(first.id, "docx", "甲", "v1", text)
    exports.record(first.id, "html", "甲", "v1", "新译")
    exports.record(first.id, "html", "乙", "v2", "新译")
    exports.record(second.id, "docx", "甲", "v1", "译")
    found = exports.of([first.id])
    assert [(e.format, e.author, e.title) for e in found] == [
        ("html", "乙", "Заголовок"),
        ("html", "甲", "Заголовок"),
        ("docx", "甲", "Заголовок"),
        ("docx", "甲", "Заголовок"),
    ]
    assert len(exports.of([first.id, second.id])) == 5
    assert exports.of([]) == ()


# -- places ---------------------------------------------------------------------------------


def test_rows_and_units_that_may_hold_a_name(store: Database) -> None:
    article = stored_article(store, "Ош растёт.", "Город ОШ.", "Таллин.", "Ош и 100%.")
    articles, units = Articles(store), Units(store)
    for segment, target in zip(article.segments, ("奥什", "奥希", "塔林", ""), strict=True):
        articles.save_draft(Row(segment, target, "drafted", "machine"))
    locked = articles.row(article.segments[1].id)
    articles.save_row(replace(locked, state="locked"), 1, "lock", "Аня")
    own = Unit("Ош растёт.", "奥什", article_id=article.id, segment_id=article.segments[1].id)
    kept, foreign = units.put(own), units.put(Unit("Ош", "奥什", origin="import"))
    units.delete(units.put(Unit("Ошибка", "误")).id, 1, "Аня")
    places = TermPlaces(store)
    rows = list(places.rows(["Ош", "ОШ"]))
    assert [(p.n, p.target, p.state, p.locked) for p in rows] == [
        (1, "奥什", "drafted", False),
        (2, "奥希", "locked", True),
    ]
    assert {(p.article_id, p.article, p.date) for p in rows} == {
        (article.id, "Заголовок", "2026-11-25")
    }
    assert [p.n for p in places.rows(["Ош", "ОШ"], ["奥希"])] == [2]
    assert list(places.rows(["ош"])) == []
    assert list(places.rows(["%"])) == []
    found = list(places.units(["Ош"], ["奥什"]))
    assert [(p.id, p.state, p.date, p.n, p.locked) for p in found] == [
        (kept.id, "human", "2026-11-25", 2, True),
        (foreign.id, "import", "", 0, False),
    ]
    articles.delete(article.id, "Аня")
    assert list(places.rows(["Ош", "ОШ"])) == []


# -- rewriting units, patches ---------------------------------------------------------------


def test_many_units_get_new_targets_and_keep_the_old_ones(store: Database) -> None:
    units = Units(store)
    first, second, third = (units.put(Unit(f"Да {n}", "是", author="Аня")) for n in range(3))
    units.update(replace(second, target="对"), 1, "Боря")
    units.delete(third.id, 1, "Боря")
    before = units.log.sequence()
    changes = [NewTarget(unit.id, 1, "好") for unit in (first, second, third)]
    with store.begin() as connection:
        assert rewrite(connection, changes, "术语员", "patch") == {first.id}
    now = units.get(first.id)
    assert (now.target, now.revision, now.author) == ("好", 2, "术语员")
    (old,) = units.history(first.id)
    assert (old["target"], old["author"], old["reason"]) == ("是", "Аня", "patch")
    assert [unit.target for unit in units.same("Да 0")] == ["好"]
    assert units.get(second.id).target == "对"
    assert units.log.sequence() == before + 1
    with store.begin() as connection:
        assert rewrite(connection, [], "术语员", "patch") == frozenset()


def test_a_patch_is_made_and_undone(store: Database, tmp_path: Path) -> None:
    house = open_house(store, tmp_path)
    town = house.terminology.add("Ош", "奥什", "place", author="甲")
    rows = house.draft(("В Оше тепло.", "奥什天气暖和。"), ("Власти Оша.", "奥什当局。"))
    house.confirm(rows[0])
    foreign = house.unit("Поезд из Оша.", "来自奥什的火车。")
    found = house.desk.impact(town.id, "奥希")
    assert (dict(found.segments), dict(found.units)) == (
        {"confirmed": 1, "drafted": 1},
        {"human": 1, "import": 1},
    )
    done = house.desk.patch(town.id, "奥希", "术语员", confirmed=True)
    assert (done.rows, done.units, done.left) == (2, 2, ())
    assert [house.row(row).target for row in rows] == ["奥希天气暖和。", "奥希当局。"]
    edited = house.row(rows[1])
    house.review.save(edited.segment.id, "奥希市当局。", edited.revision, "Аня")
    back = house.desk.undo_patch(done.id, "术语员")
    assert (back.rows, back.units, [left.id for left in back.left]) == (1, 2, [edited.segment.id])
    assert [house.row(row).target for row in rows] == ["奥什天气暖和。", "奥希市当局。"]
    assert house.units.get(foreign.id).target == "来自奥什的火车。"
    assert house.desk.undo_patch(done.id, "术语员").already


def test_entries_are_searched_by_sound_and_imported(store: Database, tmp_path: Path) -> None:
    desk = open_house(store, tmp_path).desk
    report = desk.import_file("Ош\t奥什\tplace\nНарын\t纳伦\tplace\n".encode(), "a.tsv", "甲")
    assert [term.source for term in desk.search("nl").terms] == ["Нарын"]
    assert desk.undo_import(report.batch, "乙").removed == 2
    assert desk.search("nl").total == 0


def test_together_is_one_transaction_and_its_parts_may_fail(store: Database, terms: Terms) -> None:
    version = terms.version()
    seen = []

    def all_of_it() -> None:
        with store.together():
            kept = terms.add(term("Ош"), "甲")
            seen.append(terms.version())
            with pytest.raises(Conflict):
                terms.update(kept, 7, "甲")
            assert terms.get(kept.id) == kept  # the part failed by itself
            raise Conflict("names.undone")

    with pytest.raises(Conflict):
        all_of_it()
    assert terms.count() == 0
    assert terms.version() == version
    with store.together():
        terms.add(term("Ош"), "甲")
        # What is not stored yet has a version that nothing stored has.
        assert terms.version() not in (version, *seen)
    assert terms.count() == 1
    assert terms.version() not in (version, *seen)
