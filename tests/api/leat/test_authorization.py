"""Access tokens: the client credentials grant, its errors as RFC 6749 has them, and the end of a token's hour."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from models.kernel.clock import HOUR_MS
from models.leat.tokens import ACCESS_TOKEN, CLIENT_SECRET
from models.provisioning import new_key
from models.tenancy.tenants import CredentialRow, add_credential, list_credentials
from tests.api.leat.conftest import Account, done
from troth.app import Server

JSON_AND_FORM = ["json", "data"]


def ask(account: Account, how: str = "data", **members: Any) -> httpx2.Response:
    """Ask for a token as the account's client; members given replace the right ones, None leaves one out."""
    body = {
        "grant_type": "client_credentials",
        "client_id": account.credentials["client_id"],
        "client_secret": account.credentials["client_secret"],
        **members,
    }
    return account.client.request(
        "POST", "/leat/oauth/token", **{how: {k: v for k, v in body.items() if v is not None}}
    )


def token(account: Account) -> str:
    answer = ask(account)
    assert answer.status_code == 200, answer.text
    return answer.json()["access_token"]


def assert_oauth_error(answer: httpx2.Response, status: int, error: str) -> None:
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert set(body) == {"error", "error_description", "message"}
    assert body["error"] == error
    assert body["error_description"] == body["message"] != ""


@pytest.fixture(autouse=True)
def _clock_as_before(server: Server) -> Iterator[None]:
    yield
    server.runtime.directory.forget()


class TestIssue:
    @pytest.mark.parametrize("how", JSON_AND_FORM)
    def test_a_client_gets_a_token_for_its_account(self, account: Account, how: str) -> None:
        answer = ask(account, how)
        assert answer.status_code == 200
        body = answer.json()
        assert body == {"token_type": "Bearer", "expires_in": 3600, "access_token": body["access_token"]}
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["pragma"] == "no-cache"
        ana = account.create("ana@example.org")
        assert done(account.get(f"/contacts/{ana}", token=body["access_token"]))["uuid"] == ana

    @pytest.mark.parametrize("how", JSON_AND_FORM)
    def test_the_id_may_be_a_number_or_digits(self, account: Account, how: str) -> None:
        client_id = account.credentials["client_id"]
        for given in (int(client_id), client_id, f"00{client_id}"):
            assert ask(account, how, client_id=given).status_code == 200

    def test_several_tokens_are_good_at_once(self, account: Account) -> None:
        tokens = {token(account) for _ in range(3)}
        assert len(tokens) == 3
        for one in tokens:
            assert account.get(token=one).status_code == 200

    def test_unknown_members_are_ignored(self, account: Account) -> None:
        assert ask(account, scope="everything").status_code == 200

    def test_it_needs_no_credential_and_minds_none(self, account: Account) -> None:
        body = {
            "grant_type": "client_credentials",
            "client_id": account.credentials["client_id"],
            "client_secret": account.credentials["client_secret"],
        }
        answer = account.client.request(
            "POST", "/leat/oauth/token", data=body, headers={"Authorization": "Bearer nonsense"}
        )
        assert answer.status_code == 200

    def test_what_is_kept_of_a_token_is_its_digest(self, account: Account) -> None:
        made = token(account)
        with account.server.runtime.storage.session() as session:
            rows = [row for row in list_credentials(session, account.tenant) if row.kind == ACCESS_TOKEN]
        assert [(row.sealed, row.expires_ms - row.created_ms) for row in rows] == [(None, HOUR_MS)]
        assert made not in repr([vars(row) for row in rows])

    def test_a_secret_that_was_added_later_goes_with_the_accounts_client_id(self, account: Account) -> None:
        from models.leat.provision import CLIENT_KIND

        runtime = account.server.runtime
        with runtime.storage.session() as session, session.begin():
            added = new_key(session, runtime.directory.vault, account.tenant, CLIENT_KIND, now_ms=1)
        assert ask(account, client_secret=added).status_code == 200
        assert_oauth_error(ask(account, client_secret=added, client_id="7"), 401, "invalid_client")

    def test_of_two_clients_of_an_account_each_has_its_own_secret(self, account: Account) -> None:
        runtime, theirs = account.server.runtime, f"secret_of_another_client_of_{account.tenant.alias}"
        with runtime.storage.session() as session, session.begin():
            add_credential(
                session, runtime.directory.vault, account.tenant, theirs, kind=CLIENT_SECRET, now_ms=1, scopes=("77",)
            )
        assert ask(account, client_secret=theirs, client_id="77").status_code == 200
        assert ask(account).status_code == 200
        for members in ({"client_secret": theirs}, {"client_id": "77"}):
            assert_oauth_error(ask(account, **members), 401, "invalid_client")


class TestRefusals:
    @pytest.mark.parametrize("how", JSON_AND_FORM)
    @pytest.mark.parametrize(
        "members",
        [
            {"client_secret": "wrong"},
            {"client_id": "7"},
            {"client_id": "999999999999999999"},
            {"client_secret": "日本"},
            {"client_secret": "x" * 255},
        ],
    )
    def test_a_client_that_is_not_known(self, account: Account, how: str, members: dict[str, str]) -> None:
        assert_oauth_error(ask(account, how, **members), 401, "invalid_client")

    def test_the_id_and_the_secret_belong_together(self, account: Account, other_account: Account) -> None:
        answer = ask(account, client_id=other_account.credentials["client_id"])
        assert_oauth_error(answer, 401, "invalid_client")

    @pytest.mark.parametrize("kind", ["personal_access_token", "api_key"])
    def test_other_credentials_are_no_client_secret(self, account: Account, kind: str) -> None:
        assert_oauth_error(ask(account, client_secret=account.credentials[kind]), 401, "invalid_client")

    def test_a_client_secret_and_a_revoked_one_open_nothing(self, account: Account) -> None:
        assert account.get(token=account.credentials["client_secret"]).status_code == 401
        with account.server.runtime.storage.session() as session, session.begin():
            for row in list_credentials(session, account.tenant):
                row.revoked_ms = 1
        account.server.runtime.directory.forget()
        assert_oauth_error(ask(account), 401, "invalid_client")

    @pytest.mark.parametrize("how", JSON_AND_FORM)
    @pytest.mark.parametrize(
        "grant", ["password", "authorization_code", "refresh_token", "CLIENT_CREDENTIALS", "x" * 300]
    )
    def test_any_other_grant_is_not_supported(self, account: Account, how: str, grant: str) -> None:
        assert_oauth_error(ask(account, how, grant_type=grant), 400, "unsupported_grant_type")

    @pytest.mark.parametrize("how", JSON_AND_FORM)
    @pytest.mark.parametrize("missing", ["grant_type", "client_id", "client_secret"])
    def test_a_member_that_is_missing_is_an_invalid_request(self, account: Account, how: str, missing: str) -> None:
        assert_oauth_error(ask(account, how, **{missing: None}), 400, "invalid_request")

    @pytest.mark.parametrize(
        "members",
        [
            {"client_id": "abc"},
            {"client_id": ""},
            {"client_id": "1" * 20},
            {"client_id": "1.5"},
            {"client_secret": ""},
            {"client_secret": "x" * 256},
        ],
    )
    def test_a_member_of_the_wrong_form_is_an_invalid_request(self, account: Account, members: dict[str, str]) -> None:
        for how in JSON_AND_FORM:
            assert_oauth_error(ask(account, how, **members), 400, "invalid_request")

    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            (b"{", "application/json"),
            (b"[]", "application/json"),
            (b"", "application/json"),
            (b"<x/>", "text/xml"),
            (b"grant_type=%FF", "application/x-www-form-urlencoded"),
            (b"x" * (2 << 20), "application/x-www-form-urlencoded"),
            (b'{"grant_type": "client_credentials", "client_id": 1.5, "client_secret": "x"}', "application/json"),
        ],
    )
    def test_what_cannot_be_read(self, account: Account, content: bytes, kind: str) -> None:
        answer = account.client.request("POST", "/leat/oauth/token", content=content, headers={"Content-Type": kind})
        assert_oauth_error(answer, 400, "invalid_request")

    def test_another_method_is_refused_as_elsewhere(self, account: Account) -> None:
        answer = account.client.request("GET", "/leat/oauth/token")
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
        assert answer.json()["status_code"] == 405


class TestExpiry:
    def test_a_token_is_good_for_an_hour_on_the_accounts_clock(self, account: Account) -> None:
        issued_ms = account.now_ms
        made = token(account)
        account.advance(HOUR_MS - 1 - (account.now_ms - issued_ms))
        assert account.get(token=made).status_code == 200
        account.advance(1)
        answer = account.get(token=made)
        assert answer.status_code == 401
        assert answer.json() == {
            "message": "Unauthenticated.",
            "error": "invalid_token",
            "error_description": "The credential has expired.",
        }
        assert account.get(token=token(account)).status_code == 200

    def test_expired_tokens_are_forgotten_and_nothing_else(self, account: Account, other_account: Account) -> None:
        token(account)
        account.advance(HOUR_MS)
        young, theirs = token(account), token(other_account)
        dispatcher = account.server.runtime.services["dispatcher"]
        asyncio.run(dispatcher.advance_by(account.server.runtime.main, 0))
        with account.server.runtime.storage.session() as session:
            kinds = [row.kind for row in list_credentials(session, account.tenant)]
            assert sorted(kinds) == ["access_token", "api_key", "client_secret", "personal_access_token"]
            assert session.query(CredentialRow).filter_by(tenant_id=other_account.tenant.id).count() == 4
        for one, its in ((young, account), (theirs, other_account)):
            assert its.get(token=one).status_code == 200
