"""Tracking: a caller reports what a member did, and is answered with what that led to."""

from models.kernel.findings import at, findings
from models.kernel.json_values import Shown
from models.loyalty_core.engine.evaluation import report
from models.loyalty_core.events.built_in import GENERIC
from models.loyalty_core.events.input import TrackedEvent
from models.loyalty_core.events.queries import ANSWER_TO_KEY
from models.loyalty_core.events.tracked import tracked_topic
from models.loyalty_core.members.views import lock_member
from models.loyalty_core.problems import MemberNotActive, OrganizationMismatch, SystemUniqueKeyReused
from models.loyalty_core.settings import organization_id
from models.uow import UnitOfWork


def track(uow: UnitOfWork, event: TrackedEvent) -> list[Shown]:
    """Write an event and evaluate it; its effects, none when one of them failed.

    The same key with the same input is answered again and evaluated no more.

    Raises RuleViolation for another organization's number or a payload that is not of the type's schema; NotFound for
    member and type; Conflict for a key with other input, and for a member who is not active.
    """
    answered = uow.first(ANSWER_TO_KEY, unique_key=event.unique_key)
    if answered is not None:
        if answered.fingerprint != event.fingerprint:
            with at("/systemUniqueKey"):
                raise SystemUniqueKeyReused(f"The systemUniqueKey {event.unique_key} was used before with other input.")
        return answered.effects
    with findings() as found:
        with found.at("/organizationId"):
            if event.organization_id != organization_id(uow.tenant, uow.directory):
                raise OrganizationMismatch("organizationId must be that of the path.")
        with found.at("/memberId"):
            member = lock_member(uow, event.member_id)
            if not member.active:
                raise MemberNotActive(f"The member {member.id} is not active.")
        with found.at(""):
            topic = tracked_topic(uow, event.event_type, event.payload)
    reported = report(
        uow,
        GENERIC,
        topic,
        {"payload": event.payload, "externalId": event.external_id, "description": event.description},
        member,
        {
            "unique_key": event.unique_key,
            "fingerprint": event.fingerprint,
            "external_id": event.external_id,
            "description": event.description,
            "external_ms": event.external_ms,
            "tags": event.tags,
        },
    )
    return reported.effects
