"""What the effects of an event lock, in the order in which all other units of work lock it.

Each effect locks what it changes when it is its turn, and so in the order of campaigns. Without the locks that are
taken here first, PostgreSQL ends one of two units as a deadlock, a second after they began to wait for each other:

* an order mints points of an account with a maximum supply and then assigns a coupon, while a call that assigns a
  coupon of the same book holds the book and waits for the supply that it is paid into;
* an order mints in one such account and then in another, and an event does so the other way round;
* a tier is set by hand behind points, while the job that ends it, which the dispatcher holds, waits for these;
* a tier is set by an effect and then points are given, while a transfer of the member's points, whose balance it holds,
  waits for the enrolment that has the tier.

Which missions pay is not known before the campaigns are done: a mission counts for the member that they leave behind.
So the member's balances in the accounts of all that may pay are locked. Their supplies are locked only where the event
would lock a supply before another balance, or an enrolment before a supply: otherwise events that achieve nothing would
wait for each other.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence

from models.loyalty_core.campaigns.effects import ASSIGN, INCREMENT, SET_TIER
from models.loyalty_core.campaigns.planning import PlannedCampaign, ids_named, points_accounts
from models.loyalty_core.coupons.finding import lock_books
from models.loyalty_core.coupons.payments import payment_accounts
from models.loyalty_core.ledger.opening import share_account, share_accounts
from models.loyalty_core.ledger.posting import lock_wallets
from models.loyalty_core.members.enrolments import lock_enrolments, lock_tier_expiries
from models.loyalty_core.members.event_context import EventContext
from models.loyalty_core.missions.counting import mission_accounts, missions_of_event
from models.loyalty_core.referrals.referrals import DueReferral, lock_due_referral
from models.uow import UnitOfWork

Owners = defaultdict[int, dict[int, int]]
"""Members by account and wallet."""


def lock_for(
    uow: UnitOfWork, context: EventContext, campaigns: Sequence[PlannedCampaign], *, is_amended: bool
) -> DueReferral | None:
    """Lock jobs of tiers, then coupon books, the referral program, accounts, balances with supplies, and last the
    enrolments whose tiers are set, each kind in one order.

    Returns the referral that the event pays; an amended order is for campaigns only. The member is locked. Raises
    LimitExceeded, NotFound, Conflict.
    """
    member = context.member
    program_ids = ids_named(campaigns, SET_TIER, "loyaltyProgramId")
    if program_ids:
        lock_tier_expiries(uow, member, program_ids)
    book_ids = ids_named(campaigns, ASSIGN, "couponBookId")
    books = lock_books(uow, book_ids) if book_ids else []
    referral = None if is_amended else lock_due_referral(uow, context)
    account_ids = {account_id for campaign in campaigns for account_id in points_accounts(campaign)}
    account_ids |= payment_accounts(uow, books)
    account_ids |= {account_id for _, account_id in context.given or ()}  # what is in excess there is taken back
    owners: Owners = defaultdict(dict, {account_id: {member.wallet_id: member.id} for account_id in account_ids})
    for payee, _, (_, account_id) in () if referral is None else referral.payments:
        owners[account_id][payee.wallet_id] = payee.id
    mission_ids = {
        *ids_named(campaigns, INCREMENT, "missionId"),
        *(() if is_amended else missions_of_event(uow, context)),
    }
    # The accounts of one mission and nothing else are in order by themselves, and need not be looked up.
    of_missions = mission_accounts(uow, mission_ids) if owners or program_ids or len(mission_ids) > 1 else set()
    together = owners.keys() | of_missions
    share_accounts(uow, together)
    supplies_of = set(together) if program_ids or _pays_behind_supply(uow, owners, of_missions) else set(owners)
    for account_id in of_missions:
        owners[account_id][member.wallet_id] = member.id
    # One balance with nothing locked after it needs no lock here: the transaction takes it in this order itself.
    if program_ids or sum(map(len, owners.values())) > 1:
        _lock_balances(uow, owners, supplies_of)
    if program_ids:
        lock_enrolments(uow, member, program_ids)
    return referral


def _pays_behind_supply(uow: UnitOfWork, owners: Owners, of_missions: set[int]) -> bool:
    """Whether a mission may pay after the supply of another account is locked: one of `owners`, or of a mission."""
    together = owners.keys() | of_missions
    if not of_missions or len(together) < 2:
        return False  # all locks are of one account, and a transaction takes those in order
    # A mission's account that is the only one is paid last: no lock is taken behind its supply.
    earlier = together if len(of_missions) > 1 else owners.keys()
    accounts = [share_account(uow, number) for number in sorted(earlier)]
    return any(account is not None and account.max_supply is not None for account in accounts)


def _lock_balances(uow: UnitOfWork, owners: Owners, supplies_of: Collection[int]) -> None:
    """Lock of each account, in the order of their ids, what its wallets hold, and the supplies of some accounts.

    The accounts are shared if there are several.
    """
    accounts = [(one, owners[number]) for number in sorted(owners) if (one := share_account(uow, number)) is not None]
    members = {wallet_id: member_id for _, wallets in accounts for wallet_id, member_id in wallets.items()}
    lock_wallets(uow, accounts, supplies_of=supplies_of, owners=members)
