"""Who may do what, and how a person signs in."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from workbench.errors import Forbidden, InputError, NotFound, Unauthorized
from workbench.storage.accounts import Account, Accounts

if TYPE_CHECKING:
    from argon2 import PasswordHasher

ROLES = ("translator", "terminologist", "evaluator", "admin")

# What each activity needs. An administrator may do everything; everybody may read.
PERMISSIONS: Mapping[str, frozenset[str]] = {
    "read": frozenset(ROLES),
    "translate": frozenset({"translator", "admin"}),
    "propose terms": frozenset({"translator", "terminologist", "admin"}),
    "keep terms": frozenset({"terminologist", "admin"}),
    "keep memory": frozenset({"terminologist", "admin"}),
    "export": frozenset({"translator", "terminologist", "admin"}),
    "evaluate": frozenset({"evaluator", "admin"}),
    "administer": frozenset({"admin"}),
}

SESSION_HOURS = 24 * 7
SHORTEST_PASSWORD = 8
# After so many failures within the window a name or an address waits until the window is over.
FAILURES = 5
WINDOW_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is asking."""

    name: str
    role: str

    def may(self, permission: str) -> bool:
        """Tell whether the role allows it."""
        return self.role in PERMISSIONS[permission]

    def require(self, permission: str) -> None:
        """Raise Forbidden unless the role allows it."""
        if not self.may(permission):
            raise Forbidden("accounts.forbidden", role=self.role)

    def owns(self, author: str) -> bool:
        """Tell whether what *author* made is theirs to remove: their own, or an administrator's."""
        return self.name == author or self.may("administer")

    def require_own(self, author: str) -> None:
        """Raise Forbidden unless they own what *author* made."""
        if not self.owns(author):
            raise Forbidden("accounts.not_yours", author=author or "—")

    @property
    def permissions(self) -> tuple[str, ...]:
        """Everything the role allows."""
        return tuple(name for name in PERMISSIONS if self.may(name))


# The one user of a workbench that listens on this machine only and has no accounts.
LOCAL = Identity("local", "admin")


@dataclass
class Failures:
    """Failed attempts by name and by address, for the rate limit; kept in memory only."""

    clock: Callable[[], float] = time.monotonic
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def check(self, *keys: str) -> None:
        """Raise Forbidden when one of *keys* has failed too often."""
        for key in keys:
            recent = [at for at in self.times.get(key, ()) if self.clock() - at < WINDOW_SECONDS]
            if recent:
                self.times[key] = recent
            else:
                self.times.pop(key, None)
            if len(recent) >= FAILURES:
                wait = int(WINDOW_SECONDS - (self.clock() - recent[0])) // 60 + 1
                raise Forbidden("accounts.too_many", minutes=wait)

    def add(self, *keys: str) -> None:
        """Note a failure."""
        for key in keys:
            self.times[key].append(self.clock())

    def forgive(self, key: str) -> None:
        """Forget the failures of *key*."""
        self.times.pop(key, None)


class SignIn:
    """Accounts with passwords, and the sessions they open."""

    def __init__(self, accounts: Accounts) -> None:
        self.accounts = accounts
        self.failures = Failures()

    @cached_property
    def _hasher(self) -> PasswordHasher:
        from argon2 import PasswordHasher

        return PasswordHasher()

    @cached_property
    def _decoy(self) -> str:
        """A digest to verify against for unknown names, so that they take as long."""
        return self._hasher.hash(secrets.token_urlsafe())

    def add(self, name: str, role: str, password: str) -> Account:
        """Make an account. Raises InputError for a bad name, role or password, Conflict."""
        cleaned = name.strip()
        if not cleaned or len(cleaned) > 80 or not cleaned.isprintable():
            raise InputError("accounts.bad_name")
        if role not in ROLES:
            raise InputError("accounts.bad_role", role=role, known=", ".join(ROLES))
        return self.accounts.add(cleaned, role, self._digest(password))

    def set_password(self, name: str, password: str) -> None:
        """Change a password; every session of the account ends. Raises NotFound, InputError."""
        self.accounts.set_password(name, self._digest(password))

    def sign_in(self, name: str, password: str, address: str = "") -> str:
        """Return a session's cookie. Raises Unauthorized, Forbidden after too many failures."""
        from argon2.exceptions import Argon2Error, InvalidHashError

        keys = (f"name {name.strip().casefold()}", f"address {address}")
        self.failures.check(*keys)
        try:
            account = self.accounts.get(name.strip())
        except NotFound:
            account = Account("", "", self._decoy, disabled=True)
        try:
            self._hasher.verify(account.password, password)
        except (Argon2Error, InvalidHashError) as error:
            self.failures.add(*keys)
            raise Unauthorized("accounts.wrong") from error
        if account.disabled:
            self.failures.add(*keys)
            raise Unauthorized("accounts.wrong")
        self.failures.forgive(keys[0])
        token = secrets.token_urlsafe(32)
        expires = datetime.now(UTC) + timedelta(hours=SESSION_HOURS)
        self.accounts.open_session(
            _fingerprint(token), account, expires.isoformat(timespec="milliseconds")
        )
        return token

    def identity(self, token: str) -> Identity | None:
        """Return who holds the cookie, or None."""
        account = self.accounts.session(_fingerprint(token)) if token else None
        return None if account is None else Identity(account.name, account.role)

    def sign_out(self, token: str) -> None:
        """End a session."""
        self.accounts.close_session(_fingerprint(token))

    def _digest(self, password: str) -> str:
        if len(password) < SHORTEST_PASSWORD:
            raise InputError("accounts.short_password", least=SHORTEST_PASSWORD)
        return self._hasher.hash(password)


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
