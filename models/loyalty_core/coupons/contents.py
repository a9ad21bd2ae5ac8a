"""The content of a coupon book in each locale, which follows a content schema where the book has one."""

from collections.abc import Mapping

from models.kernel.findings import at
from models.kernel.statements import differing
from models.loyalty_core.coupons.bodies import OfferedContent
from models.loyalty_core.coupons.input import BookInput, ContentInput, SchemaChoice
from models.loyalty_core.coupons.problems import ContentSchemaMissing, DefaultLocaleContradicted, LocaleLimitReached
from models.loyalty_core.coupons.queries import CONTENT, CONTENTS, COUNT_OF_CONTENTS, INSERT_CONTENT, UPDATE_CONTENT
from models.loyalty_core.coupons.tables import CouponBook
from models.loyalty_core.organization.content_schemas import open_version, schema_text
from models.loyalty_core.organization.json_schemas import check_content
from models.uow import UnitOfWork

LOCALES_MAX = 100
"""It limits the size of an offering, which carries the content of all locales."""


def choose_locales(given: BookInput, default_locale: str, *, is_new: bool) -> tuple[str, str]:
    """(locale of the content that was given, default locale of the book) after a write.

    Raises RuleViolation for two defaults.
    """
    default = given.default_locale
    locale = given.locale or default or default_locale
    is_default = (is_new and default is None) if given.is_default_locale is None else given.is_default_locale
    if is_default and default not in (None, locale):
        raise DefaultLocaleContradicted(
            f"The defaultLocale is {default}, and isDefaultLocale says that it is {locale}."
        )
    return locale, locale if is_default else default or default_locale


def take_schema(uow: UnitOfWork, row: CouponBook, choice: SchemaChoice | None) -> None:
    """Set the content schema of a book, in the version that is named or the latest; none for a schema of None.

    Raises NotFound for schema and version, Conflict for a schema that is not active, RuleViolation for a version
    without a schema.
    """
    if choice is None:
        return
    schema_id = row.content_schema_id if choice.keeps_schema else choice.schema_id
    if schema_id is None:
        if choice.version_id is not None:
            with at("/contentSchemaVersionId"):
                raise ContentSchemaMissing("contentSchemaVersionId requires contentSchemaId.")
        row.content_schema_id = row.content_schema_version_id = None
        return
    version = open_version(uow, schema_id, choice.version_id, is_new=schema_id != row.content_schema_id)
    row.content_schema_id, row.content_schema_version_id = schema_id, version.id


def check_written(uow: UnitOfWork, row: CouponBook, choice: SchemaChoice, locale: str) -> None:
    """Hold the content of a locale that is there already against a version of a schema that its book begins to follow.

    Empty content is not written yet. Content of other locales is held against it when it is written next: a call writes
    one locale, so they could not follow at once. Raises RuleViolation.
    """
    there = uow.first(CONTENT, book_id=row.id, locale=locale)
    if row.content_schema_version_id is not None and there is not None and there.content:
        with at("/contentSchemaVersionId" if choice.keeps_schema else "/contentSchemaId"):
            check_content(schema_text(uow, row.content_schema_version_id), there.content)


def write_content(
    uow: UnitOfWork, row: CouponBook, locale: str, given: ContentInput, *, is_new_version: bool = True
) -> bool:
    """Write the content of a locale; what is left out stays. Returns whether something has changed.

    Raises RuleViolation for content that does not match the schema, and for more locales than a book may have. Content
    that is there already may be sent back unless the book begins to follow this version.
    """
    if not given.columns:
        return False
    there = uow.first(CONTENT, book_id=row.id, locale=locale)
    changed: Mapping[str, object]
    if there is not None:
        changed = differing(there, given.columns)
    elif locale == row.default_locale:
        changed = {name: value for name, value in given.columns.items() if value}
    else:
        changed = given.columns
    held = given.columns if is_new_version else changed
    if "content" in held and row.content_schema_version_id is not None:
        with at("/content"):
            check_content(schema_text(uow, row.content_schema_version_id), held["content"])
    if not changed:
        return False
    if there is None:
        _check_room(uow, row)
        uow.insert(
            INSERT_CONTENT, **{"book_id": row.id, "locale": locale, "content": {}, "extra_fields": {}, **given.columns}
        )
        return True
    uow.execute(
        UPDATE_CONTENT,
        of_book=row.id,
        of_locale=locale,
        new_content=given.columns.get("content", there.content),
        new_extra_fields=given.columns.get("extra_fields", there.extra_fields),
    )
    return True


def copy_contents(uow: UnitOfWork, row: CouponBook, contents: Mapping[str, ContentInput]) -> None:
    """Write what another book says, by locale, as the content of a new one without a schema."""
    uow.insert_many(
        INSERT_CONTENT,
        [
            {"book_id": row.id, "locale": locale, "content": {}, "extra_fields": {}, **given.columns}
            for locale, given in contents.items()
        ],
    )


def contents_of(uow: UnitOfWork, row: CouponBook) -> list[OfferedContent]:
    """The content of a book in all locales, as an offering carries it."""
    return [
        {"locale": one.locale, "content": one.content, "extraFields": one.extra_fields}
        for one in uow.rows(CONTENTS, book_id=row.id)
    ]


def _check_room(uow: UnitOfWork, row: CouponBook) -> None:
    if uow.one(COUNT_OF_CONTENTS, book_id=row.id) >= LOCALES_MAX:
        raise LocaleLimitReached(f"The coupon book {row.id} has content in {LOCALES_MAX} locales already.")
