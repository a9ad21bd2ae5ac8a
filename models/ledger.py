"""Points as a ledger: append-only, double entry, whole numbers.

A transaction moves points between accounts and its entries sum to zero. Accounts are named by texts of the API's own,
e.g. `advocate/adv_...`. Those that start with `@` are the tenant's own side (what it has issued, what was spent): they
have no balance row that everybody would wait for, and may go below zero; what they stand at is the sum of their
entries. Every other account has a balance beside its entries, provable from them, which never goes below zero.

A unit of work collects its postings and writes them once, at its end, account by account in one order; a balance that
is read meanwhile includes them. Callers that read a balance in order to decide lock it first (`lock`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Index, String, and_, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from models.kernel.base import Base, Name
from models.kernel.lists import among
from models.kernel.problems import Problem
from models.kernel.statements import TENANT, Insertion, Query
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


_UPDATE_BALANCES = Insertion(LedgerBalance, or_update=("balance", "credited"))
"""New values of balances that exist and are locked."""
_INSERT_BALANCE, _INSERT_TRANSACTION, _INSERT_ENTRY = map(Insertion, (LedgerBalance, LedgerTransaction, LedgerEntry))
_BALANCES = Query(
    select(LedgerBalance)
    .where(LedgerBalance.tenant_id == TENANT, among(LedgerBalance.account, "accounts"))
    .order_by(LedgerBalance.account)
)
"""Balances in the order in which they are locked."""
_ENTRIES = Query(
    select(LedgerEntry)
    .where(LedgerEntry.tenant_id == TENANT, LedgerEntry.transaction_id == bindparam("transaction"))
    .order_by(LedgerEntry.account)
)
_MOVEMENTS = Query(
    select(
        LedgerTransaction.created_ms,
        LedgerTransaction.kind,
        LedgerTransaction.description,
        LedgerEntry.amount,
        LedgerEntry.balance_after,
    )
    .join(
        LedgerTransaction,
        and_(LedgerTransaction.tenant_id == LedgerEntry.tenant_id, LedgerTransaction.id == LedgerEntry.transaction_id),
    )
    .where(LedgerEntry.tenant_id == TENANT, LedgerEntry.account == bindparam("account"))
    .order_by(LedgerEntry.number.desc())
    .limit(bindparam("limit"))
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


class Movement(NamedTuple):
    """What a recorded transaction did to one account."""

    created_ms: int
    kind: str
    description: str | None
    amount: int
    balance_after: int | None


class Entry(NamedTuple):
    """An entry that the unit has posted and not written yet."""

    transaction_id: str
    account: str
    number: int
    amount: int
    balance_after: int | None


@dataclass(slots=True)
class _Held:
    """A locked balance with the unit's own postings; `stored` is what the database has."""

    stored: int
    balance: int
    credited: int
    is_new: bool
    changed: bool = False

    def copy(self) -> "_Held":
        return _Held(self.stored, self.balance, self.credited, self.is_new, self.changed)


@dataclass
class PostingBuffer:
    """The balances that a unit of work has locked and the entries that it has posted, until they are written."""

    held: dict[str, _Held] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    known: dict[Any, Any] = field(default_factory=dict)
    """What an API has read under locks of the unit, by keys of its own: so that it is read once."""

    def apply(self, uow: UnitOfWork) -> None:
        """Write balances in the order of their accounts, then entries.

        Raises WrittenDiffers for a balance that would change by another amount than its entries say.
        """
        moved: defaultdict[str, int] = defaultdict(int)
        for entry in self.entries:
            moved[entry.account] += entry.amount
        changed = sorted(name for name, held in self.held.items() if held.changed)
        for account in changed:
            held = self.held[account]
            check_written(f"entries of {account}", held.balance - held.stored, moved[account])
            held.stored = held.balance
            statement = _INSERT_BALANCE if held.is_new else _UPDATE_BALANCES
            uow.insert_at_end(statement, account=account, balance=held.balance, credited=held.credited)
            held.is_new = held.changed = False
        for entry in self.entries:
            uow.insert_at_end(_INSERT_ENTRY, **entry._asdict())
        self.entries = []


def postings(uow: UnitOfWork) -> PostingBuffer:
    """The unit's posting buffer; it is written when the unit ends."""
    found = uow.flush_hooks.get("ledger")
    if found is None:
        found = uow.flush_hooks["ledger"] = PostingBuffer()
    assert isinstance(found, PostingBuffer)
    return found


@contextmanager
def all_or_nothing(uow: UnitOfWork) -> Iterator[None]:
    """A context whose postings are dropped when it raises a Problem.

    Statements that have run are undone by a savepoint only.
    """
    kept = postings(uow)
    held = {account: one.copy() for account, one in kept.held.items()}
    known, length = dict(kept.known), len(kept.entries)
    try:
        with uow.undoing(Problem):
            yield
    except Problem:
        # What was first read inside is not locked any more when a savepoint was rolled back: it is read again.
        kept.held, kept.known = held, known
        del kept.entries[length:]
        raise


def lock(uow: UnitOfWork, accounts: Iterable[str]) -> None:
    """Lock the balances of accounts until the unit ends, in one order, and read them.

    An account without a balance row has nothing to lock: the first posting inserts the row; where two do so at once,
    the later is tried again as a whole. Callers lock what the account belongs to first (a member), so this is a second
    guard.
    """
    held = postings(uow).held
    missing = sorted(set(accounts) - held.keys())
    if not missing:
        return
    found = {row.account: row for row in uow.lock_rows(_BALANCES, accounts=missing)}
    for account in missing:
        if account in found:
            hold(uow, found[account])
        else:
            held[account] = _Held(0, 0, 0, True)


def hold(uow: UnitOfWork, row: LedgerBalance) -> None:
    """Take a balance that a statement of the caller has locked with something else, so that `lock` need not."""
    postings(uow).held.setdefault(row.account, _Held(row.balance, row.balance, row.credited, False))


def balance(uow: UnitOfWork, account: str) -> int:
    """What an account holds, locked, with the unit's own postings in it."""
    known = postings(uow).held.get(account)
    if known is None:
        lock(uow, [account])
        known = postings(uow).held[account]
    return known.balance


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

    Without `recorded` only its entries are written: an API whose transactions have more to them writes the row itself.
    Raises InsufficientBalance or BalanceTooHigh with nothing posted, ValueError for legs that are no transaction.
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
        collected.entries.append(Entry(transaction_id, account, number, amount, after.get(account)))
    if recorded:
        reference_type, reference_id = reference or (None, None)
        uow.insert_at_end(
            _INSERT_TRANSACTION,
            id=transaction_id,
            number=number,
            kind=kind,
            description=description,
            reference_type=reference_type,
            reference_id=reference_id,
            created_ms=uow.now_ms,
        )
    return Posted(transaction_id, kind, description, reference, uow.now_ms, after)


def balances(uow: UnitOfWork, accounts: Sequence[str]) -> dict[str, tuple[int, int]]:
    """(balance, ever credited) of accounts, unlocked, with the unit's own postings in them; (0, 0) for unknown ones."""
    held = postings(uow).held
    missing = [name for name in accounts if name not in held]
    rows = uow.rows(_BALANCES, accounts=missing) if missing else ()
    found = {row.account: (row.balance, row.credited) for row in rows}
    return {
        name: (held[name].balance, held[name].credited) if name in held else found.get(name, (0, 0))
        for name in accounts
    }


def movements(uow: UnitOfWork, account: str, *, limit: int) -> list[Movement]:
    """What recorded transactions did to an account, the newest first; those that the unit has not written yet are not
    among them.
    """
    return [Movement(*row) for row in uow.rows(_MOVEMENTS, account=account, limit=limit)]


def entries_of(uow: UnitOfWork, transaction_id: str) -> Sequence[LedgerEntry]:
    """The entries of a transaction that was written before, by the names of their accounts."""
    return uow.rows(_ENTRIES, transaction=transaction_id)


def posted(row: LedgerTransaction, entry: LedgerEntry) -> Posted:
    """A transaction that was written before, with the balance that one of its entries left."""
    reference = (
        None if row.reference_type is None or row.reference_id is None else (row.reference_type, row.reference_id)
    )
    balances = {} if entry.balance_after is None else {entry.account: entry.balance_after}
    return Posted(row.id, row.kind, row.description, reference, row.created_ms, balances)
