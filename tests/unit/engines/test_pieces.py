"""Pieces and the characters they stand for."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.engines.pieces import FastPieces, Pieces, SentencePieces, Tokeniser

LINES = [
    "Утром в порту разгрузили третье судно с зерном, а вечером ушло четвёртое.",
    "Посол вернулся из отпуска и сразу созвал совещание.",
    "清晨，港口卸下第三艘运粮船，傍晚第四艘离港。",
    "大使休假归来，立即召开会议。",
]
# Letters known and unknown, double width, combining, astral, spaces that normalisation eats.
TEXTS = st.text(
    st.sampled_from("утромвпортуд清晨港口，。 \u00a0\t№½é鱻😀\u0301<>/s▁«»3,5%"), max_size=40
)


@cache
def model(byte_fallback: bool) -> bytes:
    import sentencepiece

    stream = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(LINES * 4),
        model_writer=stream,
        vocab_size=420,
        hard_vocab_limit=False,
        byte_fallback=byte_fallback,
        minloglevel=2,
        num_threads=1,
    )
    return stream.getvalue()


@cache
def tokeniser(kind: str) -> Tokeniser:
    with TemporaryDirectory() as place:
        path = Path(place) / "file"
        if kind == "tokenizers":
            import tokenizers
            from tokenizers import decoders, models, pre_tokenizers, trainers

            fast = tokenizers.Tokenizer(models.Unigram())
            fast.pre_tokenizer = pre_tokenizers.Metaspace()
            fast.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Metaspace()])
            alphabet = [f"<0x{number:02X}>" for number in range(256)]
            trainer = trainers.UnigramTrainer(
                vocab_size=600,
                special_tokens=["<unk>", "</s>", *alphabet],
                unk_token="<unk>",
                show_progress=False,
            )
            fast.train_from_iterator(LINES * 4, trainer)
            fast.save(str(path))
            return FastPieces(path)
        path.write_bytes(model(kind == "bytes"))
        return SentencePieces(path, path)


def in_order(pieces: Pieces) -> None:
    """The spans lie in the text and never fall back."""
    assert len(pieces.spans) == len(pieces.pieces)
    at = 0
    for span in pieces.spans:
        assert at <= span.start <= span.end <= len(pieces.text)
        at = span.end


KINDS = ("plain", "bytes", "tokenizers")


@pytest.mark.parametrize("kind", KINDS)
@given(text=TEXTS)
def test_source_spans_lie_in_the_text_as_it_was_written(kind: str, text: str) -> None:
    pieces = tokeniser(kind).source(text)
    assert pieces.text == text
    assert len(pieces.spans) == len(pieces.pieces)
    assert all(0 <= span.start <= span.end <= len(text) for span in pieces.spans)
    assert [span.start for span in pieces.spans] == sorted(span.start for span in pieces.spans)
    covered = {n for span in pieces.spans for n in range(span.start, span.end)}
    letters = {n for n, character in enumerate(text) if character in "утромвпортуд清晨港口"}
    assert letters <= covered


@pytest.mark.parametrize("kind", KINDS)
@given(text=TEXTS)
def test_joined_spans_rebuild_the_target(kind: str, text: str) -> None:
    work = tokeniser(kind)
    joined = work.join(work.target(text))
    in_order(joined)
    assert "".join(span.of(joined.text) for span in joined.spans) == joined.text


@pytest.mark.parametrize("kind", KINDS)
@given(
    pieces=st.lists(
        st.sampled_from(["▁", "清晨", "港", "<0xE9>", "<0xB1>", "<0xBB>", "▁at", "zz", "</s>"])
    )
)
def test_any_run_of_pieces_can_be_joined(kind: str, pieces: list[str]) -> None:
    joined = tokeniser(kind).join(pieces)
    in_order(joined)
    assert joined.pieces == tuple(pieces)
    assert "▁" not in joined.text


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("kind", KINDS)
def test_cutting_and_joining_give_the_text_back(kind: str, line: str) -> None:
    work = tokeniser(kind)
    expected = line.replace("，", ",") if kind != "tokenizers" else line  # NFKC
    assert work.join(work.target(line)).text == expected


def test_a_marker_typed_by_an_author_is_text() -> None:
    assert "</s>" not in tokeniser("tokenizers").source("утро </s> порт").pieces
    assert "</s>" not in tokeniser("plain").source("утро </s> порт").pieces
