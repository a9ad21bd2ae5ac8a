"""The year of a seeded organization: orders, campaigns, missions, coupons, referrals and the log, by the rules of the
API.
"""

from collections import Counter, defaultdict
from types import SimpleNamespace
from typing import Any

import pytest

from fixtures.loyalty_core.catalogue import POINTS, STATUS
from fixtures.loyalty_core.engagement import FOR_MASTERS
from models.kernel.times import iso
from models.loyalty_core.audiences.rules import fits as is_in
from models.loyalty_core.audiences.tables import Audience
from models.loyalty_core.campaigns.planning import spend_of
from models.loyalty_core.campaigns.smart_rewards import points_of
from models.loyalty_core.campaigns.tables import Campaign, CampaignPoints, CampaignTag
from models.loyalty_core.coupons.finding import find_book
from models.loyalty_core.coupons.queries import USAGE
from models.loyalty_core.coupons.tables import Coupon, CouponBook, CouponBookContent, CouponBookLabel, CouponUsage
from models.loyalty_core.coupons.usages import as_made
from models.loyalty_core.coupons.views import show_book, show_usage
from models.loyalty_core.events.tables import EventType, Listener, LoggedEvent
from models.loyalty_core.expressions import Steps
from models.loyalty_core.ledger.tables import PointTransaction
from models.loyalty_core.ledger.views import show_transaction
from models.loyalty_core.members.event_context import EventContext
from models.loyalty_core.members.tables import Badge, Member, MemberBadge, TierChange
from models.loyalty_core.missions.matcher_rules import fits
from models.loyalty_core.missions.progress import advance
from models.loyalty_core.missions.tables import Matcher, MemberMission, Mission, MissionCount, MissionTag
from models.loyalty_core.orders.points import TAKEN_BACK
from models.loyalty_core.orders.tables import OrderPoints, PurchaseOrder
from models.loyalty_core.orders.views import show_order
from models.loyalty_core.organization.tables import Program, SurveyAnswer
from models.loyalty_core.periods import month_start_ms, period_start_ms
from models.loyalty_core.referrals.tables import Referral, ReferralCode, ReferralProgram, Referrer
from models.outbox.outbox import Job
from tests.api.loyalty_core.conftest import Club, coded
from tests.api.loyalty_core.test_population import rows, seeded
from tests.support.client import Client
from troth.app import Server

STATE = ("counter_count", "progress", "times_achieved", "period_start_ms", "period_achieved", "updated_ms")
CONFIRMED, LEDGER_EVENT = "member-purchase-order-confirmed", "ledger-transaction-created"


@pytest.fixture(scope="module")
def year(server: Server, client: Client) -> Club:
    return seeded(server, client, "year")


def by_id(club: Club, table: Any) -> dict[int, Any]:
    return {row.id: row for row in rows(club, table)}


def events(club: Club, *kinds: str) -> list[Any]:
    return [row for row in rows(club, LoggedEvent) if row.type in kinds]


def paid_to(transactions: dict[int, Any], effect: dict[str, Any]) -> tuple[int, int, int]:
    row = transactions[int(effect["data"]["ledgerTransactionId"])]
    assert (row.type, row.amount, row.ledger_id, row.account_id) == (
        "mint",
        *(effect["data"][name] for name in ("amount", "ledgerId", "ledgerAccountId")),
    )
    return row.account_id, row.to_wallet_id - 100, row.created_ms


# The log


def test_every_transaction_is_in_the_log_as_it_was_made(year: Club) -> None:
    unit = year.unit()
    logged = events(year, LEDGER_EVENT)
    transactions = rows(year, PointTransaction)
    with unit.transaction():
        expected = [show_transaction(unit, row, as_made=True) for row in transactions]
    assert [event.data for event in logged] == expected
    assert [event.member_id for event in logged] == [
        None
        if row.to_wallet_id is None and row.from_wallet_id is None
        else (row.to_wallet_id or row.from_wallet_id) - 100
        for row in transactions
    ]


def test_every_member_and_tier_is_in_the_log(year: Club) -> None:
    programs, people = by_id(year, Program), by_id(year, Member)
    created = events(year, "member-created")
    assert [event.member_id for event in created] == sorted(people)
    for event in created:
        row = people[event.member_id]
        assert event.created_ms == row.created_ms
        assert event.data == {
            "loyaltyMemberId": row.loyalty_member_id,
            "publicLoyaltyMemberId": row.public_loyalty_member_id,
            "memberType": row.member_type,
            "walletId": row.wallet_id,
            "active": True,
            "referralCode": row.referral_code,
        }
    before: dict[tuple[int, int], tuple[int | None, str | None]] = defaultdict(lambda: (None, None))
    expected = []
    for row in rows(year, TierChange):
        key = row.member_id, row.program_id
        expected.append(
            (
                row.member_id,
                row.created_ms,
                {
                    "loyaltyMemberId": people[row.member_id].loyalty_member_id,
                    "loyaltyProgramId": row.program_id,
                    "loyaltyProgramKey": programs[row.program_id].program_key,
                    "previousLoyaltyTierId": before[key][0],
                    "previousLoyaltyTierKey": before[key][1],
                    "loyaltyTierId": row.tier_id,
                    "loyaltyTierKey": row.tier_key,
                    "expiresAt": None if row.expires_ms is None else iso(row.expires_ms),
                },
            )
        )
        before[key] = row.tier_id, row.tier_key
    assert [(event.member_id, event.created_ms, event.data) for event in events(year, "member-tier-set")] == expected


def test_who_was_changed_or_left_is_in_the_log(year: Club) -> None:
    people = by_id(year, Member)
    updated, left = events(year, "member-updated"), events(year, "member-profile-deactivated")
    assert {event.member_id for event in left} == {row.id for row in people.values() if not row.active}
    assert {event.member_id for event in updated} == {
        row.id for row in people.values() if row.updated_ms != row.created_ms
    }
    for event in updated + left:
        assert event.created_ms == people[event.member_id].updated_ms
        assert event.data["active"] == people[event.member_id].active


def test_events_are_in_the_order_of_time_and_done(year: Club) -> None:
    found, joined = rows(year, LoggedEvent), {row.id: row.created_ms for row in rows(year, Member)}
    assert [event.id for event in found] == list(range(1, len(found) + 1))
    assert [event.created_ms for event in found] == sorted(event.created_ms for event in found)
    assert {(event.status, event.error) for event in found} == {("success", None)}
    assert all(event.created_ms == event.updated_ms <= year.now_ms and event.rule_errors == [] for event in found)
    assert all(event.member_id is None or event.created_ms >= joined[event.member_id] for event in found)
    assert {event.type for event in found} >= {
        *(
            f"member-purchase-order-{status}"
            for status in ("created", "confirmed", "cancelled", "returned", "partially-returned")
        ),
        "member-generic-event",
        "benefit-used",
        "coupon-code-assigned",
        "coupon-code-used",
        "badge-minted",
        "mission-status-updated",
    }


def test_only_what_something_looks_at_has_effects(year: Club) -> None:
    heard = {row.event_type for row in rows(year, Listener)}
    with_effects = {event.topic or event.type for event in rows(year, LoggedEvent) if event.effects}
    assert with_effects == heard == {CONFIRMED, "coupon-code-used", "tasting-attended"}


def test_what_effects_caused_says_so(year: Club) -> None:
    log = by_id(year, LoggedEvent)
    causes = Counter[tuple[str, str]]()
    for event in log.values():
        assert (event.root_id is None) == (event.chain == [])
        if event.chain:
            root = log[event.root_id]
            assert event.chain[:-1] == (
                [f"purchase-order/{root.data['order']['orderId']}"] if "order" in root.data else []
            )
            assert (root.id < event.id, root.created_ms, root.chain) == (True, event.created_ms, [])
            causes[event.chain[-1].partition("/")[0], event.type] += 1
    assert set(causes) == {
        ("campaign", LEDGER_EVENT),
        ("campaign", "member-tier-set"),
        ("campaign", "badge-minted"),
        ("mission", LEDGER_EVENT),
        ("mission", "mission-status-updated"),
        ("referral-program", LEDGER_EVENT),
    }
    notes = Counter(row.description or "" for row in rows(year, PointTransaction))
    by_campaigns = [
        row for row in rows(year, PointTransaction) if "campaign/" in f"{row.external_id or ''} {row.description or ''}"
    ]
    assert causes["campaign", LEDGER_EVENT] == len(by_campaigns)
    assert (
        causes["referral-program", LEDGER_EVENT]
        == notes["Referral program bring-a-friend"]
        == 2 * sum(row.paid_ms is not None for row in rows(year, Referral))
    )


# Orders and campaigns


def test_campaigns_explain_the_points_of_every_order(year: Club) -> None:
    campaigns, transactions, people = by_id(year, Campaign), by_id(year, PointTransaction), by_id(year, Member)
    tiers: dict[int, str] = {}
    months = Counter[tuple[int, int]]()
    earned: dict[int, set[tuple[Any, ...]]] = defaultdict(set)
    taken = {(row.order_id, row.campaign_id): row for row in rows(year, OrderPoints)}
    for event in rows(year, LoggedEvent):
        if event.type in ("member-purchase-order-returned", "member-purchase-order-partially-returned"):
            back = taken.get((event.data["order"]["orderId"], FOR_MASTERS))
            if back is not None:
                months[event.member_id, back.month_ms] -= back.taken
        if event.type == "member-tier-set" and event.data["loyaltyProgramId"] == 1:
            tiers[event.member_id] = event.data["loyaltyTierKey"]
        if event.type != CONFIRMED:
            continue
        order = event.data["order"]
        context = EventContext(event.id, event.type, None, people[event.member_id], {"order": order})
        spend = spend_of(context)
        assert spend is not None
        given = [effect for effect in event.effects if effect["source"] == "campaign"]
        # The tier counts that the member had before the order.
        expected = [
            row.id
            for row in campaigns.values()
            if row.active
            and row.event_type == CONFIRMED
            and (not row.tier_keys or tiers[event.member_id] in row.tier_keys)
        ]
        assert [effect["sourceId"] for effect in given] == expected
        for effect in given:
            row, data = campaigns[effect["sourceId"]], effect["data"]
            asked = points_of(row.smart_rewards, spend)
            left = asked
            if row.points_monthly_limit is not None:
                key = event.member_id, month_start_ms(event.created_ms)
                left = min(asked, row.points_monthly_limit - months[key])
                months[key] += left
            assert (data["requestedAmount"], data["amount"], data["limitReached"]) == (asked, left, left < asked)
            if left:
                account_id = row.smart_rewards.get("ledgerAccountId", POINTS)
                assert paid_to(transactions, effect) == (account_id, event.member_id, event.created_ms)
                made = transactions[int(data["ledgerTransactionId"])]
                assert (made.external_id, made.description) == (order["externalId"], f"campaign/{row.code}")
                earned[order["orderId"]].add(
                    (data["ledgerTransactionId"], row.id, account_id, month_start_ms(event.created_ms), spend, left)
                )
    found: dict[int, set[tuple[Any, ...]]] = defaultdict(set)
    for row in rows(year, OrderPoints):
        found[row.order_id].add(
            (row.transaction_id, row.campaign_id, row.account_id, row.month_ms, row.spend, row.points)
        )
    assert found == earned
    assert {
        (row.member_id, row.month_ms): row.points
        for row in rows(year, CampaignPoints)
        if row.campaign_id == FOR_MASTERS
    } == dict(months)
    assert any(points == 30 for points in months.values())
    assert len(earned) > 600


def test_what_campaigns_gave_is_counted_for_each_member_and_month(year: Club) -> None:
    given = Counter[tuple[int, int | None, int]]()
    for event in rows(year, LoggedEvent):
        for effect in event.effects:
            if (effect["source"], effect["effectId"]) == ("campaign", "mint-points"):
                key = effect["sourceId"], event.member_id, month_start_ms(event.created_ms)
                given[key] += effect["data"]["amount"]
    owners = by_id(year, PurchaseOrder)
    for row in rows(year, OrderPoints):
        given[row.campaign_id, owners[row.order_id].member_id, row.month_ms] -= row.taken
    found = {(row.campaign_id, row.member_id, row.month_ms): row.points for row in rows(year, CampaignPoints)}
    assert found == dict(given)
    assert len({key[0] for key in found}) == 4


def test_orders_are_what_their_last_events_say(year: Club) -> None:
    unit = year.unit()
    last, first = {}, {}
    for event in rows(year, LoggedEvent):
        if event.type.startswith("member-purchase-order-"):
            order = event.data["order"]
            last[order["orderId"]], _ = event, first.setdefault(order["orderId"], event)
            assert event.type == f"member-purchase-order-{order['status']}"
            assert (event.external_id, event.tags, event.member_id) == (
                order["externalId"],
                order["tags"],
                order["memberId"],
            )
    orders = rows(year, PurchaseOrder)
    with unit.transaction():
        assert {row.id: show_order(unit, row) for row in orders} == {
            number: event.data["order"] for number, event in last.items()
        }
    for row in orders:
        assert (row.created_ms, row.updated_ms) == (first[row.id].created_ms, last[row.id].created_ms)
        assert row.external_ms <= row.created_ms
        if row.status in ("created", "confirmed"):
            assert round(sum(item["price"] * item["quantity"] for item in row.items) * 10_000) == row.total
    assert {row.status for row in orders} == {"created", "confirmed", "cancelled", "returned", "partially-returned"}
    assert any(row.discounted_total is not None for row in orders)


def test_points_of_returned_orders_went_as_far_as_they_were_there(year: Club) -> None:
    orders, transactions = by_id(year, PurchaseOrder), rows(year, PointTransaction)
    burned = Counter[tuple[str, int]]()
    for row in transactions:
        if row.description == TAKEN_BACK:
            assert row.type == "burn"
            burned[row.external_id, row.account_id] += row.amount
    taken = Counter[tuple[str, int]]()
    for row in rows(year, OrderPoints):
        order = orders[row.order_id]
        kept = (
            0
            if order.status == "returned"
            else order.total
            if order.discounted_total is None
            else order.discounted_total
        )
        due = row.points * (row.spend - kept) // row.spend if order.status in ("returned", "partially-returned") else 0
        assert 0 <= row.taken <= due
        taken[order.external_id, row.account_id] += row.taken
    assert +taken == burned
    assert sum(1 for _, account in burned if account == STATUS) > 10
    sets = Counter(row.set_id for row in transactions if row.description == TAKEN_BACK)
    assert all(count > 1 for number, count in sets.items() if number is not None)


def test_tastings_gave_points_and_badges(year: Club) -> None:
    transactions, badges = by_id(year, PointTransaction), by_id(year, Badge)
    has: dict[tuple[int, int], int] = {}
    for event in events(year, "member-generic-event"):
        if event.topic != "tasting-attended":
            assert (event.topic, event.effects) == ("coffee-reviewed", [])
            continue
        mint, *given = event.effects
        assert paid_to(transactions, mint) == (POINTS, event.member_id, event.created_ms)
        assert [effect["data"]["badgeKey"] for effect in given] == ["taster", "tasting-host"][
            : event.data["payload"]["seats"]
        ]
        for effect in given:
            key = event.member_id, effect["data"]["badgeId"]
            assert badges[key[1]].badge_key == effect["data"]["badgeKey"]
            assert effect["data"]["minted"] == (key not in has)
            has.setdefault(key, event.created_ms)
    assert {(row.member_id, row.badge_id): row.minted_ms for row in rows(year, MemberBadge)} == has
    assert len(events(year, "badge-minted")) == len(has) > 50


def test_a_tracked_event_that_comes_again_is_known(year: Club) -> None:
    event = next(event for event in events(year, "member-generic-event") if event.effects)
    body = {
        "organizationId": year.id,
        "memberId": event.member_id,
        "eventType": event.topic,
        "systemUniqueKey": event.unique_key,
        "payload": event.data["payload"],
    }
    answer = year.post("/loyalty-events", json=body)
    assert answer.json()["effects"] == event.effects
    assert coded(year.post("/loyalty-events", json={**body, "payload": {}})) == (409, "SYSTEM_UNIQUE_KEY_REUSED")


# Missions


def test_missions_count_what_they_are_for(year: Club) -> None:
    """The year once more: each event against each mission, by the rules of missions, matchers and audiences."""
    missions, matchers, audiences, people = (by_id(year, table) for table in (Mission, Matcher, Audience, Member))
    states: dict[tuple[int, int], SimpleNamespace] = defaultdict(
        lambda: SimpleNamespace(
            counter_count=0, progress=0, times_achieved=0, period_start_ms=None, period_achieved=0, updated_ms=0
        )
    )
    expected = []
    for event in rows(year, LoggedEvent):
        counted = []
        for mission in missions.values():
            context = {"customAttributes": people[event.member_id].custom_attributes} if event.member_id else {}
            if (
                event.type != mission.event_type
                or not (mission.valid_from_ms or 0) <= event.created_ms <= (mission.valid_to_ms or year.now_ms)
                or (
                    mission.matcher_id is not None
                    and not fits(matchers[mission.matcher_id].matcher, event.data["order"]["items"])
                )
                or (
                    mission.audience_id is not None
                    and not is_in(
                        audiences[mission.audience_id].matcher_type,
                        audiences[mission.audience_id].matcher,
                        context,
                        year.now_ms,
                        Steps(),
                    )
                )
            ):
                continue
            state = states[event.member_id, mission.id]
            begun = (
                None
                if mission.repetition_period is None
                else period_start_ms(event.created_ms, mission.repetition_period)
            )
            in_period = (
                state.times_achieved
                if begun is None
                else state.period_achieved
                if state.period_start_ms == begun
                else 0
            )
            room = mission.max_repetitions - state.times_achieved
            room = room if mission.period_limit is None else min(room, mission.period_limit - in_period)
            if room <= 0:
                continue
            outcome = advance(state.progress, 1, goal=mission.goal_count, room=room)
            state.counter_count += 1
            state.times_achieved += outcome.achieved
            state.progress, state.updated_ms = outcome.progress, event.created_ms
            if begun is not None:
                state.period_start_ms, state.period_achieved = begun, in_period + outcome.achieved
            counted.append(mission.id)
            expected.append(
                (
                    mission.id,
                    event.member_id,
                    event.id,
                    outcome.achieved,
                    outcome.achieved * mission.points_accrual,
                    state.counter_count,
                    state.progress,
                    state.times_achieved,
                    room > outcome.achieved,
                    event.created_ms,
                )
            )
        assert [effect["sourceId"] for effect in event.effects if effect["effectId"] == "increment-mission"] == counted
    assert [
        (
            row.mission_id,
            row.member_id,
            row.event_id,
            row.achieved,
            row.points,
            row.counter_count,
            row.progress,
            row.times_achieved,
            row.available,
            row.created_ms,
        )
        for row in rows(year, MissionCount)
    ] == expected
    found = {
        (row.member_id, row.mission_id): {name: getattr(row, name) for name in STATE}
        for row in rows(year, MemberMission)
    }
    assert found == {key: vars(state) for key, state in states.items()}
    assert {row.mission_id for row in rows(year, MissionCount) if row.achieved} == set(missions)


def test_missions_paid_what_they_say(year: Club) -> None:
    missions = by_id(year, Mission)
    counts = [row for row in rows(year, MissionCount) if row.points]
    paid = Counter(
        (row.description, row.to_wallet_id - 100, row.amount, row.created_ms)
        for row in rows(year, PointTransaction)
        if (row.description or "").startswith("Mission ")
    )
    assert paid == Counter(
        (f"Mission {missions[row.mission_id].code}", row.member_id, row.points, row.created_ms) for row in counts
    )
    logged = events(year, "mission-status-updated")
    assert [
        (event.member_id, event.data["missionId"], event.data["points"], event.data["counterCount"], event.chain[-1:])
        for event in logged
    ] == [
        (row.member_id, row.mission_id, row.points, row.counter_count, [f"mission/{row.mission_id}"]) for row in counts
    ]
    assert len(counts) > 30


# Coupons


def test_coupons_add_up(year: Club) -> None:
    usages = rows(year, CouponUsage)
    standing = [row for row in usages if row.status != "reverted"]
    for table, column in ((CouponBook, "book_id"), (Coupon, "coupon_id")):
        given = Counter(getattr(row, column) for row in standing if row.type == "assignment")
        used = Counter(getattr(row, column) for row in standing if row.type == "use")
        assert {row.id: (row.assigned, row.used) for row in rows(year, table)} == {
            row.id: (given[row.id], used[row.id]) for row in rows(year, table)
        }
    assert Counter(row.book_id for row in rows(year, Coupon)) == Counter(
        {row.id: row.coupon_count for row in rows(year, CouponBook) if row.coupon_count}
    )
    uses = Counter(row.assignment_id for row in standing if row.type == "use")
    for row in usages:
        if row.type == "assignment":
            assert row.amount_used == uses[row.id] <= row.amount_assigned
            assert row.status in {"reverted": ("reverted",)}.get(
                row.status,
                (
                    ("used",)
                    if row.amount_used == row.amount_assigned
                    else ("expired",)
                    if row.expires_ms is not None and row.expires_ms <= year.now_ms
                    else ("assigned",)
                ),
            )
    assert {(row.type, row.status) for row in usages} == {
        ("assignment", "assigned"),
        ("assignment", "used"),
        ("assignment", "expired"),
        ("assignment", "reverted"),
        ("use", "used"),
    }


def test_coupons_keep_the_limits_of_their_books(year: Club) -> None:
    books = by_id(year, CouponBook)
    assert [row.publishing_status for row in books.values()] == [
        "published",
        "archived",
        "published",
        "published",
        "draft",
    ]
    standing = [row for row in rows(year, CouponUsage) if row.type == "assignment" and row.status != "reverted"]
    by_member = Counter((row.book_id, row.member_id) for row in standing)
    by_coupon = Counter((row.book_id, row.coupon_id) for row in standing)
    for counts, limit in ((by_member, "max_per_member"), (by_coupon, "max_per_coupon")):
        assert all(
            getattr(books[book_id], limit) is None or count <= getattr(books[book_id], limit)
            for (book_id, _), count in counts.items()
        )
    for row in rows(year, CouponUsage):
        book = books[row.book_id]
        assert (book.valid_from_ms or 0) <= row.created_ms <= (book.valid_to_ms or year.now_ms)
        assert row.created_ms >= book.created_ms
        assert book.publishing_status == "published" or row.created_ms < book.updated_ms
    tasting = books[4]
    assert tasting.assigned == tasting.max_coupons == tasting.coupon_count == 20
    shown = year.get("/loyalty-programs/1/members/43/coupon-books").json()["results"]
    assert {book["couponBookId"]: book["outOfStock"] for book in shown} == {1: False, 3: False, 4: True}
    tiers = [row["loyaltyTierKey"] for row in year.get("/members/43").json()["loyalMember"]["loyaltyPrograms"]]
    assert {book["couponBookId"] for book in shown if book["isEligible"]} <= {
        1,
        *([3] if not set(books[3].tiers).isdisjoint(tiers) else []),
    }, "book 4 has nothing left"


def test_coupons_that_cost_points_were_paid_for(year: Club) -> None:
    transactions, books = by_id(year, PointTransaction), by_id(year, CouponBook)
    paid = {}
    for row in rows(year, CouponUsage):
        cost = books[row.book_id].assignment_points if row.type == "assignment" else 0
        assert (row.points, row.transaction_id is not None) == (cost, cost > 0)
        if row.transaction_id is not None:
            burn = transactions[row.transaction_id]
            assert (burn.type, burn.amount, burn.from_wallet_id, burn.created_ms, burn.description) == (
                "burn",
                cost,
                row.member_id + 100,
                row.created_ms,
                "Coupon of A cup on the house",
            )
            assert (burn.status == "reverted") == (row.status == "reverted")
            paid[burn.id] = row
    assert set(paid) == {row.id for row in transactions.values() if (row.description or "").startswith("Coupon of")}
    assert len(paid) > 80


def test_coupons_are_in_the_log_as_they_were_made(year: Club) -> None:
    unit = year.unit()
    usages, stored = rows(year, CouponUsage), rows(year, CouponBook)
    with unit.transaction():
        shown = {row.id: show_usage(unit, as_made(unit.one(USAGE, usage_id=row.id))) for row in usages}
        books = {row.id: show_book(unit, find_book(unit, row.id)) for row in stored}
    assert [event.data for event in events(year, "coupon-code-assigned")] == [
        shown[row.id] for row in usages if row.type == "assignment"
    ]
    assert [event.data for event in events(year, "coupon-code-used")] == [
        shown[row.id] for row in usages if row.type == "use"
    ]
    benefits = events(year, "benefit-used")
    assert [event.data["couponUsage"] for event in benefits] == [shown[row.id] for row in usages if row.type == "use"]
    used = Counter[int]()
    for event in benefits:
        book = event.data["couponBook"]
        used[book["couponBookId"]] += 1
        final = books[book["couponBookId"]]
        assert book["usedCount"] == used[book["couponBookId"]]
        assert book["assignedCount"] >= 1
        then = {
            "publishingStatus": "published",
            "assignedCount": book["assignedCount"],
            "usedCount": book["usedCount"],
            "updatedAt": final["createdAt"],
        }
        assert book == {**final, **then}


def test_what_can_still_expire_has_its_job(year: Club) -> None:
    waiting = {
        (str(row.group_id), row.expires_ms)
        for row in rows(year, CouponUsage)
        if row.type == "assignment" and row.expires_ms is not None and row.expires_ms > year.now_ms
    }
    assert {(row.subject, row.due_at_ms) for row in rows(year, Job) if row.kind == "coupon-expiry"} == waiting
    assert waiting


# Referrals, audiences, opinions


def test_referrals_count_those_who_came(year: Club) -> None:
    people, codes, referrals = by_id(year, Member), by_id(year, ReferralCode), rows(year, Referral)
    (program,) = rows(year, ReferralProgram)
    assert program.referred_count == len(referrals) > 60
    assert Counter(row.code_id for row in referrals) == Counter(
        {row.id: row.referred_count for row in codes.values() if row.referred_count}
    )
    for row in referrals:
        code, member = codes[row.code_id], people[row.referred_id]
        assert (member.referral_code, code.member_id, row.created_ms) == (code.code, row.referrer_id, member.created_ms)
        assert code.created_ms <= row.created_ms
    named = {
        row.id for row in people.values() if row.referral_code is not None and row.created_ms >= program.created_ms
    }
    assert named == {row.referred_id for row in referrals}
    orders = {row.member_id for row in rows(year, PurchaseOrder) if row.status not in {"created", "cancelled"}}
    assert {row.referred_id for row in referrals if row.paid_ms is not None} == {
        row.referred_id for row in referrals
    } & orders
    for row in rows(year, Referrer):
        mine = [one for one in referrals if one.referrer_id == row.member_id]
        assert (row.referred_count, row.paid_count, row.referrer_points, row.referred_points, row.last_referred_ms) == (
            len(mine),
            sum(one.paid_ms is not None for one in mine),
            sum(one.referrer_points for one in mine),
            sum(one.referred_points for one in mine),
            max((one.created_ms for one in mine), default=None),
        )
        assert row.code_count == sum(code.member_id == row.member_id for code in codes.values())
    paid = Counter(
        (row.to_wallet_id - 100, row.amount, row.created_ms)
        for row in rows(year, PointTransaction)
        if row.description == f"Referral program {program.code}"
    )
    assert paid == Counter(
        (member, points, row.paid_ms)
        for row in referrals
        if row.paid_ms is not None
        for member, points in ((row.referrer_id, program.referrer_points), (row.referred_id, program.referred_points))
    )


def test_audiences_were_counted_a_day_after_members_changed(year: Club) -> None:
    first, _, _ = audiences = rows(year, Audience)
    due: list[int] = []
    for event in events(year, "member-created", "member-updated", "member-tier-set"):
        if event.created_ms >= first.created_ms and not any(at >= event.created_ms + 60_000 for at in due):
            due.append(event.created_ms + 86_400_000)
    waiting = [(row.subject, row.due_at_ms) for row in rows(year, Job) if row.kind == "audience-counts"]
    assert [at for _, at in waiting] == [at for at in due if at > year.now_ms]
    assert all(subject.isdecimal() for subject, _ in waiting)
    counted = max(at for at in due if at <= year.now_ms)
    assert [row.refreshed_ms for row in audiences] == [counted, counted, first.created_ms]


def test_audiences_have_as_many_members_as_the_api_counts(year: Club) -> None:
    for audience in year.get("/audiences").json()["results"]:
        assert audience["memberCount"] is not None
        if audience["matcherType"] != "null-matcher":
            path, body = (
                f"/audiences/{audience['audienceId']}",
                {"organizationId": year.id, "matcher": audience["matcher"]},
            )
            counted = year.patch(path, json=body).json()["audience"]
            year.advance(0)
            assert year.get(path).json()["audience"]["memberCount"] == audience["memberCount"], counted


def test_members_answered_the_survey_while_they_were_there(year: Club) -> None:
    people, answers = by_id(year, Member), rows(year, SurveyAnswer)
    assert len(answers) == 60
    assert all(people[row.member_id].created_ms <= row.answered_ms <= year.now_ms for row in answers)
    assert len({row.score for row in answers}) > 5


# As the API itself would have it


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/campaigns", "campaignId"),
        ("/missions", "missionId"),
        ("/matchers", "matcherId"),
        ("/referral-programs", "referralProgramId"),
        ("/coupon-books", "couponBookId"),
        ("/loyalty-event-types", "apiCode"),
    ],
)
def test_writing_it_again_through_the_api_changes_nothing(year: Club, path: str, key: str) -> None:
    tables = (
        Listener,
        CampaignTag,
        MissionTag,
        CouponBookLabel,
        CouponBookContent,
        EventType,
        Matcher,
        Mission,
        Campaign,
        ReferralProgram,
        CouponBook,
    )
    whole = {table: [without_times(row) for row in rows(year, table)] for table in tables}
    for shown in year.get(path).json()["results"]:
        if shown.get("publishingStatus") == "archived":
            continue
        server_side = {
            "createdAt",
            "updatedAt",
            "referredCount",
            "couponCount",
            "assignedCount",
            "usedCount",
            "isDefaultLocale",
            "missionKey",
            "matcherKey",
            "contentSchemaVersionId",
            "contentSchemaId",
            "eventTypeId",
            "campaignId",
            "missionId",
            "couponBookId",
            "referralProgramId",
        }
        body = {name: value for name, value in shown.items() if value is not None and name not in server_side}
        if "requiredPointsConfig" in body:
            body["requiredPointsConfig"] = {
                name: value for name, value in body["requiredPointsConfig"].items() if value is not None
            }
        body = (
            body if path == "/matchers" else {name: value for name, value in body.items() if name != "organizationId"}
        )
        where = path if key == "apiCode" else f"{path}/{shown[key]}"
        answer = year.put(where, json=body)
        assert answer.status_code == 200, answer.text
    assert {table: [without_times(row) for row in rows(year, table)] for table in tables} == whole


def without_times(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row._asdict().items() if name != "updated_ms"}


def test_actions_are_as_the_api_takes_them(year: Club) -> None:
    for shown in year.get("/campaigns/3/actions").json()["results"]:
        body = {
            name: value
            for name, value in shown.items()
            if name not in ("actionId", "campaignId", "organizationId", "createdAt", "updatedAt")
        }
        again = year.put(f"/campaigns/3/actions/{shown['actionId']}", json=body).json()["action"]
        assert {**again, "updatedAt": None} == {**shown, "updatedAt": None}


def test_every_list_of_the_year_shows_something(year: Club) -> None:
    for where in (
        "/campaigns",
        "/campaigns/3/actions",
        "/missions",
        "/members/42/missions",
        "/members/42/events",
        "/members/42/purchase-orders",
        "/matchers",
        "/audiences",
        "/referral-programs",
        "/referral-programs/1/members-report",
        "/loyalty-event-types",
        "/coupon-books",
        "/coupon-books/1/coupons",
        "/loyalty-programs/1/members/42/coupon-books",
        "/loyalty-programs/1/members/42/coupons",
        "/rules/effects",
    ):
        answer = year.get(where)
        assert answer.status_code == 200, (where, answer.text)
        assert answer.json()["totalCount"] >= 1, where
    codes = year.get("/referral-programs/1/referral-codes?order=referredCount,desc").json()["referrals"]
    busy = codes[0]
    assert (
        year.get(f"/referral-programs/1/referral-codes/{busy['referralCodeId']}/referred").json()["totalCount"]
        == busy["referredCount"]
        > 0
    )
    assert year.get("/loyalty-members/HC-000042/audiences").json()["audiences"]


def test_ana_is_in_the_middle_of_things(year: Club) -> None:
    orders = year.get("/members/42/purchase-orders").json()["results"]
    assert [(order["status"], order["total"]) for order in orders] == [
        ("confirmed", 50),
        ("confirmed", 70),
        ("confirmed", 20),
    ]
    missions = year.get("/members/42/missions").json()["results"]
    assert {row["mission"]["code"]: row["progressCount"] for row in missions if row["inProgress"]} == {
        "ten-orders": 3,
        "bean-counter": 2,
        "coupon-fan": 1,
    }
    coupons = year.get("/loyalty-programs/1/members/42/coupons?unused=true").json()["results"]
    assert {coupon["couponBookId"]: (coupon["amountAssigned"], coupon["amountUsed"]) for coupon in coupons} == {
        3: (2, 1),
        4: (1, 0),
    }
    assert [row["code"] for row in year.get("/referral-programs/1/referral-codes?memberId=42").json()["referrals"]] == [
        "ANA-STONE"
    ]
    assert "BEN-FIELD" in [
        row["code"] for row in year.get("/referral-programs/1/referral-codes?memberId=43").json()["referrals"]
    ]
    assert {event["eventType"] for event in year.get("/members/42/events?limit=25").json()["results"]} >= {
        "member-created",
        "member-tier-set",
        CONFIRMED,
        LEDGER_EVENT,
        "coupon-code-assigned",
        "coupon-code-used",
        "member-generic-event",
    }


# What the last tests write is on top of the year.


def test_the_year_goes_on(year: Club) -> None:
    counts = {table: len(rows(year, table)) for table in (PurchaseOrder, PointTransaction, LoggedEvent, CouponUsage)}
    order = {
        "externalId": "till-1",
        "type": "sale",
        "total": 4.8,
        "status": "confirmed",
        "items": [{"sku": "harbour-beans", "price": 4.8}],
    }
    answer = year.post("/members/42/purchase-orders", json=order)
    assert answer.status_code == 201, answer.text
    shown = answer.json()
    assert shown["order"]["orderId"] == counts[PurchaseOrder] + 1
    effects = shown["evaluationResults"]["effects"]
    assert [
        (effect["effectId"], effect["source"], effect["sourceId"], effect["data"].get("amount")) for effect in effects
    ] == [
        ("mint-points", "campaign", 1, 48),
        ("mint-points", "campaign", 2, 48),
        ("increment-mission", "mission", 1, 1),
        ("increment-mission", "mission", 2, 1),
        ("mint-points", "mission", 2, 60),
    ]
    assert effects[0]["data"]["ledgerTransactionId"] == str(counts[PointTransaction] + 1)
    used = year.post("/coupon-books/3/use", json={"memberId": 42}).json()["couponUsages"][0]
    assert (used["couponUsageId"], used["amountUsed"]) == (counts[CouponUsage] + 1, 1)
    assert year.get("/members/42/missions?missionKey=coupon-fan").json()["results"][0]["timesAchieved"] == 1
    back = year.post("/members/42/purchase-orders", json={**order, "status": "returned"}).json()["evaluationResults"][
        "effects"
    ]
    assert [effect["data"]["amount"] for effect in back] == [48, 48]
    newest = year.get("/members/42/events?limit=1&order=id,desc").json()["results"][0]
    assert newest["eventId"] == len(rows(year, LoggedEvent)) > counts[LoggedEvent]
    joined = year.member("late", referralCode="ANA-STONE")
    assert year.get("/referral-programs/1/referral-codes?memberId=42").json()["referrals"][0]["referredCount"] == 1
    assert joined["memberId"] == 501


def test_a_coupon_that_was_given_for_points_can_be_taken_back(year: Club) -> None:
    given = next(row for row in rows(year, CouponUsage) if row.transaction_id is not None and row.status == "assigned")
    before = year.points(given.member_id + 100)[1]
    assert year.post(f"/coupon-usages/{given.id}/revert").status_code == 200
    assert year.points(given.member_id + 100)[1] == before + 60


def test_time_goes_on(year: Club) -> None:
    given = min(
        (
            row
            for row in rows(year, CouponUsage)
            if row.type == "assignment" and row.status == "assigned" and row.expires_ms
        ),
        key=lambda row: row.expires_ms,
    )
    year.advance(given.expires_ms - year.now_ms)
    assert {row.status for row in rows(year, CouponUsage) if row.id == given.id} == {"expired"}
