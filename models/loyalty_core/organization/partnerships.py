"""Partnerships: which other organizations coupon books may be offered to.

The scenario file of each organization names its own.
"""

from models.kernel.json_values import Shown
from models.loyalty_core.organization.problems import PartnerMissing, PartnershipNotFound
from models.loyalty_core.organization.queries import INSERT_PARTNERSHIP, PARTNERSHIP, PARTNERSHIP_WITH, PARTNERSHIPS
from models.loyalty_core.organization.tables import Partnership
from models.loyalty_core.settings import ID_MAX
from models.numbers import new_number
from models.provisioning import ALIAS
from models.tenancy.tenants import Tenant
from models.uow import UnitOfWork

API = "loyalty_core"


def configure_partnerships(uow: UnitOfWork, given: object) -> None:
    """Add the partnerships of a scenario that are not there yet; none is removed.

    Raises ValueError, saying what is wrong.

    The other organization need not be there yet: scenarios name each other.
    """
    if not isinstance(given, list):
        raise ValueError("partnerships is not a list")  # noqa: TRY004  scenarios are refused by ValueError
    entries = [_read(uow, entry) for entry in given]
    aliases = [alias for alias, _ in entries]
    numbers = [number for _, number in entries if number is not None]
    if len(set(aliases)) < len(aliases) or len(set(numbers)) < len(numbers):
        raise ValueError("partnerships name a partner, or a partnership_id, twice")
    # Numbers that are given come first, so that none of them is taken by one that is not.
    for alias, number in sorted(entries, key=lambda entry: entry[1] is None):
        _configure(uow, alias, number)


def find_partnership(uow: UnitOfWork, partnership_id: int) -> Partnership:
    """A partnership by its number. Raises NotFound."""
    row = uow.first(PARTNERSHIP, partnership_id=partnership_id)
    if row is None:
        raise PartnershipNotFound(f"There is no partnership {partnership_id}.")
    return row


def partnership_with(uow: UnitOfWork, alias: str) -> Partnership | None:
    """The partnership with another organization, by the alias of its tenant, if there is one."""
    return uow.first(PARTNERSHIP_WITH, alias=alias)


def partners_of(uow: UnitOfWork) -> list[Tenant]:
    """The other organizations of all partnerships, as far as they exist."""
    found = [partner_if_there(uow, row) for row in uow.rows(PARTNERSHIPS)]
    return [partner for partner in found if partner is not None]


def partner_of(uow: UnitOfWork, row: Partnership) -> Tenant:
    """The other organization of a partnership. Raises Conflict when it does not exist in the same sandbox."""
    found = partner_if_there(uow, row)
    if found is None:
        raise PartnerMissing(f"The other organization of the partnership {row.id} is not there.")
    return found


def partner_if_there(uow: UnitOfWork, row: Partnership) -> Tenant | None:
    """The other organization of a partnership; None when it does not exist in the same sandbox."""
    found = uow.directory.tenant(uow.connection, API, row.partner_alias)
    return found if found is not None and found.sandbox_id == uow.sandbox.id else None


def _read(uow: UnitOfWork, entry: object) -> tuple[str, int | None]:
    if not isinstance(entry, dict) or not {"partner"} <= entry.keys() <= {"partner", "partnership_id"}:
        raise ValueError("a partnership has a partner, may have a partnership_id, and nothing else")
    alias, number = entry["partner"], entry.get("partnership_id")
    if not isinstance(alias, str) or not ALIAS.fullmatch(alias):
        raise ValueError(f"{alias!r} is not the alias of a partner")
    if alias == uow.tenant.alias:
        raise ValueError(f"{alias} cannot be its own partner")
    if "partnership_id" in entry and (type(number) is not int or not 1 <= number <= ID_MAX):
        raise ValueError(f"{number!r} is not a partnership_id: a whole number from 1")
    return alias, number


def _configure(uow: UnitOfWork, alias: str, number: int | None) -> None:
    there = uow.first(PARTNERSHIP_WITH, alias=alias)
    if there is not None:
        if number not in (None, there.id):
            raise ValueError(f"the partnership with {alias} is {there.id} and cannot become {number}")
        return
    if number is None:
        number = new_number(uow, Partnership)
        while _is_taken(uow, number):
            number = new_number(uow, Partnership)
    elif _is_taken(uow, number):
        raise ValueError(f"the partnership_id {number} is taken")
    uow.insert(INSERT_PARTNERSHIP, id=number, partner_alias=alias, created_ms=uow.now_ms)


def _is_taken(uow: UnitOfWork, number: int) -> bool:
    return uow.first(PARTNERSHIP, partnership_id=number) is not None


def shown_partnerships(uow: UnitOfWork) -> list[Shown]:
    """The partnerships as the command line shows them."""
    return [{"partnership_id": row.id, "partner": row.partner_alias} for row in uow.rows(PARTNERSHIPS)]
