"""Two starts with the same seed and a fixed clock answer the same requests with the same bytes."""

import re
import sys
from typing import Any

import httpx2

from tests.api.test_examples import OPERATIONS, Operation
from tests.recording.callers import BEARERS, bearer
from tests.support.client import segment
from tests.support.live import ON_ONE_CORE, free_port, troth

KEY = ("", "LIVE_DEMO0KEY0SAASQUATCH0TROTH0MOCK")
BASE = "/saasquatch/api/v1/demo"
ADVOCACY, ADVOCACY_KEY = "/advocacy/api/v1", "sk_live_DEMO0KEY0ADVOCACY0TROTH0MOCK"
LEAT, LEAT_KEY = "/leat/api/v3/oauth/clients", "PAT_DEMO0KEY0LEAT0TROTH0MOCK"
LOYALTY, LOYALTY_KEY = "/loyalty-core/api/v1/organizations/1", "lc_DEMO0TOKEN0LOYALTY0CORE0TROTH0MOCK"
ANA = "adv_demo0000000000000001"
Call = tuple[str, str, Any]
Answer = tuple[int, dict[str, str], bytes]
WRITES = {
    name: operation
    for name, operation in OPERATIONS.items()
    if operation.method != "GET" and operation.api in {"saasquatch", *BEARERS}
}
"""Every operation that writes. Each is called with the example of its contract, beside the scripts."""
PATTERNS = {
    name: re.compile(re.sub(r"\{[^}]*\}", "[^/]+", httpx2.URL(operation.path).path))
    for name, operation in WRITES.items()
}


def script() -> list[Call]:
    """Reads, writes, refusals, exports."""
    calls: list[Call] = [("GET", f"/users?limit=5&offset={n}", None) for n in range(0, 50, 10)]
    calls += [
        ("GET", "/users?query=ana", None),
        ("GET", "/referrals?limit=20", None),
        ("GET", "/reward?accountId=acme", None),
        ("GET", "/reward/balance?accountId=acme", None),
        ("GET", "/account/acme/user/ana%40example.org/pii", None),
    ]
    for n in range(12):
        user = {
            "id": f"u{n}",
            "accountId": f"a{n // 2}",
            "firstName": "Zoe",
            "lastName": "Park",
            "referredByCodes": ["ANASTONE"],
        }
        path = f"/open/account/a{n // 2}/user/u{n}"
        calls += [("PUT", path, user), ("GET", path, None)]
        calls.append(
            ("POST", f"{path}/events", {"userId": f"u{n}", "accountId": f"a{n // 2}", "events": [{"key": "purchase"}]})
        )
    calls += [
        (
            "POST",
            "/rewards/account/acme/user/ana%40example.org",
            {"type": "CREDIT", "unit": "CENTS", "assignedCredit": 700},
        ),
        ("POST", "/credit/bulkredeem", {"accountId": "acme", "unit": "CENTS", "amount": 900}),
        ("POST", "/credit/bulkredeem", {"accountId": "acme", "unit": "CENTS", "amount": 10**9}),
        ("PUT", "/open/account/x/user/y", {"id": "y"}),
        ("GET", "/nothing", None),
        ("PATCH", "/users", None),
    ]
    for kind, form in (("USER", "CSV"), ("REFERRAL", "CSV"), ("REWARD", "XLSX"), ("REWARD_BALANCE", "CSV")):
        calls.append(("POST", "/export", {"type": kind, "format": form, "name": kind}))
    calls += [
        ("GET", "/export/history/list?limit=20", None),
        ("GET", "/subscription", None),
        ("DELETE", "/open/account/a1/user/u2?doNotTrack=true", None),
        ("GET", "/referrals?limit=100", None),
    ]
    return calls


def advocacy_script() -> list[Call]:
    """Reads, writes and refusals of the advocacy API."""
    calls: list[Call] = [("GET", f"/advocates?limit=100&page={n}", None) for n in (1, 2, 3)]
    calls += [
        ("GET", path, None)
        for path in (
            "/advocates?search=an&tier=gold",
            f"/advocates/{ANA}",
            "/rewards",
            "/quests",
            "/referrals",
            "/referrals/ANAST2NE/stats",
            "/testimonials",
            "/feedback/boards",
            "/feedback/boards/brd_demo0000000000000001/ideas",
            "/sso/mappings",
            "/nothing",
        )
    ]
    for n in range(6):
        calls += [
            ("POST", "/advocates", {"email": f"new{n}@example.org", "name": f"New {n}"}),
            ("POST", "/referrals/track", {"code": "ANAST2NE", "visitorId": f"v{n % 4}"}),
            ("POST", "/referrals/convert", {"code": "ANAST2NE", "orderId": f"o{n}", "orderValue": n + 0.5}),
        ]
    calls += [
        ("POST", "/advocates", {"email": "new0@example.org"}),
        ("POST", f"/advocates/{ANA}/points", {"amount": 40}),
        ("POST", f"/advocates/{ANA}/points", {"amount": -(10**6)}),
        ("PATCH", f"/advocates/{ANA}", {"metadata": {"a": 1}}),
        ("POST", "/rewards/rwd_demo0000000000000001/redeem", {"advocateId": ANA}),
        ("GET", f"/advocates/{ANA}", None),
        (
            "POST",
            "/quests/qst_demo0000000000000001/complete",
            {"advocateId": ANA, "taskId": "tsk_demo0000000000000001"},
        ),
        ("POST", "/rewards", {"name": "Mug", "pointsCost": 5}),
        ("POST", "/quests", {"title": "Q", "tasks": [{"title": "T"}]}),
        ("POST", "/sso/mappings", {"advocateId": ANA, "externalCustomerId": "c-1"}),
        ("GET", "/quests", None),
    ]
    return calls


def leat_script() -> list[Call]:
    """Reads, writes and refusals of the Leat API."""
    calls: list[Call] = [("GET", f"/referrals?limit=30&page={n}", None) for n in (1, 2, 3)]
    calls += [
        ("GET", path, None)
        for path in (
            "/referrals/settings",
            "/referrals?status=odd",
            "",
            "/webhook-subscriptions",
            "/contacts/find-one-by?email=ana@example.org",
            "/contacts/unknown",
        )
    ]
    for n in range(6):
        calls += [
            ("POST", "/contacts", {"email": f"new{n}@example.org", "referral_code": "ANAST7NE"}),
            ("GET", f"/contacts/find-one-by?email=new{n}@example.org", None),
        ]
    calls += [
        ("POST", "/contacts", {"email": "new0@example.org"}),
        ("GET", "/referrals?status=pending", None),
        (
            "POST",
            "/webhook-subscriptions",
            {"name": "W", "event_type": "contact_created", "url": "http://127.0.0.1:9/x"},
        ),
    ]
    return calls


def loyalty_script() -> list[Call]:
    """Reads, writes and refusals of the Loyalty Core API."""
    calls: list[Call] = [("GET", f"/members?limit=25&page={n}", None) for n in (0, 7, 19)]
    calls += [
        ("GET", path, None)
        for path in (
            "",
            "/members/42",
            "/loyalty-members/HC-000042",
            "/members/42/loyalty-programs/1/tier-history",
            "/search/members?query=an",
            "/loyalty-programs?default=false",
            "/loyalty-programs/1/tiers",
            "/ledgers/2/accounts",
            "/ledgers/1/wallets/142/balances",
            "/ledgers/1/accounts/1/transactions?limit=25&order=createdAt,desc",
            "/ledgers/2/accounts/3/transactions?limit=25",
            "/users",
            "/portals",
            "/content-schemas/1/versions/1",
            "/locations",
            "/members/4242",
            "/nothing",
        )
    ]
    for n in range(3):
        calls += [
            ("POST", "/members", {"loyaltyMemberId": f"new-{n}", "profile": {"name": f"New {n}"}}),
            (
                "POST",
                f"/loyalty-members/new-{n}/mint",
                {"amount": 600, "systemUniqueKey": f"k-{n}", "tags": ["a", "b"]},
            ),
            ("POST", f"/ledgers/1/accounts/2/wallets/{601 + n}/mint", {"amount": 1_000 * n + 1}),
        ]
    transfer = {"amount": 50, "fromWalletId": 601, "toWalletId": 602}
    calls += [
        ("POST", "/members", {"loyaltyMemberId": "new-0"}),
        ("POST", "/ledgers/1/accounts/1/transactions", transfer),
        ("POST", "/loyalty-members/new-1/burn", {"amount": 10**6}),
        ("POST", "/loyalty-members/new-2/mint", {"amount": 1, "systemUniqueKey": "k-2"}),
        (
            "POST",
            "/ledgers/1/accounts/1/wallets/602/burn",
            {"amount": 100, "captureMethod": "manual", "systemUniqueKey": "hold"},
        ),
        ("POST", "/ledgers/1/accounts/1/transactions/revert", {"systemUniqueKey": "hold"}),
        ("POST", "/ledgers/2/accounts/3/wallets/603/mint", {"amount": 7}),
        (
            "POST",
            "/ledger-transactions/batch",
            {"items": [{**transfer, "ledgerId": 1, "ledgerAccountId": n} for n in (1, 2, 3)]},
        ),
        ("PUT", "/members/501/loyalty-programs/1/tier", {"loyaltyTierId": 4, "expiresAt": "2026-06-01T00:00:00Z"}),
        ("PATCH", "/members/502", {"profile": {"name": "Newer"}}),
        ("POST", "/portals", {"name": "P", "active": True}),
        ("POST", "/content-schemas", {"name": "S", "type": 3, "active": True, "schema": "{}"}),
        (
            "POST",
            "/users",
            {
                "active": True,
                "name": "U",
                "nickname": "u",
                "profilePictureUrl": "https://img.example.org/u.png",
                "isSystemAdmin": False,
                "pendingProvisioning": False,
                "customAttributes": {},
                "isAdmin": False,
                "userName": "u",
                "email": "u@example.org",
                "authClientId": "c",
                "roles": [],
            },
        ),
        ("GET", "/ledgers/1/accounts/1/transactions?limit=25&order=id,desc", None),
        ("GET", "/members?limit=25&order=id,desc", None),
    ]
    return calls + engagement_script()


def engagement_script() -> list[Call]:
    """Reads, writes and refusals of what moves members."""
    calls: list[Call] = [
        ("GET", path, None)
        for path in (
            "/campaigns",
            "/campaigns/3/actions",
            "/missions",
            "/members/42/missions",
            "/coupon-books?locale=it",
            "/coupon-books/1/coupons?limit=25",
            "/loyalty-programs/1/members/42/coupon-books",
            "/loyalty-programs/1/members/42/coupons",
            "/matchers",
            "/audiences",
            "/rules/effects",
            "/referral-programs/1/members-report?order=referredCount,desc",
            "/referral-programs/1/referral-codes",
            "/loyalty-event-types",
            "/event-triggers",
            "/coupon-book-offerings",
            "/members/42/events?limit=25",
            "/members/42/purchase-orders",
            "/stats/missions",
            "/stats/benefits/performance",
            "/stats/events/member-purchase-order-confirmed",
            "/campaigns/99",
        )
    ]
    order = {
        "externalId": "order-1",
        "type": "sale",
        "total": 9.6,
        "status": "confirmed",
        "items": [{"sku": "harbour-beans", "price": 9.6}],
    }
    tasting = {
        "organizationId": 1,
        "memberId": 42,
        "eventType": "tasting-attended",
        "systemUniqueKey": "taste-1",
        "payload": {"seats": 2},
    }
    calls += [
        ("POST", "/members/42/purchase-orders", order),
        ("POST", "/members/42/purchase-orders", {**order, "status": "returned"}),
        ("POST", "/members/42/purchase-orders", order),
        ("POST", "/loyalty-events", tasting),
        ("POST", "/loyalty-events", tasting),
        ("POST", "/coupon-books/1/assign", {"memberId": 42}),
        ("POST", "/coupon-books/1/use", {"memberId": 42}),
        ("POST", "/coupon-books/3/use", {"memberId": 42}),
        ("POST", "/coupon-books/5/assign", {"memberId": 42}),
        ("POST", "/members", {"loyaltyMemberId": "by-code", "referralCode": "ANA-STONE"}),
        (
            "POST",
            "/campaigns",
            {"name": "New", "code": "new", "eventType": "member-updated", "smartRewards": {"fixedPoints": 3}},
        ),
        ("PATCH", "/members/42", {"customAttributes": {"favourite": "filter"}}),
        ("PUT", "/coupon-book-offerings/1/approval", {"approved": True}),
        (
            "POST",
            "/event-triggers",
            {
                "type": "WebHook",
                "name": "Mine",
                "settings": {"url": "http://127.0.0.1:9/x", "events": ["badge-minted"]},
            },
        ),
        ("GET", "/members/42/events?limit=25&order=id,desc", None),
        ("GET", "/coupon-book-offerings", None),
    ]
    return calls


def further_loyalty_script() -> list[Call]:
    """Writes whose example is refused in the demo, because it is there already, or names what is not."""
    renamed = {"name": "Renamed", "code": "renamed", "eventType": "member-updated"}
    step = {"name": "Step", "status": "running", "effects": {"items": []}}
    referrals = {**renamed, "active": False, "maxPerCode": 5, "maxReferralsPerMember": 5}
    mission = {**renamed, "loyaltyProgramId": 1, "maxRepetitions": 2, "goalCount": 3}
    gift = {"amount": 1, "fromWalletId": 601, "toWalletId": 602, "ledgerAccountId": 1}
    return [
        ("POST", "/categories", {"categoryCode": "new", "categoryLabel": "New"}),
        ("POST", "/locations", {"locationCode": "new", "locationLabel": "New"}),
        ("POST", "/order-locations", {"orderLocationCode": "new", "orderLocationLabel": "New"}),
        ("POST", "/product-categories", {"productCategoryCode": "new", "productCategoryLabel": "New"}),
        ("POST", "/loyalty-event-types", {"name": "New", "apiCode": "new", "schemaType": "custom"}),
        ("POST", "/referral-programs/1/referral-codes", {"memberId": 111, "codes": ["NEW-CODE"]}),
        ("PUT", "/referral-programs/1", referrals),
        ("PUT", "/missions/1", mission),
        ("PUT", "/campaigns/1", renamed),
        ("POST", "/campaigns/1/actions", step),
        ("PUT", "/campaigns/3/actions/1", step),
        ("POST", "/ledgers/1/transaction-sets", {"create": [gift, gift]}),
        ("POST", "/coupon-books/1/coupons", {"codes": ["NEW-1"]}),
    ]


def example_of(operation: Operation) -> tuple[str, dict[str, Any]]:
    """The address below the server, and the options, of a call with the contract's example."""
    address, body = list(operation.requests())[-1]
    identity = {"auth": KEY} if operation.api == "saasquatch" else {"headers": bearer(BEARERS[operation.api])}
    return httpx2.URL(address).raw_path.decode(), {**identity, **body}


class Play:
    """The scripts, played against one server: the answers without what the transport adds."""

    def __init__(self, http: httpx2.Client) -> None:
        self.http = http
        self.answers: list[Answer] = []
        self.written: set[str] = set()
        """Operations that wrote."""

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> httpx2.Response:
        options = {**(options or {"auth": KEY}), **({} if body is None else {"json": body})}
        made = self.http.request(method, path, **options)
        headers = {name: value for name, value in made.headers.items() if name != "date"}
        self.answers.append((made.status_code, headers, made.content))
        if made.status_code < 400:
            below = path.partition("?")[0]
            self.written |= {n for n, one in WRITES.items() if one.method == method and PATTERNS[n].fullmatch(below)}
        return made

    def play(self) -> None:
        exports = []
        for method, path, body in script():
            answer = self.call(method, BASE + path, body)
            if path == "/export":
                exports.append(answer.json()["id"])
        for export in exports:
            state = self.call("GET", f"{BASE}/export/{export}").json()
            assert state["status"] == "COMPLETED"
            location = self.call("GET", f"{BASE}/export/{export}/download").headers["location"]
            assert len(self.call("GET", location).content) > 100
        for base, key, calls in (
            (ADVOCACY, ADVOCACY_KEY, advocacy_script()),
            (LEAT, LEAT_KEY, leat_script()),
            (LOYALTY, LOYALTY_KEY, loyalty_script() + further_loyalty_script()),
        ):
            for method, path, body in calls:
                self.call(method, base + path, body, headers={"Authorization": f"Bearer {key}"})
        self.chains()
        form = {
            "grant_type": "client_credentials",
            "client_id": "1001",
            "client_secret": "demo_client_secret_leat_troth_mock",
        }
        # Requests of no tenant are numbered with those of the inbox, which come whenever a webhook is sent: so they
        # bring an id.
        own = {"X-Request-Id": "own"}
        assert self.call("POST", "/leat/oauth/token", data=form, headers=own).status_code == 200
        for operation in WRITES.values():
            address, options = example_of(operation)
            options["headers"] = {**options.get("headers", {}), **own}
            self.call(operation.method, address, **options)
        self.call("GET", "/_troth/clock", headers=own)

    def chains(self) -> None:
        """Writes to what another call has made; its id depends on the seed."""
        credit = {"type": "CREDIT", "unit": "CENTS", "assignedCredit": 700, "cancellable": True}
        for path, body in (("/credit/{}/redeem", {"amount": 200, "unit": "CENTS"}), ("/reward/{}/cancel", None)):
            made = self.call("POST", f"{BASE}/rewards/account/acme/user/ana%40example.org", credit).json()
            self.call("POST", BASE + path.format(made["id"]), body)
        self.call("PUT", f"{BASE}/open/account/alone/user/zoe", {"id": "zoe", "accountId": "alone"})
        self.call("POST", f"{BASE}/open/code/ANASTONE/account/alone/user/zoe", {})
        hook = self.call("GET", f"{BASE}/subscription").json()[0]["endpointUrl"]
        self.call("POST", f"{BASE}/subscription/{segment(hook)}/test")

        def leat(method: str, path: str, **members: Any) -> dict[str, Any]:
            options = {"headers": bearer(LEAT_KEY), **({"data": members} if members else {})}
            data: dict[str, Any] = self.call(method, LEAT + path, **options).json()["data"]
            return data

        leat("POST", "/contacts/async", email="late@example.org")
        nameless = leat("POST", "/contacts/anonymous", contact_identifier_value="4006381333999")
        leat("PUT", f"/contacts/{nameless['uuid']}/claim", email="claimed@example.org")
        hooks = "/webhook-subscriptions"
        made = leat("POST", hooks, name="W", event_type="contact_created", url="http://127.0.0.1:9/y")
        leat("PUT", f"{hooks}/{made['uuid']}", name="X")
        leat("DELETE", f"{hooks}/{made['uuid']}")

        def loyalty(method: str, path: str, body: Any = None) -> Any:
            return self.call(method, LOYALTY + path, body, headers=bearer(LOYALTY_KEY)).json()

        user = loyalty("GET", "/users")["results"][-1]["userId"]
        loyalty("PUT", f"/users/{user}/permissions", {"isAdmin": False, "roles": ["members:read"]})
        loyalty("PUT", f"/users/{user}/password", {"permanent": True, "password": "gulls-over-the-pier"})
        account = "/ledgers/1/accounts/1"
        held = {"amount": 10, "captureMethod": "manual"}
        [pending] = loyalty("POST", f"{account}/wallets/602/burn", held)["transactions"]
        captured = {"transactions": [{"ledgerTransactionId": pending["ledgerTransactionId"]}]}
        loyalty("POST", f"{account}/transactions/capture", captured)
        new = {"order": "couponId,desc", "limit": 1}
        listed = self.call("GET", f"{LOYALTY}/coupon-books/1/coupons", headers=bearer(LOYALTY_KEY), params=new).json()
        coupon = f"/coupon-books/1/coupons/{listed['results'][0]['couponId']}"
        loyalty("PUT", coupon, {"code": "NEW-2"})
        loyalty("POST", f"{coupon}/assign", {"memberId": 43})
        loyalty("POST", f"{coupon}/use", {"memberId": 43})
        unused = loyalty("POST", "/content-schemas", {"name": "Gone", "type": 3, "active": True, "schema": "{}"})
        loyalty("DELETE", f"/content-schemas/{unused['contentSchemaId']}")


def run(url: str) -> Play:
    with httpx2.Client(base_url=url, follow_redirects=False, timeout=30) as http:
        made = Play(http)
        made.play()
    return made


def test_the_same_seed_gives_the_same_bytes() -> None:
    """Two processes, of which the second sees one core only; every operation that writes does so in both."""
    port = free_port()
    runs = []
    for before in ((), ON_ONE_CORE if sys.platform == "linux" else ()):
        with troth("mock", "--clock", "fixed", "--seed", "7", port=port, before=before) as url:
            runs.append(run(url))
    first, second = runs
    assert len(first.answers) >= 215 + len(WRITES)
    assert {answer[0] for answer in first.answers} >= {200, 201, 204, 303, 400, 404, 405, 409}
    assert set(WRITES) - first.written == set()
    for n, (one, other) in enumerate(zip(first.answers, second.answers, strict=True)):
        assert one == other, f"call {n} differs"


def test_another_seed_gives_other_data() -> None:
    with troth("mock", "--clock", "fixed", "--seed", "8") as url:
        other = httpx2.get(f"{url}{BASE}/users?limit=50", auth=KEY).json()
    with troth("mock", "--clock", "fixed", "--seed", "9") as url:
        assert httpx2.get(f"{url}{BASE}/users?limit=50", auth=KEY).json()["users"] != other["users"]
