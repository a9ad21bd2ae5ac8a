"""Portals: sites where members look after themselves."""

from handlers.http import Answer, created, ok
from handlers.loyalty_core._pages import page_answer
from models.loyalty_core.organization import portals
from models.loyalty_core.organization.input import PortalBody, read_portal
from models.loyalty_core.organization.views import show_portal
from models.loyalty_core.paging import Paging
from models.uow import UnitOfWork


def list_portals(uow: UnitOfWork, *, page: int, limit: int, order: str | None, public_id: str | None) -> Answer:
    paging = Paging(page, limit, order)
    rows, total = portals.list_portals(uow, paging, public_id=public_id)
    return page_answer(paging, [show_portal(uow, row) for row in rows], total)


def create_portal(uow: UnitOfWork, *, body: PortalBody) -> Answer:
    return created({"portal": show_portal(uow, portals.create_portal(uow, read_portal(body)))})


def get_portal(uow: UnitOfWork, *, portal_id: int) -> Answer:
    return ok({"portal": show_portal(uow, portals.find_portal(uow, portal_id))})


def update_portal(uow: UnitOfWork, *, portal_id: int, body: PortalBody) -> Answer:
    return ok({"portal": show_portal(uow, portals.update_portal(uow, portal_id, read_portal(body)))})


def get_portal_by_public_id(uow: UnitOfWork, *, public_id: str) -> Answer:
    return ok({"portal": show_portal(uow, portals.portal_by_public_id(uow, public_id))})
