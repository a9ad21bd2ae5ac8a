"""Tracking events, their types, and the log of a member."""

from typing import Any

import pytest

from models.kernel.clock import HOUR_MS
from models.kernel.times import iso
from tests.api.loyalty_core.conftest import Club, assert_wrong, coded, refusal
from tests.api.loyalty_core.engine import action, balance, campaign, effect, event_type, log, mint, track, tracked
from tests.support.refusals import assert_refused

GENERIC = "member-generic-event"
TYPE = {"name": "App review", "apiCode": "app-review", "schemaType": "custom"}


class TestTrack:
    def test_an_event_is_logged_with_all_that_was_said(self, club: Club) -> None:
        member, code = club.member(), event_type(club)
        of = campaign(club, code)
        action(club, of, mint(3))
        answer = track(
            club,
            member,
            code,
            systemUniqueKey="k-1",
            externalId="ext",
            description="Five stars",
            payload={"stars": 5},
            externalEventDate="2026-01-15T11:00:00Z",
            tags=["app"],
        )
        assert answer.status_code == 201
        [effect] = answer.json()["effects"]
        assert answer.json()["systemUniqueKey"] == "k-1"
        [row] = log(club, member, eventType=GENERIC)
        at = row["createdAt"]
        assert row == {
            "eventId": row["eventId"],
            "organizationId": club.id,
            "memberId": member["memberId"],
            "eventType": GENERIC,
            "topic": code,
            "status": "success",
            "systemUniqueKey": "k-1",
            "externalId": "ext",
            "externalEventDate": "2026-01-15T11:00:00.000Z",
            "description": "Five stars",
            "tags": ["app"],
            "causes": [],
            "effects": [effect],
            "ruleErrors": [],
            "error": None,
            "data": {"payload": {"stars": 5}, "externalId": "ext", "description": "Five stars"},
            "createdAt": at,
            "updatedAt": at,
        }

    def test_a_key_is_processed_once(self, club: Club) -> None:
        member = club.member()
        campaign(club, GENERIC, smartRewards={"fixedPoints": 3})
        body: dict[str, Any] = {"systemUniqueKey": "once", "payload": {"a": 1, "b": 2}}
        first = track(club, member, **body)
        again = track(club, member, systemUniqueKey="once", payload={"b": 2, "a": 1})
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json() == again.json()
        assert balance(club, member) == 3
        for other in (
            {"payload": {"a": 1}},
            {"payload": {"a": 1, "b": 2}, "tags": ["x"]},
            {"payload": {"a": True, "b": 2}},
        ):
            assert refusal(track(club, member, **{**body, **other})) == (
                409,
                "/systemUniqueKey: The systemUniqueKey once was used before with other input.",
            )
        assert coded(track(club, club.member("ben"), **body)) == (409, "SYSTEM_UNIQUE_KEY_REUSED")
        assert len(log(club, member, eventType=GENERIC)) == 1

    def test_keys_of_others_are_free(self, club: Club, other_club: Club) -> None:
        assert track(club, club.member(), systemUniqueKey="same").status_code == 201
        assert track(other_club, other_club.member(), systemUniqueKey="same").status_code == 201

    def test_only_active_types_of_the_organization_are_tracked_and_only_for_active_members(
        self, club: Club, other_club: Club
    ) -> None:
        member = club.member()
        assert refusal(track(club, member, organizationId=club.id + 1)) == (
            400,
            "/organizationId: organizationId must be that of the path.",
        )
        assert refusal(track(club, {"memberId": 99})) == (404, "/memberId: There is no member 99.")
        assert refusal(track(club, member, "unknown-code"))[0] == 404
        event_type(other_club, "theirs-only")
        assert refusal(track(club, member, "theirs-only"))[0] == 404
        assert refusal(track(club, member, "member-created"))[0] == 404, (
            "only the generic one of the built-in types can be tracked"
        )
        event_type(club, "asleep", active=False)
        assert refusal(track(club, member, "asleep"))[0] == 404
        club.patch(f"/members/{member['memberId']}", json={"active": False})
        assert refusal(track(club, member)) == (409, f"/memberId: The member {member['memberId']} is not active.")
        assert log(club, member, eventType=GENERIC) == []

    @pytest.mark.parametrize(
        ("schema", "good", "bad"),
        [
            ("string", ["", "x"], [None, 5, True]),
            ("number", [0, -1.5], [None, "5", True]),
            ("url", ["https://example.org/x"], ["example.org", "ftp://x", 5]),
            ("custom", [None, 5, {}], []),
        ],
    )
    def test_payloads_by_the_schema_of_the_type(self, club: Club, schema: str, good: list[Any], bad: list[Any]) -> None:
        member, code = club.member(), event_type(club, schema, schemaType=schema)
        for value in good:
            assert track(club, member, code, payload={"value": value}).status_code == 201, value
        for value in bad:
            assert coded(track(club, member, code, payload={"value": value})) == (400, "PAYLOAD_INVALID"), value
        assert track(club, member, code).status_code == (201 if schema == "custom" else 400)

    def test_a_wrong_or_missing_member_is_named(self, club: Club) -> None:
        member = club.member()
        wrong: dict[str, list[Any]] = {
            "systemUniqueKey": [None, "ab", "x" * 256, 5],
            "memberId": [None, 0, "1", 1.5],
            "eventType": [None, "ab", 5],
            "organizationId": [0, "1", None],
            "externalId": ["ab", "x" * 256],
            "payload": [[], "x"],
            "externalEventDate": ["now"],
            "tags": [[""], "a"],
            "description": [5],
        }
        body = {
            "systemUniqueKey": "key",
            "memberId": member["memberId"],
            "organizationId": club.id,
            "eventType": GENERIC,
        }
        for name, values in wrong.items():
            for value in values:
                assert_wrong(club.post("/loyalty-events", json={**body, name: value}), name)
        for name in body:
            without = {key: value for key, value in body.items() if key != name}
            assert_wrong(club.post("/loyalty-events", json=without), name)
        assert log(club, member, eventType=GENERIC) == []


class TestTypes:
    def test_create_get_list(self, club: Club) -> None:
        answer = club.post("/loyalty-event-types", json=TYPE)
        assert answer.status_code == 201
        made = answer.json()["eventType"]
        assert {name: made[name] for name in made if not name.endswith("edAt")} == {
            **TYPE,
            "eventTypeId": 1,
            "organizationId": club.id,
            "description": None,
            "active": True,
            "customAttributes": {},
        }
        assert club.get("/loyalty-event-types/app-review").json() == {"eventType": made}
        assert club.get("/loyalty-event-types").json() == {"totalCount": 1, "page": 0, "limit": 10, "results": [made]}
        assert refusal(club.post("/loyalty-event-types", json=TYPE)) == (
            409,
            "/apiCode: Another event type has the code app-review.",
        )

    def test_a_type_that_is_there_is_changed_and_any_other_made(self, club: Club) -> None:
        first = club.put(
            "/loyalty-event-types", json={**TYPE, "description": "d", "active": False, "customAttributes": {"a": 1}}
        )
        assert first.status_code == 200
        again = club.put("/loyalty-event-types", json={**TYPE, "name": "Other", "schemaType": "number"}).json()[
            "eventType"
        ]
        assert {
            **first.json()["eventType"],
            "name": "Other",
            "schemaType": "number",
            "updatedAt": again["updatedAt"],
        } == again
        assert club.get("/loyalty-event-types").json()["totalCount"] == 1

    def test_built_in_ones_have_their_own_schema(self, club: Club) -> None:
        said = {"name": "Joined", "apiCode": "member-created", "schemaType": "builtin"}
        assert club.post("/loyalty-event-types", json=said).status_code == 201
        for wrong in ({**said, "schemaType": "custom"}, {**TYPE, "schemaType": "builtin"}):
            assert coded(club.put("/loyalty-event-types", json=wrong)) == (400, "EVENT_TYPE_RESERVED")

    def test_unknown_ones_and_those_of_others(self, club: Club, other_club: Club) -> None:
        event_type(other_club)
        assert refusal(club.get("/loyalty-event-types/app-review")) == (404, "There is no event type app-review.")

    def test_orders_and_pages(self, club: Club) -> None:
        for code in ("bbb", "ccc", "aaa"):
            event_type(club, code)

        def codes(**params: Any) -> list[str]:
            return [row["apiCode"] for row in club.get("/loyalty-event-types", params=params).json()["results"]]

        assert codes() == ["bbb", "ccc", "aaa"]
        assert codes(order="apiCode") == ["aaa", "bbb", "ccc"]
        assert codes(order="createdAt,desc") == ["aaa", "ccc", "bbb"]
        assert codes(limit=2, page=1) == ["aaa"]
        assert coded(club.get("/loyalty-event-types", params={"order": "name"})) == (400, "VALIDATION_FAILED")

    def test_a_wrong_or_missing_member_is_named(self, club: Club) -> None:
        wrong: dict[str, list[Any]] = {
            "name": [None, "", "x" * 256],
            "apiCode": [None, "ab", "x" * 256],
            "schemaType": [None, "json"],
            "active": ["yes"],
            "customAttributes": [[]],
            "description": ["x" * 4097],
        }
        for name, values in wrong.items():
            for value in values:
                assert_wrong(club.post("/loyalty-event-types", json={**TYPE, name: value}), name)
                assert_wrong(club.put("/loyalty-event-types", json={**TYPE, name: value}), name)
        assert club.get("/loyalty-event-types").json()["totalCount"] == 0


class TestLog:
    def test_each_filter_leaves_out_what_does_not_match(self, club: Club) -> None:
        member = club.member()
        action(club, campaign(club, GENERIC), effect("burn-points", amount=1), rules="event.payload.fail == true")
        first = club.now_ms
        tracked(club, member, payload={"fail": True})
        club.advance(HOUR_MS)
        tracked(club, member)

        def types(**filters: Any) -> list[str]:
            return [row["eventType"] for row in log(club, member, **filters)]

        assert types() == ["member-created", "member-tier-set", GENERIC, GENERIC]
        assert types(eventType=GENERIC) == [GENERIC] * 2
        assert types(status="failed") == [GENERIC]
        assert types(status="pending") == types(status="running") == []
        assert types(fromCreatedAt=iso(first)) == [GENERIC] * 2
        assert types(fromCreatedAt=iso(first + 1)) == [GENERIC]
        assert types(toCreatedAt=iso(first), eventType=GENERIC) == [GENERIC]
        assert types(toCreatedAt=iso(first - 1), eventType=GENERIC) == []

    def test_orders_pages_and_refusals(self, club: Club, other_club: Club) -> None:
        member = club.member()
        tracked(club, member)

        def rows(**params: Any) -> list[int]:
            return [row["eventId"] for row in log(club, member, **params)]

        assert rows() == [1, 2, 3]
        assert rows(order="eventId,desc") == [3, 2, 1] == rows(order="createdAt,desc")
        assert rows(order="eventType") == [1, 3, 2]
        assert rows(order="status") == [1, 2, 3]
        assert rows(limit=2, page=1) == [3]
        path = f"/members/{member['memberId']}/events"
        assert coded(club.get(path, params={"order": "topic"})) == (400, "VALIDATION_FAILED")
        assert_refused(
            club.get(path, params={"eventType": "app-review"}), 400, "query parameter eventType: must be one of"
        )
        assert refusal(club.get("/members/99/events")) == (404, "There is no member 99.")
        assert_refused(other_club.get("/members/1/events"), 404, "MEMBER_NOT_FOUND")
