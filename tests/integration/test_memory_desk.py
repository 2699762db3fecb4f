"""Keeping the memory: concordance, history, findings, acts that can be undone, imports as jobs."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from workbench.assembly import Workbench
from workbench.domain.memory import Unit
from workbench.errors import Conflict, InputError, NotFound
from workbench.services.concordance import narrowed
from workbench.services.jobs import Worker
from workbench.services.memory_imports import profile_of
from workbench.storage.unit_batches import Profile
from workbench.web.app import create_app

KAZAKH = Unit(
    "Президент Казахстана прибыл в Бишкек, переговоры начнутся утром.",
    "哈萨克斯坦总统抵达比什凯克，会谈将于上午开始。",
    article="Визит",
    author="Аня",
)


@pytest.fixture
def client(workbench: Workbench) -> Iterator[TestClient]:
    with TestClient(create_app(workbench), base_url="http://127.0.0.1") as client:
        yield client


def sources(workbench: Workbench) -> list[str]:
    return [unit.source for unit in workbench.units.all()]


# -- the concordance ------------------------------------------------------------------------


def test_hits_and_their_counterparts_are_marked(workbench: Workbench) -> None:
    workbench.memory.add(KAZAKH)
    (found,) = workbench.concordance.search("казахстаном").found
    assert [span.of(KAZAKH.source) for span in found.spans] == ["Казахстана"]
    assert (found.how, [span.of(KAZAKH.target) for span in found.others]) == (
        "term",
        ["哈萨克斯坦"],
    )
    (found,) = workbench.concordance.search("переговоры").found
    assert found.how == "clause"
    assert [span.of(KAZAKH.target) for span in found.others] == ["会谈将于上午开始"]
    (found,) = workbench.concordance.search("比什凯克").found
    assert (found.side, found.how) == ("target", "term")
    assert [span.of(KAZAKH.source) for span in found.others] == ["Бишкек"]


@pytest.mark.parametrize(
    ("narrow", "wanted"),
    [
        ({"author": "Аня"}, ["Один договор."]),
        ({"article": "Погода"}, ["Два договора."]),
        ({"article": "7"}, ["Один договор."]),
        ({"origin": "import"}, []),
        ({"since": "2026-03-02"}, ["Два договора."]),
        ({"until": "2026-03-01"}, ["Один договор."]),
        ({"since": "2026-03-01", "until": "2026-03-02"}, ["Два договора.", "Один договор."]),
    ],
)
def test_filters(workbench: Workbench, narrow: dict[str, str], wanted: list[str]) -> None:
    one = Unit("Один договор.", "一", author="Аня", article_id=7, changed="2026-03-01T10:00:00")
    workbench.memory.add(one)
    two = Unit(
        "Два договора.",
        "二",
        author="Боря",
        article="О Погоде: Погода",
        changed="2026-03-02T23:59:59",
    )
    workbench.memory.add(two)
    for text in ("договор", ""):
        page = workbench.concordance.search(text, "source", narrowed(**narrow))
        assert [found.unit.source for found in page.found] == wanted


def test_pages_follow_one_another(workbench: Workbench) -> None:
    added = [workbench.memory.add(Unit(f"Договор {n}.", f"条约{n}。")).id for n in range(7)]
    seen: list[int] = []
    before = 0
    while True:
        page = workbench.concordance.search("договор", limit=3, before=before)
        seen += [found.unit.id for found in page.found]
        before = page.next
        if not before:
            break
    assert seen == added[::-1]


def test_a_page_that_finds_little_ends_and_goes_on(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workbench.services import concordance

    monkeypatch.setattr(concordance, "FIRST", 2)
    monkeypatch.setattr(concordance, "PAGE", 2)
    monkeypatch.setattr(concordance, "LOOKED", 4)
    wanted = workbench.memory.add(Unit("Договор 0.", "〇", author="Аня"))
    for n in range(1, 10):
        workbench.memory.add(Unit(f"Договор {n}.", f"{n}", author="Боря"))
    found, before, pages = [], 0, 0
    while True:
        page = workbench.concordance.search("договор", None, narrowed(author="Аня"), 5, before)
        found += [each.unit.id for each in page.found]
        before, pages = page.next, pages + 1
        if not before:
            break
    assert (found, pages) == ([wanted.id], 3)


def test_what_cannot_be_asked_is_told(workbench: Workbench) -> None:
    with pytest.raises(InputError) as wrong:
        narrowed(since="вчера")
    assert wrong.value.key == "memory.bad_date"
    with pytest.raises(InputError) as long:
        workbench.concordance.search("я" * 501)
    assert long.value.key == "memory.question_too_long"
    assert workbench.concordance.search("").found == ()


def test_the_api_marks_and_pages(client: TestClient, workbench: Workbench) -> None:
    for n in range(3):
        workbench.memory.add(replace(KAZAKH, source=f"{n}: {KAZAKH.source}"))
    answer = client.get("/api/v1/memory/concordance", params={"text": "казахстан", "limit": 2})
    assert len(answer.json()) == 2
    first = answer.json()[0]
    start, end = first["spans"][0]
    assert first["source"][start:end] == "Казахстана"
    assert first["counterpart"]["how"] == "term"
    more = {"text": "казахстан", "limit": 2, "before": answer.headers["x-next"]}
    again = client.get("/api/v1/memory/concordance", params=more)
    assert (len(again.json()), "x-next" in again.headers) == (1, False)


# -- a unit and its history -----------------------------------------------------------------


def test_every_change_keeps_who_when_and_why(client: TestClient, workbench: Workbench) -> None:
    number = workbench.memory.add(Unit("Да.", "是", author="Аня")).id
    url = f"/api/v1/memory/units/{number}"
    changed = client.patch(url, json={"revision": 1, "target": "对", "reason": "точнее"}).json()
    assert (changed["target"], changed["revision"]) == ("对", 2)
    late = client.patch(url, json={"revision": 1, "target": "嗯"})
    assert (late.status_code, late.json()["key"]) == (409, "storage.unit_changed")
    assert client.delete(url, params={"revision": 2, "reason": "лишнее"}).status_code == 204
    assert sources(workbench) == []
    gone = client.get(url).json()
    assert (gone["deleted"], gone["revision"]) == (True, 3)
    assert client.post(f"{url}/undelete", json={}).json()["target"] == "对"
    assert client.post(f"{url}/undelete", json={}).json()["key"] == "storage.unit_alive"
    back = client.post(f"{url}/restore", json={"version": 1, "revision": 4}).json()
    assert back["target"] == "是"
    told = [
        (v["revision"], v["target"], v["author"], v["reason"], v["deleted"])
        for v in back["versions"]
    ]
    assert told == [
        (5, "是", "local", "restore 1", False),
        (4, "对", "local", "undeleted", False),
        (3, "对", "local", "лишнее", True),
        (2, "对", "local", "точнее", False),
        (1, "是", "Аня", "", False),
    ]
    assert client.post(f"{url}/restore", json={"version": 9, "revision": 5}).status_code == 404
    assert client.patch(url, json={"revision": 5, "target": " "}).status_code == 422


def test_a_unit_that_is_there_again_does_not_come_back_twice(workbench: Workbench) -> None:
    unit = workbench.memory.add(Unit("Да.", "是"))
    workbench.memory_keeping.delete(unit.id, 1, "Аня")
    workbench.memory.add(Unit("Да.", "是"))
    with pytest.raises(Conflict) as twin:
        workbench.memory_keeping.undelete(unit.id, "Аня")
    assert twin.value.key == "storage.unit_twin"


def test_an_article_goes_in_one_act_and_comes_back(workbench: Workbench) -> None:
    keeping = workbench.memory_keeping
    kept = workbench.memory.add(Unit("Иное.", "另", article_id=8))
    units = [workbench.memory.add(Unit(f"{n}.", f"{n}。", article_id=7)) for n in range(3)]
    keeping.delete(units[0].id, 1, "Боря")  # before, and for its own sake
    act = keeping.withdraw_article(7, author="Аня", reason="опровержение")
    assert (act.units, act.what, act.name) == (2, "article", "#7")
    assert sources(workbench) == [kept.source]
    with pytest.raises(NotFound):
        keeping.withdraw_article(7)
    workbench.memory.add(Unit("1.", "1。", article_id=7))  # confirmed again meanwhile
    done = keeping.undo(act.id, "Аня")
    assert (done.units, done.left) == (1, 1)
    assert sorted(sources(workbench)) == ["1.", "2.", "Иное."]
    assert keeping.undo(act.id, "Аня").already
    assert keeping.get(units[2].id).versions[0].reason == "restored"


# -- findings -------------------------------------------------------------------------------


def test_doubles_are_merged_and_come_back(workbench: Workbench) -> None:
    findings = workbench.memory_findings
    first = workbench.memory.add(Unit("Да.", "是"))
    best = workbench.memory.add(Unit("Да.", "是", segment_id=5))
    last = workbench.memory.add(Unit("Да.", "是"))
    workbench.memory.add(Unit("Да.", "是", before="Иное."))  # neighbours of its own
    (found,) = findings.page("duplicates").found
    assert [unit.id for unit in found.translations[0].units] == [last.id, best.id, first.id]
    act = findings.merge(found.key, "Аня")
    assert findings.page("duplicates").found == ()
    assert workbench.units.get(best.id) == best
    workbench.memory_keeping.undo(act.id, "Аня")
    assert len(findings.page("duplicates").found[0].translations[0].units) == 3


def test_contradictions_are_counted_and_settled(workbench: Workbench) -> None:
    findings = workbench.memory_findings
    for n, target in enumerate(("是", "对", "对")):
        workbench.memory.add(Unit("Да.", target, before=f"{n}", author="Аня"))
    workbench.memory.add(Unit("Нет.", "不"))
    (found,) = findings.page("contradictions").found
    assert [(t.target, len(t.units)) for t in found.translations] == [("对", 2), ("是", 1)]
    act = findings.settle(found.key, found.unit.id, "Аня")
    assert act.units == 1
    assert findings.page("contradictions").found == ()
    workbench.memory_keeping.undo(act.id, "Аня")
    assert len(findings.page("contradictions").found) == 1
    with pytest.raises(NotFound):
        findings.settle(found.key, 10**6, "Аня")


def test_outdated_terms_are_shown_patched_and_unpatched(workbench: Workbench) -> None:
    terms, findings = workbench.terminology, workbench.memory_findings
    term = terms.add("Гурлебад", "古尔勒巴德", "place", author="Аня", forbidden=("古勒巴",))
    terms.add("Старое агентство", "旧社", "media", author="Аня", status="deprecated")
    changed = terms.add("Мирнинск", "米尔宁", "place", author="Аня")
    terms.update(replace(changed, target="米尔宁斯克"), changed.revision, "Аня")
    wrong = workbench.memory.add(Unit("Поезд пришёл в Гурлебад.", "火车抵达古勒巴。"))
    old = workbench.memory.add(Unit("Старое агентство сообщило.", "旧社报道。"))
    former = workbench.memory.add(Unit("Снег в Мирнинске.", "米尔宁下雪。"))
    workbench.memory.add(Unit("Поезд ушёл из Гурлебада.", "火车离开古尔勒巴德。"))
    page = findings.page("terms")
    told = {f.unit.id: (f.outdated[0].form, f.after) for f in page.found}
    assert told == {
        wrong.id: ("古勒巴", "火车抵达古尔勒巴德。"),
        old.id: ("旧社", ""),
        former.id: ("米尔宁", "米尔宁斯克下雪。"),
    }
    assert findings.preview(wrong.id).outdated[0].term_id == term.id
    act = findings.patch([f.unit.id for f in page.found], "Аня", "новые формы")
    assert act.units == 2
    assert workbench.units.get(wrong.id).target == "火车抵达古尔勒巴德。"
    assert [f.unit.id for f in findings.page("terms").found] == [old.id]
    assert workbench.memory_keeping.undo(act.id, "Аня").units == 2
    assert workbench.units.get(wrong.id).target == wrong.target
    with pytest.raises(NotFound):
        findings.patch([old.id], "Аня")


def test_suspicious_units_page_by_page(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workbench.services import memory_findings

    monkeypatch.setattr(memory_findings, "READ", 2)
    monkeypatch.setattr(memory_findings, "LOOKED", 4)
    good = [Unit(f"Вот {n} стран.", f"{n}个国家。") for n in range(12, 20)]
    bad = [
        Unit("OK", "OK"),
        Unit("Рост составил 15 %.", "增长14%。"),
        Unit("Прибыл Иванов.", "伊万诺夫прибыл到达。"),
    ]
    for unit in (*good[:3], bad[0], *good[3:], *bad[1:]):
        workbench.memory.add(unit)
    found, after, looked = [], "", 0
    while True:
        page = workbench.memory_findings.page("suspicious", after, 1)
        found += page.found
        looked += page.looked
        after = page.next
        if not after:
            break
    assert [(f.unit.source, f.same, [i.check for i in f.issues][:1]) for f in found] == [
        ("OK", True, []),
        ("Рост составил 15 %.", False, ["ZH-N10"]),
        ("Прибыл Иванов.", False, ["ZH-R01"]),
    ]
    assert (looked, page.total) == (11, 11)


# -- imports --------------------------------------------------------------------------------

PAIRS = "Курс рубля вырос.\t卢布汇率上涨。\nПрезидент прибыл.\t总统抵达。\n\t空\n"


def file(text: str = PAIRS) -> io.BytesIO:
    return io.BytesIO(text.encode())


def test_what_another_import_has_too_stays(workbench: Workbench) -> None:
    memory, imports = workbench.memory, workbench.units.imports
    one = memory.import_file(file(), "one.tsv", "Аня")
    two = memory.import_file(file("Курс рубля вырос.\t卢布汇率上涨。\n"), "two.tsv", "Боря")
    assert (two.added, two.known) == (0, 1)
    assert memory.withdraw(one.batch, "Аня") == 1
    assert sources(workbench) == ["Курс рубля вырос."]
    assert memory.withdraw(two.batch, "Боря") == 1
    assert sources(workbench) == []
    assert imports.undo(two.batch, "Боря") == 1
    assert sources(workbench) == ["Курс рубля вырос."]
    assert imports.undo(one.batch, "Аня") == 1
    assert memory.withdraw(two.batch, "Боря") == 0  # the first has it again
    assert len(sources(workbench)) == 2
    with pytest.raises(NotFound):
        imports.undo(one.batch, "Аня")


def test_what_a_person_changed_since_the_withdrawal_stays(workbench: Workbench) -> None:
    one = workbench.memory.import_file(file(), "one.tsv", "Аня")
    first = next(workbench.units.all())
    workbench.memory_keeping.delete(first.id, 1, "Боря")
    assert workbench.memory.withdraw(one.batch, "Аня") == 1
    assert workbench.units.imports.undo(one.batch, "Аня") == 1
    assert sources(workbench) == ["Президент прибыл."]


def test_profiles(workbench: Workbench) -> None:
    assert profile_of("raw", " новости  мира ") == Profile("raw", "новости мира", 10)
    assert profile_of("raw", penalty=3).penalty == 3
    for wrong in ({"trust": "x"}, {"penalty": 51}, {"penalty": -1}, {"domain": "я" * 81}):
        with pytest.raises(InputError):
            profile_of(**wrong)  # type: ignore[arg-type]
    done = workbench.memory.import_file(file(), "a.tsv", "Аня", profile=profile_of("partner"))
    assert workbench.units.imports.profiles(["", done.batch]) == {
        done.batch: Profile("partner", "", 2)
    }
    (match,) = workbench.memory.matches("Президент прибыл.")
    assert match.score == 98


def worker(workbench: Workbench) -> Worker:
    return Worker(
        workbench.jobs,
        workbench.articles,
        lambda: workbench.drafting,
        workbench.engine,
        "w",
        lambda: workbench.memory_imports,
    )


def start(client: TestClient, text: str = PAIRS, **more: object) -> dict[str, object]:
    kept = client.post("/api/v1/memory/uploads", params={"name": "a.tsv"}, content=text.encode())
    assert kept.status_code == 200, kept.text
    order = {"token": kept.json()["token"], "name": "a.tsv", **more}
    return {**kept.json(), "job": client.post("/api/v1/memory/imports", json=order).json()["id"]}


def test_an_upload_is_shown_queued_and_imported(client: TestClient, workbench: Workbench) -> None:
    begun = start(client, trust="partner", domain="экономика")
    assert (begun["units"], begun["known"], begun["rejected"], begun["whole"]) == (2, 0, 1, True)
    assert begun["problems"][0]["line"] == 3  # type: ignore[index]
    url = f"/api/v1/memory/import-jobs/{begun['job']}"
    assert client.get(url).json()["state"] == "queued"
    assert worker(workbench).run_one()
    job = client.get(url).json()
    assert (job["state"], job["result"]["added"], job["done"]) == ("done", 2, 2)
    assert job["result"]["problems"][0]["line"] == 3
    (batch,) = client.get("/api/v1/memory/imports").json()
    assert (batch["trust"], batch["domain"], batch["penalty"]) == ("partner", "экономика", 2)
    assert not list((workbench.settings.state / "imports").iterdir())
    order = {"token": begun["token"], "name": "a.tsv"}
    assert client.post("/api/v1/memory/imports", json=order).status_code == 404
    where = f"/api/v1/memory/imports/{batch['id']}"
    assert client.patch(where, json={"penalty": 7}).json()["penalty"] == 7
    assert client.post(f"{where}/withdraw").json() == {"units": 2}
    assert client.get("/api/v1/memory/imports").json() == []
    assert client.post(f"{where}/undo").json() == {"units": 2}


def test_a_cancelled_import_leaves_nothing(client: TestClient, workbench: Workbench) -> None:
    begun = start(client)
    url = f"/api/v1/memory/import-jobs/{begun['job']}/cancel"
    assert client.post(url).json()["state"] == "cancelled"
    assert not worker(workbench).run_one()
    assert not list((workbench.settings.state / "imports").iterdir())
    assert sources(workbench) == []


def test_an_import_whose_worker_died_is_done_once(client: TestClient, workbench: Workbench) -> None:
    begun = start(client)
    job = workbench.jobs.claim("dead")
    assert job is not None
    batch = workbench.units.imports.open(
        "import", "a.tsv", "Аня", batch=f"{begun['token'][:28]}0000"
    )  # type: ignore[index]
    workbench.units.imports.add([Unit("Полдела.", "一半")], batch.id)
    workbench.jobs.requeue_stale(-1)
    assert worker(workbench).run_one()
    assert sources(workbench) == ["Курс рубля вырос.", "Президент прибыл."]


def test_a_worker_that_ends_leaves_the_file_to_the_next(
    client: TestClient, workbench: Workbench
) -> None:
    start(client)
    assert worker(workbench).run_one(stop=lambda: True)
    assert sources(workbench) == []
    workbench.jobs.requeue_stale(-1)
    assert worker(workbench).run_one()
    assert len(sources(workbench)) == 2


def test_a_file_that_nobody_can_read_is_refused_at_once(client: TestClient) -> None:
    answer = client.post("/api/v1/memory/uploads", params={"name": "a.doc"}, content=b"x")
    assert answer.json()["key"] == "units.unknown_suffix"
    broken = client.post("/api/v1/memory/uploads", params={"name": "a.tmx"}, content=b"<tmx")
    assert broken.status_code == 422


def test_the_languages_of_a_tmx_file_are_told(client: TestClient) -> None:
    unit = (
        '<tu><tuv xml:lang="RU"><seg>Да.</seg></tuv><tuv xml:lang="zh-CN"><seg>是</seg></tuv></tu>'
    )
    text = (
        f'<?xml version="1.0"?><tmx version="1.4"><header srclang="ru"/><body>{unit}</body></tmx>'
    )
    answer = client.post("/api/v1/memory/uploads", params={"name": "a.tmx"}, content=text.encode())
    assert answer.json()["languages"] == [{"code": "ru", "count": 1}, {"code": "zh-cn", "count": 1}]


# -- the command line -----------------------------------------------------------------------


def test_from_a_shell(run: object, tmp_path: Path) -> None:
    call = run
    path = tmp_path / "pairs.tsv"
    path.write_text("Да.\t是\nДа.\t对\nРост 15 %.\t增长14%。\n")
    options = ("--profile", "raw", "--domain", "спорт", "--author", "Аня")
    assert call("memory", "import", path, *options)[0] == 0  # type: ignore[operator]

    def out(*arguments: object) -> object:
        status, text, _ = call("memory", *arguments, "--json")  # type: ignore[operator]
        assert status == 0
        return json.loads(text)

    (found,) = out("concordance", "рост", "--since", "2026-01-01")  # type: ignore[misc]
    assert (found["side"], found["spans"]) == ("source", [[0, 4]])
    assert out("concordance", "рост", "--author", "Никто") == []
    (contradiction,) = out("findings", "contradictions")  # type: ignore[misc]
    assert [t["target"] for t in contradiction["translations"]] == ["对", "是"]
    assert [f["source"] for f in out("findings", "suspicious")] == ["Рост 15 %."]  # type: ignore[attr-defined]
    (batch,) = out("imports")["imports"]  # type: ignore[index]
    assert (batch["trust"], batch["domain"], batch["penalty"]) == ("raw", "спорт", 10)
    assert call("memory", "withdraw", "pairs.tsv")[2] == "3 units withdrawn\n"  # type: ignore[operator]
    assert call("memory", "undo", "pairs.tsv")[2] == "3 units put back\n"  # type: ignore[operator]
    assert call("memory", "withdraw", "--article", "pairs.tsv")[2] == "3 units withdrawn\tundo 1\n"  # type: ignore[operator]
    assert call("memory", "undo", "1")[2] == "3 units put back, 0 left\n"  # type: ignore[operator]
    assert len(out("history", found["unit_id"])["versions"]) == 5  # type: ignore[index]
    assert call("memory", "findings", "nothing")[0] == 2  # type: ignore[operator]
    assert call("memory", "undo", "nothing")[0] != 0  # type: ignore[operator]
