"""Whole bulletins in the real layout against every pair they hold.

All but the first two were run for the first time when the code was thought done; what they gave
then is said in docs/terminology.md. Here they hold what is reached now, also as examples of the
training (``workbench.training.harvest_tables``).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import docx
import pytest

from workbench.formats.bulletin_text import read_bulletin
from workbench.languages.transcription import transcribe
from workbench.services.harvest.pairs import Finder, Pair

FOLDER = Path(__file__).parents[2] / "data" / "bulletins"
# What all of them together reach, and a single one of some 50 pairs at least.
RECALL, PRECISION, ONE = 0.98, 0.98, 0.93
BULLETINS = tuple(map(str, range(1, 27)))


def gold(number: str) -> dict[tuple[str, str], tuple[str, str]]:
    """Return {(Russian, Chinese): (type, address)} of a bulletin."""
    lines = (FOLDER / f"{number}.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = [(line + "\t").split("\t")[:4] for line in lines]
    return {(ru, zh): (kind, url) for ru, zh, kind, url in rows}


@pytest.fixture(scope="module")
def finder() -> Finder:
    """Without any glossary: what the pages alone tell."""
    return Finder(transcribe)


def found(finder: Finder, data: bytes, name: str) -> Sequence[Pair]:
    return finder.pairs(read_bulletin(data, name))


def hold_the_bars(pairs: Sequence[Pair], wanted: dict[tuple[str, str], tuple[str, str]]) -> None:
    given = {(pair.ru, pair.zh) for pair in pairs}
    right = given & wanted.keys()
    assert len(right) >= RECALL * len(wanted), sorted(wanted.keys() - given)
    assert len(right) >= PRECISION * len(given), sorted(given - wanted.keys())


def test_the_bars_are_held(finder: Finder) -> None:
    wanted = {(n, *key): "" for n in BULLETINS for key in gold(n)}
    given = {
        (n, pair.ru, pair.zh)
        for n in BULLETINS
        for pair in found(finder, (FOLDER / f"{n}.txt").read_bytes(), "a.txt")
    }
    right = given & wanted.keys()
    assert len(right) >= RECALL * len(wanted), sorted(wanted.keys() - given)
    assert len(right) >= PRECISION * len(given), sorted(given - wanted.keys())


@pytest.mark.parametrize("number", ["1", "2", "3"])
def test_the_first_three_lose_no_pair(finder: Finder, number: str) -> None:
    pairs = found(finder, (FOLDER / f"{number}.txt").read_bytes(), "a.txt")
    assert {(pair.ru, pair.zh) for pair in pairs} == gold(number).keys()


def test_pages_that_nothing_was_tuned_on(finder: Finder) -> None:
    wanted, given = set(), set()
    for page in sorted((FOLDER / "unseen").glob("*.txt")):
        lines = page.with_suffix(".tsv").read_text(encoding="utf-8").splitlines()[1:]
        wanted |= {(page.stem, *line.split("\t")[:2]) for line in lines}
        pairs = found(finder, page.read_bytes(), page.name)
        given |= {(page.stem, pair.ru, pair.zh) for pair in pairs}
    right = wanted & given
    assert len(right) >= 0.96 * len(wanted), sorted(wanted - given)
    assert len(right) >= 0.95 * len(given), sorted(given - wanted)


@pytest.mark.parametrize("number", BULLETINS)
def test_a_bulletin_is_harvested(finder: Finder, number: str) -> None:
    wanted = gold(number)
    pairs = found(finder, (FOLDER / f"{number}.txt").read_bytes(), f"{number}.txt")
    hit = {(pair.ru, pair.zh): pair for pair in pairs}
    both = wanted.keys() & hit.keys()
    assert len(both) >= ONE * max(len(wanted), len(hit)), wanted.keys() ^ hit.keys()
    types = sum(hit[key].type == wanted[key][0] for key in both)
    assert types >= 0.87 * len(both), [k for k in both if hit[k].type != wanted[k][0]]
    assert {key: hit[key].url for key in both} == {key: wanted[key][1] for key in both}


@pytest.mark.parametrize("number", BULLETINS)
def test_places_lead_into_the_files_own_text(finder: Finder, number: str) -> None:
    text = (FOLDER / f"{number}.txt").read_text(encoding="utf-8")
    for pair in found(finder, text.encode(), "a.txt"):
        part = "".join(pair.span.of(text).split())
        assert part.endswith((")", "）", "〕", "］"))
        # Between the two sides a page may end: its furniture stands inside the span then.
        for side in (pair.ru, pair.zh):
            letters = iter(part)
            assert all(c in letters for c in "".join(side.split())), (pair, part)


def test_a_word_document_gives_the_same(finder: Finder) -> None:
    document = docx.Document()
    for line in (FOLDER / "2.txt").read_text(encoding="utf-8").splitlines():
        document.add_paragraph(line)
    stream = io.BytesIO()
    document.save(stream)
    hold_the_bars(found(finder, stream.getvalue(), "2.docx"), gold("2"))


@pytest.mark.parametrize("codec", ["gb18030", "utf-16", "utf-8-sig"])
def test_encodings(finder: Finder, codec: str) -> None:
    text = (FOLDER / "2.txt").read_text(encoding="utf-8")
    hold_the_bars(found(finder, text.encode(codec), "2.txt"), gold("2"))


def test_windows_line_ends_keep_the_places(finder: Finder) -> None:
    text = (FOLDER / "1.txt").read_text(encoding="utf-8").replace("\n", "\r\n")
    pairs = found(finder, text.encode(), "1.txt")
    hold_the_bars(pairs, gold("1"))
    person = next(pair for pair in pairs if pair.ru == "Вадим Кленов")
    assert person.span.of(text).startswith("瓦季姆·克列诺夫（")


def test_what_a_person_should_look_at_is_flagged(finder: Finder) -> None:
    pairs = {pair.ru: pair for pair in found(finder, (FOLDER / "1.txt").read_bytes(), "1.txt")}
    assert "same-address" in pairs["Порт Актау сокращает загрузку судов"].flags
    assert "capitals" in pairs["ЖАПАРОВ: ПРОЕКТ ДОРОГИ НЕ УВЕЛИЧИТ ВНЕШНИЙ ДОЛГ"].flags
    assert "family-first" in pairs["Бактаев Алмаз"].flags
    assert pairs["Роман Денисов"].flags == ()
