"""Why a receiver would refuse a webhook: which header is missing or malformed, whether body or secret are not those of
the signature.

Without the sender's events a wrong signature says nothing; with them one can find out whether the body was changed on
the way, which is the most frequent mistake (a body that was parsed and written again), or the secret is another one.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import orjson
from sqlalchemy import select

from models.kernel.statements import TENANT, Query
from models.outbox.outbox import Event
from models.tenancy.tenants import Tenant
from models.uow import UnitOfWork

EVENTS_MAX = 200
"""The newest events of a tenant with which a signature is compared: some milliseconds."""
HEADER_MISSING = "HEADER_MISSING"
SIGNATURE_MALFORMED = "SIGNATURE_MALFORMED"
BODY_CHANGED = "BODY_CHANGED"
SECRET_WRONG = "SECRET_WRONG"  # noqa: S105  a code
NOT_SIGNED_HERE = "NOT_SIGNED_HERE"
NEWEST_EVENTS = Query(select(Event).where(Event.tenant_id == TENANT).order_by(Event.number.desc()).limit(EVENTS_MAX))


class Fault(NamedTuple):
    """What is wrong with a signature: a code for programs and a sentence for people."""

    code: str
    message: str


def missing(header: str) -> Fault:
    """A header that this API's webhooks have is not there."""
    return Fault(HEADER_MISSING, f"The header {header} is missing.")


def malformed(header: str, form: str) -> Fault:
    """A header is not of the form that a signature has."""
    return Fault(SIGNATURE_MALFORMED, f"The header {header} is not {form}.")


def unmatched(
    uow: UnitOfWork, tenants: Iterable[Tenant], payload: bytes, signs: Callable[[bytes], bool], signer: str
) -> Fault:
    """Why a signature of the right form is not that of a body.

    `signs` says whether it is that of another one, by any of the secrets; `signer` names whose secrets these are.
    """
    text, is_known = payload.decode("utf-8", "replace"), False
    for tenant in tenants:
        for event in uow.connection.rows(NEWEST_EVENTS, {"tenant_id": tenant.id}):
            if event.body == text:
                is_known = True
            elif signs(event.body.encode()):
                return Fault(BODY_CHANGED, _changed(event, text))
    if is_known:
        return Fault(SECRET_WRONG, f"The body is as it was sent, but the signature was not made by {signer}.")
    return Fault(
        NOT_SIGNED_HERE,
        f"For this body the signature was not made by {signer}, and it is that of none of the newest {EVENTS_MAX} events: "
        "another secret was used, or the body was changed and signed elsewhere.",
    )


def _changed(event: Event, text: str) -> str:
    """How a body differs from that of the event that was signed."""
    message = f"The body was changed after it was signed: the signature is that of the event {event.id} ({event.type})"
    if _is_same_json(event.body, text):
        return f"{message}, and the body is the same JSON written in another way. Verify the bytes as they came, before they are parsed."
    characters = zip(event.body, text, strict=False)
    place = next((at for at, (one, other) in enumerate(characters) if one != other), min(len(event.body), len(text)))
    return f"{message}, whose body differs from character {place} on."


def _is_same_json(one: str, other: str) -> bool:
    try:
        return bool(orjson.loads(one) == orjson.loads(other))
    except orjson.JSONDecodeError:
        return False
