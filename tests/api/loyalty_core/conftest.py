"""An organization of its own for each test."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import httpx2
import pytest

from models.kernel.budgets import LIMITS, Limits
from models.loyalty_core import provision
from models.loyalty_core.audiences.tables import Audience
from models.loyalty_core.events.tables import EventType, LoggedEvent
from models.loyalty_core.events.views import show_event
from models.loyalty_core.members.tables import Tier
from models.loyalty_core.organization.tables import CodedItem
from models.loyalty_core.settings import organization_id
from models.provisioning import new_key
from models.tenancy.sandboxes import MAIN
from models.tenancy.tenants import Tenant
from tests.support.client import Client
from tests.support.tenants import ApiTenant, fresh_alias
from troth.app import Server

LEDGER = ACCOUNT = PROGRAM = TIER = 1
"""What an organization begins with."""


class Club(ApiTenant):
    """One organization and a token of an administrator; calls are below its own path and carry the token."""

    def __init__(self, server: Server, client: Client, tenant: Tenant, token: str) -> None:
        self.id = organization_id(tenant, server.runtime.directory)
        super().__init__(server, client, tenant, f"/loyalty-core/api/v1/organizations/{self.id}")
        self.token = token

    def call(self, method: str, path: str, *, token: str | None = "own", **options: Any) -> httpx2.Response:
        if token is not None:
            given = self.token if token == "own" else token
            options["headers"] = {"Authorization": f"Bearer {given}", **options.get("headers", {})}
        return super().call(method, path, **options)

    def made(self, path: str, **body: Any) -> dict[str, Any]:
        """POST something that is to be created; the answer's one member, or the answer where it has none or more."""
        answer = self.post(path, json=body)
        assert answer.status_code in (200, 201), answer.text
        whole: dict[str, Any] = answer.json()
        return next(iter(whole.values())) if len(whole) == 1 else whole

    def further_token(self, *roles: str) -> str:
        """A token with exactly these roles."""
        with self.server.runtime.storage.session() as session, session.begin():
            return new_key(
                session,
                self.server.runtime.directory.vault,
                self.tenant,
                provision.KEY_KINDS[0],
                now_ms=1,
                scopes=roles,
            )

    def member(self, loyalty_member_id: str = "ana", points: int = 0, **members: Any) -> dict[str, Any]:
        """Create a member, and mint points of the default account."""
        member = self.made("/members", loyaltyMemberId=loyalty_member_id, **members)
        if points:
            answer = self.post(f"/ledgers/{LEDGER}/wallets/{member['walletId']}/mint", json={"amount": points})
            assert answer.status_code == 200, answer.text
        return member

    def know(
        self,
        *,
        audiences: Sequence[str] = (),
        tiers: Sequence[str] = (),
        locations: Sequence[str] = (),
        event_types: Sequence[str] = (),
    ) -> None:
        """Make what others name by these keys: audiences of nobody, tiers that nobody reaches.

        Their ids are 0 and below.
        """
        times = {"tenant_id": self.tenant.id, "created_ms": 1, "updated_ms": 1}
        rows = {
            Audience: [
                {"segment_key": key, "name": key, "active": True, "matcher_type": "null-matcher", "matcher": {}}
                | {"found_by": "", "counted": 0, "counted_to": 0}
                for key in audiences
            ],
            Tier: [
                {"tier_key": key, "name": key, "program_id": PROGRAM, "active": False}
                | {"min_required_points": 0, "tier_order": 0, "custom_attributes": {}}
                for key in tiers
            ],
            CodedItem: [{"kind": "location", "code": code, "label": code, "tags": []} for code in locations],
            EventType: [
                {"api_code": code, "name": code, "active": True, "schema_type": "custom", "custom_attributes": {}}
                for code in event_types
            ],
        }
        unit = self.unit()
        with unit.transaction() as session:
            for model, columns in rows.items():
                session.add_all(model(id=-number, **times, **one) for number, one in enumerate(columns))
        self.server.runtime.directory.configuration.forget()

    def events(self, event_type: str | None = None) -> list[dict[str, Any]]:
        """What the log says of everything that happened, as triggers send it, in the order in which it did."""
        unit = self.unit()
        with unit.transaction() as session:
            rows = session.scalars(unit.scoped(LoggedEvent).order_by(LoggedEvent.id)).all()
            return [
                show_event(
                    unit, row.id, row.type, row.topic, row.data, member_id=row.member_id, created_ms=row.created_ms
                )
                for row in rows
                if event_type in (None, row.type)
            ]

    def points(self, wallet_id: int, account: int = ACCOUNT, ledger: int = LEDGER) -> tuple[int, int]:
        """(balance, available balance) of a wallet."""
        wallet = self.get(f"/ledgers/{ledger}/accounts/{account}/wallets/{wallet_id}/balance").json()["wallet"]
        return wallet["balance"], wallet["availableBalance"]


def make_club(server: Server, client: Client, *, alias: str | None = None, **settings: Any) -> Club:
    """A new organization with nothing but what each begins with."""
    runtime, alias = server.runtime, alias or fresh_alias()
    with runtime.storage.session() as session, session.begin():
        made = provision.create(
            session,
            runtime.directory.vault,
            given={},
            live=True,
            project=alias,
            sandbox_id=MAIN,
            settings=settings,
            alias=alias,
            name=alias,
            now_ms=1,
        )
    return Club(server, client, made.tenant, made.credentials["api_token"])


@pytest.fixture
def club(server: Server, client: Client) -> Club:
    return make_club(server, client)


@pytest.fixture
def other_club(server: Server, client: Client) -> Club:
    return make_club(server, client)


@pytest.fixture
def limit(club: Club, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Set limits of the server for the test."""
    return lambda **limits: monkeypatch.setitem(club.server.runtime.services, LIMITS, Limits(**limits))


def refusal(answer: httpx2.Response) -> tuple[int, str]:
    """Status and message of a refusal; the messages of a list are joined. Fails when body and status disagree."""
    body = answer.json()
    assert body["statusCode"] == answer.status_code, body
    message = body["message"]
    return answer.status_code, message if isinstance(message, str) else "; ".join(message)


def coded(answer: httpx2.Response) -> tuple[int, str]:
    """Status and code of a refusal: which rule has refused, or that the contract has (VALIDATION_FAILED)."""
    return refusal(answer)[0], answer.json()["code"]


def assert_wrong(answer: httpx2.Response, *members: str) -> None:
    """A refusal by the contract, which names each of these members as wrong."""
    status, message = refusal(answer)
    assert status == 400, message
    for member in members:
        assert re.search(rf"\b{re.escape(member)}\b", message), f"{member} is not named: {message}"
