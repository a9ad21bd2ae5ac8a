"""What missions and referral programs name of other parts is there: audiences, matchers and accounts."""

from models.loyalty_core.audiences.audiences import find_audience
from models.loyalty_core.ledger.accounts import find_account
from models.loyalty_core.members.payouts import payout_account
from models.loyalty_core.missions.finding import find_matcher
from models.uow import UnitOfWork


def check_account(uow: UnitOfWork, *, program_id: int | None, ledger_id: int | None, account_id: int | None) -> None:
    """That points can be paid where a mission or referral program says. Raises NotFound; Conflict where a ledger has no accounts."""
    if ledger_id is not None or account_id is not None:
        find_account(uow, *payout_account(uow, program_id=program_id, ledger_id=ledger_id, account_id=account_id))


def check_audience(uow: UnitOfWork, audience_id: int | None) -> None:
    """That there is such an audience, where one is named. Raises NotFound."""
    if audience_id is not None:
        find_audience(uow, audience_id)


def check_matcher(uow: UnitOfWork, matcher_id: int | None) -> None:
    """That there is such a matcher, where one is named. Raises NotFound."""
    if matcher_id is not None:
        find_matcher(uow, matcher_id)
