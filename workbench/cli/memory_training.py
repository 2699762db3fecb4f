"""What leaves the memory for training: no pair with a line of a test set."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.domain.memory import Unit
    from workbench.services.evaluation.guard import TestLines
    from workbench.services.evaluation.shelf import SetShelf


def every(unit: Unit) -> Unit:
    """Let every unit through as it is."""
    return unit


@dataclass
class Kept:
    """Keeps test lines back, and counts them."""

    shelf: SetShelf
    held: int = 0

    @cached_property
    def lines(self) -> TestLines:
        """The lines of every test set within reach. Raises DataError for a broken set."""
        from workbench.services.evaluation.guard import TestLines

        return TestLines.of(self.shelf)

    def shaped(self, unit: Unit) -> Unit | None:
        """Return what of a unit may be trained on."""
        left = self.lines.without(unit)
        self.held += left is None
        return left

    def told(self) -> str:
        """Say how many were left out, and which sets were looked at."""
        names = ", ".join(self.lines.sets)
        return f"{self.held} left out, being lines of test sets: {names}"
