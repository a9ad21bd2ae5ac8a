"""Members in programs: the tiers that points lead to, those that are set by hand, their history, and leaving."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import update

from models import ledger
from models.kernel.clock import DAY_MS
from models.kernel.times import iso
from models.loyalty_core.ledger import account_names
from models.loyalty_core.ledger.tables import PointAccount, PointLedger
from models.loyalty_core.members import members
from models.loyalty_core.members.input import NewMember
from models.loyalty_core.members.tables import Tier
from models.loyalty_core.members.tier_rules import points_changed
from models.loyalty_core.organization.tables import Program
from models.outbox.outbox import Job
from models.uow import UnitOfWork
from tests.api.loyalty_core.conftest import ACCOUNT, LEDGER, PROGRAM, TIER, Club, refusal

SECOND = 2
"""A second program, account, ledger."""
Tiers = dict[int, int | None]


@contextmanager
def unit_of(club: Club) -> Iterator[UnitOfWork]:
    """What no call can do, in one transaction."""
    unit = club.unit()
    with unit.transaction():
        yield unit
        unit.finish()
    unit.directory.configuration.forget()


def earn(club: Club, member: dict[str, Any], points: int, account: int = ACCOUNT, ledger_id: int = LEDGER) -> None:
    """Give points, or take them, as every transaction does."""
    wallet = member["walletId"]
    with unit_of(club) as unit:
        legs = [(account_names.spendable(account, wallet), points), (account_names.issued(account), -points)]
        ledger.post(unit, transaction_id=f"t{unit.order_number()}", kind="points", legs=legs, recorded=False)
        points_changed(unit, ledger_id, account, [wallet])


def add_tier(
    club: Club, tier_id: int, points: int, order: int = 0, *, active: bool = True, program: int = PROGRAM
) -> int:
    with unit_of(club) as unit:
        unit.session.add(
            Tier(
                tenant_id=unit.tenant_id,
                id=tier_id,
                program_id=program,
                tier_key=f"t{tier_id}",
                name=f"T{tier_id}",
                active=active,
                min_required_points=points,
                tier_order=order,
                picture_url=None,
                custom_attributes={},
                created_ms=1,
                updated_ms=1,
            )
        )
    return tier_id


def add_program(club: Club, program_id: int = SECOND, ledger_id: int = LEDGER, **members: Any) -> int:
    """A program with no tiers and no accounts of its own."""
    values: dict[str, Any] = {
        "active": True,
        "main_account_id": None,
        "tier_account_id": None,
        "default_tier_id": None,
        **members,
    }
    with unit_of(club) as unit:
        unit.session.add(
            Program(
                tenant_id=unit.tenant_id,
                id=program_id,
                program_key=f"p{program_id}",
                name="P",
                description="",
                ledger_id=ledger_id,
                main_portal_id=None,
                created_ms=1,
                updated_ms=1,
                **values,
            )
        )
    return program_id


def add_account(club: Club, account_id: int = SECOND, ledger_id: int = LEDGER) -> int:
    with unit_of(club) as unit:
        unit.session.add(
            PointAccount(
                tenant_id=unit.tenant_id,
                id=account_id,
                ledger_id=ledger_id,
                account_key=f"a{account_id}",
                name="A",
                active=True,
                is_currency=False,
                decimals=0,
                format_string=None,
                max_supply=None,
                is_revolving=False,
                tracked=False,
                sync_algorand=False,
                expires_in_months=0,
                created_ms=1,
                updated_ms=1,
            )
        )
    return account_id


def change(club: Club, model: Any, row_id: int, **members: Any) -> None:
    with unit_of(club) as unit:
        unit.session.execute(
            update(model).where(model.tenant_id == unit.tenant_id, model.id == row_id).values(**members)
        )


def tiers(club: Club, member: dict[str, Any]) -> Tiers:
    """The member's tiers by program."""
    programs = club.get(f"/members/{member['memberId']}").json()["loyalMember"]["loyaltyPrograms"]
    return {one["loyaltyProgramId"]: one["loyaltyTierId"] for one in programs}


def set_tier(club: Club, member: dict[str, Any], program: int = PROGRAM, **body: Any) -> Any:
    return club.put(f"/members/{member['memberId']}/loyalty-programs/{program}/tier", json=body)


def history(club: Club, member: dict[str, Any], program: int = PROGRAM, **query: Any) -> list[int | None]:
    page = club.get(
        f"/members/{member['memberId']}/loyalty-programs/{program}/tier-history", params={"limit": 25, **query}
    )
    assert page.status_code == 200, page.text
    return [row["loyaltyTierId"] for row in page.json()["results"]]


def tier_changes(club: Club) -> list[tuple[str, int | None, int | None]]:
    """Of each event about a tier what it is, the tier before and the tier after."""
    return [
        (
            event["eventType"].removeprefix("member-tier-"),
            event["data"]["previousLoyaltyTierId"],
            event["data"]["loyaltyTierId"],
        )
        for event in club.events()
        if event["eventType"].startswith("member-tier-")
    ]


class TestBeginning:
    @pytest.mark.parametrize(
        ("default", "others", "expected"),
        [
            (TIER, [], TIER),
            (None, [], TIER),
            (TIER, [(7, 0, 1)], 7),
            (7, [(7, 10, 1)], 7),
            (7, [(7, 0, 0)], TIER),
            (None, [(7, 1, 1)], TIER),
        ],
    )
    def test_in_the_default_tier_or_a_higher_one_that_is_reached(
        self, club: Club, default: int | None, others: list[tuple[int, int, int]], expected: int
    ) -> None:
        for tier_id, points, order in others:
            add_tier(club, tier_id, points, order)
        change(club, Program, PROGRAM, default_tier_id=default)
        ana = club.member()
        assert (tiers(club, ana), history(club, ana)) == ({PROGRAM: expected}, [expected])
        assert tier_changes(club) == [("set", None, expected)]

    def test_not_in_a_tier_that_is_not_active(self, club: Club) -> None:
        change(club, Tier, TIER, active=False)
        ana = club.member()
        assert (tiers(club, ana), history(club, ana), tier_changes(club)) == ({PROGRAM: None}, [], [])


LADDER = (
    (11, 100, 1, True),
    (12, 500, 2, True),
    (13, 500, 3, True),
    (14, 500, 3, True),
    (15, 1000, 9, False),
    (16, 2000, 0, True),
)
"""Number, points, order, whether it is active."""


class TestPoints:
    @pytest.mark.parametrize(
        ("points", "expected"),
        [
            (1, TIER),
            (99, TIER),
            (100, 11),
            (499, 11),
            (500, 13),
            (999, 13),
            (1000, 13),
            (1999, 13),
            (2000, 16),
            (2001, 16),
        ],
    )
    def test_the_highest_active_tier_that_is_reached(self, club: Club, points: int, expected: int) -> None:
        """The most points first, then the highest order, then the older one."""
        for tier_id, needed, order, active in LADDER:
            add_tier(club, tier_id, needed, order, active=active)
        ana = club.member()
        earn(club, ana, points)
        assert tiers(club, ana) == {PROGRAM: expected}
        assert history(club, ana) == ([TIER] if expected == TIER else [TIER, expected])

    def test_up_and_down_with_one_event_each(self, club: Club) -> None:
        gold, ana = add_tier(club, 7, 100), club.member()
        for points in (99, 1, 1, -2, 500, -499, -100):
            earn(club, ana, points)
        assert tiers(club, ana) == {PROGRAM: TIER}
        assert history(club, ana) == [TIER, gold, TIER, gold, TIER]
        assert tier_changes(club) == [
            ("set", None, TIER),
            ("set", TIER, gold),
            ("set", gold, TIER),
            ("set", TIER, gold),
            ("set", gold, TIER),
        ]
        event = club.events("member-tier-set")[1]
        assert (event["memberId"], event["data"]) == (
            ana["memberId"],
            {
                "loyaltyMemberId": "ana",
                "loyaltyProgramId": PROGRAM,
                "loyaltyProgramKey": "main",
                "previousLoyaltyTierId": TIER,
                "previousLoyaltyTierKey": "member",
                "loyaltyTierId": gold,
                "loyaltyTierKey": "t7",
                "expiresAt": None,
            },
        )

    def test_nobody_falls_below_the_default_tier_by_earning(self, club: Club) -> None:
        middle = add_tier(club, 7, 100)
        change(club, Program, PROGRAM, default_tier_id=middle)
        ana = club.member()
        earn(club, ana, 1)
        earn(club, ana, 1)
        assert (tiers(club, ana), history(club, ana)) == ({PROGRAM: middle}, [middle])

    def test_who_reaches_none_is_in_the_default_tier_or_in_none(self, club: Club) -> None:
        gold, ana = add_tier(club, 7, 100), club.member()
        change(club, Tier, TIER, min_required_points=50)
        earn(club, ana, 100)
        earn(club, ana, -99)
        assert tiers(club, ana) == {PROGRAM: TIER}
        change(club, Tier, TIER, active=False)
        earn(club, ana, 1)
        assert (tiers(club, ana), history(club, ana)) == ({PROGRAM: None}, [TIER, gold, TIER, None])
        assert tier_changes(club)[-1] == ("removed", TIER, None)

    def test_what_is_set_aside_counts(self, club: Club) -> None:
        gold, ana = add_tier(club, 7, 100), club.member()
        earn(club, ana, 100)
        free, aside = account_names.spendable(ACCOUNT, ana["walletId"]), account_names.held(ACCOUNT, ana["walletId"])
        for legs in ([(free, -60), (aside, 60)], [(aside, -60), (account_names.burned(ACCOUNT), 60)]):
            assert tiers(club, ana) == {PROGRAM: gold}
            with unit_of(club) as unit:
                ledger.post(unit, transaction_id=f"t{unit.order_number()}", kind="points", legs=legs, recorded=False)
                points_changed(unit, LEDGER, ACCOUNT, [ana["walletId"]])
        assert tiers(club, ana) == {PROGRAM: TIER}

    @pytest.mark.parametrize(
        ("accounts", "deciding"),
        [
            ({}, ACCOUNT),
            ({"tier_account_id": None}, ACCOUNT),
            ({"tier_account_id": None, "main_account_id": None}, SECOND),
            ({"tier_account_id": SECOND}, SECOND),
            ({"tier_account_id": None, "main_account_id": SECOND}, SECOND),
        ],
    )
    def test_one_account_decides(self, club: Club, accounts: dict[str, Any], deciding: int) -> None:
        gold, ana = add_tier(club, 7, 100), club.member()
        add_account(club)
        change(club, PointLedger, LEDGER, default_account_id=SECOND)
        if accounts:
            change(club, Program, PROGRAM, **accounts)
        earn(club, ana, 500, account=ACCOUNT + SECOND - deciding)
        assert tiers(club, ana) == {PROGRAM: TIER}
        earn(club, ana, 100, account=deciding)
        assert tiers(club, ana) == {PROGRAM: gold}

    def test_a_program_that_does_not_run_decides_nothing(self, club: Club) -> None:
        gold, ana = add_tier(club, 7, 100), club.member()
        change(club, Program, PROGRAM, active=False)
        earn(club, ana, 100)
        assert tiers(club, ana) == {PROGRAM: TIER}
        change(club, Program, PROGRAM, active=True)
        earn(club, ana, 1)
        assert tiers(club, ana) == {PROGRAM: gold}

    def test_many_wallets_at_once_made_in_the_same_unit(self, club: Club) -> None:
        gold = add_tier(club, 7, 50)
        with unit_of(club) as unit:
            made = [
                members.create_member(unit, NewMember(f"m{n}", {"loyalty_member_id": f"m{n}"}, None))[0]
                for n in range(70)
            ]
            for n, member in enumerate(made, 1):
                legs = [(account_names.spendable(ACCOUNT, member.wallet_id), n), (account_names.issued(ACCOUNT), -n)]
                ledger.post(unit, transaction_id=f"t{n}", kind="points", legs=legs, recorded=False)
            points_changed(unit, LEDGER, ACCOUNT, [member.wallet_id for member in made])
        assert club.get("/search/members", params={"loyaltyTierId": gold}).json()["totalCount"] == 21


class TestEnrolment:
    def test_who_earns_comes_into_all_active_programs_of_the_ledger(self, club: Club) -> None:
        add_program(club, 2)
        add_program(club, 3, active=False)
        add_program(club, 4, ledger_id=9)
        add_program(club, 5, default_tier_id=add_tier(club, 7, 10, program=5))
        high, ana = add_tier(club, 8, 100, program=5), club.member()
        assert tiers(club, ana) == {PROGRAM: TIER}
        earn(club, ana, 100)
        assert tiers(club, ana) == {PROGRAM: TIER, 2: None, 5: high}
        assert (history(club, ana, 2), history(club, ana, 5)) == ([], [high])
        assert tier_changes(club)[1:] == [("set", None, high)]

    def test_the_points_of_another_account_decide_where_they_begin(self, club: Club) -> None:
        ana = club.member()
        earn(club, ana, 100)
        add_program(club, tier_account_id=ACCOUNT, default_tier_id=add_tier(club, 7, 0, program=SECOND))
        high = add_tier(club, 8, 100, program=SECOND)
        earn(club, ana, 1, account=add_account(club))
        assert tiers(club, ana) == {PROGRAM: TIER, SECOND: high}

    def test_to_spend_is_not_to_earn(self, club: Club) -> None:
        ana = club.member()
        earn(club, ana, 100)
        add_program(club)
        earn(club, ana, -1)
        assert tiers(club, ana) == {PROGRAM: TIER}
        earn(club, ana, 1)
        assert tiers(club, ana) == {PROGRAM: TIER, SECOND: None}


class TestByHand:
    def test_a_tier_holds_whatever_the_points_say(self, club: Club) -> None:
        gold, low, ana = add_tier(club, 7, 100), add_tier(club, 8, 10), club.member()
        answer = set_tier(club, ana, loyaltyTierId=gold)
        assert (answer.status_code, answer.json()) == (200, {"loyaltyTierId": gold})
        earn(club, ana, 50)
        club.advance(30 * DAY_MS)
        assert (tiers(club, ana), history(club, ana)) == ({PROGRAM: gold}, [TIER, gold])
        assert tier_changes(club) == [("set", None, TIER), ("set", TIER, gold)]
        assert set_tier(club, ana, loyaltyTierId=low).json() == {"loyaltyTierId": low}
        assert tier_changes(club)[2:] == [("set", gold, low)]

    def test_until_its_time_is_over(self, club: Club) -> None:
        gold, low, ana = add_tier(club, 7, 100), add_tier(club, 8, 10), club.member()
        expires = iso(club.now_ms + DAY_MS)
        set_tier(club, ana, loyaltyTierId=gold, expiresAt=expires)
        shown = club.get(f"/members/{ana['memberId']}").json()["loyalMember"]["loyaltyPrograms"]
        assert shown == [
            {"loyaltyProgramId": PROGRAM, "loyaltyTierId": gold, "loyaltyTierKey": "t7", "tierExpiresAt": expires}
        ]
        assert club.events("member-tier-set")[-1]["data"]["expiresAt"] == expires
        earn(club, ana, 50)
        club.advance(DAY_MS // 2)
        assert tiers(club, ana) == {PROGRAM: gold}
        club.advance(DAY_MS)
        assert (tiers(club, ana), history(club, ana)) == ({PROGRAM: low}, [TIER, gold, low])
        assert tier_changes(club)[2:] == [("set", gold, low)]
        earn(club, ana, 50)
        assert tiers(club, ana) == {PROGRAM: gold}

    def test_a_time_is_replaced_or_forgotten(self, club: Club) -> None:
        gold, ana = add_tier(club, 7, 100), club.member()
        for days in (1, 3):
            set_tier(club, ana, loyaltyTierId=gold, expiresAt=iso(club.now_ms + days * DAY_MS))
        club.advance(2 * DAY_MS)
        assert tiers(club, ana) == {PROGRAM: gold}
        set_tier(club, ana, loyaltyTierId=gold)
        club.advance(2 * DAY_MS)
        assert (tiers(club, ana), history(club, ana)) == ({PROGRAM: gold}, [TIER, gold, gold, gold])
        with unit_of(club) as unit:
            assert unit.session.scalars(unit.scoped(Job)).all() == []

    def test_another_time_of_the_same_tier_is_no_event(self, club: Club) -> None:
        gold, ana = add_tier(club, 7, 100), club.member(points=100)
        before = tier_changes(club)
        for days in (1, 3):
            set_tier(club, ana, loyaltyTierId=gold, expiresAt=iso(club.now_ms + days * DAY_MS))
        club.advance(4 * DAY_MS)
        assert (tiers(club, ana), history(club, ana)) == ({PROGRAM: gold}, [TIER, gold, gold, gold, gold])
        assert tier_changes(club) == before

    def test_a_tier_that_is_reached_stays_when_its_time_is_over(self, club: Club) -> None:
        ana = club.member()
        set_tier(club, ana, loyaltyTierId=TIER, expiresAt=iso(club.now_ms + DAY_MS))
        club.advance(2 * DAY_MS)
        shown = club.get(f"/members/{ana['memberId']}").json()["loyalMember"]["loyaltyPrograms"][0]
        assert (shown["loyaltyTierId"], shown["tierExpiresAt"]) == (TIER, None)
        earn(club, ana, 1)
        assert history(club, ana) == [TIER, TIER, TIER]

    def test_taken_away_until_points_change(self, club: Club) -> None:
        gold, ana = add_tier(club, 7, 100), club.member()
        set_tier(club, ana, loyaltyTierId=gold)
        answer = set_tier(club, ana)
        assert (answer.status_code, answer.json()) == (200, {"loyaltyTierId": None})
        club.advance(DAY_MS)
        assert (tiers(club, ana), history(club, ana)) == ({PROGRAM: None}, [TIER, gold, None])
        assert tier_changes(club)[2:] == [("removed", gold, None)]
        earn(club, ana, 1)
        assert tiers(club, ana) == {PROGRAM: TIER}

    def test_taken_away_until_a_time(self, club: Club) -> None:
        ana = club.member()
        set_tier(club, ana, expiresAt=iso(club.now_ms + DAY_MS))
        earn(club, ana, 1)
        assert tiers(club, ana) == {PROGRAM: None}
        club.advance(DAY_MS)
        assert tiers(club, ana) == {PROGRAM: TIER}
        assert tier_changes(club)[1:] == [("removed", TIER, None), ("set", None, TIER)]

    def test_what_is_so_already_leaves_no_trace(self, club: Club) -> None:
        gold, ana, expires = add_tier(club, 7, 100), club.member(), iso(club.now_ms + DAY_MS)
        assert set_tier(club, ana, loyaltyTierId=TIER).json() == {"loyaltyTierId": TIER}
        earn(club, ana, 100)
        assert (history(club, ana), len(tier_changes(club))) == ([TIER], 1)  # but from then on it is set by hand
        for _ in range(2):
            set_tier(club, ana, loyaltyTierId=gold, expiresAt=expires)
        assert (history(club, ana), len(tier_changes(club))) == ([TIER, gold], 2)
        for _ in range(2):
            set_tier(club, ana)
        assert (history(club, ana), len(tier_changes(club))) == ([TIER, gold, None], 3)

    def test_it_brings_the_member_into_the_program(self, club: Club) -> None:
        add_program(club, active=False)
        silver, ana, ben = add_tier(club, 7, 100, program=SECOND), club.member(), club.member("ben")
        assert set_tier(club, ana, SECOND, loyaltyTierId=silver).status_code == 200
        assert set_tier(club, ben, SECOND).json() == {"loyaltyTierId": None}
        assert (tiers(club, ana), tiers(club, ben)) == ({PROGRAM: TIER, SECOND: silver}, {PROGRAM: TIER, SECOND: None})
        assert (history(club, ana, SECOND), history(club, ben, SECOND)) == ([silver], [])
        assert tier_changes(club)[2:] == [("set", None, silver)]

    @pytest.mark.parametrize(
        ("body", "status", "message"),
        [
            ({"loyaltyTierId": 4242}, 404, "The loyalty program 1 has no tier 4242."),
            ({"loyaltyTierId": 8}, 404, "The loyalty program 1 has no tier 8."),
            ({"loyaltyTierId": 9}, 400, "The tier 9 is not active."),
            ({"loyaltyTierId": 7, "expiresAt": "2026-01-15T11:59:59.999Z"}, 400, "expiresAt must be in the future."),
            ({"loyaltyTierId": 7, "expiresAt": "0001-01-01T00:00:00+01:00"}, 400, "expiresAt must be in the future."),
            ({"expiresAt": "2026-01-15T13:00:00+01:00"}, 400, "expiresAt must be in the future."),
            ({"loyaltyTierId": 0}, 400, "loyaltyTierId"),
            ({"loyaltyTierId": "7"}, 400, "loyaltyTierId"),
            ({"loyaltyTierId": 2**63}, 400, "loyaltyTierId"),
            ({"expiresAt": "tomorrow"}, 400, "expiresAt"),
            ({"expiresAt": 1}, 400, "expiresAt"),
        ],
        ids=str,
    )
    def test_what_is_refused_changes_nothing(self, club: Club, body: dict[str, Any], status: int, message: str) -> None:
        add_tier(club, 7, 100)
        add_program(club)
        add_tier(club, 8, 100, program=SECOND)
        add_tier(club, 9, 100, active=False)
        ana = club.member()
        set_tier(club, ana, loyaltyTierId=7, expiresAt="9999-12-31T23:59:59-23:59")
        before, events = club.get(f"/members/{ana['memberId']}").json(), club.events()
        for answer in (
            set_tier(club, ana, **body),
            club.put("/loyalty-members/ana/tier", json={"loyaltyProgramId": PROGRAM, **body}),
        ):
            assert refusal(answer)[0] == status
            assert message in refusal(answer)[1]
        assert (club.get(f"/members/{ana['memberId']}").json(), club.events()) == (before, events)
        with unit_of(club) as unit:
            assert len(unit.session.scalars(unit.scoped(Job)).all()) == 1

    def test_nobody_and_no_program(self, club: Club, other_club: Club) -> None:
        ana, theirs = club.member(), other_club.member("x")
        other_club.member("y")
        assert refusal(set_tier(club, {"memberId": 2}, loyaltyTierId=TIER)) == (404, "There is no member 2.")
        assert refusal(set_tier(club, ana, 4242)) == (404, "There is no loyalty program 4242.")
        assert refusal(club.put("/loyalty-members/x/tier", json={"loyaltyProgramId": PROGRAM})) == (
            404,
            "There is no member x.",
        )
        assert refusal(club.put("/loyalty-members/ana/tier", json={"loyaltyProgramId": 4242})) == (
            404,
            "/loyaltyProgramId: There is no loyalty program 4242.",
        )
        status, message = refusal(club.put("/loyalty-members/ana/tier", json={"loyaltyTierId": TIER}))
        assert (status, "loyaltyProgramId" in message) == (400, True)
        assert (history(other_club, theirs), history(club, ana)) == ([TIER], [TIER])

    def test_by_the_own_id(self, club: Club) -> None:
        gold, ana = add_tier(club, 7, 100), club.member("a/b ü")
        path, expires = "/loyalty-members/a%2Fb%20%C3%BC/tier", iso(club.now_ms + DAY_MS)
        answer = club.put(path, json={"loyaltyProgramId": PROGRAM, "loyaltyTierId": gold, "expiresAt": expires})
        assert (answer.status_code, answer.json()) == (200, {"loyaltyTierId": gold})
        assert tiers(club, ana) == {PROGRAM: gold}
        club.advance(DAY_MS)
        assert tiers(club, ana) == {PROGRAM: TIER}
        assert club.put(path, json={"loyaltyProgramId": PROGRAM}).json() == {"loyaltyTierId": None}
        assert tier_changes(club)[-1] == ("removed", TIER, None)


class TestLeaving:
    def leave(self, club: Club, member: dict[str, Any], program: int = PROGRAM) -> Any:
        return club.delete(f"/members/{member['memberId']}/loyalty-programs/{program}")

    def test_points_and_history_stay(self, club: Club) -> None:
        gold, ana = add_tier(club, 7, 100), club.member()
        earn(club, ana, 100)
        set_tier(club, ana, loyaltyTierId=TIER, expiresAt=iso(club.now_ms + DAY_MS))
        answer = self.leave(club, ana)
        assert (answer.status_code, answer.json()) == (200, {"ok": True})
        assert (tiers(club, ana), history(club, ana)) == ({}, [TIER, gold, TIER, None])
        assert tier_changes(club)[-1] == ("removed", TIER, None)
        assert refusal(self.leave(club, ana)) == (404, "The member 1 is not in the loyalty program 1.")
        club.advance(2 * DAY_MS)
        earn(club, ana, -10)
        assert (tiers(club, ana), len(tier_changes(club))) == ({}, 4)
        earn(club, ana, 10)
        assert (tiers(club, ana), tier_changes(club)[-1]) == ({PROGRAM: gold}, ("set", None, gold))

    def test_who_had_no_tier_leaves_in_silence(self, club: Club) -> None:
        ana = club.member()
        set_tier(club, ana)
        self.leave(club, ana)
        assert (history(club, ana), tier_changes(club)[-1]) == ([TIER, None], ("removed", TIER, None))

    def test_what_is_not_there(self, club: Club, other_club: Club) -> None:
        add_program(club)
        ana, theirs = club.member(), other_club.member()
        assert refusal(self.leave(club, ana, SECOND)) == (404, "The member 1 is not in the loyalty program 2.")
        assert refusal(self.leave(club, ana, 4242)) == (404, "There is no loyalty program 4242.")
        assert refusal(self.leave(club, {"memberId": 2})) == (404, "There is no member 2.")
        assert tiers(other_club, theirs) == {PROGRAM: TIER}


class TestHistory:
    def test_a_change_is_shown(self, club: Club) -> None:
        gold, ana = add_tier(club, 7, 100), club.member()
        expires = iso(club.now_ms + DAY_MS)
        set_tier(club, ana, loyaltyTierId=gold, expiresAt=expires)
        page = club.get(f"/members/{ana['memberId']}/loyalty-programs/{PROGRAM}/tier-history").json()
        first, second = page["results"]
        assert {name: page[name] for name in ("totalCount", "page", "limit")} == {
            "totalCount": 2,
            "page": 0,
            "limit": 10,
        }
        assert first["createdAt"] == ana["createdAt"] < second["createdAt"]
        assert second == {
            "memberTierHistoryId": 2,
            "memberId": ana["memberId"],
            "loyaltyProgramId": PROGRAM,
            "loyaltyTierId": gold,
            "loyaltyTierKey": "t7",
            "expiresAt": expires,
            "createdAt": second["createdAt"],
        }

    def test_pages_and_orders(self, club: Club) -> None:
        gold, low, ana = add_tier(club, 7, 100), add_tier(club, 3, 10), club.member()
        club.member("ben")
        set_tier(club, ana, loyaltyTierId=gold, expiresAt=iso(club.now_ms + 2 * DAY_MS))
        set_tier(club, ana, loyaltyTierId=low, expiresAt=iso(club.now_ms + DAY_MS))
        set_tier(club, ana)
        for order, expected in (
            ("id", [TIER, gold, low, None]),
            ("createdAt,desc", [None, low, gold, TIER]),
            ("createdAt", [TIER, gold, low, None]),
            ("loyaltyTierId", [TIER, low, gold, None]),
            ("loyaltyTierId,desc", [None, gold, low, TIER]),
            ("expiresAt", [low, gold, TIER, None]),
            ("expiresAt,desc", [None, TIER, gold, low]),
        ):
            assert history(club, ana, order=order) == expected, order
        assert [history(club, ana, limit=3), history(club, ana, limit=3, page=1), history(club, ana, page=9)] == [
            [TIER, gold, low],
            [None],
            [],
        ]

    def test_of_who_never_was_in_it_and_of_nobody(self, club: Club, other_club: Club) -> None:
        add_program(club)
        ana = club.member()
        other_club.member()
        other_club.member("ben")
        assert history(club, ana, SECOND) == []
        base = "/members/{}/loyalty-programs/{}/tier-history"
        assert refusal(club.get(base.format(2, PROGRAM))) == (404, "There is no member 2.")
        assert refusal(club.get(base.format(1, 4242))) == (404, "There is no loyalty program 4242.")

    @pytest.mark.parametrize("query", ["order=loyaltyTierKey", "order=name", "limit=26", "page=-1", "limit=0"])
    def test_a_bad_query_is_refused(self, club: Club, query: str) -> None:
        ana = club.member()
        status, message = refusal(
            club.get(f"/members/{ana['memberId']}/loyalty-programs/{PROGRAM}/tier-history?{query}")
        )
        assert (status, query.partition("=")[0] in message) == (400, True)
