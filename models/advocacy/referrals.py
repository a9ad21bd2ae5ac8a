"""Referral codes: who came through them, and which orders.

The figures of a code are columns of its row, which is locked before a click or conversion that they count is added.
Codes are made with their advocates (`models/advocacy/advocates.py`).
"""

from models.advocacy.advocates import lock_advocate
from models.advocacy.ids import new_id
from models.advocacy.points import lock_points, move_points
from models.advocacy.problems import Conflict, Invalid, NotFound
from models.advocacy.queries import CODE, CODES, CONVERSION_OF_ORDER, INSERT_CLICK, INSERT_CONVERSION, SET_FIGURES
from models.advocacy.referral_views import MINOR_UNITS, major
from models.advocacy.settings import parse_settings
from models.advocacy.tables import Conversion, ReferralCode
from models.advocacy.webhooks import emit
from models.kernel.money import in_units
from models.kernel.statements import replaced, row_of
from models.uow import UnitOfWork

ACTIVE = "active"
REVENUE_MAX_MINOR = 90_071_992_547_409 * MINOR_UNITS
"""The most that a code's orders are worth together: what the contract can show."""


def list_codes(uow: UnitOfWork) -> list[ReferralCode]:
    """The code of every advocate, newest first."""
    return uow.rows(CODES)


def find_code(uow: UnitOfWork, code: str) -> ReferralCode:
    """A code in upper or lower case, also a disabled one. Raises NotFound."""
    row = uow.first(CODE, code=_stored(code))
    if row is None:
        raise NotFound("There is no such referral code.")
    return row


def track(uow: UnitOfWork, code: str, visitor_id: str) -> None:
    """Count a visitor who came through a code, once for good.

    Raises NotFound for a code that is unknown or disabled.
    """
    row = _lock_code(uow, code)
    if uow.insert(INSERT_CLICK, code=row.code, visitor_id=visitor_id, created_ms=uow.now_ms):
        _set_figures(uow, row, clicks=row.clicks + 1)


def convert(uow: UnitOfWork, code: str, order_id: str, order_value: float) -> tuple[Conversion, int]:
    """Record an order that came through a code, and pay the code's advocate. `order_value` is in major units.

    Returns the conversion and what this call has paid: 0 when the order was recorded before with the same code and
    value. Raises Invalid for a value with more than two decimals, NotFound for a code that is unknown or disabled,
    Conflict for an order that was recorded with another code or value.
    """
    value_minor = _minor(order_value)
    row = _lock_code(uow, code)
    paid = uow.directory.settings(uow.tenant, parse_settings).referral_points
    values = {
        "id": new_id(uow, "cnv"),
        "code": row.code,
        "advocate_id": row.advocate_id,
        "order_id": order_id,
        "order_value_minor": value_minor,
        "points_awarded": paid,
        "created_ms": uow.now_ms,
    }
    # Another unit may be converting the same order through another code, behind another lock: the second waits here, at
    # the unique order id, until the first commits, and then adds nothing. So it must not hold the advocate yet.
    if not uow.insert(INSERT_CONVERSION, **values):
        known = uow.one(CONVERSION_OF_ORDER, order_id=order_id)
        if (known.code, known.order_value_minor) != (row.code, value_minor):
            raise Conflict("This order came with another code or value before.", field="orderId")
        return known, 0
    if row.revenue_minor + value_minor > REVENUE_MAX_MINOR:
        raise Invalid("The orders of this code would be worth too much together.", field="orderValue")
    conversion = row_of(Conversion, tenant_id=uow.tenant_id, **values)
    _set_figures(uow, row, conversions=row.conversions + 1, revenue_minor=row.revenue_minor + value_minor)
    _pay(uow, conversion)
    return conversion, paid


def _pay(uow: UnitOfWork, row: Conversion) -> None:
    """Pay the advocate for a conversion, and emit it."""
    if not row.points_awarded:
        lock_advocate(uow, row.advocate_id)
    else:
        lock_points(uow, row.advocate_id)
        reference = ("conversion", row.id)
        move_points(uow, row.advocate_id, row.points_awarded, kind="referral_conversion", reference=reference)
    emit(
        uow,
        "referral.converted",
        {
            "conversion_id": row.id,
            "code": row.code,
            "advocate_id": row.advocate_id,
            "order_id": row.order_id,
            "order_value": major(row.order_value_minor),
            "points_awarded": row.points_awarded,
        },
    )


def _set_figures(uow: UnitOfWork, locked: ReferralCode, **figures: int) -> None:
    """Write the figures of a code that is locked."""
    after = replaced(locked, **figures)
    uow.execute(
        SET_FIGURES,
        of_code=after.code,
        clicks=after.clicks,
        conversions=after.conversions,
        revenue_minor=after.revenue_minor,
    )


def _lock_code(uow: UnitOfWork, code: str) -> ReferralCode:
    """A code that a body names, locked until the unit ends. Raises NotFound when it is unknown or disabled."""
    row = uow.lock_row(CODE, code=_stored(code))
    if row is None or row.status != ACTIVE:
        raise NotFound("There is no such referral code.", field="code")
    return row


def _stored(code: str) -> str:
    """A code as it is stored. Only ASCII letters are raised: with all of Unicode's, a long s would be an S."""
    return code.encode().upper().decode()


def _minor(value: float) -> int:
    """Major units as minor ones. Raises Invalid beyond two decimals."""
    minor = in_units(value, MINOR_UNITS)
    if minor is None:
        raise Invalid("orderValue must have at most two decimals.", field="orderValue")
    return minor
