"""Batches of parts, and whole answers made of them again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.language import RU_ZH, Span
from workbench.domain.ports import EngineInfo, Request, TermHint
from workbench.domain.row import Candidate, Link
from workbench.engines.engine import Opened, PieceEngine, split
from workbench.engines.manifest import Manifest
from workbench.engines.parts import (
    BATCH_PIECES,
    Answers,
    Part,
    Result,
    Wishes,
    again,
    batches,
    candidates,
    sound_first,
    stricter,
)
from workbench.engines.pieces import Pieces


class Characters:
    """A tokeniser whose pieces are characters; it writes full-width commas as half-width ones."""

    def source(self, text: str) -> Pieces:
        return Pieces(text, tuple(text), tuple(Span(n, n + 1) for n in range(len(text))))

    def target(self, text: str) -> tuple[str, ...]:
        return tuple(text.replace("，", ","))

    def join(self, pieces: Sequence[str]) -> Pieces:
        return self.source("".join(pieces))


def part(text: str, request: int = 0, span: Span | None = None, **more: object) -> Part:
    span = span or Span(0, len(text))
    values = {
        "request": request,
        "span": span,
        "text": text,
        "pieces": (*span.of(text), "</s>"),
        "places": (*(Span(n, n + 1) for n in range(span.start, span.end)), None),
        "prefix": "",
        "prefix_pieces": (),
        "wishes": Wishes(1),
        **more,
    }
    return Part(**values)  # type: ignore[arg-type]


LENGTHS = st.lists(st.tuples(st.integers(1, 300), st.integers(1, 3)), max_size=60)


@given(LENGTHS, st.randoms(use_true_random=False))
def test_batches_hold_each_part_once_and_are_bounded(
    lengths: list[tuple[int, int]], random: Random
) -> None:
    parts = [
        part("а" * length, n, wishes=Wishes(count)) for n, (length, count) in enumerate(lengths)
    ]
    random.shuffle(parts)
    made = list(batches(parts))
    assert sorted(one.request for batch in made for one in batch) == list(range(len(parts)))
    for batch in made:
        assert len({(one.bound, one.wishes) for one in batch}) == 1
        longest = max(len(one.pieces) for one in batch)
        assert len(batch) == 1 or len(batch) * longest <= BATCH_PIECES


@given(st.integers(1, 400))
def test_the_bound_leaves_room_for_twice_the_source(length: int) -> None:
    made = part("а" * length)
    assert 2 * len(made.pieces) + 20 <= made.bound <= 2 * len(made.pieces) + 52


def test_the_beginning_is_written_as_it_was_wanted() -> None:
    wanted = part("да", prefix="好，", prefix_pieces=("好", ","))
    result = Result(["好,人"], [[[0.1, 0.8, 0.1]] * 3], [0.0])
    ((made),) = candidates(Characters(), wanted, result)
    assert made.text == "好，人"
    assert [link.target for link in made.alignment] == [Span(0, 1), Span(1, 2), Span(2, 3)]
    assert {link.source for link in made.alignment} == {Span(1, 2)}


def test_an_unwanted_string_is_tried_again_with_its_pieces_banned() -> None:
    tried = part("да")
    clean = Result(["好人", "坏人"], [], [0.0, -1.0])
    assert again(Characters(), tried, clean, ("坏",)) is None
    stained = Result(["坏人", "很坏"], [], [0.0, -1.0])
    retry = again(Characters(), tried, stained, ("坏",))
    assert retry is not None
    assert retry.wishes.banned == (("坏",),)
    for _ in range(9):
        retry = retry and again(Characters(), retry, stained, ("坏",))
    assert retry is None


def test_parts_come_together_in_order() -> None:
    text = "Первая часть, вторая часть. Третья."
    cuts = [Span(0, 14), Span(14, 28), Span(28, 35)]
    parts = [part(text, span=cut) for cut in cuts]
    answers = Answers("engine")
    answers.expect(0, Request(text), parts)
    said = ["第一。", "第二。", "第三。"]

    def candidate(n: int) -> list[Candidate]:
        return [Candidate(said[n], score=-1.0, alignment=(Link(cuts[n], Span(0, 3)),))]

    assert answers.add(parts[2], candidate(2)) is None
    assert answers.add(parts[0], candidate(0)) is None
    (whole,) = answers.add(parts[1], candidate(1)) or ()
    # The full stop after a comma of the source came from the cut alone.
    assert whole.text == "第一，第二。第三。"
    assert whole.engine == "engine"
    assert whole.score == -3.0
    assert [link.target.of(whole.text) for link in whole.alignment] == [
        "第一，",
        "第二。",
        "第三。",
    ]


def test_clean_candidates_come_alone() -> None:
    answers = Answers("engine")
    request = Request("да", avoid=("坏",), count=2)
    answers.expect(0, request, [part("да")])
    said = [Candidate("坏人"), Candidate("好人"), Candidate("坏"), Candidate("人")]
    made = answers.add(part("да"), said) or ()
    assert [candidate.text for candidate in made] == ["好人", "人"]


def test_what_everything_attends_to_draws_no_links() -> None:
    """The full stop has the greatest weight in each row, and is no word's counterpart."""
    attention = [[0.3, 0.1, 0.6], [0.1, 0.3, 0.6], [0.1, 0.1, 0.8]]
    result = Result([["甲", "乙", "。"]], [[[*row, 0.0] for row in attention]], [0.0])
    (candidate,) = candidates(Characters(), part("ab."), result)
    assert [(link.source.start, link.target.start) for link in candidate.alignment] == [
        (0, 0),
        (1, 1),
        (2, 2),
    ]
    assert [round(link.weight, 3) for link in candidate.alignment] == [0.3, 0.3, 0.8]


@pytest.mark.parametrize("bad", ["", "型型型型型型", "他在他在他在他在说", "Президент 到达"])
def test_broken_candidates_come_last_and_are_searched_again_strictly(bad: str) -> None:
    tried = part("да")
    made = [Candidate(bad), Candidate("好人")]
    assert [one.text for one in sound_first(made, tried)] == ["好人", bad]
    assert stricter(tried, made) is None
    retry = stricter(tried, made[:1])
    assert retry is not None
    assert retry.wishes.strict
    assert retry.wishes.width > tried.wishes.width
    assert stricter(retry, made[:1]) is None


def test_a_source_that_repeats_itself_may_be_repeated() -> None:
    tried = part("Нет, нет, нет, нет, нет!")
    assert stricter(tried, [Candidate("不，不，不，不，不！")]) is None


class Scripted:
    """A runner that says one thing, and another when it is asked to be strict."""

    parallel = 1

    def __init__(self, said: str, strictly: str) -> None:
        self.said, self.strictly, self.asked = said, strictly, 0

    def start(self, batch: Sequence[Part]) -> Callable[[], list[Result]]:
        self.asked += 1
        text = self.strictly if batch[0].wishes.strict else self.said
        return lambda: [Result([tuple(text)], [], [0.0]) for _ in batch]


LOOPS = "他在他在他在他在说"


@pytest.mark.parametrize(
    ("said", "strictly", "text", "asked"),
    [
        ("他说", "不同", "他说", 1),
        (LOOPS, "他说", "他说", 2),
        ("", "他说", "他说", 2),
        (LOOPS, "", LOOPS, 2),  # nothing was mended: the first draft stays
        (LOOPS, "说说说说说", LOOPS, 2),
    ],
)
def test_a_broken_draft_is_searched_once_more(
    said: str, strictly: str, text: str, asked: int
) -> None:
    runner = Scripted(said, strictly)
    manifest = Manifest("x", "1", "x", RU_ZH, "none")
    engine = PieceEngine(
        lambda _: EngineInfo("x", pairs=(RU_ZH,)),
        lambda: Opened(manifest, Characters(), runner),
    )
    ((_, (found,)),) = engine.translate(RU_ZH, [Request("да")])
    assert (found.text, runner.asked) == (text, asked)


@pytest.mark.parametrize(
    ("request_", "latin"),
    [
        (Request("да"), False),
        (Request("да, IT"), True),
        (Request("да", prefix="SMS"), True),
        (Request("да", terms=(TermHint(Span(0, 2), "да", "5G"),)), True),
    ],
)
def test_latin_letters_need_a_reason(request_: Request, latin: bool) -> None:
    opened = Opened(
        Manifest(
            "x", "1", "x", RU_ZH, "none", terms="inline", tags=("{", "|", "}"), latin="source"
        ),
        Characters(),
        Scripted("他", "他"),
    )
    (part_of,) = split(opened, 0, request_)
    assert part_of.wishes.latin is latin
    free = replace(opened, manifest=replace(opened.manifest, latin="free"))
    assert split(free, 0, request_)[0].wishes.latin


def test_a_long_input_is_cut_at_clauses_but_not_under_a_wanted_beginning() -> None:
    """The beginning may reach into the second clause, which would come twice."""
    manifest = Manifest("x", "1", "x", RU_ZH, "none", clause_tokens=30)
    opened = Opened(manifest, Characters(), Scripted("他", "他"))
    text = "Дождь кончился к вечеру, но ветер не стих."
    assert [part.span.of(text) for part in split(opened, 0, Request(text))] == [
        "Дождь кончился к вечеру, ",
        "но ветер не стих.",
    ]
    assert len(split(opened, 0, Request(text, prefix="雨停了，但"))) == 1
    never = replace(opened, manifest=replace(manifest, clause_tokens=0))
    assert len(split(never, 0, Request(text))) == 1


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Да: https://x.ru/a, нет", "他 https://x.ru/a，他"),
        ("Да: https://x.ru/a.", "他 https://x.ru/a。"),
        ("https://x.ru/a?b=1", "https://x.ru/a?b=1"),
        (" Windows 10 ", "Windows 10"),
        ("2024–2025", "2024–2025"),
        ("да", "他"),
    ],
)
def test_what_is_not_russian_stays(text: str, wanted: str) -> None:
    engine = PieceEngine(
        lambda _: EngineInfo("x", pairs=(RU_ZH,)),
        lambda: Opened(Manifest("x", "1", "x", RU_ZH, "none"), Characters(), Scripted("他", "他")),
    )
    ((_, (found, *_)),) = engine.translate(RU_ZH, [Request(text)])
    assert found.text == wanted
    assert found.engine == "x"
    assert all(link.source.of(text).strip() for link in found.alignment)
