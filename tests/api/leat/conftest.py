"""A Leat account of its own for each test."""

import itertools
import os
from typing import Any

import httpx2
import pytest

from models.leat import provision
from models.tenancy.sandboxes import MAIN
from models.tenancy.tenants import Tenant
from tests.support.client import Client
from tests.support.tenants import ApiTenant
from troth.app import Server

BASE = "/leat/api/v3/oauth/clients"
HARBOUR = {"uuid": "7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11", "name": "Harbour Street"}
MARKET = {"uuid": "7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c12", "name": "Market Square"}
COFFEE = {"uuid": "7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c21", "name": "Free coffee"}
POINTS = {"type": "loyalty_points", "points": 50, "business_profile": HARBOUR}
VOUCHER = {"type": "voucher", "promotion": COFFEE}
PREPAID = {"type": "prepaid_credit", "amount_in_cents": 500}
PROGRAM = {
    "completion_event": {"type": "loyalty_transaction", "number_of_transactions": 2},
    "limit_per_contact": 3,
    "referred_incentive": POINTS,
    "referring_incentive": PREPAID,
}
AT_CREATION = {**PROGRAM, "completion_event": {"type": "contact_creation"}}
NOBODY = "00000000-0000-4000-8000-000000000000"
_numbers = itertools.count(1)


class Account(ApiTenant):
    """One account and its credentials; calls paths below the API's prefix with its personal access token."""

    def __init__(self, server: Server, client: Client, tenant: Tenant, credentials: dict[str, str]) -> None:
        super().__init__(server, client, tenant, BASE)
        self.credentials = credentials
        self.token = credentials["personal_access_token"]

    def call(
        self,
        method: str,
        path: str,
        *,
        token: str | None = "own",
        headers: dict[str, str] | None = None,
        **options: Any,
    ) -> httpx2.Response:
        bearer = self.token if token == "own" else token
        sent = {**({"Authorization": f"Bearer {bearer}"} if bearer is not None else {}), **(headers or {})}
        return self.client.request(method, f"{BASE}{path}", headers=sent, **options)

    def get(self, path: str = "", **options: Any) -> httpx2.Response:
        return self.call("GET", path, **options)

    # Steps

    def create(self, email: str, code: str | None = None) -> str:
        """Create a contact, with the code of another if one is given; its uuid."""
        body = {"email": email, **({"referral_code": code} if code is not None else {})}
        return done(self.post("/contacts", json=body))["uuid"]

    def contact(self, uuid: str) -> dict[str, Any]:
        return done(self.get(f"/contacts/{uuid}"))

    def code(self, uuid: str) -> str:
        return self.contact(uuid)["current_values"]["referral_code"]

    def credits(self, uuid: str) -> int:
        return self.contact(uuid)["credit_balance"]["balance"]

    def cents(self, uuid: str) -> int:
        return self.contact(uuid)["prepaid_balance"]["balance_in_cents"]

    def buy(self, uuid: str, times: int = 1, **members: Any) -> dict[str, Any]:
        """Make loyalty transactions of 10 credits each; the last one's answer."""
        amount = {} if {"credits", "unit_value"} & set(members) else {"credits": 10}
        body = {"contact_uuid": uuid, "shop_uuid": HARBOUR["uuid"], **amount, **members}
        return [done(self.post("/credit-receptions", json=body)) for _ in range(times)][-1]

    def referrals(self, **query: Any) -> list[dict[str, Any]]:
        return done(self.get("/referrals", params={"limit": 100, **query}))

    def statuses(self) -> dict[str, str]:
        """The status of each referral, by the referred contact's uuid."""
        return {row["referred_contact"]["uuid"]: row["status"] for row in self.referrals()}

    # What no call can do

    def rows(self, table: Any) -> list[Any]:
        unit = self.unit()
        with unit.transaction() as session:
            return list(session.scalars(unit.scoped(table)))

    def advance(self, milliseconds: int) -> None:
        """Move the sandbox's clock; nothing runs."""
        self.server.runtime.sandboxes[self.tenant.sandbox_id].clock.at_ms += milliseconds
        self.server.runtime.directory.forget()


def done(answer: httpx2.Response) -> Any:
    """The data of a success."""
    assert answer.status_code == 200, answer.text
    assert answer.json()["meta"] in ([], {})
    return answer.json()["data"]


def assert_refused(answer: httpx2.Response, code: int, parameter: str | None = None) -> None:
    """HTTP 400 with the vendor's number; with `parameter`, what is named as wrong."""
    assert answer.status_code == 400, answer.text
    body = answer.json()
    assert (body["code"], body["status_code"]) == (code, 400), body
    assert set(body) <= {"message", "code", "status_code", "errors"}
    assert ("errors" in body) == (code == 1003)
    if parameter is not None:
        assert list(body["errors"]) == [parameter], body


def make_account(
    server: Server, client: Client, *, program: dict[str, Any] | None = PROGRAM, **settings: Any
) -> Account:
    """A new account with two shops and a referral program, unless said otherwise."""
    alias = f"l{os.getpid()}x{next(_numbers)}"
    runtime = server.runtime
    with runtime.storage.session() as session, session.begin():
        made = provision.create(
            session,
            runtime.directory.vault,
            given={},
            alias=alias,
            name=f"Bakery {alias}",
            live=True,
            project=alias,
            sandbox_id=MAIN,
            settings={"shops": [HARBOUR, MARKET], "referral_program": program, **settings},
            now_ms=runtime.main.clock.now_ms(),
        )
    return Account(server, client, made.tenant, made.credentials)


@pytest.fixture
def account(server: Server, client: Client) -> Account:
    return make_account(server, client)


@pytest.fixture
def other_account(server: Server, client: Client) -> Account:
    return make_account(server, client)
