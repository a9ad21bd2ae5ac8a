"""Each filter of each list leaves exactly the rows that it says, alone and with others; and pages of any size show each
row once.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import combinations, product
from typing import Any

import pytest

from tests.api.loyalty_core.test_orders_of_lists import CLUB, HEADERS, MORE, columns
from tests.api.test_examples import OPERATIONS
from tests.support.client import Client
from troth.mock.run import build_mock
from troth.settings import Settings

Row = dict[str, Any]
Keeps = Callable[[Row, Any], bool]
"""Whether a filter with a value keeps a row."""
MEMBER = 42
LIMIT = 25
VALUES_MAX, GRID_MAX, COMBINATIONS_MAX, ROWS_MAX = 9, 9, 100, 400


def same(name: str) -> Keeps:
    return lambda row, value: row[name] == value


def folded(*path: str) -> Keeps:
    def keeps(row: Row, value: str) -> bool:
        found: Any = row
        for name in path:
            found = found.get(name) or {}
        return bool(found) and found.lower() == value.lower()

    return keeps


def since(name: str) -> Keeps:
    return lambda row, value: row[name] is not None and instant(row[name]) >= instant(value)


def until(name: str) -> Keeps:
    return lambda row, value: row[name] is not None and instant(row[name]) <= instant(value)


def one_of(name: str) -> Keeps:
    return lambda row, value: row[name] in value.split(",")


def any_of(name: str) -> Keeps:
    return lambda row, value: not set(row[name]).isdisjoint(value.split(","))


def at_least(name: str) -> Keeps:
    return lambda row, value: int(row[name]) >= value


def at_most(name: str) -> Keeps:
    return lambda row, value: int(row[name]) <= value


def enrolled(name: str) -> Keeps:
    return lambda row, value: any(one[name] == value for one in row["loyaltyPrograms"])


def of_mission(keeps: Keeps) -> Keeps:
    return lambda row, value: keeps(row["mission"], value)


def instant(text: str) -> datetime:
    """An instant of a row, which has milliseconds, or of a filter, of which more than microseconds count as one."""
    return datetime.fromisoformat(text.replace("0001Z", "001Z"))


LABELS = {"tags": any_of("tags"), "codes": one_of("code"), "type": same("type")}
MISSIONS = {"loyaltyProgramId": same("loyaltyProgramId"), **LABELS}
FILTERS: dict[str, dict[str, Keeps]] = {
    "listCampaigns": MISSIONS,
    "listCampaignActions": {"status": same("status")},
    "listMemberEvents": {
        "fromCreatedAt": since("createdAt"),
        "toCreatedAt": until("createdAt"),
        "eventType": same("eventType"),
        "status": same("status"),
    },
    "listEventTriggers": {"type": same("type"), "active": same("active"), "name": same("name")},
    "listMissions": MISSIONS,
    "listReferralCodes": {"memberId": same("memberId")},
    "listMembers": {
        "email": folded("profile", "email"),
        "loyaltyMemberId": same("loyaltyMemberId"),
        "walletId": same("walletId"),
        "fromCreatedAt": since("createdAt"),
        "toCreatedAt": until("createdAt"),
    },
    "listMemberMissions": {
        **{name: of_mission(keeps) for name, keeps in MISSIONS.items()},
        "active": of_mission(same("active")),
        "missionKey": of_mission(same("missionKey")),
        "validFrom": of_mission(since("validFrom")),
        "validTo": of_mission(until("validTo")),
        "minTimesAchieved": at_least("timesAchieved"),
        "minCounterCount": at_least("counterCount"),
        "available": same("available"),
        "inProgress": same("inProgress"),
    },
    "listMatchers": {"type": same("type"), "matcherKey": same("matcherKey")},
    "listAudiences": {"matcherType": same("matcherType")},
    "searchMembers": {
        "loyaltyTierId": enrolled("loyaltyTierId"),
        "loyaltyTierKey": enrolled("loyaltyTierKey"),
        "loyaltyProgramId": enrolled("loyaltyProgramId"),
        "memberType": same("memberType"),
        "sinceFrom": since("since"),
        "sinceTo": until("since"),
    },
    "listLedgers": {"ledgerKey": same("ledgerKey")},
    "listLedgerAccounts": {"name": same("name"), "ledgerAccountKey": same("ledgerAccountKey")},
    "listLedgerTransactions": {
        "fromExternalEventDate": since("externalEventDate"),
        "toExternalEventDate": until("externalEventDate"),
        "fromLedgerTransactionId": at_least("ledgerTransactionId"),
        "toLedgerTransactionId": at_most("ledgerTransactionId"),
        "walletId": lambda row, value: value in (row["fromWalletId"], row["toWalletId"]),
        "systemUniqueKey": same("systemUniqueKey"),
        "tags": any_of("tags"),
    },
    "listLoyaltyTiers": {
        "loyaltyTierKey": same("loyaltyTierKey"),
        "onlyActive": lambda row, value: row["active"] or not value,
    },
    "listOrganizationUsers": {
        "email": folded("email"),
        "userName": same("userName"),
        "active": same("active"),
        "authClientId": same("authClientId"),
        "includeAPIUsers": lambda row, value: value or not row["isAPIUser"],
        "includeCognitoUsers": lambda row, value: value or row["isAPIUser"],
    },
    "listPortals": {"publicId": same("publicId")},
    "listContentSchemas": {"type": same("type"), "active": same("active")},
    "listCouponBooks": {
        "loyaltyProgramId": same("loyaltyProgramId"),
        "tags": any_of("tags"),
        "status": same("publishingStatus"),
        "audiences": any_of("audienceKeys"),
    },
    "listMemberCouponBooks": {
        "couponBookId": same("couponBookId"),
        "tags": any_of("tags"),
        "validFromDate": since("validFromDate"),
        "validToDate": until("validToDate"),
        "audiences": any_of("audienceKeys"),
    },
    "listMemberCoupons": {
        "couponBookId": same("couponBookId"),
        "couponCodeId": same("couponId"),
        "couponCode": same("couponCode"),
        "notUsedOnly": lambda row, value: not value or row["status"] == "assigned",
    },
    "listCouponBookOfferings": {"status": same("status")},
}
ELSEWHERE = {
    "page", "limit", "order",
    *("search", "query"),  # words: test_member_search, and with each list
    *("locale", "includeLastUsage", "includeLastSchema"),  # change what rows show, not which
    *("outOfStock", "tiers", "couponBookTags"),  # look at what rows do not show: test_coupon_books, test_eligible_books
    *("orderLocationCodes", "productCategoryCodes", "locationCodes", "categoryCodes", "default", "loyaltyProgramKey"),
}  # fmt: skip
"""Parameters of lists that are not looked at here."""
SHOWN_AS = {"codes": "code", "audiences": "audienceKeys", "couponCodeId": "couponId"}
SHOWN_IN_BOOKS = {"status": "publishingStatus"}


def made(client: Client, path: str, body: Row) -> Row:
    answer = client.request("POST", CLUB + path, json=body, headers=HEADERS)
    assert answer.status_code in (200, 201), answer.text
    whole: Row = answer.json()
    return next(iter(whole.values()))


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    server = build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True, seed=1), "demo")
    found = Client(server)
    for path, body in MORE:
        made(found, path, body)
    for number in range(12):
        begin = {"validFrom": f"2026-01-1{number % 7}T12:00:00.00{number % 3}Z"} if number % 3 else {}
        end = {"validTo": f"2026-0{2 + number % 3}-10T12:00:00.00{number % 3}Z"} if number % 2 else {}
        shared = {"name": f"Straße {number}", "loyaltyProgramId": 1, "tags": [["x"], ["y", "x"], [], ["X"]][number % 4]}
        mission = {"code": f"m{number}", "eventType": "member-updated", "goalCount": 1 + number % 2}
        mission |= {"maxRepetitions": 2, "active": number % 4 != 0, "type": ["a", "b", "A"][number % 3]}
        mission_id = made(found, "/missions", {**shared, **mission, **begin, **end})["missionId"]
        if begin == {} and mission["active"]:
            for _ in range(number % 4):
                made(found, f"/members/{MEMBER}/missions/{mission_id}/increment", {"amount": 1})
        dates = {f"{name}Date": value for name, value in {**begin, **end}.items()}
        status = ["published", "draft", "disabled", "published"][number % 4]
        book = {"type": "t", "publishingStatus": status, "requiredPointsConfig": {"ledgerId": 1, "ledgerAccountId": 1}}
        made(found, "/coupon-books", {**shared, **book, **dates})
    yield found
    found.close()
    server.close()


def page_of(client: Client, name: str, query: Row) -> tuple[list[Row], int | None]:
    """The rows of a page, and how many there are in all, where the list says so."""
    operation = OPERATIONS[f"loyalty_core.{name}"]
    known = {one["name"] for one in operation.parameters}
    texts = {key: str(value).lower() if isinstance(value, bool) else value for key, value in query.items()}
    address = operation.address({key: value for key, value in texts.items() if key in known})
    if name == "listCampaignActions":  # the campaign of the example has none
        address = address.replace("/campaigns/1/", "/campaigns/3/")
    answer = client.request("GET", address, headers=HEADERS)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    rows = body if isinstance(body, list) else next(one for one in body.values() if isinstance(one, list))
    return rows, body.get("totalCount") if isinstance(body, dict) else None


def all_rows(client: Client, name: str, limit: int = LIMIT, rows_max: int = ROWS_MAX, **query: Any) -> list[Row]:
    """The rows of all pages: of a list that has more, the first ones."""
    rows: list[Row] = []
    for number in range(rows_max // limit):
        page, total = page_of(client, name, {**query, "limit": limit, "page": number})
        rows += page
        if len(page) < limit or len(rows) == total:
            break
    return rows


def spread(values: Sequence[Any], count: int) -> list[Any]:
    """So many of the values, from all over them."""
    return [values[number * 7_919 % len(values)] for number in range(min(count, len(values)))]


def values_of(name: str, parameter: str, rows: list[Row]) -> list[Any]:
    """Values that rows have, and some beside them: a millisecond earlier and later, less than one later, another zone,
    another case.
    """
    if parameter.startswith("min"):
        return [0, 1, 2, 31]
    shown = SHOWN_AS.get(parameter, parameter)
    if name == "listCouponBooks":
        shown = SHOWN_IN_BOOKS.get(shown, shown)
    for prefix in ("from", "to"):
        if shown.startswith(prefix) and shown != "toWalletId":
            shown = shown[len(prefix)].lower() + shown[len(prefix) + 1 :]
    if shown.startswith("since"):
        shown = "since"
    found = [value for row in rows for value in values_in(row, shown)]
    kinds = sorted({value for value in found if value is not None}, key=str)
    chosen = spread(kinds, VALUES_MAX)
    if shown == "ledgerTransactionId":
        return [int(value) for value in chosen]
    return [one for value in chosen for one in around(parameter, value)] or [True, False]


def values_in(row: Row, shown: str) -> list[Any]:
    places = [row, *row.get("loyaltyPrograms", ()), row.get("mission") or {}, row.get("profile") or {}]
    if shown == "walletId":
        places.append({shown: row.get("fromWalletId")})
    values = [place[shown] for place in places if shown in place]
    return [one for value in values for one in (value if isinstance(value, list) else [value])]


def around(parameter: str, value: Any) -> list[Any]:
    if isinstance(value, bool) or not isinstance(value, str):
        return [value]
    if len(value) == len("2026-01-15T12:00:00.000Z") and value.endswith("Z"):
        at, near = instant(value), timedelta(milliseconds=1)
        elsewhere = (at + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+02:00"
        within = value.replace("Z", "0001Z")  # a tenth of a microsecond later
        return [
            value,
            *((at + by).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z" for by in (-near, near)),
            elsewhere,
            within,
        ]
    if parameter in ("tags", "codes", "audiences"):
        return [value, f"{value},nothing", value.upper(), f"{value}%"]
    is_closed = parameter in ("type", "status", "eventType", "matcherType")
    return [value] if is_closed else [value, value.upper(), f"{value}%"]


@pytest.mark.parametrize("name", FILTERS)
def test_filters_leave_exactly_what_they_say(client: Client, name: str) -> None:
    filters, everything = FILTERS[name], all_rows(client, name)
    total = page_of(client, name, {"limit": 1})[1]
    is_whole = total in (None, len(everything))
    values = {parameter: values_of(name, parameter, everything) for parameter in filters}
    for parameters in [*combinations(filters, 1), *combinations(filters, 2), *combinations(filters, 3)][
        :COMBINATIONS_MAX
    ]:
        grid = list(product(*(values[one] for one in parameters)))
        for given in spread(grid, GRID_MAX):
            query = dict(zip(parameters, given, strict=True))
            wanted = [row for row in everything if all(filters[one](row, value) for one, value in query.items())]
            found, count = page_of(client, name, {**query, "limit": LIMIT})
            if is_whole:
                assert found == (wanted if count is None else wanted[:LIMIT]), query
                assert count in (None, len(wanted)), query
            else:  # of the many rows of a list the first ones were read
                assert all(filters[one](row, value) for row in found for one, value in query.items()), query
                assert found[: len(wanted)] == wanted[:LIMIT], query


def test_no_filter_is_left_out() -> None:
    for name, operation in OPERATIONS.items():
        api, _, short = name.partition(".")
        parameters = {one["name"] for one in operation.parameters if one["in"] == "query"}
        if api == "loyalty_core" and "order" in parameters:
            assert parameters - ELSEWHERE == FILTERS.get(short, {}).keys(), name


PAGED = sorted(set(FILTERS) - {"listContentSchemas", "listReferralCodes"})
"""Lists that say how many rows there are in all."""


@pytest.mark.parametrize("name", PAGED)
def test_pages_show_each_row_once(client: Client, name: str) -> None:
    for column in columns(f"loyalty_core.{name}")[-2:]:
        for order in (column, f"{column},desc"):
            whole = all_rows(client, name, rows_max=50, order=order)
            for limit in (1, 7):
                pages = all_rows(client, name, limit=limit, rows_max=-(-len(whole) // limit) * limit, order=order)
                assert pages[: len(whole)] == whole, (order, limit)
