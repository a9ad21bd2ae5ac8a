"""What makes credit available stands in SQL and in Python: both say the same of every reward.

Every combination of dates before, at and after the present, and none, for each date that a reward has.
"""

from itertools import product

import pytest
from sqlalchemy import select

from models.kernel.problems import Problem
from models.saasquatch.exports.balances import worth
from models.saasquatch.rewards import balances, redemptions
from models.saasquatch.rewards.balances import Balance
from models.saasquatch.rewards.queries import spendable_conditions, spendable_rewards
from models.saasquatch.rewards.states import CREDIT, available, statuses
from models.saasquatch.tables import Account, Redemption, Reward, User
from models.uow import UnitOfWork
from tests.support.client import Client
from tests.support.tenants import ApiTenant, fresh_alias
from troth.apis import domain_of
from troth.app import Server

NOW_MS = 1_000_000
DATES = (None, NOW_MS - 1, NOW_MS, NOW_MS + 1)
COLUMNS = ("given_ms", "scheduled_ms", "expires_ms", "cancelled_ms", "redeemed_ms")
PLAIN = (
    "program_id",
    "program_reward_key",
    "referral_id",
    "name",
    "description",
    "currency",
    "percent",
    "amount",
    "fuel_tank_code",
    "fuel_tank_type",
    "integration",
)


@pytest.fixture
def tenant(server: Server, client: Client) -> ApiTenant:
    alias = fresh_alias()
    with server.runtime.storage.session() as session, session.begin():
        made = domain_of("saasquatch").provision.create(
            session,
            server.runtime.directory.vault,
            given={},
            settings={},
            alias=alias,
            name=alias,
            live=True,
            project=alias,
            sandbox_id=1,
            now_ms=1,
        )
    found = ApiTenant(server, client, made.tenant, "/saasquatch")
    unit = found.unit()
    with unit.transaction() as session:
        session.add(Account(tenant_id=unit.tenant_id, id="a", created_ms=1))
        session.add(
            User(
                tenant_id=unit.tenant_id,
                account_id="a",
                id="u",
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
        )
    return found


def dated(tenant: ApiTenant, now_ms: int) -> UnitOfWork:
    """A unit that is given its present, as that of a server whose clock is behind the one that wrote a row."""
    unit = tenant.unit()
    return UnitOfWork(
        tenant=unit.tenant,
        sandbox=unit.sandbox,
        connection=unit._connection,
        directory=unit.directory,
        public_url=unit.public_url,
        request_number=unit.request_number,
        now_ms=now_ms,
    )


def new_reward(unit: UnitOfWork, number: int, *, kind: str = CREDIT, redeemed: int = 0, **dates: int | None) -> Reward:
    members = {**dict.fromkeys((*COLUMNS, *PLAIN)), **dates}
    return Reward(
        tenant_id=unit.tenant_id,
        id=f"{number:024x}",
        type=kind,
        account_id="a",
        user_id="u",
        source="MANUAL",
        unit="POINT",
        cancellable=True,
        assigned=10 if kind == CREDIT else None,
        redeemed=redeemed,
        created_ms=1,
        modified_ms=1,
        **members,
    )


def test_sql_and_python_agree_on_what_can_be_spent(tenant: ApiTenant) -> None:
    unit = dated(tenant, NOW_MS)
    grid = list(product(DATES, repeat=len(COLUMNS)))
    with unit.transaction() as session:
        session.add_all(
            [
                # `redeemed_ms`, the last date, is written with the last of the credit.
                new_reward(
                    unit,
                    number,
                    kind=CREDIT if number % 5 else "PCT_DISCOUNT",
                    redeemed=number % 3 if dates[-1] is None else 10,
                    **dict(zip(COLUMNS, dates, strict=True)),
                )
                for number, dates in enumerate(grid)
            ]
        )
        session.flush()
        rows = list(session.scalars(unit.scoped(Reward)))
        by_sql = set(
            session.scalars(select(Reward.id).where(Reward.tenant_id == unit.tenant_id, *spendable_conditions(NOW_MS)))
        )
        assert len(rows) == 4 ** len(COLUMNS)
        for row in rows:
            states = statuses(row, NOW_MS)
            assert (row.id in by_sql) == (available(row, NOW_MS) > 0), (row.id, states)
            one = Balance(row.type, row.unit)
            one.add(row, NOW_MS)
            assert one.spendable == available(row, NOW_MS)
            if row.type == CREDIT:
                assert worth(row, states, row.redeemed) == available(row, NOW_MS)
                assert one.assigned + one.pending + one.expired + one.cancelled == row.assigned
        total = balances.credit_of(unit, "a", None, "point").available
        assert total == sum(available(row, NOW_MS) for row in rows) > 0
        assert {row.id for row in unit.rows(spendable_rewards(of_user=False), account_id="a", now_ms=NOW_MS)} == by_sql
        [shown] = balances.list_balances(unit, "a", reward_type=CREDIT)
        assert shown.spendable == total


@pytest.mark.parametrize("ahead_ms", [1, 60_000])
def test_what_a_server_with_a_faster_clock_gave_can_be_spent(tenant: ApiTenant, ahead_ms: int) -> None:
    """Two rewards, one dated after the unit's present: both count, and both are taken from."""
    unit = dated(tenant, NOW_MS)
    with unit.transaction() as session:
        session.add_all([new_reward(unit, 1, given_ms=NOW_MS + ahead_ms), new_reward(unit, 2, given_ms=NOW_MS - 5)])
    unit = dated(tenant, NOW_MS)
    with unit.transaction() as session:
        debit = redemptions.debit_balance(unit, "a", user_id=None, amount=13, unit="POINT")
        unit.finish()
        assert (debit.redeemed, debit.available) == (13, 7)
        stored = {row.id: row.redeemed for row in session.scalars(unit.scoped(Reward))}
        assert sum(stored.values()) == sum(row.quantity for row in session.scalars(unit.scoped(Redemption))) == 13
    [change] = [event["data"] for event in tenant.events("user.reward.balance.changed")]
    assert change["availableValue"] == 7


def test_one_reward_of_a_faster_clock_can_be_spent_and_cancelled(tenant: ApiTenant) -> None:
    unit = dated(tenant, NOW_MS)
    with unit.transaction() as session:
        session.add_all([new_reward(unit, number, given_ms=NOW_MS + 7) for number in (1, 2)])
    unit = dated(tenant, NOW_MS)
    with unit.transaction() as session:
        assert redemptions.debit_reward(unit, f"{1:024x}", amount=4, unit="POINT").available == 16
        unit.finish()


def test_what_a_faster_clock_has_taken_back_or_spent_is_gone(tenant: ApiTenant) -> None:
    unit = dated(tenant, NOW_MS)
    with unit.transaction() as session:
        session.add_all(
            [
                new_reward(unit, 1, given_ms=5, cancelled_ms=NOW_MS + 7),
                new_reward(unit, 2, given_ms=5, redeemed_ms=NOW_MS + 7, redeemed=10),
            ]
        )
    for reward_id in (f"{1:024x}", f"{2:024x}"):
        unit = dated(tenant, NOW_MS)
        with unit.transaction(), pytest.raises(Problem, match=r"cancelled|redeemed"):
            redemptions.debit_reward(unit, reward_id, amount=1, unit="POINT")


def test_a_debit_that_would_take_less_than_asked_is_not_committed(
    tenant: ApiTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the two rules come apart again, the caller gets an error instead of a wrong answer."""
    unit = dated(tenant, NOW_MS)
    with unit.transaction() as session:
        session.add(new_reward(unit, 1, given_ms=5))
    calls = iter((10, 4))
    monkeypatch.setattr(redemptions, "available", lambda _row, _now_ms: next(calls))
    unit = dated(tenant, NOW_MS)
    with unit.transaction(), pytest.raises(RuntimeError, match="10 asked for, 4 written"):
        redemptions.debit_balance(unit, "a", user_id=None, amount=10, unit="POINT")


def test_a_report_of_an_earlier_instant_knows_nothing_of_what_came_later() -> None:
    row = Reward(
        type=CREDIT,
        assigned=10,
        redeemed=10,
        given_ms=50,
        scheduled_ms=None,
        expires_ms=None,
        cancelled_ms=None,
        redeemed_ms=90,
    )
    assert [statuses(row, at_ms, past=True) for at_ms in (49, 50, 89, 90)] == [
        ["PENDING"],
        ["AVAILABLE"],
        ["AVAILABLE"],
        ["REDEEMED"],
    ]
    assert statuses(row, 49) == ["REDEEMED"]
