"""A SaaSquatch tenant of its own for each test."""

import os
from typing import Any

import httpx2
import pytest

from models.kernel.connection import LazyConnection
from models.saasquatch.programs import add_program
from models.tenancy.sandboxes import MAIN
from models.tenancy.tenants import Tenant, add_credential, create_tenant
from models.uow import UnitOfWork
from tests.support.client import Client, segment
from tests.support.tenants import ApiTenant, fresh_number
from troth.app import Server

PROGRAM = {
    "id": "referral-program",
    "name": "Referral program",
    "landing_url": "https://shop.example.org/welcome?from=friend",
    "referrer_reward": {"type": "CREDIT", "unit": "CENTS", "amount": 1000, "name": "Thank you"},
    "referred_reward": {"type": "PCT_DISCOUNT", "amount": 10, "name": "Welcome"},
}


class SaasquatchTenant(ApiTenant):
    """One tenant and its API key; calls paths below the tenant with the key unless said otherwise."""

    def __init__(self, server: Server, client: Client, tenant: Tenant, key: str) -> None:
        super().__init__(server, client, tenant, f"/saasquatch/api/v1/{tenant.alias}")
        self.key = key
        self.alias = tenant.alias

    def call(self, method: str, path: str, *, auth: Any = "key", **options: Any) -> httpx2.Response:
        if auth == "key":
            options["auth"] = ("", self.key)
        elif auth is not None:
            options["auth"] = auth
        return super().call(method, path, **options)

    def user(self, user_id: str, account_id: str | None = None, **members: Any) -> dict[str, Any]:
        """Upsert a user by the API and return the answer."""
        account_id = account_id or user_id
        answer = self.put(self.user_path(user_id, account_id), json={"id": user_id, "accountId": account_id, **members})
        assert answer.status_code == 200, answer.text
        return answer.json()

    @staticmethod
    def user_path(user_id: str, account_id: str | None = None) -> str:
        return f"/open/account/{segment(account_id or user_id)}/user/{segment(user_id)}"


def make_tenant(
    server: Server,
    client: Client,
    *,
    settings: dict[str, Any] | None = None,
    live: bool = True,
    programs: list[dict[str, Any]] | None = None,
) -> SaasquatchTenant:
    """A new tenant with one program (or the given ones) and open endpoints on."""
    number = fresh_number()
    alias = f"{'' if live else 'test_'}t{os.getpid()}x{number}"
    key = f"TEST_KEY_{os.getpid()}_{number}_ABCDEFGHIJKLMNOPQRSTUVWX"
    runtime = server.runtime
    with runtime.storage.session() as session, session.begin():
        tenant = create_tenant(
            session,
            api="saasquatch",
            alias=alias,
            name=alias,
            live=live,
            project=alias,
            sandbox_id=MAIN,
            settings={"openEndpointsEnabled": True, **(settings or {})},
            now_ms=1,
        )
        add_credential(session, runtime.directory.vault, tenant, key, kind="api_key", now_ms=1, recoverable=True)
        unit = UnitOfWork(
            tenant=tenant,
            sandbox=runtime.main,
            connection=LazyConnection.of(session),
            directory=runtime.directory,
            public_url=runtime.public_url,
            request_number=0,
        )
        for program in programs if programs is not None else [PROGRAM]:
            add_program(unit, program)
    return SaasquatchTenant(server, client, tenant, key)


@pytest.fixture
def tenant(server: Server, client: Client) -> SaasquatchTenant:
    return make_tenant(server, client)


@pytest.fixture
def other_tenant(server: Server, client: Client) -> SaasquatchTenant:
    return make_tenant(server, client)
