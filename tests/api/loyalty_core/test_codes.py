"""Locations, order locations, categories and product categories: the same four operations each."""

import re
from dataclasses import dataclass
from typing import Any

import pytest

from tests.api.loyalty_core.conftest import Club, assert_wrong, refusal
from tests.support.client import segment


@dataclass(frozen=True)
class Kind:
    """Where a kind is, and what its fields are called."""

    path: str
    name: str
    filter: str

    @property
    def words(self) -> str:
        """The kind in a sentence: `order location`."""
        return re.sub("[A-Z]", lambda found: f" {found[0].lower()}", self.name)

    def body(self, code: str, label: str = "Pier 3", **members: Any) -> dict[str, Any]:
        return {f"{self.name}Code": code, f"{self.name}Label": label, **members}

    def add(self, club: Club, code: str, label: str = "Pier 3", **members: Any) -> dict[str, Any]:
        return club.made(self.path, **self.body(code, label, **members))


@pytest.fixture(
    params=[
        Kind("/locations", "location", "locationCodes"),
        Kind("/order-locations", "orderLocation", "orderLocationCodes"),
        Kind("/categories", "category", "categoryCodes"),
        Kind("/product-categories", "productCategory", "productCategoryCodes"),
    ],
    ids=lambda kind: kind.name,
)
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


def test_what_is_created_is_there(club: Club, kind: Kind) -> None:
    answer = club.post(kind.path, json=kind.body("pier-3", tags=["sea", "old"], organizationId=99))
    assert answer.status_code == 201
    made = answer.json()[kind.name]
    assert {name: made[name] for name in made if name not in ("createdAt", "updatedAt")} == {
        **kind.body("pier-3", tags=["sea", "old"]),
        "organizationId": club.id,
    }
    assert made["createdAt"] == made["updatedAt"]
    assert club.get(f"{kind.path}/pier-3").json() == {kind.name: made}
    assert club.get(kind.path).json() == {"totalCount": 1, "page": 0, "limit": 10, "results": [made]}


def test_a_code_is_taken_once_in_its_kind_and_organization(club: Club, other_club: Club, kind: Kind) -> None:
    first = kind.add(club, "A", "First")
    assert refusal(club.post(kind.path, json=kind.body("A", "Second"))) == (
        409,
        f"/{kind.name}Code: Another {kind.words} has the code A.",
    )
    assert club.get(f"{kind.path}/A").json()[kind.name] == first
    assert kind.add(club, "a", "Another case")[f"{kind.name}Code"] == "a"
    assert kind.add(other_club, "A")["organizationId"] == other_club.id
    other_kind = Kind("/locations", "location", "") if kind.name != "location" else Kind("/categories", "category", "")
    assert other_kind.add(club, "A")[f"{other_kind.name}Label"] == "Pier 3"


@pytest.mark.parametrize("code", ["%", "a/b", "ü € 😀", "x" * 255, "...", " ", "a,b", "null"])
def test_any_code_can_be_asked_for(club: Club, kind: Kind, code: str) -> None:
    made = kind.add(club, code)
    assert club.get(f"{kind.path}/{segment(code)}").json()[kind.name] == made
    # A list in a query is split at its commas, as the contract says.
    assert club.get(kind.path, params={kind.filter: code}).json()["results"] == ([] if "," in code else [made])


def test_an_update_leaves_what_it_does_not_name(club: Club, kind: Kind) -> None:
    made = kind.add(club, "A", "First", tags=["x"])
    changed = club.patch(f"{kind.path}/A", json={f"{kind.name}Label": "Second", f"{kind.name}Code": "B"}).json()[
        kind.name
    ]
    assert changed == {**made, f"{kind.name}Label": "Second", "updatedAt": changed["updatedAt"]}
    assert changed["updatedAt"] > made["updatedAt"]
    assert club.patch(f"{kind.path}/A", json={"tags": []}).json()[kind.name]["tags"] == []
    assert club.get(f"{kind.path}/A").json()[kind.name][f"{kind.name}Label"] == "Second"
    assert refusal(club.get(f"{kind.path}/B"))[0] == 404


def test_what_is_another_organizations_is_not_there(club: Club, other_club: Club, kind: Kind) -> None:
    kind.add(other_club, "A")
    assert refusal(club.get(f"{kind.path}/A")) == (404, f"There is no {kind.words} with the code A.")
    assert refusal(club.patch(f"{kind.path}/A", json={"tags": ["mine"]}))[0] == 404
    assert club.get(kind.path).json()["totalCount"] == 0
    assert other_club.get(f"{kind.path}/A").json()[kind.name]["tags"] == []


def test_pages_orders_and_filters(club: Club, kind: Kind) -> None:
    for code, label in (("c", "2"), ("a", "2"), ("b", "1")):
        kind.add(club, code, label)

    def codes(**query: Any) -> str:
        page = club.get(kind.path, params=query)
        assert page.status_code == 200, page.text
        return "".join(row[f"{kind.name}Code"] for row in page.json()["results"])

    assert [codes(), codes(order="id,desc"), codes(order="createdAt"), codes(order="createdAt,desc")] == [
        "cab",
        "bac",
        "cab",
        "bac",
    ]
    assert [codes(order=f"{kind.name}Code"), codes(order=f"{kind.name}Code,desc")] == ["abc", "cba"]
    assert [codes(order=f"{kind.name}Label,asc"), codes(order="name,desc")] == ["bca", "acb"]
    club.patch(f"{kind.path}/c", json={"tags": ["late"]})
    assert codes(order="updatedAt,desc") == "cba"
    assert [codes(limit=2), codes(limit=2, page=1), codes(limit=2, page=2), codes(page=2**31 - 1, limit=25)] == [
        "ca",
        "b",
        "",
        "",
    ]
    assert club.get(kind.path, params={"limit": 2, "page": 1}).json()["totalCount"] == 3
    assert codes(**{kind.filter: ["b", "c", "nobody"]}) == "cb"
    assert [codes(**{kind.filter: "B"}), codes(**{kind.filter: "%"})] == ["", ""]
    kind.add(club, "a,b")
    assert [codes(**{kind.filter: "c,nobody,b"}), codes(**{kind.filter: ["c", "a,b"]})] == ["cb", "cab"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("order=colour", "order"),
        ("order=label", "order"),
        ("order=id,up", "order"),
        ("order=", "order"),
        ("order=id;drop", "order"),
        ("page=-1", "page"),
        ("page=x", "page"),
        ("page=2147483648", "page"),
        ("limit=0", "limit"),
        ("limit=26", "limit"),
        ("limit=2.5", "limit"),
        ("page=0&page=1", "page"),
    ],
)
def test_a_bad_query_is_refused(club: Club, kind: Kind, query: str, expected: str) -> None:
    status, message = refusal(club.get(f"{kind.path}?{query}"))
    assert status == 400
    assert expected in message


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"Code": ""}, "Code"),
        ({"Code": "x" * 256}, "Code"),
        ({"Code": 5}, "Code"),
        ({"Code": None}, "Code"),
        ({"Label": ""}, "Label"),
        ({"Label": "x" * 256}, "Label"),
        ({"Label": None}, "Label"),
    ],
)
def test_a_bad_body_is_refused_and_leaves_nothing(
    club: Club, kind: Kind, members: dict[str, Any], expected: str
) -> None:
    body = {**kind.body("A"), **{kind.name + name: value for name, value in members.items()}}
    status, message = refusal(club.post(kind.path, json=body))
    assert status == 400
    assert kind.name + expected in message
    assert_wrong(club.post(kind.path, json={**kind.body("A"), "tags": [""]}), "tags")
    assert_wrong(club.post(kind.path, json={**kind.body("A"), "tags": ["x"] * 101}), "tags")
    assert club.get(kind.path).json()["totalCount"] == 0
