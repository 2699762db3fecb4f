"""A real HTTP server that plays an OpenAI-compatible endpoint on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[dict[str, Any]], Any]


class LocalEndpoint:
    """Answers chat requests with what *answer* returns.

    A string is wrapped as a chat completion; (status, body, headers) is sent as it stands.
    ``bodies`` and ``headers`` keep what was asked.
    """

    def __init__(self, answer: Answer) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                endpoint.bodies.append(body)
                endpoint.headers.append(dict(self.headers))
                known = self.path == "/v1/chat/completions"
                self._send(answer(body) if known else (404, "no such page", {}))

            def do_GET(self) -> None:
                listed = {"data": [{"id": "small"}, {"id": "large"}]}
                self._send((200, json.dumps(listed), {}))

            def _send(self, answer: Any) -> None:
                if isinstance(answer, str):
                    choice = {"message": {"role": "assistant", "content": answer}}
                    answer = (200, json.dumps({"choices": [choice]}), {})
                status, text, headers = answer
                content = text.encode()
                self.send_response(status)
                for name, value in {"Content-Length": str(len(content)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: object) -> None:
                """Somebody who waits no longer has closed the connection."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> LocalEndpoint:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
