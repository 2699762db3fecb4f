"""From a bulletin through the review queue into glossary and memory; the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.errors import Conflict, InputError, NotFound, TooLarge
from workbench.services.harvest.queue import MOST_BYTES, Change, Harvest
from workbench.services.memory import Memory
from workbench.services.terminology import Terminology
from workbench.storage.candidates import Candidates
from workbench.storage.database import Database
from workbench.storage.terms import Terms
from workbench.storage.units import Units

BULLETIN = Path(__file__).parents[1] / "data" / "bulletins" / "1.txt"
PAGE = (
    "所长罗曼·杰尼索夫（Роман Денисов）指出，俄罗斯外长拉夫洛夫（Лавров）同意。"
    "财政部长阿尔马兹·巴克塔耶夫（Бактаев Алмаз）解释，投资由塔斯社（ТАСС）报道。\n"
    "[1] 《水不等人》（Вода не ждёт），https://a.example/voda\n"
)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def harvest(database: Database) -> Harvest:
    """On a small glossary: the shipped one takes its time to load."""
    terminology = Terminology(Terms(database))
    terminology.add("ТАСС", "塔斯社", "media", author="Ира")
    terminology.add("Лавров", "拉夫罗夫", "person", author="Ира")
    return Harvest(Candidates(database), terminology, Units(database))


def numbers(harvest: Harvest) -> dict[str, int]:
    return {w.candidate.source: w.candidate.id for w in harvest.waiting(limit=None)}


def test_a_bulletin_fills_the_queue_once(harvest: Harvest) -> None:
    data = BULLETIN.read_bytes()
    report = harvest.harvest(data, "1.txt", "Аня")
    assert len(report.new) + report.known == len(report.found) >= 60
    assert harvest.count() == len(report.new)
    assert {c.author for c in report.new} == {"Аня"}
    again = harvest.harvest(data, "1.txt", "Ира")
    assert (again.new, again.waiting) == ((), len(report.new))


def test_names_and_titles_go_where_they_belong(harvest: Harvest) -> None:
    report = harvest.harvest(PAGE.encode(), "7.txt", "Аня")
    assert [w.candidate.source for w in report.conflicting] == ["Лавров"]
    assert report.known == 1  # ТАСС
    ids = numbers(harvest)
    done = harvest.accept([ids["Роман Денисов"], ids["Вода не ждёт"]], "Ира")
    (term,) = done.terms
    assert (term.status, term.type, term.provenance) == ("proposed", "person", "harvest: 7.txt")
    assert harvest.terms.history(term.id)[0].author == "Ира"
    assert [h.state for h in harvest.terminology.find("Романа Денисова")] == ["suggested"]
    (unit,) = done.units
    assert (unit.origin, unit.article, unit.note) == (
        "harvested",
        "7.txt",
        "https://a.example/voda",
    )
    assert [c.state for c in done.candidates] == ["accepted", "accepted"]
    assert [(c.term_id, c.unit_id) for c in done.candidates] == [(term.id, 0), (0, unit.id)]
    assert harvest.harvest(PAGE.encode(), "8.txt", "Аня").known == 3


def test_a_harvested_title_is_offered_and_never_drafted(harvest: Harvest) -> None:
    harvest.harvest(PAGE.encode(), "7.txt", "Аня")
    harvest.accept([numbers(harvest)["Вода не ждёт"]], "Ира")
    memory = Memory(harvest.units)
    (match,) = memory.matches("Вода не ждёт")
    assert (match.unit.origin, match.score) == ("harvested", 97)
    assert memory.best("Вода не ждёт") is None


def test_what_contradicts_an_approved_entry_is_never_taken(harvest: Harvest) -> None:
    harvest.harvest(PAGE.encode(), "7.txt", "Аня")
    ids, before = numbers(harvest), harvest.terms.version()
    (listed,) = harvest.waiting(query="Лавров")
    assert [rival.target for rival in listed.rivals] == ["拉夫罗夫"]
    with pytest.raises(Conflict) as caught:
        harvest.accept([ids["Роман Денисов"], ids["Лавров"]], "Ира", "approved")
    assert caught.value.key == "harvest.contradicts"
    assert harvest.terms.version() == before
    assert harvest.count(state="accepted") == 0
    corrected = harvest.accept(
        [ids["Лавров"]], "Ира", changes={ids["Лавров"]: Change(target="拉夫罗夫")}
    )
    assert corrected.terms[0].target == "拉夫罗夫"
    assert harvest.terms.version() == before  # the entry was there


def test_the_given_name_first_is_offered(harvest: Harvest) -> None:
    harvest.harvest(PAGE.encode(), "7.txt", "Аня")
    (listed,) = harvest.waiting(query="Бактаев")
    assert "family-first" in listed.candidate.flags
    assert listed.offered == ("Алмаз Бактаев", "阿尔马兹·巴克塔耶夫")


def test_refused_ones_never_return_unless_reopened(harvest: Harvest) -> None:
    harvest.harvest(PAGE.encode(), "7.txt", "Аня")
    number = numbers(harvest)["Роман Денисов"]
    (refused,) = harvest.refuse([number], "Ира", " не тот ")
    assert (refused.state, refused.reason) == ("refused", "не тот")
    again = harvest.harvest(PAGE.replace("所长", "前所长").encode(), "8.txt", "Аня")
    assert (again.new, again.refused) == ((), 1)
    with pytest.raises(Conflict):
        harvest.accept([number], "Ира")
    harvest.reopen([number], "Ира")
    assert harvest.accept([number], "Ира", "approved").terms[0].status == "approved"


def test_all_or_none(harvest: Harvest) -> None:
    harvest.harvest(PAGE.encode(), "7.txt", "Аня")
    ids, before = numbers(harvest), harvest.terms.version()
    for wrong in (Change(type="nonsense"), Change(source="中文"), Change(target="слово")):
        with pytest.raises(InputError):
            harvest.accept(
                [ids["Вода не ждёт"], ids["Роман Денисов"]],
                "Ира",
                changes={ids["Роман Денисов"]: wrong},
            )
    with pytest.raises(NotFound):
        harvest.accept([ids["Вода не ждёт"], 999], "Ира")
    with pytest.raises(InputError):
        harvest.accept([ids["Вода не ждёт"]], "Ира", "deprecated")
    assert harvest.terms.version() == before
    assert harvest.units.count() == {}
    assert harvest.count() == len(ids)


def test_a_title_taken_for_a_name_can_be_changed(harvest: Harvest) -> None:
    harvest.harvest(PAGE.encode(), "7.txt", "Аня")
    ids = numbers(harvest)
    change = {ids["Вода не ждёт"]: Change(type="document")}
    done = harvest.accept([ids["Вода не ждёт"]], "Ира", changes=change)
    assert (done.terms[0].type, done.units) == ("document", ())


def test_what_cannot_be_harvested(harvest: Harvest) -> None:
    with pytest.raises(TooLarge):
        harvest.read(b" " * (MOST_BYTES + 1), "a.txt")
    with pytest.raises(TooLarge):
        harvest.read("中".encode() * 3_000_000, "a.txt")
    with pytest.raises(InputError):
        harvest.read(b"", "a.txt")
    assert harvest.read("Только русский текст, без скобок (совсем).".encode(), "a.txt") == ()
    with pytest.raises(InputError):
        harvest.waiting(kind="nonsense")


def test_the_command_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "7.txt"
    file.write_text(PAGE, encoding="utf-8")
    status, out, _ = run("glossary", "harvest", file, "--json")
    assert status == 0
    found = json.loads(out)
    assert {"ru", "zh", "type", "url", "start", "end"} <= found[0].keys()
    first = found[0]
    assert PAGE[first["start"] : first["end"]] == "罗曼·杰尼索夫（Роман Денисов）"
    assert json.loads(run("glossary", "candidates", "--json")[1]) == []
    status, out, err = run("glossary", "harvest", file, "--queue", "--author", "Аня")
    assert (status, out.count("\n")) == (0, 5)
    assert err.splitlines()[0] == "+4  =1  …0  −0"
    assert "≠ 拉夫罗夫" in err
    queue = json.loads(run("glossary", "candidates", "--json")[1])
    ids = {each["source"]: each["id"] for each in queue}
    assert next(q for q in queue if q["source"] == "Лавров")["rivals"][0]["target"] == "拉夫罗夫"
    assert run("glossary", "refuse", ids["Лавров"], "--reason", "неверно")[0] == 0
    assert run("glossary", "accept", "--all", "--kind", "title", "--author", "Ира")[0] == 0
    status, out, _ = run("glossary", "accept", ids["Роман Денисов"], "--approved", "--json")
    assert json.loads(out)[0]["state"] == "accepted"
    listed = json.loads(run("glossary", "list", "Роман Денисов", "--json")[1])
    assert (listed[0]["status"], listed[0]["provenance"]) == ("approved", "harvest: 7.txt")
    assert run("glossary", "accept", ids["Лавров"])[0] == 7
    assert run("glossary", "reopen", ids["Лавров"])[0] == 0
    assert run("glossary", "accept", 999)[0] == 4
    assert run("glossary", "accept")[0] == run("glossary", "refuse", 1, "--all")[0] == 2


def test_the_command_line_says_what_is_wrong_in_one_sentence(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Только русский текст.", encoding="utf-8")
    status, out, err = run("glossary", "harvest", file, "--json")
    assert (status, json.loads(out)) == (0, [])
    assert err.splitlines()[0] == "There are no bilingual pairs in a.txt."
    for data, status in ((b"", 3), (b"\x7fELF\x01" + bytes(900), 3), (b"%PDF-1.4 broken", 3)):
        file.write_bytes(data)
        found, out, err = run("glossary", "harvest", file)
        assert (found, out) == (status, "")
        assert "Traceback" not in err
    assert run("glossary", "harvest", tmp_path / "none.txt")[0] == 4


def test_a_proposed_entry_accepted_as_approved_becomes_approved(harvest: Harvest) -> None:
    harvest.harvest(PAGE.encode(), "7.txt", "Аня")
    number = numbers(harvest)["Роман Денисов"]
    entry = harvest.terminology.add(
        "Роман Денисов", "罗曼·杰尼索夫", "person", author="Аня", status="proposed"
    )
    done = harvest.accept([number], "Ира", "approved")
    assert [(t.id, t.status) for t in done.terms] == [(entry.id, "approved")]
    assert done.candidates[0].term_id == entry.id
    latest = harvest.terms.history(entry.id)[0]
    assert (latest.author, latest.reason, latest.term.status) == (
        "Ира",
        "accepted from the harvest",
        "approved",
    )
    assert [h.state for h in harvest.terminology.find("Романа Денисова")] == ["found"]


def test_a_proposed_entry_accepted_as_proposed_stays_as_it_is(harvest: Harvest) -> None:
    harvest.harvest(PAGE.encode(), "7.txt", "Аня")
    number = numbers(harvest)["Роман Денисов"]
    entry = harvest.terminology.add(
        "Роман Денисов", "罗曼·杰尼索夫", "person", author="Аня", status="proposed"
    )
    assert harvest.accept([number], "Ира").terms == (entry,)
    assert len(harvest.terms.history(entry.id)) == 1
