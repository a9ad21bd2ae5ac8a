"""Two dispatchers claim jobs of one database at once: neither waits for the other, and none gets what the other has."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from models.kernel.clock import monotonic_s
from models.outbox import outbox
from models.outbox.delivery_claims import ENDPOINTS_MAX, WINDOW, Due, Visits, claim_in_shares
from models.outbox.outbox import Job
from models.tenancy.sandboxes import MAIN
from tests.support.databases import emptied_postgres
from tests.unit.test_sending import Two
from troth.database.storage import Storage

TENANT, NOW_MS, WALL_MS = 7, 100_000, 1_000
WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))")
"""How many sessions wait for the transaction that asks."""


@pytest.fixture
def storage() -> Iterator[Storage]:
    """PostgreSQL, whose units run at once; SQLite has one writer."""
    with Storage(emptied_postgres("claims"), 2) as made:
        made.create_tables()
        yield made


def jobs(storage: Storage, count: int, *, endpoint: str | None = None, due_ms: int = 1, sandbox: int = MAIN) -> None:
    """Due jobs, numbered on; deliveries when they have an endpoint."""
    with storage.session() as session, session.begin():
        first = session.scalar(text("SELECT count(*) FROM jobs")) or 0
        rows = [
            {
                "tenant_id": TENANT,
                "id": first + n,
                "sandbox_id": sandbox,
                "kind": "note" if endpoint is None else "delivery",
                "subject": f"{endpoint or 'j'}-{n}",
                "endpoint_id": endpoint,
                "due_at_ms": due_ms + n,
                "attempts": 0,
                "leased_until_ms": None,
            }
            for n in range(count)
        ]
        session.execute(insert(Job), rows)


@contextmanager
def impatient(storage: Storage) -> Iterator[Session]:
    """A transaction that fails where it has to wait for a lock; it is rolled back."""
    with storage.session() as session:
        session.execute(text("SET LOCAL lock_timeout = '500ms'"))
        yield session


def claim(session: Session, limit: int, *, deliveries: bool = False) -> list[str]:
    claims = outbox.claim(
        session, sandbox_id=MAIN, now_ms=NOW_MS, wall_now_ms=WALL_MS, limit=limit, deliveries=deliveries
    )
    return [one.subject for one in claims]


def in_shares(session: Session, shares: Two, visits: Visits | None = None) -> list[str]:
    due = Due(MAIN, NOW_MS, WALL_MS)
    return [one.subject for one in claim_in_shares(session, due, limit=20, shares=shares, visits=visits or Visits())]


def test_jobs_that_another_is_claiming_are_passed_over(storage: Storage) -> None:
    jobs(storage, 5)
    with storage.session() as first, impatient(storage) as second:
        assert claim(first, 2) == ["j-0", "j-1"]
        assert claim(second, 5) == ["j-2", "j-3", "j-4"]


def test_deliveries_that_another_is_claiming_are_passed_over(storage: Storage) -> None:
    for endpoint in ("a", "b"):
        jobs(storage, 2, endpoint=endpoint)
    with storage.session() as first, impatient(storage) as second:
        assert claim(first, 1, deliveries=True) == ["a-0"]
        assert in_shares(second, Two()) == ["b-0", "a-1", "b-1"]


def test_deliveries_that_another_has_leased_since_they_were_chosen_are_left_to_it(storage: Storage) -> None:
    jobs(storage, 3, endpoint="a")
    chosen = {(TENANT, n) for n in range(3)}
    with storage.session() as first, first.begin():
        assert claim(first, 2, deliveries=True) == ["a-0", "a-1"]
    with storage.session() as second:
        claims = outbox.claim_chosen(second, chosen, wall_now_ms=WALL_MS)
    assert [one.subject for one in claims] == ["a-2"]


def test_an_endpoint_is_visited_for_what_is_due_and_free_in_its_sandbox(storage: Storage) -> None:
    jobs(storage, WINDOW, endpoint="full")
    for n in range(ENDPOINTS_MAX):
        jobs(storage, 1, endpoint=f"of-another-{n}", sandbox=MAIN + 1)
    jobs(storage, 2, endpoint="y", due_ms=NOW_MS + 1)
    jobs(storage, 6, endpoint="z", due_ms=NOW_MS - 10)
    visits, found = Visits(), []
    for _ in range(3):
        with storage.session() as session, session.begin():
            found.append(in_shares(session, Two((TENANT, "full")), visits))
    assert found == [["z-0", "z-1"], ["z-2", "z-3"], ["z-4", "z-5"]]


def test_a_job_that_was_removed_while_its_failure_is_written_stays_removed(storage: Storage) -> None:
    """A member's tier is set anew, which removes the job that ends the last one, while that job has just failed."""
    jobs(storage, 1)
    failed = outbox.Claim(TENANT, 0, "note", "j-0", due_at_ms=1, attempts=0, endpoint_id=None)

    def put_off() -> None:
        with storage.session() as session, session.begin():
            outbox.retry(session, failed, NOW_MS)

    with storage.session() as remover, ThreadPoolExecutor(1) as thread:
        outbox.finish(remover, failed)
        waiting = thread.submit(put_off)
        until = monotonic_s() + 10
        while not remover.scalar(WAITING):
            assert monotonic_s() < until and not waiting.done()
        remover.commit()
        waiting.result(10)
    with storage.session() as session:
        assert session.scalar(text("SELECT count(*) FROM jobs")) == 0
