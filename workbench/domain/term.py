"""Glossary entries, where they occur in a source, and what became of them in the target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workbench.domain.language import Span

TermType = Literal["person", "place", "org", "media", "event", "document", "term"]
TermStatus = Literal["proposed", "approved", "deprecated", "forbidden"]
TERM_TYPES: tuple[TermType, ...] = (
    "person",
    "place",
    "org",
    "media",
    "event",
    "document",
    "term",
)
TERM_STATUSES: tuple[TermStatus, ...] = ("proposed", "approved", "deprecated", "forbidden")

# In an entry's context: its form is as often something else, and is only shown for doubtful.
UNCERTAIN = "?"
# There too: it is of sport or the arts: «теннисист Рублёв» is no namesake, «Аякс» is a club.
SPORT = "+спорт"
FIELDS = (SPORT, "+искусство")

FormHow = Literal["generated", "added", "struck"]
HitHow = Literal["exact", "form", "acronym", "lemma"]
HitState = Literal["found", "ambiguous", "suggested"]
ReceiptState = Literal["honoured", "missing", "overridden", "ambiguous", "rejected"]
Choice = Literal["", "accepted", "rejected"]
Method = Literal["model", "nbest", "redecoded", "substituted", "forced", "human", "memory", ""]


@dataclass(frozen=True, slots=True)
class Form:
    """One surface form of a term: ``Токаеву``, dative. A struck form is never matched."""

    text: str
    case: str = ""
    how: FormHow = "generated"


@dataclass(frozen=True, slots=True)
class Term:
    """A glossary entry.

    ``variants`` are Chinese forms that also count as right (short forms); ``forbidden`` are
    Chinese forms known to be wrong. ``valid_from`` and ``valid_to`` are ISO dates or empty.
    ``needs_quotes`` marks titles that are common words («Известия»). ``context`` says what else
    the Russian form means: beginnings of words beside which it is this entry (``голод``) or
    something else (``-полос``); UNCERTAIN alone where nothing tells; one of FIELDS.
    """

    source: str
    target: str
    type: TermType = "term"
    status: TermStatus = "approved"
    variants: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    needs_quotes: bool = False
    context: tuple[str, ...] = ()
    valid_from: str = ""
    valid_to: str = ""
    note: str = ""
    provenance: str = ""
    forms: tuple[Form, ...] = ()
    id: int = 0
    revision: int = 0

    @property
    def accepted(self) -> tuple[str, ...]:
        """The Chinese forms that satisfy the entry, the approved one first."""
        return (self.target, *self.variants)


@dataclass(frozen=True, slots=True)
class Hit:
    """A term found in a source text. ``form`` is the text as it stands there."""

    term: Term
    span: Span
    form: str
    how: HitHow = "form"
    state: HitState = "found"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one hit in the target.

    ``method`` says who put the term there; ``target`` where it stands, if it does;
    ``reason`` why a missing term was overridden by a person; ``choice`` what a person decided
    about an ambiguous hit: once accepted it is ``found``.
    """

    hit: Hit
    state: ReceiptState
    method: Method = ""
    target: Span | None = None
    reason: str = ""
    choice: Choice = ""
