"""The glossary as it is now, ready for look-up: follows every save, in whatever process."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from threading import Lock

import numpy as np

from workbench.domain.term import Hit
from workbench.formats.dates import iso_date
from workbench.services.term_entries import LIVE_STATES
from workbench.services.term_matching import Matcher
from workbench.services.term_placement import SHIELD_TYPES, Shields
from workbench.storage.term_shelf import Shelf, marked, marks
from workbench.storage.terms import Terms

# With more changes than these, everything is read anew.
_MOST_CHANGES = 2_000


@dataclass(frozen=True, slots=True)
class Glossary:
    """One version of the glossary, made ready for look-up."""

    version: str
    matcher: Matcher
    shields: Shields

    def find(self, text: str, date: str = "") -> tuple[Hit, ...]:
        """Return the terms in a Russian *text* that hold on *date*, as an article writes it.

        A date that cannot be read rules nothing out.
        """
        return self.matcher.find(text, iso_date(date))


@dataclass(frozen=True, slots=True)
class _Foundation:
    """The entries as they were last read in full."""

    shelf: Shelf
    matcher: Matcher
    shields: Shields


class LiveGlossary:
    """Reads the glossary once, then only what has changed since. Safe to share between threads."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._lock = Lock()
        self._glossary: Glossary | None = None
        self._foundation: _Foundation | None = None

    def now(self) -> Glossary:
        """Return the glossary with everything that was saved before this call."""
        version = self._terms.version()  # before the entries: a save meanwhile is seen next time
        glossary = self._glossary
        if glossary is not None and glossary.version == version:
            return glossary
        with self._lock:
            if self._glossary is None or self._glossary.version != version:
                self._glossary = self._changed(version) or self._read(version)
            return self._glossary

    def _read(self, version: str) -> Glossary:
        shelf = Shelf(self._terms.database, self._terms.pair, LIVE_STATES)
        matcher = Matcher(shelf)
        shields = Shields(shelf.of_types(*SHIELD_TYPES))
        self._foundation = _Foundation(shelf, matcher, shields)
        return Glossary(version, matcher, shields)

    def _changed(self, version: str) -> Glossary | None:
        """Return the glossary with its changes laid over what was read; None for too many."""
        old = self._foundation
        if old is None:
            return None
        known = old.shelf.marks
        present = marks(self._terms.database, self._terms.pair, LIVE_STATES)
        fresh = marked(np.setdiff1d(present, known))
        replaced = fresh | marked(np.setdiff1d(known, present))
        if len(replaced) > _MOST_CHANGES:
            return None
        changed = Shelf(self._terms.database, self._terms.pair, LIVE_STATES, fresh)
        matcher = old.matcher.updated(changed, replaced)
        touched = old.shelf.types_among(replaced) | changed.types_among(replaced)
        if touched.isdisjoint(SHIELD_TYPES):
            return Glossary(version, matcher, old.shields)
        kept = (t for t in old.shelf.of_types(*SHIELD_TYPES) if t.id not in replaced)
        return Glossary(version, matcher, Shields(chain(kept, changed.of_types(*SHIELD_TYPES))))
