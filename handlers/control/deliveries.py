"""Webhooks that were sent: list them, show one with its attempts, send some again."""

from typing import Any

from handlers.control import _delivery_views as views
from handlers.control._ports import clock_port, kept_attempts, sender_of
from handlers.control.problems import UnknownDelivery
from handlers.http import Answer, ok
from models.outbox.delivery_lists import DeliveryFilter, DeliveryLine, attempts_of, find_delivery, next_attempt_ms
from models.outbox.delivery_lists import list_deliveries as listed
from models.outbox.outbox import DeliveryKey
from models.tenancy.tenants import Tenant
from models.uow import UnitOfWork

Row = dict[str, Any]
RESENT_MAX = 100
"""Deliveries that one call sends again; the contract says the same."""


def list_deliveries(uow: UnitOfWork, *, limit: int, offset: int, **filters: Any) -> Answer:
    rows, total = listed(uow, DeliveryFilter(**filters), limit=limit, offset=offset)
    return ok({"count": len(rows), "total": total, "deliveries": [views.summary(*row) for row in rows]})


def get_delivery(uow: UnitOfWork, *, delivery: str, secrets: bool) -> Answer:
    tenant, row = _find(uow, delivery)
    kept = kept_attempts(uow, (tenant.id, row.id))
    return ok(
        {
            **views.summary(tenant, row),
            "next_ms": next_attempt_ms(uow, tenant, row.id),
            "tries": views.attempts(uow, attempts_of(uow, tenant, row.id), kept, row.url, secrets=secrets),
            "elsewhere": views.elsewhere(uow, kept, secrets=secrets),
        }
    )


def _find(uow: UnitOfWork, delivery_id: str) -> tuple[Tenant, DeliveryLine]:
    found = find_delivery(uow, delivery_id)
    if found is None:
        raise UnknownDelivery(delivery_id)
    return found


def list_signing_secrets(uow: UnitOfWork, **filters: Any) -> Answer:
    tenants = DeliveryFilter(**filters).tenants(uow)
    found = [(tenant, sender_of(uow, tenant.api).signing_secrets(uow, tenant)) for tenant in tenants]
    return ok(
        {"tenants": [{"api": one.api, "tenant": one.key, "secrets": secrets} for one, secrets in found if secrets]}
    )


def resend_deliveries(uow: UnitOfWork, *, body: Row) -> Answer:
    port, sandbox = clock_port(uow), uow.sandbox
    chosen = _chosen(uow, body)
    url = views.target(uow, body["url"]) if "url" in body else None

    async def later() -> Answer:
        return ok({"resent": await port.resend(sandbox, chosen, url)})

    return Answer(200, later=later)


def _chosen(uow: UnitOfWork, body: Row) -> list[DeliveryKey]:
    """The deliveries that are named, or the newest ones that a filter means, oldest first: in the order in which they
    were sent.
    """
    if "ids" in body:
        found = [_find(uow, delivery_id) for delivery_id in body["ids"]]
    else:
        rows, _ = listed(uow, DeliveryFilter(**body["filter"]), limit=RESENT_MAX)
        found = rows[::-1]
    return [(tenant.id, row.id) for tenant, row in found]
