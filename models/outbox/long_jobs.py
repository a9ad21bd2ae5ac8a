"""Jobs that take longer than a unit of work may: they read in many short steps, and write in one unit at their end.

Between two steps of a job other requests are served (`troth/outbox/long_jobs.py`). A job that is begun again starts
over.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from models.uow import UnitOfWork


class Next(Enum):
    """What the next step of a long job needs.

    It may take about 20 ms if it reads the database, and long if it only writes files.
    """

    DATABASE = 1
    FILES_ONLY = 2


Steps = Generator[Next, None, object]
"""Runs to the next `yield`, a step at a time; its return value is the result. Each step finds the session through the
unit of work, since it may be another one: rows are not kept attached from one step to the next, and nothing is written.
"""


@dataclass(frozen=True, slots=True)
class LongJob:
    """A kind of long job."""

    steps: Callable[[UnitOfWork, str], Steps]
    """Given a unit of work that only reads, and the job's subject."""
    finish: Callable[[UnitOfWork, str, Any], None]
    """Writes the result of the steps, in the transaction that removes the job. The subject may have changed since they
    read it.
    """


LONG_KINDS = frozenset({"export", "export_expired"})
"""The kinds of all APIs' long jobs (`LONG_JOBS` in `models/<api>/jobs.py`)."""
