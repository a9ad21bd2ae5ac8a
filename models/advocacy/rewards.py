"""Rewards: creating and finding them, and spending points on them."""

from models.advocacy.advocates import lock_advocate
from models.advocacy.ids import CODE_ALPHABET, new_id
from models.advocacy.input import RewardInput
from models.advocacy.pages import whole
from models.advocacy.points import move_points
from models.advocacy.problems import Conflict, NotFound, OutOfStock
from models.advocacy.queries import INSERT_REDEMPTION, INSERT_REWARD, REWARD, TAKE_REWARD
from models.advocacy.tables import Advocate, Redemption, Reward
from models.advocacy.webhooks import emit
from models.kernel.ids import text
from models.kernel.statements import row_of
from models.uow import UnitOfWork

ACTIVE = "active"
FULFILLED_AT_ONCE = frozenset({"gift_card", "discount"})
"""Types whose redemptions have a code for the till; all others are fulfilled later."""
TILL_CODE_CHARACTERS = 16
"""Of 32: 80 random bits, so that codes are neither guessed nor met twice."""


def find_reward(uow: UnitOfWork, reward_id: str) -> Reward:
    """A reward by id, whatever its status. Raises NotFound."""
    row = uow.first(REWARD, id=reward_id)
    if row is None:
        raise _no_reward()
    return row


def list_rewards(uow: UnitOfWork, *, status: str | None, type_: str | None) -> list[Reward]:
    """All rewards, newest first, or those of one status, one type, or both."""
    return whole(uow, Reward, status=status, type=type_)


def create_reward(uow: UnitOfWork, given: RewardInput) -> Reward:
    """Add an active reward."""
    values = {
        "id": new_id(uow, "rwd"),
        "name": given.name,
        "description": given.description,
        "points_cost": given.points_cost,
        "type": given.type,
        "stock": given.stock,
        "status": ACTIVE,
        "created_ms": uow.now_ms,
        "updated_ms": uow.now_ms,
    }
    uow.insert(INSERT_REWARD, **values)
    return row_of(Reward, tenant_id=uow.tenant_id, **values)


def redeem(uow: UnitOfWork, reward_id: str, advocate_id: str) -> Redemption:
    """Spend an advocate's points on a reward: stock, balance and redemption change together or not at all.

    Raises, in this order, NotFound for the reward, NotFound for the advocate, Conflict when either is not active,
    OutOfStock, InsufficientPoints.
    """
    # The reward is locked before the advocate, as everywhere: its stock and the balance are read behind their locks, so
    # that of two calls for the last unit, or the last points, the second sees what the first has left.
    reward = uow.lock_row(REWARD, id=reward_id)
    if reward is None:
        raise _no_reward()
    advocate = lock_advocate(uow, advocate_id, field="advocateId")
    _check_redeemable(reward, advocate)
    redemption = _redemption(uow, reward, advocate)
    move_points(
        uow,
        advocate.id,
        -reward.points_cost,
        kind="redemption",
        description=reward.name,
        reference=("redemption", redemption.id),
    )
    uow.execute(
        TAKE_REWARD,
        reward=reward.id,
        stock=None if reward.stock is None else reward.stock - 1,
        redemption_count=reward.redemption_count + 1,
        updated_ms=uow.now_ms,
    )
    emit(
        uow,
        "reward.redeemed",
        {
            "redemption_id": redemption.id,
            "reward_id": reward.id,
            "reward_name": reward.name,
            "advocate_id": advocate.id,
            "points_spent": redemption.points_spent,
            "status": redemption.status,
        },
    )
    return redemption


def _no_reward() -> NotFound:
    return NotFound("There is no such reward.")


def _check_redeemable(reward: Reward, advocate: Advocate) -> None:
    """Raises Conflict or OutOfStock for a reward that cannot be redeemed; the ledger checks the points."""
    if reward.status != ACTIVE:
        raise Conflict(f"The reward is {reward.status}.")
    if advocate.status != ACTIVE:
        raise Conflict(f"The advocate is {advocate.status}.", field="advocateId")
    if reward.stock == 0:
        raise OutOfStock


def _redemption(uow: UnitOfWork, reward: Reward, advocate: Advocate) -> Redemption:
    """Record that an advocate has got a reward."""
    at_once = reward.type in FULFILLED_AT_ONCE
    values = {
        "id": new_id(uow, "red"),
        "reward_id": reward.id,
        "reward_name": reward.name,
        "advocate_id": advocate.id,
        "points_spent": reward.points_cost,
        "status": "fulfilled" if at_once else "pending",
        "code": text(uow.random, "till-code", TILL_CODE_CHARACTERS, CODE_ALPHABET) if at_once else None,
        "created_ms": uow.now_ms,
        "fulfilled_ms": uow.now_ms if at_once else None,
    }
    uow.insert_at_end(INSERT_REDEMPTION, **values)
    return row_of(Redemption, tenant_id=uow.tenant_id, **values)
