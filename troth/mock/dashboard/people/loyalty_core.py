"""Members of Loyalty Core: what happened to them is their log of events; they hold points of the accounts of each
ledger.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from models.kernel.times import parse_instant_ms
from models.loyalty_core.coupons import benefits
from models.loyalty_core.coupons.benefits import CouponFilter
from models.loyalty_core.events.built_in import EVENT_TYPES
from models.loyalty_core.ledger import accounts, ledgers, lifecycle
from models.loyalty_core.ledger.views import formatted
from models.loyalty_core.members import events, members, search
from models.loyalty_core.members.views import find_member, show_found_members, show_member
from models.loyalty_core.paging import Paging
from models.loyalty_core.referrals import codes, programs
from troth.mock.dashboard.people.facts import Balance, Coupon, Found, Key, Moment, Person, Relation, whole
from troth.mock.dashboard.people.history import backwards

if TYPE_CHECKING:
    from models.uow import UnitOfWork

Json = dict[str, Any]
NOUN = "members"
NEWEST = "createdAt,desc"
SHOWN = 25
EVENTS = 100
MOVEMENTS = 500
ALL = Paging(0, 100, None)
SAID_BY_ANOTHER = frozenset({"benefit-used"})
"""Events that come with one of a coupon that says the same."""
KINDS = {
    "ledger-transaction-created": "points",
    "member-tier-set": "tier",
    "member-tier-removed": "tier",
    "coupon-code-assigned": "coupon",
    "coupon-code-used": "coupon",
    **{name: "order" for name in EVENT_TYPES if name.startswith("member-purchase-order-")},
}
"""The kind of a moment by the type of its event; of all others it is an event."""


def find(uow: UnitOfWork, text: str, limit: int) -> tuple[list[Found], int | None]:
    """See `Reader.find`."""
    paging = Paging(0, limit, None)
    nothing = dict.fromkeys(("tier_id", "tier_key", "program_id", "member_type", "from_ms", "to_ms"))
    rows, total = search.search_members(uow, paging, query=text or None, **nothing)
    return [_found(one) for one in show_found_members(uow, rows)], total


def _found(shown: Json) -> Found:
    tiers = ", ".join(one["loyaltyTierKey"] for one in shown["loyaltyPrograms"] if one["loyaltyTierKey"])
    email = shown["profile"].get("email")
    detail = " · ".join(filter(None, (shown["loyaltyMemberId"], email if isinstance(email, str) else None)))
    return Found({"id": str(shown["memberId"])}, _name(shown), detail, tiers)


def _name(shown: Json) -> str:
    name = shown["profile"].get("name")
    return name if isinstance(name, str) and name else str(shown["loyaltyMemberId"])


def read(uow: UnitOfWork, key: Key) -> Person:
    """See `Reader.read`."""
    row = find_member(uow, whole(key, "id"))
    shown = show_member(uow, row)
    found = _found(shown)
    person = Person(found.name, found.detail)
    person.facts = [("Member", str(row.id)), ("Wallet", str(row.wallet_id)), ("Tier", found.held or "none")]
    if row.member_type:
        person.facts.append(("Type", row.member_type))
    names = _add_balances(uow, row.wallet_id, person)
    everything = dict.fromkeys(("from_ms", "to_ms", "event_type", "status"))
    logged, _ = events.list_member_events(uow, row.id, Paging(0, EVENTS, NEWEST), **everything)
    person.moments = [
        moment
        for event in logged
        if (moment := _moment(events.show_event(uow, event), row.wallet_id, names)) is not None
    ]
    _add_coupons(uow, shown, person)
    _add_referrals(uow, row.id, person)
    return person


def _moment(event: Json, wallet: int, names: dict[int, str]) -> Moment | None:
    """An event of the log; None for one that another says, too. `names` are those of the accounts."""
    if event["eventType"] in SAID_BY_ANOTHER:
        return None
    at_ms, data = parse_instant_ms(event["createdAt"]), event["data"]
    kind = KINDS.get(event["eventType"], "event")
    if kind == "points":
        account = names.get(data["ledgerAccountId"], "points").lower()
        title = f"{data['type'].capitalize()} of {account}" + (
            "" if data["status"] == "posted" else f", {data['status']}"
        )
        detail = data.get("description") or data.get("externalId") or ""
        return Moment(at_ms, kind, title, detail, _signed(data["capturedAmount"], data["toWalletId"], wallet))
    title = (
        event["topic"] or event["eventType"]
    )  # events of a type of the organization's own have its code as their topic
    return Moment(at_ms, kind, title.replace("-", " ").capitalize(), _detail(kind, data))


def _detail(kind: str, data: Json) -> str:
    """What is shown of an event beside its type."""
    if kind == "tier":
        before, after = data.get("previousLoyaltyTierKey"), data.get("loyaltyTierKey")
        return f"from {before} to {after}" if before and before != after else f"{after or 'none'}"
    if kind == "coupon":
        return str(data.get("couponCode") or "")
    if kind == "order":
        return f"{data['order']['externalId']} · {data['order']['total']:,.2f}"
    return str(data.get("externalId") or data.get("description") or "")


def _signed(captured: int | None, receiver: int | None, wallet: int) -> int | None:
    """What a transaction did to the balance of a wallet; None while it is pending or when it moved nothing."""
    if captured is None:
        return None
    return captured * (1 if receiver == wallet else -1)


def _add_balances(uow: UnitOfWork, wallet: int, person: Person) -> dict[int, str]:
    """Add what a wallet holds of each account; the names of the accounts."""
    names: dict[int, str] = {}
    for ledger in ledgers.list_ledgers(uow, ALL, ledger_key=None)[0]:
        for account, held, _ in accounts.wallet_balances_of_ledger(uow, ledger.id, wallet):
            names[account.id] = account.name
            changes = _changes(uow, ledger.id, account.id, wallet)
            if changes or held:
                number = partial(formatted, decimals=account.decimals, format_string=None)
                amount = formatted(held, account.decimals, account.format_string)
                person.balances.append(Balance(account.name, amount, backwards(held, changes), number))
    return names


def _changes(uow: UnitOfWork, ledger: int, account: int, wallet: int) -> list[tuple[int, int]]:
    paging = Paging(0, MOVEMENTS, NEWEST)
    names = ("from_external_ms", "to_external_ms", "from_id", "to_id", "unique_key", "tags")
    rows, _ = lifecycle.list_transactions(uow, ledger, account, paging, {**dict.fromkeys(names), "wallet_id": wallet})
    signed = [(row.created_ms, _signed(row.captured_amount, row.to_wallet_id, wallet)) for row in rows]
    return [(at_ms, amount) for at_ms, amount in signed if amount]


def _add_coupons(uow: UnitOfWork, shown: Json, person: Person) -> None:
    for enrolled in shown["loyaltyPrograms"]:
        program = enrolled["loyaltyProgramId"]
        rows, _ = benefits.list_member_coupons(
            uow, program, shown["memberId"], CouponFilter(), Paging(0, SHOWN, NEWEST)
        )
        for one in rows:
            left = f"{one.amount_used} of {one.amount_assigned} used" if one.amount_assigned > 1 else one.status
            person.coupons.append(Coupon(one.code, f"Book {one.book_id}", left, one.created_ms))


def _add_referrals(uow: UnitOfWork, member_id: int, person: Person) -> None:
    rows, _ = programs.list_programs(uow, ALL)
    for program in rows:
        for code in codes.list_codes(uow, program.id, ALL, member_id=member_id):
            person.facts.append((f"Code of {program.name}", code.code))
            referred, total = codes.list_referred(uow, program.id, code.id, Paging(0, SHOWN, NEWEST))
            person.brought_total += total
            for one in referred:
                person.brought.append(_relation(uow, one.referred_id, paid=one.paid_ms is not None))
    for referral in codes.attributed_referrals(uow, member_id)[:1]:
        person.referred_by = _relation(uow, referral.referrer_id, paid=referral.paid_ms is not None)


def _relation(uow: UnitOfWork, member_id: int, *, paid: bool) -> Relation:
    rows, _ = members.get_members(uow, [member_id])
    name = _name(show_member(uow, rows[0])) if rows else f"Member {member_id}"
    return Relation(name, "paid" if paid else "pending", {"id": str(member_id)})
