"""Where a name without marks begins: the features, their weights, and how they are fitted."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import workbench.training
from workbench.services.harvest.bounds import FEATURES
from workbench.services.harvest.learned import learned, stem
from workbench.services.harvest.words import weights
from workbench.training.harvest_examples import Example, new_bounds
from workbench.training.harvest_weights import fitted

BOUNDS = new_bounds()
SENTENCES = Path(workbench.training.__file__).with_name("harvest_sentences.tsv")
with SENTENCES.open(encoding="utf-8") as file:
    EXAMPLES = [
        Example(row["before"] + row["zh"], row["ru"], row["zh"], 1.0)
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    ]


def right(example: Example) -> bool:
    return example.run[BOUNDS.beginning(example.run, example.ru).start :] == example.zh


def test_every_feature_has_a_weight() -> None:
    assert tuple(weights()) == FEATURES


def test_the_training_sentences_are_learned() -> None:
    assert sum(map(right, EXAMPLES)) >= 0.93 * len(EXAMPLES)


def test_fitting_finds_what_speaks_for_a_beginning() -> None:
    found = fitted(EXAMPLES)
    assert found["share"] > 0 > found["no_cue"]
    assert found["cues_inside"] < 0
    assert set(found) == set(FEATURES)


@pytest.mark.parametrize(
    ("run", "russian", "chinese"),
    [
        (
            "由塔什干国立法律大学",
            "Ташкентский государственный юридический университет",
            "塔什干国立法律大学",
        ),
        ("学生只会背民事诉讼法典", "Гражданский процессуальный кодекс", "民事诉讼法典"),
        ("曾任宪法法院", "Конституционный суд", "宪法法院"),
        ("递给我一碗杏仁汤", "ношхухпа", "杏仁汤"),
        ("承建方国家高速干线公司", "ООО «ВСМ Две столицы»", "国家高速干线公司"),
        ("俄罗斯国防部", "Минобороны", "国防部"),
        ("俄罗斯国防部", "Минобороны РФ", "俄罗斯国防部"),
    ],
)
def test_a_beginning(run: str, russian: str, chinese: str) -> None:
    assert run[BOUNDS.beginning(run, russian).start :] == chinese


@given(st.text("由在国家委员会中心的，塔什干ABC12", max_size=50), st.text("абвГД «»-", max_size=30))
def test_a_beginning_is_in_the_run(run: str, russian: str) -> None:
    found = BOUNDS.beginning(run, russian)
    assert 0 <= found.start <= len(run)
    assert 0 <= found.score <= 1


def test_stems() -> None:
    assert {stem(word) for word in ("развития", "развитие", "развитию")} == {"развит"}
    assert stem("и") == "и"
    assert "法典" in learned().chinese_for("кодекса")


def test_two_characters_of_one_word_stand_together() -> None:
    assert learned().together("俄", "罗") > 2 > learned().together("的", "罗")
