"""The manifest of a model folder: what the model is, where it comes from, which files make it up.

The shipped model and every converted model are the same thing on disk: a CTranslate2 model, its
tokeniser and a ``manifest.toml``::

    name = "ru-zh"
    version = "1"
    engine = "shipped"
    pair = "ru-zh"
    licence = "…"
    terms = "inline"                    # or "none"
    tags = ["<t0>", "<t1>", "<t2>"]     # <t0>source words<t1>target term<t2>
    beam = 4
    length_penalty = 1.0
    no_repeat_ngram_size = 0
    patience = 1.0
    latin = "free"
    max_input_tokens = 200
    clause_tokens = 0
    [[files]]
    path = "model.bin"
    size = 38000000
    sha256 = "…"
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, get_args

from workbench.domain.language import Pair
from workbench.errors import DataError

FILE_NAME = "manifest.toml"
Terms = Literal["inline", "prompt", "none"]
Tokeniser = Literal["sentencepiece", "tokenizers"]
Latin = Literal["free", "source"]


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of the model: path below the folder, size in bytes, SHA-256 in hexadecimal."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What ``manifest.toml`` says. Fields with defaults may be left out.

    ``source_start``, ``source_end`` and ``target_start`` are marker pieces around the text's own;
    ``source_tokens`` and ``target_tokens`` name the tokeniser's files; ``max_input_tokens`` and
    ``max_output_tokens`` count pieces; a search ends when it has ``beam`` times ``patience``
    finished candidates. ``latin = "source"``: small Latin letters are written only where the input
    has Latin letters, for a model that makes up names in them. ``clause_tokens``: an input of more
    pieces is cut where a clause begins, for a model that leaves parts of it out; 0: never.
    """

    name: str
    version: str
    engine: str
    pair: Pair
    licence: str
    files: tuple[ModelFile, ...] = ()
    terms: Terms = "none"
    tags: tuple[str, ...] = ()
    beam: int = 4
    length_penalty: float = 1.0
    no_repeat_ngram_size: int = 0
    patience: float = 1.0
    latin: Latin = "free"
    max_input_tokens: int = 200
    clause_tokens: int = 0
    max_output_tokens: int = 500
    tokeniser: Tokeniser = "sentencepiece"
    source_tokens: str = "spm.model"
    target_tokens: str = "spm.model"
    source_start: tuple[str, ...] = ()
    source_end: tuple[str, ...] = ("</s>",)
    target_start: tuple[str, ...] = ()
    family: str = ""
    data: tuple[Mapping[str, Any], ...] = ()
    scores: tuple[Mapping[str, Any], ...] = ()

    @property
    def digest(self) -> str:
        """Eight characters that change with any file of the model."""
        parts = sorted(f"{file.path} {file.sha256}" for file in self.files)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]

    @property
    def label(self) -> str:
        """Version and digest, as shown beside a draft."""
        return f"{self.version}-{self.digest}"


def load_manifest(folder: Path) -> Manifest:
    """Read the manifest of a model folder. Raises DataError when it is missing or unusable."""
    path = folder / FILE_NAME
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DataError("engines.no_manifest", path=folder) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError("engines.bad_manifest", path=path, reason=error) from error
    try:
        return _manifest(content)
    except (KeyError, TypeError, ValueError) as error:
        reason = f"missing {error}" if isinstance(error, KeyError) else error
        raise DataError("engines.bad_manifest", path=path, reason=reason) from error


def _manifest(content: Mapping[str, Any]) -> Manifest:
    """Build the record; keys we have no field for are left aside."""
    known = {field.name for field in fields(Manifest)}
    values = {key: value for key, value in content.items() if key in known}
    for key in ("tags", "source_start", "source_end", "target_start"):
        if key in values:
            values[key] = tuple(str(piece) for piece in values[key])
    if values.get("terms", "none") not in get_args(Terms):
        raise ValueError(f"terms = {values['terms']!r}")
    if values.get("tokeniser", "sentencepiece") not in get_args(Tokeniser):
        raise ValueError(f"tokeniser = {values['tokeniser']!r}")
    if values.get("latin", "free") not in get_args(Latin):
        raise ValueError(f"latin = {values['latin']!r}")
    if values.get("terms") == "inline" and len(values.get("tags", ())) != 3:
        raise ValueError("terms = 'inline' needs three tags")
    values["version"] = str(content["version"])
    values["pair"] = Pair.parse(content["pair"])
    values["files"] = tuple(
        ModelFile(str(file["path"]), int(file["size"]), str(file["sha256"]))
        for file in content["files"]
    )
    values["data"] = tuple(content.get("data", ()))
    values["scores"] = tuple(content.get("scores", ()))
    return Manifest(**values)


def verify(folder: Path, deep: bool = False) -> list[str]:
    """Return what is wrong with the model's files (empty: nothing); *deep* also hashes them."""
    problems = []
    for file in load_manifest(folder).files:
        path = folder / file.path
        if not path.is_file():
            problems.append(f"{file.path} is missing")
        elif (size := path.stat().st_size) != file.size:
            problems.append(f"{file.path} has {size} bytes instead of {file.size}")
        elif deep and sha256(path) != file.sha256:
            problems.append(f"{file.path} has another SHA-256 than the manifest")
    return problems


def sha256(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def describe_files(folder: Path) -> tuple[ModelFile, ...]:
    """Measure every file of a folder but the manifest itself."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return tuple(
        ModelFile(path.relative_to(folder).as_posix(), path.stat().st_size, sha256(path))
        for path in paths
        if path.name != FILE_NAME
    )


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest of a converted model; strings, numbers and lists only."""
    lines = []
    for field in fields(Manifest):
        value = getattr(manifest, field.name)
        if field.name in {"files", "data", "scores"}:
            continue
        plain = str(value) if isinstance(value, Pair) else value
        lines.append(f"{field.name} = {json.dumps(plain, ensure_ascii=False)}")
    for file in manifest.files:
        lines += [
            "",
            "[[files]]",
            f"path = {json.dumps(file.path, ensure_ascii=False)}",
            f"size = {file.size}",
            f'sha256 = "{file.sha256}"',
        ]
    (folder / FILE_NAME).write_text("\n".join(lines) + "\n", encoding="utf-8")
