"""The tables, for SQLite and PostgreSQL alike.

Everything a person typed is append-only history (``*_versions``); the current row is the
newest version, kept beside it for speed. Times are ISO 8601 text in UTC.
"""

from __future__ import annotations

import re

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Writing(TypeDecorator[str]):
    """Text without the two kinds of characters that no database holds: NUL and lone surrogates."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Leave them out; they come from broken programs, never from a person."""
        return None if value is None else _UNSTORABLE.sub("", value)


_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def _key() -> Column[int]:
    return Column("id", Integer, primary_key=True, autoincrement=True)


def _text(name: str) -> Column[str]:
    return Column(name, Writing, nullable=False, server_default="")


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


def _json(name: str) -> Column[object]:
    return Column(name, JSON, nullable=False, server_default="[]")


def _ref(name: str, target: str) -> Column[int]:
    return Column(name, Integer, ForeignKey(target, ondelete="CASCADE"), nullable=False, index=True)


accounts = Table(
    "accounts",
    metadata,
    _key(),
    Column("name", String(80), nullable=False, unique=True),
    Column("role", String(20), nullable=False),
    _text("password"),
    _text("created"),
    Column("disabled", Boolean, nullable=False, server_default=text("false")),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token", String(64), primary_key=True),  # SHA-256 of the cookie, never the cookie
    _ref("account_id", "accounts.id"),
    _text("created"),
    _text("expires"),
)

articles = Table(
    "articles",
    metadata,
    _key(),
    Column("pair", String(16), nullable=False),
    _text("title"),
    _text("author"),
    _text("outlet"),
    _text("date"),
    _text("url"),
    _text("name"),
    _text("created"),
    _text("created_by"),
    _text("changed"),
    _text("changed_by"),
    _text("deleted"),
)

blocks = Table(
    "blocks",
    metadata,
    _key(),
    _ref("article_id", "articles.id"),
    _number("n"),
    Column("kind", String(16), nullable=False),
    _number("level"),
    _text("text"),
)

segments = Table(
    "segments",
    metadata,
    _key(),
    _ref("article_id", "articles.id"),
    _ref("block_id", "blocks.id"),
    _number("n"),
    _number("start"),
    _number("end"),
    _text("source"),
    _text("target"),
    Column("state", String(16), nullable=False, server_default="new"),
    Column("origin", String(16), nullable=False, server_default=""),
    _text("engine"),
    _number("score"),
    _number("revision"),
    _text("author"),
    _text("changed"),
    _json("hits"),
    _json("receipts"),
    _json("issues"),
)

segment_versions = Table(
    "segment_versions",
    metadata,
    _key(),
    _ref("segment_id", "segments.id"),
    _number("revision"),
    _text("target"),
    Column("state", String(16), nullable=False),
    Column("origin", String(16), nullable=False, server_default=""),
    _text("engine"),
    _text("author"),
    _text("created"),
    _text("action"),  # draft, save, confirm, reopen, lock, unlock, restore
    UniqueConstraint("segment_id", "revision"),
)

dismissals = Table(
    "dismissals",
    metadata,
    _key(),
    _ref("segment_id", "segments.id"),
    Column("issue_id", String(64), nullable=False),
    _text("reason"),
    _text("author"),
    _text("created"),
    UniqueConstraint("segment_id", "issue_id"),
)

terms = Table(
    "terms",
    metadata,
    _key(),
    Column("pair", String(16), nullable=False),
    _text("source"),
    _text("target"),
    Column("type", String(16), nullable=False),
    Column("status", String(16), nullable=False),
    _json("variants"),
    _json("forbidden"),
    Column("needs_quotes", Boolean, nullable=False, server_default=text("false")),
    _text("valid_from"),
    _text("valid_to"),
    _text("note"),
    _text("provenance"),
    _text("base"),  # digest of the shipped row it came from; empty for local entries
    Column("local", Boolean, nullable=False, server_default=text("false")),  # changed by a person
    _number("revision"),
    _text("author"),
    _text("changed"),
    _text("deleted"),
    Index("ix_terms_pair_source", "pair", "source"),
)

term_forms = Table(
    "term_forms",
    metadata,
    _key(),
    _ref("term_id", "terms.id"),
    _text("text"),
    Column("case", String(16), nullable=False, server_default=""),
    Column("how", String(16), nullable=False, server_default="generated"),
)

term_versions = Table(
    "term_versions",
    metadata,
    _key(),
    _ref("term_id", "terms.id"),
    _number("revision"),
    Column("content", JSON, nullable=False),
    _text("author"),
    _text("created"),
    _text("reason"),
    UniqueConstraint("term_id", "revision"),
)

batches = Table(
    "batches",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("origin", String(16), nullable=False),  # import, seed
    _text("name"),
    _number("units"),
    _number("skipped"),
    _text("author"),
    _text("created"),
    _text("finished"),  # empty for an import that was cut off
    _text("withdrawn"),
)

units = Table(
    "units",
    metadata,
    _key(),
    Column("pair", String(16), nullable=False),
    _text("source"),
    _text("target"),
    Column("source_key", String(32), nullable=False),  # digest of the normalised source
    Column("slot_key", String(32), nullable=False),  # the same with numbers as slots
    Column("target_key", String(32), nullable=False),
    Column("context_key", String(32), nullable=False, server_default=""),
    _text("before"),
    _text("after"),
    _number("length"),
    _text("article"),
    _number("article_id"),
    _number("segment_id"),
    _text("author"),
    _text("created"),
    _text("changed"),
    _text("glossary_version"),
    Column("origin", String(16), nullable=False),
    Column("batch", String(32), nullable=False, server_default=""),
    _text("note"),
    _json("props"),
    _number("revision"),
    _number("sequence"),  # rises with every change; derived indexes replay it
    _text("deleted"),
    # None begins with the pair: SQLite would then choose it for any query that names the pair.
    Index("ix_units_source_key", "source_key"),
    Index("ix_units_slot_key", "slot_key"),
    Index("ix_units_segment_id", "segment_id"),
    Index("ix_units_batch", "batch"),
    Index("ix_units_sequence", "sequence"),
)

unit_versions = Table(
    "unit_versions",
    metadata,
    _key(),
    _ref("unit_id", "units.id"),
    _number("revision"),
    _text("source"),
    _text("target"),
    _text("author"),
    _text("created"),
    _text("reason"),
    UniqueConstraint("unit_id", "revision"),
)

jobs = Table(
    "jobs",
    metadata,
    _key(),
    Column("kind", String(20), nullable=False),  # draft, evaluate, import
    _number("article_id"),
    Column("parameters", JSON, nullable=False, server_default="{}"),
    Column("state", String(16), nullable=False),  # queued, running, done, failed, cancelled
    _number("done"),
    _number("total"),
    Column("problem", JSON, nullable=False, server_default="{}"),  # key and values of the error
    Column("result", JSON, nullable=False, server_default="{}"),
    _text("author"),
    _text("created"),
    _text("started"),
    _text("finished"),
    Column("heartbeat", Float, nullable=False, server_default="0"),
    _text("worker"),
)

evaluations = Table(
    "evaluations",
    metadata,
    _key(),
    _text("set_name"),
    _number("size"),
    Column("content", JSON, nullable=False),
    _text("author"),
    _text("created"),
)

counters = Table(
    "counters",
    metadata,
    Column("name", String(40), primary_key=True),
    _number("value"),
)
