"""Adjectives lead back to the names they are made of."""

from __future__ import annotations

import pytest

from workbench.languages.place_adjectives import names_of


@pytest.mark.parametrize(
    ("adjective", "name"),
    [
        ("казахстанского", "казахстан"),
        ("российские", "россия"),
        ("корейской", "корея"),
        ("грузинскому", "грузия"),
        ("украинских", "украина"),
        ("европейским", "европа"),
        ("африканская", "африка"),
        ("уральские", "урал"),
        ("сочинский", "сочи"),
        ("тбилисское", "тбилиси"),
        ("алматинской", "алматы"),
        ("осетинскую", "осетия"),
        ("приднестровский", "приднестровье"),
        ("минским", "минск"),
        ("донецкого", "донецк"),
        ("немецкой", "германия"),
        ("американский", "сша"),
        ("мидовских", "мид"),
        ("натовские", "нато"),
        ("ооновской", "оон"),
        ("лукашенковский", "лукашенко"),
        ("путинского", "путин"),
    ],
)
def test_an_adjective_is_of_a_name(adjective: str, name: str) -> None:
    assert name in names_of(adjective)


@pytest.mark.parametrize("word", ["россия", "белый", "ский", "русский", "детски", ""])
def test_other_words_are_of_none(word: str) -> None:
    assert names_of(word) == ()
