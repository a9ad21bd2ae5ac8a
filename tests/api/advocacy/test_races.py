"""Races: many calls at the same moment leave what the same calls one after another would have left.

On PostgreSQL the units of work run at once, on as many connections as the pool has. A server on a SQLite file runs them
one at a time, but a worker or the command line may write to the same file; so here every thread has a connection of its
own there too, and SQLite's write lock is all that stands between them.

After each race the books are checked: nothing lost, nothing spent twice, nothing out of nowhere.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import orjson
import pytest
from sqlalchemy import func, select, text

from handlers.http import Request
from models.advocacy.advocates import lock_advocate
from models.advocacy.points import move_points
from models.advocacy.tables import Completion, Conversion, Redemption, ReferralClick, ReferralCode
from models.ledger import LedgerBalance, LedgerEntry, LedgerTransaction
from tests.api.advocacy.conftest import Business, make_business
from tests.api.advocacy.test_quests import make_quest, task_ids
from tests.api.advocacy.test_referrals import stats
from tests.api.advocacy.test_rewards import get_reward, make_reward
from tests.support.client import Client
from tests.support.databases import drop_postgres, fresh_postgres
from tests.support.races import racing_client
from troth.app import Server, build
from troth.request.paths import split
from troth.settings import Settings

CALLS = 50
CONNECTIONS = 16
Call = tuple[str, Any]
Reply = tuple[int, Any]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A mock server on a SQLite file, and one on PostgreSQL with more connections than the other tests need."""
    on_file: Path = tmp_path_factory.mktemp("races") / "troth.db"
    url = f"sqlite:///{on_file}" if request.param == "sqlite" else fresh_postgres("races")
    made = build(Settings(mock=True, database_url=url, pool_size=CONNECTIONS), docs=False)
    yield made
    made.close()
    if request.param == "postgres":
        drop_postgres(url)


client = racing_client


def at_once(business: Business, calls: list[Call], **headers: str) -> list[Reply]:
    """POST at the same moment, each call in a thread of its own, through the compiled operations; status and body."""
    barrier = Barrier(len(calls))
    sent = {
        b"authorization": f"Bearer {business.key}".encode(),
        b"content-type": b"application/json",
        **{name.replace("_", "-").encode(): value.encode() for name, value in headers.items()},
    }

    def send(call: Call) -> Reply:
        path, body = call
        found = business.server.compiled.tree.find("POST", split((business.base + path).encode()))
        assert found is not None
        operation, values = found
        request = Request("POST", business.base + path, dict(sent), b"", values, "203.0.113.9", False, operation.info)
        barrier.wait(30)
        reply = operation.run(request, orjson.dumps(body), b"application/json")
        return reply.answer.status, orjson.loads(reply.body)

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(send, calls))


def outcomes(replies: list[Reply]) -> dict[int | str, int]:
    """How often each status came, or for refusals their code."""
    return Counter(status if status < 400 else body["error"]["code"] for status, body in replies)


def count(business: Business, model: Any, *conditions: Any) -> int:
    unit = business.unit()
    with unit.transaction() as session:
        return session.scalar(select(func.count()).where(model.tenant_id == business.tenant.id, *conditions)) or 0


def check_books(business: Business) -> None:
    """The ledger against itself, against what the API shows, and against what caused its transactions."""
    unit = business.unit()
    with unit.transaction() as session:
        entries = session.scalars(unit.scoped(LedgerEntry)).all()
        held = {row.account: row for row in session.scalars(unit.scoped(LedgerBalance))}
        transactions = {row.id: row for row in session.scalars(unit.scoped(LedgerTransaction))}
        caused = {("redemption", row.id): -row.points_spent for row in session.scalars(unit.scoped(Redemption))}
        for kind, model in (("completion", Completion), ("conversion", Conversion)):
            caused |= {(kind, row.id): row.points_awarded for row in session.scalars(unit.scoped(model))}
    check_entries(entries, transactions)
    of_advocates = [entry for entry in entries if not entry.account.startswith("@")]
    check_balances(of_advocates, held)
    references = [
        ((row.reference_type, row.reference_id), entry.amount)
        for entry in of_advocates
        if (row := transactions[entry.transaction_id]).reference_type is not None
    ]
    assert Counter(references) == Counter(item for item in caused.items() if item[1])
    for advocate in business.get("/advocates?limit=100").json()["advocates"]:
        mine = [entry.amount for entry in of_advocates if entry.account == f"advocate/{advocate['id']}"]
        assert advocate["points"] == sum(mine)
        assert advocate["lifetimePoints"] == sum(amount for amount in mine if amount > 0)
    check_events(business, of_advocates)


def check_entries(entries: Any, transactions: dict[str, LedgerTransaction]) -> None:
    """Every transaction sums to zero."""
    sums: dict[str, int] = defaultdict(int)
    for entry in entries:
        sums[entry.transaction_id] += entry.amount
    assert set(sums) == set(transactions)
    assert not any(sums.values())


def check_balances(entries: list[LedgerEntry], held: dict[str, LedgerBalance]) -> None:
    """A balance is the sum of its entries, and what they say it was after each leads from zero to it without a gap."""
    by_account: dict[str, list[LedgerEntry]] = defaultdict(list)
    for entry in entries:
        by_account[entry.account].append(entry)
    assert set(by_account) == set(held)
    for account, mine in by_account.items():
        amounts = [entry.amount for entry in mine]
        assert held[account].balance == sum(amounts)
        assert held[account].credited == sum(amount for amount in amounts if amount > 0)
        after = [entry.balance_after or 0 for entry in mine]
        before = [balance - amount for balance, amount in zip(after, amounts, strict=True)]
        assert min(after) >= 0
        assert Counter([*before, held[account].balance]) == Counter([*after, 0])


def check_events(business: Business, entries: list[LedgerEntry]) -> None:
    """Every change of points is in one event."""
    changes = [event["data"] for event in business.events("points.changed")]
    assert Counter((data["transaction_id"], data["amount"], data["balance_after"]) for data in changes) == Counter(
        (entry.transaction_id, entry.amount, entry.balance_after) for entry in entries
    )


def check_code(business: Business, code: str) -> None:
    """A code's figures against the rows that they count."""
    clicks, conversions, revenue = stats(business, code)
    assert clicks == count(business, ReferralClick, ReferralClick.code == code)
    assert conversions == count(business, Conversion, Conversion.code == code)
    unit = business.unit()
    with unit.transaction() as session:
        summed = session.scalar(
            select(func.sum(Conversion.order_value_minor)).where(
                Conversion.tenant_id == business.tenant.id, Conversion.code == code
            )
        )
    assert (summed or 0) == round(revenue * 100)


def completion(quest: dict[str, Any], advocate_id: str, task_id: str) -> Call:
    return f"/quests/{quest['quest']['id']}/complete", {"advocateId": advocate_id, "taskId": task_id}


def conversion(code: str, order_id: str, order_value: float) -> Call:
    return "/referrals/convert", {"code": code, "orderId": order_id, "orderValue": order_value}


def advocates(business: Business, number: int, points: int = 0) -> list[str]:
    return [business.advocate(f"a{n}@example.org", points)["id"] for n in range(number)]


class TestRedeem:
    def test_the_last_item_goes_to_one(self, business: Business) -> None:
        crowd, reward = advocates(business, 5, points=2000), make_reward(business, stock=1)["id"]
        replies = at_once(business, [(f"/rewards/{reward}/redeem", {"advocateId": crowd[n % 5]}) for n in range(CALLS)])
        assert outcomes(replies) == {200: 1, "OUT_OF_STOCK": CALLS - 1}
        after = get_reward(business, reward)
        assert (after["stock"], after["redemptionCount"]) == (0, 1)
        assert count(business, Redemption) == len(business.events("reward.redeemed")) == 1
        assert sum(business.points(advocate) for advocate in crowd) == 5 * 2000 - 100
        check_books(business)

    def test_the_last_points_are_spent_once(self, business: Business) -> None:
        ana = business.advocate(points=100)["id"]
        rewards = [make_reward(business, stock=CALLS)["id"] for _ in range(5)]
        replies = at_once(business, [(f"/rewards/{rewards[n % 5]}/redeem", {"advocateId": ana}) for n in range(CALLS)])
        assert outcomes(replies) == {200: 1, "INSUFFICIENT_POINTS": CALLS - 1}
        assert business.points(ana) == 0
        left = [get_reward(business, reward) for reward in rewards]
        assert sum(reward["stock"] for reward in left) == 5 * CALLS - 1
        assert sum(reward["redemptionCount"] for reward in left) == count(business, Redemption) == 1
        check_books(business)

    def test_as_many_as_there_are(self, business: Business) -> None:
        crowd, reward = advocates(business, 3, points=5000), make_reward(business, stock=7, type="gift_card")["id"]
        replies = at_once(business, [(f"/rewards/{reward}/redeem", {"advocateId": crowd[n % 3]}) for n in range(CALLS)])
        assert outcomes(replies) == {200: 7, "OUT_OF_STOCK": CALLS - 7}
        assert len({body["redemption"]["code"] for status, body in replies if status == 200}) == 7
        after = get_reward(business, reward)
        assert (after["stock"], after["redemptionCount"], count(business, Redemption)) == (0, 7, 7)
        check_books(business)

    def test_one_idempotency_key_redeems_once(self, business: Business) -> None:
        ana, reward = business.advocate(points=5000)["id"], make_reward(business, stock=9)["id"]
        call = (f"/rewards/{reward}/redeem", {"advocateId": ana})
        replies = at_once(business, [call] * CALLS, idempotency_key="till-7")
        assert outcomes(replies) == {200: CALLS}
        assert len({body["redemption"]["id"] for _, body in replies}) == count(business, Redemption) == 1
        assert (business.points(ana), get_reward(business, reward)["stock"]) == (4900, 8)
        check_books(business)


class TestPoints:
    def test_the_last_points_are_deducted_once(self, business: Business) -> None:
        ana = business.advocate(points=30)["id"]
        replies = at_once(business, [(f"/advocates/{ana}/points", {"amount": -30})] * CALLS)
        assert outcomes(replies) == {200: 1, "INSUFFICIENT_POINTS": CALLS - 1}
        assert business.points(ana) == 0
        check_books(business)

    def test_nothing_awarded_gets_lost(self, business: Business) -> None:
        """The first points too, when there is no balance row yet that anybody could wait for."""
        ana = business.advocate()["id"]
        replies = at_once(business, [(f"/advocates/{ana}/points", {"amount": n}) for n in range(1, CALLS + 1)])
        assert outcomes(replies) == {200: CALLS}
        assert business.points(ana) == sum(range(1, CALLS + 1)) == max(body["newBalance"] for _, body in replies)
        check_books(business)

    def test_one_address_makes_one_advocate(self, business: Business) -> None:
        addresses = ("ana@example.org", "Ana@Example.org", "ANA@EXAMPLE.ORG")
        replies = at_once(business, [("/advocates", {"email": addresses[n % 3]}) for n in range(CALLS)])
        assert outcomes(replies) == {201: 1, "CONFLICT": CALLS - 1}
        assert {body["error"].get("field") for status, body in replies if status != 201} == {"email"}
        assert business.get("/advocates").json()["total"] == count(business, ReferralCode) == 1
        assert len(business.events("advocate.joined")) == 1


class TestComplete:
    def test_a_task_pays_once(self, business: Business) -> None:
        ana, quest = business.advocate()["id"], make_quest(business, 20, 5, reward=100)
        replies = at_once(business, [completion(quest, ana, task_ids(quest)[0])] * CALLS)
        assert outcomes(replies) == {200: CALLS}
        assert Counter(body["pointsAwarded"] for _, body in replies) == {20: 1, 0: CALLS - 1}
        assert len({orjson.dumps(body["completion"]) for _, body in replies}) == count(business, Completion) == 1
        assert business.points(ana) == 20
        assert len(business.events("quest.task_completed")) == 1
        check_books(business)

    def test_of_two_last_tasks_one_pays_the_bonus(self, business: Business) -> None:
        """A pair of calls for each of many advocates, so that many pairs meet."""
        crowd, quest = advocates(business, CALLS // 2), make_quest(business, 20, 5, reward=100)
        calls = [completion(quest, advocate, task) for advocate in crowd for task in task_ids(quest)]
        replies = at_once(business, calls)
        assert outcomes(replies) == {200: CALLS}
        for first, second in zip(replies[::2], replies[1::2], strict=True):
            both = (first[1]["completion"], second[1]["completion"])
            assert sorted(done["questCompleted"] for done in both) == [False, True]
            assert sum(done["pointsAwarded"] for done in both) == 125
        assert {business.points(advocate) for advocate in crowd} == {125}
        assert sorted(event["data"]["advocate_id"] for event in business.events("quest.completed")) == sorted(crowd)
        check_books(business)

    def test_all_tasks_of_one_advocate_at_once(self, business: Business) -> None:
        ana, quest = business.advocate()["id"], make_quest(business, *range(1, CALLS + 1), reward=1000)
        replies = at_once(business, [completion(quest, ana, task) for task in task_ids(quest)])
        assert outcomes(replies) == {200: CALLS}
        assert sum(body["completion"]["questCompleted"] for _, body in replies) == 1
        assert len(business.events("quest.completed")) == 1
        assert business.points(ana) == sum(range(1, CALLS + 1)) + 1000
        check_books(business)


class TestReferrals:
    def test_an_order_counts_and_pays_once(self, business: Business) -> None:
        ana = business.advocate()
        replies = at_once(business, [conversion(ana["referralCode"], "o", 8.2)] * CALLS)
        assert outcomes(replies) == {200: CALLS}
        assert Counter(body["pointsAwarded"] for _, body in replies) == {100: 1, 0: CALLS - 1}
        assert len({orjson.dumps(body["conversion"]) for _, body in replies}) == 1
        assert business.points(ana["id"]) == 100
        assert stats(business, ana["referralCode"]) == (0, 1, 8.2)
        assert len(business.events("referral.converted")) == 1
        check_code(business, ana["referralCode"])
        check_books(business)

    def test_of_many_codes_for_an_order_one_wins(self, business: Business) -> None:
        """Different codes are different locks: here the order's unique id decides."""
        made = [business.advocate(f"a{n}@example.org") for n in range(10)]
        codes = [advocate["referralCode"] for advocate in made]
        calls = [conversion(codes[n % 10], "o", 10 + n // 10 % 2) for n in range(CALLS)]
        replies = at_once(business, calls)
        paid = [body["conversion"] for _, body in replies if body.get("pointsAwarded")]
        assert len(paid) == 1
        winner = (paid[0]["code"], paid[0]["orderValue"])
        for (_, body), (status, answer) in zip(calls, replies, strict=True):
            if (body["code"], body["orderValue"]) == winner:
                assert (status, answer["conversion"]) == (200, paid[0])
            else:
                assert (status, answer["error"]["code"], answer["error"]["field"]) == (409, "CONFLICT", "orderId")
        assert sum(business.points(advocate["id"]) for advocate in made) == 100
        assert [stats(business, code) for code in codes if code != winner[0]] == [(0, 0, 0)] * 9
        for code in codes:
            check_code(business, code)
        check_books(business)

    def test_no_order_gets_lost(self, business: Business) -> None:
        code = business.advocate()["referralCode"]
        replies = at_once(business, [conversion(code, f"o{n}", n / 100) for n in range(CALLS)])
        assert outcomes(replies) == {200: CALLS}
        assert stats(business, code) == (0, CALLS, sum(range(CALLS)) / 100)
        check_code(business, code)
        check_books(business)

    def test_a_visitor_counts_once(self, business: Business) -> None:
        code = business.advocate()["referralCode"]
        replies = at_once(business, [("/referrals/track", {"code": code, "visitorId": "v"})] * CALLS)
        assert outcomes(replies) == {200: CALLS}
        assert stats(business, code) == (1, 0, 0)
        check_code(business, code)

    def test_no_visitor_gets_lost(self, business: Business) -> None:
        code = business.advocate()["referralCode"]
        calls = [("/referrals/track", {"code": code, "visitorId": f"v{n // 2}"}) for n in range(CALLS)]
        replies = at_once(business, calls)
        assert outcomes(replies) == {200: CALLS}
        assert stats(business, code)[0] == CALLS // 2
        check_code(business, code)


@pytest.mark.parametrize("points", [0, 5])
def test_a_call_that_waits_for_its_advocate_holds_no_balance(business: Business, points: int) -> None:
    """Who holds an advocate may lock the balance then, and what it adds is there for the call that waited."""
    ana = business.advocate(points=points)
    with ThreadPoolExecutor(1) as threads:
        unit = business.unit()
        with unit.transaction():
            lock_advocate(unit, ana["id"])
            waiting = threads.submit(at_once, business, [conversion(ana["referralCode"], "o", 1)])
            time.sleep(0.3)
            assert not waiting.done()
            if unit.connection.dialect.name == "postgresql":
                unit.session.execute(text("SET LOCAL lock_timeout = '100ms'"))
            move_points(unit, ana["id"], 20, kind="award")
        assert outcomes(waiting.result(30)) == {200: 1}
    assert business.points(ana["id"]) == points + 120
    check_books(business)


def test_everything_at_once_neither_waits_for_ever_nor_loses_anything(server: Server, client: Client) -> None:
    """All ways to points, for the same few people: two rows are locked in the same order everywhere."""
    business = make_business(server, client, referral_points=7)
    made = [business.advocate(f"a{n}@example.org", points=100) for n in range(2)]
    rewards = [make_reward(business, 10, stock=4)["id"] for _ in range(2)]
    quest = make_quest(business, *range(1, 7), reward=11)
    calls: list[Call] = []
    for n in range(6):
        for advocate in made:
            calls += [
                (f"/advocates/{advocate['id']}/points", {"amount": (3, -2)[n % 2]}),
                (f"/rewards/{rewards[n % 2]}/redeem", {"advocateId": advocate["id"]}),
                completion(quest, advocate["id"], task_ids(quest)[n]),
                conversion(advocate["referralCode"], f"o{n}", n),
            ]
    found = outcomes(at_once(business, calls))
    # Of each order the code that came first has it. Each balance covers all that may be taken: stock decides.
    assert found == {200: 2 * 6 + 8 + 2 * 6 + 6, "OUT_OF_STOCK": 4, "CONFLICT": 6}
    each = 100 + 3 * 3 - 3 * 2 + sum(range(1, 7)) + 11
    assert sum(business.points(advocate["id"]) for advocate in made) == 2 * each - 8 * 10 + 6 * 7
    for advocate in made:
        check_code(business, advocate["referralCode"])
    check_books(business)
