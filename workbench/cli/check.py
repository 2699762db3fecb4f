"""Verb group to come from its owner."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add the verbs."""
