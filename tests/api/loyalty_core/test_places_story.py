"""The story of a club with several places: locations, tills and categories, and what campaigns make of them."""

from typing import Any

from tests.api.loyalty_core.conftest import Club, coded
from tests.api.loyalty_core.engine import CONFIRMED, action, balance, bought, campaign, expression, mint, track

GENERIC = "member-generic-event"


def at(code: str) -> dict[str, Any]:
    """What an order says of where it was made."""
    return {"customAttributes": {"locationCode": code}}


def put(club: Club, of: dict[str, Any], **members: Any) -> Any:
    return club.put(f"/campaigns/{of['campaignId']}", json={"name": of["name"], "code": of["code"], **members})


def test_points_follow_where_an_order_was_made(club: Club, other_club: Club) -> None:
    club.made("/locations", locationCode="pier", locationLabel="Pier")
    club.made("/order-locations", orderLocationCode="till", orderLocationLabel="Till of the mill")
    other_club.made("/locations", locationCode="mill", locationLabel="Mill")
    ana = club.member()

    # Campaigns are for locations and order locations of the organization itself, by their exact codes.
    fixed, rate = {"smartRewards": {"fixedPoints": 5}}, {"smartRewards": {"pointsPerCurrencyUnit": 2}}
    pier = campaign(club, CONFIRMED, locationCodes=["pier"], **fixed)
    campaign(club, CONFIRMED, locationCodes=["till"], **rate)
    for unknown in ("mill", "PIER"):
        assert coded(put(club, pier, locationCodes=["pier", unknown])) == (404, "ITEM_NOT_FOUND")

    # An order is amended: it was made at the till, then at the pier after all, then nobody knows where, and goes back.
    def amended(total: float = 10, status: str = "confirmed", **members: Any) -> int:
        bought(club, ana, total, status, key="o", **members)
        return balance(club, ana)

    assert [amended(**at("pier")), amended(**at("till")), amended(20, **at("till"))] == [5, 20, 40]
    assert amended(30, **at("pier")) == 5
    assert amended(40) == 5, "what an order does not name stays"
    assert amended(40, customAttributes={}) == 0
    assert [amended(50, **at("pier")), amended(50, "returned", **at("pier"))] == [5, 0]

    # The campaign moves to the till: orders at the pier no longer count, and a new label moves nothing.
    assert put(club, pier, locationCodes=["till"]).status_code == 200
    assert club.patch("/locations/pier", json={"locationLabel": "Old pier", "tags": ["sea"]}).status_code == 200
    bought(club, ana, **at("pier"))
    assert balance(club, ana) == 0
    bought(club, ana, **at("till"))
    assert balance(club, ana) == 25

    # For no location in particular, it is for orders anywhere and nowhere.
    assert put(club, pier, locationCodes=[]).json()["campaign"]["locationCodes"] == []
    for order in (at("pier"), {}):
        bought(club, ana, **order)
    assert balance(club, ana) == 35


def test_what_is_no_code_of_a_location_is_no_location(club: Club) -> None:
    club.made("/locations", locationCode="pier", locationLabel="Pier")
    ana = club.member()
    for event_type in (GENERIC, CONFIRMED):
        campaign(club, event_type, locationCodes=["pier"], smartRewards={"fixedPoints": 5})
    for where in (None, {}, *({"locationCode": code} for code in (None, 5, True, ["pier"], {"pier": 1}, "pier ", ""))):
        assert track(club, ana, payload=where).json()["effects"] == []
        bought(club, ana, customAttributes=where)
    assert balance(club, ana) == 0
    assert len(track(club, ana, payload={"locationCode": "pier"}).json()["effects"]) == 1
    bought(club, ana, **at("pier"))
    assert balance(club, ana) == 10


def test_rules_read_the_categories_of_what_was_ordered(club: Club) -> None:
    club.made("/categories", categoryCode="cake", categoryLabel="Cake")
    club.made("/product-categories", productCategoryCode="cake", productCategoryLabel="Cake to take away")
    ana = club.member()
    step = 'order.items[0].categoryCode == "cake" and order.items[0].productCategoryCode == "cake"'
    action(club, campaign(club, CONFIRMED), mint(expression("order.items[0].quantity * 3")), rules=step)

    both = {"categoryCode": "cake", "productCategoryCode": "cake"}
    bought(club, ana, items=[{"sku": "nut", "quantity": 2, **both}])
    assert balance(club, ana) == 6
    # Catalogues of a shop are longer than what is set up here: other codes, and none, are taken and earn nothing.
    for item in ({**both, "categoryCode": "bread"}, {"categoryCode": "cake"}, {}):
        [kept] = bought(club, ana, items=[{"sku": "rye", **item}])["order"]["items"]
        assert kept.items() >= item.items()
    bought(club, ana)
    assert balance(club, ana) == 6
