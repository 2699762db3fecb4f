"""The command-line reference in docs/cli.md, made from the verbs themselves."""

from __future__ import annotations

from typing import Any

import typer

HEADING = """# Command line

Made by `python -m workbench.cli.reference`; a test keeps it true. `-` stands for standard input
or output; progress and errors go to stderr. Exit status: 0 success, 2 wrong usage or settings,
3 unusable input, 4 not found, 5 missing or broken data, 6 engine failure, 7 conflict,
8 figures worse than a baseline allows.
"""


def render() -> str:
    """Return the reference: the help of every verb, in order."""
    from workbench.cli import build

    root: Any = typer.main.get_command(build())
    parts = [HEADING]
    for name, command in _walk(root, "workbench"):
        context = command.make_context(name, [], resilient_parsing=True, terminal_width=96)
        context.info_name = name
        parts.append(f"## {name}\n\n```text\n{command.get_help(context).strip()}\n```\n")
    return "\n".join(parts)


def _walk(command: Any, name: str) -> list[tuple[str, Any]]:
    found = [(name, command)]
    for verb, child in getattr(command, "commands", {}).items():
        if not child.hidden:
            found += _walk(child, f"{name} {verb}")
    return found


if __name__ == "__main__":
    typer.echo(render(), nl=False)
