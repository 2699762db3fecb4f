"""Reading the annotated sentences: ``[form|entry]``, ``[form]``, ``[form|?entry]``, ``{form}``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
GLOSSARY = FOLDER.parents[2] / "glossary" / "ru-zh"
_MARK = re.compile(r"\[([^|\]]+)(?:\|(\??)([^\]]+))?\]|\{([^}]+)\}")

Mention = tuple[int, int, str, str]  # start, end, entry, state
Stretch = tuple[int, int]  # start, end


@dataclass(frozen=True)
class Sentence:
    """`negatives`: look-alikes that no hit with the state `found` may touch."""

    text: str
    mentions: frozenset[Mention]
    negatives: frozenset[Stretch] = frozenset()


def read(name: str) -> list[Sentence]:
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [_sentence(line) for line in lines if line and not line.startswith("#")]


def _sentence(line: str) -> Sentence:
    text, mentions, negatives, at = "", set(), set(), 0
    for mark in _MARK.finditer(line):
        text += line[at : mark.start()]
        form, doubt, entry, negative = mark.groups()
        if negative:
            negatives.add((len(text), len(text) + len(negative)))
        else:
            state = "ambiguous" if doubt else "found"
            mentions.add((len(text), len(text) + len(form), entry or form, state))
        text += negative or form
        at = mark.end()
    return Sentence(text + line[at:], frozenset(mentions), frozenset(negatives))


@dataclass
class Score:
    right: int = 0
    wrong: int = 0
    missed: int = 0

    def count(self, got: set[Mention], sentence: Sentence) -> set[Mention]:
        """Add a sentence's hits; return what differs. A look-alike may be put in doubt."""
        doubted = {
            hit
            for hit in got - sentence.mentions
            if hit[3] == "ambiguous"
            and any(hit[0] < end and start < hit[1] for start, end in sentence.negatives)
        }
        self.right += len(got & sentence.mentions)
        self.wrong += len(got - sentence.mentions - doubted)
        self.missed += len(sentence.mentions - got)
        return (got ^ sentence.mentions) - doubted

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed)
