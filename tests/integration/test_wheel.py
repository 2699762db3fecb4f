"""The wheel holds everything: model, glossary, corpora, pages; it works away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without the network and unpacked as an installer would."""
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)],
        check=True,
        capture_output=True,
        cwd=ROOT,
    )
    (wheel,) = out.glob("workbench-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(out / "site")
    return out / "site"


def run(unpacked: Path, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    """Run the unpacked package with a fresh state, away from the checkout."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("WORKBENCH")},
        "PYTHONPATH": str(unpacked),
        "WORKBENCH_STATE": str(unpacked.parent / "state"),
        "LANG": "C.UTF-8",
    }
    return subprocess.run(
        [sys.executable, "-m", "workbench", *arguments],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        cwd=unpacked.parent,
    )


def test_the_wheel_has_what_a_user_needs(unpacked: Path) -> None:
    for path in (
        "workbench/_data/models/ru-zh/manifest.toml",
        "workbench/_data/glossary/ru-zh/persons.tsv",
        "workbench/_data/corpora/ru-zh/samples",
        "workbench/_data/corpora/ru-zh/eval/newsdesk.ru",
        "workbench/ui/static/grid.js",
        "workbench/ui/strings/zh.toml",
        "workbench/messages/house.toml",
    ):
        assert (unpacked / path).exists(), path
    assert not (unpacked / "models").exists()


@pytest.mark.model
def test_doctor_and_translate_work_from_the_wheel(unpacked: Path) -> None:
    doctor = run(unpacked, "doctor")
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    assert str(unpacked / "workbench" / "_data") in doctor.stdout
    draft = run(unpacked, "translate", "-", "--to", "txt", text="Токаев прибыл в Астану.\n")
    assert draft.returncode == 0, draft.stderr
    assert "托卡耶夫" in draft.stdout
    assert "阿斯塔纳" in draft.stdout
