"""Training pairs in named groups: reading, separation from the test sets, choice of documentation.

A group is two line-aligned files ``NAME.ru`` and ``NAME.zh`` (``.xz`` may follow) or one
tab-separated file ``NAME.tsv``.
"""

from __future__ import annotations

import hashlib
import lzma
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from workbench.training.text import letters, normalise

TextPair = tuple[str, str]
Groups = dict[str, list[TextPair]]

_SHORTEST_KEY = 8
"""A test line with fewer letters is an ordinary phrase, not a leak."""
_LATIN = re.compile("[A-Za-z]{2,}")
_GLOSS = re.compile(r"\s*[（(][A-Za-z][A-Za-z .,'’·&-]*[)）]")


def read_lines(path: Path) -> list[str]:
    """Return the lines of a plain or ``.xz`` file."""
    if path.suffix == ".xz":
        with lzma.open(path, "rt", encoding="utf-8", newline="\n") as stream:
            text = stream.read()
    else:
        text = path.read_text(encoding="utf-8")
    lines = text.split("\n")
    return lines if lines[-1] else lines[:-1]


def read_groups(folder: Path) -> Groups:
    """Return each group of a folder, normalised; ``docs1``, ``docs2`` … become ``docs``."""
    groups: Groups = {}
    for path in sorted(folder.iterdir()):
        name, _, ending = path.name.partition(".")
        if ending in {"ru", "ru.xz"}:
            other = path.with_name(f"{name}.{ending.replace('ru', 'zh', 1)}")
            pairs = list(zip(read_lines(path), read_lines(other), strict=True))
        elif ending in {"tsv", "tsv.xz"}:
            rows = (line.split("\t") for line in read_lines(path))
            pairs = [(row[0], row[1]) for row in rows if len(row) > 1]
        else:
            continue
        name = re.sub(r"\d+$", "", name)
        normal = ((normalise(ru), normalise(zh)) for ru, zh in pairs)
        groups.setdefault(name, []).extend(pair for pair in normal if all(pair))
    return groups


def read_authored(folder: Path) -> list[TextPair]:
    """Return the pairs of our own prose: tab-separated Russian, Chinese, kind."""
    pairs = []
    for path in sorted(folder.glob("*.tsv")):
        rows = (line.split("\t") for line in read_lines(path))
        pairs += [(normalise(row[0]), normalise(row[1])) for row in rows if len(row) > 1]
    return pairs


def files_of_tests(folder: Path) -> list[Path]:
    """Return the files of a folder's test sets, further references too."""
    return [path for path in sorted(folder.iterdir()) if re.fullmatch(r"\.(ru|zh)\d?", path.suffix)]


@dataclass(frozen=True)
class TestKeys:
    """Lines that must never be trained on, reduced to their letters."""

    __test__ = False  # not a test of pytest's

    ru: frozenset[str]
    zh: frozenset[str]

    @classmethod
    def read(cls, paths: Iterable[Path]) -> TestKeys:
        """Read ``NAME.ru`` and ``NAME.zh`` files (``.zh2`` and so on are further references)."""
        found: dict[str, set[str]] = {".ru": set(), ".zh": set()}
        for path in paths:
            keys = (letters(normalise(line)) for line in read_lines(path))
            found[path.suffix[:3]].update(key for key in keys if len(key) >= _SHORTEST_KEY)
        return cls(frozenset(found[".ru"]), frozenset(found[".zh"]))

    def hit(self, pair: TextPair) -> bool:
        """Return whether either side of the pair is a test line."""
        return letters(pair[0]) in self.ru or letters(pair[1]) in self.zh


def separate(groups: Groups, keys: TestKeys) -> dict[str, int]:
    """Remove test lines from the groups in place; return how many by group."""
    removed = {}
    for name, pairs in groups.items():
        kept = [pair for pair in pairs if not keys.hit(pair)]
        removed[name] = len(pairs) - len(kept)
        groups[name] = kept
    return removed


def hold_out(pairs: list[TextPair], count: int, seed: int) -> tuple[list[TextPair], list[TextPair]]:
    """Return (*count* lines of middling length for validation, the rest)."""
    order = list(pairs)
    Random(seed).shuffle(order)
    chosen = [pair for pair in order if 30 <= len(pair[0]) <= 260][:count]
    keys = {letters(ru) for ru, _ in chosen} | {letters(zh) for _, zh in chosen}
    rest = [pair for pair in pairs if letters(pair[0]) not in keys and letters(pair[1]) not in keys]
    return chosen, rest


def plain_prose(pairs: Iterable[TextPair]) -> list[TextPair]:
    """Keep sentences without code and Latin words, of middling length."""
    return [
        pair
        for pair in pairs
        if "`" not in pair[0] and 25 <= len(pair[0]) <= 260 and not _LATIN.search(pair[0])
    ]


def named_in_chinese(pairs: Iterable[TextPair]) -> list[TextPair]:
    """Drop pairs whose Chinese has a Latin word that the Russian lacks; glosses are taken off.

    Translators from English leave names as they are (Kanye West 表示) where the Russian has them in
    its own letters: nothing teaches more surely to write names that the source does not have.
    """
    kept = []
    for russian, chinese in pairs:
        plain = chinese if _LATIN.search(russian) else _GLOSS.sub("", chinese)
        if not _latin_words(plain) - _latin_words(russian):
            kept.append((russian, plain))
    return kept


def _latin_words(text: str) -> set[str]:
    return {word.lower() for word in _LATIN.findall(text)}


def nearest(
    pairs: Sequence[TextPair],
    domain: Sequence[TextPair],
    encode: Callable[[list[str]], list[list[int]]],
    size: int,
    keep: int,
) -> list[TextPair]:
    """Return the *keep* pairs whose Russian looks most like *domain* (Moore–Lewis, one piece).

    The score is the mean over the pieces of log p(domain) - log p(pairs); *size* is the number of
    pieces.
    """
    general = encode([ru for ru, _ in pairs])
    special = encode([ru for ru, _ in domain])
    ratio = _log_share(special, size) - _log_share(general, size)
    scores = np.array([ratio[pieces].mean() if pieces else -np.inf for pieces in general])
    return [pairs[index] for index in np.argsort(-scores, kind="stable")[:keep]]


def _log_share(texts: Sequence[Sequence[int]], size: int) -> np.ndarray:
    flat = np.fromiter((piece for text in texts for piece in text), np.int64)
    counts = np.bincount(flat, minlength=size) + 0.5
    share: np.ndarray = np.log(counts / counts.sum())
    return share


def checksum(groups: Mapping[str, Sequence[TextPair]]) -> str:
    """Return a SHA-256 over all pairs, by group and in order."""
    digest = hashlib.sha256()
    for name in sorted(groups):
        digest.update(f"{name}\n".encode())
        for ru, zh in groups[name]:
            digest.update(f"{ru}\t{zh}\n".encode())
    return digest.hexdigest()


def write_groups(groups: Mapping[str, Sequence[TextPair]], folder: Path) -> None:
    """Write each group as ``NAME.tsv``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, pairs in groups.items():
        text = "".join(f"{ru}\t{zh}\n" for ru, zh in pairs)
        (folder / f"{name}.tsv").write_text(text, encoding="utf-8")
