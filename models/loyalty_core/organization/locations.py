"""What has only a code of the organization's own and a label: locations, order locations, categories and product
categories.
"""

from collections.abc import Sequence
from typing import Literal

from models.kernel.findings import at
from models.kernel.statements import differing, replaced
from models.loyalty_core.inserted import inserted
from models.loyalty_core.organization.input import ItemInput
from models.loyalty_core.organization.problems import ItemCodeTaken
from models.loyalty_core.organization.queries import INSERT_ITEM, ITEM, ITEMS, LOCATION_CODES, UPDATE_ITEM
from models.loyalty_core.organization.tables import CodedItem
from models.loyalty_core.paging import Paging
from models.loyalty_core.problems import ItemNotFound
from models.loyalty_core.references import Reference, check_found, names_of
from models.numbers import new_number
from models.uow import UnitOfWork

Kind = Literal["location", "orderLocation", "category", "productCategory"]
_NAMES: dict[Kind, str] = {
    "location": "location",
    "orderLocation": "order location",
    "category": "category",
    "productCategory": "product category",
}


def list_items(
    uow: UnitOfWork, kind: Kind, paging: Paging, *, codes: Sequence[str] | None
) -> tuple[list[CodedItem], int]:
    """A page of a kind, of those with one of the codes when some are given, and how many match. Raises InvalidInput."""
    return ITEMS[kind].page(uow, paging, kind=kind, codes=codes)


def get_item(uow: UnitOfWork, kind: Kind, code: str) -> CodedItem:
    """One by its code. Raises NotFound."""
    return _found(uow.first(ITEM, kind=kind, code=code), kind, code)


def create_item(uow: UnitOfWork, kind: Kind, given: ItemInput) -> CodedItem:
    """Add one. Raises Conflict when the code is taken."""
    if uow.first(ITEM, kind=kind, code=given.code) is not None:
        with at(f"/{kind}Code"):
            raise ItemCodeTaken(f"Another {_NAMES[kind]} has the code {given.code}.")
    values = {
        "id": new_number(uow, CodedItem),
        "kind": kind,
        "code": given.code,
        "label": given.label,
        "tags": given.tags or [],
        "created_ms": uow.now_ms,
        "updated_ms": uow.now_ms,
    }
    uow.insert(INSERT_ITEM, **values)
    return inserted(uow, CodedItem, INSERT_ITEM, values)


def update_item(uow: UnitOfWork, kind: Kind, code: str, given: ItemInput) -> CodedItem:
    """Change label or tags; what is left out stays. Raises NotFound."""
    known = _found(uow.lock_row(ITEM, kind=kind, code=code), kind, code)
    label = known.label if given.label is None else given.label
    tags = known.tags if given.tags is None else given.tags
    if not differing(known, {"label": label, "tags": tags}):
        return known
    uow.execute(UPDATE_ITEM, number=known.id, new_label=label, new_tags=tags, now_ms=uow.now_ms)
    return replaced(known, label=label, tags=tags, updated_ms=uow.now_ms)


def check_locations(uow: UnitOfWork, codes: Sequence[Reference]) -> None:
    """Raises NotFound for codes that neither a location nor an order location has."""
    if codes:
        check_found(ItemNotFound, "location", codes, uow.rows(LOCATION_CODES, codes=names_of(codes)))


def _found(row: CodedItem | None, kind: Kind, code: str) -> CodedItem:
    if row is None:
        raise ItemNotFound(f"There is no {_NAMES[kind]} with the code {code}.")
    return row
