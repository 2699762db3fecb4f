"""``workbench serve``: the web application, and the worker process beside it."""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
import threading
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.context import workbench_from
from workbench.errors import SettingsError

if TYPE_CHECKING:
    from fastapi import FastAPI

    from workbench.assembly import Workbench


ENGINES_KEPT = 2  # engines that the worker keeps loaded between jobs
LAST_BATCH = 5.0  # seconds that an evaluation has to hear of the end


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command()(serve)
    app.command(hidden=True)(worker)


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; 0 takes a free one.")] = 7860,
    open_browser: Annotated[bool, typer.Option("--open", help="Open a browser.")] = False,
) -> None:
    """Serve the workbench until Ctrl+C."""
    workbench = workbench_from(context)
    listening = bind(host, port)
    application = build(workbench, host)
    from workbench.web.supervisor import Supervisor

    supervisor = Supervisor({"WORKBENCH_STATE": str(workbench.settings.state.resolve())})
    # uvicorn raises the signal that ended it once more when it is done: with the default
    # handler that would leave the worker behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    supervisor.start()
    try:
        _serve(application, listening, open_browser)
    finally:
        supervisor.stop()


def build(workbench: Workbench, host: str) -> FastAPI:
    """Return the whole application: API and screens. Raises SettingsError."""
    from workbench.services.samples import add_samples
    from workbench.web.app import create_app

    application = create_app(workbench, host)
    add_samples(
        workbench.data / "corpora" / "ru-zh" / "samples", workbench.articles, workbench.intake
    )
    from workbench import ui  # seconds: it imports Gradio

    ui.mount(application, workbench)
    workbench.memory.warm()
    return application


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raises SettingsError when the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise SettingsError("web.port_taken", host=host, port=port) from error
        raise SettingsError("web.bad_address", host=host, reason=error.strerror) from error
    except OverflowError as error:
        listening.close()
        raise SettingsError("web.bad_address", host=host, reason=f"port {port}") from error
    return listening


def _serve(application: FastAPI, listening: socket.socket, open_browser: bool) -> None:
    import uvicorn

    host, port = listening.getsockname()[:2]
    address = f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"

    class Announced(uvicorn.Server):
        """A server that says when it is ready."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                typer.echo(f"Workbench is ready: {address}", err=True)
                if open_browser:
                    typer.launch(address)

    config = uvicorn.Config(
        application, log_level="warning", timeout_graceful_shutdown=3, timeout_keep_alive=30
    )
    Announced(config).run(sockets=[listening])


def worker(
    context: typer.Context,
    parent: Annotated[int, typer.Option(help="The process to live and die with.")] = 0,
) -> None:
    """Do the jobs of the job table; started by ``serve``."""
    from workbench.services.jobs import LONG, QUICK, Worker

    workbench = workbench_from(context)
    os.nice(5)  # the pages come first
    name = f"{socket.gethostname()}:{os.getpid()}"
    quick = Worker(
        workbench.jobs,
        workbench.articles,
        lambda: workbench.drafting,
        lru_cache(ENGINES_KEPT)(lambda engine: workbench.engine(engine or None)),
        name,
        lambda: workbench.memory_imports,
        kinds=QUICK,
    )
    runs = replace(quick, name=f"{name}:runs", runs=lambda: workbench.runs, kinds=LONG)
    over = threading.Event()

    def evaluate() -> None:
        os.nice(5)  # of this thread: nobody waits for it
        runs.run(stop=over.is_set)

    beside = threading.Thread(target=evaluate, name="evaluations", daemon=True)
    beside.start()
    try:
        # Without its lane the process ends, and the supervisor starts it again.
        quick.run(
            stop=lambda: (bool(parent) and os.getppid() != parent) or not beside.is_alive(),
        )
    finally:
        over.set()
        beside.join(LAST_BATCH)
