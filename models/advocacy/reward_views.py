"""Rewards and redemptions as the advocacy API shows them."""

from models.advocacy.tables import Redemption, Reward
from models.kernel.json_values import Shown
from models.kernel.times import iso


def show_reward(row: Reward) -> Shown:
    """A reward with what is left of it."""
    return {
        "id": row.id,
        "name": row.name,
        "description": row.description,
        "pointsCost": row.points_cost,
        "type": row.type,
        "stock": row.stock,
        "status": row.status,
        "redemptionCount": row.redemption_count,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }


def show_redemption(row: Redemption) -> Shown:
    """A redemption with its code, where it has one."""
    return {
        "id": row.id,
        "rewardId": row.reward_id,
        "rewardName": row.reward_name,
        "advocateId": row.advocate_id,
        "pointsSpent": row.points_spent,
        "status": row.status,
        "code": row.code,
        "createdAt": iso(row.created_ms),
        "fulfilledAt": None if row.fulfilled_ms is None else iso(row.fulfilled_ms),
    }
