"""Batches: many transfers in one call, each made or not by itself, or together with those of its set.

A large batch is made in slices, each a unit of work of its own: a thousand transfers in one would hold up others for a
second.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

from models import ledger
from models.kernel.json_values import Shown
from models.kernel.problems import Problem
from models.loyalty_core.ledger.account_names import held, spendable
from models.loyalty_core.ledger.opening import share_account, share_accounts
from models.loyalty_core.ledger.ports import wallet_owners
from models.loyalty_core.ledger.posting import Made, Owners, TransactionRequest, make, point_to_items
from models.loyalty_core.ledger.problems import SetTooLarge
from models.loyalty_core.ledger.transaction_input import BatchItem
from models.uow import UnitOfWork

SLICE_ITEMS_MAX = 20
"""Items that one unit of work makes; a set of more is a unit of its own."""
SET_ITEMS_MAX = 100
"""Items of a set: about 20 ms, and 200 ms more where as many triggers as there may be get each event."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Items of a batch that one unit of work makes, by their places in the batch: sets that are each made together or
    not at all.
    """

    sets: list[list[int]]
    items: dict[int, BatchItem]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an item: the transaction that was made, or why there is none."""

    item: BatchItem
    made: Made | None = None
    problem: Problem | None = None


def slices_of(items: Sequence[BatchItem]) -> list[Slice]:
    """A batch in slices, none of which holds others up; a set is never divided.

    Raises RuleViolation for a set of more items than SET_ITEMS_MAX.
    """
    grouped: list[list[list[int]]] = [[]]
    for places in _sets(items):
        if len(places) > SET_ITEMS_MAX:
            raise SetTooLarge(f"A set has at most {SET_ITEMS_MAX} items with the same atomicSetId.")
        if grouped[-1] and sum(map(len, grouped[-1])) + len(places) > SLICE_ITEMS_MAX:
            grouped.append([])
        grouped[-1].append(places)
    return [Slice(sets, {place: items[place] for places in sets for place in places}) for sets in grouped]


def process(uow: UnitOfWork, part: Slice) -> dict[int, Outcome]:
    """Make what can be made of a slice; the outcomes of its items by their places."""
    requests = [item.request for item in part.items.values()]
    owners = _lock_all(uow, requests)
    keys = [one.note.unique_key for one in requests if one.note.unique_key is not None]
    repeats = len(set(keys)) < len(keys)
    outcomes: dict[int, Outcome] = {}
    for places in part.sets:
        items = [part.items[place] for place in places]
        try:
            made = _make_together(uow, [item.request for item in items], owners)
        except Problem as problem:
            if len(places) > 1:
                point_to_items(problem, partial(_item_pointer, places))
            outcomes.update({place: Outcome(item, problem=problem) for place, item in zip(places, items, strict=True)})
        else:
            outcomes.update({place: Outcome(item, one) for place, item, one in zip(places, items, made, strict=True)})
            if repeats:  # a later item has the key of an earlier one, and looks for it in the database
                uow.write_collected()
    return outcomes


def show(parts: Sequence[dict[int, Outcome]]) -> dict[str, list[Shown]]:
    """The outcomes of a batch: `{"processed", "failed"}`, each in the order of the items."""
    outcomes = {place: one for part in parts for place, one in part.items()}
    shown: dict[str, list[Shown]] = {"processed": [], "failed": []}
    for place in sorted(outcomes):
        one = outcomes[place]
        named = {
            "itemIndex": place,
            "atomicSetId": one.item.set_id,
            "systemUniqueKey": one.item.request.note.unique_key,
        }
        if one.made is not None:
            shown["processed"].append({**named, "transactions": [one.made.shown]})
        elif one.problem is not None:
            shown["failed"].append({**named, "error": _show_error(one.problem)})
    return shown


def _item_pointer(places: Sequence[int], place: int) -> str:
    """The pointer of an item in the batch, by its place in its set."""
    return f"/items/{places[place]}"


def _show_error(problem: Problem) -> Shown:
    phrase = HTTPStatus(problem.status).phrase
    return {"statusCode": problem.status, "message": problem.summary, "error": phrase, "code": problem.code}


def _sets(items: Sequence[BatchItem]) -> list[list[int]]:
    """The places of the items that are made together or not at all, in the order of the first of each set."""
    found: dict[tuple[str, int], list[int]] = {}
    for place, item in enumerate(items):
        found.setdefault(("alone", place) if item.set_id is None else ("set", item.set_id), []).append(place)
    return list(found.values())


def _make_together(uow: UnitOfWork, requests: Sequence[TransactionRequest], owners: Owners) -> list[Made]:
    """Make transfers, or leave everything as it was. Raises what `make` does."""
    with ledger.all_or_nothing(uow), uow.savepoint():
        return make(uow, requests, owners)


def _lock_all(uow: UnitOfWork, requests: Sequence[TransactionRequest]) -> Owners:
    """Lock all accounts, then all balances, each in one order: item by item, two batches could wait for each other.

    Returns the members by wallet.
    """
    account_ids = {one.account_id for one in requests}
    share_accounts(uow, account_ids)
    known = {account_id for account_id in sorted(account_ids) if share_account(uow, account_id) is not None}
    ledger.lock(
        uow,
        {
            place(one.account_id, wallet)
            for one in requests
            if one.account_id in known
            for wallet in one.wallet_ids
            for place in (spendable, held)
        },
    )
    return wallet_owners(uow, sorted({wallet for one in requests for wallet in one.wallet_ids}))
