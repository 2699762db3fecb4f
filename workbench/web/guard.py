"""The guard in front of everything: host, origin, size, identity, and the answers' headers.

Pure ASGI: it covers our API and Gradio's own routes alike, and leaves event streams alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from anyio.to_thread import run_sync
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from workbench.errors import Forbidden, TooLarge, Unauthorized, WorkbenchError
from workbench.services.accounts import LOCAL, Identity, SignIn
from workbench.web.identity import SESSION_COOKIE, language_in
from workbench.web.problems import problem_response

PAGES = ("/", "/judge")  # whoever is not signed in is led to the login page
OPEN_PATHS = ("/login", "/healthz", "/api/v1/session", "/wb/")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
UPLOAD_MEGABYTES = 25
# Translation memories are larger than articles; only who keeps the memory uploads them.
MEMORY_MEGABYTES = 2048
MEMORY_UPLOADS = ("/api/v1/memory/uploads", "/gradio_api/upload")
LOOPBACK = ("127.0.0.1", "localhost", "::1")

# Gradio compiles its templates in the browser ('unsafe-eval'), so this policy does not stop a
# script that got into the page; it keeps out foreign hosts, frames and forms.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Guard:
    """Lets a request through with ``scope["state"]["identity"]`` set, or answers it itself."""

    def __init__(self, app: ASGIApp, sign_in: SignIn, local: bool) -> None:
        """*local*: the server listens on this machine only."""
        self.app = app
        self.sign_in = sign_in
        self.local = local

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":  # nothing of ours speaks it
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        identity = await run_sync(self._identity, request)
        scope.setdefault("state", {})["identity"] = identity
        refusal = self._refusal(request, identity)
        await (refusal or self.app)(scope, receive, _with_headers(send))

    def _identity(self, request: Request) -> Identity | None:
        if self.local and not self.sign_in.accounts.any():
            return LOCAL if _own_name(request) else None
        bearer = request.headers.get("authorization", "")
        token = request.cookies.get(SESSION_COOKIE) or bearer.removeprefix("Bearer ")
        return self.sign_in.identity(token)

    def _refusal(self, request: Request, identity: Identity | None) -> Response | None:
        error: WorkbenchError | None = None
        if self.local and not _own_name(request):
            # A page of another site may point its own name at 127.0.0.1 (DNS rebinding).
            error = Forbidden("web.bad_host", host=request.url.hostname or "")
        elif request.method not in SAFE_METHODS and not _own_origin(request):
            error = Forbidden("web.bad_origin")
        elif _announced_length(request) > (limit := _limit(request, identity)) * 1024 * 1024:
            error = TooLarge("web.too_large", limit=limit)
        elif identity is None and not request.url.path.startswith(OPEN_PATHS):
            if request.url.path in PAGES:
                return RedirectResponse("/login", 302)
            error = Unauthorized("accounts.signed_out")
        return None if error is None else problem_response(error, language_in(request))


def _own_name(request: Request) -> bool:
    """Tell whether the Host header names this machine."""
    host = request.headers.get("host", "")
    return urlsplit(f"//{host}").hostname in LOOPBACK


def _own_origin(request: Request) -> bool:
    """Tell whether a writing request comes from our own page, or from no browser at all."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _limit(request: Request, identity: Identity | None) -> int:
    """Return how many megabytes a request may bring."""
    keeps = identity is not None and identity.may("keep memory")
    return MEMORY_MEGABYTES if keeps and request.url.path in MEMORY_UPLOADS else UPLOAD_MEGABYTES


def _announced_length(request: Request) -> int:
    length = request.headers.get("content-length", "0")
    return int(length) if length.isdecimal() else 0


def _with_headers(send: Send) -> Send:
    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return wrapped
