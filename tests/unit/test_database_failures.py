"""A database that is away, full, read-only, locked or slow: 503 in each vendor's shape, nothing done twice, and then
on.
"""

import asyncio
import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError

from models.kernel.clock import monotonic_s
from models.kernel.connection import LazyConnection
from tests.api.advocacy.conftest import Business, make_business
from tests.support.client import Client
from tests.support.databases import emptied_postgres
from tests.support.proxy import Proxy
from tests.unit.test_dispatcher import until
from troth.app import Server, build
from troth.database.postgres import CHECK_AFTER_S, serialise_starts
from troth.database.storage import Storage
from troth.database.timeouts import DatabaseTimeouts
from troth.settings import Settings

UNKNOWN_KEY = {"Authorization": "Bearer unknown"}
CALLS = {
    "/advocacy/api/v1/advocates": UNKNOWN_KEY,
    "/advocacy/api/v1/nowhere": UNKNOWN_KEY,
    "/leat/api/v3/oauth/clients/webhook-subscriptions": UNKNOWN_KEY,
    "/loyalty-core/api/v1/organizations/1": UNKNOWN_KEY,
    "/saasquatch/api/v1/demo/users": {},
    "/l/ABC": {},
    "/_troth/inbox/x": {},
}
"""A call of each API that asks the database who is calling."""


class Case:
    """A server of its own with one business."""

    def __init__(self, settings: Settings) -> None:
        self.server: Server = build(settings, docs=False)
        self.client = Client(self.server)
        self.business: Business = make_business(self.server, self.client)
        self.engine = self.server.runtime.storage.engine

    def create(self, email: str = "ana@example.org") -> Any:
        return self.business.post("/advocates", json={"email": email})

    def count(self) -> int:
        with self.engine.connect() as connection:
            return connection.scalar(text("SELECT count(*) FROM advocacy_advocates")) or 0

    def close(self) -> None:
        self.client.close()
        self.server.close()


@contextlib.contextmanager
def case(**settings: Any) -> Iterator[Case]:
    made = Case(Settings(mock=True, fixed_clock=True, **{"pool_size": 2, **settings}))
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def postgres() -> str:
    return emptied_postgres("failures")


def assert_unavailable(answer: Any) -> None:
    assert answer.status_code == 503, answer.text
    assert int(answer.headers["retry-after"]) > 0


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    started = monotonic_s()
    return work(), monotonic_s() - started


class TestPostgres:
    def test_a_server_that_is_away_is_a_503_of_every_api_until_it_is_back(self, postgres: str) -> None:
        with Proxy(address_of(postgres)) as proxy, case(database_url=proxied(postgres, proxy.port)) as it:
            assert it.create("before@example.org").status_code == 201
            it.server.runtime.directory.forget()
            proxy.cut()
            for path, headers in CALLS.items():
                assert_unavailable(it.client.request("GET", path, headers=headers))
            shape = it.client.request(
                "GET", "/leat/api/v3/oauth/clients/webhook-subscriptions", headers=UNKNOWN_KEY
            ).json()
            assert (shape["code"], shape["status_code"]) == (1000, 503)
            assert it.client.request("GET", "/saasquatch/api/v1/demo/users").json()["apiErrorCode"] == "UNAVAILABLE"
            proxy.restore()
            assert it.create("after@example.org").status_code == 201
            assert it.count() == 2

    def test_connections_that_the_server_has_ended_are_replaced(self, postgres: str) -> None:
        with case(database_url=postgres) as it:
            assert it.create("before@example.org").status_code == 201
            terminate_others(postgres)
            assert it.create("after@example.org").status_code == 201

    def test_when_one_connection_is_lost_the_others_are_checked(
        self, postgres: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("troth.database.postgres.CHECK_AFTER_S", 60)
        with Storage(postgres, 3) as storage:
            opened = [storage.engine.connect() for _ in range(3)]
            lost = [connection.scalar(text("SELECT pg_backend_pid()")) for connection in opened]
            for connection in opened[1:]:
                connection.close()
            with psycopg.connect(postgres, autocommit=True) as administrator:
                for process in lost:
                    administrator.execute("SELECT pg_terminate_backend(%s, 5000)", [process])
            opened[0].invalidate()  # what a unit does whose statement fails
            opened[0].close()
            again = [storage.engine.connect() for _ in range(3)]
            assert [connection.scalar(text("SELECT 1")) for connection in again] == [1, 1, 1]
            for connection in again:
                connection.close()

    def test_connections_to_a_server_that_has_become_read_only_are_replaced(self, postgres: str) -> None:
        """The roles of two servers changed behind a pooler, which keeps the connections."""
        with case(database_url=postgres) as it:
            assert it.create("before@example.org").status_code == 201
            for check in ("at the first write", "before the unit gets it"):
                with contextlib.ExitStack() as stack:
                    for driver in [
                        stack.enter_context(it.engine.connect()).connection.driver_connection for _ in range(2)
                    ]:
                        assert driver is not None
                        driver.execute("SET default_transaction_read_only = on")
                        driver.commit()
                if check == "before the unit gets it":
                    time.sleep(CHECK_AFTER_S)
                assert it.create(f"{check[:2]}@example.org").status_code == 201, check
                with it.engine.connect() as one, it.engine.connect() as other:
                    for connection in (one, other):
                        assert connection.scalar(text("SHOW transaction_read_only")) == "off", check
            assert it.count() == 3

    def test_a_server_that_stays_read_only_is_a_503(self, postgres: str) -> None:
        with case(database_url=postgres) as it:
            make_read_only(postgres, "on")
            try:
                terminate_others(postgres)
                assert_unavailable(it.create())
            finally:
                make_read_only(postgres, "off")
            assert it.create().status_code == 201
            assert it.count() == 1

    def test_a_locked_table_does_not_hold_others_for_long(self, postgres: str) -> None:
        with case(database_url=postgres, database_lock_timeout_s=0.4) as it, locked(postgres, "advocacy_advocates"):
            answer, took_s = timed(it.create)
            assert_unavailable(answer)
            assert took_s < 20, "the lock is held until the block ends: without a timeout this would wait for ever"

    def test_no_attempt_begins_after_a_wait_that_was_long_enough(
        self, postgres: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("troth.request.operation.RETRY_S", 0.3)
        with case(database_url=postgres, database_lock_timeout_s=0.4) as it, locked(postgres, "advocacy_advocates"):
            waits: list[str] = []
            translate = LazyConnection._as_ours

            def note(connection: LazyConnection, text: str, error: Exception) -> DBAPIError:
                waits.append(text)
                return translate(connection, text, error)

            monkeypatch.setattr(LazyConnection, "_as_ours", note)
            assert_unavailable(it.create())
            assert len(waits) == 1

    @pytest.mark.parametrize(("retry_s", "status"), [(0.1, 503), (30.0, 200)])
    def test_a_lost_race_is_tried_again_or_given_back_when_the_time_is_over(
        self, postgres: str, monkeypatch: pytest.MonkeyPatch, retry_s: float, status: int
    ) -> None:
        """Two units post to an account for the first time, and the other one commits half a second later."""
        monkeypatch.setattr("troth.request.operation.RETRY_S", retry_s)
        with case(database_url=postgres) as it, psycopg.connect(postgres) as other:
            advocate = it.business.advocate()["id"]
            other.execute(
                "INSERT INTO ledger_balances (tenant_id, account, balance, credited) VALUES (%s, %s, 0, 0)",
                (it.business.tenant.id, f"advocate/{advocate}"),
            )
            release = threading.Timer(0.5, other.commit)
            release.start()
            answer = it.business.post(f"/advocates/{advocate}/points", json={"amount": 5})
            release.join()
            assert answer.status_code == status, answer.text
            assert it.business.points(advocate) == (0 if status == 503 else 5)

    def test_a_statement_that_takes_too_long_is_ended(self, postgres: str) -> None:
        limits = {"database_lock_timeout_s": 0, "database_statement_timeout_s": 0.3}
        with case(database_url=postgres, **limits) as it, locked(postgres, "advocacy_advocates"):
            answer, took_s = timed(it.create)
            assert_unavailable(answer)
            assert took_s < 20

    def test_a_wait_for_a_connection_is_bounded(self, postgres: str) -> None:
        with case(database_url=postgres, pool_size=1, database_pool_timeout_s=0.2) as it, it.engine.connect() as held:
            held.execute(text("SELECT 1"))
            answer, took_s = timed(it.create)
            assert_unavailable(answer)
            assert took_s < 20

    def test_the_limits_are_settings_of_each_connection(self, postgres: str) -> None:
        limits = {"database_statement_timeout_s": 7, "database_lock_timeout_s": 2.5, "database_idle_timeout_s": 60}
        with case(database_url=with_options(postgres), **limits) as it, it.engine.connect() as connection:
            names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "search_path")
            assert [connection.scalar(text(f"SHOW {name}")) for name in names] == [
                "7s",
                "2500ms",
                "1min",
                "public,pg_temp",
            ]

    def test_a_start_waits_for_another_as_long_as_that_takes_and_has_its_limits_again(self, postgres: str) -> None:
        seen: list[list[Any]] = []

        def start(storage: Storage) -> None:
            with storage.engine.begin() as connection:
                serialise_starts(connection)
                seen.append([connection.scalar(text(f"SHOW {name}")) for name in ("lock_timeout", "statement_timeout")])

        with Storage(postgres, 2, DatabaseTimeouts(lock_s=0.2, statement_s=0.4)) as storage:
            other = threading.Thread(target=start, args=[storage])
            with storage.engine.begin() as connection:
                serialise_starts(connection)
                other.start()
                other.join(1)
                assert seen == []
            other.join(10)
        assert seen == [["200ms", "400ms"]]

    def test_jobs_may_take_longer_than_requests(self, postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
        from models.advocacy.jobs import JOBS
        from models.outbox import outbox

        seen: list[str | None] = []
        monkeypatch.setitem(
            JOBS, "look", lambda uow, _subject: seen.append(uow.session.scalar(text("SHOW statement_timeout")))
        )
        with case(database_url=postgres) as it:
            unit = it.business.unit()
            with unit.transaction():
                outbox.schedule(unit, "look", "", unit.now_ms)
            asyncio.run(it.server.runtime.services["dispatcher"].settle())
            with it.engine.connect() as connection:
                seen.append(connection.scalar(text("SHOW statement_timeout")))
        assert seen == ["10min", "15s"]

    def test_a_commit_that_may_have_happened_is_not_tried_again(
        self, postgres: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with case(database_url=postgres) as it:
            source = it.server.runtime.storage.writing
            commit = source.commit

            def commit_and_lose(connection: Any) -> None:
                commit(connection)
                monkeypatch.undo()
                lost = psycopg.OperationalError("server closed the connection unexpectedly")
                raise OperationalError("COMMIT", None, lost, connection_invalidated=True)

            monkeypatch.setattr(source, "commit", commit_and_lose)
            assert_unavailable(it.create())
            assert it.count() == 1

    def test_looking_for_jobs_leaves_prepared_statements_alone(self, postgres: str) -> None:
        with case(database_url=postgres) as it:
            from troth.outbox.units import OutboxUnits

            ended: list[str] = []
            event.listen(it.engine, "commit", lambda _connection: ended.append("commit"))
            event.listen(it.engine, "rollback", lambda _connection: ended.append("rollback"))
            OutboxUnits(it.server.runtime).next_due(it.server.runtime.main)
            assert ended == ["commit"]


class TestSqlite:
    @pytest.fixture
    def it(self, tmp_path: Path) -> Iterator[Case]:
        with case(database_url=f"sqlite:///{tmp_path}/troth.db") as made:
            yield made

    @pytest.fixture
    def driver(self, it: Case) -> sqlite3.Connection:
        """The connection that requests use."""
        connection = it.engine.raw_connection()
        found: Any = connection.driver_connection
        connection.close()
        return found

    def test_a_full_disk(self, it: Case, driver: sqlite3.Connection) -> None:
        (pages,) = driver.execute("PRAGMA page_count").fetchone()
        driver.execute(f"PRAGMA max_page_count={pages}")
        created = 0
        while (answer := it.create(f"{created}{'x' * 50}@example.org")).status_code == 201:
            created += 1
        assert_unavailable(answer)
        driver.execute("PRAGMA max_page_count=1000000")
        assert it.create().status_code == 201
        assert it.count() == created + 1

    def test_a_read_only_database(self, it: Case, driver: sqlite3.Connection) -> None:
        driver.execute("PRAGMA query_only=ON")
        assert_unavailable(it.create())
        driver.execute("PRAGMA query_only=OFF")
        assert it.create().status_code == 201

    def test_another_process_that_writes_for_long(self, it: Case, driver: sqlite3.Connection) -> None:
        driver.execute("PRAGMA busy_timeout=20")
        with contextlib.closing(sqlite3.connect(str(it.engine.url.database), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert_unavailable(it.create())
            other.execute("COMMIT")
        assert it.create().status_code == 201

    def test_a_clock_that_cannot_be_stored_does_not_repeat_the_write(
        self, it: Case, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def busy(_sandbox: Any) -> None:
            raise OperationalError("UPDATE sandboxes", None, sqlite3.OperationalError("database is locked"))

        monkeypatch.setattr(it.server.runtime, "save_clock", busy)
        assert it.create().status_code == 201
        assert it.count() == 1


class TestDispatcher:
    def test_an_outage_is_logged_once_and_work_goes_on_after_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        lines: list[str] = []
        monkeypatch.setattr("troth.outbox.dispatcher.IDLE_S", 0.02)
        for level in ("error", "warning"):
            monkeypatch.setattr(
                f"troth.outbox.dispatcher.logger.{level}", lambda line, **_values: lines.append(line), raising=False
            )
        with case(database_url="sqlite://") as it:
            dispatcher, rounds = it.server.runtime.services["dispatcher"], [0]
            look = dispatcher._units.next_due

            def away(*_arguments: Any, **_named: Any) -> None:
                rounds[0] += 1
                raise OperationalError("SELECT", None, sqlite3.OperationalError("gone"), connection_invalidated=True)

            async def run() -> None:
                monkeypatch.setattr(dispatcher._units, "next_due", away)
                started = monotonic_s()
                await dispatcher.start()
                while rounds[0] < 4:
                    dispatcher.wake()  # what wakes it does not shorten the pause
                    await asyncio.sleep(0.005)
                assert monotonic_s() - started > 0.02 + 0.04 + 0.08 - 0.01
                monkeypatch.setattr(dispatcher._units, "next_due", look)
                await until(lambda: len(lines) == 2)
                await dispatcher.stop()

            asyncio.run(asyncio.wait_for(run(), 5))
        assert lines == ["dispatcher waits for the database", "dispatcher works again"]


def address_of(url: str) -> tuple[str, int] | str:
    """Host and port of a server, or the path of its socket."""
    with psycopg.connect(url) as connection:
        host, port = connection.info.host, connection.info.port
    return f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, port)


def proxied(url: str, port: int) -> str:
    made = make_url(url).set(host="127.0.0.1", port=port).difference_update_query(["host", "port"])
    return made.render_as_string(hide_password=False)


def with_options(url: str) -> str:
    made = make_url(url).update_query_dict({"options": "-c search_path=public,pg_temp"})
    return made.render_as_string(hide_password=False)


def terminate_others(url: str) -> None:
    """End all other connections to the database."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid()"
        )


def make_read_only(url: str, value: str) -> None:
    """Have new connections to the database refuse writes, or take them."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = off")
        name = make_url(url).database
        connection.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {value}'.encode())


@contextlib.contextmanager
def locked(url: str, table: str) -> Iterator[None]:
    """Hold a lock on a table, for 8 s at most: a server without limits answers then."""
    with psycopg.connect(url) as connection:
        connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")  # type: ignore[arg-type]  # a name of ours
        release = threading.Timer(8, connection.rollback)
        release.daemon = True
        release.start()
        try:
            yield
        finally:
            release.cancel()
