"""Charts of a report, drawn by matplotlib without a screen; the same chart gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from workbench.domain.report import Chart, ChartKind, Point, Series

_LATIN = "DejaVu Sans"  # comes with matplotlib
# Okabe and Ito's colours, told apart with any kind of sight and in grey.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#666666")
HATCHES = ("", "//", "..", "xx", "\\\\", "++", "--")
INK = "#333333"
WIDTH = 6.4  # inches, the width of the text on a page
_CHINESE = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Source Han Sans SC", "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei", "Microsoft YaHei", "SimHei", "PingFang SC", "Heiti SC",
)  # fmt: skip
_SETTINGS: dict[Any, Any] = {
    "font.size": 9,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "svg.hashsalt": "workbench",
    "svg.fonttype": "none",  # text stays text: the reader's browser has the fonts
    "axes.unicode_minus": False,
    "text.parse_math": False,  # a name may hold a dollar sign
}


def svg(chart: Chart) -> str:
    """Return the chart as an ``<svg>`` element for a web page."""
    with _style([_LATIN]):
        target = io.StringIO()
        _figure(chart).savefig(target, format="svg", metadata={"Date": None, "Creator": None})
    text = target.getvalue()
    return text[text.index("<svg") :].strip()


def png(chart: Chart, dpi: int = 200) -> bytes:
    """Return the chart as a picture for a document."""
    with _style(_fonts()):
        target = io.BytesIO()
        _figure(chart).savefig(target, format="png", dpi=dpi, metadata={"Software": None})
    return target.getvalue()


def _fonts() -> list[str]:
    from matplotlib import font_manager

    there = set(font_manager.get_font_names())
    return [_LATIN, *(name for name in _CHINESE if name in there)]


@contextmanager
def _style(fonts: Sequence[str]) -> Iterator[None]:
    import warnings

    import matplotlib as mpl

    with mpl.rc_context({**_SETTINGS, "font.family": list(fonts)}), warnings.catch_warnings():
        # A machine without Chinese fonts draws boxes for Chinese names; the tables beside the
        # chart hold them. In a web page nothing is missing: the letters are not drawn here.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def _figure(chart: Chart) -> Any:
    return _DRAWN[chart.kind](chart)


def _new(height: float, panels: int = 1) -> tuple[Any, list[Any]]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    axes = figure.subplots(1, panels, sharey=True, squeeze=False)[0]
    return figure, list(axes)


def _intervals(chart: Chart) -> Any:
    """One panel a series; labels down the side, the first on top."""
    labels = [point.label for point in chart.series[0].points]
    figure, panels = _new(0.75 + 0.34 * len(labels), len(chart.series))
    for panel, series in zip(panels, chart.series, strict=True):
        for place, point in enumerate(series.points):
            colour = COLOURS[place % len(COLOURS)]
            if point.low is not None and point.high is not None:
                panel.plot([point.low, point.high], [place, place], color=colour, linewidth=2)
            panel.plot([point.value], [place], "o", color=colour, markersize=5)
        panel.set_title(series.name)
        panel.grid(axis="x", color="#dddddd", linewidth=0.6)
        panel.margins(x=0.12)
        panel.set_ylim(len(labels) - 0.5, -0.5)
    panels[0].set_yticks(range(len(labels)), labels)
    return figure


def _lines(chart: Chart) -> Any:
    """One line a series over the labels of all of them, in the order in which they first come."""
    labels = list(dict.fromkeys(point.label for series in chart.series for point in series.points))
    place = {label: number for number, label in enumerate(labels)}
    figure, (panel,) = _new(2.8)
    for number, series in enumerate(chart.series):
        colour = COLOURS[number % len(COLOURS)]
        across = [place[point.label] for point in series.points]
        values = [point.value for point in series.points]
        panel.errorbar(
            across, values, yerr=_errors(series), fmt="o-", color=colour,
            capsize=2, linewidth=1.5, markersize=4, elinewidth=0.8, label=series.name,
        )  # fmt: skip
    panel.set_xticks(range(len(labels)), labels, rotation=30 if len(labels) > 4 else 0, ha="center")
    panel.set_ylabel(chart.unit)
    panel.grid(axis="y", color="#dddddd", linewidth=0.6)
    figure.legend(loc="outside lower center", ncols=3, frameon=False)
    return figure


def _errors(series: Series) -> list[list[float]]:
    def reach(point: Point) -> tuple[float, float]:
        if point.low is None or point.high is None:
            return 0.0, 0.0
        return max(0.0, point.value - point.low), max(0.0, point.high - point.value)

    below, above = zip(*map(reach, series.points), strict=True)
    return [list(below), list(above)]


def _shares(chart: Chart) -> Any:
    """One bar a label, stacked from the series in order; hatches tell them apart without colour."""
    labels = [point.label for point in chart.series[0].points]
    figure, (panel,) = _new(0.9 + 0.34 * len(labels))
    left = [0.0] * len(labels)
    for number, series in enumerate(chart.series):
        values = [point.value for point in series.points]
        panel.barh(
            range(len(labels)), values, left=left, height=0.62,
            color=COLOURS[number % len(COLOURS)], hatch=HATCHES[number % len(HATCHES)],
            edgecolor="white", linewidth=0.5, label=series.name,
        )  # fmt: skip
        left = [done + value for done, value in zip(left, values, strict=True)]
    panel.set_yticks(range(len(labels)), labels)
    panel.set_ylim(len(labels) - 0.5, -0.5)
    panel.set_xlabel(chart.unit)
    figure.legend(loc="outside lower center", ncols=4, frameon=False)
    return figure


_DRAWN: Mapping[ChartKind, Callable[[Chart], Any]] = {
    "intervals": _intervals,
    "lines": _lines,
    "shares": _shares,
}
