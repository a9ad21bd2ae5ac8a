"""Single sign-on: recognising customers, and mapping them to advocates."""

import hashlib
import hmac
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx2
import orjson
import pytest

from handlers.http import Request
from models.advocacy import jobs, sso
from models.advocacy.provision import KEY_KINDS
from models.advocacy.tables import AdvocateSession, Mapping, UsedSignature
from models.advocacy.webhooks import business_id
from models.kernel.clock import HOUR_MS, SECOND_MS
from models.kernel.vault import digest
from models.provisioning import new_key
from models.tenancy.tenants import revoke_credential
from tests.api.advocacy.conftest import SSO_SECRET, Business, error_of, make_business
from tests.support.client import Client
from troth.app import Server
from troth.request.paths import split
from troth.spec import store

INVALID, MISSING, CLASH = (400, "VALIDATION_ERROR"), (404, "NOT_FOUND"), (409, "CONFLICT")
REFUSED, FORBIDDEN = (401, "UNAUTHORIZED"), (403, "FORBIDDEN")
CUSTOMER = "cust_42"


def at_once(business: Business, calls: list[tuple[str, str, Any]]) -> list[tuple[int, Any]]:
    """Send calls at the same moment, each in a thread of its own; status and body.

    Skips where units never interleave.
    """
    if business.server.runtime.storage.inline:
        pytest.skip("SQLite runs one unit at a time")
    barrier = Barrier(len(calls))
    headers = {b"authorization": f"Bearer {business.key}".encode(), b"content-type": b"application/json"}

    def send(call: tuple[str, str, Any]) -> tuple[int, Any]:
        method, path, body = call
        found = business.server.compiled.tree.find(method, split((business.base + path).encode()))
        assert found is not None
        operation, values = found
        request = Request(method, path, headers, b"", values, "203.0.113.9", False, operation.info)
        barrier.wait(20)
        reply = operation.run(request, orjson.dumps(body), b"application/json")
        return reply.answer.status, reply.answer.body

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(send, calls))


def signed(
    business: Business, customer: str = CUSTOMER, *, secret: str = SSO_SECRET, at_s: int | None = None, **members: Any
) -> dict[str, Any]:
    """The body of a recognise call; `members` replace what is sent, not what is signed."""
    at_s = business.now_ms // SECOND_MS if at_s is None else at_s
    own = business_id(business.tenant)
    signature = hmac.new(secret.encode(), f"{own}.{customer}.{at_s}".encode(), hashlib.sha256).hexdigest()
    return {"businessId": own, "externalCustomerId": customer, "timestamp": at_s, "signature": signature, **members}


def recognize(business: Business, body: dict[str, Any], **options: Any) -> httpx2.Response:
    return business.post("/sso/recognize", json=body, **options)


def stored(business: Business, table: Any) -> list[Any]:
    unit = business.unit()
    with unit.transaction() as session:
        return list(session.scalars(unit.scoped(table)))


def mapped(business: Business, customer: str = CUSTOMER, email: str = "ana@example.org") -> str:
    """Map a customer to a new advocate, whose id is returned."""
    advocate = str(business.advocate(email)["id"])
    made = business.post("/sso/mappings", json={"advocateId": advocate, "externalCustomerId": customer})
    assert made.status_code == 201, made.text
    return advocate


@pytest.fixture
def ana(business: Business) -> str:
    """The advocate that the customer is."""
    return mapped(business)


class TestRecognize:
    def test_opens_a_session_for_an_hour(self, business: Business, ana: str) -> None:
        before_ms, events = business.now_ms, business.events()
        answer = recognize(business, signed(business))
        assert answer.status_code == 200, answer.text
        assert list(answer.json()) == ["advocateId", "sessionToken"]
        token = answer.json()["sessionToken"]
        assert answer.json()["advocateId"] == ana
        assert re.fullmatch(r"sess_[A-Za-z0-9_-]{43}", token)
        (session,) = stored(business, AdvocateSession)
        assert (session.digest, session.advocate_id) == (digest(token), ana)
        assert (session.created_ms, session.expires_ms) == (before_ms, before_ms + HOUR_MS)
        assert business.events() == events

    def test_sessions_differ(self, business: Business, ana: str) -> None:
        answers = [
            recognize(business, signed(business, at_s=business.now_ms // SECOND_MS - n)).json() for n in range(3)
        ]
        assert {answer["advocateId"] for answer in answers} == {ana}
        assert len({answer["sessionToken"] for answer in answers}) == len(stored(business, AdvocateSession)) == 3

    def test_the_published_vector_holds(self, server: Server, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        vector = make_business(server, client, business_id="biz_xyz789")
        advocate = mapped(vector)
        unit = vector.unit()
        monkeypatch.setattr(unit.directory, "current_times_ms", lambda _tenant: (1_705_314_600 * SECOND_MS,))
        with unit.transaction():
            found, _ = sso.recognize(
                unit,
                business="biz_xyz789",
                customer=CUSTOMER,
                timestamp_s=1_705_314_600,
                signature="d4745ed338c72a140ebb9d047a7a773ae920a5eac556049dbacbe81348a064a5",
            )
            unit.finish()
        assert found == advocate

    def test_the_contracts_own_example_is_signed(self) -> None:
        operation = store.load("advocacy")[0]["paths"]["/api/v1/sso/recognize"]["post"]
        body = operation["requestBody"]["content"]["application/json"]["example"]
        message = f"{body['businessId']}.{body['externalCustomerId']}.{body['timestamp']}"
        secret = b"demo_sso_secret_advocacy"  # the demo's, which is in the README
        assert hmac.new(secret, message.encode(), hashlib.sha256).hexdigest() == body["signature"]

    @pytest.mark.parametrize("customer", ["x", "x" * 255, "ana@example.org", "7.1705314600", "Ünï ✓ 客户", " "])
    def test_any_text_may_name_a_customer(self, business: Business, customer: str) -> None:
        advocate = mapped(business, customer)
        assert recognize(business, signed(business, customer)).json()["advocateId"] == advocate

    def test_customers_differ_by_case(self, business: Business) -> None:
        mapped(business, "Cust")
        assert error_of(recognize(business, signed(business, "cust"))) == (*MISSING, "externalCustomerId")

    @pytest.mark.parametrize(
        ("members", "field"),
        [
            ({"businessId": None}, "businessId"),
            ({"businessId": ""}, "businessId"),
            ({"businessId": "x" * 65}, "businessId"),
            ({"externalCustomerId": ""}, "externalCustomerId"),
            ({"externalCustomerId": "x" * 256}, "externalCustomerId"),
            ({"externalCustomerId": 42}, "externalCustomerId"),
            ({"timestamp": -1}, "timestamp"),
            ({"timestamp": 10_000_000_000}, "timestamp"),
            ({"timestamp": "1705314600"}, "timestamp"),
            ({"timestamp": 1.5}, "timestamp"),
            ({"timestamp": None}, "timestamp"),
            ({"signature": "0" * 63}, "signature"),
            ({"signature": "0" * 65}, "signature"),
            ({"signature": "g" * 64}, "signature"),
            ({"signature": "0" * 64 + "\n"}, "signature"),
            ({"signature": None}, "signature"),
            ({"businessId": 1, "timestamp": -1}, "businessId"),
            ({"externalCustomerId": "", "signature": ""}, "externalCustomerId"),
        ],
    )
    def test_names_the_first_fault(self, business: Business, ana: str, members: dict[str, Any], field: str) -> None:
        assert error_of(recognize(business, signed(business, **members))) == (*INVALID, field)
        assert recognize(business, signed(business)).json()["advocateId"] == ana

    @pytest.mark.parametrize("missing", ["businessId", "externalCustomerId", "timestamp", "signature"])
    def test_needs_all_members(self, business: Business, missing: str) -> None:
        body = {name: value for name, value in signed(business).items() if name != missing}
        assert error_of(recognize(business, body)) == (*INVALID, missing)

    def test_refuses_in_the_documented_order(self, business: Business, ana: str) -> None:
        old, now = business.now_ms // SECOND_MS - 301, business.now_ms // SECOND_MS
        wrong = {"signature": "0" * 64}
        assert error_of(recognize(business, {"businessId": "biz_other", **wrong, "timestamp": "x"})) == (
            *INVALID,
            "externalCustomerId",
        )
        assert error_of(recognize(business, signed(business, "nobody", at_s=old, businessId="biz_other", **wrong))) == (
            *FORBIDDEN,
            "businessId",
        )
        assert error_of(recognize(business, signed(business, "nobody", at_s=old, **wrong))) == (*REFUSED, "timestamp")
        assert error_of(recognize(business, signed(business, "nobody", **wrong))) == (*REFUSED, "signature")
        assert error_of(recognize(business, signed(business, "nobody"))) == (*MISSING, "externalCustomerId")
        assert recognize(business, signed(business, at_s=now)).json()["advocateId"] == ana
        refused = recognize(business, signed(business, at_s=now))
        assert error_of(refused) == (*REFUSED, "signature")
        assert refused.headers["www-authenticate"].startswith("Bearer")

    def test_a_used_signature_is_refused_before_a_missing_mapping(self, business: Business, ana: str) -> None:
        body = signed(business)
        assert recognize(business, body).json()["advocateId"] == ana
        unit = business.unit()
        with unit.transaction():
            unit.session.delete(unit.session.scalars(unit.scoped(Mapping)).one())
        assert error_of(recognize(business, body)) == (*REFUSED, "signature")
        unused = signed(business, at_s=body["timestamp"] - 1)
        assert error_of(recognize(business, unused)) == (*MISSING, "externalCustomerId")

    def test_another_business_is_not_the_keys(self, business: Business, other_business: Business, ana: str) -> None:
        body = signed(business)
        assert error_of(recognize(other_business, body)) == (*FORBIDDEN, "businessId")
        # Nor does its own name help: neither the signature nor the mapping is its own.
        assert error_of(recognize(other_business, {**body, "businessId": business_id(other_business.tenant)})) == (
            *REFUSED,
            "signature",
        )
        assert error_of(recognize(other_business, signed(other_business))) == (*MISSING, "externalCustomerId")
        assert recognize(business, body).json()["advocateId"] == ana

    def test_the_window_is_300_seconds_both_ways(self, business: Business, ana: str) -> None:
        business.advance(-business.now_ms % SECOND_MS)
        now_s = business.now_ms // SECOND_MS
        for off in (-301, 301):
            assert error_of(recognize(business, signed(business, at_s=now_s + off))) == (*REFUSED, "timestamp")
        # Whole seconds count, as the timestamp has them.
        assert recognize(business, signed(business, at_s=now_s - 300)).json()["advocateId"] == ana
        business.advance(990)
        assert error_of(recognize(business, signed(business, at_s=now_s - 300))) == (*REFUSED, "signature")
        business.advance(SECOND_MS - business.now_ms % SECOND_MS)
        assert error_of(recognize(business, signed(business, at_s=now_s - 300))) == (*REFUSED, "timestamp")
        assert recognize(business, signed(business, at_s=now_s + 300)).json()["advocateId"] == ana
        for at_s in (0, 9_999_999_999):
            assert error_of(recognize(business, signed(business, at_s=at_s))) == (*REFUSED, "timestamp")

    def test_only_the_right_signature_will_do(self, business: Business, ana: str) -> None:
        now_s = business.now_ms // SECOND_MS
        right = signed(business)
        flipped = f"{int(right['signature'], 16) ^ 1:064x}"
        for body in (
            signed(business, secret="sso_test_secreT"),
            signed(business, secret=business.key),
            signed(business, secret=""),
            signed(business, "cust_43", externalCustomerId=CUSTOMER),
            signed(business, at_s=now_s - 1, timestamp=now_s),
            {**right, "signature": flipped},
            {**right, "signature": "f" * 64},
        ):
            assert error_of(recognize(business, body)) == (*REFUSED, "signature")
        assert recognize(business, right).json()["advocateId"] == ana

    def test_capitals_are_the_same_signature(self, business: Business, ana: str) -> None:
        body = signed(business)
        capitals = {**body, "signature": body["signature"].upper()}
        assert recognize(business, capitals).json()["advocateId"] == ana
        for again in (capitals, body):
            assert error_of(recognize(business, again)) == (*REFUSED, "signature")

    def test_any_active_secret_verifies_until_it_is_revoked(self, business: Business, ana: str) -> None:
        kind = next(kind for kind in KEY_KINDS if kind.name == "sso_secret")
        vault = business.server.runtime.directory.vault
        with business.server.runtime.storage.session() as session, session.begin():
            fresh = new_key(session, vault, business.tenant, kind, now_ms=2)
        now_s = business.now_ms // SECOND_MS
        assert recognize(business, signed(business)).json()["advocateId"] == ana
        assert recognize(business, signed(business, secret=fresh)).json()["advocateId"] == ana
        with business.server.runtime.storage.session() as session, session.begin():
            revoke_credential(session, business.tenant, SSO_SECRET[-4:], now_ms=3)
        assert error_of(recognize(business, signed(business, at_s=now_s - 1))) == (*REFUSED, "signature")
        assert recognize(business, signed(business, secret=fresh, at_s=now_s - 1)).json()["advocateId"] == ana
        with business.server.runtime.storage.session() as session, session.begin():
            revoke_credential(session, business.tenant, fresh[-4:], now_ms=4)
        assert error_of(recognize(business, signed(business, secret=fresh, at_s=now_s - 2))) == (*REFUSED, "signature")


class TestOnce:
    def test_a_refused_signature_may_be_tried_again(self, business: Business) -> None:
        body = signed(business)
        for _ in range(2):
            assert error_of(recognize(business, body)) == (*MISSING, "externalCustomerId")
        assert stored(business, UsedSignature) == stored(business, AdvocateSession) == []
        advocate = mapped(business)
        assert recognize(business, body).json()["advocateId"] == advocate

    def test_a_used_one_is_remembered_and_then_forgotten(self, business: Business, ana: str) -> None:
        at_s = business.now_ms // SECOND_MS + 290
        body = signed(business, at_s=at_s)
        assert recognize(business, body).json()["advocateId"] == ana
        business.advance(500 * SECOND_MS)
        assert error_of(recognize(business, body)) == (*REFUSED, "signature")
        (used,) = stored(business, UsedSignature)
        assert (used.signature, used.until_ms) == (body["signature"], (at_s + 600) * SECOND_MS)

        def left(at_ms: int) -> tuple[int, int]:
            unit = business.unit()
            unit.now_ms = at_ms
            with unit.transaction():
                jobs.prune(unit)
            return len(stored(business, UsedSignature)), len(stored(business, AdvocateSession))

        assert left(used.until_ms - 1) == (1, 1)
        assert left(used.until_ms) == (0, 1)
        expires_ms = stored(business, AdvocateSession)[0].expires_ms
        assert left(expires_ms - 1) == (0, 1)
        assert left(expires_ms) == (0, 0)

    def test_at_once_one_is_let_in(self, business: Business, ana: str) -> None:
        answers = at_once(business, [("POST", "/sso/recognize", signed(business))] * 20)
        assert Counter(status for status, _ in answers) == {200: 1, 401: 19}
        assert {body["error"]["field"] for status, body in answers if status == 401} == {"signature"}
        assert [body["advocateId"] for status, body in answers if status == 200] == [ana]
        assert len(stored(business, UsedSignature)) == len(stored(business, AdvocateSession)) == 1

    def test_different_signatures_at_once_do_not_disturb_each_other(self, business: Business, ana: str) -> None:
        now_s = business.now_ms // SECOND_MS
        calls = [("POST", "/sso/recognize", signed(business, at_s=now_s - n)) for n in range(8)]
        answers = at_once(business, calls)
        assert [(status, body["advocateId"]) for status, body in answers] == [(200, ana)] * 8
        assert len({body["sessionToken"] for _, body in answers}) == 8

    def test_an_idempotency_key_gives_the_first_answer_again(self, business: Business, ana: str) -> None:
        key = {"Idempotency-Key": "visit-1"}
        body = signed(business)
        first = recognize(business, body, headers=key)
        again = recognize(business, body, headers=key)
        assert (again.status_code, again.json(), again.headers["idempotency-replayed"]) == (200, first.json(), "true")
        assert first.json()["advocateId"] == ana
        assert len(stored(business, AdvocateSession)) == 1
        other = signed(business, at_s=body["timestamp"] - 1)
        assert error_of(recognize(business, other, headers=key))[:2] == CLASH
        assert error_of(recognize(business, body)) == (*REFUSED, "signature")
        assert recognize(business, other).status_code == 200


class TestMappings:
    def test_say_which_advocate_a_customer_is(self, business: Business) -> None:
        ana = business.advocate()["id"]
        events = business.events()
        made = business.post(
            "/sso/mappings",
            json={
                "advocateId": ana,
                "externalCustomerId": CUSTOMER,
                "externalEmail": "Ana@shop.example.org",
                "externalName": "Ana ✓",
                "id": "map_mine",
                "colour": "red",
            },
        )
        assert made.status_code == 201
        mapping = made.json()["mapping"]
        assert re.fullmatch(r"map_[a-z0-9]{20}", mapping["id"])
        assert {**mapping, "id": "", "createdAt": ""} == {
            "id": "",
            "advocateId": ana,
            "externalCustomerId": CUSTOMER,
            "externalEmail": "Ana@shop.example.org",
            "externalName": "Ana ✓",
            "createdAt": "",
        }
        assert business.get("/sso/mappings").json() == {"mappings": [mapping]}
        assert business.events() == events

    def test_come_newest_first_and_several_to_an_advocate(self, business: Business, other_business: Business) -> None:
        assert business.get("/sso/mappings").json() == {"mappings": []}
        ana = business.advocate()["id"]
        customers = ["a", "A", "ä", "x" * 255, "a.b"]
        for customer in customers:
            body = {"advocateId": ana, "externalCustomerId": customer, "externalEmail": None, "externalName": None}
            assert business.post("/sso/mappings", json=body).status_code == 201
        found = business.get("/sso/mappings?page=2&limit=1").json()["mappings"]
        assert [mapping["externalCustomerId"] for mapping in found] == customers[::-1]
        assert {(m["advocateId"], m["externalEmail"], m["externalName"]) for m in found} == {(ana, None, None)}
        assert other_business.get("/sso/mappings").json() == {"mappings": []}

    def test_a_customer_is_one_advocate_only(self, business: Business, other_business: Business) -> None:
        ana, ben = (business.advocate(f"{name}@example.org")["id"] for name in ("ana", "ben"))
        body = {"advocateId": ana, "externalCustomerId": CUSTOMER}
        before = business.post("/sso/mappings", json=body).json()["mapping"]
        for again in (body, {**body, "advocateId": ben}, {**body, "externalName": "Ana"}):
            assert error_of(business.post("/sso/mappings", json=again)) == (*CLASH, "externalCustomerId")
        assert business.get("/sso/mappings").json() == {"mappings": [before]}
        assert mapped(other_business) not in (ana, ben)

    def test_an_unknown_advocate_is_missing(self, business: Business, other_business: Business) -> None:
        mapped(business)
        stranger = other_business.advocate("stranger@example.org")["id"]
        for advocate in (stranger, "adv_00000000000000000000", "nonsense", "x" * 64, "ädv"):
            for customer in ("cust_43", CUSTOMER):
                refused = business.post("/sso/mappings", json={"advocateId": advocate, "externalCustomerId": customer})
                assert error_of(refused) == (*MISSING, "advocateId")
        assert len(business.get("/sso/mappings").json()["mappings"]) == 1

    @pytest.mark.parametrize(
        ("members", "field"),
        [
            ({"advocateId": None}, "advocateId"),
            ({"advocateId": ""}, "advocateId"),
            ({"advocateId": "x" * 65}, "advocateId"),
            ({"externalCustomerId": ""}, "externalCustomerId"),
            ({"externalCustomerId": "x" * 256}, "externalCustomerId"),
            ({"externalCustomerId": None}, "externalCustomerId"),
            ({"externalCustomerId": 42}, "externalCustomerId"),
            ({"externalEmail": "ana"}, "externalEmail"),
            ({"externalEmail": ""}, "externalEmail"),
            ({"externalEmail": f"{'x' * 243}@example.org"}, "externalEmail"),
            ({"externalName": "x" * 121}, "externalName"),
            ({"externalName": 5}, "externalName"),
            ({"externalEmail": "ana", "externalCustomerId": ""}, "externalCustomerId"),
        ],
    )
    def test_names_the_first_fault(self, business: Business, members: dict[str, Any], field: str) -> None:
        ana = business.advocate()["id"]
        body = {"advocateId": ana, "externalCustomerId": CUSTOMER, **members}
        assert error_of(business.post("/sso/mappings", json=body)) == (*INVALID, field)
        assert business.get("/sso/mappings").json() == {"mappings": []}

    def test_needs_advocate_and_customer(self, business: Business) -> None:
        assert error_of(business.post("/sso/mappings", json={})) == (*INVALID, "advocateId")
        assert error_of(business.post("/sso/mappings", json={"advocateId": "x"})) == (*INVALID, "externalCustomerId")

    def test_longest_name_and_none(self, business: Business) -> None:
        ana = business.advocate()["id"]
        for n, name in enumerate(("x" * 120, "")):
            made = business.post(
                "/sso/mappings", json={"advocateId": ana, "externalCustomerId": f"c{n}", "externalName": name}
            )
            assert made.json()["mapping"]["externalName"] == name

    def test_at_once_one_is_made(self, business: Business) -> None:
        advocates = [business.advocate(f"a{n}@example.org")["id"] for n in range(8)]
        answers = at_once(
            business,
            [
                ("POST", "/sso/mappings", {"advocateId": advocate, "externalCustomerId": CUSTOMER})
                for advocate in advocates
            ],
        )
        assert Counter(status for status, _ in answers) == {201: 1, 409: 7}
        assert {body["error"]["field"] for status, body in answers if status == 409} == {"externalCustomerId"}
        (made,) = (body["mapping"] for status, body in answers if status == 201)
        assert business.get("/sso/mappings").json() == {"mappings": [made]}

    def test_an_idempotency_key_makes_one(self, business: Business) -> None:
        body, key = (
            {"advocateId": business.advocate()["id"], "externalCustomerId": CUSTOMER},
            {"Idempotency-Key": "m-1"},
        )
        first, again = (business.post("/sso/mappings", json=body, headers=key) for _ in range(2))
        assert (again.status_code, again.json(), again.headers["idempotency-replayed"]) == (201, first.json(), "true")
        assert (
            error_of(business.post("/sso/mappings", json={**body, "externalCustomerId": "other"}, headers=key))[:2]
            == CLASH
        )
        assert len(business.get("/sso/mappings").json()["mappings"]) == 1
