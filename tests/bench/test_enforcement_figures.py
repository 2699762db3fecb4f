"""What each layer of enforcement does: the shipped model with its abilities hidden one by one.

Stands in for engines that have no more: models from the hub take no hints, a deaf service has
nothing. Prints figures; asserts only the guarantee (`make bench`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pytest

from workbench.assembly import Workbench
from workbench.domain.language import Pair
from workbench.domain.ports import EngineInfo, Request, Stop, Translator, never
from workbench.domain.row import Candidate

pytestmark = [pytest.mark.bench, pytest.mark.model]
HIDDEN: dict[str, dict[str, object]] = {
    "everything (shipped)": {},
    "no hints (models from the hub)": {"terms": "none"},
    "no hints, no n-best": {"terms": "none", "nbest": False},
    "nothing (a service that listens to nobody)": {
        "terms": "none",
        "nbest": False,
        "prefix": False,
        "alignment": False,
    },
}


@dataclass
class Masked:
    """An engine that does not let on what it can do."""

    engine: Translator
    hidden: dict[str, object]

    @property
    def info(self) -> EngineInfo:
        return replace(self.engine.info, **self.hidden)  # type: ignore[arg-type]

    def translate(
        self, pair: Pair, requests: Sequence[Request], stop: Stop = never
    ) -> Iterator[tuple[int, tuple[Candidate, ...]]]:
        info = self.info
        told = [r if info.terms != "none" else replace(r, terms=()) for r in requests]
        for index, candidates in self.engine.translate(pair, told, stop):
            bare = candidates if info.nbest else candidates[:1]
            if not info.alignment:
                bare = tuple(replace(candidate, alignment=()) for candidate in bare)
            yield index, bare


def test_the_layers(workbench: Workbench) -> None:
    evaluator, engine = workbench.evaluation, workbench.engine()
    chosen = evaluator.open("newsdesk")
    outputs = {"none": evaluator.translate(chosen, engine)}
    for name, hidden in HIDDEN.items():
        outputs[name] = evaluator.translate(chosen, Masked(engine, hidden), "house")
        assert outputs[name].terms.success == 1
    result = evaluator.measure(chosen, outputs, ["bleu"], worst=0)
    for name, output in outputs.items():
        figures = {
            "bleu": round(result.scores[name][0].value, 2),
            "terms": f"{output.terms.honoured}/{output.terms.hits}",
            "methods": output.terms.methods,
            "seconds": round(output.seconds, 1),
        }
        sys.stdout.write(f"\n{json.dumps({name: figures}, ensure_ascii=False)}\n")
