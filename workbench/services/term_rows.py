"""Carrying a new term into rows that are drafted already, with the care that each state asks for.

A draft that nobody touched gets the term put in, by string repair alone. A person's text is never
changed: its hits, receipts and issues are taken again, so that a missing term shows at once. Locked
rows stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from workbench.domain.language import Span
from workbench.domain.ports import RowChecks
from workbench.domain.row import Row, Version
from workbench.domain.term import Hit, Method, Receipt
from workbench.errors import NotFound
from workbench.languages.capitalised_names import opens_sentence
from workbench.services.renderings import only_stranger
from workbench.services.term_placement import entity, placements
from workbench.services.term_receipts import method_of
from workbench.services.term_repair import Draft, Honoured, repair
from workbench.services.terminology import Terminology
from workbench.storage.articles import Articles, RowChanged

ACTION = "term"  # in the history of a row
_TRIES = 3
_CAPITAL = re.compile(r"(?<![^\W_])[А-ЯЁ]")
_BLANK = Version(0, "", "new", "", "", "", "", "")  # a row that was never saved
_MEMORY = ("context", "exact", "slot", "fuzzy")


@dataclass(frozen=True, slots=True)
class Step:
    """A row whose text was changed: its revisions before and after."""

    segment_id: int
    before: int
    after: int


@dataclass(slots=True)
class Renewed:
    """What carrying a term in did.

    ``changed`` rows got it; ``flagged`` rows are a person's and miss it; ``noted`` are those that
    mention it and needed nothing; ``locked`` and ``conflicts`` name segments left alone.
    """

    changed: list[Row] = field(default_factory=list)
    flagged: list[Row] = field(default_factory=list)
    noted: list[Row] = field(default_factory=list)
    locked: list[int] = field(default_factory=list)
    conflicts: list[int] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    @property
    def rows(self) -> list[Row]:
        """Every row that is not what it was."""
        return [*self.changed, *self.flagged, *self.noted]

    def add(self, other: Renewed) -> None:
        """Take another article's outcome in."""
        for name in self.__dataclass_fields__:
            getattr(self, name).extend(getattr(other, name))


@dataclass(frozen=True, slots=True)
class TermRows:
    """Renews rows of articles after a change of the glossary."""

    articles: Articles
    terminology: Terminology
    checks: RowChecks

    def renew(self, article_id: int, term_ids: Collection[int], author: str) -> Renewed:
        """Carry entries, also proposed ones, into the rows of an article that mention them."""
        date = self.articles.get(article_id).metadata.date
        done = Renewed()
        for row in self.articles.rows(article_id):
            if row.target:
                self._renew(row, date, frozenset(term_ids), author, done)
        return done

    def note(self, article_id: int, segment_ids: Collection[int]) -> list[Row]:
        """Take hits, receipts and issues of rows again; return those that changed."""
        date = self.articles.get(article_id).metadata.date
        rows = [row for row in self.articles.rows(article_id) if row.segment.id in segment_ids]
        noted = []
        for row in rows:
            hits = self.terminology.reread(row, date)
            with suppress(RowChanged):  # whoever changed it took everything again
                noted.append(self._noted(row, hits))
        return noted

    def restore(self, steps: Iterable[Step], author: str) -> tuple[list[Row], list[int]]:
        """Bring earlier texts back where nobody has changed the row since.

        Returns the rows restored and the numbers of those left alone.
        """
        restored, kept = [], []
        for step in steps:
            try:
                row = self.articles.row(step.segment_id)
            except NotFound:
                continue
            versions = [*self.articles.history(step.segment_id), _BLANK]
            earlier = next((v for v in versions if v.revision == step.before), None)
            if row.revision != step.after or row.state == "locked" or earlier is None:
                kept.append(row.segment.n)
                continue
            back = replace(
                row,
                target=earlier.target,
                state=earlier.state,
                origin=earlier.origin,
                engine=earlier.engine,
            )
            date = self.articles.place(step.segment_id).metadata.date
            hits = self.terminology.reread(row, date)
            try:
                saved = self._saved(self.verified(back, hits, row.receipts), "restore", author)
            except RowChanged:
                kept.append(row.segment.n)
            else:
                restored.append(saved)
        return restored, kept

    def proposed(self, segment_id: int, start: int, target: str) -> str:
        """Return *target* with the term put in that begins at *start* of a segment's source.

        By string repair alone; nothing is stored. The text as it is when no term is missing there.
        Raises NotFound.
        """
        row = replace(self.articles.row(segment_id), target=target)
        hits = self.terminology.reread(row, self.articles.place(segment_id).metadata.date)
        mine = tuple(hit for hit in hits if hit.span.start == start)
        return self._put_in(row, hits, mine).target

    def verified(self, row: Row, hits: tuple[Hit, ...], previous: Sequence[Receipt]) -> Row:
        """Return the row with receipts and issues for the text it has."""
        by = method_of(row.origin)
        receipts = self.terminology.verify(hits, row.target, previous, by=by) if row.target else ()
        known = replace(row, hits=hits, receipts=receipts)
        return replace(known, issues=self.checks.run(known))

    # -- one row ------------------------------------------------------------------------

    def _renew(
        self, row: Row, date: str, term_ids: frozenset[int], author: str, done: Renewed
    ) -> None:
        hits = self.terminology.reread(row, date)
        mine = tuple(hit for hit in hits if hit.term.id in term_ids)
        if not mine:
            return
        for _ in range(_TRIES):
            if row.state == "locked":
                done.locked.append(row.segment.n)
                return
            try:
                self._treat(row, hits, mine, author, done)
            except RowChanged as changed:
                row = changed.current
            else:
                return
        done.conflicts.append(row.segment.n)

    def _treat(
        self,
        row: Row,
        hits: tuple[Hit, ...],
        mine: tuple[Hit, ...],
        author: str,
        done: Renewed,
    ) -> None:
        """Put the term in or take the receipts again. Raises RowChanged."""
        if row.state == "drafted":
            drafted = self._put_in(row, hits, mine)
            if drafted.target != row.target:
                saved = self._saved(drafted, ACTION, author)
                done.changed.append(saved)
                done.steps.append(Step(row.segment.id, row.revision, saved.revision))
                return
        noted = self._noted(row, hits)
        ids = {hit.term.id for hit in mine}
        missing = any(r.state == "missing" and r.hit.term.id in ids for r in noted.receipts)
        (done.flagged if missing else done.noted).append(noted)

    def _put_in(self, row: Row, hits: tuple[Hit, ...], mine: tuple[Hit, ...]) -> Row:
        """Return the drafted row with the missing terms in its text."""
        wanted = tuple(_certain(hit) for hit in mine if hit.state != "ambiguous")
        others = [h for h in hits if h.state == "found" and h.term.status == "approved"]
        ids = {hit.term.id for hit in wanted}
        required = [*(hit for hit in others if hit.term.id not in ids), *wanted]
        shields = self.terminology.shields()

        def standing(text: str) -> frozenset[object]:
            receipts = self.terminology.verify(required, text, short=False)
            return frozenset(entity(r.hit) for r in receipts if r.state == "honoured")

        def placed(text: str) -> list[Span]:
            return [p.span for p in placements(required, text, shields, short=False)]

        there = standing(row.target)
        first = {entity(hit): hit for hit in reversed(wanted)}
        missing = [hit for name, hit in first.items() if name not in there]
        target, methods = row.target, dict[object, Method]()
        for hit in sorted(missing, key=lambda hit: (-len(hit.term.target), hit.span.start)):
            target, method = _one(target, row.segment.source, hit, hits, standing, placed)
            methods |= method
        return self._signed(row, target, hits, ids, methods)

    def _signed(
        self,
        row: Row,
        target: str,
        hits: tuple[Hit, ...],
        ids: set[int],
        methods: dict[object, Method],
    ) -> Row:
        """Return the row with its new text; the receipts say how the terms came in."""
        remembered = row.origin in _MEMORY
        changed = replace(row, target=target)
        if remembered and target != row.target:
            changed = replace(changed, origin="fuzzy", score=min(row.score, 99))
        known = self.verified(changed, hits, row.receipts)
        there: Method = "memory" if remembered else "model"
        receipts = tuple(
            replace(r, method=methods.get(entity(r.hit), there))
            if r.hit.term.id in ids and r.state == "honoured"
            else r
            for r in known.receipts
        )
        return replace(known, receipts=receipts)

    def _noted(self, row: Row, hits: tuple[Hit, ...]) -> Row:
        """Store what is known about a row beside its text. Raises RowChanged."""
        stored = self.articles.annotate(self.verified(row, hits, row.receipts))
        if stored is None:
            raise RowChanged(self.articles.row(row.segment.id))
        return stored

    def _saved(self, row: Row, action: str, author: str) -> Row:
        return self.articles.save_row(row, row.revision, action, author)


def _certain(hit: Hit) -> Hit:
    """Return the hit as one that must stand; a proposed entry only suggests otherwise."""
    return replace(hit, state="found", term=replace(hit.term, status="approved"))


def _one(
    target: str,
    source: str,
    hit: Hit,
    hits: Sequence[Hit],
    honoured: Honoured,
    placed: Callable[[str], list[Span]],
) -> tuple[str, dict[object, Method]]:
    """Put one term into a target; return the text and how it was done."""
    draft, methods = repair(Draft(target), source, [hit], honoured, placed)
    if hit.term.type != "person" or "forced" not in methods.values():
        return draft.text, methods
    # Nothing like the term stands there. A foreign name that is nobody's is most likely its.
    stranger = only_stranger(target, placed(target), "·" in hit.term.target)
    if stranger is None or not ("·" in stranger.of(target) or _alone(source, hits)):
        return draft.text, methods
    swapped = target[: stranger.start] + hit.term.target + target[stranger.end :]
    if entity(hit) in honoured(swapped) and honoured(target) <= honoured(swapped):
        return swapped, {entity(hit): "substituted"}
    return draft.text, methods


def _alone(source: str, hits: Sequence[Hit]) -> bool:
    """Tell whether every name of a sentence is a hit, going by capitals."""
    return all(
        opens_sentence(source, word.start())
        or any(hit.span.start <= word.start() < hit.span.end for hit in hits)
        for word in _CAPITAL.finditer(source)
    )
