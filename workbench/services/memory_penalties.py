"""Points taken off a match for where its unit comes from: one table, which settings may change."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from workbench.domain.memory import Penalty, PenaltyKind, Unit
from workbench.storage.unit_batches import Profile

# Text of the seed and titles harvested from bulletins were not confirmed by a translator of this
# house: they are offered, but never taken as exact. Whoever imports a file chose it.
POINTS: Mapping[PenaltyKind, int] = MappingProxyType(
    {
        "unreviewed": 0,  # confirmed here, but not reviewed by a second person
        "import": 0,  # came with a file
        "domain": 5,  # says that it is of another domain than ours
        "seed": 3,  # written for the project
        "harvested": 3,  # a bulletin's title
        "deprecated": 5,  # its target holds a form that the glossary does not want any more
    }
)
# What TMX files call the domain of a unit.
_DOMAIN = ("prop:x-domain", "prop:domain", "prop:x-subject", "prop:subject")


NO_PROFILE = Profile()


@dataclass(frozen=True, slots=True)
class Penalties:
    """The table as it is in force; ``domain`` is this house's, "" where none is set."""

    points: Mapping[PenaltyKind, int] = field(default_factory=lambda: POINTS)
    domain: str = ""

    def of(
        self, unit: Unit, reviewed: Collection[int] = (), profile: Profile = NO_PROFILE
    ) -> tuple[Penalty, ...]:
        """Return what a unit's match loses; *reviewed* are the segments a second person saw.

        *profile* is its import's, which may name a domain and points of its own.
        """
        found: list[Penalty] = []

        def take(kind: PenaltyKind, more: int = 0) -> None:
            points = self.points.get(kind, 0) + more
            if points > 0:
                found.append(Penalty(kind, points))

        if unit.origin != "human":
            take(unit.origin, profile.penalty)
        elif unit.segment_id not in reviewed:
            take("unreviewed")
        domain = profile.domain or domain_of(unit)
        if self.domain and domain and domain.casefold() != self.domain.casefold():
            take("domain")
        return tuple(found)


def domain_of(unit: Unit) -> str:
    """Return the domain that a unit's file gave it, "" where it gave none."""
    props = dict(unit.props)
    return next((props[name].strip() for name in _DOMAIN if name in props), "")
