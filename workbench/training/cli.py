"""``python -m workbench.training prepare | train | export | evaluate``; see docs/training.md."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_LOG = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one step and return the exit status."""
    options = build().parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr, force=True
    )
    status: int = options.run(options)
    return status


def build() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(prog="python -m workbench.training", description=__doc__)
    steps = parser.add_subparsers(required=True, metavar="STEP")
    _add_prepare(steps.add_parser("prepare", help="texts -> pieces, alignment, groups"))
    _add_train(steps.add_parser("train", help="train, or go on training"))
    _add_export(steps.add_parser("export", help="checkpoint -> CTranslate2 int8"))
    _add_evaluate(steps.add_parser("evaluate", help="score a model and write its manifest"))
    return parser


def _add_prepare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--texts", type=Path, required=True, help="groups: NAME.ru.xz, NAME.zh.xz")
    parser.add_argument(
        "--authored", type=Path, nargs="+", required=True, help="folders of our own prose, *.tsv"
    )
    parser.add_argument(
        "--tests",
        type=Path,
        nargs="+",
        required=True,
        help="folders of NAME.ru, NAME.zh",
    )
    parser.add_argument("--words", type=Path, nargs="*", default=[], help="names and terms, .tsv")
    parser.add_argument("--work", type=Path, required=True, help="the folder to make")
    parser.add_argument("--pieces", type=int, default=12_000)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--seed", type=int, default=7)
    parser.set_defaults(run=_prepare)


def _prepare(options: argparse.Namespace) -> int:
    from workbench.training.corpus import files_of_tests
    from workbench.training.preparation import PrepareOptions, prepare

    tests = [path for folder in options.tests for path in files_of_tests(folder)]
    sizes = PrepareOptions(pieces=options.pieces, width=options.width, seed=options.seed)
    prepare(options.texts, options.authored, tests, options.words, options.work, sizes)
    return 0


def _add_train(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--work", type=Path, required=True, help="made by prepare")
    parser.add_argument("--out", type=Path, required=True, help="checkpoints; goes on if there")
    parser.add_argument(
        "--seconds", type=float, default=13_000.0, help="budget of all runs together"
    )
    parser.add_argument("--steps", type=int, default=0, help="a budget of steps instead")
    parser.add_argument("--inner", type=int, default=1024)
    parser.add_argument("--heads", type=int, default=4)
    parser.add_argument("--encoder", type=int, default=3)
    parser.add_argument("--decoder", type=int, default=2)
    parser.add_argument("--rate", type=float, default=1.2e-3, help="Adam's")
    parser.add_argument("--matrix-rate", type=float, default=5e-3, help="Muon's")
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--positions", type=int, default=3910, help="source and target, a batch")
    parser.add_argument("--single", action="store_true", help="no second process: repeatable")
    parser.add_argument("--threads", type=int, default=1, help="of the first process")
    parser.add_argument("--seed", type=int, default=1)
    parser.set_defaults(run=_train)


def _train(options: argparse.Namespace) -> int:
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    import torch

    from workbench.training.trainer import TrainOptions, assemble

    torch.set_num_threads(options.threads)
    settings = TrainOptions(
        seconds=options.seconds,
        steps=options.steps,
        rate=options.rate,
        matrix_rate=options.matrix_rate,
        dropout=options.dropout,
        helper=not options.single,
        seed=options.seed,
    )
    layers = {name: getattr(options, name) for name in ("inner", "heads", "encoder", "decoder")}
    trainer = assemble(options.work, options.out, layers, options.positions, settings)
    trainer.resume()
    trainer.run()
    _LOG.info("done: %d steps, %d tokens", trainer.progress.step, trainer.progress.tokens)
    return 0


def _add_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder of the model")
    parser.add_argument("--lines", type=Path, help="Russian; 50 are translated to compare")
    parser.set_defaults(run=_export)


def _export(options: argparse.Namespace) -> int:
    import numpy as np

    from workbench.training.corpus import read_lines
    from workbench.training.export import export

    outputs = np.load(options.work / "outputs.npy")
    lines = read_lines(options.lines)[:50] if options.lines else []
    pieces = options.work / "spm.model"
    found = export(options.checkpoint, pieces, outputs, options.out, lines)
    return 0 if found.difference < 1e-3 and found.agreeing == found.lines else 1


def _add_evaluate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="for the lexicon of pseudo-terms")
    parser.add_argument("--tests", type=Path, required=True)
    parser.add_argument("--sets", nargs="+", default=["newsdesk", "ntrex128", "flores200-devtest"])
    parser.add_argument("--beam", type=int, default=4)
    parser.add_argument("--length-penalty", type=float, default=1.0)
    parser.add_argument("--no-repeat", type=int, default=0, metavar="N")
    parser.add_argument("--patience", type=float, default=1.0)
    parser.add_argument("--facts", type=Path, help="JSON with version, licence, data and training")
    parser.set_defaults(run=_evaluate)


def _evaluate(options: argparse.Namespace) -> int:
    from workbench.training.corpus import read_lines
    from workbench.training.evaluation import (
        Decoding,
        Translator,
        pseudo_terms,
        score,
        term_scores,
    )
    from workbench.training.preparation import load_terms

    decoding = Decoding(options.beam, options.length_penalty, options.no_repeat, options.patience)
    translator, terms, scores = Translator(options.model, decoding), load_terms(options.work), []
    for name in options.sets:
        ru, zh = (read_lines(options.tests / f"{name}.{side}") for side in ("ru", "zh"))
        found = score(name, translator.translate(ru), zh)
        sources, wanted = pseudo_terms(name, list(zip(ru, zh, strict=True)), terms)
        found += term_scores(name, translator.translate(sources), wanted)
        for figure in found:
            _LOG.info("%s %s %.3f", figure.set, figure.metric, figure.value)
        scores += found
    _LOG.info("%.0f pieces/s on one core", translator.speed)
    if options.facts:
        facts = json.loads(options.facts.read_text(encoding="utf-8"))
        _write(options.model, facts, decoding, scores)
    return 0


def _write(folder: Path, facts: dict[str, Any], decoding: Any, scores: Sequence[Any]) -> None:
    from workbench.training.card import Card, write_card

    created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    write_card(folder, Card(**{"created": created, **facts}, decoding=decoding, scores=scores))
