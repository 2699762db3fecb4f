"""The API on a real database: taking in, editing, conflicts, drafts as jobs, errors in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from workbench.assembly import open_workbench
from workbench.settings import load_settings
from workbench.web.app import create_app

TEXT = (
    "Встреча в Бишкеке\n\n"
    "Президент Казахстана Касым-Жомарт Токаев прибыл в Бишкек. Переговоры начались утром.\n\n"
    "Стороны подписали 9 документов."
)
JsonBody = dict[str, Any]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """One workbench for all: opening it is what takes the time; each test has its own article."""
    workbench = open_workbench(load_settings(state=tmp_path_factory.mktemp("web") / "state"))
    with TestClient(create_app(workbench), base_url="http://127.0.0.1") as client:
        yield client
    workbench.close()


@pytest.fixture
def article(client: TestClient) -> JsonBody:
    made = client.post("/api/v1/articles", json={"text": TEXT, "url": "https://example.org/a"})
    assert made.status_code == 201, made.text
    body: JsonBody = client.get(f"/api/v1/articles/{made.json()['id']}").json()
    return body


def put(client: TestClient, row: JsonBody, target: str, action: str = "save", **over: Any) -> Any:
    body = {"target": target, "revision": row["revision"], "action": action, **over}
    return client.put(f"/api/v1/segments/{row['id']}", json=body)


def test_a_pasted_article_keeps_every_sentence_and_its_facts(
    client: TestClient, article: JsonBody
) -> None:
    sources = [row["source"] for row in article["rows"]]
    assert "".join("".join(sources).split()) == "".join(TEXT.split())
    assert article["url"] == "https://example.org/a"
    assert [row["state"] for row in article["rows"]] == ["new"] * len(sources)
    assert any(hit["target"] for row in article["rows"] for hit in row["hits"])


def test_an_upload_keeps_typed_facts_over_those_of_the_file(client: TestClient) -> None:
    content = "---\ntitle: Из файла\noutlet: Издание\n---\n\nТекст новости.\n".encode()
    made = client.post(
        "/api/v1/articles/upload", files={"file": ("a.md", content)}, data={"title": "Своё"}
    )
    body = client.get(f"/api/v1/articles/{made.json()['id']}").json()
    assert (body["title"], body["outlet"]) == ("Своё", "Издание")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.txt", b""),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
        ("broken.docx", b"PK\x03\x04 no zip"),
        ("noise.txt", bytes(range(256)) * 20),
        ("big.txt", "Слово. ".encode() * 2_000_000),
    ],
)
def test_a_file_that_cannot_be_used_is_one_sentence(
    client: TestClient, name: str, content: bytes
) -> None:
    before = client.get("/api/v1/articles").json()
    answer = client.post(
        "/api/v1/articles/upload",
        files={"file": (name, content)},
        headers={"accept-language": "zh-CN"},
    )
    assert answer.status_code in (413, 422)
    assert answer.headers["content-type"].startswith("application/problem+json")
    body = answer.json()
    assert body["problem"].endswith("。")
    assert body["remedy"].endswith("。")
    assert "Traceback" not in answer.text
    assert client.get("/api/v1/articles").json() == before


def test_saving_and_confirming_answer_with_the_row_as_stored(
    client: TestClient, article: JsonBody
) -> None:
    row = article["rows"][1]
    saved = put(client, row, "托卡耶夫抵达比什凯克。").json()
    assert (saved["state"], saved["origin"], saved["author"]) == ("edited", "human", "local")
    confirmed = put(client, saved, "托卡耶夫已抵达比什凯克。", "confirm").json()
    assert (confirmed["state"], confirmed["revision"]) == ("confirmed", saved["revision"] + 1)
    found = client.get("/api/v1/memory/matches", params={"text": row["source"]}).json()
    assert found[0]["score"] >= 100
    assert found[0]["target"] == "托卡耶夫已抵达比什凯克。"


def test_an_old_revision_gets_the_present_row_instead(
    client: TestClient, article: JsonBody
) -> None:
    row = article["rows"][0]
    put(client, row, "甲")
    answer = put(client, row, "乙")
    assert answer.status_code == 409
    assert answer.json()["row"]["target"] == "甲"
    kept = client.get(f"/api/v1/segments/{row['id']}/panel").json()["row"]
    assert kept["target"] == "甲"


def test_an_empty_target_is_not_confirmed(client: TestClient, article: JsonBody) -> None:
    answer = put(client, article["rows"][0], "  ", "confirm")
    assert answer.status_code == 422
    assert answer.json()["problem"]


def test_history_gives_back_an_earlier_version(client: TestClient, article: JsonBody) -> None:
    first = put(client, article["rows"][0], "第一版").json()
    second = put(client, first, "第二版").json()
    url = f"/api/v1/segments/{first['id']}"
    body = {"version": first["revision"], "revision": second["revision"]}
    back = client.post(f"{url}/restore", json=body).json()
    assert back["target"] == "第一版"
    history = client.get(f"{url}/panel").json()["history"]
    assert [version["target"] for version in history] == ["第一版", "第二版", "第一版"]


def test_a_locked_row_refuses_text_until_it_is_unlocked(
    client: TestClient, article: JsonBody
) -> None:
    row = put(client, article["rows"][0], "甲").json()
    url = f"/api/v1/segments/{row['id']}/lock"
    locked = client.post(url, json={"locked": True, "revision": row["revision"]}).json()
    assert locked["state"] == "locked"
    assert put(client, locked, "乙").status_code == 409
    body = {"locked": False, "revision": locked["revision"]}
    assert client.post(url, json=body).json()["state"] == "edited"


def test_a_dismissed_issue_stays_dismissed(client: TestClient, article: JsonBody) -> None:
    row = put(client, article["rows"][3], "双方签署了8份文件。").json()
    issue = next(each for each in row["issues"] if each["id"])
    url = f"/api/v1/segments/{row['id']}/dismiss"
    row = client.post(url, json={"issue_id": issue["id"], "reason": "ok"}).json()
    again = put(client, row, "双方共签署了8份文件。").json()
    states = {each["id"]: each["dismissed"] for each in again["issues"]}
    assert states.get(issue["id"], True) is True


def test_changed_rows_since_a_cursor(client: TestClient, article: JsonBody) -> None:
    saved = put(client, article["rows"][2], "谈判上午开始。").json()
    url = f"/api/v1/articles/{article['id']}/rows"
    changed = client.get(url, params={"since": article["cursor"]}).json()
    assert [row["id"] for row in changed["rows"]] == [saved["id"]]
    later = client.get(url, params={"since": changed["cursor"] + "z"}).json()
    assert later["rows"] == []


def test_a_deleted_article_is_gone_until_it_is_restored(
    client: TestClient, article: JsonBody
) -> None:
    url = f"/api/v1/articles/{article['id']}"
    assert client.delete(url).status_code == 204
    assert client.get(url).status_code == 404
    assert article["id"] not in [each["id"] for each in client.get("/api/v1/articles").json()]
    assert client.post(f"{url}/restore").status_code == 204
    assert client.get(url).json()["rows"] == article["rows"]


def test_metadata_changes_one_field_at_a_time(client: TestClient, article: JsonBody) -> None:
    url = f"/api/v1/articles/{article['id']}"
    client.patch(url, json={"outlet": "Газета"})
    body = client.get(url).json()
    assert (body["outlet"], body["url"]) == ("Газета", "https://example.org/a")


def test_an_export_is_a_download_with_every_confirmed_sentence(
    client: TestClient, article: JsonBody
) -> None:
    targets = [f"第{row['n']}句。" for row in article["rows"]]
    for row, target in zip(article["rows"], targets, strict=True):
        assert put(client, row, target, "confirm").status_code == 200
    answer = client.get(f"/api/v1/articles/{article['id']}/export", params={"to": "txt"})
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert all(target in answer.text for target in targets)


def test_one_draft_at_a_time_and_cancelling_it(client: TestClient, article: JsonBody) -> None:
    url = f"/api/v1/articles/{article['id']}"
    assert client.get(f"{url}/job").json() is None
    job = client.post(f"{url}/draft", json={}).json()
    assert (job["state"], job["engine"]) == ("queued", "shipped")
    assert client.post(f"{url}/draft", json={}).status_code == 409
    assert client.post(f"{url}/job/cancel").json()["state"] == "cancelled"
    assert client.post(f"{url}/draft", json={"engine": "no such"}).status_code == 404


def test_a_new_term_is_found_in_the_next_look(client: TestClient, article: JsonBody) -> None:
    made = client.post("/api/v1/glossary", json={"source": "Переговоры", "target": "会谈"})
    assert made.status_code == 201, made.text
    rows = client.get(f"/api/v1/articles/{article['id']}").json()["rows"]
    assert any(hit["target"] == "会谈" for row in rows for hit in row["hits"])
    assert client.post("/api/v1/glossary", json={"source": "", "target": "x"}).status_code == 422


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-CN,zh;q=0.9", "文章"), ("ru-RU", "тать"), ("en-GB", "article"), ("de", "文章")],
)
def test_errors_speak_the_users_language(client: TestClient, language: str, said: str) -> None:
    answer = client.get("/api/v1/articles/999", headers={"accept-language": language})
    assert answer.status_code == 404
    assert said in answer.json()["problem"]


def test_a_request_that_makes_no_sense_is_a_problem_too(client: TestClient) -> None:
    for answer in (
        client.post("/api/v1/articles", content=b"{", headers={"content-type": "application/json"}),
        client.put("/api/v1/segments/none", json={}),
        client.get("/api/v1/nothing"),
        client.delete("/api/v1/articles"),
    ):
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert answer.json()["problem"]
