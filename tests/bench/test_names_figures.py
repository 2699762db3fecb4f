"""How many names a second are spelled and brought to the nominative. Prints; asserts no time."""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from workbench.languages.nominative import nominative
from workbench.languages.transcription import transcribe
from workbench.services.name_lists import given_names
from workbench.services.transcriber import Transcriber

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.bench


def rate(work: Callable[[str], object], names: list[str]) -> int:
    work(names[0])
    begun = time.perf_counter()
    for name in names[1:]:
        assert work(name)
    return round((len(names) - 1) / (time.perf_counter() - begun))


def test_names_a_second() -> None:
    with (ROOT / "tests" / "data" / "transcription.tsv").open(encoding="utf-8") as file:
        given = [r["ru"].split()[0] for r in csv.DictReader(file, delimiter="\t")][:20]
    syllables = ("ра", "се", "ми", "нто")
    stems = ("".join(parts) for parts in product(("Ба", "Ди", "Гу", "Ке", "Лю"), *[syllables] * 3))
    surnames = [stem + end for stem in stems for end in ("ев", "инский", "енко", "бай")]
    names = [f"{given[number % 20]} {surname}" for number, surname in enumerate(surnames)]
    transcriber = Transcriber(given_names(ROOT / "glossary" / "ru-zh" / "names"), lambda _: ())
    figures = {
        "surname by the table": rate(lambda name: transcribe(name, "surname"), surnames),
        "full name": rate(transcriber.propose, [name + "ов" for name in names]),
        "nominative of a full name": rate(nominative, [name + "ову" for name in names]),
    }
    sys.stdout.write(f"\nnames a second, none seen before: {figures}\n")
