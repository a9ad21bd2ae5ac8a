"""Copies of a sandbox: its database, its files, and where its clock and its numbers stand, in a folder.

A copy belongs to the sandbox that it was made of; `adapt` makes a new sandbox of one, with credentials and addresses of
its own.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import select

from models.kernel.clock import running
from models.kernel.limits import ClockWindows
from models.kernel.vault import digest
from models.tenancy.sandboxes import store_clock
from models.tenancy.tenants import CredentialRow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from models.kernel.vault import Vault
    from troth.runtime import Runtime

DATABASE, FILES, STATE = "database.sqlite", "files", "state.json"
_COLUMNS = """
SELECT tables.name, columns.name FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns
WHERE tables.type = 'table' ORDER BY tables.name, columns.cid"""


@dataclass(frozen=True, slots=True)
class Copy:
    """A stored copy of a sandbox."""

    folder: Path
    public_url: str
    """What addresses within it begin with."""

    @property
    def size_bytes(self) -> int:
        """How large its database is."""
        return (self.folder / DATABASE).stat().st_size


def save(runtime: Runtime, folder: Path) -> Copy:
    """Copy a sandbox into a folder, which is made. No unit of work may be under way. Raises OSError."""
    folder.mkdir(parents=True)
    with runtime.storage.session() as session, session.begin():
        store_clock(session, runtime.main)
    runtime.storage.save(folder / DATABASE)
    runtime.services["files"].save(folder / FILES)
    state = {**runtime.main.numbers(), "speed": runtime.main.clock.speed}
    (folder / STATE).write_bytes(orjson.dumps(state))
    return Copy(folder, runtime.public_url)


def load(runtime: Runtime, copy: Copy) -> None:
    """Make a sandbox what it was when a copy was made. No unit of work may be under way. Raises OSError."""
    runtime.storage.restore(copy.folder / DATABASE)
    runtime.boot(is_copy=True)
    runtime.services["files"].restore(copy.folder / FILES)
    state = orjson.loads((copy.folder / STATE).read_bytes())
    runtime.main.count_from(state)
    if not runtime.main.clock.fixed:
        runtime.main.clock = running(runtime.main.clock.now_ms(), state["speed"])
    runtime.directory.limiter = ClockWindows()
    runtime.directory.forget()


def columns_with(copy: Copy, text: str) -> list[tuple[str, str]]:
    """The text columns in which some row of a copy holds a text, as (table, column): what `adapt` has to change in
    copies.

    They are looked for in its file: the connection of a running sandbox would keep these statements, 2 MB.
    """
    with contextlib.closing(sqlite3.connect(copy.folder / DATABASE)) as connection:
        connection.execute("PRAGMA cache_size=10")  # each page is read once
        columns: defaultdict[str, list[str]] = defaultdict(list)
        for table, column in connection.execute(_COLUMNS):
            columns[table].append(column)
        found = []
        for table, names in columns.items():
            have = ", ".join(f'max(instr("{name}", :text))' for name in names)
            row = connection.execute(f'SELECT {have} FROM "{table}"', {"text": text}).fetchone()  # noqa: S608  names of the schema
            found += [(table, name) for name, place in zip(names, row, strict=True) if place]
    return found


def adapt(runtime: Runtime, copied_url: str, columns: list[tuple[str, str]], secrets: Mapping[str, str]) -> None:
    """Give a copy that was loaded into another sandbox its own addresses and credentials.

    `columns` are those of `columns_with` the copied sandbox's address; `secrets` maps the credentials of the copied one
    to the new ones.
    """
    with runtime.storage.session() as session, session.begin():
        connection = session.connection()
        for table, column in columns:
            connection.exec_driver_sql(
                f'UPDATE "{table}" SET "{column}" = replace("{column}", ?, ?) WHERE instr("{column}", ?)',  # noqa: S608  names of the schema
                (copied_url, runtime.public_url, copied_url),
            )
        for api in runtime.apis:
            if api.domain is not None and api.domain.addresses_changed is not None:
                api.domain.addresses_changed(session)
        for row in session.scalars(select(CredentialRow)):
            _replace_secret(runtime.directory.vault, row, secrets)
    runtime.directory.forget()


def _replace_secret(vault: Vault, row: CredentialRow, secrets: Mapping[str, str]) -> None:
    """Put the new secret in the place of the old one of a credential."""
    signs_only = f"{row.tenant_id}|{row.kind}|"
    for old, new in secrets.items():
        for name in ("", signs_only):
            if row.digest == digest(name + old):
                row.digest, row.hint = digest(name + new), new[-len(row.hint) :]
                if row.sealed is not None:
                    row.sealed = vault.seal(new.encode(), row.kind)
                return


def credentials_of(tenants: list[dict[str, Any]]) -> list[str]:
    """The secrets of a scenario's tenants, each once."""
    return list(
        dict.fromkeys(
            secret for tenant in tenants for name, secret in tenant["credentials"].items() if name not in PUBLIC_NAMES
        )
    )


PUBLIC_NAMES = frozenset({"client_id"})
"""What stands among the credentials of a tenant without being a secret."""
