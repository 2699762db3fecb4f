"""Examples of where a Chinese name begins: bulletins, sentences, and mentions in the corpus."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from workbench.formats.bulletin_text import read_bulletin
from workbench.languages.transcription import transcribe
from workbench.services.harvest.bounds import LONGEST, Beginning, Bounds
from workbench.services.harvest.chinese_first import RUN
from workbench.services.harvest.names import Names
from workbench.services.harvest.pairs import Finder, nothing_known

_MENTION, _WRITTEN = 0.5, 8.0  # what an example counts: a mention, one written for the purpose
_MOST = 12  # mentions of one name


@dataclass(frozen=True, slots=True)
class Example:
    """A *run* of text that ends with *zh*, the name of *ru*; ``weight`` is what it counts."""

    run: str
    ru: str
    zh: str
    weight: float


class _Recorder(Bounds):
    """Keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(Names(transcribe), nothing_known)
        self.asked: list[tuple[str, str]] = []

    def beginning(self, run: str, russian: str) -> Beginning:
        self.asked.append((run, russian))
        return super().beginning(run, russian)


def new_bounds() -> Bounds:
    """Return bounds that know no glossary, which the weights must do without."""
    return Bounds(Names(transcribe), nothing_known)


def examples(root: Path, corpus: Sequence[tuple[str, str]]) -> list[Example]:
    """Return every example there is."""
    return [
        *_mentioned(root, tuple(corpus)),
        *_of_bulletins(root / "tests" / "data" / "bulletins"),
        *_of_sentences(root),
    ]


def mentions(root: Path, corpus: Sequence[tuple[str, str]]) -> list[Example]:
    """Return where entries of the shipped glossary stand on both sides of the corpus."""
    return _mentioned(root, tuple(corpus))


@cache
def _mentioned(root: Path, corpus: tuple[tuple[str, str], ...]) -> list[Example]:
    from workbench.assembly import open_workbench
    from workbench.settings import load_settings

    seen: Counter[tuple[str, str]] = Counter()
    found = []
    with tempfile.TemporaryDirectory() as folder:
        workbench = open_workbench(load_settings(state=Path(folder), data_dir=root))
        for ru, zh in corpus:
            for hit in workbench.terminology.find(ru):
                place = next((zh.find(f) for f in hit.term.accepted if zh.count(f) == 1), -1)
                form = next((f for f in hit.term.accepted if zh.count(f) == 1), "")
                tail = RUN.search(zh[: place + len(form)]) if form else None
                if hit.how == "lemma" or tail is None or not tail.group().endswith(form):
                    continue
                run = tail.group()[-LONGEST:]
                before = run[: -len(form)][-4:] or "^"
                seen[form, before] += 1
                seen[form, ""] += 1
                if seen[form, before] == 1 and seen[form, ""] <= _MOST and len(run) >= len(form):
                    weight = _MENTION * (0.5 if hit.term.type == "place" else 1.0)
                    found.append(Example(run, hit.term.source, form, weight))
        workbench.close()
    return found


def _of_bulletins(folder: Path) -> list[Example]:
    found: dict[Example, None] = {}
    for path in sorted(folder.glob("*.txt")):
        rows = path.with_suffix(".tsv").read_text(encoding="utf-8").splitlines()[1:]
        wanted = [row.split("\t")[:2] for row in rows]
        recorder = _Recorder()
        finder = Finder(transcribe, bounds=recorder)
        finder.pairs(read_bulletin(path.read_bytes(), path.name))
        for run, russian in recorder.asked:
            for ru, zh in wanted:
                if run.endswith(zh) and (ru == russian or ru in russian):
                    found[Example(run[-LONGEST:], russian, zh, _WRITTEN)] = None
                    break
    return list(found)


def _of_sentences(root: Path) -> list[Example]:
    found = []
    written = Path(__file__).with_name("harvest_sentences.tsv")
    for line in written.read_text(encoding="utf-8").splitlines()[1:]:
        before, zh, ru = line.split("\t")
        found.append(Example(before + zh, ru, zh, _WRITTEN))
    tested = root / "tests" / "unit" / "harvest" / "sentences.tsv"
    for line in tested.read_text(encoding="utf-8").splitlines()[1:]:
        text, zh, ru, kind = line.split("\t")
        place = re.search(re.escape(f"{zh}（{ru}"), text)
        tail = RUN.search(text[: place.start() + len(zh)]) if place else None
        if tail and kind != "person":
            found.append(Example(tail.group(), ru, zh, _WRITTEN))
    return found
