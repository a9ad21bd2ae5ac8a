"""Transactions of points: mint, burn and transfer, with the rules that every transaction keeps.

The order of locks, so that no two calls wait for each other: accounts (shared), then transactions that are changed,
then the balances of all wallets at once, then the enrolments of their members.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import zip_longest
from typing import NamedTuple, TypeVar

from models import ledger
from models.kernel.findings import Findings, at
from models.kernel.fingerprints import fingerprint
from models.kernel.json_values import Shown
from models.kernel.problems import Problem, joined
from models.ledger import BALANCE_MAX, BalanceTooHigh, InsufficientBalance
from models.loyalty_core.events.log import emit
from models.loyalty_core.ledger import lots
from models.loyalty_core.ledger.account_names import burned, gone, held, issued, spendable, supply
from models.loyalty_core.ledger.opening import open_account, share_accounts
from models.loyalty_core.ledger.ports import balances_changed, wallet_owners
from models.loyalty_core.ledger.problems import SameWallet, SystemUniqueKeyRepeated, WalletNotFound
from models.loyalty_core.ledger.queries import (
    INSERT_TAG,
    INSERT_TRANSACTION,
    TRANSACTIONS_OF_SETS,
    TRANSACTIONS_WITH_KEYS,
    Account,
    Transaction,
)
from models.loyalty_core.ledger.tables import Piece, PointTransaction
from models.loyalty_core.ledger.views import show_transaction
from models.loyalty_core.problems import NotEnoughPoints, SupplyExhausted, SystemUniqueKeyReused
from models.numbers import new_number
from models.uow import UnitOfWork

MINT, BURN, TRANSFER, REVERT, EXPIRY = "mint", "burn", "transfer", "revert", "expiry"
PENDING, POSTED, VOIDED, REVERTED = "pending", "posted", "voided", "reverted"
KEY = "/systemUniqueKey"
AUTO, MANUAL = "auto", "manual"
Result = TypeVar("Result")
Owners = Mapping[int, int]
"""Members by wallet: all wallets that a call may name."""


@dataclass(frozen=True, slots=True)
class Note:
    """What a caller notes on a transaction beside what it does."""

    unique_key: str | None = None
    external_id: str | None = None
    external_ms: int | None = None
    description: str | None = None
    tags: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TransactionRequest:
    """A transaction of a request. A mint has no wallet that points are taken from, a burn none that gets them."""

    type: str
    ledger_id: int
    account_id: int
    amount: int
    from_wallet_id: int | None
    to_wallet_id: int | None
    capture_method: str = AUTO
    note: Note = Note()
    lots_first: tuple[Piece, ...] = ()
    """Lots that points are taken out of before the oldest."""
    in_body: frozenset[str] = frozenset()
    """Which of ledgerId, ledgerAccountId, fromWalletId and toWalletId are members of the body, and not of the path or
    found otherwise.
    """

    def pointer_of(self, name: str) -> str:
        """The pointer of a reference that is a member of the body; empty for another."""
        return f"/{name}" if name in self.in_body else ""

    @property
    def wallet_ids(self) -> tuple[int, ...]:
        return tuple(wallet for wallet in (self.from_wallet_id, self.to_wallet_id) if wallet is not None)

    def fingerprint(self) -> str:
        """SHA-256 of the whole request: the same key may only come again with the same input."""
        note = self.note
        content = [
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
        return fingerprint(content)


class Made(NamedTuple):
    """A transaction that a call has made, or that an earlier call with the same key has made; `shown` is its answer."""

    row: Transaction
    shown: Shown


def transfer(uow: UnitOfWork, request: TransactionRequest) -> Made:
    """Move points from one wallet to another. Raises what `make` does."""
    return make(uow, [request])[0]


def mint(uow: UnitOfWork, request: TransactionRequest, owners: Owners | None = None) -> Made:
    """Make points in a wallet. Raises what `make` does."""
    return make(uow, [request], owners)[0]


def burn(uow: UnitOfWork, request: TransactionRequest, owners: Owners | None = None) -> Made:
    """Destroy points of a wallet. Raises what `make` does."""
    return make(uow, [request], owners)[0]


def make(uow: UnitOfWork, requests: Sequence[TransactionRequest], owners: Owners | None = None) -> list[Made]:
    """Make transactions in the order given, all of them or none. Pass `owners` if they are loaded already.

    Requests whose keys were used before with the same input are answered as then, and make nothing. Raises NotFound for
    ledgers, accounts and wallets; RuleViolation for a transfer to the same wallet; Conflict for keys with other input,
    or of which only some are known, and for accounts that are not active; NotEnoughPoints; SupplyExhausted;
    BalanceTooHigh.
    """
    before = replayed(uow, requests)
    if before is not None:
        return before
    share_accounts(uow, {one.account_id for one in requests})
    if owners is None:
        owners = wallet_owners(uow, list(dict.fromkeys(wallet for one in requests for wallet in one.wallet_ids)))
    accounts = _named_accounts(uow, requests, owners)
    lock_wallets(
        uow,
        [(accounts[one.account_id], one.wallet_ids) for one in requests],
        supplies_of={one.account_id for one in requests if one.type != TRANSFER},
        owners=owners,
    )
    is_keyed = any(one.note.unique_key is not None for one in requests)
    set_id: int | None = None

    def make_one(one: TransactionRequest) -> Made:
        nonlocal set_id
        number = new_number(uow, PointTransaction)
        if set_id is None and len(requests) > 1:
            set_id = number
        fingerprint_ = one.fingerprint() if is_keyed else None
        row = _post(uow, accounts[one.account_id], one, number, set_id=set_id, fingerprint=fingerprint_)
        return record(uow, row, owners)

    made = _each(requests, make_one)
    publish_balances(uow, (one.row for one in made))
    return made


def make_set(uow: UnitOfWork, requests: Sequence[TransactionRequest]) -> list[Made]:
    """Make the transfers of a set, all of them or none. Raises what `make` does; the pointers say of which items."""
    try:
        return make(uow, requests)
    except Problem as problem:
        point_to_items(problem, lambda place: f"/create/{place}")
        raise


def point_to_items(problem: Problem, pointer_of: Callable[[int], str]) -> None:
    """Put what is wrong with items of a request below their pointers."""
    for one in problem.all:
        if one.item is not None:
            one.pointer = f"{pointer_of(one.item)}{one.pointer}"


def _each(requests: Sequence[TransactionRequest], work: Callable[[TransactionRequest], Result]) -> list[Result]:
    """Call a function with each request in turn; the problem that it raises gets the place of the refused request."""
    results: list[Result] = []
    for place, one in enumerate(requests):
        try:
            results.append(work(one))
        except Problem as problem:
            problem.item = place
            raise
    return results


def _named_accounts(uow: UnitOfWork, requests: Sequence[TransactionRequest], owners: Owners) -> dict[int, Account]:
    """The accounts of requests by their ids.

    Raises NotFound, Conflict for all accounts and wallets that cannot be used.
    """
    accounts: dict[int, Account] = {}
    problems: list[Problem] = []
    for place, one in enumerate(requests):
        found = Findings()
        with found.at(""):
            accounts[one.account_id] = open_account(uow, one.ledger_id, one.account_id, one.in_body)
        for name, wallet_id in (("fromWalletId", one.from_wallet_id), ("toWalletId", one.to_wallet_id)):
            if wallet_id is not None and wallet_id not in owners:
                with found.at(one.pointer_of(name)):
                    raise WalletNotFound(f"There is no wallet {wallet_id}.")
        for problem in found.problems:
            problem.item = place
        problems += found.problems
    if problems:
        raise joined(problems)
    return accounts


def replayed(uow: UnitOfWork, requests: Sequence[TransactionRequest]) -> list[Made] | None:
    """The first answers to keys that were all used before with the same input; None when none of them was.

    Raises Conflict.
    """
    keys = [one.note.unique_key for one in requests if one.note.unique_key is not None]
    if not keys:
        return None
    _each(requests, partial(_check_single, set[str]()))
    rows = {row.unique_key: row for row in uow.rows(TRANSACTIONS_WITH_KEYS, keys=keys)}
    if not rows:
        return None
    if len(rows) < len(keys):
        _each(requests, partial(_check_new, rows))
    before = _whole_set(uow, rows[keys[0]])
    fingerprints = [one.fingerprint() for one in requests]
    if [row.fingerprint for row in before] != fingerprints:
        problem = SystemUniqueKeyReused(f"The systemUniqueKey {keys[0]} was used before with other input.")
        problem.put_below(KEY)
        pairs = enumerate(zip_longest((row.fingerprint for row in before), fingerprints))
        problem.item = next(place for place, (then, now) in pairs if then != now)
        raise problem
    return [Made(row, show_transaction(uow, row, as_made=True)) for row in before]


def _check_single(seen: set[str], one: TransactionRequest) -> None:
    key = one.note.unique_key
    if key is not None and key in seen:
        with at(KEY):
            raise SystemUniqueKeyRepeated(f"The systemUniqueKey {key} must be unique within the request.")
    seen |= {key} if key is not None else set()


def _check_new(rows: Mapping[str | None, Transaction], one: TransactionRequest) -> None:
    key = one.note.unique_key
    if key is not None and key in rows:
        with at(KEY):
            raise SystemUniqueKeyReused(
                f"The systemUniqueKey {key} was used before, but not with all of these transactions."
            )


def _whole_set(uow: UnitOfWork, row: Transaction) -> list[Transaction]:
    """A transaction, and those that were made in one set with it, of which some may have no key."""
    return [row] if row.set_id is None else uow.rows(TRANSACTIONS_OF_SETS, set_ids=[row.set_id])


def lock_wallets(
    uow: UnitOfWork,
    wallets: Iterable[tuple[Account, Iterable[int]]],
    *,
    supplies_of: Collection[int],
    owners: Owners | None = None,
) -> Owners:
    """Lock all that the wallets hold of the accounts, and the supplies of those accounts where points are made or
    destroyed.

    Returns members by wallet. Raises NotFound.
    """
    names: set[str] = set()
    ids: dict[int, None] = {}
    for account, wallet_ids in wallets:
        for wallet_id in wallet_ids:
            ids[wallet_id] = None
            names |= {spendable(account.id, wallet_id), held(account.id, wallet_id)}
        # Who only transfers must not wait for everybody who mints.
        if account.max_supply is not None and account.id in supplies_of:
            names |= {supply(account.id), gone(account.id)}
    if owners is None:
        owners = wallet_owners(uow, list(ids)) if ids else {}
    for wallet_id in ids:
        if wallet_id not in owners:
            raise WalletNotFound(f"There is no wallet {wallet_id}.")
    ledger.lock(uow, names)
    return owners


def source(account: Account) -> str:
    """Where new points of an account come from."""
    return issued(account.id) if account.max_supply is None else supply(account.id)


def sink(account: Account) -> str:
    """Where destroyed points of an account go: back to a revolving supply, or out of it for good."""
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
    """Checked before lots change, so that a refusal has no side effects. Raises NotEnoughPoints."""
    there = ledger.balance(uow, spendable(account.id, wallet_id))
    if there < amount:
        raise NotEnoughPoints(f"Wallet {wallet_id} has {there} points to spend and {amount} are asked for.")


def subject(account_id: int, wallet_id: int) -> str:
    """What an expiry job is about."""
    return f"{account_id}/{wallet_id}"


def check_room(uow: UnitOfWork, account: Account, wallet_id: int, amount: int) -> None:
    """Balance and holds of a wallet stay within the integers that JSON clients read exactly. Raises BalanceTooHigh."""
    there = sum(ledger.balance(uow, place(account.id, wallet_id)) for place in (spendable, held))
    if there + amount > BALANCE_MAX:
        raise BalanceTooHigh


def take_lots(
    uow: UnitOfWork, account: Account, wallet_id: int, amount: int, first: Sequence[Piece] = ()
) -> list[Piece] | None:
    """Take points out of a wallet's lots, before they are posted; None where the account keeps no track."""
    if not account.tracked or not amount:
        return None
    place = spendable(account.id, wallet_id)
    return lots.take(uow, place, amount, balance=ledger.balance(uow, place), first=first)


def put_lots(uow: UnitOfWork, account: Account, wallet_id: int, pieces: Sequence[Piece] | None) -> None:
    """Put points into a wallet's lots."""
    if account.tracked and pieces:
        lots.put(uow, spendable(account.id, wallet_id), pieces, expiry_subject=subject(account.id, wallet_id))


def record(uow: UnitOfWork, row: Transaction, owners: Owners) -> Made:
    """Write a new transaction, its labels and its event at the end of the unit."""
    uow.insert_at_end(INSERT_TRANSACTION, **row._asdict())
    for tag in dict.fromkeys(row.tags):
        uow.insert_at_end(INSERT_TAG, account_id=row.account_id, tag=tag, transaction_id=row.id)
    wallet = row.to_wallet_id if row.to_wallet_id is not None else row.from_wallet_id
    shown = show_transaction(uow, row)
    emit(uow, "ledger-transaction-created", shown, member_id=None if wallet is None else owners[wallet])
    return Made(row, shown)


def new_transaction(
    uow: UnitOfWork,
    request: TransactionRequest,
    number: int,
    *,
    lots_moved: list[Piece] | None = None,
    is_pending: bool = False,
    reverts_id: int | None = None,
    set_id: int | None = None,
    fingerprint: str | None = None,
) -> Transaction:
    """The row of a new transaction: posted and captured whole unless it is pending."""
    note = request.note
    return Transaction(
        id=number,
        ledger_id=request.ledger_id,
        account_id=request.account_id,
        type=request.type,
        status=PENDING if is_pending else POSTED,
        amount=request.amount,
        captured_amount=None if is_pending else request.amount,
        from_wallet_id=request.from_wallet_id,
        to_wallet_id=request.to_wallet_id,
        capture_method=request.capture_method,
        reverts_id=reverts_id,
        unique_key=note.unique_key,
        fingerprint=fingerprint,
        set_id=set_id,
        external_id=note.external_id,
        external_ms=note.external_ms,
        description=note.description,
        tags=note.tags,
        lots=None if lots_moved is None else list(lots_moved),
        created_ms=uow.now_ms,
        updated_ms=uow.now_ms,
    )


def publish_balances(uow: UnitOfWork, rows: Iterable[Transaction]) -> None:
    """Report the wallets whose points transactions have moved: the tiers of their members may change."""
    moved: dict[tuple[int, int], set[int]] = {}
    for row in rows:
        moved.setdefault((row.ledger_id, row.account_id), set()).update(row.wallet_ids)
    for (ledger_id, account_id), wallets in sorted(moved.items()):
        if wallets:
            balances_changed(uow, ledger_id, account_id, sorted(wallets))


def _post(
    uow: UnitOfWork,
    account: Account,
    request: TransactionRequest,
    number: int,
    *,
    set_id: int | None,
    fingerprint: str | None,
) -> Transaction:
    """Move the points of a transaction. Raises RuleViolation, NotEnoughPoints, SupplyExhausted, BalanceTooHigh."""
    source_id, target_id, amount = request.from_wallet_id, request.to_wallet_id, request.amount
    if source_id is not None and source_id == target_id:
        with at(request.pointer_of("toWalletId")):
            raise SameWallet("fromWalletId and toWalletId must be different wallets.")
    is_pending = request.capture_method == MANUAL
    giver = source(account) if source_id is None else spendable(account.id, source_id)
    if is_pending:
        assert source_id is not None, "a hold is placed on points of a wallet"
        taker = held(account.id, source_id)
    else:
        taker = sink(account) if target_id is None else spendable(account.id, target_id)
    if target_id is not None:
        check_room(uow, account, target_id, amount)
    pieces = None
    if source_id is not None:
        check_enough(uow, account, source_id, amount)
        pieces = take_lots(uow, account, source_id, amount, first=request.lots_first)
    elif account.tracked and amount:
        pieces = lots.fresh(uow, amount, account.expires_in_months)
    move(uow, account, str(number), [(giver, -amount), (taker, amount)])
    if not is_pending and target_id is not None:
        put_lots(uow, account, target_id, pieces)
    return new_transaction(
        uow, request, number, lots_moved=pieces, is_pending=is_pending, set_id=set_id, fingerprint=fingerprint
    )
