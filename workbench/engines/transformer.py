"""Models run by transformers: for conversion's self-check, and as a backend where it is chosen.

This and ``conversion`` are the only modules that import torch, and only when they are used.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.domain.language import Pair
from workbench.engines.engine import Finish
from workbench.engines.families import Family
from workbench.engines.manifest import Manifest
from workbench.engines.parts import STRICT_PENALTY, STRICT_REPEATS, Part, Result


@dataclass(frozen=True, slots=True)
class Model:
    """A transformers model and tokeniser set to a pair of languages."""

    model: Any
    tokeniser: Any
    family: Family
    pair: Pair

    def source(self, text: str) -> list[str]:
        """Return the pieces of a source text as transformers makes them, markers included."""
        return self.pieces(self.tokeniser(self.lead + text).input_ids, self.source_vocabulary)

    @property
    def lead(self) -> str:
        """The text before each source that asks for the target language."""
        if self.family.name == "marian":
            return marian_lead(self.source_vocabulary, self.pair)
        return self.family.lead(self.pair)

    @property
    def source_vocabulary(self) -> dict[str, int]:
        """Piece → number of the source side."""
        return vocabulary(self.tokeniser, "encoder")

    @property
    def target_vocabulary(self) -> dict[str, int]:
        """Piece → number of the target side; another one only for some Marian models."""
        return vocabulary(self.tokeniser, "target_encoder")

    @staticmethod
    def pieces(numbers: Sequence[int], of: dict[str, int]) -> list[str]:
        """Return the pieces of *numbers*."""
        names = {number: piece for piece, number in of.items()}
        return [names.get(number, "<unk>") for number in numbers]


def vocabulary(tokeniser: Any, attribute: str) -> dict[str, int]:
    """Return the vocabulary of one side, with the language codes that ``get_vocab`` forgets.

    transformers 5 leaves the codes of M2M100 out of ``get_vocab``.
    """
    own = getattr(tokeniser, attribute, None) or tokeniser.get_vocab()
    return {**own, **getattr(tokeniser, "lang_token_to_id", {})}


def marian_lead(known: dict[str, int], pair: Pair) -> str:
    """Return the code that asks a Marian model of many targets for ours; one of one has none."""
    codes = [piece for piece in known if piece.startswith(">>") and piece.endswith("<<")]
    wanted = {"zh": ("cmn_Hans", "zho_Hans", "zho", "cmn", "zh", "zh_cn")}
    for code in wanted.get(pair.target, (pair.target,)):
        if f">>{code}<<" in codes:
            return f">>{code}<< "
    if codes:
        raise ValueError(f"it does not translate into {pair.target}")
    return ""


@contextmanager
def quiet() -> Iterator[None]:
    """Keep transformers from printing; what matters is raised."""
    from transformers.utils import logging

    before, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.set_verbosity(before)
        if bars:
            logging.enable_progress_bar()


def load(folder: Path, family: Family, pair: Pair) -> Model:
    """Load a model folder. Raises OSError, ValueError or RuntimeError when it is unusable."""
    import transformers

    languages = {}
    if family.bos:
        languages = {
            "src_lang": family.code(pair.source),
            "tgt_lang": family.code(pair.target),
        }
    with quiet():
        tokeniser = transformers.AutoTokenizer.from_pretrained(str(folder), **languages)
        # The quicker kinds of attention do not tell what was attended to.
        model = transformers.AutoModelForSeq2SeqLM.from_pretrained(
            str(folder), attn_implementation="eager"
        ).eval()
    known = vocabulary(tokeniser, "target_encoder")
    for piece in family.target_start(pair):
        if piece not in known:
            raise ValueError(f"its vocabulary has no {piece}")
    return Model(model, tokeniser, family, pair)


class TransformersRunner:
    """Runs batches with ``generate``."""

    parallel = 1

    def __init__(self, loaded: Model, manifest: Manifest, beam: int) -> None:
        """Take the model and how it is to be used."""
        self._loaded = loaded
        self._manifest = manifest
        self._beam = beam or manifest.beam
        self._source = loaded.source_vocabulary
        self._target = loaded.target_vocabulary
        self._names = {number: piece for piece, number in self._target.items()}

    def start(self, batch: Sequence[Part]) -> Finish:
        """Return the work itself: it is done when the answer is asked for."""
        return lambda: self._work(batch)

    def _work(self, batch: Sequence[Part]) -> list[Result]:
        results: dict[int, Result] = {}
        # Forced beginnings of one length can run together.
        lengths = sorted({len(part.prefix_pieces) for part in batch})
        for length in lengths:
            chosen = [n for n, part in enumerate(batch) if len(part.prefix_pieces) == length]
            made = self._generate([batch[n] for n in chosen])
            results.update(zip(chosen, made, strict=True))
        return [results[n] for n in range(len(batch))]

    def _generate(self, parts: Sequence[Part]) -> list[Result]:
        import torch

        model, manifest = self._loaded.model, self._manifest
        wishes = parts[0].wishes
        width = max(len(part.pieces) for part in parts)
        pad = self._loaded.tokeniser.pad_token_id
        numbers = [self._numbers(part.pieces, self._source) for part in parts]
        inputs = torch.tensor([row + [pad] * (width - len(row)) for row in numbers])
        mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in numbers])
        first = model.generation_config.decoder_start_token_id
        first = model.config.decoder_start_token_id if first is None else first
        begin = [
            [first, *self._numbers((*manifest.target_start, *part.prefix_pieces), self._target)]
            for part in parts
        ]
        unknown = self._loaded.tokeniser.unk_token_id
        banned = [[unknown], *(model.generation_config.bad_words_ids or [])]
        banned += [self._numbers(run, self._target) for run in wishes.banned]
        strict = (
            {"no_repeat_ngram_size": STRICT_REPEATS, "repetition_penalty": STRICT_PENALTY}
            if wishes.strict
            else {}
        )
        with torch.inference_mode(), quiet():
            out = model.generate(
                input_ids=inputs,
                attention_mask=mask,
                decoder_input_ids=torch.tensor(begin),
                num_beams=max(self._beam, wishes.width),
                num_return_sequences=wishes.width,
                do_sample=False,
                max_new_tokens=min(parts[0].bound, manifest.max_output_tokens),
                max_length=None,
                length_penalty=manifest.length_penalty,
                bad_words_ids=banned,
                forced_bos_token_id=None,
                return_dict_in_generate=True,
                output_scores=True,
                **strict,
            )
            attention = self._attention(inputs, mask, out.sequences)
        lead = len(manifest.target_start)
        rows = [self._pieces(row[1 + lead :]) for row in out.sequences.tolist()]
        scores = getattr(out, "sequences_scores", None)
        values = scores.tolist() if scores is not None else [0.0] * len(rows)
        results = []
        for n, part in enumerate(parts):
            own = slice(n * wishes.width, (n + 1) * wishes.width)
            looked = attention[own, lead:, : len(part.pieces)].tolist()
            kept = [steps[: len(row)] for steps, row in zip(looked, rows[own], strict=True)]
            results.append(Result(rows[own], kept, values[own]))
        return results

    def _attention(self, inputs: Any, mask: Any, targets: Any) -> Any:
        """Return what the decoder attended to while it wrote: [targets, steps, source pieces].

        One more pass over the finished targets: beams change places while they are searched.
        """
        config = self._loaded.model.config
        many = len(targets) // len(inputs)
        out = self._loaded.model(
            input_ids=inputs.repeat_interleave(many, 0),
            attention_mask=mask.repeat_interleave(many, 0),
            decoder_input_ids=targets[:, :-1],
            output_attentions=True,
            use_cache=False,
        )
        layers = getattr(config, "decoder_layers", None) or config.num_decoder_layers
        layer, heads = self._loaded.family.alignment(layers)
        return out.cross_attentions[layer][:, : heads or None].mean(1)

    def _numbers(self, pieces: Sequence[str], known: dict[str, int]) -> list[int]:
        unknown = self._loaded.tokeniser.unk_token_id
        return [known.get(piece, unknown) for piece in pieces]

    def _pieces(self, numbers: Sequence[int]) -> list[str]:
        """Return the pieces up to the end of the sentence."""
        ends = {self._loaded.tokeniser.eos_token_id, self._loaded.tokeniser.pad_token_id}
        pieces = []
        for number in numbers:
            if number in ends:
                break
            pieces.append(self._names.get(number, "<unk>"))
        return pieces
