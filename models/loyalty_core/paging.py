"""Pages of lists: counted from 0, in an order that each list offers by the names of its rows' fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, overload

from sqlalchemy import BindParameter, ColumnElement, Select, SQLColumnExpression, UnaryExpression, bindparam, func

from models.kernel.json_values import Shown
from models.kernel.problems import InvalidInput
from models.kernel.statements import Query, check_tenant
from models.row_counts import count_of
from models.uow import UnitOfWork

R = TypeVar("R")
Columns = Mapping[str, SQLColumnExpression[object]]
"""Columns that an order may name."""
Filters = Mapping[str, ColumnElement[bool]]
"""Conditions by the name of their parameter."""
_Order = tuple[str, bool]
"""A column's name, and whether the order falls."""
Counted = Mapping[frozenset[str], tuple[str, str | None]]
"""Counts that are kept, by the names of the filters that leave what they count."""
FEW = 1_000
"""So many rows that match are sorted rather than met on the way through an order."""
COMBINATIONS_MAX = 200
"""Statements that are kept of one list; a caller who tries every combination of filters and orders must not fill the
memory.
"""


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page of a list a request asks for.

    `order` is `name`, `name,asc` or `name,desc`; None for the list's own order.
    """

    page: int
    limit: int
    order: str | None


class Listing(Generic[R]):
    """The statements of a list, declared once in `queries.py`: composed for each combination of filters and order, and
    kept.

    `statement` selects the rows of the tenant. `columns` are those that an order may name; the first is unique, grows
    with the rows' making, decides between equal ones, and is also known as `id`. `filters` are conditions by the name
    of their parameter: one whose value is None is left out. `indexed` are those of them whose rows an index finds
    without the order of the list: where they leave few, these are read and sorted. `dense` are other forms of them for
    where they leave many: met on the way through the order. `counted` names the count (`models/row_counts.py`) of the
    rows that some filters leave, by the set of these, and the parameter that has its value, None for the count of a
    whole table. `row` is the class of the rows where columns are selected, as with `Query`.
    """

    @overload
    def __init__(
        self,
        statement: Select[R],
        columns: Columns,
        filters: Filters | None = None,
        *,
        indexed: Sequence[str] = (),
        dense: Filters | None = None,
        counted: Counted | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self,
        statement: Select[*tuple[Any, ...]],
        columns: Columns,
        filters: Filters | None = None,
        *,
        indexed: Sequence[str] = (),
        row: type[R],
    ) -> None: ...
    def __init__(
        self,
        statement: Select[*tuple[Any, ...]],
        columns: Columns,
        filters: Filters | None = None,
        *,
        indexed: Sequence[str] = (),
        dense: Filters | None = None,
        counted: Counted | None = None,
        row: type[R] | None = None,
    ) -> None:
        check_tenant(statement)
        self._row = row
        self._statement = statement
        self._columns = columns
        self._filters = filters or {}
        self._indexed = frozenset(indexed)
        self._dense = dense or {}
        self._counted = counted or {}
        self._counts: dict[frozenset[str], Query[int]] = {}
        self._pages: dict[tuple[frozenset[str], _Order, bool, bool], Query[R]] = {}

    def page(self, uow: UnitOfWork, paging: Paging, **values: object) -> tuple[list[R], int]:
        """The rows of a page, and how many rows match in all. A page past the end is empty.

        `values` are those of the filters (None for one that is not used), and of other parameters of the statement.
        Raises InvalidInput for an order that is not offered.
        """
        order, used = _read_order(self._columns, paging.order), self._used(values)
        total = self._total(uow, used, values)
        return self._rows(uow, paging, order, values, few=total <= FEW), total

    def _total(self, uow: UnitOfWork, used: frozenset[str], values: Mapping[str, Any]) -> int:
        """How many rows match."""
        if used in self._counted:
            counted, parameter = self._counted[used]
            return count_of(uow, counted) if parameter is None else count_of(uow, counted, values[parameter])
        query = self._counts.get(used)
        if query is None:
            self._make_room()
            matching = self._matching(used).order_by(None)
            query = Query(matching.with_only_columns(func.count(), maintain_column_froms=True))
            self._counts[used] = query
        return uow.one(query, **values)

    def rows(self, uow: UnitOfWork, paging: Paging, **values: object) -> list[R]:
        """The rows of a page alone, for lists without a total. Raises InvalidInput."""
        return self._rows(uow, paging, _read_order(self._columns, paging.order), values, few=False)

    def _rows(
        self, uow: UnitOfWork, paging: Paging, order: _Order, values: Mapping[str, object], *, few: bool
    ) -> list[R]:
        used, deep = self._used(values), paging.page > 0
        few = few and bool(used & (self._indexed | self._dense.keys()))
        query = self._pages.get((used, order, deep, few))
        if query is None:
            self._make_room()
            page = self._page(used, order, deep=deep, few=few)
            query = self._pages[used, order, deep, few] = Query(page) if self._row is None else Query(page, self._row)
        return uow.rows(query, limit_=paging.limit, offset_=paging.page * paging.limit, **values)

    def _page(self, used: frozenset[str], order: _Order, *, deep: bool, few: bool) -> Select[*tuple[Any, ...]]:
        """The statement of a page.

        One further in chooses its keys before it reads rows: those before it are counted off in an index.

        With `few` no index is of use for the order, so that the database takes that of the filters.
        """
        matching, ordering = self._matching(used, few=few), _ordering(self._columns, order, plain=few)
        limit: BindParameter[int] = bindparam("limit_")
        offset: BindParameter[int] = bindparam("offset_")
        if not deep:
            return matching.order_by(*ordering).limit(limit).offset(offset)
        tie = next(iter(self._columns.values()))
        keys = matching.with_only_columns(tie, maintain_column_froms=True).order_by(*ordering)
        chosen = tie.in_(keys.limit(limit).offset(offset).correlate(None))
        return self._statement.where(chosen).order_by(*_ordering(self._columns, order))

    def _used(self, values: Mapping[str, object]) -> frozenset[str]:
        return frozenset(name for name in self._filters if values.get(name) is not None)

    def _matching(self, used: frozenset[str], *, few: bool = True) -> Select[*tuple[Any, ...]]:
        filters = self._filters if few else {**self._filters, **self._dense}
        return self._statement.where(*(condition for name, condition in filters.items() if name in used))

    def _make_room(self) -> None:
        """Forget the statements where one more would be too many."""
        if len(self._counts) + len(self._pages) >= COMBINATIONS_MAX:
            self._counts.clear()
            self._pages.clear()


def _read_order(columns: Columns, order: str | None) -> _Order:
    first = next(iter(columns))
    name, _, direction = (order or first).partition(",")
    known = first if name == "id" else name
    if known not in columns:
        raise InvalidInput(
            f"Rows can be ordered by {', '.join(columns)}, not by {name}.", location="query", pointer="/order"
        )
    return known, direction == "desc"


def _ordering(columns: Columns, order: _Order, *, plain: bool = False) -> list[UnaryExpression[object]]:
    """The order of rows; with `plain` of values that no index holds, so that the database reads the rows in another way
    and sorts.
    """
    name, falls = order
    column, tie = columns[name], columns[next(iter(columns))]
    is_tie = column is tie
    if plain:
        column, tie = func.coalesce(column, None), tie + 0
    last = tie.desc() if falls else tie.asc()
    if is_tie:
        return [last]
    # What is empty comes last, as in PostgreSQL's indexes; SQLite by itself would put it first.
    return [column.desc().nulls_first() if falls else column.asc().nulls_last(), last]


def show_page(results: Sequence[object], total: int, page: int, limit: int) -> Shown:
    """A page in the shape that all lists of the API have."""
    return {"totalCount": total, "page": page, "limit": limit, "results": list(results)}


def split_list(text: str | None) -> list[str] | None:
    """The values of a filter that has commas between them; None for none."""
    return None if text is None else text.split(",")
