"""Random transfers from many threads at once: nothing deadlocks, nothing is lost, nothing is there twice.

On PostgreSQL each thread has a connection of its own; on SQLite too, where the file's write lock is all that stands
between them. `TROTH_TEST_RACE_SECONDS` says for how long (CI: 20 seconds).
"""

import os
import random  # noqa: TID251  whom to send what is the test's own dice
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from models.kernel.clock import monotonic_s
from models.loyalty_core.ledger.account_names import spendable
from models.loyalty_core.ledger.posting import BURN, TransactionRequest, burn
from models.loyalty_core.ledger.tables import Lot, PointTransaction
from tests.api.loyalty_core.conftest import ACCOUNT, LEDGER, Club, make_club
from tests.api.loyalty_core.test_transactions import BASE, check_books, one, wallet_call, wallets
from tests.support.client import Client
from tests.support.races import Reply, at_once, calling, racing
from troth.app import Server

SECONDS = float(os.environ.get("TROTH_TEST_RACE_SECONDS", "3"))
THREADS, WALLETS, POINTS = 16, 20, 1_000


server, client = racing("ledger_races", THREADS)


@pytest.fixture
def club(server: Server, client: Client) -> Iterator[Club]:
    made = make_club(server, client)
    yield made
    check_books(made)


def send(club: Club, path: str, body: Any) -> Reply:
    """POST in the calling thread."""
    return calling(club, club.token, "POST", path, body)()


def in_threads(work: Callable[[int], Any]) -> list[Any]:
    return at_once([partial(work, number) for number in range(THREADS)])


def all_rows(club: Club) -> list[PointTransaction]:
    unit = club.unit()
    with unit.transaction() as session:
        return list(session.scalars(unit.scoped(PointTransaction)))


def test_random_transfers_lose_and_invent_nothing(club: Club) -> None:
    ids = wallets(club, *[POINTS] * WALLETS)
    until = monotonic_s() + SECONDS

    def transfers(number: int) -> tuple[Counter[int], list[str]]:
        """Statuses, and the ids of what was made."""
        draw = random.Random(number)
        statuses: Counter[int] = Counter()
        made: list[str] = []
        while monotonic_s() < until:
            items = [
                {"fromWalletId": giver, "toWalletId": taker, "amount": draw.randint(1, POINTS)}
                for giver, taker in (draw.sample(ids, 2) for _ in range(draw.choice((1, 1, 1, 2, 5))))
            ]
            if len(items) == 1:
                status, body = send(club, f"{BASE}/transactions", items[0])
            elif draw.random() < 0.5:
                status, body = send(
                    club,
                    f"/ledgers/{LEDGER}/transaction-sets",
                    {"create": [{**item, "ledgerAccountId": ACCOUNT} for item in items]},
                )
            else:
                status, body = send(
                    club,
                    "/ledger-transactions/batch",
                    {"items": [{**item, "ledgerId": LEDGER, "ledgerAccountId": ACCOUNT} for item in items]},
                )
                body = {"transactions": [row["transactions"][0] for row in body["processed"]]}
            statuses[status] += 1
            made += [row["ledgerTransactionId"] for row in body.get("transactions", ())]
        return statuses, made

    results = in_threads(transfers)
    statuses = sum((found for found, _ in results), Counter())
    made = [id_ for _, found in results for id_ in found]
    assert set(statuses) <= {200, 201, 400}, statuses
    assert min(statuses[201], statuses[400]) > 0
    assert len(set(made)) == len(made)
    assert {row.id for row in all_rows(club) if row.type == "transfer"} == {int(id_) for id_ in made}
    assert sum(club.points(wallet)[0] for wallet in ids) == WALLETS * POINTS


def test_one_key_from_many_moves_points_once(club: Club) -> None:
    ana, ben = wallets(club, 10_000, 0)
    body = {"fromWalletId": ana, "toWalletId": ben, "amount": 7, "systemUniqueKey": "k"}
    replies = in_threads(lambda _: send(club, f"{BASE}/transactions", body))
    assert {status for status, _ in replies} == {201}
    assert len({orjson.dumps(answer) for _, answer in replies}) == 1
    assert club.points(ben) == (7, 7)


def test_who_moves_points_does_not_wait_for_others_who_move_those_of_other_wallets(club: Club) -> None:
    if club.server.runtime.storage.inline:
        pytest.skip("SQLite has one writer")
    ids = wallets(club, 5, 5)
    first, second = club.unit(), club.unit()
    with first.transaction(), second.transaction() as session:
        session.execute(text("SET LOCAL lock_timeout = '500ms'"))
        for unit, wallet in zip((first, second), ids, strict=True):
            burn(unit, TransactionRequest(BURN, LEDGER, ACCOUNT, 2, wallet, None))
    assert [club.points(wallet) for wallet in ids] == [(3, 3), (3, 3)]


def test_the_last_points_and_the_last_of_a_supply_go_once(club: Club) -> None:
    ana, ben = wallets(club, 10, 0)
    replies = in_threads(lambda _: send(club, f"{BASE}/wallets/{ana}/burn", {"amount": 10}))
    assert Counter(status for status, _ in replies) == {200: 1, 400: THREADS - 1}
    limited = club.made(
        f"/ledgers/{LEDGER}/accounts", name="Few", active=True, isRevolving=True, syncAlgorand=False, maxSupply=3
    )
    path = f"/ledgers/{LEDGER}/accounts/{limited['ledgerAccountId']}"
    replies = in_threads(lambda _: send(club, f"{path}/wallets/{ben}/mint", {"amount": 1}))
    assert Counter(status for status, _ in replies) == {200: 3, 400: THREADS - 3}
    assert club.points(ben, limited["ledgerAccountId"]) == (3, 3)


def test_one_pending_transaction_is_captured_or_voided_once(club: Club) -> None:
    [ana] = wallets(club, 100)
    for round_ in range(4):
        held = one(wallet_call(club, "burn", ana, 10, captureMethod="manual", systemUniqueKey=f"k{round_}"))
        capture = {"transactions": [{"ledgerTransactionId": held["ledgerTransactionId"], "captureAmount": 4}]}
        replies = in_threads(
            lambda number, capture=capture, key=f"k{round_}": (
                send(club, f"{BASE}/transactions/capture", capture)
                if number % 2
                else send(club, f"{BASE}/transactions/revert", {"systemUniqueKey": key})
            )
        )
        [row] = [row for row in all_rows(club) if str(row.id) == held["ledgerTransactionId"]]
        # Captured first it may be reverted then; voided first nothing more can be done.
        assert Counter(status for status, _ in replies) in ({200: 1, 409: THREADS - 1}, {200: 2, 409: THREADS - 2})
        assert row.status in ("posted", "voided", "reverted")
    assert club.points(ana)[0] == club.points(ana)[1]


def test_a_supply_is_lowered_while_points_are_made(club: Club) -> None:
    [ana] = wallets(club, 0)

    def work(number: int) -> int:
        if number % 4:
            return send(club, f"{BASE}/wallets/{ana}/mint", {"amount": 5})[0]
        return calling(club, club.token, "PUT", f"{BASE}/supply", {"maxSupply": 20 + number})()[0]

    assert set(in_threads(work)) <= {200, 400}
    limit = club.get(BASE).json()["ledgerAccount"]["maxSupply"]
    # Either somebody set a limit and it holds, or all points had been made before anybody could.
    assert club.points(ana)[0] == 60 if limit is None else club.points(ana)[0] <= limit


def test_lots_are_kept_or_not_while_points_move(club: Club) -> None:
    account = club.made(
        f"/ledgers/{LEDGER}/accounts",
        name="Lots",
        active=True,
        isRevolving=True,
        syncAlgorand=False,
        pointTrackingEnabled=True,
        expiresInMonths=1,
    )["ledgerAccountId"]
    base = f"/ledgers/{LEDGER}/accounts/{account}"
    ids = wallets(club, 0, 0, 0)
    for wallet in ids:
        one(wallet_call(club, "mint", wallet, 100, base))

    def work(number: int) -> set[int]:
        if number:
            return {
                send(
                    club,
                    f"{base}/transactions",
                    {"fromWalletId": ids[(number + n) % 3], "toWalletId": ids[(number + n + 1) % 3], "amount": 7},
                )[0]
                for n in range(12)
            }
        body = {"name": "Lots", "active": True, "isRevolving": True, "syncAlgorand": False}
        return {
            calling(club, club.token, "PUT", base, {**body, "pointTrackingEnabled": n % 2 == 1})()[0] for n in range(6)
        }

    assert set().union(*in_threads(work)) <= {200, 201, 400}
    assert sum(club.points(wallet, account)[0] for wallet in ids) == 300
    unit = club.unit()
    with unit.transaction() as session:
        in_lots: Counter[str] = Counter()
        for lot in session.scalars(unit.scoped(Lot)):
            in_lots[lot.place] += lot.amount
    assert all(in_lots[spendable(account, wallet)] <= club.points(wallet, account)[1] for wallet in ids)


def test_several_transactions_are_captured_in_either_order(club: Club) -> None:
    ana, ben = wallets(club, 500, 500)
    held = [
        one(wallet_call(club, "burn", wallet, 10, captureMethod="manual"))["ledgerTransactionId"]
        for wallet in (ana, ben) * 8
    ]
    items = [{"ledgerTransactionId": id_} for id_ in held]
    replies = in_threads(
        lambda number: send(
            club, f"{BASE}/transactions/capture", {"transactions": items if number % 2 else items[::-1]}
        )
    )
    assert Counter(status for status, _ in replies) == {200: 1, 409: THREADS - 1}
    assert (club.points(ana), club.points(ben)) == ((420, 420), (420, 420))
