"""The figures of the memory as tables in docs/memory.md and as a plot."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[2] / "docs"
FIGURES = DOCS / "memory-figures.json"
TABLES = re.compile(r"(<!-- figures -->\n).*?(<!-- end -->)", re.DOTALL)

SIZES = ("fuzzy", "Russian words", "Chinese concordance", "texts")

Figures = dict[str, Any]


def write_tables(runs: Figures) -> None:
    """Put the tables in the place of the old ones."""
    page = DOCS / "memory.md"
    text = page.read_text("utf-8")
    tables = "\n\n".join([ours(runs), times(runs), rivals(runs)])
    page.write_text(TABLES.sub(lambda m: f"{m[1]}{tables}\n{m[2]}", text), "utf-8")


def table(head: list[str], rows: list[list[object]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def ours(runs: Figures) -> str:
    head = ["units", "TMX import", "peak", "index built", "peak (private)", "fuzzy index"]
    head += ["Russian words", "Chinese concordance", "texts", "R@1", "R@5", "worst band"]
    rows = []
    for size, run in runs.items():
        build, sizes, found = run["build"], run["index MB"], run["recall"]
        made = run["import"] or {"cpu s": "–", "peak MB": "–"}
        worst = min(found["bands"].values())[0] if found["bands"] else "–"
        rows.append(
            [f"{int(size):,}", f"{made['cpu s']} s", f"{made['peak MB']} MB"]
            + [f"{build['cpu s']} s", f"{build['peak MB']} ({build['private MB']}) MB"]
            + [f"{sizes[name]} MB" if name in sizes else "–" for name in SIZES]
            + [found["recall@1"], found["recall@5"], worst]
        )
    return table(head, rows)


def times(runs: Figures) -> str:
    rows = []
    for size, run in runs.items():
        given = dict(run["search"])
        given |= {"commit, with a reader": run["commit"], "commit and find": run["findable"]}
        for name, found in given.items():
            rows.append([f"{int(size):,}", run.get("load", "–"), name, *_both(found)])
    return table(
        ["units", "load", "what", "CPU p50 / p95 / p99 ms", "wall p50 / p95 / p99 ms"], rows
    )


def rivals(runs: Figures) -> str:
    rows = []
    for size, run in runs.items():
        mine = {
            "build": run["build"]["cpu s"],
            "MB": run["index MB"]["fuzzy"],
            "search": run["search"]["candidates"],
            "recall": run["recall"],
        }
        for name, found in ({"**workbench**": mine} | run["rivals"]).items():
            recall = found["recall"]
            figures = [recall["recall@1"], recall["recall@5"], recall["queries"]]
            spent = "–" if found["build"] is None else f"{found['build']} s"
            built = [spent, f"{found['MB']} MB"]
            rows.append([f"{int(size):,}", name, *built, _both(found["search"])[0], *figures])
    head = ["units", "way", "build CPU", "index", "CPU p50 / p95 / p99 ms", "R@1", "R@5", "n"]
    return table(head, rows)


def _both(found: Figures) -> list[str]:
    return [" / ".join(f"{value:.1f}" for value in found[clock]) for clock in ("cpu", "wall")]


def draw(runs: Figures) -> None:
    """Plot latency against size, where matplotlib is installed."""
    try:
        import matplotlib as mpl
    except ImportError:
        return
    mpl.use("Agg")
    from matplotlib import pyplot

    lines: dict[str, list[tuple[int, float]]] = {}
    for size, run in runs.items():
        found = {
            "workbench: matches with texts and scores": run["search"]["matches"],
            "workbench: candidates": run["search"]["candidates"],
        }
        found |= {name: rival["search"] for name, rival in run["rivals"].items()}
        for name, figures in found.items():
            lines.setdefault(name, []).append((int(size), figures["cpu"][1]))
    figure, axes = pyplot.subplots(figsize=(10, 4.5), layout="constrained")
    for name, points in lines.items():
        mine = name.startswith("workbench")
        axes.plot(*zip(*points, strict=True), marker="o", label=name, linewidth=3 if mine else 1.2)
    axes.set(xscale="log", yscale="log", xlabel="units", ylabel="CPU ms a search, p95")
    axes.grid(visible=True, which="major", alpha=0.3)
    figure.legend(loc="outside right upper", fontsize=8)
    axes.set_title("Finding like sentences: latency against size")
    figure.savefig(DOCS / "images" / "memory-latency.png", dpi=110)
    pyplot.close(figure)
