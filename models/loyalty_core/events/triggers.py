"""Event triggers: addresses that an organization wants events sent to, and the sending of them.

A trigger's secret is sealed and shown once, in the answer to the call that made or set it. The active triggers are part
of the tenant's configuration: a change is seen by this process at once, and by others within a second.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from models.kernel.findings import findings
from models.kernel.headers import HOP_BY_HOP, header_fault
from models.kernel.json_text import dumps
from models.kernel.json_values import Shown
from models.kernel.statements import columns_of, differing, replaced, row_of
from models.loyalty_core.events.built_in import EVENT_TYPES, ORGANIZATION_EVENT_TYPES
from models.loyalty_core.events.input import TriggerInput
from models.loyalty_core.events.problems import (
    HeaderInvalid,
    HeaderRepeated,
    HeaderReserved,
    TooManyTriggers,
    TriggerNotFound,
    TriggerSettingsInvalid,
)
from models.loyalty_core.events.queries import (
    ACTIVE_TRIGGER,
    ACTIVE_TRIGGERS,
    DEACTIVATE_TRIGGER,
    INSERT_TRIGGER,
    OTHER_ACTIVE_TRIGGERS,
    TRIGGER,
    TRIGGERS,
    UPDATE_TRIGGER,
    ActiveTrigger,
)
from models.loyalty_core.events.tables import EventTrigger
from models.loyalty_core.events.tracked import check_event_types
from models.loyalty_core.events.views import show_event
from models.loyalty_core.paging import Paging
from models.loyalty_core.references import added
from models.numbers import new_number
from models.outbox import outbox, standard_webhooks
from models.outbox.addresses import check_target, check_url, unmasked
from models.outbox.endpoints import ALL_TYPES, SEALED_FOR
from models.uow import UnitOfWork

PART = "event-triggers"
AddressCheck = Callable[[UnitOfWork, TriggerInput], None]
ACTIVE_MAX = 25
"""Active triggers of an organization: each event is written with a delivery for each, about 80 us."""
DELIVERY_STEPS = 150
"""What a delivery counts for, in steps of evaluation, where an event under evaluation led to it: there may be a hundred
such events.
"""
OUR_HEADERS = HOP_BY_HOP | {"content-length", "content-type", "expect", "host"}
"""Headers that are the sender's own; so are all that start with `webhook-`."""
HEADER_PROBLEMS = {problem.code: problem for problem in (HeaderInvalid, HeaderRepeated, HeaderReserved)}


def list_triggers(
    uow: UnitOfWork, paging: Paging, *, trigger_type: str | None, active: bool | None, name: str | None
) -> tuple[list[EventTrigger], int]:
    """A page of triggers, and how many match. Raises InvalidInput for an unknown order."""
    return TRIGGERS.page(uow, paging, type=trigger_type, active=active, name=name)


def get_trigger(uow: UnitOfWork, trigger_id: int) -> EventTrigger:
    """A trigger, active or not. Raises NotFound."""
    return _found(uow.first(TRIGGER, id=trigger_id), trigger_id)


def check_address(uow: UnitOfWork, given: TriggerInput) -> None:
    """Whether a caller of the API may have webhooks sent to the address. Raises RuleViolation."""
    try:
        check_target(uow, given.url)
    except ValueError as error:
        raise TriggerSettingsInvalid(f"The settings cannot be used: {error}.") from error


def create_trigger(
    uow: UnitOfWork, given: TriggerInput, *, check: AddressCheck | None = None
) -> tuple[EventTrigger, str]:
    """Add a trigger, with a secret of the server's where none is given; the trigger and its secret.

    `check` is for the addresses of callers.

    Raises NotFound for event types that there are not; RuleViolation for an address, header or secret, and for one
    active trigger more than there may be.
    """
    with findings() as found:
        with found.at(""):
            _check_types(uow, (), given.event_types)
        with found.at("/settings"):
            _check_settings(given)
        if check is not None:
            with found.at("/settings/url"):
                check(uow, given)
    secret = given.secret or standard_webhooks.new_secret(uow.random)
    values = _values(uow, replace(given, secret=secret))
    values = {"active": True, "headers": {}, **values, "created_ms": uow.now_ms, "updated_ms": uow.now_ms}
    values["id"] = trigger_id = new_number(uow, EventTrigger)
    if values["active"]:
        _check_room(uow, trigger_id)
    uow.insert(INSERT_TRIGGER, **values)
    uow.configuration_changed(PART)
    return row_of(EventTrigger, tenant_id=uow.tenant_id, **values), secret


def update_trigger(uow: UnitOfWork, trigger_id: int, given: TriggerInput) -> EventTrigger:
    """Change a trigger; without a secret it keeps its own. Raises NotFound, RuleViolation as `create_trigger`."""
    before = _found(uow.lock_row(TRIGGER, id=trigger_id), trigger_id)
    given = replace(given, url=unmasked(given.url, [before.url]))
    with findings() as found:
        with found.at(""):
            _check_types(uow, before.event_types, given.event_types)
        with found.at("/settings"):
            _check_settings(given)
        if given.url != before.url:
            with found.at("/settings/url"):
                check_address(uow, given)
    values = _values(uow, given)
    if given.secret == secret_of(uow, before):
        del values["sealed"]  # each sealing of it is another text
    changes = differing(before, values)
    if not changes:
        return before
    row = replaced(before, **changes, updated_ms=uow.now_ms)
    if row.active and not before.active:
        _check_room(uow, trigger_id)
    uow.execute(UPDATE_TRIGGER, **columns_of(row))
    uow.configuration_changed(PART)
    return row


def deactivate_trigger(uow: UnitOfWork, trigger_id: int) -> None:
    """Send nothing more to a trigger, if there is such a one."""
    uow.execute(DEACTIVATE_TRIGGER, trigger_id=trigger_id)
    uow.configuration_changed(PART)


def publish(uow: UnitOfWork, event_id: int, event_type: str, topic: str, data: Shown, *, member_id: int | None) -> None:
    """Send an event of this moment to each active trigger for its type or topic: written with it, sent after the
    commit.

    Raises LimitExceeded for an event that another one under evaluation led to; what a caller does is not refused for
    its deliveries.
    """
    names = {ALL_TYPES, event_type, topic}
    chosen = [trigger for trigger in _active(uow) if not names.isdisjoint(trigger.event_types)]
    if not chosen:
        return
    if uow.root_event_id is not None:
        uow.budget.spend_steps(DELIVERY_STEPS * len(chosen))
    sent_id = f"lce_{event_id}"
    sent = show_event(uow, event_id, event_type, topic, data, member_id=member_id, created_ms=uow.now_ms)
    outbox.add_event(uow, sent_id, event_type, dumps(sent))
    for trigger in chosen:
        outbox.deliver(uow, sent_id, uow.random.take("delivery", 12).hex(), trigger.url, endpoint_id=str(trigger.id))


def find_active(uow: UnitOfWork, endpoint_id: str) -> ActiveTrigger | None:
    """The trigger that a delivery is for; None when there is no active one.

    Called for each delivery, so it reads what this process keeps first: what another process has removed or changed is
    still used for up to a second; what is missing there is looked up.
    """
    trigger_id = int(endpoint_id)
    found = next((one for one in _active(uow) if one.id == trigger_id), None)
    if found is None:  # another process may have added it in this second
        found = uow.first(ACTIVE_TRIGGER, id=trigger_id)
    return found


def secret_of(uow: UnitOfWork, row: EventTrigger | ActiveTrigger) -> str:
    """The secret that a trigger's webhooks are signed with."""
    return uow.vault.open(row.sealed, SEALED_FOR).decode()


def _check_settings(given: TriggerInput) -> None:
    """Raises RuleViolation for a header, an address or a secret that nothing can be sent with."""
    with findings() as found:
        if given.headers is not None:
            with found.at("/headers"):
                _check_headers(given.headers)
        for name, value, check in (
            ("url", given.url, check_url),
            ("secret", given.secret, standard_webhooks.check_secret),
        ):
            if value is not None:
                with found.at(f"/{name}"):
                    _check_setting(value, check)


def _check_setting(value: str, check: Callable[[str], object]) -> None:
    try:
        check(value)
    except ValueError as error:
        raise TriggerSettingsInvalid(f"The settings cannot be used: {error}.") from error


def _values(uow: UnitOfWork, given: TriggerInput) -> dict[str, object]:
    """New values by column of settings that were checked; what is left out is not among them."""
    values = {
        "type": given.type,
        "name": given.name,
        "url": check_url(given.url),
        "event_types": list(dict.fromkeys(given.event_types)),
        "active": given.active,
        "headers": given.headers,
        "sealed": None if given.secret is None else uow.vault.seal(given.secret.encode(), SEALED_FOR),
    }
    return {name: value for name, value in values.items() if value is not None}


def _check_types(uow: UnitOfWork, before: Sequence[str], event_types: Sequence[str]) -> None:
    new = added(before, event_types, "/settings/events")
    check_event_types(uow, new, known=(ALL_TYPES, *EVENT_TYPES, *ORGANIZATION_EVENT_TYPES))


def _check_room(uow: UnitOfWork, trigger_id: int) -> None:
    """Whether there may be one more active trigger.

    Two calls at once may both take the last place: one more does no harm.
    """
    if uow.one(OTHER_ACTIVE_TRIGGERS, id=trigger_id) >= ACTIVE_MAX:
        raise TooManyTriggers(f"An organization has at most {ACTIVE_MAX} active triggers.")


def _check_headers(headers: Mapping[str, str]) -> None:
    """Raises RuleViolation for what is not a header, or is one of the sender's own."""
    fault = header_fault(headers, OUR_HEADERS, prefix="webhook-")
    if fault is not None:
        raise HEADER_PROBLEMS[fault.code](fault.message)


def _active(uow: UnitOfWork) -> tuple[ActiveTrigger, ...]:
    return uow.configuration(PART, _load)


def _load(uow: UnitOfWork) -> tuple[ActiveTrigger, ...]:
    return tuple(row._replace(event_types=frozenset(row.event_types)) for row in uow.rows(ACTIVE_TRIGGERS))


def _found(row: EventTrigger | None, trigger_id: int) -> EventTrigger:
    if row is None:
        raise TriggerNotFound(f"There is no event trigger {trigger_id}.")
    return row
