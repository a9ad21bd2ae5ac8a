"""What an error of the database means for the unit of work that ran into it."""

from sqlalchemy.exc import DBAPIError, IntegrityError

_RETRYABLE_STATES = {"40001", "40P01", "55P03"}
"""PostgreSQL: serialization failure, deadlock detected, lock not available."""


def is_conflict(error: DBAPIError) -> bool:
    """Whether the same unit may succeed when it is tried again: a lost race, not a broken statement."""
    if isinstance(error, IntegrityError):
        return True
    state = getattr(error.orig, "sqlstate", None)
    return state in _RETRYABLE_STATES or "database is locked" in str(error.orig)
