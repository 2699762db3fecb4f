"""Campaigns of human judgement, their items and what the judges said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from workbench.domain.judgement import Campaign, CampaignSettings, ErrorSpan, Item, Judgement
from workbench.errors import Conflict, NotFound
from workbench.storage.database import Database, now
from workbench.storage.lab_schema import campaign_items as items
from workbench.storage.lab_schema import campaigns
from workbench.storage.lab_schema import judgements as said

Many = tuple[Item, ...]


class Campaigns:
    """The campaigns of one database."""

    def __init__(self, database: Database) -> None:
        """Keep them in *database*."""
        self.database = database

    # -- campaigns ----------------------------------------------------------------------

    def add(self, campaign: Campaign, made: Sequence[Item], author: str) -> Campaign:
        """Store a campaign with its items; raises Conflict when the name is taken."""
        values = {
            "name": campaign.name,
            "evaluation_id": campaign.evaluation_id,
            "kind": campaign.kind,
            "settings": asdict(campaign.settings),
            "author": author,
            "created": now(),
        }
        try:
            with self.database.begin() as connection:
                new = insert(campaigns).values(**values).returning(campaigns.c.id)
                number = connection.execute(new).scalar_one()
                _add_items(connection, number, made)
        except IntegrityError as error:
            raise Conflict("judgement.name_taken", name=campaign.name) from error
        return self.get(number)

    def get(self, number: int) -> Campaign:
        """Return a campaign. Raises NotFound."""
        with self.database.read() as connection:
            row = connection.execute(_counted().where(campaigns.c.id == number)).mappings().first()
        if row is None:
            raise NotFound("judgement.no_campaign", id=number)
        return _campaign(row)

    def list(self) -> tuple[Campaign, ...]:
        """Return the campaigns, the newest first."""
        with self.database.read() as connection:
            rows = connection.execute(_counted().order_by(campaigns.c.id.desc())).mappings()
            return tuple(_campaign(row) for row in rows)

    def close(self, number: int) -> Campaign:
        """End a campaign: nothing is judged any more, and the systems may be named."""
        with self.database.begin() as connection:
            ended = update(campaigns).where(campaigns.c.id == number)
            connection.execute(ended.values(closed=True))
        return self.get(number)

    def invite(self, number: int, judges: Sequence[str]) -> Campaign:
        """Add people who may judge. Raises NotFound."""
        with self.database.begin() as connection:
            found = select(campaigns.c.settings).where(campaigns.c.id == number).with_for_update()
            settings = connection.execute(found).scalar_one_or_none()
            if settings is None:
                raise NotFound("judgement.no_campaign", id=number)
            known = dict.fromkeys([*settings["judges"], *judges])
            changed = update(campaigns).where(campaigns.c.id == number)
            connection.execute(changed.values(settings={**settings, "judges": list(known)}))
        return self.get(number)

    def delete(self, number: int) -> None:
        """Remove a campaign that nobody has judged yet. Raises NotFound, Conflict."""
        with self.database.begin() as connection:
            found = select(campaigns.c.name).where(campaigns.c.id == number).with_for_update()
            name = connection.execute(found).scalar_one_or_none()
            if name is None:
                raise NotFound("judgement.no_campaign", id=number)
            judged = select(said.c.id).join(items, items.c.id == said.c.item_id)
            if connection.execute(judged.where(items.c.campaign_id == number).limit(1)).first():
                raise Conflict("judgement.judged", name=name)
            connection.execute(delete(campaigns).where(campaigns.c.id == number))

    # -- items --------------------------------------------------------------------------

    def items(self, number: int, first: int = 0, count: int | None = None) -> Many:
        """Return items in their order, *count* from position *first* (from 0) on."""
        wanted = select(items).where(items.c.campaign_id == number, items.c.position >= first)
        with self.database.read() as connection:
            ordered = wanted.order_by(items.c.position).limit(count)
            return tuple(_item(row) for row in connection.execute(ordered).mappings())

    def item(self, item_id: int) -> Item:
        """Return one item. Raises NotFound."""
        with self.database.read() as connection:
            found = connection.execute(select(items).where(items.c.id == item_id)).mappings()
            row = found.one_or_none()
        if row is None:
            raise NotFound("judgement.no_item", id=item_id)
        return _item(row)

    # -- judgements ---------------------------------------------------------------------

    def judge(self, judgement: Judgement) -> Judgement:
        """Append what a judge says; the newest counts. Saying the same again changes nothing.

        Raises NotFound, Conflict when the campaign is closed.
        """
        with self.database.begin() as connection:
            home = select(campaigns.c.closed, campaigns.c.name).join(
                items, items.c.campaign_id == campaigns.c.id
            )
            asked = home.where(items.c.id == judgement.item_id).with_for_update(of=campaigns)
            campaign = connection.execute(asked).first()
            if campaign is None:
                raise NotFound("judgement.no_item", id=judgement.item_id)
            if campaign.closed:
                raise Conflict("judgement.closed", name=campaign.name)
            last = (
                select(said)
                .where(said.c.item_id == judgement.item_id, said.c.author == judgement.author)
                .order_by(said.c.id.desc())
                .limit(1)
            )
            row = connection.execute(last).mappings().first()
            if row is not None:
                before = _judgement(row)
                if (before.score, before.spans) == (judgement.score, judgement.spans):
                    return before
            values = {
                "item_id": judgement.item_id,
                "author": judgement.author,
                "score": judgement.score,
                "spans": [asdict(span) for span in judgement.spans],
                "active_ms": judgement.active_ms,
                "created": now(),
            }
            new = insert(said).values(**values).returning(said)
            return _judgement(connection.execute(new).mappings().one())

    def judgements(self, number: int, author: str | None = None) -> tuple[Judgement, ...]:
        """Return the newest judgement of each judge and item of a campaign."""
        last = (
            select(func.max(said.c.id))
            .join(items, items.c.id == said.c.item_id)
            .where(items.c.campaign_id == number)
            .group_by(said.c.item_id, said.c.author)
        )
        if author is not None:
            last = last.where(said.c.author == author)
        wanted = select(said).join(items, items.c.id == said.c.item_id).where(said.c.id.in_(last))
        wanted = wanted.order_by(items.c.position, said.c.id)
        with self.database.read() as connection:
            return tuple(_judgement(row) for row in connection.execute(wanted).mappings())

    def progress(self, number: int) -> dict[str, int]:
        """Return how many items each judge has judged."""
        wanted = (
            select(said.c.author, func.count(said.c.item_id.distinct()))
            .join(items, items.c.id == said.c.item_id)
            .where(items.c.campaign_id == number)
            .group_by(said.c.author)
            .order_by(said.c.author)
        )
        with self.database.read() as connection:
            return {str(author): int(count) for author, count in connection.execute(wanted)}


def _add_items(connection: Connection, number: int, made: Sequence[Item]) -> None:
    """Store items; the twins, which are positions, become ids."""
    records = [
        {
            "campaign_id": number,
            "position": item.position,
            "n": item.n,
            "system": item.system,
            "check": item.check,
            "source": item.source,
            "text": item.text,
        }
        for item in made
    ]
    connection.execute(insert(items), records)
    placed = select(items.c.position, items.c.id).where(items.c.campaign_id == number)
    ids = {int(position): int(found) for position, found in connection.execute(placed)}
    for item in made:
        if item.check:
            twin = update(items).where(items.c.id == ids[item.position])
            connection.execute(twin.values(twin=ids[item.twin]))


def _counted() -> Select[Any]:
    count = select(func.count(items.c.id)).where(items.c.campaign_id == campaigns.c.id)
    return select(campaigns, count.scalar_subquery().label("items"))


def _campaign(row: RowMapping) -> Campaign:
    values = dict(row["settings"])
    shared = tuple((n, mine, theirs) for n, mine, theirs in values.pop("shared", ()))
    lists: dict[str, Any] = {
        name: tuple(values.pop(name, ())) for name in ("systems", "lines", "judges")
    }
    names = ("name", "evaluation_id", "kind", "closed", "author", "created", "id", "items")
    settings = CampaignSettings(**values, **lists, shared=shared)
    return Campaign(settings=settings, **{name: row[name] for name in names})


def _item(row: RowMapping) -> Item:
    return Item(**{name: row[name] for name in Item.__dataclass_fields__})


def _judgement(row: RowMapping) -> Judgement:
    values = {name: row[name] for name in Judgement.__dataclass_fields__}
    return replace(Judgement(**values), spans=tuple(ErrorSpan(**span) for span in row["spans"]))
