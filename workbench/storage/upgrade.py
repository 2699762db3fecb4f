"""Bringing a database's schema up to date when it is opened."""

from __future__ import annotations

from importlib.resources import files

from sqlalchemy import Connection, Engine, inspect, text

from workbench.errors import DataError

# The newest file in migrations/versions; a test keeps them together.
HEAD = "0005"
# Any number that is ours alone among the advisory locks of a PostgreSQL database.
LOCK = 7_215_100_117


def upgrade(reader: Engine, writer: Engine, where: str) -> None:
    """Apply the changes that *where* lacks, all or none. Raises DataError when it is newer.

    Several processes may open a fresh database at once: one of them makes the schema while
    the others wait for its write lock.
    """
    with reader.begin() as connection:
        if revision(connection) == HEAD:
            return
    with writer.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        found = revision(connection)
        if found > HEAD:
            raise DataError("storage.newer", where=where, found=found, known=HEAD)
        if found < HEAD:
            _apply(connection)


def revision(connection: Connection) -> str:
    """Return the number of the database's schema; empty for a database without one."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def _apply(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    folder = files("workbench.storage").joinpath("migrations")
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
