"""Whatever an engine says, the approved terms stand in the target."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from annotated_terms import read
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.domain.damage import looping
from workbench.domain.language import RU_ZH, Pair, Span
from workbench.domain.ports import EngineInfo, Request, Stop, never
from workbench.domain.row import Candidate, Link
from workbench.domain.term import Hit, Term
from workbench.errors import Cancelled, EngineError
from workbench.services.enforcement import Enforced, Enforcement
from workbench.services.terminology import Terminology

Answer = Callable[[Request], Sequence[Candidate | str]]


@dataclass
class Scripted:
    """An engine that says what the test wrote; it keeps what it was asked."""

    answer: Answer
    info: EngineInfo = field(default_factory=lambda: EngineInfo("scripted"))
    asked: list[Request] = field(default_factory=list)
    passes: int = 0

    def translate(
        self, pair: Pair, requests: Sequence[Request], stop: Stop = never
    ) -> Iterator[tuple[int, tuple[Candidate, ...]]]:
        self.passes += 1
        for index, request in reversed(list(enumerate(requests))):
            if stop():
                raise Cancelled("drafting.cancelled")
            self.asked.append(request)
            said = self.answer(request)
            yield index, tuple(c if isinstance(c, Candidate) else Candidate(c) for c in said)


def engine(answer: Answer | Sequence[Candidate | str], **capabilities: object) -> Scripted:
    says = answer if callable(answer) else lambda _request: answer
    return Scripted(says, EngineInfo("scripted", **capabilities))  # type: ignore[arg-type]


def draft(terminology: Terminology, source: str, scripted: Scripted) -> Enforced:
    item = (Request(source), terminology.find(source))
    [(index, enforced)] = Enforcement(terminology).translate(RU_ZH, [item], scripted)
    assert index == 0
    return enforced


def methods(enforced: Enforced) -> list[tuple[str, str]]:
    return [(r.hit.term.source, r.method) for r in enforced.receipts]


SOURCE = "Токаев встретился с Путиным в Москве."


def test_a_right_draft_is_left_alone(shipped_terminology: Terminology) -> None:
    text = "托卡耶夫在莫斯科会见了普京。"
    enforced = draft(shipped_terminology, SOURCE, engine([text]))
    assert enforced.text == text
    assert {method for _, method in methods(enforced)} == {"model"}
    assert [r.target.of(text) for r in enforced.receipts if r.target] == [
        "托卡耶夫",
        "普京",
        "莫斯科",
    ]


def test_another_candidate_is_taken_for_its_terms(shipped_terminology: Terminology) -> None:
    enforced = draft(
        shipped_terminology,
        SOURCE,
        engine(["他在莫斯科会见了他。", "托卡耶夫在莫斯科会见了普京。"], nbest=True),
    )
    assert methods(enforced) == [("Токаев", "nbest"), ("Путин", "nbest"), ("Москва", "model")]
    assert len(enforced.candidates) == 2


def test_a_loop_is_not_taken_however_many_terms_it_has(shipped_terminology: Terminology) -> None:
    loop = "托卡耶夫、普京、莫斯科，" * 6
    enforced = draft(shipped_terminology, SOURCE, engine([loop, "会谈在莫斯科举行。"], nbest=True))
    assert "会谈在莫斯科举行" in enforced.text
    assert looping(loop)
    assert not looping("研究人员认为，研究人员的意见很重要。2022年2月22日")


def test_hints_go_to_engines_that_take_them(shipped_terminology: Terminology) -> None:
    scripted = engine(["托卡耶夫在莫斯科会见了普京。"], terms="inline", nbest=True)
    draft(shipped_terminology, SOURCE, scripted)
    hints = scripted.asked[0].terms
    assert [(hint.source, hint.target) for hint in hints] == [
        ("Токаев", "托卡耶夫"),
        ("Путиным", "普京"),
        ("Москве", "莫斯科"),
    ]
    assert all(hint.span.of(SOURCE) == hint.source for hint in hints)
    assert scripted.asked[0].count > 1
    assert "普丁" in scripted.asked[0].avoid
    deaf = engine(["托卡耶夫在莫斯科会见了普京。"])
    draft(shipped_terminology, SOURCE, deaf)
    assert deaf.asked[0].terms == ()


def test_the_engine_repairs_from_a_forced_prefix_at_the_aligned_place(
    shipped_terminology: Terminology,
) -> None:
    said = "总统在莫斯科会见了普京。"
    links = (Link(Span(0, 6), Span(0, 2)), Link(Span(30, 36), Span(3, 6)))

    def answer(request: Request) -> list[Candidate | str]:
        return (
            [request.prefix + "在莫斯科会见了普京。"]
            if request.prefix
            else [Candidate(said, alignment=links)]
        )

    scripted = engine(answer, alignment=True, prefix=True)
    enforced = draft(shipped_terminology, SOURCE, scripted)
    assert enforced.text == "托卡耶夫在莫斯科会见了普京。"
    assert methods(enforced)[0] == ("Токаев", "redecoded")
    assert scripted.asked[1].prefix == "托卡耶夫"


@pytest.mark.parametrize(
    "bad", ["托卡耶夫" + "会见了普京在莫斯科" * 9, "托卡耶夫", "莫斯科普京", ""]
)
def test_a_bad_repair_is_refused_and_the_term_substituted(
    shipped_terminology: Terminology, bad: str
) -> None:
    said = "总统在莫斯科会见了普京。"
    links = (Link(Span(0, 6), Span(0, 2)),)
    scripted = engine(
        lambda request: [bad] if request.prefix else [Candidate(said, alignment=links)],
        alignment=True,
        prefix=True,
    )
    enforced = draft(shipped_terminology, SOURCE, scripted)
    assert enforced.text == "托卡耶夫在莫斯科会见了普京。"
    assert methods(enforced)[0] == ("Токаев", "substituted")


def test_an_llm_is_asked_once_more_for_the_missing_terms(shipped_terminology: Terminology) -> None:
    said = "他在莫斯科会见了普京。"
    scripted = engine(
        lambda request: ["托卡耶夫在莫斯科会见了普京。" if request.draft else said], terms="prompt"
    )
    enforced = draft(shipped_terminology, SOURCE, scripted)
    assert methods(enforced)[0] == ("Токаев", "redecoded")
    assert scripted.passes == 2
    assert scripted.asked[1].draft == said
    assert [hint.target for hint in scripted.asked[1].missing] == ["托卡耶夫"]
    assert len(scripted.asked[1].terms) == 3


def test_a_loop_is_not_shown_to_a_language_model(shipped_terminology: Terminology) -> None:
    scripted = engine(["会谈会谈会谈会谈会谈会谈"], terms="prompt")
    draft(shipped_terminology, SOURCE, scripted)
    assert [request.draft for request in scripted.asked] == ["", ""]
    assert scripted.asked[1].missing


def test_a_repair_that_keeps_the_wrong_name_is_made_again_without_it(
    shipped_terminology: Terminology,
) -> None:
    said = "托卡叶夫在莫斯科会见了普京。"
    links = (Link(Span(0, 6), Span(0, 4)),)

    def answer(request: Request) -> list[Candidate | str]:
        if not request.prefix:
            return [Candidate(said, alignment=links)]
        name = "" if "托卡叶夫" in request.avoid else "（托卡叶夫）"
        return [f"{request.prefix}{name}在莫斯科会见了普京。"]

    scripted = engine(answer, alignment=True, prefix=True)
    enforced = draft(shipped_terminology, SOURCE, scripted)
    assert enforced.text == "托卡耶夫在莫斯科会见了普京。"
    assert methods(enforced)[0] == ("Токаев", "redecoded")
    assert scripted.passes == 3


def test_a_repair_that_loses_a_number_is_refused(shipped_terminology: Terminology) -> None:
    source = "Токаев выделил 12 млн рублей."
    links = (Link(Span(0, 6), Span(0, 2)),)
    scripted = engine(
        lambda request: (
            [f"{request.prefix}拨出卢布。"]
            if request.prefix
            else [Candidate("总统拨款1200万卢布。", alignment=links)]
        ),
        alignment=True,
        prefix=True,
    )
    enforced = draft(shipped_terminology, source, scripted)
    assert enforced.text == "托卡耶夫拨款1200万卢布。"
    assert methods(enforced)[0] == ("Токаев", "substituted")


def test_what_the_beginning_holds_is_not_avoided(shipped_terminology: Terminology) -> None:
    said = "普丁在首都会见了总统。"  # a forbidden form of Путин stands before the place of Москва
    links = (Link(Span(32, 38), Span(3, 5)),)
    scripted = engine(
        lambda request: [Candidate(said, alignment=links)], alignment=True, prefix=True
    )
    draft(shipped_terminology, SOURCE, scripted)
    for request in scripted.asked:
        assert not any(wrong in request.prefix for wrong in request.avoid)


def test_a_failed_repair_does_not_lose_the_draft(shipped_terminology: Terminology) -> None:
    def answer(request: Request) -> list[Candidate | str]:
        if request.prefix:
            raise EngineError("terms.unknown", id=0)
        return ["他在莫斯科会见了普京。"]

    enforced = draft(shipped_terminology, SOURCE, engine(answer, prefix=True))
    assert methods(enforced)[0] == ("Токаев", "forced")


def test_a_stop_is_heard_during_the_repair(shipped_terminology: Terminology) -> None:
    scripted = engine(["他在莫斯科会见了普京。"], prefix=True)
    item = (Request(SOURCE), shipped_terminology.find(SOURCE))
    working = Enforcement(shipped_terminology).translate(
        RU_ZH, [item], scripted, lambda: scripted.passes > 1
    )
    with pytest.raises(Cancelled):
        list(working)


@pytest.mark.parametrize(
    ("source", "said", "wanted"),
    [
        ("Киргизия закрыла границу.", "吉尔吉斯坦关闭了边界。", "吉尔吉斯斯坦关闭了边界。"),
        ("Токаев прибыл.", "托卡叶夫抵达。", "托卡耶夫抵达。"),
        ("Токаев прибыл.", "Tokaev抵达。", "托卡耶夫抵达。"),
        ("С Токаевым говорили.", "与Токаевым通话。", "与托卡耶夫通话。"),
        ("НАТО и ОДКБ молчат.", "NATO和ODKB保持沉默。", "北约和集安组织保持沉默。"),
        ("ЕС и Польша.", "МЕС与ЕС，波兰。", "МЕС与欧盟，波兰。"),
        ("Сергей Шойгу прибыл.", "绍伊古抵达。", "谢尔盖·绍伊古抵达。"),
        ("Сергей Шойгу прибыл.", "塞尔盖·绍伊古抵达。", "谢尔盖·绍伊古抵达。"),
        ("Саммит «Центральная Азия — Китай» открыт.", "中亚—中国峰会开幕。", "中国—中亚峰会开幕。"),
        (
            "Саммит «Один пояс — один путь» открылся.",
            "“一带路”峰会开幕。",
            "“一带一路”峰会开幕。",
        ),
    ],
)
def test_another_rendering_is_replaced_where_it_stands(
    shipped_terminology: Terminology, source: str, said: str, wanted: str
) -> None:
    enforced = draft(shipped_terminology, source, engine([said]))
    assert enforced.text == wanted
    assert "substituted" in {method for _, method in methods(enforced)}


def test_the_aligned_place_is_the_whole_word(shipped_terminology: Terminology) -> None:
    source = "Введён особый режим."
    hit = Hit(Term("особый режим", "反恐行动状态"), Span(7, 19), "особый режим")
    said = Candidate("国家反恐行动委员会。", alignment=(Link(Span(7, 19), Span(3, 4)),))
    [(_, enforced)] = Enforcement(shipped_terminology).translate(
        RU_ZH, [(Request(source), (hit,))], engine([said], alignment=True)
    )
    assert enforced.text == "国家反恐行动状态委员会。"


def test_one_mention_may_serve_a_repeated_name(shipped_terminology: Terminology) -> None:
    source = "Путин прибыл, Путина встретили, Путину вручили хлеб."
    enforced = draft(shipped_terminology, source, engine(["普京抵达，受到迎接。"]))
    assert enforced.text == "普京抵达，受到迎接。"
    assert [r.state for r in enforced.receipts] == ["honoured"] * 3


def test_a_part_of_a_longer_name_does_not_count(shipped_terminology: Terminology) -> None:
    source = "Россия ответила белорусской стороне."
    enforced = draft(shipped_terminology, source, engine(["白俄罗斯一方得到答复。"]))
    assert enforced.text.replace("白俄罗斯", "").count("俄罗斯") == 1
    assert methods(enforced) == [("Россия", "forced")]


def test_an_empty_draft_gets_the_terms_alone_and_says_so(shipped_terminology: Terminology) -> None:
    for said in ([], [""]):
        enforced = draft(shipped_terminology, SOURCE, engine(said))
        assert enforced.text == "托卡耶夫、普京、莫斯科"
        assert {method for _, method in methods(enforced)} == {"forced"}
    assert draft(shipped_terminology, "Без имён.", engine([""])).text == ""


def test_an_ambiguous_hit_is_not_enforced(shipped_terminology: Terminology) -> None:
    enforced = draft(shipped_terminology, "Токаева и Путин молчат.", engine(["普京沉默。"]))
    assert enforced.text == "普京沉默。"
    assert [r.state for r in enforced.receipts] == ["ambiguous", "honoured"]


def test_every_item_comes_once_whatever_the_order(shipped_terminology: Terminology) -> None:
    sentences = [s.text for s in read("tuning")[:40]]
    items = [(Request(text), shipped_terminology.find(text)) for text in sentences]
    done = list(Enforcement(shipped_terminology).translate(RU_ZH, items, engine(["译文。"])))
    assert sorted(index for index, _ in done) == list(range(40))


# -- the guarantee ------------------------------------------------------------------------

SENTENCES = [s.text for part in ("tuning", "blind") for s in read(part)]
FRAGMENTS = """
普京 俄罗斯 白俄罗斯 吉尔吉斯坦 托卡叶夫 · “ ” 《 》 （ ） ， 。 、 2022年 27.8亿 NATO Токаев 的 了
国 塔斯社 普京普京普京普京普京普京 谢尔盖·绍伊古 绍伊古 联合国安理会 中 国防部 俄罗斯报道
"""
SNIPPETS = st.one_of(
    st.sampled_from(FRAGMENTS.split()),
    st.text("国家总统在了会谈表示称，。", max_size=6),
    st.text(max_size=3),
)
TEXTS = st.lists(SNIPPETS, max_size=10).map("".join)


@st.composite
def candidates(draw: st.DrawFn, source: str) -> Candidate:
    text = draw(TEXTS)
    links = []
    for _ in range(draw(st.integers(0, 4))):
        a, b = sorted(draw(st.tuples(st.integers(0, len(source)), st.integers(0, len(source)))))
        c, d = sorted(draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
        links.append(Link(Span(a, b), Span(c, d), draw(st.floats(0, 1))))
    return Candidate(text, score=draw(st.floats(-9, 0)), alignment=tuple(links))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_the_guarantee_holds_for_any_engine(
    shipped_terminology: Terminology, data: st.DataObject
) -> None:
    sources = data.draw(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3))
    source = " ".join(sources)
    scripted = Scripted(
        lambda _request: data.draw(st.lists(candidates(source), max_size=3)),
        EngineInfo(
            "scripted",
            terms=data.draw(st.sampled_from(["none", "inline", "prompt"])),
            prefix=data.draw(st.booleans()),
            nbest=data.draw(st.booleans()),
        ),
    )
    enforced = draft(shipped_terminology, source, scripted)
    hits = [hit for hit in shipped_terminology.find(source) if hit.state == "found"]
    receipts = [r for r in enforced.receipts if r.hit.state == "found"]
    assert [r.hit for r in receipts] == hits
    for receipt in receipts:
        assert receipt.state == "honoured"
        assert receipt.method in ("model", "nbest", "redecoded", "substituted", "forced")
        assert receipt.target is not None
        form = receipt.target.of(enforced.text)
        assert any(form.endswith(accepted) for accepted in receipt.hit.term.accepted)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_enforcing_what_is_enforced_changes_nothing(
    shipped_terminology: Terminology, data: st.DataObject
) -> None:
    source = data.draw(st.sampled_from(SENTENCES))
    capable = {"prefix": data.draw(st.booleans()), "nbest": data.draw(st.booleans())}
    said = data.draw(st.lists(candidates(source), max_size=2))
    once = draft(shipped_terminology, source, engine(said, **capable))
    again = draft(shipped_terminology, source, engine([once.text], **capable))
    assert again.text == once.text
    assert {r.method for r in again.receipts if r.state == "honoured"} <= {"model"}


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_what_stands_right_is_not_touched(
    shipped_terminology: Terminology, data: st.DataObject
) -> None:
    """A repair takes no other term away, be it required or only possible."""
    source = data.draw(st.sampled_from(SENTENCES))
    hits = shipped_terminology.find(source)
    said = data.draw(TEXTS)
    enforced = draft(shipped_terminology, source, engine([said]))
    before = shipped_terminology.verify(hits, said, short=False)
    after = shipped_terminology.verify(hits, enforced.text, short=False)
    for old, new in zip(before, after, strict=True):
        if old.target is not None:
            assert new.target is not None


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_repairs_keep_the_numbers(shipped_terminology: Terminology, data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(SENTENCES))
    said = data.draw(TEXTS)
    enforced = draft(shipped_terminology, source, engine([said]))
    hits = shipped_terminology.find(source)
    own = sum(c.isdigit() for hit in hits for c in hit.term.target)
    before = [c for c in said if c.isdigit()]
    after = [c for c in enforced.text if c.isdigit()]
    assert after == before or own


TANGLED = st.text("甲乙丙·“”，", min_size=1, max_size=4)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(TANGLED, st.lists(TANGLED, max_size=2)), min_size=1, max_size=5),
    st.text("甲乙丙·“”《》，。12 ", max_size=24),
    st.sampled_from(["person", "place", "term"]),
)
def test_the_guarantee_holds_for_entries_that_are_parts_of_each_other(
    shipped_terminology: Terminology, entries: list[tuple[str, list[str]]], said: str, kind: str
) -> None:
    source = " ".join(f"слово{n}" for n in range(len(entries)))
    hits = tuple(
        Hit(
            Term(f"слово{n}", zh, kind, variants=tuple(more)),  # type: ignore[arg-type]
            Span(source.index(f"слово{n}"), source.index(f"слово{n}") + 6),
            f"слово{n}",
        )
        for n, (zh, more) in enumerate(entries)
    )
    item = (Request(source), hits)
    [(_, enforced)] = Enforcement(shipped_terminology).translate(RU_ZH, [item], engine([said]))
    assert [r.hit.term.source for r in enforced.receipts if r.state != "honoured"] == []
