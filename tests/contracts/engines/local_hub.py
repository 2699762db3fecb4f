"""A real HTTP server that plays the model hub on this machine, for one model."""

from __future__ import annotations

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

NAME = "some/model"
COMMIT = "5" * 40


class Patient(ThreadingHTTPServer):
    """The library opens eight connections at once; five may wait by default."""

    request_queue_size = 128


class LocalHub:
    """Serves the files of a folder as ``some/model``; ``some/gated`` is refused, others unknown."""

    def __init__(self, folder: Path) -> None:
        files = sorted(path.name for path in folder.iterdir())

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                status, headers, content = self._answer(self.path.partition("?")[0])
                self.send_response(status)
                for name, value in {"Content-Length": str(len(content)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(content)

            do_HEAD = do_GET  # noqa: N815 - the library's name

            def _answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
                if path.startswith(f"/{NAME}/resolve/"):
                    content = (folder / path.rpartition("/")[2]).read_bytes()
                    digest = hashlib.sha256(content).hexdigest()
                    return 200, {"ETag": f'"{digest}"', "X-Repo-Commit": COMMIT}, content
                if path.startswith(f"/api/models/{NAME}/tree/"):
                    sizes = [(name, (folder / name).stat().st_size) for name in files]
                    tree = [
                        {"type": "file", "oid": COMMIT, "size": size, "path": name}
                        for name, size in sizes
                    ]
                    return 200, {}, json.dumps(tree).encode()
                if path.startswith(f"/api/models/{NAME}"):
                    about = {
                        "id": NAME,
                        "sha": COMMIT,
                        "siblings": [{"rfilename": name} for name in files],
                    }
                    return 200, {}, json.dumps(about).encode()
                if "gated" in path:
                    return 403, {"X-Error-Code": "GatedRepo"}, b""
                return 404, {"X-Error-Code": "RepoNotFound"}, b""

            def log_message(self, *_: object) -> None:
                pass

        self._server = Patient(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> LocalHub:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
