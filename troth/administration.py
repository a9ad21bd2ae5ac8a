"""What the command line does to a served database."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy.exc import IntegrityError

from models.kernel.clock import DAY_MS
from models.kernel.times import iso, parse_instant_ms
from models.outbox import signing
from models.outbox.addresses import check_target, masked
from models.provisioning import READ_ONLY, KeyKind, new_key
from models.saasquatch.problems import ReferralNotFound, ReferralNotPending
from models.saasquatch.referrals import moderation
from models.tenancy.removal import remove, rows_of
from models.tenancy.sandboxes import MAIN
from models.tenancy.tenants import (
    EXPIRING_MS,
    CredentialRow,
    change_settings,
    find_tenant,
    list_credentials,
    list_tenants,
    revoke_credential,
)
from troth import __version__
from troth.database.sqlite import PRIVATE
from troth.mock.scenarios import unit_of

if TYPE_CHECKING:
    from pathlib import Path

    from troth.apis import Domain
    from troth.runtime import Runtime

Row = dict[str, Any]
_DAYS = re.compile(r"([1-9][0-9]{0,4})d")


def create_project(runtime: Runtime, *, api: str, alias: str, name: str, landing_url: str | None) -> list[Row]:
    """The tenants of a new project, in each of the API's environments, each with what its calls name it by: the id of
    an organization or a business. Raises ValueError when the alias is bad or taken.
    """
    domain = runtime.domain(api)
    if landing_url is not None and not domain.has_programs:
        raise ValueError(f"tenants of {api} have no program with a landing page")
    provision = domain.provision
    now_ms = runtime.main.clock.now_ms()
    program = {"id": "referral-program", "name": "Referral program", "landing_url": landing_url}
    made: list[Row] = []
    try:
        with runtime.storage.session() as session, session.begin():
            for environment, its_alias in provision.environments(alias).items():
                created = provision.create(
                    session,
                    runtime.directory.vault,
                    alias=its_alias,
                    name=name,
                    live=environment == "live",
                    project=alias,
                    sandbox_id=MAIN,
                    settings={},
                    given={},
                    now_ms=now_ms,
                )
                unit = unit_of(runtime, session, created.tenant, "create")
                provision.configure(unit, {"programs": [program] if landing_url else []}, {})
                unit.finish()
                names = {
                    name: value for name, value in provision.describe(unit).items() if isinstance(value, int | str)
                }
                made.append(
                    {
                        "api": api,
                        "alias": its_alias,
                        "environment": environment,
                        **names,
                        "credentials": created.credentials,
                    }
                )
    except IntegrityError as error:
        taken = " or ".join(map(repr, provision.environments(alias).values()))
        raise ValueError(f"{api} has a tenant {taken} already") from error
    return made


def tenants(runtime: Runtime) -> list[Row]:
    """All tenants."""
    with runtime.storage.session() as session:
        return [
            {
                "api": t.api,
                "alias": t.alias,
                "environment": "live" if t.live else "test",
                "name": t.name,
                "project": t.project,
            }
            for t in list_tenants(session)
        ]


def tenant(runtime: Runtime, api: str, alias: str) -> Row:
    """One tenant with its settings. Raises ValueError."""
    with runtime.storage.session() as session:
        found = find_tenant(session, api, alias)
        held = [row.hint for row in list_credentials(session, found) if row.revoked_ms is None]
        described = runtime.domain(api).provision.describe(unit_of(runtime, session, found, "show"))
        return {
            "api": found.api,
            "alias": found.alias,
            "environment": "live" if found.live else "test",
            "name": found.name,
            "project": found.project,
            "keys": held,
            "settings": found.settings,
            **described,
        }


def change(runtime: Runtime, api: str, alias: str, changes: Row) -> Row:
    """Change settings. Raises ValueError for an unknown setting."""
    with runtime.storage.session() as session, session.begin():
        found = find_tenant(session, api, alias)
        runtime.domain(api).parse_settings({**found.settings, **changes})
        change_settings(session, found, changes)
    return tenant(runtime, api, alias)


def export_tenant(runtime: Runtime, api: str, alias: str, file: Path) -> int:
    """Write everything that a tenant has as lines of JSON into a new file, readable for its user alone; how many rows.

    Raises ValueError for an unknown tenant, FileExistsError and other OSError.
    """
    opened = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE)
    try:
        with os.fdopen(opened, "wb") as written, runtime.storage.deferred_session() as session:
            found = find_tenant(session, api, alias)
            header = {"format": "troth-tenant", "version": 1, "troth": __version__, "api": api, "alias": alias}
            written.write(orjson.dumps(header) + b"\n")
            count = 0
            for table, row in rows_of(session, found):
                written.write(orjson.dumps({"table": table, "row": row}) + b"\n")
                count += 1
            written.flush()
            os.fsync(written.fileno())
    except BaseException:
        file.unlink()
        raise
    return count


def delete_tenant(runtime: Runtime, api: str, alias: str) -> int:
    """Delete a tenant with everything that it has, files included; how many rows.

    Raises ValueError for an unknown tenant.
    """
    domain = runtime.domain(api)
    with runtime.storage.session() as session, session.begin():
        found = find_tenant(session, api, alias)
        if domain.before_deleted is not None:
            unit = unit_of(runtime, session, found, "delete")
            domain.before_deleted(unit)
            unit.finish()
        count = remove(session, found)
    # After the commit: a file without its row can be deleted later, a row without its file would be a broken link.
    folder = domain.files_folder
    if folder is not None:
        runtime.open_files()
        runtime.services["files"].delete_folder(folder(alias))
    runtime.directory.forget()
    return count


def create_key(
    runtime: Runtime,
    api: str,
    alias: str,
    kind: str | None = None,
    *,
    read_only: bool = False,
    user: str | None = None,
    expires: str | None = None,
) -> Row:
    """Add a credential, of the API's first kind unless another is named, or of a user by name. Raises ValueError.

    `expires` is a number of days (`90d`), or a date or instant of ISO 8601, in UTC unless it says otherwise.
    """
    now_ms = runtime.main.clock.now_ms()
    expires_ms = None if expires is None else _end_ms(expires, now_ms)
    domain = runtime.domain(api)
    chosen = _kind(domain, api, kind, of_user=user is not None)
    if read_only and chosen.name != domain.read_only_kind:
        raise ValueError(f"{api} has no read-only credentials of the kind {chosen.name!r}")
    with runtime.storage.session() as session, session.begin():
        found = find_tenant(session, api, alias)
        scopes = [READ_ONLY] if read_only else []
        if user is not None:
            unit = unit_of(runtime, session, found, "key")
            assert domain.token_scopes is not None, "an API with credentials of users has it"
            scopes = domain.token_scopes(unit, user)
            unit.finish()
        key = new_key(
            session, runtime.directory.vault, found, chosen, now_ms=now_ms, scopes=scopes, expires_ms=expires_ms
        )
    made = {"api": api, "alias": alias, "credentials": {chosen.name: key}}
    return made if expires_ms is None else {**made, "expires": iso(expires_ms)}


def _end_ms(text: str, now_ms: int) -> int:
    """When a credential is to end. Raises ValueError for what is no time to come."""
    days = _DAYS.fullmatch(text)
    try:
        end_ms = now_ms + int(days[1]) * DAY_MS if days else parse_instant_ms(text)
    except ValueError as error:
        raise ValueError(f"--expires is a number of days like 90d, or a date like 2027-03-01, not {text!r}") from error
    if end_ms <= now_ms:
        raise ValueError(f"--expires {text} is over already")
    return end_ms


def _kind(domain: Domain, api: str, name: str | None, *, of_user: bool) -> KeyKind:
    """A kind of credential by its name, the API's first without one. Raises ValueError."""
    of_users = {known.name: known for known in domain.user_kinds}
    kinds: dict[str, KeyKind] = {**{known.name: known for known in domain.provision.KEY_KINDS}, **of_users}
    chosen = kinds.get(name or next(iter(kinds)))
    if chosen is None:
        raise ValueError(f"{api} has no credentials of the kind {name!r}; there are {', '.join(kinds)}")
    if of_user and chosen.name not in of_users:
        hint = f"; --kind {next(iter(of_users))} does" if of_users else ""
        raise ValueError(f"the {chosen.name} of {api} belongs to no user{hint}")
    if not of_user and chosen.name in of_users:
        raise ValueError(f"the {chosen.name} of {api} belongs to a user; name one with --user")
    return chosen


def keys(runtime: Runtime, api: str, alias: str) -> list[Row]:
    """A tenant's keys, never the secrets. Raises ValueError."""
    now_ms = runtime.main.clock.now_ms()
    with runtime.storage.session() as session:
        return [
            {
                "ends_with": row.hint,
                "digest": row.digest[:12],
                "kind": row.kind,
                "scopes": row.scopes,
                "state": _state(row, now_ms),
                "expires": None if row.expires_ms is None else iso(row.expires_ms),
                "created_ms": row.created_ms,
                "expires_ms": row.expires_ms,
                "revoked_ms": row.revoked_ms,
            }
            for row in list_credentials(session, find_tenant(session, api, alias))
        ]


def _state(row: CredentialRow, now_ms: int) -> str:
    if row.revoked_ms is not None:
        return "revoked"
    if row.expires_ms is None or row.expires_ms > now_ms + EXPIRING_MS:
        return "active"
    return "expires soon" if row.expires_ms > now_ms else "expired"


def revoke_key(runtime: Runtime, api: str, alias: str, key: str) -> None:
    """Revoke a key by its last characters or the start of its digest. Raises ValueError unless exactly one matches."""
    with runtime.storage.session() as session, session.begin():
        revoke_credential(session, find_tenant(session, api, alias), key, now_ms=runtime.main.clock.now_ms())


def create_webhook(
    runtime: Runtime,
    api: str,
    alias: str,
    url: str,
    types: list[str],
    *,
    name: str | None = None,
    secret: str | None = None,
) -> Row:
    """Add a webhook endpoint to a tenant; its secret is shown once. Raises ValueError."""
    with runtime.storage.session() as session, session.begin():
        unit = unit_of(runtime, session, find_tenant(session, api, alias), "webhook")
        check_target(unit, url)
        made: Row = runtime.domain(api).webhooks.configure_endpoint(
            unit, url=url, types=types, name=name, secret=secret
        )
        unit.finish()
        return {"api": api, "alias": alias, **made, "url": masked(url)}


def webhooks(runtime: Runtime, api: str, alias: str) -> list[Row]:
    """A tenant's webhook endpoints, oldest first. Raises ValueError."""
    with runtime.storage.session() as session:
        rows: list[Row] = runtime.domain(api).webhooks.configured_endpoints(
            unit_of(runtime, session, find_tenant(session, api, alias), "webhook")
        )
        return rows


def delete_webhook(runtime: Runtime, api: str, alias: str, url: str) -> None:
    """Remove a tenant's endpoints at an address. Raises ValueError when it has none."""
    with runtime.storage.session() as session, session.begin():
        unit = unit_of(runtime, session, find_tenant(session, api, alias), "webhook")
        if not runtime.domain(api).webhooks.remove_endpoints(unit, url):
            raise ValueError(f"{api}/{alias} has no webhook endpoint at {url}")
        unit.finish()


def signing_keys(runtime: Runtime) -> list[Row]:
    """The keys that sign SaaSquatch's webhooks, oldest first: the newest that is not retired signs, the others are
    published with it.
    """
    with runtime.storage.session() as session:
        rows = signing.list_signing_keys(session)
        newest = next((row.kid for row in reversed(rows) if row.retired_ms is None), None)
        return [
            {
                "kid": row.kid,
                "state": "signs" if row.kid == newest else "published" if row.retired_ms is None else "retired",
                "created": iso(row.created_ms),
                "retired": None if row.retired_ms is None else iso(row.retired_ms),
            }
            for row in rows
        ]


def rotate_signing_key(runtime: Runtime) -> list[Row]:
    """Add a key that signs from now on; all keys after that."""
    with runtime.storage.session() as session, session.begin():
        signing.rotate_signing_key(session, runtime.directory.vault, runtime.main.clock.now_ms())
    return signing_keys(runtime)


def retire_signing_key(runtime: Runtime, kid: str) -> list[Row]:
    """Publish a key no longer; all keys after that.

    Raises ValueError for the one that signs, and for one that is not there.
    """
    with runtime.storage.session() as session, session.begin():
        signing.retire_signing_key(session, kid, runtime.main.clock.now_ms())
    return signing_keys(runtime)


def moderate_referral(runtime: Runtime, alias: str, referral_id: str, decision: str, side: str) -> Row:
    """Approve or deny the pending sides of a SaaSquatch referral; the referral after it. Raises ValueError."""
    with runtime.storage.session() as session, session.begin():
        unit = unit_of(runtime, session, find_tenant(session, "saasquatch", alias), f"moderate {referral_id}")
        sides = moderation.SIDES if side == "both" else (side,)
        try:
            row = moderation.moderate(unit, referral_id, decision, sides)
        except (ReferralNotFound, ReferralNotPending) as problem:
            raise ValueError(problem.message) from problem
        unit.finish()
        return moderation.show(row)


def routes() -> list[Row]:
    """Every operation of every contract."""
    from troth.apis import APIS
    from troth.connexion_app import find_handler
    from troth.spec.names import module_of, snake_case
    from troth.spec.operations import base_path, operations

    rows: list[Row] = []
    for api in APIS:
        document, _ = api.load()
        base = base_path(document)
        for path, method, raw in operations(document):
            tag = raw["tags"][0]
            name = f"{api.package}.{module_of(tag)}.{snake_case(raw['operationId'])}"
            rows.append(
                {
                    "method": method.upper(),
                    "path": base + path,
                    "operation": raw["operationId"],
                    "handler": name
                    if find_handler(api.package, tag, raw["operationId"])
                    else "none: answers from the contract",
                }
            )
    return rows
