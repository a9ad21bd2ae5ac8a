"""Event types: what an organization's tracked events are called, and its own names and descriptions of the built-in
ones.
"""

from models.kernel.findings import at
from models.kernel.statements import columns_of, differing, replaced, row_of
from models.loyalty_core.events.built_in import EVENT_TYPES
from models.loyalty_core.events.input import EventTypeInput
from models.loyalty_core.events.problems import EventTypeCodeTaken, EventTypeReserved
from models.loyalty_core.events.queries import INSERT_TYPE, TYPE_WITH_CODE, TYPES, UPDATE_TYPE
from models.loyalty_core.events.tables import EventType
from models.loyalty_core.events.tracked import BUILTIN, PART
from models.loyalty_core.paging import Paging
from models.loyalty_core.problems import EventTypeNotFound
from models.numbers import new_number
from models.uow import UnitOfWork


def list_event_types(uow: UnitOfWork, paging: Paging) -> tuple[list[EventType], int]:
    """A page of event types, and how many there are. Raises InvalidInput for an unknown order."""
    return TYPES.page(uow, paging)


def get_event_type(uow: UnitOfWork, api_code: str) -> EventType:
    """An event type by its code. Raises NotFound."""
    row = uow.first(TYPE_WITH_CODE, api_code=api_code)
    if row is None:
        raise EventTypeNotFound(f"There is no event type {api_code}.")
    return row


def create_event_type(uow: UnitOfWork, given: EventTypeInput) -> EventType:
    """Add an event type.

    Raises Conflict when the code is taken, RuleViolation for a code that does not fit its schema.
    """
    if uow.first(TYPE_WITH_CODE, api_code=given.api_code) is not None:
        with at("/apiCode"):
            raise EventTypeCodeTaken(f"Another event type has the code {given.api_code}.")
    return _add(uow, given)


def upsert_event_type(uow: UnitOfWork, given: EventTypeInput) -> EventType:
    """Change the event type with a code, or add it; what is left out stays.

    Raises RuleViolation as `create_event_type`.
    """
    before = uow.lock_row(TYPE_WITH_CODE, api_code=given.api_code)
    if before is None:
        return _add(uow, given)
    _check_schema(given)
    changes = differing(before, given.columns)
    if not changes:
        return before
    row = replaced(before, **changes, updated_ms=uow.now_ms)
    uow.execute(UPDATE_TYPE, **columns_of(row))
    uow.configuration_changed(PART)
    return row


def _add(uow: UnitOfWork, given: EventTypeInput) -> EventType:
    values = {
        "id": new_number(uow, EventType),
        "api_code": given.api_code,
        "description": None,
        "active": True,
        "custom_attributes": {},
        **given.columns,
        "created_ms": uow.now_ms,
        "updated_ms": uow.now_ms,
    }
    _check_schema(given)
    uow.insert(INSERT_TYPE, **values)
    uow.configuration_changed(PART)
    return row_of(EventType, tenant_id=uow.tenant_id, **values)


def _check_schema(given: EventTypeInput) -> None:
    if (given.schema_type == BUILTIN) != (given.api_code in EVENT_TYPES):
        with at("/schemaType"):
            raise EventTypeReserved(
                "The schemaType builtin is for the codes of built-in events, and these have no other."
            )
