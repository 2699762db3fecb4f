"""The glossary's endpoints: a terminologist's work without the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from workbench.assembly import Workbench, open_workbench
from workbench.services.glossary_base import COLUMNS
from workbench.settings import load_settings
from workbench.web.app import create_app


@pytest.fixture
def workbench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workbench]:
    """A workbench whose shipped glossary has one entry."""
    for part in ("models", "glossary/ru-zh"):
        (tmp_path / "data" / part).mkdir(parents=True)
    row = ["Токаев", "托卡耶夫", "person", *[""] * 5]
    text = "\t".join(COLUMNS) + "\n" + "\t".join(row) + "\n"
    (tmp_path / "data" / "glossary" / "ru-zh" / "a.tsv").write_text(text, encoding="utf-8")
    monkeypatch.setenv("WORKBENCH_DATA_DIR", str(tmp_path / "data"))
    workbench = open_workbench(load_settings(state=tmp_path / "state"))
    yield workbench
    workbench.close()


@pytest.fixture
def client(workbench: Workbench) -> Iterator[TestClient]:
    with TestClient(create_app(workbench), base_url="http://127.0.0.1/api/v1/") as client:
        yield client


@pytest.fixture
def town(client: TestClient) -> dict[str, Any]:
    answer = client.post("glossary", json={"source": "Ош", "target": "奥什", "type": "place"})
    assert answer.status_code == 201
    return dict(answer.json())


def article(client: TestClient, text: str) -> int:
    return int(client.post("articles", json={"text": text, "title": "Статья"}).json()["id"])


def type_in(client: TestClient, article_id: int, n: int, target: str) -> dict[str, Any]:
    """Save a target in row *n*."""
    row = client.get(f"articles/{article_id}").json()["rows"][n]
    given = {"target": target, "revision": row["revision"]}
    answer = client.put(f"segments/{row['id']}", json=given)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_an_entry_is_edited_retired_and_its_history_read(
    client: TestClient, town: dict[str, Any]
) -> None:
    one = f"glossary/{town['id']}"
    given = {"revision": 1, "variants": ["奥什市"], "valid_from": "2020-01-01", "reason": "补充"}
    edited = client.patch(one, json=given)
    assert (edited.status_code, edited.json()["variants"]) == (200, ["奥什市"])
    assert client.patch(one, json={"revision": 1, "note": "迟了"}).status_code == 409
    crossed = client.patch(one, json={"revision": 2, "valid_to": "2019-01-01"})
    assert (crossed.status_code, crossed.json()["key"]) == (422, "terms.dates_crossed")
    state = client.post(f"{one}/state", json={"status": "deprecated"})
    assert (state.status_code, state.json()["key"]) == (422, "terms.no_reason")
    state = client.post(f"{one}/state", json={"status": "deprecated", "reason": "旧"})
    assert (state.status_code, state.json()["status"]) == (200, "deprecated")
    history = client.get(f"{one}/history").json()
    assert [step["reason"] for step in history] == ["旧", "补充", ""]
    assert history[1]["changes"][0] == {"field": "variants", "before": "", "after": "奥什市"}
    restored = client.post(f"{one}/restore", json={"revision": 1}).json()
    assert (restored["status"], restored["variants"]) == ("approved", [])
    assert client.delete(f"{one}?reason=误").status_code == 204
    assert client.get(one).status_code == 404
    assert client.post(f"{one}/undelete").json()["target"] == "奥什"
    formed = client.put(f"{one}/forms", json={"struck": ["Оше"]}).json()
    assert ["Оше", "", "struck"] in formed["forms"]
    assert client.put(f"{one}/forms", json={}).status_code == 200
    assert [f[1] for f in client.get(one).json()["forms"] if f[0] == "Оше"] == ["loc"]


def test_impact_patch_and_undo(client: TestClient, town: dict[str, Any]) -> None:
    number = article(client, "Власти Оша молчат. В городе тихо.")
    row = type_in(client, number, 0, "奥什当局沉默。")
    assert client.get(f"articles/{number}/export?to=txt").status_code == 200
    one = f"glossary/{town['id']}"
    impact = client.get(f"{one}/impact", params={"target": "奥希"}).json()
    assert (impact["segments"], impact["units"]) == ({"edited": 1}, {})
    assert [(e["format"], e["author"]) for e in impact["exports"]] == [("txt", "local")]
    assert impact["samples"][0]["after"] == "奥希当局沉默。"
    patched = client.post(f"{one}/patch", json={"target": "奥希", "reason": "新译"}).json()
    assert (patched["segments"], patched["left"], patched["exports"]) == (1, [], 1)
    shown = client.get(f"articles/{number}").json()["rows"][0]
    assert (shown["target"], shown["revision"]) == ("奥希当局沉默。", row["revision"] + 1)
    (listed,) = client.get("glossary-patches", params={"term_id": town["id"]}).json()
    assert (listed["before"], listed["after"], listed["undone"]) == ("奥什", "奥希", "")
    undone = client.post(f"glossary-patches/{patched['patch']}/undo").json()
    assert (undone["segments"], undone["already"]) == (1, False)
    assert client.get(f"articles/{number}").json()["rows"][0]["target"] == "奥什当局沉默。"
    assert client.post("glossary-patches/99/undo").status_code == 404


def test_a_file_is_previewed_imported_and_taken_out(client: TestClient) -> None:
    rows = "Ошинск\t奧希斯克\tplace\nпусто\nТокаев\t托卡叶夫\tperson\n".encode()
    files = {"file": ("names.tsv", rows)}
    preview = client.post("glossary/import", files=files, data={"preview": "true"}).json()
    assert (preview["added"], preview["batch"]) == (1, "")
    assert preview["totals"] == {"conflicting": 1, "refused": 1, "remarks": 1}
    assert preview["refused"][0]["line"] == 2
    done = client.post("glossary/import", files=files, data={"simplify": "true"}).json()
    assert client.get("glossary", params={"query": "axsk"}).json()[0]["target"] == "奥希斯克"
    (batch,) = client.get("glossary-imports").json()
    assert (batch["id"], batch["present"]) == (done["batch"], 1)
    undone = client.post(f"glossary-imports/{done['batch']}/undo", json={"reason": "误"}).json()
    assert (undone["removed"], undone["left"]) == (1, [])
    assert client.get("glossary", params={"query": "Ошинск"}).json() == []
    broken = client.post("glossary/import", files={"file": ("a.tbx", b"<tbx>")})
    assert (broken.status_code, broken.json()["key"]) == (422, "xml.malformed")


def test_remarks_and_findings_are_in_the_reader_s_language(client: TestClient) -> None:
    given = {"source": "Нaрын", "target": "納倫", "type": "place"}
    added = client.post("glossary", json=given, headers={"accept-language": "ru"}).json()
    assert added["source"] == "Нарын"
    assert [(r["key"], r["mended"]) for r in added["remarks"]] == [
        ("terms.homoglyphs", True),
        ("terms.traditional", False),
    ]
    assert "Упрощённая" in added["remarks"][1]["message"]
    (finding,) = client.get("glossary/findings", headers={"accept-language": "zh"}).json()
    assert (finding["fault"], finding["action"]) == ("traditional", "simplify")
    assert "繁体" in finding["problem"]


@pytest.mark.parametrize("to", ["tsv", "csv", "xlsx", "tbx", "tbx2"])
def test_the_whole_glossary_is_downloaded(client: TestClient, to: str) -> None:
    answer = client.get("glossary/export", params={"to": to})
    assert answer.status_code == 200
    suffix = to.removesuffix("2")
    assert f"glossary.{suffix}" in answer.headers["content-disposition"]
    files = {"file": (f"a.{suffix}", answer.content)}
    assert client.post("glossary/import", files=files).json()["known"] == 1
