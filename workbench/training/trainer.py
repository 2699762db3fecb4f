"""Training by the clock (or by steps): warm-up, constant rate, linear decay, averaged weights."""

from __future__ import annotations

import contextlib
import logging
import math
import multiprocessing
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch

from workbench.training.feed import Batch, Feed, FeedOptions, FeedState
from workbench.training.gradients import Helper, Measured, Task, add_gradients, share_weights
from workbench.training.network import (
    Dropout,
    Network,
    Shape,
    compare_in_first_layer,
    initial_weights,
    open_cross_attention,
    plant_vectors,
)
from workbench.training.optimiser import Optimiser
from workbench.training.preparation import load

Tensor = Any

CHECKPOINT = "checkpoint.pt"
_LOG = logging.getLogger(__name__)
_LOG_EVERY = 20.0
_QUEUE = 60


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """How to train; the defaults are those of the shipped model.

    ``steps`` above 0 replaces the clock. ``guided`` weighs the alignment loss at the beginning; it
    falls to a tenth in the middle. ``helper`` adds a second process (``gradients``): faster, but
    no run equals another then.
    """

    seconds: float = 13_000.0
    steps: int = 0
    rate: float = 1.2e-3
    matrix_rate: float = 5e-3
    warm_up: int = 60
    decay_from: float = 0.6
    dropout: float = 0.1
    smoothing: float = 0.1
    guided: float = 1.0
    average: float = 0.999
    clip: float = 1.0
    save_every: float = 240.0
    helper: bool = True
    seed: int = 1


@dataclass
class Progress:
    """What has been done so far."""

    step: int = 0
    tokens: int = 0
    pairs: int = 0
    seconds: float = 0.0
    feed: FeedState | None = None
    losses: list[float] = field(default_factory=list)
    """Mean negative log-likelihood of each step."""


class Trainer:
    """Trains the weights in place; ``averaged`` are the ones to ship."""

    def __init__(
        self,
        shape: Shape,
        weights: dict[str, Tensor],
        feed: Feed,
        task: Task,
        folder: Path,
        options: TrainOptions,
    ) -> None:
        self.options, self.shape, self._folder, self._task = options, shape, folder, task
        self._feed, self.progress = feed, Progress()
        self._weights = {name: w.clone().requires_grad_() for name, w in weights.items()}
        share_weights(self._weights)
        self._network = Network(shape, self._weights, Dropout(options.dropout))
        self._optimiser = Optimiser(self._weights, shape.width, options.rate, options.matrix_rate)
        self.averaged = {name: w.detach().clone() for name, w in self._weights.items()}
        self._share = multiprocessing.Value("d", 0.0)

    def resume(self) -> bool:
        """Take over the folder's checkpoint; return whether there was one."""
        path = self._folder / CHECKPOINT
        if not path.exists():
            return False
        saved = torch.load(path, weights_only=False)
        if saved["shape"] != self.shape.as_dict():
            raise ValueError(f"{path} is of another network: {saved['shape']}")
        with torch.no_grad():
            for name, weight in self._weights.items():
                weight.copy_(saved["weights"][name])
                self.averaged[name].copy_(saved["averaged"][name])
        self._optimiser.restore(saved["optimiser"])
        self.progress = saved["progress"]
        torch.set_rng_state(saved["random"])
        _LOG.info("resumed at step %d", self.progress.step)
        return True

    def save(self) -> Path:
        """Write the checkpoint."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / CHECKPOINT
        content = {
            "shape": self.shape.as_dict(),
            "weights": {name: w.detach() for name, w in self._weights.items()},
            "averaged": self.averaged,
            "optimiser": self._optimiser.state(),
            "progress": self.progress,
            "random": torch.get_rng_state(),
            "options": asdict(self.options),
        }
        torch.save(content, path.with_suffix(".new"))
        path.with_suffix(".new").replace(path)
        return path

    def run(self, until: int = 0) -> None:
        """Train to the end of the budget, or to step *until*; a checkpoint is left behind."""
        if self.progress.step == 0:
            torch.manual_seed(self.options.seed)
        with contextlib.ExitStack() as stack:
            take = self._source(stack)
            helper = None
            if self.options.helper:
                helper = Helper(self._network, self._task, take)
                helper.start()
                stack.callback(helper.stop)
            self._loop(take, helper, until)
        self.save()

    def share(self) -> float:
        """Return the progress through the budget, 0–1."""
        if self.options.steps:
            return min(1.0, self.progress.step / self.options.steps)
        return min(1.0, self.progress.seconds / self.options.seconds)

    def _source(self, stack: contextlib.ExitStack) -> Callable[[], Batch]:
        """Return a function that gives the next batch: from a process when there is a helper."""
        if not self.options.helper:
            batches = self._feed.batches(self.share, self.progress.feed)
            return lambda: next(batches)
        context = multiprocessing.get_context("fork")
        queue: Any = context.Queue(_QUEUE)
        arguments = (self._feed, queue, self._share, self.progress.feed)
        process = context.Process(target=_fill, args=arguments, daemon=True)
        process.start()
        stack.callback(process.terminate)
        take: Callable[[], Batch] = queue.get
        return take

    def _loop(self, take: Callable[[], Batch], helper: Helper | None, until: int) -> None:
        began = time.monotonic() - self.progress.seconds
        saved = logged = time.monotonic()
        seen: Measured | None = None
        while self.share() < 1.0 and not (until and self.progress.step >= until):
            found = self._step(take(), helper)
            seen = seen.joined(found) if seen else found
            now = time.monotonic()
            self.progress.seconds = now - began
            if now - logged > _LOG_EVERY:
                _report(self.progress, seen, now - logged)
                logged, seen = now, None
            if now - saved > self.options.save_every:
                self.save()
                saved = now

    def _step(self, batch: Batch, helper: Helper | None) -> Measured:
        share = self.share()
        self._share.value = share
        guided = self.options.guided * max(0.1, 1 - 2 * share)
        found = add_gradients(self._network, batch, self._task, guided)
        if helper:
            found = helper.take(found, guided)
        weights = list(self._weights.values())
        norm = float(torch.nn.utils.clip_grad_norm_(weights, self.options.clip))
        if math.isfinite(norm):
            self._optimiser.step(self._factor(share))
            keep = min(self.options.average, (self.progress.step + 1) / (self.progress.step + 20))
            averaged, fresh = list(self.averaged.values()), [w.detach() for w in weights]
            torch._foreach_lerp_(averaged, fresh, 1 - keep)
        else:
            _LOG.warning("step %d left out: the gradient is not finite", self.progress.step)
        for weight in weights:
            weight.grad = None
        self.progress.step += 1
        self.progress.tokens += found.tokens
        self.progress.pairs += found.pairs
        self.progress.feed = batch.state
        self.progress.losses.append(found.likelihood)
        return found

    def _factor(self, share: float) -> float:
        """Return the share of the full rate at this moment."""
        warm = min(1.0, (self.progress.step + 1) / max(1, self.options.warm_up))
        if share < self.options.decay_from:
            return warm
        return warm * max(0.01, (1 - share) / (1 - self.options.decay_from))


def assemble(
    work: Path,
    folder: Path,
    layers: Mapping[str, int],
    positions: int,
    options: TrainOptions,
    share: float = 0.8,
) -> Trainer:
    """Return a trainer for a prepared folder; *share* is that of the bilingual vectors."""
    prepared = load(work)
    vectors = torch.from_numpy(prepared.vectors)
    shape = Shape(vocabulary=len(vectors), width=vectors.shape[1], **layers)
    weights = initial_weights(shape, options.seed)
    open_cross_attention(weights, shape, options.seed)
    compare_in_first_layer(weights, shape, options.seed)
    plant_vectors(weights["emb"], vectors, share, options.seed)
    feed_options = FeedOptions(positions=positions, seed=options.seed)
    feed = Feed(
        prepared.groups, prepared.model, prepared.places, prepared.terms, options=feed_options
    )
    scores = torch.from_numpy(prepared.scores)
    task = Task(torch.from_numpy(prepared.outputs), scores, options.smoothing)
    return Trainer(shape, weights, feed, task, folder, options)


def _fill(feed: Feed, queue: Any, share: Any, state: FeedState | None) -> None:
    """Put batches into the queue, for ever."""
    batches: Iterator[Batch] = feed.batches(lambda: float(share.value), state)
    for batch in batches:
        queue.put(batch)


def _report(progress: Progress, seen: Measured, seconds: float) -> None:
    _LOG.info(
        "step %d, %.2f M tokens, %.0f tokens/s, loss %.3f, alignment %.3f",
        progress.step,
        progress.tokens / 1e6,
        seen.tokens / seconds,
        seen.likelihood,
        seen.alignment,
    )
