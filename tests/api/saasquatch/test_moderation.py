"""Sides of referrals that wait for a person: the daily limit, approval and denial by control plane and command line."""

from typing import Any

import httpx2
import pytest

from tests.api.saasquatch.conftest import PROGRAM, SaasquatchTenant, make_tenant
from tests.api.saasquatch.test_referral import DAY_MS, buy, refer
from tests.support.client import Client
from tests.support.refusals import assert_refused
from troth import administration
from troth.app import Server


def limited(server: Server, client: Client, limit: int = 2, **program: Any) -> SaasquatchTenant:
    checks = {"dailyReferralRewardLimitEnabled": True, "dailyReferralRewardLimit": limit, "rateCheckEnabled": False}
    settings = {"fraudCheckSettings": {**checks, "ipCheckEnabled": False}}
    return make_tenant(server, client, settings=settings, programs=[{**PROGRAM, **program}])


def credit(tenant: SaasquatchTenant, user: str = "ana") -> int:
    rows = tenant.get(f"/reward/balance?accountId={user}&userId={user}").json()
    return sum(row["totalAssignedCredit"] for row in rows if row["type"] == "CREDIT")


def referral(tenant: SaasquatchTenant, referral_id: str) -> dict[str, Any]:
    return tenant.get(f"/referrals/{referral_id}").json()


def decide(tenant: SaasquatchTenant, referral_id: str, decision: str, **side: str) -> httpx2.Response:
    path = f"/_troth/saasquatch/{tenant.alias}/referrals/{referral_id}/moderation"
    return tenant.client.request("POST", path, json={"decision": decision, **side})


class TestDailyLimit:
    def test_it_counts_when_rewards_are_given_and_not_only_when_friends_sign_up(
        self, server: Server, client: Client
    ) -> None:
        tenant = limited(server, client)
        ids = [refer(tenant, referred=name)["id"] for name in ("ben", "cas", "dan")]
        for name in ("ben", "cas", "dan"):
            buy(tenant, name)
        shown = [referral(tenant, one) for one in ids]
        assert [one["referrerModerationStatus"] for one in shown] == ["APPROVED", "APPROVED", "PENDING"]
        assert [one["referredModerationStatus"] for one in shown] == ["APPROVED"] * 3
        assert credit(tenant) == 2_000
        assert (shown[2]["moderationStatus"], shown[2]["dateModerated"]) == ("PENDING", None)
        assert shown[2]["dateConverted"] is not None
        assert shown[2]["referredReward"] is not None

    def test_a_day_later_it_counts_anew(self, server: Server, client: Client) -> None:
        tenant = limited(server, client, 1)
        for name in ("ben", "cas"):
            refer(tenant, referred=name)
        buy(tenant, "ben")
        tenant.advance(DAY_MS)
        buy(tenant, "cas")
        assert credit(tenant) == 2_000

    @pytest.mark.parametrize(("later_ms", "status"), [(0, "APPROVED"), (-1, "PENDING")])
    def test_a_reward_counts_for_a_day_and_not_at_its_end(
        self, server: Server, client: Client, later_ms: int, status: str
    ) -> None:
        tenant = limited(server, client, 1)
        ids = [refer(tenant, referred=name)["id"] for name in ("ben", "cas")]
        buy(tenant, "ben")
        given_ms = referral(tenant, ids[0])["referrerReward"]["dateGiven"]
        tenant.advance(given_ms + DAY_MS + later_ms - tenant.now_ms)
        buy(tenant, "cas")
        shown = referral(tenant, ids[1])
        assert shown["dateConverted"] == given_ms + DAY_MS + later_ms
        assert shown["referrerModerationStatus"] == status

    def test_a_deferred_reward_counts_on_the_day_on_which_it_becomes_available(
        self, server: Server, client: Client
    ) -> None:
        deferred = {"type": "CREDIT", "unit": "CENTS", "amount": 1000, "pending_days": 3}
        tenant = limited(server, client, 1, referrer_reward=deferred)
        for name in ("ben", "cas"):
            refer(tenant, referred=name)
        buy(tenant, "ben")
        tenant.advance(3 * DAY_MS + 1_000)
        buy(tenant, "cas")
        found = tenant.get("/referrals").json()["referrals"]
        assert [row["referrerModerationStatus"] for row in found] == ["APPROVED", "PENDING"]

    def test_a_referrer_without_a_reward_to_get_is_not_held_back(self, server: Server, client: Client) -> None:
        tenant = limited(server, client, 1, reward_limit=1)
        ids = [refer(tenant, referred=name)["id"] for name in ("ben", "cas")]
        for name in ("ben", "cas"):
            buy(tenant, name)
        assert referral(tenant, ids[1])["referrerModerationStatus"] == "APPROVED"


@pytest.fixture
def waiting(server: Server, client: Client) -> SaasquatchTenant:
    return make_tenant(server, client, settings={"referrerAutoApprove": False, "referredAutoApprove": False})


class TestDecisions:
    def test_an_approved_side_that_has_converted_is_paid_at_once_and_once(self, waiting: SaasquatchTenant) -> None:
        found = refer(waiting)["id"]
        buy(waiting)
        assert credit(waiting) == 0
        answer = decide(waiting, found, "approve", side="referrer")
        assert answer.status_code == 200
        assert answer.json()["referrerModerationStatus"] == "APPROVED"
        assert answer.json()["referredModerationStatus"] == answer.json()["moderationStatus"] == "PENDING"
        assert credit(waiting) == 1_000
        assert decide(waiting, found, "approve", side="referrer").json() == answer.json()
        assert credit(waiting) == 1_000
        done = decide(waiting, found, "approve").json()
        shown = referral(waiting, found)
        assert (shown["moderationStatus"], shown["dateModerated"]) == ("ACTIONED", done["dateModerated"])
        assert (shown["referrerReward"]["id"], shown["referredReward"]["id"]) == (
            done["referrerRewardId"],
            done["referredRewardId"],
        )
        assert len(waiting.events("reward.created")) == 2

    def test_the_side_that_was_paid_before_is_not_paid_again_when_the_other_one_is_approved(
        self, server: Server, client: Client
    ) -> None:
        for settings, side in (
            ({"referrerAutoApprove": False}, "referrer"),
            ({"referredAutoApprove": False}, "referred"),
        ):
            tenant = make_tenant(server, client, settings=settings)
            found = refer(tenant)["id"]
            buy(tenant)
            assert len(tenant.events("reward.created")) == 1
            before = referral(tenant, found)
            assert decide(tenant, found, "approve", side=side).status_code == 200
            after = referral(tenant, found)
            assert len(tenant.events("reward.created")) == 2
            other = "referredReward" if side == "referrer" else "referrerReward"
            assert after[other] == before[other] is not None
            assert after["dateModified"] == after["dateModerated"] > before["dateModified"]

    def test_a_side_that_is_approved_before_it_converts_is_paid_when_it_does(self, waiting: SaasquatchTenant) -> None:
        found = refer(waiting)["id"]
        decide(waiting, found, "approve", side="referrer")
        assert credit(waiting) == 0
        buy(waiting)
        assert credit(waiting) == 1_000
        assert referral(waiting, found)["referredReward"] is None

    def test_a_denied_side_gets_nothing(self, waiting: SaasquatchTenant) -> None:
        found = refer(waiting)["id"]
        buy(waiting)
        denied = decide(waiting, found, "deny").json()
        assert (denied["referrerModerationStatus"], denied["referredModerationStatus"]) == ("DENIED", "DENIED")
        assert (denied["moderationStatus"], credit(waiting)) == ("ACTIONED", 0)
        assert decide(waiting, found, "deny").json() == denied

    def test_the_other_decision_comes_too_late(self, waiting: SaasquatchTenant) -> None:
        found = refer(waiting)["id"]
        decide(waiting, found, "deny")
        refused = decide(waiting, found, "approve")
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "REFERRAL_NOT_PENDING")
        assert referral(waiting, found)["referrerModerationStatus"] == "DENIED"

    def test_what_the_daily_limit_held_back_is_paid_when_it_is_approved(self, server: Server, client: Client) -> None:
        tenant = limited(server, client, 1)
        ids = [refer(tenant, referred=name)["id"] for name in ("ben", "cas")]
        for name in ("ben", "cas"):
            buy(tenant, name)
        assert credit(tenant) == 1_000
        assert decide(tenant, ids[1], "approve").status_code == 200
        assert credit(tenant) == 2_000

    def test_the_programs_limit_of_rewards_still_counts(self, server: Server, client: Client) -> None:
        settings = {"referrerAutoApprove": False}
        tenant = make_tenant(server, client, settings=settings, programs=[{**PROGRAM, "reward_limit": 1}])
        for name in ("ben", "cas"):
            found = refer(tenant, referred=name)["id"]
            buy(tenant, name)
            assert decide(tenant, found, "approve").status_code == 200
        assert credit(tenant) == 1_000

    def test_a_referral_whose_users_are_gone_can_be_decided(self, waiting: SaasquatchTenant) -> None:
        found = refer(waiting)["id"]
        buy(waiting)
        for name in ("ana", "ben"):
            waiting.delete(waiting.user_path(name))
        assert decide(waiting, found, "approve").json()["referrerRewardId"] is None

    def test_unknown_tenants_referrals_and_decisions_are_refused(
        self, waiting: SaasquatchTenant, other_tenant: SaasquatchTenant
    ) -> None:
        found = refer(waiting)["id"]
        assert decide(other_tenant, found, "approve").json()["error"]["code"] == "REFERRAL_NOT_FOUND"
        path = f"/_troth/saasquatch/nobody/referrals/{found}/moderation"
        assert_refused(waiting.client.request("POST", path, json={"decision": "approve"}), 404, "TENANT_NOT_FOUND")
        assert_refused(decide(waiting, found, "perhaps"), 400, '/decision: must be one of approve, deny, not "perhaps"')
        assert_refused(
            decide(waiting, found, "approve", side="left"),
            400,
            '/side: must be one of referrer, referred, both, null, not "left"',
        )


class TestCommand:
    def test_troth_referral_decides_on_a_served_database(self, waiting: SaasquatchTenant) -> None:
        found = refer(waiting)["id"]
        buy(waiting)
        runtime = waiting.server.runtime
        shown = administration.moderate_referral(runtime, waiting.alias, found, "approve", "referrer")
        assert shown["referrerModerationStatus"] == "APPROVED"
        assert credit(waiting) == 1_000
        administration.moderate_referral(runtime, waiting.alias, found, "deny", "both")
        assert referral(waiting, found)["referredModerationStatus"] == "DENIED"
        with pytest.raises(ValueError, match="decided otherwise"):
            administration.moderate_referral(runtime, waiting.alias, found, "approve", "referred")
        with pytest.raises(ValueError, match="No referral"):
            administration.moderate_referral(runtime, waiting.alias, "0" * 24, "approve", "both")


class TestFilters:
    """Each referral has another status on each side, and three dates that differ."""

    SIDES = (("APPROVED", "PENDING"), ("PENDING", "DENIED"), ("DENIED", "APPROVED"))

    @pytest.fixture
    def decided(self, waiting: SaasquatchTenant) -> list[dict[str, Any]]:
        ids = []
        for n, statuses in enumerate(self.SIDES):
            waiting.advance(DAY_MS)
            ids.append(refer(waiting, referrer=f"r{n}", referred=f"f{n}")["id"])
            for side, status in zip(("referrer", "referred"), statuses, strict=True):
                if status != "PENDING":
                    assert decide(
                        waiting, ids[n], {"APPROVED": "approve", "DENIED": "deny"}[status], side=side
                    ).is_success
        for n in range(3):
            waiting.advance(1_000)
            buy(waiting, f"f{n}")
        return [referral(waiting, one) for one in ids]

    def found(self, tenant: SaasquatchTenant, path: str = "/referrals", **query: Any) -> list[str]:
        answer = tenant.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["referrals"]]

    def test_the_status_of_a_side_is_that_sides(self, waiting: SaasquatchTenant, decided: list[dict[str, Any]]) -> None:
        shown = [(one["referrerModerationStatus"], one["referredModerationStatus"]) for one in decided]
        assert shown == list(self.SIDES)
        for one, (referrer, referred) in zip(decided, self.SIDES, strict=True):
            assert self.found(waiting, referrerModerationStatus=referrer) == [one["id"]]
            assert self.found(waiting, referredModerationStatus=referred) == [one["id"]]
            both = {"referrerModerationStatus": referrer, "referredModerationStatus": referred}
            assert self.found(waiting, **both) == [one["id"]]
        swapped = {"referrerModerationStatus": "PENDING", "referredModerationStatus": "APPROVED"}
        assert self.found(waiting, **swapped) == []

    def test_a_date_is_compared_with_the_date_of_that_name(
        self, waiting: SaasquatchTenant, decided: list[dict[str, Any]]
    ) -> None:
        for n, one in enumerate(decided):
            started, paid = one["dateReferralStarted"], one["dateReferralPaid"]
            assert started < paid
            assert self.found(waiting, dateReferralPaid=paid) == [one["id"]]
            assert self.found(waiting, dateReferralPaid=started) == []
            pair = {"referringAccountId": f"r{n}", "referringUserId": f"r{n}"}
            for name, date, other in (("dateReferralStarted", started, paid), ("dateReferralPaid", paid, started)):
                assert self.found(waiting, "/open/referrals", **pair, **{name: date}) == [one["id"]]
                assert self.found(waiting, "/open/referrals", **pair, **{name: other}) == []

    def test_both_ends_of_a_span_count(self, waiting: SaasquatchTenant, decided: list[dict[str, Any]]) -> None:
        ids, paid = [one["id"] for one in decided], [one["dateReferralPaid"] for one in decided]
        spans = {(paid[0], paid[1]): ids[:2], (paid[0] + 1, paid[1]): ids[1:2], (paid[0], paid[1] - 1): ids[:1]}
        for (since, until), wanted in spans.items():
            assert self.found(waiting, dateReferralPaid=f"{since},{until}") == wanted
