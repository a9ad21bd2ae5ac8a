"""The present of a unit of work: read again behind every lock, never earlier than before, kept where it was given."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from models import ledger
from models.kernel.written import WrittenDiffers, check_written
from models.ledger import LedgerEntry
from models.loyalty_core.ledger import opening
from models.tenancy.sandboxes import Sandbox
from models.tenancy.tenants import TenantRow
from models.uow import UnitOfWork
from tests.support.client import Client
from tests.support.tenants import ApiTenant, fresh_alias
from troth.apis import domain_of
from troth.app import Server


class Hands:
    """A clock that is where it is put."""

    fixed = False

    def __init__(self, at_ms: int) -> None:
        self.at_ms = at_ms

    def now_ms(self) -> int:
        return self.at_ms

    def tick(self) -> None:
        """Nothing moves it."""


@pytest.fixture
def tenant(server: Server, client: Client) -> ApiTenant:
    alias = fresh_alias()
    with server.runtime.storage.session() as session, session.begin():
        made = domain_of("loyalty_core").provision.create(
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
    return ApiTenant(server, client, made.tenant, "/loyalty-core")


@pytest.fixture
def clock() -> Hands:
    return Hands(100)


@pytest.fixture
def unit(tenant: ApiTenant, clock: Hands) -> Iterator[UnitOfWork]:
    """A unit that began at 100, on a clock that stands at 105 now, as after a wait."""
    made = unit_on(tenant, clock)
    clock.at_ms = 105
    try:
        yield made
    finally:
        made._connection.close()  # nothing is committed


def unit_on(tenant: ApiTenant, clock: Hands, now_ms: int | None = None) -> UnitOfWork:
    unit = tenant.unit()
    return UnitOfWork(
        tenant=unit.tenant,
        sandbox=Sandbox(1, clock=clock, seed=None),
        connection=unit._connection,
        directory=unit.directory,
        public_url=unit.public_url,
        request_number=unit.request_number,
        now_ms=now_ms,
    )


def lock(unit: UnitOfWork) -> None:
    unit.lock(select(TenantRow).where(TenantRow.id == unit.tenant_id))


@pytest.mark.parametrize(
    "locking",
    [
        lock,
        lambda unit: unit.lock_all(select(TenantRow).where(TenantRow.id == unit.tenant_id)),
        lambda unit: ledger.lock(unit, ["a1/w1"]),
        lambda unit: ledger.balance(unit, "a1/w1"),
        lambda unit: opening.share_account(unit, 1),
    ],
    ids=["lock", "lock_all", "ledger.lock", "ledger.balance", "share_account"],
)
def test_it_is_read_again_behind_a_lock(unit: UnitOfWork, locking: Callable[[UnitOfWork], object]) -> None:
    assert unit.now_ms == 100
    locking(unit)
    assert unit.now_ms == 105


def test_it_never_goes_back(unit: UnitOfWork, clock: Hands) -> None:
    clock.at_ms = 90
    lock(unit)
    assert unit.now_ms == 100


def test_a_unit_that_was_given_its_present_keeps_it(tenant: ApiTenant, clock: Hands) -> None:
    """A job on a fixed clock sees the time that it was due at, however far the clock has been moved."""
    unit = unit_on(tenant, clock, now_ms=50)
    with unit.transaction():
        lock(unit)
        assert unit.now_ms == 50


def test_what_is_dated_behind_a_lock_is_dated_after_what_was_there(unit: UnitOfWork) -> None:
    """A transaction that waited is not dated before the one that it waited for."""
    posted = ledger.post(unit, transaction_id="t", kind="award", legs=[("a1/w1", 5), ("@issued", -5)])
    assert posted.created_ms == 105


def test_a_balance_that_would_differ_from_its_entries_is_not_written(unit: UnitOfWork) -> None:
    ledger.post(unit, transaction_id="t", kind="award", legs=[("a1/w1", 5), ("@issued", -5)])
    ledger.postings(unit).entries.pop(0)
    with pytest.raises(WrittenDiffers, match="entries of a1/w1: 5 asked for, 0 written"):
        unit.finish()
    assert unit.session.scalars(unit.scoped(LedgerEntry)).all() == []


def test_balances_are_written_in_several_steps(unit: UnitOfWork) -> None:
    """As a batch does, whose later items look for the earlier ones in the database."""
    for number in range(3):
        ledger.post(unit, transaction_id=f"t{number}", kind="award", legs=[("a1/w1", 5), ("@issued", -5)])
        unit.write_collected()
    assert ledger.balances(unit, ["a1/w1"]) == {"a1/w1": (15, 15)}


def test_amounts_that_differ_are_an_error_that_no_refusal_handling_catches() -> None:
    check_written("points", 3, 3)
    with pytest.raises(RuntimeError, match="points: 3 asked for, 2 written"):
        check_written("points", 3, 2)
