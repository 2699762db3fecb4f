"""Text to pieces and back, knowing for each piece the characters it stands for.

Two tokenisers, neither of which needs torch or transformers: SentencePiece models (our own,
Marian, M2M100) and ``tokenizer.json`` files (NLLB, mBART-50, T5, MADLAD-400).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, Protocol

from workbench.domain.language import Span


@dataclass(frozen=True, slots=True)
class Pieces:
    """Pieces of ``text`` with the span of each; pieces without a character have an empty span."""

    text: str
    pieces: tuple[str, ...]
    spans: tuple[Span, ...]


class Tokeniser(Protocol):
    """Cuts source and target texts; markers such as ``</s>`` are the caller's business."""

    def source(self, text: str) -> Pieces:
        """Cut a source text; the spans lie in *text*."""
        ...

    def target(self, text: str) -> tuple[str, ...]:
        """Cut the beginning of a target text."""
        ...

    def join(self, pieces: Sequence[str]) -> Pieces:
        """Join target pieces; the spans lie in the joined text and never fall back."""
        ...


_UNKNOWN = "<unk>"
_USUAL_MARKERS = frozenset({"<s>", "</s>", "<pad>", _UNKNOWN})


class SentencePieces:
    """One or two SentencePiece models."""

    def __init__(self, source: Path, target: Path, markers: Iterable[str] = ()) -> None:
        """Load the models; *markers* besides the usual ones are the model's alone.

        Raises OSError or RuntimeError.
        """
        from sentencepiece import SentencePieceProcessor

        self._source = SentencePieceProcessor(model_file=str(source))
        same = source == target
        self._target = self._source if same else SentencePieceProcessor(model_file=str(target))
        self._markers = _USUAL_MARKERS | set(markers)

    def source(self, text: str) -> Pieces:
        """Cut a source text. SentencePiece counts UTF-8 bytes, we count code points."""
        proto = self._source.encode(text, return_type="proto")
        cut = _from_proto(text, proto.pieces)
        return Pieces(text, _unmarked(cut.pieces, self._markers), cut.spans)

    def target(self, text: str) -> tuple[str, ...]:
        """Cut the beginning of a target text."""
        return _unmarked(self._target.encode(text, out_type=str), self._markers)

    def join(self, pieces: Sequence[str]) -> Pieces:
        """Join target pieces."""
        proto = self._target.decode(list(pieces), return_type="proto")
        joined = _from_proto(proto.text, proto.pieces)
        # Pieces of the source model (a name copied as it stands) keep their mark of a space.
        return Pieces(joined.text.replace("▁", " "), tuple(pieces), joined.spans)


def _from_proto(text: str, pieces: Any) -> Pieces:
    """Turn byte offsets into code points."""
    ends = accumulate((len(character.encode()) for character in text), initial=0)
    at = {offset: index for index, offset in enumerate(ends)}
    spans = tuple(Span(at[piece.begin], at[piece.end]) for piece in pieces)
    return Pieces(text, tuple(piece.piece for piece in pieces), spans)


def _unmarked(pieces: Iterable[str], markers: Container[str]) -> tuple[str, ...]:
    """Keep what an author typed from working as a marker.

    Unknown characters in a row become one piece, so "</s>" in a text comes out as that string.
    """
    return tuple(_UNKNOWN if piece in markers else piece for piece in pieces)


class FastPieces:
    """A ``tokenizer.json`` read with the tokenizers library."""

    def __init__(self, path: Path) -> None:
        """Load the file. Raises OSError or ValueError."""
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_str(path.read_text(encoding="utf-8"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        added = self._tokenizer.get_added_tokens_decoder().values()
        self._markers = {token.content for token in added}

    def source(self, text: str) -> Pieces:
        """Cut a source text. A piece of half a character has the whole character's span."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        spans = tuple(
            # A space that the tokeniser puts in front stands for nothing in the text.
            Span(start, start) if piece == "▁" and text[start:end].strip() else Span(start, end)
            for piece, (start, end) in zip(encoding.tokens, encoding.offsets, strict=True)
        )
        return Pieces(text, _unmarked(encoding.tokens, self._markers), spans)

    def target(self, text: str) -> tuple[str, ...]:
        """Cut the beginning of a target text."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        return _unmarked(encoding.tokens, self._markers)

    def join(self, pieces: Sequence[str]) -> Pieces:
        """Join target pieces; each piece's span is what it adds to the text so far."""
        numbers: list[int] = []
        grown = [""]
        for piece in pieces:
            number = self._tokenizer.token_to_id(piece)
            if number is not None:  # padding words of the model are in no tokeniser
                numbers.append(number)
            grown.append(self._tokenizer.decode(numbers))
        text = grown[-1]
        # Half a character (byte fallback) shows as U+FFFD until its last byte has come.
        ends = [*accumulate((_common(text, part) for part in grown[:-1]), max), len(text)]
        spans = tuple(Span(start, end) for start, end in pairwise(ends))
        return Pieces(text, tuple(pieces), spans)


def _common(one: str, other: str) -> int:
    """Return the length of the common beginning."""
    for index, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return index
    return min(len(one), len(other))
