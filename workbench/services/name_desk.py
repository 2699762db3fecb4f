"""The name desk: unknown persons of an article, proposals, and what becomes of them.

Accepting a name adds it to the glossary and carries it into the open drafts at once; one undo takes
both back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from workbench.domain.article import Article
from workbench.domain.row import Row
from workbench.domain.term import Term, TermStatus, TermType
from workbench.errors import Conflict, Forbidden, NotFound
from workbench.languages.fold import key
from workbench.languages.morphology import is_common
from workbench.services.name_finding import FoundName, NameFinder
from workbench.services.renderings import rendering, surname_part
from workbench.services.term_placement import placements
from workbench.services.term_rows import Renewed, Step, TermRows
from workbench.services.transcriber import Proposal, Tier
from workbench.storage.ignored_names import EVERYWHERE, IgnoredNames
from workbench.storage.patches import Patches
from workbench.storage.term_places import TermPlaces

PROVENANCE = "name desk"
KIND = "name"  # of the records of what was accepted
_LIMIT = 6  # proposals shown of the ladder,
_FROM_ROWS = 2  # and of what people and the engine wrote
_PEOPLE, _ENGINE = 0.9, 0.5  # how sure a form is that all of them use
_SETTLED = ("confirmed", "reviewed")
_LOOKED_AT = 500  # of the newest records, for what can be undone


class Proposer(Protocol):
    """What proposes Chinese forms (``services/transcriber.py``)."""

    def propose(
        self,
        name: str,
        type: Literal["person", "place"] = "person",  # noqa: A002 - the word of the trade
        gender: str = "",
    ) -> tuple[Proposal, ...]:
        """Return proposals, best first."""
        ...


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A person whom the glossary does not know, with what may be written for the name."""

    found: FoundName
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True, slots=True)
class Accepted:
    """What accepting a name did; ``number`` undoes it."""

    number: int
    terms: tuple[Term, ...]
    renewed: Renewed
    articles: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A name accepted in an article and not undone: its entries as (Russian, Chinese)."""

    number: int
    entries: tuple[tuple[str, str], ...]
    author: str
    created: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What undoing did: rows restored, and the numbers of segments that somebody changed since."""

    terms: tuple[Term, ...]
    rows: tuple[Row, ...]
    kept: tuple[int, ...]


@dataclass(frozen=True)
class NameDesk:
    """Finds unknown names, proposes, accepts and ignores."""

    rows: TermRows
    transcriber: Proposer
    ignored: IgnoredNames
    patches: Patches
    places: TermPlaces
    finder: NameFinder = field(default_factory=NameFinder)

    # -- looking ------------------------------------------------------------------------

    def unknown(self, article_id: int) -> tuple[UnknownName, ...]:
        """Return the names that nobody has decided on, the most frequent first.

        Raises NotFound.
        """
        article = self.rows.articles.get(article_id)
        away = {each.key for each in self.ignored.of(article_id)}
        targets = {row.segment.id: row for row in self.rows.articles.rows(article_id)}
        return tuple(
            UnknownName(name, self._proposals(name, targets, article.metadata.date))
            for name in self._found(article)
            if key(name.name) not in away
        )

    def _found(self, article: Article) -> tuple[FoundName, ...]:
        date = article.metadata.date
        terminology = self.rows.terminology
        return self.finder.unknown(
            article.segments, lambda segment: terminology.find(segment.source, date)
        )

    def _proposals(
        self, name: FoundName, rows: Mapping[int, Row], date: str
    ) -> tuple[Proposal, ...]:
        """Return the ladder's proposals, with what stands in the article's rows at its place.

        What a person wrote goes behind the house glossary only, what the engine wrote last.
        """
        proposed = self.transcriber.propose(name.name, "person", name.gender)[:_LIMIT]
        written, drafted = self._in_rows(name, [p.zh for p in proposed], rows, date)
        house = [p for p in proposed if p.tier == "glossary"]
        ladder = [*house, *written, *proposed, *drafted]
        first = {p.zh: p for p in reversed(ladder)}
        return tuple(dict.fromkeys(first[p.zh] for p in ladder))

    def _in_rows(
        self, name: FoundName, forms: Sequence[str], rows: Mapping[int, Row], date: str
    ) -> tuple[list[Proposal], list[Proposal]]:
        """Return how people and how the engine wrote a name, told by likeness to the proposals."""
        likely = list(dict.fromkeys(part for zh in forms for part in (zh, surname_part(zh))))
        shields = self.rows.terminology.shields()
        people: dict[str, list[int]] = defaultdict(list)
        engine: dict[str, list[int]] = defaultdict(list)
        for number in dict.fromkeys(mention.segment_id for mention in name.mentions):
            row = rows.get(number)
            if row is None or not row.target or not likely:
                continue
            hits = self.rows.terminology.reread(row, date)
            taken = [p.span for p in placements(hits, row.target, shields)]
            there = rendering(row.target, likely, taken)
            if there is not None:
                by = people if row.origin == "human" or row.state in _SETTLED else engine
                by[_whole(there.form, forms[0])].append(row.segment.n)
        return _counted(people, "bulletin", _PEOPLE), _counted(engine, "engine", _ENGINE)

    # -- deciding -----------------------------------------------------------------------

    def accept(
        self,
        article_id: int,
        name: str,
        zh: str,
        type: TermType = "person",  # noqa: A002 - the word of the trade
        *,
        author: str,
        approve: bool,
        source: str = "",
        others: bool = False,
    ) -> Accepted:
        """Add *name* to the glossary as *zh* and carry it into the rows that mention it.

        *approve* makes the entry approved, else proposed: it goes into the drafts of this article
        and is enforced when a keeper approves it. *source* is another nominative than the one
        found. *others* also renews the other articles. All of it or nothing. Raises Conflict,
        InputError, NotFound.
        """
        article = self.rows.articles.get(article_id)
        source = " ".join((source or name).split())
        found = next((f for f in self._found(article) if key(f.name) == key(name)), None)
        status: TermStatus = "approved" if approve else "proposed"
        entries = self._entries(source, zh.strip(), type, status, found)
        with self.patches.database.together():
            terms = self.rows.terminology.add_all(entries, author, PROVENANCE)
            ids = [term.id for term in terms]
            renewed = self.rows.renew(article_id, ids, author)
            elsewhere = self._elsewhere(article_id, terms) if others and approve else ()
            for other in elsewhere:
                renewed.add(self.rows.renew(other, ids, author))
            content = _record(article_id, elsewhere, terms, renewed)
            with self.patches.database.begin() as connection:
                number = self.patches.add(connection, terms[0].id, author, PROVENANCE, content)
        return Accepted(number, terms, renewed, elsewhere)

    def recent(self, article_id: int, limit: int = 20) -> tuple[Acceptance, ...]:
        """Return what was accepted in an article and can be undone, newest first."""
        found = [
            Acceptance(
                patch.id,
                tuple((source, target) for source, target in patch.content["names"]),
                patch.author,
                patch.created,
            )
            for patch in self.patches.list(limit=_LOOKED_AT)
            if not patch.undone and patch.content["article"] == article_id
        ]
        return tuple(found[:limit])

    def undo(self, number: int, author: str, keeper: bool = False) -> Withdrawn:
        """Withdraw an accepted name and restore the rows that nobody has changed since, at once.

        *keeper* may undo what others accepted. Raises NotFound, Forbidden, Conflict.
        """
        with self.patches.database.together():
            return self._withdrawn(number, author, keeper)

    def _withdrawn(self, number: int, author: str, keeper: bool) -> Withdrawn:
        try:
            patch = self.patches.get(number)
        except NotFound as error:
            raise NotFound("names.no_acceptance", id=number) from error
        if patch.author != author and not keeper:
            raise Forbidden("names.not_yours", author=patch.author)
        if patch.undone:
            raise Conflict("names.undone")
        terms = self._untouched(patch.content)
        for term in terms:
            self.rows.terminology.terms.delete(term.id, author, PROVENANCE, term.revision)
        steps = [Step(*step) for step in patch.content["steps"]]
        restored, kept = self.rows.restore(steps, author)
        for article_id, segment_ids in patch.content["noted"]:
            restored += self.rows.note(article_id, segment_ids)
        with self.patches.database.begin() as connection:
            self.patches.close(connection, number, author)
        return Withdrawn(terms, tuple(restored), tuple(kept))

    def ignore(self, article_id: int, name: str, author: str, everywhere: bool = False) -> None:
        """Take a name off the desk, in this article or everywhere. Raises NotFound."""
        self.rows.articles.get(article_id)
        self.ignored.add(key(name), EVERYWHERE if everywhere else article_id, author)

    def heed(self, article_id: int, name: str, everywhere: bool = False) -> None:
        """Take back that a name is ignored, in this article or everywhere. Raises NotFound."""
        self.rows.articles.get(article_id)
        self.ignored.remove(key(name), EVERYWHERE if everywhere else article_id)

    # -- inside -------------------------------------------------------------------------

    def _entries(
        self, source: str, zh: str, type_: TermType, status: TermStatus, found: FoundName | None
    ) -> list[Term]:
        """Return the entry, and one for the surname: articles soon name a person by that alone.

        Not for a surname that is an ordinary word, unless it stands alone in this very article.
        """
        wanted = [(source, zh)]
        surname = source.rpartition(" ")[2]
        alone = (found is not None and found.alone) or not is_common(surname)
        if type_ == "person" and surname != source and surname_part(zh) != zh and alone:
            wanted.append((surname, surname_part(zh)))
        known = self.rows.terminology.terms.of_sources([text for text, _ in wanted])
        present = {t.source: t for t in known if t.status in ("approved", "proposed")}
        if source in present:
            other = present[source]
            raise Conflict("names.known", source=other.source, target=other.target)
        return [
            Term(text, target, type_, status, provenance=PROVENANCE)
            for text, target in wanted
            if text not in present
        ]

    def _elsewhere(self, article_id: int, terms: Sequence[Term]) -> tuple[int, ...]:
        """Return the other articles whose drafted rows may mention the entries."""
        forms = {form.text for term in terms for form in term.forms} | {t.source for t in terms}
        parts = sorted(forms | {form.upper() for form in forms})
        found = (place.article_id for place in self.places.rows(parts))
        return tuple(sorted({number for number in found if number != article_id}))

    def _untouched(self, content: Mapping[str, Any]) -> tuple[Term, ...]:
        """Return the accepted entries as they are. Raises Conflict when one was changed since."""
        terms = []
        for number, revision in content["terms"]:
            try:
                term = self.rows.terminology.terms.get(number)
            except NotFound:
                continue  # a keeper deleted it meanwhile
            if term.revision != revision:
                raise Conflict("names.changed", source=term.source)
            terms.append(term)
        return tuple(terms)


def _whole(form: str, like: str) -> str:
    """Return a form with the given name of another in front where it has none."""
    given = like[: -len(surname_part(like))]
    return form if surname_part(form) != form else given + form


def _counted(found: Mapping[str, list[int]], tier: Tier, sure: float) -> list[Proposal]:
    """Return the forms as proposals, the most used first; the trace names the segments."""
    total = sum(len(numbers) for numbers in found.values())
    most = sorted(found, key=lambda form: (-len(found[form]), found[form]))[:_FROM_ROWS]
    return [
        Proposal(
            form,
            tier,
            " ".join(f"#{n}" for n in found[form]),
            round(sure * len(found[form]) / total, 2),
        )
        for form in most
    ]


def _record(
    article_id: int, elsewhere: Sequence[int], terms: Sequence[Term], renewed: Renewed
) -> dict[str, Any]:
    """Return what the undo needs, as JSON."""
    noted = [row.segment.id for row in (*renewed.flagged, *renewed.noted)]
    return {
        "article": article_id,
        "names": [[term.source, term.target] for term in terms],
        "terms": [[term.id, term.revision] for term in terms],
        "steps": [[step.segment_id, step.before, step.after] for step in renewed.steps],
        "noted": [[number, noted] for number in (article_id, *elsewhere)],
    }
