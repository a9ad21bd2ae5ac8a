"""Prepared statements: declared once at module level in a room's `queries.py`, run by the unit of work.

    USER = Query(
        select(User).where(
            User.tenant_id == TENANT, User.account_id == bindparam("account_id"), User.id == bindparam("user_id")
        )
    )

    uow.first(USER, account_id="a", user_id="u")    # a read-only row, or None
    uow.rows(USERS_OF, keys=[...])                  # a list of rows
    uow.entity(USER, account_id="a", user_id="u")   # an ORM object, to be changed
    uow.execute(MARK_SEEN, account_id="a", ...)     # the number of rows that an UPDATE or DELETE changed

SQLAlchemy describes a statement and compiles it once for each kind of database; each execution then goes to the
driver's cursor (about 9 us, where a statement that is built for each call takes 165 us). The unit of work binds
`tenant_id`; a statement on a tenant's table that does not compare `tenant_id` with `TENANT` is refused when its module
is imported, unless it says that it is one `of_all_tenants` (the dispatcher's, which the connection itself runs).

A statement whose conditions depend on the request is made by a function under `functools.cache`, one statement for each
combination. A list of values is one parameter (`among`), so that one statement serves lists of any length.
"""

import re
from collections import deque, namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar, TypeVarTuple, overload

from sqlalchemy import Delete, Insert, Select, Update, bindparam, insert, update
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BinaryExpression, BindParameter
from sqlalchemy.sql.schema import Column
from sqlalchemy.sql.selectable import Alias, TableClause

from models.kernel.base import UNSCOPED_TABLES, Base
from models.kernel.json_text import dump_bytes

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
R = TypeVar("R")
Processor = Callable[[object], object]
Parameters = Mapping[str, object]

TENANT_PARAMETER = "tenant_id"
TENANT: BindParameter[int] = bindparam(TENANT_PARAMETER)
"""The unit's tenant: every statement on a tenant's table compares `tenant_id` with it."""


class MissingTenant(ValueError):
    """A statement reads or changes a tenant's table without comparing its `tenant_id`."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement compiled for one kind of database."""

    text: str
    names: tuple[str, ...] | None
    """Parameters in the order of the question marks; None where the driver takes them by name."""
    constants: dict[str, object]
    """Values that stand in the statement itself, as the driver takes them."""
    converters: dict[str, Processor]
    """What turns a parameter into what the driver takes (JSON as text)."""
    make: Callable[[Sequence[Any]], Any]
    """A row from what the driver returns."""

    def arguments(self, parameters: Parameters) -> Any:
        """What the driver takes. Raises KeyError for a missing parameter."""
        values = parameters
        if self.constants or self.converters:
            values = {**self.constants, **parameters}
            for name, convert in self.converters.items():
                values[name] = convert(values[name])
        return values if self.names is None else [values[name] for name in self.names]


class Statement:
    """A statement that is compiled once for each kind of database."""

    __slots__ = ("_prepared", "_suffix", "statement")

    def __init__(self, statement: Any, suffix: str = "", *, of_all_tenants: bool = False) -> None:
        """Raises MissingTenant. What runs `of_all_tenants`, as the dispatcher does, compares no tenant."""
        if not of_all_tenants:
            check_tenant(statement)
        self.statement = statement
        self._suffix = suffix
        self._prepared: dict[str, Prepared] = {}

    def prepared(self, dialect: Dialect) -> Prepared:
        known = self._prepared.get(dialect.name)
        if known is None:
            known = self._prepared[dialect.name] = self._prepare(self.statement, dialect)
        return known

    def _prepare(self, statement: Any, dialect: Dialect) -> Prepared:
        compiled: Any = statement.compile(dialect=dialect)
        constants, converters = {}, {}
        for name, bound in compiled.binds.items():
            convert = bound.type.dialect_impl(dialect).bind_processor(dialect)
            if not bound.required:
                constants[name] = bound.effective_value if convert is None else convert(bound.effective_value)
            elif convert is not None:
                converters[name] = convert
        names = tuple(compiled.positiontup) if compiled.positional else None
        return Prepared(str(compiled) + self._suffix, names, constants, converters, self._maker(dialect))

    def _maker(self, _dialect: Dialect) -> Callable[[Sequence[object]], object]:
        return tuple


class Query(Statement, Generic[R]):
    """A SELECT. Of one table it returns rows with the attributes of the model, which cannot be assigned to; of several
    tables, tuples of such rows; of columns, rows of the class given as `row` (a NamedTuple in the order of the
    columns), or else named after the columns; of one column, its values. In tuples of rows, None stands for a row that
    an outer join has not found: its first column, the tenant, is NULL.
    """

    __slots__ = ("_locking", "_locking_entities", "_row", "_sharing")

    @overload
    def __init__(self: "Query[T]", statement: Select[T], *, of_all_tenants: bool = ...) -> None: ...
    @overload
    def __init__(
        self: "Query[T]", statement: Select[*tuple[Any, ...]], row: type[T], *, of_all_tenants: bool = ...
    ) -> None: ...
    @overload
    def __init__(self: "Query[tuple[*Ts]]", statement: Select[*Ts], *, of_all_tenants: bool = ...) -> None: ...
    def __init__(self, statement: Any, row: Any = None, *, of_all_tenants: bool = False) -> None:
        super().__init__(statement, of_all_tenants=of_all_tenants)
        self._row = row
        self._locking: LockingQuery[R] | None = None
        self._locking_entities: object = None
        self._sharing: LockingQuery[R] | None = None

    @property
    def sharing(self) -> "LockingQuery[R]":
        """The same with `FOR SHARE`: others may share the lock, and writers of the row wait."""
        if self._sharing is None:
            self._sharing = LockingQuery(self.statement.with_for_update(read=True), self._row)
        return self._sharing

    @property
    def locking(self) -> "LockingQuery[R]":
        """The same with `FOR UPDATE`; SQLite, which locks the whole database, ignores that."""
        if self._locking is None:
            self._locking = LockingQuery(self.statement.with_for_update(), self._row)
        return self._locking

    @property
    def locking_entities(self) -> object:
        """The statement with `FOR UPDATE` for the ORM, which overwrites the objects that it has read before."""
        if self._locking_entities is None:
            locking = self.statement.with_for_update().execution_options(populate_existing=True)
            self._locking_entities = locking
        return self._locking_entities

    def _maker(self, dialect: Dialect) -> Callable[[Sequence[object]], object]:
        columns = list(self.statement.selected_columns)
        processors = [
            (place, convert)
            for place, column in enumerate(columns)
            if (convert := column.type.dialect_impl(dialect).result_processor(dialect, None)) is not None
        ]
        make: Callable[[Sequence[object]], object]
        entities = _entities(self.statement)
        if self._row is not None:
            make = self._row._make
        elif len(entities) > 1:
            make = _rows_of(entities)
        elif len(columns) == 1:
            make = _single
        else:
            names = tuple(str(column.key or f"column{place}") for place, column in enumerate(columns))
            make = _row_class(names, _entity(self.statement))._make
        if not processors:
            return make

        def processed(values: Sequence[object]) -> object:
            changed = list(values)
            for place, convert in processors:
                changed[place] = convert(changed[place])
            return make(changed)

        return processed


class LockingQuery(Query[R]):
    """A query that locks its rows until the unit ends: run by the unit's `lock` methods only, which read the present
    again.
    """

    __slots__ = ()


class Change(Statement):
    """An UPDATE or DELETE; run by `uow.execute`, which returns how many rows it has changed."""

    __slots__ = ()

    def __init__(self, statement: Update | Delete, *, of_all_tenants: bool = False) -> None:
        super().__init__(statement, of_all_tenants=of_all_tenants)


class RowUpdate(Change):
    """The UPDATE of all columns of one row of a table, found by its primary key; its parameters are named as the
    columns (`columns_of` a row that was read and `replaced`).
    """

    __slots__ = ()

    def __init__(self, model: type[Base]) -> None:
        columns = model.__table__.columns
        keys = [column for column in columns if column.primary_key and column.key != TENANT_PARAMETER]
        super().__init__(
            update(model)
            .where(columns.tenant_id == TENANT, *(column == bindparam(column.key) for column in keys))
            .values({column.key: bindparam(column.key) for column in columns if not column.primary_key})
        )


ROWS_MAX = 100
"""Rows that one INSERT takes."""


class Insertion(Statement):
    """The INSERT of rows of a table, its parameters named as the columns; run by `uow.insert`, `uow.insert_many` and
    `uow.insert_at_end`.

    A column that is not given gets its default, or NULL. With `or_ignore` a row whose key exists is passed over:
    `uow.insert` returns 0 then. That is any unique key of the table or, with `or_ignore_key`, the primary one alone.
    Such an INSERT waits, on PostgreSQL, for another unit that is inserting the same key. With `or_update` a row whose
    key exists gets the new values of these columns: one statement for many rows that are locked. With `or_add` the new
    values are added to those that are there; PostgreSQL refuses a second row with the same key in one statement.
    """

    __slots__ = ("_of_many", "defaults")

    def __init__(
        self,
        model: type[Base],
        *,
        or_ignore: bool = False,
        or_ignore_key: bool = False,
        or_update: Sequence[str] = (),
        or_add: Sequence[str] = (),
    ) -> None:
        self._of_many: dict[tuple[str, int], str] = {}
        columns = model.__table__.columns
        self.defaults = {column.key: _default(column) for column in columns if _is_optional(column)}
        statement: Insert = insert(model).values({column.key: bindparam(column.key) for column in columns})
        key = ", ".join(column.name for column in model.__table__.primary_key)
        new = [f"{name} = excluded.{name}" for name in or_update]
        new += [f"{name} = {model.__tablename__}.{name} + excluded.{name}" for name in or_add]
        suffix = f" ON CONFLICT ({key}) DO UPDATE SET {', '.join(new)}" if new else ""
        if or_ignore or or_ignore_key:
            suffix = " ON CONFLICT DO NOTHING" if or_ignore else f" ON CONFLICT ({key}) DO NOTHING"
        super().__init__(statement, suffix)

    def of_many(self, dialect: Dialect, rows: Sequence[Parameters]) -> tuple[str, object]:
        """The INSERT of several rows in one statement, at most ROWS_MAX, and what the driver takes for it."""
        prepared = self.prepared(dialect)
        known = self._of_many.get((dialect.name, len(rows)))
        if known is None:
            known = self._of_many[dialect.name, len(rows)] = _repeated(prepared, self._suffix, len(rows))
        if prepared.names is not None:
            return known, [value for row in rows for value in prepared.arguments(row)]
        return known, {
            f"{name}_{place}": value
            for place, row in enumerate(rows)
            for name, value in prepared.arguments(row).items()
        }


def _repeated(prepared: Prepared, suffix: str, count: int) -> str:
    """The text of an INSERT with its row of values so many times; parameters by name get the number of their row."""
    head, _, values = prepared.text.removesuffix(suffix).partition(" VALUES ")
    rows = [
        values if prepared.names is not None else re.sub(r"%\((\w+)\)s", rf"%(\1_{place})s", values)
        for place in range(count)
    ]
    return f"{head} VALUES {', '.join(rows)}{suffix}"


def row_of(model: type[T], **values: object) -> T:
    """The row that a statement has written, from the values of its columns;
    those left out have their default, or None.
    """
    make, defaults = _table_row(model)  # type: ignore[arg-type]  # a class is hashable
    return make(**{**defaults, **values})  # type: ignore[no-any-return]  # a row has the attributes of its model


@cache
def _table_row(model: Any) -> tuple[Any, dict[str, object]]:
    """The class of a table's rows, and what their optional columns are when nothing is given."""
    columns = model.__table__.columns
    defaults = {column.key: _default(column) for column in columns if _is_optional(column)}
    return _row_class(tuple(column.key for column in columns), model), defaults


def replaced(row: R, **values: object) -> R:
    """A row with other values: what it is after a change that was written by a statement."""
    return row._replace(**values)  # type: ignore[attr-defined,no-any-return]  # rows are named tuples


def columns_of(row: Any) -> dict[str, object]:
    """The columns of a row by their names, as `uow.insert` takes them."""
    return row._asdict()  # type: ignore[no-any-return]  # rows are named tuples


def differing(row: object, values: Mapping[str, object]) -> dict[str, object]:
    """Those of the values, by column, that are not what a row or an object has: a change without any need not be
    written.

    JSON values differ as JSON does: 1, 1.0 and true are three values, and the order of an object's members does not
    count.
    """
    return {name: value for name, value in values.items() if _differ(getattr(row, name), value)}


def _differ(before: object, after: object) -> bool:
    if isinstance(before, dict | list | float) or isinstance(after, dict | list | float):
        return dump_bytes(before, sort_keys=True) != dump_bytes(after, sort_keys=True)
    return bool(before != after)


LIKE_ESCAPE = "/"


def containing(text: str) -> str:
    """The pattern of LIKE for values that contain a text; the condition names LIKE_ESCAPE as its escape."""
    for special in (LIKE_ESCAPE, "%", "_"):
        text = text.replace(special, LIKE_ESCAPE + special)
    return f"%{text}%"


def check_tenant(statement: Any) -> None:
    """Raises MissingTenant unless every tenant's table of the statement has its `tenant_id` compared with TENANT, or
    with the `tenant_id` of another table that is.
    """
    tables: dict[Any, Any] = {}
    equal: list[set[object]] = []
    for element in _elements(statement):
        if isinstance(element, Insert):
            return  # a whole row; the unit of work binds its tenant
        if isinstance(element, TableClause | Alias):
            _collect(element, tables)
        elif isinstance(element, BinaryExpression) and element.operator is operators.eq:
            sides = [_side(element.left), _side(element.right)]
            if None not in sides:
                equal.append(set(sides))
    if isinstance(statement, Update | Delete):
        _collect(statement.table, tables)
    scoped: set[Any] = {TENANT_PARAMETER}
    while grown := [pair for pair in equal if pair & scoped and not pair <= scoped]:
        for pair in grown:
            scoped.update(pair)
    left = sorted(name for table, name in tables.items() if table not in scoped)
    if left:
        raise MissingTenant(f"no comparison of tenant_id with TENANT for {', '.join(left)} in: {statement}")


def _elements(statement: Any) -> Iterator[Any]:
    """All parts of a statement, but not the table of an alias: what is read is the alias, and its `tenant_id` is to be
    compared.
    """
    left = deque([statement])
    while left:
        element = left.popleft()
        yield element
        if not (isinstance(element, Alias) and isinstance(element.element, TableClause)):
            left.extend(element.get_children())


def _collect(element: Any, tables: dict[object, Any]) -> None:
    """Note a table or alias that has rows of tenants."""
    name = getattr(getattr(element, "element", element), "name", None)
    if name not in UNSCOPED_TABLES and TENANT_PARAMETER in element.c and name in Base.metadata.tables:
        tables[element] = name


def _side(side: Any) -> object:
    """The table whose tenant_id it is, the name of the tenant's parameter, or None."""
    if isinstance(side, BindParameter):
        return TENANT_PARAMETER if side.key == TENANT_PARAMETER else None
    if isinstance(side, Column) or hasattr(side, "table"):
        return side.table if side.key == TENANT_PARAMETER else None
    return None


@cache
def _row_class(names: tuple[str, ...], entity: object) -> Any:
    """A class of rows with these attributes, and the properties of the model whose rows they are."""
    base: object = namedtuple("Row", names)  # type: ignore[misc]  # noqa: PYI024  its fields are known at run time only
    properties = {name: value for name, value in vars(entity or object).items() if isinstance(value, property)}
    return type("Row", (base,), {"__slots__": (), **properties})


def _entity(statement: object) -> object:
    """The model that a statement selects whole and alone, if it does."""
    entities = _entities(statement)
    return entities[0] if len(entities) == 1 else None


def _entities(statement: object) -> list[type[Base]]:
    """The models that a statement selects whole; none when it selects anything else."""
    selected: Any = getattr(statement, "column_descriptions", ())
    is_whole = all(one["type"] is one.get("entity") for one in selected)
    return [one["type"] for one in selected] if is_whole else []


def _rows_of(models: Sequence[type[Base]]) -> Callable[[Sequence[object]], object]:
    """What makes a row of each model out of the columns of all of them."""
    parts: list[tuple[int, int, Callable[[Sequence[object]], object]]] = []
    end = 0
    for model in models:
        start, end = end, end + len(model.__table__.columns)
        parts.append((start, end, _table_row(model)[0]._make))

    def make(values: Sequence[object]) -> object:
        return tuple([None if values[start] is None else one(values[start:end]) for start, end, one in parts])

    return make


def _single(values: Sequence[Any]) -> Any:
    return values[0]


def _is_optional(column: Any) -> bool:
    return bool(column.nullable) or (column.default is not None and column.default.is_scalar)


def _default(column: Any) -> object:
    return column.default.arg if column.default is not None and column.default.is_scalar else None
