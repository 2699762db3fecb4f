"""The annotated sentences themselves: enough of them, and no mark that leads nowhere."""

from __future__ import annotations

from itertools import pairwise

import pytest
from annotated_terms import GLOSSARY, Sentence, read

from workbench.services.glossary_base import read_base

PARTS = ("tuning", "blind", "blind2", "blind3", "blind4", "blind5", "blind6", "lookalikes")


def counts(sentences: list[Sentence]) -> tuple[int, int, int]:
    """Sentences, mentions, look-alikes."""
    return (
        len(sentences),
        sum(len(sentence.mentions) for sentence in sentences),
        sum(len(sentence.negatives) for sentence in sentences),
    )


def test_there_are_enough_of_them() -> None:
    sentences, mentions, negatives = counts([item for part in PARTS for item in read(part)])
    assert sentences >= 480
    assert mentions >= 1070
    assert negatives >= 150


@pytest.mark.parametrize(
    ("part", "least"),
    [
        ("blind2", (160, 460, 80)),
        ("blind3", (150, 330, 40)),
        ("blind4", (150, 320, 35)),
        ("blind5", (400, 800, 60)),
        ("blind6", (350, 800, 60)),
    ],
)
def test_the_blind_parts_are_enough_by_themselves(part: str, least: tuple[int, int, int]) -> None:
    assert all(has >= wanted for has, wanted in zip(counts(read(part)), least, strict=True))


@pytest.mark.parametrize("part", PARTS)
def test_every_annotated_entry_is_in_the_shipped_glossary(part: str) -> None:
    sources = {row.term.source for row in read_base(GLOSSARY).rows()}
    named = {mention[2] for sentence in read(part) for mention in sentence.mentions}
    assert named - sources == set()


@pytest.mark.parametrize("part", PARTS)
def test_no_mark_is_left_in_the_text_and_none_touches_another(part: str) -> None:
    for sentence in read(part):
        assert not set("[]{}|") & set(sentence.text), sentence.text
        marked = sorted([mention[:2] for mention in sentence.mentions] + [*sentence.negatives])
        assert all(one[1] <= two[0] for one, two in pairwise(marked)), sentence.text


def test_no_sentence_stands_twice() -> None:
    texts = [sentence.text for part in PARTS for sentence in read(part)]
    assert len(texts) == len(set(texts))
