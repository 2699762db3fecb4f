"""Muon for the matrices, Adam for embeddings, biases and norms.

Muon replaces the momentum of a matrix by the nearest (semi-)orthogonal one, found with five
Newton-Schulz steps. Matrices of one size are handled together; the stacked query, key and value
matrices are cut apart first.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch

Tensor = Any

_STEPS = 5
_A, _B, _C = 3.4445, -4.7750, 2.0315
_MATCH_ADAM = 0.2
"""Makes the size of an update that of Adam's at the same rate."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows ``start``–``end`` of the matrix ``name``; ``tall`` ones are transposed."""

    name: str
    start: int
    end: int
    tall: bool


def parts_by_size(weights: Mapping[str, Tensor], width: int) -> dict[tuple[int, int], list[Part]]:
    """Return the matrices of the layers, cut into parts, by (short side, long side)."""
    sizes: dict[tuple[int, int], list[Part]] = {}
    for name, weight in weights.items():
        if weight.dim() != 2 or name == "emb":
            continue
        rows, columns = weight.shape
        count = rows // width if name.endswith(("qkv.w", "ckv.w")) else 1
        height = rows // count
        size = (min(height, columns), max(height, columns))
        for number in range(count):
            part = Part(name, number * height, (number + 1) * height, height > columns)
            sizes.setdefault(size, []).append(part)
    return sizes


def orthogonal(matrices: Tensor) -> Tensor:
    """Return about the nearest orthogonal matrix to each of [n, rows <= columns]."""
    length = matrices.flatten(1).norm(dim=1)[:, None, None]
    x = (matrices / (length + 1e-12)).bfloat16()
    for _ in range(_STEPS):
        square = x @ x.transpose(1, 2)
        x = _A * x + (_B * square + _C * (square @ square)) @ x
    return x.float()


class Optimiser:
    """One step changes every weight in place; ``state`` can be saved and restored."""

    def __init__(
        self, weights: dict[str, Tensor], width: int, rate: float, matrix_rate: float
    ) -> None:
        self._weights = weights
        self._rate, self._matrix_rate, self._momentum = rate, matrix_rate, 0.95
        self._sizes = parts_by_size(weights, width)
        self._moments = {size: torch.zeros(len(p), *size) for size, p in self._sizes.items()}
        others = [w for name, w in weights.items() if w.dim() != 2 or name == "emb"]
        self._adam = torch.optim.AdamW(
            others, lr=rate, betas=(0.9, 0.98), eps=1e-9, weight_decay=0.0, fused=True
        )

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def step(self, factor: float) -> None:
        """Apply the gradients with both rates times *factor*."""
        for group in self._adam.param_groups:
            group["lr"] = self._rate * factor
        self._adam.step()
        for size, parts in self._sizes.items():
            gradient = torch.stack([self._of(part) for part in parts])
            moment = self._moments[size].mul_(self._momentum)
            moment.add_(gradient, alpha=1 - self._momentum)
            ahead = gradient * (1 - self._momentum) + moment * self._momentum
            scale = self._matrix_rate * factor * _MATCH_ADAM * math.sqrt(size[1])
            for part, update in zip(parts, orthogonal(ahead) * scale, strict=True):
                rows = self._weights[part.name][part.start : part.end]
                rows -= update.t() if part.tall else update

    def _of(self, part: Part) -> Tensor:
        gradient = self._weights[part.name].grad[part.start : part.end]
        return gradient.t() if part.tall else gradient

    def state(self) -> dict[str, Any]:
        """Return what ``restore`` needs."""
        return {"adam": self._adam.state_dict(), "moments": self._moments}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over a saved state."""
        self._adam.load_state_dict(state["adam"])
        self._moments = dict(state["moments"])
