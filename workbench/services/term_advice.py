"""What somebody who adds an entry should hear, though the entry can be stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from workbench.domain.term import Term
from workbench.languages.homoglyphs import mended
from workbench.languages.morphology import is_common, is_known
from workbench.languages.traditional import simplified
from workbench.messages import say

Field = Literal["source", "target", "variants"]
_NAMES = ("person", "place", "org", "media")


@dataclass(frozen=True, slots=True)
class Advice:
    """A remark about one field: its text, and what would stand there instead.

    ``mended`` says that the suggestion is applied on saving; otherwise it is only offered.
    """

    key: str
    field: Field
    text: str
    suggestion: str
    mended: bool = False

    def say(self, language: str = "en") -> str:
        """Return the remark and the suggestion in *language*."""
        return " ".join(say(self.key, language, text=self.text, suggestion=self.suggestion))


def advice(term: Term) -> tuple[Advice, ...]:
    """Return remarks about an entry as somebody wrote it."""
    return tuple(_advice(term))


def _advice(term: Term) -> Iterator[Advice]:
    source = mended(term.source)
    if source != term.source:
        yield Advice("terms.homoglyphs", "source", term.source, source, mended=True)
    if (plain := simplified(term.target)) != term.target:
        yield Advice("terms.traditional", "target", term.target, plain)
    for variant in term.variants:
        if (plain := simplified(variant)) != variant:
            yield Advice("terms.traditional", "variants", variant, plain)
    if is_common_name(replace(term, source=source)):
        yield Advice("terms.common_word", "source", source, f"«{source}»")


def in_simplified(term: Term) -> Term:
    """Return the entry with the Chinese sides in Simplified characters."""
    return replace(
        term,
        target=simplified(term.target),
        variants=tuple(map(simplified, term.variants)),
    )


def is_common_name(term: Term) -> bool:
    """Tell whether an entry is a one-word name that is an ordinary word, without its quotes."""
    name = term.source
    if " " in name or term.needs_quotes or term.type not in _NAMES:
        return False
    capital = name[:1].isupper() and not name.isupper()
    return capital and is_known(name) and is_common(name)
