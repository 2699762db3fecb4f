"""What people decide about terms: a missing one may be missing, an uncertain name is somebody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from workbench.assembly import Workbench, open_workbench
from workbench.domain.row import Row
from workbench.domain.term import Receipt
from workbench.errors import Conflict, InputError, NotFound
from workbench.settings import load_settings
from workbench.storage.articles import RowChanged
from workbench.web.app import create_app

GLOSSARY = """ru\tzh\ttype\tvariants\tforbidden\tflags\tnote\tsource
Токаев\t托卡耶夫\tperson\t\t托卡捷夫\t\t\ttest
Бишкек\t比什凯克\tplace\t\t\t\t\ttest
Днепр\t第聂伯河\tplace\t\t\t\t\ttest
Днепр\t第聂伯市\tplace\t\t尼泊尔\t\t\ttest
"""
TEXT = "Токаев прибыл в Бишкек, и Токаева встретили."
RIVER = "Они увидели Днепром названное место."  # a form that both entries share


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """The assembled workbench with a small glossary."""
    data = tmp_path_factory.mktemp("data")
    (data / "models").mkdir(parents=True)
    (data / "glossary" / "ru-zh").mkdir(parents=True)
    (data / "glossary" / "ru-zh" / "names.tsv").write_text(GLOSSARY, encoding="utf-8")
    state = tmp_path_factory.mktemp("state")
    workbench = open_workbench(load_settings(state=state, data_dir=data))
    yield workbench
    workbench.close()


def segment(workbench: Workbench, text: str) -> int:
    return workbench.articles.add(workbench.intake.paste(text), "Аня").segments[0].id


@pytest.fixture
def named(workbench: Workbench) -> int:
    """A segment with Токаев twice and Бишкек once."""
    return segment(workbench, TEXT)


@pytest.fixture
def river(workbench: Workbench) -> int:
    """A segment whose name is one of two."""
    return segment(workbench, RIVER)


def of(row: Row, target: str) -> list[Receipt]:
    return [receipt for receipt in row.receipts if receipt.hit.term.target == target]


def checks(row: Row) -> list[str]:
    return [issue.check for issue in row.issues]


# -- a missing term -----------------------------------------------------------------------


def test_an_edit_that_removes_a_term_shows_at_once(workbench: Workbench, named: int) -> None:
    review = workbench.review
    row = review.save(named, "托卡耶夫抵达比什凯克，受到迎接。", 0, "Аня")
    assert "ZH-T01" not in checks(row)
    row = review.save(named, "托卡耶夫抵达首都，受到迎接。", 1, "Аня")
    assert [r.state for r in of(row, "比什凯克")] == ["missing"]
    assert checks(row).count("ZH-T01") == 1


def test_a_missing_term_may_be_overridden_with_a_reason(workbench: Workbench, named: int) -> None:
    review = workbench.review
    row = review.save(named, "总统抵达比什凯克，受到迎接。", 0, "Аня")
    assert checks(row).count("ZH-T01") == 2
    row = review.override(named, TEXT.index("Токаева"), " 上文已提到 ", row.revision, "Боря")
    assert [(r.state, r.reason) for r in of(row, "托卡耶夫")] == [("overridden", "上文已提到")] * 2
    assert "ZH-T01" not in checks(row)
    assert (row.author, row.target, row.state) == ("Боря", "总统抵达比什凯克，受到迎接。", "edited")
    assert review.history(named)[0].action == "override"
    assert workbench.articles.row(named) == row
    # It holds through edits, until the term stands again; then it is gone.
    row = review.save(named, "总统到了比什凯克。", row.revision, "Аня")
    assert {r.state for r in of(row, "托卡耶夫")} == {"overridden"}
    row = review.save(named, "托卡耶夫到了比什凯克。", row.revision, "Аня")
    assert {(r.state, r.reason) for r in of(row, "托卡耶夫")} == {("honoured", "")}
    row = review.save(named, "总统到了比什凯克。", row.revision, "Аня")
    assert {r.state for r in of(row, "托卡耶夫")} == {"missing"}
    assert "ZH-T01" in checks(row)


def test_a_confirmed_row_stays_confirmed_by_an_override(workbench: Workbench, named: int) -> None:
    review = workbench.review
    review.confirm(named, "总统抵达比什凯克。", 0, "Аня")
    row = review.override(named, 0, "上文", 1, "Аня")
    assert row.state == "confirmed"
    again = review.override(named, 0, "上文", row.revision, "Аня")
    assert again == row  # the same reason twice changes nothing


@pytest.mark.parametrize(
    ("start", "reason", "key"),
    [
        (0, "  ", "review.no_reason"),
        (TEXT.index("Бишкек"), "上文", "review.not_missing"),
        (3, "上文", "review.not_missing"),
    ],
)
def test_what_cannot_be_overridden(
    workbench: Workbench, named: int, start: int, reason: str, key: str
) -> None:
    workbench.review.save(named, "总统抵达比什凯克。", 0, "Аня")
    with pytest.raises(InputError) as caught:
        workbench.review.override(named, start, reason, 1, "Аня")
    assert caught.value.key == key


def test_decisions_respect_revisions_and_locks(
    workbench: Workbench, named: int, river: int
) -> None:
    review = workbench.review
    review.save(named, "总统抵达比什凯克。", 0, "Аня")
    with pytest.raises(RowChanged):
        review.override(named, 0, "上文", 0, "Боря")
    review.lock(named, 1, "Аня")
    with pytest.raises(Conflict):
        review.override(named, 0, "上文", 2, "Боря")
    with pytest.raises(RowChanged):
        review.choose(river, RIVER.index("Днепром"), "rejected", 0, 7, "Боря")
    with pytest.raises(NotFound):
        review.override(999, 0, "上文", 0, "Боря")


# -- an uncertain name --------------------------------------------------------------------


def test_an_uncertain_name_is_decided_for_its_segment(workbench: Workbench, river: int) -> None:
    review, at = workbench.review, RIVER.index("Днепром")
    row = review.save(river, "他们看到了那个地方。", 0, "Аня")
    (receipt,) = row.receipts
    assert receipt.state == "ambiguous"
    terms = {term.target: term.id for term in workbench.terminology.readings(receipt.hit)}
    assert set(terms) == {"第聂伯河", "第聂伯市"}
    for target, term_id in terms.items():
        row = review.choose(river, at, "accepted", term_id, row.revision, "Боря")
        assert [(r.hit.term.target, r.state, r.choice) for r in row.receipts] == [
            (target, "missing", "accepted")
        ]
        assert [hit.state for hit in row.hits] == ["found"]
        assert "ZH-T01" in checks(row)
    row = review.save(river, "他们看到了第聂伯市。", row.revision, "Аня")
    assert [(r.state, r.method) for r in row.receipts] == [("honoured", "human")]
    # The choice outlives a removal of the term, which shows as one of any other term would.
    row = review.save(river, "他们看到了第聂伯河。", row.revision, "Аня")
    assert [r.state for r in row.receipts] == ["missing"]
    row = review.choose(river, at, "", 0, row.revision, "Аня")
    assert [(r.state, r.choice) for r in row.receipts] == [("ambiguous", "")]
    assert review.history(river)[0].action == "choose"


def test_a_rejected_reading_asks_for_nothing(workbench: Workbench, river: int) -> None:
    review, at = workbench.review, RIVER.index("Днепром")
    row = review.save(river, "他们看到了尼泊尔。", 0, "Аня")
    row = review.choose(river, at, "rejected", 0, row.revision, "Аня")
    assert [(r.state, r.choice) for r in row.receipts] == [("rejected", "rejected")]
    row = review.save(river, "他们到了尼泊尔。", row.revision, "Аня")
    assert [r.state for r in row.receipts] == ["rejected"]
    assert not {"ZH-T01", "ZH-T02"} & set(checks(row))  # its forbidden form is another place


def test_what_cannot_be_chosen(workbench: Workbench, named: int, river: int) -> None:
    for at, term_id, where in ((0, 1, named), (3, 1, river), (RIVER.index("Днепром"), 99, river)):
        with pytest.raises(InputError) as caught:
            workbench.review.choose(where, at, "accepted", term_id, 0, "Аня")
        assert caught.value.key == "review.not_ambiguous"


TARGETS = st.lists(st.sampled_from(["托卡耶夫", "比什凯克", "总统", "，", "12"]), max_size=6)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.one_of(TARGETS.map("".join), st.just(None)), min_size=1, max_size=6))
def test_an_override_holds_until_the_term_stands(
    workbench: Workbench, acts: list[str | None]
) -> None:
    """``None`` overrides what is missing; a text is typed."""
    where = segment(workbench, TEXT)
    review, row, exempt = workbench.review, workbench.articles.row(where), False
    for act in acts:
        if act is not None:
            row = review.save(where, act, row.revision, "Аня")
            exempt = exempt and "托卡耶夫" not in act
        elif any(r.state == "missing" for r in of(row, "托卡耶夫")):
            row = review.override(where, 0, "上文", row.revision, "Аня")
            exempt = True
        there = "托卡耶夫" in row.target
        expected = "honoured" if there else "overridden" if exempt else "missing"
        assert {r.state for r in of(row, "托卡耶夫")} <= {expected}
        missing = sum(r.state == "missing" for r in row.receipts)
        if row.target:
            assert checks(row).count("ZH-T01") == missing


# -- who put a term there -----------------------------------------------------------------


def test_the_terms_of_a_restored_draft_are_the_machines(workbench: Workbench, named: int) -> None:
    said = "托卡耶夫抵达比什凯克。"
    hits = workbench.terminology.find(TEXT)
    receipts = workbench.terminology.verify(hits, said)
    forced = tuple(replace(receipt, method="forced") for receipt in receipts)
    source = workbench.articles.row(named).segment
    workbench.articles.save_draft(Row(source, said, "drafted", "machine", "", 0, hits, forced))
    row = workbench.review.save(named, "比什凯克迎来托卡耶夫。", 1, "Аня")
    assert {r.method for r in row.receipts} == {"human"}
    row = workbench.review.restore(named, 1, row.revision, "Аня")
    assert (row.origin, {r.method for r in row.receipts}) == ("machine", {"model"})
    row = workbench.review.restore(named, 2, row.revision, "Аня")
    assert (row.origin, {r.method for r in row.receipts}) == ("human", {"human"})


METHODS = ("model", "nbest", "redecoded", "substituted", "forced")


@given(st.permutations(["托卡耶夫", "比什凯克", "，", "在"]), st.lists(st.sampled_from(METHODS)))
def test_a_draft_never_has_a_term_put_in_by_a_person(
    workbench: Workbench, order: list[str], methods: list[str]
) -> None:
    """However far a program moves the terms of a draft."""
    hits = workbench.terminology.find(TEXT)
    before = workbench.terminology.verify(hits, "比什凯克在托卡耶夫，")
    signed = [
        replace(receipt, method=method)  # type: ignore[arg-type]
        for receipt, method in zip(before, methods, strict=False)
    ]
    text = "".join(order) * 2
    after = workbench.terminology.verify(hits, text, signed, short=False, by="model")
    given = {receipt.hit: receipt.method for receipt in signed}
    for receipt in after:
        assert receipt.state == "honoured"
        assert receipt.method == (given.get(receipt.hit, "model") if signed else "")


def test_over_the_wire(workbench: Workbench) -> None:
    with TestClient(create_app(workbench), base_url="http://127.0.0.1") as client:
        made = client.post("/api/v1/articles", json={"text": f"{TEXT}\n\n{RIVER}"}).json()["id"]
        first, second = client.get(f"/api/v1/articles/{made}").json()["rows"]
        url = f"/api/v1/segments/{first['id']}"
        saved = client.put(url, json={"target": "总统抵达。", "revision": 0}).json()
        body = {"start": 0, "reason": "上文", "revision": saved["revision"]}
        row = client.post(f"{url}/override", json=body).json()
        assert (row["hits"][0]["state"], row["hits"][0]["reason"]) == ("overridden", "上文")
        assert client.post(f"{url}/override", json=body).status_code == 200  # repeated: no change
        stale = {**body, "reason": "别的"}
        assert client.post(f"{url}/override", json=stale).status_code == 409
        refused = client.post(f"{url}/override", json={**body, "reason": ""})
        assert (refused.status_code, refused.json()["key"]) == (422, "review.no_reason")

        url = f"/api/v1/segments/{second['id']}"
        (reading,) = client.get(f"{url}/panel").json()["readings"]
        assert reading["form"] == "Днепром"
        assert [term["target"] for term in reading["terms"]] == ["第聂伯河", "第聂伯市"]
        chosen = {"start": reading["start"], "choice": "accepted", "revision": 0}
        row = client.post(
            f"{url}/choose", json={**chosen, "term_id": reading["terms"][1]["id"]}
        ).json()
        (hit,) = row["hits"]
        assert (hit["target"], hit["found"], hit["choice"]) == ("第聂伯市", "found", "accepted")
        (reading,) = client.get(f"{url}/panel").json()["readings"]  # it can be chosen again
        assert len(reading["terms"]) == 2
        (shown,) = client.get(f"/api/v1/articles/{made}").json()["rows"][1]["hits"]
        assert (shown["target"], shown["choice"]) == ("第聂伯市", "accepted")
