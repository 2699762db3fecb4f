"""A glossary of 100,000 entries: to read, to follow, to search. Prints figures; asserts none.

Everything is CPU time of this process; sizes are what the process grew by.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from pathlib import Path

import pytest

from workbench.domain.term import Form, Term, TermType
from workbench.languages.morphology import Gender
from workbench.languages.name_forms import consonant_noun, family, given, surname
from workbench.services.terminology import Terminology
from workbench.storage.database import Database
from workbench.storage.terms import Terms

pytestmark = pytest.mark.bench

ENTRIES = 100_000
CHARACTERS = 1_000_000
# How many of a text's words are words of entries.
TEXTS = {"running text": 0.0, "text of names": 1 / 3}
GIVEN: tuple[tuple[str, Gender], ...] = (
    *((name, "masc") for name in ("Андрей", "Борис", "Виктор", "Ербол", "Иван", "Нурлан", "Пётр")),
    *((name, "femn") for name in ("Айгуль", "Вера", "Галина", "Динара", "Елена", "Мария", "Юлия")),
)
MASCULINE = ("ов", "ев", "ин", "ский", "енко", "ян", "адзе")
FEMININE = ("ова", "ева", "ина", "ская", "енко", "ян", "адзе")
ONSETS = ("б", "в", "г", "д", "ж", "з", "к", "л", "м", "н", "п", "р", "с", "т", "бр", "кр", "ст")
VOWELS = ("а", "е", "и", "о", "у", "ы", "я")
ADJECTIVE = ("ый", "ого", "ому", "ый", "ым", "ом")


def made_up(count: int) -> Iterator[Term]:
    """Yield entries of a newsroom's kinds: names, phrases, places; five forms each."""
    chance = random.Random(1)
    columns = {name: given(*name) for name in GIVEN}

    def stem() -> str:
        syllables = chance.choice((1, 2, 2, 3))
        pairs = (chance.choice(ONSETS) + chance.choice(VOWELS) for _ in range(syllables))
        return "".join(pairs) + chance.choice(ONSETS[:14])

    def noun() -> list[str]:
        return [case[0] for case in consonant_noun(stem() + chance.choice(("ор", "ист", "ент")))]

    def entry() -> tuple[TermType, list[str]]:
        kind = chance.random()
        if kind < 0.45:
            name = chance.choice(GIVEN)
            endings = MASCULINE if name[1] == "masc" else FEMININE
            cases = surname(stem().capitalize() + chance.choice(endings), name[1])
            pairs = (product(*both) for both in zip(columns[name], cases, strict=True))
            return "person", [" ".join(words) for case in pairs for words in case]
        if kind < 0.60:
            word = stem().capitalize() + chance.choice(MASCULINE)
            paradigm = surname(word, "masc") + (family(word) or ())
            return "person", [form for case in paradigm for form in case]
        if kind < 0.85:
            adjective = stem()
            return "term", [f"{adjective}{a} {b}" for a, b in zip(ADJECTIVE, noun(), strict=True)]
        if kind < 0.97:
            genitive = noun()[1]
            return "term", [f"{word} {genitive}" for word in noun()]
        return "place", [case[0] for case in consonant_noun(stem().capitalize() + "ск")]

    seen: set[str] = set()
    while len(seen) < count:
        kind, texts = entry()
        if texts[0] not in seen:
            seen.add(texts[0])
            forms = tuple(map(Form, dict.fromkeys(texts)))
            yield Term(texts[0], f"译名{len(seen)}", kind, forms=forms)


def newspaper(terms: list[Term], share: float) -> str:
    """Return running text, with a share of its words replaced by words of entries in any case."""
    chance = random.Random(2)
    root = Path(__file__).parents[2]
    lines = (root / "corpora" / "ru-zh" / "eval" / "newsdesk.ru").read_text("utf-8").splitlines()
    pool = [
        word for term in chance.sample(terms, 20_000) for f in term.forms for word in f.text.split()
    ]
    text: list[str] = []
    size = 0
    while size < CHARACTERS:
        words = chance.choice(lines).split()
        line = " ".join(chance.choice(pool) if chance.random() < share else w for w in words)
        text.append(line)
        size += len(line) + 1
    return "\n".join(text)


def cpu(act: Callable[[], object], times: int = 1) -> float:
    """Return the least CPU time of several runs, in seconds."""
    best = float("inf")
    for _ in range(times):
        begun = time.process_time()
        act()
        best = min(best, time.process_time() - begun)
    return best


def test_a_glossary_of_100_000_entries(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'terms.sqlite'}"
    terms = list(made_up(ENTRIES))
    database = Database(url)
    here = Terms(database)
    here.add_all(terms, "bench")
    for name, share in TEXTS.items():
        (tmp_path / name).write_text(newspaper(terms, share), encoding="utf-8")
    # A process of its own, so that its memory is that of the glossary alone.
    done = subprocess.run(
        [sys.executable, __file__, url, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    database.close()
    title = f"{ENTRIES} entries, {sum(len(term.forms) for term in terms)} forms"
    sys.stdout.write(f"\n{json.dumps({title: json.loads(done.stdout)}, ensure_ascii=False)}\n")


def resident() -> float:
    """Return the megabytes in memory."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096 / 1e6


def main(url: str, folder: str) -> None:
    """Measure in a fresh process."""
    from workbench.services.term_entries import LIVE_STATES
    from workbench.services.term_matching import Matcher
    from workbench.storage.term_shelf import Shelf

    database = Database(url)
    terms = Terms(database)
    terminology = Terminology(terms)
    terms.version()
    before = resident()
    figures = {"ready after opening, s": cpu(terminology.ready)}
    figures["memory, MB"] = resident() - before
    shelf = Shelf(database, terms.pair, LIVE_STATES)
    figures["of it: reading the forms, s"] = cpu(
        lambda: Shelf(database, terms.pair, LIVE_STATES), 3
    )
    figures["of it: building from them, s"] = cpu(lambda: Matcher(shelf), 3)
    for name in TEXTS:
        text = (Path(folder) / name).read_text("utf-8")
        terminology.find(text)  # the dictionary of Russian is loaded at the first doubt
        size = len(text.encode()) / 1e6
        figures[f"search in {name}, MB/s"] = size / cpu(partial(terminology.find, text), 7)
    Terminology(terms).add("Тьмутаракань", "特穆塔拉坎", "place", author="bench")
    figures["ready after a save, s"] = cpu(terminology.ready)
    database.close()
    rounded = {name: round(value, 2) for name, value in figures.items()}
    sys.stdout.write(json.dumps(rounded, ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
