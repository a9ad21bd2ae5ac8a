"""Webhooks: subscriptions, what is sent to whom, signatures, retries."""

import asyncio
import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from models.kernel.clock import HOUR_MS, MINUTE_MS
from models.kernel.statements import replaced
from models.kernel.times import iso_seconds
from models.leat import webhooks
from models.leat.tables import Voucher
from models.leat.webhooks import SENT_TYPES, TYPES, sign
from models.outbox import endpoints
from models.outbox.outbox import Delivery, DeliveryAttempt, Event
from tests.api.leat.conftest import (
    AT_CREATION,
    COFFEE,
    NOBODY,
    PREPAID,
    PROGRAM,
    VOUCHER,
    Account,
    assert_refused,
    done,
    make_account,
)
from tests.support.client import Client
from tests.support.receiver import receiver
from tests.support.senders import NetworkSender, NullSender
from troth.app import Server
from troth.outbox.dispatcher import Dispatcher

PATH = "/webhook-subscriptions"
URL = "https://hooks.example.org/leat"
SECRET = "a-long-random-text"
GOOD = {"name": "Thanks", "event_type": "contact_created", "url": URL, "secret": SECRET}


@pytest.fixture(autouse=True)
def _leave_nothing_behind(account: Account, other_account: Account) -> Iterator[None]:
    yield
    account.server.runtime.directory.forget()
    for one in (account, other_account):
        for subscription in done(one.get(PATH)):
            one.delete(f"{PATH}/{subscription['uuid']}")


def subscribe(account: Account, **members: Any) -> dict[str, Any]:
    return done(account.post(PATH, json={**GOOD, **members}))


def settle(dispatcher: Dispatcher) -> None:
    asyncio.run(dispatcher.settle())


def sent_to(sender: NullSender, email: str) -> list[tuple[str, str]]:
    """(address, type) of the calls that are about a contact."""
    return [(url, orjson.loads(body)["type"]) for url, body, _ in sender.calls if email.encode() in body]


class TestSubscriptions:
    def test_there_are_only_so_many(self, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(endpoints, "ENDPOINTS_MAX", 2)
        subscribe(account)
        subscribe(account)
        answer = account.post(PATH, json=GOOD)
        assert (answer.status_code, len(done(account.get(PATH)))) == (400, 2)
        unit = account.unit()
        with unit.transaction(), pytest.raises(ValueError, match="at most 2 webhook endpoints"):
            endpoints.check_room(unit)

    def test_it_is_created_and_its_secret_shown_once(self, account: Account) -> None:
        now_ms = account.now_ms
        made = subscribe(account)
        assert made == {
            "uuid": made["uuid"],
            "name": "Thanks",
            "event_type": "contact_created",
            "url": URL,
            "status": "ACTIVE",
            "version": "V1",
            "created_at": iso_seconds(now_ms),
            "secret": SECRET,
        }
        shown = {name: value for name, value in made.items() if name != "secret"}
        assert (
            done(account.get(f"{PATH}/{made['uuid']}")) == done(account.get(f"{PATH}/{made['uuid'].upper()}")) == shown
        )
        assert done(account.get(PATH)) == [shown]

    def test_without_a_secret_one_is_made(self, account: Account) -> None:
        body = {name: value for name, value in GOOD.items() if name != "secret"}
        made = [done(account.post(PATH, json=body))["secret"] for _ in range(2)]
        assert made[0] != made[1]
        assert all(len(secret) == 30 for secret in made)

    @pytest.mark.parametrize("event_type", TYPES)
    def test_every_documented_type_is_taken(self, account: Account, event_type: str) -> None:
        assert subscribe(account, event_type=event_type)["event_type"] == event_type

    def test_the_list_is_oldest_first_and_filters_combine(self, account: Account) -> None:
        first, second, third = (
            subscribe(account, event_type=kind)["uuid"]
            for kind in ("referral_completed", "contact_created", "contact_created")
        )
        done(account.put(f"{PATH}/{third}", json={"status": "INACTIVE"}))

        def found(query: str = "") -> list[str]:
            return [row["uuid"] for row in done(account.get(f"{PATH}{query}"))]

        assert found() == [first, second, third]
        assert found("?event_type=contact_created") == [second, third]
        assert found("?status=ACTIVE") == [first, second]
        assert found("?status=INACTIVE") == found("?event_type=contact_created&status=INACTIVE") == [third]
        assert found("?event_type=voucher_created") == []

    def test_name_address_and_status_change_and_the_rest_stays(self, account: Account) -> None:
        made = subscribe(account)
        uuid = made.pop("uuid")
        del made["secret"]
        changed = done(
            account.put(f"{PATH}/{uuid}", json={"name": "Letters", "event_type": "voucher_created", "secret": "x"})
        )
        assert changed == {**made, "uuid": uuid, "name": "Letters"}
        changed = done(account.put(f"{PATH}/{uuid}", json={"url": f"{URL}/2", "status": "INACTIVE"}))
        assert changed == {**made, "uuid": uuid, "name": "Letters", "url": f"{URL}/2", "status": "INACTIVE"}
        assert done(account.put(f"{PATH}/{uuid}", json={})) == changed == done(account.get(f"{PATH}/{uuid}"))

    @pytest.mark.parametrize(
        "url",
        [
            "http://[2606:4700::1111]/hook",
            "https://[2606:4700::1111]",
            "https://user:word@[2606:4700::1111]:8443/hook?a=[b]",
            "http://[::ffff:8.8.8.8]:65535/",
        ],
    )
    def test_an_address_may_be_of_ipv6(self, account: Account, url: str) -> None:
        shown = url.replace(":word@", ":***@")
        made = done(account.post(PATH, json={**GOOD, "url": url}))
        assert made["url"] == shown
        changed = done(account.put(f"{PATH}/{made['uuid']}", json={"url": url, "name": "Letters"}))
        assert (changed["url"], changed["name"]) == (shown, "Letters")

    def test_a_deleted_one_is_gone(self, account: Account) -> None:
        uuid = subscribe(account)["uuid"]
        answer = account.delete(f"{PATH}/{uuid}")
        assert (answer.status_code, answer.json()) == (200, {"data": [], "meta": []})
        for method in ("GET", "DELETE"):
            assert_refused(account.call(method, f"{PATH}/{uuid}"), 80300)
        assert_refused(account.put(f"{PATH}/{uuid}", json={"name": "x"}), 80300)

    @pytest.mark.parametrize("uuid", [NOBODY, "nonsense", "x" * 64, "日本"])
    def test_an_unknown_or_malformed_uuid_is_not_found(self, account: Account, uuid: str) -> None:
        for method in ("GET", "DELETE"):
            assert_refused(account.call(method, f"{PATH}/{uuid}"), 80300)
        assert_refused(account.put(f"{PATH}/{uuid}", json={"name": "x"}), 80300)

    def test_another_accounts_is_not_found(self, account: Account, other_account: Account) -> None:
        uuid = subscribe(account)["uuid"]
        assert done(other_account.get(PATH)) == []
        for method in ("GET", "DELETE"):
            assert_refused(other_account.call(method, f"{PATH}/{uuid}"), 80300)
        assert_refused(other_account.put(f"{PATH}/{uuid}", json={"name": "x"}), 80300)
        assert done(account.get(f"{PATH}/{uuid}"))["name"] == "Thanks"

    @pytest.mark.parametrize(
        ("members", "parameter"),
        [
            ({"name": ""}, "name"),
            ({"name": "x" * 256}, "name"),
            ({"name": None}, "name"),
            ({"event_type": "anything"}, "event_type"),
            ({"event_type": ["contact_created"]}, "event_type"),
            ({"url": "hooks.example.org"}, "url"),
            ({"url": "ftp://hooks.example.org"}, "url"),
            ({"url": "https://a b"}, "url"),
            ({"url": "https://[]/"}, "url"),
            ({"url": "https://[::1"}, "url"),
            ({"url": "https://[1::2::3]/"}, "url"),
            ({"url": "https://[fe80::1%25eth0]/"}, "url"),
            ({"url": "https://[2606:4700::1111]:65536/"}, "url"),
            ({"url": "https://[2606:4700::1111]hook"}, "url"),
            ({"url": "https://" + "x" * 2_041}, "url"),
            ({"secret": ""}, "secret"),
            ({"secret": "x" * 256}, "secret"),
            ({"secret": 5}, "secret"),
        ],
    )
    def test_bad_members_are_named(self, account: Account, members: dict[str, Any], parameter: str) -> None:
        assert_refused(account.post(PATH, json={**GOOD, **members}), 1003, parameter)
        assert done(account.get(PATH)) == []

    @pytest.mark.parametrize("missing", ["name", "event_type", "url"])
    def test_missing_members_are_named(self, account: Account, missing: str) -> None:
        assert_refused(account.post(PATH, json={k: v for k, v in GOOD.items() if k != missing}), 1003, missing)

    @pytest.mark.parametrize(
        ("members", "parameter"), [({"name": ""}, "name"), ({"url": "x"}, "url"), ({"status": "active"}, "status")]
    )
    def test_bad_changes_change_nothing(self, account: Account, members: dict[str, Any], parameter: str) -> None:
        uuid = subscribe(account)["uuid"]
        before = done(account.get(PATH))
        assert_refused(account.put(f"{PATH}/{uuid}", json={"name": "New", **members}), 1003, parameter)
        assert done(account.get(PATH)) == before

    @pytest.mark.parametrize(
        ("query", "parameter"), [("?event_type=x", "event_type"), ("?status=active", "status"), ("?status=", "status")]
    )
    def test_bad_filters_are_named(self, account: Account, query: str, parameter: str) -> None:
        assert_refused(account.get(f"{PATH}{query}"), 1003, parameter)

    def test_the_longest_values_are_kept(self, account: Account) -> None:
        url = "https://" + "x" * 2_040
        made = subscribe(account, name="日" * 255, url=url, secret="ä" * 255)
        assert (made["name"], made["url"], made["secret"]) == ("日" * 255, url, "ä" * 255)


class TestWhoGetsWhat:
    def test_an_event_goes_to_each_active_subscription_of_its_type(
        self, account: Account, other_account: Account, dispatcher: Dispatcher, sender: NullSender
    ) -> None:
        subscribe(account, url=f"{URL}/1")
        subscribe(account, url=f"{URL}/1")
        subscribe(account, url=f"{URL}/receptions", event_type="credit_reception_created")
        off = subscribe(account, url=f"{URL}/off")["uuid"]
        done(account.put(f"{PATH}/{off}", json={"status": "INACTIVE"}))
        subscribe(other_account, url=f"{URL}/other")
        account.create("zoe@example.org")
        settle(dispatcher)
        assert sent_to(sender, "zoe@example.org") == [(f"{URL}/1", "contact_created")] * 2
        done(account.put(f"{PATH}/{off}", json={"status": "ACTIVE"}))
        settle(dispatcher)
        assert len(sent_to(sender, "zoe@example.org")) == 2, "what happened meanwhile is not sent later"

    def test_every_event_of_a_story_arrives(self, account: Account, dispatcher: Dispatcher, sender: NullSender) -> None:
        for kind in SENT_TYPES:
            subscribe(account, event_type=kind, url=f"{URL}/{kind}")
        ana = account.create("ana@example.org")
        ben = account.create("ben@example.org", account.code(ana))
        account.buy(ben, 2)
        settle(dispatcher)
        assert sorted(sent_to(sender, "ben@example.org")) == [
            (f"{URL}/contact_created", "contact_created"),
            *[(f"{URL}/credit_reception_created", "credit_reception_created")] * 2,
            (f"{URL}/referral_completed", "referral_completed"),
        ]

    @pytest.mark.parametrize("program", [PROGRAM, AT_CREATION])
    def test_incentives_arrive_as_what_they_make(
        self, server: Server, client: Client, dispatcher: Dispatcher, sender: NullSender, program: dict[str, Any]
    ) -> None:
        given = {**program, "referred_incentive": VOUCHER, "referring_incentive": PREPAID}
        account = make_account(server, client, program=given)
        for kind in ("voucher_created", "prepaid_transaction_created", "referral_completed"):
            subscribe(account, event_type=kind)
        ana = account.create("ana@example.org")
        code, now = account.code(ana), iso_seconds(account.now_ms)
        friends = [account.create(f"{name}@example.org", code) for name in ("ben", "cyd")]
        for friend in friends:
            account.buy(friend, 2)
        settle(dispatcher)
        sent = [orjson.loads(body) for url, body, _ in sender.calls]
        assert [one["type"] for one in sent].count("referral_completed") == 2
        vouchers = [one["data"]["voucher"] for one in sent if one["type"] == "voucher_created"]
        assert {one.pop("uuid") for one in vouchers} == {row.uuid for row in account.rows(Voucher)}
        assert vouchers == [
            {
                "status": "ACTIVE",
                "name": "Free coffee",
                "activation_date": now,
                "expiration_date": None,
                "redeemed_at": None,
                "is_redeemed": False,
                "contact_uuid": friend,
                "promotion_uuid": COFFEE["uuid"],
            }
            for friend in friends
        ]
        paid = [one["data"]["prepaid_transaction"] for one in sent if one["type"] == "prepaid_transaction_created"]
        assert len({one.pop("uuid") for one in paid}) == 2
        assert paid == [
            {
                "amount_in_cents": 500,
                "prepaid_balance": {"balance_in_cents": balance},
                "contact_uuid": ana,
                "shop_uuid": None,
                "created_at": now,
            }
            for balance in (500, 1_000)
        ]
        assert account.cents(ana) == 1_000

    def test_a_card_arrives_with_its_contact(
        self, account: Account, dispatcher: Dispatcher, sender: NullSender
    ) -> None:
        for kind in ("contact_created", "contact_identifier_created"):
            subscribe(account, event_type=kind)
        done(account.post("/contacts/anonymous", json={}))
        uuid = done(account.post("/contacts/anonymous", json={"contact_identifier_value": "card-17"}))["uuid"]
        settle(dispatcher)
        sent = [orjson.loads(body) for _, body, _ in sender.calls]
        assert [one["type"] for one in sent].count("contact_created") == 2
        cards = [one["data"] for one in sent if one["type"] == "contact_identifier_created"]
        card = {"value": "card-17", "name": None, "active": True, "contact_uuid": uuid}
        assert cards == [{"contact_identifier": card}]

    @pytest.mark.parametrize("how", ["delete", "deactivate"])
    def test_what_is_on_its_way_is_not_sent_any_more(
        self, account: Account, dispatcher: Dispatcher, sender: NullSender, how: str
    ) -> None:
        uuid = subscribe(account)["uuid"]
        account.create("zoe@example.org")
        done(
            account.delete(f"{PATH}/{uuid}")
            if how == "delete"
            else account.put(f"{PATH}/{uuid}", json={"status": "INACTIVE"})
        )
        settle(dispatcher)
        assert sent_to(sender, "zoe@example.org") == []
        assert [row.status for row in account.rows(Delivery)] == ["failed"]

    def test_a_subscription_that_another_process_has_just_activated_gets_its_events(
        self, account: Account, dispatcher: Dispatcher, sender: NullSender
    ) -> None:
        subscribe(account)
        account.create("zoe@example.org")
        unit = account.unit()
        with unit.transaction():
            (row,) = endpoints.list_endpoints(unit)
        account.keep_outdated(endpoints.PART, [replaced(row, active=False)])
        settle(dispatcher)
        assert sent_to(sender, "zoe@example.org") == [(URL, "contact_created")]


class TestSignatures:
    VECTOR = b'{"type":"referral_completed","data":{"referral":{"uuid":"d1fd45ac-0993-46c1-9ae7-334bcd9b0ad7"}}}'
    SIGNATURE = "ef716d2e6fd481d6638e83abf3d41ac42c2a30d0eb64b8b660d0cd607f115206"

    def test_the_documented_vector(self) -> None:
        assert sign("leat-webhook-secret", self.VECTOR) == self.SIGNATURE

    def test_a_delivery_over_the_network_verifies(self, account: Account, dispatcher: Dispatcher) -> None:
        with receiver() as endpoint:
            endpoint.status = 204
            endpoint.answer = b""
            subscribe(account, url=f"{endpoint.url}/in?a=b", secret="schlüssel")
            uuid = account.create("zoe@example.org")

            async def run() -> None:
                dispatcher.sender = NetworkSender(private=True)
                await dispatcher.settle()

            asyncio.run(run())
        [(path, headers, body)] = endpoint.requests
        assert path == "/in?a=b"
        assert headers["Content-Type"] == "application/json"
        assert headers["Signature"] == hmac.new("schlüssel".encode(), body, hashlib.sha256).hexdigest()
        assert orjson.loads(body) == {"type": "contact_created", "data": {"contact": account.contact(uuid)}}
        assert list(orjson.loads(body)) == ["type", "data"]
        assert [row.status for row in account.rows(Delivery)] == ["delivered"]

    def test_a_receiver_can_have_them_checked(self, account: Account, other_account: Account) -> None:
        subscribe(account, secret="leat-webhook-secret")
        unit = account.unit()
        with unit.transaction():

            def check(tenant: Any, **headers: str) -> bool | None:
                return webhooks.check_signatures(unit, tenant, headers, self.VECTOR)["Signature"]

            assert check(account.tenant, signature=self.SIGNATURE) is True
            assert check(None, signature=self.SIGNATURE) is True
            assert check(other_account.tenant, signature=self.SIGNATURE) is False
            assert check(account.tenant, signature=self.SIGNATURE.upper()) is False
            assert check(None, signature="x") is False
            assert check(account.tenant) is None

    def test_event_ids_are_uuids(self, account: Account) -> None:
        import uuid

        account.create("zoe@example.org")
        assert [uuid.UUID(row.id).version for row in account.rows(Event)] == [4]


class TestRetries:
    @pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
    def test_any_2xx_is_a_success(
        self, account: Account, dispatcher: Dispatcher, sender: NullSender, status: int
    ) -> None:
        subscribe(account)
        account.create("zoe@example.org")
        sender.status = status
        settle(dispatcher)
        assert [(row.status, row.attempts) for row in account.rows(Delivery)] == [("delivered", 1)]

    @pytest.mark.parametrize("status", [199, 301, 302, 400, 404, 410, 429, 500, 503])
    def test_anything_else_is_a_failed_attempt(
        self, account: Account, dispatcher: Dispatcher, sender: NullSender, status: int
    ) -> None:
        subscribe(account)
        account.create("zoe@example.org")
        sender.status = status
        settle(dispatcher)
        assert [(row.status, row.attempts) for row in account.rows(Delivery)] == [("pending", 1)]

    def test_it_is_tried_five_times_within_24_hours(
        self, account: Account, dispatcher: Dispatcher, sender: NullSender
    ) -> None:
        subscribe(account)
        account.create("zoe@example.org")
        sender.status = 500
        settle(dispatcher)
        start = account.rows(DeliveryAttempt)[0].at_ms
        sandbox = account.server.runtime.main
        asyncio.run(dispatcher.advance(sandbox, start + 24 * HOUR_MS - 1))
        assert [(row.status, row.attempts) for row in account.rows(Delivery)] == [("pending", 4)]
        asyncio.run(dispatcher.advance(sandbox, start + 48 * HOUR_MS))
        at = sorted(row.at_ms - start for row in account.rows(DeliveryAttempt))
        assert at == [0, 5 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS]
        assert [(row.status, row.finished_ms) for row in account.rows(Delivery)] == [("failed", start + 24 * HOUR_MS)]

    def test_a_retry_that_works_is_the_last(self, account: Account, dispatcher: Dispatcher, sender: NullSender) -> None:
        subscribe(account)
        account.create("zoe@example.org")
        sender.status = 500
        settle(dispatcher)
        sender.status = 200
        asyncio.run(dispatcher.advance_by(account.server.runtime.main, 48 * HOUR_MS))
        assert [row.status for row in account.rows(DeliveryAttempt)] == [500, 200]
        assert {body for _, body, _ in sender.calls} == {sender.calls[0][1]}, "the same bytes each time"

    def test_no_connection_is_a_failed_attempt(
        self, account: Account, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(dispatcher, "sender", NetworkSender(private=False))
        subscribe(account, url="http://localhost:9/latest")
        account.create("zoe@example.org")
        settle(dispatcher)
        assert [(row.status, row.attempts) for row in account.rows(Delivery)] == [("pending", 1)]


class TestAdministration:
    """What the command line does."""

    @pytest.fixture
    def mine(self, server: Server, client: Client) -> Account:
        return make_account(server, client)

    def test_an_address_is_subscribed_to_all_types_that_are_sent(self, mine: Account) -> None:
        unit = mine.unit()
        with unit.transaction():
            made = webhooks.configure_endpoint(unit, url=URL, types=["*"], name=None, secret=None)
        assert made == {"url": URL, "types": list(SENT_TYPES), "name": None, "secret": made["secret"]}
        shown = done(mine.get(PATH))
        assert sorted(row["event_type"] for row in shown) == sorted(SENT_TYPES)
        assert {row["name"] for row in shown} == {URL}
        unit = mine.unit()
        with unit.transaction():
            body = b"{}"
            assert webhooks.check_signatures(unit, mine.tenant, {"signature": sign(made["secret"], body)}, body) == {
                "Signature": True
            }

    def test_they_are_listed_and_removed_by_address(self, mine: Account) -> None:
        unit = mine.unit()
        with unit.transaction() as session:
            webhooks.configure_endpoint(
                unit, url=URL, types=["voucher_created", "voucher_created"], name="V", secret="s"
            )
            webhooks.configure_endpoint(unit, url=f"{URL}/2", types=["contact_created"], name=None, secret=None)
            assert {
                "url": URL,
                "types": ["voucher_created"],
                "name": "V",
                "active": True,
            } in webhooks.configured_endpoints(unit)
            assert webhooks.remove_endpoints(unit, URL) == 1
            session.flush()
            assert webhooks.remove_endpoints(unit, URL) == 0
        assert [row["url"] for row in done(mine.get(PATH))] == [f"{URL}/2"]
        mine.delete(f"{PATH}/{done(mine.get(PATH))[0]['uuid']}")

    def test_an_unknown_type_is_refused(self, mine: Account) -> None:
        with pytest.raises(ValueError, match="no such event type"):
            webhooks.configure_endpoint(
                mine.unit(), url=URL, types=["contact_created", "nonsense"], name=None, secret=None
            )
        assert done(mine.get(PATH)) == []
