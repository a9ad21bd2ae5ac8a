"""Who looks at which events: what decides whether an event has to be evaluated, and by whom."""

from collections.abc import Collection, Iterable

from sqlalchemy import delete, select

from models.loyalty_core.events.tables import Listener
from models.uow import UnitOfWork

CAMPAIGN, MISSION, REFERRAL_PROGRAM = "campaign", "mission", "referral-program"


def listen(uow: UnitOfWork, source: str, source_id: int, event_types: Iterable[str]) -> None:
    """Let something look at events of exactly these types and topics from now on; other servers know it in a second."""
    uow.session.execute(
        delete(Listener).where(
            Listener.tenant_id == uow.tenant_id, Listener.source == source, Listener.source_id == source_id
        )
    )
    uow.session.add_all(
        [
            Listener(tenant_id=uow.tenant_id, event_type=event_type, source=source, source_id=source_id)
            for event_type in sorted(set(event_types))
        ]
    )
    uow.directory.doubt(_key(uow))


def is_heard(uow: UnitOfWork, *names: str) -> bool:
    """Whether anything looks at events of one of these types or topics."""
    known: frozenset[str] | None = uow.directory.cached(_key(uow))
    if known is None:
        known = frozenset(
            uow.session.scalars(select(Listener.event_type).where(Listener.tenant_id == uow.tenant_id).distinct())
        )
        uow.directory.remember(_key(uow), known)
    return not known.isdisjoint(names)


def listening(uow: UnitOfWork, source: str, names: Collection[str]) -> list[int]:
    """The numbers of what looks at events of one of these types or topics, in the order of their making."""
    found = select(Listener.source_id).where(
        Listener.tenant_id == uow.tenant_id, Listener.source == source, Listener.event_type.in_(names)
    )
    return list(uow.session.scalars(found.distinct().order_by(Listener.source_id)))


def _key(uow: UnitOfWork) -> tuple[str, int]:
    return "listeners", uow.tenant_id
