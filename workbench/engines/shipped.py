"""The engine that comes with the workbench: models/ru-zh."""

from __future__ import annotations

from workbench.engines import Setup
from workbench.engines.ctranslate import folder_engine
from workbench.engines.engine import PieceEngine


def build(name: str, argument: str, setup: Setup) -> PieceEngine:  # noqa: ARG001
    """Return the shipped engine; it has no argument."""
    folder = setup.data / "models" / "ru-zh"
    return folder_engine(folder, name, setup.threads, setup.beam)
