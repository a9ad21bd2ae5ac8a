"""The findings of `troth doctor --db` about a served database. It is read only, and no server needs to run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, case, exists, func, inspect, literal, select, table, text

from models.kernel.clock import HOUR_MS, MINUTE_MS, SECOND_MS, wall_ms
from models.outbox.outbox import Delivery, Job
from models.tenancy.sandboxes import SandboxRow
from models.tenancy.tenants import CredentialRow, TenantRow
from troth.cli.common import fail, one_line_errors, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from troth.settings import Settings

Finding = tuple[str, str]
"""A subject, and the finding about it."""
SECRET_DIFFERENT_MIN = 10
"""Of characters: fewer were typed, not drawn. Settings refuse a key that is too short."""
LATE_MS = 5 * MINUTE_MS
"""A job that has been due for so long is not being run."""
FAILED_MIN = 5
"""So many deliveries in a row that were given up are no accident."""
SKEW_MS_MAX = 2 * SECOND_MS
ROWS_MIN = 1_000
"""A planner needs no statistics for a smaller table."""
ADDRESSES_MAX = 20


def examine(db: str | None) -> list[Finding]:
    """The findings about a database. Ends the command where it cannot be opened."""
    from troth.database.migrate import NewerSchema, schema_of
    from troth.database.opening import checked
    from troth.database.storage import Storage

    settings = settings_of(database_url=db)
    url = settings.database_url
    if Storage.is_memory(url):
        fail("a database in memory has nothing to look at: name one with --db, or a running mock with --url")
    found = [*_of_secret_key(settings)]
    with one_line_errors(), checked(url, must_exist=True):
        try:
            schema = schema_of(url)
        except NewerSchema as error:
            return [*found, ("schema", f"{error}: use the newer version of Troth, or `troth migrate --down`")]
        if not schema.is_current:
            stored = schema.stored or "nothing"
            return [
                *found,
                ("schema", f"it is at {stored}, this version works with {schema.newest}: run `troth migrate`"),
            ]
        with Storage(url, 1, settings.database_timeouts) as storage, storage.engine.connect() as connection:
            is_postgres = connection.dialect.name == "postgresql"
            found += _of_tenants(connection)
            found += _of_outbox(connection)
            found += _of_addresses(connection)
            found += (_of_postgres if is_postgres else _of_sqlite)(connection)
    return found


def _of_secret_key(settings: Settings) -> Iterator[Finding]:
    key = settings.secret_key
    if not key:
        yield "secret key", "TROTH_SECRET_KEY is not set: no server starts without one"
    elif len(set(key)) < SECRET_DIFFERENT_MIN:
        yield (
            "secret key",
            "TROTH_SECRET_KEY repeats itself: draw another one with `openssl rand -hex 32` before there are tenants",
        )


def _of_tenants(connection: Connection) -> Iterator[Finding]:
    """Tenants without a valid credential."""
    now_ms = wall_ms()
    usable = exists().where(
        CredentialRow.tenant_id == TenantRow.id,
        CredentialRow.revoked_ms.is_(None),
        (CredentialRow.expires_ms.is_(None)) | (CredentialRow.expires_ms > now_ms),
    )
    rows = connection.execute(
        select(TenantRow.api, TenantRow.alias).where(~usable).order_by(TenantRow.api, TenantRow.alias)
    )
    for api, alias in rows:
        if api != "control":
            yield f"{api}/{alias}", "it has no key that is valid: make one with `troth key create`"


def _of_outbox(connection: Connection) -> Iterator[Finding]:
    """Work that is due and not done. Clocks of mocks differ from wall time by an offset, or stand still."""
    clock_ms = func.coalesce(SandboxRow.fixed_at_ms, bindparam("now_ms") + SandboxRow.offset_ms)
    age_ms = clock_ms - Job.due_at_ms
    depth, oldest_ms = connection.execute(
        select(func.count(), func.max(age_ms)).join(SandboxRow, SandboxRow.id == Job.sandbox_id).where(age_ms >= 0),
        {"now_ms": wall_ms()},
    ).one()
    if depth and oldest_ms >= LATE_MS:
        age = f"{oldest_ms / HOUR_MS:.1f} h" if oldest_ms >= HOUR_MS else f"{oldest_ms / MINUTE_MS:.0f} min"
        yield (
            "outbox",
            f"{depth} jobs and webhooks are due, the oldest for {age}: no server or worker is working them off",
        )


def _of_addresses(connection: Connection) -> Iterator[Finding]:
    """Addresses that have taken none of the deliveries that are over."""
    delivered = func.sum(case((Delivery.status == "delivered", 1), else_=0))
    failed = func.sum(case((Delivery.status == "failed", 1), else_=0))
    rows = connection.execute(
        select(TenantRow.api, TenantRow.alias, Delivery.url, failed)  # tenant-free: each tenant is looked at
        .join(TenantRow, TenantRow.id == Delivery.tenant_id)
        .group_by(TenantRow.api, TenantRow.alias, Delivery.url)
        .having(delivered == 0, failed >= FAILED_MIN)
        .order_by(failed.desc())
        .limit(ADDRESSES_MAX)
    )
    for api, alias, url, count in rows:
        from models.outbox.addresses import masked

        yield f"{api}/{alias}", f"{masked(url)} has taken none of its webhooks, {count} were given up"


def _of_sqlite(connection: Connection) -> Iterator[Finding]:
    # `sqlite_stat1` is a table of SQLite's own, which an inspector does not list
    if connection.execute(text("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'")).scalar():
        return
    large = [name for name in sorted(inspect(connection).get_table_names()) if _is_large(connection, name)]
    if large:
        yield (
            "planner",
            f"SQLite has no statistics of {', '.join(large)}: a server makes them once an hour, or run ANALYZE",
        )


def _is_large(connection: Connection, name: str) -> bool:
    rows = select(literal(1)).select_from(table(name)).limit(1).offset(ROWS_MIN - 1)
    return connection.execute(rows).first() is not None


def _of_postgres(connection: Connection) -> Iterator[Finding]:
    if not connection.execute(text("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'")).scalar():
        yield (
            "pg_trgm",
            "the extension is missing, so each search for users reads all of a tenant: CREATE EXTENSION pg_trgm",
        )
    without = connection.execute(
        text(
            "SELECT relname FROM pg_stat_user_tables WHERE n_live_tup >= :rows AND last_analyze IS NULL AND last_autoanalyze IS NULL "
            "ORDER BY n_live_tup DESC"
        ),
        {"rows": ROWS_MIN},
    ).scalars()
    if tables := list(without):
        yield "planner", f"there are no statistics of {', '.join(tables)}: run ANALYZE, and see that autovacuum is on"
    before_ms = wall_ms()
    theirs_ms = float(connection.execute(text("SELECT extract(epoch FROM clock_timestamp()) * 1000")).scalar_one())
    after_ms = wall_ms()
    # The database has read its clock at some time between the two readings of ours.
    skew_ms = max(before_ms - theirs_ms, theirs_ms - after_ms, 0)
    if skew_ms > SKEW_MS_MAX:
        yield (
            "clock",
            f"this machine's and the database's are {skew_ms / SECOND_MS:.1f} s apart: leases and retries are off by as much",
        )
