"""Coupon books offered to partners: each organization writes only its own rows, and what crosses is a message."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from models.loyalty_core import provision
from models.loyalty_core.coupons import offerings
from models.loyalty_core.organization.messages import send
from models.loyalty_core.organization.tables import Partnership, TenantMessage
from models.uow import UnitOfWork
from tests.api.loyalty_core.conftest import Club, assert_wrong, coded, make_club, refusal
from tests.api.loyalty_core.test_coupon_books import UNKNOWN, add, get, new_book, put
from tests.support.client import Client
from tests.support.statements import noted
from tests.support.tenants import fresh_alias
from troth.administration import delete_tenant, tenant
from troth.app import Server
from troth.mock.scenarios import ScenarioError, load_scenario


@contextmanager
def unit_of(club: Club) -> Iterator[UnitOfWork]:
    unit = club.unit()
    with unit.transaction():
        yield unit
        unit.finish()


def configure(club: Club, partnerships: Any) -> None:
    with unit_of(club) as unit:
        provision.configure(unit, {}, {"partnerships": partnerships})


def befriend(one: Club, other: Club, number: int = 1, other_number: int = 7) -> None:
    """Each knows the other, by numbers of its own."""
    configure(one, [{"partner": other.tenant.alias, "partnership_id": number}])
    configure(other, [{"partner": one.tenant.alias, "partnership_id": other_number}])


@pytest.fixture
def partner(club: Club, other_club: Club) -> Club:
    befriend(club, other_club)
    return other_club


def offer(club: Club, **members: Any) -> httpx2.Response:
    return club.post(
        "/coupon-book-offerings", json={"partnershipId": 1, "offeredCouponBookId": 1, "status": "pending", **members}
    )


def offered(club: Club, partner: Club, **members: Any) -> dict[str, Any]:
    answer = offer(club, **members)
    assert answer.status_code == 201, answer.text
    partner.advance(0)
    row: dict[str, Any] = answer.json()
    return row


def decide(club: Club, offering: int = 1, *, approved: Any = True) -> httpx2.Response:
    return club.put(f"/coupon-book-offerings/{offering}/approval", json={"approved": approved})


def rows(club: Club, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = club.get("/coupon-book-offerings", params=query).json()["results"]
    return found


def books(club: Club) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = club.get("/coupon-books").json()["results"]
    return found


class TestOffer:
    def test_both_sides_have_a_row_of_their_own(self, club: Club, partner: Club) -> None:
        club.know(audiences=["k"], tiers=["gold"])
        new_book(
            club,
            2,
            tags=["a"],
            discountAmount=2.5,
            content={"h": "Hello"},
            condition={"expression": "true"},
            tiers=["gold"],
            audienceKeys=["k"],
        )
        put(club, locale="de", content={"h": "Hallo"}, extraFields={"x": 1})
        made = offered(club, partner)
        book = {
            name: value
            for name, value in get(club).items()
            if name
            not in {
                "loyaltyProgramId",
                "externalId",
                "rankingIndex",
                "audienceKeys",
                "tiers",
                "condition",
                "publishingStatus",
                "contentSchemaId",
                "contentSchemaVersionId",
                "locale",
                "content",
                "extraFields",
                "isDefaultLocale",
                "requiredPointsConfig",
                "couponCount",
                "assignedCount",
                "usedCount",
                "createdAt",
                "updatedAt",
            }
        }
        book["contents"] = [
            {"locale": "de", "content": {"h": "Hallo"}, "extraFields": {"x": 1}},
            {"locale": "en", "content": {"h": "Hello"}, "extraFields": {}},
        ]
        assert made == {
            "couponBookOfferingId": 1,
            "partnershipId": 1,
            "organizationId": club.id,
            "partnerOrganizationId": partner.id,
            "offeredCouponBookId": 1,
            "acceptedCouponBookId": None,
            "status": "pending",
            "partnerOrganization": {"organizationId": partner.id, "name": partner.tenant.name},
            "offeredCouponBook": book,
            "acceptedCouponBook": None,
            "createdAt": made["createdAt"],
            "updatedAt": made["createdAt"],
        }
        assert rows(club) == [made]
        [theirs] = rows(partner)
        assert theirs == {
            **made,
            "partnershipId": 7,
            "createdAt": theirs["createdAt"],
            "updatedAt": theirs["createdAt"],
        }
        assert club.events() == partner.events() == []

    def test_it_is_as_it_was_then(self, club: Club, partner: Club) -> None:
        new_book(club, content={"h": 1})
        made = offered(club, partner)
        put(club, name="Other", content={"h": 2}, publishingStatus="archived")
        assert rows(club) == [made]
        assert rows(partner)[0]["offeredCouponBook"] == made["offeredCouponBook"]

    def test_it_begins_as_pending(self, club: Club, partner: Club) -> None:
        new_book(club)
        for status in ("accepted", "rejected"):
            assert refusal(offer(club, status=status)) == (
                400,
                "/status: An offering begins as pending: the partner decides what becomes of it.",
            )
        assert rows(club) == rows(partner) == []

    def test_once_at_a_time(self, club: Club, partner: Club) -> None:
        new_book(club)
        new_book(club)
        offered(club, partner)
        assert refusal(offer(club)) == (409, "The coupon book 1 is on offer in the partnership 1 already.")
        offered(club, partner, offeredCouponBookId=2)
        decide(partner, approved=False)
        club.advance(0)
        assert offered(club, partner)["couponBookOfferingId"] == 3

    def test_content_of_all_locales_is_limited(
        self, club: Club, partner: Club, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        new_book(club, content={"h": "ü" * 40})
        put(club, locale="de", content={"h": "x"}, extraFields={"a": 1})
        most = len('{"h":""}' * 2 + '{"a":1}' + "{}") + 41
        monkeypatch.setattr(offerings, "CONTENT_CHARACTERS_MAX", most - 1)
        status, message = refusal(offer(club))
        assert (status, f"has {most} characters in all locales, of which {most - 1} can be offered." in message) == (
            409,
            True,
        )
        assert rows(club) == []
        monkeypatch.setattr(offerings, "CONTENT_CHARACTERS_MAX", most)
        assert offered(club, partner)["status"] == "pending"

    def test_not_from_the_archive(self, club: Club, partner: Club) -> None:
        for status in ("draft", "published", "disabled", "archived"):
            new_book(club, publishingStatus=status)
        assert [offer(club, offeredCouponBookId=book).status_code for book in (1, 2, 3, 4)] == [201, 201, 201, 409]
        partner.advance(0)
        assert len(rows(partner)) == 3

    def test_what_it_names_has_to_be_there(self, club: Club, partner: Club) -> None:
        new_book(partner)
        for unknown in (*UNKNOWN, 1):
            reason = f"/offeredCouponBookId: There is no coupon book {unknown}."
            assert refusal(offer(club, offeredCouponBookId=unknown)) == (404, reason)
        new_book(club)
        for unknown in (*UNKNOWN, 7):
            reason = f"/partnershipId: There is no partnership {unknown}."
            assert refusal(offer(club, partnershipId=unknown)) == (404, reason)

    def test_a_wrong_or_missing_member_is_named(self, club: Club, partner: Club) -> None:
        new_book(club)
        wrong: dict[str, list[Any]] = {
            "partnershipId": [None, "1", 1.5, 2**63],
            "offeredCouponBookId": [None, "1", 1.5],
            "status": [None, "", "open", 5],
        }
        for name, values in wrong.items():
            for value in values:
                status, message = refusal(offer(club, **{name: value}))
                assert (status, name in message) == (400, True)
            body = {"partnershipId": 1, "offeredCouponBookId": 1, "status": "pending"}
            del body[name]
            assert_wrong(club.post("/coupon-book-offerings", json=body), name)
        assert rows(club) == rows(partner) == []

    def test_a_partner_who_is_not_there(self, club: Club) -> None:
        configure(club, [{"partner": "nobody-at-all"}])
        new_book(club)
        assert refusal(offer(club)) == (
            409,
            "/partnershipId: The other organization of the partnership 1 is not there.",
        )
        assert rows(club) == []

    def test_who_wants_no_partnership_rejects_at_once(self, club: Club, other_club: Club) -> None:
        configure(club, [{"partner": other_club.tenant.alias}])
        new_book(club)
        offered(club, other_club)
        club.advance(0)
        assert (rows(other_club), rows(club)[0]["status"]) == ([], "rejected")


class TestDecide:
    def test_an_accepted_book_becomes_ones_own(self, club: Club, partner: Club) -> None:
        new_book(partner)
        club.know(audiences=["k"], tiers=["gold"])
        new_book(
            club,
            2,
            tags=["a"],
            discountAmount=2.5,
            discountType="fixed",
            content={"h": "Hello"},
            maxCouponCount=5,
            assignmentRequiredPoints=3,
            usageRequiredPoints=4,
            validToDate="2027-01-01T00:00:00.000Z",
            tiers=["gold"],
            audienceKeys=["k"],
            condition={"expression": "true"},
            locale="fr",
            description="Ä",
        )
        put(club, locale="de", content={"h": "Hallo"}, extraFields={"x": 1})
        offered(club, partner)
        answer = decide(partner)
        assert (answer.status_code, answer.json()) == (200, {"message": "The coupon book offering 1 is accepted."})
        copy = get(partner, 2)
        original = get(club)
        own = {
            "couponBookId",
            "organizationId",
            "audienceKeys",
            "tiers",
            "condition",
            "publishingStatus",
            "couponCount",
            "createdAt",
            "updatedAt",
            "assignmentRequiredPoints",
            "usageRequiredPoints",
        }
        assert {name: copy[name] for name in copy if name not in own} == {
            name: original[name] for name in original if name not in own
        }
        assert (
            copy["publishingStatus"],
            copy["audienceKeys"],
            copy["tiers"],
            copy["condition"],
            copy["couponCount"],
        ) == ("draft", [], [], {}, 0)
        assert (get(partner, 2, locale="de")["content"], copy["content"], copy["defaultLocale"]) == (
            {"h": "Hallo"},
            {"h": "Hello"},
            "fr",
        )
        assert partner.get("/coupon-books?tags=a").json()["totalCount"] == 1
        assert (original["assignmentRequiredPoints"], original["usageRequiredPoints"]) == (3, 4)
        assert (copy["assignmentRequiredPoints"], copy["usageRequiredPoints"]) == (0, 0)
        [theirs] = rows(partner)
        assert (theirs["status"], theirs["acceptedCouponBookId"], theirs["acceptedCouponBook"]["organizationId"]) == (
            "accepted",
            2,
            partner.id,
        )
        assert [theirs[name]["assignmentRequiredPoints"] for name in ("offeredCouponBook", "acceptedCouponBook")] == [
            3,
            0,
        ]
        [mine] = rows(club)
        assert [mine[name] for name in ("status", "acceptedCouponBookId", "acceptedCouponBook")] == [
            theirs[name] for name in ("status", "acceptedCouponBookId", "acceptedCouponBook")
        ]
        assert len(books(club)) == 1
        put(partner, 2, publishingStatus="published", name="Mine")
        add(partner, "x", book=2)
        assert get(club)["name"] == original["name"]

    def test_content_of_all_locales_is_copied_by_one_statement(self, club: Club, partner: Club) -> None:
        new_book(club)
        for number in range(3):
            put(club, locale=f"l{number}", content={"n": number})
        offered(club, partner)
        with noted(partner.server.runtime.storage.engine) as seen:
            decide(partner)
        assert len([text for text in seen if "lc_coupon_book_contents" in text and "INSERT" in text]) == 1
        assert [get(partner, 1, locale=f"l{number}")["content"] for number in range(3)] == [
            {"n": number} for number in range(3)
        ]

    def test_a_rejected_one_is_nothing(self, club: Club, partner: Club) -> None:
        new_book(club)
        offered(club, partner)
        assert decide(partner, approved=False).json() == {"message": "The coupon book offering 1 is rejected."}
        club.advance(0)
        for one in (club, partner):
            [row] = rows(one)
            assert (row["status"], row["acceptedCouponBookId"], row["acceptedCouponBook"]) == ("rejected", None, None)
        assert books(partner) == []

    @pytest.mark.parametrize("approved", [True, False])
    def test_a_decision_stands(self, club: Club, partner: Club, approved: bool) -> None:
        new_book(club)
        offered(club, partner)
        first = decide(partner, approved=approved)
        before = rows(partner), books(partner)
        again = decide(partner, approved=approved)
        assert (again.status_code, again.json()) == (200, first.json())
        assert coded(decide(partner, approved=not approved)) == (409, "OFFERING_DECIDED")
        assert (rows(partner), books(partner)) == before
        club.advance(0)
        assert rows(club)[0]["status"] == ("accepted" if approved else "rejected")

    def test_a_partner_is_shown_by_the_name_that_it_has_now(self, club: Club, partner: Club) -> None:
        """The offering side learns another name than that of the set-up by the answer."""
        named = {**partner.get("").json()["organization"], "name": "The Bakery"}
        assert partner.put("", json=named).status_code == 200
        for _ in range(2):
            offered(club, partner, offeredCouponBookId=new_book(club)["couponBookId"])
        assert [row["partnerOrganization"] for row in rows(partner)] == [
            {"organizationId": partner.id, "name": "The Bakery"}
        ] * 2
        decide(partner, 1)
        partner.put("", json={**named, "name": "The Old Bakery"})
        decide(partner, 2, approved=False)
        for one in (club, partner):
            assert [row["partnerOrganization"]["name"] for row in rows(one)] == ["The Bakery", "The Old Bakery"]

    def test_what_a_partner_offered_who_is_gone_can_only_be_rejected(self, club: Club, partner: Club) -> None:
        new_book(club)
        offered(club, partner)
        delete_tenant(club.server.runtime, "loyalty_core", club.tenant.alias)
        assert coded(decide(partner)) == (409, "PARTNER_MISSING")
        assert (rows(partner)[0]["status"], books(partner)) == ("pending", [])
        assert decide(partner, approved=False).status_code == 200
        assert rows(partner)[0]["status"] == "rejected"

    def test_what_is_pending_with_a_partner_who_is_deleted_is_rejected(
        self, club: Club, partner: Club, server: Server, client: Client
    ) -> None:
        """An organization that gets its alias, and its number, begins with nothing between the two."""
        for one, number, other in ((club, 1, partner), (partner, 7, club)):
            for _ in range(2):
                book = new_book(one)["couponBookId"]
                offered(one, other, partnershipId=number, offeredCouponBookId=book)
        decide(club, 3)
        before = rows(club)
        delete_tenant(server.runtime, "loyalty_core", partner.tenant.alias)
        again = make_club(server, client, alias=partner.tenant.alias)
        befriend(again, club, 7, 1)
        club.advance(0)
        assert [(row["couponBookOfferingId"], row["status"]) for row in rows(club)] == [
            (1, "rejected"),
            (2, "rejected"),
            (3, "accepted"),
            (4, "rejected"),
        ]
        assert rows(club)[2] == before[2]
        assert coded(decide(club, 4)) == (409, "OFFERING_DECIDED")
        offered(club, again)
        assert [row["offeredCouponBookId"] for row in rows(again)] == [1]

    def test_who_is_deleted_tells_nobody_but_its_partners(self, club: Club, partner: Club, server: Server) -> None:
        configure(club, [{"partner": "nobody-at-all"}])
        delete_tenant(server.runtime, "loyalty_core", club.tenant.alias)
        with unit_of(partner) as unit:
            [message] = unit.session.scalars(unit.scoped(TenantMessage)).all()
            assert (message.kind, message.payload) == ("gone", {"alias": club.tenant.alias})
        partner.advance(0)
        with unit_of(partner) as unit:
            assert unit.session.scalars(unit.scoped(TenantMessage)).all() == []

    def test_only_who_it_is_offered_to_decides(self, club: Club, partner: Club, server: Server, client: Client) -> None:
        new_book(club)
        offered(club, partner)
        assert refusal(decide(club)) == (409, "The coupon book offering 1 is one's own: the partner decides on it.")
        assert refusal(decide(make_club(server, client))) == (404, "There is no coupon book offering 1.")
        assert rows(partner)[0]["status"] == "pending"

    def test_unknown_offerings_and_bad_bodies(self, club: Club, partner: Club) -> None:
        new_book(club)
        offered(club, partner)
        for unknown in (*UNKNOWN, 2):
            assert refusal(decide(partner, unknown)) == (404, f"There is no coupon book offering {unknown}.")
        for bad in (None, "yes", 1, []):
            assert coded(decide(partner, approved=bad)) == (400, "VALIDATION_FAILED")
        assert coded(partner.put("/coupon-book-offerings/1/approval", json={})) == (400, "VALIDATION_FAILED")
        assert rows(partner)[0]["status"] == "pending"

    def test_offers_go_both_ways(self, club: Club, partner: Club) -> None:
        for one, number, other in ((club, 1, partner), (partner, 7, club)):
            new_book(one)
            offered(one, other, partnershipId=number)
        assert [(row["couponBookOfferingId"], row["organizationId"]) for row in rows(club)] == [
            (1, club.id),
            (2, partner.id),
        ]
        decide(club, 2)
        decide(partner, 1)
        for one in (club, partner):
            one.advance(0)
            assert [row["status"] for row in rows(one)] == ["accepted", "accepted"]
            assert len(books(one)) == 2


class TestFinding:
    def test_pages_orders_and_filters(self, club: Club, partner: Club) -> None:
        for number in (1, 2, 3):
            new_book(club)
            offered(club, partner, offeredCouponBookId=number)
        decide(partner, 2)
        decide(partner, 1, approved=False)

        def found(**query: Any) -> str:
            return "".join(str(row["couponBookOfferingId"]) for row in rows(partner, **query))

        assert [
            found(),
            found(order="id,desc"),
            found(order="couponBookOfferingId,desc"),
            found(order="createdAt,desc"),
        ] == ["123", "321", "321", "321"]
        assert [
            found(order="updatedAt"),
            found(order="updatedAt,desc"),
            found(order="status"),
            found(order="status,desc"),
        ] == ["321", "123", "231", "132"]
        assert [found(status=status) for status in ("pending", "accepted", "rejected")] == ["3", "2", "1"]
        assert [found(limit=2), found(limit=2, page=1), found(limit=2, page=2)] == ["12", "3", ""]
        assert partner.get("/coupon-book-offerings?status=pending").json()["totalCount"] == 1
        for bad in ("order=partnershipId", "status=open", "limit=26", "page=-1"):
            assert coded(partner.get(f"/coupon-book-offerings?{bad}")) == (400, "VALIDATION_FAILED")

    def test_it_takes_its_role(self, club: Club, partner: Club) -> None:
        new_book(club)
        offered(club, partner)
        reader, writer = (
            partner.further_token("partnerships:read", "coupons:write"),
            partner.further_token("partnerships:write"),
        )
        body = {"partnershipId": 7, "offeredCouponBookId": 1, "status": "pending"}
        for token, reading, writing in ((reader, 200, 403), (writer, 403, 200)):
            assert partner.get("/coupon-book-offerings", token=token).status_code == reading
            assert (
                partner.put("/coupon-book-offerings/1/approval", json={"approved": True}, token=token).status_code
                == writing
            )
        assert [
            partner.post("/coupon-book-offerings", json=body, token=token).status_code for token in (reader, writer)
        ] == [403, 201]


class TestCrossing:
    def test_messages_are_gone_when_they_are_read(self, club: Club, partner: Club) -> None:
        new_book(club)
        offer(club)

        def waiting(one: Club) -> int:
            with unit_of(one) as unit:
                return len(unit.session.scalars(unit.scoped(TenantMessage)).all())

        assert [waiting(club), waiting(partner), len(rows(partner))] == [0, 0, 1], (
            "the partner has read it before the answer"
        )

    def test_nobody_answers_for_another(self, club: Club, partner: Club, server: Server, client: Client) -> None:
        """A third organization that is a partner too answers an offering that was not made to it."""
        third = make_club(server, client)
        configure(club, [{"partner": third.tenant.alias}])
        new_book(club)
        offered(club, partner)
        with unit_of(third) as unit:
            send(unit, club.tenant, "answer", {"offering": 1, "status": "accepted", "book": None})
        club.advance(0)
        assert rows(club)[0]["status"] == "pending"


class TestScenario:
    def test_partnerships_that_are_there_stay(self, club: Club) -> None:
        configure(club, [{"partner": "b"}, {"partner": "a", "partnership_id": 1}])
        configure(club, [{"partner": "b", "partnership_id": 2}, {"partner": "c"}])
        configure(club, [])
        with unit_of(club) as unit:
            found = unit.session.scalars(unit.scoped(Partnership).order_by(Partnership.id)).all()
            assert [(row.id, row.partner_alias) for row in found] == [(1, "a"), (2, "b"), (3, "c")]
            assert provision.describe(unit)["partnerships"][0] == {"partnership_id": 1, "partner": "a"}

    @pytest.mark.parametrize(
        ("wanted", "reason"),
        [
            ({}, "not a list"),
            (["a"], "has a partner"),
            ([{}], "has a partner"),
            ([{"partner": "a", "name": "x"}], "nothing else"),
            ([{"partner": 5}], "not the alias"),
            ([{"partner": ""}], "not the alias"),
            ([{"partner": "A b"}], "not the alias"),
            ([{"partner": "a", "partnership_id": 0}], "partnership_id"),
            ([{"partner": "a", "partnership_id": "1"}], "partnership_id"),
            ([{"partner": "a", "partnership_id": True}], "partnership_id"),
            ([{"partner": "a", "partnership_id": None}], "partnership_id"),
            ([{"partner": "a", "partnership_id": 2**53}], "partnership_id"),
            ([{"partner": "a"}, {"partner": "a"}], "twice"),
            ([{"partner": "a", "partnership_id": 3}, {"partner": "b", "partnership_id": 3}], "twice"),
            ([{"partner": "there", "partnership_id": 2}], "cannot become 2"),
            ([{"partner": "a", "partnership_id": 1}], "is taken"),
        ],
    )
    def test_what_is_wrong_is_refused_with_its_reason(self, club: Club, wanted: Any, reason: str) -> None:
        configure(club, [{"partner": "there"}])
        with pytest.raises(ValueError, match=reason):
            configure(club, wanted)

    def test_nobody_is_ones_own_partner(self, club: Club) -> None:
        with pytest.raises(ValueError, match="own partner"):
            configure(club, [{"partner": club.tenant.alias}])

    def test_they_are_loaded_before_the_partner_is_there(self, server: Server, client: Client, tmp_path: Path) -> None:
        one, two, runtime = fresh_alias(), fresh_alias(), server.runtime
        scenario = tmp_path / "partners.yaml"
        project = "  - {api: loyalty_core, project: x, live: {alias: %s, partnerships: [{partner: %s, partnership_id: %s}]}}\n"
        scenario.write_text("projects:\n" + project % (one, two, 5) + project % (two, one, 6))
        for _ in range(2):
            with runtime.storage.session() as session, session.begin():
                load_scenario(runtime, session, scenario, fixed_keys=False)
        assert [tenant(runtime, "loyalty_core", alias)["partnerships"] for alias in (one, two)] == [
            [{"partnership_id": 5, "partner": two}],
            [{"partnership_id": 6, "partner": one}],
        ]
        scenario.write_text("projects:\n" + project % (one, two, "five"))
        with (
            pytest.raises(ScenarioError, match="partnership_id"),
            runtime.storage.session() as session,
            session.begin(),
        ):
            load_scenario(runtime, session, scenario, fixed_keys=False)
