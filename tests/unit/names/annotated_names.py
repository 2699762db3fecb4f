"""Reads the annotated sentences and scores a finder on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workbench.domain.article import Segment
from workbench.domain.language import Span
from workbench.languages.fold import key
from workbench.services.name_finding import NameFinder

HERE = Path(__file__).parent
SHORT = 2  # an initial with its point


@dataclass(frozen=True)
class Score:
    """Mentions found right, found wrongly, missed; and nominatives right among the first."""

    right: int
    wrong: int
    missed: int
    nominatives: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed)

    @property
    def accuracy(self) -> float:
        return self.nominatives / self.right


def sentences(part: str) -> Iterator[tuple[str, dict[Span, str]]]:
    """Yield each sentence with its mentions: place → nominative."""
    for line in (HERE / f"{part}.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        text, _, names = line.partition("|")
        mentions = {}
        for name in filter(None, names.split(";")):
            form, _, nominative = name.partition("=")
            start = text.index(form)
            mentions[Span(start, start + len(form))] = nominative or form
        yield text, mentions


def scored(finder: NameFinder, *parts: str) -> Score:
    """Score a finder sentence by sentence: nothing is learned from the others."""
    right = wrong = missed = nominatives = 0
    for part in parts:
        for text, mentions in sentences(part):
            segment = Segment(1, 1, text, Span(0, len(text)))
            found = {
                mention.span: name.name
                for name in finder.unknown([segment], lambda _: ())
                for mention in name.mentions
            }
            hits = mentions.keys() & found.keys()
            right += len(hits)
            wrong += len(found.keys() - hits)
            missed += len(mentions.keys() - hits)
            nominatives += sum(key(found[span]) == key(bare(mentions[span])) for span in hits)
    return Score(right, wrong, missed, nominatives)


def bare(name: str) -> str:
    """Leave out initials and patronymics: an entry of the glossary has neither."""
    words = [word for word in name.split() if not word.endswith(".")]
    if "уулу" in words:
        return name
    return " ".join(w for w in words if not w.endswith(("ович", "евич", "овна", "евна")))
