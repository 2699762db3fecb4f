"""Terms over a whole set: how many stand in the output, and whether one is always said one way."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from workbench.domain.language import Span
from workbench.domain.quality import Renderings, Score
from workbench.domain.term import Receipt, Term
from workbench.services.evaluation.edits import NAME_TYPES
from workbench.services.evaluation.resampling import ratio, share
from workbench.services.renderings import rendering

LEAST = 2  # mentions of a term that can be inconsistent
Receipts = Sequence[Sequence[Receipt]]


def term_score(receipts: Receipts) -> Score | None:
    """Return the share of terms that stand in the output; None where the sources hold none.

    The interval is bootstrapped over the lines, ``size`` is their number; but where all or none
    stand a bootstrap would give no interval at all, and Wilson's over the terms is taken.
    """
    counted = [[r for r in line if r.state in ("honoured", "missing")] for line in receipts]
    hits = [len(line) for line in counted]
    if not sum(hits):
        return None
    kept = [sum(receipt.state == "honoured" for receipt in line) for line in counted]
    if sum(kept) in (0, sum(hits)):
        return share("terms", sum(kept), sum(hits), "unit:hit")
    return ratio("terms", kept, hits, f"hits:{sum(hits)}", "unit:line")


def consistency(
    receipts: Receipts, lines: Sequence[str]
) -> tuple[Score | None, tuple[Renderings, ...]]:
    """Return how much of a term's mentions have its most frequent rendering, and the renderings.

    Only terms with two mentions or more count; None where there are none. The interval is
    bootstrapped over the terms. The least consistent come first. What stands for a name that no
    known form renders is found by its likeness; a mention where nothing like it stands is a
    rendering of its own.
    """
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for found, line in zip(receipts, lines, strict=True):
        taken = [receipt.target for receipt in found if receipt.target is not None]
        for receipt in found:
            if receipt.state in ("honoured", "missing"):
                term = receipt.hit.term
                counts[term.source, term.target][_rendered(receipt, line, taken)] += 1
    repeated = {key: count for key, count in counts.items() if count.total() >= LEAST}
    if not repeated:
        return None, ()
    most = [max(count.values()) for count in repeated.values()]
    totals = [count.total() for count in repeated.values()]
    if most == totals:  # as above: a bootstrap would give no interval
        score = share("consistency", len(totals), len(totals), "unit:term")
    else:
        score = ratio("consistency", most, totals, f"mentions:{sum(totals)}", "unit:term")
    shown = [
        Renderings(source, target, count.total(), dict(count.most_common()))
        for (source, target), count in repeated.items()
    ]
    shown.sort(key=lambda each: (-len(each.counts), -each.mentions, each.source))
    return score, tuple(shown)


def _rendered(receipt: Receipt, line: str, taken: Sequence[Span]) -> str:
    """Return what stands in *line* for a term, empty where nothing is known to.

    The short form of a name (俄 for 俄罗斯, a surname, 集安组织) is no other rendering.
    """
    term: Term = receipt.hit.term
    if receipt.target is not None:
        form = receipt.target.of(line)
        return term.target if _short_for(form, term.target) else form
    if term.type not in NAME_TYPES:
        return ""
    found = rendering(line, term.accepted, taken)
    return found.form if found else ""


def _short_for(form: str, whole: str) -> bool:
    """Tell whether the characters of *form* stand in *whole*, in their order."""
    letters = iter(whole)
    return all(letter in letters for letter in form)
