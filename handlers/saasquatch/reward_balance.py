"""Rewards added up, and spending from the sum."""

from typing import Any

from handlers.http import Answer, long_read, ok
from models.saasquatch.rewards import balances, redemptions
from models.uow import UnitOfWork


@long_read()
def list_reward_balances(
    uow: UnitOfWork, *, account_id: str, user_id: str | None, reward_type_filter: str | None
) -> Answer:
    found = balances.list_balances(uow, account_id, user_id=user_id, reward_type=reward_type_filter)
    return ok([balances.show(balance) for balance in found])


def debit_reward_balance(uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    debit = redemptions.debit_balance(
        uow, body["accountId"], user_id=body.get("userId"), amount=body["amount"], unit=body["unit"]
    )
    return ok({"creditRedeemed": debit.redeemed, "creditAvailable": debit.available, "unit": debit.unit})
