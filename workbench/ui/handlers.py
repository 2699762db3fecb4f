"""What every Gradio handler does: check the role itself, and say errors in the user's language.

Hidden tabs and private endpoints protect nothing: anybody who is signed in can call any handler.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.errors import InputError, TooLarge, WorkbenchError
from workbench.services.accounts import Identity
from workbench.ui.strings import problem, say
from workbench.web.guard import UPLOAD_MEGABYTES
from workbench.web.identity import identity_in

# Handlers are not part of the documented API (that is /api/v1).
PRIVATE = {"api_visibility": "private", "show_progress": "minimal"}
# For what is there at once: a fading page would be all that one sees of it.
QUIET = {**PRIVATE, "show_progress": "hidden"}
# Every click on a row is answered, in their order, so that the last one stands. Gradio's
# "always_last" would answer the first click again in place of the last.
IN_TURN = {"trigger_mode": "multiple", "concurrency_limit": 1}
PICK = {**QUIET, **IN_TURN}


def allowed(request: gr.Request, permission: str) -> Identity:
    """Return who is asking, when the role allows it; else the user is told."""
    with told(request):
        identity = identity_in(request.request.scope)
        identity.require(permission)
    return identity


@contextmanager
def told(request: gr.Request) -> Iterator[None]:
    """Turn an error of the workbench into one that Gradio shows."""
    try:
        yield
    except WorkbenchError as error:
        raise problem(error, request) from error


def notify(key: str, request: gr.Request, **values: object) -> None:
    """Show a short notice in the corner of the page."""
    gr.Info(say(key, request, **values), title=say("app.notice", request))


def choices(request: gr.Request, section: str, names: Sequence[str]) -> list[tuple[str, str]]:
    """Return (text in the user's language, name) pairs for a drop-down."""
    return [(say(f"{section}.{name}", request), name) for name in names]


def table(request: gr.Request, headers: Sequence[str], rows: Sequence[Sequence[Any]]) -> Any:
    """Return a table's value with its headers in the user's language."""
    return {"headers": [say(key, request) for key in headers], "data": [list(row) for row in rows]}


def take(upload: str | None) -> tuple[bytes, str]:
    """Read an uploaded file and remove it: Gradio's cache is open to everybody signed in.

    Raises InputError when there is none, TooLarge.
    """
    if not upload:
        raise InputError("web.no_file")
    path = Path(upload)
    try:
        if path.stat().st_size > UPLOAD_MEGABYTES << 20:
            raise TooLarge("web.too_large", limit=UPLOAD_MEGABYTES)
        data = path.read_bytes()
    finally:
        path.unlink(missing_ok=True)
    return data, path.name
