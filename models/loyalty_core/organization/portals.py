"""Portals: sites where members look after themselves. Their public ids are unique among all organizations."""

import string
from typing import Any

from models.kernel.ids import text
from models.kernel.times import iso
from models.loyalty_core.organization.tables import Portal, PortalName, Program
from models.loyalty_core.paging import page_of, show_page
from models.loyalty_core.problems import Conflict, NotFound
from models.loyalty_core.settings import organization_id
from models.numbers import new_number
from models.uow import UnitOfWork

PUBLIC_ID_ALPHABET = string.ascii_lowercase + string.digits
PUBLIC_ID_CHARACTERS = 10
"""Of 36: rarely taken already. It opens nothing, so that nobody has to be kept from guessing it."""
FREE_FORM = {
    "links": "links",
    "theme": "theme",
    "forms": "forms",
    "metadata": "notes",
    "customAttributes": "custom_attributes",
}
"""Objects that are only kept, with their columns; `metadata` is a name that classes of tables have already."""
ORDERS = {
    "id": Portal.id,
    "name": Portal.name,
    "publicId": Portal.public_id,
    "createdAt": Portal.created_ms,
    "updatedAt": Portal.updated_ms,
}


def find_portal(uow: UnitOfWork, portal_id: int) -> Portal:
    """A portal by its number. Raises NotFound."""
    return _found(uow.session.get(Portal, (uow.tenant_id, portal_id)), portal_id)


def list_portals(uow: UnitOfWork, *, public_id: str | None, page: int, limit: int, order: str | None) -> dict[str, Any]:
    """A page of portals, or of the one with the public id. Raises InvalidInput for an unknown order."""
    matching = uow.scoped(Portal)
    if public_id is not None:
        matching = matching.where(Portal.public_id == public_id)
    rows, total = page_of(uow, matching, ORDERS, page=page, limit=limit, order=order)
    return show_page([show_portal(uow, row) for row in rows], total, page, limit)


def portal_by_public_id(uow: UnitOfWork, public_id: str) -> Portal:
    """A portal of the organization by its public id. Raises NotFound."""
    row = uow.session.scalars(uow.scoped(Portal).where(Portal.public_id == public_id)).first()
    if row is None:
        raise NotFound(f"There is no portal with the public id {public_id}.")
    return row


def create_portal(uow: UnitOfWork, body: dict[str, Any]) -> Portal:
    """Add a portal with a public id of its own. Raises NotFound for its program."""
    row = Portal(
        tenant_id=uow.tenant_id,
        id=new_number(uow, Portal),
        public_id=_free_public_id(uow),
        program_id=None,
        auth_redirect_url=None,
        auth_valid_scopes=[],
        created_ms=uow.now_ms,
        updated_ms=uow.now_ms,
        **{column: {} for column in FREE_FORM.values()},
    )
    _take(uow, row, body)
    uow.session.add_all([row, PortalName(public_id=row.public_id, tenant_id=uow.tenant_id)])
    return row


def update_portal(uow: UnitOfWork, portal_id: int, body: dict[str, Any]) -> Portal:
    """Change a portal; what is left out stays. Raises NotFound for it or its program, Conflict when the public id is taken."""
    row = _found(uow.lock(uow.scoped(Portal).where(Portal.id == portal_id)), portal_id)
    public_id = body["publicId"]
    if public_id != row.public_id:
        if uow.session.get(PortalName, public_id) is not None:
            raise Conflict(f"The public id {public_id} is taken.")
        uow.session.get_one(PortalName, row.public_id).public_id = public_id
        row.public_id = public_id
    _take(uow, row, body)
    row.updated_ms = uow.now_ms
    return row


def show_portal(uow: UnitOfWork, row: Portal) -> dict[str, Any]:
    """A portal as answers show it."""
    return {
        "portalId": row.id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "publicId": row.public_id,
        "name": row.name,
        "active": row.active,
        "loyaltyProgramId": row.program_id,
        **{member: getattr(row, column) for member, column in FREE_FORM.items()},
        "authRedirectUrl": row.auth_redirect_url,
        "authValidScopes": row.auth_valid_scopes,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }


def _take(uow: UnitOfWork, row: Portal, body: dict[str, Any]) -> None:
    program_id = body.get("loyaltyProgramId", row.program_id)
    if program_id is not None and uow.session.get(Program, (uow.tenant_id, program_id)) is None:
        raise NotFound(f"There is no loyalty program {program_id}.")
    row.name, row.active, row.program_id = body["name"], body["active"], program_id
    row.auth_redirect_url = body.get("authRedirectUrl", row.auth_redirect_url)
    row.auth_valid_scopes = body.get("authValidScopes", row.auth_valid_scopes)
    for member, column in FREE_FORM.items():
        setattr(row, column, body.get(member, getattr(row, column)))


def _free_public_id(uow: UnitOfWork) -> str:
    # A clash is not only a matter of luck: sandboxes with the same seed draw the same for namesakes.
    while True:
        drawn = text(uow.random, "portal", PUBLIC_ID_CHARACTERS, PUBLIC_ID_ALPHABET)
        if uow.session.get(PortalName, drawn) is None:
            return drawn


def _found(row: Portal | None, portal_id: int) -> Portal:
    if row is None:
        raise NotFound(f"There is no portal {portal_id}.")
    return row
