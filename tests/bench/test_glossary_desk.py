"""The terminologist's desk at size. Prints figures; asserts none of them (`make bench`)."""

from __future__ import annotations

import random
import re
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from tests.integration.terms_desk import House, open_house
from workbench.domain.identity import context_key, slot_key, text_key
from workbench.domain.memory import Unit
from workbench.storage.database import Database
from workbench.storage.schema import units

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]

SYLLABLES = re.findall("..", "каломинуратавеполижигушорыдемебобу")
CHARACTERS = "卡洛米努拉塔维索丹日佩博古济绍雷德"
WORDS = ("сегодня", "правительство", "новый", "закон", "регион", "завод", "группа", "вопрос")


def timed(label: str, act: Callable[[], Any]) -> Any:
    begun, busy = time.perf_counter(), time.process_time()
    done = act()
    seconds, busy = time.perf_counter() - begun, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    say(f"{label:<58}{seconds:8.2f} s, {busy:8.2f} s of CPU, peak {peak} MB")
    return done


def say(line: str) -> None:
    sys.stdout.write(f"\n{line}")


def name(chance: random.Random) -> tuple[str, str]:
    picked = [chance.randrange(len(SYLLABLES)) for _ in range(chance.choice((3, 4, 4, 5)))]
    russian = "".join(SYLLABLES[i] for i in picked).capitalize()
    return russian, "".join(CHARACTERS[i] for i in picked)


def rows(chance: random.Random, count: int) -> str:
    """A table in which one row in twenty cannot be used."""
    lines = ["ru\tzh\ttype"]
    for number in range(count):
        russian, chinese = name(chance)
        kind = number % 20
        if kind == 0:
            lines.append((russian, f"{russian}\t{russian}", f"{russian}\t{chinese}\tx")[number % 3])
        elif kind < 10:
            lines.append(f"{russian}ов\t{chinese}夫\tperson")
        elif kind < 14:
            lines.append(f"{name(chance)[0]} {russian}ин\t{chinese}·{chinese}\tperson")
        else:
            lines.append(f"новый центр {russian}\t{chinese}中心\torg")
    return "\n".join(lines)


def test_two_hundred_thousand_rows(database: Database, tmp_path: Path) -> None:
    house = open_house(database, tmp_path)
    data = rows(random.Random(3), 200_000).encode()
    preview = timed(
        "preview of a TSV of 200,000 rows",
        lambda: house.desk.import_file(data, "a.tsv", "甲", preview=True),
    )
    done = timed("its import", lambda: house.desk.import_file(data, "a.tsv", "甲"))
    say(
        f"  {len(done.added)} new, {done.known} known, {len(done.conflicting)} conflicting, "
        f"{len(done.refused)} refused ({len(done.refused.rows)} named)"
    )
    assert done.added == preview.added
    timed("first search by initials (index made)", lambda: house.desk.search("klm", limit=50))
    timed("next search by initials", lambda: house.desk.search("klmn", limit=50))
    timed("search by a part of the Russian side", lambda: house.desk.search("Каломи", limit=50))
    timed("undoing the import", lambda: house.desk.undo_import(done.batch, "甲"))


@pytest.fixture
def large(database: Database, tmp_path: Path) -> House:
    """A memory of 100,000 units: one name in each fifth, another in each five hundredth."""
    house = open_house(database, tmp_path)
    house.terminology.add("Россия", "俄罗斯", "place", author="甲")
    house.terminology.add("Токаев", "托卡耶夫", "person", author="甲")
    chance = random.Random(5)
    with database.begin() as connection:
        for first in range(0, 100_000, 5_000):
            numbers = range(first, first + 5_000)
            connection.execute(insert(units), [unit(n, chance) for n in numbers])
    for _ in range(10):
        house.draft(*[sentence(n, chance) for n in range(200)])
    return house


def sentence(number: int, chance: random.Random) -> tuple[str, str]:
    words = [chance.choice(WORDS) for _ in range(chance.randint(8, 18))]
    chinese = "".join(chance.choice(CHARACTERS) for _ in range(chance.randint(15, 40)))
    if number % 5 == 0:
        words.insert(3, "России")
        chinese = f"{chinese[:5]}俄罗斯{chinese[5:]}"
    if number % 500 == 0:
        words.insert(2, "Токаева")
        chinese = f"{chinese[:2]}托卡耶夫{chinese[2:]}"
    return f"И {' '.join(words)}.", f"{chinese}。"


def unit(number: int, chance: random.Random) -> dict[str, object]:
    source, target = sentence(number, chance)
    record = asdict(Unit(source, target, origin="import"))
    del record["id"]
    return record | {
        "pair": "ru-zh",
        "source_key": text_key(source),
        "slot_key": slot_key(source),
        "target_key": text_key(target),
        "context_key": context_key("", ""),
        "length": len(source),
        "props": [],
        "revision": 1,
        "sequence": 1,
    }


def test_consequences_in_a_memory_of_100_000_units(large: House) -> None:
    for source, new in (("Токаев", "托卡叶夫"), ("Россия", "俄国")):
        (term,) = [t for t in large.terminology.terms.list(source) if t.source == source]
        found = timed(f"impact: {source}", lambda t=term, n=new: large.desk.impact(t.id, n))
        say(f"  {found.segments} {found.units}, {found.unchecked} not looked at")
        for confirmed in (False, True):
            done = timed(
                f"patch: {source}{', with the memory' if confirmed else ''}",
                lambda t=term, n=new, c=confirmed: large.desk.patch(t.id, n, "甲", confirmed=c),
            )
            say(f"  {done.rows} rows, {done.units} units")
            timed("  undo", lambda d=done: large.desk.undo_patch(d.id, "甲"))
