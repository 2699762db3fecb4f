"""The manifest of a model folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.domain.language import RU_ZH
from workbench.engines.conversion import agree
from workbench.engines.manifest import (
    Manifest,
    describe_files,
    load_manifest,
    verify,
    write_manifest,
)
from workbench.errors import DataError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "model.bin").write_bytes(b"weights")
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "spm.model").write_bytes(b"pieces")
    return tmp_path


def manifest(folder: Path, **more: object) -> Manifest:
    values = {
        "name": 'a "name"\\ — 名',
        "version": "2",
        "engine": "hub",
        "pair": RU_ZH,
        "licence": "CC BY 4.0",
        "source_end": ("</s>", "▁"),
        "files": describe_files(folder),
        **more,
    }
    return Manifest(**values)  # type: ignore[arg-type]


def test_what_is_written_is_read(folder: Path) -> None:
    written = manifest(folder, terms="inline", tags=("<a>", "<b>", "<c>"), length_penalty=0.8)
    write_manifest(folder, written)
    assert load_manifest(folder) == written
    assert verify(folder, deep=True) == []


def test_the_label_changes_with_the_files(folder: Path) -> None:
    before = manifest(folder).label
    (folder / "model.bin").write_bytes(b"others!")
    assert manifest(folder).label != before
    assert before.startswith("2-")


def test_each_fault_is_named(folder: Path) -> None:
    write_manifest(folder, manifest(folder))
    (folder / "model.bin").write_bytes(b"weighty")
    (folder / "below" / "spm.model").unlink()
    assert verify(folder) == ["below/spm.model is missing"]
    assert verify(folder, deep=True) == [
        "below/spm.model is missing",
        "model.bin has another SHA-256 than the manifest",
    ]
    (folder / "model.bin").write_bytes(b"w")
    assert "model.bin has 1 bytes instead of 7" in verify(folder)


@pytest.mark.parametrize(
    "line", ['terms = "loud"', 'tokeniser = "none"', 'terms = "inline"', "tags = 3"]
)
def test_a_value_that_means_nothing_is_refused(folder: Path, line: str) -> None:
    text = f'name="x"\nversion="1"\nengine="hub"\npair="ru-zh"\nlicence=""\nfiles=[]\n{line}\n'
    (folder / "manifest.toml").write_text(text)
    with pytest.raises(DataError) as caught:
        load_manifest(folder)
    assert caught.value.key == "engines.bad_manifest"


def test_scores_of_a_rounded_model_agree_and_those_of_another_do_not() -> None:
    original = [-0.1, -2.0, -0.5]
    assert agree(original, [-0.15, -1.8, -0.6])
    assert not agree(original, [-3.8, -3.6, -3.7])
    assert agree([], [])
