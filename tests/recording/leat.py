"""The Leat API: access tokens, contacts, credits, referrals, webhook subscriptions."""

from tests.recording.callers import bearer, caller, nobody
from tests.recording.control import advance
from tests.recording.recorder import Caller, Recorder
from tests.support.client import BASE_URL

CLIENT = {"grant_type": "client_credentials", "client_id": 1001, "client_secret": "demo_client_secret_leat_troth_mock"}
ANA = "6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a01"
SHOP = "13ac4cc1-3522-4dfc-ae4a-a821e5090108"
INBOX = f"{BASE_URL}/_troth/inbox/own"


def play(recorder: Recorder) -> None:
    call = caller(recorder, "leat")
    _access(recorder)
    _subscriptions(call)
    _contacts(call)
    _referrals(call)
    advance(recorder, by="PT1H")
    call("findContactByEmail", query={"email": "kim@example.net"})
    call("pingLibrary")


def _access(recorder: Recorder) -> None:
    """A client's token works like a personal one, for an hour."""
    stranger = nobody(recorder, "leat")
    token = stranger("issueAccessToken", body=CLIENT)["access_token"]
    stranger.refused(401, "issueAccessToken", body={**CLIENT, "client_secret": "wrong"})
    stranger.refused(400, "issueAccessToken", body={**CLIENT, "grant_type": "password"})
    stranger.as_other(headers=bearer(token))("ping")
    caller(recorder, "leat")("ping")


def _subscriptions(call: Caller) -> None:
    call("createWebhookSubscription")
    made = {}
    for kind in ("contact_created", "referral_completed"):
        body = {"name": "Own", "event_type": kind, "url": INBOX, "secret": "a-secret-of-our-own"}
        made = call("createWebhookSubscription", body=body)["data"]
    call.refused(400, "createWebhookSubscription", body={"name": "Odd", "event_type": "odd", "url": INBOX})
    call("listWebhookSubscriptions")
    call("listWebhookSubscriptions", query={"event_type": "contact_created", "status": "ACTIVE"})
    call("getWebhookSubscription", webhook_subscription_uuid=made["uuid"])
    doomed = call("createWebhookSubscription", body={"name": "Doomed", "event_type": "reward_updated", "url": INBOX})[
        "data"
    ]["uuid"]
    call("updateWebhookSubscription", webhook_subscription_uuid=doomed)
    call("deleteWebhookSubscription", webhook_subscription_uuid=doomed)
    call.refused(400, "getWebhookSubscription", webhook_subscription_uuid=doomed)


def _contacts(call: Caller) -> None:
    call("getContact", contact_uuid=ANA)
    call("findContactByEmail", query={"email": "ana@example.org"})
    call.refused(400, "findContactByEmail", query={"email": "nobody@example.org"})
    kim = call("createContact", body={"email": "kim@example.net", "referral_code": "ANAST7NE"})["data"]["uuid"]
    call.refused(400, "createContact", body={"email": "kim@example.net"})
    call.refused(400, "createContact", body={"email": "mo@example.net", "referral_code": "WRONGX99"})
    for n in range(6):
        call("createCreditReception", body={"contact_uuid": kim, "shop_uuid": SHOP, "unit_value": 3 + n / 4})
    call("createCreditReception")
    call.refused(400, "createCreditReception", body={"contact_uuid": kim, "shop_uuid": ANA, "unit_value": 3})
    call("getContact", contact_uuid=kim)


def play_library(recorder: Recorder) -> None:
    """The further calls of the vendor's library; last of all, so that what was recorded before them stays as it is."""
    call = caller(recorder, "leat")
    call("listShops")
    call("getShop", shop_uuid=SHOP)
    call.refused(400, "getShop", shop_uuid=ANA)
    call("calculateCredits", query={"shop_uuid": SHOP, "unit_value": 24.5})
    call.refused(400, "calculateCredits", query={"shop_uuid": ANA, "unit_value": 24.5})
    call("listContacts", query={"limit": 2, "page": 2})
    call.refused(400, "listContacts", query={"limit": 0})
    for name in ("findOrCreateContact", "findOrCreateContactAsync"):
        call(name, query={"email": "lin@example.net"})
        call.refused(400, name, query={"email": "lin"})
    lin = call("createContactAsync", body={"email": "mio@example.net"})["data"]["uuid"]
    call.refused(400, "createContactAsync", body={"email": "mio@example.net"})
    call("updateContact", contact_uuid=lin, body={"attributes": {"firstname": "Mio", "cups": 3}})
    call.refused(400, "updateContact", contact_uuid=lin, body={"attributes": {"email": "x@example.net"}})
    card = call("createAnonymousContact", body={"contact_identifier_value": "4006381333948"})["data"]["uuid"]
    call.refused(400, "createAnonymousContact", body={"contact_identifier_value": "4006381333948"})
    call("claimAnonymousContact", contact_uuid=card, body={"email": "nia@example.net"})
    call.refused(400, "claimAnonymousContact", contact_uuid=card, body={"email": "nia@example.net"})
    for name in ("getCreditBalance", "getPrepaidBalance"):
        call(name, contact_uuid=ANA)
        call.refused(400, name, contact_uuid=SHOP)
    call("deleteContact", contact_uuid=card, body={"type": "GDPR"})
    call.refused(400, "deleteContact", contact_uuid=card, body={})


def _referrals(call: Caller) -> None:
    for page in (1, 2, 9):
        call("listReferrals", query={"limit": 30, "page": page})
    for status in ("pending", "completed", "failed"):
        call("listReferrals", query={"status": status})
    call("listReferrals", query={"referring_contact_uuid": ANA})
    call.refused(400, "listReferrals", query={"status": "odd"})
    call("getReferralProgramSettings")
