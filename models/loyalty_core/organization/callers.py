"""Who calls, and what they have: an API token its own roles, a user's token whatever its user has now."""

from collections.abc import Collection, Iterable

from models.kernel.connection import LazyConnection
from models.loyalty_core.organization.problems import AdministratorProtected, RightNotHeld
from models.loyalty_core.organization.queries import ACTIVE_USER, REVOKE_TOKENS, TOKENS
from models.loyalty_core.organization.roles import ADMIN
from models.loyalty_core.organization.tables import OrganizationUser
from models.uow import UnitOfWork

USER_TOKEN = "user_token"  # noqa: S105  a kind of credential
SYSTEM_ADMIN = "isSystemAdmin"
_SCOPE = "user:"


def token_scope(user_id: str) -> str:
    """The scope of a user's token that names the user."""
    return _SCOPE + user_id


def scopes_now(connection: LazyConnection, tenant_id: int, scopes: Collection[str]) -> tuple[str, ...] | None:
    """What a user's token may do at present, by its own scopes; None when its user may not sign in."""
    user_id = next((scope.removeprefix(_SCOPE) for scope in scopes if scope.startswith(_SCOPE)), None)
    row = connection.first(ACTIVE_USER, {"tenant_id": tenant_id, "user_id": user_id})
    if row is None:
        return None
    ranks = [
        rank
        for rank, held in ((ADMIN, row.is_admin or row.is_system_admin), (SYSTEM_ADMIN, row.is_system_admin))
        if held
    ]
    return token_scope(row.user_id), *row.roles, *ranks


def revoke_tokens(uow: UnitOfWork, user_id: str) -> None:
    """Revoke all tokens of a user."""
    mine = token_scope(user_id)
    digests = [digest for digest, scopes in uow.rows(TOKENS, kind=USER_TOKEN) if mine in scopes]
    if digests:
        uow.execute(REVOKE_TOKENS, digests=digests, now_ms=uow.now_ms)


def check_giving(uow: UnitOfWork, roles: Iterable[str]) -> None:
    """Raises BeyondRights unless the caller has all of the roles, ADMIN or SYSTEM_ADMIN that the caller gives."""
    held = _held(uow)
    for name in roles:
        if name not in held and (ADMIN not in held or name == SYSTEM_ADMIN):
            raise RightNotHeld(f"Only a caller with the role {name} can grant it.")


def check_rank(uow: UnitOfWork, row: OrganizationUser) -> None:
    """Raises BeyondRights unless the caller may change the user: an administrator's rank is needed for an
    administrator.
    """
    held = _held(uow)
    if (row.is_admin and ADMIN not in held) or (row.is_system_admin and SYSTEM_ADMIN not in held):
        raise AdministratorProtected(
            "Only administrators can change an administrator, and only system administrators a system administrator."
        )


def _held(uow: UnitOfWork) -> frozenset[str]:
    """The roles of the caller.

    An administrator's token without a user was created by the operator of the server, and has all of them.
    """
    if uow.subject is None:
        return frozenset({ADMIN, SYSTEM_ADMIN})
    scopes = frozenset(uow.subject.scopes)
    return scopes | {SYSTEM_ADMIN} if ADMIN in scopes and uow.subject.kind != USER_TOKEN else scopes
