"""The columns of reports: each is declared once, as its name and the SQL of its value, for headers, workbooks and both
databases.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, SQLColumnExpression, String, bindparam, case, null
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeDecorator

from models.saasquatch.codes.media import MATRIX
from models.saasquatch.tables import Code, User
from models.saasquatch.user_views import email_hash

PUBLIC_URL: BindParameter[str] = bindparam("public_url", type_=String())
"""A parameter of every report: where short links begin."""


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column of a report.

    `is_free` texts are written by others: they may be empty, have line breaks, or look like a formula.
    """

    name: str
    value: SQLColumnExpression[object]
    """The SQL: a column, or an expression."""
    is_free: bool = False


def free(name: str, value: SQLColumnExpression[object]) -> Column:
    """A column of text that users or integrators have written."""
    return Column(name, value, is_free=True)


def blank(name: str) -> Column:
    """A column that is always empty: what this server does not know."""
    return Column(name, null())


class _Hashed(TypeDecorator[str]):
    """An e-mail address that SQLite, which has no MD5, gives as it is: hashed when it is read."""

    impl = String
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return email_hash(value) if dialect.name == "sqlite" else value


class email_hash_of(ColumnElement[str]):  # noqa: N801  used as a function
    """The MD5 of an e-mail address, as `email_hash`."""

    inherit_cache = False
    type = _Hashed()

    def __init__(self, email: Any) -> None:
        self.email = email

    def get_children(self, **_options: Any) -> Sequence[Any]:
        return [self.email]


@compiles(email_hash_of)
def _md5(element: email_hash_of, compiler: SQLCompiler, **options: object) -> str:
    return f"md5({compiler.process(element.email, **options)})"


@compiles(email_hash_of, "sqlite")
def _as_it_is(element: email_hash_of, compiler: SQLCompiler, **options: object) -> str:
    return compiler.process(element.email, **options)


def link_columns(code: type[Code]) -> list[Column]:
    """The links of a code (`codes/share_links.py`), empty where there is none."""

    def link(name: str, medium: str, *, is_clean: bool = False) -> Column:
        sign = MATRIX["UNKNOWN"][medium]
        vanity = code.vanity_url if is_clean else code.vanity_url + f"?{sign}"
        return Column(
            name, case((code.vanity_url.is_not(None), vanity), else_=PUBLIC_URL + f"/l/{sign}" + code.link_token)
        )

    return [
        link("shareLink", "UNKNOWN", is_clean=True),
        link("facebookShareLink", "FACEBOOK"),
        link("twitterShareLink", "TWITTER"),
        link("emailShareLink", "EMAIL"),
        link("linkedinShareLink", "LINKEDIN"),
        link("cleanShareLink", "UNKNOWN", is_clean=True),
    ]


def person_columns(prefix: str, user: type[User]) -> list[Column]:
    """A user beside another row, empty where there is none."""
    return [
        free(f"{prefix}id", user.id),
        free(f"{prefix}accountId", user.account_id),
        free(f"{prefix}firstName", user.first_name),
        free(f"{prefix}lastName", user.last_name),
        free(f"{prefix}email", user.email),
    ]
