"""Rewards as answers and webhooks show them."""

from models.kernel.json_values import Shown
from models.saasquatch.rewards.states import given_at
from models.saasquatch.tables import Redemption, Reward


def reward(row: Reward, redemptions: list[Redemption], now_ms: int) -> Shown:
    """A reward; members of other types are null. A redemption has the id of its debit, the same on all its rewards."""
    credit, fuel, gift = row.type == "CREDIT", row.type == "FUELTANK", row.type == "INTEGRATION"
    return {
        "id": row.id,
        "type": row.type,
        "dateCreated": row.created_ms,
        "dateGiven": given_at(row, now_ms),
        "dateExpires": row.expires_ms,
        "dateCancelled": row.cancelled_ms,
        "dateScheduledFor": row.scheduled_ms,
        "accountId": row.account_id,
        "userId": row.user_id,
        "cancellable": row.cancellable,
        "rewardSource": row.source,
        "programId": row.program_id,
        "programRewardKey": row.program_reward_key,
        "globalRewardKey": None,
        "uniqueId": None,
        "referralId": row.referral_id,
        "unit": row.unit,
        "name": row.name,
        "description": row.description,
        "currency": row.currency,
        "discountPercent": row.percent,
        "assignedCredit": row.assigned,
        "redeemedCredit": row.redeemed if credit else None,
        "redemptions": [
            {"id": r.transaction_id, "dateRedeemed": r.at_ms, "quantityRedeemed": r.quantity} for r in redemptions
        ]
        if credit
        else None,
        "amount": row.amount if fuel else None,
        "fuelTankCode": row.fuel_tank_code,
        "fueltankType": row.fuel_tank_type,
        "valueInCents": row.amount if gift else None,
        "integrationId": "manual" if gift else None,
        "rewardDetails": row.integration if gift else None,
    }


_MEMBERS_OF_TYPE = {
    "CREDIT": ("assignedCredit", "redeemedCredit", "redemptions", "currency"),
    "PCT_DISCOUNT": ("discountPercent",),
    "FUELTANK": ("fuelTankCode", "amount", "fueltankType"),
    "INTEGRATION": ("description", "valueInCents", "integrationId", "rewardDetails"),
}


def reward_event(row: Reward, now_ms: int) -> Shown:
    """The data of a reward.created event: without members of other types, and with another spelling of one."""
    shown = reward(row, [], now_ms)
    kept = set(_MEMBERS_OF_TYPE[row.type])
    other = {name for names in _MEMBERS_OF_TYPE.values() for name in names} - kept
    return {
        "fuelTankType" if name == "fueltankType" else name: value
        for name, value in shown.items()
        if name not in other and name != "uniqueId"
    }
