"""Scripts that run before Gradio: Gradio adds its own ``head`` only after it has started."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SCRIPT = b'<head>\n<script src="/wb/language.js"></script><script src="/wb/queue.js"></script>'


class Early:
    """Puts the scripts for the language and the queue at the top of the page at ``/``."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        start: Message = {}
        page = bytearray()

        async def changed(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            if message["type"] != "http.response.body":  # an extension's, such as a template's
                await send(message)
                return
            page.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            body = bytes(page).replace(b"<head>", SCRIPT, 1)
            headers = MutableHeaders(scope=start)
            if "content-length" in headers:
                headers["content-length"] = str(len(body))
            await send(start)
            await send({"type": "http.response.body", "body": body})

        await self.app(scope, receive, changed)
