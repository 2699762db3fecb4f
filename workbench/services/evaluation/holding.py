"""Who is at a run: a lock that the system takes back from a process that dies."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import Conflict

# Who only asks holds a lock for an instant: whoever wants it in earnest tries again.
TRIES = 10
PAUSE = 0.02


@dataclass(frozen=True, slots=True)
class RunLocks:
    """Locks of runs, files in *folder*; they hold among the processes of one machine."""

    folder: Path

    @contextmanager
    def held(self, run_id: int) -> Iterator[None]:
        """Keep other processes from a run. Raises Conflict when one is at it."""
        import fcntl

        self.folder.mkdir(parents=True, exist_ok=True)
        with self._path(run_id).open("w") as lock:
            for left in reversed(range(TRIES)):
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError as error:
                    if not left:
                        raise Conflict("evaluation.run_busy", id=run_id) from error
                    time.sleep(PAUSE)
            yield

    def taken(self, run_id: int) -> bool:
        """Tell whether a process is at a run."""
        import fcntl

        try:
            with self._path(run_id).open("r") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)  # askers are in nobody's way
        except BlockingIOError:
            return True
        except FileNotFoundError:
            pass
        return False

    def forget(self, run_id: int) -> None:
        """Remove the file of a run that is gone."""
        self._path(run_id).unlink(missing_ok=True)

    def _path(self, run_id: int) -> Path:
        return self.folder / f"run-{run_id}.lock"
