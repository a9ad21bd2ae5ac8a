"""Changing TROTH_SECRET_KEY: before, in the middle and after, with servers on either key, and with a run that is
killed.
"""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from sqlalchemy import LargeBinary, select
from typer.testing import CliRunner

from models import idempotency
from models.kernel.base import Base
from models.kernel.connection import LazyConnection
from models.kernel.vault import PURPOSE, PURPOSE_COLUMN, Vault, VaultError
from models.outbox import endpoints, signing
from models.tenancy import rotation
from models.tenancy.rotation import VaultKeyRow, sealed_columns
from models.tenancy.tenants import add_credential
from models.uow import UnitOfWork
from tests.api.saasquatch.conftest import SaasquatchTenant, make_tenant
from tests.support.client import Client
from tests.support.databases import drop_postgres, fresh_postgres
from tests.support.refusals import assert_refused
from troth import cli
from troth.app import build
from troth.database.migrate import upgrade
from troth.database.storage import Storage, import_tables
from troth.rotation import rotate, sealed_secrets
from troth.runtime import Runtime
from troth.settings import Settings
from troth.starting import CannotStart

OLD, NEW = "the secret key until today", "the secret key from today on"
MANY = 800
"""Secrets: so many take long enough to be killed in the middle."""


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        made = f"sqlite:///{tmp_path}/troth.db"
        upgrade(made)
        yield made
        return
    made = fresh_postgres("rotation", tables=False)
    upgrade(made)
    yield made
    drop_postgres(made)


@contextlib.contextmanager
def served(url: str, key: str, fallback: str = "", *, of: SaasquatchTenant | None = None) -> Iterator[SaasquatchTenant]:
    """A server on these keys with a new tenant, or one of another server."""
    settings = Settings(
        database_url=url, secret_key=key, secret_key_fallback=fallback, require_https=False, pool_size=2
    )
    server = build(settings, create_tables=False, docs=False)
    client = Client(server)
    try:
        yield make_tenant(server, client) if of is None else SaasquatchTenant(server, client, of.tenant, of.key)
    finally:
        client.close()
        server.close()


def troth(*arguments: str, url: str, key: str = NEW, fallback: str = OLD, expect: int = 0) -> str:
    env = {"TROTH_DATABASE_URL": url, "TROTH_SECRET_KEY": key, "TROTH_SECRET_KEY_FALLBACK": fallback}
    done = CliRunner().invoke(cli.app, list(arguments), env=env, catch_exceptions=False)
    assert done.exit_code == expect, done.output
    return done.stdout if expect == 0 else done.stderr


def left(url: str) -> dict[str, tuple[int, int, int]]:
    """(new, old, neither) of each table that has any."""
    with served_runtime(url) as runtime:
        found = sealed_secrets(runtime, lambda *_: None)
    return {one.table: (one.new, one.old, one.unreadable) for one in found if one.new + one.old + one.unreadable}


@contextlib.contextmanager
def served_runtime(url: str, key: str = NEW, fallback: str = OLD) -> Iterator[Runtime]:
    """What a command or a worker has on these keys: without the contracts, which take a second to compile."""
    with Storage(url, 1) as storage:
        runtime = Runtime(Settings(database_url=url, secret_key=key, secret_key_fallback=fallback), storage)
        runtime.boot()
        yield runtime


def fill(tenant: SaasquatchTenant, suffix: str = "") -> None:
    """A secret of each kind that SaaSquatch's tables and the shared ones hold, and a user who is not to be tracked."""
    assert tenant.get("/users").status_code == 200
    tenant.user(f"gone{suffix}")
    assert tenant.delete(tenant.user_path(f"gone{suffix}") + "?doNotTrack=true").status_code == 204
    unit = tenant.unit()
    with unit.transaction():
        endpoints.add(unit, endpoint_id=f"e{suffix}", url="https://hooks.example.org/", types=["*"], secret="s" * 32)
        assert idempotency.begin(unit, f"k{suffix}", "fingerprint") is None
        idempotency.keep(unit, f"k{suffix}", status=200, headers={}, answer={"said": suffix})
        signing.signing_key(unit.session, unit.vault, unit.now_ms)


def check(tenant: SaasquatchTenant, suffix: str = "") -> None:
    """Everything that `fill` has stored can be read by this server."""
    token = jwt.encode({"alg": "HS256"}, {"user": {"id": "me", "accountId": "me"}}, OctKey.import_key(tenant.key))
    tenant.user("me")
    answer = tenant.get(tenant.user_path("me"), auth=None, headers={"X-SaaSquatch-User-Token": token})
    assert answer.status_code == 200, answer.text
    again = tenant.put(tenant.user_path(f"gone{suffix}"), json={"id": f"gone{suffix}", "accountId": f"gone{suffix}"})
    assert_refused(again, 403, "DO_NOT_TRACK")
    check_rows(tenant.unit(), suffix)


def unit_in(runtime: Runtime, tenant: SaasquatchTenant) -> UnitOfWork:
    """A unit of work of a tenant in another process."""
    return UnitOfWork(
        tenant=tenant.tenant,
        sandbox=runtime.main,
        connection=LazyConnection(runtime.storage.writing),
        directory=runtime.directory,
        public_url="",
        request_number=0,
    )


def check_rows(unit: UnitOfWork, suffix: str = "") -> None:
    """What `fill` has sealed can be opened."""
    with unit.transaction():
        [endpoint] = [one for one in endpoints.list_endpoints(unit) if one.id == f"e{suffix}"]
        assert endpoints.secret_of(unit, endpoint) == "s" * 32
        kept = idempotency.begin(unit, f"k{suffix}", "fingerprint")
        assert kept is not None
        assert kept.answer == {"said": suffix}
        assert signing.signing_key(unit.session, unit.vault, unit.now_ms).sign(b"x")


def test_before_in_the_middle_and_after(url: str) -> None:
    with served(url, OLD) as before:
        fill(before, "-before")
        check(before, "-before")
    # Each server is restarted with the new key as the fallback, then with the two exchanged, while others run on the
    # other setting.
    with served(url, OLD, NEW, of=before) as on_old, served(url, NEW, OLD, of=before) as on_new:
        fill(on_old, "-old")
        fill(on_new, "-new")
        for one in (on_old, on_new):
            for suffix in ("-before", "-old", "-new"):
                check(one, suffix)
        assert "under TROTH_SECRET_KEY_FALLBACK" in troth("secret", "rotate", "--check", url=url, expect=1)
        assert sum(old for _, old, _ in left(url).values()) >= 5
        troth("secret", "rotate", url=url)
        assert {(old, neither) for _, old, neither in left(url).values()} == {(0, 0)}
        for one in (on_old, on_new):
            for suffix in ("-before", "-old", "-new"):
                check(one, suffix)
        fill(on_old, "-late")
        assert "under TROTH_SECRET_KEY_FALLBACK" in troth("secret", "rotate", "--check", url=url, expect=1)
    troth("secret", "rotate", url=url)
    troth("secret", "rotate", "--check", url=url, fallback="")
    with served(url, NEW, of=before) as after:
        for suffix in ("-before", "-old", "-new", "-late"):
            check(after, suffix)
    with pytest.raises(CannotStart, match="TROTH_SECRET_KEY_FALLBACK"), served(url, OLD, of=before):
        pass


def test_a_server_with_the_new_key_alone_starts_when_all_is_sealed_under_it_and_not_before(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run is ended after each of its slices in turn: whatever is left, servers with both keys read all, and the next
    run goes on.
    """
    monkeypatch.setattr(rotation, "SLICE", 1)
    with served(url, OLD) as before:
        fill(before)

    class Killed(Exception):
        pass

    def killed_after(slices: int) -> None:
        seen = 0

        def progress(*_: Any) -> None:
            nonlocal seen
            seen += 1
            if seen == slices:
                raise Killed

        with served_runtime(url) as runtime, contextlib.suppress(Killed):
            rotate(runtime, progress)

    kills = 0
    while any(old for _, old, _ in left(url).values()):
        kills += 1
        for key, fallback in ((OLD, NEW), (NEW, OLD)):
            with served_runtime(url, key, fallback) as runtime:
                check_rows(unit_in(runtime, before))
        with pytest.raises(CannotStart), served_runtime(url, NEW, ""):
            pass
        killed_after(kills)
    assert kills >= 4
    with served_runtime(url, NEW, "") as runtime:
        check_rows(unit_in(runtime, before))


def test_a_run_that_is_killed_goes_on_when_it_is_started_again(url: str) -> None:
    with served(url, OLD) as tenant:
        fill(tenant)
        vault = tenant.server.runtime.directory.vault
        with tenant.server.runtime.storage.session() as session, session.begin():
            for number in range(MANY):
                secret = f"secret-{number:05d}"
                add_credential(
                    session,
                    vault,
                    tenant.tenant,
                    secret,
                    kind="webhook_key",
                    now_ms=1,
                    recoverable=True,
                    presented=False,
                )
    env = {**os.environ, "TROTH_DATABASE_URL": url, "TROTH_SECRET_KEY": NEW, "TROTH_SECRET_KEY_FALLBACK": OLD}
    command = [Path(sys.executable).with_name("troth"), "secret", "rotate"]
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and left(url)["credentials"][0] == 0:
        time.sleep(0.02)
    process.kill()
    process.wait()
    assert left(url)["credentials"][0] > 0
    with served_runtime(url) as runtime:
        check_rows(unit_in(runtime, tenant))
    rows = json.loads(troth("secret", "rotate", "--json", url=url))
    assert {row["table"]: row["old_key"] for row in rows} == dict.fromkeys((row["table"] for row in rows), 0)
    with served_runtime(url, NEW, "") as runtime:
        check_rows(unit_in(runtime, tenant))


def test_a_secret_that_opens_with_neither_key_is_reported_and_left_alone(url: str) -> None:
    with served(url, OLD) as tenant:
        fill(tenant)
        stranger = Vault("a key that nobody has any more").seal(b"x", endpoints.SEALED_FOR)
        with tenant.server.runtime.storage.session() as session, session.begin():
            row = session.scalars(select(endpoints.Endpoint)).one()
            row.sealed = stranger
    assert "1 secrets open with neither" in troth("secret", "rotate", url=url, expect=1)
    assert {old for _, old, _ in left(url).values()} == {0}
    with served_runtime(url) as runtime, runtime.storage.session() as session:
        assert session.scalars(select(endpoints.Endpoint.sealed)).one() == stranger


def test_a_secret_that_is_changed_meanwhile_is_not_lost(url: str) -> None:
    """Between reading a slice and writing it a request sets another secret:
    on PostgreSQL nothing keeps it from that.
    """
    if url.startswith("sqlite"):
        pytest.skip("SQLite has one writer: a slice is read and written in one transaction")
    with served(url, OLD, NEW) as tenant:
        fill(tenant)
        newer = tenant.server.runtime.directory.vault.seal(b"newer", endpoints.SEALED_FOR)
        with served_runtime(url) as runtime, runtime.storage.session() as session, session.begin():
            vault = runtime.directory.vault
            resealed = vault.resealed

            def meanwhile(sealed: bytes, purpose: str) -> bytes | None:
                with tenant.server.runtime.storage.session() as other, other.begin():
                    other.scalars(select(endpoints.Endpoint)).one().sealed = newer
                return resealed(sealed, purpose)

            vault.resealed = meanwhile
            [column] = [one for one in sealed_columns() if one.table.name == endpoints.Endpoint.__tablename__]
            assert rotation.reseal_some(session, vault, column, None).resealed == 0
        with tenant.server.runtime.storage.session() as session:
            assert session.scalars(select(endpoints.Endpoint.sealed)).one() == newer


def test_every_binary_column_says_what_its_secrets_are_sealed_for() -> None:
    import_tables()
    binary = [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    ]
    assert len(binary) >= 6
    for column in binary:
        assert column.info.keys() & {PURPOSE, PURPOSE_COLUMN}, f"{column} is sealed for nothing that rotation knows"
    assert sealed_columns()[-1].table.name == VaultKeyRow.__tablename__


def test_a_vault_without_the_fallback_opens_nothing_that_is_under_it() -> None:
    sealed = Vault(OLD).seal(b"x", "this")
    assert Vault(NEW, OLD).open(sealed, "this") == b"x"
    with pytest.raises(VaultError):
        Vault(NEW).open(sealed, "this")
    with pytest.raises(VaultError):
        Vault(NEW, OLD).open(sealed, "that")
