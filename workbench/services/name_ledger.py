"""One person, one form: which Chinese forms stand for each name in one article or several.

A form that is neither the approved one nor, where nothing is approved, the one most used is an
inconsistency; one fix puts the right one in its place.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz

from workbench.domain.language import Span
from workbench.domain.row import Row, SegmentState
from workbench.domain.term import Hit, Term, TermType
from workbench.languages.fold import key
from workbench.services.name_desk import Proposer
from workbench.services.name_finding import FoundName, NameFinder
from workbench.services.renderings import likest, runs, surname_part
from workbench.services.term_placement import entity, placements
from workbench.services.term_rows import ACTION, TermRows
from workbench.storage.articles import RowChanged

_KINDS: tuple[TermType, ...] = ("person", "org")
_AGAIN = 75.0  # likeness (of 100) that a second form of one person in a row must have


@dataclass(frozen=True, slots=True)
class FormPlace:
    """Where a form stands; ``revision`` is the row's when it was looked at."""

    article_id: int
    segment_id: int
    n: int
    state: SegmentState
    revision: int
    span: Span


@dataclass(frozen=True, slots=True)
class LedgerForm:
    """A form in use; ``wanted`` is what should stand there (the form itself where it is right)."""

    zh: str
    wanted: str
    places: tuple[FormPlace, ...]

    @property
    def right(self) -> bool:
        """Whether it may stay."""
        return self.zh == self.wanted


@dataclass(frozen=True, slots=True)
class LedgerName:
    """A person or organisation with the forms that stand for it, the most used first.

    ``approved`` is the glossary's form, empty for a name that it does not know.
    """

    name: str
    type: TermType
    approved: str
    forms: tuple[LedgerForm, ...]
    mentions: int

    @property
    def consistent(self) -> bool:
        """Whether every form may stay."""
        return all(form.right for form in self.forms)


@dataclass(frozen=True, slots=True)
class Fixed:
    """What a fix did: rows changed, and the numbers of segments left alone and why."""

    rows: tuple[Row, ...]
    locked: tuple[int, ...]
    conflicts: tuple[int, ...]


@dataclass(slots=True)
class _Entry:
    """A name while its forms are collected."""

    name: str
    type: TermType
    target: str = ""
    accepted: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    likely: tuple[str, ...] = ()
    mentions: int = 0
    places: dict[str, list[FormPlace]] = field(default_factory=lambda: defaultdict(list))

    @property
    def surname(self) -> str:
        return key(self.name.rpartition(" ")[2]) if self.type == "person" else ""

    def take(self, other: _Entry) -> None:
        """Add what was collected for the same person's surname."""
        self.mentions += other.mentions
        for form, places in other.places.items():
            self.places[form] += places


@dataclass(frozen=True)
class NameLedger:
    """Reads the forms out of the rows, and mends them."""

    rows: TermRows
    transcriber: Proposer
    finder: NameFinder = field(default_factory=NameFinder)

    def of(self, article_ids: Iterable[int]) -> tuple[LedgerName, ...]:
        """Return the names of the articles, inconsistent ones first. Raises NotFound."""
        entries: dict[object, _Entry] = {}
        for article_id in dict.fromkeys(article_ids):
            self._read(article_id, entries)
        names = [_name(entry) for entry in _joined(list(entries.values())) if entry.places]
        return tuple(sorted(names, key=lambda name: (name.consistent, -name.mentions, name.name)))

    def fix(self, form: str, wanted: str, places: Sequence[FormPlace], author: str) -> Fixed:
        """Replace a form at the places where it was seen.

        A draft stays a draft; a text that a person wrote or confirmed becomes ``edited`` by
        *author*. Rows changed since they were looked at, and locked ones, stay as they are.
        """
        changed, locked, conflicts = [], [], []
        by_row: dict[int, list[FormPlace]] = defaultdict(list)
        for place in places:
            by_row[place.segment_id].append(place)
        for segment_id, spots in by_row.items():
            row = self.rows.articles.row(segment_id)
            if row.state == "locked":
                locked.append(row.segment.n)
                continue
            target = _replaced(row.target, form, wanted, [spot.span for spot in spots])
            if target is None or row.revision != spots[0].revision:
                conflicts.append(row.segment.n)
                continue
            try:
                changed.append(self._saved(row, target, author))
            except RowChanged:
                conflicts.append(row.segment.n)
        return Fixed(tuple(changed), tuple(locked), tuple(conflicts))

    def _saved(self, row: Row, target: str, author: str) -> Row:
        """Save the mended text. Raises RowChanged."""
        date = self.rows.articles.place(row.segment.id).metadata.date
        hits = self.rows.terminology.reread(row, date)
        mended = replace(row, target=target)
        if row.state != "drafted":
            mended = replace(mended, state="edited", origin="human", score=0)
        known = self.rows.verified(mended, hits, row.receipts)
        return self.rows.articles.save_row(known, row.revision, ACTION, author)

    # -- reading ------------------------------------------------------------------------

    def _read(self, article_id: int, entries: dict[object, _Entry]) -> None:
        """Collect the names and forms of one article."""
        article = self.rows.articles.get(article_id)
        find = self.rows.terminology.find
        hits = {s.id: find(s.source, article.metadata.date) for s in article.segments}
        owners: dict[int, list[_Entry]] = defaultdict(list)
        for segment in article.segments:
            for hit in hits[segment.id]:
                if hit.term.type in _KINDS and hit.how != "lemma":
                    entry = entries.setdefault(entity(hit), _of_term(hit.term))
                    entry.mentions += 1
                    owners[segment.id].append(entry)
        for found in self.finder.unknown(article.segments, lambda segment: hits[segment.id]):
            entry = entries.setdefault(("unknown", key(found.name)), self._stranger(found))
            entry.mentions += found.count
            for mention in found.mentions:
                owners[mention.segment_id].append(entry)
        for row in self.rows.articles.rows(article_id):
            if row.target:
                self._collect(article_id, row, hits[row.segment.id], owners[row.segment.id])

    def _stranger(self, found: FoundName) -> _Entry:
        """Return the entry of a name that the glossary does not know."""
        proposed = self.transcriber.propose(found.name, "person", found.gender)
        forms = [proposal.zh for proposal in proposed]
        likely = dict.fromkeys(form for zh in forms for form in (zh, surname_part(zh)))
        return _Entry(found.name, "person", likely=tuple(likely))

    def _collect(
        self, article_id: int, row: Row, hits: Sequence[Hit], owners: Sequence[_Entry]
    ) -> None:
        """Put every form in a row's target down to the name it stands for."""
        segment, text = row.segment, row.target
        taken: list[Span] = []

        def put(entry: _Entry, span: Span) -> None:
            place = FormPlace(article_id, segment.id, segment.n, row.state, row.revision, span)
            entry.places[span.of(text)].append(place)
            taken.append(span)

        standing = set()
        for found in placements(hits, text, self.rows.terminology.shields()):
            mine = [owner for owner in owners if found.form in owner.likely]
            exact = [owner for owner in mine if found.form in owner.accepted]
            if mine:
                put((exact or mine)[0], found.span)
                standing.add(id((exact or mine)[0]))
            else:
                taken.append(found.span)
        for owner in owners:
            for form in owner.forbidden:
                for match in re.finditer(re.escape(form), text):
                    span = Span(*match.span())
                    if not any(span.overlaps(other) for other in taken):
                        put(owner, span)
        people = [owner for owner in owners if owner.type == "person"]
        for run in runs(text, taken):
            best = _claimed(text, run, people, standing)
            if best is not None:
                put(*best)


def _of_term(term: Term) -> _Entry:
    """Return the entry of a name in the glossary."""
    likely = dict.fromkeys(term.accepted)
    if term.type == "person":
        likely |= dict.fromkeys(map(surname_part, term.accepted))
    return _Entry(term.source, term.type, term.target, term.accepted, term.forbidden, tuple(likely))


def _claimed(
    text: str, run: Span, people: Sequence[_Entry], standing: Collection[int]
) -> tuple[_Entry, Span] | None:
    """Return the person that a run of transliteration is most like, and its part of the run.

    A person who stands in the row already needs more likeness: the run may be somebody else.
    """
    best: tuple[float, _Entry, Span] | None = None
    for person in people:
        found = likest(text, run, person.likely)
        if found is None or (id(person) in standing and found.likeness < _AGAIN):
            continue
        if best is None or found.likeness > best[0]:
            best = (found.likeness, person, found.span)
    return None if best is None else best[1:]


def _joined(entries: Iterable[_Entry]) -> list[_Entry]:
    """Put a surname's own entry together with the one person of the articles who bears it."""
    full = [entry for entry in entries if entry.type != "person" or " " in entry.name]
    owners: dict[str, list[_Entry]] = defaultdict(list)
    for entry in full:
        owners[entry.surname].append(entry)
    kept = list(full)
    for entry in entries:
        if entry.type != "person" or " " in entry.name:
            continue
        bearers = owners[entry.surname]
        same = bool(bearers) and surname_part(bearers[0].target) == entry.target
        if len(bearers) == 1 and same:
            bearers[0].take(entry)
        else:
            kept.append(entry)
    return kept


def _name(entry: _Entry) -> LedgerName:
    """Judge the forms of a name."""
    counts = {form: len(places) for form, places in entry.places.items()}
    full, bare = entry.target or _most_used(counts, entry.likely), ""
    if entry.type == "person":
        bare = surname_part(full)
        if not entry.target and full == bare:
            longer = {form: n for form, n in counts.items() if _dotted(form, bare)}
            full = _most_used(longer, entry.likely) or full
    forms = [
        LedgerForm(form, _wanted(form, full, bare, entry), tuple(entry.places[form]))
        for form in sorted(counts, key=lambda form: (-counts[form], form))
    ]
    return LedgerName(entry.name, entry.type, entry.target, tuple(forms), entry.mentions)


def _most_used(counts: Mapping[str, int], likely: Sequence[str]) -> str:
    """Return the form whose surname part stands most often, in its most frequent shape.

    Among equals the one that is most like a proposal.
    """

    def nearness(form: str) -> float:
        return max((fuzz.ratio(form, other) for other in likely[:2]), default=0.0)

    tails: Counter[str] = Counter()
    for form, count in counts.items():
        tails[surname_part(form)] += count
    if not tails:
        return ""
    tail = max(tails, key=lambda part: (tails[part], nearness(part), part))
    return max(
        (f for f in counts if surname_part(f) == tail), key=lambda f: (counts[f], nearness(f), f)
    )


def _wanted(form: str, full: str, bare: str, entry: _Entry) -> str:
    """Return what should stand instead of a form: itself where it is right."""
    if entry.type != "person":
        return form if form in entry.accepted else full
    if form in (full, bare):
        return form
    if surname_part(form) == form:
        return bare
    if full != bare:
        return full
    return form if _dotted(form, bare) else form[: -len(surname_part(form))] + bare


def _dotted(form: str, bare: str) -> bool:
    """Tell whether a form is a full name with the surname *bare*."""
    return form != bare and surname_part(form) == bare


def _replaced(target: str, form: str, wanted: str, spans: Sequence[Span]) -> str | None:
    """Return the target with the form replaced, None when it is not where it was seen."""
    for span in sorted(spans, key=lambda span: -span.start):
        if span.of(target) != form:
            return None
        target = target[: span.start] + wanted + target[span.end :]
    return target
