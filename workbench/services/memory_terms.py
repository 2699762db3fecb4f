"""Forms in a translation that the glossary does not want any more, and the right ones put in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock

import marisa_trie

from workbench.domain.language import Span
from workbench.domain.memory import Outdated
from workbench.domain.term import Hit
from workbench.services.live_glossary import Glossary
from workbench.services.term_matching import Matcher
from workbench.services.terminology import Terminology
from workbench.storage.term_formers import RETIRED, former_targets, unwanted_forms


class MemoryTerms:
    """Finds forbidden and former forms of living entries, and forms of entries that were retired.

    The terminology is opened at the first question only. Safe to share between threads.
    """

    def __init__(self, terminology: Callable[[], Terminology]) -> None:
        """Ask the terminology that *terminology* opens."""
        self._open = terminology
        self._lock = Lock()
        self._unwanted = _Unwanted()

    def hits(self, source: str, date: str = "") -> tuple[Hit, ...]:
        """Return the mentions of the glossary's entries in a source."""
        return self._open().find(source, date)

    def ready(self) -> Judge:
        """Return what judges translations by the present glossary, for looking at several."""
        terminology = self._open()
        glossary = terminology.ready()
        unwanted = self._unwanted
        if unwanted.version != glossary.version:
            with self._lock:
                unwanted = self._unwanted = _read(terminology, glossary.version)
        return Judge(glossary, unwanted)

    def outdated(self, source: str, target: str, date: str = "") -> tuple[Outdated, ...]:
        """Return the outdated forms in *target*, in order; *date* is the article's."""
        return self.ready().outdated(source, target, date)


@dataclass(frozen=True, slots=True)
class _Unwanted:
    """What a version of the glossary does not want: former forms by entry, retired entries.

    ``forms`` holds every form that may be outdated somewhere: most translations have none.
    """

    version: str = ""
    former: Mapping[int, Sequence[str]] = field(default_factory=dict)
    retired: Matcher | None = None
    forms: marisa_trie.Trie = field(default_factory=marisa_trie.Trie)


def _read(terminology: Terminology, version: str) -> _Unwanted:
    terms = terminology.terms
    former = former_targets(terms.database, terms.pair)
    retired = [replace(term, status="approved") for term in terms.with_status(*RETIRED)]
    forms = {form for old in former.values() for form in old}
    forms |= unwanted_forms(terms.database, terms.pair)
    return _Unwanted(
        version,
        former,
        Matcher(retired) if retired else None,
        marisa_trie.Trie(form for form in forms if form),
    )


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges translations by one state of the glossary."""

    glossary: Glossary
    unwanted: _Unwanted

    def outdated(self, source: str, target: str, date: str = "") -> tuple[Outdated, ...]:
        """Return the outdated forms in *target*, in order; *date* is the article's.

        As with the check of forbidden forms the longest form at a place decides, and a form inside
        a longer name of the glossary is none.
        """
        forms = self.unwanted.forms
        if not any(forms.prefixes(target[start:]) for start in range(len(target))):
            return ()
        hits = [hit for hit in self.glossary.find(source, date) if hit.state != "suggested"]
        matcher = self.unwanted.retired
        retired = matcher.find(source, "") if matcher else ()
        wrong = self._wrong(hits, retired, self.unwanted.former, target)
        if not wrong:
            return ()
        known = {*wrong, *(form for hit in hits for form in hit.term.accepted if form)}
        longest_first = sorted(known, key=len, reverse=True)
        hidden = self.glossary.shields.spans(target)
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
