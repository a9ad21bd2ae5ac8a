"""What the edges of the APIs answer where no operation does, or before one does."""

from tests.recording.callers import BEARERS, caller
from tests.recording.recorder import Recorder

BASES = {
    "saasquatch": "/saasquatch/api/v1/demo",
    "advocacy": "/advocacy/api/v1",
    "leat": "/leat/api/v3/oauth/clients",
    "loyalty_core": "/loyalty-core/api/v1/organizations/1",
    "control": "/_troth",
    "public": "",
}
WRITES = {
    "saasquatch": "createExport",
    "advocacy": "createReward",
    "leat": "createContact",
    "loyalty_core": "createLedger",
    "control": "advanceClock",
}
"""An operation with a body for each API."""
BODY_BYTES_MAX = 1 << 20
HOSTS = {
    "saasquatch": "saasquatch.localhost:8080",
    "advocacy": "advocacy.localhost:8080",
    "leat": "leat.localhost:8080",
    "loyalty_core": "loyalty-core.localhost:8080",
}


def play(recorder: Recorder) -> None:
    for api, base in BASES.items():
        for method, path in (("GET", "/nothing/here"), ("GET", "/%FF"), ("DELETE", "")):
            recorder.send(f"{api}.-", method, base + path or "/", **caller(recorder, api).options)
    for api, operation_id in WRITES.items():
        _broken_bodies(recorder, api, operation_id)
    for api, host in HOSTS.items():
        target = BASES[api].removeprefix("/" + api.replace("_", "-")) + (
            "/users?limit=1" if api == "saasquatch" else "/nothing"
        )
        recorder.send(f"{api}.-", "GET", f"http://{host}{target}", **caller(recorder, api).options)
    for api, token in BEARERS.items():
        recorder.send(f"{api}.-", "GET", BASES[api], headers={"Authorization": f"Basic {token}"})
    _done_once(recorder)


def _broken_bodies(recorder: Recorder, api: str, operation_id: str) -> None:
    """A body of another media type, one that is too large, none at all, and one that is not UTF-8."""
    call = caller(recorder, api)
    operation, options = call.operation(operation_id), call.options
    headers = options.pop("headers", {})
    for media, content in (
        ("text/plain", b"{}"),
        ("application/json", b'"' + b"a" * BODY_BYTES_MAX + b'"'),
        ("application/json", b""),
        ("application/json", b'{"a": "\xff"}'),
    ):
        target = operation.target(call.path)
        recorder.send(
            operation.name,
            operation.method,
            target,
            content=content,
            headers={**headers, "Content-Type": media},
            **options,
        )


def _done_once(recorder: Recorder) -> None:
    """The same Idempotency-Key: the same answer for the same request, a refusal for another. Only this API has it."""
    call = caller(recorder, "advocacy")
    once = call.as_other(headers={**call.options["headers"], "Idempotency-Key": "recorded-1"})
    once("createReward")
    once("createReward")
    once.refused(409, "createReward", body=call.example("createReward", name="Another"))
