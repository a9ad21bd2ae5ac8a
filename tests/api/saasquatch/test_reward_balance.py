"""Reward balances: sums of each type and unit, and spending from the sum of an account."""

import threading
from typing import Any

import pytest
from sqlalchemy import update

from models.kernel.clock import DAY_MS
from models.saasquatch.problems import RedemptionRefused
from models.saasquatch.programs import RewardRule
from models.saasquatch.rewards import redemptions
from models.saasquatch.rewards.rewards import grant
from models.saasquatch.tables import Redemption, Reward, User
from tests.api.saasquatch.conftest import SaasquatchTenant
from tests.api.saasquatch.test_reward import (
    CREDIT,
    FUEL,
    GIFT,
    LARGEST,
    PERCENT,
    assert_refused,
    cancel,
    give,
    look,
    redeem,
    values,
)
from troth.app import Server


def balances(tenant: SaasquatchTenant, query: str = "accountId=u") -> list[dict[str, Any]]:
    answer = tenant.get(f"/reward/balance?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def spend(tenant: SaasquatchTenant, amount: Any, **members: Any) -> Any:
    return tenant.post("/credit/bulkredeem", json={"accountId": "u", "unit": "CENTS", "amount": amount, **members})


def totals(count: int, **members: int) -> dict[str, Any]:
    return {
        "type": "CREDIT",
        "unit": "CENTS",
        "count": count,
        "totalPendingCredit": 0,
        "totalAssignedCredit": 0,
        "totalRedeemedCredit": 0,
        "totalExpiredCredit": 0,
        "totalCancelledCredit": 0,
        **members,
    }


class TestBalances:
    def test_the_documented_example(self, tenant: SaasquatchTenant) -> None:
        give(tenant, assignedCredit=1000)
        give(tenant, assignedCredit=80)
        assert spend(tenant, 500).status_code == 200
        assert balances(tenant) == [totals(2, totalAssignedCredit=1080, totalRedeemedCredit=500)]
        assert spend(tenant, 200).json() == {"creditRedeemed": 200, "creditAvailable": 380, "unit": "CENTS"}

    def test_each_credit_is_counted_once(self, tenant: SaasquatchTenant) -> None:
        soon = tenant.now_ms + DAY_MS
        give(tenant, assignedCredit=1)
        give(tenant, assignedCredit=20, dateScheduledFor=soon + DAY_MS)
        expiring = give(tenant, assignedCredit=300, dateExpires=soon)
        redeem(tenant, expiring, 100)
        cancel(tenant, give(tenant, assignedCredit=4000))
        cancel(tenant, give(tenant, assignedCredit=50000, dateScheduledFor=soon))
        assert balances(tenant) == [
            totals(
                5, totalAssignedCredit=301, totalRedeemedCredit=100, totalPendingCredit=20, totalCancelledCredit=54000
            )
        ]
        tenant.advance(DAY_MS)
        assert balances(tenant) == [
            totals(
                5,
                totalAssignedCredit=101,
                totalRedeemedCredit=100,
                totalPendingCredit=20,
                totalExpiredCredit=200,
                totalCancelledCredit=54000,
            )
        ]
        tenant.advance(DAY_MS)
        assert balances(tenant)[0]["totalAssignedCredit"] == 121

    def test_one_row_for_each_type_and_unit(self, tenant: SaasquatchTenant) -> None:
        for body in (CREDIT, {**CREDIT, "unit": "POINT"}, FUEL, {**FUEL, "unit": "POINT"}, PERCENT, GIFT):
            give(tenant, **body)
        cancel(tenant, give(tenant, **FUEL))
        cancel(tenant, give(tenant, **PERCENT))
        assert balances(tenant) == [
            totals(1, totalAssignedCredit=1000),
            {**totals(1, totalAssignedCredit=1000), "unit": "POINT"},
            {"type": "FUELTANK", "totalFuelTankCodes": 2},
            {"type": "INTEGRATION", "unit": "USD", "count": 1},
            {
                "type": "PCT_DISCOUNT",
                "unit": "%",
                "totalDiscountPercent": 15,
                "referredDiscountPercent": 0,
                "referrerDiscountPercent": 0,
            },
        ]

    def test_percentages_by_source(self, tenant: SaasquatchTenant) -> None:
        give(tenant, **PERCENT)
        unit = tenant.unit()
        with unit.transaction() as session:
            user = session.get_one(User, (unit.tenant_id, "u", "u"))
            for source, percent in (("REFERRED", 10), ("FRIEND_SIGNUP", 20)):
                grant(
                    unit,
                    user,
                    RewardRule("PCT_DISCOUNT", "%", percent),
                    source=source,
                    program_id="referral-program",
                    key="key",
                    referral_id="a" * 24,
                )
        assert balances(tenant) == [
            {
                "type": "PCT_DISCOUNT",
                "unit": "%",
                "totalDiscountPercent": 45,
                "referredDiscountPercent": 10,
                "referrerDiscountPercent": 20,
            }
        ]

    def test_spellings_of_a_unit_are_one_balance(self, tenant: SaasquatchTenant) -> None:
        give(tenant)
        give(tenant, unit="cents")
        assert balances(tenant) == [totals(2, totalAssignedCredit=2000)]
        answer = spend(tenant, 1500, unit="Cents").json()
        assert answer == {"creditRedeemed": 1500, "creditAvailable": 500, "unit": "CENTS"}

    def test_an_account_spells_a_unit_of_credit_in_one_way(self, tenant: SaasquatchTenant) -> None:
        give(tenant, user_id="ana", account_id="a", unit="Points")
        given = [
            give(tenant, user_id=user, account_id="a", unit=unit)["unit"]
            for user, unit in (("ben", "POINTS"), ("ana", "points"), ("ben", "Cents"))
        ]
        assert given == ["Points", "Points", "Cents"]
        assert give(tenant, user_id="cyd", account_id="b", unit="POINTS")["unit"] == "POINTS"
        tenant.advance(1)
        body = {"accountId": "a", "userId": "ben", "unit": "points", "amount": 1}
        assert tenant.post("/credit/bulkredeem", json=body).json()["unit"] == "Points"
        sent = [event["data"] for event in tenant.events("user.reward.balance.changed")]
        values = {(one["userId"], one["unit"]): one["availableValue"] for one in sent}
        assert values == {
            ("ana", "Points"): 2000,
            ("ben", "Points"): 999,
            ("ben", "Cents"): 1000,
            ("cyd", "POINTS"): 1000,
        }

    def test_of_two_spellings_that_are_there_the_oldest_counts(self, server: Server, tenant: SaasquatchTenant) -> None:
        give(tenant, unit="cents")
        tenant.advance(1)
        newer = give(tenant, unit="cents")
        with server.runtime.storage.session() as session, session.begin():  # as an earlier version kept it
            session.execute(update(Reward).where(Reward.id == newer["id"]).values(unit="CENTS"))
        assert give(tenant, unit="Cents")["unit"] == "cents"
        assert {one["unit"] for one in balances(tenant)} == {"cents"}

    def test_users_of_an_account_share_and_can_be_told_apart(self, tenant: SaasquatchTenant) -> None:
        give(tenant, user_id="ana", account_id="a", assignedCredit=1)
        give(tenant, user_id="ben", account_id="a", assignedCredit=20)
        give(tenant, user_id="ben", account_id="a", **PERCENT)
        assert balances(tenant, "accountId=a&rewardTypeFilter=CREDIT") == [totals(2, totalAssignedCredit=21)]
        assert balances(tenant, "accountId=a&userId=ana") == [totals(1, totalAssignedCredit=1)]
        of_ben = balances(tenant, "accountId=a&userId=ben&rewardTypeFilter=PCT_DISCOUNT")
        assert [row["type"] for row in of_ben] == ["PCT_DISCOUNT"]
        assert balances(tenant, "accountId=a&rewardTypeFilter=FUELTANK") == []

    def test_an_unknown_account_or_user_has_none(self, tenant: SaasquatchTenant) -> None:
        give(tenant)
        assert balances(tenant, "accountId=nobody") == balances(tenant, "accountId=u&userId=nobody") == []

    def test_the_largest_sum(self, tenant: SaasquatchTenant) -> None:
        give(tenant, assignedCredit=LARGEST - 1)
        give(tenant, assignedCredit=1)
        assert balances(tenant) == [totals(2, totalAssignedCredit=LARGEST)]
        assert spend(tenant, LARGEST).json()["creditAvailable"] == 0

    @pytest.mark.parametrize(
        "query",
        [
            "",
            "userId=u",
            "accountId=",
            "accountId=u&rewardTypeFilter=credit",
            f"accountId={'x' * 256}",
            "accountId=u&userId=",
        ],
    )
    def test_bad_parameters_are_refused(self, tenant: SaasquatchTenant, query: str) -> None:
        assert_refused(tenant.get(f"/reward/balance?{query}"))


class TestSpend:
    @pytest.mark.parametrize("has_run", [True, False], ids=["jobs have run", "jobs are late"])
    def test_soonest_to_expire_first_then_oldest_given(self, tenant: SaasquatchTenant, has_run: bool) -> None:
        soon = tenant.now_ms + 10 * DAY_MS
        never_late = give(tenant, assignedCredit=10, dateScheduledFor=tenant.now_ms + DAY_MS)
        never = give(tenant, assignedCredit=10)
        later = give(tenant, assignedCredit=10, dateExpires=soon + DAY_MS)
        late_given = give(tenant, assignedCredit=10, dateExpires=soon, dateScheduledFor=tenant.now_ms + DAY_MS)
        first = give(tenant, assignedCredit=10, dateExpires=soon)
        if has_run:
            tenant.advance(2 * DAY_MS)
        else:
            tenant.server.runtime.sandboxes[tenant.tenant.sandbox_id].clock.at_ms += 2 * DAY_MS
        order = [first, late_given, later, never, never_late]
        for number, reward in enumerate(order):
            assert spend(tenant, 10).json()["creditAvailable"] == 40 - 10 * number
            assert look(tenant, reward)["redeemedCredit"] == 10
        assert_refused(spend(tenant, 1), 400, "INVALD_REWARD_REDEMPTION")

    def test_the_last_reward_may_be_used_in_part(self, tenant: SaasquatchTenant) -> None:
        made = [give(tenant, assignedCredit=10) for _ in range(3)]
        assert spend(tenant, 15).json() == {"creditRedeemed": 15, "creditAvailable": 15, "unit": "CENTS"}
        assert [look(tenant, reward)["redeemedCredit"] for reward in made] == [10, 5, 0]
        shown = [look(tenant, reward)["redemptions"] for reward in made]
        assert shown[0][0]["id"] == shown[1][0]["id"]
        assert shown[2] == []
        assert spend(tenant, 1).status_code == 200
        assert len({redemption["id"] for redemption in look(tenant, made[1])["redemptions"]}) == 2

    def test_one_transaction_over_its_redemptions(self, tenant: SaasquatchTenant) -> None:
        for _ in range(2):
            give(tenant, assignedCredit=10)
        spend(tenant, 20)
        unit = tenant.unit()
        with unit.transaction() as session:
            rows = session.scalars(unit.scoped(Redemption)).all()
        assert len({row.id for row in rows}) == 2
        assert len({row.transaction_id for row in rows}) == 1

    def test_more_than_is_available_takes_nothing(self, tenant: SaasquatchTenant) -> None:
        tenant.user("v")
        give(tenant, assignedCredit=10)
        give(tenant, assignedCredit=10, unit="POINT")
        give(tenant, assignedCredit=10, dateScheduledFor=tenant.now_ms + DAY_MS)
        cancel(tenant, give(tenant, assignedCredit=10))
        give(tenant, **PERCENT)
        before = tenant.get("/reward?accountId=u").json()
        count = len(tenant.events())
        assert_refused(spend(tenant, 11), 400, "INVALD_REWARD_REDEMPTION")
        assert_refused(spend(tenant, LARGEST), 400, "INVALD_REWARD_REDEMPTION")
        assert_refused(spend(tenant, 1, accountId="v"), 400, "INVALD_REWARD_REDEMPTION")
        assert_refused(spend(tenant, 1, unit="%"), 400, "INVALD_REWARD_REDEMPTION")
        assert tenant.get("/reward?accountId=u").json() == before
        assert len(tenant.events()) == count

    def test_expired_credit_cannot_be_spent(self, tenant: SaasquatchTenant) -> None:
        give(tenant, dateExpires=tenant.now_ms + DAY_MS)
        tenant.advance(DAY_MS)
        assert_refused(spend(tenant, 1), 400, "INVALD_REWARD_REDEMPTION")

    def test_user_id_narrows_what_is_taken_not_what_is_left(self, tenant: SaasquatchTenant) -> None:
        ana = give(tenant, user_id="ana", account_id="u", assignedCredit=10)
        give(tenant, user_id="ben", account_id="u", assignedCredit=10)
        assert_refused(spend(tenant, 11, userId="ben"), 400, "INVALD_REWARD_REDEMPTION")
        assert spend(tenant, 4, userId="ben").json() == {"creditRedeemed": 4, "creditAvailable": 16, "unit": "CENTS"}
        assert look(tenant, ana)["redeemedCredit"] == 0

    def test_one_balance_event_for_each_user_touched(self, tenant: SaasquatchTenant) -> None:
        for name in ("ana", "ben", "cid"):
            give(tenant, user_id=name, account_id="u", assignedCredit=10)
        before = len(tenant.events("user.reward.balance.changed"))
        assert spend(tenant, 15).status_code == 200
        new = tenant.events("user.reward.balance.changed")[before:]
        new_balances = sorted((event["data"]["userId"], event["data"]["availableValue"]) for event in new)
        assert new_balances == [("ana", 0), ("ben", 5)]

    def test_versions_grow_with_every_change(self, tenant: SaasquatchTenant) -> None:
        give(tenant)
        clock = tenant.server.runtime.sandboxes[tenant.tenant.sandbox_id].clock
        at_ms = clock.at_ms
        for _ in range(3):
            clock.at_ms = at_ms  # several changes in one millisecond
            assert spend(tenant, 1).status_code == 200
        assert values(tenant) == [1000, 999, 998, 997]

    def test_a_repeated_call_spends_again(self, tenant: SaasquatchTenant) -> None:
        give(tenant)
        assert [spend(tenant, 400).status_code for _ in range(3)] == [200, 200, 400]
        assert balances(tenant)[0]["totalRedeemedCredit"] == 800

    def test_unknown_account_and_user(self, tenant: SaasquatchTenant) -> None:
        give(tenant)
        for members, code in (({"accountId": "nobody"}, "RS041"), ({"userId": "nobody"}, "RS042")):
            answer = spend(tenant, 1, **members)
            assert (answer.status_code, answer.json()["rsCode"]) == (404, code)

    @pytest.mark.parametrize(
        "members",
        [
            {"amount": 0},
            {"amount": -1},
            {"amount": "1"},
            {"amount": 1.5},
            {"amount": None},
            {"amount": LARGEST + 1},
            {"unit": ""},
            {"unit": "x" * 65},
            {"unit": None},
            {"accountId": ""},
            {"accountId": None},
            {"userId": ""},
        ],
    )
    def test_bad_bodies_are_refused(self, tenant: SaasquatchTenant, members: dict[str, Any]) -> None:
        give(tenant)
        assert_refused(spend(tenant, **{"amount": 1, **members}))
        assert balances(tenant)[0]["totalRedeemedCredit"] == 0

    @pytest.mark.parametrize("missing", ["accountId", "unit", "amount"])
    def test_missing_members_are_refused(self, tenant: SaasquatchTenant, missing: str) -> None:
        give(tenant)
        body = {"accountId": "u", "unit": "CENTS", "amount": 1}
        del body[missing]
        assert_refused(tenant.post("/credit/bulkredeem", json=body))


def test_a_debit_that_takes_less_than_asked_is_a_500_and_takes_nothing(
    tenant: SaasquatchTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(tenant, assignedCredit=10)
    answers = iter((10, 4))
    with monkeypatch.context() as broken:
        broken.setattr(redemptions, "available", lambda _row, _now_ms: next(answers))
        assert spend(tenant, 10).status_code == 500
    assert balances(tenant) == [totals(1, totalAssignedCredit=10)]
    assert spend(tenant, 10).json()["creditAvailable"] == 0


class TestTenants:
    def test_only_the_tenants_own_key_is_accepted(
        self, tenant: SaasquatchTenant, other_tenant: SaasquatchTenant
    ) -> None:
        give(tenant)
        body = {"accountId": "u", "unit": "CENTS", "amount": 1}
        for auth in (None, ("", "wrong"), ("", other_tenant.key)):
            assert_refused(tenant.get("/reward/balance?accountId=u", auth=auth), 401)
            assert_refused(tenant.post("/credit/bulkredeem", json=body, auth=auth), 401)
        assert balances(tenant)[0]["totalRedeemedCredit"] == 0

    def test_another_tenants_account_does_not_exist(
        self, tenant: SaasquatchTenant, other_tenant: SaasquatchTenant
    ) -> None:
        give(tenant)
        assert balances(other_tenant) == []
        assert_refused(spend(other_tenant, 1), 404)
        other_tenant.user("u")
        assert_refused(spend(other_tenant, 1), 400, "INVALD_REWARD_REDEMPTION")


class TestAtOnce:
    """Debits that run at the same time never spend the same credit."""

    @staticmethod
    def race(tenant: SaasquatchTenant, debits: list[Any]) -> int:
        """Run debits in threads that start together; how many of them were not refused."""
        if tenant.server.runtime.storage.inline:
            pytest.skip("units on SQLite run one after another on one connection")
        start, won, failed = threading.Barrier(len(debits)), [], []

        def run(debit: Any) -> None:
            try:
                unit = tenant.unit()
                with unit.transaction():
                    start.wait(10)
                    debit(unit)
                    won.append(1)
            except RedemptionRefused:
                pass
            except Exception as error:
                failed.append(error)

        threads = [threading.Thread(target=run, args=(debit,)) for debit in debits]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert failed == []
        return len(won)

    def test_the_whole_balance_is_spent_once(self, tenant: SaasquatchTenant) -> None:
        for _ in range(3):
            give(tenant, assignedCredit=10)
        debits = [lambda unit: redemptions.debit_balance(unit, "u", user_id=None, amount=30, unit="CENTS")] * 4
        assert self.race(tenant, debits) == 1
        assert balances(tenant) == [totals(3, totalAssignedCredit=30, totalRedeemedCredit=30)]
        assert values(tenant) == [10, 20, 30, 0]

    def test_one_reward_and_the_balance_do_not_overlap(self, tenant: SaasquatchTenant) -> None:
        reward = give(tenant, assignedCredit=10)
        debits = [
            lambda unit: redemptions.debit_balance(unit, "u", user_id=None, amount=6, unit="CENTS"),
            lambda unit: redemptions.debit_reward(unit, reward["id"], amount=6, unit="CENTS"),
        ] * 2
        assert self.race(tenant, debits) == 1
        assert look(tenant, reward)["redeemedCredit"] == 6

    def test_small_debits_all_succeed_and_add_up(self, tenant: SaasquatchTenant) -> None:
        give(tenant, assignedCredit=10)
        debits = [lambda unit: redemptions.debit_balance(unit, "u", user_id=None, amount=2, unit="CENTS")] * 4
        assert self.race(tenant, debits) == 4
        assert balances(tenant) == [totals(1, totalAssignedCredit=10, totalRedeemedCredit=8)]
        assert values(tenant) == [10, 8, 6, 4, 2]
