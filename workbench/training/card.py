"""The shipped folder's ``manifest.toml``: files, data, scores and how it was trained."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench.engines.manifest import FILE_NAME, describe_files
from workbench.training.evaluation import Decoding, SetScore
from workbench.training.text import TAGS

_README = "README.md"


@dataclass(frozen=True)
class Card:
    """What cannot be read off the folder."""

    name: str
    version: str
    licence: str
    created: str
    decoding: Decoding
    data: Sequence[Mapping[str, Any]] = ()
    scores: Sequence[SetScore] = ()
    training: Mapping[str, Any] = field(default_factory=dict)
    max_input_tokens: int = 128
    clause_tokens: int = 0


def write_card(folder: Path, card: Card) -> None:
    """Write ``manifest.toml``; every file but it and the README is listed with its checksum."""
    lines = _table(
        {
            "name": card.name,
            "version": card.version,
            "engine": "shipped",
            "pair": card.name,
            "licence": card.licence,
            "created": card.created,
            "terms": "inline",
            "tags": list(TAGS),
            "beam": card.decoding.beam,
            "length_penalty": card.decoding.length_penalty,
            "no_repeat_ngram_size": card.decoding.no_repeat_ngram_size,
            "patience": card.decoding.patience,
            "latin": "source",
            "max_input_tokens": card.max_input_tokens,
            "clause_tokens": card.clause_tokens,
        }
    )
    for file in describe_files(folder):
        if file.path != _README:
            row = {"path": file.path, "size": file.size, "sha256": file.sha256}
            lines += ["", "[[files]]", *_table(row)]
    for source in card.data:
        lines += ["", "[[data]]", *_table(source)]
    for figure in card.scores:
        lines += ["", "[[scores]]", *_table(figure.as_dict())]
    if card.training:
        lines += ["", "[training]", *_table(card.training)]
    (folder / FILE_NAME).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _table(values: Mapping[str, Any]) -> list[str]:
    """JSON's strings, numbers, booleans and flat lists are also TOML's."""
    return [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
