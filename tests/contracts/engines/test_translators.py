"""Whatever an engine is made of, it keeps the promises of ``domain.ports.Translator``."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import unicodedata
from itertools import count
from pathlib import Path

import pytest
from tiny_models import CHINESE, RUSSIAN, Make, Tiny

from workbench import engines
from workbench.domain.language import RU_ZH, Pair, Span
from workbench.domain.ports import Request, TermHint, Translator
from workbench.errors import Cancelled, EngineError

FAMILIES = ("marian", "marian_separate", "nllb", "m2m100", "mbart50", "t5", "madlad")
# Their layouts differ in the conversion alone.
VARIANTS = ("marian_many", "mt5", "umt5")
CONVERTED = tuple(f"{family}-ctranslate2" for family in FAMILIES)
# The others are compared with their conversions below.
ORIGINAL = ("marian-transformers", "nllb-transformers", "t5-transformers")
ENDPOINTS = ("endpoint-generic", "endpoint-hy-mt")


LOCAL = pytest.mark.parametrize("engine", ["shipped", *CONVERTED, *ORIGINAL], indirect=True)


@pytest.fixture(params=("shipped", *CONVERTED, *ORIGINAL, *ENDPOINTS))
def engine(request: pytest.FixtureRequest, make: Make) -> Translator:
    return make(request.param, beam=2)


def texts(engine: Translator, requests: list[Request]) -> dict[int, str]:
    """Translate, checking that each request is answered once."""
    answers: dict[int, str] = {}
    for index, candidates in engine.translate(RU_ZH, requests):
        assert index not in answers
        assert candidates
        answers[index] = candidates[0].text
    assert sorted(answers) == list(range(len(requests)))
    return answers


def test_each_request_is_answered_once_whatever_the_order(engine: Translator) -> None:
    requests = [Request(text) for text in RUSSIAN]
    forwards = texts(engine, requests)
    backwards = texts(engine, requests[::-1])
    assert [backwards[7 - n] for n in range(8)] == [forwards[n] for n in range(8)]
    # The models know the sentences by heart, so an answer given to the wrong request shows.
    learned = [unicodedata.normalize("NFKC", text) for text in CHINESE]
    heard = [unicodedata.normalize("NFKC", forwards[n]) for n in range(8)]
    assert sum(a == b for a, b in zip(learned, heard, strict=True)) >= 4


def test_candidates_name_the_engine(engine: Translator) -> None:
    ((_, candidates),) = engine.translate(RU_ZH, [Request(RUSSIAN[5])])
    assert {candidate.engine for candidate in candidates} == {engine.info.name}
    assert RU_ZH in engine.info.pairs


def test_it_stops_between_batches(engine: Translator) -> None:
    requests = [Request(f"{text} {n}") for n in range(24) for text in RUSSIAN]
    glances = count()
    answered: set[int] = set()

    def work() -> None:
        for index, _ in engine.translate(RU_ZH, requests, lambda: next(glances) > 1):
            answered.add(index)

    with pytest.raises(Cancelled):
        work()
    assert len(answered) < len(requests)


def test_nothing_is_done_when_stopped_before_the_start(engine: Translator) -> None:
    with pytest.raises(Cancelled):
        next(engine.translate(RU_ZH, [Request(RUSSIAN[0])], lambda: True))


@LOCAL
@pytest.mark.parametrize("prefix", ["今天，在", "议会“鱻”", "2026年3,5%的"])
def test_the_wanted_beginning_is_kept(engine: Translator, prefix: str) -> None:
    assert engine.info.prefix
    answers = texts(engine, [Request(RUSSIAN[1], prefix=prefix), Request(RUSSIAN[6])])
    assert answers[0].startswith(prefix)
    assert not answers[1].startswith(prefix)


def test_several_candidates_come_best_first(engine: Translator) -> None:
    answers = dict(engine.translate(RU_ZH, [Request(RUSSIAN[0], count=3), Request(RUSSIAN[5])]))
    assert 1 <= len(answers[0]) <= 3
    assert len(answers[1]) == 1
    scores = [candidate.score for candidate in answers[0]]
    assert scores == sorted(scores, reverse=True)
    assert len({candidate.text for candidate in answers[0]}) == len(answers[0])


@LOCAL
def test_alignment_lies_in_both_texts_and_covers_the_target(engine: Translator) -> None:
    assert engine.info.alignment
    for index, candidates in engine.translate(RU_ZH, [Request(text) for text in RUSSIAN]):
        covered: set[int] = set()
        for link in candidates[0].alignment:
            assert 0 <= link.source.start < link.source.end <= len(RUSSIAN[index])
            assert 0 <= link.target.start < link.target.end <= len(candidates[0].text)
            assert 0 <= link.weight <= 1.001
            assert not link.source.of(RUSSIAN[index]).startswith(" ")
            covered |= set(range(link.target.start, link.target.end))
        assert covered == set(range(len(candidates[0].text)))


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_an_empty_source_has_an_empty_target(engine: Translator, text: str) -> None:
    answers = texts(engine, [Request(RUSSIAN[5]), Request(text)])
    assert answers[1] == ""
    assert answers[0]


def test_a_very_long_source_is_translated_to_its_end(engine: Translator) -> None:
    long = " ".join(RUSSIAN * 3)
    ((_, candidates),) = engine.translate(RU_ZH, [Request(long, prefix="首先")])
    assert candidates[0].text
    if engine.info.alignment:
        ends = [link.source.end for link in candidates[0].alignment]
        assert max(ends) > 0.85 * len(long)
        assert max(link.target.end for link in candidates[0].alignment) == len(candidates[0].text)


def test_odd_characters_do_no_harm(engine: Translator) -> None:
    odd = "Он сказал: «<t0>да</s>» 😀 鱻 zho_Hans >>rus<< <2zh> \u200b…"
    assert texts(engine, [Request(odd)])[0] is not None


def test_another_pair_is_refused(engine: Translator) -> None:
    with pytest.raises(EngineError) as caught:
        next(engine.translate(Pair("zh", "ru"), [Request("你好")]))
    assert caught.value.key == "engines.no_pair"


@pytest.mark.parametrize("family", [*FAMILIES, *VARIANTS])
def test_a_converted_model_says_what_the_original_says(family: str, make: Make) -> None:
    requests = [Request(text) for text in RUSSIAN]
    converted = texts(make(f"{family}-ctranslate2", beam=1), requests)
    original = texts(make(f"{family}-transformers", beam=1), requests)
    assert converted == original


@pytest.mark.parametrize("family", FAMILIES)
def test_both_backends_look_at_the_same_heads(family: str, make: Make) -> None:
    """Rounding to 8 bits moves a weight a little; another head would move most links."""
    requests = [Request(text) for text in RUSSIAN]
    converted, original = (
        dict(make(f"{family}-{backend}", beam=1).translate(RU_ZH, requests))
        for backend in ("ctranslate2", "transformers")
    )
    links = [
        (one, other)
        for n in range(len(requests))
        for one, other in zip(converted[n][0].alignment, original[n][0].alignment, strict=True)
    ]
    alike = [one for one, other in links if one.source == other.source]
    assert [one.target for one, _ in links] == [other.target for _, other in links]
    assert len(alike) >= 0.9 * len(links)
    assert sum(abs(one.weight - other.weight) for one, other in links) < 0.05 * len(links)


def test_an_original_in_half_precision_is_converted(tiny: Tiny, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file, save_file

    folder = Path(shutil.copytree(tiny("marian"), tmp_path / "half"))
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "dtype": "bfloat16"}))
    weights = load_file(folder / "model.safetensors")
    halved = {name: weight.to(torch.bfloat16) for name, weight in weights.items()}
    save_file(halved, folder / "model.safetensors", {"format": "pt"})
    engine = engines.build(f"folder:{folder}", data=tmp_path, state=tmp_path, threads=1)
    assert texts(engine, [Request(RUSSIAN[5])])[0] == CHINESE[5]


@pytest.mark.parametrize("family", FAMILIES)
def test_an_unwanted_string_is_avoided(family: str, make: Make) -> None:
    for backend in ("ctranslate2", "transformers"):
        engine = make(f"{family}-{backend}")
        answers = texts(engine, [Request(RUSSIAN[5], avoid=("阿尔泰",)), Request(RUSSIAN[5])])
        assert "阿尔泰" not in answers[0]
        assert "阿尔泰" in answers[1]


def test_hints_are_written_into_the_source(make: Make) -> None:
    engine = make("shipped")
    source = RUSSIAN[0]
    at = source.index("Токаев")
    hint = TermHint(Span(at, at + 6), "Токаев", "托卡耶夫")
    assert engine.info.terms == "inline"
    ((_, candidates),) = engine.translate(RU_ZH, [Request(source, (hint,))])
    assert "<t" not in candidates[0].text
    for link in candidates[0].alignment:
        assert link.source.end <= len(source)


def test_what_is_converted_runs_without_torch(make: Make, place: Path) -> None:
    for family in FAMILIES:
        texts(make(f"{family}-ctranslate2"), [Request(RUSSIAN[5])])
    texts(make("shipped"), [Request(RUSSIAN[5])])
    program = """
import json, sys
from workbench import engines
from pathlib import Path
from workbench.domain.language import RU_ZH
from workbench.domain.ports import Request
place, text, *families = sys.argv[1:]
place = Path(place)
models = {name: engines.ModelSource(str(place / "originals" / name)) for name in families}
said = {}
for name in ["shipped", *families]:
    engine = engines.build(
        name, data=place / "data", state=place / "state", models=models, threads=1
    )
    ((_, candidates),) = engine.translate(RU_ZH, [Request(text)])
    said[name] = candidates[0].text
heavy = [name for name in ("torch", "transformers") if name in sys.modules]
print(json.dumps({"said": said, "heavy": heavy}))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(place), RUSSIAN[5], *FAMILIES],
        capture_output=True,
        text=True,
        check=True,
    )
    result = json.loads(done.stdout)
    assert result["heavy"] == []
    assert set(result["said"].values()) == {CHINESE[5]}
