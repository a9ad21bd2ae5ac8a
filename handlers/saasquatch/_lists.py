"""Which pages of a list take long."""

from collections.abc import Mapping

LONG_PAGE = 100
"""Rows. A hundred users take 10 ms, and a thread is worth its while."""

LONG_OFFSET = 1_000
"""The database reads and drops the rows before a page."""


def is_long_page(arguments: Mapping[str, int]) -> bool:
    """Whether to read a page beside the event loop."""
    return arguments["limit"] > LONG_PAGE or arguments["offset"] > LONG_OFFSET
