"""Tokens per second of the shipped layout: CTranslate2 int8 beside transformers, the same weights.

Random weights and a fixed number of output tokens, so that both do the same work whatever the
model says. Prints figures; asserts none (`make bench`).
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from workbench.training.export import write_ctranslate, write_marian
from workbench.training.network import Shape, initial_weights
from workbench.training.vocabulary import load

ROOT = Path(__file__).parents[2]
PIECES = ROOT / "models" / "ru-zh" / "spm.model"
LENGTH = 32
BEAM = 8
pytestmark = pytest.mark.bench


@pytest.mark.parametrize("size", [1, 32])
def test_tokens_a_second_beside_transformers(size: int, tmp_path: Path) -> None:
    import ctranslate2
    import torch

    spm = load(PIECES)
    shape = Shape(vocabulary=len(spm) + 1)
    outputs = np.array([0, *range(10, len(spm))])
    model = write_marian(initial_weights(shape, 1), shape, outputs, PIECES, tmp_path / "marian")
    write_ctranslate(tmp_path / "marian", PIECES, tmp_path / "int8")
    rows = [ids for ids in spm.encode(sentences()) if 20 <= len(ids) < 40][:size]
    translator = ctranslate2.Translator(str(tmp_path / "int8"), intra_threads=1, inter_threads=1)
    sources = [[*(spm.id_to_piece(i) for i in ids), "</s>"] for ids in rows]

    def by_ctranslate() -> None:
        translator.translate_batch(
            sources, beam_size=BEAM, min_decoding_length=LENGTH, max_decoding_length=LENGTH
        )

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        slow = {
            "transformers fp32": speed(lambda: generate(model, rows), size),
            "transformers bf16": speed(lambda: generate(model.to(torch.bfloat16), rows), size),
        }
    finally:
        torch.set_num_threads(before)
    fast = speed(by_ctranslate, size)
    figures = {"ctranslate2 int8": round(fast)}
    for name, value in slow.items():
        figures |= {name: round(value), f"int8 / {name}": round(fast / value, 1)}
    title = f"output tokens a second on one core, beam {BEAM}, batch {size}"
    sys.stdout.write(f"\n{json.dumps({title: figures}, ensure_ascii=False)}\n")


def sentences() -> list[str]:
    path = ROOT / "corpora" / "ru-zh" / "eval" / "newsdesk.ru"
    return path.read_text(encoding="utf-8").splitlines()


def generate(model: Any, rows: list[list[int]]) -> None:
    import torch

    width = max(map(len, rows)) + 1
    pad = model.config.pad_token_id
    source = torch.full((len(rows), width), pad)
    for number, ids in enumerate(rows):
        source[number, : len(ids) + 1] = torch.tensor([*ids, 0])
    with torch.inference_mode():
        model.generate(
            source,
            attention_mask=(source != pad).long(),
            num_beams=BEAM,
            do_sample=False,
            max_length=None,
            min_new_tokens=LENGTH,
            max_new_tokens=LENGTH,
        )


def speed(work: Callable[[], None], size: int, seconds: float = 3.0) -> float:
    """Return tokens a second of the best hypotheses, warmed up."""
    work()
    begun, rounds = time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        work()
        rounds += 1
    return rounds * size * LENGTH / (time.perf_counter() - begun)
