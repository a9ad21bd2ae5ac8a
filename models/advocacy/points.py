"""Points of advocates: every change is a transaction of the ledger, and an event."""

from models import ledger
from models.advocacy.advocates import lock_advocate
from models.advocacy.ids import new_id
from models.advocacy.input import PointsChange
from models.advocacy.problems import InsufficientPoints, Invalid
from models.advocacy.queries import BALANCE_OF_ADVOCATE
from models.advocacy.views import account_of
from models.advocacy.webhooks import emit
from models.ledger import BalanceTooHigh, InsufficientBalance, Posted
from models.uow import UnitOfWork

ISSUED, SPENT = "@issued", "@spent"
"""The business's own side: where points come from and where they go."""


def lock_points(uow: UnitOfWork, advocate_id: str) -> None:
    """Lock an advocate and then the balance of their points, which are about to change. Raises NotFound."""
    row = uow.lock_row(BALANCE_OF_ADVOCATE, id=advocate_id, account=account_of(advocate_id))
    if row is None:
        lock_advocate(uow, advocate_id)  # without a balance row until the first posting; raises NotFound
    else:
        ledger.hold(uow, row)


def move_points(
    uow: UnitOfWork,
    advocate_id: str,
    amount: int,
    *,
    kind: str,
    description: str | None = None,
    reference: tuple[str, str] | None = None,
    field: str | None = None,
) -> Posted:
    """Add a signed amount to an advocate's points; the advocate must be locked.

    Raises InsufficientPoints, or Invalid for a balance beyond 2**53 - 1, with nothing written; `field` is the member of
    the body that has the amount, if one has.
    """
    other = ISSUED if amount > 0 else SPENT
    try:
        posted = ledger.post(
            uow,
            transaction_id=new_id(uow, "txn"),
            kind=kind,
            description=description,
            reference=reference,
            legs=[(account_of(advocate_id), amount), (other, -amount)],
        )
    except InsufficientBalance as error:
        raise InsufficientPoints(field=field) from error
    except BalanceTooHigh as error:
        raise Invalid(error.message, field=field) from error
    emit(
        uow,
        "points.changed",
        {
            "transaction_id": posted.id,
            "advocate_id": advocate_id,
            "type": kind,
            "amount": amount,
            "balance_after": posted.balances[account_of(advocate_id)],
        },
    )
    return posted


def change_points(uow: UnitOfWork, advocate_id: str, given: PointsChange) -> tuple[Posted, int]:
    """Award or deduct points by hand. With a kind the amount is positive, without one its sign decides.

    Returns the transaction and its signed amount. Raises NotFound, Invalid, InsufficientPoints.
    """
    if given.kind is not None and given.amount < 0:
        raise Invalid("amount must be positive where a type is given.", field="amount")
    signed = -given.amount if given.kind == "deduct" else given.amount
    lock_points(uow, advocate_id)
    kind = "award" if signed > 0 else "deduct"
    posted = move_points(uow, advocate_id, signed, kind=kind, description=given.description, field="amount")
    return posted, signed
