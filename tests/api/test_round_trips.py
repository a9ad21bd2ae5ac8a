"""What GET answers can be sent back with PUT or PATCH: that succeeds, and changes nothing.

Each resource is made twice: with what its creation needs, so that every other member has its unset value, and with
every member of the contract's example.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import update

from models.kernel.times import iso
from models.loyalty_core.audiences.tables import Audience
from models.saasquatch.tables import Code
from tests.api.advocacy.conftest import make_business
from tests.api.advocacy.test_content import add
from tests.api.leat.conftest import make_account
from tests.api.loyalty_core.conftest import ACCOUNT, LEDGER, PROGRAM, Club, make_club
from tests.api.saasquatch.conftest import make_tenant
from tests.contract.documented import Contract
from tests.support.client import Client
from tests.support.refusals import assert_refused
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
    """A resource of a tenant that was made for a test: where it is read, what of the answer it is, and where it is
    written.
    """

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


STATE_MEMBERS = ("active", "isDefault", "isDefaultAccount", "matcherType", "publishingStatus", "setAsDefault", "status")
"""Members of bodies that say which state a resource is in."""
UNREACHED = {
    ("updateLedgerAccount", "isDefaultAccount", False): "a ledger with accounts has a default account",
    ("updateAudience", "matcherType", None): "null says nothing",
    ("updateCouponBook", "publishingStatus", None): "null says nothing",
}
"""States that no write of the resource leads to, and why."""


def _states() -> list[tuple[str, str, Any]]:
    """Each state that a write of a resource of Loyalty Core can bring it to: operation, member, value."""
    contract = Contract("loyalty_core")
    return [
        (name, member, value)
        for name in sorted(LOYALTY_CORE)
        for member, facts in contract.body(name)[0].items()
        if member in STATE_MEMBERS
        for value in facts.get("enum") or (True, False)
        if (name, member, value) not in UNREACHED
    ]


@pytest.mark.parametrize(("name", "member", "value"), _states())
def test_a_resource_can_be_sent_back_in_each_state_that_a_write_brings_it_to(
    server: Server, client: Client, name: str, member: str, value: Any
) -> None:
    club = make_club(server, client)
    address = made_at(club, LOYALTY_CORE[name], "sparse")
    changed(club, name, address, **{member: value})
    _send_back(Resource(club, address, address, only_member), f"loyalty_core.{name}")


def changed(club: Club, name: str, address: str, **members: Any) -> None:
    """Change a resource by the write that sends it back."""
    before = only_member(club.get(address).json())
    answer = club.call(WRITES[f"loyalty_core.{name}"][0].upper(), address, json={**before, **members})
    assert answer.status_code == 200, answer.text


EARLIER, LATER = "2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"
DAY_MS = 24 * HOUR_MS


def _ended(name: str, begins: str, ends: str) -> Callable[[Club, str], None]:
    def reach(club: Club, address: str) -> None:
        changed(club, name, address, **{begins: EARLIER, ends: iso(club.now_ms + HOUR_MS)})
        club.advance(DAY_MS)

    return reach


def _not_begun(name: str, begins: str, ends: str) -> Callable[[Club, str], None]:
    return lambda club, address: changed(club, name, address, **{begins: LATER, ends: None})


def _program_rests(name: str) -> Callable[[Club, str], None]:
    def reach(club: Club, address: str) -> None:
        changed(club, name, address, loyaltyProgramId=PROGRAM)
        changed(club, "updateLoyaltyProgram", f"/loyalty-programs/{PROGRAM}", active=False)

    return reach


def _campaign_rests(club: Club, _address: str) -> None:
    changed(club, "updateCampaign", "/campaigns/1", active=False)


def _account_rests(name: str) -> Callable[[Club, str], None]:
    def reach(club: Club, address: str) -> None:
        changed(club, name, address, ledgerId=LEDGER, ledgerAccountId=ACCOUNT)
        changed(club, "updateLedgerAccount", f"/ledgers/{LEDGER}/accounts/{ACCOUNT}", active=False)

    return reach


def _audience_rests(club: Club, address: str) -> None:
    club.made("/audiences", organizationId=club.id, active=True, name="a", matcherType="null-matcher")
    changed(club, "updateMission", address, audienceId=1)
    changed(club, "updateAudience", "/audiences/1", active=False)


def _schema_rests(club: Club, address: str) -> None:
    club.made("/content-schemas", name="s", type=1, active=True, schema=SCHEMA)
    changed(club, "updateCouponBook", address, contentSchemaId=1, content={"headline": "h"})
    changed(
        club, "updateContentSchema", "/content-schemas/1", active=False, schema='{"type": "object", "maxProperties": 0}'
    )


def _archived(*steps: Callable[[Club, str], None]) -> Callable[[Club, str], None]:
    def reach(club: Club, address: str) -> None:
        for step in steps:
            step(club, address)
        changed(club, "updateCouponBook", "/coupon-books/1", publishingStatus="archived")

    return reach


def _with_content(club: Club, address: str) -> None:
    changed(club, "updateCouponBook", address, content={"a": 1}, extraFields={"b": 2}, tags=["x"], audienceKeys=[])


def _book(status: str) -> Callable[[Club, str], None]:
    return lambda club, _address: changed(club, "updateCouponBook", "/coupon-books/1", publishingStatus=status)


def _given(*, is_used: bool) -> Callable[[Club, str], None]:
    def reach(club: Club, address: str) -> None:
        member = club.member()["memberId"]
        _book("published")(club, address)
        club.made(f"{address}/assign", memberId=member)
        if is_used:
            club.made(f"{address}/use", memberId=member)

    return reach


FURTHER: dict[str, tuple[str, Callable[[Club, str], None]]] = {
    "a campaign that has ended": ("updateCampaign", _ended("updateCampaign", "validFrom", "validTo")),
    "a campaign that has not begun": ("updateCampaign", _not_begun("updateCampaign", "validFrom", "validTo")),
    "a campaign of a program at rest": ("updateCampaign", _program_rests("updateCampaign")),
    "an action of a campaign at rest": ("updateCampaignAction", _campaign_rests),
    "a mission that has ended": ("updateMission", _ended("updateMission", "validFrom", "validTo")),
    "a mission that has not begun": ("updateMission", _not_begun("updateMission", "validFrom", "validTo")),
    "a mission of a program at rest": ("updateMission", _program_rests("updateMission")),
    "a mission of an account at rest": ("updateMission", _account_rests("updateMission")),
    "a mission of an audience at rest": ("updateMission", _audience_rests),
    "referrals that have ended": (
        "updateReferralProgram",
        _ended("updateReferralProgram", "validFromDate", "validToDate"),
    ),
    "referrals that have not begun": (
        "updateReferralProgram",
        _not_begun("updateReferralProgram", "validFromDate", "validToDate"),
    ),
    "referrals of a program at rest": ("updateReferralProgram", _program_rests("updateReferralProgram")),
    "a book that is over": ("updateCouponBook", _ended("updateCouponBook", "validFromDate", "validToDate")),
    "a book of a program at rest": ("updateCouponBook", _program_rests("updateCouponBook")),
    "a book of a schema at rest": ("updateCouponBook", _schema_rests),
    "an archived book of a schema at rest": ("updateCouponBook", _archived(_schema_rests)),
    "an archived book with content": ("updateCouponBook", _archived(_with_content)),
    "a coupon of a published book": ("updateCoupon", _book("published")),
    "a coupon of a disabled book": ("updateCoupon", _book("disabled")),
    "a coupon of an archived book": ("updateCoupon", _archived()),
    "a coupon that was given": ("updateCoupon", _given(is_used=False)),
    "a coupon that was used": ("updateCoupon", _given(is_used=True)),
    "a used coupon of an archived book": ("updateCoupon", _archived(_given(is_used=True))),
    "a tier of a program at rest": (
        "updateLoyaltyTier",
        lambda club, _address: changed(club, "updateLoyaltyProgram", f"/loyalty-programs/{PROGRAM}", active=False),
    ),
    "a portal of a program at rest": ("updatePortal", _program_rests("updatePortal")),
}
"""States that other writes, or the time, bring a resource to."""


@pytest.mark.parametrize("state", FURTHER)
def test_a_resource_can_be_sent_back_in_each_state_that_others_bring_it_to(
    server: Server, client: Client, state: str
) -> None:
    name, reach = FURTHER[state]
    club = make_club(server, client)
    address = made_at(club, LOYALTY_CORE[name], "sparse")
    reach(club, address)
    _send_back(Resource(club, address, address, only_member), f"loyalty_core.{name}")


def test_an_archived_book_and_its_coupons_are_refused_what_would_change_them(server: Server, client: Client) -> None:
    club = make_club(server, client)
    address = made_at(club, LOYALTY_CORE["updateCoupon"], "sparse")
    _archived(_with_content)(club, "/coupon-books/1")
    book = club.get("/coupon-books/1").json()["couponBook"]
    for members in (
        {"name": "other"},
        {"content": {}},
        {"tags": []},
        {"publishingStatus": "draft"},
        {"tiers": ["gone"]},
    ):
        assert_refused(club.put("/coupon-books/1", json={**book, **members}), 409, "COUPON_BOOK_ARCHIVED")
    assert_refused(club.put(address, json={"code": "other"}), 409, "COUPON_BOOK_ARCHIVED")
    assert club.get("/coupon-books/1").json()["couponBook"] == book


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


def test_a_user_who_is_blocked_can_be_sent_back(server: Server, client: Client) -> None:
    tenant = make_tenant(server, client)
    tenant.user("ana")
    blocked = tenant.post("/account/ana/user/ana/block", json={})
    assert blocked.status_code == 200, blocked.text
    path = tenant.user_path("ana")
    _send_back(Resource(tenant, path, path, lambda body: body), "saasquatch.openUserUpsert")


def test_a_user_who_cannot_be_referred_any_more_can_be_sent_back(server: Server, client: Client) -> None:
    tenant = make_tenant(server, client)
    code = tenant.user("ana")["referralCode"]
    tenant.user("ben", referredBy={"code": code})
    tenant.user("ben", referable=False)
    path = tenant.user_path("ben")
    _send_back(Resource(tenant, path, path, lambda body: body), "saasquatch.openUserUpsert")


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


@pytest.mark.parametrize("status", ["pending", "approved", "rejected"])
def test_a_testimonial_can_be_sent_back(server: Server, client: Client, status: str) -> None:
    business = make_business(server, client)
    add(business, testimonials=[{"author_name": "Ana", "content": "c", "rating": 5}])
    [there] = business.get("/testimonials").json()["testimonials"]
    path = f"/testimonials/{there['id']}"
    if status != there["status"]:
        assert business.patch(path, json={"status": status}).status_code == 200
        assert_refused(business.patch(path, json={"status": "pending"}), 409, "CONFLICT")
    read = Resource(business, "/testimonials", path, lambda body: body["testimonials"][0])
    _send_back(read, "advocacy.updateTestimonialStatus")


IDEA = Contract("advocacy").body("updateIdeaStatus")[0]["status"]["enum"]


@pytest.mark.parametrize("status", IDEA)
def test_an_idea_can_be_sent_back(server: Server, client: Client, status: str) -> None:
    business = make_business(server, client)
    add(business, boards=[{"name": "Wishes", "ideas": [{"title": "Dark"}]}])
    [board] = business.get("/feedback/boards").json()["boards"]
    ideas = f"/feedback/boards/{board['id']}/ideas"
    path = f"/feedback/ideas/{business.get(ideas).json()['ideas'][0]['id']}"
    assert business.patch(path, json={"status": status}).status_code == 200
    _send_back(Resource(business, ideas, path, lambda body: body["ideas"][0]), "advocacy.updateIdeaStatus")


def test_a_code_that_is_longer_than_one_may_choose_now_can_be_sent_back(server: Server, client: Client) -> None:
    tenant = make_tenant(server, client)
    code = tenant.user("ana")["referralCode"]
    older = f"{code}{'0' * (16 - len(code))}"
    unit = tenant.unit()
    with unit.transaction() as session:
        session.execute(update(Code).where(Code.tenant_id == tenant.tenant.id).values(code=older, folded=older))
    tenant.server.runtime.directory.forget()
    path = tenant.user_path("ana")
    read = tenant.get(path).json()
    assert list(read["referralCodes"].values()) == [older]
    _send_back(Resource(tenant, path, path, lambda body: body), "saasquatch.openUserUpsert")
    for wrong in (older[:-1] + "1", older + "1"):
        program = next(iter(read["referralCodes"]))
        answer = tenant.put(path, json={**read, "referralCodes": {program: wrong}})
        assert (answer.status_code, answer.json()["rsCode"]) == (400, "RS034")
        assert answer.json()["validationErrors"] == [f"/referralCodes/{program}: must be 1 to 15 letters or digits"]


@pytest.mark.parametrize("status", ["ACTIVE", "INACTIVE"])
def test_a_subscription_can_be_sent_back(server: Server, client: Client, status: str) -> None:
    account = make_account(server, client)
    body = {"name": "n", "event_type": "contact_created", "url": "https://hooks.example.org/"}
    made = account.post("/webhook-subscriptions", json=body)
    assert made.status_code == 200, made.text
    path = f"/webhook-subscriptions/{made.json()['data']['uuid']}"
    assert account.put(path, json={**body, "status": status}).status_code == 200
    _send_back(Resource(account, path, path, lambda body: body["data"]), "leat.updateWebhookSubscription")


@pytest.mark.parametrize(
    "attributes", [{}, {"firstname": "Ana", "lastname": "Stone", "cups": 3, "vegan": True, "rate": 1.5}]
)
def test_a_contact_can_be_sent_back(server: Server, client: Client, attributes: Json) -> None:
    account = make_account(server, client)
    path = f"/contacts/{account.create('ana@example.org')}"
    assert account.put(path, json={"attributes": attributes}).status_code == 200
    _send_back(Resource(account, path, path, lambda body: body["data"]), "leat.updateContact")


@pytest.mark.parametrize("is_claimed", [False, True])
def test_a_contact_without_an_address_can_be_sent_back(server: Server, client: Client, *, is_claimed: bool) -> None:
    account = make_account(server, client)
    made = account.post("/contacts/anonymous", json={"contact_identifier_value": "card-1"})
    path = f"/contacts/{made.json()['data']['uuid']}"
    if is_claimed:
        assert account.put(f"{path}/claim", json={"email": "ana@example.org"}).status_code == 200
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
    assert_refused(refused, 404, "AUDIENCE_NOT_FOUND")
