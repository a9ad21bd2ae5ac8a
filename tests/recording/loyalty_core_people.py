"""Loyalty Core: the organization, its users and portals, its codes and content schemas, members, programs and tiers."""

from typing import Any

from tests.recording.callers import READER, ROASTERY, bearer, caller
from tests.recording.control import advance
from tests.recording.recorder import Caller, Recorder

ANA = {"memberId": 42}
ANA_OWN = {"loyaltyMemberId": "HC-000042"}
CLUB, CIRCLE = {"loyaltyProgramId": 1}, {"loyaltyProgramId": 2}
MARA = "7b0f4f7e-3c1d-4f5a-9e2b-6a1c8d0e4f11"
CODED = {
    "OrderLocation": ("webshop", "van"),
    "ProductCategory": ("coffee-beans", "tea"),
    "Location": ("pier-3", "pier-4"),
    "Category": ("tastings", "concerts"),
}
"""Kinds of codes: a code of the demo and a new one."""
PLURALS = {
    "OrderLocation": "OrderLocations",
    "ProductCategory": "ProductCategories",
    "Location": "Locations",
    "Category": "Categories",
}


def play(recorder: Recorder) -> None:
    call = caller(recorder, "loyalty_core")
    _organization(call)
    _users(call)
    _portals(call)
    for kind, codes in CODED.items():
        _codes(call, kind, *codes)
    _content_schemas(call)
    _members(call)
    _programs_and_tiers(call)
    _roles(call)
    advance(recorder, by="PT1H")


def _organization(call: Caller) -> None:
    call("getOrganization")
    call("updateOrganization")
    call.refused(404, "updateOrganization", body=call.example("updateOrganization", defaultLoyaltyProgramId=99))


def _users(call: Caller) -> None:
    call("listOrganizationUsers")
    call("listOrganizationUsers", query={"search": "quinn", "active": "true", "order": "name,desc"})
    call("getOrganizationUser", userId=MARA)
    call.refused(
        409,
        "createOrganizationUser",
        body=call.example("createOrganizationUser", userName="theo.marsh", email="mara@example.org"),
    )
    made = call(
        "createOrganizationUser", body=call.example("createOrganizationUser", userName="nora", email="nora@example.org")
    )
    nora = {"userId": made["user"]["userId"]}
    call("updateOrganizationUser", **nora)
    call("updateOrganizationUserPermissions", **nora)
    call("adminSetOrganizationUserPassword", **nora)
    call.refused(400, "adminSetOrganizationUserPassword", **nora, body={"permanent": True, "password": "a"})
    call("getOrganizationUser", **nora)
    call("deleteOrganizationUser", **nora)
    call.refused(404, "getOrganizationUser", **nora)


def _portals(call: Caller) -> None:
    call("listPortals")
    call("getPortal", portalId=1)
    call("getPortalByPublicId", publicId="harbour-club")
    made = call("createPortal")["portal"]
    call("updatePortal", portalId=1)
    call.refused(
        409, "updatePortal", portalId=made["portalId"], body=call.example("updatePortal", publicId="harbour-club")
    )


def _codes(call: Caller, kind: str, known: str, new: str) -> None:
    """List, create, read and change the codes of a kind."""
    field = kind[0].lower() + kind[1:]
    call(f"list{PLURALS[kind]}")
    call(f"list{PLURALS[kind]}", query={f"{field}Codes": known, "order": f"{field}Code,desc"})
    call(f"get{kind}", **{f"{field}Code": known})
    call.refused(409, f"create{kind}", body={f"{field}Code": known, f"{field}Label": "Again"})
    call(f"create{kind}", body={f"{field}Code": new, f"{field}Label": "New", "tags": ["b", "a"]})
    call(f"update{kind}", **{f"{field}Code": known})


def _content_schemas(call: Caller) -> None:
    call("listContentSchemas")
    call("listContentSchemas", query={"includeLastSchema": "true"})
    call("getContentSchema", id=1)
    call("getContentSchemaVersion", id=1, versionId=1)
    made = call("createContentSchema")
    call("updateContentSchema", id=made["contentSchemaId"])
    call.refused(400, "updateContentSchema", id=made["contentSchemaId"], body={"schema": "{"})
    call("deleteContentSchema", id=made["contentSchemaId"])
    call.refused(409, "deleteContentSchema", id=1)


def _members(call: Caller) -> None:
    for query in (
        {"limit": 25},
        {"limit": 25, "page": 19, "order": "id,desc"},
        {"email": "ana@example.org"},
        {"walletId": 142},
    ):
        call("listMembers", query=query)
    call("getMember", **ANA)
    call("getLoyaltyMember", **ANA_OWN)
    call("getMembersBatch")
    for query in (
        {"query": "an"},
        {"loyaltyTierKey": "mate", "limit": 5},
        {"order": "since,desc", "memberType": "customer"},
    ):
        call("searchMembers", query=query)
    call.refused(409, "createMember")
    for n in range(3):
        call(
            "createMember",
            body={
                "loyaltyMemberId": f"new-{n}",
                "profile": {"name": f"Zoë {n}", "email": f"zoe{n}@example.org", "age": 16 + n},
            },
        )
    call("createMember", body={"loyaltyMemberId": "by-code", "memberType": "customer", "referralCode": "ANA-STONE"})
    call.refused(400, "createMember", body={"loyaltyMemberId": "by-no-code", "referralCode": "NOBODY"})
    call("updateMember", **ANA)
    call("updateMember", **ANA, body={"customAttributes": {"favourite": "filter"}})
    call("updateMember", memberId=503, body={"active": False})


def _programs_and_tiers(call: Caller) -> None:
    call("listLoyaltyPrograms")
    call("listLoyaltyPrograms", query={"default": "false", "order": "name,desc"})
    call("getLoyaltyProgram", **CLUB)
    made = call("createLoyaltyProgram")["loyaltyProgram"]
    call("updateLoyaltyProgram", **CLUB)
    call(
        "updateLoyaltyProgram",
        loyaltyProgramId=made["loyaltyProgramId"],
        body=call.example("updateLoyaltyProgram", setAsDefault=False, active=False),
    )
    call.refused(404, "createLoyaltyProgram", body=call.example("createLoyaltyProgram", ledgerId=99))
    call("listLoyaltyTiers", **CLUB, query={"order": "tierOrder,desc"})
    call("getLoyaltyTier", **CLUB, loyaltyTierId=2)
    tier = call(
        "createLoyaltyTier",
        **CLUB,
        body=call.example("createLoyaltyTier", name="Admiral", minRequiredPoints=90_000, tierOrder=9),
    )["tier"]
    call(
        "updateLoyaltyTier",
        **CLUB,
        loyaltyTierId=tier["loyaltyTierId"],
        body=call.example("updateLoyaltyTier", name="Admiral", minRequiredPoints=80_000, tierOrder=9),
    )
    call.refused(404, "getLoyaltyTier", **CIRCLE, loyaltyTierId=2)
    call("setMemberTier", **ANA, **CLUB)
    call("setMemberTier", memberId=501, **CLUB, body={"loyaltyTierId": 4, "expiresAt": "2026-02-01T00:00:00Z"})
    call("setMemberTier", memberId=501, **CIRCLE, body=call.example("setMemberTier", "unassign"))
    call("setLoyaltyMemberTier", **ANA_OWN)
    call("setLoyaltyMemberTier", loyaltyMemberId="new-2", body={"loyaltyTierId": 3, "loyaltyProgramId": 1})
    call.refused(404, "setLoyaltyMemberTier", **ANA_OWN, body={"loyaltyTierId": 5, "loyaltyProgramId": 1})
    call("listMemberTierHistory", **ANA, **CLUB)
    call("listMemberTierHistory", memberId=501, **CLUB, query={"order": "id,desc"})
    call("removeMemberFromLoyaltyProgram", memberId=503, **CLUB)


def _roles(call: Caller) -> None:
    """Another organization's token, and one that may read members only."""
    roastery = call.as_other(headers=bearer(ROASTERY))
    roastery.refused(403, "getOrganization")
    roastery.as_other({"organizationId": 2}, headers=bearer(ROASTERY))("getOrganization")
    reader = call.as_other(headers=bearer(READER))
    reader("getMember", **ANA)
    writes: dict[str, dict[str, Any]] = {
        "updateMember": ANA,
        "createLedger": {},
        "createCampaign": {},
        "updateOrganization": {},
    }
    for operation_id, path in writes.items():
        reader.refused(403, operation_id, **path)
