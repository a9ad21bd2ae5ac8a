"""Content schemas: JSON Schemas for localized content, with all their versions."""

from typing import Any

from handlers.http import Answer, created, ok
from models.loyalty_core.organization import content_schemas
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
    return ok(
        content_schemas.list_schemas(
            uow,
            content_type=type,
            active=active,
            with_text=bool(include_last_schema),
            page=page,
            limit=limit,
            order=order,
        )
    )


def create_content_schema(uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    return created(content_schemas.create_schema(uow, body))


def get_content_schema(uow: UnitOfWork, *, id: str) -> Answer:
    return ok(content_schemas.get_schema(uow, id))


def update_content_schema(uow: UnitOfWork, *, id: str, body: dict[str, Any]) -> Answer:
    return ok(content_schemas.update_schema(uow, id, body))


def delete_content_schema(uow: UnitOfWork, *, id: str) -> Answer:
    content_schemas.delete_schema(uow, id)
    return ok(True)


def get_content_schema_version(uow: UnitOfWork, *, id: str, version_id: str) -> Answer:
    return ok(content_schemas.get_version(uow, id, version_id))
