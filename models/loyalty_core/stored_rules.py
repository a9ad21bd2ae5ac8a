"""Rules with members that nobody knows: refused in requests; one that is stored already matches nobody, and the log
says so.
"""

import logging
from collections.abc import Collection, Mapping
from functools import lru_cache

from models.uow import UnitOfWork

_logger = logging.getLogger(__name__)


def unknown_member(given: Mapping[str, object], known: Collection[str], where: str = "") -> str | None:
    """The fault of a rule, or a part of one, with a member that is not among those known, in words; None where it has
    none.
    """
    name = next((name for name in given if name not in known), None)
    return None if name is None else f"the unknown member {name}{where}"


def warn_unreadable(uow: UnitOfWork, kind: str, number: int, fault: str) -> None:
    """Log that a rule matches nobody, and why; once in a process, however many members are held against it."""
    _warn(uow.tenant_id, kind, number, fault)


@lru_cache(maxsize=1_000)
def _warn(tenant_id: int, kind: str, number: int, fault: str) -> None:
    members = {"tenant": tenant_id, "rule": f"{kind} {number}", "fault": fault}
    _logger.warning("stored rule matches nobody", extra={"members": members})
