"""Amounts of money in requests: what is within 1e-9 of a value with the places that are kept is that value; finer ones
are refused.

The members are found in the contracts: each number of a request is money here, or says below why it is none.
"""

from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from tests.api.advocacy.conftest import make_business
from tests.api.leat.conftest import HARBOUR, make_account
from tests.api.loyalty_core.conftest import Club, make_club
from tests.api.loyalty_core.engine import CONFIRMED
from tests.api.loyalty_core.test_coupon_books import NEW
from tests.support.client import Client
from troth.app import Server
from troth.spec import store
from troth.spec.operations import operations

Json = dict[str, Any]
Send = Callable[[float], httpx2.Response]
Case = Callable[[Server, Client], tuple[Send, Callable[[Json], Any]]]
"""Prepares what is needed: how an amount is sent, and where the answer shows it (None where it shows none)."""
TOO_FINE, OFF, MEANT = 3.33333, 1.1 + 2.2, 3.3
APIS = ("saasquatch", "advocacy", "leat", "loyalty_core")
NO_MONEY = {
    "customFields": "the caller's own data, kept as it comes",
    "metadata": "the caller's own data, kept as it comes",
    "attributes": "the caller's own data, kept as it comes",
    "events/fields": "the fields of an event: kept as they come, and nothing is calculated from them",
    "node/value": "a number of an expression",
    "conditions/value": "what an audience compares attributes with",
    "multiplier": "a factor",
    "pointsPerCurrencyUnit": "points for each unit of money",
    "quantity": "how many, or how much by weight",
}
"""Numbers of requests that are no amounts of money, by what their place contains in this order, and why."""


def numbers() -> Iterator[str]:
    """The numbers that are not whole of all requests: API, operation and place."""
    for api in APIS:
        document = store.load(api)[0]
        for _, _, operation in operations(document):
            name = f"{api}.{operation['operationId']}"
            for raw in operation.get("parameters", ()):
                parameter = _resolved(document, raw)
                if parameter.get("schema", {}).get("type") == "number":
                    yield f"{name}?{parameter['name']}"
            for content in _resolved(document, operation.get("requestBody", {})).get("content", {}).values():
                yield from (f"{name}/{place}" for place in _below(document, content.get("schema", {}), (), ()))


def _resolved(document: Json, node: Json) -> Json:
    if "$ref" not in node:
        return node
    found: Any = document
    for part in node["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return _resolved(document, found)


def _below(document: Json, raw: Json, place: tuple[str, ...], seen: tuple[str, ...]) -> Iterator[str]:
    reference = raw.get("$ref", "")
    if reference in seen:
        return
    schema, seen = _resolved(document, raw), (*seen, reference) if reference else seen
    if schema.get("type") == "number":
        yield "/".join(place)
    for name, member in schema.get("properties", {}).items():
        yield from _below(document, member, (*place, name), seen)
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), dict):
            yield from _below(document, schema[name], place, seen)
    for name in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(name, ()):
            yield from _below(document, part, place, seen)


def _is_no_money(number: str) -> bool:
    place = f"/{number.partition('/')[2]}/"
    return any(all(f"/{part}/" in place for part in name.split("/")) for name in NO_MONEY)


def _created(path: str, body: Callable[[Club, float], Json], shown: Callable[[Json], Any]) -> Case:
    def prepare(server: Server, client: Client) -> tuple[Send, Callable[[Json], Any]]:
        club = make_club(server, client)
        return lambda amount: club.post(path, json=body(club, amount)), shown

    return prepare


def _changed(path: str, body: Callable[[Club, float], Json], shown: Callable[[Json], Any]) -> Case:
    def prepare(server: Server, client: Client) -> tuple[Send, Callable[[Json], Any]]:
        club = make_club(server, client)
        made = club.post(path, json=body(club, 1))
        assert made.status_code == 201, made.text
        return lambda amount: club.put(f"{path}/1", json=body(club, amount)), shown

    return prepare


def _order(members: Callable[[float], Json], shown: Callable[[Json], Any]) -> Case:
    def prepare(server: Server, client: Client) -> tuple[Send, Callable[[Json], Any]]:
        club = make_club(server, client)
        path = f"/members/{club.member()['memberId']}/purchase-orders"
        return lambda amount: club.post(path, json=_order_body(members(amount))), lambda body: shown(body["order"])

    return prepare


def _imported(members: Callable[[float], Json], shown: Callable[[Json], Any]) -> Case:
    """An import says of each order whether it was imported: shown as if it were the answer to one."""

    def prepare(server: Server, client: Client) -> tuple[Send, Callable[[Json], Any]]:
        club = make_club(server, client)
        club.member()

        def send(amount: float) -> httpx2.Response:
            order = {**_order_body(members(amount)), "loyaltyMemberId": "ana"}
            answer = club.post("/purchase-orders/import", json={"orders": [order]})
            [result] = answer.json()["results"]
            return answer if result["success"] else httpx2.Response(400, json={"message": result["error"]})

        return send, lambda body: shown(body["results"][0]["order"])

    return prepare


def _order_body(members: Json) -> Json:
    return {"externalId": "o", "type": "t", "total": 100, "status": "created", **members}


def _item(name: str) -> Callable[[float], Json]:
    return lambda amount: {"items": [{"sku": "A", name: amount}]}


def _item_shown(name: str) -> Callable[[Json], Any]:
    return lambda order: order["items"][0][name]


def _price(name: str) -> Callable[[Club, float], Json]:
    return lambda _club, amount: {
        "name": "m",
        "type": "item-matcher",
        "matcher": {"conditions": [{"attribute": "price", name: amount}]},
    }


def _bound_shown(name: str) -> Callable[[Json], Any]:
    def find(body: Json) -> Any:
        matcher = body.get("matcher", body)
        return matcher.get("matcher", matcher)["conditions"][0][name]

    return find


def _campaign(_club: Club, amount: float) -> Json:
    return {"name": "c", "code": "c", "eventType": CONFIRMED, "minSpendValue": amount}


def _book(_club: Club, amount: float) -> Json:
    return {**NEW, "discountAmount": amount}


def _conversion(server: Server, client: Client) -> tuple[Send, Callable[[Json], Any]]:
    business = make_business(server, client)
    code = business.advocate()["referralCode"]
    return (
        lambda amount: business.post(
            "/referrals/convert", json={"code": code, "orderId": f"o-{amount}", "orderValue": amount}
        ),
        lambda body: body["conversion"]["orderValue"],
    )


def _reception(server: Server, client: Client) -> tuple[Send, Callable[[Json], Any]]:
    account = make_account(server, client)
    body = {"contact_uuid": account.create("ana@example.org"), "shop_uuid": HARBOUR["uuid"]}
    return (
        lambda amount: account.post("/credit-receptions", json={**body, "unit_value": amount}),
        lambda answer: answer["data"]["unit_value"],
    )


def _calculation(server: Server, client: Client) -> tuple[Send, Callable[[Json], Any]]:
    account = make_account(server, client)
    query = {"shop_uuid": HARBOUR["uuid"]}
    return (
        lambda amount: account.get("/credit-receptions/calculate", params={**query, "unit_value": str(amount)}),
        lambda _answer: MEANT,
    )


_ORDER_MEMBERS: dict[str, tuple[Callable[[float], Json], Callable[[Json], Any]]] = {
    "total": (lambda amount: {"total": amount}, lambda order: order["total"]),
    "discountedTotal": (lambda amount: {"discountedTotal": amount}, lambda order: order["discountedTotal"]),
    "items/price": (_item("price"), _item_shown("price")),
    "items/total": (_item("total"), _item_shown("total")),
}
MONEY: dict[str, Case] = {
    "advocacy.convertReferral/orderValue": _conversion,
    "leat.createCreditReception/unit_value": _reception,
    "leat.calculateCredits?unit_value": _calculation,
    "loyalty_core.createCampaign/minSpendValue": _created(
        "/campaigns", _campaign, lambda body: body["campaign"]["minSpendValue"]
    ),
    "loyalty_core.updateCampaign/minSpendValue": _changed(
        "/campaigns", _campaign, lambda body: body["campaign"]["minSpendValue"]
    ),
    "loyalty_core.createCouponBook/discountAmount": _created(
        "/coupon-books", _book, lambda body: body["couponBook"]["discountAmount"]
    ),
    "loyalty_core.updateCouponBook/discountAmount": _changed(
        "/coupon-books", _book, lambda body: body["couponBook"]["discountAmount"]
    ),
    **{
        f"loyalty_core.{operation}/matcher/conditions/{bound}": made("/matchers", _price(bound), _bound_shown(bound))
        for operation, made in (("createMatcher", _created), ("updateMatcher", _changed))
        for bound in ("min", "max")
    },
    **{f"loyalty_core.upsertMemberPurchaseOrder/{name}": _order(*case) for name, case in _ORDER_MEMBERS.items()},
    **{f"loyalty_core.importPurchaseOrders/orders/{name}": _imported(*case) for name, case in _ORDER_MEMBERS.items()},
}


def test_every_number_of_a_request_is_money_or_says_why_not() -> None:
    assert {number for number in numbers() if not _is_no_money(number)} == MONEY.keys()
    used = {
        name
        for name in NO_MONEY
        for number in numbers()
        if all(f"/{part}/" in f"/{number.partition('/')[2]}/" for part in name.split("/"))
    }
    assert used == NO_MONEY.keys()


@pytest.mark.parametrize("number", sorted(MONEY))
def test_an_amount_is_what_is_meant_or_refused(server: Server, client: Client, number: str) -> None:
    send, shown = MONEY[number](server, client)
    refused = send(TOO_FINE)
    assert (refused.status_code, "decimal" in refused.text) == (400, True), refused.text
    assert "four" in refused.text or "two" in refused.text
    taken = send(OFF)
    assert taken.status_code in (200, 201), taken.text
    assert shown(taken.json()) == MEANT
