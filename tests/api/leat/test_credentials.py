"""Who may call: personal access tokens, API keys and access tokens of one's own account, and nobody else."""

from typing import Any

import httpx2
import pytest

from models.kernel.vault import digest
from models.tenancy.tenants import revoke_credential
from tests.api.leat.conftest import HARBOUR, NOBODY, Account, assert_refused, done, make_account
from tests.api.leat.test_authorization import token
from tests.support.client import Client
from troth.app import Server

CALLS: list[tuple[str, str, Any]] = [
    ("GET", "", None),
    ("GET", "/referrals", None),
    ("GET", "/referrals/settings", None),
    ("GET", f"/contacts/{NOBODY}", None),
    ("GET", "/contacts/find-one-by?email=a@example.org", None),
    ("POST", "/contacts", {"email": "a@example.org"}),
    ("POST", "/credit-receptions", {"contact_uuid": NOBODY, "shop_uuid": HARBOUR["uuid"], "credits": 1}),
    ("GET", "/webhook-subscriptions", None),
    ("GET", f"/webhook-subscriptions/{NOBODY}", None),
    (
        "POST",
        "/webhook-subscriptions",
        {"name": "n", "event_type": "contact_created", "url": "https://hooks.example.org"},
    ),
    ("PUT", f"/webhook-subscriptions/{NOBODY}", {"name": "n"}),
    ("DELETE", f"/webhook-subscriptions/{NOBODY}", None),
]


def test_the_librarys_ping_is_answered_where_it_looks(account: Account) -> None:
    def ping(bearer: str) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {bearer}", "Content-Type": "application/x-www-form-urlencoded"}
        return account.client.request("GET", "/leat/api/v2/oauth/clients", headers=headers)

    answer = ping(token(account))
    assert (answer.status_code, answer.json()) == (200, {"data": {}, "meta": []})
    refused = ping("nonsense")
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_token")


def test_ping_answers_with_nothing_in_it(account: Account) -> None:
    answer = account.get()
    assert (answer.status_code, answer.json()) == (200, {"data": {}, "meta": []})


@pytest.mark.parametrize("kind", ["personal_access_token", "api_key", "access_token"])
def test_every_kind_of_credential_opens_everything(account: Account, kind: str) -> None:
    bearer = token(account) if kind == "access_token" else account.credentials[kind]
    for method, path, body in CALLS:
        assert account.call(method, path, token=bearer, json=body).status_code in (200, 400), path


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
def test_without_a_good_credential_it_is_401_without_a_number(
    account: Account, method: str, path: str, body: Any
) -> None:
    secret = account.credentials["client_secret"]
    for headers in (
        {},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": f"Bearer {secret}"},
        {"Authorization": f"Basic {account.token}"},
        {"Authorization": account.token},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer " + "x" * 600},
    ):
        answer = account.call(method, path, token=None, headers=headers, json=body)
        assert answer.status_code == 401, (headers, answer.text)
        shown = answer.json()
        assert set(shown) == {"message", "error", "error_description"}
        assert (shown["message"], shown["error"]) == ("Unauthenticated.", "invalid_token")
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_the_scheme_is_known_in_any_case(account: Account) -> None:
    assert account.get(token=None, headers={"Authorization": f"bearer {account.token}"}).status_code == 200


def test_a_credential_sees_its_own_account_only(account: Account, other_account: Account) -> None:
    account.create("ana@example.org")
    assert account.get("/contacts/find-one-by?email=ana@example.org").status_code == 200
    assert_refused(account.get("/contacts/find-one-by?email=ana@example.org", token=other_account.token), 55031)


def test_a_credential_of_another_api_is_401(account: Account) -> None:
    from models.tenancy.tenants import add_credential, create_tenant

    runtime = account.server.runtime
    with runtime.storage.session() as session, session.begin():
        shop = create_tenant(
            session,
            api="saasquatch",
            alias=f"x{account.tenant.alias}",
            name="x",
            live=True,
            project="x",
            sandbox_id=account.tenant.sandbox_id,
            settings={},
            now_ms=1,
        )
        add_credential(session, runtime.directory.vault, shop, f"KEY_{account.tenant.alias}", kind="api_key", now_ms=1)
    assert account.get(token=f"KEY_{account.tenant.alias}").status_code == 401


def test_a_revoked_credential_dies(account: Account) -> None:
    assert account.get(token=account.credentials["api_key"]).status_code == 200
    with account.server.runtime.storage.session() as session, session.begin():
        revoke_credential(session, account.tenant, digest(account.credentials["api_key"]), now_ms=2)
    account.server.runtime.directory.forget()
    assert account.get(token=account.credentials["api_key"]).status_code == 401
    assert account.get().status_code == 200


def test_the_partners_name_changes_nothing(account: Account) -> None:
    assert done(account.get(headers={"X-Partner-ID": "webshop-plugin"})) == {}
    assert_refused(account.get(headers={"X-Partner-ID": "x" * 65}), 1003, "X-Partner-ID")


def test_an_account_that_is_switched_off_serves_nothing(server: Server, client: Client) -> None:
    account = make_account(server, client, account_active=False)
    for method, path, body in CALLS:
        assert_refused(account.call(method, path, json=body), 7002)
