"""Keeps one worker process alive as long as the server lives."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping

log = logging.getLogger(__name__)
LOOK = 0.5  # seconds between looks at the process
LONGEST_PAUSE = 30.0  # seconds between starts of a worker that keeps dying
HEALTHY = 60.0  # seconds after which a worker counts as well


class Supervisor:
    """Starts the worker, starts it again when it dies, ends it with the server."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """*environment* is added to our own for the worker: it names the state folder."""
        self.environment = {**os.environ, **environment}
        self.process: subprocess.Popen[bytes] | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)

    def start(self) -> None:
        """Start the worker and watch it."""
        self._thread.start()

    def stop(self) -> None:
        """End the worker; its job goes on at the next start."""
        self._over.set()
        self._thread.join()
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _watch(self) -> None:
        pause = LOOK
        while not self._over.is_set():
            started = time.monotonic()
            self.process = self._spawn()
            while self.process.poll() is None and not self._over.wait(LOOK):
                pass
            if self._over.is_set():
                return
            log.warning("the worker ended with status %s; starting it again", self.process.poll())
            well = time.monotonic() - started > HEALTHY
            pause = LOOK if well else min(pause * 2, LONGEST_PAUSE)
            self._over.wait(pause)

    def _spawn(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "workbench", "worker", "--parent", str(os.getpid())]
        return subprocess.Popen(
            command, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
