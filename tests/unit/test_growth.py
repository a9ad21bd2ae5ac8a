"""What keeps look-ups quick among many rows: counts beside tables, and query plans that read no whole tenant, on both
databases.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url, text

from benchmarks import scale_rows
from benchmarks.operations import LC, LOYALTY, SAASQUATCH, SQ, Call, World
from models.kernel.connection import LazyConnection
from models.row_counts import SHARDS
from models.saasquatch.users import search
from models.saasquatch.users.search import PHRASE_MAX, TRIGRAM, selective_part
from models.uow import UnitOfWork
from tests.support.databases import drop_postgres, fresh_postgres

COPIES = 3
COUNTED = {
    "sq_users": None,
    "sq_referrals": None,
    "lc_members": None,
    "lc_enrolments.program_id": "program_id",
    "lc_enrolments.tier_id": "tier_id",
    "lc_transactions.account_id": "account_id",
}
LARGE = ("sq_users", "sq_codes", "sq_referrals", "sq_rewards", "lc_members", "lc_member_terms", "lc_enrolments")
LARGE += ("lc_transactions", "ledger_entries", "ledger_balances")
ACCOUNT = f"{LC}/ledgers/1/accounts/1"
LOOK_UPS = {
    "user": (f"{SQ}/open/account/acme/user/ana@example.org", SAASQUATCH),
    "share links": (f"{SQ}/account/acme/user/ana@example.org/shareurls", SAASQUATCH),
    "rewards": (f"{SQ}/reward?accountId=acme", SAASQUATCH),
    "balance": (f"{SQ}/reward/balance?accountId=acme", SAASQUATCH),
    "referrals of an account": (f"{SQ}/referrals?referringAccountId=acme", SAASQUATCH),
    "code": (f"{SQ}/code/ANASTONE", SAASQUATCH),
    "users": (f"{SQ}/users?limit=10", SAASQUATCH),
    "users with a text": (f"{SQ}/users?limit=10&query=stone%20llc", SAASQUATCH),
    "referrals": (f"{SQ}/referrals?limit=10", SAASQUATCH),
    "member": (f"{LC}/members/42", LOYALTY),
    "member by its own id": (f"{LC}/loyalty-members/HC-000042", LOYALTY),
    "member by e-mail": (f"{LC}/members?email=ana@example.org", LOYALTY),
    "members": (f"{LC}/members?limit=10", LOYALTY),
    "members from a date": (f"{LC}/members?limit=10&fromCreatedAt=2026-11-28T00:00:00Z", LOYALTY),
    "search of an id": (f"{LC}/search/members?limit=10&query=HC-000042", LOYALTY),
    "search of two words": (f"{LC}/search/members?limit=10&query=ana%20sto", LOYALTY),
    "search of a program": (f"{LC}/search/members?limit=10&loyaltyProgramId=1", LOYALTY),
    "search of a tier": (f"{LC}/search/members?limit=10&loyaltyTierId=2", LOYALTY),
    "balance of a wallet": (f"{ACCOUNT}/wallets/142/balance", LOYALTY),
    "transactions": (f"{ACCOUNT}/transactions?limit=10", LOYALTY),
    "transactions of a wallet": (f"{ACCOUNT}/transactions?limit=10&walletId=142", LOYALTY),
}


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """4,000 users and 2,000 members. PostgreSQL reads tables of that size whole where it may: here it may not."""
    scenario = tmp_path_factory.mktemp("growth") / "scale.yaml"
    scenario.write_text(scale_rows.SCENARIO)
    url = "sqlite://" if request.param == "sqlite" else fresh_postgres("growth")
    if request.param != "sqlite":
        with psycopg.connect(url, autocommit=True) as connection:
            for setting in ("enable_seqscan", "synchronous_commit"):
                connection.execute(f'ALTER DATABASE "{make_url(url).database}" SET {setting} = off'.encode())
    made = World(url, scenario)
    scale_rows.multiply(made.server.runtime.storage, COPIES)
    scale_rows.settle(made.server.runtime.storage)
    yield made
    made.close()
    if request.param != "sqlite":
        drop_postgres(url)


def scalar(world: World, statement: str) -> Any:
    with world.server.runtime.storage.engine.connect() as connection:
        return connection.scalar(text(statement))


def test_copies_keep_what_holds_of_the_seed(world: World) -> None:
    scale_rows.check(world.server.runtime.storage)
    assert scalar(world, "SELECT count(*) FROM sq_users") == (COPIES + 1) * scale_rows.SEEDED


CHANGES = (
    "UPDATE lc_enrolments SET tier_id = NULL WHERE member_id % 7 = 0",
    "UPDATE lc_enrolments SET tier_id = 1 WHERE member_id % 5 = 0",
    "DELETE FROM sq_users WHERE id LIKE 'u-110%'",
    "UPDATE sq_users SET search = replace(search, 'yahoo', 'jahoo') WHERE id LIKE 'u-12%'",
)


@pytest.fixture(scope="module")
def changed(world: World) -> World:
    """The world after CHANGES, for tests that follow those of the world as it was filled."""
    with world.server.runtime.storage.engine.begin() as connection:
        assert all(connection.execute(text(statement)).rowcount for statement in CHANGES)
    return world


def test_counts_are_those_of_the_tables_after_every_change(changed: World) -> None:
    world = changed
    for counted, column in COUNTED.items():
        table, value = counted.partition(".")[0], column or "0"
        kept = f"SELECT value, sum(number) FROM row_counts WHERE counted = '{counted}' GROUP BY value HAVING sum(number) <> 0"
        real = f"SELECT {value} AS value, count(*) FROM {table} WHERE {value} IS NOT NULL GROUP BY 1"
        with world.server.runtime.storage.engine.connect() as connection:
            found, wanted = (
                {row[0]: int(row[1]) for row in connection.execute(text(statement))} for statement in (kept, real)
            )
        assert found == wanted, counted
        assert wanted


def test_units_that_change_counts_at_once_do_not_wait_for_each_other(world: World) -> None:
    engine = world.server.runtime.storage.engine
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer")
    remove = "DELETE FROM sq_users WHERE id LIKE '{}%'"
    with engine.connect() as one, engine.connect() as second, engine.connect() as third:
        first, *others = (
            connection.scalar(text(f"SELECT pg_backend_pid() % {SHARDS}")) for connection in (one, second, third)
        )
        other = second if others[0] != first else third  # one in 256 has the shard of another
        assert one.execute(text(remove.format("u-13"))).rowcount
        other.execute(text("SET LOCAL lock_timeout = '500ms'"))
        assert other.execute(text(remove.format("u-14"))).rowcount


@pytest.mark.parametrize("name", LOOK_UPS)
def test_no_look_up_reads_a_whole_tenant(world: World, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path, headers = LOOK_UPS[name]
    call = Call(name, "GET", path, headers)
    world.check(call)
    plans: list[str] = []
    execute = LazyConnection._execute
    explain = "EXPLAIN QUERY PLAN " if world.server.runtime.storage.inline else "EXPLAIN "

    def explained(self: LazyConnection, connection: Any, statement: str, arguments: Any = ()) -> Any:
        if statement.startswith(("SELECT", "WITH")):
            cursor = connection.connection.cursor()
            cursor.execute(explain + statement, arguments)
            plans.append("\n".join([statement, *(str(row[-1]) for row in cursor.fetchall())]))
            cursor.close()
        return execute(self, connection, statement, arguments)

    monkeypatch.setattr(LazyConnection, "_execute", explained)
    world.check(call)
    assert plans
    for plan in plans:
        assert not [line for line in plan.splitlines()[1:] if reads_all(line)], plan


def reads_all(line: str) -> bool:
    """Whether a line of a plan reads a large table by no more than its tenant, and not in an order that a page ends
    early.
    """
    line = line.strip().removeprefix("->").strip()
    if line.startswith("Seq Scan on "):
        return line.split()[3] in LARGE
    words = line.split()
    return line.startswith("SCAN ") and words[1] in LARGE


def test_a_text_is_found_by_the_index_as_without_it(changed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world = changed
    texts = ("stone", "ANA", "gmail.com\n", "-2@yahoo", "@jahoo", "u-10", "u-110", 'a"b', "zz")
    paths = [f"{SQ}/users?limit=50&query={asked.replace(chr(10), '%0A').replace(chr(34), '%22')}" for asked in texts]
    found = [world.get(path, SAASQUATCH) for path in paths]
    monkeypatch.setattr("models.saasquatch.users.search.TRIGRAM", 1_000)
    assert [world.get(path, SAASQUATCH) for path in paths] == found
    assert [page["totalCount"] > 0 for page in found] == [True, True, False, True, True, True, False, False, False]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("timothy.blackwell706-250@yahoo.com", "ckwell706-250@"),
        ("ana@example.org", "ana@"),
        ("an@example.org", "an@"),
        ("a@example.org", "a@example.org"),
        ("@gmail.com, and more", "@gmail.com, and "),
        ("a long text of a company", "a long text of a"),
    ],
)
def test_the_index_is_asked_for_the_selective_part(text: str, part: str) -> None:
    found = selective_part(text)
    assert found in text
    assert found.endswith(part)
    assert TRIGRAM <= len(found) <= PHRASE_MAX


def test_a_text_that_many_users_have_is_not_searched_in_order_of_time(world: World) -> None:
    """PostgreSQL takes a count over a window for something that a page ends early:
    it would read all users one by one.
    """
    storage = world.server.runtime.storage
    if storage.inline:
        pytest.skip("SQLite's planner does not compare the two")
    prepared = search._page(search.Conditions.WHOLE).prepared(storage.engine.dialect)
    given = {"tenant_id": 1, "pattern": "%a%", "limit": 1, "offset": 0}
    with storage.engine.connect() as connection, connection.connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {prepared.text}", prepared.arguments(given))
        plan = [row[0].strip() for row in cursor.fetchall()]
    assert "CTE found" in plan
    assert not [line for line in plan if "ix_sq_users_created" in line], plan


def test_the_users_of_one_address_are_all_that_the_index_gives(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    if not world.server.runtime.storage.inline:
        pytest.skip("PostgreSQL asks its own index")
    found: list[Any] = []
    ask = search._candidates

    def asked(uow: UnitOfWork, wanted: str) -> Any:
        found.append(ask(uow, wanted))
        return found[-1]

    monkeypatch.setattr(search, "_candidates", asked)
    users = world.get(f"{SQ}/users?limit=200", SAASQUATCH)["users"]
    names = [(user["email"], user["email"].partition("@")[0]) for user in users]
    email = next(email for email, name in names if len(name) > PHRASE_MAX and name.endswith("-2"))
    page = world.get(f"{SQ}/users?query={email}", SAASQUATCH)
    assert [user["email"] for user in page["users"]] == [email]
    assert len(found[0]) == page["totalCount"] == 1


def test_a_user_who_is_deleted_between_the_statements_of_a_search_is_left_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = UnitOfWork.rows

    def without_first(self: UnitOfWork, query: Any, **parameters: Any) -> Any:
        found = rows(self, query, **parameters)
        return found[1:] if query is search.USERS else found

    path = f"{SQ}/users?limit=5&query=-2"
    before = world.get(path, SAASQUATCH)["users"]
    monkeypatch.setattr(UnitOfWork, "rows", without_first)
    after = world.get(path, SAASQUATCH)["users"]
    assert len(after) == len(before) - 1 > 0
    assert [user for user in before if user in after] == after


def test_a_page_further_in_goes_on_where_the_one_before_ends(world: World) -> None:
    for path, rows, headers, offset in (
        (f"{SQ}/users", "users", SAASQUATCH, "offset"),
        (f"{SQ}/referrals", "referrals", SAASQUATCH, "offset"),
        (f"{LC}/members", "results", LOYALTY, "page"),
        (f"{LC}/search/members", "results", LOYALTY, "page"),
        (f"{ACCOUNT}/transactions", "results", LOYALTY, "page"),
    ):
        both = world.get(f"{path}?limit=10", headers)[rows]
        parts = [
            world.get(f"{path}?limit=5&{offset}={place}", headers)[rows]
            for place in (0, 5 if offset == "offset" else 1)
        ]
        assert parts[0] + parts[1] == both, path
