"""Every column that a list can be ordered by orders it by the member of that name, both ways, with dates that all
differ.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from models.kernel.base import Base
from tests.api.test_examples import OPERATIONS
from tests.recording.callers import BEARERS, PATHS, bearer
from tests.support.client import Client
from troth.mock.run import build_mock
from troth.settings import Settings

HEADERS = bearer(BEARERS["loyalty_core"])
CLUB = "/loyalty-core/api/v1/organizations/1"
ORDERED = {
    name: next(one for one in operation.parameters if one["name"] == "order")
    for name, operation in OPERATIONS.items()
    if any(one["name"] == "order" for one in operation.parameters)
}
LABELS = {
    "listOrderLocations": "orderLocationLabel",
    "listProductCategories": "productCategoryLabel",
    "listLocations": "locationLabel",
    "listCategories": "categoryLabel",
}
"""Lists whose rows have a label, which the order calls a name."""

MORE: list[tuple[str, dict[str, Any]]] = [
    *(
        (
            "/event-triggers",
            {"type": "WebHook", "name": name, "settings": {"url": "https://e.example", "events": ["*"]}},
        )
        for name in ("b", "a")
    ),
    *(
        ("/loyalty-programs", {"active": True, "name": name, "ledgerId": 1, "description": "", "setAsDefault": False})
        for name in ("b", "a")
    ),
    *(
        (
            "/referral-programs",
            {"name": name, "code": name, "active": False, "maxPerCode": 1, "maxReferralsPerMember": 1}
            | {"eventType": "member-created", "validFromDate": f"{year}-01-01T00:00:00Z"}
            | {"validToDate": f"{4060 - year}-01-01T00:00:00Z"},
        )
        for name, year in (("b", 2021), ("a", 2023))
    ),
]
"""So that no list has less than two rows."""

DATES = {"created_ms": 7_919, "updated_ms": 104_729, "external_ms": 1_299_709}
"""Columns of dates, each with a factor that puts the rows of a table into another order."""


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    server = build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True, seed=1), "demo")
    made = Client(server)
    for path, body in MORE:
        answer = made.request("POST", CLUB + path, json=body, headers=HEADERS)
        assert answer.status_code == 201, answer.text
    with server.runtime.storage.session() as session, session.begin():
        for table in Base.metadata.tables.values():
            dates = [name for name in DATES if table.name.startswith("lc_") and name in table.c]
            if dates:
                changes = ", ".join(
                    f"{name} = 1700000000000 + (rowid * {DATES[name]} % 10007) * 1000" for name in dates
                )
                session.execute(text(f"UPDATE {table.name} SET {changes}"))
    server.runtime.directory.forget()
    server.runtime.directory.configuration.forget()
    yield made
    made.close()
    server.close()


def columns(name: str) -> list[str]:
    operation = OPERATIONS[name]
    return [value for value in operation.resolve(ORDERED[name]["schema"])["enum"] if "," not in value]


def listed(client: Client, name: str, order: str) -> list[dict[str, Any]]:
    operation = OPERATIONS[name]
    query: dict[str, Any] = {"order": order} | (
        {"limit": 25} if any(one["name"] == "limit" for one in operation.parameters) else {}
    )
    if name.endswith("listLoyaltyPrograms"):  # which shows only the default one otherwise
        query["default"] = False
    address = operation.address(query)
    if name.endswith("listCampaignActions"):  # the campaign of the example has one only
        address = address.replace(f"/campaigns/{PATHS['loyalty_core'].get('campaignId', 1)}/", "/campaigns/3/")
    answer = client.request("GET", address, headers=HEADERS)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    rows: list[dict[str, Any]] = (
        body if isinstance(body, list) else next(v for v in body.values() if isinstance(v, list))
    )
    return rows


def value_of(name: str, row: dict[str, Any], column: str) -> Any:
    """The value that a row is ordered by."""
    short = name.rpartition(".")[2]
    if column == "id":
        value = row["missionId"] if short == "listMemberMissions" else next(iter(row.values()))
        return number(value)
    if column == "name" and short in LABELS:
        return row[LABELS[short]]
    value = row[column] if column in row else row["mission"][column]
    return number(value) if column.endswith("Id") else value


def number(value: Any) -> Any:
    """An id that is shown as a text of digits is a number."""
    return int(value) if isinstance(value, str) and value.isdigit() else value


def listed_ids(client: Client, name: str, order: str) -> list[Any]:
    return [value_of(name, row, "id") for row in listed(client, name, order)]


@pytest.mark.parametrize("name", ORDERED)
def test_a_list_is_ordered_by_the_member_that_the_order_names(client: Client, name: str) -> None:
    for column in columns(name):
        for order, down in ((column, False), (f"{column},asc", False), (f"{column},desc", True)):
            rows = listed(client, name, order)
            assert len(rows) > 1, name
            values = [value_of(name, row, column) for row in rows]
            there = [value for value in values if value is not None]
            if column == "id" and not isinstance(there[0], int):  # a number that is not shown
                assert down or values == listed_ids(client, name, "id,desc")[::-1]
                continue
            assert there == sorted(there, reverse=down), order
            assert None not in values[: len(there)] or None not in values[-len(there) :], order


def test_dates_put_rows_into_different_orders(client: Client) -> None:
    """What the test above rests on."""
    found = {
        name: [listed_ids(client, name, column) for column in columns(name)]
        for name in ORDERED
        if {"createdAt", "updatedAt"} <= set(columns(name))
    }
    alike = [name for name, (*_, created, updated) in found.items() if created == updated]
    assert alike == []
