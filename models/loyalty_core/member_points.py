"""Points of a member, who is named by the organization's own id, in a ledger that need not be named."""

from collections.abc import Mapping
from typing import Any

from models.loyalty_core.ledgers import default_account_id
from models.loyalty_core.member_views import find_loyalty_member
from models.loyalty_core.movements import make, read_burn, read_mint
from models.loyalty_core.problems import Clash
from models.loyalty_core.tables import Organization, Program
from models.uow import UnitOfWork


def mint(uow: UnitOfWork, loyalty_member_id: str, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Make points in the member's wallet; an amount of 0 only writes the transaction. Raises what `make` does."""
    wallet_id = find_loyalty_member(uow, loyalty_member_id).wallet_id
    return make(uow, [read_mint(body, *_account(uow, body), wallet_id)])


def burn(uow: UnitOfWork, loyalty_member_id: str, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Destroy points of the member's wallet; an amount of 0 only writes the transaction. Raises what `make` does."""
    wallet_id = find_loyalty_member(uow, loyalty_member_id).wallet_id
    return make(uow, [read_burn(body, *_account(uow, body), wallet_id)])


def _account(uow: UnitOfWork, body: Mapping[str, Any]) -> tuple[int, int]:
    """Ledger and account that are meant: those of the default program where none is named. Raises Missing, Clash."""
    ledger_id = body.get("ledgerId")
    if ledger_id is None:
        organization = uow.session.get_one(Organization, uow.tenant_id)
        program = organization.default_program_id and uow.session.get(Program, (uow.tenant_id, organization.default_program_id))
        if not program:
            raise Clash("The organization has no default program.")
        ledger_id = program.ledger_id
    account_id = body.get("ledgerAccountId")
    return ledger_id, default_account_id(uow, ledger_id) if account_id is None else account_id
