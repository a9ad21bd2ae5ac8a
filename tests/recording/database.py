"""The rows of a SQLite database as text, table by table."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import JSON, Engine, inspect

from tests.recording.recorder import Recorder, short_hash

SEALED = "sealed"
"""Columns with secrets that are encrypted under a random nonce (AES-GCM): of these only the length is recorded."""


INDEX_OF_TEXT = "sq_user_search"
"""The tables of FTS5, whose content is SQLite's own."""


def record_tables(recorder: Recorder, engine: Engine) -> None:
    """Add a line for each table: how many rows it has, and the hash of all of them in the order of the primary key.

    Values are those of the database, not of Python's types, but for JSON, whose text is written anew: two libraries may
    space it differently. Columns are in the order of their names.
    """
    for name, rows in _tables(engine):
        content = "\n".join(rows).encode("utf-8", "surrogatepass")
        recorder.keep(f"table {name}", (f"{len(rows)} rows", short_hash(content)), lambda kept=content: kept)


def _tables(engine: Engine) -> Iterator[tuple[str, list[str]]]:
    with engine.connect() as connection:
        inspected = inspect(connection)
        for name in sorted(inspected.get_table_names()):
            if name.startswith(INDEX_OF_TEXT):
                continue
            types = {column["name"]: column["type"] for column in inspected.get_columns(name)}
            columns = sorted(types)
            keys = inspected.get_pk_constraint(name)["constrained_columns"] or columns
            shown = ", ".join(f"length({SEALED})" if column == SEALED else f'"{column}"' for column in columns)
            order = ", ".join(f'"{key}"' for key in keys)
            found = connection.exec_driver_sql(f'SELECT {shown} FROM "{name}" ORDER BY {order}')
            yield (
                name,
                [
                    ", ".join(
                        f"{column}={_plain(value, types[column])!r}" for column, value in zip(columns, row, strict=True)
                    )
                    for row in found
                ],
            )


def _plain(value: Any, kind: Any) -> Any:
    """A value; JSON is written anew, and its null is the database's."""
    if not isinstance(kind, JSON) or value in (None, "null"):
        return None if isinstance(kind, JSON) else value
    return json.dumps(json.loads(value))
