"""The fuzzy index: it finds what resembles, follows every change, and freezing changes nothing."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.services.memory_index import Index

WORDS = [
    "банк",
    "рубль",
    "курс",
    "вырос",
    "упал",
    "министр",
    "сказал",
    "сегодня",
    "завод",
    "нефть",
    "экспорт",
    "страна",
    "договор",
]
text = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
changes = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(1, 8), text),
        st.tuples(st.just("remove"), st.integers(1, 8), st.just("")),
        st.tuples(st.just("freeze"), st.just(0), st.just("")),
    ),
    max_size=30,
)


@settings(deadline=None)
@given(changes, text)
def test_it_holds_what_was_added_and_not_removed(
    given_changes: list[tuple[str, int, str]], query: str
) -> None:
    index, model = Index(), dict[int, str]()
    for act, number, source in given_changes:
        if act == "add":
            index.add(number, source)
            model[number] = source
        elif act == "remove":
            index.remove(number)
            model.pop(number, None)
        else:
            index.freeze()
    assert len(index) == len(model)
    for word in query.split():
        assert index.holding([[word]]) == sorted(
            (number for number, source in model.items() if word in source.split()), reverse=True
        )
    found = index.candidates(query, 100)
    assert len(found) == len(set(found))
    assert set(found) <= set(model)
    # A unit with the very words of the query is found and nothing is before it but its equals.
    for number, source in model.items():
        if source == query:
            assert number in found
            assert all(model[other] == query for other in found[: found.index(number)])


def test_near_sentences_are_among_the_candidates() -> None:
    chance = random.Random(1)
    index = Index()
    sentences = {
        n: " ".join(chance.choices([f"{word}{ending}" for word in WORDS for ending in "абвг"], k=9))
        for n in range(1, 3000)
    }
    for number, source in sentences.items():
        index.add(number, source)
    index.freeze()
    for number in chance.sample(sorted(sentences), 100):
        words = sentences[number].split()
        words[chance.randrange(9)] = "иное"
        del words[chance.randrange(9)]
        assert number in index.candidates(" ".join(words), 120)


def test_an_empty_index_and_an_empty_query() -> None:
    index = Index()
    assert index.candidates("курс", 5) == []
    index.add(1, "курс")
    assert index.candidates("", 5) == []
    assert index.candidates("!?", 5) == []
    assert index.holding([]) == []
