"""Signatures of Standard Webhooks (standardwebhooks.com), whose times are those of the sender's clock."""

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from standardwebhooks import Webhook, WebhookVerificationError

from models.kernel.clock import SECOND_MS, wall_ms
from models.kernel.ids import RandomSource
from models.kernel.vault import same
from models.outbox import signature_faults
from models.outbox.signature_faults import Fault
from models.tenancy.tenants import Tenant
from models.uow import UnitOfWork

SECRET_PREFIX = "whsec_"  # noqa: S105  the prefix that Standard Webhooks gives its secrets
SECRET_BYTES = range(24, 65)
ID_HEADER, TIMESTAMP_HEADER, SIGNATURE_HEADER = "webhook-id", "webhook-timestamp", "webhook-signature"
TOLERANCE_S = 300
"""How far from the present the official libraries take a timestamp."""
TOO_OLD, TOO_NEW = "TIMESTAMP_TOO_OLD", "TIMESTAMP_TOO_NEW"
_FORM = re.compile(r"v1,[A-Za-z0-9+/]{43}=")


def new_secret(draws: RandomSource) -> str:
    """A secret of 192 bits."""
    return SECRET_PREFIX + base64.b64encode(draws.take("webhook-secret", SECRET_BYTES.start)).decode()


def check_secret(secret: str) -> None:
    """Raises ValueError: a secret is `whsec_` and 24 to 64 bytes in Base64 (section on signature schemes)."""
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except ValueError as error:
        raise ValueError("a webhook secret is whsec_ and Base64") from error
    if not secret.startswith(SECRET_PREFIX) or len(key) not in SECRET_BYTES:
        raise ValueError("a webhook secret is whsec_ and 24 to 64 bytes in Base64")


def headers(secret: str, event_id: str, at_s: int, payload: str) -> dict[str, str]:
    """The three headers of a payload, at a time in unix seconds."""
    signature = Webhook(secret).sign(event_id, datetime.fromtimestamp(at_s, UTC), payload)
    return {"webhook-id": event_id, "webhook-timestamp": str(at_s), SIGNATURE_HEADER: signature}


def verifies(secrets: Iterable[str], received: Mapping[str, str], payload: bytes) -> bool | None:
    """Whether a signature is right under any of the secrets, whatever its age; None where there is none.

    `received` has lower-case names. The library's own check reads wall time, which the sender's clock is not.
    """
    if SIGNATURE_HEADER not in received:
        return None
    return any(_verifies(secret, received, payload) for secret in secrets)


def fault(
    uow: UnitOfWork, tenants: Sequence[Tenant], secrets: Sequence[str], received: Mapping[str, str], payload: bytes
) -> Fault | None:
    """Why the verifier of a receiver refuses a message; None where it takes it.

    Verifiers compare the timestamp with their own clock, which is wall time; what a mock sends to itself has its
    sandbox's.
    """
    for header in (ID_HEADER, TIMESTAMP_HEADER, SIGNATURE_HEADER):
        if header not in received:
            return signature_faults.missing(header)
    if not received[TIMESTAMP_HEADER].isdecimal():
        return signature_faults.malformed(TIMESTAMP_HEADER, "a whole number of seconds since 1970")
    if not any(_FORM.fullmatch(one) for one in received[SIGNATURE_HEADER].split(" ")):
        return signature_faults.malformed(SIGNATURE_HEADER, "v1, and Base64 of 32 bytes")
    if not verifies(secrets, received, payload):
        signer = (
            f"a secret of this API's endpoints (there are {len(secrets)}) with this {ID_HEADER} and {TIMESTAMP_HEADER}"
        )
        return signature_faults.unmatched(
            uow, tenants, payload, lambda other: bool(verifies(secrets, received, other)), signer
        )
    return _timestamp_fault(int(received[TIMESTAMP_HEADER]), (uow.now_ms, wall_ms()))


def _timestamp_fault(at_s: int, current_times_ms: Sequence[int]) -> Fault | None:
    """What is wrong with a timestamp that is too far from each of the current times; None where it is not."""
    away_s = min((now_ms // SECOND_MS - at_s for now_ms in current_times_ms), key=abs)
    if abs(away_s) <= TOLERANCE_S:
        return None
    code, side = (TOO_OLD, "before") if away_s > 0 else (TOO_NEW, "after")
    return Fault(
        code,
        f"The signature is right, but {TIMESTAMP_HEADER} is {abs(away_s)} s {side} the present; verifiers take {TOLERANCE_S} s.",
    )


def _verifies(secret: str, received: Mapping[str, str], payload: bytes) -> bool:
    try:
        at = datetime.fromtimestamp(int(received["webhook-timestamp"]), UTC)
        expected = Webhook(secret).sign(received["webhook-id"], at, payload.decode())
    except (KeyError, ValueError, OverflowError, OSError, WebhookVerificationError):
        return False
    return any(same(expected, given) for given in received[SIGNATURE_HEADER].split(" "))
