"""What a refusal by a rule says first: the member of the body that is at fault, as a JSON pointer (RFC 6901)."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.api.saasquatch.conftest import SaasquatchTenant, make_tenant
from tests.support.client import Client
from troth.app import Server

IDS = {"id": "u", "accountId": "a"}
EVENTS = {"userId": "u", "accountId": "a"}
CREDIT = {"type": "CREDIT", "unit": "CENTS", "assignedCredit": 100}
USER = "/account/a/user/u"
SETTINGS = {"primaryLinkDomain": "ref.example.org", "allowReferralCodeEditOnUserUpsert": True}


@dataclass(frozen=True)
class Refused:
    """A call, and what its refusal has to begin with; `status` and `code` are the vendor's."""

    name: str
    path: str
    body: dict[str, Any]
    starts: str
    code: str = "BAD_REQUEST"
    status: int = 400
    method: str = field(default="POST")


def _user(name: str, starts: str, code: str = "BAD_REQUEST", status: int = 400, **members: Any) -> Refused:
    return Refused(name, f"/open{USER}", {**IDS, **members}, starts, code, status, "PUT")


def _events(name: str, starts: str, *fields: dict[str, Any]) -> Refused:
    events = [{"key": "seen", "fields": one} for one in fields]
    return Refused(name, f"/open{USER}/events", {**EVENTS, "events": events}, starts, "VALIDATION_FAILED")


def _link(name: str, link: str, starts: str) -> Refused:
    return _user(name, f"/shareLinks/referral-program: {starts}", shareLinks={"referral-program": link})


REFUSED = [
    _user("another account", "/accountId: must be the one in the path", accountId="b"),
    _user("another user", "/id: must be the one in the path", id="v"),
    _user("both", "/accountId: must be the one in the path; /id: must be", accountId="b", id="v"),
    _user("a field's name", "/customFields/x~1y: its name must", "VALIDATION_FAILED", customFields={"x/y": 1}),
    _user("a long field's name", f"/customFields/{'n' * 40}...: ", "VALIDATION_FAILED", customFields={"n" * 65: 1}),
    _user("cookies", "/cookies: cannot be read.", cookies="!!"),
    _user(
        "a code of nowhere",
        "/referralCodes/no~1where: ",
        "REFERRAL_CODE_NOT_FOUND",
        404,
        referralCodes={"no/where": "X"},
    ),
    _user(
        "a link of nowhere", "/shareLinks/nowhere: ", "REFERRAL_CODE_NOT_FOUND", 404, shareLinks={"nowhere": "http://x"}
    ),
    _user(
        "a code that is taken",
        "/referralCodes/referral-program: ",
        "REFERRAL_CODE_TAKEN",
        referralCodes={"referral-program": "TAKEN"},
    ),
    _link("another domain", "https://other.example.org/x", "must be on ref.example.org"),
    _link("a taken link", "https://ref.example.org/taken", "the link belongs to another user"),
    _link("a long link", f"https://ref.example.org/{'%C3%A4' * 20}{'ä' * 400}", "must have at most"),
    Refused(
        "events of another user",
        f"/open{USER}/events",
        {**EVENTS, "userId": "v", "events": [{"key": "k"}]},
        "/userId: must be",
    ),
    _events("a long text", "/events/1/fields/te~0xt: must have at most 1,500 bytes", {}, {"te~xt": "ä" * 751}),
    _events("a long text inside", "/events/0/fields/a/1/b: must have at most", {"a": [1, {"b": "ä" * 751}]}),
    _events("a nested array", "/events/0/fields/a/0: must not be an array", {"a": [[1]]}),
    Refused(
        "too soon",
        f"/rewards{USER}",
        {**CREDIT, "dateExpires": 1},
        "/dateExpires: the reward would",
        "VALIDATION_FAILED",
    ),
    Refused(
        "another unit", "/credit/{reward}/redeem", {"amount": 1, "unit": "X"}, "/unit: ", "INVALD_REWARD_REDEMPTION"
    ),
    Refused(
        "more than it has",
        "/credit/{reward}/redeem",
        {"amount": 101, "unit": "CENTS"},
        "/amount: ",
        "INVALD_REWARD_REDEMPTION",
    ),
]


@pytest.fixture(scope="module")
def shop(server: Server, client: Client) -> tuple[SaasquatchTenant, str]:
    """A tenant with a user `u` of the account `a`, its reward, and what somebody else has taken."""
    tenant = make_tenant(server, client, settings=SETTINGS)
    tenant.user("u", "a")
    program = "referral-program"
    tenant.user("other", referralCodes={program: "TAKEN"}, shareLinks={program: "https://ref.example.org/taken"})
    made = tenant.post(f"/rewards{USER}", json=CREDIT)
    assert made.status_code == 201, made.text
    return tenant, made.json()["id"]


@pytest.mark.parametrize("one", REFUSED, ids=lambda one: one.name)
def test_a_refusal_by_a_rule_names_its_member_first(shop: tuple[SaasquatchTenant, str], one: Refused) -> None:
    tenant, reward = shop
    answer = tenant.call(one.method, one.path.format(reward=reward), json=one.body)
    body = answer.json()
    assert (answer.status_code, body["apiErrorCode"]) == (one.status, one.code), body
    assert body["message"].startswith(one.starts), body
