"""The tables, for SQLite and PostgreSQL alike.

Everything a person typed is append-only history (``*_versions``); the current row is the
newest version, kept beside it for speed. Times are ISO 8601 text in UTC.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    false,
)

from workbench.storage.columns import json, key, metadata, number, ref, text

accounts = Table(
    "accounts",
    metadata,
    key(),
    Column("name", String(80), nullable=False, unique=True),
    Column("role", String(20), nullable=False),
    text("password"),
    text("created"),
    Column("disabled", Boolean, nullable=False, server_default=false()),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token", String(64), primary_key=True),  # SHA-256 of the cookie, never the cookie
    ref("account_id", "accounts.id"),
    text("created"),
    text("expires"),
)

articles = Table(
    "articles",
    metadata,
    key(),
    Column("pair", String(16), nullable=False),
    text("title"),
    text("author"),
    text("outlet"),
    text("date"),
    text("url"),
    text("name"),
    text("created"),
    text("created_by"),
    text("changed"),
    text("changed_by"),
    text("deleted"),
)

blocks = Table(
    "blocks",
    metadata,
    key(),
    ref("article_id", "articles.id"),
    number("n"),
    Column("kind", String(16), nullable=False),
    number("level"),
    text("text"),
)

segments = Table(
    "segments",
    metadata,
    key(),
    ref("article_id", "articles.id"),
    ref("block_id", "blocks.id"),
    number("n"),
    number("start"),
    number("end"),
    text("source"),
    text("target"),
    Column("state", String(16), nullable=False, server_default="new"),
    Column("origin", String(16), nullable=False, server_default=""),
    text("engine"),
    number("score"),
    number("revision"),
    text("author"),
    text("changed"),
    json("hits"),
    json("receipts"),
    json("issues"),
)

segment_versions = Table(
    "segment_versions",
    metadata,
    key(),
    ref("segment_id", "segments.id"),
    number("revision"),
    text("target"),
    Column("state", String(16), nullable=False),
    Column("origin", String(16), nullable=False, server_default=""),
    text("engine"),
    text("author"),
    text("created"),
    text("action"),  # draft, save, confirm, reopen, lock, unlock, restore
    UniqueConstraint("segment_id", "revision"),
)

dismissals = Table(
    "dismissals",
    metadata,
    key(),
    ref("segment_id", "segments.id"),
    Column("issue_id", String(64), nullable=False),
    text("reason"),
    text("author"),
    text("created"),
    UniqueConstraint("segment_id", "issue_id"),
)

terms = Table(
    "terms",
    metadata,
    key(),
    Column("pair", String(16), nullable=False),
    text("source"),
    text("target"),
    Column("type", String(16), nullable=False),
    Column("status", String(16), nullable=False),
    json("variants"),
    json("forbidden"),
    Column("needs_quotes", Boolean, nullable=False, server_default=false()),
    Column("context", JSON, nullable=False, server_default="[]"),
    text("valid_from"),
    text("valid_to"),
    text("note"),
    text("provenance"),
    text("base"),  # digest of the shipped row it came from; empty for local entries
    Column("local", Boolean, nullable=False, server_default=false()),  # changed by a person
    Column("batch", String(32), nullable=False, server_default=""),  # the import it came with
    number("revision"),
    text("author"),
    text("changed"),
    text("deleted"),
    Index("ix_terms_pair_source", "pair", "source"),
)

term_forms = Table(
    "term_forms",
    metadata,
    key(),
    ref("term_id", "terms.id"),
    text("text"),
    Column("case", String(16), nullable=False, server_default=""),
    Column("how", String(16), nullable=False, server_default="generated"),
)

term_versions = Table(
    "term_versions",
    metadata,
    key(),
    ref("term_id", "terms.id"),
    number("revision"),
    Column("content", JSON, nullable=False),
    text("author"),
    text("created"),
    text("reason"),
    UniqueConstraint("term_id", "revision"),
)

candidates = Table(  # pairs harvested from bulletins, for a person to judge
    "candidates",
    metadata,
    key(),
    Column("pair", String(16), nullable=False),
    Column("kind", String(16), nullable=False),  # term, title
    text("source"),
    text("target"),
    Column("type", String(16), nullable=False),
    Column("key", String(32), nullable=False),  # digest of both sides; what was refused stays so
    text("document"),
    number("start"),
    number("end"),
    text("pattern"),
    text("evidence"),
    text("url"),
    Column("score", Float, nullable=False, server_default="0"),
    Column("state", String(16), nullable=False),  # waiting, accepted, refused
    text("author"),
    text("created"),
    text("decided_by"),
    text("decided"),
    text("reason"),
    number("term_id"),
    number("unit_id"),
    UniqueConstraint("pair", "key"),
)

patches = Table(  # a changed term carried into rows and units, kept to be undone
    "patches",
    metadata,
    key(),
    number("term_id"),
    text("author"),
    text("created"),
    text("reason"),
    Column("content", JSON, nullable=False),
    text("undone"),
    text("undone_by"),
)

ignored_names = Table(
    "ignored_names",
    metadata,
    key(),
    Column("pair", String(16), nullable=False),
    Column("key", String(120), nullable=False),  # the folded nominative
    number("article_id"),  # 0 for everywhere
    text("author"),
    text("created"),
    UniqueConstraint("pair", "key", "article_id"),
)

exports = Table(  # what left the house
    "exports",
    metadata,
    key(),
    ref("article_id", "articles.id"),
    Column("format", String(20), nullable=False),
    text("author"),
    text("created"),
    text("glossary_version"),
    Column("digest", String(32), nullable=False),
)

batches = Table(
    "batches",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("origin", String(16), nullable=False),  # import, seed
    text("name"),
    number("units"),
    number("skipped"),
    text("author"),
    text("created"),
    text("finished"),  # empty for an import that was cut off
    text("withdrawn"),
    Column("trust", String(16), nullable=False, server_default=""),  # own, partner, raw
    Column("domain", String(80), nullable=False, server_default=""),
    number("penalty"),  # points taken off its units' matches
    text("withdrawn_by"),
    number("sequence"),  # the change that withdrew it
)

units = Table(
    "units",
    metadata,
    key(),
    Column("pair", String(16), nullable=False),
    text("source"),
    text("target"),
    Column("source_key", String(32), nullable=False),  # digest of the normalised source
    Column("slot_key", String(32), nullable=False),  # the same with numbers as slots
    Column("target_key", String(32), nullable=False),
    Column("context_key", String(32), nullable=False, server_default=""),
    text("before"),
    text("after"),
    number("length"),
    text("article"),
    number("article_id"),
    number("segment_id"),
    text("author"),
    text("created"),
    text("changed"),
    text("glossary_version"),
    Column("origin", String(16), nullable=False),
    Column("batch", String(32), nullable=False, server_default=""),
    text("note"),
    json("props"),
    number("revision"),
    number("sequence"),  # rises with every change; derived indexes replay it
    text("deleted"),
    # None begins with the pair: SQLite would then choose it for any query that names the pair.
    Index("ix_units_source_key", "source_key"),
    Index("ix_units_slot_key", "slot_key"),
    Index("ix_units_segment_id", "segment_id"),
    Index("ix_units_batch", "batch"),
    Index("ix_units_sequence", "sequence"),
    Index("ix_units_article_id", "article_id"),
)

batch_members = Table(  # a unit that another import has too: it stays when its own is withdrawn
    "batch_members",
    metadata,
    Column("unit_id", Integer, ForeignKey("units.id", ondelete="CASCADE"), primary_key=True),
    Column("batch", String(32), primary_key=True),
    Index("ix_batch_members_batch", "batch"),
)

unit_versions = Table(
    "unit_versions",
    metadata,
    key(),
    ref("unit_id", "units.id"),
    number("revision"),
    text("source"),
    text("target"),
    text("author"),
    text("created"),
    text("reason"),
    text("deleted"),  # when, for a version that was deleted
    UniqueConstraint("unit_id", "revision"),
)

jobs = Table(
    "jobs",
    metadata,
    key(),
    Column("kind", String(20), nullable=False),  # draft, evaluate, import
    number("article_id"),
    Column("parameters", JSON, nullable=False, server_default="{}"),
    Column("state", String(16), nullable=False),  # queued, running, done, failed, cancelled
    number("done"),
    number("total"),
    Column("problem", JSON, nullable=False, server_default="{}"),  # key and values of the error
    Column("result", JSON, nullable=False, server_default="{}"),
    text("author"),
    text("created"),
    text("started"),
    text("finished"),
    Column("heartbeat", Float, nullable=False, server_default="0"),
    text("worker"),
)

evaluations = Table(
    "evaluations",
    metadata,
    key(),
    text("set_name"),
    number("size"),
    Column("content", JSON, nullable=False),
    text("author"),
    text("created"),
    text("title"),
    Column("state", String(16), nullable=False, server_default="done"),  # as of a job
    Column("settings", JSON, nullable=False, server_default="{}"),  # what a repetition needs
    Column("digest", String(64), nullable=False, server_default=""),  # of the set's lines
    number("job_id"),
    text("started"),
    text("finished"),
)

counters = Table(
    "counters",
    metadata,
    Column("name", String(40), primary_key=True),
    number("value"),
)
