"""Campaigns, events and orders for tests, in a line each."""

import itertools
from typing import Any

import httpx2

from tests.api.loyalty_core.conftest import PROGRAM, Club

ORDER = "member-purchase-order-"
CONFIRMED = ORDER + "confirmed"
_numbers = itertools.count(1)


def campaign(club: Club, event_type: str | None = None, **members: Any) -> dict[str, Any]:
    """A campaign of the main program, which looks at events of a type."""
    number = next(_numbers)
    wanted = {"name": f"Campaign {number}", "code": f"c{number}", "loyaltyProgramId": PROGRAM, **members}
    return club.made("/campaigns", **(wanted if event_type is None else {**wanted, "eventType": event_type}))


def action(
    club: Club, of: dict[str, Any], *effects: dict[str, Any], rules: str | None = None, **members: Any
) -> dict[str, Any]:
    """A running step of a campaign."""
    body = {"name": "Step", "status": "running", "effects": {"items": list(effects)}, **members}
    if rules is not None:
        body["rules"] = {"expression": rules}
    return club.made(f"/campaigns/{of['campaignId']}/actions", **body)


def effect(effect_id: str, **parameters: Any) -> dict[str, Any]:
    return {"effectId": effect_id, "parameters": parameters}


def mint(amount: Any, **parameters: Any) -> dict[str, Any]:
    return effect("mint-points", amount=amount, **parameters)


def expression(text: str) -> dict[str, str]:
    return {"expression": text}


def event_type(club: Club, code: str = "app-review", **members: Any) -> str:
    """A type of events that can be tracked."""
    club.made("/loyalty-event-types", **{"name": code, "apiCode": code, "schemaType": "custom", **members})
    return code


def track(club: Club, member: dict[str, Any], code: str = "member-generic-event", **members: Any) -> httpx2.Response:
    body = {
        "systemUniqueKey": f"key-{next(_numbers)}",
        "memberId": member["memberId"],
        "organizationId": club.id,
        "eventType": code,
    }
    return club.post("/loyalty-events", json={**body, **members})


def tracked(
    club: Club, member: dict[str, Any], code: str = "member-generic-event", **members: Any
) -> list[dict[str, Any]]:
    """The effects of an event that is tracked."""
    answer = track(club, member, code, **members)
    assert answer.status_code == 201, answer.text
    effects: list[dict[str, Any]] = answer.json()["effects"]
    return effects


def buy(
    club: Club,
    member: dict[str, Any],
    total: float = 10,
    status: str = "confirmed",
    *,
    key: str | None = None,
    **members: Any,
) -> httpx2.Response:
    body = {
        "externalId": key or f"order-{next(_numbers)}",
        "type": "counter",
        "total": total,
        "status": status,
        **members,
    }
    return club.post(f"/members/{member['memberId']}/purchase-orders", json=body)


def bought(
    club: Club, member: dict[str, Any], total: float = 10, status: str = "confirmed", **members: Any
) -> dict[str, Any]:
    """An order that is there, and what it led to."""
    answer = buy(club, member, total, status, **members)
    assert answer.status_code in (200, 201), answer.text
    done: dict[str, Any] = answer.json()
    return done


def log(club: Club, member: dict[str, Any], **filters: Any) -> list[dict[str, Any]]:
    """The member's event log, the oldest first."""
    answer = club.get(f"/members/{member['memberId']}/events", params={"limit": 25, **filters})
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["results"]
    return rows


def ids(effects: list[dict[str, Any]]) -> list[str]:
    return [one["effectId"] for one in effects]


def balance(club: Club, member: dict[str, Any]) -> int:
    return club.points(member["walletId"])[0]
