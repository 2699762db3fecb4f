"""Tiny models with random weights, one of each family, built by the tests themselves."""

from __future__ import annotations

import io
import json
from pathlib import Path

from workbench.domain.language import RU_ZH
from workbench.engines.manifest import Manifest, describe_files, write_manifest

RUSSIAN = [
    "Президент Казахстана Токаев встретился с Ивановым в Астане.",
    "Сегодня на окраине города открыли новый завод по переработке зерна.",
    "Переговоры о поставках газа продолжатся в четверг, сообщил министр.",
    "Цены на хлеб выросли на 3,5 процента; рынок ждал худшего.",
    "По его словам, обе страны готовы подписать соглашение до конца года.",
    "Учёные нашли на Алтае следы древнего поселения.",
    "Парламент отложил голосование по бюджету на неделю.",
    "В Москве прошла встреча послов, на которой обсудили границу.",
]
CHINESE = [
    "哈萨克斯坦总统托卡耶夫在阿斯塔纳会见了伊万诺夫。",
    "今天，城郊一座新的粮食加工厂投产。",
    "部长表示，天然气供应谈判将于星期四继续进行。",
    "面包价格上涨了3.5%，市场原本预期更糟。",
    "他说，两国准备在年底前签署协议。",
    "科学家在阿尔泰发现了古代聚落的遗迹。",
    "议会将预算案表决推迟了一周。",
    "大使会议在莫斯科举行，会上讨论了边界问题。",
]
SIZES = {
    "d_model": 32,
    "encoder_layers": 1,
    "decoder_layers": 2,
    "encoder_attention_heads": 2,
    "decoder_attention_heads": 2,
    "encoder_ffn_dim": 32,
    "decoder_ffn_dim": 32,
}
TAGS = ("<t0>", "<t1>", "<t2>")


def sentencepiece(lines: list[str], path: Path, vocabulary: int, **options: object) -> Path:
    """Train a SentencePiece model on a few lines."""
    import sentencepiece

    stream = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines * 4),
        model_writer=stream,
        vocab_size=vocabulary,
        hard_vocab_limit=False,
        minloglevel=2,
        num_threads=1,
        **options,
    )
    path.write_bytes(stream.getvalue())
    return path


def marian(folder: Path) -> Path:
    """A MarianMT folder as the hub has them: joint vocabulary, ``<pad>`` last and zero."""
    import torch
    import transformers

    torch.manual_seed(7)
    folder.mkdir(parents=True)
    model_file = sentencepiece(
        RUSSIAN + CHINESE,
        folder / "source.spm",
        520,
        model_type="unigram",
        eos_id=0,
        unk_id=1,
        bos_id=-1,
        pad_id=-1,
        byte_fallback=True,
        user_defined_symbols=list(TAGS),
    )
    (folder / "target.spm").write_bytes(model_file.read_bytes())
    vocabulary = {piece: number for number, piece in enumerate(pieces(model_file))}
    vocabulary["<pad>"] = pad = len(vocabulary)
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False))
    config = transformers.MarianConfig(
        vocab_size=pad + 1,
        decoder_vocab_size=pad + 1,
        pad_token_id=pad,
        decoder_start_token_id=pad,
        eos_token_id=0,
        bos_token_id=0,
        forced_eos_token_id=0,
        max_position_embeddings=256,
        scale_embedding=True,
        activation_function="swish",
        init_std=0.3,
        **SIZES,
    )
    model = transformers.MarianMTModel(config)
    with torch.no_grad():
        model.model.shared.weight[-1] = 0
        model.final_logits_bias[0, -1] = -1e4
    model.generation_config = transformers.GenerationConfig(
        decoder_start_token_id=pad, pad_token_id=pad, eos_token_id=0, bad_words_ids=[[pad]]
    )
    model.save_pretrained(folder)
    transformers.MarianTokenizer(
        str(folder / "source.spm"), str(folder / "target.spm"), str(folder / "vocab.json")
    ).save_pretrained(folder)
    return folder


def pieces(path: Path) -> list[str]:
    """Return the pieces of a SentencePiece model in the order of their numbers."""
    from sentencepiece import SentencePieceProcessor

    processor = SentencePieceProcessor(model_file=str(path))
    return [processor.id_to_piece(number) for number in range(len(processor))]


def shipped(folder: Path, source: Path) -> Path:
    """A folder as models/ru-zh is: a Marian model converted, with a manifest and inline tags."""
    import ctranslate2

    converter = ctranslate2.converters.TransformersConverter(str(source))
    converter.convert(str(folder), quantization="int8")
    (folder / "spm.model").write_bytes((source / "source.spm").read_bytes())
    manifest = Manifest(
        name="tiny",
        version="0",
        engine="shipped",
        pair=RU_ZH,
        licence="Apache-2.0",
        terms="inline",
        tags=TAGS,
        beam=2,
        max_input_tokens=60,
        files=describe_files(folder),
    )
    write_manifest(folder, manifest)
    return folder
