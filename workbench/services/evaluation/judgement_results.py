"""What came of a campaign: judges, attention checks, agreement and the systems' scores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import fmean, median, stdev
from typing import TYPE_CHECKING

from workbench.domain.judgement import (
    SEVERITIES,
    Agreement,
    Campaign,
    Item,
    Judgement,
    JudgeRow,
    Kind,
    Results,
    SystemRow,
)
from workbench.domain.quality import Comparison, Score
from workbench.services.evaluation.agreement import alpha, banded, kappas
from workbench.services.evaluation.resampling import SEED, VERSION, ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

TRIALS = 10_000
# An attention check fails beyond so much, in points of its kind of judgement.
TOLERANCE: Mapping[Kind, float] = {"da": 20.0, "mqm": 5.0}
# system → line → values of the judges
Table = dict[str, dict[int, list[float]]]


def results(
    campaign: Campaign,
    items: Sequence[Item],
    judgements: Sequence[Judgement],
    without: tuple[str, ...] = (),
) -> Results:
    """Return the results; systems are named only when the campaign is closed."""
    places = {item.id: item for item in items}
    kept = [said for said in judgements if said.author not in without]
    plain = [said for said in kept if not places[said.item_id].check]
    found = Results(
        campaign,
        _judges(campaign.kind, places, judgements),
        _agreement(campaign.kind, plain),
        without=without,
    )
    if not campaign.closed:
        return found
    raw = _table(campaign, places, plain, {})
    metrics = {"da": "DA", "mqm": "MQM"}
    tables = {metrics[campaign.kind]: raw}
    if campaign.kind == "da":
        tables["DA z"] = _table(campaign, places, plain, _standards(plain))
    judges = len({said.author for said in plain})
    rows = tuple(
        _system(system, places, plain, tables, campaign, judges)
        for system in campaign.settings.systems
    )
    compared = _comparisons(metrics[campaign.kind], raw, campaign.settings.systems)
    return Results(campaign, found.judges, found.agreement, rows, compared, found.without)


def value_of(said: Judgement) -> float:
    """Return the score of a direct assessment, or minus the penalty points of the errors."""
    return said.score if said.score is not None else -said.penalty


# -- judges -----------------------------------------------------------------------------


def _judges(
    kind: Kind, places: Mapping[int, Item], judgements: Sequence[Judgement]
) -> tuple[JudgeRow, ...]:
    by_judge: dict[str, dict[int, Judgement]] = {}
    for said in judgements:
        by_judge.setdefault(said.author, {})[said.item_id] = said
    return tuple(_judge(kind, name, by_judge[name], places) for name in sorted(by_judge))


def _judge(
    kind: Kind, name: str, said: Mapping[int, Judgement], places: Mapping[int, Item]
) -> JudgeRow:
    seen: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    for item_id, judgement in said.items():
        item = places[item_id]
        if not item.check or item.twin not in said:
            continue
        seen[item.check] += 1
        failed[item.check] += _fails(kind, item, value_of(judgement), value_of(said[item.twin]))
    values = [
        judgement.score if judgement.score is not None else judgement.penalty
        for item_id, judgement in said.items()
        if not places[item_id].check
    ]
    times = [judgement.active_ms / 1000 for judgement in said.values() if judgement.active_ms]
    return JudgeRow(
        name,
        len(said),
        dict(seen),
        {check: count for check, count in failed.items() if count},
        fmean(values) if values else None,
        stdev(values) if len(values) > 1 else None,
        median(times) if times else None,
    )


def _fails(kind: Kind, item: Item, value: float, twin: float) -> bool:
    """Tell whether an attention check failed; higher values are better for both kinds.

    A repeat must get nearly the same, a damaged copy less than the whole text (unless that was
    worth nothing already), a reference not clearly less than a machine's output.
    """
    tolerance = TOLERANCE[kind]
    if item.check == "repeat":
        return abs(value - twin) > tolerance
    if item.check == "damaged":
        worthless = kind == "da" and twin == value == 0
        return value >= twin and not worthless
    return twin - value > tolerance


def _agreement(kind: Kind, plain: Sequence[Judgement]) -> tuple[Agreement, ...]:
    ratings = [(said.author, said.item_id, value_of(said)) for said in plain]
    if kind == "da":
        return (alpha(ratings, "interval"), *kappas(banded(ratings), "bands of 20"))
    worst = [(said.author, said.item_id, float(_worst(said))) for said in plain]
    return (alpha(ratings, "interval"), *kappas(worst, "worst severity"))


def _worst(said: Judgement) -> int:
    """Return the heaviest severity of a judgement: 0 for none, 3 for critical."""
    return max((SEVERITIES.index(span.severity) + 1 for span in said.spans), default=0)


# -- systems ----------------------------------------------------------------------------


def _standards(plain: Sequence[Judgement]) -> dict[str, tuple[float, float]]:
    """Return each judge's mean and standard deviation, for z-scores."""
    by_judge: dict[str, list[float]] = {}
    for said in plain:
        by_judge.setdefault(said.author, []).append(value_of(said))
    return {
        judge: (fmean(values), (stdev(values) if len(values) > 1 else 0.0) or 1.0)
        for judge, values in by_judge.items()
    }


def _table(
    campaign: Campaign,
    places: Mapping[int, Item],
    plain: Sequence[Judgement],
    standards: Mapping[str, tuple[float, float]],
) -> Table:
    """Gather the values by system and line; a shared text counts for each of its systems."""
    sharers: dict[tuple[int, str], list[str]] = {}
    for n, system, owner in campaign.settings.shared:
        sharers.setdefault((n, owner), []).append(system)
    table: Table = {system: {} for system in campaign.settings.systems}
    for said in plain:
        item = places[said.item_id]
        mean, deviation = standards.get(said.author, (0.0, 1.0))
        value = (value_of(said) - mean) / deviation
        if said.score is None:
            value = -value  # penalty points are shown as such: fewer are better
        for system in (item.system, *sharers.get((item.n, item.system), ())):
            table[system].setdefault(item.n, []).append(value)
    return table


def _system(
    system: str,
    places: Mapping[int, Item],
    plain: Sequence[Judgement],
    tables: Mapping[str, Table],
    campaign: Campaign,
    judges: int,
) -> SystemRow:
    scores = tuple(
        score
        for name, table in tables.items()
        if (score := _mean(name, table[system], judges)) is not None
    )
    lines = next(iter(tables.values()))[system]
    own = {n for n, name, owner in campaign.settings.shared if name == system}
    owners = {(n, owner) for n, name, owner in campaign.settings.shared if name == system}
    spans = [
        span
        for said in plain
        for item in [places[said.item_id]]
        if (item.system == system and item.n not in own) or (item.n, item.system) in owners
        for span in said.spans
    ]
    return SystemRow(
        system,
        len(lines),
        sum(map(len, lines.values())),
        scores,
        dict(Counter(span.category for span in spans).most_common()),
        dict(Counter(span.severity for span in spans).most_common()),
    )


def _mean(name: str, lines: Mapping[int, Sequence[float]], judges: int) -> Score | None:
    """Return the mean over lines of the judges' means, with its bootstrap interval over lines."""
    if not lines:
        return None
    means = [fmean(values) for _, values in sorted(lines.items())]
    parts = ("unit:line", f"judges:{judges}")
    return ratio(name, means, [1.0] * len(means), *parts, scale=1.0)


def _comparisons(name: str, table: Table, systems: Sequence[str]) -> tuple[Comparison, ...]:
    """Compare each system with the first over the lines that both were judged on."""
    baseline, *others = systems
    test = f"ar:{TRIALS}|seed:{SEED}|unit:line|version:{VERSION}"
    found = []
    for system in others:
        common = sorted(table[baseline].keys() & table[system].keys())
        if len(common) < 2:
            continue
        pairs = [(fmean(table[system][n]), fmean(table[baseline][n])) for n in common]
        difference, p_value = _randomised(pairs)
        compared = Comparison(name, system, baseline, difference, p_value, test, size=len(common))
        found.append(compared)
    return tuple(found)


def _randomised(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return (difference of the means, p) of paired approximate randomization."""
    import numpy as np

    differences: NDArray[np.float64] = np.array([mine - theirs for mine, theirs in pairs])
    observed = float(differences.mean())
    chance = np.random.default_rng(SEED)
    extreme = 0
    for size in _portions(TRIALS, 1_000):
        signs = chance.integers(0, 2, (size, len(differences))) * 2 - 1
        drawn = np.abs((signs * differences).mean(axis=1))
        extreme += int((drawn >= abs(observed) - 1e-12).sum())
    return observed, (extreme + 1) / (TRIALS + 1)


def _portions(total: int, most: int) -> list[int]:
    return [min(most, total - start) for start in range(0, total, most)]
