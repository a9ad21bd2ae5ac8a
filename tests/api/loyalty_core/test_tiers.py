"""Tiers of programs."""

from typing import Any

import httpx2

from tests.api.loyalty_core.conftest import LEDGER, PROGRAM, TIER, Club, coded, refusal
from tests.api.loyalty_core.test_programs import new_program

NEW = {"name": "Mate", "active": True, "minRequiredPoints": 1000, "tierOrder": 2}


def path(program: int | str = PROGRAM, tier: int | str | None = None) -> str:
    return f"/loyalty-programs/{program}/tiers" + ("" if tier is None else f"/{tier}")


def new_tier(club: Club, program: int = PROGRAM, **members: Any) -> dict[str, Any]:
    return club.made(path(program), **{**NEW, **members})


def get(club: Club, tier: int = TIER, program: int = PROGRAM) -> dict[str, Any]:
    found: dict[str, Any] = club.get(path(program, tier)).json()["tier"]
    return found


def put(club: Club, tier: int = TIER, program: int = PROGRAM, **members: Any) -> httpx2.Response:
    return club.put(path(program, tier), json={**NEW, **members})


def default_tier(club: Club, program: int = PROGRAM) -> tuple[int | None, str]:
    found = club.get(f"/loyalty-programs/{program}").json()["loyaltyProgram"]
    return found["defaultTierId"], found["updatedAt"]


def tier_of(club: Club, member: dict[str, Any]) -> Any:
    """The number of the tier that a member is in."""
    [enrolment] = club.get(f"/members/{member['memberId']}").json()["loyalMember"]["loyaltyPrograms"]
    return enrolment["loyaltyTierId"]


class TestCreate:
    def test_a_program_begins_with_one(self, club: Club) -> None:
        tier = get(club)
        assert {name: tier[name] for name in tier if not name.endswith("At")} == {
            "loyaltyTierId": TIER,
            "loyaltyProgramId": PROGRAM,
            "organizationId": club.id,
            "loyaltyTierKey": "member",
            "name": "Member",
            "active": True,
            "minRequiredPoints": 0,
            "tierOrder": 0,
            "isDefault": True,
            "pictureUrl": None,
            "customAttributes": {},
        }

    def test_what_is_left_out_has_its_default(self, club: Club) -> None:
        answer = club.post(path(), json=NEW)
        assert answer.status_code == 201
        tier = answer.json()["tier"]
        assert {name: tier[name] for name in tier if not name.endswith("At")} == {
            **NEW,
            "loyaltyTierId": 2,
            "loyaltyProgramId": PROGRAM,
            "organizationId": club.id,
            "loyaltyTierKey": "mate",
            "isDefault": False,
            "pictureUrl": None,
            "customAttributes": {},
        }
        assert tier["createdAt"] == tier["updatedAt"]
        assert get(club, 2) == tier
        assert club.events() == []

    def test_takes_what_is_within_the_limits(self, club: Club) -> None:
        least = {
            "name": "x",
            "active": False,
            "minRequiredPoints": 0,
            "tierOrder": 0,
            "pictureUrl": "",
            "customAttributes": {},
            "isDefault": False,
        }
        most = {
            "name": "é" * 255,
            "active": True,
            "minRequiredPoints": 18446744073709,
            "tierOrder": 2**31 - 1,
            "pictureUrl": "x" * 2048,
            "customAttributes": {"ü": [None, 1e22]},
            "isDefault": True,
        }
        for said in (least, most):
            tier = new_tier(club, **said)
            assert said.items() <= tier.items()
            assert get(club, tier["loyaltyTierId"]) == tier
            changed = put(club, **said).json()["tier"]
            assert said.items() <= changed.items()
            assert get(club) == changed

    def test_a_wrong_or_missing_member_is_named(self, club: Club) -> None:
        before = get(club)
        wrong: dict[str, list[Any]] = {
            "name": [None, "", "x" * 256, 5],
            "active": [None, "true"],
            "minRequiredPoints": [None, -1, 18446744073710, 1.5, "1"],
            "tierOrder": [None, -1, 2**31],
            "customAttributes": [[]],
            "pictureUrl": ["x" * 2049],
            "isDefault": ["yes"],
        }
        bodies = [(name, {**NEW, name: value}) for name, values in wrong.items() for value in values]
        bodies += [(missing, {name: NEW[name] for name in NEW if name != missing}) for missing in NEW]
        for name, body in bodies:
            for answer in (club.post(path(), json=body), club.put(path(PROGRAM, TIER), json=body)):
                status, message = refusal(answer)
                assert (status, name in message) == (400, True), body
        assert club.get(path()).json()["results"] == [before]

    def test_keys_are_unique_in_the_organization(self, club: Club, other_club: Club) -> None:
        second = new_program(club)["loyaltyProgramId"]
        keys = [
            new_tier(club, program, name=name)["loyaltyTierKey"]
            for program, name in (
                (PROGRAM, "Gold"),
                (second, "Gold"),
                (second, "GÖLD"),
                (second, "€"),
                (PROGRAM, "Member"),
            )
        ]
        assert keys == ["gold", "gold-2", "gold-3", "tier", "member-2"]
        assert new_tier(other_club, name="Gold")["loyaltyTierKey"] == "gold"


class TestUpdate:
    def test_what_is_left_out_stays(self, club: Club) -> None:
        made = new_tier(club, pictureUrl="https://x", customAttributes={"a": 1, "b": 2}, isDefault=True)
        changed = put(club, 2, name="New", active=False, minRequiredPoints=5, tierOrder=7, loyaltyTierKey="x").json()[
            "tier"
        ]
        assert changed == {
            **made,
            "name": "New",
            "active": False,
            "minRequiredPoints": 5,
            "tierOrder": 7,
            "updatedAt": changed["updatedAt"],
        }
        assert changed["updatedAt"] > made["updatedAt"]
        replaced = put(club, 2, customAttributes={"b": 3}).json()["tier"]
        assert (replaced["customAttributes"], replaced["pictureUrl"]) == ({"b": 3}, "https://x")
        assert get(club, 2) == replaced

    def test_members_stay_until_their_points_change(self, club: Club) -> None:
        gold = new_tier(club, name="Gold", minRequiredPoints=100, tierOrder=1)["loyaltyTierId"]
        member = club.member(points=100)
        assert tier_of(club, member) == gold
        put(club, gold, name="Gold", active=False, minRequiredPoints=5000)
        assert tier_of(club, member) == gold
        before = len(club.events("member-tier-set"))
        silver = new_tier(club, name="Silver", minRequiredPoints=50, tierOrder=1)["loyaltyTierId"]
        assert tier_of(club, member) == gold
        assert len(club.events("member-tier-set")) == before
        club.made(f"/ledgers/{LEDGER}/wallets/{member['walletId']}/mint", amount=1)
        assert tier_of(club, member) == silver


class TestDefault:
    def test_another_takes_its_place(self, club: Club) -> None:
        before = default_tier(club)
        assert before[0] == TIER
        second = new_tier(club, isDefault=True)["loyaltyTierId"]
        assert default_tier(club)[0] == second
        assert default_tier(club)[1] > before[1]
        assert get(club)["isDefault"] is False
        assert put(club, TIER, isDefault=True).json()["tier"]["isDefault"] is True
        assert get(club, second)["isDefault"] is False
        now = default_tier(club)
        put(club, TIER, isDefault=True)
        assert default_tier(club) == now == (TIER, now[1])

    def test_false_takes_it_away_from_the_tier_that_is_it(self, club: Club) -> None:
        second = new_tier(club, isDefault=False)["loyaltyTierId"]
        put(club, second, isDefault=False)
        assert default_tier(club)[0] == TIER
        assert put(club, TIER, isDefault=False).json()["tier"]["isDefault"] is False
        assert default_tier(club)[0] is None
        assert [row["isDefault"] for row in club.get(path()).json()["results"]] == [False, False]

    def test_each_program_has_its_own(self, club: Club) -> None:
        program = new_program(club)["loyaltyProgramId"]
        theirs = new_tier(club, program, isDefault=True)["loyaltyTierId"]
        assert (default_tier(club)[0], default_tier(club, program)[0]) == (TIER, theirs)
        put(club, TIER, isDefault=False)
        assert default_tier(club, program)[0] == theirs


class TestFinding:
    def test_a_tier_is_one_of_its_program(self, club: Club) -> None:
        program = new_program(club)["loyaltyProgramId"]
        tier = new_tier(club, program)
        number = tier["loyaltyTierId"]
        expected = (404, f"The loyalty program {PROGRAM} has no tier {number}.")
        assert refusal(club.get(path(PROGRAM, number))) == refusal(put(club, number, isDefault=True)) == expected
        assert get(club, number, program) == tier
        assert default_tier(club)[0] == TIER

    def test_an_unknown_program_is_not_found(self, club: Club, other_club: Club) -> None:
        new_program(other_club)
        for unknown in (0, -1, 2, 2**63 - 1):
            for answer in (
                club.get(path(unknown)),
                club.post(path(unknown), json=NEW),
                club.get(path(unknown, TIER)),
                put(club, TIER, unknown),
            ):
                assert refusal(answer) == (404, f"There is no loyalty program {unknown}.")
        assert club.get(path()).json()["totalCount"] == 1

    def test_an_unknown_tier_is_not_found(self, club: Club, other_club: Club) -> None:
        theirs = new_tier(other_club)
        for unknown in (0, -1, 2, 2**63 - 1):
            expected = (404, f"The loyalty program {PROGRAM} has no tier {unknown}.")
            assert refusal(club.get(path(PROGRAM, unknown))) == refusal(put(club, unknown, isDefault=True)) == expected
        for wrong, status in ((2**63, 400), ("x", 404), ("1.5", 404)):
            assert (
                refusal(club.get(path(PROGRAM, wrong)))[0]
                == refusal(club.put(path(PROGRAM, wrong), json=NEW))[0]
                == status
            )
        assert get(other_club, 2) == theirs

    def test_each_filter_leaves_out_what_does_not_match(self, club: Club) -> None:
        program = new_program(club)["loyaltyProgramId"]
        first, off, theirs = get(club), new_tier(club, active=False), new_tier(club, program, name="Other")

        def rows(**query: Any) -> Any:
            return club.get(path(), params=query).json()["results"]

        assert rows() == rows(onlyActive="false") == [first, off]
        assert [rows(onlyActive="true"), rows(loyaltyTierKey="mate"), rows(loyaltyTierKey="MATE")] == [
            [first],
            [off],
            [],
        ]
        assert [rows(loyaltyTierKey="mate", onlyActive="true"), rows(loyaltyTierKey=theirs["loyaltyTierKey"])] == [
            [],
            [],
        ]
        assert club.get(path(program)).json() == {"totalCount": 1, "page": 0, "limit": 10, "results": [theirs]}
        assert club.get(path(), params={"onlyActive": "true", "limit": 1, "page": 1}).json() == {
            "totalCount": 1,
            "page": 1,
            "limit": 1,
            "results": [],
        }

    def test_pages_and_orders(self, club: Club) -> None:
        for name, points, place in (("c", 5, 2), ("a", 5, 3), ("b", 1, 3)):
            new_tier(club, name=name, minRequiredPoints=points, tierOrder=place)

        def names(**query: Any) -> str:
            return "".join(row["name"][0] for row in club.get(path(), params=query).json()["results"])

        assert [names(), names(order="id,desc"), names(order="createdAt"), names(order="createdAt,desc")] == [
            "Mcab",
            "bacM",
            "Mcab",
            "bacM",
        ]
        assert [names(order="tierOrder"), names(order="tierOrder,desc")] == ["Mcab", "bacM"]
        assert [names(order="minRequiredPoints"), names(order="minRequiredPoints,desc")] == ["Mbca", "acbM"]
        assert [
            names(order="name"),
            names(order="name,desc"),
            names(order="loyaltyTierKey"),
            names(order="loyaltyTierKey,desc"),
        ] == ["Mabc", "cbaM", "abcM", "Mcba"]
        assert [names(limit=3), names(limit=3, page=1), names(limit=3, page=2), names(page=2**31 - 1)] == [
            "Mca",
            "b",
            "",
            "",
        ]
        put(club, TIER, name="Member", minRequiredPoints=0, tierOrder=0, customAttributes={"changed": 1})
        assert [names(order="updatedAt"), names(order="updatedAt,desc")] == ["cabM", "Mbac"]
        for bad in (
            "order=active",
            "order=isDefault",
            "onlyActive=2",
            "limit=26",
            "page=-1",
            f"loyaltyTierKey={'x' * 256}",
        ):
            assert coded(club.get(f"{path()}?{bad}")) == (400, "VALIDATION_FAILED")
