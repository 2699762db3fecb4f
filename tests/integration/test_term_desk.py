"""The terminologist's desk: states, dates, history, search, findings, the shipped base."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.integration.terms_desk import House, open_house
from workbench.domain.term import Term
from workbench.errors import Conflict, InputError, NotFound
from workbench.services.glossary_base import COLUMNS
from workbench.storage.database import Database

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    return open_house(database, tmp_path)


@pytest.fixture
def town(house: House) -> Term:
    return house.terminology.add("Ош", "奥什", "place", author="甲")


# -- states ---------------------------------------------------------------------------------


def test_an_entry_goes_from_proposal_to_retirement(house: House) -> None:
    desk = house.desk
    term = house.terminology.add("Ош", "奥什", "place", author="译员", status="proposed")
    assert house.terminology.find("в Оше")[0].state == "suggested"
    desk.approve(term.id, "术语员", "核对过")
    assert house.terminology.find("в Оше")[0].state == "found"
    desk.deprecate(term.id, "术语员", "改用新译")
    assert house.terminology.find("в Оше") == ()
    desk.forbid(term.id, "主编", "错译")
    back = desk.propose(term.id, "译员")
    assert (back.status, back.revision) == ("proposed", 5)
    assert [(s.author, s.reason, s.differences[0].after) for s in desk.history(term.id)][:4] == [
        ("译员", "", "proposed"),
        ("主编", "错译", "forbidden"),
        ("术语员", "改用新译", "deprecated"),
        ("术语员", "核对过", "approved"),
    ]


def test_retiring_needs_a_reason_and_a_state_twice_is_one_version(house: House, town: Term) -> None:
    for act in (house.desk.deprecate, house.desk.forbid):
        with pytest.raises(InputError) as refused:
            act(town.id, "甲", "  ")
        assert refused.value.key == "terms.no_reason"
    assert house.desk.approve(town.id, "甲") == town
    assert len(house.desk.history(town.id)) == 1


def test_a_state_is_changed_from_the_version_one_saw(house: House, town: Term) -> None:
    house.terminology.update(replace(town, note="新"), 1, "乙")
    with pytest.raises(Conflict):
        house.desk.deprecate(town.id, "甲", "旧", revision=1)
    with pytest.raises(InputError):
        house.desk.set_state(town.id, "good", "甲")  # type: ignore[arg-type]


def test_approving_what_another_entry_says_is_refused(house: House, town: Term) -> None:
    house.desk.deprecate(town.id, "甲", "重复")
    house.terminology.add("Ош", "奥什", "place", author="乙")
    with pytest.raises(Conflict) as refused:
        house.desk.approve(town.id, "甲")
    assert refused.value.key == "terms.duplicate"


def test_a_forbidden_form_is_forbidden_in_the_entry_that_holds(house: House, town: Term) -> None:
    wrong = house.terminology.add("Ош", "奥希", "place", author="甲")
    part = house.terminology.add("Ош", "奥", "place", author="甲")
    house.desk.forbid(wrong.id, "主编", "误译")
    house.desk.forbid(part.id, "主编", "不全")
    changed = house.terminology.terms.get(town.id)
    assert changed.forbidden == ("奥希",), "奥 stands in 奥什 itself"
    assert house.desk.history(town.id)[0].reason == "误译"
    assert house.terminology.find("в Оше")[0].term.forbidden == ("奥希",)


def test_what_there_is_not_is_not_searched_for(house: House) -> None:
    for kind, status in (("foo", None), (None, "foo")):
        with pytest.raises(InputError):
            house.desk.search("", kind, status)


def test_what_no_entry_may_hold(house: House, town: Term) -> None:
    with pytest.raises(InputError) as refused:
        house.terminology.add("Нарын", "纳伦", "place", author="甲", variants=("Нарин",))
    assert refused.value.key == "terms.not_chinese"
    house.terminology.add("Талас", "塔拉斯", "place", author="甲", note="а\x02б\x00\nв")
    (found,) = house.terminology.find("в Таласе")
    assert found.term.note == "а б \nв"
    for form, key in (("中文", "terms.not_russian"), ("о" * 201, "terms.too_long")):
        with pytest.raises(InputError) as refused:
            house.terminology.set_forms(town.id, [form], [], "甲")
        assert refused.value.key == key


# -- history --------------------------------------------------------------------------------


def test_history_tells_differences_and_an_earlier_version_comes_back(
    house: House, town: Term
) -> None:
    desk = house.desk
    changed = replace(town, target="奥希", variants=("奥希市", "奥城"), needs_quotes=True)
    house.terminology.update(changed, 1, "乙", "按新表")
    house.terminology.set_forms(town.id, ["Ошу-город"], ["Оши"], "乙", revision=2)
    with pytest.raises(Conflict):
        house.terminology.set_forms(town.id, ["Ошу-город"], [], "乙", revision=2)
    newest, middle, first = desk.history(town.id)
    assert [(d.field, d.before, d.after) for d in middle.differences] == [
        ("target", "奥什", "奥希"),
        ("variants", "", "奥希市 | 奥城"),
        ("needs_quotes", "", "yes"),
    ]
    assert [(d.field, d.after) for d in newest.differences] == [
        ("forms_added", "Ошу-город"),
        ("forms_struck", "Оши"),
    ]
    assert (first.act, first.differences[0].after) == ("added", "Ош")
    back = desk.restore(town.id, 1, "丙", "还原")
    assert replace(back, revision=1) == town
    assert (desk.history(town.id)[0].reason, len(desk.history(town.id))) == ("还原", 4)
    assert desk.restore(town.id, 4, "丙") == back, "the present version is already there"
    with pytest.raises(NotFound):
        desk.restore(town.id, 9, "丙")
    with pytest.raises(NotFound):
        desk.history(999)


def test_a_deleted_entry_is_found_and_brought_back(house: House, town: Term) -> None:
    desk = house.desk
    desk.delete(town.id, "乙", "误")
    assert [t.id for t in desk.search("ош", deleted=True).terms] == [town.id]
    assert desk.search("ош").total == 0
    back = desk.undelete(town.id, "丙")
    assert [step.act for step in desk.history(town.id)] == ["restored", "deleted", "added"]
    assert house.terminology.find("в Оше")[0].term.revision == back.revision
    with pytest.raises(NotFound):
        desk.undelete(town.id, "丙")
    desk.delete(town.id, "乙")
    house.terminology.add("Ош", "奥什", "place", author="丁")
    with pytest.raises(Conflict):
        desk.undelete(town.id, "丙")


# -- dates ----------------------------------------------------------------------------------


def test_the_article_s_date_chooses_the_entry(house: House) -> None:
    house.terminology.add(
        "Астана", "努尔苏丹", "place", author="甲", valid_from="2019-03-23", valid_to="2022-09-16"
    )
    house.terminology.add("Астана", "阿斯塔纳", "place", author="甲", valid_from="2022-09-17")
    for date, target in (
        ("2020-01-01", "努尔苏丹"),
        ("2022-09-16", "努尔苏丹"),
        ("2022-09-17", "阿斯塔纳"),
        ("25.11.2026", "阿斯塔纳"),
        ("25 ноября 2026 года", "阿斯塔纳"),
    ):
        assert [hit.term.target for hit in house.terminology.find("в Астане", date)] == [target]
    assert house.terminology.find("в Астане", "2018-01-01") == ()


def test_wrong_and_overlapping_dates_are_refused(house: House) -> None:
    add = house.terminology.add
    with pytest.raises(InputError) as crossed:
        add("Ош", "奥什", author="甲", valid_from="2022-01-02", valid_to="2022-01-01")
    assert crossed.value.key == "terms.dates_crossed"
    first = add("Ош", "奥什", author="甲", valid_from="20190323", valid_to="2022-09-16")
    assert first.valid_from == "2019-03-23"
    with pytest.raises(Conflict) as overlap:
        add("Ош", "奥希", author="甲", valid_from="2022-09-16")
    assert overlap.value.key == "terms.dates_overlap"
    second = add("Ош", "奥希", author="甲", valid_from="2022-09-17")
    with pytest.raises(Conflict):
        house.terminology.update(replace(second, valid_from="2022-09-01"), 1, "甲")
    with pytest.raises(Conflict):
        house.terminology.update(replace(first, valid_to=""), 1, "甲")


# -- search ---------------------------------------------------------------------------------


HEARD: dict[str, set[str]] = {
    "tkyf": {"Токаев"},
    "TKYF": {"Токаев"},
    "tuokayefu": {"Токаев"},
    "tuo ka ye fu": {"Токаев"},
    "tuokay": {"Токаев"},
    "cq": {"Чунцин"},
    "chongqing": {"Чунцин"},
    "zhongqing": {"Чунцин"},
    "xian": {"Сиань", "Сирия"},
    "xi'an": {"Сиань"},
    "jaz": {"ОДКБ"},
    "lvse": {"Зелёные"},
    "Токаевым": {"Токаев"},
    "токаевым": {"Токаев"},
    "卡耶": {"Токаев"},
    "CTO": {"ОДКБ"},
    "qqq": set(),
    "t": {"Токаев", "ОДКБ", "Чунцин"},  # CSTO in the note; 重 is tóng in some dialects
    "'": set(),
    "%": set(),
}


def test_search_by_both_sides_forms_and_pinyin(house: House) -> None:
    entries = [
        Term("Токаев", "托卡耶夫", "person"),
        Term("Чунцин", "重庆", "place"),
        Term("Сиань", "西安", "place"),
        Term("Сирия", "叙利亚现状", "place"),
        Term("ОДКБ", "集体安全条约组织", "org", variants=("集安组织",), note="CSTO/CTO"),
        Term("Зелёные", "绿色党", "org"),
    ]
    house.terminology.add_all(entries, "甲")
    for query, found in HEARD.items():
        assert {term.source for term in house.desk.search(query).terms} == found, query


def test_search_follows_saves_and_pages(house: House) -> None:
    house.terminology.add("Токаев", "托卡耶夫", "person", author="甲")
    assert house.desk.search("nrst").total == 0
    term = house.terminology.add("Назарбаев", "纳扎尔巴耶夫", "person", author="甲")
    assert house.desk.search("nzebyf").terms == (term,)
    page = house.desk.search("yf", type="person", limit=1, offset=1)
    assert ([t.source for t in page.terms], page.total) == (["Токаев"], 2)
    assert house.desk.search("yf", status="forbidden").total == 0


# -- advice and findings --------------------------------------------------------------------


def test_traditional_characters_and_look_alikes_are_spoken_of(house: House) -> None:
    written = Term("Пyтин", "普京總統", "person", variants=("普總統", "普京"))
    said = {(a.field, a.suggestion, a.mended) for a in house.desk.advice(written)}
    assert said == {
        ("source", "Путин", True),
        ("target", "普京总统", False),
        ("variants", "普总统", False),
    }
    saved = house.terminology.add_all([written], "甲")[0]
    assert (saved.source, saved.target) == ("Путин", "普京總統"), "offered, never silently done"
    assert house.terminology.find("о Путине")[0].term.id == saved.id
    assert all(a.say(lang) for a in house.desk.advice(written) for lang in ("en", "zh", "ru"))
    assert house.desk.advice(Term("Сайт Apple", "苹果著名网站", "org")) == ()
    assert [a.key for a in house.desk.advice(Term("Роза", "罗莎", "person"))] == [
        "terms.common_word"
    ]


def test_findings_say_what_is_wrong_and_what_to_do(house: House) -> None:
    entries = [
        Term("Орлов", "奥尔洛夫", "person"),
        Term("Орлова", "奥尔洛娃", "person"),
        Term("Ош", "奥什", "place", forbidden=("奥希",)),
        Term("Город Ош", "奥希", "place"),
        Term("Чуй", "楚河", "place", variants=("塔拉斯",)),
        Term("Талас", "塔拉斯", "place"),
        Term("Роза", "罗莎", "person"),
        Term("Нарын", "納倫", "place"),
        Term("Баткен", "巴特肯", "place", valid_to="2020-01-01"),
        Term("Баткен", "巴特坎", "place"),
        Term("Россия", "俄罗斯", "place"),
        Term("Российская Федерация", "俄罗斯联邦", "place", variants=("俄罗斯",)),
        Term("Кантск", "坎茨克", "place", forbidden=("坎",)),
        Term("Ёж", "刺猬"),
        Term("Еж", "刺猬"),
    ]
    house.terminology.add_all(entries, "甲")
    found = house.desk.findings()
    assert {(f.fault, f.detail, f.action) for f in found} == {
        ("duplicate", "еж", "merge"),
        ("conflict", "орлова", "choose"),
        ("overlapping_dates", "баткен", "limit_dates"),
        ("forbidden_target", "坎", "drop_form"),
        ("dangling_variant", "奥希", "drop_form"),
        ("shared_variant", "塔拉斯", "drop_form"),
        ("traditional", "納倫 → 纳伦", "simplify"),
        ("common_word", "Роза", "set_quotes"),
    }
    for finding in found:
        for language in ("en", "zh", "ru"):
            assert all(finding.say(language))


# -- the shipped base -----------------------------------------------------------------------


def write(base: Path, *rows: str) -> None:
    base.mkdir(exist_ok=True)
    cells = [row.split("|") + [""] * (len(COLUMNS) - len(row.split("|"))) for row in rows]
    lines = ["\t".join(COLUMNS), *("\t".join(row) for row in cells)]
    (base / "terms.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def shipped(database: Database, tmp_path: Path) -> tuple[House, Path]:
    base = tmp_path / "base"
    write(base, "Ош|奥什|place", "Нарын|纳伦|place", "Талас|塔拉斯|place")
    house = open_house(database, tmp_path, base)
    for name, target in (("Ош", "奥施"), ("Нарын", "纳林")):
        (term,) = house.terminology.terms.list(name)
        house.terminology.update(replace(term, target=target), term.revision, "术语员")
    write(base, "Ош|奥希|place", "Нарын|纳伦|place", "Талас|塔拉斯州|place")
    house.terminology.sync_base(base)
    return house, base


def test_a_new_base_never_overwrites_and_its_form_is_offered(shipped: tuple[House, Path]) -> None:
    house, _ = shipped
    listed = {term.source: term.target for term in house.terminology.terms.list()}
    assert listed == {"Ош": "奥施", "Нарын": "纳林", "Талас": "塔拉斯州"}
    (finding,) = [f for f in house.desk.findings() if f.fault == "base_differs"]
    assert [term.target for term in finding.terms] == ["奥施", "奥希"]
    assert "奥希" in finding.say("zh")[0]


def test_a_row_that_left_the_base_can_be_brought_back(shipped: tuple[House, Path]) -> None:
    house, base = shipped
    (talas,) = house.terminology.terms.of_sources(["Талас"])
    write(base, "Ош|奥希|place")
    house.terminology.sync_base(base)
    assert house.terminology.find("в Таласе") == ()
    house.desk.undelete(talas.id, "甲")
    assert house.terminology.find("в Таласе")[0].term.target == "塔拉斯州"


def test_the_base_s_form_is_taken_or_one_s_own_kept(shipped: tuple[House, Path]) -> None:
    house, base = shipped
    desk = house.desk
    (osh,) = house.terminology.terms.list("Ош")
    desk.keep_local(osh.id)
    assert [f.fault for f in desk.findings()] == []
    with pytest.raises(NotFound):
        desk.take_base(osh.id, "术语员")
    write(base, "Ош|奥什市|place", "Нарын|纳伦|place", "Талас|塔拉斯州|place")
    house.terminology.sync_base(base)
    taken = desk.take_base(osh.id, "术语员", "同意")
    assert (taken.target, house.terminology.find("в Оше")[0].term.target) == ("奥什市", "奥什市")
    assert desk.history(osh.id)[0].reason == "同意"
    assert desk.findings() == []


# -- command line ---------------------------------------------------------------------------


@pytest.fixture
def shell(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line with a shipped glossary of one entry."""
    data = tmp_path / "data"
    for part in ("models", "glossary"):
        (data / part).mkdir(parents=True)
    write(data / "glossary" / "ru-zh", "Токаев|托卡耶夫|person")
    monkeypatch.setenv("WORKBENCH_DATA_DIR", str(data))

    def call(*arguments: object) -> tuple[int, str, str]:
        return run("glossary", *arguments)

    return call


def answer(done: tuple[int, str, str]) -> Any:
    """Return the JSON of a command that succeeded."""
    status, out, err = done
    assert status == 0, err
    return json.loads(out)


def test_the_desk_on_the_command_line(shell: Run) -> None:
    dates = ("--from", "2020-01-01")
    status, out, err = shell("add", "Пyтинск", "普廷斯克縣", "--type", "place", *dates)
    assert (status, len(err.splitlines())) == (0, 2)
    number = out.split("\t")[0]
    status, _, err = shell("deprecate", number)
    assert (status, len(err.splitlines())) == (3, 2)
    assert shell("deprecate", number, "--reason", "繁体", "--author", "甲")[0] == 0
    assert answer(shell("impact", number, "--to", "普廷斯克", "--json"))["segments"] == {}
    assert "segments\t0" in shell("impact", number, "--to", "普廷斯克")[1]
    patched = answer(shell("patch", number, "--to", "普廷斯克", "--json"))
    assert shell("patches")[1].split("\t")[0] == str(patched["patch"])
    undone = answer(shell("undo", patched["patch"], "--json"))
    assert (undone["segments"], undone["left"], undone["already"]) == (0, [], False)
    history = answer(shell("history", number, "--json"))
    assert [step["act"] for step in history] == ["changed", "changed", "changed", "added"]
    assert (history[2]["author"], history[2]["reason"]) == ("甲", "繁体")
    change = {"field": "status", "before": "approved", "after": "deprecated"}
    assert history[2]["changes"] == [change]
    assert "approved → deprecated" in shell("history", number)[1]
    listed = answer(shell("list", "ptsk", "--status", "deprecated", "--json"))
    assert [entry["source"] for entry in listed] == ["Путинск"]
    assert shell("edit", number, "--to", "2021-01-01", "--note", "县")[1].endswith("2021-01-01\n")
    formed = answer(
        shell("forms", number, "--strike", "Путинску", "--add", "Путинске-на", "--json")
    )
    assert {(f["form"], f["how"]) for f in formed if f["how"] != "generated"} == {
        ("Путинску", "struck"),
        ("Путинске-на", "added"),
    }
    formed = answer(shell("forms", number, "--forget", "Путинску", "--json"))
    assert [f["form"] for f in formed if f["how"] != "generated"] == ["Путинске-на"]
    assert "Путинску" in shell("forms", number)[1]
    assert shell("restore", number, "1")[0] == 0
    assert shell("delete", number, "--reason", "误")[0] == 0
    assert [e["source"] for e in answer(shell("list", "--deleted", "--json"))] == ["Путинск"]
    assert shell("undelete", number)[0] == 0
    assert [f["action"] for f in answer(shell("check", "--json"))] == ["simplify"]


def test_imports_on_the_command_line_are_previewed_and_undone(shell: Run, tmp_path: Path) -> None:
    file = tmp_path / "names.tsv"
    file.write_text("Ошинск\t奧希斯克\tplace\nпусто\nТокаев\t托卡叶夫\tperson\n", encoding="utf-8")
    preview = answer(shell("import", file, "--preview", "--json"))
    assert (preview["added"], preview["known"], preview["batch"]) == (1, 0, "")
    assert preview["totals"] == {"conflicting": 1, "refused": 1, "remarks": 1}
    assert [(row["line"], row["key"]) for row in preview["refused"]] == [(2, "terms.empty_side")]
    done = answer(shell("import", file, "--simplify", "--json"))
    assert (done["added"], done["totals"]["remarks"]) == (1, 0)
    assert answer(shell("list", "Ошинск", "--json"))[0]["target"] == "奥希斯克"
    assert answer(shell("imports", "--json"))[0]["present"] == 1
    undone = answer(shell("undo", done["batch"], "--json"))
    assert (undone["removed"], undone["left"]) == (1, [])
    assert answer(shell("list", "Ошинск", "--json")) == []
    said = shell("import", file, "--preview", "--language", "ru")[2]
    assert len(said.splitlines()) == 3


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("approve", "99999"), 4),
        (("history", "99999"), 4),
        (("undo", "99"), 4),
        (("undo", "i0"), 4),
        (("undo", "x-y"), 3),
        (("impact", "1"), 2),
        (("impact", "1", "--status", "хорошо"), 3),
        (("patch", "1", "--to", "Ош"), 3),
        (("restore", "1", "77"), 4),
        (("edit", "1", "--from", "2022-01-02", "--to", "2022-01-01"), 3),
    ],
)
def test_mistakes_at_the_desk(shell: Run, arguments: tuple[str, ...], status: int) -> None:
    code, _, err = shell(*arguments)
    assert code == status
    assert len(err.splitlines()) == 2
