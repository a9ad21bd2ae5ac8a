"""The control plane: info, clock, inbox."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from models import inbox
from models.kernel.clock import DAY_MS, FIXED_START_MS, HOUR_MS
from models.kernel.times import iso, parse_duration_ms, parse_instant_ms
from models.outbox.signing import base64url, signing_key
from tests.api.loyalty_core.conftest import make_club
from tests.api.saasquatch.conftest import SaasquatchTenant, make_tenant
from tests.support.client import BASE_URL, Client, segment
from tests.support.databases import emptied_postgres
from tests.support.refusals import assert_refused
from tests.support.senders import LoopSender, NullSender
from troth.app import build
from troth.settings import Settings

INBOX = "/_troth/inbox/orders"
NUL_KID = b'{"alg":"RS256","kid":"a\\u0000"}'
"""No text of PostgreSQL."""


@pytest.fixture(params=["sqlite", "postgres"])
def own(request: pytest.FixtureRequest) -> Iterator[Client]:
    """A server whose clock is moved by nobody else."""
    url = "sqlite://" if request.param == "sqlite" else emptied_postgres("control")
    server = build(Settings(mock=True, database_url=url, fixed_clock=True, pool_size=4))
    server.runtime.services["dispatcher"].sender = NullSender()
    client = Client(server)
    yield client
    client.close()
    server.close()


@pytest.fixture
def wall() -> Iterator[Client]:
    server = build(Settings(mock=True, database_url="sqlite://"))
    client = Client(server)
    yield client
    client.close()
    server.close()


def clock(client: Client) -> dict[str, Any]:
    return client.request("GET", "/_troth/clock").json()


def advance(client: Client, **body: Any) -> httpx2.Response:
    return client.request("POST", "/_troth/clock/advance", json=body)


class TestInfo:
    def test_it_says_what_the_server_is(self, own: Client) -> None:
        info = own.request("GET", "/_troth/info").json()
        assert {name: info[name] for name in ("seed", "now")} == {"seed": 1, "now": "2026-01-15T12:00:00.000Z"}
        assert info["version"]

    def test_the_mock_command_can_add_more(self, own: Client) -> None:
        own.server.runtime.services["info"] = lambda: {
            "version": "9",
            "seed": None,
            "now": "x",
            "apis": {"saasquatch": {"keys": ["k"]}},
            "dashboard": "/",
        }
        assert own.request("GET", "/_troth/info").json()["dashboard"] == "/"

    def test_production_has_no_control_plane(self) -> None:
        server = build(Settings(database_url="sqlite://", secret_key="x" * 32, require_https=False))
        client = Client(server)
        for method, path in (("GET", "/_troth/info"), ("POST", "/_troth/clock/freeze"), ("GET", INBOX)):
            assert_refused(client.request(method, path), 404, "NOT_FOUND")
        client.close()
        server.close()

    def test_problems_have_its_own_shape(self, own: Client) -> None:
        answer = own.request("GET", "/_troth/nothing")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "NOT_FOUND")
        answer = own.request("DELETE", "/_troth/clock")
        assert (answer.status_code, answer.json()["error"]["code"]) == (405, "METHOD_NOT_ALLOWED")


class TestClock:
    def test_a_fixed_clock_stands_still(self, own: Client) -> None:
        expected = {"now": "2026-01-15T12:00:00.000Z", "now_ms": FIXED_START_MS, "fixed": True, "speed": 0}
        assert clock(own) == expected
        own.request("POST", INBOX, json={})
        assert clock(own) == expected

    @pytest.mark.parametrize(
        ("body", "by_ms"),
        [
            ({"by_ms": 0}, 0),
            ({"by_ms": 1}, 1),
            ({"by": "P1D"}, DAY_MS),
            ({"by": "PT1H30M"}, HOUR_MS * 3 // 2),
            ({"by": "P1W"}, 7 * DAY_MS),
            ({"by": "PT0.250S"}, 250),
            ({"to": FIXED_START_MS + 5}, 5),
            ({"to": "2026-01-15T12:00:01Z"}, 1_000),
            ({"to": "2026-01-15T13:00:00+01:00"}, 0),
            ({"to": "2026-01-16"}, DAY_MS // 2),
        ],
    )
    def test_it_moves_by_and_to(self, own: Client, body: dict[str, Any], by_ms: int) -> None:
        answer = advance(own, **body)
        assert answer.status_code == 200
        at_ms = FIXED_START_MS + by_ms
        stands = {"now": iso(at_ms), "now_ms": at_ms, "fixed": True, "speed": 0}
        assert answer.json() == {**stands, "reached": True, "fired": []}
        assert clock(own)["now_ms"] == at_ms

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ({}, "the body: one of by_ms, by and to is required"),
            ({"by_ms": 1, "by": "P1D"}, "the body: only one of by_ms, by and to may be given"),
            ({"by_ms": -1}, "/by_ms: must be at least 0"),
            ({"by_ms": 1.5}, "/by_ms: must be an integer"),
            ({"by_ms": 3_153_600_000_001}, "/by_ms: must be at most 3153600000000"),
            ({"by": "P"}, "/by: must have at least 3 characters"),
            ({"by": "PT"}, "/by: must have at least 3 characters"),
            ({"by": "P1M"}, "/by: must be a duration"),
            ({"by": "1 day"}, "/by: must be a duration"),
            ({"by": "P1DT"}, "/by: must be a duration"),
            ({"by": "P99999W"}, "The clock is not moved beyond the year 3000."),
            ({"to": "tomorrow"}, "/to: must be an instant of the years 1970 to 9999"),
            ({"to": "2026-13-01"}, "/to: must be an instant of the years 1970 to 9999"),
            ({"to": "2026-01-16512"}, "/to: must be an instant of the years 1970 to 9999"),
            ({"to": "2026-01-16x12:00:00Z"}, "/to: must be an instant of the years 1970 to 9999"),
            ({"to": 32_503_680_000_001}, "The clock is not moved beyond the year 3000."),
            ({"to": "9999-12-31T23:59:59Z"}, "The clock is not moved beyond the year 3000."),
            ({"to": None}, "the body: one of by_ms, by and to is required"),
            ({"by_ms": True}, "/by_ms: must be an integer"),
            ({"days": 1}, "the body: one of by_ms, by and to is required"),
            ({"to": "1969-12-31T00:00:00Z"}, "/to: must be an instant of the years 1970 to 9999"),
        ],
    )
    def test_what_it_cannot_read_changes_nothing(self, own: Client, body: dict[str, Any], expected: str) -> None:
        assert_refused(advance(own, **body), 400, expected)
        assert clock(own)["now_ms"] == FIXED_START_MS

    @pytest.mark.parametrize("to", [FIXED_START_MS - 1, "2026-01-15T11:59:59Z", 0])
    def test_it_does_not_go_back(self, own: Client, to: Any) -> None:
        answer = advance(own, to=to)
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "CLOCK_BACKWARDS")
        assert clock(own)["now_ms"] == FIXED_START_MS

    def test_what_becomes_due_runs_and_is_listed(self, own: Client) -> None:
        sender = own.server.runtime.services["dispatcher"].sender
        tenant = make_tenant(own.server, own)
        url = "https://hooks.example.org/in"
        tenant.post("/subscription", json={"endpointUrl": url, "webhookTypes": ["user.created"]})
        tenant.user("u")
        sender.status = 500
        first = advance(own, by_ms=0).json()["fired"]
        assert [(one["kind"], one["status"], one["url"], one["tenant"]) for one in first] == [
            ("delivery", 500, url, f"saasquatch/{tenant.alias}")
        ]
        sender.status = 200
        start = clock(own)["now_ms"]
        again = advance(own, by="PT1H").json()
        assert [(one["kind"], one["status"], one["due_at_ms"]) for one in again["fired"]] == [
            ("delivery", 200, start + HOUR_MS)
        ]
        assert advance(own, by="P7D").json()["fired"] == []

    def test_a_running_clock_is_frozen_and_stays_so(self, wall: Client) -> None:
        assert clock(wall)["fixed"] is False
        moved = advance(wall, by="P1D").json()
        frozen = wall.request("POST", "/_troth/clock/freeze").json()
        assert frozen["fixed"] is True
        assert frozen["now_ms"] >= moved["now_ms"]
        assert wall.request("POST", "/_troth/clock/freeze").json() == frozen == clock(wall)
        tenant = make_tenant(wall.server, wall)
        assert tenant.user("u")["dateCreated"] == frozen["now_ms"]
        assert clock(wall)["now_ms"] == frozen["now_ms"] + 1


class TestInbox:
    def test_a_message_is_kept_as_it_came(self, own: Client) -> None:
        body = '{"b" : 1,\n "a":"ä"}'
        answer = own.request(
            "POST",
            INBOX,
            content=body.encode(),
            headers={"Content-Type": "application/json; charset=UTF-8", "X-Hook-Other": "x", "Authorization": "secret"},
        )
        assert (answer.status_code, answer.json()) == (200, {})
        page = own.request("GET", INBOX).json()
        assert (page["count"], page["total"]) == (1, 1)
        message = page["messages"][0]
        assert message["body"] == body
        assert message["received_ms"] == FIXED_START_MS
        assert message["headers"]["content-type"] == "application/json; charset=UTF-8"
        assert message["headers"]["x-hook-other"] == "x"
        assert "authorization" not in message["headers"]
        assert message["verified"] == {"X-Hook-Signature": None, "X-Hook-JWS-RFC-7797": None}

    @pytest.mark.parametrize("body", ["null", "[]", "3", '"text"', "{}", '{"tenantAlias": 3}'])
    def test_any_json_will_do(self, own: Client, body: str) -> None:
        headers = {"Content-Type": "application/json", "X-Hook-Signature": b"\xe4"}
        assert own.request("POST", INBOX, content=body, headers=headers).status_code == 200
        assert own.request("GET", INBOX).json()["messages"][0]["body"] == body

    def test_anything_else_is_refused(self, own: Client) -> None:
        assert own.request("POST", INBOX, content="x", headers={"Content-Type": "text/plain"}).status_code == 415
        assert_refused(
            own.request("POST", INBOX, content="x", headers={"Content-Type": "application/json"}), 400, "BAD_REQUEST"
        )
        assert_refused(
            own.request("POST", INBOX, headers={"Content-Type": "application/json"}), 400, "the body: is required"
        )
        assert_refused(
            own.request("POST", "/_troth/inbox/a%20b", json={}),
            400,
            "path parameter name: must be 1 to 64 letters, digits, dots, dashes or underscores",
        )
        assert_refused(
            own.request("POST", f"/_troth/inbox/{'a' * 65}", json={}),
            400,
            "path parameter name: must be 1 to 64 letters, digits, dots, dashes or underscores",
        )
        assert own.request("GET", INBOX).json()["total"] == 0

    def test_pages_and_names(self, own: Client) -> None:
        for n in range(5):
            own.request("POST", INBOX, json=n)
        own.request("POST", "/_troth/inbox/other", json="other")
        bodies = lambda query: [m["body"] for m in own.request("GET", f"{INBOX}?{query}").json()["messages"]]
        assert bodies("limit=2") == ["4", "3"]
        assert bodies("limit=2&offset=4") == ["0"]
        assert bodies("offset=5") == []
        for query in ("limit=0", "limit=1001", "offset=-1", "limit=x"):
            assert_refused(
                own.request("GET", f"{INBOX}?{query}"), 400, f"query parameter {query.partition('=')[0]}: must be "
            )
        assert own.request("DELETE", INBOX).status_code == 204
        assert own.request("DELETE", INBOX).status_code == 204
        assert_refused(
            own.request("DELETE", "/_troth/inbox/a%20b"),
            400,
            "path parameter name: must be 1 to 64 letters, digits, dots, dashes or underscores",
        )
        assert own.request("GET", INBOX).json() == {"count": 0, "total": 0, "messages": []}
        assert own.request("GET", "/_troth/inbox/other").json()["total"] == 1

    def test_the_newest_are_kept(self, own: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(inbox, "KEPT_MAX", 3)
        for n in range(5):
            own.request("POST", INBOX, json=n)
        assert [message["body"] for message in own.request("GET", INBOX).json()["messages"]] == ["4", "3", "2"]


class TestInboxSignatures:
    @staticmethod
    def deliver(own: Client) -> tuple[SaasquatchTenant, bytes, dict[str, str]]:
        """A webhook as a receiver gets it."""
        dispatcher = own.server.runtime.services["dispatcher"]
        tenant = make_tenant(own.server, own)
        tenant.post("/subscription", json={"endpointUrl": "https://hooks.example.org/in"})
        tenant.user("u")
        asyncio.run(dispatcher.settle())
        _, body, headers = dispatcher.sender.calls[-1]
        return tenant, body, headers

    def verified(self, own: Client, body: bytes, headers: dict[str, str]) -> list[bool | None]:
        assert own.request("POST", INBOX, content=body, headers=headers).status_code == 200
        message = own.request("GET", INBOX).json()["messages"][0]
        return [message["verified"]["X-Hook-Signature"], message["verified"]["X-Hook-JWS-RFC-7797"]]

    def test_right_signatures_are_right(self, own: Client) -> None:
        _, body, headers = self.deliver(own)
        assert self.verified(own, body, headers) == [True, True]

    def test_one_changed_byte_is_wrong(self, own: Client) -> None:
        _, body, headers = self.deliver(own)
        assert self.verified(own, body.replace(b'"created":1', b'"created":2'), headers) == [False, False]
        assert self.verified(own, body + b" ", headers) == [False, False]

    @pytest.mark.parametrize(
        "token", ["", "..", "a..b", "a.b.c", "e30..AAAA", "!!!..???", "bnVsbA..", "W10..x", "eyJhbGciOiJub25lIn0.."]
    )
    def test_malformed_signatures_are_wrong(self, own: Client, token: str) -> None:
        _, body, headers = self.deliver(own)
        assert self.verified(own, body, {**headers, "X-Hook-JWS-RFC-7797": token, "X-Hook-Signature": token}) == [
            False,
            False,
        ]

    def test_other_algorithms_and_keys_are_wrong(self, own: Client) -> None:
        _, body, headers = self.deliver(own)
        _, _, signature = headers["X-Hook-JWS-RFC-7797"].split(".")
        for header in (b'{"alg":"HS256","kid":"x"}', b'{"alg":"RS256","kid":"x"}', b'{"alg":"RS256","kid":7}', NUL_KID):
            token = f"{base64url(header)}..{signature}"
            assert self.verified(own, body, {**headers, "X-Hook-JWS-RFC-7797": token}) == [True, False]

    def test_what_is_no_base64url_is_wrong(self, own: Client) -> None:
        """Neither padding nor other characters (RFC 7515, section 2)."""
        _, body, headers = self.deliver(own)
        protected, _, signature = headers["X-Hook-JWS-RFC-7797"].split(".")
        for token in (
            f"{protected}..{signature}=",
            f"{protected}..{signature}==",
            f"{protected}..*{signature}",
            f"{protected}..{signature[:4]} {signature[4:]}",
            f"{protected}.. {signature}",
        ):
            assert self.verified(own, body, {**headers, "X-Hook-JWS-RFC-7797": token}) == [True, False], token

    @pytest.mark.parametrize(
        "extension",
        [{"crit": []}, {"crit": ["exp"], "exp": 1}, {"crit": ["b64"], "b64": True}, {"crit": 5}, {"b64": False}],
    )
    def test_a_token_with_extensions_that_are_critical_is_wrong(self, own: Client, extension: dict[str, Any]) -> None:
        """Whoever reads a JWS refuses critical extensions that it does not understand (RFC 7515, section 4.1.11)."""
        _, body, headers = self.deliver(own)
        with own.server.runtime.storage.session() as session:
            key = signing_key(session, own.server.runtime.directory.vault, now_ms=0)
        for header, right in (({}, True), ({"x-shop": 7}, True), (extension, False)):
            protected = base64url(json.dumps({"alg": "RS256", "kid": key.kid, **header}).encode())
            signature = base64url(key.sign(f"{protected}.{base64url(body)}".encode()))
            token = f"{protected}..{signature}"
            assert self.verified(own, body, {**headers, "X-Hook-JWS-RFC-7797": token}) == [True, right]

    def test_another_tenants_hmac_is_wrong_and_an_unknown_tenants_cannot_be_verified(self, own: Client) -> None:
        tenant, body, headers = self.deliver(own)
        other = make_tenant(own.server, own)
        assert self.verified(own, body.replace(tenant.alias.encode(), other.alias.encode()), headers) == [False, False]
        assert self.verified(own, body.replace(tenant.alias.encode(), b"nobody"), headers) == [None, False]

    def test_those_of_loyalty_core_are_checked(self, own: Client) -> None:
        dispatcher = own.server.runtime.services["dispatcher"]
        club = make_club(own.server, own)
        settings = {"url": "https://hooks.example.org/in", "events": ["*"], "headers": {"Signature": "x"}}
        club.made("/event-triggers", type="WebHook", name="n", settings=settings)
        club.member()
        asyncio.run(dispatcher.settle())
        _, body, headers = dispatcher.sender.calls[-1]
        first, _, rest = headers["webhook-signature"].partition(",")
        for sent, wanted in (
            ({}, True),
            ({"webhook-signature": f"{first},A{rest}"}, False),
            ({"webhook-signature": "x"}, False),
            ({"webhook-id": "x"}, False),
        ):
            assert own.request("POST", INBOX, content=body, headers={**headers, **sent}).status_code == 200
            assert own.request("GET", INBOX).json()["messages"][0]["verified"] == {"webhook-signature": wanted}
        assert own.request("POST", INBOX, content=body + b" ", headers=headers).status_code == 200
        assert own.request("GET", INBOX).json()["messages"][0]["verified"] == {"webhook-signature": False}

    def test_the_server_delivers_into_its_own_inbox(self, own: Client) -> None:
        own.server.runtime.services["dispatcher"].sender = LoopSender(own.server)
        tenant = make_tenant(own.server, own)
        tenant.post("/subscription", json={"endpointUrl": f"{BASE_URL}{INBOX}"})
        assert tenant.post(f"/subscription/{segment(BASE_URL + INBOX)}/test").status_code == 204
        assert [one["status"] for one in advance(own, by_ms=0).json()["fired"]] == [200]
        messages = own.request("GET", INBOX).json()["messages"]
        assert [message["verified"] for message in messages] == [
            {"X-Hook-Signature": True, "X-Hook-JWS-RFC-7797": True}
        ]


class TestDeliveries:
    def test_they_are_listed_shown_and_sent_again_on_both_databases(self, own: Client) -> None:
        tenant = make_tenant(own.server, own)
        tenant.post("/subscription", json={"endpointUrl": "https://hooks.example.org/in"})
        tenant.user("u")
        asyncio.run(own.server.runtime.services["dispatcher"].settle())
        query = {"tenant": tenant.alias, "status": "delivered", "event": "user.created"}
        listed = own.request("GET", "/_troth/deliveries", params=query).json()
        assert (listed["count"], listed["total"]) == (1, 1)
        delivery = listed["deliveries"][0]["id"]
        shown = own.request("GET", f"/_troth/deliveries/{delivery}").json()
        assert [(one["number"], one["status"]) for one in shown["tries"]] == [(1, 200)]
        resent = own.request("POST", "/_troth/deliveries/resend", json={"ids": [delivery]}).json()["resent"]
        assert [one["status"] for one in resent] == [200]
        again = own.request("GET", f"/_troth/deliveries/{delivery}").json()
        assert (again["attempts"], again["status"], again["next_ms"]) == (2, "delivered", None)
        secrets = own.request("GET", f"/_troth/signing-secrets?tenant={tenant.alias}").json()["tenants"]
        assert [one["tenant"] for one in secrets] == [f"saasquatch/{tenant.alias}"]


class TestTimes:
    @pytest.mark.parametrize(
        ("text", "milliseconds"),
        [("P1W2DT3H4M5.006S", 9 * DAY_MS + 3 * HOUR_MS + 245_006), ("PT5S", 5_000), ("PT0.5S", 500), ("P0D", 0)],
    )
    def test_durations(self, text: str, milliseconds: int) -> None:
        assert parse_duration_ms(text) == milliseconds

    @pytest.mark.parametrize(
        "text", ["", "P", "PT", "P1Y", "P1M", "P-1D", "-P1D", "P1H", "PT1D", "p1d", "P1DT", "PT1.2345S", "P1D "]
    )
    def test_what_is_no_duration(self, text: str) -> None:
        with pytest.raises(ValueError):
            parse_duration_ms(text)

    def test_instants_there_and_back(self) -> None:
        assert iso(FIXED_START_MS + 7) == "2026-01-15T12:00:00.007Z"
        assert parse_instant_ms(iso(FIXED_START_MS + 7)) == FIXED_START_MS + 7
        assert iso(0) == "1970-01-01T00:00:00.000Z"
