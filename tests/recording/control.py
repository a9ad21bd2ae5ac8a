"""Troth's own control plane: information, the clock, the inbox."""

from typing import Any

from tests.recording.callers import caller
from tests.recording.recorder import Caller, Recorder

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
    call("setInboxBehavior", name="behaving", body={"status": 410, "times": 1, "body": "gone"})
    call.refused(400, "setInboxBehavior", name="behaving", body={"status": 304})
    call("getInboxBehavior", name="behaving")
    call.refused(410, "receiveWebhook", name="behaving", body={})
    call("resetInboxBehavior", name="behaving")
    call("clearInbox", name="behaving")
    call.refused(400, "advanceClock", body={"by": "1 day"})
    call.refused(400, "advanceClock", body={})
    call.refused(400, "runClock", body={"speed": 0})
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


def play_sandboxes(recorder: Recorder) -> None:
    """A sandbox with its state, journal and rules, from its beginning to its end."""
    call = caller(recorder, "control")
    made = call("createSandbox", body={"name": "recorded", "scenario": "empty"})
    call.refused(409, "createSandbox", body={"name": "recorded"})
    call.refused(400, "createSandbox", body={"name": "Not a name"})
    call("listSandboxes")
    call("getSandbox", sandbox="recorded")
    inside = Caller(recorder, "control", headers={"Troth-Sandbox": "recorded"})
    key = made["apis"]["saasquatch"]["credentials"]["api_key"]
    users = Caller(
        recorder, "saasquatch", {"tenant_alias": "demo"}, auth=("", key), headers={"Troth-Sandbox": "recorded"}
    )
    users("listUsers")
    _play_journal(inside)
    _play_rules(inside, users)
    inside("createSnapshot")
    inside("listSnapshots")
    inside.refused(409, "createSnapshot")
    users("openUserUpsert", accountId="ana", userId="ana", body={"id": "ana", "accountId": "ana"})
    inside("getDiff", query={"from": "before-checkout"})
    inside.refused(404, "getDiff", query={"from": "nothing"})
    inside("restoreSnapshot", snapshot="before-checkout")
    inside("deleteSnapshot", snapshot="before-checkout")
    inside.refused(404, "deleteSnapshot", snapshot="before-checkout")
    lines = inside("exportSandbox").content
    uploading = inside.as_other(headers={"Troth-Sandbox": "recorded", "Content-Type": "application/x-ndjson"})
    uploading("importSandbox", body=lines)
    uploading.refused(400, "importSandbox", body=b"{}")
    uploading.refused(409, "importSandbox", body=lines.replace(b'"version":1', b'"version":2'))
    inside("beginRecording", body={"name": "checkout"})
    inside.refused(409, "beginRecording", body={"name": "checkout"})
    users("listUsers")
    inside("listRecordings")
    recording = inside("endRecording", recording="checkout")
    inside("replayRecording", body=recording)
    inside.refused(400, "replayRecording", body={**recording, "version": 2})
    inside.refused(404, "endRecording", recording="checkout")
    # So slowly that it stands in the same millisecond for a second; ids of requests are drawn from the seed on a fixed
    # clock only.
    named = inside.as_other(headers={"Troth-Sandbox": "recorded", "X-Request-Id": "recorded"})
    named("runClock", body={"speed": 0.001})
    named("resetSandbox")
    _play_deliveries(inside, users)
    call("deleteSandbox", sandbox="recorded")
    call.refused(404, "getSandbox", sandbox="recorded")
    call.refused(409, "deleteSandbox", sandbox="main")


def _play_journal(call: Caller) -> None:
    call("listJournal")
    call("getJournalCall", number=1)
    call("getJournalCall", number=1, query={"secrets": True})
    call("replayJournalCall", number=1)
    call("verifyJournal", body={"operation": "listUsers", "count": 2})
    call.refused(409, "verifyJournal", body={"operation": "listUsers", "count": 1})
    call.refused(400, "verifyJournal", body={"operation": "listUser"})
    call("exportJournal")
    call("clearJournal")
    call.refused(404, "getJournalCall", number=1)


def _play_rules(call: Caller, users: Caller) -> None:
    made = call("createRule", body={"operation": "listUsers", "answer": {"code": 429}, "times": 1})
    call("listRules")
    users.refused(429, "listUsers")
    call("getRule", rule=made["id"])
    call("deleteRule", rule=made["id"])
    call.refused(404, "getRule", rule=made["id"])
    call.refused(400, "createRule", body={"operation": "listUsers", "answer": {"code": 299}})
    call("clearRules")


def _play_deliveries(call: Caller, users: Caller) -> None:
    """Webhooks of a user: listed, shown, sent again to their own address and to another one."""
    users("openUserUpsert", accountId="ana", userId="ana", body={"id": "ana", "accountId": "ana"})
    call("advanceClock", body={"by_ms": 0})
    listed = call("listDeliveries", query={"event": "user.created"})
    call.refused(400, "listDeliveries", query={"status": "lost"})
    sent = listed["deliveries"][0]["id"]
    call("getDelivery", delivery=sent)
    call.refused(404, "getDelivery", delivery="nobody")
    call("resendDeliveries", body={"ids": [sent]})
    call("resendDeliveries", body={"filter": {"api": "saasquatch"}, "url": "https://hooks.example.org/elsewhere"})
    call("getDelivery", delivery=sent, query={"secrets": True})
    call.refused(404, "resendDeliveries", body={"ids": ["nobody"]})
    call.refused(400, "resendDeliveries", body={"ids": [sent], "filter": {}})
    call("listSigningSecrets")
    call.refused(400, "listSigningSecrets", query={"api": ""})


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
