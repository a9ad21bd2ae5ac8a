"""Which resources the SaaSquatch API has in which tables."""

from models.kernel.json_values import Shown
from models.resources import Resource, Resources, never_shown, plainly
from models.saasquatch import user_views, webhooks
from models.saasquatch.codes import codes
from models.saasquatch.exports import exports
from models.saasquatch.referrals import referrals
from models.saasquatch.rewards import rewards, views
from models.saasquatch.tables import Account, Code, Program, Referral, Reward, User, UserEvent
from models.saasquatch.users import events
from models.uow import UnitOfWork


def _user(uow: UnitOfWork, row: User) -> Shown:
    return user_views.open_user(uow, row, codes.primary_codes(uow, row))


def _code(uow: UnitOfWork, row: Code) -> Shown:
    return codes.show(uow, row, codes.owner(uow, row))


def _reward(uow: UnitOfWork, row: Reward) -> Shown:
    return views.reward(row, rewards.redemptions_of(uow, [row.id]).get(row.id, []), uow.now_ms)


def _referral(uow: UnitOfWork, row: Referral) -> Shown:
    return referrals.show(uow, [row])[0]


def _event(row: UserEvent) -> Shown:
    """An event as the answer to its call, with whose it is."""
    return {"accountId": row.account_id, "userId": row.user_id, **events.show([row])[0]}


def _account(row: Account) -> Shown:
    """An account under the name that users, rewards and paths have for it: no call shows more of one."""
    return {"accountId": row.id}


def _program(row: Program) -> Shown:
    """A program, likewise: it is configured by a scenario."""
    return {"programId": row.id}


RESOURCES: Resources = {
    "sq_programs": Resource("program", plainly(_program), key=("programId",)),
    "sq_accounts": Resource("account", plainly(_account), key=("accountId",)),
    "sq_users": Resource("user", _user),
    "sq_codes": Resource("code", _code, key=("code",)),
    "sq_rewards": Resource("reward", _reward, parts={"sq_redemptions": lambda row: (row.reward_id,)}),
    "sq_referrals": Resource("referral", _referral),
    "sq_user_events": Resource("user event", plainly(_event)),
    "sq_exports": Resource("export", lambda uow, row: exports.show(row, uow.now_ms)),
    "sq_subscriptions": Resource("webhook", plainly(webhooks.show), key=("endpointUrl",)),
    **never_shown("sq_do_not_track"),
}
