"""Rewards and their redemption."""

from handlers.http import Answer, created, long_read, ok
from models.advocacy import reward_views, rewards
from models.advocacy.input import RedemptionBody, RewardBody, read_reward
from models.uow import UnitOfWork


@long_read()
def list_rewards(uow: UnitOfWork, *, status: str | None, type: str | None) -> Answer:
    rows = rewards.list_rewards(uow, status=status, type_=type)
    return ok({"rewards": [reward_views.show_reward(row) for row in rows]})


def create_reward(uow: UnitOfWork, *, body: RewardBody) -> Answer:
    return created({"reward": reward_views.show_reward(rewards.create_reward(uow, read_reward(body)))})


def get_reward(uow: UnitOfWork, *, id: str) -> Answer:
    return ok({"reward": reward_views.show_reward(rewards.find_reward(uow, id))})


def redeem_reward(uow: UnitOfWork, *, id: str, body: RedemptionBody) -> Answer:
    return ok({"redemption": reward_views.show_redemption(rewards.redeem(uow, id, body["advocateId"]))})
