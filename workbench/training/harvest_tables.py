"""What harvesting knows of Chinese: counted in the authored corpus, weighed on bulletins.

``python -m workbench.training.harvest_tables`` from a checkout writes ``learned.tsv`` and
``weights.toml`` of ``workbench.services.harvest``. Three minutes of one core, no randomness.
"""

from __future__ import annotations

import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from workbench.services.harvest.brackets import HAN
from workbench.services.harvest.learned import stem
from workbench.services.harvest.words import words
from workbench.training.harvest_examples import Example, examples, mentions

TARGET = Path(__file__).parents[1] / "services" / "harvest"
_RUN = re.compile(f"[{HAN}]+")
_WORD = re.compile(r"[А-Яа-яЁё]{2,}")
_SHORT = frozenset(
    re.findall(
        r"\w+",
        "и в на по о об при с со для из к от у над за до не а или во что как это его ее их он она"
        " они все но же бы так быть был была было были который года год году также",
    )
)
_LONGEST = 5  # characters of a Chinese word
_MOST = 4  # Chinese words of a stem
_SMOOTH = 3.0  # occurrences
_INNER = 0.65  # of the occurrences beside one and the same character: no whole word
_HEAD = (
    "# Made by workbench.training.harvest_tables; the kinds of lines: services/harvest/learned.py."
)

Pairs = Sequence[tuple[str, str]]


def main() -> None:
    """Count, weigh, write."""
    from workbench.training.harvest_weights import fitted

    root = Path(__file__).parents[2]
    corpus = _corpus(root)
    texts = [*corpus, *_glossary(root)]
    known = [(example.run, example.zh) for example in mentions(root, corpus)]
    lines = [
        _HEAD,
        *_characters(texts, known),
        *_neighbours(texts),
        *_stems(texts),
        *_given(root),
    ]
    (TARGET / "learned.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    _report(f"learned.tsv: {len(lines)} lines")
    found: list[Example] = examples(root, corpus)
    weights = fitted(found)
    text = "".join(f"{name} = {value:.3f}\n" for name, value in weights.items())
    head = "# What each feature of bounds.py is worth; workbench.training.harvest_tables fits it.\n"
    (TARGET / "weights.toml").write_text(head + text, encoding="utf-8")
    _report(f"weights.toml: from {len(found)} examples")


def _report(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def _rows(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]


def _corpus(root: Path) -> list[tuple[str, str]]:
    files = sorted((root / "corpora" / "ru-zh" / "authored").glob("*.tsv"))
    return [(row[0], row[1]) for path in files for row in _rows(path)]


def _glossary(root: Path) -> list[tuple[str, str]]:
    files = sorted((root / "glossary" / "ru-zh").glob("*.tsv"))
    return [(row[0], row[1]) for path in files for row in _rows(path)[1:]]


def _characters(texts: Pairs, known: Sequence[tuple[str, str]]) -> Iterable[str]:
    """Yield how much likelier each character is at the places of names than anywhere."""
    count = Counter(c for _, zh in texts for run in _RUN.findall(zh) for c in run)
    total = sum(count.values())
    before = Counter(run[-len(zh) - 1] for run, zh in known if len(run) > len(zh))
    first = Counter(zh[0] for _, zh in known)
    inside = Counter(c for _, zh in known for c in zh)

    def likelier(table: Counter[str], character: str, bound: float) -> float:
        expected = table.total() * count[character] / total
        # Smoothed: a rare character not seen there says little.
        value = math.log((table[character] + _SMOOTH) / (expected + _SMOOTH))
        return max(-bound, min(bound, value))

    for character, times in sorted(count.items()):
        values = (
            likelier(before, character, 3.0),
            likelier(first, character, 3.0),
            likelier(inside, character, 2.0),
        )
        yield "\t".join(("c", character, *(f"{value:.1f}" for value in values), str(times)))


def _neighbours(texts: Pairs) -> Iterable[str]:
    """Yield how much oftener two characters meet than by chance, in halves."""
    runs = [run for _, zh in texts for run in _RUN.findall(zh)]
    count = Counter(c for run in runs for c in run)
    total = count.total()
    meet = Counter(run[n : n + 2] for run in runs for n in range(len(run) - 1))
    by: dict[str, dict[float, str]] = defaultdict(lambda: defaultdict(str))
    for two, times in sorted(meet.items()):
        if times > 1:
            chance = count[two[0]] * count[two[1]] / total
            value = math.log((times + 0.3) / (chance + 0.3))
            by[two[0]][round(max(-2.0, min(5.0, value)) * 2) / 2] += two[1]
    for left, values in sorted(by.items()):
        yield "\t".join(("b", left, *(f"{v:g} {values[v]}" for v in sorted(values))))


def _stems(texts: Pairs) -> Iterable[str]:
    """Yield the Chinese words that stand in the translations of a Russian stem (Dice)."""
    whole = _whole_words(texts)
    stems: Counter[str] = Counter()
    chinese: Counter[str] = Counter()
    both: Counter[tuple[str, str]] = Counter()
    for ru, zh in texts:
        ours = {stem(word) for word in _WORD.findall(ru) if word.lower() not in _SHORT}
        theirs = {part for run in _RUN.findall(zh) for part in _parts(run) if part in whole}
        stems.update(ours)
        chinese.update(theirs)
        both.update((one, other) for one in ours for other in theirs)
    found: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for (one, other), times in both.items():
        dice = 2 * times / (stems[one] + chinese[other])
        if times > 1 and dice >= (0.3 if len(other) > 1 else 0.45) and (times > 3 or dice >= 0.5):
            found[one].append((round(dice, 2), other))
    for one, candidates in sorted(found.items()):
        kept: list[tuple[float, str]] = []
        for dice, other in sorted(candidates, key=lambda each: (-each[0], -len(each[1]), each[1])):
            inner = any(other in longer and dice < best * 0.9 for best, longer in kept)
            if not inner and not _foreign(one, other) and len(kept) < _MOST:
                kept.append((dice, other))
        if kept:
            yield f"s\t{one}\t{' '.join(other for _, other in kept)}"


def _foreign(one: str, chinese: str) -> bool:
    """Tell whether *chinese* is a country's name and the stem no name of that country."""
    named = words().countries_of(one)
    return chinese in words().countries and chinese not in named


def _parts(run: str) -> Iterable[str]:
    for length in range(1, _LONGEST + 1):
        for start in range(len(run) - length + 1):
            yield run[start : start + length]


def _whole_words(texts: Pairs) -> set[str]:
    """Return the pieces of Chinese that do not mostly stand beside one and the same character."""
    left: dict[str, Counter[str]] = defaultdict(Counter)
    right: dict[str, Counter[str]] = defaultdict(Counter)
    for _, zh in texts:
        for run in _RUN.findall(zh):
            bounded = f"^{run}$"
            for length in range(1, _LONGEST + 1):
                for start in range(1, len(run) - length + 2):
                    part = bounded[start : start + length]
                    left[part][bounded[start - 1]] += 1
                    right[part][bounded[start + length]] += 1

    def free(beside: Counter[str], edge: str) -> bool:
        character, times = beside.most_common(1)[0]
        return character == edge or times <= _INNER * beside.total() or beside.total() < 2

    return {part for part in left if free(left[part], "^") and free(right[part], "$")}


def _given(root: Path) -> Iterable[str]:
    """Yield the established forms of given names."""
    forms: dict[str, dict[str, None]] = defaultdict(dict)
    for row in _rows(root / "glossary" / "ru-zh" / "names" / "given-names.tsv")[1:]:
        others = re.split(r"[;,|]", row[4]) if len(row) > 4 else []
        for zh in (row[1], *others):
            if zh.strip():
                forms[row[0].lower()][zh.strip()] = None
    for name, chinese in sorted(forms.items()):
        yield f"g\t{name}\t{' '.join(chinese)}"


if __name__ == "__main__":
    main()
