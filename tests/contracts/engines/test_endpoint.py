"""Endpoints over HTTP: what is asked, what is made of the answer, what is said when it fails."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from local_endpoint import Answer, LocalEndpoint

from workbench import engines
from workbench.domain.language import RU_ZH, Span
from workbench.domain.ports import Request, TermHint, Translator
from workbench.errors import Cancelled, EngineError

TEXT = "Токаев прибыл в Астану."
HINTS = (
    TermHint(Span(0, 6), "Токаев", "托卡耶夫"),
    TermHint(Span(16, 22), "Астана", "阿斯塔纳"),
    TermHint(Span(0, 6), "Токаев", "托卡耶夫"),
)


def engine(url: str, **options: Any) -> Translator:
    endpoint = engines.Endpoint(url, "small", **{"retries": 0, **options})
    return engines.build(
        "chat", data=Path("/nowhere"), state=Path("/nowhere"), endpoints={"chat": endpoint}
    )


def failure(answer: Answer, **options: Any) -> EngineError:
    """Return what translating with such an endpoint raises."""
    with LocalEndpoint(answer) as server, pytest.raises(EngineError) as caught:
        list(engine(server.url, **options).translate(RU_ZH, [Request(TEXT)]))
    return caught.value


def said(content: str, **more: Any) -> tuple[int, str, dict[str, str]]:
    return 200, json.dumps({"choices": [{"message": {"content": content}, **more}]}), {}


def test_the_generic_prompt_holds_glossary_context_and_text() -> None:
    request = Request(TEXT, HINTS, before="Утро было ясным.", avoid=("托卡捷夫",))
    with LocalEndpoint(lambda _: "托卡耶夫抵达阿斯塔纳。") as server:
        ((_, candidates),) = engine(server.url, api_key="sesame").translate(RU_ZH, [request])
    assert candidates[0].text == "托卡耶夫抵达阿斯塔纳。"
    system, user = server.bodies[0]["messages"]
    assert system["content"].count("Токаев = 托卡耶夫") == 1
    assert "Астана = 阿斯塔纳" in system["content"]
    assert "Утро было ясным." in system["content"]
    assert "托卡捷夫" in system["content"]
    assert user == {"role": "user", "content": TEXT}
    assert server.bodies[0]["model"] == "small"
    assert server.bodies[0]["temperature"] == 0
    assert server.headers[0]["Authorization"] == "Bearer sesame"


def test_hy_mt_gets_its_own_templates() -> None:
    with LocalEndpoint(lambda _: "好。") as server:
        list(engine(server.url, style="hy-mt").translate(RU_ZH, [Request(TEXT)]))
        list(engine(server.url, style="hy-mt").translate(RU_ZH, [Request(TEXT, HINTS)]))
    plain, terms = (body["messages"] for body in server.bodies)
    task = "将以下文本翻译为中文，注意只需要输出翻译后的结果，不要额外解释："
    assert plain == [{"role": "user", "content": f"{task}\n\n{TEXT}"}]
    listed = "Токаев 翻译成 托卡耶夫\nАстана 翻译成 阿斯塔纳"
    asked = f"参考下面的翻译：\n{listed}\n\n{task}\n{TEXT}"
    assert terms == [{"role": "user", "content": asked}]


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ("<think>Хм… 托卡?</think>\n\n托卡耶夫抵达。", "托卡耶夫抵达。"),
        ("размышляю</think>托卡耶夫抵达。", "托卡耶夫抵达。"),
        ("“托卡耶夫抵达。”", "托卡耶夫抵达。"),
        ("“托卡耶夫”抵达“阿斯塔纳”", "“托卡耶夫”抵达“阿斯塔纳”"),
        ("译文：托卡耶夫抵达。", "托卡耶夫抵达。"),
        ("```\n托卡耶夫抵达。\n```", "托卡耶夫抵达。"),
        ("  托卡耶夫抵达。\n", "托卡耶夫抵达。"),
    ],
)
def test_what_models_put_around_a_translation_is_taken_off(answer: str, text: str) -> None:
    with LocalEndpoint(lambda _: answer) as server:
        ((_, candidates),) = engine(server.url).translate(RU_ZH, [Request(TEXT)])
    assert candidates[0].text == text


def test_quotes_of_the_source_stay() -> None:
    with LocalEndpoint(lambda _: "“我们抵达了。”") as server:
        ((_, candidates),) = engine(server.url).translate(RU_ZH, [Request("«Мы прибыли.»")])
    assert candidates[0].text == "“我们抵达了。”"


def test_further_candidates_are_sampled() -> None:
    answers = iter(["一。", "二。", "一。"])
    with LocalEndpoint(lambda _: next(answers)) as server:
        ((_, candidates),) = engine(server.url).translate(RU_ZH, [Request(TEXT, count=8)])
    assert [candidate.text for candidate in candidates] == ["一。", "二。"]
    assert [body["temperature"] for body in server.bodies] == [0, 0.7, 0.7]


def test_no_more_requests_run_at_once_than_allowed() -> None:
    lock = threading.Lock()
    running, most = 0, 0

    def answer(_: dict[str, Any]) -> str:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1
        return "好。"

    with LocalEndpoint(answer) as server:
        requests = [Request(f"{TEXT} {n}") for n in range(12)]
        answered = dict(engine(server.url, parallel=3).translate(RU_ZH, requests))
    assert sorted(answered) == list(range(12))
    assert 1 < most <= 3


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_endpoint_is_asked_again(status: int) -> None:
    answers = iter([(status, "", {"Retry-After": "0"}), "好。"])
    with LocalEndpoint(lambda _: next(answers)) as server:
        ((_, candidates),) = engine(server.url, retries=1).translate(RU_ZH, [Request(TEXT)])
    assert candidates[0].text == "好。"
    assert len(server.bodies) == 2


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        ((401, "", {}), "endpoint_key"),
        ((404, "no such model", {}), "endpoint_no_model"),
        ((400, '{"error": "bad"}', {}), "endpoint_refused"),
        ((302, "", {"Location": "/elsewhere"}), "endpoint_refused"),
        ((429, "", {}), "endpoint_busy"),
        ((500, "", {}), "endpoint_busy"),
        ((200, "<html>welcome</html>", {}), "endpoint_nonsense"),
        ((200, '{"choices": []}', {}), "endpoint_nonsense"),
        ((200, "[]", {}), "endpoint_nonsense"),
        ((200, '{"choices": [{"message": {"content": null}}]}', {}), "endpoint_nonsense"),
        (said("  "), "endpoint_nonsense"),
        (said("半句", finish_reason="length"), "endpoint_cut_off"),
    ],
)
def test_a_useless_answer_is_explained(answer: Any, key: str) -> None:
    error = failure(lambda _: answer)
    assert error.key == f"engines.{key}"
    for language in ("en", "zh", "ru"):
        assert all(error.say(language))


def test_a_key_that_cannot_be_sent_is_explained() -> None:
    assert failure(lambda _: "好。", api_key="ключ").key == "engines.endpoint_key"


def test_a_missing_model_names_those_there_are() -> None:
    assert "small, large" in failure(lambda _: (404, "", {})).say()[1]


def test_a_closed_port_is_explained() -> None:
    with pytest.raises(EngineError) as caught:
        list(engine("http://127.0.0.1:9/v1").translate(RU_ZH, [Request(TEXT)]))
    assert caught.value.key == "engines.endpoint_down"


@pytest.mark.parametrize("url", ["localhost:11434", "ftp://x/v1", ""])
def test_an_unusable_address_is_explained(url: str) -> None:
    with pytest.raises(EngineError) as caught:
        list(engine(url).translate(RU_ZH, [Request(TEXT)]))
    assert caught.value.key == "engines.endpoint_address"


@pytest.fixture
def silent() -> Any:
    """An answer that does not come before the test lets it."""
    let = threading.Event()

    def answer(_: dict[str, Any]) -> str:
        let.wait(20)
        return "晚了。"

    yield answer
    let.set()


def test_an_endpoint_that_does_not_answer_is_explained(silent: Callable[..., str]) -> None:
    assert failure(silent, timeout=0.2).key == "engines.endpoint_slow"


def test_waiting_ends_when_stopped(silent: Callable[..., str]) -> None:
    asked = threading.Event()

    def answer(body: dict[str, Any]) -> str:
        asked.set()
        return silent(body)

    with LocalEndpoint(answer) as server, pytest.raises(Cancelled):
        list(engine(server.url).translate(RU_ZH, [Request(TEXT)], asked.is_set))


def test_an_empty_text_is_not_sent() -> None:
    with LocalEndpoint(lambda _: "好。") as server:
        ((_, candidates),) = engine(server.url).translate(RU_ZH, [Request("  ")])
    assert candidates[0].text == ""
    assert server.bodies == []


def test_the_key_is_not_shown() -> None:
    endpoint = engines.Endpoint("http://127.0.0.1:9/v1", "small", api_key="sesame")
    assert "sesame" not in repr(endpoint)
