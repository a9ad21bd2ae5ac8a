"""How many statements evaluation and lists take: as many for a lot of rules and rows as for a few."""

from collections.abc import Callable
from typing import Any

import pytest

from models.tenancy.configuration import Configuration
from tests.api.loyalty_core.conftest import Club, make_club
from tests.api.loyalty_core.engine import action, campaign, effect, expression, log, mint, tracked
from tests.api.loyalty_core.test_audiences import new_audience
from tests.api.loyalty_core.test_coupon_books import new_book
from tests.api.loyalty_core.test_missions import new_mission
from tests.support.client import Client
from tests.support.statements import noted
from troth.app import Server

GENERIC = "member-generic-event"
FEW, MANY = 2, 12
KEPT_S = 3_600


@pytest.fixture(autouse=True)
def kept(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept between requests is kept for longer than a test takes on a busy machine."""
    monkeypatch.setattr(server.runtime.directory, "configuration", Configuration(kept_s=KEPT_S))
    monkeypatch.setattr(server.runtime.directory, "_ttl_s", KEPT_S)


def cold(club: Club, call: Callable[[], Any]) -> list[str]:
    """The statements of a call that finds nothing kept of the tenant's configuration."""
    club.server.runtime.directory.configuration.forget()
    with noted(club.server.runtime.storage.engine) as seen:
        call()
    return seen


def with_rules(club: Club, size: int) -> dict[str, Any]:
    """An organization in which so many campaigns, missions and audiences look at an event, and none has an effect on
    it.
    """
    member = club.member()
    for number in range(size):
        key = new_audience(club, {"expression": "true"}, name=f"Audience {number}")["segmentKey"]
        action(club, campaign(club, GENERIC, audienceKeys=[key]), mint(1), rules="false")
        others = new_audience(club, {"expression": "false"}, name=f"Others {number}")["audienceId"]
        new_mission(club, code=f"m{number}", eventType=GENERIC, audienceId=others)
    return member


def test_an_event_reads_all_rules_together(server: Server, client: Client) -> None:
    counts = []
    for size in (FEW, MANY):
        club = make_club(server, client)
        member = with_rules(club, size)
        tracked(club, member)
        counts.append(len(cold(club, lambda of=club, by=member: tracked(of, by))))
    assert counts[0] == counts[1]


def test_an_event_reads_no_rule_again_within_a_second(club: Club) -> None:
    member = with_rules(club, FEW)
    tracked(club, member)
    with noted(club.server.runtime.storage.engine) as seen:
        tracked(club, member)
    of = ("lc_listeners", "lc_campaigns", "lc_campaign_actions", "lc_missions", "lc_audiences", "lc_event_triggers")
    assert not [text for text in seen if any(f"FROM {table}" in text for table in of)]


def test_a_member_is_read_once_for_an_event(club: Club) -> None:
    member = with_rules(club, FEW)
    with noted(club.server.runtime.storage.engine) as seen:
        tracked(club, member)
    assert len([text for text in seen if "FROM lc_members" in text]) == 1
    assert len([text for text in seen if "FROM lc_enrolments" in text]) == 1


def test_nothing_of_the_member_is_read_for_an_event_that_nothing_subscribes_to(club: Club) -> None:
    member = club.member()
    with noted(club.server.runtime.storage.engine) as seen:
        assert tracked(club, member) == []
    assert not [text for text in seen if "FROM lc_enrolments" in text or text.startswith("SAVEPOINT")]
    [event] = log(club, member, eventType=GENERIC)
    assert (event["status"], event["effects"]) == ("success", [])


def test_a_book_and_a_member_are_read_once_for_an_event_that_assigns_a_coupon(club: Club) -> None:
    member = club.member()
    new_book(club, 3)
    action(club, campaign(club, GENERIC), effect("assign-coupon", couponBookId=1))
    with noted(club.server.runtime.storage.engine) as seen:
        [given] = tracked(club, member)
    assert given["data"]["applied"]
    for table in ("lc_coupon_books", "lc_members"):
        assert len([text for text in seen if f"FROM {table}" in text and "lc_enrolments" not in text]) == 1, table


def test_coupons_of_one_event_are_counted_in_their_book(club: Club) -> None:
    member = club.member()
    new_book(club, 2, maxCouponCount=2)
    action(club, campaign(club, GENERIC), *[effect("assign-coupon", couponBookId=1)] * 3)
    *_, last = tracked(club, member)
    assert last["data"]["reason"] == "The member 1 may have 0 more coupons of the book 1, not 1."


def test_a_coupon_is_assigned_to_a_member_as_effects_before_it_have_changed_one(club: Club) -> None:
    member = club.member()
    new_book(club, 3, condition={"expression": "member.customAttributes.likes == 'tea'"})
    coupon, likes = effect("assign-coupon", couponBookId=1), effect("set-member-attribute", name="likes", value="tea")
    action(club, campaign(club, GENERIC), coupon, likes, coupon)
    assert [one["data"].get("applied") for one in tracked(club, member)] == [False, None, True]


def test_missions_see_a_member_as_campaigns_have_changed_one(club: Club) -> None:
    member = club.member()
    audience = new_audience(club, {"expression": "member.customAttributes.likes == 'tea'"})
    action(club, campaign(club, GENERIC), effect("set-member-attribute", name="likes", value="tea"))
    new_mission(club, eventType=GENERIC, audienceId=audience["audienceId"])
    assert [one["effectId"] for one in tracked(club, member)] == ["set-member-attribute", "increment-mission"]


def test_two_attributes_are_both_set(club: Club) -> None:
    member = club.member()
    step = [effect("set-member-attribute", name=name, value=expression("1 + 1")) for name in ("a", "b")]
    action(club, campaign(club, GENERIC), *step)
    tracked(club, member)
    found = club.get(f"/members/{member['memberId']}").json()["loyalMember"]
    assert found["customAttributes"] == {"a": 2, "b": 2}


LISTS = {
    "/campaigns": lambda club, number: campaign(club, GENERIC, tags=["t"]),
    "/missions": lambda club, number: new_mission(club, code=f"m{number}"),
    "/audiences": lambda club, number: new_audience(club, name=f"Audience {number}"),
    "/event-triggers": lambda club, number: club.made(
        "/event-triggers",
        type="WebHook",
        name="t",
        active=False,
        settings={"url": "https://example.org", "events": ["*"]},
    ),
    "/loyalty-event-types": lambda club, number: club.made(
        "/loyalty-event-types", name="n", apiCode=f"type-{number}", schemaType="custom"
    ),
    "/members/1/missions": lambda club, number: new_mission(club, code=f"m{number}"),
    "/members/1/missions?available=true": lambda club, number: new_mission(club, code=f"m{number}"),
    "/loyalty-members/ana/audiences": lambda club, number: new_audience(
        club, {"expression": "true"}, name=f"Audience {number}"
    ),
}


@pytest.mark.parametrize("path", LISTS)
def test_a_list_takes_as_many_statements_for_many_rows_as_for_few(server: Server, client: Client, path: str) -> None:
    counts = []
    for size in (FEW, MANY):
        club = make_club(server, client)
        club.member()
        for number in range(size):
            LISTS[path](club, number)
        counts.append(len(cold(club, lambda of=club: of.get(path).raise_for_status())))
    assert counts[0] == counts[1]
    assert counts[0] <= 8  # two of them read the programs, which a server that is warm has kept
