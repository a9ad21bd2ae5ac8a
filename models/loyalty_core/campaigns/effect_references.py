"""What effects name has to be there when they are written, where it is no expression: else it fails at the till."""

from collections.abc import Callable, Mapping
from typing import Any

from models.kernel.findings import at, findings
from models.loyalty_core.coupons.finding import check_book
from models.loyalty_core.events.tracked import find_tracked_type
from models.loyalty_core.members.badges import find_badge
from models.loyalty_core.members.payouts import check_account
from models.loyalty_core.members.views import find_program, find_tier
from models.loyalty_core.missions.finding import find_mission
from models.uow import UnitOfWork

Parameters = Mapping[str, Any]


def check_references(uow: UnitOfWork, effect_id: str, parameters: Parameters) -> None:
    """Raises NotFound for a book, mission, badge, program, tier, account or event type that an effect names and there is not."""
    check = _CHECKS.get(effect_id)
    if check is not None:
        check(uow, {name: value for name, value in parameters.items() if not isinstance(value, dict)})


def _account(uow: UnitOfWork, given: Parameters) -> None:
    check_account(uow, program_id=None, ledger_id=given.get("ledgerId"), account_id=given.get("ledgerAccountId"))


def _tier(uow: UnitOfWork, given: Parameters) -> None:
    if "loyaltyProgramId" in given:
        with findings() as found:
            with found.at("/loyaltyProgramId"):
                find_program(uow, given["loyaltyProgramId"])
            if "loyaltyTierId" in given:
                with found.at("/loyaltyTierId"):
                    find_tier(uow, given["loyaltyProgramId"], given["loyaltyTierId"])


def _named(name: str, find: Callable[[UnitOfWork, Any], object]) -> Callable[[UnitOfWork, Parameters], None]:
    def check(uow: UnitOfWork, given: Parameters) -> None:
        if name in given:
            with at(f"/{name}"):
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
