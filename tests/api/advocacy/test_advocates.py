"""Advocates and their points."""

import pytest

from tests.api.advocacy.conftest import Business, error_of

INVALID, MISSING, CLASH = (400, "VALIDATION_ERROR"), (404, "NOT_FOUND"), (409, "CONFLICT")


class TestCreate:
    def test_begins_at_bronze_with_a_code_and_no_points(self, business: Business) -> None:
        made = business.post("/advocates", json={"email": "Ana@Example.ORG", "name": "Ana Stone", "metadata": {"a": 1}})
        assert made.status_code == 201
        advocate = made.json()["advocate"]
        followed = business.client.request(
            "GET", made.headers["location"], headers={"Authorization": f"Bearer {business.key}"}
        )
        assert followed.json() == {"advocate": advocate}
        assert advocate["email"] == "ana@example.org"
        assert (advocate["tier"], advocate["status"], advocate["source"]) == ("bronze", "active", "api")
        assert (advocate["points"], advocate["lifetimePoints"], advocate["metadata"]) == (0, 0, {"a": 1})
        assert business.get(f"/advocates/{advocate['id']}").json() == {"advocate": advocate}
        codes = business.get("/referrals").json()["referrals"]
        assert [(code["code"], code["advocateId"]) for code in codes] == [(advocate["referralCode"], advocate["id"])]

    def test_has_an_event(self, business: Business) -> None:
        advocate = business.advocate("ana@example.org", name="Ana")
        (event,) = business.events("advocate.joined")
        assert event["data"] == {
            "advocate_id": advocate["id"],
            "email": "ana@example.org",
            "name": "Ana",
            "tier": "bronze",
            "source": "api",
        }
        assert event["business_id"].startswith("biz_")

    def test_an_address_is_taken_whatever_its_case(self, business: Business, other_business: Business) -> None:
        business.advocate("ana@example.org")
        assert error_of(business.post("/advocates", json={"email": "ANA@example.org"})) == (*CLASH, "email")
        assert len(business.events()) == 1
        assert other_business.post("/advocates", json={"email": "ana@example.org"}).status_code == 201

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "email"),
            ({"name": ""}, "email"),
            ({"email": "ana"}, "email"),
            ({"email": None}, "email"),
            ({"email": "a@b.org", "name": ""}, "name"),
            ({"email": "a@b.org", "name": "x" * 121}, "name"),
            ({"email": "a@b.org", "metadata": {"a": []}}, "metadata.a"),
            ({"email": "a@b.org", "metadata": {"x" * 41: 1}}, "metadata"),
            ({"email": "a@b.org", "metadata": {"": 1}}, "metadata"),
            ({"email": "a@b.org", "metadata": {str(n): n for n in range(51)}}, "metadata"),
        ],
    )
    def test_names_the_first_fault(self, business: Business, body: object, field: str) -> None:
        assert error_of(business.post("/advocates", json=body)) == (*INVALID, field)
        assert business.get("/advocates").json()["total"] == 0


class TestList:
    def test_newest_first_in_pages(self, business: Business) -> None:
        made = [business.advocate(f"a{n}@example.org")["id"] for n in range(5)]
        pages = [business.get(f"/advocates?limit=2&page={page}").json() for page in (1, 2, 3, 4)]
        assert [[a["id"] for a in page["advocates"]] for page in pages] == [made[:2:-1], made[2:0:-1], made[:1], []]
        assert [(page["total"], page["page"]) for page in pages] == [(5, 1), (5, 2), (5, 3), (5, 4)]
        assert business.get(f"/advocates?page={2**62}").json()["advocates"] == []

    def test_points_stand_beside_each(self, business: Business) -> None:
        business.advocate("rich@example.org", points=70)
        business.advocate("poor@example.org")
        assert [a["points"] for a in business.get("/advocates").json()["advocates"]] == [0, 70]

    def test_search_and_tier_narrow_together(self, business: Business) -> None:
        ana = business.advocate("ana@example.org", name="Ana Stone")
        business.advocate("stone@example.org", name="Bo")
        business.advocate("x_y%z@example.org", name="Éva")
        business.patch(f"/advocates/{ana['id']}", json={"tier": "gold"})

        def names(query: str) -> list[str]:
            return sorted(a["name"] for a in business.get(f"/advocates?{query}").json()["advocates"])

        assert names("search=STONE") == ["Ana Stone", "Bo"]
        assert names("search=%20stone%20&tier=gold") == ["Ana Stone"]
        assert names("search=_y%25") == ["Éva"]
        assert names("search=%C3%89VA") == ["Éva"]
        assert names("search=%25") == ["Éva"]
        assert (
            names("search=bostone") == []
        )  # nothing is found across the end of a name and the beginning of an address
        assert names("search=bo%0Astone") == names("search=stone%0Aana") == []
        assert names("search=") == ["Ana Stone", "Bo", "Éva"]
        assert business.get("/advocates?tier=gold").json()["total"] == 1

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("page=0", "page"),
            ("page=x", "page"),
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=1&limit=2", "limit"),
            ("tier=tin", "tier"),
            (f"search={'x' * 201}", "search"),
        ],
    )
    def test_out_of_range_is_refused(self, business: Business, query: str, field: str) -> None:
        assert error_of(business.get(f"/advocates?{query}")) == (*INVALID, field)


class TestUpdate:
    def test_merges_metadata_key_by_key(self, business: Business) -> None:
        ana = business.advocate(metadata={"a": 1, "b": "x"})
        changed = business.patch(
            f"/advocates/{ana['id']}", json={"metadata": {"a": None, "c": True}, "email": "no@no.org"}
        )
        assert changed.json()["advocate"]["metadata"] == {"b": "x", "c": True}
        assert changed.json()["advocate"]["email"] == "ana@example.org"
        cleared = business.patch(f"/advocates/{ana['id']}", json={"metadata": None, "name": None, "tier": "platinum"})
        assert (cleared.json()["advocate"]["metadata"], cleared.json()["advocate"]["tier"]) == ({}, "platinum")
        assert [event["data"]["changed"] for event in business.events("advocate.updated")] == [
            ["metadata"],
            ["tier", "metadata"],
        ]

    def test_no_change_leaves_no_trace(self, business: Business) -> None:
        ana = business.advocate(name="Ana", metadata={"a": 1})
        same = business.patch(f"/advocates/{ana['id']}", json={"name": "Ana", "tier": "bronze", "metadata": {"a": 1}})
        assert same.json()["advocate"] == ana
        assert business.events("advocate.updated") == []

    def test_needs_something_to_change(self, business: Business, other_business: Business) -> None:
        ana = business.advocate()
        for body in ({}, {"email": "new@example.org"}):
            assert error_of(business.patch(f"/advocates/{ana['id']}", json=body))[:2] == INVALID
        assert error_of(business.patch(f"/advocates/{ana['id']}", json={"tier": "tin"})) == (*INVALID, "tier")
        assert error_of(other_business.patch(f"/advocates/{ana['id']}", json={"name": "x"}))[:2] == MISSING
        full = {str(n): n for n in range(50)}
        assert business.patch(f"/advocates/{ana['id']}", json={"metadata": full}).status_code == 200
        assert error_of(business.patch(f"/advocates/{ana['id']}", json={"metadata": {"more": 1}})) == (
            *INVALID,
            "metadata",
        )

    @pytest.mark.parametrize(
        "advocate_id", ["adv_00000000000000000000", "nonsense", "%2F", "ana%40example.org", "x" * 64]
    )
    def test_an_unknown_one_is_missing(self, business: Business, advocate_id: str) -> None:
        assert error_of(business.get(f"/advocates/{advocate_id}"))[:2] == MISSING
        assert error_of(business.patch(f"/advocates/{advocate_id}", json={"name": "x"}))[:2] == MISSING
        assert error_of(business.post(f"/advocates/{advocate_id}/points", json={"amount": 1}))[:2] == MISSING


class TestPoints:
    def test_every_change_is_a_transaction(self, business: Business) -> None:
        ana = business.advocate()["id"]
        bodies = [
            {"amount": 100},
            {"amount": -30, "description": "Oops"},
            {"amount": 20, "type": "deduct"},
            {"amount": 5, "type": "award"},
        ]
        answers = [business.post(f"/advocates/{ana}/points", json=body).json() for body in bodies]
        assert [(a["transaction"]["type"], a["transaction"]["amount"], a["newBalance"]) for a in answers] == [
            ("award", 100, 100),
            ("deduct", -30, 70),
            ("deduct", -20, 50),
            ("award", 5, 55),
        ]
        assert answers[1]["transaction"]["description"] == "Oops"
        assert all(a["transaction"]["balanceAfter"] == a["newBalance"] for a in answers)
        shown = business.get(f"/advocates/{ana}").json()["advocate"]
        assert (shown["points"], shown["lifetimePoints"]) == (55, 105)
        events = business.events("points.changed")
        assert [event["data"]["balance_after"] for event in events] == [100, 70, 50, 55]

    def test_never_below_zero(self, business: Business) -> None:
        ana = business.advocate(points=10)["id"]
        before = business.events()
        for body in ({"amount": -11}, {"amount": 11, "type": "deduct"}):
            assert error_of(business.post(f"/advocates/{ana}/points", json=body)) == (
                400,
                "INSUFFICIENT_POINTS",
                "amount",
            )
        assert business.points(ana) == 10
        assert business.events() == before
        assert business.post(f"/advocates/{ana}/points", json={"amount": -10}).json()["newBalance"] == 0

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "amount"),
            ({"amount": 0}, "amount"),
            ({"amount": 1.5}, "amount"),
            ({"amount": "5"}, "amount"),
            ({"amount": 1_000_001}, "amount"),
            ({"amount": -1, "type": "award"}, "amount"),
            ({"amount": -1, "type": "deduct"}, "amount"),
            ({"amount": 1, "type": "gift"}, "type"),
            ({"amount": 1, "description": "x" * 501}, "description"),
        ],
    )
    def test_refuses_what_is_no_change(self, business: Business, body: object, field: str) -> None:
        ana = business.advocate(points=10)["id"]
        assert error_of(business.post(f"/advocates/{ana}/points", json=body)) == (*INVALID, field)
        assert business.points(ana) == 10

    def test_another_business_cannot(self, business: Business, other_business: Business) -> None:
        ana = business.advocate(points=10)["id"]
        assert error_of(other_business.post(f"/advocates/{ana}/points", json={"amount": 1}))[:2] == MISSING
        assert error_of(other_business.get(f"/advocates/{ana}"))[:2] == MISSING
        assert business.points(ana) == 10
