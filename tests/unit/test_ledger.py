"""The ledger keeps its rules under any order of postings, seen in one unit of work or over several."""

from collections import Counter
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from sqlalchemy import func, select

from models import ledger
from models.ledger import (
    BALANCE_MAX,
    BalanceTooHigh,
    InsufficientBalance,
    LedgerBalance,
    LedgerEntry,
    LedgerTransaction,
)
from tests.support.client import Client
from tests.support.tenants import ApiTenant, fresh_alias
from troth.apis import domain_of
from troth.app import Server

ANA, BO, ISSUED = "member/ana", "member/bo", "@issued"


@pytest.fixture
def holder(server: Server, client: Client) -> ApiTenant:
    return new_holder(server, client)


def new_holder(server: Server, client: Client) -> ApiTenant:
    alias = fresh_alias()
    with server.runtime.storage.session() as session, session.begin():
        made = domain_of("advocacy").provision.create(
            session,
            server.runtime.directory.vault,
            given={},
            settings={},
            alias=alias,
            name=alias,
            live=True,
            project=alias,
            sandbox_id=1,
            now_ms=1,
        )
    return ApiTenant(server, client, made.tenant, "/advocacy")


def do(holder: ApiTenant, *postings: tuple[tuple[str, int], ...], kind: str = "award") -> None:
    """Post transactions in one unit of work."""
    unit = holder.unit()
    with unit.transaction():
        for n, legs in enumerate(postings):
            ledger.post(unit, transaction_id=f"txn_{unit.request_number}_{n}", kind=kind, legs=legs)
        unit.finish()


def balances(holder: ApiTenant) -> dict[str, int]:
    unit = holder.unit()
    with unit.transaction() as session:
        return {row.account: row.balance for row in session.scalars(unit.scoped(LedgerBalance))}


def check(holder: ApiTenant) -> None:
    """Every balance is the sum of its entries, every transaction sums to zero, entries follow one another."""
    unit = holder.unit()
    with unit.transaction() as session:
        entries = session.scalars(unit.scoped(LedgerEntry).order_by(LedgerEntry.number)).all()
        rows = {row.account: row for row in session.scalars(unit.scoped(LedgerBalance))}
        transactions = session.scalar(
            select(func.count()).select_from(LedgerTransaction).where(LedgerTransaction.tenant_id == unit.tenant_id)
        )
    sums: Counter[str] = Counter()
    held: dict[str, int] = {}
    credited: Counter[str] = Counter()
    for entry in entries:
        sums[entry.transaction_id] += entry.amount
        held[entry.account] = held.get(entry.account, 0) + entry.amount
        credited[entry.account] += max(0, entry.amount)
        assert entry.balance_after == (None if entry.account.startswith("@") else held[entry.account])
    assert set(sums.values()) <= {0}
    assert len(sums) == transactions
    assert {name: (row.balance, row.credited) for name, row in rows.items()} == {
        name: (amount, credited[name]) for name, amount in held.items() if not name.startswith("@")
    }


def test_points_come_from_the_own_side_and_move_between_accounts(holder: ApiTenant) -> None:
    do(holder, ((ANA, 100), (ISSUED, -100)))
    do(holder, ((ANA, -30), (BO, 30)))
    assert balances(holder) == {ANA: 70, BO: 30}
    check(holder)


def test_a_unit_sees_its_own_postings_before_they_are_written(holder: ApiTenant) -> None:
    unit = holder.unit()
    with unit.transaction() as session:
        ledger.post(unit, transaction_id="txn_1", kind="award", legs=[(ANA, 10), (ISSUED, -10)])
        assert ledger.balance(unit, ANA) == 10
        assert ledger.balances(unit, [ANA, BO]) == {ANA: (10, 10), BO: (0, 0)}
        assert session.scalar(unit.scoped(LedgerEntry)) is None
        with pytest.raises(InsufficientBalance):
            ledger.post(unit, transaction_id="txn_2", kind="deduct", legs=[(ANA, -11), (ISSUED, 11)])
        ledger.post(unit, transaction_id="txn_3", kind="deduct", legs=[(ANA, -10), (ISSUED, 10)])
        unit.finish()
    assert balances(holder) == {ANA: 0}
    check(holder)


def test_what_is_refused_leaves_nothing(holder: ApiTenant) -> None:
    do(holder, ((ANA, ledger.AMOUNT_MAX), (ISSUED, -ledger.AMOUNT_MAX)))
    before = balances(holder)
    with pytest.raises(InsufficientBalance):
        do(holder, ((BO, 5), (ISSUED, -5)), ((BO, -6), (ISSUED, 6)))
    assert balances(holder) == before
    check(holder)


def test_no_balance_passes_what_json_clients_can_read(holder: ApiTenant) -> None:
    unit = holder.unit()
    with unit.transaction() as session:
        session.add(
            LedgerBalance(tenant_id=unit.tenant_id, account=ANA, balance=BALANCE_MAX - 1, credited=BALANCE_MAX - 1)
        )
    with pytest.raises(BalanceTooHigh):
        do(holder, ((ANA, 2), (ISSUED, -2)))
    assert balances(holder) == {ANA: BALANCE_MAX - 1}


@pytest.mark.parametrize(
    "legs",
    [
        ((ANA, 1), (ISSUED, -2)),
        ((ANA, 1), (ANA, -1)),
        ((ANA, 0), (ISSUED, 0)),
        ((ANA, ledger.AMOUNT_MAX + 1), (ISSUED, -ledger.AMOUNT_MAX - 1)),
        ((ANA, 1),),
    ],
)
def test_what_is_no_transaction_is_a_defect_of_the_caller(holder: ApiTenant, legs: Any) -> None:
    with pytest.raises(ValueError, match=r"balance|amounts"):
        do(holder, legs)
    assert balances(holder) == {}


MOVES = st.lists(
    st.lists(
        st.tuples(st.sampled_from([ANA, BO, ISSUED]), st.sampled_from([ANA, BO, ISSUED]), st.integers(1, 50)).filter(
            lambda m: m[0] != m[1]
        ),
        min_size=1,
        max_size=4,
    ),
    max_size=12,
)


@settings(max_examples=15, deadline=None, derandomize=True, database=None)
@given(sequence=MOVES)
def test_any_sequence_agrees_with_a_plain_model(
    server: Server, client: Client, sequence: list[list[tuple[str, str, int]]]
) -> None:
    """Each unit's moves stand or fall together."""
    holder = new_holder(server, client)
    model = {ANA: 0, BO: 0}
    for unit in sequence:
        tried = dict(model)
        failed = False
        for source, target, amount in unit:
            for name, signed in ((source, -amount), (target, amount)):
                if name != ISSUED:
                    tried[name] += signed
            failed = failed or (source != ISSUED and tried[source] < 0)
            if failed:
                break
        postings = [((target, amount), (source, -amount)) for source, target, amount in unit]
        if failed:
            with pytest.raises(InsufficientBalance):
                do(holder, *postings)
        else:
            do(holder, *postings)
            model = tried
        assert {name: balances(holder).get(name, 0) for name in model} == model
    check(holder)
