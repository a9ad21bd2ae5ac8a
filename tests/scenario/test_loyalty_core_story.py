"""The story of a coffee club over real HTTP: programs, tiers, points that are earned, given, held, spent, and that
expire.

The server is `troth mock` on a fixed clock with a scenario and a database of its own, so that the command line can give
a user a token while it runs.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.scenario.coffee import Organization
from tests.support.live import troth

TOKEN = "lc_STORY0TOKEN0OF0THE0TESTS"
SECRET = {"TROTH_SECRET_KEY": "the-secret-of-the-story-which-is-long-enough"}
DAY_MS = 86_400_000
SCENARIO = {
    "projects": [
        {
            "api": "loyalty_core",
            "project": "harbour",
            "name": "Harbour Coffee",
            "settings": {"organization_id": 7},
            "live": {"alias": "harbour", "credentials": {"api_token": TOKEN}},
        }
    ]
}


class Club(Organization):
    """The club of this story, and where its database is."""

    def __init__(self, url: str, database: str, token: str = TOKEN) -> None:
        super().__init__(url, 7, token)
        self.database = database

    def balances(self, member: dict[str, Any], account: int = 1) -> tuple[int, int]:
        """What a member has, and what of it can be spent."""
        shown = self.get(f"/ledgers/1/accounts/{account}/wallets/{member['walletId']}/balance")["wallet"]
        return shown["balance"], shown["availableBalance"]

    def token_of(self, user: str) -> str:
        """A token for a user, from the command line; it is shown once."""
        command = [
            Path(sys.executable).with_name("troth"),
            "key",
            "create",
            "loyalty_core",
            "harbour",
            "--kind",
            "user_token",
            "--user",
            user,
            "--db",
            self.database,
            "--json",
        ]
        made = subprocess.run(
            command, env={**os.environ, **SECRET}, capture_output=True, text=True, timeout=60, check=True
        )
        token: str = json.loads(made.stdout)[0]["credentials"]["user_token"]
        return token


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Club]:
    folder = tmp_path_factory.mktemp("club")
    (folder / "club.yaml").write_text(yaml.safe_dump(SCENARIO))
    database = f"sqlite:///{folder / 'club.db'}"
    with troth(
        "mock",
        "--clock",
        "fixed",
        "--scenario",
        str(folder / "club.yaml"),
        "--db",
        database,
        ready="/_troth/clock",
        env=SECRET,
    ) as url:
        made = Club(url, database)
        with made.http:
            yield made


def test_the_story(club: Club) -> None:
    # The organization has been set up with a program, a tier, a ledger and points; it says where it is and how it
    # speaks.
    assert club.get("")["organization"]["name"] == "Harbour Coffee"
    club.put(
        "",
        name="Harbour Coffee",
        description="Coffee, roasted by the water.",
        pictureUrl="https://img.example.org/logo.png",
        defaultLoyaltyProgramId=1,
        defaultLocale="en",
        locales=["en", "es"],
        customAttributes={"region": "south"},
    )
    (program,) = club.get("/loyalty-programs")["loyaltyPrograms"]
    assert (program["isDefault"], program["mainLedgerAccountId"], program["defaultTierId"]) == (True, 1, 1)

    # Points to spend are one account, those that count for the tier another; a member with 1,000 of these is a Mate.
    status = club.post("/ledgers/1/accounts", name="Status points", active=True, isRevolving=False, syncAlgorand=False)[
        "ledgerAccount"
    ]
    assert (status["ledgerAccountId"], status["ledgerAccountKey"]) == (2, "status-points")
    club.put(
        "/loyalty-programs/1",
        active=True,
        name="Harbour Club",
        description="A point for each cent.",
        ledgerId=1,
        mainLedgerAccountId=1,
        tierPointsLedgerAccountId=2,
        setAsDefault=True,
    )
    club.put(
        "/ledgers/1/accounts/1",
        name="Points",
        active=True,
        isRevolving=False,
        syncAlgorand=False,
        formatString="{amount} points",
    )
    mate = club.post("/loyalty-programs/1/tiers", name="Mate", active=True, minRequiredPoints=1_000, tierOrder=2)[
        "tier"
    ]
    assert (mate["loyaltyTierId"], mate["loyaltyTierKey"]) == (2, "mate")

    # Two people sign up; a card is given out once.
    lena, kim = (
        club.post(
            "/members", loyaltyMemberId=f"HC-{number}", memberType="customer", profile={"name": name, "email": email}
        )["loyalMember"]
        for number, name, email in ((1, "Lena Möller", "lena@example.org"), (2, "Kim Lund", "kim@example.net"))
    )
    assert club.refused("POST", "/members", loyaltyMemberId="HC-1") == (
        409,
        "/loyaltyMemberId: Another member has this loyaltyMemberId.",
    )
    assert club.tier(lena) == "member"

    # Lena buys. The till gets no answer, asks again with the same key, and the points are there once.
    sale = {"amount": 1_200, "systemUniqueKey": "till-1-0001", "externalId": "receipt-1", "tags": ["counter"]}
    made, again = (club.post("/loyalty-members/HC-1/mint", **sale)["ledgerTransactions"] for _ in range(2))
    assert made == again
    club.post("/loyalty-members/HC-1/mint", amount=1_200, ledgerId=1, ledgerAccountId=2, externalId="receipt-1")
    assert club.balances(lena) == (1_200, 1_200)
    assert club.refused("POST", "/loyalty-members/HC-1/mint", **{**sale, "amount": 2})[0] == 409

    # With that she has become a Mate, which is in her history.
    assert club.tier(lena) == "mate"
    history = club.get(f"/members/{lena['memberId']}/loyalty-programs/1/tier-history")
    assert [change["loyaltyTierKey"] for change in history["results"]] == ["member", "mate"]

    # She gives a friend something.
    gift = {
        "amount": 150,
        "fromWalletId": lena["walletId"],
        "toWalletId": kim["walletId"],
        "systemUniqueKey": "gift-1",
        "tags": ["gift"],
    }
    club.post("/ledgers/1/accounts/1/transactions", **gift)
    assert (club.balances(lena), club.balances(kim)) == ((1_050, 1_050), (150, 150))

    # A grinder is put on hold for her: its points are hers still, but she cannot spend them twice.
    (held,) = club.post(
        f"/ledgers/1/accounts/1/wallets/{lena['walletId']}/burn",
        amount=800,
        captureMethod="manual",
        description="Grinder",
    )["transactions"]
    assert (held["status"], club.balances(lena)) == ("pending", (1_050, 250))
    assert club.refused("POST", "/loyalty-members/HC-1/burn", amount=251) == (
        400,
        f"Wallet {lena['walletId']} has 250 points to spend and 251 are asked for.",
    )

    # It costs less after all: part of the hold is captured, the rest released, and a hold is captured once.
    capture = {"transactions": [{"ledgerTransactionId": held["ledgerTransactionId"], "captureAmount": 700}]}
    assert club.post("/ledgers/1/accounts/1/transactions/capture", **capture) == {"ok": True}
    assert club.balances(lena) == (350, 350)
    assert club.refused("POST", "/ledgers/1/accounts/1/transactions/capture", **capture)[0] == 409
    shown = club.get(f"/ledgers/1/wallets/{lena['walletId']}/balances")["wallets"]
    assert [wallet["formattedBalance"] for wallet in shown] == ["350 points", "1200"]


def test_stamps_run_out_and_expire(club: Club) -> None:
    # Ten stamps there are, which live for three months, and can be given out again.
    stamps = club.post(
        "/ledgers/1/accounts",
        name="Stamps",
        active=True,
        isRevolving=True,
        syncAlgorand=False,
        pointTrackingEnabled=True,
        expiresInMonths=3,
        maxSupply=10,
    )["ledgerAccount"]["ledgerAccountId"]
    zoe, max_ = (club.post("/members", loyaltyMemberId=own)["loyalMember"] for own in ("HC-10", "HC-11"))

    def stamp(member: dict[str, Any], amount: int) -> str:
        return f"/ledgers/1/accounts/{stamps}/wallets/{member['walletId']}/mint"

    club.post(stamp(zoe, 6), amount=6)
    club.advance(30)
    club.post(stamp(zoe, 3), amount=3)
    assert club.refused("POST", stamp(max_, 2), amount=2)[0] == 400
    club.put(f"/ledgers/1/accounts/{stamps}/supply", maxSupply=12, description="For the second shop")
    club.post(stamp(max_, 2), amount=2)

    # The oldest go first: of her nine, four of the first six are used, and two of them are too old in the end.
    club.post(f"/ledgers/1/accounts/{stamps}/wallets/{zoe['walletId']}/burn", amount=4)
    assert "points-expiry" in club.advance(61)
    assert club.balances(zoe, stamps) == (3, 3)
    newest = club.get(f"/ledgers/1/accounts/{stamps}/transactions", order="ledgerTransactionId,desc")["results"][0]
    assert (newest["type"], newest["amount"], newest["fromWalletId"]) == ("expiry", 2, zoe["walletId"])
    club.advance(31)
    assert (club.balances(zoe, stamps), club.balances(max_, stamps)) == ((0, 0), (0, 0))

    # What has expired is free again.
    club.post(stamp(max_, 12), amount=12)


def test_a_batch_and_what_is_taken_back(club: Club) -> None:
    ada, bo = (club.post("/members", loyaltyMemberId=own)["loyalMember"] for own in ("HC-20", "HC-21"))
    club.post("/loyalty-members/HC-20/mint", amount=100, systemUniqueKey="till-1-0020")

    def move(giver: dict[str, Any], taker: dict[str, Any], amount: int, **more: Any) -> dict[str, Any]:
        return {
            "amount": amount,
            "fromWalletId": giver["walletId"],
            "toWalletId": taker["walletId"],
            "ledgerId": 1,
            "ledgerAccountId": 1,
            **more,
        }

    # Of a set all or nothing is done; what stands alone is done by itself.
    answer = club.post(
        "/ledger-transactions/batch",
        items=[
            move(ada, bo, 30, systemUniqueKey="night-1"),
            move(ada, bo, 10, atomicSetId=1),
            move(bo, ada, 500, atomicSetId=1),
        ],
    )
    assert [item["systemUniqueKey"] for item in answer["processed"]] == ["night-1"]
    assert [(item["itemIndex"], item["error"]["statusCode"]) for item in answer["failed"]] == [(1, 400), (2, 400)]
    assert (club.balances(ada), club.balances(bo)) == ((70, 70), (30, 30))

    # The transfer was a mistake, and is taken back, once. Her points cannot be, when they are spent.
    (back,) = club.post("/ledgers/1/accounts/1/transactions/revert", systemUniqueKey="night-1", description="Wrong Bo")[
        "transactions"
    ]
    assert (back["type"], back["amount"], club.balances(ada), club.balances(bo)) == ("revert", 30, (100, 100), (0, 0))
    assert club.refused("POST", "/ledgers/1/accounts/1/transactions/revert", systemUniqueKey="night-1")[0] == 409
    club.post("/loyalty-members/HC-20/burn", amount=1)
    assert club.refused("POST", "/ledgers/1/accounts/1/transactions/revert", systemUniqueKey="till-1-0020")[0] == 400


def test_people_find_members_and_do_what_their_roles_allow(club: Club) -> None:
    # By the beginnings of words, with or without accents.
    club.post("/members", loyaltyMemberId="HC-30", profile={"name": "Zoë Águila", "email": "zoe.aguila@example.com"})
    found = club.get("/search/members", query="agui zoe")["results"]
    assert [member["loyaltyMemberId"] for member in found] == ["HC-30"]
    assert club.get("/search/members", query="guila")["results"] == []

    # Ines may look at members and ledgers. Her token does what she may do now, and nothing else.
    user = {
        "active": True,
        "name": "Ines Duarte",
        "nickname": "Ines",
        "profilePictureUrl": "https://img.example.org/ines.png",
        "isSystemAdmin": False,
        "pendingProvisioning": False,
        "customAttributes": {},
        "isAdmin": False,
        "userName": "ines",
        "email": "ines@example.org",
        "authClientId": "backoffice",
        "roles": ["members:read", "ledgers:read"],
    }
    created = club.post("/users", **user)
    assert created["password"]
    ines = Club(club.root, club.database, club.token_of("ines"))
    with ines.http:
        assert ines.get("/members", loyaltyMemberId="HC-30")["totalCount"] == 1
        assert ines.get("/ledgers")["totalCount"] == 1
        assert ines.refused("POST", "/members", loyaltyMemberId="HC-31")[0] == 403
        assert ines.refused("POST", "/loyalty-members/HC-30/mint", amount=1_000_000)[0] == 403
        assert ines.refused("GET", "/users")[0] == 403
        club.put(
            f"/users/{created['user']['userId']}/permissions", isAdmin=False, roles=["members:read", "members:write"]
        )
        assert ines.post("/loyalty-members/HC-30/mint", amount=10)["ledgerTransactions"][0]["amount"] == 10
        assert ines.refused("GET", "/ledgers")[0] == 403
