"""Campaigns, their actions, and the catalogue of effects."""

import json
from typing import Any

import jsonschema_rs

from tests.api.loyalty_core.conftest import ACCOUNT, LEDGER, PROGRAM, Club, assert_wrong, coded, refusal
from tests.api.loyalty_core.engine import action, campaign, effect, event_type, expression, mint, tracked
from tests.api.loyalty_core.test_missions import touch
from tests.api.loyalty_core.test_programs import new_program

NEW = {"name": "Double Mondays", "code": "double"}
FULL: dict[str, Any] = {
    **NEW,
    "loyaltyProgramId": PROGRAM,
    "description": "d",
    "pictureUrl": "https://x.example/p.png",
    "customAttributes": {"a": [1, None]},
    "smartRewards": {
        "fixedPoints": 1,
        "pointsPerCurrencyUnit": 0.5,
        "multiplier": 2,
        "ledgerId": LEDGER,
        "ledgerAccountId": ACCOUNT,
    },
    "type": "multiplier",
    "tags": ["b", "a"],
    "enabledTopics": ["app-review"],
    "active": False,
    "audienceKeys": ["vips"],
    "pointsMonthlyLimitPerMember": 0,
    "allowPartialApplicationOnLimit": True,
    "daysOfWeek": ["monday"],
    "locationCodes": ["pier-3"],
    "eventType": "member-created",
    "minSpendValue": 4.5,
    "loyaltyTierKeys": ["mate"],
    "validFrom": "2026-01-01T00:00:00.000Z",
    "validTo": "2026-02-01T00:00:00.000Z",
}
ACTION = {"name": "Step", "status": "draft", "effects": {"items": []}}


def without_times(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in row if name not in ("createdAt", "updatedAt")}


class TestCampaigns:
    def test_what_is_left_out_has_its_default(self, club: Club) -> None:
        answer = club.post("/campaigns", json=NEW)
        assert answer.status_code == 201
        made = answer.json()["campaign"]
        assert without_times(made) == {
            **NEW,
            "campaignId": 1,
            "organizationId": club.id,
            "loyaltyProgramId": None,
            "description": None,
            "pictureUrl": None,
            "type": None,
            "active": True,
            "eventType": None,
            "enabledTopics": [],
            "audienceKeys": [],
            "loyaltyTierKeys": [],
            "daysOfWeek": [],
            "locationCodes": [],
            "pointsMonthlyLimitPerMember": None,
            "allowPartialApplicationOnLimit": False,
            "smartRewards": {},
            "tags": [],
            "customAttributes": {},
            "validFrom": None,
            "validTo": None,
            "minSpendValue": None,
        }
        assert club.get("/campaigns/1").json() == {"campaign": made}

    def test_all_that_can_be_said_comes_back_and_stays(self, club: Club) -> None:
        club.know(audiences=["vips"], tiers=["mate"], locations=["pier-3"], event_types=["app-review"])
        made = club.made("/campaigns", **FULL)
        assert without_times(made) == {**FULL, "campaignId": 1, "organizationId": club.id}
        changed = club.put("/campaigns/1", json=NEW).json()["campaign"]
        assert without_times(changed) == without_times(made)
        changed = club.put("/campaigns/1", json={**NEW, "code": "other", "tags": [], "smartRewards": {}}).json()[
            "campaign"
        ]
        assert without_times(changed) == {**without_times(made), "code": "other", "tags": [], "smartRewards": {}}

    def test_null_takes_away(self, club: Club) -> None:
        ana = club.member()
        gone = dict.fromkeys(
            (
                "loyaltyProgramId",
                "description",
                "pictureUrl",
                "type",
                "pointsMonthlyLimitPerMember",
                "eventType",
                "minSpendValue",
                "validFrom",
                "validTo",
            )
        )
        made = club.made(
            "/campaigns",
            **{
                **FULL,
                "active": True,
                "audienceKeys": [],
                "daysOfWeek": [],
                "locationCodes": [],
                "loyaltyTierKeys": [],
                "enabledTopics": ["member-updated"],
                "smartRewards": {"fixedPoints": 3},
                "validTo": "2026-01-02T00:00:00.000Z",
            },
        )
        assert None not in [made[name] for name in gone]
        touch(club, ana)
        assert club.points(ana["walletId"])[0] == 0
        changed = club.put("/campaigns/1", json={**NEW, **gone}).json()["campaign"]
        assert without_times(changed) == {**without_times(made), **gone}
        assert club.get("/campaigns/1").json()["campaign"] == changed
        touch(club, ana)
        assert club.points(ana["walletId"])[0] == 3
        club.member("ben")
        club.advance(0)
        assert [row["effects"] for row in club.get("/members/2/events?eventType=member-created").json()["results"]] == [
            []
        ]
        assert club.made("/campaigns", name="n", code="other", **gone).items() >= gone.items()

    def test_a_taken_code_and_references_to_nothing_are_refused(self, club: Club, other_club: Club) -> None:
        club.made("/campaigns", **NEW)
        second = club.made("/campaigns", name="x", code="second")
        assert refusal(club.post("/campaigns", json=NEW)) == (409, "/code: Another campaign has the code double.")
        assert refusal(club.put(f"/campaigns/{second['campaignId']}", json=NEW)) == (
            409,
            "/code: Another campaign has the code double.",
        )
        other_club.made("/campaigns", **NEW)
        for wrong in (
            {"loyaltyProgramId": 99},
            {"smartRewards": {"ledgerId": 99}},
            {"smartRewards": {"ledgerAccountId": 99}},
        ):
            assert refusal(club.post("/campaigns", json={**NEW, "code": "w", **wrong}))[0] == 404, wrong
        at = "2026-01-01T00:00:00Z"
        assert coded(club.post("/campaigns", json={**NEW, "code": "w", "validFrom": at, "validTo": at})) == (
            400,
            "VALIDITY_INVALID",
        )
        assert coded(club.post("/campaigns", json={**NEW, "code": "w", "minSpendValue": 0.00001})) == (
            400,
            "AMOUNT_TOO_FINE",
        )
        assert refusal(other_club.get("/campaigns/2")) == (404, "There is no campaign 2.")
        assert refusal(other_club.put("/campaigns/2", json=NEW)) == (404, "There is no campaign 2.")
        assert club.get("/campaigns").json()["totalCount"] == 2

    def test_a_wrong_or_missing_member_is_named(self, club: Club) -> None:
        long = ["x"] * 51
        wrong: dict[str, list[Any]] = {
            "name": [None, "", "x" * 256, 5],
            "code": [None, "", "x" * 256],
            "description": ["x" * 4097],
            "pictureUrl": ["x" * 2049],
            "type": ["", 5],
            "active": ["yes"],
            "eventType": [""],
            "enabledTopics": [long, [""], "a"],
            "audienceKeys": [long],
            "loyaltyTierKeys": [long],
            "daysOfWeek": [["Monday"], ["someday"]],
            "locationCodes": [[""]],
            "pointsMonthlyLimitPerMember": [-1, 1.5, 18446744073710],
            "allowPartialApplicationOnLimit": [1],
            "tags": [[""]],
            "customAttributes": [[]],
            "minSpendValue": [-1, "5"],
            "smartRewards": [[], {"fixedPoints": -1}, {"fixedPoints": 1.5}, {"unknown": 1}, {"multiplier": "2"}],
            "validFrom": ["soon"],
            "validTo": ["later"],
        }
        for name, values in wrong.items():
            for value in values:
                assert_wrong(club.post("/campaigns", json={**NEW, name: value}), name)
        assert club.get("/campaigns").json()["totalCount"] == 0

    def test_each_filter_leaves_out_what_does_not_match(self, club: Club) -> None:
        other = new_program(club)["loyaltyProgramId"]
        club.made("/campaigns", name="c", code="one", type="a", tags=["x", "y"])
        club.made("/campaigns", name="b", code="two", type="b", tags=["y"], loyaltyProgramId=PROGRAM)
        club.made("/campaigns", name="a", code="three", tags=[], loyaltyProgramId=other)

        def codes(**params: Any) -> list[str]:
            return [row["code"] for row in club.get("/campaigns", params=params).json()["results"]]

        assert codes() == ["one", "two", "three"]
        assert codes(loyaltyProgramId=other) == ["three"]
        assert codes(type="a") == ["one"]
        assert codes(tags="y") == ["one", "two"]
        assert codes(tags="x,z") == ["one"]
        assert codes(tags="z") == []
        assert codes(codes="three,one,zero") == ["one", "three"]
        assert codes(codes="three", type="a") == []
        assert codes(order="name") == ["three", "two", "one"]
        assert codes(order="type") == ["one", "two", "three"]
        assert codes(order="code,desc") == ["two", "three", "one"]
        assert (
            codes(order="createdAt,desc")
            == codes(order="updatedAt,desc")
            == codes(order="id,desc")
            == ["three", "two", "one"]
        )
        assert codes(order="validFrom") == codes(order="validTo,asc") == ["one", "two", "three"]
        assert codes(limit=1, page=1) == ["two"]
        assert codes(page=9) == []
        assert coded(club.get("/campaigns", params={"order": "smartRewards"})) == (400, "VALIDATION_FAILED")
        club.put("/campaigns/1", json={"name": "c", "code": "one", "tags": ["z"]})
        assert (codes(tags="z"), codes(tags="x")) == (["one"], [])


class TestActions:
    def test_what_is_left_out_has_its_default(self, club: Club) -> None:
        of = campaign(club)
        answer = club.post(f"/campaigns/{of['campaignId']}/actions", json=ACTION)
        assert answer.status_code == 201
        made = answer.json()["action"]
        assert without_times(made) == {
            **ACTION,
            "actionId": 1,
            "campaignId": of["campaignId"],
            "organizationId": club.id,
            "rules": {},
            "abortEvaluationIfFalse": False,
            "abortEvaluationOnError": False,
            "actionIndex": 0,
        }
        assert club.get(f"/campaigns/{of['campaignId']}/actions/1").json() == {"action": made}
        assert club.made(f"/campaigns/{of['campaignId']}/actions", **{**ACTION, "actionIndex": 7})["actionIndex"] == 7
        assert club.made(f"/campaigns/{of['campaignId']}/actions", **ACTION)["actionIndex"] == 8

    def test_all_that_can_be_said_comes_back_and_stays(self, club: Club) -> None:
        of = campaign(club)
        said = {
            "name": "All",
            "status": "running",
            "actionIndex": 3,
            "abortEvaluationIfFalse": True,
            "abortEvaluationOnError": True,
            "rules": {"expression": "order.total > 5"},
            "effects": {
                "items": [
                    mint(expression("order.total"), ledgerId=LEDGER, tags=["a"]),
                    effect("track-event", eventType="member-generic-event"),
                ]
            },
        }
        made = club.made(f"/campaigns/{of['campaignId']}/actions", **said)
        assert said.items() <= made.items()
        path = f"/campaigns/{of['campaignId']}/actions/{made['actionId']}"
        changed = club.put(path, json={**ACTION, "effects": said["effects"]}).json()["action"]
        assert without_times(changed) == {**without_times(made), "name": "Step", "status": "draft"}

    def test_refused_rules_and_effects(self, club: Club) -> None:
        of = campaign(club)
        path = f"/campaigns/{of['campaignId']}/actions"
        cases: list[tuple[dict[str, Any], str]] = [
            ({"rules": {"expression": "order.total >"}}, "line 1"),
            (
                {"effects": {"items": [effect("launch-rocket")]}},
                "there is no effect launch-rocket, but assign-coupon, burn-points, ",
            ),
            ({"rules": {"expression": "flor(1.5)"}}, "there is no function flor, but "),
            ({"effects": {"items": [effect("mint-badge"), effect("mint-points")]}}, "effects/items/0"),
            ({"effects": {"items": [mint(-1)]}}, "effects/items/0/parameters/amount"),
            ({"effects": {"items": [mint(1.5)]}}, "amount"),
            ({"effects": {"items": [mint("5")]}}, "amount"),
            ({"effects": {"items": [mint(1, unknown=2)]}}, "unknown"),
            ({"effects": {"items": [mint(expression("1 +"))]}}, "line 1"),
            ({"effects": {"items": [mint({"expression": "1", "more": 2})]}}, "amount"),
        ]
        for wrong, expected in cases:
            status, message = refusal(club.post(path, json={**ACTION, **wrong}))
            assert (status, expected in message) == (400, True), (wrong, message)
        assert club.get(path).json()["totalCount"] == 0

    def test_whole_doubles_are_integers_where_the_catalogue_says_integer(self, club: Club) -> None:
        of = campaign(club, "member-generic-event")
        made = club.made(
            f"/campaigns/{of['campaignId']}/actions",
            **{**ACTION, "effects": {"items": [mint(7.0), mint(expression("7.0"))]}, "status": "running"},
        )
        assert json.dumps(made["effects"]["items"][0]["parameters"]) == '{"amount": 7}'
        effects = tracked(club, club.member())
        assert [json.dumps(one["data"]["amount"]) for one in effects] == ["7", "7"]

    def test_what_effects_name_has_to_be_there(self, club: Club, other_club: Club) -> None:
        of = campaign(club)
        path = f"/campaigns/{of['campaignId']}/actions"
        event_type(other_club, "theirs-only")
        for wrong in (
            effect("assign-coupon", couponBookId=99),
            effect("increment-mission", missionId=99),
            effect("mint-badge", badgeKey="x"),
            mint(1, ledgerId=99),
            effect("burn-points", amount=1, ledgerAccountId=99),
            effect("track-event", eventType="theirs-only"),
            effect("set-tier", loyaltyProgramId=PROGRAM, loyaltyTierId=99),
            effect("set-tier", loyaltyProgramId=99, loyaltyTierId=1),
        ):
            assert refusal(club.post(path, json={**ACTION, "effects": {"items": [wrong]}}))[0] == 404, wrong
        for right in (
            effect("assign-coupon", couponBookId=expression("99")),
            effect("track-event", eventType="member-generic-event"),
        ):
            assert club.post(path, json={**ACTION, "effects": {"items": [right]}}).status_code == 201

    def test_a_wrong_or_missing_member_is_named(self, club: Club) -> None:
        of = campaign(club)
        wrong: dict[str, list[Any]] = {
            "name": [None, "", "x" * 256],
            "status": [None, "on"],
            "actionIndex": [-1, 1.5, 2**31],
            "abortEvaluationIfFalse": [0],
            "abortEvaluationOnError": ["no"],
            "rules": [[], {"expression": ""}, {"text": "true"}],
            "effects": [None, [], {}, {"items": [{}]}, {"items": [mint(1)] * 21}, {"items": [], "more": 1}],
        }
        for name, values in wrong.items():
            for value in values:
                assert_wrong(club.post(f"/campaigns/{of['campaignId']}/actions", json={**ACTION, name: value}), name)

    def test_of_their_campaign_only(self, club: Club, other_club: Club) -> None:
        first, second = campaign(club), campaign(club)
        made = action(club, first)
        wrong = f"/campaigns/{second['campaignId']}/actions/{made['actionId']}"
        expected = (404, f"The campaign {second['campaignId']} has no action {made['actionId']}.")
        assert refusal(club.get(wrong)) == refusal(club.put(wrong, json=ACTION)) == expected
        for path in ("/campaigns/99/actions", "/campaigns/99/actions/1"):
            assert refusal(club.get(path)) == (404, "There is no campaign 99.")
        assert refusal(club.post("/campaigns/99/actions", json=ACTION)) == (404, "There is no campaign 99.")
        assert refusal(other_club.get(f"/campaigns/{first['campaignId']}/actions"))[0] == 404

    def test_filter_and_orders(self, club: Club) -> None:
        of = campaign(club)
        for name, status, index in (("b", "draft", 5), ("c", "running", 1), ("a", "disabled", 3)):
            club.made(
                f"/campaigns/{of['campaignId']}/actions",
                **{**ACTION, "name": name, "status": status, "actionIndex": index},
            )

        def names(**params: Any) -> str:
            rows = club.get(f"/campaigns/{of['campaignId']}/actions", params=params).json()["results"]
            return "".join(row["name"] for row in rows)

        assert names() == "bca"
        assert names(order="actionIndex") == "cab"
        assert names(order="name,desc") == "cba"
        assert names(order="createdAt") == names(order="updatedAt") == "bca"
        assert (names(status="running"), names(status="draft"), names(status="disabled")) == ("c", "b", "a")
        assert names(limit=2, page=1) == "a"
        assert coded(club.get(f"/campaigns/{of['campaignId']}/actions", params={"order": "rules"})) == (
            400,
            "VALIDATION_FAILED",
        )


class TestCatalogue:
    def test_all_effects_with_schemas_that_hold_examples(self, club: Club) -> None:
        page = club.get("/rules/effects").json()
        assert [row["effectId"] for row in page["results"]] == sorted(row["effectId"] for row in page["results"])
        assert (page["totalCount"], len(page["results"])) == (8, 8)
        examples = {
            "assign-coupon": {"couponBookId": 1},
            "burn-points": {"amount": 1},
            "increment-mission": {"missionId": 1},
            "mint-badge": {"badgeKey": "x"},
            "mint-points": {"amount": {"expression": "1"}},
            "set-member-attribute": {"name": "x", "value": None},
            "set-tier": {"loyaltyProgramId": 1, "loyaltyTierId": 1},
            "track-event": {"eventType": "app-review"},
        }
        for row in page["results"]:
            checker = jsonschema_rs.validator_for(row["parametersSchema"])
            assert checker.is_valid(examples[row["effectId"]]), row
            assert not checker.is_valid({})
            assert not checker.is_valid({**examples[row["effectId"]], "unknown": 1})
            assert club.get(f"/rules/effects/{row['effectId']}").json() == {"effect": row}

    def test_pages_orders_and_unknown_ones(self, club: Club) -> None:
        def found(**params: Any) -> list[str]:
            return [row["effectId"] for row in club.get("/rules/effects", params=params).json()["results"]]

        assert found(order="effectId,desc", limit=2) == ["track-event", "set-tier"]
        assert found(order="name", limit=1, page=7) == ["track-event"]
        assert found(order="id", limit=1) == ["assign-coupon"]
        assert found(page=1) == []
        assert coded(club.get("/rules/effects", params={"order": "x"})) == (400, "VALIDATION_FAILED")
        assert refusal(club.get("/rules/effects/launch-rocket")) == (404, "There is no effect launch-rocket.")
