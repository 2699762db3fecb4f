"""Scores of an exported model: BLEU, chrF2 with bootstrap intervals, copying of pseudo-terms."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

from workbench.training.annotation import TermSource, annotate
from workbench.training.corpus import TextPair
from workbench.training.text import TAGS, normalise
from workbench.training.vocabulary import load

_LONGEST_INPUT = 256
_LONGEST_OUTPUT = 200
_TERM_LINES = 300


@dataclass(frozen=True, slots=True)
class Decoding:
    """The settings that the manifest ships."""

    beam: int = 4
    length_penalty: float = 1.0
    no_repeat_ngram_size: int = 0
    patience: float = 1.0


@dataclass(frozen=True, slots=True)
class SetScore:
    """One figure of the manifest; ``low``–``high`` is the 95 % bootstrap interval."""

    set: str
    metric: str
    value: float
    signature: str = ""
    low: float | None = None
    high: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the fields that have a value."""
        return {name: value for name, value in asdict(self).items() if value is not None}


class Translator:
    """An exported folder on one core. ``speed`` is in target pieces per second, so far."""

    def __init__(self, folder: Path, decoding: Decoding, threads: int = 1) -> None:
        import ctranslate2

        self._spm = load(folder / "spm.model")
        self._model = ctranslate2.Translator(
            str(folder), compute_type="int8", intra_threads=threads
        )
        self._decoding = decoding
        self._pieces, self._seconds = 0, 0.0

    @property
    def speed(self) -> float:
        """Return target pieces per second of all translations so far."""
        return self._pieces / max(1e-9, self._seconds)

    def translate(self, lines: Sequence[str]) -> list[str]:
        """Translate lines."""
        sources = [
            [*self._spm.encode(line, out_type=str)[:_LONGEST_INPUT], "</s>"] for line in lines
        ]
        began = time.perf_counter()
        answers = self._model.translate_batch(
            sources,
            beam_size=self._decoding.beam,
            length_penalty=self._decoding.length_penalty,
            no_repeat_ngram_size=self._decoding.no_repeat_ngram_size,
            patience=self._decoding.patience,
            max_decoding_length=_LONGEST_OUTPUT,
            max_batch_size=2048,
            batch_type="tokens",
        )
        self._seconds += time.perf_counter() - began
        best = [answer.hypotheses[0] for answer in answers]
        self._pieces += sum(map(len, best))
        return [self._spm.decode(pieces) for pieces in best]


def score(name: str, hypotheses: Sequence[str], references: Sequence[str]) -> list[SetScore]:
    """Return BLEU (characters for Chinese) and chrF2 with intervals from 1000 resamplings."""
    from sacrebleu.metrics import BLEU, CHRF

    scores = []
    metrics: Mapping[str, Any] = {"bleu": BLEU(tokenize="zh"), "chrf2": CHRF()}
    for metric, measure in metrics.items():
        found = measure.corpus_score(list(hypotheses), [list(references)], n_bootstrap=1000)
        half = float(found._ci)
        scores.append(
            SetScore(
                name,
                metric,
                round(float(found.score), 2),
                str(measure.get_signature()),
                round(float(found._mean) - half, 2),
                round(float(found._mean) + half, 2),
            )
        )
    return scores


def pseudo_terms(
    name: str, pairs: Sequence[TextPair], terms: TermSource, lines: int = _TERM_LINES
) -> tuple[list[str], list[tuple[str, ...]]]:
    """Return sources with random strings as wanted terms, and the terms of each."""
    random = Random(f"{name}-pseudo")
    sources, wanted = [], []
    for ru, zh in pairs:
        found = annotate(random, normalise(ru), normalise(zh), terms, pseudo=1.0, most=2)
        if found:
            sources.append(found.ru)
            wanted.append(found.terms)
        if len(sources) == lines:
            break
    return sources, wanted


def term_scores(
    name: str, hypotheses: Sequence[str], wanted: Sequence[Sequence[str]]
) -> list[SetScore]:
    """Return the share of terms that stand in the output, exactly once, and of lines with a tag."""
    counts = [
        hypothesis.count(term)
        for hypothesis, terms in zip(hypotheses, wanted, strict=True)
        for term in terms
    ]
    tagged = sum(any(tag in hypothesis for tag in TAGS) for hypothesis in hypotheses)
    total, lines = max(1, len(counts)), max(1, len(hypotheses))
    return [
        SetScore(name, "pseudo-terms present", round(sum(c > 0 for c in counts) / total, 3)),
        SetScore(name, "pseudo-terms once", round(sum(c == 1 for c in counts) / total, 3)),
        SetScore(name, "lines with a tag left", round(tagged / lines, 3)),
    ]
