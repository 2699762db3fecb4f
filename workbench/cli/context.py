"""What every verb shares: the global flags, the workbench behind them, and the two streams."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from workbench.errors import InputError, NotFound
from workbench.messages import LANGUAGES

if TYPE_CHECKING:
    from workbench.assembly import Workbench


@dataclass(frozen=True, slots=True)
class Flags:
    """The options before the verb."""

    state: Path | None = None
    language: str | None = None
    debug: bool = False


def workbench_from(context: typer.Context) -> Workbench:
    """Open the workbench that the flags and settings describe; closed when the verb ends."""
    from workbench.assembly import open_workbench
    from workbench.settings import load_settings

    flags: Flags = context.find_object(Flags) or Flags()
    workbench = open_workbench(load_settings(state=flags.state, language=flags.language))
    context.call_on_close(workbench.close)
    return workbench


def interface_language(arguments: Sequence[str] = ()) -> str:
    """Return the language for messages: --language, WORKBENCH_LANGUAGE, the locale, English."""
    asked = [os.environ.get("WORKBENCH_LANGUAGE", ""), os.environ.get("LC_ALL", "")]
    asked += [os.environ.get("LC_MESSAGES", ""), os.environ.get("LANG", "")]
    for number, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name == "--language":
            asked.insert(0, value if equals else "".join(arguments[number + 1 : number + 2]))
    for name in asked:
        if name[:2] in LANGUAGES:
            return name[:2]
    return "en"


def language_of(context: typer.Context) -> str:
    """Return the language for messages: the flag's, otherwise as ``interface_language`` has it."""
    flags: Flags = context.find_object(Flags) or Flags()
    return flags.language or interface_language()


def read_input(path: str) -> tuple[bytes, str]:
    """Return (bytes, name) of a file, or of stdin for ``-``. Raises NotFound, InputError."""
    if path == "-":
        return sys.stdin.buffer.read(), "stdin.txt"
    try:
        return Path(path).read_bytes(), Path(path).name
    except FileNotFoundError as error:
        raise NotFound("cli.no_file", path=path) from error
    except OSError as error:
        raise InputError("cli.unreadable", path=path, reason=error.strerror) from error


def write_output(data: bytes | str, path: str | None) -> None:
    """Write to a file, or to stdout for ``-`` or None. Raises InputError."""
    content = data.encode() if isinstance(data, str) else data
    if path in (None, "-"):
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        Path(str(path)).write_bytes(content)
    except OSError as error:
        raise InputError("cli.unwritable", path=path, reason=error.strerror) from error


def write_json(value: object) -> None:
    """Print *value* as JSON; dataclasses become objects."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1, default=_plain))


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Path):
        return str(value)
    raise TypeError(type(value).__name__)


def tell(problem: str, remedy: str) -> None:
    """Say an error on stderr: what is wrong, what to do."""
    typer.echo(problem, err=True)
    if remedy:
        typer.echo(remedy, err=True)


def progress(done: int, total: int, label: str) -> None:
    """Show progress on stderr, on one line of a terminal; silent when it is not one."""
    if sys.stderr.isatty():
        end = "\n" if done >= total else ""
        typer.echo(f"\r{label} {done}/{total}{end}", err=True, nl=False)
