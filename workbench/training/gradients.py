"""Gradients of one batch, and a second process that makes them beside the first.

The second process works on the same weights in shared memory, at its own pace: it hands over the
gradient of a few batches when it has them and the trainer takes it along with its own. On a machine
shared with others neither ever waits for the other. A few, because the trainer also updates the
weights, which takes as long as half a batch.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch

from workbench.training.alignment import guidance, guidance_loss
from workbench.training.feed import Batch
from workbench.training.network import Network, output_loss

Tensor = Any

_PAUSE = 0.002
_BATCHES = 2


@dataclass(frozen=True, slots=True)
class Measured:
    """What a batch showed: target tokens and mean losses per token."""

    tokens: int
    pairs: int
    likelihood: float
    alignment: float

    def joined(self, other: Measured) -> Measured:
        """Return both together."""
        tokens = self.tokens + other.tokens
        share = self.tokens / tokens
        return Measured(
            tokens,
            self.pairs + other.pairs,
            share * self.likelihood + (1 - share) * other.likelihood,
            share * self.alignment + (1 - share) * other.alignment,
        )


@dataclass(frozen=True)
class Task:
    """What does not change: output ids [K], lexical scores [V, K], label smoothing.

    ``previous`` weighs the guidance of the first decoder layer, which is to look at the place of
    the piece just written, against that of the last layer, which is to look at the next one.
    ``blanked`` is the share of written pieces that the decoder does not get to see, so that it
    looks at the source rather than goes on from memory.
    """

    outputs: Tensor
    scores: Tensor
    smoothing: float = 0.1
    previous: float = 0.7
    blanked: float = 0.1


def add_gradients(
    network: Network, batch: Batch, task: Task, guided: float, by_tokens: bool = False
) -> Measured:
    """Add the batch's gradients to ``grad`` of each weight; *guided* weighs the alignment.

    The gradient is that of the mean over the target tokens; with *by_tokens* that of their sum.
    """
    source, target = torch.from_numpy(batch.source), torch.from_numpy(batch.target)
    known = target >= 0
    ids = torch.where(known, task.outputs[target.clamp(min=0)], network.pad)
    entered = torch.cat([torch.full((len(ids), 1), network.pad), ids[:, :-1]], 1)
    if task.blanked:
        entered = torch.where(torch.rand(entered.shape) < task.blanked, network.pad, entered)
    states, looked = network.forward(source, entered)
    hidden = states[known]
    embedding, bias = network.weights["emb"], network.weights["bias"]
    rows, row_bias = embedding.detach()[task.outputs], bias.detach()[task.outputs]
    loss = output_loss(hidden.detach(), rows, row_bias, target[known], task.smoothing)
    with torch.no_grad():
        wanted = guidance(task.scores, source, target, network.pad)
    alignment = guidance_loss(looked[-1], wanted)
    guide = alignment
    if len(looked) > 1:
        behind = guidance_loss(looked[0][:, 1:], wanted[:, :-1])
        guide = alignment + task.previous * behind
    tokens = int(known.sum())
    times = tokens if by_tokens else 1
    torch.autograd.backward([hidden, guided * times * guide], [times * loss.states, None])
    if bias.grad is None:
        bias.grad = torch.zeros_like(bias)
    embedding.grad.index_add_(0, task.outputs, loss.rows, alpha=times)
    bias.grad.index_add_(0, task.outputs, loss.bias, alpha=times)
    embedding.grad[-1] = 0
    return Measured(tokens, len(source), loss.likelihood, float(alignment.detach()))


def share_weights(weights: dict[str, Tensor]) -> None:
    """Move the weights into one piece of shared memory, in place."""
    for weight, view in zip(weights.values(), _views(weights), strict=True):
        view.copy_(weight.data)
        weight.data = view


def _views(weights: Mapping[str, Tensor]) -> list[Tensor]:
    """Return zeros of each weight's shape, all in one piece of shared memory."""
    flat = torch.zeros(sum(w.numel() for w in weights.values())).share_memory_()
    parts = flat.split([w.numel() for w in weights.values()])
    return [part.view(w.shape) for part, w in zip(parts, weights.values(), strict=True)]


_FULL, _TOKENS, _PAIRS, _LIKELIHOOD, _ALIGNMENT, _GUIDED = range(6)


class Helper:
    """The second process; ``take`` adds its gradient, if one is ready, to our own."""

    def __init__(self, network: Network, task: Task, take_batch: Callable[[], Batch]) -> None:
        self._network, self._task, self._take_batch = network, task, take_batch
        self._gradients = _views(network.weights)
        self._control = torch.zeros(6, dtype=torch.float64).share_memory_()
        process = multiprocessing.get_context("fork").Process(target=self._work, daemon=True)
        self._process = process

    def start(self) -> None:
        """Start the process."""
        self._process.start()

    def stop(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.join()

    def take(self, own: Measured, guided: float) -> Measured:
        """Mix a waiting gradient into ``grad`` of the weights, by tokens; never wait for one."""
        self._control[_GUIDED] = guided
        if not self._control[_FULL]:
            return own
        tokens, pairs, likelihood, alignment = self._control[_TOKENS:_GUIDED].tolist()
        other = Measured(int(tokens), int(pairs), likelihood, alignment)
        share = own.tokens / (own.tokens + other.tokens)
        for weight, gradient in zip(self._network.weights.values(), self._gradients, strict=True):
            weight.grad.mul_(share).add_(gradient, alpha=(1 - share) / other.tokens)
        self._control[_FULL] = 0
        return own.joined(other)

    def _work(self) -> None:
        torch.set_num_threads(1)
        torch.manual_seed(torch.initial_seed() + 99)
        for weight, gradient in zip(self._network.weights.values(), self._gradients, strict=True):
            weight.grad = gradient
        while True:
            while self._control[_FULL]:
                time.sleep(_PAUSE)
            for gradient in self._gradients:
                gradient.zero_()
            found = self._batch()
            for _ in range(_BATCHES - 1):
                found = found.joined(self._batch())
            values = [found.tokens, found.pairs, found.likelihood, found.alignment]
            self._control[_TOKENS:_GUIDED] = torch.tensor(values, dtype=torch.float64)
            self._control[_FULL] = 1

    def _batch(self) -> Measured:
        guided = float(self._control[_GUIDED])
        return add_gradients(self._network, self._take_batch(), self._task, guided, by_tokens=True)
