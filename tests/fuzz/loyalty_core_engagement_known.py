"""What the engagement part of the Loyalty Core API holds for the fuzzer: some of everything to keep, and some to change
and use up.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Call = Callable[..., Any]

PARTNER, PARTNER_BASE = "loyalty-core-partner", "/loyalty-core/api/v1/organizations/777001"
PARTNERSHIP = SURVEY = 777001
"""Of partner.yaml."""
BADGE = "fuzzed"
KEPT_EACH, SPARE_EACH = 2, 6
OFFERED, RECEIVED = 24, 8
"""Books to offer to the partner, and books that the partner offers."""
FREE = 150
"""Coupons of each kept book that nobody has, and of another book, to be renamed."""
REVERTED = 100
"""Assignments of coupons to take back."""
ASSIGNED_AT_ONCE_MAX = 1_000_000
COUNT_MAX = 2**31 - 1
PROGRAM = 1
NEVER = "member-profile-deactivated"
"""An event that hardly happens: what looks at it does not slow down the others."""
GENERIC = "member-generic-event"
EVENT_TYPES = {"fuzz-custom": "custom", "fuzz-number": "number", "fuzz-string": "string", "fuzz-url": "url"}
"""Codes with their schemas."""
PAYLOADS: dict[str, dict[str, Any]] = {
    "fuzz-number": {"value": 4.5},
    "fuzz-string": {"value": "fuzzed"},
    "fuzz-url": {"value": "https://example.org/fuzzed"},
}
EXPRESSIONS = (
    "true",
    "member.profile.age >= 18",
    'any(order.items, item => item.sku == "BEANS" and item.quantity > 1)',
    'if coalesce(order.total, 0) > 10 then "big" in member.tiers else not member.active',
    "daysBetween(member.createdAt, now()) < 45",
)
AMOUNT = "min(floor(coalesce(order.total, 0) / 100), 40) + 1"
NODES: tuple[dict[str, Any], ...] = (
    {"type": "literal", "value": None},
    {
        "type": "binary",
        "operator": ">=",
        "left": {"type": "path", "steps": ["order", "total"]},
        "right": {"type": "literal", "value": 10},
    },
    {
        "type": "call",
        "function": "any",
        "arguments": [
            {"type": "path", "steps": ["order", "items"]},
            {"type": "lambda", "parameter": "item", "body": {"type": "path", "steps": ["item", "sku"]}},
        ],
    },
)
EFFECTS = (
    "assign-coupon",
    "burn-points",
    "increment-mission",
    "mint-badge",
    "mint-points",
    "set-member-attribute",
    "set-tier",
    "track-event",
)


class Given(NamedTuple):
    """A coupon with uses left for the member who was given it; for any, where it is free."""

    book: int
    coupon: int
    code: str
    member: int | None = None


@dataclass
class Engagement:
    """What there is.

    `actions` are campaigns with an action of each, `orders` members with an order, `referrals` programs with a code's
    number and text, `matchers` numbers with keys; `usages` are there to be taken back, and who has a coupon of `given`
    cannot have it again, but one of `free`.
    """

    actions: list[tuple[int, int]] = field(default_factory=lambda: [(1, 1)])
    triggers: list[int] = field(default_factory=lambda: [1])
    orders: list[tuple[int, int]] = field(default_factory=lambda: [(42, 1)])
    missions: list[tuple[int, str]] = field(default_factory=lambda: [(1, "")])
    spare_missions: list[tuple[int, str]] = field(default_factory=lambda: [(1, "")])
    referrals: list[tuple[int, int, str]] = field(default_factory=lambda: [(1, 1, "FIELD-1")])
    spare_referrals: list[int] = field(default_factory=lambda: [1])
    matchers: list[tuple[int, str]] = field(default_factory=lambda: [(1, "")])
    audiences: list[int] = field(default_factory=lambda: [1])
    spare_audiences: list[int] = field(default_factory=lambda: [1])
    given: list[Given] = field(default_factory=lambda: [Given(1, 1, "ICED-0001", 42)])
    free: list[Given] = field(default_factory=lambda: [Given(1, 2, "ICED-0002")])
    renamed: list[Given] = field(default_factory=lambda: [Given(1, 3, "ICED-0003")])
    spare_books: list[int] = field(default_factory=lambda: [1])
    offered: list[int] = field(default_factory=lambda: [1])
    received: list[int] = field(default_factory=lambda: [1])
    usages: list[int] = field(default_factory=lambda: [1])


def learn_engagement(call: Call, members: Sequence[int]) -> Engagement:
    """Add to a server what the fuzzer needs for these members."""
    for code, schema in EVENT_TYPES.items():
        call("POST", "/loyalty-event-types", {"name": code, "apiCode": code, "schemaType": schema})
    matchers = [_matcher(call, number) for number in range(KEPT_EACH)]
    audiences = [_audience(call, number) for number in range(KEPT_EACH + SPARE_EACH)]
    missions = [_mission(call, number) for number in range(KEPT_EACH + SPARE_EACH)]
    books = [_book(call, number) for number in range(KEPT_EACH + SPARE_EACH + OFFERED)]
    return Engagement(
        actions=[_action(call, number) for number in range(KEPT_EACH)],
        triggers=[_trigger(call, number) for number in range(KEPT_EACH)],
        orders=[(member, _order(call, member)) for member in members[:KEPT_EACH]],
        missions=missions[:KEPT_EACH],
        spare_missions=missions[KEPT_EACH:],
        referrals=[_referral(call, number, members[number]) for number in range(KEPT_EACH)],
        spare_referrals=[_referral_program(call, KEPT_EACH + number) for number in range(SPARE_EACH)],
        matchers=matchers,
        audiences=audiences[:KEPT_EACH],
        spare_audiences=audiences[KEPT_EACH:],
        given=[_give(call, book, member) for book in books[:KEPT_EACH] for member in members],
        free=[coupon for book in books[:KEPT_EACH] for coupon in _coupons(call, book, "FREE")],
        renamed=_coupons(call, _book(call, -2), "RENAMED"),
        spare_books=books[KEPT_EACH : KEPT_EACH + SPARE_EACH],
        offered=books[KEPT_EACH + SPARE_EACH :],
        received=_receive(call),
        usages=_usages(call, members[0]),
    )


def _matcher(call: Call, number: int) -> tuple[int, str]:
    made = call(
        "POST",
        "/matchers",
        {
            "name": f"Fuzzed {number}",
            "type": "item-matcher",
            "matcher": {"conditions": [{"attribute": "sku", "values": ["BEANS"]}]},
        },
    )
    return made["matcherId"], made["matcherKey"]


def _audience(call: Call, number: int) -> int:
    made: int = call(
        "POST",
        "/audiences",
        {
            "active": True,
            "organizationId": 1,
            "name": f"Fuzzed {number}",
            "segmentKey": f"fuzz-{number}",
            "matcherType": "null-matcher",
        },
    )["audienceId"]
    return made


def _action(call: Call, number: int) -> tuple[int, int]:
    campaign = call(
        "POST",
        "/campaigns",
        {"name": f"Fuzzed {number}", "code": f"fuzz-{number}", "loyaltyProgramId": PROGRAM, "eventType": GENERIC},
    )["campaign"]["campaignId"]
    effect = {"effectId": "mint-points", "parameters": {"amount": {"expression": AMOUNT}}}
    return campaign, call(
        "POST",
        f"/campaigns/{campaign}/actions",
        {"name": "Fuzzed", "status": "running", "effects": {"items": [effect]}},
    )["action"]["actionId"]


def _trigger(call: Call, number: int) -> int:
    made: int = call(
        "POST",
        "/event-triggers",
        {
            "type": "WebHook",
            "name": f"Fuzzed {number}",
            "settings": {"url": "http://127.0.0.1:9/fuzzed", "events": [NEVER]},
        },
    )["trigger"]["triggerId"]
    return made


def _order(call: Call, member: int) -> int:
    made: int = call(
        "POST",
        f"/members/{member}/purchase-orders",
        {"externalId": f"fuzz-{member}", "type": "counter", "total": 12.5, "status": "created"},
    )["order"]["orderId"]
    return made


def _mission(call: Call, number: int) -> tuple[int, str]:
    made = call(
        "POST",
        "/missions",
        {
            "loyaltyProgramId": PROGRAM,
            "name": f"Fuzzed {number}",
            "code": f"fuzz-{number}",
            "eventType": NEVER,
            "maxRepetitions": COUNT_MAX,
            "goalCount": COUNT_MAX,
        },
    )["mission"]
    return made["missionId"], made["missionKey"]


def _referral_program(call: Call, number: int) -> int:
    made: int = call(
        "POST",
        "/referral-programs",
        {
            "name": f"Fuzzed {number}",
            "code": f"fuzz-{number}",
            "active": True,
            "maxPerCode": 2**53 - 1,
            "maxReferralsPerMember": 2**53 - 1,
            "eventType": NEVER,
        },
    )["referralProgram"]["referralProgramId"]
    return made


def _referral(call: Call, number: int, member: int) -> tuple[int, int, str]:
    """A program with a code of a member, by which one came."""
    program, code = _referral_program(call, number), f"FUZZ-{number}"
    made = call("POST", f"/referral-programs/{program}/referral-codes", {"memberId": member, "codes": [code]})[
        "referrals"
    ][0]
    call("POST", "/members", {"loyaltyMemberId": f"fuzz-referred-{number}", "referralCode": code})
    return program, made["referralCodeId"], code


def _book(call: Call, number: int, **more: Any) -> int:
    made: int = call(
        "POST",
        "/coupon-books",
        {
            "name": f"Fuzzed {number}",
            "type": "discount",
            "publishingStatus": "published",
            "requiredPointsConfig": {},
            **more,
        },
    )["couponBook"]["couponBookId"]
    return made


def _give(call: Call, book: int, member: int) -> Given:
    """Add a coupon and give it to a member, to be used as often as any may."""
    coupon = call("POST", f"/coupon-books/{book}/coupons", {"codes": [f"FUZZ-{book}-{member}"]})["codes"][0]
    call(
        "POST",
        f"/coupon-books/{book}/coupons/{coupon['couponId']}/assign",
        {"memberId": member, "amount": ASSIGNED_AT_ONCE_MAX},
    )
    return Given(book, coupon["couponId"], coupon["code"], member)


def _coupons(call: Call, book: int, name: str) -> list[Given]:
    """Add coupons that nobody is given."""
    made = call(
        "POST", f"/coupon-books/{book}/coupons", {"codes": [f"{name}-{book}-{number}" for number in range(FREE)]}
    )
    return [Given(book, coupon["couponId"], coupon["code"]) for coupon in made["codes"]]


def _usages(call: Call, member: int) -> list[int]:
    book = _book(call, -1)
    call("POST", f"/coupon-books/{book}/coupons", {"codes": [f"FUZZ-REVERTED-{number}" for number in range(REVERTED)]})
    made = call(
        "POST", f"/coupon-books/{book}/assign", {"memberId": member, "numberOfCodes": REVERTED, "strictMode": True}
    )
    return [usage["couponUsageId"] for usage in made["couponUsages"]]


def _receive(call: Call) -> list[int]:
    """Let the partner offer books."""

    def of_partner(method: str, path: str, body: Any) -> Any:
        return call(method, path, body, base=PARTNER_BASE, user=PARTNER)

    for number in range(RECEIVED):
        of_partner(
            "POST",
            "/coupon-book-offerings",
            {"partnershipId": PARTNERSHIP, "offeredCouponBookId": _book(of_partner, number), "status": "pending"},
        )
    offerings = call("GET", "/coupon-book-offerings?status=pending&limit=25&order=id,desc")["results"]
    return [offering["couponBookOfferingId"] for offering in offerings if offering["partnershipId"] == PARTNERSHIP]
