"""Keys: names for programs that are made from a first name, unique in their kind and never changed."""

import re
import unicodedata
from typing import Any

from sqlalchemy import select

from models.kernel.base import Base
from models.uow import UnitOfWork

STEM_CHARACTERS_MAX = 200
_OTHER = re.compile(r"[^a-z0-9]+")


def key_stem(name: str, fallback: str) -> str:
    """A name in lower-case ASCII with dashes: `Gold, später` is `gold-spater`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return _OTHER.sub("-", plain).strip("-")[:STEM_CHARACTERS_MAX].strip("-") or fallback


def new_key(uow: UnitOfWork, model: type[Base], column: Any, name: str, fallback: str) -> str:
    """The key of something with this name: the stem, or the stem with the first free number from 2.

    Two calls at once may find the same one; the table's unique key lets the later be tried again.
    """
    stem = key_stem(name, fallback)
    owner = model.tenant_id  # type: ignore[attr-defined]
    taken = set(
        uow.session.scalars(select(column).where(owner == uow.tenant_id, column.startswith(stem, autoescape=True)))
    )
    if stem not in taken:
        return stem
    return next(key for number in range(2, len(taken) + 3) if (key := f"{stem}-{number}") not in taken)
