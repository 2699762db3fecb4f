"""Imports as jobs: a look at the file first, then the worker reads it, with progress and cancel."""

from __future__ import annotations

import codecs
import re
import shutil
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast
from uuid import uuid4

from workbench.domain.job import Job
from workbench.domain.memory import Rejected, Unit
from workbench.domain.ports import Stop, never
from workbench.errors import Cancelled, Conflict, InputError, NotFound, WorkbenchError
from workbench.formats.unit_files import unit_reader
from workbench.services import memory_files
from workbench.services.memory_files import REPORTED, Imported
from workbench.storage.jobs import Jobs
from workbench.storage.unit_batches import Profile, Trust
from workbench.storage.units import Units

KIND = "import"
# How far imports are trusted, and the points that their matches lose unless told otherwise:
# this house's own work from another tool; a partner's; what nobody looked through.
TRUSTS: Mapping[Trust, int] = {"own": 0, "partner": 2, "raw": 10}
MOST = 50  # points
LOOKED = 2_000  # units read for a preview
SHOWN = 5  # of them that are shown
_KEPT = 24 * 3600.0  # seconds that a file waits for its import
_HEAD = 1 << 20  # bytes in which the languages of a TMX file are looked for
_LANGUAGE = re.compile(r"""<tuv\b[^>]*?\b(?:xml:)?lang\s*=\s*["']([\w-]+)["']""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file holds, from its first units; ``whole``: these are all.

    ``languages`` are the language codes of a TMX file with how often each stands in its beginning,
    the most frequent first; ``problems`` are the first of the ``rejected``.
    """

    name: str
    units: int
    known: int
    rejected: int
    whole: bool
    languages: tuple[tuple[str, int], ...]
    samples: tuple[Unit, ...]
    problems: tuple[Rejected, ...]


def profile_of(trust: str = "", domain: str = "", penalty: int | None = None) -> Profile:
    """Return a checked profile; without a *penalty* it is what the trust says. Raises InputError.

    An import without a word on its trust loses nothing: whoever imports it chose it.
    """
    if trust and trust not in TRUSTS:
        raise InputError("memory.no_trust", trust=trust, known=" ".join(TRUSTS))
    points = TRUSTS.get(cast(Trust, trust), 0) if penalty is None else penalty
    if not 0 <= points <= MOST:
        raise InputError("memory.bad_penalty", most=MOST)
    domain = " ".join(domain.split())
    if len(domain) > 80:
        raise InputError("memory.domain_too_long")
    return Profile(cast(Trust, trust), domain, points)


def preview(units: Units, stream: BinaryIO, name: str) -> Preview:
    """Read the beginning of a file and say what is in it. Raises InputError."""
    languages = _languages(stream) if name.lower().endswith(".tmx") else ()
    found = unit_reader(name)(stream, name)
    read: list[Unit] = []
    problems: list[Rejected] = []
    whole = True
    for item in found:
        if isinstance(item, Unit):
            read.append(item)
        else:
            problems.append(item)
        if len(read) + len(problems) >= LOOKED:
            whole = next(iter(found), None) is None
            break
    known = units.imports.count_known(read)
    return Preview(
        name,
        len(read),
        known,
        len(problems),
        whole,
        languages,
        tuple(read[:SHOWN]),
        tuple(problems[:REPORTED]),
    )


def _languages(stream: BinaryIO) -> tuple[tuple[str, int], ...]:
    head = stream.read(_HEAD)
    stream.seek(0)
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = head.decode("utf-16" if wide else "utf-8", errors="replace")
    return tuple(Counter(code.lower() for code in _LANGUAGE.findall(text)).most_common())


class MemoryImports:
    """Uploaded files that wait, are imported by the worker, and are removed afterwards."""

    def __init__(self, units: Units, jobs: Jobs, folder: Path) -> None:
        """Keep the files in *folder* meanwhile."""
        self.units = units
        self.jobs = jobs
        self.folder = folder

    def keep(self, stream: BinaryIO, name: str) -> str:
        """Put an uploaded file aside; return the token that names it. Raises InputError."""
        unit_reader(name)  # a suffix that nobody can read is refused at once
        token = uuid4().hex
        self.folder.mkdir(parents=True, exist_ok=True)
        self._sweep()
        part = self._path(token).with_suffix(".part")
        try:
            with part.open("wb") as target:
                shutil.copyfileobj(stream, target, 1 << 20)
            part.replace(self._path(token))
        finally:
            part.unlink(missing_ok=True)
        return token

    def preview(self, token: str, name: str) -> Preview:
        """Say what a kept file holds. Raises NotFound, InputError."""
        with self._open(token) as stream:
            return preview(self.units, stream, name)

    def discard(self, token: str) -> None:
        """Remove a kept file."""
        self._path(token).unlink(missing_ok=True)

    def start(self, token: str, name: str, profile: Profile, author: str) -> Job:
        """Queue the import of a kept file. Raises NotFound, Conflict when it is queued already."""
        self._open(token).close()
        for job in self.jobs.active():
            if job.kind == KIND and job.parameters.get("token") == token:
                raise Conflict("memory.import_queued", name=name)
        parameters = {"token": token, "name": name, **asdict(profile)}
        return self.jobs.enqueue(KIND, parameters=parameters, author=author)

    def job(self, job_id: int) -> Job:
        """Return an import's job. Raises NotFound."""
        job = self.jobs.get(job_id)
        if job.kind != KIND:
            raise NotFound("storage.no_job", id=job_id)
        return job

    def cancel(self, job_id: int) -> Job:
        """Stop an import; nothing of it stays. Raises NotFound."""
        self.job(job_id)
        job = self.jobs.cancel(job_id)
        if not job.started:  # the worker never sees it
            self.discard(str(job.parameters["token"]))
        return job

    def run(self, job: Job, told: Callable[[int, int], None], stop: Stop = never) -> dict[str, Any]:
        """Do a job; return its result. Raises what the import raises, Cancelled among it.

        *told* hears how many units were read and about how many there are. What an earlier try
        left half-done is withdrawn first: its process was killed.
        """
        token, name = str(job.parameters["token"]), str(job.parameters["name"])
        profile = Profile(*(job.parameters[key] for key in ("trust", "domain", "penalty")))
        tries = [batch for batch in self.units.imports.list(True) if batch.id[:28] == token[:28]]
        for batch in tries:
            if not batch.finished and not batch.withdrawn:
                self.units.imports.withdraw(batch.id, job.author)
        number = f"{token[:28]}{len(tries):04d}"
        size = self._path(token).stat().st_size if self._path(token).exists() else 0
        try:
            with self._open(token) as stream:

                def progress(done: int) -> None:
                    told(done, max(done, int(done * size / max(stream.tell(), 1))))

                done = memory_files.import_file(
                    self.units, stream, name, job.author, progress, stop, profile, number
                )
        except Cancelled:
            # A worker that ends leaves the file to the next one.
            if self.jobs.get(job.id).state == "cancelled":
                self.discard(token)
            raise
        except WorkbenchError:
            self.discard(token)
            raise
        self.discard(token)
        return imported_json(done)

    def _open(self, token: str) -> BinaryIO:
        try:
            return self._path(token).open("rb")
        except FileNotFoundError as error:
            raise NotFound("memory.no_upload") from error

    def _sweep(self) -> None:
        """Remove files that were looked at and never imported."""
        waiting = {str(job.parameters.get("token")) for job in self.jobs.active()}
        for path in self.folder.iterdir():
            if path.name not in waiting and path.stat().st_mtime < time.time() - _KEPT:
                path.unlink(missing_ok=True)

    def _path(self, token: str) -> Path:
        if not re.fullmatch(r"[0-9a-f]{32}", token):
            raise NotFound("memory.no_upload")
        return self.folder / token


def imported_json(done: Imported) -> dict[str, Any]:
    """Return what an import did as JSON can keep it."""
    return {**asdict(done), "problems": [asdict(problem) for problem in done.problems]}
