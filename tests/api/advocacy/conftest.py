"""A business of its own for each test."""

from typing import Any

import httpx2
import pytest

from models.advocacy import provision
from models.provisioning import READ_ONLY, KeyKind, new_key
from models.tenancy.sandboxes import MAIN
from models.tenancy.tenants import Tenant
from tests.support.client import Client
from tests.support.tenants import ApiTenant, fresh_alias
from troth.app import Server

SSO_SECRET = "sso_test_secret"
SITE = "https://shop.example.org/"


class Business(ApiTenant):
    """One business and its key; calls are below `/api/v1` and carry the key unless said otherwise."""

    def __init__(self, server: Server, client: Client, tenant: Tenant, key: str) -> None:
        super().__init__(server, client, tenant, "/advocacy/api/v1")
        self.key = key

    def call(self, method: str, path: str, *, key: str | None = "own", **options: Any) -> httpx2.Response:
        if key is not None:
            given = self.key if key == "own" else key
            options["headers"] = {"Authorization": f"Bearer {given}", **options.get("headers", {})}
        return super().call(method, path, **options)

    def read_only_key(self) -> str:
        """A further key, which may not write."""
        with self.server.runtime.storage.session() as session, session.begin():
            return new_key(
                session,
                self.server.runtime.directory.vault,
                self.tenant,
                KeyKind("api_key", provision.fresh_key),
                now_ms=1,
                scopes=[READ_ONLY],
            )

    def advocate(self, email: str = "ana@example.org", points: int = 0, **members: Any) -> dict[str, Any]:
        """Create an advocate by the API, and award points."""
        made = self.post("/advocates", json={"email": email, **members})
        assert made.status_code == 201, made.text
        advocate: dict[str, Any] = made.json()["advocate"]
        if points:
            changed = self.post(f"/advocates/{advocate['id']}/points", json={"amount": points})
            assert changed.status_code == 200, changed.text
        return advocate

    def points(self, advocate_id: str) -> int:
        """What an advocate has."""
        held: int = self.get(f"/advocates/{advocate_id}").json()["advocate"]["points"]
        return held


def make_business(
    server: Server, client: Client, *, live: bool = True, alias: str | None = None, **settings: Any
) -> Business:
    """A new business that is not held to its plan, unless the settings say so.

    What is drawn in it depends on its alias: one of its own for tests about what was drawn.
    """
    runtime, alias = server.runtime, alias or fresh_alias()
    with runtime.storage.session() as session, session.begin():
        made = provision.create(
            session,
            runtime.directory.vault,
            given={"sso_secret": SSO_SECRET},
            live=live,
            project=alias,
            sandbox_id=MAIN,
            settings={"rate_limits": "count", "site_url": SITE, **settings},
            alias=alias,
            name=alias,
            now_ms=1,
        )
    return Business(server, client, made.tenant, made.credentials["api_key"])


@pytest.fixture
def business(server: Server, client: Client) -> Business:
    return make_business(server, client)


@pytest.fixture
def other_business(server: Server, client: Client) -> Business:
    return make_business(server, client)


def error_of(answer: httpx2.Response) -> tuple[int, str, str | None]:
    """Status, code and field of a refusal."""
    error = answer.json()["error"]
    return answer.status_code, error["code"], error.get("field")
