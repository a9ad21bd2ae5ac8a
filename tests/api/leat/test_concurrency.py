"""Races on PostgreSQL, where requests really run at once: the same rules hold as one after another.

On SQLite a unit of work holds the whole database, so nothing can interleave there.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import orjson
import pytest

from handlers.http import Request
from models.leat.tables import Contact, CreditReception, Referral
from models.ledger import LedgerBalance, LedgerEntry
from tests.api.leat.conftest import AT_CREATION, BASE, HARBOUR, PROGRAM, Account, done, make_account
from tests.api.leat.test_referrals import refer
from tests.api.leat.test_webhooks import subscribe
from tests.support.client import Client
from troth.app import Server
from troth.request.paths import split

THREADS = 8
pytestmark = pytest.mark.usefixtures("on_postgres")
Call = tuple[str, str, Any]


def at_once(account: Account, calls: list[Call]) -> list[tuple[int, Any]]:
    """Send calls at the same moment, each in a thread of its own, through the compiled operations; status and body."""
    barrier = Barrier(len(calls))
    headers = {b"authorization": b"Bearer " + account.token.encode(), b"content-type": b"application/json"}

    def send(call: Call) -> tuple[int, Any]:
        method, path, body = call
        found = account.server.compiled.tree.find(method, split((BASE + path).encode()))
        assert found is not None
        operation, values = found
        request = Request(method, path, headers, b"", values, "203.0.113.9", False, operation.info)
        barrier.wait(20)
        reply = operation.run(request, orjson.dumps(body), b"application/json")
        return reply.answer.status, reply.answer.body

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(send, calls))


def codes(answers: list[tuple[int, Any]]) -> Counter[int]:
    """How often each outcome came: 200, or the vendor's number."""
    return Counter(200 if status == 200 else body["code"] for status, body in answers)


def purchase(contact: str, **members: Any) -> Call:
    return (
        "POST",
        "/credit-receptions",
        {"contact_uuid": contact, "shop_uuid": HARBOUR["uuid"], "credits": 10, **members},
    )


def assert_the_books_are_right(account: Account) -> None:
    """Every balance is the sum of its entries, and every contact's transactions are those that were recorded."""
    entries = account.rows(LedgerEntry)
    sums: Counter[str] = Counter()
    for entry in entries:
        sums[entry.account] += entry.amount
    assert sum(sums.values()) == 0
    assert {row.account: row.balance for row in account.rows(LedgerBalance)} == {
        name: total for name, total in sums.items() if not name.startswith("@")
    }
    made = Counter(row.contact_uuid for row in account.rows(CreditReception))
    assert {row.uuid: row.transaction_count for row in account.rows(Contact) if row.transaction_count} == made


def test_one_address_at_once_is_one_contact(account: Account) -> None:
    calls = [("POST", "/contacts", {"email": f"{'Ana' if n % 2 else 'ana'}@example.org"}) for n in range(THREADS)]
    assert codes(at_once(account, calls)) == {200: 1, 60005: THREADS - 1}
    assert len(account.rows(Contact)) == len(account.events("contact_created")) == 1


def test_one_address_at_once_with_different_codes_is_one_referral(account: Account) -> None:
    owners = [account.create(f"owner{n}@example.org") for n in range(THREADS)]
    calls = [
        ("POST", "/contacts", {"email": "ben@example.org", "referral_code": account.code(owner)}) for owner in owners
    ]
    assert codes(at_once(account, calls)) == {200: 1, 60005: THREADS - 1}
    assert len(account.rows(Referral)) == 1


def test_the_limit_holds_for_completions_at_once(account: Account) -> None:
    ana, friends = refer(account, 8)
    for friend in friends:
        account.buy(friend)
    assert codes(at_once(account, [purchase(friend) for friend in friends])) == {200: 8}
    assert Counter(account.statuses().values()) == {"completed": 3, "failed": 5}
    assert account.cents(ana) == 1500
    assert sorted(account.credits(friend) for friend in friends) == [20] * 5 + [70] * 3
    assert_the_books_are_right(account)


def test_the_limit_holds_for_creations_at_once(server: Server, client: Client) -> None:
    account = make_account(server, client, program=AT_CREATION)
    ana = account.create("ana@example.org")
    code = account.code(ana)
    calls = [("POST", "/contacts", {"email": f"friend{n}@example.org", "referral_code": code}) for n in range(THREADS)]
    assert codes(at_once(account, calls)) == {200: THREADS}
    assert Counter(account.statuses().values()) == {"completed": 3, "failed": THREADS - 3}
    assert account.cents(ana) == 1500
    assert_the_books_are_right(account)


def test_transactions_at_once_complete_a_referral_once(account: Account) -> None:
    ana, [ben] = refer(account)
    assert codes(at_once(account, [purchase(ben)] * THREADS)) == {200: THREADS}
    assert (account.cents(ana), account.credits(ben)) == (500, 10 * THREADS + 50)
    assert account.contact(ben)["current_values"]["loyalty_number_of_transactions"] == THREADS
    assert len(account.events("referral_completed")) == 1
    assert_the_books_are_right(account)


def test_a_chain_of_referrals_completes_at_once_without_a_deadlock(server: Server, client: Client) -> None:
    once = {**PROGRAM, "completion_event": {"type": "loyalty_transaction", "number_of_transactions": 1}}
    for _ in range(3):
        account = make_account(server, client, program=once)
        chain = [account.create("first@example.org")]
        for n in range(6):
            chain.append(account.create(f"next{n}@example.org", account.code(chain[-1])))
        assert codes(at_once(account, [purchase(one) for one in chain])) == {200: 7}
        assert set(account.statuses().values()) == {"completed"}
        assert [account.cents(one) for one in chain] == [500] * 6 + [0]
        assert_the_books_are_right(account)


def test_purchases_of_both_sides_and_new_friends_at_once_lose_nothing(account: Account) -> None:
    ana, [ben] = refer(account)
    code = account.code(ana)
    calls = [purchase(ana), purchase(ben)] * 3
    calls += [("POST", "/contacts", {"email": f"new{n}@example.org", "referral_code": code}) for n in range(3)]
    assert codes(at_once(account, calls)) == {200: 9}
    assert (account.credits(ana), account.credits(ben), account.cents(ana)) == (30, 80, 500)
    assert len(account.referrals()) == 4
    assert_the_books_are_right(account)


def test_changes_of_a_subscription_at_once_are_all_there(account: Account) -> None:
    uuid = subscribe(account)["uuid"]
    path = f"/webhook-subscriptions/{uuid}"
    calls = [
        ("PUT", path, {"name": "New"}),
        ("PUT", path, {"status": "INACTIVE"}),
        ("PUT", path, {"url": "https://new.example.org"}),
    ]
    assert codes(at_once(account, calls)) == {200: 3}
    shown = done(account.get(path))
    assert (shown["name"], shown["status"], shown["url"]) == ("New", "INACTIVE", "https://new.example.org")
    deletes = at_once(account, [("DELETE", path, None)] * 4)
    assert codes(deletes) == {200: 1, 80300: 3}
