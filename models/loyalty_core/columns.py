"""Members of a body and columns of a row that are the same under two names."""

from collections.abc import Mapping

from models.kernel.base import Base
from models.kernel.json_values import Shown
from models.kernel.times import iso
from models.loyalty_core.instants import bounded_ms

NONE: Mapping[str, str] = {}


def read_columns(
    body: Mapping[str, object], plain: Mapping[str, str], instants: Mapping[str, str] = NONE
) -> dict[str, object]:
    """The columns that a body names, with their new values; what it leaves out is not there.

    Both mappings are of members to columns; instants become ms or None. Raises InvalidInput.
    """
    columns = {column: body[member] for member, column in plain.items() if member in body}
    for member, column in instants.items():
        if member in body:
            text = body[member]
            columns[column] = bounded_ms(text) if isinstance(text, str) else None
    return columns


def show_columns(row: Base, plain: Mapping[str, str], instants: Mapping[str, str] = NONE) -> Shown:
    """The same members for an answer; an instant is ISO 8601 text or None."""
    shown = {member: getattr(row, column) for member, column in plain.items()}
    for member, column in instants.items():
        at_ms = getattr(row, column)
        shown[member] = None if at_ms is None else iso(at_ms)
    return shown
