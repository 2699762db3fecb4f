"""Finding entries: by either side, by any form, by the sound of the Chinese."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from workbench.domain.term import Term
from workbench.languages.pinyin import Sounds, is_typed
from workbench.storage.terms import Terms

_MOST = 5_000  # entries of one sound; more are no help to anybody


@dataclass(frozen=True, slots=True)
class Found:
    """A page of entries, and how many there are in all."""

    terms: tuple[Term, ...]
    total: int


class _SoundIndex:
    """The Chinese forms of one glossary version in one string, each on its line."""

    def __init__(self, sides: Sequence[tuple[int, str, str, Sequence[str]]]) -> None:
        self._ids: list[int] = []
        self._starts: list[int] = []
        forms = [(number, form) for number, _, target, vs in sides for form in (target, *vs)]
        place = 0
        for number, form in forms:
            self._ids.append(number)
            self._starts.append(place)
            place += len(form) + 1
        self._text = "\n".join(form for _, form in forms)
        self._sounds = Sounds([self._text.replace("\n", "")])

    def find(self, query: str) -> list[int]:
        """Return the entries that sound like the query."""
        pattern = self._sounds.pattern(query)
        if pattern is None:
            return []
        if len(query.strip()) == 1:  # a single letter: forms that begin with it
            pattern = re.compile(f"^(?:{pattern.pattern})", re.MULTILINE)
        found: dict[int, None] = {}
        for match in pattern.finditer(self._text):
            found[self._ids[bisect_right(self._starts, match.start()) - 1]] = None
            if len(found) >= _MOST:
                break
        return list(found)


class TermSearch:
    """Searches the glossary; the index of sounds follows its versions."""

    def __init__(self, terms: Terms) -> None:
        """Search in *terms*."""
        self.terms = terms
        self._lock = Lock()
        self._index: tuple[str, _SoundIndex] | None = None

    def search(
        self,
        query: str = "",
        type: str | None = None,  # noqa: A002 - the word of the trade
        status: str | None = None,
        limit: int | None = None,
        offset: int = 0,
        deleted: bool = False,
    ) -> Found:
        """Return entries by a part of either side, of any Russian form, of the note, or by pinyin.

        Pinyin is full (tuokayefu) or initials (tkyf). *deleted* searches the deleted entries.
        """
        sounding = self._sounding(query) if query.strip() and not deleted else []
        found = self.terms.list(query, type, status, limit, offset, sounding, deleted)
        if (limit is None or len(found) < limit) and (found or not offset):
            return Found(found, offset + len(found))
        return Found(found, self.terms.count(query, type, status, sounding, deleted))

    def _sounding(self, query: str) -> list[int]:
        if not is_typed(query):
            return []
        version = self.terms.version()
        with self._lock:
            if self._index is None or self._index[0] != version:
                self._index = (version, _SoundIndex(self.terms.sides()))
            index = self._index[1]
        return index.find(query)
