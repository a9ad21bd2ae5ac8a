"""Rewards and their redemption."""

import re
from typing import Any

import httpx2
import pytest

from models.advocacy.tables import Advocate, Reward
from tests.api.advocacy.conftest import Business, error_of

INVALID, MISSING, CLASH = (400, "VALIDATION_ERROR"), (404, "NOT_FOUND"), (409, "CONFLICT")
UNKNOWN_IDS = ["rwd_00000000000000000000", "nonsense", "%2F", "x" * 64]


def make_reward(business: Business, points_cost: int = 100, **members: Any) -> dict[str, Any]:
    made = business.post("/rewards", json={"name": "Mug", "pointsCost": points_cost, **members})
    assert made.status_code == 201, made.text
    reward: dict[str, Any] = made.json()["reward"]
    return reward


def get_reward(business: Business, reward_id: str) -> dict[str, Any]:
    reward: dict[str, Any] = business.get(f"/rewards/{reward_id}").json()["reward"]
    return reward


def redeem(business: Business, reward_id: str, advocate_id: str, **options: Any) -> httpx2.Response:
    return business.post(f"/rewards/{reward_id}/redeem", json={"advocateId": advocate_id}, **options)


def set_status(business: Business, model: type[Reward] | type[Advocate], object_id: str, status: str) -> None:
    """What the dashboard does; no call of the API changes a status."""
    unit = business.unit()
    with unit.transaction() as session:
        session.get_one(model, (business.tenant.id, object_id)).status = status


class TestCreate:
    def test_is_active_without_end_unless_said_otherwise(self, business: Business) -> None:
        reward = make_reward(business)
        assert re.fullmatch(r"rwd_[a-z0-9]{20}", reward["id"])
        assert {name: reward[name] for name in reward if name not in ("id", "createdAt", "updatedAt")} == {
            "name": "Mug",
            "description": None,
            "pointsCost": 100,
            "type": "custom",
            "stock": None,
            "status": "active",
            "redemptionCount": 0,
        }
        assert reward["createdAt"] == reward["updatedAt"]
        assert get_reward(business, reward["id"]) == reward
        assert business.events() == []

    @pytest.mark.parametrize(
        "members",
        [
            {"name": "x"},
            {"name": "é" * 120},
            {"description": "😀" * 2000},
            {"description": None},
            {"pointsCost": 1},
            {"pointsCost": 10_000_000},
            {"stock": 0},
            {"stock": 1_000_000},
            {"stock": None},
            {"type": "donation"},
        ],
    )
    def test_takes_what_is_within_the_limits(self, business: Business, members: dict[str, Any]) -> None:
        reward = make_reward(business, **{"points_cost": members.pop("pointsCost", 5), **members})
        assert members.items() <= reward.items()
        assert get_reward(business, reward["id"]) == reward

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "name"),
            ({"pointsCost": 5}, "name"),
            ({"name": "", "pointsCost": 5}, "name"),
            ({"name": None, "pointsCost": 5}, "name"),
            ({"name": "x" * 121, "pointsCost": 0}, "name"),
            ({"name": 5, "pointsCost": 5}, "name"),
            ({"name": "Mug"}, "pointsCost"),
            ({"name": "Mug", "pointsCost": 5, "description": "x" * 2001}, "description"),
            ({"name": "Mug", "pointsCost": 0}, "pointsCost"),
            ({"name": "Mug", "pointsCost": 10_000_001}, "pointsCost"),
            ({"name": "Mug", "pointsCost": "5"}, "pointsCost"),
            ({"name": "Mug", "pointsCost": 5.5}, "pointsCost"),
            ({"name": "Mug", "pointsCost": None}, "pointsCost"),
            ({"name": "Mug", "pointsCost": 2**70}, "pointsCost"),
            ({"name": "Mug", "pointsCost": 5, "type": "car"}, "type"),
            ({"name": "Mug", "pointsCost": 5, "stock": -1}, "stock"),
            ({"name": "Mug", "pointsCost": 5, "stock": 1_000_001}, "stock"),
            ({"name": "Mug", "pointsCost": 5, "stock": True}, "stock"),
            ([], None),
        ],
    )
    def test_names_the_first_fault(self, business: Business, body: object, field: str | None) -> None:
        assert error_of(business.post("/rewards", json=body)) == (*INVALID, field)
        assert business.get("/rewards").json() == {"rewards": []}

    def test_what_is_read_only_is_ignored(self, business: Business) -> None:
        reward = make_reward(business, id="rwd_mine", status="archived", redemptionCount=7, colour="red")
        assert (reward["status"], reward["redemptionCount"]) == ("active", 0)
        assert reward["id"] != "rwd_mine"

    def test_names_need_not_be_unique_but_a_key_makes_one_reward(self, business: Business) -> None:
        key = {"Idempotency-Key": "spring-mug"}
        body = {"name": "Mug", "pointsCost": 5}
        first, again = (business.post("/rewards", json=body, headers=key) for _ in range(2))
        assert (again.status_code, again.json()) == (201, first.json())
        assert again.headers["idempotency-replayed"] == "true"
        assert error_of(business.post("/rewards", json={**body, "pointsCost": 6}, headers=key))[:2] == CLASH
        assert business.post("/rewards", json=body).json() != first.json()
        assert len(business.get("/rewards").json()["rewards"]) == 2


class TestList:
    def test_newest_first_whatever_their_status(self, business: Business, other_business: Business) -> None:
        made = [make_reward(business, name=f"Mug {n}") for n in range(4)]
        make_reward(other_business)
        set_status(business, Reward, made[0]["id"], "archived")
        set_status(business, Reward, made[2]["id"], "inactive")
        answer = business.get("/rewards").json()
        assert list(answer) == ["rewards"]
        assert [reward["id"] for reward in answer["rewards"]] == [reward["id"] for reward in made[::-1]]

    def test_status_and_type_narrow_together(self, business: Business) -> None:
        mug, card, old = (
            make_reward(business, name=name, type=type_)["id"]
            for name, type_ in (("mug", "product"), ("card", "gift_card"), ("old", "product"))
        )
        set_status(business, Reward, old, "archived")

        def ids(query: str) -> list[str]:
            return [reward["id"] for reward in business.get(f"/rewards?{query}").json()["rewards"]]

        assert ids("status=active") == [card, mug]
        assert ids("status=archived") == [old]
        assert ids("status=inactive") == []
        assert ids("type=product") == [old, mug]
        assert ids("type=product&status=active") == [mug]
        assert ids("type=gift_card&status=archived") == []
        assert ids("page=2&limit=1") == [old, card, mug]

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("status=gone", "status"),
            ("status=", "status"),
            ("status=ACTIVE", "status"),
            ("type=car", "type"),
            ("status=active&status=active", "status"),
        ],
    )
    def test_an_unknown_value_is_refused(self, business: Business, query: str, field: str) -> None:
        assert error_of(business.get(f"/rewards?{query}")) == (*INVALID, field)


class TestGet:
    @pytest.mark.parametrize("status", ["inactive", "archived"])
    def test_also_what_cannot_be_redeemed(self, business: Business, status: str) -> None:
        reward = make_reward(business)
        set_status(business, Reward, reward["id"], status)
        assert get_reward(business, reward["id"]) == {**reward, "status": status}

    @pytest.mark.parametrize("reward_id", UNKNOWN_IDS)
    def test_an_unknown_one_is_missing(self, business: Business, reward_id: str) -> None:
        assert error_of(business.get(f"/rewards/{reward_id}")) == (*MISSING, None)

    def test_another_business_cannot(self, business: Business, other_business: Business) -> None:
        reward = make_reward(business)["id"]
        assert error_of(other_business.get(f"/rewards/{reward}")) == (*MISSING, None)
        assert other_business.get("/rewards").json() == {"rewards": []}


class TestRedeem:
    def test_takes_a_unit_and_the_points(self, business: Business) -> None:
        ana, reward = business.advocate(points=250)["id"], make_reward(business, stock=5, type="product")
        answer = redeem(business, reward["id"], ana)
        assert answer.status_code == 200, answer.text
        redemption = answer.json()["redemption"]
        assert re.fullmatch(r"red_[a-z0-9]{20}", redemption["id"])
        assert {name: redemption[name] for name in redemption if name not in ("id", "createdAt")} == {
            "rewardId": reward["id"],
            "rewardName": "Mug",
            "advocateId": ana,
            "pointsSpent": 100,
            "status": "pending",
            "code": None,
            "fulfilledAt": None,
        }
        after = get_reward(business, reward["id"])
        assert (after["stock"], after["redemptionCount"]) == (4, 1)
        assert after["updatedAt"] == redemption["createdAt"] > after["createdAt"]
        advocate = business.get(f"/advocates/{ana}").json()["advocate"]
        assert (advocate["points"], advocate["lifetimePoints"]) == (150, 250)

    def test_has_an_event(self, business: Business) -> None:
        ana, reward = business.advocate(points=100)["id"], make_reward(business, type="discount")
        redemption = redeem(business, reward["id"], ana).json()["redemption"]
        spent, redeemed = business.events()[-2:]
        assert (spent["type"], redeemed["type"]) == ("points.changed", "reward.redeemed")
        assert {name: spent["data"][name] for name in ("advocate_id", "type", "amount", "balance_after")} == {
            "advocate_id": ana,
            "type": "redemption",
            "amount": -100,
            "balance_after": 0,
        }
        assert redeemed["data"] == {
            "redemption_id": redemption["id"],
            "reward_id": reward["id"],
            "reward_name": "Mug",
            "advocate_id": ana,
            "points_spent": 100,
            "status": "fulfilled",
        }

    @pytest.mark.parametrize(
        ("type_", "at_once"),
        [
            ("gift_card", True),
            ("discount", True),
            ("product", False),
            ("experience", False),
            ("donation", False),
            ("custom", False),
        ],
    )
    def test_a_code_comes_at_once_or_never(self, business: Business, type_: str, at_once: bool) -> None:
        ana, reward = business.advocate(points=200)["id"], make_reward(business, type=type_)["id"]
        first, second = (redeem(business, reward, ana).json()["redemption"] for _ in range(2))
        assert first["id"] != second["id"]
        if at_once:
            assert re.fullmatch("[A-Z2-9]{16}", first["code"])
            assert first["code"] != second["code"]
            assert (first["status"], first["fulfilledAt"]) == ("fulfilled", first["createdAt"])
        else:
            assert (first["status"], first["code"], first["fulfilledAt"]) == ("pending", None, None)

    def test_a_repeat_redeems_again_unless_it_carries_a_key(self, business: Business) -> None:
        ana, reward = business.advocate(points=1000)["id"], make_reward(business, stock=9)["id"]
        key = {"Idempotency-Key": "till-7"}
        answers = [redeem(business, reward, ana, headers=key) for _ in range(2)]
        answers += [redeem(business, reward, ana) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200] * 4
        assert len({answer.json()["redemption"]["id"] for answer in answers}) == 3
        assert answers[0].json() == answers[1].json()
        assert (business.points(ana), get_reward(business, reward)["stock"]) == (700, 6)
        assert len(business.events("reward.redeemed")) == 3

    def test_stock_without_end_stays_so(self, business: Business) -> None:
        ana, reward = business.advocate(points=100)["id"], make_reward(business)["id"]
        assert redeem(business, reward, ana).status_code == 200
        after = get_reward(business, reward)
        assert (after["stock"], after["redemptionCount"]) == (None, 1)

    def test_the_last_unit_and_the_last_points(self, business: Business) -> None:
        ana, reward = business.advocate(points=200)["id"], make_reward(business, stock=1)["id"]
        assert redeem(business, reward, ana).status_code == 200
        assert error_of(redeem(business, reward, ana)) == (400, "OUT_OF_STOCK", None)
        dear = make_reward(business, 101)["id"]
        assert error_of(redeem(business, dear, ana)) == (400, "INSUFFICIENT_POINTS", None)
        assert redeem(business, make_reward(business, 100)["id"], ana).status_code == 200
        assert business.points(ana) == 0

    def test_a_refusal_changes_nothing(self, business: Business) -> None:
        ana, reward = business.advocate(points=99)["id"], make_reward(business, stock=1)
        before = business.events()
        assert error_of(redeem(business, reward["id"], ana)) == (400, "INSUFFICIENT_POINTS", None)
        assert get_reward(business, reward["id"]) == reward
        assert business.points(ana) == 99
        assert business.events() == before

    def test_is_refused_in_the_documented_order(self, business: Business) -> None:
        """Each fault is mended in turn, so that the next one shows."""
        ana, reward = business.advocate()["id"], make_reward(business, stock=0)["id"]
        set_status(business, Reward, reward, "inactive")
        set_status(business, Advocate, ana, "inactive")
        assert error_of(business.post("/rewards/rwd_none/redeem", json={})) == (*INVALID, "advocateId")
        assert error_of(redeem(business, "rwd_none", "adv_none")) == (*MISSING, None)
        assert error_of(redeem(business, reward, "adv_none")) == (*MISSING, "advocateId")
        assert error_of(redeem(business, reward, ana)) == (*CLASH, None)
        set_status(business, Reward, reward, "active")
        assert error_of(redeem(business, reward, ana)) == (*CLASH, "advocateId")
        set_status(business, Advocate, ana, "active")
        assert error_of(redeem(business, reward, ana)) == (400, "OUT_OF_STOCK", None)
        assert get_reward(business, reward)["redemptionCount"] == 0

    def test_an_archived_reward_is_not_to_be_had(self, business: Business) -> None:
        ana, reward = business.advocate(points=100)["id"], make_reward(business)["id"]
        set_status(business, Reward, reward, "archived")
        assert error_of(redeem(business, reward, ana))[:2] == CLASH
        assert business.points(ana) == 100

    @pytest.mark.parametrize(
        "body", [{}, {"advocateId": None}, {"advocateId": ""}, {"advocateId": 5}, {"advocateId": "x" * 65}]
    )
    def test_needs_to_know_who(self, business: Business, body: object) -> None:
        path = f"/rewards/{make_reward(business)['id']}/redeem"
        assert error_of(business.post(path, json=body)) == (*INVALID, "advocateId")

    @pytest.mark.parametrize("reward_id", UNKNOWN_IDS)
    def test_an_unknown_reward_is_missing(self, business: Business, reward_id: str) -> None:
        assert error_of(redeem(business, reward_id, business.advocate()["id"])) == (*MISSING, None)

    @pytest.mark.parametrize("advocate_id", ["adv_00000000000000000000", "ana@example.org", "x" * 64, "\N{SNOWMAN}"])
    def test_an_unknown_advocate_is_missing(self, business: Business, advocate_id: str) -> None:
        assert error_of(redeem(business, make_reward(business)["id"], advocate_id)) == (*MISSING, "advocateId")

    def test_nobody_redeems_across_businesses(self, business: Business, other_business: Business) -> None:
        ana, reward = business.advocate(points=500)["id"], make_reward(business, stock=1)
        bo, other_reward = other_business.advocate(points=500)["id"], make_reward(other_business)["id"]
        assert error_of(redeem(other_business, reward["id"], bo)) == (*MISSING, None)
        assert error_of(redeem(other_business, other_reward, ana)) == (*MISSING, "advocateId")
        assert error_of(redeem(business, reward["id"], bo)) == (*MISSING, "advocateId")
        assert get_reward(business, reward["id"]) == reward
        assert (business.points(ana), other_business.points(bo)) == (500, 500)

    def test_a_read_only_key_may_look_but_not_spend(self, business: Business) -> None:
        ana, reward = business.advocate(points=100)["id"], make_reward(business)["id"]
        reader = business.read_only_key()
        assert business.get(f"/rewards/{reward}", key=reader).status_code == 200
        assert error_of(redeem(business, reward, ana, key=reader))[:2] == (403, "FORBIDDEN")
        made = business.post("/rewards", json={"name": "Mug", "pointsCost": 5}, key=reader)
        assert error_of(made)[:2] == (403, "FORBIDDEN")
        assert business.points(ana) == 100
