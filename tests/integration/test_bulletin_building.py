"""Bulletins out of stored articles, by the command line and its service."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from workbench.assembly import Workbench, open_workbench
from workbench.cli import build
from workbench.domain.article import Article
from workbench.errors import InputError, NotFound
from workbench.formats.bulletin_spec import read_spec
from workbench.services.bulletin import Bulletins
from workbench.settings import load_settings
from workbench.web.app import create_app

ARTICLE = """---
title: Порт ждёт зимы
author: Анна Соловьёва
outlet: Ведомости
date: 2026-11-03
url: https://example.org/port
---

# Порт ждёт зимы

Токаев посетил порт.

Причалов не хватает.

## Кто заплатит?

Этого никто не знает.
"""
TARGETS = [
    "港口在等待冬天",
    "托卡耶夫视察了港口。",
    "泊位不够用。",
    "谁来付钱？",
    "没有人知道。",
]
SPEC = """series = "北方动态"
number = 12
year = 2026
month = 11

[[item]]
topic = "港口过冬"
article = 1
translator = "王小明"

[item.source]
country = "俄罗斯"
author_zh = "安娜·索洛维约娃"
"""


@pytest.fixture
def article(workbench: Workbench) -> Article:
    made = workbench.articles.add(workbench.intake.read(ARTICLE.encode(), "a.md"), "Аня")
    for row, target in zip(workbench.articles.rows(made.id), TARGETS, strict=True):
        workbench.review.confirm(row.segment.id, target, row.revision, "Аня")
    return made


@pytest.fixture
def bulletins(workbench: Workbench) -> Bulletins:
    return Bulletins(workbench.name_ledger, workbench.exports)


def keys(bulletins: Bulletins, spec: str) -> list[tuple[int, str, str]]:
    given = read_spec(spec.encode(), "spec.toml")
    found = bulletins.remarks(given, bulletins.complete(given))
    return [(r.item, r.severity, r.key) for r in found]


def test_the_article_fills_what_the_editor_left_open(
    bulletins: Bulletins, article: Article
) -> None:
    (item,) = bulletins.complete(read_spec(SPEC.encode(), "spec.toml")).items
    assert item.title_zh == "港口在等待冬天"
    assert item.lead == "托卡耶夫视察了港口。"
    assert [(s.heading, s.paragraphs) for s in item.sections] == [
        ("", ("泊位不够用。",)),
        ("谁来付钱？", ("没有人知道。",)),
    ]
    assert item.source.outlet_zh == "公报"  # the glossary knows the newspaper
    assert item.source.title_ru == "Порт ждёт зимы"
    assert (item.source.date, item.source.url) == ("2026-11-03", "https://example.org/port")
    assert keys(bulletins, SPEC) == []


def test_what_the_editor_says_wins(bulletins: Bulletins, article: Article) -> None:
    spec = SPEC.replace("article = 1", 'article = 1\ntitle_zh = "别的标题"\nlead = "别的导语。"')
    (item,) = bulletins.complete(read_spec(spec.encode(), "spec.toml")).items
    assert (item.title_zh, item.lead) == ("别的标题", "别的导语。")
    # The article loses nothing by it.
    assert item.sections[0].paragraphs == ("托卡耶夫视察了港口。",)
    spec = SPEC.replace("article = 1", 'article = 1\nlead = "托卡耶夫视察了港口。"')
    (item,) = bulletins.complete(read_spec(spec.encode(), "spec.toml")).items
    assert item.sections[0].paragraphs == ("泊位不够用。",)


def test_a_proposal_names_the_author_and_leaves_the_text_to_the_article(
    bulletins: Bulletins, article: Article
) -> None:
    (item,) = bulletins.propose([article.id]).items
    assert item.source.author_zh == "安娜·索洛维约娃"
    assert (item.title_zh, item.lead, item.sections) == ("", "", ())
    with pytest.raises(NotFound):
        bulletins.propose([99])


def test_unfinished_text_is_seen(
    workbench: Workbench, bulletins: Bulletins, article: Article
) -> None:
    rows = workbench.articles.rows(article.id)
    workbench.review.save(rows[1].segment.id, "托卡也夫视察了港口。", rows[1].revision, "Аня")
    workbench.review.save(rows[4].segment.id, "", rows[4].revision, "Аня")
    found = keys(bulletins, SPEC)
    assert (1, "error", "untranslated") in found
    assert (1, "warning", "unconfirmed") in found
    assert (0, "warning", "name_forms") in found


THREE = '[[item]]\ntopic = "港口过冬"\n[[item]]\ntopic = "别的"\n[[item]]\ntopic = "港口过冬"'
FAULTS = [
    (("month = 11", "month = 13"), "bad_month"),
    (('series = "北方动态"\n', ""), "missing"),
    (("[item.source]", "[item.source]\ndate = '3 ноября'"), "bad_date"),
    (("[item.source]", "[item.source]\nurl = 'https://example.org/port。'"), "bad_address"),
    (("article = 1", "article = 1\ntitle_zh = '标题。'"), "full_stop"),
    (("article = 1", "article = 1\ntitle_zh = '标题 Порт'"), "russian"),
    (("article = 1", "sections = []\ntitle_zh = '标题'"), "no_text"),
    (("[item.source]", "[item.source]\ndate = '2026-02-31'"), "bad_date"),
    (("[item.source]", "[item.source]\nurl = 'https://example.org/port.'"), "bad_address"),
    (("[item.source]", "[item.source]\nurl = 'https://a.org/https://b.org'"), "bad_address"),
    (("[item.source]", "[[item.sections]]\nheading = 'Порт'\n[item.source]"), "russian"),
    (('[[item]]\ntopic = "港口过冬"', THREE), "topic_apart"),
]


def test_faults_are_found(bulletins: Bulletins, article: Article) -> None:
    for changed, key in FAULTS:
        assert key in [found for _, _, found in keys(bulletins, SPEC.replace(*changed))]


def test_supplements_are_looked_over(bulletins: Bulletins, article: Article) -> None:
    more = '\n[[item.supplements]]\ntitle_zh = "x"\nurl = "https://example.org/port"\n'
    found = [key for _, _, key in keys(bulletins, SPEC + more)]
    assert "supplement" in found
    assert "same_address" in found


def test_harvesting_reads_what_the_builder_wrote(
    workbench: Workbench, bulletins: Bulletins, article: Article
) -> None:
    more = (
        '\n[[item.supplements]]\ntitle_zh = "港口统计"\ntitle_ru = "Статистика порта"\n'
        'url = "https://example.org/s"\n'
    )
    completed = bulletins.complete(read_spec((SPEC + more).encode(), "spec.toml"))
    for suffix in (".docx", ".txt"):
        pairs = workbench.harvest.read(bulletins.write(completed, suffix), f"b{suffix}")
        found = {(pair.ru, pair.zh) for pair in pairs}
        assert {
            ("Порт ждёт зимы", "港口在等待冬天"),
            ("Анна Соловьёва", "安娜·索洛维约娃"),
            ("Статистика порта", "港口统计"),
        } <= found, suffix


def run(workbench: Workbench, *arguments: str) -> tuple[int, str, str]:
    state = str(workbench.settings.state)
    result = CliRunner().invoke(build(), ["--state", state, "bulletin", *arguments])
    if isinstance(result.exception, InputError):
        return result.exception.exit_status, result.stdout, result.stderr
    return result.exit_code, result.stdout, result.stderr


def test_the_command_line(workbench: Workbench, article: Article, tmp_path: Path) -> None:
    spec, out = tmp_path / "spec.toml", tmp_path / "out.docx"
    assert run(workbench, "new", "1", "-o", str(spec))[0] == 0
    status, _, said = run(workbench, "build", str(spec), "-o", str(out))
    assert status == 3
    assert "series" in said
    assert not out.exists()
    assert run(workbench, "build", str(spec), "-o", str(out), "--draft")[0] == 0
    assert not workbench.exports.of([article.id])
    spec.write_text(SPEC, encoding="utf-8")
    status, shown, _ = run(workbench, "check", str(spec), "--json")
    assert (status, json.loads(shown)) == (0, [])
    assert run(workbench, "build", str(spec), "-o", str(out), "--strict")[0] == 0
    again = open_workbench(load_settings(state=workbench.settings.state))
    assert [one.format for one in again.exports.of([article.id])] == ["bulletin"]
    again.close()


def test_strict_refuses_what_should_be_looked_at(
    workbench: Workbench, article: Article, tmp_path: Path
) -> None:
    spec, out = tmp_path / "spec.toml", tmp_path / "out.txt"
    spec.write_text(SPEC.replace('country = "俄罗斯"\n', ""), encoding="utf-8")
    assert run(workbench, "build", str(spec), "-o", str(out), "--strict")[0] == 3
    status, _, said = run(workbench, "build", str(spec), "-o", str(out))
    assert status == 0
    assert "country" in said


def test_text_that_the_editor_gave_needs_no_finished_article(
    workbench: Workbench, bulletins: Bulletins, article: Article
) -> None:
    rows = workbench.articles.rows(article.id)
    workbench.review.save(rows[4].segment.id, "", rows[4].revision, "Аня")
    own = SPEC.replace(
        "[item.source]", '[[item.sections]]\nparagraphs = ["自己的正文。"]\n[item.source]'
    )
    assert "untranslated" not in [key for _, _, key in keys(bulletins, own)]


def test_the_endpoints_answer_bad_input_with_a_sentence(workbench: Workbench) -> None:
    client = TestClient(create_app(workbench), base_url="http://127.0.0.1")
    lone = client.post("/api/v1/bulletins/check", content=b'{"spec": "\\ud800"}')
    assert lone.status_code == 422
    for spec in ("number = " + "9" * 5000, "a = " + "[" * 5000, "[[item]]\n" * 100, "x"):
        answer = client.post("/api/v1/bulletins/build", json={"spec": spec})
        assert answer.status_code == 422, spec[:20]
        assert answer.json()["problem"]
    bare = {"spec": '[[item]]\ntitle_zh = "\\u0001"\n[item.source]\ndate = "2026-²"'}
    for to in ("docx", "html", "txt"):
        answer = client.post(f"/api/v1/bulletins/build?draft=true&to={to}", json=bare)
        assert answer.status_code == 200, to
    assert client.post("/api/v1/bulletins/build?to=pdf", json=bare).status_code == 422
