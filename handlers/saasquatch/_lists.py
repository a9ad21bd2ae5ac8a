"""Which pages of a list take long."""

from collections.abc import Mapping
from typing import Any

LONG_PAGE = 100
"""Rows. A hundred users take 10 ms, and a thread is worth its while."""

LONG_OFFSET = 1_000
"""The database reads and drops the rows before a page."""


def is_long_page(arguments: Mapping[str, Any]) -> bool:
    """Whether to read a page beside the event loop."""
    return bool(arguments["limit"] > LONG_PAGE or arguments["offset"] > LONG_OFFSET)
