"""Referral codes: who came through them, and which orders.

The figures of a code stand in its row, beside the clicks and conversions that they count; whoever adds one of those has
the row locked. Codes are made with their advocates (`models/advocacy/advocates.py`).
"""

from decimal import Decimal

from models.advocacy.advocates import lock_advocate
from models.advocacy.ids import new_id
from models.advocacy.points import move_points
from models.advocacy.problems import Conflict, Invalid, NotFound
from models.advocacy.referral_views import MINOR_UNITS, major
from models.advocacy.settings import parse_settings
from models.advocacy.tables import Conversion, ReferralClick, ReferralCode
from models.advocacy.webhooks import emit
from models.uow import UnitOfWork

ACTIVE = "active"
REVENUE_MAX_MINOR = 90_071_992_547_409 * MINOR_UNITS
"""The most that a code's orders are worth together: what the contract can show."""


def list_codes(uow: UnitOfWork) -> list[ReferralCode]:
    """The code of every advocate, newest first."""
    newest_first = (ReferralCode.created_ms.desc(), ReferralCode.code.desc())
    return list(uow.session.scalars(uow.scoped(ReferralCode).order_by(*newest_first)))


def find_code(uow: UnitOfWork, code: str) -> ReferralCode:
    """A code in upper or lower case, also a disabled one. Raises NotFound."""
    row: ReferralCode | None = uow.session.get(ReferralCode, (uow.tenant_id, _stored(code)))
    if row is None:
        raise NotFound("There is no such referral code.")
    return row


def track(uow: UnitOfWork, code: str, visitor_id: str) -> None:
    """Count a visitor who came through a code, once for good. Raises NotFound for a code that is unknown or disabled."""
    row = _lock_code(uow, code)
    if uow.session.get(ReferralClick, (uow.tenant_id, row.code, visitor_id)) is not None:
        return
    uow.session.add(ReferralClick(tenant_id=uow.tenant_id, code=row.code, visitor_id=visitor_id, created_ms=uow.now_ms))
    row.clicks += 1


def convert(uow: UnitOfWork, code: str, order_id: str, order_value: float) -> tuple[Conversion, int]:
    """Record an order that came through a code, and pay the code's advocate. `order_value` is in major units.

    Returns the conversion and what this call has paid: 0 when the same code and value came with the order before.
    Raises Invalid for a value with more than two decimals, NotFound for a code that is unknown or disabled, Conflict for an
    order that came with another code or value.
    """
    value_minor = _minor(order_value)
    row = _lock_code(uow, code)
    known = uow.session.scalars(uow.scoped(Conversion).where(Conversion.order_id == order_id)).first()
    if known is not None:
        if (known.code, known.order_value_minor) != (row.code, value_minor):
            raise Conflict("This order came with another code or value before.", field="orderId")
        return known, 0
    if row.revenue_minor + value_minor > REVENUE_MAX_MINOR:
        raise Invalid("The orders of this code would be worth too much together.", field="orderValue")
    conversion = _convert(uow, row, order_id, value_minor)
    return conversion, conversion.points_awarded


def _convert(uow: UnitOfWork, code: ReferralCode, order_id: str, value_minor: int) -> Conversion:
    """The first conversion of an order, by a code that is locked."""
    paid = parse_settings(uow.tenant.settings).referral_points
    row = Conversion(
        tenant_id=uow.tenant_id,
        id=new_id(uow, "cnv"),
        code=code.code,
        advocate_id=code.advocate_id,
        order_id=order_id,
        order_value_minor=value_minor,
        points_awarded=paid,
        created_ms=uow.now_ms,
    )
    uow.session.add(row)
    code.conversions += 1
    code.revenue_minor += value_minor
    # Another code may be converting the same order, behind a lock of its own: it waits here, at the unique order id,
    # and is tried again as a whole once this unit has committed. So it must not hold the advocate yet.
    uow.session.flush()
    lock_advocate(uow, code.advocate_id)
    if paid:
        move_points(uow, code.advocate_id, paid, kind="referral_conversion", reference=("conversion", row.id))
    emit(
        uow,
        "referral.converted",
        {
            "conversion_id": row.id,
            "code": row.code,
            "advocate_id": row.advocate_id,
            "order_id": row.order_id,
            "order_value": major(value_minor),
            "points_awarded": paid,
        },
    )
    return row


def _lock_code(uow: UnitOfWork, code: str) -> ReferralCode:
    """A code that a body names, locked until the unit ends. Raises NotFound when it is unknown or disabled."""
    row = uow.lock(uow.scoped(ReferralCode).where(ReferralCode.code == _stored(code)))
    if row is None or row.status != ACTIVE:
        raise NotFound("There is no such referral code.", field="code")
    return row


def _stored(code: str) -> str:
    """A code as it is stored. Only ASCII letters are raised: with all of Unicode's, a long s would be an S."""
    return code.encode().upper().decode()


def _minor(value: float) -> int:
    """Major units as minor ones; JSON's number is taken as it was written. Raises Invalid beyond two decimals."""
    minor = Decimal(str(value)) * MINOR_UNITS
    if minor != minor.to_integral_value():
        raise Invalid("orderValue has more than two decimals.", field="orderValue")
    return int(minor)
