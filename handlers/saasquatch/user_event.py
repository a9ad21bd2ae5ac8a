"""User events."""

from handlers.http import Answer, ok
from models.saasquatch.users import events
from models.saasquatch.users.input import TrackBody, read_track
from models.uow import UnitOfWork


def track_event(uow: UnitOfWork, *, account_id: str, user_id: str, body: TrackBody) -> Answer:
    recorded = events.track(uow, account_id, user_id, read_track(body))
    return ok({"userId": user_id, "accountId": account_id, "events": events.show(recorded)})
