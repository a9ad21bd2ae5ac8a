"""Structured logs: one JSON object a line, on standard error.

structlog is loaded with the first line: to load it takes a twentieth of a mock's start, and most mocks never log.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import structlog


class _Logger:
    """structlog's logger, configured when it is loaded."""

    def __init__(self) -> None:
        self._level: int | None = None

    def configure(self, level: int) -> None:
        """Set the lowest level that is logged."""
        self._level = level
        if "structlog" in sys.modules:
            self._apply()

    def _apply(self) -> None:
        import structlog

        if self._level is None:
            return
        level, self._level = self._level, None
        structlog.configure(
            processors=[
                structlog.contextvars.merge_contextvars,
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(),
            ],
            wrapper_class=structlog.make_filtering_bound_logger(level),
            logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
            cache_logger_on_first_use=False,
        )

    def __getattr__(self, name: str) -> Any:
        import structlog

        self._apply()
        return getattr(structlog.get_logger(), name)


_logger = _Logger()
logger = cast("structlog.stdlib.BoundLogger", _logger)


class _Forwarding(logging.Handler):
    """Takes what the domain logs by the standard library, with its `members`, to the same lines."""

    def emit(self, record: logging.LogRecord) -> None:
        members: dict[str, Any] = getattr(record, "members", {})
        logger.log(record.levelno, record.getMessage(), **members)


def configure(level: int = logging.INFO) -> None:
    """One JSON object a line. Tracebacks come without local variables, which may hold credentials."""
    _logger.configure(level)
    domain = logging.getLogger("models")
    domain.handlers, domain.propagate = [_Forwarding()], False
