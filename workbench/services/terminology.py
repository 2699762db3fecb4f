"""The glossary at work: finding terms in a source, verifying them in a target, keeping entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from workbench.domain.row import Row
from workbench.domain.term import Hit, Method, Receipt, Term, TermStatus, TermType
from workbench.errors import NotFound
from workbench.services.glossary_base import read_base
from workbench.services.live_glossary import Glossary, LiveGlossary
from workbench.services.term_entries import (
    LIVE_STATES,
    decided,
    overlap,
    refuse_rival,
    undeclined,
    validated,
    with_forms,
)
from workbench.services.term_files import (
    MEDIA_TYPES,
    Progress,
    TermImport,
    exported,
    imported,
    suffix_of,
)
from workbench.services.term_findings import Finding, findings
from workbench.services.term_placement import Shields, placements
from workbench.services.term_receipts import kept, matched, settled, typed
from workbench.storage.term_query import as_shipped
from workbench.storage.terms import Terms


class Terminology:
    """Finds, verifies and maintains terms. A save in any process shows at the next call."""

    def __init__(self, terms: Terms) -> None:
        """Work on the stored entries; ``sync_base`` brings the shipped ones in."""
        self.terms = terms
        self._live = LiveGlossary(terms)

    @property
    def version(self) -> str:
        """The glossary's version; changes with every save in any process."""
        return self.terms.version()

    def sync_base(self, folder: Path) -> bool:
        """Load the shipped files when they changed; return whether they did. Raises DataError."""
        base = read_base(folder)
        if base.digest == self.terms.base_digest():
            return False
        return self.terms.sync_base(base.rows(), base.digest)

    # -- in a text ----------------------------------------------------------------------

    def find(self, text: str, date: str = "") -> tuple[Hit, ...]:
        """Return the terms in a Russian *text* that hold on *date*, as an article writes it.

        An empty date, or one that cannot be read, rules nothing out.
        """
        return self.ready().find(text, date)

    def verify(
        self,
        hits: Sequence[Hit],
        target: str,
        previous: Sequence[Receipt] = (),
        short: bool = True,
        by: Method = "human",
    ) -> tuple[Receipt, ...]:
        """Return a receipt for each hit that is not merely suggested, in their order.

        *previous* are the receipts before the change of the target. Who put a term there is kept:
        after a person's change while it stands in the same order among the others, otherwise that
        person did; after any other change *by* a machine or the memory always. *short* accepts
        what only people write: 俄 in 俄外长, a person's surname for the full name.
        """
        wanted = [hit for hit in hits if hit.state != "suggested"]
        found = placements(wanted, target, self.ready().shields, short)
        receipts = matched(wanted, found, previous, short)
        if not previous:
            return receipts
        return typed(receipts, previous) if by == "human" else kept(receipts, previous, by)

    def reread(self, row: Row, date: str) -> tuple[Hit, ...]:
        """Return the terms in a row's source as today's glossary and the row's choices have it."""
        return settled(self.find(row.segment.source, date), row.receipts, self._entry)

    def readings(self, hit: Hit) -> tuple[Term, ...]:
        """Return the entries that the words of an ambiguous hit may stand for."""
        found = {term.id: term for term in (hit.term, *self.ready().matcher.readings(hit.form))}
        return tuple(found.values())

    def _entry(self, term_id: int) -> Term | None:
        """Return an entry that holds today, or None."""
        try:
            term = self.terms.get(term_id)
        except NotFound:
            return None
        return term if term.status == "approved" else None

    def shields(self) -> Shields:
        """Return the longer Chinese forms that hide shorter ones."""
        return self.ready().shields

    def ready(self) -> Glossary:
        """Return the present version, for looking through many texts."""
        return self._live.now()

    # -- keeping it ---------------------------------------------------------------------

    def add(
        self,
        source: str,
        target: str,
        type: TermType = "term",  # noqa: A002 - the word of the trade
        *,
        author: str,
        note: str = "",
        status: TermStatus = "approved",
        variants: Sequence[str] = (),
        forbidden: Sequence[str] = (),
        needs_quotes: bool = False,
        context: Sequence[str] = (),
        valid_from: str = "",
        valid_to: str = "",
        provenance: str = "",
        reason: str = "",
    ) -> Term:
        """Check and store a new entry with its forms. Raises InputError, Conflict."""
        term = Term(
            source,
            target,
            type,
            status,
            tuple(variants),
            tuple(forbidden),
            needs_quotes,
            tuple(context),
            valid_from,
            valid_to,
            note,
            provenance,
        )
        return self.add_all([term], author, reason)[0]

    def add_all(self, entries: Sequence[Term], author: str, reason: str = "") -> tuple[Term, ...]:
        """Check and store new entries, all or none. Raises InputError, Conflict on a duplicate."""
        ready = [with_forms(validated(term)) for term in entries]
        self.refuse_rivals(ready)
        return self.terms.add_all(ready, author, reason)

    def update(self, term: Term, revision: int, author: str, reason: str = "") -> Term:
        """Save a changed entry; forms are made anew when source or type changed.

        Raises NotFound, InputError, Conflict when it is not at *revision* any more or would say
        what another entry says.
        """
        current = self.terms.get(term.id)
        changed = self.renewed(current, term)
        self.refuse_rivals([changed])
        return self.terms.update(changed, revision, author, reason)

    @staticmethod
    def renewed(current: Term, term: Term) -> Term:
        """Return the changed entry as it is to be stored. Raises InputError."""
        changed = validated(term)
        if (changed.source, changed.type) != (current.source, current.type):
            changed = with_forms(changed)
        return changed

    def set_forms(
        self,
        term_id: int,
        added: Sequence[str],
        struck: Sequence[str],
        author: str,
        revision: int | None = None,
    ) -> Term:
        """Save a person's decisions on an entry's forms: which to add, which never to match.

        Raises InputError, NotFound, Conflict when the entry is not at *revision* any more.
        """
        term = self.terms.get(term_id)
        own = (*decided(added, "added"), *decided(struck, "struck"))
        changed = with_forms(replace(term, forms=(*undeclined(term), *own)))
        return self.terms.update(changed, revision or term.revision, author, "forms")

    def check(self) -> list[Finding]:
        """Return duplicates, conflicts, dangling variants and forms that are common words."""
        with self.terms.database.read() as connection:
            shipped = as_shipped(connection, self.terms.pair)
        return findings(self.terms.with_status(*LIVE_STATES), shipped)

    def import_file(
        self,
        data: bytes,
        name: str,
        author: str,
        preview: bool = False,
        progress: Progress | None = None,
    ) -> TermImport:
        """Add the entries of a .tsv, .csv, .xlsx or .tbx file, or only say what that would do.

        Raises InputError when nothing of it can be used.
        """
        return imported(self.terms, data, name, author, preview, progress)

    def export_file(self, name: str, tbx_version: int = 3) -> tuple[bytes, str]:
        """Return every entry in the format that *name* ends in, and its media type."""
        suffix = suffix_of(name)
        to = "tbx2" if suffix == "tbx" and tbx_version == 2 else suffix
        return exported(self.terms, to), MEDIA_TYPES[suffix]

    def rivals(self, term: Term) -> tuple[Term, ...]:
        """Return the other approved entries of the same Russian that say something else."""
        return tuple(
            other
            for other in self.terms.of_sources([term.source])
            if other.status == term.status == "approved"
            and other.id != term.id
            and other.target not in term.accepted
            and overlap(term, other)
        )

    def refuse_rivals(self, entries: Sequence[Term]) -> None:
        """Raise Conflict for an entry that says what another says, or for dates that overlap."""
        rivals: dict[str, list[Term]] = defaultdict(list)
        for present in self.terms.of_sources([term.source for term in entries]):
            if present.status in LIVE_STATES:
                rivals[present.source].append(present)
        for term in entries:
            if term.status in LIVE_STATES:
                for other in rivals[term.source]:
                    if not other.id or other.id != term.id:
                        refuse_rival(term, other)
                rivals[term.source].append(term)


def open_terminology(terms: Terms, folder: Path) -> Terminology:
    """Return the terminology with the shipped glossary of *folder* loaded. Raises DataError."""
    terminology = Terminology(terms)
    terminology.sync_base(folder)
    return terminology
