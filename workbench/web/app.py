"""The web application: guard, sessions and ``/api/v1``. The screens are mounted by ui."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from starlette.middleware.cors import CORSMiddleware

from workbench import __version__
from workbench.assembly import Workbench
from workbench.errors import SettingsError
from workbench.services.accounts import SignIn
from workbench.web import problems
from workbench.web.api import router
from workbench.web.guard import LOOPBACK, Guard


def create_app(workbench: Workbench, host: str = "127.0.0.1") -> FastAPI:
    """Return the application for a server that listens on *host*.

    On this machine's own address and without accounts its user is signed in as administrator.
    Any other address without accounts raises SettingsError.
    """
    local = host in LOOPBACK
    sign_in = SignIn(workbench.accounts)
    if not local and not workbench.accounts.any():
        raise SettingsError("accounts.required", host=host)
    app = FastAPI(
        title="Workbench",
        version=__version__,
        docs_url=None,  # its pages load scripts from a CDN
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    app.state.workbench = workbench
    app.state.sign_in = sign_in
    app.state.language = workbench.settings.language
    app.state.secure_cookies = workbench.settings.secure_cookies
    app.include_router(router, prefix="/api/v1")
    app.add_api_route("/healthz", healthz, methods=["GET"], response_class=PlainTextResponse)
    problems.install(app)
    # Its presence switches off the CORS of Gradio, which would reflect any origin.
    app.add_middleware(CORSMiddleware, allow_origins=[])
    app.add_middleware(Guard, sign_in=sign_in, local=local)
    return app


def healthz() -> str:
    """Say that the server answers."""
    return "ok"
