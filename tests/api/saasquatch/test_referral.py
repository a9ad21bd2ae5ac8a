"""Referrals: attribution on upsert, moderation, conversion, lists."""

import base64
import contextlib
import json
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from tests.api.saasquatch.conftest import PROGRAM, SaasquatchTenant, make_tenant
from tests.support.client import Client
from tests.support.refusals import assert_refused
from troth.app import Server
from troth.spec import store

DAY_MS = 86_400_000


def cookies(alias: str, code: str, **expiry: int) -> str:
    shape = {"app.referralsaasquatch.com": {f"{alias}_CODE": {"codes": {"referral-program": code}, "codesExp": expiry}}}
    return base64.urlsafe_b64encode(json.dumps(shape).encode()).decode().rstrip("=")


def refer(tenant: SaasquatchTenant, referrer: str = "ana", referred: str = "ben", **members: Any) -> dict[str, Any]:
    """Ana refers Ben; the referral as the list shows it."""
    code = tenant.user(referrer, firstName=referrer)["referralCodes"]["referral-program"]
    tenant.user(referred, referredByCodes=[code], **members)
    found = tenant.get(f"/open/referrals?referredAccountId={referred}&referredUserId={referred}").json()["referrals"]
    return found[0]


def buy(tenant: SaasquatchTenant, user: str = "ben", key: str = "purchase") -> None:
    answer = tenant.post(
        f"{tenant.user_path(user)}/events", json={"userId": user, "accountId": user, "events": [{"key": key}]}
    )
    assert answer.status_code == 200, answer.text


def seen(tenant: SaasquatchTenant, user: str, *addresses: str) -> None:
    """A user's own browser calls from these addresses, one after the other."""
    claims = {"user": {"id": user, "accountId": user, "locale": "en_US"}}
    token = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(tenant.key))
    path = f"/saasquatch/api/v1/{tenant.alias}{tenant.user_path(user)}"
    for address in addresses:
        with contextlib.closing(Client(tenant.server, address=address)) as browser:
            answer = browser.request("PUT", path, headers={"X-SaaSquatch-User-Token": token}, json=claims["user"])
        assert answer.status_code == 200, answer.text


class TestAttribution:
    def test_the_event_of_a_new_user_has_the_code_that_it_came_by(self, tenant: SaasquatchTenant) -> None:
        tenant.user("ana", firstName="Ana")
        tenant.user("ben", firstName="Ben", referredByCodes=["NOBODY", "ana"])
        made = [(event["type"], event["data"].get("referredByCodes")) for event in tenant.events()]
        assert made == [
            ("coupon.created", None),
            ("user.created", []),
            ("coupon.created", None),
            ("user.created", ["ANA"]),
            ("referral.started", None),
        ]

    def test_a_signup_with_a_code_is_a_referral(self, tenant: SaasquatchTenant) -> None:
        referral = refer(tenant)
        assert referral["referrerUser"]["id"] == "ana"
        assert referral["referredUser"]["id"] == "ben"
        assert referral["referralCodeUsed"] == "ANA"
        assert referral["moderationStatus"] == "ACTIONED"
        assert referral["dateConverted"] is referral["dateReferralPaid"] is referral["referrerReward"] is None
        assert tenant.get(f"/referrals/{referral['id']}").json() == referral

    def test_explicit_codes_outrank_cookies(self, tenant: SaasquatchTenant) -> None:
        for name in ("ana", "eve"):
            tenant.user(name, firstName=name)
        ben = tenant.user("ben", referredByCodes=["EVE"], cookies=cookies(tenant.alias, "ANA"))
        assert ben["referredByCodes"] == ["EVE"]

    def test_a_cookie_is_enough_unless_it_has_expired(self, tenant: SaasquatchTenant) -> None:
        tenant.user("ana", firstName="Ana")
        now_s = tenant.now_ms // 1000
        assert tenant.user("old", cookies=cookies(tenant.alias, "ANA", ANA=now_s - 1))["referredByCodes"] == []
        assert tenant.user("new", cookies=cookies(tenant.alias, "ANA", ANA=now_s + 60))["referredByCodes"] == ["ANA"]
        assert tenant.user("other", cookies=cookies("elsewhere", "ANA"))["referredByCodes"] == []

    def test_codes_that_cannot_be_credited_do_not_break_the_upsert(self, tenant: SaasquatchTenant) -> None:
        tenant.user("ana", firstName="Ana")
        assert tenant.user("ben", referredByCodes=["NOBODY", "ANA"])["referredByCodes"] == ["ANA"]
        assert tenant.user("ana", referredByCodes=["ANA"])["referredByCodes"] == []
        assert tenant.user("ben", referredByCodes=["ANA"])["referredByCodes"] == ["ANA"]
        assert tenant.get("/referrals").json()["totalCount"] == 1

    def test_the_second_programs_code_fixes_the_program(self, server: Server, client: Client) -> None:
        two = make_tenant(
            server, client, programs=[PROGRAM, {**PROGRAM, "id": "partners", "conversion_event": "signed"}]
        )
        two.user("ana", firstName="Ana")
        two.user("ben", referredByCodes=["ANA2"])
        buy(two)
        assert two.get("/referrals").json()["referrals"][0]["dateConverted"] is None
        buy(two, key="signed")
        referral = two.get("/referrals").json()["referrals"][0]
        assert referral["programId"] == "partners"
        assert referral["dateConverted"] is not None


class TestConversion:
    def test_a_purchase_converts_and_pays_both_sides_once(self, tenant: SaasquatchTenant) -> None:
        refer(tenant)
        buy(tenant)
        referral = tenant.get("/referrals").json()["referrals"][0]
        assert referral["dateConverted"] == referral["dateReferralPaid"] is not None
        assert (referral["referrerReward"]["assignedCredit"], referral["referrerReward"]["rewardSource"]) == (
            1000,
            "FRIEND_SIGNUP",
        )
        assert (referral["referredReward"]["discountPercent"], referral["referredReward"]["rewardSource"]) == (
            10,
            "REFERRED",
        )
        buy(tenant)
        assert len(tenant.get("/reward?accountId=ana").json()) == 1
        kinds = [event["type"] for event in tenant.events()]
        assert kinds.count("referral.converted") == 1
        assert kinds.count("reward.created") == 2
        assert kinds.count("user.reward.balance.changed") == 1
        assert kinds.index("referral.started") < kinds.index("referral.converted") < kinds.index("reward.created")

    def test_another_event_or_another_user_of_the_account_converts_nothing(self, tenant: SaasquatchTenant) -> None:
        refer(tenant)
        buy(tenant, key="visited")
        tenant.user("bob", "ben")
        tenant.post(
            f"{tenant.user_path('bob', 'ben')}/events",
            json={"userId": "bob", "accountId": "ben", "events": [{"key": "purchase"}]},
        )
        assert tenant.get("/referrals").json()["referrals"][0]["dateConverted"] is None

    def test_the_reward_limit_stops_the_referrers_reward_only(self, server: Server, client: Client) -> None:
        limited = make_tenant(
            server,
            client,
            programs=[{**PROGRAM, "reward_limit": 1}],
            settings={"fraudCheckSettings": {"rateCheckEnabled": False}},
        )
        for referred in ("ben", "bob"):
            refer(limited, referred=referred)
            buy(limited, referred)
        assert len(limited.get("/reward?accountId=ana").json()) == 1
        assert len(limited.get("/reward?accountId=bob").json()) == 1

    def test_a_denied_side_is_not_paid(self, tenant: SaasquatchTenant) -> None:
        tenant.user("ana", firstName="Ana")
        tenant.post("/account/ana/user/ana/block")
        refer(tenant)
        buy(tenant)
        referral = tenant.get("/referrals").json()["referrals"][0]
        assert referral["dateConverted"] is not None
        assert referral["referrerReward"] is referral["referredReward"] is None


class TestFraud:
    @pytest.fixture
    def strict(self, server: Server, client: Client) -> SaasquatchTenant:
        return make_tenant(
            server,
            client,
            settings={
                "suspectedFraudModerationState": "PENDING",
                "fraudCheckSettings": {
                    "tempMailCheckEnabled": True,
                    "customEmailDomainBlacklist": ["bad.example"],
                    "blockedIps": ["203.0.113.9"],
                },
            },
        )

    @pytest.mark.parametrize(
        ("referrer", "referred", "signal"),
        [
            ({"lastName": "Stone"}, {"firstName": "stone", "lastName": "ANA"}, "name"),
            ({"email": "ana.stone@example.org"}, {"email": "anastone+2@mail.example.com"}, "email"),
        ],
    )
    def test_look_alikes_are_pending(
        self, strict: SaasquatchTenant, referrer: dict[str, str], referred: dict[str, str], signal: str
    ) -> None:
        strict.user("ana", firstName="ana", **referrer)
        referral = refer(strict, **referred)
        assert list(referral["fraudSignals"]) == [signal]
        assert referral["fraudSignals"][signal]["score"] == 50
        assert referral["moderationStatus"] == "PENDING"
        assert referral["dateModerated"] is None
        buy(strict)
        assert strict.get("/reward?accountId=ana").json() == []

    @pytest.mark.parametrize("email", ["ben@mailinator.com", "ben@bad.example"])
    def test_disposable_addresses_are_pending(self, strict: SaasquatchTenant, email: str) -> None:
        assert refer(strict, email=email)["referrerModerationStatus"] == "PENDING"

    @pytest.mark.parametrize(
        ("addresses", "signals"),
        [
            (["198.51.100.1"], ["ip"]),
            (["198.51.100.2"], ["ip"]),
            (["198.51.100.1", "198.51.100.3"], ["ip"]),
            (["198.51.100.3", "198.51.100.2"], ["ip"]),
            (["198.51.100.3"], None),
        ],
    )
    def test_an_address_at_which_both_were_seen_is_pending_be_it_their_first_or_their_last(
        self, strict: SaasquatchTenant, addresses: list[str], signals: list[str] | None
    ) -> None:
        seen(strict, "ana", "198.51.100.1", "198.51.100.2")
        seen(strict, "ben", *addresses)
        referral = refer(strict)
        assert referral["moderationStatus"] == ("ACTIONED" if signals is None else "PENDING")
        assert (referral["fraudSignals"] and list(referral["fraudSignals"])) == signals

    @pytest.mark.parametrize("addresses", [["203.0.113.9", "198.51.100.3"], ["198.51.100.3", "203.0.113.9"]])
    def test_a_blocked_address_is_pending_be_it_the_first_or_the_last(
        self, strict: SaasquatchTenant, addresses: list[str]
    ) -> None:
        seen(strict, "ben", *addresses)
        assert refer(strict)["moderationStatus"] == "PENDING"

    def test_a_blocked_address_is_pending(self, strict: SaasquatchTenant) -> None:
        strict.user("ana", firstName="Ana")
        made = jwt.encode(
            {"alg": "HS256"},
            {"user": {"id": "ben", "accountId": "ben", "firstName": "B"}},
            OctKey.import_key(strict.key),
        )
        strict.put(
            strict.user_path("ben"),
            auth=None,
            headers={"X-SaaSquatch-User-Token": made},
            json={"id": "ben", "accountId": "ben", "referredByCodes": ["ANA"]},
        )
        assert strict.get("/referrals").json()["referrals"][0]["referredModerationStatus"] == "PENDING"

    def test_the_fourth_referral_within_half_an_hour_is_too_fast(self, strict: SaasquatchTenant) -> None:
        signals = [refer(strict, referred=f"r{n}")["fraudSignals"] for n in range(4)]
        assert signals[:3] == [None, None, None]
        assert list(signals[3]) == ["rate"]
        for referral in strict.get("/referrals").json()["referrals"]:
            assert list(referral["fraudSignals"]) == ["rate"]
            assert referral["moderationStatus"] == "PENDING"
        strict.advance(31 * 60_000)
        assert refer(strict, referred="later")["fraudSignals"] is None

    def test_a_referral_that_has_converted_is_flagged_and_not_held_back(self, strict: SaasquatchTenant) -> None:
        refer(strict, referred="r0")
        buy(strict, "r0")
        for n in range(1, 4):
            refer(strict, referred=f"r{n}")
        converted, *others = strict.get("/referrals").json()["referrals"]
        assert list(converted["fraudSignals"]) == ["rate"]
        assert (converted["referrerModerationStatus"], converted["referredModerationStatus"]) == (
            "APPROVED",
            "APPROVED",
        )
        assert converted["dateModerated"] is not None
        assert [one["moderationStatus"] for one in others] == ["PENDING"] * 3

    def test_by_default_signals_are_shown_and_ignored(self, tenant: SaasquatchTenant) -> None:
        tenant.user("ana", firstName="ana", lastName="Stone")
        referral = refer(tenant, firstName="Ana", lastName="Stone")
        assert list(referral["fraudSignals"]) == ["name"]
        assert referral["referrerModerationStatus"] == "APPROVED"

    def test_deny_denies(self, server: Server, client: Client) -> None:
        denying = make_tenant(
            server, client, settings={"suspectedFraudModerationState": "DENY", "referredAutoApprove": False}
        )
        denying.user("ana", firstName="ana", lastName="Stone")
        referral = refer(denying, firstName="Ana", lastName="Stone")
        assert (referral["referrerModerationStatus"], referral["referredModerationStatus"]) == ("DENIED", "DENIED")
        assert refer(denying, referred="bob")["referredModerationStatus"] == "PENDING"


class TestInertMembers:
    def test_the_contract_says_which_members_have_no_effect(self) -> None:
        document, _ = store.load("saasquatch")
        schemas, parameters = document["components"]["schemas"], document["components"]["parameters"]
        for name in ("Referral", "ReferralCore"):
            assert "always null here" in schemas[name]["properties"]["dateReferralEnded"]["description"]
        assert "finds nothing" in parameters["dateReferralEnded"]["description"]
        for name in ("OpenUser", "OpenUserInput"):
            assert "holds no reward back" in schemas[name]["properties"]["dateUsTaxFormSubmitted"]["description"]

    def test_the_filter_by_the_end_of_a_referral_finds_nothing(self, tenant: SaasquatchTenant) -> None:
        refer(tenant)
        assert tenant.get("/referrals?dateReferralEnded=0,999999999999999").json()["totalCount"] == 0

    def test_a_missing_tax_form_holds_no_reward_back(self, tenant: SaasquatchTenant) -> None:
        refer(tenant)
        body = {"type": "CREDIT", "unit": "CENTS", "assignedCredit": 60_000}
        for _ in range(2):
            made = tenant.post("/rewards/account/ana/user/ana", json=body).json()
            assert made["dateGiven"] is not None


class TestLists:
    @pytest.fixture
    def three(self, tenant: SaasquatchTenant) -> list[dict[str, Any]]:
        found = []
        for n, name in enumerate(("ben", "bob", "bea")):
            tenant.advance(1000)
            found.append(refer(tenant, referrer="ana" if n < 2 else "eve", referred=name))
        return found

    def ids(self, tenant: SaasquatchTenant, query: str, path: str = "/referrals") -> list[str]:
        answer = tenant.get(f"{path}?{query}")
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert body["count"] == len(body["referrals"])
        return [referral["id"] for referral in body["referrals"]]

    def test_pages_in_order_of_start(self, tenant: SaasquatchTenant, three: list[dict[str, Any]]) -> None:
        ids = [referral["id"] for referral in three]
        assert self.ids(tenant, "") == ids
        assert self.ids(tenant, "limit=1&offset=1") == ids[1:2]
        assert self.ids(tenant, "limit=2&offset=2") == ids[2:]
        assert self.ids(tenant, "offset=3") == []
        assert tenant.get("/referrals?limit=1").json()["totalCount"] == 3

    def test_filters_really_filter(self, tenant: SaasquatchTenant, three: list[dict[str, Any]]) -> None:
        ids = [referral["id"] for referral in three]
        assert self.ids(tenant, "referringAccountId=ana") == ids[:2]
        assert self.ids(tenant, "referringUserId=eve") == ids[2:]
        assert self.ids(tenant, "referringAccountId=ana&referringUserId=eve") == []
        assert self.ids(tenant, "referrerModerationStatus=APPROVED") == ids
        assert self.ids(tenant, "referredModerationStatus=DENIED") == []
        buy(tenant, "bob")
        paid = tenant.get(f"/referrals/{ids[1]}").json()["dateReferralPaid"]
        assert self.ids(tenant, f"dateReferralPaid={paid}") == [ids[1]]
        assert self.ids(tenant, f"dateReferralPaid=0,{paid}") == [ids[1]]
        assert self.ids(tenant, f"dateReferralPaid={paid + 1},{paid + 2}") == []
        assert self.ids(tenant, "dateReferralEnded=1") == []

    def test_the_open_list_filters_by_start_and_needs_a_pair(
        self, tenant: SaasquatchTenant, three: list[dict[str, Any]]
    ) -> None:
        ids, starts = [r["id"] for r in three], [r["dateReferralStarted"] for r in three]
        pair = "referringAccountId=ana&referringUserId=ana"
        assert self.ids(tenant, pair, "/open/referrals") == ids[:2]
        assert self.ids(tenant, f"{pair}&dateReferralStarted={starts[1]}", "/open/referrals") == [ids[1]]
        for query in ("", "referringAccountId=ana", "referredUserId=ben", "referringAccountId=ana&referredUserId=ben"):
            assert_refused(tenant.get(f"/open/referrals?{query}"), 400, "BAD_REQUEST")

    def test_a_token_lists_only_its_own_users_referrals(
        self, tenant: SaasquatchTenant, three: list[dict[str, Any]]
    ) -> None:
        made = jwt.encode({"alg": "HS256"}, {"user": {"id": "ben", "accountId": "ben"}}, OctKey.import_key(tenant.key))
        headers = {"Authorization": f"Bearer {made}"}
        mine = tenant.get("/open/referrals?referredAccountId=ben&referredUserId=ben", auth=None, headers=headers)
        assert [referral["id"] for referral in mine.json()["referrals"]] == [three[0]["id"]]
        theirs = tenant.get("/open/referrals?referringAccountId=ana&referringUserId=ana", auth=None, headers=headers)
        assert_refused(theirs, 403, "FORBIDDEN")

    @pytest.mark.parametrize(
        "query",
        [
            "limit=0",
            "limit=-1",
            "limit=1001",
            "limit=99999999999999999999",
            "limit=x",
            "offset=-1",
            "offset=2147483648",
            "limit=1&limit=2",
            "dateReferralPaid=yesterday",
            "dateReferralPaid=1,2,3",
            "referrerModerationStatus=MAYBE",
        ],
    )
    def test_bad_parameters_are_refused(self, tenant: SaasquatchTenant, query: str) -> None:
        answer = tenant.get(f"/referrals?{query}")
        assert (answer.status_code, query.partition("=")[0] in answer.json()["message"]) == (400, True), answer.text

    def test_another_tenants_referral_is_404(
        self, tenant: SaasquatchTenant, other_tenant: SaasquatchTenant, three: list[dict[str, Any]]
    ) -> None:
        assert_refused(other_tenant.get(f"/referrals/{three[0]['id']}"), 404, "REFERRAL_NOT_FOUND")
        assert other_tenant.get("/referrals").json()["totalCount"] == 0
        assert_refused(tenant.get("/referrals/nothing"), 404, "REFERRAL_NOT_FOUND")
