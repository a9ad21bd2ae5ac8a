"""What a request does beside the event loop: long reads on a SQLite file, and preparations such as hashing a
password.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from models import passwords
from models.advocacy.tables import Board
from models.kernel.connection import LazyConnection
from models.loyalty_core.ledger.tables import PointAccount
from models.saasquatch.tables import User
from models.saasquatch.users import users
from models.uow import UnitOfWork
from tests.support.client import BASE_URL, segment
from tests.support.refusals import assert_refused
from troth.app import Server
from troth.bounded_pool import BoundedPool
from troth.mock.run import build_mock
from troth.settings import Settings

KEY = ("", "LIVE_DEMO0KEY0SAASQUATCH0TROTH0MOCK")
SAASQUATCH = "/saasquatch/api/v1/demo"
ADVOCACY, ADVOCACY_KEY = "/advocacy/api/v1", {"authorization": "Bearer sk_live_DEMO0KEY0ADVOCACY0TROTH0MOCK"}
CORE, CORE_TOKEN = "/loyalty-core/api/v1", {"authorization": "Bearer lc_DEMO0TOKEN0LOYALTY0CORE0TROTH0MOCK"}
ORGANIZATION = f"{CORE}/organizations/1"
CORE_TENANT = 7
"""The number of the demo's organization 1 among the tenants."""

PERSON = {
    "userName": "lena",
    "email": "lena@example.org",
    "name": "Lena",
    "nickname": "L",
    "profilePictureUrl": "https://example.org/l.png",
    "active": True,
    "customAttributes": {},
    "isSystemAdmin": False,
    "isAdmin": False,
    "pendingProvisioning": False,
    "roles": [],
    "authClientId": "app",
    "password": "first-light-at-six",
}


@pytest.fixture(scope="module")
def on_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo on a SQLite file."""
    folder = tmp_path_factory.mktemp("beside")
    made = build_mock(
        Settings(
            mock=True, database_url=f"sqlite:///{folder / 'troth.db'}", fixed_clock=True, files_dir=folder / "files"
        ),
        "demo",
    )
    yield made
    made.close()


@pytest.fixture(scope="module")
def in_memory() -> Iterator[Server]:
    made = build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True), "demo")
    yield made
    made.close()


def run(server: Server, work: Callable[[httpx2.AsyncClient], Any]) -> Any:
    """Do something with a client of a server, in an event loop."""

    async def main() -> Any:
        transport = httpx2.ASGITransport(app=server.app, raise_app_exceptions=False, client=("203.0.113.9", 1234))
        async with httpx2.AsyncClient(transport=transport, base_url=BASE_URL, timeout=30) as client:
            return await asyncio.wait_for(work(client), 30)

    return asyncio.run(main())


def get(server: Server, path: str, **options: Any) -> Any:
    return run(server, lambda client: client.get(path, **options))


def cause(server: Server, key: str) -> int:
    """How many requests and jobs of a tenant have been counted."""
    sandbox = server.runtime.main
    with server.runtime.storage.session() as session:
        api, alias = key.split("/")
        tenant = server.runtime.directory.tenant(LazyConnection.of(session), api, alias)
    assert tenant is not None
    counter = sandbox._request_numbers[tenant.id]
    return int(repr(counter).removeprefix("count(").removesuffix(")"))


class Gate:
    """Stops a function of the domain in the middle, and notes the threads that it was called in."""

    def __init__(self) -> None:
        self.threads: list[str] = []
        self.reached, self.opened = threading.Event(), threading.Event()

    def wrap(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def gated(*arguments: Any, **named: Any) -> Any:
            self.threads.append(threading.current_thread().name)
            self.reached.set()
            assert self.opened.wait(20)
            return function(*arguments, **named)

        return gated


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    made = Gate()
    monkeypatch.setattr(users, "list_users", made.wrap(users.list_users))
    monkeypatch.setattr(passwords, "hash_password", made.wrap(passwords.hash_password))
    return made


class TestLongReads:
    def test_a_long_page_is_read_in_a_thread_and_a_short_one_is_not(self, on_file: Server, gate: Gate) -> None:
        gate.opened.set()
        for query in ("limit=1000", "limit=10&offset=5000", "limit=10&query=e", "limit=10"):
            assert get(on_file, f"{SAASQUATCH}/users?{query}", auth=KEY).status_code == 200
        assert ["troth-read" in name for name in gate.threads] == [True, True, True, False]

    def test_in_memory_it_is_read_where_the_connection_is(self, in_memory: Server, gate: Gate) -> None:
        gate.opened.set()
        assert get(in_memory, f"{SAASQUATCH}/users?limit=1000", auth=KEY).status_code == 200
        assert gate.threads == [threading.current_thread().name]

    def test_others_read_and_write_meanwhile(self, on_file: Server, gate: Gate) -> None:
        async def work(client: httpx2.AsyncClient) -> list[int]:
            long = asyncio.create_task(client.get(f"{SAASQUATCH}/users?limit=1000", auth=KEY))
            await asyncio.to_thread(gate.reached.wait, 20)
            others = [
                await client.get(f"{ADVOCACY}/advocates?limit=1", headers=ADVOCACY_KEY),
                await client.post(
                    f"{ADVOCACY}/advocates", headers=ADVOCACY_KEY, json={"email": "meanwhile@example.org"}
                ),
            ]
            assert not long.done()
            gate.opened.set()
            return [answer.status_code for answer in [*others, await long]]

        assert run(on_file, work) == [200, 201, 200]

    def test_it_is_the_same_answer_and_sees_what_was_written_before(self, on_file: Server, in_memory: Server) -> None:
        for server in (on_file, in_memory):
            person = {"id": "last", "accountId": "last", "email": "last@example.org"}
            assert (
                run(
                    server,
                    lambda client, person=person: client.put(
                        f"{SAASQUATCH}/open/account/last/user/last", auth=KEY, json=person
                    ),
                ).status_code
                == 200
            )
        answers = [get(server, f"{SAASQUATCH}/users?limit=1000", auth=KEY).json() for server in (on_file, in_memory)]
        assert "last" in [user["id"] for user in answers[0]["users"]]
        assert answers[0]["totalCount"] == answers[1]["totalCount"]
        assert [user["id"] for user in answers[0]["users"]] == [user["id"] for user in answers[1]["users"]]

    def test_the_request_is_counted_once_and_its_credential_is_checked(self, on_file: Server, gate: Gate) -> None:
        gate.opened.set()
        get(on_file, f"{SAASQUATCH}/users?limit=1000", auth=KEY)
        before = cause(on_file, "saasquatch/demo")
        get(on_file, f"{SAASQUATCH}/users?limit=1000", auth=KEY)
        assert cause(on_file, "saasquatch/demo") == before + 1
        called = len(gate.threads)
        assert get(on_file, f"{SAASQUATCH}/users?limit=1000", auth=("", "no key")).status_code == 401
        assert_refused(
            get(on_file, f"{SAASQUATCH}/users?limit=1001", auth=KEY), 400, "query parameter limit: must be at most 1000"
        )
        assert len(gate.threads) == called

    def test_too_many_at_once_are_refused_and_the_rest_is_served(
        self, on_file: Server, gate: Gate, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(on_file.runtime.storage, "reads", BoundedPool(1, 2, "troth-read"))

        async def work(client: httpx2.AsyncClient) -> list[int]:
            asked = [asyncio.create_task(client.get(f"{SAASQUATCH}/users?limit=1000", auth=KEY)) for _ in range(6)]
            done, _ = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
            while len(done) < 3:
                done, _ = await asyncio.wait(asked, timeout=0.05)
            assert all(task.result().headers["retry-after"] == "1" for task in done)
            gate.opened.set()
            return sorted(answer.status_code for answer in await asyncio.gather(*asked))

        assert run(on_file, work) == [200, 200, 200, 503, 503, 503]

    def test_no_operation_that_is_marked_writes(self, on_file: Server, monkeypatch: pytest.MonkeyPatch) -> None:
        """Each is called with a connection that only reads; one that writes would be a 503."""
        read: list[str] = []
        for api in on_file.compiled.apis.values():
            for operation in api.compiled:
                if operation.reads_long is not None:
                    monkeypatch.setattr(operation, "reads_long", lambda _arguments: True)
                    read.append(operation.info.operation_id)
        pool = on_file.runtime.storage.reads
        assert pool is not None
        calls: list[Any] = []
        plain = pool.run

        async def counted(*arguments: Any) -> Any:
            calls.append(arguments)
            return await plain(*arguments)

        monkeypatch.setattr(pool, "run", counted)
        calls_of = long_reads(on_file)
        for path, options in calls_of.values():
            answer = get(on_file, path, **options)
            assert answer.status_code == 200, (path, answer.text)
        assert sorted(calls_of) == sorted(read)
        assert len(calls) == len(calls_of)


def long_reads(server: Server) -> dict[str, tuple[str, dict[str, Any]]]:
    """A call of each long read that succeeds on the demo, by operation."""
    with server.runtime.storage.session() as session:
        account, user = session.execute(select(User.account_id, User.id).limit(1)).one()
        board = session.scalar(select(Board.id).limit(1))
        ledger_account = session.scalar(select(PointAccount.id).where(PointAccount.tenant_id == CORE_TENANT).limit(1))
    mine = f"accountId={segment(account)}&userId={segment(user)}"
    pair = f"referringAccountId={segment(account)}&referringUserId={segment(user)}"
    paths = {
        SAASQUATCH: {
            "listUsers": "users",
            "getUserPII": f"account/{segment(account)}/user/{segment(user)}/pii",
            "listReferrals": "referrals",
            "openListReferrals": f"open/referrals?{pair}",
            "getRewards": f"reward?{mine}",
            "listRewardBalances": f"reward/balance?{mine}",
            "listExports": "export/history/list",
        },
        ADVOCACY: {
            "listAdvocates": "advocates",
            "listRewards": "rewards",
            "listQuests": "quests",
            "listReferralCodes": "referrals",
            "listTestimonials": "testimonials",
            "listFeedbackBoards": "feedback/boards",
            "listBoardIdeas": f"feedback/boards/{board}/ideas",
            "listCustomerMappings": "sso/mappings",
        },
        ORGANIZATION: {
            "getMemberCreationStats": "stats/members/creation",
            "getBenefitUsageStats": "stats/benefits/usages",
            "getBenefitPerformanceStats": "stats/benefits/performance",
            "getCouponBookUsageStats": "stats/coupon-books/usages",
            "getCouponBookDiscountStats": "stats/coupon-books/discount-amounts",
            "getTopMissionMembersStats": "stats/missions/top-members",
            "getMissionStats": "stats/missions",
            "getMissionTotalsStats": "stats/missions/totals",
            "getMissionCompletionStats": "stats/missions/completions",
            "getLoyaltyProgramTierStats": "stats/loyalty-programs/1/tiers",
            "getLedgerAccountStats": f"stats/ledger-accounts/{ledger_account}",
            "getEventStats": "stats/events/member-created",
            "getNpsSurveyStats": "../../stats/surveys/1/nps",
            "getReferralMembersReport": "referral-programs/1/members-report",
            "searchMembers": "search/members?search=a",
        },
    }
    credentials = {
        SAASQUATCH: {"auth": KEY},
        ADVOCACY: {"headers": ADVOCACY_KEY},
        ORGANIZATION: {"headers": CORE_TOKEN},
    }
    return {
        name: (f"{base}/{path}".replace("/organizations/1/../..", ""), credentials[base])
        for base, named in paths.items()
        for name, path in named.items()
    }


class TestPreparations:
    def test_a_password_is_hashed_in_a_thread_outside_of_a_transaction_while_others_are_served(
        self, in_memory: Server, gate: Gate
    ) -> None:
        async def work(client: httpx2.AsyncClient) -> list[int]:
            made = asyncio.create_task(client.post(f"{ORGANIZATION}/users", headers=CORE_TOKEN, json=PERSON))
            await asyncio.to_thread(gate.reached.wait, 20)
            assert not in_memory.runtime.storage.memory_connection().in_transaction
            other = await client.post(
                f"{ADVOCACY}/advocates", headers=ADVOCACY_KEY, json={"email": "beside@example.org"}
            )
            assert not made.done()
            gate.opened.set()
            return [other.status_code, (await made).status_code]

        assert run(in_memory, work) == [201, 201]
        assert ["troth-prepare" in name for name in gate.threads] == [True]

    def test_nothing_is_hashed_for_whom_or_what_is_refused(self, in_memory: Server, gate: Gate) -> None:
        gate.opened.set()
        for headers, body, status in (
            ({}, PERSON, 401),
            ({"authorization": "Bearer nobody"}, PERSON, 401),
            (CORE_TOKEN, {**PERSON, "active": 1}, 400),
            (CORE_TOKEN, {**PERSON, "password": "x"}, 400),
        ):
            answer = run(in_memory, lambda client: client.post(f"{ORGANIZATION}/users", headers=headers, json=body))  # noqa: B023
            assert answer.status_code == status, answer.text
        other = run(
            in_memory, lambda client: client.post(f"{CORE}/organizations/2/users", headers=CORE_TOKEN, json=PERSON)
        )
        assert_refused(other, 403, "OTHER_ORGANIZATION")
        assert gate.threads == []

    def test_the_request_is_counted_once(self, in_memory: Server) -> None:
        def change(client: httpx2.AsyncClient) -> Any:
            return client.post(
                f"{ORGANIZATION}/users",
                headers=CORE_TOKEN,
                json={**PERSON, "userName": "once", "email": "once@example.org"},
            )

        get(in_memory, ORGANIZATION, headers=CORE_TOKEN)
        key = next(tenant.key for tenant in _tenants(in_memory) if tenant.id == CORE_TENANT)
        before = cause(in_memory, key)
        assert run(in_memory, change).status_code == 201
        assert cause(in_memory, key) == before + 1

    def test_what_goes_wrong_in_it_is_answered_and_has_no_session(
        self, in_memory: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def reads(uow: UnitOfWork, *_arguments: Any) -> Any:
            return uow.session

        monkeypatch.setattr(passwords, "hash_password", reads)
        answer = run(in_memory, lambda client: client.post(f"{ORGANIZATION}/users", headers=CORE_TOKEN, json=PERSON))
        assert answer.status_code == 500

    def test_too_many_at_once_are_refused(self, in_memory: Server, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(in_memory.runtime, "preparations", BoundedPool(1, 1, "troth-prepare"))

        async def work(client: httpx2.AsyncClient) -> list[int]:
            asked = [
                asyncio.create_task(
                    client.post(
                        f"{ORGANIZATION}/users",
                        headers=CORE_TOKEN,
                        json={**PERSON, "userName": f"many{n}", "email": f"many{n}@example.org"},
                    )
                )
                for n in range(4)
            ]
            done: set[Any] = set()
            while len(done) < 2:
                done, _ = await asyncio.wait(asked, timeout=0.05)
            gate.opened.set()
            return sorted(answer.status_code for answer in await asyncio.gather(*asked))

        assert run(in_memory, work) == [201, 201, 503, 503]


def _tenants(server: Server) -> Any:
    from models.tenancy.tenants import list_tenants

    with server.runtime.storage.session() as session:
        return list_tenants(session)
