"""What a change of an entry would touch, told before it is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from workbench.domain.term import Term
from workbench.services.term_entries import LIVE_STATES
from workbench.services.term_occurrences import Occurrences, stems, swaps_of
from workbench.services.terminology import Terminology
from workbench.storage.exports import Exported, Exports
from workbench.storage.term_places import PlaceKind, TermPlaces, TextPlace

SAMPLES = 20
# So many rows, and so many units, are looked at one by one; a term in more is everywhere.
CHECKED = 3_000


@dataclass(frozen=True, slots=True)
class Sample:
    """A row or unit that the change touches.

    ``form`` is the Russian name as it stands there, ``old`` the Chinese form that is right now and
    would not be (empty where none stands there), ``after`` the target that a patch would make.
    """

    kind: PlaceKind
    id: int
    article_id: int
    article: str
    n: int
    state: str
    source: str
    target: str
    form: str
    old: str
    after: str


@dataclass(frozen=True, slots=True)
class Impact:
    """What a change touches; ``after`` is None for a deletion.

    ``segments`` counts, by state, the rows with the Russian name whose target has a form that
    would not be right any more; ``lacking`` those that have no right form after the change and had
    none before. ``units`` and ``units_lacking`` count the memory in the same way, by origin.
    ``articles`` are the (number, title) of articles with touched rows, ``exports`` the files that
    were made of them. Only the first ``CHECKED`` places of each kind that may have the name are
    looked at; ``unchecked`` is how many there are beyond.
    """

    before: Term
    after: Term | None
    segments: Mapping[str, int]
    lacking: Mapping[str, int]
    units: Mapping[str, int]
    units_lacking: Mapping[str, int]
    articles: tuple[tuple[int, str], ...]
    exports: tuple[Exported, ...]
    samples: tuple[Sample, ...]
    unchecked: int

    @property
    def touched(self) -> int:
        """The number of rows and units that hold a form that would not be right."""
        return sum(self.segments.values()) + sum(self.units.values())


@dataclass
class _Count:
    """One kind of places as they are looked at."""

    using: Counter[str] = field(default_factory=Counter)
    lacking: Counter[str] = field(default_factory=Counter)
    articles: dict[int, str] = field(default_factory=dict)
    samples: list[Sample] = field(default_factory=list)
    unchecked: int = 0


class TermImpact:
    """Looks up what a change would touch."""

    def __init__(self, terminology: Terminology, places: TermPlaces, exports: Exports) -> None:
        """Look in the rows and units of *places*."""
        self.terminology = terminology
        self.places = places
        self.exports = exports

    def impact(self, before: Term, after: Term | None, samples: int = SAMPLES) -> Impact:
        """Return what changing the stored entry *before* to *after* touches."""
        wanted = stems(before)
        rows = self._count(before, after, self.places.rows(wanted), samples)
        units = self._count(before, after, self.places.units(wanted), samples)
        return Impact(
            before,
            after,
            dict(rows.using),
            dict(rows.lacking),
            dict(units.using),
            dict(units.lacking),
            tuple(rows.articles.items()),
            self.exports.of(rows.articles),
            (*rows.samples, *units.samples),
            rows.unchecked + units.unchecked,
        )

    def _count(
        self, before: Term, after: Term | None, places: Iterable[TextPlace], samples: int
    ) -> _Count:
        stale, right = _forms(before, after)
        here = Occurrences(self.terminology, before, quick=True)
        swaps = swaps_of(before, after.target) if after and after.target != before.target else {}
        count = _Count()
        for number, place in enumerate(places):
            if number >= CHECKED:
                count.unchecked += 1
                continue
            hit, old = here.uses(place, [*stale, *right])
            if hit is None or old in right:
                continue
            (count.using if old else count.lacking)[place.state] += 1
            if place.kind == "segment" and old:
                count.articles.setdefault(place.article_id, place.article)
            if len(count.samples) < samples and (old or not stale):
                swap = here.swapped(place.source, place.date, place.target, swaps)
                count.samples.append(_sample(place, hit.form, old, swap.text if swap else ""))
        return count


def _forms(before: Term, after: Term | None) -> tuple[list[str], list[str]]:
    """Return the Chinese forms that would not be right any more, and those that would be."""
    gone = after is None or after.status not in LIVE_STATES
    moved = after is not None and (after.source, after.type) != (before.source, before.type)
    right = [] if after is None or gone or moved else list(after.accepted)
    stale = [form for form in _with_surname(before) if form not in right]
    if after is not None and right:
        right = [form for form in _with_surname(after) if form not in stale]
    return stale, right


def _with_surname(term: Term) -> list[str]:
    surname = term.target.rpartition("·")[2] if term.type == "person" else ""
    return [*term.accepted, *([surname] if len(surname) > 1 else [])]


def _sample(place: TextPlace, form: str, old: str, after: str) -> Sample:
    return Sample(
        place.kind,
        place.id,
        place.article_id,
        place.article,
        place.n,
        place.state,
        place.source,
        place.target,
        form,
        old,
        after,
    )
