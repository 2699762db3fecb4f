"""The newsroom's own test sets: frozen from confirmed articles, written out, deleted.

A frozen set is a copy with a digest. It is never changed afterwards: not when its articles are
edited, and not when they are deleted.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from workbench.domain.identity import text_key
from workbench.domain.run import FrozenPair, SetManifest
from workbench.errors import Conflict, InputError, NotFound
from workbench.services.evaluation.sets import EvaluationSet, public_sets
from workbench.services.evaluation.shelf import SetShelf
from workbench.storage.frozen_sets import Confirmed, FrozenSets

_NAME = re.compile(r"[^\W_][\w.-]{0,59}", re.UNICODE)
FAVOURED = 0.2  # the share of lines drafted by one engine from which a set favours it


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which articles are frozen.

    ``since`` and ``until`` are days (ISO 8601, both included) of the article's own date, of its
    arrival where it has none; empty for no bound. ``outlet`` and ``author`` are those of the
    article. With ``partial`` unfinished articles give what is confirmed in them. ``limit`` is the
    most lines: whole articles are taken, the oldest first, as long as they fit.
    """

    since: str = ""
    until: str = ""
    outlet: str = ""
    author: str = ""
    partial: bool = False
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Freezing:
    """Freezes sets into *frozen*; *shelf* knows the names that are taken."""

    frozen: FrozenSets
    shelf: SetShelf

    def freeze(self, name: str, wanted: Wanted, author: str = "", note: str = "") -> SetManifest:
        """Freeze a set for good.

        Raises InputError for a name or date that cannot be, Conflict for a name that is taken,
        NotFound when no confirmed article fits.
        """
        if not _NAME.fullmatch(name):
            raise InputError("evaluation.bad_set_name", name=name)
        if name in self.shelf.names() or name in public_sets():
            raise Conflict("evaluation.set_name_taken", name=name)
        chosen, doubled = self._chosen(wanted)
        pairs = [
            FrozenPair(
                " ".join(each.source.split()),
                " ".join(each.target.split()),
                str(each.article_id),
                each.article_id,
                each.segment_id,
            )
            for each in chosen
        ]
        digest = EvaluationSet(
            name, tuple(p.source for p in pairs), (tuple(p.target for p in pairs),)
        ).digest
        manifest = {**_facts(chosen, wanted, doubled), "note": note}
        self.frozen.add(name, digest, pairs, manifest, author)
        return self.shelf.manifest(name)

    def preview(self, wanted: Wanted) -> dict[str, Any]:
        """Return what its manifest would say, and ``lines``. Raises as ``freeze``."""
        chosen, doubled = self._chosen(wanted)
        return {**_facts(chosen, wanted, doubled), "lines": len(chosen)}

    def _chosen(self, wanted: Wanted) -> tuple[list[Confirmed], int]:
        """Return the segments to freeze and how many doubles were left out."""
        for day in filter(None, (wanted.since, wanted.until)):
            _day(day)
        found = self.frozen.confirmed(wanted.outlet, wanted.author)
        chosen, doubled = _chosen(found, wanted)
        if not chosen:
            articles = len({each.article_id for each in found})
            raise NotFound("evaluation.nothing_to_freeze", articles=articles)
        return chosen, doubled

    def author(self, name: str) -> str:
        """Return who froze a set, also one that is damaged. Raises as ``delete``."""
        for found in self.frozen.list():
            if found.name == name:
                return found.author
        self.shelf.open(name)
        raise Conflict("evaluation.not_frozen", name=name)

    def delete(self, name: str) -> None:
        """Delete a frozen set. Raises NotFound; Conflict for a set that is no frozen one."""
        self.author(name)
        self.frozen.delete(name)

    def export(self, name: str, folder: Path) -> tuple[Path, ...]:
        """Write a set as line-aligned files with its manifest; return them.

        ``NAME.ru``, ``NAME.zh`` (``.zh2`` …), ``NAME.docid`` and ``NAME.toml``, as ``corpora_dir``
        and the preparation of training read them. Raises InputError for an unwritable folder.
        """
        opened, manifest = self.shelf.open(name), self.shelf.manifest(name)
        texts = {f"{name}.ru": opened.sources, f"{name}.docid": opened.documents}
        for n, lines in enumerate(opened.references, 1):
            texts[f"{name}.zh{n if n > 1 else ''}"] = lines
        written = []
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for file, lines in texts.items():
                if lines:
                    text = "".join(f"{line}\n" for line in lines)
                    (folder / file).write_text(text, encoding="utf-8", newline="\n")
                    written.append(folder / file)
            (folder / f"{name}.toml").write_text(as_toml(manifest), encoding="utf-8")
        except OSError as error:
            raise InputError("cli.unwritable", path=folder, reason=error.strerror) from error
        return (*written, folder / f"{name}.toml")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError("evaluation.bad_date", date=text) from error


def _chosen(found: Sequence[Confirmed], wanted: Wanted) -> tuple[list[Confirmed], int]:
    """Return the segments to freeze, each source once, and how many doubles were left out."""
    articles: dict[int, list[Confirmed]] = {}
    for each in found:
        if (each.whole or wanted.partial) and _within(each.date, wanted):
            articles.setdefault(each.article_id, []).append(each)
    known: set[str] = set()
    chosen: list[Confirmed] = []
    doubled = 0
    for segments in sorted(articles.values(), key=lambda s: (s[0].date, s[0].article_id)):
        fresh: dict[str, Confirmed] = {}
        usable = [s for s in segments if s.source.strip() and s.target.strip()]
        for segment in usable:
            key = text_key(segment.source)
            if key not in known:
                fresh.setdefault(key, segment)
        if wanted.limit is not None and len(chosen) + len(fresh) > wanted.limit:
            continue
        doubled += len(usable) - len(fresh)
        known |= fresh.keys()
        chosen += fresh.values()
    return chosen, doubled


def _within(day: str, wanted: Wanted) -> bool:
    """Tell whether a date lies in the period; one that is no date lies in no bounded one."""
    if not wanted.since and not wanted.until:
        return True
    try:
        date.fromisoformat(day[:10])
    except ValueError:
        return False
    return (not wanted.since or wanted.since <= day[:10]) and (
        not wanted.until or day[:10] <= wanted.until
    )


def _facts(chosen: Sequence[Confirmed], wanted: Wanted, doubled: int) -> dict[str, Any]:
    """Return what a manifest says of a frozen set beside its name and digest."""
    drafted = Counter(each.engine for each in chosen if each.engine)
    titles = {each.article_id: each.title for each in chosen}
    return {
        "origin": "Confirmed articles of this newsroom",
        "licence": "For use inside the newsroom",
        "period": [min(each.date for each in chosen)[:10], max(each.date for each in chosen)[:10]],
        "filters": {key: value for key, value in asdict(wanted).items() if value},
        "articles": [{"id": number, "title": title} for number, title in titles.items()],
        "outlets": sorted({each.outlet for each in chosen if each.outlet}),
        "doubled": doubled,
        # What an engine drafted and people mended looks like that engine's output.
        "drafted_by": dict(drafted.most_common()),
    }


def favoured(manifest: SetManifest) -> tuple[str, float] | None:
    """Return (engine, share) when a good part of a set was drafted by one engine."""
    drafted: dict[str, int] = manifest.facts.get("drafted_by") or {}
    if not drafted or not manifest.lines:
        return None
    engine, count = max(drafted.items(), key=lambda item: item[1])
    share = count / manifest.lines
    return (engine, share) if share >= FAVOURED else None


def as_toml(manifest: SetManifest) -> str:
    """Return a manifest as the file that lies beside a set."""
    period = manifest.facts.get("period")
    values: list[tuple[str, object]] = [
        ("origin", manifest.origin),
        ("licence", manifest.licence),
        ("url", manifest.url),
        ("note", manifest.note),
        ("lines", manifest.lines),
        ("documents", manifest.documents),
        ("period", list(period) if period else ""),
        ("created", manifest.created),
        ("sha256", manifest.digest),
    ]
    text = "".join(f"{name} = {_toml(value)}\n" for name, value in values if value not in ("", 0))
    tomllib.loads(text)  # what is written can be read
    return text


def _toml(value: object) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _quoted(value)
    items: Iterable[object] = value if isinstance(value, list) else ()
    return "[" + ", ".join(_quoted(str(item)) for item in items) + "]"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", " ", escaped) + '"'
