"""The rows of a SQLite database as text, table by table."""

from collections.abc import Iterator

from sqlalchemy import Engine, inspect

from tests.recording.recorder import Recorder, short_hash

SEALED = "sealed"
"""Columns with secrets that are encrypted under a random nonce (AES-GCM): of these only the length is recorded."""


def record_tables(recorder: Recorder, engine: Engine) -> None:
    """Add a line for each table: how many rows it has, and the hash of all of them in the order of the primary key.

    Values are those of the database, not of Python's types; columns are in the order of their names.
    """
    for name, rows in _tables(engine):
        content = "\n".join(rows).encode("utf-8", "surrogatepass")
        recorder.keep(f"table {name}", (f"{len(rows)} rows", short_hash(content)), lambda kept=content: kept)


def _tables(engine: Engine) -> Iterator[tuple[str, list[str]]]:
    with engine.connect() as connection:
        inspected = inspect(connection)
        for name in sorted(inspected.get_table_names()):
            columns = sorted(column["name"] for column in inspected.get_columns(name))
            keys = inspected.get_pk_constraint(name)["constrained_columns"] or columns
            shown = ", ".join(f"length({SEALED})" if column == SEALED else f'"{column}"' for column in columns)
            order = ", ".join(f'"{key}"' for key in keys)
            found = connection.exec_driver_sql(f'SELECT {shown} FROM "{name}" ORDER BY {order}')
            yield (
                name,
                [", ".join(f"{column}={value!r}" for column, value in zip(columns, row, strict=True)) for row in found],
            )
