"""The data below corpora/ is what its manifest says, and the samples do what they are for."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import pytest

from workbench.domain.article import Article
from workbench.domain.damage import CYRILLIC
from workbench.services.intake import Intake

CORPORA = Path(__file__).parents[2] / "corpora"
FILES = tomllib.loads((CORPORA / "manifest.toml").read_text(encoding="utf-8"))["file"]
SAMPLES = sorted((CORPORA / "ru-zh" / "samples").glob("*.md"))


def test_the_manifest_lists_every_data_file() -> None:
    listed = {entry["path"] for entry in FILES}
    found = {str(path.relative_to(CORPORA)) for path in CORPORA.rglob("*") if path.is_file()}
    pages = {"README.md", "manifest.toml", "ru-zh/authored/README.md", "ru-zh/world/README.md"}
    assert found - listed == pages
    assert listed <= found


@pytest.mark.parametrize("entry", FILES, ids=lambda entry: entry["path"])
def test_each_file_is_as_listed(entry: dict[str, object]) -> None:
    data = (CORPORA / str(entry["path"])).read_bytes()
    assert hashlib.sha256(data).hexdigest() == entry["sha256"]
    assert data.count(b"\n") == entry["lines"]
    assert entry["licence"]
    assert entry["provenance"]


def test_authored_pairs_have_both_sides_and_a_kind() -> None:
    kinds = {"headline", "lead", "body", "quote", "analysis", "figure", "source"}
    count = 0
    for path in (CORPORA / "ru-zh" / "authored").glob("*.tsv"):
        for line in path.read_text(encoding="utf-8").splitlines():
            source, target, kind = line.split("\t")
            assert source.strip()
            assert target.strip()
            assert kind in kinds
            count += 1
    assert count == 12_634


def test_pairs_of_the_world_are_clean_and_stand_once() -> None:
    kinds = {"headline", "lead", "body", "quote", "analysis", "figure", "talk"}
    sources = []
    for path in (CORPORA / "ru-zh" / "world").glob("*.tsv"):
        for line in path.read_text(encoding="utf-8").splitlines():
            source, target, kind = line.split("\t")
            assert source.strip()
            assert target.strip()
            assert not CYRILLIC.search(target)
            assert kind in kinds
            sources.append(source)
    assert len(sources) == len(set(sources)) > 20_000


def test_the_evaluation_set_is_aligned_and_apart_from_the_training_text() -> None:
    folder = CORPORA / "ru-zh"
    sides = [
        (folder / "eval" / f"newsdesk.{side}").read_text(encoding="utf-8").splitlines()
        for side in ("ru", "zh", "docid")
    ]
    assert [len(side) for side in sides] == [300, 300, 300]
    files = [p for name in ("authored", "world") for p in (folder / name).glob("*.tsv")]
    training = "\n".join(path.read_text(encoding="utf-8") for path in files)
    sources = {line.split("\t")[0] for line in training.splitlines()}
    assert not sources & set(sides[0])


@pytest.fixture(scope="module")
def samples() -> list[Article]:
    return [Intake().read(path.read_bytes(), path.name) for path in SAMPLES]


def test_three_samples_of_about_25_sentences_with_all_metadata(samples: list[Article]) -> None:
    assert len(samples) == 3
    for sample in samples:
        sentences = [
            s for block in sample.blocks if block.kind != "heading" for s in block.segments
        ]
        headings = [block for block in sample.blocks if block.kind == "heading"]
        assert 20 <= len(sentences) <= 30
        assert 4 <= len(headings) <= 6
        known = sample.metadata
        assert all((known.title, known.author, known.outlet, known.date, known.url))
        assert sample.blocks[0].text == known.title


def test_the_samples_share_a_sentence_for_the_memory_to_find(samples: list[Article]) -> None:
    shared = [{segment.source for segment in sample.segments} for sample in samples]
    assert len(shared[0] & shared[1]) >= 2
    assert shared[0] & shared[1] & shared[2]


def test_names_stand_in_many_cases(samples: list[Article]) -> None:
    text = " ".join(segment.source for sample in samples for segment in sample.segments)
    forms = ("Токаев ", "Токаева", "Токаевым", "Жапаров ", "Жапарова", "Жапаровым", "Мирзиёевым")
    more = ("Рахмон,", "Рахмоном", "Рахмону", "Госдуме", "Госдумы", "МИДе", "ОДКБ", "Мишустину")
    assert [form for form in forms + more if form not in text] == []
