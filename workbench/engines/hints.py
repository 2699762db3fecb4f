"""Terms written into the source: ``<t0>Токаевым<t1>托卡耶夫<t2>``, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.domain.language import Span
from workbench.domain.ports import TermHint


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of annotated text: a copy of the plain text, or a term that stands for a place."""

    annotated: Span
    plain: Span
    copied: bool


@dataclass(frozen=True, slots=True)
class Annotated:
    """A text with tags; ``runs`` leave out the tags themselves."""

    text: str
    runs: tuple[Run, ...]

    def plain(self, span: Span) -> Span | None:
        """Return the place in the plain text for one in the annotated text; None for a tag."""
        for run in self.runs:
            if not span.overlaps(run.annotated):
                continue
            if not run.copied:
                return run.plain
            start = max(span.start, run.annotated.start)
            end = min(span.end, run.annotated.end)
            shift = run.plain.start - run.annotated.start
            return Span(start + shift, end + shift)
        return None


def annotate(text: str, hints: Sequence[TermHint], tags: Sequence[str]) -> Annotated:
    """Put each hint's target beside its place; of overlapping hints the first and longest counts.

    Tags that the author's text already holds are made harmless without moving a character.
    """
    if not tags:
        return Annotated(text, (Run(Span(0, len(text)), Span(0, len(text)), copied=True),))
    for tag in tags:
        text = text.replace(tag, f"‹{tag[1:-1]}›")
    opening, middle, closing = tags
    out: list[str] = []
    runs: list[Run] = []
    length = 0

    def put(piece: str, plain: Span | None, copied: bool = True) -> None:
        nonlocal length
        if plain is not None and piece:
            runs.append(Run(Span(length, length + len(piece)), plain, copied))
        out.append(piece)
        length += len(piece)

    at = 0
    for hint in sorted(hints, key=lambda hint: (hint.span.start, -hint.span.end)):
        span = hint.span
        if span.start < at or span.end > len(text) or span.start >= span.end or not hint.target:
            continue
        put(text[at : span.start], Span(at, span.start))
        put(opening, None)
        put(span.of(text), span)
        put(middle, None)
        put(hint.target, span, copied=False)
        put(closing, None)
        at = span.end
    put(text[at:], Span(at, len(text)))
    return Annotated("".join(out), tuple(runs))
