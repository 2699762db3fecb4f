"""The terminology desk: harvest queue, patches, ignored names, exports, batches of terms."""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    JSON,
    Column,
    Float,
    ForeignKey,
    Integer,
    String,
    Text,
    UniqueConstraint,
)

revision = "0002"
down_revision = "0001"


def _key() -> Column[int]:
    return Column("id", Integer, primary_key=True, autoincrement=True)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


def upgrade() -> None:
    """Add the tables and the column."""
    op.add_column("terms", Column("batch", String(32), nullable=False, server_default=""))
    _candidates()
    _patches_and_names()
    _exports()


def _candidates() -> None:
    op.create_table(
        "candidates",
        _key(),
        Column("pair", String(16), nullable=False),
        Column("kind", String(16), nullable=False),
        _text("source"),
        _text("target"),
        Column("type", String(16), nullable=False),
        Column("key", String(32), nullable=False),
        _text("document"),
        _number("start"),
        _number("end"),
        _text("pattern"),
        _text("evidence"),
        _text("url"),
        Column("score", Float, nullable=False, server_default="0"),
        Column("state", String(16), nullable=False),
        _text("author"),
        _text("created"),
        _text("decided_by"),
        _text("decided"),
        _text("reason"),
        _number("term_id"),
        _number("unit_id"),
        UniqueConstraint("pair", "key"),
    )


def _patches_and_names() -> None:
    op.create_table(
        "patches",
        _key(),
        _number("term_id"),
        _text("author"),
        _text("created"),
        _text("reason"),
        Column("content", JSON, nullable=False),
        _text("undone"),
        _text("undone_by"),
    )
    op.create_table(
        "ignored_names",
        _key(),
        Column("pair", String(16), nullable=False),
        Column("key", String(120), nullable=False),
        _number("article_id"),
        _text("author"),
        _text("created"),
        UniqueConstraint("pair", "key", "article_id"),
    )


def _exports() -> None:
    op.create_table(
        "exports",
        _key(),
        Column(
            "article_id",
            Integer,
            ForeignKey("articles.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        Column("format", String(20), nullable=False),
        _text("author"),
        _text("created"),
        _text("glossary_version"),
        Column("digest", String(32), nullable=False),
    )
