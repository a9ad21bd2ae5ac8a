"""Tracking: a caller reports what a member did, and is told what that led to."""

from collections.abc import Mapping
from typing import Any

from models.kernel.fingerprints import fingerprint
from models.loyalty_core.engine.evaluation import report
from models.loyalty_core.events.built_in import GENERIC
from models.loyalty_core.events.tables import LoggedEvent
from models.loyalty_core.events.tracked import tracked_topic
from models.loyalty_core.instants import bounded_ms
from models.loyalty_core.members.views import find_member
from models.loyalty_core.problems import Conflict, RuleViolation
from models.loyalty_core.settings import organization_id
from models.uow import UnitOfWork


def track(uow: UnitOfWork, body: Mapping[str, Any]) -> dict[str, Any]:
    """Write an event and evaluate it: its key and its effects, none when one of them failed. The same key with the same
    input is answered again and evaluated no more.

    Raises RuleViolation for another organization's number or a payload that is not of the type's schema; NotFound for member and
    type; Conflict for a key with other input, and for a member who is not active.
    """
    key, asked = body["systemUniqueKey"], fingerprint(body)
    before = uow.session.scalars(uow.scoped(LoggedEvent).where(LoggedEvent.unique_key == key)).first()
    if before is not None:
        if before.fingerprint != asked:
            raise Conflict(f"The systemUniqueKey {key} came before with other input.")
        return _answer(before)
    if body["organizationId"] != organization_id(uow.tenant, uow.directory):
        raise RuleViolation("The organizationId is not that of the path.")
    member = find_member(uow, body["memberId"])
    if not member.active:
        raise Conflict(f"The member {member.id} is not active.")
    payload = body.get("payload", {})
    topic = tracked_topic(uow, body["eventType"], payload)
    date = body.get("externalEventDate")
    row = report(
        uow,
        GENERIC,
        topic,
        {"payload": payload, "externalId": body.get("externalId"), "description": body.get("description")},
        member.id,
        {
            "unique_key": key,
            "fingerprint": asked,
            "external_id": body.get("externalId"),
            "description": body.get("description"),
            "external_ms": None if date is None else bounded_ms(date),
            "tags": body.get("tags", []),
        },
    )
    return _answer(row)


def _answer(row: LoggedEvent) -> dict[str, Any]:
    return {"systemUniqueKey": row.unique_key, "effects": row.effects}
