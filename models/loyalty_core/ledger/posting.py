"""Points made, moved and destroyed: the rules that every transaction keeps, whichever call asks for it.

The order of locks, so that no two calls wait for each other: accounts (shared), then transactions that are changed, then
the balances of all wallets at once, then the tiers of their members.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from models import ledger
from models.kernel.fingerprints import fingerprint
from models.kernel.statements import TENANT, Insertion, Query
from models.ledger import BALANCE_MAX, BalanceTooHigh, InsufficientBalance
from models.loyalty_core.events.log import emit
from models.loyalty_core.instants import bounded_ms
from models.loyalty_core.ledger import lots
from models.loyalty_core.ledger.account_names import burned, gone, held, issued, spendable, supply
from models.loyalty_core.ledger.ledgers import default_account_id, default_ledger_id, find_ledger
from models.loyalty_core.ledger.ports import balances_changed, wallet_owners
from models.loyalty_core.ledger.tables import PointAccount, PointTransaction, TransactionTag
from models.loyalty_core.ledger.views import show_transaction
from models.loyalty_core.problems import Conflict, NotEnoughPoints, NotFound, RuleViolation, SupplyExhausted
from models.numbers import new_number
from models.uow import UnitOfWork

MINT, BURN, TRANSFER, REVERT, EXPIRY = "mint", "burn", "transfer", "revert", "expiry"
PENDING, POSTED, VOIDED, REVERTED = "pending", "posted", "voided", "reverted"
AUTO, MANUAL = "auto", "manual"
WALLETS_AT_ONCE_MAX = 64
"""Wallets whose members one statement finds."""

_INSERT = Insertion(PointTransaction)
_INSERT_TAG = Insertion(TransactionTag)
_ACCOUNT_COLUMNS = select(
    PointAccount.id,
    PointAccount.ledger_id,
    PointAccount.active,
    PointAccount.max_supply,
    PointAccount.is_revolving,
    PointAccount.tracked,
    PointAccount.expires_in_months,
).where(PointAccount.tenant_id == TENANT, PointAccount.id == bindparam("id"))


class Account(NamedTuple):
    """What decides on how points of an account move."""

    id: int
    ledger_id: int
    active: bool
    max_supply: int | None
    is_revolving: bool
    tracked: bool
    expires_in_months: int


_ACCOUNT = Query(_ACCOUNT_COLUMNS, Account)


@dataclass(frozen=True, slots=True)
class Note:
    """What a caller says about a transaction beside what it does."""

    unique_key: str | None = None
    external_id: str | None = None
    external_ms: int | None = None
    description: str | None = None
    tags: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TransactionRequest:
    """A transaction as it is asked for. Points come from nowhere in a mint, and go nowhere in a burn."""

    type: str
    ledger_id: int
    account_id: int
    amount: int
    from_wallet_id: int | None
    to_wallet_id: int | None
    capture_method: str = AUTO
    note: Note = Note()
    lots_first: tuple[lots.Piece, ...] = ()
    """Lots that points are taken out of before the oldest."""

    @property
    def wallet_ids(self) -> tuple[int, ...]:
        return tuple(wallet for wallet in (self.from_wallet_id, self.to_wallet_id) if wallet is not None)

    def fingerprint(self) -> str:
        """SHA-256 of all that was asked for: the same key may only come again with the same input."""
        note = self.note
        asked = [
            self.type,
            self.ledger_id,
            self.account_id,
            self.amount,
            self.from_wallet_id,
            self.to_wallet_id,
            self.capture_method,
            note.external_id,
            note.external_ms,
            note.description,
            note.tags,
        ]
        return fingerprint(asked)


def read_note(body: Mapping[str, Any]) -> Note:
    """The note of a request. Raises InvalidInput for a date that cannot be read."""
    date = body.get("externalEventDate")
    return Note(
        body.get("systemUniqueKey"),
        body.get("externalId"),
        None if date is None else bounded_ms(date),
        body.get("description"),
        body.get("tags", []),
    )


def read_transfer(body: Mapping[str, Any], ledger_id: int, account_id: int) -> TransactionRequest:
    """A transfer of a request. Raises InvalidInput."""
    return TransactionRequest(
        TRANSFER,
        ledger_id,
        account_id,
        body["amount"],
        body["fromWalletId"],
        body["toWalletId"],
        body.get("captureMethod", AUTO),
        read_note(body),
    )


def read_mint(body: Mapping[str, Any], ledger_id: int, account_id: int, wallet_id: int) -> TransactionRequest:
    """A mint of a request. Raises InvalidInput."""
    return TransactionRequest(MINT, ledger_id, account_id, body["amount"], None, wallet_id, note=read_note(body))


def read_burn(body: Mapping[str, Any], ledger_id: int, account_id: int, wallet_id: int) -> TransactionRequest:
    """A burn of a request. Raises InvalidInput."""
    return TransactionRequest(
        BURN, ledger_id, account_id, body["amount"], wallet_id, None, body.get("captureMethod", AUTO), read_note(body)
    )


def make(uow: UnitOfWork, wanted: Sequence[TransactionRequest]) -> list[dict[str, Any]]:
    """Make transactions in the order given, all of them or none; what was written, as answers show it.

    Those whose keys came before are answered again and make nothing. Raises NotFound for ledgers, accounts and wallets;
    RuleViolation for a transfer to the same wallet; Conflict for keys with other input, or of which only some are known, and for
    accounts that are not active; NotEnoughPoints; SupplyExhausted; BalanceTooHigh.
    """
    known = replayed(uow, wanted)
    if known is not None:
        return known
    accounts = {}
    for account_id, ledger_id in sorted({(one.account_id, one.ledger_id) for one in wanted}):
        accounts[account_id] = open_account(uow, ledger_id, account_id)
    owners = lock_wallets(
        uow,
        [(accounts[one.account_id], one.wallet_ids) for one in wanted],
        supplies_of={one.account_id for one in wanted if one.type != TRANSFER},
    )
    is_keyed = any(one.note.unique_key is not None for one in wanted)
    set_id: int | None = None
    made = []
    for one in wanted:
        row = _row_of(uow, one, is_keyed=is_keyed)
        set_id = set_id or row.id
        row.set_id = set_id if len(wanted) > 1 else None
        made.append(_make_one(uow, accounts[one.account_id], one, row, owners))
    publish_tier_changes(uow, made)
    return [show_transaction(uow, row) for row in made]


def replayed(uow: UnitOfWork, wanted: Sequence[TransactionRequest]) -> list[dict[str, Any]] | None:
    """The first answers to keys that all came before with the same input; None when none of them did. Raises Conflict."""
    keys = [one.note.unique_key for one in wanted if one.note.unique_key is not None]
    if not keys:
        return None
    if len(set(keys)) < len(keys):
        raise Conflict("A systemUniqueKey stands there twice.")
    rows = {
        row.unique_key: row
        for row in uow.session.scalars(uow.scoped(PointTransaction).where(PointTransaction.unique_key.in_(keys)))
    }
    if not rows:
        return None
    if len(rows) < len(keys):
        raise Conflict("Some of the systemUniqueKeys came before, and others did not.")
    before = _whole_set(uow, rows[keys[0]])
    if [row.fingerprint for row in before] != [one.fingerprint() for one in wanted]:
        raise Conflict(f"The systemUniqueKey {keys[0]} came before with other input.")
    return [show_transaction(uow, row, as_made=True) for row in before]


def _whole_set(uow: UnitOfWork, row: PointTransaction) -> list[PointTransaction]:
    """A transaction, and those that were made in one set with it, of which some may have no key."""
    if row.set_id is None:
        return [row]
    return list(
        uow.session.scalars(
            uow.scoped(PointTransaction).where(PointTransaction.set_id == row.set_id).order_by(PointTransaction.id)
        )
    )


def resolve_account(
    uow: UnitOfWork, ledger_id: int | None, account_id: int | None, unique_key: str | None
) -> tuple[int, int]:
    """Ledger and account of a call that need not name both: those of the default program, the ledger's default account.

    When its key came before, what was meant then is meant again, whatever the defaults are now. Raises NotFound, Conflict.
    """
    if unique_key is not None and account_id is None:
        before = uow.session.scalars(
            uow.scoped(PointTransaction).where(PointTransaction.unique_key == unique_key)
        ).first()
        if before is not None and ledger_id in (None, before.ledger_id):
            return before.ledger_id, before.account_id
    if ledger_id is None:
        ledger_id = default_ledger_id(uow)
    return ledger_id, default_account_id(uow, ledger_id) if account_id is None else account_id


def open_account(uow: UnitOfWork, ledger_id: int, account_id: int) -> Account:
    """An account whose points can move. Raises NotFound, Conflict when it is not active."""
    account = read_account(uow, account_id)
    if account is None or account.ledger_id != ledger_id:
        find_ledger(uow, ledger_id)
        raise NotFound(f"The ledger {ledger_id} has no account {account_id}.")
    if not account.active:
        raise Conflict(f"The account {account_id} is not active.")
    return account


def read_account(uow: UnitOfWork, account_id: int) -> Account | None:
    """An account, if there is such a one.

    Whoever moves points shares a lock of the account: else somebody could set a limit that a mint has not seen, or end
    the keeping of lots while a transfer takes some.
    """
    return uow.share_row(_ACCOUNT, id=account_id)


def lock_wallets(
    uow: UnitOfWork, wallets: Iterable[tuple[Account, Iterable[int]]], *, supplies_of: Collection[int]
) -> dict[int, int]:
    """Lock all that the wallets hold of the accounts, and the supplies of those accounts where points are made or destroyed.

    Returns members by wallet. Raises NotFound.
    """
    names: set[str] = set()
    asked: dict[int, None] = {}
    for account, wallet_ids in wallets:
        for wallet_id in wallet_ids:
            asked[wallet_id] = None
            names |= {spendable(account.id, wallet_id), held(account.id, wallet_id)}
        # Who only transfers must not wait for everybody who mints.
        if account.max_supply is not None and account.id in supplies_of:
            names |= {supply(account.id), gone(account.id)}
    owners = _owners(uow, list(asked))
    ledger.lock(uow, names)
    return owners


def _owners(uow: UnitOfWork, wallet_ids: Sequence[int]) -> dict[int, int]:
    """Members by wallet. Raises NotFound for a wallet of nobody."""
    owners = wallet_owners(uow, wallet_ids)
    for wallet_id in wallet_ids:
        if wallet_id not in owners:
            raise NotFound(f"There is no wallet {wallet_id}.")
    return owners


def source(account: Account) -> str:
    """Where new points of an account come from."""
    return issued(account.id) if account.max_supply is None else supply(account.id)


def sink(account: Account) -> str:
    """Where points of an account go that are destroyed: back to a revolving supply, or away for good."""
    if account.max_supply is None:
        return burned(account.id)
    return supply(account.id) if account.is_revolving else gone(account.id)


def restoring(uow: UnitOfWork, account: Account, amount: int) -> list[tuple[str, int]]:
    """The legs that destroyed points come back from: what is gone for good, and what that lacks from the supply.

    Where they went then does not matter: the account may have become revolving, or limited, since.
    """
    if account.max_supply is None:
        return [(burned(account.id), -amount)]
    part = min(amount, ledger.balance(uow, gone(account.id)))
    return [(gone(account.id), -part), (supply(account.id), part - amount)]


def move(uow: UnitOfWork, account: Account, transaction_id: str, legs: Sequence[tuple[str, int]]) -> None:
    """Post legs, those of 0 left out. Raises NotEnoughPoints, SupplyExhausted, BalanceTooHigh."""
    moved = [leg for leg in legs if leg[1]]
    if not moved:
        return
    try:
        ledger.post(uow, transaction_id=transaction_id, kind="points", legs=moved, recorded=False)
    except InsufficientBalance as error:
        raise (SupplyExhausted if error.account == supply(account.id) else NotEnoughPoints) from error


def check_enough(uow: UnitOfWork, account: Account, wallet_id: int, amount: int) -> None:
    """Before lots are touched, so that what is refused has changed nothing. Raises NotEnoughPoints."""
    there = ledger.balance(uow, spendable(account.id, wallet_id))
    if there < amount:
        raise NotEnoughPoints(f"Wallet {wallet_id} has {there} points to spend and {amount} are asked for.")


def subject(account_id: int, wallet_id: int) -> str:
    """What an expiry job is about."""
    return f"{account_id}/{wallet_id}"


def check_room(uow: UnitOfWork, account: Account, wallet_id: int, amount: int) -> None:
    """What a wallet holds, with what is set aside, stays a number that JSON clients read exactly. Raises BalanceTooHigh."""
    there = sum(ledger.balance(uow, place(account.id, wallet_id)) for place in (spendable, held))
    if there + amount > BALANCE_MAX:
        raise BalanceTooHigh


def take_lots(
    uow: UnitOfWork, account: Account, wallet_id: int, amount: int, first: Sequence[lots.Piece] = ()
) -> list[lots.Piece] | None:
    """Take points out of a wallet's lots, before they are posted; None where the account keeps no track."""
    if not account.tracked or not amount:
        return None
    place = spendable(account.id, wallet_id)
    return lots.take(uow, place, amount, balance=ledger.balance(uow, place), first=first)


def put_lots(uow: UnitOfWork, account: Account, wallet_id: int, pieces: Sequence[lots.Piece] | None) -> None:
    """Put points into a wallet's lots."""
    if account.tracked and pieces:
        lots.put(uow, spendable(account.id, wallet_id), pieces, expiry_subject=subject(account.id, wallet_id))


def record(uow: UnitOfWork, row: PointTransaction, owners: Mapping[int, int]) -> PointTransaction:
    """Write a new transaction's row and labels when the unit ends, and tell of it."""
    records = ledger.postings(uow).records
    values = {column.key: getattr(row, column.key) for column in PointTransaction.__table__.columns}
    records.append((_INSERT, values))
    for tag in dict.fromkeys(row.tags):
        records.append((_INSERT_TAG, {"account_id": row.account_id, "tag": tag, "transaction_id": row.id}))
    wallet = row.to_wallet_id if row.to_wallet_id is not None else row.from_wallet_id
    emit(
        uow,
        "ledger-transaction-created",
        show_transaction(uow, row),
        member_id=None if wallet is None else owners[wallet],
    )
    return row


def row_of(uow: UnitOfWork, wanted: TransactionRequest, **members: Any) -> PointTransaction:
    """The row of a new transaction: posted and captured whole, by itself and with no key, unless `members` say otherwise."""
    note = wanted.note
    values = {
        "status": POSTED,
        "captured_amount": wanted.amount,
        "reverts_id": None,
        "lots": None,
        "set_id": None,
        "fingerprint": None,
        **members,
    }
    return PointTransaction(
        tenant_id=uow.tenant_id,
        id=new_number(uow, PointTransaction),
        ledger_id=wanted.ledger_id,
        account_id=wanted.account_id,
        type=wanted.type,
        amount=wanted.amount,
        from_wallet_id=wanted.from_wallet_id,
        to_wallet_id=wanted.to_wallet_id,
        capture_method=wanted.capture_method,
        unique_key=note.unique_key,
        external_id=note.external_id,
        external_ms=note.external_ms,
        description=note.description,
        tags=note.tags,
        created_ms=uow.now_ms,
        updated_ms=uow.now_ms,
        **values,
    )


def publish_tier_changes(uow: UnitOfWork, rows: Iterable[PointTransaction]) -> None:
    """Let the members of all wallets that rows name be judged anew."""
    moved: dict[tuple[int, int], set[int]] = {}
    for row in rows:
        wallets = {wallet for wallet in (row.from_wallet_id, row.to_wallet_id) if wallet is not None}
        moved.setdefault((row.ledger_id, row.account_id), set()).update(wallets)
    for (ledger_id, account_id), wallets in sorted(moved.items()):
        if wallets:
            balances_changed(uow, ledger_id, account_id, sorted(wallets))


def _row_of(uow: UnitOfWork, wanted: TransactionRequest, *, is_keyed: bool) -> PointTransaction:
    return row_of(uow, wanted, fingerprint=wanted.fingerprint() if is_keyed else None)


def _make_one(
    uow: UnitOfWork, account: Account, wanted: TransactionRequest, row: PointTransaction, owners: Mapping[int, int]
) -> PointTransaction:
    if wanted.from_wallet_id is not None and wanted.from_wallet_id == wanted.to_wallet_id:
        raise RuleViolation("Points are moved from one wallet to another, not to the same one.")
    giver = source(account) if wanted.from_wallet_id is None else spendable(account.id, wanted.from_wallet_id)
    if wanted.capture_method == MANUAL:
        assert wanted.from_wallet_id is not None, "nothing is set aside of what does not exist yet"
        row.status, row.captured_amount = PENDING, None
        taker = held(account.id, wanted.from_wallet_id)
    else:
        taker = sink(account) if wanted.to_wallet_id is None else spendable(account.id, wanted.to_wallet_id)
    if wanted.to_wallet_id is not None:
        check_room(uow, account, wanted.to_wallet_id, wanted.amount)
    if wanted.from_wallet_id is not None:
        check_enough(uow, account, wanted.from_wallet_id, wanted.amount)
        row.lots = take_lots(uow, account, wanted.from_wallet_id, wanted.amount, first=wanted.lots_first)
    elif account.tracked and wanted.amount:
        row.lots = lots.fresh(uow, wanted.amount, account.expires_in_months)
    move(uow, account, str(row.id), [(giver, -wanted.amount), (taker, wanted.amount)])
    if row.status == POSTED and wanted.to_wallet_id is not None:
        put_lots(uow, account, wanted.to_wallet_id, row.lots)
    return record(uow, row, owners)
