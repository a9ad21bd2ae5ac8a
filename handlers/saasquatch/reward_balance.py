"""Rewards added up, and spending from the sum."""

from handlers.http import Answer, long_read, ok
from models.saasquatch.rewards import balances, redemptions
from models.saasquatch.rewards.input import BalanceDebitBody, read_balance_debit
from models.uow import UnitOfWork


@long_read()
def list_reward_balances(
    uow: UnitOfWork, *, account_id: str, user_id: str | None, reward_type_filter: str | None
) -> Answer:
    found = balances.list_balances(uow, account_id, user_id=user_id, reward_type=reward_type_filter)
    return ok([balances.show(balance) for balance in found])


def debit_reward_balance(uow: UnitOfWork, *, body: BalanceDebitBody) -> Answer:
    given = read_balance_debit(body)
    debit = redemptions.debit_balance(
        uow, given.account_id, user_id=given.user_id, amount=given.amount, unit=given.unit
    )
    return ok({"creditRedeemed": debit.redeemed, "creditAvailable": debit.available, "unit": debit.unit})
