"""CSV cells as PostgreSQL renders them: the SQL of what `files.clean` and `files.write_csv` do.

Line breaks become spaces, and what a spreadsheet would take for a formula gets an apostrophe. Most rows have neither: one look at all
texts of a row finds those that may, and only they pay for more. COPY itself puts quotes where a field needs them.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select, true, type_coerce
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.sql.selectable import Subquery

from models.saasquatch.exports.columns import Column
from models.saasquatch.exports.files import FORMULA_STARTS, LINE_BREAKS

CELL = "cell"
"""Columns of the rows are named so, with their number."""
FIELDS = "fields"
_BETWEEN = "\x1f"
"""Between the texts of a row, where it is looked at."""


def _escaped(characters: str) -> str:
    """Characters as a regular expression of PostgreSQL writes them, within brackets and outside."""
    return "".join(f"\\u{ord(character):04x}" for character in characters)


_BREAK = f"{_escaped(chr(13) + chr(10))}|[{_escaped(LINE_BREAKS)}]"
_FORMULA = f"[{_escaped(''.join(sorted(FORMULA_STARTS)))}]"
_ODD = f"[{_escaped(LINE_BREAKS)}]|(^|{_escaped(_BETWEEN)}){_FORMULA}"


def rendered(
    rows: Subquery, columns: Sequence[Column], names: Sequence[str], behind: Sequence[Column], *, raw: bool
) -> Select[*tuple[Any, ...]]:
    """The SELECT of the cells of rows as COPY takes them: empty texts are NULL. `names` are members of the JSON column FIELDS, which
    come between the two kinds of columns. With `raw`, formulas stay.
    """
    cells = [(column, rows.c[f"{CELL}{place}"]) for place, column in enumerate([*columns, *behind])]
    members = _members(rows, names)
    texts = [cell for column, cell in cells if column.is_free] + [text for text, _ in members]
    # OFFSET keeps the planner from writing the expression into each cell, where it would be worked out again.
    look = (
        select(func.concat_ws(_BETWEEN, *texts).regexp_match(_ODD).label("odd"))
        .offset(0)
        .correlate(rows)
        .lateral("look")
    )
    is_odd = look.c.odd
    shown = [_shown(cell, is_odd, raw=raw) if column.is_free else cell for column, cell in cells]
    between = [_shown(text, is_odd, raw=raw, is_text=is_text) for text, is_text in members]
    shown[len(columns) : len(columns)] = between
    return select(*shown).select_from(rows.join(look, true()))


def _members(rows: Subquery, names: Sequence[str]) -> list[tuple[ColumnElement[str], ColumnElement[bool]]]:
    """The members of the JSON objects as texts, and whether they are texts there; what is nested as JSON has it."""
    if not names:
        return []
    fields = type_coerce(rows.c[FIELDS], JSON())
    return [(fields[name].astext, func.json_typeof(fields[name]) == "string") for name in names]


def _shown(
    text: ColumnElement[str], is_odd: ColumnElement[bool], *, raw: bool, is_text: ColumnElement[bool] | None = None
) -> ColumnElement[str]:
    """A text as it is, or in a row that is odd on one line, and with an apostrophe where it must be. Empty ones are NULL."""
    line: ColumnElement[str] = func.regexp_replace(text, _BREAK, " ", "g")
    if not raw:
        starts = line.regexp_match(f"^{_FORMULA}")
        line = case((starts if is_text is None else and_(starts, is_text), literal("'") + line), else_=line)
    return func.nullif(case((is_odd, line), else_=text), "")
