"""Organizations: the caller's own."""

from typing import Any

from handlers.http import Answer, ok
from models.loyalty_core.organization import organizations
from models.uow import UnitOfWork


def get_organization(uow: UnitOfWork) -> Answer:
    return ok(organizations.get_organization(uow))


def update_organization(uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    return ok(organizations.update_organization(uow, body))
