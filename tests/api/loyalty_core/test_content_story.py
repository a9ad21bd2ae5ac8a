"""The stories of what members see: content that follows a schema, portals, and what a survey says of them."""

import json
from typing import Any

from tests.api.loyalty_core import test_stats
from tests.api.loyalty_core.conftest import PROGRAM, Club, coded, make_club, refusal
from tests.api.loyalty_core.test_content_schemas import new_schema
from tests.api.loyalty_core.test_coupon_books import get, new_book, put
from tests.api.loyalty_core.test_portals import by_public_id, new_portal
from tests.api.loyalty_core.test_portals import put as put_portal
from tests.support.client import Client
from troth.administration import delete_tenant
from troth.app import Server


def schema(*required: str, **properties: str) -> str:
    """The text of a JSON Schema of texts and numbers without further members."""
    return json.dumps(
        {
            "type": "object",
            "required": list(required),
            "properties": {name: {"type": kind} for name, kind in properties.items()},
            "additionalProperties": False,
        }
    )


def wrong(club: Club, book: int = 1, **members: Any) -> str:
    """Why a change of a book is refused by its content schema; nothing of the book has changed."""
    before = get(club, book)
    answer = put(club, book, **members)
    assert coded(answer) == (400, "CONTENT_INVALID")
    assert get(club, book) == before
    return refusal(answer)[1]


def test_content_follows_a_schema_that_grows(club: Club) -> None:
    # A banner has a headline; the first book is written in two languages.
    new_schema(club, name="Banner", schema=schema("headline", headline="string"))
    new_book(club, contentSchemaId=1, content={"headline": "A free cup"})
    put(club, locale="de", content={"headline": "Eine Tasse geschenkt"})
    assert "/headline: must be a string, not 5" in wrong(club, content={"headline": 5})
    assert "/headline: is required" in wrong(club, locale="fr", content={})

    # Banners get a colour: books stay what they are, with the version that they were written for.
    first = get(club)
    changed = club.patch("/content-schemas/1", json={"schema": schema("colour", headline="string", colour="string")})
    assert changed.json()["contentSchemaVersionId"] == 2
    assert get(club) == first
    assert put(club, **first).json()["couponBook"] == first
    put(club, locale="fr", content={"headline": "Une tasse offerte"})
    assert get(club, locale="fr")["contentSchemaVersionId"] == 1
    assert "colour: is not a known member" in wrong(club, content={"headline": "A cup", "colour": "red"})

    # A book moves with the language that is written first, and the others follow one by one.
    assert "/colour: is required" in wrong(club, contentSchemaVersionId=2)
    for locale in ("en", "de", "fr"):
        coloured = {"headline": locale, "colour": "red"}
        put(club, locale=locale, contentSchemaVersionId=2, content=coloured)
        assert get(club, locale=locale)["content"] == coloured
    assert get(club)["contentSchemaVersionId"] == 2

    # The schema is put out of use: what follows it goes on, and nothing new begins to. It goes when no book has it.
    club.patch("/content-schemas/1", json={"active": False})
    assert put(club, locale="de", content={"headline": "Neu", "colour": "blue"}).status_code == 200
    new_book(club)
    assert coded(put(club, 2, contentSchemaId=1)) == (409, "CONTENT_SCHEMA_NOT_ACTIVE")
    assert coded(club.delete("/content-schemas/1")) == (409, "CONTENT_SCHEMA_IN_USE")
    put(club, contentSchemaId=None)
    assert club.delete("/content-schemas/1").json() is True
    assert coded(club.delete("/content-schemas/1")) == (404, "CONTENT_SCHEMA_NOT_FOUND")
    assert coded(club.get("/content-schemas/1/versions/1")) == (404, "CONTENT_SCHEMA_NOT_FOUND")
    assert coded(put(club, contentSchemaId=1)) == (404, "CONTENT_SCHEMA_NOT_FOUND")
    assert get(club, locale="de")["content"] == {"headline": "Neu", "colour": "blue"}


def test_a_portal_from_its_opening_to_the_end_of_its_organization(
    club: Club, other_club: Club, server: Server, client: Client
) -> None:
    # A portal of the default program is opened under a name of its own, and is the program's main one.
    portal = new_portal(club, loyaltyProgramId=PROGRAM, theme={"colour": "red"}, authValidScopes=["openid"])
    name = f"club-{club.id}-online"
    portal = put_portal(club, portal, publicId=name).json()["portal"]
    [program] = club.get("/loyalty-programs").json()["loyaltyPrograms"]
    changed = club.put(f"/loyalty-programs/{PROGRAM}", json={**program, "mainPortalId": portal["portalId"]})
    assert changed.json()["loyaltyProgram"]["mainPortalId"] == portal["portalId"]

    # Whoever has a token of the organization finds it by that name, and nobody of another one does.
    assert by_public_id(club, name, token=club.further_token("members:read")).json()["portal"] == portal
    assert coded(by_public_id(other_club, name)) == (404, "PORTAL_NOT_FOUND")
    theirs = new_portal(other_club)
    assert coded(put_portal(other_club, theirs, publicId=name)) == (409, "PUBLIC_ID_TAKEN")

    # It is closed for a while: it is there, and says so. There is no call that deletes it.
    closed = put_portal(club, portal, active=False).json()["portal"]
    assert closed == {**portal, "active": False, "updatedAt": closed["updatedAt"]}
    assert by_public_id(club, name).json()["portal"] == closed
    assert coded(club.delete(f"/portals/{portal['portalId']}")) == (405, "METHOD_NOT_ALLOWED")
    assert put_portal(club, closed, active=True, theme={}).json()["portal"]["theme"] == {}

    # An organization that is deleted leaves its name to others.
    brief = make_club(server, client)
    left = put_portal(brief, new_portal(brief), publicId=f"{name}-2").json()["portal"]["publicId"]
    assert coded(put_portal(club, portal, publicId=left)) == (409, "PUBLIC_ID_TAKEN")
    delete_tenant(server.runtime, "loyalty_core", brief.tenant.alias)
    assert put_portal(club, portal, publicId=left).json()["portal"]["publicId"] == left
    assert put_portal(other_club, theirs, publicId=name).json()["portal"]["publicId"] == name


def test_a_survey_says_what_members_answered_and_pays_nobody(club: Club, other_club: Club) -> None:
    for name in ("ana", "ben", "kim"):
        club.member(name)
    before = club.events()
    nps, load = test_stats.TestSurveys.nps, test_stats.TestSurveys.load
    load(club, ana=10, ben=9)
    load(club, ben=3, kim=8)
    result = nps(club, 5).json()["result"]
    assert (result["answerCount"], result["promoterCount"], result["detractorCount"], result["score"]) == (3, 1, 1, 0)
    assert club.events() == before, "no event, and so no effect of a campaign or mission, follows an answer"

    # Members who leave the program, or are put out of use, have answered all the same.
    assert club.delete(f"/members/1/loyalty-programs/{PROGRAM}").status_code == 200
    assert club.patch("/members/2", json={"active": False}).status_code == 200
    assert nps(club, 5).json()["result"] == result
    assert coded(nps(other_club, 5)) == (404, "SURVEY_NOT_FOUND")
