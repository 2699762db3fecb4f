"""What the index does beside searches: building, merging, writing; searches never wait for it."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from test_memory_index import Log, filled

from workbench.errors import Cancelled, DataError
from workbench.services.memory_index import Folder, Index, index, merging
from workbench.services.memory_index.segment import Pieces
from workbench.storage.unit_changes import Change


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "NEWEST", 3)
    monkeypatch.setattr(index, "MOST", 9)
    monkeypatch.setattr(index, "BULK", 7)
    monkeypatch.setattr(index, "LOOK", 0.01)


class Gate:
    """Lets work through when it is opened, and says when somebody stands before it."""

    def __init__(self) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()

    def __call__(self) -> None:
        self.reached.set()
        assert self.opened.wait(60)


class Slow(Log):
    """Changes that stop after some have been read."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.after, self.gate = after, Gate()

    def changes(self, after: tuple[int, int], limit: int) -> Sequence[Change]:
        if after[0] >= self.after and threading.current_thread() is not threading.main_thread():
            self.gate()
        return super().changes(after, limit)


def put(log: Log, first: int, count: int) -> None:
    for n in range(first, first + count):
        log.put(n, f"Курс рубля вырос на {n} пунктов", f"卢布汇率上涨{n}点")


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[list[Index]]:
    """Indexes that are closed at the end."""
    made: list[Index] = []
    yield made
    for one in made:
        one.close()


def test_a_search_reads_what_is_built(
    tmp_path: Path, opened: list[Index], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "PATIENCE", 0.0)
    log = Slow(after=14)
    put(log, 1, 40)
    found = Index(log, Folder(tmp_path, "one"))
    opened.append(found)
    found.now()
    assert log.gate.reached.wait(60)
    assert len(found.now()) == 14
    assert found.building() == (7, 40) or found.building() == (14, 40)
    assert {n for n, _ in found.now().similar("Курс рубля вырос на 3 пунктов", 1)} == {3}
    log.gate.opened.set()
    assert found._thread is not None
    found._thread.join(60)
    assert len(found.now()) == 40
    assert found.building() is None
    assert {n for n, _ in found.now().similar("Курс рубля вырос на 39 пунктов", 1)} == {39}


def test_a_new_unit_is_found_while_segments_are_merged(
    tmp_path: Path, opened: list[Index], monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, merged = Gate(), merging.merged

    def slowly(*arguments: object) -> Pieces:
        gate()
        return merged(*arguments)  # type: ignore[arg-type]

    log = Log()
    found = filled(log, Folder(tmp_path, "one"), 1, 40)
    opened.append(found)
    monkeypatch.setattr(index, "merged", slowly)
    monkeypatch.setattr(index, "RATIO", 100)
    put(log, 41, 4)
    found.now()  # one more than stand beside the segments: they are made one, and merged
    assert gate.reached.wait(60)
    put(log, 60, 1)
    log.put(1, "Курс рубля", deleted=True)  # of the segments that are being merged
    log.put(44, "Курс рубля стоит")
    state = found.now()
    assert {n for n, _ in state.similar("Курс рубля вырос на 60 пунктов", 1)} == {60}
    gate.opened.set()
    assert found._thread is not None
    found._thread.join(60)
    opened.append(Index(log, Folder(tmp_path, "one")))
    for state in [one.now() for one in opened]:
        assert len(state) == 44
        known = dict(state.similar("Курс рубля вырос на 1 пунктов", 100))
        assert 1 not in known
        assert known[44] == "Курс рубля стоит"


def test_many_threads_and_two_processes_see_the_same(tmp_path: Path, opened: list[Index]) -> None:
    """Two indexes on one folder, as two processes have them, while units come and go."""
    log, lock = Log(), threading.Lock()
    both = [Index(log, Folder(tmp_path, "one")) for _ in range(2)]
    opened += both
    over, failed = threading.Event(), []

    def search(found: Index) -> None:
        try:
            while not over.is_set():
                for number, source in found.now().similar("Курс рубля вырос на 5 пунктов", 20):
                    assert source.endswith(f" {number} пунктов")
        except BaseException as error:  # noqa: BLE001 - told by the main thread
            failed.append(error)

    threads = [threading.Thread(target=search, args=(found,)) for found in both * 2]
    for thread in threads:
        thread.start()
    chance = random.Random(4)
    for _ in range(400):
        with lock:
            n = chance.randrange(1, 90)
            log.put(n, f"Курс рубля вырос на {n} пунктов", deleted=chance.random() < 0.3)
    over.set()
    for thread in threads:
        thread.join(60)
    assert failed == []
    living = {n for n, change in log.done.items() if not change.deleted}
    for found in [*both, Index(log, Folder(tmp_path, "one"))]:
        found.follow()
        assert len(found) == len(living)
        assert {n for n, _ in found.now().similar("Курс рубля вырос на 5 пунктов", 99)} == living


def test_a_build_can_be_stopped_and_goes_on(tmp_path: Path) -> None:
    log = Log()
    put(log, 1, 40)
    told: list[tuple[int, int]] = []
    with pytest.raises(Cancelled):
        Index(log, Folder(tmp_path, "one")).follow(
            lambda *progress: told.append(progress), lambda: len(told) > 2
        )
    assert told == [(0, 40), (7, 40), (14, 40)]
    told.clear()
    Index(log, Folder(tmp_path, "one")).follow(lambda *progress: told.append(progress))
    assert told[0] == (21, 40)


def test_one_process_builds_while_the_other_waits(tmp_path: Path, opened: list[Index]) -> None:
    log = Log()
    put(log, 1, 40)
    folder, found = Folder(tmp_path, "one"), Index(log, Folder(tmp_path, "one"))
    opened.append(found)
    with folder.writing() as mine:
        assert mine
        assert len(found.now()) == 0
        assert found.building() == (0, 40)
        assert list(tmp_path.glob("*.segment")) == []
    assert found._thread is not None
    found._thread.join(60)
    assert len(found.now()) == 40


def test_it_can_be_built_anew_under_another_process(tmp_path: Path, opened: list[Index]) -> None:
    log = Log()
    served = filled(log, Folder(tmp_path, "one"), 1, 30)
    opened.append(served)
    Index(log, Folder(tmp_path, "one")).rebuild()
    assert dict(served.now().similar("Курс рубля вырос на 5 пунктов", 1)).keys() == {5}
    put(log, 31, 20)
    served.follow()  # its old files are gone: it writes what it holds
    again = Index(log, Folder(tmp_path, "one"))
    again.follow()
    assert len(again) == len(served) == 50


@pytest.mark.parametrize("harm", ["damaged", "older"])
def test_an_examination_heals_nothing(harm: str, tmp_path: Path) -> None:
    from workbench.services.memory_index import Damaged

    log = Log()
    filled(log, Folder(tmp_path, "one"), 1, 30)
    assert Index(log, Folder(tmp_path, "one")).examine() == 2  # beside the segments
    put(log, 31, 2)
    assert Index(log, Folder(tmp_path, "one")).examine() == 4
    if harm == "damaged":
        segment = next(tmp_path.glob("*.segment"))
        segment.write_bytes(segment.read_bytes()[:-1])
    else:
        log = Log()
    for _ in range(2):
        with pytest.raises(Damaged):
            Index(log, Folder(tmp_path, "one")).examine()


def test_a_database_that_is_gone_stops_the_work_only(
    tmp_path: Path, opened: list[Index], caplog: pytest.LogCaptureFixture
) -> None:
    class Gone(Slow):
        def changes(self, after: tuple[int, int], limit: int) -> Sequence[Change]:
            if after[0] >= self.after:
                raise DataError("storage.unreachable", where="there", reason="down")
            return super().changes(after, limit)

    log = Gone(after=7)
    put(log, 1, 40)
    found = Index(log, Folder(tmp_path, "one"))
    opened.append(found)
    assert len(found.now()) == 7
    assert found._thread is not None
    found._thread.join(60)
    assert "cannot follow" in caplog.text
    log.after = 1_000
    found.follow()
    assert len(found.now()) == 40
