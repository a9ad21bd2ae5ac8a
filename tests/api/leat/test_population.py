"""The people of a seeded account: connected, in every state, and by the rules of the API."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from fixtures.leat.population import ANA_CODE, ANA_IDENTIFIER, ANA_REFERRAL_UUID, ANA_UUID, BEN_UUID
from models.kernel.connection import LazyConnection
from models.leat.tables import Contact, CreditReception, Referral, Voucher
from models.ledger import LedgerBalance, LedgerEntry, LedgerTransaction
from tests.api.leat.conftest import (
    AT_CREATION,
    HARBOUR,
    MARKET,
    PREPAID,
    PROGRAM,
    VOUCHER,
    Account,
    assert_refused,
    done,
)
from tests.support.client import Client
from troth.app import Server
from troth.mock.run import build_mock
from troth.settings import Settings

TOKEN = "pat_POPULATED0ACCOUNT0OF0THE0TESTS"
FIVE = {
    **PROGRAM,
    "completion_event": {"type": "loyalty_transaction", "number_of_transactions": 5},
    "limit_per_contact": 10,
}
PROGRAMS = {
    "five": FIVE,
    "few": {**FIVE, "limit_per_contact": 2, "referring_incentive": VOUCHER},
    "endless": {**FIVE, "limit_per_contact": None},
    "creation": {**AT_CREATION, "limit_per_contact": 4, "referring_incentive": PREPAID},
    "none": None,
}


def build(
    folder: Any,
    program: Any,
    *,
    seed: int = 1,
    populate: dict[str, int] | None = None,
    credentials: dict[str, str] | None = None,
) -> Server:
    file = folder / "scenario.yaml"
    file.write_text(
        yaml.safe_dump(
            {
                "projects": [
                    {
                        "api": "leat",
                        "project": "demo",
                        "name": "Bakery",
                        "settings": {"shops": [HARBOUR, MARKET], "referral_program": program},
                        "live": {
                            "alias": "demo",
                            "credentials": {"personal_access_token": TOKEN, **(credentials or {})},
                            "populate": populate or {},
                        },
                    }
                ]
            }
        )
    )
    return build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True, seed=seed), str(file))


def account_of(server: Server, client: Client | None = None) -> Account:
    with server.runtime.storage.session() as session:
        tenant = server.runtime.directory.tenant(LazyConnection.of(session), "leat", "demo")
    assert tenant is not None
    return Account(server, client or Client(server), tenant, {"personal_access_token": TOKEN})


@pytest.fixture(scope="module", params=sorted(PROGRAMS))
def populated(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Any, Account]]:
    program = PROGRAMS[request.param]
    server = build(tmp_path_factory.mktemp("leat"), program)
    account = account_of(server)
    yield program, account
    account.client.close()
    server.close()


def test_there_are_as_many_as_asked_for(populated: tuple[Any, Account]) -> None:
    program, account = populated
    assert len(account.rows(Contact)) == 120
    assert len(account.rows(Referral)) == (60 if program else 0)
    statuses = Counter(row.status for row in account.rows(Referral))
    if program == FIVE:
        assert set(statuses) == {"pending", "completed", "failed"}
    assert ("failed" in statuses) == bool(program and program["limit_per_contact"])


def test_a_referral_is_where_its_contacts_have_brought_it(populated: tuple[Any, Account]) -> None:
    program, account = populated
    counts = {row.uuid: row.transaction_count for row in account.rows(Contact)}
    event = program["completion_event"] if program else {}
    needed = event.get("number_of_transactions", 0)
    limit = (program or {}).get("limit_per_contact") or 10**9
    completed: Counter[str] = Counter()
    for row in account.rows(Referral):
        if row.status == "completed":
            assert counts[row.referred_uuid] >= needed
            completed[row.referring_uuid] += 1
        elif row.status == "pending":
            assert counts[row.referred_uuid] < needed
            assert row.ended_ms is None
    assert all(count <= limit for count in completed.values())
    for row in account.rows(Referral):
        if row.status == "failed":
            assert completed[row.referring_uuid] == limit
            assert row.ended_ms >= max(
                other.ended_ms
                for other in account.rows(Referral)
                if other.referring_uuid == row.referring_uuid and other.status == "completed"
            )


def test_balances_are_what_was_received_and_granted(populated: tuple[Any, Account]) -> None:
    program, account = populated
    credited, prepaid, vouchers = Counter[str](), Counter[str](), Counter[str]()
    for row in account.rows(CreditReception):
        credited[row.contact_uuid] += row.credits
    for row in account.rows(Referral):
        if row.status == "completed":
            for contact, incentive in (
                (row.referred_uuid, program["referred_incentive"]),
                (row.referring_uuid, program["referring_incentive"]),
            ):
                credited[contact] += incentive.get("points", 0)
                prepaid[contact] += incentive.get("amount_in_cents", 0)
                vouchers[contact] += incentive["type"] == "voucher"
    held = {row.account: row.balance for row in account.rows(LedgerBalance)}
    wanted = {f"contact/{uuid}": amount for uuid, amount in credited.items() if amount}
    wanted |= {f"prepaid/{uuid}": amount for uuid, amount in prepaid.items() if amount}
    assert held == wanted
    assert Counter(row.contact_uuid for row in account.rows(Voucher)) == +vouchers


def test_the_ledger_proves_its_balances(populated: tuple[Any, Account]) -> None:
    _, account = populated
    entries = account.rows(LedgerEntry)
    by_transaction, running = Counter[str](), Counter[str]()
    for entry in sorted(entries, key=lambda entry: entry.number):
        by_transaction[entry.transaction_id] += entry.amount
        running[entry.account] += entry.amount
        assert entry.balance_after == (None if entry.account.startswith("@") else running[entry.account])
    assert not any(by_transaction.values())
    assert set(by_transaction) == {row.id for row in account.rows(LedgerTransaction)}
    assert all(row.balance == row.credited == running[row.account] for row in account.rows(LedgerBalance))


def test_nothing_happens_before_its_cause_or_after_the_present(populated: tuple[Any, Account]) -> None:
    _, account = populated
    born = {row.uuid: row.created_ms for row in account.rows(Contact)}
    for row in account.rows(CreditReception):
        assert born[row.contact_uuid] < row.created_ms <= account.now_ms
    for row in account.rows(Referral):
        assert born[row.referring_uuid] < born[row.referred_uuid] == row.created_ms
        assert row.ended_ms is None or row.created_ms <= row.ended_ms <= account.now_ms
    for row in account.rows(Contact):
        assert row.created_ms <= row.updated_ms <= account.now_ms


def test_people_are_made_up(populated: tuple[Any, Account]) -> None:
    _, account = populated
    people = account.rows(Contact)
    emails = [row.email for row in people if row.email is not None]
    assert len(set(emails)) == len(emails)
    assert {email.rpartition("@")[2] for email in emails} == {"example.org", "example.com", "example.net"}
    assert all(row.identifier is not None and row.firstname is None for row in people if row.email is None)
    assert any(row.email is None for row in people)


def test_the_examples_of_the_contract_exist(populated: tuple[Any, Account]) -> None:
    program, account = populated
    ana = account.contact(ANA_UUID)
    assert ana == done(account.get("/contacts/find-one-by?email=ana@example.org"))
    values = ana["current_values"]
    assert (ana["id"], values["referral_code"], values["loyalty_number_of_transactions"]) == (1042, ANA_CODE, 7)
    assert values["created_at"] == "2026-01-13T12:00:00+00:00"
    assert ana["current_display_values"] == {"firstname": "Ana", "lastname": "Stone"}
    if program == FIVE:
        assert (ana["credit_balance"]["balance"], ana["prepaid_balance"]["balance_in_cents"]) == (320, 500)
    if program is not None:
        assert [row for row in account.referrals() if row["uuid"] == ANA_REFERRAL_UUID] == [
            {
                "uuid": ANA_REFERRAL_UUID,
                "referring_contact": {"uuid": ANA_UUID, "email": "ana@example.org"},
                "referred_contact": {"uuid": BEN_UUID, "email": "ben@example.org"},
                "status": "completed",
            }
        ]


def test_life_goes_on_from_there(populated: tuple[Any, Account]) -> None:
    program, account = populated
    friend = account.create("friend-of-ana@example.org", ANA_CODE)
    account.buy(friend, 5)
    assert account.statuses().get(friend) == ("completed" if program else None)
    account.buy(ANA_UUID, credits=1, contact_identifier_value=ANA_IDENTIFIER)
    assert_refused(account.post("/contacts", json={"email": "ben@example.org", "referral_code": ANA_CODE}), 60005)
    for contact in account.rows(Contact):
        account.contact(contact.uuid)


def test_a_seed_gives_the_same_people_and_another_one_others(tmp_path: Any) -> None:
    people = []
    for seed in (1, 1, 2):
        server = build(tmp_path, FIVE, seed=seed)
        account = account_of(server)
        people.append(
            [
                {name: value for name, value in vars(row).items() if not name.startswith("_")}
                for table in (Contact, Referral, CreditReception, LedgerEntry)
                for row in account.rows(table)
            ]
        )
        account.client.close()
        server.close()
    assert people[0] == people[1] != people[2]


def test_a_seed_gives_the_same_answers_byte_by_byte(tmp_path: Any) -> None:
    credentials = {"client_id": "30", "client_secret": "secret_SEEDED0ACCOUNT0OF0THE0TESTS"}
    played = []
    for seed in (1, 1, 2):
        server = build(tmp_path, FIVE, seed=seed, populate={"contacts": 10, "referrals": 5}, credentials=credentials)
        account = account_of(server)
        token = {"grant_type": "client_credentials", **credentials}
        friend = account.post("/contacts", json={"email": "new@example.org", "referral_code": ANA_CODE})
        answers = [
            friend,
            account.get(f"/contacts/{done(friend)['uuid']}"),
            account.get("/referrals"),
            *(account.client.request("POST", "/leat/oauth/token", data=token) for _ in range(2)),
            account.post(
                "/webhook-subscriptions",
                json={"name": "n", "event_type": "contact_created", "url": "https://hooks.example.org"},
            ),
            account.post(
                "/credit-receptions", json={"contact_uuid": BEN_UUID, "shop_uuid": HARBOUR["uuid"], "unit_value": 3}
            ),
        ]
        assert {answer.status_code for answer in answers} == {200}
        assert answers[3].content != answers[4].content, "two tokens"
        played.append([(dict(answer.headers), answer.content) for answer in answers])
        account.client.close()
        server.close()
    assert played[0] == played[1] != played[2]


@pytest.mark.parametrize(
    "sizes", [{"contacts": 2, "referrals": 1}, {"contacts": 4, "referrals": 2}, {"contacts": 300, "referrals": 150}]
)
def test_it_can_be_small_and_large(tmp_path: Any, sizes: dict[str, int]) -> None:
    server = build(tmp_path, FIVE, populate=sizes)
    account = account_of(server)
    assert (len(account.rows(Contact)), len(account.rows(Referral))) == (sizes["contacts"], sizes["referrals"])
    assert account.contact(account.create("new@example.org"))["id"] > 0
    account.client.close()
    server.close()
