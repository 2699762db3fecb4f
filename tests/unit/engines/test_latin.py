"""Foreign words get the source's spelling, and the links follow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.language import Span
from workbench.domain.row import Candidate, Link
from workbench.engines.latin import WORD, respelt

LETTERS = st.text(alphabet="aberstuAR-'. 路透社，。16", max_size=24)


@pytest.mark.parametrize(
    ("source", "draft", "wanted"),
    [
        (
            "Как пишет Reuters, рынок вырос.",
            "据Ruters报道，市场上涨。",
            "据Reuters报道，市场上涨。",
        ),
        ("Facebook купил Instagram.", "Facebok收购了Instargam。", "Facebook收购了Instagram。"),
        ("Истребитель F-16 упал.", "F-15战机坠毁。", "F-16战机坠毁。"),
        ("reuters сообщает", "Reuters报道", "reuters报道"),
        # Another word, a short one, one that the source has too, none in the source.
        ("Глава Tesla уехал.", "NATO首脑离开。", "NATO首脑离开。"),
        ("EU и UN", "ES和UN", "ES和UN"),
        ("Apple и Apples", "Apple和Apple", "Apple和Apple"),
        ("НАТО молчит", "NATO沉默", "NATO沉默"),
    ],
)
def test_words_are_spelt_as_in_the_source(source: str, draft: str, wanted: str) -> None:
    assert respelt(Candidate(draft), source).text == wanted


def test_wanted_strings_stay() -> None:
    assert respelt(Candidate("用WhatsApp联系"), "пишите в Whatsap", ("WhatsApp",)).text == (
        "用WhatsApp联系"
    )


def test_links_follow() -> None:
    links = (
        Link(Span(0, 2), Span(0, 1)),
        Link(Span(10, 17), Span(1, 4)),
        Link(Span(10, 17), Span(4, 7)),
        Link(Span(19, 24), Span(7, 9)),
    )
    made = respelt(Candidate("据Ruters报道", alignment=links), "Как пишет Reuters, рынок")
    assert made.text == "据Reuters报道"
    assert [link.target for link in made.alignment] == [
        Span(0, 1),
        Span(1, 4),
        Span(4, 8),
        Span(8, 10),
    ]


@given(source=LETTERS, draft=LETTERS)
def test_only_foreign_words_change_and_once(source: str, draft: str) -> None:
    """What is between foreign words stays, links stay inside, a second pass changes nothing."""
    links = tuple(Link(Span(0, 1), Span(at, at + 1)) for at in range(len(draft)))
    once = respelt(Candidate(draft, alignment=links), source)
    assert WORD.sub("", once.text) == WORD.sub("", draft)
    assert all(
        0 <= link.target.start <= link.target.end <= len(once.text) for link in once.alignment
    )
    words = set(WORD.findall(source))
    for before, after in zip(WORD.findall(draft), WORD.findall(once.text), strict=True):
        assert after in (before, *words)
