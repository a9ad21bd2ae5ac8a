"""The SaaSquatch API: users, codes and links, referrals, rewards and balances, webhooks, exports."""

import itertools
from typing import Any

from joserfc import jwt
from joserfc.jwk import OctKey

from tests.recording.callers import SAASQUATCH_KEY, caller, nobody
from tests.recording.control import advance
from tests.recording.recorder import Caller, Recorder
from tests.support.client import BASE_URL

ANA = {"accountId": "acme", "userId": "ana@example.org"}
LENA = {"accountId": "shop-1", "userId": "lena@example.org"}
KIM = {"accountId": "home-2", "userId": "kim"}
INBOX = f"{BASE_URL}/_troth/inbox/own"
OUTSIDE = "https://hooks.example.org/saasquatch"
DAY_MS = 86_400_000
START_MS = 1_768_478_400_000
PURCHASE = {
    "userId": "kim",
    "accountId": "home-2",
    "idempotencyKey": "order-77-0001",
    "events": [{"key": "purchase", "fields": {"order_id": "77", "total": 59.9, "currency": "USD"}}],
}


def play(recorder: Recorder) -> None:
    call = caller(recorder, "saasquatch")
    _webhooks(call)
    _users(call)
    _codes_and_links(call)
    _referrals(call)
    _rewards(call)
    _tokens(recorder)
    _exports(call)
    advance(recorder, by="P2D")
    _leaving(call)


def user(who: dict[str, str], **members: Any) -> dict[str, Any]:
    return {"id": who["userId"], "accountId": who["accountId"], **members}


def _webhooks(call: Caller) -> None:
    call("createWebhook")
    call("createWebhook", body={"endpointUrl": INBOX, "name": "Own inbox", "webhookTypes": ["referral.converted"]})
    call("createWebhook", body={"endpointUrl": "https://gone.example.org/x", "name": "Gone"})
    call.refused(400, "createWebhook", body={"endpointUrl": "not-an-address"})
    call("testWebhook", url=INBOX)
    call("testWebhook", url=OUTSIDE)
    call("deleteWebhook", url="https://gone.example.org/x")
    call.refused(404, "deleteWebhook", url="https://gone.example.org/x")
    call("listWebhooks")


def _users(call: Caller) -> None:
    for limit, offset in ((5, 0), (100, 100), (100, 1_000)):
        call("listUsers", query={"limit": limit, "offset": offset})
    call("listUsers", query={"query": "ana"})
    call("getUserPII", **ANA)
    call("openGetUser", **ANA)
    call("openGetUser", **ANA, query={"fields": "id,shareLinks"})
    call.refused(400, "openGetUser", **ANA, query={"fields": "id", "extraFields": "segments"})
    call(
        "openUserUpsert",
        **LENA,
        body=user(
            LENA,
            firstName="Lena",
            lastName="Moor",
            email="lena@example.org",
            locale="en_US",
            segments=["vip"],
            customFields={"plan": "gold"},
        ),
    )
    call("openUserUpsert", **LENA, body=user(LENA, firstName="Lena", customFields={"plan": "silver", "seats": 4}))
    call("openUserUpsert", **ANA)
    call(
        "openCreateUser",
        accountId="shop-1",
        userId="tom",
        body={"id": "tom", "accountId": "shop-1", "firstName": "Tom"},
    )
    call.refused(
        400,
        "openCreateUser",
        accountId="shop-1",
        userId="tom",
        body={"id": "tom", "accountId": "shop-1", "locale": "nowhere"},
    )
    call.refused(400, "openUserUpsert", **LENA, body={"id": "another", "accountId": "shop-1"})
    call.refused(404, "getUserPII", accountId="acme", userId="nobody")
    call("blockUser", accountId="shop-1", userId="tom")
    call("unblockUser", accountId="shop-1", userId="tom")


def _codes_and_links(call: Caller) -> None:
    call("getCode", code="ANASTONE")
    call("openValidateCode", referral_code="ANASTONE")
    call("openGetUserByCode", query={"referralCode": "ANASTONE"})
    call.refused(404, "openGetUserByCode", query={"referralCode": "NOBODY99"})
    for operation in ("getShareURLs", "openGetShareURLs"):
        call(operation, **ANA)
        call(
            operation,
            **ANA,
            query={"programId": "partner-program", "shareMedium": "EMAIL", "engagementMedium": "EMAIL"},
        )
    call("openUserUpsert", accountId="flat-3", userId="mo", body={"id": "mo", "accountId": "flat-3"})
    call("openApplyCode", code="ANASTONE", accountId="flat-3", userId="mo")
    call.refused(404, "openApplyCode", code="NOBODY99", accountId="flat-3", userId="mo")


def _referrals(call: Caller) -> None:
    """A friend of Lena's signs up with her code and buys."""
    call(
        "openUserUpsert",
        **KIM,
        body=user(KIM, firstName="Kim", lastName="Hale", email="kim@example.net", referredByCodes=["LENAMOOR"]),
    )
    call("trackEvent", **KIM, body=PURCHASE)
    call.refused(409, "trackEvent", **KIM, body=PURCHASE)
    call("listReferrals", query={"limit": 20})
    call("listReferrals", query={"referredModerationStatus": "PENDING"})
    found = call("listReferrals", query={"referringAccountId": "shop-1", "referringUserId": "lena@example.org"})
    call("getReferral", referralId=found["referrals"][0]["id"])
    call("openListReferrals", query={"referringAccountId": "shop-1", "referringUserId": "lena@example.org"})
    call("openListReferrals", query={"referredAccountId": "home-2", "referredUserId": "kim"})


def _rewards(call: Caller) -> None:
    lena: dict[str, Any] = {"accountId": "shop-1"}
    call("createReward", **ANA)
    given = call(
        "createReward",
        **LENA,
        body={"type": "CREDIT", "unit": "CENTS", "assignedCredit": 700, "dateExpires": START_MS + 2 * DAY_MS},
    )
    later = call(
        "createReward",
        **LENA,
        body={
            "type": "CREDIT",
            "unit": "POINT",
            "assignedCredit": 100,
            "dateScheduledFor": START_MS + DAY_MS,
            "dateExpires": START_MS + 3 * DAY_MS,
        },
    )
    off = call(
        "createReward",
        **LENA,
        body={"type": "PCT_DISCOUNT", "discountPercent": 15, "name": "Sorry", "cancellable": True},
    )
    call("lookupReward", id=later["id"])
    call("debitReward", id=given["id"], body={"amount": 400, "unit": "CENTS"})
    call.refused(400, "debitReward", id=given["id"], body={"amount": 400, "unit": "CENTS"})
    call("cancelReward", id=off["id"])
    call.refused(400, "cancelReward", id=off["id"])
    call("debitRewardBalance", body={**lena, "unit": "CENTS", "amount": 500})
    call.refused(400, "debitRewardBalance", body={**lena, "unit": "CENTS", "amount": 10**9})
    call("debitRewardBalance")
    for query in (
        {**lena},
        {"accountId": "acme", "userId": "ana@example.org"},
        {"accountId": "acme", "rewardTypeFilter": "CREDIT"},
    ):
        call("getRewards", query=query)
        call("listRewardBalances", query=query)
    call.refused(
        404,
        "createReward",
        accountId="shop-1",
        userId="nobody",
        body={"type": "CREDIT", "unit": "CENTS", "assignedCredit": 1},
    )


def _tokens(recorder: Recorder) -> None:
    """A browser acts for its own user only; a token of ids alone may only read."""

    def token(**claims: Any) -> Caller:
        made = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SAASQUATCH_KEY))
        return nobody(recorder, "saasquatch").as_other(headers={"X-SaaSquatch-User-Token": made})

    kim = token(user={**user(KIM), "firstName": "Kim", "lastName": "Hill"})
    kim("openGetUser", **KIM)
    kim("openUserUpsert", **KIM, body=user(KIM, lastName="Hill"))
    kim.refused(403, "openGetUser", **LENA)
    token(user=user(KIM))("openGetUser", **KIM)
    token(user=user(KIM)).refused(403, "openUserUpsert", **KIM, body=user(KIM))
    token(user=user(KIM), exp=1_768_000_000).refused(401, "openGetUser", **KIM)
    token(sub="home-2:kim@demo:users")("openGetShareURLs", **KIM)


def _exports(call: Caller) -> None:
    """Exports of each kind and form, and their files."""
    call("createExport")
    call.refused(400, "createExport", body={"type": "EVERYTHING"})
    for kind, form in itertools.product(("USER", "REFERRAL", "REWARD", "REWARD_BALANCE"), ("CSV", "XLSX")):
        made = call("createExport", body={"type": kind, "format": form, "name": f"{kind} {form}"})
        call("getExport", exportId=made["id"])
        location = call("downloadExport", exportId=made["id"]).headers["location"]
        call.recorder.send("public.downloadFile", "GET", location)
    call("listExports", query={"limit": 3})


def _leaving(call: Caller) -> None:
    """What time has brought, and users who leave."""
    call("getRewards", query={"accountId": "shop-1"})
    call("listRewardBalances", query={"accountId": "shop-1"})
    call("openDeleteUser", **KIM, query={"doNotTrack": "true"})
    call.refused(403, "openUserUpsert", **KIM, body=user(KIM))
    call("openDeleteUser", accountId="shop-1", userId="tom", query={"preserveEmptyAccount": "true"})
    call("openDeleteAccount", accountId="flat-3")
    call.refused(404, "openDeleteAccount", accountId="flat-3")
    call("listReferrals", query={"referringAccountId": "shop-1", "referringUserId": "lena@example.org"})
