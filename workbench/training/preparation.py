"""From folders of text to everything that training reads: one folder, made once.

The folder holds ``groups/NAME.tsv``, ``validation.tsv``, ``spm.model``, ``outputs.npy``,
``scores.npy``, ``vectors.npy``, ``lexicon.tsv``, ``capitals.txt`` and ``prepared.json``.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from workbench.training import vocabulary
from workbench.training.annotation import TermSource
from workbench.training.corpus import (
    Groups,
    TestKeys,
    TextPair,
    checksum,
    hold_out,
    named_in_chinese,
    nearest,
    plain_prose,
    read_authored,
    read_groups,
    read_lines,
    separate,
    write_groups,
)
from workbench.training.lexicon import build_lexicon, capital_words, read_lexicon, write_lexicon
from workbench.training.text import letters, normalise

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PrepareOptions:
    """Sizes; the defaults are those of the shipped model."""

    pieces: int = 12_000
    width: int = 256
    documentation: int = 330_000
    aligned_documentation: int = 40_000
    interface: int = 30_000
    validation: int = 300
    seed: int = 7


@dataclass(frozen=True)
class Prepared:
    """What ``prepare`` left in a folder."""

    folder: Path
    groups: Groups
    model: Any
    outputs: np.ndarray
    scores: np.ndarray
    vectors: np.ndarray
    terms: TermSource
    report: dict[str, Any]

    @property
    def places(self) -> np.ndarray:
        """Return the place among the outputs of each id, -1 where it has none."""
        return vocabulary.positions(self.outputs, len(self.model) + 1)


def prepare(
    texts: Path,
    authored: Sequence[Path],
    tests: Sequence[Path],
    word_lists: Sequence[Path],
    target: Path,
    options: PrepareOptions,
) -> dict[str, Any]:
    """Make the folder *target*; return the report that is also its ``prepared.json``.

    *texts* holds the groups news, general, dict, ui and docs; *authored* are folders of our own
    prose; *tests* are the files that must not be trained on; *word_lists* are tab-separated names
    and terms, Russian and Chinese first.
    """
    groups = _gather(texts, authored, word_lists)
    removed = separate(groups, TestKeys.read(tests))
    validation, groups["authored"] = hold_out(groups["authored"], options.validation, options.seed)
    target.mkdir(parents=True, exist_ok=True)
    _write_pairs(target / "validation.tsv", validation)
    pieces = target / "spm.model"
    sample = _piece_sample(groups, Random(options.seed))
    required = vocabulary.required_characters(groups)
    vocabulary.train_pieces(sample, required, options.pieces, pieces)
    model = vocabulary.load(pieces)
    _choose_documentation(groups, model, options)
    write_groups(groups, target / "groups")
    _write_terms(groups, model, target)
    _write_alignment(groups, model, target, options)
    report = {
        "pairs": {name: len(pairs) for name, pairs in groups.items()},
        "removed_as_test": removed,
        "validation": len(validation),
        "data_sha256": checksum(groups),
        "options": asdict(options),
    }
    (target / "prepared.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    _LOG.info("prepared %s", report)
    return report


def load(folder: Path) -> Prepared:
    """Read a prepared folder. Raises ValueError when its texts were changed since."""
    report = json.loads((folder / "prepared.json").read_text(encoding="utf-8"))
    groups = {path.stem: _read_pairs(path) for path in sorted((folder / "groups").glob("*.tsv"))}
    if checksum(groups) != report["data_sha256"]:
        raise ValueError(f"{folder}/groups are not the texts that were prepared")
    model = vocabulary.load(folder / "spm.model")
    outputs, scores, vectors = (
        np.load(folder / f"{name}.npy") for name in ("outputs", "scores", "vectors")
    )
    return Prepared(folder, groups, model, outputs, scores, vectors, load_terms(folder), report)


def load_terms(folder: Path) -> TermSource:
    """Return what annotations are made of, from a prepared folder."""
    model = vocabulary.load(folder / "spm.model")
    capitals = read_lines(folder / "capitals.txt")
    return TermSource(read_lexicon(folder / "lexicon.tsv"), _single_hanzi(model), capitals)


def _gather(texts: Path, authored: Sequence[Path], word_lists: Sequence[Path]) -> Groups:
    """Read everything; our own prose leaves the news and becomes a group of its own."""
    groups = read_groups(texts)
    own = [pair for folder in authored for pair in read_authored(folder)]
    keys = {letters(ru) for ru, _ in own}
    groups["news"] = [pair for pair in groups["news"] if letters(pair[0]) not in keys]
    groups["authored"] = own
    for name in {"news", "general", "docs"} & groups.keys():
        groups[name] = named_in_chinese(groups[name])
    rows = [line.split("\t") for path in word_lists for line in read_lines(path)]
    names = [(normalise(row[0]), normalise(row[1])) for row in rows if len(row) > 1]
    groups["names"] = [pair for pair in names if all(pair) and pair != ("ru", "zh")]
    return groups


def _piece_sample(groups: Groups, random: Random) -> list[TextPair]:
    """Return the pairs that decide the pieces: mostly news."""
    sample = groups["authored"] * 3 + groups["news"] * 2 + groups["names"]
    for name, count in (("general", 20_000), ("dict", 20_000), ("docs", 15_000)):
        pairs = groups.get(name, [])
        sample += random.sample(pairs, min(count, len(pairs)))
    random.shuffle(sample)
    return sample


def _choose_documentation(groups: Groups, model: Any, options: PrepareOptions) -> None:
    domain = groups["news"] + groups["authored"]
    if groups.get("docs"):
        prose = plain_prose(groups["docs"])
        keep = options.documentation
        groups["docs"] = nearest(prose, domain, model.encode, len(model), keep)
    if groups.get("ui"):
        plain = [pair for pair in groups["ui"] if not any("a" <= c <= "z" for c in pair[0].lower())]
        groups["ui"] = plain[:: max(1, len(plain) // options.interface)]


def _write_terms(groups: Groups, model: Any, target: Path) -> None:
    prose = groups["authored"] + groups["news"] + groups.get("general", [])
    dictionary = groups.get("dict", []) + groups["names"]
    lexicon = build_lexicon(prose, dictionary, lambda text: list(model.encode(text, out_type=str)))
    write_lexicon(lexicon, target / "lexicon.tsv")
    capitals = "\n".join(capital_words(prose)) + "\n"
    (target / "capitals.txt").write_text(capitals, encoding="utf-8")


def _write_alignment(groups: Groups, model: Any, target: Path, options: PrepareOptions) -> None:
    from workbench.training import alignment

    encoded = {
        name: list(
            zip(
                model.encode([p[0] for p in pairs]),
                model.encode([p[1] for p in pairs]),
                strict=True,
            )
        )
        for name, pairs in groups.items()
    }
    outputs = vocabulary.output_pieces(model, (zh for e in encoded.values() for _, zh in e))
    places = vocabulary.positions(outputs, len(model) + 1)
    pairs = []
    for name, of_group in encoded.items():
        part = of_group[: options.aligned_documentation] if name == "docs" else of_group
        times = 2 if name in {"news", "authored"} else 1
        pairs += [(ru, places[zh]) for ru, zh in part if zh and places[zh].min() >= 0] * times
    names = [model.id_to_piece(number) for number in range(len(model))]
    found = alignment.associate(pairs, names, outputs)
    vectors = alignment.bilingual_vectors(found.counts, outputs, options.width, options.seed)
    np.save(target / "outputs.npy", outputs)
    np.save(target / "scores.npy", found.scores.numpy().astype(np.float16))
    np.save(target / "vectors.npy", vectors.numpy())


def _single_hanzi(model: Any) -> list[str]:
    pieces = (model.id_to_piece(number) for number in range(len(model)))
    return [piece for piece in pieces if len(piece) == 1 and "\u4e00" <= piece <= "\u9fff"]


def _read_pairs(path: Path) -> list[TextPair]:
    rows = (line.split("\t") for line in read_lines(path))
    return [(row[0], row[1]) for row in rows]


def _write_pairs(path: Path, pairs: Sequence[TextPair]) -> None:
    path.write_text("".join(f"{ru}\t{zh}\n" for ru, zh in pairs), encoding="utf-8")
