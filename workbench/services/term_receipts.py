"""Receipts: what became of each term, who put it there, what a person decided about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from workbench.domain.row import Origin
from workbench.domain.term import Choice, Hit, Method, Receipt, Term
from workbench.services.term_placement import Placement, entity, serves

# A forced term that moved farther than tidying moves it was put elsewhere by a person.
_NUDGE = 3

Identity = tuple[object, int]


def identity(hit: Hit) -> Identity:
    """Return what tells one occurrence from another: its entry and where it begins."""
    return entity(hit), hit.span.start


def matched(
    hits: Sequence[Hit], found: Sequence[Placement], previous: Sequence[Receipt], short: bool
) -> tuple[Receipt, ...]:
    """Give each hit its placement: the mentions of one entry take theirs in order.

    What a person decided in *previous* holds on: a choice always, an override until the term
    stands again.
    """
    before = {identity(receipt.hit): receipt for receipt in previous}
    rejected = {receipt.hit.span for receipt in previous if receipt.choice == "rejected"}
    used: dict[object, int] = defaultdict(int)
    receipts = []
    for hit in hits:
        mine = [placement for placement in found if serves(placement, hit, short)]
        which = min(used[entity(hit)], len(mine) - 1)
        used[entity(hit)] += 1
        span = mine[which].span if mine else None
        old = before.get(identity(hit))
        choice = old.choice if old is not None else ""
        if hit.state == "ambiguous" and hit.span in rejected:
            receipts.append(Receipt(hit, "rejected", choice="rejected"))
        elif hit.state == "ambiguous":
            receipts.append(Receipt(hit, "ambiguous", "", span))
        elif span is not None:
            receipts.append(Receipt(hit, "honoured", "", span, choice=choice))
        elif old is not None and old.state == "overridden":
            receipts.append(Receipt(hit, "overridden", reason=old.reason, choice=choice))
        else:
            receipts.append(Receipt(hit, "missing", choice=choice))
    return tuple(receipts)


def settled(
    hits: Sequence[Hit], previous: Sequence[Receipt], entry: Callable[[int], Term | None]
) -> tuple[Hit, ...]:
    """Return *hits* with the readings that a person accepted in *previous* in force.

    *entry* returns an entry as it is today, None when it is gone: its choice is then void.
    """
    accepted = {r.hit.span: r.hit.term for r in previous if r.choice == "accepted"}
    return tuple(_chosen(hit, accepted.get(hit.span), entry) for hit in hits)


def _chosen(hit: Hit, term: Term | None, entry: Callable[[int], Term | None]) -> Hit:
    if term is None or hit.state != "ambiguous":
        return hit
    today = hit.term if hit.term.id == term.id else entry(term.id)
    return hit if today is None else replace(hit, term=today, state="found")


def typed(receipts: Sequence[Receipt], previous: Sequence[Receipt]) -> tuple[Receipt, ...]:
    """Say who put each honoured term where it stands, after a person changed the target.

    A term keeps its method while it stands in the same order among the others; otherwise the
    person put it there.
    """
    before = {identity(receipt.hit): receipt for receipt in previous}
    ranks, now = _order(previous), _order(receipts)
    signed = []
    for receipt in receipts:
        here = identity(receipt.hit)
        old = before.get(here)
        method: Method = "human"
        if old is not None and old.state == "honoured" and old.target and receipt.target:
            moved = abs(old.target.start - receipt.target.start)
            if ranks.get(here) == now.get(here) and (old.method != "forced" or moved <= _NUDGE):
                method = old.method
        signed.append(_by(receipt, method))
    return tuple(signed)


def kept(
    receipts: Sequence[Receipt], previous: Sequence[Receipt], otherwise: Method
) -> tuple[Receipt, ...]:
    """Say who put each honoured term where it stands, when no person has touched the target.

    Each keeps its method however far it moved; *otherwise* is for those that were not there before.
    """
    before = {identity(r.hit): r.method for r in previous if r.state == "honoured"}
    return tuple(_by(r, before.get(identity(r.hit), otherwise)) for r in receipts)


def override(receipts: Sequence[Receipt], start: int, reason: str) -> tuple[Receipt, ...] | None:
    """Return the receipts with the missing term that begins at *start* overridden.

    Every missing mention of the entry is, since one would serve them all. None without such a term.
    """
    open_ = ("missing", "overridden")
    meant = {entity(r.hit) for r in receipts if r.hit.span.start == start and r.state in open_}
    if not meant:
        return None
    return tuple(
        replace(r, state="overridden", reason=reason)
        if r.state in open_ and entity(r.hit) in meant
        else r
        for r in receipts
    )


def choose(
    receipts: Sequence[Receipt], start: int, choice: Choice, term: Term | None
) -> tuple[Receipt, ...]:
    """Return the receipts with the decision about the uncertain hit that begins at *start*.

    It takes effect when hits and receipts are taken again; *term* is the entry accepted.
    """
    decided = []
    for receipt in receipts:
        if receipt.hit.span.start == start:
            hit = replace(receipt.hit, term=term or receipt.hit.term, state="ambiguous")
            decided.append(Receipt(hit, "ambiguous", choice=choice))
        else:
            decided.append(receipt)
    return tuple(decided)


def carried(receipts: Sequence[Receipt], previous: Sequence[Receipt]) -> tuple[Receipt, ...]:
    """Return the receipts of a new draft with the choices that were made about an earlier one."""
    choices = {r.hit.span: r.choice for r in previous if r.choice}
    return tuple(_with_choice(receipt, choices.get(receipt.hit.span, "")) for receipt in receipts)


def _with_choice(receipt: Receipt, choice: Choice) -> Receipt:
    if choice == "rejected" and receipt.state == "ambiguous":
        return Receipt(receipt.hit, "rejected", choice=choice)
    return replace(receipt, choice=choice) if choice == "accepted" else receipt


def method_of(origin: Origin) -> Method:
    """Return who put the terms into a text of that origin, as far as nothing more is known."""
    if origin == "machine":
        return "model"
    return "human" if origin in ("", "human") else "memory"


def _by(receipt: Receipt, method: Method) -> Receipt:
    return replace(receipt, method=method) if receipt.state == "honoured" else receipt


def _order(receipts: Sequence[Receipt]) -> dict[Identity, int]:
    """Return each honoured receipt's rank by its place in the target."""
    standing = [r for r in receipts if r.state == "honoured" and r.target is not None]
    standing.sort(key=lambda r: r.target.start if r.target else 0)
    return {identity(receipt.hit): rank for rank, receipt in enumerate(standing)}
