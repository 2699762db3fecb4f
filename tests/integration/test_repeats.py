"""Repeats: a confirmed sentence passes its translation on, never over a person's work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from workbench.assembly import Workbench
from workbench.domain.article import Article
from workbench.domain.row import Row
from workbench.errors import InputError
from workbench.storage.articles import RowChanged
from workbench.web.app import create_app

REPEATED = "Токаев прибыл в Бишкек."
# The first and the last of the repeats have the same neighbours.
TEXT = "\n\n".join(
    [
        "Начало дня.",
        REPEATED,
        "Конец дня.",
        "Пауза.",
        REPEATED,
        "Середина.",
        "Начало дня.",
        REPEATED,
        "Конец дня.",
    ]
)
FIRST, OTHER, SAME = 1, 4, 7
TARGET = "托卡耶夫抵达比什凯克。"
GLOSSARY = """ru\tzh\ttype\tvariants\tforbidden\tflags\tnote\tsource
Токаев\t托卡耶夫\tperson\t\t\t\t\ttest
Бишкек\t比什凯克\tplace\t\t\t\t\ttest
"""


@pytest.fixture
def workbench(with_glossary: Callable[[str], Workbench]) -> Workbench:
    return with_glossary(GLOSSARY)


@pytest.fixture
def article(workbench: Workbench) -> Article:
    return workbench.articles.add(workbench.intake.paste(TEXT), "Аня")


def ids(article: Article) -> list[int]:
    return [segment.id for segment in article.segments]


def rows(workbench: Workbench, article: Article) -> list[Row]:
    return workbench.articles.rows(article.id)


def drafted(workbench: Workbench, article: Article, n: int, target: str = "机器译文。") -> Row:
    row = rows(workbench, article)[n]
    return workbench.articles.save_draft(
        replace(row, target=target, state="drafted", origin="machine", engine="shipped")
    )


def test_empty_repeats_take_the_translation(workbench: Workbench, article: Article) -> None:
    row, spread = workbench.repeats.confirm(ids(article)[FIRST], TARGET, 0, "Аня", "safe")
    assert row.state == "confirmed"
    assert [r.segment.n - 1 for r in spread.taken] == [OTHER, SAME]
    other, same = spread.taken
    assert (other.state, other.origin, other.score) == ("drafted", "exact", 100)
    assert (same.state, same.origin, same.score) == ("drafted", "context", 102)
    for taken in spread.taken:
        assert taken.target == TARGET
        assert [(r.state, r.method) for r in taken.receipts] == [("honoured", "memory")] * 2
        (version,) = workbench.review.history(taken.segment.id)
        assert (version.action, version.author) == ("repeat", "Аня")
    assert spread.proposed == ()
    assert len(list(workbench.units.all())) == 1  # drafts are nobody's translation yet


def test_a_draft_among_other_neighbours_is_proposed(workbench: Workbench, article: Article) -> None:
    for n in (OTHER, SAME):
        drafted(workbench, article, n)
    _, spread = workbench.repeats.confirm(ids(article)[FIRST], TARGET, 0, "Аня", "safe")
    assert [r.segment.n - 1 for r in spread.taken] == [SAME]
    (proposed,) = spread.proposed
    assert (proposed.row.segment.n - 1, proposed.same_context) == (OTHER, False)
    assert rows(workbench, article)[OTHER].target == "机器译文。"


@pytest.mark.parametrize(("mode", "taken"), [("all", [OTHER, SAME]), ("none", [])])
def test_all_and_none(workbench: Workbench, article: Article, mode: str, taken: list[int]) -> None:
    for n in (OTHER, SAME):
        drafted(workbench, article, n)
    segment = ids(article)[FIRST]
    _, spread = workbench.repeats.confirm(segment, TARGET, 0, "Аня", mode)  # type: ignore[arg-type]
    assert [row.segment.n - 1 for row in spread.taken] == taken
    assert len(spread.taken) + len(spread.proposed) == 2


def test_what_a_person_wrote_or_locked_is_left(workbench: Workbench, article: Article) -> None:
    first, other, same = (ids(article)[n] for n in (FIRST, OTHER, SAME))
    workbench.review.save(other, "他到了。", 0, "Борис")
    workbench.review.lock(same, 0, "Борис")
    _, spread = workbench.repeats.confirm(first, TARGET, 0, "Аня", "all")
    assert (spread.taken, spread.proposed) == ((), ())
    assert workbench.repeats.apply(first, [other, same], "Аня").taken == ()
    assert [workbench.articles.row(n).target for n in (other, same)] == ["他到了。", ""]


def test_chosen_repeats_follow_later(workbench: Workbench, article: Article) -> None:
    first, other, same = (ids(article)[n] for n in (FIRST, OTHER, SAME))
    with pytest.raises(InputError):
        workbench.repeats.apply(first, [other], "Аня")
    workbench.repeats.confirm(first, TARGET, 0, "Аня", "none")
    spread = workbench.repeats.apply(first, [other, ids(article)[0]], "Аня")
    assert [row.segment.id for row in spread.taken] == [other]
    assert [repeat.row.segment.id for repeat in spread.proposed] == [same]


def test_undo_gives_back_what_stood_there(workbench: Workbench, article: Article) -> None:
    drafted(workbench, article, OTHER)
    before = [(r.target, r.state, r.origin) for r in rows(workbench, article)]
    _, spread = workbench.repeats.confirm(ids(article)[FIRST], TARGET, 0, "Аня", "all")
    restored, kept = workbench.repeats.undo(spread.steps, "Аня")
    assert (len(restored), kept) == (2, [])
    after = [(r.target, r.state, r.origin) for r in rows(workbench, article)]
    assert after[FIRST + 1 :] == before[FIRST + 1 :]
    assert after[FIRST][1] == "confirmed"
    assert workbench.repeats.undo(spread.steps, "Аня") == ([], [OTHER + 1, SAME + 1])


def test_undo_leaves_what_was_worked_on_since(workbench: Workbench, article: Article) -> None:
    _, spread = workbench.repeats.confirm(ids(article)[FIRST], TARGET, 0, "Аня", "safe")
    other = ids(article)[OTHER]
    workbench.review.save(other, "托卡耶夫到访比什凯克。", spread.taken[0].revision, "Борис")
    restored, kept = workbench.repeats.undo(spread.steps, "Аня")
    assert [row.segment.n - 1 for row in restored] == [SAME]
    assert kept == [OTHER + 1]


def test_nothing_follows_a_confirm_that_failed(workbench: Workbench, article: Article) -> None:
    with pytest.raises(RowChanged):
        workbench.repeats.confirm(ids(article)[FIRST], TARGET, 7, "Аня", "all")
    with pytest.raises(InputError):
        workbench.repeats.confirm(ids(article)[FIRST], "  ", 0, "Аня", "all")
    assert {row.target for row in rows(workbench, article)} == {""}


def test_a_changed_translation_follows_into_its_own_drafts(
    workbench: Workbench, article: Article
) -> None:
    first = ids(article)[FIRST]
    row, _ = workbench.repeats.confirm(first, TARGET, 0, "Аня", "safe")
    better = "托卡耶夫飞抵比什凯克。"
    row = workbench.review.save(first, better, row.revision, "Аня")
    row, spread = workbench.repeats.confirm(first, better, row.revision, "Аня", "safe")
    assert [taken.target for taken in spread.taken] == [better, better]
    # The same confirm once more (a browser that repeats itself) changes nothing.
    _, again = workbench.repeats.confirm(first, better, row.revision, "Аня", "all")
    assert (again.taken, again.proposed) == ((), ())


def test_over_the_api(workbench: Workbench, article: Article) -> None:
    client = TestClient(create_app(workbench), base_url="http://127.0.0.1")
    base = f"/api/v1/articles/{article.id}"
    first, other, same = (ids(article)[n] for n in (FIRST, OTHER, SAME))
    begin, end = (
        [segment.id for segment in article.segments if segment.source == source]
        for source in ("Начало дня.", "Конец дня.")
    )
    assert client.get(base).json()["repeats"] == [begin, [first, other, same], end]
    drafted(workbench, article, OTHER)
    body = {"target": TARGET, "revision": 0, "action": "confirm", "repeats": "safe"}
    answer = client.put(f"/api/v1/segments/{first}", json=body).json()
    assert answer["state"] == "confirmed"
    assert [row["id"] for row in answer["repeats"]["taken"]] == [same]
    assert answer["repeats"]["proposed"] == [
        {"id": other, "n": OTHER + 1, "target": "机器译文。", "same_context": False}
    ]
    answer = client.post(f"/api/v1/segments/{first}/repeats", json={"ids": [other]}).json()
    assert [row["target"] for row in answer["taken"]] == [TARGET]
    undo = client.post(f"/api/v1/segments/{first}/repeats/undo", json={"steps": answer["steps"]})
    assert [row["target"] for row in undo.json()["rows"]] == ["机器译文。"]
    save = {"target": "他到了。", "revision": 1}
    assert "repeats" not in client.put(f"/api/v1/segments/{first}", json=save).json()
    foreign = {"steps": [[10**6, 0, 1]]}
    answer = client.post(f"/api/v1/segments/{first}/repeats/undo", json=foreign).json()
    assert answer == {"rows": [], "kept": []}
