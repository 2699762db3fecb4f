"""The packed entries of a glossary, on every kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from workbench.domain.term import Form, Term
from workbench.storage.database import Database
from workbench.storage.term_shelf import SURFACE_SEPARATOR, Shelf, marked, marks
from workbench.storage.terms import Terms

LIVE = ("approved", "proposed")
TERMS = (
    Term(
        "Правда",
        "真理报",
        "media",
        variants=("《真理报》",),
        forbidden=("实话报",),
        needs_quotes=True,
        context=("голод", "-полос"),
        valid_from="1912-05-05",
        note="с «кавычками»,\nв две строки",
        provenance="test",
        forms=(Form("Правда", "nom"), Form("Правды", "gen"), Form("Правду", how="struck")),
    ),
    Term("Тула", "图拉", "place", "proposed", forms=(Form("Тула"),)),
    Term("Ява", "爪哇", "place", "deprecated", forms=(Form("Ява"),)),
)


@pytest.fixture
def glossary(fresh_url: str) -> Iterator[Terms]:
    database = Database(fresh_url)
    glossary = Terms(database)
    glossary.add_all(TERMS, "ann")
    yield glossary
    database.close()


def test_entries_come_back_whole(glossary: Terms) -> None:
    shelf = Shelf(glossary.database, glossary.pair, LIVE)
    assert len(shelf) == 2
    for term, stored in zip(TERMS[:2], (shelf[0], shelf[1]), strict=True):
        bare = tuple(Form(form.text, how=form.how) for form in term.forms)
        assert replace(stored, id=0, revision=0) == replace(term, forms=bare)
    assert [term.source for term in shelf.of_types("place")] == ["Тула"]
    assert list(shelf.surfaces()) == [
        (["media", "place"], [f"Правда{SURFACE_SEPARATOR}Правды", "Тула"])
    ]


def test_marks_tell_what_changed(glossary: Terms) -> None:
    shelf = Shelf(glossary.database, glossary.pair, LIVE)
    pravda, tula = shelf[0], shelf[1]
    glossary.update(replace(pravda, target="真理报社"), pravda.revision, "ann")
    glossary.delete(tula.id, "ann")
    [fresh] = glossary.add_all([Term("Орёл", "奥廖尔", "place")], "ann")
    present = marks(glossary.database, glossary.pair, LIVE)
    assert marked(np.setdiff1d(present, shelf.marks)) == {pravda.id, fresh.id}
    assert marked(np.setdiff1d(shelf.marks, present)) == {pravda.id, tula.id}
    few = Shelf(glossary.database, glossary.pair, LIVE, {fresh.id, tula.id})
    assert [term.source for term in few.of_types("place")] == ["Орёл"]


def test_another_language_pair_is_another_glossary(glossary: Terms) -> None:
    assert len(Shelf(glossary.database, "ru-de", LIVE)) == 0
    assert len(marks(glossary.database, "ru-de", LIVE)) == 0
