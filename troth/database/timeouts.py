"""How long PostgreSQL may take: the limits that each connection is opened with.

SQLite has none of them but the wait for its one write lock (`troth/database/sqlite.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from models.kernel.clock import MINUTE_MS, SECOND_MS

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

JOB_MS = 10 * MINUTE_MS
"""For one statement of a background job, and for a pause between two: an export writes and compresses a file inside its
transaction.
"""


@dataclass(frozen=True, slots=True)
class DatabaseTimeouts:
    """Limits in seconds; 0 for none, where the server has that meaning."""

    statement_s: float = 15.0
    """One statement. Error 57014."""
    lock_s: float = 5.0
    """The wait for one lock. Error 55P03."""
    idle_s: float = 30.0
    """A transaction that sends no statement. The server ends the connection: it would keep its locks else."""
    connect_s: int = 5
    """Opening a connection, in whole seconds; libpq takes 1 as 2."""
    pool_s: float = 5.0
    """The wait for a connection of the pool."""

    def connect_arguments(self, query: Mapping[str, Any]) -> dict[str, Any]:
        """The driver's arguments for a URL with this query. What the URL sets itself keeps its value."""
        limits = {
            "statement_timeout": self.statement_s,
            "lock_timeout": self.lock_s,
            "idle_in_transaction_session_timeout": self.idle_s,
        }
        ours = " ".join(f"-c {name}={round(seconds * SECOND_MS)}" for name, seconds in limits.items())
        # A host that vanishes without a reset answers nothing, and no limit of the server's own can end that wait:
        # unacknowledged data does after tcp_user_timeout, a silent connection after keepalives_idle + 3 *
        # keepalives_interval.
        network = {
            "connect_timeout": self.connect_s,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": round(max(self.statement_s, self.connect_s) * SECOND_MS),
        }
        # PostgreSQL takes the last `-c` of a name.
        return {name: value for name, value in network.items() if name not in query} | {
            "options": f"{ours} {query.get('options', '')}".strip()
        }


DEFAULT = DatabaseTimeouts()

MIGRATION = replace(DEFAULT, statement_s=0, lock_s=60, idle_s=0)
"""A migration rewrites whole tables. Its wait for a lock stays bounded:
requests queue behind a lock that it waits for.
"""

_FOR_JOBS = (
    f"SELECT set_config('statement_timeout', '{JOB_MS}', true), "
    f"set_config('idle_in_transaction_session_timeout', '{JOB_MS}', true)"
)


def allow_long_work(session: Session) -> None:
    """Give the current transaction the time limit of background jobs; the wait for a lock stays as it is."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql(_FOR_JOBS)
