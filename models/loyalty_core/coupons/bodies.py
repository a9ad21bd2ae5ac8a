"""Bodies of requests on coupon books and coupons, with the members that are read; and books as offerings carry them."""

from typing import NotRequired, TypedDict

from models.kernel.json_values import FreeForm


class ConditionBody(TypedDict, total=False):
    """Who may have a coupon; empty for everybody."""

    expression: str


class PointsConfigBody(TypedDict, total=False):
    """Which points pay."""

    ledgerId: int | None
    ledgerAccountId: int | None


class ContentBody(TypedDict, total=False):
    """What is said in one locale."""

    content: FreeForm
    extraFields: FreeForm


class BookBody(ContentBody, total=False):
    """A book: a new one or changes of one of a request, or one that an offering carries.

    Each has some of the members.
    """

    loyaltyProgramId: int | None
    externalId: str | None
    rankingIndex: int | None
    audienceKeys: list[str]
    name: str
    description: str | None
    subtitle: str | None
    pictureUrl: str | None
    detailPictureUrl: str | None
    customAttributes: FreeForm
    condition: ConditionBody
    type: str
    discountAmount: float | None
    discountType: str | None
    tags: list[str]
    tiers: list[str]
    publishingStatus: str
    validFromDate: str | None
    validToDate: str | None
    maxAssignedPerMember: int | None
    maxAssignedPerCoupon: int | None
    maxCouponCount: int | None
    defaultLocale: str
    assignmentRequiredPoints: int
    usageRequiredPoints: int
    contentSchemaId: int | None
    contentSchemaVersionId: int | None
    locale: str
    isDefaultLocale: bool
    requiredPointsConfig: PointsConfigBody


class OfferedContent(ContentBody):
    """The content of an offered book in one locale."""

    locale: str


class OfferedBook(BookBody):
    """A book as an offering carries it to another organization, which copies it."""

    couponBookId: int
    organizationId: int
    contents: list[OfferedContent]


class CodesBody(TypedDict):
    """The codes of new coupons."""

    codes: list[str]


class CodeBody(TypedDict):
    """Another code of a coupon."""

    code: str


class AssignmentBody(TypedDict):
    """An assignment of coupons of a request; where the path names a coupon, it says nothing of codes."""

    memberId: int
    numberOfCodes: NotRequired[int]
    codes: NotRequired[list[str]]
    amount: NotRequired[int]
    strictMode: NotRequired[bool]
    systemUniqueKey: NotRequired[str]
    systemUniqueKeys: NotRequired[list[str]]
    expiredAt: NotRequired[str]
    pendingCaptureLedgerTransactionId: NotRequired[str]
    customAttributes: NotRequired[FreeForm]


class UseBody(TypedDict):
    """A use of a coupon of a request; where the path names the coupon, it has no code."""

    memberId: int
    code: NotRequired[str]
    systemUniqueKey: NotRequired[str]
    pendingCaptureLedgerTransactionId: NotRequired[str]
    customAttributes: NotRequired[FreeForm]


class OfferingBody(TypedDict):
    """An offering of a request."""

    partnershipId: int
    offeredCouponBookId: int
    status: str


class ApprovalBody(TypedDict):
    """Whether an offering is accepted."""

    approved: bool
