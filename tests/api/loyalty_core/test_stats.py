"""Stats: every figure against a count by hand of what was done through the API, for spans of all kinds."""

import itertools
import random  # noqa: TID251  what happens is the test's own dice
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from sqlalchemy import insert

from models.kernel.clock import DAY_MS, HOUR_MS
from models.kernel.times import iso
from models.loyalty_core.events.built_in import EVENT_TYPES
from models.loyalty_core.events.tables import LoggedEvent
from models.loyalty_core.organization.surveys import configure_surveys
from models.loyalty_core.organization.tables import SurveyAnswer
from tests.api.loyalty_core.conftest import ACCOUNT, LEDGER, PROGRAM, Club, coded, make_club, refusal
from tests.api.loyalty_core.test_coupon_books import new_book
from tests.api.loyalty_core.test_missions import add, new_mission
from tests.api.loyalty_core.test_tiers import new_tier
from tests.support.client import Client
from troth.app import Server

STEPS = 130
BOOKS = [
    {"name": "Fixed", "discountAmount": 2.5, "discountType": "fixed", "tags": ["coffee", "é"]},
    {"name": "Percent", "discountAmount": 0.3333, "discountType": "percentage", "tags": ["coffee"]},
    {"name": "Untyped", "discountAmount": 0.1},
    {"name": "No discount", "discountType": "fixed", "tags": ["cake"]},
    {"name": "Capital", "discountAmount": 7, "discountType": "Fixed", "tags": []},
]
MISSIONS = [
    {"code": "one", "name": "One", "goalCount": 3, "pointsAccrual": 5, "tags": ["stamp", "é"]},
    {"code": "two", "name": "Two", "goalCount": 1, "pointsAccrual": 0, "tags": ["stamp"]},
    {"code": "three", "name": "Three", "goalCount": 2, "pointsAccrual": 11, "tags": ["other"]},
]
TRANSACTION_TYPES = {
    "mint": "minted",
    "burn": "burned",
    "transfer": "transferred",
    "expiry": "expired",
    "revert": "reverted",
}
SPANNED = (
    "members/creation",
    "benefits/usages",
    "benefits/performance",
    "coupon-books/usages",
    "coupon-books/discount-amounts",
    "missions/top-members",
    "missions",
    "missions/totals",
    f"ledger-accounts/{ACCOUNT}",
    "events/member-created",
)
Span = tuple[int | None, int | None]


def ms(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def day(at: int) -> str:
    return datetime.fromtimestamp(at // 1000, UTC).strftime("%Y-%m-%d")


@dataclass
class World:
    """What was done, as the test itself remembers it."""

    club: Club
    members: list[dict[str, Any]] = field(default_factory=list)
    usages: dict[int, dict[str, Any]] = field(default_factory=dict)
    counts: list[dict[str, Any]] = field(default_factory=list)
    achieved: Counter[tuple[int, int]] = field(default_factory=Counter)
    counted: Counter[tuple[int, int]] = field(default_factory=Counter)
    tracked: list[tuple[int, str]] = field(default_factory=list)
    instants: list[int] = field(default_factory=list)
    logged: list[tuple[str, int]] = field(default_factory=list)

    def stats(self, path: str, span: Span = (None, None), **query: Any) -> Any:
        named = {"sinceFrom": span[0], "sinceTo": span[1]}
        answer = self.club.get(
            f"/stats/{path}", params={**{name: iso(at) for name, at in named.items() if at is not None}, **query}
        )
        assert answer.status_code == 200, answer.text
        [figures] = answer.json().values()
        return figures

    def transactions(self, account: int) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        for page in itertools.count():
            found = self.club.get(
                f"/ledgers/{LEDGER}/accounts/{account}/transactions", params={"limit": 25, "page": page}
            ).json()["results"]
            if not found:
                return rows
            rows += found
        raise AssertionError


def within(at: int, span: Span) -> bool:
    return (span[0] is None or at >= span[0]) and (span[1] is None or at < span[1])


class Story:
    """Random days of a club. Whatever is refused leaves no trace in what is remembered."""

    def __init__(self, club: Club) -> None:
        self.draw, self.world, self.club = random.Random(20260115), World(club), club
        for book in BOOKS:
            made = new_book(club, **book)
            codes = [f"{made['couponBookId']}-{n}" for n in range(40)]
            assert club.post(f"/coupon-books/{made['couponBookId']}/coupons", json={"codes": codes}).status_code == 201
        for mission in MISSIONS:
            new_mission(club, **mission, maxRepetitions=40, eventType="badge-minted")
        for code in ("app-review", "bücher"):
            club.made("/loyalty-event-types", name=code, apiCode=code, schemaType="custom")
        club.made(
            f"/ledgers/{LEDGER}/accounts",
            name="Second",
            active=True,
            isRevolving=False,
            syncAlgorand=False,
            pointTrackingEnabled=True,
            expiresInMonths=1,
        )
        for _ in range(4):
            self.join()

    def run(self) -> World:
        whats: list[Callable[[], None]] = [
            self.join,
            self.assign,
            self.assign,
            self.use,
            self.use,
            self.use,
            self.take_back,
            self.count,
            self.count,
            self.count,
            self.move,
            self.move,
            self.track,
        ]
        for _ in range(STEPS):
            self.draw.choice(whats)()
            if self.draw.random() < 0.3:
                self.club.advance(self.draw.choice([1, HOUR_MS, DAY_MS // 2, DAY_MS, 3 * DAY_MS]))
        self.club.advance(40 * DAY_MS)  # points of the second account expire
        self.world.members = [
            row
            for page in range(3)
            for row in self.club.get("/members", params={"limit": 25, "page": page}).json()["results"]
        ]
        unit = self.club.unit()
        with unit.transaction() as session:
            self.world.logged = [(row.type, row.created_ms) for row in session.scalars(unit.scoped(LoggedEvent))]
        return self.world

    def someone(self) -> dict[str, Any]:
        found: dict[str, Any] = self.draw.choice(self.world.members)
        return found

    def join(self) -> None:
        self.world.members.append(self.club.member(f"m{len(self.world.members)}"))
        self.world.instants.append(ms(self.world.members[-1]["createdAt"]))

    def assign(self) -> None:
        answer = self.club.post(
            f"/coupon-books/{self.draw.randint(1, len(BOOKS))}/assign",
            json={
                "memberId": self.someone()["memberId"],
                "numberOfCodes": self.draw.randint(1, 2),
                "amount": self.draw.randint(1, 3),
            },
        )
        for usage in answer.json()["couponUsages"]:
            self.remember(usage)

    def use(self) -> None:
        open_ones = [
            row for row in self.world.usages.values() if row["type"] == "assignment" and row["revertedAt"] is None
        ]
        if not open_ones:
            return
        chosen = self.draw.choice(open_ones)
        answer = self.club.post(
            f"/coupon-books/{chosen['couponBookId']}/use",
            json={"memberId": chosen["memberId"], "code": chosen["couponCode"]},
        )
        if answer.status_code == 200:
            [usage] = answer.json()["couponUsages"]
            self.remember(usage)

    def take_back(self) -> None:
        if self.world.usages:
            for usage in (
                self.club.post(f"/coupon-usages/{self.draw.choice(list(self.world.usages))}/revert")
                .json()
                .get("couponUsages", [])
            ):
                self.world.usages[usage["couponUsageId"]] = usage

    def remember(self, usage: dict[str, Any]) -> None:
        self.world.usages[usage["couponUsageId"]] = usage
        self.world.instants.append(ms(usage["createdAt"]))

    def count(self) -> None:
        member, mission, world = self.someone(), self.draw.randint(1, len(MISSIONS)), self.world
        at, key = self.club.now_ms, (member["memberId"], mission)
        counters = add(self.club, member, self.draw.randint(0, 5), mission).json()["balance"]
        achieved, counted = (
            counters["timesAchieved"] - world.achieved[key],
            counters["counterCount"] - world.counted[key],
        )
        world.achieved[key], world.counted[key] = counters["timesAchieved"], counters["counterCount"]
        world.counts.append(
            {
                "at": at,
                "member": member["memberId"],
                "mission": mission,
                "achieved": achieved,
                "counted": counted,
                "points": achieved * MISSIONS[mission - 1]["pointsAccrual"],
            }
        )  # type: ignore[operator]
        world.instants.append(at)

    def move(self) -> None:
        account, member, other = self.draw.choice([ACCOUNT, 2]), self.someone(), self.someone()
        base = f"/ledgers/{LEDGER}/accounts/{account}"
        made = self.club.post(
            f"{base}/wallets/{member['walletId']}/mint", json={"amount": self.draw.randint(1, 90)}
        ).json()["transactions"][0]
        self.world.instants.append(ms(made["createdAt"]))
        manual = {"captureMethod": self.draw.choice(["manual", "auto"])}
        amount = {"amount": self.draw.randint(1, made["amount"])}
        kind = self.draw.choice(["burn", "transfer", "revert", "supply", "leave"])
        if kind == "burn":
            made = self.club.post(f"{base}/wallets/{member['walletId']}/burn", json={**amount, **manual}).json()[
                "transactions"
            ][0]
        elif kind == "transfer" and other != member:
            made = self.club.post(
                f"{base}/transactions",
                json={"fromWalletId": member["walletId"], "toWalletId": other["walletId"], **amount, **manual},
            ).json()["transactions"][0]
        elif kind == "revert":
            made = self.revert(base, made)
        elif kind == "supply":
            assert (
                self.club.put(f"{base}/supply", json={"maxSupply": self.draw.randint(10**6, 10**7)}).status_code == 200
            )
        if made["status"] == "pending":
            self.finish(base, made)

    def revert(self, base: str, made: dict[str, Any]) -> dict[str, Any]:
        key = f"key-{made['ledgerTransactionId']}"
        wallet = made["toWalletId"]
        keyed = self.club.post(f"{base}/wallets/{wallet}/mint", json={"amount": 3, "systemUniqueKey": key}).json()[
            "transactions"
        ][0]
        assert self.club.post(f"{base}/transactions/revert", json={"systemUniqueKey": key}).status_code == 200
        return {**keyed, "status": "reverted"}

    def finish(self, base: str, pending: dict[str, Any]) -> None:
        what = self.draw.choice(["capture", "partly", "leave"])
        if what != "leave":
            part = {"captureAmount": max(1, pending["amount"] // 2)} if what == "partly" else {}
            answer = self.club.post(
                f"{base}/transactions/capture",
                json={"transactions": [{"ledgerTransactionId": pending["ledgerTransactionId"], **part}]},
            )
            assert answer.status_code == 200, answer.text

    def track(self) -> None:
        code, at = self.draw.choice(["app-review", "bücher", "member-generic-event"]), self.club.now_ms
        answer = self.club.post(
            "/loyalty-events",
            json={
                "systemUniqueKey": f"e{at}",
                "memberId": self.someone()["memberId"],
                "eventType": code,
                "organizationId": self.club.id,
            },
        )
        assert answer.status_code == 201, answer.text
        self.world.tracked.append((at, code))
        self.world.instants.append(at)


@pytest.fixture(scope="module")
def world(server: Server, client: Client) -> World:
    neighbour = make_club(server, client)  # whose figures are nobody else's
    neighbour.member("m0", 7)
    new_book(neighbour, 1, discountAmount=1)
    assert neighbour.post("/coupon-books/1/assign", json={"memberId": 1}).status_code == 200
    assert neighbour.post("/coupon-books/1/use", json={"memberId": 1}).status_code == 200
    new_mission(neighbour, code="one", goalCount=1, tags=["stamp"], eventType="badge-minted")
    assert add(neighbour, {"memberId": 1}).status_code == 200
    return Story(make_club(server, client)).run()


@pytest.fixture(scope="module")
def spans(world: World) -> list[Span]:
    """Open ones, those of days, and those that begin or end at the very millisecond at which something happened, or
    after it.
    """
    draw, at = random.Random(7), sorted(world.instants)
    found: list[Span] = [
        (None, None),
        (at[0], None),
        (at[0] + 1, None),
        (None, at[-1]),
        (None, at[-1] + 1),
        (at[5], at[5]),
        (at[-1], at[0]),
    ]
    for _ in range(5):
        first, last = sorted(draw.sample(at, 2))
        found += [(first, last + 1), (first + 1, last)]
    midnight = at[len(at) // 2] // DAY_MS * DAY_MS
    return [*found, (midnight, midnight + DAY_MS), (midnight - 1, midnight), (None, midnight)]


def counted_usages(world: World, span: Span, tag: str | None = None) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """(usage, its book) of what was not taken back."""
    rows = [
        (row, BOOKS[row["couponBookId"] - 1])
        for row in world.usages.values()
        if row["revertedAt"] is None and within(ms(row["createdAt"]), span)
    ]
    return [(row, book) for row, book in rows if tag is None or tag in book.get("tags", [])]  # type: ignore[operator]


def sums(rows: Any) -> dict[Any, dict[str, int]]:
    """Uses given out and made, by the keys of (key, usage)."""
    found: dict[Any, dict[str, int]] = defaultdict(lambda: {"amountAssigned": 0, "amountUsed": 0})
    for key, row in rows:
        is_assignment = row["type"] == "assignment"
        found[key]["amountAssigned"] += row["amountAssigned"] if is_assignment else 0
        found[key]["amountUsed"] += 0 if is_assignment else 1
    return found


def test_the_story_has_everything(world: World) -> None:
    """Else the comparisons below would compare nothing."""
    assert {row["type"] for row in world.usages.values()} == {"assignment", "use"}
    assert {(row["type"], row["revertedAt"] is None) for row in world.usages.values()} == {
        (kind, kept) for kind in ("assignment", "use") for kept in (True, False)
    }
    assert {row["couponBookId"] for row in world.usages.values() if row["type"] == "use"} == {1, 2, 3, 4, 5}
    assert any(row["achieved"] > 1 for row in world.counts)
    assert any(row["counted"] == 0 for row in world.counts)
    found = {(row["type"], row["status"]) for account in (ACCOUNT, 2) for row in world.transactions(account)}
    assert found >= {
        ("mint", "posted"),
        ("mint", "reverted"),
        ("burn", "posted"),
        ("burn", "pending"),
        ("transfer", "posted"),
        ("transfer", "pending"),
        ("expiry", "posted"),
        ("revert", "posted"),
        ("supply-increase", "posted"),
    }
    assert len({at // DAY_MS for at in world.instants}) > 10


def test_a_day_ends_at_midnight_of_utc_and_not_before(club: Club) -> None:
    """What happens in the first and the last millisecond of a day, and around its last hour, is of that day."""
    clock: Any = club.server.runtime.main.clock
    first_ms = (clock.at_ms // DAY_MS + 2) * DAY_MS
    new_book(club, 9)
    parts = (0, DAY_MS - HOUR_MS - 1, DAY_MS - HOUR_MS, DAY_MS - 1, DAY_MS)
    for number, part in enumerate(parts):
        clock.at_ms = first_ms + part
        member = club.member(f"m{number}")
        assert member["createdAt"] == iso(first_ms + part)
        clock.at_ms = first_ms + part  # a write has moved it by a millisecond
        body = {"memberId": member["memberId"]}
        assert club.post("/coupon-books/1/assign", json=body).status_code == 200
    counts = [(day(first_ms), len(parts) - 1), (day(first_ms + DAY_MS), 1)]
    stats = World(club).stats
    assert [(row["date"], row["count"]) for row in stats("members/creation")] == counts
    assert [(row["date"], row["count"]) for row in stats("events/member-created")["days"]] == counts
    for path in ("benefits/usages", "coupon-books/usages"):
        assert [(row["date"], row["amountAssigned"]) for row in stats(path)] == counts, path
    whole = (first_ms, first_ms + DAY_MS)
    assert sum(row["count"] for row in stats("members/creation", whole)) == len(parts) - 1


class TestMembers:
    def test_creation_by_days(self, world: World, spans: list[Span]) -> None:
        for span in spans:
            days = Counter(day(ms(row["createdAt"])) for row in world.members if within(ms(row["createdAt"]), span))
            assert world.stats("members/creation", span) == [
                {"date": date, "count": days[date]} for date in sorted(days)
            ], span


class TestCoupons:
    def test_usages_by_days(self, world: World, spans: list[Span]) -> None:
        for span in spans:
            found = sums((day(ms(row["createdAt"])), row) for row, _ in counted_usages(world, span))
            assert world.stats("benefits/usages", span) == [{"date": date, **found[date]} for date in sorted(found)], (
                span
            )

    @pytest.mark.parametrize("by_usage", [True, False, None])
    def test_books_are_ranked_by_assignments_or_uses(
        self, world: World, spans: list[Span], by_usage: bool | None
    ) -> None:
        ranked = "amountUsed" if by_usage else "amountAssigned"
        query = {} if by_usage is None else {"orderByUsage": str(by_usage).lower()}
        for span, limit in zip(spans, itertools.cycle([None, 1, 2, 1000]), strict=False):
            found = sums((row["couponBookId"], row) for row, _ in counted_usages(world, span))
            rows = [
                {"couponBookId": number, "name": BOOKS[number - 1]["name"], **found[number]} for number in sorted(found)
            ]
            rows.sort(key=lambda row: -row[ranked])
            limited = {} if limit is None else {"limit": limit}
            assert world.stats("benefits/performance", span, **query, **limited) == rows[:limit], (span, limit)

    @pytest.mark.parametrize("tag", [None, "coffee", "é", "cake", "nothing"])
    def test_usages_of_books(self, world: World, spans: list[Span], tag: str | None) -> None:
        for span in spans:
            found = sums(
                ((day(ms(row["createdAt"])), row["couponBookId"]), row) for row, _ in counted_usages(world, span, tag)
            )
            assert world.stats("coupon-books/usages", span, **({} if tag is None else {"tag": tag})) == [
                {"date": key[0], "couponBookId": key[1], "name": BOOKS[key[1] - 1]["name"], **found[key]}
                for key in sorted(found)
            ], span

    @pytest.mark.parametrize("wanted", [None, "fixed", "Fixed", "percentage", "nothing"])
    def test_discounts_are_summed_by_type(self, world: World, spans: list[Span], wanted: str | None) -> None:
        for span in spans:
            books = [
                book
                for row, book in counted_usages(world, span)
                if row["type"] == "use" and "discountAmount" in book and wanted in (None, book.get("discountType"))
            ]
            kinds = sorted({book.get("discountType") for book in books}, key=lambda kind: (kind is None, kind))
            rows = [[book["discountAmount"] for book in books if book.get("discountType") == kind] for kind in kinds]
            result = world.stats(
                "coupon-books/discount-amounts", span, **({} if wanted is None else {"discountType": wanted})
            )
            assert result == {
                "usageCount": len(books),
                "discountAmount": total([book["discountAmount"] for book in books]),
                "byDiscountType": [
                    {"discountType": kind, "usageCount": len(amounts), "discountAmount": total(amounts)}
                    for kind, amounts in zip(kinds, rows, strict=True)
                ],
            }, span

    def test_a_use_keeps_the_discount_of_its_time(self, club: Club) -> None:
        club.member("ana")
        new_book(club, 2, discountAmount=2, discountType="fixed")
        for amount in (3, 5):
            assert club.post("/coupon-books/1/assign", json={"memberId": 1}).status_code == 200
            assert club.post("/coupon-books/1/use", json={"memberId": 1}).status_code == 200
            changed = {"requiredPointsConfig": {}, "discountAmount": amount, "discountType": "other"}
            assert club.put("/coupon-books/1", json=changed).status_code == 200
        assert World(club).stats("coupon-books/discount-amounts")["byDiscountType"] == [
            {"discountType": "fixed", "usageCount": 1, "discountAmount": 2},
            {"discountType": "other", "usageCount": 1, "discountAmount": 3},
        ]

    def test_of_equal_books_the_older_is_first(self, club: Club) -> None:
        for book in (1, 2, 3):
            new_book(club, name=f"b{book}")
            assert club.post(f"/coupon-books/{book}/coupons", json={"codes": ["c"]}).status_code == 201
        club.member("ana")
        for book in (3, 1, 2):
            assert club.post(f"/coupon-books/{book}/assign", json={"memberId": 1}).status_code == 200
        assert [row["couponBookId"] for row in World(club).stats("benefits/performance")] == [1, 2, 3]


def total(amounts: list[Any]) -> int | float:
    """The sum of decimals: exact, and a whole number where it is one."""
    units = sum(round(amount * 10_000) for amount in amounts)
    return units // 10_000 if units % 10_000 == 0 else units / 10_000


class TestMissions:
    def counts(self, world: World, span: Span, tag: str | None) -> list[dict[str, Any]]:
        return [
            row
            for row in world.counts
            if row["counted"] > 0
            and within(row["at"], span)
            and (tag is None or tag in MISSIONS[row["mission"] - 1]["tags"])  # type: ignore[operator]
        ]

    @pytest.mark.parametrize("tag", [None, "stamp", "é", "other", "nothing"])
    def test_each_and_all(self, world: World, spans: list[Span], tag: str | None) -> None:
        for span in spans:
            rows, query = self.counts(world, span, tag), {} if tag is None else {"tag": tag}
            assert world.stats("missions", span, **query) == [
                {
                    "missionId": number,
                    "code": MISSIONS[number - 1]["code"],
                    "name": MISSIONS[number - 1]["name"],
                    **figures([row for row in rows if row["mission"] == number]),
                }
                for number in sorted({row["mission"] for row in rows})
            ], span
            assert world.stats("missions/totals", span, **query) == {
                **figures(rows),
                "missionCount": len({row["mission"] for row in rows}),
            }, span

    def test_a_count_of_nothing_is_nobodys(self, club: Club) -> None:
        world, ana = World(club), club.member()
        new_mission(club)
        path = f"/members/{ana['memberId']}/missions/1/increment"
        assert club.post(path, json={"amount": 0, "systemUniqueKey": "nothing"}).status_code == 200
        assert world.stats("missions/totals")["memberCount"] == world.stats("missions/totals")["missionCount"] == 0
        assert (world.stats("missions"), world.stats("missions/top-members")) == ([], [])

    @pytest.mark.parametrize("tag", [None, "stamp", "other", "nothing"])
    def test_top_members(self, world: World, spans: list[Span], tag: str | None) -> None:
        for span, limit in zip(spans, itertools.cycle([None, 1, 3, 1000]), strict=False):
            by_member: dict[int, list[dict[str, Any]]] = defaultdict(list)
            for row in self.counts(world, span, tag):
                by_member[row["member"]].append(row)
            ranked = sorted(
                (-sum(row["achieved"] for row in rows), -sum(row["counted"] for row in rows), number)
                for number, rows in by_member.items()
            )
            query = {name: value for name, value in (("tag", tag), ("limit", limit)) if value is not None}
            assert world.stats("missions/top-members", span, **query) == [
                {
                    "memberId": number,
                    "loyaltyMemberId": f"m{number - 1}",
                    "timesAchieved": -achieved,
                    "counterCount": -counted,
                }
                for achieved, counted, number in ranked[: limit or 10]
            ], (span, limit)

    def test_completions(self, world: World) -> None:
        by_member: Counter[int] = Counter()
        for (member, _), achieved in world.achieved.items():
            by_member[member] += achieved
        ranked = sorted((-times, number) for number, times in by_member.items() if times)
        rows = [
            {"memberId": number, "loyaltyMemberId": f"m{number - 1}", "completions": -times} for times, number in ranked
        ]
        assert len(rows) > 2
        assert world.stats("missions/completions") == rows[:10]
        for limit in (1, 2, 1000):
            assert world.stats("missions/completions", limit=limit) == rows[:limit]


def figures(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {
        "counterCount": sum(row["counted"] for row in rows),
        "timesAchieved": sum(row["achieved"] for row in rows),
        "points": sum(row["points"] for row in rows),
        "memberCount": len({row["member"] for row in rows}),
    }


class TestTiers:
    def test_members_of_each_and_of_none(self, club: Club, other_club: Club) -> None:
        new_tier(club, name="Gold", tierOrder=2, minRequiredPoints=10)
        new_tier(club, name="Silver", tierOrder=1, minRequiredPoints=5)
        other_club.member("x")

        def found() -> list[tuple[Any, ...]]:
            rows = World(club).stats(f"loyalty-programs/{PROGRAM}/tiers")
            return [(row["loyaltyTierId"], row["loyaltyTierKey"], row["name"], row["memberCount"]) for row in rows]

        first = [(1, "member", "Member", 0), (3, "silver", "Silver", 0), (2, "gold", "Gold", 0)]
        assert found() == [*first, (None, None, None, 0)]
        members = [club.member(f"m{n}") for n in range(5)]
        for member, points in zip(members, (0, 4, 5, 9, 10), strict=True):
            if points:
                assert (
                    club.post(
                        f"/ledgers/{LEDGER}/wallets/{member['walletId']}/mint", json={"amount": points}
                    ).status_code
                    == 200
                )
        in_tiers = [members_in(club, members, number) for number in (1, 3, 2, None)]
        assert [count for *_, count in found()] == in_tiers == [2, 2, 1, 0]
        answer = club.put(f"/members/{members[0]['memberId']}/loyalty-programs/{PROGRAM}/tier", json={})
        assert answer.status_code == 200, answer.text
        assert [count for *_, count in found()] == [1, 2, 1, 1]

    def test_an_unknown_program_is_not_found(self, club: Club) -> None:
        for number in (2, 2**63 - 1):
            assert refusal(club.get(f"/stats/loyalty-programs/{number}/tiers"))[0] == 404


def members_in(club: Club, members: list[dict[str, Any]], tier: int | None) -> int:
    answers = [club.get(f"/members/{member['memberId']}").json() for member in members]
    return sum(
        one["loyaltyTierId"] == tier for [shown] in map(dict.values, answers) for one in shown["loyaltyPrograms"]
    )


class TestLedgerAccount:
    @pytest.mark.parametrize("account", [ACCOUNT, 2])
    def test_sums_of_each_type(self, world: World, spans: list[Span], account: int) -> None:
        rows = world.transactions(account)
        for span in spans:
            done = [
                row for row in rows if row["status"] in ("posted", "reverted") and within(ms(row["createdAt"]), span)
            ]
            assert world.stats(f"ledger-accounts/{account}", span) == {
                "ledgerAccountId": account,
                **{
                    name: {
                        "transactionCount": sum(row["type"] == kind for row in done),
                        "amount": sum(row["capturedAmount"] for row in done if row["type"] == kind),
                    }
                    for kind, name in TRANSACTION_TYPES.items()
                },
            }, span

    def test_unknown_and_other_organizations_accounts(self, club: Club, other_club: Club) -> None:
        made = other_club.made(
            f"/ledgers/{LEDGER}/accounts", name="More", active=True, isRevolving=False, syncAlgorand=False
        )
        for number in (made["ledgerAccountId"], 99, 2**63 - 1):
            assert refusal(club.get(f"/stats/ledger-accounts/{number}"))[0] == 404


class TestEvents:
    @pytest.mark.parametrize("event_type", EVENT_TYPES)
    def test_built_in_types_by_days(self, world: World, spans: list[Span], event_type: str) -> None:
        found = [at for name, at in world.logged if name == event_type]
        self.check(world, spans, event_type, found)
        if event_type == "member-generic-event":
            assert sorted(found) == sorted(at for at, _ in world.tracked)

    @pytest.mark.parametrize("code", ["app-review", "bücher"])
    def test_codes_by_days(self, world: World, spans: list[Span], code: str) -> None:
        found = [at for at, known in world.tracked if known == code]
        assert found
        self.check(world, spans, code, found)

    def check(self, world: World, spans: list[Span], name: str, instants: list[int]) -> None:
        for span in spans:
            days = Counter(day(at) for at in instants if within(at, span))
            assert world.stats(f"events/{name}", span) == {
                "eventType": name,
                "count": sum(days.values()),
                "days": [{"date": date, "count": days[date]} for date in sorted(days)],
            }, span

    def test_an_unknown_type_is_not_found(self, club: Club, other_club: Club) -> None:
        other_club.made("/loyalty-event-types", name="Review", apiCode="app-review", schemaType="custom")
        for name in ("app-review", "Member-Created", "user-invited", "%20", "x" * 255):
            assert refusal(club.get(f"/stats/events/{name}"))[0] == 404, name
        assert coded(club.get(f"/stats/events/{'x' * 256}")) == (400, "VALIDATION_FAILED")

    def test_an_own_type_that_is_off_still_counts(self, club: Club) -> None:
        club.made("/loyalty-event-types", name="Review", apiCode="app-review", schemaType="custom")
        club.member("ana")
        event = {"systemUniqueKey": "one", "memberId": 1, "eventType": "app-review", "organizationId": club.id}
        assert club.post("/loyalty-events", json=event).status_code == 201
        off = {"name": "Review", "apiCode": "app-review", "schemaType": "custom", "active": False}
        assert club.put("/loyalty-event-types", json=off).status_code == 200
        assert World(club).stats("events/app-review")["count"] == 1


class TestSurveys:
    @staticmethod
    def nps(club: Club, survey: int) -> httpx2.Response:
        return club.client.request(
            "GET", f"/loyalty-core/api/v1/stats/surveys/{survey}/nps", headers={"Authorization": f"Bearer {club.token}"}
        )

    @staticmethod
    def load(club: Club, **answers: int) -> None:
        unit = club.unit()
        with unit.transaction():
            configure_surveys(unit, [{"survey_id": 5, "name": "Nützlich?", "answers": answers}])
            unit.finish()

    @pytest.mark.parametrize(
        ("scores", "promoters", "passives", "detractors", "score"),
        [
            ([], 0, 0, 0, None),
            ([10], 1, 0, 0, 100),
            ([0], 0, 0, 1, -100),
            ([7, 8], 0, 2, 0, 0),
            ([9, 6, 8], 1, 1, 1, 0),
            ([10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0], 2, 2, 7, -45.5),
            ([9, 9, 0], 2, 0, 1, 33.3),
            ([9, 7, 7], 1, 2, 0, 33.3),
            ([9, 9, 7], 2, 1, 0, 66.7),
        ],
    )
    def test_the_score(
        self,
        club: Club,
        other_club: Club,
        scores: list[int],
        promoters: int,
        passives: int,
        detractors: int,
        score: float | None,
    ) -> None:
        for n in range(len(scores)):
            club.member(f"m{n}")
        self.load(club, **{f"m{n}": value for n, value in enumerate(scores)})
        other_club.member("m0")
        self.load(other_club, m0=3)
        assert self.nps(club, 5).json() == {
            "result": {
                "surveyId": 5,
                "name": "Nützlich?",
                "answerCount": len(scores),
                "promoterCount": promoters,
                "passiveCount": passives,
                "detractorCount": detractors,
                "score": score,
            }
        }

    def test_no_score_is_a_negative_zero(self, club: Club) -> None:
        self.load(club)
        unit = club.unit()
        with unit.transaction() as session:
            answers = [
                {"tenant_id": club.tenant.id, "survey_id": 5, "member_id": -n, "score": 8, "answered_ms": 1}
                for n in range(2_001)
            ]
            answers[0]["score"] = 0
            session.execute(insert(SurveyAnswer), answers)
        answer = self.nps(club, 5)
        assert answer.json()["result"]["detractorCount"] == 1
        assert '"score":0.0}' in answer.text

    def test_a_later_answer_takes_the_place_of_an_earlier_one(self, club: Club) -> None:
        club.member("ana")
        at = []
        for score in (3, 10, 10):
            club.advance(5)
            self.load(club, ana=score)
            unit = club.unit()
            with unit.transaction() as session:
                at.append(session.scalars(unit.scoped(SurveyAnswer)).one().answered_ms)
        assert at[0] < at[1] == at[2], "an answer that is the same is the one of before"
        result = self.nps(club, 5).json()["result"]
        assert (result["answerCount"], result["score"]) == (1, 100)

    def test_unknown_and_other_organizations_surveys(self, club: Club, other_club: Club) -> None:
        self.load(other_club)
        for number in (5, 2**63 - 1):
            assert refusal(self.nps(club, number))[0] == 404
        assert refusal(self.nps(club, 0))[0] in (400, 404)


class TestInput:
    def test_an_empty_organization(self, club: Club, other_club: Club) -> None:
        other_club.member("ana", 5)
        none = World(club)
        for path in (*SPANNED[:4], *SPANNED[5:7], "missions/completions"):
            assert none.stats(path) == [], path
        assert none.stats("coupon-books/discount-amounts") == {
            "usageCount": 0,
            "discountAmount": 0,
            "byDiscountType": [],
        }
        assert none.stats("missions/totals") == {
            "counterCount": 0,
            "timesAchieved": 0,
            "points": 0,
            "memberCount": 0,
            "missionCount": 0,
        }
        assert none.stats(f"ledger-accounts/{ACCOUNT}") == {
            "ledgerAccountId": ACCOUNT,
            **{name: {"transactionCount": 0, "amount": 0} for name in TRANSACTION_TYPES.values()},
        }
        assert none.stats("events/member-created") == {"eventType": "member-created", "count": 0, "days": []}

    @pytest.mark.parametrize("path", SPANNED)
    def test_what_is_no_instant_is_refused(self, club: Club, path: str) -> None:
        for name in ("sinceFrom", "sinceTo"):
            for bad in (
                "",
                "2026-01-15",
                "yesterday",
                "2026-02-30T00:00:00Z",
                "2026-01-15T12:00:00",
                "5",
                "2026-06-30T23:59:60Z",
            ):
                status, message = refusal(club.get(f"/stats/{path}", params={name: bad}))
                assert (status, name in message or "instant" in message) == (400, True), (bad, message)

    @pytest.mark.parametrize("path", SPANNED)
    def test_any_instant_will_do(self, club: Club, path: str) -> None:
        assert (
            club.get(
                f"/stats/{path}",
                params={"sinceFrom": "0001-01-01T00:00:00+14:00", "sinceTo": "9999-12-31T23:59:59.999999999-12:00"},
            ).status_code
            == 200
        )

    def test_instants_may_have_offsets_and_parts_of_milliseconds(self, club: Club) -> None:
        at = club.now_ms
        club.member("ana")
        world, exact = World(club), iso(at)

        def count(**query: str) -> int:
            return sum(row["count"] for row in world.stats("members/creation", **query))

        assert [count(sinceFrom=exact), count(sinceTo=exact)] == [1, 0]
        later, zeros = exact.replace("Z", "001Z"), exact.replace("Z", "000Z")
        assert [count(sinceFrom=later), count(sinceTo=later)] == [0, 1]
        assert [count(sinceFrom=zeros), count(sinceTo=zeros)] == [1, 0]
        offset = iso(at + 2 * HOUR_MS).replace("Z", "+02:00")
        assert [count(sinceFrom=offset), count(sinceTo=offset)] == [1, 0]

    @pytest.mark.parametrize(
        ("path", "query"),
        [
            *(
                (path, {"limit": bad})
                for path in ("benefits/performance", "missions/top-members", "missions/completions")
                for bad in (0, -1, 1001, "x", 1.5)
            ),
            ("benefits/performance", {"orderByUsage": "yes"}),
            ("coupon-books/usages", {"tag": ""}),
            ("coupon-books/usages", {"tag": "x" * 256}),
            ("missions", {"tag": ""}),
            ("missions/totals", {"tag": "x" * 256}),
            ("missions/top-members", {"tag": ""}),
            ("coupon-books/discount-amounts", {"discountType": ""}),
            ("coupon-books/discount-amounts", {"discountType": "x" * 256}),
        ],
    )
    def test_a_filter_that_cannot_be_is_refused(self, club: Club, path: str, query: dict[str, Any]) -> None:
        status, message = refusal(club.get(f"/stats/{path}", params=query))
        assert (status, next(iter(query)) in message) == (400, True), message


@pytest.mark.parametrize("path", SPANNED)
def test_a_parameter_that_there_is_not_is_refused_by_its_name(club: Club, path: str) -> None:
    """Figures of all time in the place of those of a day look like an answer."""
    for query in ({"dateFrom": iso(club.now_ms)}, {"sinceFrom": iso(club.now_ms), "dateTo": iso(club.now_ms)}):
        status, message = refusal(club.get(f"/stats/{path}", params=query))
        assert (status, "is not known here; there are sinceFrom" in str(message)) == (400, True), message
