"""What the runtime knows of an API: each API declares it in one module of this package."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from models.inbox import Signatures
from models.kernel.connection import LazyConnection
from models.resources import Resources
from troth.spec import store

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from handlers.http import Edge
    from models.kernel.vault import Vault
    from models.outbox.long_jobs import LongJob
    from models.outbox.outbox import Delivery, Event, Outcome, Settled
    from models.persons import Persons
    from models.provisioning import ConfiguredEnvironment, ConfiguredProject, KeyKind, Provisioned
    from models.tenancy.tenants import Directory, Tenant
    from models.uow import UnitOfWork
    from troth.database.storage import Storage

Row = dict[str, Any]
TROTH_ERRORS = '`{"error": {"code", "message"}}`.'
"""What the error responses of Troth's own APIs look like."""
Job = Callable[["UnitOfWork", str], None]
"""A job of the outbox: it gets the subject that it was scheduled with."""


class Provision(Protocol):
    """How tenants of the API are made: what `models/<api>/provision.py` has."""

    @property
    def KEY_KINDS(self) -> Sequence[KeyKind]:  # noqa: N802  a constant of the module
        """The kinds of credentials of a tenant, the usual one first."""

    def environments(self, alias: str, /) -> dict[str, str]:
        """The aliases of a new project's tenants: `live`, and `test` where the API has test tenants."""

    def create(
        self, session: Session, vault: Vault, *, given: Mapping[str, str], settings: Row, **tenant: Any
    ) -> Provisioned:
        """Add a tenant. Raises BadAlias, BadSettings, ValueError, IntegrityError when the alias is taken."""

    @property
    def Project(self) -> type[ConfiguredProject]:  # noqa: N802  a class of the module
        """What a scenario's project may have."""

    @property
    def Environment(self) -> type[ConfiguredEnvironment]:  # noqa: N802  a class of the module
        """What an environment of it may have."""

    def configure(self, uow: UnitOfWork, project: Any, environment: Any, /) -> None:
        """Put programs, endpoints and the like of a scenario there, in a new tenant or in one that exists."""

    def complete(self, uow: UnitOfWork, environment: Any, /) -> None:
        """Add what refers to what a new tenant was filled with."""

    def reload(self, uow: UnitOfWork, environment: Any, /) -> None:
        """Bring what `complete` added up to date in a tenant that exists."""

    def describe(self, uow: UnitOfWork, /) -> Row:
        """What `troth tenant show` prints beyond what all tenants have."""


class Webhooks(Signatures, Protocol):
    """Endpoints, deliveries and their signatures: what `models/<api>/webhooks.py` has."""

    def headers(self, uow: UnitOfWork, event: Event, delivery: Delivery, at_ms: int, /) -> dict[str, str] | None:
        """The headers to send, signatures of this instant among them; None when the endpoint wants nothing any more."""

    def settle(self, uow: UnitOfWork, delivery: Delivery, outcome: Outcome, /) -> Settled:
        """What an attempt, already counted in `delivery.attempts`, leads to."""

    def configure_endpoint(
        self, uow: UnitOfWork, /, *, url: str, types: list[str], name: str | None = None, secret: str | None = None
    ) -> Row:
        """Add an endpoint; its secret is in the answer, once. Raises ValueError."""

    def configured_endpoints(self, uow: UnitOfWork, /) -> list[Row]:
        """All endpoints, oldest first."""

    def remove_endpoints(self, uow: UnitOfWork, url: str, /) -> int:
        """Remove the endpoints at an address; how many there were."""


class Running(Protocol):
    """The running server, as far as `describe` needs it."""

    @property
    def public_url(self) -> str:
        """The address that clients call."""

    @property
    def directory(self) -> Directory:
        """Tenants and their credentials."""

    @property
    def storage(self) -> Storage:
        """The database."""


@dataclass(frozen=True, slots=True)
class Domain:
    """The API's domain: how its tenants are made and configured, and what its outbox does."""

    provision: Provision
    parse_settings: Callable[[Row], object]
    """Settings of a tenant. Raises BadSettings (a ValueError), naming what is wrong."""
    populate: Callable[[UnitOfWork, Any], dict[str, int]]
    """Fill a new tenant with as much as a scenario's `populate` says; how many rows of each table.
    Raises ValueError.
    """
    describe: Callable[[Running, list[Row]], Row]
    """Credentials and first calls of a mock's tenants, for `/_troth/info` and the welcome."""
    webhooks: Webhooks
    prune: Callable[[UnitOfWork], bool]
    """Forget some of what is not kept any longer. Returns whether there may be more."""
    page_credentials: Mapping[str, str] = field(default_factory=dict)
    """Which of the credentials that `describe` shows the documentation page fills in, by security scheme."""
    jobs: Mapping[str, Job] = field(default_factory=dict)
    """By their kind."""
    urgent_jobs: frozenset[str] = frozenset()
    """Kinds of jobs that the call which scheduled them waits for on a moving clock; all others are left to the
    dispatcher.
    """
    long_jobs: Mapping[str, LongJob] = field(default_factory=dict)
    files_folder: Callable[[str], str] | None = None
    """The key below which the files of a tenant are kept, by its alias; None where it has none."""
    before_deleted: Callable[[UnitOfWork], None] | None = None
    """Called in a tenant, and in the same transaction, before it is deleted; None where nothing is to be done."""
    has_programs: bool = False
    """Whether a new project can have a referral program with a landing page."""
    read_only_kind: str | None = None
    """The kind of credentials that can be read-only; None where there are none."""
    user_kinds: tuple[KeyKind, ...] = ()
    """Kinds of credentials that belong to a user of the tenant."""
    resources: Resources = field(default_factory=dict)
    """Its resources by table, for the diff of a sandbox."""
    addresses_changed: Callable[[Session], None] | None = None
    """Bring what derives from addresses of this server up to date, after these were changed in a copied database."""
    persons: Persons | None = None
    """What its tables hold on people; None where nobody has said, so that nobody can be exported or erased."""
    token_scopes: Callable[[UnitOfWork, str], list[str]] | None = None
    """The scopes of a user's token, by the user's name. Raises ValueError."""


@dataclass(frozen=True, slots=True)
class Api:
    """An API that this server can be."""

    name: str
    """Of its contract, its handlers and its tenants: `loyalty_core`."""
    edge: Edge
    errors: str = field(kw_only=True)
    """What its error responses look like, and what it calls the problems that every API has: Markdown for
    docs/errors.md.
    """
    prefix: str | None = None
    """The path that its addresses begin with; None for Troth's own APIs, whose contracts say."""
    host: str | None = None
    """A host that stands for the prefix, for clients that only let their host be changed."""
    domain: Domain | None = None
    """None for an API without tenants of its own."""
    mock_only: bool = False
    under_prefixes: bool = False
    """Whether its addresses are served under every other API's prefix too."""
    contract: Path | None = None
    """The bundled contract; `openapi/bundled/<name>.json` unless set."""
    handlers: str | None = None
    """The package whose modules, named after tags, have the handlers; `handlers.<name>` unless set."""

    def load(self) -> tuple[Row, bool]:
        """The contract, and whether its recorded hash says that `make bundle` has validated exactly this text."""
        return store.load(self.name, self.contract)

    @property
    def package(self) -> str:
        """The package of its handlers."""
        return self.handlers or f"handlers.{self.name}"


def has_people(tenant: Row) -> bool:
    """Whether a scenario has filled a tenant with people, those of the demo among them.

    Unknown, and so False, of a database that was seeded before.
    """
    return bool(tenant["rows"])


def first_tenants(tenants: list[Row], api: str) -> tuple[Row, Row | None]:
    """The first live tenant of an API, and its first test tenant if it has one; a test tenant alone stands in for a
    live one.
    """
    mine = [tenant for tenant in tenants if tenant["api"] == api]
    first = next((tenant for tenant in mine if tenant["environment"] == "live"), mine[0])
    return first, next((tenant for tenant in mine if tenant["environment"] == "test" and tenant is not first), None)


def find_tenant(runtime: Running, api: str, alias: str) -> Tenant | None:
    """A tenant of a running server."""
    with runtime.storage.session() as session:
        return runtime.directory.tenant(LazyConnection.of(session), api, alias)
