"""Approved terms stand in the draft of every family of engines, and the receipts are honest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from local_endpoint import LocalEndpoint
from test_translators import CONVERTED, ENDPOINTS, FAMILIES
from tiny_models import KNOWN, RUSSIAN, Make

from workbench import engines
from workbench.domain.language import RU_ZH
from workbench.domain.ports import Request, Translator
from workbench.domain.term import Term
from workbench.services.enforcement import Enforced, Enforcement
from workbench.services.terminology import Terminology
from workbench.storage.database import Database
from workbench.storage.terms import Terms

ORIGINAL = tuple(f"{family}-transformers" for family in FAMILIES)
# What the models learned by heart, and what they have never heard.
HEARD = [
    Term("Казахстан", "哈萨克斯坦", "place"),
    Term("парламент", "议会", "org"),
    Term("завод", "加工厂"),
]
UNHEARD = [
    Term("Токаев", "托卡捷夫", "person", forbidden=("托卡耶夫",)),
    Term("Астана", "努尔苏丹", "place"),
    Term("Алтай", "金山地区", "place"),
    Term("Москва", "鱻斯科", "place"),
    Term("министр", "大臣"),
    Term("хлеб", "馕"),
]


@pytest.fixture(scope="module")
def terminology(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminology]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('terms') / 'terms.sqlite'}")
    terminology = Terminology(Terms(database))
    terminology.add_all([*HEARD, *UNHEARD], author="test")
    yield terminology
    database.close()


def enforced(terminology: Terminology, engine: Translator) -> list[Enforced]:
    items = [(Request(text), terminology.find(text)) for text in RUSSIAN]
    drafts = dict(Enforcement(terminology).translate(RU_ZH, items, engine))
    return [drafts[n] for n in range(len(items))]


def methods(drafts: list[Enforced]) -> dict[str, str]:
    return {r.hit.term.source: r.method for draft in drafts for r in draft.receipts}


@pytest.mark.parametrize("name", ["shipped", *CONVERTED, *ORIGINAL, *ENDPOINTS])
def test_every_term_stands_and_the_receipts_are_honest(
    name: str, terminology: Terminology, make: Make
) -> None:
    engine = make(name, beam=2)
    drafts = enforced(terminology, engine)
    receipts = [(draft, receipt) for draft in drafts for receipt in draft.receipts]
    assert {r.hit.term.source for _, r in receipts} == {t.source for t in (*HEARD, *UNHEARD)}
    for draft, receipt in receipts:
        form = receipt.hit.term.target
        said = [form in candidate.text for candidate in draft.candidates]
        assert receipt.state == "honoured"
        assert receipt.target is not None
        assert receipt.target.of(draft.text) == form
        if receipt.method == "model":
            assert said[0]
        elif receipt.method == "nbest":
            assert any(said[1:])
            assert not said[0]
        else:
            assert receipt.method in ("redecoded", "substituted", "forced")
            assert not said[0]
        if receipt.hit.term.forbidden and receipt.method != "forced":
            assert receipt.hit.term.forbidden[0] not in draft.text
    put = methods(drafts)
    if name != "shipped":  # the tiny one has never seen a tag
        assert {put[term.source] for term in HEARD} <= {"model", "nbest"}
        assert "3.5%" in drafts[3].text.replace("％", "%")
    if engine.info.prefix:
        assert "redecoded" in {put[term.source] for term in UNHEARD}


# -- a language model over HTTP ----------------------------------------------------------


def chat(server: LocalEndpoint, style: str) -> Translator:
    endpoint = engines.Endpoint(server.url, "small", style=style, retries=0)  # type: ignore[arg-type]
    nowhere = Path("/nowhere")
    return engines.build("chat", data=nowhere, state=nowhere, endpoints={"chat": endpoint})


def by_heart(messages: list[dict[str, str]]) -> str:
    said = next(m["content"] for m in messages if m["role"] == "user")
    return next(target for source, target in KNOWN.items() if source in said)


def asked_again(body: dict[str, Any]) -> bool:
    return any(message["role"] == "assistant" for message in body["messages"])


@pytest.mark.parametrize("style", ["generic", "hy-mt"])
def test_a_language_model_is_shown_its_draft_and_what_is_missing(
    style: str, terminology: Terminology
) -> None:
    old = {"托卡捷夫": "托卡耶夫", "努尔苏丹": "阿斯塔纳", "金山地区": "阿尔泰", "鱻斯科": "莫斯科"}
    old |= {"大臣": "部长", "馕": "面包"}

    def obedient(body: dict[str, Any]) -> str:
        text = by_heart(body["messages"])
        if asked_again(body):
            wanted = body["messages"][-1]["content"]
            for new in re.findall(r"(?:=|翻译成) (\S+)", wanted):
                text = text.replace(old[new], new)
        return text

    with LocalEndpoint(obedient) as server:
        drafts = enforced(terminology, chat(server, style))
    put = methods(drafts)
    assert {put[term.source] for term in UNHEARD} == {"redecoded"}
    assert {put[term.source] for term in HEARD} == {"model"}
    again = [body["messages"] for body in server.bodies if asked_again(body)]
    assert len(again) == 5  # the sentences that lacked something, each once
    first = next(m for m in again if "Токаев" in json.dumps(m, ensure_ascii=False))
    assert first[-2] == {"role": "assistant", "content": KNOWN[RUSSIAN[0]]}
    assert "托卡捷夫" in first[-1]["content"]
    assert "努尔苏丹" in first[-1]["content"]
    assert "哈萨克斯坦" not in first[-1]["content"]  # it is not missing


def test_a_stubborn_language_model_is_asked_twice_and_then_overruled(
    terminology: Terminology,
) -> None:
    with LocalEndpoint(lambda body: by_heart(body["messages"])) as server:
        drafts = enforced(terminology, chat(server, "generic"))
    put = methods(drafts)
    assert {put[term.source] for term in UNHEARD} <= {"substituted", "forced"}
    assert put["Токаев"] == "substituted"  # its wrong rendering is known
    again = [body for body in server.bodies if asked_again(body)]
    assert [body["temperature"] for body in again].count(0) == 5
    assert len(again) == 10


def test_an_endpoint_that_fails_at_the_second_question_loses_nothing(
    terminology: Terminology,
) -> None:
    def failing(body: dict[str, Any]) -> object:
        return (500, "", {}) if asked_again(body) else by_heart(body["messages"])

    with LocalEndpoint(failing) as server:
        drafts = enforced(terminology, chat(server, "generic"))
    assert {r.state for draft in drafts for r in draft.receipts} == {"honoured"}
    assert "哈萨克斯坦总统" in drafts[0].text
