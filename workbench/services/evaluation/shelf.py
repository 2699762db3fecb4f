"""The test sets within reach: shipped, in the user's folder, frozen; and what is known of them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.domain.run import SetKind, SetManifest
from workbench.errors import DataError, NotFound, WorkbenchError
from workbench.services.evaluation.sets import (
    EvaluationSet,
    available_sets,
    named_set,
    public_sets,
)

if TYPE_CHECKING:
    from workbench.storage.frozen_sets import FrozenSet, FrozenSets

_WORDS = ("origin", "licence", "url", "note")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not right with a set: the message and its values."""

    key: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SetShelf:
    """Opens sets by name: frozen ones first, then those of the folders in their order.

    The first of *folders* is the shipped one.
    """

    folders: tuple[Path, ...] = ()
    frozen: FrozenSets | None = None

    def names(self) -> tuple[str, ...]:
        """Return the names of the sets that can be read now."""
        frozen = [found.name for found in self.frozen.list()] if self.frozen else []
        return tuple(sorted({*available_sets(self.folders), *frozen}))

    def open(self, name: str) -> EvaluationSet:
        """Return a set. Raises NotFound; DataError when it is not what it was."""
        found = self._frozen(name)
        if found is None or self.frozen is None:
            return named_set(name, self.folders)
        pairs = self.frozen.pairs(found.id)
        opened = EvaluationSet(
            name,
            tuple(pair.source for pair in pairs),
            (tuple(pair.target for pair in pairs),),
            tuple(pair.document for pair in pairs),
            frozenset(pair.article_id for pair in pairs if pair.article_id),
            frozenset(pair.segment_id for pair in pairs if pair.segment_id),
        )
        if opened.digest != found.digest:
            raise DataError("evaluation.frozen_changed", name=name)
        return opened

    def manifest(self, name: str) -> SetManifest:
        """Return what is known of a set. Raises NotFound, DataError, InputError."""
        opened = self.open(name)
        frozen = self._frozen(name)
        if frozen is not None:
            facts: Mapping[str, Any] = frozen.manifest
            kind: SetKind = "frozen"
            known, author, created = frozen.digest, frozen.author, frozen.created
        else:
            folder = self._folder(name)
            kind = "shipped" if folder == self.folders[0] else "folder"
            facts = {**public_sets().get(name, {}), **_read_manifest(folder / f"{name}.toml")}
            known, author, created = str(facts.get("sha256", "")), "", ""
        rest = {key: value for key, value in facts.items() if key not in (*_WORDS, "sha256")}
        return SetManifest(
            name,
            kind,
            **{word: str(facts.get(word, "")) for word in _WORDS},
            lines=len(opened),
            references=len(opened.references),
            documents=len(set(opened.documents)),
            characters=sum(map(len, opened.sources)),
            digest=opened.digest,
            known=known,
            author=author,
            created=created,
            facts=rest,
        )

    def list(self) -> tuple[SetManifest, ...]:
        """Return what is known of every set within reach; of a broken one little but its name."""
        return tuple(self._known(name) for name in self.names())

    def _known(self, name: str) -> SetManifest:
        try:
            return self.manifest(name)
        except WorkbenchError as error:
            return SetManifest(name, "folder", note=error.say("en")[0])

    def check(self, name: str) -> tuple[Finding, ...]:
        """Return what is wrong with a set, the worst first; raises what opening it raises."""
        opened, manifest = self.open(name), self.manifest(name)
        found = []
        if manifest.known and manifest.known != manifest.digest:
            values = {"name": name, "lines": str(len(opened))}
            found.append(Finding("evaluation.another_edition", values))
        found += _blank(opened)
        found += _doubled(opened)
        if opened.sources in opened.references:
            found.append(Finding("evaluation.source_as_reference", {"name": name}))
        if not manifest.licence:
            found.append(Finding("evaluation.no_licence", {"name": name}))
        return tuple(found)

    def _frozen(self, name: str) -> FrozenSet | None:
        if self.frozen is None:
            return None
        try:
            return self.frozen.get(name)
        except NotFound:
            return None

    def _folder(self, name: str) -> Path:
        return next(folder for folder in self.folders if (folder / f"{name}.ru").is_file())


def _read_manifest(path: Path) -> Mapping[str, Any]:
    """Return the manifest beside a set, empty when there is none. Raises DataError."""
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError("evaluation.bad_manifest", path=path.name, reason=error) from error


def _blank(opened: EvaluationSet) -> list[Finding]:
    """Find lines that are empty on one side, or on each."""
    found = []
    sides: Sequence[tuple[str, tuple[str, ...]]] = [
        ("ru", opened.sources),
        *((f"zh{n}" if n > 1 else "zh", lines) for n, lines in enumerate(opened.references, 1)),
    ]
    for side, lines in sides:
        empty = [n for n, line in enumerate(lines, 1) if not line.strip()]
        if empty:
            values = {"name": opened.name, "side": side, "count": str(len(empty))}
            found.append(Finding("evaluation.blank_lines", {**values, "line": str(empty[0])}))
    return found


def _doubled(opened: EvaluationSet) -> list[Finding]:
    """Find sources that stand there more than once: they count more than others."""
    first: dict[str, int] = {}
    again = [
        (n, first[line])
        for n, line in enumerate(opened.sources, 1)
        if first.setdefault(line, n) != n
    ]
    if not again:
        return []
    n, before = again[0]
    values = {"name": opened.name, "count": str(len(again)), "line": str(n), "first": str(before)}
    return [Finding("evaluation.doubled_lines", values)]
