"""Who calls: the credentials of the demo scenario."""

from typing import Any

from tests.recording.recorder import Caller, Recorder

BEARERS = {
    "advocacy": "sk_live_DEMO0KEY0ADVOCACY0TROTH0MOCK",
    "leat": "PAT_DEMO0KEY0LEAT0TROTH0MOCK",
    "loyalty_core": "lc_DEMO0TOKEN0LOYALTY0CORE0TROTH0MOCK",
}
SAASQUATCH_KEY = "LIVE_DEMO0KEY0SAASQUATCH0TROTH0MOCK"
ROASTERY = "lc_DEMO0ROASTERY0LOYALTY0CORE0TROTH0"
READER = "lc_RECORDING0READER0LOYALTY0CORE0TROTH"
"""A token of the demo's organization that may read members only; `server.py` adds it."""
STARTER = "sk_live_DEMO0STARTER0ADVOCACY0TROTH0"
PATHS: dict[str, dict[str, Any]] = {"saasquatch": {"tenant_alias": "demo"}, "loyalty_core": {"organizationId": 1}}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def caller(recorder: Recorder, api: str) -> Caller:
    """The demo's own caller of an API, with all its rights."""
    options: dict[str, Any] = {}
    if api == "saasquatch":
        options = {"auth": ("", SAASQUATCH_KEY)}
    elif api in BEARERS:
        options = {"headers": bearer(BEARERS[api])}
    return Caller(recorder, api, PATHS.get(api), **options)


def nobody(recorder: Recorder, api: str) -> Caller:
    """A caller of an API without credentials."""
    return Caller(recorder, api, PATHS.get(api))


SECURED = {"saasquatch", *BEARERS}
"""APIs whose operations need credentials, all but a few."""
