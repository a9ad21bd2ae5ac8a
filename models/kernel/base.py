"""Declarative base and column types shared by all tables."""

from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase

from models.kernel.json_text import dump_bytes

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Big = BigInteger().with_variant(Integer, "sqlite")
"""64-bit integer: milliseconds, amounts, sequences."""


def Name(length: int) -> Any:  # noqa: N802  stands where types stand
    """Text that is compared and sorted by its code points, on both databases: for prefixes that are found as ranges."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class _FreeForm(JSON):
    """JSON whose change from 1 to true or 1.0 is a change:
    Python holds them for equal, and nothing would be written.
    """

    cache_ok = True

    def compare_values(self, x: object, y: object) -> bool:
        return bool(dump_bytes(x) == dump_bytes(y))


Json = _FreeForm(none_as_null=True)
"""Free-form members of a contract only; everything with a meaning has a column.

Text also on PostgreSQL: JSONB would turn a float such as 1e22 into an integer that no answer can carry."""


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: Big,
        **dict.fromkeys((dict[str, Any], dict[str, object], list[str], list[Any], list[object]), Json),
    }


UNSCOPED_TABLES = {
    "tenants": "the list of tenants itself",
    "sandboxes": "groups tenants under one clock and seed",
    "credentials": "looked up by digest before the tenant is known",
    "public_links": "a short link or file token names its tenant",
    "lc_portal_names": "the public id of a portal is unique among all organizations",
    "jobs": "the outbox's due index crosses tenants",
    "vault_keys": "keys of the host itself",
    "signing_keys": "one key for the host signs the webhooks of all tenants",
}
"""Tables whose keys do not start with `tenant_id`, each with its reason; a test holds the schema against this list."""
