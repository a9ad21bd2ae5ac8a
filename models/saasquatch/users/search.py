"""Which users have a text in e-mail, name or id: an index of three letters each (trigrams) finds those that may.

On PostgreSQL it is one of the extension pg_trgm, where the database lets us create that; without it all users of the
tenant are read. On SQLite it is a table of FTS5 that holds the index alone, kept up to date by triggers. Its rows are
found by numbers of their own: the row ids of a table that does not name them may change.
"""

import contextlib
import sqlite3
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from sqlalchemy import BindParameter, ColumnElement, bindparam, column, func, select, table, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from models.kernel.extras import Extra, declare
from models.kernel.lists import Condition, Values
from models.kernel.search_text import one_line
from models.kernel.statements import LIKE_ESCAPE, TENANT, TENANT_PARAMETER, Query, containing
from models.saasquatch.queries import USERS, ListedUser
from models.saasquatch.tables import User
from models.uow import UnitOfWork

TRIGRAM = 3
"""Characters; a shorter text is in no index."""
PHRASE_MAX = 16
"""Characters of a text that the index of SQLite is asked for:
the users that it finds are compared with the whole text.
"""
COMMON = 20_000
"""Users; to look each of them up takes as long as to read 300,000."""

_NUMBERS = """CREATE TABLE sq_user_numbers (
    number INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, account_id VARCHAR(255) NOT NULL, user_id VARCHAR(255) NOT NULL,
    UNIQUE (tenant_id, account_id, user_id)
)"""
_INDEX = "CREATE VIRTUAL TABLE sq_user_search USING fts5(search, content='', tokenize='trigram')"
_INSERTED = """CREATE TRIGGER search_sq_users_insert AFTER INSERT ON sq_users BEGIN
    INSERT INTO sq_user_numbers (tenant_id, account_id, user_id) VALUES (NEW.tenant_id, NEW.account_id, NEW.id);
    INSERT INTO sq_user_search (rowid, search) VALUES (last_insert_rowid(), NEW.search);
END"""
_DELETED = """CREATE TRIGGER search_sq_users_delete AFTER DELETE ON sq_users BEGIN
    INSERT INTO sq_user_search (sq_user_search, rowid, search) SELECT 'delete', number, OLD.search FROM sq_user_numbers
        WHERE tenant_id = OLD.tenant_id AND account_id = OLD.account_id AND user_id = OLD.id;
    DELETE FROM sq_user_numbers WHERE tenant_id = OLD.tenant_id AND account_id = OLD.account_id AND user_id = OLD.id;
END"""
_UPDATED = """CREATE TRIGGER search_sq_users_update AFTER UPDATE OF search ON sq_users WHEN OLD.search <> NEW.search BEGIN
    INSERT INTO sq_user_search (sq_user_search, rowid, search) SELECT 'delete', number, OLD.search FROM sq_user_numbers
        WHERE tenant_id = OLD.tenant_id AND account_id = OLD.account_id AND user_id = OLD.id;
    INSERT INTO sq_user_search (rowid, search) SELECT number, NEW.search FROM sq_user_numbers
        WHERE tenant_id = NEW.tenant_id AND account_id = NEW.account_id AND user_id = NEW.id;
END"""
SQLITE = Extra(
    "sqlite",
    make=[_NUMBERS, _INDEX, _INSERTED, _DELETED, _UPDATED],
    drop=[
        *(f"DROP TRIGGER IF EXISTS search_sq_users_{event}" for event in ("insert", "delete", "update")),
        "DROP TABLE IF EXISTS sq_user_search",
        "DROP TABLE IF EXISTS sq_user_numbers",
    ],
    names=("sq_user_numbers", "sq_user_search"),
)
_WHERE_ALLOWED = """DO $$ BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX search_sq_users ON sq_users USING gin (search gin_trgm_ops);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
    RAISE NOTICE 'without the extension pg_trgm, the search for users reads all of a tenant';
END $$"""
POSTGRES = Extra(
    "postgresql", make=[_WHERE_ALLOWED], drop=["DROP INDEX IF EXISTS search_sq_users"], names=("search_sq_users",)
)
declare(POSTGRES)


@cache
def has_trigrams() -> bool:
    """Whether the SQLite of this process has FTS5 with trigrams (3.34 and newer, unless it was built without)."""
    try:
        with contextlib.closing(sqlite3.connect(":memory:")) as connection:
            connection.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize='trigram')")
    except sqlite3.OperationalError:
        return False
    return True


if has_trigrams():
    declare(SQLITE)


def rename_user(uow: UnitOfWork, before: tuple[str, str], after: tuple[str, str]) -> None:
    """Note that a user has another account and id: the triggers see changes of what is searched, not of the key."""
    if uow.connection.dialect.name == "sqlite" and has_trigrams():
        statement = text(
            "UPDATE sq_user_numbers SET account_id = :new_account, user_id = :new_user "
            "WHERE tenant_id = :tenant AND account_id = :account AND user_id = :user"
        )
        names = dict(zip(("account", "user", "new_account", "new_user"), (*before, *after), strict=True))
        uow.session.execute(statement, {"tenant": uow.tenant_id, **names})


class by_trigrams(Condition):  # noqa: N801  used as a function
    """The condition that the index of SQLite has found a user, by `numbers`; PostgreSQL uses its index by itself."""

    def __init__(self) -> None:
        self.tenant: BindParameter[int] = bindparam(TENANT_PARAMETER)
        self.numbers: BindParameter[object] = bindparam("numbers", type_=Values())


@compiles(by_trigrams)
def _true(_element: by_trigrams, _compiler: SQLCompiler, **_options: object) -> str:
    return "true"


@compiles(by_trigrams, "sqlite")
def _among_numbers(element: by_trigrams, compiler: SQLCompiler, **options: object) -> str:
    tenant = compiler.process(element.tenant, **options)
    numbers = compiler.process(element.numbers, **options)
    return (
        "(sq_users.account_id, sq_users.id) IN (SELECT account_id, user_id FROM sq_user_numbers "  # noqa: S608  places of parameters
        f"WHERE tenant_id = {tenant} AND number IN (SELECT value FROM json_each({numbers})))"
    )


class MatchingKey(NamedTuple):
    """A user whose e-mail, name or id has a text, and how many there are."""

    account_id: str
    id: str
    total: int


class Conditions(StrEnum):
    """How the users with a text are found."""

    WHOLE = "whole"
    """By the text itself: PostgreSQL's index takes part where it helps."""
    NUMBERED = "numbered"
    """Among the users that the index of SQLite has found."""
    NARROWED = "narrowed"
    """By PostgreSQL's index for a part of the text that few users have, and among those by the whole text."""


@cache
def _page(conditions: Conditions) -> Query[MatchingKey]:
    """The keys of a page, oldest first. Page and count are of one scan.

    MATERIALIZED has PostgreSQL find all matches before it sorts and cuts them. With a window's count in their place its
    planner expected to stop after a page, and read all users in order of time for a text that many have (1.1 s of
    500,000, in place of 0.2).
    """
    found = (
        select(User.account_id, User.id, User.created_ms)
        .where(User.tenant_id == TENANT, *_matching(conditions))
        .cte("found")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    total = select(func.count()).select_from(found).scalar_subquery()
    return Query(
        select(found.c.account_id, found.c.id, total.label("total"))
        .order_by(found.c.created_ms, found.c.account_id, found.c.id)
        .limit(bindparam("limit"))
        .offset(bindparam("offset")),
        MatchingKey,
    )


@cache
def _count(conditions: Conditions) -> Query[int]:
    return Query(select(func.count()).select_from(User).where(User.tenant_id == TENANT, *_matching(conditions)))


def _matching(conditions: Conditions) -> list[ColumnElement[bool]]:
    has = User.search.like(bindparam("pattern"), escape=LIKE_ESCAPE)
    if conditions is Conditions.NUMBERED:
        return [has, by_trigrams()]
    if conditions is Conditions.NARROWED:
        # No index has the concatenation: PostgreSQL would look up the domain's trigrams, too, which all users of the
        # domain have.
        unindexed = User.search.concat("").like(bindparam("pattern"), escape=LIKE_ESCAPE)
        return [User.search.like(bindparam("part"), escape=LIKE_ESCAPE), unindexed]
    return [has]


_SEARCHED = table("sq_user_search", column("rowid"))
_NUMBERS_WITH = Query(select(_SEARCHED.c.rowid).where(text("sq_user_search MATCH :phrase")).limit(bindparam("most")))


def find_users(uow: UnitOfWork, query: str, *, limit: int, offset: int) -> tuple[list[ListedUser], int]:
    """A page of the users with a text in e-mail, name or id in any case, oldest first, and how many there are."""
    term = one_line(query.lower())
    conditions, given = _conditions(uow, term)
    found = uow.rows(_page(conditions), limit=limit, offset=offset, **given)
    if not found:
        return [], int(uow.one(_count(conditions), **given)) if offset else 0
    keys = [(row.account_id, row.id) for row in found]
    rows = {(row.account_id, row.id): row for row in uow.rows(USERS, keys=keys)}
    # On PostgreSQL each statement sees what is committed by then: a user may be deleted in between.
    return [rows[key] for key in keys if key in rows], found[0].total


def selective_part(term: str) -> str:
    """The part of a text that few users have: of an e-mail address what ends with the @, since domains are shared, and
    of that the end, since namesakes differ there; of other texts the beginning.
    """
    end = term.find("@") + 1
    return term[max(0, end - PHRASE_MAX) : end] if end >= TRIGRAM else term[:PHRASE_MAX]


def _conditions(uow: UnitOfWork, term: str) -> tuple[Conditions, dict[str, object]]:
    """How the users with a term are found, and the parameters of that."""
    given: dict[str, object] = {"pattern": containing(term)}
    if uow.connection.dialect.name == "sqlite":
        numbers = _candidates(uow, term)
        return (Conditions.WHOLE, given) if numbers is None else (Conditions.NUMBERED, {**given, "numbers": numbers})
    if "@" not in term:
        return Conditions.WHOLE, given
    return Conditions.NARROWED, {**given, "part": containing(selective_part(term))}


def _candidates(uow: UnitOfWork, term: str) -> list[int] | None:
    """The numbers of the users of all tenants that the index of SQLite finds for a text; None where all users are to be
    read.
    """
    if len(term) < TRIGRAM or not has_trigrams():
        return None
    phrase = '"' + selective_part(term).replace('"', '""') + '"'
    numbers = uow.rows(_NUMBERS_WITH, phrase=phrase, most=COMMON + 1)
    return numbers if len(numbers) <= COMMON else None
