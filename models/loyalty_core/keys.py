"""Keys: names for programs that are made from a first name, unique in their kind and never changed."""

import re
import unicodedata
from functools import cache

from sqlalchemy import bindparam, select
from sqlalchemy.orm import InstrumentedAttribute

from models.kernel.base import Base
from models.kernel.statements import TENANT, Query
from models.uow import UnitOfWork

STEM_CHARACTERS_MAX = 200
_OTHER = re.compile(r"[^a-z0-9]+")


def key_stem(name: str, fallback: str) -> str:
    """A name in lower-case ASCII with dashes: `Gold, später` is `gold-spater`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return _OTHER.sub("-", plain).strip("-")[:STEM_CHARACTERS_MAX].strip("-") or fallback


def new_key(uow: UnitOfWork, model: type[Base], column: InstrumentedAttribute[str], name: str, fallback: str) -> str:
    """The key of something with this name: the stem, or the stem with the first free number from 2.

    Two calls at once may find the same one; the table's unique key lets the later be tried again.
    """
    stem = key_stem(name, fallback)  # it has no character with a meaning in LIKE
    taken = set(uow.rows(_keys_like(model, column.key), pattern=f"{stem}%"))
    if stem not in taken:
        return stem
    return next(key for number in range(2, len(taken) + 3) if (key := f"{stem}-{number}") not in taken)


@cache
def _keys_like(model: type[Base], name: str) -> Query[str]:
    """The keys of a table that match the pattern."""
    column: InstrumentedAttribute[str] = getattr(model, name)
    owner: InstrumentedAttribute[int] = getattr(model, "tenant_id")  # noqa: B009  tables of tenants have it, which their base does not say
    return Query(select(column).where(owner == TENANT, column.like(bindparam("pattern"))))
