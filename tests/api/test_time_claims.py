"""Times that callers claim (`exp` and `nbf` of a token, the timestamp of a sign-on) on the wall's clock and on the
sandbox's.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from models.kernel.clock import DAY_MS, HOUR_MS, SECOND_MS, wall_ms
from tests.api.advocacy.conftest import Business, make_business
from tests.api.advocacy.test_sso import mapped, recognize, signed
from tests.api.saasquatch.conftest import SaasquatchTenant, make_tenant
from tests.support.client import Client
from troth.app import Server, build
from troth.settings import Settings

HOUR_S = HOUR_MS // SECOND_MS
USER = {"id": "u", "accountId": "a"}


def token_status(tenant: SaasquatchTenant, **claims: Any) -> int:
    token = jwt.encode({"alg": "HS256"}, {"user": USER, **claims}, OctKey.import_key(tenant.key))
    answer = tenant.get(tenant.user_path("u", "a"), auth=None, headers={"X-SaaSquatch-User-Token": token})
    return answer.status_code


@pytest.fixture(params=[-400 * DAY_MS, 0, 400 * DAY_MS])
def presents_s(server: Server, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> tuple[int, int]:
    """The earlier and the later present, in seconds: the wall's clock is far behind, beside, or far ahead of the
    sandbox's.
    """
    sandbox_ms = server.runtime.main.clock.now_ms()
    wall = sandbox_ms + request.param
    monkeypatch.setattr("troth.runtime.wall_ms", lambda: wall)
    return min(sandbox_ms, wall) // SECOND_MS, max(sandbox_ms, wall) // SECOND_MS


class TestMock:
    def test_exp_holds_where_either_clock_allows_it(
        self, server: Server, client: Client, presents_s: tuple[int, int]
    ) -> None:
        tenant = make_tenant(server, client)
        tenant.user("u", "a")
        early, late = presents_s
        assert [token_status(tenant, exp=at) for at in (early - 1, early + 1 + HOUR_S, late + HOUR_S)] == [
            401,
            200,
            200,
        ]

    def test_nbf_holds_where_either_clock_allows_it(
        self, server: Server, client: Client, presents_s: tuple[int, int]
    ) -> None:
        tenant = make_tenant(server, client)
        tenant.user("u", "a")
        early, late = presents_s
        assert [token_status(tenant, nbf=at) for at in (early, late, late + HOUR_S)] == [200, 200, 401]

    def test_both_claims_hold_each_on_a_clock_of_its_own(
        self, server: Server, client: Client, presents_s: tuple[int, int]
    ) -> None:
        tenant = make_tenant(server, client)
        tenant.user("u", "a")
        early, late = presents_s
        assert token_status(tenant, nbf=late, exp=early + HOUR_S) == 200

    def test_a_sign_on_holds_within_300_seconds_of_either_clock(
        self, server: Server, client: Client, presents_s: tuple[int, int]
    ) -> None:
        business = make_business(server, client)
        mapped(business)
        early, late = presents_s
        expected = [401, 200, 200, 401]
        offs = (early - 310, early - 290, late + 290, late + 310)
        assert [recognize(business, signed(business, at_s=at)).status_code for at in offs] == expected

    def test_a_signature_of_wall_time_is_used_up_although_the_sandbox_is_far_ahead(
        self, server: Server, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        business = make_business(server, client)
        mapped(business)
        wall = business.now_ms - 400 * DAY_MS
        monkeypatch.setattr("troth.runtime.wall_ms", lambda: wall)
        body = signed(business, at_s=wall // SECOND_MS)
        assert recognize(business, body).status_code == 200
        unit = business.unit()
        with unit.transaction():
            server.runtime.domain("advocacy").prune(unit)
        assert recognize(business, body).status_code == 401


@pytest.fixture(scope="module")
def production() -> Iterator[Client]:
    """A server in production whose sandbox's clock is a day ahead, as no database of production should have it."""
    server = build(Settings(database_url="sqlite://", secret_key="k" * 32, require_https=False))
    server.runtime.main.clock.offset_ms = DAY_MS  # type: ignore[attr-defined]  # a WallClock's
    client = Client(server)
    yield client
    client.close()
    server.close()


class TestProduction:
    @pytest.fixture
    def tenant(self, production: Client) -> SaasquatchTenant:
        made = make_tenant(production.server, production)
        made.user("u", "a")
        return made

    @pytest.fixture
    def business(self, production: Client) -> Business:
        made = make_business(production.server, production)
        mapped(made)
        return made

    def test_only_wall_time_counts_for_exp_and_nbf(self, tenant: SaasquatchTenant) -> None:
        now_s = wall_ms() // SECOND_MS
        assert [token_status(tenant, exp=now_s + off) for off in (-1, HOUR_S)] == [401, 200]
        assert [token_status(tenant, nbf=now_s + off) for off in (-1, HOUR_S)] == [200, 401]
        assert token_status(tenant, nbf=now_s - HOUR_S, exp=now_s + HOUR_S) == 200

    def test_only_wall_time_counts_for_a_sign_on(self, business: Business) -> None:
        now_s = wall_ms() // SECOND_MS
        offs = (0, -400, 400, DAY_MS // SECOND_MS)
        assert [recognize(business, signed(business, at_s=now_s + off)).status_code for off in offs] == [
            200,
            401,
            401,
            401,
        ]
