"""The unit of work: what every function of the domain takes first.

It carries the session, the tenant, the present, the draws, and the outbox. Nothing is committed here: the edge opens,
commits or rolls back, one transaction a request. The session is opened at its first use, so that a request which needs
no data costs no transaction.
"""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models.kernel.base import Base
from models.kernel.budgets import LIMITS, Budget, Limits
from models.kernel.ids import Draws
from models.kernel.vault import Vault
from models.tenancy.sandboxes import Sandbox
from models.tenancy.tenants import Directory, Tenant

Row = TypeVar("Row", bound=Base)


class AtEnd(Protocol):
    """What a unit of work has collected and writes once, when it ends."""

    def apply(self, uow: "UnitOfWork") -> None:
        """Write it. Nothing is left afterwards."""


class SessionBox:
    """A session that is opened when it is first asked for."""

    __slots__ = ("_factory", "opened")

    def __init__(self, factory: Callable[[], Session]) -> None:
        self._factory = factory
        self.opened: Session | None = None
        """The session, or None when nobody has asked for it."""

    def get(self) -> Session:
        if self.opened is None:
            self.opened = self._factory()
        return self.opened

    def close(self) -> None:
        """End the session's transaction, if there is one, and release its rows and its connection; it can be used again."""
        if self.opened is not None:
            self.opened.close()


class UnitOfWork:
    """One request's (or one job's) work in one tenant.

    `now_ms` is the present. It is read when the unit begins, and again behind each lock (`refresh_now`). A unit that is
    given its `now_ms` (a job on a fixed clock) keeps it. `cause` is its number among the tenant's. `subject` is whom the
    credential speaks for, in the API's own terms. `services` are what the runtime offers (where files are kept, the
    dispatcher), by name. `wakes` says that jobs were added which a dispatcher should look at, `urgent` in which tenants
    the caller expects them done: they run before the answer where the database is this process's own. `at_end` is what
    parts of the domain have collected, by their name; `finish` writes it. `budget` is how much evaluation and how many
    effects the request may still cause; everything in the unit shares it.
    """

    __slots__ = (
        "_box",
        "_cause_name",
        "_draws",
        "_is_dated",
        "_numbers",
        "at_end",
        "budget",
        "cause",
        "client_ip",
        "directory",
        "entered",
        "now_ms",
        "public_url",
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
        box: SessionBox,
        directory: Directory,
        public_url: str,
        cause: int,
        cause_name: str | None = None,
        now_ms: int | None = None,
        subject: Any = None,
        client_ip: str | None = None,
        user_agent_header: bytes | None = None,
        services: dict[str, Any] | None = None,
    ) -> None:
        self.tenant = tenant
        self.sandbox = sandbox
        self._box = box
        self.directory = directory
        self.public_url = public_url
        self.cause = cause
        self._is_dated = now_ms is not None
        self.now_ms = sandbox.clock.now_ms() if now_ms is None else now_ms
        self._cause_name = cause_name
        self._draws: Draws | None = None
        self.subject = subject
        self.client_ip = client_ip
        self.user_agent_header = user_agent_header
        self.services = services or {}
        self.wakes = False
        self.urgent: set[int] = set()
        limits: Limits | None = self.services.get(LIMITS)
        self.budget = Budget(Limits() if limits is None else limits)
        self.at_end: dict[str, AtEnd] = {}
        self.entered: UnitOfWork | None = None
        self._numbers = 0

    @property
    def session(self) -> Session:
        return self._box.get()

    @property
    def draws(self) -> Draws:
        """The ids and random numbers of this unit."""
        if self._draws is None:
            self._draws = self.sandbox.draws(self.tenant.key, self._cause_name or str(self.cause))
        return self._draws

    @property
    def user_agent(self) -> str | None:
        """The caller's User-Agent, decoded as Latin-1 (RFC 9110, section 5.5)."""
        return None if self.user_agent_header is None else self.user_agent_header.decode("latin-1")

    @property
    def tenant_id(self) -> int:
        return self.tenant.id

    @property
    def vault(self) -> Vault:
        return self.directory.vault

    def scoped(self, model: type[Row]) -> Select[Row]:
        """`SELECT` of a tenant's rows: the only way a statement on a tenant's table starts."""
        return select(model).where(model.tenant_id == self.tenant.id)  # type: ignore[attr-defined]

    def order_number(self) -> int:
        """A number that grows with each call within the tenant, below 2**53."""
        self._numbers += 1
        return self.sandbox.order_number(self.cause, self._numbers)

    def enter(self, tenant: Tenant) -> "UnitOfWork":
        """A unit in a tenant that only the request's body names (a token request), in the same transaction.

        It counts as one of that tenant's requests. Whoever enters also finishes it.
        """
        self.entered = UnitOfWork(
            tenant=tenant,
            sandbox=self.sandbox,
            box=self._box,
            directory=self.directory,
            public_url=self.public_url,
            cause=self.sandbox.next_cause(tenant.id),
            client_ip=self.client_ip,
            services=self.services,
        )
        return self.entered

    def finish(self) -> None:
        """Write what was collected and flush. Called once by whoever opened the unit, before the commit."""
        for collected in self.at_end.values():
            collected.apply(self)
        if self._box.opened is not None:
            self._box.opened.flush()

    def lock(self, statement: Select[Row]) -> Row | None:
        """The first row of a statement, locked until the unit ends (`FOR UPDATE`; SQLite locks the whole database)."""
        row = self.session.scalars(_locking(statement)).first()
        self.refresh_now()
        return row

    def lock_all(self, statement: Select[Row]) -> list[Row]:
        """All rows of a statement, locked until the unit ends. The statement orders them, so that two units cannot deadlock."""
        rows = list(self.session.scalars(_locking(statement)))
        self.refresh_now()
        return rows

    def refresh_now(self) -> None:
        """Read the present again, after a statement that may have waited for another unit's lock. It never goes back.

        Without it: A begins at 100 and waits for the account that B holds; B, which began at 105, writes a row dated 105 and
        commits; A gets the lock, sees that row, and takes it for one of the future. Clocks of two servers differ too, so
        that a row may still be dated later than this: what is recorded as done (given, cancelled, redeemed) counts as
        done whatever its date; only planned times (expiry, validity) are compared with the present.

        On a fixed clock this changes nothing for requests that come one after another: it moves between units only.
        """
        if not self._is_dated:
            self.now_ms = max(self.now_ms, self.sandbox.clock.now_ms())


def _locking(statement: Select[Row]) -> Select[Row]:
    """The statement with `FOR UPDATE`; rows that the session has read before are overwritten with what is there now."""
    return statement.with_for_update().execution_options(populate_existing=True)
