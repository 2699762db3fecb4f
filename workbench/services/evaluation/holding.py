"""Who is at a run: a lock that the system takes back from a process that dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import Conflict


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
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Conflict("evaluation.run_busy", id=run_id) from error
            yield

    def taken(self, run_id: int) -> bool:
        """Tell whether a process is at a run."""
        if not self._path(run_id).is_file():
            return False
        try:
            with self.held(run_id):
                return False
        except Conflict:
            return True

    def forget(self, run_id: int) -> None:
        """Remove the file of a run that is gone."""
        self._path(run_id).unlink(missing_ok=True)

    def _path(self, run_id: int) -> Path:
        return self.folder / f"run-{run_id}.lock"
