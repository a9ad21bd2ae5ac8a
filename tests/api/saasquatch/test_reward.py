"""Rewards: create, list, look-up, debit, cancel; becoming available and expiring by themselves."""

from typing import Any

import pytest

from models.kernel.clock import DAY_MS, MAX_MS
from models.saasquatch.programs import RewardRule
from models.saasquatch.rewards import rewards
from models.saasquatch.tables import Reward, User
from tests.api.saasquatch.conftest import SaasquatchTenant

LARGEST = 2**53 - 1
UNKNOWN = "0" * 24
CREDIT = {"type": "CREDIT", "unit": "CENTS", "assignedCredit": 1000}
PERCENT = {"type": "PCT_DISCOUNT", "discountPercent": 15}
FUEL = {"type": "FUELTANK", "fuelTankCode": "TANK-1", "fuelTankType": "CREDIT", "amount": 500}
GIFT = {"type": "INTEGRATION", "unit": "USD", "valueInCents": 2500, "integrationSettings": {"utid": "U1"}}
EVERY_TYPE = [CREDIT, PERCENT, FUEL, GIFT]
CALLS = [
    ("GET", "/reward?accountId=u", None),
    ("GET", "/reward/{id}", None),
    ("POST", "/reward/{id}/cancel", None),
    ("POST", "/credit/{id}/redeem", {"amount": 1, "unit": "CENTS"}),
    ("POST", "/rewards/account/u/user/u", CREDIT),
]


def post_reward(tenant: SaasquatchTenant, body: Any, user_id: str = "u", account_id: str = "u") -> Any:
    return tenant.post(f"/rewards/account/{account_id}/user/{user_id}", json=body)


def give(tenant: SaasquatchTenant, *, user_id: str = "u", account_id: str = "u", **members: Any) -> dict[str, Any]:
    """Create a reward by the API, CENTS of credit unless said otherwise, and its user when missing."""
    tenant.user(user_id, account_id)
    answer = post_reward(tenant, {**({} if "type" in members else CREDIT), **members}, user_id, account_id)
    assert answer.status_code == 201, answer.text
    return answer.json()


def look(tenant: SaasquatchTenant, reward: dict[str, Any]) -> dict[str, Any]:
    answer = tenant.get(f"/reward/{reward['id']}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def redeem(tenant: SaasquatchTenant, reward: dict[str, Any], amount: Any, unit: str = "CENTS") -> Any:
    return tenant.post(f"/credit/{reward['id']}/redeem", json={"amount": amount, "unit": unit})


def cancel(tenant: SaasquatchTenant, reward: dict[str, Any]) -> Any:
    return tenant.post(f"/reward/{reward['id']}/cancel")


def values(tenant: SaasquatchTenant) -> list[int]:
    """The balances in the balance events, in the order of their versions."""
    changes = [event["data"] for event in tenant.events("user.reward.balance.changed")]
    versions = [data["resourceVersion"] for data in changes]
    assert len(set(versions)) == len(versions)
    return [data["availableValue"] for data in sorted(changes, key=lambda data: data["resourceVersion"])]


def assert_refused(answer: Any, status: int = 400, code: str | None = None) -> None:
    assert answer.status_code == status, answer.text
    if code is not None:
        assert answer.json()["apiErrorCode"] == code


class TestCreate:
    def test_credit_is_available_at_once(self, tenant: SaasquatchTenant) -> None:
        tenant.user("u", "a")
        now_ms = tenant.now_ms
        reward = post_reward(tenant, {**CREDIT, "name": "Sorry", "currency": "USD"}, "u", "a").json()
        assert reward == {
            "id": reward["id"],
            "type": "CREDIT",
            "dateCreated": now_ms,
            "dateGiven": now_ms,
            "dateExpires": None,
            "dateCancelled": None,
            "dateScheduledFor": None,
            "accountId": "a",
            "userId": "u",
            "cancellable": True,
            "rewardSource": "MANUAL",
            "programId": None,
            "programRewardKey": None,
            "globalRewardKey": None,
            "uniqueId": None,
            "referralId": None,
            "unit": "CENTS",
            "name": "Sorry",
            "description": None,
            "currency": "USD",
            "discountPercent": None,
            "assignedCredit": 1000,
            "redeemedCredit": 0,
            "redemptions": [],
            "amount": None,
            "fuelTankCode": None,
            "fueltankType": None,
            "valueInCents": None,
            "integrationId": None,
            "rewardDetails": None,
        }
        assert look(tenant, reward) == reward

    def test_every_type_shows_its_own_members(self, tenant: SaasquatchTenant) -> None:
        percent, fuel = give(tenant, **PERCENT), give(tenant, **FUEL)
        gift = give(tenant, **GIFT, description="Store card")
        assert (percent["unit"], percent["discountPercent"], percent["redemptions"]) == ("%", 15, None)
        assert (fuel["unit"], fuel["amount"]) == ("CENTS", 500)
        assert (fuel["fuelTankCode"], fuel["fueltankType"]) == ("TANK-1", "CREDIT")
        assert (gift["unit"], gift["valueInCents"], gift["description"]) == ("USD", 2500, "Store card")
        assert (gift["integrationId"], gift["rewardDetails"]) == ("manual", {"utid": "U1"})
        assert [look(tenant, reward) for reward in (percent, fuel, gift)] == [percent, fuel, gift]

    def test_a_fuel_tank_percentage_without_unit_is_in_percent(self, tenant: SaasquatchTenant) -> None:
        assert give(tenant, **{**FUEL, "fuelTankType": "PCT_DISCOUNT"})["unit"] == "%"
        assert give(tenant, **FUEL, unit="POINT")["unit"] == "POINT"

    def test_amounts_may_be_digits(self, tenant: SaasquatchTenant) -> None:
        assert give(tenant, **{**FUEL, "amount": "700"})["amount"] == 700
        assert give(tenant, **{**GIFT, "valueInCents": "2500"})["valueInCents"] == 2500

    def test_members_of_other_types_are_ignored(self, tenant: SaasquatchTenant) -> None:
        others = {"assignedCredit": 5, "fuelTankCode": "X", "unit": "CENTS", "description": "Hm", "somethingElse": 1}
        reward = give(tenant, **PERCENT, **others)
        assert (reward["unit"], reward["assignedCredit"], reward["fuelTankCode"]) == ("%", None, None)
        assert reward["description"] is None

    def test_null_members_are_as_if_left_out(self, tenant: SaasquatchTenant) -> None:
        reward = give(tenant, dateExpires=None, dateScheduledFor=None, cancellable=None, name=None)
        assert reward["cancellable"] is True
        assert reward["dateGiven"] == reward["dateCreated"]

    def test_a_repeated_call_gives_another_reward(self, tenant: SaasquatchTenant) -> None:
        first, second = give(tenant), give(tenant)
        assert first["id"] != second["id"]
        assert [reward["id"] for reward in tenant.get("/reward?accountId=u").json()] == [first["id"], second["id"]]

    @pytest.mark.parametrize(
        "members",
        [
            {"name": "ä" * 255, "unit": "日" * 64},
            {"assignedCredit": LARGEST},
            {"dateExpires": MAX_MS},
            {"name": "", "unit": " "},
            {"dateScheduledFor": 0},
            {"dateScheduledFor": MAX_MS - 1, "dateExpires": MAX_MS},
        ],
    )
    def test_the_largest_and_oddest_values_are_kept(self, tenant: SaasquatchTenant, members: dict[str, Any]) -> None:
        reward = give(tenant, **members)
        assert {name: reward[name] for name in members} == members
        assert look(tenant, reward) == reward

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"type": "GOLD"},
            {"type": "CREDIT", "unit": "CENTS"},
            {"type": "CREDIT", "assignedCredit": 5},
            [],
            {**CREDIT, "assignedCredit": 0},
            {**CREDIT, "assignedCredit": LARGEST + 1},
            {**CREDIT, "assignedCredit": "5"},
            {**CREDIT, "assignedCredit": 1.5},
            {**CREDIT, "unit": ""},
            {**CREDIT, "unit": "x" * 65},
            {**CREDIT, "name": "x" * 256},
            {**CREDIT, "currency": "usd"},
            {**CREDIT, "dateExpires": MAX_MS + 1},
            {**CREDIT, "dateExpires": -1},
            {**CREDIT, "cancellable": "yes"},
            {**CREDIT, "unit": None},
            {"type": "PCT_DISCOUNT"},
            {**PERCENT, "discountPercent": 0},
            {**PERCENT, "discountPercent": 101},
            {**FUEL, "amount": "0"},
            {**FUEL, "amount": "12x"},
            {**FUEL, "fuelTankType": "OTHER"},
            {**FUEL, "fuelTankCode": ""},
            {**GIFT, "valueInCents": -1},
            {**GIFT, "description": "x" * 1025},
            {name: value for name, value in GIFT.items() if name != "integrationSettings"},
        ],
    )
    def test_what_breaks_the_rules_of_its_type_is_refused(self, tenant: SaasquatchTenant, body: Any) -> None:
        tenant.user("u")
        assert_refused(post_reward(tenant, body), 400, "VALIDATION_FAILED")
        assert tenant.get("/reward?accountId=u").json() == []

    def test_it_must_not_expire_before_it_becomes_available(self, tenant: SaasquatchTenant) -> None:
        tenant.user("u")
        later = tenant.now_ms + DAY_MS
        for members in (
            {"dateExpires": 0},
            {"dateExpires": tenant.now_ms},
            {"dateScheduledFor": later, "dateExpires": later},
        ):
            assert_refused(post_reward(tenant, {**CREDIT, **members}), 400, "VALIDATION_FAILED")
        assert tenant.get("/reward?accountId=u").json() == []
        assert post_reward(tenant, {**CREDIT, "dateScheduledFor": later, "dateExpires": later + 1}).status_code == 201

    def test_credit_beyond_the_exact_numbers_of_sums_is_refused(self, tenant: SaasquatchTenant) -> None:
        give(tenant, assignedCredit=LARGEST)
        assert_refused(post_reward(tenant, {**CREDIT, "unit": "cents", "assignedCredit": 1}), 400, "VALIDATION_FAILED")
        assert post_reward(tenant, {**CREDIT, "unit": "POINT"}).status_code == 201
        give(tenant, account_id="b", assignedCredit=LARGEST)

    def test_unknown_account_and_user(self, tenant: SaasquatchTenant) -> None:
        tenant.user("u", "a")
        answer = post_reward(tenant, CREDIT, "u", "b")
        assert (answer.status_code, answer.json()["rsCode"]) == (404, "RS041")
        answer = post_reward(tenant, CREDIT, "v", "a")
        assert (answer.status_code, answer.json()["rsCode"]) == (404, "RS042")


class TestCreateEvents:
    def test_available_credit_has_an_event_of_its_own_and_of_the_balance(self, tenant: SaasquatchTenant) -> None:
        reward = give(tenant, name="Hello")
        left_out = {
            "uniqueId",
            "description",
            "discountPercent",
            "amount",
            "fuelTankCode",
            "fueltankType",
            "valueInCents",
            "integrationId",
            "rewardDetails",
        }
        [created] = tenant.events("reward.created")
        assert created["data"] == {name: value for name, value in reward.items() if name not in left_out}
        [changed] = tenant.events("user.reward.balance.changed")
        assert changed["data"] == {
            "userId": "u",
            "accountId": "u",
            "unit": "CENTS",
            "availableValue": 1000,
            "resourceVersion": changed["data"]["resourceVersion"],
        }
        give(tenant, assignedCredit=5)
        assert values(tenant) == [1000, 1005]

    @pytest.mark.parametrize(
        ("body", "members"),
        [
            (PERCENT, {"discountPercent": 15}),
            (FUEL, {"fuelTankCode": "TANK-1", "fuelTankType": "CREDIT", "amount": 500}),
            (
                GIFT,
                {"valueInCents": 2500, "integrationId": "manual", "rewardDetails": {"utid": "U1"}, "description": None},
            ),
        ],
    )
    def test_events_of_other_types_have_their_members_and_no_balance(
        self, tenant: SaasquatchTenant, body: dict[str, Any], members: dict[str, Any]
    ) -> None:
        give(tenant, **body)
        [event] = tenant.events("reward.created")
        common = {
            "id",
            "type",
            "dateCreated",
            "dateScheduledFor",
            "dateGiven",
            "dateExpires",
            "dateCancelled",
            "accountId",
            "userId",
            "cancellable",
            "rewardSource",
            "programId",
            "programRewardKey",
            "globalRewardKey",
            "referralId",
            "unit",
            "name",
        }
        assert {name: value for name, value in event["data"].items() if name not in common} == members
        assert common <= set(event["data"])
        assert tenant.events("user.reward.balance.changed") == []

    def test_pending_credit_has_no_balance_event(self, tenant: SaasquatchTenant) -> None:
        give(tenant, dateScheduledFor=tenant.now_ms + DAY_MS)
        [created] = tenant.events("reward.created")
        assert created["data"]["dateGiven"] is None
        assert tenant.events("user.reward.balance.changed") == []

    def test_a_refused_reward_has_no_event(self, tenant: SaasquatchTenant) -> None:
        tenant.user("u")
        assert_refused(post_reward(tenant, {**CREDIT, "dateExpires": 1}))
        assert tenant.events("reward.created") == tenant.events("user.reward.balance.changed") == []


class TestTime:
    def test_a_scheduled_reward_becomes_available_when_its_time_comes(self, tenant: SaasquatchTenant) -> None:
        due_ms = tenant.now_ms + DAY_MS
        reward = give(tenant, dateScheduledFor=due_ms)
        assert (reward["dateGiven"], reward["dateScheduledFor"]) == (None, due_ms)
        assert_refused(redeem(tenant, reward, 1), 400, "INVALD_REWARD_REDEMPTION")
        tenant.advance(DAY_MS - 60_000)
        assert look(tenant, reward)["dateGiven"] is None
        assert values(tenant) == []
        tenant.advance(60_000)
        assert look(tenant, reward)["dateGiven"] == due_ms
        assert values(tenant) == [1000]
        assert redeem(tenant, reward, 1000).status_code == 200

    def test_it_counts_as_available_even_before_its_job_has_run(self, tenant: SaasquatchTenant) -> None:
        due_ms = tenant.now_ms + DAY_MS
        reward = give(tenant, dateScheduledFor=due_ms)
        tenant.server.runtime.sandboxes[tenant.tenant.sandbox_id].clock.at_ms += DAY_MS  # nobody runs the job
        assert look(tenant, reward)["dateGiven"] == due_ms
        assert redeem(tenant, reward, 400).json()["creditAvailable"] == 600
        tenant.advance(0)
        assert look(tenant, reward)["dateGiven"] == due_ms
        assert values(tenant)[-1] == 600

    def test_a_schedule_in_the_past_is_available_at_once(self, tenant: SaasquatchTenant) -> None:
        reward = give(tenant, dateScheduledFor=tenant.now_ms - 5)
        assert reward["dateGiven"] == reward["dateCreated"]
        assert values(tenant) == [1000]

    def test_expiry_takes_what_is_left_with_an_event(self, tenant: SaasquatchTenant) -> None:
        give(tenant, assignedCredit=7)
        reward = give(tenant, dateExpires=tenant.now_ms + DAY_MS)
        assert redeem(tenant, reward, 400).status_code == 200
        tenant.advance(DAY_MS)
        assert_refused(redeem(tenant, reward, 1), 400, "INVALD_REWARD_REDEMPTION")
        assert values(tenant) == [7, 1007, 607, 7]

    def test_expiry_of_a_redeemed_reward_has_no_event(self, tenant: SaasquatchTenant) -> None:
        reward = give(tenant, dateExpires=tenant.now_ms + DAY_MS)
        redeem(tenant, reward, 1000)
        tenant.advance(DAY_MS)
        assert values(tenant) == [1000, 0]

    def test_expiry_is_exact(self, tenant: SaasquatchTenant) -> None:
        reward = give(tenant, dateExpires=tenant.now_ms + DAY_MS)
        clock = tenant.server.runtime.sandboxes[tenant.tenant.sandbox_id].clock
        clock.at_ms = reward["dateExpires"] - 1
        assert redeem(tenant, reward, 1).status_code == 200
        clock.at_ms = reward["dateExpires"]
        assert_refused(redeem(tenant, reward, 1), 400, "INVALD_REWARD_REDEMPTION")

    def test_jobs_may_run_twice_and_late(self, tenant: SaasquatchTenant) -> None:
        reward = give(tenant, dateScheduledFor=tenant.now_ms + DAY_MS, dateExpires=tenant.now_ms + 3 * DAY_MS)
        gone = UNKNOWN
        tenant.advance(2 * DAY_MS)
        for _ in range(2):
            unit = tenant.unit()
            with unit.transaction():
                for job in rewards.JOBS.values():
                    job(unit, reward["id"])
                    job(unit, gone)
        assert values(tenant) == [1000]
        tenant.advance(2 * DAY_MS)
        unit = tenant.unit()
        with unit.transaction():
            rewards.reward_expired(unit, reward["id"])
        assert values(tenant) == [1000, 0]

    def test_a_reward_whose_whole_time_passed_unseen_has_no_credit_event(self, tenant: SaasquatchTenant) -> None:
        give(tenant, dateScheduledFor=tenant.now_ms + DAY_MS, dateExpires=tenant.now_ms + 2 * DAY_MS)
        clock = tenant.server.runtime.sandboxes[tenant.tenant.sandbox_id].clock
        clock.at_ms += 3 * DAY_MS
        tenant.advance(0)
        assert [value for value in values(tenant) if value] in ([], [1000])
        assert tenant.get("/reward/balance?accountId=u").json()[0]["totalExpiredCredit"] == 1000

    def test_jobs_of_a_deleted_user_do_nothing(self, tenant: SaasquatchTenant) -> None:
        give(tenant, account_id="a", dateScheduledFor=tenant.now_ms + DAY_MS, dateExpires=tenant.now_ms + 2 * DAY_MS)
        assert tenant.delete("/open/account/a/user/u?preserveEmptyAccount=false").status_code == 204
        tenant.advance(3 * DAY_MS)
        assert values(tenant) == []


class TestList:
    def test_all_states_of_the_whole_account_oldest_first(self, tenant: SaasquatchTenant) -> None:
        made = [
            give(tenant, user_id=name, account_id="a", **members)
            for name, members in [
                ("ana", {}),
                ("ben", PERCENT),
                ("ana", FUEL),
                ("ben", GIFT),
                ("ana", {"dateScheduledFor": MAX_MS}),
            ]
        ]
        cancel(tenant, made[0])
        shown = tenant.get("/reward?accountId=a").json()
        assert [reward["id"] for reward in shown] == [reward["id"] for reward in made]
        assert shown == [look(tenant, reward) for reward in made]

    def test_user_and_type_narrow_the_list(self, tenant: SaasquatchTenant) -> None:
        for name in ("ana", "ben"):
            for body in EVERY_TYPE:
                give(tenant, user_id=name, account_id="a", **body)
        for kind in ("CREDIT", "PCT_DISCOUNT", "FUELTANK"):
            shown = tenant.get(f"/reward?accountId=a&userId=ben&rewardTypeFilter={kind}").json()
            assert [(reward["userId"], reward["type"]) for reward in shown] == [("ben", kind)]
        assert len(tenant.get("/reward?accountId=a&userId=ana").json()) == 4
        assert tenant.get("/reward?accountId=a&userId=nobody").json() == []

    def test_unknown_account_is_an_empty_list(self, tenant: SaasquatchTenant) -> None:
        assert tenant.get("/reward?accountId=nobody").json() == []

    @pytest.mark.parametrize(
        "query",
        ["", "?userId=u", "?accountId=", "?accountId=u&rewardTypeFilter=INTEGRATION", f"?accountId={'x' * 256}"],
    )
    def test_bad_parameters_are_refused(self, tenant: SaasquatchTenant, query: str) -> None:
        assert_refused(tenant.get(f"/reward{query}"))

    @pytest.mark.parametrize("reward_id", [UNKNOWN, "x", "Ä%2F", "z" * 64])
    def test_an_unknown_reward_is_not_found(self, tenant: SaasquatchTenant, reward_id: str) -> None:
        assert_refused(tenant.get(f"/reward/{reward_id}"), 404, "REWARD_NOT_FOUND")


class TestRedeem:
    def test_a_part_then_the_rest(self, tenant: SaasquatchTenant) -> None:
        reward = give(tenant)
        give(tenant, assignedCredit=50)
        at_ms = tenant.now_ms
        assert redeem(tenant, reward, 300).json() == {"creditRedeemed": 300, "creditAvailable": 750, "unit": "CENTS"}
        shown = look(tenant, reward)
        assert shown["redeemedCredit"] == 300
        [redemption] = shown["redemptions"]
        assert redemption == {"id": redemption["id"], "dateRedeemed": at_ms, "quantityRedeemed": 300}
        assert redeem(tenant, reward, 700).json()["creditAvailable"] == 50
        quantities = [redemption["quantityRedeemed"] for redemption in look(tenant, reward)["redemptions"]]
        assert quantities == [300, 700]
        assert values(tenant) == [1000, 1050, 750, 50]
        assert_refused(redeem(tenant, reward, 1), 400, "INVALD_REWARD_REDEMPTION")

    def test_a_repeated_call_spends_again(self, tenant: SaasquatchTenant) -> None:
        reward = give(tenant)
        assert [redeem(tenant, reward, 400).status_code for _ in range(3)] == [200, 200, 400]
        assert look(tenant, reward)["redeemedCredit"] == 800

    def test_what_is_left_counts_the_whole_account_in_that_unit_only(self, tenant: SaasquatchTenant) -> None:
        reward = give(tenant, user_id="ana", account_id="a")
        give(tenant, user_id="ben", account_id="a", assignedCredit=30)
        give(tenant, user_id="ben", account_id="a", unit="POINT")
        give(tenant, user_id="ben", account_id="a", dateScheduledFor=MAX_MS)
        assert redeem(tenant, reward, 100).json()["creditAvailable"] == 930
        assert [
            event["data"]["userId"]
            for event in tenant.events("user.reward.balance.changed")
            if event["data"]["availableValue"] == 900
        ] == ["ana"]

    def test_unit_is_matched_in_any_case_and_answered_as_the_reward_spells_it(self, tenant: SaasquatchTenant) -> None:
        reward = give(tenant, unit="Points")
        answer = redeem(tenant, reward, 1, "pOINTS").json()
        assert answer == {"creditRedeemed": 1, "creditAvailable": 999, "unit": "Points"}

    @pytest.mark.parametrize(("amount", "unit"), [(1001, "CENTS"), (LARGEST, "CENTS"), (1, "POINT"), (1, "CENT")])
    def test_too_much_or_another_unit_changes_nothing(self, tenant: SaasquatchTenant, amount: int, unit: str) -> None:
        reward = give(tenant)
        assert_refused(redeem(tenant, reward, amount, unit), 400, "INVALD_REWARD_REDEMPTION")
        assert look(tenant, reward) == reward
        assert values(tenant) == [1000]

    @pytest.mark.parametrize("body", [PERCENT, FUEL, GIFT])
    def test_only_credit_can_be_redeemed(self, tenant: SaasquatchTenant, body: dict[str, Any]) -> None:
        reward = give(tenant, **body)
        assert_refused(redeem(tenant, reward, 1, reward["unit"]), 400, "INVALD_REWARD_REDEMPTION")

    def test_a_cancelled_reward_cannot_be_redeemed(self, tenant: SaasquatchTenant) -> None:
        reward = give(tenant)
        cancel(tenant, reward)
        assert_refused(redeem(tenant, reward, 1), 400, "INVALD_REWARD_REDEMPTION")

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"amount": 1},
            {"unit": "CENTS"},
            {"amount": 0, "unit": "CENTS"},
            [],
            None,
            {"amount": -5, "unit": "CENTS"},
            {"amount": "1", "unit": "CENTS"},
            {"amount": LARGEST + 1, "unit": "CENTS"},
            {"amount": 1, "unit": ""},
        ],
    )
    def test_bad_bodies_are_refused(self, tenant: SaasquatchTenant, body: Any) -> None:
        reward = give(tenant)
        assert_refused(tenant.post(f"/credit/{reward['id']}/redeem", json=body))
        assert look(tenant, reward) == reward

    def test_an_unknown_reward_is_not_found(self, tenant: SaasquatchTenant) -> None:
        assert_refused(redeem(tenant, {"id": UNKNOWN}, 1), 404, "REWARD_NOT_FOUND")


class TestCancel:
    def test_cancelling_takes_available_credit_back(self, tenant: SaasquatchTenant) -> None:
        reward = give(tenant, dateExpires=tenant.now_ms + DAY_MS)
        at_ms = tenant.now_ms
        answer = cancel(tenant, reward)
        assert answer.status_code == 200
        assert answer.json() == {**reward, "dateCancelled": at_ms} == look(tenant, reward)
        assert values(tenant) == [1000, 0]
        tenant.advance(2 * DAY_MS)
        assert values(tenant) == [1000, 0]

    def test_a_pending_reward_can_be_cancelled_and_never_becomes_available(self, tenant: SaasquatchTenant) -> None:
        reward = give(tenant, dateScheduledFor=tenant.now_ms + DAY_MS)
        assert cancel(tenant, reward).status_code == 200
        tenant.advance(2 * DAY_MS)
        assert look(tenant, reward)["dateGiven"] is None
        assert values(tenant) == []

    def test_cancelling_twice_is_refused(self, tenant: SaasquatchTenant) -> None:
        reward = give(tenant)
        first = cancel(tenant, reward).json()
        assert_refused(cancel(tenant, reward), 400, "REWARD_NOT_CANCELLABLE")
        assert look(tenant, reward) == first

    @pytest.mark.parametrize("body", [PERCENT, FUEL])
    def test_other_types_can_be_cancelled_without_a_balance_event(
        self, tenant: SaasquatchTenant, body: dict[str, Any]
    ) -> None:
        assert cancel(tenant, give(tenant, **body)).status_code == 200
        assert tenant.events("user.reward.balance.changed") == []

    def test_gift_cards_never(self, tenant: SaasquatchTenant) -> None:
        reward = give(tenant, **GIFT, cancellable=True)
        assert reward["cancellable"] is False
        assert_refused(cancel(tenant, reward), 400, "REWARD_NOT_CANCELLABLE")

    def test_not_when_made_uncancellable(self, tenant: SaasquatchTenant) -> None:
        reward = give(tenant, cancellable=False)
        assert_refused(cancel(tenant, reward), 400, "REWARD_NOT_CANCELLABLE")
        assert look(tenant, reward) == reward

    @pytest.mark.parametrize("amount", [1, 1000])
    def test_not_when_something_was_redeemed(self, tenant: SaasquatchTenant, amount: int) -> None:
        reward = give(tenant)
        redeem(tenant, reward, amount)
        assert_refused(cancel(tenant, reward), 400, "REWARD_NOT_CANCELLABLE")
        assert look(tenant, reward)["dateCancelled"] is None

    def test_not_when_it_has_expired(self, tenant: SaasquatchTenant) -> None:
        reward = give(tenant, dateExpires=tenant.now_ms + DAY_MS)
        tenant.advance(DAY_MS)
        assert_refused(cancel(tenant, reward), 400, "REWARD_NOT_CANCELLABLE")

    def test_an_unknown_reward_is_not_found(self, tenant: SaasquatchTenant) -> None:
        assert_refused(cancel(tenant, {"id": UNKNOWN}), 404, "REWARD_NOT_FOUND")


class TestGrant:
    """What programs give; conversions call it."""

    @staticmethod
    def grant(tenant: SaasquatchTenant, rule: RewardRule) -> Reward:
        tenant.user("u")
        unit = tenant.unit()
        with unit.transaction() as session:
            user = session.get_one(User, (unit.tenant_id, "u", "u"))
            return rewards.grant(
                unit,
                user,
                rule,
                source="REFERRED",
                program_id="referral-program",
                key="referredReward",
                referral_id="a" * 24,
            )

    def test_pending_days_come_before_expiry_days(self, tenant: SaasquatchTenant) -> None:
        row = self.grant(tenant, RewardRule("CREDIT", "CENTS", 500, pending_days=30, expires_days=7, name="Thanks"))
        shown = look(tenant, {"id": row.id})
        assert shown["dateScheduledFor"] == shown["dateCreated"] + 30 * DAY_MS
        assert shown["dateExpires"] == shown["dateCreated"] + 37 * DAY_MS
        assert (shown["rewardSource"], shown["programId"], shown["programRewardKey"]) == (
            "REFERRED",
            "referral-program",
            "referredReward",
        )
        assert (shown["referralId"], shown["name"], shown["dateGiven"]) == ("a" * 24, "Thanks", None)
        tenant.advance(30 * DAY_MS)
        tenant.advance(7 * DAY_MS)
        assert values(tenant) == [500, 0]

    @pytest.mark.parametrize(
        ("rule", "members"),
        [
            (RewardRule("CREDIT", "CENTS", 5), {"unit": "CENTS", "assignedCredit": 5, "cancellable": True}),
            (RewardRule("PCT_DISCOUNT", "CENTS", 5), {"unit": "%", "discountPercent": 5, "cancellable": True}),
            (RewardRule("FUELTANK", "CENTS", 5), {"unit": "CENTS", "amount": 5, "fueltankType": "CREDIT"}),
            (RewardRule("INTEGRATION", "USD", 5), {"unit": "USD", "valueInCents": 5, "cancellable": False}),
        ],
    )
    def test_every_type(self, tenant: SaasquatchTenant, rule: RewardRule, members: dict[str, Any]) -> None:
        shown = look(tenant, {"id": self.grant(tenant, rule).id})
        assert {name: shown[name] for name in members} == members
        assert shown["dateGiven"] == shown["dateCreated"]
        assert len(tenant.events("reward.created")) == 1
        assert values(tenant) == ([5] if rule.type == "CREDIT" else [])

    def test_days_beyond_the_end_of_time_end_there(self, tenant: SaasquatchTenant) -> None:
        row = self.grant(tenant, RewardRule("CREDIT", "CENTS", 5, expires_days=10**9))
        assert look(tenant, {"id": row.id})["dateExpires"] == MAX_MS


class TestTenants:
    @pytest.mark.parametrize(("method", "path", "body"), CALLS)
    def test_only_the_tenants_own_key_is_accepted(
        self, tenant: SaasquatchTenant, other_tenant: SaasquatchTenant, method: str, path: str, body: Any
    ) -> None:
        reward = give(tenant)
        for auth in (None, ("", "wrong"), ("", other_tenant.key)):
            answer = tenant.call(method, path.format(id=reward["id"]), auth=auth, **({"json": body} if body else {}))
            assert_refused(answer, 401)
        assert tenant.get("/reward?accountId=u").json() == [reward]

    @pytest.mark.parametrize(("method", "path", "body"), CALLS[1:])
    def test_another_tenants_rewards_and_users_do_not_exist(
        self, tenant: SaasquatchTenant, other_tenant: SaasquatchTenant, method: str, path: str, body: Any
    ) -> None:
        reward = give(tenant)
        answer = other_tenant.call(method, path.format(id=reward["id"]), **({"json": body} if body else {}))
        assert_refused(answer, 404)
        assert tenant.get("/reward?accountId=u").json() == [reward]
        assert other_tenant.get("/reward?accountId=u").json() == []
