"""Lists of values as one parameter of a prepared statement.

On PostgreSQL `column = ANY(array)`; on SQLite `column IN (SELECT value FROM json_each(text))`. Both use an index of the
column, and neither limits the length. Keys of several columns are sent as JSON on both databases.
"""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import String, bindparam
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import Boolean, TypeDecorator


class Values(TypeDecorator[object]):
    """A list of text or integers: an array for PostgreSQL, JSON for SQLite."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> object:
        return list(value) if dialect.name == "postgresql" else orjson.dumps(list(value)).decode()


class _Keys(TypeDecorator[object]):
    """A list of keys (tuples of text or integers), as JSON."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Dialect) -> object:
        return orjson.dumps(list(value)).decode()


class Condition(ColumnElement[bool]):
    """A condition that is written as it is: SQLAlchemy would add `= 1` on SQLite, which then uses no index."""

    inherit_cache = False
    type = Boolean()

    def self_group(self, against: object = None) -> "Condition":  # noqa: ARG002  the name is SQLAlchemy's
        return self


class among(Condition):  # noqa: N801  used as a function
    """The condition that a column has one of the values of a list parameter: `among(User.id, "ids")`."""

    def __init__(self, column: Any, name: str) -> None:
        self.column = column
        self.parameter = bindparam(name, type_=Values())


class among_keys(Condition):  # noqa: N801  used as a function
    """The condition that columns together have one of the keys of a list parameter:
    `among_keys((User.account_id, User.id), "keys")`.
    """

    def __init__(self, columns: Sequence[Any], name: str) -> None:
        self.columns = columns
        self.parameter = bindparam(name, type_=_Keys())


@compiles(among)
def _in_list(element: among, compiler: Any, **options: Any) -> str:
    """For messages that show a statement without a dialect."""
    return f"{compiler.process(element.column, **options)} IN (:{element.parameter.key})"


@compiles(among, "postgresql")
def _any_of_array(element: among, compiler: Any, **options: Any) -> str:
    kind = "BIGINT[]" if element.column.type.python_type is int else "TEXT[]"
    place = compiler.process(element.parameter, **options).partition("::")[0]
    return f"{compiler.process(element.column, **options)} = ANY (CAST({place} AS {kind}))"


@compiles(among, "sqlite")
def _in_json(element: among, compiler: Any, **options: object) -> str:
    column, place = compiler.process(element.column, **options), compiler.process(element.parameter, **options)
    return f"{column} IN (SELECT value FROM json_each({place}))"  # noqa: S608  a column and the place of a parameter


@compiles(among_keys)
def _keys_in_list(element: among_keys, compiler: Any, **options: Any) -> str:
    """For messages that show a statement without a dialect."""
    columns = ", ".join(compiler.process(column, **options) for column in element.columns)
    return f"({columns}) IN (:{element.parameter.key})"


@compiles(among_keys, "postgresql")
def _in_json_array(element: among_keys, compiler: Any, **options: Any) -> str:
    columns = ", ".join(compiler.process(column, **options) for column in element.columns)
    members = ", ".join(
        f"CAST(value ->> {place} AS {'BIGINT' if column.type.python_type is int else 'TEXT'})"
        for place, column in enumerate(element.columns)
    )
    place = compiler.process(element.parameter, **options).partition("::")[0]
    elements = f"json_array_elements(CAST({place} AS JSON))"
    return f"({columns}) IN (SELECT {members} FROM {elements})"  # noqa: S608  columns and the place of a parameter


@compiles(among_keys, "sqlite")
def _in_json_each(element: among_keys, compiler: Any, **options: object) -> str:
    columns = ", ".join(compiler.process(column, **options) for column in element.columns)
    members = ", ".join(f"json_extract(value, '$[{place}]')" for place in range(len(element.columns)))
    elements = f"json_each({compiler.process(element.parameter, **options)})"
    return f"({columns}) IN (SELECT {members} FROM {elements})"  # noqa: S608  columns and the place of a parameter
