"""The queue of harvested pairs, on each database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from workbench.domain.harvest import HarvestCandidate
from workbench.errors import Conflict, NotFound
from workbench.storage.candidates import Candidates
from workbench.storage.database import Database

PERSON = HarvestCandidate(
    "term",
    "Роман Денисов",
    "罗曼·杰尼索夫",
    "person",
    "7.docx",
    3,
    30,
    "person",
    "所长罗曼·杰尼索夫（Роман Денисов）指出",
    score=0.75,
    flags=("misspelt", "two-forms"),
)
TITLE = HarvestCandidate("title", "Вода не ждёт", "水不等人", "title", url="https://a.example/b")


@pytest.fixture
def candidates(store: Database) -> Candidates:
    return Candidates(store)


def judge(candidates: Candidates, ids: list[int], state: str, reason: str = "") -> None:
    with candidates.database.begin() as connection:
        candidates.decide(connection, ids, state, "Ира", reason)  # type: ignore[arg-type]


def test_a_candidate_comes_back_as_it_went_in(candidates: Candidates) -> None:
    added, known = candidates.add([PERSON, TITLE], "Аня")
    assert known == ()
    assert added == candidates.list()
    assert replace(added[0], id=0, created="", author="") == PERSON
    assert (added[0].author, added[1].url) == ("Аня", "https://a.example/b")
    assert candidates.by_ids([added[1].id, added[0].id]) == (added[1], added[0])


def test_a_pair_is_queued_once_whatever_its_case(candidates: Candidates) -> None:
    candidates.add([PERSON, PERSON], "Аня")
    again = replace(PERSON, source="РОМАН  Денисов", target="罗曼· 杰尼索夫", document="8.docx")
    added, known = candidates.add([again, TITLE], "Аня")
    assert [a.source for a in added] == ["Вода не ждёт"]
    assert [k.document for k in known] == ["7.docx"]
    assert candidates.count() == 2
    known_now = candidates.known([("роман денисов", "罗曼·杰尼索夫"), ("Иван", "伊万")])
    assert [k.source for k in known_now.values()] == ["Роман Денисов"]


def test_the_queue_is_searched_and_paged(candidates: Candidates) -> None:
    many = [replace(PERSON, source=f"Имя {n}", document="9.txt") for n in range(30)]
    candidates.add([TITLE, *many], "Аня")
    assert candidates.count() == 31
    assert candidates.count(kind="title") == candidates.count(query="вода") == 1
    assert candidates.count(kind="person") == candidates.count(query="9.txt") == 30
    assert candidates.count(query="杰尼") == 30
    assert candidates.count(query="100%") == 0
    page = candidates.list(kind="person", limit=5, offset=28)
    assert [candidate.source for candidate in page] == ["Имя 28", "Имя 29"]


def test_judging(candidates: Candidates) -> None:
    (person, title), _ = candidates.add([PERSON, TITLE], "Аня")
    judge(candidates, [person.id], "refused", "нет такого")
    assert candidates.counts() == {"waiting": 1, "refused": 1}
    refused = candidates.by_ids([person.id])[0]
    assert (refused.state, refused.decided_by, refused.reason) == ("refused", "Ира", "нет такого")
    assert refused.decided
    with pytest.raises(Conflict):  # all or none
        judge(candidates, [title.id, person.id], "accepted")
    assert candidates.by_ids([title.id])[0].state == "waiting"
    with pytest.raises(Conflict):
        judge(candidates, [title.id], "waiting")
    judge(candidates, [person.id], "waiting")
    assert candidates.counts() == {"waiting": 2}
    with pytest.raises(NotFound):
        judge(candidates, [person.id, 999], "refused")
    assert candidates.counts() == {"waiting": 2}


def test_what_a_candidate_became_is_kept(candidates: Candidates) -> None:
    (person, title), _ = candidates.add([PERSON, TITLE], "Аня")
    with candidates.database.begin() as connection:
        candidates.decide(connection, [person.id, title.id], "accepted", "Ира")
        candidates.note(connection, {person.id: {"term_id": 5}, title.id: {"unit_id": 6}})
    done = candidates.by_ids([person.id, title.id])
    assert [(d.term_id, d.unit_id) for d in done] == [(5, 0), (0, 6)]


def test_two_people_harvest_one_bulletin_at_once(candidates: Candidates) -> None:
    many = [replace(PERSON, source=f"Имя {n}") for n in range(40)]
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda who: candidates.add(many, who), "абвг"))
    assert sum(len(added) for added, _ in done) == candidates.count() == 40


def test_two_people_judge_one_pair_at_once(candidates: Candidates) -> None:
    (person,), _ = candidates.add([PERSON], "Аня")

    def attempt(state: str) -> bool:
        try:
            judge(candidates, [person.id], state)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, ["refused", "accepted"])) == [False, True]
