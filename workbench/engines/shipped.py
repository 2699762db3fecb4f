"""The engine that comes with the workbench: models/ru-zh."""

from __future__ import annotations

from workbench.engines import Setup
from workbench.engines.ctranslate import CTranslateEngine


def build(name: str, argument: str, setup: Setup) -> CTranslateEngine:  # noqa: ARG001
    """Return the shipped engine; it has no argument."""
    folder = setup.data / "models" / "ru-zh"
    return CTranslateEngine(folder, name, setup.threads, setup.beam)
