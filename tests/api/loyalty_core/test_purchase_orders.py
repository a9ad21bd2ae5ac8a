"""Purchase orders: upserts, statuses, points taken back, imports."""

from typing import Any

import pytest

from models.kernel.clock import DAY_MS
from models.loyalty_core.orders import orders
from models.loyalty_core.problems import MemberNotActive
from models.uow import UnitOfWork
from tests.api.loyalty_core.conftest import ACCOUNT, LEDGER, PROGRAM, Club, assert_wrong, coded, refusal
from tests.api.loyalty_core.engine import (
    CONFIRMED,
    ORDER,
    action,
    balance,
    bought,
    buy,
    campaign,
    effect,
    event_type,
    ids,
    log,
    mint,
)
from tests.api.loyalty_core.test_programs import new_program
from tests.support.refusals import assert_refused

STATUSES = ["created", "confirmed", "cancelled", "returned", "partially-returned"]
FOLLOWING = {
    "created": {"confirmed", "cancelled"},
    "confirmed": {"cancelled", "returned", "partially-returned"},
    "partially-returned": {"partially-returned", "returned"},
    "cancelled": set[str](),
    "returned": set[str](),
}


class TestUpsert:
    def test_a_new_one(self, club: Club) -> None:
        member = club.member()
        item = {"sku": "BEANS", "quantity": 2, "price": 6.25, "colour": {"any": [1, None]}}
        said = {
            "externalId": "r-1",
            "externalEventDate": "2026-01-15T11:55:00+01:00",
            "description": "At the counter",
            "loyaltyProgramId": PROGRAM,
            "type": "counter",
            "status": "created",
            "total": 12.5,
            "discountedTotal": 11.25,
            "items": [item],
            "tags": ["a", "é"],
            "customAttributes": {"till": 3},
        }
        answer = club.post(f"/members/{member['memberId']}/purchase-orders", json=said)
        assert answer.status_code == 201
        order, results = answer.json()["order"], answer.json()["evaluationResults"]
        assert {name: order[name] for name in order if not name.endswith("edAt")} == {
            **said,
            "externalEventDate": "2026-01-15T10:55:00.000Z",
            "orderId": 1,
            "organizationId": club.id,
            "memberId": member["memberId"],
        }
        assert results == {
            "eventId": results["eventId"],
            "eventType": ORDER + "created",
            "status": "success",
            "error": None,
            "effects": [],
            "ruleErrors": [],
        }
        assert club.get(f"/members/{member['memberId']}/purchase-orders/1").json() == {"order": order}
        [row] = log(club, member, eventType=ORDER + "created")
        assert (row["eventId"], row["data"], row["externalId"], row["tags"]) == (
            results["eventId"],
            {"order": order},
            "r-1",
            ["a", "é"],
        )

    def test_the_same_again_changes_details_and_happens_no_more(self, club: Club) -> None:
        member = club.member()
        campaign(club, CONFIRMED, smartRewards={"fixedPoints": 5})
        first = bought(club, member, 10, key="r-1", tags=["a"], description="First")
        again = buy(club, member, 11, key="r-1")
        assert again.status_code == 200
        assert again.json()["evaluationResults"] is None
        assert (again.json()["order"]["orderId"], again.json()["order"]["total"]) == (first["order"]["orderId"], 11)
        assert (again.json()["order"]["tags"], again.json()["order"]["description"]) == (["a"], "First")
        assert balance(club, member) == 5
        assert club.get(f"/members/{member['memberId']}/purchase-orders").json()["totalCount"] == 1

    @pytest.mark.parametrize("before", STATUSES)
    def test_what_a_status_can_become(self, club: Club, before: str) -> None:
        member = club.member()
        for after in STATUSES:
            key = f"{before}-{after}"
            bought(club, member, 10, before, key=key)
            answer = buy(club, member, 9, after, key=key)
            if after in FOLLOWING[before]:
                assert answer.status_code == 200
                assert answer.json()["evaluationResults"]["eventType"] == ORDER + after
            elif after == before:
                assert answer.json()["evaluationResults"] is None
            else:
                assert refusal(answer) == (
                    409,
                    f"/status: The purchase order {key} is {before}, which cannot become {after}.",
                )

    def test_an_order_of_another_member_or_of_nobody_and_impossible_money_are_refused(
        self, club: Club, other_club: Club
    ) -> None:
        member, ben = club.member(), club.member("ben")
        bought(club, member, key="mine")
        assert refusal(buy(club, ben, key="mine")) == (409, "/externalId: The purchase order mine is another member's.")
        assert refusal(buy(club, {"memberId": 99})) == (404, "There is no member 99.")
        assert refusal(buy(club, member, loyaltyProgramId=99))[0] == 404
        assert refusal(buy(club, member, 10, discountedTotal=10.5)) == (
            400,
            "/discountedTotal: discountedTotal (10.5) must be at most the total.",
        )
        assert coded(buy(club, member, 0.00001)) == (400, "AMOUNT_TOO_FINE")
        assert refusal(club.get(f"/members/{ben['memberId']}/purchase-orders/1")) == (
            404,
            f"The member {ben['memberId']} has no purchase order 1.",
        )
        club.patch(f"/members/{ben['memberId']}", json={"active": False})
        assert refusal(buy(club, ben)) == (409, f"The member {ben['memberId']} is not active.")
        assert club.get(f"/members/{member['memberId']}/purchase-orders").json()["totalCount"] == 1
        bought(other_club, other_club.member(), key="mine")

    def test_a_wrong_or_missing_member_is_named(self, club: Club) -> None:
        member = club.member()
        wrong: dict[str, list[Any]] = {
            "externalId": [None, "", "x" * 256, 5],
            "type": [None, "", "x" * 256],
            "total": [None, -1, "1", 100_000_000_000],
            "discountedTotal": [-1, "1"],
            "status": [None, "paid"],
            "items": [{}, [5], [{"name": "no sku"}], [{"sku": "a", "quantity": -1}]],
            "tags": ["a", [""], ["x" * 256]],
            "customAttributes": [[]],
            "externalEventDate": ["yesterday"],
            "description": ["x" * 4097],
        }
        good = {"externalId": "r", "type": "t", "total": 1, "status": "created"}
        for name, values in wrong.items():
            for value in values:
                answer = club.post(f"/members/{member['memberId']}/purchase-orders", json={**good, name: value})
                assert_wrong(answer, name)
        for missing in good:
            body = {name: value for name, value in good.items() if name != missing}
            assert_wrong(club.post(f"/members/{member['memberId']}/purchase-orders", json=body), missing)
        assert club.get(f"/members/{member['memberId']}/purchase-orders").json()["totalCount"] == 0

    def test_exact_money(self, club: Club) -> None:
        member = club.member()
        for total in (0, 0.1, 0.0001, 12.3456, 99_999_999_999, 99_999_999_998.9999):
            assert bought(club, member, total)["order"]["total"] == total

    def test_a_page_holds_as_many_orders_as_asked_for_in_the_order_asked_for(self, club: Club) -> None:
        member = club.member()
        for number in range(5):
            bought(club, member, key=f"r-{number}")
        path = f"/members/{member['memberId']}/purchase-orders"
        page = club.get(path, params={"limit": 2, "page": 2}).json()
        assert (page["totalCount"], [row["externalId"] for row in page["results"]]) == (5, ["r-4"])
        assert [row["orderId"] for row in club.get(path, params={"order": "orderId,desc"}).json()["results"]] == [
            5,
            4,
            3,
            2,
            1,
        ]
        assert club.get(path, params={"page": 3, "limit": 2}).json()["results"] == []
        assert coded(club.get(path, params={"order": "total"})) == (400, "VALIDATION_FAILED")


class TestTakingBack:
    @pytest.mark.parametrize("status", ["cancelled", "returned"])
    def test_all_that_the_order_brought(self, club: Club, status: str) -> None:
        member = club.member(points=100)
        of = campaign(club, CONFIRMED, smartRewards={"pointsPerCurrencyUnit": 10})
        action(club, of, mint(7))
        bought(club, member, 20, key="r")
        assert balance(club, member) == 307
        effects = bought(club, member, 20, status, key="r")["evaluationResults"]["effects"]
        assert balance(club, member) == 100
        assert [(one["effectId"], one["source"], one["data"]["amount"]) for one in effects] == [
            ("burn-points", "purchase-order", 200),
            ("burn-points", "purchase-order", 7),
        ]

    def test_in_proportion_and_never_twice(self, club: Club) -> None:
        member = club.member()
        campaign(club, CONFIRMED, smartRewards={"pointsPerCurrencyUnit": 1})
        bought(club, member, 100, key="r")
        for left, expected in ((75, 75), (75, 75), (33.3, 34), (50, 34), (0, 0)):
            bought(club, member, left, "partially-returned", key="r")
            assert balance(club, member) == expected, left
        assert bought(club, member, 0, "returned", key="r")["evaluationResults"]["effects"] == []

    def test_what_counts_is_what_was_paid(self, club: Club) -> None:
        member = club.member()
        campaign(club, CONFIRMED, smartRewards={"pointsPerCurrencyUnit": 1})
        bought(club, member, 100, discountedTotal=80, key="r")
        bought(club, member, 100, "partially-returned", discountedTotal=40, key="r")
        assert balance(club, member) == 40

    def test_spent_points_stay_spent(self, club: Club) -> None:
        member = club.member()
        campaign(club, CONFIRMED, smartRewards={"pointsPerCurrencyUnit": 1})
        bought(club, member, 100, key="r")
        assert club.post(f"/ledgers/{LEDGER}/wallets/{member['walletId']}/burn", json={"amount": 70}).status_code == 200
        [taken] = bought(club, member, 100, "cancelled", key="r")["evaluationResults"]["effects"]
        assert taken["data"]["amount"] == 30
        assert balance(club, member) == 0

    def test_what_created_and_confirmed_brought_together(self, club: Club) -> None:
        member = club.member()
        campaign(club, ORDER + "created", smartRewards={"fixedPoints": 3})
        campaign(club, CONFIRMED, smartRewards={"fixedPoints": 4})
        bought(club, member, 10, "created", key="r")
        bought(club, member, 10, "confirmed", key="r")
        assert balance(club, member) == 7
        bought(club, member, 10, "cancelled", key="r")
        assert balance(club, member) == 0

    def test_each_in_proportion_to_what_the_order_came_to_then(self, club: Club) -> None:
        member = club.member()
        campaign(club, ORDER + "created", smartRewards={"pointsPerCurrencyUnit": 1})
        bought(club, member, 100, "created", key="r")
        bought(club, member, 10, "confirmed", key="r")
        assert balance(club, member) == 10
        bought(club, member, 10, "partially-returned", key="r")
        assert balance(club, member) == 10
        bought(club, member, 5, "partially-returned", key="r")
        assert balance(club, member) == 5

    def test_what_was_reverted_in_the_ledger_is_not_taken_again(self, club: Club) -> None:
        member = club.member(points=200)
        campaign(club, CONFIRMED, smartRewards={"fixedPoints": 100})
        bought(club, member, key="r")
        answer = club.post(f"/ledgers/{LEDGER}/accounts/{ACCOUNT}/transactions/revert", json={"externalId": "r"})
        assert answer.status_code == 200
        assert bought(club, member, status="cancelled", key="r")["evaluationResults"]["effects"] == []
        assert balance(club, member) == 200

    def test_what_has_expired_is_not_taken_from_other_points(self, club: Club) -> None:
        member = club.member()
        stamps = club.made(
            f"/ledgers/{LEDGER}/accounts",
            name="Stamps",
            active=True,
            isCurrency=False,
            decimals=0,
            isRevolving=False,
            pointTrackingEnabled=True,
            syncAlgorand=False,
            expiresInMonths=1,
        )["ledgerAccountId"]
        campaign(club, CONFIRMED, smartRewards={"fixedPoints": 5, "ledgerAccountId": stamps})
        bought(club, member, key="r")
        bought(club, member, key="kept")
        club.post(f"/ledgers/{LEDGER}/accounts/{stamps}/wallets/{member['walletId']}/burn", json={"amount": 3})
        club.advance(10 * DAY_MS)
        club.post(f"/ledgers/{LEDGER}/accounts/{stamps}/wallets/{member['walletId']}/mint", json={"amount": 50})
        [taken] = bought(club, member, status="returned", key="r")["evaluationResults"]["effects"]
        assert taken["data"]["amount"] == 2, "three of its five were spent"
        assert club.points(member["walletId"], stamps)[0] == 55
        club.advance(25 * DAY_MS)  # more than a month after the orders, and less than any after the mint
        assert club.points(member["walletId"], stamps)[0] == 50
        assert bought(club, member, status="returned", key="kept")["evaluationResults"]["effects"] == []
        assert club.points(member["walletId"], stamps)[0] == 50

    def test_what_events_that_it_led_to_have_brought_goes_too(self, club: Club) -> None:
        member, code = club.member(), event_type(club, "bonus")
        action(club, campaign(club, CONFIRMED), effect("track-event", eventType=code))
        campaign(club, code, smartRewards={"fixedPoints": 50})
        bought(club, member, key="r")
        assert balance(club, member) == 50
        caused = log(club, member, eventType="member-generic-event")[0]
        assert caused["causes"] == ["purchase-order/1", caused["causes"][1]]
        bought(club, member, status="cancelled", key="r")
        assert balance(club, member) == 0

    def test_the_limit_of_the_month_gets_it_back(self, club: Club) -> None:
        member = club.member()
        campaign(club, CONFIRMED, smartRewards={"fixedPoints": 60}, pointsMonthlyLimitPerMember=100)
        bought(club, member, key="r")
        bought(club, member, status="cancelled", key="r")
        bought(club, member)
        assert balance(club, member) == 60

    def test_it_gets_back_what_was_reverted_in_the_ledger_too(self, club: Club) -> None:
        member = club.member()
        campaign(club, CONFIRMED, smartRewards={"fixedPoints": 5}, pointsMonthlyLimitPerMember=5)
        bought(club, member, 10, key="r")
        reverted = club.post(f"/ledgers/{LEDGER}/accounts/{ACCOUNT}/transactions/revert", json={"externalId": "r"})
        assert (reverted.status_code, balance(club, member)) == (200, 0)
        bought(club, member, 10)
        assert balance(club, member) == 0
        for _ in range(2):
            bought(club, member, 10, "cancelled", key="r")
        bought(club, member, 10)
        bought(club, member, 10)
        assert balance(club, member) == 5

    def test_the_month_that_gets_it_back_is_that_of_the_order(self, club: Club) -> None:
        member, then = club.member(), {"externalEventDate": "2020-01-15T12:00:00Z"}
        campaign(club, CONFIRMED, smartRewards={"fixedPoints": 60}, pointsMonthlyLimitPerMember=100)
        bought(club, member, key="then", **then)
        bought(club, member, key="now")
        bought(club, member, status="cancelled", key="then")
        assert balance(club, member) == 60
        bought(club, member)  # this month has 40 points left, and gives none
        assert balance(club, member) == 60
        bought(club, member, **then)
        assert balance(club, member) == 120

    def test_the_same_partial_return_again_is_no_event(self, club: Club) -> None:
        member = club.member()
        campaign(club, ORDER + "partially-returned", smartRewards={"fixedPoints": 7})
        bought(club, member, 100, key="r")
        assert bought(club, member, 60, "partially-returned", key="r")["evaluationResults"] is not None
        assert bought(club, member, 60, "partially-returned", key="r")["evaluationResults"] is None
        assert balance(club, member) == 7
        assert bought(club, member, 50, "partially-returned", key="r")["evaluationResults"] is not None
        assert balance(club, member) == 13, (
            "of the first 7 points 2 are gone: they were given for 60, of which 50 are kept"
        )

    def test_orders_of_members_who_left_can_be_undone(self, club: Club) -> None:
        member = club.member()
        campaign(club, CONFIRMED, smartRewards={"fixedPoints": 5})
        bought(club, member, key="r")
        bought(club, member, key="other", status="created")
        club.patch(f"/members/{member['memberId']}", json={"active": False})
        assert coded(buy(club, member, key="other")) == (409, "MEMBER_NOT_ACTIVE")
        assert coded(buy(club, member, key="new", status="returned")) == (409, "MEMBER_NOT_ACTIVE")
        bought(club, member, status="returned", key="r")
        assert balance(club, member) == 0

    def test_an_order_of_another_program_is_not_for_a_campaign(self, club: Club) -> None:
        member, other = club.member(), new_program(club)["loyaltyProgramId"]
        campaign(club, CONFIRMED, smartRewards={"fixedPoints": 5})
        bought(club, member, loyaltyProgramId=other)
        assert balance(club, member) == 0
        bought(club, member, loyaltyProgramId=PROGRAM)
        assert balance(club, member) == 5

    def test_other_orders_keep_theirs(self, club: Club) -> None:
        member = club.member()
        campaign(club, CONFIRMED, smartRewards={"fixedPoints": 5})
        bought(club, member, key="one")
        bought(club, member, key="two")
        bought(club, member, status="returned", key="one")
        assert balance(club, member) == 5

    def test_an_order_that_comes_returned_takes_nothing(self, club: Club) -> None:
        member = club.member(points=5)
        assert bought(club, member, 10, "returned")["evaluationResults"]["effects"] == []
        assert balance(club, member) == 5

    def test_points_are_taken_back_even_when_the_effects_of_the_return_fail(self, club: Club) -> None:
        member = club.member()
        campaign(club, CONFIRMED, smartRewards={"fixedPoints": 5})
        action(club, campaign(club, ORDER + "returned"), effect("burn-points", amount=1))
        bought(club, member, key="r")
        results = bought(club, member, status="returned", key="r")["evaluationResults"]
        assert (results["status"], ids(results["effects"])) == ("failed", ["burn-points"])
        assert results["effects"][0]["source"] == "purchase-order"
        assert balance(club, member) == 0


class TestImport:
    def test_one_bad_order_does_not_stop_the_rest(self, club: Club) -> None:
        ana, ben = club.member("ana"), club.member("ben")
        campaign(club, CONFIRMED, smartRewards={"fixedPoints": 5})
        bought(club, ana, key="taken")
        common = {"type": "import", "total": 1, "status": "confirmed"}
        answer = club.post(
            "/purchase-orders/import",
            json={
                "orders": [
                    {**common, "externalId": "a", "loyaltyMemberId": "ana"},
                    {**common, "externalId": "b", "loyaltyMemberId": "nobody"},
                    {**common, "externalId": "taken", "loyaltyMemberId": "ben"},
                    {**common, "externalId": "c", "loyaltyMemberId": "ben"},
                    {**common, "externalId": "a", "loyaltyMemberId": "ana", "status": "cancelled"},
                ]
            },
        )
        assert answer.status_code == 200
        results = answer.json()["results"]
        assert [(row["externalId"], row["loyaltyMemberId"], row["success"], row["error"]) for row in results] == [
            ("a", "ana", True, None),
            ("b", "nobody", False, "/loyaltyMemberId: There is no member nobody."),
            ("taken", "ben", False, "/externalId: The purchase order taken is another member's."),
            ("c", "ben", True, None),
            ("a", "ana", True, None),
        ]
        assert [None if row["order"] is None else row["order"]["status"] for row in results] == [
            "confirmed",
            None,
            None,
            "confirmed",
            "cancelled",
        ]
        assert results[0]["evaluationResults"]["effects"][0]["data"]["amount"] == 5
        assert results[1]["evaluationResults"] is None
        assert (balance(club, ana), balance(club, ben)) == (5, 5)

    def test_none_and_too_many(self, club: Club) -> None:
        assert club.post("/purchase-orders/import", json={"orders": []}).json() == {"results": []}
        order = {"externalId": "a", "loyaltyMemberId": "ana", "type": "import", "total": 1, "status": "confirmed"}
        assert_refused(
            club.post("/purchase-orders/import", json={"orders": [order] * 101}),
            400,
            "/orders: must have at most 100 items",
        )
        assert_refused(
            club.post("/purchase-orders/import", json={"orders": [{**order, "total": None}]}),
            400,
            "/orders/0/total: must be a number",
        )


def test_an_imported_order_that_is_refused_late_moves_no_points(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    """The points of the second order are taken back before its event is refused: neither the order nor a point may be
    changed by it.
    """
    member = club.member()
    campaign(club, CONFIRMED, smartRewards={"fixedPoints": 20})
    bought(club, member, key="first")
    bought(club, member, key="second")
    report = orders.report_event

    def refusing(uow: UnitOfWork, event_type: str, topic: str, data: dict[str, Any], *rest: Any) -> Any:
        if data["order"]["externalId"] == "second":
            raise MemberNotActive("Refused after the points were taken back.")
        return report(uow, event_type, topic, data, *rest)

    monkeypatch.setattr(orders, "report_event", refusing)
    common = {"loyaltyMemberId": "ana", "type": "counter", "total": 10, "status": "cancelled"}
    body = {"orders": [{**common, "externalId": "first"}, {**common, "externalId": "second"}]}
    first, second = club.post("/purchase-orders/import", json=body).json()["results"]
    assert (first["success"], second["success"]) == (True, False)
    assert balance(club, member) == 20
    rows = club.get(f"/members/{member['memberId']}/purchase-orders").json()["results"]
    assert {row["externalId"]: row["status"] for row in rows} == {"first": "cancelled", "second": "confirmed"}
    moved = club.get(f"/ledgers/{LEDGER}/accounts/{ACCOUNT}/transactions").json()["results"]
    assert sorted(row["type"] for row in moved) == ["burn", "mint", "mint"]
