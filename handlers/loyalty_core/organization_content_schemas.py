"""Content schemas: JSON Schemas for localized content, with all their versions."""

from handlers.http import Answer, created, ok
from models.loyalty_core.organization import content_schemas
from models.loyalty_core.organization.input import SchemaBody, read_schema
from models.loyalty_core.organization.views import show_schema
from models.loyalty_core.paging import Paging
from models.uow import UnitOfWork


def list_content_schemas(
    uow: UnitOfWork,
    *,
    page: int,
    limit: int,
    order: str | None,
    type: int | None,
    active: bool | None,
    include_last_schema: bool | None,
) -> Answer:
    paging = Paging(page, limit, order)
    rows = content_schemas.list_schemas(uow, paging, content_type=type, is_active=active)
    versions = content_schemas.latest_versions(uow, rows) if include_last_schema and rows else {}
    return ok([show_schema(uow, row, versions.get(row.version_id)) for row in rows])


def create_content_schema(uow: UnitOfWork, *, body: SchemaBody) -> Answer:
    return created(show_schema(uow, *content_schemas.create_schema(uow, read_schema(body))))


def get_content_schema(uow: UnitOfWork, *, id: str) -> Answer:
    return ok(show_schema(uow, *content_schemas.get_schema(uow, id)))


def update_content_schema(uow: UnitOfWork, *, id: str, body: SchemaBody) -> Answer:
    return ok(show_schema(uow, *content_schemas.update_schema(uow, id, read_schema(body))))


def delete_content_schema(uow: UnitOfWork, *, id: str) -> Answer:
    content_schemas.delete_schema(uow, id)
    return ok(True)


def get_content_schema_version(uow: UnitOfWork, *, id: str, version_id: str) -> Answer:
    return ok(show_schema(uow, *content_schemas.get_version(uow, id, version_id)))
