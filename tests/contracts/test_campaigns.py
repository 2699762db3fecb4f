"""Campaigns of human judgement in the store, on each database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.domain.judgement import Campaign, CampaignSettings, ErrorSpan, Item, Judgement
from workbench.domain.quality import Evaluation
from workbench.errors import Conflict, NotFound
from workbench.storage.campaigns import Campaigns
from workbench.storage.database import Database
from workbench.storage.evaluations import Evaluations

SETTINGS = CampaignSettings(7, ("a", "b"), (0, 1), 0.2, ("Аня",), ((1, "b", "a"),), "newsdesk")
ITEMS = (
    Item(0, 1, "a", "Да.", "是的。"),
    Item(1, 0, "b", "Нет.", "不。"),
    Item(2, 1, "a", "Да.", "是的。", "repeat", 0),
)


@pytest.fixture
def campaigns(store: Database) -> Campaigns:
    Evaluations(store).add(Evaluation("newsdesk", 2, ("a", "b"), {}))
    return Campaigns(store)


def make(campaigns: Campaigns, name: str = "осень") -> Campaign:
    return campaigns.add(Campaign(name, 1, "da", SETTINGS), ITEMS, "Ира")


def test_a_campaign_comes_back_as_it_went_in(campaigns: Campaigns) -> None:
    made = make(campaigns)
    assert made.settings == SETTINGS
    assert (made.items, made.author, made.closed) == (3, "Ира", False)
    assert campaigns.list() == (made,)
    found = campaigns.items(made.id)
    assert [replace(item, id=0, campaign_id=0, twin=0) for item in found] == [
        replace(item, twin=0) for item in ITEMS
    ]
    assert found[2].twin == found[0].id
    assert campaigns.items(made.id, 1, 1) == found[1:2]
    assert campaigns.item(found[1].id) == found[1]


def test_a_name_is_given_once_and_what_is_not_there_is_said(campaigns: Campaigns) -> None:
    make(campaigns)
    with pytest.raises(Conflict):
        make(campaigns)
    assert len(campaigns.list()) == 1
    for act in (campaigns.get, campaigns.item, campaigns.close):
        with pytest.raises(NotFound):
            act(99)
    with pytest.raises(NotFound):
        campaigns.invite(99, ["Аня"])


def test_the_newest_judgement_counts_and_nothing_is_lost(campaigns: Campaigns) -> None:
    first, second, _ = campaigns.items(make(campaigns).id)
    span = ErrorSpan(0, 1, "mistranslation", "major", "не то")
    campaigns.judge(Judgement(first.id, "Аня", 40.0))
    again = campaigns.judge(Judgement(first.id, "Аня", 55.0, active_ms=900))
    assert campaigns.judge(Judgement(first.id, "Аня", 55.0, active_ms=5)) == again
    campaigns.judge(Judgement(first.id, "Боря", 10.0))
    campaigns.judge(Judgement(second.id, "Боря", None, (span,)))
    assert campaigns.judgements(1, "Аня") == (again,)
    assert [said.spans for said in campaigns.judgements(1, "Боря")] == [(), (span,)]
    assert [said.author for said in campaigns.judgements(1)] == ["Аня", "Боря", "Боря"]
    assert campaigns.progress(1) == {"Аня": 1, "Боря": 2}


def test_a_closed_campaign_takes_nothing(campaigns: Campaigns) -> None:
    made = make(campaigns)
    item = campaigns.items(made.id)[0]
    assert campaigns.invite(made.id, ["Боря", "Аня"]).settings.judges == ("Аня", "Боря")
    assert campaigns.close(made.id).closed
    with pytest.raises(Conflict):
        campaigns.judge(Judgement(item.id, "Аня", 40.0))
    assert campaigns.judgements(made.id) == ()
    with pytest.raises(NotFound):
        campaigns.judge(Judgement(10_000, "Аня", 40.0))


def test_only_what_nobody_judged_can_go(campaigns: Campaigns) -> None:
    made, judged = make(campaigns), make(campaigns, "зима")
    campaigns.judge(Judgement(campaigns.items(judged.id)[0].id, "Аня", 40.0))
    campaigns.delete(made.id)
    assert campaigns.list() == (judged,)
    assert campaigns.items(made.id) == ()
    with pytest.raises(Conflict):
        campaigns.delete(judged.id)
    with pytest.raises(NotFound):
        campaigns.delete(made.id)
