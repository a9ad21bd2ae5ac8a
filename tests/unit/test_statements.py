"""Prepared statements: their rows, their tenant, lists of values, and the indexes that they use."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Nullable, and_, bindparam, delete, func, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import aliased

from models.kernel.connection import LazyConnection
from models.kernel.lists import among, among_keys
from models.kernel.statements import LIKE_ESCAPE, TENANT, Change, Insertion, MissingTenant, Query, containing, replaced
from models.loyalty_core.members.tables import Enrolment, Member
from models.saasquatch.tables import Account, Code, User
from models.uow import UnitOfWork
from tests.support.tenants import ApiTenant
from troth.app import Server

ACCOUNTS = Query(select(Account).where(Account.tenant_id == TENANT, among(Account.id, "ids")).order_by(Account.id))
INSERT_ACCOUNT = Insertion(Account, or_ignore=True)
PUT_ACCOUNT = Insertion(Account, or_update=("created_ms",))
USERS = Query(select(User).where(User.tenant_id == TENANT, among_keys((User.account_id, User.id), "keys")))
INSERT_USER = Insertion(User)
END_BACKEND = Query(select(func.pg_terminate_backend(func.pg_backend_pid())).where(TENANT > 0))


@pytest.fixture
def unit(tenant: ApiTenant) -> Iterator[UnitOfWork]:
    made = tenant.unit()
    yield made
    made._connection.close()  # nothing is committed


@pytest.fixture(params=[False, True], ids=["without-session", "with-session"])
def unit_with_or_without_session(tenant: ApiTenant, request: pytest.FixtureRequest) -> Iterator[UnitOfWork]:
    """A unit of work that has a session of the ORM, or none yet."""
    made = tenant.unit()
    if request.param:
        assert made.session is not None
    yield made
    made._connection.close()


@pytest.fixture
def tenant(server: Server, client: Any) -> ApiTenant:
    from tests.api.saasquatch.conftest import make_tenant

    return make_tenant(server, client)


def add_accounts(unit: UnitOfWork, *ids: str) -> None:
    unit.insert_many(INSERT_ACCOUNT, [{"id": name, "created_ms": 1} for name in ids])


def user_of(name: str, **values: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {"custom_fields": {}, "segments": [], "referred_by_codes": [], "search": name}
    return {"account_id": "a", "id": name, "created_ms": 1, "modified_ms": 1, **empty, **values}


class TestRows:
    def test_a_row_has_the_columns_of_its_table_and_cannot_be_changed(self, unit: UnitOfWork) -> None:
        add_accounts(unit, "one")
        (row,) = unit.rows(ACCOUNTS, ids=["one", "two"])
        assert (row.tenant_id, row.id, row.created_ms) == (unit.tenant_id, "one", 1)
        with pytest.raises(AttributeError):
            row.id = "two"
        assert replaced(row, created_ms=2).created_ms == 2

    def test_values_have_the_types_of_their_columns(self, unit: UnitOfWork) -> None:
        given = {"plan": "gold", "big": 2**70, "none": None}
        unit.insert(INSERT_USER, **user_of("ana", custom_fields=given, segments=["x"], referable=False))
        (row,) = unit.rows(USERS, keys=[("a", "ana")])
        assert (row.custom_fields, row.segments, row.referable) == (given, ["x"], False)

    def test_one_column_is_its_value(self, unit: UnitOfWork) -> None:
        count = Query(select(func.count()).select_from(Account).where(Account.tenant_id == TENANT))
        add_accounts(unit, "one", "two")
        assert unit.one(count) == 2

    def test_of_two_tables_it_is_a_row_of_each_and_none_where_a_join_finds_nothing(self, unit: UnitOfWork) -> None:
        query = Query(
            select(Account, Nullable(User))
            .outerjoin(User, and_(User.tenant_id == Account.tenant_id, User.account_id == Account.id))
            .where(Account.tenant_id == TENANT)
            .order_by(Account.id, User.id)
        )
        add_accounts(unit, "a", "b")
        unit.insert_many(INSERT_USER, [user_of("ana", custom_fields={"plan": "gold"}), user_of("ben")])
        (a, ana), (a_again, ben), (b, nobody) = unit.rows(query)
        assert (a.id, a_again, b.id, nobody) == ("a", a, "b", None)
        assert ana is not None and ben is not None
        assert (ana.account_id, ana.id, ana.custom_fields, ben.id) == ("a", "ana", {"plan": "gold"}, "ben")

    def test_what_the_orm_holds_pending_is_seen(self, unit: UnitOfWork) -> None:
        unit.session.add(Account(tenant_id=unit.tenant_id, id="pending", created_ms=1))
        assert [row.id for row in unit.rows(ACCOUNTS, ids=["pending"])] == ["pending"]

    def test_a_row_whose_key_exists_is_passed_over_where_the_statement_says_so(self, unit: UnitOfWork) -> None:
        assert [unit.insert(INSERT_ACCOUNT, id="one", created_ms=n) for n in (1, 2)] == [1, 0]
        assert unit.rows(ACCOUNTS, ids=["one"])[0].created_ms == 1

    def test_a_parameter_that_is_missing_is_an_error(self, unit: UnitOfWork) -> None:
        add_accounts(unit, "one")
        with pytest.raises((KeyError, Exception), match="ids"):
            unit.rows(ACCOUNTS, id=["one"])


class TestLists:
    @pytest.mark.parametrize("count", [0, 1, 3, 5_000])
    def test_values(self, unit: UnitOfWork, count: int) -> None:
        add_accounts(unit, "n0", "n1", "n2", 'quote"', "n3")
        wanted = [f"n{n}" for n in range(count)] + ['quote"'] * bool(count)
        assert {row.id for row in unit.rows(ACCOUNTS, ids=wanted)} == {"n0", "n1", "n2", "n3", 'quote"'} & set(wanted)

    def test_keys_of_several_columns(self, unit: UnitOfWork) -> None:
        unit.insert_many(INSERT_USER, [user_of("ana"), user_of("ben"), user_of("ana", account_id="b")])
        found = unit.rows(USERS, keys=[("a", "ana"), ("b", "ana"), ("b", "ben")])
        assert {(row.account_id, row.id) for row in found} == {("a", "ana"), ("b", "ana")}

    def test_texts_that_look_like_patterns(self, unit: UnitOfWork) -> None:
        query = Query(
            select(Account.id).where(
                Account.tenant_id == TENANT, Account.id.like(bindparam("pattern"), escape=LIKE_ESCAPE)
            )
        )
        add_accounts(unit, "100%", "100x", "a_b", "axb", "a/b")
        for part, found in (("0%", {"100%"}), ("a_", {"a_b"}), ("a/", {"a/b"}), ("x", {"100x", "axb"})):
            assert set(unit.rows(query, pattern=containing(part))) == found

    @pytest.mark.parametrize(("query", "parameters"), [(ACCOUNTS, {"ids": ["one"]}), (USERS, {"keys": [("a", "ana")]})])
    def test_sqlite_finds_them_by_the_primary_key(
        self, unit: UnitOfWork, query: Query[Any], parameters: dict[str, Any]
    ) -> None:
        connection = LazyConnection.of(unit.session)
        if connection.dialect.name != "sqlite":
            pytest.skip("plans of PostgreSQL depend on statistics")
        prepared = query.prepared(connection.dialect)
        driver = unit.session.connection().connection.driver_connection
        assert driver is not None
        arguments = prepared.arguments({**parameters, "tenant_id": unit.tenant_id})
        plan = driver.execute(f"EXPLAIN QUERY PLAN {prepared.text}", arguments).fetchall()
        assert "SEARCH" in plan[0][3] and "id=?" in plan[0][3].partition("tenant_id=?")[2], plan


class TestTenant:
    @pytest.mark.parametrize(
        "statement",
        [
            select(Account),
            select(Account).where(Account.id == bindparam("id")),
            select(Account).where(Account.tenant_id == bindparam("other")),
            select(Account).where(Account.tenant_id != TENANT),
            select(Account).where(Account.tenant_id == 1),
            select(Member).join(Enrolment, Enrolment.member_id == Member.id).where(Member.tenant_id == TENANT),
            select(Member).where(Member.tenant_id == TENANT, select(Code).where(Code.user_id == "a").exists()),
        ],
    )
    def test_a_query_without_it_is_refused(self, statement: Any) -> None:
        with pytest.raises(MissingTenant):
            Query(statement)

    @pytest.mark.parametrize("statement", [update(Account).values(created_ms=1), delete(Account)])
    def test_a_change_without_it_is_refused(self, statement: Any) -> None:
        with pytest.raises(MissingTenant):
            Change(statement)

    def test_a_joined_table_may_have_it_from_the_other(self) -> None:
        of_both = Enrolment.tenant_id == Member.tenant_id
        Query(select(Member).join(Enrolment, of_both).where(Member.tenant_id == TENANT))
        Query(select(Member).join(Enrolment, of_both).where(Enrolment.tenant_id == TENANT))

    def test_an_alias_is_a_table_of_its_own(self) -> None:
        other = aliased(Member)
        both = select(Member.id, other.id).where(Member.tenant_id == TENANT)
        Query(both.where(other.tenant_id == Member.tenant_id))
        Query(select(other.id).where(other.tenant_id == TENANT))
        for left_out in (both, select(other.id), select(other.id).where(Member.tenant_id == TENANT)):
            with pytest.raises(MissingTenant):
                Query(left_out)
        with pytest.raises(MissingTenant):
            Query(select(Member.id, other.id).where(other.tenant_id == TENANT))

    def test_rows_of_another_tenant_are_not_found(self, unit: UnitOfWork, server: Server, client: Any) -> None:
        from tests.api.saasquatch.conftest import make_tenant

        add_accounts(unit, "mine")
        other = make_tenant(server, client)
        foreign = UnitOfWork(
            tenant=other.tenant,
            sandbox=unit.sandbox,
            connection=LazyConnection.of(unit.session),
            directory=unit.directory,
            public_url="",
            request_number=1,
        )
        assert foreign.rows(ACCOUNTS, ids=["mine"]) == []
        assert (
            foreign.execute(
                Change(delete(Account).where(Account.tenant_id == TENANT, Account.id == bindparam("id"))), id="mine"
            )
            == 0
        )
        assert unit.session.execute(text("SELECT count(*) FROM sq_accounts WHERE id = 'mine'")).scalar() == 1


class TestManyRows:
    @pytest.mark.parametrize("count", [1, 2, 100, 101, 250])
    def test_they_are_inserted_whatever_their_number(self, unit: UnitOfWork, count: int) -> None:
        add_accounts(unit, *(f"n{n}" for n in range(count)))
        assert len(unit.rows(ACCOUNTS, ids=[f"n{n}" for n in range(count)])) == count

    def test_values_have_the_types_of_their_columns(self, unit: UnitOfWork) -> None:
        unit.insert_many(INSERT_USER, [user_of("ana", segments=["a?", "%(b)s"]), user_of("ben", referable=False)])
        found = {row.id: row for row in unit.rows(USERS, keys=[("a", "ana"), ("a", "ben")])}
        assert (found["ana"].segments, found["ben"].segments) == (["a?", "%(b)s"], [])
        assert found["ben"].referable is False

    def test_rows_whose_keys_exist_get_new_values_where_the_statement_says_so(self, unit: UnitOfWork) -> None:
        add_accounts(unit, "one", "two", "three")
        unit.insert_many(PUT_ACCOUNT, [{"id": name, "created_ms": 2} for name in ("one", "two", "four")])
        found = unit.rows(ACCOUNTS, ids=["one", "two", "three", "four"])
        assert {row.id: row.created_ms for row in found} == {"one": 2, "two": 2, "three": 1, "four": 2}


class TestRowsThatAreInsertedAtTheEnd:
    def test_they_are_there_when_the_unit_ends(self, unit: UnitOfWork) -> None:
        for name in ("one", "two"):
            unit.insert_at_end(INSERT_ACCOUNT, id=name, created_ms=1)
        assert unit.rows(ACCOUNTS, ids=["one", "two"]) == []
        unit.finish()
        assert [row.id for row in unit.rows(ACCOUNTS, ids=["one", "two"])] == ["one", "two"]

    def test_those_of_a_savepoint_that_is_rolled_back_are_dropped(
        self, unit_with_or_without_session: UnitOfWork
    ) -> None:
        unit = unit_with_or_without_session
        unit.insert_at_end(INSERT_ACCOUNT, id="before", created_ms=1)

        def fail() -> None:
            with unit.savepoint():
                add_accounts(unit, "at once")
                unit.insert_at_end(INSERT_ACCOUNT, id="dropped", created_ms=1)
                unit.insert_at_end(INSERT_USER, **user_of("dropped"))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()
        with unit.savepoint():
            unit.insert_at_end(INSERT_ACCOUNT, id="kept", created_ms=1)
        unit.finish()
        found = unit.rows(ACCOUNTS, ids=["before", "at once", "dropped", "kept"])
        assert sorted(row.id for row in found) == ["before", "kept"]
        assert unit.rows(USERS, keys=[("a", "dropped")]) == []

    def test_what_the_orm_made_in_a_savepoint_that_is_rolled_back_is_not_written(
        self, unit_with_or_without_session: UnitOfWork
    ) -> None:
        unit = unit_with_or_without_session

        def fail() -> None:
            with unit.savepoint():
                unit.session.add(Account(tenant_id=unit.tenant_id, id="dropped", created_ms=1))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()
        unit.finish()
        assert unit.rows(ACCOUNTS, ids=["dropped"]) == []

    def test_a_connection_lost_in_a_savepoint_is_the_error_that_is_raised(self, unit: UnitOfWork) -> None:
        if unit.connection.dialect.name != "postgresql":
            pytest.skip("a file has no connection to lose")

        def fail() -> None:
            with unit.savepoint():
                add_accounts(unit, "one")
                unit.rows(END_BACKEND)

        with pytest.raises(DBAPIError) as raised:
            fail()
        assert raised.value.connection_invalidated
        assert "terminat" in str(raised.value) or "closed" in str(raised.value)

    def test_calls_after_the_commit_are_dropped_with_what_is_rolled_back(self, unit: UnitOfWork) -> None:
        called: list[str] = []
        add_accounts(unit, "one")
        unit.connection.after_commit(lambda: called.append("rolled back"))
        unit.connection.close()
        add_accounts(unit, "two")
        unit.connection.after_commit(lambda: called.append("committed"))
        unit.connection.commit()
        assert called == ["committed"]

    def test_a_key_that_exists_is_an_error_of_the_unit(self, unit: UnitOfWork) -> None:
        unit.insert_many(INSERT_USER, [user_of("ana")])
        unit.insert_at_end(INSERT_USER, **user_of("ana"))
        with pytest.raises(IntegrityError):
            unit.finish()


def test_messages_can_show_statements_with_lists() -> None:
    assert "IN (:ids)" in str(ACCOUNTS.statement)
    assert "(sq_users.account_id, sq_users.id) IN (:keys)" in str(USERS.statement)
