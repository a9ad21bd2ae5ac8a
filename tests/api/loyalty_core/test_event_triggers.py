"""Event triggers: keeping them, what is sent to whom, signatures, retries."""

import asyncio
import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx2
import orjson
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from models.kernel.base import Base
from models.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from models.kernel.times import iso
from models.loyalty_core import webhooks
from models.loyalty_core.events.tables import EventTrigger
from models.loyalty_core.events.triggers import PART
from models.outbox.outbox import Delivery, DeliveryAttempt, Event, Outcome, Settled
from tests.api.loyalty_core.conftest import Club, coded, refusal
from tests.api.loyalty_core.engine import action, campaign, effect, mint
from tests.support.receiver import receiver
from tests.support.refusals import assert_refused
from tests.support.senders import NetworkSender, NullSender
from troth import administration
from troth.app import Server
from troth.outbox.dispatcher import Dispatcher

PATH = "/event-triggers"
URL = "https://hooks.example.org/loyalty"
SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
SETTINGS: dict[str, Any] = {"url": URL, "events": ["*"]}
NEW: dict[str, Any] = {"type": "WebHook", "name": "To the till", "settings": SETTINGS}
UNKNOWN = (0, -1, 99, 2**63 - 1)


@pytest.fixture(autouse=True)
def _leave_nothing_behind(club: Club, other_club: Club) -> Iterator[None]:
    """What waits to be sent again is not sent in another test."""
    yield
    for one in (club, other_club):
        unit = one.unit()
        with unit.transaction() as session:
            unit.configuration_changed(PART)
            for row in session.scalars(unit.scoped(EventTrigger)):
                row.active = False


def new_trigger(club: Club, name: str = "To the till", active: bool | None = None, **settings: Any) -> dict[str, Any]:
    found: dict[str, Any] = club.made(
        PATH, **NEW | {"name": name, "settings": SETTINGS | settings} | ({} if active is None else {"active": active})
    )
    return found


def put(club: Club, trigger: int = 1, settings: dict[str, Any] | None = None, **members: Any) -> httpx2.Response:
    return club.put(f"{PATH}/{trigger}", json={**NEW, "settings": SETTINGS | (settings or {}), **members})


def get(club: Club, trigger: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = club.get(f"{PATH}/{trigger}").json()["trigger"]
    return found


def hide(trigger: dict[str, Any]) -> dict[str, Any]:
    """A trigger as it is shown to all but who set its secret."""
    return {**trigger, "settings": {**trigger["settings"], "secret": None}}


def rows(club: Club, kind: type[Base]) -> list[Any]:
    unit = club.unit()
    with unit.transaction() as session:
        return list(session.scalars(unit.scoped(kind)).all())


def settle(dispatcher: Dispatcher) -> None:
    asyncio.run(dispatcher.settle())


def sent(club: Club, sender: NullSender) -> list[tuple[str, str]]:
    """(address, what happened) of the calls about this organization, in no order that is promised."""
    bodies = [(url, orjson.loads(body)) for url, body, _ in sender.calls]
    return sorted((url, body["eventType"]) for url, body in bodies if body.get("organizationId") == club.id)


def track(club: Club, code: str, member: int = 1) -> None:
    answer = club.post(
        "/loyalty-events",
        json={
            "systemUniqueKey": f"{code}-{club.now_ms}",
            "memberId": member,
            "eventType": code,
            "organizationId": club.id,
            "payload": {"stars": 5},
        },
    )
    assert answer.status_code == 201, answer.text


class TestKeeping:
    def test_what_is_left_out_has_its_default(self, club: Club) -> None:
        at = iso(club.now_ms)
        answer = club.post(PATH, json=NEW)
        assert answer.status_code == 201
        trigger = answer.json()["trigger"]
        secret = trigger["settings"]["secret"]
        assert trigger == {
            "triggerId": 1,
            "organizationId": club.id,
            "type": "WebHook",
            "name": "To the till",
            "active": True,
            "settings": {"url": URL, "events": ["*"], "headers": {}, "secret": secret},
            "createdAt": at,
            "updatedAt": at,
        }
        assert secret.startswith("whsec_")
        assert len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) == 24
        assert club.get(f"{PATH}/1").json() == {"trigger": hide(trigger)}
        assert club.get(PATH).json()["results"] == [hide(trigger)]
        assert new_trigger(club)["settings"]["secret"] != secret

    def test_takes_what_is_within_the_limits(self, club: Club) -> None:
        club.know(event_types=["x", "é" * 255, *(f"e{n}" for n in range(99))])
        least = {
            "url": "http://a",
            "events": ["x"],
            "headers": {},
            "secret": "whsec_" + base64.b64encode(bytes(24)).decode(),
        }
        most = {
            "url": "https://" + "x" * 2_040,
            "events": ["é" * 255, *(f"e{n}" for n in range(99))],
            "headers": {"X" * 128: " ".join(["~!"] * 341) + "x", **{f"!#$%&'*+.^_`|~-{n}": "" for n in range(19)}},
            "secret": "whsec_" + base64.b64encode(bytes(64)).decode(),
        }
        for name, active, settings in (("x", False, least), ("é" * 255, True, most)):
            body = {"type": "WebHook", "name": name, "active": active, "settings": settings}
            made = club.post(PATH, json=body).json()["trigger"]
            assert body.items() <= made.items()
            assert get(club, made["triggerId"]) == hide(made)
            changed = club.put(f"{PATH}/{made['triggerId']}", json=body).json()["trigger"]
            assert changed == {**made, "updatedAt": changed["updatedAt"]}

    def test_a_wrong_or_missing_member_is_named(self, club: Club) -> None:
        before = hide(new_trigger(club))
        wrong: dict[str, list[Any]] = {
            "type": [None, "", "Email", "webhook"],
            "name": [None, "", "x" * 256, 5],
            "active": ["true", 1],
            "settings": [None, [], {}, "x", {"url": URL}, {"events": ["*"]}, {**SETTINGS, "extra": 1}],
        }
        of_settings: dict[str, list[Any]] = {
            "url": [
                None,
                "",
                "x" * 2049,
                5,
                "hooks.example.org",
                "ftp://a",
                "https://",
                "https://a b",
                "https://a\u00a0b",
                "https://a:0",
                "https://a:x",
                "javascript:x",
            ],
            "events": [None, "x", [], [""], [None], ["x" * 256], ["x"] * 101],
            "headers": [
                [],
                {"X-A": None},
                {"X-A": 5},
                {"X-A": "x" * 1025},
                {"X-A": "ü"},
                {"X-A": "a\nb"},
                {f"X-{n}": "" for n in range(21)},
            ],
            "secret": [
                "",
                5,
                "x" * 129,
                "whsec_",
                "whsec_AAAA",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
                "whsec_ü",
                "whsec_" + base64.b64encode(bytes(23)).decode(),
                "whsec_" + base64.b64encode(bytes(65)).decode(),
            ],
        }
        bodies = [(name, {**NEW, name: value}) for name, values in wrong.items() for value in values]
        bodies += [
            (name, {**NEW, "settings": {**SETTINGS, name: value}})
            for name, values in of_settings.items()
            for value in values
        ]
        bodies += [(name, {known: NEW[known] for known in NEW if known != name}) for name in NEW]
        for name, body in bodies:
            for answer in (club.post(PATH, json=body), club.put(f"{PATH}/1", json=body)):
                status, message = refusal(answer)
                assert (status, name in message or "settings" in message) == (400, True), (body, message)
        assert club.get(PATH).json()["results"] == [before]

    @pytest.mark.parametrize(
        "headers",
        [
            {"Host": "a"},
            {"CONTENT-TYPE": "text/plain"},
            {"Content-Length": "1"},
            {"Transfer-Encoding": "chunked"},
            {"Connection": "close"},
            {"Webhook-Id": "x"},
            {"webhook-signature": "x"},
            {"webhook-anything": "x"},
            {"Expect": "100-continue"},
            {"Upgrade": "h2c"},
            {"": "x"},
            {"X A": "x"},
            {"X:A": "x"},
            {"X-Ä": "x"},
            {"X-A\r\n": "x"},
            {"X" * 129: "x"},
            {"X-A": " x"},
            {"X-A": "x "},
            {"X-A": "1", "x-a": "2"},
        ],
    )
    def test_headers_that_cannot_be_sent_are_refused(self, club: Club, headers: dict[str, str]) -> None:
        status, message = refusal(club.post(PATH, json={**NEW, "settings": {**SETTINGS, "headers": headers}}))
        assert (status, "header" in message) == (400, True), message
        new_trigger(club, headers={"X-Shop": "1"})
        assert refusal(put(club, settings={"headers": headers}))[0] == 400
        assert get(club)["settings"]["headers"] == {"X-Shop": "1"}

    def test_what_is_left_out_stays(self, club: Club) -> None:
        club.know(event_types=["a", "b"])
        made = new_trigger(club, active=False, headers={"X-Shop": "pier-3"}, secret=SECRET)
        assert made["settings"]["secret"] == SECRET
        changed = put(club, name="New", settings={"url": f"{URL}/2", "events": ["a", "b", "a"]}).json()["trigger"]
        assert changed == {
            **made,
            "name": "New",
            "updatedAt": changed["updatedAt"],
            "settings": {"url": f"{URL}/2", "events": ["a", "b"], "headers": {"X-Shop": "pier-3"}, "secret": None},
        }
        assert changed["updatedAt"] > made["updatedAt"]
        assert get(club) == changed
        changed = put(club, active=True, settings={"headers": {}}).json()["trigger"]
        assert (changed["active"], changed["settings"]["headers"]) == (True, {})

    def test_a_secret_is_kept_sealed_and_shown_to_who_set_it(self, club: Club) -> None:
        first = new_trigger(club)["settings"]["secret"]
        [row] = rows(club, EventTrigger)
        assert first.encode() not in row.sealed
        assert put(club).json()["trigger"]["settings"]["secret"] is None
        assert put(club, settings={"secret": SECRET}).json()["trigger"]["settings"]["secret"] == SECRET
        assert get(club)["settings"]["secret"] is None
        unit = club.unit()
        with unit.transaction() as session:
            assert webhooks.secret_of(unit, session.scalars(unit.scoped(EventTrigger)).one()) == SECRET

    def test_unknown_and_other_organizations_triggers(self, club: Club, other_club: Club) -> None:
        new_trigger(other_club)
        for number in (1, *UNKNOWN):
            assert club.get(f"{PATH}/{number}").status_code in (400, 404)
            assert put(club, number).status_code in (400, 404)
        assert refusal(club.get(f"{PATH}/1")) == refusal(put(club)) == (404, "There is no event trigger 1.")
        assert refusal(club.get(f"{PATH}/x"))[0] in (400, 404)
        assert club.get(PATH).json() == {"totalCount": 0, "page": 0, "limit": 10, "results": []}

    def test_reading_and_writing_take_their_roles(self, club: Club) -> None:
        new_trigger(club)
        reader, writer = club.further_token("campaigns:read"), club.further_token("campaigns:write")
        for path in (PATH, f"{PATH}/1"):
            assert club.get(path, token=reader).status_code == 200
            assert_refused(club.get(path, token=writer), 403, "ROLE_MISSING")
        for token, status in ((reader, 403), (writer, 201)):
            assert club.post(PATH, json=NEW, token=token).status_code == status
        assert_refused(club.put(f"{PATH}/1", json=NEW, token=reader), 403, "ROLE_MISSING")


class TestLists:
    @pytest.fixture
    def three(self, club: Club) -> Club:
        for name, active in (("b", True), ("c", False), ("a", True)):
            new_trigger(club, name, active)
        put(club, 1, name="b", settings={"headers": {"X-Changed": "1"}})
        return club

    def names(self, club: Club, **query: Any) -> str:
        answer = club.get(PATH, params=query)
        assert answer.status_code == 200, answer.text
        return "".join(row["name"] for row in answer.json()["results"])

    def test_filters_combine(self, three: Club) -> None:
        found = {
            "": "bca",
            "type=WebHook": "bca",
            "active=true": "ba",
            "active=false": "c",
            "name=a": "a",
            "name=A": "",
            "name=x": "",
            "name=a&active=false": "",
            "name=c&active=false&type=WebHook": "c",
        }
        for query, names in found.items():
            assert self.names(three, **dict(part.split("=") for part in query.split("&") if part)) == names, query

    def test_each_order_sorts_by_its_column(self, three: Club) -> None:
        found = {
            "triggerId": "bca",
            "id": "bca",
            "id,desc": "acb",
            "name": "abc",
            "name,asc": "abc",
            "name,desc": "cba",
            "createdAt": "bca",
            "createdAt,desc": "acb",
            "updatedAt": "cab",
            "updatedAt,desc": "bac",
        }
        for order, names in found.items():
            assert self.names(three, order=order) == names, order
        for bad in ("url", "name,up", "", "name,desc,asc", "settings"):
            assert coded(three.get(PATH, params={"order": bad})) == (400, "VALIDATION_FAILED"), bad

    def test_pages_end_with_an_empty_one_and_count_all_rows(self, three: Club) -> None:
        found = [three.get(PATH, params={"page": page, "limit": 2}).json() for page in (0, 1, 2)]
        assert [[row["name"] for row in one["results"]] for one in found] == [["b", "c"], ["a"], []]
        assert {(one["totalCount"], one["limit"]) for one in found} == {(3, 2)}
        assert three.get(PATH, params={"active": "true", "limit": 1}).json()["totalCount"] == 2

    @pytest.mark.parametrize(
        "query",
        [
            {"type": "x"},
            {"type": ""},
            {"active": "yes"},
            {"active": ""},
            {"name": ""},
            {"name": "x" * 256},
            {"page": -1},
            {"limit": 0},
            {"limit": 26},
        ],
    )
    def test_an_unknown_value_of_a_parameter_is_refused(self, club: Club, query: dict[str, Any]) -> None:
        status, message = refusal(club.get(PATH, params=query))
        assert (status, next(iter(query)) in message) == (400, True)


class TestWhoGetsWhat:
    def test_an_event_goes_to_each_active_trigger_that_wants_it(
        self, club: Club, other_club: Club, dispatcher: Dispatcher, sender: NullSender
    ) -> None:
        club.made("/loyalty-event-types", name="Review", apiCode="app-review", schemaType="custom")
        club.made("/loyalty-event-types", name="Visit", apiCode="visit", schemaType="custom")
        for name, events in (
            ("all", ["*"]),
            ("both", ["member-created", "app-review"]),
            ("generic", ["member-generic-event"]),
            ("twice", ["*", "visit"]),
        ):
            new_trigger(club, name, url=f"{URL}/{name}", events=events)
        new_trigger(club, "off", active=False, url=f"{URL}/off")
        new_trigger(other_club, url=f"{URL}/other")
        club.member()
        track(club, "app-review")
        track(club, "visit")
        settle(dispatcher)
        assert sent(club, sender) == [
            *((f"{URL}/all", name) for name in ("app-review", "member-created", "member-tier-set", "visit")),
            *((f"{URL}/both", name) for name in ("app-review", "member-created")),
            *((f"{URL}/generic", name) for name in ("app-review", "visit")),
            *((f"{URL}/twice", name) for name in ("app-review", "member-created", "member-tier-set", "visit")),
        ]
        assert sent(other_club, sender) == []

    def test_a_trigger_that_is_switched_on_gets_what_happens_from_then_on(
        self, club: Club, dispatcher: Dispatcher, sender: NullSender
    ) -> None:
        new_trigger(club, active=False, events=["member-created"])
        club.member("ana")
        put(club, active=True, settings={"events": ["member-created"]})
        ben = club.member("ben")
        settle(dispatcher)
        assert [orjson.loads(body)["memberId"] for _, body, _ in sender.calls] == [ben["memberId"]]

    def test_what_is_on_its_way_is_not_sent_to_one_that_was_switched_off(
        self, club: Club, dispatcher: Dispatcher, sender: NullSender
    ) -> None:
        new_trigger(club, events=["member-created"])
        club.member()
        put(club, active=False)
        settle(dispatcher)
        assert sent(club, sender) == []
        assert [row.status for row in rows(club, Delivery)] == ["failed"]

    def test_what_is_on_its_way_goes_to_the_address_it_was_made_for(
        self, club: Club, dispatcher: Dispatcher, sender: NullSender
    ) -> None:
        new_trigger(club, events=["member-created"])
        club.member()
        put(club, settings={"url": f"{URL}/new"})
        settle(dispatcher)
        assert sent(club, sender) == [(URL, "member-created")]

    def test_what_nobody_wants_is_not_kept_for_anybody(self, club: Club) -> None:
        new_trigger(club, events=["benefit-used"])
        club.member()
        assert rows(club, Event) == rows(club, Delivery) == []

    def test_the_events_of_what_was_undone_are_not_sent(
        self, club: Club, dispatcher: Dispatcher, sender: NullSender
    ) -> None:
        new_trigger(club)
        club.made("/loyalty-event-types", name="Review", apiCode="app-review", schemaType="custom")
        action(club, campaign(club, "app-review"), mint(5), effect("burn-points", amount=1_000))
        club.member()
        track(club, "app-review")
        settle(dispatcher)
        assert sent(club, sender) == [(URL, "app-review"), (URL, "member-created"), (URL, "member-tier-set")]

    def test_a_refused_call_sends_nothing(self, club: Club, dispatcher: Dispatcher, sender: NullSender) -> None:
        member = club.member()
        new_trigger(club)
        assert coded(club.post("/members", json={"loyaltyMemberId": "ana"})) == (409, "MEMBER_ID_TAKEN")
        assert coded(club.post(f"/ledgers/1/wallets/{member['walletId']}/burn", json={"amount": 5})) == (
            400,
            "NOT_ENOUGH_POINTS",
        )
        settle(dispatcher)
        assert sent(club, sender) == []


class TestDelivery:
    def test_over_the_network_it_verifies(
        self, club: Club, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        club.made("/loyalty-event-types", name="Review", apiCode="app-review", schemaType="custom")
        member = club.member()
        with receiver() as endpoint:
            monkeypatch.setattr(dispatcher, "sender", NetworkSender(private=True))
            secret = new_trigger(
                club,
                url=f"{endpoint.url}/in?a=b",
                events=["app-review"],
                headers={"X-Shop": "pier-3", "User-Agent": "till"},
            )["settings"]["secret"]
            at_ms = club.now_ms
            track(club, "app-review")
            put(club, settings={"url": f"{endpoint.url}/in?a=b", "events": ["app-review"], "secret": SECRET})

            async def run() -> None:
                await dispatcher.settle()

            asyncio.run(run())
        [(path, headers, body)] = endpoint.requests
        assert path == "/in?a=b"
        assert (headers["X-Shop"], headers["User-Agent"], headers["Content-Type"]) == (
            "pier-3",
            "till",
            "application/json",
        )
        received = Webhook(SECRET).verify(body, headers)
        with pytest.raises(WebhookVerificationError, match="No matching"):
            Webhook(secret).verify(body, headers)
        with pytest.raises(WebhookVerificationError, match="No matching"):
            Webhook(SECRET).verify(body + b" ", headers)
        assert received == {
            "eventId": received["eventId"],
            "eventType": "app-review",
            "organizationId": club.id,
            "memberId": member["memberId"],
            "createdAt": iso(at_ms),
            "data": {"payload": {"stars": 5}, "externalId": None, "description": None},
        }
        [event] = rows(club, Event)
        assert headers["webhook-id"] == event.id == f"lce_{received['eventId']}"
        assert [row.status for row in rows(club, Delivery)] == ["delivered"]

    def test_the_same_bytes_are_in_the_log_and_sent_at_each_attempt(
        self, club: Club, dispatcher: Dispatcher, sender: NullSender
    ) -> None:
        new_trigger(club, events=["member-created"])
        club.member()
        sender.status = 500
        settle(dispatcher)
        asyncio.run(dispatcher.advance_by(club.server.runtime.main, 5 * SECOND_MS))
        mine = [(orjson.loads(body), body, headers["webhook-id"]) for _, body, headers in sender.calls]
        assert len(mine) == 2
        assert mine[0] == mine[1]
        assert mine[0][0] == club.events()[0]

    def test_a_receiver_can_have_signatures_checked(self, club: Club, other_club: Club) -> None:
        new_trigger(club, secret=SECRET)
        new_trigger(other_club)
        body = b'{"eventId":1}'
        signed = {
            "webhook-id": "lce_1",
            "webhook-timestamp": "1768478400",
            "webhook-signature": Webhook(SECRET).sign("lce_1", datetime.fromtimestamp(1768478400, UTC), body.decode()),
        }
        unit = club.unit()
        with unit.transaction():

            def check(tenant: Any, **changed: str) -> bool | None:
                return webhooks.check_signatures(unit, tenant, signed | changed, body)["webhook-signature"]

            assert [check(club.tenant), check(None), check(other_club.tenant)] == [True, True, False]
            assert check(club.tenant, **{"webhook-timestamp": "1768478401"}) is False
            assert webhooks.check_signatures(unit, None, {}, body) == {"webhook-signature": None}


class TestRetries:
    @pytest.fixture(autouse=True)
    def _waiting(self, club: Club) -> None:
        new_trigger(club, events=["member-created"])
        club.member()

    def attempt(self, club: Club, outcome: Outcome, number: int = 1) -> Settled:
        """What the policy makes of an outcome of the first delivery, as its attempt of this number."""
        unit = club.unit()
        with unit.transaction() as session:
            row = session.scalars(unit.scoped(Delivery)).one()
            row.attempts = number
            return webhooks.settle(unit, row, outcome)

    @pytest.mark.parametrize("status", [200, 201, 204, 299])
    def test_any_2xx_is_a_success(self, club: Club, dispatcher: Dispatcher, sender: NullSender, status: int) -> None:
        sender.status = status
        settle(dispatcher)
        assert [(row.status, row.attempts) for row in rows(club, Delivery)] == [("delivered", 1)]

    @pytest.mark.parametrize("status", [199, 301, 400, 404, 429, 500])
    def test_anything_else_is_a_failed_attempt(
        self, club: Club, dispatcher: Dispatcher, sender: NullSender, status: int
    ) -> None:
        sender.status = status
        settle(dispatcher)
        assert [(row.status, row.attempts) for row in rows(club, Delivery)] == [("pending", 1)]

    def test_it_is_tried_eight_times_in_27_hours(self, club: Club, dispatcher: Dispatcher, sender: NullSender) -> None:
        sender.status = 500
        settle(dispatcher)
        start, sandbox = rows(club, DeliveryAttempt)[0].at_ms, club.server.runtime.main
        asyncio.run(dispatcher.advance(sandbox, start + 4 * DAY_MS))
        waits, at = (
            (5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 5 * HOUR_MS, 10 * HOUR_MS, 10 * HOUR_MS),
            [0],
        )
        for wait in waits:
            at.append(at[-1] + wait)
        assert sorted(row.at_ms - start for row in rows(club, DeliveryAttempt)) == at
        assert [(row.status, row.attempts, row.finished_ms) for row in rows(club, Delivery)] == [
            ("failed", 8, start + at[-1])
        ]
        assert 27 * HOUR_MS < at[-1] < 28 * HOUR_MS

    def test_a_retry_that_works_is_the_last(self, club: Club, dispatcher: Dispatcher, sender: NullSender) -> None:
        sender.status = 503
        settle(dispatcher)
        sender.status = 200
        asyncio.run(dispatcher.advance_by(club.server.runtime.main, 2 * DAY_MS))
        assert sorted((row.number, row.status) for row in rows(club, DeliveryAttempt)) == [(1, 503), (2, 200)]

    def test_a_later_retry_after_is_honoured_up_to_a_day(self, club: Club) -> None:
        waits = [self.attempt(club, Outcome(503, asked)).next_ms - club.now_ms for asked in (None, 1, 120, 10**9)]
        assert waits == [5 * SECOND_MS, 5 * SECOND_MS, 120 * SECOND_MS, DAY_MS]
        assert self.attempt(club, Outcome(503, 120), 8).status == "failed"

    def test_gone_switches_the_trigger_off(self, club: Club, dispatcher: Dispatcher, sender: NullSender) -> None:
        sender.status = 410
        settle(dispatcher)
        assert [(row.status, row.attempts) for row in rows(club, Delivery)] == [("failed", 1)]
        assert get(club)["active"] is False
        sender.status = 200
        club.member("ben")
        settle(dispatcher)
        assert len(sender.calls) == 1
        put(club, active=True, settings={"events": ["member-created"]})
        cleo = club.member("cleo")
        settle(dispatcher)
        assert [orjson.loads(body)["memberId"] for _, body, _ in sender.calls[1:]] == [cleo["memberId"]]

    def test_a_trigger_that_another_process_has_just_activated_gets_its_events(
        self, club: Club, dispatcher: Dispatcher, sender: NullSender
    ) -> None:
        club.keep_outdated(PART, ())
        settle(dispatcher)
        assert sent(club, sender) == [(URL, "member-created")]

    def test_no_connection_is_a_failed_attempt(
        self, club: Club, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(dispatcher, "sender", NetworkSender(private=True))
        unit = club.unit()
        with unit.transaction() as session:
            session.scalars(unit.scoped(Delivery)).one().url = "http://169.254.169.254/latest"
        settle(dispatcher)
        [row] = rows(club, DeliveryAttempt)
        assert (row.status, "may be called" in row.error) == (None, True)


class TestCommands:
    """What the command line does."""

    def test_they_are_added_listed_and_removed_by_address(self, server: Server, club: Club) -> None:
        runtime, alias = server.runtime, club.tenant.alias
        made = administration.create_webhook(runtime, "loyalty_core", alias, URL, ["*"])
        assert made == {
            "api": "loyalty_core",
            "alias": alias,
            "id": 1,
            "url": URL,
            "types": ["*"],
            "name": URL,
            "secret": made["secret"],
        }
        assert made["secret"].startswith("whsec_")
        administration.create_webhook(
            runtime, "loyalty_core", alias, f"{URL}/2", ["member-created"], name="Two", secret=SECRET
        )
        listed = [
            {"id": 1, "url": URL, "types": ["*"], "name": URL, "active": True},
            {"id": 2, "url": f"{URL}/2", "types": ["member-created"], "name": "Two", "active": True},
        ]
        assert administration.webhooks(runtime, "loyalty_core", alias) == listed
        assert [row["settings"] for row in club.get(PATH).json()["results"]] == [
            {"url": row["url"], "events": row["types"], "headers": {}, "secret": None} for row in listed
        ]
        administration.delete_webhook(runtime, "loyalty_core", alias, URL)
        assert administration.webhooks(runtime, "loyalty_core", alias) == listed[1:]
        assert_refused(club.get(f"{PATH}/1"), 404, "TRIGGER_NOT_FOUND")
        with pytest.raises(ValueError, match="no webhook endpoint"):
            administration.delete_webhook(runtime, "loyalty_core", alias, URL)

    @pytest.mark.parametrize(
        ("given", "reason"),
        [
            ({"url": "ftp://x"}, "http"),
            ({"secret": "short"}, "whsec_"),
            ({"name": "x" * 256}, "name"),
            ({"types": []}, "type"),
            ({"types": ["x" * 256]}, "type"),
            ({"url": "https://" + "x" * 2041}, "address"),
        ],
    )
    def test_what_is_wrong_is_said(self, server: Server, club: Club, given: dict[str, Any], reason: str) -> None:
        with pytest.raises(ValueError, match=reason):
            administration.create_webhook(
                server.runtime, "loyalty_core", club.tenant.alias, **{"url": URL, "types": ["*"], **given}
            )
        assert club.get(PATH).json()["results"] == []
