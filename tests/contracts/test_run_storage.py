"""What holds for stored runs, baselines and frozen sets on each database."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import insert, update

from workbench.domain.article import Article, Block, Segment
from workbench.domain.language import Span
from workbench.domain.quality import (
    Comparison,
    Contrast,
    Evaluation,
    Fault,
    Mark,
    Score,
    Side,
    SliceResult,
    TermUse,
    Weak,
)
from workbench.domain.quality import Difference as Unlike
from workbench.domain.run import FrozenPair, Line, Run, RunSettings
from workbench.domain.term import Hit, Receipt, Term
from workbench.errors import Conflict, NotFound
from workbench.storage.articles import Articles
from workbench.storage.baselines import Baselines
from workbench.storage.database import Database
from workbench.storage.evaluations import Evaluations
from workbench.storage.frozen_sets import FrozenSets
from workbench.storage.jobs import Jobs
from workbench.storage.lab_schema import campaigns
from workbench.storage.schema import evaluations as table
from workbench.storage.schema import segments

SCORE = Score("bleu", 13.9, "nrefs:1|tok:zh", 12.6, 15.2, 2)
SETTINGS = RunSettings("newsdesk", ("shipped",), ("none", "house"), (), ("bleu",), "ar", 2, 5, True)
SIDE = Side("a", "一", 40.0, (Mark(0, 1, "extra"),), "二", ())
EVALUATION = Evaluation(
    "newsdesk",
    2,
    ("a", "b"),
    {"a": (SCORE,), "b": (replace(SCORE, low=None, high=None),)},
    (Comparison("bleu", "b", "a", 0.5, 0.01, "nrefs:1"),),
    {"a": ("一", "二"), "b": ("三", "")},
    {"a": 1.5},
    terms={"a": TermUse(2, 1, {"model": 1})},
    worst=(Weak("a", 1, "chrf", 3.0, "раз", "一", "壹"),),
    warnings=(("evaluation.some_empty", {"name": "b", "count": "1"}),),
    sources=("раз", "два"),
    references=(("壹", "贰"), ("一", "二")),
    documents=("d1", "d2"),
    faults={"b": (Fault(2, "empty"),)},
    contrast=Contrast(
        ("a", "b"),
        2,
        "machine",
        ("bleu",),
        (SliceResult("all", "", 2, {"a": (SCORE,)}),),
        differences=(Unlike(1, "chrf", 2.0, SIDE, SIDE),),
    ),
)
RECEIPT = Receipt(Hit(Term("Токаев", "托卡耶夫"), Span(0, 6), "Токаев"), "honoured", "model")


@pytest.fixture
def stored(store: Database) -> Evaluations:
    return Evaluations(store)


def opened(stored: Evaluations, **changes: object) -> Run:
    shell = replace(EVALUATION, scores={}, outputs={}, contrast=None, faults={}, comparisons=())
    run = Run(0, SETTINGS, "newsdesk", 2, ("a", "b"), "none,house", "пробный", "queued")
    return stored.open(shell, replace(run, **{"digest": "d" * 64, "author": "anna", **changes}))


def test_a_run_that_is_done_is_read_as_it_was_written(stored: Evaluations) -> None:
    kept = stored.add(EVALUATION, "anna")
    assert stored.get(kept.id) == kept == replace(EVALUATION, id=kept.id, created=kept.created)
    (listed,) = stored.list()
    assert (listed.scores, listed.done, listed.total) == (EVALUATION.scores, 4, 4)


def test_a_run_of_an_earlier_version_can_still_be_read(stored: Evaluations) -> None:
    """Its document held the outputs, and nothing was known of settings."""
    old = {
        "set_name": "newsdesk",
        "size": 1,
        "systems": ["a"],
        "scores": {"a": [{"metric": "chrf", "value": 1.0, "signature": "s"}]},
        "outputs": {"a": ["一"]},
        "glossary": "house",
        "seconds": {"a": 2.0},
        "a field nobody knows": 1,
    }
    with stored.database.begin() as connection:
        row = insert(table).values(set_name="newsdesk", size=1, content=old, created="2026")
        number = connection.execute(row.returning(table.c.id)).scalar_one()
    assert stored.get(number).outputs == {"a": ("一",)}
    run = stored.run(number)
    assert (run.state, run.systems, run.glossary) == ("done", ("a",), "house")
    assert run.scores["a"][0] == Score("chrf", 1.0, "s")
    assert run.settings.metrics == ("chrf",)
    assert run.settings.engines == ()


def test_a_run_goes_from_its_order_to_its_figures(stored: Evaluations) -> None:
    run = opened(stored)
    assert stored.run(run.id).settings == SETTINGS
    assert run.created
    assert not stored.run(run.id).started
    stored.note(replace(run, state="running", seconds={"a": 0.5}, versions={"glossary": "7"}))
    now = stored.run(run.id)
    assert now.started
    assert (now.state, now.seconds, now.versions) == ("running", {"a": 0.5}, {"glossary": "7"})
    problem = {"key": "house.no_data", "values": {}}
    stored.note(replace(now, state="failed", problem=problem))
    assert stored.run(run.id).problem == problem
    for system, lines in EVALUATION.outputs.items():
        stored.outputs.save(run.id, system, {n: Line(text) for n, text in enumerate(lines)})
    stored.finish(EVALUATION, replace(now, tokens={"a": 9}))
    done = stored.run(run.id)
    assert (done.state, done.tokens, done.problem, done.done) == ("done", {"a": 9}, {}, 4)
    assert done.finished
    assert stored.get(run.id) == replace(EVALUATION, id=run.id, created=run.created)


def test_lines_are_kept_once_with_their_receipts(stored: Evaluations) -> None:
    run = opened(stored)
    stored.outputs.save(run.id, "a", {1: Line("二", (RECEIPT,))})
    stored.outputs.save(run.id, "a", {0: Line("一"), 1: Line("late")})
    stored.outputs.save(run.id, "a", {})
    assert stored.outputs.load(run.id, "a") == {0: Line("一"), 1: Line("二", (RECEIPT,))}
    assert stored.outputs.texts(run.id) == {"a": ("一", "二")}
    assert stored.run(run.id).done == 2
    assert stored.run(run.id).total == 4


def test_receipts_of_lines_from_files_come_later(stored: Evaluations) -> None:
    run = opened(stored)
    for system in ("a", "b"):
        stored.outputs.save(run.id, system, {0: Line("一"), 1: Line("二")})
    stored.outputs.count(run.id, "a", {0: Line("一"), 1: Line("二", (RECEIPT,))})
    stored.outputs.count(run.id, "a", {})
    assert stored.outputs.load(run.id, "a") == {0: Line("一"), 1: Line("二", (RECEIPT,))}
    assert stored.outputs.load(run.id, "b") == {0: Line("一"), 1: Line("二")}


def test_runs_are_filtered_and_the_newest_comes_first(stored: Evaluations) -> None:
    first, second = opened(stored), opened(stored, set_name="other", author="boris")
    assert [run.id for run in stored.list()] == [second.id, first.id]
    assert [run.id for run in stored.list(1)] == [second.id]
    assert [run.id for run in stored.list(set_name="newsdesk")] == [first.id]
    assert [run.id for run in stored.list(author="boris")] == [second.id]
    assert stored.list(state="done") == ()


def test_a_deleted_run_takes_its_lines_and_its_baseline_along(stored: Evaluations) -> None:
    run, baselines = opened(stored), Baselines(stored.database)
    stored.outputs.save(run.id, "a", {0: Line("一")})
    baselines.put("newsdesk", run.id)
    stored.delete(run.id)
    assert stored.outputs.load(run.id, "a") == {}
    assert baselines.get("newsdesk") is None
    for act in (stored.delete, stored.get, stored.run):
        with pytest.raises(NotFound):
            act(run.id)


def test_a_run_that_people_judge_is_not_deleted(stored: Evaluations) -> None:
    run = opened(stored)
    with stored.database.begin() as connection:
        campaign = {"name": "осень", "evaluation_id": run.id, "kind": "da", "created": "2026"}
        connection.execute(insert(campaigns).values(campaign))
    with pytest.raises(Conflict) as caught:
        stored.delete(run.id)
    assert caught.value.key == "evaluation.run_judged"


def test_a_set_has_one_baseline(stored: Evaluations) -> None:
    one, other, baselines = opened(stored), opened(stored), Baselines(stored.database)
    baselines.put("newsdesk", one.id)
    kept = baselines.put("newsdesk", other.id, "a", "anna")
    assert baselines.get("newsdesk") == kept
    assert baselines.list() == {"newsdesk": kept}
    assert baselines.remove("newsdesk")
    assert not baselines.remove("newsdesk")


def test_a_frozen_set_keeps_its_pairs_in_order(store: Database) -> None:
    sets = FrozenSets(store)
    pairs = [FrozenPair(f"Строка {n}.", f"第{n}行。", "7", 7, n) for n in range(600)]
    made = sets.add("october", "d" * 64, pairs, {"origin": "here"}, "anna")
    assert sets.get("october") == made
    assert made.lines == 600
    assert sets.pairs(made.id) == tuple(pairs)
    with pytest.raises(Conflict):
        sets.add("october", "e" * 64, pairs[:1], {})
    assert sets.get("october").lines == 600
    sets.delete("october")
    assert sets.list() == []
    assert sets.pairs(made.id) == ()
    for act in (sets.get, sets.delete):
        with pytest.raises(NotFound):
            act("october")


def test_only_what_is_confirmed_can_be_frozen(store: Database) -> None:
    articles = Articles(store)
    texts = ("Первая фраза.", "Вторая фраза.", "Третья фраза.")
    cut, start = [], 0
    for n, text in enumerate(texts, 1):
        cut.append(Segment(n, n, text, Span(start, start + len(text))))
        start += len(text) + 1
    added = articles.add(Article((Block("paragraph", " ".join(texts), 0, tuple(cut)),)), "anna")
    states = ("confirmed", "reviewed", "edited")
    with store.begin() as connection:
        for segment, state in zip(added.segments, states, strict=True):
            values = {"state": state, "target": f"译文{state}"}
            connection.execute(update(segments).where(segments.c.id == segment.id).values(values))
    found = FrozenSets(store).confirmed()
    assert [(each.source, each.target) for each in found] == [
        ("Первая фраза.", "译文confirmed"),
        ("Вторая фраза.", "译文reviewed"),
    ]
    assert not any(each.whole for each in found)
    with store.begin() as connection:
        connection.execute(update(segments).values(state="locked").where(segments.c.n == 3))
    assert all(each.whole for each in FrozenSets(store).confirmed())
    assert FrozenSets(store).confirmed(outlet="nowhere") == ()
    articles.delete(added.id, "anna")
    assert FrozenSets(store).confirmed() == ()


def test_a_worker_takes_only_the_jobs_of_its_lane(store: Database) -> None:
    jobs = Jobs(store)
    long, quick = jobs.enqueue("evaluate"), jobs.enqueue("draft")
    taken = jobs.claim("quick", ("draft", "import"))
    assert taken is not None
    assert taken.id == quick.id
    assert jobs.claim("quick", ("draft", "import")) is None
    other = jobs.claim("any")
    assert other is not None
    assert other.id == long.id
