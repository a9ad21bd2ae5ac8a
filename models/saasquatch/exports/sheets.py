"""Reports that one query reads: the rows of a listing with what is joined to them, page by page or as PostgreSQL's CSV.

The same columns drive both ways. A page has values, which workbooks keep and `files.write_csv` renders; `copied` has
PostgreSQL render them by itself, several times as fast. PostgreSQL reads pages from one statement, SQLite by one for
each page. tests/unit/test_export_equivalence.py compares the bytes of the two.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, Text, bindparam, cast, func, select, tuple_

from models.kernel.base import Base
from models.kernel.copying import CsvCopy
from models.kernel.json_text import loads
from models.kernel.json_values import FreeForm
from models.kernel.statements import Query
from models.saasquatch.exports import csv_sql
from models.saasquatch.exports import pages as paged
from models.saasquatch.exports.columns import Column
from models.saasquatch.exports.files import CopiedRows, Row, written
from models.saasquatch.exports.queries import Listing, Source, condition_of
from models.uow import UnitOfWork

FIELD_PREFIX = "customFields."
Cells = tuple[Any, ...]
"""A row as the driver returns it."""
Value = SQLColumnExpression[Any]
KNOWN_MAX = 1_000
"""Texts of JSON objects that are kept with what they hold."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """The columns of a report, and the query of its rows."""

    listing: Listing[Base]
    columns: Sequence[Column]
    source: Source
    """The listing's table with what is joined to it: one row for each of the table's."""
    fields: SQLColumnExpression[FreeForm] | None = None
    """A column of JSON objects, whose members are columns, too."""
    behind: Sequence[Column] = ()
    """Columns that come after those members."""
    _queries: dict[tuple[frozenset[str], str, bool], Query[Cells]] = field(default_factory=dict)

    @property
    def of_rows(self) -> Sequence[Column]:
        """All but the members."""
        return (*self.columns, *self.behind)

    def page(self, conditions: frozenset[str], *, continues: bool, with_fields: bool) -> Query[Cells]:
        """A page of rows that meet these conditions: the first, or the one after the row of `after0`, `after1`, ..."""
        key = (conditions, "next page" if continues else "first page", with_fields)
        if key not in self._queries:
            statement = self.select(conditions, self._cells(with_fields=with_fields))
            if continues:
                last = (
                    bindparam(f"after{place}", type_=column.type) for place, column in enumerate(self.listing.order)
                )
                statement = statement.where(tuple_(*self.listing.order) > tuple_(*last))
            self._queries[key] = Query(statement.limit(bindparam("limit")))
        return self._queries[key]

    def whole(self, conditions: frozenset[str], *, with_fields: bool) -> Query[Cells]:
        """All rows that meet these conditions."""
        key = (conditions, "whole", with_fields)
        if key not in self._queries:
            self._queries[key] = Query(self.select(conditions, self._cells(with_fields=with_fields)))
        return self._queries[key]

    def _cells(self, *, with_fields: bool) -> list[Value]:
        cells: list[Value] = [column.value.label(f"cell{place}") for place, column in enumerate(self.of_rows)]
        return [*cells, cast(self.fields, Text).label("fields")] if with_fields else cells

    def select(self, conditions: frozenset[str], values: Sequence[Value]) -> Select[*tuple[Any, ...]]:
        """Values of the rows that meet the conditions, in order."""
        statement = select(*values).select_from(self.source).where(self.listing.of_tenant)
        statement = statement.where(*(condition_of(self.listing, name) for name in sorted(conditions)))
        return statement.order_by(*self.listing.order)

    def places(self) -> list[int]:
        """Which of the values the rows are ordered by."""
        values = [column.value for column in self.of_rows]
        return [next(place for place, value in enumerate(values) if value is column) for column in self.listing.order]


class SheetReport:
    """A report of the rows of a sheet that meet the conditions; `parameters` are those of its columns."""

    def __init__(
        self, uow: UnitOfWork, sheet: Sheet, conditions: Mapping[str, object], parameters: Mapping[str, object]
    ) -> None:
        self.uow = uow
        self.sheet = sheet
        self.conditions = conditions
        self.parameters = {"public_url": uow.public_url, **parameters}
        self.names: list[str] = []

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in the order of the file."""
        return [
            *(column.name for column in self.sheet.columns),
            *(f"{FIELD_PREFIX}{name}" for name in self.names),
            *(column.name for column in self.sheet.behind),
        ]

    def learn(self) -> Iterator[None]:
        """Find the names of the members that the rows of the report have: a pass of its own, for the header comes
        first.
        """
        fields, listing = self.sheet.fields, self.sheet.listing
        if fields is None:
            return
        names: set[str] = set()
        if self.reads_whole:
            keys = select(func.json_object_keys(fields).label("name")).where(listing.of_tenant)
            keys = keys.where(*(condition_of(listing, name) for name in self.conditions)).distinct()
            names.update(self.uow.rows(Query(keys), **self.conditions))
        else:
            objects = Sheet(listing, [Column(column.key, column) for column in listing.order], listing.model, fields)
            seen: set[str] = set()
            for page in self._read(objects, {}, with_fields=True):
                found = {row[-1] for row in page} - seen
                names.update(*map(loads, found))
                seen = seen | found if len(seen) < KNOWN_MAX else found
                yield
        self.names = sorted(names)

    def pages(self, *, texts: bool = False) -> Iterator[list[Row]]:
        before, known = len(self.sheet.columns), dict[str, Row]()
        for page in self._read(self.sheet, self.parameters, with_fields=bool(self.names)):
            if not self.names:
                yield page
                continue
            if len(known) > KNOWN_MAX:
                known.clear()
            for text in {row[-1] for row in page} - known.keys():
                members = map(loads(text).get, self.names)
                known[text] = [*map(written, members)] if texts else [*members]
            yield [[*row[:before], *known[row[-1]], *row[before:-1]] for row in page]

    def _read(self, sheet: Sheet, parameters: Mapping[str, object], *, with_fields: bool) -> Iterator[list[Any]]:
        conditions, places = frozenset(self.conditions), sheet.places()
        if self.reads_whole:
            whole = sheet.whole(conditions, with_fields=with_fields)
            yield from self.uow.fetched(whole, paged.PAGE_ROWS, **parameters, **self.conditions)
            return
        last: dict[str, object] = {}
        while True:
            query = sheet.page(conditions, continues=bool(last), with_fields=with_fields)
            page = self.uow.rows(query, limit=paged.PAGE_ROWS, **parameters, **self.conditions, **last)
            if page:
                yield page
            if len(page) < paged.PAGE_ROWS:
                return
            last = {f"after{number}": page[-1][place] for number, place in enumerate(places)}

    @property
    def reads_whole(self) -> bool:
        """Whether one statement reads all rows: on PostgreSQL, which also renders CSV by itself.

        SQLite's connections serve others between two pages.
        """
        return self.uow.connection.dialect.name == "postgresql"

    def copied(self, *, raw: bool) -> CopiedRows | None:
        """The same rows as lines of CSV that PostgreSQL has written, texts as in `files.write_csv`; None on SQLite."""
        if not self.reads_whole:
            return None
        sheet, names = self.sheet, self.names
        # One SELECT without a subquery: the workers of a parallel query then render the values, before the rows are
        # ordered.
        values = csv_sql.values(sheet.columns, sheet.fields, names, sheet.behind)
        statement = CsvCopy(sheet.select(frozenset(self.conditions), values))
        return CopiedRows(
            self.uow.copied(statement, **self.parameters, **self.conditions),
            lambda line: csv_sql.shown_cells(line, sheet.columns, names, sheet.behind, raw=raw),
        )
