"""Everything held about one user, for privacy requests."""

from models.kernel.clock import DAY_MS
from models.saasquatch.rewards.balances import pretty
from tests.api.saasquatch.conftest import SaasquatchTenant
from tests.api.saasquatch.test_reward import CREDIT, FUEL, PERCENT, assert_refused, cancel, give, look, redeem

PATH = "/account/a/user/ana/pii"


def personal(tenant: SaasquatchTenant, user_id: str = "ana", account_id: str = "a") -> dict:
    answer = tenant.get(f"/account/{account_id}/user/{user_id}/pii")
    assert answer.status_code == 200, answer.text
    return answer.json()


class TestPersonalData:
    def test_the_user_and_what_was_written_of_them(self, tenant: SaasquatchTenant) -> None:
        user = tenant.user(
            "ana",
            "a",
            firstName="Ana",
            lastName="Stone",
            email="ana@example.org",
            locale="en_US",
            customFields={"plan": "gold"},
            segments=["vip"],
            paymentProviderId="p1",
            referable=False,
        )
        shown = personal(tenant)
        for name in (
            "id",
            "accountId",
            "firstName",
            "lastName",
            "email",
            "imageUrl",
            "locale",
            "referralCodes",
            "dateCreated",
            "programShareLinks",
            "customFields",
            "segments",
            "referredByCodes",
            "referable",
        ):
            assert shown[name] == user[name], name
        assert (shown["lastInitial"], shown["paymentProviderId"], shown["referralSource"]) == ("S", "p1", "UNKNOWN")
        assert shown["emailHash"] is not None
        assert shown["firstSeenIPLocation"] is shown["lastSeenIPLocation"] is None
        assert shown["firstSeenUserAgent"] is shown["lastSeenUserAgent"] is None
        assert shown["rewards"] == shown["referrals"] == {"totalCount": 0, "data": []}
        assert shown["rewardBalances"] == shown["referredByReferrals"] == []

    def test_rewards_and_their_sums_are_the_users_own(self, tenant: SaasquatchTenant) -> None:
        give(tenant, user_id="ben", account_id="a")
        mine = [
            give(tenant, user_id="ana", account_id="a", **members)
            for members in (
                {"assignedCredit": 1500},
                {"assignedCredit": 205, "dateScheduledFor": tenant.now_ms + DAY_MS},
                {**CREDIT, "unit": "POINT", "assignedCredit": 15},
                PERCENT,
                FUEL,
            )
        ]
        redeem(tenant, mine[0], 450)
        cancel(tenant, mine[3])
        shown = personal(tenant)
        assert shown["rewards"] == {"totalCount": 5, "data": [look(tenant, reward) for reward in mine]}
        cents, points, *others = shown["rewardBalances"]
        assert cents == {
            "type": "CREDIT",
            "unit": "CENTS",
            "count": 2,
            "totalAssignedCredit": 1500,
            "totalRedeemedCredit": 450,
            "totalPendingCredit": 205,
            "totalExpiredCredit": 0,
            "totalCancelledCredit": 0,
            "prettyAssignedCredit": "$15.00",
            "prettyRedeemedCredit": "$4.50",
            "prettyPendingCredit": "$2.05",
            "value": 1050,
            "prettyValue": "$10.50",
        }
        assert (points["value"], points["prettyValue"]) == (15, "15 POINT")
        assert others == [{"type": "FUELTANK", "count": 1}, {"type": "PCT_DISCOUNT", "unit": "%", "count": 1}]

    def test_referrals_made_and_received(self, tenant: SaasquatchTenant) -> None:
        code = tenant.user("ana", "a", firstName="Ana")["referralCodes"]["referral-program"]
        tenant.user("ben", "b", referredByCodes=[code])
        tenant.user("cid", "c", referredByCodes=[code])
        made = personal(tenant)["referrals"]
        assert made["totalCount"] == 2
        assert [referral["referredUser"]["id"] for referral in made["data"]] == ["ben", "cid"]
        assert {referral["referrerUser"]["id"] for referral in made["data"]} == {"ana"}
        ben = personal(tenant, "ben", "b")
        assert ben["referredByCodes"] == [code]
        assert ben["referrals"]["totalCount"] == 0
        [received] = ben["referredByReferrals"]
        assert received["id"] == made["data"][0]["id"]
        assert "referrerUser" not in received
        assert received["publicMeta"] is received["privateMeta"] is None

    def test_reading_changes_nothing(self, tenant: SaasquatchTenant) -> None:
        give(tenant, user_id="ana", account_id="a")
        assert personal(tenant) == personal(tenant)

    def test_unknown_account_and_user(self, tenant: SaasquatchTenant) -> None:
        answer = tenant.get(PATH)
        assert (answer.status_code, answer.json()["rsCode"]) == (404, "RS041")
        tenant.user("ben", "a")
        answer = tenant.get(PATH)
        assert (answer.status_code, answer.json()["rsCode"]) == (404, "RS042")

    def test_another_tenant_and_its_key(self, tenant: SaasquatchTenant, other_tenant: SaasquatchTenant) -> None:
        tenant.user("ana", "a")
        assert_refused(other_tenant.get(PATH), 404)
        for auth in (None, ("", "wrong"), ("", other_tenant.key)):
            assert_refused(tenant.get(PATH, auth=auth), 401)


class TestPretty:
    def test_cents_are_money_and_anything_else_is_counted(self) -> None:
        assert pretty(1500, "CENTS", {None}) == pretty(1500, "cents", {"USD"}) == "$15.00"
        assert pretty(7, "CENTS", set()) == "$0.07"
        assert pretty(1234, "CENTS", {"EUR"}) == "12.34 EUR"
        assert pretty(1234, "CENTS", {"EUR", None}) == "1234 CENTS"
        assert pretty(15, "POINT", {"USD"}) == "15 POINT"
