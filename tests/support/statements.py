"""The statements that a server runs: those of the ORM, and prepared ones, which go to the driver's cursor."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine, event

from models.kernel.connection import LazyConnection
from models.kernel.statements import Insertion, Statement


@contextmanager
def noted(engine: Engine) -> Iterator[list[str]]:
    """The texts of the statements that are run meanwhile; one for all rows of an INSERT. Prepared ones are noted
    whatever their engine.
    """
    seen: list[str] = []
    run, many, insert = LazyConnection._run, LazyConnection.execute_many, LazyConnection.insert_many

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    def note_run(self: LazyConnection, statement: Statement, *rest: Any) -> Any:
        seen.append(statement.prepared(self.dialect).text)
        return run(self, statement, *rest)

    def note_many(self: LazyConnection, statement: Statement, *rest: Any) -> Any:
        seen.append(statement.prepared(self.dialect).text)
        return many(self, statement, *rest)

    def note_insert(self: LazyConnection, statement: Insertion, rows: Any) -> Any:
        if len(rows) > 1:  # one row goes through `_run`
            seen.append(statement.prepared(self.dialect).text)
        return insert(self, statement, rows)

    event.listen(engine, "before_cursor_execute", note)
    try:
        with (
            patch.object(LazyConnection, "_run", note_run),
            patch.object(LazyConnection, "execute_many", note_many),
            patch.object(LazyConnection, "insert_many", note_insert),
        ):
            yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
