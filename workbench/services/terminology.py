"""The glossary at work: finding terms in a source, verifying them in a target, keeping entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.domain.term import Form, Hit, Method, Receipt, Term, TermStatus, TermType
from workbench.errors import Conflict
from workbench.languages.russian_forms import forms
from workbench.services.glossary_base import read_base
from workbench.services.term_entries import by_hand, lines, validated, with_forms
from workbench.services.term_files import MEDIA_TYPES, TermImport, exported, imported, suffix_of
from workbench.services.term_findings import Finding, findings
from workbench.services.term_matching import Matcher
from workbench.services.term_placement import Placement, Shields, entity, placements, serves
from workbench.storage.terms import Terms

# A forced term that moved farther than tidying moves it was put elsewhere by a person.
_NUDGE = 3


@dataclass(frozen=True, slots=True)
class _Glossary:
    """One version of the glossary, made ready for look-up."""

    version: str
    matcher: Matcher
    shields: Shields


class Terminology:
    """Finds, verifies and maintains terms. A save in any process shows at the next call."""

    def __init__(self, terms: Terms) -> None:
        """Work on the stored entries; ``sync_base`` brings the shipped ones in."""
        self.terms = terms
        self._glossary: _Glossary | None = None

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
        """Return the terms in a Russian *text* that hold on *date* (ISO; empty for any)."""
        return self._ready().matcher.find(text, date)

    def verify(
        self,
        hits: Sequence[Hit],
        target: str,
        previous: Sequence[Receipt] = (),
        short: bool = True,
    ) -> tuple[Receipt, ...]:
        """Return a receipt for each hit that is not merely suggested, in their order.

        *previous* are the receipts before the change of the target: who put a term there is kept
        while it stands in the same order among the others, otherwise a person did. *short* accepts
        what only people write: 俄 in 俄外长, a person's surname for the full name.
        """
        wanted = [hit for hit in hits if hit.state != "suggested"]
        found = placements(wanted, target, self._ready().shields, short)
        before = {_identity(receipt.hit): receipt for receipt in previous}
        receipts = _matched(wanted, found, before, short)
        if not previous:
            return receipts
        old_order, new_order = _order(previous), _order(receipts)
        return tuple(
            _signed(receipt, before.get(_identity(receipt.hit)), old_order, new_order)
            for receipt in receipts
        )

    def shields(self) -> Shields:
        """Return the longer Chinese forms that hide shorter ones."""
        return self._ready().shields

    def _ready(self) -> _Glossary:
        version = self.terms.version()
        if self._glossary is None or self._glossary.version != version:
            entries = self.terms.with_status("approved", "proposed")
            self._glossary = _Glossary(version, Matcher(entries), Shields(entries))
        return self._glossary

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
            note=note,
            provenance=provenance,
        )
        return self.add_all([term], author, reason)[0]

    def add_all(self, entries: Sequence[Term], author: str, reason: str = "") -> tuple[Term, ...]:
        """Check and store new entries, all or none. Raises InputError, Conflict on a duplicate."""
        ready = [with_forms(validated(term)) for term in entries]
        self._refuse_duplicates(ready)
        return self.terms.add_all(ready, author, reason)

    def update(self, term: Term, revision: int, author: str, reason: str = "") -> Term:
        """Save a changed entry; forms are made anew when source or type changed."""
        current = self.terms.get(term.id)
        changed = validated(term)
        if (changed.source, changed.type) != (current.source, current.type):
            changed = with_forms(replace(changed, forms=by_hand(changed.forms)))
        return self.terms.update(changed, revision, author, reason)

    def set_forms(
        self, term_id: int, added: Sequence[str], struck: Sequence[str], author: str
    ) -> Term:
        """Save a person's decisions on an entry's forms: which to add, which never to match."""
        term = self.terms.get(term_id)
        made = [form for form in forms(term.source, term.type) if form.text not in struck]
        own = [Form(text, how="added") for text in lines(added)]
        gone = [Form(text, how="struck") for text in lines(struck)]
        changed = replace(term, forms=(*made, *own, *gone))
        return self.terms.update(changed, term.revision, author, "forms")

    def check(self) -> list[Finding]:
        """Return duplicates, conflicts, dangling variants and forms that are common words."""
        return findings(self.terms.with_status("approved", "proposed"))

    def import_file(
        self,
        data: bytes,
        name: str,
        author: str,
        preview: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> TermImport:
        """Add the entries of a .tsv, .csv, .xlsx or .tbx file, or only say what that would do.

        Raises InputError when nothing of it can be used.
        """
        return imported(self.terms, data, name, author, preview, progress)

    def export_file(self, name: str) -> tuple[bytes, str]:
        """Return every entry in the format that *name* ends in, and its media type."""
        suffix = suffix_of(name)
        return exported(self.terms, suffix), MEDIA_TYPES[suffix]

    def _refuse_duplicates(self, entries: Sequence[Term]) -> None:
        if not entries:
            return
        known = {
            (term.source, term.target): term
            for term in self.terms.with_status("approved", "proposed")
        }
        for term in entries:
            same = known.get((term.source, term.target))
            if same is not None:
                raise Conflict(
                    "terms.duplicate", source=same.source, target=same.target, id=same.id
                )
            known[term.source, term.target] = term


def open_terminology(terms: Terms, folder: Path) -> Terminology:
    """Return the terminology with the shipped glossary of *folder* loaded. Raises DataError."""
    terminology = Terminology(terms)
    terminology.sync_base(folder)
    return terminology


def _identity(hit: Hit) -> tuple[object, int]:
    return entity(hit), hit.span.start


def _order(receipts: Sequence[Receipt]) -> dict[tuple[object, int], int]:
    """Return each honoured receipt's rank by its place in the target."""
    standing = [r for r in receipts if r.state == "honoured" and r.target is not None]
    standing.sort(key=lambda r: r.target.start if r.target else 0)
    return {_identity(receipt.hit): rank for rank, receipt in enumerate(standing)}


def _matched(
    hits: Sequence[Hit],
    found: Sequence[Placement],
    before: dict[tuple[object, int], Receipt],
    short: bool,
) -> tuple[Receipt, ...]:
    """Give each hit its placement: the mentions of one entry take theirs in order."""
    used: dict[object, int] = defaultdict(int)
    receipts = []
    for hit in hits:
        mine = [placement for placement in found if serves(placement, hit, short)]
        which = min(used[entity(hit)], len(mine) - 1)
        used[entity(hit)] += 1
        span = mine[which].span if mine else None
        if hit.state == "ambiguous":
            receipts.append(Receipt(hit, "ambiguous", "", span))
        elif span is not None:
            receipts.append(Receipt(hit, "honoured", "", span))
        else:
            old = before.get(_identity(hit))
            kept = old is not None and old.state == "overridden"
            reason = old.reason if old is not None and kept else ""
            receipts.append(Receipt(hit, "overridden" if kept else "missing", reason=reason))
    return tuple(receipts)


def _signed(
    receipt: Receipt,
    old: Receipt | None,
    old_order: dict[tuple[object, int], int],
    new_order: dict[tuple[object, int], int],
) -> Receipt:
    """Say who put an honoured term where it stands."""
    if receipt.state != "honoured":
        return receipt
    method: Method = "human"
    if old is not None and old.state == "honoured" and old.target and receipt.target:
        here = _identity(receipt.hit)
        same_order = old_order.get(here) == new_order.get(here)
        moved = abs(old.target.start - receipt.target.start)
        if same_order and (old.method != "forced" or moved <= _NUDGE):
            method = old.method
    return replace(receipt, method=method)
