"""Human judgement of the outputs of a stored run: campaigns, what a judge sees and says."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from workbench.domain.judgement import (
    CATEGORIES,
    KINDS,
    Campaign,
    CampaignSettings,
    ErrorSpan,
    Item,
    Judgement,
    Kind,
    Results,
)
from workbench.domain.quality import Evaluation
from workbench.errors import Conflict, Forbidden, InputError, NotFound, SettingsError
from workbench.services.accounts import Identity
from workbench.services.evaluation.campaign_items import make_items
from workbench.services.evaluation.judgement_results import results
from workbench.storage.campaigns import Campaigns

SHEET = 20  # items that a judge is given at a time: fewer than lie between a text and its copy
SEED = 12345
LONGEST_NAME = 200
LONGEST_NOTE = 1000
MOST_CHECKS = 0.5


class Runs(Protocol):
    """Where stored runs come from."""

    def get(self, number: int) -> Evaluation:
        """Return a stored run with its outputs. Raises NotFound."""
        ...


@dataclass(frozen=True, slots=True)
class Task:
    """A campaign as one judge sees it: nothing in it names a system."""

    id: int
    name: str
    kind: Kind
    done: int
    total: int
    closed: bool
    created: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Some consecutive items for one judge with what that judge has said of them.

    ``number`` counts from 0 to ``sheets - 1``. Systems and checks must not reach the judge.
    """

    task: Task
    number: int
    sheets: int
    items: tuple[Item, ...]
    said: dict[int, Judgement]


class HumanJudgement:
    """Campaigns over the outputs of stored runs."""

    def __init__(self, campaigns: Campaigns, runs: Runs) -> None:
        """Keep them in *campaigns*; *runs* has the outputs."""
        self.campaigns = campaigns
        self.runs = runs

    # -- evaluators ---------------------------------------------------------------------

    def create(
        self,
        name: str,
        run: int,
        kind: Kind,
        author: str,
        systems: Sequence[str] = (),
        lines: int | None = None,
        checks: float = 0.1,
        judges: Sequence[str] = (),
        seed: int = SEED,
    ) -> Campaign:
        """Make a campaign of *systems* (all, if none is named) over a run.

        *lines* takes so many lines of the set by chance. Raises NotFound, InputError,
        SettingsError, Conflict when the name is taken.
        """
        title = name.strip()
        if not title or len(title) > LONGEST_NAME or not title.isprintable():
            raise InputError("judgement.no_name")
        if kind not in KINDS:
            raise SettingsError("judgement.bad_kind", name=kind)
        if not 0 <= checks <= MOST_CHECKS:
            raise SettingsError("judgement.bad_checks", share=checks)
        stored = self.runs.get(run)
        chosen = self._systems(stored, systems)
        if not stored.sources:
            raise InputError("judgement.no_sources", id=run)
        if any(len(stored.outputs[system]) != stored.size for system in chosen):
            raise Conflict("judgement.unfinished", id=run)
        if stored.size < 1 or (lines is not None and lines < 1):
            raise InputError("judgement.no_lines", id=run)
        numbers = list(range(stored.size))
        if lines is not None and lines < len(numbers):
            numbers = sorted(random.Random(seed).sample(numbers, lines))
        items, shared = make_items(stored, chosen, numbers, checks, seed)
        settings = CampaignSettings(
            seed,
            tuple(chosen),
            tuple(numbers),
            checks,
            tuple(dict.fromkeys(judges)),
            shared,
            stored.set_name,
        )
        return self.campaigns.add(Campaign(title, run, kind, settings), items, author)

    def invite(self, number: int, judges: Sequence[str]) -> Campaign:
        """Let people judge who are no evaluators. Raises NotFound, Conflict when it is closed."""
        campaign = self.campaigns.get(number)
        if campaign.closed:
            raise Conflict("judgement.closed", name=campaign.name)
        return self.campaigns.invite(number, [name.strip() for name in judges if name.strip()])

    def close(self, number: int) -> Campaign:
        """End a campaign for good: the systems' names become visible. Raises NotFound."""
        self.campaigns.get(number)
        return self.campaigns.close(number)

    def delete(self, number: int) -> None:
        """Remove a campaign that nobody has judged yet. Raises NotFound, Conflict."""
        self.campaigns.delete(number)

    def results(self, number: int, without: Sequence[str] = ()) -> Results:
        """Return judges and agreement, and after the end the systems' scores. Raises NotFound.

        *without* leaves judges out of scores and agreement, those who failed the checks.
        """
        campaign = self.campaigns.get(number)
        items = self.campaigns.items(number)
        return results(campaign, items, self.campaigns.judgements(number), tuple(without))

    def unblinded(self, number: int) -> tuple[Campaign, tuple[Item, ...], tuple[Judgement, ...]]:
        """Return everything of a closed campaign, for export. Raises NotFound, Conflict."""
        campaign = self.campaigns.get(number)
        if not campaign.closed:
            raise Conflict("judgement.still_open", name=campaign.name, id=number)
        return campaign, self.campaigns.items(number), self.campaigns.judgements(number)

    # -- judges -------------------------------------------------------------------------

    def tasks(self, judge: Identity) -> tuple[Task, ...]:
        """Return the campaigns that *judge* may judge, the newest first."""
        open_to = [each for each in self.campaigns.list() if may_judge(judge, each)]
        return tuple(self._task(campaign, judge) for campaign in open_to)

    def awaits(self, judge: Identity) -> bool:
        """Tell whether an open campaign is there that *judge* may judge."""
        return any(not c.closed and may_judge(judge, c) for c in self.campaigns.list())

    def sheet(self, number: int, judge: Identity, which: int | None = None) -> Sheet:
        """Return a sheet of items; by default the first with something left to judge.

        Raises NotFound, Forbidden.
        """
        campaign = self._admitted(number, judge)
        said = {each.item_id: each for each in self.campaigns.judgements(number, judge.name)}
        sheets = max(1, -(-campaign.items // SHEET))
        if which is None:
            left = (item for item in self.campaigns.items(number) if item.id not in said)
            first = next(left, None)
            which = first.position // SHEET if first is not None else 0
        which = min(max(which, 0), sheets - 1)
        items = self.campaigns.items(number, which * SHEET, SHEET)
        return Sheet(self._task(campaign, judge), which, sheets, items, said)

    def judge(
        self,
        item_id: int,
        judge: Identity,
        score: float | None,
        spans: Sequence[ErrorSpan],
        active_ms: int = 0,
    ) -> tuple[Judgement, Task]:
        """Keep what *judge* says of an item; return it with the judge's progress.

        Raises NotFound, Forbidden, InputError, Conflict when the campaign is closed.
        """
        item = self.campaigns.item(item_id)
        campaign = self._admitted(item.campaign_id, judge)
        said = Judgement(item_id, judge.name, score, tuple(spans), active_ms)
        checked = _scored(said) if campaign.kind == "da" else _marked(said, item)
        kept = self.campaigns.judge(checked)
        return kept, self._task(campaign, judge)

    # -- inside -------------------------------------------------------------------------

    def _systems(self, run: Evaluation, names: Sequence[str]) -> list[str]:
        known = ", ".join(run.systems)
        for name in names:
            if name not in run.outputs:
                raise NotFound("judgement.no_system", id=run.id, name=name, known=known)
        return list(dict.fromkeys(names)) or list(run.systems)

    def _admitted(self, number: int, judge: Identity) -> Campaign:
        campaign = self.campaigns.get(number)
        if not may_judge(judge, campaign):
            raise Forbidden("judgement.not_invited")
        return campaign

    def _task(self, campaign: Campaign, judge: Identity) -> Task:
        done = self.campaigns.progress(campaign.id).get(judge.name, 0)
        return Task(
            campaign.id,
            campaign.name,
            campaign.kind,
            done,
            campaign.items,
            campaign.closed,
            campaign.created,
        )


def may_judge(judge: Identity, campaign: Campaign) -> bool:
    """Tell whether somebody may judge: evaluators may, and who is invited by name."""
    return judge.may("evaluate") or judge.name in campaign.settings.judges


def _scored(said: Judgement) -> Judgement:
    if said.score is None:
        raise InputError("judgement.no_score")
    if not 0 <= said.score <= 100:  # also refuses what is no number
        raise InputError("judgement.bad_score", score=said.score)
    return replace(said, spans=())


def _marked(said: Judgement, item: Item) -> Judgement:
    length = len(item.text)
    for span in said.spans:
        if not 0 <= span.start <= span.end <= length:
            place = {"start": span.start, "end": span.end, "length": length}
            raise InputError("judgement.bad_span", **place)
        if span.category not in CATEGORIES:
            raise InputError(
                "judgement.bad_category", name=span.category, known=", ".join(CATEGORIES)
            )
    spans = tuple(replace(span, note=span.note[:LONGEST_NOTE]) for span in said.spans)
    return replace(said, score=None, spans=spans)
