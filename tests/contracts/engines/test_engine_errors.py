"""What is missing or broken gives one clear error with the cure, never another engine."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_models import RUSSIAN, Make, Tiny

from workbench import engines
from workbench.domain.language import RU_ZH
from workbench.domain.ports import Request, Translator
from workbench.engines.manifest import verify
from workbench.errors import DataError, EngineError, NotFound, SettingsError, WorkbenchError

Build = Callable[..., Translator]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Build an engine on an empty installation."""

    def made(name: str, **options: object) -> Translator:
        settings = {"data": tmp_path, "state": tmp_path / "state", "threads": 1, **options}
        return engines.build(name, **settings)  # type: ignore[arg-type]

    return made


@pytest.fixture
def shipped(tiny: Tiny, tmp_path: Path) -> Path:
    """A copy of the tiny shipped model, to be broken."""
    return Path(shutil.copytree(tiny("shipped"), tmp_path / "models" / "ru-zh"))


def failure(engine: Translator) -> WorkbenchError:
    """Return what translating raises; it says a cure in each language."""
    with pytest.raises(WorkbenchError) as caught:
        list(engine.translate(RU_ZH, [Request(RUSSIAN[0])]))
    for language in ("en", "zh", "ru"):
        problem, cure = caught.value.say(language)
        assert problem
        assert cure
    return caught.value


def converted(place: Path) -> list[Path]:
    """Return the folders of converted models, finished or not."""
    return list((place / "state" / "models").glob("*/"))


def test_an_unknown_name_lists_the_known_ones(build: Build) -> None:
    with pytest.raises(NotFound) as caught:
        build("nonesuch", models={"mine": engines.ModelSource("/nowhere")})
    assert caught.value.values["known"] == "shipped, mine"


def test_a_missing_model(build: Build) -> None:
    error = failure(build("shipped"))
    assert isinstance(error, DataError)
    assert error.key == "engines.no_model"
    assert failure(build("folder:/nowhere")).key == "engines.no_model"


def test_a_folder_that_holds_no_model(build: Build, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert failure(build(f"folder:{tmp_path / 'empty'}")).key == "engines.no_manifest"


@pytest.mark.parametrize("content", ["name = ", "name = 'x'", "\x00", "terms = 'loud'"])
def test_an_unusable_manifest(build: Build, shipped: Path, content: str) -> None:
    (shipped / "manifest.toml").write_text(content)
    assert failure(build("shipped")).key == "engines.bad_manifest"


def test_a_truncated_model(build: Build, shipped: Path) -> None:
    content = (shipped / "model.bin").read_bytes()
    (shipped / "model.bin").write_bytes(content[: len(content) // 2])
    assert failure(build("shipped")).key == "engines.broken_model"
    assert [problem.split()[0] for problem in verify(shipped)] == ["model.bin"]


def test_a_changed_byte(build: Build, shipped: Path) -> None:
    content = bytearray((shipped / "model.bin").read_bytes())
    content[len(content) // 2] ^= 1
    (shipped / "model.bin").write_bytes(content)
    assert failure(build("shipped")).key == "engines.broken_model"
    assert verify(shipped) == []
    assert len(verify(shipped, deep=True)) == 1


def test_a_missing_tokeniser(build: Build, shipped: Path) -> None:
    (shipped / "spm.model").unlink()
    assert failure(build("shipped")).key == "engines.broken_model"


def test_what_no_checksum_can_tell(build: Build, shipped: Path) -> None:
    """A manifest that lists no files lets a broken model through; loading it still fails."""
    manifest = (shipped / "manifest.toml").read_text()
    (shipped / "manifest.toml").write_text(manifest.partition("[[files]]")[0] + "files = []\n")
    (shipped / "model.bin").write_bytes(b"not a model")
    assert failure(build("shipped")).key == "engines.broken_model"


@pytest.mark.parametrize("threads", [-1, 10_000])
def test_threads_out_of_range(build: Build, shipped: Path, threads: int) -> None:
    error = failure(build("shipped", threads=threads))
    assert isinstance(error, SettingsError)
    assert error.key == "engines.bad_threads"


@pytest.mark.parametrize("config", ['{"model_type": "bert"}', "{}", "[]", "not JSON"])
def test_a_model_of_an_unknown_kind(build: Build, tmp_path: Path, config: str) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "config.json").write_text(config)
    error = failure(build(f"folder:{tmp_path / 'other'}"))
    assert isinstance(error, EngineError)
    assert error.key == "engines.unknown_family"


@pytest.mark.parametrize("backend", ["ctranslate2", "transformers"])
@pytest.mark.parametrize("lost", ["model.safetensors", "source.spm", "vocab.json"])
def test_an_incomplete_original(
    build: Build, tiny: Tiny, tmp_path: Path, backend: engines.Backend, lost: str
) -> None:
    folder = Path(shutil.copytree(tiny("marian"), tmp_path / "lacking"))
    (folder / lost).unlink()
    error = failure(build("mine", models={"mine": engines.ModelSource(str(folder), backend)}))
    assert error.key in {"engines.not_converted", "engines.not_loaded"}
    assert converted(tmp_path) == []


def test_a_conversion_that_changes_the_model_is_not_used(
    build: Build, tiny: Tiny, tmp_path: Path
) -> None:
    """CTranslate2 starts Marian from zero; an original that does not is another model then."""
    from safetensors.torch import load_file, save_file

    folder = Path(shutil.copytree(tiny("marian"), tmp_path / "odd"))
    weights = load_file(folder / "model.safetensors")
    weights["model.shared.weight"][-1] = 9.0
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    source = engines.ModelSource(str(folder))
    assert failure(build("odd", models={"odd": source})).key == "engines.self_check"
    assert converted(tmp_path) == []
    original = engines.ModelSource(str(folder), "transformers")
    list(build("odd", models={"odd": original}).translate(RU_ZH, [Request(RUSSIAN[0])]))


def test_a_state_folder_that_cannot_be_written(build: Build, tiny: Tiny, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file, not a folder")
    models = {"mine": engines.ModelSource(str(tiny("marian")))}
    assert failure(build("mine", models=models)).key == "house.unwritable_state"


def test_what_a_killed_conversion_left_is_in_nobodys_way(
    build: Build, tiny: Tiny, tmp_path: Path
) -> None:
    left = tmp_path / "state" / "models" / ".new-marian"
    left.mkdir(parents=True)
    (left / "model.bin").write_bytes(b"half")
    models = {"mine": engines.ModelSource(str(tiny("marian")))}
    list(build("mine", models=models).translate(RU_ZH, [Request(RUSSIAN[5])]))
    assert not left.exists()


def test_two_at_once_convert_one_model(tiny: Tiny, tmp_path: Path, build: Build) -> None:
    models = {"mine": engines.ModelSource(str(tiny("marian")))}
    said = []

    def work() -> None:
        said.extend(build("mine", models=models).translate(RU_ZH, [Request(RUSSIAN[5])]))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said) == 2
    assert said[0][1][0].text == said[1][1][0].text
    (folder,) = converted(tmp_path)
    assert verify(folder, deep=True) == []


def test_a_changed_original_is_converted_anew(tiny: Tiny, tmp_path: Path, build: Build) -> None:
    folder = Path(shutil.copytree(tiny("marian"), tmp_path / "mine"))
    models = {"mine": engines.ModelSource(str(folder))}
    list(build("mine", models=models).translate(RU_ZH, [Request(RUSSIAN[5])]))
    config = json.loads((folder / "generation_config.json").read_text())
    (folder / "generation_config.json").write_text(json.dumps({**config, "num_beams": 3}))
    list(build("mine", models=models).translate(RU_ZH, [Request(RUSSIAN[5])]))
    assert len(converted(tmp_path)) == 2


def test_what_is_available_is_told_without_loading(make: Make, place: Path) -> None:
    make("shipped")
    told = engines.available(
        data=place / "data",
        state=place / "nowhere",
        models={"mine": engines.ModelSource("/nowhere/at/all")},
        endpoints={"chat": engines.Endpoint("http://127.0.0.1:9/v1", "model")},
    )
    assert [(info.name, info.terms) for info in told] == [
        ("shipped", "inline"),
        ("mine", "none"),
        ("chat", "prompt"),
    ]
    assert told[0].version
    assert not engines.available(data=place / "nowhere", state=place / "nowhere")


def test_a_broken_model_does_not_hide_the_others(shipped: Path, tmp_path: Path) -> None:
    (shipped / "manifest.toml").write_text("name = ")
    chat = {"chat": engines.Endpoint("http://127.0.0.1:9/v1", "model")}
    told = engines.available(data=tmp_path, state=tmp_path, endpoints=chat)
    assert [(info.name, bool(info.pairs)) for info in told] == [("shipped", False), ("chat", True)]
