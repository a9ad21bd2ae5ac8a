"""The statements that run meanwhile, on either database: those of the ORM, and prepared ones, which SQLAlchemy does not see."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine, event

from models.kernel.connection import LazyConnection
from models.kernel.statements import Statement


@contextmanager
def executed(engine: Engine) -> Iterator[list[str]]:
    """The texts of all statements that units of work run meanwhile."""
    seen: list[str] = []
    run = LazyConnection._run

    def note(_connection: Any, _cursor: Any, text: str, *_more: Any) -> None:
        seen.append(text)

    def note_prepared(self: LazyConnection, statement: Statement, *arguments: Any) -> Any:
        seen.append(statement.prepared(self.dialect).text)
        return run(self, statement, *arguments)

    event.listen(engine, "before_cursor_execute", note)
    try:
        with patch.object(LazyConnection, "_run", note_prepared):
            yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
