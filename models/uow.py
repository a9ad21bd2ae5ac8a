"""The unit of work: what every function of the domain takes first.

It carries the session, the tenant, the current time, the source of ids and random numbers, and the outbox. Nothing is
committed here: the edge opens, commits or rolls back, one transaction a request. The session is opened at its first
use, so that a request which needs no data costs no transaction.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any, Protocol, TypeVar, overload

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models.kernel.base import Base
from models.kernel.budgets import LIMITS, Budget, Limits
from models.kernel.connection import LazyConnection
from models.kernel.copying import CsvCopy, copied, fetched
from models.kernel.ids import RandomSource
from models.kernel.statements import Insertion, Parameters, Query, Statement
from models.kernel.vault import Vault
from models.tenancy.sandboxes import Sandbox
from models.tenancy.tenants import Directory, Tenant

Row = TypeVar("Row", bound=Base)
R = TypeVar("R")
Cached = TypeVar("Cached")
Key = TypeVar("Key", int, str)


class FlushHook(Protocol):
    """What a unit of work has collected and writes once, when it ends."""

    def apply(self, uow: "UnitOfWork") -> None:
        """Write it, or add it to what the unit inserts at its end. Nothing is left afterwards."""


class UnitOfWork:
    """One request's (or one job's) work in one tenant.

    `now_ms` is the present. It is read when the unit begins, and again behind each lock (`refresh_now`). A unit that is
    given its `now_ms` (a job on a fixed clock) keeps it. `request_number` is its number among the tenant's. `subject`
    is whom the credential speaks for, in the API's own terms. `services` are what the runtime offers (where files are
    kept, the dispatcher), by name. `wakes` says that jobs were added which a dispatcher should look at, `urgent` in
    which tenants the caller expects them done: they run before the answer where the database is this process's own.
    `flush_hooks` is what parts of the domain have collected, by their name; `finish` writes it. `budget` is how much
    evaluation and how many effects the request may still cause; everything in the unit shares it. `causes` are what led
    to what is being done at the moment, the first cause first (`campaign/3`), and `root_event_id` is the first event of
    the chain: none while a caller's own request is carried out (`models/loyalty_core/events/causes.py`).
    """

    __slots__ = (
        "_at_end",
        "_changed_parts",
        "_connection",
        "_is_dated",
        "_numbers",
        "_random",
        "_random_name",
        "budget",
        "causes",
        "client_ip",
        "directory",
        "entered",
        "flush_hooks",
        "looks_only",
        "now_ms",
        "public_url",
        "request_number",
        "root_event_id",
        "sandbox",
        "services",
        "subject",
        "tenant",
        "urgent",
        "user_agent_header",
        "wakes",
    )

    def __init__(
        self,
        *,
        tenant: Tenant,
        sandbox: Sandbox,
        connection: LazyConnection,
        directory: Directory,
        public_url: str,
        request_number: int,
        random_name: str | None = None,
        now_ms: int | None = None,
        subject: Any = None,
        client_ip: str | None = None,
        user_agent_header: bytes | None = None,
        services: dict[str, Any] | None = None,
        looks_only: bool = False,
    ) -> None:
        self.tenant = tenant
        self.sandbox = sandbox
        self._connection = connection
        self.directory = directory
        self.public_url = public_url
        self.request_number = request_number
        self._is_dated = now_ms is not None
        self.now_ms = sandbox.clock.now_ms() if now_ms is None else now_ms
        self._random_name = random_name
        self._random: RandomSource | None = None
        self.subject = subject
        self.client_ip = client_ip
        self.user_agent_header = user_agent_header
        self.services = services or {}
        self.looks_only = looks_only
        """The request is a HEAD: nobody follows a link with it (RFC 9110, section 9.3.2)."""
        self.wakes = False
        self.urgent: set[int] = set()
        limits: Limits | None = self.services.get(LIMITS)
        self.budget = Budget(Limits() if limits is None else limits)
        self.flush_hooks: dict[str, FlushHook] = {}
        self.causes: tuple[str, ...] = ()
        self.root_event_id: int | None = None
        self.entered: UnitOfWork | None = None
        self._changed_parts: set[str] = set()
        self._at_end: dict[Insertion, list[Parameters]] = {}
        self._numbers = 0

    @property
    def connection(self) -> LazyConnection:
        """The connection, for look-ups that name no tenant or another one (the directory, public links)."""
        return self._connection

    @property
    def session(self) -> Session:
        """The ORM's session on the connection of the unit."""
        return self._connection.session

    @property
    def random(self) -> RandomSource:
        """The ids and random numbers of this unit."""
        if self._random is None:
            self._random = self.sandbox.random(self.tenant.key, self._random_name or str(self.request_number))
        return self._random

    @property
    def user_agent(self) -> str | None:
        """The caller's User-Agent, decoded as Latin-1 (RFC 9110, section 5.5)."""
        return None if self.user_agent_header is None else self.user_agent_header.decode("latin-1")

    @property
    def tenant_id(self) -> int:
        """The number of the tenant, which every statement is bound to."""
        return self.tenant.id

    @property
    def vault(self) -> Vault:
        """What seals and opens the secrets in the database."""
        return self.directory.vault

    def scoped(self, model: type[Row]) -> Select[Row]:
        """A `SELECT` filtered by tenant, for ORM code."""
        return select(model).where(model.tenant_id == self.tenant.id)  # type: ignore[attr-defined]

    def order_number(self) -> int:
        """A number that grows with each call within the tenant, below 2**53."""
        self._numbers += 1
        return self.sandbox.order_number(self.request_number, self._numbers)

    def enter(self, tenant: Tenant) -> "UnitOfWork":
        """A unit in a tenant that only the request's body names (a token request), in the same transaction.

        It counts as one of that tenant's requests. The caller that enters it also finishes it.
        """
        self.entered = UnitOfWork(
            tenant=tenant,
            sandbox=self.sandbox,
            connection=self._connection,
            directory=self.directory,
            public_url=self.public_url,
            request_number=self.sandbox.next_request_number(tenant.id),
            client_ip=self.client_ip,
            services=self.services,
        )
        return self.entered

    def finish(self) -> None:
        """Write what was collected and flush. Called once by the opener of the unit, before the commit."""
        self.write_collected()
        self._connection.flush()

    def write_collected(self) -> None:
        """Write what was collected until now, that of the flush hooks first; on PostgreSQL in one round trip."""
        collected, self._at_end = self._at_end, {}
        for hook in list(self.flush_hooks.values()):  # one that writes an event may add another
            hook.apply(self)
        for statement, rows in collected.items():
            self._at_end.setdefault(statement, []).extend(rows)
        if self._at_end:
            with self.pipelined():
                for statement, rows in self._at_end.items():
                    self._connection.insert_many(statement, rows)
            self._at_end.clear()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """The unit's transaction, for tools that open a unit themselves: what was collected is written and committed
        when its context ends, and rolled back when that raises.
        """
        with self._connection.transaction() as session:
            yield session
            self.finish()

    def configuration(self, part: str, load: Callable[["UnitOfWork"], Cached]) -> Cached:
        """A part of the tenant's configuration, such as its programs: kept from an earlier unit for at most a second,
        else loaded.

        A unit that has changed the part loads it each time, until it is committed. What `load` returns is shared:
        nobody may change it, so it consists of read-only rows.
        """
        if part in self._changed_parts:
            return load(self)
        kept, key = self.directory.configuration, (self.tenant.id, part)
        found: Cached | None = kept.get(key)
        if found is None:
            version = kept.version(key)
            found = load(self)
            kept.keep(key, version, found)
        return found

    def configured(
        self,
        part: str,
        keys: Sequence[Key],
        load: Callable[["UnitOfWork", list[Key]], Mapping[Key, Cached]],
        *,
        keeps: Callable[[Cached], bool] | None = None,
    ) -> dict[Key, Cached]:
        """Entries of a part of the configuration that may be too large to be kept whole, such as campaigns, in the
        order of their keys; missing keys are left out.

        `load` reads the entries that are not kept, all together. An entry that `keeps` refuses (one that is large) is
        read each time. The rest is as with `configuration`, and `configuration_changed` is for all entries of the part.
        """
        if not keys:
            return {}
        if part in self._changed_parts:
            loaded = load(self, list(keys))
            return {key: loaded[key] for key in keys if key in loaded}
        kept = self.directory.configuration
        entries = kept.entries((self.tenant.id, part))
        missing = [key for key in keys if key not in entries.values]
        if not missing:
            return {key: entries.values[key] for key in keys}
        loaded = load(self, missing)
        kept.keep_entries(entries, {key: row for key, row in loaded.items() if keeps is None or keeps(row)})
        known = entries.values
        return {key: loaded[key] if key in loaded else known[key] for key in keys if key in loaded or key in known}

    def configuration_changed(self, part: str) -> None:
        """Say that this unit changes a part of the configuration: call it with the change."""
        self._changed_parts.add(part)
        self._connection.after_commit(partial(self.directory.configuration.changed, (self.tenant.id, part)))

    # Prepared statements (models/kernel/statements.py). Each binds the unit's tenant.

    def rows(self, query: Query[R], **parameters: object) -> list[R]:
        """The rows of a query."""
        parameters["tenant_id"] = self.tenant.id
        return self._connection.rows(query, parameters)

    def first(self, query: Query[R], **parameters: object) -> R | None:
        """The first row of a query, or None."""
        parameters["tenant_id"] = self.tenant.id
        return self._connection.first(query, parameters)

    def one(self, query: Query[R], **parameters: object) -> R:
        """The first row of a query that always has one, such as a count; of one column its value, which may be None.

        Raises LookupError.
        """
        rows = self.rows(query, **parameters)
        if not rows:
            raise LookupError(f"no row: {query.statement}")
        return rows[0]

    def copied(self, statement: CsvCopy, **parameters: object) -> Iterator[str]:
        """The lines of CSV that PostgreSQL writes of a query's rows, each as it comes.

        Nothing else may be read before the last, or before the iterator is closed. For long jobs
        (`models/outbox/long_jobs.py`), which keep their connection from step to step there.
        """
        parameters["tenant_id"] = self.tenant.id
        return copied(self._connection, statement, parameters)

    def fetched(self, query: Query[R], size: int, **parameters: object) -> Iterator[list[R]]:
        """All rows of a query on PostgreSQL, up to `size` at a time, read as they are needed.

        For long jobs, as `copied`.
        """
        parameters["tenant_id"] = self.tenant.id
        return fetched(self._connection, query, parameters, size)

    def entity(self, query: Query[Row], **parameters: object) -> Row | None:
        """The first row of a query as an object of the ORM, whose changes are written when the unit ends."""
        parameters["tenant_id"] = self.tenant.id
        found: Row | None = self.session.scalars(query.statement, parameters).first()
        return found

    def execute(self, statement: Statement, **parameters: object) -> int:
        """Run an UPDATE or DELETE; how many rows it has changed.

        Objects of the ORM that were read before do not see it.
        """
        parameters["tenant_id"] = self.tenant.id
        return self._connection.execute(statement, parameters)

    def insert(self, statement: Insertion, **values: object) -> int:
        """Insert a row; 1, or 0 where its key exists and the statement ignores that."""
        return self._connection.execute(statement, {**statement.defaults, **values, "tenant_id": self.tenant.id})

    def insert_many(self, statement: Insertion, rows: Sequence[Parameters]) -> None:
        """Insert rows, up to `ROWS_MAX` in one statement."""
        if rows:
            fixed = {**statement.defaults, "tenant_id": self.tenant.id}
            self._connection.insert_many(statement, [{**fixed, **row} for row in rows])

    def insert_at_end(self, statement: Insertion, **values: object) -> None:
        """Insert a row when the unit ends, all rows of a table together: for rows that nothing in the unit reads (its
        events).
        """
        rows = self._at_end.setdefault(statement, [])
        rows.append({**statement.defaults, **values, "tenant_id": self.tenant.id})

    def collected(self, statement: Insertion) -> Sequence[Parameters]:
        """The rows of a table that are inserted when the unit ends, as far as they are known."""
        return self._at_end.get(statement, ())

    @contextmanager
    def undoing(self, *problems: type[BaseException]) -> Iterator[None]:
        """A context after which rows that it has collected are dropped when one of these errors is raised in it."""
        lengths = {statement: len(rows) for statement, rows in self._at_end.items()}
        try:
            yield
        except problems:
            for statement, rows in self._at_end.items():
                del rows[lengths.get(statement, 0) :]
            raise

    def execute_many(self, statement: Statement, rows: Sequence[Parameters]) -> None:
        """Run an UPDATE or DELETE once for each of the parameters; on PostgreSQL in one round trip."""
        if rows:
            self._connection.execute_many(statement, [{**row, "tenant_id": self.tenant.id} for row in rows])

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A context whose changes are undone when it raises, while the transaction goes on."""
        with self.undoing(BaseException), self._connection.savepoint():
            yield

    def pipelined(self) -> AbstractContextManager[None]:
        """A context in which changes go to PostgreSQL in one round trip; their errors may be raised at its end only."""
        return self._connection.pipelined()

    @overload
    def lock(self, statement: Query[Row], **parameters: object) -> Row | None: ...
    @overload
    def lock(self, statement: Select[Row]) -> Row | None: ...
    def lock(self, statement: object, **parameters: object) -> object:
        """The first row of a statement as an object of the ORM, locked until the unit ends (`FOR UPDATE`; SQLite locks
        the whole database).
        """
        row = self.session.scalars(*self._locking(statement, parameters)).first()
        self.refresh_now()
        return row

    @overload
    def lock_all(self, statement: Query[Row], **parameters: object) -> list[Row]: ...
    @overload
    def lock_all(self, statement: Select[Row]) -> list[Row]: ...
    def lock_all(self, statement: object, **parameters: Any) -> list[Any]:
        """All rows of a statement as objects of the ORM, locked until the unit ends.

        The statement orders them, so that two units cannot deadlock.
        """
        rows = list(self.session.scalars(*self._locking(statement, parameters)))
        self.refresh_now()
        return rows

    def lock_row(self, query: Query[R], **parameters: object) -> R | None:
        """The first row of a query, read only, locked until the unit ends."""
        rows = self.lock_rows(query, **parameters)
        return rows[0] if rows else None

    def lock_rows(self, query: Query[R], **parameters: object) -> list[R]:
        """The rows of a query, read only, locked until the unit ends.

        The query orders them, so that two units cannot deadlock.
        """
        parameters["tenant_id"] = self.tenant.id
        rows = self._connection.rows(query.locking, parameters, locks=True)
        self.refresh_now()
        return rows

    def share_row(self, query: Query[R], **parameters: object) -> R | None:
        """The first row of a query, read only, with a shared lock until the unit ends: writers of the row wait."""
        rows = self.share_rows(query, **parameters)
        return rows[0] if rows else None

    def share_rows(self, query: Query[R], **parameters: Any) -> list[R]:
        """The rows of a query, read only, their locks shared until the unit ends.

        The query orders them, as in `lock_rows`.
        """
        parameters["tenant_id"] = self.tenant.id
        rows = self._connection.rows(query.sharing, parameters, locks=True)
        self.refresh_now()
        return rows

    def _locking(self, statement: Any, parameters: dict[str, object]) -> tuple[Any, dict[str, object]]:
        """The statement with `FOR UPDATE`, and its parameters; rows that the session has read before are overwritten
        with what is there now.
        """
        if isinstance(statement, Query):
            parameters["tenant_id"] = self.tenant.id
            return statement.locking_entities, parameters
        return statement.with_for_update().execution_options(populate_existing=True), parameters

    def refresh_now(self) -> None:
        """Read the present again, after a statement that may have waited for another unit's lock. It never goes back.

        Without it: A begins at 100 and waits for the account that B holds; B, which began at 105, writes a row dated
        105 and commits; A gets the lock, sees that row, and takes it for one of the future. Clocks of two servers
        differ too, so that a row may still be dated later than this: what is recorded as done (given, cancelled,
        redeemed) counts as done whatever its date; only planned times (expiry, validity) are compared with the present.

        On a fixed clock this changes nothing for requests that come one after another: it moves between units only.
        """
        if not self._is_dated:
            self.now_ms = max(self.now_ms, self.sandbox.clock.now_ms())
