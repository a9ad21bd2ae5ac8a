"""The pages of differences between states of a sandbox, and of recordings of calls."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from troth.mock.dashboard.reading import RefusedError
from troth.mock.dashboard.shown import Shown

if TYPE_CHECKING:
    from troth.mock.dashboard.visit import Visit

NOW = "now"
NO_TENANT = "mock"
"""What the API of a resource without a tenant is called."""


async def differences(visit: Visit) -> Shown:
    """The snapshots to choose from, and what is different between the two of the query (`from`, `to`)."""
    values: dict[str, Any] = {"page": "differences", "now": NOW, "snapshots": [], "found": None, "fault": None}
    before, after = visit.query.get("from", ""), visit.query.get("to", "") or NOW
    values |= {"before": before, "after": after}
    try:
        listed = await visit.control.get("/snapshots")
        values["snapshots"] = [one["name"] for one in listed["snapshots"]]
        if before:
            values["found"] = await visit.control.get("/diff", **{"from": before, "to": after})
    except RefusedError as refused:
        values["fault"] = refused.message
        return Shown("differences.html", values)
    if values["found"] is not None:
        values["groups"] = [(api, list(rows)) for api, rows in groupby(values["found"]["resources"], key=_api)]
        values["counts"] = {
            kind: sum(row["kind"] == kind for row in values["found"]["resources"])
            for kind in ("made", "changed", "deleted")
        }
    return Shown("differences.html", values)


def _api(row: dict[str, Any]) -> str:
    return row["tenant"] or NO_TENANT


async def recordings(visit: Visit) -> Shown:
    """The recordings that are under way; or why there can be none."""
    try:
        await visit.control.get("/snapshots")  # refused where the sandbox cannot be copied: a replay needs a fresh one
        listed = await visit.control.get("/recordings")
    except RefusedError as refused:
        return Shown("recordings.html", {"page": "recordings", "recordings": [], "fault": refused.message})
    return Shown("recordings.html", {"page": "recordings", "fault": None, **listed})
