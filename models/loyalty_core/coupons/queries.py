"""Statements on coupon books, coupons, their usages and offerings."""

from functools import cache

from sqlalchemy import ColumnElement, Text, and_, bindparam, cast, delete, exists, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from models.kernel.lists import among
from models.kernel.statements import LIKE_ESCAPE, TENANT, Change, Insertion, Query
from models.loyalty_core.coupons.states import (
    ASSIGNED,
    ASSIGNMENT,
    AUDIENCE,
    PENDING,
    PUBLISHED,
    REJECTED,
    REVERTED,
    TAG,
    TIER,
    USE,
)
from models.loyalty_core.coupons.tables import (
    Coupon,
    CouponBook,
    CouponBookContent,
    CouponBookLabel,
    CouponBookOffering,
    CouponUsage,
)
from models.loyalty_core.members.tables import Enrolment, Member, Tier
from models.loyalty_core.organization.tables import Organization
from models.loyalty_core.paging import Listing

NOT_OVER: ColumnElement[bool] = or_(CouponUsage.expires_ms.is_(None), CouponUsage.expires_ms > bindparam("now_ms"))
"""The opposite of `states.is_over`, in SQL; tests/api/loyalty_core/test_sql_equivalence.py compares the two."""
IN_STOCK = and_(
    or_(CouponBook.max_coupons.is_(None), CouponBook.assigned < CouponBook.max_coupons),
    exists().where(
        Coupon.tenant_id == TENANT,
        Coupon.book_id == CouponBook.id,
        or_(CouponBook.max_per_coupon.is_(None), Coupon.assigned < CouponBook.max_per_coupon),
    ),
)

# Books

BOOK = Query(select(CouponBook).where(CouponBook.tenant_id == TENANT, CouponBook.id == bindparam("book_id")))
BOOK_ID = Query(select(CouponBook.id).where(CouponBook.tenant_id == TENANT, CouponBook.id == bindparam("book_id")))
MEMBER_AND_BOOK = Query(
    select(Member, CouponBook).where(
        Member.tenant_id == TENANT,
        Member.id == bindparam("member_id"),
        CouponBook.tenant_id == TENANT,
        CouponBook.id == bindparam("book_id"),
    )
)
"""A member beside a book: PostgreSQL locks the rows of one result in the order of FROM."""
BOOKS_WITH_IDS = Query(
    select(CouponBook).where(CouponBook.tenant_id == TENANT, among(CouponBook.id, "book_ids")).order_by(CouponBook.id)
)
BOOK_WITH_SCHEMA = Query(
    select(CouponBook.id)
    .where(CouponBook.tenant_id == TENANT, CouponBook.content_schema_id == bindparam("content_schema_id"))
    .limit(1)
)
IN_STOCK_OF = Query(select(CouponBook.id).where(CouponBook.tenant_id == TENANT, among(CouponBook.id, "ids"), IN_STOCK))
INSERT_BOOK = Insertion(CouponBook)
COUNT_BOOK = Change(
    update(CouponBook)
    .where(CouponBook.tenant_id == TENANT, CouponBook.id == bindparam("book_id"))
    .values(
        coupon_count=CouponBook.coupon_count + bindparam("added"),
        assigned=CouponBook.assigned + bindparam("newly_assigned"),
        used=CouponBook.used + bindparam("newly_used"),
    )
)
"""Add to what a book counts."""
WRITTEN_BY_UPDATE = tuple(
    column.key
    for column in CouponBook.__table__.columns
    if column.key not in {"tenant_id", "id", "type", "coupon_count", "assigned", "used", "created_ms"}
)
UPDATE_BOOK = Change(
    update(CouponBook)
    .where(CouponBook.tenant_id == TENANT, CouponBook.id == bindparam("book_id"))
    .values({name: bindparam(name) for name in WRITTEN_BY_UPDATE})
)
DEFAULT_LOCALE = Query(select(Organization.default_locale).where(Organization.tenant_id == TENANT))

INSERT_LABEL = Insertion(CouponBookLabel)
DELETE_LABELS = Change(
    delete(CouponBookLabel).where(CouponBookLabel.tenant_id == TENANT, CouponBookLabel.book_id == bindparam("book_id"))
)

_CONTENT = select(CouponBookContent).where(CouponBookContent.tenant_id == TENANT)
_CONTENT_OF_BOOK = _CONTENT.where(CouponBookContent.book_id == bindparam("book_id"))
CONTENT = Query(_CONTENT_OF_BOOK.where(CouponBookContent.locale == bindparam("locale")))
CONTENTS = Query(_CONTENT_OF_BOOK.order_by(CouponBookContent.locale))
CONTENTS_OF_BOOKS = Query(
    _CONTENT.where(among(CouponBookContent.book_id, "book_ids"), among(CouponBookContent.locale, "locales"))
)
COUNT_OF_CONTENTS = Query(
    select(func.count())
    .select_from(CouponBookContent)
    .where(CouponBookContent.tenant_id == TENANT, CouponBookContent.book_id == bindparam("book_id"))
)
CHARACTERS_OF_CONTENTS = Query(
    select(
        func.coalesce(
            func.sum(
                func.length(cast(CouponBookContent.content, Text))
                + func.length(cast(CouponBookContent.extra_fields, Text))
            ),
            0,
        )
    ).where(CouponBookContent.tenant_id == TENANT, CouponBookContent.book_id == bindparam("book_id"))
)
"""How long the content of a book is as JSON, in all its locales."""
INSERT_CONTENT = Insertion(CouponBookContent)
UPDATE_CONTENT = Change(
    update(CouponBookContent)
    .where(
        CouponBookContent.tenant_id == TENANT,
        CouponBookContent.book_id == bindparam("of_book"),
        CouponBookContent.locale == bindparam("of_locale"),
    )
    .values(content=bindparam("new_content"), extra_fields=bindparam("new_extra_fields"))
)


def _labelled(kind: str, name: str) -> ColumnElement[bool]:
    """The condition that a book has one of the labels of a list parameter."""
    return CouponBook.id.in_(
        select(CouponBookLabel.book_id).where(
            CouponBookLabel.tenant_id == TENANT, CouponBookLabel.kind == kind, among(CouponBookLabel.label, name)
        )
    )


_LABELS: dict[str, ColumnElement[bool]] = {
    "tags": _labelled(TAG, "tags"),
    "audiences": _labelled(AUDIENCE, "audiences"),
}
BOOK_ORDERS = {
    "couponBookId": CouponBook.id,
    "name": CouponBook.name,
    "rankingIndex": CouponBook.ranking_index,
    "validFromDate": CouponBook.valid_from_ms,
    "validToDate": CouponBook.valid_to_ms,
    "createdAt": CouponBook.created_ms,
    "updatedAt": CouponBook.updated_ms,
}
WORD_PATTERNS = tuple(f"word{place}" for place in range(16))
"""Parameters for patterns that all have to match; further words of a search do not count."""
BOOKS = Listing(
    select(CouponBook).where(CouponBook.tenant_id == TENANT),
    BOOK_ORDERS,
    {
        "program_id": CouponBook.program_id == bindparam("program_id"),
        **{name: CouponBook.search.like(bindparam(name), escape=LIKE_ESCAPE) for name in WORD_PATTERNS},
        "status": CouponBook.publishing_status == bindparam("status"),
        **_LABELS,
    },
)
_OF_PROGRAM = or_(CouponBook.program_id == bindparam("program_id"), CouponBook.program_id.is_(None))
"""A book of a program, or of all programs."""
BOOKS_FOR_MEMBERS = Listing(
    select(CouponBook).where(CouponBook.tenant_id == TENANT, CouponBook.publishing_status == PUBLISHED, _OF_PROGRAM),
    BOOK_ORDERS,
    {
        "book_id": CouponBook.id == bindparam("book_id"),
        **_LABELS,
        "tiers": _labelled(TIER, "tiers"),
        "valid_from_ms": CouponBook.valid_from_ms >= bindparam("valid_from_ms"),
        "valid_to_ms": CouponBook.valid_to_ms <= bindparam("valid_to_ms"),
        "in_stock": IN_STOCK,
        "out_of_stock": ~IN_STOCK,
    },
)

# Coupons

_COUPONS_OF_BOOK = select(Coupon).where(Coupon.tenant_id == TENANT, Coupon.book_id == bindparam("book_id"))
COUPON = Query(_COUPONS_OF_BOOK.where(Coupon.id == bindparam("coupon_id")))
COUPONS_WITH_CODES = Query(_COUPONS_OF_BOOK.where(among(Coupon.code, "codes")))
TAKEN_CODES = Query(
    select(Coupon.code).where(
        Coupon.tenant_id == TENANT, Coupon.book_id == bindparam("book_id"), among(Coupon.code, "codes")
    )
)
"""Those of some codes that a book has."""
COUPONS = Listing(
    _COUPONS_OF_BOOK,
    {"couponId": Coupon.id, "code": Coupon.code, "createdAt": Coupon.created_ms, "updatedAt": Coupon.updated_ms},
)
INSERT_COUPON = Insertion(Coupon)
SET_CODE = Change(
    update(Coupon)
    .where(Coupon.tenant_id == TENANT, Coupon.id == bindparam("coupon_id"))
    .values(code=bindparam("new_code"), updated_ms=bindparam("now_ms"))
)
COUNT_COUPONS = Change(
    update(Coupon)
    .where(Coupon.tenant_id == TENANT, among(Coupon.id, "ids"))
    .values(assigned=Coupon.assigned + bindparam("newly_assigned"), used=Coupon.used + bindparam("newly_used"))
)
"""Add the same to what each of some coupons counts."""


_HOLDS = exists().where(
    CouponUsage.tenant_id == TENANT,
    CouponUsage.coupon_id == Coupon.id,
    CouponUsage.member_id == bindparam("member_id"),
    CouponUsage.type == ASSIGNMENT,
    CouponUsage.status == ASSIGNED,
    NOT_OVER,
)
"""That the member has a coupon now, with a use left."""


@cache
def available_coupons(*, is_limited: bool, is_named: bool) -> Query[Coupon]:
    """Coupons of a book that the member does not hold now, the least assigned first.

    With `is_limited`, those that were assigned less often than `max_per_coupon`; with `is_named`, those among `ids`,
    else at most `limit`.
    """
    matching = _COUPONS_OF_BOOK.where(~_HOLDS)
    if is_limited:
        matching = matching.where(Coupon.assigned < bindparam("max_per_coupon"))
    if is_named:
        return Query(matching.where(among(Coupon.id, "ids")))
    return Query(matching.order_by(Coupon.assigned, Coupon.id).limit(bindparam("limit")))


BOOKS_WITH_COUPON_FOR = Query(
    select(CouponBook.id).where(
        CouponBook.tenant_id == TENANT,
        among(CouponBook.id, "book_ids"),
        exists().where(
            Coupon.tenant_id == TENANT,
            Coupon.book_id == CouponBook.id,
            or_(CouponBook.max_per_coupon.is_(None), Coupon.assigned < CouponBook.max_per_coupon),
            ~_HOLDS,
        ),
    )
)
"""Those of some books that have one at least of the `available_coupons`."""

# Usages

_USAGES = select(CouponUsage).where(CouponUsage.tenant_id == TENANT)
USAGE = Query(_USAGES.where(CouponUsage.id == bindparam("usage_id")))
USAGE_WITH_KEY = Query(_USAGES.where(among(CouponUsage.unique_key, "keys")).limit(1))
USAGES_OF_GROUP = Query(_USAGES.where(CouponUsage.group_id == bindparam("group_id")).order_by(CouponUsage.id))
_IN_FORCE = _USAGES.where(CouponUsage.status != REVERTED)
ASSIGNMENTS_PAID_BY = Query(
    _IN_FORCE.where(CouponUsage.type == ASSIGNMENT, CouponUsage.transaction_id == bindparam("transaction_id")).order_by(
        CouponUsage.id
    )
)
USES_OF = Query(_IN_FORCE.where(among(CouponUsage.assignment_id, "assignment_ids")).order_by(CouponUsage.id))
COUNT_OF_ASSIGNMENTS = Query(
    select(func.count())
    .select_from(CouponUsage)
    .where(
        CouponUsage.tenant_id == TENANT,
        CouponUsage.member_id == bindparam("member_id"),
        CouponUsage.type == ASSIGNMENT,
        CouponUsage.book_id == bindparam("book_id"),
        CouponUsage.status != REVERTED,
    )
)
"""How many coupons of a book a member has been assigned."""
COUNTS_OF_ASSIGNMENTS: Query[tuple[int, int]] = Query(
    select(CouponUsage.book_id, func.count())
    .where(
        CouponUsage.tenant_id == TENANT,
        CouponUsage.member_id == bindparam("member_id"),
        CouponUsage.type == ASSIGNMENT,
        among(CouponUsage.book_id, "book_ids"),
        CouponUsage.status != REVERTED,
    )
    .group_by(CouponUsage.book_id)
)
"""The same for each of some books."""
BOOK_OF_GROUP = Query(
    select(CouponUsage.book_id)
    .where(
        CouponUsage.tenant_id == TENANT, CouponUsage.group_id == bindparam("group_id"), CouponUsage.status == ASSIGNED
    )
    .limit(1)
)
"""The book of those assignments of a call that have a use left."""
OPEN_OF_GROUP = Query(
    _USAGES.where(CouponUsage.group_id == bindparam("group_id"), CouponUsage.status == ASSIGNED)
    .order_by(CouponUsage.id)
    .limit(bindparam("limit"))
)
INSERT_USAGE = Insertion(CouponUsage)
SET_STATUS = Change(
    update(CouponUsage)
    .where(CouponUsage.tenant_id == TENANT, among(CouponUsage.id, "ids"))
    .values(status=bindparam("new_status"), updated_ms=bindparam("now_ms"))
)
REVERT = Change(
    update(CouponUsage)
    .where(CouponUsage.tenant_id == TENANT, among(CouponUsage.id, "ids"))
    .values(status=REVERTED, updated_ms=bindparam("now_ms"), reverted_ms=bindparam("now_ms"))
)
COUNT_USES = Change(
    update(CouponUsage)
    .where(CouponUsage.tenant_id == TENANT, CouponUsage.id == bindparam("usage_id"))
    .values(amount_used=bindparam("new_amount_used"), status=bindparam("new_status"), updated_ms=bindparam("now_ms"))
)
SUBTRACT_USES = Change(
    update(CouponUsage)
    .where(CouponUsage.tenant_id == TENANT, among(CouponUsage.id, "ids"))
    .values(amount_used=CouponUsage.amount_used - bindparam("uses"))
)
_OPEN = (CouponUsage.type == ASSIGNMENT, CouponUsage.status == ASSIGNED, NOT_OVER)
"""Conditions of assignments that have a use left now, whether or not the job that ends them has run yet."""


@cache
def assignment_to_use(*, is_named: bool) -> Query[CouponUsage]:
    """The member's assignment of a book that has a use left and expires first; with `is_named` that of the coupon
    `coupon_id`.
    """
    matching = _USAGES.where(
        *_OPEN, CouponUsage.member_id == bindparam("member_id"), CouponUsage.book_id == bindparam("book_id")
    )
    if is_named:
        matching = matching.where(CouponUsage.coupon_id == bindparam("coupon_id"))
    return Query(matching.order_by(CouponUsage.expires_ms.asc().nulls_last(), CouponUsage.id).limit(1))


_BOOKS_OF_PROGRAM = select(CouponBook.id).where(CouponBook.tenant_id == TENANT, _OF_PROGRAM)
_OF_MEMBER_AND_PROGRAM = (CouponUsage.member_id == bindparam("member_id"), CouponUsage.book_id.in_(_BOOKS_OF_PROGRAM))
_USAGE_ORDERS = {
    "couponUsageId": CouponUsage.id,
    "createdAt": CouponUsage.created_ms,
    "expiredAt": CouponUsage.expires_ms,
    "couponCode": CouponUsage.code,
}
_USAGE_FILTERS: dict[str, ColumnElement[bool]] = {
    "book_id": CouponUsage.book_id == bindparam("book_id"),
    "coupon_id": CouponUsage.coupon_id == bindparam("coupon_id"),
    "code": CouponUsage.code == bindparam("code"),
    "tags": CouponUsage.book_id.in_(
        select(CouponBookLabel.book_id).where(
            CouponBookLabel.tenant_id == TENANT, CouponBookLabel.kind == TAG, among(CouponBookLabel.label, "tags")
        )
    ),
}
ASSIGNMENTS = Listing(
    _IN_FORCE.where(CouponUsage.type == ASSIGNMENT, *_OF_MEMBER_AND_PROGRAM), _USAGE_ORDERS, _USAGE_FILTERS
)
OPEN_ASSIGNMENTS = Listing(_USAGES.where(*_OPEN, *_OF_MEMBER_AND_PROGRAM), _USAGE_ORDERS, _USAGE_FILTERS)


def _amount(kind: str) -> InstrumentedAttribute[int]:
    return CouponUsage.amount_used if kind == USE else CouponUsage.amount_assigned


@cache
def sums_by_book(kind: str) -> Query[tuple[int, int]]:
    """Book, and how often the member was assigned a use of it, or used one; reverted ones do not count."""
    return Query(
        select(CouponUsage.book_id, func.sum(_amount(kind)))
        .where(
            CouponUsage.tenant_id == TENANT,
            CouponUsage.type == kind,
            CouponUsage.status != REVERTED,
            CouponUsage.member_id == bindparam("member_id"),
            among(CouponUsage.book_id, "book_ids"),
        )
        .group_by(CouponUsage.book_id)
    )


@cache
def sum_of_member(kind: str, *, has_start: bool, has_end: bool) -> Query[int]:
    """How often a member was assigned a use of a program's books, or used one, from `from_ms` to `to_ms`, both
    included.
    """
    conditions: list[ColumnElement[bool]] = [
        CouponUsage.type == kind,
        CouponUsage.status != REVERTED,
        *_OF_MEMBER_AND_PROGRAM,
    ]
    if has_start:
        conditions.append(CouponUsage.created_ms >= bindparam("from_ms"))
    if has_end:
        conditions.append(CouponUsage.created_ms <= bindparam("to_ms"))
    return Query(select(func.coalesce(func.sum(_amount(kind)), 0)).where(CouponUsage.tenant_id == TENANT, *conditions))


LAST_USES = Query(
    _USAGES.where(
        CouponUsage.id.in_(
            select(func.max(CouponUsage.id))
            .where(
                CouponUsage.tenant_id == TENANT,
                CouponUsage.type == USE,
                CouponUsage.status != REVERTED,
                CouponUsage.member_id == bindparam("member_id"),
                among(CouponUsage.book_id, "book_ids"),
            )
            .group_by(CouponUsage.book_id)
        )
    )
)
"""The member's last use of each of some books."""
IS_ENROLLED = Query(
    select(Enrolment.member_id).where(
        Enrolment.tenant_id == TENANT,
        Enrolment.member_id == bindparam("member_id"),
        Enrolment.program_id == bindparam("program_id"),
    )
)
TIER_KEY = Query(select(Tier.tier_key).where(Tier.tenant_id == TENANT, Tier.id == bindparam("tier_id")))

# Offerings

OFFERING = Query(
    select(CouponBookOffering).where(
        CouponBookOffering.tenant_id == TENANT, CouponBookOffering.id == bindparam("offering_id")
    )
)
PENDING_OFFERING = Query(
    select(CouponBookOffering.id)
    .where(
        CouponBookOffering.tenant_id == TENANT,
        CouponBookOffering.offered_book_id == bindparam("book_id"),
        CouponBookOffering.partnership_id == bindparam("partnership_id"),
        CouponBookOffering.status == PENDING,
        CouponBookOffering.is_ours,
    )
    .limit(1)
)
"""An own offering of a book in a partnership that nobody has decided on yet."""
OFFERINGS = Listing(
    select(CouponBookOffering).where(CouponBookOffering.tenant_id == TENANT),
    {
        "couponBookOfferingId": CouponBookOffering.id,
        "status": CouponBookOffering.status,
        "createdAt": CouponBookOffering.created_ms,
        "updatedAt": CouponBookOffering.updated_ms,
    },
    {"status": CouponBookOffering.status == bindparam("status")},
)
INSERT_OFFERING = Insertion(CouponBookOffering)
DECIDE_OFFERING = Change(
    update(CouponBookOffering)
    .where(CouponBookOffering.tenant_id == TENANT, CouponBookOffering.id == bindparam("offering_id"))
    .values(
        status=bindparam("new_status"),
        partner_name=bindparam("new_name"),
        accepted_book_id=bindparam("new_book_id"),
        accepted=bindparam("new_book"),
        updated_ms=bindparam("now_ms"),
    )
)
REJECT_PENDING = Change(
    update(CouponBookOffering)
    .where(
        CouponBookOffering.tenant_id == TENANT,
        CouponBookOffering.partnership_id == bindparam("of_partnership"),
        CouponBookOffering.status == PENDING,
    )
    .values(status=REJECTED, updated_ms=bindparam("now_ms"))
)
"""Offerings of a partnership, made and received, that nobody has decided on."""
