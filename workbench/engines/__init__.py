"""MT engines behind one Protocol (``workbench.domain.ports.Translator``).

An engine is asked for by name: ``shipped``; a model or an endpoint that the settings name; or
straight from the command line ``hub:OWNER/NAME`` or ``folder:PATH``. Nothing is loaded, fetched
or converted before the first translation.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from workbench.domain.ports import EngineInfo, Translator
from workbench.errors import DataError, NotFound
from workbench.registry import Registry

Backend = Literal["ctranslate2", "transformers"]
Style = Literal["generic", "hy-mt"]

# Each member is called as factory(name, argument, setup) and returns a Translator.
ENGINES = Registry(
    "workbench.engines",
    {
        "shipped": "workbench.engines.shipped:build",
        "hub": "workbench.engines.hub:build",
        "folder": "workbench.engines.hub:build_folder",
        "endpoint": "workbench.engines.endpoint:build",
    },
)


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A hub name or folder, and what runs it."""

    source: str
    backend: Backend = "ctranslate2"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible endpoint; ``url`` is its base address, mostly ending in ``/v1``.

    ``timeout`` is in seconds for one request, ``parallel`` how many run at once.
    """

    url: str
    model: str
    api_key: str = field(default="", repr=False)
    style: Style = "generic"
    timeout: float = 60.0
    retries: int = 2
    temperature: float = 0.0
    parallel: int = 3


@dataclass(frozen=True, slots=True)
class Setup:
    """What engines are built from.

    ``data`` holds models/, ``state`` keeps converted models; ``threads`` and ``beam`` are 0 for
    the engine's own choice.
    """

    data: Path
    state: Path
    models: Mapping[str, ModelSource] = field(default_factory=dict)
    endpoints: Mapping[str, Endpoint] = field(default_factory=dict)
    threads: int = 0
    beam: int = 0


def build(
    name: str,
    *,
    data: Path,
    state: Path,
    models: Mapping[str, ModelSource] | None = None,
    endpoints: Mapping[str, Endpoint] | None = None,
    threads: int = 0,
    beam: int = 0,
) -> Translator:
    """Return the engine called *name*. Raises NotFound."""
    setup = Setup(data, state, models or {}, endpoints or {}, threads, beam)
    kind, argument = _kind(name, setup)
    translator: Translator = ENGINES.load(kind)(name, argument, setup)
    return translator


def available(
    *,
    data: Path,
    state: Path,
    models: Mapping[str, ModelSource] | None = None,
    endpoints: Mapping[str, Endpoint] | None = None,
) -> tuple[EngineInfo, ...]:
    """Return what is known of the engines that have a name, the shipped one first.

    The shipped engine is left out when its model is not there (``doctor`` says so).
    """
    setup = Setup(data, state, models or {}, endpoints or {})
    names = [name for name in known_names(setup) if name != "shipped"]
    if (data / "models" / "ru-zh" / "manifest.toml").is_file():
        names.insert(0, "shipped")
    return tuple(_info(name, setup) for name in names)


def _info(name: str, setup: Setup) -> EngineInfo:
    """Return what an engine says of itself; the name alone when its data is broken.

    One broken model must not hide the others; using it tells what is wrong.
    """
    kind, argument = _kind(name, setup)
    try:
        info: EngineInfo = ENGINES.load(kind)(name, argument, setup).info
    except DataError:
        return EngineInfo(name)
    return info


def known_names(setup: Setup) -> tuple[str, ...]:
    """Return every name that can be asked for without an argument."""
    plugins = [name for name in ENGINES if name not in ENGINES.builtin]
    return tuple(dict.fromkeys(["shipped", *setup.models, *setup.endpoints, *plugins]))


def _kind(name: str, setup: Setup) -> tuple[str, str]:
    """Return the member of ENGINES that makes the engine, and its argument."""
    if name in setup.models:
        source = setup.models[name].source
        # As transformers has it: a path is written as one or is there; the rest is on the hub.
        local = source.startswith((".", "~", os.sep)) or Path(source).is_dir()
        return ("folder" if local else "hub"), source
    if name in setup.endpoints:
        return "endpoint", name
    scheme, colon, argument = name.partition(":")
    if colon and argument and scheme in {"hub", "folder"}:
        return scheme, argument
    if name in known_names(setup):
        return name, ""
    raise NotFound("engines.unknown", name=name, known=", ".join(known_names(setup)))
