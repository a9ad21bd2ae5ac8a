"""Webhooks: subscriptions, what is sent to whom, signatures, retries."""

import asyncio
import base64
import hashlib
import hmac
from typing import Any

import orjson
import pytest
from joserfc import jws
from joserfc.jwk import RSAKey
from sqlalchemy import select

from models.kernel.clock import HOUR_MS
from models.outbox import signing
from models.outbox.outbox import Delivery, DeliveryAttempt
from models.saasquatch import webhooks
from models.saasquatch.webhooks import TYPES
from models.tenancy.tenants import add_credential, revoke_credential
from tests.api.saasquatch.conftest import SaasquatchTenant
from tests.support.client import segment
from tests.support.receiver import receiver
from tests.support.refusals import assert_refused
from tests.support.senders import NetworkSender, NullSender
from troth import administration
from troth.outbox.dispatcher import Dispatcher

URL = "https://hooks.example.org/saasquatch"
USERS = {"webhookTypes": ["user.created"]}
"""A new user emits coupon.created too; most tests want one event."""


@pytest.fixture(autouse=True)
def _leave_nothing_behind(tenant: SaasquatchTenant, other_tenant: SaasquatchTenant) -> Any:
    yield
    for one in (tenant, other_tenant):
        for subscription in one.get("/subscription").json():
            one.delete(f"/subscription/{segment(subscription['endpointUrl'])}")


def subscribe(tenant: SaasquatchTenant, url: str = URL, **members: Any) -> None:
    answer = tenant.post("/subscription", json={"endpointUrl": url, **members})
    assert (answer.status_code, answer.content) == (201, b"")


def settle(dispatcher: Dispatcher) -> None:
    asyncio.run(dispatcher.settle())


def sent_to(sender: NullSender, tenant: SaasquatchTenant) -> list[tuple[str, str]]:
    """(address, event type) of the tenant's calls in their order."""
    bodies = [(url, orjson.loads(body)) for url, body, _ in sender.calls]
    return [(url, body["type"]) for url, body in bodies if body.get("tenantAlias") == tenant.alias]


def deliveries(tenant: SaasquatchTenant) -> list[Delivery]:
    unit = tenant.unit()
    with unit.transaction() as session:
        return list(session.scalars(unit.scoped(Delivery).order_by(Delivery.created_ms)))


def attempts(tenant: SaasquatchTenant) -> list[DeliveryAttempt]:
    unit = tenant.unit()
    with unit.transaction() as session:
        return list(session.scalars(unit.scoped(DeliveryAttempt).order_by(DeliveryAttempt.number)))


class TestSubscriptions:
    def test_a_subscription_is_listed_with_its_defaults(self, tenant: SaasquatchTenant) -> None:
        assert tenant.get("/subscription").json() == []
        subscribe(tenant)
        assert tenant.get("/subscription").json() == [
            {"endpointUrl": URL, "name": None, "source": "MANUAL", "webhookTypes": ["*"]}
        ]

    def test_there_are_only_so_many(self, tenant: SaasquatchTenant, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(webhooks, "SUBSCRIPTIONS_MAX", 2)
        subscribe(tenant)
        subscribe(tenant, "https://example.org/second")
        answer = tenant.post("/subscription", json={"endpointUrl": "https://example.org/third"})
        assert (answer.status_code, "at most 2 webhook subscriptions" in answer.text) == (400, True)
        subscribe(tenant, name="again")

    def test_the_list_is_oldest_first(self, tenant: SaasquatchTenant) -> None:
        urls = [f"https://hooks.example.org/{n}" for n in (3, 1, 2)]
        for url in urls:
            subscribe(tenant, url)
        subscribe(tenant, urls[0], name="again")
        assert [one["endpointUrl"] for one in tenant.get("/subscription").json()] == urls

    def test_the_same_address_again_replaces_name_and_types(self, tenant: SaasquatchTenant) -> None:
        subscribe(tenant, name="One", webhookTypes=["user.created", "reward.created"])
        subscribe(tenant, webhookTypes=["referral.started"])
        assert tenant.get("/subscription").json() == [
            {"endpointUrl": URL, "name": None, "source": "MANUAL", "webhookTypes": ["referral.started"]}
        ]
        subscribe(tenant)
        assert tenant.get("/subscription").json()[0]["webhookTypes"] == ["*"]

    @pytest.mark.parametrize(
        ("asked", "types"),
        [
            (["~user.created"], ["reward.created"]),
            (["~user.created", "test"], ["reward.created", "test"]),
            (["reward.created", "~test"], ["user.created", "reward.created"]),
            (["~user.created", "~reward.created"], []),
            (["test", "coupon.created", "test"], ["coupon.created", "test"]),
            (["*"], ["*"]),
        ],
    )
    def test_a_tilde_takes_a_type_out_of_those_there_are(
        self, tenant: SaasquatchTenant, asked: list[str], types: list[str]
    ) -> None:
        subscribe(tenant, webhookTypes=["user.created", "reward.created"])
        subscribe(tenant, webhookTypes=asked)
        assert tenant.get("/subscription").json()[0]["webhookTypes"] == types

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ({}, "/endpointUrl: is required"),
            ({"endpointUrl": None}, "/endpointUrl: must be a string, not null"),
            ({"endpointUrl": "hooks.example.org"}, "/endpointUrl: must be an http or https URL"),
            ({"endpointUrl": "ftp://hooks.example.org"}, "/endpointUrl: must be an http or https URL"),
            ({"endpointUrl": "https://a b"}, "/endpointUrl: must be an http or https URL"),
            ({"endpointUrl": "http://"}, "/endpointUrl: must have at least 8 characters"),
            ({"endpointUrl": "http://:80/x"}, "WEBHOOK_ADDRESS_REFUSED"),
            ({"endpointUrl": "http://[::1/x"}, "WEBHOOK_ADDRESS_REFUSED"),
            ({"endpointUrl": "http://h:99999/"}, "WEBHOOK_ADDRESS_REFUSED"),
            ({"endpointUrl": "https://" + "a" * 2_041}, "/endpointUrl: must have at most 2,048 characters"),
            ({"endpointUrl": URL, "webhookTypes": []}, "/webhookTypes: must not be empty"),
            ({"endpointUrl": URL, "webhookTypes": ["test"] * 51}, "/webhookTypes: must have at most 50 items"),
            ({"endpointUrl": URL, "webhookTypes": [""]}, "/webhookTypes/0: must be one of *, user.created"),
            ({"endpointUrl": URL, "webhookTypes": "*"}, "/webhookTypes: must be an array"),
            (
                {"endpointUrl": URL, "webhookTypes": ["reward.creatd"]},
                "/webhookTypes/0: must be one of *, user.created",
            ),
            (
                {"endpointUrl": URL, "webhookTypes": ["test", "~nothing"]},
                "/webhookTypes/1: must be one of *, user.created",
            ),
            ({"endpointUrl": URL, "webhookTypes": ["User.Created"]}, "/webhookTypes/0: must be one of *, user.created"),
            ({"endpointUrl": URL, "name": "n" * 256}, "/name: must have at most 255 characters"),
            ([URL], "the body: must be an object, not an array"),
        ],
    )
    def test_bad_subscriptions_are_refused_and_change_nothing(
        self, tenant: SaasquatchTenant, body: Any, expected: str
    ) -> None:
        assert_refused(tenant.post("/subscription", json=body), 400, expected)
        assert tenant.get("/subscription").json() == []

    @pytest.mark.parametrize(
        "url",
        [
            "http://localhost:3000/in",
            "https://hooks.example.org/a%2Fb?c=d&e=%20#f",
            "https://hooks.example.org/日本?ä=ö",
            "https://" + "a" * 2_040,
            "https://user:pass@hooks.example.org/",
        ],
    )
    def test_any_address_works_as_a_path_segment(self, tenant: SaasquatchTenant, url: str) -> None:
        subscribe(tenant, url, name="n" * 255, webhookTypes=["test"] * 50)
        assert tenant.get("/subscription").json()[0]["endpointUrl"] == url.replace("pass@", "***@")
        assert tenant.post(f"/subscription/{segment(url)}/test").status_code == 204
        assert tenant.delete(f"/subscription/{segment(url)}").status_code == 204
        assert tenant.get("/subscription").json() == []

    def test_every_type_that_the_vendor_names_is_taken(self, tenant: SaasquatchTenant) -> None:
        subscribe(tenant, webhookTypes=list(TYPES))
        assert tenant.get("/subscription").json()[0]["webhookTypes"] == list(TYPES)

    def test_an_unknown_type_is_refused_on_the_command_line_too(self, tenant: SaasquatchTenant) -> None:
        runtime, alias = tenant.server.runtime, tenant.alias
        with pytest.raises(ValueError, match=r"'reward.creatd': no such event type"):
            administration.create_webhook(runtime, "saasquatch", alias, URL, ["test", "reward.creatd"])
        administration.create_webhook(runtime, "saasquatch", alias, URL, ["*"])

    def test_an_ended_subscription_is_gone(self, tenant: SaasquatchTenant) -> None:
        subscribe(tenant)
        assert tenant.delete(f"/subscription/{segment(URL)}").status_code == 204
        assert_refused(tenant.delete(f"/subscription/{segment(URL)}"), 404, "SUBSCRIPTION_NOT_FOUND")
        assert_refused(tenant.post(f"/subscription/{segment(URL)}/test"), 404, "SUBSCRIPTION_NOT_FOUND")

    def test_another_tenant_has_its_own(self, tenant: SaasquatchTenant, other_tenant: SaasquatchTenant) -> None:
        subscribe(tenant)
        assert other_tenant.get("/subscription").json() == []
        assert_refused(other_tenant.delete(f"/subscription/{segment(URL)}"), 404, "SUBSCRIPTION_NOT_FOUND")
        assert_refused(other_tenant.post(f"/subscription/{segment(URL)}/test"), 404, "SUBSCRIPTION_NOT_FOUND")
        assert len(tenant.get("/subscription").json()) == 1

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("POST", "/subscription"),
            ("GET", "/subscription"),
            ("DELETE", f"/subscription/{segment(URL)}"),
            ("POST", f"/subscription/{segment(URL)}/test"),
        ],
    )
    def test_only_the_tenants_own_key_opens_it(
        self, tenant: SaasquatchTenant, other_tenant: SaasquatchTenant, method: str, path: str
    ) -> None:
        body = {"json": {"endpointUrl": URL}} if path == "/subscription" and method == "POST" else {}
        for auth in (None, ("", "wrong"), ("", other_tenant.key)):
            assert_refused(tenant.call(method, path, auth=auth, **body), 401, "UNAUTHORIZED")
        assert tenant.get("/subscription").json() == []


class TestWhoGetsWhat:
    def test_an_event_goes_to_those_who_asked_for_its_type(
        self, tenant: SaasquatchTenant, other_tenant: SaasquatchTenant, dispatcher: Dispatcher, sender: NullSender
    ) -> None:
        subscribe(tenant, f"{URL}/all")
        subscribe(tenant, f"{URL}/users", webhookTypes=["user.created"])
        subscribe(tenant, f"{URL}/rewards", webhookTypes=["reward.created"])
        subscribe(other_tenant, f"{URL}/other")
        tenant.user("u")
        settle(dispatcher)
        assert sorted(sent_to(sender, tenant)) == [
            (f"{URL}/all", "coupon.created"),
            (f"{URL}/all", "user.created"),
            (f"{URL}/users", "user.created"),
        ]
        assert sent_to(sender, other_tenant) == []
        assert {delivery.status for delivery in deliveries(tenant)} == {"delivered"}

    @pytest.mark.parametrize("status", [200, 500])
    def test_a_test_event_goes_to_its_address_alone_whatever_it_answers(
        self, tenant: SaasquatchTenant, dispatcher: Dispatcher, sender: NullSender, status: int
    ) -> None:
        sender.status = status
        subscribe(tenant, name="Desk", webhookTypes=["reward.created"])
        subscribe(tenant, f"{URL}/all")
        assert tenant.post(f"/subscription/{segment(URL)}/test").status_code == 204
        settle(dispatcher)
        assert sent_to(sender, tenant) == [(URL, "test")]
        event = tenant.events("test")[0]
        assert event["data"] == {"endpointUrl": URL, "name": "Desk"}
        assert (event["tenantAlias"], event["live"]) == (tenant.alias, True)

    def test_the_same_event_has_the_same_bytes_for_everybody(
        self, tenant: SaasquatchTenant, dispatcher: Dispatcher, sender: NullSender
    ) -> None:
        subscribe(tenant, f"{URL}/a", **USERS)
        subscribe(tenant, f"{URL}/b", **USERS)
        tenant.user("u", firstName="Zoë")
        settle(dispatcher)
        assert len(sender.calls) == 2
        assert sender.calls[0][1:] == sender.calls[1][1:]


class TestSignatures:
    def test_a_delivery_over_the_network_verifies(self, tenant: SaasquatchTenant, dispatcher: Dispatcher) -> None:
        with receiver() as endpoint:
            endpoint.answer = b"thank you"
            subscribe(tenant, f"{endpoint.url}/in?a=b", **USERS)
            tenant.user("u", firstName="Zoë")

            async def run() -> None:
                dispatcher.sender = NetworkSender(private=True)
                await dispatcher.settle()

            asyncio.run(run())
        path, headers, body = endpoint.requests[0]
        assert (path, len(endpoint.requests)) == ("/in?a=b", 1)
        assert headers["Content-Type"] == "application/json; charset=UTF-8"
        event = orjson.loads(body)
        assert (event["type"], event["data"]["firstName"]) == ("user.created", "Zoë")
        self.check_hmac(headers, body, tenant.key)
        self.check_jws(tenant, headers, body)
        attempt = attempts(tenant)[0]
        assert (attempt.status, attempt.answer, attempt.error) == (200, "thank you", None)

    def test_the_oldest_active_key_signs(
        self, tenant: SaasquatchTenant, dispatcher: Dispatcher, sender: NullSender
    ) -> None:
        unit = tenant.unit()
        with unit.transaction() as session:
            add_credential(
                session, unit.vault, tenant.tenant, tenant.key + "2", kind="api_key", now_ms=2, recoverable=True
            )
        subscribe(tenant, **USERS)
        tenant.user("u")
        settle(dispatcher)
        self.check_hmac(sender.calls[0][2], sender.calls[0][1], tenant.key)
        unit = tenant.unit()
        with unit.transaction() as session:
            from models.kernel.vault import digest

            revoke_credential(session, tenant.tenant, digest(tenant.key), now_ms=3)
        tenant.server.runtime.directory.forget()
        tenant.key += "2"
        tenant.user("v")
        settle(dispatcher)
        self.check_hmac(sender.calls[1][2], sender.calls[1][1], tenant.key)

    def test_a_newer_signing_key_signs_and_the_old_one_stays_published_until_it_is_retired(
        self, tenant: SaasquatchTenant, dispatcher: Dispatcher, sender: NullSender
    ) -> None:
        subscribe(tenant, **USERS)
        unit = tenant.unit()
        with unit.transaction() as session:
            signing.add_signing_key(
                session, unit.vault, kid="newer", pem=signing.generate_pem(), now_ms=unit.now_ms + 1
            )
        tenant.user("u")
        settle(dispatcher)
        _, body, headers = sender.calls[0]
        self.check_jws(tenant, headers, body, kid="newer")
        unit = tenant.unit()
        with unit.transaction() as session:
            assert [key["kid"] for key in signing.jwks(unit)["keys"]] == [signing.DEMO_KID, "newer"]
            session.get_one(signing.SigningKeyRow, "newer").retired_ms = unit.now_ms
            session.flush()
            assert [key["kid"] for key in signing.jwks(unit)["keys"]] == [signing.DEMO_KID]
            session.delete(session.get_one(signing.SigningKeyRow, "newer"))

    @staticmethod
    def check_hmac(headers: dict[str, str], body: bytes, key: str) -> None:
        expected = base64.b64encode(hmac.new(key.encode(), body, hashlib.sha1).digest()).decode()
        assert headers["X-Hook-Signature"] == expected

    @staticmethod
    def check_jws(tenant: SaasquatchTenant, headers: dict[str, str], body: bytes, kid: str = signing.DEMO_KID) -> None:
        """As a receiver does it: take the public key by its id, put the body where the payload is left out."""
        unit = tenant.unit()
        with unit.transaction():
            key = next(key for key in signing.jwks(unit)["keys"] if key["kid"] == kid)
        assert {name: key[name] for name in ("kty", "alg", "use", "e")} == {
            "kty": "RSA",
            "alg": "RS256",
            "use": "sig",
            "e": "AQAB",
        }
        protected, empty, signature = headers["X-Hook-JWS-RFC-7797"].split(".")
        assert empty == ""
        payload = base64.urlsafe_b64encode(body).rstrip(b"=").decode()
        verified = jws.deserialize_compact(
            f"{protected}.{payload}.{signature}", RSAKey.import_key(key), algorithms=["RS256"]
        )
        assert verified.headers() == {"kid": kid, "typ": "JWT", "alg": "RS256"}
        assert verified.payload == body


class TestRetries:
    @pytest.mark.parametrize("status", [201, 202, 204, 301, 302, 404, 410, 500])
    def test_any_status_but_200_is_tried_again_after_an_hour(
        self, tenant: SaasquatchTenant, dispatcher: Dispatcher, sender: NullSender, status: int
    ) -> None:
        subscribe(tenant, **USERS)
        tenant.user("u")
        sender.status = status
        settle(dispatcher)
        first = attempts(tenant)[0]
        sandbox = tenant.server.runtime.main
        asyncio.run(dispatcher.advance(sandbox, first.at_ms + HOUR_MS - 1))
        assert len(sent_to(sender, tenant)) == 1
        sender.status = 200
        asyncio.run(dispatcher.advance(sandbox, first.at_ms + HOUR_MS))
        assert [(one.status, one.at_ms - first.at_ms) for one in attempts(tenant)] == [(status, 0), (200, HOUR_MS)]
        assert [one.status for one in deliveries(tenant)] == ["delivered"]
        asyncio.run(dispatcher.advance_by(sandbox, 2 * HOUR_MS))
        assert len(sent_to(sender, tenant)) == 2

    def test_after_72_attempts_it_has_failed(
        self, tenant: SaasquatchTenant, dispatcher: Dispatcher, sender: NullSender
    ) -> None:
        subscribe(tenant, **USERS)
        tenant.user("u")
        sender.status = 503
        settle(dispatcher)
        start = attempts(tenant)[0].at_ms
        sandbox = tenant.server.runtime.main
        asyncio.run(dispatcher.advance(sandbox, start + 71 * HOUR_MS - 1))
        assert [(one.status, one.attempts) for one in deliveries(tenant)] == [("pending", 71)]
        asyncio.run(dispatcher.advance(sandbox, start + 100 * HOUR_MS))
        assert [one.at_ms for one in attempts(tenant)] == [start + n * HOUR_MS for n in range(72)]
        done = deliveries(tenant)[0]
        assert (done.status, done.attempts, done.finished_ms) == ("failed", 72, start + 71 * HOUR_MS)

    def test_an_ended_subscription_gets_nothing_more(
        self, tenant: SaasquatchTenant, dispatcher: Dispatcher, sender: NullSender
    ) -> None:
        subscribe(tenant, **USERS)
        tenant.user("u")
        tenant.delete(f"/subscription/{segment(URL)}")
        settle(dispatcher)
        assert sent_to(sender, tenant) == []
        assert [one.status for one in deliveries(tenant)] == ["failed"]
        assert "not subscribed" in (attempts(tenant)[0].error or "")

    def test_a_subscription_that_another_process_has_just_made_gets_its_events(
        self, tenant: SaasquatchTenant, dispatcher: Dispatcher, sender: NullSender
    ) -> None:
        subscribe(tenant, **USERS)
        tenant.user("u")
        tenant.keep_outdated("subscriptions", [])
        settle(dispatcher)
        assert sent_to(sender, tenant) == [(URL, "user.created")]

    def test_no_connection_is_a_failed_attempt_with_its_reason(
        self, tenant: SaasquatchTenant, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(dispatcher, "sender", NetworkSender(private=False))
        subscribe(tenant, "http://localhost:9/latest", **USERS)
        tenant.user("u")
        settle(dispatcher)
        attempt = attempts(tenant)[0]
        assert (attempt.status, attempt.answer) == (None, None)
        assert "may be called" in (attempt.error or "")
        assert [one.status for one in deliveries(tenant)] == ["pending"]


def test_the_demo_key_is_known_to_be_one(tenant: SaasquatchTenant) -> None:
    unit = tenant.unit()
    with unit.transaction() as session:
        assert signing.has_demo_key(session)
        sealed = session.scalars(select(signing.SigningKeyRow.sealed)).one()
        assert b"PRIVATE KEY" not in sealed
