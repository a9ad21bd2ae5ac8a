"""Things that have nothing but the organization's own code and a label: locations, order locations, and both categories."""

from typing import Any, Literal

from sqlalchemy import Select

from models.kernel.times import iso
from models.loyalty_core.organization.tables import CodedItem
from models.loyalty_core.paging import page_of, show_page
from models.loyalty_core.problems import Conflict, NotFound
from models.loyalty_core.settings import organization_id
from models.numbers import new_number
from models.uow import UnitOfWork

Kind = Literal["location", "orderLocation", "category", "productCategory"]


def list_items(
    uow: UnitOfWork, kind: Kind, *, codes: list[str] | None, page: int, limit: int, order: str | None
) -> dict[str, Any]:
    """A page of a kind, those with one of the codes when some are given. Raises InvalidInput for an unknown order."""
    matching = uow.scoped(CodedItem).where(CodedItem.kind == kind)
    if codes is not None:
        matching = matching.where(CodedItem.code.in_(codes))
    columns = {
        "id": CodedItem.id,
        f"{kind}Code": CodedItem.code,
        f"{kind}Label": CodedItem.label,
        "name": CodedItem.label,
        "createdAt": CodedItem.created_ms,
        "updatedAt": CodedItem.updated_ms,
    }
    rows, total = page_of(uow, matching, columns, page=page, limit=limit, order=order)
    return show_page([_show(uow, row) for row in rows], total, page, limit)


def get_item(uow: UnitOfWork, kind: Kind, code: str) -> dict[str, Any]:
    """One by its code, under the name of its kind. Raises NotFound."""
    return {kind: _show(uow, _found(uow.session.scalars(_named(uow, kind, code)).first(), code))}


def create_item(uow: UnitOfWork, kind: Kind, body: dict[str, Any]) -> dict[str, Any]:
    """Add one. Raises Conflict when the code is taken."""
    code = body[f"{kind}Code"]
    if uow.session.scalars(_named(uow, kind, code)).first() is not None:
        raise Conflict(f"The code {code} is taken.")
    row = CodedItem(
        tenant_id=uow.tenant_id,
        id=new_number(uow, CodedItem),
        kind=kind,
        code=code,
        label=body[f"{kind}Label"],
        tags=body.get("tags", []),
        created_ms=uow.now_ms,
        updated_ms=uow.now_ms,
    )
    uow.session.add(row)
    return {kind: _show(uow, row)}


def update_item(uow: UnitOfWork, kind: Kind, code: str, body: dict[str, Any]) -> dict[str, Any]:
    """Change label or tags; what is left out stays. Raises NotFound."""
    row = _found(uow.lock(_named(uow, kind, code)), code)
    row.label, row.tags = body.get(f"{kind}Label", row.label), body.get("tags", row.tags)
    row.updated_ms = uow.now_ms
    return {kind: _show(uow, row)}


def _named(uow: UnitOfWork, kind: Kind, code: str) -> Select[CodedItem]:
    return uow.scoped(CodedItem).where(CodedItem.kind == kind, CodedItem.code == code)


def _found(row: CodedItem | None, code: str) -> CodedItem:
    if row is None:
        raise NotFound(f"There is nothing with the code {code}.")
    return row


def _show(uow: UnitOfWork, row: CodedItem) -> dict[str, Any]:
    return {
        f"{row.kind}Code": row.code,
        f"{row.kind}Label": row.label,
        "tags": row.tags,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }
