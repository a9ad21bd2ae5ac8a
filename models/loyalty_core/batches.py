"""Batches: many transfers in one call, each made or not by itself, or together with those of its set."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from http import HTTPStatus
from typing import Any

from models import ledger
from models.loyalty_core.movements import Wanted, make, read_account, read_transfer
from models.loyalty_core.places import held, spendable
from models.problems import Problem
from models.uow import UnitOfWork

Item = Mapping[str, Any]


def process(uow: UnitOfWork, items: Sequence[Item]) -> dict[str, list[dict[str, Any]]]:
    """Make what can be made; `{"processed", "failed"}`, each in the order of the items. Raises InvalidInput."""
    wanted = [read_transfer(item, item["ledgerId"], item["ledgerAccountId"]) for item in items]
    _lock_all(uow, wanted)
    keys = [one.note.unique_key for one in wanted if one.note.unique_key is not None]
    repeats = len(set(keys)) < len(keys)
    processed: dict[int, dict[str, Any]] = {}
    failed: dict[int, dict[str, Any]] = {}
    for indices in _sets(items):
        try:
            made = _make_together(uow, [wanted[index] for index in indices])
        except Problem as problem:
            error = {"statusCode": problem.status, "message": problem.message, "error": HTTPStatus(problem.status).phrase}
            failed |= {index: {**_named(index, items[index]), "error": error} for index in indices}
        else:
            processed |= {index: {**_named(index, items[index]), "transactions": [one]}
                          for index, one in zip(indices, made, strict=True)}
            if repeats:  # a later item asks for an earlier one again, and looks for it in the database
                ledger.book(uow).apply(uow)
    return {"processed": [processed[index] for index in sorted(processed)], "failed": [failed[index] for index in sorted(failed)]}


def _sets(items: Sequence[Item]) -> list[list[int]]:
    """The places of the items that stand or fall together, in the order of the first of each set."""
    found: dict[Any, list[int]] = {}
    for index, item in enumerate(items):
        number = item.get("atomicSetId")
        found.setdefault(("alone", index) if number is None else ("set", number), []).append(index)
    return list(found.values())


def _make_together(uow: UnitOfWork, wanted: Sequence[Wanted]) -> list[dict[str, Any]]:
    """Make transfers, or leave everything as it was. Raises what `make` does."""
    with ExitStack() as undo:
        undo.enter_context(uow.session.begin_nested())
        undo.enter_context(ledger.all_or_nothing(uow))
        return make(uow, wanted)


def _lock_all(uow: UnitOfWork, wanted: Sequence[Wanted]) -> None:
    """All accounts, then all balances, each in one order: item by item, two batches could wait for each other."""
    known = {account_id for account_id in sorted({one.account_id for one in wanted}) if read_account(uow, account_id) is not None}
    ledger.lock(uow, {place(one.account_id, wallet) for one in wanted if one.account_id in known
                      for wallet in one.wallet_ids for place in (spendable, held)})


def _named(index: int, item: Item) -> dict[str, Any]:
    return {"itemIndex": index, "atomicSetId": item.get("atomicSetId"), "systemUniqueKey": item.get("systemUniqueKey")}
