"""Matchers: what to look for among the items of orders."""

from typing import Any

import httpx2
import pytest

from models.loyalty_core.missions.matchers import matches
from tests.api.loyalty_core.conftest import Club, coded, refusal

BEANS = {
    "items": "any",
    "match": "all",
    "conditions": [{"attribute": "productCategory", "values": ["beans"]}, {"attribute": "quantity", "min": 2}],
}
NEW = {"name": "Two bags", "type": "item-matcher", "matcher": BEANS}
ORDER = [
    {"sku": "A", "productCategoryCode": "beans", "categoryCode": "food", "price": 1500, "quantity": 2},
    {"sku": "B", "productCategoryCode": "ware", "price": 12.5},
]


def new_matcher(club: Club, **members: Any) -> dict[str, Any]:
    return club.made("/matchers", **{**NEW, **members})


def put(club: Club, number: int | str, **members: Any) -> httpx2.Response:
    return club.put(f"/matchers/{number}", json={**NEW, **members})


def get(club: Club, matcher: int | str) -> dict[str, Any]:
    answer = club.get(f"/matchers/{matcher}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["matcher"]
    return found


def does_match(club: Club, matcher: dict[str, Any], items: list[dict[str, Any]]) -> bool:
    number = new_matcher(club, matcher=matcher)["matcherId"]
    unit = club.unit()
    with unit.transaction():
        return matches(unit, number, items)


class TestCreate:
    def test_the_answer_is_the_matcher_itself(self, club: Club) -> None:
        answer = club.post("/matchers", json={**NEW, "organizationId": club.id})
        assert answer.status_code == 201
        made = answer.json()
        assert {name: made[name] for name in made if not name.endswith("At")} == {
            **NEW,
            "matcherId": 1,
            "matcherKey": "two-bags",
            "organizationId": club.id,
        }
        assert made["createdAt"] == made["updatedAt"]
        assert get(club, 1) == made == club.get("/matchers/by-key/two-bags").json()["matcher"]
        assert club.events() == []

    def test_keys_are_unique_in_the_organization(self, club: Club, other_club: Club) -> None:
        assert [new_matcher(club, name=name)["matcherKey"] for name in ("Gold", "gold", "€")] == [
            "gold",
            "gold-2",
            "matcher",
        ]
        assert new_matcher(other_club, name="Gold")["matcherKey"] == "gold"

    def test_takes_what_is_within_the_limits(self, club: Club) -> None:
        most = {
            "items": "all",
            "match": "any",
            "conditions": [
                {"attribute": "sku", "values": ["é" * 255] * 1000},
                {"attribute": "price", "min": 0, "max": 99999999999},
                *[{"attribute": "quantity", "max": 0.5}] * 98,
            ],
        }
        for name, matcher in (("x", {"conditions": []}), ("é" * 255, most)):
            made = new_matcher(club, name=name, matcher=matcher)
            assert (made["name"], made["matcher"]) == (name, matcher)
            assert get(club, made["matcherId"]) == made

    def test_a_wrong_or_missing_member_is_named(self, club: Club) -> None:
        before = new_matcher(club)
        wrong: dict[str, list[Any]] = {
            "name": [None, "", "x" * 256, 5],
            "type": [None, "x", 1],
            "organizationId": ["1", 0, 1.5],
            "matcher": [
                None,
                [],
                "x",
                *(
                    {"conditions": value}
                    for value in ({}, [None], [{}], [{"attribute": "x"}], [{"attribute": "sku", "values": ["a"]}] * 101)
                ),
                {"items": "some"},
                {"match": "none"},
                *(
                    {"conditions": [{"attribute": "sku", "values": value}]}
                    for value in ([], "a", [""], ["x" * 256], [1], ["a"] * 1001)
                ),
                *({"conditions": [{"attribute": "price", "min": value}]} for value in (-1, "1", 100000000000)),
            ],
        }
        bodies = [(name, {**NEW, name: value}) for name, values in wrong.items() for value in values]
        bodies += [(missing, {name: NEW[name] for name in NEW if name != missing}) for missing in NEW]
        for name, body in bodies:
            for answer in (club.post("/matchers", json=body), club.put("/matchers/1", json=body)):
                status, message = refusal(answer)
                assert (status, name in message) == (400, True), body
        assert club.get("/matchers").json()["results"] == [before]

    @pytest.mark.parametrize(
        ("condition", "expected"),
        [
            ({"attribute": "sku"}, "The condition 0 on sku requires values."),
            (
                {"attribute": "category", "values": ["a"], "min": 1},
                "The condition 0 on category takes values, not min and max.",
            ),
            ({"attribute": "price"}, "The condition 0 on price requires min or max."),
            (
                {"attribute": "quantity", "values": ["1"], "min": 1},
                "The condition 0 on quantity takes min and max, not values.",
            ),
            (
                {"attribute": "price", "min": 2, "max": 1},
                "The condition 0 on price must have a min that is at most its max.",
            ),
        ],
    )
    def test_conditions_that_make_no_sense_are_refused(
        self, club: Club, condition: dict[str, Any], expected: str
    ) -> None:
        before = new_matcher(club)
        body = {**NEW, "matcher": {"conditions": [condition]}}
        assert (
            refusal(club.post("/matchers", json=body)) == refusal(club.put("/matchers/1", json=body)) == (400, expected)
        )
        assert club.get("/matchers").json()["results"] == [before]

    def test_another_organization_in_the_body_is_refused(self, club: Club, other_club: Club) -> None:
        new_matcher(club)
        body = {**NEW, "organizationId": other_club.id}
        expected = (400, "/organizationId: organizationId must be that of the path.")
        assert refusal(club.post("/matchers", json=body)) == refusal(club.put("/matchers/1", json=body)) == expected
        assert club.get("/matchers").json()["totalCount"] == 1


class TestUpdate:
    def test_all_is_replaced_but_the_key(self, club: Club) -> None:
        made = new_matcher(club)
        changed = put(club, 1, name="Other", matcher={"match": "any"}).json()["matcher"]
        assert changed == {**made, "name": "Other", "matcher": {"match": "any"}, "updatedAt": changed["updatedAt"]}
        assert changed["updatedAt"] > made["updatedAt"]
        assert get(club, 1) == changed
        again = put(club, 1, name="Other", matcher={"match": "any"}).json()["matcher"]
        assert again == {**changed, "updatedAt": again["updatedAt"]}


class TestFinding:
    def test_an_unknown_matcher_is_not_found(self, club: Club, other_club: Club) -> None:
        theirs = new_matcher(other_club)
        for unknown in (0, -1, 1, 2**63 - 1):
            expected = (404, f"There is no matcher {unknown}.")
            assert refusal(club.get(f"/matchers/{unknown}")) == refusal(put(club, unknown)) == expected
        for text in ("x", "1.5", "01", str(2**64), "x" * 255):
            assert refusal(club.get(f"/matchers/{text}")) == (404, f"There is no matcher {text}.")
        assert coded(club.get(f"/matchers/{'x' * 256}")) == (400, "VALIDATION_FAILED")
        assert coded(put(club, 2**63)) == (400, "VALIDATION_FAILED")
        answer = put(club, "x")
        assert (refusal(answer)[0], answer.headers["Allow"]) == (405, "GET, HEAD")  # only the get takes a text there
        assert get(other_club, 1) == theirs

    def test_keys_are_found_exactly(self, club: Club, other_club: Club) -> None:
        new_matcher(other_club)
        for unknown in ("two-bags", "Two-Bags", "1"):
            assert refusal(club.get(f"/matchers/by-key/{unknown}")) == (404, f"There is no matcher {unknown}.")
        assert coded(club.get(f"/matchers/by-key/{'x' * 256}")) == (400, "VALIDATION_FAILED")
        assert other_club.get("/matchers/by-key/two-bags").status_code == 200
        assert refusal(other_club.get("/matchers/by-key/TWO-BAGS"))[0] == 404

    def test_each_filter_leaves_out_what_does_not_match(self, club: Club) -> None:
        first, second = new_matcher(club), new_matcher(club)

        def rows(**query: Any) -> Any:
            return club.get("/matchers", params=query).json()["results"]

        assert rows() == rows(type="item-matcher") == [first, second]
        assert [
            rows(matcherKey="two-bags-2"),
            rows(matcherKey="TWO-BAGS"),
            rows(matcherKey="two-bags", type="item-matcher"),
        ] == [[second], [], [first]]
        assert club.get("/matchers", params={"matcherKey": "two-bags", "limit": 1, "page": 1}).json() == {
            "totalCount": 1,
            "page": 1,
            "limit": 1,
            "results": [],
        }

    def test_pages_and_orders(self, club: Club) -> None:
        for name in "cab":
            new_matcher(club, name=name)

        def names(**query: Any) -> str:
            return "".join(row["name"] for row in club.get("/matchers", params=query).json()["results"])

        assert [
            names(),
            names(order="id,desc"),
            names(order="matcherId"),
            names(order="createdAt,desc"),
            names(order="type"),
            names(order="type,desc"),
        ] == ["cab", "bac", "cab", "bac", "cab", "bac"]
        assert [
            names(order="name"),
            names(order="name,desc"),
            names(order="matcherKey,asc"),
            names(order="matcherKey,desc"),
        ] == ["abc", "cba", "abc", "cba"]
        assert [names(limit=2), names(limit=2, page=1), names(limit=2, page=2), names(page=2**31 - 1)] == [
            "ca",
            "b",
            "",
            "",
        ]
        put(club, 1, name="c", matcher={"items": "all"})
        assert [names(order="updatedAt"), names(order="updatedAt,desc")] == ["abc", "cba"]
        for bad in ("order=matcher", "type=x", "limit=26", "limit=0", "page=-1", f"matcherKey={'x' * 256}"):
            assert coded(club.get(f"/matchers?{bad}")) == (400, "VALIDATION_FAILED")


class TestMatching:
    def test_items_are_held_against_the_conditions(self, club: Club) -> None:
        cases: list[tuple[dict[str, Any], bool]] = [
            ({}, True),
            ({"conditions": []}, True),
            (BEANS, True),
            ({**BEANS, "items": "all"}, False),
            ({"items": "all"}, True),
            ({"conditions": [{"attribute": "sku", "values": ["x", "B"]}]}, True),
            ({"conditions": [{"attribute": "sku", "values": ["b"]}]}, False),
            ({"items": "all", "conditions": [{"attribute": "sku", "values": ["A", "B"]}]}, True),
            ({"conditions": [{"attribute": "category", "values": ["food"]}]}, True),
            ({"items": "all", "conditions": [{"attribute": "category", "values": ["food"]}]}, False),
            (
                {
                    "conditions": [
                        {"attribute": "sku", "values": ["A"]},
                        {"attribute": "productCategory", "values": ["ware"]},
                    ]
                },
                False,
            ),
            (
                {
                    "match": "any",
                    "items": "all",
                    "conditions": [
                        {"attribute": "sku", "values": ["A"]},
                        {"attribute": "productCategory", "values": ["ware"]},
                    ],
                },
                True,
            ),
            ({"conditions": [{"attribute": "price", "min": 1500}]}, True),
            ({"conditions": [{"attribute": "price", "min": 1500.5}]}, False),
            ({"conditions": [{"attribute": "price", "min": 12.5, "max": 12.5}]}, True),
            ({"conditions": [{"attribute": "price", "max": 12}]}, False),
            ({"items": "all", "conditions": [{"attribute": "quantity", "min": 1, "max": 2}]}, True),
            ({"conditions": [{"attribute": "quantity", "max": 1}]}, True),
            ({"conditions": [{"attribute": "quantity", "min": 3}]}, False),
        ]
        for matcher, wanted in cases:
            assert does_match(club, matcher, ORDER) is wanted, matcher
            assert does_match(club, matcher, []) is False

    def test_what_an_item_does_not_have_fulfils_nothing(self, club: Club) -> None:
        assert does_match(club, {"conditions": [{"attribute": "price", "min": 0}]}, [{"sku": "A"}]) is False
        assert does_match(club, {"conditions": [{"attribute": "category", "values": ["a"]}]}, [{"sku": "A"}]) is False

    def test_a_matcher_of_another_organization_matches_nothing(self, club: Club, other_club: Club) -> None:
        number = new_matcher(other_club, matcher={})["matcherId"]
        unit = club.unit()
        with unit.transaction():
            assert matches(unit, number, ORDER) is False


def test_a_reader_may_not_write_and_a_writer_not_read(club: Club) -> None:
    reader, writer = club.further_token("campaigns:read"), club.further_token("campaigns:write")
    assert club.post("/matchers", json=NEW, token=writer).status_code == 201
    assert (
        refusal(club.post("/matchers", json=NEW, token=reader))[0]
        == refusal(club.put("/matchers/1", json=NEW, token=reader))[0]
        == 403
    )
    for path in ("/matchers", "/matchers/1", "/matchers/by-key/two-bags"):
        assert club.get(path, token=reader).status_code == 200
        assert refusal(club.get(path, token=writer))[0] == 403
