"""What the tables' columns are made of."""

from __future__ import annotations

import re

from sqlalchemy import (
    JSON,
    Column,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    Text,
    TypeDecorator,
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


def key() -> Column[int]:
    """Return the primary key that every table has but those with a natural one."""
    return Column("id", Integer, primary_key=True, autoincrement=True)


def text(name: str) -> Column[str]:
    """Return a column of text; empty by default."""
    return Column(name, Writing, nullable=False, server_default="")


def number(name: str) -> Column[int]:
    """Return a column of whole numbers; 0 by default."""
    return Column(name, Integer, nullable=False, server_default="0")


def json(name: str) -> Column[object]:
    """Return a column of JSON; an empty list by default."""
    return Column(name, JSON, nullable=False, server_default="[]")


def ref(name: str, target: str) -> Column[int]:
    """Return a reference to *target*, whose row takes this one along when it goes."""
    return Column(name, Integer, ForeignKey(target, ondelete="CASCADE"), nullable=False, index=True)
