"""What a coupon book says in each language, held against a content schema where the book has one."""

from typing import Any

from sqlalchemy import func, select

from models.loyalty_core.coupons.tables import CouponBook, CouponBookContent
from models.loyalty_core.organization.content_schemas import open_version, schema_text
from models.loyalty_core.organization.json_schemas import check_content
from models.loyalty_core.problems import RuleViolation
from models.uow import UnitOfWork

LOCALES_MAX = 100
"""What an offering carries across is bounded by this."""


def read_locales(body: dict[str, Any], default_locale: str, *, is_new: bool) -> tuple[str, str]:
    """(locale that the body speaks in, default locale of the book) after a write. Raises RuleViolation for two defaults."""
    default = body.get("defaultLocale")
    locale = body.get("locale", default or default_locale)
    is_default = body.get("isDefaultLocale", is_new and default is None)
    if is_default and default not in (None, locale):
        raise RuleViolation(f"The defaultLocale is {default}, and isDefaultLocale says that it is {locale}.")
    return locale, locale if is_default else default or default_locale


def take_schema(uow: UnitOfWork, row: CouponBook, body: dict[str, Any]) -> None:
    """Let a book's content follow a schema: the version that is named, or the latest; none for a schema of null.

    Raises NotFound for schema and version, Conflict for a schema that is not active, RuleViolation for a version without a schema.
    """
    schema_id = body.get("contentSchemaId", row.content_schema_id)
    version_id = body.get("contentSchemaVersionId")
    if "contentSchemaId" not in body and version_id is None:
        return
    if schema_id is None and version_id is None:
        row.content_schema_id = row.content_schema_version_id = None
        return
    if schema_id is None:
        raise RuleViolation("A contentSchemaVersionId needs a contentSchemaId.")
    version = open_version(uow, schema_id, version_id, is_new=schema_id != row.content_schema_id)
    row.content_schema_id, row.content_schema_version_id = schema_id, version.id


def write_content(uow: UnitOfWork, row: CouponBook, locale: str, body: dict[str, Any]) -> None:
    """Write what the body says in a locale; what is left out stays.

    Raises RuleViolation for content against the schema, and for more locales than a book may have.
    """
    if "content" not in body and "extraFields" not in body:
        return
    if "content" in body and row.content_schema_version_id is not None:
        check_content(schema_text(uow, row.content_schema_version_id), body["content"])
    said = uow.session.get(CouponBookContent, (uow.tenant_id, row.id, locale))
    if said is None:
        _check_room(uow, row)
        said = CouponBookContent(tenant_id=uow.tenant_id, book_id=row.id, locale=locale, content={}, extra_fields={})
        uow.session.add(said)
    said.content = body.get("content", said.content)
    said.extra_fields = body.get("extraFields", said.extra_fields)


def contents_of(uow: UnitOfWork, row: CouponBook) -> list[dict[str, Any]]:
    """All that a book says, in the order of the locales."""
    said = uow.session.scalars(
        uow.scoped(CouponBookContent).where(CouponBookContent.book_id == row.id).order_by(CouponBookContent.locale)
    )
    return [{"locale": one.locale, "content": one.content, "extraFields": one.extra_fields} for one in said]


def _check_room(uow: UnitOfWork, row: CouponBook) -> None:
    there = (
        uow.session.scalar(
            select(func.count())
            .select_from(CouponBookContent)
            .where(CouponBookContent.tenant_id == uow.tenant_id, CouponBookContent.book_id == row.id)
        )
        or 0
    )
    if there >= LOCALES_MAX:
        raise RuleViolation(f"The coupon book {row.id} has content in {LOCALES_MAX} locales already.")
