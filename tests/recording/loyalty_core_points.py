"""Loyalty Core: ledgers, accounts, wallets, and every way in which points move."""

from typing import Any

from tests.recording.callers import caller
from tests.recording.control import advance
from tests.recording.recorder import Caller, Recorder

POINTS: dict[str, Any] = {"ledgerId": 1, "ledgerAccountId": 1}
STAMPS: dict[str, Any] = {"ledgerId": 2, "ledgerAccountId": 3}
ANA, BEN = 142, 143
ACCOUNT = {
    "name": "Vouchers",
    "active": True,
    "isRevolving": True,
    "syncAlgorand": False,
    "pointTrackingEnabled": True,
    "expiresInMonths": 1,
    "maxSupply": 10,
}
"""Ten vouchers that live for a month."""


def play(recorder: Recorder) -> None:
    call = caller(recorder, "loyalty_core")
    _ledgers(call)
    _mint_and_burn(call)
    _transfers(call)
    _holds(call)
    _supply(call)
    advance(recorder, by="P32D")
    _lists(call)


def _ledgers(call: Caller) -> None:
    call("listLedgers")
    call("listLedgers", query={"ledgerKey": "main"})
    call("getLedger", ledgerId=1)
    made = call("createLedger")["ledger"]["ledgerId"]
    call("updateLedger", ledgerId=1)
    call.refused(404, "updateLedger", ledgerId=made, body=call.example("updateLedger", defaultAccountId=1))
    call("listLedgerAccounts", ledgerId=1, query={"order": "name,desc"})
    call("getLedgerAccount", **POINTS)
    account = call("createLedgerAccount", ledgerId=made)["ledgerAccount"]["ledgerAccountId"]
    call("updateLedgerAccount", ledgerId=made, ledgerAccountId=account)
    call.refused(404, "getLedgerAccount", ledgerId=1, ledgerAccountId=account)


def _mint_and_burn(call: Caller) -> None:
    for operation_id, path in (
        ("mintLoyaltyMemberPoints", {"loyaltyMemberId": "HC-000042"}),
        ("burnLoyaltyMemberPoints", {"loyaltyMemberId": "HC-000042"}),
        ("mintWalletPoints", {**POINTS, "walletId": ANA}),
        ("burnWalletPoints", {**POINTS, "walletId": ANA}),
        ("mintWalletPointsDefaultAccount", {"ledgerId": 1, "walletId": ANA}),
        ("burnWalletPointsDefaultAccount", {"ledgerId": 1, "walletId": ANA}),
    ):
        call(operation_id, **path)
        call(operation_id, **path)  # again with the same key: the same answer, and nothing moves
        call.refused(409, operation_id, **path, body=call.example(operation_id, amount=7))
    for operation_id, path in (
        ("burnLoyaltyMemberPoints", {"loyaltyMemberId": "HC-000042"}),
        ("burnWalletPoints", {**POINTS, "walletId": ANA}),
        ("burnWalletPointsDefaultAccount", {"ledgerId": 1, "walletId": ANA}),
    ):
        call.refused(400, operation_id, **path, body={"amount": 10**9})
    for n in range(3):
        call("mintLoyaltyMemberPoints", loyaltyMemberId=f"new-{n}", body={"amount": 600 + n, "tags": ["a", "b"]})
    call(
        "mintLoyaltyMemberPoints", loyaltyMemberId="new-0", body={"amount": 3_000, "ledgerId": 1, "ledgerAccountId": 2}
    )


def _transfers(call: Caller) -> None:
    call("transferPoints", **POINTS)
    call.refused(409, "transferPoints", **POINTS, body=call.example("transferPoints", amount=51))
    call.refused(400, "transferPoints", **POINTS, body={"amount": 10**9, "fromWalletId": ANA, "toWalletId": BEN})
    call("revertLedgerTransaction", **POINTS)
    call.refused(409, "revertLedgerTransaction", **POINTS)
    pair = [
        {"ledgerAccountId": 1, "amount": n, "fromWalletId": ANA, "toWalletId": BEN, "systemUniqueKey": f"pair-{n}"}
        for n in (3, 4)
    ]
    call("createLedgerTransactionSet", ledgerId=1, body={"create": pair})
    call.refused(
        400,
        "createLedgerTransactionSet",
        ledgerId=1,
        body={"create": [{**pair[0], "systemUniqueKey": "p"}, {**pair[1], "systemUniqueKey": "q", "amount": 10**9}]},
    )
    call("processLedgerTransactionBatch")
    items = [
        {"ledgerId": 1, "ledgerAccountId": n, "amount": 5, "fromWalletId": ANA, "toWalletId": BEN} for n in (1, 2, 3)
    ]
    call("processLedgerTransactionBatch", body={"items": items})
    call.refused(400, "processLedgerTransactionBatch", body={"items": []})


def _holds(call: Caller) -> None:
    """Points that are set aside: captured in part, taken back, captured twice."""
    wallet = {**POINTS, "walletId": ANA}
    held = call(
        "burnWalletPoints", **wallet, body={"amount": 100, "captureMethod": "manual", "systemUniqueKey": "hold-1"}
    )["transactions"][0]
    capture = {"transactions": [{"ledgerTransactionId": held["ledgerTransactionId"], "captureAmount": 70}]}
    call("getLedgerAccountWalletBalance", **wallet)
    call("captureLedgerTransactions", **POINTS, body=capture)
    call.refused(409, "captureLedgerTransactions", **POINTS, body=capture)
    call("burnWalletPoints", **wallet, body={"amount": 90, "captureMethod": "manual", "systemUniqueKey": "hold-2"})
    call("revertLedgerTransaction", **POINTS, body={"systemUniqueKey": "hold-2"})
    call(
        "transferPoints",
        **POINTS,
        body={"amount": 20, "fromWalletId": ANA, "toWalletId": BEN, "captureMethod": "manual"},
    )
    call("getLedgerAccountWalletBalance", **wallet)


def _supply(call: Caller) -> None:
    """Points of which there are only so many, and which expire."""
    vouchers = {
        "ledgerId": 1,
        "ledgerAccountId": call("createLedgerAccount", ledgerId=1, body=ACCOUNT)["ledgerAccount"]["ledgerAccountId"],
    }
    call("mintWalletPoints", **vouchers, walletId=ANA, body={"amount": 6})
    call("mintWalletPoints", **vouchers, walletId=BEN, body={"amount": 3})
    call.refused(400, "mintWalletPoints", **vouchers, walletId=ANA, body={"amount": 2})
    call("updateLedgerAccountSupply", **vouchers, body={"maxSupply": 12, "systemUniqueKey": "supply-1"})
    call.refused(409, "updateLedgerAccountSupply", **vouchers, body={"maxSupply": 13, "systemUniqueKey": "supply-1"})
    call("mintWalletPoints", **vouchers, walletId=ANA, body={"amount": 2})
    call("burnWalletPoints", **vouchers, walletId=ANA, body={"amount": 4})
    call("updateLedgerAccountSupply", **STAMPS, body=call.example("updateLedgerAccountSupply", "infinite"))


def _lists(call: Caller) -> None:
    call("listLedgerTransactions", **POINTS, query={"limit": 25, "order": "id,desc"})
    call("listLedgerTransactions", **POINTS, query={"walletId": ANA, "tags": "counter"})
    call("listLedgerTransactions", **POINTS, query={"systemUniqueKey": "hold-1"})
    call("listLedgerTransactions", **STAMPS, query={"limit": 25, "page": 2})
    call("listWalletBalances", ledgerId=1, walletId=ANA)
    call("listWalletBalances", ledgerId=2, walletId=BEN)
    call("getLedgerAccountWalletBalance", **POINTS, walletId=BEN)
    call.refused(404, "getLedgerAccountWalletBalance", **STAMPS, walletId=99_999)
