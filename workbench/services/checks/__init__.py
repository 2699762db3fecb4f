"""The checks on a row: a table of small measures, and the one place that runs them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cached_property

from workbench.domain.ports import Check
from workbench.domain.row import Issue, Row
from workbench.registry import Registry

CHECKS = Registry(
    "workbench.checks",
    {
        "ZH-R03": "workbench.services.checks.damage:Empty",
        "ZH-R01": "workbench.services.checks.damage:Cyrillic",
        "ZH-R02": "workbench.services.checks.damage:Loop",
        "ZH-R04": "workbench.services.checks.length:Length",
        "ZH-T01": "workbench.services.checks.terms:TermMissing",
        "ZH-T02": "workbench.services.checks.terms:TermForbidden",
        "ZH-N10": "workbench.services.checks.numbers:NumberDiffers",
        "ZH-N": "workbench.services.checks.style:Numerals",
        "ZH-P": "workbench.services.checks.style:Punctuation",
        "ZH-P04": "workbench.services.checks.style:Balance",
    },
)
EMPTY = "ZH-R03"
ORDER = {"error": 0, "warning": 1, "info": 2}


class Checks:
    """Every check of the table. Built once; running it changes nothing."""

    @cached_property
    def _checks(self) -> tuple[Check, ...]:
        return tuple(CHECKS.load(name)() for name in CHECKS)

    def run(self, row: Row, dismissed: Collection[str] = ()) -> tuple[Issue, ...]:
        """Return what the checks report, worst first.

        An empty target gets one issue, or none while the row is still new. *dismissed* holds
        ids of issues that a person has waved through; they come back marked.
        """
        found = sorted(self._found(row), key=lambda issue: ORDER[issue.severity])
        seen: Counter[str] = Counter()
        issues = []
        for issue in found:
            digest = identify(issue, row)
            seen[digest] += 1
            name = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
            issues.append(replace(issue, id=name, dismissed=name in dismissed))
        return tuple(issues)

    def _found(self, row: Row) -> Iterator[Issue]:
        empty = not row.target.strip()
        for check in self._checks:
            if empty == (check.name == EMPTY):
                yield from check(row)


def identify(issue: Issue, row: Row) -> str:
    """Return a digest of what is wrong, the same wherever in the target it stands."""
    places = (
        issue.source.of(row.segment.source) if issue.source else "",
        issue.target.of(row.target) if issue.target else "",
    )
    # A fault that lies in no place is told apart by what it says.
    content = (issue.check, *(places if any(places) else (str(issue.values),)))
    return hashlib.sha256("\0".join(content).encode()).hexdigest()[:16]
