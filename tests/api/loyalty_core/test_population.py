"""The people of a seeded organization: connected, in every state, and by the rules of the API."""

from collections import Counter, defaultdict
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select

from fixtures.loyalty_core.catalogue import CIRCLE, CLUB, MORE_SUPPLY, POINTS, STAMPS, STATUS
from fixtures.loyalty_core.population import populate
from models.kernel.base import Base
from models.kernel.times import add_months, iso
from models.ledger import LedgerBalance, LedgerEntry, LedgerTransaction
from models.loyalty_core.ledger.tables import Lot, PointAccount, PointLedger, PointTransaction, TransactionTag
from models.loyalty_core.members.tables import Enrolment, Member, MemberTerm, Tier, TierChange
from models.loyalty_core.members.terms import _terms
from models.loyalty_core.members.tier_rules import decide
from models.loyalty_core.organization.json_schemas import check_schema
from models.loyalty_core.organization.tables import ContentSchema, PortalName, Program
from models.outbox.outbox import Job
from tests.api.loyalty_core.conftest import Club, make_club
from tests.support.client import Client
from tests.support.refusals import assert_refused
from troth.app import Server

LEDGERS = {POINTS: 1, STATUS: 1, STAMPS: 2}


def seeded(server: Server, client: Client, alias: str, **sizes: int) -> Club:
    club = make_club(server, client, alias=alias)
    unit = club.unit()
    with unit.transaction():
        populate(unit, sizes)
        unit.finish()
    return club


@pytest.fixture(scope="module")
def populated(server: Server, client: Client) -> Club:
    return seeded(server, client, "seeded")


def rows(club: Club, table: type[Base]) -> list[Any]:
    """Tuples with the names of the columns, in the order of the key: there are too many for objects."""
    columns, unit = table.__table__.columns, club.unit()
    with unit.transaction() as session:
        return list(
            session.execute(
                select(*columns).where(columns.tenant_id == unit.tenant_id).order_by(*table.__table__.primary_key)
            )
        )


def held(club: Club) -> dict[str, int]:
    return {row.account: row.balance for row in rows(club, LedgerBalance)}


def path(account_id: int) -> str:
    return f"/ledgers/{LEDGERS[account_id]}/accounts/{account_id}"


def assert_books_balance(club: Club) -> None:
    by_transaction, running = Counter[str](), Counter[str]()
    for entry in sorted(rows(club, LedgerEntry), key=lambda entry: entry.number):
        by_transaction[entry.transaction_id] += entry.amount
        running[entry.account] += entry.amount
        assert entry.balance_after == (None if entry.account.startswith("@") else running[entry.account])
        assert entry.account.startswith("@") or running[entry.account] >= 0
    assert not any(by_transaction.values())
    assert {row.account: (row.balance, row.credited) for row in rows(club, LedgerBalance)} == {
        name: (amount, 0) for name, amount in running.items() if not name.startswith("@")
    }
    numbers = {row.id for row in rows(club, PointTransaction)}
    assert {name.partition("/")[0] for name in by_transaction} <= {"supply", *map(str, numbers)}


def test_there_are_as_many_as_asked_for(populated: Club) -> None:
    counts = {
        table: len(rows(populated, table)) for table in (Member, PointTransaction, Program, PointLedger, PointAccount)
    }
    assert counts == {Member: 500, PointTransaction: 5_000, Program: 2, PointLedger: 2, PointAccount: 3}
    assert Counter(row.program_id for row in rows(populated, Tier)) == {CLUB: 4, CIRCLE: 2}
    assert [row.id for row in rows(populated, Member)] == list(range(1, 501))
    assert rows(populated, LedgerTransaction) == []


def test_every_kind_of_transaction_in_every_state(populated: Club) -> None:
    seen = {(row.type, row.status, row.capture_method) for row in rows(populated, PointTransaction)}
    assert seen >= {
        ("mint", "posted", "auto"),
        ("mint", "reverted", "auto"),
        ("revert", "posted", "auto"),
        ("expiry", "posted", "auto"),
        ("supply-increase", "posted", "auto"),
        *((kind, "posted", method) for kind in ("burn", "transfer") for method in ("auto", "manual")),
        ("burn", "pending", "manual"),
        ("burn", "voided", "manual"),
        ("transfer", "voided", "manual"),
    }
    partly = [
        row for row in rows(populated, PointTransaction) if row.status == "posted" and row.captured_amount < row.amount
    ]
    assert {row.type for row in partly} == {"burn", "transfer"}


def test_the_books_balance(populated: Club) -> None:
    assert_books_balance(populated)


def expected(row: PointTransaction) -> dict[str, dict[str, int]]:
    """The entries that a transaction has by its row alone."""
    limited, tail = row.account_id == STAMPS, str(row.account_id)
    source, sink = (f"s{tail}", f"s{tail}") if limited else (f"@issued/{tail}", f"@burned/{tail}")
    if row.type == "supply-increase":
        return {str(row.id): {f"s{tail}": row.amount, f"@issued/{tail}": -row.amount}}
    giver = f"a{tail}/w{row.from_wallet_id}" if row.from_wallet_id else sink if row.type == "revert" else source
    taker = f"a{tail}/w{row.to_wallet_id}" if row.to_wallet_id else source if row.type == "revert" else sink
    if row.capture_method == "auto":
        return {str(row.id): {giver: -row.amount, taker: row.amount}}
    aside = giver.replace("/w", "/h")
    made = {str(row.id): {giver: -row.amount, aside: row.amount}}
    if row.status == "voided":
        made[f"{row.id}/void"] = {aside: -row.amount, giver: row.amount}
    elif row.status == "posted":
        rest = row.amount - row.captured_amount
        made[f"{row.id}/capture"] = {aside: -row.amount, taker: row.captured_amount, **({giver: rest} if rest else {})}
    return made


def test_entries_are_what_transactions_say(populated: Club) -> None:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for entry in rows(populated, LedgerEntry):
        found[entry.transaction_id][entry.account] = entry.amount
    assert found.pop("supply/3") == {"s3": 2_500, "@issued/3": -2_500}
    transactions = rows(populated, PointTransaction)
    assert found == {name: legs for row in transactions for name, legs in expected(row).items()}
    by_id = {row.id: row for row in transactions}
    for row in transactions:
        if row.type == "revert":
            taken_back = by_id[row.reverts_id]
            assert (taken_back.status, taken_back.updated_ms, taken_back.captured_amount) == (
                "reverted",
                row.created_ms,
                row.amount,
            )
    assert {row.reverts_id for row in transactions} - {None} == {
        row.id for row in transactions if row.status == "reverted"
    }
    assert {(row.transaction_id, row.tag) for row in rows(populated, TransactionTag)} == {
        (row.id, tag) for row in transactions for tag in row.tags
    }


def test_points_come_from_a_supply_that_is_not_exceeded(populated: Club) -> None:
    balances = held(populated)
    stamps = sum(amount for name, amount in balances.items() if name.startswith(f"a{STAMPS}/"))
    assert 0 < stamps < MORE_SUPPLY
    assert balances[f"s{STAMPS}"] == MORE_SUPPLY - stamps
    assert populated.get(path(STAMPS)).json()["ledgerAccount"]["maxSupply"] == MORE_SUPPLY


def test_lots_hold_all_stamps_and_wait_for_their_expiry(populated: Club) -> None:
    lots, now = rows(populated, Lot), populated.now_ms
    sums = Counter[str]()
    for lot in lots:
        sums[lot.place] += lot.amount
        assert lot.amount > 0
        assert lot.expires_ms is not None
        assert lot.expires_ms > now
    assert sums == +Counter(
        {name: amount for name, amount in held(populated).items() if name.startswith(f"a{STAMPS}/")}
    )
    by_place = sorted(lots, key=lambda lot: (lot.place, lot.number))
    assert all(one.expires_ms <= other.expires_ms for one, other in pairwise(by_place) if one.place == other.place)
    jobs = {(row.subject, row.due_at_ms) for row in rows(populated, Job) if row.kind == "points-expiry"}
    firsts = {lot.place.removeprefix("a").replace("w", ""): lot.expires_ms for lot in reversed(by_place)}
    assert jobs == set(firsts.items())


def test_the_oldest_stamps_go_first(populated: Club) -> None:
    wallets: dict[int, list[list[int]]] = defaultdict(list)
    for row in rows(populated, PointTransaction):
        if row.account_id != STAMPS or row.type == "supply-increase":
            continue
        pieces = [[row.id, add_months(row.created_ms, 4), row.amount]]
        if row.from_wallet_id:
            pieces, left = [], row.amount
            for lot in wallets[row.from_wallet_id]:
                pieces.append([lot[0], lot[1], min(lot[2], left)])
                lot[2] -= pieces[-1][2]
                left -= pieces[-1][2]
            pieces = [piece for piece in pieces if piece[2]]
            wallets[row.from_wallet_id] = [lot for lot in wallets[row.from_wallet_id] if lot[2]]
        if row.type == "expiry":
            assert row.lots is None
            assert pieces[-1][1] == row.created_ms
        elif row.type != "mint":
            assert [piece[1:] for piece in row.lots] == [piece[1:] for piece in pieces]
        if row.to_wallet_id:
            wallets[row.to_wallet_id] = sorted(wallets[row.to_wallet_id] + pieces)
    found: dict[str, list[list[int]]] = defaultdict(list)
    for lot in rows(populated, Lot):
        found[lot.place].append([lot.expires_ms, lot.amount])
    assert found == {f"a{STAMPS}/w{wallet}": [lot[1:] for lot in lots] for wallet, lots in wallets.items() if lots}


def test_tiers_are_those_that_points_lead_to(populated: Club) -> None:
    balances, tiers, programs = (
        held(populated),
        rows(populated, Tier),
        {row.id: row for row in rows(populated, Program)},
    )
    keys = {row.id: row.tier_key for row in tiers}
    last = {(row.member_id, row.program_id): row for row in rows(populated, TierChange)}
    seen = set()
    for row in rows(populated, Enrolment):
        account_id = programs[row.program_id].tier_account_id or programs[row.program_id].main_account_id
        ladder = sorted(
            ((tier.id, tier.min_required_points) for tier in tiers if tier.program_id == row.program_id),
            key=lambda tier: -tier[1],
        )
        points = balances.get(f"a{account_id}/w{100 + row.member_id}", 0) + balances.get(
            f"a{account_id}/h{100 + row.member_id}", 0
        )
        if not row.manual:
            assert row.tier_id == decide(ladder, programs[row.program_id].default_tier_id, points)
        change = last[row.member_id, row.program_id]
        assert (change.tier_id, change.tier_key, change.expires_ms) == (
            row.tier_id,
            keys[row.tier_id],
            row.tier_expires_ms,
        )
        seen.add((row.tier_id, row.manual))
    assert {tier_id for tier_id, manual in seen if not manual} == set(keys)
    assert {(row.subject, row.due_at_ms) for row in rows(populated, Job) if row.kind == "tier-expiry"} == {
        (f"{row.member_id}/{row.program_id}", row.tier_expires_ms) for row in rows(populated, Enrolment) if row.manual
    }


def test_who_has_earned_is_enrolled(populated: Club) -> None:
    enrolled = {(row.program_id, row.member_id) for row in rows(populated, Enrolment)}
    assert {member_id for program_id, member_id in enrolled if program_id == CLUB} == set(range(1, 501))
    collectors = {
        row.to_wallet_id - 100
        for row in rows(populated, PointTransaction)
        if row.account_id == STAMPS and row.to_wallet_id
    }
    assert {member_id for program_id, member_id in enrolled if program_id == CIRCLE} == collectors
    assert {(row.program_id, row.member_id) for row in rows(populated, TierChange)} == enrolled


def test_every_change_of_tier_is_history(populated: Club) -> None:
    """The year once more: what points lead to after each transaction, unless a tier was set by hand before."""
    tiers, joined = rows(populated, Tier), {row.id: row.created_ms for row in rows(populated, Member)}
    changes: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for row in rows(populated, TierChange):
        changes[row.program_id, row.member_id].append((row.tier_id, row.created_ms, row.expires_ms))
    by_hand = {
        key: next((at for _, at, expires in found if expires), populated.now_ms + 1) for key, found in changes.items()
    }
    expected: dict[tuple[int, int], list[Any]] = {(CLUB, member): [(1, at, None)] for member, at in joined.items()}
    points = Counter[tuple[int, int]]()
    for row in rows(populated, PointTransaction):
        program = {STATUS: CLUB, STAMPS: CIRCLE}.get(row.account_id)
        for wallet, amount in ((row.from_wallet_id, -row.amount), (row.to_wallet_id, row.amount)):
            if program is None or not wallet:
                continue
            key = program, wallet - 100
            points[key] += amount
            tier = max(
                (tier.min_required_points, tier.id)
                for tier in tiers
                if tier.program_id == program and tier.min_required_points <= points[key]
            )[1]
            before = expected.setdefault(key, [])
            if row.created_ms < by_hand[key] and (not before or before[-1][0] != tier):
                before.append((tier, row.created_ms, None))
    for key, found in changes.items():
        assert found == expected[key] + [change for change in found if change[2]]
    assert max(map(len, changes.values())) > 3


def test_nothing_happens_before_its_cause_or_after_the_present(populated: Club) -> None:
    now, joined = populated.now_ms, {row.wallet_id: row.created_ms for row in rows(populated, Member)}
    transactions = rows(populated, PointTransaction)
    assert all(
        one.created_ms <= other.created_ms
        for table in (rows(populated, Member), transactions, rows(populated, TierChange))
        for one, other in pairwise(table)
    )
    for row in transactions:
        assert all(joined[wallet] <= row.created_ms for wallet in (row.from_wallet_id, row.to_wallet_id) if wallet)
        assert row.created_ms <= row.updated_ms <= now
    for member in rows(populated, Member):
        assert member.created_ms <= member.updated_ms <= now
    assert now - transactions[0].created_ms > 300 * 86_400_000


def test_members_are_found_by_the_terms_that_the_api_would_keep(populated: Club) -> None:
    kept: dict[int, set[str]] = defaultdict(set)
    for row in rows(populated, MemberTerm):
        kept[row.member_id].add(row.term)
    people = rows(populated, Member)
    assert kept == {row.id: _terms(row) for row in people}
    assert {row.email for row in people} == {row.profile.get("email") for row in people}
    emails = [row.email for row in people if row.email]
    assert len(set(emails)) == len(emails)
    assert {email.rpartition("@")[2] for email in emails} == {"example.org", "example.com", "example.net"}
    assert {row.active for row in people} == {True, False}


def test_every_list_shows_something(populated: Club) -> None:
    for where, member in (
        ("/members", "results"),
        ("/search/members", "results"),
        ("/loyalty-programs?default=false", "loyaltyPrograms"),
        ("/loyalty-programs/1/tiers", "results"),
        ("/loyalty-programs/2/tiers", "results"),
        ("/ledgers", "results"),
        ("/ledgers/1/accounts", "results"),
        (f"{path(STATUS)}/transactions", "results"),
        ("/ledgers/1/wallets/142/balances", "wallets"),
        ("/users", "results"),
        ("/users?includeCognitoUsers=false", "results"),
        ("/users?active=false", "results"),
        ("/portals", "results"),
        ("/locations", "results"),
        ("/order-locations", "results"),
        ("/categories", "results"),
        ("/product-categories", "results"),
        ("/members/42/loyalty-programs/1/tier-history", "results"),
    ):
        answer = populated.get(where)
        assert answer.status_code == 200, (where, answer.text)
        assert len(answer.json()[member]) >= 1, where
    assert [row["contentSchemaVersionId"] for row in populated.get("/content-schemas").json()] == [3, 4]
    for schema in rows(populated, ContentSchema):
        for version in (schema.id, schema.version_id):
            check_schema(populated.get(f"/content-schemas/{schema.id}/versions/{version}").json()["schema"])
    taken = {row.public_id for row in rows(populated, PortalName)}
    assert {portal["publicId"] for portal in populated.get("/portals").json()["results"]} <= taken


def test_members_can_be_paged_through_and_found(populated: Club) -> None:
    seen: list[int] = []
    for page in range(21):
        seen += [row["memberId"] for row in populated.get(f"/members?limit=25&page={page}").json()["results"]]
    assert seen == list(range(1, 501))
    ana = populated.get("/search/members?query=ana%20sto").json()["results"]
    assert 42 in [row["memberId"] for row in ana]
    assert [row["memberId"] for row in populated.get("/search/members?query=HC-000007").json()["results"]] == [7]
    mates = populated.get("/search/members?loyaltyTierKey=mate&limit=1").json()["totalCount"]
    assert mates == sum(row.tier_id == 2 for row in rows(populated, Enrolment)) > 50


def test_a_key_of_the_past_is_answered_again(populated: Club) -> None:
    row = next(row for row in rows(populated, PointTransaction) if row.unique_key and row.account_id == POINTS)
    before = held(populated)
    body = {
        "amount": row.amount,
        "systemUniqueKey": row.unique_key,
        "externalId": row.external_id,
        "tags": row.tags,
        "externalEventDate": iso(row.external_ms),
    }
    answer = populated.post(f"{path(POINTS)}/wallets/{row.to_wallet_id}/mint", json=body)
    assert answer.json()["transactions"][0]["ledgerTransactionId"] == str(row.id)
    assert_refused(
        populated.post(f"{path(POINTS)}/wallets/{row.to_wallet_id}/mint", json={**body, "amount": 1}),
        409,
        "SYSTEM_UNIQUE_KEY_REUSED",
    )
    assert held(populated) == before
    supply = {
        "maxSupply": MORE_SUPPLY,
        "systemUniqueKey": "supply-second-shop",
        "description": "For the second shop",
        "tags": ["budget"],
    }
    assert populated.put(f"{path(STAMPS)}/supply", json=supply).json()["transactions"][0]["type"] == "supply-increase"


def test_what_is_pending_can_be_captured(populated: Club) -> None:
    row = next(row for row in rows(populated, PointTransaction) if row.status == "pending")
    before, available = populated.points(row.from_wallet_id)
    captured = {"transactions": [{"ledgerTransactionId": str(row.id), "captureAmount": row.amount - 1}]}
    assert populated.post(f"{path(POINTS)}/transactions/capture", json=captured).status_code == 200
    assert populated.points(row.from_wallet_id) == (before - row.amount + 1, available + 1)


def test_what_was_done_can_be_taken_back(populated: Club) -> None:
    for row in reversed(rows(populated, PointTransaction)):
        if row.unique_key and row.status == "posted" and populated.points(row.to_wallet_id)[1] >= row.amount:
            break
    before = populated.points(row.to_wallet_id)[0]
    assert (
        populated.post(f"{path(POINTS)}/transactions/revert", json={"systemUniqueKey": row.unique_key}).status_code
        == 200
    )
    assert populated.points(row.to_wallet_id)[0] == before - row.amount
    gone = next(row for row in rows(populated, PointTransaction) if row.unique_key and row.status == "reverted")
    assert_refused(
        populated.post(f"{path(POINTS)}/transactions/revert", json={"systemUniqueKey": gone.unique_key}),
        409,
        "TRANSACTION_CLOSED",
    )


def test_new_numbers_go_on_from_there(populated: Club) -> None:
    count = len(rows(populated, PointTransaction))
    friend = populated.member("new", points=1_000)
    assert (friend["memberId"], friend["walletId"]) == (501, 601)
    assert rows(populated, PointTransaction)[-1].id == count + 1
    stamped = populated.post(f"{path(STAMPS)}/wallets/{friend['walletId']}/mint", json={"amount": 6}).json()
    assert stamped["transactions"][0]["ledgerTransactionId"] == str(count + 2)
    assert [
        row["loyaltyTierKey"] for row in populated.get("/members/501").json()["loyalMember"]["loyaltyPrograms"]
    ] == ["member", "roaster"]


def test_stamps_expire_when_their_time_comes(populated: Club) -> None:
    lot = min(rows(populated, Lot), key=lambda lot: lot.expires_ms or 0)
    wallet = int(lot.place.partition("w")[2])
    before, supply = populated.points(wallet, STAMPS, 2)[0], held(populated)[f"s{STAMPS}"]
    lots = [other for other in rows(populated, Lot) if other.expires_ms == lot.expires_ms]
    populated.advance(lot.expires_ms - populated.now_ms)
    assert populated.points(wallet, STAMPS, 2)[0] == before - lot.amount
    assert held(populated)[f"s{STAMPS}"] == supply + sum(other.amount for other in lots)
    expired = rows(populated, PointTransaction)[-1]
    assert (expired.type, expired.created_ms) == ("expiry", lot.expires_ms)


def test_the_books_balance_still(populated: Club) -> None:
    assert_books_balance(populated)


@pytest.mark.parametrize(("members", "transactions"), [(2, 20), (3, 20), (43, 300)])
def test_it_can_be_small(server: Server, client: Client, members: int, transactions: int) -> None:
    club = seeded(server, client, f"small-{members}", members=members, transactions=transactions)
    assert len(rows(club, Member)) == members
    assert len(rows(club, PointTransaction)) >= transactions
    assert_books_balance(club)
    ana = club.get("/search/members?query=ana@example.org").json()["results"][0]
    assert ana["loyaltyPrograms"][0]["loyaltyTierKey"] == "mate"
    assert club.points(ana["walletId"]) == (1220, 1040) or members < 43
    assert club.member("new")["memberId"] == members + 1
    bought = club.post(
        f"/members/{ana['memberId']}/purchase-orders",
        json={"externalId": "new", "type": "sale", "total": 1.5, "status": "confirmed"},
    )
    assert [
        effect["data"]["amount"]
        for effect in bought.json()["evaluationResults"]["effects"]
        if effect["source"] == "campaign"
    ] == [15, 15]


@pytest.mark.parametrize(
    "sizes",
    [
        {"members": 1},
        {"members": 3_001},
        {"transactions": 19},
        {"transactions": 20_001},
        {"stamps": 1},
        {"members": "many"},
        {"roastery": False},
        {"roastery": True, "members": 1},
        {"roastery": True, "members": 101},
        {"roastery": True, "transactions": 20},
    ],
)
def test_sizes_that_make_no_sense_are_refused(club: Club, sizes: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        populate(club.unit(), sizes)
    assert rows(club, Member) == []
