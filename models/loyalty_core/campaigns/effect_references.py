"""Checks that what effects name exists when they are written, unless it is an expression: otherwise they would fail at
the till.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypedDict

from models.kernel.findings import at, findings
from models.loyalty_core.coupons.finding import check_book
from models.loyalty_core.events.tracked import find_tracked_type
from models.loyalty_core.members.badges import find_badge
from models.loyalty_core.members.payouts import check_account
from models.loyalty_core.members.views import find_program, find_tier
from models.loyalty_core.missions.finding import find_mission
from models.uow import UnitOfWork


class Named(TypedDict, total=False):
    """What parameters of effects name."""

    couponBookId: int
    missionId: int
    badgeKey: str
    eventType: str
    loyaltyProgramId: int
    loyaltyTierId: int
    ledgerId: int
    ledgerAccountId: int


def check_references(uow: UnitOfWork, effect_id: str, parameters: Mapping[str, object]) -> None:
    """Raises NotFound for a book, mission, badge, program, tier, account or event type that an effect names and there
    is not.
    """
    check = _CHECKS.get(effect_id)
    if check is not None:
        # The catalogue has held these values to its schemas: an id is a number, a key is a text.
        given: Any = {name: value for name, value in parameters.items() if not isinstance(value, dict)}
        check(uow, given)


def _account(uow: UnitOfWork, given: Named) -> None:
    check_account(uow, program_id=None, ledger_id=given.get("ledgerId"), account_id=given.get("ledgerAccountId"))


def _tier(uow: UnitOfWork, given: Named) -> None:
    if "loyaltyProgramId" in given:
        with findings() as found:
            with found.at("/loyaltyProgramId"):
                find_program(uow, given["loyaltyProgramId"])
            if "loyaltyTierId" in given:
                with found.at("/loyaltyTierId"):
                    find_tier(uow, given["loyaltyProgramId"], given["loyaltyTierId"])


def _book(uow: UnitOfWork, given: Named) -> None:
    if "couponBookId" in given:
        with at("/couponBookId"):
            check_book(uow, given["couponBookId"])


def _mission(uow: UnitOfWork, given: Named) -> None:
    if "missionId" in given:
        with at("/missionId"):
            find_mission(uow, given["missionId"])


def _badge(uow: UnitOfWork, given: Named) -> None:
    if "badgeKey" in given:
        with at("/badgeKey"):
            find_badge(uow, given["badgeKey"])


def _event_type(uow: UnitOfWork, given: Named) -> None:
    if "eventType" in given:
        with at("/eventType"):
            find_tracked_type(uow, given["eventType"])


_CHECKS: dict[str, Callable[[UnitOfWork, Named], None]] = {
    "assign-coupon": _book,
    "burn-points": _account,
    "increment-mission": _mission,
    "mint-badge": _badge,
    "mint-points": _account,
    "set-tier": _tier,
    "track-event": _event_type,
}
