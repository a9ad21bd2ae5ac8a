"""Missions against a plain model: whatever is counted in whatever order and time, they agree."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from models.kernel.clock import DAY_MS
from tests.api.loyalty_core.conftest import Club, make_club
from tests.api.loyalty_core.test_missions import NEW, add, touch
from tests.support.client import Client
from tests.support.machines import run_machine
from tests.support.refusals import assert_refused
from troth.app import Server

MEMBERS, MISSIONS, POINTS = 2, 2, 7
WHO, WHICH = st.integers(0, MEMBERS - 1), st.integers(0, MISSIONS - 1)
DAYS = st.sampled_from([0, 0, 1, 6, 31])
WHAT = st.sampled_from(["event", "event", "event", "increment", "increment", "replay", "goal", "repetitions", "toggle"])
PERIODS = st.sampled_from([None, "day", "week", "month", "year"])
EXAMPLES_SQLITE, EXAMPLES_POSTGRES, STEPS = 12, 2, 25


@dataclass
class Progress:
    """How far a member is, one count after the other."""

    counted: int = 0
    towards: int = 0
    achieved: int = 0
    by_period: dict[Any, int] = field(default_factory=dict)


@dataclass
class Mission:
    """A mission as the model knows it."""

    goal: int
    repetitions: int
    period: str | None
    limit: int | None
    active: bool = True
    members: list[Progress] = field(default_factory=lambda: [Progress() for _ in range(MEMBERS)])

    def now(self, now_ms: int) -> Any:
        at = datetime.fromtimestamp(now_ms // 1000, UTC)
        return {
            "day": at.date(),
            "week": at.isocalendar()[:2],
            "month": (at.year, at.month),
            "year": at.year,
            None: None,
        }[self.period]

    def is_open(self, who: int, now_ms: int) -> bool:
        one = self.members[who]
        return (
            self.active
            and one.achieved < self.repetitions
            and (self.limit is None or one.by_period.get(self.now(now_ms), 0) < self.limit)
        )

    def count(self, who: int, now_ms: int) -> None:
        one = self.members[who]
        if not self.is_open(who, now_ms):
            return
        one.counted += 1
        one.towards = min(one.towards, self.goal - 1) + 1  # what counted towards a higher goal lacks one of this one
        if one.towards == self.goal:
            one.towards = 0
            one.achieved += 1
            one.by_period[self.now(now_ms)] = one.by_period.get(self.now(now_ms), 0) + 1


class MissionMachine(RuleBasedStateMachine):
    """Calls the API and the model side by side."""

    server: Server
    client: Client

    @initialize(periods=st.tuples(PERIODS, PERIODS), limits=st.tuples(st.integers(1, 3), st.integers(1, 3)))
    def begin(self, periods, limits):
        self.club: Club = make_club(self.server, self.client)
        self.crowd = [self.club.member(f"m{n}") for n in range(MEMBERS)]
        self.keys = itertools.count(1)
        self.sent: list[tuple[Any, ...]] = []
        self.missions = []
        for number, (period, limit) in enumerate(zip(periods, limits, strict=True)):
            mission = Mission(goal=2 + number, repetitions=4, period=period, limit=None if period is None else limit)
            self.missions.append(mission)
            timed = {} if period is None else {"repetitionPeriod": period, "periodLimit": limit}
            self.club.made("/missions", **{**self.body(number), **timed})

    def body(self, which: int) -> dict[str, Any]:
        mission = self.missions[which]
        return {
            **NEW,
            "code": f"m{which}",
            "goalCount": mission.goal,
            "maxRepetitions": mission.repetitions,
            "active": mission.active,
            "pointsAccrual": POINTS,
        }

    def change(self, which: int) -> None:
        assert self.club.put(f"/missions/{which + 1}", json=self.body(which)).status_code == 200

    # Steps: one rule draws them all evenly, since Hypothesis would leave out most of many rules in each run

    @rule(what=WHAT, days=DAYS, who=WHO, which=WHICH, number=st.integers(1, 9))
    def step(self, what, days, who, which, number):
        self.club.advance(days * DAY_MS)
        mission, now_ms = self.missions[which], self.club.now_ms
        if what == "event":
            touch(self.club, self.crowd[who])
            for each in self.missions:
                each.count(who, now_ms)
        elif what == "increment":
            self.increment(mission, who, which, number, now_ms)
        elif what == "replay":
            self.replay(number)
        elif what == "toggle":
            mission.active = not mission.active
            self.change(which)
        else:
            if what == "goal":
                mission.goal = 1 + number % 5
            else:
                mission.repetitions = number
            self.change(which)

    def increment(self, mission, who, which, amount, now_ms):
        key = f"k{next(self.keys)}"
        answer = add(self.club, self.crowd[who], amount, which + 1, systemUniqueKey=key)
        if not mission.is_open(who, now_ms):
            assert answer.status_code == 409
            return
        for _ in range(amount):
            mission.count(who, now_ms)
        one = mission.members[who]
        balance = answer.json()["balance"]
        assert (balance["counterCount"], balance["progressCount"], balance["timesAchieved"]) == (
            one.counted,
            one.towards,
            one.achieved,
        )
        assert balance["available"] == mission.is_open(who, now_ms)
        self.sent.append((self.crowd[who], amount, which + 1, key, answer.json()))

    def replay(self, number):
        if not self.sent:
            return
        member, amount, which, key, first = self.sent[number % len(self.sent)]
        assert add(self.club, member, amount, which, systemUniqueKey=key).json() == first
        assert_refused(add(self.club, member, amount + 1, which, systemUniqueKey=key), 409, "SYSTEM_UNIQUE_KEY_REUSED")

    @invariant()
    def counters_agree(self):
        for who, member in enumerate(getattr(self, "crowd", ())):
            rows = self.club.get(f"/members/{member['memberId']}/missions").json()["results"]
            for mission, row in zip(self.missions, rows, strict=True):
                one, is_open = mission.members[who], mission.is_open(who, self.club.now_ms)
                in_period = (
                    one.achieved if mission.period is None else one.by_period.get(mission.now(self.club.now_ms), 0)
                )
                towards = min(one.towards, mission.goal - 1)
                assert (
                    row["counterCount"],
                    row["progressCount"],
                    row["timesAchieved"],
                    row["timesAchievedInPeriod"],
                    row["available"],
                    row["inProgress"],
                ) == (one.counted, towards, one.achieved, in_period, is_open, towards > 0)
            paid = sum(mission.members[who].achieved for mission in self.missions) * POINTS
            assert self.club.points(member["walletId"])[0] == paid

    def teardown(self):
        """Each achievement is in an event."""
        if hasattr(self, "crowd"):
            reported = sum(event["data"]["achieved"] for event in self.club.events("mission-status-updated"))
            assert reported == sum(one.achieved for mission in self.missions for one in mission.members)


def test_everything_agrees_with_a_plain_model(server: Server, client: Client) -> None:
    MissionMachine.server, MissionMachine.client = server, client
    examples = EXAMPLES_SQLITE if server.runtime.storage.inline else EXAMPLES_POSTGRES
    run_machine(MissionMachine, examples=examples, steps=STEPS)
