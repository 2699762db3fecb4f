"""Tiny models with random weights, one of each family, built by the tests themselves."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbench.domain.language import RU_ZH
from workbench.domain.ports import Translator
from workbench.engines.families import recognise
from workbench.engines.manifest import Manifest, describe_files, write_manifest
from workbench.engines.transformer import Model

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
Make = Callable[..., Translator]
Tiny = Callable[[str], Path]
KNOWN = dict(zip(RUSSIAN, CHINESE, strict=True))
SIZES = {
    "d_model": 32,
    "encoder_layers": 1,
    "decoder_layers": 1,
    "encoder_attention_heads": 2,
    "decoder_attention_heads": 2,
    "encoder_ffn_dim": 32,
    "decoder_ffn_dim": 32,
    "max_position_embeddings": 256,
    "dropout": 0.0,
    "encoder_layerdrop": 0.0,
    "decoder_layerdrop": 0.0,
}
LIKE_MARIAN = {
    "eos_id": 0,
    "unk_id": 1,
    "bos_id": -1,
    "pad_id": -1,
    "byte_fallback": True,
    "user_defined_symbols": ["<t0>", "<t1>", "<t2>"],
}
MARKERS = {
    "decoder_start_token_id": 2,
    "pad_token_id": 1,
    "bos_token_id": 0,
    "eos_token_id": 2,
}
STEPS = 700
LEARNED = 0.006
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
    import transformers

    folder.mkdir(parents=True)
    model_file = joint(folder / "source.spm", **LIKE_MARIAN)
    (folder / "target.spm").write_bytes(model_file.read_bytes())
    vocabulary = {piece: number for number, piece in enumerate(pieces(model_file))}
    vocabulary["<pad>"] = pad = len(vocabulary)
    write_json(folder / "vocab.json", vocabulary)
    tokeniser = transformers.MarianTokenizer(
        str(folder / "source.spm"), str(folder / "target.spm"), str(folder / "vocab.json")
    )
    config = transformers.MarianConfig(
        vocab_size=pad + 1, decoder_vocab_size=pad + 1, **marian_markers(pad), **SIZES
    )
    return finish(folder, transformers.MarianMTModel(config), tokeniser, zero=True)


def marian_many(folder: Path) -> Path:
    """A MarianMT folder that translates into several languages and is told which by a code."""
    import transformers

    folder.mkdir(parents=True)
    model_file = joint(folder / "source.spm", **LIKE_MARIAN)
    (folder / "target.spm").write_bytes(model_file.read_bytes())
    listed = [*pieces(model_file), ">>fra<<", ">>cmn_Hans<<", "<pad>"]
    write_json(folder / "vocab.json", {piece: number for number, piece in enumerate(listed)})
    tokeniser = transformers.MarianTokenizer(
        str(folder / "source.spm"), str(folder / "target.spm"), str(folder / "vocab.json")
    )
    config = transformers.MarianConfig(
        vocab_size=len(listed),
        decoder_vocab_size=len(listed),
        **marian_markers(len(listed) - 1),
        **SIZES,
    )
    return finish(folder, transformers.MarianMTModel(config), tokeniser, zero=True)


def marian_separate(folder: Path) -> Path:
    """A MarianMT folder with a vocabulary for each language."""
    import transformers

    folder.mkdir(parents=True)
    files = [
        joint(folder / "source.spm", **LIKE_MARIAN),
        sentencepiece(CHINESE, folder / "target.spm", 420, **LIKE_MARIAN),
    ]
    for file, name in zip(files, ("vocab.json", "target_vocab.json"), strict=True):
        listed = [*pieces(file), "<pad>"]
        write_json(folder / name, {piece: number for number, piece in enumerate(listed)})
    tokeniser = transformers.MarianTokenizer(
        str(folder / "source.spm"),
        str(folder / "target.spm"),
        str(folder / "vocab.json"),
        target_vocab_file=str(folder / "target_vocab.json"),
        separate_vocabs=True,
    )
    pad = len(tokeniser.target_encoder) - 1
    config = transformers.MarianConfig(
        vocab_size=len(tokeniser.encoder),
        decoder_vocab_size=pad + 1,
        share_encoder_decoder_embeddings=False,
        tie_word_embeddings=False,
        **marian_markers(pad),
        **SIZES,
    )
    return finish(folder, transformers.MarianMTModel(config), tokeniser, zero=True)


def nllb(folder: Path) -> Path:
    """An NLLB-200 folder: M2M100 layout, language codes among the special tokens."""
    import transformers
    from transformers.models.nllb.tokenization_nllb import FAIRSEQ_LANGUAGE_CODES

    folder.mkdir(parents=True)
    joint(folder / "sentencepiece.bpe.model", model_type="bpe")
    settings = {
        "tokenizer_class": "NllbTokenizer",
        "src_lang": "rus_Cyrl",
        "tgt_lang": "zho_Hans",
        "additional_special_tokens": FAIRSEQ_LANGUAGE_CODES,
    }
    write_json(folder / "tokenizer_config.json", settings)
    write_json(folder / "config.json", {"model_type": "m2m_100"})
    tokeniser = transformers.AutoTokenizer.from_pretrained(
        str(folder), src_lang="rus_Cyrl", tgt_lang="zho_Hans"
    )
    config = transformers.M2M100Config(vocab_size=len(tokeniser), **MARKERS, **SIZES)
    return finish(folder, transformers.M2M100ForConditionalGeneration(config), tokeniser)


def m2m100(folder: Path) -> Path:
    """An M2M100 folder: codes after the vocabulary, and eight made-up words."""
    import transformers

    folder.mkdir(parents=True)
    file = joint(folder / "sentencepiece.bpe.model", model_type="unigram")
    listed = list(dict.fromkeys(["<s>", "<pad>", "</s>", "<unk>", *pieces(file)]))
    write_json(folder / "vocab.json", {piece: number for number, piece in enumerate(listed)})
    tokeniser = transformers.M2M100Tokenizer(
        str(folder / "vocab.json"), str(file), src_lang="ru", tgt_lang="zh"
    )
    size = len(listed) + len(tokeniser.lang_token_to_id) + 8
    config = transformers.M2M100Config(vocab_size=size, **MARKERS, **SIZES)
    return finish(folder, transformers.M2M100ForConditionalGeneration(config), tokeniser)


def mbart50(folder: Path) -> Path:
    """An mBART-50 folder."""
    import transformers

    folder.mkdir(parents=True)
    joint(folder / "sentencepiece.bpe.model", model_type="unigram")
    settings = {"tokenizer_class": "MBart50Tokenizer", "src_lang": "ru_RU", "tgt_lang": "zh_CN"}
    write_json(folder / "tokenizer_config.json", settings)
    write_json(folder / "config.json", {"model_type": "mbart"})
    tokeniser = transformers.AutoTokenizer.from_pretrained(str(folder))
    config = transformers.MBartConfig(
        vocab_size=len(tokeniser), scale_embedding=True, **MARKERS, **SIZES
    )
    return finish(folder, transformers.MBartForConditionalGeneration(config), tokeniser)


def t5(folder: Path) -> Path:
    """A T5 folder that is told the target language in words."""
    return _t5(folder, ["translate to zh:"])


def madlad(folder: Path) -> Path:
    """A MADLAD-400 folder: a T5 that is told the target language by a piece of its own."""
    return _t5(folder, [], user_defined_symbols=["<2zh>", "<2ru>"])


def umt5(folder: Path) -> Path:
    """A T5 translator in the multilingual layout: a bias of its own in each layer."""
    return _t5(folder, ["translate to zh:"], layout="UMT5", layers=2)


def mt5(folder: Path) -> Path:
    """A T5 translator in mT5's layout."""
    return _t5(folder, ["translate to zh:"], layout="MT5")


def _t5(
    folder: Path, more: list[str], layout: str = "T5", layers: int = 1, **options: object
) -> Path:
    import transformers

    folder.mkdir(parents=True)
    joint(folder / "spiece.model", more, pad_id=0, eos_id=1, unk_id=2, bos_id=-1, **options)
    write_json(folder / "tokenizer_config.json", {"tokenizer_class": "T5Tokenizer"})
    tokeniser = transformers.T5Tokenizer.from_pretrained(str(folder))
    config = getattr(transformers, f"{layout}Config")(
        vocab_size=len(tokeniser) + 7,
        d_model=32,
        d_kv=16,
        d_ff=32,
        num_layers=layers,
        num_decoder_layers=layers,
        num_heads=2,
        feed_forward_proj="gated-gelu",
        tie_word_embeddings=False,
        decoder_start_token_id=0,
        dropout_rate=0.0,
    )
    model = getattr(transformers, f"{layout}ForConditionalGeneration")(config)
    return finish(folder, model, tokeniser)


def finish(folder: Path, model: Any, tokeniser: Any, zero: bool = False) -> Path:
    """Let the model learn the sentences by heart and save it."""
    model.save_pretrained(folder)
    tokeniser.save_pretrained(folder)
    family = recognise(folder, "")
    loaded = Model(model, tokeniser, family, RU_ZH)
    end = tokeniser.eos_token_id
    known = loaded.target_vocabulary
    sources = [tokeniser(loaded.lead + text).input_ids for text in RUSSIAN]
    targets = [
        [
            *(known[piece] for piece in family.target_start(RU_ZH)),
            *target_numbers(tokeniser, text),
            end,
        ]
        for text in CHINESE
    ]
    memorise(model, sources, targets, tokeniser.pad_token_id, zero)
    model.save_pretrained(folder)
    return folder


def target_numbers(tokeniser: Any, text: str) -> list[int]:
    """Return the numbers of a target text without markers."""
    special = set(tokeniser.all_special_ids) | set(
        getattr(tokeniser, "lang_token_to_id", {}).values()
    )
    numbers = tokeniser(text_target=text).input_ids
    return [number for number in numbers if number not in special]


def memorise(
    model: Any, sources: list[list[int]], targets: list[list[int]], pad: int, zero: bool
) -> None:
    """Train on a few pairs until they are known; ``zero`` keeps the last embedding zero."""
    import torch

    torch.manual_seed(7)
    inputs = padded(sources, pad)
    labels = padded(targets, -100)
    mask = padded([[1] * len(row) for row in sources], 0)
    embeddings = {
        model.get_encoder().get_input_embeddings(),
        model.get_decoder().get_input_embeddings(),
    }
    for parameter in model.parameters():
        if parameter.dim() > 1 and parameter.requires_grad:  # positions are given
            torch.nn.init.xavier_uniform_(parameter)
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-2, fused=True)
    model.train()
    for _ in range(STEPS):
        if zero:
            with torch.no_grad():
                for embedding in embeddings:
                    embedding.weight[-1] = 0
        loss = model(input_ids=inputs, attention_mask=mask, labels=labels).loss
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        if float(loss) < LEARNED:
            break
    if zero:
        with torch.no_grad():
            for embedding in embeddings:
                embedding.weight[-1] = 0
            model.final_logits_bias[0, -1] = -1e4
    assert float(loss) < LEARNED, "the tiny model has not learned its sentences"
    model.eval()


def padded(rows: list[list[int]], filler: int) -> Any:
    """Return a tensor of rows of one length."""
    import torch

    width = max(len(row) for row in rows)
    return torch.tensor([row + [filler] * (width - len(row)) for row in rows])


def joint(path: Path, more: list[str] | None = None, **options: object) -> Path:
    """Train a SentencePiece model on both languages."""
    return sentencepiece(RUSSIAN + CHINESE + (more or []), path, 520, **options)


def marian_markers(pad: int) -> dict[str, object]:
    """Markers of a Marian model."""
    return {
        "pad_token_id": pad,
        "decoder_start_token_id": pad,
        "eos_token_id": 0,
        "bos_token_id": 0,
        "forced_eos_token_id": 0,
        "scale_embedding": True,
        "activation_function": "swish",
    }


def write_json(path: Path, content: object) -> None:
    """Write a JSON file."""
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


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
