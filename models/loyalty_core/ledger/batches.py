"""Batches: many transfers in one call, each made or not by itself, or together with those of its set.

A large batch is made in slices, each a unit of work of its own: a thousand transfers in one would hold up others for a second.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from models import ledger
from models.kernel.problems import Problem
from models.loyalty_core.ledger.account_names import held, spendable
from models.loyalty_core.ledger.posting import TransactionRequest, make, read_account, read_transfer
from models.loyalty_core.problems import RuleViolation
from models.uow import UnitOfWork

Item = Mapping[str, Any]
SLICE_ITEMS_MAX = 20
"""Items that one unit of work makes, about 20 ms; a set of more is a unit of its own."""
SET_ITEMS_MAX = 100
"""Items of a set: about 20 ms, and 200 ms more where as many triggers as there may be are told of each."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Items of a batch that one unit of work makes: sets that are each made together or not at all. Places are those in the batch."""

    sets: list[list[int]]
    items: dict[int, Item]
    wanted: dict[int, TransactionRequest]


@dataclass(frozen=True, slots=True)
class Done:
    """What became of the items of a slice, by their places in the batch."""

    processed: dict[int, dict[str, Any]]
    failed: dict[int, dict[str, Any]]


def slices_of(items: Sequence[Item]) -> list[Slice]:
    """A batch in slices, none of which holds others up; a set is never divided.

    Raises InvalidInput for an item of a bad form, RuleViolation for a set of more items than SET_ITEMS_MAX.
    """
    wanted = [read_transfer(item, item["ledgerId"], item["ledgerAccountId"]) for item in items]
    grouped: list[list[list[int]]] = [[]]
    for indices in _sets(items):
        if len(indices) > SET_ITEMS_MAX:
            raise RuleViolation(f"A set has at most {SET_ITEMS_MAX} items with the same atomicSetId.")
        if grouped[-1] and sum(map(len, grouped[-1])) + len(indices) > SLICE_ITEMS_MAX:
            grouped.append([])
        grouped[-1].append(indices)
    return [
        Slice(
            sets,
            {index: items[index] for indices in sets for index in indices},
            {index: wanted[index] for indices in sets for index in indices},
        )
        for sets in grouped
    ]


def process(uow: UnitOfWork, part: Slice) -> Done:
    """Make what can be made of a slice."""
    _lock_all(uow, list(part.wanted.values()))
    keys = [one.note.unique_key for one in part.wanted.values() if one.note.unique_key is not None]
    repeats = len(set(keys)) < len(keys)
    done = Done({}, {})
    for indices in part.sets:
        try:
            made = _make_together(uow, [part.wanted[index] for index in indices])
        except Problem as problem:
            error = {
                "statusCode": problem.status,
                "message": problem.message,
                "error": HTTPStatus(problem.status).phrase,
            }
            done.failed.update({index: {**_named(index, part.items[index]), "error": error} for index in indices})
        else:
            done.processed.update(
                {
                    index: {**_named(index, part.items[index]), "transactions": [one]}
                    for index, one in zip(indices, made, strict=True)
                }
            )
            if repeats:  # a later item asks for an earlier one again, and looks for it in the database
                ledger.postings(uow).apply(uow)
    return done


def show(parts: Sequence[Done]) -> dict[str, list[dict[str, Any]]]:
    """What became of a batch: `{"processed", "failed"}`, each in the order of the items."""
    processed = {index: one for part in parts for index, one in part.processed.items()}
    failed = {index: one for part in parts for index, one in part.failed.items()}
    return {
        "processed": [processed[index] for index in sorted(processed)],
        "failed": [failed[index] for index in sorted(failed)],
    }


def _sets(items: Sequence[Item]) -> list[list[int]]:
    """The places of the items that stand or fall together, in the order of the first of each set."""
    found: dict[Any, list[int]] = {}
    for index, item in enumerate(items):
        number = item.get("atomicSetId")
        found.setdefault(("alone", index) if number is None else ("set", number), []).append(index)
    return list(found.values())


def _make_together(uow: UnitOfWork, wanted: Sequence[TransactionRequest]) -> list[dict[str, Any]]:
    """Make transfers, or leave everything as it was. Raises what `make` does."""
    with ExitStack() as undo:
        undo.enter_context(uow.session.begin_nested())
        undo.enter_context(ledger.all_or_nothing(uow))
        return make(uow, wanted)


def _lock_all(uow: UnitOfWork, wanted: Sequence[TransactionRequest]) -> None:
    """All accounts, then all balances, each in one order: item by item, two batches could wait for each other."""
    known = {
        account_id
        for account_id in sorted({one.account_id for one in wanted})
        if read_account(uow, account_id) is not None
    }
    ledger.lock(
        uow,
        {
            place(one.account_id, wallet)
            for one in wanted
            if one.account_id in known
            for wallet in one.wallet_ids
            for place in (spendable, held)
        },
    )


def _named(index: int, item: Item) -> dict[str, Any]:
    return {"itemIndex": index, "atomicSetId": item.get("atomicSetId"), "systemUniqueKey": item.get("systemUniqueKey")}
