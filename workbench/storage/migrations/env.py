"""Run by Alembic: apply the changes through the connection that ``storage/upgrade.py`` opened."""

from __future__ import annotations

from alembic import context

import workbench.storage.lab_schema  # the tables
import workbench.storage.schema  # noqa: F401
from workbench.storage.columns import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter a table in place
)
with context.begin_transaction():
    context.run_migrations()
