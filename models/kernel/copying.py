"""Reading all rows of a query on PostgreSQL: as CSV that the database writes (COPY ...
TO STDOUT), or batch by batch.
"""

from collections.abc import Iterator
from typing import TypeVar

from sqlalchemy import Select
from sqlalchemy.engine import Dialect

from models.kernel.connection import LazyConnection
from models.kernel.statements import Parameters, Prepared, Query, Statement

R = TypeVar("R")

_WHOLE = "SET LOCAL statement_timeout = 0; SET LOCAL enable_nestloop = off; SET LOCAL cursor_tuple_fraction = 1"
"""For the transaction of a long job, which only reads and ends with the job.

The time of such a statement grows with its rows, so the limit of one statement does not fit; its reader can cancel it
at any row, and network timeouts end it when the server is gone. For rows that came after the last ANALYZE (a new
tenant's, all of a new database) the planner estimates one row, and joins by nested loops over the whole tenant, which
took 20 s for 450 users. All rows are read, so hash and merge joins are right whatever their number is, and a cursor is
planned for all of its rows, not for the first tenth.
"""
_CURSOR = "troth_rows"


class CsvCopy(Statement):
    """The COPY of a query's rows as CSV in UTF-8, without a header, lines ending with a line feed.

    NULL is an empty field and an empty text is two quotes: a query that wants an empty field gives NULL. COPY takes no
    parameters on the server, so that the driver writes them into the statement as literals.
    """

    __slots__ = ()

    def __init__(self, statement: Select[*tuple[object, ...]]) -> None:
        super().__init__(statement)

    def _prepare(self, statement: object, dialect: Dialect) -> Prepared:
        prepared = super()._prepare(statement, dialect)
        text = f"COPY ({prepared.text}) TO STDOUT (FORMAT csv, ENCODING 'UTF8')"
        return Prepared(text, prepared.names, prepared.constants, prepared.converters, prepared.make)


def copied(connection: LazyConnection, statement: CsvCopy, parameters: Parameters) -> Iterator[str]:
    """The lines that a COPY writes, each as it comes; the connection serves nothing else until the last one.

    Raises DBAPIError.

    Closing the iterator before its end cancels the COPY. For transactions that only read (`Storage.long_reading`).
    """
    prepared = statement.prepared(connection.dialect)
    cursor = connection.read().connection.cursor()
    with connection.driver_errors(prepared.text):
        cursor.execute(_WHOLE)
        with cursor.copy(prepared.text, prepared.arguments(parameters)) as lines:
            for line in lines:
                yield str(line, "utf-8")
    cursor.close()


def fetched(connection: LazyConnection, query: Query[R], parameters: Parameters, size: int) -> Iterator[list[R]]:
    """All rows of a query, up to `size` at a time, from a cursor of the server. Raises DBAPIError.

    For transactions that only read (`Storage.long_reading`); one cursor at a time.
    """
    prepared = query.prepared(connection.dialect)
    driver = connection.read().connection.driver_connection
    assert driver is not None, "the connection is open"
    with connection.driver_errors(prepared.text):
        driver.execute(_WHOLE)
        with driver.cursor(_CURSOR) as cursor:
            cursor.execute(prepared.text, prepared.arguments(parameters))
            while rows := cursor.fetchmany(size):
                yield [prepared.make(row) for row in rows]
