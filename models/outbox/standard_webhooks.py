"""Signatures of Standard Webhooks (standardwebhooks.com), whose times are those of the sender's clock."""

import base64
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from standardwebhooks import Webhook, WebhookVerificationError

from models.kernel.ids import RandomSource
from models.kernel.vault import same

SECRET_PREFIX = "whsec_"  # noqa: S105  the prefix that Standard Webhooks gives its secrets
SECRET_BYTES = range(24, 65)
SIGNATURE_HEADER = "webhook-signature"


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


def _verifies(secret: str, received: Mapping[str, str], payload: bytes) -> bool:
    try:
        at = datetime.fromtimestamp(int(received["webhook-timestamp"]), UTC)
        wanted = Webhook(secret).sign(received["webhook-id"], at, payload.decode())
    except (KeyError, ValueError, OverflowError, OSError, WebhookVerificationError):
        return False
    return any(same(wanted, given) for given in received[SIGNATURE_HEADER].split(" "))
