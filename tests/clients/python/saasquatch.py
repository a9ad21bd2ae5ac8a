"""A friend signs up with Ana's code and buys: the referral pays Ana, who spends some of it."""

import base64

from saasquatch_client import AuthenticatedClient
from saasquatch_client.api.reward_balance import debit_reward_balance, list_reward_balances
from saasquatch_client.api.user import open_get_user, open_user_upsert
from saasquatch_client.api.user_event import track_event
from saasquatch_client.models import (
    ApiError,
    OpenUser,
    OpenUserInput,
    Purchase,
    PurchaseEventFields,
    PurchaseKey,
    RedemptionResult,
    RewardBalance,
    RewardBalanceDebitRequest,
    UserEventInput,
    UserEventResult,
)
from support import address, of

KEY = "LIVE_DEMO0KEY0SAASQUATCH0TROTH0MOCK"
TENANT, FRIEND = "demo", "zoe-of-python"


def credit(client: AuthenticatedClient) -> RewardBalance:
    balances = of(list, list_reward_balances.sync(TENANT, client=client, account_id="acme"))
    (balance,) = [of(RewardBalance, one) for one in balances if of(RewardBalance, one).unit == "CENTS"]
    return balance


def main() -> None:
    token = base64.b64encode(f":{KEY}".encode()).decode()
    with AuthenticatedClient(base_url=address("saasquatch"), token=token, prefix="Basic") as client:
        before = credit(client)
        zoe = OpenUserInput(
            id=FRIEND, account_id=FRIEND, first_name="Zoe", last_name=None, referred_by_codes=["ANASTONE"]
        )
        signed_up = of(OpenUser, open_user_upsert.sync(TENANT, FRIEND, FRIEND, client=client, body=zoe))
        assert signed_up.referred_by_codes == ["ANASTONE"]
        assert signed_up.last_name is None

        bought = Purchase(key=PurchaseKey.PURCHASE, fields=PurchaseEventFields(total=49.9, currency="EUR"))
        purchase = UserEventInput(user_id=FRIEND, account_id=FRIEND, events=[bought])
        result = of(UserEventResult, track_event.sync(TENANT, FRIEND, FRIEND, client=client, body=purchase))
        assert [event.key for event in result.events] == ["purchase"]

        paid = credit(client)
        assert of(int, paid.total_assigned_credit) > of(int, before.total_assigned_credit)
        taken = of(
            RedemptionResult,
            debit_reward_balance.sync(
                TENANT, client=client, body=RewardBalanceDebitRequest(account_id="acme", unit="CENTS", amount=500)
            ),
        )
        assert (taken.credit_redeemed, taken.unit) == (500, "CENTS")
        assert credit(client).total_redeemed_credit == of(int, paid.total_redeemed_credit) + 500

        unknown = of(ApiError, open_get_user.sync(TENANT, "nobody", "nobody", client=client))
        assert (unknown.status_code, unknown.api_error_code) == (404, "ACCOUNT_NOT_FOUND")


main()
