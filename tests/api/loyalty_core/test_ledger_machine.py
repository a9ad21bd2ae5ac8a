"""The ledger's calls against a plain model: whatever is done in whatever order, they agree, and the books add up."""

import itertools
from dataclasses import dataclass, field
from typing import Any

import httpx2
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from models.kernel.clock import DAY_MS
from models.kernel.times import add_months
from tests.api.loyalty_core.conftest import LEDGER, Club, make_club
from tests.api.loyalty_core.test_transactions import check_books, listed
from tests.support.client import Client
from tests.support.machines import run_machine
from tests.support.refusals import assert_refused
from troth.app import Server

WALLETS, KINDS = 2, ("tracked", "limited")
WHO, KIND, AMOUNT = st.integers(0, WALLETS - 1), st.sampled_from(KINDS), st.sampled_from([2, 5, 9, 20])
"""Few of everything, so that steps meet: a mint after a burn finds the supply nearly gone."""
MANUAL = st.sampled_from(["auto", "manual"])
DAYS = st.sampled_from([0, 8, 17])
"""Time goes by before most steps: without that hardly anything would expire."""
WHAT = st.sampled_from(
    [
        "mint",
        "mint",
        "burn",
        "burn",
        "transfer",
        "set",
        "batch",
        "capture",
        "capture",
        "revert",
        "revert",
        "supply",
        "toggle",
        "replay",
    ]
)
PARTS = st.lists(st.tuples(KIND, WHO, AMOUNT), min_size=1, max_size=3)
EXAMPLES_SQLITE, EXAMPLES_POSTGRES, STEPS = 25, 3, 25
FOREVER = 1 << 60

Lot = tuple[int, int, int]
"""Number, when it expires, how many points."""


class Short(Exception):
    """The model has not enough."""


@dataclass
class Account:
    """A kind of points as the model knows it: lots by wallet, oldest first, and what can still be made."""

    path: str
    id: int
    months: int = 0
    left: int | None = None
    limit: int | None = None
    revolving: bool = False
    gone: int = 0
    lots: list[list[Lot]] = field(default_factory=lambda: [[] for _ in range(WALLETS)])

    def free(self, who: int) -> int:
        return sum(amount for _, _, amount in self.lots[who])

    def take(self, who: int, amount: int, first: list[Lot] = []) -> list[Lot]:  # noqa: B006  never changed
        """Out of these lots as far as they are there, then out of the oldest."""
        if self.free(who) < amount:
            raise Short
        taken: list[Lot] = []
        for number, _, size in first:
            for lot in [lot for lot in self.lots[who] if lot[0] == number]:
                part = min(size, lot[2])
                self.lots[who].remove(lot)
                self.lots[who] = sorted(self.lots[who] + ([(number, lot[1], lot[2] - part)] if lot[2] > part else []))
                taken.append((number, lot[1], part))
        more, kept = split(self.lots[who], amount - sum(part for _, _, part in taken))
        self.lots[who] = kept
        return taken + more

    def put(self, who: int, pieces: list[Lot]) -> None:
        together: dict[tuple[int, int], int] = {}
        for number, expires, amount in self.lots[who] + pieces:
            together[number, expires] = together.get((number, expires), 0) + amount
        self.lots[who] = sorted((number, expires, amount) for (number, expires), amount in together.items())

    def make(self, amount: int) -> None:
        if self.left is not None:
            if self.left < amount:
                raise Short
            self.left -= amount

    def destroy(self, amount: int) -> None:
        if self.left is not None and self.revolving:
            self.left += amount
        else:
            self.gone += amount

    def restore(self, amount: int) -> None:
        """Destroyed points come back: from what is gone, and what that lacks from the supply."""
        if self.left is None:
            return
        part = min(self.gone, amount)
        self.make(amount - part)
        self.gone -= part

    def expire(self, now_ms: int) -> None:
        for who in range(WALLETS):
            gone = sum(amount for _, expires, amount in self.lots[who] if expires <= now_ms)
            self.lots[who] = [lot for lot in self.lots[who] if lot[1] > now_ms]
            self.destroy(gone)


@dataclass
class Done:
    """A transaction as the model knows it; `pieces` are what it took out of a wallet."""

    account: Account
    key: str
    amount: int
    giver: int | None
    taker: int | None
    pieces: list[Lot]
    status: str
    id: str = ""


def split(lots: list[Lot], amount: int) -> tuple[list[Lot], list[Lot]]:
    """The first points of lots, and the rest."""
    first, rest = [], []
    for number, expires, size in lots:
        part = min(size, amount)
        amount -= part
        first += [(number, expires, part)] if part else []
        rest += [(number, expires, size - part)] if size > part else []
    return first, rest


class LedgerMachine(RuleBasedStateMachine):
    """Calls the API and the model side by side."""

    server: Server
    client: Client

    @initialize(limit=st.integers(30, 50), revolving=st.booleans())
    def begin(self, limit, revolving):
        self.club: Club = make_club(self.server, self.client)
        self.wallets = [self.club.member(f"m{n}")["walletId"] for n in range(WALLETS)]
        self.numbers, self.keys = itertools.count(1), itertools.count(1)
        made = {"active": True, "isRevolving": revolving, "syncAlgorand": False}
        self.accounts: dict[str, Account] = {}
        for kind, members in (
            ("tracked", {"pointTrackingEnabled": True, "expiresInMonths": 1}),
            ("limited", {"maxSupply": limit, "pointTrackingEnabled": True, "expiresInMonths": 2}),
        ):
            row = self.club.made(f"/ledgers/{LEDGER}/accounts", name=kind, **made, **members)
            self.accounts[kind] = Account(
                f"/ledgers/{LEDGER}/accounts/{row['ledgerAccountId']}",
                row["ledgerAccountId"],
                row["expiresInMonths"],
                row["maxSupply"],
                row["maxSupply"],
                revolving,
            )
        self.done: list[Done] = []
        self.sent: list[tuple[str, dict[str, Any], httpx2.Response]] = []
        for kind, who in itertools.product(KINDS, range(WALLETS)):
            for days, amount in ((8, 15), (0, 5)):
                self.wait(days)
                self.mint(self.accounts[kind], who, amount, self.key(), self.club.now_ms)

    # What every rule has in common

    def key(self) -> str:
        return f"k{next(self.keys)}"

    def post(self, path: str, body: dict[str, Any]) -> httpx2.Response:
        """Send, remember for a replay when it was a success, and let what has become due happen on both sides."""
        answer = self.club.post(path, json=body)
        if answer.status_code < 300 and "systemUniqueKey" in body and not path.endswith("/revert"):
            self.sent.append((path, body, answer))
        self.club.advance(0)
        return answer

    def expire(self) -> None:
        for account in self.accounts.values():
            if account.months:
                account.expire(self.club.now_ms)

    def in_model(
        self, account: Account, amount: int, giver: int | None, taker: int | None, how: str, now_ms: int, key: str
    ) -> Done:
        """Do it in the model. Raises Short, with nothing changed."""
        if giver is None:
            account.make(amount)
            pieces = [(next(self.numbers), add_months(now_ms, account.months) if account.months else FOREVER, amount)]
        else:
            pieces = account.take(giver, amount)
        done = Done(account, key, amount, giver, taker, pieces, "pending" if how == "manual" else "posted")
        if how != "manual":
            self.arrive(account, taker, pieces, amount)
        return done

    def arrive(self, account: Account, taker: int | None, pieces: list[Lot], amount: int) -> None:
        if taker is None:
            account.destroy(amount)
        else:
            account.put(taker, pieces)

    def check(self, answer: httpx2.Response, expected: list[Done] | None) -> None:
        """The answer is what the model did: these transactions, or a refusal for too few points or too small a
        supply.
        """
        if expected is None:
            assert answer.status_code == 400, answer.text
        else:
            assert answer.status_code < 300, answer.text
            for done, row in zip(expected, answer.json()["transactions"], strict=True):
                assert (row["status"], row["amount"], row["systemUniqueKey"]) == (done.status, done.amount, done.key)
                done.id = row["ledgerTransactionId"]
            self.done += expected
        self.expire()

    def try_model(self, *arguments: Any) -> list[Done] | None:
        try:
            return [self.in_model(*arguments)]
        except Short:
            return None

    # Steps: one rule draws them all evenly, since Hypothesis would leave out most of many rules in each run

    @rule(what=WHAT, days=DAYS, kind=KIND, who=WHO, amount=AMOUNT, how=MANUAL, pick=st.integers(0, 99), parts=PARTS)
    def step(self, what, days, kind, who, amount, how, pick, parts):
        self.wait(days)
        account, key, now_ms = self.accounts[kind], self.key(), self.club.now_ms
        if what == "mint":
            self.mint(account, who, amount, key, now_ms)
        elif what == "burn":
            self.burn(account, who, amount, how, key, now_ms)
        elif what == "transfer":
            self.transfer(account, who, amount, how, key, now_ms)
        elif what == "set":
            self.transfer_set(parts, now_ms)
        elif what == "batch":
            self.batch(parts, now_ms)
        elif what == "capture":
            self.capture(pick, how == "manual")
        elif what == "revert":
            self.revert(pick)
        elif what == "supply":
            self.set_supply(pick + 1)
        elif what == "toggle":
            self.toggle(account)
        else:
            self.replay(pick)

    def mint(self, account, who, amount, key, now_ms):
        answer = self.post(
            f"{account.path}/wallets/{self.wallets[who]}/mint", {"amount": amount, "systemUniqueKey": key}
        )
        self.check(answer, self.try_model(account, amount, None, who, "auto", now_ms, key))

    def burn(self, account, who, amount, how, key, now_ms):
        answer = self.post(
            f"{account.path}/wallets/{self.wallets[who]}/burn",
            {"amount": amount, "systemUniqueKey": key, "captureMethod": how},
        )
        self.check(answer, self.try_model(account, amount, who, None, how, now_ms, key))

    def transfer(self, account, who, amount, how, key, now_ms):
        taker = (who + 1) % WALLETS
        answer = self.post(
            f"{account.path}/transactions",
            {
                "amount": amount,
                "systemUniqueKey": key,
                "captureMethod": how,
                "fromWalletId": self.wallets[who],
                "toWalletId": self.wallets[taker],
            },
        )
        self.check(answer, self.try_model(account, amount, who, taker, how, now_ms, key))

    def transfer_set(self, parts, now_ms):
        items = []
        for kind, who, amount in parts:
            items.append(
                {
                    "ledgerAccountId": self.accounts[kind].id,
                    "fromWalletId": self.wallets[who],
                    "amount": amount,
                    "toWalletId": self.wallets[(who + 1) % WALLETS],
                    "systemUniqueKey": self.key(),
                }
            )
        answer = self.post(f"/ledgers/{LEDGER}/transaction-sets", {"create": items})
        kept = {kind: [list(lots) for lots in account.lots] for kind, account in self.accounts.items()}
        expected: list[Done] | None = []
        for (kind, who, amount), item in zip(parts, items, strict=True):
            made = self.try_model(
                self.accounts[kind], amount, who, (who + 1) % WALLETS, "auto", now_ms, item["systemUniqueKey"]
            )
            if made is None:
                expected = None
                for name, account in self.accounts.items():
                    account.lots = kept[name]
                break
            expected += made
        self.check(answer, expected)

    def batch(self, parts, now_ms):
        items, expected = [], []
        for kind, who, amount in parts:
            key, taker = self.key(), (who + 1) % WALLETS
            items.append(
                {
                    "ledgerId": LEDGER,
                    "ledgerAccountId": self.accounts[kind].id,
                    "fromWalletId": self.wallets[who],
                    "toWalletId": self.wallets[taker],
                    "amount": amount,
                    "systemUniqueKey": key,
                }
            )
            expected.append(self.try_model(self.accounts[kind], amount, who, taker, "auto", now_ms, key))
        answer = self.post("/ledger-transactions/batch", {"items": items}).json()
        assert [row["itemIndex"] for row in answer["processed"]] == [n for n, made in enumerate(expected) if made]
        assert [row["error"]["statusCode"] for row in answer["failed"]] == [400 for made in expected if not made]
        for row in answer["processed"]:
            [done] = expected[row["itemIndex"]]
            done.id = row["transactions"][0]["ledgerTransactionId"]
            self.done.append(done)
        self.expire()

    def capture(self, pick, in_part):
        pending = [done for done in self.done if done.status == "pending"]
        if not pending:
            return
        done = pending[pick % len(pending)]
        amount = 1 + pick % (done.amount + 1) if in_part else done.amount
        item = {"ledgerTransactionId": done.id, **({"captureAmount": amount} if in_part else {})}
        answer = self.post(f"{done.account.path}/transactions/capture", {"transactions": [item]})
        if amount > done.amount:
            assert answer.status_code == 400
            return
        assert answer.json() == {"ok": True}
        done.pieces, rest = split(done.pieces, amount)
        done.account.put(done.giver, rest)
        self.arrive(done.account, done.taker, done.pieces, amount)
        done.status, done.amount = "posted", amount
        self.expire()

    def revert(self, pick):
        done = self.done[-1 - pick % min(4, len(self.done))]
        answer = self.post(f"{done.account.path}/transactions/revert", {"systemUniqueKey": done.key})
        if done.status in ("reverted", "voided"):
            assert_refused(answer, 409, "TRANSACTION_CLOSED")
        elif done.status == "pending":
            assert answer.status_code == 200
            done.account.put(done.giver, done.pieces)
            done.status = "voided"
        else:
            try:
                self.take_back(done)
            except Short:
                assert_refused(answer, 400, "NOT_ENOUGH_POINTS")
            else:
                assert answer.status_code == 200, answer.text
                done.status = "reverted"
        self.expire()

    def take_back(self, done: Done) -> None:
        account = done.account
        if done.taker is not None:
            account.take(done.taker, done.amount, done.pieces)
        else:
            account.restore(done.amount)
        if done.giver is not None:
            account.put(done.giver, done.pieces)
        elif account.left is not None:
            account.left += done.amount

    def set_supply(self, limit):
        account = self.accounts["limited"]
        answer = self.club.put(f"{account.path}/supply", json={"maxSupply": limit})
        assert account.left is not None
        assert account.limit is not None
        left = account.left + limit - account.limit
        if left < 0:
            assert_refused(answer, 400, "SUPPLY_EXHAUSTED")
        else:
            assert answer.status_code == 200
            account.left, account.limit = left, limit

    def toggle(self, account: Account) -> None:
        row = self.club.get(account.path).json()["ledgerAccount"]
        body = {name: row[name] for name in ("name", "active", "syncAlgorand")}
        account.revolving = not account.revolving
        assert self.club.put(account.path, json={**body, "isRevolving": account.revolving}).status_code == 200

    def wait(self, days: int) -> None:
        self.club.advance(days * DAY_MS)
        self.expire()

    def replay(self, pick):
        path, body, first = self.sent[pick % len(self.sent)]
        assert self.club.post(path, json=body).json() == first.json()
        other = self.club.post(path, json={**body, "amount": body["amount"] + 1})
        assert_refused(other, 409, "SYSTEM_UNIQUE_KEY_REUSED")

    @invariant()
    def balances_agree(self):
        for who, wallet in enumerate(getattr(self, "wallets", ())):
            rows = self.club.get(f"/ledgers/{LEDGER}/wallets/{wallet}/balances").json()["wallets"]
            shown = {row["ledgerAccountId"]: (row["availableBalance"], row["balance"]) for row in rows}
            for account in self.accounts.values():
                aside = sum(
                    done.amount
                    for done in self.done
                    if done.status == "pending" and done.account is account and done.giver == who
                )
                assert shown[account.id] == (account.free(who), account.free(who) + aside)

    def teardown(self):
        """What only grows need not be looked at after each step."""
        if hasattr(self, "club"):
            check_books(self.club)
            for account in self.accounts.values():
                shown = {
                    row["systemUniqueKey"]: row["status"]
                    for page in range(9)
                    for row in listed(self.club, account.path, page=page)
                }
                mine = {done.key: done.status for done in self.done if done.account is account}
                assert {key: status for key, status in shown.items() if key is not None} == mine


def test_everything_agrees_with_a_plain_model(server: Server, client: Client) -> None:
    LedgerMachine.server, LedgerMachine.client = server, client
    examples = EXAMPLES_SQLITE if server.runtime.storage.inline else EXAMPLES_POSTGRES
    run_machine(LedgerMachine, examples=examples, steps=STEPS)
