"""Export and erasure of a person in each API: nothing of the person is left in any table, and what others have stays
whole.
"""

import contextlib
import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from models.idempotency import SEALED_FOR, KeptAnswer
from models.kernel.connection import LazyConnection
from models.ledger import LedgerBalance, LedgerEntry
from models.persons import SHARED, declared, texts
from models.provisioning import new_key
from models.tenancy.removal import tables_of_tenants
from tests.api.advocacy.conftest import make_business
from tests.api.leat.conftest import make_account
from tests.api.loyalty_core.conftest import make_club
from tests.api.loyalty_core.test_audiences import LIST, get, new_audience
from tests.api.loyalty_core.test_coupon_books import new_book
from tests.api.saasquatch.conftest import SaasquatchTenant, make_tenant
from tests.processes.test_cli import rows, run
from tests.support.client import Client
from tests.support.refusals import assert_refused
from tests.support.tenants import ApiTenant
from troth.apis import APIS, domain_of
from troth.app import Server, build
from troth.database.storage import import_tables
from troth.persons import erase_person, export_person
from troth.settings import Settings

FIRST, LAST, CITY = "Zerubbabel", "Quixwort", "Trondheim Vest"
EMAIL = "zerubbabel.quixwort@example.org"
OTHER = "ben@example.org"
TRACES = ("zerubbabel", "quixwort", "trondheim vest", "zq-member-77")
"""What stands nowhere in the tenant's rows afterwards, in any case."""


@dataclass
class Case:
    """A person with a past, and somebody else who has to do with them."""

    tenant: ApiTenant
    person_id: str
    reads: Callable[[str], dict[str, Any]]
    """What others see and what is counted, by the person's id (the pseudonym later)."""
    renamed: bool
    """Whether the person's own id is replaced."""


def saasquatch(server: Server, client: Client) -> Case:
    tenant = make_tenant(server, client)
    user = tenant.user(EMAIL, firstName=FIRST, lastName=LAST, email=EMAIL, customFields={"city": CITY}, referable=True)
    code = next(iter(user["referralCodes"].values()))
    tenant.user(OTHER, email=OTHER, firstName="Ben", referredByCodes=[code], referable=True)
    given = {"type": "CREDIT", "unit": "CENTS", "assignedCredit": 50, "name": f"For {FIRST}"}
    made = tenant.post(f"/rewards/account/{EMAIL}/user/{EMAIL}", json=given)
    assert made.status_code == 201, made.text

    def reads(user_id: str) -> dict[str, Any]:
        referrals = tenant.get("/referrals").json()
        balance = tenant.get("/reward/balance", params={"accountId": user_id, "userId": user_id})
        assert balance.status_code == 200, balance.text
        return {
            "referrals": [(one["id"], one["referredUser"]["id"]) for one in referrals["referrals"]],
            "other": tenant.get(tenant.user_path(OTHER)).json()["email"],
            "balance": balance.json(),
            "found": tenant.get("/users", params={"query": "ben@exam"}).json()["count"],
        }

    return Case(tenant, EMAIL, reads, renamed=True)


def advocacy(server: Server, client: Client) -> Case:
    tenant = make_business(server, client)
    made = tenant.post(
        "/advocates",
        json={"email": EMAIL, "name": f"{FIRST} {LAST}", "metadata": {"city": CITY}},
        headers={"Idempotency-Key": "k1"},
    )
    assert made.status_code == 201, made.text
    advocate = made.json()["advocate"]
    assert tenant.post(f"/advocates/{advocate['id']}/points", json={"amount": 70}).status_code == 200
    tenant.advocate(OTHER, name="Ben", points=5)
    said = {"author_name": FIRST, "author_email": EMAIL, "content": f"I am {FIRST} {LAST}.", "rating": 5}
    tenant.post("/testimonials", json={**said, "authorName": FIRST, "authorEmail": EMAIL})

    def reads(_: str) -> dict[str, Any]:
        return {"points": tenant.points(advocate["id"]), "all": len(tenant.get("/advocates").json()["advocates"])}

    return Case(tenant, advocate["id"], reads, renamed=False)


def leat(server: Server, client: Client) -> Case:
    account = make_account(server, client)
    uuid = account.create(EMAIL)
    changed = account.call("PUT", f"/contacts/{uuid}", json={"attributes": {"firstname": FIRST, "city": CITY}})
    assert changed.status_code in (200, 404, 405), changed.text
    friend = account.create(OTHER, account.code(uuid))

    def reads(_: str) -> dict[str, Any]:
        return {
            "referrals": [(one["uuid"], one["status"], one["referred_contact"]) for one in account.referrals()],
            "credits": account.credits(uuid),
            "friend": account.contact(friend)["email"],
        }

    return Case(account, uuid, reads, renamed=False)


def loyalty_core(server: Server, client: Client) -> Case:
    club = make_club(server, client)
    profile = {"firstName": FIRST, "lastName": LAST, "email": EMAIL}
    member = club.member("zq-member-77", points=90, profile=profile, customAttributes={"city": CITY})
    club.member("other", points=3, profile={"email": OTHER})

    def reads(member_id: str) -> dict[str, Any]:
        found = club.get(f"/members/{member['memberId']}").json()["loyalMember"]
        assert found["loyaltyMemberId"] == member_id
        return {"points": club.points(member["walletId"]), "all": len(club.get("/members").json()["results"])}

    return Case(club, "zq-member-77", reads, renamed=True)


CASES = {case.__name__: case for case in (saasquatch, advocacy, leat, loyalty_core)}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest, server: Server, client: Client) -> Case:
    return CASES[request.param](server, client)


def traces(server: Server, tenant_id: int) -> list[str]:
    """Where something of the person stands: every column of a tenant's rows in every table, sealed answers opened."""
    found = []
    import_tables()
    with server.runtime.storage.session() as session:
        for table in tables_of_tenants():
            for row in session.execute(select(table).where(table.c.tenant_id == tenant_id)):
                shown = " ".join(map(str, row)).lower()
                found += [f"{table.name}: {shown[:300]}" for trace in TRACES if trace in shown]
        for kept in session.scalars(select(KeptAnswer).where(KeptAnswer.tenant_id == tenant_id)):
            opened = server.runtime.directory.vault.open(kept.sealed or b"", SEALED_FOR).decode().lower()
            found += [f"kept answer: {opened}" for trace in TRACES if trace in opened]
    return found


def sums(server: Server, tenant_id: int) -> tuple[Any, ...]:
    """The ledger: its entries sum to zero, and its balances are those of its entries."""
    with server.runtime.storage.session() as session:
        entries = select(func.coalesce(func.sum(LedgerEntry.amount), 0)).where(LedgerEntry.tenant_id == tenant_id)
        balances = select(LedgerBalance.account, LedgerBalance.balance).where(LedgerBalance.tenant_id == tenant_id)
        return session.scalar(entries), sorted(map(tuple, session.execute(balances)))


@contextlib.contextmanager
def served(db: Path) -> Iterator[SaasquatchTenant]:
    """The tenant acme of SaaSquatch in a file, with a key."""
    settings = Settings(database_url=f"sqlite:///{db}", secret_key="a secret of this test", require_https=False)
    with contextlib.closing(build(settings, create_tables=False, docs=False)) as server:
        client = Client(server)
        runtime = server.runtime
        with runtime.storage.session() as session:
            tenant = runtime.directory.tenant(LazyConnection.of(session), "saasquatch", "acme")
        assert tenant is not None
        holder = SaasquatchTenant(server, client, tenant, "")
        with runtime.storage.session() as session, session.begin():
            holder.key = new_key(
                session, runtime.directory.vault, tenant, domain_of("saasquatch").provision.KEY_KINDS[0], now_ms=1
            )
        yield holder
        client.close()


def test_a_person_is_exported_and_erased(server: Server, case: Case, tmp_path: Path) -> None:
    api, alias, tenant_id = case.tenant.tenant.api, case.tenant.tenant.alias, case.tenant.tenant.id
    assert traces(server, tenant_id), "the person is there before"
    before, ledger = case.reads(case.person_id), sums(server, tenant_id)
    file = tmp_path / "person.jsonl"
    count = export_person(server.runtime, api, alias, case.person_id, None, file)
    header, *lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert (header["format"], header["id"], len(lines)) == ("troth-person", case.person_id, count)
    exported = json.dumps(lines).lower()
    assert all(trace in exported for trace in TRACES[:2] if api != "leat" or trace in EMAIL)
    assert OTHER not in json.dumps([line for line in lines if line["table"].endswith(("users", "members", "contacts"))])

    done = erase_person(server.runtime, api, alias, case.person_id, None)
    assert (done.changed > 0, done.named_in) == (True, ())
    assert traces(server, tenant_id) == []
    after = case.reads(done.pseudonym if case.renamed else case.person_id)
    assert after == before
    assert sums(server, tenant_id) == ledger
    assert ledger[0] == 0
    if case.renamed:
        with pytest.raises(ValueError, match="no person"):
            erase_person(server.runtime, api, alias, case.person_id, None)


def test_a_member_leaves_lists_of_audiences_and_what_else_names_them_is_reported(
    server: Server, client: Client
) -> None:
    club = make_club(server, client)
    ana = club.member("zq-member-77", profile={"email": EMAIL})
    other = club.member("zq-member-778", profile={"email": f"x{EMAIL}"})
    number = ana["memberId"]
    both = new_audience(club, {"memberIds": [number, other["memberId"], number]}, matcherType=LIST)
    alone = new_audience(club, {"memberIds": [number]}, matcherType=LIST)
    of_other = new_audience(club, {"memberIds": [other["memberId"]]}, matcherType=LIST)
    expression = new_audience(club, {"expression": f'member.profile.email == "{EMAIL.upper()}"'})
    condition = {"attribute": "loyaltyMemberId", "operator": "in", "value": ["x", "zq-member-77"]}
    conditions = new_audience(club, {"match": "any", "conditions": [condition]}, description=f"For {EMAIL}, mostly")
    new_audience(club, {"expression": f'member.profile.email == "x{EMAIL}" or member.memberId == {other["memberId"]}'})
    book = new_book(club, condition={"expression": f"member.memberId == '{number}'"})
    assert [get(club, one["audienceId"])["memberCount"] for one in (both, alone, of_other)] == [2, 1, 1]

    done = erase_person(server.runtime, "loyalty_core", club.tenant.alias, "zq-member-77", None)

    shown = [get(club, one["audienceId"]) for one in (both, alone, of_other)]
    assert [one["matcher"]["memberIds"] for one in shown] == [[other["memberId"]], [], [other["memberId"]]]
    assert [one["memberCount"] for one in shown] == [1, 0, 1]
    assert {str(one) for one in done.named_in} == {
        f"lc_audiences id={expression['audienceId']}: matcher",
        f"lc_audiences id={conditions['audienceId']}: description",
        f"lc_audiences id={conditions['audienceId']}: matcher",
        f"lc_coupon_books id={book['couponBookId']}: condition",
    }
    assert get(club, expression["audienceId"])["matcher"] == expression["matcher"], "what it does is not changed"


def test_the_command_prints_which_texts_still_name_the_person(tmp_path: Path) -> None:
    db = tmp_path / "troth.db"
    rows("tenant", "create", "saasquatch", "acme", "--landing-url", f"https://acme.example/?by={EMAIL}", db=db)
    rows("tenant", "create", "saasquatch", "else", "--landing-url", f"https://else.example/?by={EMAIL}", db=db)
    with served(db) as holder:
        holder.user(EMAIL, email=EMAIL)
        holder.user("by", email="b@example.org")
    printed = run("person", "erase", "--api", "saasquatch", "--tenant", "acme", EMAIL, "--yes", db=db)
    assert re.fullmatch(r"sq_programs id=[\w-]+: landing_url\n", printed)
    assert run("person", "erase", "--api", "saasquatch", "--tenant", "acme", "by", "--yes", db=db) == "", "a short id"


def test_another_tenants_person_is_left_alone(server: Server, client: Client) -> None:
    mine, theirs = make_tenant(server, client), make_tenant(server, client)
    for one in (mine, theirs):
        one.user("ana", firstName="Ana", email="ana@example.org")
    erase_person(server.runtime, "saasquatch", mine.alias, "ana", None)
    assert theirs.get(theirs.user_path("ana")).json()["firstName"] == "Ana"
    assert_refused(mine.get(mine.user_path("ana")), 404, "ACCOUNT_NOT_FOUND")
    with pytest.raises(ValueError, match="no tenant"):
        erase_person(server.runtime, "saasquatch", "nobody", "ana", None)


def test_a_short_id_is_replaced_only_where_it_is_the_whole_text(server: Server, client: Client) -> None:
    """The id `7` stands in many texts; only those that are it name the user."""
    tenant = make_tenant(server, client)
    tenant.user("7", firstName="Seven", email="seven@example.org")
    tenant.user("77", firstName="Other", email="77@example.org")
    erase_person(server.runtime, "saasquatch", tenant.alias, "7", None)
    assert tenant.get(tenant.user_path("77")).json()["email"] == "77@example.org"
    bodies = tenant.events("user.created")
    assert [body["data"]["id"] for body in bodies if body["data"]["id"] == "77"] == ["77"] * (len(bodies) > 1)
    assert all(isinstance(body["created"], int) for body in bodies)


def test_a_user_who_shares_an_account_of_their_own_name_is_refused(server: Server, client: Client) -> None:
    tenant = make_tenant(server, client)
    tenant.user("ana", "ana")
    tenant.user("ben", "ana")
    with pytest.raises(ValueError, match="other users"):
        erase_person(server.runtime, "saasquatch", tenant.alias, "ana", None)
    tenant.user("eve", "family", firstName="Eve")
    tenant.user("tom", "family", firstName="Tom")
    erase_person(server.runtime, "saasquatch", tenant.alias, "eve", "family")
    assert tenant.get(tenant.user_path("tom", "family")).json()["firstName"] == "Tom"
    assert_refused(tenant.get(tenant.user_path("eve", "family")), 404, "USER_NOT_FOUND")


def test_every_text_of_a_tenants_table_is_declared_personal_or_not() -> None:
    """A new column of text, JSON or bytes must be one or the other: `models/<api>/personal.py`."""
    import_tables()
    tables = dict(SHARED)
    for api in APIS:
        if api.domain is not None:
            assert api.domain.persons is not None, api.name
            assert not tables.keys() & api.domain.persons.TABLES.keys()
            tables |= api.domain.persons.TABLES
    known = {table.name: table for table in tables_of_tenants()}
    assert tables.keys() <= known.keys()
    for name, table in known.items():
        about = tables.get(name)
        if about is None:
            assert not texts(table), f"nobody says what the texts of {name} are"
            continue
        said = [column for column in declared(about) if column in texts(table)]
        assert sorted(said) == sorted(texts(table)), name
        assert set(declared(about)) <= set(table.columns.keys()), name


def test_an_erased_person_is_in_no_table_of_a_file_the_search_index_included_and_after_vacuum_in_no_page(
    tmp_path: Path,
) -> None:
    db = tmp_path / "troth.db"
    rows("tenant", "create", "saasquatch", "acme", "--landing-url", "https://acme.example/", db=db)
    with served(db) as holder:
        holder.user(EMAIL, firstName=FIRST, lastName=LAST, email=EMAIL)
    assert FIRST.encode() in db.read_bytes()
    person = ("--api", "saasquatch", "--tenant", "acme", EMAIL)
    run("person", "export", *person, "-o", str(tmp_path / "p.jsonl"), db=db)
    assert "say --yes" in run("person", "erase", *person, db=db, expect=1)
    run("person", "erase", *person, "--yes", db=db)
    assert "no person" in run("person", "erase", *person, "--yes", db=db, expect=1)
    with contextlib.closing(sqlite3.connect(db)) as found:
        names = [name for (name,) in found.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        assert "sq_user_search" in names
        shown = str([found.execute(f'SELECT * FROM "{name}"').fetchall() for name in names]).lower()
        assert not [trace for trace in TRACES if trace in shown]
        found.execute("VACUUM")
    held = db.read_bytes().lower()
    assert not [trace for trace in TRACES if trace.encode() in held]
