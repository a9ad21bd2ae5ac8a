"""Content schemas: JSON Schemas for localized content, with all their versions."""

import re

from models.kernel.findings import findings
from models.kernel.statements import differing, replaced
from models.loyalty_core.inserted import inserted
from models.loyalty_core.organization.input import SchemaInput
from models.loyalty_core.organization.json_schemas import check_schema, same_schema
from models.loyalty_core.organization.ports import before_schema_deleted
from models.loyalty_core.organization.problems import (
    ContentSchemaNotActive,
    ContentSchemaNotFound,
    ContentSchemaVersionNotFound,
)
from models.loyalty_core.organization.queries import (
    DELETE_SCHEMA,
    DELETE_VERSIONS,
    INSERT_SCHEMA,
    INSERT_VERSION,
    SCHEMA,
    SCHEMAS,
    UPDATE_SCHEMA,
    VERSION,
    VERSIONS,
    columns_of,
)
from models.loyalty_core.organization.tables import ContentSchema, ContentSchemaVersion
from models.loyalty_core.paging import Paging
from models.numbers import new_number
from models.uow import UnitOfWork

_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
"""A number as the API writes it, below 2**63."""
Versioned = tuple[ContentSchema, ContentSchemaVersion]


def list_schemas(
    uow: UnitOfWork, paging: Paging, *, content_type: int | None, is_active: bool | None
) -> list[ContentSchema]:
    """The rows of a page. Raises InvalidInput for an unknown order."""
    return SCHEMAS.rows(uow, paging, content_type=content_type, is_active=is_active)


def latest_versions(uow: UnitOfWork, rows: list[ContentSchema]) -> dict[int, ContentSchemaVersion]:
    """The latest versions of schemas, by the number of the version."""
    return {row.id: row for row in uow.rows(VERSIONS, ids=[row.version_id for row in rows])}


def get_schema(uow: UnitOfWork, schema_id: str) -> Versioned:
    """A content schema in its latest version, by its number as text. Raises NotFound."""
    row = _find(uow, schema_id)
    return row, _latest(uow, row)


def get_version(uow: UnitOfWork, schema_id: str, version_id: str) -> Versioned:
    """A content schema in one of its versions, by their numbers as text. Raises NotFound."""
    row = _find(uow, schema_id)
    version = uow.first(VERSION, version_id=_number(version_id))
    if version is None or version.content_schema_id != row.id:
        raise ContentSchemaVersionNotFound(f"The content schema {schema_id} has no version {version_id}.")
    return row, version


def create_schema(uow: UnitOfWork, given: SchemaInput) -> Versioned:
    """Add a content schema with its first version. Raises RuleViolation when the text is not a JSON Schema."""
    schema = given.schema or ""
    check_schema(schema)
    number = new_number(uow, ContentSchema)
    version = _add_version(uow, number, schema)
    values: dict[str, object] = {
        "description": None,
        "picture_url": None,
        **given.columns,
        "id": number,
        "version_id": version.id,
        "created_ms": uow.now_ms,
        "updated_ms": uow.now_ms,
    }
    uow.insert(INSERT_SCHEMA, **values)
    return inserted(uow, ContentSchema, INSERT_SCHEMA, values), version


def update_schema(uow: UnitOfWork, schema_id: str, given: SchemaInput) -> Versioned:
    """Change the columns that are given; another JSON Schema becomes a new version.

    Raises NotFound, RuleViolation as `create_schema`.
    """
    known = _lock(uow, schema_id)
    version = _latest(uow, known)
    if given.schema is not None and given.schema != version.schema:
        check_schema(given.schema)
        if not same_schema(given.schema, version.schema):
            version = _add_version(uow, known.id, given.schema)
    changes = differing(known, {**given.columns, "version_id": version.id})
    if not changes:
        return known, version
    row = replaced(known, **changes, updated_ms=uow.now_ms)
    uow.execute(UPDATE_SCHEMA, schema_id=row.id, **{name: getattr(row, name) for name in columns_of(ContentSchema)})
    return row, version


def delete_schema(uow: UnitOfWork, schema_id: str) -> None:
    """Delete a content schema with all its versions. Raises NotFound, Conflict while a coupon book uses it."""
    row = _lock(uow, schema_id)
    before_schema_deleted(uow, row.id, schema_id)
    uow.execute(DELETE_VERSIONS, schema_id=row.id)
    uow.execute(DELETE_SCHEMA, schema_id=row.id)


def open_version(uow: UnitOfWork, schema_id: int, version_id: int | None, *, is_new: bool) -> ContentSchemaVersion:
    """The version that content is to follow, the latest unless one is named; its schema is locked, so that it is not
    deleted.

    Raises NotFound for schema and version; Conflict for a schema that is not active, where the content did not follow
    it before (`is_new`).
    """
    with findings() as found:
        with found.at("/contentSchemaId"):
            row = _lock(uow, str(schema_id))
            if is_new and not row.active:
                raise ContentSchemaNotActive(f"The content schema {schema_id} is not active.")
        if version_id is not None:
            with found.at("/contentSchemaVersionId"):
                version = uow.first(VERSION, version_id=version_id)
                if version is None or version.content_schema_id != schema_id:
                    raise ContentSchemaVersionNotFound(f"The content schema {schema_id} has no version {version_id}.")
    if version_id is None:
        return _latest(uow, row)
    assert version is not None, "a version that is not there was refused"
    return version


def schema_text(uow: UnitOfWork, version_id: int) -> str:
    """The text of a version that is in use."""
    return uow.one(VERSION, version_id=version_id).schema


def _add_version(uow: UnitOfWork, schema_id: int, schema: str) -> ContentSchemaVersion:
    values = {"id": new_number(uow, ContentSchemaVersion), "content_schema_id": schema_id, "schema": schema}
    uow.insert(INSERT_VERSION, **values)
    return inserted(uow, ContentSchemaVersion, INSERT_VERSION, values)


def _latest(uow: UnitOfWork, row: ContentSchema) -> ContentSchemaVersion:
    return uow.one(VERSION, version_id=row.version_id)


def _number(text: str) -> int:
    """A number from a path; 0, which nothing has, for any other text."""
    return int(text) if _NUMBER.fullmatch(text) else 0


def _find(uow: UnitOfWork, schema_id: str) -> ContentSchema:
    return _found(uow.first(SCHEMA, schema_id=_number(schema_id)), schema_id)


def _lock(uow: UnitOfWork, schema_id: str) -> ContentSchema:
    return _found(uow.lock_row(SCHEMA, schema_id=_number(schema_id)), schema_id)


def _found(row: ContentSchema | None, schema_id: str) -> ContentSchema:
    if row is None:
        raise ContentSchemaNotFound(f"There is no content schema {schema_id}.")
    return row
