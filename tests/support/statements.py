"""The statements that a server runs: those of the ORM, and prepared ones, which go to the driver's cursor."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from models.kernel.statements import Prepared, Statement


@contextmanager
def noted(engine: Engine) -> Iterator[list[str]]:
    """The texts of the statements that are run meanwhile. Prepared ones are noted whatever their engine."""
    seen: list[str] = []
    prepared: Callable[..., Prepared] = Statement.prepared

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    def note_prepared(self: Statement, dialect: Any) -> Prepared:
        found = prepared(self, dialect)
        seen.append(found.text)
        return found

    event.listen(engine, "before_cursor_execute", note)
    Statement.prepared = note_prepared  # type: ignore[method-assign]
    try:
        yield seen
    finally:
        Statement.prepared = prepared  # type: ignore[method-assign]
        event.remove(engine, "before_cursor_execute", note)
