"""Subscriptions: which campaigns, missions and referral programs evaluate events of which types and topics.

An event without subscribers is not evaluated. They are part of the tenant's configuration: a change is seen by this
process at once, and by others within a second.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from models.loyalty_core.events.queries import DELETE_LISTENERS, INSERT_LISTENER, LISTENERS
from models.uow import UnitOfWork

CAMPAIGN, MISSION, REFERRAL_PROGRAM = "campaign", "mission", "referral-program"
PART = "subscriptions"


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """All subscriptions of an organization."""

    names: frozenset[str]
    """The types and topics that have subscribers."""
    subscribers: Mapping[tuple[str, str], tuple[int, ...]]
    """The ids of subscribers by their kind and the type or topic, the oldest first."""


def subscribe(uow: UnitOfWork, source: str, source_id: int, event_types: Iterable[str]) -> None:
    """Subscribe a campaign, mission or referral program to exactly these types and topics."""
    uow.execute(DELETE_LISTENERS, listener=source, listener_id=source_id)
    uow.insert_many(
        INSERT_LISTENER,
        [{"event_type": name, "source": source, "source_id": source_id} for name in sorted(set(event_types))],
    )
    uow.configuration_changed(PART)


def has_subscriber(uow: UnitOfWork, *names: str) -> bool:
    """Whether one of these types or topics has a subscriber."""
    return not _subscriptions(uow).names.isdisjoint(names)


def subscribers(uow: UnitOfWork, source: str, names: Collection[str]) -> list[int]:
    """The ids of the subscribers of a kind to one of these types or topics, the oldest first."""
    known = _subscriptions(uow).subscribers
    found = [known[source, name] for name in names if (source, name) in known]
    return list(found[0]) if len(found) == 1 else sorted(set().union(*found))


def _subscriptions(uow: UnitOfWork) -> Subscriptions:
    return uow.configuration(PART, _load)


def _load(uow: UnitOfWork) -> Subscriptions:
    found: dict[tuple[str, str], list[int]] = {}
    for event_type, source, source_id in uow.rows(LISTENERS):
        found.setdefault((source, event_type), []).append(source_id)
    return Subscriptions(
        frozenset(name for _, name in found), {subscription: tuple(ids) for subscription, ids in found.items()}
    )
