"""What is not kept any longer goes some rows at a time, each time in a unit of work of its own."""

from collections.abc import Iterator

import pytest

from models import pruning
from models.advocacy.tables import UsedSignature
from models.kernel.clock import DAY_MS
from models.kernel.connection import LazyConnection
from models.outbox import history
from models.outbox.outbox import Delivery, Event
from models.tenancy.tenants import TenantRow
from models.uow import UnitOfWork
from troth.app import Server, build
from troth.outbox.units import OutboxUnits
from troth.settings import Settings


@pytest.fixture
def own() -> Iterator[Server]:
    server = build(Settings(mock=True, database_url="sqlite://", fixed_clock=True))
    with server.runtime.storage.session() as session, session.begin():
        session.add(
            TenantRow(
                id=77,
                sandbox_id=server.runtime.main.id,
                api="advocacy",
                alias="t",
                name="t",
                settings={},
                live=True,
                project="p",
                created_ms=1,
            )
        )
    yield server
    server.close()


def unit(server: Server) -> UnitOfWork:
    units = OutboxUnits(server.runtime)
    [tenant] = [tenant for tenant in units.tenants_of(server.runtime.main) if tenant.id == 77]
    return UnitOfWork(
        tenant=tenant,
        sandbox=server.runtime.main,
        connection=LazyConnection(server.runtime.storage.writing),
        directory=server.runtime.directory,
        public_url="",
        request_number=1,
    )


def test_a_job_removes_so_many_rows_and_is_continued_by_another(own: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "ROWS_MAX", 10)
    monkeypatch.setattr(history, "PRUNED_AT_ONCE", 4)
    now_ms = own.runtime.main.clock.now_ms()
    uow = unit(own)
    with uow.transaction():
        uow.session.add_all(
            [UsedSignature(tenant_id=77, signature=f"s{number}", until_ms=now_ms - 1) for number in range(25)]
        )
        for number in range(9):
            uow.session.add(
                Event(
                    tenant_id=77, id=f"e{number}", number=number, type="t", body="{}", created_ms=now_ms - 31 * DAY_MS
                )
            )
            uow.session.add(
                Delivery(
                    tenant_id=77,
                    id=f"d{number}",
                    event_id=f"e{number}",
                    endpoint_id="1",
                    url="u",
                    created_ms=1,
                    status="pending" if number == 3 else "delivered",
                )
            )
    units, seen = OutboxUnits(own.runtime), []
    more = True
    while more:
        more = units.prune_some(own.runtime.main, uow.tenant)
        with uow.transaction() as session:
            seen.append(
                (len(session.scalars(uow.scoped(UsedSignature)).all()), len(session.scalars(uow.scoped(Event)).all()))
            )
    assert seen == [(15, 5), (5, 1), (0, 1)]
    with uow.transaction() as session:
        assert [row.id for row in session.scalars(uow.scoped(Delivery))] == ["d3"]
