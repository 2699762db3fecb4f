"""The terminologist's page: entries, what waits for judgement, problems, files, replacements."""

from __future__ import annotations

from workbench.ui.glossary.page import build

__all__ = ["build"]
