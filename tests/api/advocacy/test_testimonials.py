"""Testimonials and the decision on them."""

from typing import Any

import pytest

from tests.api.advocacy.conftest import Business, error_of
from tests.api.advocacy.test_content import add
from tests.api.advocacy.test_sso import at_once

INVALID, MISSING, CONFLICT = (400, "VALIDATION_ERROR"), (404, "NOT_FOUND"), (409, "CONFLICT")


def shown_by(business: Business) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = business.get("/testimonials").json()["testimonials"]
    return found


@pytest.fixture
def pending(business: Business) -> dict[str, Any]:
    """A testimonial that nobody has decided on."""
    add(business, testimonials=[{"author_name": "Ana", "content": "Good.", "rating": 4}])
    return shown_by(business)[0]


@pytest.fixture
def five(business: Business) -> list[str]:
    """The contents of five testimonials, newest first."""
    statuses = ("pending", "approved", "rejected", "approved", "approved")
    add(
        business,
        testimonials=[
            {"author_name": "Ana", "content": f"c{n}", "rating": 1 + n % 3, "status": status}
            for n, status in enumerate(statuses)
        ],
    )
    return [f"c{n}" for n in (4, 3, 2, 1, 0)]


class TestList:
    def test_shows_all_there_is_to_know(self, business: Business) -> None:
        ana = business.advocate("ana@example.org")["id"]
        add(
            business,
            testimonials=[
                {
                    "author_name": "Ana Stone ✓",
                    "author_email": "ana@example.org",
                    "content": "Good.\nVery good.",
                    "rating": 5,
                    "source": "widget",
                    "advocate": "ANA@example.org",
                }
            ],
        )
        answer = business.get("/testimonials").json()
        (shown,) = answer["testimonials"]
        assert answer["total"] == 1
        assert shown["id"].startswith("tst_") and len(shown["id"]) == 24
        assert {**shown, "id": "", "createdAt": "", "updatedAt": ""} == {
            "id": "",
            "advocateId": ana,
            "authorName": "Ana Stone ✓",
            "authorEmail": "ana@example.org",
            "content": "Good.\nVery good.",
            "rating": 5,
            "status": "pending",
            "source": "widget",
            "createdAt": "",
            "updatedAt": "",
            "reviewedAt": None,
        }

    def test_comes_whole_unless_a_limit_asks_for_pages(self, business: Business, five: list[str]) -> None:
        def page(query: str) -> tuple[list[str], int]:
            answer = business.get(f"/testimonials{query}").json()
            return [shown["content"] for shown in answer["testimonials"]], answer["total"]

        assert page("") == page("?page=1") == page("?limit=5") == page("?limit=100") == (five, 5)
        assert page("?page=2") == page(f"?page={2**62}") == ([], 5)
        assert page("?limit=2") == page("?limit=2&page=1") == (five[:2], 5)
        assert page("?limit=2&page=3") == (five[4:], 5)
        assert page("?limit=2&page=4") == page(f"?limit=100&page={2**62}") == ([], 5)

    def test_status_and_rating_narrow_together(self, business: Business, five: list[str]) -> None:
        def contents(query: str) -> tuple[list[str], int]:
            answer = business.get(f"/testimonials?{query}").json()
            return [shown["content"] for shown in answer["testimonials"]], answer["total"]

        assert contents("status=approved") == (["c4", "c3", "c1"], 3)
        assert contents("rating=2") == (["c4", "c1"], 2)
        assert contents("status=rejected&rating=3") == (["c2"], 1)
        assert contents("status=pending&rating=5") == ([], 0)
        assert contents("status=approved&limit=1&page=2") == (["c3"], 3)
        assert len(five) == 5

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("status=gone", "status"),
            ("status=", "status"),
            ("rating=0", "rating"),
            ("rating=6", "rating"),
            ("rating=4.5", "rating"),
            ("page=0&limit=2", "page"),
            ("page=x", "page"),
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=x", "limit"),
            ("status=gone&rating=9", "status"),
            ("rating=1&rating=2", "rating"),
        ],
    )
    def test_out_of_range_is_refused(self, business: Business, query: str, field: str) -> None:
        assert error_of(business.get(f"/testimonials?{query}")) == (*INVALID, field)

    def test_another_business_sees_none(self, other_business: Business, pending: dict[str, Any]) -> None:
        assert other_business.get("/testimonials").json() == {"testimonials": [], "total": 0}
        assert pending["status"] == "pending"


class TestReview:
    @pytest.mark.parametrize("status", ["approved", "rejected"])
    def test_decides_with_an_event(self, business: Business, pending: dict[str, Any], status: str) -> None:
        business.advance(1_000)
        answer = business.patch(f"/testimonials/{pending['id']}", json={"status": status})
        assert answer.status_code == 200
        decided = answer.json()["testimonial"]
        assert decided == {
            **pending,
            "status": status,
            "updatedAt": decided["reviewedAt"],
            "reviewedAt": decided["reviewedAt"],
        }
        assert decided["reviewedAt"] > decided["createdAt"]
        assert shown_by(business) == [decided]
        (event,) = business.events()
        assert event["type"] == f"testimonial.{status}"
        assert event["data"] == {"testimonial_id": pending["id"], "advocate_id": None, "rating": 4}

    def test_can_be_turned_round_but_not_taken_back(self, business: Business, pending: dict[str, Any]) -> None:
        path = f"/testimonials/{pending['id']}"
        for status in ("rejected", "approved", "rejected"):
            assert business.patch(path, json={"status": status}).json()["testimonial"]["status"] == status
        assert error_of(business.patch(path, json={"status": "pending"})) == (*CONFLICT, "status")
        assert shown_by(business)[0]["status"] == "rejected"
        assert [event["type"].partition(".")[2] for event in business.events()] == ["rejected", "approved", "rejected"]

    def test_the_same_decision_again_leaves_no_trace(self, business: Business, pending: dict[str, Any]) -> None:
        path = f"/testimonials/{pending['id']}"
        first = business.patch(path, json={"status": "approved"}).json()
        business.advance(1_000)
        assert business.patch(path, json={"status": "approved", "rating": 1}).json() == first
        assert len(business.events()) == 1

    @pytest.mark.parametrize(
        "body",
        [{}, {"status": None}, {"status": "gone"}, {"status": "Approved"}, {"status": 1}, {"status": ["approved"]}],
    )
    def test_needs_a_decision(self, business: Business, pending: dict[str, Any], body: object) -> None:
        assert error_of(business.patch(f"/testimonials/{pending['id']}", json=body)) == (*INVALID, "status")
        assert shown_by(business) == [pending]
        assert business.events() == []

    @pytest.mark.parametrize("testimonial_id", ["tst_00000000000000000000", "nonsense", "%2F", "x" * 64, "T%C3%ABst"])
    def test_an_unknown_one_is_missing(self, business: Business, pending: dict[str, Any], testimonial_id: str) -> None:
        path = f"/testimonials/{testimonial_id}"
        assert error_of(business.patch(path, json={"status": "approved"})) == (*MISSING, None)
        assert error_of(business.patch(path, json={"status": "gone"})) == (*INVALID, "status")
        assert shown_by(business) == [pending]

    def test_another_business_cannot(
        self, business: Business, other_business: Business, pending: dict[str, Any]
    ) -> None:
        assert error_of(other_business.patch(f"/testimonials/{pending['id']}", json={"status": "approved"})) == (
            *MISSING,
            None,
        )
        assert shown_by(business) == [pending]
        assert other_business.events() == business.events() == []

    def test_the_same_decision_at_once_has_one_event(self, business: Business, pending: dict[str, Any]) -> None:
        answers = at_once(business, [("PATCH", f"/testimonials/{pending['id']}", {"status": "approved"})] * 8)
        assert [status for status, _ in answers] == [200] * 8
        assert len({body["testimonial"]["reviewedAt"] for _, body in answers}) == 1
        assert len(business.events()) == 1

    def test_both_decisions_at_once_have_events_in_turn(self, business: Business, pending: dict[str, Any]) -> None:
        calls = [
            ("PATCH", f"/testimonials/{pending['id']}", {"status": status}) for status in ("approved", "rejected") * 4
        ]
        assert {status for status, _ in at_once(business, calls)} == {200}
        events = sorted(event["type"].partition(".")[2] for event in business.events())
        # Each event is a change: as many to one side as to the other, or one more to where it ended.
        ended = shown_by(business)[0]["status"]
        assert events.count(ended) - len(events) / 2 in (0, 0.5)
