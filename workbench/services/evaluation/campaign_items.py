"""Making the items of a campaign: blind, shuffled, each text once, with attention checks."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle

from workbench.domain.judgement import CHECKS, Check, Item
from workbench.domain.quality import Evaluation

Shared = tuple[tuple[int, str, str], ...]
# A copy stands at least so far from what it is held against, where the campaign is long enough:
# a judge who sees both on one sheet would copy the score.
GAP = 25


def make_items(
    run: Evaluation, systems: Sequence[str], lines: Sequence[int], checks: float, seed: int
) -> tuple[tuple[Item, ...], Shared]:
    """Return the items in the order they are judged, and the outputs that share another's item.

    *checks* is the share of attention checks among all items. Two systems with the same text for
    a line are judged once. A check's ``twin`` is the position of the item it is held against.
    """
    chance = random.Random(seed)
    texts, shared = _texts(run, systems, lines)
    chance.shuffle(texts)
    wanted = round(len(texts) * checks / (1 - checks)) if checks else 0
    copies = _checks(run, texts, wanted, chance)
    return _placed(texts, copies, chance), shared


def _texts(
    run: Evaluation, systems: Sequence[str], lines: Sequence[int]
) -> tuple[list[Item], Shared]:
    """Return one item for each line and different text; empty outputs are judged too."""
    texts: list[Item] = []
    shared: list[tuple[int, str, str]] = []
    for n in lines:
        first: dict[str, str] = {}
        for system in systems:
            text = run.outputs[system][n]
            if text in first:
                shared.append((n, system, first[text]))
                continue
            first[text] = system
            texts.append(Item(0, n, system, run.sources[n], text))
    return texts, tuple(shared)


def _checks(
    run: Evaluation, texts: Sequence[Item], wanted: int, chance: random.Random
) -> list[tuple[Item, Item]]:
    """Return (check, the item it is held against) pairs, the kinds in turn."""
    made: list[tuple[Item, Item]] = []
    kinds = cycle(CHECKS)
    # Copies of early items can stand far behind them.
    candidates = [item for item in texts[: max(wanted, len(texts) - GAP)] if item.text.strip()]
    chance.shuffle(candidates)
    for item in candidates:
        if len(made) >= wanted:
            break
        for _ in CHECKS:
            copy = _copy(run, item, next(kinds), texts, chance)
            if copy is not None:
                made.append((copy, item))
                break
    return made


def _copy(
    run: Evaluation, item: Item, kind: Check, texts: Sequence[Item], chance: random.Random
) -> Item | None:
    """Return a check of *kind* for an item, None where it cannot be made."""
    if kind == "repeat":
        return replace(item, check=kind)
    if kind == "damaged":
        other = chance.choice([each.text for each in texts])
        text = damaged(item.text, other, chance)
        return None if text == item.text else replace(item, check=kind, text=text)
    reference = run.references[0][item.n] if run.references else ""
    outputs = {lines[item.n] for lines in run.outputs.values()}
    if not reference.strip() or reference in outputs:
        return None
    return replace(item, check="reference", text=reference)


def damaged(text: str, other: str, chance: random.Random) -> str:
    """Return *text* with a third of it, at least two characters, replaced by a piece of *other*.

    Anybody who reads it sees that it is broken; short texts are replaced whole.
    """
    length = max(2, len(text) // 3)
    start = chance.randrange(max(1, len(text) - length))
    piece = other[len(other) // 3 :][:length] or "".join(reversed(text))[:length]
    return text[:start] + piece + text[start + length :]


def _placed(
    texts: Sequence[Item], copies: Sequence[tuple[Item, Item]], chance: random.Random
) -> tuple[Item, ...]:
    """Return all items with their positions, each check behind its twin, GAP away if it can be."""
    order: list[tuple[Item, Item | None]] = [(item, None) for item in texts]
    for copy, twin in copies:
        at = next(k for k, (item, _) in enumerate(order) if item is twin)
        earliest = min(at + GAP, len(order))
        order.insert(chance.randint(earliest, len(order)), (copy, twin))
    places = {id(item): position for position, (item, _) in enumerate(order)}
    return tuple(
        replace(item, position=position, twin=places[id(twin)] if twin is not None else 0)
        for position, (item, twin) in enumerate(order)
    )
