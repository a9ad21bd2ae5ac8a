"""Statements on ledgers, accounts, transactions and lots, and what their rows are."""

from functools import cache
from typing import NamedTuple

from sqlalchemy import Select, bindparam, delete, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, aliased

from models.kernel.lists import among
from models.kernel.statements import TENANT, Change, Insertion, Query
from models.ledger import LedgerBalance, LedgerEntry
from models.loyalty_core.ledger.tables import Lot, Piece, PointAccount, PointLedger, PointTransaction, TransactionTag
from models.loyalty_core.paging import Listing
from models.outbox.outbox import Job


class Account(NamedTuple):
    """What decides on how points of an account move."""

    id: int
    ledger_id: int
    active: bool
    max_supply: int | None
    is_revolving: bool
    tracked: bool
    expires_in_months: int


class Transaction(NamedTuple):
    """A transaction of points (`PointTransaction`), as it was read or made."""

    id: int
    ledger_id: int
    account_id: int
    type: str
    status: str
    amount: int
    captured_amount: int | None
    from_wallet_id: int | None
    to_wallet_id: int | None
    capture_method: str
    reverts_id: int | None
    unique_key: str | None
    fingerprint: str | None
    set_id: int | None
    external_id: str | None
    external_ms: int | None
    description: str | None
    tags: list[str]
    lots: list[Piece] | None
    created_ms: int
    updated_ms: int

    @property
    def wallet_ids(self) -> tuple[int, ...]:
        """The wallets that it takes points from and gives them to."""
        return tuple(wallet for wallet in (self.from_wallet_id, self.to_wallet_id) if wallet is not None)


class LotRow(NamedTuple):
    """A lot of a wallet."""

    number: int
    amount: int
    expires_ms: int | None


LEDGERS = Query(select(PointLedger).where(PointLedger.tenant_id == TENANT).order_by(PointLedger.id))
LEDGER = Query(select(PointLedger).where(PointLedger.tenant_id == TENANT, PointLedger.id == bindparam("id")))
INSERT_LEDGER = Insertion(PointLedger)
LIST_LEDGERS = Listing(
    select(PointLedger).where(PointLedger.tenant_id == TENANT),
    {
        "ledgerId": PointLedger.id,
        "name": PointLedger.name,
        "ledgerKey": PointLedger.ledger_key,
        "createdAt": PointLedger.created_ms,
        "updatedAt": PointLedger.updated_ms,
    },
    {"ledger_key": PointLedger.ledger_key == bindparam("ledger_key")},
)

POINT_ACCOUNT = Query(select(PointAccount).where(PointAccount.tenant_id == TENANT, PointAccount.id == bindparam("id")))
_ACCOUNT_COLUMNS: list[InstrumentedAttribute[object]] = [getattr(PointAccount, name) for name in Account._fields]
ACCOUNT = Query(
    select(*_ACCOUNT_COLUMNS).where(PointAccount.tenant_id == TENANT, PointAccount.id == bindparam("id")), Account
)
ACCOUNTS = Query(
    select(*_ACCOUNT_COLUMNS)
    .where(PointAccount.tenant_id == TENANT, among(PointAccount.id, "ids"))
    .order_by(PointAccount.id),
    Account,
)
"""Accounts in the order in which they are locked."""
ACCOUNTS_OF_LEDGER = Query(
    select(PointAccount)
    .where(PointAccount.tenant_id == TENANT, PointAccount.ledger_id == bindparam("ledger_id"))
    .order_by(PointAccount.id)
)
INSERT_ACCOUNT = Insertion(PointAccount)
LIST_ACCOUNTS = Listing(
    select(PointAccount).where(PointAccount.tenant_id == TENANT, PointAccount.ledger_id == bindparam("ledger_id")),
    {
        "ledgerAccountId": PointAccount.id,
        "name": PointAccount.name,
        "ledgerAccountKey": PointAccount.account_key,
        "createdAt": PointAccount.created_ms,
        "updatedAt": PointAccount.updated_ms,
    },
    {
        "name": PointAccount.name == bindparam("name"),
        "account_key": PointAccount.account_key == bindparam("account_key"),
    },
)

_COLUMNS: list[InstrumentedAttribute[object]] = [getattr(PointTransaction, name) for name in Transaction._fields]
_TRANSACTIONS = select(*_COLUMNS).where(PointTransaction.tenant_id == TENANT)
TRANSACTION = Query(_TRANSACTIONS.where(PointTransaction.id == bindparam("id")), Transaction)
TRANSACTIONS = Query(_TRANSACTIONS.where(among(PointTransaction.id, "ids")).order_by(PointTransaction.id), Transaction)
TRANSACTIONS_OF_ACCOUNT = Query(
    _TRANSACTIONS.where(
        PointTransaction.account_id == bindparam("account_id"), among(PointTransaction.id, "ids")
    ).order_by(PointTransaction.id),
    Transaction,
)
TRANSACTIONS_WITH_KEYS = Query(_TRANSACTIONS.where(among(PointTransaction.unique_key, "keys")), Transaction)
TRANSACTIONS_OF_SETS = Query(
    _TRANSACTIONS.where(among(PointTransaction.set_id, "set_ids")).order_by(PointTransaction.id), Transaction
)
INSERT_TRANSACTION = Insertion(PointTransaction)
INSERT_TAG = Insertion(TransactionTag)
SETTLE = Change(
    update(PointTransaction)
    .where(PointTransaction.tenant_id == TENANT, PointTransaction.id == bindparam("transaction_id"))
    .values({name: bindparam(f"new_{name}") for name in ("status", "captured_amount", "lots", "updated_ms")})
)
"""What becomes of a transaction after it was made."""


@cache
def transactions_named(filters: frozenset[str]) -> Query[Transaction]:
    """The transactions of an account that were made with a `unique_key`, an `external_id`, or both, in the order in
    which they are locked.
    """
    statement = _TRANSACTIONS.where(PointTransaction.account_id == bindparam("account_id"))
    for name in sorted(filters):
        statement = statement.where(getattr(PointTransaction, name) == bindparam(name))
    return Query(statement.order_by(PointTransaction.id).limit(bindparam("limit")), Transaction)


def _of_wallet(side: str) -> Select[int]:
    """The ids of an account's transactions with a wallet on one side.

    The condition that it is on either would be met by reading all.
    """
    row = aliased(PointTransaction)
    return select(row.id).where(
        row.tenant_id == TENANT, row.account_id == bindparam("account_id"), getattr(row, side) == bindparam("wallet_id")
    )


LIST_TRANSACTIONS = Listing(
    select(PointTransaction).where(
        PointTransaction.tenant_id == TENANT, PointTransaction.account_id == bindparam("account_id")
    ),
    {
        "ledgerTransactionId": PointTransaction.id,
        "externalEventDate": PointTransaction.external_ms,
        "createdAt": PointTransaction.created_ms,
        "updatedAt": PointTransaction.updated_ms,
    },
    {
        "from_external_ms": PointTransaction.external_ms >= bindparam("from_external_ms"),
        "to_external_ms": PointTransaction.external_ms <= bindparam("to_external_ms"),
        "from_id": PointTransaction.id >= bindparam("from_id"),
        "to_id": PointTransaction.id <= bindparam("to_id"),
        "unique_key": PointTransaction.unique_key == bindparam("unique_key"),
        "wallet_id": PointTransaction.id.in_(_of_wallet("from_wallet_id").union(_of_wallet("to_wallet_id"))),
        "tags": PointTransaction.id.in_(
            select(TransactionTag.transaction_id).where(
                TransactionTag.tenant_id == TENANT,
                TransactionTag.account_id == bindparam("account_id"),
                among(TransactionTag.tag, "tags"),
            )
        ),
    },
    indexed=("unique_key", "wallet_id"),
    counted={frozenset(): (f"{PointTransaction.__tablename__}.account_id", "account_id")},
)

_LOTS = select(Lot.number, Lot.amount, Lot.expires_ms).where(Lot.tenant_id == TENANT, Lot.place == bindparam("place"))
LOTS_WITH_NUMBERS = Query(_LOTS.where(among(Lot.number, "numbers")).order_by(Lot.number), LotRow)
OLDEST_LOTS = Query(_LOTS.where(Lot.amount > 0).order_by(Lot.number).limit(bindparam("limit")), LotRow)
EXPIRED_LOTS = Query(
    _LOTS.where(Lot.expires_ms <= bindparam("now_ms")).order_by(Lot.number).limit(bindparam("limit")), LotRow
)
POINTS_IN_LOTS = Query(select(func.sum(Lot.amount)).where(Lot.tenant_id == TENANT, Lot.place == bindparam("place")))
NEXT_EXPIRY = Query(select(func.min(Lot.expires_ms)).where(Lot.tenant_id == TENANT, Lot.place == bindparam("place")))
INSERT_LOT = Insertion(Lot)
SET_LOT = Change(
    update(Lot)
    .where(Lot.tenant_id == TENANT, Lot.place == bindparam("of_place"), Lot.number == bindparam("lot"))
    .values(amount=bindparam("points"))
)
DELETE_LOTS = Change(
    delete(Lot).where(Lot.tenant_id == TENANT, Lot.place == bindparam("place"), among(Lot.number, "numbers"))
)
DELETE_LOTS_BETWEEN = Change(
    delete(Lot).where(Lot.tenant_id == TENANT, Lot.place >= bindparam("first"), Lot.place < bindparam("end"))
)
EXPIRY_JOB_BEFORE = Query(
    select(Job.id)
    .where(
        Job.tenant_id == TENANT,
        Job.kind == bindparam("kind"),
        Job.subject == bindparam("subject"),
        Job.due_at_ms > bindparam("now_ms"),
        Job.due_at_ms <= bindparam("due_ms"),
    )
    .limit(1)
)

POINTS_IN_ACCOUNTS = Query(
    select(func.sum(LedgerBalance.balance)).where(
        LedgerBalance.tenant_id == TENANT,
        LedgerBalance.account >= bindparam("first"),
        LedgerBalance.account < bindparam("end"),
    )
)
POINTS_POSTED = Query(
    select(func.sum(LedgerEntry.amount)).where(
        LedgerEntry.tenant_id == TENANT, LedgerEntry.account == bindparam("account")
    )
)
