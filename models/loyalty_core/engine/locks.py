"""What the effects of an event lock, in the order in which all other units of work lock it.

Each effect locks what it changes when it is its turn, and so in the order of campaigns. Without the locks that are taken here first,
PostgreSQL ends one of two units as a deadlock, a second after they began to wait for each other:

* an order mints points of an account with a maximum supply and then assigns a coupon, while a call that assigns a coupon of the same
  book holds the book and waits for the supply that it is paid into;
* an order mints in one such account and then in another, and an event does so the other way round;
* a tier is set by hand behind points, while the job that ends it, which the dispatcher holds, waits for these.

What missions pay is not known before the campaigns are done: a mission counts for the member that they leave behind.
"""

from collections import defaultdict
from collections.abc import Sequence

from models.loyalty_core.campaigns.effects import ASSIGN, SET_TIER
from models.loyalty_core.campaigns.planning import PlannedCampaign, ids_named, points_accounts
from models.loyalty_core.coupons.finding import lock_books
from models.loyalty_core.coupons.payments import payment_accounts
from models.loyalty_core.ledger.opening import share_account, share_accounts
from models.loyalty_core.ledger.posting import lock_wallets
from models.loyalty_core.members.enrolments import lock_tier_expiries
from models.loyalty_core.members.event_context import EventContext
from models.loyalty_core.referrals.referrals import DueReferral, lock_due_referral
from models.uow import UnitOfWork


def lock_for(
    uow: UnitOfWork, context: EventContext, campaigns: Sequence[PlannedCampaign], *, may_refer: bool
) -> DueReferral | None:
    """Lock jobs of tiers, then coupon books, the referral program, accounts, and last balances with supplies, each kind in one order.

    Returns the referral that the event pays, if it `may_refer`. The member is locked. Raises LimitExceeded, NotFound, Conflict.
    """
    member = context.member
    program_ids = ids_named(campaigns, SET_TIER, "loyaltyProgramId")
    if program_ids:
        lock_tier_expiries(uow, member, program_ids)
    book_ids = ids_named(campaigns, ASSIGN, "couponBookId")
    books = lock_books(uow, book_ids) if book_ids else []
    referral = lock_due_referral(uow, context) if may_refer else None
    owners: dict[int, dict[int, int]] = defaultdict(dict)
    for campaign in campaigns:
        for account_id in points_accounts(campaign):
            owners[account_id][member.wallet_id] = member.id
    for account_id in payment_accounts(uow, books):
        owners[account_id][member.wallet_id] = member.id
    for payee, _, (_, account_id) in () if referral is None else referral.payments:
        owners[account_id][payee.wallet_id] = payee.id
    _lock_balances(uow, owners)
    return referral


def _lock_balances(uow: UnitOfWork, owners: dict[int, dict[int, int]]) -> None:
    """Lock the accounts by their ids, and of each what its wallets hold and its supply. `owners` are members by account and wallet."""
    share_accounts(uow, owners)
    if sum(map(len, owners.values())) < 2:
        return  # a transaction locks what it needs in this order itself
    accounts = [(one, owners[number]) for number in sorted(owners) if (one := share_account(uow, number)) is not None]
    members = {wallet_id: member_id for _, wallets in accounts for wallet_id, member_id in wallets.items()}
    lock_wallets(uow, accounts, supplies_of=owners, owners=members)
