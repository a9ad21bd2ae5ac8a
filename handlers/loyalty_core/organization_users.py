"""Organization users: who administers the organization, and what each may do."""

from handlers.http import Answer, created, ok, prepared_by
from handlers.loyalty_core._pages import page_answer
from models.loyalty_core.organization import users
from models.loyalty_core.organization.input import (
    NewUserBody,
    PasswordBody,
    PermissionsBody,
    UserChangesBody,
    read_new_user,
    read_permissions,
    read_user_changes,
)
from models.loyalty_core.organization.tables import OrganizationUser
from models.loyalty_core.organization.users import UserFilter
from models.loyalty_core.organization.views import show_user
from models.loyalty_core.paging import Paging
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
    filters = UserFilter(
        email=email,
        user_name=user_name,
        is_active=active,
        client_id=auth_client_id,
        includes_programs=include_api_users,
        includes_people=include_cognito_users,
        search=search,
    )
    paging = Paging(page, limit, order)
    rows, total = users.list_users(uow, filters, paging)
    return page_answer(paging, [show_user(uow, row) for row in rows], total)


def _user(uow: UnitOfWork, row: OrganizationUser) -> Answer:
    return ok({"user": show_user(uow, row)})


def _password(uow: UnitOfWork, *, body: NewUserBody | PasswordBody, **_others: object) -> NewPassword:
    return new_password(uow, body.get("password"))


@prepared_by(_password)
def create_organization_user(uow: UnitOfWork, *, body: NewUserBody, prepared: NewPassword) -> Answer:
    row = users.create_user(uow, read_new_user(body), prepared)
    return created({"user": show_user(uow, row), "password": prepared.text})


def get_organization_user(uow: UnitOfWork, *, user_id: str) -> Answer:
    return _user(uow, users.get_user(uow, user_id))


def update_organization_user(uow: UnitOfWork, *, user_id: str, body: UserChangesBody) -> Answer:
    return _user(uow, users.update_user(uow, user_id, read_user_changes(body)))


def delete_organization_user(uow: UnitOfWork, *, user_id: str) -> Answer:
    users.delete_user(uow, user_id)
    return ok({"ok": True})


def update_organization_user_permissions(uow: UnitOfWork, *, user_id: str, body: PermissionsBody) -> Answer:
    return _user(uow, users.set_permissions(uow, user_id, read_permissions(body)))


@prepared_by(_password)
def admin_set_organization_user_password(
    uow: UnitOfWork, *, user_id: str, body: PasswordBody, prepared: NewPassword
) -> Answer:
    row = users.set_password(uow, user_id, prepared, is_permanent=body.get("permanent", False))
    return _user(uow, row)
