"""Users: the people and programs that administer an organization, and what each may do."""

from typing import Any

from sqlalchemy import Select

from models.kernel.ids import uuid4
from models.kernel.times import iso
from models.loyalty_core.events.log import emit
from models.loyalty_core.organization.callers import SYSTEM_ADMIN, check_giving, check_rank, revoke_tokens, token_scope
from models.loyalty_core.organization.roles import ADMIN
from models.loyalty_core.organization.tables import OrganizationUser
from models.loyalty_core.paging import page_of, show_page
from models.loyalty_core.problems import Conflict, NotFound, RuleViolation
from models.loyalty_core.settings import organization_id
from models.numbers import new_number
from models.passwords import NewPassword
from models.uow import UnitOfWork


def list_users(
    uow: UnitOfWork,
    *,
    email: str | None,
    user_name: str | None,
    active: bool | None,
    client_id: str | None,
    programs: bool | None,
    people: bool | None,
    search: str | None,
    page: int,
    limit: int,
    order: str | None,
) -> dict[str, Any]:
    """A page of the users that match all that is given. Raises InvalidInput for an unknown order."""
    equal = {
        OrganizationUser.taken_email: None if email is None else email.casefold(),
        OrganizationUser.taken_name: user_name,
        OrganizationUser.active: active,
        OrganizationUser.auth_client_id: client_id,
    }
    matching = _visible(uow).where(*(column == value for column, value in equal.items() if value is not None))
    for included, is_program in ((programs, True), (people, False)):
        if included is False:
            matching = matching.where(OrganizationUser.is_api_user.is_(not is_program))
    if search:
        matching = matching.where(OrganizationUser.search.contains(search.casefold(), autoescape=True))
    columns = {
        "id": OrganizationUser.id,
        "userName": OrganizationUser.taken_name,
        "name": OrganizationUser.name,
        "email": OrganizationUser.taken_email,
        "createdAt": OrganizationUser.created_ms,
        "updatedAt": OrganizationUser.updated_ms,
    }
    rows, total = page_of(uow, matching, columns, page=page, limit=limit, order=order)
    return show_page([_show(uow, row) for row in rows], total, page, limit)


def get_user(uow: UnitOfWork, user_id: str) -> dict[str, Any]:
    """One by its id. Raises NotFound."""
    return _answer(uow, _found(uow.session.scalars(_named(uow, user_id)).first(), user_id))


def create_user(uow: UnitOfWork, body: dict[str, Any], password: NewPassword) -> dict[str, Any]:
    """Add one; the only answer with the password, which is the body's or was made. Raises BeyondRights, and Conflict when userName or
    email is taken.
    """
    ranks = [rank for rank in (ADMIN, SYSTEM_ADMIN) if body[rank]]
    check_giving(uow, [*ranks, *body["roles"]])
    _check_free(uow, body)
    row = OrganizationUser(
        tenant_id=uow.tenant_id,
        id=new_number(uow, OrganizationUser),
        user_id=uuid4(uow.random, "user"),
        user_name=body["userName"],
        taken_name=body["userName"],
        email=body["email"],
        taken_email=body["email"].casefold(),
        email_is_verified=body.get("emailIsVerified", False),
        is_admin=body["isAdmin"],
        roles=_once_each(body["roles"]),
        password_is_temporary=body.get("passwordIsTemporary", False) or body.get("password") is None,
        is_api_user=False,
        auth_client_id=body["authClientId"],
        organizations=[_own_number(uow)],
        created_ms=uow.now_ms,
    )
    _write(uow, row, body)
    row.password_hash = password.hash
    uow.session.add(row)
    if body.get("sendInvite"):
        emit(uow, "user-invited", _answer(uow, row))
    return {**_answer(uow, row), "password": password.text}


def update_user(uow: UnitOfWork, user_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """Change who the user is. Raises NotFound, BeyondRights, and RuleViolation when the own organization is not among `organizations`."""
    row = _locked(uow, user_id)
    if body["isSystemAdmin"] != row.is_system_admin:
        check_giving(uow, [SYSTEM_ADMIN])
    if _own_number(uow) not in body["organizations"]:
        raise RuleViolation(f"organizations has to contain {_own_number(uow)}, the organization of the path.")
    row.organizations = body["organizations"]
    _write(uow, row, body)
    return _changed(uow, row)


def set_permissions(uow: UnitOfWork, user_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """Whether the user is an administrator, and all the user's roles. Raises NotFound, BeyondRights."""
    row = _locked(uow, user_id)
    check_giving(uow, [ADMIN] if body["isAdmin"] else [])
    check_giving(uow, [role for role in body["roles"] if role not in row.roles])
    row.is_admin, row.roles = body["isAdmin"], _once_each(body["roles"])
    return _changed(uow, row)


def set_password(uow: UnitOfWork, user_id: str, body: dict[str, Any], password: NewPassword) -> dict[str, Any]:
    """Another password, temporary unless it is `permanent`. Raises NotFound, BeyondRights."""
    row = _locked(uow, user_id)
    # Who knows the password can do what the user can.
    check_giving(uow, row.roles)
    row.password_hash = password.hash
    row.password_is_temporary = not body.get("permanent", False)
    return _changed(uow, row)


def delete_user(uow: UnitOfWork, user_id: str) -> dict[str, Any]:
    """Hide the user and revoke the user's tokens. Raises NotFound, BeyondRights."""
    row = _locked(uow, user_id)
    row.active, row.deleted_ms, row.taken_name, row.taken_email = False, uow.now_ms, None, None
    revoke_tokens(uow, user_id)
    uow.directory.forget()
    return {"ok": True}


def give_token(uow: UnitOfWork, user_name: str) -> list[str]:
    """Make a user a program with a token of its own; what that token is to carry. Raises ValueError for a name nobody has."""
    row = uow.lock(_visible(uow).where(OrganizationUser.taken_name == user_name))
    if row is None:
        raise ValueError(f"{uow.tenant.alias} has no user {user_name!r}")
    row.is_api_user, row.updated_ms = True, uow.now_ms
    return [token_scope(row.user_id)]


def _visible(uow: UnitOfWork) -> Select[OrganizationUser]:
    return uow.scoped(OrganizationUser).where(OrganizationUser.deleted_ms.is_(None))


def _named(uow: UnitOfWork, user_id: str) -> Select[OrganizationUser]:
    return _visible(uow).where(OrganizationUser.user_id == user_id)


def _found(row: OrganizationUser | None, user_id: str) -> OrganizationUser:
    if row is None:
        raise NotFound(f"There is no user {user_id}.")
    return row


def _locked(uow: UnitOfWork, user_id: str) -> OrganizationUser:
    """A user whom the caller may change, locked. Raises NotFound, BeyondRights."""
    row = _found(uow.lock(_named(uow, user_id)), user_id)
    check_rank(uow, row)
    return row


def _check_free(uow: UnitOfWork, body: dict[str, Any]) -> None:
    wanted = {
        "userName": (OrganizationUser.taken_name, body["userName"]),
        "email": (OrganizationUser.taken_email, body["email"].casefold()),
    }
    for field, (column, value) in wanted.items():
        if uow.session.scalars(uow.scoped(OrganizationUser).where(column == value)).first() is not None:
            raise Conflict(f"Another user has this {field}.")


def _write(uow: UnitOfWork, row: OrganizationUser, body: dict[str, Any]) -> None:
    """Put what a new user and a change have in common into the row."""
    row.active, row.name, row.nickname = body["active"], body["name"], body["nickname"]
    row.picture_url, row.custom_attributes = body["profilePictureUrl"], body["customAttributes"]
    row.is_system_admin, row.pending_provisioning = body["isSystemAdmin"], body["pendingProvisioning"]
    row.search = f"{row.user_name}\n{row.name}\n{row.nickname}\n{row.email}".casefold()
    row.updated_ms = uow.now_ms


def _changed(uow: UnitOfWork, row: OrganizationUser) -> dict[str, Any]:
    """The user after a change, which the user's tokens are to notice."""
    row.updated_ms = uow.now_ms
    uow.directory.forget()
    return _answer(uow, row)


def _once_each(roles: list[str]) -> list[str]:
    return list(dict.fromkeys(roles))


def _own_number(uow: UnitOfWork) -> str:
    return str(organization_id(uow.tenant, uow.directory))


def _answer(uow: UnitOfWork, row: OrganizationUser) -> dict[str, Any]:
    return {"user": _show(uow, row)}


def _show(uow: UnitOfWork, row: OrganizationUser) -> dict[str, Any]:
    return {
        "userId": row.user_id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "userName": row.user_name,
        "email": row.email,
        "emailIsVerified": row.email_is_verified,
        "name": row.name,
        "nickname": row.nickname,
        "profilePictureUrl": row.picture_url,
        "active": row.active,
        "isSystemAdmin": row.is_system_admin,
        "isAdmin": row.is_admin,
        "roles": row.roles,
        "pendingProvisioning": row.pending_provisioning,
        "passwordIsTemporary": row.password_is_temporary,
        "isAPIUser": row.is_api_user,
        "authClientId": row.auth_client_id,
        "organizations": row.organizations,
        "customAttributes": row.custom_attributes,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }
