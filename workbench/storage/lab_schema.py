"""The evaluators' tables: runs and their outputs, frozen sets, effort, human judgement.

They stand apart from the translators' tables only for the length of a file; the metadata is one.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, String, Table, UniqueConstraint, false

from workbench.storage.columns import json, key, metadata, number, ref, text

run_outputs = Table(  # one line of one system, kept as it comes: a stopped run goes on from here
    "run_outputs",
    metadata,
    key(),
    ref("evaluation_id", "evaluations.id"),
    Column("system", String(200), nullable=False),
    number("n"),  # from 0, in the order of the set
    text("text"),
    json("receipts"),
    UniqueConstraint("evaluation_id", "system", "n"),
)

baselines = Table(  # the run that later ones of the same set are held against
    "baselines",
    metadata,
    Column("set_name", String(200), primary_key=True),
    ref("evaluation_id", "evaluations.id"),
    Column("system", String(200), nullable=False, server_default=""),
    text("author"),
    text("created"),
)

frozen_sets = Table(  # the newsroom's own test sets
    "frozen_sets",
    metadata,
    key(),
    Column("name", String(200), nullable=False, unique=True),
    Column("digest", String(64), nullable=False),
    json("manifest"),  # origin, licence, period, articles, lines
    text("author"),
    text("created"),
)

frozen_pairs = Table(
    "frozen_pairs",
    metadata,
    key(),
    ref("set_id", "frozen_sets.id"),
    number("n"),
    number("article_id"),
    number("segment_id"),
    Column("source_key", String(32), nullable=False, index=True),  # domain.memory.text_key
    text("source"),
    text("target"),
    text("document"),
)

efforts = Table(  # one stretch of work on one segment by one person; append-only
    "efforts",
    metadata,
    key(),
    ref("segment_id", "segments.id"),
    number("article_id"),
    text("author"),
    text("created"),
    number("revision"),  # the segment's revision that the stretch ended with
    number("active_ms"),  # without idle time over 30 s and hidden tabs
    number("elapsed_ms"),
    number("keystrokes"),  # after composition: what an input method composes counts once
    number("inserted"),
    number("deleted"),
    number("pauses"),
    text("key"),  # given by the browser: the same stretch sent twice counts once
    UniqueConstraint("segment_id", "key"),
)

campaigns = Table(  # human judgement of the outputs of a run
    "campaigns",
    metadata,
    key(),
    Column("name", String(200), nullable=False, unique=True),
    ref("evaluation_id", "evaluations.id"),
    Column("kind", String(16), nullable=False),  # da, mqm
    json("settings"),  # seed, systems, lines, share of attention checks, judges
    Column("closed", Boolean, nullable=False, server_default=false()),
    text("author"),
    text("created"),
)

campaign_items = Table(
    "campaign_items",
    metadata,
    key(),
    ref("campaign_id", "campaigns.id"),
    number("position"),  # in the shuffled order
    number("n"),  # the line of the set, from 0
    Column("system", String(200), nullable=False),  # never shown to a judge before the end
    Column("check", String(16), nullable=False, server_default=""),  # repeat, damaged, reference
    number("twin"),  # the item that a check is held against
    text("source"),
    text("text"),
    UniqueConstraint("campaign_id", "position"),
)

judgements = Table(  # append-only: the newest of a judge and an item counts
    "judgements",
    metadata,
    key(),
    ref("item_id", "campaign_items.id"),
    Column("author", String(80), nullable=False, index=True),
    Column("score", Float),  # 0–100, None where only spans are marked
    json("spans"),  # [{start, end, category, severity, note}], code points of the output
    number("active_ms"),
    text("created"),
)
