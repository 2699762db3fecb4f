"""Keeping the memory on each database: imports, history, acts, findings, filters."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from workbench.domain.memory import Unit
from workbench.errors import Conflict, NotFound
from workbench.services.concordance import Concordance, narrowed
from workbench.services.memory import Memory
from workbench.services.memory_findings import MemoryFindings
from workbench.services.memory_keeping import MemoryKeeping
from workbench.services.memory_terms import MemoryTerms
from workbench.services.terminology import Terminology
from workbench.storage.database import Database
from workbench.storage.terms import Terms
from workbench.storage.unit_batches import Profile
from workbench.storage.unit_query import UnitQuery
from workbench.storage.units import Units


@pytest.fixture
def units(store: Database) -> Units:
    return Units(store)


@pytest.fixture
def keeping(units: Units) -> MemoryKeeping:
    return MemoryKeeping(units)


def imported(units: Units, name: str, *pairs: Unit) -> str:
    batch = units.imports.open("import", name, "Аня", Profile("raw", "спорт", 10))
    units.imports.add(pairs, batch.id)
    units.imports.close(batch.id)
    return batch.id


def alive(units: Units) -> list[tuple[str, str]]:
    return [(unit.source, unit.batch) for unit in units.all()]


ONE, TWO, THREE = Unit("Один.", "一。"), Unit("Два.", "二。"), Unit("Три.", "三。")


def test_units_go_over_to_another_import_and_come_back(units: Units) -> None:
    first = imported(units, "a", ONE, TWO)
    second = imported(units, "b", TWO, THREE)
    third = imported(units, "c", TWO)
    assert [units.imports.members(batch) for batch in (first, second, third)] == [0, 1, 1]
    assert units.imports.withdraw(first, "Аня") == 1
    assert alive(units) == [("Два.", second), ("Три.", second)]
    assert units.imports.withdraw(second, "Аня") == 1
    assert alive(units) == [("Два.", third)]
    assert units.imports.withdraw(third, "Аня") == 1
    assert alive(units) == []
    assert units.imports.undo(first, "Боря") == 2
    assert sorted(source for source, _ in alive(units)) == ["Два.", "Один."]
    assert units.imports.undo(second, "Боря") == 1
    assert len(alive(units)) == 3
    with pytest.raises(NotFound):
        units.imports.undo(second, "Боря")


def test_what_people_confirmed_never_goes_with_an_import(units: Units) -> None:
    units.put(ONE)
    batch = imported(units, "a", ONE, TWO)
    assert units.imports.members(batch) == 0
    units.imports.withdraw(batch, "Аня")
    assert alive(units) == [("Один.", "")]


def test_a_profile_is_kept_and_changed(units: Units) -> None:
    batch = imported(units, "a", ONE)
    assert units.imports.profiles([batch, "", "nothing"]) == {batch: Profile("raw", "спорт", 10)}
    assert units.imports.set_profile(batch, Profile("own")).trust == "own"
    assert units.imports.get(batch).penalty == 0
    with pytest.raises(NotFound):
        units.imports.set_profile("nothing", Profile())


def test_history_tells_who_when_and_why(units: Units, keeping: MemoryKeeping) -> None:
    unit = units.put(Unit("Да.", "是", author="Аня"))
    keeping.update(unit.id, 1, "Боря", "точнее", target="对")
    keeping.delete(unit.id, 2, "Вера", "лишнее")
    keeping.undelete(unit.id, "Боря")
    stored = keeping.get(unit.id)
    told = [(v.author, v.reason, v.target, v.deleted) for v in reversed(stored.versions)]
    assert told == [
        ("Аня", "", "是", False),
        ("Боря", "точнее", "对", False),
        ("Вера", "лишнее", "对", True),
        ("Боря", "undeleted", "对", False),
    ]
    assert keeping.restore(unit.id, 1, 4, "Аня").target == "是"
    with pytest.raises(Conflict):
        keeping.update(unit.id, 4, "Боря", target="嗯")


def test_of_two_who_edit_at_once_one_is_told(units: Units, keeping: MemoryKeeping) -> None:
    unit = units.put(ONE)
    gate = threading.Barrier(4)

    def edit(n: int) -> bool:
        gate.wait()
        try:
            keeping.update(unit.id, 1, f"{n}", target=f"{n}")
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(edit, range(4)))
    assert done.count(True) == 1
    assert units.get(unit.id).target == str(done.index(True))
    assert len(keeping.get(unit.id).versions) == 2


def test_acts_are_undone_once_where_nobody_changed_anything(
    units: Units, keeping: MemoryKeeping
) -> None:
    stored = [units.put(Unit(f"{n}.", f"{n}。", article_id=3)) for n in range(3)]
    rewritten = keeping.rewrite([(unit, "新。") for unit in stored], "Аня")
    keeping.update(stored[0].id, 2, "Боря", target="他。")
    done = keeping.undo(rewritten.id, "Аня")
    assert (done.units, done.left) == (2, 1)
    assert [unit.target for unit in units.all()] == ["他。", "1。", "2。"]
    gone = keeping.withdraw_article(3, author="Аня", reason="отозвана")
    assert (gone.units, alive(units)) == (3, [])
    assert keeping.undo(gone.id, "Аня").units == 3
    assert keeping.undo(gone.id, "Аня").already
    assert [(act.what, bool(act.undone)) for act in keeping.acts()] == [
        ("article", True),
        ("rewrite", True),
    ]
    with pytest.raises(NotFound):
        keeping.withdraw_article(0, " ")


def test_findings_come_in_pages(units: Units, keeping: MemoryKeeping) -> None:
    terms = MemoryTerms(lambda: Terminology(Terms(units.database)))
    findings = MemoryFindings(UnitQuery(units.database), keeping, terms)
    for n in range(5):
        units.put(Unit(f"{n}: да.", f"{n}：是。"))
        units.put(Unit(f"{n}: да.", f"{n}：是。"))
        units.put(Unit(f"{n}: да.", f"{n}：对。"))
    for kind, sizes in (("duplicates", [1]), ("contradictions", [1, 2])):
        seen, after = [], ""
        while True:
            page = findings.page(kind, after, 2)  # type: ignore[arg-type]
            seen += page.found
            after = page.next
            if not after:
                break
        assert len({found.key for found in seen}) == len(seen) == 5
        counts = [sorted(len(t.units) for t in found.translations) for found in seen]
        assert counts == [[2] if kind == "duplicates" else sizes] * 5


def test_filters_and_numbers(units: Units) -> None:
    memory = Memory(units)
    concordance = Concordance(UnitQuery(units.database), memory.state)
    for author, article, day in (("Аня", 1, "01"), ("Боря", 2, "02"), ("Аня", 2, "03")):
        changed = f"2026-03-{day}T09:00"
        units.put(Unit("Договор.", "条约。", author=author, article_id=article, changed=changed))
    wanted = {
        ("Аня", "", "", ""): 2,
        ("Аня", "2", "", ""): 1,
        ("", "2", "", ""): 2,
        ("", "", "2026-03-02", ""): 2,
        ("", "", "", "2026-03-02"): 2,
        ("", "", "2026-03-02", "2026-03-02"): 1,
    }
    for (author, article, since, until), count in wanted.items():
        only = narrowed(article, author, "", since, until)
        for text in ("договоры", ""):
            assert len(concordance.search(text, "source", only).found) == count
