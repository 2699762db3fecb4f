"""What is wrong with a field of a request is said in the user's language, in no library's words."""

from __future__ import annotations

import re
from typing import Any, Literal

import pytest
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field
from starlette.testclient import TestClient

from workbench.web.problems import install


class Given(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: str = Field(min_length=2, max_length=4)
    size: int = Field(ge=1, lt=10, default=1)
    kind: Literal["a", "b", "c"] = "a"
    marks: list[int] = Field(default_factory=list, max_length=2)


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()
    install(app)

    @app.post("/things")
    def things(given: Given) -> str:
        return given.title

    return TestClient(app)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "缺少 title"),
        ({"title": 5}, "title 的类型不对"),
        ({"title": "abcde"}, "title 超过 4"),
        ({"title": "a"}, "title 少于 2"),
        ({"title": "ab", "size": 0}, "size 超出范围（≥ 1）"),
        ({"title": "ab", "size": 10}, "size 超出范围（< 10）"),
        ({"title": "ab", "size": "x"}, "size 的类型不对"),
        ({"title": "ab", "kind": "d"}, "kind 只能是 a, b, c"),
        ({"title": "ab", "marks": [1, 2, 3]}, "marks 超过 2"),
        ({"title": "ab", "marks": [1, "x"]}, "marks.1 的类型不对"),
        ({"title": "ab", "other": 1}, "没有 other 这一项"),
    ],
)
def test_a_wrong_field_is_named(client: TestClient, body: dict[str, Any], reason: str) -> None:
    answer = client.post("/things", json=body, headers={"accept-language": "zh"})
    assert answer.status_code == 422
    assert answer.json()["problem"] == f"无法理解该请求：{reason}。"
    russian = client.post("/things", json=body, headers={"accept-language": "ru"}).json()
    assert not re.search("input|should|valid|required", russian["problem"], re.IGNORECASE)


def test_a_body_that_is_no_json_is_named(client: TestClient) -> None:
    answer = client.post(
        "/things",
        content=b"{",
        headers={"accept-language": "zh", "content-type": "application/json"},
    )
    assert answer.status_code == 422
    assert "的类型不对" in answer.json()["problem"]
