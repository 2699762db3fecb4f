"""Sentences to measure the memory with, edited ones to look for, and the truth about them."""

from __future__ import annotations

import lzma
import random
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

ROOT = Path(__file__).parents[2]
TRAIN = ROOT.parent / "shared" / "corpora" / "train"
AUTHORED = ROOT / "corpora" / "ru-zh" / "authored"
LEAST = 0.6  # likeness, character by character, from which a match counts
AT_ONCE = 50_000
WORD = re.compile(r"[^\W_]+")
MOST_REAL = 2_000_000  # pairs kept to make others of


def pairs(count: int) -> Iterator[tuple[str, str]]:
    """Yield *count* pairs with different sources.

    They are real where there are real ones, then halves of those put together (above 1.25
    million); where there are none, clauses of ours put together.
    """
    real: list[tuple[str, str]] = []
    files = sorted(TRAIN.glob("*.tsv.xz"))
    found = chain(chain.from_iterable(map(_read, files)), _spliced(real))
    seen: set[int] = set()
    for source, target in found if files else _recombined():
        if len(seen) == count:
            return
        if hash(source) not in seen:
            seen.add(hash(source))
            if len(real) < MOST_REAL:
                real.append((source, target))
            yield source, target


def _spliced(real: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the first half of one pair and the second of another; without an end."""
    chance = random.Random(3)
    while True:
        (one, first), (other, second) = chance.choice(real), chance.choice(real)
        here, there = one.split(), other.split()
        here, there = here[: (len(here) + 1) // 2], there[len(there) // 2 :]
        yield " ".join(here + there), first[: len(first) // 2] + second[len(second) // 2 :]


def _read(path: Path) -> Iterator[tuple[str, str]]:
    with lzma.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            source, tab, target = line.rstrip("\n").partition("\t")
            if tab:
                yield source, target


def _recombined() -> Iterator[tuple[str, str]]:
    """Yield our pairs, and then clauses of theirs put together; without an end."""
    ours = []
    for path in sorted(AUTHORED.glob("*.tsv")):
        for line in path.read_text("utf-8").splitlines():
            source, tab, target = line.partition("\t")
            if tab:
                ours.append((source, target))
    yield from ours
    chance = random.Random(1)
    clauses = [
        clause for source, _ in ours for clause in re.split(r", | – | и ", source.rstrip("."))
    ]
    while True:
        some = chance.sample(clauses, chance.choice((1, 2, 2, 3)))
        yield ", ".join(some).capitalize() + ".", chance.choice(ours)[1] + chance.choice(ours)[1]


def queries(sources: list[str], count: int) -> list[str]:
    """Return edited copies of some sentences: 5–40 % of their words changed in some way."""
    chance = random.Random(5)
    words = [word for text in chance.sample(sources, 300) for word in text.split()]

    def edited(text: str) -> str:
        given = text.split()
        for _ in range(max(1, int(len(given) * chance.uniform(0.05, 0.4)))):
            at, how = chance.randrange(len(given)), chance.random()
            if how < 0.45:
                given[at] = chance.choice(words)
            elif how < 0.6 and len(given) > 2:
                del given[at]
            elif how < 0.75:
                given.insert(at, chance.choice(words))
            elif how < 0.9:
                given[at] = given[at][:-1] + chance.choice("аеиоуы")
            else:
                given[at - 1], given[at] = given[at], given[at - 1]
        return " ".join(given)

    return [edited(text) for text in chance.sample(sources, count)]


def rare_words(sources: list[str]) -> list[str]:
    """Return a hundred words, rare themselves, whose first five letters very many units have."""
    known = Counter(word for text in sources[:200_000] for word in set(WORD.findall(text.lower())))
    families = Counter[str]()
    for word, count in known.items():
        families[word[:5]] += count
    often = len(sources[:200_000]) / 500
    rare = (w for w, n in known.items() if families[w[:5]] > max(often, 50 * n) and len(w) > 4)
    found = sorted(word for word in rare if word.isalpha() and "а" <= word[0] <= "я")
    return random.Random(7).sample(found, min(100, len(found)))


def truth(asked: list[str], sources: list[str]) -> list[list[float]]:
    """Return the five best likenesses for each query, by comparing with every sentence."""
    best: list[list[float]] = [[] for _ in asked]
    for first in range(0, len(sources), AT_ONCE):
        some = sources[first : first + AT_ONCE]
        likeness = process.cdist(
            asked,
            some,
            scorer=Levenshtein.normalized_similarity,
            score_cutoff=LEAST,
            dtype=np.float32,
        )
        for n, row in enumerate(likeness):
            best[n] = sorted([*best[n], *row[row > 0].tolist()], reverse=True)[:5]
    return best


def recall(asked: list[str], best: list[list[float]], found: list[list[str]]) -> dict[str, object]:
    """Compare what was found with the truth: at one, at five, and at one by bands of ten percent.

    A sentence as alike as the k-th best counts as found: ties are.
    """
    first, five, of_five = [], 0, 0
    bands: dict[str, list[bool]] = {}
    for query, true, texts in zip(asked, best, found, strict=True):
        if true:
            likeness = sorted(
                (Levenshtein.normalized_similarity(query, text) for text in texts), reverse=True
            )
            hit = bool(likeness) and likeness[0] >= true[0] - 1e-4
            first.append(hit)
            five += min(len(true), sum(value >= true[-1] - 1e-4 for value in likeness))
            of_five += len(true)
            bands.setdefault(f"{int(min(true[0], 0.99) * 10) * 10}", []).append(hit)
    return {
        "queries": len(first),
        "recall@1": round(float(np.mean(first)), 4),
        "recall@5": round(five / of_five, 4),
        "bands": {band: [round(float(np.mean(h)), 4), len(h)] for band, h in sorted(bands.items())},
    }
