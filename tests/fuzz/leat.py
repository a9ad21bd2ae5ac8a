"""The Leat API for the fuzzer: contacts, codes, shops and clients that exist, and webhooks that stay on this
machine.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from schemathesis import Case

from tests.fuzz import api

USER = "leat-live"
BASE = "/leat/api/v3/oauth/clients"
OWNER: dict[str, Any] = {}
SHOP = "13ac4cc1-3522-4dfc-ae4a-a821e5090108"
CLIENT = {"client_id": 1001, "client_secret": "demo_client_secret_leat_troth_mock"}
EXAMPLES = {
    "email": "ben@example.org",
    "shop_uuid": "7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11",
    "client_id": 30,
    "client_secret": "kelp-forest-secret",
}
"""Of the contract, in the bodies of most cases: an address that is taken, and what the demo does not have."""
CARD_HOLDER = ("6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a01", "4006381333931")
"""A contact, and the only contact identifier that the API's own data is known to have."""
KEPT_CONTACTS = 30
DOOMED_CONTACTS = DOOMED_SUBSCRIPTIONS = 12
INVALID_INPUT = 1003
UNKNOWN_CODE = {"referral_code": "No contact has this code."}
"""What a 400 says of a code that is well formed: the vendor has no number of its own for it."""
DOMAIN_RULES = re.compile(
    r"the name of an attribute must have|.* cannot be changed|(first|last)name must be a string|attributes must leave a contact"
    r"|unit_value must have at most four decimal places"
)
"""What a 400 says of attributes, whose names OpenAPI 3.0 cannot say, and of decimal places, which `multipleOf` cannot
hold with floats.
"""
NOWHERE = "http://localhost:9/"
"""The discard port: webhooks of fuzzed subscriptions leave this machine under no circumstances."""
URL_LENGTH_MAX = 2048


@dataclass
class Known:
    """What the demo holds. By kind of use, so that what one operation uses up is not missed by another."""

    contacts: list[str] = field(default_factory=lambda: [CARD_HOLDER[0]])
    emails: list[str] = field(default_factory=lambda: ["ana@example.org"])
    codes: list[str] = field(default_factory=lambda: ["ANAST7NE"])
    subscriptions: list[str] = field(default_factory=lambda: ["3b9d5a70-2c41-4e6f-8b12-7a9c0d1e2f31"])
    doomed_contacts: list[str] = field(default_factory=lambda: ["6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a01"])
    doomed_subscriptions: list[str] = field(default_factory=lambda: ["3b9d5a70-2c41-4e6f-8b12-7a9c0d1e2f31"])


def learn(call: Callable[..., Any]) -> Known:
    """Ask a server what it holds, and add webhook subscriptions to delete. `call` as for the other APIs."""
    referrals = call("GET", "/referrals?limit=100")["data"]
    contacts = {
        side["uuid"]: side["email"]
        for referral in referrals
        for side in (referral["referring_contact"], referral["referred_contact"])
    }
    kept = list(contacts)[:KEPT_CONTACTS]
    return Known(
        contacts=kept,
        emails=[contacts[uuid] for uuid in kept if contacts[uuid]],
        codes=[call("GET", f"/contacts/{uuid}")["data"]["current_values"]["referral_code"] for uuid in kept],
        subscriptions=[subscription["uuid"] for subscription in call("GET", "/webhook-subscriptions")["data"]],
        doomed_contacts=[call("POST", "/contacts/anonymous", {})["data"]["uuid"] for _ in range(DOOMED_CONTACTS)],
        doomed_subscriptions=[
            call(
                "POST",
                "/webhook-subscriptions",
                {"name": f"Doomed {number}", "event_type": "reward_updated", "url": f"{NOWHERE}{number}"},
            )["data"]["uuid"]
            for number in range(DOOMED_SUBSCRIPTIONS)
        ],
    )


class Reach(api.Reach):
    """Contacts, subscriptions and the client that exist; every address of a webhook on this machine."""

    known: Known

    def ids(self) -> None:
        known = self.known
        deletes = self.operation == "deleteWebhookSubscription"
        removes = self.operation in ("deleteContact", "claimAnonymousContact")
        found = {
            "contact_uuid": self.pick(known.doomed_contacts if removes else known.contacts, "contact"),
            "shop_uuid": SHOP,
            "referring_contact_uuid": self.pick(known.contacts, "contact"),
            "webhook_subscription_uuid": self.pick(known.doomed_subscriptions if deletes else known.subscriptions),
            "email": self.pick(known.emails, "email"),
        }
        self.put(found)

    def bodies(self) -> None:
        body = self.new_body
        if self.operation == "issueAccessToken" and body:
            body.update(CLIENT, client_id=self.pick((CLIENT["client_id"], str(CLIENT["client_id"])), "client"))
        elif self.operation in ("createContact", "createContactAsync") and "referral_code" in body:
            body["referral_code"] = self.pick(self.known.codes, "code")
        elif self.operation == "createCreditReception" and body:
            body["shop_uuid"] = SHOP
            if "contact_identifier_value" in body:
                body["contact_uuid"], body["contact_identifier_value"] = CARD_HOLDER
            elif body["contact_uuid"].count("-") != 4:  # else it comes from an earlier answer
                body["contact_uuid"] = self.pick(self.known.contacts, "contact")

    def agree(self) -> None:
        instead = {"email": f"{self.draw:08x}@example.org", "shop_uuid": SHOP, **CLIENT}
        for name in self.body.keys() & instead.keys():
            if self.body[name] == EXAMPLES[name]:
                self.body[name] = instead[name]
        if self.body.get("attributes") == {}:  # a form would write it as a text
            del self.body["attributes"]
        if "url" in self.body:
            self.body["url"] = (NOWHERE + self.body["url"].partition("://")[2])[:URL_LENGTH_MAX]


BOOK = api.Book()


def blames_body(_body: Any, _case: Case) -> bool:
    """Whether a 404 is about something that the body names. Nothing that does not exist is a 404 here."""
    return False


def refused_by_contract(body: Any) -> bool:
    """Whether a 400 comes from validation against the contract rather than from a rule of the domain."""
    errors = body.get("errors", UNKNOWN_CODE)
    of_domain = errors == UNKNOWN_CODE or all(DOMAIN_RULES.match(str(text)) for text in errors.values())
    return body.get("code", INVALID_INPUT) == INVALID_INPUT and not of_domain
