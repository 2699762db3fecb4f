"""The terminologist's desk: states, history, undoing, searching, what a change would touch.

Every act needs an author and keeps the reason in the history. Finding and verifying terms is
``Terminology``'s, which this works on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.domain.term import TERM_STATUSES, TERM_TYPES, Term, TermStatus
from workbench.errors import InputError, NotFound
from workbench.services.glossary_base import read_base
from workbench.services.term_advice import Advice, advice
from workbench.services.term_entries import LIVE_STATES, by_hand, undeclined, validated, with_forms
from workbench.services.term_files import TermImport, imported
from workbench.services.term_findings import Finding, base_differences
from workbench.services.term_history import Step, steps
from workbench.services.term_impact import Impact, TermImpact
from workbench.services.term_patch import Patched, TermPatch, Undone
from workbench.services.term_search import Found, TermSearch
from workbench.services.terminology import Terminology
from workbench.storage.patches import StoredPatch
from workbench.storage.term_batches import TermBatch, TermBatches


@dataclass(frozen=True, slots=True)
class ImportUndone:
    """What undoing an import did: how many entries went, and which stay, being changed since."""

    batch: str
    removed: int
    kept: tuple[Term, ...]


class TermDesk:
    """Everything a keeper of the glossary does."""

    def __init__(
        self,
        terminology: Terminology,
        impacts: TermImpact,
        patches: TermPatch,
        base: Path | None = None,
    ) -> None:
        """Work on the entries of *terminology*; *base* is the folder of the shipped files."""
        self.terminology = terminology
        self.terms = terminology.terms
        self.impacts = impacts
        self.patches = patches
        self.base = base
        self.batches = TermBatches(self.terms)
        self._search = TermSearch(self.terms)

    # -- looking ------------------------------------------------------------------------

    def search(
        self,
        query: str = "",
        type: str | None = None,  # noqa: A002 - the word of the trade
        status: str | None = None,
        limit: int | None = None,
        offset: int = 0,
        deleted: bool = False,
    ) -> Found:
        """Return entries by either side, any Russian form, note, pinyin or pinyin initials.

        Raises InputError for a type or state that there is not.
        """
        if type and type not in TERM_TYPES:
            raise InputError("terms.unknown_type", type=type, known=", ".join(TERM_TYPES))
        if status and status not in TERM_STATUSES:
            known = ", ".join(TERM_STATUSES)
            raise InputError("terms.unknown_status", status=status, known=known)
        return self._search.search(query, type, status, limit, offset, deleted)

    def history(self, term_id: int) -> tuple[Step, ...]:
        """Return the entry's changes, newest first, also of a deleted one. Raises NotFound."""
        found = steps(self.terms.history(term_id))
        if not found:
            raise NotFound("terms.unknown", id=term_id)
        return found

    def advice(self, term: Term) -> tuple[Advice, ...]:
        """Return remarks about an entry before it is stored, such as Traditional characters."""
        return advice(term)

    def findings(self) -> list[Finding]:
        """Return every fault of the glossary, the graver kinds first."""
        return [*self.terminology.check(), *self._base_differences()]

    # -- states -------------------------------------------------------------------------

    def propose(
        self, term_id: int, author: str, reason: str = "", revision: int | None = None
    ) -> Term:
        """Make an entry a proposal: shown, not enforced."""
        return self.set_state(term_id, "proposed", author, reason, revision)

    def approve(
        self, term_id: int, author: str, reason: str = "", revision: int | None = None
    ) -> Term:
        """Approve an entry: enforced from now on."""
        return self.set_state(term_id, "approved", author, reason, revision)

    def deprecate(
        self, term_id: int, author: str, reason: str, revision: int | None = None
    ) -> Term:
        """Retire an entry: not looked for any more."""
        return self.set_state(term_id, "deprecated", author, reason, revision)

    def forbid(self, term_id: int, author: str, reason: str, revision: int | None = None) -> Term:
        """Forbid an entry: its Chinese form is wrong for its Russian one.

        The other live entries of that Russian form get it as a forbidden form, so that drafts with
        it are mended and reported.
        """
        return self.set_state(term_id, "forbidden", author, reason, revision)

    def set_state(
        self,
        term_id: int,
        status: TermStatus,
        author: str,
        reason: str = "",
        revision: int | None = None,
    ) -> Term:
        """Change the state; a state it already has changes nothing.

        Raises NotFound, InputError when a retirement has no reason, Conflict when the entry is not
        at *revision* any more or another entry says the same.
        """
        term = self.terms.get(term_id)
        if term.status == status:
            return term
        if status in ("deprecated", "forbidden") and not reason.strip():
            raise InputError("terms.no_reason", source=term.source)
        changed = self.terminology.renewed(term, replace(term, status=status))
        self.terminology.refuse_rivals([changed])
        changes = [(changed, revision or term.revision)]
        if status == "forbidden":
            changes += [(other, other.revision) for other in self._warned(term)]
        return self.terms.update_all(changes, author, reason.strip())[0]

    def _warned(self, wrong: Term) -> list[Term]:
        """Return the live entries of the same Russian form, with the wrong form forbidden."""
        return [
            replace(other, forbidden=(*other.forbidden, wrong.target))
            for other in self.terms.of_sources([wrong.source])
            if other.id != wrong.id
            and other.status in LIVE_STATES
            and wrong.target not in other.forbidden
            and not any(wrong.target in accepted for accepted in other.accepted)
        ]

    # -- undoing ------------------------------------------------------------------------

    def delete(
        self, term_id: int, author: str, reason: str = "", revision: int | None = None
    ) -> None:
        """Delete an entry; ``undelete`` brings it back. Raises NotFound, Conflict."""
        self.terms.delete(term_id, author, reason.strip(), revision)

    def undelete(self, term_id: int, author: str, reason: str = "") -> Term:
        """Bring a deleted entry back as it was. Raises NotFound, Conflict."""
        versions = self.terms.history(term_id)
        if not versions:
            raise NotFound("terms.unknown", id=term_id)
        self.terminology.refuse_rivals([versions[0].term])
        return self.terms.undelete(term_id, author, reason.strip())

    def restore(self, term_id: int, revision: int, author: str, reason: str = "") -> Term:
        """Bring an earlier version of an entry back, as its newest. Raises NotFound, Conflict."""
        current = self.terms.get(term_id)
        for version in self.terms.history(term_id):
            if version.term.revision == revision:
                wanted = replace(version.term, id=term_id, revision=current.revision)
                if wanted == current:
                    return current
                self.terminology.refuse_rivals([validated(wanted)])
                return self.terms.update(wanted, current.revision, author, reason.strip())
        raise NotFound("terms.no_version", id=term_id, revision=revision)

    # -- consequences -------------------------------------------------------------------

    def impact(
        self,
        term_id: int,
        target: str = "",
        status: TermStatus | None = None,
        deleted: bool = False,
    ) -> Impact:
        """Return what would be touched if the entry got another form or state, or were deleted."""
        before = self.terms.get(term_id)
        changed = replace(before, target=target or before.target, status=status or before.status)
        return self.impacts.impact(before, None if deleted else validated(changed))

    def patch(
        self,
        term_id: int,
        target: str,
        author: str,
        reason: str = "",
        confirmed: bool = False,
        revision: int | None = None,
    ) -> Patched:
        """Give an entry a new Chinese form and carry it into drafts; see ``TermPatch``."""
        return self.patches.patch(term_id, target, author, reason, confirmed, revision)

    def undo_patch(self, patch_id: int, author: str) -> Undone:
        """Take a patch back where nobody changed anything since. Raises NotFound."""
        return self.patches.undo(patch_id, author)

    def list_patches(self, term_id: int = 0, limit: int = 50) -> tuple[StoredPatch, ...]:
        """Return the patches of an entry, or of all, newest first."""
        return self.patches.patches.list(term_id, limit)

    # -- imports ------------------------------------------------------------------------

    def import_file(
        self,
        data: bytes,
        name: str,
        author: str,
        preview: bool = False,
        simplify: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> TermImport:
        """Import a file, or only say what that would do; see ``term_files.imported``."""
        return imported(self.terms, data, name, author, preview, progress, simplify)

    def imports(self, limit: int = 50) -> tuple[TermBatch, ...]:
        """Return the imports, newest first."""
        return self.batches.list(limit)

    def undo_import(self, batch: str, author: str, reason: str = "") -> ImportUndone:
        """Take an import out again, but for what was changed since. Raises NotFound."""
        removed, kept = self.batches.undo(batch, author, reason)
        return ImportUndone(batch, removed, kept)

    # -- the shipped base ---------------------------------------------------------------

    def take_base(self, term_id: int, author: str, reason: str = "") -> Term:
        """Give an entry that was changed here the content of the shipped base. Raises NotFound."""
        finding, mark = self._offered(term_id)
        current, shipped = finding.terms
        own = (*undeclined(shipped), *by_hand(current.forms))
        wanted = with_forms(replace(shipped, id=term_id, revision=current.revision, forms=own))
        saved = self.terminology.update(wanted, current.revision, author, reason.strip())
        self.terms.settle_base(term_id, mark)
        return saved

    def keep_local(self, term_id: int) -> None:
        """Keep an entry as it is; the base's present row is not offered again. Raises NotFound."""
        _, mark = self._offered(term_id)
        self.terms.settle_base(term_id, mark)

    def _offered(self, term_id: int) -> tuple[Finding, str]:
        for finding, mark in self._differing():
            if finding.terms[0].id == term_id:
                return finding, mark
        raise NotFound("terms.unknown", id=term_id)

    def _base_differences(self) -> Sequence[Finding]:
        return [finding for finding, _ in self._differing()]

    def _differing(self) -> list[tuple[Finding, str]]:
        marks = self.terms.base_marks() if self.base else {}
        if not marks or not self.base:
            return []
        changed = {number: self.terms.get(number) for number in marks}
        return base_differences(changed, marks, read_base(self.base).entries())
