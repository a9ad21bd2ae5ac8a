"""Webhook endpoints that are a tenant's configuration, each with a secret of its own, and the events sent to them.

Shared by the APIs whose endpoints are distinguished by an id. Signatures and retries are each API's own
(`models/<api>/webhooks.py`).
"""

import re
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Index, LargeBinary, String, bindparam, delete, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models.kernel.base import Base
from models.kernel.json_text import dumps
from models.kernel.lists import among
from models.kernel.statements import TENANT, Change, Insertion, Query, replaced, row_of
from models.kernel.vault import PURPOSE, same
from models.outbox import signature_faults
from models.outbox.addresses import check_url
from models.outbox.outbox import Target, publish
from models.outbox.signature_faults import Fault
from models.tenancy.tenants import Tenant, list_tenants
from models.uow import UnitOfWork

ALL_TYPES = "*"
SEALED_FOR = "webhook-secret"
ENDPOINTS_MAX = 50
"""Endpoints of a tenant, inactive ones too: each event is written with a delivery for each, about 80 us."""
NAME_CHARACTERS_MAX = 255
_HEX = re.compile(r"[0-9a-f]{64}")


class Endpoint(Base):
    """An address that gets a POST for each event of its types; `*` stands for all of them.

    An inactive endpoint gets nothing; `failing_since_ms` is when its unbroken run of failures began.
    """

    __tablename__ = "webhook_endpoints"
    __table_args__ = (Index("ix_webhook_endpoints_created", "tenant_id", "created_ms", "id"),)

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str | None] = mapped_column(String(255))
    url: Mapped[str] = mapped_column(String(2048))
    types: Mapped[list[str]]
    sealed: Mapped[bytes] = mapped_column(LargeBinary, info={PURPOSE: SEALED_FOR})
    active: Mapped[bool] = mapped_column(default=True)
    failing_since_ms: Mapped[int | None]
    created_ms: Mapped[int]


PART = "webhook_endpoints"
"""The endpoints as a part of the tenant's configuration."""
ENDPOINT = Query(select(Endpoint).where(Endpoint.tenant_id == TENANT, Endpoint.id == bindparam("endpoint_id")))
ENDPOINTS = Query(select(Endpoint).where(Endpoint.tenant_id == TENANT).order_by(Endpoint.created_ms, Endpoint.id))
COUNT_ENDPOINTS = Query(select(func.count()).select_from(Endpoint).where(Endpoint.tenant_id == TENANT))
INSERT_ENDPOINT = Insertion(Endpoint)
_THIS = [Endpoint.tenant_id == TENANT, Endpoint.id == bindparam("endpoint")]
CHANGE_ENDPOINT = Change(
    update(Endpoint)
    .where(*_THIS)
    .values(name=bindparam("new_name"), url=bindparam("new_url"), active=bindparam("new_active"))
)
SET_FAILING = Change(update(Endpoint).where(*_THIS).values(failing_since_ms=bindparam("since_ms")))
DISABLE_ENDPOINT = Change(update(Endpoint).where(*_THIS).values(active=False))
DELETE_ENDPOINTS = Change(delete(Endpoint).where(Endpoint.tenant_id == TENANT, among(Endpoint.id, "endpoint_ids")))


def check_room(uow: UnitOfWork) -> None:
    """Raises ValueError where the tenant has all the endpoints it may have.

    Of two calls at once both may take the last place: one more does no harm.
    """
    if uow.one(COUNT_ENDPOINTS) >= ENDPOINTS_MAX:
        raise ValueError(f"there are at most {ENDPOINTS_MAX} webhook endpoints")


def add(
    uow: UnitOfWork, *, endpoint_id: str, url: str, types: list[str], secret: str, name: str | None = None
) -> Endpoint:
    """Add an active endpoint. Its secret is sealed; `secret_of` opens it.

    Raises ValueError for what cannot be one, and for one more than there may be.
    """
    check_url(url)
    check_room(uow)
    if not secret:
        raise ValueError("a signing secret is not empty")
    if name is not None and len(name) > NAME_CHARACTERS_MAX:
        raise ValueError(f"a name has at most {NAME_CHARACTERS_MAX} characters")
    values = {
        "id": endpoint_id,
        "name": name,
        "url": url,
        "types": types,
        "active": True,
        "created_ms": uow.now_ms,
        "sealed": uow.vault.seal(secret.encode(), SEALED_FOR),
        "failing_since_ms": None,
    }
    uow.configuration_changed(PART)
    uow.insert(INSERT_ENDPOINT, **values)
    return row_of(Endpoint, tenant_id=uow.tenant_id, **values)


def find(uow: UnitOfWork, endpoint_id: str) -> Endpoint | None:
    """The endpoint with an id, active or not."""
    return uow.first(ENDPOINT, endpoint_id=endpoint_id)


def find_active(uow: UnitOfWork, endpoint_id: str) -> Endpoint | None:
    """The active endpoint with an id, whose `failing_since_ms` may be out of date.

    Called for each delivery, so it reads what this process keeps first: what another process has removed or changed is
    still used for up to a second; what is missing there is looked up.
    """
    found = next((one for one in list_endpoints(uow) if one.id == endpoint_id), None)
    if found is None or not found.active:  # another process may have added or activated it in this second
        found = find(uow, endpoint_id)
    return found if found is not None and found.active else None


def list_endpoints(uow: UnitOfWork) -> list[Endpoint]:
    """The tenant's endpoints, oldest first, inactive ones too.

    They are kept between units of work: nobody changes them, and `failing_since_ms` may be out of date (`find` reads
    the present row).
    """
    return uow.configuration(PART, _load)


def _load(uow: UnitOfWork) -> list[Endpoint]:
    return uow.rows(ENDPOINTS)


def lock(uow: UnitOfWork, endpoint_id: str) -> Endpoint | None:
    """The endpoint with an id, locked until the unit ends."""
    return uow.lock_row(ENDPOINT, endpoint_id=endpoint_id)


def change(uow: UnitOfWork, locked: Endpoint, *, name: str | None, url: str, active: bool) -> Endpoint:
    """Change an endpoint that is locked; the endpoint after it."""
    uow.configuration_changed(PART)
    uow.execute(CHANGE_ENDPOINT, endpoint=locked.id, new_name=name, new_url=url, new_active=active)
    return replaced(locked, name=name, url=url, active=active)


def set_failing(uow: UnitOfWork, endpoint_id: str, since_ms: int | None) -> None:
    """Note since when all deliveries to an endpoint have failed; None after a success."""
    uow.execute(SET_FAILING, endpoint=endpoint_id, since_ms=since_ms)


def disable(uow: UnitOfWork, endpoint_id: str) -> None:
    """Make an endpoint inactive: it gets nothing until it is activated again."""
    uow.configuration_changed(PART)
    uow.execute(DISABLE_ENDPOINT, endpoint=endpoint_id)


def remove(uow: UnitOfWork, endpoint_ids: Sequence[str]) -> None:
    """Remove endpoints; their pending deliveries are not sent (by another process for up to a second more)."""
    uow.configuration_changed(PART)
    uow.execute(DELETE_ENDPOINTS, endpoint_ids=endpoint_ids)


def secret_of(uow: UnitOfWork, endpoint: Endpoint) -> str:
    """The secret that an endpoint's webhooks are signed with."""
    return uow.vault.open(endpoint.sealed, SEALED_FOR).decode()


def secrets_of(uow: UnitOfWork, api: str, tenant: Tenant | None) -> list[str]:
    """The secrets of the endpoints of one tenant of an API, or of all of them: for the inbox, which belongs to none."""
    tenants = list_tenants(uow.session, api) if tenant is None else [tenant]
    return [secret_of(uow, row) for one in tenants for row in uow.connection.rows(ENDPOINTS, {"tenant_id": one.id})]


def hex_fault(
    uow: UnitOfWork,
    tenants: Sequence[Tenant],
    payload: bytes,
    header: str,
    received: Mapping[str, str],
    signatures: Callable[[bytes], Sequence[str]],
) -> Fault | None:
    """Why a header is no HMAC-SHA256 of a body in hexadecimal; None where it is.

    `signatures` are those of a body by all secrets.
    """
    sent = received.get(header.lower())
    if sent is None:
        return signature_faults.missing(header)
    if not _HEX.fullmatch(sent):
        return signature_faults.malformed(header, "64 lower-case hexadecimal digits")

    def signs(body: bytes) -> bool:
        return any(same(one, sent) for one in signatures(body))

    if signs(payload):
        return None
    signer = f"a secret of this API's endpoints (there are {len(signatures(payload))})"
    return signature_faults.unmatched(uow, tenants, payload, signs, signer)


def emit(uow: UnitOfWork, event_id: str, event_type: str, payload: dict[str, object]) -> None:
    """Write an event, and a delivery for each active endpoint that wants its type."""
    subscribed = [
        endpoint
        for endpoint in list_endpoints(uow)
        if endpoint.active and (ALL_TYPES in endpoint.types or event_type in endpoint.types)
    ]
    publish(
        uow,
        event_id,
        event_type,
        dumps(payload),
        [Target(uow.random.take("delivery", 12).hex(), endpoint.id, endpoint.url) for endpoint in subscribed],
    )
