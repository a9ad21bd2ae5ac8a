"""What callers say of coupon books and coupons, read from request bodies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from models.kernel.fingerprints import fingerprint
from models.kernel.json_values import FreeForm
from models.loyalty_core.columns import read_columns
from models.loyalty_core.coupons.bodies import AssignmentBody, BookBody, ContentBody, OfferingBody, UseBody
from models.loyalty_core.coupons.states import ASSIGNMENT, USE
from models.loyalty_core.instants import bounded_ms
from models.loyalty_core.money import optional_units

_COLUMNS = {
    "externalId": "external_id",
    "rankingIndex": "ranking_index",
    "name": "name",
    "description": "description",
    "subtitle": "subtitle",
    "pictureUrl": "picture_url",
    "detailPictureUrl": "detail_picture_url",
    "customAttributes": "custom_attributes",
    "discountType": "discount_type",
    "maxAssignedPerMember": "max_per_member",
    "maxAssignedPerCoupon": "max_per_coupon",
    "maxCouponCount": "max_coupons",
    "assignmentRequiredPoints": "assignment_points",
    "usageRequiredPoints": "usage_points",
    "loyaltyProgramId": "program_id",
    "tags": "tags",
    "tiers": "tiers",
    "audienceKeys": "audience_keys",
}
"""Members of a book that go to a column as they are."""
_DATES = {"validFromDate": "valid_from_ms", "validToDate": "valid_to_ms"}


@dataclass(frozen=True, slots=True)
class ContentInput:
    """What a book says in one locale. A member that was left out is not in `columns`."""

    columns: Mapping[str, FreeForm] = field(default_factory=dict)
    """`content` and `extra_fields`."""


@dataclass(frozen=True, slots=True)
class SchemaChoice:
    """The content schema that a book's content is to follow: `schema_id` None for none, unless it `keeps_schema`."""

    schema_id: int | None
    version_id: int | None
    keeps_schema: bool


@dataclass(frozen=True, slots=True)
class BookInput:
    """A new book, or changes of one: members that were left out are not in `columns`, or None."""

    columns: Mapping[str, object] = field(default_factory=dict)
    """New values by column; `condition` is an expression that is not checked yet. Of labels each counts once."""
    tiers: Sequence[str] = ()
    audience_keys: Sequence[str] = ()
    """Both as they were sent; empty where they were left out."""
    type: str = ""
    """Of a new book only."""
    status: str | None = None
    ledger_id: int | None = None
    account_id: int | None = None
    schema: SchemaChoice | None = None
    locale: str | None = None
    """The locale of `content`."""
    default_locale: str | None = None
    is_default_locale: bool | None = None
    content: ContentInput = ContentInput()


@dataclass(frozen=True, slots=True)
class AssignmentRequest:
    """Coupons of a book for a member: `count` of them, or those with the `codes`, or the one with the `coupon_id`."""

    member_id: int
    count: int
    codes: Sequence[str] | None = None
    coupon_id: int | None = None
    amount: int = 1
    """How often each may be used."""
    is_strict: bool = False
    """Whether all of them are assigned, or none."""
    pays_for_all: bool = False
    """Whether all that there are have to be paid for, or none is assigned."""
    keys: Sequence[str] = ()
    """Idempotency keys, one for each coupon."""
    fingerprint: str | None = None
    expires_ms: int | None = None
    pending_id: str | None = None
    """The pending transaction that pays."""
    attributes: FreeForm = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UseRequest:
    """One use of a member's coupon: of the one with the `code`, or with the `coupon_id`, or else of the one that
    expires first.
    """

    member_id: int
    code: str | None = None
    coupon_id: int | None = None
    key: str | None = None
    """The idempotency key."""
    fingerprint: str | None = None
    pending_id: str | None = None
    """The pending transaction that pays."""
    attributes: FreeForm = field(default_factory=dict)


def read_new_book(body: BookBody) -> BookInput:
    """A book that is to be made.

    `extraFields` can only be changed later: the contract does not take it here, so that nothing has looked at it.

    Raises as `read_book`.
    """
    return _read_book(body, ContentInput({"content": body["content"]} if "content" in body else {}))


def read_book(body: BookBody) -> BookInput:
    """A book.

    Raises InvalidInput for a date that cannot be read, RuleViolation for an amount with too many decimal places.
    """
    return _read_book(body, read_content(body))


def _read_book(body: BookBody, content: ContentInput) -> BookInput:
    columns = read_columns(body, _COLUMNS, _DATES)
    tiers, audience_keys = body.get("tiers"), body.get("audienceKeys")
    for column, labels in (("tags", body.get("tags")), ("tiers", tiers), ("audience_keys", audience_keys)):
        if labels is not None:
            columns[column] = list(dict.fromkeys(labels))
    if "discountAmount" in body:
        columns["discount"] = optional_units(body["discountAmount"], "/discountAmount")
    if "condition" in body:
        columns["condition"] = body["condition"].get("expression")
    config = body.get("requiredPointsConfig", {})
    return BookInput(
        columns=columns,
        tiers=tiers or (),
        audience_keys=audience_keys or (),
        type=body.get("type", ""),
        status=body.get("publishingStatus"),
        ledger_id=config.get("ledgerId"),
        account_id=config.get("ledgerAccountId"),
        schema=_read_schema(body),
        locale=body.get("locale"),
        default_locale=body.get("defaultLocale"),
        is_default_locale=body.get("isDefaultLocale"),
        content=content,
    )


def _read_schema(body: BookBody) -> SchemaChoice | None:
    version_id = body.get("contentSchemaVersionId")
    if "contentSchemaId" not in body and version_id is None:
        return None
    return SchemaChoice(body.get("contentSchemaId"), version_id, keeps_schema="contentSchemaId" not in body)


def read_content(body: ContentBody) -> ContentInput:
    """What a body says in one locale."""
    columns: dict[str, FreeForm] = {}
    if "content" in body:
        columns["content"] = body["content"]
    if "extraFields" in body:
        columns["extra_fields"] = body["extraFields"]
    return ContentInput(columns)


def read_assignment(body: AssignmentBody, book_id: int, coupon_id: int | None = None) -> AssignmentRequest:
    """An assignment of coupons of a book, or of the one that the path names.

    Raises InvalidInput for a date that cannot be read.
    """
    codes = body.get("codes")
    count = 1 if coupon_id is not None else body.get("numberOfCodes", 1) if codes is None else len(codes)
    keys = body.get("systemUniqueKeys", [body["systemUniqueKey"]] if "systemUniqueKey" in body else [])
    return AssignmentRequest(
        member_id=body["memberId"],
        count=count,
        codes=codes,
        coupon_id=coupon_id,
        amount=body.get("amount", 1),
        is_strict=body.get("strictMode", False),
        keys=keys,
        fingerprint=fingerprint([ASSIGNMENT, book_id, coupon_id, body]) if keys else None,
        expires_ms=bounded_ms(body["expiredAt"]) if "expiredAt" in body else None,
        pending_id=body.get("pendingCaptureLedgerTransactionId"),
        attributes=body.get("customAttributes") or {},
    )


def read_use(body: UseBody, book_id: int, coupon_id: int | None = None) -> UseRequest:
    """A use of a coupon of a book, or of the one that the path names."""
    key = body.get("systemUniqueKey")
    return UseRequest(
        member_id=body["memberId"],
        code=body.get("code"),
        coupon_id=coupon_id,
        key=key,
        fingerprint=None if key is None else fingerprint([USE, book_id, coupon_id, body]),
        pending_id=body.get("pendingCaptureLedgerTransactionId"),
        attributes=body.get("customAttributes", {}),
    )


@dataclass(frozen=True, slots=True)
class OfferingRequest:
    """An offering of a book to a partner."""

    partnership_id: int
    book_id: int
    status: str


def read_offering(body: OfferingBody) -> OfferingRequest:
    """An offering of a book."""
    return OfferingRequest(body["partnershipId"], body["offeredCouponBookId"], body["status"])
