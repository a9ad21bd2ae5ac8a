"""What conditions and expressions name has to be there when they are written;
what was stored before can be sent back.
"""

from typing import Any

import pytest
from sqlalchemy import update

from models.loyalty_core.audiences.tables import Audience
from models.loyalty_core.campaigns.tables import CampaignAction
from models.loyalty_core.coupons.tables import CouponBook
from models.loyalty_core.members.rule_names import EVENT, MEMBER, ORDER
from tests.api.loyalty_core.conftest import PROGRAM, Club, coded
from tests.api.loyalty_core.engine import CONFIRMED, action, bought, campaign, effect, expression, mint, tracked
from tests.api.loyalty_core.test_tiers import new_tier

GENERIC = "member-generic-event"
GONE = ["member.country == 'NO'", "'no-such' in member.tiers", "contains(member.loyaltyPrograms, 99)", "basket > 1"]
REFUSALS = [(400, "PATH_UNKNOWN"), (404, "TIER_NOT_FOUND"), (404, "LOYALTY_PROGRAM_NOT_FOUND"), (400, "PATH_UNKNOWN")]
FINE = [
    "member.profile.country == 'NO' and member.customAttributes['shoe size'] > 40",
    "any(member.tiers, tier => tier == 'gold') or 'gold' in member.tiers",
    "count(map(member.tiers, country => country)) > 1",
    "member.tiers[0] == 'gold'",
    f"{PROGRAM} in member.loyaltyPrograms",
]
OF_EVENTS = ["event.basket > 1", "order.sum > 1", "any(order.items, item => basket.sku == item.sku)"]


def audience(club: Club, **matcher: Any) -> dict[str, Any]:
    return {
        "active": True,
        "name": "a",
        "organizationId": club.id,
        "matcherType": "attribute-matcher",
        "matcher": matcher,
    }


def bodies(club: Club, text: str) -> dict[str, dict[str, Any]]:
    """A body for each place that takes an expression, by where it is posted; steps are of a campaign that is there."""
    of = campaign(club, CONFIRMED)["campaignId"]
    step = {"name": "s", "status": "running", "effects": {"items": []}}
    return {
        "/audiences": audience(club, expression=text),
        "/coupon-books": {
            "name": "b",
            "type": "t",
            "publishingStatus": "draft",
            "requiredPointsConfig": {},
            "condition": {"expression": text},
        },
        f"/campaigns/{of}/actions": {**step, "rules": {"expression": text}},
        f"/campaigns/{of}/actions?": {**step, "effects": {"items": [mint(expression(text))]}},
    }


@pytest.fixture(autouse=True)
def _gold(club: Club) -> None:
    new_tier(club, name="gold")
    assert club.get(f"/loyalty-programs/{PROGRAM}/tiers").json()["results"][-1]["loyaltyTierKey"] == "gold"


@pytest.mark.parametrize(("text", "refused"), list(zip(GONE, REFUSALS, strict=True)))
def test_an_expression_that_names_what_is_not_there_is_refused_everywhere(
    club: Club, text: str, refused: tuple[int, str]
) -> None:
    for path, body in bodies(club, text).items():
        assert coded(club.post(path, json=body)) == refused, path


@pytest.mark.parametrize("text", FINE)
def test_what_is_there_and_what_is_free_form_is_taken(club: Club, text: str) -> None:
    for path, body in bodies(club, text).items():
        assert club.post(path, json=body).status_code == 201, path


@pytest.mark.parametrize("text", OF_EVENTS)
def test_campaigns_look_at_events_and_orders(club: Club, text: str) -> None:
    for path, body in bodies(club, text).items():
        assert coded(club.post(path, json=body)) == (400, "PATH_UNKNOWN"), path


@pytest.mark.parametrize("text", ["event.payload.any > 1", "order.total > 1", "order.items.sku == []"])
def test_audiences_and_books_look_at_members_only(club: Club, text: str) -> None:
    for path, body in bodies(club, text).items():
        expected = (201, None) if "/actions" in path else (400, "PATH_UNKNOWN")
        answer = club.post(path, json=body)
        assert (answer.status_code, answer.json().get("code")) == expected, path


@pytest.mark.parametrize(
    ("attribute", "operator", "value", "status"),
    [
        ("country", "equals", "NO", 400),
        ("customAttribute.size", "equals", 4, 400),
        ("profile.country", "equals", "NO", 201),
        ("tiers", "contains", "gold", 201),
        ("tiers", "contains", "golden", 404),
        ("tiers", "notContains", "golden", 404),
        ("loyaltyPrograms", "contains", PROGRAM, 201),
        ("loyaltyPrograms", "contains", 99, 404),
        ("tiers", "exists", None, 201),
    ],
)
def test_conditions_of_audiences(club: Club, attribute: str, operator: str, value: Any, status: int) -> None:
    condition = {"attribute": attribute, "operator": operator} | ({} if value is None else {"value": value})
    assert club.post("/audiences", json=audience(club, conditions=[condition])).status_code == status


def test_what_is_stored_can_be_sent_back_and_nothing_like_it_added(club: Club) -> None:
    old, new = "basket.total > 1", "basket.total > 2"
    made = {}
    for path, body in bodies(club, "true").items():
        answer = club.post(path.rstrip("?"), json=body)
        assert answer.status_code == 201, answer.text
        made[path] = body
    step = {"items": [mint(expression(old))]}
    with club.unit().transaction() as session:  # no call writes them any more
        session.execute(
            update(Audience).values(matcher={"expression": old}).where(Audience.tenant_id == club.tenant.id)
        )
        session.execute(update(CouponBook).values(condition=old).where(CouponBook.tenant_id == club.tenant.id))
        values = {"rules": {"expression": old}, "effects": step}
        session.execute(update(CampaignAction).values(**values).where(CampaignAction.tenant_id == club.tenant.id))
    club.server.runtime.directory.configuration.forget()
    of = club.get("/campaigns").json()["results"][0]["campaignId"]
    for path, member in (
        ("/audiences/1", "audience"),
        ("/coupon-books/1", "couponBook"),
        (f"/campaigns/{of}/actions/1", "action"),
    ):
        read = club.get(path).json()[member]
        method = "PATCH" if member == "audience" else "PUT"
        assert club.call(method, path, json={**read, "name": "other"}).status_code == 200, path
        changed = {
            "audience": {"matcher": {"expression": new}},
            "couponBook": {"condition": {"expression": new}},
            "action": {"effects": {"items": [*step["items"], mint(expression(new))]}},
        }[member]
        assert coded(club.call(method, path, json={**read, **changed})) == (400, "PATH_UNKNOWN"), path


def test_the_names_are_those_of_what_expressions_see(club: Club) -> None:
    member = club.member()
    seen = {"event": EVENT, "member": MEMBER}
    effects = [effect("set-member-attribute", name=root, value=expression(root)) for root in seen]
    action(club, campaign(club, GENERIC), *effects)
    for done in tracked(club, member):
        assert done["data"]["value"].keys() == set(seen[done["data"]["name"]])
    assert bought(club, member)["order"].keys() == set(ORDER)
