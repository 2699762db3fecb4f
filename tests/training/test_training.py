from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from workbench.engines.manifest import load_manifest, verify
from workbench.training import vocabulary
from workbench.training.card import Card, write_card
from workbench.training.cli import build, main
from workbench.training.evaluation import Decoding, Translator, score, term_scores
from workbench.training.feed import Feed, FeedOptions, FeedState, Mixture
from workbench.training.preparation import Prepared
from workbench.training.text import TAGS

torch = pytest.importorskip("torch")

from workbench.training.alignment import guidance, guidance_loss  # noqa: E402
from workbench.training.export import export  # noqa: E402
from workbench.training.gradients import Task, add_gradients  # noqa: E402
from workbench.training.network import (  # noqa: E402
    Dropout,
    Network,
    Shape,
    compare_in_first_layer,
    initial_weights,
    open_cross_attention,
    output_loss,
    plant_vectors,
)
from workbench.training.optimiser import orthogonal  # noqa: E402
from workbench.training.trainer import CHECKPOINT, Trainer, TrainOptions  # noqa: E402

from .conftest import PAIRS  # noqa: E402

SHARES = {"authored": 0.9, "dict": 0.1}
MIXTURE = Mixture(SHARES, SHARES, SHARES)


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def make_trainer(prepared: Prepared, folder: Path, **changes: object) -> Trainer:
    values = {
        **asdict(TrainOptions(warm_up=5, helper=False, dropout=0.0, rate=5e-3, matrix_rate=2e-2)),
        "average": 0.9,
        **changes,
    }
    options = TrainOptions(**values)  # type: ignore[arg-type]
    shape = Shape(len(prepared.vectors), width=32, inner=64, heads=2, encoder=1, decoder=2)
    weights = initial_weights(shape, 1)
    open_cross_attention(weights, shape, 1)
    compare_in_first_layer(weights, shape, 1)
    plant_vectors(weights["emb"], torch.from_numpy(prepared.vectors), 0.8, 1)
    feed_options = FeedOptions(positions=900, chunk_tokens=600, annotated=0.2, varied=0.0)
    feed = Feed(
        prepared.groups, prepared.model, prepared.places, prepared.terms, MIXTURE, feed_options
    )
    task = Task(torch.from_numpy(prepared.outputs), torch.from_numpy(prepared.scores))
    return Trainer(shape, weights, feed, task, folder, options)


@pytest.fixture(scope="session")
def trained(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Trainer:
    torch.set_num_threads(1)
    trainer = make_trainer(prepared, tmp_path_factory.mktemp("trained"), steps=200)
    trainer.run()
    return trainer


@pytest.fixture(scope="session")
def exported(
    prepared: Prepared, trained: Trainer, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    checkpoint = trained.save()
    pieces = prepared.folder / "spm.model"
    found = export(checkpoint, pieces, prepared.outputs, folder, [ru for ru, _ in PAIRS])
    assert found.difference < 1e-3
    assert found.agreeing == found.lines == len(PAIRS)
    return folder


def test_test_lines_are_not_prepared(prepared: Prepared) -> None:
    assert prepared.report["removed_as_test"]["news"] == 1
    assert not any("机密" in zh for pairs in prepared.groups.values() for _, zh in pairs)


def test_ids_are_as_marian_wants_them(prepared: Prepared) -> None:
    model = prepared.model
    assert model.id_to_piece(0) == "</s>"
    assert model.unk_id() == 1
    for tag in TAGS:
        assert model.encode(f"а {tag}б", out_type=str).count(tag) == 1
    assert prepared.outputs[0] == 0
    assert not {model.piece_to_id(tag) for tag in TAGS} & set(prepared.outputs.tolist())
    assert len(model) not in prepared.outputs


def test_changed_texts_are_noticed(prepared: Prepared) -> None:
    from workbench.training.preparation import load

    path = prepared.folder / "groups" / "dict.tsv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "слово\t词\n", encoding="utf-8")
    try:
        with pytest.raises(ValueError, match="not the texts"):
            load(prepared.folder)
    finally:
        path.write_text(text, encoding="utf-8")


def test_alignment_knows_the_words(prepared: Prepared) -> None:
    model = prepared.model
    ru, zh = model.piece_to_id("▁в"), model.piece_to_id("抵达")
    if zh != model.unk_id():
        assert prepared.scores[ru, prepared.places[zh]] >= 0
    source = torch.tensor([[*model.encode(PAIRS[4][0]), 0]])
    target = torch.from_numpy(prepared.places[[*model.encode(PAIRS[4][1]), 0]])[None]
    wanted = guidance(torch.from_numpy(prepared.scores), source, target, len(model))
    assert wanted.shape == (1, target.shape[1], source.shape[1])
    assert float(wanted.sum(-1).max()) <= 1.0
    flat = torch.zeros(wanted.shape)
    good = guidance_loss(torch.log(wanted + 1e-6), wanted)
    assert float(good) < float(guidance_loss(flat, wanted))


def test_gradients_of_the_output_layer_are_right() -> None:
    generator = torch.Generator().manual_seed(1)
    states = torch.randn(7, 8, generator=generator, requires_grad=True)
    rows = torch.randn(11, 8, generator=generator, requires_grad=True)
    bias = torch.randn(11, generator=generator, requires_grad=True)
    target = torch.tensor([0, 3, 10, 2, 2, 5, 7])
    found = output_loss(states, rows, bias, target, 0.1, chunk=3)
    loss = torch.nn.functional.cross_entropy(states @ rows.t() + bias, target, label_smoothing=0.1)
    loss.backward()
    assert found.loss == pytest.approx(float(loss.detach()), abs=1e-5)
    for ours, other in ((found.states, states), (found.rows, rows), (found.bias, bias)):
        assert torch.allclose(ours, other.grad, atol=1e-5)


def test_muon_makes_matrices_orthogonal() -> None:
    matrix = torch.randn(2, 16, 64, generator=torch.Generator().manual_seed(1))
    values = torch.linalg.svdvals(orthogonal(matrix))
    assert float(values.min()) > 0.5
    assert float(values.max()) < 1.4


def test_padding_moves_nothing(prepared: Prepared, tmp_path: Path) -> None:
    trainer = make_trainer(prepared, tmp_path, steps=3)
    trainer.run()
    assert float(trainer._weights["emb"].detach()[-1].abs().max()) == 0.0
    assert float(trainer.averaged["emb"][-1].abs().max()) == 0.0


def test_padded_neighbours_change_no_sentence(prepared: Prepared, trained: Trainer) -> None:
    network = Network(trained.shape, trained.averaged, Dropout(0.0), exact=True)
    short = torch.tensor([[*prepared.model.encode(PAIRS[0][0]), 0]])
    padded = torch.cat([short, torch.full((1, 5), network.pad)], 1)
    start = torch.full((1, 1), network.pad)
    alone, beside = (network.forward(s, start)[0] for s in (short, padded))
    assert torch.allclose(alone, beside, atol=1e-4)


def test_the_loss_falls(trained: Trainer) -> None:
    losses = trained.progress.losses
    assert np.mean(losses[-10:]) < 0.35 * np.mean(losses[:5])


def test_it_learns_its_twenty_pairs(prepared: Prepared, trained: Trainer) -> None:
    network = Network(trained.shape, trained.averaged, Dropout(0.0))
    outputs = torch.from_numpy(prepared.outputs)
    right = 0
    for ru, zh in PAIRS:
        source = torch.tensor([[*prepared.model.encode(ru), 0]])
        ids = network.greedy(source, outputs, 30)[0].tolist()
        right += prepared.model.decode([i for i in ids if i]) == zh
    assert right >= 15


def test_resuming_goes_on_exactly(prepared: Prepared, tmp_path: Path) -> None:
    whole = make_trainer(prepared, tmp_path / "whole", steps=14, dropout=0.1)
    whole.run()
    first = make_trainer(prepared, tmp_path / "parts", steps=14, dropout=0.1)
    first.run(until=6)
    second = make_trainer(prepared, tmp_path / "parts", steps=14, dropout=0.1)
    assert second.resume()
    second.run()
    assert second.progress.losses == whole.progress.losses
    for name, weight in whole.averaged.items():
        assert torch.equal(weight, second.averaged[name]), name


def test_another_network_does_not_take_the_checkpoint(prepared: Prepared, tmp_path: Path) -> None:
    trainer = make_trainer(prepared, tmp_path, steps=1)
    trainer.run()
    saved = torch.load(tmp_path / CHECKPOINT, weights_only=False)
    torch.save({**saved, "shape": {**saved["shape"], "inner": 128}}, tmp_path / CHECKPOINT)
    with pytest.raises(ValueError, match="another network"):
        make_trainer(prepared, tmp_path, steps=1).resume()


def test_a_second_process_helps(prepared: Prepared, tmp_path: Path) -> None:
    trainer = make_trainer(prepared, tmp_path, steps=25, helper=True)
    trainer.run()
    assert trainer.progress.step == 25
    assert np.isfinite(trainer.progress.losses).all()


def test_the_feed_is_repeatable(prepared: Prepared) -> None:
    def take(state: FeedState | None, count: int) -> list[bytes]:
        options = FeedOptions(positions=300, chunk_tokens=300, varied=0.0)
        feed = Feed(
            prepared.groups, prepared.model, prepared.places, prepared.terms, MIXTURE, options
        )
        batches = feed.batches(lambda: 0.0, state)
        states.clear()
        found = []
        for _ in range(count):
            batch = next(batches)
            states.append(batch.state)
            found.append(batch.source.tobytes() + batch.target.tobytes())
        return found

    states: list[FeedState] = []
    whole = take(None, 12)
    middle = states[6]
    assert take(middle, 5) == whole[7:]


def test_gradients_are_of_targets_and_alignment(prepared: Prepared, tmp_path: Path) -> None:
    trainer = make_trainer(prepared, tmp_path)
    batch = next(trainer._feed.batches(lambda: 0.0))
    found = add_gradients(trainer._network, batch, trainer._task, 1.0)
    assert found.tokens == int((batch.target >= 0).sum())
    assert all(weight.grad is not None for weight in trainer._weights.values())


def test_gradients_of_a_sum_are_those_of_the_mean_times_the_tokens(
    prepared: Prepared, tmp_path: Path
) -> None:
    trainer = make_trainer(prepared, tmp_path)
    batch = next(trainer._feed.batches(lambda: 0.0))
    task = replace(trainer._task, blanked=0.0)
    gradients = []
    for by_tokens in (False, True):
        for weight in trainer._weights.values():
            weight.grad = None
        tokens = add_gradients(trainer._network, batch, task, 1.0, by_tokens).tokens
        gradients.append(torch.cat([w.grad.flatten() for w in trainer._weights.values()]))
    mean, whole = gradients
    assert float((whole - tokens * mean).norm() / whole.norm()) < 0.02  # bfloat16


def test_a_blanked_piece_is_not_seen_by_the_decoder(prepared: Prepared, tmp_path: Path) -> None:
    trainer = make_trainer(prepared, tmp_path)
    batch = next(trainer._feed.batches(lambda: 0.0))
    task, weights = replace(trainer._task, blanked=1.0), trainer._weights
    found = add_gradients(trainer._network, batch, task, 1.0)
    target = torch.from_numpy(batch.target)
    nothing = torch.full(target.shape, trainer._network.pad)
    with torch.no_grad():
        states, _ = trainer._network.forward(torch.from_numpy(batch.source), nothing)
        rows, bias = weights["emb"][task.outputs], weights["bias"][task.outputs]
        known = target >= 0
        expected = output_loss(states[known], rows, bias, target[known], task.smoothing)
    assert found.likelihood == pytest.approx(expected.likelihood, abs=1e-4)


def test_ctranslate_says_what_the_network_says(
    prepared: Prepared, trained: Trainer, exported: Path
) -> None:
    network = Network(trained.shape, trained.averaged, Dropout(0.0), exact=True)
    outputs = torch.from_numpy(prepared.outputs)
    translator = Translator(exported, Decoding(beam=1))
    theirs = translator.translate([ru for ru, _ in PAIRS])
    same = 0
    for (ru, _), other in zip(PAIRS, theirs, strict=True):
        source = torch.tensor([[*prepared.model.encode(ru), 0]])
        ids = network.greedy(source, outputs, 30)[0].tolist()
        same += prepared.model.decode([i for i in ids if i]) == other
    assert same >= 17
    assert translator.speed > 0


def test_the_card_is_a_manifest(exported: Path) -> None:
    hypotheses = ["总统抵达阿斯塔纳。"] * 4
    scores = score("own", hypotheses, hypotheses)
    scores += term_scores("own", hypotheses, [("总统",)] * 4)
    data = [{"name": "own", "pairs": 20, "licence": "Apache-2.0", "provenance": "tests"}]
    card = Card("ru-zh", "1", "Apache-2.0", "2026-01-01", Decoding(), data, scores, {"steps": 3})
    write_card(exported, card)
    manifest = load_manifest(exported)
    assert verify(exported, deep=True) == []
    assert manifest.terms == "inline"
    assert {s["metric"] for s in manifest.scores} >= {"bleu", "chrf2", "pseudo-terms once"}
    assert next(s for s in manifest.scores if s["metric"] == "bleu")["value"] == 100.0


def test_positions_of_outputs() -> None:
    assert vocabulary.positions(np.array([0, 3]), 5).tolist() == [0, -1, -1, 1, -1]


def test_the_command_line_trains_and_exports(prepared: Prepared, tmp_path: Path) -> None:
    work, out = str(prepared.folder), tmp_path / "run"
    common = ["train", "--work", work, "--out", str(out), "--single", "--steps", "1"]
    small = ["--inner", "64", "--heads", "2", "--encoder", "1", "--decoder", "1"]
    threads = torch.get_num_threads()
    assert main([*common, *small]) == 0
    torch.set_num_threads(threads)
    checkpoint = str(out / CHECKPOINT)
    model = str(tmp_path / "model")
    assert main(["export", "--work", work, "--checkpoint", checkpoint, "--out", model]) == 0
    assert (tmp_path / "model" / "model.bin").stat().st_size > 0


def test_the_command_line_needs_no_torch() -> None:
    build()
    program = (
        "import sys, workbench.training.cli as c; c.build(); "
        "print(*(sys.modules.keys() & {'torch', 'transformers', 'ctranslate2'}))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == ""
