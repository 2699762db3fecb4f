"""``workbench user``: accounts."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.context import workbench_from, write_json
from workbench.errors import InputError

if TYPE_CHECKING:
    from workbench.services.accounts import SignIn

Name = Annotated[str, typer.Argument(help="The name to sign in with.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from stdin.")]


def register(app: typer.Typer) -> None:
    """Add the verb group."""
    group = typer.Typer(help="Accounts; without one the workbench serves this machine's user.")
    group.command("add")(add)
    group.command("passwd")(passwd)
    group.command("list")(list_accounts)
    app.add_typer(group, name="user")


def add(
    context: typer.Context,
    name: Name,
    role: Annotated[
        str, typer.Option(help="translator, terminologist, evaluator or admin.")
    ] = "translator",
    password_stdin: FromStdin = False,
) -> None:
    """Make an account; the password is asked for."""
    _sign_in(context).add(name, role, _password(password_stdin))


def passwd(context: typer.Context, name: Name, password_stdin: FromStdin = False) -> None:
    """Change a password and end the account's sessions."""
    sign_in = _sign_in(context)
    sign_in.accounts.get(name)
    sign_in.set_password(name, _password(password_stdin))


def list_accounts(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the accounts with their roles."""
    found = workbench_from(context).accounts.list()
    if as_json:
        public = ("name", "role", "created", "disabled")
        write_json([{key: asdict(account)[key] for key in public} for account in found])
        return
    for account in found:
        typer.echo(f"{account.name}\t{account.role}\t{account.created}")


def _sign_in(context: typer.Context) -> SignIn:
    from workbench.services.accounts import SignIn

    return SignIn(workbench_from(context).accounts)


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise InputError("accounts.no_terminal")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
