"""The evaluators' lab: repeatable runs, frozen sets, effort, human judgement."""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Integer,
    String,
    Text,
    UniqueConstraint,
    false,
)

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the columns and the tables."""
    for column in (
        _text("title"),
        Column("state", String(16), nullable=False, server_default="done"),
        _json("settings", "{}"),
        Column("digest", String(64), nullable=False, server_default=""),
        _number("job_id"),
        _text("started"),
        _text("finished"),
    ):
        op.add_column("evaluations", column)
    _runs()
    _sets()
    _effort()
    _judgement()


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


def _json(name: str, default: str = "[]") -> Column[object]:
    return Column(name, JSON, nullable=False, server_default=default)


def _key() -> Column[int]:
    return Column("id", Integer, primary_key=True, autoincrement=True)


def _ref(name: str, target: str) -> Column[int]:
    return Column(name, Integer, ForeignKey(target, ondelete="CASCADE"), nullable=False, index=True)


def _runs() -> None:
    op.create_table(
        "run_outputs",
        _key(),
        _ref("evaluation_id", "evaluations.id"),
        Column("system", String(200), nullable=False),
        _number("n"),
        _text("text"),
        _json("receipts"),
        UniqueConstraint("evaluation_id", "system", "n"),
    )
    op.create_table(
        "baselines",
        Column("set_name", String(200), primary_key=True),
        _ref("evaluation_id", "evaluations.id"),
        Column("system", String(200), nullable=False, server_default=""),
        _text("author"),
        _text("created"),
    )


def _sets() -> None:
    op.create_table(
        "frozen_sets",
        _key(),
        Column("name", String(200), nullable=False, unique=True),
        Column("digest", String(64), nullable=False),
        _json("manifest"),
        _text("author"),
        _text("created"),
    )
    op.create_table(
        "frozen_pairs",
        _key(),
        _ref("set_id", "frozen_sets.id"),
        _number("n"),
        _number("article_id"),
        _number("segment_id"),
        Column("source_key", String(32), nullable=False, index=True),
        _text("source"),
        _text("target"),
        _text("document"),
    )


def _effort() -> None:
    op.create_table(
        "efforts",
        _key(),
        _ref("segment_id", "segments.id"),
        _number("article_id"),
        _text("author"),
        _text("created"),
        _number("revision"),
        _number("active_ms"),
        _number("elapsed_ms"),
        _number("keystrokes"),
        _number("inserted"),
        _number("deleted"),
        _number("pauses"),
        _text("key"),
        UniqueConstraint("segment_id", "key"),
    )


def _judgement() -> None:
    op.create_table(
        "campaigns",
        _key(),
        Column("name", String(200), nullable=False, unique=True),
        _ref("evaluation_id", "evaluations.id"),
        Column("kind", String(16), nullable=False),
        _json("settings"),
        Column("closed", Boolean, nullable=False, server_default=false()),
        _text("author"),
        _text("created"),
    )
    op.create_table(
        "campaign_items",
        _key(),
        _ref("campaign_id", "campaigns.id"),
        _number("position"),
        _number("n"),
        Column("system", String(200), nullable=False),
        Column("check", String(16), nullable=False, server_default=""),
        _number("twin"),
        _text("source"),
        _text("text"),
        UniqueConstraint("campaign_id", "position"),
    )
    op.create_table(
        "judgements",
        _key(),
        _ref("item_id", "campaign_items.id"),
        Column("author", String(80), nullable=False, index=True),
        Column("score", Float),
        _json("spans"),
        _number("active_ms"),
        _text("created"),
    )
