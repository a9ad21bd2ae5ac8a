"""Searching members: words, ranks, filters, and that a change is found at once."""

from typing import Any

import pytest

from models.loyalty_core.members.tables import MemberTerm, Tier
from tests.api.loyalty_core.conftest import PROGRAM, TIER, Club, coded, refusal

PEOPLE: tuple[dict[str, Any], ...] = (
    {
        "loyaltyMemberId": "HC-0001",
        "publicLoyaltyMemberId": "CARD-7731",
        "memberType": "customer",
        "profile": {"name": "Ána Müller-Stone", "email": "ana@example.org"},
    },
    {
        "loyaltyMemberId": "HC-0002",
        "memberType": "staff",
        "active": False,
        "profile": {
            "name": "Anabel Stone",
            "home": {"city": "São Paulo", "streets": ["Rua Ｆoo", {"more": "Straße 5"}]},
        },
    },
    {"loyaltyMemberId": "ana", "profile": {"name": "Ben Field", "email": "Ben.Field@Example.org"}},
    {
        "loyaltyMemberId": "---",
        "profile": {"name": "Стефан Москва", "note": "山田太郎 हिन्दी", "visits": 7, "vip": True},
    },
)


@pytest.fixture
def crowd(club: Club) -> Club:
    for person in PEOPLE:
        club.made("/members", **person)
    return club


def found(club: Club, query: str | None = None, **others: Any) -> list[int]:
    """The numbers of the members on a page; they are 1, 2, 3 in the order in which they were made."""
    page = club.get("/search/members", params=others if query is None else {"query": query, **others})
    assert page.status_code == 200, page.text
    return [row["memberId"] for row in page.json()["results"]]


def test_what_is_found_is_shown(crowd: Club) -> None:
    page = crowd.get("/search/members?query=anabel").json()
    member = crowd.get("/members/2").json()["loyalMember"]
    shown = {
        name: member[name]
        for name in (
            "memberId",
            "organizationId",
            "loyaltyMemberId",
            "publicLoyaltyMemberId",
            "memberType",
            "walletId",
            "active",
            "profile",
            "loyaltyPrograms",
        )
    }
    assert page == {"totalCount": 1, "page": 0, "limit": 10, "results": [{**shown, "since": member["createdAt"]}]}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [1, 2, 3, 4]),
        ("  ", [1, 2, 3, 4]),
        ("stone", [1, 2]),
        ("STO", [1, 2]),
        ("tone", []),
        ("stones", []),
        ("stone müller", [1]),
        ("muller", [1]),
        ("MÜLLER", [1]),
        ("mu\u0308ller", [1]),
        ("stone nobody", []),
        ("hc-0001", [1]),
        ("hc", [1, 2]),
        ("0002", [2]),
        ("card7731", []),
        ("card 7731", [1]),
        ("CARD-77", [1]),
        ("example.org", [1, 3]),
        ("field@example", [3]),
        ("paulo sao", [2]),
        ("foo", [2]),
        ("strasse", [2]),
        ("STRASSE 5", [2]),
        ("стефан", [4]),
        ("СТЕФ моск", [4]),
        ("山田", [4]),
        ("太郎", []),
        ("हिन्", [4]),
        ("7", [1]),
        ("true", []),
        ("visits", []),
        ("---", [4]),
        ("--", []),
        ("%", []),
        ("_", []),
        ("=ana", [1, 3, 2]),
        ("'; DROP", []),
        ("\U0010ffff", []),
        ("a" * 255, []),
        ("ana\u00a0stone", [1, 2]),
    ],
)
def test_every_word_begins_a_word(crowd: Club, query: str, expected: list[int]) -> None:
    assert found(crowd, query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ana", [3, 1, 2]),
        ("ANA", [3, 1, 2]),
        (" ana ", [3, 1, 2]),
        ("ana stone", [1, 2]),
        ("anabel stone", [2]),
        ("stone ana", [1, 2]),
        ("ana@example.org", [1, 3]),
        ("Ben.Field@example.ORG", [3]),
    ],
)
def test_ids_and_addresses_come_first_then_whole_words(crowd: Club, query: str, expected: list[int]) -> None:
    assert found(crowd, query) == expected


def test_more_whole_words_come_before_fewer(club: Club) -> None:
    for name in ("annabel stonefield", "anna stonefield", "annabel stone", "anna stone"):
        club.made("/members", loyaltyMemberId=name.replace(" ", ""), profile={"name": name})
    assert found(club, "anna stone") == [4, 2, 3, 1]
    assert found(club, "anna stone", order="memberId") == [1, 2, 3, 4]
    assert [found(club, "anna stone", limit=3), found(club, "anna stone", limit=3, page=1)] == [[4, 2, 3], [1]]


def test_a_change_is_found_at_once(crowd: Club) -> None:
    crowd.patch("/members/1", json={"profile": {"name": "Ana Field"}, "publicLoyaltyMemberId": "NEW-1"})
    assert [found(crowd, query) for query in ("muller", "ana@example.org", "7731", "field", "new 1", "hc-0001")] == [
        [],
        [3],
        [],
        [1, 3],
        [1],
        [1],
    ]
    crowd.patch("/members/1", json={"loyaltyMemberId": "other"})
    assert [found(crowd, "hc-0001"), found(crowd, "other")] == [[], [1]]


def test_a_refused_change_is_not_found(crowd: Club) -> None:
    assert coded(crowd.patch("/members/1", json={"profile": {"name": "Lost"}, "loyaltyMemberId": "ana"})) == (
        409,
        "MEMBER_ID_TAKEN",
    )
    assert [found(crowd, "lost"), found(crowd, "muller")] == [[], [1]]


def test_only_differences_are_written(club: Club) -> None:
    """And no more than 200 words of a member, 64 characters of a word, 16 words of a query."""
    many = " ".join(f"w{n:03}" for n in range(300))
    member = club.made("/members", loyaltyMemberId="x", profile={"email": "e", "long": "y" * 300, "many": many})
    unit = club.unit()
    with unit.transaction() as session:
        terms = sorted(row.term for row in session.scalars(unit.scoped(MemberTerm)))
    assert terms == sorted(["=e", "=x", "e", "x", "y" * 64, *(f"w{n:03}" for n in range(197))])
    assert [found(club, "w196"), found(club, "w197"), found(club, "y" * 100), found(club, "y" * 63 + "x")] == [
        [1],
        [],
        [1],
        [],
    ]
    words = [f"w{n:03}" for n in range(16)]
    assert [found(club, " ".join([*words, "none"])), found(club, " ".join(["none", *words]))] == [[1], []]
    club.patch(f"/members/{member['memberId']}", json={"profile": {"many": "w000"}})
    assert [found(club, "w000"), found(club, "w001")] == [[1], []]


def test_each_filter_leaves_out_what_does_not_match(crowd: Club) -> None:
    unit = crowd.unit()
    with unit.transaction() as session:
        session.add(
            Tier(
                tenant_id=unit.tenant_id,
                id=7,
                program_id=PROGRAM,
                tier_key="gold",
                name="Gold",
                active=True,
                min_required_points=10,
                tier_order=1,
                picture_url=None,
                custom_attributes={},
                created_ms=1,
                updated_ms=1,
            )
        )
    assert crowd.put(f"/members/2/loyalty-programs/{PROGRAM}/tier", json={"loyaltyTierId": 7}).status_code == 200
    crowd.delete(f"/members/4/loyalty-programs/{PROGRAM}")
    since = [crowd.get(f"/members/{n}").json()["loyalMember"]["createdAt"] for n in (1, 2, 3, 4)]
    for filters, expected in (
        ({"loyaltyTierId": 7}, [2]),
        ({"loyaltyTierId": TIER}, [1, 3]),
        ({"loyaltyTierId": 4242}, []),
        ({"loyaltyTierKey": "gold"}, [2]),
        ({"loyaltyTierKey": "member"}, [1, 3]),
        ({"loyaltyTierKey": "Gold"}, []),
        ({"loyaltyProgramId": PROGRAM}, [1, 2, 3]),
        ({"loyaltyProgramId": 4242}, []),
        ({"memberType": "customer"}, [1]),
        ({"memberType": ""}, []),
        ({"sinceFrom": since[2]}, [3, 4]),
        ({"sinceTo": since[1]}, [1, 2]),
        ({"sinceFrom": since[1], "sinceTo": since[2]}, [2, 3]),
        ({"sinceFrom": "0001-01-01T00:00:00z"}, [1, 2, 3, 4]),
        ({"query": "stone", "loyaltyTierKey": "gold", "memberType": "staff"}, [2]),
        ({"query": "ana", "loyaltyTierId": TIER}, [3, 1]),
        ({"query": "stone", "loyaltyTierId": TIER, "loyaltyTierKey": "gold"}, []),
    ):
        assert found(crowd, **filters) == expected, filters


def test_pages_and_orders(crowd: Club) -> None:
    for order, expected in (
        ("memberId", [1, 2, 3, 4]),
        ("id,desc", [4, 3, 2, 1]),
        ("loyaltyMemberId", [4, 1, 2, 3]),
        ("loyaltyMemberId,desc", [3, 2, 1, 4]),
        ("publicLoyaltyMemberId", [1, 2, 3, 4]),
        ("publicLoyaltyMemberId,desc", [4, 3, 2, 1]),
        ("memberType,asc", [1, 2, 3, 4]),
        ("memberType,desc", [4, 3, 2, 1]),
        ("since,desc", [4, 3, 2, 1]),
        ("since", [1, 2, 3, 4]),
    ):
        assert found(crowd, order=order) == expected, order
    assert [found(crowd, limit=3), found(crowd, limit=3, page=1), found(crowd, page=2**31 - 1, limit=25)] == [
        [1, 2, 3],
        [4],
        [],
    ]
    assert crowd.get("/search/members?query=stone&limit=1").json()["totalCount"] == 2


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("order=createdAt", "order"),
        ("order=walletId", "order"),
        ("order=since,", "order"),
        ("page=-1", "page"),
        ("limit=0", "limit"),
        (f"query={'x' * 256}", "query"),
        ("loyaltyTierId=0", "loyaltyTierId"),
        ("loyaltyProgramId=x", "loyaltyProgramId"),
        ("sinceFrom=yesterday", "sinceFrom"),
        ("sinceTo=2026", "sinceTo"),
        (f"memberType={'x' * 256}", "memberType"),
        (f"loyaltyTierKey={'x' * 256}", "loyaltyTierKey"),
    ],
)
def test_a_bad_query_is_refused(club: Club, query: str, expected: str) -> None:
    status, message = refusal(club.get(f"/search/members?{query}"))
    assert status == 400
    assert expected in message


def test_what_is_another_organizations_is_not_found(club: Club, other_club: Club) -> None:
    other_club.made("/members", **PEOPLE[0])
    assert [found(club, "ana"), found(club)] == [[], []]
    assert found(club, loyaltyTierKey="member") == []
    club.made("/members", **PEOPLE[0])
    assert club.get("/search/members?query=hc-0001").json()["results"][0]["organizationId"] == club.id
