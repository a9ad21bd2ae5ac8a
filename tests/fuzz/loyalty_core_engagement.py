"""The engagement part of the Loyalty Core API for the fuzzer: what exists, bodies that refer to it, and rules between
values.
"""

from datetime import timedelta
from typing import Any

from schemathesis.core.parameters import ParameterLocation

from tests.fuzz import api
from tests.fuzz.loyalty_core_engagement_known import (
    AMOUNT,
    BADGE,
    COUNT_MAX,
    EFFECTS,
    EVENT_TYPES,
    EXPRESSIONS,
    GENERIC,
    NEVER,
    NODES,
    PARTNERSHIP,
    PAYLOADS,
    PROGRAM,
    SURVEY,
    Given,
)
from tests.fuzz.loyalty_core_known import NOW, Account, Known

ORGANIZATION = 1
FROM, TO = "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"
COUNTED_AT_ONCE_MAX = 1_000
CODES_AT_ONCE_MAX = 3
GIVEN_MAX = 10_000
"""Numbers up to this one may come from the step before."""
ORDERS_AT_ONCE_MAX = 3
DECIMALS = 4
KEPT = {
    "updateMission": {
        "loyaltyProgramId": PROGRAM,
        "name": "Kept",
        "code": "kept",
        "eventType": NEVER,
        "maxRepetitions": COUNT_MAX,
        "goalCount": COUNT_MAX,
    },
    "updateReferralProgram": {
        "name": "Kept",
        "code": "kept",
        "active": True,
        "maxPerCode": 2**53 - 1,
        "maxReferralsPerMember": 2**53 - 1,
        "eventType": NEVER,
    },
    "updateAudience": {"name": "Kept"},
    "updateCouponBook": {"requiredPointsConfig": {}},
}
"""Changes that leave others what they live on."""
CODED = {
    "createCampaign",
    "updateCampaign",
    "createMission",
    "updateMission",
    "createReferralProgram",
    "updateReferralProgram",
    "updateCoupon",
}
"""Operations whose body has a code that nobody else may have."""
ASSIGNMENTS = {"assignCoupon", "assignCouponFromCouponBook"}
COUPON_CALLS = {"useCoupon", "useCouponFromCouponBook", *ASSIGNMENTS}
ORDER_CALLS = {"upsertMemberPurchaseOrder", "importPurchaseOrders"}
ENGAGEMENT_CALLS = {
    *CODED,
    *COUPON_CALLS,
    *ORDER_CALLS,
    "createCampaignAction",
    "updateCampaignAction",
    "trackLoyaltyEvent",
    "createLoyaltyEventType",
    "upsertLoyaltyEventType",
    "createEventTrigger",
    "updateEventTrigger",
    "createReferralCodes",
    "incrementMemberMissionCounter",
    "createMatcher",
    "updateMatcher",
    "createAudience",
    "matchAudiences",
    "updateAudience",
    "parseExpressions",
    "convertAstToExpressions",
    "createCouponBook",
    "updateCouponBook",
    "addCoupons",
    "createCouponBookOffering",
    "updateCouponBookOfferingApproval",
}
"""Operations of this part that have a body."""
MONEY = {"total", "discountedTotal", "minSpendValue", "discountAmount"}
MATCHERS: dict[str, dict[str, Any]] = {
    "attribute-matcher": {"conditions": [{"attribute": "profile.age", "operator": "greaterThan", "value": 17}]},
    "list-matcher": {"memberIds": [42]},
    "null-matcher": {},
    "item-matcher": {
        "match": "any",
        "conditions": [{"attribute": "category", "values": ["hot"]}, {"attribute": "price", "min": 2}],
    },
}


class EngagementReach(api.Reach):
    """One request to the engagement part. The other part asks it for what paths, queries and bodies may name."""

    known: Known

    def engagement_path(self, *, spare: bool) -> dict[str, Any]:
        """Values of a path's parameters."""
        known = self.known.engagement
        campaign, action = self.pick(known.actions, "campaign")
        mission, _ = self.pick(known.spare_missions if spare else known.missions, "mission")
        referral, code, _ = self.pick(known.referrals, "referral")
        matcher, matcher_key = self.pick(known.matchers, "matcher")
        coupon = self.pick(self._coupons_of_call(), "coupon")
        book = coupon.book
        if self.operation == "updateCouponBook":
            book = self.pick(known.spare_books, "book")
        found = {
            "campaignId": campaign,
            "actionId": action,
            "effectId": self.pick(EFFECTS, "effect"),
            "apiCode": self.pick(tuple(EVENT_TYPES), "type"),
            "triggerId": self.pick(known.triggers, "trigger"),
            "missionId": mission,
            "referralProgramId": self.pick(known.spare_referrals, "spare") if spare else referral,
            "referralCodeId": code,
            "matcherId": str(matcher) if self.operation == "getMatcher" else matcher,
            "matcherKey": matcher_key,
            "audienceId": self.pick(known.spare_audiences if spare else known.audiences, "audience"),
            "couponBookId": book,
            "couponId": coupon.coupon,
            "couponUsageId": self.pick(known.usages, "usage"),
            "couponBookOfferingId": self.pick(known.received, "offering"),
            "surveyId": SURVEY,
            "eventType": self.pick((GENERIC, *EVENT_TYPES), "event"),
        }
        if "orderId" in self.case.path_parameters:
            found["memberId"], found["orderId"] = self.pick(known.orders, "order")
        return found

    def engagement_filters(self) -> dict[str, Any]:
        """Values of a query's parameters."""
        known = self.known.engagement
        coupon = self.pick(known.given, "filtered")
        return {
            "memberId": coupon.member,
            "couponBookId": coupon.book,
            "couponCodeId": coupon.coupon,
            "couponCode": coupon.code,
            "missionKey": self.pick(known.missions, "filtered")[1],
            "codes": "fuzz-0,fuzz-1",
            "matcherKey": self.pick(known.matchers, "filtered")[1],
        }

    def _coupons_of_call(self) -> list[Given]:
        known = self.known.engagement
        return (
            known.renamed
            if self.operation == "updateCoupon"
            else known.free
            if self.operation in ASSIGNMENTS
            else known.given
        )

    def hits_kept_engagement(self) -> bool:
        """Whether a change is about something that others live on."""
        known, path = self.known.engagement, self.case.path_parameters
        kept = {
            "missionId": [mission for mission, _ in known.missions],
            "referralProgramId": [program for program, *_ in known.referrals],
            "audienceId": known.audiences,
            "couponBookId": [coupon.book for coupon in known.given],
        }
        return any(str(path[name]) in map(str, kept[name]) for name in path.keys() & kept.keys())

    def keep_engagement(self) -> None:
        """Let a change leave everything as it is."""
        if self.new_body:
            self.new_body.clear()
            self.new_body.update(KEPT[self.operation])

    def engagement_bodies(self) -> None:
        """Let a body name what exists."""
        body = self.new_body
        self._name(body)
        self._round_money(body)
        self._call_it(body)
        if self.operation in COUPON_CALLS:
            self._coupons(body)
        elif self.operation in ORDER_CALLS:
            self._orders(body)
        elif "effects" in body:
            self._steps(body)
        elif "settings" in body:
            self._trigger(body["settings"])
        elif "requiredPointsConfig" in body:
            self._book(body)
        elif self.operation == "trackLoyaltyEvent":
            body["eventType"] = self.pick((GENERIC, *EVENT_TYPES), "event")
            body["payload"] = PAYLOADS.get(body["eventType"], body.get("payload", {}))
        elif "matcher" in body:
            body["matcher"] = MATCHERS.get(body.get("matcherType", body.get("type")), body["matcher"])
        elif self.operation == "createCouponBookOffering":
            self._offer(body)
        elif self.operation == "incrementMemberMissionCounter":
            body["amount"] %= COUNTED_AT_ONCE_MAX
        elif "inputs" in body and ParameterLocation.PATH in self.generated:
            self._expressions(body)

    def engagement_agree(self) -> None:
        """The organization in a body is that of the path, and of many unique texts none is NUL, which Schemathesis gets
        to.
        """
        if isinstance(self.body.get("organizationId"), int):
            self.body["organizationId"] = ORGANIZATION
        if "referralCode" in self.body and self.drawn("referral") % 4:
            self.body["referralCode"] = self.pick(self.known.engagement.referrals, "code")[2]
        if isinstance(self.body.get("codes"), list):
            self.body["codes"] = [code.replace("\0", "NUL") for code in self.body["codes"]]

    def _name(self, body: dict[str, Any]) -> None:
        """Numbers and keys of what exists, and times in their order."""
        known = self.known.engagement
        account = self.pick(self.known.accounts, "account")
        found = {
            "loyaltyProgramId": PROGRAM,
            "audienceId": self.pick(known.audiences, "audience"),
            "matcherId": self.pick(known.matchers, "matcher")[0],
            "audienceKeys": [],
            "loyaltyTierKeys": ["member"],
            "tiers": ["member"],
            "enabledTopics": [GENERIC],
            "locationCodes": [],
            "eventType": NEVER,
            "memberId": self.pick(self.known.people, "person").id,
            "memberIds": [person.id for person in self.known.people],
            "validFrom": FROM,
            "validTo": TO,
            "validFromDate": FROM,
            "validToDate": TO,
            "expiredAt": (NOW + timedelta(days=1 + self.drawn("days") % 1_000)).isoformat() + "Z",
        }
        body.update({name: found[name] for name in body.keys() & found.keys()})
        for part in (body, body.get("smartRewards"), body.get("requiredPointsConfig")):
            self._pay_into(part or {}, account)

    def _pay_into(self, part: dict[str, Any], account: Account) -> None:
        for ledger in ("ledgerId", "referrerLedgerId", "referredLedgerId"):
            name = ledger.replace("Ledger", "LedgerAccount") if ledger != "ledgerId" else "ledgerAccountId"
            if part.keys() & {ledger, name}:
                part[ledger], part[name] = account.ledger, account.id

    def _round_money(self, part: dict[str, Any]) -> None:
        rounded = {name: round(part[name], DECIMALS) for name in part.keys() & MONEY if part[name] is not None}
        part.update(rounded)
        if rounded.keys() >= {"total", "discountedTotal"}:
            part["discountedTotal"] = min(rounded["total"], rounded["discountedTotal"])

    def _call_it(self, body: dict[str, Any]) -> None:
        """Codes and keys that nobody else has."""
        own = f"fuzz-{self.draw:08x}"
        if self.operation in CODED:
            body["code"] = own
        if "apiCode" in body:
            body["apiCode"] = own
            body["schemaType"] = "custom" if body["schemaType"] == "builtin" else body["schemaType"]
        for name in body.keys() & {"systemUniqueKey", "externalId", "segmentKey"}:
            body[name] = own
        if self.operation in ("createReferralCodes", "addCoupons"):
            body["codes"] = [f"{own}-{place}" for place in range(len(body["codes"]))]

    def _coupons(self, body: dict[str, Any]) -> None:
        """A coupon of the member, with one key for one code;
        no transaction that would have to be of the member, too.
        """
        book, number = (str(self.case.path_parameters.get(name)) for name in ("couponBookId", "couponId"))
        coupons = self._coupons_of_call()
        of_path = [one for one in coupons if str(one.book) == book and number in (str(one.coupon), "None")]
        coupon = self.pick(of_path or coupons, "coupon of path")
        body["memberId"] = body["memberId"] if coupon.member is None else coupon.member
        body.pop("pendingCaptureLedgerTransactionId", None)
        if "code" in body:
            body["code"] = coupon.code
        if body.get("codes") is not None:
            body["codes"] = [coupon.code]
        if body.get("numberOfCodes") is not None:
            body["numberOfCodes"] = 1 + body["numberOfCodes"] % CODES_AT_ONCE_MAX
        if "systemUniqueKeys" in body:
            count = 1 if body.get("codes") is not None else body.get("numberOfCodes") or 1
            body["systemUniqueKeys"] = [f"fuzz-{self.draw:08x}-{place}" for place in range(count)]

    def _orders(self, body: dict[str, Any]) -> None:
        if "orders" not in body:
            return
        body["orders"] = body["orders"][:ORDERS_AT_ONCE_MAX]
        for place, order in enumerate(body["orders"]):
            order["loyaltyMemberId"] = self.pick(self.known.people, f"buyer {place}").own_id
            order["externalId"] = f"fuzz-{self.draw:08x}-{place}"
            order.pop("loyaltyProgramId", None)
            self._round_money(order)

    def _steps(self, body: dict[str, Any]) -> None:
        """A rule and effects that the catalogue allows."""
        known = self.known.engagement
        effects: tuple[dict[str, Any], ...] = (
            {"effectId": "mint-points", "parameters": {"amount": {"expression": AMOUNT}, "description": "Fuzzed"}},
            {"effectId": "burn-points", "parameters": {"amount": 1}},
            {"effectId": "mint-badge", "parameters": {"badgeKey": BADGE}},
            {"effectId": "set-member-attribute", "parameters": {"name": "fuzzed", "value": self.draw}},
            {"effectId": "increment-mission", "parameters": {"missionId": known.missions[0][0], "amount": 1}},
            {"effectId": "assign-coupon", "parameters": {"couponBookId": known.given[0].book}},
        )
        if "expression" in (body.get("rules") or {}):
            body["rules"]["expression"] = self.pick(EXPRESSIONS, "rule")
        body["effects"]["items"] = [
            self.pick(effects, f"effect {place}") for place, _ in enumerate(body["effects"]["items"])
        ]

    def _trigger(self, settings: dict[str, Any]) -> None:
        """An address that nobody listens on, for what hardly happens."""
        settings["url"], settings["events"] = "http://127.0.0.1:9/fuzzed", [NEVER]
        if settings.get("headers") is not None:
            settings["headers"] = {"X-Fuzzed": "1"}
        settings.pop("secret", None)

    def _book(self, body: dict[str, Any]) -> None:
        """A condition that can be read, content that fits its schema, one locale."""
        if "expression" in (body.get("condition") or {}):
            body["condition"]["expression"] = self.pick(EXPRESSIONS, "condition")
        if body.keys() & {"contentSchemaId", "contentSchemaVersionId"}:
            body["contentSchemaId"], body["contentSchemaVersionId"] = self.pick(self.known.schemas, "schema")
        body.update(dict.fromkeys(body.keys() & {"locale", "defaultLocale"}, "en"))
        body.pop("isDefaultLocale", None)

    def _offer(self, body: dict[str, Any]) -> None:
        is_given = ParameterLocation.PATH not in self.generated and body["offeredCouponBookId"] < GIVEN_MAX
        if not is_given:
            body["offeredCouponBookId"] = self.pick(self.known.engagement.offered, "offered")
        body["partnershipId"], body["status"] = PARTNERSHIP, "pending"

    def _expressions(self, body: dict[str, Any]) -> None:
        for place, item in enumerate(body["inputs"]):
            if "expression" in item:
                item["expression"] = self.pick(EXPRESSIONS, f"expression {place}")
            else:
                item["node"] = self.pick(NODES, f"node {place}")
