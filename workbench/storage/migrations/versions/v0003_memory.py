"""Keeping the memory: profiles of imports, what several imports have, deleted versions."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, ForeignKey, Integer, String, Text

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns, the table and the index."""
    for column in (
        Column("trust", String(16), nullable=False, server_default=""),
        Column("domain", String(80), nullable=False, server_default=""),
        Column("penalty", Integer, nullable=False, server_default="0"),
        Column("withdrawn_by", Text, nullable=False, server_default=""),
        Column("sequence", Integer, nullable=False, server_default="0"),
    ):
        op.add_column("batches", column)
    op.add_column("unit_versions", Column("deleted", Text, nullable=False, server_default=""))
    op.create_index("ix_units_article_id", "units", ["article_id"])
    op.create_table(
        "batch_members",
        Column("unit_id", Integer, ForeignKey("units.id", ondelete="CASCADE"), primary_key=True),
        Column("batch", String(32), primary_key=True),
    )
    op.create_index("ix_batch_members_batch", "batch_members", ["batch"])
