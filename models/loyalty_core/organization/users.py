"""Users: the people and programs that administer an organization, and what each may do."""

from dataclasses import dataclass

from models.kernel.findings import at, findings
from models.kernel.ids import uuid4
from models.kernel.search_text import one_line, search_text
from models.kernel.statements import containing, differing, replaced
from models.loyalty_core.events.log import emit
from models.loyalty_core.inserted import inserted
from models.loyalty_core.organization.callers import SYSTEM_ADMIN, check_giving, check_rank, revoke_tokens, token_scope
from models.loyalty_core.organization.input import NewUser, Permissions, UserChanges
from models.loyalty_core.organization.problems import (
    OrganizationsIncomplete,
    UserEmailTaken,
    UserNameTaken,
    UserNotFound,
)
from models.loyalty_core.organization.queries import (
    EMAIL_OWNER,
    INSERT_USER,
    NAME_OWNER,
    UPDATE_USER,
    USER,
    USER_NAMED,
    USERS,
    columns_of,
)
from models.loyalty_core.organization.roles import ADMIN
from models.loyalty_core.organization.tables import OrganizationUser
from models.loyalty_core.organization.views import show_user
from models.loyalty_core.paging import Paging
from models.loyalty_core.settings import organization_id
from models.numbers import new_number
from models.passwords import NewPassword
from models.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class UserFilter:
    """Which users are listed: those that match all that is given; None for a filter that is not used."""

    email: str | None = None
    user_name: str | None = None
    is_active: bool | None = None
    client_id: str | None = None
    includes_programs: bool | None = None
    includes_people: bool | None = None
    search: str | None = None


def list_users(uow: UnitOfWork, filters: UserFilter, paging: Paging) -> tuple[list[OrganizationUser], int]:
    """A page of users, and how many match. Raises InvalidInput for an unknown order."""
    return USERS.page(
        uow,
        paging,
        email=None if filters.email is None else filters.email.casefold(),
        user_name=filters.user_name,
        is_active=filters.is_active,
        client_id=filters.client_id,
        only_people=True if filters.includes_programs is False else None,
        only_programs=True if filters.includes_people is False else None,
        pattern=containing(one_line(filters.search.casefold())) if filters.search else None,
    )


def get_user(uow: UnitOfWork, user_id: str) -> OrganizationUser:
    """One by its id. Raises NotFound."""
    return _found(uow.first(USER, user_id=user_id), user_id)


def create_user(uow: UnitOfWork, given: NewUser, password: NewPassword) -> OrganizationUser:
    """Add one. Raises BeyondRights, and Conflict when userName or email is taken."""
    permissions = given.permissions
    ranks = {ADMIN: permissions.is_admin, SYSTEM_ADMIN: given.profile["is_system_admin"]}
    check_giving(uow, [*(rank for rank, is_held in ranks.items() if is_held), *permissions.roles])
    _check_free(uow, given)
    values: dict[str, object] = {
        **given.profile,
        "id": new_number(uow, OrganizationUser),
        "user_id": uuid4(uow.random, "user"),
        "user_name": given.user_name,
        "taken_name": given.user_name,
        "email": given.email,
        "taken_email": given.email.casefold(),
        "email_is_verified": given.email_is_verified,
        "is_admin": permissions.is_admin,
        "roles": permissions.roles,
        "password_hash": password.hash,
        "password_is_temporary": given.password_is_temporary,
        "is_api_user": False,
        "auth_client_id": given.client_id,
        "organizations": [_own_number(uow)],
        "created_ms": uow.now_ms,
        "updated_ms": uow.now_ms,
    }
    values["search"] = _search(given.user_name, given.profile["name"], given.profile["nickname"], given.email)
    uow.insert(INSERT_USER, **values)
    row = inserted(uow, OrganizationUser, INSERT_USER, values)
    if given.is_invited:
        emit(uow, "user-invited", {"user": show_user(uow, row)})
    return row


def update_user(uow: UnitOfWork, user_id: str, given: UserChanges) -> OrganizationUser:
    """Change who the user is.

    Raises NotFound, BeyondRights, and RuleViolation when the own organization is not among `organizations`.
    """
    row = _lock(uow, user_id)
    if given.profile["is_system_admin"] != row.is_system_admin:
        check_giving(uow, [SYSTEM_ADMIN])
    if _own_number(uow) not in given.organizations:
        with at("/organizations"):
            raise OrganizationsIncomplete(
                f"organizations has to contain {_own_number(uow)}, the organization of the path."
            )
    changed = replaced(row, **given.profile, organizations=given.organizations)
    search = _search(changed.user_name, changed.name, changed.nickname, changed.email)
    return _change(uow, row, replaced(changed, search=search))


def set_permissions(uow: UnitOfWork, user_id: str, given: Permissions) -> OrganizationUser:
    """Set whether the user is an administrator, and all the user's roles. Raises NotFound, BeyondRights."""
    row = _lock(uow, user_id)
    check_giving(uow, [ADMIN] if given.is_admin else [])
    check_giving(uow, [role for role in given.roles if role not in row.roles])
    return _change(uow, row, replaced(row, is_admin=given.is_admin, roles=given.roles))


def set_password(uow: UnitOfWork, user_id: str, password: NewPassword, *, is_permanent: bool) -> OrganizationUser:
    """Set another password, temporary unless it is permanent. Raises NotFound, BeyondRights."""
    row = _lock(uow, user_id)
    # Who knows the password can do what the user can.
    check_giving(uow, row.roles)
    changed = replaced(row, password_hash=password.hash, password_is_temporary=not is_permanent)
    return _change(uow, row, changed)


def delete_user(uow: UnitOfWork, user_id: str) -> None:
    """Hide the user, free the user's names and revoke the user's tokens. Raises NotFound, BeyondRights."""
    row = _lock(uow, user_id)
    _write(uow, replaced(row, active=False, deleted_ms=uow.now_ms, taken_name=None, taken_email=None))
    revoke_tokens(uow, user_id)
    uow.directory.forget()


def give_token(uow: UnitOfWork, user_name: str) -> list[str]:
    """Make a user a program with a token of its own; the scopes of that token.

    Raises ValueError for a name that no user has.
    """
    row = uow.lock_row(USER_NAMED, user_name=user_name)
    if row is None:
        raise ValueError(f"{uow.tenant.alias} has no user {user_name!r}")
    _write(uow, replaced(row, is_api_user=True, updated_ms=uow.now_ms))
    return [token_scope(row.user_id)]


def _found(row: OrganizationUser | None, user_id: str) -> OrganizationUser:
    if row is None:
        raise UserNotFound(f"There is no user {user_id}.")
    return row


def _lock(uow: UnitOfWork, user_id: str) -> OrganizationUser:
    """A user whom the caller may change, locked. Raises NotFound, BeyondRights."""
    row = _found(uow.lock_row(USER, user_id=user_id), user_id)
    check_rank(uow, row)
    return row


def _check_free(uow: UnitOfWork, given: NewUser) -> None:
    """Raises Conflict when another user has the userName or the email."""
    with findings() as found:
        with found.at("/userName"):
            if uow.first(NAME_OWNER, user_name=given.user_name) is not None:
                raise UserNameTaken("Another user has this userName.")
        with found.at("/email"):
            if uow.first(EMAIL_OWNER, email=given.email.casefold()) is not None:
                raise UserEmailTaken("Another user has this email.")


def _search(*texts: str) -> str:
    """What a search looks through."""
    return search_text(*texts).casefold()


def _change(uow: UnitOfWork, before: OrganizationUser, after: OrganizationUser) -> OrganizationUser:
    """Write what has changed, if anything has; the user's tokens notice it at once."""
    if not differing(before, {name: getattr(after, name) for name in columns_of(OrganizationUser)}):
        return before
    changed = replaced(after, updated_ms=uow.now_ms)
    _write(uow, changed)
    uow.directory.forget()
    return changed


def _write(uow: UnitOfWork, row: OrganizationUser) -> None:
    uow.execute(UPDATE_USER, number=row.id, **{name: getattr(row, name) for name in columns_of(OrganizationUser)})


def _own_number(uow: UnitOfWork) -> str:
    return str(organization_id(uow.tenant, uow.directory))
