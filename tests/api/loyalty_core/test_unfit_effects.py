"""An effect whose parameters have no value, or one that it cannot take, fails alone and says why; the rest of the event
is carried out.
"""

from typing import Any

import pytest

from tests.api.loyalty_core.conftest import Club
from tests.api.loyalty_core.engine import (
    CONFIRMED,
    action,
    balance,
    bought,
    campaign,
    effect,
    event_type,
    expression,
    ids,
    log,
    mint,
    tracked,
)
from tests.api.loyalty_core.test_coupon_books import new_book

GENERIC = "member-generic-event"
PAYLOAD = {"text": "many", "large": 2**60, "list": [1], "long": "x" * 2_000, "points": -3}


@pytest.fixture
def member(club: Club) -> dict[str, Any]:
    return club.member(points=1)


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        ("event.payload.text", "mint-points/parameters/amount"),
        ("event.payload.missing", "mint-points/parameters/amount"),
        ("event.payload.list", "mint-points/parameters/amount"),
        ("event.payload.points", "mint-points/parameters/amount"),
        ("event.payload.large", "mint-points/parameters/amount"),
        ("1 / 0", "A parameter has no value: a number is divided by zero"),
        ("0 / 0", "A parameter has no value: a number is divided by zero"),
        ("1e300 * 1e300", "A parameter has no value: a number goes out of bounds"),
        ("event.payload.text * 2", "A parameter has no value"),
    ],
)
def test_an_amount_that_is_none_fails_its_effect_alone(
    club: Club, member: dict[str, Any], wanted: str, reason: str
) -> None:
    of, other = campaign(club, GENERIC), campaign(club, GENERIC)
    step = action(club, of, mint(2), mint(expression(wanted)), mint(30))
    action(club, of, mint(400))
    action(club, other, mint(5_000))
    effects = tracked(club, member, payload=PAYLOAD)
    assert balance(club, member) == 5_433
    failed = effects[1]
    assert (failed["effectId"], failed["actionId"], failed["data"]["applied"]) == (
        "mint-points",
        step["actionId"],
        False,
    )
    assert failed["data"]["reason"].startswith(reason)
    [row] = log(club, member, eventType=GENERIC)
    assert (row["status"], row["error"], row["effects"]) == ("success", None, effects)


@pytest.mark.parametrize(
    "unfit",
    [
        effect("burn-points", amount=expression("event.payload.text")),
        effect("assign-coupon", couponBookId=1, numberOfCodes=expression("event.payload.points")),
        effect("increment-mission", missionId=expression("event.payload.text")),
        effect("mint-badge", badgeKey=expression("1")),
        effect("set-tier", loyaltyProgramId=1, loyaltyTierId=expression("'gold'")),
        effect("set-member-attribute", name="note", value=expression("event.payload.long")),
        effect("track-event", eventType="rating", payload=expression("event.payload")),
    ],
    ids=lambda one: one["effectId"],
)
def test_so_does_every_other_effect(club: Club, member: dict[str, Any], unfit: dict[str, Any]) -> None:
    event_type(club, "rating", schemaType="number")
    new_book(club)
    action(club, campaign(club, GENERIC), unfit, mint(10))
    failed, done = tracked(club, member, payload=PAYLOAD)
    assert (failed["effectId"], failed["data"]["applied"], balance(club, member)) == (unfit["effectId"], False, 11)
    assert failed["data"]["reason"]
    assert done["data"]["amount"] == 10


@pytest.mark.parametrize("unfit", [0, 1], ids=["the first effect", "the second effect"])
def test_a_step_that_says_so_ends_the_campaign_and_no_other(club: Club, member: dict[str, Any], unfit: int) -> None:
    of, other = campaign(club, CONFIRMED), campaign(club, CONFIRMED)
    effects = [mint(10), mint(10)]
    effects[unfit] = mint(expression("order.description"))
    action(club, of, *effects, abortEvaluationOnError=True)
    action(club, of, mint(100))
    action(club, other, mint(1_000))
    results = bought(club, member)["evaluationResults"]
    assert (results["status"], ids(results["effects"])) == ("success", ["mint-points"] * 3)
    assert balance(club, member) == 1_011


def test_effects_that_fail_count_against_the_budget(club: Club, member: dict[str, Any]) -> None:
    of = campaign(club, GENERIC)
    for _ in range(6):
        action(club, of, *[mint({"expression": "null"})] * 20)
    assert tracked(club, member) == []
    [row] = log(club, member, eventType=GENERIC)
    assert (row["status"], row["effects"]) == ("failed", [])
    assert "at most 100 effects" in row["error"]
