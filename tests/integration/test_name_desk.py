"""The name desk over a real database: accepting into drafts, undoing, ignoring; the ledger."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from starlette.testclient import TestClient

from workbench.assembly import Workbench, open_workbench
from workbench.domain.article import Article
from workbench.domain.row import Row
from workbench.errors import Conflict, Forbidden, InputError, NotFound
from workbench.services.accounts import SignIn
from workbench.services.name_desk import Accepted, NameDesk
from workbench.services.name_finding import NameFinder
from workbench.services.name_ledger import FormPlace, LedgerName
from workbench.settings import load_settings
from workbench.storage.patches import Patches
from workbench.web.app import create_app

TEXT = (
    "Министр Аскар Дуйшеналиев открыл мост. Дуйшеналиева встретили студенты. "
    "Мост построила Гульжан Тойчубекова. С Дуйшеналиевым говорили журналисты. "
    "Аскару Дуйшеналиеву подарили карту. Завтра Дуйшеналиев уедет. Токаев прибыл в Бишкек."
)
DRAFTS = (
    "部长阿斯卡尔·杜伊申纳里耶夫为大桥揭幕。",
    "学生们迎接了杜伊申纳里耶夫。",
    "大桥由古尔然·托伊丘别科娃建造。",
    "记者与他交谈。",
    "人们把地图送给了Дуйшеналиев。",
    "杜伊什纳利耶夫明天离开。",
    "托卡耶夫抵达比什凯克。",
)
FULL, BARE = "阿斯卡尔·杜伊舍纳利耶夫", "杜伊舍纳利耶夫"
NAME = "Аскар Дуйшеналиев"
GLOSSARY = """ru\tzh\ttype\tvariants\tforbidden\tflags\tnote\tsource
Касым-Жомарт Токаев\t卡瑟姆若马尔特·托卡耶夫\tperson\t\t多卡耶夫\t\t\ttest
Токаев\t托卡耶夫\tperson\t\t\t\t\ttest
Бишкек\t比什凯克\tplace\t\t\t\t\ttest
"""
GIVEN = "ru\tzh\tgender\torigin\talternatives\tsource\nАскар\t阿斯卡尔\tm\tkz\t\ttest\n"


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[Workbench]:
    data = tmp_path / "data"
    (data / "models").mkdir(parents=True)
    (data / "glossary" / "ru-zh" / "names").mkdir(parents=True)
    (data / "glossary" / "ru-zh" / "names.tsv").write_text(GLOSSARY)
    (data / "glossary" / "ru-zh" / "names" / "given-names.tsv").write_text(GIVEN)
    workbench = open_workbench(load_settings(state=tmp_path / "state", data_dir=data))
    workbench.name_finder = NameFinder(given=workbench.given_names)  # the same without the extra
    yield workbench
    workbench.close()


@pytest.fixture
def desk(workbench: Workbench) -> NameDesk:
    return workbench.name_desk


def drafted(workbench: Workbench, text: str = TEXT, targets: tuple[str, ...] = DRAFTS) -> Article:
    """Store an article with a machine's draft of it."""
    article = workbench.articles.add(workbench.intake.paste(text), "Аня")
    for row, target in zip(workbench.articles.rows(article.id), targets, strict=True):
        machine = replace(row, target=target, state="drafted", origin="machine", engine="stub")
        date = article.metadata.date
        hits = workbench.terminology.find(row.segment.source, date)
        workbench.articles.save_draft(workbench.term_rows.verified(machine, hits, ()))
    return article


@pytest.fixture
def article(workbench: Workbench) -> Article:
    return drafted(workbench)


def rows(workbench: Workbench, article: Article) -> list[Row]:
    return workbench.articles.rows(article.id)


def accept(desk: NameDesk, article: Article, **more: object) -> Accepted:
    given = {"author": "Аня", "approve": True, **more}
    return desk.accept(article.id, NAME, FULL, **given)  # type: ignore[arg-type]


# -- finding and proposing ------------------------------------------------------------------


def test_unknown_names_come_with_the_ladder_and_with_what_the_draft_has(
    desk: NameDesk, article: Article
) -> None:
    names = {name.found.name: name for name in desk.unknown(article.id)}
    assert list(names) == [NAME, "Гульжан Тойчубекова"]
    assert names[NAME].found.count == 5
    proposals = names[NAME].proposals
    assert proposals[0].zh == FULL
    assert all(proposal.trace for proposal in proposals)
    assert all(0 <= proposal.confidence <= 1 for proposal in proposals)
    assert [p.zh for p in proposals].count(FULL) == 1
    engine = [p for p in proposals if p.tier == "engine"]
    assert [(p.zh, p.trace) for p in engine] == [("阿斯卡尔·杜伊申纳里耶夫", "#1")] or (
        "阿斯卡尔·杜伊申纳里耶夫" in {p.zh for p in proposals if p.tier != "engine"}
    )


def test_what_a_person_wrote_goes_before_the_table(
    workbench: Workbench, desk: NameDesk, article: Article
) -> None:
    row = rows(workbench, article)[5]
    workbench.review.save(row.segment.id, "明天杜伊谢纳列夫离开。", row.revision, "Боря")
    proposals = desk.unknown(article.id)[0].proposals
    best = proposals[0]
    assert (best.zh, best.tier, best.trace) == ("阿斯卡尔·杜伊谢纳列夫", "bulletin", "#6")
    assert len({proposal.zh for proposal in proposals}) == len(proposals)


def test_an_unknown_article_is_refused(desk: NameDesk) -> None:
    with pytest.raises(NotFound):
        desk.unknown(99)


# -- accepting ------------------------------------------------------------------------------


def test_accepting_puts_the_name_into_every_draft_that_mentions_it(
    workbench: Workbench, desk: NameDesk, article: Article
) -> None:
    done = accept(desk, article)
    assert [(t.source, t.target, t.status) for t in done.terms] == [
        (NAME, FULL, "approved"),
        ("Дуйшеналиев", BARE, "approved"),
    ]
    now = rows(workbench, article)
    assert now[0].target == f"部长{FULL}为大桥揭幕。"
    assert now[1].target == f"学生们迎接了{BARE}。"
    assert BARE in now[3].target
    assert now[4].target == f"人们把地图送给了{FULL}。"
    assert now[5].target == f"{BARE}明天离开。"
    assert [row.target for row in (now[2], now[6])] == [DRAFTS[2], DRAFTS[6]]
    assert {row.state for row in now} == {"drafted"}
    assert [row.segment.n for row in done.renewed.changed] == [1, 2, 4, 5, 6]
    for row in done.renewed.changed:
        (receipt,) = row.receipts
        assert receipt.state == "honoured"
        assert receipt.method == ("forced" if row.segment.n == 4 else "substituted")
        assert not [issue for issue in row.issues if issue.check == "ZH-T01"]
    assert [name.found.name for name in desk.unknown(article.id)] == ["Гульжан Тойчубекова"]
    assert workbench.articles.history(now[0].segment.id)[0].action == "term"


def test_a_persons_text_is_flagged_and_never_changed(
    workbench: Workbench, desk: NameDesk, article: Article
) -> None:
    before = rows(workbench, article)
    ids = [row.segment.id for row in before]
    workbench.review.save(ids[0], "部长为大桥揭幕。", before[0].revision, "Боря")
    workbench.review.confirm(ids[1], "学生们迎接了他。", before[1].revision, "Боря")
    workbench.review.lock(ids[5], before[5].revision, "Боря")
    revisions = [row.revision for row in rows(workbench, article)]
    done = accept(desk, article)
    now = rows(workbench, article)
    assert [row.segment.n for row in done.renewed.flagged] == [1, 2]
    assert done.renewed.locked == [6]
    assert [now[n].target for n in (0, 1, 5)] == ["部长为大桥揭幕。", "学生们迎接了他。", DRAFTS[5]]
    assert [now[n].state for n in (0, 1, 5)] == ["edited", "confirmed", "locked"]
    assert [now[n].revision for n in (0, 1, 5)] == [revisions[n] for n in (0, 1, 5)]
    for n in (0, 1):
        assert [receipt.state for receipt in now[n].receipts] == ["missing"]
        assert "ZH-T01" in {issue.check for issue in now[n].issues}
    # Typing that began before goes on: its revision still holds.
    workbench.review.save(ids[0], f"部长{FULL}为大桥揭幕。", revisions[0], "Боря")


def test_a_person_who_writes_the_name_right_is_not_flagged(
    workbench: Workbench, desk: NameDesk, article: Article
) -> None:
    row = rows(workbench, article)[5]
    workbench.review.save(row.segment.id, f"明天{BARE}离开。", row.revision, "Боря")
    done = accept(desk, article)
    assert done.renewed.flagged == []
    assert [each.segment.n for each in done.renewed.noted] == [6]


def test_a_proposal_goes_into_this_draft_and_is_not_enforced(
    workbench: Workbench, desk: NameDesk, article: Article
) -> None:
    done = accept(desk, article, approve=False)
    assert {term.status for term in done.terms} == {"proposed"}
    now = rows(workbench, article)
    assert now[0].target == f"部长{FULL}为大桥揭幕。"
    assert {hit.state for hit in now[0].hits} == {"suggested"}
    assert now[0].receipts == ()
    assert NAME not in {name.found.name for name in desk.unknown(article.id)}


def test_the_nominative_can_be_mended_on_the_way(
    workbench: Workbench, desk: NameDesk, article: Article
) -> None:
    done = accept(desk, article, source="  Аскар   Дуйшеналиев ")
    assert done.terms[0].source == NAME


@pytest.mark.parametrize(
    ("name", "zh", "sources"),
    [
        ("Пётр Лузгин", "彼得·卢兹金", ["Пётр Лузгин", "Лузгин"]),
        ("Пётр Мельник", "彼得·梅利尼克", ["Пётр Мельник"]),
        ("Пётр Лузгин", "卢兹金", ["Пётр Лузгин"]),
    ],
)
def test_the_surname_gets_an_entry_of_its_own_unless_it_is_a_word(
    workbench: Workbench, desk: NameDesk, name: str, zh: str, sources: list[str]
) -> None:
    article = drafted(workbench, f"Приехал {name}.", ("他来了。",))
    done = desk.accept(article.id, name, zh, author="Аня", approve=True)
    assert [term.source for term in done.terms] == sources


def test_other_articles_are_renewed_on_request(workbench: Workbench, desk: NameDesk) -> None:
    first, second, third = (drafted(workbench) for _ in range(3))
    workbench.articles.delete(third.id, "Аня")
    done = accept(desk, first, others=True)
    assert done.articles == (second.id,)
    assert rows(workbench, second)[5].target == f"{BARE}明天离开。"
    workbench.articles.restore(third.id, "Аня")
    assert rows(workbench, third)[5].target == DRAFTS[5]


def test_other_articles_stay_as_they_are_unasked(workbench: Workbench, desk: NameDesk) -> None:
    first, second = drafted(workbench), drafted(workbench)
    accept(desk, first)
    assert [row.target for row in rows(workbench, second)] == list(DRAFTS)


def test_what_the_glossary_has_already_is_refused(desk: NameDesk, article: Article) -> None:
    accept(desk, article)
    with pytest.raises(Conflict):
        desk.accept(article.id, NAME, "别的译名", author="Аня", approve=True)


@pytest.mark.parametrize("zh", ["Кротов", "   "])
def test_a_chinese_form_that_is_none_is_refused(
    workbench: Workbench, desk: NameDesk, article: Article, zh: str
) -> None:
    with pytest.raises(InputError):
        desk.accept(article.id, NAME, zh, author="Аня", approve=True)
    assert [row.target for row in rows(workbench, article)] == list(DRAFTS)


def test_a_row_drafted_from_the_memory_says_so(workbench: Workbench, desk: NameDesk) -> None:
    article = drafted(workbench)
    row = rows(workbench, article)[5]
    remembered = replace(row, origin="exact", score=100, engine="")
    workbench.articles.save_draft(remembered)
    accept(desk, article)
    now = rows(workbench, article)[5]
    assert (now.target, now.origin, now.score) == (f"{BARE}明天离开。", "fuzzy", 99)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    draft=st.text(
        alphabet="部长阿斯卡尔·杜伊申纳里耶夫为大桥揭幕，。12 3%《》托卡耶夫Aж", max_size=40
    )
)
def test_any_draft_takes_the_name_in_and_keeps_its_numbers(
    workbench: Workbench, draft: str
) -> None:
    if not workbench.terms.of_sources([NAME]):
        workbench.terminology.add(NAME, FULL, "person", author="Аня")
        drafted(workbench, f"{NAME} принял Токаева в Бишкеке.", ("草稿。",))
    (term,) = workbench.terms.of_sources([NAME])
    article = workbench.articles.list()[0].id
    row = workbench.articles.rows(article)[0]
    hits = workbench.terminology.find(row.segment.source)
    machine = workbench.term_rows.verified(replace(row, target=draft), hits, ())
    workbench.articles.save_draft(machine)
    before = [r.hit.term.target for r in machine.receipts if r.state == "honoured"]
    workbench.term_rows.renew(article, [term.id], "Аня")
    (now,) = workbench.articles.rows(article)
    if draft:  # an empty row is drafted later
        assert FULL in now.target
    assert re.findall(r"\d+", now.target) == re.findall(r"\d+", draft)
    assert all(target in now.target for target in before)
    workbench.term_rows.renew(article, [term.id], "Аня")
    assert workbench.articles.rows(article)[0].target == now.target  # once is enough


# -- undoing --------------------------------------------------------------------------------


def test_one_undo_takes_everything_back(
    workbench: Workbench, desk: NameDesk, article: Article
) -> None:
    before = rows(workbench, article)
    done = accept(desk, article)
    (recent,) = desk.recent(article.id)
    assert recent.entries == ((NAME, FULL), ("Дуйшеналиев", BARE))
    withdrawn = desk.undo(recent.number, "Аня")
    now = rows(workbench, article)
    assert [row.target for row in now] == list(DRAFTS)
    assert [(row.state, row.origin) for row in now] == [(row.state, row.origin) for row in before]
    assert withdrawn.kept == ()
    assert workbench.terms.of_sources([NAME, "Дуйшеналиев"]) == ()
    assert desk.unknown(article.id)[0].found.name == NAME
    assert desk.recent(article.id) == ()
    with pytest.raises(Conflict):
        desk.undo(done.number, "Аня")


def test_undoing_leaves_what_somebody_changed_since(
    workbench: Workbench, desk: NameDesk, article: Article
) -> None:
    done = accept(desk, article)
    row = rows(workbench, article)[5]
    workbench.review.save(row.segment.id, f"{BARE}明天就走。", row.revision, "Боря")
    withdrawn = desk.undo(done.number, "Аня")
    assert withdrawn.kept == (6,)
    now = rows(workbench, article)
    assert now[5].target == f"{BARE}明天就走。"
    assert now[0].target == DRAFTS[0]


def test_undoing_takes_the_flags_off(
    workbench: Workbench, desk: NameDesk, article: Article
) -> None:
    row = rows(workbench, article)[0]
    workbench.review.save(row.segment.id, "部长为大桥揭幕。", row.revision, "Боря")
    done = accept(desk, article)
    assert rows(workbench, article)[0].issues
    desk.undo(done.number, "Аня")
    assert rows(workbench, article)[0].issues == ()
    assert rows(workbench, article)[0].hits == ()


def test_only_who_accepted_or_a_keeper_may_undo(desk: NameDesk, article: Article) -> None:
    done = accept(desk, article)
    with pytest.raises(Forbidden):
        desk.undo(done.number, "Боря")
    assert desk.undo(done.number, "Боря", keeper=True).terms


def test_an_entry_changed_since_is_not_withdrawn(
    workbench: Workbench, desk: NameDesk, article: Article
) -> None:
    done = accept(desk, article, approve=False)
    term = done.terms[0]
    workbench.terminology.update(replace(term, status="approved"), term.revision, "Вера", "да")
    with pytest.raises(Conflict):
        desk.undo(done.number, "Аня")
    assert workbench.terms.get(term.id).status == "approved"


def test_what_is_no_acceptance_cannot_be_undone(workbench: Workbench, desk: NameDesk) -> None:
    patches = Patches(workbench.database)
    with workbench.database.begin() as connection:
        number = patches.add(connection, 1, "Аня", "", {"rows": []})
    for wrong in (number, 99):
        with pytest.raises(NotFound) as refused:
            desk.undo(wrong, "Аня")
        assert refused.value.key == "names.no_acceptance"


def test_the_patches_of_terms_do_not_see_acceptances(
    workbench: Workbench, desk: NameDesk, article: Article
) -> None:
    done = accept(desk, article)
    assert workbench.desk.list_patches() == ()
    with pytest.raises(NotFound):
        workbench.desk.undo_patch(done.number, "Аня")


# -- ignoring -------------------------------------------------------------------------------


def test_an_ignored_name_is_gone_here_or_everywhere(workbench: Workbench, desk: NameDesk) -> None:
    first, second = drafted(workbench), drafted(workbench)

    def shown(article: Article) -> bool:
        return NAME in {name.found.name for name in desk.unknown(article.id)}

    desk.ignore(first.id, NAME, "Аня")
    assert (shown(first), shown(second)) == (False, True)
    desk.ignore(first.id, NAME, "Аня", everywhere=True)
    assert (shown(first), shown(second)) == (False, False)
    desk.heed(first.id, NAME, everywhere=True)
    desk.heed(first.id, NAME)
    assert (shown(first), shown(second)) == (True, True)


# -- the ledger -----------------------------------------------------------------------------


def ledger(workbench: Workbench, *articles: Article) -> dict[str, LedgerName]:
    return {name.name: name for name in workbench.name_ledger.of(a.id for a in articles)}


def test_the_ledger_lists_the_forms_of_each_name(workbench: Workbench, article: Article) -> None:
    names = ledger(workbench, article)
    forms = {form.zh: form for form in names[NAME].forms}
    assert {zh: len(form.places) for zh, form in forms.items()} == {
        "杜伊申纳里耶夫": 1,
        "阿斯卡尔·杜伊申纳里耶夫": 1,
        "杜伊什纳利耶夫": 1,
    }
    # Nothing is approved: the surname used most wins.
    assert not names[NAME].consistent
    assert forms["杜伊什纳利耶夫"].wanted == "杜伊申纳里耶夫"
    assert forms["阿斯卡尔·杜伊申纳里耶夫"].right
    assert names["Токаев"].consistent
    assert next(iter(names)) == NAME  # inconsistent ones first


def test_the_approved_form_decides(workbench: Workbench) -> None:
    article = drafted(
        workbench,
        "Касым-Жомарт Токаев прибыл. Токаев выступил. Токаева ждали. Токаев уехал.",
        ("卡瑟姆若马尔特·托卡耶夫抵达。", "多卡耶夫发言。", "人们等待托卡叶夫。", "托卡耶夫离开。"),
    )
    (name,) = workbench.name_ledger.of([article.id])
    assert (name.name, name.approved) == ("Касым-Жомарт Токаев", "卡瑟姆若马尔特·托卡耶夫")
    assert {form.zh: form.wanted for form in name.forms if not form.right} == {
        "多卡耶夫": "托卡耶夫",
        "托卡叶夫": "托卡耶夫",
    }


def places(workbench: Workbench, article: Article, zh: str) -> tuple[str, tuple[FormPlace, ...]]:
    (form,) = [form for form in ledger(workbench, article)[NAME].forms if form.zh == zh]
    return form.wanted, form.places


def test_a_fix_mends_drafts_and_makes_confirmed_rows_edited(
    workbench: Workbench, article: Article
) -> None:
    odd = "杜伊什纳利耶夫"
    row = rows(workbench, article)[3]
    confirmed = workbench.review.confirm(row.segment.id, f"{odd}受访。", row.revision, "Боря")
    assert confirmed.state == "confirmed"
    wanted, spots = places(workbench, article, odd)
    done = workbench.name_ledger.fix(odd, wanted, spots, "Аня")
    now = rows(workbench, article)
    assert [now[3].target, now[5].target] == [f"{wanted}受访。", f"{wanted}明天离开。"]
    assert [now[3].state, now[5].state] == ["edited", "drafted"]
    assert (len(done.rows), done.locked, done.conflicts) == (2, (), ())


def test_a_fix_leaves_locked_and_changed_rows(workbench: Workbench, article: Article) -> None:
    odd = "杜伊什纳利耶夫"
    before = rows(workbench, article)
    workbench.review.save(before[3].segment.id, f"{odd}受访。", before[3].revision, "Боря")
    wanted, spots = places(workbench, article, odd)
    current = rows(workbench, article)
    workbench.review.save(current[3].segment.id, f"今天{odd}受访。", current[3].revision, "Боря")
    workbench.review.lock(current[5].segment.id, current[5].revision, "Боря")
    done = workbench.name_ledger.fix(odd, wanted, spots, "Аня")
    assert (done.rows, done.locked, done.conflicts) == ((), (6,), (4,))
    assert rows(workbench, article)[3].target == f"今天{odd}受访。"


def test_the_ledger_of_a_bulletin_joins_its_articles(workbench: Workbench) -> None:
    first, second = drafted(workbench), drafted(workbench)
    names = ledger(workbench, first, second, first)
    assert names[NAME].mentions == 10
    where = {place.article_id for form in names[NAME].forms for place in form.places}
    assert where == {first.id, second.id}


# -- over HTTP ------------------------------------------------------------------------------


def client(workbench: Workbench, name: str) -> TestClient:
    made = TestClient(create_app(workbench), base_url="http://127.0.0.1")
    given = {"name": name, "password": "correct horse battery"}
    assert made.post("/api/v1/session", json=given).status_code == 200
    return made


def test_the_role_decides_what_accepting_means(workbench: Workbench, article: Article) -> None:
    for role in ("translator", "terminologist"):
        SignIn(workbench.accounts).add(role, role, "correct horse battery")
    path = f"/api/v1/articles/{article.id}/names"
    translator, keeper = client(workbench, "translator"), client(workbench, "terminologist")
    listed = translator.get(path).json()
    assert [name["name"] for name in listed["names"]] == [NAME, "Гульжан Тойчубекова"]
    assert listed["names"][0]["mentions"][0]["form"] == NAME
    done = translator.post(f"{path}/accept", json={"name": NAME, "zh": FULL})
    assert done.status_code == 201
    body = done.json()
    assert {term["status"] for term in body["terms"]} == {"proposed"}
    assert body["changed"] == [1, 2, 4, 5, 6]
    assert {row["n"] for row in body["rows"]} >= {1, 2, 4, 5, 6}
    assert translator.get(path).json()["accepted"][0]["number"] == body["undo"]
    assert keeper.post(f"/api/v1/names/accepted/{body['undo']}/undo").json()["kept"] == []
    approved = keeper.post(f"{path}/accept", json={"name": NAME, "zh": FULL}).json()
    assert {term["status"] for term in approved["terms"]} == {"approved"}
    refused = translator.post(f"/api/v1/names/accepted/{approved['undo']}/undo")
    assert (refused.status_code, refused.json()["key"]) == (403, "names.not_yours")


def test_only_a_keeper_ignores_everywhere(workbench: Workbench, article: Article) -> None:
    SignIn(workbench.accounts).add("translator", "translator", "correct horse battery")
    translator = client(workbench, "translator")
    path = f"/api/v1/articles/{article.id}/names"
    everywhere = {"name": NAME, "everywhere": True}
    assert translator.post(f"{path}/ignore", json=everywhere).status_code == 403
    assert translator.post(f"{path}/heed", json=everywhere).status_code == 403
    assert translator.post(f"{path}/ignore", json={"name": NAME}).status_code == 204
    assert NAME not in {name["name"] for name in translator.get(path).json()["names"]}


@pytest.mark.parametrize(
    "body",
    [{}, {"name": NAME}, {"name": "", "zh": "译"}, {"name": NAME, "zh": "译" * 201}, {"name": 3}],
)
def test_a_broken_request_is_refused_with_a_remedy(
    workbench: Workbench, article: Article, body: dict[str, object]
) -> None:
    local = TestClient(create_app(workbench), base_url="http://127.0.0.1")
    answer = local.post(f"/api/v1/articles/{article.id}/names/accept", json=body)
    assert answer.status_code in (400, 422)
    assert answer.json()["remedy"]


def test_the_ledger_is_mended_over_http(workbench: Workbench, article: Article) -> None:
    local = TestClient(create_app(workbench), base_url="http://127.0.0.1")
    listed = local.get("/api/v1/names/ledger", params={"article": [article.id]}).json()
    name = next(name for name in listed if name["name"] == NAME)
    odd = next(form for form in name["forms"] if not form["right"])
    body = {"form": odd["zh"], "wanted": odd["wanted"], "places": odd["places"]}
    done = local.post("/api/v1/names/ledger/fix", json=body).json()
    assert [row["n"] for row in done["rows"]] == [6]
    again = local.post("/api/v1/names/ledger/fix", json=body).json()
    assert again["conflicts"] == [6]
    assert local.get("/api/v1/names/ledger").status_code in (400, 422)


def _disk_full(workbench: Workbench, event: str) -> None:
    with workbench.database.begin() as connection:
        connection.exec_driver_sql(
            f"CREATE TRIGGER disk_full BEFORE {event} ON patches"
            " BEGIN SELECT RAISE(ABORT, 'full'); END"
        )


def _mended(workbench: Workbench) -> None:
    with workbench.database.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER disk_full")


def test_an_acceptance_that_fails_at_the_end_leaves_nothing(workbench: Workbench) -> None:
    article = drafted(workbench)
    before = workbench.articles.rows(article.id)
    _disk_full(workbench, "INSERT")
    with pytest.raises(IntegrityError):
        workbench.name_desk.accept(article.id, NAME, FULL, author="Ира", approve=True)
    assert workbench.articles.rows(article.id) == before
    assert workbench.terms.of_sources([NAME, "Дуйшеналиев"]) == ()
    assert workbench.terminology.find(f"{NAME} приехал") == ()
    _mended(workbench)
    workbench.name_desk.accept(article.id, NAME, FULL, author="Ира", approve=True)
    assert workbench.terminology.find(f"{NAME} приехал")[0].term.target == FULL


def test_an_undo_that_fails_at_the_end_undoes_nothing(workbench: Workbench) -> None:
    article = drafted(workbench)
    done = workbench.name_desk.accept(article.id, NAME, FULL, author="Ира", approve=True)
    before = workbench.articles.rows(article.id)
    _disk_full(workbench, "UPDATE")
    with pytest.raises(IntegrityError):
        workbench.name_desk.undo(done.number, "Ира")
    assert workbench.articles.rows(article.id) == before
    assert set(workbench.terms.of_sources([NAME, "Дуйшеналиев"])) == set(done.terms)
    assert workbench.terminology.find(f"{NAME} приехал")[0].term.target == FULL
    _mended(workbench)
    workbench.name_desk.undo(done.number, "Ира")
    assert workbench.terminology.find(f"{NAME} приехал") == ()
