"""Structured logs: one JSON object a line, on standard error."""

import logging
import sys
from typing import cast

import structlog


def configure(level: int = logging.INFO) -> None:
    """One JSON object a line. Tracebacks come without local variables, which may hold credentials."""
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


logger = cast("structlog.stdlib.BoundLogger", structlog.get_logger())
