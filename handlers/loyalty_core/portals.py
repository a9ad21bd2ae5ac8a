"""Portals: sites where members look after themselves."""

from typing import Any

from handlers.http import Answer, created, ok
from models.loyalty_core.organization import portals
from models.uow import UnitOfWork


def list_portals(uow: UnitOfWork, *, page: int, limit: int, order: str | None, public_id: str | None) -> Answer:
    return ok(portals.list_portals(uow, public_id=public_id, page=page, limit=limit, order=order))


def create_portal(uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    return created({"portal": portals.show_portal(uow, portals.create_portal(uow, body))})


def get_portal(uow: UnitOfWork, *, portal_id: int) -> Answer:
    return ok({"portal": portals.show_portal(uow, portals.find_portal(uow, portal_id))})


def update_portal(uow: UnitOfWork, *, portal_id: int, body: dict[str, Any]) -> Answer:
    return ok({"portal": portals.show_portal(uow, portals.update_portal(uow, portal_id, body))})


def get_portal_by_public_id(uow: UnitOfWork, *, public_id: str) -> Answer:
    return ok({"portal": portals.show_portal(uow, portals.portal_by_public_id(uow, public_id))})
