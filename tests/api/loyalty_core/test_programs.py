"""Loyalty programs."""

from typing import Any

import httpx2
import pytest
from sqlalchemy import delete

from models.loyalty_core.organization.tables import Organization, Program
from tests.api.loyalty_core.conftest import ACCOUNT, LEDGER, PROGRAM, TIER, Club, coded, refusal
from tests.api.loyalty_core.test_ledgers import new_account

NEW = {
    "name": "Roasters Circle",
    "active": True,
    "ledgerId": LEDGER,
    "description": "For those who roast.",
    "setAsDefault": False,
}
NAMES = {name: name for name in ("mainLedgerAccountId", "tierPointsLedgerAccountId", "mainPortalId", "defaultTierId")}


def new_program(club: Club, **members: Any) -> dict[str, Any]:
    return club.made("/loyalty-programs", **{**NEW, **members})


def get(club: Club, program: int = PROGRAM) -> dict[str, Any]:
    found: dict[str, Any] = club.get(f"/loyalty-programs/{program}").json()["loyaltyProgram"]
    return found


def put(club: Club, program: int = PROGRAM, **members: Any) -> httpx2.Response:
    return club.put(f"/loyalty-programs/{program}", json={**NEW, **members})


def listed(club: Club, **query: Any) -> list[dict[str, Any]]:
    answer = club.get("/loyalty-programs", params=query).json()
    assert list(answer) == ["loyaltyPrograms"]
    rows: list[dict[str, Any]] = answer["loyaltyPrograms"]
    return rows


def set_default(club: Club, program: int | None) -> None:
    """What no call can do: an organization without a default program, or with one that is gone."""
    unit = club.unit()
    with unit.transaction() as session:
        session.get_one(Organization, club.tenant.id).default_program_id = program


class TestCreate:
    def test_an_organization_begins_with_one(self, club: Club) -> None:
        program = get(club)
        assert {name: program[name] for name in program if not name.endswith("At")} == {
            "loyaltyProgramId": PROGRAM,
            "organizationId": club.id,
            "loyaltyProgramKey": "main",
            "name": "Main",
            "description": "",
            "active": True,
            "isDefault": True,
            "setAsDefault": True,
            "ledgerId": LEDGER,
            "mainLedgerAccountId": ACCOUNT,
            "tierPointsLedgerAccountId": ACCOUNT,
            "mainPortalId": None,
            "defaultTierId": TIER,
        }

    def test_what_is_left_out_has_its_default(self, club: Club) -> None:
        answer = club.post("/loyalty-programs", json=NEW)
        assert answer.status_code == 201
        program = answer.json()["loyaltyProgram"]
        said = NEW
        assert {name: program[name] for name in program if not name.endswith("At")} == {
            **said,
            **dict.fromkeys(NAMES),
            "loyaltyProgramId": 2,
            "organizationId": club.id,
            "loyaltyProgramKey": "roasters-circle",
            "isDefault": False,
        }
        assert program["createdAt"] == program["updatedAt"]
        assert get(club, 2) == program
        assert club.events() == []

    def test_all_that_can_be_said_is_kept(self, club: Club) -> None:
        ledger = club.made("/ledgers", name="Other")["ledgerId"]
        main, tier_points = (new_account(club, ledger)["ledgerAccountId"] for _ in range(2))
        portal = club.made("/portals", name="Club", active=True)["portalId"]
        said = {
            "name": "é" * 255,
            "description": "😀" * 4096,
            "active": False,
            "ledgerId": ledger,
            "mainLedgerAccountId": main,
            "tierPointsLedgerAccountId": tier_points,
            "mainPortalId": portal,
        }
        assert said.items() <= new_program(club, **said).items()
        assert said.items() <= get(club, 2).items()
        assert new_program(club, description="")["description"] == ""

    def test_a_default_tier_is_one_of_the_program_and_comes_after_it(self, club: Club) -> None:
        new_program(club)
        first = club.get(f"/loyalty-programs/{PROGRAM}/tiers/{TIER}").json()["tier"]
        assert first["isDefault"] is True
        path, tier = (
            "/loyalty-programs/2/tiers",
            {"name": "Own", "active": True, "minRequiredPoints": 0, "tierOrder": 0},
        )
        club.made(path, **tier, isDefault=False)
        assert get(club, 2)["defaultTierId"] is None
        own = club.made(path, **tier, isDefault=True)["loyaltyTierId"]
        assert get(club, 2)["defaultTierId"] == own
        assert club.get(f"/loyalty-programs/{PROGRAM}/tiers/{TIER}").json()["tier"] == first

    def test_equal_names_get_keys_of_their_own(self, club: Club, other_club: Club) -> None:
        keys = [new_program(club, name=name)["loyaltyProgramKey"] for name in ("A b", "A  B!", "Main", "€", "x" * 255)]
        assert keys == ["a-b", "a-b-2", "main-2", "program", "x" * 200]
        assert new_program(other_club, name="A b")["loyaltyProgramKey"] == "a-b"
        assert put(club, 2, name="Renamed").json()["loyaltyProgram"]["loyaltyProgramKey"] == "a-b"

    def test_a_wrong_or_missing_member_is_named(self, club: Club) -> None:
        before = get(club)
        wrong: dict[str, list[Any]] = {
            "name": [None, "", "x" * 256, 5],
            "active": [None, "true"],
            "ledgerId": [None, "x", 2**63, 1.5],
            "description": [None, "x" * 4097],
            "setAsDefault": [None, 1],
            "mainLedgerAccountId": ["1"],
            "tierPointsLedgerAccountId": ["1"],
            "mainPortalId": ["1"],
        }
        bodies = [(name, {**NEW, name: value}) for name, values in wrong.items() for value in values]
        bodies += [(missing, {name: NEW[name] for name in NEW if name != missing}) for missing in NEW]
        for name, body in bodies:
            for answer in (
                club.post("/loyalty-programs", json=body),
                club.put(f"/loyalty-programs/{PROGRAM}", json=body),
            ):
                status, message = refusal(answer)
                assert (status, name in message) == (400, True), body
        assert listed(club, default="false") == [before]


class TestWhatIsNamed:
    @pytest.mark.parametrize(
        ("name", "reason"),
        [
            ("ledgerId", "There is no ledger {}."),
            ("mainLedgerAccountId", f"The ledger {LEDGER} has no account {{}}."),
            ("tierPointsLedgerAccountId", f"The ledger {LEDGER} has no account {{}}."),
            ("mainPortalId", "There is no portal {}."),
            ("defaultTierId", "The new loyalty program has no tier {}."),
        ],
    )
    def test_has_to_be_there(self, club: Club, other_club: Club, name: str, reason: str) -> None:
        for _ in range(2):
            other_club.made("/portals", name="Theirs", active=True)
        before = get(club)
        for unknown in (0, -1, 2, 2**63 - 1):
            expected = (404, f"/{name}: {reason.format(unknown)}")
            assert (
                refusal(club.post("/loyalty-programs", json={**NEW, "setAsDefault": True, name: unknown})) == expected
            )
            if name != "defaultTierId":
                assert refusal(put(club, **{name: unknown})) == expected
            else:
                assert refusal(club.post("/loyalty-programs", json={**NEW, name: TIER}))[0] == 404
        assert listed(club, default="false") == [before]

    def test_accounts_are_of_the_ledger(self, club: Club) -> None:
        ledger = club.made("/ledgers", name="Other")["ledgerId"]
        account = new_account(club, ledger)["ledgerAccountId"]
        before = get(club)
        names = ("mainLedgerAccountId", "tierPointsLedgerAccountId")
        for name, other in zip(names, names[::-1], strict=True):
            expected = (404, f"/{name}: The ledger {LEDGER} has no account {account}.")
            assert (
                refusal(club.post("/loyalty-programs", json={**NEW, name: account}))
                == refusal(put(club, **{name: account}))
                == expected
            )
            assert refusal(put(club, ledgerId=ledger, **{name: account})) == (
                404,
                f"/{other}: The ledger {ledger} has no account {ACCOUNT}.",
            )
        assert get(club) == before
        moved = put(club, ledgerId=ledger, mainLedgerAccountId=account, tierPointsLedgerAccountId=account).json()[
            "loyaltyProgram"
        ]
        assert (moved["ledgerId"], moved["mainLedgerAccountId"], moved["tierPointsLedgerAccountId"]) == (
            ledger,
            account,
            account,
        )

    def test_a_program_without_accounts_changes_its_ledger_alone(self, club: Club) -> None:
        ledger, program = club.made("/ledgers", name="Other")["ledgerId"], new_program(club)["loyaltyProgramId"]
        moved = put(club, program, ledgerId=ledger).json()["loyaltyProgram"]
        assert (moved["ledgerId"], moved["mainLedgerAccountId"], moved["tierPointsLedgerAccountId"]) == (
            ledger,
            None,
            None,
        )

    def test_with_another_ledger_points_stay_where_they_are(self, club: Club) -> None:
        wallet = club.member(points=70)["walletId"]
        ledger = club.made("/ledgers", name="Other")["ledgerId"]
        account = new_account(club, ledger)["ledgerAccountId"]
        assert (
            put(club, ledgerId=ledger, mainLedgerAccountId=account, tierPointsLedgerAccountId=account).status_code
            == 200
        )
        assert (club.points(wallet), club.points(wallet, account, ledger)) == ((70, 70), (0, 0))


class TestUpdate:
    def test_what_is_left_out_stays(self, club: Club) -> None:
        portal = club.made("/portals", name="Club", active=True)["portalId"]
        assert put(club, mainPortalId=portal).json()["loyaltyProgram"]["mainPortalId"] == portal
        before = get(club)
        body = {
            **NEW,
            "name": "New",
            "description": "",
            "active": False,
            "defaultTierId": 99,
            "loyaltyProgramKey": "x",
            "isDefault": False,
        }
        changed = club.put(f"/loyalty-programs/{PROGRAM}", json=body).json()["loyaltyProgram"]
        assert changed == {
            **before,
            "name": "New",
            "description": "",
            "active": False,
            "updatedAt": changed["updatedAt"],
        }
        assert changed["updatedAt"] > before["updatedAt"]
        assert get(club) == changed

    def test_an_unknown_number_is_not_found(self, club: Club, other_club: Club) -> None:
        theirs = new_program(other_club)
        for unknown in (0, -1, 2, 2**63 - 1):
            expected = (404, f"There is no loyalty program {unknown}.")
            assert (
                refusal(club.get(f"/loyalty-programs/{unknown}"))
                == refusal(put(club, unknown, setAsDefault=True))
                == expected
            )
        for path, status in (
            (f"/loyalty-programs/{2**63}", 400),
            ("/loyalty-programs/x", 404),
            ("/loyalty-programs/1.5", 404),
        ):
            assert refusal(club.get(path))[0] == refusal(club.put(path, json=NEW))[0] == status
        assert get(other_club, 2) == theirs
        assert get(club)["isDefault"] is True


class TestDefault:
    def test_it_is_taken_by_another_and_never_given_away(self, club: Club) -> None:
        second = new_program(club, setAsDefault=True)["loyaltyProgramId"]
        assert (get(club)["isDefault"], get(club, second)["isDefault"]) == (False, True)
        assert put(club, second, setAsDefault=False).json()["loyaltyProgram"]["isDefault"] is True
        before = get(club, second)
        assert put(club, setAsDefault=True).json()["loyaltyProgram"]["isDefault"] is True
        assert get(club, second) == {**before, "isDefault": False, "setAsDefault": False}
        assert club.get("").json()["organization"]["defaultLoyaltyProgramId"] == PROGRAM

    def test_the_organization_shows_when_it_changed(self, club: Club) -> None:
        def last_change() -> tuple[int, str]:
            organization = club.get("").json()["organization"]
            return organization["defaultLoyaltyProgramId"], organization["updatedAt"]

        before = last_change()
        put(club, setAsDefault=True)
        assert last_change() == before
        second = new_program(club, setAsDefault=True)["loyaltyProgramId"]
        assert last_change()[0] == second
        assert last_change()[1] > before[1]

    def test_the_first_of_an_organization_is_it_whatever_is_said(self, club: Club) -> None:
        set_default(club, None)
        assert (listed(club), get(club)["isDefault"]) == ([], False)
        assert new_program(club, setAsDefault=False)["isDefault"] is False
        unit = club.unit()
        with unit.transaction() as session:
            session.execute(delete(Program).where(Program.tenant_id == club.tenant.id))
        first, second = new_program(club, setAsDefault=False), new_program(club, setAsDefault=False)
        assert (first["isDefault"], second["isDefault"]) == (True, False)
        assert listed(club) == [first]


class TestList:
    def test_the_default_alone_unless_all_are_asked_for(self, club: Club) -> None:
        first, second = get(club), new_program(club)
        assert listed(club) == listed(club, default="true") == [first]
        assert listed(club, default="false") == [first, second]
        assert listed(club, default="false", loyaltyProgramKey=second["loyaltyProgramKey"]) == [second]
        assert listed(club, loyaltyProgramKey=second["loyaltyProgramKey"]) == []
        assert listed(club, default="false", loyaltyProgramKey="Roasters-Circle") == []
        assert [listed(club, page=1), listed(club, limit=1, page=0)] == [[], [first]]

    def test_pages_and_orders(self, club: Club) -> None:
        for name in ("c", "a", "b"):
            new_program(club, name=name)

        def names(**query: Any) -> str:
            return "".join(row["name"][0] for row in listed(club, default="false", **query))

        assert [names(), names(order="id,desc"), names(order="createdAt"), names(order="createdAt,desc")] == [
            "Mcab",
            "bacM",
            "Mcab",
            "bacM",
        ]
        assert [
            names(order="name"),
            names(order="name,desc"),
            names(order="loyaltyProgramKey"),
            names(order="loyaltyProgramKey,desc"),
        ] == ["Mabc", "cbaM", "abcM", "Mcba"]
        assert [names(limit=3), names(limit=3, page=1), names(limit=3, page=2), names(page=2**31 - 1)] == [
            "Mca",
            "b",
            "",
            "",
        ]
        put(club, name="Main")
        assert [names(order="updatedAt"), names(order="updatedAt,desc")] == ["cabM", "Mbac"]
        for bad in (
            "order=active",
            "order=isDefault",
            "default=2",
            "limit=26",
            "page=-1",
            f"loyaltyProgramKey={'x' * 256}",
        ):
            assert coded(club.get(f"/loyalty-programs?{bad}")) == (400, "VALIDATION_FAILED")
