"""The network: a post-norm encoder-decoder with exactly the layout of Marian.

* ``<pad>`` is the last id. It starts the decoder, its embedding is zero and never moves, and it can
  never be predicted: CTranslate2 relies on all three.
* Embeddings are tied (source, target, output) and scaled by √d; positions are sinusoidal, sines in
  the first half, cosines in the second.
* Head 0 of the first decoder layer's cross-attention starts as a comparison of vectors: it looks
  at source pieces that resemble the piece just written, that is, at the place just translated.
* Value and output projections of the cross-attention start as a rotation and its inverse, so that
  a head which looks at a source piece hands on that piece's vector. With bilingual vectors in
  the embedding the untrained network is already a poor dictionary.

Arithmetic is bfloat16 with float32 weights, embeddings and losses. Shapes: B sentences, S source
positions, T target positions, d width, h heads, V ids, K output pieces.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch.nn import functional

Tensor = Any

_FAR = -1e4
_MASKS = 1 << 24


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of a network: ``vocabulary`` counts <pad>."""

    vocabulary: int
    width: int = 256
    inner: int = 1024
    heads: int = 4
    encoder: int = 3
    decoder: int = 2

    def as_dict(self) -> dict[str, int]:
        """Return the fields by name."""
        return asdict(self)


def sinusoids(length: int, width: int) -> Tensor:
    """Return position vectors [length, width]."""
    place = torch.arange(length)[:, None].float()
    angle = place / torch.pow(10000.0, 2 * torch.arange(width // 2)[None].float() / width)
    return torch.cat([torch.sin(angle), torch.cos(angle)], 1)


class Dropout:
    """Inverted dropout from a pool of ready-made masks: drawing random numbers is slow on a CPU."""

    def __init__(self, rate: float, seed: int = 0, size: int = _MASKS) -> None:
        self.rate, self._size = rate, size
        if rate:
            kept = torch.rand(size, generator=torch.Generator().manual_seed(seed)) >= rate
            self._pool = (kept / (1 - rate)).to(torch.bfloat16)

    def __call__(self, x: Tensor) -> Tensor:
        if not self.rate:
            return x
        count = x.numel()
        start = int(torch.randint(0, max(1, self._size - count), (1,)))
        return x * self._pool[start : start + count].view(x.shape)


def initial_weights(shape: Shape, seed: int) -> dict[str, Tensor]:
    """Return the weights by name: ``e0.qkv.w``, ``d1.ckv.b``, ``emb``, ``bias`` and so on."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return dict(_draw(shape))


def _draw(shape: Shape) -> Iterator[tuple[str, Tensor]]:
    d, inner = shape.width, shape.inner
    embedding = torch.randn(shape.vocabulary, d) * d**-0.5
    embedding[-1] = 0
    yield "emb", embedding
    yield "bias", torch.zeros(shape.vocabulary)
    plan = {"qkv": (3 * d, d), "o": (d, d), "f1": (inner, d), "f2": (d, inner)}
    cross = {"cq": (d, d), "ckv": (2 * d, d), "co": (d, d)}
    for side, depth in (("e", shape.encoder), ("d", shape.decoder)):
        for layer in range(depth):
            prefix = f"{side}{layer}."
            for name, size in {**plan, **(cross if side == "d" else {})}.items():
                weight = torch.empty(size)
                for part in weight.chunk(size[0] // d if name in {"qkv", "ckv"} else 1):
                    torch.nn.init.xavier_uniform_(part, gain=1 / math.sqrt(layer + 1))
                yield f"{prefix}{name}.w", weight
                yield f"{prefix}{name}.b", torch.zeros(size[0])
            for name in ("n1", "n2", "n3") if side == "d" else ("n1", "n3"):
                yield f"{prefix}{name}.w", torch.ones(d)
                yield f"{prefix}{name}.b", torch.zeros(d)


def open_cross_attention(weights: dict[str, Tensor], shape: Shape, seed: int) -> None:
    """Make value and output projections of each cross-attention a rotation and its inverse."""
    generator = torch.Generator().manual_seed(seed)
    for layer in range(shape.decoder):
        noise = torch.randn(shape.width, shape.width, generator=generator)
        turn = torch.linalg.qr(noise)[0]
        weights[f"d{layer}.ckv.w"][shape.width :] = turn
        weights[f"d{layer}.co.w"].copy_(turn.t())


def compare_in_first_layer(
    weights: dict[str, Tensor], shape: Shape, seed: int, gain: float = 1.3
) -> None:
    """Make query and key of the first cross-attention's head 0 the same projection."""
    size = shape.width // shape.heads
    noise = torch.randn(shape.width, size, generator=torch.Generator().manual_seed(seed))
    shared = torch.linalg.qr(noise)[0].t() * gain
    for name in ("d0.cq.w", "d0.ckv.w"):
        weights[name][:size] = shared


def plant_vectors(embedding: Tensor, vectors: Tensor, share: float, seed: int) -> None:
    """Mix unit *vectors* [V, d] into the random embedding where a vector is known."""
    noise = torch.randn(embedding.shape, generator=torch.Generator().manual_seed(seed))
    noise *= embedding.shape[1] ** -0.5
    known = (vectors.norm(dim=1, keepdim=True) > 0.5).float()
    mixed = share * vectors + math.sqrt(1 - share * share) * noise
    embedding.copy_(known * mixed + (1 - known) * noise)
    embedding[-1] = 0


class Network:
    """The forward pass over named float32 weights; gradients are autograd's business."""

    def __init__(
        self, shape: Shape, weights: dict[str, Tensor], dropout: Dropout, exact: bool = False
    ) -> None:
        """*exact* computes in float32, for comparisons with the exported model."""
        self.shape, self.weights, self._dropout = shape, weights, dropout
        self.pad = shape.vocabulary - 1
        self.training = True
        self._type = torch.float32 if exact else torch.bfloat16
        self._positions = sinusoids(512, shape.width)

    def forward(self, source: Tensor, entered: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Return decoder states [B, T, d] and by layer the scores of head 0, [B, T, S] each.

        The scores are those of the cross-attention, before the softmax.
        *source* [B, S] and *entered* [B, T] (the target behind <pad>) are ids, padded with <pad>.
        """
        cast = self._cast()
        memory, mask = self._encode(source, cast)
        length = entered.shape[1]
        causal = torch.full((length, length), _FAR, dtype=self._type).triu_(1)
        y = self._embed(entered)
        looked: list[Tensor] = []
        for layer in range(self.shape.decoder):
            p = f"d{layer}."
            q, k, v = (self._heads(t) for t in self._linear(y, cast, p + "qkv").chunk(3, -1))
            mixed, _ = self._attend(q, k, v, causal)
            y = self._add(y, self._linear(mixed, cast, p + "o"), cast, p + "n1")
            k, v = (self._heads(t) for t in self._linear(memory, cast, p + "ckv").chunk(2, -1))
            mixed, scores = self._attend(self._heads(self._linear(y, cast, p + "cq")), k, v, mask)
            looked.append(scores[:, 0])
            y = self._add(y, self._linear(mixed, cast, p + "co"), cast, p + "n2")
            y = self._feed_forward(y, cast, p)
        return y, looked

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def greedy(self, source: Tensor, outputs: Tensor, longest: int) -> Tensor:
        """Return the most probable continuation, step by step: ids [B, <= longest]."""
        entered = torch.full((len(source), 1), self.pad)
        done = torch.zeros(len(source), dtype=torch.bool)
        weight, bias = self.weights["emb"][outputs], self.weights["bias"][outputs]
        for _ in range(longest):
            state, _ = self.forward(source, entered)
            logits = functional.linear(state[:, -1].float(), weight, bias)
            chosen = torch.where(done, 0, outputs[logits.argmax(-1)])
            entered = torch.cat([entered, chosen[:, None]], 1)
            done |= chosen == 0
            if bool(done.all()):
                break
        return entered[:, 1:]

    def _cast(self) -> dict[str, Tensor]:
        kept = {"emb", "bias"}
        return {n: w if n in kept else w.to(self._type) for n, w in self.weights.items()}

    def _drop(self, x: Tensor) -> Tensor:
        return self._dropout(x) if self.training else x

    def _embed(self, ids: Tensor) -> Tensor:
        rows = functional.embedding(ids, self.weights["emb"]) * math.sqrt(self.shape.width)
        return self._drop((rows + self._positions[: ids.shape[1]]).to(self._type))

    def _encode(self, source: Tensor, cast: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        mask = torch.zeros(source.shape, dtype=self._type)
        mask = mask.masked_fill_(source == self.pad, _FAR)[:, None, None, :]
        x = self._embed(source)
        for layer in range(self.shape.encoder):
            p = f"e{layer}."
            q, k, v = (self._heads(t) for t in self._linear(x, cast, p + "qkv").chunk(3, -1))
            mixed, _ = self._attend(q, k, v, mask)
            x = self._add(x, self._linear(mixed, cast, p + "o"), cast, p + "n1")
            x = self._feed_forward(x, cast, p)
        return x, mask

    def _heads(self, x: Tensor) -> Tensor:
        """[B, L, d] -> [B, h, L, d / h]."""
        return x.view(x.shape[0], x.shape[1], self.shape.heads, -1).transpose(1, 2)

    @staticmethod
    def _attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return (mixed values [B, L, d], masked scores [B, h, L, S])."""
        scores = torch.matmul(q * (1 / math.sqrt(q.shape[-1])), k.transpose(-1, -2)) + mask
        mixed = torch.matmul(torch.softmax(scores, -1), v).transpose(1, 2)
        return mixed.reshape(mixed.shape[0], mixed.shape[1], -1), scores

    @staticmethod
    def _linear(x: Tensor, cast: dict[str, Tensor], name: str) -> Tensor:
        return functional.linear(x, cast[name + ".w"], cast[name + ".b"])

    def _feed_forward(self, x: Tensor, cast: dict[str, Tensor], prefix: str) -> Tensor:
        inner = functional.silu(self._linear(x, cast, prefix + "f1"))
        return self._add(x, self._linear(inner, cast, prefix + "f2"), cast, prefix + "n3")

    def _add(self, x: Tensor, y: Tensor, cast: dict[str, Tensor], norm: str) -> Tensor:
        """Residual connection and layer norm."""
        summed = x + self._drop(y)
        size = (self.shape.width,)
        return functional.layer_norm(summed, size, cast[norm + ".w"], cast[norm + ".b"])


@dataclass(frozen=True)
class OutputLoss:
    """Mean smoothed loss and negative log-likelihood, with gradients for states, rows and bias."""

    loss: float
    likelihood: float
    states: Tensor
    rows: Tensor
    bias: Tensor


@torch.no_grad()  # type: ignore[untyped-decorator]
def output_loss(
    states: Tensor, rows: Tensor, bias: Tensor, target: Tensor, smoothing: float, chunk: int = 512
) -> OutputLoss:
    """Label-smoothed cross-entropy over the output pieces, with its gradients.

    *states* [N, d], *rows* [K, d], *bias* [K], *target* [N] places among the outputs. Rows of
    logits exist for one chunk at a time, small enough for the cache.
    """
    count, size = len(target), len(rows)
    cast, mean_row, mean_bias = rows.to(states.dtype), rows.mean(0), bias.mean()
    d_states, d_rows, d_bias = (torch.empty_like(states), *map(torch.zeros_like, (rows, bias)))
    loss = likelihood = 0.0
    for start in range(0, count, chunk):
        x, wanted = states[start : start + chunk], target[start : start + chunk, None]
        logits = torch.mm(x, cast.t()).float().add_(bias)
        norm = torch.logsumexp(logits, 1, keepdim=True)
        hit = (norm - logits.gather(1, wanted)).sum()
        spread = (norm - (x.float() @ mean_row)[:, None] - mean_bias).sum()
        likelihood += float(hit)
        loss += float((1 - smoothing) * hit + smoothing * spread)
        gradient = logits.sub_(norm).exp_().sub_(smoothing / size)
        gradient.scatter_add_(1, wanted, torch.full(wanted.shape, smoothing - 1))
        d_bias += gradient.sum(0)
        gradient = gradient.to(states.dtype)
        d_states[start : start + chunk] = torch.mm(gradient, cast)
        d_rows += torch.mm(gradient.t(), x)
    scale = 1 / max(1, count)
    return OutputLoss(
        loss * scale, likelihood * scale, d_states * scale, d_rows * scale, d_bias * scale
    )
