"""Forms in a translation that the glossary does not want any more, and the right ones put in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from threading import Lock

from workbench.domain.language import Span
from workbench.domain.memory import Outdated
from workbench.domain.term import Hit
from workbench.services.live_glossary import Glossary
from workbench.services.term_matching import Matcher
from workbench.services.terminology import Terminology
from workbench.storage.term_formers import former_targets

RETIRED = ("deprecated", "forbidden")


class MemoryTerms:
    """Finds forbidden and former forms of living entries, and forms of entries that were retired.

    The terminology is opened at the first question only. Safe to share between threads.
    """

    def __init__(self, terminology: Callable[[], Terminology]) -> None:
        """Ask the terminology that *terminology* opens."""
        self._open = terminology
        self._lock = Lock()
        self._retired: tuple[str, Matcher | None] = ("", None)
        self._former: tuple[str, Mapping[int, Sequence[str]]] = ("", {})

    def hits(self, source: str, date: str = "") -> tuple[Hit, ...]:
        """Return the mentions of the glossary's entries in a source."""
        return self._open().find(source, date)

    def outdated(self, source: str, target: str, date: str = "") -> tuple[Outdated, ...]:
        """Return the outdated forms in *target*, in order; *date* is the article's.

        As with the check of forbidden forms the longest form at a place decides, and a form inside
        a longer name of the glossary is none.
        """
        terminology = self._open()
        glossary = terminology.ready()
        hits = [hit for hit in glossary.find(source, date) if hit.state != "suggested"]
        retired = self._retired_hits(terminology, glossary, source)
        wrong = self._wrong(hits, retired, self._former_forms(terminology, glossary), target)
        if not wrong:
            return ()
        known = {*wrong, *(form for hit in hits for form in hit.term.accepted if form)}
        longest_first = sorted(known, key=len, reverse=True)
        hidden = glossary.shields.spans(target)
        found = []
        for match in re.finditer("|".join(map(re.escape, longest_first)), target):
            span = Span(*match.span())
            if match[0] in wrong and not any(_inside(span, other) for other in hidden):
                found.append(replace(wrong[match[0]], span=span))
        return tuple(found)

    @staticmethod
    def _wrong(
        hits: Sequence[Hit],
        retired: Sequence[Hit],
        former: Mapping[int, Sequence[str]],
        target: str,
    ) -> dict[str, Outdated]:
        """Return the unwanted forms, each with what should stand there."""
        nowhere = Span(0, 0)
        wrong = {
            form: Outdated(form, hit.term.target, hit.term.source, hit.term.id, nowhere)
            for hit in hits
            for form in (*hit.term.forbidden, *former.get(hit.term.id, ()))
        }
        for hit in retired:
            today = next((h.term for h in hits if h.span.overlaps(hit.span)), None)
            for form in hit.term.accepted:
                right = today.target if today else ""
                wrong.setdefault(form, Outdated(form, right, hit.term.source, hit.term.id, nowhere))
        accepted = {form for hit in hits for form in hit.term.accepted}
        return {f: its for f, its in wrong.items() if f and f not in accepted and f in target}

    def unwanted(self) -> frozenset[str]:
        """Return every form that may be outdated somewhere: a quick sieve for many translations."""
        terminology = self._open()
        found = {
            form
            for old in self._former_forms(terminology, terminology.ready()).values()
            for form in old
        }
        for term in terminology.terms.bare():
            found.update(term.accepted if term.status in RETIRED else term.forbidden)
        return frozenset(form for form in found if form)

    def _former_forms(
        self, terminology: Terminology, glossary: Glossary
    ) -> Mapping[int, Sequence[str]]:
        """Return the Chinese forms that entries had before, by entry."""
        version, former = self._former
        if version != glossary.version:
            terms = terminology.terms
            former = former_targets(terms.database, terms.pair)
            self._former = (glossary.version, former)
        return former

    def _retired_hits(
        self, terminology: Terminology, glossary: Glossary, source: str
    ) -> tuple[Hit, ...]:
        """Return the mentions of retired entries in a source."""
        version, matcher = self._retired
        if version != glossary.version:
            with self._lock:
                terms = terminology.terms.with_status(*RETIRED)
                matcher = Matcher([replace(t, status="approved") for t in terms]) if terms else None
                self._retired = (glossary.version, matcher)
        return matcher.find(source, "") if matcher else ()


def patched(target: str, outdated: Sequence[Outdated]) -> str:
    """Return *target* with the right forms put in; "" where the glossary has none of them."""
    text, position = "", 0
    for its in outdated:
        text += target[position : its.span.start] + (its.right or its.form)
        position = its.span.end
    text += target[position:]
    return "" if text == target else text


def _inside(span: Span, other: Span) -> bool:
    """Tell whether *span* is a proper part of *other*."""
    longer = other.end - other.start > span.end - span.start
    return longer and other.start <= span.start and span.end <= other.end
