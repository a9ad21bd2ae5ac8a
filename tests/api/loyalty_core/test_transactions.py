"""Points made, moved and destroyed."""

from typing import Any

import httpx2
import pytest

from models import ledger
from models.ledger import LedgerBalance, LedgerEntry
from models.loyalty_core.ledger.account_names import issued, spendable
from models.outbox.outbox import Job
from tests.api.loyalty_core.conftest import ACCOUNT, LEDGER, Club, assert_wrong, coded, refusal

BASE = f"/ledgers/{LEDGER}/accounts/{ACCOUNT}"
AMOUNT_MAX = 18446744073709
NOTE = {
    "externalId": "order-1",
    "externalEventDate": "2026-01-02T03:04:05.678Z",
    "description": "For Ben",
    "tags": ["a", "b"],
}


def wallets(club: Club, *points: int) -> list[int]:
    """Wallets of new members with so many points."""
    return [club.member(f"m{n}", held)["walletId"] for n, held in enumerate(points)]


def transfer(club: Club, giver: int, taker: int, amount: int, base: str = BASE, **members: Any) -> httpx2.Response:
    return club.post(
        f"{base}/transactions", json={"fromWalletId": giver, "toWalletId": taker, "amount": amount, **members}
    )


def wallet_call(club: Club, verb: str, wallet: int, amount: int, base: str = BASE, **members: Any) -> httpx2.Response:
    return club.post(f"{base}/wallets/{wallet}/{verb}", json={"amount": amount, **members})


def one(answer: httpx2.Response) -> dict[str, Any]:
    """The one transaction of an answer that is a success."""
    assert answer.status_code in (200, 201), answer.text
    [transaction] = answer.json()["transactions"]
    found: dict[str, Any] = transaction
    return found


def listed(club: Club, base: str = BASE, **query: Any) -> list[dict[str, Any]]:
    answer = club.get(f"{base}/transactions", params={"limit": 25, **query})
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["results"]
    return rows


def new_account(club: Club, **members: Any) -> str:
    """The path of a further account."""
    made = club.made(
        f"/ledgers/{LEDGER}/accounts",
        **{"name": "More", "active": True, "isRevolving": False, "syncAlgorand": False, **members},
    )
    return f"/ledgers/{LEDGER}/accounts/{made['ledgerAccountId']}"


def change(club: Club, base: str, **members: Any) -> None:
    """Change an account."""
    required = {"name": "More", "active": True, "isRevolving": False, "syncAlgorand": False}
    answer = club.put(base, json={**required, **members})
    assert answer.status_code == 200, answer.text


def check_books(club: Club) -> None:
    """Every transaction's entries sum to zero, and every balance is the sum of its account's entries."""
    unit = club.unit()
    with unit.transaction() as session:
        entries = session.scalars(unit.scoped(LedgerEntry)).all()
        balances = {row.account: row.balance for row in session.scalars(unit.scoped(LedgerBalance))}
    by_transaction: dict[str, int] = {}
    by_account: dict[str, int] = {}
    for entry in entries:
        by_transaction[entry.transaction_id] = by_transaction.get(entry.transaction_id, 0) + entry.amount
        by_account[entry.account] = by_account.get(entry.account, 0) + entry.amount
    assert not any(by_transaction.values())
    assert {name: held for name, held in by_account.items() if not name.startswith("@")} == balances
    assert all(held >= 0 for held in balances.values())


@pytest.fixture
def club(club: Club) -> Any:
    """An organization whose books are checked when the test is over."""
    yield club
    check_books(club)


class TestTransfer:
    def test_moves_points_and_is_listed(self, club: Club) -> None:
        ana, ben = wallets(club, 80, 0)
        made = one(transfer(club, ana, ben, 50, systemUniqueKey="till-1", **NOTE))
        assert {name: made[name] for name in made if name not in ("ledgerTransactionId", "createdAt", "updatedAt")} == {
            "organizationId": club.id,
            "ledgerId": LEDGER,
            "ledgerAccountId": ACCOUNT,
            "type": "transfer",
            "status": "posted",
            "amount": 50,
            "capturedAmount": 50,
            "fromWalletId": ana,
            "toWalletId": ben,
            "captureMethod": "auto",
            "revertsLedgerTransactionId": None,
            "systemUniqueKey": "till-1",
            **NOTE,
        }
        assert (club.points(ana), club.points(ben)) == ((30, 30), (50, 50))
        assert listed(club)[-1] == made

    def test_has_an_event(self, club: Club) -> None:
        ana, ben = wallets(club, 80, 0)
        made = one(transfer(club, ana, ben, 50))
        event = club.events("ledger-transaction-created")[-1]
        assert (event["eventType"], event["data"], event["organizationId"]) == (
            "ledger-transaction-created",
            made,
            club.id,
        )
        assert club.get(f"/members/{event['memberId']}").json()["loyalMember"]["walletId"] == ben

    def test_takes_no_more_than_there_is(self, club: Club) -> None:
        ana, ben = wallets(club, 80, 0)
        refused = transfer(club, ana, ben, 81)
        assert refusal(refused) == (400, f"Wallet {ana} has 80 points to spend and 81 are asked for.")
        assert (club.points(ana), club.points(ben)) == ((80, 80), (0, 0))
        assert [row["type"] for row in listed(club)] == ["mint"]
        assert len(club.events("ledger-transaction-created")) == 1
        one(transfer(club, ana, ben, 80))
        assert (club.points(ana), club.points(ben)) == ((0, 0), (80, 80))

    def test_needs_two_wallets_that_are_there(self, club: Club, other_club: Club) -> None:
        [ana] = wallets(club, 80)
        foreign = [other_club.member(f"x{n}")["walletId"] for n in range(2)][1]
        assert coded(transfer(club, ana, ana, 5)) == (400, "SAME_WALLET")
        for giver, taker in ((ana, 99), (99, ana), (ana, 0), (-1, ana), (ana, foreign), (ana, 2**62)):
            assert refusal(transfer(club, giver, taker, 5))[0] == 404
        assert club.points(ana) == (80, 80)

    def test_an_account_that_is_not_active_stands_still(self, club: Club) -> None:
        ana, ben = wallets(club, 80, 0)
        body = {"name": "Points", "isRevolving": False, "syncAlgorand": False}
        club.put(BASE, json={**body, "active": False})
        assert refusal(transfer(club, ana, ben, 5)) == (409, f"The account {ACCOUNT} is not active.")
        for verb in ("mint", "burn"):
            assert coded(wallet_call(club, verb, ana, 5)) == (409, "LEDGER_ACCOUNT_NOT_ACTIVE")
        club.put(BASE, json={**body, "active": True})
        one(transfer(club, ana, ben, 5))

    @pytest.mark.parametrize(
        "members",
        [
            {"amount": 0},
            {"amount": -1},
            {"amount": AMOUNT_MAX + 1},
            {"amount": 1.5},
            {"amount": "5"},
            {"amount": None},
            {"amount": True},
            {"fromWalletId": None},
            {"toWalletId": "2"},
            {"captureMethod": "later"},
            {"systemUniqueKey": ""},
            {"systemUniqueKey": "x" * 256},
            {"externalId": "x" * 256},
            {"description": "x" * 1025},
            {"tags": ["x"] * 101},
            {"tags": [[]]},
            {"tags": "x"},
            {"externalEventDate": "yesterday"},
            {"externalEventDate": 5},
            {"externalEventDate": "2016-12-31T23:59:61Z"},
        ],
    )
    def test_a_wrong_member_is_named(self, club: Club, members: dict[str, Any]) -> None:
        ana, ben = wallets(club, 5, 0)
        body = {"fromWalletId": ana, "toWalletId": ben, "amount": 1, **members}
        assert_wrong(club.post(f"{BASE}/transactions", json=body), *members)
        assert club.points(ana) == (5, 5)

    @pytest.mark.parametrize(
        ("sent", "expected"),
        [
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
            ("1969-12-31t23:59:59.9999z", "1969-12-31T23:59:59.999Z"),
            ("9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59.999Z"),
            ("2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00.000Z"),
        ],
    )
    def test_any_date_is_answered_in_one_form(self, club: Club, sent: str, expected: str) -> None:
        ana, ben = wallets(club, 5, 0)
        made = one(transfer(club, ana, ben, 1, externalEventDate=sent))
        assert made["externalEventDate"] == expected
        assert listed(club, fromExternalEventDate=expected, toExternalEventDate=expected) == [made]

    def test_the_largest_amount_and_more_than_json_holds_exactly(self, club: Club) -> None:
        ana, ben = wallets(club, AMOUNT_MAX, 0)
        assert one(transfer(club, ana, ben, AMOUNT_MAX))["amount"] == AMOUNT_MAX
        unit = club.unit()
        with unit.transaction():
            for n in range((2**53 - 1) // AMOUNT_MAX - 1):
                ledger.post(
                    unit,
                    transaction_id=f"x{n}",
                    kind="x",
                    legs=[(spendable(ACCOUNT, ben), AMOUNT_MAX), (issued(ACCOUNT), -AMOUNT_MAX)],
                )
            unit.finish()
        assert refusal(wallet_call(club, "mint", ben, AMOUNT_MAX)) == (400, "The balance would be too high.")
        one(wallet_call(club, "burn", ben, AMOUNT_MAX, captureMethod="manual", systemUniqueKey="held"))
        assert coded(wallet_call(club, "mint", ben, AMOUNT_MAX)) == (400, "BALANCE_TOO_HIGH")
        assert club.post(f"{BASE}/transactions/revert", json={"systemUniqueKey": "held"}).status_code == 200
        assert club.points(ben)[0] == (2**53 - 1) // AMOUNT_MAX * AMOUNT_MAX


class TestMintAndBurn:
    def test_make_and_destroy(self, club: Club) -> None:
        [ana] = wallets(club, 0)
        made = one(wallet_call(club, "mint", ana, 500, **NOTE))
        assert (made["type"], made["fromWalletId"], made["toWalletId"], made["captureMethod"]) == (
            "mint",
            None,
            ana,
            "auto",
        )
        assert NOTE.items() <= made.items()
        burned = one(wallet_call(club, "burn", ana, 120))
        assert (burned["type"], burned["fromWalletId"], burned["toWalletId"], burned["status"]) == (
            "burn",
            ana,
            None,
            "posted",
        )
        assert club.points(ana) == (380, 380)
        assert coded(wallet_call(club, "burn", ana, 381)) == (400, "NOT_ENOUGH_POINTS")
        assert [row["type"] for row in listed(club)] == ["mint", "burn"]

    def test_in_the_default_account(self, club: Club) -> None:
        [ana] = wallets(club, 0)
        second = new_account(club, isDefaultAccount=True)
        path = f"/ledgers/{LEDGER}/wallets/{ana}"
        assert one(club.post(f"{path}/mint", json={"amount": 5}))["ledgerAccountId"] == int(second.rpartition("/")[2])
        assert one(club.post(f"{path}/burn", json={"amount": 2, "captureMethod": "manual"}))["status"] == "pending"
        assert (club.points(ana), club.points(ana, int(second.rpartition("/")[2]))) == ((0, 0), (5, 3))
        for verb in ("mint", "burn"):
            assert refusal(club.post(f"/ledgers/{LEDGER}/wallets/99/{verb}", json={"amount": 1}))[0] == 404
            assert refusal(club.post(f"/ledgers/99/wallets/{ana}/{verb}", json={"amount": 1}))[0] == 404
            assert refusal(wallet_call(club, verb, 99, 1))[0] == 404
            assert refusal(wallet_call(club, verb, ana, 1, f"/ledgers/{LEDGER}/accounts/99"))[0] == 404
            assert coded(wallet_call(club, verb, ana, 0)) == (400, "VALIDATION_FAILED")

    def test_of_a_loyalty_member(self, club: Club) -> None:
        ana = club.member("HC/1")
        path = "/loyalty-members/HC%2F1"
        [made] = club.post(f"{path}/mint", json={"amount": 7, "systemUniqueKey": "k", **NOTE}).json()[
            "ledgerTransactions"
        ]
        assert (made["ledgerAccountId"], made["toWalletId"], made["amount"], made["tags"]) == (
            ACCOUNT,
            ana["walletId"],
            7,
            ["a", "b"],
        )
        assert club.post(f"{path}/mint", json={"amount": 7, "systemUniqueKey": "k", **NOTE}).json() == {
            "ledgerTransactions": [made]
        }
        [burned] = club.post(f"{path}/burn", json={"amount": 3}).json()["ledgerTransactions"]
        assert (burned["type"], club.points(ana["walletId"])) == ("burn", (4, 4))
        assert coded(club.post(f"{path}/burn", json={"amount": 5})) == (400, "NOT_ENOUGH_POINTS")
        for verb in ("mint", "burn"):
            [nothing] = club.post(f"{path}/{verb}", json={"amount": 0}).json()["ledgerTransactions"]
            assert (nothing["amount"], nothing["capturedAmount"], nothing["status"]) == (0, 0, "posted")
            assert refusal(club.post(f"/loyalty-members/nobody/{verb}", json={"amount": 1}))[0] == 404
            assert coded(club.post(f"{path}/{verb}", json={"amount": -1})) == (400, "VALIDATION_FAILED")
        assert club.points(ana["walletId"]) == (4, 4)

    def test_of_a_loyalty_member_in_a_ledger_and_an_account(self, club: Club) -> None:
        ana = club.member("ana")["walletId"]
        second = int(new_account(club).rpartition("/")[2])
        ledger = club.made("/ledgers", name="Empty")["ledgerId"]
        path = "/loyalty-members/ana/mint"
        [made] = club.post(path, json={"amount": 7, "ledgerAccountId": second}).json()["ledgerTransactions"]
        assert (made["ledgerAccountId"], club.points(ana, second)) == (second, (7, 7))
        assert coded(club.post(path, json={"amount": 7, "ledgerId": ledger})) == (409, "LEDGER_WITHOUT_ACCOUNTS")
        assert refusal(club.post(path, json={"amount": 7, "ledgerId": ledger, "ledgerAccountId": second}))[0] == 404
        assert refusal(club.post(path, json={"amount": 7, "ledgerId": 99}))[0] == 404
        [made] = club.post(path, json={"amount": 1, "ledgerId": LEDGER}).json()["ledgerTransactions"]
        assert made["ledgerAccountId"] == ACCOUNT


class TestKeys:
    def test_the_same_input_gets_the_first_answer_again(self, club: Club) -> None:
        ana, ben = wallets(club, 80, 0)
        first = transfer(club, ana, ben, 50, systemUniqueKey="k", **NOTE)
        again = transfer(club, ana, ben, 50, systemUniqueKey="k", **NOTE)
        assert (again.status_code, again.json()) == (201, first.json())
        assert (club.points(ana), len(listed(club)), len(club.events("ledger-transaction-created"))) == ((30, 30), 2, 2)

    def test_a_set_with_one_key_is_replayed_as_a_whole(self, club: Club) -> None:
        ana, ben = wallets(club, 80, 0)
        item = {"fromWalletId": ana, "toWalletId": ben, "ledgerAccountId": ACCOUNT}
        items = [
            {**item, "amount": 1, "systemUniqueKey": "k"},
            {**item, "amount": 2},
            {**item, "amount": 4, "captureMethod": "manual"},
        ]
        path = f"/ledgers/{LEDGER}/transaction-sets"
        first = club.post(path, json={"create": items})
        assert club.post(path, json={"create": items}).json() == first.json()
        for other in (items[:1], items[:2], [*items, items[1]], [items[1], items[0], items[2]]):
            assert coded(club.post(path, json={"create": other})) == (409, "SYSTEM_UNIQUE_KEY_REUSED")
        assert (club.points(ana), club.points(ben)) == ((77, 73), (3, 3))

    def test_what_was_meant_then_is_meant_again(self, club: Club) -> None:
        [ana] = wallets(club, 0)
        club.member("ben")
        calls = [(f"/ledgers/{LEDGER}/wallets/{ana}/mint", "a"), ("/loyalty-members/ben/mint", "b")]
        first = [club.post(path, json={"amount": 5, "systemUniqueKey": key}).json() for path, key in calls]
        new_account(club, isDefaultAccount=True)
        assert [club.post(path, json={"amount": 5, "systemUniqueKey": key}).json() for path, key in calls] == first
        assert coded(club.post(calls[0][0], json={"amount": 6, "systemUniqueKey": "a"})) == (
            409,
            "SYSTEM_UNIQUE_KEY_REUSED",
        )

    def test_a_ledger_that_does_not_exist_is_refused_first(self, club: Club) -> None:
        ana, ben = wallets(club, 80, 0)
        one(transfer(club, ana, ben, 5, systemUniqueKey="k"))
        assert coded(transfer(club, ana, ben, 5, f"/ledgers/99/accounts/{ACCOUNT}", systemUniqueKey="k")) == (
            409,
            "SYSTEM_UNIQUE_KEY_REUSED",
        )

    def test_also_when_it_was_taken_back_since(self, club: Club) -> None:
        ana, ben = wallets(club, 80, 0)
        first = one(transfer(club, ana, ben, 50, systemUniqueKey="k"))
        held = one(wallet_call(club, "burn", ana, 5, systemUniqueKey="h", captureMethod="manual"))
        assert club.post(f"{BASE}/transactions/revert", json={"systemUniqueKey": "k"}).status_code == 200
        assert club.post(
            f"{BASE}/transactions/capture",
            json={"transactions": [{"ledgerTransactionId": held["ledgerTransactionId"]}]},
        ).json() == {"ok": True}
        assert one(transfer(club, ana, ben, 50, systemUniqueKey="k")) == first
        assert one(wallet_call(club, "burn", ana, 5, systemUniqueKey="h", captureMethod="manual")) == held
        assert club.points(ana) == (75, 75)

    @pytest.mark.parametrize(
        "other",
        [
            {"amount": 51},
            {"toWalletId": "swap"},
            {"captureMethod": "manual"},
            {"externalId": "o"},
            {"description": "d"},
            {"tags": ["x"]},
            {"externalEventDate": "2026-01-01T00:00:00Z"},
        ],
    )
    def test_other_input_is_refused(self, club: Club, other: dict[str, Any]) -> None:
        ana, ben, eve = wallets(club, 80, 0, 0)
        one(transfer(club, ana, ben, 50, systemUniqueKey="k"))
        changed = {name: eve if value == "swap" else value for name, value in other.items()}
        body = {"fromWalletId": ana, "toWalletId": ben, "amount": 50, "systemUniqueKey": "k", **changed}
        assert refusal(club.post(f"{BASE}/transactions", json=body)) == (
            409,
            "/systemUniqueKey: The systemUniqueKey k was used before with other input.",
        )
        assert club.points(ana) == (30, 30)

    def test_a_key_is_of_the_whole_organization_and_of_no_other(self, club: Club, other_club: Club) -> None:
        ana, ben = wallets(club, 80, 0)
        one(transfer(club, ana, ben, 50, systemUniqueKey="k"))
        assert coded(wallet_call(club, "mint", ana, 50, systemUniqueKey="k")) == (409, "SYSTEM_UNIQUE_KEY_REUSED")
        assert coded(wallet_call(club, "mint", ana, 50, new_account(club), systemUniqueKey="k")) == (
            409,
            "SYSTEM_UNIQUE_KEY_REUSED",
        )
        assert coded(club.put(f"{BASE}/supply", json={"maxSupply": 90, "systemUniqueKey": "k"})) == (
            409,
            "SYSTEM_UNIQUE_KEY_REUSED",
        )
        [theirs] = wallets(other_club, 0)
        one(wallet_call(other_club, "mint", theirs, 50, systemUniqueKey="k"))

    def test_a_refused_call_leaves_its_key_free(self, club: Club) -> None:
        ana, ben = wallets(club, 5, 0)
        assert coded(transfer(club, ana, ben, 9, systemUniqueKey="k")) == (400, "NOT_ENOUGH_POINTS")
        one(transfer(club, ana, ben, 5, systemUniqueKey="k"))


class TestPending:
    def capture(self, club: Club, *items: tuple[str, int | None]) -> httpx2.Response:
        return club.post(
            f"{BASE}/transactions/capture",
            json={
                "transactions": [
                    {"ledgerTransactionId": id_, **({} if amount is None else {"captureAmount": amount})}
                    for id_, amount in items
                ]
            },
        )

    def held(self, club: Club, wallet: int, amount: int, taker: int | None = None) -> str:
        """The id of a pending burn or transfer."""
        made = one(
            wallet_call(club, "burn", wallet, amount, captureMethod="manual")
            if taker is None
            else transfer(club, wallet, taker, amount, captureMethod="manual")
        )
        assert (made["status"], made["capturedAmount"]) == ("pending", None)
        found: str = made["ledgerTransactionId"]
        return found

    def test_points_are_set_aside_until_they_are_captured(self, club: Club) -> None:
        ana, ben = wallets(club, 80, 0)
        held = self.held(club, ana, 50, ben)
        assert (club.points(ana), club.points(ben)) == ((80, 30), (0, 0))
        assert coded(transfer(club, ana, ben, 31)) == (400, "NOT_ENOUGH_POINTS")
        assert self.capture(club, (held, None)).json() == {"ok": True}
        assert (club.points(ana), club.points(ben)) == ((30, 30), (50, 50))
        [row] = listed(club, fromLedgerTransactionId=held)
        assert (row["status"], row["capturedAmount"], row["amount"]) == ("posted", 50, 50)
        assert row["updatedAt"] > row["createdAt"]

    def test_a_part_is_captured_and_the_rest_released(self, club: Club) -> None:
        ana, ben = wallets(club, 80, 0)
        first, second = self.held(club, ana, 50, ben), self.held(club, ana, 20)
        assert self.capture(club, (first, 1), (second, 19)).status_code == 200
        assert (club.points(ana), club.points(ben)) == ((60, 60), (1, 1))
        assert [row["capturedAmount"] for row in listed(club, fromLedgerTransactionId=first)] == [1, 19]

    def test_twice_is_refused(self, club: Club) -> None:
        [ana] = wallets(club, 80)
        held = self.held(club, ana, 50)
        assert coded(self.capture(club, (held, 5), (held, 5))) == (400, "TRANSACTION_REPEATED")
        assert self.capture(club, (held, 5)).status_code == 200
        assert refusal(self.capture(club, (held, 5))) == (
            409,
            f"/transactions/0/ledgerTransactionId: The transaction {held} is posted, and only a pending one can be captured.",
        )
        posted = one(wallet_call(club, "burn", ana, 5))["ledgerTransactionId"]
        assert coded(self.capture(club, (posted, None))) == (409, "TRANSACTION_NOT_PENDING")
        assert club.points(ana) == (70, 70)

    def test_all_are_captured_or_none(self, club: Club) -> None:
        [ana] = wallets(club, 80)
        first, second = self.held(club, ana, 10), self.held(club, ana, 20)
        assert coded(self.capture(club, (first, None), (second, 21))) == (400, "CAPTURE_TOO_LARGE")
        for absent in ("99999", "0", "x", "01", "-1", "9" * 30, "٣"):
            assert refusal(self.capture(club, (first, None), (absent, None)))[0] == 404
        assert {row["status"] for row in listed(club, fromLedgerTransactionId=first)} == {"pending"}
        assert club.points(ana) == (80, 50)

    def test_only_in_its_account_and_organization(self, club: Club, other_club: Club) -> None:
        [ana] = wallets(club, 80)
        held = self.held(club, ana, 10)
        [theirs] = wallets(other_club, 80)
        assert refusal(self.capture(other_club, (held, None)))[0] == 404
        other = new_account(club)
        answer = club.post(f"{other}/transactions/capture", json={"transactions": [{"ledgerTransactionId": held}]})
        assert refusal(answer)[0] == 404
        assert (club.points(ana), other_club.points(theirs)) == ((80, 70), (80, 80))

    @pytest.mark.parametrize(
        ("body", "member"),
        [
            ({}, "transactions"),
            ({"transactions": []}, "transactions"),
            ({"transactions": [{}]}, "ledgerTransactionId"),
            ({"transactions": [{"ledgerTransactionId": 5}]}, "ledgerTransactionId"),
            ({"transactions": [{"ledgerTransactionId": "1", "captureAmount": 0}]}, "captureAmount"),
            ({"transactions": {}}, "transactions"),
            ({"transactions": [{"ledgerTransactionId": "1"}] * 1001}, "transactions"),
        ],
    )
    def test_a_capture_names_transactions_and_sums(self, club: Club, body: object, member: str) -> None:
        assert_wrong(club.post(f"{BASE}/transactions/capture", json=body), member)


class TestSets:
    def make(self, club: Club, *items: tuple[int, int, int], **members: Any) -> httpx2.Response:
        return club.post(
            f"/ledgers/{LEDGER}/transaction-sets",
            json={
                "create": [
                    {
                        "fromWalletId": giver,
                        "toWalletId": taker,
                        "amount": amount,
                        "ledgerAccountId": ACCOUNT,
                        **members,
                    }
                    for giver, taker, amount in items
                ]
            },
        )

    def test_what_one_brings_the_next_may_spend(self, club: Club) -> None:
        ana, ben, eve = wallets(club, 10, 0, 0)
        made = self.make(club, (ana, ben, 10), (ben, eve, 10), (eve, ana, 4))
        assert (made.status_code, [row["amount"] for row in made.json()["transactions"]]) == (201, [10, 10, 4])
        assert [club.points(wallet)[0] for wallet in (ana, ben, eve)] == [4, 0, 6]

    def test_all_are_made_or_none(self, club: Club) -> None:
        ana, ben, eve = wallets(club, 10, 0, 0)
        assert coded(self.make(club, (ana, ben, 10), (ben, eve, 11))) == (400, "NOT_ENOUGH_POINTS")
        assert coded(self.make(club, (ana, ben, 10), (ben, ben, 1))) == (400, "SAME_WALLET")
        assert refusal(self.make(club, (ana, ben, 10), (ben, 99, 1)))[0] == 404
        assert [club.points(wallet)[0] for wallet in (ana, ben, eve)] == [10, 0, 0]
        assert (len(listed(club)), len(club.events("ledger-transaction-created"))) == (1, 1)

    def test_across_accounts_of_the_ledger_only(self, club: Club) -> None:
        ana, ben = wallets(club, 10, 0)
        second = new_account(club)
        one(wallet_call(club, "mint", ana, 5, second))
        number = int(second.rpartition("/")[2])
        item = {"fromWalletId": ana, "toWalletId": ben, "amount": 5}
        made = club.post(
            f"/ledgers/{LEDGER}/transaction-sets",
            json={
                "create": [
                    {**item, "ledgerAccountId": ACCOUNT},
                    {**item, "ledgerAccountId": number, "captureMethod": "manual"},
                ]
            },
        )
        assert [row["status"] for row in made.json()["transactions"]] == ["posted", "pending"]
        assert (club.points(ben), club.points(ana, number)) == ((5, 5), (5, 0))
        foreign = club.made(
            f"/ledgers/{club.made('/ledgers', name='X')['ledgerId']}/accounts",
            name="x",
            active=True,
            isRevolving=True,
            syncAlgorand=False,
        )
        refused = club.post(
            f"/ledgers/{LEDGER}/transaction-sets",
            json={"create": [{**item, "ledgerAccountId": foreign["ledgerAccountId"]}]},
        )
        assert refusal(refused)[0] == 404

    def test_keys_are_known_all_or_none(self, club: Club) -> None:
        ana, ben = wallets(club, 10, 0)
        items = [
            {
                "fromWalletId": ana,
                "toWalletId": ben,
                "amount": n,
                "ledgerAccountId": ACCOUNT,
                "systemUniqueKey": f"k{n}",
            }
            for n in (1, 2, 3)
        ]
        path = f"/ledgers/{LEDGER}/transaction-sets"
        first = club.post(path, json={"create": items[:2]})
        assert club.post(path, json={"create": items[:2]}).json() == first.json()
        assert coded(club.post(path, json={"create": items})) == (409, "SYSTEM_UNIQUE_KEY_REUSED")
        assert coded(club.post(path, json={"create": [items[2], items[2]]})) == (409, "SYSTEM_UNIQUE_KEY_REPEATED")
        assert coded(club.post(path, json={"create": [items[0], {**items[1], "amount": 9}]})) == (
            409,
            "SYSTEM_UNIQUE_KEY_REUSED",
        )
        assert club.points(ben) == (3, 3)

    @pytest.mark.parametrize("body", [{}, {"create": []}, {"create": [{}]}, {"create": None}])
    def test_a_set_has_transfers(self, club: Club, body: dict[str, Any]) -> None:
        missing = "amount" if body.get("create") else "create"
        assert_wrong(club.post(f"/ledgers/{LEDGER}/transaction-sets", json=body), missing)


class TestRevert:
    def revert(self, club: Club, base: str = BASE, **body: Any) -> httpx2.Response:
        return club.post(f"{base}/transactions/revert", json=body)

    def test_undoes_each_kind_by_its_key(self, club: Club) -> None:
        ana, ben = wallets(club, 100, 0)
        one(wallet_call(club, "mint", ana, 20, systemUniqueKey="mint"))
        one(wallet_call(club, "burn", ana, 30, systemUniqueKey="burn"))
        moved = one(transfer(club, ana, ben, 40, systemUniqueKey="move"))
        undone = one(
            self.revert(
                club,
                systemUniqueKey="move",
                description="Wrong Ben",
                tags=["x"],
                externalEventDate=NOTE["externalEventDate"],
            )
        )
        assert (undone["type"], undone["fromWalletId"], undone["toWalletId"], undone["amount"]) == (
            "revert",
            ben,
            ana,
            40,
        )
        assert (
            undone["revertsLedgerTransactionId"],
            undone["description"],
            undone["tags"],
            undone["systemUniqueKey"],
            undone["externalId"],
            undone["externalEventDate"],
        ) == (moved["ledgerTransactionId"], "Wrong Ben", ["x"], None, None, NOTE["externalEventDate"])
        assert (club.points(ana), club.points(ben)) == ((90, 90), (0, 0))
        one(self.revert(club, systemUniqueKey="burn"))
        assert club.points(ana) == (120, 120)
        one(self.revert(club, systemUniqueKey="mint"))
        assert club.points(ana) == (100, 100)
        assert [row["status"] for row in listed(club)] == [
            "posted",
            "reverted",
            "reverted",
            "reverted",
            "posted",
            "posted",
            "posted",
        ]
        assert club.events("ledger-transaction-created")[-1]["data"]["type"] == "revert"

    def test_what_is_pending_is_voided(self, club: Club) -> None:
        [ana] = wallets(club, 100)
        held = one(wallet_call(club, "burn", ana, 30, systemUniqueKey="k", captureMethod="manual"))
        voided = one(self.revert(club, systemUniqueKey="k"))
        assert (voided["ledgerTransactionId"], voided["status"], voided["capturedAmount"]) == (
            held["ledgerTransactionId"],
            "voided",
            0,
        )
        assert club.points(ana) == (100, 100)
        assert coded(self.revert(club, systemUniqueKey="k")) == (409, "TRANSACTION_CLOSED")
        body = {"transactions": [{"ledgerTransactionId": held["ledgerTransactionId"]}]}
        assert coded(club.post(f"{BASE}/transactions/capture", json=body)) == (409, "TRANSACTION_NOT_PENDING")

    def test_what_was_captured_in_part_comes_back_in_part(self, club: Club) -> None:
        ana, ben = wallets(club, 100, 0)
        held = one(transfer(club, ana, ben, 30, systemUniqueKey="k", captureMethod="manual"))["ledgerTransactionId"]
        club.post(
            f"{BASE}/transactions/capture", json={"transactions": [{"ledgerTransactionId": held, "captureAmount": 10}]}
        )
        assert one(self.revert(club, systemUniqueKey="k"))["amount"] == 10
        assert (club.points(ana), club.points(ben)) == ((100, 100), (0, 0))

    def test_all_of_an_external_id_or_none(self, club: Club) -> None:
        ana, ben = wallets(club, 100, 0)
        for amount in (1, 2, 4):
            one(transfer(club, ana, ben, amount, externalId="o", systemUniqueKey=f"k{amount}"))
        one(transfer(club, ana, ben, 8, externalId="p"))
        assert refusal(self.revert(club, externalId="p", systemUniqueKey="k1"))[0] == 404
        assert one(self.revert(club, externalId="o", systemUniqueKey="k1"))["amount"] == 1
        assert club.points(ben) == (14, 14)
        assert [row["amount"] for row in self.revert(club, externalId="o").json()["transactions"]] == [2, 4]
        assert coded(self.revert(club, externalId="o")) == (409, "TRANSACTION_CLOSED")
        one(transfer(club, ana, ben, 16, externalId="o"))
        assert one(self.revert(club, externalId="o"))["amount"] == 16
        one(wallet_call(club, "burn", ben, 1))
        assert coded(self.revert(club, externalId="p")) == (400, "NOT_ENOUGH_POINTS")
        assert club.points(ben) == (7, 7)
        assert coded(self.revert(club, externalId="")) == (400, "VALIDATION_FAILED")

    def test_several_are_undone_from_the_last_to_the_first(self, club: Club) -> None:
        ana, ben = wallets(club, 10, 0)
        one(transfer(club, ana, ben, 10, externalId="o"))
        one(transfer(club, ben, ana, 10, externalId="o"))
        rows = self.revert(club, externalId="o").json()["transactions"]
        assert [row["fromWalletId"] for row in rows] == [ben, ana]
        assert (club.points(ana), club.points(ben)) == ((10, 10), (0, 0))

    def test_what_is_spent_cannot_come_back(self, club: Club) -> None:
        ana, ben = wallets(club, 100, 0)
        one(transfer(club, ana, ben, 30, systemUniqueKey="k"))
        one(wallet_call(club, "burn", ben, 1))
        assert coded(self.revert(club, systemUniqueKey="k")) == (400, "NOT_ENOUGH_POINTS")
        assert (club.points(ana), club.points(ben)) == ((70, 70), (29, 29))
        assert [row["status"] for row in listed(club, systemUniqueKey="k")] == ["posted"]

    def test_what_cannot_be_named_or_taken_back(self, club: Club) -> None:
        [ana] = wallets(club, 10)
        assert coded(self.revert(club)) == (400, "VALIDATION_FAILED")
        assert coded(self.revert(club, description="x")) == (400, "VALIDATION_FAILED")
        assert coded(self.revert(club, systemUniqueKey="")) == (400, "VALIDATION_FAILED")
        assert refusal(self.revert(club, systemUniqueKey="nobody"))[0] == 404
        one(club.put(f"{BASE}/supply", json={"maxSupply": 50, "systemUniqueKey": "s"}))
        assert coded(self.revert(club, systemUniqueKey="s")) == (409, "TRANSACTION_NOT_REVERTIBLE")
        one(wallet_call(club, "mint", ana, 1, systemUniqueKey="m"))
        assert refusal(self.revert(club, new_account(club), systemUniqueKey="m"))[0] == 404

    def test_is_done_once(self, club: Club) -> None:
        [ana] = wallets(club, 10)
        one(wallet_call(club, "burn", ana, 5, systemUniqueKey="k"))
        one(self.revert(club, systemUniqueKey="k"))
        assert coded(self.revert(club, systemUniqueKey="k")) == (409, "TRANSACTION_CLOSED")
        assert club.points(ana) == (10, 10)


class TestSupply:
    def supply(self, club: Club, amount: int | None, base: str = BASE, **members: Any) -> httpx2.Response:
        return club.put(f"{base}/supply", json={**({} if amount is None else {"maxSupply": amount}), **members})

    def test_is_never_exceeded(self, club: Club) -> None:
        [ana] = wallets(club, 0)
        base = new_account(club, maxSupply=100)
        one(wallet_call(club, "mint", ana, 70, base))
        assert refusal(wallet_call(club, "mint", ana, 31, base)) == (400, "The account's supply does not allow this.")
        one(wallet_call(club, "mint", ana, 30, base))
        assert coded(wallet_call(club, "mint", ana, 1, base)) == (400, "SUPPLY_EXHAUSTED")

    @pytest.mark.parametrize("revolving", [True, False])
    def test_burned_points_come_back_to_a_revolving_supply_only(self, club: Club, revolving: bool) -> None:
        [ana] = wallets(club, 0)
        base = new_account(club, maxSupply=100, isRevolving=revolving)
        one(wallet_call(club, "mint", ana, 100, base))
        one(wallet_call(club, "burn", ana, 40, base, systemUniqueKey="b"))
        again = wallet_call(club, "mint", ana, 40, base, systemUniqueKey="m")
        assert again.status_code == (200 if revolving else 400)
        if revolving:
            assert coded(club.post(f"{base}/transactions/revert", json={"systemUniqueKey": "b"})) == (
                400,
                "SUPPLY_EXHAUSTED",
            )
            one(club.post(f"{base}/transactions/revert", json={"systemUniqueKey": "m"}))
        one(club.post(f"{base}/transactions/revert", json={"systemUniqueKey": "b"}))
        assert coded(wallet_call(club, "mint", ana, 1, base)) == (400, "SUPPLY_EXHAUSTED")

    @pytest.mark.parametrize(
        "steps",
        [
            "revolving mint burn fixed revert",
            "fixed mint burn revolving revert",
            "revolving mint burn endless fixed limit revert",
            "endless revolving mint burn limit fixed revert",
            "endless fixed mint burn limit revolving revert",
            "fixed mint burn endless revert limit",
            "fixed mint burn endless limit revert",
        ],
    )
    def test_however_the_account_changes_in_between(self, club: Club, steps: str) -> None:
        """100 points are made and half of them destroyed; what comes back then never makes more than 100."""
        [ana] = wallets(club, 0)
        base = new_account(club, maxSupply=100)
        account = int(base.rpartition("/")[2])
        body = {"name": "More", "active": True, "syncAlgorand": False}
        for step in steps.split():
            answer = {
                "revolving": lambda: club.put(base, json={**body, "isRevolving": True}),
                "fixed": lambda: club.put(base, json={**body, "isRevolving": False}),
                "mint": lambda: wallet_call(club, "mint", ana, 100, base),
                "burn": lambda: wallet_call(club, "burn", ana, 50, base, externalId="b"),
                "revert": lambda: club.post(f"{base}/transactions/revert", json={"externalId": "b"}),
                "endless": lambda: self.supply(club, None, base),
                "limit": lambda: self.supply(club, 100, base),
            }[step]()
            assert answer.status_code == 200, (step, answer.text)
        while wallet_call(club, "mint", ana, 10, base).status_code == 200:
            assert club.points(ana, account)[0] <= 100
        assert club.points(ana, account) == (100, 100)

    def test_is_raised_and_lowered_down_to_what_there_is(self, club: Club) -> None:
        [ana] = wallets(club, 0)
        base = new_account(club, maxSupply=100)
        one(wallet_call(club, "mint", ana, 70, base))
        one(wallet_call(club, "burn", ana, 5, base, captureMethod="manual"))
        assert refusal(self.supply(club, 69, base)) == (400, "There are more points than 69 already.")
        lowered = one(self.supply(club, 70, base, description="Less", tags=["x"], externalId="e"))
        assert (lowered["type"], lowered["amount"], lowered["fromWalletId"], lowered["toWalletId"]) == (
            "supply-decrease",
            30,
            None,
            None,
        )
        assert coded(wallet_call(club, "mint", ana, 1, base)) == (400, "SUPPLY_EXHAUSTED")
        raised = one(self.supply(club, 75, base))
        assert (raised["type"], raised["amount"]) == ("supply-increase", 5)
        one(wallet_call(club, "mint", ana, 5, base))
        assert club.get(base).json()["ledgerAccount"]["maxSupply"] == 75
        assert [row["type"] for row in listed(club, base)] == [
            "mint",
            "burn",
            "supply-decrease",
            "supply-increase",
            "mint",
        ]
        assert len(club.events("ledger-transaction-created")) == 5

    def test_may_have_no_end(self, club: Club) -> None:
        [ana] = wallets(club, 60)
        assert coded(self.supply(club, 59)) == (400, "SUPPLY_EXHAUSTED")
        made = one(self.supply(club, 60))
        assert (made["type"], made["amount"]) == ("supply-decrease", AMOUNT_MAX - 60)
        assert coded(wallet_call(club, "mint", ana, 1)) == (400, "SUPPLY_EXHAUSTED")
        lifted = one(self.supply(club, None))
        assert (lifted["type"], lifted["amount"]) == ("supply-increase", AMOUNT_MAX - 60)
        one(wallet_call(club, "mint", ana, 1_000))
        assert one(club.put(f"{BASE}/supply", json={"maxSupply": 1_060}))["type"] == "supply-decrease"
        assert coded(wallet_call(club, "mint", ana, 1)) == (400, "SUPPLY_EXHAUSTED")

    def test_counts_what_was_burned_for_good_before_there_was_a_limit(self, club: Club) -> None:
        [ana] = wallets(club, 60)
        one(wallet_call(club, "burn", ana, 50))
        assert coded(self.supply(club, 59)) == (400, "SUPPLY_EXHAUSTED")
        one(self.supply(club, 61))
        one(wallet_call(club, "mint", ana, 1))
        assert coded(wallet_call(club, "mint", ana, 1)) == (400, "SUPPLY_EXHAUSTED")

    def test_no_difference_writes_nothing_and_keys_are_kept(self, club: Club) -> None:
        assert self.supply(club, None).json() == {"transactions": []}
        first = self.supply(club, 50, systemUniqueKey="k")
        assert self.supply(club, 50).json() == {"transactions": []}
        kept = one(self.supply(club, 50, systemUniqueKey="same"))
        assert (kept["type"], kept["amount"]) == ("supply-increase", 0)
        one(self.supply(club, 80))
        assert one(self.supply(club, 50, systemUniqueKey="same")) == kept
        assert self.supply(club, 50, systemUniqueKey="k").json() == first.json()
        assert coded(self.supply(club, 51, systemUniqueKey="k")) == (409, "SYSTEM_UNIQUE_KEY_REUSED")
        assert club.get(BASE).json()["ledgerAccount"]["maxSupply"] == 80

    @pytest.mark.parametrize("body", [{"maxSupply": 0}, {"maxSupply": AMOUNT_MAX + 1}, {"maxSupply": "5"}, []])
    def test_a_supply_is_a_positive_number(self, club: Club, body: Any) -> None:
        assert_wrong(club.put(f"{BASE}/supply", json=body), *body)


class TestBatch:
    def item(self, giver: int, taker: int, amount: int, **members: Any) -> dict[str, Any]:
        return {
            "ledgerId": LEDGER,
            "ledgerAccountId": ACCOUNT,
            "fromWalletId": giver,
            "toWalletId": taker,
            "amount": amount,
            **members,
        }

    def send(self, club: Club, *items: dict[str, Any]) -> tuple[list[int], list[tuple[int, int]]]:
        """Indices that were processed, and (index, status) of those that failed."""
        answer = club.post("/ledger-transactions/batch", json={"items": items})
        assert answer.status_code == 200, answer.text
        body = answer.json()
        return (
            [row["itemIndex"] for row in body["processed"]],
            [(row["itemIndex"], row["error"]["statusCode"]) for row in body["failed"]],
        )

    def test_each_is_made_or_not_by_itself(self, club: Club) -> None:
        ana, ben = wallets(club, 10, 0)
        sent = self.send(
            club,
            self.item(ana, ben, 6),
            self.item(ana, ben, 6),
            self.item(ben, ana, 1),
            self.item(ana, ana, 1),
            self.item(ana, 99, 1),
            self.item(ana, ben, 1, ledgerId=99),
            self.item(ana, ben, 1, ledgerAccountId=99),
            self.item(ana, ben, 5),
        )
        assert sent == ([0, 2, 7], [(1, 400), (3, 400), (4, 404), (5, 404), (6, 404)])
        assert (club.points(ana), club.points(ben)) == ((0, 0), (10, 10))
        assert len(club.events("ledger-transaction-created")) == 4

    def test_a_set_is_made_together_at_the_place_of_its_first(self, club: Club) -> None:
        ana, ben = wallets(club, 10, 0)
        sent = self.send(
            club,
            self.item(ana, ben, 6, atomicSetId=1),
            self.item(ben, ana, 1),
            self.item(ana, ben, 5, atomicSetId=1),
            self.item(ana, ben, 7, atomicSetId=2),
            self.item(ben, ana, 7, atomicSetId=2),
        )
        assert sent == ([3, 4], [(0, 400), (1, 400), (2, 400)])
        assert (club.points(ana), club.points(ben)) == ((10, 10), (0, 0))
        assert self.send(club, self.item(ben, ana, 1), self.item(ana, ben, 6, atomicSetId=0)) == ([1], [(0, 400)])

    def test_what_was_answered_names_the_item(self, club: Club) -> None:
        ana, ben = wallets(club, 10, 0)
        answer = club.post(
            "/ledger-transactions/batch",
            json={
                "items": [
                    self.item(ana, ben, 6, systemUniqueKey="a", captureMethod="manual", atomicSetId=5),
                    self.item(ana, ben, 6, systemUniqueKey="b"),
                ]
            },
        ).json()
        [made], [failed] = answer["processed"], answer["failed"]
        assert (made["systemUniqueKey"], made["atomicSetId"], made["transactions"][0]["status"]) == ("a", 5, "pending")
        assert failed == {
            "itemIndex": 1,
            "atomicSetId": None,
            "systemUniqueKey": "b",
            "error": {
                "statusCode": 400,
                "message": f"Wallet {ana} has 4 points to spend and 6 are asked for.",
                "error": "Bad Request",
                "code": "NOT_ENOUGH_POINTS",
            },
        }

    def test_sent_again_it_makes_nothing_new(self, club: Club) -> None:
        ana, ben = wallets(club, 10, 0)
        items = [self.item(ana, ben, 2, systemUniqueKey=f"k{n}", atomicSetId=n % 2) for n in range(4)]
        first = club.post("/ledger-transactions/batch", json={"items": items}).json()
        assert club.post("/ledger-transactions/batch", json={"items": items}).json() == first
        new = self.item(ana, ben, 1, systemUniqueKey="k9")
        assert self.send(club, {**items[0], "amount": 3}, items[1], items[3], new, new, {**new, "amount": 2}) == (
            [1, 2, 3, 4],
            [(0, 409), (5, 409)],
        )
        assert club.points(ben)[0] == 9

    def test_a_failed_set_leaves_lots_tiers_and_events_alone(self, club: Club) -> None:
        ana, ben = wallets(club, 0, 0)
        base = new_account(club, pointTrackingEnabled=True, expiresInMonths=1)
        number = int(base.rpartition("/")[2])
        one(wallet_call(club, "mint", ana, 10, base))
        before = len(club.events())
        assert self.send(
            club,
            self.item(ana, ben, 10, atomicSetId=1, ledgerAccountId=number),
            self.item(ben, ana, 11, atomicSetId=1, ledgerAccountId=number),
        ) == ([], [(0, 400), (1, 400)])
        assert len(club.events()) == before
        club.advance(40 * 86_400_000)
        assert (club.points(ana, number), club.points(ben, number)) == ((0, 0), (0, 0))

    def test_a_thousand_items(self, club: Club) -> None:
        ana, ben = wallets(club, 1_000, 0)
        made, failed = self.send(club, *(self.item(ana, ben, 1) for _ in range(1_000)))
        assert (len(made), failed, club.points(ben)) == (1_000, [], (1_000, 1_000))
        assert coded(club.post("/ledger-transactions/batch", json={"items": [self.item(ana, ben, 1)] * 1_001})) == (
            400,
            "VALIDATION_FAILED",
        )

    @pytest.mark.parametrize("body", [{}, {"items": []}, {"items": [{}]}, {"items": [{"amount": 0}]}])
    def test_what_is_wrong_in_form_is_refused_whole(self, club: Club, body: object) -> None:
        assert coded(club.post("/ledger-transactions/batch", json=body)) == (400, "VALIDATION_FAILED")


class TestList:
    def test_filters_and_orders(self, club: Club) -> None:
        ana, ben, eve = wallets(club, 0, 0, 0)
        ids = [
            one(wallet_call(club, "mint", ana, 100, tags=["x", "y"], externalEventDate="2026-01-03T00:00:00Z"))[
                "ledgerTransactionId"
            ],
            one(
                transfer(club, ana, ben, 10, tags=["y"], externalEventDate="2026-01-01T00:00:00Z", systemUniqueKey="k")
            )["ledgerTransactionId"],
            one(transfer(club, ana, eve, 20, externalEventDate="2026-01-02T01:00:00+01:00"))["ledgerTransactionId"],
            one(wallet_call(club, "burn", ben, 5))["ledgerTransactionId"],
        ]

        def found(**query: Any) -> list[int]:
            return [ids.index(row["ledgerTransactionId"]) for row in listed(club, **query)]

        assert [found(), found(order="id,desc"), found(order="createdAt,desc"), found(order="ledgerTransactionId")] == [
            [0, 1, 2, 3],
            [3, 2, 1, 0],
            [3, 2, 1, 0],
            [0, 1, 2, 3],
        ]
        assert [found(walletId=ana), found(walletId=ben), found(walletId=eve), found(walletId=99)] == [
            [0, 1, 2],
            [1, 3],
            [2],
            [],
        ]
        assert [
            found(tags="x"),
            found(tags="y"),
            found(tags="x,y"),
            found(tags="z,y"),
            found(tags="z"),
            found(tags=""),
        ] == [[0], [0, 1], [0, 1], [0, 1], [], []]
        assert [found(systemUniqueKey="k"), found(systemUniqueKey="K")] == [[1], []]
        assert [
            found(fromLedgerTransactionId=ids[2]),
            found(toLedgerTransactionId=ids[1]),
            found(fromLedgerTransactionId=ids[1], toLedgerTransactionId=ids[2]),
        ] == [[2, 3], [0, 1], [1, 2]]
        assert found(fromExternalEventDate="2026-01-02T00:00:00Z") == [0, 2]
        assert found(toExternalEventDate="2026-01-02T00:00:00Z") == [1, 2]
        assert [row for row in found(order="externalEventDate") if row != 3] == [1, 2, 0]
        assert found(walletId=ana, tags="y", limit=1, page=1) == [1]
        assert coded(club.get(f"{BASE}/transactions?order=amount")) == (400, "VALIDATION_FAILED")
        assert coded(club.get(f"{BASE}/transactions?fromExternalEventDate=x")) == (400, "VALIDATION_FAILED")

    def test_an_account_lists_its_own(self, club: Club) -> None:
        [ana] = wallets(club, 5)
        other = new_account(club)
        one(wallet_call(club, "mint", ana, 7, other, tags=["x"]))
        assert ([row["amount"] for row in listed(club)], [row["amount"] for row in listed(club, other)]) == ([5], [7])
        assert (listed(club, tags="x"), len(listed(club, other, tags="x"))) == ([], 1)


class TestExpiry:
    def points(self, club: Club, *wallets: int, base: str) -> list[int]:
        return [club.points(wallet, int(base.rpartition("/")[2]))[0] for wallet in wallets]

    @pytest.fixture
    def base(self, club: Club) -> str:
        """An account whose points expire after two months."""
        return new_account(club, pointTrackingEnabled=True, expiresInMonths=2)

    def days(self, club: Club, days: float) -> None:
        club.advance(int(days * 86_400_000))

    def test_the_oldest_go_first_and_what_is_too_old_expires(self, club: Club, base: str) -> None:
        [ana] = wallets(club, 0)
        one(wallet_call(club, "mint", ana, 10, base))
        self.days(club, 30)
        one(wallet_call(club, "mint", ana, 10, base))
        one(wallet_call(club, "burn", ana, 4, base))
        self.days(club, 32)
        assert self.points(club, ana, base=base) == [10]
        last = listed(club, base)[-1]
        assert (last["type"], last["amount"], last["fromWalletId"], last["toWalletId"]) == ("expiry", 6, ana, None)
        assert club.events("ledger-transaction-created")[-1]["data"] == last
        self.days(club, 30)
        assert self.points(club, ana, base=base) == [0]
        assert [row["amount"] for row in listed(club, base) if row["type"] == "expiry"] == [6, 10]

    def test_an_expiry_alone_makes_points_expire(self, club: Club) -> None:
        [ana] = wallets(club, 0)
        made, later = new_account(club, expiresInMonths=1), new_account(club)
        change(club, later, expiresInMonths=1)
        for base in (made, later):
            one(wallet_call(club, "mint", ana, 10, base))
        self.days(club, 32)
        assert [self.points(club, ana, base=base) for base in (made, later)] == [[0], [0]]

    def test_without_tracking_points_do_not_expire(self, club: Club) -> None:
        [ana] = wallets(club, 0)
        said, changed = (new_account(club, pointTrackingEnabled=on, expiresInMonths=1) for on in (False, True))
        change(club, changed, pointTrackingEnabled=False)
        change(club, changed, expiresInMonths=1)
        for base in (said, changed):
            one(wallet_call(club, "mint", ana, 10, base))
        self.days(club, 32)
        assert [self.points(club, ana, base=base) for base in (said, changed)] == [[10], [10]]

    def test_points_keep_their_age_wherever_they_go(self, club: Club, base: str) -> None:
        ana, ben = wallets(club, 0, 0)
        one(wallet_call(club, "mint", ana, 10, base))
        self.days(club, 50)
        one(transfer(club, ana, ben, 4, base))
        one(wallet_call(club, "mint", ben, 1, base))
        one(wallet_call(club, "burn", ana, 3, base, systemUniqueKey="b"))
        one(club.post(f"{base}/transactions/revert", json={"systemUniqueKey": "b"}))
        assert self.points(club, ana, ben, base=base) == [6, 5]
        self.days(club, 15)
        assert self.points(club, ana, ben, base=base) == [0, 1]

    def test_a_revert_gives_back_what_came_and_leaves_what_was_there(self, club: Club) -> None:
        ana, ben = wallets(club, 0, 0)
        base = new_account(club)
        account = club.get(base).json()["ledgerAccount"]
        one(wallet_call(club, "mint", ben, 100, base))
        club.put(
            base,
            json={
                **{name: account[name] for name in ("name", "active", "isRevolving", "syncAlgorand")},
                "pointTrackingEnabled": True,
                "expiresInMonths": 1,
            },
        )
        one(wallet_call(club, "mint", ana, 100, base))
        one(transfer(club, ana, ben, 100, base, externalId="t"))
        one(club.post(f"{base}/transactions/revert", json={"externalId": "t"}))
        self.days(club, 20)
        one(wallet_call(club, "mint", ana, 7, base, externalId="m"))
        one(club.post(f"{base}/transactions/revert", json={"externalId": "m"}))
        self.days(club, 15)
        assert self.points(club, ana, ben, base=base) == [0, 100]

    def test_one_job_waits_however_often_points_go_to_and_fro(self, club: Club, base: str) -> None:
        ana, ben = wallets(club, 0, 0)
        for amount in (5, 6):
            one(wallet_call(club, "mint", ana, amount, base))
            self.days(club, 20)
        for _ in range(10):
            one(transfer(club, ana, ben, 11, base))
            one(transfer(club, ben, ana, 11, base))
        unit = club.unit()
        with unit.transaction() as session:
            jobs = session.scalars(unit.scoped(Job).where(Job.kind == "points-expiry")).all()
        assert len(jobs) == 2
        self.days(club, 25)
        assert self.points(club, ana, base=base) == [6]
        self.days(club, 20)
        assert self.points(club, ana, base=base) == [0]

    def test_many_lots_are_taken_in_their_order(self, club: Club, base: str) -> None:
        ana, ben = wallets(club, 0, 0)
        for _ in range(120):
            one(wallet_call(club, "mint", ana, 1, base))
        one(transfer(club, ana, ben, 110, base))
        one(wallet_call(club, "mint", ana, 3, base))
        assert self.points(club, ana, ben, base=base) == [13, 110]
        self.days(club, 70)
        assert self.points(club, ana, ben, base=base) == [0, 0]

    def test_what_is_set_aside_expires_when_it_is_released(self, club: Club, base: str) -> None:
        ana, ben = wallets(club, 0, 0)
        one(wallet_call(club, "mint", ana, 10, base))
        first = one(transfer(club, ana, ben, 6, base, captureMethod="manual"))["ledgerTransactionId"]
        self.days(club, 70)
        assert self.points(club, ana, base=base) == [6]
        assert (
            club.post(
                f"{base}/transactions/capture",
                json={"transactions": [{"ledgerTransactionId": first, "captureAmount": 2}]},
            ).status_code
            == 200
        )
        self.days(club, 0)
        assert self.points(club, ana, ben, base=base) == [0, 0]
        assert [row["type"] for row in listed(club, base)] == ["mint", "transfer", "expiry", "expiry", "expiry"]

    def test_other_months_hold_for_what_comes_later(self, club: Club, base: str) -> None:
        [ana] = wallets(club, 0)
        one(wallet_call(club, "mint", ana, 10, base))
        account = club.get(base).json()["ledgerAccount"]
        body = {name: account[name] for name in ("name", "active", "isRevolving", "syncAlgorand")}
        club.put(base, json={**body, "expiresInMonths": 0})
        one(wallet_call(club, "mint", ana, 5, base))
        self.days(club, 70)
        assert self.points(club, ana, base=base) == [5]
        club.put(base, json={**body, "pointTrackingEnabled": False, "expiresInMonths": 1})
        one(wallet_call(club, "mint", ana, 5, base))
        self.days(club, 70)
        assert self.points(club, ana, base=base) == [10]
        club.put(base, json={**body, "pointTrackingEnabled": True})
        one(wallet_call(club, "mint", ana, 5, base))
        one(wallet_call(club, "burn", ana, 8, base))
        self.days(club, 70)
        assert self.points(club, ana, base=base) == [2]

    def test_expired_points_come_back_to_a_revolving_supply(self, club: Club) -> None:
        [ana] = wallets(club, 0)
        base = new_account(club, pointTrackingEnabled=True, expiresInMonths=1, isRevolving=True, maxSupply=10)
        one(wallet_call(club, "mint", ana, 10, base))
        self.days(club, 40)
        one(wallet_call(club, "mint", ana, 10, base))
