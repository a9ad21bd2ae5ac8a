"""User events: recorded once; an event converts the user's referral when its program waits for it."""

from collections.abc import Mapping

from models.kernel.clock import DAY_MS
from models.kernel.ids import hex24
from models.kernel.json_values import Shown
from models.kernel.pointers import shortened_pointer
from models.kernel.statements import replaced, row_of
from models.saasquatch.problems import BadEvent, IdempotencyKeyUsed, IdsDisagree
from models.saasquatch.referrals import referrals
from models.saasquatch.tables import User, UserEvent
from models.saasquatch.users.input import EventInput, TrackInput
from models.saasquatch.users.queries import INSERT_EVENT, INSERT_KEY, KEY, RENEW_KEY, SET_CUSTOM_FIELDS
from models.saasquatch.users.users import lock_user_of
from models.uow import UnitOfWork

Path = tuple[str | int, ...]

FIELD_BYTES_MAX = 1_500
PURCHASE = "purchase"


def track(uow: UnitOfWork, account_id: str, user_id: str, given: TrackInput) -> list[UserEvent]:
    """Record a call's events, all or none. Raises IdempotencyKeyUsed, IdsDisagree, BadEvent, AccountNotFound,
    UserNotFound.
    """
    IdsDisagree.check({"accountId": (given.account_id, account_id), "userId": (given.user_id, user_id)})
    may_convert = referrals.lock_for_events(uow, account_id, [event.key for event in given.events])
    user = lock_user_of(uow, account_id, user_id)
    for number, event in enumerate(given.events):
        _check(event.fields or {}, ("events", number, "fields"))
    if given.idempotency_key is not None:
        _use_key(uow, given.idempotency_key)
    recorded = []
    for event in given.events:
        row, user = _record(uow, user, event)
        if may_convert:
            referrals.convert(uow, user, row.key)
        recorded.append(row)
    return recorded


def _use_key(uow: UnitOfWork, key: str) -> None:
    """Take a key for 24 hours from now. Two calls at once conflict on its row, and the second is tried again."""
    row = uow.lock_row(KEY, idempotency_key=key)
    if row is None:
        uow.insert(INSERT_KEY, key=key, received_ms=uow.now_ms)
    elif uow.now_ms < row.received_ms + DAY_MS:
        raise IdempotencyKeyUsed
    else:
        uow.execute(RENEW_KEY, idempotency_key=key, received_ms=uow.now_ms)


def _check(fields: Mapping[str, object], path: Path) -> None:
    """What the contract cannot say of fields: the length of text in bytes, and no array inside an array."""
    for name, value in fields.items():
        _check_value(value, (*path, name), in_array=False)


def _check_value(value: object, path: Path, *, in_array: bool) -> None:
    if isinstance(value, str) and len(value.encode()) > FIELD_BYTES_MAX:
        raise BadEvent(f"{shortened_pointer(path)}: must have at most {FIELD_BYTES_MAX:,} bytes")
    if isinstance(value, list):
        if in_array:
            raise BadEvent(f"{shortened_pointer(path)}: must not be an array inside an array")
        for number, part in enumerate(value):
            _check_value(part, (*path, number), in_array=True)
    if isinstance(value, dict):
        _check(value, path)


def _record(uow: UnitOfWork, user: User, event: EventInput) -> tuple[UserEvent, User]:
    """Record an event and count a purchase; the event, and the user after it."""
    values = {
        "id": hex24(uow.random, "user-event"),
        "account_id": user.account_id,
        "user_id": user.id,
        "key": event.key,
        "fields": event.fields,
        "triggered_ms": uow.now_ms if event.triggered_ms is None else event.triggered_ms,
        "received_ms": uow.now_ms,
        "processed_ms": uow.now_ms,
    }
    uow.insert_at_end(INSERT_EVENT, **values)
    row = row_of(UserEvent, tenant_id=uow.tenant_id, **values)
    if row.key == PURCHASE:
        user = _count_purchase(uow, user, row)
    return row, user


def _count_purchase(uow: UnitOfWork, user: User, event: UserEvent) -> User:
    """Update the custom fields that the vendor computes from purchases; the user after it."""
    fields = dict(user.custom_fields)
    first, last = fields.get("firstPurchaseDate"), fields.get("lastPurchaseDate")
    count = fields.get("totalPurchaseCount")
    fields["firstPurchaseDate"] = min(first, event.triggered_ms) if isinstance(first, int) else event.triggered_ms
    fields["lastPurchaseDate"] = max(last, event.triggered_ms) if isinstance(last, int) else event.triggered_ms
    fields["totalPurchaseCount"] = count + 1 if isinstance(count, int) else 1
    uow.execute(
        SET_CUSTOM_FIELDS, of_account=user.account_id, of_user=user.id, custom_fields=fields, modified_ms=uow.now_ms
    )
    return replaced(user, custom_fields=fields, modified_ms=uow.now_ms)


def show(events: list[UserEvent]) -> list[Shown]:
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
