"""Rows as the advocacy API shows them: camelCase members, RFC 3339 times, money in major units."""

from models import ledger
from models.advocacy.tables import Advocate
from models.kernel.json_values import Shown
from models.kernel.times import iso
from models.ledger import Posted
from models.uow import UnitOfWork


def account_of(advocate_id: str) -> str:
    """The ledger account of an advocate's points."""
    return f"advocate/{advocate_id}"


def address_of(uow: UnitOfWork, row: Advocate) -> str:
    """The absolute address of an advocate."""
    return f"{uow.public_url}/advocacy/api/v1/advocates/{row.id}"


def show_advocates(uow: UnitOfWork, rows: list[Advocate]) -> list[Shown]:
    """Advocates with their points, read for all of them at once."""
    held = ledger.balances(uow, [account_of(row.id) for row in rows])
    return [_advocate(row, *held[account_of(row.id)]) for row in rows]


def show_advocate(uow: UnitOfWork, row: Advocate) -> Shown:
    """One advocate as answers show it."""
    return show_advocates(uow, [row])[0]


def show_new_advocate(row: Advocate) -> Shown:
    """An advocate who has just been added and has no points."""
    return _advocate(row, 0, 0)


def _advocate(row: Advocate, points: int, lifetime_points: int) -> Shown:
    return {
        "id": row.id,
        "email": row.email,
        "name": row.name,
        "tier": row.tier,
        "status": row.status,
        "points": points,
        "lifetimePoints": lifetime_points,
        "referralCode": row.referral_code,
        "source": row.source,
        "metadata": row.details,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }


def show_transaction(posted: Posted, advocate_id: str, amount: int) -> Shown:
    """A ledger transaction from the advocate's side."""
    reference = posted.reference
    return {
        "id": posted.id,
        "advocateId": advocate_id,
        "type": posted.kind,
        "amount": amount,
        "balanceAfter": posted.balances[account_of(advocate_id)],
        "description": posted.description,
        "reference": None if reference is None else {"type": reference[0], "id": reference[1]},
        "createdAt": iso(posted.created_ms),
    }
