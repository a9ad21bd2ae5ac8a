"""What the JSON columns of the tables hold at their top: an object, a list, a list of texts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from sqlalchemy import JSON

from models.kernel.base import Base
from troth.database.storage import import_tables


@dataclass(frozen=True, slots=True)
class JsonKind:
    """`dict` or `list`, and what the items of a list are where that is one plain type."""

    outer: type
    items: type = object

    def takes(self, value: Any) -> bool:
        """Whether a JSON value is of this kind."""
        if self.outer is dict:
            return isinstance(value, dict)
        return isinstance(value, list) and all(isinstance(item, self.items) for item in value)


@cache
def json_kinds() -> dict[tuple[str, str], JsonKind]:
    """The kinds of the JSON columns whose class says one, by table and column."""
    import_tables()
    found = {}
    for mapper in Base.registry.mappers:
        hints = get_type_hints(mapper.class_)
        for attribute in mapper.column_attrs:
            column = attribute.columns[0]
            kind = _kind_of(hints[attribute.key]) if isinstance(column.type, JSON) else None
            if kind is not None:
                found[str(mapper.local_table), column.name] = kind
    return found


def _kind_of(mapped: Any) -> JsonKind | None:
    """Of `Mapped[list[str] | None]`: a list of texts."""
    (hint,) = get_args(mapped)
    choices = [one for one in get_args(hint) if one is not NoneType] if NoneType in get_args(hint) else [hint]
    outer = get_origin(choices[0]) or choices[0]
    if len(choices) > 1 or not isinstance(outer, type) or not issubclass(outer, (dict, list)):
        return None
    inner = get_args(choices[0])
    return JsonKind(list, str) if inner == (str,) else JsonKind(list if issubclass(outer, list) else dict)
