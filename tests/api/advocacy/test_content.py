"""What comes from scenarios: content that no call can create, and the people of the demo."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import event, func, select

from fixtures.advocacy.population import populate
from models.advocacy import webhooks
from models.advocacy.content import add_content
from models.advocacy.content_block import BadContent
from models.advocacy.provision import create
from models.advocacy.tables import (
    Advocate,
    Board,
    Completion,
    Conversion,
    Idea,
    Mapping,
    Quest,
    Redemption,
    ReferralClick,
    ReferralCode,
    Reward,
    Task,
)
from models.advocacy.tables import Testimonial as Praise  # pytest would take the name itself for a test
from models.advocacy.views import account_of
from models.kernel.base import Base
from models.kernel.clock import DAY_MS
from models.ledger import LedgerBalance, LedgerEntry, LedgerTransaction
from models.outbox.outbox import Delivery
from models.tenancy.sandboxes import MAIN
from models.tenancy.tenants import Tenant
from tests.api.advocacy.conftest import Business, make_business
from tests.support.client import Client
from tests.support.tenants import fresh_alias
from troth.app import Server, build
from troth.mock.scenarios import unit_of
from troth.settings import Settings

FIXED = "demo0000000000000001"
SMALL = {
    "advocates": 12,
    "rewards": 3,
    "quests": 2,
    "clicks": 20,
    "conversions": 6,
    "redemptions": 5,
    "completions": 10,
    "changes": 12,
    "testimonials": 4,
    "boards": 1,
    "ideas": 3,
    "mappings": 3,
}
TABLES: tuple[type[Base], ...] = (
    Advocate,
    ReferralCode,
    ReferralClick,
    Conversion,
    Reward,
    Redemption,
    Quest,
    Task,
    Completion,
    LedgerTransaction,
    LedgerEntry,
    LedgerBalance,
    Praise,
    Board,
    Idea,
    Mapping,
)


def add(business: Business, **content: Any) -> None:
    """Load content as a scenario does."""
    unit = business.unit()
    with unit.transaction():
        add_content(unit, content)
        unit.finish()


class TestTestimonials:
    def test_come_in_the_blocks_order_until_now(self, business: Business) -> None:
        add(business, testimonials=[{"author_name": f"A{n}", "content": "c", "rating": 1} for n in range(3)])
        found = business.get("/testimonials").json()["testimonials"]
        assert [shown["authorName"] for shown in found] == ["A2", "A1", "A0"]
        assert {(shown["status"], shown["source"], shown["authorEmail"], shown["advocateId"]) for shown in found} == {
            ("pending", "import", None, None)
        }
        assert len({shown["createdAt"] for shown in found}) == 3
        assert business.events() == []

    def test_those_decided_on_arrival_have_events(self, business: Business) -> None:
        ana = business.advocate("ana@example.org")["id"]
        add(
            business,
            testimonials=[
                {
                    "author_name": "Ana",
                    "content": "c",
                    "rating": 5,
                    "status": "approved",
                    "advocate": "ana@example.org",
                },
                {"author_name": "Ben", "content": "c", "rating": 1, "status": "rejected"},
            ],
        )
        rejected, approved = business.get("/testimonials").json()["testimonials"]
        assert all(shown["reviewedAt"] == shown["createdAt"] == shown["updatedAt"] for shown in (approved, rejected))
        assert [(event["type"], event["data"]) for event in business.events()[1:]] == [
            ("testimonial.approved", {"testimonial_id": approved["id"], "advocate_id": ana, "rating": 5}),
            ("testimonial.rejected", {"testimonial_id": rejected["id"], "advocate_id": None, "rating": 1}),
        ]

    def test_are_known_by_author_and_content(self, business: Business) -> None:
        first = {"author_name": "Ana", "content": "c", "rating": 5, "status": "approved"}
        add(business, testimonials=[first])
        there = business.get("/testimonials").json()["testimonials"][0]
        business.patch(f"/testimonials/{there['id']}", json={"status": "rejected"})
        business.advance(1_000)
        add(business, testimonials=[{**first, "rating": 1}, {**first, "content": "C"}, {**first, "author_name": "Ben"}])
        found = business.get("/testimonials").json()["testimonials"]
        assert [(shown["authorName"], shown["content"]) for shown in found] == [
            ("Ben", "c"),
            ("Ana", "C"),
            ("Ana", "c"),
        ]
        assert (found[2]["status"], found[2]["rating"]) == ("rejected", 5)
        assert [event["type"].partition(".")[2] for event in business.events()] == [
            "approved",
            "rejected",
            "approved",
            "approved",
        ]


class TestBoards:
    def test_ideas_are_added_to_a_board_that_is_there(self, business: Business, other_business: Business) -> None:
        add(
            business, boards=[{"name": "Wishes", "description": "What next?", "ideas": [{"title": "Dark", "votes": 3}]}]
        )
        more = [
            {
                "name": "Wishes",
                "description": "Changed",
                "is_public": False,
                "ideas": [{"title": "Dark", "votes": 9}, {"title": "Light"}, {"title": "dark"}],
            },
            {"name": "wishes", "ideas": [{"title": "Dark"}]},
        ]
        for _ in range(2):
            business.advance(1_000)
            add(business, boards=more)
        add(other_business, boards=more)
        first, second = business.get("/feedback/boards").json()["boards"]
        assert (first["name"], first["description"], first["isPublic"], first["ideaCount"]) == (
            "Wishes",
            "What next?",
            True,
            3,
        )
        assert (second["name"], second["ideaCount"]) == ("wishes", 1)
        ideas = business.get(f"/feedback/boards/{first['id']}/ideas?sort=oldest").json()["ideas"]
        assert [(idea["title"], idea["votes"]) for idea in ideas] == [("Dark", 3), ("Light", 0), ("dark", 0)]
        assert other_business.get("/feedback/boards").json()["boards"][0]["description"] == "Changed"
        assert business.events() == other_business.events() == []


class TestEvents:
    def test_reviews_and_answers_have_one_event_each(self, business: Business) -> None:
        ana = business.advocate("ana@example.org")["id"]
        content = {
            "reviews": [
                {"rating": 4, "content": "Fine ✓", "platform": "maps", "advocate": "Ana@Example.org"},
                {"rating": 4, "content": "Fine ✓", "platform": "store"},
            ],
            "survey_answers": [
                {"survey_id": "nps", "score": 9},
                {"survey_id": "nps", "score": 9},
                {"survey_id": "nps"},
                {"survey_id": "nps", "score": -1, "advocate": "ana@example.org"},
            ],
        }
        add(business, **content)
        events = business.events()[1:]
        assert all(
            re.fullmatch(r"evt_[a-z0-9]{20}", one["id"]) and one["business_id"].startswith("biz_") for one in events
        )
        ids = [one["data"].pop("review_id", None) or one["data"].pop("response_id") for one in events]
        assert len({one["id"] for one in events}) == len(set(ids)) == 6
        assert [(one["type"], one["data"]) for one in events] == [
            ("review.received", {"advocate_id": ana, "rating": 4, "content": "Fine ✓", "platform": "maps"}),
            ("review.received", {"advocate_id": None, "rating": 4, "content": "Fine ✓", "platform": "store"}),
            ("survey.responded", {"survey_id": "nps", "advocate_id": None, "score": 9}),
            ("survey.responded", {"survey_id": "nps", "advocate_id": None, "score": 9}),
            ("survey.responded", {"survey_id": "nps", "advocate_id": None, "score": None}),
            ("survey.responded", {"survey_id": "nps", "advocate_id": ana, "score": -1}),
        ]
        add(business, **content)
        assert len(business.events()) == 7
        content["survey_answers"].insert(0, {"survey_id": "nps", "score": 9})
        add(business, **content)
        assert business.events()[7]["data"]["score"] == 9
        assert len(business.events()) == 8

    def test_reach_the_endpoints(self, business: Business) -> None:
        unit = business.unit()
        with unit.transaction():
            webhooks.configure_endpoint(unit, url="https://hooks.example.org/", types=["survey.responded"])
            unit.finish()
        for _ in range(2):
            add(
                business,
                reviews=[{"rating": 1, "content": "c", "platform": "p"}],
                survey_answers=[{"survey_id": "nps"}],
            )
        unit = business.unit()
        with unit.transaction() as session:
            (delivery,) = session.scalars(unit.scoped(Delivery))
        assert delivery.event_id == business.events("survey.responded")[0]["id"]


T = {"author_name": "Ana", "content": "c", "rating": 3}
R = {"rating": 3, "content": "c", "platform": "maps"}


class TestValidation:
    @pytest.mark.parametrize(
        ("content", "where"),
        [
            (None, "the block"),
            ([], "the block"),
            ({"testimonial": []}, "testimonial"),
            ({"testimonials": {}}, "testimonials"),
            ({"testimonials": [{**T, "rating": 6}]}, "testimonials.0.rating"),
            ({"testimonials": [T, {**T, "rating": "3"}]}, "testimonials.1.rating"),
            ({"testimonials": [{**T, "rating": True}]}, "testimonials.0.rating"),
            ({"testimonials": [{"author_name": "Ana", "rating": 3}]}, "testimonials.0.content"),
            ({"testimonials": [{**T, "author_name": ""}]}, "testimonials.0.author_name"),
            ({"testimonials": [{**T, "author_name": "x" * 121}]}, "testimonials.0.author_name"),
            ({"testimonials": [{**T, "content": "x" * 5001}]}, "testimonials.0.content"),
            ({"testimonials": [{**T, "content": "a\0b"}]}, "testimonials.0.content"),
            ({"testimonials": [{**T, "author_email": "ana"}]}, "testimonials.0.author_email"),
            (
                {"testimonials": [{**T, "author_email": f"{'x' * 60}@{'y' * 60}.{'z' * 60}.{'w' * 60}.example.org"}]},
                "testimonials.0.author_email",
            ),
            ({"testimonials": [{**T, "status": "gone"}]}, "testimonials.0.status"),
            ({"testimonials": [{**T, "source": "api"}]}, "testimonials.0.source"),
            ({"testimonials": [{**T, "colour": "red"}]}, "testimonials.0.colour"),
            ({"testimonials": [T, {**T, "rating": 1}]}, "testimonials.1"),
            ({"boards": [{}]}, "boards.0.name"),
            ({"boards": [{"name": "B", "is_public": 1}]}, "boards.0.is_public"),
            ({"boards": [{"name": "B", "description": "x" * 2001}]}, "boards.0.description"),
            ({"boards": [{"name": "B"}, {"name": "B"}]}, "boards.1"),
            ({"boards": [{"name": "B", "ideas": [{"title": "x" * 201}]}]}, "boards.0.ideas.0.title"),
            ({"boards": [{"name": "B", "ideas": [{"title": "t", "votes": -1}]}]}, "boards.0.ideas.0.votes"),
            ({"boards": [{"name": "B", "ideas": [{"title": "t", "status": "done"}]}]}, "boards.0.ideas.0.status"),
            ({"boards": [{"name": "B", "ideas": [{"title": "t"}, {"title": "t"}]}]}, "boards.0.ideas.1"),
            ({"reviews": [{**R, "platform": ""}]}, "reviews.0.platform"),
            ({"reviews": [{**R, "rating": 0}]}, "reviews.0.rating"),
            ({"survey_answers": [{"score": 1}]}, "survey_answers.0.survey_id"),
            ({"survey_answers": [{"survey_id": "nps", "score": 2**53}]}, "survey_answers.0.score"),
            ({"survey_answers": [{"survey_id": "nps", "score": 1.5}]}, "survey_answers.0.score"),
            ({"survey_answers": [{"survey_id": 7}]}, "survey_answers.0.survey_id"),
        ],
    )
    def test_names_what_is_wrong(self, business: Business, content: Any, where: str) -> None:
        unit = business.unit()
        with pytest.raises(BadContent, match=rf"content: .*\b{re.escape(where)}: "), unit.transaction():
            add_content(unit, content)
        assert business.get("/testimonials").json()["total"] == 0
        assert business.get("/feedback/boards").json()["boards"] == business.events() == []

    def test_an_unknown_advocate_stops_all_of_it(self, business: Business, other_business: Business) -> None:
        other_business.advocate("ben@example.org")
        unit = business.unit()
        with unit.transaction(), pytest.raises(BadContent, match=r"e-mail ben@example\.org, zoe@example\.org"):
            add_content(
                unit,
                {
                    "testimonials": [T],
                    "survey_answers": [{"survey_id": "nps", "advocate": "Zoe@example.org"}],
                    "boards": [{"name": "B", "ideas": [{"title": "t", "advocate": "ben@example.org"}]}],
                },
            )
        assert business.get("/testimonials").json()["total"] == 0
        assert business.get("/feedback/boards").json()["boards"] == business.events() == []

    def test_the_longest_of_everything_is_shown(self, business: Business) -> None:
        add(
            business,
            testimonials=[
                {**T, "author_name": "✓" * 120, "content": "✓" * 5000, "author_email": f"{'x' * 64}@example.org"}
            ],
            boards=[
                {
                    "name": "✓" * 120,
                    "description": "✓" * 2000,
                    "ideas": [{"title": "✓" * 200, "description": "✓" * 5000, "votes": 2**53 - 1}],
                }
            ],
        )
        assert len(business.get("/testimonials").json()["testimonials"][0]["content"]) == 5000
        (board,) = business.get("/feedback/boards").json()["boards"]
        (idea,) = business.get(f"/feedback/boards/{board['id']}/ideas").json()["ideas"]
        assert (len(idea["description"]), idea["votes"]) == (5000, 2**53 - 1)

    def test_nothing_is_fine(self, business: Business) -> None:
        add(business)
        add(business, testimonials=[], boards=[], reviews=[], survey_answers=[])
        assert business.events() == []


def test_the_same_content_at_once_is_added_once(business: Business) -> None:
    if business.server.runtime.storage.inline:
        pytest.skip("SQLite runs one unit at a time")
    content: dict[str, Any] = {
        "testimonials": [{**T, "status": "approved"}],
        "boards": [{"name": "B", "ideas": [{"title": "t"}, {"title": "u"}]}],
        "reviews": [R],
    }
    barrier = Barrier(4)

    def load(_: int) -> None:
        barrier.wait(20)
        add(business, **content)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(load, range(4)))
    assert business.get("/testimonials").json()["total"] == 1
    (board,) = business.get("/feedback/boards").json()["boards"]
    assert (board["ideaCount"], business.get(f"/feedback/boards/{board['id']}/ideas").json()["total"]) == (2, 2)
    assert sorted(event["type"] for event in business.events()) == ["review.received", "testimonial.approved"]


# The people of the demo


def fill(server: Server, tenant: Tenant, now_ms: int, sizes: dict[str, int]) -> dict[type[Base], list[dict[str, Any]]]:
    """Populate a tenant; all rows by table, without the tenant."""
    runtime = server.runtime
    with runtime.storage.session() as session, session.begin():
        unit = unit_of(runtime, session, tenant, "seed")
        unit.now_ms = now_ms
        counts = populate(unit, sizes)
        unit.finish()
        found = {
            table: [
                {name: value for name, value in vars(row).items() if name not in ("_sa_instance_state", "tenant_id")}
                for row in session.scalars(unit.scoped(table))
            ]
            for table in TABLES
        }
    assert counts == {table.__tablename__: len(rows) for table, rows in found.items()}
    return found


def in_order(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(repr(sorted(row.items())) for row in rows)


@pytest.fixture(scope="module")
def town(server: Server, client: Client) -> Business:
    """A business with the demo's people."""
    return make_business(server, client, alias="town")


@pytest.fixture(scope="module")
def rows(town: Business) -> dict[type[Base], list[dict[str, Any]]]:
    return fill(town.server, town.tenant, town.now_ms, {})


Rows = dict[type[Base], list[dict[str, Any]]]


class TestPeople:
    def test_balances_are_what_the_ledger_says(self, rows: Rows) -> None:
        transactions = {row["id"]: row for row in rows[LedgerTransaction]}
        by_transaction: dict[str, list[int]] = defaultdict(list)
        running: Counter[str] = Counter()
        credited: Counter[str] = Counter()
        for entry in sorted(rows[LedgerEntry], key=lambda row: (row["number"], row["transaction_id"])):
            by_transaction[entry["transaction_id"]].append(entry["amount"])
            assert entry["number"] == transactions[entry["transaction_id"]]["number"]
            running[entry["account"]] += entry["amount"]
            credited[entry["account"]] += max(0, entry["amount"])
            own_side = entry["account"] == ("@spent" if entry["amount"] > 0 else "@issued")
            assert entry["balance_after"] == (None if own_side else running[entry["account"]])
            assert own_side or running[entry["account"]] >= 0
        assert by_transaction.keys() == transactions.keys()
        assert all(len(amounts) == 2 and sum(amounts) == 0 and all(amounts) for amounts in by_transaction.values())
        accounts = {account for account in running if not account.startswith("@")}
        assert {row["account"]: (row["balance"], row["credited"]) for row in rows[LedgerBalance]} == {
            account: (running[account], credited[account]) for account in accounts
        }
        assert accounts <= {account_of(row["id"]) for row in rows[Advocate]}

    def test_transactions_follow_time_and_their_causes(self, rows: Rows) -> None:
        ordered = sorted(rows[LedgerTransaction], key=lambda row: row["number"])
        assert [row["created_ms"] for row in ordered] == sorted(row["created_ms"] for row in ordered)
        assert len({row["number"] for row in ordered}) == len(ordered)
        points = {
            entry["transaction_id"]: (entry["account"], entry["amount"])
            for entry in rows[LedgerEntry]
            if not entry["account"].startswith("@")
        }
        moved = {
            (
                row["kind"],
                row["reference_type"],
                row["reference_id"],
                row["created_ms"],
                row["description"],
                *points[row["id"]],
            )
            for row in ordered
            if row["reference_id"]
        }
        titles = {row["id"]: row["title"] for row in rows[Task]}
        assert moved == {
            *(
                (
                    "redemption",
                    "redemption",
                    r["id"],
                    r["created_ms"],
                    r["reward_name"],
                    account_of(r["advocate_id"]),
                    -r["points_spent"],
                )
                for r in rows[Redemption]
            ),
            *(
                (
                    "quest_completion",
                    "completion",
                    r["id"],
                    r["completed_ms"],
                    titles[r["task_id"]],
                    account_of(r["advocate_id"]),
                    r["points_awarded"],
                )
                for r in rows[Completion]
                if r["points_awarded"]
            ),
            *(
                (
                    "referral_conversion",
                    "conversion",
                    r["id"],
                    r["created_ms"],
                    None,
                    account_of(r["advocate_id"]),
                    r["points_awarded"],
                )
                for r in rows[Conversion]
            ),
        }
        assert {row["kind"] for row in ordered} == {
            "award",
            "deduct",
            "redemption",
            "quest_completion",
            "referral_conversion",
        }
        assert all((row["kind"] == "award") == (points[row["id"]][1] > 0) for row in ordered if not row["reference_id"])

    def test_codes_count_their_clicks_and_orders(self, rows: Rows, town: Business) -> None:
        codes = {row["advocate_id"]: row for row in rows[ReferralCode]}
        clicks = Counter(row["code"] for row in rows[ReferralClick])
        orders = Counter(row["code"] for row in rows[Conversion])
        revenue: Counter[str] = Counter()
        for row in rows[Conversion]:
            revenue[row["code"]] += row["order_value_minor"]
            assert codes[row["advocate_id"]]["code"] == row["code"]
            assert row["points_awarded"] == 100
        for advocate in rows[Advocate]:
            code = codes[advocate["id"]]
            assert code["code"] == advocate["referral_code"]
            assert re.fullmatch("[A-HJ-NP-Z2-9]{8}", code["code"])
            assert (code["clicks"], code["conversions"], code["revenue_minor"]) == (
                clicks[code["code"]],
                orders[code["code"]],
                revenue[code["code"]],
            )
        assert (clicks.total(), orders.total(), len(codes)) == (900, 150, 300)
        assert {code["status"] for code in codes.values()} == {"active", "disabled"}
        month_ago = town.now_ms - 30 * DAY_MS
        assert min(row["created_ms"] for table in (ReferralClick, Conversion) for row in rows[table]) >= month_ago - 1

    def test_rewards_count_their_redemptions(self, rows: Rows) -> None:
        taken = Counter(row["reward_id"] for row in rows[Redemption])
        rewards = {row["id"]: row for row in rows[Reward]}
        assert {row["id"]: row["redemption_count"] for row in rows[Reward]} == {name: taken[name] for name in rewards}
        assert all(row["stock"] is None or row["stock"] >= 0 for row in rewards.values())
        for row in rows[Redemption]:
            reward = rewards[row["reward_id"]]
            assert (row["reward_name"], row["points_spent"]) == (reward["name"], reward["points_cost"])
            assert reward["created_ms"] <= row["created_ms"] <= reward["updated_ms"]
            assert (row["code"] is not None) == (reward["type"] in ("gift_card", "discount"))
            assert row["code"] is None or re.fullmatch("[A-HJ-NP-Z2-9]{16}", row["code"])
            assert (row["status"] == "fulfilled") == (row["fulfilled_ms"] is not None)
        assert len(rows[Redemption]) > 60
        assert {row["status"] for row in rows[Redemption]} == {"pending", "fulfilled"}
        assert {row["status"] for row in rewards.values()} == {"active", "inactive", "archived"}
        assert {row["type"] for row in rewards.values()} == {
            "gift_card",
            "discount",
            "product",
            "experience",
            "donation",
            "custom",
        }
        assert {None, 0} < {row["stock"] for row in rewards.values() if row["status"] == "active"}
        assert len({row["name"] for row in rewards.values()}) == 20

    def test_quests_are_done_task_by_task(self, rows: Rows) -> None:
        quests, tasks = ({row["id"]: row for row in rows[table]} for table in (Quest, Task))
        places: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for row in sorted(rows[Completion], key=lambda row: row["completed_ms"]):
            places[row["advocate_id"], row["quest_id"]].append(row)
        for (advocate, quest_id), done in places.items():
            quest = quests[quest_id]
            assert [tasks[row["task_id"]]["place"] for row in done] == list(range(1, len(done) + 1)), advocate
            for row in done:
                task = tasks[row["task_id"]]
                finishes = task["place"] == quest["task_count"]
                assert row["quest_completed"] == finishes
                assert row["points_awarded"] == task["points"] + (quest["reward_points"] if finishes else 0)
                assert task["quest_id"] == quest_id
                assert quest["status"] != "draft"
                assert row["completed_ms"] >= quest["created_ms"]
                assert quest["status"] == "active" or row["completed_ms"] <= quest["updated_ms"]
        assert Counter(row["quest_id"] for row in rows[Task]) == {
            row["id"]: row["task_count"] for row in quests.values()
        }
        assert {row["status"] for row in quests.values()} == {"draft", "active", "paused", "completed", "archived"}
        assert {row["quest_completed"] for row in rows[Completion]} == {True, False}
        assert len(rows[Completion]) > 200

    def test_everything_belongs_together_in_time(self, rows: Rows, town: Business) -> None:
        joined = {row["id"]: row["created_ms"] for row in rows[Advocate]}
        for table in TABLES:
            for row in rows[table]:
                times = [value for name, value in row.items() if name.endswith("_ms") and value is not None]
                assert all(0 < at <= town.now_ms for at in times), table
                if row.get("advocate_id"):
                    assert min(times) >= joined[row["advocate_id"]], table
                if "updated_ms" in row:
                    assert row["updated_ms"] >= row["created_ms"]

    def test_there_is_something_of_every_kind(self, rows: Rows) -> None:
        def seen(table: type[Base], name: str) -> set[Any]:
            return {row[name] for row in rows[table]}

        assert seen(Advocate, "tier") == {"bronze", "silver", "gold", "platinum"}
        assert seen(Advocate, "source") == {"api", "invite", "widget", "import", "sso"}
        assert seen(Advocate, "status") == {"active", "inactive"}
        assert None in seen(Advocate, "name")
        assert {(row["status"], row["source"]) for row in rows[Praise]} == {
            (status, source)
            for status in ("pending", "approved", "rejected")
            for source in ("widget", "email", "import", "manual")
        }
        assert seen(Praise, "rating") == {1, 2, 3, 4, 5}
        assert all((row["reviewed_ms"] is None) == (row["status"] == "pending") for row in rows[Praise])
        assert seen(Idea, "status") == {"open", "under_review", "planned", "in_progress", "completed", "declined"}
        assert Counter(row["board_id"] for row in rows[Idea]) == {row["id"]: row["idea_count"] for row in rows[Board]}
        assert {(row["board_id"], row["title"]) for row in rows[Idea]} and len(
            {(r["board_id"], r["title"]) for r in rows[Idea]}
        ) == 40
        assert len(seen(Mapping, "external_customer_id")) == 40
        assert (len(rows[Praise]), len(rows[Board]), len(rows[Quest])) == (60, 3, 8)

    def test_the_api_shows_them(self, town: Business, rows: Rows) -> None:
        balances = {row["account"]: (row["balance"], row["credited"]) for row in rows[LedgerBalance]}
        for page in (1, 2, 3):
            for shown in town.get(f"/advocates?limit=100&page={page}").json()["advocates"]:
                assert (shown["points"], shown["lifetimePoints"]) == balances.get(account_of(shown["id"]), (0, 0))
        assert town.get("/testimonials").json()["total"] == 60
        boards = town.get("/feedback/boards").json()["boards"]
        assert [town.get(f"/feedback/boards/{board['id']}/ideas").json()["total"] for board in boards] == [
            board["ideaCount"] for board in boards
        ]
        assert len(town.get("/sso/mappings").json()["mappings"]) == 40

    def test_some_have_fixed_names(self, town: Business, rows: Rows) -> None:
        ana = town.get(f"/advocates/adv_{FIXED}").json()["advocate"]
        assert (ana["name"], ana["email"], ana["tier"], ana["referralCode"], ana["points"]) == (
            "Ana Stone",
            "ana@example.org",
            "gold",
            "ANAST2NE",
            2_700,
        )
        assert town.get("/advocates?limit=1").json()["advocates"] == [ana]
        named = {
            table: next(row for row in rows[table] if row["id"] == f"{prefix}_{FIXED}")
            for table, prefix in (
                (Reward, "rwd"),
                (Quest, "qst"),
                (Task, "tsk"),
                (Praise, "tst"),
                (Board, "brd"),
                (Idea, "ida"),
                (Mapping, "map"),
            )
        }
        assert [named[Reward][name] for name in ("status", "points_cost", "type", "stock")] == [
            "active",
            500,
            "gift_card",
            24,
        ]
        assert (named[Quest]["status"], named[Quest]["task_count"], named[Praise]["status"]) == ("active", 2, "pending")
        assert {row["id"] for row in rows[Task] if row["quest_id"] == named[Quest]["id"]} == {
            f"tsk_{FIXED[:-1]}{n}" for n in (1, 2)
        }
        assert not [row for row in rows[Completion] if row["advocate_id"] == ana["id"]]
        assert named[Idea]["board_id"] == named[Board]["id"]
        assert (named[Mapping]["advocate_id"], named[Mapping]["external_customer_id"]) == (ana["id"], "cust_42")
        code = next(row for row in rows[ReferralCode] if row["code"] == "ANAST2NE")
        assert (code["clicks"], code["conversions"], code["revenue_minor"]) == (12, 2, 14_850)

    def test_life_goes_on(self, server: Server, client: Client) -> None:
        """What the API does next fits what was seeded: counters, balances, order."""
        other = make_business(server, client)
        before = fill(server, other.tenant, other.now_ms, SMALL)
        assert other.post(f"/advocates/adv_{FIXED}/points", json={"amount": -700}).json()["newBalance"] == 2_000
        moved = other.patch(f"/feedback/ideas/ida_{FIXED}", json={"status": "planned"})
        assert moved.json()["idea"]["status"] == "planned"
        assert other.patch(f"/testimonials/tst_{FIXED}", json={"status": "approved"}).status_code == 200
        add(other, boards=[{"name": "Product ideas", "ideas": [{"title": "A dark theme"}, {"title": "New"}]}])
        assert other.get("/feedback/boards").json()["boards"][0]["ideaCount"] == 4
        unit = other.unit()
        with unit.transaction() as session:
            last = session.scalar(
                select(func.max(LedgerTransaction.number)).where(LedgerTransaction.tenant_id == other.tenant.id)
            )
            assert last > max(row["number"] for row in before[LedgerTransaction])


class TestSeed:
    @pytest.fixture
    def other_server(self) -> Iterator[Server]:
        """Another server of the same seed, with a database of its own."""
        made = build(Settings(mock=True, database_url="sqlite://", fixed_clock=True))
        yield made
        made.close()

    def _tenant(self, server: Server, alias: str) -> Tenant:
        with server.runtime.storage.session() as session, session.begin():
            return create(
                session,
                server.runtime.directory.vault,
                given={},
                live=True,
                project=alias,
                sandbox_id=MAIN,
                settings={},
                alias=alias,
                name=alias,
                now_ms=1,
            ).tenant

    def test_the_same_gives_the_same_rows(self, server: Server, other_server: Server) -> None:
        alias, now_ms = fresh_alias(), server.runtime.main.clock.now_ms()
        here, there = (fill(one, self._tenant(one, alias), now_ms, {}) for one in (server, other_server))
        for table in TABLES:
            assert in_order(here[table]) == in_order(there[table])
        other = fill(other_server, self._tenant(other_server, fresh_alias()), now_ms, SMALL)
        assert not {row["email"] for row in other[Advocate]} & {row["email"] for row in here[Advocate]} - {
            "ana@example.org"
        }

    def test_each_table_is_written_at_once(self, other_server: Server) -> None:
        tenant, statements = self._tenant(other_server, fresh_alias()), []

        def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
            statements.append(statement.partition(" (")[0])

        runtime = other_server.runtime
        with runtime.storage.session() as session, session.begin():
            unit = unit_of(runtime, session, tenant, "seed")
            session.connection()
            event.listen(runtime.storage.engine, "before_cursor_execute", note)
            populate(unit, {})
            event.remove(runtime.storage.engine, "before_cursor_execute", note)
        assert sorted(statements) == sorted(f"INSERT INTO {table.__tablename__}" for table in TABLES)


class TestSizes:
    @pytest.mark.parametrize(
        "sizes",
        [
            {"advocates": 1},
            {"advocates": 2, "rewards": 1, "quests": 1},
            {"boards": 0, "ideas": 0, "advocates": 5},
            dict.fromkeys((*SMALL,), 0) | {"advocates": 1},
            {"boards": 9, "rewards": 25, "quests": 20, "advocates": 30},
        ],
    )
    def test_any_will_do(self, server: Server, client: Client, sizes: dict[str, int]) -> None:
        alias = "s" + "-".join(f"{name[0]}{count}" for name, count in sizes.items())
        found = fill(server, make_business(server, client, alias=alias).tenant, 1_800_000_000_000, sizes)
        assert len(found[Advocate]) == sizes["advocates"]
        sums: Counter[str] = Counter()
        for entry in found[LedgerEntry]:
            sums[entry["account"]] += entry["amount"]
        assert {row["account"]: row["balance"] for row in found[LedgerBalance]} == {
            account: total for account, total in sums.items() if not account.startswith("@")
        }
        assert sums[account_of(f"adv_{FIXED}")] >= 2_500
        assert len({row["name"] for row in found[Board]}) == len(found[Board])
        assert len(found[LedgerTransaction]) <= sizes.get("conversions", 150) + 4 * sizes["advocates"] + 3

    @pytest.mark.parametrize(
        ("sizes", "reason"),
        [
            ({"advocates": 0}, "at least one advocate"),
            ({"clicks": -1}, "nothing below zero"),
            ({"boards": 0}, "no ideas without a board"),
            ({"people": 3}, "people: is not known; there are advocates, "),
            ({"advocates": "3"}, "advocates: Input should be a valid integer"),
        ],
    )
    def test_what_cannot_be_is_refused(self, business: Business, sizes: dict[str, Any], reason: str) -> None:
        unit = business.unit()
        with unit.transaction(), pytest.raises(ValueError, match=reason):
            populate(unit, sizes)
