"""Ana is found, gets points, buys, has a coupon for points; a rule is turned from nodes into text."""

from loyalty_core_client import AuthenticatedClient
from loyalty_core_client.api.coupon_books import assign_coupon_from_coupon_book
from loyalty_core_client.api.ledger_wallets import burn_wallet_points_default_account, list_wallet_balances
from loyalty_core_client.api.member_purchase_orders import upsert_member_purchase_order
from loyalty_core_client.api.organization_loyalty_members import mint_loyalty_member_points
from loyalty_core_client.api.rules_expressions import convert_ast_to_expressions
from loyalty_core_client.api.search import search_members
from loyalty_core_client.models import (
    CouponBookAssignment,
    CouponUsagesAnswer,
    Error,
    EvaluationResultsType0,
    ExpressionNodeHolder,
    ExpressionNodeInput,
    ExpressionNodeInputType,
    ExpressionNodesInput,
    Expressions,
    LedgerTransactionList,
    LoyaltyMemberPoints,
    LoyaltyMemberTransactions,
    MemberSearchPage,
    PurchaseOrderInput,
    PurchaseOrderInputStatus,
    PurchaseOrderItemInput,
    PurchaseOrderUpsert,
    WalletBalanceList,
    WalletBurn,
)
from support import address, of

TOKEN = "lc_DEMO0TOKEN0LOYALTY0CORE0TROTH0MOCK"
ORGANIZATION, LEDGER, ACCOUNT, BOOK = 1, 1, 1, 1


def balance(client: AuthenticatedClient, wallet: int) -> int:
    listed = of(WalletBalanceList, list_wallet_balances.sync(ORGANIZATION, LEDGER, wallet, client=client))
    (points,) = [one.balance for one in listed.wallets if one.ledger_account_id == ACCOUNT]
    return points


def rule_as_text(client: AuthenticatedClient) -> str:
    """`order.total >= 5`, of nodes that hold nodes."""
    kind = ExpressionNodeInputType
    total = ExpressionNodeInput(kind.PATH, steps=["order", "total"], operand=None)
    node = ExpressionNodeInput(kind.BINARY, operator=">=", left=total, right=ExpressionNodeInput(kind.LITERAL, value=5))
    asked = ExpressionNodesInput(inputs=[ExpressionNodeHolder(node=node)])
    (expression,) = of(Expressions, convert_ast_to_expressions.sync(ORGANIZATION, client=client, body=asked)).nodes
    return expression.expression


def main() -> None:
    with AuthenticatedClient(base_url=address("loyalty-core"), token=TOKEN) as client:
        found = of(MemberSearchPage, search_members.sync(ORGANIZATION, client=client, query="ana stone"))
        ana = found.results[0]
        before = balance(client, ana.wallet_id)
        given = LoyaltyMemberPoints(amount=500, system_unique_key="till-of-python", tags=None)
        for _ in range(2):
            of(
                LoyaltyMemberTransactions,
                mint_loyalty_member_points.sync(ORGANIZATION, ana.loyalty_member_id, client=client, body=given),
            )
        assert balance(client, ana.wallet_id) == before + 500

        order = PurchaseOrderInput(
            external_id="order-of-python",
            type_="sale",
            total=9.6,
            status=PurchaseOrderInputStatus.CONFIRMED,
            items=[PurchaseOrderItemInput(sku="harbour-beans", price=9.6)],
        )
        bought = of(
            PurchaseOrderUpsert,
            upsert_member_purchase_order.sync(ORGANIZATION, ana.member_id, client=client, body=order),
        )
        of(EvaluationResultsType0, bought.evaluation_results)
        assert balance(client, ana.wallet_id) > before + 500

        wanted = CouponBookAssignment(member_id=ana.member_id, system_unique_keys=["cup-of-python"])
        assigned = of(
            CouponUsagesAnswer, assign_coupon_from_coupon_book.sync(ORGANIZATION, BOOK, client=client, body=wanted)
        )
        assert [usage.system_unique_key for usage in assigned.coupon_usages] == ["cup-of-python"]

        burn, held = WalletBurn(amount=1), balance(client, ana.wallet_id)
        burned = burn_wallet_points_default_account.sync(ORGANIZATION, LEDGER, ana.wallet_id, client=client, body=burn)
        of(LedgerTransactionList, burned)
        assert balance(client, ana.wallet_id) == held - 1
        assert rule_as_text(client) == "order.total >= 5"

        too_much = WalletBurn(amount=18_446_744_073_709)
        answer = burn_wallet_points_default_account.sync(
            ORGANIZATION, LEDGER, ana.wallet_id, client=client, body=too_much
        )
        refused = of(Error, answer)
        assert (refused.status_code, refused.code) == (400, "NOT_ENOUGH_POINTS")


main()
