"""Rewards against a plain model of them: whatever is done in whatever order, sums and events agree."""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import orjson
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule
from sqlalchemy.orm import Session

from models.kernel.clock import FixedClock
from models.kernel.connection import LazyConnection
from models.kernel.problems import Problem
from models.kernel.vault import Vault
from models.outbox.outbox import Event, Job
from models.saasquatch.rewards import balances, redemptions, rewards
from models.saasquatch.rewards.input import RewardInput
from models.saasquatch.rewards.states import (
    AVAILABLE,
    CANCELLED,
    EXPIRED,
    PENDING,
    REDEEMED,
    available,
    given_at,
    statuses,
)
from models.saasquatch.tables import Account, Reward, User
from models.tenancy.sandboxes import Sandbox
from models.tenancy.tenants import Directory, Tenant
from models.uow import UnitOfWork
from tests.support.machines import run_machine
from troth.database.storage import Storage

START_MS = 1_000_000
ACCOUNT = "a"
USERS = ("ana", "ben")
UNITS = ("CENTS", "cents", "CENTS", "POINT")
PERCENT = st.integers(1, 110)
_tenant_ids = itertools.count(1)


@dataclass
class Plain:
    """A reward as the model knows it."""

    user: str
    unit: str
    assigned: int
    start_ms: int
    expires_ms: int | None
    cancellable: bool
    number: int
    redeemed: int = 0
    cancelled_ms: int | None = None

    def spendable(self, now_ms: int) -> int:
        unusable = self.cancelled_ms is not None or self.expired(now_ms) or self.pending(now_ms)
        return 0 if unusable else self.assigned - self.redeemed

    def expired(self, now_ms: int) -> bool:
        return self.expires_ms is not None and self.expires_ms <= now_ms

    def pending(self, now_ms: int) -> bool:
        """Whether it is not available yet, or was not when it was cancelled."""
        return self.start_ms > (now_ms if self.cancelled_ms is None else self.cancelled_ms)


@dataclass
class Model:
    """All rewards of the account by id."""

    rewards: dict[str, Plain] = field(default_factory=dict)

    def spendable(self, unit: str, user: str | None, now_ms: int) -> int:
        return sum(reward.spendable(now_ms) for reward in self.of(unit, user))

    def of(self, unit: str, user: str | None) -> list[Plain]:
        return [
            reward
            for reward in self.rewards.values()
            if reward.unit.lower() == unit.lower() and user in (None, reward.user)
        ]


def share(whole: int, percent: int) -> int:
    """A part of what there is, or now and then a little more than that."""
    return max(1, whole * percent // 100)


class RewardMachine(RuleBasedStateMachine):
    """Calls the domain and the model side by side."""

    made = Bundle("made")
    storage: Storage

    def __init__(self) -> None:
        super().__init__()
        self.clock = FixedClock(START_MS)
        self.sandbox = Sandbox(1, clock=self.clock, seed=1)
        number = next(_tenant_ids)
        self.tenant = Tenant(number, "saasquatch", f"t{number}", "t", live=True, project="t", sandbox_id=1, settings={})
        self.directory = Directory(Vault("secret"), lambda _: self.clock.now_ms())
        self.session: Session = self.storage.session()
        self.model = Model()
        self.numbers = itertools.count()
        unit = self.unit()
        self.session.add(Account(tenant_id=number, id=ACCOUNT, created_ms=1))
        self.session.add_all(
            [
                User(
                    tenant_id=number,
                    account_id=ACCOUNT,
                    id=name,
                    created_ms=1,
                    modified_ms=1,
                    custom_fields={},
                    segments=[],
                    referred_by_codes=[],
                    search="",
                    image_url="",
                    referral_source="UNKNOWN",
                    referable=True,
                    balance_version=0,
                )
                for name in USERS
            ]
        )
        assert unit.session is self.session
        self.session.commit()

    def unit(self) -> UnitOfWork:
        return UnitOfWork(
            tenant=self.tenant,
            sandbox=self.sandbox,
            connection=LazyConnection.of(self.session),
            directory=self.directory,
            public_url="http://localhost",
            request_number=self.sandbox.next_request_number(self.tenant.id),
        )

    def attempt(self, work, allowed: bool):
        """Run a unit; it is refused exactly when the model does not allow it, and then changes nothing."""
        if not allowed:
            with pytest.raises(Problem):
                work(self.unit())
            self.session.rollback()
            return None
        unit = self.unit()
        result = work(unit)
        unit.finish()
        self.session.commit()
        return result

    def run(self, kind: str, reward_id: str) -> None:
        """Run a job of a reward, without the commit."""
        unit = self.unit()
        rewards.JOBS[kind](unit, reward_id)
        unit.finish()

    @property
    def now_ms(self) -> int:
        return self.clock.at_ms

    @rule(
        target=made,
        user=st.sampled_from(USERS),
        unit=st.sampled_from(UNITS),
        assigned=st.integers(1, 20),
        delay=st.none() | st.integers(-2, 12),
        lifetime=st.none() | st.integers(0, 12),
        cancellable=st.booleans(),
    )
    def create(self, user, unit, assigned, delay, lifetime, cancellable):
        scheduled = None if delay is None else self.now_ms + delay
        start = max(self.now_ms, scheduled or 0)
        expires = None if lifetime is None else start + lifetime
        wanted = RewardInput(
            "CREDIT", unit, scheduled_ms=scheduled, expires_ms=expires, cancellable=cancellable, assigned=assigned
        )
        row = self.attempt(lambda uow: rewards.create(uow, ACCOUNT, user, wanted), allowed=lifetime != 0)
        if row is None:
            return multiple()
        # An account spells a unit in one way: as its first credit of that unit does.
        unit = next((plain.unit for plain in self.model.rewards.values() if plain.unit.lower() == unit.lower()), unit)
        assert row.unit == unit
        self.model.rewards[row.id] = Plain(user, unit, assigned, start, expires, cancellable, next(self.numbers))
        return row.id

    @rule(by=st.integers(1, 10), late=st.booleans())
    def pass_time(self, by, late):
        """Jobs may run late, as those of a dispatcher that was away."""
        self.clock.at_ms += by
        if not late:
            self.do_due_jobs()

    @rule()
    def do_due_jobs(self):
        due = self.unit().scoped(Job).where(Job.due_at_ms <= self.now_ms).order_by(Job.due_at_ms, Job.id)
        for job in self.session.scalars(due).all():
            self.run(job.kind, job.subject)
            self.session.delete(job)
        self.session.commit()

    @rule(reward_id=made, kind=st.sampled_from(sorted(rewards.JOBS)))
    def do_a_job_again(self, reward_id, kind):
        self.run(kind, reward_id)
        self.session.commit()

    @rule(reward_id=made, percent=PERCENT, unit=st.sampled_from(UNITS))
    def redeem(self, reward_id, percent, unit):
        plain = self.model.rewards[reward_id]
        amount = share(plain.spendable(self.now_ms), percent)
        allowed = plain.unit.lower() == unit.lower() and amount <= plain.spendable(self.now_ms)
        debit = self.attempt(lambda uow: redemptions.debit_reward(uow, reward_id, amount=amount, unit=unit), allowed)
        if debit is not None:
            plain.redeemed += amount
            left = self.model.spendable(unit, None, self.now_ms)
            assert (debit.redeemed, debit.available, debit.unit) == (amount, left, plain.unit)

    @rule(percent=PERCENT, unit=st.sampled_from(UNITS), user=st.none() | st.sampled_from(USERS))
    def redeem_from_balance(self, percent, unit, user):
        amount = share(self.model.spendable(unit, user, self.now_ms), percent)
        allowed = amount <= self.model.spendable(unit, user, self.now_ms)
        debit = self.attempt(
            lambda uow: redemptions.debit_balance(uow, ACCOUNT, user_id=user, amount=amount, unit=unit), allowed
        )
        if debit is None:
            return
        left = amount
        found = {id(plain): reward_id for reward_id, plain in self.model.rewards.items()}
        queue = sorted(
            self.model.of(unit, user),
            key=lambda plain: (
                plain.expires_ms if plain.expires_ms is not None else float("inf"),
                plain.start_ms,
                found[id(plain)],
            ),
        )
        for plain in queue:
            taken = min(left, plain.spendable(self.now_ms))
            plain.redeemed += taken
            left -= taken
        assert left == 0
        assert debit.available == self.model.spendable(unit, None, self.now_ms)

    @rule(reward_id=made)
    def cancel(self, reward_id):
        plain = self.model.rewards[reward_id]
        refused = plain.cancelled_ms is not None or plain.expired(self.now_ms) or plain.redeemed > 0
        allowed = plain.cancellable and not refused
        if self.attempt(lambda uow: rewards.cancel(uow, reward_id), allowed) is not None:
            plain.cancelled_ms = self.now_ms

    @invariant()
    def each_reward_agrees(self):
        rows = {row.id: row for row in rewards.list_rewards(self.unit(), ACCOUNT)}
        taken = rewards.redemptions_of_account(self.unit(), ACCOUNT)
        assert set(rows) == set(self.model.rewards)
        for reward_id, plain in self.model.rewards.items():
            row = rows[reward_id]
            assert 0 <= row.redeemed == plain.redeemed <= row.assigned == plain.assigned
            assert sum(redemption.quantity for redemption in taken.get(reward_id, [])) == row.redeemed
            assert available(row, self.now_ms) == plain.spendable(self.now_ms)
            states = statuses(row, self.now_ms)
            assert (AVAILABLE in states) == (plain.spendable(self.now_ms) > 0)
            assert (PENDING in states) == plain.pending(self.now_ms)
            assert (EXPIRED in states) == plain.expired(self.now_ms)
            assert (REDEEMED in states) == (plain.redeemed == plain.assigned)
            assert (CANCELLED in states) == (plain.cancelled_ms is not None)

    @invariant()
    def sums_agree(self):
        for user in (None, *USERS):
            for balance in balances.list_balances(self.unit(), ACCOUNT, user_id=user):
                expected = self.model.spendable(balance.unit, user, self.now_ms)
                assert balance.spendable == expected
                credit = balances.credit_of(self.unit(), ACCOUNT, user, balance.unit)
                assert (credit.available if user is None else credit.available_of_user) == expected
                parts = (balance.assigned, balance.pending, balance.expired, balance.cancelled)
                assert min(*parts, balance.redeemed, balance.spendable) >= 0
                held = self.model.of(balance.unit, user)
                assert sum(parts) == sum(plain.assigned for plain in held)
                assert (balance.redeemed, balance.count) == (sum(plain.redeemed for plain in held), len(held))

    @invariant()
    def events_agree_with_the_balance(self):
        """Once all due jobs have run, a user's newest balance event is the balance; versions grow."""
        reported = defaultdict(dict)
        for event in self.session.scalars(self.unit().scoped(Event).where(Event.type == "user.reward.balance.changed")):
            data = orjson.loads(event.body)["data"]
            versions = reported[data["userId"]]
            assert data["resourceVersion"] not in versions
            versions[data["resourceVersion"]] = (data["unit"].lower(), data["availableValue"])
        due = self.session.scalars(self.unit().scoped(Job).where(Job.due_at_ms <= self.now_ms).limit(1)).first()
        for user in USERS if due is None else ():
            newest = dict(reported[user][version] for version in sorted(reported[user]))
            for unit in ("cents", "point"):
                assert newest.get(unit, 0) == self.model.spendable(unit, user, self.now_ms)

    def teardown(self):
        self.session.close()


@pytest.fixture(scope="module")
def storage() -> Iterator[Storage]:
    made = Storage("sqlite://")
    made.create_tables()
    yield made
    made.close()


def test_sums_and_events_agree_with_a_plain_model(storage: Storage) -> None:
    RewardMachine.storage = storage
    run_machine(RewardMachine, examples=25, steps=30)


def made_of(**members: int | None) -> Reward:
    dates = dict.fromkeys(("given_ms", "scheduled_ms", "expires_ms", "cancelled_ms", "redeemed_ms"))
    return Reward(type="CREDIT", assigned=10, redeemed=0, **{**dates, **members})


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"given_ms": 5}, [AVAILABLE]),
        ({"given_ms": 100}, [AVAILABLE]),
        ({"given_ms": 101}, [AVAILABLE]),
        ({}, [PENDING]),
        ({"scheduled_ms": 101}, [PENDING]),
        ({"scheduled_ms": 100}, [AVAILABLE]),
        ({"scheduled_ms": 101, "cancelled_ms": 50}, [PENDING, CANCELLED]),
        ({"scheduled_ms": 60, "cancelled_ms": 50}, [PENDING, CANCELLED]),
        ({"given_ms": 60, "scheduled_ms": 60, "cancelled_ms": 70}, [CANCELLED]),
        ({"given_ms": 5, "cancelled_ms": 101}, [CANCELLED]),
        ({"given_ms": 5, "expires_ms": 101}, [AVAILABLE]),
        ({"given_ms": 5, "expires_ms": 100}, [EXPIRED]),
        ({"given_ms": 5, "redeemed_ms": 100}, [REDEEMED]),
        ({"given_ms": 5, "redeemed_ms": 90, "expires_ms": 95}, [REDEEMED, EXPIRED]),
        ({"given_ms": 5, "cancelled_ms": 90, "expires_ms": 95}, [EXPIRED, CANCELLED]),
    ],
)
def test_statuses_follow_from_the_dates(members: dict[str, int], expected: list[str]) -> None:
    row = made_of(**members)
    assert statuses(row, 100) == expected
    assert available(row, 100) == (10 if expected == [AVAILABLE] else 0)
    assert (given_at(row, 100) is None) == (PENDING in expected)
