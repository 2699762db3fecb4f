"""The command line: one file a verb group, heavy imports inside the verbs.

Exit status: 0 success, 2 wrong usage or settings, 3 unusable input, 4 not found, 5 missing or
broken data, 6 engine failure, 7 conflict, 8 figures worse than was allowed. An error is two lines
on stderr: what is wrong, what to do.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from workbench import __version__
from workbench.cli.context import Flags, interface_language, tell
from workbench.errors import WorkbenchError

# One module a verb group; each has ``register(app)``. The order is that of --help.
GROUPS = (
    "serve",
    "translate",
    "article",
    "glossary",
    "memory",
    "evaluate",
    "effort",
    "judge",
    "testset",
    "check",
    "export",
    "bulletin",
    "user",
    "backup",
    "doctor",
)
GLOBAL_OPTIONS = {"--state": True, "--language": True, "--debug": False}


def build() -> typer.Typer:
    """Return the command-line application with every verb."""
    app = typer.Typer(
        name="workbench",
        help="Draft, post-edit, remember, score and publish Russian articles in Chinese.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_options)
    for group in GROUPS:
        import_module(f"workbench.cli.{group}").register(app)
    return app


def _options(
    context: typer.Context,
    state: Annotated[
        Path | None, typer.Option(help="Folder that holds the database and the caches.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="Language of messages: en, zh or ru.")
    ] = None,
    debug: Annotated[bool, typer.Option(help="Show tracebacks.")] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        typer.echo(__version__)
        raise typer.Exit
    context.obj = Flags(state=state, language=language, debug=debug)


def hoist(arguments: Sequence[str]) -> list[str]:
    """Move the global options before the verb, so that they may stand anywhere."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        name, equals, _ = argument.partition("=")
        if argument == "--":
            rest += [argument, *waiting]
        elif name not in GLOBAL_OPTIONS:
            rest.append(argument)
        elif GLOBAL_OPTIONS[name] and not equals:
            front += [argument, next(waiting, "")]
        else:
            front.append(argument)
    return front + rest


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit status."""
    given = hoist(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given
    language = interface_language(given)
    try:
        status = typer.main.get_command(build())(
            args=given, prog_name="workbench", standalone_mode=False
        )
    except WorkbenchError as error:
        if debug:
            raise
        problem, remedy = error.say(language)
        tell(problem, remedy)
        status = error.exit_status
    except TyperException as error:
        status = _usage(error)
    except (KeyboardInterrupt, typer.Abort):
        tell("Stopped.", "")
        status = 130
    except Exception as error:  # the last border: a user never sees a traceback
        if debug:
            raise
        problem, remedy = WorkbenchError(
            "house.unexpected", reason=f"{type(error).__name__}: {error}"
        ).say(language)
        tell(problem, remedy)
        status = 1
    sys.exit(status if isinstance(status, int) else 0)


def _usage(error: TyperException) -> int:
    """Say what is wrong with the command line; a verb group alone asks for its help."""
    where = getattr(getattr(error, "ctx", None), "command_path", "workbench")
    message = str(error.format_message())
    if message.startswith("Usage:"):
        typer.echo(message)
    else:
        tell(message, f"Try: {where} --help")
    return 2
