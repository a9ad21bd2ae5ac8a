"""Portals: sites where members look after themselves. Their public ids are unique among all organizations."""

import string

from models.kernel.findings import at, findings
from models.kernel.ids import text
from models.kernel.statements import differing, replaced
from models.loyalty_core.inserted import inserted
from models.loyalty_core.organization.input import Columns
from models.loyalty_core.organization.problems import PortalNotFound, PublicIdTaken
from models.loyalty_core.organization.queries import (
    INSERT_PORTAL,
    INSERT_PUBLIC_ID,
    PORTAL,
    PORTAL_WITH_PUBLIC_ID,
    PORTALS,
    PROGRAM_ID,
    PUBLIC_ID,
    RENAME_PUBLIC_ID,
    UPDATE_PORTAL,
    columns_of,
)
from models.loyalty_core.organization.tables import Portal
from models.loyalty_core.organization.views import FREE_FORM
from models.loyalty_core.paging import Paging
from models.loyalty_core.problems import LoyaltyProgramNotFound
from models.numbers import new_number
from models.uow import UnitOfWork

PUBLIC_ID_ALPHABET = string.ascii_lowercase + string.digits
PUBLIC_ID_CHARACTERS = 10
"""Of 36: seldom taken already. A public id grants no access, so it need not be hard to guess."""


def find_portal(uow: UnitOfWork, portal_id: int) -> Portal:
    """A portal by its number. Raises NotFound."""
    return _found(uow.first(PORTAL, portal_id=portal_id), portal_id)


def list_portals(uow: UnitOfWork, paging: Paging, *, public_id: str | None) -> tuple[list[Portal], int]:
    """A page of portals, or of the one with the public id, and how many match.

    Raises InvalidInput for an unknown order.
    """
    return PORTALS.page(uow, paging, public_id=public_id)


def portal_by_public_id(uow: UnitOfWork, public_id: str) -> Portal:
    """A portal of the organization by its public id. Raises NotFound."""
    row = uow.first(PORTAL_WITH_PUBLIC_ID, public_id=public_id)
    if row is None:
        raise PortalNotFound(f"There is no portal with the public id {public_id}.")
    return row


def create_portal(uow: UnitOfWork, given: Columns) -> Portal:
    """Add a portal; its public id is made, whatever was given. Raises NotFound for its program."""
    number, public_id = new_number(uow, Portal), _free_public_id(uow)
    values: dict[str, object] = {
        "id": number,
        "program_id": None,
        "auth_redirect_url": None,
        "auth_valid_scopes": [],
        "created_ms": uow.now_ms,
        **{column: {} for column in FREE_FORM.values()},
        **given,
        "public_id": public_id,
        "updated_ms": uow.now_ms,
    }
    _check_program(uow, values["program_id"])
    uow.insert(INSERT_PORTAL, **values)
    uow.insert(INSERT_PUBLIC_ID, public_id=public_id)
    return inserted(uow, Portal, INSERT_PORTAL, values)


def update_portal(uow: UnitOfWork, portal_id: int, given: Columns) -> Portal:
    """Change a portal; a column that is left out keeps its value.

    Raises NotFound for the portal or its program, Conflict when the public id is taken.
    """
    known = _found(uow.lock_row(PORTAL, portal_id=portal_id), portal_id)
    changes = differing(known, given)
    if not changes:
        return known
    row = replaced(known, **changes, updated_ms=uow.now_ms)
    is_renamed = row.public_id != known.public_id
    with findings() as found:
        with found.at("/publicId"):
            if is_renamed and uow.first(PUBLIC_ID, public_id=row.public_id) is not None:
                raise PublicIdTaken(f"Another portal has the publicId {row.public_id}.")
        if "program_id" in changes:
            with found.at(""):
                _check_program(uow, row.program_id)
    if is_renamed:
        uow.execute(RENAME_PUBLIC_ID, known_id=known.public_id, new_id=row.public_id)
    uow.execute(UPDATE_PORTAL, portal_id=portal_id, **{name: getattr(row, name) for name in columns_of(Portal)})
    return row


def _check_program(uow: UnitOfWork, program_id: object) -> None:
    if program_id is not None and uow.first(PROGRAM_ID, program_id=program_id) is None:
        with at("/loyaltyProgramId"):
            raise LoyaltyProgramNotFound(f"There is no loyalty program {program_id}.")


def _free_public_id(uow: UnitOfWork) -> str:
    # Sandboxes with the same seed make the same ids for tenants of the same name, so that one may well be taken.
    while True:
        made = text(uow.random, "portal", PUBLIC_ID_CHARACTERS, PUBLIC_ID_ALPHABET)
        if uow.first(PUBLIC_ID, public_id=made) is None:
            return made


def _found(row: Portal | None, portal_id: int) -> Portal:
    if row is None:
        raise PortalNotFound(f"There is no portal {portal_id}.")
    return row
