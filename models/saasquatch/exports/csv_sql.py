"""Rows as lines of CSV that PostgreSQL's COPY writes: what it is asked for, and the cells of the few lines that must be
altered.

COPY knows nothing of line breaks that become spaces, or of formulas. To look for both in SQL took a third of the
database's time: so Python looks at many lines at once (`files.write_copied_csv`), and takes apart only those that may
have them.
"""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import SQLColumnExpression, Text, case, cast, null, type_coerce
from sqlalchemy.dialects.postgresql import JSON

from models.kernel.json_text import loads
from models.kernel.json_values import FreeForm
from models.saasquatch.exports.columns import Column
from models.saasquatch.exports.files import FORMULA_STARTS, clean

_CELL = re.compile('([^",\n]*|(?:"[^"]*")+)[,\n]')


def values(
    columns: Sequence[Column],
    fields: SQLColumnExpression[FreeForm] | None,
    names: Sequence[str],
    behind: Sequence[Column],
) -> list[SQLColumnExpression[Any]]:
    """The values of a line: the columns, the members of the JSON objects of `fields` that have these names, the columns
    behind them.

    Last, and not shown, comes an object that has a text beginning with a minus: only there it can be distinguished from
    a number. Else NULL.
    """
    members: list[SQLColumnExpression[str]] = []
    last: SQLColumnExpression[Any] = null()
    if fields is not None and names:
        objects = type_coerce(fields, JSON())
        members = [objects[name].astext for name in names]
        last = case((cast(fields, Text).like('%"-%'), fields))
    return [*(column.value for column in columns), *members, *(column.value for column in behind), last]


def shown_cells(
    line: str, columns: Sequence[Column], names: Sequence[str], behind: Sequence[Column], *, raw: bool
) -> list[str]:
    """The cells of such a line that are shown, each on one line, and unless `raw` with an apostrophe where it must
    be.
    """
    *found, last = map(_unquoted, _CELL.findall(line)) if '"' in line else line.removesuffix("\n").split(",")
    texts = [*map(clean, found)]
    formulas = () if raw else [place for place, text in enumerate(texts) if text[:1] in FORMULA_STARTS]
    for place in formulas:
        if _is_free(place, texts[place], last, columns, names, behind):
            texts[place] = f"'{texts[place]}"
    return texts


def _unquoted(cell: str) -> str:
    return cell[1:-1].replace('""', '"') if cell.startswith('"') else cell


def _is_free(
    place: int, text: str, last: str, columns: Sequence[Column], names: Sequence[str], behind: Sequence[Column]
) -> bool:
    """Whether a cell is a text that others have written: of members, all but negative numbers."""
    if place < len(columns):
        return columns[place].is_free
    member = place - len(columns)
    if member >= len(names):
        return behind[member - len(names)].is_free
    return not text.startswith("-") or isinstance(loads(last or "{}").get(names[member]), str)
