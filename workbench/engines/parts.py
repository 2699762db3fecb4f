"""From requests to batches of parts, and from the parts' results back to whole answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

import numpy as np

from workbench.domain.damage import broken
from workbench.domain.language import Span
from workbench.domain.ports import Request
from workbench.domain.row import Candidate, Link
from workbench.engines.pieces import Pieces, Tokeniser

# Pieces a batch may hold, padding counted: small enough to stream, large enough to be quick.
BATCH_PIECES = 1024
STRICT_REPEATS = 2
"""Pieces of which a strict search writes no run twice."""
STRICT_PENALTY = 1.2
"""What a strict search divides the score of pieces by that it has written before."""
_STEP = 16
_SIGN_BEHIND = re.compile(r"([.,;:!?])\s*$")
_FULL_WIDTH = {".": "。", ",": "，", ";": "；", ":": "：", "!": "！", "?": "？"}
_GOES_ON = (",", ";", ":", "—", "–")
_ATTEMPTS = 3
# Added to a source piece's mean attention, so that one nobody attends to does not win by noise.
_COMMON = 0.02


@dataclass(frozen=True, slots=True, order=True)
class Wishes:
    """What holds for a whole batch: how many candidates, which runs of pieces never.

    ``strict`` asks for a search that may not repeat itself; without ``latin`` no small Latin letter
    is written.
    """

    count: int
    banned: tuple[tuple[str, ...], ...] = ()
    strict: bool = False
    latin: bool = True

    @property
    def width(self) -> int:
        """How many candidates to make, so that some are left when unwanted ones are put aside."""
        return self.count + (4 if self.banned or self.strict else 0)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a part, best first: target pieces, attention (target × source), score.

    ``attention`` is empty when the engine has none.
    """

    pieces: Sequence[Sequence[str]]
    attention: Sequence[Sequence[Sequence[float]]]
    scores: Sequence[float]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch (``span``) of a request's ``text`` as pieces; ``places`` lie in the whole text."""

    request: int
    span: Span
    text: str
    pieces: tuple[str, ...]
    places: tuple[Span | None, ...]
    prefix: str
    prefix_pieces: tuple[str, ...]
    wishes: Wishes
    attempts: int = 0
    earlier: tuple[Candidate, ...] = ()
    """What an ordinary search made before a strict one was asked for."""
    copied: bool = False
    """It stays as it is: an address, figures, a name in Latin letters."""

    @property
    def bound(self) -> int:
        """How many pieces the target may have.

        Rounded up, and only parts of one bound share a batch: what a part becomes must not
        depend on its neighbours.
        """
        length = len(self.pieces) + len(self.prefix_pieces)
        return 2 * _STEP * -(-length // _STEP) + 20


def batches(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """Group parts of like wishes and length, short ones first, in batches of bounded size."""

    def likeness(part: Part) -> tuple[int, Wishes]:
        return part.bound, part.wishes

    for _, group in groupby(sorted(parts, key=likeness), key=likeness):
        batch: list[Part] = []
        for part in sorted(group, key=lambda part: len(part.pieces)):
            if batch and (len(batch) + 1) * len(part.pieces) > BATCH_PIECES:
                yield batch
                batch = []
            batch.append(part)
        yield batch


def copy(part: Part) -> Candidate:
    """Return a part that stays, but for blanks at the ends of the text and the sign behind it."""
    text = part.span.of(part.text)
    if part.span != Span(0, len(part.text)):
        text = _SIGN_BEHIND.sub(lambda sign: _FULL_WIDTH[sign[1]], text)
    if part.span.start == 0:
        text = text.lstrip()
    if part.span.end == len(part.text):
        text = text.rstrip()
    links = (Link(part.span, Span(0, len(text))),) if text else ()
    return Candidate(text, alignment=links)


def candidates(tokeniser: Tokeniser, part: Part, result: Result) -> list[Candidate]:
    """Turn the result of a part into candidates."""
    attention = result.attention or [[]] * len(result.pieces)
    return [
        _candidate(tokeniser, part, pieces, rows, score)
        for pieces, rows, score in zip(result.pieces, attention, result.scores, strict=True)
    ]


def sound_first(made: Sequence[Candidate], part: Part) -> list[Candidate]:
    """Return candidates in their order, those that are broken behind the others.

    After a strict search that mended nothing the ordinary one's come first.
    """
    source = part.span.of(part.text)
    sound = [one for one in made if not broken(one.text, source)]
    return [*sound, *part.earlier, *(one for one in made if one not in sound)]


def stricter(part: Part, made: Sequence[Candidate]) -> Part | None:
    """Return the part to be searched once more, strictly, when no candidate is sound."""
    source = part.span.of(part.text)
    if part.wishes.strict or not all(broken(one.text, source) for one in made):
        return None
    return replace(part, wishes=replace(part.wishes, strict=True), earlier=tuple(made))


def again(tokeniser: Tokeniser, part: Part, result: Result, avoid: Sequence[str]) -> Part | None:
    """Return the part to be tried once more, when each candidate holds an unwanted string.

    The pieces that spelt it are banned then: they may be others than the tokeniser would choose.
    """
    if part.attempts == _ATTEMPTS or not avoid:
        return None
    banned = []
    for pieces in result.pieces:
        spelt = _spelling(tokeniser.join(pieces), avoid)
        if not spelt:
            return None
        banned.append(spelt)
    wishes = replace(part.wishes, banned=tuple(dict.fromkeys((*part.wishes.banned, *banned))))
    return replace(part, wishes=wishes, attempts=part.attempts + 1)


def _spelling(joined: Pieces, avoid: Sequence[str]) -> tuple[str, ...]:
    """Return the pieces that spell the first unwanted string, or nothing."""
    for text in avoid:
        at = joined.text.find(text)
        if at >= 0:
            place = Span(at, at + len(text))
            pairs = zip(joined.pieces, joined.spans, strict=True)
            return tuple(piece for piece, span in pairs if span.overlaps(place))
    return ()


def _candidate(
    tokeniser: Tokeniser,
    part: Part,
    pieces: Sequence[str],
    attention: Sequence[Sequence[float]],
    score: float,
) -> Candidate:
    joined = _begin_with(part, _trim(tokeniser.join(pieces)))
    return Candidate(joined.text, score=score, alignment=_links(part, joined, attention))


def _trim(joined: Pieces) -> Pieces:
    """Take white space off both ends."""
    text = joined.text.strip()
    lead = len(joined.text) - len(joined.text.lstrip())

    def moved(offset: int) -> int:
        return min(max(offset - lead, 0), len(text))

    spans = tuple(Span(moved(span.start), moved(span.end)) for span in joined.spans)
    return Pieces(text, joined.pieces, spans)


def _begin_with(part: Part, joined: Pieces) -> Pieces:
    """Put the wanted beginning as it was written; a tokeniser may have normalised it."""
    if joined.text.startswith(part.prefix):
        return joined
    forced = joined.spans[: len(part.prefix_pieces)]
    old = max((span.end for span in forced), default=0)
    new = len(part.prefix)

    def moved(offset: int) -> int:
        return offset - old + new if offset >= old else min(offset, new)

    spans = tuple(Span(moved(span.start), moved(span.end)) for span in joined.spans)
    return Pieces(part.prefix + joined.text[old:], joined.pieces, spans)


def _links(part: Part, joined: Pieces, attention: Sequence[Sequence[float]]) -> tuple[Link, ...]:
    """Link each target piece with the source piece it attends to more than the others do.

    Full stops and other pieces that everything attends to would draw most links: each source
    piece's weights are measured against their mean. The link keeps the weight itself.
    """
    usable = [index for index, place in enumerate(part.places) if place is not None]
    if not usable or not len(attention):
        return ()
    weights = np.asarray(attention, dtype=np.float32)[:, usable]
    chosen = (weights / (weights.mean(axis=0) + _COMMON)).argmax(axis=1)
    links = []
    for target, row, best in zip(joined.spans, weights, chosen, strict=False):
        source = part.places[usable[best]]
        if target.start < target.end and source is not None:
            links.append(Link(source, target, float(row[best])))
    return tuple(links)


class Answers:
    """Collects the parts of each request until it is whole."""

    def __init__(self, engine: str) -> None:
        """Take the engine's name, which is written into the candidates."""
        self._engine = engine
        self._requests: dict[int, Request] = {}
        self._parts: dict[int, list[Part]] = {}
        self._done: dict[int, dict[int, list[Candidate]]] = {}

    def expect(self, index: int, request: Request, parts: list[Part]) -> None:
        """Note which parts make up request *index*."""
        self._requests[index] = request
        self._parts[index] = parts
        self._done[index] = {}

    def add(self, part: Part, candidates: list[Candidate]) -> tuple[Candidate, ...] | None:
        """Take the candidates of a part; return those of the request once it is whole."""
        done = self._done[part.request]
        done[part.span.start] = candidates
        parts = self._parts[part.request]
        if len(done) < len(parts):
            return None
        request = self._requests[part.request]
        whole = [replace(one, engine=self._engine) for one in _join(parts, done)]
        clean = [one for one in whole if not any(text in one.text for text in request.avoid)]
        # When every candidate holds an unwanted string the best is still an answer, and the
        # checks say what is wrong with it.
        return tuple((clean or whole)[: max(1, request.count)])


def _join(parts: list[Part], done: dict[int, list[Candidate]]) -> list[Candidate]:
    """Join the n-th best of each part to the n-th best of the whole."""
    joined = done[parts[0].span.start]
    for before, part in pairwise(parts):
        more = done[part.span.start]
        count = max(len(joined), len(more))
        joined = [
            _concatenate(joined[min(n, len(joined) - 1)], more[min(n, len(more) - 1)], before)
            for n in range(count)
        ]
    return joined


def _concatenate(one: Candidate, other: Candidate, before: Part) -> Candidate:
    """Join two neighbours; a full stop that only the cut has made becomes a comma."""
    text = one.text
    if text.endswith("。") and before.span.of(before.text).rstrip().endswith(_GOES_ON):
        text = text[:-1] + "，"
    shift = len(text)
    moved = tuple(
        replace(link, target=Span(link.target.start + shift, link.target.end + shift))
        for link in other.alignment
    )
    return replace(
        one,
        text=text + other.text,
        score=one.score + other.score,
        alignment=one.alignment + moved,
    )
