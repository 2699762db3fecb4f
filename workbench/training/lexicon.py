"""A small bilingual lexicon from the training pairs: which words may be annotated as terms."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from workbench.training.corpus import TextPair, read_lines
from workbench.training.text import HAN, WORD, stem

_NO_START = set("的了在与是把被从或及您你我他它并也")
_NO_END = _NO_START | set("和为将请")
_LEAST_DICE = 0.22
_PRUNE_EVERY = 20_000
"""Pairs of words seen once by then are forgotten: there are too many to keep."""

Cut = Callable[[str], Sequence[str]]


def chinese_words(pieces: Sequence[str]) -> set[str]:
    """Return strings of two to six hanzi made of up to five neighbouring pieces."""
    words = set()
    for start in range(len(pieces)):
        word = ""
        for piece in pieces[start : start + 5]:
            if not HAN.match(piece) or len(word + piece) > 6:
                break
            word += piece
            if len(word) > 1 and word[0] not in _NO_START and word[-1] not in _NO_END:
                words.add(word)
    return words


def build_lexicon(
    pairs: Sequence[TextPair], dictionary: Iterable[TextPair], cut: Cut
) -> dict[str, list[str]]:
    """Return up to five Chinese words for each Russian stem, by Dice's coefficient."""
    stems: Counter[str] = Counter()
    words: Counter[str] = Counter()
    both: Counter[tuple[str, str]] = Counter()
    for number, (ru, zh) in enumerate(pairs, 1):
        of_pair = {stem(word) for word in WORD.findall(ru) if len(word) >= 3}
        in_pair = chinese_words([piece.lstrip("▁") for piece in cut(zh)])
        stems.update(of_pair)
        words.update(in_pair)
        both.update((left, right) for left in of_pair for right in in_pair)
        if number % _PRUNE_EVERY == 0:
            both = Counter({key: count for key, count in both.items() if count > 1})
    found = _mutual(_associated(stems, words, both, 0.02 * len(pairs)))
    for ru, zh in dictionary:
        if WORD.fullmatch(ru) and len(ru) >= 4 and HAN.match(zh) and 2 <= len(zh) <= 8:
            found[stem(ru)].setdefault(zh, 0.5)
    return {
        left: [word for word, _ in sorted(of.items(), key=lambda item: (-item[1], item[0]))[:5]]
        for left, of in sorted(found.items())
    }


def _associated(
    stems: Mapping[str, int],
    words: Mapping[str, int],
    both: Mapping[tuple[str, str], int],
    most: float,
) -> dict[tuple[str, str], float]:
    """Return the pairs worth looking at with their Dice coefficients."""
    scores = {}
    for (left, right), count in both.items():
        if count < 3 or max(stems[left], words[right]) >= max(most, 20):
            continue
        dice = 2 * count / (stems[left] + words[right])
        if dice >= _LEAST_DICE and count / stems[left] >= 0.15:
            scores[left, right] = dice
    return scores


def _mutual(scores: Mapping[tuple[str, str], float]) -> defaultdict[str, dict[str, float]]:
    """Keep a word's translations near its best that have the word among their own two best."""
    by_stem, by_word = defaultdict(list), defaultdict(list)
    for (left, right), score in scores.items():
        by_stem[left].append((score, right))
        by_word[right].append((score, left))
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for left, candidates in by_stem.items():
        best = max(candidates)[0]
        for score, right in sorted(candidates, reverse=True)[:6]:
            nearest = sorted(by_word[right], reverse=True)[:2]
            if score >= 0.7 * best and any(other == left for _, other in nearest):
                found[left][right] = score * (1 + 0.01 * len(right))
    return found


def write_lexicon(lexicon: Mapping[str, Sequence[str]], path: Path) -> None:
    """Write one stem a line: stem, tab, Chinese words."""
    lines = ("\t".join((left, *of)) for left, of in lexicon.items())
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_lexicon(path: Path) -> dict[str, list[str]]:
    """Read what ``write_lexicon`` wrote."""
    rows = (line.split("\t") for line in read_lines(path))
    return {row[0]: row[1:] for row in rows}


def capital_words(pairs: Iterable[TextPair], most: int = 15000) -> list[str]:
    """Return frequent capitalised words inside sentences: mostly names."""
    counts: Counter[str] = Counter()
    for ru, _ in pairs:
        for match in WORD.finditer(ru):
            word = match.group()
            inside = match.start() > 2 and ru[match.start() - 2] not in ".!?«"
            if inside and len(word) >= 4 and word[0].isupper() and not word.isupper():
                counts[word] += 1
    return [word for word, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]]
