"""The page of deliveries: what was sent or is going to be sent, each attempt with its signatures, and sending again."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from troth.mock.dashboard.reading import RefusedError
from troth.mock.dashboard.shown import Shown, Values

if TYPE_CHECKING:
    from troth.mock.dashboard.visit import Visit

FILTERS = ("api", "tenant", "status", "event")
STATES = ("pending", "delivered", "failed")
ROWS = 100
RESENT_MAX = 100
"""Deliveries that one call of the control plane sends again."""


async def deliveries(visit: Visit, delivery_id: str) -> Shown:
    """The newest deliveries that the query means, and one of them whole when its id is given. Raises RefusedError."""
    delivery = await _whole(visit, delivery_id) if delivery_id else None
    filters = {name: visit.query[name].strip() for name in FILTERS if visit.query.get(name, "").strip()}
    listed = await _listed(visit, filters)
    return Shown(
        "deliveries.html",
        {
            "page": "deliveries",
            "delivery": delivery,
            "selected": delivery and delivery["id"],
            "filters": filters,
            "query": urlencode(filters),
            "states": STATES,
            "resent_max": RESENT_MAX,
            "newest_attempt": visit.runtime.services["attempts"].seen,
            **listed,
        },
    )


async def _listed(visit: Visit, filters: dict[str, str]) -> Values:
    """The newest deliveries, and why there are none where a filter is not understood."""
    try:
        found = await visit.control.get("/deliveries", limit=str(ROWS), **filters)
    except RefusedError as refused:
        return {"deliveries": [], "total": 0, "fault": refused.message}
    return {**found, "fault": None}


async def _whole(visit: Visit, delivery_id: str) -> Values:
    """A delivery with its attempts, those to other addresses, and the secrets that a receiver verifies it with."""
    found = await visit.control.get(f"/deliveries/{quote(delivery_id, safe='')}")
    listed = await visit.control.get("/signing-secrets", tenant=found["tenant"])
    secrets = [secret for tenant in listed["tenants"] for secret in tenant["secrets"]]
    attempts = [*found["tries"], *found["elsewhere"]]
    return {**found, "secrets": secrets, "sent": sorted(attempts, key=lambda one: one["at_ms"], reverse=True)}
