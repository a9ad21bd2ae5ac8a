"""Quests and the completion of their tasks."""

import re
from typing import Any

import httpx2
import pytest

from models.advocacy.tables import Quest
from tests.api.advocacy.conftest import Business, error_of

INVALID, MISSING, CLASH = (400, "VALIDATION_ERROR"), (404, "NOT_FOUND"), (409, "CONFLICT")
UNKNOWN_IDS = ["qst_00000000000000000000", "nonsense", "%2F", "x" * 64]
TASK = {"title": "Write a review"}


def make_quest(business: Business, *points: int, **members: Any) -> dict[str, Any]:
    """A quest with a task for each number of points, and those tasks."""
    tasks = [{"title": f"Task {n}", "points": worth} for n, worth in enumerate(points, 1)]
    made = business.post("/quests", json={"title": "Welcome", "tasks": tasks, **members})
    assert made.status_code == 201, made.text
    quest: dict[str, Any] = business.get(f"/quests/{made.json()['quest']['id']}").json()
    assert quest["quest"] == made.json()["quest"]
    return quest


def task_ids(quest: dict[str, Any]) -> list[str]:
    return [task["id"] for task in quest["tasks"]]


def complete(
    business: Business, quest: dict[str, Any], advocate_id: str, task_id: str, **options: Any
) -> httpx2.Response:
    body = {"advocateId": advocate_id, "taskId": task_id}
    return business.post(f"/quests/{quest['quest']['id']}/complete", json=body, **options)


def set_status(business: Business, quest_id: str, status: str) -> None:
    """What the dashboard does; no call of the API changes a status."""
    unit = business.unit()
    with unit.transaction() as session:
        session.get_one(Quest, (business.tenant.id, quest_id)).status = status


class TestCreate:
    def test_is_active_with_its_tasks_in_order(self, business: Business) -> None:
        made = business.post(
            "/quests",
            json={
                "title": "Welcome",
                "description": "Two things.",
                "reward": {"points": 100},
                "tasks": [
                    {"title": "Review", "type": "review", "points": 200, "url": "https://a.example.org/write?a=b#c"},
                    {"title": "Tell", "description": "Any friend."},
                ],
            },
        )
        assert (made.status_code, list(made.json())) == (201, ["quest"])
        quest = made.json()["quest"]
        assert re.fullmatch(r"qst_[a-z0-9]{20}", quest["id"])
        assert {name: quest[name] for name in quest if name not in ("id", "createdAt", "updatedAt")} == {
            "title": "Welcome",
            "description": "Two things.",
            "status": "active",
            "reward": {"points": 100},
            "taskCount": 2,
        }
        assert quest["createdAt"] == quest["updatedAt"]
        answer = business.get(f"/quests/{quest['id']}").json()
        assert answer["quest"] == quest
        first, second = answer["tasks"]
        assert re.fullmatch(r"tsk_[a-z0-9]{20}", first["id"])
        assert first == {
            "id": first["id"],
            "questId": quest["id"],
            "title": "Review",
            "description": None,
            "type": "review",
            "points": 200,
            "url": "https://a.example.org/write?a=b#c",
            "order": 1,
        }
        assert second == {
            "id": second["id"],
            "questId": quest["id"],
            "title": "Tell",
            "description": "Any friend.",
            "type": "custom",
            "points": 0,
            "url": None,
            "order": 2,
        }
        assert business.events() == []

    @pytest.mark.parametrize(
        ("members", "points"),
        [
            ({}, 0),
            ({"reward": None}, 0),
            ({"reward": 0}, 0),
            ({"reward": 25}, 25),
            ({"reward": 1_000_000}, 1_000_000),
            ({"reward": {"points": 0}}, 0),
            ({"reward": {"points": 1_000_000, "badge": "x"}}, 1_000_000),
        ],
    )
    def test_the_bonus_in_each_form(self, business: Business, members: dict[str, Any], points: int) -> None:
        assert make_quest(business, 1, **members)["quest"]["reward"] == {"points": points}

    @pytest.mark.parametrize(
        "members",
        [
            {"title": "é" * 160},
            {"description": "😀" * 2000},
            {"description": None},
            {"tasks": [{"title": "x" * 160, "description": "y" * 2000, "points": 1_000_000}]},
            {"tasks": [{"title": "t", "url": f"https://a.org/{'z' * 2034}"}]},
            {"tasks": [{"title": "t", "description": None, "points": 0, "url": None}]},
            {"tasks": [TASK] * 50},
        ],
    )
    def test_takes_what_is_within_the_limits(self, business: Business, members: dict[str, Any]) -> None:
        made = make_quest(business, 5, **members)
        for name, value in members.items():
            if name == "tasks":
                for place, (given, task) in enumerate(zip(value, made["tasks"], strict=True), 1):
                    assert {**given, "order": place}.items() <= task.items()
            else:
                assert made["quest"][name] == value

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "title"),
            ({"tasks": [TASK]}, "title"),
            ({"title": "", "tasks": [TASK]}, "title"),
            ({"title": "x" * 161, "tasks": []}, "title"),
            ({"title": None, "tasks": [TASK]}, "title"),
            ({"title": "Q"}, "tasks"),
            ({"title": "Q", "description": "x" * 2001, "tasks": []}, "description"),
            ({"title": "Q", "tasks": []}, "tasks"),
            ({"title": "Q", "tasks": None}, "tasks"),
            ({"title": "Q", "tasks": [TASK] * 51}, "tasks"),
            ({"title": "Q", "tasks": ["Review"]}, "tasks[0]"),
            ({"title": "Q", "tasks": [{}]}, "tasks[0].title"),
            ({"title": "Q", "tasks": [TASK, {"title": ""}]}, "tasks[1].title"),
            ({"title": "Q", "tasks": [TASK, TASK, {"title": "x" * 161}]}, "tasks[2].title"),
            ({"title": "Q", "tasks": [{**TASK, "points": -1}]}, "tasks[0].points"),
            ({"title": "Q", "tasks": [{**TASK, "points": 1_000_001}]}, "tasks[0].points"),
            ({"title": "Q", "tasks": [{**TASK, "points": 0.5}]}, "tasks[0].points"),
            ({"title": "Q", "tasks": [{**TASK, "type": "dance"}]}, "tasks[0].type"),
            ({"title": "Q", "tasks": [{**TASK, "url": "no address"}]}, "tasks[0].url"),
            ({"title": "Q", "tasks": [{**TASK, "url": f"https://a.org/{'z' * 2035}"}]}, "tasks[0].url"),
            ({"title": "Q", "tasks": [{**TASK, "description": "x" * 2001}]}, "tasks[0].description"),
            ({"title": "Q", "tasks": [TASK], "reward": -1}, "reward"),
            ({"title": "Q", "tasks": [TASK], "reward": 1_000_001}, "reward"),
            ({"title": "Q", "tasks": [TASK], "reward": "25"}, "reward"),
            ({"title": "Q", "tasks": [TASK], "reward": 2.5}, "reward"),
            ({"title": "Q", "tasks": [TASK], "reward": {}}, "reward.points"),
            ({"title": "Q", "tasks": [TASK], "reward": {"points": -1}}, "reward.points"),
            ({"title": "Q", "tasks": [TASK], "reward": {"points": None}}, "reward.points"),
            ({"title": "Q", "tasks": [TASK], "reward": []}, "reward"),
        ],
    )
    def test_names_the_first_fault_and_makes_nothing(self, business: Business, body: object, field: str) -> None:
        assert error_of(business.post("/quests", json=body)) == (*INVALID, field)
        assert business.get("/quests").json() == {"quests": []}

    def test_twice_is_two_quests_but_a_key_makes_one(self, business: Business) -> None:
        key = {"Idempotency-Key": "welcome"}
        body = {"title": "Welcome", "tasks": [TASK]}
        first, again = (business.post("/quests", json=body, headers=key) for _ in range(2))
        assert (again.status_code, again.json()) == (201, first.json())
        assert again.headers["idempotency-replayed"] == "true"
        assert error_of(business.post("/quests", json={**body, "reward": 1}, headers=key))[:2] == CLASH
        assert business.post("/quests", json=body).json() != first.json()
        assert len(business.get("/quests").json()["quests"]) == 2


class TestRead:
    def test_the_list_is_newest_first_without_tasks(self, business: Business, other_business: Business) -> None:
        made = [make_quest(business, 1, title=f"Quest {n}")["quest"] for n in range(3)]
        make_quest(other_business, 1)
        assert business.get("/quests").json() == {"quests": made[::-1]}

    def test_status_narrows_the_list(self, business: Business) -> None:
        statuses = ("active", "draft", "paused", "completed", "archived")
        made = {status: make_quest(business, 1)["quest"]["id"] for status in statuses}
        for status, quest_id in made.items():
            set_status(business, quest_id, status)
        for status, quest_id in made.items():
            assert [quest["id"] for quest in business.get(f"/quests?status={status}").json()["quests"]] == [quest_id]
            assert business.get(f"/quests/{quest_id}").json()["quest"]["status"] == status
        assert len(business.get("/quests").json()["quests"]) == 5

    @pytest.mark.parametrize("query", ["status=gone", "status=", "status=Active", "status=draft&status=draft"])
    def test_an_unknown_status_is_refused(self, business: Business, query: str) -> None:
        assert error_of(business.get(f"/quests?{query}")) == (*INVALID, "status")

    @pytest.mark.parametrize("quest_id", UNKNOWN_IDS)
    def test_an_unknown_one_is_missing(self, business: Business, quest_id: str) -> None:
        assert error_of(business.get(f"/quests/{quest_id}")) == (*MISSING, None)

    def test_another_business_cannot(self, business: Business, other_business: Business) -> None:
        quest = make_quest(business, 1)["quest"]["id"]
        assert error_of(other_business.get(f"/quests/{quest}")) == (*MISSING, None)
        assert other_business.get("/quests").json() == {"quests": []}


class TestComplete:
    def test_pays_the_task_and_with_the_last_one_the_bonus(self, business: Business) -> None:
        ana, quest = business.advocate()["id"], make_quest(business, 20, 5, reward=100)
        first, last = task_ids(quest)
        begun = complete(business, quest, ana, last)
        assert begun.status_code == 200, begun.text
        completion = begun.json()["completion"]
        assert re.fullmatch(r"cmp_[a-z0-9]{20}", completion["id"])
        assert {name: completion[name] for name in completion if name not in ("id", "completedAt")} == {
            "questId": quest["quest"]["id"],
            "taskId": last,
            "advocateId": ana,
            "status": "completed",
            "pointsAwarded": 5,
            "questCompleted": False,
        }
        assert begun.json()["pointsAwarded"] == 5
        ended = complete(business, quest, ana, first).json()
        assert ended["pointsAwarded"] == ended["completion"]["pointsAwarded"] == 120
        assert ended["completion"]["questCompleted"] is True
        advocate = business.get(f"/advocates/{ana}").json()["advocate"]
        assert (advocate["points"], advocate["lifetimePoints"]) == (125, 125)

    def test_has_an_event_for_each_task_and_the_end(self, business: Business) -> None:
        ana, quest = business.advocate()["id"], make_quest(business, 20, 5, reward=100)
        made = [complete(business, quest, ana, task).json()["completion"]["id"] for task in task_ids(quest)]
        quest_id, (first, last) = quest["quest"]["id"], task_ids(quest)
        events = business.events()[1:]
        assert [event["type"] for event in events] == [
            "points.changed",
            "quest.task_completed",
            "points.changed",
            "quest.task_completed",
            "quest.completed",
        ]
        paid = [event["data"] for event in events[::2][:2]]
        assert [(data["type"], data["amount"], data["balance_after"]) for data in paid] == [
            ("quest_completion", 20, 20),
            ("quest_completion", 105, 125),
        ]
        about = {"quest_id": quest_id, "advocate_id": ana}
        assert events[1]["data"] == {"completion_id": made[0], "task_id": first, "points_awarded": 20, **about}
        assert events[3]["data"] == {"completion_id": made[1], "task_id": last, "points_awarded": 105, **about}
        assert events[4]["data"] == {"title": "Welcome", "points_awarded": 100, **about}

    def test_a_repeat_shows_what_there_is_and_pays_nothing(self, business: Business) -> None:
        ana, quest = business.advocate()["id"], make_quest(business, 20, reward=100)
        (task,) = task_ids(quest)
        first = complete(business, quest, ana, task).json()
        events = business.events()
        for status in ("active", "paused", "draft", "completed", "archived"):
            set_status(business, quest["quest"]["id"], status)
            again = complete(business, quest, ana, task)
            assert (again.status_code, again.json()) == (200, {"completion": first["completion"], "pointsAwarded": 0})
        assert first["completion"]["pointsAwarded"] == business.points(ana) == 120
        assert business.events() == events

    def test_each_advocate_does_it_for_themselves(self, business: Business) -> None:
        quest = make_quest(business, 20, 5, reward=100)
        ana, bo = (business.advocate(f"{name}@example.org")["id"] for name in ("ana", "bo"))
        for advocate in (ana, bo):
            answers = [complete(business, quest, advocate, task).json() for task in task_ids(quest)]
            assert [answer["pointsAwarded"] for answer in answers] == [20, 105]
        assert (business.points(ana), business.points(bo)) == (125, 125)

    def test_tasks_of_another_quest_do_not_count(self, business: Business) -> None:
        ana = business.advocate()["id"]
        one, two = make_quest(business, 1, 1, reward=10), make_quest(business, 1, reward=10)
        assert complete(business, one, ana, task_ids(one)[0]).json()["pointsAwarded"] == 1
        assert complete(business, two, ana, task_ids(two)[0]).json()["pointsAwarded"] == 11
        assert complete(business, one, ana, task_ids(one)[1]).json()["pointsAwarded"] == 11

    def test_no_points_leave_no_trace_in_the_ledger(self, business: Business) -> None:
        ana, quest = business.advocate()["id"], make_quest(business, 0)
        answer = complete(business, quest, ana, task_ids(quest)[0]).json()
        assert (answer["pointsAwarded"], answer["completion"]["questCompleted"]) == (0, True)
        assert [event["type"] for event in business.events()[1:]] == ["quest.task_completed", "quest.completed"]
        assert business.points(ana) == 0

    def test_a_bonus_without_points_for_tasks_is_paid(self, business: Business) -> None:
        ana, quest = business.advocate()["id"], make_quest(business, 0, 0, reward={"points": 30})
        assert [complete(business, quest, ana, task).json()["pointsAwarded"] for task in task_ids(quest)] == [0, 30]
        assert len(business.events("points.changed")) == 1

    def test_the_most_that_a_completion_pays(self, business: Business) -> None:
        ana, quest = business.advocate()["id"], make_quest(business, 1_000_000, reward=1_000_000)
        assert complete(business, quest, ana, task_ids(quest)[0]).json()["pointsAwarded"] == 2_000_000

    @pytest.mark.parametrize("status", ["draft", "paused", "completed", "archived"])
    def test_a_quest_that_is_not_active_takes_nothing_new(self, business: Business, status: str) -> None:
        ana, quest = business.advocate()["id"], make_quest(business, 20, 5)
        done, open_ = task_ids(quest)
        complete(business, quest, ana, done)
        set_status(business, quest["quest"]["id"], status)
        events = business.events()
        assert error_of(complete(business, quest, ana, open_)) == (*CLASH, None)
        assert business.points(ana) == 20
        assert business.events() == events

    def test_is_refused_in_the_documented_order(self, business: Business) -> None:
        """The ids are right one after the other, until only the status is wrong."""
        ana, quest, other = business.advocate()["id"], make_quest(business, 5), make_quest(business, 5)
        set_status(business, quest["quest"]["id"], "paused")
        nowhere = {"quest": {"id": "qst_none"}}
        assert error_of(business.post("/quests/qst_none/complete", json={})) == (*INVALID, "advocateId")
        assert error_of(complete(business, nowhere, "adv_none", "tsk_none")) == (*MISSING, None)
        assert error_of(complete(business, quest, "adv_none", "tsk_none")) == (*MISSING, "advocateId")
        for task in ("tsk_none", task_ids(other)[0], "x" * 64, "\N{SNOWMAN}"):
            assert error_of(complete(business, quest, ana, task)) == (*MISSING, "taskId")
        assert error_of(complete(business, quest, ana, task_ids(quest)[0])) == (*CLASH, None)
        assert len(business.events()) == 1

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "advocateId"),
            ({"taskId": "t"}, "advocateId"),
            ({"advocateId": None, "taskId": None}, "advocateId"),
            ({"advocateId": "", "taskId": ""}, "advocateId"),
            ({"advocateId": "x" * 65, "taskId": "t"}, "advocateId"),
            ({"advocateId": "a"}, "taskId"),
            ({"advocateId": "a", "taskId": 5}, "taskId"),
            ({"advocateId": "a", "taskId": ""}, "taskId"),
            ({"advocateId": "a", "taskId": "x" * 65}, "taskId"),
        ],
    )
    def test_needs_to_know_who_and_what(self, business: Business, body: object, field: str) -> None:
        quest = make_quest(business, 5)["quest"]["id"]
        assert error_of(business.post(f"/quests/{quest}/complete", json=body)) == (*INVALID, field)

    @pytest.mark.parametrize("quest_id", UNKNOWN_IDS)
    def test_an_unknown_quest_is_missing(self, business: Business, quest_id: str) -> None:
        body = {"advocateId": business.advocate()["id"], "taskId": "t"}
        assert error_of(business.post(f"/quests/{quest_id}/complete", json=body)) == (*MISSING, None)

    def test_nobody_completes_across_businesses(self, business: Business, other_business: Business) -> None:
        ana, quest = business.advocate()["id"], make_quest(business, 5)
        bo, other = other_business.advocate()["id"], make_quest(other_business, 5)
        assert error_of(complete(other_business, quest, bo, task_ids(quest)[0])) == (*MISSING, None)
        assert error_of(complete(other_business, other, ana, task_ids(other)[0])) == (*MISSING, "advocateId")
        assert error_of(complete(other_business, other, bo, task_ids(quest)[0])) == (*MISSING, "taskId")
        assert (business.points(ana), other_business.points(bo)) == (0, 0)

    def test_under_a_key_the_first_answer_comes_again(self, business: Business) -> None:
        ana, quest = business.advocate()["id"], make_quest(business, 5)
        key = {"Idempotency-Key": "k"}
        first, again = (complete(business, quest, ana, task_ids(quest)[0], headers=key) for _ in range(2))
        assert again.json() == first.json()
        assert (again.json()["pointsAwarded"], business.points(ana)) == (5, 5)

    def test_a_read_only_key_may_look_but_not_complete(self, business: Business) -> None:
        ana, quest = business.advocate()["id"], make_quest(business, 5)
        reader = business.read_only_key()
        assert business.get("/quests", key=reader).json() == {"quests": [quest["quest"]]}
        assert error_of(complete(business, quest, ana, task_ids(quest)[0], key=reader))[:2] == (403, "FORBIDDEN")
        assert business.points(ana) == 0
