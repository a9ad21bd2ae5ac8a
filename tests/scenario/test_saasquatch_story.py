"""The story of a referral over real HTTP: from the first signup to the redeemed reward, the signed webhook and the
downloaded export. The server is `troth mock` on a fixed clock; the receiver is a real HTTP server.
"""

import base64
import csv
import hashlib
import hmac
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx2
import openpyxl
import pytest
from joserfc import jws, jwt
from joserfc.jwk import KeySet, OctKey

from tests.support.live import Received, Receiver, receiver, troth
from tests.support.refusals import assert_refused

HOUR_MS, DAY_MS = 3_600_000, 86_400_000


class Integration:
    """What an integrator has: the base URL, the tenant, the key."""

    def __init__(self, url: str) -> None:
        self.root = url
        info = httpx2.get(f"{url}/_troth/info").json()["apis"]["saasquatch"]
        self.alias, self.key = info["credentials"]["tenant_alias"], info["credentials"]["api_key"]
        self.http = httpx2.Client(base_url=f"{info['base_url']}/api/v1/{self.alias}", auth=("", self.key), timeout=30)
        self.open = httpx2.Client(base_url=f"{info['base_url']}/api/v1/{self.alias}", timeout=30)

    def put_user(self, account: str, user: str, **members: Any) -> httpx2.Response:
        return self.http.put(self.user(account, user), json={"id": user, "accountId": account, **members})

    @staticmethod
    def user(account: str, user: str) -> str:
        return f"/open/account/{quote(account, safe='')}/user/{quote(user, safe='')}"

    def advance(self, milliseconds: int) -> dict[str, Any]:
        return httpx2.post(f"{self.root}/_troth/clock/advance", json={"by_ms": milliseconds}, timeout=60).json()

    def token(self, account: str, user: str, **members: Any) -> str:
        claims = {"user": {"id": user, "accountId": account, **members}}
        return jwt.encode({"alg": "HS256", "typ": "JWT"}, claims, OctKey.import_key(self.key))


def verify(integration: Integration, call: Received) -> dict[str, Any]:
    """Check both signatures as the vendor asks receivers to; returns the event."""
    expected = base64.b64encode(hmac.new(integration.key.encode(), call.body, hashlib.sha1).digest()).decode()
    assert hmac.compare_digest(call.headers["x-hook-signature"], expected)
    keys = KeySet.import_key_set(httpx2.get(f"{integration.root}/.well-known/jwks.json").json())
    header, _, signature = call.headers["x-hook-jws-rfc-7797"].partition("..")
    payload = base64.urlsafe_b64encode(call.body).decode().rstrip("=")
    verified = jws.deserialize_compact(f"{header}.{payload}.{signature}", keys, algorithms=["RS256"])
    assert verified.payload == call.body
    return json.loads(call.body)


@pytest.fixture(scope="module")
def integration() -> Iterator[Integration]:
    with troth("mock", "--clock", "fixed") as url:
        made = Integration(url)
        with made.http, made.open:
            yield made


@pytest.fixture(scope="module")
def hooks() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


def wait_for_type(integration: Integration, hooks: Receiver, event_type: str, count: int = 1) -> list[dict[str, Any]]:
    """The verified events of a type once there are enough of them."""
    for total in range(1, 200):
        events = [verify(integration, call) for call in hooks.received]
        found = [event for event in events if event["type"] == event_type]
        if len(found) >= count:
            return found
        hooks.wait_for(len(hooks.received) + (1 if total else 0))
    raise AssertionError(f"no {event_type}")


def test_the_story(integration: Integration, hooks: Receiver) -> None:  # noqa: PLR0915  one story, in order
    http = integration.http

    # A webhook endpoint is subscribed, listed, and tried.
    assert http.post("/subscription", json={"endpointUrl": hooks.url, "name": "Story"}).status_code == 201
    assert hooks.url in [row["endpointUrl"] for row in http.get("/subscription").json()]
    assert http.post(f"/subscription/{quote(hooks.url, safe='')}/test").status_code == 204
    assert wait_for_type(integration, hooks, "test")[0]["data"]["name"] == "Story"

    # An advocate signs up, and has a code and links.
    advocate = integration.put_user(
        "shop-1",
        "lena@example.org",
        firstName="Lena",
        lastName="Moor",
        email="lena@example.org",
        locale="en_US",
        segments=["vip"],
        customFields={"plan": "gold"},
    ).json()
    code = advocate["referralCodes"]["referral-program"]
    assert code == "LENAMOOR"
    created = wait_for_type(integration, hooks, "user.created")[0]
    assert created["data"]["referralCodes"] == advocate["referralCodes"]
    assert created["live"] is True
    assert len(wait_for_type(integration, hooks, "coupon.created", 2)) == 2

    # A friend follows the link of an e-mail, and lands on the program's page with the code.
    links = http.get("/account/shop-1/user/lena%40example.org/shareurls?programId=referral-program").json()[
        "shareLinks"
    ]
    landed = httpx2.get(links["EMAIL"]["FACEBOOK"], follow_redirects=False)
    assert landed.status_code == 302
    landing = urlsplit(landed.headers["location"])
    query = parse_qs(landing.query)
    assert f"{landing.scheme}://{landing.netloc}{landing.path}" == "https://shop.example.org/welcome"
    assert (query["rsCode"], query["rsEngagementMedium"], query["rsShareMedium"]) == ([code], ["EMAIL"], ["FACEBOOK"])

    # The friend signs up with what the browser remembers: a referral starts.
    friend = integration.put_user(
        "home-2", "kim", firstName="Kim", lastName="Hale", email="kim@example.net", cookies=query["_saasquatch"][0]
    ).json()
    assert friend["referredByCodes"] == [code]
    started = wait_for_type(integration, hooks, "referral.started")[0]["data"]
    assert (started["referrer"]["id"], started["referred"]["id"]) == ("lena@example.org", "kim")

    # The friend buys: the referral converts, both are rewarded, the same event again is refused.
    purchase = {
        "userId": "kim",
        "accountId": "home-2",
        "idempotencyKey": "order-77-0001",
        "events": [{"key": "purchase", "fields": {"order_id": "77", "total": 59.9, "currency": "USD"}}],
    }
    assert http.post(integration.user("home-2", "kim") + "/events", json=purchase).status_code == 200
    assert_refused(http.post(integration.user("home-2", "kim") + "/events", json=purchase), 409, "IDEMPOTENCY_KEY_USED")
    converted = wait_for_type(integration, hooks, "referral.converted")[0]["data"]
    assert converted["id"] == started["id"]
    assert len(wait_for_type(integration, hooks, "reward.created", 2)) == 2
    referral = http.get(f"/referrals/{started['id']}").json()
    assert referral["referrerReward"]["assignedCredit"] == 1500
    assert referral["referredReward"]["discountPercent"] == 10

    # The balance is spent in part, in bulk, and never beyond what is there.
    def balance() -> int:
        row = http.get("/reward/balance?accountId=shop-1&rewardTypeFilter=CREDIT").json()[0]
        return row["totalAssignedCredit"] - row["totalRedeemedCredit"]

    assert balance() == 1500
    reward = referral["referrerReward"]["id"]
    part = http.post(f"/credit/{reward}/redeem", json={"amount": 400, "unit": "CENTS"}).json()
    assert (part["creditRedeemed"], part["creditAvailable"]) == (400, 1100)
    http.post(
        "/rewards/account/shop-1/user/lena%40example.org",
        json={
            "type": "CREDIT",
            "unit": "CENTS",
            "assignedCredit": 300,
            "dateExpires": referral["dateConverted"] + 2 * DAY_MS,
        },
    )
    bulk = http.post("/credit/bulkredeem", json={"accountId": "shop-1", "unit": "CENTS", "amount": 500}).json()
    assert bulk["creditAvailable"] == balance() == 900
    soonest, first = sorted(http.get("/reward?accountId=shop-1").json(), key=lambda row: row["dateExpires"])
    assert (soonest["redeemedCredit"], first["redeemedCredit"]) == (300, 600)
    over = http.post("/credit/bulkredeem", json={"accountId": "shop-1", "unit": "CENTS", "amount": 901})
    assert (over.status_code, over.json()["apiErrorCode"]) == (400, "INVALD_REWARD_REDEMPTION")
    assert balance() == 900
    changes = wait_for_type(integration, hooks, "user.reward.balance.changed", 4)
    newest = max((event["data"] for event in changes), key=lambda data: data["resourceVersion"])
    assert newest["availableValue"] == 900

    # A browser acts for its own user with a token in either header.
    token = integration.token("home-2", "kim", firstName="Kim")
    for headers in ({"X-SaaSquatch-User-Token": token}, {"Authorization": f"Bearer {token}"}):
        assert integration.open.get(integration.user("home-2", "kim"), headers=headers).status_code == 200
        theirs = integration.open.get(integration.user("shop-1", "lena@example.org"), headers=headers)
        assert_refused(theirs, 403, "FORBIDDEN")

    # A blocked advocate's code stops working.
    assert http.post("/account/shop-1/user/lena%40example.org/block").status_code == 200
    assert_refused(integration.open.get(f"/open/code/{code}"), 404, "REFERRAL_CODE_NOT_FOUND")
    assert http.post("/account/shop-1/user/lena%40example.org/unblock").status_code == 200
    assert integration.open.get(f"/open/code/{code}").json()["referrerName"] == "Lena M"

    # Exports in both forms say what the lists say.
    users = {row["id"]: row for row in all_users(integration)}
    rows = list(csv.DictReader(io.StringIO(download(integration, "USER", "CSV").decode())))
    assert {row["id"] for row in rows} == set(users)
    assert all(row["email"] == (users[row["id"]]["email"] or "") for row in rows)
    with zipfile.ZipFile(io.BytesIO(download(integration, "USER", "XLSX"))) as archive:
        (name,) = archive.namelist()
        sheet = openpyxl.load_workbook(io.BytesIO(archive.read(name)), read_only=True).active
        header, *cells = list(sheet.values)
    assert list(header) == list(rows[0])
    assert {str(row[header.index("id")]) for row in cells} == set(users)
    assert len(wait_for_type(integration, hooks, "export.completed", 2)) >= 2

    # The friend leaves for good: gone, anonymous on the other side, and not let back in.
    assert http.delete(integration.user("home-2", "kim") + "?doNotTrack=true").status_code == 204
    assert_refused(http.get(integration.user("home-2", "kim")), 404, "USER_NOT_FOUND")
    kept = http.get(f"/referrals/{started['id']}").json()
    assert kept["referredUser"] is None
    assert kept["referrerReward"]["id"] == reward
    back = integration.put_user("home-2", "kim", firstName="Kim")
    assert (back.status_code, back.json()["rsCode"]) == (403, "RS050")


def all_users(integration: Integration) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        page = integration.http.get(f"/users?limit=100&offset={len(found)}").json()
        found += page["users"]
        if len(found) == page["totalCount"]:
            return found


def download(integration: Integration, kind: str, form: str) -> bytes:
    """Ask for an export, wait for it, fetch it as clients do: following the redirect."""
    made = integration.http.post("/export", json={"type": kind, "format": form, "name": "story"}).json()
    assert made["status"] == "PENDING"
    assert integration.http.get(f"/export/{made['id']}").json()["status"] == "COMPLETED"
    answer = integration.http.get(f"/export/{made['id']}/download", follow_redirects=True)
    assert answer.status_code == 200
    return answer.content


def test_time_brings_what_is_due(integration: Integration) -> None:
    """A scheduled reward becomes available, credit expires, an export's file goes, all on the mock's clock."""
    http = integration.http
    now = httpx2.get(f"{integration.root}/_troth/clock").json()["now_ms"]
    integration.put_user("later", "u")
    pending = http.post(
        "/rewards/account/later/user/u",
        json={
            "type": "CREDIT",
            "unit": "POINT",
            "assignedCredit": 100,
            "dateScheduledFor": now + DAY_MS,
            "dateExpires": now + 3 * DAY_MS,
        },
    ).json()
    assert pending["dateGiven"] is None
    export = http.post("/export", json={"type": "REWARD"}).json()["id"]
    early = http.post("/credit/bulkredeem", json={"accountId": "later", "unit": "POINT", "amount": 1})
    assert_refused(early, 400, "INVALD_REWARD_REDEMPTION")
    fired = integration.advance(DAY_MS + HOUR_MS)["fired"]
    assert any(job["subject"] == pending["id"] for job in fired)
    assert http.get(f"/reward/{pending['id']}").json()["dateGiven"] == now + DAY_MS
    assert (
        http.post("/credit/bulkredeem", json={"accountId": "later", "unit": "POINT", "amount": 40}).json()[
            "creditAvailable"
        ]
        == 60
    )
    integration.advance(3 * DAY_MS)
    row = http.get("/reward/balance?accountId=later").json()[0]
    assert (row["totalAssignedCredit"] - row["totalRedeemedCredit"], row["totalExpiredCredit"]) == (0, 60)
    integration.advance(28 * DAY_MS)
    assert http.get(f"/export/{export}").json()["status"] == "EXPIRED"
    assert_refused(http.get(f"/export/{export}/download"), 400, "EXPORT_NOT_READY")
