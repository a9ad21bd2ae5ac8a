"""What a view gives: the name of a template, and the values for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Values = dict[str, Any]
NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class Shown:
    """A page."""

    template: str
    values: Values = field(default_factory=dict)
    status: int = 200
