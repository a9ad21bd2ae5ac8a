"""Tables of coupons: books, their contents in each language, codes, every assignment and use of one, offerings to
partners.

Counters of a book are changed under the locks of the member and then the book, so that no limit is exceeded by two
calls at once.
"""

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.kernel.base import Base, Json, Name
from models.kernel.json_values import FreeForm
from models.loyalty_core.coupons.bodies import OfferedBook


class CouponBook(Base):
    """Coupons of one kind: what they are worth, who may have them, how many there may be."""

    __tablename__ = "lc_coupon_books"
    __table_args__ = (
        Index("ix_lc_coupon_books_program", "tenant_id", "program_id", "publishing_status", "id"),
        Index("ix_lc_coupon_books_status", "tenant_id", "publishing_status", "id"),
        Index("ix_lc_coupon_books_schema", "tenant_id", "content_schema_id", "id"),
        Index("ix_lc_coupon_books_name", "tenant_id", "name", "id"),
        Index("ix_lc_coupon_books_ranking", "tenant_id", "ranking_index", "id"),
        Index("ix_lc_coupon_books_valid_from", "tenant_id", "valid_from_ms", "id"),
        Index("ix_lc_coupon_books_valid_to", "tenant_id", "valid_to_ms", "id"),
        Index("ix_lc_coupon_books_created", "tenant_id", "created_ms", "id"),
        Index("ix_lc_coupon_books_updated", "tenant_id", "updated_ms", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    program_id: Mapped[int | None]
    external_id: Mapped[str | None] = mapped_column(String(255))
    ranking_index: Mapped[int | None]
    name: Mapped[str] = mapped_column(Name(255))
    description: Mapped[str | None] = mapped_column(String(4096))
    subtitle: Mapped[str | None] = mapped_column(String(1024))
    picture_url: Mapped[str | None] = mapped_column(String(2048))
    detail_picture_url: Mapped[str | None] = mapped_column(String(2048))
    custom_attributes: Mapped[FreeForm]
    condition: Mapped[str | None] = mapped_column(Text)
    """An expression that is true of the members who may have one; None for all."""
    type: Mapped[str] = mapped_column(String(255))
    discount: Mapped[int | None]
    """In ten-thousandths (`money.py`)."""
    discount_type: Mapped[str | None] = mapped_column(String(255))
    tags: Mapped[list[str]]
    tiers: Mapped[list[str]]
    audience_keys: Mapped[list[str]]
    publishing_status: Mapped[str] = mapped_column(String(16))
    valid_from_ms: Mapped[int | None]
    valid_to_ms: Mapped[int | None]
    max_per_member: Mapped[int | None]
    max_per_coupon: Mapped[int | None]
    max_coupons: Mapped[int | None]
    default_locale: Mapped[str] = mapped_column(String(35))
    assignment_points: Mapped[int]
    usage_points: Mapped[int]
    ledger_id: Mapped[int | None]
    account_id: Mapped[int | None]
    content_schema_id: Mapped[int | None]
    content_schema_version_id: Mapped[int | None]
    search: Mapped[str] = mapped_column(Text)
    """All that the search looks at, case-folded."""
    coupon_count: Mapped[int]
    assigned: Mapped[int]
    """Assignments that are not reverted: at most `max_coupons`."""
    used: Mapped[int]
    """Uses that are not reverted."""
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


class CouponBookLabel(Base):
    """A tag, tier or audience of a book, so that books are found by them; `kind` says which."""

    __tablename__ = "lc_coupon_book_labels"
    __table_args__ = (Index("ix_lc_coupon_book_labels_book", "tenant_id", "book_id"),)

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    label: Mapped[str] = mapped_column(Name(255), primary_key=True)
    book_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class CouponBookContent(Base):
    """The content of a book in one locale."""

    __tablename__ = "lc_coupon_book_contents"

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    locale: Mapped[str] = mapped_column(Name(35), primary_key=True)
    content: Mapped[FreeForm]
    extra_fields: Mapped[FreeForm]


class Coupon(Base):
    """A code of a book. `assigned` counts its assignments that are not reverted, `used` its uses that are not."""

    __tablename__ = "lc_coupons"
    __table_args__ = (
        UniqueConstraint("tenant_id", "book_id", "code"),
        Index("ix_lc_coupons_book", "tenant_id", "book_id", "id"),
        Index("ix_lc_coupons_free", "tenant_id", "book_id", "assigned", "id"),
        Index("ix_lc_coupons_created", "tenant_id", "book_id", "created_ms", "id"),
        Index("ix_lc_coupons_updated", "tenant_id", "book_id", "updated_ms", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    book_id: Mapped[int]
    code: Mapped[str] = mapped_column(Name(255))
    assigned: Mapped[int]
    used: Mapped[int]
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


class CouponUsage(Base):
    """One code given to a member (`type` assignment), or one use of such a code (`type` use, with its `assignment_id`).

    An assignment's `amount_assigned` is how often the code may be used, its `amount_used` how often it was; a use
    counts
    1. Rows of one call share the `group_id`, the id of the first. `discount` and `discount_type` of a use are those
       that the book had then, so that sums need no other table.
    """

    __tablename__ = "lc_coupon_usages"
    __table_args__ = (
        UniqueConstraint("tenant_id", "unique_key"),
        Index("ix_lc_coupon_usages_assignment", "tenant_id", "assignment_id", "id"),
        Index("ix_lc_coupon_usages_group", "tenant_id", "group_id", "id"),
        Index("ix_lc_coupon_usages_transaction", "tenant_id", "transaction_id"),
        Index("ix_lc_coupon_usages_member", "tenant_id", "member_id", "type", "book_id", "id"),
        Index("ix_lc_coupon_usages_member_created", "tenant_id", "member_id", "type", "created_ms", "id"),
        Index("ix_lc_coupon_usages_member_expires", "tenant_id", "member_id", "type", "expires_ms", "id"),
        Index("ix_lc_coupon_usages_member_code", "tenant_id", "member_id", "type", "code", "id"),
        Index("ix_lc_coupon_usages_coupon", "tenant_id", "coupon_id", "member_id", "type", "status"),
        Index("ix_lc_coupon_usages_time", "tenant_id", "type", "created_ms", "book_id"),
        Index("ix_lc_coupon_usages_book_time", "tenant_id", "book_id", "type", "created_ms"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    type: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16))
    book_id: Mapped[int]
    coupon_id: Mapped[int]
    code: Mapped[str] = mapped_column(Name(255))
    member_id: Mapped[int]
    assignment_id: Mapped[int | None]
    group_id: Mapped[int]
    amount_assigned: Mapped[int]
    amount_used: Mapped[int]
    points: Mapped[int]
    transaction_id: Mapped[int | None]
    """The ledger's transaction that paid for it."""
    discount: Mapped[int | None]
    discount_type: Mapped[str | None] = mapped_column(String(255))
    expires_ms: Mapped[int | None]
    unique_key: Mapped[str | None] = mapped_column(Name(255))
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of the call's input, where it had keys."""
    custom_attributes: Mapped[FreeForm]
    created_ms: Mapped[int]
    updated_ms: Mapped[int]
    reverted_ms: Mapped[int | None]


class CouponBookOffering(Base):
    """One side of an offering: of the organization that offers (`is_ours`), or of the one that it is offered to.

    `offered` and `accepted` are snapshots of the two books; `peer_id` is the number of the offering on the other side,
    which only the side that was offered to needs.
    """

    __tablename__ = "lc_coupon_book_offerings"
    __table_args__ = (
        Index("ix_lc_coupon_book_offerings_status", "tenant_id", "status", "id"),
        Index("ix_lc_coupon_book_offerings_created", "tenant_id", "created_ms", "id"),
        Index("ix_lc_coupon_book_offerings_updated", "tenant_id", "updated_ms", "id"),
        Index("ix_lc_coupon_book_offerings_book", "tenant_id", "offered_book_id", "partnership_id", "status"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    partnership_id: Mapped[int]
    is_ours: Mapped[bool]
    peer_id: Mapped[int | None]
    organization_id: Mapped[int]
    partner_organization_id: Mapped[int]
    partner_name: Mapped[str] = mapped_column(String(255))
    offered_book_id: Mapped[int]
    accepted_book_id: Mapped[int | None]
    status: Mapped[str] = mapped_column(String(16))
    offered: Mapped[OfferedBook] = mapped_column(Json)
    accepted: Mapped[OfferedBook | None] = mapped_column(Json)
    created_ms: Mapped[int]
    updated_ms: Mapped[int]
