"""A set or a batch of transfers that is refused says which of its items was."""

from typing import Any

import pytest

from tests.api.loyalty_core.conftest import ACCOUNT, LEDGER, Club, refusal

GOOD = {"ledgerAccountId": ACCOUNT, "fromWalletId": 1, "toWalletId": 2, "amount": 1}
BAD: dict[str, tuple[dict[str, Any], int, str]] = {
    "too few points": ({"amount": 101}, 400, ": Wallet 1 has 99 points to spend and 101 are asked for."),
    "no such account": ({"ledgerAccountId": 9}, 404, "/ledgerAccountId: The ledger 1 has no account 9."),
    "no such wallet": ({"toWalletId": 9}, 404, "/toWalletId: There is no wallet 9."),
    "an account at rest": ({"ledgerAccountId": 2}, 409, "/ledgerAccountId: The account 2 is not active."),
    "a key that came before": (
        {"systemUniqueKey": "old"},
        409,
        "/systemUniqueKey: The systemUniqueKey old was used before, but not with all of these transactions.",
    ),
    "a key of the same request": (
        {"systemUniqueKey": "new"},
        409,
        "/systemUniqueKey: The systemUniqueKey new must be unique within the request.",
    ),
}


@pytest.fixture(autouse=True)
def _wallets(club: Club) -> None:
    club.member("ana", points=100)
    club.member("ben")
    resting = {"name": "Resting", "active": False, "isRevolving": False, "syncAlgorand": False}
    club.made(f"/ledgers/{LEDGER}/accounts", **resting, pointTrackingEnabled=False, expiresInMonths=0)
    path = f"/ledgers/{LEDGER}/accounts/{ACCOUNT}/wallets/2/mint"
    assert club.post(path, json={"amount": 1, "systemUniqueKey": "old"}).status_code == 200


def items(wrong: dict[str, Any]) -> list[dict[str, Any]]:
    first = {**GOOD, "systemUniqueKey": "new"}
    return [first, {**GOOD, **wrong}, {**GOOD, "systemUniqueKey": "last"}]


@pytest.mark.parametrize("kind", BAD)
def test_a_set_names_the_first_item_that_cannot_be(club: Club, kind: str) -> None:
    wrong, status, reason = BAD[kind]
    answer = club.post(f"/ledgers/{LEDGER}/transaction-sets", json={"create": items(wrong)})
    assert refusal(answer) == (status, f"/create/1{reason}")
    assert [club.points(wallet)[0] for wallet in (1, 2)] == [100, 1]


@pytest.mark.parametrize("kind", BAD)
def test_each_item_of_a_batch_that_failed_with_its_set_names_the_one_that_cannot_be(club: Club, kind: str) -> None:
    wrong, status, reason = BAD[kind]
    alone = {**GOOD, "ledgerId": LEDGER}
    asked = [alone, *({**one, "ledgerId": LEDGER, "atomicSetId": 7} for one in items(wrong))]
    answer = club.post("/ledger-transactions/batch", json={"items": asked}).json()
    assert [one["itemIndex"] for one in answer["processed"]] == [0]
    reason = reason.replace("has 99", "has 98")
    assert [(one["itemIndex"], one["error"]["statusCode"], one["error"]["message"]) for one in answer["failed"]] == [
        (place, status, f"/items/2{reason}") for place in (1, 2, 3)
    ]


def test_an_item_of_a_batch_that_failed_alone_is_named_by_its_index(club: Club) -> None:
    asked = [{**GOOD, "ledgerId": LEDGER}, {**GOOD, "ledgerId": LEDGER, "amount": 500}]
    [failed] = club.post("/ledger-transactions/batch", json={"items": asked}).json()["failed"]
    assert (failed["itemIndex"], failed["error"]["message"]) == (
        1,
        "Wallet 1 has 99 points to spend and 500 are asked for.",
    )


def test_a_set_that_comes_again_with_other_input_names_the_item_that_differs(club: Club) -> None:
    path = f"/ledgers/{LEDGER}/transaction-sets"
    keyed = [{**GOOD, "systemUniqueKey": key} for key in "abc"]
    assert club.post(path, json={"create": keyed}).status_code == 201
    keyed[2] = {**keyed[2], "amount": 2}
    assert refusal(club.post(path, json={"create": keyed})) == (
        409,
        "/create/2/systemUniqueKey: The systemUniqueKey a was used before with other input.",
    )
