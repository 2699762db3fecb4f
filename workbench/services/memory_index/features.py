"""What the index knows of a sentence: its words' beginnings, a signature, Chinese pairs.

*Features* are the first five letters of each word and pairs of neighbouring ones; for the
concordance, words of five letters and more are known whole besides. A *signature*
is a SimHash: 512 bits, each the sign of a sum over the letter triples of the words; sentences that
share most triples differ in few bits. Everything is made of many sentences at once, in numpy.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import cache
from itertools import chain
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

PREFIX = 5
BITS = 512
BYTES = BITS // 8
# Letter triples fall into so many classes, each with a random sign for each bit.
_CLASSES = 1 << 14
# Words whose signs are summed at a time: bounds the memory of a build.
_WORDS_AT_ONCE = 500
_SENTENCES_AT_ONCE = 500
_WORD = re.compile(r"[^\W_]+")
_GOLDEN = np.uint32(0x9E3779B1)
_EDGE = "\x02"

Keys = NDArray[np.uint32]


def words(text: str) -> list[str]:
    """Return the words of *text* in lower case, with е for ё."""
    return _WORD.findall(text.lower().replace("ё", "е"))


def stem_key(word: str) -> int:
    """Return the feature of a word (as ``words`` gives it)."""
    return crc32(word[:PREFIX].encode())


def word_key(word: str) -> int:
    """Return the feature of a whole word (as ``words`` gives it)."""
    return crc32(word.encode())


def pair_key(one: int, other: int) -> int:
    """Return the feature of two neighbouring words from their own features."""
    return int(_pair(np.array([one], np.uint32), np.array([other], np.uint32))[0])


def _pair(one: Keys, other: Keys) -> Keys:
    return (one * _GOLDEN) ^ other


class Vocabulary:
    """The words of some sentences: numbered, with the features and signs of each."""

    def __init__(self, sentences: Sequence[str]) -> None:
        """Cut the sentences into words and number these."""
        cut = [words(sentence) for sentence in sentences]
        numbers: dict[str, int] = {}
        for word in chain.from_iterable(cut):
            if word not in numbers:
                numbers[word] = len(numbers)
        self.words = list(numbers)
        self.counts = np.fromiter(map(len, cut), np.int64, len(cut))
        """Words of each sentence."""
        total = int(self.counts.sum())
        self.sequence = np.fromiter((numbers[w] for some in cut for w in some), np.int64, total)
        """Every word of every sentence, one sentence after another, by its number."""

    def features(self) -> tuple[NDArray[np.int64], Keys]:
        """Return (sentence, feature) as two arrays; a feature may stand there twice."""
        stems = np.fromiter(map(stem_key, self.words), np.uint32, len(self.words))[self.sequence]
        owners = np.repeat(np.arange(len(self.counts)), self.counts)
        pairs = _pair(stems[:-1], stems[1:])
        inside = owners[:-1] == owners[1:]
        return (
            np.concatenate([owners, owners[:-1][inside]]),
            np.concatenate([stems, pairs[inside]]),
        )

    def whole(self) -> tuple[NDArray[np.int64], Keys]:
        """Return (sentence, key of a word) for words whose beginning others may share."""
        keys = np.fromiter(map(word_key, self.words), np.uint32, len(self.words))
        long = np.fromiter((len(word) >= PREFIX for word in self.words), bool, len(self.words))
        wanted = long[self.sequence]
        owners = np.repeat(np.arange(len(self.counts)), self.counts)
        return owners[wanted], keys[self.sequence[wanted]]

    def signatures(self) -> NDArray[np.uint8]:
        """Return a signature for each sentence, ``BYTES`` wide; zeros where there is no word."""
        signs = _word_signs(self.words)
        found = np.zeros((len(self.counts), BYTES), np.uint8)
        ends = np.cumsum(self.counts)
        starts = ends - self.counts
        for first in range(0, len(self.counts), _SENTENCES_AT_ONCE):
            last = min(first + _SENTENCES_AT_ONCE, len(self.counts))
            filled = np.flatnonzero(self.counts[first:last]) + first
            if len(filled):
                some = signs[self.sequence[starts[first] : ends[last - 1]]]
                at = starts[filled] - starts[first]
                found[filled] = np.packbits(np.add.reduceat(some, at, axis=0) > 0, axis=1)
        return found


def _word_signs(given: Sequence[str]) -> NDArray[np.int16]:
    """Return the summed signs of each word's letter triples, edges included."""
    found = np.zeros((len(given), BITS), np.int16)
    for first in range(0, len(given), _WORDS_AT_ONCE):
        some = given[first : first + _WORDS_AT_ONCE]
        points = _points(_EDGE + _EDGE.join(some) + _EDGE)
        triples = points[:-2] * np.uint32(961) + points[1:-1] * np.uint32(31) + points[2:]
        classes = ((triples * _GOLDEN) >> np.uint32(18)).astype(np.intp)
        inside = points[1:-1] != ord(_EDGE)
        lengths = np.fromiter(map(len, some), np.int64, len(some))  # a word has as many triples
        starts = np.cumsum(lengths) - lengths
        found[first : first + len(some)] = np.add.reduceat(
            _signs()[classes[inside]], starts, axis=0
        )
    return found


@cache
def _signs() -> NDArray[np.int16]:
    """Return +1 or -1 for each class and bit; the same on every machine and for every version."""
    drawn = hashlib.shake_256(b"workbench signatures 1").digest(_CLASSES * BYTES)
    bits = np.unpackbits(np.frombuffer(drawn, np.uint8)).reshape(_CLASSES, BITS)
    return bits.astype(np.int16) * 2 - 1


def squeezed(text: str) -> str:
    """Return *text* in lower case without white space, as its characters are paired."""
    return "".join(text.lower().split())


def pairs(texts: Sequence[str]) -> tuple[NDArray[np.int64], Keys]:
    """Return (text, pair of neighbouring characters) as two arrays.

    A pair is one character in the high half and the next in the low half; the last character
    stands before 0. Characters beyond U+FFFF count as U+FFFD.
    """
    given = [f"{squeezed(text)}\0" for text in texts]
    points = _points("".join(given))
    lengths = np.fromiter(map(len, given), np.int64, len(given))
    owners = np.repeat(np.arange(len(texts)), lengths)[:-1]
    inside = points[:-1] != 0
    return owners[inside], _paired(points)[inside]


def pair_keys(text: str) -> Keys:
    """Return the pairs inside a squeezed text; none for a single character."""
    return np.unique(_paired(_points(text)))


def first_half(character: str) -> int:
    """Return the key below those of the pairs that begin with *character*."""
    return int(_paired(_points(f"{character}\0"))[0])


def _paired(points: Keys) -> Keys:
    points = np.where(points > 0xFFFF, np.uint32(0xFFFD), points)
    return (points[:-1] << np.uint32(16)) | points[1:]


def _points(text: str) -> Keys:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
