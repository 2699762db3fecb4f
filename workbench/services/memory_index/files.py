"""The index on disk: segments in files, and a manifest that says which of them hold.

A file is written under another name, flushed to the disk and renamed; the manifest is
replaced last. Whatever moment a process dies at, the old manifest or the new one is there whole.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.services.memory_index.segment import ARRAYS, WIDTHS, Pieces, Segment

VERSION = 2  # of the files; others are built anew
MANIFEST = "manifest.json"
_ALIGNED = 64
_PIECE = 1 << 24

Dead = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Stored:
    """A segment with its file: name, size, checksum and what arrays it holds."""

    segment: Segment
    record: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Saved:
    """What a manifest says: segments, the removed places of each, the last change in them.

    ``position`` is (number, unit id) in the change sequence.
    """

    segments: tuple[tuple[Stored, Dead], ...]
    position: tuple[int, int]


class Damaged(Exception):
    """The files cannot be trusted; the reason is for the log."""


class Folder:
    """The index's folder; one process at a time writes it, all read it."""

    def __init__(self, path: Path, identity: str) -> None:
        """Keep the index of the database with that *identity* in *path*."""
        self.path = path
        self.identity = identity

    # -- reading --------------------------------------------------------------------------

    def load(self) -> Saved | None:
        """Return what is there, None for nothing. Raises Damaged."""
        for _ in range(5):  # another process may replace the files while we read
            try:
                text = (self.path / MANIFEST).read_text("utf-8")
            except FileNotFoundError:
                return None
            except (OSError, UnicodeDecodeError) as error:
                raise Damaged(str(error)) from error
            try:
                return self._read(text)
            except FileNotFoundError as error:
                missing = error
        raise Damaged(str(missing))

    def position(self) -> tuple[int, int]:
        """Return the last change in the files; (0, 0) when there are none. Raises Damaged."""
        try:
            content = json.loads((self.path / MANIFEST).read_text("utf-8"))
            number, unit = content["position"]
            return (int(number), int(unit)) if content["identity"] == self.identity else (0, 0)
        except FileNotFoundError:
            return (0, 0)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Damaged(repr(error)) from error

    def size(self) -> int:
        """Return the bytes that the segments take on the disk."""
        try:
            return sum(path.stat().st_size for path in self.path.glob("*.segment"))
        except OSError:  # removed while we looked
            return 0

    def holds(self, stored: Stored) -> bool:
        """Whether a segment's file is still there."""
        return (self.path / str(stored.record["file"])).exists()

    def _read(self, text: str) -> Saved:
        try:
            content = json.loads(text)
            if content["version"] != VERSION or content["identity"] != self.identity:
                raise Damaged("of another version or database")
            segments = []
            for record in content["segments"]:
                dead = np.array(record.pop("dead"), np.uint32)
                stored = Stored(_read(self.path / record["file"], record), record)
                if len(dead) and int(dead.max()) >= len(stored.segment):
                    raise Damaged("a removed place that does not exist")
                segments.append((stored, dead))
            number, unit = content["position"]
            return Saved(tuple(segments), (int(number), int(unit)))
        except (ValueError, KeyError, TypeError) as error:
            raise Damaged(repr(error)) from error

    # -- writing --------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[bool]:
        """Yield whether this process may write now; another one may be at it."""
        import fcntl

        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def write(self, pieces: Pieces) -> Stored:
        """Write a segment, array after array, to a file of its own."""
        name = f"{os.urandom(8).hex()}.segment"
        arrays: dict[str, tuple[str, int]] = {}
        size = checksum = 0
        with _replacing(self.path / name) as stream:

            def put(data: Any) -> None:
                nonlocal size, checksum
                checksum = zlib.crc32(data, checksum)
                size += stream.write(data)

            for field, piece in pieces:
                kind, length = arrays.get(field, (piece.dtype.str, 0))
                if field not in arrays:
                    put(b"\0" * (-size % _ALIGNED))
                arrays[field] = kind, length + len(piece)
                put(np.ascontiguousarray(piece).data.cast("B") if piece.size else b"")
        record = {"file": name, "size": size, "checksum": checksum, "arrays": arrays}
        return Stored(_read(self.path / name, record), record)

    def save(self, saved: Saved) -> None:
        """Make *saved* hold, and remove the files that no manifest names any more."""
        content = {
            "version": VERSION,
            "identity": self.identity,
            "position": list(saved.position),
            "segments": [{**part.record, "dead": dead.tolist()} for part, dead in saved.segments],
        }
        with _replacing(self.path / MANIFEST) as stream:
            stream.write(json.dumps(content).encode())
        kept = {part.record["file"] for part, _ in saved.segments}
        for path in self.path.glob("*"):
            if path.suffix in (".segment", ".part") and path.name not in kept:
                path.unlink(missing_ok=True)

    def discard(self) -> None:
        """Forget everything, where that can be done; the next save replaces it anyway."""
        with suppress(OSError):
            (self.path / MANIFEST).unlink(missing_ok=True)


def _read(path: Path, record: dict[str, Any]) -> Segment:
    if path.stat().st_size != record["size"] or _checksum(path) != record["checksum"]:
        raise Damaged(f"{path.name} is not as it was written")
    mapped = np.memmap(path, np.uint8, "r") if record["size"] else np.empty(0, np.uint8)
    arrays, at = {}, 0
    for name in ARRAYS:
        kind, length = record["arrays"][name]
        width = WIDTHS.get(name, 1)
        at += -at % _ALIGNED
        size = np.dtype(kind).itemsize * length * width
        array = mapped[at : at + size].view(np.ndarray).view(kind)
        arrays[name] = array.reshape(length, width) if width > 1 else array
        at += size
    return Segment(**arrays)


def _checksum(path: Path) -> int:
    value = 0
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            value = zlib.crc32(piece, value)
    return value


@contextmanager
def _replacing(path: Path) -> Iterator[Any]:
    """Write a file that is there whole or not at all, whatever happens."""
    part = path.with_name(path.name + ".part")
    with part.open("wb") as stream:
        yield stream
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
