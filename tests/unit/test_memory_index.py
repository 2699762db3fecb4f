"""The fuzzy index: it finds what resembles, follows every change, never trusts its files."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.services.memory_index import Folder, Index, index, merging, state, words
from workbench.services.memory_index.features import BITS, Vocabulary, pairs
from workbench.services.memory_index.segment import Segment
from workbench.services.memory_index.state import Part, State
from workbench.storage.unit_changes import Change

WORDS = "банк рубль курс вырос упал министр сказал сегодня завод нефть правило правительство"
text = st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=6).map(" ".join)
chinese = st.text(st.sampled_from("中国银行部长说𠮷a "), max_size=8)


def one(word: str) -> frozenset[str]:
    return frozenset({word})


@dataclass
class Log:
    """A change sequence without a database."""

    done: dict[int, Change] = field(default_factory=dict)
    number: int = 0

    def put(self, unit_id: int, source: str, target: str = "", deleted: bool = False) -> None:
        self.number += 1
        self.done[unit_id] = Change(unit_id, source, target, deleted, self.number)

    def sequence(self) -> int:
        return self.number

    def changes(self, after: tuple[int, int], limit: int) -> Sequence[Change]:
        wanted = [c for c in self.done.values() if (c.sequence, c.id) > after]
        return sorted(wanted, key=lambda c: (c.sequence, c.id))[:limit]

    def standing(self) -> tuple[int, int]:
        return self.number, sum(not c.deleted for c in self.done.values())


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make segments of a few units, so that a short test sees them merge."""
    monkeypatch.setattr(index, "NEWEST", 3)
    monkeypatch.setattr(index, "BULK", 7)
    monkeypatch.setattr(index, "RATIO", 2)
    monkeypatch.setattr(state, "SORTED", 2)
    monkeypatch.setattr(state, "FEW", 1)
    monkeypatch.setattr(state, "TEXTS", 2)
    monkeypatch.setattr(merging, "POSTINGS", 5)
    monkeypatch.setattr(merging, "TEXTS", 2)
    monkeypatch.setattr(merging, "SIGNATURES", 3)


steps = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(1, 12), text, chinese),
        st.tuples(st.just("delete"), st.integers(1, 12), st.just(""), st.just("")),
        st.tuples(st.sampled_from(["follow", "reopen"]), st.just(0), st.just(""), st.just("")),
    ),
    max_size=40,
)


@settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=60,
)
@given(steps, text, chinese)
def test_it_holds_what_the_memory_holds(
    tmp_path_factory: pytest.TempPathFactory,
    taken: list[tuple[str, int, str, str]],
    query: str,
    asked: str,
) -> None:
    log, folder = Log(), Folder(tmp_path_factory.mktemp("index"), "one")
    found = Index(log, folder)
    for act, number, source, target in taken:
        if act == "put":
            log.put(number, source, target)
        elif act == "delete" and number in log.done:
            log.put(number, log.done[number].source, "", deleted=True)
        elif act == "follow":
            found.follow()
        elif act == "reopen":
            found = Index(log, folder)
    found.follow()
    living = {c.id: c for c in log.done.values() if not c.deleted}
    assert len(found) == len(living)
    for word in query.split():
        assert list(found.now().holding([one(word)])) == sorted(
            (n for n, c in living.items() if word in c.source.split()), reverse=True
        )
    if len(query.split()) > 1:
        phrase = list(found.now().holding([one(word) for word in query.split()]))
        assert phrase == sorted(set(phrase), reverse=True)
        assert {n for n, c in living.items() if f" {query} " in f" {c.source} "} <= set(phrase)
    both = [[one(word)] for word in query.split()]
    assert list(found.now().holding(*both)) == sorted(
        (n for n, c in living.items() if set(query.split()) <= set(c.source.split())), reverse=True
    )
    alike = found.now().similar(query, 100)
    assert len(dict(alike)) == len(alike)
    assert all(living[number].source == source for number, source in alike)
    assert {n for n, c in living.items() if c.source == query} <= dict(alike).keys()
    bare = "".join(asked.lower().split())
    if bare:
        holding = {n for n, c in living.items() if bare in "".join(c.target.lower().split())}
        assert holding <= set(found.now().containing(asked))
        if len(bare) <= 2 and "𠮷" not in bare:
            assert holding == set(found.now().containing(asked))


def test_near_sentences_are_among_the_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "NEWEST", 500)
    chance, log = random.Random(1), Log()
    for n in range(1, 3000):
        forms = [f"{word}{ending}" for word in WORDS.split() for ending in "абвг"]
        log.put(n, " ".join(chance.choices(forms, k=9)))
    found = Index(log)
    found.follow()
    for number in chance.sample(sorted(log.done), 100):
        changed = log.done[number].source.split()
        changed[chance.randrange(9)] = "иное"
        best = found.now().similar(" ".join(changed), 5)
        assert number in dict(best)


@settings(deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=20))
def test_many_at_once_is_the_same_as_one_by_one(texts: list[str]) -> None:
    whole = Vocabulary(texts)
    signatures = whole.signatures()
    owners, features = whole.features()
    for n, one in enumerate(texts):
        alone = Vocabulary([one])
        assert (signatures[n] == alone.signatures()[0]).all()
        assert set(features[owners == n].tolist()) == set(alone.features()[1].tolist())
    places, keys = pairs(texts)
    assert len(places) == len(keys)
    assert set(places.tolist()) <= set(range(len(texts)))


def test_signatures_of_like_sentences_differ_little() -> None:
    like = Vocabulary(["министр сказал о курсе рубля", "министр сказал о курсах рубля", "завтра"])
    one, other, far = np.unpackbits(like.signatures(), axis=1)
    assert (one != other).sum() < BITS / 5 < BITS / 3 < (one != far).sum()


@settings(deadline=None)
@given(st.lists(st.tuples(text, chinese, st.booleans()), min_size=2, max_size=30), st.data())
def test_merged_segments_answer_as_one(
    units: list[tuple[str, str, bool]], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(1, len(units) - 1))
    numbered = list(enumerate(units, 1))
    parts = []
    for some in (numbered[:cut], numbered[cut:]):
        segment = Segment.build(
            [n for n, _ in some], [u[0] for _, u in some], [u[1] for _, u in some]
        )
        kept = {n for n, u in some if u[2]}
        parts.append((segment, np.isin(segment.ids, list(kept))))
    kept_units = [(n, u) for n, u in numbered if u[2]]
    if not kept_units:
        return
    merged = Segment.collected(merging.merged(parts))
    built = Segment.build(
        [n for n, _ in kept_units], [u[0] for _, u in kept_units], [u[1] for _, u in kept_units]
    )
    assert [*merged.texts(np.array([merged.place(n) for n, _ in kept_units]))] == [
        u[0] for _, u in kept_units
    ]
    for name in ("lengths", "source_keys", "word_keys", "word_starts", "target_keys"):
        assert (getattr(merged, name) == getattr(built, name)).all()
    for unit, (source, target, _) in kept_units:
        for word in words(source):
            key = int(Vocabulary([word]).features()[1][0])
            assert merged.place(unit) in merged.sources.of(key)
        if target.strip():
            places = merged.targets.beginning("".join(target.lower().split())[0])
            assert merged.place(unit) in places


def test_several_segments_answer_together() -> None:
    units = [(n, f"{'долгий ' * (n % 5)}курс {n % 3}", f"第{n % 4}条{n}") for n in range(1, 61)]
    cut = [units[:7], units[7:50], units[50:]]
    parts = tuple(Part.of(Segment.build(*map(list, zip(*some, strict=True)))) for some in cut)
    found = State(parts)
    assert list(found.containing("条")) == list(range(60, 0, -1))
    assert list(found.containing("第2", "条")) == [n for n in range(60, 0, -1) if n % 4 == 2]
    assert list(found.holding([one("курс"), one("2")])) == [
        n for n in range(60, 0, -1) if n % 3 == 2
    ]
    assert list(found.holding(list(map(one, ("курс", "2", "2", "2"))))) == []  # longer than any
    assert list(found.holding(list(map(one, ("долгий", "курс", "2"))))) == [
        n for n in range(60, 0, -1) if n % 3 == 2 and n % 5
    ]
    assert {n for n, _ in found.similar("курс 1", 100)} >= {n for n, s, _ in units if s == "курс 1"}


# -- files ----------------------------------------------------------------------------------


def filled(log: Log, folder: Folder, first: int, count: int) -> Index:
    for n in range(first, first + count):
        log.put(n, f"Курс рубля вырос на {n} пунктов", f"卢布汇率上涨{n}点")
    found = Index(log, folder)
    found.follow()
    return found


def test_a_second_process_reads_the_files_and_goes_on(tmp_path: Path) -> None:
    log = Log()
    filled(log, Folder(tmp_path, "one"), 1, 28)
    before = sorted(path.name for path in tmp_path.glob("*.segment"))
    second = filled(log, Folder(tmp_path, "one"), 29, 2)
    assert len(second) == 30
    assert sorted(path.name for path in tmp_path.glob("*.segment")) == before
    assert dict(second.now().similar("Курс рубля вырос на 30 пунктов", 1)).keys() == {30}


def test_one_that_was_overtaken_takes_the_files_over(tmp_path: Path) -> None:
    log = Log()
    first = filled(log, Folder(tmp_path, "one"), 1, 10)
    second = filled(log, Folder(tmp_path, "one"), 11, 20)
    for n in range(31, 40):
        log.put(n, f"Курс рубля упал на {n} пунктов")
        first.follow()
        second.follow()
    assert len(first) == len(second) == 39
    assert {n for n, _ in first.now().similar("Курс рубля упал на 31 пунктов", 50)} == {
        n for n, _ in second.now().similar("Курс рубля упал на 31 пунктов", 50)
    }


@pytest.mark.parametrize("harm", ["cut", "changed", "gone", "manifest", "nonsense", "other"])
def test_damaged_files_are_built_again(
    harm: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    log, name = Log(), "one"
    filled(log, Folder(tmp_path, name), 1, 30)
    segment, manifest = next(tmp_path.glob("*.segment")), tmp_path / "manifest.json"
    data = segment.read_bytes()
    if harm == "cut":
        segment.write_bytes(data[:-10])
    elif harm == "changed":
        segment.write_bytes(data[:100] + bytes([data[100] ^ 1]) + data[101:])
    elif harm == "gone":
        segment.unlink()
    elif harm == "manifest":
        manifest.write_bytes(manifest.read_bytes()[:50])
    elif harm == "nonsense":
        manifest.write_text("[1, 2]")
    else:
        name = "two"
    found = Index(log, Folder(tmp_path, name))
    found.follow()
    assert len(found) == 30
    assert "built again" in caplog.text
    caplog.clear()
    Index(log, Folder(tmp_path, name)).follow()
    assert caplog.text == ""


@pytest.mark.parametrize("how", ["follow", "now"])  # in its own time, and within a search
def test_an_older_memory_is_indexed_anew(
    how: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    log = Log()
    filled(log, Folder(tmp_path, "one"), 1, 30)
    older = Log()
    for n in range(3):
        older.put(n, "Курс рубля")
    found = Index(older, Folder(tmp_path, "one"))
    getattr(found, how)()
    assert len(found) == 3
    assert "older" in caplog.text
    found.close()


@pytest.mark.parametrize("how", ["follow", "now"])
def test_a_memory_that_went_another_way_is_noticed(
    how: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    filled(Log(), Folder(tmp_path, "one"), 1, 30)
    other = Log(number=30)
    for n in range(3):
        other.put(n, "Курс рубля")
    found = Index(other, Folder(tmp_path, "one"))
    getattr(found, how)()
    assert len(found) == 3
    assert "does not hold" in caplog.text
    found.close()


def test_a_segment_that_is_mostly_gone_is_made_anew(tmp_path: Path) -> None:
    log = Log()
    filled(log, Folder(tmp_path, "one"), 1, 28)
    before = sum(path.stat().st_size for path in tmp_path.glob("*.segment"))
    for n in range(1, 21):
        log.put(n, "", deleted=True)
    found = Index(log, Folder(tmp_path, "one"))
    found.follow()
    assert sum(path.stat().st_size for path in tmp_path.glob("*.segment")) < before / 2
    assert set(found.now().holding([one("курс")])) == set(range(21, 29))
    again = Index(log, Folder(tmp_path, "one"))
    again.follow()
    assert len(again) == 8


def test_segments_grow_to_a_size_and_no_small_ones_are_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "LARGEST", 21)
    log = Log()
    for n in range(1, 81):
        log.put(n, f"Курс рубля вырос на {n} пунктов", f"卢布汇率上涨{n}点")
    found = Index(log, Folder(tmp_path, "one"))
    found.follow()
    assert [part.living for part in found.now().parts] == [21, 21, 21, 14]
    for n in range(1, 11):  # most of the smallest segment
        log.put(n, "", deleted=True)
    again = Index(log, Folder(tmp_path, "one"))
    again.follow()
    assert [len(part.segment) for part in again.now().parts] == [21, 21, 21, 7]
    assert set(again.now().holding([one("рубля")])) == set(range(11, 81))


@given(st.lists(st.tuples(st.integers(1, 60), st.booleans()), max_size=12))
def test_what_is_of_a_size_becomes_one_whatever_is_behind_it(given_parts: list[Any]) -> None:
    parts = sorted(given_parts, key=lambda part: (part[1], -part[0]))
    steps = 0
    while (run := merging.of_a_size(parts, 2, 100)) != (0, 0):
        first, last = run
        one = sum(size for size, _ in parts[first:last])
        assert one <= 100 or last - first == 1
        parts = sorted(
            [*parts[:first], (one, False), *parts[last:]], key=lambda part: (part[1], -part[0])
        )
        steps += 1
        assert steps <= 2 * len(given_parts)
    assert not any(wasteful for _, wasteful in parts)
    for (larger, _), (smaller, _) in pairwise(parts):
        assert larger >= 2 * smaller or larger + smaller > 100


def test_a_few_new_units_leave_no_others_in_pieces() -> None:
    sizes = [*[(50_000, False)] * 20, (3_000, False)]
    assert merging.of_a_size(sizes, 4, 2_000_000) == (0, 20)


def test_left_over_parts_are_cleared_away(tmp_path: Path) -> None:
    (tmp_path / "dead.segment.part").write_bytes(b"half")
    (tmp_path / "orphan.segment").write_bytes(b"merged, but the process died before the manifest")
    filled(Log(), Folder(tmp_path, "one"), 1, 30)
    assert not (tmp_path / "dead.segment.part").exists()
    assert not (tmp_path / "orphan.segment").exists()


def test_the_index_goes_on_where_nothing_can_be_written(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    assert len(filled(Log(), Folder(blocked / "index", "one"), 1, 30)) == 30
    assert "cannot be written" in caplog.text


def test_what_nearly_every_unit_holds_is_not_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "COMMON", 4)
    log = Log()
    found = Index(log)
    for n in range(1, 9):
        log.put(n, f"Курс {n}", "汇率上涨" if n % 2 else "价格")
        found.follow()
    log.put(8, "", "", deleted=True)
    found.follow()
    assert {1, 3, 5, 7} <= set(found.now().containing("汇"))
    assert list(found.now().containing("价格"))[-3:] == [6, 4, 2]
    assert 8 not in set(found.now().containing("价"))
    assert list(found.now().holding([frozenset({"курс"})])) == [7, 6, 5, 4, 3, 2, 1]
