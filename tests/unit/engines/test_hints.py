"""Terms written into the source, and the way back to the plain text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.language import Span
from workbench.domain.ports import TermHint
from workbench.engines.hints import annotate

TAGS = ("<t0>", "<t1>", "<t2>")
TEXT = "Токаев встретил Иванова"


def test_the_target_stands_beside_its_place() -> None:
    hints = [
        TermHint(Span(0, 6), "Токаев", "托卡耶夫"),
        TermHint(Span(16, 23), "Иванов", "伊万诺夫"),
    ]
    annotated = annotate(TEXT, hints, TAGS)
    assert annotated.text == ("<t0>Токаев<t1>托卡耶夫<t2> встретил <t0>Иванова<t1>伊万诺夫<t2>")
    place = annotated.text.index("伊万")
    assert annotated.plain(Span(place, place + 2)) == Span(16, 23)
    place = annotated.text.index("встретил")
    assert annotated.plain(Span(place, place + 8)) == Span(7, 15)
    assert annotated.plain(Span(0, 4)) is None


def test_without_tags_the_text_stays() -> None:
    assert annotate(TEXT, [TermHint(Span(0, 6), "Токаев", "托卡耶夫")], ()).text == TEXT


def test_tags_in_the_text_are_made_harmless_in_place() -> None:
    annotated = annotate("да <t1> нет", [], TAGS)
    assert annotated.text == "да ‹t1› нет"


SPANS = st.tuples(st.integers(-1, 25), st.integers(-1, 30)).map(lambda pair: Span(*pair))


@given(st.lists(SPANS, max_size=5))
def test_every_character_finds_its_way_back(spans: list[Span]) -> None:
    """Overlapping, empty and outlying hints are left out; nothing of the text is lost."""
    annotated = annotate(
        TEXT, [TermHint(span, "", "词") for span in spans if span.start >= 0], TAGS
    )
    found = [annotated.plain(Span(n, n + 1)) for n in range(len(annotated.text))]
    copied = [
        (n, place)
        for n, place in enumerate(found)
        if place is not None and annotated.text[n] != "词"
    ]
    assert [place.start for _, place in copied] == list(range(len(TEXT)))
    assert all(annotated.text[n] == place.of(TEXT) for n, place in copied)
