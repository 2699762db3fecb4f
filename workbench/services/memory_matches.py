"""Matching: which units are offered for a sentence, with what score and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from workbench.domain.identity import normalised
from workbench.domain.memory import Match, MatchHow, Penalty, Unit
from workbench.services.memory_fragments import Fragments
from workbench.services.memory_index import Index
from workbench.services.memory_penalties import NO_PROFILE, Penalties
from workbench.services.memory_score import flags, scores
from workbench.services.memory_slots import Substituted, substitute
from workbench.services.memory_terms import MemoryTerms, patched
from workbench.storage.rows import reviewed
from workbench.storage.units import Units

SCORED = 24  # scored with the graded distance; the rest are less alike character by character
# A candidate whose characters are less alike than the wanted score by more than this many points is
# not scored: the graded score is the stricter one almost always.
SLACK = 25
SLOT = 99
UNSUBSTITUTED = 95  # the most for a match whose numbers could not be put in
# Fragments are looked for where nothing is as much alike as this.
ENOUGH = 75


class Matching:
    """Finds units for sentences."""

    def __init__(
        self,
        units: Units,
        index: Index,
        penalties: Penalties,
        terms: MemoryTerms | None = None,
    ) -> None:
        """Search in *units*, for those that are merely alike through *index*.

        *terms* finds outdated forms in translations.
        """
        self.units = units
        self.index = index
        self.penalties = penalties
        self.terms = terms
        self._fragments = Fragments(units, index)

    def matches(
        self,
        source: str,
        before: str = "",
        after: str = "",
        limit: int = 5,
        minimum: int = 60,
        date: str = "",
    ) -> list[Match]:
        """Return the best units for *source*, best first; *before* and *after* are its neighbours.

        Scores: 102 both neighbours equal, 101 one, 100 exact, 99 same but for numbers (put into
        the target), less for the rest; less the penalties. *date* is the article's.
        """
        if not normalised(source):
            return []
        judge = self._judge(date)  # the first one may load the glossary: before we begin to read
        with self.units.database.reading():
            found = [_exact(unit, before, after) for unit in self.units.same(source)]
            if len(found) < limit:
                found += self._slots(source)
                found += self._fuzzy(source, {match.unit.id for match in found}, minimum)
            examined: list[Match] = []
            for match in _best(self._penalised(found), len(found), minimum):
                # Outdated terms only cost: what follows is no better than what stands.
                if sum(other.score >= match.score for other in examined) >= limit:
                    break
                examined.append(judge(_compared(match, source)))
            return _best(examined, limit, minimum)

    def best(
        self,
        source: str,
        before: str = "",
        after: str = "",
        date: str = "",
        barred: Callable[[Unit], bool] = lambda _: False,
    ) -> Match | None:
        """Return the exact match that may stand as a draft, or None.

        It has no penalty: text of the seed, harvested titles and outdated terms fill no draft. Nor
        does a unit that is *barred*.
        """
        units = [unit for unit in self.units.same(source) if not barred(unit)]
        found = self._penalised([_exact(unit, before, after) for unit in units])
        free = _best([match for match in found if not match.penalties], len(found), 100)
        judge = self._judge(date) if free else None
        return next((match for match in free if judge and not judge(match).penalties), None)

    def fragments(
        self, source: str, found: Sequence[Match] = (), limit: int = 3, date: str = ""
    ) -> list[Match]:
        """Return what covers a clause of *source*, unless one of the matches *found* will do."""
        if any(match.score >= ENOUGH for match in found) or not normalised(source):
            return []
        hits = self.terms.hits(source, date) if self.terms else ()
        covering = self._fragments.find(source, hits, limit)
        return list(map(self._judge(date), covering))

    # -- inside ---------------------------------------------------------------------------

    def _slots(self, source: str) -> list[Match]:
        units = self.units.same_but_numbers(source)
        points = scores(source, [unit.source for unit in units])
        made = (substitute(unit.source, source, unit.target) for unit in units)
        return [
            _slot(unit, each)
            if each
            else Match(unit, min(its, UNSUBSTITUTED), "fuzzy", unit.target)
            for unit, its, each in zip(units, points, made, strict=True)
        ]

    def _fuzzy(self, source: str, known: set[int], minimum: int) -> list[Match]:
        likely = self.index.now().similar(source, SCORED, (minimum - SLACK) / 100)
        units = self.units.by_ids([number for number, _ in likely if number not in known])
        found = []
        for unit, points in zip(units, scores(source, [u.source for u in units]), strict=True):
            if points < minimum:
                continue
            # Another month, say: the key that units share which differ in figures does not see it.
            made = substitute(unit.source, source, unit.target)
            if made is not None and made.changes:
                found.append(_slot(unit, made))
            else:
                found.append(Match(unit, min(points, 99), "fuzzy", unit.target))
        return found

    def _penalised(self, found: Sequence[Match]) -> list[Match]:
        """Return the matches with what is taken off for where their units come from."""
        seen: frozenset[int] = frozenset()
        if self.penalties.points.get("unreviewed"):
            ids = {match.unit.segment_id for match in found if match.unit.segment_id}
            with self.units.database.read() as connection:
                seen = reviewed(connection, ids)
        profiles = self.units.imports.profiles({match.unit.batch for match in found})
        return [
            _reduced(m, self.penalties.of(m.unit, seen, profiles.get(m.unit.batch, NO_PROFILE)))
            for m in found
        ]

    def _judge(self, date: str) -> Callable[[Match], Match]:
        """Return what flags and patches a match whose target holds outdated forms."""
        if self.terms is None:
            return lambda match: match
        terms, points = self.terms.ready(), self.penalties.points.get("deprecated", 0)

        def judge(match: Match) -> Match:
            outdated = terms.outdated(match.unit.source, match.target, date)
            if not outdated:
                return match
            match = replace(
                match,
                flags=(*match.flags, "deprecated"),
                outdated=outdated,
                patch=patched(match.target, outdated),
            )
            taken = (Penalty("deprecated", points),) if points and match.how != "fragment" else ()
            return _reduced(match, taken)

        return judge


def _reduced(match: Match, penalties: Sequence[Penalty]) -> Match:
    if not penalties:
        return match
    score = max(0, match.score - sum(penalty.points for penalty in penalties))
    return replace(match, score=score, penalties=(*match.penalties, *penalties))


def _exact(unit: Unit, before: str, after: str) -> Match:
    score = 100
    # Where no neighbour is known on one of the sides, there is no context to compare; where some
    # are, a neighbour missing on both sides (first or last sentence) counts as equal.
    if (before or after) and (unit.before or unit.after):
        score += normalised(unit.before) == normalised(before)
        score += normalised(unit.after) == normalised(after)
    how: MatchHow = "context" if score > 100 else "exact"
    return Match(unit, score, how, unit.target)


def _slot(unit: Unit, made: Substituted) -> Match:
    return Match(unit, SLOT, "slot", made.target, ("number",), substitutions=made.changes)


def _compared(match: Match, source: str) -> Match:
    """Return the match, flagged where it differs gravely from *source*; only for what is shown."""
    if match.how != "fuzzy":
        return match
    return replace(match, flags=flags(source, match.unit.source))


def _best(found: Sequence[Match], limit: int, minimum: int) -> list[Match]:
    """Return the best matches, each translation once: the newest of the best scored."""
    order = sorted(found, key=lambda match: (-match.score, -match.unit.id))
    chosen: dict[tuple[str, str], Match] = {}
    for match in order:
        if match.score >= minimum:
            chosen.setdefault((normalised(match.unit.source), match.target), match)
    return list(chosen.values())[:limit]
