"""Organization users: who administers the organization, and what each may do."""

from typing import Any

from handlers.http import Answer, created, ok, prepared_by
from models.loyalty_core.organization import users
from models.passwords import NewPassword, new_password
from models.uow import UnitOfWork


def list_organization_users(
    uow: UnitOfWork,
    *,
    page: int,
    limit: int,
    order: str | None,
    email: str | None,
    user_name: str | None,
    active: bool | None,
    auth_client_id: str | None,
    include_api_users: bool | None,
    include_cognito_users: bool | None,
    search: str | None,
) -> Answer:
    return ok(
        users.list_users(
            uow,
            email=email,
            user_name=user_name,
            active=active,
            client_id=auth_client_id,
            programs=include_api_users,
            people=include_cognito_users,
            search=search,
            page=page,
            limit=limit,
            order=order,
        )
    )


def _password(uow: UnitOfWork, *, body: dict[str, Any], **_others: Any) -> NewPassword:
    return new_password(uow, body.get("password"))


@prepared_by(_password)
def create_organization_user(uow: UnitOfWork, *, body: dict[str, Any], prepared: NewPassword) -> Answer:
    return created(users.create_user(uow, body, prepared))


def get_organization_user(uow: UnitOfWork, *, user_id: str) -> Answer:
    return ok(users.get_user(uow, user_id))


def update_organization_user(uow: UnitOfWork, *, user_id: str, body: dict[str, Any]) -> Answer:
    return ok(users.update_user(uow, user_id, body))


def delete_organization_user(uow: UnitOfWork, *, user_id: str) -> Answer:
    return ok(users.delete_user(uow, user_id))


def update_organization_user_permissions(uow: UnitOfWork, *, user_id: str, body: dict[str, Any]) -> Answer:
    return ok(users.set_permissions(uow, user_id, body))


@prepared_by(_password)
def admin_set_organization_user_password(
    uow: UnitOfWork, *, user_id: str, body: dict[str, Any], prepared: NewPassword
) -> Answer:
    return ok(users.set_password(uow, user_id, body, prepared))
