"""Ledgers, their accounts, and what wallets hold of them."""

from typing import Any

import pytest

from tests.api.loyalty_core.conftest import ACCOUNT, LEDGER, Club, assert_wrong, coded, refusal

NEW_ACCOUNT = {"name": "Stamps", "active": True, "isRevolving": False, "syncAlgorand": False}
ELSEWHERE = [
    "/ledgers/99",
    "/ledgers/99/accounts",
    "/ledgers/99/accounts/1",
    "/ledgers/1/accounts/99",
    "/ledgers/99/accounts/1/transactions",
    "/ledgers/1/accounts/99/transactions",
    "/ledgers/1/accounts/99/wallets/1/balance",
    "/ledgers/99/wallets/1/balances",
    "/ledgers/1/accounts/1/wallets/99/balance",
    "/ledgers/1/wallets/99/balances",
]


def new_account(club: Club, ledger: int = LEDGER, **members: Any) -> dict[str, Any]:
    return club.made(f"/ledgers/{ledger}/accounts", **{**NEW_ACCOUNT, **members})


class TestLedgers:
    def test_an_organization_begins_with_one(self, club: Club) -> None:
        page = club.get("/ledgers").json()
        assert page["totalCount"] == 1
        [ledger] = page["results"]
        assert (ledger["ledgerKey"], ledger["name"], ledger["defaultAccountId"]) == ("main", "Main", ACCOUNT)
        assert club.get(f"/ledgers/{LEDGER}").json() == {"ledger": ledger}

    def test_a_new_one_has_no_accounts(self, club: Club) -> None:
        made = club.made("/ledgers", name="Stämp cards!", description="Of summer.")
        assert {name: made[name] for name in made if not name.endswith(("At", "Id"))} == {
            "name": "Stämp cards!",
            "ledgerKey": "stamp-cards",
            "description": "Of summer.",
        }
        assert (made["organizationId"], made["defaultAccountId"]) == (club.id, None)
        assert club.get(f"/ledgers/{made['ledgerId']}").json()["ledger"] == made
        assert club.get(f"/ledgers/{made['ledgerId']}/accounts").json()["totalCount"] == 0
        wallet = club.member()["walletId"]
        assert refusal(club.post(f"/ledgers/{made['ledgerId']}/wallets/{wallet}/mint", json={"amount": 1})) == (
            409,
            f"The ledger {made['ledgerId']} has no accounts.",
        )
        assert coded(club.post(f"/ledgers/{made['ledgerId']}/wallets/{wallet}/burn", json={"amount": 1})) == (
            409,
            "LEDGER_WITHOUT_ACCOUNTS",
        )

    def test_equal_names_get_keys_of_their_own(self, club: Club) -> None:
        keys = [club.made("/ledgers", name=name)["ledgerKey"] for name in ("A b", "A B", "a-b", "€", "ß", "Main")]
        assert keys == ["a-b", "a-b-2", "a-b-3", "ledger", "ledger-2", "main-2"]

    def test_an_update_changes_what_it_names(self, club: Club) -> None:
        second = new_account(club)["ledgerAccountId"]
        before = club.get(f"/ledgers/{LEDGER}").json()["ledger"]
        changed = club.put(
            f"/ledgers/{LEDGER}", json={"name": "Other", "defaultAccountId": second, "ledgerKey": "x"}
        ).json()["ledger"]
        assert changed == {**before, "name": "Other", "defaultAccountId": second, "updatedAt": changed["updatedAt"]}
        assert changed["updatedAt"] > before["updatedAt"]
        described = club.put(f"/ledgers/{LEDGER}", json={"name": "Other", "description": "New."}).json()["ledger"]
        assert (described["description"], described["defaultAccountId"]) == ("New.", second)
        flags = {
            row["ledgerAccountId"]: row["isDefaultAccount"]
            for row in club.get(f"/ledgers/{LEDGER}/accounts").json()["results"]
        }
        assert flags == {ACCOUNT: False, second: True}

    def test_a_default_account_is_one_of_the_ledger(self, club: Club) -> None:
        other = club.made("/ledgers", name="Other")["ledgerId"]
        account = new_account(club, other)["ledgerAccountId"]
        for wrong in (account, 99, 0, -1):
            answer = club.put(f"/ledgers/{LEDGER}", json={"name": "Main", "defaultAccountId": wrong})
            assert refusal(answer) == (404, f"/defaultAccountId: The ledger {LEDGER} has no account {wrong}.")
        assert club.get(f"/ledgers/{LEDGER}").json()["ledger"]["defaultAccountId"] == ACCOUNT

    def test_pages_orders_and_the_key(self, club: Club) -> None:
        for name in ("c", "a", "b"):
            club.made("/ledgers", name=name)

        def names(**query: Any) -> str:
            return "".join(row["name"][0] for row in club.get("/ledgers", params=query).json()["results"])

        assert [names(), names(order="id,desc"), names(order="name"), names(order="ledgerKey,desc")] == [
            "Mcab",
            "bacM",
            "Mabc",
            "Mcba",
        ]
        assert [names(order="createdAt,desc"), names(limit=2, page=1), names(page=9), names(ledgerKey="a")] == [
            "bacM",
            "ab",
            "",
            "a",
        ]
        club.put(f"/ledgers/{LEDGER}", json={"name": "Main", "description": "changed"})
        assert names(order="updatedAt,desc")[0] == "M"
        assert coded(club.get("/ledgers?order=description")) == (400, "VALIDATION_FAILED")

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"name": ""},
            {"name": None},
            {"name": "x" * 256},
            {"name": "x", "description": 5},
            {"name": "x", "description": "x" * 4097},
            [],
        ],
    )
    def test_a_wrong_member_is_named(self, club: Club, body: object) -> None:
        wrong = [] if body == [] else ["description" if "description" in body else "name"]  # type: ignore[operator]
        assert_wrong(club.post("/ledgers", json=body), *wrong)
        assert_wrong(club.put(f"/ledgers/{LEDGER}", json=body), *wrong)
        assert club.get("/ledgers").json()["totalCount"] == 1


class TestAccounts:
    def test_what_is_left_out_has_its_default(self, club: Club) -> None:
        made = new_account(club)
        assert {name: made[name] for name in made if not name.endswith("At")} == {
            "ledgerAccountId": made["ledgerAccountId"],
            "ledgerId": LEDGER,
            "organizationId": club.id,
            "ledgerAccountKey": "stamps",
            **NEW_ACCOUNT,
            "isCurrency": False,
            "decimals": 0,
            "formatString": None,
            "maxSupply": None,
            "pointTrackingEnabled": False,
            "expiresInMonths": 0,
            "isDefaultAccount": False,
        }
        assert club.get(f"/ledgers/{LEDGER}/accounts/{made['ledgerAccountId']}").json() == {"ledgerAccount": made}

    def test_all_that_can_be_said_is_kept(self, club: Club) -> None:
        said = {
            "name": "Gold €",
            "active": False,
            "isRevolving": True,
            "syncAlgorand": True,
            "isCurrency": True,
            "decimals": 19,
            "formatString": "{amount} €",
            "maxSupply": 18446744073709,
            "pointTrackingEnabled": True,
            "expiresInMonths": 1200,
            "isDefaultAccount": True,
        }
        made = new_account(club, **said)
        assert said.items() <= made.items()
        assert club.get(f"/ledgers/{LEDGER}").json()["ledger"]["defaultAccountId"] == made["ledgerAccountId"]

    def test_the_first_of_a_ledger_is_its_default_whatever_is_said(self, club: Club) -> None:
        ledger = club.made("/ledgers", name="Other")["ledgerId"]
        first, second = (
            new_account(club, ledger, isDefaultAccount=False),
            new_account(club, ledger, isDefaultAccount=True),
        )
        assert (first["isDefaultAccount"], second["isDefaultAccount"]) == (True, True)
        rows = club.get(f"/ledgers/{ledger}/accounts").json()["results"]
        assert [row["isDefaultAccount"] for row in rows] == [False, True]

    def test_a_ledger_keeps_a_default_account(self, club: Club) -> None:
        path = f"/ledgers/{LEDGER}/accounts/{ACCOUNT}"
        assert coded(club.put(path, json={**NEW_ACCOUNT, "isDefaultAccount": False})) == (409, "DEFAULT_ACCOUNT_NEEDED")
        assert club.get(path).json()["ledgerAccount"]["name"] == "Points"
        second = new_account(club)["ledgerAccountId"]
        assert (
            club.put(f"/ledgers/{LEDGER}/accounts/{second}", json={**NEW_ACCOUNT, "isDefaultAccount": True}).status_code
            == 200
        )
        assert (
            club.put(path, json={**NEW_ACCOUNT, "isDefaultAccount": False}).json()["ledgerAccount"]["isDefaultAccount"]
            is False
        )

    def test_an_update_leaves_what_it_does_not_name(self, club: Club) -> None:
        made = new_account(
            club, decimals=2, formatString="{amount} st", maxSupply=9, expiresInMonths=3, isCurrency=True
        )
        path = f"/ledgers/{LEDGER}/accounts/{made['ledgerAccountId']}"
        changed = club.put(path, json={**NEW_ACCOUNT, "name": "New", "isRevolving": True, "maxSupply": 5}).json()[
            "ledgerAccount"
        ]
        assert changed == {**made, "name": "New", "isRevolving": True, "updatedAt": changed["updatedAt"]}
        assert club.get(path).json()["ledgerAccount"] == changed

    def test_pages_orders_and_filters(self, club: Club) -> None:
        for name in ("c", "a", "b", "a"):
            new_account(club, name=name)

        def keys(**query: Any) -> list[str]:
            answer = club.get(f"/ledgers/{LEDGER}/accounts", params=query)
            return [row["ledgerAccountKey"] for row in answer.json()["results"]]

        assert keys(order="name") == ["points", "a", "a-2", "b", "c"]
        assert keys(order="ledgerAccountKey,desc") == ["points", "c", "b", "a-2", "a"]
        assert keys(order="id,desc", limit=2) == keys(order="createdAt,desc", limit=2) == ["a-2", "b"]
        assert (keys(name="a"), keys(ledgerAccountKey="a-2"), keys(name="A")) == (["a", "a-2"], ["a-2"], [])
        assert keys(order="updatedAt,asc", limit=1, page=4) == ["a-2"]
        assert keys(page=5, limit=1) == []
        assert coded(club.get(f"/ledgers/{LEDGER}/accounts?order=decimals")) == (400, "VALIDATION_FAILED")

    @pytest.mark.parametrize(
        "members",
        [
            {"name": ""},
            {"name": None},
            {"active": None},
            {"active": "yes"},
            {"isRevolving": 1},
            {"syncAlgorand": None},
            {"decimals": 20},
            {"decimals": -1},
            {"decimals": 1.5},
            {"maxSupply": 0},
            {"maxSupply": 18446744073710},
            {"maxSupply": "9"},
            {"expiresInMonths": 1201},
            {"expiresInMonths": -1},
            {"formatString": "x" * 256},
        ],
    )
    def test_a_wrong_member_is_named(self, club: Club, members: dict[str, Any]) -> None:
        assert_wrong(club.post(f"/ledgers/{LEDGER}/accounts", json={**NEW_ACCOUNT, **members}), *members)
        assert club.get(f"/ledgers/{LEDGER}/accounts").json()["totalCount"] == 1


class TestBalances:
    def test_they_are_written_for_people(self, club: Club) -> None:
        wallet = club.member("ana", points=7)["walletId"]
        for members, shown in (
            ({}, "7"),
            ({"formatString": "{amount} points"}, "7 points"),
            ({"decimals": 2}, "0.07 points"),
            ({"formatString": "EUR", "decimals": 0}, "7 EUR"),
            ({"formatString": "", "decimals": 1}, "0.7"),
            ({"formatString": "{amount}/{amount} {0}", "decimals": 0}, "7/7 {0}"),
        ):
            assert club.put(f"/ledgers/{LEDGER}/accounts/{ACCOUNT}", json={**NEW_ACCOUNT, **members}).status_code == 200
            found = club.get(f"/ledgers/{LEDGER}/accounts/{ACCOUNT}/wallets/{wallet}/balance").json()["wallet"]
            assert (found["formattedBalance"], found["balance"]) == (shown, 7)

    def test_a_wallet_has_one_in_each_account_of_a_ledger(self, club: Club) -> None:
        wallet = club.member("ana", points=7)["walletId"]
        second = new_account(club)["ledgerAccountId"]
        new_account(club, club.made("/ledgers", name="Other")["ledgerId"])
        rows = club.get(f"/ledgers/{LEDGER}/wallets/{wallet}/balances").json()["wallets"]
        assert [(row["ledgerAccountId"], row["balance"], row["availableBalance"], row["ledgerId"]) for row in rows] == [
            (ACCOUNT, 7, 7, LEDGER),
            (second, 0, 0, LEDGER),
        ]
        assert rows[0] == club.get(f"/ledgers/{LEDGER}/accounts/{ACCOUNT}/wallets/{wallet}/balance").json()["wallet"]


@pytest.mark.parametrize("path", ELSEWHERE)
def test_what_is_not_there_is_a_404(club: Club, path: str) -> None:
    assert refusal(club.get(path))[0] == 404


def test_what_is_another_organizations_is_not_there(club: Club, other_club: Club) -> None:
    ledger = other_club.made("/ledgers", name="Theirs")["ledgerId"]
    account = new_account(other_club, ledger)["ledgerAccountId"]
    for path in (f"/ledgers/{ledger}", f"/ledgers/{ledger}/accounts", f"/ledgers/{ledger}/accounts/{account}"):
        assert refusal(club.get(path))[0] == 404
    assert refusal(club.put(f"/ledgers/{ledger}", json={"name": "Mine"}))[0] == 404
    assert refusal(club.put(f"/ledgers/{LEDGER}/accounts/{account}", json=NEW_ACCOUNT))[0] == 404
    assert refusal(club.post(f"/ledgers/{ledger}/accounts", json=NEW_ACCOUNT))[0] == 404
    assert refusal(club.put(f"/ledgers/{ledger}/accounts/{account}/supply", json={}))[0] == 404
    assert other_club.get(f"/ledgers/{ledger}").json()["ledger"]["name"] == "Theirs"
