"""What a change of an entry touches, the patch that carries it out, and taking that back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.integration.terms_desk import House, open_house
from workbench.domain.term import Term
from workbench.errors import Conflict, InputError, NotFound
from workbench.services.term_impact import CHECKED
from workbench.services.term_occurrences import stems
from workbench.storage.database import Database


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    return open_house(database, tmp_path)


@pytest.fixture
def town(house: House) -> Term:
    return house.terminology.add("Ош", "奥什", "place", author="甲")


# -- impact ---------------------------------------------------------------------------------


def test_impact_counts_drafts_confirmed_rows_memory_and_exports(house: House, town: Term) -> None:
    rows = house.draft(
        ("Власти Оша молчат.", "奥什当局沉默。"),
        ("В Оше тепло.", "奥什天气暖和。"),
        ("В Оше холодно.", "那座城市很冷。"),
        ("Ошибка исправлена.", "奥什不对。"),
    )
    house.confirm(rows[1])
    house.unit("Поезд из Оша.", "来自奥什的火车。")
    article = house.articles.get(house.articles.article_of(rows[0].segment.id))
    house.exports.record(article.id, "docx", "主编", "v", "x")
    found = house.desk.impact(town.id, "奥希")
    assert dict(found.segments) == {"drafted": 1, "confirmed": 1}
    assert dict(found.lacking) == {"drafted": 1}
    assert dict(found.units) == {"human": 1, "import": 1}
    assert found.articles == ((article.id, "Статья"),)
    assert [(e.format, e.author) for e in found.exports] == [("docx", "主编")]
    assert found.touched == 4
    first = found.samples[0]
    assert (first.form, first.old, first.after) == ("Оша", "奥什", "奥希当局沉默。")
    assert house.row(rows[0]) == rows[0], "a preview changes nothing"


def test_impact_of_a_deletion_and_of_a_state(house: House, town: Term) -> None:
    house.draft(("Власти Оша молчат.", "奥什当局沉默。"), ("В Оше тепло.", "天气暖和。"))
    for found in (
        house.desk.impact(town.id, deleted=True),
        house.desk.impact(town.id, status="forbidden"),
    ):
        assert (dict(found.segments), dict(found.lacking)) == ({"drafted": 1}, {"drafted": 1})
    proposed = house.terminology.add("Нарын", "纳伦", "place", author="甲", status="proposed")
    house.draft(("В Нарыне тепло.", "纳林天气暖和。"), ("В Нарыне холодно.", "纳伦很冷。"))
    found = house.desk.impact(proposed.id, status="approved")
    assert (dict(found.segments), dict(found.lacking)) == ({}, {"drafted": 1})
    assert [sample.target for sample in found.samples] == ["纳林天气暖和。"]


def test_impact_sees_the_article_s_day(house: House) -> None:
    old = house.terminology.add(
        "Астана", "努尔苏丹", "place", author="甲", valid_from="2019-03-23", valid_to="2022-09-16"
    )
    house.terminology.add("Астана", "阿斯塔纳", "place", author="甲", valid_from="2022-09-17")
    house.draft(("В Астане тепло.", "努尔苏丹天气暖和。"), date="2020-05-01")
    house.draft(("В Астане холодно.", "努尔苏丹很冷。"), date="2024-05-01")
    found = house.desk.impact(old.id, "努尔-苏丹")
    assert [sample.target for sample in found.samples] == ["努尔苏丹天气暖和。"]


def test_impact_says_how_much_it_did_not_look_at(
    house: House, town: Term, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.services.term_impact.CHECKED", 2)
    house.draft(*[(f"В Оше {n} домов.", f"奥什有{n}栋房子。") for n in range(5)])
    found = house.desk.impact(town.id, "奥希")
    assert (dict(found.segments), found.unchecked) == ({"drafted": 2}, 3)
    assert CHECKED > 1000


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (Term("Лев Толстой", "列夫·托尔斯泰", "person"), "Л. Толстому"),
        (Term("Пётр Орлов", "彼得·奥尔洛夫", "person"), "П. ОРЛОВЫМ"),
        (Term("Орёл", "奥廖尔", "place"), "в Орле"),
        (Term("Йошкар-Ола", "约什卡尔奥拉", "place"), "в Йошкар-Оле"),
        (Term("МИД", "外交部", "org"), "в МИДе"),
        (Term("Совет Безопасности", "安全理事会", "org"), "в СОВЕТЕ БЕЗОПАСНОСТИ"),
        (Term("Берёзовский", "别列佐夫斯基", "person"), "о Березовском"),
    ],
)
def test_a_name_in_any_form_is_among_the_places_looked_at(
    house: House, term: Term, text: str
) -> None:
    saved = house.terminology.add_all([term], "甲")[0]
    source = f"Речь {text}."
    assert [hit.term.id for hit in house.terminology.find(source)] == [saved.id]
    assert any(part in source for part in stems(saved))
    house.unit(source, f"{term.target}发言。")
    assert sum(house.desk.impact(saved.id, deleted=True).units.values()) == 1


# -- patch ----------------------------------------------------------------------------------


def test_a_patch_changes_drafts_and_leaves_the_rest(house: House, town: Term) -> None:
    rows = house.draft(
        ("Власти Оша молчат.", "奥什当局沉默，奥什下雪。"),
        ("В Оше тепло.", "奥什天气暖和。"),
        ("В Оше холодно.", "奥什很冷。"),
        ("Ошибка исправлена.", "奥什不对。"),
    )
    confirmed = house.confirm(rows[1])
    locked = house.review.lock(rows[2].segment.id, rows[2].revision, "Аня")
    unit = house.unit("Поезд из Оша.", "来自奥什的火车。")
    done = house.desk.patch(town.id, "奥希", "术语员", "新译法")
    assert (done.rows, done.units) == (1, 0)
    assert {(left.kind, left.why) for left in done.left} == {
        ("segment", "confirmed"),
        ("segment", "locked"),
        ("unit", "memory"),
    }
    assert [house.row(row).target for row in rows] == [
        "奥希当局沉默，奥希下雪。",
        confirmed.target,
        locked.target,
        "奥什不对。",
    ]
    assert house.units.get(unit.id) == unit
    changed = house.terminology.terms.get(town.id)
    assert (changed.target, changed.forbidden) == ("奥希", ("奥什",))
    saved = house.row(rows[0])
    assert [(r.state, r.hit.term.target) for r in saved.receipts] == [("honoured", "奥希")]
    version = house.articles.history(rows[0].segment.id)[0]
    assert (version.action, version.author, version.state) == ("patch", "术语员", "drafted")


def test_a_patch_of_confirmed_text_brings_the_memory_along(house: House, town: Term) -> None:
    row = house.confirm(house.draft(("В Оше тепло.", "奥什天气暖和。"))[0])
    house.review.approve(row.segment.id, row.revision, "Боря")
    foreign = house.unit("Поезд из Оша.", "来自奥什的火车。")
    done = house.desk.patch(town.id, "奥希", "术语员", confirmed=True)
    assert (done.rows, done.units, done.left) == (1, 2, ())
    assert (house.row(row).target, house.row(row).state) == ("奥希天气暖和。", "confirmed")
    assert [unit.target for unit in house.units.same("В Оше тепло.")] == ["奥希天气暖和。"]
    assert house.units.get(foreign.id).target == "来自奥希的火车。"
    assert house.units.history(foreign.id)[0]["target"] == "来自奥什的火车。"


def test_a_second_patch_to_the_same_form_does_nothing(house: House, town: Term) -> None:
    row = house.draft(("В Оше тепло.", "奥什天气暖和。"))[0]
    house.desk.patch(town.id, "奥什市", "甲")
    assert house.row(row).target == "奥什市天气暖和。"
    again = house.desk.patch(town.id, "奥什市", "甲")
    assert (again.id, again.rows) == (0, 0)
    assert house.row(row).target == "奥什市天气暖和。"
    assert len(house.desk.list_patches()) == 1


def test_longer_names_and_other_names_are_left_alone(house: House) -> None:
    russia = house.terminology.add("Россия", "俄罗斯", "place", author="甲")
    house.terminology.add("Белоруссия", "白俄罗斯", "place", author="甲")
    house.terminology.add("Орлов", "奥尔洛夫", "person", author="甲")
    namesake = house.terminology.add("Орловский", "奥尔洛夫", "person", author="甲")
    rows = house.draft(
        ("Россия и Белоруссия подписали договор.", "俄罗斯和白俄罗斯签署了条约。"),
        ("Орлов встретил Орловского.", "奥尔洛夫会见了奥尔洛夫。"),
        ("Белоруссия рядом.", "白俄罗斯很近，不是俄罗斯。"),
    )
    house.desk.patch(russia.id, "俄国", "甲")
    assert house.row(rows[0]).target == "俄国和白俄罗斯签署了条约。"
    assert house.row(rows[2]) == rows[2]
    done = house.desk.patch(namesake.id, "奥尔洛夫斯基", "甲")
    assert [(left.id, left.why) for left in done.left] == [(rows[1].segment.id, "unsure")]
    assert house.row(rows[1]) == rows[1]


def test_the_form_that_stands_decides_what_an_ambiguous_name_is(house: House) -> None:
    man = house.terminology.add("Токарев", "托卡列夫", "person", author="甲")
    rows = house.draft(
        ("И вчера Токарева закон.", "昨天托卡列夫的法律。"),
        ("И вчера Токарева закон.", "昨天托卡列娃的法律。"),
    )
    assert {hit.state for row in rows for hit in row.hits} == {"ambiguous"}
    house.desk.patch(man.id, "托卡廖夫", "甲")
    assert [house.row(row).target for row in rows] == ["昨天托卡廖夫的法律。", rows[1].target]


def test_a_full_name_changes_the_surname_too(house: House) -> None:
    person = house.terminology.add("Иван Громыкин", "伊万·格罗梅金", "person", author="甲")
    rows = house.draft(
        ("Иван Громыкин прибыл.", "伊万·格罗梅金抵达。格罗梅金表示满意。"),
        ("И. Громыкина ждали.", "人们在等格罗梅金。"),
    )
    done = house.desk.patch(person.id, "伊万·格罗米金", "甲")
    assert done.rows == 2
    assert [house.row(row).target for row in rows] == [
        "伊万·格罗米金抵达。格罗米金表示满意。",
        "人们在等格罗米金。",
    ]


def test_a_form_that_others_accept_is_not_forbidden(house: House, town: Term) -> None:
    changed = replace(town, variants=("奥什城", "奥希"))
    town = house.terminology.update(changed, town.revision, "甲")
    done = house.desk.patch(town.id, "奥希", "甲")
    assert (done.term.variants, done.term.forbidden) == (("奥什城",), ())


def test_a_deprecated_entry_can_be_patched_but_is_not_enforced(house: House, town: Term) -> None:
    row = house.draft(("В Оше тепло.", "奥什天气暖和。"))[0]
    house.desk.deprecate(town.id, "甲", "旧译")
    done = house.desk.patch(town.id, "奥希", "甲")
    assert (done.rows, house.row(row).target, house.row(row).receipts) == (1, "奥希天气暖和。", ())


@pytest.mark.parametrize("target", ["", "  ", "Ош"])
def test_an_unusable_form_is_refused(house: House, town: Term, target: str) -> None:
    with pytest.raises(InputError):
        house.desk.patch(town.id, target, "甲")
    assert house.terminology.terms.get(town.id) == town


def test_a_stale_revision_is_refused(house: House, town: Term) -> None:
    house.terminology.update(replace(town, note="新"), town.revision, "乙")
    with pytest.raises(Conflict):
        house.desk.patch(town.id, "奥希", "甲", revision=town.revision)


# -- undo -----------------------------------------------------------------------------------


def test_undoing_puts_everything_back(house: House, town: Term) -> None:
    rows = house.draft(("В Оше тепло.", "奥什天气暖和。"), ("Власти Оша.", "奥什当局。"))
    row = house.confirm(rows[0])
    house.review.approve(row.segment.id, row.revision, "Боря")
    unit = house.unit("Поезд из Оша.", "来自奥什的火车。")
    done = house.desk.patch(town.id, "奥希", "术语员", confirmed=True)
    back = house.desk.undo_patch(done.id, "术语员")
    assert (back.rows, back.units, back.left) == (2, 2, ())
    assert (house.row(rows[0]).target, house.row(rows[0]).state) == ("奥什天气暖和。", "reviewed")
    assert [house.row(r).target for r in rows] == ["奥什天气暖和。", "奥什当局。"]
    assert [r.hit.term.target for r in house.row(rows[1]).receipts] == ["奥什"]
    assert house.units.get(unit.id).target == "来自奥什的火车。"
    restored = house.terminology.terms.get(town.id)
    assert (restored.target, restored.forbidden) == ("奥什", ())
    assert house.articles.history(rows[1].segment.id)[0].action == "undo"
    again = house.desk.undo_patch(done.id, "术语员")
    assert (again.already, again.rows, again.units) == (True, 0, 0)
    with pytest.raises(NotFound):
        house.desk.undo_patch(99, "术语员")


def test_undoing_leaves_what_somebody_changed_since(house: House, town: Term) -> None:
    rows = house.draft(
        ("В Оше тепло.", "奥什天气暖和。"),
        ("Власти Оша.", "奥什当局。"),
        ("Из Оша.", "来自奥什。"),
    )
    unit = house.unit("Поезд из Оша.", "来自奥什的火车。")
    gone = house.unit("Письмо из Оша.", "来自奥什的信。")
    done = house.desk.patch(town.id, "奥希", "术语员", confirmed=True)
    edited = house.row(rows[0])
    house.review.save(edited.segment.id, "奥希暖和。", edited.revision, "Аня")
    house.review.lock(rows[1].segment.id, house.row(rows[1]).revision, "Аня")
    patched = house.units.get(unit.id)
    house.units.update(replace(patched, target="奥希火车。"), patched.revision, "Аня")
    house.units.delete(gone.id, house.units.get(gone.id).revision, "Аня")
    house.terminology.update(replace(done.term, note="查"), done.term.revision, "乙")
    back = house.desk.undo_patch(done.id, "术语员")
    assert (back.rows, back.units) == (1, 0)
    assert {(left.kind, left.id, left.why) for left in back.left} == {
        ("term", town.id, "changed"),
        ("segment", rows[0].segment.id, "changed"),
        ("segment", rows[1].segment.id, "locked"),
        ("unit", unit.id, "changed"),
        ("unit", gone.id, "gone"),
    }
    assert [house.row(r).target for r in rows] == ["奥希暖和。", "奥希当局。", "来自奥什。"]
    assert [r.state for r in house.row(rows[2]).receipts] == ["missing"]
    assert house.terminology.terms.get(town.id).target == "奥希"


def test_a_failure_half_way_leaves_nothing_changed(
    house: House, town: Term, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = house.draft(("В Оше тепло.", "奥什天气暖和。"), ("Власти Оша.", "奥什当局。"))
    run, calls = house.desk.patches.checks.run, []

    def failing(row: object) -> object:
        calls.append(row)
        if len(calls) == 2:
            raise ZeroDivisionError
        return run(row)  # type: ignore[arg-type]

    monkeypatch.setattr(house.desk.patches.checks, "run", failing)
    with pytest.raises(ZeroDivisionError):
        house.desk.patch(town.id, "奥希", "甲")
    assert [house.row(row) for row in rows] == rows
    assert house.terminology.terms.get(town.id) == town
    assert house.desk.list_patches() == ()


def test_somebody_who_edits_while_a_patch_runs_loses_nothing(house: House, town: Term) -> None:
    rows = house.draft(*[(f"В Оше {n} домов.", f"奥什有{n}栋房子。") for n in range(12)])
    start = threading.Barrier(2)

    def patch() -> None:
        start.wait()
        house.desk.patch(town.id, "奥希", "术语员")

    def edit() -> list[int]:
        start.wait()
        kept = []
        for row in rows:
            try:
                house.review.save(row.segment.id, f"{row.target}改", row.revision, "Аня")
            except Conflict:
                continue
            kept.append(row.segment.id)
        return kept

    with ThreadPoolExecutor(2) as pool:
        patching, editing = pool.submit(patch), pool.submit(edit)
        patching.result()
        kept = editing.result()
    for row in rows:
        now = house.row(row)
        if row.segment.id in kept:
            assert now.target.endswith("改")
        else:
            assert now.target.startswith("奥希")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("patch")
    database = Database(f"sqlite:///{folder / 'w.sqlite'}")
    yield open_house(database, folder)
    database.close()


CHINESE = st.text("奥什希市白俄罗斯和在，。", max_size=12)


@given(
    parts=st.lists(CHINESE, min_size=1, max_size=4),
    new=st.text("奥什希市新", min_size=1, max_size=4),
)
@settings(max_examples=40)
def test_patch_and_undo_meet_again(shared: House, parts: list[str], new: str) -> None:
    """Whatever the target and the new form: undoing gives the old text back."""
    found = shared.terminology.terms.list("Талас")
    term = found[0] if found else shared.terminology.add("Талас", "奥什", "place", author="甲")
    target = "奥什".join(parts)
    row = shared.draft(("В Таласе тепло.", target or "奥什"))[0]
    before = shared.row(row)
    done = shared.desk.patch(term.id, new, "甲")
    if done.id:
        assert new in done.term.accepted
        shared.desk.undo_patch(done.id, "甲")
    assert shared.row(row).target == before.target
    assert shared.terminology.terms.get(term.id).target == "奥什"
    shared.articles.delete(shared.articles.article_of(row.segment.id), "甲")
