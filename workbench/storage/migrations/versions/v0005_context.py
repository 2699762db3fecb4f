"""The glossary: what beside an entry's form tells whether the entry is meant."""

from __future__ import annotations

from alembic import op
from sqlalchemy import JSON, Column

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column."""
    op.add_column("terms", Column("context", JSON, nullable=False, server_default="[]"))
