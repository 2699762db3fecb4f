"""Test sets: the shipped one, public ones from a folder, and files a user brings."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from workbench.errors import DataError, InputError, NotFound
from workbench.formats.encoding import decode

MOST_REFERENCES = 9


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """Aligned lines: ``references[r][i]`` is reference *r* of line *i*; sources may be absent.

    ``documents`` names the document of each line, where that is known. ``articles`` and
    ``segments`` are the stored ones that the lines of a frozen set were confirmed in.
    """

    name: str
    sources: tuple[str, ...]
    references: tuple[tuple[str, ...], ...]
    documents: tuple[str, ...] = ()
    articles: frozenset[int] = frozenset()
    segments: frozenset[int] = frozenset()

    def __len__(self) -> int:
        return len(self.references[0])

    @property
    def digest(self) -> str:
        """The SHA-256 of sources and references, in hexadecimal; documents do not count."""
        digested = sha256()
        for lines in (self.sources, *self.references):
            for line in lines:
                digested.update(line.encode("utf-8", "surrogatepass") + b"\n")
            digested.update(b"\0")
        return digested.hexdigest()

    def first(self, limit: int | None) -> EvaluationSet:
        """Return the set cut to its first *limit* lines."""
        if limit is None:
            return self
        return replace(
            self,
            sources=self.sources[:limit],
            references=tuple(lines[:limit] for lines in self.references),
            documents=self.documents[:limit],
        )


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of one file, named for messages."""

    name: str
    lines: tuple[str, ...]


def read_lines(data: bytes, name: str) -> Lines:
    """Return the lines of a file; only the line feed ends a line. Raises InputError."""
    if not data.strip():
        raise InputError("evaluation.no_lines", name=name)
    text = decode(data, name)
    lines = text.removesuffix("\n").split("\n")
    return Lines(name, tuple(line.rstrip("\r") for line in lines))


def assemble(name: str, source: Lines | None, references: Sequence[Lines]) -> EvaluationSet:
    """Return a set of a user's files. Raises InputError when they are not aligned."""
    first, *others = references
    for other in (*others, *([source] if source else [])):
        match_lines(first, other)
    if not any(line.strip() for line in first.lines):
        raise InputError("evaluation.no_lines", name=first.name)
    sources = source.lines if source else ()
    return EvaluationSet(name, sources, tuple(reference.lines for reference in references))


def fitted(whole: EvaluationSet, chosen: EvaluationSet, given: Lines) -> tuple[str, ...]:
    """Return a system's lines for *chosen*, the beginning of *whole*.

    A file of the whole set serves a run of its first lines too. Raises InputError.
    """
    if len(given.lines) != len(chosen):
        match_lines(Lines(whole.name, whole.references[0]), given)
    return given.lines[: len(chosen)]


def match_lines(first: Lines, second: Lines) -> None:
    """Raise InputError unless both have the same number of lines."""
    if len(first.lines) == len(second.lines):
        return
    shorter = min(len(first.lines), len(second.lines))
    pairs = zip(first.lines, second.lines, strict=False)
    unlike = (n for n, (a, b) in enumerate(pairs, 1) if bool(a.strip()) != bool(b.strip()))
    raise InputError(
        "evaluation.unequal",
        first=first.name,
        first_lines=len(first.lines),
        second=second.name,
        second_lines=len(second.lines),
        line=next(unlike, shorter + 1),
    )


@cache
def public_sets() -> Mapping[str, Mapping[str, Any]]:
    """Return what is known of public sets by name: origin, licence, lines, digest, a note."""
    text = (Path(__file__).parent / "public_sets.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def named_set(name: str, folders: Sequence[Path]) -> EvaluationSet:
    """Return the set *name* from the first folder that has it.

    Raises NotFound for a name that nobody knows, DataError for a public set that is not there.
    """
    for folder in folders:
        source = folder / f"{name}.ru"
        # The name comes from a user: it must not lead out of the folder.
        if source.parent == folder and _is_file(source):
            return _read(folder, name, _file(source))
    public = public_sets()
    if name in public:
        raise DataError("evaluation.set_absent", name=name, where=public[name]["origin"])
    known = ", ".join(sorted({*available_sets(folders), *public}))
    raise NotFound("evaluation.unknown_set", name=name, known=known)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name longer than a file's may be
        return False


def available_sets(folders: Sequence[Path]) -> tuple[str, ...]:
    """Return the names of the sets that can be read now."""
    names = {
        path.stem
        for folder in folders
        if folder.is_dir()
        for path in folder.glob("*.ru")
        if path.with_suffix(".zh").is_file()
    }
    return tuple(sorted(names))


def _read(folder: Path, name: str, source: Lines) -> EvaluationSet:
    found = assemble(name, source, [_file(path) for path in _references(folder, name)])
    named = folder / f"{name}.docid"
    if not named.is_file():
        return found
    documents = _file(named)
    match_lines(Lines(f"{name}.ru", found.sources), documents)
    return replace(found, documents=documents.lines)


def _references(folder: Path, name: str) -> Iterator[Path]:
    """``NAME.zh``, then ``NAME.zh2`` and so on."""
    yield folder / f"{name}.zh"
    for number in range(2, MOST_REFERENCES + 1):
        path = folder / f"{name}.zh{number}"
        if path.is_file():
            yield path


def _file(path: Path) -> Lines:
    try:
        return read_lines(path.read_bytes(), path.name)
    except OSError as error:
        raise DataError("evaluation.broken_set", path=path.name, reason=error.strerror) from error
