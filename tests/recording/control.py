"""Troth's own control plane: information, the clock, the inbox."""

from typing import Any

from tests.recording.callers import caller
from tests.recording.recorder import Recorder

INBOXES = ("saasquatch", "saasquatch-test", "advocacy", "leat", "loyalty-core", "own")


def play(recorder: Recorder) -> None:
    call = caller(recorder, "control")
    call("getInfo")
    call("getClock")
    call("freezeClock")
    call("receiveWebhook", name="own")
    call("receiveWebhook", name="own", body={"hello": ["world", 1.5, None]})
    call("listInbox", name="own")
    call("listInbox", name="own", query={"limit": 1, "offset": 1})
    call("receiveWebhook", name="cleared", body={})
    call("clearInbox", name="cleared")
    call("listInbox", name="cleared")
    call.refused(400, "listInbox", name="own", query={"limit": 0})
    call.refused(400, "advanceClock", body={"by": "1 day"})
    call.refused(400, "advanceClock", body={})
    call.refused(409, "advanceClock", body={"to": "2026-01-01T00:00:00Z"})
    advance(recorder, by_ms=250)
    advance(recorder, to="2026-01-15T12:00:10Z")
    call("getClock")


def play_moderation(recorder: Recorder) -> None:
    """Decisions on a referral that is approved already, and on none."""
    found = caller(recorder, "saasquatch")("listReferrals", query={"limit": 1})["referrals"][0]["id"]
    call = caller(recorder, "control")
    call("moderateReferral", tenant_alias="demo", referral_id=found, body={"decision": "approve"})
    for status, alias, referral_id, decision in (
        (409, "demo", found, "deny"),
        (404, "demo", "0" * 24, "deny"),
        (404, "nobody", found, "deny"),
        (400, "demo", found, "perhaps"),
    ):
        body = {"decision": decision}
        call.refused(status, "moderateReferral", tenant_alias=alias, referral_id=referral_id, body=body)


def advance(recorder: Recorder, **body: Any) -> None:
    """Move the clock: jobs that become due run, webhooks are delivered. The answer lists them."""
    caller(recorder, "control")("advanceClock", body=body)


def read_inboxes(recorder: Recorder) -> None:
    """All webhooks that came, with their headers and signatures."""
    call = caller(recorder, "control")
    call("listInboxes")
    for name in INBOXES:
        offset, total = 0, 1
        while offset < total:
            page = call("listInbox", name=name, query={"limit": 100, "offset": offset})
            offset, total = offset + 100, page["total"]
