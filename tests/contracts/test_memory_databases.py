"""The memory and post-editing on each database: the same answers."""

from __future__ import annotations

import io
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.words import concordance
from workbench.errors import Conflict
from workbench.services.checks import Checks
from workbench.services.intake import Intake
from workbench.services.memory import Memory
from workbench.services.review import Review
from workbench.services.terminology import Terminology
from workbench.storage.articles import Articles
from workbench.storage.database import Database
from workbench.storage.terms import Terms
from workbench.storage.units import Units

SOURCES = (
    "Президент Казахстана Токаев прибыл в Бишкек.",
    "Рост составил 15 % за месяц.",
    "Стороны подписали новый договор о дружбе.",
)
TARGETS = ("哈萨克斯坦总统托卡耶夫抵达比什凯克。", "本月增长15%。", "双方签署了新的友好条约。")


def desk(store: Database) -> Review:
    units = Units(store)
    return Review(
        store,
        Articles(store),
        units,
        Terminology(Terms(store)),
        Checks(),
        Memory(units),
    )


def confirmed(review: Review) -> list[int]:
    article = review.articles.add(Intake().paste(" ".join(SOURCES)), "Аня")
    ids = [segment.id for segment in article.segments]
    for number, target in zip(ids, TARGETS, strict=True):
        review.confirm(number, target, 0, "Аня")
    return ids


def test_matches(store: Database) -> None:
    review = desk(store)
    confirmed(review)
    memory = review.memory
    found = memory.matches(SOURCES[1], SOURCES[0], SOURCES[2])
    assert [(m.score, m.how, m.target) for m in found] == [(102, "context", TARGETS[1])]
    found = memory.matches("Рост составил 27 % за месяц.")
    assert [(m.score, m.how, m.target) for m in found] == [(99, "slot", "本月增长27%。")]
    (near,) = memory.matches("Стороны не подписали новый договор о дружбе.")
    assert (near.how, near.target, near.flags) == ("fuzzy", TARGETS[2], ("negation",))


def test_concordance(store: Database) -> None:
    review = desk(store)
    confirmed(review)
    for words, side in (("президентом Казахстана", "source"), ("总统", "target")):
        assert [u.target for u in concordance(review.memory, words, side)] == [TARGETS[0]]  # type: ignore[arg-type]


def test_out_and_in_again(store: Database) -> None:
    review = desk(store)
    confirmed(review)
    stream = io.BytesIO()
    assert review.memory.export_file(stream, "a.tmx") == 3
    stream.seek(0)
    done = review.memory.import_file(stream, "a.tmx", "Боря")
    assert (done.added, done.known, done.rejected) == (0, 3, 0)
    other = io.BytesIO("Иное предложение.\t另一句。\n".encode())
    done = review.memory.import_file(other, "a.tsv", "Боря")
    assert review.memory.stats().origins == {"human": 3, "import": 1}
    assert review.memory.withdraw(done.batch) == 1
    assert review.memory.matches("Иное предложение.") == []


def test_editors_at_once_on_the_same_rows(store: Database) -> None:
    """Each save is either stored or told of the row that came before it; none vanishes."""
    review = desk(store)
    ids = confirmed(review)
    start = threading.Barrier(6)
    stored: Counter[int] = Counter()
    told: list[tuple[int, int]] = []
    lock = threading.Lock()

    def edit(editor: int) -> None:
        start.wait()
        for n in range(6):
            segment = ids[(editor + n) % len(ids)]
            revision = review.articles.row(segment).revision
            try:
                review.confirm(segment, f"第{editor}位第{n}次", revision, f"e{editor}")
            except Conflict as conflict:
                told.append((revision, conflict.current.revision))  # type: ignore[attr-defined]
            else:
                with lock:
                    stored[segment] += 1

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(edit, range(6)))
    assert all(present > stale for stale, present in told)
    assert stored.total() + len(told) == 36
    for segment in ids:
        row = review.articles.row(segment)
        unit = review.units.of_segment(segment)
        assert unit is not None
        assert unit.target == row.target
        assert row.revision == len(review.history(segment)) == 1 + stored[segment]
        assert unit.revision == 1 + stored[segment]
