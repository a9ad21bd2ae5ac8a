"""Feedback boards, and the ideas on them."""

from typing import Any

import pytest

from tests.api.advocacy.conftest import Business, error_of
from tests.api.advocacy.test_content import add
from tests.api.advocacy.test_sso import at_once

INVALID, MISSING = (400, "VALIDATION_ERROR"), (404, "NOT_FOUND")
STATUSES = ("open", "under_review", "planned", "in_progress", "completed", "declined")
UNKNOWN = ["brd_00000000000000000000", "nonsense", "%2F", "x" * 64]


def boards(business: Business) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = business.get("/feedback/boards").json()["boards"]
    return found


def ideas(business: Business, board_id: str, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = business.get(f"/feedback/boards/{board_id}/ideas{query}").json()["ideas"]
    return found


@pytest.fixture
def board(business: Business) -> str:
    """The id of a board with ideas t0 to t4, oldest first, of 3, 9, 3, 0 and 9 votes."""
    statuses = ("open", "planned", "planned", "declined", "open")
    add(
        business,
        boards=[
            {
                "name": "Wishes",
                "ideas": [
                    {"title": f"t{n}", "votes": votes, "status": status}
                    for n, (votes, status) in enumerate(zip((3, 9, 3, 0, 9), statuses, strict=True))
                ],
            }
        ],
    )
    return str(boards(business)[0]["id"])


@pytest.fixture
def idea(business: Business, board: str) -> dict[str, Any]:
    """The oldest idea on the board, which is open."""
    return ideas(business, board, "?sort=oldest")[0]


class TestBoards:
    def test_there_may_be_none(self, business: Business) -> None:
        assert business.get("/feedback/boards").json() == {"boards": []}

    def test_come_oldest_first(self, business: Business, other_business: Business) -> None:
        add(
            business,
            boards=[
                {"name": "Wishes", "description": "What next?", "ideas": [{"title": "Dark theme"}]},
                {"name": "Council ✓", "is_public": False},
            ],
        )
        first, second = boards(business)
        assert first["id"].startswith("brd_") and first["createdAt"] < second["createdAt"]
        assert {**first, "id": "", "createdAt": ""} == {
            "id": "",
            "name": "Wishes",
            "description": "What next?",
            "isPublic": True,
            "ideaCount": 1,
            "createdAt": "",
        }
        assert {**second, "id": "", "createdAt": ""} == {
            "id": "",
            "name": "Council ✓",
            "description": None,
            "isPublic": False,
            "ideaCount": 0,
            "createdAt": "",
        }
        assert boards(other_business) == []


class TestIdeas:
    def test_show_all_there_is_to_know(self, business: Business) -> None:
        ana = business.advocate("ana@example.org")["id"]
        add(
            business,
            boards=[
                {
                    "name": "Wishes",
                    "ideas": [
                        {
                            "title": "Dark ✓",
                            "description": "Eyes.",
                            "votes": 17,
                            "status": "planned",
                            "advocate": "ana@example.org",
                        }
                    ],
                }
            ],
        )
        board_id = boards(business)[0]["id"]
        answer = business.get(f"/feedback/boards/{board_id}/ideas").json()
        (shown,) = answer["ideas"]
        assert (answer["total"], shown["id"][:4], shown["createdAt"]) == (1, "ida_", shown["updatedAt"])
        assert {**shown, "id": "", "createdAt": "", "updatedAt": ""} == {
            "id": "",
            "boardId": board_id,
            "title": "Dark ✓",
            "description": "Eyes.",
            "status": "planned",
            "votes": 17,
            "advocateId": ana,
            "createdAt": "",
            "updatedAt": "",
        }

    @pytest.mark.parametrize(
        ("query", "wanted"),
        [
            ("", "t4 t1 t2 t0 t3"),
            ("?sort=votes", "t4 t1 t2 t0 t3"),
            ("?sort=newest", "t4 t3 t2 t1 t0"),
            ("?sort=oldest", "t0 t1 t2 t3 t4"),
            ("?status=planned", "t1 t2"),
            ("?status=open&sort=oldest", "t0 t4"),
            ("?status=completed", ""),
        ],
    )
    def test_are_ordered_and_narrowed(self, business: Business, board: str, query: str, wanted: str) -> None:
        answer = business.get(f"/feedback/boards/{board}/ideas{query}").json()
        assert [shown["title"] for shown in answer["ideas"]] == wanted.split()
        assert answer["total"] == len(wanted.split())

    def test_come_whole_unless_a_limit_asks_for_pages(self, business: Business, board: str) -> None:
        def page(query: str) -> tuple[str, int]:
            answer = business.get(f"/feedback/boards/{board}/ideas?sort=oldest{query}").json()
            return " ".join(shown["title"] for shown in answer["ideas"]), answer["total"]

        assert page("") == page("&page=1") == page("&limit=100") == ("t0 t1 t2 t3 t4", 5)
        assert page("&limit=2") == ("t0 t1", 5)
        assert page("&limit=2&page=3") == ("t4", 5)
        assert page("&page=2") == page("&limit=2&page=4") == page(f"&limit=1&page={2**62}") == ("", 5)
        assert page("&limit=1&page=2&status=planned") == ("t2", 2)

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("status=gone", "status"),
            ("sort=best", "sort"),
            ("sort=", "sort"),
            ("page=0", "page"),
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=1.5", "limit"),
            ("sort=votes&sort=votes", "sort"),
        ],
    )
    def test_out_of_range_is_refused(self, business: Business, board: str, query: str, field: str) -> None:
        assert error_of(business.get(f"/feedback/boards/{board}/ideas?{query}")) == (*INVALID, field)

    @pytest.mark.parametrize("board_id", UNKNOWN)
    def test_an_unknown_board_is_missing(self, business: Business, board_id: str) -> None:
        assert error_of(business.get(f"/feedback/boards/{board_id}/ideas")) == (*MISSING, None)
        assert error_of(business.get(f"/feedback/boards/{board_id}/ideas?sort=best")) == (*INVALID, "sort")

    def test_another_business_cannot(self, other_business: Business, board: str) -> None:
        assert error_of(other_business.get(f"/feedback/boards/{board}/ideas")) == (*MISSING, None)

    def test_a_board_shows_its_own(self, business: Business, board: str) -> None:
        business.advance(1_000)
        add(business, boards=[{"name": "Other", "ideas": [{"title": "t0"}]}])
        assert len(ideas(business, board)) == 5
        assert [shown["title"] for shown in ideas(business, boards(business)[1]["id"])] == ["t0"]


class TestMove:
    @pytest.mark.parametrize("start", STATUSES)
    def test_any_status_to_any_other(self, business: Business, start: str) -> None:
        add(business, boards=[{"name": "Wishes", "ideas": [{"title": "Dark", "status": start}]}])
        board_id = boards(business)[0]["id"]
        there = ideas(business, board_id)[0]
        moves = [status for other in STATUSES if other != start for status in (other, start)]
        for before, status in zip([start, *moves], moves, strict=False):
            business.advance(1_000)
            moved = business.patch(f"/feedback/ideas/{there['id']}", json={"status": status})
            assert moved.status_code == 200
            after = moved.json()["idea"]
            assert after == {**there, "status": status, "updatedAt": after["updatedAt"]}
            assert after["updatedAt"] > there["updatedAt"]
            assert ideas(business, board_id) == [after]
            assert business.events()[-1]["data"] == {
                "idea_id": there["id"],
                "board_id": board_id,
                "from": before,
                "to": status,
            }
            there = after
        assert [event["type"] for event in business.events()] == ["idea.status_changed"] * len(moves)

    def test_the_status_it_has_leaves_no_trace(self, business: Business, board: str, idea: dict[str, Any]) -> None:
        business.advance(1_000)
        assert business.patch(f"/feedback/ideas/{idea['id']}", json={"status": "open", "votes": 99}).json() == {
            "idea": idea
        }
        assert ideas(business, board, "?sort=oldest")[0] == idea
        assert business.events() == []

    @pytest.mark.parametrize("body", [{}, {"status": None}, {"status": "gone"}, {"status": "Open"}, {"status": 1}])
    def test_needs_a_status(self, business: Business, board: str, idea: dict[str, Any], body: object) -> None:
        assert error_of(business.patch(f"/feedback/ideas/{idea['id']}", json=body)) == (*INVALID, "status")
        assert ideas(business, board, "?sort=oldest")[0] == idea
        assert business.events() == []

    @pytest.mark.parametrize("idea_id", ["ida_00000000000000000000", *UNKNOWN])
    def test_an_unknown_one_is_missing(self, business: Business, idea_id: str) -> None:
        assert error_of(business.patch(f"/feedback/ideas/{idea_id}", json={"status": "open"})) == (*MISSING, None)
        assert error_of(business.patch(f"/feedback/ideas/{idea_id}", json={})) == (*INVALID, "status")

    def test_another_business_cannot(
        self, business: Business, other_business: Business, board: str, idea: dict[str, Any]
    ) -> None:
        refused = other_business.patch(f"/feedback/ideas/{idea['id']}", json={"status": "planned"})
        assert error_of(refused) == (*MISSING, None)
        assert ideas(business, board, "?sort=oldest")[0] == idea
        assert other_business.events() == business.events() == []

    def test_moves_at_once_are_reported_as_one_path(self, business: Business, board: str, idea: dict[str, Any]) -> None:
        calls = [
            ("PATCH", f"/feedback/ideas/{idea['id']}", {"status": status}) for status in ("planned", "declined") * 4
        ]
        assert {status for status, _ in at_once(business, calls)} == {200}
        moves = [event["data"] for event in business.events()]
        # As many moves lead to a status as away from it, but for where the path begins and where it ends.
        assert all(data["from"] != data["to"] for data in moves)
        ended = ideas(business, board, "?sort=oldest")[0]["status"]
        for status in STATUSES:
            arrived = sum(data["to"] == status for data in moves) + (status == "open")
            left = sum(data["from"] == status for data in moves) + (status == ended)
            assert arrived == left
