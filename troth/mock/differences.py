"""What is different between two stored copies of a sandbox, in the API's own shapes.

Which rows differ is found in the databases; those that are resources of an API are then shown in both states as the API
shows them, from memory databases that hold the copies. What has no view is shown by its columns.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.kernel.base import Base
from models.kernel.connection import LazyConnection
from models.kernel.statements import columns_of, row_of
from models.kernel.times import iso
from models.outbox.addresses import masked
from models.outbox.outbox import Delivery, Event
from models.resources import Key, Resource
from models.tenancy.tenants import list_tenants
from models.uow import UnitOfWork
from troth.mock import copies
from troth.mock.copies import DATABASE, Copy

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from models.tenancy.tenants import Tenant
    from troth.runtime import Runtime

CHANGES_MAX = 1_000
"""Resources that are shown; and so many events and deliveries."""
LEFT_OUT = frozenset(
    {
        *("jobs", "events", "deliveries", "delivery_attempts", "inbox_messages", "sandboxes"),
        *("signing_keys", "vault_keys", "credentials", "idempotency_answers", "sq_idempotency_keys", "public_links"),
        *("ledger_entries", "lc_listeners", "lc_crossings", "lc_portal_names", "row_counts"),
    }
)
"""Tables of the server's own: indexes, queues, what was sent.
Events and deliveries are compared apart from resources.
"""
BALANCES = "ledger_balances"
PREFIXES = ("sq_", "advocacy_", "leat_", "lc_")
Row = dict[str, Any]
ByApi = Mapping[tuple[str, str], Resource]
"""By the names of the API and of the table: APIs share some tables."""
Found = dict[str, dict[Key, str]]
"""By table: the keys of rows that differ, each with `made`, `changed` or `deleted`."""


def differing(before: Path, after: Path) -> Found:
    """The rows that differ between two database files."""
    found: Found = {}
    with contextlib.closing(sqlite3.connect(f"file:{after}?mode=ro", uri=True)) as connection:
        connection.execute("ATTACH DATABASE ? AS earlier", (f"file:{before}?mode=ro",))
        for table in sorted(Base.metadata.tables):
            key = ", ".join(f'"{column.name}"' for column in Base.metadata.tables[table].primary_key)
            ways = (("main", "earlier"), ("earlier", "main"))
            new, old = (
                {
                    tuple(row)
                    for row in connection.execute(
                        f'SELECT {key} FROM (SELECT * FROM {one}."{table}" EXCEPT SELECT * FROM {other}."{table}")'  # noqa: S608  names of the schema
                    )
                }
                for one, other in ways
            )
            kinds = {row: "changed" if row in old else "made" for row in new} | dict.fromkeys(old - new, "deleted")
            if kinds:
                found[table] = kinds
    return found


@dataclass(slots=True)
class State:
    """One of the two states, open."""

    runtime: Runtime
    session: Session
    tenants: Mapping[int, Tenant]

    def show(self, table: str, key: Key, resource: Resource | None) -> Row | None:
        """A row as the API shows it; None where it is not there."""
        row = self.row(table, key)
        if row is None:
            return None
        if resource is None:
            return _columns(row)
        shown = resource.show(self._unit(key[0]), row)
        return None if shown is None else dict(shown)

    def row(self, table: str, key: Key) -> Any:
        """A row, as the domain's statements read one, with the columns' names; or None."""
        model = _model(table)
        found = self.session.get(model, key)
        if found is None:
            return None
        attributes = found.__mapper__.column_attrs
        return row_of(model, **{one.columns[0].key: getattr(found, one.key) for one in attributes})

    def _unit(self, tenant_id: int) -> UnitOfWork:
        return UnitOfWork(
            tenant=self.tenants[tenant_id],
            sandbox=self.runtime.main,
            connection=LazyConnection.of(self.session),
            directory=self.runtime.directory,
            public_url=self.runtime.public_url,
            request_number=0,
            random_name="diff",
            services=self.runtime.services,
        )


def compare(before: Copy, after: Copy, new_runtime: Callable[[], Runtime]) -> Row:
    """What is different between two copies, as the contract's `Differences` without names.

    Raises OSError, sqlite3.Error.
    """
    found = differing(before.folder / DATABASE, after.folder / DATABASE)
    with contextlib.ExitStack() as stack:
        one, other = (_opened(stack, copy, new_runtime()) for copy in (before, after))
        resources = _resources(one.runtime)
        _add_holders(found, one, other, resources)
        changes = _changes(found, one, other, resources)
        shown = changes[:CHANGES_MAX]
        return {
            "resources": shown,
            "events": _events(found, other),
            "deliveries": _deliveries(found, other),
            "more": len(changes) > CHANGES_MAX,
        }


def _opened(stack: contextlib.ExitStack, copy: Copy, runtime: Runtime) -> State:
    stack.callback(runtime.storage.close)
    copies.load(runtime, copy)
    session = stack.enter_context(runtime.storage.session())
    tenants = {tenant.id: tenant for tenant in list_tenants(session)}
    return State(runtime, session, tenants)


def _resources(runtime: Runtime) -> ByApi:
    return {
        (api.name, table): resource
        for api in runtime.apis
        if api.domain is not None
        for table, resource in api.domain.resources.items()
    }


def _resource(resources: ByApi, table: str, key: Key, *states: State) -> Resource | None:
    """What a row is by the API of its tenant; None where that has no view of it."""
    tenant = next((state.tenants[key[0]] for state in states if key[0] in state.tenants), None)
    return None if tenant is None else resources.get((tenant.api, table))


def _add_holders(found: Found, one: State, other: State, resources: ByApi) -> None:
    """What has another balance, or another row that its API shows as a part of it, has changed itself."""
    for (tenant_id, account), _ in list(found.get(BALANCES, {}).items()):
        for table, resource in _of_tenant(resources, tenant_id, other, one):
            for beginning in resource.accounts:
                if account.startswith(beginning):
                    found.setdefault(table, {}).setdefault((tenant_id, account.removeprefix(beginning)), "changed")
                    found[BALANCES].pop((tenant_id, account), None)
    for part, rows in list(found.items()):
        for key in list(rows):
            for table, resource in _of_tenant(resources, key[0], other, one):
                if part in resource.parts:
                    _move(found, part, key, table, resource, [state.row(part, key) for state in (one, other)])


def _of_tenant(resources: ByApi, tenant_id: Any, *states: State) -> list[tuple[str, Resource]]:
    tenant = next((state.tenants[tenant_id] for state in states if tenant_id in state.tenants), None)
    return [(table, found) for (api, table), found in resources.items() if tenant is not None and api == tenant.api]


def _move(found: Found, part: str, key: Key, table: str, resource: Resource, rows: list[Any]) -> None:
    """Report a change of a part as a change of the resource it belongs to.

    `rows` is its row before and after, None where there is none.
    """
    holders = {resource.parts[part](row) for row in rows if row is not None} - {None}
    moved = {(key[0], *holder) for holder in holders if holder is not None}
    if (part, {key}) != (table, moved):
        del found[part][key]
        for holder in moved:
            found.setdefault(table, {}).setdefault(holder, "changed")


def _changes(found: Found, one: State, other: State, resources: ByApi) -> list[Row]:
    """The resources that differ as they are shown, by tenant, table and key; some more than are shown at most."""
    ordered = sorted(((table, key, kind) for table, rows in found.items() for key, kind in rows.items()), key=_place)
    changes: list[Row] = []
    for table, key, kind in ordered:
        if table in LEFT_OUT or len(changes) > CHANGES_MAX:
            continue
        change = _change(table, key, kind, one, other, _resource(resources, table, key, other, one))
        if change is not None:
            changes.append(change)
    return changes


def _place(entry: tuple[str, Key, str]) -> Any:
    """Where a change stands: what belongs to no tenant may have a text for its key, and comes last."""
    table, key, _ = entry
    return isinstance(key[0], str), key[0], table, tuple(map(str, key[1:]))


def _change(table: str, key: Key, kind: str, one: State, other: State, resource: Resource | None) -> Row | None:
    """A change of one resource; None where the API shows it as it was, or neither time."""
    before, after = one.show(table, key, resource), other.show(table, key, resource)
    shown = before if after is None else after
    if shown is None:
        return None
    tenant = (other.tenants if after is not None else one.tenants).get(key[0])
    names = [column.name for column in Base.metadata.tables[table].primary_key]
    own = {name: shown[name] for name in resource.key if name in shown} if resource is not None else {}
    change: Row = {
        "kind": kind,
        "resource": resource.name if resource is not None else _name(table),
        "tenant": None if tenant is None or names[0] != "tenant_id" else tenant.key,
        "key": own or {name: value for name, value in zip(names, key, strict=True) if name != "tenant_id"},
    }
    if before is None:
        return {**change, "kind": "made", "after": after}
    if after is None:
        return {**change, "kind": "deleted", "before": before}
    members = list(_members(before, after, ""))
    return {**change, "kind": "changed", "changes": members} if members else None


def _members(before: Any, after: Any, path: str) -> Any:
    """The members that differ, by their path; a list that has become longer or shorter as a whole."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in [*before, *(name for name in after if name not in before)]:
            yield from _members(before.get(name, _ABSENT), after.get(name, _ABSENT), f"{path}.{name}" if path else name)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for place, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _members(one, other, f"{path}[{place}]")
    elif type(before) is not type(after) or before != after:
        sides = {"before": before, "after": after}
        yield {"member": path, **{side: value for side, value in sides.items() if value is not _ABSENT}}


_ABSENT = object()


def _name(table: str) -> str:
    """What a table without a view is called: its name without its API, in the singular."""
    for prefix in PREFIXES:
        table = table.removeprefix(prefix)
    words = table.replace("_", " ")
    return f"{words[:-3]}y" if words.endswith("ies") else words.removesuffix("s")


def _model(table: str) -> Any:
    return next(mapper.class_ for mapper in Base.registry.mappers if mapper.local_table.name == table)  # type: ignore[attr-defined]  # of a table, no join


def _columns(row: Any) -> Row:
    """A row by its columns; what is sealed is left out."""
    return {
        name: value for name, value in columns_of(row).items() if name != "tenant_id" and not isinstance(value, bytes)
    }


def _events(found: Found, state: State) -> list[Row]:
    """The events that have happened, tenant by tenant in their order."""
    keys = [key for key, kind in found.get("events", {}).items() if kind == "made"]
    rows = sorted((state.session.get_one(Event, key) for key in keys), key=lambda row: (row.tenant_id, row.number))
    return [
        {"tenant": state.tenants[row.tenant_id].key, "id": row.id, "type": row.type, "at": iso(row.created_ms)}
        for row in rows[:CHANGES_MAX]
    ]


def _deliveries(found: Found, state: State) -> list[Row]:
    """The deliveries that are new or stand otherwise."""
    keys = sorted(key for key, kind in found.get("deliveries", {}).items() if kind != "deleted")
    rows = [state.session.get_one(Delivery, key) for key in keys[:CHANGES_MAX]]
    return [
        {
            "tenant": state.tenants[row.tenant_id].key,
            "id": row.id,
            "event_id": row.event_id,
            "url": masked(row.url),
            "status": row.status,
            "attempts": row.attempts,
        }
        for row in rows
    ]
