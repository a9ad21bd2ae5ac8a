"""Calls that set up an organization, many at the same moment:
on SQLite through a file, on PostgreSQL really at once.
"""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import func, select, update

from models.loyalty_core.organization.queries import ORGANIZATION
from models.loyalty_core.organization.tables import ContentSchema, ContentSchemaVersion, Organization, PortalName
from tests.api.loyalty_core.conftest import PROGRAM, Club
from tests.api.loyalty_core.test_content_schemas import TEXT, new_schema
from tests.api.loyalty_core.test_portals import new_portal
from tests.api.loyalty_core.test_programs import NEW as NEW_PROGRAM
from tests.api.loyalty_core.test_programs import listed, new_program
from tests.api.loyalty_core.test_tiers import NEW as NEW_TIER
from tests.support.races import Reply, at_once, calling, racing

CALLS = 16
Call = tuple[Club, str, str, Any]


server, client = racing("setup_races", CALLS)


def send_all(calls: list[Call]) -> list[Reply]:
    return at_once([calling(club, club.token, method, path, body) for club, method, path, body in calls])


def outcomes(replies: list[Reply]) -> dict[int, int]:
    return Counter(status for status, _ in replies)


def count(club: Club, model: Any) -> int:
    unit = club.unit()
    with unit.transaction() as session:
        return session.scalar(select(func.count()).where(model.tenant_id == club.tenant.id)) or 0


def test_a_public_id_goes_to_one_portal(club: Club, other_club: Club) -> None:
    wanted = f"wanted-{club.id}"
    portals = [(owner, new_portal(owner)) for owner in (club, other_club) for _ in range(CALLS // 2)]
    body = {"name": "Club", "active": True, "publicId": wanted}
    replies = send_all([(owner, "PUT", f"/portals/{portal['portalId']}", body) for owner, portal in portals])
    assert outcomes(replies) == {200: 1, 409: CALLS - 1}
    [winner] = [reply["portal"] for status, reply in replies if status == 200]
    after = [row for owner in (club, other_club) for row in owner.get("/portals?limit=25").json()["results"]]
    assert [row for row in after if row["publicId"] == wanted] == [winner]
    assert len({row["publicId"] for row in after}) == CALLS


def test_a_portal_has_one_public_id_at_a_time(club: Club) -> None:
    before = new_portal(club)
    wanted = [f"p{number}-{club.id}" for number in range(CALLS)]
    replies = send_all(
        [(club, "PUT", "/portals/1", {"name": "Club", "active": True, "publicId": public_id}) for public_id in wanted]
    )
    assert outcomes(replies) == {200: CALLS}
    now = club.get("/portals/1").json()["portal"]["publicId"]
    assert now in wanted
    # What the others took is free again, and so is what the portal began with.
    second = new_portal(club)
    for free in (before["publicId"], *(public_id for public_id in wanted if public_id != now)):
        assert club.put("/portals/2", json={"name": "Club", "active": True, "publicId": free}).status_code == 200
    assert second["portalId"] == count(club, PortalName) == 2


def test_programs_of_one_name_have_keys_of_their_own_and_one_is_the_default(club: Club) -> None:
    replies = send_all([(club, "POST", "/loyalty-programs", {**NEW_PROGRAM, "setAsDefault": True})] * CALLS)
    assert outcomes(replies) == {201: CALLS}
    assert {reply["loyaltyProgram"]["loyaltyProgramKey"] for _, reply in replies} == {
        "roasters-circle",
        *(f"roasters-circle-{number}" for number in range(2, CALLS + 1)),
    }
    rows = listed(club, default="false", limit=25)
    assert len(rows) == CALLS + 1
    assert [row for row in rows if row["isDefault"]] == listed(club)
    assert listed(club)[0]["loyaltyProgramId"] != PROGRAM


def test_tiers_of_one_name_have_keys_of_their_own_and_each_program_one_default(club: Club) -> None:
    programs = [PROGRAM, new_program(club)["loyaltyProgramId"]]
    replies = send_all(
        [
            (club, "POST", f"/loyalty-programs/{programs[n % 2]}/tiers", {**NEW_TIER, "isDefault": True})
            for n in range(CALLS)
        ]
    )
    assert outcomes(replies) == {201: CALLS}
    assert {reply["tier"]["loyaltyTierKey"] for _, reply in replies} == {
        "mate",
        *(f"mate-{number}" for number in range(2, CALLS + 1)),
    }
    for program in programs:
        rows = club.get(f"/loyalty-programs/{program}/tiers?limit=25").json()["results"]
        default = club.get(f"/loyalty-programs/{program}").json()["loyaltyProgram"]["defaultTierId"]
        assert [row["loyaltyTierId"] for row in rows if row["isDefault"]] == [default]


def test_each_other_schema_is_a_version_and_the_same_one_only_once(club: Club) -> None:
    new_schema(club)
    texts = [f'{{"title": "{n // 2}"}}' for n in range(CALLS)]
    replies = send_all([(club, "PATCH", "/content-schemas/1", {"schema": text}) for text in texts])
    assert outcomes(replies) == {200: CALLS}
    versions = {reply["contentSchemaVersionId"]: reply["schema"] for _, reply in replies}
    assert {
        version: club.get(f"/content-schemas/1/versions/{version}").json()["schema"] for version in versions
    } == versions
    assert club.get("/content-schemas/1").json()["contentSchemaVersionId"] in versions
    assert count(club, ContentSchemaVersion) == len(versions) + 1
    replies = send_all([(club, "PATCH", "/content-schemas/1", {"schema": TEXT})] * CALLS)
    assert len({reply["contentSchemaVersionId"] for _, reply in replies}) == 1


def test_what_is_deleted_leaves_no_versions(club: Club) -> None:
    new_schema(club)
    calls: list[Call] = [
        (club, "PATCH", "/content-schemas/1", {"schema": f'{{"title": "{n}"}}'}) for n in range(CALLS - 2)
    ]
    replies = send_all([*calls, *[(club, "DELETE", "/content-schemas/1", None)] * 2])
    assert set(outcomes(replies)) <= {200, 404}
    assert sorted(status for status, _ in replies[-2:]) == [200, 404]
    assert (count(club, ContentSchema), count(club, ContentSchemaVersion)) == (0, 0)


@pytest.mark.parametrize("locked", [ORGANIZATION, select(Organization)], ids=["prepared", "plain"])
def test_a_lock_reads_again_what_the_unit_has_read_before(club: Club, locked: Any) -> None:
    """What another unit has committed since is there behind the lock, in the object that the unit has already."""
    if club.server.runtime.storage.inline:
        pytest.skip("a SQLite file has one writer at a time")
    statement = locked if locked is ORGANIZATION else locked.where(Organization.tenant_id == club.tenant.id)
    unit = club.unit()
    with unit.transaction() as session:
        row = session.scalars(select(Organization).where(Organization.tenant_id == club.tenant.id)).one()
        with club.unit().transaction() as other:
            other.execute(update(Organization).where(Organization.tenant_id == club.tenant.id).values(name="Renamed"))
        assert row.name != "Renamed"
        assert unit.lock(statement) is row
        assert row.name == "Renamed"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/locations", "location"),
        ("/order-locations", "orderLocation"),
        ("/categories", "category"),
        ("/product-categories", "productCategory"),
    ],
)
def test_a_code_goes_to_one_item_of_its_kind_and_organization(
    club: Club, other_club: Club, path: str, name: str
) -> None:
    replies = send_all(
        [
            (owner, "POST", path, {f"{name}Code": "pier", f"{name}Label": str(number)})
            for owner in (club, other_club)
            for number in range(CALLS // 2)
        ]
    )
    assert outcomes(replies) == {201: 2, 409: CALLS - 2}
    made = [reply[name] for status, reply in replies if status == 201]
    assert sorted(item["organizationId"] for item in made) == sorted([club.id, other_club.id])
    assert [owner.get(path).json()["results"] for owner in (club, other_club)] == [
        [item for item in made if item["organizationId"] == owner.id] for owner in (club, other_club)
    ]


def test_label_and_tags_that_change_at_once_are_both_kept(club: Club) -> None:
    club.made("/locations", locationCode="pier", locationLabel="Pier", tags=[])
    bodies = [{"locationLabel": "Old pier"}, {"tags": ["sea"]}] * (CALLS // 2)
    replies = send_all([(club, "PATCH", "/locations/pier", body) for body in bodies])
    assert outcomes(replies) == {200: CALLS}
    shown = club.get("/locations/pier").json()["location"]
    assert (shown["locationLabel"], shown["tags"]) == ("Old pier", ["sea"])
