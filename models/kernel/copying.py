"""PostgreSQL's COPY ... TO STDOUT: the database itself writes the rows of a query as CSV, and the client passes the bytes on."""

from collections.abc import Iterator

from sqlalchemy import Select
from sqlalchemy.engine import Dialect

from models.kernel.connection import LazyConnection
from models.kernel.statements import Parameters, Prepared, Statement

_NO_LIMIT = "SET LOCAL statement_timeout = 0"
"""A COPY takes time in proportion to its rows, so the limit of one statement does not fit; its reader can cancel it at any row, and network
timeouts end it when the server is gone. A read-only transaction ends with the job, and the connection's own limit holds again."""


class CsvCopy(Statement):
    """The COPY of a query's rows as CSV in UTF-8, without a header, lines ending with a line feed.

    NULL is an empty field and an empty text is two quotes: a query that wants an empty field gives NULL. COPY takes no parameters on the
    server, so that the driver writes them into the statement as literals.
    """

    __slots__ = ()

    def __init__(self, statement: Select[*tuple[object, ...]]) -> None:
        super().__init__(statement)

    def _prepare(self, statement: object, dialect: Dialect) -> Prepared:
        prepared = super()._prepare(statement, dialect)
        text = f"COPY ({prepared.text}) TO STDOUT (FORMAT csv, ENCODING 'UTF8')"
        return Prepared(text, prepared.names, prepared.constants, prepared.converters, prepared.make)


def copied(connection: LazyConnection, statement: CsvCopy, parameters: Parameters) -> Iterator[str]:
    """The lines that a COPY writes, each as it comes; the connection serves nothing else until the last one. Raises DBAPIError.

    Closing the iterator before its end cancels the COPY. For transactions that only read (`Storage.long_reading`).
    """
    prepared = statement.prepared(connection.dialect)
    cursor = connection.read().connection.cursor()
    with connection.driver_errors(prepared.text):
        cursor.execute(_NO_LIMIT)
        with cursor.copy(prepared.text, prepared.arguments(parameters)) as lines:
            for line in lines:
                yield str(line, "utf-8")
    cursor.close()
