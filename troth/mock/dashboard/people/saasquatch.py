"""Users of SaaSquatch: credit is what they hold, other rewards are their coupons, referrals whom they brought."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from models.saasquatch.codes.codes import primary_codes, primary_codes_of
from models.saasquatch.referrals import referrals
from models.saasquatch.rewards import balances, rewards
from models.saasquatch.rewards.states import CREDIT, fold_unit, given_at, statuses
from models.saasquatch.user_views import listed_users
from models.saasquatch.users import users
from troth.mock.dashboard.people.facts import Balance, Coupon, Found, Key, Moment, Person, Relation, named
from troth.mock.dashboard.people.history import running_total

if TYPE_CHECKING:
    from models.saasquatch.queries import ListedUser
    from models.saasquatch.tables import Redemption, Referral, Reward, User
    from models.uow import UnitOfWork

NOUN = "users"
SHOWN = 25


def find(uow: UnitOfWork, text: str, limit: int) -> tuple[list[Found], int | None]:
    """See `Reader.find`."""
    rows, total = users.list_users(uow, query=text or None, limit=limit, offset=0)
    codes = [next((code.code for code in of_user.values()), "") for of_user in primary_codes_of(uow, rows)]
    found = zip(rows, codes, strict=True)
    return [Found(_key(user), _name(user), user.email or user.id, code) for user, code in found], total


def read(uow: UnitOfWork, key: Key) -> Person:
    """See `Reader.read`."""
    user = users.get_user(uow, named(key, "account"), named(key, "id"))
    person = Person(_name(user), user.email or user.id)
    person.facts = [("User", user.id), ("Account", user.account_id)]
    person.facts += [(f"Code of {program_id}", code.code) for program_id, code in primary_codes(uow, user).items()]
    if user.segments:
        person.facts.append(("Segments", ", ".join(user.segments)))
    person.moments.append(Moment(user.created_ms, "event", "Signed up"))
    _add_rewards(uow, key, person)
    _add_referrals(uow, key, person)
    return person


def _key(user: User | ListedUser) -> Key:
    return {"account": user.account_id, "id": user.id}


def _name(user: User | ListedUser) -> str:
    return " ".join(filter(None, (user.first_name, user.last_name))) or user.id


def _add_rewards(uow: UnitOfWork, key: Key, person: Person) -> None:
    redeemed = rewards.redemptions_of_account(uow, key["account"])
    changes: dict[str, list[tuple[int, int]]] = {}
    for row in rewards.list_rewards(uow, key["account"], user_id=key["id"]):
        moments = _moments(row, redeemed.get(row.id, []), uow.now_ms)
        person.moments += moments
        if row.type == CREDIT:
            steps = changes.setdefault(fold_unit(row.unit), [])
            steps += [(moment.at_ms, moment.amount) for moment in moments if moment.amount is not None]
        else:
            status = ", ".join(statuses(row, uow.now_ms)).lower()
            person.coupons.append(Coupon(row.fuel_tank_code or row.id, _worth(row), status, row.created_ms))
    for balance in balances.list_balances(uow, key["account"], user_id=key["id"]):
        if balance.type == CREDIT:
            shown = partial(balances.pretty, unit=balance.unit, currencies=balance.currencies)
            points = running_total(changes.get(fold_unit(balance.unit), []))
            person.balances.append(Balance(f"Credit in {balance.unit}", shown(balance.spendable), points, shown))


def _moments(row: Reward, redemptions: list[Redemption], now_ms: int) -> list[Moment]:
    """What happened to a reward; of credit with what it did to the balance."""
    is_credit, worth = row.type == CREDIT, _worth(row)
    left = (row.assigned or 0) - row.redeemed
    given = given_at(row, now_ms)
    found = [Moment(row.created_ms, "reward", f"Reward of {worth} is pending")] if given is None else []
    if given is not None:
        found.append(Moment(given, "reward", f"Reward of {worth}", row.name or "", row.assigned if is_credit else None))
    if is_credit:
        found += [
            Moment(one.at_ms, "points", f"Spent {one.quantity} {row.unit}", "", -one.quantity) for one in redemptions
        ]
    if row.redeemed_ms is not None and not is_credit:
        found.append(Moment(row.redeemed_ms, "reward", f"Reward of {worth} redeemed"))
    lost = -left if is_credit and given is not None and left else None
    if row.cancelled_ms is not None:
        found.append(Moment(row.cancelled_ms, "reward", f"Reward of {worth} cancelled", "", lost))
    elif row.expires_ms is not None and row.expires_ms <= now_ms:
        found.append(Moment(row.expires_ms, "reward", f"Reward of {worth} expired", "", lost))
    return found


def _worth(row: Reward) -> str:
    if row.percent is not None:
        return f"{row.percent} %"
    amount = row.assigned if row.type == CREDIT else row.amount
    return row.name or row.type.lower() if amount is None else f"{amount} {row.unit}"


def _add_referrals(uow: UnitOfWork, key: Key, person: Person) -> None:
    made, person.brought_total = referrals.list_referrals(
        uow, limit=SHOWN, offset=0, referring_account_id=key["account"], referring_user_id=key["id"]
    )
    for row, user in _with_users(uow, made, "referred"):
        friend = _relation(user, row)
        person.brought.append(friend)
        person.moments.append(Moment(row.started_ms, "referral", f"Referred {friend.name}"))
        if row.converted_ms is not None:
            person.moments.append(Moment(row.converted_ms, "referral", f"The referral of {friend.name} converted"))
    found, _ = referrals.list_referrals(
        uow, limit=1, offset=0, referred_account_id=key["account"], referred_user_id=key["id"]
    )
    for row, user in _with_users(uow, found, "referrer"):
        person.referred_by = _relation(user, row)
        person.moments.append(Moment(row.started_ms, "referral", f"Referred by {person.referred_by.name}"))


def _with_users(uow: UnitOfWork, rows: list[Referral], side: str) -> list[tuple[Referral, ListedUser | None]]:
    """Referrals with the user of a side, `referrer` or `referred`: None for a deleted one."""
    sides = [(getattr(row, f"{side}_account_id"), getattr(row, f"{side}_user_id")) for row in rows]
    found = listed_users(uow, [key for key in sides if None not in key])
    return [(row, found.get(key)) for row, key in zip(rows, sides, strict=True)]


def _relation(user: ListedUser | None, row: Referral) -> Relation:
    status = "ended" if row.ended_ms else "converted" if row.converted_ms else "pending"
    return Relation("a deleted user", status) if user is None else Relation(_name(user), status, _key(user))
