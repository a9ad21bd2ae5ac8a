"""Points, rewards, quests and referrals against a plain model: whatever is done in whatever order, they agree."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.api.advocacy.conftest import Business, make_business
from tests.api.advocacy.test_quests import complete, make_quest, set_status, task_ids
from tests.api.advocacy.test_races import check_books, check_code
from tests.api.advocacy.test_referrals import convert, track
from tests.api.advocacy.test_rewards import make_reward, redeem
from tests.support.client import Client
from tests.support.machines import run_machine
from troth.app import Server

REFERRAL_POINTS = 40
WHO, WHAT = st.integers(0, 1), st.integers(0, 1)
"""Two of everything: few enough that steps meet, two so that they can also miss each other."""
EXAMPLES_SQLITE, EXAMPLES_POSTGRES, STEPS = 8, 3, 30


@dataclass
class Person:
    """An advocate as the model knows them, with the figures of their code."""

    id: str
    code: str
    points: int = 0
    lifetime: int = 0
    visitors: set[str] = field(default_factory=set)
    orders: dict[str, int] = field(default_factory=dict)

    def add(self, amount: int) -> bool:
        """Add points, or take them; False, and nothing done, when there are too few."""
        if self.points + amount < 0:
            return False
        self.points += amount
        self.lifetime += max(0, amount)
        return True


@dataclass
class Thing:
    """A reward as the model knows it; without stock there is no end to it."""

    id: str
    cost: int
    stock: int | None
    taken: int = 0


@dataclass
class Journey:
    """A quest as the model knows it. `done` are the pairs of advocate and task."""

    shown: dict[str, Any]
    points: list[int]
    bonus: int
    active: bool = True
    done: set[tuple[int, int]] = field(default_factory=set)


class AdvocacyMachine(RuleBasedStateMachine):
    """Calls the API and the model side by side."""

    server: Server
    client: Client
    business: Business

    @initialize(
        costs=st.tuples(st.integers(1, 60), st.integers(1, 60)),
        stock=st.integers(0, 3),
        worth=st.lists(st.integers(0, 30), min_size=1, max_size=3),
        bonus=st.integers(0, 50),
    )
    def begin(self, costs, stock, worth, bonus):
        self.business = make_business(self.server, self.client, referral_points=REFERRAL_POINTS)
        made = [self.business.advocate(f"a{n}@example.org") for n in range(2)]
        self.people = [Person(advocate["id"], advocate["referralCode"]) for advocate in made]
        self.things = [
            Thing(make_reward(self.business, cost, stock=left)["id"], cost, left)
            for cost, left in zip(costs, (stock, None), strict=True)
        ]
        self.journeys = [
            Journey(make_quest(self.business, *points, reward=extra), points, extra)
            for points, extra in ((worth, bonus), ([5, 10], 20))
        ]

    @rule(who=WHO, amount=st.integers(-60, 60).filter(bool), typed=st.booleans())
    def change_points(self, who, amount, typed):
        person = self.people[who]
        body = {"amount": abs(amount), "type": "award" if amount > 0 else "deduct"} if typed else {"amount": amount}
        answer = self.business.post(f"/advocates/{person.id}/points", json=body)
        if person.add(amount):
            assert (answer.status_code, answer.json()["newBalance"]) == (200, person.points)
        else:
            assert refusal(answer) == "INSUFFICIENT_POINTS"

    @rule(who=WHO, what=WHAT)
    def redeem(self, who, what):
        person, thing = self.people[who], self.things[what]
        answer = redeem(self.business, thing.id, person.id)
        if thing.stock == 0:
            assert refusal(answer) == "OUT_OF_STOCK"
        elif not person.add(-thing.cost):
            assert refusal(answer) == "INSUFFICIENT_POINTS"
        else:
            thing.stock = None if thing.stock is None else thing.stock - 1
            thing.taken += 1
            assert answer.json()["redemption"]["pointsSpent"] == thing.cost

    @rule(who=WHO, what=WHAT, task=st.integers(0, 2))
    def complete(self, who, what, task):
        person, journey = self.people[who], self.journeys[what]
        task %= len(journey.points)
        answer = complete(self.business, journey.shown, person.id, task_ids(journey.shown)[task])
        if (who, task) in journey.done:
            assert answer.json()["pointsAwarded"] == 0
        elif not journey.active:
            assert refusal(answer) == "CONFLICT"
        else:
            journey.done.add((who, task))
            finished = all((who, n) in journey.done for n in range(len(journey.points)))
            paid = journey.points[task] + (journey.bonus if finished else 0)
            person.add(paid)
            assert (answer.json()["pointsAwarded"], answer.json()["completion"]["questCompleted"]) == (paid, finished)

    @precondition(lambda self: any(journey.done for journey in self.journeys))
    @rule(what=WHAT, active=st.booleans())
    def pause_or_resume(self, what, active):
        self.journeys[what].active = active
        set_status(self.business, self.journeys[what].shown["quest"]["id"], "active" if active else "paused")

    @rule(who=WHO, order=st.integers(0, 5).map(str), cents=st.sampled_from([0, 7, 820, 7990]))
    def convert(self, who, order, cents):
        person = self.people[who]
        answer = convert(self.business, person.code, order, cents / 100)
        first = next((other for other in self.people if order in other.orders), None)
        if first is None:
            person.orders[order] = cents
            person.add(REFERRAL_POINTS)
            assert answer.json()["pointsAwarded"] == REFERRAL_POINTS
        elif first is person and person.orders[order] == cents:
            assert answer.json()["pointsAwarded"] == 0
        else:
            assert refusal(answer) == "CONFLICT"

    @rule(who=WHO, visitor=st.sampled_from("vwx"))
    def track(self, who, visitor):
        assert track(self.business, self.people[who].code, visitor).json() == {"tracked": True}
        self.people[who].visitors.add(visitor)

    @invariant()
    def advocates_agree(self):
        shown = {advocate["id"]: advocate for advocate in self.business.get("/advocates").json()["advocates"]}
        assert set(shown) == {person.id for person in self.people}
        for person in self.people:
            assert (shown[person.id]["points"], shown[person.id]["lifetimePoints"]) == (person.points, person.lifetime)

    def rewards_agree(self):
        listed = self.business.get("/rewards").json()["rewards"]
        shown = {reward["id"]: (reward["stock"], reward["redemptionCount"]) for reward in listed}
        assert shown == {thing.id: (thing.stock, thing.taken) for thing in self.things}

    def codes_agree(self):
        shown = {
            code["code"]: (code["clicks"], code["conversions"], code["revenue"])
            for code in self.business.get("/referrals").json()["referrals"]
        }
        assert shown == {
            person.code: (len(person.visitors), len(person.orders), sum(person.orders.values()) / 100)
            for person in self.people
        }

    def teardown(self):
        """What only grows, or falls, need not be looked at after each step."""
        if hasattr(self, "people"):
            self.rewards_agree()
            self.codes_agree()
            check_books(self.business)
            for person in self.people:
                check_code(self.business, person.code)


def refusal(answer: Any) -> str:
    """The code of a refusal."""
    code: str = answer.json()["error"]["code"]
    return code


def test_everything_agrees_with_a_plain_model(server: Server, client: Client) -> None:
    AdvocacyMachine.server, AdvocacyMachine.client = server, client
    examples = EXAMPLES_SQLITE if server.runtime.storage.inline else EXAMPLES_POSTGRES
    run_machine(AdvocacyMachine, examples=examples, steps=STEPS)
