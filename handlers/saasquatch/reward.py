"""Single rewards: list, look-up, debit, cancel, create."""

from handlers.http import Answer, created, long_read, ok
from models.kernel.json_values import Shown
from models.saasquatch.rewards import redemptions, rewards, views
from models.saasquatch.rewards.input import DebitBody, RewardBody, read_reward
from models.saasquatch.tables import Reward
from models.uow import UnitOfWork


def _show(uow: UnitOfWork, row: Reward) -> Shown:
    return views.reward(row, rewards.redemptions_of(uow, [row.id]).get(row.id, []), uow.now_ms)


@long_read()
def get_rewards(uow: UnitOfWork, *, account_id: str, user_id: str | None, reward_type_filter: str | None) -> Answer:
    redeemed = rewards.redemptions_of_account(uow, account_id)
    rows = rewards.list_rewards(uow, account_id, user_id=user_id, reward_type=reward_type_filter)
    return ok([views.reward(row, redeemed.get(row.id, []), uow.now_ms) for row in rows])


def lookup_reward(uow: UnitOfWork, *, id: str) -> Answer:
    return ok(_show(uow, rewards.get_reward(uow, id)))


def debit_reward(uow: UnitOfWork, *, id: str, body: DebitBody) -> Answer:
    debit = redemptions.debit_reward(uow, id, amount=body["amount"], unit=body["unit"])
    return ok({"creditRedeemed": debit.redeemed, "creditAvailable": debit.available, "unit": debit.unit})


def cancel_reward(uow: UnitOfWork, *, id: str) -> Answer:
    cancelled = rewards.cancel(uow, id)  # only a reward without redemptions can be
    return ok(views.reward(cancelled, [], uow.now_ms))


def create_reward(uow: UnitOfWork, *, account_id: str, user_id: str, body: RewardBody) -> Answer:
    return created(views.reward(rewards.create(uow, account_id, user_id, read_reward(body)), [], uow.now_ms))
