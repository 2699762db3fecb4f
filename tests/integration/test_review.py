"""Post-editing over a real database: nothing typed is lost, and only people fill the memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from workbench.assembly import Workbench
from workbench.domain.article import Article
from workbench.domain.row import Row
from workbench.errors import Conflict, InputError, NotFound, TooLarge
from workbench.services.checks import Checks
from workbench.services.memory import Memory
from workbench.services.review import LONGEST_TARGET, Review, RowLocked
from workbench.services.terminology import Terminology
from workbench.storage.articles import Articles, RowChanged
from workbench.storage.database import Database
from workbench.storage.terms import Terms
from workbench.storage.units import Units

TEXT = "Токаев прибыл в Бишкек. Стороны обсудили 15 договоров. Встреча прошла успешно."


GLOSSARY = """ru\tzh\ttype\tvariants\tforbidden\tflags\tnote\tsource
Токаев\t托卡耶夫\tperson\t\t\t\t\ttest
Бишкек\t比什凯克\tplace\t\t\t\t\ttest
"""


@pytest.fixture
def workbench(with_glossary: Callable[[str], Workbench]) -> Workbench:
    return with_glossary(GLOSSARY)


@pytest.fixture
def article(workbench: Workbench) -> Article:
    return workbench.articles.add(workbench.intake.paste(TEXT), "Аня")


@pytest.fixture
def segment(article: Article) -> int:
    return article.segments[0].id


def test_an_edit_is_checked_again(workbench: Workbench, segment: int) -> None:
    row = workbench.review.save(segment, "他到了比什凯克。", 0, "Аня")
    assert (row.state, row.origin, row.author, row.revision) == ("edited", "human", "Аня", 1)
    states = {receipt.hit.term.target: receipt.state for receipt in row.receipts}
    assert states["比什凯克"] == "honoured"
    assert states["托卡耶夫"] != "honoured"
    assert row.issues
    row = workbench.review.save(segment, "托卡耶夫抵达比什凯克。", 1, "Аня")
    assert {receipt.state for receipt in row.receipts} == {"honoured"}
    assert workbench.articles.row(segment) == row


def test_a_confirmed_row_is_remembered_with_all_its_provenance(
    workbench: Workbench, article: Article
) -> None:
    first, second, third = article.segments
    row = workbench.review.confirm(second.id, " 双方讨论了15项协议。\n", 0, "Аня")
    assert row.state == "confirmed"
    (unit,) = workbench.units.all()
    assert (unit.source, unit.target) == (second.source, "双方讨论了15项协议。")
    assert (unit.before, unit.after) == (first.source, third.source)
    assert (unit.article_id, unit.segment_id, unit.author) == (article.id, second.id, "Аня")
    assert (unit.origin, unit.glossary_version) == ("human", workbench.terminology.version)
    assert unit.created
    (match,) = workbench.memory.matches(second.source, first.source, third.source)
    assert match.score == 102


def test_a_repeated_sentence_in_another_article_matches(
    workbench: Workbench, article: Article
) -> None:
    workbench.review.confirm(article.segments[2].id, "会晤圆满成功。", 0, "Аня")
    other = workbench.articles.add(workbench.intake.paste("Иное. Встреча прошла успешно."), "Боря")
    panel = workbench.review.panel(other.segments[1].id)
    assert [(m.score, m.target, m.unit.author) for m in panel.matches] == [
        (101, "会晤圆满成功。", "Аня")
    ]
    assert panel.history == ()


def test_an_unchanged_draft_keeps_its_origin_when_confirmed(
    workbench: Workbench, article: Article
) -> None:
    draft = Row(article.segments[2], "会晤成功。", "drafted", "machine", "shipped")
    row = workbench.articles.save_draft(draft)
    assert workbench.memory.stats().units == 0  # raw machine output never enters
    row = workbench.review.confirm(row.segment.id, row.target, row.revision, "Аня")
    assert (row.state, row.origin, row.engine) == ("confirmed", "machine", "shipped")


def test_an_edit_after_the_confirm_reopens_the_row(workbench: Workbench, segment: int) -> None:
    review = workbench.review
    review.confirm(segment, "一", 0, "Аня")
    row = review.save(segment, "二", 1, "Боря")
    assert row.state == "edited"
    assert [unit.target for unit in workbench.units.all()] == ["一"]
    review.confirm(segment, "二", 2, "Боря")
    (unit,) = workbench.units.all()
    assert (unit.target, unit.revision, unit.author) == ("二", 2, "Боря")
    assert [old["target"] for old in workbench.units.history(unit.id)] == ["一"]


def test_a_repeated_request_changes_nothing(workbench: Workbench, segment: int) -> None:
    """The answer was lost on the way, so the browser asks again with the old revision."""
    review = workbench.review
    saved = review.save(segment, "一", 0, "Аня")
    assert review.save(segment, "一", 0, "Аня") == saved
    confirmed = review.confirm(segment, "一", 1, "Аня")
    assert review.confirm(segment, "一", 1, "Аня") == confirmed
    assert review.save(segment, "一", 1, "Аня") == confirmed  # an autosave reopens nothing
    assert len(review.history(segment)) == 2


def test_two_people_on_one_row(workbench: Workbench, segment: int) -> None:
    review = workbench.review
    saved = review.save(segment, "一", 0, "Аня")
    for act in (review.save, review.confirm):
        with pytest.raises(RowChanged) as caught:
            act(segment, "二", 0, "Боря")
        assert caught.value.current == saved
        assert "Аня" in str(caught.value)
    assert workbench.memory.stats().units == 0


@pytest.mark.parametrize("target", ["", "  ", "\n\t", "\x00\u0007"])
def test_nothing_cannot_be_confirmed(workbench: Workbench, segment: int, target: str) -> None:
    with pytest.raises(InputError) as caught:
        workbench.review.confirm(segment, target, 0, "Аня")
    assert caught.value.key == "review.empty_target"
    assert workbench.articles.row(segment).revision == 0


def test_characters_that_no_text_holds_are_left_out(workbench: Workbench, segment: int) -> None:
    row = workbench.review.save(segment, "一\x00二\ud800三\n四😀", 0, "Аня")
    assert row.target == "一二三\n四😀"


def test_a_whole_document_in_one_cell_is_refused(workbench: Workbench, segment: int) -> None:
    with pytest.raises(TooLarge):
        workbench.review.save(segment, "一" * (LONGEST_TARGET + 1), 0, "Аня")


def test_a_locked_row_does_not_change(workbench: Workbench, segment: int) -> None:
    review = workbench.review
    review.confirm(segment, "一", 0, "Аня")
    locked = review.lock(segment, 1, "Аня")
    assert locked.state == "locked"
    assert review.lock(segment, 1, "Аня") == locked
    for act in (review.save, review.confirm):
        with pytest.raises(RowLocked) as caught:
            act(segment, "二", 2, "Боря")
        assert caught.value.current == locked
    with pytest.raises(Conflict):
        review.restore(segment, 1, 2, "Боря")
    assert review.unlock(segment, 2, "Аня").state == "confirmed"
    assert review.save(segment, "二", 3, "Боря").target == "二"


def test_an_earlier_version_comes_back(workbench: Workbench, segment: int) -> None:
    review = workbench.review
    draft = Row(workbench.articles.row(segment).segment, "机", "drafted", "machine", "shipped")
    workbench.articles.save_draft(draft)
    review.save(segment, "人", 1, "Аня")
    row = review.restore(segment, 1, 2, "Аня")
    assert (row.target, row.state, row.origin, row.engine) == ("机", "edited", "machine", "shipped")
    assert [version.action for version in review.history(segment)] == ["restore", "save", "draft"]
    with pytest.raises(NotFound):
        review.restore(segment, 9, 3, "Аня")


def test_a_second_person_reviews(workbench: Workbench, segment: int) -> None:
    review = workbench.review
    review.save(segment, "一", 0, "Аня")
    with pytest.raises(InputError):
        review.approve(segment, 1, "Боря")
    review.confirm(segment, "一", 1, "Аня")
    row = review.approve(segment, 2, "Боря")
    assert (row.state, row.author) == ("reviewed", "Боря")
    assert review.confirm(segment, "一", 3, "Аня").state == "reviewed"


def test_a_dismissed_issue_stays_dismissed_through_edits(
    workbench: Workbench, segment: int
) -> None:
    row = workbench.review.save(segment, "他到了。", 0, "Аня")
    issue = row.issues[0]
    row = workbench.review.dismiss(segment, issue.id, "верно", "Аня")
    assert row.issues[0].dismissed
    row = workbench.review.save(segment, "他来了。", row.revision, "Аня")
    assert [found.dismissed for found in row.issues if found.id == issue.id] == [True]


def test_unknown_segments(workbench: Workbench) -> None:
    for act in (
        lambda: workbench.review.save(999, "一", 0, "Аня"),
        lambda: workbench.review.panel(999),
        lambda: workbench.review.lock(999, 0, "Аня"),
    ):
        with pytest.raises(NotFound):
            act()


# -- two editors and a machine against a model -----------------------------------------------

Act = Callable[[int, str, int, str], Row]
targets = st.sampled_from(["一", "二", "三"])


class Editing(RuleBasedStateMachine):
    """A row as it must be after any acts in any order, with fresh and with stale revisions."""

    review: Review

    def __init__(self) -> None:
        super().__init__()
        from workbench.services.intake import Intake

        article = self.review.articles.add(Intake().paste("Проверка."), "")
        (self.segment,) = article.segments
        self.target, self.state, self.before_lock = "", "new", "new"
        self.remembered: str | None = None
        self.revision = 0
        self.typed: list[str] = []

    def attempt(self, act: Act, text: str, stale: bool) -> bool:
        revision = self.revision - 1 if stale else self.revision
        try:
            act(self.segment.id, text, revision, "Аня")
        except (RowChanged, RowLocked) as conflict:
            shown = conflict.current.target
        else:
            return True
        assert stale or self.state == "locked"
        assert shown == self.target
        return False

    @rule(text=targets, stale=st.booleans())
    def save(self, text: str, stale: bool) -> None:
        if self.attempt(self.review.save, text, stale) and text != self.target:
            assert not stale
            self.target, self.state, self.revision = text, "edited", self.revision + 1
            self.typed.append(text)

    @rule(text=targets, stale=st.booleans())
    def confirm(self, text: str, stale: bool) -> None:
        settled = self.state == "confirmed" and text == self.target
        if self.attempt(self.review.confirm, text, stale) and not settled:
            assert not stale
            self.target, self.state, self.revision = text, "confirmed", self.revision + 1
            self.remembered = text
            self.typed.append(text)

    @rule(text=targets)
    def draft(self, text: str) -> None:
        row = self.review.articles.save_draft(Row(self.segment, text, "drafted", "machine"))
        if self.state in ("new", "drafted"):
            self.target, self.state, self.revision = text, "drafted", self.revision + 1
        assert row.target == self.target

    @rule()
    def lock(self) -> None:
        self.review.lock(self.segment.id, self.revision, "Аня")
        if self.state != "locked":
            self.before_lock, self.state = self.state, "locked"
            self.revision += 1

    @rule()
    def unlock(self) -> None:
        self.review.unlock(self.segment.id, self.revision, "Аня")
        if self.state == "locked":
            self.state = self.before_lock
            self.revision += 1

    @invariant()
    def row_memory_and_history_agree(self) -> None:
        row = self.review.articles.row(self.segment.id)
        assert (row.target, row.state, row.revision) == (self.target, self.state, self.revision)
        unit = self.review.units.of_segment(self.segment.id)
        assert (unit.target if unit else None) == self.remembered
        versions = self.review.history(self.segment.id)
        assert [version.revision for version in versions] == list(range(self.revision, 0, -1))
        kept = [v.target for v in versions if v.action in ("save", "confirm")]
        assert kept[::-1] == self.typed


def test_any_acts_in_any_order(database: Database) -> None:
    units = Units(database)
    Editing.review = Review(
        database,
        Articles(database),
        units,
        Terminology(Terms(database)),
        Checks(),
        Memory(units),
    )
    quiet = [HealthCheck.too_slow]
    run_state_machine_as_test(
        Editing,
        settings=settings(
            max_examples=25, stateful_step_count=15, deadline=None, suppress_health_check=quiet
        ),
    )


def test_the_article_shows_what_was_done(workbench: Workbench, article: Article) -> None:
    first, second, _ = article.segments
    workbench.review.confirm(first.id, "一", 0, "Аня")
    workbench.articles.save_draft(replace(Row(second), target="机", state="drafted"))
    (summary,) = workbench.articles.list()
    assert summary.counts == {"confirmed": 1, "drafted": 1, "new": 1}
    assert [row.target for row in workbench.articles.rows(article.id)] == ["一", "机", ""]
