"""Drafting on real storage: memory first, terms enforced, order kept, cancel heard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import pytest

from workbench.assembly import Workbench
from workbench.domain.article import Article
from workbench.domain.language import RU_ZH, Pair
from workbench.domain.memory import Unit
from workbench.domain.ports import EngineInfo, Request, Stop, Translator, never
from workbench.domain.row import Candidate
from workbench.errors import Cancelled, EngineError
from workbench.services.drafting import WINDOW

TEXT = """Президент Казахстана Токаев прибыл в Бишкек.

Секретариат ОДКБ опубликовал отчёт. Погода стояла ясная. Переговоры завершились поздно вечером.
"""


@dataclass
class Parrot:
    """An engine that knows no Russian: the same Chinese for everything, last request first."""

    answer: str = "他们讨论了合作。"
    asked: list[str] = field(default_factory=list)

    @property
    def info(self) -> EngineInfo:
        return EngineInfo("parrot", pairs=(RU_ZH,))

    def translate(
        self, pair: Pair, requests: Sequence[Request], stop: Stop = never
    ) -> Iterator[tuple[int, tuple[Candidate, ...]]]:
        for index in reversed(range(len(requests))):
            self.asked.append(requests[index].text)
            yield index, (Candidate(self.answer, "parrot"),)


@pytest.fixture
def article(workbench: Workbench) -> Article:
    return workbench.articles.add(workbench.intake.read(TEXT.encode(), "a.txt"), author="local")


def test_every_segment_gets_a_row_in_reading_order(workbench: Workbench, article: Article) -> None:
    rows = list(workbench.drafting.draft(article, Parrot()))
    assert [row.segment for row in rows] == list(article.segments)
    assert all(row.state == "drafted" and row.origin == "machine" for row in rows)
    assert all(row.engine == "parrot" for row in rows)


def test_each_approved_term_stands_in_the_draft_with_a_receipt(
    workbench: Workbench, article: Article
) -> None:
    rows = list(workbench.drafting.draft(article, Parrot()))
    first, second = rows[0], rows[1]
    for name in ("托卡耶夫", "哈萨克斯坦", "比什凯克"):
        assert name in first.target
    assert "集安组织" in second.target or "集体安全条约组织" in second.target
    for row in (first, second):
        assert len(row.receipts) == len(row.hits) > 0
        for receipt in row.receipts:
            assert receipt.state == "honoured"
            assert receipt.method == "forced"
            assert receipt.target is not None
            assert receipt.target.of(row.target) in receipt.hit.term.accepted


def test_tidying_never_spoils_a_term(workbench: Workbench, article: Article) -> None:
    """A form with a half-width comma is what the house wants, so the comma stays."""
    wanted = "秘书处,总部"
    workbench.terminology.add("Секретариат ОДКБ", wanted, "org", author="local")
    second = list(workbench.drafting.draft(article, Parrot(f"他们讨论,{wanted}。")))[1]
    assert wanted in second.target
    assert [(r.state, r.method) for r in second.receipts] == [("honoured", "model")]
    assert "human" not in {r.method for r in second.receipts}


def test_a_new_draft_keeps_what_people_chose(workbench: Workbench) -> None:
    text = "Токаева и Путин молчат. Токаева и гости ждут."
    article = workbench.articles.add(workbench.intake.paste(text), "Аня")
    first, second = (
        workbench.articles.save_draft(row) for row in workbench.drafting.draft(article, Parrot())
    )
    term = first.hits[0].term
    review = workbench.review
    first = review.choose(first.segment.id, 0, "accepted", term.id, first.revision, "Аня")
    second = review.choose(second.segment.id, 0, "rejected", 0, second.revision, "Аня")
    before = {row.segment.id: row.receipts for row in (first, second)}
    again = list(workbench.drafting.draft(article, Parrot("天气晴朗。"), before=before))
    chosen = [(r.state, r.choice) for row in again for r in row.receipts if r.choice]
    assert chosen == [("honoured", "accepted"), ("rejected", "rejected")]
    assert term.target in again[0].target
    assert term.target not in again[1].target


def test_a_confirmed_sentence_comes_from_the_memory(workbench: Workbench, article: Article) -> None:
    weather = article.segments[2]
    workbench.review.confirm(weather.id, "天气晴朗。", 0, "anna")
    engine = Parrot()
    other = workbench.intake.read("Снова новости.\n\nПогода стояла ясная.\n".encode(), "b.txt")
    rows = list(workbench.drafting.draft(other, engine))
    assert rows[1].target == "天气晴朗。"
    assert rows[1].origin in ("exact", "context")
    assert rows[1].score >= 100
    assert "Погода стояла ясная." not in engine.asked


def test_a_memory_target_without_the_term_is_not_used(
    workbench: Workbench, article: Article
) -> None:
    first = article.segments[0]
    workbench.review.confirm(first.id, "哈萨克斯坦总统抵达比什凯克。", 0, "anna")
    row = next(iter(workbench.drafting.draft(article, Parrot())))
    assert row.origin == "machine"
    assert "托卡耶夫" in row.target


def test_an_outdated_term_or_a_fragment_fills_no_draft(
    workbench: Workbench, article: Article
) -> None:
    term = workbench.terminology.add("ледовый дворец", "冰宫", "place", author="anna")
    other = workbench.intake.paste(
        "Ледовый дворец закрыли.\n\n"
        "Как сообщили вечером, ледовый дворец закрыли на ремонт, и он уехал."
    )
    for source, target in (
        ("Ледовый дворец закрыли.", "冰馆冰宫关闭。"),
        ("Ледовый дворец закрыли на ремонт.", "冰宫停业维修。"),
    ):
        workbench.memory.add(Unit(source, target))
    first, second = workbench.drafting.draft(other, Parrot())
    assert (first.origin, first.target) == ("exact", "冰馆冰宫关闭。")
    changed = replace(term, forbidden=("冰馆",))
    workbench.terminology.update(changed, term.revision, "anna")
    first, second = workbench.drafting.draft(other, Parrot())
    assert (first.origin, second.origin) == ("machine", "machine")
    assert workbench.memory.fragments(second.segment.source)[0].target == "冰宫停业维修"


def test_only_the_asked_segments_are_drafted(workbench: Workbench, article: Article) -> None:
    engine = Parrot()
    wanted = frozenset({article.segments[1].id, article.segments[3].id})
    rows = list(workbench.drafting.draft(article, engine, only=wanted))
    assert {row.segment.id for row in rows} == wanted
    assert len(engine.asked) == 2


def test_cancel_keeps_what_is_done(workbench: Workbench) -> None:
    text = "\n\n".join(f"Предложение номер {n} закончено." for n in range(100))
    article = workbench.intake.read(text.encode(), "long.txt")
    done: list[int] = []
    rows = workbench.drafting.draft(article, Parrot(), stop=lambda: len(done) >= WINDOW)
    with pytest.raises(Cancelled):
        done.extend(row.segment.n for row in rows)
    assert done == list(range(1, WINDOW + 1))


def test_a_failing_engine_is_an_error_of_the_engine(workbench: Workbench, article: Article) -> None:
    class Broken(Parrot):
        def translate(
            self, pair: Pair, requests: Sequence[Request], stop: Stop = never
        ) -> Iterator[tuple[int, tuple[Candidate, ...]]]:
            raise EngineError("engines.unknown", name="broken", known="none")
            yield

    broken: Translator = Broken()
    with pytest.raises(EngineError):
        list(workbench.drafting.draft(article, broken))
