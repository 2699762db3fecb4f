"""Families of translation models: how to know one, how to tell it the languages."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from workbench.domain.language import Pair
from workbench.engines.manifest import Tokeniser
from workbench.errors import EngineError

_DEEP = 4  # decoder layers


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a model comes from: its name, the revision or digest of its files, its folder."""

    kind: Literal["hub", "folder"]
    name: str
    revision: str
    folder: Path


@dataclass(frozen=True, slots=True)
class Clues:
    """What a model folder shows without loading the model."""

    name: str
    config: Mapping[str, Any]
    tokeniser_config: Mapping[str, Any]
    folder: Path

    def mentions(self, token: str) -> bool:
        """Tell whether one of the tokeniser's files holds *token*."""
        files = [*self.folder.glob("*.json"), *self.folder.glob("*.model")]
        return any(token.encode() in path.read_bytes() for path in files)

    def called(self, word: str) -> bool:
        """Tell whether the model's name or its tokeniser's class holds *word*."""
        said = (self.name, self.config.get("_name_or_path"), self._tokeniser_class)
        return any(word in str(text).lower() for text in said)

    @property
    def _tokeniser_class(self) -> str:
        return str(
            self.tokeniser_config.get("tokenizer_class") or self.config.get("tokenizer_class") or ""
        )


@dataclass(frozen=True, slots=True)
class Family:
    """One family.

    ``codes`` are its names of our languages; ``lead`` makes the text that asks for the target
    language before the source text; ``bos`` makes the piece that a target starts with. With
    ``tokeniser`` SentencePiece ``files`` names the source's and the target's model. ``longest`` is
    the longest input, in pieces, that a model trained on sentences does well. With ``guided`` one
    head, the first of the last decoder layer, was trained to align (OPUS-MT's "transformer-align").
    """

    name: str
    matches: Callable[[Clues], bool]
    tokeniser: Tokeniser
    files: tuple[str, str] = ("tokenizer.json", "tokenizer.json")
    codes: Mapping[str, str] = field(default_factory=dict)
    lead: Callable[[Pair], str] = lambda _pair: ""
    bos: Callable[[str], str] | None = None
    longest: int = 200
    guided: bool = False

    def code(self, language: str) -> str:
        """Return the family's name of a language."""
        return self.codes.get(language, language)

    def target_start(self, pair: Pair) -> tuple[str, ...]:
        """Return the pieces every target starts with."""
        return (self.bos(self.code(pair.target)),) if self.bos else ()

    def alignment(self, layers: int) -> tuple[int, int]:
        """Return which of *layers* decoder layers aligns best, and how many of its heads; 0 is all.

        Without a trained head all heads of the last layer but one do (Garg et al. 2019, six
        layers); in a shallow decoder that layer is too early, as we measured.
        """
        if self.guided:
            return layers - 1, 1
        return (layers - 2 if layers >= _DEEP else layers - 1), 0


def _type(*names: str) -> Callable[[Clues], bool]:
    return lambda clues: clues.config.get("model_type") in names


def _nllb(clues: Clues) -> bool:
    return _type("m2m_100")(clues) and (clues.called("nllb") or clues.mentions("zho_Hans"))


def _mbart50(clues: Clues) -> bool:
    return _type("mbart")(clues) and (
        clues.called("mbart50") or clues.called("mbart-large-50") or clues.called("mbart-50")
    )


def _madlad(clues: Clues) -> bool:
    return _type("t5")(clues) and (clues.called("madlad") or clues.mentions("<2zh>"))


# The first that matches; the more particular ones stand before the more general.
FAMILIES = (
    Family(
        name="marian",
        matches=_type("marian"),
        tokeniser="sentencepiece",
        files=("source.spm", "target.spm"),
        guided=True,
    ),
    Family(
        name="nllb",
        matches=_nllb,
        tokeniser="tokenizers",
        codes={"ru": "rus_Cyrl", "zh": "zho_Hans"},
        bos=lambda code: code,
    ),
    Family(
        name="m2m100",
        matches=_type("m2m_100"),
        tokeniser="sentencepiece",
        files=("sentencepiece.bpe.model", "sentencepiece.bpe.model"),
        bos=lambda code: f"__{code}__",
    ),
    Family(
        name="mbart50",
        matches=_mbart50,
        tokeniser="tokenizers",
        codes={"ru": "ru_RU", "zh": "zh_CN"},
        bos=lambda code: code,
    ),
    Family(
        name="madlad",
        matches=_madlad,
        tokeniser="tokenizers",
        lead=lambda pair: f"<2{pair.target}> ",
    ),
    Family(
        name="t5",
        matches=_type("t5", "mt5", "umt5"),
        tokeniser="tokenizers",
        lead=lambda pair: f"translate to {pair.target}: ",
    ),
)


def recognise(folder: Path, name: str) -> Family:
    """Return the family of a model folder. Raises EngineError."""
    clues = Clues(
        name=name.lower(),
        config=_read(folder / "config.json"),
        tokeniser_config=_read(folder / "tokenizer_config.json"),
        folder=folder,
    )
    for family in FAMILIES:
        if family.matches(clues):
            return family
    raise EngineError(
        "engines.unknown_family",
        name=name,
        type=clues.config.get("model_type", "?"),
        known=", ".join(family.name for family in FAMILIES),
    )


def _read(path: Path) -> Mapping[str, Any]:
    """Read a JSON object; a file that is missing or broken says nothing."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
