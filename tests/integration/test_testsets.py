"""Test sets from the newsroom's own articles: frozen, guarded, exported, over both doors."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.integration.conftest import WithGlossary
from workbench.assembly import Workbench
from workbench.domain.article import Article, Metadata
from workbench.domain.memory import Unit
from workbench.errors import Conflict, DataError, InputError, NotFound
from workbench.services.evaluation.freezing import Freezing, Wanted, favoured
from workbench.services.evaluation.guard import Guard, TestLines, letters
from workbench.services.jobs import LONG, Worker
from workbench.storage.frozen_sets import FrozenSets
from workbench.training.corpus import TestKeys, files_of_tests
from workbench.web.app import create_app

Run = Callable[..., tuple[int, str, str]]
TEXTS = {
    "2026-10-05": "Порт открыл новый причал для зерна. Город ждёт вторую баржу к субботе.",
    "2026-10-20": "Школа получила сорок новых парт. Порт открыл новый причал для зерна.",
    "2026-11-02": "Мост через реку закрыли до весны. Объезд займёт двадцать минут.",
}
GLOSSARY = "ru\tzh\ttype\tvariants\tforbidden\tflags\tnote\tsource\n"


@pytest.fixture
def workbench(with_glossary: WithGlossary) -> Workbench:
    """A workbench with three articles; the second sentence of the last is not confirmed."""
    workbench = with_glossary(GLOSSARY)
    for number, (date, text) in enumerate(TEXTS.items()):
        read = workbench.intake.paste(text)
        outlet = "Речной вестник" if number else "Портовая газета"
        metadata = Metadata(f"Статья {number}", "И. Иванов", outlet, date)
        article = workbench.articles.add(Article(read.blocks, metadata, read.pair), "anna")
        for n, row in enumerate(workbench.articles.rows(article.id)):
            if (number, n) != (2, 1):
                workbench.review.confirm(
                    row.segment.id, f"{number}号文第{n}句。", row.revision, "anna"
                )
    return workbench


@pytest.fixture
def freezing(workbench: Workbench) -> Freezing:
    return Freezing(FrozenSets(workbench.database), workbench.evaluation.shelf)


def test_a_set_is_frozen_and_never_changes(workbench: Workbench, freezing: Freezing) -> None:
    manifest = freezing.freeze("october", Wanted(until="2026-10-31"), "eva", "перед выпуском")
    assert (manifest.kind, manifest.lines, manifest.documents) == ("frozen", 3, 2)
    assert manifest.digest == manifest.known
    assert manifest.note == "перед выпуском"
    assert manifest.facts["period"] == ["2026-10-05", "2026-10-20"]
    assert manifest.facts["doubled"] == 1  # the port's sentence stands in both articles
    opened = workbench.evaluation.open("october")
    assert opened.sources[0] == "Порт открыл новый причал для зерна."
    assert opened.references[0][0] == "0号文第0句。"
    first = workbench.articles.list()[-1].id
    row = workbench.articles.rows(first)[0]
    workbench.review.confirm(row.segment.id, "改了。", row.revision, "anna")
    workbench.articles.delete(first, "anna")
    assert workbench.evaluation.open("october") == opened
    for name, error in (("october", Conflict), ("newsdesk", Conflict), ("a b", InputError)):
        with pytest.raises(error):
            freezing.freeze(name, Wanted())
    freezing.delete("october")
    with pytest.raises(NotFound):
        workbench.evaluation.open("october")


@pytest.mark.parametrize(
    ("wanted", "lines"),
    [
        (Wanted(), 3),
        (Wanted(since="2026-10-06"), 2),
        (Wanted(partial=True), 4),
        (Wanted(since="2026-11-01", partial=True), 1),
        (Wanted(outlet="Портовая газета"), 2),
        (Wanted(author="И. Иванов", limit=2), 2),
    ],
)
def test_what_is_frozen_can_be_chosen(freezing: Freezing, wanted: Wanted, lines: int) -> None:
    assert freezing.preview(wanted)["lines"] == lines


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        (Wanted(since="2026-11-01"), NotFound),
        (Wanted(outlet="Нет такого"), NotFound),
        (Wanted(since="1 ноября"), InputError),
        (Wanted(limit=1), NotFound),
    ],
)
def test_what_cannot_be_frozen_is_refused(
    freezing: Freezing, wanted: Wanted, error: type[Exception]
) -> None:
    with pytest.raises(error):
        freezing.freeze("leer", wanted)


def test_a_tampered_set_is_refused(workbench: Workbench, freezing: Freezing) -> None:
    freezing.freeze("october", Wanted())
    with closing(sqlite3.connect(workbench.settings.state / "workbench.sqlite")) as connection:
        connection.execute("UPDATE frozen_pairs SET target = '改了。' WHERE n = 0")
        connection.commit()
    with pytest.raises(DataError) as caught:
        workbench.evaluation.open("october")
    assert caught.value.key == "evaluation.frozen_changed"
    with pytest.raises(DataError):  # what cannot be read cannot be kept out
        TestLines.of(workbench.evaluation.shelf)
    (broken,) = workbench.evaluation.shelf.list()
    assert "digest" in broken.note


def test_a_set_of_mended_drafts_favours_its_engine(workbench: Workbench) -> None:
    with closing(sqlite3.connect(workbench.settings.state / "workbench.sqlite")) as connection:
        connection.execute("UPDATE segments SET engine = 'shipped' WHERE n = 1")
        connection.commit()
    freezing = Freezing(FrozenSets(workbench.database), workbench.evaluation.shelf)
    found = favoured(freezing.freeze("october", Wanted()))
    assert found is not None
    assert found[0] == "shipped"
    assert 0.2 < found[1] < 0.7


def test_the_guard_bars_the_sets_articles_and_pairs(
    workbench: Workbench, freezing: Freezing
) -> None:
    freezing.freeze("october", Wanted(outlet="Портовая газета"))
    guard = Guard.of(workbench.evaluation.open("october"))
    source = "Порт открыл новый причал для зерна."
    assert workbench.memory.best(source) is not None
    match = workbench.memory.best(source, barred=guard.bars)
    assert match is not None
    assert match.target == "1号文第1句。"  # another article's
    assert guard.barred
    assert guard.bars(Unit(source, "０号文 第0句"))
    assert not guard.bars(Unit(source, "另译。"))
    assert not guard.bars(Unit("Иное.", "0号文第0句。"))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ёлка, 5 %.", "елка 5%"), ("Ａ、Ｂ", "ab"), ("«Привет»!", "привет")],
)
def test_letters_are_what_is_left_of_a_text(one: str, other: str) -> None:
    assert letters(one) == letters(other)


def test_nothing_of_a_set_leaves_for_training(
    run: Run, workbench: Workbench, freezing: Freezing, tmp_path: Path
) -> None:
    workbench.memory.add(Unit("Совсем другое предложение о погоде.", "关于天气的另一句话。"))
    freezing.freeze("october", Wanted(since="2026-10-06"))
    out = tmp_path / "units.tsv"
    data = ("WORKBENCH_DATA_DIR", str(workbench.data))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(*data)
        status, _, err = run("memory", "export", out, "--training")
        exported = run("testset", "export", "october", "--to", tmp_path / "sets")
    assert status == exported[0] == 0
    text = out.read_text(encoding="utf-8")
    assert "о погоде" in text
    assert "Мост через реку" in text
    assert "парт" not in text
    assert "причал" not in text
    assert "3 left out" in err
    assert "october" in err
    # The preparation of training reads the written set and knows its lines.
    keys = TestKeys.read(files_of_tests(tmp_path / "sets"))
    assert keys.hit(("Порт открыл новый причал для зерна!", "。"))


# -- the command line -----------------------------------------------------------------------


def test_the_shipped_set_is_listed_shown_and_checked(run: Run, tmp_path: Path) -> None:
    status, out, _ = run("testset", "show", "newsdesk", "--json")
    assert status == 0
    shown = json.loads(out)
    assert (shown["kind"], shown["lines"], shown["digest"]) == ("shipped", 300, shown["known"])
    assert run("testset", "check", "newsdesk") == (0, "", "")
    assert "newsdesk\tshipped\t300 lines" in run("testset", "list")[1]
    assert run("testset", "delete", "newsdesk")[0] == 7
    assert run("testset", "show", "nowhere")[0] == 4
    assert run("testset", "freeze", "leer")[0] == 4
    status, _, _ = run("testset", "export", "newsdesk", "--to", tmp_path / "out")
    assert status == 0
    again = run("testset", "show", "newsdesk", "--json")[1]
    assert json.loads(again) == shown


def test_a_users_own_set_is_looked_through(run: Run, tmp_path: Path) -> None:
    (tmp_path / "own.ru").write_text("Раз.\nДва.\nРаз.\n\n", encoding="utf-8")
    (tmp_path / "own.zh").write_text("一。\n\n一。\n四。\n", encoding="utf-8")
    (tmp_path / "own.toml").write_text('origin = "дом"\nsha256 = "0"\n', encoding="utf-8")
    (tmp_path / "bad.ru").write_text("Раз.\n", encoding="utf-8")
    (tmp_path / "bad.zh").write_text("一。\n二。\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBENCH_CORPORA_DIR", str(tmp_path))
        status, out, _ = run("testset", "check", "own", "--json")
        listed = json.loads(run("testset", "list", "--json")[1])
        assert run("testset", "check", "bad")[0] == 3
        (tmp_path / "own.toml").write_text("origin = дом", encoding="utf-8")
        assert run("testset", "show", "own")[0] == 5
    assert status == 0
    assert [finding["key"] for finding in json.loads(out)] == [
        "evaluation.another_edition",
        "evaluation.blank_lines",
        "evaluation.blank_lines",
        "evaluation.doubled_lines",
        "evaluation.no_licence",
    ]
    kinds = {each["name"]: (each["kind"], each["lines"]) for each in listed}
    assert kinds["own"] == ("folder", 4)
    assert kinds["bad"] == ("folder", 0)


# -- /api/v1 --------------------------------------------------------------------------------


@pytest.fixture
def client(workbench: Workbench) -> Iterator[TestClient]:
    with TestClient(create_app(workbench), base_url="http://127.0.0.1") as client:
        yield client


def work(workbench: Workbench) -> bool:
    return Worker(
        workbench.jobs,
        workbench.articles,
        lambda: workbench.drafting,
        workbench.engine,
        "test",
        runs=lambda: workbench.runs,
        kinds=LONG,
    ).run_one()


def test_a_run_is_ordered_followed_and_read(client: TestClient, workbench: Workbench) -> None:
    frozen = client.post("/api/v1/testsets", json={"name": "october", "partial": True})
    assert frozen.status_code == 201
    assert client.get("/api/v1/testsets/october").json()["findings"] == []
    lines = "\n".join(f"第{n}句。" for n in range(4))
    order = {
        "set": "october",
        "hypotheses": [{"name": "x.txt", "text": lines}, {"name": "x.txt", "text": lines}],
        "metrics": ["chrf"],
        "title": "первый",
    }
    answer = client.post("/api/v1/evaluations", json=order)
    assert answer.status_code == 202
    run = answer.json()
    assert (run["state"], run["systems"], run["total"]) == ("queued", ["x.txt", "x.txt (2)"], 8)
    url = f"/api/v1/evaluations/{run['id']}"
    assert client.get(f"{url}/result").json()["systems"][0]["scores"] == []
    assert work(workbench)
    done = client.get(url).json()
    assert (done["state"], done["title"], done["author"]) == ("done", "первый", "local")
    result = client.get(f"{url}/result").json()
    assert result["changed"] is False
    assert result["systems"][0]["scores"][0]["signature"]
    page = client.get(f"{url}/lines", params={"system": "x.txt", "first": 2, "count": 1}).json()
    assert page == [{"n": 2, "text": "第2句。"}]
    assert client.put("/api/v1/evaluation-baselines", json={"run": run["id"]}).status_code == 200
    again = client.post(f"{url}/repeat", json={"title": "второй"}).json()
    assert work(workbench)
    verdict = client.get(f"/api/v1/evaluations/{again['id']}/verdict").json()
    assert verdict["regressed"] is False
    assert verdict["baseline"] == run["id"]
    listed = client.get("/api/v1/evaluations", params={"set": "october"}).json()
    assert [each["id"] for each in listed] == [again["id"], run["id"]]
    assert listed[0]["trend"]["x.txt"] == {"chrf": 0.0}
    points = client.get("/api/v1/evaluation-history?set=october&metric=chrf").json()
    assert [point["run_id"] for point in points] == [run["id"]] * 2 + [again["id"]] * 2
    assert client.get("/api/v1/evaluation-baselines").json()[0]["run_id"] == run["id"]
    assert client.delete("/api/v1/evaluation-baselines/october").status_code == 204
    assert client.delete(url).status_code == 204
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"set": "nowhere"}, 404),
        ({"set": ""}, 422),
        ({"hypotheses": []}, 422),
        ({"engines": ["folder:/etc"]}, 404),
        ({"metrics": ["bleu13a"]}, 404),
        ({"hypotheses": [{"name": "x", "text": "一\n二"}]}, 422),
        ({"hypotheses": [{"name": "x", "text": "\n\n\n"}]}, 422),
        ({"limit": 0}, 422),
        ({"glossaries": ["mine"]}, 422),
    ],
)
def test_what_cannot_be_done_is_refused_and_nothing_stored(
    client: TestClient, freezing: Freezing, change: dict[str, object], status: int
) -> None:
    freezing.freeze("october", Wanted())
    order = {"set": "october", "hypotheses": [{"name": "x", "text": "一\n二\n三"}], **change}
    answer = client.post("/api/v1/evaluations", json=order)
    assert answer.status_code == status
    assert client.get("/api/v1/evaluations").json() == []
