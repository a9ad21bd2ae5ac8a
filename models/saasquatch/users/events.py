"""User events: recorded once, and looked at by the tenant's programs."""

from typing import Any

from models.kernel.clock import DAY_MS
from models.kernel.ids import hex24
from models.saasquatch.problems import BadEvent, IdempotencyKeyUsed, IdsDisagree
from models.saasquatch.referrals import referrals
from models.saasquatch.tables import IdempotencyKey, User, UserEvent
from models.saasquatch.users.users import lock_user
from models.uow import UnitOfWork

FIELD_BYTES_MAX = 1_500
PURCHASE = "purchase"


def track(uow: UnitOfWork, account_id: str, user_id: str, body: dict[str, Any]) -> list[UserEvent]:
    """Record a call's events, all or none. Raises IdempotencyKeyUsed, IdsDisagree, BadEvent, UserNotFound."""
    if (body["accountId"], body["userId"]) != (account_id, user_id):
        raise IdsDisagree
    user = lock_user(uow, account_id, user_id)
    for event in body["events"]:
        _check(event.get("fields") or {})
    if "idempotencyKey" in body:
        _use_key(uow, body["idempotencyKey"])
    return [_record(uow, user, event) for event in body["events"]]


def _use_key(uow: UnitOfWork, key: str) -> None:
    """Take a key for 24 hours from now. Two calls at once collide on its row, and the loser is tried again."""
    row = uow.lock(uow.scoped(IdempotencyKey).where(IdempotencyKey.key == key))
    if row is None:
        uow.session.add(IdempotencyKey(tenant_id=uow.tenant_id, key=key, received_ms=uow.now_ms))
        uow.session.flush()
        return
    if uow.now_ms < row.received_ms + DAY_MS:
        raise IdempotencyKeyUsed
    row.received_ms = uow.now_ms


def _check(fields: dict[str, Any]) -> None:
    """What the contract cannot say of fields: the length of text in bytes, and no array inside an array."""
    for name, value in fields.items():
        _check_value(name, value, in_array=False)


def _check_value(name: str, value: Any, *, in_array: bool) -> None:
    if isinstance(value, str) and len(value.encode()) > FIELD_BYTES_MAX:
        raise BadEvent(f"The field {name[:80]!r} is longer than {FIELD_BYTES_MAX} bytes.")
    if isinstance(value, list):
        if in_array:
            raise BadEvent(f"The field {name[:80]!r} has an array inside an array.")
        for part in value:
            _check_value(name, part, in_array=True)
    if isinstance(value, dict):
        for part in value.values():
            _check_value(name, part, in_array=False)


def _record(uow: UnitOfWork, user: User, raw: dict[str, Any]) -> UserEvent:
    event = UserEvent(
        tenant_id=uow.tenant_id,
        id=hex24(uow.random, "user-event"),
        account_id=user.account_id,
        user_id=user.id,
        key=raw["key"],
        fields=raw.get("fields"),
        triggered_ms=raw.get("dateTriggered", uow.now_ms),
        received_ms=uow.now_ms,
        processed_ms=uow.now_ms,
    )
    uow.session.add(event)
    uow.session.flush()
    if event.key == PURCHASE:
        _count_purchase(uow, user, event)
    referrals.convert(uow, user, event.key)
    return event


def _count_purchase(uow: UnitOfWork, user: User, event: UserEvent) -> None:
    """The custom fields that the vendor computes from purchases."""
    fields = dict(user.custom_fields)
    first, last = fields.get("firstPurchaseDate"), fields.get("lastPurchaseDate")
    count = fields.get("totalPurchaseCount")
    fields["firstPurchaseDate"] = min(first, event.triggered_ms) if isinstance(first, int) else event.triggered_ms
    fields["lastPurchaseDate"] = max(last, event.triggered_ms) if isinstance(last, int) else event.triggered_ms
    fields["totalPurchaseCount"] = count + 1 if isinstance(count, int) else 1
    user.custom_fields = fields
    user.modified_ms = uow.now_ms


def show(events: list[UserEvent]) -> list[dict[str, Any]]:
    """Events as the answer echoes them, in the order sent."""
    return [
        {
            "id": event.id,
            "key": event.key,
            "fields": event.fields,
            "dateTriggered": event.triggered_ms,
            "dateReceived": event.received_ms,
            "dateProcessed": event.processed_ms,
        }
        for event in events
    ]
