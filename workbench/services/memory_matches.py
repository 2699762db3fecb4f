"""Matching: which units are offered for a sentence, with what score and why."""

from __future__ import annotations

from workbench.domain.identity import normalised
from workbench.domain.memory import Match, MatchHow, Unit
from workbench.services.memory_index import Index
from workbench.services.memory_score import flags, score, scores
from workbench.services.memory_slots import substitute
from workbench.storage.units import Units

SCORED = 24  # scored with the graded distance; the rest are less alike character by character
# A candidate whose characters are less alike than the wanted score by more than this many points is
# not scored: the graded score is the stricter one almost always.
SLACK = 25
UNSUBSTITUTED = 95  # the most for a match whose numbers could not be put in
# Points taken off by origin. Text of the seed and titles harvested from bulletins were not
# confirmed by a translator of this house: they are offered, but never taken as exact.
PENALTIES = {"human": 0, "import": 0, "seed": 3, "harvested": 3}


class Matching:
    """Finds units for sentences."""

    def __init__(self, units: Units, index: Index) -> None:
        """Search in *units*, for those that are merely alike through *index*."""
        self.units = units
        self.index = index

    def matches(
        self, source: str, before: str = "", after: str = "", limit: int = 5, minimum: int = 60
    ) -> list[Match]:
        """Return the best units for *source*, best first; *before* and *after* are its neighbours.

        Scores: 102 both neighbours equal, 101 one, 100 exact, 99 same but for numbers (put into
        the target), less for the rest.
        """
        if not normalised(source):
            return []
        found = [_exact(unit, before, after) for unit in self.units.same(source)]
        if len(found) < limit:
            slot = self.units.same_but_numbers(source)
            found += [_slot(unit, source) for unit in slot]
            found += self._fuzzy(source, {match.unit.id for match in found}, minimum)
        return _best(found, limit, minimum)

    def best(self, source: str, before: str = "", after: str = "") -> Match | None:
        """Return the exact match that may stand as a draft, or None.

        Confirmed and imported units count, text of the seed and harvested titles do not.
        """
        units = self.units.same(source)
        found = [_exact(unit, before, after) for unit in units if not PENALTIES[unit.origin]]
        return next(iter(_best(found, 1, 100)), None)

    def _fuzzy(self, source: str, known: set[int], minimum: int) -> list[Match]:
        likely = self.index.now().similar(source, SCORED, (minimum - SLACK) / 100)
        units = self.units.by_ids([number for number, _ in likely if number not in known])
        found = []
        for unit, points in zip(units, scores(source, [u.source for u in units]), strict=True):
            worth = min(points, 99) - PENALTIES[unit.origin]
            if worth >= minimum:
                found.append(Match(unit, worth, "fuzzy", unit.target, flags(source, unit.source)))
        return found


def _exact(unit: Unit, before: str, after: str) -> Match:
    score = 100
    # Where no neighbour is known on one of the sides, there is no context to compare; where some
    # are, a neighbour missing on both sides (first or last sentence) counts as equal.
    if (before or after) and (unit.before or unit.after):
        score += normalised(unit.before) == normalised(before)
        score += normalised(unit.after) == normalised(after)
    how: MatchHow = "context" if score > 100 else "exact"
    return Match(unit, score - PENALTIES[unit.origin], how, unit.target)


def _slot(unit: Unit, source: str) -> Match:
    target = substitute(unit.source, source, unit.target)
    penalty = PENALTIES[unit.origin]
    if target is None:
        points = min(score(source, unit.source), UNSUBSTITUTED)
        return Match(unit, points - penalty, "fuzzy", unit.target, flags(source, unit.source))
    return Match(unit, 99 - penalty, "slot", target, ("number",))


def _best(found: list[Match], limit: int, minimum: int) -> list[Match]:
    """Return the best matches, each translation once: the newest of the best scored."""
    order = sorted(found, key=lambda match: (-match.score, -match.unit.id))
    chosen: dict[tuple[str, str], Match] = {}
    for match in order:
        if match.score >= minimum:
            chosen.setdefault((normalised(match.unit.source), match.target), match)
    return list(chosen.values())[:limit]
