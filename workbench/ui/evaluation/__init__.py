"""The evaluators' page: runs, their results, history, test sets, effort, human judgement."""

from __future__ import annotations

from workbench.ui.evaluation.page import build

__all__ = ["build"]
