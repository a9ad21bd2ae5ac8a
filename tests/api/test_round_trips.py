"""What GET answers can be sent back with PUT or PATCH: that succeeds, and changes nothing.

Each resource is made twice: with what its creation needs, so that every other member has its unset value, and with every member of
the contract's example.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from models.loyalty_core.audiences.tables import Audience
from tests.api.advocacy.conftest import make_business
from tests.api.leat.conftest import make_account
from tests.api.loyalty_core.conftest import LEDGER, PROGRAM, Club, make_club
from tests.api.saasquatch.conftest import make_tenant
from tests.support.client import Client
from troth.app import Server
from troth.spec import store
from troth.spec.operations import operations

Json = dict[str, Any]
HOUR_MS = 3_600_000
APIS = ("saasquatch", "advocacy", "leat", "loyalty_core")
WRITES = {
    f"{api}.{raw['operationId']}": (method, path)
    for api in APIS
    for path, method, raw in operations(store.load(api)[0])
    if method in ("put", "patch") and "requestBody" in raw
}
"""Every operation that changes a resource with PUT or PATCH."""

UNREAD = {
    "loyalty_core.setMemberTier": "says which tier a member is to have; the member's enrolment shows it",
    "loyalty_core.setLoyaltyMemberTier": "as setMemberTier",
    "loyalty_core.updateLedgerAccountSupply": "is a transaction of the account",
    "loyalty_core.updateCouponBookOfferingApproval": "is a decision, which the offering shows as its status",
    "loyalty_core.adminSetOrganizationUserPassword": "a password is never answered",
    "leat.claimAnonymousContact": "gives an anonymous contact its address",
}
"""Writes that have no read of the same resource."""


@dataclass(frozen=True)
class Resource:
    """A resource of a tenant that was made for a test: where it is read, what of the answer it is, and where it is written."""

    tenant: Any
    read_path: str
    write_path: str
    part: Callable[[Json], Json]

    def read(self) -> Json:
        answer = self.tenant.get(self.read_path)
        assert answer.status_code == 200, answer.text
        return self.part(answer.json())


def only_member(body: Json) -> Json:
    """The resource in an answer that wraps it, or the answer."""
    return next(iter(body.values())) if len(body) == 1 else body


def in_list(**wanted: Any) -> Callable[[Json], Json]:
    """The one of a list that has these members."""

    def find(body: Json) -> Json:
        rows = next(part for part in body.values() if isinstance(part, list))
        return next(row for row in rows if all(row[name] == value for name, value in wanted.items()))

    return find


@dataclass(frozen=True)
class Kind:
    """How a resource of Loyalty Core is made: posted to `collection`, which prepares what it refers to."""

    collection: str
    create: str
    """The operation whose example is the full body."""
    sparse: Json
    changes: Json | None = None
    """What the example says otherwise here."""
    prepare: Callable[[Club], Any] = lambda _club: None


def _references(club: Club) -> None:
    """What the examples of campaigns, missions, referral programs and coupon books refer to."""
    club.made("/locations", locationCode="pier-3", locationLabel="Pier 3")
    club.made(f"/loyalty-programs/{PROGRAM}/tiers", name="mate", active=True, minRequiredPoints=1000, tierOrder=2)
    for key in ("regulars", "flat-white-lovers"):
        club.made(
            "/audiences",
            organizationId=club.id,
            active=True,
            name=key,
            segmentKey=key,
            matcherType="list-matcher",
            matcher={"memberIds": []},
        )


def _account(club: Club) -> None:
    club.made(f"/ledgers/{LEDGER}/accounts", name="Tier points", active=True, isRevolving=True, syncAlgorand=False)
    club.made("/portals", name="Portal", active=True)


SCHEMA = '{"type": "object", "properties": {"headline": {"type": "string"}}}'
BOOK = {"name": "b", "type": "discount", "publishingStatus": "draft", "requiredPointsConfig": {}}
USER = {
    "active": True,
    "name": "Mara Quinn",
    "nickname": "Mara",
    "profilePictureUrl": "",
    "isSystemAdmin": False,
    "pendingProvisioning": False,
    "customAttributes": {},
    "isAdmin": False,
    "roles": ["members:read"],
    "userName": "mara",
    "email": "mara@example.org",
    "authClientId": "backoffice",
}
LOYALTY_CORE = {
    "updateCampaign": Kind("/campaigns", "createCampaign", {"name": "c", "code": "c"}, prepare=_references),
    "updateCampaignAction": Kind(
        "/campaigns/1/actions",
        "createCampaignAction",
        {"name": "a", "effects": {"items": []}, "status": "draft"},
        {"effects": {"items": [{"effectId": "mint-points", "parameters": {"amount": 5.0}}]}},
        prepare=lambda club: club.made("/campaigns", name="c", code="c"),
    ),
    "updateEventTrigger": Kind(
        "/event-triggers",
        "createEventTrigger",
        {"type": "WebHook", "name": "t", "settings": {"url": "https://hooks.example.org/", "events": ["*"]}},
        prepare=lambda club: club.made(
            "/loyalty-event-types", name="App review", apiCode="app-review", schemaType="custom"
        ),
    ),
    "updateMission": Kind(
        "/missions",
        "createMission",
        {
            "loyaltyProgramId": PROGRAM,
            "name": "m",
            "code": "m",
            "eventType": "member-purchase-order-confirmed",
            "maxRepetitions": 1,
            "goalCount": 1,
        },
    ),
    "updateReferralProgram": Kind(
        "/referral-programs",
        "createReferralProgram",
        {
            "name": "r",
            "active": False,
            "maxPerCode": 1,
            "maxReferralsPerMember": 1,
            "code": "R",
            "eventType": "member-purchase-order-confirmed",
        },
    ),
    "updateMember": Kind("/members", "createMember", {"loyaltyMemberId": "ana"}, {"referralCode": None}),
    "updateMatcher": Kind(
        "/matchers",
        "createMatcher",
        {"name": "m", "type": "item-matcher", "matcher": {"items": "any", "conditions": []}},
    ),
    "updateAudience": Kind(
        "/audiences",
        "createAudience",
        {"active": False, "name": "a", "matcherType": "attribute-matcher"},
        prepare=lambda club: club.know(tiers=["harbour-master"]),
    ),
    "updateLedger": Kind("/ledgers", "createLedger", {"name": "l"}),
    "updateLedgerAccount": Kind(
        f"/ledgers/{LEDGER}/accounts",
        "createLedgerAccount",
        {"name": "a", "active": True, "isRevolving": False, "syncAlgorand": False},
    ),
    "updateLoyaltyTier": Kind(
        f"/loyalty-programs/{PROGRAM}/tiers",
        "createLoyaltyTier",
        {"name": "t", "active": True, "minRequiredPoints": 10, "tierOrder": 3},
    ),
    "updateLoyaltyProgram": Kind(
        "/loyalty-programs",
        "createLoyaltyProgram",
        {"active": True, "name": "p", "ledgerId": LEDGER, "description": "", "setAsDefault": False},
        prepare=_account,
    ),
    "updateOrganizationUser": Kind("/users", "createOrganizationUser", USER),
    "updateOrganizationUserPermissions": Kind("/users", "createOrganizationUser", USER),
    "updatePortal": Kind("/portals", "createPortal", {"name": "p", "active": False}, {"loyaltyProgramId": PROGRAM}),
    "updateOrderLocation": Kind(
        "/order-locations", "createOrderLocation", {"orderLocationCode": "a", "orderLocationLabel": "A"}
    ),
    "updateProductCategory": Kind(
        "/product-categories", "createProductCategory", {"productCategoryCode": "a", "productCategoryLabel": "A"}
    ),
    "updateLocation": Kind("/locations", "createLocation", {"locationCode": "a", "locationLabel": "A"}),
    "updateCategory": Kind("/categories", "createCategory", {"categoryCode": "a", "categoryLabel": "A"}),
    "updateContentSchema": Kind(
        "/content-schemas", "createContentSchema", {"name": "s", "type": 1, "active": False, "schema": SCHEMA}
    ),
    "updateCouponBook": Kind("/coupon-books", "createCouponBook", BOOK, prepare=_references),
    "updateCoupon": Kind(
        "/coupon-books/1/coupons",
        "addCoupons",
        {"codes": ["A"]},
        prepare=lambda club: club.made("/coupon-books", **BOOK),
    ),
}
OTHERS = {
    "saasquatch.openUserUpsert",
    "advocacy.updateAdvocate",
    "advocacy.updateTestimonialStatus",
    "advocacy.updateIdeaStatus",
    "leat.updateContact",
    "leat.updateWebhookSubscription",
    "loyalty_core.upsertLoyaltyEventType",
    "loyalty_core.updateOrganization",
}
"""Resources that are made by a function of their own below."""


def test_every_put_and_patch_has_a_round_trip_or_no_read() -> None:
    covered = {f"loyalty_core.{name}" for name in LOYALTY_CORE} | OTHERS
    assert covered | UNREAD.keys() == set(WRITES)
    assert not covered & UNREAD.keys()


@pytest.mark.parametrize("size", ["sparse", "full"])
@pytest.mark.parametrize("name", sorted(LOYALTY_CORE))
def test_a_resource_of_loyalty_core_can_be_sent_back(server: Server, client: Client, name: str, size: str) -> None:
    club, kind = make_club(server, client), LOYALTY_CORE[name]
    address = made_at(club, kind, size)
    path = WRITES[f"loyalty_core.{name}"][1]
    further = "/permissions" if path.endswith("/permissions") else ""
    _send_back(Resource(club, address, address + further, only_member), f"loyalty_core.{name}")


def made_at(club: Club, kind: Kind, size: str) -> str:
    """Make a resource; the path below the organization that it can be read at."""
    kind.prepare(club)
    made = club.post(kind.collection, json=new_body(club, kind, size))
    assert made.status_code in (200, 201), made.text
    listed = club.get(kind.collection).json()
    last = max(listed["results"], key=lambda row: row["createdAt"]) if "results" in listed else only_member(made.json())
    return f"{kind.collection}/{last[next(iter(last))]}"


def new_body(club: Club, kind: Kind, size: str) -> Json:
    named = {"organizationId": club.id} if kind.collection in ("/audiences", "/matchers") else {}
    if size == "sparse":
        return {**kind.sparse, **named}
    content = next(
        raw["requestBody"]["content"]["application/json"]
        for _, _, raw in operations(store.load("loyalty_core")[0])
        if raw["operationId"] == kind.create
    )
    example = content["example"] if "example" in content else next(iter(content["examples"].values()))["value"]
    body = {**example, **named, **(kind.changes or {})}
    return {name: value for name, value in body.items() if value is not None}


def test_the_organization_can_be_sent_back(server: Server, client: Client) -> None:
    _send_back(Resource(make_club(server, client), "", "", only_member), "loyalty_core.updateOrganization")


@pytest.mark.parametrize("more", [{}, {"description": "d", "active": False, "customAttributes": {"a": None}}])
def test_an_event_type_can_be_sent_back(server: Server, client: Client, more: Json) -> None:
    club = make_club(server, client)
    club.made("/loyalty-event-types", name="n", apiCode="own", schemaType="custom", **more)
    part = in_list(apiCode="own")
    resource = Resource(club, "/loyalty-event-types?limit=25&order=createdAt,desc", "/loyalty-event-types", part)
    _send_back(resource, "loyalty_core.upsertLoyaltyEventType")


USERS: list[Json] = [
    {},
    {
        "firstName": "Ana",
        "lastName": "Stone",
        "email": "ana@example.org",
        "locale": "en_US",
        "countryCode": "US",
        "imageUrl": "https://img.example.org/a.png",
        "paymentProviderId": "p1",
        "dateUsTaxFormSubmitted": 1_700_000_000_000,
        "segments": ["vip"],
        "customFields": {"n": 5.0, "text": "a", "yes": True},
        "referable": False,
    },
]


@pytest.mark.parametrize("members", USERS, ids=["sparse", "full"])
@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize(
    "fields", [(), ("emailHash", "lastInitial", "paymentProviderId", "referralSource", "dateBlocked")]
)
def test_a_user_can_be_sent_back(
    server: Server, client: Client, members: Json, method: str, fields: tuple[str, ...]
) -> None:
    tenant = make_tenant(server, client)
    tenant.user("ana", **members)
    path = tenant.user_path("ana")
    read = f"{path}?extraFields={','.join(fields)}" if fields else path
    _send_back(Resource(tenant, read, path, lambda body: body), "saasquatch.openUserUpsert", method=method)


def test_a_referred_user_can_be_sent_back(server: Server, client: Client) -> None:
    tenant = make_tenant(server, client)
    code = tenant.user("ana")["referralCode"]
    tenant.user("ben", referredBy={"code": code})
    path = tenant.user_path("ben")
    assert tenant.get(path).json()["referredByCodes"]
    _send_back(Resource(tenant, path, path, lambda body: body), "saasquatch.openUserUpsert")


@pytest.mark.parametrize("members", [{}, {"name": "Ana", "metadata": {"a": 1, "b": None, "c": "x"}}])
def test_an_advocate_can_be_sent_back(server: Server, client: Client, members: Json) -> None:
    business = make_business(server, client)
    path = f"/advocates/{business.advocate(points=50, **members)['id']}"
    _send_back(Resource(business, path, path, only_member), "advocacy.updateAdvocate")


def test_a_subscription_can_be_sent_back(server: Server, client: Client) -> None:
    account = make_account(server, client)
    body = {"name": "n", "event_type": "contact_created", "url": "https://hooks.example.org/"}
    made = account.post("/webhook-subscriptions", json=body)
    assert made.status_code == 200, made.text
    path = f"/webhook-subscriptions/{made.json()['data']['uuid']}"
    _send_back(Resource(account, path, path, lambda body: body["data"]), "leat.updateWebhookSubscription")


@pytest.mark.parametrize(
    "attributes", [{}, {"firstname": "Ana", "lastname": "Stone", "cups": 3, "vegan": True, "rate": 1.5}]
)
def test_a_contact_can_be_sent_back(server: Server, client: Client, attributes: Json) -> None:
    account = make_account(server, client)
    path = f"/contacts/{account.create('ana@example.org')}"
    assert account.put(path, json={"attributes": attributes}).status_code == 200
    _send_back(Resource(account, path, path, lambda body: body["data"]), "leat.updateContact")


def _send_back(resource: Resource, operation: str, *, method: str | None = None) -> None:
    """Send back what the read answers, a while later: a success, the same answer of the read, and no event."""
    tenant = resource.tenant
    tenant.advance(HOUR_MS)
    before, events = resource.read(), len(tenant.events())
    sent = tenant.call(method or WRITES[operation][0].upper(), resource.write_path, json=before)
    assert sent.status_code in (200, 201, 204), f"{operation}: {sent.text}\n{before}"
    tenant.advance(HOUR_MS)
    assert resource.read() == before
    assert tenant.events()[events:] == []


def test_a_mission_whose_audience_is_gone_can_be_sent_back(server: Server, client: Client) -> None:
    club = make_club(server, client)
    audience = club.made(
        "/audiences",
        organizationId=club.id,
        active=True,
        name="a",
        matcherType="list-matcher",
        matcher={"memberIds": []},
    )["audienceId"]
    mission = club.made("/missions", **{**LOYALTY_CORE["updateMission"].sparse, "audienceId": audience})
    with club.unit().transaction() as session:  # no call deletes one
        session.delete(session.get_one(Audience, (club.tenant.id, audience)))
    club.server.runtime.directory.forget()
    path = f"/missions/{mission['missionId']}"
    _send_back(Resource(club, path, path, only_member), "loyalty_core.updateMission")
    renamed = club.put(path, json={**mission, "name": "other"})
    assert (renamed.status_code, renamed.json()["mission"]["name"]) == (200, "other")
    other = club.made("/missions", **{**LOYALTY_CORE["updateMission"].sparse, "code": "n", "name": "n"})
    refused = club.put(f"/missions/{other['missionId']}", json={**other, "audienceId": audience})
    assert refused.status_code == 404
