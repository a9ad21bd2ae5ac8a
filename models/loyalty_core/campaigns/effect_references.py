"""What effects name has to be there when they are written, where it is no expression: else it fails at the till."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from models.loyalty_core.coupons.finding import check_book
from models.loyalty_core.events.tracked import find_tracked_type
from models.loyalty_core.members.badges import find_badge
from models.loyalty_core.members.views import find_program, find_tier
from models.loyalty_core.missions.finding import find_mission
from models.loyalty_core.missions.participation import check_account
from models.uow import UnitOfWork

Parameters = Mapping[str, Any]


def check_references(uow: UnitOfWork, items: Sequence[Mapping[str, Any]]) -> None:
    """Raises NotFound for a book, mission, badge, program, tier, account or event type that effects name and there is not."""
    for item in items:
        check = _CHECKS.get(item["effectId"])
        if check is not None:
            check(
                uow, {name: value for name, value in item.get("parameters", {}).items() if not isinstance(value, dict)}
            )


def _account(uow: UnitOfWork, given: Parameters) -> None:
    check_account(uow, program_id=None, ledger_id=given.get("ledgerId"), account_id=given.get("ledgerAccountId"))


def _tier(uow: UnitOfWork, given: Parameters) -> None:
    if "loyaltyProgramId" in given:
        find_program(uow, given["loyaltyProgramId"])
        if "loyaltyTierId" in given:
            find_tier(uow, given["loyaltyProgramId"], given["loyaltyTierId"])


def _named(name: str, find: Callable[[UnitOfWork, Any], object]) -> Callable[[UnitOfWork, Parameters], None]:
    def check(uow: UnitOfWork, given: Parameters) -> None:
        if name in given:
            find(uow, given[name])

    return check


_CHECKS: dict[str, Callable[[UnitOfWork, Parameters], None]] = {
    "assign-coupon": _named("couponBookId", check_book),
    "burn-points": _account,
    "increment-mission": _named("missionId", find_mission),
    "mint-badge": _named("badgeKey", find_badge),
    "mint-points": _account,
    "set-tier": _tier,
    "track-event": _named("eventType", find_tracked_type),
}
