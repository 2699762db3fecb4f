"""COMET and MetricX from a folder: COMET gives its own package's figures, nothing is fetched.

tests/data/comet is a random model of a few thousand weights in COMET's published form; the
expected scores were computed by unbabel-comet 2.2.7.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from workbench.errors import DataError, InputError
from workbench.services.evaluation.metrics import SacreMetric, Surroundings, metrics
from workbench.services.evaluation.significance import score

COMET = Path(__file__).parents[1] / "data" / "comet"
SOURCES = (
    "Министры иностранных дел провели в Астане переговоры.",
    "В Минэнерго сообщили, что экспорт вырастет на 12%.",
    "«Мы готовы», — сказал глава делегации.",
    "Новую линию метро откроют в марте.",
)
REFERENCE = (
    "外长们在阿斯塔纳举行会谈。",
    "能源部称，出口将增长12%。",
    "“我们准备好了。”代表团团长说。",
    "地铁新线路将于三月开通。",
)
OUTPUT = ("外长们会谈。", "能源部称，出口将增长13%。", "", "地铁新线路将于三月开通。")
OTHER = ("部长谈话。", "能源出口增长。", "他们说。", "地铁开通。")


@pytest.fixture
def models(tmp_path: Path) -> Path:
    shutil.copytree(COMET, tmp_path / "comet")
    return tmp_path


def neural(name: str, models: Path | None, sources: tuple[str, ...] = SOURCES) -> SacreMetric:
    (metric,) = metrics([name], Surroundings(models, sources))
    return metric


def test_comet_gives_the_figures_of_its_own_package(models: Path) -> None:
    metric = neural("comet", models)
    expected = json.loads((COMET / "expected.json").read_text())["scores"]
    counts = metric.scorer._extract_corpus_statistics(OUTPUT, [REFERENCE])
    assert [value for value, _ in counts] == pytest.approx(expected, abs=2e-6)
    assert metric.corpus(OUTPUT, [REFERENCE]) == pytest.approx(25 * sum(expected), abs=1e-3)


def test_a_neural_figure_is_signed_tested_and_has_an_interval(models: Path) -> None:
    (models / "comet" / "NAME").write_text("a tiny:model\n", encoding="utf-8")
    metric = neural("comet", models)
    scores, (comparison,) = score([metric], {"one": OUTPUT, "two": OTHER}, [REFERENCE])
    (figure,) = scores["one"]
    assert figure.signature.startswith("nrefs:1|bs:1000|seed:12345|")
    assert "|model:a tiny/model|sha256:" in figure.signature
    assert figure.low is not None
    assert figure.high is not None
    assert figure.low <= figure.value <= figure.high
    assert comparison.difference == pytest.approx(scores["two"][0].value - figure.value)


def test_several_references_are_averaged(models: Path) -> None:
    metric = neural("comet", models)
    one, other = (metric.corpus(OUTPUT, [texts]) for texts in (REFERENCE, OTHER))
    both = metric.corpus(OUTPUT, [REFERENCE, OTHER])
    assert both == pytest.approx((one + other) / 2)


@pytest.mark.parametrize("name", ["comet", "metricx"])
def test_without_a_model_the_message_says_what_is_missing(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        neural(name, None)
    assert caught.value.key == "evaluation.no_metric_models"
    with pytest.raises(DataError) as caught:
        neural(name, tmp_path)
    assert caught.value.key == "evaluation.no_metric_model"
    assert "config.json" in str(caught.value.values["lacking"])


def test_sources_are_needed(models: Path) -> None:
    with pytest.raises(InputError) as caught:
        neural("comet", models, ())
    assert caught.value.key == "evaluation.metric_needs_source"


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("hparams.yaml", "class_identifier: unified_metric\n"),
        ("hparams.yaml", "class_identifier: [\n"),
        ("hparams.yaml", "words\n"),
        ("hparams.yaml", "encoder_model: BERT\n"),
        ("hparams.yaml", "layer: mix\nlayer_norm: true\n"),
        ("hparams.yaml", "layer: mix\nhidden_sizes: [5, 4]\n"),
        ("checkpoints/model.ckpt", "no checkpoint"),
        ("encoder/config.json", "{"),
        ("encoder/tokenizer.json", "{}"),
    ],
)
def test_a_model_of_another_kind_is_refused(models: Path, file: str, content: str) -> None:
    (models / "comet" / file).write_text(content, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        neural("comet", models).corpus(OUTPUT, [REFERENCE])
    assert caught.value.key == "evaluation.bad_metric_model"
    assert len(str(caught.value.values["reason"])) <= 200


WIDTH = 4
SCORE_ROW = 250089  # of MetricX's output layer


@pytest.fixture
def metricx(tmp_path: Path) -> Path:
    """A random mT5 with an output layer of its own, of the size that MetricX reads its score in."""
    import sentencepiece
    import torch
    from safetensors.torch import save_file
    from transformers import MT5Config, MT5Model

    folder = tmp_path / "metricx"
    folder.mkdir()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter((*SOURCES, *REFERENCE, "source: candidate: reference:")),
        model_prefix=str(folder / "spiece"),
        vocab_size=130,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    torch.manual_seed(3)
    sizes = {"d_model": WIDTH, "d_kv": 2, "d_ff": 4, "num_layers": 1, "num_heads": 2}
    model = MT5Model(MT5Config(vocab_size=SCORE_ROW + 23, **sizes))
    model.config.save_pretrained(folder)
    told = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(told | {"tie_word_embeddings": False}))
    weights = {n: w.clone() for n, w in model.state_dict().items() if "embed_tokens" not in n}
    weights["lm_head.weight"] = torch.zeros(SCORE_ROW + 23, WIDTH)
    weights["lm_head.weight"][SCORE_ROW] = torch.tensor([-9.0, 2.0, -4.0, -1.0])
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    return tmp_path


def test_metricx_reads_its_score_off_the_first_step(metricx: Path) -> None:
    metric = neural("metricx", metricx)
    assert not metric.higher_is_better
    counts = metric.scorer._extract_corpus_statistics(OUTPUT, [REFERENCE])
    values = [value for value, _ in counts]
    assert all(0 <= value <= 25 for value in values)
    assert len(set(values)) > 1
    # Alone or in a batch of other lengths, a line has the same score.
    (single,) = neural("metricx", metricx, SOURCES[1:2]).scorer._extract_corpus_statistics(
        OUTPUT[1:2], [REFERENCE[1:2]]
    )
    assert single[0] == pytest.approx(values[1], abs=1e-4)
    assert metric.corpus(OUTPUT, [REFERENCE]) == pytest.approx(sum(values) / 4)


def test_metricx_in_either_kind_of_file_is_the_same(metricx: Path) -> None:
    import torch
    from safetensors.torch import load_file

    first = neural("metricx", metricx).corpus(OUTPUT, [REFERENCE])
    other = metricx / "other" / "metricx"
    shutil.copytree(metricx / "metricx", other)
    weights = load_file(other / "model.safetensors")
    torch.save(weights, other / "pytorch_model.bin")
    (other / "model.safetensors").unlink()
    assert neural("metricx", other.parent).corpus(OUTPUT, [REFERENCE]) == pytest.approx(first)


@pytest.mark.parametrize("fault", ["small", "spiece", "config", "weights"])
def test_a_model_that_is_no_metricx_is_refused(metricx: Path, fault: str) -> None:
    from safetensors.torch import load_file, save_file

    folder = metricx / "metricx"
    if fault == "small":
        weights = load_file(folder / "model.safetensors")
        weights["lm_head.weight"] = weights["lm_head.weight"][:64].clone()
        save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    else:
        name = {"spiece": "spiece.model", "config": "config.json"}.get(fault, "model.safetensors")
        (folder / name).write_text("[", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        neural("metricx", metricx).corpus(OUTPUT, [REFERENCE])
    assert caught.value.key == "evaluation.bad_metric_model"
