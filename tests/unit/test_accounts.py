"""Roles, the rate limit, and accounts on the command line."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest

from workbench.cli import main
from workbench.errors import Forbidden, InputError, Unauthorized
from workbench.services.accounts import FAILURES, PERMISSIONS, ROLES, Failures, Identity, SignIn
from workbench.storage.accounts import Accounts
from workbench.storage.database import Database

PASSWORD = "correct horse battery"


def test_an_administrator_may_everything_and_everybody_may_read() -> None:
    assert set(Identity("a", "admin").permissions) == set(PERMISSIONS)
    assert all(Identity("a", role).may("read") for role in ROLES)
    assert not Identity("a", "evaluator").may("translate")
    with pytest.raises(Forbidden):
        Identity("a", "translator").require("keep terms")


def test_failures_are_forgotten_with_time_and_counted_apart() -> None:
    clock = [0.0]
    failures = Failures(clock=lambda: clock[0])
    for _ in range(FAILURES):
        failures.check("name anna")
        failures.add("name anna")
    with pytest.raises(Forbidden):
        failures.check("name anna")
    failures.check("name boris")
    clock[0] = 301.0
    failures.check("name anna")
    assert failures.times == {}


def test_a_disabled_or_unknown_account_cannot_sign_in(database: Database) -> None:
    sign_in = SignIn(Accounts(database))
    with pytest.raises(Unauthorized):
        sign_in.sign_in("nobody", PASSWORD)
    sign_in.add("anna", "translator", PASSWORD)
    token = sign_in.sign_in(" anna ", PASSWORD)
    assert sign_in.identity(token) == Identity("anna", "translator")
    assert sign_in.identity("") is None
    assert sign_in.identity(token + "x") is None


@pytest.mark.parametrize(
    ("name", "role", "password"),
    [
        ("", "admin", PASSWORD),
        ("a\nb", "admin", PASSWORD),
        ("a", "king", PASSWORD),
        ("a", "admin", "short"),
    ],
)
def test_an_account_needs_a_name_a_role_and_a_password(
    database: Database, name: str, role: str, password: str
) -> None:
    with pytest.raises(InputError):
        SignIn(Accounts(database)).add(name, role, password)
    assert not Accounts(database).any()


def run(monkeypatch: pytest.MonkeyPatch, state: Path, *arguments: str, typed: str = "") -> int:
    monkeypatch.setattr("sys.stdin", StringIO(typed))
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--state", str(state)])
    return int(ended.value.code or 0)


def test_accounts_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    add = ("user", "add", "anna", "--role", "terminologist", "--password-stdin")
    assert run(monkeypatch, tmp_path, *add, typed=PASSWORD + "\n") == 0
    assert run(monkeypatch, tmp_path, *add, typed=PASSWORD + "\n") == 7
    assert run(monkeypatch, tmp_path, "user", "add", "boris", typed="x") == 3
    assert run(monkeypatch, tmp_path, "user", "passwd", "nobody", "--password-stdin") == 4
    capsys.readouterr()
    assert run(monkeypatch, tmp_path, "user", "list") == 0
    assert capsys.readouterr().out.startswith("anna\tterminologist\t")
