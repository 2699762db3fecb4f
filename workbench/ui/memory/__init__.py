"""The translation memory's page: searching it, what is doubtful in it, imports and exports."""

from __future__ import annotations

from workbench.ui.memory.page import build

__all__ = ["build"]
