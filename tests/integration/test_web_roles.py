"""Who may call what: every endpoint of /api/v1 by every role, and the guard in front of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from starlette.testclient import TestClient

from workbench.assembly import Workbench
from workbench.domain.run import FrozenPair
from workbench.errors import SettingsError
from workbench.services.accounts import PERMISSIONS, ROLES, SignIn
from workbench.storage.frozen_sets import FrozenSets
from workbench.web.app import create_app

PASSWORD = "correct horse battery"
TEXT = "Президент Казахстана прибыл в Бишкек. Переговоры начались утром."

# Each endpoint with what it needs; "" is open to everybody. A new endpoint must be added here.
NEEDS = {
    ("GET", "/session"): "read",
    ("POST", "/session"): "",
    ("DELETE", "/session"): "",
    ("GET", "/engines"): "read",
    ("GET", "/articles"): "read",
    ("POST", "/articles"): "translate",
    ("POST", "/articles/upload"): "translate",
    ("GET", "/articles/{article_id}"): "read",
    ("GET", "/articles/{article_id}/rows"): "read",
    ("GET", "/articles/{article_id}/analysis"): "read",
    ("PATCH", "/articles/{article_id}"): "translate",
    ("DELETE", "/articles/{article_id}"): "translate",
    ("POST", "/articles/{article_id}/restore"): "translate",
    ("GET", "/articles/{article_id}/export"): "export",
    ("POST", "/bulletins/new"): "export",
    ("POST", "/bulletins/check"): "export",
    ("POST", "/bulletins/build"): "export",
    ("POST", "/articles/{article_id}/import-xliff"): "translate",
    ("POST", "/articles/{article_id}/draft"): "translate",
    ("GET", "/articles/{article_id}/job"): "read",
    ("POST", "/articles/{article_id}/job/cancel"): "translate",
    ("PUT", "/segments/{segment_id}"): "translate",
    ("GET", "/segments/{segment_id}/panel"): "read",
    ("POST", "/segments/{segment_id}/repeats"): "translate",
    ("POST", "/segments/{segment_id}/repeats/undo"): "translate",
    ("POST", "/segments/{segment_id}/dismiss"): "translate",
    ("POST", "/segments/{segment_id}/override"): "translate",
    ("POST", "/segments/{segment_id}/put-in"): "translate",
    ("POST", "/segments/{segment_id}/choose"): "translate",
    ("POST", "/segments/{segment_id}/restore"): "translate",
    ("POST", "/segments/{segment_id}/lock"): "translate",
    ("GET", "/glossary"): "read",
    ("POST", "/glossary"): "propose terms",
    ("GET", "/glossary/export"): "export",
    ("GET", "/glossary/findings"): "read",
    ("POST", "/glossary/import"): "keep terms",
    ("GET", "/glossary/{term_id}"): "read",
    ("PATCH", "/glossary/{term_id}"): "keep terms",
    ("DELETE", "/glossary/{term_id}"): "keep terms",
    ("POST", "/glossary/{term_id}/state"): "keep terms",
    ("PUT", "/glossary/{term_id}/forms"): "keep terms",
    ("GET", "/glossary/{term_id}/history"): "read",
    ("POST", "/glossary/{term_id}/restore"): "keep terms",
    ("POST", "/glossary/{term_id}/undelete"): "keep terms",
    ("GET", "/glossary/{term_id}/impact"): "read",
    ("POST", "/glossary/{term_id}/patch"): "keep terms",
    ("POST", "/glossary/{term_id}/base/{choice}"): "keep terms",
    ("GET", "/glossary-imports"): "read",
    ("POST", "/glossary-imports/{batch}/undo"): "keep terms",
    ("GET", "/glossary-patches"): "read",
    ("POST", "/glossary-patches/{patch_id}/undo"): "keep terms",
    ("GET", "/articles/{article_id}/names"): "read",
    ("POST", "/articles/{article_id}/names/accept"): "propose terms",
    ("POST", "/articles/{article_id}/names/ignore"): "propose terms",
    ("POST", "/articles/{article_id}/names/heed"): "propose terms",
    ("POST", "/names/accepted/{number}/undo"): "propose terms",
    ("GET", "/names/ledger"): "read",
    ("POST", "/names/ledger/fix"): "translate",
    ("GET", "/memory/concordance"): "read",
    ("GET", "/memory/units/{unit_id}"): "read",
    ("PATCH", "/memory/units/{unit_id}"): "keep memory",
    ("DELETE", "/memory/units/{unit_id}"): "keep memory",
    ("POST", "/memory/units/{unit_id}/undelete"): "keep memory",
    ("POST", "/memory/units/{unit_id}/restore"): "keep memory",
    ("GET", "/memory/units/{unit_id}/terms"): "read",
    ("GET", "/memory/findings/{kind}"): "read",
    ("POST", "/memory/findings/merge"): "keep memory",
    ("POST", "/memory/findings/settle"): "keep memory",
    ("POST", "/memory/findings/patch"): "keep memory",
    ("POST", "/memory/withdrawals"): "keep memory",
    ("GET", "/memory/acts"): "read",
    ("POST", "/memory/acts/{act_id}/undo"): "keep memory",
    ("POST", "/memory/uploads"): "keep memory",
    ("GET", "/memory/imports"): "read",
    ("POST", "/memory/imports"): "keep memory",
    ("PATCH", "/memory/imports/{batch}"): "keep memory",
    ("POST", "/memory/imports/{batch}/withdraw"): "keep memory",
    ("POST", "/memory/imports/{batch}/undo"): "keep memory",
    ("GET", "/memory/import-jobs/{job_id}"): "read",
    ("POST", "/memory/import-jobs/{job_id}/cancel"): "keep memory",
    ("GET", "/memory/matches"): "read",
    ("GET", "/memory/export"): "export",
    ("GET", "/evaluations"): "read",
    ("POST", "/evaluations"): "evaluate",
    ("GET", "/evaluations/{run_id}"): "read",
    ("GET", "/evaluations/{run_id}/result"): "evaluate",
    ("GET", "/evaluations/{run_id}/lines"): "evaluate",
    ("GET", "/evaluations/{run_id}/verdict"): "read",
    ("POST", "/evaluations/{run_id}/cancel"): "evaluate",
    ("POST", "/evaluations/{run_id}/resume"): "evaluate",
    ("POST", "/evaluations/{run_id}/repeat"): "evaluate",
    ("DELETE", "/evaluations/{run_id}"): "evaluate",
    ("GET", "/evaluations/{run_id}/report"): "evaluate",
    ("GET", "/evaluation-history"): "read",
    ("GET", "/evaluation-baselines"): "read",
    ("PUT", "/evaluation-baselines"): "evaluate",
    ("DELETE", "/evaluation-baselines/{set_name}"): "evaluate",
    ("GET", "/testsets"): "read",
    ("POST", "/testsets"): "evaluate",
    ("GET", "/testsets/{name}"): "read",
    ("DELETE", "/testsets/{name}"): "evaluate",
    ("GET", "/testsets/{name}/export"): "evaluate",
    ("POST", "/efforts"): "translate",
    ("GET", "/efforts"): "read",
    ("GET", "/efforts/export"): "read",
    ("GET", "/judgements/tasks"): "read",
    ("GET", "/judgements/categories"): "read",
    ("GET", "/judgements/{campaign_id}/sheet"): "read",  # whom it invites: test_judgement_roles
    ("PUT", "/judgements/items/{item_id}"): "read",
    ("GET", "/judgements"): "evaluate",
    ("GET", "/judgements/runs"): "evaluate",
    ("POST", "/judgements"): "evaluate",
    ("POST", "/judgements/{campaign_id}/invite"): "evaluate",
    ("POST", "/judgements/{campaign_id}/close"): "evaluate",
    ("DELETE", "/judgements/{campaign_id}"): "evaluate",
    ("GET", "/judgements/{campaign_id}/results"): "evaluate",
    ("GET", "/judgements/{campaign_id}/export"): "evaluate",
}
QUERIES = {
    "/articles/{article_id}/export": "?to=txt",
    "/names/ledger": "?article={article_id}",
    "/memory/concordance": "?text=x",
    "/memory/matches": "?text=x",
    "/memory/uploads": "?name=a.tsv",
}


@pytest.fixture(scope="module")
def digest() -> str:
    """One slow hash for all accounts."""
    return PasswordHasher().hash(PASSWORD)


@pytest.fixture
def app(workbench: Workbench, digest: str) -> FastAPI:
    for role in ROLES:
        workbench.accounts.add(role, role, digest)
    return create_app(workbench, "127.0.0.1")


def client_of(app: FastAPI, role: str = "") -> TestClient:
    client = TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)
    if role:
        answer = client.post("/api/v1/session", json={"name": role, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
    return client


@pytest.fixture
def local(workbench: Workbench) -> Iterator[TestClient]:
    """A client of a workbench without accounts, on this machine."""
    with TestClient(create_app(workbench), base_url="http://127.0.0.1") as client:
        yield client


def test_every_endpoint_is_in_the_table(app: FastAPI) -> None:
    served = {
        (method.upper(), path.removeprefix("/api/v1"))
        for path, methods in app.openapi()["paths"].items()
        for method in methods
        if path.startswith("/api/v1")
    }
    assert served == set(NEEDS)


def test_each_role_gets_what_it_may_and_no_more(app: FastAPI) -> None:
    admin = client_of(app, "admin")
    article = admin.post("/api/v1/articles", json={"text": TEXT}).json()["id"]
    segment = admin.get(f"/api/v1/articles/{article}").json()["rows"][0]["id"]
    clients = {role: client_of(app, role) for role in ROLES} | {"": client_of(app)}
    for (method, path), permission in NEEDS.items():
        if path == "/session":
            continue  # signing out would end the walk; tested on its own
        url = f"/api/v1{path}{QUERIES.get(path, '')}".format(
            article_id=article,
            segment_id=segment,
            number=1,
            term_id=1,
            choice="keep",
            batch="i0",
            patch_id=1,
            unit_id=1,
            kind="terms",
            act_id=1,
            job_id=1,
            run_id=1,
            set_name="none",
            name="none",
            campaign_id=1,
            item_id=1,
        )
        for role, client in clients.items():
            status = client.request(method, url, json={} if method != "GET" else None).status_code
            if not role:
                assert status == 401, (method, path)
            elif role in PERMISSIONS[permission]:
                assert status not in (401, 403), (role, method, path, status)
            else:
                assert status == 403, (role, method, path, status)
        admin.post(f"/api/v1/articles/{article}/restore")


def test_runs_and_sets_are_deleted_by_whoever_made_them_or_an_administrator(
    app: FastAPI, workbench: Workbench, digest: str
) -> None:
    workbench.accounts.add("other", "evaluator", digest)
    frozen = FrozenSets(workbench.database)
    for name in ("first", "second"):
        frozen.add(name, "0" * 64, [FrozenPair("а", "一")], {}, "evaluator")  # damaged ones, too
    order = {
        "references": [{"name": "r", "text": "一\n二"}],
        "hypotheses": [{"name": "h", "text": "一\n三"}],
        "metrics": ["chrf"],
    }
    own, other, admin = (client_of(app, name) for name in ("evaluator", "other", "admin"))
    runs = [own.post("/api/v1/evaluations", json=order).json()["id"] for _ in range(2)]
    made = [f"evaluations/{run}" for run in runs] + ["testsets/first", "testsets/second"]
    for path in made:
        refused = other.delete(f"/api/v1/{path}")
        assert refused.status_code == 403, path
        assert "evaluator" in refused.text
    for client, path in zip((own, admin, own, admin), made, strict=True):
        assert client.delete(f"/api/v1/{path}").status_code == 204, path
        assert client.delete(f"/api/v1/{path}").status_code == 404, path
    assert other.delete("/api/v1/testsets/newsdesk").status_code == 409


def test_a_session_ends_when_one_signs_out_or_the_password_changes(
    app: FastAPI, workbench: Workbench
) -> None:
    client = client_of(app, "translator")
    assert client.get("/api/v1/session").json()["role"] == "translator"
    cookie = client.cookies["wb_session"]
    assert client.delete("/api/v1/session").status_code == 204
    client.cookies.set("wb_session", cookie)
    assert client.get("/api/v1/session").status_code == 401
    again = client_of(app, "translator")
    SignIn(workbench.accounts).set_password("translator", PASSWORD + "!")
    assert again.get("/api/v1/session").status_code == 401


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(app: FastAPI) -> None:
    given = {"name": "admin", "password": PASSWORD}
    cookie = client_of(app).post("/api/v1/session", json=given).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_a_bearer_token_works_without_a_cookie(app: FastAPI) -> None:
    given = {"name": "admin", "password": PASSWORD}
    token = client_of(app).post("/api/v1/session", json=given).json()["token"]
    answer = client_of(app).get("/api/v1/session", headers={"authorization": f"Bearer {token}"})
    assert answer.json()["name"] == "admin"


def test_guessing_passwords_is_slowed_down(app: FastAPI) -> None:
    client = client_of(app)
    wrong = {"name": "admin", "password": "wrong password"}
    statuses = [client.post("/api/v1/session", json=wrong).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    right = {"name": "admin", "password": PASSWORD}
    assert client.post("/api/v1/session", json=right).status_code == 429


def test_an_unknown_name_is_answered_like_a_wrong_password(app: FastAPI) -> None:
    answers = [
        client_of(app).post("/api/v1/session", json={"name": name, "password": "x" * 12}).json()
        for name in ("admin", "nobody")
    ]
    assert answers[0] == answers[1]


def test_passwords_and_cookies_are_stored_as_digests(app: FastAPI, workbench: Workbench) -> None:
    cookie = client_of(app, "admin").cookies["wb_session"]
    workbench.database.close()
    stored = b"".join(path.read_bytes() for path in workbench.settings.state.glob("*.sqlite*"))
    assert PASSWORD.encode() not in stored
    assert cookie.encode() not in stored
    assert b"$argon2id$" in stored


def test_the_user_of_this_machine_needs_no_account(local: TestClient) -> None:
    who = local.get("/api/v1/session").json()
    assert (who["name"], who["role"], who["local"]) == ("local", "admin", True)


def test_an_account_ends_the_free_local_access_at_once(
    local: TestClient, workbench: Workbench
) -> None:
    SignIn(workbench.accounts).add("anna", "admin", PASSWORD)
    assert local.get("/api/v1/articles").status_code == 401


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "[::2]:80", ""])
def test_another_host_name_is_refused_in_local_mode(local: TestClient, host: str) -> None:
    answer = local.get("/api/v1/articles", headers={"host": host})
    assert answer.status_code == 403
    assert answer.json()["key"] == "web.bad_host"


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost:7860", "localhost", "[::1]:7860"])
def test_the_machines_own_names_are_accepted(local: TestClient, host: str) -> None:
    assert local.get("/api/v1/articles", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_site_cannot_write(local: TestClient, headers: dict[str, str]) -> None:
    answer = local.post("/api/v1/articles", json={"text": TEXT}, headers=headers)
    assert answer.status_code == 403
    assert local.get("/api/v1/articles").json() == []


def test_another_site_cannot_read(local: TestClient) -> None:
    answer = local.get("/api/v1/articles", headers={"origin": "https://evil.example"})
    assert "access-control-allow-origin" not in answer.headers


def test_any_other_address_needs_accounts(workbench: Workbench) -> None:
    with pytest.raises(SettingsError) as refused:
        create_app(workbench, "0.0.0.0")
    assert "workbench user add" in refused.value.say()[1]
    SignIn(workbench.accounts).add("anna", "admin", PASSWORD)
    app = create_app(workbench, "0.0.0.0")
    assert (
        TestClient(app, base_url="http://bench.example").get("/api/v1/articles").status_code == 401
    )


def test_every_answer_carries_the_policy(local: TestClient) -> None:
    for path in ("/api/v1/session", "/api/v1/nothing", "/healthz"):
        headers = local.get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_the_description_of_the_api_is_served_and_nothing_else_of_fastapi(
    local: TestClient,
) -> None:
    described = local.get("/api/v1/openapi.json").json()["paths"]
    assert "/api/v1/segments/{segment_id}" in described
    assert local.get("/docs").status_code == 404
