"""Ten people at once on one memory, in threads and in processes: no unit lost, none doubled."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path

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

EDITORS = 10
EACH = 8
TOGETHER: list[Barrier] = []  # in each process: where all wait for one another


def desk(store: Database, folder: Path | None = None) -> Review:
    units = Units(store)
    memory = Memory(units, folder)
    return Review(store, Articles(store), units, Terminology(Terms(store)), Checks(), memory)


def article(review: Review, sentences: int) -> list[int]:
    text = " ".join(f"Предложение номер {n} для общей работы." for n in range(1, sentences + 1))
    return [segment.id for segment in review.articles.add(Intake().paste(text), "Аня").segments]


def edit(review: Review, editor: int, ids: list[int]) -> list[tuple[int, str]]:
    """Confirm segments, some of them those of others; return what was acknowledged."""
    done = []
    for n in range(EACH):
        segment = ids[(editor * 3 + n) % len(ids)]
        text = f"第{editor}位编辑第{n}次确认。"
        try:
            review.confirm(segment, text, review.articles.row(segment).revision, f"e{editor}")
        except Conflict:
            continue
        done.append((segment, text))
    return done


def check(review: Review, done: list[tuple[int, str]]) -> None:
    """Compare rows, histories and units with what was acknowledged."""
    per_segment = Counter(segment for segment, _ in done)
    units = list(review.units.all())
    assert sorted(unit.segment_id for unit in units) == sorted(per_segment)
    for unit in units:
        segment = unit.segment_id
        row = review.articles.row(segment)
        texts = {text for number, text in done if number == segment}
        assert unit.target == row.target
        assert unit.target in texts
        told = {version["target"] for version in review.units.history(unit.id)}
        assert told | {unit.target} == texts  # each acknowledged act is there to be seen
        assert unit.revision == row.revision == per_segment[segment]
    source = review.articles.row(units[0].segment_id).segment.source
    matches = review.memory.matches(source.replace("номер", "под номером"), limit=50)
    assert {match.unit.id for match in matches} == {unit.id for unit in units}


def test_in_threads(store: Database, tmp_path: Path) -> None:
    review = desk(store, tmp_path / "index")
    ids = article(review, 12)
    together = threading.Barrier(EDITORS)

    def work(editor: int) -> list[tuple[int, str]]:
        together.wait()
        return edit(review, editor, ids)

    with ThreadPoolExecutor(EDITORS) as pool:
        done = [act for acts in pool.map(work, range(EDITORS)) for act in acts]
    assert len(done) >= EACH
    check(review, done)
    review.memory.close()


def begin(together: Barrier) -> None:
    TOGETHER.append(together)


def remote(url: str, folder: Path, editor: int, ids: list[int]) -> list[tuple[int, str]]:
    """Edit in a process of its own."""
    store = Database(url)
    review = desk(store, folder)
    TOGETHER[0].wait()
    done = edit(review, editor, ids)
    review.memory.close()
    store.close()
    return done


def test_in_processes(store: Database, fresh_url: str, tmp_path: Path) -> None:
    review = desk(store, tmp_path / "index")
    ids = article(review, 12)
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])  # imported once, not ten times
    together = context.Barrier(EDITORS)
    with ProcessPoolExecutor(EDITORS, context, begin, (together,)) as pool:
        given = ((fresh_url, tmp_path / "index", n, ids) for n in range(EDITORS))
        work = [pool.submit(remote, *arguments) for arguments in given]
        done = [act for some in work for act in some.result()]
    assert len(done) >= EACH
    check(review, done)
    review.memory.close()
