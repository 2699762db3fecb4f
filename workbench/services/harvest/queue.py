"""Harvesting bulletins into a review queue, and judging what waits there.

Nothing enters the glossary or the memory by itself. An accepted name becomes an entry, an accepted
title a unit of the memory with an origin of its own; what was refused is never asked about again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbench.domain.harvest import (
    CANDIDATE_KINDS,
    CANDIDATE_STATES,
    CandidateState,
    HarvestCandidate,
)
from workbench.domain.memory import Unit
from workbench.domain.term import TERM_TYPES, Term, TermStatus
from workbench.errors import Conflict, InputError, TooLarge
from workbench.formats.bulletin_text import read_bulletin
from workbench.languages.transcription import transcribe
from workbench.services.harvest.flags import FAMILY_FIRST
from workbench.services.harvest.names import DOTS, Names, Transcribe, name_words
from workbench.services.harvest.pairs import Finder, Pair
from workbench.services.term_entries import LIVE_STATES, validated, with_forms
from workbench.services.terminology import Terminology
from workbench.storage.candidates import Candidates, candidate_key
from workbench.storage.units import Units

if TYPE_CHECKING:
    from sqlalchemy import Connection

MOST_BYTES = 20 * 2**20
MOST_CHARACTERS = 2_000_000
TITLE = "title"
_REASON = "accepted from the harvest"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A candidate with what a person needs to judge it.

    ``rivals`` are live entries of the same Russian with other Chinese: accepting the candidate as
    it is would contradict them and is refused. ``offered`` is how the pair would be entered best:
    given name first.
    """

    candidate: HarvestCandidate
    rivals: tuple[Term, ...] = ()
    offered: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class HarvestReport:
    """What harvesting a document did.

    ``found`` are all pairs of the document; ``new`` of them were queued, ``conflicting`` among
    these contradict a live entry. ``known`` say what glossary or memory have already, ``waiting``
    were in the queue before, ``refused`` were refused once and stay so.
    """

    document: str
    found: tuple[Pair, ...]
    new: tuple[HarvestCandidate, ...]
    conflicting: tuple[Waiting, ...]
    known: int
    waiting: int
    refused: int


@dataclass(frozen=True, slots=True)
class Change:
    """What a person corrects while accepting; an empty field keeps the candidate's own."""

    source: str = ""
    target: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What accepting made: entries and units, with the candidates they came from."""

    candidates: tuple[HarvestCandidate, ...]
    terms: tuple[Term, ...]
    units: tuple[Unit, ...]


class Harvest:
    """Reads bulletins and keeps the queue. A judgement takes effect wholly or not at all."""

    def __init__(
        self,
        candidates: Candidates,
        terminology: Terminology,
        units: Units,
        transcribe: Transcribe = transcribe,
    ) -> None:
        """Work on the queue, the glossary and the memory."""
        self.candidates = candidates
        self.terminology = terminology
        self.terms = terminology.terms
        self.units = units
        self._names = Names(transcribe)
        self._finder = Finder(transcribe, self._entries_in)

    # -- finding ------------------------------------------------------------------------

    def read(self, data: bytes, name: str) -> tuple[Pair, ...]:
        """Return the pairs of a .txt, .docx or .pdf bulletin; nothing is stored.

        Raises InputError, TooLarge.
        """
        if len(data) > MOST_BYTES:
            raise TooLarge("intake.too_many_bytes", name=name, limit=MOST_BYTES // 2**20)
        text = read_bulletin(data, name)
        if len(text.text) > MOST_CHARACTERS:
            raise TooLarge("intake.too_many_characters", limit=MOST_CHARACTERS)
        return self._finder.pairs(text)

    def harvest(self, data: bytes, name: str, author: str) -> HarvestReport:
        """Queue the pairs of a bulletin that are not known yet. Raises InputError, TooLarge."""
        found = self.read(data, name)
        before = self.candidates.known([(pair.ru, pair.zh) for pair in found])
        fresh = [pair for pair in found if candidate_key(pair.ru, pair.zh) not in before]
        known = self._known(fresh)
        wanted = [_candidate(pair, name) for pair in fresh if (pair.ru, pair.zh) not in known]
        new, others = self.candidates.add(wanted, author)
        states = [old.state for old in (*before.values(), *others)]
        listed = self._listed(new)
        return HarvestReport(
            document=name,
            found=found,
            new=new,
            conflicting=tuple(waiting for waiting in listed if waiting.rivals),
            known=len(known) + states.count("accepted"),
            waiting=states.count("waiting"),
            refused=states.count("refused"),
        )

    # -- the queue ----------------------------------------------------------------------

    def waiting(
        self,
        kind: str = "",
        query: str = "",
        limit: int | None = 50,
        offset: int = 0,
        state: str = "waiting",
    ) -> tuple[Waiting, ...]:
        """Return candidates in the order they were found.

        *kind* is ``term``, ``title`` or an entry's type; *query* a part of either side or of the
        document's name. Raises InputError for an unknown kind or state.
        """
        self._check(kind, state)
        return self._listed(self.candidates.list(state, kind, query, limit, offset))

    def count(self, kind: str = "", query: str = "", state: str = "waiting") -> int:
        """Return how many candidates ``waiting`` would give without a limit."""
        self._check(kind, state)
        return self.candidates.count(state, kind, query)

    def accept(
        self,
        ids: Sequence[int],
        author: str,
        status: TermStatus = "proposed",
        changes: Mapping[int, Change] | None = None,
    ) -> Accepted:
        """Take candidates into the glossary (names) and the memory (titles), all or none.

        Raises NotFound, Conflict (judged already, or an entry says otherwise), InputError.
        """
        if status not in LIVE_STATES:
            raise InputError("terms.unknown_status", status=status, known=", ".join(LIVE_STATES))
        chosen = [
            _changed(candidate, (changes or {}).get(candidate.id, Change()))
            for candidate in self.candidates.by_ids(ids)
        ]
        names = [candidate for candidate in chosen if candidate.type != TITLE]
        titles = [candidate for candidate in chosen if candidate.type == TITLE]
        entries, same = self._prepared(names, status)
        for title in titles:
            _check_title(title)
        present = self._units_of(titles)
        became: dict[int, dict[str, int]] = {
            number: {"term_id": entry.id} for number, entry in same.items()
        }
        with self.candidates.database.begin() as connection:
            self.candidates.decide(connection, ids, "accepted", author)
            stored = self.terms.insert(connection, list(entries.values()), author, _REASON)
            if stored:
                self.terms.touch(connection)
            for number, entry in zip(entries, stored, strict=True):
                became[number] = {"term_id": entry.id}
            raised = self._raised(connection, same.values(), status, author)
            units = []
            for title in titles:
                unit = present.get(title.id) or self.units.put(_unit(title, author), connection)
                became[title.id] = {"unit_id": unit.id}
                units.append(unit)
            self.candidates.note(connection, became)
        done = self.candidates.by_ids(ids)
        return Accepted(done, (*stored, *raised), tuple(units))

    def refuse(
        self, ids: Sequence[int], author: str, reason: str = ""
    ) -> tuple[HarvestCandidate, ...]:
        """Refuse candidates for good, all or none. Raises NotFound, Conflict (judged already)."""
        return self._decide(ids, "refused", author, reason)

    def reopen(self, ids: Sequence[int], author: str) -> tuple[HarvestCandidate, ...]:
        """Put refused candidates back into the queue, all or none. Raises NotFound, Conflict."""
        return self._decide(ids, "waiting", author, "")

    # -- inside -------------------------------------------------------------------------

    def _raised(
        self, connection: Connection, entries: Iterable[Term], status: TermStatus, author: str
    ) -> tuple[Term, ...]:
        """Return entries that were there before; a proposed one accepted as approved becomes so."""
        held = tuple({entry.id: entry for entry in entries}.values())
        if status != "approved":
            return held
        changes = [(replace(e, status=status), e.revision) for e in held if e.status == "proposed"]
        now_approved = self.terms.update_all(changes, author, _REASON, connection)
        changed = {entry.id: entry for entry in now_approved}
        return tuple(changed.get(entry.id, entry) for entry in held)

    def _decide(
        self, ids: Sequence[int], state: CandidateState, author: str, reason: str
    ) -> tuple[HarvestCandidate, ...]:
        with self.candidates.database.begin() as connection:
            self.candidates.decide(connection, ids, state, author, reason.strip())
        return self.candidates.by_ids(ids)

    def _entries_in(self, russian: str) -> Iterable[tuple[str, tuple[str, ...]]]:
        """Return the glossary's entries in a Russian name, with their Chinese forms."""
        hits = [hit for hit in self.terminology.find(russian) if hit.how != "lemma"]
        return [(hit.span.of(russian), hit.term.accepted) for hit in hits]

    def _live(self, sources: Sequence[str]) -> dict[str, list[Term]]:
        found: dict[str, list[Term]] = {source: [] for source in sources}
        for entry in self.terms.of_sources(list(found)):
            if entry.status in LIVE_STATES:
                found[entry.source].append(entry)
        return found

    def _known(self, pairs: Sequence[Pair]) -> set[tuple[str, str]]:
        """Return the pairs that the glossary or the memory hold already."""
        live = self._live([pair.ru for pair in pairs if pair.type != TITLE])
        known = set()
        for pair in pairs:
            if pair.type == TITLE:
                same = any(unit.target == pair.zh for unit in self.units.same(pair.ru))
            else:
                same = any(pair.zh in entry.accepted for entry in live[pair.ru])
            if same:
                known.add((pair.ru, pair.zh))
        return known

    def _listed(self, found: Sequence[HarvestCandidate]) -> tuple[Waiting, ...]:
        live = self._live([candidate.source for candidate in found if candidate.type != TITLE])
        return tuple(
            Waiting(
                candidate,
                tuple(
                    entry
                    for entry in live.get(candidate.source, ())
                    if candidate.target not in entry.accepted
                ),
                self._offered(candidate),
            )
            for candidate in found
        )

    def _offered(self, candidate: HarvestCandidate) -> tuple[str, str]:
        """Return the pair as an entry would best have it: the given name first on both sides."""
        own = (candidate.source, candidate.target)
        words = name_words(candidate.source)
        parts = re.split(f"[{DOTS}]", candidate.target)
        if FAMILY_FIRST not in candidate.flags or len(words) != 2 or len(parts) != 2:
            return own
        family, given = words
        first, second = (self._names.likeness(part, family) for part in parts)
        chinese = "·".join(reversed(parts)) if first > second else candidate.target
        return f"{given} {family}", chinese

    def _prepared(
        self, names: Sequence[HarvestCandidate], status: TermStatus
    ) -> tuple[dict[int, Term], dict[int, Term]]:
        """Return (new entries with their forms, entries that say the same already) by candidate."""
        wanted = {candidate.id: validated(_term(candidate, status)) for candidate in names}
        live = self._live([entry.source for entry in wanted.values()])
        fresh: dict[int, Term] = {}
        same: dict[int, Term] = {}
        for number, entry in wanted.items():
            held = [old for old in live[entry.source] if entry.target in old.accepted]
            if held:
                same[number] = held[0]
                continue
            fresh[number] = entry
            for rival in live[entry.source]:
                if rival.status == "approved":
                    raise Conflict(
                        "harvest.contradicts",
                        source=rival.source,
                        target=rival.target,
                        id=rival.id,
                        other=entry.target,
                    )
        self.terminology.refuse_rivals(list(fresh.values()))
        return {number: with_forms(entry) for number, entry in fresh.items()}, same

    def _units_of(self, titles: Sequence[HarvestCandidate]) -> dict[int, Unit]:
        """Return the units that say the same as a title already, by candidate."""
        return {
            title.id: unit
            for title in titles
            for unit in self.units.same(title.source)
            if unit.target == title.target
        }

    def _check(self, kind: str, state: str) -> None:
        kinds = tuple(dict.fromkeys((*CANDIDATE_KINDS, *TERM_TYPES)))
        if kind and kind not in kinds:
            raise InputError("terms.unknown_type", type=kind, known=", ".join(kinds))
        if state and state not in CANDIDATE_STATES:
            known = ", ".join(CANDIDATE_STATES)
            raise InputError("terms.unknown_status", status=state, known=known)


def _candidate(pair: Pair, document: str) -> HarvestCandidate:
    return HarvestCandidate(
        kind="title" if pair.type == TITLE else "term",
        source=pair.ru,
        target=pair.zh,
        type=pair.type,
        document=document,
        start=pair.span.start,
        end=pair.span.end,
        pattern=pair.pattern,
        evidence=pair.evidence,
        url=pair.url,
        score=pair.score,
        flags=pair.flags,
    )


def _changed(candidate: HarvestCandidate, change: Change) -> HarvestCandidate:
    kind = change.type or candidate.type
    if kind not in (*TERM_TYPES, TITLE):
        raise InputError("terms.unknown_type", type=kind, known=", ".join((*TERM_TYPES, TITLE)))
    return replace(
        candidate,
        source=change.source.strip() or candidate.source,
        target=change.target.strip() or candidate.target,
        type=kind,
    )


def _check_title(title: HarvestCandidate) -> None:
    if not title.source.strip() or not title.target.strip():
        raise InputError("terms.empty_side")


def _term(candidate: HarvestCandidate, status: TermStatus) -> Term:
    return Term(
        candidate.source,
        candidate.target,
        candidate.type,  # type: ignore[arg-type]  # a title goes to the memory
        status,
        provenance=f"harvest: {candidate.document}",
    )


def _unit(title: HarvestCandidate, author: str) -> Unit:
    return Unit(
        title.source,
        title.target,
        article=title.document,
        author=author,
        origin="harvested",
        note=title.url,
    )
