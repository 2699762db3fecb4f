"""A save is found at once in every process, whatever was read before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from workbench.services import live_glossary
from workbench.services.terminology import Terminology
from workbench.storage.database import Database
from workbench.storage.terms import Terms


@pytest.fixture
def houses(tmp_path: Path) -> Iterator[tuple[Terminology, Terminology]]:
    """Two processes' views of one database; the second has read it."""
    databases = [Database(f"sqlite:///{tmp_path / 'terms.sqlite'}") for _ in range(2)]
    here, there = (Terminology(Terms(database)) for database in databases)
    here.add("Россия", "俄罗斯", "place", author="ann", variants=["俄联邦"])
    here.add("Шойгу", "绍伊古", "person", author="ann")
    there.ready()
    yield here, there
    for database in databases:
        database.close()


def forms(terminology: Terminology, text: str) -> list[tuple[str, str]]:
    return [(hit.form, hit.term.target) for hit in terminology.find(text)]


def test_a_new_entry_a_changed_one_and_a_deleted_one(
    houses: tuple[Terminology, Terminology],
) -> None:
    here, there = houses
    text = "В Тьмутаракани, Шойгу, Россия"
    added = here.add("Тьмутаракань", "特穆塔拉坎", "place", author="ann")
    others = [("Шойгу", "绍伊古"), ("Россия", "俄罗斯")]
    assert forms(there, text) == [("Тьмутаракани", "特穆塔拉坎"), *others]
    changed = here.update(replace(added, target="特穆城"), added.revision, "ann")
    assert forms(there, text)[0] == ("Тьмутаракани", "特穆城")
    here.terms.delete(changed.id, "ann")
    assert forms(there, text) == others
    shoigu = next(term for term in here.terms.list() if term.source == "Шойгу")
    here.update(replace(shoigu, status="forbidden"), shoigu.revision, "ann")
    assert forms(there, text) == [("Россия", "俄罗斯")]


def test_forms_added_and_struck(houses: tuple[Terminology, Terminology]) -> None:
    here, there = houses
    russia = next(term for term in here.terms.list() if term.source == "Россия")
    here.set_forms(russia.id, ["Расея"], ["России"], "ann")
    assert forms(there, "Расея, Россия, в России") == [("Расея", "俄罗斯"), ("Россия", "俄罗斯")]
    fresh = Terminology(Terms(there.terms.database))
    assert forms(fresh, "Расея, Россия, в России") == [("Расея", "俄罗斯"), ("Россия", "俄罗斯")]


def test_a_hit_has_the_whole_entry(houses: tuple[Terminology, Terminology]) -> None:
    here, there = houses
    [hit] = there.find("О России")
    stored = here.terms.get(hit.term.id)
    assert replace(hit.term, forms=()) == replace(stored, forms=())
    assert {form.text for form in hit.term.forms} == {form.text for form in stored.forms}


def test_longer_names_hide_shorter_ones_as_soon_as_they_are_saved(
    houses: tuple[Terminology, Terminology],
) -> None:
    here, there = houses
    hits = there.find("Россия")
    assert [r.state for r in there.verify(hits, "白俄罗斯")] == ["honoured"]
    added = here.add("Белоруссия", "白俄罗斯", "place", author="ann")
    assert [r.state for r in there.verify(hits, "白俄罗斯")] == ["missing"]
    here.terms.delete(added.id, "ann")
    assert [r.state for r in there.verify(hits, "白俄罗斯")] == ["honoured"]


def test_after_very_many_changes_everything_is_read_anew(
    houses: tuple[Terminology, Terminology], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = houses
    monkeypatch.setattr(live_glossary, "_MOST_CHANGES", 2)
    for n, name in enumerate(("Ясногорка", "Светлогорка", "Темногорка", "Белогорка"), 1):
        here.add(name, f"地名{n}", "place", author="ann")
        assert forms(there, f"В городе {name} тихо")[-1] == (name, f"地名{n}")
    assert len(forms(there, "Ясногорка, Светлогорка, Темногорка, Белогорка")) == 4
