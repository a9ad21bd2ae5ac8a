"""Points as a ledger: append-only, double entry, whole numbers.

A transaction moves points between accounts and its entries sum to zero. Accounts are named by texts of the API's own,
e.g. `advocate/adv_...`. Those that start with `@` are the tenant's own side (what it has issued, what was spent): they
have no balance row that everybody would wait for, and may go below zero; what they stand at is the sum of their entries.
Every other account has a balance beside its entries, provable from them, which never goes below zero.

A unit of work collects its postings and applies them once, at its end, account by account in one order; a balance that
is read meanwhile has them in it. Whoever reads a balance in order to decide locks it first (`lock`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import itemgetter
from typing import cast

from sqlalchemy import Index, String, bindparam, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models.kernel.base import Base, Name
from models.kernel.lists import among
from models.kernel.problems import Problem
from models.kernel.statements import TENANT, Change, Insertion, Query
from models.kernel.written import check_written
from models.uow import UnitOfWork

AMOUNT_MAX = 18_446_744_073_709
BALANCE_MAX = 2**53 - 1
OWN_SIDE = "@"


class LedgerBalance(Base):
    """What an account holds, and all that was ever added to it by transactions that are recorded here."""

    __tablename__ = "ledger_balances"
    __table_args__ = (Index("ix_ledger_balances_balance", "tenant_id", "balance"),)

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(Name(96), primary_key=True)
    balance: Mapped[int]
    credited: Mapped[int]


class LedgerTransaction(Base):
    """A movement of points. `number` grows with the order in which a tenant's transactions were posted."""

    __tablename__ = "ledger_transactions"
    __table_args__ = (
        Index("ix_ledger_transactions_number", "tenant_id", "number"),
        Index("ix_ledger_transactions_reference", "tenant_id", "reference_type", "reference_id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(32))
    description: Mapped[str | None] = mapped_column(String(500))
    reference_type: Mapped[str | None] = mapped_column(String(32))
    reference_id: Mapped[str | None] = mapped_column(String(64))
    created_ms: Mapped[int]


class LedgerEntry(Base):
    """One side of a transaction: a signed amount, and for accounts with a balance what they held after it."""

    __tablename__ = "ledger_entries"
    __table_args__ = (Index("ix_ledger_entries_account", "tenant_id", "account", "number"),)

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    transaction_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account: Mapped[str] = mapped_column(String(96), primary_key=True)
    number: Mapped[int]
    amount: Mapped[int]
    balance_after: Mapped[int | None]


_UPDATE_BALANCE = Change(
    update(LedgerBalance)
    .where(LedgerBalance.tenant_id == TENANT, LedgerBalance.account == bindparam("name"))
    .values(balance=bindparam("new_balance"), credited=bindparam("new_credited"))
)
_INSERT_BALANCE, _INSERT_TRANSACTION, _INSERT_ENTRY = map(Insertion, (LedgerBalance, LedgerTransaction, LedgerEntry))
_BALANCES = Query(
    select(LedgerBalance)
    .where(LedgerBalance.tenant_id == TENANT, among(LedgerBalance.account, "accounts"))
    .order_by(LedgerBalance.account)
)


class InsufficientBalance(Problem):
    """An account does not hold what is to be taken from it; nothing was posted."""

    status = 400
    code = "INSUFFICIENT_BALANCE"
    default_message = "The balance is too low."

    def __init__(self, account: str = "") -> None:
        super().__init__()
        self.account = account


class BalanceTooHigh(Problem):
    """An account would hold more than JSON clients can read exactly (2**53 - 1); nothing was posted."""

    status = 400
    code = "BALANCE_TOO_HIGH"
    default_message = "The balance would be too high."


@dataclass(frozen=True, slots=True)
class Posted:
    """A transaction as it was posted; `balances` are those of its accounts after it."""

    id: str
    kind: str
    description: str | None
    reference: tuple[str, str] | None
    created_ms: int
    balances: dict[str, int]


@dataclass
class _Held:
    """A balance as this unit of work sees it, its own postings included; `stored` is what the database has."""

    stored: int
    balance: int
    credited: int
    is_new: bool
    changed: bool = False


@dataclass
class PostingBuffer:
    """What a unit of work has read and posted, until it is applied. `records` are rows of an API's own that go with it."""

    held: dict[str, _Held] = field(default_factory=dict)
    transactions: list[dict[str, object]] = field(default_factory=list)
    entries: list[dict[str, object]] = field(default_factory=list)
    records: list[tuple[Insertion, dict[str, object]]] = field(default_factory=list)

    def apply(self, uow: UnitOfWork) -> None:
        """Write what was collected: balances in the order of their accounts, then transactions and entries.

        Raises WrittenDiffers for a balance that would change by another amount than its entries say.
        """
        moved: defaultdict[object, int] = defaultdict(int)
        for entry in self.entries:
            moved[entry["account"]] += cast("int", entry["amount"])
        changed = sorted(name for name, held in self.held.items() if held.changed)
        fresh: list[dict[str, object]] = []
        known: list[dict[str, object]] = []
        for account in changed:
            held = self.held[account]
            check_written(f"entries of {account}", held.balance - held.stored, moved[account])
            held.stored = held.balance
            if held.is_new:
                fresh.append({"account": account, "balance": held.balance, "credited": held.credited})
            else:
                known.append({"name": account, "new_balance": held.balance, "new_credited": held.credited})
            held.is_new = held.changed = False
        if not (changed or self.transactions or self.entries or self.records):
            return
        with uow.pipelined():
            uow.execute_many(_UPDATE_BALANCE, known)
            uow.insert_many(_INSERT_BALANCE, fresh)
            uow.insert_many(_INSERT_TRANSACTION, self.transactions)
            uow.insert_many(_INSERT_ENTRY, self.entries)
            for statement, rows in groupby(self.records, itemgetter(0)):
                uow.insert_many(statement, [row for _, row in rows])
        self.transactions, self.entries, self.records = [], [], []


def postings(uow: UnitOfWork) -> PostingBuffer:
    """The unit's book; it is applied when the unit ends."""
    found = uow.flush_hooks.get("ledger")
    if found is None:
        found = uow.flush_hooks["ledger"] = PostingBuffer()
    assert isinstance(found, PostingBuffer)
    return found


@contextmanager
def all_or_nothing(uow: UnitOfWork) -> Iterator[None]:
    """Postings inside stand or fall together: when one raises a Problem, the book is as it was before, locks aside."""
    kept = postings(uow)
    held = {account: replace(one) for account, one in kept.held.items()}
    lengths = len(kept.transactions), len(kept.entries), len(kept.records)
    try:
        yield
    except Problem:
        # Balances that were first read inside are unchanged in the database: they may stay forgotten.
        kept.held = held
        for rows, length in zip((kept.transactions, kept.entries, kept.records), lengths, strict=True):
            del rows[length:]  # type: ignore[attr-defined]  # lists of different rows
        raise


def lock(uow: UnitOfWork, accounts: Iterable[str]) -> None:
    """Lock the balances of accounts until the unit ends, in one order, and read them.

    An account without a balance row has nothing to lock: whoever posts to it first inserts the row, a clash is tried
    again as a whole. Callers lock what the account belongs to first (a member), so this is the second line.
    """
    held = postings(uow).held
    wanted = sorted(set(accounts) - held.keys())
    if not wanted:
        return
    found = {row.account: row for row in uow.lock_rows(_BALANCES, accounts=wanted)}
    for account in wanted:
        row = found.get(account)
        held[account] = _Held(row.balance, row.balance, row.credited, False) if row else _Held(0, 0, 0, True)


def balance(uow: UnitOfWork, account: str) -> int:
    """What an account holds, locked, with the unit's own postings in it."""
    lock(uow, [account])
    return postings(uow).held[account].balance


def post(
    uow: UnitOfWork,
    *,
    transaction_id: str,
    kind: str,
    legs: Sequence[tuple[str, int]],
    description: str | None = None,
    reference: tuple[str, str] | None = None,
    recorded: bool = True,
) -> Posted:
    """Post a transaction: (account, signed amount) pairs that sum to zero, each account once.

    Without `recorded` only its entries are written: an API whose transactions have more to them keeps the row itself
    (`PostingBuffer.records`). Raises InsufficientBalance or BalanceTooHigh with nothing posted, ValueError for legs that are no transaction.
    """
    if sum(amount for _, amount in legs) or len({account for account, _ in legs}) != len(legs):
        raise ValueError(f"the entries of a {kind} do not balance, or name an account twice: {legs}")
    if any(not 0 < abs(amount) <= AMOUNT_MAX for _, amount in legs):
        raise ValueError(f"amounts are 1 to {AMOUNT_MAX}: {legs}")
    lock(uow, (account for account, _ in legs if not account.startswith(OWN_SIDE)))
    collected = postings(uow)
    after: dict[str, int] = {}
    for account, amount in legs:
        if not account.startswith(OWN_SIDE):
            after[account] = collected.held[account].balance + amount
            if after[account] < 0:
                raise InsufficientBalance(account)
            if after[account] > BALANCE_MAX:
                raise BalanceTooHigh
    number = uow.order_number()
    for account, amount in legs:
        if account in after:
            held = collected.held[account]
            held.balance, held.changed = after[account], True
            held.credited += max(0, amount) if recorded else 0
        collected.entries.append(
            {
                "tenant_id": uow.tenant_id,
                "transaction_id": transaction_id,
                "account": account,
                "number": number,
                "amount": amount,
                "balance_after": after.get(account),
            }
        )
    if recorded:
        kind_, id_ = reference or (None, None)
        collected.transactions.append(
            {
                "tenant_id": uow.tenant_id,
                "id": transaction_id,
                "number": number,
                "kind": kind,
                "description": description,
                "reference_type": kind_,
                "reference_id": id_,
                "created_ms": uow.now_ms,
            }
        )
    return Posted(transaction_id, kind, description, reference, uow.now_ms, after)


def balances(uow: UnitOfWork, accounts: Sequence[str]) -> dict[str, tuple[int, int]]:
    """(balance, ever credited) of accounts, unlocked, with the unit's own postings in them; (0, 0) for unknown ones."""
    found = (
        {
            row.account: (row.balance, row.credited)
            for row in uow.session.scalars(uow.scoped(LedgerBalance).where(LedgerBalance.account.in_(accounts)))
        }
        if accounts
        else {}
    )
    held = postings(uow).held
    return {
        name: (held[name].balance, held[name].credited) if name in held else found.get(name, (0, 0))
        for name in accounts
    }
