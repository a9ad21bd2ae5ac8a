"""Tenants and their credentials.

A tenant is one API's data in one environment. Credentials are kept as SHA-256 of the secret and looked up by it; what
must be recovered (SaaSquatch keys sign JWTs) is sealed beside it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, bindparam, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.kernel.base import Base
from models.kernel.clock import DAY_MS, monotonic_s
from models.kernel.connection import LazyConnection
from models.kernel.limits import ClockWindows, Limiter
from models.kernel.statements import TENANT, Query
from models.kernel.vault import PURPOSE_COLUMN, Vault, digest
from models.tenancy.configuration import Configuration

CONTROL_TENANT_ID = 0
"""The control plane's own tenant: it has no row, and its writes do not move a fixed clock."""

CACHE_SECONDS = 1.0
CACHE_ENTRIES_MAX = 10_000
HINT_CHARACTERS = 4
EXPIRING_MS = 14 * DAY_MS
"""A credential whose end date is nearer than that is reported: there is time to give its clients another one."""


class TenantRow(Base):
    """One API's data in one environment (live or test)."""

    __tablename__ = "tenants"
    __table_args__ = (UniqueConstraint("api", "alias"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    api: Mapped[str] = mapped_column(String(32))
    alias: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(255))
    live: Mapped[bool]
    project: Mapped[str] = mapped_column(String(64))
    sandbox_id: Mapped[int] = mapped_column(ForeignKey("sandboxes.id"))
    settings: Mapped[dict[str, object]]
    created_ms: Mapped[int]


class CredentialRow(Base):
    """A key of a tenant: its digest, and the sealed secret where the API has to recover it."""

    __tablename__ = "credentials"
    __table_args__ = (Index("ix_credentials_tenant", "tenant_id", "created_ms"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenants.id"))
    kind: Mapped[str] = mapped_column(String(32))
    scopes: Mapped[list[str]]
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info={PURPOSE_COLUMN: "kind"})
    hint: Mapped[str] = mapped_column(String(8))
    demo: Mapped[bool] = mapped_column(default=False)
    created_ms: Mapped[int]
    expires_ms: Mapped[int | None]
    revoked_ms: Mapped[int | None]


TENANT_BY_ALIAS = Query(
    select(TenantRow).where(TenantRow.api == bindparam("api"), TenantRow.alias == bindparam("alias"))
)
TENANT_BY_ID = Query(select(TenantRow).where(TenantRow.id == bindparam("id")))
CREDENTIAL = Query(select(CredentialRow).where(CredentialRow.digest == bindparam("digest")))
ACTIVE_CREDENTIALS = Query(
    select(CredentialRow)
    .where(
        CredentialRow.tenant_id == TENANT, CredentialRow.kind == bindparam("kind"), CredentialRow.revoked_ms.is_(None)
    )
    .order_by(CredentialRow.created_ms, CredentialRow.digest)
)

Settings = TypeVar("Settings")


@dataclass(frozen=True, slots=True)
class Tenant:
    """What a request needs to know of its tenant. `settings` is read only."""

    id: int
    api: str
    alias: str
    name: str
    live: bool
    project: str
    sandbox_id: int
    settings: dict[str, object] = field(hash=False)

    @property
    def key(self) -> str:
        """The tenant's name across APIs, e.g. `saasquatch/demo`."""
        return f"{self.api}/{self.alias}"


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential that is not revoked; `Directory.has_expired` says whether its end date has come."""

    tenant_id: int
    kind: str
    scopes: tuple[str, ...]
    expires_ms: int | None = None


def _tenant(row: TenantRow) -> Tenant:
    return Tenant(row.id, row.api, row.alias, row.name, row.live, row.project, row.sandbox_id, row.settings)


class Directory:
    """Tenants and credentials, cached for at most a second so that a revoked key dies quickly everywhere."""

    def __init__(
        self,
        vault: Vault,
        now_ms: Callable[[Tenant], int],
        limiter: Limiter | None = None,
        ttl_s: float = CACHE_SECONDS,
        current_times_ms: Callable[[Tenant], tuple[int, ...]] | None = None,
        stands_still: Callable[[Tenant], bool] | None = None,
    ) -> None:
        self.vault = vault
        self.now_ms = now_ms
        """The present on a tenant's clock."""
        self.stands_still = stands_still or (lambda _tenant: False)
        """Whether a tenant's clock is fixed: waiting does not move it."""
        self.current_times_ms = current_times_ms or (lambda tenant: (now_ms(tenant),))
        """The presents that a caller's claim of time may be true at: in mock mode those of the tenant's clock and of
        the caller's.
        """
        self.limiter = limiter or ClockWindows()
        self.configuration = Configuration()
        """What units of work keep of a tenant's configuration."""
        self._ttl_s = ttl_s
        self._cache: dict[object, tuple[float, object]] = {}

    def cached(self, key: object) -> Any:
        """What `remember` stored under the key less than a second ago, else None."""
        entry = self._cache.get(key)
        if entry is None:
            return None
        if entry[0] < monotonic_s():
            self._cache.pop(key, None)
            return None
        return entry[1]

    def remember(self, key: object, value: object) -> None:
        """Cache a value for the time to live of the directory. A full cache is emptied first."""
        if len(self._cache) >= CACHE_ENTRIES_MAX:
            self._cache.clear()
        self._cache[key] = (monotonic_s() + self._ttl_s, value)

    def settings(self, tenant: Tenant, parse: Callable[[dict[str, object]], Settings]) -> Settings:
        """A tenant's settings, parsed at most once a second."""
        known: Settings | None = self.cached(("settings", tenant.id))
        if known is None:
            known = parse(tenant.settings)
            self.remember(("settings", tenant.id), known)
        return known

    def forget(self) -> None:
        """Drop everything: tenants or credentials were changed in this process."""
        self._cache.clear()
        self.configuration.forget()

    def tenant(self, connection: LazyConnection, api: str, alias: str) -> Tenant | None:
        """The tenant of an API by its alias."""
        row = connection.first(TENANT_BY_ALIAS, {"api": api, "alias": alias})
        return _tenant(row) if row else None

    def tenant_by_id(self, connection: LazyConnection, tenant_id: int) -> Tenant | None:
        """The tenant with a number; None where there is none."""
        row = connection.first(TENANT_BY_ID, {"id": tenant_id})
        return _tenant(row) if row else None

    def credential(self, connection: LazyConnection, secret: str) -> Credential | None:
        """The active credential with this secret."""
        row = connection.first(CREDENTIAL, {"digest": digest(secret)})
        if row is None or row.revoked_ms is not None:
            return None
        return Credential(row.tenant_id, row.kind, tuple(row.scopes), row.expires_ms)

    def has_expired(self, credential: Credential, tenant: Tenant) -> bool:
        """Whether the end date of a tenant's credential has come: by wall time in production, by the sandbox's clock in
        a mock.
        """
        return credential.expires_ms is not None and credential.expires_ms <= self.now_ms(tenant)

    def secrets(self, connection: LazyConnection, tenant: Tenant, kind: str) -> list[str]:
        """A tenant's secrets of a kind that are neither revoked nor expired, oldest first, opened from the vault."""
        rows = connection.rows(ACTIVE_CREDENTIALS, {"tenant_id": tenant.id, "kind": kind})
        if not rows:
            return []
        now_ms = self.now_ms(tenant)
        return [
            self.vault.open(row.sealed, row.kind).decode()
            for row in rows
            if row.sealed and (row.expires_ms is None or row.expires_ms > now_ms)
        ]


def create_tenant(
    session: Session,
    *,
    api: str,
    alias: str,
    name: str,
    live: bool,
    project: str,
    sandbox_id: int,
    settings: dict[str, object],
    now_ms: int,
) -> Tenant:
    """Add a tenant; its alias is unique within the API (IntegrityError otherwise)."""
    number = 1 + (session.scalar(select(TenantRow.id).order_by(TenantRow.id.desc()).limit(1)) or 0)
    row = TenantRow(
        id=number,
        api=api,
        alias=alias,
        name=name,
        live=live,
        project=project,
        sandbox_id=sandbox_id,
        settings=settings,
        created_ms=now_ms,
    )
    session.add(row)
    session.flush()
    return _tenant(row)


def add_credential(
    session: Session,
    vault: Vault,
    tenant: Tenant,
    secret: str,
    *,
    kind: str,
    now_ms: int,
    scopes: Sequence[str] = (),
    recoverable: bool = False,
    demo: bool = False,
    expires_ms: int | None = None,
    presented: bool = True,
) -> None:
    """Store a credential of a tenant; with `recoverable` the secret itself is sealed beside its digest.

    One that callers present must be unique, since it is what finds its tenant. One that only signs need not be: two
    tenants may have the same.
    """
    session.add(
        CredentialRow(
            digest=digest(secret if presented else f"{tenant.id}|{kind}|{secret}"),
            tenant_id=tenant.id,
            kind=kind,
            scopes=list(scopes),
            sealed=vault.seal(secret.encode(), kind) if recoverable else None,
            hint=secret[-HINT_CHARACTERS:],
            demo=demo,
            created_ms=now_ms,
            expires_ms=expires_ms,
        )
    )
    session.flush()


def revoke_credential(session: Session, tenant: Tenant, hint_or_digest: str, *, now_ms: int) -> None:
    """Revoke the tenant's one active credential whose last characters, or the start of whose digest, are given.

    Raises ValueError for fewer than four characters, and when none or more than one credential is meant.
    """
    if len(hint_or_digest) < HINT_CHARACTERS:
        raise ValueError(f"give the last {HINT_CHARACTERS} characters of the key, or at least as many of its digest")
    rows = session.scalars(
        select(CredentialRow).where(CredentialRow.tenant_id == tenant.id, CredentialRow.revoked_ms.is_(None))
    ).all()
    hit = [row for row in rows if row.hint == hint_or_digest or row.digest.startswith(hint_or_digest)]
    if len(hit) != 1:
        raise ValueError(f"{len(hit)} active keys of {tenant.alias} match {hint_or_digest!r}, not one")
    hit[0].revoked_ms = now_ms
    session.flush()


def check_vault(session: Session, vault: Vault) -> None:
    """Open one sealed secret, if there is any. Raises VaultError when it was sealed under another key."""
    row = session.scalars(select(CredentialRow).where(CredentialRow.sealed.is_not(None)).limit(1)).first()
    if row is not None and row.sealed is not None:
        vault.open(row.sealed, row.kind)


def list_tenants(session: Session, api: str | None = None) -> list[Tenant]:
    """All tenants, oldest first."""
    statement = select(TenantRow).order_by(TenantRow.id)
    if api:
        statement = statement.where(TenantRow.api == api)
    return [_tenant(row) for row in session.scalars(statement)]


def find_tenant(session: Session, api: str, alias: str) -> Tenant:
    """A tenant of an API by its alias. Raises ValueError."""
    row = session.scalar(select(TenantRow).where(TenantRow.api == api, TenantRow.alias == alias))
    if row is None:
        raise ValueError(f"{api} has no tenant {alias!r}")
    return _tenant(row)


def list_credentials(session: Session, tenant: Tenant) -> list[CredentialRow]:
    """The tenant's credentials, oldest first, revoked ones too."""
    return list(
        session.scalars(
            select(CredentialRow)
            .where(CredentialRow.tenant_id == tenant.id)
            .order_by(CredentialRow.created_ms, CredentialRow.digest)
        )
    )


def count_expiring(session: Session, kinds: Mapping[str, Sequence[str]], now_ms: int, within_ms: int) -> dict[str, int]:
    """By API: how many active credentials of these kinds end within a time from now.

    Those of other kinds are short-lived by design.

    It goes once through all credentials: no index has their ends, which every check of one would pay for.
    """
    rows = session.execute(
        select(TenantRow.api, CredentialRow.kind, func.count())
        .join(TenantRow, TenantRow.id == CredentialRow.tenant_id)
        .where(
            CredentialRow.revoked_ms.is_(None),
            CredentialRow.expires_ms > now_ms,
            CredentialRow.expires_ms <= now_ms + within_ms,
        )
        .group_by(TenantRow.api, CredentialRow.kind)
    )
    found = dict.fromkeys(kinds, 0)
    for api, kind, number in rows:
        if kind in kinds.get(api, ()):
            found[api] += number
    return found


def change_settings(session: Session, tenant: Tenant, changes: dict[str, object]) -> Tenant:
    """Merge settings into the tenant's."""
    row = session.get_one(TenantRow, tenant.id)
    row.settings = {**row.settings, **changes}
    session.flush()
    return _tenant(row)


def has_demo_credentials(session: Session) -> bool:
    """Whether the database holds the published keys of the demo, which production refuses to serve."""
    return session.scalar(select(CredentialRow.digest).where(CredentialRow.demo.is_(True)).limit(1)) is not None
