"""The joint SentencePiece model and the pieces that may come out of the decoder.

Ids: ``</s>`` 0, ``<unk>`` 1, the three term tags, byte pieces, learnt pieces; ``<pad>`` is not in
the SentencePiece model, it is the network's last id (``len(model)``).
"""

from __future__ import annotations

import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import chdir
from pathlib import Path
from typing import Any

import numpy as np

from workbench.training.annotation import TRANSLITERATION
from workbench.training.corpus import Groups, TextPair
from workbench.training.text import RULES, TAGS

END, UNKNOWN = 0, 1
_ALPHABET = (
    "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя"
    + "".join(map(chr, range(33, 127)))
    + "，。！？：；、（）《》“”‘’「」«»—–…·№%"
)
_CYRILLIC = re.compile("[А-яЁё]")


def load(path: Path) -> Any:
    """Return the SentencePiece processor."""
    from sentencepiece import SentencePieceProcessor

    return SentencePieceProcessor(model_file=str(path))


def common_hanzi() -> set[str]:
    """Return the characters of GB 2312."""
    found: set[str] = set()
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            character = bytes((high, low)).decode("gb2312", errors="ignore")
            found.update(character)
    return found


def required_characters(groups: Groups) -> str:
    """Return the characters that get a piece of their own; others are spelt in bytes."""
    near: Counter[str] = Counter()
    far: Counter[str] = Counter()
    for name, pairs in groups.items():
        for ru, zh in pairs:
            (far if name in {"docs", "ui"} else near).update(zh)
            if name not in {"docs", "ui"}:
                near.update(ru)
    hanzi = {c for c in common_hanzi() if near[c] >= 4 or far[c] >= 200}
    signs = {c for c, count in near.items() if count >= 60 and not c.isspace() and not _is_hanzi(c)}
    return "".join(sorted(hanzi | signs | set(TRANSLITERATION) | set(_ALPHABET)))


def _is_hanzi(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def train_pieces(
    sample: Iterable[TextPair], required: str, size: int, target: Path, seed_size: int = 250_000
) -> None:
    """Train the joint unigram model on both sides of the sample and write it to *target*."""
    from sentencepiece import SentencePieceTrainer

    rules = "".join(
        " ".join(f"{ord(c):X}" for c in left) + "\t" + " ".join(f"{ord(c):X}" for c in right) + "\n"
        for left, right in sorted(RULES.items())
    )
    # The model file records the names it was made from: they are kept free of folders.
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        Path("text").write_text("".join(f"{ru}\n{zh}\n" for ru, zh in sample), encoding="utf-8")
        Path("rules.tsv").write_text(rules, encoding="utf-8")
        SentencePieceTrainer.train(
            input="text",
            model_prefix="spm",
            vocab_size=size,
            model_type="unigram",
            character_coverage=0.9995,
            required_chars=required,
            byte_fallback=True,
            user_defined_symbols=list(TAGS),
            eos_id=END,
            unk_id=UNKNOWN,
            bos_id=-1,
            pad_id=-1,
            num_threads=os.cpu_count() or 1,
            minloglevel=2,
            normalization_rule_tsv="rules.tsv",
            add_dummy_prefix=True,
            split_digits=True,
            split_by_unicode_script=True,
            max_sentencepiece_length=14,
            remove_extra_whitespaces=True,
            seed_sentencepiece_size=seed_size,
            shuffle_input_sentence=False,
            hard_vocab_limit=True,
        )
        content = Path("spm.model").read_bytes()
    target.write_bytes(content)


def output_pieces(model: Any, chinese: Iterable[Sequence[int]]) -> np.ndarray:
    """Return the ids that the decoder may write: [K], ``</s>`` first.

    Everything without Cyrillic that stands in the Chinese texts, single characters and bytes;
    Cyrillic pieces only where Chinese texts use them. The softmax is over these only, which is
    exact and nearly halves its cost.
    """
    counts = np.zeros(len(model), np.int64)
    for pieces in chinese:
        np.add.at(counts, list(pieces), 1)
    chosen = [END]
    for number in range(2, len(model)):
        piece = model.id_to_piece(number)
        if piece in TAGS:
            continue
        if _CYRILLIC.search(piece):
            wanted = counts[number] >= 30
        else:
            wanted = counts[number] > 0 or len(piece) == 1 or model.is_byte(number)
        if wanted:
            chosen.append(number)
    return np.array(chosen, np.int64)


def positions(outputs: np.ndarray, size: int) -> np.ndarray:
    """Return for each of *size* ids its place among the outputs, -1 where it has none: [size]."""
    table = np.full(size, -1, np.int64)
    table[outputs] = np.arange(len(outputs))
    return table
