"""Content schemas: JSON Schemas for localized content, with all their versions."""

import re
from typing import Any

from sqlalchemy import delete

from models.kernel.times import iso
from models.loyalty_core.organization.json_schemas import check_schema, same_schema
from models.loyalty_core.organization.ports import before_schema_deleted
from models.loyalty_core.organization.tables import ContentSchema, ContentSchemaVersion
from models.loyalty_core.paging import rows_of_page
from models.loyalty_core.problems import Conflict, NotFound
from models.loyalty_core.settings import organization_id
from models.numbers import new_number
from models.uow import UnitOfWork

_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
"""A number as the API writes it, below 2**63."""
_TAKEN = {"name": "name", "description": "description", "pictureUrl": "picture_url", "type": "type", "active": "active"}
ORDERS = {
    "id": ContentSchema.id,
    "name": ContentSchema.name,
    "type": ContentSchema.type,
    "createdAt": ContentSchema.created_ms,
    "updatedAt": ContentSchema.updated_ms,
}


def list_schemas(
    uow: UnitOfWork,
    *,
    content_type: int | None,
    active: bool | None,
    with_text: bool,
    page: int,
    limit: int,
    order: str | None,
) -> list[dict[str, Any]]:
    """The rows of a page, each with the text of its latest version or none. Raises InvalidInput for an unknown order."""
    matching = uow.scoped(ContentSchema)
    if content_type is not None:
        matching = matching.where(ContentSchema.type == content_type)
    if active is not None:
        matching = matching.where(ContentSchema.active == active)
    rows = rows_of_page(uow, matching, ORDERS, page=page, limit=limit, order=order)
    if not with_text:
        return [_show(uow, row, row.version_id) for row in rows]
    wanted = uow.scoped(ContentSchemaVersion).where(ContentSchemaVersion.id.in_([row.version_id for row in rows]))
    versions = {version.id: version for version in uow.session.scalars(wanted)}
    return [_show_version(uow, row, versions[row.version_id]) for row in rows]


def get_schema(uow: UnitOfWork, schema_id: str) -> dict[str, Any]:
    """A content schema in its latest version, by its number as text. Raises NotFound."""
    row = _find(uow, schema_id)
    return _show_version(uow, row, _latest(uow, row))


def get_version(uow: UnitOfWork, schema_id: str, version_id: str) -> dict[str, Any]:
    """A content schema with the text of one of its versions, by their numbers as text. Raises NotFound."""
    row = _find(uow, schema_id)
    version = uow.session.get(ContentSchemaVersion, (uow.tenant_id, _number(version_id)))
    if version is None or version.content_schema_id != row.id:
        raise NotFound(f"The content schema {schema_id} has no version {version_id}.")
    return _show_version(uow, row, version)


def create_schema(uow: UnitOfWork, body: dict[str, Any]) -> dict[str, Any]:
    """Add a content schema with its first version. Raises RuleViolation when the text is not a JSON Schema."""
    check_schema(body["schema"])
    row = ContentSchema(
        tenant_id=uow.tenant_id,
        id=new_number(uow, ContentSchema),
        description=None,
        picture_url=None,
        created_ms=uow.now_ms,
        updated_ms=uow.now_ms,
    )
    _take(row, body)
    version = _add_version(uow, row, body["schema"])
    uow.session.add(row)
    return _show_version(uow, row, version)


def update_schema(uow: UnitOfWork, schema_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """Change what is named; another JSON Schema becomes a new version. Raises NotFound, RuleViolation as `create_schema`."""
    row = _lock(uow, schema_id)
    version = _latest(uow, row)
    if "schema" in body:
        check_schema(body["schema"])
        if not same_schema(body["schema"], version.schema):
            version = _add_version(uow, row, body["schema"])
    _take(row, body)
    row.updated_ms = uow.now_ms
    return _show_version(uow, row, version)


def delete_schema(uow: UnitOfWork, schema_id: str) -> None:
    """Delete a content schema with all its versions. Raises NotFound, Conflict while a coupon book uses it."""
    row = _lock(uow, schema_id)
    before_schema_deleted(uow, row.id, schema_id)
    uow.session.execute(
        delete(ContentSchemaVersion).where(
            ContentSchemaVersion.tenant_id == uow.tenant_id, ContentSchemaVersion.content_schema_id == row.id
        )
    )
    uow.session.delete(row)


def open_version(uow: UnitOfWork, schema_id: int, version_id: int | None, *, is_new: bool) -> ContentSchemaVersion:
    """The version that content is to follow, the latest unless one is named; nobody deletes it until the unit ends.

    Raises NotFound for schema and version; Conflict for a schema that is not active, where it `is_new` to what follows it.
    """
    row = _lock(uow, str(schema_id))
    if is_new and not row.active:
        raise Conflict(f"The content schema {schema_id} is not active.")
    if version_id is None:
        return _latest(uow, row)
    version = uow.session.get(ContentSchemaVersion, (uow.tenant_id, version_id))
    if version is None or version.content_schema_id != schema_id:
        raise NotFound(f"The content schema {schema_id} has no version {version_id}.")
    return version


def schema_text(uow: UnitOfWork, version_id: int) -> str:
    """The text of a version that is in use."""
    return uow.session.get_one(ContentSchemaVersion, (uow.tenant_id, version_id)).schema


def _take(row: ContentSchema, body: dict[str, Any]) -> None:
    for member, column in _TAKEN.items():
        if member in body:
            setattr(row, column, body[member])


def _add_version(uow: UnitOfWork, row: ContentSchema, schema: str) -> ContentSchemaVersion:
    version = ContentSchemaVersion(
        tenant_id=uow.tenant_id, id=new_number(uow, ContentSchemaVersion), content_schema_id=row.id, schema=schema
    )
    uow.session.add(version)
    row.version_id = version.id
    return version


def _latest(uow: UnitOfWork, row: ContentSchema) -> ContentSchemaVersion:
    return uow.session.get_one(ContentSchemaVersion, (uow.tenant_id, row.version_id))


def _number(text: str) -> int:
    """A number from a path; 0, which nothing has, for any other text."""
    return int(text) if _NUMBER.fullmatch(text) else 0


def _find(uow: UnitOfWork, schema_id: str) -> ContentSchema:
    return _found(uow.session.get(ContentSchema, (uow.tenant_id, _number(schema_id))), schema_id)


def _lock(uow: UnitOfWork, schema_id: str) -> ContentSchema:
    return _found(uow.lock(uow.scoped(ContentSchema).where(ContentSchema.id == _number(schema_id))), schema_id)


def _found(row: ContentSchema | None, schema_id: str) -> ContentSchema:
    if row is None:
        raise NotFound(f"There is no content schema {schema_id}.")
    return row


def _show_version(uow: UnitOfWork, row: ContentSchema, version: ContentSchemaVersion) -> dict[str, Any]:
    return {**_show(uow, row, version.id), "schema": version.schema}


def _show(uow: UnitOfWork, row: ContentSchema, version_id: int) -> dict[str, Any]:
    return {
        "contentSchemaId": row.id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "name": row.name,
        "description": row.description,
        "pictureUrl": row.picture_url,
        "type": row.type,
        "active": row.active,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
        "contentSchemaVersionId": version_id,
    }
