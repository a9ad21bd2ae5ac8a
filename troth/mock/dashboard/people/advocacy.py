"""Advocates: points are what they hold, redemptions their coupons, orders by their code what they brought."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models import ledger
from models.advocacy import advocates, views
from models.advocacy.pages import whole
from models.advocacy.quests import list_quests, tasks_of
from models.advocacy.referral_views import major
from models.advocacy.tables import Completion, Conversion, Redemption, ReferralCode
from troth.mock.dashboard.people.facts import Balance, Coupon, Found, Key, Moment, Person, Relation, named
from troth.mock.dashboard.people.history import of_account

if TYPE_CHECKING:
    from models.uow import UnitOfWork

NOUN = "advocates"
SHOWN = 25


def find(uow: UnitOfWork, text: str, limit: int) -> tuple[list[Found], int | None]:
    """See `Reader.find`."""
    rows, total = advocates.list_advocates(uow, page=1, limit=limit, search=text or None, tier=None)
    held = ledger.balances(uow, [views.account_of(row.id) for row in rows])
    return [
        Found({"id": row.id}, row.name or row.email, row.email, f"{held[views.account_of(row.id)][0]:,} points")
        for row in rows
    ], total


def read(uow: UnitOfWork, key: Key) -> Person:
    """See `Reader.read`."""
    row = advocates.find_advocate(uow, named(key, "id"))
    account = views.account_of(row.id)
    held, earned = ledger.balances(uow, [account])[account]
    person = Person(row.name or row.email, row.email)
    person.facts = [
        ("Advocate", row.id),
        ("Tier", row.tier),
        ("Code", row.referral_code),
        ("Points ever earned", f"{earned:,}"),
        ("Source", row.source),
    ]
    person.moments.append(Moment(row.created_ms, "event", "Became an advocate"))
    moments, points = of_account(uow, account)
    person.moments += moments
    person.balances.append(Balance("Points", f"{held:,}", points))
    _add_orders(uow, key, person)
    for one in whole(uow, Redemption, advocate_id=key["id"]):
        person.coupons.append(Coupon(one.code or one.id, one.reward_name, one.status, one.created_ms))
    _add_quests(uow, key, person)
    return person


def _add_orders(uow: UnitOfWork, key: Key, person: Person) -> None:
    orders = whole(uow, Conversion, advocate_id=key["id"])
    person.brought_total = len(orders)
    for one in orders[:SHOWN]:
        person.brought.append(Relation(one.order_id, f"{major(one.order_value_minor):,.2f}"))
        person.moments.append(Moment(one.created_ms, "referral", f"Order by the code {one.code}", one.order_id))
    clicks = sum(code.clicks for code in whole(uow, ReferralCode, order=(ReferralCode.code,), advocate_id=key["id"]))
    person.facts.append(("Clicks on the link", f"{clicks:,}"))


def _add_quests(uow: UnitOfWork, key: Key, person: Person) -> None:
    done = whole(uow, Completion, order=(Completion.completed_ms.desc(),), advocate_id=key["id"])
    if not done:
        return
    names = {
        task.id: (quest.title, task.title) for quest in list_quests(uow, status=None) for task in tasks_of(uow, quest)
    }
    for one in done:
        quest, task = names.get(one.task_id, ("a quest", one.task_id))
        person.moments.append(Moment(one.completed_ms, "event", f"Did {task}", f"a task of {quest}"))
        if one.quest_completed:
            person.moments.append(Moment(one.completed_ms, "event", f"Completed {quest}"))
