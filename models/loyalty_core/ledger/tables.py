"""Tables of the Loyalty Core API: ledgers, their accounts, and the transactions of points.

What wallets hold is in the shared ledger (`models/ledger.py`), under the names that
`models/loyalty_core/ledger/account_names.py` gives.
"""

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.kernel.base import Base, Json, Name
from models.row_counts import count_rows

KEY = Name(255)
Piece = tuple[int, int | None, int]
"""Points of a lot: the number of the lot that they are from (0 for points in no lot), when they expire (None for
never), how many. In a row that was read it is a list.
"""


class PointLedger(Base):
    """Accounts that belong together."""

    __tablename__ = "lc_ledgers"
    __table_args__ = (
        UniqueConstraint("tenant_id", "ledger_key"),
        Index("ix_lc_ledgers_created", "tenant_id", "created_ms", "id"),
        Index("ix_lc_ledgers_updated", "tenant_id", "updated_ms", "id"),
        Index("ix_lc_ledgers_name", "tenant_id", "name", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ledger_key: Mapped[str] = mapped_column(KEY)
    name: Mapped[str] = mapped_column(Name(255))
    description: Mapped[str | None] = mapped_column(String(4096))
    default_account_id: Mapped[int | None]
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


class PointAccount(Base):
    """One kind of points of a ledger. The ledger says which one is its default."""

    __tablename__ = "lc_accounts"
    __table_args__ = (
        UniqueConstraint("tenant_id", "account_key"),
        Index("ix_lc_accounts_ledger", "tenant_id", "ledger_id", "id"),
        Index("ix_lc_accounts_created", "tenant_id", "ledger_id", "created_ms", "id"),
        Index("ix_lc_accounts_updated", "tenant_id", "ledger_id", "updated_ms", "id"),
        Index("ix_lc_accounts_name", "tenant_id", "ledger_id", "name", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ledger_id: Mapped[int]
    account_key: Mapped[str] = mapped_column(KEY)
    name: Mapped[str] = mapped_column(Name(255))
    active: Mapped[bool]
    is_currency: Mapped[bool]
    decimals: Mapped[int]
    format_string: Mapped[str | None] = mapped_column(String(255))
    max_supply: Mapped[int | None]
    is_revolving: Mapped[bool]
    tracked: Mapped[bool]
    """Whether lots are kept, so that points expire (`models/loyalty_core/ledger/lots.py`)."""
    sync_algorand: Mapped[bool]
    expires_in_months: Mapped[int]
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


class PointTransaction(Base):
    """Points made, moved or destroyed: what the API shows of it. Its entries in the ledger begin with its number.

    `lots` are the pieces that it moves, as [[number, expires_ms, amount], ...], so that a revert can give them back.
    Those of one transaction set share the `set_id`, which is the id of the first.
    """

    __tablename__ = "lc_transactions"
    __table_args__ = (
        UniqueConstraint("tenant_id", "unique_key"),
        Index("ix_lc_transactions_account", "tenant_id", "account_id", "id"),
        Index("ix_lc_transactions_created", "tenant_id", "account_id", "created_ms", "id"),
        Index("ix_lc_transactions_stats", "tenant_id", "account_id", "created_ms", "type", "status", "captured_amount"),
        Index("ix_lc_transactions_updated", "tenant_id", "account_id", "updated_ms", "id"),
        Index("ix_lc_transactions_external_date", "tenant_id", "account_id", "external_ms", "id"),
        Index("ix_lc_transactions_external_id", "tenant_id", "account_id", "external_id"),
        Index("ix_lc_transactions_set", "tenant_id", "set_id"),
        Index("ix_lc_transactions_from", "tenant_id", "from_wallet_id", "account_id", "id"),
        Index("ix_lc_transactions_to", "tenant_id", "to_wallet_id", "account_id", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ledger_id: Mapped[int]
    account_id: Mapped[int]
    type: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16))
    amount: Mapped[int]
    captured_amount: Mapped[int | None]
    from_wallet_id: Mapped[int | None]
    to_wallet_id: Mapped[int | None]
    capture_method: Mapped[str] = mapped_column(String(8))
    reverts_id: Mapped[int | None]
    unique_key: Mapped[str | None] = mapped_column(String(255))
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of the input, where there is a key, or one in its set."""
    set_id: Mapped[int | None]
    external_id: Mapped[str | None] = mapped_column(String(255))
    external_ms: Mapped[int | None]
    description: Mapped[str | None] = mapped_column(String(1024))
    tags: Mapped[list[str]]
    lots: Mapped[list[Piece] | None] = mapped_column(Json)
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


count_rows("lc_transactions", ("account_id",))


class TransactionTag(Base):
    """A label of a transaction, so that they are found by it."""

    __tablename__ = "lc_transaction_tags"

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tag: Mapped[str] = mapped_column(String(255), primary_key=True)
    transaction_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Lot(Base):
    """Points of a wallet that came together and expire together; the oldest go first."""

    __tablename__ = "lc_lots"
    __table_args__ = (Index("ix_lc_lots_due", "tenant_id", "place", "expires_ms"),)

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(Name(96), primary_key=True)
    """Whose they are: the name of the wallet's account in the shared ledger."""
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Grows: the order in which lots came."""
    amount: Mapped[int]
    expires_ms: Mapped[int | None]
