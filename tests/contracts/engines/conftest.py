"""Tiny models, a local endpoint and the engines made of them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tiny_models
from local_endpoint import LocalEndpoint
from tiny_models import KNOWN, Make, Tiny

from workbench import engines
from workbench.domain.ports import Translator


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the tiny models and what is converted from them lie."""
    import torch

    torch.set_num_threads(1)
    return tmp_path_factory.mktemp("engines")


@pytest.fixture(scope="session")
def tiny(place: Path) -> Tiny:
    """Build a tiny model the first time it is asked for."""

    def build(name: str) -> Path:
        folder = place / "originals" / name
        if name == "shipped":
            folder = place / "data" / "models" / "ru-zh"
        if not folder.is_dir():
            folder.parent.mkdir(parents=True, exist_ok=True)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the libraries warn about each other
                if name == "shipped":
                    tiny_models.shipped(folder, build("marian"))
                else:
                    getattr(tiny_models, name)(folder)
        return folder

    return build


@pytest.fixture(scope="session")
def served() -> Iterator[LocalEndpoint]:
    """A language model that knows the sentences by heart."""

    def answer(body: dict[str, Any]) -> str:
        said = body["messages"][-1]["content"]
        return next((target for source, target in KNOWN.items() if source in said), "译文。")

    with LocalEndpoint(answer) as server:
        yield server


@pytest.fixture(scope="session")
def make(place: Path, tiny: Tiny, served: LocalEndpoint) -> Make:
    """Return the engine of one of the names below."""

    def build(name: str, **options: Any) -> Translator:
        kind, _, variant = name.partition("-")
        settings = {"data": place / "data", "state": place / "state", "threads": 1, **options}
        if kind == "shipped":
            tiny("shipped")
        elif kind == "endpoint":
            chosen = engines.Endpoint(served.url, "by-heart", style=variant)  # type: ignore[arg-type]
            settings["endpoints"] = {name: chosen}
        else:
            source = engines.ModelSource(str(tiny(kind)), variant)  # type: ignore[arg-type]
            settings["models"] = {name: source}
        return engines.build(name, **settings)

    return build
