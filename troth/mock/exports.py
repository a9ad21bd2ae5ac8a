"""A stored copy of a sandbox as lines of JSON, and back (docs/mock.md describes the lines).

The first line is a header, then there is one for each row of each table and for each file. Sealed secrets stay as they
are stored, so that only a mock with the same secret key can read them.
"""

from __future__ import annotations

import base64
import contextlib
import re
import sqlite3
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import JSON, Boolean, Float, Integer, LargeBinary, select
from sqlalchemy.exc import IntegrityError

from handlers.control.problems import BadExport, ExportDiffers
from models.files import BadKey, FileStore
from models.kernel.base import Base
from models.kernel.clock import MAX_MS
from models.row_counts import RowCount
from models.tenancy.rotation import reseal_some, sealed_columns
from models.tenancy.sandboxes import BOOTS_MAX, EXACT_MAX, REQUESTS_MAX
from models.tenancy.tenants import TenantRow
from troth import __version__
from troth.database.storage import memory_schema
from troth.mock import copies
from troth.mock.copies import DATABASE, FILES, STATE, Copy
from troth.mock.json_kinds import json_kinds
from troth.starting import CannotStart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Column
    from sqlalchemy.orm import Session

    from models.kernel.vault import Vault
    from models.tenancy.rotation import SealedColumn
    from troth.mock.json_kinds import JsonKind
    from troth.runtime import Runtime

FORMAT, VERSION = "troth-sandbox", 1
DIGITS_MAX = 19
SPEED_MIN, SPEED_MAX = 0.001, 86_400
"""Of a clock that runs, as the contract has it."""
MEMBERS = ("schema", "sandbox", "url", "tenants", "sealed_under", "state")
"""Of a header, beside its format and version."""
NANOSECONDS = 1_000_000
"""In a millisecond."""
_ADDRESS = re.compile(r"https?://[^/\s]+(/\S*)?")
ROWS_AT_ONCE = 500
DERIVED = frozenset({RowCount.__tablename__})
"""Tables that triggers fill."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an export comes from, or where it is to go: what has to be the same at both ends, and what is changed on
    the way.
    """

    sandbox: str
    public_url: str
    tenants: list[Row]
    """Those of its scenario, as the original has them."""
    sealed_under: str
    """A mark of the key that secrets are sealed under."""


def schema_of(connection: sqlite3.Connection) -> str:
    """A fingerprint of the schema: a hash of the statements that make the tables."""
    rows = connection.execute(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    )
    return sha256("\n".join(sql for (sql,) in rows).encode()).hexdigest()[:16]


def export(copy: Copy, origin: Origin) -> bytes:
    """The lines of a stored copy.

    Rows come in the order of their keys, so that a sandbox in the same state gives the same lines.
    """
    with contextlib.closing(sqlite3.connect(f"file:{copy.folder / DATABASE}?mode=ro", uri=True)) as connection:
        header = {
            "format": FORMAT,
            "version": VERSION,
            "schema": schema_of(connection),
            "troth": __version__,
            "sandbox": origin.sandbox,
            "url": origin.public_url,
            "tenants": origin.tenants,
            "sealed_under": origin.sealed_under,
            "state": orjson.loads((copy.folder / STATE).read_bytes()),
        }
        lines = [header, *_rows(connection), *_files(copy.folder / FILES)]
        return b"\n".join(map(orjson.dumps, lines)) + b"\n"


def _tables() -> list[str]:
    return sorted(set(Base.metadata.tables) - DERIVED)


def _rows(connection: sqlite3.Connection) -> Iterator[Row]:
    for table in _tables():
        columns = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
        names = [column[1] for column in columns]
        key = ", ".join(f'"{column[1]}"' for column in sorted(columns, key=lambda one: one[5]) if column[5])
        for values in connection.execute(f'SELECT * FROM "{table}" ORDER BY {key}'):  # noqa: S608  names of the schema
            yield {"table": table, "row": dict(zip(names, map(_as_json, values), strict=True))}


def _as_json(value: Any) -> Any:
    return {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _files(folder: Path) -> Iterator[Row]:
    for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if file.is_file():
            at_ms = file.stat().st_mtime_ns // NANOSECONDS
            yield {
                "file": file.relative_to(folder).as_posix(),
                "at_ms": at_ms,
                "base64": base64.b64encode(file.read_bytes()).decode(),
            }


def read(lines: bytes, folder: Path, here: Origin) -> tuple[Copy, Origin]:
    """Make a stored copy of lines, in a folder that is made; where it comes from.

    `here` is where the copy is to go. Raises BadExport, naming the line, and ExportDiffers.
    """
    header, *rest = _parsed(lines)
    (folder / FILES).mkdir(parents=True)
    with contextlib.closing(sqlite3.connect(folder / DATABASE)) as connection, connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.executescript(memory_schema())
        origin = _origin(header, schema_of(connection), here)
        _write_rows(connection, rest, folder / FILES)
        broken = connection.execute("PRAGMA foreign_key_check").fetchone()
        if broken is not None:
            raise BadExport(f"A row of {broken[0]} names one of {broken[2]} that is not there.")
    (folder / STATE).write_bytes(orjson.dumps(header["state"]))
    return Copy(folder, origin.public_url), origin


def open_copy(runtime: Runtime, copy: Copy, copied_url: str | None, secrets: Mapping[str, str]) -> None:
    """Make a sandbox what a copy holds; with its own addresses and credentials where the copy is another one's, at
    `copied_url`.
    """
    copies.load(runtime, copy)
    if copied_url is not None:
        copies.adapt(runtime, copied_url, copies.columns_with(copy, copied_url), secrets)


def check_opens(opened: Callable[[Runtime], None], new_runtime: Callable[[], Runtime]) -> None:
    """Open a copy in a runtime that is thrown away, so that nothing is replaced by what does not open.

    Raises BadExport.
    """
    runtime = new_runtime()
    try:
        opened(runtime)
        clock = runtime.main.clock
        if not clock.fixed and not clock.speed:
            raise BadExport(f"The clock is not fixed, and so its speed is at least {SPEED_MIN}.")
        if not (0 <= clock.now_ms() <= MAX_MS and 0 <= runtime.main.boot < BOOTS_MAX):
            raise BadExport("The clock or the number of starts of the sandbox is out of range.")
        with runtime.storage.session() as session:
            _check_tenants(session, runtime)
            for sealed in sealed_columns():
                _check_sealed(session, runtime.directory.vault, sealed)
    except CannotStart as error:
        raise BadExport("The secrets of the export do not open under TROTH_SECRET_KEY.") from error
    except IntegrityError as error:
        raise BadExport(
            "Two rows are the same once they have the addresses and credentials of this sandbox."
        ) from error
    finally:
        runtime.storage.close()


def _check_tenants(session: Session, runtime: Runtime) -> None:
    """What each request reads first. Raises BadExport."""
    for tenant in session.scalars(select(TenantRow)):
        if tenant.sandbox_id not in runtime.sandboxes:
            raise BadExport(f"The tenant {tenant.api}/{tenant.alias} is in a sandbox that is not the exported one.")
        try:
            runtime.domain(tenant.api).parse_settings(tenant.settings)
        except ValueError as error:
            raise BadExport(f"The tenant {tenant.api}/{tenant.alias} cannot be served: {error}.") from error


def _check_sealed(session: Session, vault: Vault, sealed: SealedColumn) -> None:
    found = reseal_some(session, vault, sealed, None, writes=False)
    while found.last is not None and not found.unreadable:
        found = reseal_some(session, vault, sealed, found.last, writes=False)
    if found.unreadable:
        raise BadExport(f"A value of {sealed.table.name}.{sealed.column.name} does not open under TROTH_SECRET_KEY.")


def _parsed(lines: bytes) -> list[Row]:
    found: list[Row] = []
    for number, line in enumerate(lines.splitlines(), 1):
        try:
            value = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise BadExport(f"Line {number} is no JSON: {error}.") from error
        if not isinstance(value, dict):
            raise BadExport(f"Line {number} is no JSON object.")
        found.append(value)
    if not found:
        raise BadExport("There is no line: the first one is the header.")
    return found


def _origin(header: Row, schema: str, here: Origin) -> Origin:
    """Where an export comes from.

    Raises BadExport for a header that is none, ExportDiffers where this mock cannot take it.
    """
    if header.get("format") != FORMAT:
        raise BadExport(f'The first line is no header: it has no "format": "{FORMAT}".')
    _check_members(header, ("version",))
    if header["version"] != VERSION:
        raise ExportDiffers(f"The export has version {header['version']}, this mock reads {VERSION}.")
    _check_members(header, MEMBERS)
    if header.get("schema") != schema:
        raise ExportDiffers(
            f"The export has schema {header.get('schema')} (Troth {header.get('troth')}), this mock has {schema} (Troth {__version__})."
        )
    if header.get("sealed_under") != here.sealed_under:
        raise ExportDiffers("The secrets of the export are sealed under another TROTH_SECRET_KEY.")
    if header.get("tenants") != here.tenants:
        raise ExportDiffers(
            "The export has other tenants or credentials: import it into a sandbox of the scenario it came from."
        )
    sandbox, url, state = header.get("sandbox"), header.get("url"), header.get("state")
    # The address is replaced wherever it stands: a shorter text would be found in what is sealed, too.
    if not isinstance(sandbox, str) or not (isinstance(url, str) and _ADDRESS.fullmatch(url)) or not _is_state(state):
        raise BadExport("The sandbox, url or state of the header is not one.")
    return Origin(sandbox, url, here.tenants, here.sealed_under)


def _check_members(header: Row, names: Sequence[str]) -> None:
    """Raises BadExport for a header that lacks one of them."""
    missing = [name for name in names if name not in header]
    if missing:
        raise BadExport(f"The header has no {', '.join(missing)}.")


def _is_state(state: Any) -> bool:
    """Whether it is what `copies.save` keeps beside the rows: request numbers by tenant, ids by tenant and kind, and
    how fast the clock runs.
    """
    if not isinstance(state, dict) or not {"requests", "numbered", "speed"} <= state.keys():
        return False
    requests, numbered, speed = state["requests"], state["numbered"], state["speed"]
    return (
        isinstance(requests, dict)
        and all(_is_number(tenant) and _is_between(number, REQUESTS_MAX) for tenant, number in requests.items())
        and isinstance(numbered, list)
        and all(isinstance(one, list) and list(map(type, one)) == [int, str, int] for one in numbered)
        and all(_is_between(number, EXACT_MAX) for _, _, number in numbered)
        and type(speed) in (int, float)
        and (speed == 0 or SPEED_MIN <= speed <= SPEED_MAX)
    )


def _is_number(text: str) -> bool:
    """Whether a text is the number of a tenant; Python refuses to read more than 4,300 digits."""
    return text.isdecimal() and len(text) <= DIGITS_MAX


def _is_between(value: Any, limit: int) -> bool:
    return type(value) is int and 0 < value < limit


def _write_rows(connection: sqlite3.Connection, lines: Iterable[Row], files: Path) -> None:
    columns = {table: _columns(connection, table) for table in _tables()}
    kinds = json_kinds()
    takes = {
        table: {
            column.name: _check_of(column, kinds.get((table, column.name)))
            for column in Base.metadata.tables[table].columns
        }
        for table in columns
    }
    batches: dict[str, list[list[Any]]] = {}
    store = FileStore(files)
    for number, line in enumerate(lines, 2):
        try:
            if "file" in line:
                _write_file(store, line)
                continue
            table, row = line["table"], line["row"]
            if row.keys() != set(columns[table]):
                raise BadExport(f"Line {number}: a row of {table} has {', '.join(columns[table])}.")
            values = [_as_stored(row[name]) for name in columns[table]]
            wrong = next(
                (name for name, value in zip(columns[table], values, strict=True) if not takes[table][name](value)),
                None,
            )
            if wrong is not None:
                raise BadExport(f"Line {number}: {table}.{wrong} has a value of the wrong type.")
            batches.setdefault(table, []).append(values)
        except (KeyError, TypeError, AttributeError, ValueError, OSError) as error:
            raise BadExport(f"Line {number} is neither a row of a table nor a file.") from error
        if len(batches.get(table, ())) >= ROWS_AT_ONCE:
            _insert(connection, table, columns[table], batches.pop(table))
    for table, rows in batches.items():
        _insert(connection, table, columns[table], rows)


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [column[1] for column in connection.execute(f'PRAGMA table_info("{table}")')]


def _check_of(column: Column[Any], kind: JsonKind | None) -> Callable[[Any], bool]:
    """Whether a column holds a value: SQLite would take any for it. Whether it may be empty is left to SQLite."""
    if isinstance(column.type, JSON):
        return partial(_is_json, kind=kind)
    expected: tuple[type, ...] = (str,)
    for of_column, of_value in (((Integer, Boolean), (int, bool)), (Float, (int, float)), (LargeBinary, (bytes,))):
        if isinstance(column.type, of_column):
            expected = of_value
    return lambda value: value is None or isinstance(value, expected)


def _is_json(value: Any, kind: JsonKind | None) -> bool:
    """Whether it is JSON of a kind, or of any. It is stored as its text, but for numbers."""
    if not isinstance(value, str):
        return value is None or (kind is None and not isinstance(value, bytes))
    try:
        read = orjson.loads(value)
    except orjson.JSONDecodeError:
        return False
    return kind is None or kind.takes(read)


def _as_stored(value: Any) -> Any:
    """A value as SQLite takes it. Raises ValueError, KeyError, TypeError."""
    if isinstance(value, dict):
        return base64.b64decode(value["base64"], validate=True)
    if isinstance(value, list):
        raise TypeError("no column holds a list")
    return value


def _insert(connection: sqlite3.Connection, table: str, columns: list[str], rows: list[list[Any]]) -> None:
    """Raises BadExport for rows that the table does not take."""
    marks = ", ".join("?" * len(columns))
    try:
        connection.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)  # noqa: S608  names of the schema
    except (sqlite3.Error, OverflowError) as error:
        raise BadExport(f"A row of {table} cannot be stored: {error}.") from error


def _write_file(store: FileStore, line: Row) -> None:
    at_ms = line["at_ms"]
    if type(at_ms) is not int or not 0 <= at_ms <= MAX_MS:
        raise ValueError("a file is dated between the years 1970 and 9999")
    try:
        with store.writing(line["file"], at_ms) as draft:
            draft.write_bytes(base64.b64decode(line["base64"], validate=True))
    except BadKey as error:
        raise ValueError from error
