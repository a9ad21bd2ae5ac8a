"""Coupon books: listing, creating and changing them."""

from collections.abc import Mapping, Sequence

from models.kernel.findings import at, findings
from models.kernel.problems import Problem
from models.kernel.search_text import search_text
from models.kernel.statements import containing, differing
from models.loyalty_core.audiences.audiences import check_segment_keys
from models.loyalty_core.coupons.contents import (
    check_written,
    choose_locales,
    copy_contents,
    take_schema,
    write_content,
)
from models.loyalty_core.coupons.finding import check_open, lock_book
from models.loyalty_core.coupons.input import BookInput, ContentInput
from models.loyalty_core.coupons.problems import ContentSchemaInUse, CouponBookStatusFinal
from models.loyalty_core.coupons.queries import (
    BOOK_WITH_SCHEMA,
    BOOKS,
    DEFAULT_LOCALE,
    DELETE_LABELS,
    INSERT_BOOK,
    INSERT_LABEL,
    UPDATE_BOOK,
    WORD_PATTERNS,
    WRITTEN_BY_UPDATE,
)
from models.loyalty_core.coupons.states import AUDIENCE, DRAFT, FOLLOWING, TAG, TIER
from models.loyalty_core.coupons.tables import CouponBook
from models.loyalty_core.expressions import check_expression
from models.loyalty_core.ledger.ledgers import find_ledger
from models.loyalty_core.members.ladders import check_tier_keys
from models.loyalty_core.members.payouts import check_account
from models.loyalty_core.members.rule_names import OF_MEMBER, check_names
from models.loyalty_core.members.views import found_program_id
from models.loyalty_core.paging import Paging
from models.loyalty_core.problems import ValidityInvalid
from models.loyalty_core.references import added
from models.numbers import new_number
from models.uow import UnitOfWork

LABELS = {TAG: "tags", TIER: "tiers", AUDIENCE: "audience_keys"}
"""The columns whose values books are found by."""
_COLUMNS = tuple(column.key for column in CouponBook.__table__.columns)


def list_books(
    uow: UnitOfWork,
    paging: Paging,
    *,
    program_id: int | None,
    search: str | None,
    tags: str | None,
    status: str | None,
    audiences: str | None,
) -> tuple[list[CouponBook], int]:
    """A page of books, and how many match; of tags and audiences (with commas between them) one is enough.

    Raises InvalidInput.
    """
    return BOOKS.page(
        uow,
        paging,
        program_id=program_id,
        **_patterns(search or ""),
        status=status,
        tags=split_labels(tags),
        audiences=split_labels(audiences),
    )


def _patterns(search: str) -> dict[str, str]:
    """A pattern for each word of a search: a book has to have all of them, in whatever order and member."""
    words = dict.fromkeys(search.casefold().split())
    return dict(zip(WORD_PATTERNS, map(containing, words), strict=False))


def split_labels(text: str | None) -> list[str] | None:
    """The labels of a parameter that has them with commas between."""
    return None if text is None else text.split(",")


def check_schema_unused(uow: UnitOfWork, content_schema_id: int, shown_id: str) -> None:
    """Raises Conflict where a coupon book uses a content schema."""
    book_id = uow.first(BOOK_WITH_SCHEMA, content_schema_id=content_schema_id)
    if book_id is not None:
        raise ContentSchemaInUse(f"The coupon book {book_id} uses the content schema {shown_id}.")


def create_book(uow: UnitOfWork, given: BookInput) -> tuple[CouponBook, str]:
    """Add a book without coupons; the book, and the locale of its content.

    Raises NotFound for what it names; RuleViolation, Conflict.
    """
    row = new_book(uow, given.type)
    locale = _take(uow, row, given, is_new=True)
    row.publishing_status = given.status or DRAFT
    _insert(uow, row)
    write_content(uow, row, locale, given.content)
    return row, locale


def new_book(uow: UnitOfWork, kind: str) -> CouponBook:
    """An empty draft in the organization's default locale, not written yet."""
    return CouponBook(
        tenant_id=uow.tenant_id,
        id=new_number(uow, CouponBook),
        program_id=None,
        external_id=None,
        ranking_index=None,
        name="",
        description=None,
        subtitle=None,
        picture_url=None,
        detail_picture_url=None,
        custom_attributes={},
        condition=None,
        type=kind,
        discount=None,
        discount_type=None,
        tags=[],
        tiers=[],
        audience_keys=[],
        publishing_status=DRAFT,
        valid_from_ms=None,
        valid_to_ms=None,
        max_per_member=None,
        max_per_coupon=None,
        max_coupons=None,
        default_locale=uow.one(DEFAULT_LOCALE),
        assignment_points=0,
        usage_points=0,
        ledger_id=None,
        account_id=None,
        content_schema_id=None,
        content_schema_version_id=None,
        search="",
        coupon_count=0,
        assigned=0,
        used=0,
        created_ms=uow.now_ms,
        updated_ms=uow.now_ms,
    )


def update_book(uow: UnitOfWork, book_id: int, given: BookInput) -> tuple[CouponBook, str]:
    """Change a book; the book, and the locale of its content. A column that is left out keeps its value.

    Raises NotFound for the book and what it names; Conflict when it is archived or cannot have that status;
    RuleViolation.
    """
    known = lock_book(uow, book_id)
    try:
        row, locale, is_changed = _changed(uow, known, given)
    except Problem:
        check_open(known)  # whatever is wrong is wrong with a change, and an archived book has none
        raise
    if is_changed:
        check_open(known)
    return row, locale


def _changed(uow: UnitOfWork, known: CouponBook, given: BookInput) -> tuple[CouponBook, str, bool]:
    """Write what changes of a book; the book, the locale of its content, and whether anything has changed."""
    row = CouponBook(**{name: getattr(known, name) for name in _COLUMNS})
    status = given.status or row.publishing_status
    with findings() as found:
        with found.at("/publishingStatus"):
            if status not in FOLLOWING[row.publishing_status]:
                raise CouponBookStatusFinal(
                    f"The coupon book {row.id} is {row.publishing_status} and cannot become {status}."
                )
        with found.at(""):
            locale = _take(uow, row, given, is_new=False)
    row.publishing_status = status
    changes = differing(known, {name: getattr(row, name) for name in WRITTEN_BY_UPDATE})
    is_new_version = "content_schema_version_id" in changes
    if is_new_version and given.schema is not None and "content" not in given.content.columns:
        check_written(uow, row, given.schema, locale)
    is_changed = write_content(uow, row, locale, given.content, is_new_version=is_new_version) or bool(changes)
    if is_changed:
        row.updated_ms = uow.now_ms
        uow.execute(UPDATE_BOOK, book_id=row.id, **{name: getattr(row, name) for name in WRITTEN_BY_UPDATE})
    if any(getattr(row, column) != getattr(known, column) for column in LABELS.values()):
        uow.execute(DELETE_LABELS, book_id=row.id)
        _insert_labels(uow, row)
    return row, locale, is_changed


def copy_book(uow: UnitOfWork, given: BookInput, contents: Mapping[str, ContentInput]) -> CouponBook:
    """A new draft after a book of another organization, with its contents by locale.

    It costs no points: the other organization's prices are in its own points.
    """
    row = new_book(uow, given.type)
    _take(uow, row, given, is_new=True)
    row.assignment_points = row.usage_points = 0
    row.default_locale = given.default_locale or row.default_locale
    _insert(uow, row)
    copy_contents(uow, row, contents)
    return row


def _insert(uow: UnitOfWork, row: CouponBook) -> None:
    """Write a new book with its labels."""
    uow.insert(INSERT_BOOK, **{name: getattr(row, name) for name in _COLUMNS})
    _insert_labels(uow, row)


def _take(uow: UnitOfWork, row: CouponBook, given: BookInput, *, is_new: bool) -> str:
    """Set the columns that were given, except content and status; the locale of the content."""
    moves = given.columns.get("program_id", row.program_id) != row.program_id
    tiers, audience_keys, condition = row.tiers, row.audience_keys, row.condition
    for column, value in given.columns.items():
        setattr(row, column, value)
    with findings() as found:
        if moves:
            with found.at("/loyaltyProgramId"):
                found_program_id(uow, row.program_id)
        if row.condition is not None and row.condition != condition:
            with found.at("/condition/expression"):
                check_expression(row.condition)
                check_names(uow, [row.condition], OF_MEMBER)
        with found.at(""):
            check_tier_keys(uow, added(tiers, given.tiers, "/tiers"))
        with found.at(""):
            check_segment_keys(uow, added(audience_keys, given.audience_keys, "/audienceKeys"))
        with found.at("/validToDate"):
            if row.valid_from_ms is not None and row.valid_to_ms is not None and row.valid_to_ms < row.valid_from_ms:
                raise ValidityInvalid("validToDate must not be before validFromDate.")
        with found.at(""):
            _take_account(uow, row, given, moves=moves)
        with found.at(""):
            take_schema(uow, row, given.schema)
        locale = ""  # of a book that is refused
        with found.at("/isDefaultLocale"):
            locale, row.default_locale = choose_locales(given, row.default_locale, is_new=is_new)
    searched: Sequence[str | None] = (row.name, row.description, row.subtitle, row.external_id, row.type, *row.tags)
    row.search = search_text(*searched).casefold()
    return locale


def _take_account(uow: UnitOfWork, row: CouponBook, given: BookInput, *, moves: bool) -> None:
    """Set which points pay: a ledger or account that was left out is taken from the program, or is a default one.

    They are checked when they change, or the program does (`moves`). Raises NotFound.
    """
    if (given.ledger_id, given.account_id) == (row.ledger_id, row.account_id) and not moves:
        return
    row.ledger_id, row.account_id = given.ledger_id, given.account_id
    pointers = "/requiredPointsConfig/ledgerId", "/requiredPointsConfig/ledgerAccountId"
    if row.account_id is not None:
        check_account(
            uow, program_id=row.program_id, ledger_id=row.ledger_id, account_id=row.account_id, pointers=pointers
        )
    elif row.ledger_id is not None:
        with at(pointers[0]):
            find_ledger(uow, row.ledger_id)


def _insert_labels(uow: UnitOfWork, row: CouponBook) -> None:
    uow.insert_many(
        INSERT_LABEL,
        [
            {"kind": kind, "label": label, "book_id": row.id}
            for kind, column in LABELS.items()
            for label in getattr(row, column)
        ],
    )
