"""Accounts and their sessions. Passwords and cookies are stored as digests only."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Row, delete, exists, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from workbench.errors import Conflict, NotFound
from workbench.storage.database import Database, now
from workbench.storage.schema import accounts, sessions


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may sign in. ``password`` is a digest; ``created`` an ISO time in UTC."""

    name: str
    role: str
    password: str
    created: str = ""
    disabled: bool = False
    id: int = 0


class Accounts:
    """The tables of accounts and sessions."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(self, name: str, role: str, password: str) -> Account:
        """Store an account; *password* is its digest. Raises Conflict when the name is taken."""
        account = Account(name, role, password, now())
        values = {"name": name, "role": role, "password": password, "created": account.created}
        try:
            with self.database.begin() as connection:
                connection.execute(insert(accounts).values(**values))
        except IntegrityError as error:
            raise Conflict("accounts.taken", name=name) from error
        return self.get(name)

    def get(self, name: str) -> Account:
        """Return the account called *name*. Raises NotFound."""
        with self.database.read() as connection:
            row = connection.execute(select(accounts).where(accounts.c.name == name)).first()
        if row is None:
            raise NotFound("accounts.unknown", name=name)
        return _account(row)

    def list(self) -> tuple[Account, ...]:
        """Return every account by name."""
        with self.database.read() as connection:
            rows = connection.execute(select(accounts).order_by(accounts.c.name)).all()
        return tuple(_account(row) for row in rows)

    def any(self) -> bool:
        """Tell whether anybody has an account: without one the workbench serves a single user."""
        with self.database.read() as connection:
            return bool(connection.scalar(select(exists(select(accounts.c.id)))))

    def set_password(self, name: str, password: str) -> None:
        """Store a new digest and end the account's sessions. Raises NotFound."""
        account = self.get(name)
        with self.database.begin() as connection:
            connection.execute(
                update(accounts).where(accounts.c.id == account.id).values(password=password)
            )
            connection.execute(delete(sessions).where(sessions.c.account_id == account.id))

    def open_session(self, token: str, account: Account, expires: str) -> None:
        """Store a session under the digest of its cookie; forget the expired ones."""
        with self.database.begin() as connection:
            connection.execute(delete(sessions).where(sessions.c.expires < now()))
            connection.execute(
                insert(sessions).values(
                    token=token, account_id=account.id, created=now(), expires=expires
                )
            )

    def session(self, token: str) -> Account | None:
        """Return whose session it is, or None when it is unknown, expired or disabled."""
        query = (
            select(accounts)
            .join(sessions, sessions.c.account_id == accounts.c.id)
            .where(sessions.c.token == token, sessions.c.expires >= now())
            .where(accounts.c.disabled.is_(False))
        )
        with self.database.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else _account(row)

    def close_session(self, token: str) -> None:
        """Forget a session."""
        with self.database.begin() as connection:
            connection.execute(delete(sessions).where(sessions.c.token == token))

    def sessions(self) -> int:
        """Return how many sessions are stored."""
        with self.database.read() as connection:
            return int(connection.scalar(select(func.count()).select_from(sessions)) or 0)


def _account(row: Row[tuple[object, ...]]) -> Account:
    return Account(row.name, row.role, row.password, row.created, bool(row.disabled), row.id)
