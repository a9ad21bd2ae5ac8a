"""The organization itself."""

from typing import Any

import pytest

from models.loyalty_core.organization.tables import Program
from tests.api.loyalty_core.conftest import LEDGER, PROGRAM, Club, refusal


def changes(**members: Any) -> dict[str, Any]:
    return {
        "name": "Harbour Coffee",
        "description": "On the pier.",
        "pictureUrl": "https://img.example.org/logo.png",
        "defaultLoyaltyProgramId": PROGRAM,
        "defaultLocale": "en",
        **members,
    }


def organization(club: Club) -> dict[str, Any]:
    found: dict[str, Any] = club.get("").json()["organization"]
    return found


def test_it_is_there_from_the_start(club: Club) -> None:
    answer = club.get("")
    assert (answer.status_code, list(answer.json())) == (200, ["organization"])
    found = organization(club)
    assert found.pop("createdAt") == found.pop("updatedAt")
    assert found == {
        "organizationId": club.id,
        "name": club.tenant.name,
        "description": "",
        "pictureUrl": "",
        "defaultLoyaltyProgramId": PROGRAM,
        "defaultLocale": "en",
        "locales": ["en"],
        "customAttributes": {},
    }


def test_a_change_shows_and_leaves_what_it_does_not_name(club: Club, other_club: Club) -> None:
    before, others = organization(club), organization(other_club)
    whole = changes(defaultLocale="es", locales=["en", "es"], customAttributes={"region": {"name": "süd"}})
    answer = club.put("", json={**whole, "organizationId": 99, "createdAt": "2020-01-01T00:00:00Z"})
    assert answer.status_code == 200
    changed = answer.json()["organization"]
    assert changed == {**before, **whole, "updatedAt": changed["updatedAt"]}
    assert changed["updatedAt"] > before["updatedAt"]
    assert organization(club) == changed
    again = club.put("", json=changes(defaultLocale="es", description="")).json()["organization"]
    assert again == {**changed, "description": "", "updatedAt": again["updatedAt"]}
    assert club.put("", json=changes(customAttributes={})).json()["organization"]["customAttributes"] == {}
    assert organization(other_club) == others


def test_another_program_becomes_the_default(club: Club) -> None:
    unit = club.unit()
    with unit.transaction() as session:
        session.add(
            Program(
                tenant_id=club.tenant.id,
                id=7,
                program_key="pier",
                name="Pier",
                description="",
                active=True,
                ledger_id=LEDGER,
                created_ms=1,
                updated_ms=1,
            )
        )
    assert club.put("", json=changes(defaultLoyaltyProgramId=7)).status_code == 200
    assert organization(club)["defaultLoyaltyProgramId"] == 7


@pytest.mark.parametrize(
    "members",
    [
        {"name": "x"},
        {"name": "😀" * 255},
        {"description": "é" * 4096},
        {"pictureUrl": ""},
        {"pictureUrl": "x" * 2048},
        {"locales": ["en"] * 100},
        {"locales": ["en", "x" * 35], "defaultLocale": "x" * 35},
    ],
)
def test_what_is_within_the_limits_is_kept(club: Club, members: dict[str, Any]) -> None:
    assert club.put("", json=changes(**members)).status_code == 200
    assert members.items() <= organization(club).items()


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"name": None}, "name"),
        ({"name": 5}, "name"),
        ({"description": "x" * 4097}, "description"),
        ({"pictureUrl": "x" * 2049}, "pictureUrl"),
        ({"pictureUrl": None}, "pictureUrl"),
        ({"defaultLoyaltyProgramId": "1"}, "defaultLoyaltyProgramId"),
        ({"defaultLoyaltyProgramId": 2**63}, "defaultLoyaltyProgramId"),
        ({"defaultLocale": ""}, "defaultLocale"),
        ({"defaultLocale": "x" * 36}, "defaultLocale"),
        ({"locales": [""]}, "locales"),
        ({"locales": ["x" * 36]}, "locales"),
        ({"locales": ["en"] * 101}, "locales"),
        ({"customAttributes": []}, "customAttributes"),
        ({"defaultLocale": "es"}, "defaultLocale must be one of the locales (en), not es."),
        ({"locales": ["es"]}, "defaultLocale must be one of the locales (es), not en."),
        ({"locales": []}, "defaultLocale must be one of the locales (none), not en."),
        ({"defaultLocale": "EN"}, "defaultLocale must be one of the locales (en), not EN."),
    ],
)
def test_a_bad_change_is_refused_and_changes_nothing(club: Club, members: dict[str, Any], expected: str) -> None:
    before = organization(club)
    status, message = refusal(club.put("", json=changes(**members)))
    assert status == 400
    assert expected in message
    assert organization(club) == before


@pytest.mark.parametrize("name", ["name", "description", "pictureUrl", "defaultLoyaltyProgramId", "defaultLocale"])
def test_what_is_required_has_to_be_there(club: Club, name: str) -> None:
    body = changes()
    del body[name]
    status, message = refusal(club.put("", json=body))
    assert status == 400
    assert name in message


@pytest.mark.parametrize("number", [2, 0, -1, 2**63 - 1])
def test_the_default_program_is_one_of_its_own(club: Club, other_club: Club, number: int) -> None:
    before = organization(club)
    assert refusal(club.put("", json=changes(defaultLoyaltyProgramId=number))) == (
        404,
        f"/defaultLoyaltyProgramId: There is no loyalty program {number}.",
    )
    assert organization(club) == before


def test_every_token_may_read_it_and_administrators_change_it(club: Club, other_club: Club) -> None:
    clerk = club.further_token("tiers:read", "tiers:write", "users:write")
    assert club.get("", token=clerk).status_code == 200
    assert refusal(club.put("", token=clerk, json=changes()))[0] == 403
    assert refusal(club.get("", token=other_club.token))[0] == 403
    assert refusal(club.put("", token=other_club.token, json=changes()))[0] == 403
    assert refusal(club.get("", token=None))[0] == 401
    for other in ("0", "x", f"0{club.id}", f"{club.id}x", "%20"):
        answer = club.client.request(
            "GET", f"/loyalty-core/api/v1/organizations/{other}", headers={"Authorization": f"Bearer {club.token}"}
        )
        assert refusal(answer)[0] == 403
