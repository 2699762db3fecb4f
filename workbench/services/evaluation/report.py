"""An evaluation as a document for machines and as a text for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from workbench.domain.quality import Evaluation, TermUse
from workbench.messages import say
from workbench.services.evaluation import report_parts
from workbench.services.evaluation.orders import token_speeds
from workbench.services.evaluation.reports.words import interval


def as_document(run: Evaluation) -> dict[str, Any]:
    """Return the JSON document of the command-line contract."""
    fast = token_speeds(run)
    return {
        "id": run.id or None,
        "created": run.created or None,
        "set": run.set_name,
        "size": run.size,
        "glossary": run.glossary,
        "machine": run.machine,
        "systems": [_system(run, name, fast) for name in run.systems],
        "significance": [asdict(comparison) for comparison in run.comparisons],
        "worst": [asdict(weak) for weak in run.worst],
        "contrast": asdict(run.contrast) if run.contrast else None,
        "warnings": [say(key, "en", **values)[0] for key, values in run.warnings],
    }


def _system(run: Evaluation, name: str, fast: Mapping[str, float]) -> dict[str, Any]:
    use = run.terms.get(name, TermUse())
    seconds = run.seconds.get(name, 0.0)
    return {
        "name": name,
        "scores": [asdict(score) for score in run.scores.get(name, ())],
        "terms": {
            "hits": use.hits,
            "honoured": use.honoured,
            "success": use.success,
            "methods": use.methods,
        },
        "measures": [asdict(score) for score in run.measures.get(name, ())],
        "faults": [asdict(fault) for fault in run.faults.get(name, ())],
        "renderings": [asdict(each) for each in run.renderings.get(name, ())],
        "seconds": seconds or None,
        "characters_per_second": run.characters / seconds if seconds else None,
        "tokens_per_second": fast.get(name),
    }


def as_text(run: Evaluation) -> str:
    """Return the run as plain text; each figure with its interval and signature."""
    return "\n".join(_lines(run))


def _lines(run: Evaluation) -> Iterator[str]:
    stored = f" · run {run.id}" if run.id else ""
    yield f"{run.set_name} · {run.size} lines · glossary {run.glossary}{stored}"
    yield run.machine
    width = max(len(name) for name in run.systems)
    fast = token_speeds(run)
    for name in run.systems:
        for score in run.scores[name]:
            value = f"{score.value:8.2f}  {interval(score):>14}"
            yield f"{name:<{width}}  {score.metric:<7}{value}  {score.signature}"
        yield from _facts(run, name, width, fast)
        yield from report_parts.measures(run, name, width)
    for c in run.comparisons:
        difference = f"{c.metric} {c.difference:+.2f}, p = {c.p_value:.4f}"
        yield f"{c.system} against {c.baseline}: {difference}"
    if run.contrast:
        yield from report_parts.contrast(run.contrast)
    for weak in run.worst:
        yield f"\n{weak.system} {weak.n} · {weak.metric} {weak.value:.1f}"
        yield from (f"  {line}" for line in (weak.source, weak.hypothesis, weak.reference) if line)


def _facts(run: Evaluation, name: str, width: int, fast: Mapping[str, float]) -> Iterator[str]:
    use = run.terms.get(name, TermUse())
    if use.success is not None:
        methods = ", ".join(f"{method} {count}" for method, count in use.methods.items())
        share = f"{use.honoured} of {use.hits} ({use.success:.1%})"
        yield f"{name:<{width}}  terms   {share}{': ' + methods if methods else ''}"
    seconds = run.seconds.get(name)
    if seconds:
        speed = f"{run.characters / seconds:.0f} characters a second"
        if name in fast:
            speed += f", {fast[name]:.0f} tokens a second"
        yield f"{name:<{width}}  time    {seconds:.1f} s, {speed}"
