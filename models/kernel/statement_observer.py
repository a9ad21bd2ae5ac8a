"""What runs around each prepared statement, where statements are traced."""

from collections.abc import Callable
from contextlib import AbstractContextManager

Observer = Callable[[str], AbstractContextManager[object]]
"""Called with the text of a statement; the statement runs within the context that it returns."""

_observer: Observer | None = None


def observe(observer: Observer | None) -> None:
    """Run all prepared statements of this process within an observer's contexts; None ends that."""
    global _observer  # noqa: PLW0603  one for the process: connections are made in too many places to be given one
    _observer = observer


def observer() -> Observer | None:
    """The present observer."""
    return _observer
